#!/usr/bin/env python3
"""Makes frames of every link type and tunnel, from the standards alone, and
holds the library and tshark against what was put into them.

Oracle    the standards: made_headers.py and made_links.py, which share no code
          with the library's decoder and builder.
Compared  for each frame: what tshark_fields.py compares, as far as the frame
          was made to say it.
By hand   tests/oracle/made_frames.py [--rounds N] [--seed N] [--tshark]
            [--keep CAPTURE] [--only WORD] FIELDS
          --tshark asks tshark as well: where both are wrong the maker is, and
          where only tshark is, the frame is counted and not a failure.
"""
import argparse
import collections
import os
import random
import struct
import sys
import tempfile

import made_headers as h
import made_links
import made_special
import tshark_fields
import tshark_view

VLAN_STACKS = ((0x8100,), (0x88a8, 0x8100), (0x8100, 0x8100), (0x9100, 0x8100),
               (0x88a8, 0x88a8, 0x8100), (0x8100,) * 5)

# What a frame was made to say, and the layer types whose numbers say it.
NUMBERS = {"vlan_ids": 3, "labels": 12, "sessions": 13, "isids": 17,
           "keys": 65, "spans": 66, "vnis": 67, "teids": 69, "paths": 72}


class Maker:
    """Makes parts at random."""

    def __init__(self, rnd):
        self.rnd = rnd

    def ip(self, version=None, inner=None, plain=False):
        """TCP, or what was made, over IP."""
        inner = inner or h.tcp(self.rnd)
        version = version or self.rnd.choice([4, 6])
        wrap = h.ip4 if version == 4 else h.ip6
        return wrap(self.rnd, inner, plain)

    def eth(self, inner=None):
        """IP over Ethernet."""
        return h.ethernet(self.rnd, inner or self.ip())

    def over_ip(self, inner):
        """A tunnel over IP over Ethernet."""
        return self.eth(self.ip(inner=inner))


