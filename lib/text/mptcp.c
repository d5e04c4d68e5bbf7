/*
 * lib/text/mptcp.c - Multipath TCP options as tcpdump writes them.
 *
 * Room: text.  Includes: wire.  The kinds of RFC 6824 and RFC 8684 as tcpdump
 * 4.99.3 knows them.  An option that it calls bad is written as far as it had
 * got.
 */
#include <tcpflow/wire.h>

#include "text/optform.h"
#include "text/optprint.h"
#include "text/pattern.h"

/* RFC 8684 section 3.3: bits of the fourth octet of a DSS. */
enum {
  DSS_FIN = 0x10,
  DSS_SEQ_8 = 0x08,
  DSS_SEQ = 0x04,
  DSS_ACK_8 = 0x02,
  DSS_ACK = 0x01
};

static int has_only_ack(unsigned flags) {
  return (flags & (TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK)) == TCPFLOW_FLAG_ACK;
}

static int put_capable(tcpflow__line *line, const uint8_t *option,
                       unsigned length, unsigned flags) {
  const char *const form = tcpflow__mptcp_form(TCPFLOW__MPTCP_CAPABLE, length);
  const unsigned version = option[2] & 0xfU;

  if (form == NULL ||
      !(length < 20 ? (flags & TCPFLOW_FLAG_SYN) != 0 : has_only_ack(flags))) {
    return 0;
  }
  if (version > 1) {
    tcpflow__put(line, " Unknown Version (");
    tcpflow__put_decimal(line, version);
    tcpflow__put_char(line, ')');
    return 1;
  }
  tcpflow__put(line, version == 0 ? " v0" : " v1");
  tcpflow__put(line, (option[3] & 0x80U) != 0 ? " csum" : "");
  tcpflow__put_pattern(line, form, option + 4);
  return 1;
}

static int join_fits(unsigned length, unsigned flags) {
  switch (length) {
  case 12:
    return (flags & TCPFLOW_FLAG_SYN) != 0;
  case 16:
    return (flags & TCPFLOW_FLAG_SYN) != 0 && (flags & TCPFLOW_FLAG_ACK) != 0;
  default:
    return length == 24 && (flags & TCPFLOW_FLAG_ACK) != 0;
  }
}

static int put_join(tcpflow__line *line, const uint8_t *option, unsigned length,
                    unsigned flags) {
  if (!join_fits(length, flags)) {
    return 0;
  }
  if (length != 24) {
    tcpflow__put(line, (option[2] & 1U) != 0 ? " backup" : "");
    tcpflow__put_pattern(line, " id %1", option + 3);
  }
  tcpflow__put_pattern(line, tcpflow__mptcp_form(TCPFLOW__MPTCP_JOIN, length),
                       option + 4);
  return 1;
}

/* The rest of a DSS: octets that must be there before each word. */
typedef struct rest {
  const uint8_t *octets;
  unsigned count;
} rest;

static int put_next(tcpflow__line *line, rest *left, unsigned size,
                    const char *form) {
  if (left->count < size) {
    return 0;
  }
  tcpflow__put_pattern(line, form, left->octets);
  left->octets += size;
  left->count -= size;
  return 1;
}

static int put_mapping(tcpflow__line *line, rest *left, unsigned bits) {
  const int long_seq = (bits & DSS_SEQ_8) != 0;

  tcpflow__put(line, " seq ");
  if (!put_next(line, left, long_seq ? 8 : 4, long_seq ? "%8" : "%4") ||
      !put_next(line, left, 4, " subseq %4") ||
      !put_next(line, left, 2, " len %2")) {
    return 0;
  }
  (void)put_next(line, left, 2, " csum %h");
  return 1;
}

