/*
 * lib/text/optnames.c - the names of what stands in TCP options.
 *
 * Room: text.  Includes: options, for its constants.  Words are those of IANA's
 * registries, but for flags, whose names are the constants' own.
 */
#include <tcpflow/option_names.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *name_at(const char *const *names, size_t count,
                           unsigned index) {
  return index < count && names[index] != NULL ? names[index] : "?";
}

static const char unauthorized[] = "unauthorized use";

static const char *const titles[] = {
  [TCPFLOW_OPTION_EOL] = "end of option list",
  [TCPFLOW_OPTION_NOP] = "no operation",
  [TCPFLOW_OPTION_MSS] = "maximum segment size",
  [TCPFLOW_OPTION_WSCALE] = "window scale",
  [TCPFLOW_OPTION_SACK_PERMITTED] = "SACK permitted",
  [TCPFLOW_OPTION_SACK] = "SACK",
  [TCPFLOW_OPTION_ECHO] = "echo",
  [TCPFLOW_OPTION_ECHO_REPLY] = "echo reply",
  [TCPFLOW_OPTION_TIMESTAMPS] = "timestamps",
  [TCPFLOW_OPTION_POC_PERMITTED] = "partial order connection permitted",
  [TCPFLOW_OPTION_POC_PROFILE] = "partial order service profile",
  [TCPFLOW_OPTION_CC] = "CC",
  [TCPFLOW_OPTION_CC_NEW] = "CC.NEW",
  [TCPFLOW_OPTION_CC_ECHO] = "CC.ECHO",
  [TCPFLOW_OPTION_ALT_CHECKSUM_REQUEST] = "alternate checksum request",
  [TCPFLOW_OPTION_ALT_CHECKSUM_DATA] = "alternate checksum data",
  [TCPFLOW_OPTION_SKEETER] = "Skeeter",
  [TCPFLOW_OPTION_BUBBA] = "Bubba",
  [TCPFLOW_OPTION_TRAILER_CHECKSUM] = "trailer checksum",
  [TCPFLOW_OPTION_MD5] = "MD5 signature",
  [TCPFLOW_OPTION_SCPS] = "SCPS capabilities",
  [TCPFLOW_OPTION_SNACK] = "selective negative acknowledgment",
  [TCPFLOW_OPTION_RECORD_BOUNDARY] = "record boundaries",
  [TCPFLOW_OPTION_CORRUPTION] = "corruption experienced",
  [TCPFLOW_OPTION_SNAP] = "SNAP",
  [TCPFLOW_OPTION_COMPRESSION_FILTER] = "TCP compression filter",
  [TCPFLOW_OPTION_QUICK_START] = "Quick-Start response",
  [TCPFLOW_OPTION_USER_TIMEOUT] = "user timeout",
  [TCPFLOW_OPTION_AO] = "TCP authentication",
  [TCPFLOW_OPTION_MPTCP] = "Multipath TCP",
  [TCPFLOW_OPTION_SQUAT_31] = unauthorized,
  [TCPFLOW_OPTION_SQUAT_32] = unauthorized,
  [TCPFLOW_OPTION_SQUAT_33] = unauthorized,
  [TCPFLOW_OPTION_FAST_OPEN] = "fast open cookie",
  [TCPFLOW_OPTION_ENO] = "encryption negotiation",
  [TCPFLOW_OPTION_SQUAT_70] = unauthorized,
  [TCPFLOW_OPTION_RIVERBED_PROBE] = "Riverbed probe",
  [TCPFLOW_OPTION_SQUAT_77] = unauthorized,
  [TCPFLOW_OPTION_RIVERBED_TRANSPARENCY] = "Riverbed transparency",
  [TCPFLOW_OPTION_SQUAT_79] = unauthorized,
  [TCPFLOW_OPTION_ACCECN_0] = "accurate ECN order 0",
  [TCPFLOW_OPTION_ACCECN_1] = "accurate ECN order 1",
  [TCPFLOW_OPTION_EXPERIMENT_1] = "experiment 1",
  [TCPFLOW_OPTION_EXPERIMENT_2] = "experiment 2",
};