# Each takes a maker and gives an Ethernet frame.
SHIMS = {
    "pppoe": lambda m: m.eth(h.pppoe(m.rnd, m.ip())),
    "mpls-1": lambda m: m.eth(h.mpls(m.rnd, m.ip())),
    "mpls-4": lambda m: m.eth(h.mpls(m.rnd, m.ip(), 4)),
    "mpls-pw": lambda m: m.eth(h.mpls(m.rnd, h.pseudowire(m.rnd, m.eth()), 2)),
    "pbb": lambda m: m.eth(h.pbb(m.rnd, m.eth())),
    "pbb-tagged": lambda m: h.ethernet_tags(
        m.rnd, h.pbb(m.rnd, h.ethernet_tags(m.rnd, m.ip(), (0x88a8,))),
        (0x88a8,)),
    "etag": lambda m: m.eth(h.etag(m.rnd, m.ip())),
    "vntag": lambda m: m.eth(h.vntag(m.rnd, m.ip())),
    "cmd": lambda m: m.eth(h.cmd(m.rnd, m.ip())),
    "macsec": lambda m: m.eth(h.macsec(m.rnd, m.ip())),
    "fabricpath": lambda m: h.fabricpath(m.rnd, m.eth()),
    "nsh": lambda m: m.eth(h.nsh(m.rnd, m.ip())),
    "nsh-eth": lambda m: m.eth(h.nsh(m.rnd, m.eth())),
    "nsh-mpls": lambda m: m.eth(h.nsh(m.rnd, h.mpls(m.rnd, m.ip()))),
    "padded": lambda m: m.eth(m.ip(4, h.tcp(m.rnd, 1))).wrapped(
        "eth", b"", "padded", b"\0" * 18),
}
TUNNELS = {
    "4in4": lambda m: m.eth(m.ip(4, m.ip(4))),
    "6in4": lambda m: m.eth(m.ip(4, m.ip(6))),
    "4in6": lambda m: m.eth(m.ip(6, m.ip(4))),
    "6in6": lambda m: m.eth(m.ip(6, m.ip(6))),
    "gre": lambda m: m.over_ip(h.gre(m.rnd, m.ip())),
    "gre-eth": lambda m: m.over_ip(h.gre(m.rnd, m.eth())),
    "gre-mpls": lambda m: m.over_ip(h.gre(m.rnd, h.mpls(m.rnd, m.ip()))),
    "nvgre": lambda m: m.over_ip(h.nvgre(m.rnd, m.eth())),
    "pptp": lambda m: m.over_ip(h.pptp(m.rnd, m.ip())),
    "erspan-1": lambda m: m.over_ip(h.erspan(m.rnd, m.eth(), 1)),
    "erspan-2": lambda m: m.over_ip(h.erspan(m.rnd, m.eth(), 2)),
    "erspan-3": lambda m: m.over_ip(h.erspan(m.rnd, m.eth(), 3)),
    "vxlan": lambda m: m.over_ip(h.vxlan(m.rnd, m.eth())),
    "gpe": lambda m: m.over_ip(h.vxlan_gpe(m.rnd, m.ip())),
    "gpe-eth": lambda m: m.over_ip(h.vxlan_gpe(m.rnd, m.eth())),
    "gpe-nsh": lambda m: m.over_ip(h.vxlan_gpe(m.rnd, h.nsh(m.rnd, m.eth()))),
    "geneve": lambda m: m.over_ip(h.geneve(m.rnd, m.ip())),
    "geneve-eth": lambda m: m.over_ip(h.geneve(m.rnd, m.eth())),
    "gtpu": lambda m: m.over_ip(h.gtpu(m.rnd, m.ip())),
    "teredo": lambda m: m.eth(m.ip(4, h.teredo(m.rnd, m.ip(6)))),
    "ayiya": lambda m: m.over_ip(h.ayiya(m.rnd, m.ip(6))),
    "l2tp": lambda m: m.over_ip(h.l2tp(m.rnd, m.ip())),
    "mpls-in-udp": lambda m: m.over_ip(
        h.udp(m.rnd, h.mpls(m.rnd, m.ip(), 2), 6635)),
    "gre-in-udp": lambda m: m.over_ip(
        h.udp(m.rnd, h.gre(m.rnd, m.ip()), 4754)),
    "mpls-in-ip": lambda m: m.over_ip(h.mpls(m.rnd, m.ip(), 2)),
    "etherip": lambda m: m.over_ip(h.etherip(m.rnd, m.eth())),
    "ah": lambda m: m.eth(m.ip(4, h.ah(m.rnd, m.ip()))),
    "capwap-eth": lambda m: m.over_ip(h.capwap(m.rnd, m.eth())),
    "capwap-wifi": lambda m: m.over_ip(
        h.capwap(m.rnd, made_links.wifi(m.rnd, m.ip(), 1))),
    "tzsp-eth": lambda m: m.over_ip(h.tzsp(m.rnd, m.eth())),
    "tzsp-wifi": lambda m: m.over_ip(
        h.tzsp(m.rnd, made_links.wifi(m.rnd, m.ip()))),
    "vxlan-in-gre": lambda m: m.over_ip(h.gre(m.rnd, m.over_ip(
        h.vxlan(m.rnd, m.eth())))),
    "gtpu-in-qinq": lambda m: h.ethernet_tags(
        m.rnd, m.ip(inner=h.gtpu(m.rnd, m.ip())), (0x88a8, 0x8100)),
    "four": lambda m: m.eth(m.ip(6, m.ip(4, h.gre(m.rnd, m.ip(6, h.vxlan(
        m.rnd, m.eth(m.ip(4, plain=True)))), 0x86dd)))),
}


