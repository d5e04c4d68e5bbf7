#!/usr/bin/env python3
"""Holds the octets of both directions against `tshark -z follow`.

Oracle    tshark's reassembly, on captures of ../shared/corpus in which each
          stream is trusted: there tshark and tcpflow (or tcptrace) gave the
          same octets (oracle_summary.csv; README.md section 4).
Compared  for each connection: the octets of both directions.
By hand   tests/oracle/tshark_streams.py build/examples/events FOLDER [all]
          A sample of the captures with few connections, or all of those.
"""
import collections
import concurrent.futures
import csv
import os
import subprocess
import sys

import eventlog

# Tunnels and fragments are left out: tshark numbers streams by the innermost
# packets, and follows some that others do not.
LINKS = {"EN10MB", "NULL", "LOOP", "LINUX_SLL", "LINUX_SLL2", "RAW", "RAW(12)",
         "RAW(14)", "IPV4", "IPV6"}
TAGS = {"vlan", "vlan-stack", "qinq"}
MOST_STREAMS = 12
MOST_PACKETS = 3000
SAMPLE = 40


def endpoint(line):
    """`Node 0: address:port`."""
    address, port = line.split(": ", 1)[1].rsplit(":", 1)
    return address.strip("[]"), int(port)


def tshark(capture, streams):
    """By tshark's stream: both endpoints, and the octets of each."""
    command = ["tshark", "-n", "-q", "-r", capture]
    for number in range(streams):
        command += ["-z", f"follow,tcp,raw,{number}"]
    run = subprocess.run(command, text=True, check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    found = []
    for line in run.stdout.splitlines():
        if line.startswith("Node "):
            if line.startswith("Node 0"):
                found.append(([], [[], []]))
            found[-1][0].append(endpoint(line))
        elif found and line and not line.startswith(("=", "Follow", "Filter")):
            found[-1][1][line.startswith("\t")].append(line.strip())
    return [(ends, ["".join(d) for d in octets]) for ends, octets in found]


def library(events, capture):
    """By the two endpoints: their connections."""
    found = collections.defaultdict(list)
    for connection in eventlog.connections_of(events, capture, "--bytes"):
        ends = frozenset((connection.tuple[:2], connection.tuple[2:]))
        found[ends].append(connection)
    return found


def octets_of(connections, end):
    """What an endpoint sent, in hexadecimal, over all connections."""
    return "".join(event["bytes"] for connection in connections
                   for event in connection.data[connection.side_of(*end)])


def fits_around_gaps(connection, end, text):
    """Whether only octets are missing that were acknowledged before they were
    captured."""
    side = connection.side_of(*end)
    data, gaps = connection.data[side], connection.gaps[side]
    total = sum(event["length"] for event in data + gaps)
    return 2 * total == len(text) and \
        all(gap["reason"] == "acked" for gap in gaps) and \
        all(text.startswith(event["bytes"], 2 * event["offset"])
            for event in data)


def only_asks(connection):
    """Whether all that was ever seen is a SYN: nobody has taken its octets."""
    return connection.end["state"]["client"] == "SYN-SENT" and \
        not any(connection.data.values())


def rule(connections, end, text, features):
    """Why a stream may differ; None if it may not."""
    if not connections and {"flag:NULLISH", "flag:RST"} & set(features):
        return "a RST, or flags without sense, begin no connection"
    if len(connections) == 1 and fits_around_gaps(connections[0], end, text):
        return "octets that were captured after their ACK are a gap by then"
    if len(connections) == 1 and only_asks(connections[0]):
        return "what an unanswered SYN carries is no data yet (RFC 9293 3.4)"
    if text.startswith(octets_of(connections, end)) and \
            any(c.end["reason"] == "reset" for c in connections):
        return "what a RST carries, and what comes after it, is no data"
    return None


def compare_file(events, capture, streams, features):
    """The differences of one file, and what was counted."""
    own, told, found = library(events, capture), collections.Counter(), []
    other = collections.defaultdict(lambda: collections.defaultdict(str))
    for ends, octets in tshark(capture, streams):
        for end, text in zip(ends, octets):
            other[frozenset(ends)][end] += text
    for ends, both in other.items():
        for end, text in both.items():
            told["directions"] += 1
            told["octets"] += len(text) // 2
            if octets_of(own[ends], end) == text:
                continue
            why = rule(own[ends], end, text, features)
            if why:
                told["differ: " + why] += 1
            else:
                found.append(f"{end}: {len(octets_of(own[ends], end)) // 2} "
                             f"octets, tshark: {len(text) // 2}")
    return found, told


def is_trusted(row):
    """Whether two tools agree on every stream, and some have octets."""
    doubts = ("prefix", "gap", "overlap", "differ", "ts_only", "tf_only")
    return all(row[name] in ("", "0") for name in doubts) and \
        int(row["trusted_bytes"] or 0) > 0 and \
        0 < int(row["tshark_streams"] or 0) <= MOST_STREAMS


def readable(row):
    """Whether all streams of a file are plain ones."""
    return row["link_types"] in LINKS and row["ip_fragments"] in ("", "0") \
        and set(row["tunnels"].split()) <= TAGS


def chosen(folder, everything):
    """The captures to compare, each with how many streams it has and the
    index's features of it."""
    with open(os.path.join(folder, "index.csv"), encoding="utf-8") as f:
        known = {row["file"]: row["features"].split()
                 for row in csv.DictReader(f)
                 if readable(row) and
                 row["truncated_file"] == "0" and
                 int(row["packets"]) <= MOST_PACKETS}
    with open(os.path.join(folder, "oracle_summary.csv"),
              encoding="utf-8") as f:
        rows = [row for row in csv.DictReader(f)
                if row["file"] in known and is_trusted(row)]
    rows.sort(key=lambda row: row["file"])
    step = 1 if everything else max(1, len(rows) // SAMPLE)
    return [(os.path.join(folder, row["file"].split("/", 1)[1]),
             int(row["tshark_streams"]), known[row["file"]])
            for row in rows[::step]]


def main():
    """Compares the chosen files."""
    events, folder = sys.argv[1:3]
    told, failures = collections.Counter(), 0
    files = chosen(folder, sys.argv[3:] == ["all"])
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = pool.map(lambda f: compare_file(events, *f), files)
        for (capture, *_), (found, counts) in zip(files, results):
            told += counts
            for what in found:
                print(f"FAILED {os.path.relpath(capture, folder)} {what}")
            failures += len(found)
    print(f"{len(files):8} files")
    for name, count in sorted(told.items()):
        print(f"{count:8} {name}")
    print(f"{failures} failures")
    sys.exit(failures != 0 or told["octets"] == 0)


if __name__ == "__main__":
    main()
