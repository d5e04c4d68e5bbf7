/*
 * lib/text/drillmptcpread.c - Multipath TCP options, back from packetdrill's
 * words.
 *
 * Room: text.  Includes: options.  Scripts name keys, addresses and digests by
 * variables whose values a line does not tell; only options of which it tells
 * all are read.
 */
#include "text/drill.h"

#include "text/drillmptcp.h"

static const char open_value[] =
  "a Multipath TCP option with a value that the line does not tell";

/* An option on its way in; its length octet is set at its end. */
typedef struct building {
  uint8_t octets[TCPFLOW_OPTIONS_MAX];
  unsigned count;
} building;

static void add(building *option, uint64_t number, unsigned count) {
  for (unsigned i = 0; i < count; i++) {
    option->octets[option->count++] =
      (uint8_t)(number >> 8 * (count - 1 - i) & 0xffU);
  }
}

/* Takes `name=number`, spaces around it too; answers 0 if it is not there. */
static int take_named(tcpflow__scan *scan, const char *name, uint64_t max,
                      uint64_t *number) {
  tcpflow__scan at = *scan;

  tcpflow__scan_spaces(&at);
  if (!tcpflow__scan_word(&at, name)) {
    return 0;
  }
  tcpflow__scan_spaces(&at);
  if (!tcpflow__scan_char(&at, '=')) {
    return 0;
  }
  tcpflow__scan_spaces(&at);
  if (!tcpflow__scan_decimal(&at, max, number)) {
    return 0;
  }
  *scan = at;
  return 1;
}

static int take_word(tcpflow__scan *scan, const char *word) {
  tcpflow__scan_spaces(scan);
  return tcpflow__scan_word(scan, word);
}

/* Any name; it tells nothing. */
static void skip_name(tcpflow__scan *scan) {
  tcpflow__scan_spaces(scan);
  while (tcpflow__is_letter(tcpflow__scan_peek(scan)) ||
         tcpflow__is_digit(tcpflow__scan_peek(scan)) ||
         tcpflow__scan_peek(scan) == '_') {
    scan->text++;
  }
}

/* key[ckey=1, skey=2] */
static int scan_keys(tcpflow__scan *scan, building *option) {
  unsigned keys = 0;

  if (!take_word(scan, "key")) {
    return take_word(scan, "nokey");
  }
  if (!tcpflow__scan_char(scan, '[')) {
    return 0;
  }
  do {
    uint64_t key;

    skip_name(scan);
    tcpflow__scan_spaces(scan);
    if (keys == 2 || !tcpflow__scan_char(scan, '=') ||
        !tcpflow__scan_decimal(scan, UINT64_MAX, &key)) {
      return 0;
    }
    add(option, key, TCPFLOW__DRILL_KEY);
    keys++;
    tcpflow__scan_spaces(scan);
  } while (tcpflow__scan_char(scan, ','));
  return tcpflow__scan_char(scan, ']');
}

/* v1 flags[flag_h], or flags 0x81 */
static int scan_version(tcpflow__scan *scan, building *option) {
  uint64_t version;
  uint64_t flags = TCPFLOW__DRILL_HMAC_SHA;

  tcpflow__scan_spaces(scan);
  if (!tcpflow__scan_char(scan, 'v') ||
      !tcpflow__scan_decimal(scan, 15, &version) || !take_word(scan, "flags")) {
    return 0;
  }
  tcpflow__scan_spaces(scan);
  if (!tcpflow__scan_string(scan, "[flag_h]") &&
      (!tcpflow__scan_hex(scan, &flags) || flags > UINT8_MAX)) {
    return 0;
  }
  add(option, version, 1);
  add(option, flags, 1);
  return 1;
}

static int scan_capable(tcpflow__scan *scan, building *option) {
  uint64_t length;

  if (!scan_version(scan, option) || !scan_keys(scan, option)) {
    return 0;
  }
  if (!take_word(scan, "mpcdatalen")) {
    return 1;
  }
  tcpflow__scan_spaces(scan);
  if (option->count != 20 ||
      !tcpflow__scan_decimal(scan, UINT16_MAX, &length)) {
    return 0;
  }
  add(option, length, 2);
  return 1;
}

static void scan_dss_ack(tcpflow__scan *scan, building *option,
                         unsigned *bits) {
  uint64_t number;

  if (take_named(scan, "dack8", UINT64_MAX, &number)) {
    *bits |= TCPFLOW__DRILL_DSS_ACK | TCPFLOW__DRILL_DSS_ACK_8;
    add(option, number, 8);
  } else if (take_named(scan, "dack4", UINT32_MAX, &number)) {
    *bits |= TCPFLOW__DRILL_DSS_ACK;
    add(option, number, 4);
  }
}

