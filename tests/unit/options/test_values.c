/*
 * tests/unit/options/test_values.c - mirror of lib/options/values.c.
 *
 * Rows O1 to O13 are the catalogue of bad option lists; here is what they do
 * to the values.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <tcpflow/options.h>

#include "options/options.h"
#include "options/sacked.h"
#include "unit/guard.h"

enum {
  SYN = TCPFLOW_FLAG_SYN,
  ACK = TCPFLOW_FLAG_ACK
};

static tcpflow_options parse_cut(const uint8_t *bytes, size_t length,
                                 size_t captured, unsigned tcp_flags) {
  guard list = guard_put(bytes, captured);
  tcpflow_options options;

  tcpflow_options_init(&options);
  assert_int_equal(
    tcpflow_options_parse(&options, list.bytes, length, captured, tcp_flags),
    TCPFLOW_OK);
  guard_free(&list);
  return options;
}

#define PARSE(bytes, tcp_flags)                                                \
  parse_cut(bytes, sizeof(bytes), sizeof(bytes), tcp_flags)

/* Nothing but PRESENT, FLAGS and COUNT is set. */
static void assert_bare(tcpflow_options options, unsigned present,
                        unsigned flags, unsigned count) {
  tcpflow_options bare;

  tcpflow_options_init(&bare);
  bare.present = present;
  bare.flags = flags;
  bare.count = (uint8_t)count;
  assert_memory_equal(&options, &bare, sizeof(bare));
}

static void parse__empty_list__nothing(void **state) {
  tcpflow_options options;

  (void)state;
  tcpflow_options_init(&options);
  options.mss = 9;
  assert_int_equal(tcpflow_options_parse(&options, NULL, 0, 0, SYN),
                   TCPFLOW_OK);
  assert_bare(options, 0, 0, 0);
}

static void parse__syn_of_linux__every_value(void **state) {
  /* options [mss 1460,sackOK,TS val 305419896 ecr 7,nop,wscale 8] */
  static const uint8_t bytes[] = {2,    4,    5, 180, 4, 2, 8, 10, 0x12, 0x34,
                                  0x56, 0x78, 0, 0,   0, 7, 1, 3,  3,    8};
  const tcpflow_options options = PARSE(bytes, SYN);

  (void)state;
  assert_int_equal(options.present, TCPFLOW_HAS_MSS |
                                      TCPFLOW_HAS_SACK_PERMITTED |
                                      TCPFLOW_HAS_TIMESTAMPS | TCPFLOW_HAS_NOP |
                                      TCPFLOW_HAS_WSCALE);
  assert_int_equal(options.flags, 0);
  assert_int_equal(options.count, 5);
  assert_int_equal(options.mss, 1460);
  assert_int_equal(options.wscale, 8);
  assert_int_equal(options.wscale_raw, 8);
  assert_int_equal(options.ts_val, 0x12345678);
  assert_int_equal(options.ts_ecr, 7);
  assert_int_equal(options.sack_count, 0);
}

static void parse__sack_of_one_to_four_blocks__all_of_them(void **state) {
  (void)state;
  for (uint8_t count = 1; count <= 4; count++) {
    uint8_t bytes[36] = {1, 1, 5, (uint8_t)(8 * count + 2)};

    for (uint8_t i = 0; i < count; i++) {
      bytes[4 + 8 * i] = (uint8_t)(i + 1);
      bytes[8 + 8 * i] = (uint8_t)(i + 1);
      bytes[11 + 8 * i] = 5;
    }
    const tcpflow_options options =
      parse_cut(bytes, 4U + 8U * count, 4U + 8U * count, ACK);

    assert_int_equal(options.present, TCPFLOW_HAS_NOP | TCPFLOW_HAS_SACK);
    assert_int_equal(options.flags, 0);
    assert_int_equal(options.sack_count, count);
    for (uint32_t i = 0; i < TCPFLOW_SACK_BLOCKS_MAX; i++) {
      const uint32_t left = i < count ? (i + 1) << 24 : 0;

      assert_int_equal(options.sack[i].left, left);
      assert_int_equal(options.sack[i].right, i < count ? left + 5 : 0);
    }
  }
}

