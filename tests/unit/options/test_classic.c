/* tests/unit/options/test_classic.c - mirror of lib/options/classic.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/options/trio.h"

#define TAKE(bytes, flags) trio_take(bytes, sizeof(bytes), flags)

static void take__kinds_of_any_syn__their_values(void **state) {
  static const uint8_t mss[] = {2, 4, 5, 180}; /* mss 1460 */
  static const uint8_t scale[] = {3, 3, 15};   /* wscale 15 */
  static const uint8_t permitted[] = {4, 2};   /* sackOK */
  /* TS val 464494241 ecr 3275212179 */
  static const uint8_t stamps[] = {8,    10,   0x1b, 0xaf, 0x9e,
                                   0xa1, 0xc3, 0x37, 0xc5, 0x93};
  tcpflow_option_value v = TAKE(mss, SYN);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_MSS);
  assert_int_equal(v.as.number, 1460);
  v = TAKE(scale, SYN);
  assert_int_equal(v.type, TCPFLOW_VALUE_WSCALE);
  assert_int_equal(v.as.number, 15);
  assert_int_equal(v.flags, TCPFLOW_OPTION_FLAG_BAD_VALUE);
  v = TAKE(permitted, SYN);
  assert_int_equal(v.type, TCPFLOW_VALUE_EMPTY);
  v = TAKE(stamps, ACK);
  assert_int_equal(v.type, TCPFLOW_VALUE_TIMESTAMPS);
  assert_int_equal(v.as.timestamps.val, 464494241);
  assert_int_equal(v.as.timestamps.ecr, 3275212179U);
  assert_int_equal(v.flags, 0);
}

static void take__sack__its_blocks(void **state) {
  /* sack 2 {1:0x80000000}{0xfffffffe:3} */
  static const uint8_t two[] = {5, 18,  0,   0,   0,   1, 0x80, 0, 0,
                                0, 255, 255, 255, 254, 0, 0,    0, 3};
  static const uint8_t none[] = {5, 2};
  static const uint8_t lengths[] = {2, 10, 18, 26, 34};
  tcpflow_option_value v = TAKE(two, ACK);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_SACK);
  assert_int_equal(v.as.sack.count, 2);
  assert_int_equal(v.as.sack.block[0].left, 1);
  assert_int_equal(v.as.sack.block[0].right, 0x80000000U);
  assert_int_equal(v.as.sack.block[1].left, 0xfffffffeU);
  assert_int_equal(v.as.sack.block[1].right, 3);
  v = TAKE(none, ACK);
  assert_int_equal(v.as.sack.count, 0);
  assert_int_equal(v.flags, TCPFLOW_OPTION_FLAG_BAD_VALUE);
  trio_lengths(two, 2, lengths, sizeof(lengths), ACK);
}

static void take__sack_cut_by_the_capture__its_whole_blocks(void **state) {
  /* sack 2 {1:2}{3:4} */
  static const uint8_t two[] = {5, 18, 0, 0, 0, 1, 0, 0, 0,
                                2, 0,  0, 0, 3, 0, 0, 0, 4};

  (void)state;
  for (size_t captured = 2; captured < sizeof(two); captured++) {
    tcpflow_option option;
    tcpflow_option_value v;

    assert_true(trio_first(&option, two, sizeof(two), captured, ACK));
    assert_false(tcpflow_option_value_get(&v, &option));
    assert_int_equal(v.type, TCPFLOW_VALUE_SACK);
    assert_int_equal(v.as.sack.count, captured >= 10);
    assert_int_equal(v.as.sack.block[0].right, captured >= 10 ? 2 : 0);
  }
}

