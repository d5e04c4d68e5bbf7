"""What captures begin with: a list of ways for each link type, as
https://www.tcpdump.org/linktypes.html draws them; see made_headers.py."""
import struct

import made_headers as h


def le16(number):
    """Two octets, little-endian."""
    return struct.pack("<H", number)


def le32(number):
    """Four octets, little-endian."""
    return struct.pack("<I", number)


def family(rnd, inner):
    """An address family as BSDs, macOS and Linux number it."""
    if inner.kind == "ip4":
        return 2
    return rnd.choice([24, 28, 30, 10])


def null(rnd, inner):
    """Either byte order: that of the capturing host."""
    order = rnd.choice("<>")
    return inner.wrapped("link", struct.pack(order + "I", family(rnd, inner)),
                         "null")


def loop(rnd, inner):
    """OpenBSD: 24 is IPv6 there."""
    number = 2 if inner.kind == "ip4" else 24
    return inner.wrapped("link", h.u32(number), "loop")


def raw(_rnd, inner):
    """Nothing."""
    return inner.wrapped("link", b"", "raw")


def sll(rnd, inner):
    """Linux cooked."""
    return inner.wrapped("link", h.u16(rnd.randrange(5)) + b"\0\1\0\6" +
                         h.mac(rnd) + b"\0\0" + h.u16(h.ETHER[inner.kind]),
                         "sll")


def sll2(rnd, inner):
    """Linux cooked, version 2."""
    return inner.wrapped("link", h.u16(h.ETHER[inner.kind]) + b"\0\0" +
                         h.u32(3) + b"\0\1" + bytes([rnd.randrange(5), 6]) +
                         h.mac(rnd) + b"\0\0", "sll2")


def token_ring(rnd, inner):
    """IEEE 802.5, source-routed or not."""
    inner = h.snap(rnd, inner)
    routed = rnd.randrange(2)
    source = h.mac(rnd)
    source = bytes([source[0] | 0x80 * routed]) + source[1:]
    route = b"\x06\x30\x00\x11\x00\x20" if routed else b""
    return inner.wrapped("link", b"\x10\x40" + h.mac(rnd) + source + route,
                         "token-ring")


def fddi(rnd, inner):
    """FDDI, LLC frame."""
    inner = h.snap(rnd, inner)
    return inner.wrapped("link", b"\x50" + h.mac(rnd) + h.mac(rnd), "fddi")


def arcnet_bsd(rnd, inner):
    """RFC 1201, whole and exception packets; RFC 1051."""
    number = {"ip4": 212, "ip6": 196}[inner.kind]
    kind = rnd.choice(["new", "exception"] + ["old"] * (number == 212))
    front = {"new": bytes([number]) + b"\0" + h.noise(rnd, 2),
             "exception": bytes([number]) + b"\xff\xff\xff" +
             bytes([number]) + b"\0" + h.noise(rnd, 2),
             "old": b"\xf0"}[kind]
    return inner.wrapped("link", h.noise(rnd, 2) + front, "arcnet-" + kind)


def arcnet_linux(rnd, inner):
    """The same with an offset."""
    number = {"ip4": 212, "ip6": 196}[inner.kind]
    return inner.wrapped("link", h.noise(rnd, 2) + b"\0\0" +
                         bytes([number]) + b"\0" + h.noise(rnd, 2),
                         "arcnet-linux")


def slip(rnd, inner):
    """BSD's 16 octets."""
    return inner.wrapped("link", bytes([rnd.randrange(2), 0x40]) + b"\0" * 14,
                         "slip")


def chdlc(rnd, inner):
    """Cisco HDLC."""
    return inner.wrapped("chdlc", rnd.choice([b"\x0f\0", b"\x8f\0"]) +
                         h.u16(h.ETHER[inner.kind]), "chdlc")


def frame_relay(rnd, inner):
    """RFC 2427: NLPID, or SNAP behind it."""
    address = rnd.choice([b"\x18\x41", b"\x0c\x11"])
    if rnd.randrange(2):
        front = b"\3" + {"ip4": b"\xcc", "ip6": b"\x8e"}[inner.kind]
        return inner.wrapped("fr", address + front, "frame-relay")
    return inner.wrapped("fr", address + b"\3\0\x80\0\0\0" +
                         h.u16(h.ETHER[inner.kind]), "frame-relay-snap")


def directed(rnd, inner):
    """A direction octet."""
    return inner.wrapped("link", bytes([rnd.randrange(2)]), "direction")


def pppd(rnd, inner):
    """RFC 1662, but the address is a direction."""
    return inner.wrapped("link", bytes([rnd.randrange(2), 3]) +
                         h.u16(h.PPP[inner.kind]), "pppd")


