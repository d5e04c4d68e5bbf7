/* tests/unit/reasm/test_reasm.c - mirror of lib/reasm/reasm.c, put.c,
   drain.c and takein.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/reasm/recorder.h"

static const uint32_t header = sizeof(tcpflow__piece);

static void add(rig *g, uint64_t offset, const char *text) {
  assert_int_equal(rig_add(g, offset, text), TCPFLOW_OK);
}

static void add_cut(rig *g, uint64_t offset, const char *text,
                    uint32_t length) {
  assert_int_equal(rig_add_cut(g, offset, text, length), TCPFLOW_OK);
}

/* In order. */

static void drain__in_order__borrowed_without_an_allocation(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  g.limits.max_memory = 0;
  g.limits.max_pieces = 0;
  g.budget.cap = 0;
  add(&g, 0, "abc");
  add(&g, 3, "d");
  add(&g, 4, "");
  assert_string_equal(rig_told(&g), "D0:abc;D3:d;");
  add(&g, 2, "cdef");
  assert_string_equal(rig_told(&g), "D4:ef;");
  assert_int_equal(g.r.rest->duplicate, 2);
  assert_int_equal(g.fm.requests, 0);
  assert_true(rig_stop(&g));
}

static void drain__nobody_listens__advances(void **state) {
  const tcpflow__reasm_sink deaf = {NULL, NULL, NULL, NULL};
  tcpflow__reasm_input early = {
    .bytes = (const uint8_t *)"efg", .offset = 4, .length = 3, .captured = 3};
  tcpflow__reasm_input other = {
    .bytes = (const uint8_t *)"xf", .offset = 4, .length = 2, .captured = 2};
  tcpflow__reasm_input first = {
    .bytes = (const uint8_t *)"abc", .offset = 0, .length = 3, .captured = 3};
  rig g;

  (void)state;
  rig_start(&g, 0);
  assert_int_equal(rig_put(&g, &early), TCPFLOW_OK);
  tcpflow__reasm_drain(&g.r, &g.budget, &g.limits, &early, &deaf);
  assert_int_equal(rig_put(&g, &other), TCPFLOW_OK);
  tcpflow__reasm_drain(&g.r, &g.budget, &g.limits, &other, &deaf);
  assert_int_equal(g.r.rest->conflicting, 2);
  assert_int_equal(rig_put(&g, &first), TCPFLOW_OK);
  tcpflow__reasm_drain(&g.r, &g.budget, &g.limits, &first, &deaf);
  assert_int_equal(g.r.next, 3);
  tcpflow__reasm_give_up(&g.r, &g.budget, 4, TCPFLOW_GAP_TIMEOUT);
  tcpflow__reasm_drain(&g.r, &g.budget, &g.limits, NULL, &deaf);
  assert_int_equal(g.r.next, 7);
  assert_int_equal(g.r.rest->missing, 1);
  rig_start(&g, 0);
  assert_int_equal(rig_put(&g, &first), TCPFLOW_OK);
  tcpflow__reasm_drain(&g.r, &g.budget, &g.limits, &first, &deaf);
  assert_int_equal(g.r.next, 3);
  assert_true(rig_stop(&g));
}

/* A long run of pieces may wait at a gate; the engine notes how far it reaches,
   so that no segment walks over all of it again. */
static void edge__octets_wait_at_a_gate__remembered_how_far(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  g.r.rest->gate = 0;
  for (uint64_t i = 0; i < 100; i++) {
    add(&g, i, "a");
    assert_int_equal(g.r.rest->reached, i + 1);
    assert_int_equal(tcpflow__reasm_edge(&g.r, NULL), i + 1);
    assert_true(tcpflow__reasm_check(&g.r));
  }
  add(&g, 101, "c");
  assert_int_equal(g.r.rest->reached, 100);
  add(&g, 100, "b");
  assert_int_equal(g.r.rest->reached, 102);
  assert_string_equal(rig_told(&g), "");
  assert_true(rig_stop(&g));
}

/* Early. */

static void drain__a_hole_is_filled__held_octets_follow(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  add(&g, 6, "ghi");
  add(&g, 3, "def");
  assert_string_equal(rig_told(&g), "");
  assert_int_equal(g.r.rest->pieces, 2);
  assert_int_equal(g.r.rest->memory, 2 * header + 6);
  assert_int_equal(tcpflow__reasm_held(&g.r), 6);
  assert_int_equal(tcpflow__reasm_last(&g.r), 9);
  add(&g, 0, "abc");
  assert_string_equal(rig_told(&g), "D0:abc;H3:def;H6:ghi;");
  assert_int_equal(g.r.rest->memory, 0);
  assert_int_equal(tcpflow__reasm_last(&g.r), 9);
  assert_true(rig_stop(&g));
}

