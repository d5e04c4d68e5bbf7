/*
 * tests/unit/segment/test_prints.c - mirror of lib/segment/prints.c.
 */
#include "segment/prints.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "unit/sink.h"

enum {
  BITS = 4
};

typedef struct room {
  tcpflow__print_set set[1 << BITS];
  tcpflow__prints prints;
} room;

static room empty(void) {
  room r;

  memset(&r, 0, sizeof(r));
  return r;
}

static tcpflow__prints *open_room(room *r) {
  tcpflow__prints_init(&r->prints, r->set, BITS);
  return &r->prints;
}

static tcpflow_segment frame(uint32_t id, tcpflow_time time) {
  tcpflow_segment segment;

  tcpflow_segment_init(&segment);
  segment.ip_id = id;
  segment.time = time;
  return segment;
}

static tcpflow__print_set set_at(const room *r, uint32_t which) {
  return tcpflow__prints_of(&r->prints, which << (32 - BITS));
}

/* How many are kept. */
static unsigned count(const room *r) {
  unsigned kept = 0;

  for (uint32_t i = 0; i < 1 << BITS; i++) {
    const tcpflow__print_set set = set_at(r, i);

    for (unsigned way = 0; way < TCPFLOW__PRINT_WAYS; way++) {
      kept += set.print[way] != 0;
    }
  }
  return kept;
}

static void print_of__anything__never_0_and_by_its_sender(void **state) {
  const tcpflow_segment nothing = frame(0, 0);
  const tcpflow_segment numbered = frame(7, 0);

  (void)state;
  assert_true(tcpflow__print_of(0, 0, &nothing).word != 0);
  assert_true(tcpflow__print_of(5000, 1, &numbered).word ==
              tcpflow__print_of(5000, 2, &numbered).word);
  assert_int_not_equal(tcpflow__print_of(5000, 1, &numbered).place,
                       tcpflow__print_of(5000, 2, &numbered).place);
  /* The identification alone says where. */
  assert_int_equal(tcpflow__print_of(5000, 1, &numbered).place,
                   tcpflow__print_of(9000, 1, &numbered).place);
  assert_int_not_equal(tcpflow__print_of(5000, 1, &nothing).place,
                       tcpflow__print_of(9000, 1, &nothing).place);
}

static void prints_keep__more_than_a_place_has__the_oldest_goes(void **state) {
  const tcpflow_segment segment = frame(7, 0);
  room r = empty();
  tcpflow__prints *const prints = open_room(&r);
  const tcpflow__print first =
    tcpflow__print_of(UINT32_C(1) << 17, 1, &segment);
  tcpflow__print_set set;

  (void)state;
  for (uint32_t i = 1; i <= TCPFLOW__PRINT_WAYS; i++) {
    tcpflow__prints_keep(prints, i << 17, 1, &segment);
  }
  set = tcpflow__prints_of(prints, first.place);
  assert_true(set.print[TCPFLOW__PRINT_WAYS - 1] == first.word);
  tcpflow__prints_keep(prints, UINT32_C(99) << 17, 1, &segment);
  set = tcpflow__prints_of(prints, first.place);
  assert_true(set.print[0] ==
              tcpflow__print_of(UINT32_C(99) << 17, 1, &segment).word);
  assert_true(set.print[TCPFLOW__PRINT_WAYS - 1] != first.word);
  assert_int_equal(count(&r), TCPFLOW__PRINT_WAYS);
}

static void prints_bits__connections__sets_for_them_up_to_8192(void **state) {
  (void)state;
  assert_int_equal(tcpflow__prints_bits(1), 4);
  assert_int_equal(tcpflow__prints_bits(16), 4);
  assert_int_equal(tcpflow__prints_bits(17), 5);
  assert_int_equal(tcpflow__prints_bits(8192), 13);
  assert_int_equal(tcpflow__prints_bits(UINT32_MAX), 13);
  assert_int_equal(tcpflow__prints_size(13), 8192 * 32);
}

static void save(sink *to, const tcpflow__prints *prints, tcpflow_time now) {
  tcpflow__record_writer writer;

  tcpflow__record_begin(&writer, sink_put, to);
  tcpflow__prints_save(prints, now, &writer);
  assert_true(tcpflow__record_end(&writer));
}

static void load(tcpflow__prints *prints, const sink *from) {
  tcpflow__record_reader reader;

  assert_true(tcpflow__record_open(&reader, from->bytes, from->length));
  tcpflow__prints_load(prints, &reader);
  assert_false(reader.bad);
  assert_int_equal(reader.left, 0);
}

static void prints_load__what_was_saved__the_same(void **state) {
  room r = empty();
  room back = empty();
  sink to = {0};

  (void)state;
  (void)open_room(&r);
  for (uint32_t i = 0; i < 40; i++) {
    const tcpflow_segment segment = frame(i % 8, i * TCPFLOW_MILLISECOND);
    tcpflow__prints_keep(&r.prints, i << 8, 1000, &segment);
  }
  save(&to, &r.prints, 40 * TCPFLOW_MILLISECOND);
  load(open_room(&back), &to);
  for (uint32_t i = 0; i < 1 << BITS; i++) {
    const tcpflow__print_set one = set_at(&r, i);
    const tcpflow__print_set other = set_at(&back, i);
    assert_memory_equal(&one, &other, sizeof(one));
  }
  load(NULL, &to);
  sink_clear(&to);
}

static void prints_save__too_late_for_some__the_others(void **state) {
  const tcpflow_segment early = frame(1, TCPFLOW_SECOND);
  const tcpflow_segment late = frame(2, 3 * TCPFLOW_SECOND);
  room r = empty();
  room back = empty();
  sink to = {0};

  (void)state;
  tcpflow__prints_keep(open_room(&r), 1, 1, &early);
  tcpflow__prints_keep(&r.prints, 2, 1, &late);
  save(&to, &r.prints, 3 * TCPFLOW_SECOND);
  load(open_room(&back), &to);
  assert_int_equal(count(&back), 1);
  sink_clear(&to);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(print_of__anything__never_0_and_by_its_sender),
    cmocka_unit_test(prints_keep__more_than_a_place_has__the_oldest_goes),
    cmocka_unit_test(prints_bits__connections__sets_for_them_up_to_8192),
    cmocka_unit_test(prints_load__what_was_saved__the_same),
    cmocka_unit_test(prints_save__too_late_for_some__the_others),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
