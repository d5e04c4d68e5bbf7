/*
 * lib/text/mptcpread.c - Multipath TCP options, back from text.
 *
 * Room: text.  Includes: wire.  The text tells the option's length, so its
 * octets are known but for reserved bits.  Only in a DSS it does not tell how
 * long a number is; there, the lengths are tried until the text comes out.
 */
#include "text/optread.h"

#include <string.h>

#include "text/optform.h"
#include "text/optprint.h"
#include "text/pattern.h"

enum {
  TEXT_MAX = 256, /* Room for the longest DSS. */
  FLAG_CHECKSUM = 0x80,
  FLAG_HMAC_SHA = 1 /* Not printed; there is no other algorithm (RFC 8684
                       section 3.1). */
};

static int scan_capable(tcpflow__scan *scan, uint8_t *option, unsigned length) {
  const char *const form = tcpflow__mptcp_form(TCPFLOW__MPTCP_CAPABLE, length);

  if (tcpflow__scan_pattern(scan, " Unknown Version (%1)", option + 3)) {
    option[2] = (uint8_t)(TCPFLOW__MPTCP_CAPABLE << 4 | (option[3] & 0xf));
    return 1;
  }
  if (tcpflow__scan_pattern(scan, " v1", NULL)) {
    option[2] |= 1;
  } else if (!tcpflow__scan_pattern(scan, " v0", NULL)) {
    return 0;
  }
  option[3] = FLAG_HMAC_SHA;
  option[3] |= tcpflow__scan_pattern(scan, " csum", NULL) ? FLAG_CHECKSUM : 0;
  return form != NULL && tcpflow__scan_pattern(scan, form, option + 4);
}

static int scan_join(tcpflow__scan *scan, uint8_t *option, unsigned length) {
  const char *const form = tcpflow__mptcp_form(TCPFLOW__MPTCP_JOIN, length);

  option[2] |= tcpflow__scan_pattern(scan, " backup", NULL) ? 1 : 0;
  if (form == NULL ||
      (length != 24 && !tcpflow__scan_pattern(scan, " id %1", option + 3))) {
    return 0;
  }
  return tcpflow__scan_pattern(scan, form, option + 4);
}

/* `v1` is the start of `v1-echo`, so a space must follow. */
static int scan_address_bits(tcpflow__scan *scan, uint8_t *bits) {
  for (unsigned i = 0; i < 16; i++) {
    const char *const word = tcpflow__mptcp_address_bits(i);
    tcpflow__scan at = *scan;

    if (tcpflow__scan_string(&at, word == NULL ? "[bad version/echo]" : word) &&
        tcpflow__scan_peek(&at) == ' ') {
      *bits |= (uint8_t)i;
      *scan = at;
      return 1;
    }
  }
  return 0;
}

static int scan_add_address(tcpflow__scan *scan, uint8_t *option,
                            unsigned length) {
  const char *const form =
    tcpflow__mptcp_form(TCPFLOW__MPTCP_ADD_ADDRESS, length);

  tcpflow__scan_spaces(scan);
  return form != NULL && scan_address_bits(scan, &option[2]) &&
         tcpflow__scan_pattern(scan, " id %1", option + 3) &&
         tcpflow__scan_pattern(scan, form, option + 4);
}

static int scan_remove_address(tcpflow__scan *scan, uint8_t *option,
                               unsigned length) {
  if (!tcpflow__scan_pattern(scan, " id", NULL)) {
    return 0;
  }
  for (unsigned i = 3; i < length; i++) {
    if (!tcpflow__scan_pattern(scan, " %1", option + i)) {
      return 0;
    }
  }
  return 1;
}

static int scan_priority(tcpflow__scan *scan, uint8_t *option,
                         unsigned length) {
  if (tcpflow__scan_pattern(scan, " backup", NULL)) {
    option[2] |= 1;
  } else if (!tcpflow__scan_pattern(scan, " non-backup", NULL)) {
    return 0;
  }
  return length != 4 || tcpflow__scan_pattern(scan, " id %1", option + 3);
}

static int scan_fixed(tcpflow__scan *scan, unsigned subtype, uint8_t *option,
                      unsigned length) {
  const char *const form = tcpflow__mptcp_form(subtype, length);

  return form != NULL && tcpflow__scan_pattern(scan, form, option + 4);
}

/* The words of a DSS, their values with as many octets as a try has. */
typedef struct words {
  uint8_t octets[32];
  unsigned count;
} words;

static int scan_next(tcpflow__scan *scan, words *w, const char *form,
                     unsigned size) {
  if (w->count + size > sizeof(w->octets) ||
      !tcpflow__scan_pattern(scan, form, w->octets + w->count)) {
    return 0;
  }
  w->count += size;
  return 1;
}

