/* tests/unit/reasm/test_tail.c - mirror of lib/reasm/tail.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "reasm/rest.h"
#include "reasm/tail.h"
#include "unit/failmem.h"

typedef struct bench {
  failmem fm;
  tcpflow__budget budget;
  tcpflow__tail *tail;
  tcpflow__reasm reasm;
  tcpflow__reasm_rest rest; /* Of reasm. */
} bench;

static void begin(bench *b, uint64_t cap) {
  memset(b, 0, sizeof(*b));
  b->budget.mem = failmem_table(&b->fm);
  b->budget.cap = cap;
  tcpflow__reasm_init(&b->reasm);
  tcpflow__rest_lend(&b->reasm, &b->rest);
}

static void finish(bench *b) {
  tcpflow__tail_clear(&b->tail, &b->budget);
  assert_int_equal(b->budget.used, 0);
  assert_int_equal(b->fm.live_blocks, 0);
}

static void add(bench *b, uint32_t max, uint64_t offset, const char *text) {
  const tcpflow_stream_data told = {
    .offset = offset, .bytes = (const uint8_t *)text, .length = strlen(text)};

  tcpflow__tail_add(&b->tail, &b->budget, max, &told);
}

static bool differs(bench *b, uint64_t offset, const char *text,
                    tcpflow_stream_conflict *conflict) {
  tcpflow__reasm_input input = {.bytes = (const uint8_t *)text,
                                .offset = offset,
                                .length = (uint32_t)strlen(text),
                                .captured = (uint32_t)strlen(text)};

  return tcpflow__tail_differs(b->tail, &b->reasm, &input, conflict);
}

static void assert_conflict(bench *b, uint64_t offset, const char *text,
                            uint64_t from, const char *first,
                            const char *second) {
  const uint32_t before = b->rest.conflicting;
  tcpflow_stream_conflict conflict;

  assert_true(differs(b, offset, text, &conflict));
  assert_int_equal(conflict.offset, from);
  assert_int_equal(conflict.length, strlen(first));
  assert_memory_equal(conflict.first, first, strlen(first));
  assert_memory_equal(conflict.second, second, strlen(second));
  assert_int_equal(conflict.delivered, 1);
  assert_int_equal(conflict.replaced, 0);
  assert_true(conflict.first_number == UINT64_MAX);
  assert_true(conflict.first_time == TCPFLOW_TIME_NONE);
  assert_int_equal(b->rest.conflicting, before + strlen(first));
}

static void assert_agrees(bench *b, uint64_t offset, const char *text) {
  tcpflow_stream_conflict conflict;

  assert_false(differs(b, offset, text, &conflict));
  assert_int_equal(b->rest.conflicting, 0);
}

static void
differs__inside_before_and_over_the_end__what_both_have(void **state) {
  bench b;

  (void)state;
  begin(&b, UINT64_MAX);
  add(&b, 6, 10, "abcdef");
  add(&b, 6, 16, "gh");
  assert_agrees(&b, 12, "cdefgh");
  assert_agrees(&b, 8, "XXXX");
  assert_agrees(&b, 18, "XXXX");
  assert_agrees(&b, 8, "XXXXcdefghXX");
  assert_agrees(&b, 13, "");
  assert_conflict(&b, 13, "dX", 13, "de", "dX");
  assert_conflict(&b, 10, "abcX", 12, "cd", "cX");
  assert_conflict(&b, 16, "gXij", 16, "gh", "gX");
  assert_conflict(&b, 8, "XXXXXdefghXX", 12, "cdefgh", "Xdefgh");
  finish(&b);
}

static void differs__nothing_to_compare__false(void **state) {
  tcpflow_stream_conflict conflict;
  bench b;

  (void)state;
  begin(&b, UINT64_MAX);
  assert_agrees(&b, 0, "abc");
  add(&b, 6, 0, "abc");
  assert_false(tcpflow__tail_differs(b.tail, &b.reasm, NULL, &conflict));
  b.reasm.off = true;
  assert_agrees(&b, 0, "aXc");
  finish(&b);
}

static void differs__count_is_full__stays(void **state) {
  tcpflow_stream_conflict conflict;
  bench b;

  (void)state;
  begin(&b, UINT64_MAX);
  add(&b, 6, 0, "abc");
  b.rest.conflicting = UINT32_MAX - 1;
  assert_true(differs(&b, 0, "aXc", &conflict));
  assert_int_equal(b.rest.conflicting, UINT32_MAX);
  finish(&b);
}

static void add__behind_a_gap__begins_anew(void **state) {
  bench b;

  (void)state;
  begin(&b, UINT64_MAX);
  add(&b, 100, 0, "abc");
  add(&b, 100, 6, "ghi");
  assert_agrees(&b, 0, "XXXXXX");
  assert_conflict(&b, 0, "XXXXXXXhi", 6, "ghi", "Xhi");
  finish(&b);
}

static void add__more_than_fits__its_end_stays(void **state) {
  bench b;

  (void)state;
  begin(&b, UINT64_MAX);
  add(&b, 3, 0, "a");
  add(&b, 3, 1, "bcdefgh");
  assert_int_equal(b.tail->length, 3);
  assert_conflict(&b, 0, "XXXXXXXX", 5, "fgh", "XXX");
  finish(&b);
}

