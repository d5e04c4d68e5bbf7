"""Frames that hold more or less than one segment: ICMP errors that quote one
(RFC 792, RFC 4443), aggregates of several (IEEE 802.11), and fragments of one
(RFC 791, RFC 8200); see made_headers.py."""
import copy
import random

import made_headers as h
import made_links

# Type, code and whether the rest of the header tells an MTU.
ERRORS4 = ((3, 0, 0), (3, 1, 0), (3, 3, 0), (3, 4, 1), (3, 13, 0), (4, 0, 0),
           (5, 1, 0), (11, 0, 0), (11, 1, 0), (12, 0, 0))
ERRORS6 = ((1, 0, 0), (1, 4, 0), (2, 0, 1), (3, 0, 0), (4, 0, 0), (4, 1, 0))
# From how many octets of the TCP header on a value is known.
KNOWN = {"source_port": 4, "port": 4, "seq": 8, "ack": 12, "flags": 14,
         "header": 14, "window": 16, "urgent": 20}


def told_of_quote(found, quoted):
    """What is left of what a segment says."""
    kept = {name: found[name] for name, end in KNOWN.items() if quoted >= end}
    for name in ("source", "target", "ttl", "tos", "ends", "ip_id",
                 "flow_label"):
        if name in found:
            kept[name] = found[name]
    return kept


def error(rnd, version):
    """An ICMP error; what is quoted of the segment is cut somewhere."""
    quote = (h.ip4 if version == 4 else h.ip6)(rnd, h.tcp(rnd), version == 6)
    front = (quote.octets[0] & 15) * 4 if version == 4 else 40
    header = int(quote.found["header"])
    size = rnd.choice([8, 8, 12, 16, 20, header, len(quote.octets) - front])
    kind, code, tells = rnd.choice(ERRORS4 if version == 4 else ERRORS6)
    mtu = rnd.randrange(68, 65536) if tells else 0
    rest = h.u32(mtu) if tells else b"\0\0\0\0"
    body = rest + quote.octets[:front + size]
    inner = h.Part("icmp" if version == 4 else "icmp6",
                   bytes([kind, code]) + b"\0\0" + body, {})
    inner.found = told_of_quote(quote.found, min(size, header))
    inner.found.update(icmp_type=str(kind), icmp_code=str(code),
                       icmp_mtu=str(mtu), quoted=str(min(size, header)))
    inner.way = quote.way + [f"icmp-{kind}-{code}", f"{size} octets"]
    inner.found["kind"] = "icmp-error"
    return inner


def aggregate(rnd, maker):
    """An A-MSDU of two or three segments, and what each says."""
    parts = [maker.ip() for _ in range(rnd.randrange(2, 4))]
    octets = b""
    for at, part in enumerate(parts):
        inner = h.snap(rnd, part).octets
        more = h.mac(rnd) + h.mac(rnd) + h.u16(len(inner)) + inner
        octets += more + b"\0" * (-len(more) % 4 if at + 1 < len(parts) else 0)
    frame = made_links.wifi(rnd, h.Part("amsdu", octets, {}))
    frame.way = ["; ".join(" ".join(reversed(p.way)) for p in parts)] + \
        frame.way
    return frame, [part.found for part in parts]


def pieces_of(rnd, size):
    """Where to cut a payload: multiples of 8."""
    places = {0}
    for _ in range(rnd.randrange(1, 5)):
        places.add(8 * rnd.randrange(1, max(2, (size + 7) // 8)))
    places = sorted(place for place in places if place < size)
    return list(zip(places, places[1:] + [size]))


def fragments4(rnd, whole):
    """Fragments of an IPv4 datagram."""
    size = (whole.octets[0] & 15) * 4
    header, payload = whole.octets[:size], whole.octets[size:]
    for start, end in pieces_of(rnd, len(payload)):
        front = header[:2] + h.u16(size + end - start) + header[4:6] + \
            h.u16((end < len(payload)) << 13 | start // 8) + header[8:10] + \
            b"\0\0" + header[12:]
        yield front[:10] + h.u16(h.checksum(front)) + front[12:] + \
            payload[start:end]


def fragments6(rnd, whole):
    """Fragments of an IPv6 datagram without extension headers."""
    header, payload, ident = whole.octets[:40], whole.octets[40:], \
        h.noise(rnd, 4)
    for start, end in pieces_of(rnd, len(payload)):
        yield header[:4] + h.u16(8 + end - start) + b"\x2c" + header[7:] + \
            header[6:7] + b"\0" + h.u16(start | (end < len(payload))) + \
            ident + payload[start:end]


def fragmented(rnd, maker, around):
    """Fragments in any order, each with what is AROUND it; the last one to come
    tells the segment."""
    version = rnd.choice([4, 6])
    whole = maker.ip(version, h.tcp(rnd, rnd.choice([0, 30, 200, 999])),
                     plain=version == 6)
    cut = fragments4 if version == 4 else fragments6
    parts = []
    for octets in cut(rnd, whole):
        part = h.Part(f"ip{version}", octets, {})
        part.way = [f"fragment-ip{version}"]
        parts.append(part)
    rnd.shuffle(parts)
    seed = rnd.getrandbits(32)  # All of them come through one tunnel.
    frames = []
    for part in parts:
        maker.rnd = random.Random(seed)
        frames.append(around(maker, part))
        frames[-1].found = {}
    maker.rnd = rnd
    frames[-1].found = copy.deepcopy(whole.found)
    del frames[-1].found["ends"]
    return frames


AROUND = {
    "ethernet": lambda m, part: m.eth(part),
    "gre": lambda m, part: m.over_ip(h.gre(m.rnd, part)),
    "vxlan": lambda m, part: m.over_ip(h.vxlan(m.rnd, m.eth(part))),
    "gtpu": lambda m, part: m.over_ip(h.gtpu(m.rnd, part)),
    "mpls": lambda m, part: m.eth(h.mpls(m.rnd, part)),
    "pppoe": lambda m, part: m.eth(h.pppoe(m.rnd, part)),
}
