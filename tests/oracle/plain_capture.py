"""The TCP segments of a capture, read without the library and without a tool.

Of the formats only what the ground-truth lab writes: little-endian pcap with
Ethernet and its tags, raw IP, Linux cooked captures; IPv4 with fragments, IPv6.
"""
import collections
import socket
import struct

Segment = collections.namedtuple(
    "Segment", "frame time source target seq ack flags octets length sum_wrong")
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


def frames(path):
    """(number, time, link type, octets) of each frame."""
    with open(path, "rb") as file:
        magic, link = struct.unpack("<I16xI", file.read(24))
        unit = {0xa1b2c3d4: 1e6, 0xa1b23c4d: 1e9}[magic]
        number = 0
        while len(record := file.read(16)) == 16:
            seconds, part, captured, _ = struct.unpack("<4I", record)
            number += 1
            yield number, seconds + part / unit, link, file.read(captured)


def network(link, frame):
    """The IP packet of a frame; empty if it is something else."""
    if link == 101:
        return frame
    kind, at = {1: (12, 14), 113: (14, 16), 276: (0, 20)}[link]
    ether = frame[kind:kind + 2]
    while ether in (b"\x81\x00", b"\x88\xa8"):
        ether, at = frame[at + 2:at + 4], at + 4
    return frame[at:] if ether in (b"\x08\x00", b"\x86\xdd") else b""


def folded(octets):
    """The sum of RFC 1071, before it is complemented."""
    if len(octets) % 2:
        octets += b"\0"
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    return total


class Reader:
    """Keeps the fragments of what is not whole yet."""

    def __init__(self):
        self.parts = collections.defaultdict(dict)

    def datagram(self, packet):
        """(source, target, pseudo-header's addresses, payload as far as
        captured, its length) of TCP; None if there is none."""
        version = packet[0] >> 4 if packet else 0
        if version == 4 and len(packet) >= 20 and packet[9] == 6:
            return self.datagram4(packet)
        if version == 6 and len(packet) >= 40 and packet[6] == 6:
            length = struct.unpack_from(">H", packet, 4)[0]
            return (socket.inet_ntop(socket.AF_INET6, packet[8:24]),
                    socket.inet_ntop(socket.AF_INET6, packet[24:40]),
                    packet[8:40], packet[40:40 + length], length)
        return None

    def datagram4(self, packet):
        """The same of IPv4, with a right checksum of the header."""
        head = 4 * (packet[0] & 15)
        total, name, place = struct.unpack_from(">HHH", packet, 2)
        if folded(packet[:head]) != 0xffff:
            return None
        octets, length = packet[head:total], total - head
        if place & 0x3fff:
            octets = self.whole((packet[12:20], name), place, octets)
            length = len(octets)
        return (socket.inet_ntop(socket.AF_INET, packet[12:16]),
                socket.inet_ntop(socket.AF_INET, packet[16:20]),
                packet[12:20], octets, length)

    def whole(self, key, place, octets):
        """All of a datagram once its last fragment is there, else nothing."""
        parts = self.parts[key]
        parts[8 * (place & 0x1fff)] = octets
        if not place & 0x2000:
            parts["end"] = 8 * (place & 0x1fff) + len(octets)
        found = b""
        while len(found) in parts and parts[len(found)]:
            found += parts[len(found)]
        if len(found) != parts.get("end"):
            return b""
        del self.parts[key]
        return found


def segments(path):
    """All TCP segments whose header was captured, in order."""
    reader = Reader()
    for number, time, link, frame in frames(path):
        found = reader.datagram(network(link, frame))
        if found is None or len(found[3]) < 20:
            continue
        source, target, addresses, octets, length = found
        sport, dport, seq, ack, offset, flags = \
            struct.unpack_from(">HHIIBB", octets)
        head = 4 * (offset >> 4)
        if not 20 <= head <= length:
            continue
        wrong = len(octets) == length and folded(
            addresses + struct.pack(">II", 6, length) + octets) != 0xffff
        yield Segment(number, time, (source, sport), (target, dport), seq, ack,
                      flags, octets[head:], length - head, wrong)
