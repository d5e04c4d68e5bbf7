/*
 * tests/unit/options/test_walker.c - mirror of lib/options/walker.c.
 *
 * Every list lies against a guard page.  Rows O1 to O13 are the catalogue of
 * bad option lists; those about values are in test_values.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <tcpflow/options.h>

#include "unit/guard.h"

enum {
  NONE = 0,
  SYN = TCPFLOW_FLAG_SYN,
  ACK = TCPFLOW_FLAG_ACK
};

/* What a walk found: the options and how many. */
typedef struct found {
  tcpflow_option option[256];
  size_t count;
} found;

static guard list;

/* Walks a list of which only CAPTURED octets are there. */
static found walk_cut(const uint8_t *bytes, size_t length, size_t captured,
                      unsigned tcp_flags) {
  tcpflow_option_walk walk;
  found f = {.count = 0};

  guard_free(&list);
  list = guard_put(bytes, captured);
  tcpflow_option_walk_init(&walk, list.bytes, length, captured, tcp_flags);
  while (tcpflow_option_walk_next(&walk, &f.option[f.count])) {
    f.count++;
    assert_true(f.count <= 255);
  }
  return f;
}

static found walk(const uint8_t *bytes, size_t length, unsigned tcp_flags) {
  return walk_cut(bytes, length, length, tcp_flags);
}

#define WALK(bytes, tcp_flags) walk(bytes, sizeof(bytes), tcp_flags)

static int set_up(void **state) {
  (void)state;
  list = guard_room(0);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  guard_free(&list);
  return 0;
}

static void assert_option(const tcpflow_option *option, unsigned kind,
                          unsigned offset, unsigned length, unsigned flags) {
  assert_int_equal(option->kind, kind);
  assert_int_equal(option->offset, offset);
  assert_int_equal(option->length, length);
  assert_int_equal(option->flags, flags);
}

static void walk_next__syn_of_linux__every_option_in_order(void **state) {
  /* options [mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7] */
  static const uint8_t bytes[] = {2, 4,   0x05, 0xb4, 4, 2, 8, 10, 0, 0,
                                  0, 100, 0,    0,    0, 0, 1, 3,  3, 7};
  const found f = WALK(bytes, SYN);

  (void)state;
  assert_int_equal(f.count, 5);
  assert_option(&f.option[0], TCPFLOW_OPTION_MSS, 0, 4, 0);
  assert_option(&f.option[1], TCPFLOW_OPTION_SACK_PERMITTED, 4, 2, 0);
  assert_option(&f.option[2], TCPFLOW_OPTION_TIMESTAMPS, 6, 10, 0);
  assert_option(&f.option[3], TCPFLOW_OPTION_NOP, 16, 1, 0);
  assert_option(&f.option[4], TCPFLOW_OPTION_WSCALE, 17, 3, 0);
  assert_ptr_equal(f.option[0].data, list.bytes + 2);
  assert_int_equal(f.option[0].data_length, 2);
  assert_int_equal(f.option[1].data_length, 0);
  assert_int_equal(f.option[2].data_length, 8);
  assert_int_equal(f.option[3].data_length, 0);
  assert_ptr_equal(f.option[4].data, list.bytes + 19);
}

static void walk_next__empty_list__no_option(void **state) {
  tcpflow_option option = {.kind = 77};
  tcpflow_option_walk walk;

  (void)state;
  tcpflow_option_walk_init(&walk, NULL, 0, 0, SYN);
  assert_int_equal(tcpflow_option_walk_next(&walk, &option), 0);
  assert_int_equal(tcpflow_option_walk_next(&walk, &option), 0);
  assert_int_equal(option.kind, 77);
}

