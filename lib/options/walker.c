/*
 * lib/options/walker.c - the one walker over lists of TCP options.
 *
 * Room: options.  Includes: wire, decode.  walk_next() is one step from any
 * state of the walk; every loop over options is a loop around it.  It keeps
 *
 *   offset <= captured <= length <= 255
 *
 * and leaves with a larger offset than it came with, or with an end.  Options
 * advance by what they say, never by what their kind should have: RFC 9293
 * section 3.1 gives every option but EOL and NOP a length octet so that
 * unknown ones can be skipped (MUST-6).
 */
#include <tcpflow/options.h>

#include "options/kinds.h"
#include "options/multipath.h"
#include "wire/bytes.h"

/* Behind such an option nobody knows where the next one starts. */
enum {
  ENDS_WALK = TCPFLOW_OPTION_FLAG_NO_LENGTH |
              TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2 | TCPFLOW_OPTION_FLAG_OVERRUN |
              TCPFLOW_OPTION_FLAG_CUT
};

enum {
  TCP_HEADER = 20
};

static unsigned smaller(unsigned a, unsigned b) {
  return a < b ? a : b;
}

void tcpflow_option_walk_init(tcpflow_option_walk *walk, const uint8_t *bytes,
                              size_t length, size_t captured,
                              unsigned tcp_flags) {
  *walk = (tcpflow_option_walk){
    .bytes = bytes,
    .tcp_flags = (uint16_t)(tcp_flags & TCPFLOW_FLAGS_ALL),
    .place = (uint8_t)tcpflow__place_of_segment(tcp_flags),
    .length = (uint8_t)(length < UINT8_MAX ? length : UINT8_MAX),
  };
  walk->captured = (uint8_t)(captured < walk->length ? captured : walk->length);
}

void tcpflow_option_walk_packet(tcpflow_option_walk *walk,
                                const tcpflow_packet *packet) {
  tcpflow_option_walk_init(walk,
                           packet->options_captured == 0
                             ? NULL
                             : packet->bytes + packet->tcp_offset + TCP_HEADER,
                           packet->options_length, packet->options_captured,
                           packet->flags);
}

/* Everything behind it is padding, which should be 0 (RFC 9293 section 3.1). */
static unsigned judge_end(const tcpflow_option_walk *walk,
                          tcpflow_option *option) {
  unsigned flags = walk->captured < walk->length ? TCPFLOW_OPTION_FLAG_CUT : 0;

  option->data_length = (uint8_t)(walk->captured - walk->offset - 1);
  for (unsigned i = 0; i < option->data_length; i++) {
    if (option->data[i] != 0) {
      flags |= TCPFLOW_OPTION_FLAG_AFTER_EOL;
    }
  }
  return flags;
}

/* Reads the length octet and holds it against what is there. */
static unsigned judge_length(const tcpflow_option_walk *walk,
                             tcpflow_option *option) {
  const unsigned listed = (unsigned)walk->length - walk->offset;
  const unsigned there = (unsigned)walk->captured - walk->offset;
  unsigned flags = 0;

  if (listed < 2) {
    return TCPFLOW_OPTION_FLAG_NO_LENGTH;
  }
  if (there < 2) {
    return TCPFLOW_OPTION_FLAG_CUT;
  }
  option->length = option->data[0];
  option->data++;
  if (option->length < 2) {
    option->data_length = (uint8_t)(there - 2);
    return TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2;
  }
  option->data_length = (uint8_t)(smaller(option->length, there) - 2);
  if (option->length > listed) {
    flags |= TCPFLOW_OPTION_FLAG_OVERRUN;
  }
  if (smaller(option->length, listed) > there) {
    flags |= TCPFLOW_OPTION_FLAG_CUT;
  }
  if (!tcpflow__option_length_ok(&tcpflow__option_rules[option->kind],
                                 option->length)) {
    flags |= TCPFLOW_OPTION_FLAG_BAD_LENGTH;
  }
  return flags;
}

/* Notes that the kind was here, and says whether it was before. */
static int see_again(tcpflow_option_walk *walk, uint8_t kind) {
  const uint64_t bit = UINT64_C(1) << (kind & 63U);
  uint64_t *word = &walk->seen[kind >> 6];
  const int again = (*word & bit) != 0;

  *word |= bit;
  return again;
}

