#!/usr/bin/env python3
"""Holds the octets of both streams against what the applications sent.

Oracle    the ground-truth lab (../shared/truth/README.md): what send() took
          and recv() gave, as lengths and SHA-256 sums, and the link's log,
          which knows what each capture point caught.
Compared  for each direction of each connection at each capture point: the
          ranges that were delivered and the ranges that were told as gaps
          are exactly those that were caught and missed; each comes once and
          in order; the length up to the FIN is what the application sent;
          and the octets are the application's.
By hand   tests/oracle/kernel_bytes.py build/examples/events FOLDER
"""
import collections
import hashlib
import sys

import eventlog
import kernel_states
import kernel_truth
import ranges
import vantage

GRACE = 0.1  # tcpflow_conn_config::gap_grace_ns, in seconds.


def base_of(view, end):
    """The number of the first octet that counts: after the SYN; without one,
    that of the first packet that is caught, or what it acknowledges."""
    for packet in view.caught:
        if packet.forged:
            continue
        if packet.sender == end.where:
            return packet.seq + ("S" in packet.flags)
        if "A" in packet.flags:
            return packet.ack
    return 0


class Waiting:
    """What of a stream was acknowledged and is still waited for.

    A hole is a gap for good GRACE after it was acknowledged.  A later ACK does
    not prolong that; what it covers beyond waits from then on.
    """

    def __init__(self):
        self.acked = self.lost = 0  # Up to where.
        self.since = self.until = None
        self.seen = []

    def edge(self):
        """Up to where the stream is complete, or lost."""
        for first, end in ranges.merged(self.seen + [(0, self.lost)]):
            return end if first <= 0 else 0
        return 0

    def begin(self, now):
        """Something was acknowledged, or filled."""
        if self.since is None or self.until <= self.edge():
            waits = self.acked > self.edge()
            self.since = now if waits else None
            self.until = self.acked if waits else None

    def expire(self, now):
        """Time has passed."""
        while self.since is not None and self.since + GRACE <= now:
            self.lost = max(self.lost, self.until)
            self.since += GRACE
            self.begin(self.since)

    def see(self, first, end, now):
        """These octets passed by.  Answers where those begin that count."""
        self.seen = ranges.merged(self.seen + [(first, end)])
        self.begin(now)
        return max(first, self.lost)


def caught_ranges(view, end, past_reset):
    """The octets of an endpoint's stream that the capture holds.

    What was acknowledged well before it came is a gap for good by then.  A RST
    is the end, but for what it carries itself, and what crosses it.
    """
    base, waiting, found = base_of(view, end), Waiting(), []
    for packet in view.caught:
        now = packet.times[view.point]
        waiting.expire(now)
        if packet.sender != end.where and "A" in packet.flags:
            waiting.acked = max(waiting.acked, signed(packet.ack - base))
            waiting.begin(now)
        elif packet.sender == end.where:
            at = signed(packet.seq + ("S" in packet.flags) - base)
            header = packet.frame_length - packet.length
            held = min(packet.length,
                       max(0, view.truth.run.snaplen - header))
            first = waiting.see(at, at + packet.length, now)
            found.append((first, at + held))
        if not past_reset and "R" in packet.flags and \
                view.truth.how["end"] == "reset" and \
                kernel_states.counts(packet, view.truth):
            break
    return ranges.merged(found)


def signed(number):
    """A distance between sequence numbers."""
    return (number + (1 << 31)) % (1 << 32) - (1 << 31)


def length_of(view, end):
    """Where the FIN stands in the stream; None if it was not caught."""
    fins = view.of(end, "F")
    if not fins or view.fin_after_reset(end):
        return None
    return signed(fins[0].seq + fins[0].length - base_of(view, end))