static void drain__one_piece_over_many__runs_alternate(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  add(&g, 2, "c");
  add(&g, 5, "fg");
  add(&g, 9, "j");
  add(&g, 0, "abcdefghijkl");
  assert_string_equal(rig_told(&g),
                      "D0:ab;H2:c;D3:de;H5:fg;D7:hi;H9:j;D10:kl;");
  assert_int_equal(g.r.rest->duplicate, 4);
  assert_int_equal(g.r.rest->conflicting, 0);
  assert_true(rig_stop(&g));
}

static void put__in_order_while_some_are_held__not_copied(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 10);
  add(&g, 20, "u");
  g.fm.fail_at = g.fm.requests + 1;
  add(&g, 10, "kl");
  add(&g, 11, "lmn");
  assert_string_equal(rig_told(&g), "D10:kl;D12:mn;");
  assert_true(rig_stop(&g));
}

static void put__early_over_many__only_holes_are_copied(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  add(&g, 12, "c");
  add(&g, 15, "fg");
  add(&g, 10, "abcdefghi");
  assert_int_equal(g.r.rest->pieces, 5);
  assert_int_equal(g.r.rest->memory, 5 * header + 9);
  assert_int_equal(g.r.rest->duplicate, 3);
  rig_give_up(&g, 10, TCPFLOW_GAP_TIMEOUT);
  assert_string_equal(rig_told(&g),
                      "G0+10:timeout;H10:ab;H12:c;H13:de;H15:fg;H17:hi;");
  assert_true(rig_stop(&g));
}

/* RELIABILITY of a tap: every packet twice. */
static void put__all_twice__counted_and_told_once(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  for (int i = 0; i < 2; i++) {
    add(&g, 4, "ef");
  }
  for (int i = 0; i < 2; i++) {
    add(&g, 0, "abcd");
  }
  assert_string_equal(rig_told(&g), "D0:abcd;H4:ef;");
  assert_int_equal(g.r.rest->duplicate, 6);
  assert_int_equal(g.r.rest->conflicting, 0);
  assert_true(rig_stop(&g));
}

/* What was cut. */

static void drain__cut_in_order__gap_of_known_length(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  add_cut(&g, 0, "ab", 10);
  add_cut(&g, 10, "", 5);
  add(&g, 15, "p");
  assert_string_equal(rig_told(&g), "D0:ab;G2+8:cut;G10+5:cut;D15:p;");
  assert_int_equal(g.r.rest->missing, 13);
  assert_int_equal(g.fm.requests, 0);
  assert_true(rig_stop(&g));
}

static void drain__cut_and_held__gap_between(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  add_cut(&g, 3, "d", 4);
  add(&g, 7, "h");
  add(&g, 0, "abc");
  assert_string_equal(rig_told(&g), "D0:abc;H3:d;G4+3:cut;H7:h;");
  assert_true(rig_stop(&g));
}

static void drain__cut_over_held__held_octets_are_told(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  add(&g, 4, "ef");
  add_cut(&g, 0, "ab", 9);
  assert_string_equal(rig_told(&g), "D0:ab;G2+2:cut;H4:ef;G6+3:cut;");
  assert_true(rig_stop(&g));
}

static void drain__full_copy_over_cut__octets_are_told(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  add_cut(&g, 4, "e", 8);
  /* In order over all of it; the last octet was cut in both. */
  add_cut(&g, 0, "abcdefghijk", 12);
  assert_string_equal(rig_told(&g), "D0:abcd;H4:e;D5:fghijk;G11+1:cut;");
  add_cut(&g, 14, "", 6);
  add(&g, 12, "mnop");
  assert_string_equal(rig_told(&g), "D12:mn;D14:op;G16+4:cut;");
  assert_true(rig_stop(&g));
}

/* The end. */

