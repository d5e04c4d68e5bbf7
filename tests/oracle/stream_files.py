#!/usr/bin/env python3
"""Holds the files of examples/streams against what the applications sent.

Oracle    the ground-truth lab (../shared/truth/README.md): SHA-256 sums of
          what send() took and recv() gave.  What a capture point has of a
          stream is read from the capture itself (plain_capture.py); the
          link's log only says which connection a frame belongs to.
Compared  for each direction of each connection at each capture point: where
          all octets were captured, the file's SHA-256 is that of what was
          sent; elsewhere the holes in the index are exactly the octets that
          were not captured, and the file holds all others.
By hand   tests/oracle/stream_files.py build/examples/streams FOLDER
          A folder of the lab's runs: the dataset, or what `lab.py run` made.
"""
import bisect
import collections
import hashlib
import json
import os
import subprocess
import sys
import tempfile

import kernel_states
import kernel_truth
import plain_capture
import ranges

GRACE = 0.1  # Seconds that an acknowledged hole is waited for.


def signed(number):
    """A distance between sequence numbers."""
    return (number + (1 << 31)) % (1 << 32) - (1 << 31)


class Heard:
    """What a capture has of one direction."""

    def __init__(self, segments, sender):
        self.base = self.find_base(segments, sender)
        self.octets, self.got = bytearray(), []
        self.fin, self.lates = None, []
        self.acked, self.acks = 0, []
        self.resets = 0
        for segment in segments:
            if segment.source == sender:
                self.take(segment)
            elif segment.flags & plain_capture.ACK:
                self.take_ack(segment)
            self.resets += bool(segment.flags & plain_capture.RST)

    @staticmethod
    def find_base(segments, sender):
        """The number of the first octet: behind the SYN; without one, that of
        the first segment, or what it acknowledges."""
        own = [s for s in segments if s.source == sender]
        for segment in own:
            if segment.flags & plain_capture.SYN:
                return segment.seq + 1
        for segment in segments:
            if segment.source == sender:
                return segment.seq
            if segment.flags & plain_capture.ACK:
                return segment.ack
        return 0

    def take_ack(self, segment):
        """Notes when octets were acknowledged."""
        to = signed(segment.ack - self.base)
        if to > self.acked:
            self.acked = to
            self.acks.append((segment.time, to))

    def take(self, segment):
        """Adds a segment: the first copy of each octet counts."""
        syn = bool(segment.flags & plain_capture.SYN)
        at = signed(segment.seq + syn - self.base)
        if segment.flags & plain_capture.RST:
            return
        if segment.flags & plain_capture.FIN and self.fin is None:
            self.fin = at + segment.length
        octets = segment.octets
        if at < 0:
            octets, at = octets[-at:], 0
        end = at + len(octets)
        if not octets:
            return
        behind = not self.got or at > self.got[-1][1]
        new = [(at, end)] if behind else self.new_of(at, end)
        self.octets += bytes(max(0, end - len(self.octets)))
        for first, last in new:
            self.octets[first:last] = octets[first - at:last - at]
            self.note_late(segment, first, last)
        if behind:
            self.got.append((at, end))
        else:
            self.got = ranges.merged(self.got + [(at, end)])

    def new_of(self, at, end):
        """The parts of a range that were not captured before."""
        first = bisect.bisect_left(self.got, (at, 0))
        first -= first > 0
        last = bisect.bisect_left(self.got, (end, 0))
        new = ranges.holes([(max(a, at), b) for a, b in self.got[first:last]
                            if b > at], end)
        return [(max(a, at), b) for a, b in new if b > at]

    def note_late(self, segment, first, last):
        """Notes what came after it had been acknowledged for long."""
        if self.acked <= first:
            return
        before = bisect.bisect_left(self.acks, (segment.time - GRACE, 0))
        to = self.acks[before - 1][1] if before > 0 else 0
        if to > first:
            self.lates.append((first, min(last, to)))

    def length(self):
        """Up to the FIN; without one, up to what was seen or acknowledged."""
        if self.fin is not None:
            return self.fin
        return max([self.acked] + [b for _, b in self.got])

    def captured(self):
        """Its ranges, and the octets of all of them."""
        length = self.length()
        got = [(a, min(b, length)) for a, b in self.got if a < length]
        return got, b"".join(bytes(self.octets[a:b]) for a, b in got)


class Told:
    """One direction in the index."""

    def __init__(self, folder, entry, gaps):
        self.gaps = gaps
        self.length = entry["length"]
        self.octets = b""
        if entry["file"] is not None:
            with open(os.path.join(folder, entry["file"]), "rb") as file:
                self.octets = file.read()


