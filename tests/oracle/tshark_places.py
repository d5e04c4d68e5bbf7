"""Where the numbers of tshark's own fields put the octets of a direction.

`follow` writes octets in an order of its own: from the first segment that it
sees, without those that it thinks it has, and with what stands behind a FIN.
Its fields say what each segment is; stream_files.Heard puts them in order.
"""
import bisect
import ipaddress
import struct
import subprocess

import plain_capture
import ranges
import stream_files
from stream_files import signed

FIELDS = ("tcp.stream", "frame.number", "frame.time_epoch", "frame.cap_len",
          "ip.src",
          "ip.dst", "ipv6.src", "ipv6.dst", "tcp.srcport", "tcp.dstport",
          "tcp.seq_raw", "tcp.ack_raw", "tcp.flags", "tcp.len", "tcp.payload",
          "frame.protocols")
NUMBERS = FIELDS[8:14]
PLACES = "tshark's own fields put the octets where they are"
CUT = "what exceeds the file's snapshot length is cut by libpcap"
LATE = "what came long after it was acknowledged was a gap by then"
IDLE = 2 * 3600 + 4 * 60  # Seconds: RFC 5382 section 5.
UNHEARD = 5 * 60  # Seconds, where only one endpoint was heard.
JUMP = 1 << 24  # Octets: a number so far ahead is nonsense.
RESET_WAIT = 2  # Seconds for which the end by a RST is in doubt.
NO_DATA = {
    "a RST's": "what a RST carries is no data (RFC 9293 3.10.7.4)",
    "a SYN's": "what an unanswered SYN carries is no data (RFC 9293 3.4)",
    "nonsense": "a SYN and FIN at once begins no connection",
    "no ACK": "what comes without an ACK is no data (RFC 9293 3.10.7.4)"}


def first(cell):
    """Of several TCP headers in each other the outer one."""
    return cell.split(",", 1)[0]


def addresses(line):
    """The sender's and receiver's of the packet that has it; None where that
    is quoted by an ICMP error."""
    layers = line["frame.protocols"].partition(":tcp")[0].split(":")
    kinds = [layer for layer in layers if layer in ("ip", "ipv6")]
    if not kinds or "icmp" in layers or "icmpv6" in layers:
        return None
    nth = kinds.count(kinds[-1]) - 1
    cells = [line[kinds[-1] + end].split(",") for end in (".src", ".dst")]
    return [str(ipaddress.ip_address(cell[nth])) for cell in cells]


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
    ends = addresses(line)
    if ends is None or not all(line[n] for n in NUMBERS):
        return None
    source, target = ends
    number = {name: int(first(line[name]), 0) for name in NUMBERS}
    octets = bytes.fromhex(first(line["tcp.payload"]))
    beyond = max(0, int(line["frame.cap_len"]) - snapshot)
    return plain_capture.Segment(
        int(line["frame.number"]), float(line["frame.time_epoch"]),
        (source, number["tcp.srcport"]), (target, number["tcp.dstport"]),
        number["tcp.seq_raw"], number["tcp.ack_raw"], number["tcp.flags"],
        octets[:max(0, len(octets) - beyond)], number["tcp.len"], False)


