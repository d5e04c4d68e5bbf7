/*
 * lib/text/drillsegment.c - a segment in packetdrill's notation, from behind
 * its direction.
 *
 * Room: text.  Includes: decode.  Tokens may have spaces between them; a part
 * that is not there is not told, and one that is not known ends the reading: a
 * script means what it says.
 */
#include "text/drill.h"

#include <string.h>

#include "text/drilltoken.h"

/* So that no header in front makes the length of a frame overflow. */
#define PAYLOAD_MAX (UINT32_MAX - UINT32_C(1024))

static const char bad_number[] = "a number that is missing or too large";

/* Accurate ECN's field (RFC 9768 section 3.1.1). */
static unsigned flags_of_digit(unsigned digit) {
  return ((digit & 4U) != 0 ? TCPFLOW_FLAG_AE : 0U) |
         ((digit & 2U) != 0 ? TCPFLOW_FLAG_CWR : 0U) |
         ((digit & 1U) != 0 ? TCPFLOW_FLAG_ECE : 0U);
}

static unsigned flag_of_letter(char c) {
  static const char letters[] = "FSRP.UEWA";
  static const unsigned flags[] = {
    TCPFLOW_FLAG_FIN, TCPFLOW_FLAG_SYN, TCPFLOW_FLAG_RST,
    TCPFLOW_FLAG_PSH, TCPFLOW_FLAG_ACK, TCPFLOW_FLAG_URG,
    TCPFLOW_FLAG_ECE, TCPFLOW_FLAG_CWR, TCPFLOW_FLAG_AE};
  const char *const found = c == '\0' ? NULL : strchr(letters, c);

  return found == NULL ? 0 : flags[found - letters];
}

/* Adds what one character of the flags says; answers 0 if it says nothing. */
static int add_flag(char c, unsigned *letters, int *digit) {
  if (c >= '0' && c <= '7' && *digit < 0) {
    *digit = c - '0';
    return 1;
  }
  const unsigned flag = flag_of_letter(c);

  *letters |= flag;
  return flag != 0;
}

/* Letters in any order, and a digit instead of E, W and A. */
static const char *scan_flags(tcpflow__scan *scan, unsigned *flags) {
  static const unsigned ecn =
    TCPFLOW_FLAG_AE | TCPFLOW_FLAG_CWR | TCPFLOW_FLAG_ECE;
  tcpflow__scan token = tcpflow__drill_take_token(scan);
  unsigned letters = 0;
  int digit = -1;

  if (tcpflow__scan_left(&token) == 0) {
    return "flags that are missing";
  }
  if (tcpflow__scan_left(&token) == 1 && *token.text == '-') {
    return NULL;
  }
  for (; tcpflow__scan_left(&token) > 0; token.text++) {
    if (!add_flag(*token.text, &letters, &digit)) {
      return "flags that are not known";
    }
  }
  if (digit >= 0 && (letters & ecn) != 0) {
    return "a digit and letters for the same flags";
  }
  *flags = letters | (digit >= 0 ? flags_of_digit((unsigned)digit) : 0U);
  return NULL;
}

/* (1000) */
static int scan_length(tcpflow__scan *scan, uint64_t *length) {
  return tcpflow__drill_take_sign(scan, '(') &&
         tcpflow__scan_decimal(scan, PAYLOAD_MAX, length) &&
         tcpflow__drill_take_sign(scan, ')');
}

/* 1:1001(1000), and in a dialect `!`: not counted from the first one. */
static const char *scan_seq(tcpflow__scan *scan,
                            tcpflow__drill_segment *segment) {
  uint64_t first = 0;
  uint64_t last = 0;
  uint64_t length = 0;
  const int open = tcpflow__scan_string(scan, "...");

  if (!open && (!tcpflow__scan_decimal(scan, UINT32_MAX, &first) ||
                !tcpflow__drill_take_sign(scan, ':') ||
                !tcpflow__scan_decimal(scan, UINT32_MAX, &last))) {
    return bad_number;
  }
  if (!scan_length(scan, &length)) {
    return bad_number;
  }
  if (!open && (uint32_t)last != (uint32_t)(first + length)) {
    return "numbers that do not fit the length";
  }
  segment->absolute = (uint8_t)tcpflow__drill_take_sign(scan, '!');
  segment->seq = (tcpflow_seq)first;
  segment->payload = (uint32_t)length;
  segment->list.untold |= open ? TCPFLOW_PACKETDRILL_UNTOLD_SEQ : 0U;
  return NULL;
}

/* ack 1 win 257 urg 3, each of which may be missing. */
static const char *scan_words(tcpflow__scan *scan,
                              tcpflow__drill_segment *segment) {
  uint64_t number = 0;

  if (tcpflow__drill_take_word(scan, "ack")) {
    if (!tcpflow__scan_decimal(scan, UINT32_MAX, &number)) {
      return bad_number;
    }
    segment->ack = (tcpflow_seq)number;
    segment->has_ack = 1;
  }
  if (!tcpflow__drill_take_word(scan, "win")) {
    segment->list.untold |= TCPFLOW_PACKETDRILL_UNTOLD_WINDOW;
  } else if (!tcpflow__scan_decimal(scan, UINT16_MAX, &number)) {
    return bad_number;
  } else {
    segment->window = (uint16_t)number;
  }
  if (tcpflow__drill_take_word(scan, "urg")) {
    if (!tcpflow__scan_decimal(scan, UINT16_MAX, &number)) {
      return bad_number;
    }
    segment->urgent = (uint16_t)number;
  }
  return NULL;
}

/* In a dialect, the ports of UDP that the segment travels in. */
static const char *skip_udp(tcpflow__scan *scan) {
  if (tcpflow__drill_take_sign(scan, '/') &&
      (!tcpflow__drill_take_word(scan, "udp") ||
       !tcpflow__drill_skip_to(scan, ')'))) {
    return "something behind the segment that is not known";
  }
  tcpflow__scan_spaces(scan);
  return tcpflow__scan_left(scan) == 0
           ? NULL
           : "something behind the segment that is not known";
}

static const char *scan_rest(tcpflow__scan *scan, tcpflow_seq sack_base,
                             tcpflow__drill_segment *segment) {
  const char *problem = scan_flags(scan, &segment->flags);

  tcpflow__scan_spaces(scan);
  if (problem == NULL) {
    problem = scan_seq(scan, segment);
  }
  if (problem == NULL) {
    problem = scan_words(scan, segment);
  }
  if (problem == NULL && tcpflow__drill_take_sign(scan, '<')) {
    problem = tcpflow__drill_scan_options(scan, sack_base, &segment->list);
  }
  return problem == NULL ? skip_udp(scan) : problem;
}

const char *tcpflow__drill_scan(tcpflow__scan text, tcpflow_seq sack_base,
                                tcpflow__drill_segment *segment, int *other) {
  const char *problem;

  memset(segment, 0, sizeof(*segment));
  tcpflow_build_ip_init(&segment->ip);
  tcpflow__scan_spaces(&text);
  problem = tcpflow__drill_skip_prefixes(&text);
  if (problem == NULL) {
    problem = tcpflow__drill_scan_ip(&text, segment);
  }
  *other = problem == NULL && tcpflow__drill_is_other(text);
  if (*other) {
    return "another protocol than TCP";
  }
  if (problem == NULL) {
    problem = tcpflow__drill_scan_ends(&text, segment);
  }
  return problem == NULL ? scan_rest(&text, sack_base, segment) : problem;
}