def wifi(rnd, inner, way=None):
    """IEEE 802.11 data, the four ways of addressing, QoS, HT control."""
    inner = h.snap(rnd, inner) if inner.kind != "amsdu" else inner
    aggregate = inner.kind == "amsdu"
    ds = rnd.randrange(4) if way is None else way
    qos = 1 if aggregate else rnd.randrange(2)
    order = qos and rnd.randrange(4) == 0
    front = bytes([0x88 if qos else 0x08, ds | 0x80 * order]) + b"\0\0" + \
        h.mac(rnd) + h.mac(rnd) + h.mac(rnd) + h.noise(rnd, 2)
    front += h.mac(rnd) if ds == 3 else b""
    front += bytes([rnd.randrange(8) | 0x80 * aggregate]) + b"\0" if qos \
        else b""
    front += b"\0" * 4 if order else b""
    return inner.wrapped("wifi", front, f"802.11-{ds}{'q' * qos}"
                         f"{'o' * order}{'a' * aggregate}")


def radiotap(rnd, inner):
    """Its flags may say that a check sequence follows."""
    sequence = rnd.randrange(2)
    if rnd.randrange(3) == 0:
        front = b"\0\0" + le16(8) + le32(0)
        return inner.wrapped("link", front, "radiotap")
    if rnd.randrange(2):
        fields = le32(0x80000002) + le32(1) + bytes([0x10 * sequence]) + \
            b"\0" * 7 + b"\0" * 8
    else:
        fields = le32(2) + bytes([0x10 * sequence])
    front = b"\0\0" + le16(4 + len(fields)) + fields
    return inner.wrapped("link", front, "radiotap-f", b"\1\2\3\4" * sequence)


def prism(_rnd, inner):
    """144 octets."""
    items = b"".join(le32(0x44 | i << 12) + le16(0) + le16(4) + le32(i)
                     for i in range(1, 11))
    return inner.wrapped("link", le32(0x44) + le32(144) +
                         b"wlan0".ljust(16, b"\0") + items, "prism")


def avs(rnd, inner):
    """64 octets."""
    return inner.wrapped("link", h.u32(0x80211001) + h.u32(64) +
                         b"\0" * 16 + h.u32(rnd.randrange(1, 14)) +
                         b"\0" * 36, "avs")


def ppi(link):
    """Per-Packet Information in front of another link type."""
    def wrap(rnd, inner):
        fields = rnd.choice([b"", le16(30002) + le16(4) + b"\0" * 4])
        return inner.wrapped("link", b"\0\0" + le16(8 + len(fields)) +
                             le32(link) + fields, f"ppi-{link}")
    return wrap


def pktap(link):
    """Apple's, in front of another link type."""
    def wrap(_rnd, inner):
        size = {"ip4": 2, "ip6": 30}.get(inner.kind, 2)
        return inner.wrapped(
            "link", le32(108) + le32(1) + le32(link) +
            b"en0".ljust(24, b"\0") + le32(1) + le32(size) + le32(14) +
            b"\0" * 4 + le32(77) + b"curl".ljust(20, b"\0") + b"\0" * 4 +
            le16(6) + le16(0) + le32(78) + b"curl".ljust(20, b"\0"),
            f"pktap-{link}")
    return wrap


def pflog(rnd, inner):
    """OpenBSD: 61 octets, filled up to 64; later 100 with addresses."""
    number = 2 if inner.kind == "ip4" else 24
    size = rnd.choice([61, 100])
    front = bytes([size, number, 0, 0]) + b"em0".ljust(16, b"\0") + \
        b"\0" * 16 + h.u32(7) + h.u32(0xffffffff) + b"\0" * 16 + \
        bytes([1]) + b"\0" * 3
    front += b"\0" * (size - 61 + 3) if size > 61 else b""
    return inner.wrapped("link", front[:64 if size == 61 else 100],
                         f"pflog-{size}")


def nflog(rnd, inner):
    """TLVs; the packet is number 9."""
    number = 2 if inner.kind == "ip4" else 10
    mark = le16(8) + le16(2) + h.u32(1)
    tag = le16(5) + le16(10) + b"\0\0\0\0" if rnd.randrange(2) else b""
    return inner.wrapped("link", bytes([number, 0]) + b"\0\1" + mark + tag +
                         le16(4 + len(inner.octets)) + le16(9), "nflog",
                         b"\0" * (-len(inner.octets) % 4))


def enc(rnd, inner):
    """OpenBSD: the family in host order."""
    number = 2 if inner.kind == "ip4" else 24
    order = rnd.choice("<>")
    return inner.wrapped("link", struct.pack(order + "I", number) +
                         h.noise(rnd, 4) + struct.pack(order + "I", 0x2000),
                         "enc")


