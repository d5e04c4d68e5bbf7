#!/usr/bin/env python3
"""Holds lines of our conn.log against those that Zeek has recorded.

Oracle    Zeek's own tests: its captures, and the conn.log that it wrote of each
          (../shared/corpus/expected/zeek/LIST.tsv).
Compared  every TCP connection: who is the originator, conn_state, history,
          duration, octets, packets, octets of IP, missed octets.
By hand   tests/oracle/zeek_conns.py build/examples/connlog CORPUS
A difference that is explained stands in zeek-differences.txt.
"""
import collections
import os
import re
import subprocess
import sys

ENDS = ("id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p")
FIELDS = ("conn_state", "history", "duration", "orig_bytes", "resp_bytes",
          "orig_pkts", "orig_ip_bytes", "resp_pkts", "resp_ip_bytes",
          "missed_bytes")


def rows(lines):
    """The TCP rows of a conn.log, as dictionaries."""
    names = []
    for line in lines:
        cells = line.rstrip("\n").split("\t")
        if cells[0] == "#fields":
            names = cells[1:]
        elif not line.startswith("#") and names:
            row = dict(zip(names, cells))
            if row.get("proto") == "tcp" and "conn_state" in row:
                yield row


def address(text):
    return re.sub(r"^::ffff:", "", text.lower())


def key(row):
    ends = [(address(row[ENDS[0]]), row[ENDS[1]]),
            (address(row[ENDS[2]]), row[ENDS[3]])]
    return tuple(sorted(ends))


def has_option(command, letter):
    return re.search(rf"(^|\s)-{letter}(\s|$)", command)


def ours(program, capture, command, ports):
    """ports: a bare Zeek (-b) knows no ports of servers, but what the test's
    own script tells it."""
    arguments = [program, "--zeek"]
    if not has_option(command, "C"):
        arguments.append("--verify-checksums")
    if has_option(command, "b") and not ports:
        arguments.append("--no-ports")
    done = subprocess.run(arguments + [capture], capture_output=True,
                          text=True, check=False)
    return list(rows(done.stdout.splitlines()))


def grouped(all_rows):
    groups = collections.defaultdict(list)
    for row in all_rows:
        groups[key(row)].append(row)
    return groups


def differences(program, corpus, capture, baseline, command):
    with open(os.path.join(corpus, baseline), encoding="utf-8") as file:
        all_theirs = list(rows(file))
    if not all_theirs:
        return
    ports = any("^" in row["history"] for row in all_theirs)
    theirs = grouped(all_theirs)
    mine = grouped(ours(program, os.path.join(corpus, capture), command, ports))
    for ends, expected in sorted(theirs.items()):
        got = mine.pop(ends, [])
        if len(got) != len(expected):
            yield ends, "connections", len(expected), len(got)
        for one, other in zip(expected, got):
            yield ends, None, None, None
            for field in ENDS[:2] + FIELDS:
                if field in one and \
                        address(one[field]) != address(other[field]):
                    yield ends, field, one[field], other[field]
    if not has_option(command, "f"):
        for ends, got in sorted(mine.items()):
            yield ends, "connections", 0, len(got)


def explained(path):
    """baseline, field, reason: a regular expression for the first two."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            cells = line.rstrip("\n").split("\t")
            if line.strip() and not line.startswith("#"):
                yield re.compile(cells[0]), re.compile(cells[1]), cells[2]


def main():
    program, corpus = sys.argv[1:3]
    reasons = list(explained(os.path.join(os.path.dirname(__file__),
                                          "zeek-differences.txt")))
    used = collections.Counter()
    connections = open_ones = captures = 0
    with open(os.path.join(corpus, "expected/zeek/LIST.tsv"),
              encoding="utf-8") as file:
        tests = [line.rstrip("\n").split("\t") for line in file]
    for test in tests:
        if len(test) != 3 or not test[1].endswith("conn.log"):
            continue
        captures += 1
        for ends, field, theirs, mine in differences(program, corpus, *test):
            if field is None:
                connections += 1
                continue
            name = os.path.basename(test[1])
            for which, (file_re, field_re, reason) in enumerate(reasons):
                if file_re.search(name) and field_re.fullmatch(field):
                    used[which] += 1
                    break
            else:
                open_ones += 1
                print(f"{name}: {'/'.join(':'.join(e) for e in ends)}: "
                      f"{field}: Zeek {theirs}, we {mine}")
    for which, (_, _, reason) in enumerate(reasons):
        print(f"explained {used[which]}: {reason}")
    print(f"{captures} captures, {connections} connections, "
          f"{sum(used.values())} differences explained, {open_ones} not")
    return 1 if open_ones or not connections else 0


if __name__ == "__main__":
    sys.exit(main())
