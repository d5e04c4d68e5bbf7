/* tests/unit/reasm/test_reasm_holes.c - lib/reasm/reasm.c: how holes end. */
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

/* Holes that are given up. */

static void give_up__part_of_a_hole__gap_up_to_there(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  add(&g, 10, "k");
  rig_give_up(&g, 4, TCPFLOW_GAP_ACKED);
  assert_string_equal(rig_told(&g), "G0+4:acked;");
  add(&g, 2, "cdEF");
  assert_string_equal(rig_told(&g), "D4:EF;");
  rig_give_up(&g, 6, TCPFLOW_GAP_ACKED); /* Nothing new. */
  assert_string_equal(rig_told(&g), "");
  rig_give_up(&g, 10, TCPFLOW_GAP_TIMEOUT);
  assert_string_equal(rig_told(&g), "G6+4:timeout;H10:k;");
  assert_int_equal(g.r.rest->missing, 8);
  assert_true(rig_stop(&g));
}

static void give_up__beyond_all_that_is_held__gap_up_to_there(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  add(&g, 2, "c");
  add(&g, 5, "f");
  /* RFC 9293 section 3.10.7.4: an ACK of what was never seen. */
  rig_give_up(&g, 9, TCPFLOW_GAP_ACKED);
  assert_string_equal(rig_told(&g),
                      "G0+2:acked;H2:c;G3+2:acked;H5:f;G6+3:acked;");
  assert_int_equal(g.r.next, 9);
  add(&g, 6, "ghij");
  assert_string_equal(rig_told(&g), "D9:j;");
  assert_true(rig_stop(&g));
}

static void give_up__beyond_the_end__gap_up_to_the_end(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  add(&g, 2, "c");
  g.r.end = 5;
  rig_give_up(&g, 100, TCPFLOW_GAP_CLOSED);
  assert_string_equal(rig_told(&g), "G0+2:closed;H2:c;G3+2:closed;");
  assert_int_equal(g.r.next, 5);
  add(&g, 5, "fgh");
  add(&g, 90, "x");
  assert_string_equal(rig_told(&g), "");
  assert_int_equal(g.r.rest->beyond_end, 4);
  assert_true(rig_stop(&g));
}

static void give_up__together_with_input__input_is_told(void **state) {
  tcpflow__reasm_input input = {
    .bytes = (const uint8_t *)"efg", .offset = 4, .length = 3, .captured = 3};
  rig g;

  (void)state;
  rig_start(&g, 0);
  tcpflow__reasm_give_up(&g.r, &g.budget, 6, TCPFLOW_GAP_ACKED);
  tcpflow__reasm_give_up(&g.r, &g.budget, 5,
                         TCPFLOW_GAP_CLOSED); /* The higher counts. */
  assert_int_equal(rig_put(&g, &input), TCPFLOW_OK);
  assert_int_equal(g.fm.requests, 0);
  assert_int_equal(tcpflow__reasm_edge(&g.r, &input), 7);
  rig_drain(&g, &input);
  assert_string_equal(rig_told(&g), "G0+4:acked;D4:efg;");
  assert_true(rig_stop(&g));
}

static void give_up__together_with_nothing__one_gap(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  tcpflow__reasm_give_up(&g.r, &g.budget, 6, TCPFLOW_GAP_ACKED);
  add(&g, 4, "");
  assert_string_equal(rig_told(&g), "G0+6:acked;");
  tcpflow__reasm_give_up(&g.r, &g.budget, 9, TCPFLOW_GAP_ACKED);
  add(&g, 9, "jk"); /* Exactly behind it: in order. */
  assert_string_equal(rig_told(&g), "G6+3:acked;D9:jk;");
  assert_true(rig_stop(&g));
}

static void give_up__before_a_cut_input__cut_is_told_as_cut(void **state) {
  tcpflow__reasm_input input = {
    .bytes = NULL, .offset = 4, .length = 3, .captured = 0};
  rig g;

  (void)state;
  rig_start(&g, 0);
  tcpflow__reasm_give_up(&g.r, &g.budget, 9, TCPFLOW_GAP_ACKED);
  assert_int_equal(rig_put(&g, &input), TCPFLOW_OK);
  rig_drain(&g, &input);
  assert_string_equal(rig_told(&g), "G0+4:acked;G4+3:cut;G7+2:acked;");
  assert_true(rig_stop(&g));
}

/* The edge. */

