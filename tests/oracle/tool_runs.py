"""What another tool, and examples/streams, write of a capture's streams.

Both as octets by sender and receiver, over all connections of the two.
"""
import collections
import ipaddress
import json
import os
import pickle
import re
import subprocess
import tempfile
import zlib

import tshark_places

MISSING = re.compile(rb"^\[\d+ bytes missing in capture file\]\0?$")
AT_ONCE = 400  # Streams that one process follows.
FEW = 16  # That many where they were not counted.


class Cache:
    """What tools say of a capture, kept in a folder, if there is one: it is the
    same whatever the library does."""

    def __init__(self, folder):
        self.folder = folder
        if folder:
            os.makedirs(folder, exist_ok=True)

    def get(self, name, run, *arguments):
        """What a run says."""
        if not self.folder:
            return run(*arguments)
        path = os.path.join(self.folder, name)
        if not os.path.exists(path):
            octets = zlib.compress(pickle.dumps(run(*arguments)), 1)
            with open(path + ".new", "wb") as file:
                file.write(octets)
            os.rename(path + ".new", path)
        with open(path, "rb") as file:
            return pickle.loads(zlib.decompress(file.read()))


def address(text):
    """In one way of writing."""
    return str(ipaddress.ip_address(text))


def run_tshark(program, capture, streams):
    """By sender and receiver: the octets.  Where nobody has counted the
    streams, some more are asked for as long as there are some."""
    by_stream, first = {}, 0
    while streams is None or first < streams:
        last = first + FEW if streams is None else \
            min(first + AT_ONCE, streams)
        command = [program, "-n", "-q", "-r", capture]
        for number in range(first, last):
            command += ["-z", f"follow,tcp,raw,{number}"]
        run = subprocess.run(command, check=False, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL)
        take_tshark(run.stdout.splitlines(), by_stream)
        if streams is None and not by_stream.get(last - 1):
            break
        first = last
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
    """What the library has of one direction of two endpoints.  Around huge
    holes nothing is filled."""

    def __init__(self):
        self.octets, self.filled = b"", b""
        self.holes = []  # In what is filled.
        self.parts = []  # Each connection by itself.
        self.connections, self.reasons, self.ends = 0, set(), set()


def run_streams(program, capture, *options):
    """By sender and receiver: the octets, holes left out and filled; and what
    it complains of."""
    found, gaps = collections.defaultdict(Own), collections.defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run([program, "--out", folder, *options, capture],
                             check=False, stderr=subprocess.PIPE, text=True)
        lines, index = [], os.path.join(folder, "index.jsonl")
        if os.path.exists(index):
            with open(index, encoding="ascii") as file:
                lines = [json.loads(line) for line in file]
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
    return found, run.stderr if run.returncode else ""


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
    filled, holes, at = bytearray(), [], 0
    for gap in gaps:
        filled += octets[at:gap["file_offset"]]
        holes.append((len(filled), gap["length"]))
        filled += bytes(gap["length"])
        at = gap["file_offset"]
    return tshark_places.Part(bytes(filled + octets[at:]), holes)
