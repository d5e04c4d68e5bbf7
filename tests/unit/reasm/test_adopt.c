/*
 * tests/unit/reasm/test_adopt.c - mirror of lib/reasm/adopt.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "reasm/adopt.h"
#include "reasm/keep.h"
#include "unit/reasm/recorder.h"

/* A piece of nobody's. */
static tcpflow__piece *make(rig *g, uint64_t offset, const char *octets) {
  const uint32_t length = (uint32_t)strlen(octets);
  tcpflow__reasm_input input = {.bytes = (const uint8_t *)octets,
                                .offset = offset,
                                .length = length,
                                .captured = length};
  const tcpflow__arrival in = {.input = &input,
                               .bytes = input.bytes,
                               .from = offset,
                               .middle = offset + length,
                               .end = offset + length};
  tcpflow__piece *const p = tcpflow__keep_copy(
    &g->budget, &in, (tcpflow__range){offset, offset + length});

  assert_non_null(p);
  return p;
}

static bool adopt(rig *g, uint64_t offset, const char *octets) {
  tcpflow__piece *const p = make(g, offset, octets);

  if (tcpflow__reasm_adopt(&g->r, &g->budget, &g->limits, p)) {
    return true;
  }
  tcpflow__keep_free(&g->budget, p);
  return false;
}

static void adopt__early__told_in_order(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  assert_true(adopt(&g, 6, "ghi"));
  assert_true(adopt(&g, 3, "def"));
  assert_true(tcpflow__reasm_check(&g.r));
  assert_int_equal(rig_add(&g, 0, "abc"), TCPFLOW_OK);
  assert_string_equal(rig_told(&g), "D0:abc;H3:def;H6:ghi;");
  assert_int_equal(g.budget.used, 0);
  assert_true(rig_stop(&g));
}

/* Octets that are held or were told stay as they are. */
static void adopt__not_free__refused(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  assert_int_equal(rig_add(&g, 0, "abc"), TCPFLOW_OK);
  assert_int_equal(rig_add(&g, 6, "ghi"), TCPFLOW_OK);
  assert_false(adopt(&g, 2, "xy"));
  assert_false(adopt(&g, 5, "xy"));
  assert_false(adopt(&g, 6, "x"));
  assert_false(adopt(&g, 8, "xy"));
  assert_true(adopt(&g, 4, "xy"));
  assert_true(adopt(&g, 9, "z"));
  assert_true(tcpflow__reasm_check(&g.r));
  assert_true(rig_stop(&g));
}

static void adopt__no_room__refused(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  g.limits.max_pieces = 1;
  assert_true(adopt(&g, 3, "def"));
  assert_false(adopt(&g, 7, "hij"));
  g.limits.max_pieces = 9;
  g.limits.max_memory = (uint32_t)tcpflow__piece_cost(3) * 2 - 1;
  assert_false(adopt(&g, 7, "hij"));
  assert_true(tcpflow__reasm_check(&g.r));
  assert_true(rig_stop(&g));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(adopt__early__told_in_order),
    cmocka_unit_test(adopt__not_free__refused),
    cmocka_unit_test(adopt__no_room__refused),
  };

  return cmocka_run_group_tests_name("adopt", tests, NULL, NULL);
}