/* RFC 1072, RFC 1644, RFC 1146 and RFC 1693, all historic. */
static void take__obsolete_kinds__their_values(void **state) {
  static const uint8_t echo[] = {6, 6, 1, 2, 3, 4};
  static const uint8_t reply[] = {7, 6, 1, 2, 3, 4};
  static const uint8_t count[] = {11, 6, 0, 0, 0, 9};
  static const uint8_t count_new[] = {12, 6, 0, 0, 0, 9};
  static const uint8_t count_echo[] = {13, 6, 0, 0, 0, 9};
  static const uint8_t fletcher[] = {14, 3, 1}; /* 8-bit Fletcher */
  static const uint8_t data[] = {15, 4, 0xab, 0xcd};
  tcpflow_option_value v = TAKE(echo, ACK);

  (void)state;
  assert_int_equal(v.flags, TCPFLOW_OPTION_FLAG_OBSOLETE);
  assert_int_equal(v.type, TCPFLOW_VALUE_ECHO);
  assert_int_equal(v.as.number, 0x01020304);
  v = TAKE(reply, ACK);
  assert_int_equal(v.type, TCPFLOW_VALUE_ECHO);
  v = TAKE(count, ACK);
  assert_int_equal(v.type, TCPFLOW_VALUE_CONNECTION_COUNT);
  assert_int_equal(v.as.number, 9);
  v = TAKE(count_new, SYN);
  assert_int_equal(v.type, TCPFLOW_VALUE_CONNECTION_COUNT);
  assert_int_equal(v.flags, TCPFLOW_OPTION_FLAG_OBSOLETE);
  v = TAKE(count_echo, SYN | ACK);
  assert_int_equal(v.type, TCPFLOW_VALUE_CONNECTION_COUNT);
  assert_int_equal(v.flags, TCPFLOW_OPTION_FLAG_OBSOLETE);
  v = TAKE(count_echo, SYN);
  assert_int_equal(v.flags, TCPFLOW_OPTION_FLAG_OBSOLETE |
                              TCPFLOW_OPTION_FLAG_WRONG_SEGMENT);
  v = TAKE(fletcher, SYN);
  assert_int_equal(v.type, TCPFLOW_VALUE_ALT_CHECKSUM);
  assert_int_equal(v.as.number, 1);
  v = TAKE(data, ACK);
  assert_int_equal(v.type, TCPFLOW_VALUE_RAW);
  assert_int_equal(v.as.octets.length, 2);
}

static void take__partial_order__bits_of_the_profile(void **state) {
  static const uint8_t permitted[] = {9, 2};
  static const uint8_t start[] = {10, 3, 0x80};
  static const uint8_t end[] = {10, 3, 0x7f};
  tcpflow_option_value v = TAKE(permitted, SYN);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_EMPTY);
  v = TAKE(start, ACK);
  assert_int_equal(v.type, TCPFLOW_VALUE_PARTIAL_ORDER);
  assert_int_equal(v.as.partial_order.start, 1);
  assert_int_equal(v.as.partial_order.end, 0);
  assert_int_equal(v.as.partial_order.filler, 0);
  v = TAKE(end, ACK);
  assert_int_equal(v.as.partial_order.start, 0);
  assert_int_equal(v.as.partial_order.end, 1);
  assert_int_equal(v.as.partial_order.filler, 0x3f);
}

/* CCSDS 714.0-B: capabilities, SNACK, record boundary, corruption. */
static void take__scps__its_values(void **state) {
  static const uint8_t capabilities[] = {20, 4, 0xc8, 7}; /* BETS SNACK1 NLTS */
  static const uint8_t snack[] = {21, 6, 0, 3, 1, 0};
  static const uint8_t snack_long[] = {21, 8, 0, 3, 1, 0, 0xa0, 1};
  static const uint8_t boundary[] = {22, 2};
  static const uint8_t corruption[] = {23, 2};
  tcpflow_option_value v = TAKE(capabilities, SYN);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_SCPS);
  assert_int_equal(v.as.scps.flags, TCPFLOW_SCPS_BETS | TCPFLOW_SCPS_SNACK_1 |
                                      TCPFLOW_SCPS_NLTS);
  assert_int_equal(v.as.scps.connection, 7);
  v = TAKE(snack, ACK);
  assert_int_equal(v.type, TCPFLOW_VALUE_SNACK);
  assert_int_equal(v.as.snack.offset, 3);
  assert_int_equal(v.as.snack.size, 256);
  assert_int_equal(v.as.snack.bits.length, 0);
  v = TAKE(snack_long, ACK);
  assert_int_equal(v.as.snack.bits.length, 2);
  assert_memory_equal(v.as.snack.bits.bytes, snack_long + 6, 2);
  v = TAKE(boundary, ACK);
  assert_int_equal(v.type, TCPFLOW_VALUE_EMPTY);
  v = TAKE(corruption, ACK);
  assert_int_equal(v.type, TCPFLOW_VALUE_EMPTY);
}

/* Nothing about what they hold was ever published. */
static void take__kinds_without_a_form__raw(void **state) {
  static const uint8_t kinds[] = {16, 17, 24, 26, 31, 32, 33, 70, 77, 79, 200};

  (void)state;
  for (size_t i = 0; i < sizeof(kinds); i++) {
    const uint8_t bytes[] = {kinds[i], 5, 1, 2, 3};
    const tcpflow_option_value v = TAKE(bytes, ACK);

    assert_int_equal(v.type, TCPFLOW_VALUE_RAW);
    assert_int_equal(v.as.octets.length, 3);
    assert_ptr_equal(v.as.octets.bytes, bytes + 2);
  }
  static const uint8_t trailer[] = {18, 3, 0x5a};

  assert_int_equal(TAKE(trailer, ACK).as.octets.length, 1);
}

