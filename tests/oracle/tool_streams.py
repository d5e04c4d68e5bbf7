#!/usr/bin/env python3
"""Holds the files of examples/streams against what another tool follows.

Oracle    `tshark -z follow,tcp,raw` or tcpflow, on all captures of
          ../shared/corpus (index.csv) with TCP in them.
Compared  for each two endpoints and each direction: the octets, over all
          connections of that pair.  Holes are told in ways of their own and
          are not compared.
By hand   tests/oracle/tool_streams.py TOOL build/examples/streams FOLDER [all]
          TOOL: tshark or tcpflow, the program.  Every 80th capture, or all.
Each difference has a rule here, or an entry in tool-differences.txt: a part of
the capture's name and who is right.
"""
import collections
import csv
import ipaddress
import json
import os
import re
import subprocess
import sys
import tempfile

import tshark_places

MOST_STREAMS = 400
STEP = 80
MISSING = re.compile(rb"^\[\d+ bytes missing in capture file\]\0?$")
WAITING = {"flushed", "closed", "timeout", "limit", "fin"}


def address(text):
    """In one way of writing."""
    return str(ipaddress.ip_address(text))


def run_tshark(program, capture, streams):
    """By sender and receiver: the octets."""
    by_stream = {}
    for first in range(0, streams, 100):
        command = [program, "-n", "-q", "-r", capture]
        for number in range(first, min(first + 100, streams)):
            command += ["-z", f"follow,tcp,raw,{number}"]
        run = subprocess.run(command, check=False, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL)
        take_tshark(run.stdout.splitlines(), by_stream)
    found = collections.defaultdict(bytes)
    for _, directions in sorted(by_stream.items()):
        for ends, octets in directions.items():
            found[ends] += octets
    return found


def take_tshark(lines, by_stream):
    """The last stream that is asked for comes first.  Node 1 is indented.  Of
    another tunnel's stream there is no address."""
    ends, found = [], None
    for line in lines:
        if line.startswith(b"Filter: tcp.stream eq "):
            found = collections.defaultdict(bytes)
            by_stream[int(line.rpartition(b" ")[2])] = found
            ends = []
        elif line.startswith(b"Node "):
            host, _, port = line.split(b": ", 1)[1].decode().rpartition(":")
            ends.append((address(host.strip("[]")), int(port)) if port != "0"
                        else None)
        elif ends and line.strip() and \
                not line.startswith((b"=", b"Follow")) and None not in ends:
            octets = bytes.fromhex(line.strip().decode())
            ends_of = tuple(ends[::-1] if line[:1] == b"\t" else ends)
            if not MISSING.match(octets):
                found[ends_of] += octets


def run_tcpflow(program, capture, _):
    """The same of tcpflow: a file each, with octets of 0 for holes."""
    found = collections.defaultdict(bytes)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "-q", "-r", capture, "-o", folder, "-X",
                        os.path.join(folder, "report.xml"), "-T",
                        "%A_%a_%B_%b_%t_%C"], check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for name in sorted(os.listdir(folder)):
            parts = name.split("_")
            path = os.path.join(folder, name)
            if len(parts) < 5 or "HTTPBODY" in name or \
                    os.path.getsize(path) > 1 << 26:
                continue
            ends = [(address(re.sub(r"\b0+(\d)", r"\1", host)
                             if "." in host else host), int(port))
                    for host, port in zip(parts[0:4:2], parts[1:4:2])]
            with open(path, "rb") as file:
                found[tuple(ends)] += file.read()
    return found


class Own:
    """What the library has of one direction of two endpoints."""

    def __init__(self):
        self.octets, self.filled = b"", b""
        self.holes = []  # In what is filled.
        self.parts = []  # Each connection by itself.
        self.connections, self.reasons, self.ends = 0, set(), set()


