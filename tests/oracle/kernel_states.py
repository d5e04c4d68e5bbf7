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
hidden.py says where no rule can tell what an observer should say: there, other
states are allowed, and counted, too.  SHOW_HIDDEN=1 lists them.
"""
import collections
import os
import sys

import eventlog
import hidden
import kernel_truth
import vantage

GAVE_UP = ("timeout", "unreachable", "aborted", "vanished")


def expected_states(view, end):
    """The states that can be seen of an endpoint, and why they are not all."""
    truth, states = view.truth, list(end.states)
    resets = any(view.of(e, "R") for e in truth.ends)
    if truth.how["end"] == "refused" and not states:
        return ["CLOSED"], "nobody listened: there is no socket"
    if end is truth.passive and not states and view.of(end, "S"):
        return ["SYN-RECEIVED"] + ["CLOSED"] * resets, \
            "a half-open one has no socket"
    if states[-1:] == ["CLOSED"] and truth.how["end"] in GAVE_UP and \
            not resets and not truth.icmp:
        return states[:-1], "the kernel gave up: no packet says so"
    if view.begins_late() and "ESTABLISHED" in states:
        return states[states.index("ESTABLISHED"):], "the capture began later"
    for hidden in ("FIN-WAIT-1", "LAST-ACK"):
        if truth.how["end"] == "reset" and hidden in states and \
                view.fin_after_reset(end):
            states.remove(hidden)
            return states, "the FIN came after the RST that it crossed"
    return states_of_late_fin(view, end, states)


def inferred(view, end):
    """Moves that the peer's packets imply, and that no socket made.

    A SYN,ACK that meets no socket any more, and a third ACK that meets no
    listener any more, cannot be told from others: the RST comes behind them.
    An ICMP error ends both ends of an opening.
    """
    states = list(end.states)
    resets = any(view.of(e, "R") for e in view.truth.ends)
    if resets and end is view.truth.opener and \
            states == ["SYN-SENT", "CLOSED"]:
        yield ["SYN-SENT", "ESTABLISHED", "CLOSED"]
    if resets and end is view.truth.passive and not states:
        yield ["CLOSED"]
        yield ["SYN-RECEIVED", "ESTABLISHED", "CLOSED"]
    if view.truth.icmp and not states:
        yield ["CLOSED"]


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


def compare_states(view, connection, told):
    """The differences of both endpoints' states."""
    for end in view.truth.ends:
        side = connection.side_of(*end.address)
        expected, why = expected_states(view, end)
        got = connection.moves(side)
        if got in (expected, end.states):
            told["states equal: " + why if why and got == expected
                 else "states equal"] += 1
        elif any(got == states for states in inferred(view, end)):
            told["states equal: and one that the peer's answer implies"] += 1
        elif hidden.facts(end, view):
            count_hidden(view, end, told, f"{side}: {got}, the kernel: {expected}")
        else:
            yield f"{side}: {got}, the kernel: {expected}"


def count_hidden(view, end, told, what):
    """Counts a difference that the capture point explains."""
    facts = sorted(hidden.facts(end, view))
    told["states differ: " + "; ".join(facts)] += 1
    if os.environ.get("SHOW_HIDDEN"):
        print(f"hidden {view.truth.run.name}/{view.point}.pcap "
              f"{view.truth.tuple} {what} [{'; '.join(facts)}]")


def is_hidden(view):
    """Whether anything of either endpoint is hidden."""
    return any(hidden.facts(end, view) for end in view.truth.ends)


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
    elif is_hidden(view) or not view.truth.passive.states:
        told["opening differs: hidden"] += 1
    else:
        yield f"opened {told_kind}, the kernels: {expected}"
    if told_kind and connection.end["open_kind"] != told_kind:
        yield f"open_kind {connection.end['open_kind']}"
    if not view.begins_late() and not view.truth.simultaneous_open and \
            connection.side_of(*view.truth.opener.address) != "client":
        yield "the opener is not the client"


