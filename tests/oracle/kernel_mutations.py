#!/usr/bin/env python3
"""Damages captures of real connections, and sees what is told then.

Oracle    the capture itself, as it was, for changes that hide nothing: all
          sequence numbers and timestamps moved, so that they wrap in the middle
          of the connection; each frame captured twice, as by a mirror port.
          The same states, the same end and the same octets must be told.
          For changes that hide something (frames lost, a part of the capture
          cut off, one direction only, frames reordered), what is always true:
          one `new`, one `end`, states along the arrows of RFC 9293, octets in
          order.
By hand   tests/oracle/kernel_mutations.py build/examples/events FOLDER [POINTS]
          A folder of the lab's runs; the capture points, default M.
"""
import collections
import glob
import os
import random
import sys
import tempfile

import eventlog
import frames

# Where a state leads to: RFC 9293 Figure 5, its notes, and what an observer
# adds: what was before it looked is UNKNOWN.
ARROWS = {
    "UNKNOWN": ("SYN-SENT", "LISTEN", "SYN-RECEIVED", "ESTABLISHED"),
    "LISTEN": ("SYN-RECEIVED", "SYN-SENT"),
    "SYN-SENT": ("SYN-RECEIVED", "ESTABLISHED"),
    "SYN-RECEIVED": ("ESTABLISHED", "FIN-WAIT-1", "CLOSE-WAIT"),
    "ESTABLISHED": ("FIN-WAIT-1", "CLOSE-WAIT"),
    "FIN-WAIT-1": ("FIN-WAIT-2", "CLOSING"),
    "FIN-WAIT-2": ("TIME-WAIT",),
    "CLOSE-WAIT": ("LAST-ACK",),
    "CLOSING": ("TIME-WAIT",),
    "LAST-ACK": (), "TIME-WAIT": (), "CLOSED": (),
}


def shift(capture, dice):
    """Numbers wrap a little behind the first one of each sender."""
    shifts = {}
    for _, frame, _ in capture.frames:
        for source, destination, at, quoted in frames.segments_in(
                frame, capture.link):
            if not quoted and (source, destination) not in shifts:
                first = int.from_bytes(frame[at + 4:at + 8], "big")
                near = dice.choice((0, 1, 2, 100, 1500, 20000))
                shifts[source, destination] = -first - near & 0xffffffff
    return [(time, frames.shifted(frame, capture.link, lambda s, d:
                                  shifts.get((s, d), 0)), length)
            for time, frame, length in capture.frames]


def twice(capture, _dice):
    """Each frame twice, next to each other."""
    return [(time + copy * capture.unit // 10 ** 6, frame, length)
            for time, frame, length in capture.frames for copy in (0, 1)]


def some_twice(capture, dice):
    """Some frames twice."""
    return [(time + copy * capture.unit // 10 ** 6, frame, length)
            for time, frame, length in capture.frames
            for copy in range(1 + (dice.random() < 0.2))]


def lose(capture, dice):
    """Some frames are lost."""
    share = dice.choice((0.01, 0.05, 0.3))
    return [f for f in capture.frames if dice.random() >= share]


def cut_front(capture, dice):
    """The capture begins later."""
    return capture.frames[dice.randrange(len(capture.frames) + 1):]


def cut_back(capture, dice):
    """The capture ends earlier."""
    return capture.frames[:dice.randrange(len(capture.frames) + 1)]


def one_side(capture, dice):
    """Only packets to one of the two hosts."""
    wanted = dice.randrange(2)

    def goes_there(frame):
        found = list(frames.segments_in(frame, capture.link))
        return not found or (found[0][0] > found[0][1]) == wanted
    return [f for f in capture.frames if goes_there(f[1])]


def reorder(capture, dice):
    """Frames overtake up to three others."""
    order = sorted(range(len(capture.frames)),
                   key=lambda n: n + dice.random() * 3)
    times = [time for time, _, _ in capture.frames]
    return [(time, *capture.frames[n][1:]) for time, n in zip(times, order)]


def hide(capture, dice):
    """A part in the middle is lost."""
    a, b = sorted(dice.randrange(len(capture.frames) + 1) for _ in "ab")
    return capture.frames[:a] + capture.frames[b:]


HARMLESS = (shift, twice, some_twice)
HARMFUL = (lose, cut_front, cut_back, one_side, reorder, hide)


def view_of(connection):
    """What must stay as it is."""
    end = connection.end or {}
    return {
        "tuple": connection.tuple,
        "states": {side: [(e["from"], e["to"], e["inferred"])
                          for e in connection.states[side]]
                   for side in eventlog.SIDES},
        "opened": (connection.established or {}).get("kind"),
        "end": [end.get(k) for k in ("reason", "side", "kind", "open_kind")],
        "octets": {side: [(e["offset"], e["length"])
                          for e in connection.data[side]]
                   for side in eventlog.SIDES},
        "gaps": {side: [(e["offset"], e["length"], e["reason"])
                        for e in connection.gaps[side]]
                 for side in eventlog.SIDES},
    }


def wrong_in(connection):
    """What must never be."""
    yield from connection.broken
    for side in eventlog.SIDES:
        for event in connection.states[side]:
            if event["to"] != "CLOSED" and event["stimulus"] != "resume" and \
                    event["to"] not in ARROWS[event["from"]]:
                yield f"{side} from {event['from']} to {event['to']}"
        at = 0
        told = connection.data[side] + connection.gaps[side]
        for event in sorted(told, key=lambda e: e["offset"]):
            if event["offset"] != at:
                yield f"{side}: octets {at} to {event['offset']} are untold"
            at = event["offset"] + event["length"]


def differences(before, after):
    """Where two tellings of a capture differ."""
    if len(before) != len(after):
        yield f"{len(after)} connections, not {len(before)}"
        return
    for one, other in zip(map(view_of, before), map(view_of, after)):
        for what, value in one.items():
            if other[what] != value:
                yield f"{one['tuple']} {what}: {other[what]}, not {value}"


def compare(events, path, seed, told):
    """Changes a capture in every way."""
    capture = frames.Capture(path)
    if capture.link not in (frames.ETHERNET, frames.RAW):
        return
    before = eventlog.connections_of(events, path)
    for change in HARMLESS + HARMFUL:
        dice = random.Random(f"{seed}/{path}/{change.__name__}")
        with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
            capture.write(file.name, change(capture, dice))
            after = eventlog.connections_of(events, file.name)
        told[f"connections: {change.__name__}"] += len(after)
        for connection in after:
            for what in wrong_in(connection):
                yield f"{change.__name__}: {connection.tuple} {what}"
        if change in HARMLESS:
            for what in differences(before, after):
                yield f"{change.__name__}: {what}"


def main():
    """Changes all captures of a folder."""
    events, folder = sys.argv[1:3]
    points = sys.argv[3] if len(sys.argv) > 3 else "M"
    told, failures = collections.Counter(), 0
    seed = os.environ.get("SEED", "1")
    for path in sorted(glob.glob(os.path.join(folder, "*", "[AMB].pcap"))):
        if os.path.basename(path)[0] not in points:
            continue
        for what in compare(events, path, seed, told):
            print(f"FAILED {os.path.relpath(path, folder)} {what}")
            failures += 1
    for name, count in sorted(told.items()):
        print(f"{count:6} {name}")
    print(f"{failures} failures")
    sys.exit(failures != 0 or not told)


if __name__ == "__main__":
    main()
