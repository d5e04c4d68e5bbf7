"""What two Linux kernels, their applications and the link between them say.

Reads a run of the ground-truth lab (../shared/truth/README.md): truth.jsonl
has the states that the kernels' own tracepoint told, link.log has every packet
of the link, and which of the capture points A, M and B caught it.
"""
import glob
import json
import os

# As the kernel calls them, as RFC 9293 does.
STATES = {
    "SYN_SENT": "SYN-SENT", "SYN_RECV": "SYN-RECEIVED",
    "ESTABLISHED": "ESTABLISHED", "FIN_WAIT1": "FIN-WAIT-1",
    "FIN_WAIT2": "FIN-WAIT-2", "CLOSE_WAIT": "CLOSE-WAIT",
    "CLOSING": "CLOSING", "LAST_ACK": "LAST-ACK", "CLOSE": "CLOSED",
}
CLOSING = ("FIN-WAIT-1", "FIN-WAIT-2", "CLOSING")
POINTS = "AMB"


class Endpoint:
    """One end of a connection, as its own kernel saw it."""

    def __init__(self, address, where, record, how):
        self.address = tuple(address)
        self.where = where  # A or B.
        self.app = record.get("app")
        options = (record.get("tcp_info_final") or {}).get("options") or ()
        self.syn_data = "syn_data" in options  # TCP Fast Open worked.
        self.rst_sent = bool(record.get("rst_sent"))
        self.rst_received = record.get("rst_received") or []
        self.closing_since = min(
            (time for time, name in record.get("states") or ()
             if name in ("FIN_WAIT1", "LAST_ACK")), default=None)
        self.states = states_of(record, how["end"])


def states_of(record, end):
    """The states of one end.

    For the tracepoint a socket that goes to TIME-WAIT closes: a smaller one
    takes its place.  The lab polls those, so a sight of it is sure; and where
    both FINs came and no RST, it was one even if the lab missed it.
    """
    states = []
    for _, name in record.get("states") or ():
        if states[-1:] != [STATES[name]]:
            states.append(STATES[name])
    closed = (record.get("states") or [(0, None)])[-1][0]
    small = [name for time, name in record.get("mini_sockets") or ()
             if time < closed + 0.1]  # Later ones are another connection's.
    if states[-1:] == ["CLOSED"] and states[-2] in CLOSING \
            and (end == "fin" or "TIME_WAIT" in small):
        states[-1] = "TIME-WAIT"
    return states


def end_of(record):
    """How a connection ended.

    The lab calls it a reset wherever a RST was sent.  One that no socket
    received, before both FINs were acknowledged, did nothing.
    """
    how = record["how"]
    closed = [[name for _, name in record[s]["states"]][-1:] == ["CLOSE"]
              for s in "ab"]
    if how["end"] == "reset" and not how["rst_received_by"] and \
            len(how["fin_by"]) == 2 and all(closed):
        return "fin"
    return how["end"]


class Packet:
    """A packet of the link that belongs to a connection."""

    def __init__(self, row, whole):
        self.sender = row["dir"][0].upper()
        self.flags, self.seq, self.ack = row["fl"], row["seq"], row["ack"]
        self.length, self.frame_length = row["pl"], row["len"]
        self.caught = dict(zip(POINTS, row["cap"]))  # Frame number or 0.
        times = row["t"] if self.sender == "A" else row["t"][::-1]
        self.times = dict(zip(POINTS, times))
        self.passed = {at for at, time in zip(POINTS, times) if time}
        self.entered = next(time for time in row["t"] if time)
        self.delivered = "drop" not in row
        last = row["t"][2]
        self.arrived = last if self.delivered and last else None
        self.made_by_link = row.get("why") is not None
        self.forged = row.get("why") == "forge"
        self.incidents = [tuple(e.split(":", 1)) for e in row.get("ev", ())]
        if whole is not None:  # It was cut from this super-packet.
            self.passed -= {at for at, n in zip(POINTS, whole["cap"]) if n}

    def intact(self, point):
        """Whether it had not been damaged when it came to this point."""
        stages = {"A": ("ab1", "ab2"), "B": ("ba1", "ba2")}[self.sender]
        ahead = {"A": 0, "M": 1, "B": 2}[point]
        before = stages[:ahead if self.sender == "A" else 2 - ahead]
        return not any(stage in before and what.startswith("corrupt")
                       for stage, what in self.incidents)