def frames(rnd, rounds):
    """Frames, each with its link type and the name of its way."""
    maker = Maker(rnd)
    for _ in range(rounds):
        for link, ways in made_links.LINKS.items():
            for at, way in enumerate(ways):
                kind = made_links.ONLY.get(link)
                versions = {"ip4": (4,), "ip6": (6,)}.get(kind, (4, 6))
                for version in versions:
                    part = way(rnd, maker.ip(version))
                    if "erf-ip4" in " ".join(part.way) and version == 6:
                        continue
                    yield link, f"link-{link}-{at}-ip{version}", part
        for types in VLAN_STACKS:
            yield 1, "vlan-" + "-".join(f"{t:x}" for t in types), \
                h.ethernet_tags(rnd, maker.ip(), types)
        for name, make in {**SHIMS, **TUNNELS}.items():
            yield 1, name, make(maker)
        yield from special(rnd, maker)


def special(rnd, maker):
    """Frames that hold no segment, or several, or a piece of one."""
    for version in (4, 6):
        yield 1, f"error-ip{version}", maker.eth(maker.ip(
            version, made_special.error(rnd, version)))
    frame, found = made_special.aggregate(rnd, maker)
    frame.found = {"all": found}
    yield 105, "a-msdu", frame
    for name, around in made_special.AROUND.items():
        for part in made_special.fragmented(rnd, maker, around):
            yield 1, f"fragments-{name}", part


def write_capture(path, made):
    """A pcapng with an interface for each link type."""
    links = sorted({link for link, _, _ in made})
    with open(path, "wb") as f:
        f.write(struct.pack("<IIIHHqI", 0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0, -1,
                            28))
        for link in links:
            f.write(struct.pack("<IIHHII", 1, 20, link, 0, 0, 20))
        for number, (link, _, part) in enumerate(made):
            size = len(part.octets)
            body = part.octets + b"\0" * (-size % 4)
            f.write(struct.pack("<IIIIIII", 6, 32 + len(body),
                                links.index(link), 0, number * 1000, size,
                                size) + body +
                    struct.pack("<I", 32 + len(body)))


def expected_of(found):
    """What a decoder has to say of one segment."""
    wanted = {name: value for name, value in found.items()
              if name not in NUMBERS}
    wanted.setdefault("kind", "tcp")
    if wanted["kind"] == "tcp":
        wanted["sum_state"] = "ok"
    if "ends" in found:
        wanted["ends"] = "|".join(found["ends"])
    if "source_port" in found and "ends" in found:
        for name in NUMBERS:
            wanted[name] = "|".join(found.get(name, []))
    return wanted


def expected(part):
    """The same of a frame: a list, empty for a fragment that is not the last
    one to come."""
    found = part.found.get("all", [part.found])
    return [expected_of(one) for one in found if "source_port" in one]


def library(program, capture):
    """What the library says, in the same words."""
    found = tshark_fields.told_fields(program, capture, "-d")
    for rows in found.values():
        for row in rows:
            types, ids = row["layers"].split("|"), row["ids"].split("|")
            for name, kind in NUMBERS.items():
                kinds = {str(kind)} | ({"68"} if kind == 67 else set())
                row[name] = "|".join(i for t, i in zip(types, ids)
                                     if t in kinds and i != "0")
            if row["flags"]:
                row["flags"] = str(int(row["flags"], 0))
    return {number: [row for row in rows
                     if row["kind"] in ("tcp", "icmp-error")]
            for number, rows in found.items()}