static void walk_next__copy_of_the_walk__goes_on_by_itself(void **state) {
  /* options [nop,sackOK,mss 9] */
  static const uint8_t bytes[] = {1, 4, 2, 2, 4, 0, 9};
  tcpflow_option_walk one;
  tcpflow_option_walk two;
  tcpflow_option option;

  (void)state;
  tcpflow_option_walk_init(&one, bytes, sizeof(bytes), sizeof(bytes), SYN);
  assert_true(tcpflow_option_walk_next(&one, &option));
  two = one;
  while (tcpflow_option_walk_next(&one, &option)) {
  }
  assert_true(tcpflow_option_walk_next(&two, &option));
  assert_option(&option, TCPFLOW_OPTION_SACK_PERMITTED, 1, 2, 0);
}

static void walk_next__O1_kind_at_the_end__no_length(void **state) {
  /* options [nop,mss <no length>] */
  static const uint8_t bytes[] = {1, 2};
  const found f = WALK(bytes, SYN);

  (void)state;
  assert_int_equal(f.count, 2);
  assert_option(&f.option[1], TCPFLOW_OPTION_MSS, 1, 1,
                TCPFLOW_OPTION_FLAG_NO_LENGTH);
  assert_int_equal(f.option[1].data_length, 0);
}

static void walk_next__O2_length_0_or_1__ends(void **state) {
  (void)state;
  for (unsigned kind = 2; kind < 256; kind++) {
    for (uint8_t length = 0; length < 2; length++) {
      const uint8_t bytes[] = {(uint8_t)kind, length, 1, 1};
      const found f = WALK(bytes, NONE);

      assert_int_equal(f.count, 1);
      assert_int_equal(f.option[0].length, length);
      assert_int_equal(f.option[0].data_length, 2);
      assert_true(f.option[0].flags & TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2);
      assert_false(f.option[0].flags & TCPFLOW_OPTION_FLAG_BAD_LENGTH);
    }
  }
}

static void walk_next__O3_length_past_the_list__overrun(void **state) {
  /* options [nop,TS <10, but 9 are left>] */
  static const uint8_t bytes[] = {1, 8, 10, 0, 0, 0, 1, 0, 0, 0};
  const found f = WALK(bytes, ACK);

  (void)state;
  assert_int_equal(f.count, 2);
  assert_option(&f.option[1], TCPFLOW_OPTION_TIMESTAMPS, 1, 10,
                TCPFLOW_OPTION_FLAG_OVERRUN);
  assert_int_equal(f.option[1].data_length, 7);
}

static void walk_next__O4_wrong_fixed_length__walks_on_by_it(void **state) {
  /* options [mss <3>,wscale <2>,TS <9>,sackOK <3>,nop] */
  static const uint8_t bytes[] = {2, 3, 5, 3, 2, 8, 9, 0, 0,
                                  0, 0, 0, 0, 0, 4, 3, 0, 1};
  const found f = WALK(bytes, SYN);

  (void)state;
  assert_int_equal(f.count, 5);
  assert_option(&f.option[0], 2, 0, 3, TCPFLOW_OPTION_FLAG_BAD_LENGTH);
  assert_option(&f.option[1], 3, 3, 2, TCPFLOW_OPTION_FLAG_BAD_LENGTH);
  assert_option(&f.option[2], 8, 5, 9, TCPFLOW_OPTION_FLAG_BAD_LENGTH);
  assert_option(&f.option[3], 4, 14, 3, TCPFLOW_OPTION_FLAG_BAD_LENGTH);
  assert_option(&f.option[4], 1, 17, 1, 0);
}

static void walk_next__O5_sack_of_any_length__bad_unless_whole(void **state) {
  (void)state;
  for (uint8_t length = 2; length < 255; length++) {
    uint8_t bytes[256] = {5, length};

    for (unsigned i = 2; i + 8 <= length; i += 8) {
      bytes[i + 7] = 1; /* {0:1} */
    }
    const found f = walk(bytes, length, ACK);
    const int whole =
      length == 10 || length == 18 || length == 26 || length == 34;

    /* Without a block it is odd, but has the length of 8n + 2. */
    assert_int_equal(f.count, 1);
    assert_int_equal(f.option[0].flags,
                     length == 2 ? TCPFLOW_OPTION_FLAG_BAD_VALUE
                     : whole     ? 0
                                 : TCPFLOW_OPTION_FLAG_BAD_LENGTH);
  }
}