class Stream:
    """A direction as the library told it."""

    def __init__(self, connection, side):
        data, gaps = connection.data[side], connection.gaps[side]
        self.pieces = [(e["offset"], e["offset"] + e["length"]) for e in data]
        self.octets = bytes.fromhex("".join(e["bytes"] for e in data))
        self.told = [(e["offset"], e["offset"] + e["length"]) for e in gaps]
        self.reasons = {e["reason"] for e in gaps}

    def is_in_order(self):
        """Whether data and gaps together come once, with nothing between."""
        both = sorted(self.pieces + self.told)
        return self.pieces == sorted(self.pieces) and \
            all(a[1] == b[0] for a, b in zip(both, both[1:])) and \
            (not both or both[0][0] == 0)


def compare_ranges(view, end, stream, told):
    """The differences in what is there and what is missing."""
    caught = ranges.merged(stream.pieces)
    expected = caught_ranges(view, end, False)
    if caught == caught_ranges(view, end, True):
        expected = caught
    if caught != expected:
        yield f"delivered {caught}, caught {expected}"
    length = length_of(view, end)
    if length is None:  # Up to what the receiver acknowledged, at least.
        length = max((b for _, b in stream.told + stream.pieces), default=0)
    missing = ranges.holes(expected, length)
    if ranges.merged(stream.told) != missing:
        yield f"gaps {stream.told}, missed {missing}"
    if not stream.is_in_order():
        yield "data and gaps out of order"
    cut = view.truth.run.snaplen < 1514
    if stream.told and cut != ("cut" in stream.reasons):
        yield f"gaps for the reasons {stream.reasons}"
    told["octets delivered"] += sum(b - a for a, b in caught)
    told["octets told as gaps"] += sum(b - a for a, b in missing)
    told["gaps"] += len(missing)


def compare_octets(view, end, stream, told):
    """The differences from what the applications know."""
    other = view.truth.other(end)
    if end.app is None or other.app is None or view.truth.multipath:
        told["streams without an application of their own"] += 1
        return
    if stream.told or not view.of(end, "S"):
        told["streams that were not all caught"] += 1
        return
    sent, got = end.app["sent"], other.app["recv"]
    if length_of(view, end) not in (None, sent["len"]):
        yield f"{length_of(view, end)} octets, sent {sent['len']}"
    if len(stream.octets) == sent["len"]:
        told["streams equal to what was sent"] += 1
        if digest(stream.octets) != sent["sha256"]:
            yield "not the octets that were sent"
    elif not end.app["oob_sent"] and len(stream.octets) >= got["len"]:
        told["streams equal to what was received"] += 1
        if digest(stream.octets[:got["len"]]) != got["sha256"]:
            yield "not the octets that were received"
    else:
        told["streams shorter than what was received"] += 1


def digest(octets):
    """As the lab writes it."""
    return hashlib.sha256(octets).hexdigest()


def compare_capture(events, run, point, told):
    """The differences of one capture."""
    options = ["--bytes"] + ["--verify-checksums"] * (not run.offload)
    connections = eventlog.connections_of(events, run.captures[point],
                                          *options)
    seen = [t for t in run.truths if kernel_states.is_seen(t, point)]
    seen = kernel_states.merge_given_up(seen, point, told)
    for truth, connection in kernel_states.pair(seen, connections,
                                                told):
        if truth is None or connection is None:
            continue  # check-states-against-kernels tells it.
        if any(p.forged and (p.length or "R" not in p.flags)
               for p in truth.packets):
            told["connections with forged segments"] += 1
            continue
        view = vantage.View(truth, point)
        for end in truth.ends:
            side = connection.side_of(*end.address)
            stream = Stream(connection, side)
            told["streams"] += 1
            for compare in (compare_ranges, compare_octets):
                for what in compare(view, end, stream, told):
                    yield f"{truth.tuple} {side}: {what}"


def main():
    """Compares all runs of a folder."""
    events, folder = sys.argv[1:]
    told, failures = collections.Counter(), 0
    for run in kernel_truth.runs_in(folder):
        for point in run.captures:
            for what in compare_capture(events, run, point, told):
                print(f"FAILED {run.name}/{point}.pcap {what}")
                failures += 1
    for name, count in sorted(told.items()):
        print(f"{count:10} {name}")
    print(f"{failures} failures")
    sys.exit(failures != 0 or told["streams equal to what was sent"] == 0)


if __name__ == "__main__":
    main()
