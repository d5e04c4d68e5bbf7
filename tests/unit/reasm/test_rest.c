/*
 * tests/unit/reasm/test_rest.c - mirror of lib/reasm/rest.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "unit/reasm/recorder.h"

/* A stream that shares its rest with all others. */
static void start(rig *g, bool gated) {
  rig_start(g, 0);
  tcpflow__reasm_init(&g->r);
  g->r.rest = tcpflow__rest_shared(gated);
}

static bool is_over(rig *g) {
  tcpflow__rest_drop(&g->r, &g->budget);
  tcpflow__rest_unstock(&g->budget);
  return tcpflow__rest_is_shared(&g->r) && g->budget.rests == 0 &&
         g->budget.used == 0 && g->fm.live_blocks == 0;
}

static void rest_own__all_in_order__never_made(void **state) {
  rig g;

  (void)state;
  start(&g, false);
  assert_int_equal(rig_add(&g, 0, "abc"), TCPFLOW_OK);
  assert_int_equal(rig_add(&g, 3, "def"), TCPFLOW_OK);
  rig_give_up(&g, 6, TCPFLOW_GAP_ACKED); /* There is no hole. */
  g.r.end = 6;
  assert_string_equal(rig_told(&g), "D0:abc;D3:def;");
  assert_true(tcpflow__rest_is_shared(&g.r));
  assert_int_equal(g.fm.requests, 0);
  assert_true(tcpflow__reasm_check(&g.r));
  assert_true(is_over(&g));
}

/* Something early, something again, something cut, something given up. */
static void rest_own__what_few_streams_have__made_once(void **state) {
  rig g;

  (void)state;
  for (unsigned i = 0; i < 4; i++) {
    start(&g, false);
    if (i == 0) {
      assert_int_equal(rig_add(&g, 3, "def"), TCPFLOW_OK);
    } else if (i == 1) {
      assert_int_equal(rig_add(&g, 0, "abc"), TCPFLOW_OK);
      assert_int_equal(rig_add(&g, 0, "abc"), TCPFLOW_OK);
      assert_int_equal(g.r.rest->duplicate, 3);
    } else if (i == 2) {
      assert_int_equal(rig_add_cut(&g, 0, "ab", 4), TCPFLOW_OK);
      assert_int_equal(g.r.rest->missing, 2);
    } else {
      rig_give_up(&g, 5, TCPFLOW_GAP_ACKED);
      assert_int_equal(g.r.rest->missing, 5);
    }
    assert_false(tcpflow__rest_is_shared(&g.r));
    assert_int_equal(g.budget.rests, sizeof(tcpflow__reasm_rest));
    assert_true(tcpflow__reasm_check(&g.r));
    assert_true(is_over(&g));
  }
}

static void rest_own__no_memory__nothing_changed(void **state) {
  rig g;

  (void)state;
  start(&g, false);
  assert_int_equal(rig_add(&g, 0, "abc"), TCPFLOW_OK);
  const tcpflow__reasm before = g.r;

  g.fm.fail_at = g.fm.requests + 1;
  assert_int_equal(rig_add(&g, 5, "f"), TCPFLOW_ERR_NOMEM);
  g.fm.fail_at = g.fm.requests + 1;
  assert_int_equal(rig_add(&g, 1, "bc"), TCPFLOW_ERR_NOMEM);
  g.fm.fail_at = g.fm.requests + 1;
  assert_int_equal(rig_add_cut(&g, 3, "d", 2), TCPFLOW_ERR_NOMEM);
  assert_memory_equal(&g.r, &before, sizeof(before));
  assert_int_equal(rig_add(&g, 3, "d"), TCPFLOW_OK);
  assert_string_equal(rig_told(&g), "D0:abc;D3:d;");
  assert_true(is_over(&g));
}

static void rest_take__from_the_stock__needs_no_memory(void **state) {
  rig g;

  (void)state;
  start(&g, false);
  g.fm.fail_at = 2;
  assert_int_equal(tcpflow__rest_stock(&g.budget), TCPFLOW_ERR_NOMEM);
  assert_int_equal(g.budget.spares, 1);
  assert_int_equal(tcpflow__rest_stock(&g.budget), TCPFLOW_OK);
  assert_int_equal(tcpflow__rest_stock(&g.budget), TCPFLOW_OK);
  assert_int_equal(g.budget.spares, 2);
  assert_int_equal(g.budget.rests, 2 * sizeof(tcpflow__reasm_rest));

  g.fm.fail_at = g.fm.requests + 1;
  g.fm.fail_from = 1;
  rig_give_up(&g, 5, TCPFLOW_GAP_ACKED);
  assert_string_equal(rig_told(&g), "G0+5:acked;");
  assert_int_equal(g.budget.spares, 1);
  assert_int_equal(tcpflow__rest_stock(&g.budget), TCPFLOW_ERR_NOMEM);
  assert_true(is_over(&g));
}

static void rest_take__nothing_at_all__waits_on(void **state) {
  rig g;

  (void)state;
  start(&g, false);
  g.fm.fail_at = 1;
  g.fm.fail_from = 1;
  assert_false(tcpflow__rest_take(&g.r, &g.budget));
  rig_give_up(&g, 5, TCPFLOW_GAP_ACKED);
  assert_string_equal(rig_told(&g), "");
  assert_true(is_over(&g));
}

static void rest_move_gate__behind_0__only_forth(void **state) {
  rig g;

  (void)state;
  start(&g, true);
  assert_true(g.r.rest->gate == 0);
  tcpflow__rest_move_gate(&g.r, &g.budget, 0);
  assert_true(tcpflow__rest_is_shared(&g.r));
  tcpflow__rest_move_gate(&g.r, &g.budget, 7);
  tcpflow__rest_move_gate(&g.r, &g.budget, 5);
  assert_int_equal(g.r.rest->gate, 7);
  tcpflow__rest_open_gate(&g.r);
  assert_true(g.r.rest->gate == UINT64_MAX);
  tcpflow__rest_move_gate(&g.r, &g.budget, 9);
  assert_true(g.r.rest->gate == UINT64_MAX);
  assert_true(is_over(&g));
}

static void rest_open_gate__shared__without_memory(void **state) {
  rig g;

  (void)state;
  start(&g, true);
  tcpflow__rest_open_gate(&g.r);
  assert_true(tcpflow__rest_is_shared(&g.r));
  assert_true(g.r.rest->gate == UINT64_MAX);
  start(&g, true);
  g.fm.fail_at = 1;
  tcpflow__rest_move_gate(&g.r, &g.budget, 7);
  assert_true(g.r.rest->gate == UINT64_MAX);
  assert_true(is_over(&g));
}

static void rest_drop__lent__stays(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  assert_int_equal(rig_add(&g, 3, "def"), TCPFLOW_OK);
  g.rest.missing = 3;
  tcpflow__rest_drop(&g.r, &g.budget);
  assert_ptr_equal(g.r.rest, &g.rest);
  assert_int_equal(g.rest.missing, 3);
  assert_int_equal(g.rest.pieces, 0);
  assert_int_equal(g.fm.live_blocks, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(rest_own__all_in_order__never_made),
    cmocka_unit_test(rest_own__what_few_streams_have__made_once),
    cmocka_unit_test(rest_own__no_memory__nothing_changed),
    cmocka_unit_test(rest_take__from_the_stock__needs_no_memory),
    cmocka_unit_test(rest_take__nothing_at_all__waits_on),
    cmocka_unit_test(rest_move_gate__behind_0__only_forth),
    cmocka_unit_test(rest_open_gate__shared__without_memory),
    cmocka_unit_test(rest_drop__lent__stays),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