static void edge__between_put_and_drain__where_drain_gets(void **state) {
  tcpflow__reasm_input input = {.bytes = (const uint8_t *)"abcdef",
                                .offset = 0,
                                .length = 6,
                                .captured = 6};
  tcpflow__reasm_input early = {
    .bytes = (const uint8_t *)"z", .offset = 20, .length = 1, .captured = 1};
  rig g;

  (void)state;
  rig_start(&g, 0);
  assert_int_equal(tcpflow__reasm_edge(&g.r, NULL), 0);
  assert_int_equal(tcpflow__reasm_edge(&g.r, &input), 6);
  assert_int_equal(tcpflow__reasm_edge(&g.r, &early), 0);
  add(&g, 5, "fg");
  add_cut(&g, 7, "", 3);
  add(&g, 12, "m");
  assert_int_equal(tcpflow__reasm_edge(&g.r, NULL), 0);
  assert_int_equal(tcpflow__reasm_edge(&g.r, &input), 10);
  assert_int_equal(tcpflow__reasm_edge(&g.r, &early), 0);
  tcpflow__reasm_give_up(&g.r, &g.budget, 11, TCPFLOW_GAP_ACKED);
  assert_int_equal(tcpflow__reasm_edge(&g.r, NULL), 11);
  assert_int_equal(tcpflow__reasm_edge(&g.r, &input), 11);
  tcpflow__reasm_give_up(&g.r, &g.budget, 12, TCPFLOW_GAP_ACKED);
  assert_int_equal(tcpflow__reasm_edge(&g.r, NULL), 13);
  g.r.end = 9;
  assert_int_equal(tcpflow__reasm_edge(&g.r, NULL), 9);
  assert_int_equal(tcpflow__reasm_edge(&g.r, &input), 9);
  g.r.end = UINT64_MAX;
  rig_drain(&g, NULL);
  assert_int_equal(g.r.next, 13);
  assert_true(rig_stop(&g));
}

/* Limits. */

static void limits__no_room_at_all__every_hole_goes_at_once(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  g.limits.max_memory = 0;
  add(&g, 3, "def");
  assert_string_equal(rig_told(&g), "G0+3:limit;D3:def;");
  add(&g, 8, "i");
  assert_string_equal(rig_told(&g), "G6+2:limit;D8:i;");
  assert_int_equal(g.fm.requests, 0);
  assert_true(rig_stop(&g));
}

static void limits__pieces__oldest_hole_first(void **state) {
  tcpflow__reasm_input fourth = {
    .bytes = (const uint8_t *)"k", .offset = 10, .length = 1, .captured = 1};
  rig g;

  (void)state;
  rig_start(&g, 0);
  g.limits.max_pieces = 3;
  add(&g, 2, "c");
  add(&g, 5, "f");
  add(&g, 7, "h");
  assert_int_equal(rig_put(&g, &fourth), TCPFLOW_OK);
  assert_int_equal(g.r.rest->pieces, 3);
  assert_int_equal(tcpflow__reasm_edge(&g.r, &fourth), 3);
  rig_drain(&g, &fourth);
  assert_string_equal(rig_told(&g), "G0+2:limit;H2:c;");
  assert_int_equal(g.r.rest->pieces, 3);
  assert_int_equal(g.r.next, 3);
  /* A piece that lies in two holes needs two. */
  add(&g, 6, "ghi");
  assert_string_equal(rig_told(&g), "G3+2:limit;H5:f;D6:g;H7:h;D8:i;");
  assert_true(rig_stop(&g));
}

static void limits__pieces__as_many_holes_as_needed(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  g.limits.max_pieces = 4;
  add(&g, 2, "c");
  add(&g, 4, "e");
  add(&g, 6, "g");
  add(&g, 22, "w");
  /* Holes of the piece: 20 and 21, 23: two pieces, so two must go. */
  add(&g, 20, "uvwx");
  assert_string_equal(rig_told(&g), "G0+2:limit;H2:c;G3+1:limit;H4:e;");
  assert_int_equal(g.r.rest->pieces, 4);
  rig_give_up(&g, 20, TCPFLOW_GAP_CLOSED);
  assert_string_equal(rig_told(&g),
                      "G5+1:closed;H6:g;G7+13:closed;H20:uv;H22:w;H23:x;");
  assert_true(rig_stop(&g));
}

