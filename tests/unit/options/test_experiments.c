/* tests/unit/options/test_experiments.c - mirror of
   lib/options/experiments.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/options/trio.h"

#define TAKE(bytes, flags) trio_take(bytes, sizeof(bytes), flags)

static void take__identifiers_of_16_bits__rest_follows(void **state) {
  static const uint16_t known[] = {0x0348, 0x0a0d, 0x0ca0, 0x5323, 0xf990};

  (void)state;
  for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
    const uint8_t bytes[] = {
      253, 6, (uint8_t)(known[i] >> 8), (uint8_t)(known[i] & 0xff), 1, 2};
    const tcpflow_option_value v = TAKE(bytes, ACK);

    assert_int_equal(v.type, TCPFLOW_VALUE_RAW);
    assert_int_equal(v.exid, known[i]);
    assert_int_equal(v.exid_length, 2);
    assert_int_equal(v.as.octets.length, 2);
    assert_ptr_equal(v.as.octets.bytes, bytes + 4);
  }
}

static void take__unknown_identifier__as_one_of_16_bits(void **state) {
  static const uint8_t bytes[] = {254, 8, 0x12, 0x34, 0x56, 0x78, 9, 10};
  const tcpflow_option_value v = TAKE(bytes, ACK);

  (void)state;
  assert_int_equal(v.exid, 0x1234);
  assert_int_equal(v.exid_length, 2);
  assert_int_equal(v.as.octets.length, 4);
}

/* RFC 7609 section 3.1: kind 254, length 6, "SMCR" in EBCDIC. */
static void take__smc_r__identifier_of_32_bits(void **state) {
  static const uint8_t bytes[] = {254, 6, 0xe2, 0xd4, 0xc3, 0xd9};
  static const uint8_t half[] = {254, 4, 0xe2, 0xd4};
  static const uint8_t lengths[] = {6};
  tcpflow_option_value v = TAKE(bytes, SYN);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_EMPTY);
  assert_true(v.exid == TCPFLOW_EXID_SMC_R);
  assert_int_equal(v.exid_length, 4);
  trio_lengths(bytes, 6, lengths, sizeof(lengths), SYN);
  v = TAKE(half, SYN);
  assert_int_equal(v.exid, 0xe2d4);
  assert_int_equal(v.exid_length, 2);
}

static void take__ts_interval__identifier_of_32_bits(void **state) {
  static const uint8_t bytes[] = {253, 8, 0x75, 0xec, 0xff, 0xee, 1, 2};
  const tcpflow_option_value v = TAKE(bytes, SYN);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_RAW);
  assert_int_equal(v.exid, TCPFLOW_EXID_TS_INTERVAL);
  assert_int_equal(v.exid_length, 4);
  assert_int_equal(v.as.octets.length, 2);
}

static void take__eno_before_it_had_a_kind__suboptions(void **state) {
  static const uint8_t bytes[] = {253, 6, 0x45, 0x4e, 0x23, 0x21};
  const tcpflow_option_value v = TAKE(bytes, SYN);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_ENO);
  assert_int_equal(v.as.octets.length, 2);
}

static void take__no_room_for_an_identifier__bad_length(void **state) {
  static const uint8_t two[] = {253, 2};
  static const uint8_t three[] = {254, 3, 0xf9};

  (void)state;
  trio_refuse(two, sizeof(two), SYN);
  trio_refuse(three, sizeof(three), SYN);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(take__identifiers_of_16_bits__rest_follows),
    cmocka_unit_test(take__unknown_identifier__as_one_of_16_bits),
    cmocka_unit_test(take__smc_r__identifier_of_32_bits),
    cmocka_unit_test(take__ts_interval__identifier_of_32_bits),
    cmocka_unit_test(take__eno_before_it_had_a_kind__suboptions),
    cmocka_unit_test(take__no_room_for_an_identifier__bad_length),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
