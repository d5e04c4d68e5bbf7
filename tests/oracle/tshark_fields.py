#!/usr/bin/env python3
"""Holds the fields of TCP packets against tshark's.

Oracle    tshark on captures that other projects collected or made:
          ../shared/corpus/README.md (index.csv says what each file holds).
Compared  for each TCP header of each frame, ICMP errors that quote one too:
          addresses of all IP headers, VLAN tags, the numbers by which tunnels
          and labels are told, what IP says of itself, ports, flags, sequence
          and acknowledgment number, window, urgent pointer, header and payload
          length, the state of the checksum, options as octets, as kinds and
          lengths, and by value; and what each fragment says.
By hand   TSHARK_CACHE=/tmp/tshark tests/oracle/tshark_fields.py
            [--all] [--differences TABLE] FIELDS FOLDER [FILE...]
          FIELDS is build/tests/oracle/fields.  Without --all or files, a sample
          that has every feature of the index once.  The table gets one line a
          difference: its reason, file, frame, and what differs.

tshark-differences.txt lists where tshark and the RFCs part: each difference has
to match one of its entries, and --all has to find each entry as often as it
says.
"""
import argparse
import collections
import concurrent.futures
import csv
import os
import re
import subprocess
import sys
import tempfile

import tshark_view

SAMPLE_PACKETS = 2000  # Larger files are not in the sample.
ROOMS = ("pcap", "packetdrill", "formats", "nontcp")
MAGICS = ("a1b2c3d4", "d4c3b2a1", "a1b23c4d", "4d3cb2a1", "a1b2cd34",
          "34cdb2a1", "0a0d0d0a")
STATES = {"0": "bad", "1": "ok", "2": "uncovered", "3": "none"}

# tcpflow_layer_type, and where tshark shows the number.
NUMBERS = {12: "mpls.label", 13: "pppoe.session_id", 17: "ieee8021ah.isid",
           65: "gre.key", 66: "erspan.spanid", 67: "vxlan.vni",
           68: "geneve.vni", 69: "gtp.teid", 72: "nsh.spi", 10: "ah.spi"}
VLAN = 3
RARE = {str(kind) for kind in range(256)} - set("0 1 2 3 4 5 8".split())

OPTIONS = {"options": "tcp.options", "kinds": "tcp.option_kind",
           "lengths": "tcp.option_len", "mss": "tcp.options.mss_val",
           "wscale": "tcp.options.wscale.shift",
           "ts_val": "tcp.options.timestamp.tsval",
           "ts_ecr": "tcp.options.timestamp.tsecr",
           "sack_left": "tcp.options.sack_le",
           "sack_right": "tcp.options.sack_re"}
FIXED = (("seq", "tcp.seq_raw", 8), ("ack", "tcp.ack_raw", 12),
         ("flags", "tcp.flags", 14), ("header", "tcp.hdr_len", 14),
         ("window", "tcp.window_size_value", 16),
         ("checksum", "tcp.checksum", 18),
         ("urgent", "tcp.urgent_pointer", 20))


def number(text):
    """A number as tshark writes it, in decimal; "" where there is none."""
    return str(int(text, 0)) if text else ""