static void parse__timestamps_only__as_any_list(void **state) {
  /* options [nop,nop,TS val 0x01020304 ecr 0xf1f2f3f4] */
  static const uint8_t bytes[] = {1, 1, 8,    10,   1,    2,
                                  3, 4, 0xf1, 0xf2, 0xf3, 0xf4};
  const tcpflow_options options = PARSE(bytes, ACK);

  (void)state;
  assert_int_equal(options.present, TCPFLOW_HAS_NOP | TCPFLOW_HAS_TIMESTAMPS);
  assert_int_equal(options.flags, 0);
  assert_int_equal(options.count, 3);
  assert_int_equal(options.ts_val, 0x01020304);
  assert_int_equal(options.ts_ecr, 0xf1f2f3f4);
}

static void sacked_take__fewer_blocks_than_before__as_parsed(void **state) {
  /* options [nop,nop,TS val 7 ecr 8,nop,nop,sack], with blocks from 100 on */
  static const uint8_t three[] = {
    1, 1, 8, 10,  0, 0, 0, 7,   0, 0, 0, 8,   1, 1, 5, 26,  0, 0, 0, 100,
    0, 0, 0, 110, 0, 0, 0, 120, 0, 0, 0, 130, 0, 0, 0, 140, 0, 0, 0, 150};
  static const uint8_t one[] = {1, 1, 8, 10, 0, 0, 0, 9,   0, 0, 0, 9,
                                1, 1, 5, 10, 0, 0, 0, 100, 0, 0, 0, 160};
  const tcpflow_options parsed = PARSE(one, ACK);
  tcpflow_options kept;

  (void)state;
  tcpflow__sacked_init(&kept);
  assert_true(tcpflow__options_are_sacked(three, sizeof(three)));
  assert_true(tcpflow__sacked_take(&kept, three, sizeof(three)));
  assert_int_equal(kept.sack_count, 3);
  assert_int_equal(kept.sack[2].right, 150);
  assert_true(tcpflow__sacked_take(&kept, one, sizeof(one)));
  assert_memory_equal(&kept, &parsed, sizeof(kept));
}

static void options_are_sacked__other_length_or_list__no(void **state) {
  static const uint8_t four[] = {1, 1, 8, 10, 0, 0, 0, 7, 0, 0, 0, 8,
                                 1, 1, 5, 34, 0, 0, 0, 1, 0, 0, 0, 2};
  uint8_t list[] = {1, 1, 8, 10, 0, 0, 0, 7, 0, 0, 0, 8,
                    1, 1, 5, 10, 0, 0, 0, 1, 0, 0, 0, 2};

  (void)state;
  assert_false(tcpflow__options_are_sacked(four, sizeof(four)));
  assert_true(tcpflow__options_are_sacked(list, sizeof(list)));
  for (size_t length = 16; length < sizeof(list); length++) {
    assert_false(tcpflow__options_are_sacked(list, length));
  }
  list[23] = 1;
  assert_false(tcpflow__sacked_take(&(tcpflow_options){.size = 0}, list, 24));
}

static void parse__O1_to_O3_list_ends_in_damage__good_ones_kept(void **state) {
  /* options [mss 1460, and then: no length, length 0, length 1, overrun] */
  static const uint8_t no_length[] = {2, 4, 5, 180, 3};
  static const uint8_t zero[] = {2, 4, 5, 180, 3, 0, 7};
  static const uint8_t one[] = {2, 4, 5, 180, 3, 1, 7};
  static const uint8_t overrun[] = {2, 4, 5, 180, 3, 3};
  const tcpflow_options all[] = {PARSE(no_length, SYN), PARSE(zero, SYN),
                                 PARSE(one, SYN), PARSE(overrun, SYN)};
  static const unsigned flags[] = {
    TCPFLOW_OPTION_FLAG_NO_LENGTH, TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2,
    TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2, TCPFLOW_OPTION_FLAG_OVERRUN};

  (void)state;
  for (size_t i = 0; i < 4; i++) {
    assert_int_equal(all[i].present, TCPFLOW_HAS_MSS);
    assert_int_equal(all[i].mss, 1460);
    assert_int_equal(all[i].flags, flags[i]);
    assert_int_equal(all[i].count, 2);
  }
}

