/*
 * tests/unit/reasm/test_contest.c - mirror of lib/reasm/contest.c.
 *
 * Who wins by which policy is tested with the streams (test_stream_overlap.c);
 * this is about where the octets lie then, and what becomes one piece.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/reasm/recorder.h"

enum {
  FEW = 8,
  LONG = 1000
};

static const uint64_t header = sizeof(tcpflow__piece);

/* The pieces as 10:abc@2; with the number of each; the last octets only. */
static const char *pieces_of(const rig *g) {
  static recorder rec;
  char text[64];

  recorder_clear(&rec);
  for (tcpflow__piece *p = tcpflow__pieces_first(&g->r.rest->tree); p != NULL;
       p = tcpflow__pieces_next(p)) {
    snprintf(text, sizeof(text), "%llu:", (unsigned long long)p->offset);
    recorder_text(&rec, text);
    recorder_bytes(&rec, p->bytes, p->captured);
    snprintf(text, sizeof(text), "@%llu;", (unsigned long long)p->number);
    recorder_text(&rec, text);
  }
  memcpy(rec.seen, rec.log, sizeof(rec.seen));
  return rec.seen;
}

static int add(rig *g, uint64_t offset, const char *text, uint64_t number) {
  tcpflow__reasm_input input = {.bytes = (const uint8_t *)text,
                                .offset = offset,
                                .length = (uint32_t)strlen(text),
                                .captured = (uint32_t)strlen(text),
                                .time = 100 * number,
                                .number = number};
  const int rc = rig_put(g, &input);

  if (rc == TCPFLOW_OK) {
    rig_drain(g, &input);
  }
  return rc;
}

/* N pieces of an octet, 10:a, 12:c and so on, numbered from 1. */
static void start(rig *g, unsigned policy, unsigned n) {
  rig_start(g, 0);
  g->r.overlap = (uint8_t)policy;
  for (unsigned i = 0; i < n; i++) {
    const char text[2] = {(char)('a' + 2 * i), '\0'};

    assert_int_equal(add(g, 10 + 2 * (uint64_t)i, text, i + 1), TCPFLOW_OK);
  }
}

static void few_pieces_covered__each_stays(void **state) {
  rig g;

  (void)state;
  start(&g, TCPFLOW_OVERLAP_FIRST, FEW);
  assert_int_equal(add(&g, 10, "abcdefghijklmnop", 50), TCPFLOW_OK);
  assert_int_equal(g.r.rest->pieces, 2 * FEW);
  assert_string_equal(rig_told(&g), "");
  assert_true(rig_stop(&g));
}

static void many_covered__one_piece_of_the_first_ones_origin(void **state) {
  rig g;

  (void)state;
  for (unsigned policy = 0; policy < TCPFLOW_OVERLAP_COUNT; policy++) {
    start(&g, policy, FEW + 1);
    assert_int_equal(add(&g, 9, "`abcdefghijklmnopqr", 50), TCPFLOW_OK);
    assert_string_equal(pieces_of(&g), "9:`abcdefghijklmnopqr@1;");
    assert_int_equal(g.r.rest->duplicate, FEW + 1);
    assert_int_equal(g.r.rest->conflicting, 0);
    assert_int_equal(g.r.rest->memory, header + 19);
    assert_string_equal(rig_told(&g), "");
    assert_true(rig_stop(&g));
  }
}

/* bsd leaves a piece where it is that a longer one begins with. */
static void a_piece_that_the_policy_leaves__stays(void **state) {
  rig g;

  (void)state;
  start(&g, TCPFLOW_OVERLAP_BSD, FEW + 2);
  assert_int_equal(add(&g, 10, "abcdefghijklmnopqrs", 50), TCPFLOW_OK);
  assert_string_equal(pieces_of(&g), "10:a@1;11:bcdefghijklmnopqrs@2;");
  assert_true(rig_stop(&g));
}