static void end__octets_behind_it__dropped_and_counted(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  g.r.end = 4;
  add(&g, 2, "cdef");
  add(&g, 0, "ab");
  assert_string_equal(rig_told(&g), "D0:ab;H2:cd;");
  add(&g, 0, "abcdef");
  add(&g, 4, "x");
  assert_string_equal(rig_told(&g), "");
  assert_int_equal(g.r.rest->beyond_end, 2 + 2 + 1);
  assert_int_equal(g.r.rest->duplicate, 4);
  assert_true(rig_stop(&g));
}

static void end__in_order_over_it__cut_there(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  g.r.end = 4;
  add(&g, 0, "abcdef");
  assert_string_equal(rig_told(&g), "D0:abcd;");
  assert_int_equal(g.r.rest->beyond_end, 2);
  assert_true(rig_stop(&g));
}

/* A FIN that lies before what is held (forged, or the first of two). */
static void end__set_below_what_is_held__held_is_dropped(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  add(&g, 2, "cdef");
  add_cut(&g, 10, "k", 3);
  g.r.end = 4;
  assert_int_equal(tcpflow__reasm_edge(&g.r, NULL), 0);
  add(&g, 0, "ab");
  assert_string_equal(rig_told(&g), "D0:ab;H2:cd;");
  assert_int_equal(g.r.rest->beyond_end, 2 + 3);
  assert_int_equal(g.r.rest->memory, 0);
  assert_true(rig_stop(&g));
}

/* What lies behind an end that is doubtful. */
static int put_beyond(rig *g, uint64_t offset, const char *text) {
  tcpflow__reasm_input input = {.bytes = (const uint8_t *)text,
                                .offset = offset,
                                .length = (uint32_t)strlen(text),
                                .captured = (uint32_t)strlen(text)};

  return tcpflow__reasm_put_beyond(&g->r, &g->budget, &g->limits, &input);
}

static void end__doubtful_and_taken_back__told(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  add(&g, 0, "ab");
  g.r.end = 2;
  g.r.doubtful = 1;
  assert_int_equal(put_beyond(&g, 2, "cd"), TCPFLOW_OK);
  assert_int_equal(put_beyond(&g, 2, "xyz"), TCPFLOW_OK);
  add(&g, 0, "abcd");
  assert_string_equal(rig_told(&g), "D0:ab;");
  assert_int_equal(g.r.rest->pieces, 2);
  g.r.end = UINT64_MAX;
  g.r.doubtful = 0;
  rig_drain(&g, NULL);
  assert_string_equal(rig_told(&g), "H2:cd;H4:z;");
  assert_true(rig_stop(&g));
}

static void end__doubtful_and_certain__dropped(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  add(&g, 0, "ab");
  g.r.end = 2;
  assert_int_equal(put_beyond(&g, 2, "not kept"), TCPFLOW_OK);
  assert_int_equal(g.r.rest->pieces, 0);
  g.r.doubtful = 1;
  assert_int_equal(put_beyond(&g, 2, "cd"), TCPFLOW_OK);
  assert_string_equal(rig_told(&g), "D0:ab;");
  assert_int_equal(g.r.rest->pieces, 1);
  g.r.doubtful = 0;
  rig_drain(&g, NULL);
  assert_string_equal(rig_told(&g), "");
  assert_int_equal(g.r.rest->memory, 0);
  assert_int_equal(g.r.rest->beyond_end, 2);
  assert_true(rig_stop(&g));
}

static void put_beyond__no_room_or_memory__not_held(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  g.r.end = 0;
  g.r.doubtful = 1;
  g.fm.fail_at = 1;
  assert_int_equal(put_beyond(&g, 0, "ab"), TCPFLOW_ERR_NOMEM);
  assert_int_equal(g.r.rest->pieces, 0);
  g.limits.max_memory = header + 1;
  assert_int_equal(put_beyond(&g, 0, "ab"), TCPFLOW_OK);
  assert_int_equal(g.r.rest->pieces, 0);
  assert_int_equal(g.budget.used, 0);
  assert_int_equal(put_beyond(&g, 0, "a"), TCPFLOW_OK);
  assert_int_equal(g.r.rest->pieces, 1);
  assert_true(rig_stop(&g));
}

static void end__at_next__held_is_dropped_at_the_next_drain(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  add(&g, 0, "ab");
  add(&g, 4, "ef");
  g.r.end = 2;
  rig_drain(&g, NULL);
  assert_string_equal(rig_told(&g), "D0:ab;");
  assert_int_equal(g.r.rest->beyond_end, 2);
  assert_int_equal(g.r.rest->pieces, 0);
  assert_true(rig_stop(&g));
}