/* RFC 5925 section 2.2: a segment with both is to be dropped. */
static void walk_next__md5_and_ao__second_one_in_conflict(void **state) {
  static const uint8_t md5_first[22] = {19, 18, [18] = 29, 4, 1, 2};
  static const uint8_t ao_first[22] = {29, 4, 1, 2, 19, 18};
  const found a = WALK(md5_first, ACK);
  const found b = WALK(ao_first, ACK);

  (void)state;
  assert_int_equal(a.count, 2);
  assert_int_equal(a.option[0].flags, TCPFLOW_OPTION_FLAG_OBSOLETE);
  assert_int_equal(a.option[1].flags, TCPFLOW_OPTION_FLAG_CONFLICT);
  assert_int_equal(b.count, 2);
  assert_int_equal(b.option[0].flags, 0);
  assert_int_equal(b.option[1].flags,
                   TCPFLOW_OPTION_FLAG_OBSOLETE | TCPFLOW_OPTION_FLAG_CONFLICT);
}

static void walk_next__O6_duplicates__second_one_flagged(void **state) {
  /* options [mss 1,wscale 1,mss 2,wscale 2,mss 3] */
  static const uint8_t bytes[] = {2, 4, 0, 1, 3, 3, 1, 2, 4,
                                  0, 2, 3, 3, 2, 2, 4, 0, 3};
  const found f = WALK(bytes, SYN);

  (void)state;
  assert_int_equal(f.count, 5);
  for (size_t i = 0; i < f.count; i++) {
    assert_int_equal(f.option[i].flags,
                     i < 2 ? 0 : TCPFLOW_OPTION_FLAG_DUPLICATE);
  }
}

static void walk_next__O6_kinds_that_may_repeat__not_flagged(void **state) {
  /* options [mptcp prio,mptcp prio,exp-0001,exp-0002,nop,nop] */
  static const uint8_t bytes[] = {30, 3, 0x50, 30, 3, 0x50, 253, 4,
                                  0,  1, 253,  4,  0, 2,    1,   1};
  const found f = WALK(bytes, ACK);

  (void)state;
  assert_int_equal(f.count, 6);
  for (size_t i = 0; i < f.count; i++) {
    assert_int_equal(f.option[i].flags, 0);
  }
}

static void walk_next__O7_octets_behind_eol__stops_and_tells(void **state) {
  /* options [nop,eol <padding>] */
  static const uint8_t clean[] = {1, 0, 0, 0};
  static const uint8_t dirty[] = {1, 0, 0, 9};
  const found c = WALK(clean, ACK);

  (void)state;
  assert_int_equal(c.count, 2);
  assert_option(&c.option[1], TCPFLOW_OPTION_EOL, 1, 1, 0);
  assert_int_equal(c.option[1].data_length, 2);

  const found d = WALK(dirty, ACK);
  assert_int_equal(d.count, 2);
  assert_option(&d.option[1], TCPFLOW_OPTION_EOL, 1, 1,
                TCPFLOW_OPTION_FLAG_AFTER_EOL);
  assert_memory_equal(d.option[1].data, dirty + 2, 2);
}

static void walk_next__O7_forty_nops__forty_options(void **state) {
  uint8_t bytes[TCPFLOW_OPTIONS_MAX];

  (void)state;
  memset(bytes, TCPFLOW_OPTION_NOP, sizeof(bytes));
  const found f = WALK(bytes, ACK);
  assert_int_equal(f.count, 40);
  for (unsigned i = 0; i < 40; i++) {
    assert_option(&f.option[i], TCPFLOW_OPTION_NOP, i, 1, 0);
  }
}

static void walk_next__O8_scale_above_14__bad_value(void **state) {
  (void)state;
  for (unsigned shift = 0; shift < 256; shift++) {
    const uint8_t bytes[] = {3, 3, (uint8_t)shift};
    const found f = WALK(bytes, SYN);

    assert_int_equal(f.option[0].flags,
                     shift > 14 ? TCPFLOW_OPTION_FLAG_BAD_VALUE : 0);
  }
}

