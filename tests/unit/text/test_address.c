/* tests/unit/text/test_address.c - mirror of lib/text/address.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <tcpflow/text.h>

#include "text/address.h"

typedef struct row {
  const char *text; /* As it is written. */
  uint8_t octets[16];
} row;

/* What tcpdump 4.99.3 writes for these; RFC 5952 section 4. */
static const row rows[] = {
  {"::", {0}},
  {"::1", {[15] = 1}},
  {"1::", {[1] = 1}},
  {"::104", {[14] = 1, [15] = 4}},
  {"::1.2.3.4", {[12] = 1, [13] = 2, [14] = 3, [15] = 4}},
  {"::ffff:1.2.3.4",
   {[10] = 255, [11] = 255, [12] = 1, [13] = 2, [14] = 3, [15] = 4}},
  {"0:0:1::2:3", {[5] = 1, [13] = 2, [15] = 3}},
  {"1::2:0:0:3:4", {[1] = 1, [7] = 2, [13] = 3, [15] = 4}},
  {"1:0:2:0:3:0:4:0", {[1] = 1, [5] = 2, [9] = 3, [13] = 4}},
  {"1:2:3:4:5:6::", {[1] = 1, [3] = 2, [5] = 3, [7] = 4, [9] = 5, [11] = 6}},
  {"abcd:ef01::1", {[0] = 0xab, [1] = 0xcd, [2] = 0xef, [3] = 1, [15] = 1}},
};

static void address__ipv6__as_tcpdump_writes_it(void **state) {
  char text[46];

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    assert_int_equal(
      tcpflow_text_address(text, sizeof(text), 6, rows[i].octets),
      strlen(rows[i].text));
    assert_string_equal(text, rows[i].text);
  }
}

static void address__ipv4__four_numbers(void **state) {
  const uint8_t octets[4] = {192, 0, 2, 255};
  char text[46];

  (void)state;
  assert_int_equal(tcpflow_text_address(text, sizeof(text), 4, octets), 11);
  assert_string_equal(text, "192.0.2.255");
}

static unsigned scan(const char *text, uint8_t octets[16]) {
  return tcpflow__scan_address((tcpflow__scan){text, text + strlen(text)},
                               octets);
}

static void scan_address__what_is_written__the_same_octets(void **state) {
  uint8_t octets[16];

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    assert_int_equal(scan(rows[i].text, octets), 6);
    assert_memory_equal(octets, rows[i].octets, 16);
  }
}

static void scan_address__random__the_same_octets(void **state) {
  uint64_t dice = 88172645463325252U;

  (void)state;
  for (unsigned i = 0; i < 100000; i++) {
    uint8_t octets[16] = {0};
    uint8_t back[16];
    char text[46];

    for (unsigned j = 0; j < 16; j++) {
      dice ^= (dice & (UINT64_MAX >> 13)) << 13;
      dice ^= dice >> 7;
      dice ^= (dice & (UINT64_MAX >> 17)) << 17;
      octets[j] = (dice >> 40 & 3) == 0 ? (uint8_t)(dice >> 32 & 0xff) : 0;
    }
    assert_true(tcpflow_text_address(text, sizeof(text), 6, octets) < 46);
    assert_int_equal(scan(text, back), 6);
    assert_memory_equal(back, octets, 16);
  }
}

static void scan_address__none__nothing_written(void **state) {
  static const char *const bad[] = {"",
                                    "1.2.3",
                                    "1.2.3.256",
                                    "1.2.3.4.5",
                                    "1:2:3",
                                    ":1::",
                                    "1::2::3",
                                    "12345::",
                                    "1:2:3:4:5:6:7:8:9",
                                    "::1.2.3",
                                    "1::g",
                                    "host.name",
                                    "1:2:3:4:5:6:7:",
                                    ":::",
                                    "1:2:3:4:5:6:7:8::"};
  uint8_t octets[16];

  (void)state;
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
    memset(octets, 0x5a, sizeof(octets));
    assert_int_equal(scan(bad[i], octets), 0);
    assert_int_equal(octets[0], 0x5a);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(address__ipv6__as_tcpdump_writes_it),
    cmocka_unit_test(address__ipv4__four_numbers),
    cmocka_unit_test(scan_address__what_is_written__the_same_octets),
    cmocka_unit_test(scan_address__random__the_same_octets),
    cmocka_unit_test(scan_address__none__nothing_written),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