class Truth:
    """One connection."""

    def __init__(self, record, run):
        near, far = record["opener"], record["passive"]
        record["how"]["end"] = end_of(record)
        self.tuple = tuple(record["tuple"])
        self.opener = Endpoint(self.tuple[:2], near, record[near.lower()],
                               record["how"])
        self.passive = Endpoint(self.tuple[2:], far, record[far.lower()],
                                record["how"])
        self.ends = (self.opener, self.passive)
        self.began, self.how = record["t0"], record["how"]
        self.since = self.began  # With openings that were given up before.
        self.icmp = record["icmp"]
        self.simultaneous_open = record["simultaneous"]
        self.multipath = "mptcp" in record
        self.run, self.packets = run, []
        self.edges = {}  # By sender: behind its last packet.

    def other(self, end):
        """The other end."""
        return self.ends[self.ends[0] is end]

    def ports(self):
        """What the link's log knows of a tuple."""
        return frozenset((end.where, end.address[1]) for end in self.ends)


class Run:
    """One run of a scenario."""

    def __init__(self, folder):
        with open(os.path.join(folder, "truth.jsonl"), encoding="ascii") as f:
            records = [json.loads(line) for line in f]
        with open(os.path.join(folder, "link.log"), encoding="ascii") as f:
            rows = [json.loads(line) for line in f]
        self.name = os.path.basename(folder)
        self.offload = records[0]["offload"] != "off"
        words = dict(word.split("=") for word in
                     records[0]["capture_options"].split())
        self.snaplen = int(words.get("snap", 1 << 18))
        self.captures = {
            point: os.path.join(folder, point + ".pcap") for point in POINTS
            if os.path.exists(os.path.join(folder, point + ".pcap"))}
        self.truths = [Truth(r, self) for r in records if r["type"] == "conn"]
        share_out(rows, self.truths)


def distance(packet, truth):
    """How far a packet's numbers are from those that its connection uses."""
    edges = truth.edges
    other = "B" if packet.sender == "A" else "A"
    far = [1 << 31]
    if packet.sender in edges:
        far.append(abs(signed(packet.seq - edges[packet.sender])))
    if "A" in packet.flags and other in edges:
        far.append(abs(signed(packet.ack - edges[other])))
    return min(far)


def signed(number):
    """A distance between sequence numbers."""
    return (number + (1 << 31)) % (1 << 32) - (1 << 31)


def owner_of(packet, truths):
    """Whose packet it is, of connections with the same ports."""
    if packet.flags == "S" or len(truths) == 1:
        return truths[-1]
    return min(reversed(truths), key=lambda t: distance(packet, t))


def share_out(rows, truths):
    """Gives every packet to the connection that it belongs to."""
    by_number = {row["pn"]: row for row in rows}
    for row in sorted(rows, key=lambda row: row["pn"]):
        if "seq" not in row or not any(row["t"]):
            continue
        whole = by_number[row["of"]] if row.get("why") == "seg" else None
        packet = Packet(row, whole)
        far = "B" if packet.sender == "A" else "A"
        ports = frozenset(((packet.sender, row["sp"]), (far, row["dp"])))
        owners = [t for t in truths if t.ports() == ports and
                  t.began <= packet.entered + 0.001]
        if owners:
            owner = owner_of(packet, owners)
            owner.packets.append(packet)
            if not packet.forged and "R" not in packet.flags:
                owner.edges[packet.sender] = \
                    packet.seq + packet.length + ("S" in packet.flags)


def runs_in(folder):
    """All runs below a folder, in the order of their names."""
    for path in sorted(glob.glob(os.path.join(folder, "*", "truth.jsonl"))):
        yield Run(os.path.dirname(path))