def ipnet(_rnd, inner):
    """Solaris."""
    number = 2 if inner.kind == "ip4" else 26
    return inner.wrapped("link", bytes([1, number]) + h.u16(0) +
                         h.u32(len(inner.octets)) + b"\0" * 16, "ipnet")


def fibre_channel(rnd, inner):
    """RFC 2625: network addresses, then SNAP."""
    inner = h.snap(rnd, inner)
    return inner.wrapped("link", b"\x10\0" + h.mac(rnd) + b"\x10\0" +
                         h.mac(rnd), "ip-over-fc")


def sunatm(rnd, inner):
    """LLC over ATM."""
    inner = h.snap(rnd, inner)
    return inner.wrapped("link", bytes([2 | rnd.choice([0, 0x80]), 0]) +
                         h.u16(100), "sunatm")


def ipoib(rnd, inner):
    """A global routing header, then RFC 4391."""
    return inner.wrapped("link", h.noise(rnd, 40) +
                         h.u16(h.ETHER[inner.kind]) + b"\0\0", "ipoib")


def mpacket(_rnd, inner):
    """An express frame."""
    return inner.wrapped("link", b"\x55" * 7 + b"\xd5", "mpacket",
                         b"\0" * 4)


def netanalyzer(_rnd, inner):
    """Four octets, then Ethernet with its check sequence."""
    return inner.wrapped("link", b"\x40\0\0\0", "netanalyzer", b"\0" * 4)


def switch_tag(tag, name):
    """A tag between the addresses of Ethernet and its type."""
    def wrap(_rnd, inner):
        outer = inner.wrapped("link", b"", name)
        outer.octets = inner.octets[:12] + tag + inner.octets[12:]
        return outer
    return wrap


def brcm_prepend(_rnd, inner):
    """Broadcom's, in front."""
    return inner.wrapped("link", b"\0\0\0\1", "brcm-prepend")


def erf(kind, name, gap=b""):
    """Endace's record, without extension headers or with one."""
    def wrap(rnd, inner):
        more = rnd.randrange(2)
        size = 16 + 8 * more + len(gap) + len(inner.octets)
        front = b"\0" * 8 + bytes([kind | 0x80 * more, 4]) + h.u16(size) + \
            b"\0\0" + h.u16(len(inner.octets)) + \
            (b"\3" + h.noise(rnd, 7)) * more + gap
        return inner.wrapped("link", front, f"erf-{name}{'+' * more}")
    return wrap


def chained(*wraps):
    """One wrapper after the other, the innermost first."""
    def wrap(rnd, inner):
        for one in wraps:
            inner = one(rnd, inner)
        return inner
    return wrap


ETH = h.ethernet
LINKS = {
    0: [null], 1: [ETH, h.ethernet_snap], 6: [token_ring], 7: [arcnet_bsd],
    8: [slip], 9: [h.ppp], 10: [fddi], 12: [raw], 14: [raw],
    50: [lambda r, i: h.ppp(r, i, 1), chdlc], 51: [h.pppoe],
    100: [h.snap], 101: [raw], 104: [chdlc], 105: [wifi], 107: [frame_relay],
    108: [loop], 109: [enc], 113: [sll], 117: [pflog],
    119: [chained(wifi, prism)], 122: [fibre_channel], 123: [sunatm],
    127: [chained(wifi, radiotap)], 129: [arcnet_linux],
    163: [chained(wifi, avs)],
    166: [pppd],
    192: [chained(wifi, ppi(105)), chained(ETH, ppi(1))],
    197: [chained(ETH, erf(2, "eth", b"\0\0")), erf(22, "ip4"),
          chained(chdlc, erf(1, "hdlc"))],
    204: [chained(h.ppp, directed)], 205: [chained(chdlc, directed)],
    206: [chained(frame_relay, directed)], 226: [ipnet], 228: [raw],
    229: [raw], 239: [nflog], 240: [chained(ETH, netanalyzer)],
    242: [ipoib],
    258: [chained(ETH, pktap(1)), pktap(12), pktap(101)],
    274: [chained(ETH, mpacket)], 276: [sll2],
    281: [chained(ETH, switch_tag(b"\0\0\0\1", "brcm"))],
    282: [chained(ETH, brcm_prepend)],
    284: [chained(ETH, switch_tag(b"\x40\x08\0\0", "dsa"))],
    285: [chained(ETH, switch_tag(b"\xda\xda\0\0\x40\x08\0\0", "edsa"))],
}
ONLY = {228: "ip4", 229: "ip6"}