static void
limits__all_holes_before_it_go__in_order_and_borrowed(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  g.limits.max_memory = header + 4;
  add(&g, 2, "cd");
  add(&g, 6, "ghijk");
  assert_string_equal(rig_told(&g), "G0+2:limit;H2:cd;G4+2:limit;D6:ghijk;");
  add(&g, 20, "uvwx");
  add(&g, 12, "m");
  assert_string_equal(rig_told(&g), "G11+1:limit;D12:m;");
  add(&g, 13, "nopqrst");
  assert_string_equal(rig_told(&g), "D13:nopqrst;H20:uvwx;");
  assert_true(rig_stop(&g));
}

static void limits__memory__exact(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  g.limits.max_memory = 2 * header + 3;
  add(&g, 2, "cd");
  add(&g, 8, "i");
  assert_string_equal(rig_told(&g), "");
  assert_int_equal(g.r.rest->memory, g.limits.max_memory);
  add(&g, 10, "k");
  assert_string_equal(rig_told(&g), "G0+2:limit;H2:cd;");
  assert_true(rig_stop(&g));
}

static void limits__a_run_that_reaches_the_input__in_order(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  g.limits.max_pieces = 2;
  add(&g, 3, "d");
  add(&g, 4, "e");
  add(&g, 5, "fg");
  assert_string_equal(rig_told(&g), "G0+3:limit;H3:d;H4:e;D5:fg;");
  assert_true(rig_stop(&g));
}

static void limits__what_needs_nothing__always_fits(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  add(&g, 4, "ef");
  g.limits.max_pieces = 0;
  g.limits.max_memory = 0;
  g.budget.cap = g.budget.used;
  add(&g, 4, "ef");
  add_cut(&g, 5, "f", 4);
  assert_string_equal(rig_told(&g), "");
  assert_int_equal(tcpflow__reasm_last(&g.r), 9);
  assert_true(rig_stop(&g));
}

static void limits__cut_range_alone__costs_a_header(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  g.limits.max_memory = header;
  add_cut(&g, 4, "", UINT32_MAX);
  assert_string_equal(rig_told(&g), "");
  g.limits.max_memory = header - 1;
  rig_give_up(&g, 4, TCPFLOW_GAP_TIMEOUT);
  assert_string_equal(rig_told(&g), "G0+4:timeout;G4+4294967295:cut;");
  add_cut(&g, (UINT64_C(1) << 32) + 10, "", 1);
  assert_string_equal(rig_told(&g), "G4294967299+7:limit;G4294967306+1:cut;");
  assert_true(rig_stop(&g));
}

static void budget__shared__the_one_that_grows_gives_up(void **state) {
  tcpflow__reasm_input early = {
    .bytes = (const uint8_t *)"c", .offset = 2, .length = 1, .captured = 1};
  tcpflow__reasm other;
  tcpflow__reasm_rest rest;
  rig g;

  (void)state;
  rig_start(&g, 0);
  tcpflow__reasm_init(&other);
  tcpflow__rest_lend(&other, &rest);
  assert_int_equal(tcpflow__reasm_put(&other, &g.budget, &g.limits, &early),
                   TCPFLOW_OK);
  assert_int_equal(g.budget.used, header + 1);
  g.budget.cap = 2 * (header + 1);
  assert_int_equal(rig_add(&g, 4, "e"), TCPFLOW_OK);
  assert_int_equal(g.budget.used, g.budget.cap);
  assert_int_equal(rig_add(&g, 7, "h"), TCPFLOW_OK);
  assert_string_equal(g.rec.log, "G0+4:limit;H4:e;");
  assert_int_equal(g.budget.used, g.budget.cap);
  assert_int_equal(rest.pieces, 1);
  tcpflow__reasm_clear(&other, &g.budget);
  assert_true(rig_stop(&g));
}

/* The allocator fails when drain() has made room: the holes go until the piece
   is in order. */
static void limits__no_memory_in_drain__in_order_at_last(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  g.limits.max_pieces = 3;
  add(&g, 2, "c");
  add(&g, 5, "f");
  add(&g, 8, "i");
  g.fm.fail_at = g.fm.requests + 1;
  g.fm.fail_from = 1;
  add(&g, 12, "mn");
  assert_string_equal(rig_told(&g),
                      "G0+2:limit;H2:c;G3+2:limit;H5:f;G6+2:limit;"
                      "H8:i;G9+3:limit;D12:mn;");
  g.fm.fail_from = 0;
  assert_true(rig_stop(&g));
}