def run_streams(program, capture, *options):
    """By sender and receiver: the octets, holes left out and filled."""
    found, gaps = collections.defaultdict(Own), collections.defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "--out", folder, *options, capture],
                       check=False, stderr=subprocess.DEVNULL)
        with open(os.path.join(folder, "index.jsonl"),
                  encoding="ascii") as index:
            lines = [json.loads(line) for line in index]
        for line in lines:
            if line["event"] == "gap":
                gaps[line["conn"], line["side"]].append(line)
        ended = [line for line in lines if line["event"] == "end"]
        for line in sorted(ended, key=lambda line: line["conn"]):
            hosts = line["tuple"]
            ends = [(address(host), port)
                    for host, port in zip(hosts[::2], hosts[1::2])]
            for side, key in (("client", ends), ("server", ends[::-1])):
                add(found[tuple(key)], folder, line, side,
                    gaps[line["conn"], side])
    return found


def add(own, folder, line, side, gaps):
    """Adds a connection."""
    octets = b""
    if line[side]["file"] is not None:
        with open(os.path.join(folder, line[side]["file"]), "rb") as file:
            octets = file.read()
    own.octets += octets
    if sum(gap["length"] for gap in gaps) < 1 << 24:
        part = filled_part(octets, gaps)
        own.holes += [(len(own.filled) + first, length)
                      for first, length in part.holes]
        own.filled += part.filled
        own.parts.append(part)
    own.connections += 1
    own.reasons |= {gap["reason"] for gap in gaps}
    own.ends.add(line["reason"])


def filled_part(octets, gaps):
    """One connection's direction, with octets of 0 in its holes."""
    filled, holes, at = b"", [], 0
    for gap in gaps:
        filled += octets[at:gap["file_offset"]]
        holes.append((len(filled), gap["length"]))
        filled += bytes(gap["length"])
        at = gap["file_offset"]
    return tshark_places.Part(filled + octets[at:], holes)


def fits_around_holes(own, text):
    """Whether all octets stand in the other's where they stand here."""
    at = 0
    for first, length in own.holes + [(len(own.filled), 0)]:
        if own.filled[at:first] != text[at:first]:
            return False
        at = first + length
    return bool(own.holes)


def rule(own, text, row):
    """Why a direction may differ; None if it may not."""
    features = set(row["features"].split())
    if own is None:
        return "a RST or nonsense begins no connection (RFC 9293 3.10.7.1)" \
            if features & {"flag:RST", "flag:NULLISH", "malformed"} else None
    filled = own.filled or own.octets  # Nothing is filled around huge holes.
    if filled.startswith(text) or text.startswith(filled) or \
            own.octets.startswith(text):
        if own.reasons & WAITING:
            return "it stops at a hole that nothing acknowledges"
        if "acked" in own.reasons or "cut" in own.reasons:
            return "a hole at an end: acknowledged, or not captured"
    if own.octets == text + text or own.connections > 1 and \
            own.octets.startswith(text):
        return "two connections that have the same numbers"
    if "reset" in own.ends and text.startswith(own.octets):
        return "what a RST carries is not of the stream (RFC 9293 3.10.7.4)"
    if not own.octets and "flag:SYN" in features and not own.reasons:
        return "what an unanswered SYN carries is no data (RFC 9293 3.4)"
    if "acked" in own.reasons and fits_around_holes(own, text):
        return "captured long after it was acknowledged: a gap by then"
    if "cut" in own.reasons and fits_around_holes(own, text):
        return "more than the file's snapshot length: libpcap cuts it"
    return None


def explained(folder, tool):
    """(part of a name, why) of the entries for a tool."""
    path = os.path.join(folder, "tool-differences.txt")
    with open(path, encoding="utf-8") as file:
        cells = [line.rstrip("\n").split("\t") for line in file
                 if line.strip() and not line.startswith("#")]
    return [(name, why) for which, name, why in cells if which == tool]


OPTIONS = {
    "--ignore-checksums":
        "wrong checksums in a capture in which nine of ten are right",
    "--no-tunnel":
        "other virtual networks have the same addresses, taken for one stream"}


