/*
 * lib/text/names.c - the names of things, for people and for scripts.
 *
 * Room: text.  Includes: conn and below, for their constants.  A name is the
 * constant's own, in lower case with hyphens, but for states and stimuli, which
 * RFC 9293 has named.  Names are part of the interface: scripts compare them.
 */
#include <tcpflow/text.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *name_at(const char *const *names, size_t count,
                           unsigned index) {
  return index < count && names[index] != NULL ? names[index] : "?";
}

/* RFC 9293 section 3.3.2. */
static const char *const states[] = {
  [TCPFLOW_STATE_UNKNOWN] = "UNKNOWN",
  [TCPFLOW_STATE_CLOSED] = "CLOSED",
  [TCPFLOW_STATE_LISTEN] = "LISTEN",
  [TCPFLOW_STATE_SYN_SENT] = "SYN-SENT",
  [TCPFLOW_STATE_SYN_RECEIVED] = "SYN-RECEIVED",
  [TCPFLOW_STATE_ESTABLISHED] = "ESTABLISHED",
  [TCPFLOW_STATE_FIN_WAIT_1] = "FIN-WAIT-1",
  [TCPFLOW_STATE_FIN_WAIT_2] = "FIN-WAIT-2",
  [TCPFLOW_STATE_CLOSE_WAIT] = "CLOSE-WAIT",
  [TCPFLOW_STATE_CLOSING] = "CLOSING",
  [TCPFLOW_STATE_LAST_ACK] = "LAST-ACK",
  [TCPFLOW_STATE_TIME_WAIT] = "TIME-WAIT",
};

/* The words of RFC 9293 Figure 5. */
static const char *const stimuli[] = {
  [TCPFLOW_STIMULUS_SND_SYN] = "snd SYN",
  [TCPFLOW_STIMULUS_RCV_SYN] = "rcv SYN",
  [TCPFLOW_STIMULUS_SND_SYN_ACK] = "snd SYN,ACK",
  [TCPFLOW_STIMULUS_RCV_SYN_ACK] = "rcv SYN,ACK",
  [TCPFLOW_STIMULUS_RCV_ACK_OF_SYN] = "rcv ACK of SYN",
  [TCPFLOW_STIMULUS_SND_FIN] = "snd FIN",
  [TCPFLOW_STIMULUS_RCV_FIN] = "rcv FIN",
  [TCPFLOW_STIMULUS_RCV_ACK_OF_FIN] = "rcv ACK of FIN",
  [TCPFLOW_STIMULUS_SND_RST] = "snd RST",
  [TCPFLOW_STIMULUS_RCV_RST] = "rcv RST",
  [TCPFLOW_STIMULUS_TIMEOUT] = "Timeout=2MSL",
  [TCPFLOW_STIMULUS_PICK_UP] = "pick-up",
  [TCPFLOW_STIMULUS_RESUME] = "resume",
  [TCPFLOW_STIMULUS_RCV_ERROR] = "rcv ICMP error",
};

static const char *const sides[] = {
  [TCPFLOW_SIDE_CLIENT] = "client",
  [TCPFLOW_SIDE_SERVER] = "server",
};

/* In the order of the bits; a test compares them with segment.h. */
static const char *const verdicts[] = {
  "new-data",
  "pure-ack",
  "gap-before",
  "retransmission",
  "spurious-retransmission",
  "fast-retransmission",
  "timeout-retransmission",
  "tail-loss-probe",
  "out-of-order",
  "reordered",
  "retransmission-unseen",
  "partial-overlap",
  "duplicate-frame",
  "low-confidence",
  "new-ack",
  "duplicate-ack",
  "old-ack",
  "ack-unseen",
  "ack-partial",
  "ack-ambiguous",
  "dsack",
  "sack-invalid",
  "challenge-ack",
  "window-update",
  "zero-window",
  "window-full",
  "window-shrunk",
  "keep-alive",
  "keep-alive-ack",
  "zero-window-probe",
  "zero-window-probe-ack",
  "before-window",
  "beyond-window",
  "paws",
  "timestamp-missing",
  "syn-retransmission",
  "syn-other-isn",
  "syn-ack-bad-ack",
  "syn-in-connection",
  "port-reused",
  "syn-data",
  "fast-open-accepted",
  "fast-open-ignored",
  "rst-accepted",
  "rst-challenged",
  "rst-out-of-window",
  "rst-unacceptable",
  "rst-reversed",
  "fin-moved",
  "beyond-fin",
  "after-rst",
  "after-end",
  "bad-flags",
  "bad-options",
  "bad-checksum",
  "payload-cut",
  "urgent",
  "mss-exceeded",
  "ce",
  "mid-stream",
  "inferred",
  "incarnation-selected",
  "roles-flipped",
};

_Static_assert(COUNT(verdicts) == TCPFLOW_VERDICT_COUNT,
               "a name for every bit of a verdict");

