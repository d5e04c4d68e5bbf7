#!/usr/bin/env python3
"""Holds what is told of one side against what is told of both.

Oracle    the library itself, with the other half of each capture taken away:
          what a router sees on a path that is used one way only.
Compared  for each side that a capture has: one `new` and one `end` of the same
          ports; the octets that both runs tell at the same place are the same,
          and the run of one side tells at least those of the run of both,
          which gives a hole up soon after the other side has acknowledged it.
          Without its SYN a stream begins where the capture does, or with the
          number that the other side acknowledges first, so of such a side only
          `new` and `end` count.
By hand   tests/oracle/one_side.py build/examples/events CAPTURE...
          Captures are classic pcap.
"""
import os
import sys
import tempfile

import eventlog
import frames


def sender_of(frame, link):
    """(address, port) of who sent a segment; None if it is none."""
    for sender, _, _, quoted in frames.segments_in(frame, link):
        return None if quoted else sender
    return None


def opened(half, link):
    """The ports whose SYN is among the frames."""
    found = set()
    for _, frame, _ in half:
        for sender, _, at, quoted in frames.segments_in(frame, link):
            if not quoted and len(frame) > at + 13 and frame[at + 13] & 2:
                found.add(sender[1])
    return found


class Side:
    """What is told of one side of a connection: octets by their number."""

    def __init__(self):
        self.octets = {}
        self.news = self.ends = 0


def hear(events, path):
    """{(address, port, address, port): Side}, its sender first."""
    names, sides = {}, {}
    for event in eventlog.lines_of(events, path, "--bytes"):
        what, conn = event["event"], event["conn"]
        if what in ("new", "flip"):
            there = tuple(event["tuple"])
            names[conn] = {"client": there, "server": there[2:] + there[:2]}
        for name in ("client", "server"):
            key = names[conn][name]
            side = sides.setdefault(key, Side())
            side.news += what == "new"
            side.ends += what == "end"
            if what == "data" and event["side"] == name:
                octets = bytes.fromhex(event["bytes"])
                for i, octet in enumerate(octets):
                    side.octets[side.news, event["offset"] + i] = octet
    return sides


def halves(capture):
    """The frames of each address, by address."""
    found = {}
    for frame in capture.frames:
        sender = sender_of(frame[1], capture.link)
        if sender:
            found.setdefault(sender[0], []).append(frame)
    return found.values()


def compare(events, path):
    """(sides, octets, differences) of a capture."""
    both, found = hear(events, path), []
    capture, sides, count = frames.Capture(path), 0, 0
    for half in halves(capture):
        with tempfile.TemporaryDirectory() as folder:
            name = os.path.join(folder, "half.pcap")
            capture.write(name, half)
            alone = hear(events, name)
        ports = {sender_of(f, capture.link)[1] for _, f, _ in half}
        syns = opened(half, capture.link)
        for key, side in alone.items():
            if key[1] not in ports or key not in both or not side.octets:
                continue
            sides += 1
            count += len(side.octets)
            told = both[key]
            if side.news != side.ends:
                found.append(f"{key}: {side.news} new, {side.ends} end")
            if told.news != 1 or side.news != 1 or key[1] not in syns:
                continue
            wrong = [at for at, octet in told.octets.items()
                     if side.octets.get(at) != octet]
            if wrong:
                found.append(f"{key}: {len(wrong)} octets differ, the first "
                             f"at {wrong[0][1]}")
    return sides, count, found


def main():
    """Compares each capture; the exit status says whether all agree."""
    sides = octets = bad = 0
    for path in sys.argv[2:]:
        more, count, found = compare(sys.argv[1], path)
        sides, octets, bad = sides + more, octets + count, bad + len(found)
        for line in found:
            print(f"{path}: {line}")
    print(f"{sides} sides, {octets} octets, {bad} differences")
    return 1 if bad or not sides else 0


if __name__ == "__main__":
    sys.exit(main())
