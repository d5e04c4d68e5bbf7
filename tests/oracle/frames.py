"""Captures as lists of frames, and TCP's numbers in them changed.

Reads and writes the classic pcap format of the ground-truth lab: Ethernet with
or without VLAN tags, or raw IP.
"""
import struct

ETHERNET, RAW = 1, 101
TAGS = (0x8100, 0x88a8)


class Capture:
    """A file header and (nanoseconds or microseconds, octets) per frame."""

    def __init__(self, path):
        with open(path, "rb") as f:
            octets = f.read()
        self.header = octets[:24]
        self.link = struct.unpack_from("<I", octets, 20)[0]
        nano = struct.unpack_from("<I", octets)[0] == 0xa1b23c4d
        self.unit = 10 ** 9 if nano else 10 ** 6
        self.frames, at = [], 24
        while at + 16 <= len(octets):
            seconds, part, held, length = struct.unpack_from("<4I", octets, at)
            frame = octets[at + 16:at + 16 + held]
            self.frames.append((seconds * self.unit + part, frame, length))
            at += 16 + held

    def write(self, path, frames):
        """Writes other frames under the same header."""
        with open(path, "wb") as f:
            f.write(self.header)
            for time, frame, length in frames:
                f.write(struct.pack("<4I", time // self.unit, time % self.unit,
                                    len(frame), length) + frame)


def network_at(frame, link):
    """Where the IP header begins; None if there is none."""
    if link == RAW:
        return 0
    at = 12
    while len(frame) >= at + 6:
        kind, = struct.unpack_from(">H", frame, at)
        if kind not in TAGS:
            return at + 2 if kind in (0x0800, 0x86dd) else None
        at += 4
    return None


def headers_at(frame, at):
    """(source, destination, protocol, where the next header begins)."""
    if frame[at] >> 4 == 4:
        size = (frame[at] & 15) * 4
        return (frame[at + 12:at + 16], frame[at + 16:at + 20], frame[at + 9],
                at + size)
    return (frame[at + 8:at + 24], frame[at + 24:at + 40], frame[at + 6],
            at + 40)


def segments_in(frame, link):
    """The TCP headers of a frame: ((address, port), (address, port), where,
    whether an ICMP error quotes it)."""
    at = network_at(frame, link)
    quoted = False
    while at is not None and len(frame) >= at + 40:
        source, destination, protocol, after = headers_at(frame, at)
        if protocol == 6 and len(frame) >= after + 8:
            ports = struct.unpack_from(">HH", frame, after)
            yield ((source, ports[0]), (destination, ports[1]), after, quoted)
            return
        at = after + 8 if protocol in (1, 58) and not quoted else None
        quoted = True


def add(frame, at, number):
    """Adds to a 32-bit number in place."""
    old, = struct.unpack_from(">I", frame, at)
    struct.pack_into(">I", frame, at, (old + number) & 0xffffffff)


def shift_options(frame, start, end, own, other):
    """Moves the numbers of the SACK blocks and the timestamps."""
    at = start
    while at + 1 < end and frame[at] != 0:
        kind, size = frame[at], frame[at + 1]
        if kind == 1:
            at += 1
            continue
        if size < 2 or at + size > end:
            return
        if kind == 5:
            for block in range(at + 2, at + size - 3, 4):
                add(frame, block, other)
        elif kind == 8 and size == 10:
            echoed = any(frame[at + 6:at + 10])
            add(frame, at + 2, own)
            if echoed:
                add(frame, at + 6, other)
        at += size


def shifted(frame, link, shift_of):
    """A frame with the numbers of its TCP header moved.

    shift_of answers for a sender and a receiver by how much the sender's
    numbers move.  Checksums are left as they are.
    """
    frame = bytearray(frame)
    for source, destination, at, quoted in segments_in(bytes(frame), link):
        own = shift_of(source, destination)
        other = shift_of(destination, source)
        add(frame, at + 4, own)
        if quoted or len(frame) < at + 20:
            continue
        if frame[at + 13] & 16:
            add(frame, at + 8, other)
        end = min(len(frame), at + (frame[at + 12] >> 4) * 4)
        shift_options(frame, at + 20, end, own, other)
    return bytes(frame)