static void parse__O4_wrong_length__value_not_taken(void **state) {
  /* options [mss <3>,wscale <2>,sackOK <3>,TS <9>] */
  static const uint8_t bytes[] = {2, 3, 5, 3, 2, 4, 3, 0, 8,
                                  9, 1, 2, 3, 4, 5, 6, 7};

  (void)state;
  assert_bare(PARSE(bytes, SYN), 0, TCPFLOW_OPTION_FLAG_BAD_LENGTH, 4);
}

static void parse__O4_wrong_length_then_right__the_right_one(void **state) {
  /* options [mss <3>,mss 1460] */
  static const uint8_t bytes[] = {2, 3, 5, 2, 4, 5, 180};
  const tcpflow_options options = PARSE(bytes, SYN);

  (void)state;
  assert_int_equal(options.present, TCPFLOW_HAS_MSS);
  assert_int_equal(options.mss, 1460);
  assert_int_equal(options.flags, TCPFLOW_OPTION_FLAG_BAD_LENGTH |
                                    TCPFLOW_OPTION_FLAG_DUPLICATE);
}

static void parse__O5_sack_of_no_or_too_many_blocks__none(void **state) {
  /* options [sack 0]; [sack 5 ...]; [sack <9>]; [sack <7>] */
  static const uint8_t empty[] = {5, 2, 1, 1};
  static const uint8_t five[42] = {5, 42};
  static const uint8_t nine[] = {5, 9, 0, 0, 0, 1, 0, 0, 0};
  static const uint8_t seven[] = {5, 7, 0, 0, 0, 1, 0};

  (void)state;
  assert_bare(PARSE(empty, ACK), TCPFLOW_HAS_NOP, TCPFLOW_OPTION_FLAG_BAD_VALUE,
              3);
  assert_bare(PARSE(five, ACK), 0, TCPFLOW_OPTION_FLAG_BAD_LENGTH, 1);
  assert_bare(PARSE(nine, ACK), 0, TCPFLOW_OPTION_FLAG_BAD_LENGTH, 1);
  assert_bare(PARSE(seven, ACK), 0, TCPFLOW_OPTION_FLAG_BAD_LENGTH, 1);
}

static void parse__O6_duplicates__first_counts(void **state) {
  /* options [mss 1,mss 2,wscale 1,wscale 2,TS 1 1,TS 2 2] */
  static const uint8_t bytes[] = {2, 4,  0, 1,  2, 4, 0, 2, 3, 3, 1, 3,
                                  3, 2,  8, 10, 0, 0, 0, 1, 0, 0, 0, 1,
                                  8, 10, 0, 0,  0, 2, 0, 0, 0, 2};
  const tcpflow_options options = PARSE(bytes, SYN);

  (void)state;
  assert_int_equal(options.flags, TCPFLOW_OPTION_FLAG_DUPLICATE);
  assert_int_equal(options.mss, 1);
  assert_int_equal(options.wscale, 1);
  assert_int_equal(options.ts_val, 1);
  assert_int_equal(options.ts_ecr, 1);
}

static void parse__O6_two_sacks__blocks_of_the_first(void **state) {
  static const uint8_t bytes[] = {5, 10, 0, 0, 0, 1, 0, 0, 0, 2,
                                  5, 10, 0, 0, 0, 3, 0, 0, 0, 4};
  const tcpflow_options options = PARSE(bytes, ACK);

  (void)state;
  assert_int_equal(options.sack_count, 1);
  assert_int_equal(options.sack[0].left, 1);
  assert_int_equal(options.sack[1].left, 0);
}

