/* tests/unit/reasm/test_leftover.c - mirror of lib/reasm/leftover.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "reasm/leftover.h"
#include "unit/failmem.h"

enum {
  MAX = 1000
};

typedef struct bench {
  failmem memory;
  tcpflow_mem mem;
  tcpflow__budget budget;
  tcpflow__leftover *left;
  tcpflow_stream_data joined;
} bench;

static void begin(bench *b) {
  memset(b, 0, sizeof(*b));
  b->mem = failmem_table(&b->memory);
  assert_int_equal(tcpflow__mem_read(&b->budget.mem, &b->mem), TCPFLOW_OK);
  b->budget.cap = 10000;
}

static void finish(bench *b) {
  tcpflow__leftover_shorten(&b->left, &b->budget, 0);
  assert_null(b->left);
  assert_true(b->budget.used == 0);
  assert_int_equal(b->memory.live_blocks, 0);
}

static tcpflow_stream_data octets(uint64_t offset, const char *text) {
  return (tcpflow_stream_data){.offset = offset,
                               .bytes = (const uint8_t *)text,
                               .length = strlen(text),
                               .time = 7,
                               .number = 3};
}

static int keep(bench *b, uint64_t offset, const char *text, size_t n) {
  const tcpflow_stream_data told = octets(offset, text);

  return tcpflow__leftover_keep(&b->left, &b->budget, MAX, &told, n);
}

static bool join(bench *b, uint64_t offset, const char *text) {
  const tcpflow_stream_data next = octets(offset, text);

  return tcpflow__leftover_join(&b->left, &b->budget, MAX, &next, &b->joined);
}

static void check_joined(const bench *b, uint64_t offset, const char *text,
                         size_t kept) {
  assert_true(b->joined.offset == offset);
  assert_int_equal(b->joined.length, strlen(text));
  assert_memory_equal(b->joined.bytes, text, strlen(text));
  assert_int_equal(b->joined.kept, kept);
}

static void join__right_behind__both_in_one_piece(void **state) {
  bench b;

  (void)state;
  begin(&b);
  assert_int_equal(keep(&b, 100, "one two", 3), TCPFLOW_OK);
  assert_true(join(&b, 107, " three"));
  check_joined(&b, 104, "two three", 3);
  assert_true(b.joined.time == 7 && b.joined.number == 3);
  finish(&b);
}

static void join__elsewhere__nothing_changes(void **state) {
  bench b;

  (void)state;
  begin(&b);
  assert_int_equal(keep(&b, 100, "one two", 3), TCPFLOW_OK);
  assert_false(join(&b, 108, " three"));
  assert_false(join(&b, 106, "o three"));
  assert_true(join(&b, 107, "!"));
  check_joined(&b, 104, "two!", 3);
  finish(&b);
}

static void shorten__of_what_was_joined__the_last_ones_stay(void **state) {
  bench b;

  (void)state;
  begin(&b);
  assert_int_equal(keep(&b, 0, "abc", 3), TCPFLOW_OK);
  assert_true(join(&b, 3, "def"));
  tcpflow__leftover_shorten(&b.left, &b.budget, 2);
  assert_true(join(&b, 6, "g"));
  check_joined(&b, 4, "efg", 2);
  tcpflow__leftover_shorten(&b.left, &b.budget, 9);
  assert_int_equal(b.left->length, 3);
  finish(&b);
}

static void keep__again__in_place_of_what_was_kept(void **state) {
  bench b;

  (void)state;
  begin(&b);
  assert_int_equal(keep(&b, 0, "abc", 3), TCPFLOW_OK);
  assert_int_equal(keep(&b, 0, "abc", 1), TCPFLOW_OK);
  assert_true(join(&b, 3, "d"));
  check_joined(&b, 2, "cd", 1);
  assert_int_equal(keep(&b, 0, "abc", 0), TCPFLOW_OK);
  assert_null(b.left);
  finish(&b);
}

static void keep__more_than_the_limit__nothing(void **state) {
  char text[MAX + 2];
  bench b;

  (void)state;
  memset(text, 'x', sizeof(text) - 1);
  text[sizeof(text) - 1] = '\0';
  begin(&b);
  assert_int_equal(keep(&b, 0, text, MAX + 1), TCPFLOW_ERR_LIMIT);
  assert_null(b.left);
  assert_int_equal(keep(&b, 0, text, MAX), TCPFLOW_OK);
  assert_false(join(&b, MAX + 1, "y"));
  assert_int_equal(b.left->length, MAX);
  b.budget.cap = b.budget.used - 1;
  assert_int_equal(keep(&b, 0, text, MAX), TCPFLOW_ERR_LIMIT);
  finish(&b);
}

static void keep__no_memory__nothing(void **state) {
  char text[600];
  bench b;

  (void)state;
  memset(text, 'x', sizeof(text) - 1);
  text[sizeof(text) - 1] = '\0';
  begin(&b);
  b.memory.fail_at = 1;
  assert_int_equal(keep(&b, 0, "abc", 2), TCPFLOW_ERR_NOMEM);
  assert_null(b.left);
  b.memory.fail_at = 0;
  assert_int_equal(keep(&b, 0, "abc", 2), TCPFLOW_OK);
  b.memory.requests = 0;
  b.memory.fail_at = 1;
  assert_false(join(&b, 3, text));
  assert_int_equal(b.left->length, 2);
  b.memory.fail_at = 0;
  assert_true(join(&b, 3, text));
  assert_int_equal(b.joined.length, 2 + strlen(text));
  finish(&b);
}

static void all__kept_octets__come_from_nowhere(void **state) {
  bench b;

  (void)state;
  begin(&b);
  assert_int_equal(keep(&b, 5, "abc", 2), TCPFLOW_OK);
  const tcpflow_stream_data all = tcpflow__leftover_all(b.left);
  assert_true(all.offset == 6 && all.length == 2 && all.kept == 2);
  assert_memory_equal(all.bytes, "bc", 2);
  assert_true(all.time == TCPFLOW_TIME_NONE && all.number == UINT64_MAX);
  finish(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(join__right_behind__both_in_one_piece),
    cmocka_unit_test(join__elsewhere__nothing_changes),
    cmocka_unit_test(shorten__of_what_was_joined__the_last_ones_stay),
    cmocka_unit_test(keep__again__in_place_of_what_was_kept),
    cmocka_unit_test(keep__more_than_the_limit__nothing),
    cmocka_unit_test(keep__no_memory__nothing),
    cmocka_unit_test(all__kept_octets__come_from_nowhere),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
