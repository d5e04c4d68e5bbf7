/* tests/unit/reasm/test_hold.c - mirror of lib/reasm/hold.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reasm/hold.h"
#include "unit/guard.h"
#include "unit/reasm/recorder.h"

static const uint64_t header = sizeof(tcpflow__piece);

/* The pieces as text: "10:abc+2;" has three octets, and two that were cut. */
static const char *pieces_of(const rig *g) {
  static recorder rec;

  recorder_clear(&rec);
  for (tcpflow__piece *p = tcpflow__pieces_first(&g->r.rest->tree); p != NULL;
       p = tcpflow__pieces_next(p)) {
    char text[48];

    snprintf(text, sizeof(text), "%llu:", (unsigned long long)p->offset);
    recorder_text(&rec, text);
    recorder_bytes(&rec, p->bytes, p->captured);
    snprintf(text, sizeof(text), "+%llu;",
             (unsigned long long)(p->end - tcpflow__piece_middle(p)));
    recorder_text(&rec, text);
  }
  return rec.log;
}

static void assert_trimmed(const tcpflow__reasm *r, tcpflow__reasm_input *input,
                           uint64_t from, uint64_t middle, uint64_t end) {
  tcpflow__arrival in = tcpflow__hold_trim(r, input);

  assert_int_equal(in.from, from);
  assert_int_equal(in.middle, middle);
  assert_int_equal(in.end, end);
  if (middle > from) {
    assert_ptr_equal(in.bytes, input->bytes + (from - input->offset));
  }
}

static void trim__next_and_end__cut_both_sides(void **state) {
  static const uint8_t bytes[20] = {0};
  tcpflow__reasm_input whole = {
    .bytes = bytes, .offset = 100, .length = 20, .captured = 20};
  tcpflow__reasm_input cut = {
    .bytes = bytes, .offset = 100, .length = 20, .captured = 5};
  tcpflow__reasm_input bare = {
    .bytes = NULL, .offset = 100, .length = 20, .captured = 0};
  tcpflow__reasm r;

  (void)state;
  tcpflow__reasm_init(&r);
  assert_trimmed(&r, NULL, 0, 0, 0);
  assert_trimmed(&r, &whole, 100, 120, 120);
  assert_trimmed(&r, &cut, 100, 105, 120);
  assert_trimmed(&r, &bare, 100, 100, 120);
  r.next = 103;
  assert_trimmed(&r, &whole, 103, 120, 120);
  assert_trimmed(&r, &cut, 103, 105, 120);
  r.next = 110;
  assert_trimmed(&r, &cut, 110, 110, 120);
  r.next = 120;
  assert_trimmed(&r, &whole, 120, 120, 120);
  r.next = 200;
  assert_trimmed(&r, &whole, 200, 200, 200);
  r.next = 0;
  r.end = 119;
  assert_trimmed(&r, &whole, 100, 119, 119);
  r.end = 104;
  assert_trimmed(&r, &cut, 100, 104, 104);
  r.end = 100;
  assert_trimmed(&r, &whole, 100, 100, 100);
  r.end = 50;
  assert_trimmed(&r, &whole, 50, 50, 50);
  r.end = UINT64_MAX;
  r.off = true;
  assert_trimmed(&r, &whole, 100, 100, 120);
}

static void trim__at_the_horizon__no_wrap(void **state) {
  static const uint8_t bytes[2] = {0};
  const uint64_t horizon = UINT64_C(1) << 63;
  tcpflow__reasm_input last = {.bytes = bytes,
                               .offset = horizon - UINT32_MAX,
                               .length = UINT32_MAX,
                               .captured = 2};
  tcpflow__reasm r;

  (void)state;
  tcpflow__reasm_init(&r);
  assert_trimmed(&r, &last, horizon - UINT32_MAX, horizon - UINT32_MAX + 2,
                 horizon);
}

