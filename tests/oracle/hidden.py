"""What a capture point could not see of an endpoint's moves.

An endpoint moves by what it sends (SYN, FIN, RST) and by what it receives (SYN,
FIN, RST, and the first ACK of its own SYN and of its own FIN); that it received
the peer's SYN and FIN is shown by its first ACK of them.  The link's log knows when
each of them was sent and when it arrived.  Where one of them was
caught and never arrived, or arrived and was not caught, or where two of them
were caught in another order than the endpoint had, no observer can know the
endpoint's moves for sure.  Everywhere else it can.
"""
NEVER = float("inf")


class Stimulus:
    """Something that moves an endpoint: all copies of it."""

    def __init__(self, name, own, copies, point):
        self.name, self.own = name, own
        times = [p.entered if own else p.arrived for p in copies]
        self.time = min((t for t in times if t is not None), default=NEVER)
        self.frame = min((p.caught[point] for p in copies
                          if p.caught[point] and p.intact(point)),
                         default=NEVER)
        self.forged = any(p.forged for p in copies)


def is_past(ack, number):
    """Whether an acknowledgment covers all before a number."""
    return (ack - number) & 0xffffffff < 1 << 31


def acks_of(end, truth, flag):
    """What acknowledges an endpoint's first SYN or FIN."""
    sent = [p for p in truth.packets if p.sender == end.where
            and flag in p.flags and not p.forged]
    if not sent:
        return []
    past = sent[0].seq + sent[0].length + 1
    return [p for p in truth.packets if p.sender != end.where
            and "A" in p.flags and "R" not in p.flags
            and is_past(p.ack, past)]


def stimuli(end, view):
    """All that moves an endpoint."""
    truth = view.truth
    for flag, name in (("S", "SYN"), ("F", "FIN"), ("R", "RST")):
        for own, verb in ((True, "sent"), (False, "received")):
            copies = [p for p in truth.packets if flag in p.flags
                      and (p.sender == end.where) == own]
            if copies:
                yield Stimulus(f"{name} {verb}", own, copies, view.point)
    for flag, name in (("S", "SYN"), ("F", "FIN")):
        copies = acks_of(end, truth, flag)
        if copies:
            yield Stimulus(f"ACK of its {name}", False, copies, view.point)
        copies = acks_of(truth.other(end), truth, flag)
        if copies:
            yield Stimulus(f"ACK of the peer's {name}", True, copies,
                           view.point)


def is_unanswered(end, truth):
    """Whether the peer's FIN arrived at an endpoint that sent no ACK of it, and
    the peer's RST behind it does not show it either."""
    peer = truth.other(end)
    fins = [p for p in truth.packets if p.sender == peer.where
            and "F" in p.flags and p.arrived]
    if not fins or acks_of(peer, truth, "F"):
        return False
    past = (fins[0].seq + fins[0].length + 1) & 0xffffffff
    return not any(p.sender == peer.where and "R" in p.flags
                   and p.seq == past for p in truth.packets)


def had_to_wait(end, truth):
    """Whether an endpoint closed before its window let the FIN leave."""
    left = min((p.entered for p in truth.packets if p.sender == end.where
                and "F" in p.flags and not p.forged), default=None)
    return left is not None and end.closing_since is not None and \
        left > end.closing_since + 0.002


def was_challenged(end, truth):
    """Whether a RST of an endpoint arrived and did nothing (RFC 5961 section
    3.2): it was not at the number that its receiver waited for, so whether it
    is its sender's own cannot be told."""
    peer = truth.other(end)
    return any(p.sender == end.where and "R" in p.flags and p.arrived and
               not any(abs(p.arrived - at) < 0.0005 for at in peer.rst_received)
               for p in truth.packets[:-1])


def facts(end, view):
    """What is hidden of an endpoint: words, none where nothing is."""
    found, known = set(), list(stimuli(end, view))
    for one in known:
        if one.time == NEVER and one.frame != NEVER:
            found.add("lost behind it")
        elif one.time != NEVER and one.frame == NEVER:
            found.add("not caught")
        if one.forged and one.frame != NEVER:
            found.add("forged in its name" if one.own else "forged")
    if is_unanswered(end, view.truth):
        found.add("no ACK shows that the FIN arrived")
    if was_challenged(end, view.truth):
        found.add("its RST was challenged")
    if had_to_wait(end, view.truth):
        found.add("its FIN had to wait for room")
    both = [s for s in known if NEVER not in (s.time, s.frame)]
    for one in both:
        for other in both:
            if one.time < other.time and one.frame > other.frame:
                found.add("caught in another order")
    return found
