/*
 * lib/text/factnames.c - the names of what connections can be, and of what is
 * odd about them.
 *
 * Room: text.  Includes: conn and below, for their constants.  See names.c.
 */
#include <tcpflow/text.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *fact_at(const char *const *names, size_t count,
                           unsigned index) {
  return index < count && names[index] != NULL ? names[index] : "?";
}

static const char *const anomalies[] = {
  [TCPFLOW_ANOMALY_BAD_FLAGS] = "bad-flags",
  [TCPFLOW_ANOMALY_CHRISTMAS] = "christmas",
  [TCPFLOW_ANOMALY_NO_FLAGS] = "no-flags",
  [TCPFLOW_ANOMALY_BAD_OPTIONS] = "bad-options",
  [TCPFLOW_ANOMALY_OPTION_DUPLICATE] = "option-duplicate",
  [TCPFLOW_ANOMALY_OPTION_MISPLACED] = "option-misplaced",
  [TCPFLOW_ANOMALY_OPTION_UNNEGOTIATED] = "option-unnegotiated",
  [TCPFLOW_ANOMALY_WSCALE_RANGE] = "wscale-range",
  [TCPFLOW_ANOMALY_BAD_CHECKSUM] = "bad-checksum",
  [TCPFLOW_ANOMALY_SAME_ENDS] = "same-ends",
  [TCPFLOW_ANOMALY_SYN_OTHER_ISN] = "syn-other-isn",
  [TCPFLOW_ANOMALY_SYN_ACK_OTHER_ISN] = "syn-ack-other-isn",
  [TCPFLOW_ANOMALY_SYN_ACK_BAD_ACK] = "syn-ack-bad-ack",
  [TCPFLOW_ANOMALY_SYN_ACK_OTHER_ACK] = "syn-ack-other-ack",
  [TCPFLOW_ANOMALY_SYN_ACK_UNSOLICITED] = "syn-ack-unsolicited",
  [TCPFLOW_ANOMALY_SYN_ACK_FROM_CLIENT] = "syn-ack-from-client",
  [TCPFLOW_ANOMALY_SYN_IN_CONNECTION] = "syn-in-connection",
  [TCPFLOW_ANOMALY_SYN_ACK_IN_CONNECTION] = "syn-ack-in-connection",
  [TCPFLOW_ANOMALY_SYN_AFTER_FIN] = "syn-after-fin",
  [TCPFLOW_ANOMALY_SYN_AFTER_RST] = "syn-after-rst",
  [TCPFLOW_ANOMALY_SYN_AFTER_MID_STREAM] = "syn-after-mid-stream",
  [TCPFLOW_ANOMALY_SYN_DATA] = "syn-data",
  [TCPFLOW_ANOMALY_SYN_FLOOD] = "syn-flood",
  [TCPFLOW_ANOMALY_SYN_ACK_FLOOD] = "syn-ack-flood",
  [TCPFLOW_ANOMALY_SYN_BAROQUE] = "syn-baroque",
  [TCPFLOW_ANOMALY_SPLIT_HANDSHAKE] = "split-handshake",
  [TCPFLOW_ANOMALY_SIMULTANEOUS_OPEN] = "simultaneous-open",
  [TCPFLOW_ANOMALY_HANDSHAKE_BAD_ACK] = "handshake-bad-ack",
  [TCPFLOW_ANOMALY_FAST_OPEN_IGNORED] = "fast-open-ignored",
  [TCPFLOW_ANOMALY_DATA_BEFORE_OPEN] = "data-before-open",
  [TCPFLOW_ANOMALY_PORT_REUSED] = "port-reused",
  [TCPFLOW_ANOMALY_PORT_REUSED_EARLY] = "port-reused-early",
  [TCPFLOW_ANOMALY_ACK_UNSEEN] = "ack-unseen",
  [TCPFLOW_ANOMALY_ACK_TOO_OLD] = "ack-too-old",
  [TCPFLOW_ANOMALY_SACK_INVALID] = "sack-invalid",
  [TCPFLOW_ANOMALY_NUMBERS_IMPOSSIBLE] = "numbers-impossible",
  [TCPFLOW_ANOMALY_PAWS] = "paws",
  [TCPFLOW_ANOMALY_TIMESTAMP_MISSING] = "timestamp-missing",
  [TCPFLOW_ANOMALY_TIMESTAMP_ECHO_BAD] = "timestamp-echo-bad",
  [TCPFLOW_ANOMALY_BEYOND_WINDOW] = "beyond-window",
  [TCPFLOW_ANOMALY_WINDOW_SHRUNK] = "window-shrunk",
  [TCPFLOW_ANOMALY_WINDOW_SLAM] = "window-slam",
  [TCPFLOW_ANOMALY_SMALL_SEGMENTS] = "small-segments",
  [TCPFLOW_ANOMALY_DATA_WITHOUT_ACKS] = "data-without-acks",
  [TCPFLOW_ANOMALY_BEYOND_FIN] = "beyond-fin",
  [TCPFLOW_ANOMALY_FIN_MOVED] = "fin-moved",
  [TCPFLOW_ANOMALY_FIN_OUT_OF_WINDOW] = "fin-out-of-window",
  [TCPFLOW_ANOMALY_FIN_AFTER_RST] = "fin-after-rst",
  [TCPFLOW_ANOMALY_FIN_STORM] = "fin-storm",
  [TCPFLOW_ANOMALY_CLOSED_WITH_HOLES] = "closed-with-holes",
  [TCPFLOW_ANOMALY_RST_CHALLENGED] = "rst-challenged",
  [TCPFLOW_ANOMALY_RST_OUT_OF_WINDOW] = "rst-out-of-window",
  [TCPFLOW_ANOMALY_RST_UNACCEPTABLE] = "rst-unacceptable",
  [TCPFLOW_ANOMALY_RST_BAD_ACK] = "rst-bad-ack",
  [TCPFLOW_ANOMALY_RST_SUSPECT] = "rst-suspect",
  [TCPFLOW_ANOMALY_RST_REVERSED] = "rst-reversed",
  [TCPFLOW_ANOMALY_RST_DATA] = "rst-data",
  [TCPFLOW_ANOMALY_RST_STORM] = "rst-storm",
  [TCPFLOW_ANOMALY_DATA_AFTER_RST] = "data-after-rst",
  [TCPFLOW_ANOMALY_DATA_AFTER_RST_RECEIVED] = "data-after-rst-received",
  [TCPFLOW_ANOMALY_URGENT] = "urgent",
  [TCPFLOW_ANOMALY_OVERLAP_CONFLICT] = "overlap-conflict",
  [TCPFLOW_ANOMALY_HELD_LIMIT] = "held-limit",
  [TCPFLOW_ANOMALY_PAYLOAD_CUT] = "payload-cut",
  [TCPFLOW_ANOMALY_TIME_BACKWARDS] = "time-backwards",
  [TCPFLOW_ANOMALY_DUPLICATE_FRAME] = "duplicate-frame",
  [TCPFLOW_ANOMALY_ONE_SIDED] = "one-sided",
  [TCPFLOW_ANOMALY_ROLES_FLIPPED] = "roles-flipped",
  [TCPFLOW_ANOMALY_TTL_CHANGED] = "ttl-changed",
  [TCPFLOW_ANOMALY_ICMP_IMPLAUSIBLE] = "icmp-implausible",
  [TCPFLOW_ANOMALY_FRAGMENT_OVERLAP] = "fragment-overlap",
  [TCPFLOW_ANOMALY_FRAGMENT_CONFLICT] = "fragment-conflict",
  [TCPFLOW_ANOMALY_FRAGMENT_TINY] = "fragment-tiny",
  [TCPFLOW_ANOMALY_FRAGMENT_ODD] = "fragment-odd",
  [TCPFLOW_ANOMALY_URGENT_LOST] = "urgent-lost",
  [TCPFLOW_ANOMALY_BEFORE_STREAM] = "before-stream",
};