static int put_dss(tcpflow__line *line, const uint8_t *option, unsigned length,
                   unsigned flags) {
  if (length < 4 || (flags & TCPFLOW_FLAG_SYN) != 0) {
    return 0;
  }
  const unsigned bits = option[3];
  const int long_ack = (bits & DSS_ACK_8) != 0;
  rest left = {option + 4, length - 4};

  tcpflow__put(line, (bits & DSS_FIN) != 0 ? " fin" : "");
  if ((bits & DSS_ACK) != 0) {
    tcpflow__put(line, " ack ");
    if (!put_next(line, &left, long_ack ? 8 : 4, long_ack ? "%8" : "%4")) {
      return 0;
    }
  }
  if ((bits & DSS_SEQ) != 0 && !put_mapping(line, &left, bits)) {
    return 0;
  }
  return left.count == 0;
}

static int put_add_address(tcpflow__line *line, const uint8_t *option,
                           unsigned length) {
  const char *const form =
    tcpflow__mptcp_form(TCPFLOW__MPTCP_ADD_ADDRESS, length);
  const char *const bits = tcpflow__mptcp_address_bits(option[2]);

  if (form == NULL) {
    return 0;
  }
  tcpflow__put_char(line, ' ');
  tcpflow__put(line, bits == NULL ? "[bad version/echo]" : bits);
  tcpflow__put_pattern(line, " id %1", option + 3);
  tcpflow__put_pattern(line, form, option + 4);
  return 1;
}

static int put_remove_address(tcpflow__line *line, const uint8_t *option,
                              unsigned length) {
  if (length < 4) {
    return 0;
  }
  tcpflow__put(line, " id");
  for (unsigned i = 3; i < length; i++) {
    tcpflow__put_pattern(line, " %1", option + i);
  }
  return 1;
}

static int put_priority(tcpflow__line *line, const uint8_t *option,
                        unsigned length) {
  if (length != 3 && length != 4) {
    return 0;
  }
  tcpflow__put(line, (option[2] & 1U) != 0 ? " backup" : " non-backup");
  if (length == 4) {
    tcpflow__put_pattern(line, " id %1", option + 3);
  }
  return 1;
}

static int put_fixed(tcpflow__line *line, unsigned subtype,
                     const uint8_t *option, unsigned length) {
  const char *const form = tcpflow__mptcp_form(subtype, length);

  if (form == NULL) {
    return 0;
  }
  tcpflow__put_pattern(line, form, option + 4);
  return 1;
}

static int put_subtype(tcpflow__line *line, const uint8_t *option,
                       unsigned length, unsigned flags) {
  const unsigned subtype = option[2] >> 4;

  switch (subtype) {
  case TCPFLOW__MPTCP_CAPABLE:
    return put_capable(line, option, length, flags);
  case TCPFLOW__MPTCP_JOIN:
    return put_join(line, option, length, flags);
  case TCPFLOW__MPTCP_DSS:
    return put_dss(line, option, length, flags);
  case TCPFLOW__MPTCP_ADD_ADDRESS:
    return put_add_address(line, option, length);
  case TCPFLOW__MPTCP_REMOVE_ADDRESS:
    return put_remove_address(line, option, length);
  case TCPFLOW__MPTCP_PRIORITY:
    return put_priority(line, option, length);
  case TCPFLOW__MPTCP_FAIL:
  case TCPFLOW__MPTCP_FAST_CLOSE:
    return put_fixed(line, subtype, option, length);
  default:
    return 1;
  }
}

int tcpflow__put_mptcp(tcpflow__line *line, const uint8_t *option,
                       unsigned length, unsigned flags) {
  if (length < 3) {
    return 0;
  }
  const unsigned subtype = option[2] >> 4;

  tcpflow__put_char(line, ' ');
  tcpflow__put_decimal(line, length);
  tcpflow__put_char(line, ' ');
  tcpflow__put(line, tcpflow__mptcp_names[subtype < TCPFLOW__MPTCP_UNKNOWN
                                            ? subtype
                                            : TCPFLOW__MPTCP_UNKNOWN]);
  return put_subtype(line, option, length, flags);
}