static const char *const overlaps[] = {
  [TCPFLOW_OVERLAP_FIRST] = "first",
  [TCPFLOW_OVERLAP_LAST] = "last",
  [TCPFLOW_OVERLAP_LINUX] = "linux",
  [TCPFLOW_OVERLAP_OLD_LINUX] = "old-linux",
  [TCPFLOW_OVERLAP_BSD] = "bsd",
  [TCPFLOW_OVERLAP_MACOS] = "macos",
  [TCPFLOW_OVERLAP_WINDOWS] = "windows",
  [TCPFLOW_OVERLAP_W2K3] = "w2k3",
  [TCPFLOW_OVERLAP_VISTA] = "vista",
  [TCPFLOW_OVERLAP_HPUX10] = "hpux10",
  [TCPFLOW_OVERLAP_HPUX11] = "hpux11",
  [TCPFLOW_OVERLAP_IRIX] = "irix",
  [TCPFLOW_OVERLAP_SOLARIS] = "solaris",
  [TCPFLOW_OVERLAP_PROXY] = "proxy",
};

static const char *const gap_reasons[] = {
  [TCPFLOW_GAP_ACKED] = "acked",     [TCPFLOW_GAP_CUT] = "cut",
  [TCPFLOW_GAP_LIMIT] = "limit",     [TCPFLOW_GAP_TIMEOUT] = "timeout",
  [TCPFLOW_GAP_CLOSED] = "closed",   [TCPFLOW_GAP_FLUSHED] = "flushed",
  [TCPFLOW_GAP_SKIPPED] = "skipped",
};

static const char *const packet_kinds[] = {
  [TCPFLOW_PACKET_TCP] = "tcp",
  [TCPFLOW_PACKET_FRAGMENT] = "fragment",
  [TCPFLOW_PACKET_NOT_TCP] = "not-tcp",
  [TCPFLOW_PACKET_NOT_IP] = "not-ip",
  [TCPFLOW_PACKET_TRUNCATED] = "truncated",
  [TCPFLOW_PACKET_MALFORMED] = "malformed",
  [TCPFLOW_PACKET_UNSUPPORTED] = "unsupported",
  [TCPFLOW_PACKET_ICMP_ERROR] = "icmp-error",
};

static const char *const checksums[] = {
  [TCPFLOW_CHECKSUM_OK] = "ok",
  [TCPFLOW_CHECKSUM_BAD] = "bad",
  [TCPFLOW_CHECKSUM_PARTIAL] = "partial",
  [TCPFLOW_CHECKSUM_ABSENT] = "absent",
  [TCPFLOW_CHECKSUM_UNCOVERED] = "uncovered",
  [TCPFLOW_CHECKSUM_FRAGMENT] = "fragment",
  [TCPFLOW_CHECKSUM_NONE] = "none",
};

/* In the order of the bits. */
static const char *const findings[] = {
  "cut",
  "long-capture",
  "padding",
  "ip-length-zero",
  "ip-length-beyond",
  "ip-bad-version",
  "ip-bad-header-length",
  "ip-bad-length",
  "first-fragment",
  "tcp-short",
  "tcp-bad-offset-short",
  "tcp-bad-offset-long",
  "options-cut",
  "ip-options",
  "ip-bad-options",
  "too-many-tags",
  "too-many-extensions",
  "reserved-bits",
  "jumbo",
  "same-ends",
  "too-many-tunnels",
  "too-many-layers",
  "bad-header",
  "encrypted",
  "tunnel-off",
  "aggregate",
  "too-many-packets",
};

const char *tcpflow_state_name(tcpflow_state state) {
  return name_at(states, COUNT(states), (unsigned)state);
}

const char *tcpflow_stimulus_name(tcpflow_stimulus stimulus) {
  return name_at(stimuli, COUNT(stimuli), (unsigned)stimulus);
}

const char *tcpflow_side_name(tcpflow_side side) {
  return name_at(sides, COUNT(sides), (unsigned)side);
}

const char *tcpflow_verdict_name(unsigned bit) {
  return name_at(verdicts, COUNT(verdicts), bit);
}

const char *tcpflow_overlap_name(tcpflow_overlap overlap) {
  return name_at(overlaps, COUNT(overlaps), (unsigned)overlap);
}

const char *tcpflow_gap_reason_name(tcpflow_gap_reason reason) {
  return name_at(gap_reasons, COUNT(gap_reasons), (unsigned)reason);
}

const char *tcpflow_packet_kind_name(tcpflow_packet_kind kind) {
  return name_at(packet_kinds, COUNT(packet_kinds), (unsigned)kind);
}

const char *tcpflow_finding_name(unsigned bit) {
  return name_at(findings, COUNT(findings), bit);
}

const char *tcpflow_checksum_name(tcpflow_checksum checksum) {
  return name_at(checksums, COUNT(checksums), (unsigned)checksum);
}