def segments(program, capture, _=0):
    """By sender and receiver, and by tshark's stream: the segments of both.
    Time does not run backwards."""
    command = [program, "-n", "-r", capture, "-Y", "tcp",
               "-T", "fields", "-o", "tcp.desegment_tcp_streams:FALSE"]
    for name in FIELDS:
        command += ["-e", name]
    run = subprocess.run(command, text=True, check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    found, now = {}, 0.0
    snapshot = snapshot_length(capture)
    for cells in run.stdout.splitlines():
        line = dict(zip(FIELDS, cells.split("\t")))
        segment = segment_of(line, snapshot)
        if segment is not None:
            now = max(now, segment.time)
            segment = segment._replace(time=now)
            stream = int(first(line["tcp.stream"]))
            for key in ((segment.source, segment.target),
                        (segment.target, segment.source)):
                found.setdefault(key, {}).setdefault(stream, []) \
                    .append(segment)
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

    def octets(self):
        """Those that are in no hole."""
        return b"".join(self.filled[a:b] for a, b in self.told())


def within(pieces, first, last):
    """The parts of sorted ranges that lie in another."""
    begin = bisect.bisect_left(pieces, (first, 0))
    end = bisect.bisect_left(pieces, (last, 0))
    return [(max(a, first), min(b, last))
            for a, b in pieces[max(0, begin - 1):end]
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
        return PLACES
    return LATE if all(within(late, *r) == [r] for r in missing) else None


def begins(segment):
    """Whether it is a SYN that makes sense."""
    nonsense = plain_capture.FIN | plain_capture.RST
    return segment.flags & plain_capture.SYN and not segment.flags & nonsense


class Splitter:
    """Parts segments into connections: at a SYN whose number is not that of
    its sender's last one, or behind two FINs; at a time in which a connection
    is given up; and where the sender of a RST goes on after `end` was told."""

    def __init__(self):
        self.parts = []
        self.begin(0.0)

    def begin(self, time):
        """Another connection."""
        self.parts.append([])
        self.begun, self.ended, self.next = {}, set(), {}
        self.last, self.reset, self.sources = time, None, set()

    def is_new(self, segment):
        """Whether it is of another connection."""
        if begins(segment):
            return len(self.ended) == 2 or \
                self.begun.get(segment.source, segment.seq) != segment.seq
        wait = IDLE if len(self.sources) > 1 else UNHEARD
        return segment.time > self.last + wait or \
            self.is_over(segment) and segment.source == self.reset.source \
            and segment.length != 0 and \
            signed(segment.seq - self.next[segment.source]) >= 0

    def is_over(self, segment):
        """Whether a RST has ended it."""
        return self.reset is not None and \
            segment.time >= self.reset.time + RESET_WAIT

    def take_end(self, segment):
        """A FIN; or a RST with its sender's next number, until its sender goes
        on in time."""
        if segment.flags & plain_capture.RST:
            if self.next.get(segment.source) == segment.seq and \
                    self.reset is None:
                self.reset = segment
        elif self.reset is not None and segment.source == self.reset.source:
            self.reset = None
        elif segment.flags & plain_capture.FIN:
            self.ended.add(segment.source)

    def add(self, segment):
        """The next one."""
        if self.parts[-1] and self.is_new(segment):
            self.begin(segment.time)
        if self.is_over(segment):
            return
        if begins(segment):
            self.begun[segment.source] = segment.seq
        self.take_end(segment)
        self.last = segment.time
        self.sources.add(segment.source)
        if signed(segment.seq - self.next.get(segment.source, segment.seq)) \
                >= JUMP:
            segment = segment._replace(octets=b"", length=0)
        end = segment.seq + segment.length + bool(begins(segment))
        if 0 <= signed(end - self.next.get(segment.source, end)) < JUMP:
            self.next[segment.source] = end % (1 << 32)
        self.parts[-1].append(segment)


def split(segments):
    """Those of each connection."""
    splitter = Splitter()
    for segment in segments:
        splitter.add(segment)
    return splitter.parts


def no_data(segment, answered):
    """Whether, and why, no octet of a segment is data."""
    if segment.flags & plain_capture.RST:
        return "a RST's"
    if segment.flags & plain_capture.SYN:
        if segment.flags & plain_capture.FIN:
            return "nonsense"
        return None if answered else "a SYN's"
    return None if segment.flags & plain_capture.ACK else "no ACK"


def is_answered(segments, sender):
    """Whether a SYN was answered by a SYN and ACK, and that by an ACK."""
    both = plain_capture.SYN | plain_capture.ACK
    kinds = {s.flags & both for s in segments if s.source == sender}
    wanted = both if plain_capture.SYN in kinds else plain_capture.ACK
    return any(s.flags & both == wanted for s in segments
               if s.source != sender)


def without_refused(segments, sender, reasons):
    """Empties what is no data, and notes why."""
    answered = is_answered(segments, sender)
    for segment in segments:
        why = no_data(segment, answered)
        if segment.source == sender and why:
            if segment.length:
                reasons.add(NO_DATA[why])
            segment = segment._replace(octets=b"", length=0)
        elif segment.source == sender and \
                len(segment.octets) < segment.length:
            reasons.add(CUT)
        yield segment


def connections(streams, sender, reasons):
    """What each connection has of a direction, in order.  What begins without
    a SYN goes on with the stream before: tshark sometimes takes one for two.
    """
    whole = []
    for _, found in sorted(streams.items()):
        if whole and not any(begins(s) for s in found):
            whole[-1] += found
        else:
            whole.append(list(found))
    heard = [stream_files.Heard(
        list(without_refused(part, sender, reasons)), sender)
        for found in whole for part in split(found)]
    return [h for h in heard if h.captured()[1]]


def why(streams, key, parts):
    """Why a direction is right: it has as many connections with octets as
    tshark's fields, and each is right."""
    refused = set()
    heard = connections(streams, key[0], refused)
    if len(heard) != len(parts):
        parts = [part for part in parts if part.told()]
    if len(heard) != len(parts):
        return None
    reasons = {part_why(h, part) for h, part in zip(heard, parts)}
    if None in reasons or not reasons | refused:
        return None
    return max(reasons - {PLACES} or refused or reasons)
