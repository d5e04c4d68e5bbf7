/*
 * tests/unit/reasm/test_append.c - mirror of lib/reasm/append.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "reasm/append.h"
#include "unit/reasm/recorder.h"

static bool append(rig *g, uint64_t offset, const char *octets) {
  const uint32_t length = (uint32_t)strlen(octets);
  tcpflow__reasm_input input = {.bytes = (const uint8_t *)octets,
                                .offset = offset,
                                .length = length,
                                .captured = length};

  return tcpflow__reasm_append(&g->r, &g->budget, &g->limits, &input);
}

static void append__behind_what_is_held__told_in_order(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  assert_int_equal(rig_add(&g, 3, "def"), TCPFLOW_OK);
  assert_true(append(&g, 6, "ghi"));
  assert_true(append(&g, 12, "m"));
  assert_true(tcpflow__reasm_check(&g.r));
  assert_int_equal(rig_add(&g, 0, "abc"), TCPFLOW_OK);
  assert_int_equal(rig_add(&g, 9, "jkl"), TCPFLOW_OK);
  assert_string_equal(rig_told(&g), "D0:abc;H3:def;H6:ghi;D9:jkl;H12:m;");
  assert_int_equal(g.budget.used, 0);
  assert_true(rig_stop(&g));
}

/* A hole may begin with it. */
static void append__nothing_held__held_as_by_put(void **state) {
  rig put;
  rig g;

  (void)state;
  rig_start(&put, 0);
  rig_start(&g, 0);
  assert_int_equal(rig_add(&put, 0, "abc"), TCPFLOW_OK);
  assert_int_equal(rig_add(&put, 6, "ghi"), TCPFLOW_OK);
  assert_int_equal(rig_add(&g, 0, "abc"), TCPFLOW_OK);
  assert_true(append(&g, 6, "ghi"));
  assert_true(tcpflow__reasm_check(&g.r));
  assert_int_equal(g.r.rest->pieces, 1);
  assert_int_equal(g.r.rest->memory, put.r.rest->memory);
  assert_int_equal(g.r.rest->reached, put.r.rest->reached);
  assert_int_equal(g.budget.used, put.budget.used);
  assert_int_equal(g.budget.rests, put.budget.rests);
  assert_int_equal(rig_add(&g, 3, "def"), TCPFLOW_OK);
  assert_string_equal(rig_told(&g), "D0:abc;D3:def;H6:ghi;");
  assert_true(rig_stop(&put));
  assert_true(rig_stop(&g));
}

static void append__nothing_held_and_no_memory__refused(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  for (size_t n = 1; n < 3; n++) {
    g.fm.fail_at = g.fm.requests + (g.r.rest->shared ? n : 1);
    assert_false(append(&g, 3, "def"));
    assert_int_equal(g.budget.used, 0);
    assert_null(g.r.rest->tree.root);
  }
  assert_true(append(&g, 3, "def"));
  assert_true(tcpflow__reasm_check(&g.r));
  assert_true(rig_stop(&g));
}

/* What fills, repeats or contests something is for put(). */
static void append__elsewhere__refused(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  assert_false(append(&g, 0, "abc"));
  assert_int_equal(rig_add(&g, 6, "ghi"), TCPFLOW_OK);
  assert_false(append(&g, 0, "abc"));
  assert_false(append(&g, 3, "def"));
  assert_false(append(&g, 8, "ij"));
  assert_false(append(&g, 9, ""));
  assert_true(append(&g, 9, "j"));
  assert_true(tcpflow__reasm_check(&g.r));
  assert_true(rig_stop(&g));
}

/* An end, a gate, and what is to be given up are for put() and drain(). */
static void append__not_alone__refused(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  assert_int_equal(rig_add(&g, 3, "def"), TCPFLOW_OK);
  g.r.end = 20;
  assert_false(append(&g, 6, "ghi"));
  g.r.end = UINT64_MAX;
  g.r.rest->gate = 20;
  assert_false(append(&g, 6, "ghi"));
  g.r.rest->gate = UINT64_MAX;
  tcpflow__reasm_give_up(&g.r, &g.budget, 2, TCPFLOW_GAP_ACKED);
  assert_false(append(&g, 6, "ghi"));
  assert_true(rig_stop(&g));
}

static void append__no_room__refused(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  assert_int_equal(rig_add(&g, 3, "def"), TCPFLOW_OK);
  g.limits.max_pieces = 1;
  assert_false(append(&g, 6, "ghi"));
  g.limits.max_pieces = 2;
  g.limits.max_memory = (uint32_t)tcpflow__piece_cost(3) * 2 - 1;
  assert_false(append(&g, 6, "ghi"));
  g.limits.max_memory++;
  g.budget.cap = g.limits.max_memory - 1;
  assert_false(append(&g, 6, "ghi"));
  g.budget.cap++;
  assert_true(append(&g, 6, "ghi"));
  assert_int_equal(g.budget.used, g.budget.cap);
  assert_true(tcpflow__reasm_check(&g.r));
  assert_true(rig_stop(&g));
}

static void append__no_memory__refused_and_nothing_changed(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  assert_int_equal(rig_add(&g, 3, "def"), TCPFLOW_OK);
  const uint64_t used = g.budget.used;
  g.fm.fail_at = g.fm.requests + 1;
  assert_false(append(&g, 6, "ghi"));
  assert_int_equal(g.budget.used, used);
  assert_int_equal(g.r.rest->pieces, 1);
  assert_true(append(&g, 6, "ghi"));
  assert_true(tcpflow__reasm_check(&g.r));
  assert_true(rig_stop(&g));
}

/* Of a stream that nobody wants, ranges are held, and what follows one makes it
   reach further. */
static void append__off__ranges_held(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  g.r.off = true;
  assert_int_equal(rig_add(&g, 3, "def"), TCPFLOW_OK);
  assert_true(append(&g, 6, "ghi"));
  assert_int_equal(g.r.rest->pieces, 1);
  assert_true(append(&g, 12, "mno"));
  assert_int_equal(g.r.rest->pieces, 2);
  assert_int_equal(g.budget.used, 2 * tcpflow__piece_cost(0));
  assert_int_equal(tcpflow__reasm_last(&g.r), 15);
  assert_true(tcpflow__reasm_check(&g.r));
  assert_int_equal(rig_add(&g, 0, "abc"), TCPFLOW_OK);
  assert_int_equal(g.r.next, 9);
  assert_string_equal(rig_told(&g), "");
  assert_true(rig_stop(&g));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(append__behind_what_is_held__told_in_order),
    cmocka_unit_test(append__nothing_held__held_as_by_put),
    cmocka_unit_test(append__nothing_held_and_no_memory__refused),
    cmocka_unit_test(append__elsewhere__refused),
    cmocka_unit_test(append__not_alone__refused),
    cmocka_unit_test(append__no_room__refused),
    cmocka_unit_test(append__no_memory__refused_and_nothing_changed),
    cmocka_unit_test(append__off__ranges_held),
  };

  return cmocka_run_group_tests_name("append", tests, NULL, NULL);
}