static void walk_next__mss_0__bad_value(void **state) {
  static const uint8_t bytes[] = {2, 4, 0, 0};
  const found f = WALK(bytes, SYN);

  (void)state;
  assert_option(&f.option[0], 2, 0, 4, TCPFLOW_OPTION_FLAG_BAD_VALUE);
}

static void walk_next__sack_block_empty_or_turned__bad_value(void **state) {
  /* sack 2 {1:2}{2:2}; {2:1}; {1:0x80000001}, of which nobody knows the
     direction; {0xffffffff:1}, which is a good one */
  static const uint8_t empty[] = {5, 18, 0, 0, 0, 1, 0, 0, 0,
                                  2, 0,  0, 0, 2, 0, 0, 0, 2};
  static const uint8_t turned[] = {5, 10, 0, 0, 0, 2, 0, 0, 0, 1};
  static const uint8_t half[] = {5, 10, 0, 0, 0, 1, 128, 0, 0, 1};
  static const uint8_t wrapped[] = {5, 10, 255, 255, 255, 255, 0, 0, 0, 1};

  (void)state;
  assert_int_equal(WALK(empty, ACK).option[0].flags,
                   TCPFLOW_OPTION_FLAG_BAD_VALUE);
  assert_int_equal(WALK(turned, ACK).option[0].flags,
                   TCPFLOW_OPTION_FLAG_BAD_VALUE);
  assert_int_equal(WALK(half, ACK).option[0].flags,
                   TCPFLOW_OPTION_FLAG_BAD_VALUE);
  assert_int_equal(WALK(wrapped, ACK).option[0].flags, 0);
}

static void walk_next__O9_options_of_the_syn_elsewhere__flagged(void **state) {
  /* options [mss 1,wscale 1,sackOK,TS val 1 ecr 1] */
  static const uint8_t bytes[] = {2,  4, 0, 1, 3, 3, 1, 4, 2, 8,
                                  10, 0, 0, 0, 1, 0, 0, 0, 1};
  const found f = WALK(bytes, ACK);

  (void)state;
  assert_int_equal(f.count, 4);
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(f.option[i].flags, TCPFLOW_OPTION_FLAG_WRONG_SEGMENT);
  }
  assert_int_equal(f.option[3].flags, 0);
}

static void walk_next__O9_sack_in_a_syn__flagged(void **state) {
  static const uint8_t bytes[] = {5, 10, 0, 0, 0, 1, 0, 0, 0, 2};

  (void)state;
  assert_int_equal(WALK(bytes, ACK).option[0].flags, 0);
  assert_int_equal(WALK(bytes, SYN).option[0].flags,
                   TCPFLOW_OPTION_FLAG_WRONG_SEGMENT);
  assert_int_equal(WALK(bytes, SYN | ACK).option[0].flags,
                   TCPFLOW_OPTION_FLAG_WRONG_SEGMENT);
}

static void walk_next__O10_kinds_without_a_type__raw_octets(void **state) {
  /* options [md5 0102..,tfo cookiereq,exp-f989] */
  static const uint8_t bytes[] = {19, 18, 1,  2,  3,   4,  5,    6,
                                  7,  8,  9,  10, 11,  12, 13,   14,
                                  15, 16, 34, 2,  254, 4,  0xf9, 0x89};
  const found f = WALK(bytes, SYN);

  (void)state;
  assert_int_equal(f.count, 3);
  assert_option(&f.option[0], TCPFLOW_OPTION_MD5, 0, 18,
                TCPFLOW_OPTION_FLAG_OBSOLETE);
  assert_int_equal(f.option[0].data_length, 16);
  assert_memory_equal(f.option[0].data, bytes + 2, 16);
  assert_option(&f.option[1], TCPFLOW_OPTION_FAST_OPEN, 18, 2, 0);
  assert_option(&f.option[2], TCPFLOW_OPTION_EXPERIMENT_2, 20, 4, 0);
}

