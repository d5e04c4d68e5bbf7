/* tests/unit/decode/test_ip_options.c - mirror of lib/decode/ip_options.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decode/ip_options.h"
#include "unit/guard.h"

static int good(tcpflow__ip_option_size *size_of, const void *bytes,
                uint32_t size) {
  guard g = guard_put(bytes, size);
  const int answer = tcpflow__ip_options_good(size_of, g.bytes, size);

  guard_free(&g);
  return answer;
}

static void options_good__ipv4_lists__by_rfc_791(void **state) {
  tcpflow__ip_option_size *const v4 = tcpflow__ipv4_option_size;

  (void)state;
  assert_true(good(v4, "", 0));
  assert_true(good(v4, "\x01\x01\x01\x01", 4));
  assert_true(good(v4, "\x00\xff\xff\xff", 4));
  assert_true(good(v4, "\x94\x04\x00\x00", 4));
  assert_true(good(v4, "\x94\x02\x94\x02", 4));
  assert_false(good(v4, "\x94\x01\x00\x00", 4));
  assert_false(good(v4, "\x94\x00\x00\x00", 4));
  assert_false(good(v4, "\x94\x05\x00\x00", 4));
  assert_false(good(v4, "\x01\x01\x01\x94", 4));
}

static void options_good__ipv6_lists__by_rfc_8200(void **state) {
  tcpflow__ip_option_size *const v6 = tcpflow__ipv6_option_size;

  (void)state;
  assert_true(good(v6, "", 0));
  assert_true(good(v6, "\x00\x00\x00\x00", 4));
  assert_true(good(v6, "\x01\x00\x01\x00", 4));
  assert_true(good(v6, "\x05\x02\x00\x00", 4));
  assert_false(good(v6, "\x05\x03\x00\x00", 4));
  assert_false(good(v6, "\x00\x00\x00\x05", 4));
  assert_false(good(v6, "\x05\xff\x00\x00", 4));
}

static void option_find__kind_in_list__its_place(void **state) {
  /* NOP, a router alert, a record route, EOL, and what would be another */
  static const uint8_t list[] = {1, 148, 4, 0, 0, 7, 3, 4, 0, 68, 2};

  (void)state;
  assert_ptr_equal(
    tcpflow__ip_option_find(tcpflow__ipv4_option_size, list, sizeof(list), 7),
    list + 5);
  assert_ptr_equal(
    tcpflow__ip_option_find(tcpflow__ipv4_option_size, list, sizeof(list), 148),
    list + 1);
  assert_null(
    tcpflow__ip_option_find(tcpflow__ipv4_option_size, list, sizeof(list), 68));
}

static void option_find__behind_damage__not_found(void **state) {
  static const uint8_t list[] = {148, 1, 7, 3, 4};

  (void)state;
  assert_null(
    tcpflow__ip_option_find(tcpflow__ipv4_option_size, list, sizeof(list), 7));
  assert_null(tcpflow__ip_option_find(tcpflow__ipv4_option_size, list, 0, 148));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(options_good__ipv4_lists__by_rfc_791),
    cmocka_unit_test(options_good__ipv6_lists__by_rfc_8200),
    cmocka_unit_test(option_find__kind_in_list__its_place),
    cmocka_unit_test(option_find__behind_damage__not_found),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
