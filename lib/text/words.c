/*
 * lib/text/words.c - what a line says behind the addresses.
 *
 * Room: text.  Includes: options, wire.  Words are taken in any order, with or
 * without commas; one that is not known is stepped over.
 */
#include "text/words.h"

#include <string.h>

#include "text/flags.h"

enum {
  HEADER_SIZE = 20
};

/* So that no header in front makes the length of a frame overflow. */
#define PAYLOAD_MAX (UINT32_MAX - UINT32_C(1024))

static const char bad_number[] = "a number that is missing or too large";

/* What one word asks for. */
typedef enum progress {
  GO_ON,
  STOP,
  UNKNOWN_WORD
} progress;

/* The reading of one line. */
typedef struct state {
  tcpflow__scan at;
  tcpflow__words *words;
  tcpflow_seq end; /* Behind the payload, as printed. */
  int has_end;
  int has_length;
  const char *problem; /* NULL: none so far. */
} state;

static progress fail(state *st, const char *problem) {
  st->problem = problem;
  return STOP;
}

/* A number behind a word: `win 512`, and also `win: 512`, `win=512`. */
static int scan_number(state *st, uint64_t max, uint64_t *number) {
  while (tcpflow__scan_char(&st->at, ' ') || tcpflow__scan_char(&st->at, ':') ||
         tcpflow__scan_char(&st->at, '=')) {
  }
  return tcpflow__scan_decimal(&st->at, max, number);
}

static progress take_number(state *st, uint64_t max, uint64_t *number) {
  return scan_number(st, max, number) ? GO_ON : fail(st, bad_number);
}

/* 1:101, and (100) behind it in older releases. */
static progress take_seq(state *st) {
  uint64_t number;

  if (!scan_number(st, UINT32_MAX, &number)) {
    return fail(st, bad_number);
  }
  st->words->seq = (tcpflow_seq)number;
  st->words->has_seq = 1;
  if (tcpflow__scan_char(&st->at, ':')) {
    if (!tcpflow__scan_decimal(&st->at, UINT32_MAX, &number)) {
      return fail(st, bad_number);
    }
    st->end = (tcpflow_seq)number;
    st->has_end = 1;
  }
  if (tcpflow__scan_char(&st->at, '(')) {
    if (!tcpflow__scan_decimal(&st->at, PAYLOAD_MAX, &number)) {
      return fail(st, bad_number);
    }
    st->words->payload = (uint32_t)number;
    st->has_length = 1;
    (void)tcpflow__scan_char(&st->at, ')');
  }
  return GO_ON;
}

static progress take_ack(state *st) {
  uint64_t number = 0;
  const progress next = take_number(st, UINT32_MAX, &number);

  st->words->ack = (tcpflow_seq)number;
  st->words->has_ack = 1;
  return next;
}

static progress take_small(state *st, uint16_t *value) {
  uint64_t number = 0;
  const progress next = take_number(st, UINT16_MAX, &number);

  *value = (uint16_t)number;
  return next;
}

/* Behind it stands the payload's own protocol, or that the header was cut. */
static progress take_length(state *st) {
  uint64_t number = 0;
  uint64_t there;
  uint64_t header;

  if (take_number(st, PAYLOAD_MAX, &number) == STOP) {
    return STOP;
  }
  st->words->payload = (uint32_t)number;
  st->has_length = 1;
  if (tcpflow__scan_string(&st->at, " [remaining caplen(") &&
      tcpflow__scan_decimal(&st->at, 60, &there) &&
      tcpflow__scan_string(&st->at, ") < header length(") &&
      tcpflow__scan_decimal(&st->at, 60, &header)) {
    if (there < HEADER_SIZE || header < there || header % 4 != 0) {
      return fail(st, "a header length that cannot be");
    }
    st->words->there = (unsigned)there;
    st->words->header = (unsigned)header;
  }
  return STOP;
}

static progress take_options(state *st, char close) {
  st->problem =
    tcpflow__scan_options(&st->at, close, st->words->flags, &st->words->list);
  return st->problem != NULL || st->words->list.end != TCPFLOW__LIST_WHOLE
           ? STOP
           : GO_ON;
}

static progress take_option_word(state *st) {
  tcpflow__scan_spaces(&st->at);
  if (tcpflow__scan_char(&st->at, '[')) {
    return take_options(st, ']');
  }
  return tcpflow__scan_char(&st->at, '<') ? take_options(st, '>') : GO_ON;
}

/* cksum 0x1c2d (incorrect -> 0xbfa4); (correct).  The first is the field. */
static progress take_checksum(state *st) {
  uint64_t number;

  tcpflow__scan_spaces(&st->at);
  if (tcpflow__scan_hex(&st->at, &number) && number <= UINT16_MAX) {
    st->words->has_checksum = 1;
    st->words->checksum = (uint16_t)number;
  }
  tcpflow__scan_spaces(&st->at);
  if (tcpflow__scan_char(&st->at, '(')) {
    const char *const close = tcpflow__scan_find(&st->at, ")");

    st->at.text = close == NULL ? st->at.end : close + 1;
  }
  return GO_ON;
}

