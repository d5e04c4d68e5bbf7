/*
 * lib/text/drillmptcp.c - Multipath TCP options in packetdrill's words.
 *
 * Room: text.  Includes: options.  Scripts name addresses and digests by
 * variables whose values a line does not tell; only options of which it tells
 * all are written.
 */
#include "text/drill.h"

#include "text/drillmptcp.h"

static uint64_t fetch(const uint8_t *octets, unsigned count) {
  uint64_t number = 0;

  for (unsigned i = 0; i < count; i++) {
    number = number << 8 | octets[i];
  }
  return number;
}

static void put_named(tcpflow__line *line, const char *name, uint64_t number) {
  tcpflow__put(line, name);
  tcpflow__put_decimal(line, number);
}

/* The keys have the names of those who chose them. */
static void put_keys(tcpflow__line *line, const tcpflow_option *option,
                     unsigned flags) {
  const unsigned both = TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK;
  const uint8_t *const keys = option->data + 2;

  if (option->length == 4) {
    tcpflow__put(line, " nokey");
    return;
  }
  if (option->length == 12) {
    put_named(line, (flags & both) == both ? " key[skey=" : " key[ckey=",
              fetch(keys, TCPFLOW__DRILL_KEY));
  } else {
    put_named(line, " key[ckey=", fetch(keys, TCPFLOW__DRILL_KEY));
    put_named(line,
              ", skey=", fetch(keys + TCPFLOW__DRILL_KEY, TCPFLOW__DRILL_KEY));
  }
  tcpflow__put_char(line, ']');
  if (option->length == 22) {
    put_named(line, " mpcdatalen ",
              fetch(keys + 2 * (size_t)TCPFLOW__DRILL_KEY, 2));
  }
}

static int put_capable(tcpflow__line *line, const tcpflow_option *option,
                       unsigned flags) {
  if (option->length != 4 && option->length != 12 && option->length != 20 &&
      option->length != 22) {
    return 0;
  }
  put_named(line, "mpcapable v", option->data[0] & 0xfU);
  if (option->data[1] == TCPFLOW__DRILL_HMAC_SHA) {
    tcpflow__put(line, " flags[flag_h]");
  } else {
    tcpflow__put(line, " flags 0x");
    tcpflow__put_hex(line, option->data[1], 1);
  }
  put_keys(line, option, flags);
  return 1;
}

static unsigned size_of_ack(unsigned bits) {
  if ((bits & TCPFLOW__DRILL_DSS_ACK) == 0) {
    return 0;
  }
  return (bits & TCPFLOW__DRILL_DSS_ACK_8) != 0 ? 8 : 4;
}

static unsigned size_of_seq(unsigned bits) {
  if ((bits & TCPFLOW__DRILL_DSS_MAP) == 0) {
    return 0;
  }
  return (bits & TCPFLOW__DRILL_DSS_SEQ_8) != 0 ? 8 : 4;
}

/* Bits and a length that the words can tell: no checksum, nothing reserved. */
static int is_plain_dss(const tcpflow_option *option) {
  const unsigned bits = option->data[1];
  const unsigned map = size_of_seq(bits);

  return option->data[0] == TCPFLOW__DRILL_DSS << 4 &&
         bits < 2 * TCPFLOW__DRILL_DSS_FIN &&
         (bits & (TCPFLOW__DRILL_DSS_ACK | TCPFLOW__DRILL_DSS_ACK_8)) !=
           TCPFLOW__DRILL_DSS_ACK_8 &&
         (bits & (TCPFLOW__DRILL_DSS_MAP | TCPFLOW__DRILL_DSS_SEQ_8)) !=
           TCPFLOW__DRILL_DSS_SEQ_8 &&
         (map > 0 || (bits & TCPFLOW__DRILL_DSS_FIN) == 0) &&
         size_of_ack(bits) + map > 0 &&
         option->length == 4 + size_of_ack(bits) + (map > 0 ? map + 6 : 0);
}

static int put_dss(tcpflow__line *line, const tcpflow_option *option) {
  const unsigned bits = option->data[1];
  const unsigned ack_size = size_of_ack(bits);
  const unsigned map_size = size_of_seq(bits);
  const uint8_t *const map = option->data + 2 + ack_size;

  if (!is_plain_dss(option)) {
    return 0;
  }
  tcpflow__put(line, "dss");
  if (ack_size > 0) {
    put_named(line, ack_size == 8 ? " dack8=" : " dack4=",
              fetch(option->data + 2, ack_size));
  }
  if (map_size > 0) {
    put_named(line, map_size == 8 ? " dsn8=" : " dsn4=", fetch(map, map_size));
    put_named(line, " ssn=", fetch(map + map_size, 4));
    put_named(line, " dll=", fetch(map + map_size + 4, 2));
  }
  tcpflow__put(line, " nocs");
  tcpflow__put(line, (bits & TCPFLOW__DRILL_DSS_FIN) != 0 ? " fin" : "");
  return 1;
}

static int put_priority(tcpflow__line *line, const tcpflow_option *option) {
  if ((option->data[0] & 0xeU) != 0 || option->length > 4) {
    return 0;
  }
  put_named(line, "mp_prio backup=", option->data[0] & 1U);
  if (option->length == 4) {
    put_named(line, " address_id=", option->data[1]);
  }
  return 1;
}

/* Options of one form. */
static int put_other(tcpflow__line *line, const tcpflow_option *option) {
  if (option->data[0] == TCPFLOW__DRILL_RESET << 4 && option->length == 4) {
    put_named(line, "mp_reset ", option->data[1]);
    return 1;
  }
  if (option->data[0] == TCPFLOW__DRILL_FAIL << 4 && option->data[1] == 0 &&
      option->length == 12) {
    put_named(line, "mp_fail dsn8=", fetch(option->data + 2, 8));
    return 1;
  }
  return 0;
}

int tcpflow__drill_put_mptcp(tcpflow__line *line, const tcpflow_option *option,
                             unsigned flags) {
  if (option->length < 3) {
    return 0;
  }
  const unsigned subtype = option->data[0] >> 4;

  if (subtype == TCPFLOW__DRILL_PRIORITY) {
    return put_priority(line, option);
  }
  if (option->length < 4) {
    return 0;
  }
  switch (subtype) {
  case TCPFLOW__DRILL_CAPABLE:
    return put_capable(line, option, flags);
  case TCPFLOW__DRILL_DSS:
    return put_dss(line, option);
  default:
    return put_other(line, option);
  }
}