static void count__beyond_end__saturates(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  g.r.end = 0;
  add_cut(&g, 0, "", UINT32_MAX);
  assert_int_equal(g.r.rest->beyond_end, UINT32_MAX);
  add_cut(&g, 7, "", 1);
  assert_int_equal(g.r.rest->beyond_end, UINT32_MAX);
  assert_true(rig_stop(&g));
}

/* The listener. */

static void drain__listener_has_heard_enough__state_goes_on(void **state) {
  for (unsigned n = 1; n <= 6; n++) {
    static const char *const heard[] = {
      "C2:cd/cX;",
      "C2:cd/cX;D0:ab;",
      "C2:cd/cX;D0:ab;H2:cd;",
      "C2:cd/cX;D0:ab;H2:cd;G4+2:acked;",
      "C2:cd/cX;D0:ab;H2:cd;G4+2:acked;H6:g;",
      "C2:cd/cX;D0:ab;H2:cd;G4+2:acked;H6:g;",
    };
    tcpflow__reasm_input input = {.bytes = (const uint8_t *)"abcX",
                                  .offset = 0,
                                  .length = 4,
                                  .captured = 4};
    rig g;

    (void)state;
    rig_start(&g, 0);
    add(&g, 2, "cd");
    add(&g, 6, "g");
    g.rec.hear = n;
    assert_int_equal(rig_put(&g, &input), TCPFLOW_OK);
    tcpflow__reasm_give_up(&g.r, &g.budget, 6, TCPFLOW_GAP_ACKED);
    rig_drain(&g, &input);
    assert_string_equal(rig_told(&g), heard[n - 1]);
    assert_int_equal(g.r.next, 7);
    assert_int_equal(g.r.rest->missing, 2);
    assert_int_equal(g.r.rest->memory, 0);
    /* Only that drain is silent. */
    add(&g, 7, "h");
    assert_string_equal(rig_told(&g), "D7:h;");
    assert_true(rig_stop(&g));
  }
}

/* Nobody wants data. */

static void off__ranges_only__one_piece_a_run(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  g.r.off = true;
  add(&g, 0, "ab");
  assert_int_equal(g.r.next, 2);
  add(&g, 4, "ef");
  add(&g, 6, "gh");
  add_cut(&g, 8, "i", 100);
  add(&g, 6, "XX");
  assert_int_equal(g.r.rest->pieces, 1);
  assert_int_equal(g.r.rest->memory, header);
  assert_int_equal(g.r.rest->duplicate, 2);
  assert_int_equal(g.r.rest->conflicting, 0);
  assert_int_equal(tcpflow__reasm_edge(&g.r, NULL), 2);
  rig_give_up(&g, 3, TCPFLOW_GAP_ACKED);
  assert_int_equal(g.r.next, 3);
  add(&g, 3, "d");
  assert_int_equal(g.r.next, 108);
  add_cut(&g, 108, "", 2);
  assert_int_equal(g.r.next, 110);
  assert_int_equal(g.r.rest->missing,
                   1); /* Cut is not lost where it is unwanted. */
  assert_string_equal(rig_told(&g), "");
  assert_true(rig_stop(&g));
}

static void off__while_octets_are_held__passed_silently(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  add_cut(&g, 4, "ef", 4);
  g.r.off = true;
  add(&g, 6, "gh");
  add(&g, 0, "abcd");
  assert_string_equal(rig_told(&g), "");
  assert_int_equal(g.r.next, 8);
  assert_int_equal(g.r.rest->missing, 0);
  assert_int_equal(g.r.rest->memory, 0);
  assert_true(rig_stop(&g));
}

/* 64-bit offsets. */

static void offsets__at_wraps_of_32_bits__as_elsewhere(void **state) {
  static const uint64_t starts[] = {
    UINT64_C(0x7ffffffe), UINT64_C(0xfffffffe), UINT64_C(0x1fffffffe),
    UINT64_C(0x7ffffffffffffffe) - 40, (UINT64_C(1) << 63) - 10};

  (void)state;
  for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
    const uint64_t at = starts[i];
    char expected[128];
    rig g;

    rig_start(&g, at);
    add(&g, at + 1, "bcd");
    add(&g, at + 6, "ghij");
    add(&g, at - 3, "xyza");
    rig_give_up(&g, at + 6, TCPFLOW_GAP_FLUSHED);
    snprintf(expected, sizeof(expected),
             "D%llu:a;H%llu:bcd;G%llu+2:flushed;"
             "H%llu:ghij;",
             (unsigned long long)at, (unsigned long long)at + 1,
             (unsigned long long)at + 4, (unsigned long long)at + 6);
    assert_string_equal(rig_told(&g), expected);
    assert_int_equal(g.r.next, at + 10);
    assert_int_equal(g.r.rest->duplicate, 3);
    assert_true(rig_stop(&g));
  }
}