def run_streams(program, capture, folder):
    """By the two endpoints, in order: their directions by the sender."""
    subprocess.run([program, "--out", folder, capture], check=True)
    gaps, found = collections.defaultdict(list), collections.defaultdict(list)
    ended = []
    with open(os.path.join(folder, "index.jsonl"), encoding="ascii") as index:
        for line in map(json.loads, index):
            if line["event"] == "gap":
                gaps[line["conn"], line["side"]].append(
                    (line["offset"], line["offset"] + line["length"]))
            elif line["event"] == "end":
                ended.append(line)
    for line in sorted(ended, key=lambda line: line["conn"]):
        ends = {"client": tuple(line["tuple"][:2]),
                "server": tuple(line["tuple"][2:])}
        found[frozenset(ends.values())].append(
            {end: Told(folder, line[side], gaps[line["conn"], side])
             for side, end in ends.items()})
    return found


def digest(octets):
    """As the lab writes it."""
    return hashlib.sha256(octets).hexdigest()


def is_what_was_read(told, octets, heard, other):
    """Whether a reset direction ends early, and not before what the
    receiver's application has read of it: what no endpoint takes in any more
    is no data (RFC 9293 section 3.5.2)."""
    read = other.app["recv"] if other.app else None
    return heard.resets and read is not None and \
        read["len"] <= len(told.octets) <= len(octets) and \
        octets.startswith(told.octets) and \
        digest(octets[:read["len"]]) == read["sha256"]


def compare(heard, told, truth, end, counts):
    """The differences of one direction."""
    got, octets = heard.captured()
    length = heard.length()
    other = truth.other(end)
    apps = end.app and other.app and not truth.multipath
    holes = ranges.holes(got, length)
    counts["octets"] += len(octets)
    if ranges.merged(told.gaps) != holes:
        yield f"holes {told.gaps}, not captured {holes}"
    if apps and not holes and len(octets) == end.app["sent"]["len"]:
        counts["whole: all that was sent is captured"] += 1
        if digest(octets) != end.app["sent"]["sha256"]:
            yield "the capture itself has other octets than were sent"
    else:
        counts["parts: " + ("with holes" if holes else "no holes")] += 1
    if digest(told.octets) == digest(octets):
        return
    if not told.gaps and is_what_was_read(told, octets, heard, other):
        counts["after a RST: what the application has read"] += 1
        return
    if truth.how["end"] == "refused" and not told.octets:
        counts["refused: what a SYN carried is no data (RFC 9293 3.4)"] += 1
        return
    yield f"{len(told.octets)} octets, captured {len(octets)}: {got}"


def shared_out(run, point):
    """The segments of each connection, in the order of their frames."""
    owner = {p.caught[point]: truth for truth in run.truths
             for p in truth.packets if p.caught[point]}
    found = collections.defaultdict(list)
    for segment in plain_capture.segments(run.captures[point]):
        truth = owner.get(segment.frame)
        if truth is not None and (run.offload or not segment.sum_wrong):
            found[truth].append(segment)
    return found


def without_empty(told, most, counts):
    """Leaves out connections without octets where there are too many: a late
    SYN that a listener answers has no socket, and so no truth."""
    left = list(told)
    for connection in told:
        if len(left) > most and \
                not any(d.length for d in connection.values()):
            left.remove(connection)
            counts["connections without octets and without a truth"] += 1
    return left


def has_forged_octets(truth):
    """Whether the link put in more than the RSTs that it may forge."""
    return any(p.forged and (p.length or "R" not in p.flags)
               for p in truth.packets)


def compare_capture(program, run, point, counts):
    """The differences of one capture."""
    heard = shared_out(run, point)
    truths = collections.defaultdict(list)
    for truth in kernel_states.merge_given_up(run.truths, point, counts):
        if heard[truth] and not all(s.flags & plain_capture.RST
                                    for s in heard[truth]):
            truths[frozenset(e.address for e in truth.ends)].append(truth)
    with tempfile.TemporaryDirectory() as folder:
        found = run_streams(program, run.captures[point], folder)
    for ends, ours in truths.items():
        theirs = without_empty(found[ends], len(ours), counts)
        if len(ours) != len(theirs):
            yield f"{ours[0].tuple}: {len(theirs)} connections, " \
                f"the kernels: {len(ours)}"
            continue
        for truth, told in zip(ours, theirs):
            if has_forged_octets(truth):
                counts["not compared: forged octets"] += 1
                continue
            for end in truth.ends:
                counts["directions"] += 1
                have = Heard(heard[truth], end.address)
                for what in compare(have, told[end.address], truth, end,
                                    counts):
                    note = f"late {have.lates} " * bool(have.lates) + \
                        f"RST {have.resets} " * bool(have.resets)
                    yield f"{truth.tuple} from {end.where} {note}: {what}"


def main():
    """Compares all runs of a folder."""
    program, folder = sys.argv[1:3]
    counts, failures = collections.Counter(), 0
    for run in kernel_truth.runs_in(folder):
        for point in run.captures:
            for what in compare_capture(program, run, point, counts):
                print(f"FAILED {run.name}/{point}.pcap {what}")
                failures += 1
    for name, count in sorted(counts.items()):
        print(f"{count:10} {name}")
    print(f"{failures} failures")
    sys.exit(failures != 0 or counts["octets"] == 0)


if __name__ == "__main__":
    main()
