/* tests/unit/reasm/test_reasm_overlap.c - lib/reasm/reasm.c: octets that come
   twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/reasm/recorder.h"

static void add(rig *g, uint64_t offset, const char *text) {
  assert_int_equal(rig_add(g, offset, text), TCPFLOW_OK);
}

static void add_cut(rig *g, uint64_t offset, const char *text,
                    uint32_t length) {
  assert_int_equal(rig_add_cut(g, offset, text, length), TCPFLOW_OK);
}

/* Conflicts: the first octets count. */

static void drain__other_octets__told_before_the_data(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  add(&g, 2, "cd");
  add(&g, 6, "gh");
  /* The hole is filled, the rest is forged. */
  add(&g, 0, "abXdefgY");
  assert_string_equal(rig_told(&g),
                      "C2:cd/Xd;C6:gh/gY;D0:ab;H2:cd;D4:ef;H6:gh;");
  assert_int_equal(g.r.rest->duplicate, 4);
  assert_int_equal(g.r.rest->conflicting, 4);
  assert_true(rig_stop(&g));
}

static void put__other_octets_early__conflict_told_at_once(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  add(&g, 4, "efgh");
  add(&g, 2, "cdEf");
  assert_string_equal(rig_told(&g), "C4:ef/Ef;");
  add(&g, 6, "gHi");
  assert_string_equal(rig_told(&g), "C6:gh/gH;");
  assert_int_equal(g.r.rest->conflicting, 4);
  add(&g, 0, "ab");
  assert_string_equal(rig_told(&g), "D0:ab;H2:cd;H4:efgh;H8:i;");
  assert_true(rig_stop(&g));
}

static void put__only_captured_octets__are_compared(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  add_cut(&g, 4, "ef", 4);
  add_cut(&g, 3, "d", 5); /* e to h were cut: nothing to compare. */
  add(&g, 6, "XY");       /* Nobody had them. */
  assert_string_equal(rig_told(&g), "");
  assert_int_equal(g.r.rest->conflicting, 0);
  add(&g, 0, "abcdeF");
  assert_string_equal(rig_told(&g), "C4:ef/eF;D0:abc;H3:d;H4:ef;H6:XY;");
  assert_true(rig_stop(&g));
}

static void put__already_told__counted_but_not_compared(void **state) {
  rig g;

  (void)state;
  rig_start(&g, 0);
  add(&g, 0, "abc");
  add(&g, 1, "XX");
  assert_string_equal(rig_told(&g), "D0:abc;");
  assert_int_equal(g.r.rest->duplicate, 2);
  assert_int_equal(g.r.rest->conflicting, 0);
  assert_true(rig_stop(&g));
}

/* Allen's 13 relations of an interval to [8, 14). */
static const struct {
  uint64_t from;
  uint64_t end;
} relations[] = {
  {2, 5},   /* before */
  {2, 8},   /* meets */
  {5, 10},  /* overlaps */
  {8, 11},  /* starts */
  {9, 12},  /* during */
  {10, 14}, /* finishes */
  {8, 14},  /* equal */
  {5, 14},  /* finished by */
  {5, 17},  /* contains */
  {8, 17},  /* started by */
  {10, 17}, /* overlapped by */
  {14, 17}, /* met by */
  {16, 19}, /* after */
};

enum {
  RELATIONS = sizeof(relations) / sizeof(relations[0]),
  ALL = 20
};

/* Adds [from, end), all octets the same. */
static void add_run(rig *g, uint64_t from, uint64_t end, char octet) {
  char text[ALL + 1] = "";

  memset(text, octet, end - from);
  add(g, from, text);
}

/* The octets of a log's data, without offsets and conflicts. */
static void take_octets(char *out, const char *log) {
  while (*log != '\0') {
    const char *octets = strchr(log, ':') + 1;
    const size_t length = strcspn(octets, ";");

    if (*log != 'C') {
      memcpy(out, octets, length);
      out += length;
    }
    log = octets + length + 1;
  }
  *out = '\0';
}

/* One of them comes first, the other one second, and then all octets. */
static void try_relation(const uint64_t *from, const uint64_t *end) {
  const uint64_t low = from[0] > from[1] ? from[0] : from[1];
  const uint64_t high = end[0] < end[1] ? end[0] : end[1];
  const uint64_t common = high > low ? high - low : 0;
  char expected[ALL + 1] = "";
  char got[ALL + 1] = "";
  rig g;

  memset(expected, '.', ALL);
  memset(expected + from[1], 'b', end[1] - from[1]);
  memset(expected + from[0], 'a', end[0] - from[0]);
  rig_start(&g, 0);
  add_run(&g, from[0], end[0], 'a');
  add_run(&g, from[1], end[1], 'b');
  assert_int_equal(g.r.rest->duplicate, common);
  assert_int_equal(g.r.rest->conflicting, common);
  assert_int_equal(rig_told(&g)[0], common > 0 ? 'C' : '\0');

  add_run(&g, 0, ALL, '.');
  take_octets(got, rig_told(&g));
  assert_string_equal(got, expected);
  assert_true(rig_stop(&g));
}

static void put__all_relations_of_two__the_first_wins(void **state) {
  (void)state;
  for (size_t i = 0; i < RELATIONS; i++) {
    const uint64_t from[] = {8, relations[i].from, 8};
    const uint64_t end[] = {14, relations[i].end, 14};

    try_relation(from, end);
    try_relation(from + 1, end + 1);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(drain__other_octets__told_before_the_data),
    cmocka_unit_test(put__other_octets_early__conflict_told_at_once),
    cmocka_unit_test(put__only_captured_octets__are_compared),
    cmocka_unit_test(put__already_told__counted_but_not_compared),
    cmocka_unit_test(put__all_relations_of_two__the_first_wins),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