/* A length of 0 without a number is no map. */
static int scan_dss_map(tcpflow__scan *scan, building *option, unsigned *bits) {
  uint64_t number;
  uint64_t offset;

  if (take_named(scan, "dsn8", UINT64_MAX, &number)) {
    *bits |= TCPFLOW__DRILL_DSS_MAP | TCPFLOW__DRILL_DSS_SEQ_8;
    add(option, number, 8);
  } else if (take_named(scan, "dsn4", UINT32_MAX, &number)) {
    *bits |= TCPFLOW__DRILL_DSS_MAP;
    add(option, number, 4);
  } else {
    return !take_named(scan, "dll", UINT16_MAX, &number) || number == 0;
  }
  if (!take_named(scan, "ssn", UINT32_MAX, &offset) ||
      !take_named(scan, "dll", UINT16_MAX, &number)) {
    return 0;
  }
  add(option, offset, 4);
  add(option, number, 2);
  return 1;
}

static int scan_dss(tcpflow__scan *scan, building *option) {
  unsigned bits = 0;

  add(option, TCPFLOW__DRILL_DSS << 4, 1);
  add(option, 0, 1); /* The bits, once they are known. */
  scan_dss_ack(scan, option, &bits);
  if (!scan_dss_map(scan, option, &bits) || !take_word(scan, "nocs")) {
    return 0;
  }
  bits |= take_word(scan, "fin") ? TCPFLOW__DRILL_DSS_FIN : 0;
  option->octets[3] = (uint8_t)bits;
  return (bits & (TCPFLOW__DRILL_DSS_ACK | TCPFLOW__DRILL_DSS_MAP)) != 0 &&
         ((bits & TCPFLOW__DRILL_DSS_FIN) == 0 ||
          (bits & TCPFLOW__DRILL_DSS_MAP) != 0);
}

static int scan_priority(tcpflow__scan *scan, building *option) {
  uint64_t number;

  if (!take_named(scan, "backup", 1, &number)) {
    return 0;
  }
  add(option, TCPFLOW__DRILL_PRIORITY << 4 | number, 1);
  if (take_named(scan, "address_id", UINT8_MAX, &number)) {
    add(option, number, 1);
  }
  return 1;
}

static int scan_reset(tcpflow__scan *scan, building *option) {
  uint64_t reason;

  tcpflow__scan_spaces(scan);
  if (!tcpflow__scan_decimal(scan, UINT8_MAX, &reason)) {
    return 0;
  }
  add(option, TCPFLOW__DRILL_RESET << 4, 1);
  add(option, reason, 1);
  return 1;
}

static int scan_fail(tcpflow__scan *scan, building *option) {
  uint64_t number;

  if (!take_named(scan, "dsn8", UINT64_MAX, &number)) {
    return 0;
  }
  add(option, TCPFLOW__DRILL_FAIL << 4, 1);
  add(option, 0, 1);
  add(option, number, 8);
  return 1;
}

static int scan_open(tcpflow__scan *scan, building *option) {
  (void)scan;
  (void)option;
  return 0;
}

int tcpflow__drill_scan_mptcp(tcpflow__scan *scan, tcpflow__drill_list *list,
                              const char **problem) {
  static const struct {
    const char *word;
    int (*take)(tcpflow__scan *scan, building *option);
  } rows[] = {
    {"mpcapable", scan_capable},     {"dss", scan_dss},
    {"mp_prio", scan_priority},      {"mp_reset", scan_reset},
    {"mp_fail", scan_fail},          {"mp_capable", scan_open},
    {"mp_capable_no_cs", scan_open}, {"mp_join_syn", scan_open},
    {"mp_join_syn_ack", scan_open},  {"mp_join_ack", scan_open},
    {"add_address", scan_open},      {"remove_address", scan_open},
    {"mp_fastclose", scan_open},
  };
  building option = {{TCPFLOW_OPTION_MPTCP, 0}, 2};

  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    if (!tcpflow__scan_word(scan, rows[i].word)) {
      continue;
    }
    const int read = rows[i].take(scan, &option);

    option.octets[1] = (uint8_t)option.count;
    *problem = read ? NULL : open_value;
    if (read && !tcpflow__drill_append(list, option.octets, option.count)) {
      *problem = "more options than a TCP header holds";
    }
    return 1;
  }
  return 0;
}
