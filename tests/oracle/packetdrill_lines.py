#!/usr/bin/env python3
"""Holds what is read from packetdrill's scripts against their traces.

Oracle    935 traces that were made from scripts of ten projects, and the
          segments of the scripts beside them: ../shared/corpus/README.md
          section 5.
Compared  by drillback: each segment's line, read, against the packet of the
          trace; written again, against the line.
By hand   tests/oracle/packetdrill_lines.py DRILLBACK FOLDER
          DRILLBACK is build/tests/oracle/drillback.

A line that cannot be read names a value that only the script's own program
knows: a Multipath TCP key, address or digest.  Each reason is counted; so are
the values that the traces' maker put where a script leaves them open.
"""
import collections
import pathlib
import re
import subprocess
import sys

ORDER = "FSRP.UEWA"
DIGIT = {4: "A", 2: "W", 1: "E"}
OPEN = "a Multipath TCP option with a value that the line does not tell"

RULES = [
    (r"refused: a Multipath TCP option with a value", "names a variable"),
    (r"options: .*(key\[|mp_fail)", "the trace has another key or number"),
    (r"refused: an option that is not known: .*nocheck", "in no grammar"),
    (r"ack: .* ack 0 ", "a flag without its number, which the trace has as 0"),
    (r"another line: .* < S?\. 0:0\(0\) ack 1 ",
     "a number that acknowledges what was not sent"),
    (r"another line: .* < S 0:\d+\(\d+\) .*FO", "a first number that is not 0"),
    (r"urgent: .*U ", "the table has no column for it"),
    (r"another line: .* urg 0", "the table has no column for it"),
]


def flags_of(text):
    """In the order in which they are written, and no digit."""
    found = set()
    for char in text:
        if char.isdigit():
            found |= {name for bit, name in DIGIT.items() if int(char) & bit}
        else:
            found.add(char)
    return "".join(char for char in ORDER if char in found) or "-"


def line_of(row):
    """A segment's line; None for another protocol."""
    _, frame, _, way, _, flags, seq, length, ack, win, options = row
    if flags == "icmp":
        return None
    # Without its flag the number means nothing, and is not written; with the
    # flag, packetdrill takes a missing one for 0.
    ack = (ack or "0") if "." in flags else ""
    # A mapping of no octets and without a number is none.
    options = re.sub(r"(dack[48]=\d+) +dll=0 ", r"\1 ", options)
    text = f"{frame}\t+0 {way} {flags_of(flags)} {seq}:{int(seq) + int(length)}"
    text += f"({length})"
    text += f" ack {ack}" if ack else ""
    text += f" win {win}" if win not in ("?", "") else ""
    return text + (f" <{options.strip()}>" if options.strip() else "")


def lines_of(table):
    """Of all segments in one table, in the order of the frames."""
    rows = (line.split("\t") for line in
            table.read_text(errors="replace").splitlines())
    lines = (line_of(row) for row in rows if row[0] == "F" and len(row) == 11)
    return "".join(line + "\n" for line in lines if line)


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    sums = collections.Counter()
    rules = collections.Counter()
    unexplained = []
    for table in sorted(folder.glob("*/*.tsv")):
        run = subprocess.run([program, "-s", table.with_suffix(".pcap")],
                             input=lines_of(table), text=True, check=True,
                             stdout=subprocess.PIPE)
        *found, last = run.stdout.splitlines()
        for count, name in re.findall(r"(\d+) (\w+)", last):
            sums[name] += int(count)
        for line in found:
            rule = next((why for pattern, why in RULES
                         if re.search(pattern, line)), None)
            rules[rule] += rule is not None
            if rule is None:
                unexplained.append(f"{table.name} {line}")
    print("\n".join(unexplained[:40]))
    print(", ".join(f"{count} {name}" for name, count in sums.items()))
    for rule, count in rules.items():
        if rule:
            print(f"{count} explained: {rule}")
    print(f"{len(unexplained)} not explained")
    return 1 if unexplained or not sums["read"] else 0


if __name__ == "__main__":
    sys.exit(main())
