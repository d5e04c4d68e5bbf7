#!/usr/bin/env python3
"""Holds the kernel's state after every frame against packetdrill scripts.

Oracle    packetdrill scripts of several projects, converted to two-sided
          captures; beside each, what its script asserts of the kernel under
          test: ../shared/corpus/README.md section 5.
Compared  the facts of the .tsv files: S, the kernel is in this state after
          frame N; D, it is in this state when frame N arrives.
By hand   tests/oracle/packetdrill_facts.py build/examples/events FOLDER

Some facts cannot be seen in the frames, or are one kernel's own choice.  The
rules below say which; they are counted.
"""
import collections
import csv
import glob
import os
import sys

import eventlog

Frame = collections.namedtuple("Frame", "number kernel conn flags seq ack")
Fact = collections.namedtuple("Fact", "kind number conn state source")


class Trace:
    """A capture and what its script says."""

    def __init__(self, path, approximated):
        self.path, self.approximated = path, approximated
        self.frames, self.facts = {}, []
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                self.take(line.rstrip("\n").split("\t"))

    def take(self, words):
        """Takes a line of the .tsv file."""
        if words[0] == "F":
            number = int(words[1])
            self.frames[number] = Frame(
                number, words[3] == ">", words[4], words[5], int(words[6]),
                int(words[8]) if words[8] else None)
        elif words[0] in "DS":
            self.facts.append(Fact(words[0], int(words[1]), words[3],
                                   words[4].replace("_", "-"), words[5]))

    def earlier(self, fact):
        """The frames of a fact's connection that it looks back on."""
        last = fact.number - (fact.kind == "D")
        return [frame for number, frame in sorted(self.frames.items())
                if number <= last and frame.conn == fact.conn]

    def kernel_acks(self, conn):
        """What the kernel acknowledges in a connection, relative to it."""
        return [frame.ack for frame in self.frames.values() if frame.kernel
                and frame.conn == conn and frame.ack is not None]


class Follower:
    """The library's states, frame by frame."""

    def __init__(self, events, capture):
        self.conn_of = {}  # By frame: the connection.
        self.sender_of = {}  # By frame: the side.
        self.after = {}  # By frame and connection: states by side.
        for event in eventlog.lines_of(events, capture, "--segments"):
            self.take(event)

    def take(self, event):
        """Takes an event."""
        conn, frame = event["conn"], event["frame"]
        if event["event"] == "segment":
            self.conn_of[frame] = conn
            self.sender_of[frame] = event["side"]
            self.after[frame] = event["after"]

    def state_of_kernel(self, frames):
        """Where the kernel stands after the last of these frames."""
        followed = [f for f in frames if f.number in self.after]
        if not followed:
            return None
        last = followed[-1].number
        sides = eventlog.SIDES
        own = [sides.index(self.sender_of[f.number]) ^ (not f.kernel)
               for f in followed if self.conn_of[f.number] ==
               self.conn_of[last]]
        return self.after[last][sides[own[-1]]]


def excuse(trace, fact, frames):
    """Why a fact cannot be seen, or need not hold; None if it must."""
    if not frames and fact.state in ("CLOSED", "LISTEN"):
        return "no frame of the connection yet"
    if "tcp-over-udp" in trace.approximated:
        return "TCP in UDP: no TCP frame"
    if "insecure" in trace.path and fact.state == "CLOSED":
        return "a sysctl lets anybody end TIME-WAIT"
    syns = [f for f in frames if "S" in f.flags and not f.kernel]
    if fact.state == "TIME-WAIT" and len(syns) > 1 and \
            frames[-1].flags == "." and frames[-1].kernel and \
            syns[-1].seq > frames[-1].ack:
        return "a newer SYN in TIME-WAIT that is challenged, not accepted"
    if syns and "." in syns[0].flags and any(
            0 < ack < syns[0].seq for ack in trace.kernel_acks(fact.conn)):
        return "the conversion gave the SYN,ACK another number"
    return None


def compare_trace(events, trace, told):
    """The differences of one trace."""
    follower = Follower(events, trace.path[:-len("tsv")] + "pcap")
    for fact in trace.facts:
        frames = trace.earlier(fact)
        got = follower.state_of_kernel(frames)
        why = excuse(trace, fact, frames)
        if got == fact.state:
            told[f"equal: {fact.source} ({fact.kind})"] += 1
        elif why:
            told[f"not to be seen: {why}"] += 1
        else:
            yield f"{fact.kind} {fact.number}: {got}, the script: {fact.state}"


def traces_in(folder):
    """All traces of a folder that have facts."""
    with open(os.path.join(folder, "index.csv"), encoding="utf-8") as f:
        rows = {row["facts"]: row for row in csv.DictReader(f)}
    for path in sorted(glob.glob(os.path.join(folder, "*", "*.tsv"))):
        row = rows["packetdrill/" + os.path.relpath(path, folder)]
        trace = Trace(path, row["approximated"])
        if trace.facts:
            yield trace


def main():
    """Compares all traces of a folder."""
    events, folder = sys.argv[1:]
    told, failures = collections.Counter(), 0
    for trace in traces_in(folder):
        told["traces"] += 1
        for what in compare_trace(events, trace, told):
            print(f"FAILED {os.path.relpath(trace.path, folder)} {what}")
            failures += 1
    for name, count in sorted(told.items()):
        print(f"{count:6} {name}")
    print(f"{failures} failures")
    sys.exit(failures != 0 or told["traces"] == 0)


if __name__ == "__main__":
    main()
