"""What tshark says of a capture: by frame, the TCP headers with all that they
stand in.

`-T fields` gives every value of a field in the order of the headers, and
frame.protocols names the headers in that order, so the n-th "ip" there has the
n-th ip.src.  Running tshark is what costs: its answers are kept in the folder
that TSHARK_CACHE names, if it names one.
"""
import collections
import hashlib
import os
import subprocess
import zlib

# One value in each header of that name.
OF_HEADER = {
    "ip": ("ip.src", "ip.dst", "ip.proto", "ip.ttl", "ip.dsfield", "ip.id",
           "ip.flags", "ip.frag_offset", "ip.hdr_len", "ip.len"),
    "ipv6": ("ipv6.src", "ipv6.dst", "ipv6.hlim", "ipv6.tclass", "ipv6.flow"),
    "tcp": ("tcp.srcport", "tcp.dstport", "tcp.seq_raw", "tcp.ack_raw",
            "tcp.flags", "tcp.window_size_value", "tcp.urgent_pointer",
            "tcp.hdr_len", "tcp.checksum", "tcp.checksum.status"),
    "icmp": ("icmp.type", "icmp.code"),
    "icmpv6": ("icmpv6.type", "icmpv6.code"),
    "vlan": ("vlan.id",),
    "ieee8021ad": ("ieee8021ad.id", "ieee8021ad.svid", "ieee8021ad.cvid"),
}
# Any number of them; told for the frame.
OF_FRAME = (
    "tcp.len", "tcp.options", "tcp.option_kind", "tcp.option_len",
    "tcp.options.mss_val", "tcp.options.wscale.shift",
    "tcp.options.timestamp.tsval", "tcp.options.timestamp.tsecr",
    "tcp.options.sack_le", "tcp.options.sack_re",
    "icmp.mtu", "icmpv6.mtu", "ipv6.fraghdr.ident", "ipv6.fraghdr.offset",
    "ipv6.fraghdr.more", "ieee8021ah.isid", "mpls.label", "pppoe.session_id",
    "vxlan.vni", "geneve.vni", "gtp.teid", "gre.key", "l2tp.session",
    "l2tp.sid", "nsh.spi", "esp.spi", "ah.spi", "erspan.spanid",
)
ASKED = ["frame.number", "frame.protocols"] + \
    [name for names in OF_HEADER.values() for name in names] + list(OF_FRAME)
FILTER = "tcp || ip.flags.mf == 1 || ip.frag_offset > 0 || ipv6.fraghdr"

# A TCP header: the IP headers before it (outermost first) and the values of
# the ICMP header that quotes it, if one does.
Segment = collections.namedtuple("Segment", "values ips icmp")
Frame = collections.namedtuple("Frame", "chain segments ips tags told")


# What options say, without "tcp.options.".
VALUES = (
    "acc_ecn.eceb", "acc_ecn.ee0b", "acc_ecn.ee1b", "ao.keyid", "ao.mac",
    "ao.rnextkeyid", "cc_value", "echo_value", "experimental.exid",
    "md5.digest", "mptcp.addaddrtrunchmac", "mptcp.addrid",
    "mptcp.backup.flag", "mptcp.checksum", "mptcp.datalvllen", "mptcp.flags",
    "mptcp.ipv4", "mptcp.ipv6", "mptcp.port", "mptcp.rawdataack",
    "mptcp.rawdataseqno", "mptcp.recvkey", "mptcp.recvtok", "mptcp.rst_reason",
    "mptcp.sendhmac", "mptcp.sendkey", "mptcp.sendrand", "mptcp.sendtrunchmac",
    "mptcp.subflowseqno", "mptcp.version", "qs.rate", "qs.ttl_diff",
    "rvbd.trpy.dst.ip", "rvbd.trpy.dst.port", "rvbd.trpy.src.ip",
    "rvbd.trpy.src.port", "scps.binding", "scps.vector", "snack.offset",
    "snack.size", "tfo.cookie", "user_to_granularity", "user_to_val")