def told_fields(program, capture, *options):
    """By frame: its packets, each a dictionary; None if there are none."""
    run = subprocess.run([program, *options, capture], check=False, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if run.returncode == 1:
        return None
    if run.returncode != 0:
        raise SystemExit(f"{program} {capture}: {run.returncode}")
    lines = run.stdout.splitlines()
    names, found = lines[0].split("\t"), collections.defaultdict(list)
    for line in lines[1:]:
        row = dict(zip(names, line.split("\t")))
        found[int(row["number"])].append(row)
    return found


def readable(capture, folder):
    """The capture, or a copy of it in a format that the program reads: tshark
    reads it and writes it anew."""
    with open(capture, "rb") as f:
        if f.read(4).hex() in MAGICS:
            return capture
    path = os.path.join(folder, "converted")
    subprocess.run(["tshark", "-r", capture, "-F", "pcapng", "-w", path],
                   check=False, stderr=subprocess.DEVNULL)
    return path


def ip_pairs(own, ips):
    """What the innermost IP header says."""
    name, ip = ips[-1]
    if name == "ip":
        yield "ttl", own["ttl"], ip["ip.ttl"]
        yield "tos", own["tos"], number(ip["ip.dsfield"])
        yield "ip_id", own["ip_id"], number(ip["ip.id"])
        if ip["ip.flags"] and ip["ip.frag_offset"]:
            yield "fragment", own["fragment"], \
                str(int(ip["ip.flags"], 0) << 13 | int(ip["ip.frag_offset"]))
        yield "ip_length", own["ip_length"], ip["ip.len"]
    else:
        yield "ttl", own["ttl"], ip["ipv6.hlim"]
        yield "tos", own["tos"], number(ip["ipv6.tclass"])
        yield "flow_label", own["flow_label"], number(ip["ipv6.flow"])


def end_pairs(own, ips):
    """The addresses of all IP headers; of the innermost by the tuple too."""
    told = [(values["ip.src"], values["ip.dst"]) if name == "ip" else
            (values["ipv6.src"], values["ipv6.dst"]) for name, values in ips]
    yield "ends", own["ends"], "|".join(f"{a}>{b}" for a, b in told)
    if told:
        yield "source", own["source"], told[-1][0]
        yield "target", own["target"], told[-1][1]


def tag_pairs(own, frame):
    """VLAN tags, and the numbers of other headers; 0 is as good as none."""
    types = [int(word) for word in own["layers"].split("|") if word]
    ids = own["ids"].split("|")
    mine = collections.defaultdict(list)
    for kind, ident in zip(types, ids):
        mine[kind].append(ident)
    yield "vlan_ids", "|".join(mine[VLAN]), "|".join(map(str, frame.tags))
    for kind, name in NUMBERS.items():
        theirs = [number(word) for word in frame.told[name]]
        yield name, "|".join(n for n in mine[kind] if n != "0"), \
            "|".join(n for n in theirs if n != "0")


def tcp_pairs(own, values, octets):
    """The fixed header, as far as that many octets of it are there."""
    if octets >= 4:
        yield "source_port", own["source_port"], values["tcp.srcport"]
        yield "port", own["port"], values["tcp.dstport"]
    for column, name, end in FIXED:
        if octets >= end:
            mine = own[column]
            yield column, number(mine), number(values[name])


def option_pairs(own, frame):
    """All that is told for the frame only."""
    for column, name in OPTIONS.items():
        yield column, own[column], "|".join(frame.told[name])
    yield "payload", own["payload"], "|".join(frame.told["tcp.len"])


def segment_pairs(own, frame, segment):
    """All that can be compared of a segment; of one that was put together from
    fragments, what is inside the datagram."""
    if own["mode"] == "frame":
        yield from end_pairs(own, segment.ips)
        yield from tag_pairs(own, frame)
        if segment.ips:
            yield from ip_pairs(own, segment.ips)
    elif segment.ips:
        yield from list(end_pairs(own, segment.ips))[1:]
    yield from tcp_pairs(own, segment.values, 60)
    yield "sum_state", own["sum_state"], \
        STATES.get(segment.values["tcp.checksum.status"], "")
    if len(frame.segments) == 1:
        yield from option_pairs(own, frame)


def error_pairs(own, frame, segment):
    """All that can be compared of an ICMP error's quote."""
    name, values = segment.icmp
    yield from end_pairs(own, segment.ips)
    yield from ip_pairs(own, segment.ips)
    yield from tcp_pairs(own, segment.values, int(own["quoted"]))
    yield "icmp_type", own["icmp_type"], values[name + ".type"]
    yield "icmp_code", own["icmp_code"], values[name + ".code"]
    mtu = frame.told[name + ".mtu"]
    yield "icmp_mtu", own["icmp_mtu"], mtu[-1] if mtu else "0"


def fragment_pairs(own, frame):
    """What a fragment says."""
    yield from end_pairs(own, frame.ips)
    if frame.ips:
        yield from ip_pairs(own, frame.ips)
    idents = frame.told["ipv6.fraghdr.ident"]
    if idents and frame.ips and frame.ips[-1][0] == "ipv6":
        told = frame.told
        yield "ip_id", own["ip_id"], number(idents[-1])
        yield "fragment", str(int(own["fragment"]) & 0xfff9), \
            str(int(told["ipv6.fraghdr.offset"][-1]) << 3 |
                (told["ipv6.fraghdr.more"][-1] in ("1", "True")))


def value_pairs(own, other):
    """What each kind of option says; OTHER is by name."""
    mine = collections.defaultdict(list)
    for word in own["values"].split("|"):
        if word:
            name, value = word.split(":", 1)
            mine[name].append(value)
    for name in sorted(mine.keys() | other.keys()):
        yield name, "|".join(mine[name]), "|".join(other.get(name, []))


def compare_values(own, capture, told):
    """The differences in options that most segments have not."""
    if not any(RARE - set(row["kinds"].split("|")) != RARE
               for rows in own.values() for row in rows):
        return
    other = tshark_view.values_of(capture)
    for frame, rows in own.items():
        if len(rows) == 1 and rows[0]["kind"] == "tcp":
            for pair in value_pairs(rows[0], other.get(frame, {})):
                told["values of options"] += 1
                if pair[1] != pair[2]:
                    yield frame, line_of(rows[0], *pair, "-")


def pairs_of(rows, frame):
    """All pairs of a frame, each with the packet it is of."""
    plain = [s for s in frame.segments if s.icmp is None]
    quoted = [s for s in frame.segments if s.icmp is not None]
    segments = [row for row in rows if row["kind"] == "tcp"]
    errors = [row for row in rows if row["kind"] == "icmp-error"]
    first = rows[0]
    if len(segments) != len(plain):
        yield first, "segments", str(len(segments)), str(len(plain))
    if len(errors) != len(quoted):
        yield first, "errors", str(len(errors)), str(len(quoted))
    for own, segment in zip(segments, plain):
        for pair in segment_pairs(own, frame, segment):
            yield (own,) + pair
    for own, segment in zip(errors, quoted):
        for pair in error_pairs(own, frame, segment):
            yield (own,) + pair
    if first["kind"] == "fragment" and first["mode"] == "frame" and \
            not frame.segments:
        for pair in fragment_pairs(first, frame):
            yield (first,) + pair


NOTHING = tshark_view.Frame(["-"], [], [], [], None)


def line_of(own, column, mine, theirs, chain):
    """A difference, as words that patterns match."""
    return f"{column} own={mine} tshark={theirs or ''} mode={own['mode']} " \
        f"kind={own['kind']} findings={own['findings'] or '-'} " \
        f"layers={own['layers'] or '-'} " \
        f"option_flags={own['option_flags'] or '-'} chain={chain}"


def differences_of(rows, frame, told):
    """The differences of a frame."""
    told["frames"] += 1
    told["segments"] += sum(row["kind"] == "tcp" for row in rows)
    told["ICMP errors"] += sum(row["kind"] == "icmp-error" for row in rows)
    told["fragments"] += sum(row["kind"] == "fragment" for row in rows)
    for own, column, mine, theirs in pairs_of(rows, frame):
        told["values"] += 1
        if mine != (theirs or ""):
            yield line_of(own, column, mine, theirs, ":".join(frame.chain))


def compare_rows(own, other, mode, told):
    """The differences of one reading of a file, each with its frame."""
    for frame in sorted(own.keys() | other.keys()):
        rows, view = own.get(frame, []), other.get(frame, NOTHING)
        for row in rows:
            row["mode"] = mode
        if rows and (frame in other or any(
                row["kind"] in ("tcp", "icmp-error") for row in rows)):
            for what in differences_of(rows, view, told):
                yield frame, what
        elif not rows and (mode == "frame" or view.segments):
            yield frame, f"frame own=none tshark=there mode={mode} " \
                f"chain={':'.join(view.chain)}"


def has_fragments(own):
    """Whether any packet is one."""
    return any(row["kind"] == "fragment" or "first-fragment" in row["findings"]
               for rows in own.values() for row in rows)


def compare_file(program, capture):
    """The differences of one file with their frames, and what was counted."""
    told = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        path = readable(capture, folder)
        own = told_fields(program, path) or {}
        found = list(compare_rows(own, tshark_view.frames_of(capture),
                                  "frame", told))
        found += compare_values(own, capture, told)
        if has_fragments(own):
            own = told_fields(program, path, "-d")
            if own is not None:
                whole = collections.Counter()
                found += compare_rows(own, tshark_view.frames_of(
                    capture, True), "whole", whole)
                told.update({name + " after defragmentation": count
                             for name, count in whole.items()})
    return found, told


Reason = collections.namedtuple("Reason", "name pattern count")


def reasons():
    """The entries of tshark-differences.txt: paragraphs of `word: text`."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                        "tshark-differences.txt")
    with open(path, encoding="utf-8") as f:
        text = "".join(line for line in f if not line.startswith("#"))
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        words = dict(line.split(": ", 1) for line in
                     re.sub(r"\n +", " ", paragraph).splitlines())
        yield Reason(words["name"], re.compile(words["match"]),
                     int(words["count"]))


def chosen(folder, everything):
    """The captures to compare: those with the most features first."""
    if everything:
        return [os.path.join(where, name) for room in ROOMS
                for where, _, names in sorted(os.walk(os.path.join(folder,
                                                                   room)))
                for name in sorted(names)
                if not name.endswith((".tsv", ".csv", ".md"))]
    with open(os.path.join(folder, "index.csv"), encoding="utf-8") as f:
        rows = [row for row in csv.DictReader(f)
                if int(row["packets"]) <= SAMPLE_PACKETS]
    rows.sort(key=lambda row: (-len(row["features"].split()), row["file"]))
    seen, found = set(), []
    for row in rows:
        features = set(row["features"].split())
        if features - seen:
            seen |= features
            found.append(os.path.join(folder, row["file"].split("/", 1)[1]))
    return found


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--differences")
    parser.add_argument("program")
    parser.add_argument("folder")
    parser.add_argument("files", nargs="*")
    return parser.parse_args()


class Judge:
    """Finds a reason for each difference."""

    def __init__(self, table):
        self.reasons, self.hits = list(reasons()), collections.Counter()
        self.table, self.failures = table, 0

    def take(self, path, frame, what):
        """One difference."""
        for reason in self.reasons:
            if reason.pattern.search(what):
                self.hits[reason.name] += 1
                name = reason.name
                break
        else:
            self.failures += 1
            name = "UNEXPLAINED"
            print(f"FAILED {path} {frame}: {what}")
        if self.table:
            print(name, path, frame, what, sep="\t", file=self.table)

    def count(self, everything):
        """How often each reason was found; all of them, if everything was
        read."""
        for reason in self.reasons:
            hits = self.hits[reason.name]
            print(f"{hits:8} differ: {reason.name}")
            if everything and hits != reason.count:
                print(f"FAILED {reason.name}: {hits} times, "
                      f"listed {reason.count} times")
                self.failures += 1


def main():
    """Compares the chosen files."""
    asked = arguments()
    files = asked.files or chosen(asked.folder, asked.all)
    told = collections.Counter()
    with open(asked.differences or os.devnull, "w", encoding="utf-8") as table, \
            concurrent.futures.ProcessPoolExecutor(2) as pool:
        judge = Judge(table)
        results = pool.map(compare_file, [asked.program] * len(files), files,
                           chunksize=4)
        for capture, (found, counts) in zip(files, results):
            told += counts
            for frame, what in found:
                judge.take(os.path.relpath(capture, asked.folder), frame, what)
    print(f"{len(files):8} files")
    for name, count in sorted(told.items()):
        print(f"{count:8} {name}")
    judge.count(asked.all)
    print(f"{judge.failures} failures")
    sys.exit(judge.failures != 0 or told["segments"] == 0)


if __name__ == "__main__":
    main()
