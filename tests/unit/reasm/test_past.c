/* tests/unit/reasm/test_past.c - mirror of lib/reasm/past.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "reasm/past.h"
#include "reasm/rest.h"
#include "unit/failmem.h"

static const uint8_t key[16] = {1, 2, 3};

typedef struct bench {
  failmem fm;
  tcpflow__budget budget;
  tcpflow__past_rule rule;
  tcpflow__past past;
  tcpflow__reasm reasm;
  tcpflow__reasm_rest rest; /* Of reasm. */
  tcpflow_stream_conflict conflict[2];
} bench;

static void begin(bench *b, uint64_t octets, uint64_t digests) {
  memset(b, 0, sizeof(*b));
  b->budget.mem = failmem_table(&b->fm);
  b->budget.cap = UINT64_MAX;
  b->rule = tcpflow__past_rule_of(octets, digests, key);
  tcpflow__reasm_init(&b->reasm);
  tcpflow__rest_lend(&b->reasm, &b->rest);
}

static void finish(bench *b) {
  tcpflow__past_clear(&b->past, &b->budget);
  assert_int_equal(b->budget.used, 0);
  assert_int_equal(b->fm.live_blocks, 0);
}

static void tell(bench *b, uint64_t offset, const char *text) {
  const tcpflow_stream_data told = {
    .offset = offset, .bytes = (const uint8_t *)text, .length = strlen(text)};

  tcpflow__past_add(&b->past, &b->budget, &b->rule, &told);
}

static unsigned differs(bench *b, uint64_t offset, const char *text) {
  const tcpflow__reasm_input input = {.bytes = (const uint8_t *)text,
                                      .offset = offset,
                                      .length = (uint32_t)strlen(text),
                                      .captured = (uint32_t)strlen(text)};

  return tcpflow__past_differs(&b->past, &b->rule, &b->reasm, &input,
                               b->conflict);
}

static void assert_range(const tcpflow_stream_conflict *conflict,
                         uint64_t offset, size_t length, bool copied) {
  assert_int_equal(conflict->offset, offset);
  assert_int_equal(conflict->length, length);
  assert_int_equal(conflict->first != NULL, copied);
  assert_int_equal(conflict->delivered, 1);
}

static void rule_of__none_and_too_many__bounded(void **state) {
  const tcpflow__past_rule none = tcpflow__past_rule_of(0, 0, key);
  const tcpflow__past_rule most =
    tcpflow__past_rule_of(UINT64_MAX, UINT64_MAX, key);

  (void)state;
  assert_false(none.any);
  assert_true(most.any);
  assert_int_equal(most.max_tail, TCPFLOW__TAIL_MAX);
  assert_int_equal(most.digests.max, TCPFLOW__DIGESTS_MAX);
  assert_true(tcpflow__past_rule_of(1, 0, key).any);
  assert_true(tcpflow__past_rule_of(0, 1, key).any);
}

/* Told are 0-4, 4-8 and 8-12; the last 6 octets are kept, 6-12, so the second
   range reaches into them. */
static void begin_both(bench *b) {
  begin(b, 6, 8);
  tell(b, 0, "abcd");
  tell(b, 4, "efgh");
  tell(b, 8, "ijkl");
}

static void differs__before_the_copies__by_digests(void **state) {
  bench b;

  (void)state;
  begin_both(&b);
  assert_int_equal(differs(&b, 0, "abcdefghijkl"), 0);
  assert_int_equal(differs(&b, 0, "aXcdefghijkl"), 1);
  assert_range(&b.conflict[0], 0, 4, false);
  assert_int_equal(b.rest.conflicting, 4);
  assert_int_equal(differs(&b, 0, "abcd"), 0);
  assert_int_equal(differs(&b, 1, "Xcd"), 0);
  finish(&b);
}

static void differs__inside_of_the_copies__by_them(void **state) {
  bench b;

  (void)state;
  begin_both(&b);
  assert_int_equal(differs(&b, 0, "abcdefghiXkl"), 1);
  assert_range(&b.conflict[0], 6, 6, true);
  assert_int_equal(differs(&b, 8, "iXkl"), 1);
  assert_range(&b.conflict[0], 8, 4, true);
  assert_int_equal(b.rest.conflicting, 10);
  finish(&b);
}

static void
differs__range_reaches_into_the_copies__what_lies_before(void **state) {
  bench b;

  (void)state;
  begin_both(&b);
  assert_int_equal(differs(&b, 4, "eXghij"), 1);
  assert_range(&b.conflict[0], 4, 2, false);
  /* It differs in the copies, so what is before them is not known. */
  assert_int_equal(differs(&b, 4, "efgX"), 1);
  assert_range(&b.conflict[0], 6, 2, true);
  finish(&b);
}

static void differs__both__in_order(void **state) {
  bench b;

  (void)state;
  begin_both(&b);
  assert_int_equal(differs(&b, 0, "aXcdefghijkX"), 2);
  assert_range(&b.conflict[0], 0, 4, false);
  assert_range(&b.conflict[1], 6, 6, true);
  assert_int_equal(b.rest.conflicting, 10);
  finish(&b);
}

static void differs__nothing_to_compare__none(void **state) {
  bench b;

  (void)state;
  begin_both(&b);
  assert_int_equal(
    tcpflow__past_differs(&b.past, &b.rule, &b.reasm, NULL, b.conflict), 0);
  b.reasm.off = true;
  assert_int_equal(differs(&b, 0, "XXXXXXXXXXXX"), 0);
  finish(&b);
}

static void differs__count_is_full__stays(void **state) {
  bench b;

  (void)state;
  begin(&b, 0, 4);
  tell(&b, 0, "abcd");
  b.rest.conflicting = UINT32_MAX - 1;
  assert_int_equal(differs(&b, 0, "aXcd"), 1);
  assert_int_equal(b.rest.conflicting, UINT32_MAX);
  finish(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(rule_of__none_and_too_many__bounded),
    cmocka_unit_test(differs__before_the_copies__by_digests),
    cmocka_unit_test(differs__inside_of_the_copies__by_them),
    cmocka_unit_test(differs__range_reaches_into_the_copies__what_lies_before),
    cmocka_unit_test(differs__both__in_order),
    cmocka_unit_test(differs__nothing_to_compare__none),
    cmocka_unit_test(differs__count_is_full__stays),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