static void walk__pieces_and_holes__alternate(void **state) {
  static const struct {
    uint64_t from;
    uint64_t end;
    bool held;
  } spans[] = {{8, 10, false},  {10, 13, true}, {13, 20, false},
               {20, 22, true},  {22, 25, true}, {25, 30, false},
               {30, 33, false}, {33, 35, true}};
  static const uint8_t bytes[40] = {0};
  tcpflow__reasm_input input = {
    .bytes = bytes, .offset = 8, .length = 27, .captured = 27};
  tcpflow__span_walk walk;
  tcpflow__span span;
  rig g;

  (void)state;
  rig_start(&g, 0);
  assert_int_equal(rig_add_cut(&g, 10, "abc", 5), TCPFLOW_OK);
  assert_int_equal(rig_add(&g, 20, "de"), TCPFLOW_OK);
  assert_int_equal(rig_add(&g, 22, "fgh"), TCPFLOW_OK);
  assert_int_equal(rig_add_cut(&g, 30, "", 3), TCPFLOW_OK);
  assert_int_equal(rig_add(&g, 33, "ijkl"), TCPFLOW_OK);
  assert_string_equal(pieces_of(&g),
                      "10:abc+2;20:de+0;22:fgh+0;30:+3;33:ijkl+0;");

  tcpflow__arrival in = tcpflow__hold_trim(&g.r, &input);
  tcpflow__hold_find(&g.r, &in);
  walk = tcpflow__hold_walk(&in);
  for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
    assert_true(tcpflow__hold_walk_next(&walk, &span));
    assert_int_equal(span.from, spans[i].from);
    assert_int_equal(span.end, spans[i].end);
    assert_int_equal(span.held != NULL, spans[i].held);
  }
  assert_false(tcpflow__hold_walk_next(&walk, &span));
  assert_true(rig_stop(&g));
}

static void assert_survey(const rig *g, tcpflow__reasm_input *input,
                          const tcpflow__survey *expected) {
  tcpflow__arrival in = tcpflow__hold_trim(&g->r, input);

  tcpflow__hold_find(&g->r, &in);
  const tcpflow__survey found = tcpflow__hold_survey(&g->r, &in);

  assert_int_equal(found.pieces, expected->pieces);
  assert_int_equal(found.memory, expected->memory);
  assert_int_equal(found.duplicate, expected->duplicate);
  assert_int_equal(found.conflicting, expected->conflicting);
  assert_int_equal(found.differs != NULL, expected->conflicting > 0);
}

static void survey__overlaps__counted_exactly(void **state) {
  static const uint8_t same[] = "abcdefghijklmnop";
  static const uint8_t other[] = "abXdefghijklmnop";
  rig g;

  (void)state;
  rig_start(&g, 0);
  assert_int_equal(rig_add(&g, 10, "abc"), TCPFLOW_OK);
  assert_int_equal(rig_add_cut(&g, 16, "g", 4), TCPFLOW_OK);
  /* abc...g+++: 3 held, a hole of 3, 1 held, 3 cut, a hole. */
  tcpflow__reasm_input all = {
    .bytes = same, .offset = 10, .length = 16, .captured = 16};
  tcpflow__reasm_input differs = {
    .bytes = other, .offset = 10, .length = 16, .captured = 16};
  tcpflow__reasm_input short_cut = {
    .bytes = same, .offset = 10, .length = 16, .captured = 5};
  tcpflow__reasm_input bare = {
    .bytes = NULL, .offset = 12, .length = 12, .captured = 0};
  tcpflow__reasm_input alone = {
    .bytes = NULL, .offset = 14, .length = 2, .captured = 0};
  tcpflow__reasm_input touching = {
    .bytes = NULL, .offset = 13, .length = 2, .captured = 0};
  assert_survey(
    &g, &all,
    &(tcpflow__survey){2, 2 * header + 3 + 9, 4, 0, false, 0, 0, NULL});
  assert_survey(
    &g, &differs,
    &(tcpflow__survey){2, 2 * header + 3 + 9, 4, 3, false, 0, 0, NULL});
  assert_survey(&g, &short_cut,
                &(tcpflow__survey){1, header + 2, 3 + 4, 0, false, 0, 0, NULL});
  assert_survey(&g, &bare,
                &(tcpflow__survey){0, 0, 1 + 4, 0, false, 0, 0, NULL});
  assert_survey(&g, &alone,
                &(tcpflow__survey){1, header, 0, 0, false, 0, 0, NULL});
  assert_survey(&g, &touching,
                &(tcpflow__survey){0, 0, 0, 0, false, 0, 0, NULL});
  assert_true(rig_stop(&g));
}

static void survey__the_longest_input__no_wrap(void **state) {
  static const uint8_t first = 0; /* Of octets that nobody reads here. */
  tcpflow__reasm_input longest = {
    .bytes = &first, .offset = 1, .length = UINT32_MAX, .captured = UINT32_MAX};
  rig g;

  (void)state;
  rig_start(&g, 0);
  assert_survey(&g, &longest,
                &(tcpflow__survey){1, header + (uint64_t)UINT32_MAX, 0, 0,
                                   false, 0, 0, NULL});
  assert_true(rig_stop(&g));
}

