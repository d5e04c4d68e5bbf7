/* tests/unit/wire/test_cursor.c - mirror of lib/wire/cursor.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wire/cursor.h"

static const uint8_t octets[10] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

static tcpflow__cursor cursor_at(uint32_t off, uint32_t end) {
  return (tcpflow__cursor){octets, off, end};
}

static void take__what_is_left__all_taken(void **state) {
  tcpflow__cursor cursor = cursor_at(4, 10);

  (void)state;
  assert_ptr_equal(tcpflow__cursor_take(&cursor, 6), octets + 4);
  assert_int_equal(cursor.off, 10);
  assert_int_equal(tcpflow__cursor_left(&cursor), 0);
}

static void take__one_more_than_left__nothing_taken(void **state) {
  tcpflow__cursor cursor = cursor_at(4, 10);

  (void)state;
  assert_null(tcpflow__cursor_take(&cursor, 7));
  assert_int_equal(cursor.off, 4);
  assert_int_equal(cursor.end, 10);
}

static void take__length_that_would_wrap__nothing_taken(void **state) {
  tcpflow__cursor cursor = cursor_at(4, 10);

  (void)state;
  /* 4 + 0xfffffffe is 2 modulo 2^32, which is less than 10. */
  assert_null(tcpflow__cursor_take(&cursor, UINT32_C(0xfffffffe)));
  assert_null(tcpflow__cursor_take(&cursor, UINT32_MAX));
  assert_int_equal(cursor.off, 4);
}

static void take__nothing_there__null(void **state) {
  tcpflow__cursor cursor = {NULL, 0, 0};

  (void)state;
  assert_null(tcpflow__cursor_peek(&cursor, 1));
  assert_null(tcpflow__cursor_take(&cursor, 1));
}

static void peek__octets_there__nothing_taken(void **state) {
  tcpflow__cursor cursor = cursor_at(9, 10);

  (void)state;
  assert_ptr_equal(tcpflow__cursor_peek(&cursor, 1), octets + 9);
  assert_null(tcpflow__cursor_peek(&cursor, 2));
  assert_int_equal(cursor.off, 9);
}

static void limit__less_than_left__end_moves(void **state) {
  tcpflow__cursor cursor = cursor_at(4, 10);

  (void)state;
  tcpflow__cursor_limit(&cursor, 5);
  assert_int_equal(cursor.end, 9);
  tcpflow__cursor_limit(&cursor, 0);
  assert_int_equal(cursor.end, 4);
}

static void limit__more_than_left__end_stays(void **state) {
  tcpflow__cursor cursor = cursor_at(4, 10);

  (void)state;
  tcpflow__cursor_limit(&cursor, 6);
  assert_int_equal(cursor.end, 10);
  tcpflow__cursor_limit(&cursor, UINT32_MAX);
  assert_int_equal(cursor.end, 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(take__what_is_left__all_taken),
    cmocka_unit_test(take__one_more_than_left__nothing_taken),
    cmocka_unit_test(take__length_that_would_wrap__nothing_taken),
    cmocka_unit_test(take__nothing_there__null),
    cmocka_unit_test(peek__octets_there__nothing_taken),
    cmocka_unit_test(limit__less_than_left__end_moves),
    cmocka_unit_test(limit__more_than_left__end_stays),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