static void limits__no_memory_once_in_drain__one_hole_more(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  g.limits.max_pieces = 3;
  add(&g, 2, "c");
  add(&g, 5, "f");
  add(&g, 18, "s");
  g.fm.fail_at = g.fm.requests + 1;
  add(&g, 12, "mn");
  assert_string_equal(rig_told(&g), "G0+2:limit;H2:c;G3+2:limit;H5:f;");
  assert_int_equal(g.r.rest->pieces, 2);
  assert_true(rig_stop(&g));
}

/* A listener that fills the budget with a piece of another stream. */
typedef struct thief {
  rig *g;
  tcpflow__reasm other;
  tcpflow__reasm_rest rest; /* Of other. */
} thief;

static bool steal(void *user, const tcpflow_stream_gap *event) {
  static tcpflow__reasm_input early = {
    .bytes = (const uint8_t *)"c", .offset = 2, .length = 1, .captured = 1};
  thief *me = user;

  if (me->rest.pieces == 0) {
    assert_int_equal(
      tcpflow__reasm_put(&me->other, &me->g->budget, &me->g->limits, &early),
      TCPFLOW_OK);
    me->g->budget.cap = me->g->budget.used;
  }
  return recorder_gap(&me->g->rec, event);
}

static void budget__gone_while_room_is_made__one_hole_more(void **state) {
  tcpflow__reasm_input input = {
    .bytes = (const uint8_t *)"hij", .offset = 7, .length = 3, .captured = 3};
  rig g;
  thief me = {.g = &g};
  const tcpflow__reasm_sink sink = {NULL, steal, NULL, &me};

  (void)state;
  rig_start(&g, 0);
  tcpflow__reasm_init(&me.other);
  tcpflow__rest_lend(&me.other, &me.rest);
  add(&g, 2, "c");
  add(&g, 4, "e");
  g.limits.max_pieces = 2;
  assert_int_equal(rig_put(&g, &input), TCPFLOW_OK);
  tcpflow__reasm_drain(&g.r, &g.budget, &g.limits, &input, &sink);
  assert_string_equal(g.rec.log, "G0+2:limit;G3+1:limit;");
  assert_int_equal(g.r.next, 5);
  assert_int_equal(g.r.rest->pieces, 1);
  tcpflow__reasm_clear(&me.other, &g.budget);
  assert_true(rig_stop(&g));
}

static void put__no_memory__as_before_and_goes_on(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  add(&g, 6, "gh");
  const tcpflow__reasm before = g.r;
  const tcpflow__reasm_rest rest = g.rest;
  g.fm.fail_at = g.fm.requests + 1;
  assert_int_equal(rig_add(&g, 4, "eFGx"), TCPFLOW_ERR_NOMEM);
  assert_memory_equal(&g.r, &before, sizeof(before));
  assert_memory_equal(&g.rest, &rest, sizeof(rest));
  assert_string_equal(rig_told(&g), "");
  add(&g, 0, "abcdef");
  assert_string_equal(rig_told(&g), "D0:abcdef;H6:gh;");
  assert_true(rig_stop(&g));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(give_up__part_of_a_hole__gap_up_to_there),
    cmocka_unit_test(give_up__beyond_all_that_is_held__gap_up_to_there),
    cmocka_unit_test(give_up__beyond_the_end__gap_up_to_the_end),
    cmocka_unit_test(give_up__together_with_input__input_is_told),
    cmocka_unit_test(give_up__together_with_nothing__one_gap),
    cmocka_unit_test(give_up__before_a_cut_input__cut_is_told_as_cut),
    cmocka_unit_test(edge__between_put_and_drain__where_drain_gets),
    cmocka_unit_test(limits__no_room_at_all__every_hole_goes_at_once),
    cmocka_unit_test(limits__pieces__oldest_hole_first),
    cmocka_unit_test(limits__pieces__as_many_holes_as_needed),
    cmocka_unit_test(limits__all_holes_before_it_go__in_order_and_borrowed),
    cmocka_unit_test(limits__memory__exact),
    cmocka_unit_test(limits__a_run_that_reaches_the_input__in_order),
    cmocka_unit_test(limits__what_needs_nothing__always_fits),
    cmocka_unit_test(limits__cut_range_alone__costs_a_header),
    cmocka_unit_test(budget__shared__the_one_that_grows_gives_up),
    cmocka_unit_test(limits__no_memory_in_drain__in_order_at_last),
    cmocka_unit_test(limits__no_memory_once_in_drain__one_hole_more),
    cmocka_unit_test(budget__gone_while_room_is_made__one_hole_more),
    cmocka_unit_test(put__no_memory__as_before_and_goes_on),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
