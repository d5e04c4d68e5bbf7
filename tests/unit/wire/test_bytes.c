/* tests/unit/wire/test_bytes.c - mirror of lib/wire/bytes.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/guard.h"
#include "wire/bytes.h"

static void fetch16__any_octets__first_is_high(void **state) {
  static const uint8_t bytes[] = {0x12, 0x34};
  guard g = guard_put(bytes, sizeof(bytes));

  (void)state;
  assert_int_equal(tcpflow__fetch16(g.bytes), 0x1234);
  guard_free(&g);
}

static void fetch32__high_bit_set__no_sign(void **state) {
  static const uint8_t bytes[] = {0xfe, 0x01, 0x80, 0xff};
  guard g = guard_put(bytes, sizeof(bytes));

  (void)state;
  assert_true(tcpflow__fetch32(g.bytes) == UINT32_C(0xfe0180ff));
  guard_free(&g);
}

static void store__then_fetch__same_number(void **state) {
  static const uint32_t numbers[] = {0,      1,          0x80,
                                     0xff00, 0x12345678, UINT32_MAX};
  guard g = guard_room(4);

  (void)state;
  for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
    tcpflow__store32(g.bytes, numbers[i]);
    assert_true(tcpflow__fetch32(g.bytes) == numbers[i]);
    tcpflow__store16(g.bytes + 2, (uint16_t)(numbers[i] >> 16));
    assert_true(tcpflow__fetch16(g.bytes + 2) == numbers[i] >> 16);
  }
  guard_free(&g);
}

static void store_halves__any_number__both_in_order(void **state) {
  uint16_t pair[2] = {0, 0};

  (void)state;
  tcpflow__store_halves(pair, UINT32_C(0xfe018034));
  assert_int_equal(pair[0], 0xfe01);
  assert_int_equal(pair[1], 0x8034);
  assert_true(tcpflow__turn_halves(UINT32_C(0xfe018034)) ==
              UINT32_C(0x8034fe01));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(fetch16__any_octets__first_is_high),
    cmocka_unit_test(fetch32__high_bit_set__no_sign),
    cmocka_unit_test(store__then_fetch__same_number),
    cmocka_unit_test(store_halves__any_number__both_in_order),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
