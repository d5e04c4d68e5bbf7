#!/usr/bin/env python3
"""Holds the fields of TCP packets against tshark's.

Oracle    tshark on captures that other projects collected or made:
          ../shared/corpus/README.md (index.csv says what each file holds).
Compared  for each frame: addresses, ports, flags, sequence and acknowledgment
          number, window, urgent pointer, header length, payload length, MSS,
          window scale, timestamps and SACK blocks, as on the wire.
By hand   tests/oracle/tshark_fields.py FIELDS FOLDER [all]
          FIELDS is build/tests/oracle/fields.  A sample that has every feature
          of the index once, or all files whose layers this release reads.

The rules below say where tshark and the RFCs part; each is counted.
"""
import collections
import concurrent.futures
import csv
import os
import subprocess
import sys

LINKS = {"EN10MB", "NULL", "LOOP", "LINUX_SLL", "LINUX_SLL2", "RAW", "RAW(12)",
         "RAW(14)", "IPV4", "IPV6"}
TAGS = {"vlan", "vlan-stack", "qinq"}
SAMPLE_PACKETS = 2000  # Larger files are not in the sample.

COLUMNS = ("source", "source_port", "destination", "destination_port", "flags",
           "seq", "ack", "window", "urgent", "header", "payload", "mss",
           "wscale", "ts_val", "ts_ecr", "sack_left", "sack_right")
TCP = ("flags seq_raw ack_raw window_size_value urgent_pointer hdr_len len "
       "options.mss_val options.wscale.shift options.timestamp.tsval "
       "options.timestamp.tsecr options.sack_le options.sack_re").split()
ASKED = ["frame.number", "frame.protocols", "ip.src", "ipv6.src",
         "tcp.srcport", "ip.dst", "ipv6.dst", "tcp.dstport"]
ASKED += ["tcp." + name for name in TCP]

Frame = collections.namedtuple("Frame", "kind columns findings")


def library(program, capture):
    """By frame: the kind, the columns, and what the decoder found odd."""
    run = subprocess.run([program, capture], check=True, text=True,
                         stdout=subprocess.PIPE)
    rows = (line.split("\t") for line in run.stdout.splitlines())
    return {int(row[0]): Frame(row[1], row[2:-1], row[-1].split("|"))
            for row in rows}


def tshark(capture):
    """By frame: the columns, without TCP that an ICMP error quotes."""
    command = ["tshark", "-n", "-r", capture, "-Y", "tcp", "-T", "fields",
               "-o", "tcp.desegment_tcp_streams:FALSE",
               "-o", "tcp.analyze_sequence_numbers:FALSE",
               "-o", "tcp.relative_sequence_numbers:FALSE",
               "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE",
               "-E", "occurrence=a", "-E", "aggregator=|"]
    for name in ASKED:
        command += ["-e", name]
    run = subprocess.run(command, text=True, check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    found = {}
    for line in run.stdout.splitlines():
        words = line.split("\t")
        if "icmp" not in words[1]:
            found[int(words[0])] = [
                words[2] or words[3], words[4], words[5] or words[6],
                words[7], *words[8:]]
    return found


def rule(column, own, other, findings):
    """Why a column may differ; None if it may not."""
    if "|" in other and not column.startswith("sack") and \
            own == other.split("|")[0]:
        return "the first one counts, of an option or of packets in packets"
    if "tcp-bad-offset-long" in findings and (column == "payload" or not own):
        return "the header ends beyond the segment: no options, no payload"
    if "tcp-bad-offset-short" in findings and column != "header":
        return "the header is too short: tshark reads no further"
    if "options-cut" in findings and not own:
        return "the capture ends inside the option: half a value is none"
    if column == "payload" and int(own) >= 1 << 31:
        return "a frame of 2^31 octets or more: tshark's limit"
    return None


def rule_of_absence(own, other):
    """Why only one of both may see TCP; None if it may not."""
    if other is None and "jumbo" in own.findings:
        return "IPv6 length 0 without a jumbo option: Linux's BIG TCP"
    if own.kind == "truncated" and "cut" in own.findings:
        return "the capture ends inside the TCP header"
    if own.kind == "malformed" and "tcp-short" in own.findings:
        return "no room for the 20 octets of a TCP header"
    return None


def compare_frame(own, other, told):
    """The differences of a frame; tshark's columns may be None."""
    if own.kind != "tcp" or other is None:
        why = rule_of_absence(own, other)
        if why:
            told["only one sees TCP: " + why] += 1
        else:
            yield f"{own.kind} {own.findings}, tshark: {other and 'tcp'}"
        return
    told["segments"] += 1
    for column, a, b in zip(COLUMNS, own.columns, other):
        why = a != b and rule(column, a, b, own.findings)
        if why:
            told[f"{column} differs: {why}"] += 1
        elif a != b:
            yield f"{column} {a}, tshark: {b} {own.findings}"


def compare_file(program, capture):
    """The differences of one file, and what was counted."""
    own, other = library(program, capture), tshark(capture)
    told, found = collections.Counter(), []
    for number, frame in own.items():
        if frame.kind == "tcp" or number in other:
            found += [f"{number}: {what}" for what in
                      compare_frame(frame, other.get(number), told)]
    found += [f"{number}: tshark only" for number in other.keys() - own.keys()]
    return found, told


def readable(row):
    """Whether this release reads all layers of a file."""
    return row["link_types"] in LINKS and row["ip_fragments"] in ("", "0") \
        and set(row["tunnels"].split()) <= TAGS


def chosen(folder, everything):
    """The captures to compare: those with the most features first."""
    with open(os.path.join(folder, "index.csv"), encoding="utf-8") as f:
        rows = [row for row in csv.DictReader(f) if readable(row) and
                (everything or int(row["packets"]) <= SAMPLE_PACKETS)]
    rows.sort(key=lambda row: (-len(row["features"].split()), row["file"]))
    seen = set()
    for row in rows:
        features = set(row["features"].split())
        if everything or features - seen:
            seen |= features
            yield os.path.join(folder, row["file"].split("/", 1)[1])


def main():
    """Compares the chosen files."""
    program, folder = sys.argv[1:3]
    told, failures = collections.Counter(), 0
    files = list(chosen(folder, sys.argv[3:] == ["all"]))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = pool.map(lambda f: compare_file(program, f), files)
        for capture, (found, counts) in zip(files, results):
            told += counts
            for what in found:
                print(f"FAILED {os.path.relpath(capture, folder)} {what}")
            failures += len(found)
    print(f"{len(files):8} files")
    for name, count in sorted(told.items()):
        print(f"{count:8} {name}")
    print(f"{failures} failures")
    sys.exit(failures != 0 or told["segments"] == 0)


if __name__ == "__main__":
    main()
