/*
 * tests/property/test_text.c - what holds for all lines: a frame that is
 * printed, read and printed again gives the same line, with -S and without.
 *
 * Conversations are played with random segments of all sorts.  Their numbers
 * start at random, as RFC 9293 section 3.4.1 wants it; that is how a reader
 * tells relative numbers from absolute ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <tcpflow/build.h>
#include <tcpflow/options.h>

#include "unit/text/round.h"

enum {
  CONVERSATIONS = 400,
  SEGMENTS = 60
};

/* Xorshift, 64 bits: the same conversations in every run. */
static uint64_t dice;

static uint32_t roll(uint32_t sides) {
  dice ^= (dice & (UINT64_MAX >> 13)) << 13;
  dice ^= dice >> 7;
  dice ^= (dice & (UINT64_MAX >> 17)) << 17;
  return (uint32_t)(dice >> 32) % sides;
}

static uint32_t roll_any(void) {
  return roll(65536) << 16 | roll(65536);
}

/* One conversation; index 0 is the client. */
typedef struct play {
  tcpflow_tuple tuple[2];
  tcpflow_seq next[2];
  tcpflow_time now;
} play;

static void begin(play *p) {
  tcpflow_tuple tuple = {.version = roll(2) == 0 ? 4 : 6};

  for (unsigned i = 0; i < 2; i++) {
    tuple.port[i] = (uint16_t)roll(65536);
    for (unsigned j = 0; j < (tuple.version == 4 ? 4U : 16U); j++) {
      tuple.address[i][j] = (uint8_t)(roll(3) == 0 ? roll(256) : 0);
    }
    p->next[i] = roll_any();
  }
  p->tuple[0] = tuple;
  p->tuple[1] = tuple;
  for (unsigned i = 0; i < 2; i++) {
    p->tuple[1].port[i] = tuple.port[1 - i];
    memcpy(p->tuple[1].address[i], tuple.address[1 - i], 16);
  }
  p->now = UINT64_C(1700000000000000000) + roll(UINT32_MAX);
}

/* An option may find no room; the list has one less then. */
static void may_fail(int error) {
  assert_true(error == TCPFLOW_OK || error == TCPFLOW_ERR_LIMIT);
}

static void add_sack(tcpflow_options_builder *options, tcpflow_seq ack) {
  tcpflow_sack_block blocks[3];
  const uint32_t count = 1 + roll(3);

  for (uint32_t i = 0; i < count; i++) {
    blocks[i].left = tcpflow_seq_add(ack, 1 + roll(60000));
    blocks[i].right = tcpflow_seq_add(blocks[i].left, 1 + roll(1448));
  }
  may_fail(tcpflow_options_builder_sack(options, blocks, count));
}

/* An option of a kind without a name, or an empty one. */
static void add_unknown(tcpflow_options_builder *options) {
  uint8_t data[6];

  for (size_t i = 0; i < sizeof(data); i++) {
    data[i] = (uint8_t)roll(256);
  }
  may_fail(tcpflow_options_builder_raw(options, (uint8_t)(35 + roll(30)), data,
                                       roll(sizeof(data) + 1)));
}

static void add_option(tcpflow_options_builder *options, tcpflow_seq ack,
                       int has_ack) {
  switch (roll(8)) {
  case 0:
    may_fail(tcpflow_options_builder_mss(options, (uint16_t)roll(65536)));
    break;
  case 1:
    may_fail(tcpflow_options_builder_wscale(options, (uint8_t)roll(256)));
    break;
  case 2:
    may_fail(tcpflow_options_builder_sack_permitted(options));
    break;
  case 3:
    if (has_ack) {
      add_sack(options, ack);
    }
    break;
  case 4:
    add_unknown(options);
    break;
  case 5:
    may_fail(tcpflow_options_builder_raw(options, TCPFLOW_OPTION_NOP, NULL, 0));
    break;
  default:
    may_fail(
      tcpflow_options_builder_timestamps(options, roll_any(), roll_any()));
    break;
  }
}

