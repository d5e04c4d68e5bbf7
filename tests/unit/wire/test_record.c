/*
 * tests/unit/wire/test_record.c - objects as octets, and back.
 */
#include "wire/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "unit/guard.h"
#include "unit/sink.h"

typedef struct thing {
  uint8_t one;
  uint16_t two;
  uint32_t four[3];
  uint64_t eight;
  void *pointer;
  uint8_t name[5];
} thing;

static const tcpflow__field members[] = {
  TCPFLOW__FIELD_OF(thing, one),           TCPFLOW__FIELD_OF(thing, two),
  TCPFLOW__FIELDS_OF(thing, four, 3),      TCPFLOW__FIELD_OF(thing, eight),
  TCPFLOW__FIELD_LEFT_OUT(thing, pointer), TCPFLOW__FIELDS_OF(thing, name, 5),
};
static const tcpflow__fields all = TCPFLOW__FIELDS(members);

static thing make_thing(void) {
  thing t;

  memset(&t, 0, sizeof(t));
  t.one = 0x01;
  t.two = 0x0203;
  t.four[0] = 0x04050607;
  t.four[2] = UINT32_MAX;
  t.eight = UINT64_C(0x08090a0b0c0d0e0f);
  t.pointer = &t;
  memcpy(t.name, "hello", 5);
  return t;
}

static void write_thing(sink *to, const thing *t) {
  tcpflow__record_writer writer;

  sink_clear(to);
  tcpflow__record_begin(&writer, sink_put, to);
  tcpflow__record_object(&writer, &all, t);
  assert_true(tcpflow__record_end(&writer));
}

static void record_object__known_members__least_octet_first(void **state) {
  static const uint8_t expected[] = {
    28,   0,    0x01, 0x03, 0x02, 0x07, 0x06, 0x05, 0x04, 0,
    0,    0,    0,    0xff, 0xff, 0xff, 0xff, 0x0f, 0x0e, 0x0d,
    0x0c, 0x0b, 0x0a, 0x09, 0x08, 'h',  'e',  'l',  'l',  'o'};
  sink to = {0};
  const thing t = make_thing();

  (void)state;
  write_thing(&to, &t);
  assert_int_equal(to.length, sizeof(expected) + 8);
  assert_memory_equal(to.bytes, expected, sizeof(expected));
  sink_clear(&to);
}

static void record_into__what_was_written__the_same(void **state) {
  sink to = {0};
  const thing t = make_thing();
  thing back;
  tcpflow__record_reader from;

  (void)state;
  write_thing(&to, &t);
  memset(&back, 0, sizeof(back));
  assert_true(tcpflow__record_open(&from, to.bytes, to.length));
  tcpflow__record_into(&from, &all, &back);
  assert_false(from.bad);
  assert_int_equal(from.left, 0);
  assert_null(back.pointer);
  back.pointer = t.pointer;
  assert_memory_equal(&back, &t, sizeof(t));
  sink_clear(&to);
}

/* An older release wrote fewer members: the others stay as they are. */
static void record_into__fewer_members__keeps_the_rest(void **state) {
  sink to = {0};
  const tcpflow__fields older = {members, 3};
  const thing t = make_thing();
  thing back;
  tcpflow__record_writer writer;
  tcpflow__record_reader from;

  (void)state;
  memset(&back, 0, sizeof(back));
  back.eight = 4711;
  tcpflow__record_begin(&writer, sink_put, &to);
  tcpflow__record_object(&writer, &older, &t);
  tcpflow__record_number(&writer, 0xcafe, 2);
  assert_true(tcpflow__record_end(&writer));
  assert_true(tcpflow__record_open(&from, to.bytes, to.length));
  tcpflow__record_into(&from, &all, &back);
  assert_int_equal(back.four[2], UINT32_MAX);
  assert_true(back.eight == 4711);
  assert_int_equal(tcpflow__record_take(&from, 2), 0xcafe);
  assert_false(from.bad);
  sink_clear(&to);
}

/* A later release wrote more: they are passed over. */
static void record_into__more_members__passed_over(void **state) {
  sink to = {0};
  const tcpflow__fields older = {members, 2};
  const thing t = make_thing();
  thing back;
  tcpflow__record_reader from;

  (void)state;
  write_thing(&to, &t);
  memset(&back, 0, sizeof(back));
  assert_true(tcpflow__record_open(&from, to.bytes, to.length));
  tcpflow__record_into(&from, &older, &back);
  assert_int_equal(back.two, 0x0203);
  assert_int_equal(back.four[0], 0);
  assert_int_equal(from.left, 0);
  assert_false(from.bad);
  sink_clear(&to);
}

