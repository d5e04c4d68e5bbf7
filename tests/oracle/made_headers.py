"""Headers as the standards draw them, written without the library.

A wrapper takes a part and gives the part that holds it.  A part has octets, the
name of what they begin with ("ip4", "eth", "ppp", ...), and what a decoder has
to find in it.  Every random value comes from the generator that is handed in,
so that a seed gives the same frames everywhere.
"""
import copy
import ipaddress
import struct

ETHER = {"ip4": 0x0800, "ip6": 0x86dd, "mpls": 0x8847, "vlan": 0x8100,
         "pppoe": 0x8864, "pbb": 0x88e7, "etag": 0x893f, "vntag": 0x8926,
         "macsec": 0x88e5, "cmd": 0x8909, "nsh": 0x894f, "eth": 0x6558}
PROTOCOL = {"ip4": 4, "ip6": 41, "gre": 47, "ah": 51, "etherip": 97,
            "mpls": 137, "udp": 17, "tcp": 6, "icmp": 1, "icmp6": 58}
CHECKSUM_AT = {"tcp": 16, "udp": 6, "icmp": 2, "icmp6": 2}
PPP = {"ip4": 0x0021, "ip6": 0x0057, "mpls": 0x0281}


class Part:
    """Octets, what they begin with, and what is to be found in them."""

    def __init__(self, kind, octets, found):
        self.kind, self.octets, self.found = kind, octets, found
        self.way = []  # Names of the wrappers, innermost first.

    def wrapped(self, kind, front, name, back=b"", **found):
        """The part that holds this one."""
        outer = Part(kind, front + self.octets + back,
                     copy.deepcopy(self.found))
        outer.way = self.way + [name]
        for key, value in found.items():
            outer.found.setdefault(key, [])
            outer.found[key] = [value] + outer.found[key]
        return outer


def u16(number):
    """Two octets."""
    return struct.pack(">H", number & 0xffff)


def u32(number):
    """Four octets."""
    return struct.pack(">I", number & 0xffffffff)


def u24(number):
    """Three octets."""
    return u32(number)[1:]


def checksum(octets):
    """RFC 1071."""
    total = sum(struct.unpack(f">{len(octets + b'0') // 2}H",
                              octets + b"\0" * (len(octets) % 2)))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def noise(rnd, count):
    """Random octets."""
    return bytes(rnd.randrange(256) for _ in range(count))


# --- TCP (RFC 9293 section 3.1) ---------------------------------------------

def option(kind, value=b""):
    """One option."""
    return bytes([kind, len(value) + 2]) + value


def some_option(rnd):
    """An option that its standard allows."""
    n = lambda count: noise(rnd, count)
    return rnd.choice([
        lambda: b"\1", lambda: b"\1", lambda: option(2, n(2)),
        lambda: option(3, bytes([rnd.randrange(15)])), lambda: option(4),
        lambda: option(5, n(8 * rnd.randrange(1, 5))), lambda: option(8, n(8)),
        lambda: option(8, n(8)), lambda: option(6, n(4)),
        lambda: option(7, n(4)), lambda: option(9), lambda: option(10, n(1)),
        lambda: option(11, n(4)), lambda: option(12, n(4)),
        lambda: option(13, n(4)), lambda: option(14, n(1)),
        lambda: option(19, n(16)), lambda: option(27, b"\x05" + n(5)),
        lambda: option(28, n(2)), lambda: option(29, n(14)),
        lambda: option(34), lambda: option(34, n(2 * rnd.randrange(2, 9))),
        lambda: option(69, n(rnd.randrange(4))),
        lambda: option(172, n(3 * rnd.randrange(4))),
        lambda: option(174, n(3 * rnd.randrange(4))),
        lambda: option(253, b"\xf9\x89" + n(8)),
        lambda: option(254, b"\xac\xc0" + n(6)),
        lambda: option(254, n(2 + rnd.randrange(8))),
        lambda: option(30, b"\x01\x01" + n(8)),         # MP_CAPABLE, v1
        lambda: option(30, b"\x00\x81" + n(8)),         # MP_CAPABLE, v0
        lambda: option(30, b"\x10\x01" + n(8)),         # MP_JOIN, SYN
        lambda: option(30, b"\x20\x01" + n(4)),         # DSS, ACK of 4
        lambda: option(30, b"\x20\x05" + n(4 + 4 + 4 + 2)),
        lambda: option(30, b"\x31\x05" + n(4)),         # ADD_ADDR, echo
        lambda: option(30, b"\x40" + n(1 + rnd.randrange(3))),
        lambda: option(30, b"\x51"), lambda: option(30, b"\x60\x00" + n(8)),
        lambda: option(30, b"\x70\x00" + n(8)), lambda: option(30, b"\x80\x01"),
    ])()