static void copy__cut_ranges__later_octets_take_their_place(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  assert_int_equal(rig_add_cut(&g, 10, "ab", 10), TCPFLOW_OK);
  assert_string_equal(pieces_of(&g), "10:ab+8;");
  /* In the middle of the range: what is behind goes with the new piece. */
  assert_int_equal(rig_add(&g, 14, "ef"), TCPFLOW_OK);
  assert_string_equal(pieces_of(&g), "10:ab+2;14:ef+4;");
  /* Over its end. */
  assert_int_equal(rig_add(&g, 18, "ijkl"), TCPFLOW_OK);
  assert_string_equal(pieces_of(&g), "10:ab+2;14:ef+2;18:ijkl+0;");
  /* All of it, with octets that are held. */
  assert_int_equal(rig_add(&g, 10, "abcdefgh"), TCPFLOW_OK);
  assert_string_equal(pieces_of(&g),
                      "10:ab+0;12:cd+0;14:ef+0;16:gh+0;18:ijkl+0;");
  assert_int_equal(g.r.rest->duplicate, 4);
  assert_true(rig_stop(&g));
}

static void copy__a_range_without_octets__gives_its_place(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  assert_int_equal(rig_add_cut(&g, 10, "", 10), TCPFLOW_OK);
  assert_int_equal(rig_add(&g, 30, "z"), TCPFLOW_OK);
  assert_int_equal(rig_add(&g, 5, "y"), TCPFLOW_OK);
  assert_string_equal(pieces_of(&g), "5:y+0;10:+10;30:z+0;");
  assert_int_equal(rig_add(&g, 10, "abc"), TCPFLOW_OK);
  assert_string_equal(pieces_of(&g), "5:y+0;10:abc+7;30:z+0;");
  assert_int_equal(g.r.rest->pieces, 3);
  assert_true(rig_is_sound(&g));
  /* From before the range to behind it. */
  assert_int_equal(rig_add_cut(&g, 40, "", 4), TCPFLOW_OK);
  assert_int_equal(rig_add(&g, 38, "mnopqrst"), TCPFLOW_OK);
  assert_string_equal(pieces_of(&g),
                      "5:y+0;10:abc+7;30:z+0;38:mn+0;40:opqrst+0;");
  assert_true(rig_stop(&g));
}

static void copy__a_cut_end__reaches_over_all_holes(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  assert_int_equal(rig_add(&g, 20, "bb"), TCPFLOW_OK);
  assert_int_equal(rig_add(&g, 30, "cc"), TCPFLOW_OK);
  /* a at 10, then cut up to 40: no piece is made for the ranges. */
  assert_int_equal(rig_add_cut(&g, 10, "a", 30), TCPFLOW_OK);
  assert_string_equal(pieces_of(&g), "10:a+9;20:bb+8;30:cc+8;");
  assert_int_equal(g.r.rest->pieces, 3);
  assert_int_equal(g.r.rest->duplicate, 4);
  /* Up to the middle of what is there; and touching it from behind. */
  assert_int_equal(rig_add_cut(&g, 5, "", 10), TCPFLOW_OK);
  assert_int_equal(rig_add_cut(&g, 40, "", 2), TCPFLOW_OK);
  assert_string_equal(pieces_of(&g), "5:+5;10:a+9;20:bb+8;30:cc+10;");
  assert_int_equal(g.r.rest->duplicate, 4 + 5);
  /* From the middle of a piece on, all octets known. */
  assert_int_equal(rig_add_cut(&g, 31, "c", 20), TCPFLOW_OK);
  assert_string_equal(pieces_of(&g), "5:+5;10:a+9;20:bb+8;30:cc+19;");
  assert_true(rig_stop(&g));
}

static void copy__ranges_of_four_gigabytes__join_without_wrap(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  for (uint64_t i = 0; i < 4; i++) {
    assert_int_equal(rig_add_cut(&g, 1 + i * UINT32_MAX, "", UINT32_MAX),
                     TCPFLOW_OK);
  }
  assert_int_equal(g.r.rest->pieces, 1);
  assert_int_equal(g.r.rest->memory, header);
  assert_int_equal(tcpflow__reasm_last(&g.r), 1 + 4 * (uint64_t)UINT32_MAX);
  assert_true(rig_stop(&g));
}

