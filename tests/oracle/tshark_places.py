"""Where the numbers of tshark's own fields put the octets of a direction.

`follow` writes octets in an order of its own: from the first segment that it
sees, without those that it thinks it has, and with what stands behind a FIN.
Its fields say what each segment is; stream_files.Heard puts them in order.
"""
import collections
import ipaddress
import struct
import subprocess

import plain_capture
import ranges
import stream_files

FIELDS = ("tcp.stream", "frame.number", "frame.time_epoch", "frame.cap_len",
          "ip.src",
          "ip.dst", "ipv6.src", "ipv6.dst", "tcp.srcport", "tcp.dstport",
          "tcp.seq_raw", "tcp.ack_raw", "tcp.flags", "tcp.len", "tcp.payload")
NUMBERS = FIELDS[8:14]


def innermost(cell):
    """Of several layers the last."""
    return cell.rsplit(",", 1)[-1]


def address(line, four, six):
    """Of the innermost packet; of two families nobody knows which it is."""
    if bool(line[four]) == bool(line[six]):
        return None
    return str(ipaddress.ip_address(innermost(line[four] or line[six])))


def snapshot_length(capture):
    """What the header of a pcap file says; of another, no limit."""
    with open(capture, "rb") as file:
        header = file.read(20)
    for order in "<>":
        magic, length = struct.unpack(order + "I12xI", header)
        if magic in (0xa1b2c3d4, 0xa1b23c4d) and length:
            return length
    return 1 << 31


def segment_of(line, snapshot):
    """One of plain_capture's, or None.  libpcap gives no more of a frame than
    the file's snapshot length."""
    source = address(line, "ip.src", "ipv6.src")
    target = address(line, "ip.dst", "ipv6.dst")
    if None in (source, target) or not all(line[n] for n in NUMBERS):
        return None
    number = {name: int(innermost(line[name]), 0) for name in NUMBERS}
    octets = bytes.fromhex(innermost(line["tcp.payload"]))
    beyond = max(0, int(line["frame.cap_len"]) - snapshot)
    return plain_capture.Segment(
        int(line["frame.number"]), float(line["frame.time_epoch"]),
        (source, number["tcp.srcport"]), (target, number["tcp.dstport"]),
        number["tcp.seq_raw"], number["tcp.ack_raw"], number["tcp.flags"],
        octets[:max(0, len(octets) - beyond)], number["tcp.len"], False)


def segments(program, capture):
    """By sender and receiver, and by tshark's stream: the segments of both."""
    command = [program, "-n", "-r", capture, "-Y", "tcp && !icmp && !icmpv6",
               "-T", "fields", "-o", "tcp.desegment_tcp_streams:FALSE"]
    for name in FIELDS:
        command += ["-e", name]
    run = subprocess.run(command, text=True, check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    snapshot = snapshot_length(capture)
    for cells in run.stdout.splitlines():
        line = dict(zip(FIELDS, cells.split("\t")))
        segment = segment_of(line, snapshot)
        if segment is not None:
            stream = int(innermost(line["tcp.stream"]))
            for key in ((segment.source, segment.target),
                        (segment.target, segment.source)):
                found[key][stream].append(segment)
    return found


class Part:
    """One connection's direction as the library tells it: octets with holes
    filled, and the holes."""

    def __init__(self, filled, holes):
        self.filled, self.holes = filled, holes

    def told(self):
        """The ranges that are no hole."""
        return ranges.holes([(a, a + n) for a, n in self.holes],
                            len(self.filled))


def within(pieces, first, last):
    """The parts of ranges that lie in another."""
    return [(max(a, first), min(b, last)) for a, b in pieces
            if max(a, first) < min(b, last)]


def stands_there(heard, got, part):
    """Whether each octet that is told was captured with that number."""
    return all(part.filled[a:b] == heard.octets[a:b] and
               within(got, a, b) == [(a, b)] for a, b in part.told())


def part_why(heard, part):
    """Why one connection is right; None if it is not."""
    got = ranges.merged(heard.captured()[0])
    if not stands_there(heard, got, part):
        return None
    told, late = part.told(), ranges.merged(heard.lates)
    missing = [r for hole in ranges.holes(told, heard.length())
               for r in within(got, *hole)]
    if not missing:
        return "tshark's own fields put the octets where they are"
    if all(within(late, *r) == [r] for r in missing):
        return "tshark's own fields say so; and what came after its ACK: a gap"
    return None


def split(segments):
    """At each SYN that begins another connection: its number is not that of
    its sender's last SYN, or both directions have ended."""
    parts, begun, ended = [[]], {}, set()
    for s in segments:
        if s.flags & plain_capture.SYN:
            if begun.get(s.source, s.seq) != s.seq or len(ended) == 2:
                parts.append([])
                begun, ended = {}, set()
            begun[s.source] = s.seq
        if s.flags & plain_capture.FIN:
            ended.add(s.source)
        parts[-1].append(s)
    return parts


def connections(streams, sender):
    """What each connection has of a direction, in order.  What begins without
    a SYN goes on with the stream before: tshark sometimes takes one for two.
    """
    whole = []
    for _, found in sorted(streams.items()):
        if whole and not any(s.flags & plain_capture.SYN for s in found):
            whole[-1] += found
        else:
            whole.append(list(found))
    heard = [stream_files.Heard(without_refused(part, sender), sender)
             for found in whole for part in split(found)]
    return [h for h in heard if h.captured()[1]]


def without_refused(segments, sender):
    """What a SYN carries and no SYN,ACK follows is no data
    (RFC 9293 section 3.4)."""
    both = plain_capture.SYN | plain_capture.ACK
    if any(s.source != sender and s.flags & both == both for s in segments):
        return segments
    return [s._replace(octets=b"", length=0)
            if s.source == sender and s.flags & both == plain_capture.SYN
            else s for s in segments]


def why(streams, key, parts):
    """Why a direction is right: it has as many connections with octets as
    tshark's fields, and each is right."""
    heard = connections(streams, key[0])
    parts = [part for part in parts if part.told()]
    if len(heard) != len(parts):
        return None
    reasons = {part_why(h, part) for h, part in zip(heard, parts)}
    return None if None in reasons or not reasons else max(reasons, key=len)


def jumps(streams, sender):
    """Whether a segment lies where the library believes it at the third that
    agrees only (lib/segment/plausible.c): more than 2^24 octets ahead of all
    that was sent or acknowledged."""
    for segments in streams.values():
        most = None
        for s in segments:
            at = s.seq if s.source == sender else s.ack
            if s.source != sender and not s.flags & plain_capture.ACK:
                continue
            if most is None or stream_files.signed(at - most) >= 0:
                if most is not None and s.source == sender and \
                        stream_files.signed(at - most) > 1 << 24:
                    return True
                most = at + s.length * (s.source == sender)
    return False