static void walk_next__O11_unknown_kind_any_length__skipped(void **state) {
  (void)state;
  for (uint8_t length = 2; length <= 40; length++) {
    uint8_t bytes[41] = {200, length};

    bytes[length] = TCPFLOW_OPTION_NOP;
    const found f = walk(bytes, length + 1U, ACK);
    assert_int_equal(f.count, 2);
    assert_option(&f.option[0], 200, 0, length, TCPFLOW_OPTION_FLAG_UNKNOWN);
    assert_int_equal(f.option[0].data_length, length - 2);
    assert_option(&f.option[1], TCPFLOW_OPTION_NOP, length, 1, 0);
  }
}

static void walk_next__O13_cut_by_the_capture__last_one_cut(void **state) {
  /* options [nop,TS val 1 ecr 2,sackOK] */
  static const uint8_t bytes[] = {1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 4, 2};

  (void)state;
  for (size_t captured = 0; captured < sizeof(bytes); captured++) {
    const found f = walk_cut(bytes, sizeof(bytes), captured, SYN);
    const size_t whole = captured >= 11 ? 2 : captured >= 1 ? 1 : 0;
    const int between = captured < 2 || captured == 11;

    assert_int_equal(f.count, between ? whole : whole + 1);
    for (size_t i = 0; i < f.count; i++) {
      assert_int_equal(f.option[i].flags,
                       i < whole ? 0 : TCPFLOW_OPTION_FLAG_CUT);
    }
  }
}

static void walk_next__O13_overrun_and_cut__both(void **state) {
  /* options [TS <10 of 8>], of which 4 octets were captured */
  static const uint8_t bytes[] = {8, 10, 0, 0};
  const found f = walk_cut(bytes, 8, 4, ACK);

  (void)state;
  assert_option(&f.option[0], 8, 0, 10,
                TCPFLOW_OPTION_FLAG_OVERRUN | TCPFLOW_OPTION_FLAG_CUT);
  assert_int_equal(f.option[0].data_length, 2);
}

static void walk_next__O13_padding_cut__eol_cut(void **state) {
  static const uint8_t bytes[] = {0, 7};
  const found f = walk_cut(bytes, 4, 2, ACK);

  (void)state;
  assert_int_equal(f.count, 1);
  assert_option(&f.option[0], TCPFLOW_OPTION_EOL, 0, 1,
                TCPFLOW_OPTION_FLAG_CUT | TCPFLOW_OPTION_FLAG_AFTER_EOL);
}

static void walk_next__truncated_at_every_length__in_bounds(void **state) {
  /* options [mss 1460,nop,wscale 7,nop,nop,TS 1 2,sackOK,nop,nop,tfo c] */
  static const uint8_t bytes[] = {2,  4,  5, 180, 1, 3, 3, 7, 1, 1, 8, 10,
                                  0,  0,  0, 1,   0, 0, 0, 2, 4, 2, 1, 1,
                                  34, 10, 1, 2,   3, 4, 5, 6, 7, 8};

  (void)state;
  for (size_t length = 0; length <= sizeof(bytes); length++) {
    for (size_t captured = 0; captured <= length; captured++) {
      const found f = walk_cut(bytes, length, captured, SYN);

      for (size_t i = 0; i < f.count; i++) {
        const tcpflow_option *option = &f.option[i];

        assert_true(option->data >= list.bytes);
        assert_true(option->data + option->data_length <=
                    list.bytes + captured);
      }
    }
  }
}

static void walk_init__longer_than_255__first_255(void **state) {
  uint8_t bytes[300];

  (void)state;
  memset(bytes, TCPFLOW_OPTION_NOP, sizeof(bytes));
  const found f = WALK(bytes, ACK);
  assert_int_equal(f.count, 255);

  const found cut = walk_cut(bytes, SIZE_MAX, 300, ACK);
  assert_int_equal(cut.count, 255);
}

static void walk_init__captured_more_than_listed__length_counts(void **state) {
  static const uint8_t bytes[] = {1, 1, 1, 1};
  const found f = walk_cut(bytes, 2, 4, ACK);

  (void)state;
  assert_int_equal(f.count, 2);
}

