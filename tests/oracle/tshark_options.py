#!/usr/bin/env python3
"""Holds the values of TCP options against tshark's.

Oracle    tshark on captures that other projects collected or made:
          ../shared/corpus/README.md.  It says which octets a list of options
          has, so every capture that it reads can be compared.
Compared  for each list: the kinds, and every field that tshark takes out of
          them (FIELDS below), as on the wire.
By hand   tests/oracle/tshark_options.py OPTION_VALUES FOLDER [all]
          OPTION_VALUES is build/tests/oracle/option_values.  The captures whose
          options are rare and a part of packetdrill's, or all of both.

The rules below say where tshark and the RFCs part; each is counted.
"""
import collections
import csv
import glob
import os
import subprocess
import sys
import tempfile

COMMON = {str(kind) for kind in (0, 1, 2, 3, 4, 5, 8)}
FIELDS = """mss_val wscale.shift timestamp.tsval timestamp.tsecr sack_le sack_re
sack.dsack_le sack.dsack_re echo_value cc_value md5.digest scps.vector
scps.binding snack.offset snack.size qs.rate qs.ttl_diff user_to_granularity
user_to_val ao.keyid ao.rnextkeyid ao.mac experimental.exid tfo.cookie
acc_ecn.ee0b acc_ecn.eceb acc_ecn.ee1b mptcp.subtype mptcp.version
mptcp.checksumreq.flags mptcp.sendkey mptcp.recvkey mptcp.datalvllen
mptcp.checksum mptcp.backup.flag mptcp.addrid mptcp.recvtok
mptcp.sendtrunchmac mptcp.sendhmac mptcp.sendrand mptcp.datafin.flag
mptcp.dseqn8.flag mptcp.dseqnpresent.flag mptcp.dataack8.flag
mptcp.dataackpresent.flag mptcp.rawdataack mptcp.rawdataseqno
mptcp.subflowseqno mptcp.ipv4 mptcp.ipv6 mptcp.port mptcp.addaddrtrunchmac
mptcp.flag_T.flag mptcp.rst_reason""".split()
BATCH = 60

List = collections.namedtuple("List", "frame octets length fields")


def merged(captures, target):
    """One file out of many; False if mergecap cannot."""
    return subprocess.run(["mergecap", "-a", "-w", target, *captures],
                          check=False, stderr=subprocess.DEVNULL).returncode \
        == 0


def tshark(capture):
    """The lists of options of a capture, with tshark's fields of each."""
    command = ["tshark", "-n", "-r", capture, "-Y", "tcp.options",
               "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=|",
               "-o", "tcp.desegment_tcp_streams:FALSE",
               "-o", "tcp.relative_sequence_numbers:FALSE",
               "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE"]
    for name in ("frame.number", "tcp.hdr_len", "tcp.flags", "tcp.ack_raw",
                 "tcp.options", "tcp.option_kind"):
        command += ["-e", name]
    for name in FIELDS:
        command += ["-e", "tcp.options." + name]
    run = subprocess.run(command, text=True, check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    for line in run.stdout.splitlines():
        words = line.split("\t")
        if "|" in words[1] or "|" in words[4] or "<" in words[4]:
            continue  # Two segments in one frame; or no octet captured.
        fields = dict(zip(["kind"] + FIELDS, words[5:]))
        yield List(words[0], words[4], int(words[1]) - 20,
                   {k: v.split("|") for k, v in fields.items() if v}), \
            f"{words[2]} {words[3]} {int(words[1]) - 20} {words[4]}\n"


def library(program, lines):
    """For each line: fields and flags."""
    run = subprocess.run([program], input="".join(lines), text=True,
                         check=True, stdout=subprocess.PIPE)
    for line in run.stdout.splitlines():
        fields, flags = {}, []
        for word in line.split():
            name, value = word.split("=", 1)
            if name == "flag":
                flags.append(value)
            else:
                fields.setdefault(name, []).append(value)
        yield fields, flags


DAMAGE = {"length-below-2", "overrun", "no-length", "cut"}


def rule_of_kinds(own, other, flags):
    """Why the kinds may differ; None if they may not."""
    bare = [k for i, k in enumerate(other)
            if k != "0" or "0" not in other[:i]]
    if own == bare:
        return "tshark takes every 0 behind the end for another end"
    if DAMAGE & set(flags) and own[:-1] == bare:
        return "tshark has no kind of an option that is not all there"
    if "bad-length" in flags and "30" in other and own[:len(bare)] == bare:
        return "tshark ends at a Multipath TCP option of a wrong length"
    return None


def rule(name, own, other, item, flags):
    """Why a field may differ; None if it may not."""
    if name == "kind":
        return rule_of_kinds(own, other, flags)
    if name == "mptcp.checksum" and not other and \
            "2" in item.fields["mptcp.subtype"]:
        return "tshark does not take the two last octets of a DSS"
    if name == "tfo.cookie" and not own and "bad-length" in flags:
        return "a cookie has 4 to 16 octets, an even number (RFC 7413 4.1.1)"
    if "cut" in flags and own == other[:-1]:
        return "the capture ends inside the option: half a value is none"
    return None


def compare(program, capture, told):
    """What differs in one capture."""
    items, lines = [], []
    for item, line in tshark(capture):
        items.append(item)
        lines.append(line)
    for item, (own, flags) in zip(items, library(program, lines)):
        told["lists"] += 1
        for name in ["kind"] + FIELDS:
            a, b = own.get(name, []), item.fields.get(name, [])
            told["values"] += len(b)
            if a == b:
                continue
            why = rule(name, a, b, item, flags)
            if why:
                told[f"{name} differs: {why}"] += 1
            else:
                yield f"{item.frame}: {name} {a}, tshark: {b} " \
                    f"{item.octets}/{item.length} {flags}"


def chosen(folder, everything):
    """The captures to compare."""
    with open(os.path.join(folder, "index.csv"), encoding="utf-8") as f:
        for row in csv.DictReader(f):
            kinds = {k.split(":")[0] for k in row["option_kinds"].split()}
            if everything or (kinds - COMMON and int(row["packets"]) < 2000):
                yield os.path.join(folder, row["file"].split("/", 1)[1])
    traces = sorted(glob.glob(os.path.join(folder, "packetdrill/*/*.pcap")))
    yield from traces if everything else \
        [t for t in traces if "accecn" in t.lower() or "mptcp" in t.lower() or
         "fast-open" in t or "md5" in t]


def batches(captures):
    """Several files at a time: tshark takes a second to start."""
    for i in range(0, len(captures), BATCH):
        yield captures[i:i + BATCH]


def main():
    """Compares the chosen files."""
    program, folder = sys.argv[1:3]
    told, failures = collections.Counter(), 0
    captures = list(chosen(folder, sys.argv[3:] == ["all"]))
    with tempfile.TemporaryDirectory() as scratch:
        target = os.path.join(scratch, "merged")
        for some in batches(captures):
            files = [target] if merged(some, target) else some
            for capture in files:
                for difference in compare(program, capture, told):
                    failures += 1
                    if failures <= 40:
                        print(difference)
    for what, count in sorted(told.items()):
        print(f"{count:9,} {what}")
    print(f"{len(captures)} captures, {failures} failures")
    sys.exit(bool(failures) or not told["lists"])


if __name__ == "__main__":
    main()
