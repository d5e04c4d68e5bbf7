#!/usr/bin/env python3
"""many_streams.py FILE MEGABYTES: a capture of 1000 connections that take turns.

Each turn is a segment of 1448 octets, so that whoever writes streams to files
and keeps few of them open has to open one for each packet.
"""
import struct
import sys

CONNECTIONS = 1000
PAYLOAD = bytes(range(256)) * 5 + bytes(168)


def packet(port, seq):
    """An IPv4 packet: data from 10.0.0.1 PORT to 10.0.0.2 80."""
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 40 + len(PAYLOAD), 0, 0, 64, 6,
                     0, bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2]))
    tcp = struct.pack(">HHIIBBHHH", port, 80, seq, 1, 0x50, 0x18, 65535, 0, 0)
    return ip + tcp + PAYLOAD


def main():
    """Writes turns until the file is long enough."""
    most = int(sys.argv[2]) * 1000000
    with open(sys.argv[1], "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        number = 0
        while out.tell() < most:
            seq = 1 + number // CONNECTIONS * len(PAYLOAD)
            record = packet(10000 + number % CONNECTIONS, seq)
            out.write(struct.pack("<IIII", number // 1000000, number % 1000000,
                                  len(record), len(record)))
            out.write(record)
            number += 1


main()