static void pieces_that_reach_out__keep_what_is_theirs(void **state) {
  rig g;

  (void)state;
  start(&g, TCPFLOW_OVERLAP_LINUX, FEW + 1);
  assert_int_equal(add(&g, 6, "WXYZ", 20), TCPFLOW_OK);
  assert_int_equal(add(&g, 27, "rst", 21), TCPFLOW_OK);
  assert_int_equal(add(&g, 8, "YZabcdefghijklmnopqrs", 50), TCPFLOW_OK);
  assert_string_equal(pieces_of(&g),
                      "6:WXYZ@20;10:abcdefghijklmnopq@1;27:rst@21;");
  assert_true(rig_stop(&g));
}

/* What the first ones said stays, and is told against the one that covers: each
   by itself, and as one the next time. */
static void many_covered_that_differ__the_first_octets_stay(void **state) {
  rig g;

  (void)state;
  start(&g, TCPFLOW_OVERLAP_FIRST, FEW + 1);
  assert_int_equal(add(&g, 10, "abCdefghIjklmnopq", 50), TCPFLOW_OK);
  assert_string_equal(rig_told(&g), "C12:c/C;C18:i/I;");
  assert_string_equal(pieces_of(&g), "10:abcdefghijklmnopq@1;");
  assert_int_equal(add(&g, 11, "bC", 51), TCPFLOW_OK);
  assert_string_equal(rig_told(&g), "C11:bc/bC;");
  assert_true(rig_stop(&g));
}

static void cut_ranges_within__are_filled(void **state) {
  rig g;

  (void)state;
  start(&g, TCPFLOW_OVERLAP_FIRST, FEW + 1);
  assert_int_equal(rig_add_cut(&g, 28, "s", 4), TCPFLOW_OK);
  assert_int_equal(rig_add_cut(&g, 40, "", 4), TCPFLOW_OK);
  assert_int_equal(add(&g, 10, "abcdefghijklmnopqrstuvwxyz", 50), TCPFLOW_OK);
  assert_int_equal(rig_add_cut(&g, 50, "z", 9), TCPFLOW_OK);
  /* The range at its end is not covered. */
  assert_int_equal(g.r.rest->pieces, 3);
  assert_int_equal(add(&g, 9, "9", 51), TCPFLOW_OK);
  assert_string_equal(pieces_of(&g), "9:9@51;10:abcdefghijklmnopqrstuvwxyz@1;"
                                     "40:@0;50:z@0;");
  assert_true(rig_stop(&g));
}

static void no_room_for_both__nothing_becomes_one(void **state) {
  rig g;

  (void)state;
  for (int room = 0; room < 2; room++) {
    start(&g, TCPFLOW_OVERLAP_FIRST, FEW + 1);
    for (unsigned i = 0; i < FEW; i++) {
      const char text[2] = {(char)('b' + 2 * i), '\0'};

      assert_int_equal(add(&g, 11 + 2 * (uint64_t)i, text, 20 + i), TCPFLOW_OK);
    }
    g.budget.cap = g.budget.used + header + 16 + (unsigned)room;
    g.limits.max_pieces = g.r.rest->pieces;
    assert_int_equal(add(&g, 10, "abcdefghijklmnopq", 50), TCPFLOW_OK);
    assert_int_equal(g.r.rest->pieces, room == 1 ? 1 : 2 * FEW + 1);
    assert_true(g.fm.peak_bytes <= g.budget.cap);
    assert_string_equal(rig_told(&g), "");
    assert_true(rig_stop(&g));
  }
}

static void *hold(void *handle, const uint8_t *bytes, size_t length,
                  void *user) {
  (void)bytes;
  (void)length;
  *(int *)user += 1;
  return handle;
}

static void let_go(void *held, void *user) {
  assert_non_null(held);
  *(int *)user -= 1;
}

/* The caller keeps the buffer of one that agrees, and none of one that does
   not: others have octets there. */