static unsigned choose_flags(unsigned turn) {
  static const unsigned usual[] = {TCPFLOW_FLAG_ACK,
                                   TCPFLOW_FLAG_ACK,
                                   TCPFLOW_FLAG_ACK | TCPFLOW_FLAG_PSH,
                                   TCPFLOW_FLAG_ACK | TCPFLOW_FLAG_FIN,
                                   TCPFLOW_FLAG_RST,
                                   TCPFLOW_FLAG_RST | TCPFLOW_FLAG_ACK,
                                   TCPFLOW_FLAG_ACK | TCPFLOW_FLAG_URG |
                                     TCPFLOW_FLAG_AE};

  if (turn < 2) {
    return turn == 0 ? TCPFLOW_FLAG_SYN : TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK;
  }
  return usual[roll(sizeof(usual) / sizeof(usual[0]))];
}

/* The next segment; a part of its frame may be cut off. */
static void make_frame(play *p, unsigned turn, uint8_t room[256],
                       tcpflow_frame *frame) {
  const unsigned side = turn < 2 ? turn : roll(2);
  const unsigned flags = choose_flags(turn);
  const int has_ack = (flags & TCPFLOW_FLAG_ACK) != 0;
  tcpflow_options_builder options;
  tcpflow_build_tcp tcp;

  tcpflow_options_builder_init(&options);
  for (uint32_t i = roll(4); i > 0; i--) {
    add_option(&options, p->next[1 - side], has_ack);
  }
  tcpflow_options_builder_pad(&options, TCPFLOW_OPTION_NOP);
  tcpflow_build_tcp_init(&tcp);
  tcp.seq = p->next[side];
  tcp.ack = has_ack ? p->next[1 - side] : 0;
  tcp.flags = (uint16_t)flags;
  tcp.window = (uint16_t)roll(65536);
  tcp.urgent = (flags & TCPFLOW_FLAG_URG) != 0 ? (uint16_t)roll(65536) : 0;
  tcp.options = options.bytes;
  tcp.options_length = options.length;
  tcp.payload_length =
    turn < 2 || roll(3) == 0 ? 0 : 1 + roll(roll(50) == 0 ? 200000 : 1448);
  assert_int_equal(tcpflow_build_segment(frame, room, 256, TCPFLOW_LINK_RAW,
                                         &p->tuple[side], &tcp),
                   TCPFLOW_OK);
  if (roll(40) == 0) {
    frame->captured -= roll(options.length + 1U);
  }
  p->next[side] =
    tcpflow_seq_add(p->next[side], tcpflow_seq_len(tcp.payload_length, flags));
  p->now += roll(1000000000);
  frame->time = p->now;
}

static void play_one(tcpflow_time_style style, int absolute) {
  round_trip trip;
  uint8_t room[256];
  tcpflow_frame frame;
  play p = {.now = 0};

  begin(&p);
  round_begin(&trip, style, absolute);
  for (unsigned turn = 0; turn < SEGMENTS; turn++) {
    make_frame(&p, turn, room, &frame);
    assert_true(round_go(&trip, &frame));
    assert_string_equal(trip.again, trip.line);
  }
  round_end(&trip);
}

static int set_up(void **state) {
  (void)state;
  dice = UINT64_C(0x9e3779b97f4a7c15);
  return 0;
}

static void text__absolute_numbers__the_same_line(void **state) {
  (void)state;
  for (unsigned i = 0; i < CONVERSATIONS; i++) {
    play_one(TCPFLOW_TIME_STYLE_EPOCH, 1);
  }
}

static void text__relative_numbers__the_same_line(void **state) {
  (void)state;
  for (unsigned i = 0; i < CONVERSATIONS; i++) {
    play_one(TCPFLOW_TIME_STYLE_DATE, 0);
  }
}

static void text__other_times__the_same_line(void **state) {
  static const tcpflow_time_style styles[] = {TCPFLOW_TIME_STYLE_CLOCK,
                                              TCPFLOW_TIME_STYLE_OMITTED};

  (void)state;
  for (unsigned i = 0; i < CONVERSATIONS; i++) {
    play_one(styles[i % 2], (int)(i & 2));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(text__absolute_numbers__the_same_line),
    cmocka_unit_test(text__relative_numbers__the_same_line),
    cmocka_unit_test(text__other_times__the_same_line),
  };

  return cmocka_run_group_tests(tests, set_up, NULL);
}