static void walk_packet__options_cut__as_captured(void **state) {
  static const uint8_t frame[] = {9, 9, 0, 0, 0, 0,    0, 0, 0, 0,
                                  0, 0, 0, 0, 0, 0,    0, 0, 0, 0,
                                  0, 0, 2, 4, 5, 0xb4, 1, 3, 3, 7};
  tcpflow_packet packet;
  tcpflow_option_walk walk;
  tcpflow_option option;

  (void)state;
  for (uint8_t captured = 0; captured <= 8; captured++) {
    tcpflow_packet_init(&packet);
    guard_free(&list);
    list = guard_put(frame, 22U + captured);
    packet.bytes = list.bytes;
    packet.tcp_offset = 2;
    packet.options_length = 8;
    packet.options_captured = captured;
    packet.flags = TCPFLOW_FLAG_ACK;
    unsigned count = 0;
    tcpflow_option_walk_packet(&walk, &packet);
    while (tcpflow_option_walk_next(&walk, &option)) {
      assert_int_equal(option.kind, count == 0 ? 2 : count == 1 ? 1 : 3);
      /* MSS and window scale belong in a SYN. */
      if ((option.flags & TCPFLOW_OPTION_FLAG_CUT) == 0) {
        assert_int_equal(option.flags, option.kind == 1
                                         ? 0
                                         : TCPFLOW_OPTION_FLAG_WRONG_SEGMENT);
      }
      count++;
    }
    assert_int_equal(count, (captured > 0) + (captured > 4) + (captured > 5));
  }
  tcpflow_packet_init(&packet);
  tcpflow_option_walk_packet(&walk, &packet);
  assert_false(tcpflow_option_walk_next(&walk, &option));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(walk_next__syn_of_linux__every_option_in_order),
    cmocka_unit_test(walk_next__empty_list__no_option),
    cmocka_unit_test(walk_next__copy_of_the_walk__goes_on_by_itself),
    cmocka_unit_test(walk_next__O1_kind_at_the_end__no_length),
    cmocka_unit_test(walk_next__O2_length_0_or_1__ends),
    cmocka_unit_test(walk_next__O3_length_past_the_list__overrun),
    cmocka_unit_test(walk_next__O4_wrong_fixed_length__walks_on_by_it),
    cmocka_unit_test(walk_next__O5_sack_of_any_length__bad_unless_whole),
    cmocka_unit_test(walk_next__md5_and_ao__second_one_in_conflict),
    cmocka_unit_test(walk_next__O6_duplicates__second_one_flagged),
    cmocka_unit_test(walk_next__O6_kinds_that_may_repeat__not_flagged),
    cmocka_unit_test(walk_next__O7_octets_behind_eol__stops_and_tells),
    cmocka_unit_test(walk_next__O7_forty_nops__forty_options),
    cmocka_unit_test(walk_next__O8_scale_above_14__bad_value),
    cmocka_unit_test(walk_next__mss_0__bad_value),
    cmocka_unit_test(walk_next__sack_block_empty_or_turned__bad_value),
    cmocka_unit_test(walk_next__O9_options_of_the_syn_elsewhere__flagged),
    cmocka_unit_test(walk_next__O9_sack_in_a_syn__flagged),
    cmocka_unit_test(walk_next__O10_kinds_without_a_type__raw_octets),
    cmocka_unit_test(walk_next__O11_unknown_kind_any_length__skipped),
    cmocka_unit_test(walk_next__O13_cut_by_the_capture__last_one_cut),
    cmocka_unit_test(walk_next__O13_overrun_and_cut__both),
    cmocka_unit_test(walk_next__O13_padding_cut__eol_cut),
    cmocka_unit_test(walk_next__truncated_at_every_length__in_bounds),
    cmocka_unit_test(walk_packet__options_cut__as_captured),
    cmocka_unit_test(walk_init__longer_than_255__first_255),
    cmocka_unit_test(walk_init__captured_more_than_listed__length_counts),
  };

  return cmocka_run_group_tests(tests, set_up, tear_down);
}