_Static_assert(COUNT(anomalies) == TCPFLOW_ANOMALY_COUNT,
               "a name for every anomaly");

static const char *const open_kinds[] = {
  [TCPFLOW_OPEN_UNKNOWN] = "unknown",
  [TCPFLOW_OPEN_THREE_WAY] = "three-way",
  [TCPFLOW_OPEN_SIMULTANEOUS] = "simultaneous",
  [TCPFLOW_OPEN_SPLIT] = "split",
  [TCPFLOW_OPEN_FAST] = "fast",
  [TCPFLOW_OPEN_MID_STREAM] = "mid-stream",
  [TCPFLOW_OPEN_SYN_ACK_FIRST] = "syn-ack-first",
};

static const char *const end_reasons[] = {
  [TCPFLOW_END_NONE] = "none",
  [TCPFLOW_END_FIN] = "fin",
  [TCPFLOW_END_RESET] = "reset",
  [TCPFLOW_END_TIMEOUT] = "timeout",
  [TCPFLOW_END_EVICTED] = "evicted",
  [TCPFLOW_END_REUSED] = "reused",
  [TCPFLOW_END_FLUSHED] = "flushed",
  [TCPFLOW_END_CALLER] = "caller",
  [TCPFLOW_END_UNREACHABLE] = "unreachable",
};