static int was_seen(const tcpflow_option_walk *walk, uint8_t kind) {
  return (walk->seen[kind >> 6] >> (kind & 63U) & 1) != 0;
}

static unsigned judge_kind(tcpflow_option_walk *walk, uint8_t kind) {
  const tcpflow__option_rule *rule = &tcpflow__option_rules[kind];
  unsigned flags = rule->flags;

  if (rule->min == 0) {
    flags |= TCPFLOW_OPTION_FLAG_UNKNOWN;
  }
  if ((rule->not_in & walk->place) != 0) {
    flags |= TCPFLOW_OPTION_FLAG_WRONG_SEGMENT;
  }
  if (see_again(walk, kind) && !rule->many) {
    flags |= TCPFLOW_OPTION_FLAG_DUPLICATE;
  }
  return flags;
}

static int is_bad_block(const uint8_t *block) {
  return tcpflow_seq_leq(tcpflow__fetch32(block + 4), tcpflow__fetch32(block));
}

/* A SACK of no blocks has the length of 8n + 2, and says nothing. */
static int is_bad_sack(const tcpflow_option *option) {
  for (unsigned i = 0; i + 8 <= option->data_length; i += 8) {
    if (is_bad_block(option->data + i)) {
      return 1;
    }
  }
  return option->data_length == 0;
}

static unsigned bad_value_if(int bad) {
  return bad ? TCPFLOW_OPTION_FLAG_BAD_VALUE : 0;
}

/* RFC 5925 section 2.2: a segment with MD5 and TCP-AO is to be dropped. */
static unsigned conflict_with(const tcpflow_option_walk *walk, uint8_t kind) {
  return was_seen(walk, kind) ? TCPFLOW_OPTION_FLAG_CONFLICT : 0;
}

/* What is inside an option that is whole and as long as its kind should be. */
static unsigned judge_inside(const tcpflow_option_walk *walk,
                             const tcpflow_option *option) {
  switch (option->kind) {
  case TCPFLOW_OPTION_MSS:
    return bad_value_if(tcpflow__fetch16(option->data) == 0);
  case TCPFLOW_OPTION_WSCALE:
    return bad_value_if(option->data[0] > TCPFLOW_WSCALE_MAX);
  case TCPFLOW_OPTION_SACK:
    return bad_value_if(is_bad_sack(option));
  case TCPFLOW_OPTION_MD5:
    return conflict_with(walk, TCPFLOW_OPTION_AO);
  case TCPFLOW_OPTION_AO:
    return conflict_with(walk, TCPFLOW_OPTION_MD5);
  case TCPFLOW_OPTION_MPTCP:
    return tcpflow__multipath_judge(option, walk->tcp_flags);
  default:
    return 0;
  }
}

/* Any option with a length octet. */
static unsigned judge(tcpflow_option_walk *walk, tcpflow_option *option) {
  const unsigned flags = judge_length(walk, option);
  const unsigned more = judge_kind(walk, option->kind);

  if ((flags & (ENDS_WALK | TCPFLOW_OPTION_FLAG_BAD_LENGTH)) != 0) {
    return flags | more;
  }
  return flags | more | judge_inside(walk, option);
}

int tcpflow_option_walk_next(tcpflow_option_walk *walk,
                             tcpflow_option *option) {
  if (walk->offset >= walk->captured) {
    return 0;
  }
  const uint8_t *at = walk->bytes + walk->offset;

  *option = (tcpflow_option){
    .kind = at[0], .length = 1, .offset = walk->offset, .data = at + 1};
  if (option->kind == TCPFLOW_OPTION_NOP) {
    walk->offset++;
    return 1;
  }
  if (option->kind == TCPFLOW_OPTION_EOL) {
    option->flags = judge_end(walk, option);
    walk->offset = walk->captured;
    return 1;
  }
  option->flags = judge(walk, option);
  walk->offset = (option->flags & ENDS_WALK) != 0
                   ? walk->captured
                   : (uint8_t)(walk->offset + option->length);
  return 1;
}