NOT_NUMBERS = {"ao.mac", "md5.digest", "mptcp.sendhmac", "tfo.cookie",
               "mptcp.ipv4", "mptcp.ipv6", "rvbd.trpy.src.ip",
               "rvbd.trpy.dst.ip"}


def command(capture, defragment, asked=None):
    """How tshark is asked; its answer depends on no profile."""
    wish = "TRUE" if defragment else "FALSE"
    options = ["tcp.check_checksum:TRUE", "tcp.desegment_tcp_streams:FALSE",
               "tcp.analyze_sequence_numbers:FALSE",
               "tcp.relative_sequence_numbers:FALSE",
               "ip.defragment:" + wish, "ipv6.defragment:" + wish]
    words = ["tshark", "-n", "-r", capture, "-Y", FILTER, "-T", "fields",
             "-E", "occurrence=a", "-E", "aggregator=|"]
    for option in options:
        words += ["-o", option]
    for name in asked or ASKED:
        words += ["-e", name]
    return words


def answer(capture, defragment, asked=None):
    """tshark's lines, from the cache if they are there."""
    words = command(capture, defragment, asked)
    folder = os.environ.get("TSHARK_CACHE")
    kept = None
    if folder:
        with open(capture, "rb") as f:
            digest = hashlib.sha1(f.read())
        digest.update(" ".join(words[4:]).encode())
        kept = os.path.join(folder, digest.hexdigest())
        if os.path.exists(kept):
            with open(kept, "rb") as f:
                return zlib.decompress(f.read()).decode()
    run = subprocess.run(words, check=False, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL)
    if run.returncode == 1 and not run.stdout:  # Options or fields.
        raise SystemExit(f"tshark does not know how to do this: {words}")
    text = run.stdout.decode(errors="replace")
    if kept:
        os.makedirs(folder, exist_ok=True)
        with open(f"{kept}.{os.getpid()}", "wb") as f:
            f.write(zlib.compress(text.encode()))
        os.replace(f"{kept}.{os.getpid()}", kept)
    return text


def headers_of(chain, told):
    """Each header that is of interest, with its values; None where tshark
    stopped before a value."""
    seen = collections.Counter()
    for name in chain:
        if name in OF_HEADER:
            at = seen[name]
            seen[name] += 1
            yield name, {field: told[field][at] if at < len(told[field])
                         else None for field in OF_HEADER[name]}
        else:
            yield name, None


def frame_of(words):
    """A frame from the words of its line."""
    chain = words[1].split(":")
    told = {name: word.split("|") if word else []
            for name, word in zip(ASKED, words)}
    segments, ips, tags, icmp, shared = [], [], [], None, 0
    for name, values in headers_of(chain, told):
        if name in ("ip", "ipv6"):
            ips.append((name, values))
        elif name in ("icmp", "icmpv6"):
            icmp = (name, values)
        elif name in ("vlan", "ieee8021ad"):  # Of two tags, or of one.
            tags += [value for value in values.values() if value]
        elif name == "wlan":  # Its packets share what is in front of it.
            shared = len(ips)
        elif name == "llc" and segments:
            del ips[shared:]
        elif name == "tcp":
            segments.append(Segment(values, list(ips), icmp))
    return Frame(chain, segments, ips, tags, told)


def frames_of(capture, defragment=False):
    """By number: the frames that hold TCP or a fragment."""
    found = {}
    for line in answer(capture, defragment).splitlines():
        words = line.split("\t")
        if len(words) == len(ASKED):
            found[int(words[0])] = frame_of(words)
    return found


def values_of(capture):
    """By frame: what its options say, by name."""
    names = ["frame.number"] + ["tcp.options." + name for name in VALUES]
    found = {}
    for line in answer(capture, False, names).splitlines():
        words = line.split("\t")
        if len(words) == len(names) and any(words[1:]):
            found[int(words[0])] = {
                name: [w if name in NOT_NUMBERS else str(int(w, 0))
                       for w in word.split("|")]
                for name, word in zip(VALUES, words[1:]) if word}
    return found