static void parse__O7_options_behind_eol__not_taken(void **state) {
  /* options [nop,eol,<mss 1460>] */
  static const uint8_t bytes[] = {1, 0, 2, 4, 5, 180};

  (void)state;
  assert_bare(PARSE(bytes, SYN), TCPFLOW_HAS_NOP | TCPFLOW_HAS_EOL,
              TCPFLOW_OPTION_FLAG_AFTER_EOL, 2);
}

static void parse__O8_scale_above_14__14_and_flagged(void **state) {
  (void)state;
  for (unsigned shift = 0; shift < 256; shift++) {
    const uint8_t bytes[] = {3, 3, (uint8_t)shift};
    const tcpflow_options options = PARSE(bytes, SYN);

    assert_int_equal(options.wscale_raw, shift);
    assert_int_equal(options.wscale, shift > 14 ? 14 : shift);
    assert_int_equal(options.flags,
                     shift > 14 ? TCPFLOW_OPTION_FLAG_BAD_VALUE : 0);
  }
}

static void parse__O9_options_of_the_syn_elsewhere__decoded(void **state) {
  static const uint8_t bytes[] = {2, 4, 5, 180, 3, 3, 7, 4, 2};
  const tcpflow_options options = PARSE(bytes, ACK);

  (void)state;
  assert_int_equal(options.present, TCPFLOW_HAS_MSS | TCPFLOW_HAS_WSCALE |
                                      TCPFLOW_HAS_SACK_PERMITTED);
  assert_int_equal(options.flags, TCPFLOW_OPTION_FLAG_WRONG_SEGMENT);
  assert_int_equal(options.mss, 1460);
  assert_int_equal(options.wscale, 7);
}

static void parse__O10_O11_kinds_without_a_type__other(void **state) {
  /* options [tfo cookiereq,unknown-200] */
  static const uint8_t bytes[] = {34, 2, 200, 3, 9};

  (void)state;
  assert_bare(PARSE(bytes, SYN), TCPFLOW_HAS_OTHER, TCPFLOW_OPTION_FLAG_UNKNOWN,
              2);
}

static void parse__O13_cut_by_the_capture__told_at_any_cut(void **state) {
  /* options [nop,nop,TS val 1 ecr 2] */
  static const uint8_t bytes[] = {1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2};

  (void)state;
  for (size_t captured = 0; captured < sizeof(bytes); captured++) {
    const size_t nops = captured < 2 ? captured : 2;

    assert_bare(parse_cut(bytes, sizeof(bytes), captured, ACK),
                nops > 0 ? TCPFLOW_HAS_NOP : 0, TCPFLOW_OPTION_FLAG_CUT,
                (unsigned)(nops + (captured > 2)));
  }
}

static void parse__sack_cut_by_the_capture__its_whole_blocks(void **state) {
  /* options [sack 3 {1:2}{3:4}{5:6}] */
  static const uint8_t bytes[] = {5, 26, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0,
                                  3, 0,  0, 0, 4, 0, 0, 0, 5, 0, 0, 0, 6};

  (void)state;
  for (size_t captured = 0; captured <= sizeof(bytes); captured++) {
    const tcpflow_options o = parse_cut(bytes, sizeof(bytes), captured, ACK);
    const unsigned blocks = captured < 10 ? 0U : (unsigned)(captured - 2) / 8;

    assert_int_equal(o.sack_count, blocks);
    assert_int_equal((o.present & TCPFLOW_HAS_SACK) != 0, blocks > 0);
    assert_int_equal(o.flags,
                     captured < sizeof(bytes) ? TCPFLOW_OPTION_FLAG_CUT : 0);
    for (unsigned i = 0; i < blocks; i++) {
      assert_int_equal(o.sack[i].left, 2 * i + 1);
      assert_int_equal(o.sack[i].right, 2 * i + 2);
    }
  }
}