class Explainer:
    """Says what no rule says."""

    def __init__(self, reasons, tool, row, capture, streams):
        self.listed = next((why for name, why in reasons
                            if name in row["file"]), None)
        self.tool, self.row, self.capture = tool, row, capture
        self.streams, self.ran = streams, {}

    def once(self, run, *arguments):
        """What a run says, which is run once."""
        name = run.__name__, arguments
        if name not in self.ran:
            self.ran[name] = run(*arguments)
        return self.ran[name]

    def why(self, key, own, text):
        """By tshark's follow, by its fields, by an option, or by the list."""
        return self.by_tshark(key, own) or self.by_fields(key, own) or \
            self.by_option(key, text) or self.listed

    def by_tshark(self, key, own):
        """Where another tool is compared."""
        if self.tool == "tshark" or own is None:
            return None
        text = self.once(run_tshark, "tshark", self.capture,
                         self.row["streams"]).get(key, b"")
        if text in (own.octets, own.filled):
            return "tshark has what the library has"
        other = rule(own, text, self.row)
        return other and "from tshark, too: " + other

    def by_fields(self, key, own):
        """What tshark thinks of each segment."""
        if own is None:
            return None
        found = self.once(tshark_places.segments, "tshark", self.capture)[key]
        why = tshark_places.why(found, key, own.parts)
        if why is None and "acked" in own.reasons and \
                tshark_places.jumps(found, key[0]):
            return "a jump of more than 2^24 octets, which no window allows"
        return why

    def by_option(self, key, text):
        """With it, the library has the same."""
        for option, why in OPTIONS.items():
            own = self.once(run_streams, self.streams, self.capture,
                            option).get(key)
            if own is not None and text in (own.octets, own.filled):
                return why
        return None


def compare_file(other, own, row, explain, told):
    """The differences of one capture."""
    for key in set(other) | {k for k, v in own.items() if v.octets}:
        mine, text = own.get(key), other.get(key, b"")
        told["directions"] += 1
        if mine is not None and text in (mine.octets, mine.filled):
            told["equal"] += 1
            told["octets equal"] += len(text)
            continue
        why = rule(mine, text, row) or explain(key, mine, text)
        if why:
            told["differ: " + why] += 1
        else:
            yield f"{key}: {mine and len(mine.octets)} octets, " \
                f"the tool: {len(text)}, {mine and mine.reasons}"


def chosen(folder, everything):
    """The rows of the captures to compare."""
    with open(os.path.join(folder, "oracle_summary.csv"),
              encoding="utf-8") as file:
        streams = {row["file"]: int(row["tshark_streams"] or 0)
                   for row in csv.DictReader(file)}
    with open(os.path.join(folder, "index.csv"), encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file)
                if 0 < streams.get(row["file"], 0) <= MOST_STREAMS]
    for row in rows:
        row["streams"] = streams[row["file"]]
    rows.sort(key=lambda row: row["file"])
    return rows if everything else \
        [row for row in rows if int(row["packets"]) < 3000][::STEP]


def main():
    """Compares the chosen captures."""
    program, streams, folder = sys.argv[1:4]
    tool = os.path.basename(program)
    run = {"tshark": run_tshark, "tcpflow": run_tcpflow}[tool]
    reasons = explained(os.path.dirname(os.path.abspath(__file__)), tool)
    told, failures = collections.Counter(), 0
    rows = chosen(folder, sys.argv[4:] == ["all"])
    for row in rows:
        capture = os.path.join(folder, row["file"].split("/", 1)[1])
        other = run(program, capture, row["streams"])
        own = run_streams(streams, capture)
        explain = Explainer(reasons, tool, row, capture, streams)
        for what in compare_file(other, own, row, explain.why, told):
            print(f"FAILED {row['file']} {what}")
            failures += 1
    print(f"{len(rows):8} captures")
    for name, count in sorted(told.items()):
        print(f"{count:8} {name}")
    print(f"{failures} failures")
    sys.exit(failures != 0 or not told["equal"])


if __name__ == "__main__":
    main()
