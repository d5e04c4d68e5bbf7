#!/usr/bin/env python3
"""Holds the files of examples/streams against what another tool follows.

Oracle    `tshark -z follow,tcp,raw` or tcpflow, on all captures of
          ../shared/corpus (index.csv) with TCP in them.
Compared  for each two endpoints and each direction: the octets, over all
          connections of that pair.  Holes are told in ways of their own and
          are not compared.
By hand   tests/oracle/tool_streams.py TOOL build/examples/streams FOLDER [all]
            [--results FILE] [--cache FOLDER]
          TOOL: tshark or tcpflow, the program.  Every 80th capture, or all:
          a quarter of an hour.  FILE gets a line for each capture, and what it
          has of the same program is not done again.  The cache has what the
          tools said, for the next program.
Where a direction differs, tshark's own fields must put each octet where the
library tells it (tshark_places.py), or the library must have the tool's octets
with an option; then why() says what the difference comes from.  All others are
failures, but for those of tool-differences.txt, which has the digest of what
the library tells.
"""
import argparse
import collections
import csv
import hashlib
import json
import os
import sys

import tool_runs
import tshark_places

KINDS = (".pcap", ".pcapng", ".cap", ".dmp")
STEP = 80
WAITING = {"flushed", "closed", "timeout", "limit", "fin"}
REFUSED = ("different from the", "invalid packet capture length")
OPTIONS = {
    "--ignore-checksums":
        "wrong checksums in a capture in which nine of ten are right",
    "--no-tunnel":
        "other virtual networks have the same addresses, taken for one stream"}


def same(own, text):
    """Whether the library has the tool's octets."""
    return own is not None and text in (own.octets, own.filled)


def digest(own):
    """Of what the library tells, as tool-differences.txt has it."""
    octets = own.octets if own is not None else b""
    return hashlib.sha256(octets).hexdigest()[:16]


def listed(folder, tool):
    """By part of a capture's name and digest: why, of a tool's entries."""
    path = os.path.join(folder, "tool-differences.txt")
    with open(path, encoding="utf-8") as file:
        cells = [line.rstrip("\n").split("\t") for line in file
                 if line.strip() and not line.startswith("#")]
    return {(name, octets): why for which, name, octets, why in cells
            if which == tool}


class Capture:
    """One capture: what each side has of it, and why they differ."""

    def __init__(self, arguments, row, cache, reasons):
        self.row, self.reasons = row, reasons
        self.path = row["path"]
        self.program, self.streams = arguments.tool, arguments.streams
        self.tool = os.path.basename(arguments.tool)
        self.cache, self.ran = cache, {}
        self.own, self.complaint = tool_runs.run_streams(self.streams,
                                                         self.path)

    def once(self, name, run, *arguments):
        """What a run says, which is run once."""
        if name not in self.ran:
            self.ran[name] = run(*arguments)
        return self.ran[name]

    def ask(self, name, run, program):
        """A tool, unless that was done before."""
        return self.once(name, self.cache.get,
                         f"{name}-{self.row['sha256'][:32]}", run, program,
                         self.path, self.row["streams"])

    def of_tool(self):
        """Its octets, by sender and receiver."""
        if self.tool == "tshark":
            return self.ask("tshark", tool_runs.run_tshark, self.program)
        return self.ask("tcpflow", tool_runs.run_tcpflow, self.program)

    def fields(self, key):
        """tshark's, of a direction."""
        return self.ask("fields", tshark_places.segments, "tshark") \
            .get(key, {})

    def why(self, key, text):
        """Why a direction differs; None if nothing is known."""
        own = self.own.get(key)
        if self.tool == "tshark":
            return self.by_rule(key, own, text) or self.by_list(own)
        text = self.ask("tshark", tool_runs.run_tshark, "tshark") \
            .get(key, b"")
        if same(own, text) or own is None and not text:
            return "tshark has what the library has"
        why = self.by_rule(key, own, text)
        return "from tshark, too: " + why if why else self.by_list(own)

    def by_rule(self, key, own, text):
        """Without the list."""
        return self.by_option(key, own, text) or twice(own, text) or \
            self.by_fields(key, own, text) or self.by_libpcap(own, text)

    def by_libpcap(self, own, text):
        """It reads no more of the file, and up to there it is the same."""
        refused = any(part in self.complaint for part in REFUSED)
        if refused and (own is None or text.startswith(own.octets)):
            return "libpcap reads the file up to there, or not at all"
        return None

    def by_option(self, key, own, text):
        """With it, the library has the same; without, nothing else."""
        parts = own.parts if own is not None else []
        for option, why in OPTIONS.items():
            other = self.once(option, tool_runs.run_streams, self.streams,
                              self.path, option)[0].get(key)
            if text and same(other, text) and \
                    all(is_among(part.octets(), text) for part in parts):
                return why
        return None

    def by_fields(self, key, own, text):
        """Each octet stands where tshark's fields say; and what the tool
        does."""
        why = tshark_places.why(self.fields(key), key,
                                own.parts if own is not None else [])
        if why == tshark_places.PLACES and own.reasons & WAITING and \
                stops(own, text):
            return "it stops at a hole that nothing acknowledges"
        return why

    def by_list(self, own):
        """An entry of the list."""
        return next((why for (name, octets), why in self.reasons.items()
                     if name in self.row["file"] and octets == digest(own)),
                    None)