def options(rnd):
    """A list of options, filled up to a multiple of four octets."""
    found = b""
    for _ in range(rnd.randrange(6)):
        more = some_option(rnd)
        if len(found) + len(more) <= 40:
            found += more
    return found + rnd.choice([b"\0", b"\1"]) * (-len(found) % 4)


def tcp(rnd, length=None):
    """A segment; its checksum is set by the IP header around it."""
    values = dict(source_port=rnd.randrange(1024, 65536),
                  port=rnd.choice([rnd.randrange(1024, 65536), 9, 50001]),
                  seq=rnd.getrandbits(32), ack=rnd.getrandbits(32),
                  flags=rnd.randrange(512), window=rnd.getrandbits(16),
                  urgent=rnd.getrandbits(16))
    listed = options(rnd)
    size = rnd.choice([0, 0, 1, 5, 33, 70]) if length is None else length
    header = struct.pack(
        ">HHIIHHHH", values["source_port"], values["port"], values["seq"],
        values["ack"], (5 + len(listed) // 4) << 12 | values["flags"],
        values["window"], 0, values["urgent"])
    values.update(header=20 + len(listed), payload=size, options=listed.hex())
    return Part("tcp", header + listed + b"\xa5" * size,
                {name: str(value) for name, value in values.items()})


def summed(rnd, inner, pseudo):
    """What has a checksum with it; UDP may do without over IPv4."""
    at = CHECKSUM_AT.get(inner.kind)
    if at is None:
        return inner.octets
    pseudo = b"" if inner.kind == "icmp" else pseudo
    octets = inner.octets[:at] + b"\0\0" + inner.octets[at + 2:]
    value = checksum(pseudo + octets)
    if inner.kind == "udp":
        value = value or 0xffff
        if len(pseudo) == 12 and rnd.randrange(2):
            value = 0
    return octets[:at] + u16(value) + octets[at + 2:]


# --- IP ---------------------------------------------------------------------

IP4_OPTIONS = (b"", b"", b"", b"\1\1\1\0", b"\x94\4\0\0", b"\7\7\4\0\0\0\0\0",
               b"\x44\x0c\5\0" + b"\0" * 8, b"\x82\x0b" + b"\0" * 9 + b"\0",
               b"\1" * 40)


def ip4(rnd, inner, plain=False):
    """RFC 791."""
    source, target = noise(rnd, 4), noise(rnd, 4)
    source, target = b"\x0a" + source[1:], b"\xac\x10" + target[2:]
    listed = b"" if plain else rnd.choice(IP4_OPTIONS)
    protocol = PROTOCOL.get(inner.kind, inner.kind)
    pseudo = source + target + b"\0" + bytes([protocol]) + \
        u16(len(inner.octets))
    octets = summed(rnd, inner, pseudo)
    length = 20 + len(listed) + len(octets)
    tos, ident, ttl = rnd.getrandbits(8), rnd.getrandbits(16), \
        rnd.randrange(1, 256)
    header = bytes([0x45 + len(listed) // 4, tos]) + u16(length) + \
        u16(ident) + u16(rnd.choice([0, 0x4000])) + bytes([ttl, protocol]) + \
        b"\0\0" + source + target + listed
    header = header[:10] + u16(checksum(header)) + header[12:]
    outer = Part("ip4", header + octets, inner.found)
    outer.way = inner.way
    return told_of_ip(outer, inner, ipaddress.IPv4Address(source),
                      ipaddress.IPv4Address(target),
                      ttl=str(ttl), tos=str(tos), ip_id=str(ident))


def told_of_ip(outer, inner, source, target, **values):
    """Only the innermost header tells more than addresses."""
    ends = f"{source}>{target}"
    outer = outer.wrapped(outer.kind, b"", outer.kind, ends=ends)
    if inner.kind == "tcp":
        outer.found.update(source=str(source), target=str(target), **values)
    return outer


def pad6(rnd):
    """A destination or hop-by-hop option that fills 6 octets, or more."""
    more = 8 * rnd.randrange(3)
    return bytes([more // 8]) + b"\1" + bytes([4 + more]) + b"\0" * (4 + more)


# By protocol number: everything behind the next header's number.
EXTENSIONS = {
    0: pad6, 60: pad6,
    43: lambda rnd: b"\2\4\0" + b"\0" * 4 + noise(rnd, 16),
    44: lambda rnd: b"\0\0\0" + noise(rnd, 4),
    51: lambda rnd: b"\4\0\0" + noise(rnd, 8) + noise(rnd, 12),
    135: lambda rnd: b"\0\0\0" + noise(rnd, 4),
    139: lambda rnd: b"\4\1\x21" + noise(rnd, 36),
    140: lambda rnd: b"\0\x80" + noise(rnd, 5),  # RFC 5533 section 5.3
}


def extended(rnd, inner, protocol):
    """IPv6 extension headers before what is inside; and the first number."""
    octets, numbers = b"", []
    for number in (0, 60, 43, 44, 51, 60):  # RFC 8200 section 4.1
        if rnd.randrange(4) == 0:
            numbers.append(number)
    if inner.kind == "tcp" and rnd.randrange(8) == 0:
        numbers.append(140)
    for number, after in zip(numbers, numbers[1:] + [protocol]):
        octets += bytes([after]) + EXTENSIONS[number](rnd)
    return octets, numbers + [protocol]


def ip6(rnd, inner, plain=False):
    """RFC 8200."""
    source = b"\x20\x01\x0d\xb8" + noise(rnd, 12)
    target = b"\x20\x01\x0d\xb8" + noise(rnd, 12)
    protocol = PROTOCOL.get(inner.kind, inner.kind)
    pseudo = source + target + u32(len(inner.octets)) + b"\0\0\0" + \
        bytes([protocol])
    octets = summed(rnd, inner, pseudo)
    front, numbers = (b"", [protocol]) if plain else \
        extended(rnd, inner, protocol)
    tos, label, ttl = rnd.getrandbits(8), rnd.getrandbits(20), \
        rnd.randrange(1, 256)
    header = u32(6 << 28 | tos << 20 | label) + \
        u16(len(front) + len(octets)) + bytes([numbers[0], ttl]) + source + target
    outer = Part("ip6", header + front + octets, inner.found)
    outer.way = inner.way + [f"+{number}" for number in numbers[-2::-1]]
    return told_of_ip(outer, inner, ipaddress.IPv6Address(source),
                      ipaddress.IPv6Address(target), ttl=str(ttl),
                      tos=str(tos), flow_label=str(label))


# --- What stands between a link and IP --------------------------------------

def mac(rnd):
    """An address of one host."""
    return b"\2" + noise(rnd, 5)


def ethernet(rnd, inner):
    """Ethernet II."""
    return inner.wrapped("eth", mac(rnd) + mac(rnd) + u16(ETHER[inner.kind]),
                         "ethernet")


def snap(_rnd, inner):
    """IEEE 802.2 with SNAP."""
    return inner.wrapped("llc", b"\xaa\xaa\3\0\0\0" + u16(ETHER[inner.kind]),
                         "snap")


def ethernet_snap(rnd, inner):
    """IEEE 802.3: a length, then 802.2."""
    inner = snap(rnd, inner)
    return inner.wrapped("eth", mac(rnd) + mac(rnd) + u16(len(inner.octets)),
                         "802.3")


def vlan(rnd, inner, kind=None):
    """A tag without the type that announces it: that is in front of it."""
    ident = rnd.randrange(1, 4095)
    tag = u16(rnd.randrange(16) << 12 | ident) + u16(ETHER[inner.kind])
    return inner.wrapped(kind or "vlan", tag, "vlan", vlan_ids=str(ident))


def ethernet_tags(rnd, inner, types):
    """Ethernet with a stack of tags, outermost type first."""
    for tag in reversed(types):
        name = f"vlan-{tag:04x}"
        ETHER[name] = tag
        inner = vlan(rnd, inner, name)
    return ethernet(rnd, inner)


def mpls(rnd, inner, depth=1):
    """RFC 3032; what follows is not told by it."""
    kind = inner.kind
    for at in range(depth):
        label = rnd.randrange(16, 1 << 20)
        inner = inner.wrapped(
            "mpls", u32(label << 12 | rnd.randrange(8) << 9 | (at == 0) << 8 |
                        rnd.randrange(1, 256)),
            f"mpls({kind})", labels=str(label))
    return inner


def pseudowire(rnd, inner):
    """RFC 4448: a control word, then Ethernet."""
    return inner.wrapped("pw", b"\0\0" + noise(rnd, 2), "pseudowire")


def ppp(rnd, inner, framed=None):
    """RFC 1661, with RFC 1662's address and control or without."""
    framed = rnd.randrange(2) if framed is None else framed
    return inner.wrapped("ppp", b"\xff\3" * framed + u16(PPP[inner.kind]),
                         "ppp-framed" if framed else "ppp")


def pppoe(rnd, inner):
    """RFC 2516, without Ethernet."""
    inner = ppp(rnd, inner, 0)
    session = rnd.randrange(1, 1 << 16)
    return inner.wrapped("pppoe", b"\x11\0" + u16(session) +
                         u16(len(inner.octets)), "pppoe",
                         sessions=str(session))


def pbb(rnd, inner):
    """IEEE 802.1ah: I-TAG with the customer's Ethernet."""
    ident = rnd.randrange(1, 1 << 24)
    return inner.wrapped("pbb", u32(rnd.randrange(16) << 28 | ident), "pbb",
                         isids=str(ident))


def etag(rnd, inner):
    """IEEE 802.1BR."""
    return inner.wrapped("etag", noise(rnd, 2) + u16(rnd.getrandbits(14)) +
                         b"\0\0" + u16(ETHER[inner.kind]), "etag")


def vntag(rnd, inner):
    """Cisco VN-Tag."""
    return inner.wrapped("vntag", u32(rnd.getrandbits(30)) +
                         u16(ETHER[inner.kind]), "vntag")


def cmd(rnd, inner):
    """Cisco MetaData with a security group tag."""
    return inner.wrapped("cmd", b"\1\1\0\1" + noise(rnd, 2) +
                         u16(ETHER[inner.kind]), "cmd")


def macsec(rnd, inner):
    """IEEE 802.1AE, neither encrypted nor changed; with an ICV."""
    explicit = rnd.randrange(2)
    size = len(inner.octets) + 2
    short = size if size < 48 else 0
    return inner.wrapped("macsec", bytes([0x20 * explicit, short]) +
                         noise(rnd, 4) + noise(rnd, 8 * explicit) +
                         u16(ETHER[inner.kind]), "macsec", noise(rnd, 16))


def fabricpath(rnd, inner):
    """Cisco FabricPath: takes the place of the outer Ethernet."""
    return inner.wrapped("eth", mac(rnd) + mac(rnd) + b"\x89\3" +
                         u16(rnd.getrandbits(16)), "fabricpath")


# --- Tunnels ----------------------------------------------------------------

def udp(rnd, inner, port, source=None):
    """RFC 768."""
    source = source or rnd.randrange(49152, 65000)
    return inner.wrapped("udp", u16(source) + u16(port) +
                         u16(8 + len(inner.octets)) + b"\0\0", f"udp-{port}")


def gre(rnd, inner, kind=None, sequenced=None):
    """RFC 2784 and 2890."""
    has_sum, has_key = rnd.randrange(2), rnd.randrange(2)
    has_seq = rnd.randrange(2) if sequenced is None else sequenced
    key = rnd.randrange(1, 1 << 32)
    front = u16(has_sum << 15 | has_key << 13 | has_seq << 12) + \
        u16(kind or ETHER[inner.kind])
    rest = (u32(key) if has_key else b"") + noise(rnd, 4 * has_seq)
    if has_sum:
        value = checksum(front + b"\0" * 4 + rest + inner.octets)
        front += u16(value) + b"\0\0"
    found = {"keys": str(key)} if has_key else {}
    return inner.wrapped("gre", front + rest, "gre", **found)


def nvgre(rnd, inner):
    """RFC 7637."""
    key = rnd.randrange(1, 1 << 32)
    return inner.wrapped("gre", b"\x20\0\x65\x58" + u32(key), "nvgre",
                         keys=str(key))


def pptp(rnd, inner):
    """RFC 2637: enhanced GRE."""
    inner = ppp(rnd, inner)
    has_seq, has_ack = 1, rnd.randrange(2)
    call = rnd.randrange(1, 1 << 16)
    key = u16(len(inner.octets)) + u16(call)
    return inner.wrapped("gre", u16(0x2001 | has_seq << 12 | has_ack << 7) +
                         b"\x88\x0b" + key + noise(rnd, 4 * has_seq) +
                         noise(rnd, 4 * has_ack), "pptp", keys=str(call))


def erspan(rnd, inner, version):
    """draft-foschiano-erspan: I has no header of its own."""
    if version == 1:
        return inner.wrapped("gre", b"\0\0\x88\xbe", "erspan-1")
    session = rnd.randrange(1, 1024)
    word = u16(rnd.randrange(8) << 13 | session)
    if version == 2:
        inner = inner.wrapped("erspan", u16(0x1000 | rnd.getrandbits(12)) +
                              word + u32(rnd.getrandbits(20)), "erspan-2",
                              spans=str(session))
        return inner.wrapped("gre", b"\x10\0\x88\xbe" + noise(rnd, 4), "gre")
    more = rnd.randrange(2)
    inner = inner.wrapped("erspan", u16(0x2000 | rnd.getrandbits(12)) + word +
                          noise(rnd, 4) + noise(rnd, 2) +
                          u16(0x8000 | rnd.getrandbits(6) << 4 | more) +
                          (b"\x0c" + noise(rnd, 7) if more else b""),
                          "erspan-3", spans=str(session))
    return inner.wrapped("gre", b"\x10\0\x22\xeb" + noise(rnd, 4), "gre")


def vxlan(rnd, inner):
    """RFC 7348."""
    vni = rnd.randrange(1, 1 << 24)
    return udp(rnd, inner.wrapped("vxlan", b"\x08\0\0\0" + u24(vni) + b"\0",
                                  "vxlan", vnis=str(vni)), 4789)


def vxlan_gpe(rnd, inner):
    """draft-ietf-nvo3-vxlan-gpe."""
    vni = rnd.randrange(1, 1 << 24)
    number = {"ip4": 1, "ip6": 2, "eth": 3, "nsh": 4}[inner.kind]
    return udp(rnd, inner.wrapped("vxlan", b"\x0c\0\0" + bytes([number]) +
                                  u24(vni) + b"\0", "vxlan-gpe",
                                  vnis=str(vni)), 4790)


def geneve(rnd, inner):
    """RFC 8926, with options."""
    vni = rnd.randrange(1, 1 << 24)
    listed = b""
    for _ in range(rnd.randrange(3)):
        words = rnd.randrange(4)
        listed += noise(rnd, 2) + bytes([rnd.randrange(128), words]) + \
            noise(rnd, 4 * words)
    return udp(rnd, inner.wrapped(
        "geneve", bytes([len(listed) // 4, 0]) + u16(ETHER[inner.kind]) +
        u24(vni) + b"\0" + listed, "geneve", vnis=str(vni)), 6081)


def gtpu(rnd, inner):
    """3GPP TS 29.281, with extension headers."""
    teid = rnd.randrange(1, 1 << 32)
    flags, more = 0x30, b""
    if rnd.randrange(2):
        flags |= rnd.choice([1, 2, 3, 4, 6, 7])
        more = noise(rnd, 2) + noise(rnd, 1)
        if flags & 4:
            more += b"\x85\1" + b"\x10\7" + \
                rnd.choice([b"\0", b"\x40\1\x12\x34\0", b"\xc0\2" + b"\0" * 7])
        else:
            more += b"\0"
    return udp(rnd, inner.wrapped(
        "gtpu", bytes([flags, 255]) + u16(len(more) + len(inner.octets)) +
        u32(teid) + more, "gtpu", teids=str(teid)), 2152)


def teredo(rnd, inner):
    """RFC 4380: authentication and origin before IPv6."""
    front = b""
    if rnd.randrange(2):
        client, value = rnd.randrange(5), rnd.randrange(5)
        front += b"\0\1" + bytes([client, value]) + \
            noise(rnd, client + value + 8) + b"\0"
    if rnd.randrange(2):
        front += b"\0\0" + noise(rnd, 6)
    return udp(rnd, inner.wrapped("teredo", front, "teredo"), 3544)


def ayiya(rnd, inner):
    """draft-massar-v6ops-ayiya."""
    size = rnd.randrange(5)
    words = rnd.choice([0, 5])
    return udp(rnd, inner.wrapped(
        "ayiya", bytes([size << 4 | 1, words << 4 | 2, 0x11,
                        PROTOCOL[inner.kind]]) + noise(rnd, 4) +
        noise(rnd, 1 << size) + noise(rnd, 4 * words), "ayiya"), 5072)


def nsh(rnd, inner):
    """RFC 8300, metadata of type 1 or 2."""
    path = rnd.randrange(1, 1 << 24)
    number = {"ip4": 1, "ip6": 2, "eth": 3, "mpls": 5}[inner.kind]
    kind = rnd.choice([1, 2])
    context = noise(rnd, 16) if kind == 1 else rnd.choice(
        [b"", b"\1\2\3\4" + noise(rnd, 4), b"\1\2\3\0"])
    words = 2 + len(context) // 4
    return inner.wrapped("nsh", u16(63 << 6 | words) + bytes([kind, number]) +
                         u24(path) + b"\xff" + context, "nsh",
                         paths=str(path))


def l2tp(rnd, inner):
    """RFC 2661: a data message."""
    inner = ppp(rnd, inner)
    flags = rnd.choice([0, 0x4000]) | rnd.choice([0, 0x0800]) | \
        rnd.choice([0, 0x0200]) | rnd.choice([0, 0x0100])
    session = rnd.randrange(1, 1 << 16)
    rest = noise(rnd, 2) + u16(session)
    rest += noise(rnd, 4) if flags & 0x0800 else b""
    rest += rnd.choice([b"\0\0", b"\0\2zz"]) if flags & 0x0200 else b""
    size = b""
    if flags & 0x4000:
        size = u16(4 + len(rest) + len(inner.octets))
    return udp(rnd, inner.wrapped("l2tp", u16(flags | 2) + size + rest,
                                  "l2tp"), 1701, 1701)


def etherip(_rnd, inner):
    """RFC 3378."""
    return inner.wrapped("etherip", b"\x30\0", "etherip")


def ah(rnd, inner):
    """RFC 4302, over IPv4."""
    spi = rnd.randrange(256, 1 << 32)
    return inner.wrapped("ah", bytes([PROTOCOL[inner.kind], 4]) + b"\0\0" +
                         u32(spi) + noise(rnd, 4) + noise(rnd, 12), "ah")


def capwap(rnd, inner):
    """RFC 5415: IEEE 802.11 as it is, or 802.3."""
    native = inner.kind == "wifi"
    radio = rnd.randrange(2) if native else 0
    words = 4 if radio else 2
    front = u32(words << 19 | 1 << 14 | 1 << 9 | native << 8 | radio << 4)
    return udp(rnd, inner.wrapped(
        "capwap", front + b"\0" * 4 +
        (b"\6" + mac(rnd) + b"\0" if radio else b""), "capwap"), 5247)


def tzsp(rnd, inner):
    """TZSP: tags, then Ethernet or IEEE 802.11."""
    tags = rnd.choice([b"", b"\0", b"\x0a\1\xd8", b"\x29\2\0\x63\0"]) + b"\1"
    kind = 1 if inner.kind == "eth" else 18
    return udp(rnd, inner.wrapped("tzsp", b"\1\0" + u16(kind) + tags,
                                  "tzsp"), 37008)
