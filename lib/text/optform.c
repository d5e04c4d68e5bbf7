/*
 * lib/text/optform.c - how tcpdump writes each TCP option.
 *
 * Room: text.  Includes: options.  After the output of tcpdump 4.99.3.  Its
 * table has an empty name for CC.ECHO, so a line does too.
 */
#include "text/optform.h"

#include <tcpflow/text.h>

#include <string.h>

static const tcpflow__option_form forms[] = {
  {TCPFLOW_OPTION_EOL, 0, "eol", ""},
  {TCPFLOW_OPTION_NOP, 0, "nop", ""},
  {TCPFLOW_OPTION_MSS, 2, "mss", " %2"},
  {TCPFLOW_OPTION_WSCALE, 1, "wscale", " %1"},
  {TCPFLOW_OPTION_SACK_PERMITTED, 0, "sackOK", ""},
  {TCPFLOW_OPTION_SACK, 0, "sack", NULL},
  {TCPFLOW_OPTION_ECHO, 4, "echo", " %4"},
  {TCPFLOW_OPTION_ECHO_REPLY, 4, "echoreply", " %4"},
  {TCPFLOW_OPTION_TIMESTAMPS, 8, "TS", " val %4 ecr %4"},
  {TCPFLOW_OPTION_CC, 4, "cc", " %4"},
  {TCPFLOW_OPTION_CC_NEW, 4, "ccnew", " %4"},
  {TCPFLOW_OPTION_CC_ECHO, 4, "", " %4"},
  {TCPFLOW_OPTION_MD5, 16, "md5", NULL},
  {TCPFLOW_OPTION_SCPS, 2, "scps", " cap %x id %1"},
  {TCPFLOW_OPTION_USER_TIMEOUT, 2, "uto", " %h %u"},
  {TCPFLOW_OPTION_AO, 0, "tcp-ao", NULL},
  {TCPFLOW_OPTION_MPTCP, 0, "mptcp", NULL},
  {TCPFLOW_OPTION_FAST_OPEN, 0, "tfo", NULL},
  {TCPFLOW_OPTION_EXPERIMENT_2, 0, "exp", NULL},
};

enum {
  FORMS = sizeof(forms) / sizeof(forms[0])
};

const tcpflow__option_form *tcpflow__option_form_of(unsigned kind) {
  for (unsigned i = 0; i < FORMS; i++) {
    if (forms[i].kind == kind) {
      return &forms[i];
    }
  }
  return NULL;
}

const char *tcpflow_option_name(uint8_t kind) {
  if (kind == TCPFLOW_OPTION_CC_ECHO) {
    return "ccecho";
  }
  const tcpflow__option_form *const form = tcpflow__option_form_of(kind);

  return form == NULL ? "unknown" : form->name;
}

/* Older releases wrote `timestamp 1 2`. */
static const tcpflow__option_form old_timestamps = {TCPFLOW_OPTION_TIMESTAMPS,
                                                    8, "timestamp", " %4 %4"};

const tcpflow__option_form *tcpflow__option_form_scan(tcpflow__scan *scan) {
  for (unsigned i = 0; i < FORMS; i++) {
    if (forms[i].name[0] != '\0' && tcpflow__scan_word(scan, forms[i].name)) {
      return &forms[i];
    }
  }
  if (tcpflow__scan_word(scan, old_timestamps.name)) {
    return &old_timestamps;
  }
  return tcpflow__is_digit(tcpflow__scan_peek(scan))
           ? tcpflow__option_form_of(TCPFLOW_OPTION_CC_ECHO)
           : NULL;
}

const char *const tcpflow__mptcp_names[TCPFLOW__MPTCP_SUBTYPES] = {
  "capable", "join", "dss",        "add-addr", "rem-addr",
  "prio",    "fail", "fast-close", "unknown"};

typedef struct mptcp_form {
  uint8_t subtype;
  uint8_t length;
  const char *form;
} mptcp_form;

static const mptcp_form mptcp_forms[] = {
  {TCPFLOW__MPTCP_CAPABLE, 4, ""},
  {TCPFLOW__MPTCP_CAPABLE, 12, " {%k}"},
  {TCPFLOW__MPTCP_CAPABLE, 20, " {%k,%k}"},
  {TCPFLOW__MPTCP_CAPABLE, 22, " {%k,%k}"},
  {TCPFLOW__MPTCP_JOIN, 12, " token %t nonce %t"},
  {TCPFLOW__MPTCP_JOIN, 16, " hmac %k nonce %t"},
  {TCPFLOW__MPTCP_JOIN, 24, " hmac 0x%m"},
  {TCPFLOW__MPTCP_ADD_ADDRESS, 8, " %a"},
  {TCPFLOW__MPTCP_ADD_ADDRESS, 10, " %a:%2"},
  {TCPFLOW__MPTCP_ADD_ADDRESS, 16, " %a hmac %k"},
  {TCPFLOW__MPTCP_ADD_ADDRESS, 18, " %a:%2 hmac %k"},
  {TCPFLOW__MPTCP_ADD_ADDRESS, 20, " %A"},
  {TCPFLOW__MPTCP_ADD_ADDRESS, 22, " %A:%2"},
  {TCPFLOW__MPTCP_ADD_ADDRESS, 28, " %A hmac %k"},
  {TCPFLOW__MPTCP_ADD_ADDRESS, 30, " %A:%2 hmac %k"},
  {TCPFLOW__MPTCP_FAIL, 12, " seq %8"},
  {TCPFLOW__MPTCP_FAST_CLOSE, 12, " key %k"},
};

const char *tcpflow__mptcp_form(unsigned subtype, unsigned length) {
  for (unsigned i = 0; i < sizeof(mptcp_forms) / sizeof(mptcp_forms[0]); i++) {
    if (mptcp_forms[i].subtype == subtype && mptcp_forms[i].length == length) {
      return mptcp_forms[i].form;
    }
  }
  return NULL;
}

const char *tcpflow__mptcp_address_bits(unsigned bits) {
  switch (bits & 0xfU) {
  case 0:
    return "v1";
  case 1:
    return "v1-echo";
  case 4:
    return "v0-ip4";
  case 6:
    return "v0-ip6";
  default:
    return NULL;
  }
}