static const char *const close_kinds[] = {
  [TCPFLOW_CLOSE_NONE] = "none",
  [TCPFLOW_CLOSE_FIN_CLIENT] = "fin-client",
  [TCPFLOW_CLOSE_FIN_SERVER] = "fin-server",
  [TCPFLOW_CLOSE_FIN_SIMULTANEOUS] = "fin-simultaneous",
  [TCPFLOW_CLOSE_RESET_CLIENT] = "reset-client",
  [TCPFLOW_CLOSE_RESET_SERVER] = "reset-server",
  [TCPFLOW_CLOSE_REFUSED] = "refused",
  [TCPFLOW_CLOSE_UNREACHABLE] = "unreachable",
  [TCPFLOW_CLOSE_TIMEOUT_OPENING] = "timeout-opening",
  [TCPFLOW_CLOSE_TIMEOUT_IDLE] = "timeout-idle",
  [TCPFLOW_CLOSE_TIMEOUT_CLOSING] = "timeout-closing",
  [TCPFLOW_CLOSE_EVICTED] = "evicted",
  [TCPFLOW_CLOSE_REUSED] = "reused",
  [TCPFLOW_CLOSE_FLUSHED] = "flushed",
  [TCPFLOW_CLOSE_CALLER] = "caller",
};

static const char *const phases[] = {
  [TCPFLOW_PHASE_OPENING] = "opening",
  [TCPFLOW_PHASE_ANSWERED] = "answered",
  [TCPFLOW_PHASE_PICKED_UP] = "picked-up",
  [TCPFLOW_PHASE_OPEN] = "open",
  [TCPFLOW_PHASE_HALF_CLOSED] = "half-closed",
  [TCPFLOW_PHASE_CLOSING] = "closing",
  [TCPFLOW_PHASE_RESET] = "reset",
  [TCPFLOW_PHASE_ENDED] = "ended",
};

static const char *const role_bases[] = {
  [TCPFLOW_ROLE_UNKNOWN] = "unknown", [TCPFLOW_ROLE_FIRST] = "first",
  [TCPFLOW_ROLE_PORT] = "port",       [TCPFLOW_ROLE_CALLER] = "caller",
  [TCPFLOW_ROLE_SYN_ACK] = "syn-ack", [TCPFLOW_ROLE_SYN] = "syn",
};

static const char *const proofs[] = {
  [TCPFLOW_PROOF_NONE] = "none",
  [TCPFLOW_PROOF_ASSUMED] = "assumed",
  [TCPFLOW_PROOF_SEEN] = "seen",
  [TCPFLOW_PROOF_PROVED] = "proved",
};

static const char *const ecns[] = {
  [TCPFLOW_ECN_UNKNOWN] = "unknown",   [TCPFLOW_ECN_NOT_ASKED] = "not-asked",
  [TCPFLOW_ECN_REFUSED] = "refused",   [TCPFLOW_ECN_CLASSIC] = "classic",
  [TCPFLOW_ECN_ACCURATE] = "accurate", [TCPFLOW_ECN_BROKEN] = "broken",
};

