/*
 * lib/text/drilloptprint.c - TCP options in packetdrill's words.
 *
 * Room: text.  Includes: options, wire.  A list may hold anything; what there
 * are no words for is `raw 0x...`, so that no octet is lost.
 */
#include "text/drill.h"

#include "text/drillforms.h"
#include "text/pattern.h"
#include "wire/bytes.h"

enum {
  HEADER_SIZE = 20
};

const tcpflow__drill_form tcpflow__drill_forms[] = {
  {TCPFLOW_OPTION_MSS, 2, "mss %2"},
  {TCPFLOW_OPTION_WSCALE, 1, "wscale %1"},
  {TCPFLOW_OPTION_SACK_PERMITTED, 0, "sackOK"},
  {TCPFLOW_OPTION_TIMESTAMPS, 8, "TS val %4 ecr %4"},
};

const char *const tcpflow__drill_counters[2][3] = {{"e0b", "ceb", "e1b"},
                                                   {"e1b", "ceb", "e0b"}};

static void put_raw(tcpflow__line *line, const uint8_t *octets, size_t count) {
  tcpflow__put(line, "raw 0x");
  tcpflow__put_octets(line, octets, count);
}

/* A word, and hexadecimal digits behind it if there are octets. */
static void put_blob(tcpflow__line *line, const char *word,
                     const uint8_t *octets, size_t count) {
  tcpflow__put(line, word);
  tcpflow__put(line, count > 0 ? " " : "");
  tcpflow__put_octets(line, octets, count);
}

static void put_sack(tcpflow__line *line, const tcpflow_option *option,
                     tcpflow_seq base) {
  tcpflow__put(line, "sack");
  for (unsigned i = 0; i < option->data_length; i += 4) {
    tcpflow__put_char(line, i % TCPFLOW__DRILL_BLOCK == 0 ? ' ' : ':');
    tcpflow__put_decimal(
      line, tcpflow_seq_distance(base, tcpflow__fetch32(option->data + i)));
  }
}

static void put_accecn(tcpflow__line *line, const tcpflow_option *option) {
  const char *const *const names =
    tcpflow__drill_counters[option->kind == TCPFLOW_OPTION_ACCECN_1];

  tcpflow__put(line, "ECN");
  /* There are three of them at most. */
  for (unsigned i = 0;
       i < 3 && i < option->data_length / TCPFLOW__DRILL_COUNTER; i++) {
    const uint8_t *const at = option->data + i * TCPFLOW__DRILL_COUNTER;

    tcpflow__put_char(line, ' ');
    tcpflow__put(line, names[i]);
    tcpflow__put_char(line, ' ');
    tcpflow__put_decimal(line, (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 |
                                 (uint32_t)at[2]);
  }
}

static int put_special(tcpflow__line *line, const tcpflow_option *option,
                       tcpflow_seq base) {
  const unsigned size = option->data_length;

  switch (option->kind) {
  case TCPFLOW_OPTION_SACK:
    if (size == 0 || size % TCPFLOW__DRILL_BLOCK != 0) {
      return 0;
    }
    put_sack(line, option, base);
    return 1;
  case TCPFLOW_OPTION_MD5:
    put_blob(line, "md5", option->data, size);
    return 1;
  case TCPFLOW_OPTION_FAST_OPEN:
    put_blob(line, "FO", option->data, size);
    return 1;
  case TCPFLOW_OPTION_EXPERIMENT_2:
    if (size < 2 ||
        tcpflow__fetch16(option->data) != TCPFLOW__DRILL_FAST_OPEN_MAGIC) {
      return 0;
    }
    put_blob(line, "FOEXP", option->data + 2, size - 2);
    return 1;
  case TCPFLOW_OPTION_ACCECN_0:
  case TCPFLOW_OPTION_ACCECN_1:
    if (size == 0 || size % TCPFLOW__DRILL_COUNTER != 0 ||
        size > 3 * TCPFLOW__DRILL_COUNTER) {
      return 0;
    }
    put_accecn(line, option);
    return 1;
  default:
    return 0;
  }
}

/* Answers 0, and nothing is written, if there are no words for it. */
static int put_words(tcpflow__line *line, const tcpflow_option *option,
                     tcpflow_seq base, unsigned flags) {
  if (option->kind == TCPFLOW_OPTION_NOP) {
    tcpflow__put(line, "nop");
    return 1;
  }
  for (unsigned i = 0; i < TCPFLOW__DRILL_FORMS; i++) {
    if (tcpflow__drill_forms[i].kind == option->kind &&
        tcpflow__drill_forms[i].size == option->data_length) {
      tcpflow__put_pattern(line, tcpflow__drill_forms[i].form, option->data);
      return 1;
    }
  }
  return option->kind == TCPFLOW_OPTION_MPTCP
           ? tcpflow__drill_put_mptcp(line, option, flags)
           : put_special(line, option, base);
}

/* The end of a list: packetdrill has one word an octet. */
static uint32_t put_end(tcpflow__line *line, const uint8_t *octets,
                        size_t count) {
  size_t zeros = 0;

  for (; zeros < count && octets[zeros] == 0; zeros++) {
    tcpflow__put(line, zeros == 0 ? "eol" : ",eol");
  }
  if (zeros == count) {
    return 0;
  }
  tcpflow__put_char(line, ',');
  put_raw(line, octets + zeros, count - zeros);
  return TCPFLOW_PACKETDRILL_UNTOLD_RAW;
}

/* What ends a walk before the list does. */
static int is_damaged(const tcpflow_option *option) {
  return (option->flags &
          (TCPFLOW_OPTION_FLAG_NO_LENGTH | TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2 |
           TCPFLOW_OPTION_FLAG_OVERRUN | TCPFLOW_OPTION_FLAG_CUT)) != 0;
}

static uint32_t put_list(tcpflow__line *line, const tcpflow_packet *packet,
                         tcpflow_seq base) {
  const uint8_t *const octets =
    packet->bytes + packet->tcp_offset + HEADER_SIZE;
  const unsigned count = packet->options_length;
  uint32_t untold = 0;
  tcpflow_option_walk walk;
  tcpflow_option option;

  tcpflow_option_walk_init(&walk, octets, count, count, packet->flags);
  while (tcpflow_option_walk_next(&walk, &option)) {
    const uint8_t *const at = octets + option.offset;

    tcpflow__put(line, option.offset > 0 ? "," : "");
    if (option.kind == TCPFLOW_OPTION_EOL) {
      return untold | put_end(line, at, count - option.offset);
    }
    if (is_damaged(&option)) {
      put_raw(line, at, count - option.offset);
      return untold | TCPFLOW_PACKETDRILL_UNTOLD_RAW;
    }
    if (!put_words(line, &option, base, packet->flags)) {
      put_raw(line, at, option.length);
      untold |= TCPFLOW_PACKETDRILL_UNTOLD_RAW;
    }
  }
  return untold;
}

uint32_t tcpflow__drill_put_options(tcpflow__line *line,
                                    const tcpflow_packet *packet,
                                    tcpflow_seq sack_base) {
  if (packet->options_length == 0) {
    return 0;
  }
  if (packet->options_captured < packet->options_length) {
    tcpflow__put(line, " <...>");
    return TCPFLOW_PACKETDRILL_UNTOLD_OPTIONS;
  }
  tcpflow__put(line, " <");
  const uint32_t untold = put_list(line, packet, sack_base);

  tcpflow__put_char(line, '>');
  return untold;
}
