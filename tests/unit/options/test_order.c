/* tests/unit/options/test_order.c - mirror of lib/options/order.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/options/trio.h"

static tcpflow_options_layout layout_of(const uint8_t *bytes, size_t length,
                                        size_t captured) {
  guard g = guard_put(bytes, captured);
  tcpflow_options_layout layout;

  memset(&layout, 0xa5, sizeof(layout));
  tcpflow_options_layout_get(&layout, g.bytes, length, captured);
  guard_free(&g);
  return layout;
}

static void layout_get__syn_of_linux__kinds_in_order(void **state) {
  /* options [mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7] */
  static const uint8_t bytes[] = {2, 4, 5, 180, 4, 2, 8, 10, 0, 0,
                                  0, 1, 0, 0,   0, 0, 1, 3,  3, 7};
  static const uint8_t kinds[] = {2, 4, 8, 1, 3};
  const tcpflow_options_layout l = layout_of(bytes, sizeof(bytes), 20);

  (void)state;
  assert_int_equal(l.count, 5);
  assert_memory_equal(l.kind, kinds, 5);
  assert_int_equal(l.padding, 0);
  assert_int_equal(l.flags, 0);
}

static void layout_get__end_of_list__padding_behind_it(void **state) {
  /* options [mss 1460,eol] and three octets */
  static const uint8_t bytes[] = {2, 4, 5, 180, 0, 0, 7, 0};
  const tcpflow_options_layout l = layout_of(bytes, sizeof(bytes), 8);

  (void)state;
  assert_int_equal(l.count, 2);
  assert_int_equal(l.kind[1], 0);
  assert_int_equal(l.padding, 3);
  assert_int_equal(l.flags, TCPFLOW_OPTION_FLAG_AFTER_EOL);
}

static void layout_get__forty_nops__all_of_them(void **state) {
  uint8_t bytes[48];

  (void)state;
  memset(bytes, 1, sizeof(bytes));
  assert_int_equal(layout_of(bytes, 40, 40).count, 40);
  assert_int_equal(layout_of(bytes, 48, 48).count, 40);
  assert_int_equal(layout_of(bytes, 0, 0).count, 0);
}

static void layout_get__damaged_or_cut__told(void **state) {
  static const uint8_t bytes[] = {1, 5, 0, 1};

  (void)state;
  assert_int_equal(layout_of(bytes, 4, 4).count, 2);
  assert_int_equal(layout_of(bytes, 4, 4).kind[1], 5);
  assert_int_equal(layout_of(bytes, 4, 4).flags,
                   TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2);
  assert_int_equal(layout_of(bytes, 4, 1).count, 1);
  assert_int_equal(layout_of(bytes, 4, 1).flags, TCPFLOW_OPTION_FLAG_CUT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(layout_get__syn_of_linux__kinds_in_order),
    cmocka_unit_test(layout_get__end_of_list__padding_behind_it),
    cmocka_unit_test(layout_get__forty_nops__all_of_them),
    cmocka_unit_test(layout_get__damaged_or_cut__told),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