static void parse__not_initialized__version_error(void **state) {
  static const uint8_t bytes[] = {1, 1, 1, 1};
  tcpflow_options options;
  const tcpflow_options zeros = {0};

  (void)state;
  memset(&options, 0, sizeof(options));
  assert_int_equal(
    tcpflow_options_parse(&options, bytes, sizeof(bytes), sizeof(bytes), ACK),
    TCPFLOW_ERR_VERSION);
  assert_memory_equal(&options, &zeros, sizeof(options));
}

static void parse__struct_of_a_past_release__its_members_only(void **state) {
  static const uint8_t bytes[] = {2, 4, 5, 180};
  const size_t size = offsetof(tcpflow_options, wscale);
  guard room = guard_room(size);
  uint16_t mss;

  (void)state;
  /* The struct ends at the guard page, at whatever alignment that gives. */
  if (((uintptr_t)room.bytes & (sizeof(size_t) - 1)) == 0) {
    tcpflow_sized_init(room.bytes, size);
    assert_int_equal(
      tcpflow_options_parse((tcpflow_options *)(void *)room.bytes, bytes,
                            sizeof(bytes), sizeof(bytes), SYN),
      TCPFLOW_OK);
    memcpy(&mss, room.bytes + offsetof(tcpflow_options, mss), sizeof(mss));
    assert_int_equal(mss, 1460);
  }
  guard_free(&room);
}

static void parse__struct_of_a_future_release__rest_is_zero(void **state) {
  static const uint8_t bytes[] = {2, 4, 5, 180};
  struct {
    tcpflow_options now;
    uint64_t later;
  } future;

  (void)state;
  tcpflow_sized_init(&future, sizeof(future));
  future.later = 5;
  assert_int_equal(tcpflow_options_parse(&future.now, bytes, sizeof(bytes),
                                         sizeof(bytes), SYN),
                   TCPFLOW_OK);
  assert_int_equal(future.now.size, sizeof(future));
  assert_int_equal(future.now.mss, 1460);
  assert_int_equal(future.later, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(parse__empty_list__nothing),
    cmocka_unit_test(parse__syn_of_linux__every_value),
    cmocka_unit_test(parse__sack_of_one_to_four_blocks__all_of_them),
    cmocka_unit_test(parse__timestamps_only__as_any_list),
    cmocka_unit_test(sacked_take__fewer_blocks_than_before__as_parsed),
    cmocka_unit_test(options_are_sacked__other_length_or_list__no),
    cmocka_unit_test(parse__O1_to_O3_list_ends_in_damage__good_ones_kept),
    cmocka_unit_test(parse__O4_wrong_length__value_not_taken),
    cmocka_unit_test(parse__O4_wrong_length_then_right__the_right_one),
    cmocka_unit_test(parse__O5_sack_of_no_or_too_many_blocks__none),
    cmocka_unit_test(parse__O6_duplicates__first_counts),
    cmocka_unit_test(parse__O6_two_sacks__blocks_of_the_first),
    cmocka_unit_test(parse__O7_options_behind_eol__not_taken),
    cmocka_unit_test(parse__O8_scale_above_14__14_and_flagged),
    cmocka_unit_test(parse__O9_options_of_the_syn_elsewhere__decoded),
    cmocka_unit_test(parse__O10_O11_kinds_without_a_type__other),
    cmocka_unit_test(parse__O13_cut_by_the_capture__told_at_any_cut),
    cmocka_unit_test(parse__sack_cut_by_the_capture__its_whole_blocks),
    cmocka_unit_test(parse__not_initialized__version_error),
    cmocka_unit_test(parse__struct_of_a_past_release__its_members_only),
    cmocka_unit_test(parse__struct_of_a_future_release__rest_is_zero),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