static void pieces_in_the_callers_buffers__let_go_of(void **state) {
  static const uint8_t octets[2][20] = {"abcdefghijklmnopq",
                                        "aBcdefghijKlmnopq"};
  rig g;

  (void)state;
  for (unsigned differs = 0; differs < 2; differs++) {
    int kept = 0;

    rig_start(&g, 0);
    g.budget.keeper = (tcpflow_hold){hold, let_go, &kept};
    for (unsigned i = 0; i < 2 * FEW + 2; i++) {
      const bool one = i < 2 * FEW + 1;
      tcpflow__reasm_input input = {.bytes =
                                      one ? octets[0] + i : octets[differs],
                                    .offset = 10 + (one ? i : 0),
                                    .length = one ? 1 : 17,
                                    .captured = one ? 1 : 17,
                                    .handle = &g};

      assert_int_equal(rig_put(&g, &input), TCPFLOW_OK);
      rig_drain(&g, &input);
    }
    assert_int_equal(g.r.rest->pieces, 1);
    assert_int_equal(kept, differs ? 0 : 1);
    assert_string_equal(pieces_of(&g), "10:abcdefghijklmnopq@0;");
    tcpflow__reasm_clear(&g.r, &g.budget);
    assert_int_equal(kept, 0);
    assert_int_equal(g.fm.live_blocks, 0);
  }
}

static void no_memory__as_before(void **state) {
  rig g;

  (void)state;
  for (int differs = 0; differs < 2; differs++) {
    start(&g, TCPFLOW_OVERLAP_FIRST, FEW + 1);
    const tcpflow__reasm r = g.r;
    const tcpflow__reasm_rest rest = g.rest;

    g.fm.fail_at = g.fm.requests + 1;
    assert_int_equal(
      add(&g, 10, differs ? "Xbcdefghijklmnopq" : "abcdefghijklmnopq", 50),
      TCPFLOW_ERR_NOMEM);
    assert_memory_equal(&g.r, &r, sizeof(r));
    assert_memory_equal(&g.rest, &rest, sizeof(rest));
    assert_string_equal(rig_told(&g), "");
    assert_true(rig_stop(&g));
  }
}

/* Of a piece that is split the longer part stays where it is, and the shorter
   one is copied. */
static void split__the_shorter_part__is_copied(void **state) {
  static const uint64_t places[] = {3, LONG / 2 + 10, LONG - 4};
  char text[LONG + 1];
  rig g;

  (void)state;
  for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
    const uint64_t head = places[i];
    const uint64_t tail = LONG - head - 1;
    uint64_t count = 0;
    uint64_t memory = 0;

    rig_start(&g, 0);
    g.r.overlap = TCPFLOW_OVERLAP_LAST;
    memset(text, 'x', LONG);
    text[LONG] = '\0';
    assert_int_equal(add(&g, 10, text, 1), TCPFLOW_OK);
    assert_int_equal(add(&g, 10 + head, "N", 2), TCPFLOW_OK);
    assert_true(tcpflow__pieces_check(&g.r.rest->tree, &count, &memory));
    assert_int_equal(count, 3);
    assert_int_equal(memory,
                     3 * header + LONG + 1 + (head < tail ? head : tail));
    for (tcpflow__piece *p = tcpflow__pieces_first(&g.r.rest->tree); p != NULL;
         p = tcpflow__pieces_next(p)) {
      assert_int_equal(p->bytes[0], p->number == 1 ? 'x' : 'N');
      assert_int_equal(p->offset, count == 3   ? 10
                                  : count == 2 ? 10 + head
                                               : 11 + head);
      count--;
    }
    assert_true(rig_stop(&g));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(few_pieces_covered__each_stays),
    cmocka_unit_test(many_covered__one_piece_of_the_first_ones_origin),
    cmocka_unit_test(a_piece_that_the_policy_leaves__stays),
    cmocka_unit_test(pieces_that_reach_out__keep_what_is_theirs),
    cmocka_unit_test(many_covered_that_differ__the_first_octets_stay),
    cmocka_unit_test(cut_ranges_within__are_filled),
    cmocka_unit_test(no_room_for_both__nothing_becomes_one),
    cmocka_unit_test(pieces_in_the_callers_buffers__let_go_of),
    cmocka_unit_test(no_memory__as_before),
    cmocka_unit_test(split__the_shorter_part__is_copied),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
