/* tests/unit/text/test_scan.c - mirror of lib/text/scan.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "text/scan.h"
#include "unit/guard.h"

static tcpflow__scan scan_of(const char *text) {
  return (tcpflow__scan){text, text + strlen(text)};
}

static void scan_decimal__up_to_the_limit__taken(void **state) {
  tcpflow__scan scan = scan_of("4294967295,");
  uint64_t number = 0;

  (void)state;
  assert_true(tcpflow__scan_decimal(&scan, UINT32_MAX, &number));
  assert_int_equal(number, UINT32_MAX);
  assert_int_equal(tcpflow__scan_peek(&scan), ',');
  scan = scan_of("18446744073709551615");
  assert_true(tcpflow__scan_decimal(&scan, UINT64_MAX, &number));
  assert_true(number == UINT64_MAX);
}

static void scan_decimal__too_large_or_none__nothing_taken(void **state) {
  static const char *const bad[] = {"4294967296", "99999999999999999999999", "",
                                    "x", "-1"};

  (void)state;
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
    tcpflow__scan scan = scan_of(bad[i]);
    uint64_t number = 7;

    assert_false(tcpflow__scan_decimal(&scan, UINT32_MAX, &number));
    assert_int_equal(number, 7);
    assert_ptr_equal(scan.text, bad[i]);
  }
}

static void scan_hex__sixteen_digits_at_most(void **state) {
  tcpflow__scan scan = scan_of("0xfFfFffffffffffff ");
  uint64_t number = 0;

  (void)state;
  assert_true(tcpflow__scan_hex(&scan, &number));
  assert_true(number == UINT64_MAX);
  scan = scan_of("1ffffffffffffffff");
  assert_false(tcpflow__scan_hex(&scan, &number));
}

static void scan_octets__odd_digits__whole_octets_only(void **state) {
  tcpflow__scan scan = scan_of("0a1Bc");
  uint8_t octets[4] = {0};

  (void)state;
  assert_int_equal(tcpflow__scan_octets(&scan, octets, sizeof(octets)), 2);
  assert_int_equal(octets[0], 0x0a);
  assert_int_equal(octets[1], 0x1b);
  assert_int_equal(tcpflow__scan_peek(&scan), 'c');
}

static void scan_word__more_letters_follow__nothing_taken(void **state) {
  tcpflow__scan scan = scan_of("sackOK");

  (void)state;
  assert_false(tcpflow__scan_word(&scan, "sack"));
  assert_true(tcpflow__scan_string(&scan, "sack"));
  assert_true(tcpflow__scan_word(&scan, "OK"));
}

static void scan_find__against_a_guard_page__found_or_not(void **state) {
  guard text = guard_put("aab", 3);
  const tcpflow__scan scan = {(const char *)text.bytes,
                              (const char *)text.bytes + 3};

  (void)state;
  assert_ptr_equal(tcpflow__scan_find(&scan, "ab"), scan.text + 1);
  assert_null(tcpflow__scan_find(&scan, "abc"));
  assert_null(tcpflow__scan_find(&scan, "b "));
  guard_free(&text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(scan_decimal__up_to_the_limit__taken),
    cmocka_unit_test(scan_decimal__too_large_or_none__nothing_taken),
    cmocka_unit_test(scan_hex__sixteen_digits_at_most),
    cmocka_unit_test(scan_octets__odd_digits__whole_octets_only),
    cmocka_unit_test(scan_word__more_letters_follow__nothing_taken),
    cmocka_unit_test(scan_find__against_a_guard_page__found_or_not),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