static const char *const rst_policies[] = {
  [TCPFLOW_RST_RFC5961] = "rfc5961", [TCPFLOW_RST_RFC793] = "rfc793",
  [TCPFLOW_RST_LINUX] = "linux",     [TCPFLOW_RST_OLD_LINUX] = "old-linux",
  [TCPFLOW_RST_BSD] = "bsd",         [TCPFLOW_RST_WINDOWS] = "windows",
  [TCPFLOW_RST_VISTA] = "vista",     [TCPFLOW_RST_MACOS] = "macos",
  [TCPFLOW_RST_SOLARIS] = "solaris", [TCPFLOW_RST_IRIX] = "irix",
  [TCPFLOW_RST_HPUX10] = "hpux10",   [TCPFLOW_RST_HPUX11] = "hpux11",
  [TCPFLOW_RST_ANY] = "any",
};

static const char *const urgent_policies[] = {
  [TCPFLOW_URGENT_INLINE] = "inline",
  [TCPFLOW_URGENT_STRIP] = "strip",
  [TCPFLOW_URGENT_OUT_OF_BAND] = "out-of-band",
};

static const char *const deliveries[] = {
  [TCPFLOW_DELIVERY_AT_ONCE] = "at-once",
  [TCPFLOW_DELIVERY_ACKED] = "acked",
};

static const char *const icmp_kinds[] = {
  [TCPFLOW_ICMP_OTHER] = "other",
  [TCPFLOW_ICMP_UNREACHABLE] = "unreachable",
  [TCPFLOW_ICMP_TOO_BIG] = "too-big",
  [TCPFLOW_ICMP_TIME_EXCEEDED] = "time-exceeded",
  [TCPFLOW_ICMP_QUENCH] = "quench",
};

static const char *const subflow_kinds[] = {
  [TCPFLOW_SUBFLOW_NONE] = "none",
  [TCPFLOW_SUBFLOW_FIRST] = "first",
  [TCPFLOW_SUBFLOW_JOIN] = "join",
};

const char *tcpflow_anomaly_name(tcpflow_anomaly anomaly) {
  return fact_at(anomalies, COUNT(anomalies), (unsigned)anomaly);
}

const char *tcpflow_open_kind_name(tcpflow_open_kind kind) {
  return fact_at(open_kinds, COUNT(open_kinds), (unsigned)kind);
}

const char *tcpflow_end_reason_name(tcpflow_end_reason reason) {
  return fact_at(end_reasons, COUNT(end_reasons), (unsigned)reason);
}

const char *tcpflow_close_kind_name(tcpflow_close_kind kind) {
  return fact_at(close_kinds, COUNT(close_kinds), (unsigned)kind);
}

const char *tcpflow_phase_name(tcpflow_phase phase) {
  return fact_at(phases, COUNT(phases), (unsigned)phase);
}

const char *tcpflow_role_basis_name(tcpflow_role_basis basis) {
  return fact_at(role_bases, COUNT(role_bases), (unsigned)basis);
}

const char *tcpflow_proof_name(tcpflow_proof proof) {
  return fact_at(proofs, COUNT(proofs), (unsigned)proof);
}

const char *tcpflow_ecn_name(tcpflow_ecn ecn) {
  return fact_at(ecns, COUNT(ecns), (unsigned)ecn);
}

const char *tcpflow_rst_policy_name(tcpflow_rst_policy policy) {
  return fact_at(rst_policies, COUNT(rst_policies), (unsigned)policy);
}

const char *tcpflow_urgent_policy_name(tcpflow_urgent_policy policy) {
  return fact_at(urgent_policies, COUNT(urgent_policies), (unsigned)policy);
}

const char *tcpflow_delivery_name(tcpflow_delivery delivery) {
  return fact_at(deliveries, COUNT(deliveries), (unsigned)delivery);
}

const char *tcpflow_icmp_kind_name(tcpflow_icmp_kind kind) {
  return fact_at(icmp_kinds, COUNT(icmp_kinds), (unsigned)kind);
}

const char *tcpflow_subflow_kind_name(tcpflow_subflow_kind kind) {
  return fact_at(subflow_kinds, COUNT(subflow_kinds), (unsigned)kind);
}