static void copy__input_before_a_guard_page__not_read_behind(void **state) {
  guard place = guard_put("abcdefgh", 8);
  tcpflow__reasm_input input = {
    .bytes = place.bytes, .offset = 10, .length = 20, .captured = 8};
  rig g;

  (void)state;
  rig_start(&g, 0);
  assert_int_equal(rig_add(&g, 12, "cX"), TCPFLOW_OK);
  assert_int_equal(rig_put(&g, &input), TCPFLOW_OK);
  rig_drain(&g, &input);
  guard_free(&place);
  assert_string_equal(pieces_of(&g), "10:ab+0;12:cX+0;14:efgh+12;");
  assert_string_equal(g.rec.log, "C12:cX/cd;");
  assert_true(rig_stop(&g));
}

/* Four holes at once: each of the allocations fails in turn. */
static void copy__any_allocation_fails__as_before(void **state) {
  static const char *const before = "12:c+0;15:f+2;20:+2;25:p+0;";
  rig g;

  (void)state;
  for (size_t n = 1; n <= 6; n++) {
    rig_start(&g, 0);
    assert_int_equal(rig_add(&g, 12, "c"), TCPFLOW_OK);
    assert_int_equal(rig_add_cut(&g, 15, "f", 3), TCPFLOW_OK);
    assert_int_equal(rig_add_cut(&g, 20, "", 2), TCPFLOW_OK);
    assert_int_equal(rig_add(&g, 25, "p"), TCPFLOW_OK);
    assert_string_equal(pieces_of(&g), before);

    const tcpflow__reasm r = g.r;
    const tcpflow__reasm_rest rest = g.rest;
    const uint64_t used = g.budget.used;
    const size_t blocks = g.fm.live_blocks;
    g.fm.fail_at = g.fm.requests + n;
    const int rc = rig_add_cut(&g, 10, "abcdefghijklmnopqr", 40);
    if (n == 6) {
      assert_int_equal(rc, TCPFLOW_OK);
      assert_string_equal(
        pieces_of(&g),
        "10:ab+0;12:c+0;13:de+0;15:f+0;16:ghij+0;20:klmno+0;25:p+0;26:qr+22;");
    } else {
      assert_int_equal(rc, TCPFLOW_ERR_NOMEM);
      assert_memory_equal(&g.r, &r, sizeof(r));
      assert_memory_equal(&g.rest, &rest, sizeof(rest));
      assert_int_equal(g.budget.used, used);
      assert_int_equal(g.fm.live_blocks, blocks);
      assert_string_equal(pieces_of(&g), before);
      assert_int_equal(rig_add(&g, 10, "ab"), TCPFLOW_OK);
    }
    assert_true(rig_stop(&g));
  }
}

static void copy__lone_range_without_memory__as_before(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  g.fm.fail_at = 1;
  const tcpflow__reasm r = g.r;
  const tcpflow__reasm_rest rest = g.rest;
  assert_int_equal(rig_add_cut(&g, 10, "", 5), TCPFLOW_ERR_NOMEM);
  assert_memory_equal(&g.r, &r, sizeof(r));
  assert_memory_equal(&g.rest, &rest, sizeof(rest));
  assert_int_equal(rig_add_cut(&g, 10, "", 5), TCPFLOW_OK);
  assert_string_equal(pieces_of(&g), "10:+5;");
  assert_true(rig_stop(&g));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(trim__next_and_end__cut_both_sides),
    cmocka_unit_test(trim__at_the_horizon__no_wrap),
    cmocka_unit_test(walk__pieces_and_holes__alternate),
    cmocka_unit_test(survey__overlaps__counted_exactly),
    cmocka_unit_test(survey__the_longest_input__no_wrap),
    cmocka_unit_test(copy__cut_ranges__later_octets_take_their_place),
    cmocka_unit_test(copy__a_range_without_octets__gives_its_place),
    cmocka_unit_test(copy__a_cut_end__reaches_over_all_holes),
    cmocka_unit_test(copy__ranges_of_four_gigabytes__join_without_wrap),
    cmocka_unit_test(copy__input_before_a_guard_page__not_read_behind),
    cmocka_unit_test(copy__any_allocation_fails__as_before),
    cmocka_unit_test(copy__lone_range_without_memory__as_before),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