/* tcpdump: uto 0x2 0 for the second; its granularity is the wrong bit. */
static void take__user_timeout__granularity_is_the_first_bit(void **state) {
  static const uint8_t seconds[] = {28, 4, 0, 1};
  static const uint8_t minutes[] = {28, 4, 0x80, 2};
  static const uint8_t longest[] = {28, 4, 0xff, 0xff};
  tcpflow_option_value v = TAKE(seconds, ACK);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_USER_TIMEOUT);
  assert_int_equal(v.as.user_timeout.minutes, 0);
  assert_int_equal(v.as.user_timeout.timeout, 1);
  v = TAKE(minutes, ACK);
  assert_int_equal(v.as.user_timeout.minutes, 1);
  assert_int_equal(v.as.user_timeout.timeout, 2);
  v = TAKE(longest, ACK);
  assert_int_equal(v.as.user_timeout.minutes, 1);
  assert_int_equal(v.as.user_timeout.timeout, 0x7fff);
}

/* RFC 4782 section 3.2: Resv. and Rate, TTL Diff, QS Nonce of 30 bits, R. */
static void take__quick_start__rate_difference_and_nonce(void **state) {
  static const uint8_t bytes[] = {27, 8, 0x2f, 5, 0xff, 0xff, 0xff, 0xfd};
  const tcpflow_option_value v = TAKE(bytes, SYN | ACK);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_QUICK_START);
  assert_int_equal(v.as.quick_start.reserved, 2);
  assert_int_equal(v.as.quick_start.rate, 15);
  assert_int_equal(v.as.quick_start.ttl_difference, 5);
  assert_int_equal(v.as.quick_start.nonce, 0x3fffffff);
  assert_int_equal(v.as.quick_start.reserved_end, 1);
}

static void take__signatures__keys_and_digests(void **state) {
  static const uint8_t md5[] = {19, 18, 1,  2,  3,  4,  5,  6,  7,
                                8,  9,  10, 11, 12, 13, 14, 15, 16};
  /* RFC 9235 section 4.1.1: tcp-ao keyid 61 rnextkeyid 84 mac 0x2ee437c6... */
  static const uint8_t ao[] = {0x1d, 0x10, 0x3d, 0x54, 0x2e, 0xe4, 0x37, 0xc6,
                               0xf8, 0xed, 0xe6, 0xd7, 0xc4, 0xd6, 0x02, 0xe7};
  static const uint8_t bare[] = {29, 4, 1, 2};
  tcpflow_option_value v = TAKE(md5, ACK);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_MD5);
  assert_memory_equal(v.as.md5.digest, md5 + 2, 16);
  v = TAKE(ao, SYN);
  assert_int_equal(v.type, TCPFLOW_VALUE_AO);
  assert_int_equal(v.as.ao.key_id, 61);
  assert_int_equal(v.as.ao.next_key_id, 84);
  assert_int_equal(v.as.ao.mac.length, 12);
  assert_ptr_equal(v.as.ao.mac.bytes, ao + 4);
  v = TAKE(bare, ACK);
  assert_int_equal(v.as.ao.mac.length, 0);
}

static void give__five_sack_blocks__invalid(void **state) {
  tcpflow_option_value v = {.kind = 5, .type = TCPFLOW_VALUE_SACK};
  tcpflow_options_builder b;

  (void)state;
  tcpflow_options_builder_init(&b);
  v.as.sack.count = 5;
  assert_int_equal(tcpflow_options_builder_value(&b, &v), TCPFLOW_ERR_INVALID);
  assert_int_equal(b.length, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(take__kinds_of_any_syn__their_values),
    cmocka_unit_test(take__sack__its_blocks),
    cmocka_unit_test(take__sack_cut_by_the_capture__its_whole_blocks),
    cmocka_unit_test(take__obsolete_kinds__their_values),
    cmocka_unit_test(take__partial_order__bits_of_the_profile),
    cmocka_unit_test(take__scps__its_values),
    cmocka_unit_test(take__kinds_without_a_form__raw),
    cmocka_unit_test(take__user_timeout__granularity_is_the_first_bit),
    cmocka_unit_test(take__quick_start__rate_difference_and_nonce),
    cmocka_unit_test(take__signatures__keys_and_digests),
    cmocka_unit_test(give__five_sack_blocks__invalid),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