def counts(packet, truth):
    """Whether a RST had an effect: a socket received it, or sent it and was
    gone."""
    if not packet.forged:
        return True
    return packet.arrived is not None and any(
        abs(packet.arrived - at) < 0.003
        for end in truth.ends for at in end.rst_received)


def expected_end(view):
    """How the connection ended: reason, side, in one word."""
    truth = view.truth
    resets = sorted(((p.caught[view.point], end) for end in truth.ends
                    for p in view.of(end, "R") if counts(p, truth)),
                    key=lambda reset: reset[0])
    if truth.how["end"] == "fin":
        closed = [end for end in truth.ends
                  if "FIN-WAIT-1" in expected_states(view, end)[0]]
        if len(closed) == 2:
            return "fin", None, "fin-simultaneous"
        return "fin", closed[0] if closed else None, "fin-"
    if resets:
        end = resets[0][1]
        opened = any(view.of(e, "S") and "ESTABLISHED" in e.states
                     for e in truth.ends)
        refused = end is truth.passive and not view.of(end, "S") and not opened
        return "reset", end, "refused" if refused else "reset-"
    if truth.how["end"] in ("refused", "unreachable") and truth.icmp:
        return "unreachable", None, "unreachable"
    return "flushed", None, "flushed"


def compare_end(view, connection, told):
    """The difference in how the connection ended."""
    end = connection.end
    reason, who, kind = expected_end(view)
    side = connection.side_of(*who.address) if who else None
    kind += side if kind.endswith("-") and side else ""
    if (end["reason"], end["kind"]) == (reason, kind) and \
            (side is None or end["side"] == side) and \
            end["simultaneous"] == (kind == "fin-simultaneous"):
        told[f"end equal: {kind}"] += 1
    elif is_hidden(view) or reason == end["reason"] == "reset" and \
            connection.was_reversed():
        told["end differs: hidden"] += 1
    else:
        yield f"end {end['reason']} {end['side']} {end['kind']}, " \
              f"the kernels: {reason} {side} {kind}"


def pair(truths, connections, told):
    """Finds each truth's connection: the same tuple, begun before the next.

    A SYN that comes twice, and late, may be answered by a listener: that
    connection has no socket, and so no truth (RFC 9293 Figure 8).
    """
    rest = list(connections)
    for number, truth in enumerate(truths):
        ends = {end.address for end in truth.ends}
        later = min((t.began for t in truths[number + 1:]
                     if {end.address for end in t.ends} == ends),
                    default=float("inf"))
        own = [c for c in rest if {c.tuple[:2], c.tuple[2:]} == ends
               and truth.since - 0.001 <= c.time < later]
        yield truth, own[0] if own else None
        for connection in own[:1]:
            rest.remove(connection)
        for connection in own[1:]:
            if connection.established is None:
                told["late SYNs that were answered"] += 1
                rest.remove(connection)
    for connection in rest:
        yield None, connection


def is_seen(truth, point):
    """Whether anything is caught but RSTs, which begin no connection."""
    return any(p.caught[point] and "R" not in p.flags for p in truth.packets)


def merge_given_up(truths, point, told):
    """Leaves out openings that were given up and begun again, from the same
    port, before anything answered: the SYNs belong to one connection."""
    left = []
    for number, truth in enumerate(truths):
        following = [t for t in truths[number + 1:]
                     if t.ports() == truth.ports()][:1]
        if truth.how["end"] in ("aborted", "reset") and following and \
                not truth.how["established"] and \
                not any(p.caught[point] and p.entered < following[0].began
                        and p.sender == truth.passive.where
                        for p in truth.packets):
            told["openings that were given up and begun again"] += 1
            following[0].since = truth.since
        else:
            left.append(truth)
    return left


def compare_capture(events, run, point, told):
    """The differences of one capture."""
    options = () if run.offload else ("--verify-checksums",)
    connections = eventlog.connections_of(events, run.captures[point],
                                          *options)
    seen = [t for t in run.truths if is_seen(t, point)]
    seen = merge_given_up(seen, point, told)
    for truth, connection in pair(seen, connections, told):
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