/* One try: WIDE bit 0 has a long acknowledgment, bit 1 a long number. */
static unsigned scan_words(tcpflow__scan *scan, words *w, unsigned wide) {
  unsigned bits = (wide & 1U) << 1 | (wide & 2U) << 2;

  bits |= tcpflow__scan_pattern(scan, " fin", NULL) ? 0x10U : 0;
  if (tcpflow__scan_pattern(scan, " ack ", NULL)) {
    bits |= 1U;
    (void)scan_next(scan, w, (wide & 1U) != 0 ? "%8" : "%4",
                    (wide & 1U) != 0 ? 8 : 4);
  }
  if (tcpflow__scan_pattern(scan, " seq ", NULL)) {
    bits |= 4U;
    (void)scan_next(scan, w, (wide & 2U) != 0 ? "%8" : "%4",
                    (wide & 2U) != 0 ? 8 : 4);
    (void)scan_next(scan, w, " subseq %4", 4);
    (void)scan_next(scan, w, " len %2", 2);
    (void)scan_next(scan, w, " csum %h", 2);
  }
  return bits;
}

/* Does the option come out as the text from START up to where AT is? */
static int is_written_so(const uint8_t *option, unsigned length, unsigned flags,
                         const char *start, tcpflow__scan at) {
  char text[TEXT_MAX];
  tcpflow__line line = {text, sizeof(text), 0};
  const size_t size = (size_t)(at.text - start);
  const int good = tcpflow__put_mptcp(&line, option, length, flags);

  return line.length == size && size < sizeof(text) &&
         memcmp(text, start, size) == 0 &&
         good == !tcpflow__scan_string(&at, "[bad opt]");
}

/* START is where the text of the option begins. */
static int scan_dss(tcpflow__scan *scan, const char *start, unsigned flags,
                    uint8_t *option, unsigned length) {
  for (unsigned wide = 0; wide < 4; wide++) {
    tcpflow__scan at = *scan;
    words w = {{0}, 0};
    const unsigned bits = scan_words(&at, &w, wide);
    const unsigned size =
      length < 4 ? 0 : (w.count < length - 4 ? w.count : length - 4);

    if (length >= 4) {
      option[3] = (uint8_t)bits;
      memcpy(option + 4, w.octets, size);
      memset(option + 4 + size, 0, length - 4 - size);
    }
    if (is_written_so(option, length, flags, start, at)) {
      *scan = at;
      return 1;
    }
  }
  return 0;
}

static int scan_subtype(tcpflow__scan *scan, unsigned subtype, uint8_t *option,
                        unsigned length) {
  switch (subtype) {
  case TCPFLOW__MPTCP_CAPABLE:
    return scan_capable(scan, option, length);
  case TCPFLOW__MPTCP_JOIN:
    return scan_join(scan, option, length);
  case TCPFLOW__MPTCP_ADD_ADDRESS:
    return scan_add_address(scan, option, length);
  case TCPFLOW__MPTCP_REMOVE_ADDRESS:
    return scan_remove_address(scan, option, length);
  case TCPFLOW__MPTCP_PRIORITY:
    return scan_priority(scan, option, length);
  case TCPFLOW__MPTCP_FAIL:
  case TCPFLOW__MPTCP_FAST_CLOSE:
    return scan_fixed(scan, subtype, option, length);
  default:
    return 1;
  }
}

static int scan_name(tcpflow__scan *scan, unsigned *subtype) {
  tcpflow__scan_spaces(scan);
  for (*subtype = 0; *subtype < TCPFLOW__MPTCP_SUBTYPES; (*subtype)++) {
    if (tcpflow__scan_word(scan, tcpflow__mptcp_names[*subtype])) {
      return 1;
    }
  }
  return 0;
}

unsigned tcpflow__scan_mptcp(tcpflow__scan *scan, unsigned flags,
                             uint8_t *option, unsigned room) {
  const char *const start = scan->text;
  uint64_t length;
  unsigned subtype;

  tcpflow__scan_spaces(scan);
  if (!tcpflow__scan_decimal(scan, room, &length) || length < 3 ||
      !scan_name(scan, &subtype)) {
    return 0;
  }
  option[2] = (uint8_t)(subtype << 4);
  if (subtype == TCPFLOW__MPTCP_DSS) {
    return scan_dss(scan, start, flags, option, (unsigned)length)
             ? (unsigned)length
             : 0;
  }
  return tcpflow__scan_string(&(tcpflow__scan){scan->text, scan->end},
                              "[bad opt]") ||
             scan_subtype(scan, subtype, option, (unsigned)length)
           ? (unsigned)length
           : 0;
}