def is_among(octets, text):
    """Whether all octets are in a text, in their order."""
    rest = iter(text)
    return all(octet in rest for octet in octets)


def twice(own, text):
    """Several connections have the same numbers, and each by itself has all
    that the tool has."""
    parts = [part for part in own.parts if part.told()] if own else []
    if len(parts) > 1 and all(text in (p.filled, p.octets()) for p in parts):
        return "two connections that have the same numbers"
    return None


def stops(own, text):
    """Whether it has all up to a hole, and nothing behind it."""
    return any(own.filled[:first] == text for first, _ in own.holes)


def compare(capture, told):
    """The differences of one capture."""
    other = capture.of_tool()
    for key in set(other) | {k for k, v in capture.own.items() if v.octets}:
        mine, text = capture.own.get(key), other.get(key, b"")
        told["directions"] += 1
        if same(mine, text):
            told["equal"] += 1
            told["octets equal"] += len(text)
            continue
        why = capture.why(key, text)
        if why:
            told["differ: " + why] += 1
        else:
            yield f"{key}: {mine and len(mine.octets)} octets, " \
                f"{digest(mine)}, the tool: {len(text)}, " \
                f"{mine and sorted(mine.reasons)}"


def listed_captures(folder):
    """Those of the index."""
    with open(os.path.join(folder, "oracle_summary.csv"),
              encoding="utf-8") as file:
        streams = {row["file"]: int(row["tshark_streams"] or 0)
                   for row in csv.DictReader(file)}
    with open(os.path.join(folder, "index.csv"), encoding="utf-8") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["file"])
    for row in rows:
        row["streams"] = streams.get(row["file"])
        row["path"] = os.path.join(folder, row["file"].split("/", 1)[1])
    return rows


def other_captures(folder, rows):
    """Those beneath the folder that the index does not have."""
    known = {row["path"] for row in rows}
    for place, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            path = os.path.join(place, name)
            if path not in known and name.endswith(KINDS):
                with open(path, "rb") as file:
                    name = hashlib.sha256(file.read()).hexdigest()
                yield {"file": os.path.relpath(path, folder), "path": path,
                       "sha256": name, "streams": None}


def chosen(folder, everything):
    """The captures to compare."""
    rows = listed_captures(folder) \
        if os.path.exists(os.path.join(folder, "index.csv")) else []
    if everything or not rows:
        return rows + list(other_captures(folder, rows))
    return [row for row in rows if int(row["packets"]) < 3000][::STEP]


class Results:
    """What was found of each capture, in a file if one is wanted."""

    def __init__(self, path, program):
        with open(program, "rb") as file:
            self.of = hashlib.sha256(file.read()).hexdigest()
        self.path, self.lines = path, {}
        if path and os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                found = [json.loads(line) for line in file]
            self.lines = {line["file"]: line for line in found
                          if line["of"] == self.of}

    def add(self, name, told, failed):
        """Another capture."""
        line = {"file": name, "of": self.of, "told": told, "failed": failed}
        self.lines[name] = line
        if self.path:
            with open(self.path, "a", encoding="utf-8") as file:
                print(json.dumps(line), file=file)

    def tell(self):
        """Prints the sums.  Answers whether there was no failure."""
        told, failures = collections.Counter(), 0
        for line in self.lines.values():
            told.update(line["told"])
            failures += len(line["failed"])
            for what in line["failed"]:
                print(f"FAILED {line['file']} {what}")
        print(f"{len(self.lines):8} captures")
        for name, count in sorted(told.items()):
            print(f"{count:8} {name}")
        print(f"{failures} failures")
        return failures == 0 and told["equal"] > 0


def read_arguments():
    """The command line."""
    parser = argparse.ArgumentParser()
    for name in ("tool", "streams", "folder"):
        parser.add_argument(name)
    parser.add_argument("all", nargs="?", choices=["all"])
    parser.add_argument("--results")
    parser.add_argument("--cache")
    return parser.parse_args()


def main():
    """Compares the chosen captures."""
    arguments = read_arguments()
    reasons = listed(os.path.dirname(os.path.abspath(__file__)),
                     os.path.basename(arguments.tool))
    results = Results(arguments.results, arguments.streams)
    cache = tool_runs.Cache(arguments.cache)
    for row in chosen(arguments.folder, arguments.all):
        if row["file"] not in results.lines:
            told = collections.Counter()
            failed = list(compare(Capture(arguments, row, cache, reasons),
                                  told))
            results.add(row["file"], told, failed)
    sys.exit(not results.tell())


if __name__ == "__main__":
    main()
