/* tests/unit/reasm/test_overlap.c - mirror of lib/reasm/overlap.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reasm/overlap.h"

/* How a new segment lies to one that is held. */
typedef struct geometry {
  const char *name;
  tcpflow__range now;
  const char
    *winner; /* Of each policy, in the order of the enum: New or Old. */
} geometry;

static const tcpflow__range held = {100, 110};

/* The order: first, last, linux, old-linux, bsd, macos, windows, w2k3, vista,
   hpux10, hpux11, irix, solaris, proxy. */
static const geometry table[] = {
  {"inside", {103, 107}, "ONOOOOOOOOOOOO"},
  {"inside, to its end", {103, 110}, "ONOOOOOOOOOOOO"},
  {"its last octet", {109, 110}, "ONOOOOOOOOOOOO"},
  {"over the end", {103, 115}, "ONOOOOOOOONONO"},
  {"one octet over the end", {101, 111}, "ONOOOOOOOONONO"},
  {"same begin, shorter", {100, 107}, "ONOOOOOOOOOOOO"},
  {"its first octet", {100, 101}, "ONOOOOOOOOOOOO"},
  {"the same", {100, 110}, "ONONOOOOOONONO"},
  {"same begin, longer", {100, 111}, "ONNNOOOOONNNNO"},
  {"over the begin", {97, 103}, "ONNNNNNNONONOO"},
  {"one octet before, and one of it", {99, 101}, "ONNNNNNNONONOO"},
  {"covers, to its end", {97, 110}, "ONNNNNNNONNNNO"},
  {"covers", {99, 111}, "ONNNNNNNONNNNO"},
};

static void replaces__every_policy_and_geometry__by_the_table(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
    for (unsigned policy = 0; policy < TCPFLOW_OVERLAP_COUNT; policy++) {
      const bool wins = tcpflow__overlap_replaces(policy, table[i].now, held);

      if (wins != (table[i].winner[policy] == 'N')) {
        fail_msg("%s, policy %u", table[i].name, policy);
      }
    }
    assert_int_equal(table[i].winner[TCPFLOW_OVERLAP_COUNT], '\0');
  }
}

/* Only how they lie to each other counts. */
static void replaces__anywhere__the_same(void **state) {
  const uint64_t shift = (UINT64_C(1) << 63) - 200;

  (void)state;
  for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
    const tcpflow__range now = {table[i].now.from + shift,
                                table[i].now.end + shift};
    const tcpflow__range old = {held.from + shift, held.end + shift};

    for (unsigned policy = 0; policy < TCPFLOW_OVERLAP_COUNT; policy++) {
      assert_int_equal(tcpflow__overlap_replaces(policy, now, old),
                       table[i].winner[policy] == 'N');
    }
  }
}

static void replaces__no_policy__what_was_first(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
    assert_false(
      tcpflow__overlap_replaces(TCPFLOW_OVERLAP_COUNT, table[i].now, held));
    assert_false(tcpflow__overlap_replaces(255, table[i].now, held));
  }
}

static void is_overlap__numbers__those_of_the_enum(void **state) {
  (void)state;
  assert_true(tcpflow__is_overlap(TCPFLOW_OVERLAP_FIRST));
  assert_true(tcpflow__is_overlap(TCPFLOW_OVERLAP_PROXY));
  assert_false(tcpflow__is_overlap(TCPFLOW_OVERLAP_COUNT));
  assert_false(tcpflow__is_overlap(UINT64_C(1) << 32));
  assert_false(tcpflow__is_overlap(UINT64_MAX));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(replaces__every_policy_and_geometry__by_the_table),
    cmocka_unit_test(replaces__anywhere__the_same),
    cmocka_unit_test(replaces__no_policy__what_was_first),
    cmocka_unit_test(is_overlap__numbers__those_of_the_enum),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