/* Held octets come first. */
static void add__half_of_the_budget_is_used__forgotten(void **state) {
  const uint64_t cost = sizeof(tcpflow__tail) + 256;
  bench b;

  (void)state;
  begin(&b, 2 * cost);
  add(&b, 1000, 0, "abc");
  assert_non_null(b.tail);
  assert_int_equal(b.budget.used, cost);
  finish(&b);
  begin(&b, 2 * cost);
  b.budget.used = 1;
  add(&b, 1000, 0, "abc");
  assert_null(b.tail);
  assert_int_equal(b.fm.requests, 0);
  b.budget.used = 0;
  add(&b, 1000, 3, "def");
  assert_conflict(&b, 3, "dXf", 3, "def", "dXf");
  finish(&b);
}

static void add__no_memory__forgotten_and_begun_anew(void **state) {
  char block[257];

  (void)state;
  memset(block, 'x', 256);
  block[256] = '\0';
  for (size_t n = 1; n <= 2; n++) {
    bench b;

    begin(&b, UINT64_MAX);
    b.fm.fail_at = n;
    add(&b, 1000, 0, block);
    assert_int_equal(b.tail == NULL, n == 1);
    add(&b, 1000, 256, block); /* It has to grow. */
    assert_int_equal(b.tail == NULL, n == 2);
    assert_int_equal(b.fm.live_blocks, n == 1);
    add(&b, 1000, 512, "yz");
    assert_conflict(&b, 512, "yX", 512, "yz", "yX");
    finish(&b);
  }
}

static void peek__remembered_octets__up_to_the_end(void **state) {
  tcpflow_stream_data found;
  bench b;

  (void)state;
  begin(&b, UINT64_MAX);
  assert_false(tcpflow__tail_peek(b.tail, 0, &found));
  add(&b, 3, 0, "abcde");
  assert_false(tcpflow__tail_peek(b.tail, 1, &found));
  assert_false(tcpflow__tail_peek(b.tail, 5, &found));
  assert_true(tcpflow__tail_peek(b.tail, 3, &found));
  assert_int_equal(found.offset, 3);
  assert_int_equal(found.length, 2);
  assert_memory_equal(found.bytes, "de", 2);
  assert_int_equal(found.held, 0);
  assert_true(found.time == TCPFLOW_TIME_NONE);
  finish(&b);
}

static uint32_t dice(uint64_t *seed) {
  *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
  return (uint32_t)(*seed >> 33);
}

/* The last MAX octets behind the last gap, whatever came how; and a buffer
   whose size depends on nothing but their number. */
static void add__any_lengths__the_last_octets_stay(void **state) {
  static uint8_t octets[UINT32_C(1) << 16];
  uint64_t seed = 1;

  (void)state;
  for (size_t i = 0; i < sizeof(octets); i++) {
    octets[i] = (uint8_t)dice(&seed);
  }
  for (unsigned round = 0; round < 200; round++) {
    const uint32_t max = 1 + dice(&seed) % (round % 2 == 0 ? 20 : 3000);
    uint64_t at = 0;
    uint64_t begun = 0;
    bench b;

    begin(&b, UINT64_MAX);
    for (unsigned step = 0; step < 60; step++) {
      const uint64_t gap = dice(&seed) % 20 == 0 ? 1 + dice(&seed) % 9 : 0;
      const uint64_t length = 1 + dice(&seed) % (step % 5 == 0 ? 900 : 30);
      const tcpflow_stream_data told = {
        .offset = at + gap, .bytes = octets + at + gap, .length = length};
      tcpflow_stream_data found;

      begun = gap != 0 ? told.offset : begun;
      at += gap + length;
      tcpflow__tail_add(&b.tail, &b.budget, max, &told);
      const uint64_t there = at - begun < max ? at - begun : max;
      assert_int_equal(b.tail->length, there);
      assert_true(tcpflow__tail_peek(b.tail, at - there, &found));
      assert_int_equal(found.length, there);
      assert_memory_equal(found.bytes, octets + at - there, there);
      assert_true(b.tail->capacity <= max + max / 2);
      assert_true(b.tail->from + b.tail->length <= b.tail->capacity);
      assert_int_equal(b.budget.used, sizeof(tcpflow__tail) + b.tail->capacity);

      bench other;
      begin(&other, UINT64_MAX);
      tcpflow__tail_add(&other.tail, &other.budget, max, &found);
      assert_int_equal(other.tail->capacity, b.tail->capacity);
      finish(&other);
    }
    finish(&b);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(differs__inside_before_and_over_the_end__what_both_have),
    cmocka_unit_test(differs__nothing_to_compare__false),
    cmocka_unit_test(differs__count_is_full__stays),
    cmocka_unit_test(add__behind_a_gap__begins_anew),
    cmocka_unit_test(add__more_than_fits__its_end_stays),
    cmocka_unit_test(add__half_of_the_budget_is_used__forgotten),
    cmocka_unit_test(add__no_memory__forgotten_and_begun_anew),
    cmocka_unit_test(peek__remembered_octets__up_to_the_end),
    cmocka_unit_test(add__any_lengths__the_last_octets_stay),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
