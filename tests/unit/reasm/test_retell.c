/* tests/unit/reasm/test_retell.c - mirror of lib/reasm/retell.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "reasm/retell.h"
#include "unit/failmem.h"

/* Who hears, and what it asks for. */
typedef struct bench {
  failmem memory;
  tcpflow_mem mem;
  tcpflow__budget budget;
  tcpflow__leftover *left;
  tcpflow__hearing hearing;
  tcpflow__retell retell;
  char log[128]; /* "text/kept " of each event. */
  size_t wanted;
  int answered;
  bool deaf; /* From the next event on. */
  bool deafened;
} bench;

static void hear(void *user, const tcpflow_stream_data *data) {
  bench *const b = (bench *)user;
  const size_t used = strlen(b->log);

  snprintf(b->log + used, sizeof(b->log) - used, "%.*s/%u ", (int)data->length,
           (const char *)data->bytes, (unsigned)data->kept);
  b->answered = tcpflow__retell_keep(&b->hearing, &b->left, &b->budget,
                                     b->retell.max, b->wanted);
  b->deafened = b->deaf;
}

static bool listens(void *user) {
  return !((const bench *)user)->deafened;
}

static void begin(bench *b) {
  memset(b, 0, sizeof(*b));
  b->mem = failmem_table(&b->memory);
  assert_int_equal(tcpflow__mem_read(&b->budget.mem, &b->mem), TCPFLOW_OK);
  b->budget.cap = 10000;
  b->retell = (tcpflow__retell){&b->left, &b->budget, &b->hearing, hear,
                                listens,  b,          1000};
}

static void finish(bench *b) {
  tcpflow__leftover_shorten(&b->left, &b->budget, 0);
  assert_true(b->budget.used == 0);
  assert_int_equal(b->memory.live_blocks, 0);
}

static void next(const bench *b, uint64_t offset, const char *text) {
  const tcpflow_stream_data data = {
    .offset = offset, .bytes = (const uint8_t *)text, .length = strlen(text)};

  tcpflow__retell_next(&b->retell, &data);
}

static void next__octets_were_kept__both_in_one_event(void **state) {
  bench b;

  (void)state;
  begin(&b);
  b.wanted = 2;
  next(&b, 0, "abc");
  next(&b, 3, "de");
  b.wanted = 0;
  next(&b, 5, "f");
  assert_string_equal(b.log, "abc/0 bcde/2 def/2 ");
  assert_null(b.left);
  finish(&b);
}

static void next__not_right_behind__kept_ones_by_themselves(void **state) {
  bench b;

  (void)state;
  begin(&b);
  b.wanted = 1;
  next(&b, 0, "abc");
  b.wanted = 0;
  next(&b, 4, "e");
  assert_string_equal(b.log, "abc/0 c/1 e/0 ");
  finish(&b);
}

static void next__deaf_behind_kept_ones__the_rest_is_not_told(void **state) {
  bench b;

  (void)state;
  begin(&b);
  b.wanted = 1;
  next(&b, 0, "abc");
  b.deaf = true;
  next(&b, 4, "e");
  assert_string_equal(b.log, "abc/0 c/1 ");
  finish(&b);
}

static void left__deaf__stays(void **state) {
  bench b;

  (void)state;
  begin(&b);
  b.wanted = 1;
  b.deaf = true;
  next(&b, 0, "abc");
  tcpflow__retell_left(&b.retell);
  assert_string_equal(b.log, "abc/0 ");
  assert_non_null(b.left);
  b.deafened = false;
  tcpflow__retell_left(&b.retell);
  tcpflow__retell_left(&b.retell);
  assert_string_equal(b.log, "abc/0 c/1 ");
  assert_int_equal(b.answered, TCPFLOW_ERR_STATE);
  finish(&b);
}

static void keep__outside_too_many_or_without_memory__refused(void **state) {
  const tcpflow_stream_data data = {.bytes = (const uint8_t *)"abc",
                                    .length = 3};
  bench b;

  (void)state;
  begin(&b);
  assert_int_equal(tcpflow__retell_keep(&b.hearing, &b.left, &b.budget, 10, 1),
                   TCPFLOW_ERR_STATE);
  b.wanted = 4;
  next(&b, 0, "abc");
  assert_int_equal(b.answered, TCPFLOW_ERR_INVALID);
  b.hearing.told = &data;
  assert_int_equal(tcpflow__retell_keep(&b.hearing, NULL, &b.budget, 10, 1),
                   TCPFLOW_ERR_NOMEM);
  b.memory.fail_at = b.memory.requests + 1;
  assert_int_equal(tcpflow__retell_keep(&b.hearing, &b.left, &b.budget, 10, 1),
                   TCPFLOW_ERR_NOMEM);
  assert_null(b.left);
  finish(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(next__octets_were_kept__both_in_one_event),
    cmocka_unit_test(next__not_right_behind__kept_ones_by_themselves),
    cmocka_unit_test(next__deaf_behind_kept_ones__the_rest_is_not_told),
    cmocka_unit_test(left__deaf__stays),
    cmocka_unit_test(keep__outside_too_many_or_without_memory__refused),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
