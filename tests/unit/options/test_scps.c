/* tests/unit/options/test_scps.c - mirror of lib/options/scps.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/options/trio.h"

/* CCSDS 714.0-B, 3.2.5: binding space 3 with one unit of two octets, binding
   space 4 with none; the last four bits of a length octet are reserved. */
static const uint8_t option[] = {20, 8, 3, 0x15, 0xab, 0xcd, 4, 0x00};

static void next__two_capabilities__both(void **state) {
  const tcpflow_option_value v = trio_take(option, sizeof(option), SYN);
  tcpflow_scps_capability c;
  size_t offset = 0;

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_SCPS_EXTENDED);
  assert_int_equal(tcpflow_scps_next(&v.as.octets, &offset, &c), 1);
  assert_int_equal(c.space, 3);
  assert_int_equal(c.bits, 5);
  assert_int_equal(c.data.length, 2);
  assert_ptr_equal(c.data.bytes, option + 4);
  assert_int_equal(tcpflow_scps_next(&v.as.octets, &offset, &c), 1);
  assert_int_equal(c.space, 4);
  assert_int_equal(c.data.length, 0);
  assert_int_equal(tcpflow_scps_next(&v.as.octets, &offset, &c), 0);
}

static void next__cut_at_any_octet__damaged_inside(void **state) {
  (void)state;
  for (size_t length = 0; length <= 6; length++) {
    guard g = guard_put(option + 2, length);
    const tcpflow_octets octets = {g.bytes, length};
    tcpflow_scps_capability c;
    size_t offset = 0;
    size_t total = 0;
    unsigned damaged = 0;

    while (tcpflow_scps_next(&octets, &offset, &c)) {
      assert_int_equal(damaged, 0);
      damaged = c.damaged;
      total += c.data.length + (damaged ? 0 : 2);
    }
    assert_int_equal(damaged, length != 0 && length != 4 && length != 6);
    assert_int_equal(total, length);
    guard_free(&g);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(next__two_capabilities__both),
    cmocka_unit_test(next__cut_at_any_octet__damaged_inside),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
