"""What one capture point could see of a connection.

A capture is not the kernel: it may have begun later, it loses packets, and
packets that cross each other pass it in one order only.  The link's log tells
all of that, so nothing here needs to ask the library.
"""


class View:
    """A connection as one capture point caught it."""

    def __init__(self, truth, point):
        self.truth, self.point = truth, point
        self.caught = sorted(
            (p for p in truth.packets
             if p.caught[point] and p.intact(point)),
            key=lambda p: p.caught[point])
        self.missed = [p for p in truth.packets
                       if point in p.passed and not p.caught[point]
                       and not p.made_by_link]

    def of(self, end, flag):
        """The captured packets of an endpoint with a flag."""
        return [p for p in self.caught
                if p.sender == end.where and flag in p.flags]

    def first(self, end, flag):
        """The frame of the first of them; None if there is none."""
        found = self.of(end, flag)
        return found[0].caught[self.point] if found else None

    def is_acked(self, end, flag):
        """Whether an ACK of an endpoint's SYN or FIN was captured."""
        other = self.truth.other(end)
        for sent in self.of(end, flag)[:1]:
            past = sent.seq + sent.length + 1
            return any((p.ack - past) & 0xffffffff < 1 << 31
                       for p in self.of(other, "A") if "R" not in p.flags)
        return False

    def begins_late(self):
        """Whether no SYN was caught."""
        return any("S" in p.flags for p in self.missed) and \
            all(self.first(end, "S") is None for end in self.truth.ends)

    def lost(self):
        """What of the opening and the close was missed, and never came
        again."""
        found = []
        for end in self.truth.ends:
            for flag, name in (("S", "SYN"), ("F", "FIN")):
                own = [p for p in self.missed
                       if p.sender == end.where and flag in p.flags]
                if own and not self.of(end, flag):
                    found.append(f"{name} of {end.where}")
                elif self.missed and self.of(end, flag) \
                        and not self.is_acked(end, flag):
                    found.append(f"ACK of the {name} of {end.where}")
        return found

    def fin_after_reset(self, end):
        """Whether an endpoint's FIN was captured after the RST that it
        crossed."""
        resets = [self.first(e, "R") for e in self.truth.ends]
        fin = self.first(end, "F")
        reset = min((r for r in resets if r is not None), default=None)
        return reset is not None and (fin is None or fin > reset)

    def fin_lost_ahead(self, end):
        """Whether an endpoint's FIN was lost on its way to this point, and
        came again."""
        fins = [p for p in self.truth.packets
                if p.sender == end.where and "F" in p.flags]
        return bool(self.of(end, "F")) and self.point not in fins[0].passed

    def fin_lost_beyond(self, end):
        """Whether an endpoint's FIN was lost after this point, and came
        again."""
        fins = self.of(end, "F")
        return len(fins) > 1 and not fins[0].delivered
