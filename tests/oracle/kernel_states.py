#!/usr/bin/env python3
"""Holds the states of both endpoints against those of two Linux kernels.

Oracle    the ground-truth lab: real connections between two network
          namespaces, with the states that the kernels' own tracepoint
          (sock:inet_sock_set_state) told.  ../shared/truth/README.md
Compared  for each connection at each capture point: both endpoints' states,
          one by one; how it opened; how it ended and who ended it.
By hand   tests/oracle/kernel_states.py build/examples/events FOLDER
          A folder of the lab's runs: the dataset, or what `lab.py run` made.

The vantage point does not show all that the kernels did.  Each rule below says
what it hides and knows it from the link's log; what it hides is counted.
"""
import collections
import sys

import eventlog
import kernel_truth
import vantage

GAVE_UP = ("timeout", "unreachable", "aborted", "vanished")


def expected_states(view, end):
    """The states that can be seen of an endpoint, and why they are not all."""
    truth, states = view.truth, list(end.states)
    if truth.how["end"] == "refused" and not states:
        return ["CLOSED"], "nobody listened: there is no socket"
    if states[-1:] == ["CLOSED"] and truth.how["end"] in GAVE_UP and \
            not any(view.of(e, "R") for e in truth.ends):
        return states[:-1], "the kernel gave up: no packet says so"
    if view.begins_late() and "ESTABLISHED" in states:
        return states[states.index("ESTABLISHED"):], "the capture began later"
    for hidden in ("FIN-WAIT-1", "LAST-ACK"):
        if hidden in states and view.fin_after_reset(end):
            states.remove(hidden)
            return states, "the FIN came after the RST that it crossed"
    return states_of_late_fin(view, end, states)


def states_of_late_fin(view, end, states):
    """Two FINs may cross for the kernels and not for the capture, or the other
    way round, where the first copy of one was lost on one side of it."""
    crossed = ["FIN-WAIT-1", "CLOSING", "TIME-WAIT"]
    if states[-3:] == crossed and view.fin_lost_ahead(end):
        return states[:-3] + ["CLOSE-WAIT", "LAST-ACK", "CLOSED"], \
            "its first FIN was lost before the capture"
    if states[-3:] == ["FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT"] and \
            "CLOSING" in view.truth.other(end).states and \
            view.fin_lost_beyond(view.truth.other(end)):
        return states[:-3] + crossed, \
            "the peer's first FIN was lost after the capture"
    return states, None


def is_open(states):
    """Whether they begin as those of a connection that opens."""
    until = states[:states.index("ESTABLISHED")] \
        if "ESTABLISHED" in states else None
    return until in ([], ["SYN-SENT"], ["SYN-RECEIVED"],
                     ["SYN-SENT", "SYN-RECEIVED"])


def compare_states(view, connection, told):
    """The differences of both endpoints' states."""
    for end in view.truth.ends:
        side = connection.side_of(*end.address)
        expected, why = expected_states(view, end)
        got = connection.moves(side)
        if got == expected:
            told["states equal: " + why if why else "states equal"] += 1
        elif view.lost() and is_open(got) and is_open(expected):
            told["states differ: the capture lost packets"] += 1
        else:
            yield f"{side}: {got}, the kernel: {expected}"


def expected_kind(view):
    """How the connection opened."""
    truth = view.truth
    if view.first(truth.opener, "S") is None:
        late = view.first(truth.passive, "S") is None
        return "mid-stream" if late else "syn-ack-first"
    if truth.simultaneous_open:
        return "simultaneous"
    return "fast" if truth.passive.syn_data else "three-way"


def compare_opening(view, connection, told):
    """The difference in how the connection opened."""
    opened = len(view.truth.how["established"]) == 2
    told_kind = connection.established and connection.established["kind"]
    expected = expected_kind(view) if opened else None
    if told_kind == expected:
        told[f"opened: {expected or 'not'}"] += 1
    elif view.lost():
        told["opening differs: the capture lost packets"] += 1
    else:
        yield f"opened {told_kind}, the kernels: {expected}"
    if not view.begins_late() and not view.truth.simultaneous_open and \
            connection.side_of(*view.truth.opener.address) != "client":
        yield "the opener is not the client"


def expected_end(view):
    """How the connection ended: reason, side, simultaneous."""
    truth = view.truth
    resets = [(view.first(end, "R"), end) for end in truth.ends]
    resets = [(frame, end) for frame, end in resets if frame is not None]
    if truth.how["end"] == "fin":
        closed = [end for end in truth.ends
                  if "FIN-WAIT-1" in expected_states(view, end)[0]]
        return "fin", closed[0] if len(closed) == 1 else None, len(closed) == 2
    if resets:
        return "reset", min(resets, key=lambda r: r[0])[1], False
    return "flushed", None, False


def compare_end(view, connection, told):
    """The difference in how the connection ended."""
    end = connection.end
    reason, who, simultaneous = expected_end(view)
    side = connection.side_of(*who.address) if who else None
    if end["reason"] == reason and end["simultaneous"] == simultaneous and \
            (side is None or end["side"] == side):
        told[f"end equal: {reason}"] += 1
    elif view.lost():
        told["end differs: the capture lost packets"] += 1
    else:
        yield f"end {end['reason']} {end['side']} {end['simultaneous']}, " \
              f"the kernels: {reason} {side} {simultaneous}"


def pair(truths, connections):
    """Finds each truth's connection: the same tuple, in the same order."""
    left = collections.defaultdict(list)
    for connection in connections:
        left[frozenset((connection.tuple[:2], connection.tuple[2:]))].append(
            connection)
    for truth in truths:
        same = left[frozenset(end.address for end in truth.ends)]
        yield truth, same.pop(0) if same else None
    for rest in left.values():
        for connection in rest:
            yield None, connection


def compare_capture(events, run, point, told):
    """The differences of one capture."""
    options = () if run.offload else ("--verify-checksums",)
    connections = eventlog.connections_of(events, run.captures[point],
                                          *options)
    seen = [t for t in run.truths
            if any(p.caught[point] for p in t.packets)]
    for truth, connection in pair(seen, connections):
        if truth is None or connection is None:
            yield f"{(truth or connection).tuple}: on one side only"
            continue
        view = vantage.View(truth, point)
        told["connections"] += 1
        for compare in (compare_states, compare_opening, compare_end):
            for what in compare(view, connection, told):
                yield f"{truth.tuple}: {what}"
        for what in connection.broken:
            yield f"{truth.tuple}: {what}"


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
        print(f"{count:6} {name}")
    print(f"{failures} failures")
    sys.exit(failures != 0 or told["connections"] == 0)


if __name__ == "__main__":
    main()
