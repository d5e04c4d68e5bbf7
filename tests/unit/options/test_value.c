/* tests/unit/options/test_value.c - mirror of lib/options/value.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/options/trio.h"

static void get__end_of_list__its_padding(void **state) {
  static const uint8_t bytes[] = {0, 0, 7, 0};
  tcpflow_options_builder b;
  tcpflow_option option;
  tcpflow_option_value v;

  (void)state;
  assert_true(trio_first(&option, bytes, 4, 4, ACK));
  assert_true(tcpflow_option_value_get(&v, &option));
  assert_int_equal(v.type, TCPFLOW_VALUE_EOL);
  assert_int_equal(v.as.octets.length, 3);
  tcpflow_options_builder_init(&b);
  assert_int_equal(tcpflow_options_builder_value(&b, &v), TCPFLOW_OK);
  assert_int_equal(b.length, 4);
  assert_memory_equal(b.bytes, bytes, 4);
  trio_copy(&option, bytes, 4);
}

static void get__end_of_list_cut__still_an_end(void **state) {
  static const uint8_t bytes[] = {0, 0, 0, 0};
  tcpflow_option option;
  tcpflow_option_value v;

  (void)state;
  assert_true(trio_first(&option, bytes, 4, 2, ACK));
  assert_false(tcpflow_option_value_get(&v, &option));
  assert_int_equal(v.type, TCPFLOW_VALUE_EOL);
  assert_int_equal(v.as.octets.length, 1);
}

static void get__no_operation__empty(void **state) {
  static const uint8_t bytes[] = {1};
  const tcpflow_option_value v = trio_take(bytes, 1, ACK);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_EMPTY);
}

static void get__damaged_option__raw_and_told(void **state) {
  static const struct {
    uint8_t bytes[4];
    uint8_t length;
    unsigned flag;
  } rows[] = {
    {{2}, 1, TCPFLOW_OPTION_FLAG_NO_LENGTH},
    {{2, 0, 1, 1}, 4, TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2},
    {{2, 1, 1, 1}, 4, TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2},
    {{2, 5, 1, 1}, 4, TCPFLOW_OPTION_FLAG_OVERRUN},
    {{2, 3, 1}, 3, TCPFLOW_OPTION_FLAG_BAD_LENGTH},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    tcpflow_option option;
    tcpflow_option_value v;

    assert_true(
      trio_first(&option, rows[i].bytes, rows[i].length, rows[i].length, SYN));
    assert_false(tcpflow_option_value_get(&v, &option));
    assert_int_equal(v.type, TCPFLOW_VALUE_RAW);
    assert_true(v.flags & rows[i].flag);
    trio_copy(&option, rows[i].bytes, rows[i].length);
  }
}

/* A list of up to 255 octets may be walked; a header has room for 40. */
static void builder_value__option_longer_than_a_header__limit(void **state) {
  static const uint8_t bytes[60] = {200, 60};
  tcpflow_options_builder b;
  tcpflow_option option;
  tcpflow_option_value v;

  (void)state;
  tcpflow_options_builder_init(&b);
  assert_true(trio_first(&option, bytes, 60, 60, ACK));
  assert_true(tcpflow_option_value_get(&v, &option));
  assert_int_equal(tcpflow_options_builder_value(&b, &v), TCPFLOW_ERR_LIMIT);
  assert_int_equal(tcpflow_options_builder_copy(&b, &option),
                   TCPFLOW_ERR_LIMIT);
  v.type = TCPFLOW_VALUE_EOL;
  assert_int_equal(tcpflow_options_builder_value(&b, &v), TCPFLOW_ERR_LIMIT);
  v.as.octets.length = SIZE_MAX;
  assert_int_equal(tcpflow_options_builder_value(&b, &v), TCPFLOW_ERR_LIMIT);
  assert_int_equal(b.length, 0);
}

static void builder_value__nonsense__invalid_and_unchanged(void **state) {
  tcpflow_option_value v = {.kind = 200, .type = UINT16_MAX};
  tcpflow_options_builder b;

  (void)state;
  tcpflow_options_builder_init(&b);
  assert_int_equal(tcpflow_options_builder_value(&b, &v), TCPFLOW_ERR_INVALID);
  v.type = TCPFLOW_VALUE_RIVERBED_TRANSPARENCY + 1;
  assert_int_equal(tcpflow_options_builder_value(&b, &v), TCPFLOW_ERR_INVALID);
  v.type = TCPFLOW_VALUE_RAW;
  v.exid_length = 3;
  assert_int_equal(tcpflow_options_builder_value(&b, &v), TCPFLOW_ERR_INVALID);
  v.exid_length = 0;
  v.as.octets.length = 1;
  assert_int_equal(tcpflow_options_builder_value(&b, &v), TCPFLOW_ERR_INVALID);
  v.kind = TCPFLOW_OPTION_NOP;
  v.as.octets.bytes = &v.kind;
  assert_int_equal(tcpflow_options_builder_value(&b, &v), TCPFLOW_ERR_INVALID);
  assert_int_equal(b.length, 0);
}

static void builder_copy__no_room_or_no_data__unchanged(void **state) {
  tcpflow_option option = {.kind = 200, .length = 4, .data_length = 2};
  tcpflow_options_builder b;

  (void)state;
  tcpflow_options_builder_init(&b);
  assert_int_equal(tcpflow_options_builder_copy(&b, &option),
                   TCPFLOW_ERR_INVALID);
  option.data = b.bytes;
  for (b.length = 37; b.length <= 40; b.length++) {
    assert_int_equal(tcpflow_options_builder_copy(&b, &option),
                     TCPFLOW_ERR_LIMIT);
  }
  b.length = 36;
  assert_int_equal(tcpflow_options_builder_copy(&b, &option), TCPFLOW_OK);
  assert_int_equal(b.length, 40);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(get__end_of_list__its_padding),
    cmocka_unit_test(get__end_of_list_cut__still_an_end),
    cmocka_unit_test(get__no_operation__empty),
    cmocka_unit_test(get__damaged_option__raw_and_told),
    cmocka_unit_test(builder_value__option_longer_than_a_header__limit),
    cmocka_unit_test(builder_value__nonsense__invalid_and_unchanged),
    cmocka_unit_test(builder_copy__no_room_or_no_data__unchanged),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