static const char *const flags[TCPFLOW_OPTION_FLAG_COUNT] = {
  "no-length", "length-below-2", "overrun",   "cut",      "bad-length",
  "duplicate", "wrong-segment",  "after-eol", "obsolete", "squat",
  "unknown",   "bad-value",      "conflict",
};

static const char *const subtypes[16] = {
  "MP_CAPABLE",  "MP_JOIN",
  "DSS",         "ADD_ADDR",
  "REMOVE_ADDR", "MP_PRIO",
  "MP_FAIL",     "MP_FASTCLOSE",
  "MP_TCPRST",   [15] = "MP_EXPERIMENTAL",
};

static const char *const reasons[] = {
  "unspecified",
  "MPTCP-specific",
  "lack of resources",
  "administratively prohibited",
  "too much outstanding data",
  "unacceptable performance",
  "middlebox interference",
};

static const char *const auths[] = {
  [TCPFLOW_AUTH_OK] = "ok",         [TCPFLOW_AUTH_BAD] = "bad",
  [TCPFLOW_AUTH_ABSENT] = "absent", [TCPFLOW_AUTH_UNCOVERED] = "uncovered",
  [TCPFLOW_AUTH_NONE] = "none",     [TCPFLOW_AUTH_NO_KEY] = "no-key",
};

typedef struct numbered {
  uint32_t number;
  const char *name;
} numbered;

static const numbered exids[] = {
  {TCPFLOW_EXID_TARR, "TARR"},
  {TCPFLOW_EXID_HOST_ID, "HOST_ID"},
  {TCPFLOW_EXID_ASC, "ASC"},
  {TCPFLOW_EXID_CAPABILITY, "CAPABILITY"},
  {TCPFLOW_EXID_EDO, "EDO"},
  {TCPFLOW_EXID_ENO, "ENO"},
  {TCPFLOW_EXID_SNO, "SNO"},
  {TCPFLOW_EXID_ACCECN_0, "AccECN0"},
  {TCPFLOW_EXID_ACCECN_1, "AccECN1"},
  {TCPFLOW_EXID_ACCECN, "AccECN"},
  {TCPFLOW_EXID_FAST_OPEN, "TFO"},
  {TCPFLOW_EXID_LOW_LATENCY, "LOW_LATENCY"},
  {TCPFLOW_EXID_TS_INTERVAL, "TS_INTERVAL"},
  {TCPFLOW_EXID_SMC_R, "SMC-R"},
};

static const numbered teps[] = {
  {0x20, "experimental"},
  {0x21, "TCPCRYPT_ECDHE_P256"},
  {0x22, "TCPCRYPT_ECDHE_P521"},
  {0x23, "TCPCRYPT_ECDHE_Curve25519"},
  {0x24, "TCPCRYPT_ECDHE_Curve448"},
};

static const char *name_of(const numbered *rows, size_t count,
                           uint32_t number) {
  for (size_t i = 0; i < count; i++) {
    if (rows[i].number == number) {
      return rows[i].name;
    }
  }
  return "?";
}

const char *tcpflow_option_title(uint8_t kind) {
  return name_at(titles, COUNT(titles), kind);
}

const char *tcpflow_option_flag_name(unsigned bit) {
  return name_at(flags, COUNT(flags), bit);
}

const char *tcpflow_exid_name(uint32_t exid) {
  return name_of(exids, COUNT(exids), exid);
}

const char *tcpflow_mptcp_subtype_name(unsigned subtype) {
  return name_at(subtypes, COUNT(subtypes), subtype);
}

const char *tcpflow_mptcp_reason_name(unsigned reason) {
  return name_at(reasons, COUNT(reasons), reason);
}

const char *tcpflow_tep_name(unsigned id) {
  return name_of(teps, COUNT(teps), id);
}

const char *tcpflow_auth_name(tcpflow_auth auth) {
  return name_at(auths, COUNT(auths), (unsigned)auth);
}