def tshark_segment(view, segment):
    """What tshark says of one segment."""
    number = tshark_fields.number
    names = {"source_port": "tcp.srcport", "port": "tcp.dstport",
             "seq": "tcp.seq_raw", "ack": "tcp.ack_raw",
             "flags": "tcp.flags", "window": "tcp.window_size_value",
             "urgent": "tcp.urgent_pointer", "header": "tcp.hdr_len"}
    row = {name: number(segment.values[field])
           for name, field in names.items()}
    row["kind"] = "icmp-error" if segment.icmp else "tcp"
    if segment.icmp:
        layer, values = segment.icmp
        row.update(icmp_type=values[layer + ".type"],
                   icmp_code=values[layer + ".code"])
        if not row["seq"]:  # See tshark-differences.txt.
            del row["seq"]
    else:
        row["sum_state"] = tshark_fields.STATES.get(
            segment.values["tcp.checksum.status"], "")
    ends = [(v.get("ip.src") or v.get("ipv6.src"),
             v.get("ip.dst") or v.get("ipv6.dst")) for _, v in segment.ips]
    row["ends"] = "|".join(f"{a}>{b}" for a, b in ends)
    row["vlan_ids"] = "|".join(map(str, view.tags))
    return row


TOLD = {"labels": ("mpls.label",), "sessions": ("pppoe.session_id",),
        "keys": ("gre.key",), "spans": ("erspan.spanid",),
        "vnis": ("vxlan.vni", "geneve.vni"), "teids": ("gtp.teid",),
        "paths": ("nsh.spi",), "isids": ("ieee8021ah.isid",)}


def tshark(capture):
    """What tshark says, in the same words."""
    found = {}
    for frame, view in tshark_view.frames_of(capture, True).items():
        rows = [tshark_segment(view, segment) for segment in view.segments]
        if len(rows) == 1:
            rows[0]["payload"] = "|".join(view.told["tcp.len"])
            rows[0]["options"] = "|".join(view.told["tcp.options"])
            for name, fields in TOLD.items():
                rows[0][name] = "|".join(
                    tshark_fields.number(word) for field in fields
                    for word in view.told[field])
        found[frame] = rows
    return found


def difference(wanted, rows):
    """What differs first; None if nothing does."""
    if len(wanted) != len(rows):
        return f"{len(rows)} segments, made {len(wanted)}"
    for one, row in zip(wanted, rows):
        for name, value in one.items():
            if name in row and row[name] != value:
                return f"{name} {row[name]}, made {value}"
    return None


def judge(made, own, other):
    """Counts, and tells what only the library has wrong."""
    told, failures = collections.Counter(), 0
    for number, (link, name, part) in enumerate(made, 1):
        wanted = expected(part)
        mine = difference(wanted, own.get(number, []))
        theirs = None
        if other is not None:
            theirs = difference(wanted, other.get(number, []))
            told[name, "tshark differs"] += theirs is not None
        told[name, "made"] += 1
        told[name, "differs"] += mine is not None
        if mine:
            failures += 1
            print(f"FAILED {number} {name} (link {link}, "
                  f"{' '.join(reversed(part.way))}): {mine}; tshark: "
                  f"{theirs or 'the same' if other is not None else 'not asked'}")
        elif theirs:
            print(f"tshark {number} {name} ({' '.join(reversed(part.way))}): "
                  f"{theirs}")
    return told, failures


def main():
    """Makes, decodes and compares."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tshark", action="store_true")
    parser.add_argument("--keep")
    parser.add_argument("--only", default="")
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("program")
    asked = parser.parse_args()
    made = [frame for frame in frames(random.Random(asked.seed), asked.rounds)
            if asked.only in frame[1]]
    with tempfile.TemporaryDirectory() as folder:
        path = asked.keep or os.path.join(folder, "made.pcapng")
        write_capture(path, made)
        own = library(asked.program, path)
        other = tshark(path) if asked.tshark else None
    told, failures = judge(made, own, other)
    if not asked.quiet:
        for name in dict.fromkeys(name for _, name, _ in made):
            print(f"{told[name, 'made']:6} {name:16} "
                  f"differ: {told[name, 'differs']:4}"
                  f"  tshark: {told[name, 'tshark differs']:4}")
    print(f"{len(made)} frames, {failures} failures")
    sys.exit(failures != 0)


if __name__ == "__main__":
    main()