/* Many blocks: no number is torn, and each block is handed on full. */
static void record_octets__many_blocks__all_there(void **state) {
  sink to = {0};
  static uint8_t bytes[3 * TCPFLOW__RECORD_BLOCK + 17];
  tcpflow__record_writer writer;
  tcpflow__record_reader from;
  const uint8_t *back = NULL;

  (void)state;
  for (size_t i = 0; i < sizeof(bytes); i++) {
    bytes[i] = (uint8_t)(i * 7 + i / 256);
  }
  tcpflow__record_begin(&writer, sink_put, &to);
  tcpflow__record_number(&writer, 0x123456, 3);
  tcpflow__record_octets(&writer, bytes, sizeof(bytes));
  assert_true(tcpflow__record_end(&writer));
  assert_int_equal(to.calls, 5);
  assert_true(tcpflow__record_open(&from, to.bytes, to.length));
  assert_int_equal(tcpflow__record_take(&from, 3), 0x123456);
  back = tcpflow__record_borrow(&from, sizeof(bytes));
  assert_non_null(back);
  assert_memory_equal(back, bytes, sizeof(bytes));
  assert_int_equal(from.left, 0);
  sink_clear(&to);
}

static void record_end__put_stopped__hears_no_more(void **state) {
  sink to = {0};
  static const uint8_t bytes[3 * TCPFLOW__RECORD_BLOCK];

  (void)state;
  for (unsigned stop = 1; stop <= 4; stop++) {
    tcpflow__record_writer writer;

    sink_clear(&to);
    to.stop_at = stop;
    tcpflow__record_begin(&writer, sink_put, &to);
    tcpflow__record_octets(&writer, bytes, sizeof(bytes));
    assert_false(tcpflow__record_end(&writer));
    assert_int_equal(to.calls, stop);
  }
  sink_clear(&to);
}

static void record_open__any_bit_flipped__refused(void **state) {
  sink to = {0};
  const thing t = make_thing();
  tcpflow__record_reader from;

  (void)state;
  write_thing(&to, &t);
  for (size_t bit = 0; bit < to.length * 8; bit++) {
    to.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
    assert_false(tcpflow__record_open(&from, to.bytes, to.length));
    assert_int_equal(tcpflow__record_take(&from, 1), 0);
    to.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
  }
  assert_true(tcpflow__record_open(&from, to.bytes, to.length));
  sink_clear(&to);
}

static void record_open__any_length__in_bounds(void **state) {
  sink to = {0};
  const thing t = make_thing();

  (void)state;
  write_thing(&to, &t);
  for (size_t length = 0; length < to.length; length++) {
    guard g = guard_put(to.bytes, length);
    tcpflow__record_reader from;

    assert_false(tcpflow__record_open(&from, g.bytes, length));
    guard_free(&g);
  }
  sink_clear(&to);
}

/* Whatever the lengths inside say: nothing is read behind the end. */
static void record_into__cut_at_any_length__in_bounds(void **state) {
  sink to = {0};
  const thing t = make_thing();

  (void)state;
  write_thing(&to, &t);
  for (size_t length = 0; length <= 30; length++) {
    guard g = guard_put(to.bytes, length);
    tcpflow__record_reader from = {g.bytes, length, false};
    thing back;

    memset(&back, 0, sizeof(back));
    tcpflow__record_into(&from, &all, &back);
    assert_int_equal(from.bad, length < 30);
    guard_free(&g);
  }
  sink_clear(&to);
}

static void fields_cover__all_members__yes(void **state) {
  (void)state;
  assert_true(tcpflow__fields_cover(&all, sizeof(thing)));
}

static void fields_cover__a_member_missing__no(void **state) {
  const tcpflow__field lacking[] = {
    TCPFLOW__FIELD_OF(thing, one), TCPFLOW__FIELD_OF(thing, two),
    TCPFLOW__FIELD_OF(thing, eight), TCPFLOW__FIELD_LEFT_OUT(thing, pointer),
    TCPFLOW__FIELDS_OF(thing, name, 5)};
  const tcpflow__fields some = TCPFLOW__FIELDS(lacking);
  const tcpflow__fields first = {members, 3};

  (void)state;
  assert_false(tcpflow__fields_cover(&some, sizeof(thing)));
  assert_false(tcpflow__fields_cover(&first, sizeof(thing)));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(record_object__known_members__least_octet_first),
    cmocka_unit_test(record_into__what_was_written__the_same),
    cmocka_unit_test(record_into__fewer_members__keeps_the_rest),
    cmocka_unit_test(record_into__more_members__passed_over),
    cmocka_unit_test(record_octets__many_blocks__all_there),
    cmocka_unit_test(record_end__put_stopped__hears_no_more),
    cmocka_unit_test(record_open__any_bit_flipped__refused),
    cmocka_unit_test(record_open__any_length__in_bounds),
    cmocka_unit_test(record_into__cut_at_any_length__in_bounds),
    cmocka_unit_test(fields_cover__all_members__yes),
    cmocka_unit_test(fields_cover__a_member_missing__no),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