static void offsets__the_last_one__told(void **state) {
  const uint64_t horizon = UINT64_C(1) << 63;
  rig g;

  (void)state;
  rig_start(&g, 0);
  add(&g, horizon - 1, "z");
  rig_give_up(&g, horizon, TCPFLOW_GAP_TIMEOUT);
  assert_string_equal(rig_told(&g),
                      "G0+9223372036854775807:timeout;H9223372036854775807:z;");
  assert_int_equal(g.r.next, horizon);
  assert_true(rig_stop(&g));
}

static void check__each_fault__seen(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 10);
  assert_int_equal(rig_add(&g, 12, "ab"), TCPFLOW_OK);
  const tcpflow__reasm good = g.r;
  const tcpflow__reasm_rest rest = g.rest;
  assert_true(tcpflow__reasm_check(&g.r));
  g.r.next = 12;
  assert_false(tcpflow__reasm_check(&g.r));
  g.r = good;
  g.rest = rest;
  g.r.rest->pieces = 2;
  assert_false(tcpflow__reasm_check(&g.r));
  g.r = good;
  g.rest = rest;
  g.r.rest->memory--;
  assert_false(tcpflow__reasm_check(&g.r));
  g.r = good;
  g.rest = rest;
  g.r.end = 9;
  assert_false(tcpflow__reasm_check(&g.r));
  g.r = good;
  g.rest = rest;
  g.r.rest->missing = 11;
  assert_false(tcpflow__reasm_check(&g.r));
  g.r = good;
  g.rest = rest;
  g.r.rest->gate = 9;
  assert_false(tcpflow__reasm_check(&g.r));
  g.r = good;
  g.rest = rest;
  g.r.rest->tree.root->end = g.r.rest->tree.root->offset;
  assert_false(tcpflow__reasm_check(&g.r));
  g.r.rest->tree.root->end = g.r.rest->tree.root->offset + 2;
  assert_true(rig_stop(&g));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(edge__octets_wait_at_a_gate__remembered_how_far),
    cmocka_unit_test(drain__in_order__borrowed_without_an_allocation),
    cmocka_unit_test(drain__nobody_listens__advances),
    cmocka_unit_test(drain__a_hole_is_filled__held_octets_follow),
    cmocka_unit_test(drain__one_piece_over_many__runs_alternate),
    cmocka_unit_test(put__in_order_while_some_are_held__not_copied),
    cmocka_unit_test(put__early_over_many__only_holes_are_copied),
    cmocka_unit_test(put__all_twice__counted_and_told_once),
    cmocka_unit_test(drain__cut_in_order__gap_of_known_length),
    cmocka_unit_test(drain__cut_and_held__gap_between),
    cmocka_unit_test(drain__cut_over_held__held_octets_are_told),
    cmocka_unit_test(drain__full_copy_over_cut__octets_are_told),
    cmocka_unit_test(end__octets_behind_it__dropped_and_counted),
    cmocka_unit_test(end__in_order_over_it__cut_there),
    cmocka_unit_test(end__set_below_what_is_held__held_is_dropped),
    cmocka_unit_test(end__doubtful_and_taken_back__told),
    cmocka_unit_test(end__doubtful_and_certain__dropped),
    cmocka_unit_test(put_beyond__no_room_or_memory__not_held),
    cmocka_unit_test(end__at_next__held_is_dropped_at_the_next_drain),
    cmocka_unit_test(count__beyond_end__saturates),
    cmocka_unit_test(drain__listener_has_heard_enough__state_goes_on),
    cmocka_unit_test(off__ranges_only__one_piece_a_run),
    cmocka_unit_test(off__while_octets_are_held__passed_silently),
    cmocka_unit_test(offsets__at_wraps_of_32_bits__as_elsewhere),
    cmocka_unit_test(offsets__the_last_one__told),
    cmocka_unit_test(check__each_fault__seen),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