/* 60 - too long, > 24]; 16 - too short, < 20] */
static progress take_bad_header(state *st) {
  uint64_t header = 0;
  uint64_t segment = st->words->segment;

  if (!tcpflow__scan_decimal(&st->at, 60, &header) || header % 4 != 0) {
    return fail(st, "a header length that cannot be");
  }
  if (tcpflow__scan_string(&st->at, " - too long, > ")) {
    (void)tcpflow__scan_decimal(&st->at, 60, &segment);
  } else {
    segment += header;
  }
  if (segment < HEADER_SIZE || segment > PAYLOAD_MAX) {
    return fail(st, "a segment that is shorter than its header");
  }
  st->words->header = (unsigned)header;
  st->words->segment = (uint32_t)segment;
  return STOP;
}

static progress take_word(state *st) {
  if (tcpflow__scan_word(&st->at, "seq")) {
    return take_seq(st);
  }
  if (tcpflow__scan_word(&st->at, "ack")) {
    return take_ack(st);
  }
  if (tcpflow__scan_word(&st->at, "win")) {
    return take_small(st, &st->words->window);
  }
  if (tcpflow__scan_word(&st->at, "urg")) {
    return take_small(st, &st->words->urgent);
  }
  if (tcpflow__scan_word(&st->at, "options")) {
    return take_option_word(st);
  }
  if (tcpflow__scan_word(&st->at, "length")) {
    return take_length(st);
  }
  if (tcpflow__scan_word(&st->at, "cksum")) {
    return take_checksum(st);
  }
  return UNKNOWN_WORD;
}

static progress take_sign(state *st) {
  if (tcpflow__scan_char(&st->at, '<')) {
    return take_options(st, '>');
  }
  if (tcpflow__scan_string(&st->at, "[bad hdr length ")) {
    return take_bad_header(st);
  }
  return tcpflow__is_digit(tcpflow__scan_peek(&st->at)) && !st->words->has_seq
           ? take_seq(st)
           : UNKNOWN_WORD;
}

static int is_separator(char c) {
  return c == ' ' || c == ',' || c == ';';
}

static void skip_separators(tcpflow__scan *at) {
  while (tcpflow__scan_left(at) > 0 && is_separator(*at->text)) {
    at->text++;
  }
}

static void skip_word(tcpflow__scan *at) {
  while (tcpflow__scan_left(at) > 0 && !is_separator(*at->text)) {
    at->text++;
  }
}

static void take_words(state *st) {
  skip_separators(&st->at);
  while (tcpflow__scan_left(&st->at) > 0) {
    progress next = take_word(st);

    next = next == UNKNOWN_WORD ? take_sign(st) : next;
    if (next == STOP) {
      return;
    }
    if (next == UNKNOWN_WORD) {
      skip_word(&st->at);
    }
    skip_separators(&st->at);
  }
}

/* tcp 8 [bad hdr length 16 - too short, < 20] */
static const char *take_short(state *st) {
  uint64_t rest = 0;

  (void)tcpflow__scan_string(&st->at, "tcp ");
  (void)tcpflow__scan_decimal(&st->at, PAYLOAD_MAX, &rest);
  (void)tcpflow__scan_string(&st->at, " [bad hdr length ");
  st->words->segment = (uint32_t)rest;
  (void)take_bad_header(st);
  return st->problem;
}

/* In the old notation a dot is no flag, and `ack` is one. */
static void mend_old_flags(tcpflow__words *words) {
  words->flags &= ~(unsigned)TCPFLOW_FLAG_ACK;
  words->flags |= words->has_ack ? TCPFLOW_FLAG_ACK : 0U;
}

const char *tcpflow__scan_words(tcpflow__scan text, tcpflow__line_shape shape,
                                tcpflow__words *words) {
  state st = {text, words, 0, 0, 0, NULL};

  memset(words, 0, sizeof(*words));
  if (shape == TCPFLOW__SHAPE_SHORT) {
    return take_short(&st);
  }
  if (!tcpflow__scan_flags(&st.at, &words->flags)) {
    return "flags that are not known";
  }
  (void)tcpflow__scan_char(&st.at, ']');
  take_words(&st);
  if (shape == TCPFLOW__SHAPE_OLD) {
    mend_old_flags(words);
  }
  if (!st.has_length && st.has_end) {
    words->payload = tcpflow_seq_distance(words->seq, st.end);
  }
  return words->payload > PAYLOAD_MAX && st.problem == NULL ? bad_number
                                                            : st.problem;
}
