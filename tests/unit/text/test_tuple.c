/* tests/unit/text/test_tuple.c - mirror of lib/text/tuple.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <tcpflow/text.h>

#include "unit/guard.h"

static const tcpflow_tuple ipv4 = {.version = 4,
                                   .port = {40000, 80},
                                   .address = {{192, 0, 2, 1}, {198, 51, 100}}};

static void text_tuple__ipv4__as_tcpdump_writes_it(void **state) {
  char text[TCPFLOW_TEXT_TUPLE_MAX];

  (void)state;
  assert_int_equal(tcpflow_text_tuple(text, sizeof(text), &ipv4), 33);
  assert_string_equal(text, "192.0.2.1.40000 > 198.51.100.0.80");
}

static void text_tuple__ipv6__as_tcpdump_writes_it(void **state) {
  const tcpflow_tuple tuple = {
    .version = 6,
    .port = {1, 65535},
    .address = {{0x20, 0x01, 0x0d, 0xb8, [15] = 1}, {[15] = 1}}};
  char text[TCPFLOW_TEXT_TUPLE_MAX];

  (void)state;
  tcpflow_text_tuple(text, sizeof(text), &tuple);
  assert_string_equal(text, "2001:db8::1.1 > ::1.65535");
}

/* Scope, tags and tunnel have no place in tcpdump's notation. */
static void text_tuple__scope_and_tags__left_out(void **state) {
  tcpflow_tuple tuple = ipv4;
  char text[TCPFLOW_TEXT_TUPLE_MAX];

  (void)state;
  tuple.scope = 7;
  tuple.vlan = 1U << 12 | 5;
  tcpflow_text_tuple(text, sizeof(text), &tuple);
  assert_string_equal(text, "192.0.2.1.40000 > 198.51.100.0.80");
}

/* The longest address and the longest port, twice. */
static void text_tuple__longest__fits_exactly(void **state) {
  tcpflow_tuple tuple = {.version = 6, .port = {65535, 65535}};
  char text[TCPFLOW_TEXT_TUPLE_MAX];

  (void)state;
  memset(tuple.address, 0xff, sizeof(tuple.address));
  assert_in_range(tcpflow_text_tuple(text, sizeof(text), &tuple), 1,
                  sizeof(text) - 1);
  assert_string_equal(text, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff.65535 > "
                            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff.65535");
}

static void text_tuple__short_buffer__cut_and_counted(void **state) {
  const char *const whole = "192.0.2.1.40000 > 198.51.100.0.80";

  (void)state;
  for (size_t capacity = 0; capacity <= strlen(whole) + 1; capacity++) {
    guard g = guard_room(capacity);
    char *const text = (char *)g.bytes;

    assert_int_equal(tcpflow_text_tuple(text, capacity, &ipv4), strlen(whole));
    if (capacity > 0) {
      assert_int_equal(strlen(text), capacity - 1);
      assert_memory_equal(text, whole, capacity - 1);
    }
    guard_free(&g);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(text_tuple__ipv4__as_tcpdump_writes_it),
    cmocka_unit_test(text_tuple__ipv6__as_tcpdump_writes_it),
    cmocka_unit_test(text_tuple__scope_and_tags__left_out),
    cmocka_unit_test(text_tuple__longest__fits_exactly),
    cmocka_unit_test(text_tuple__short_buffer__cut_and_counted),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
