/* tests/unit/options/test_kinds.c - mirror of lib/options/kinds.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "options/kinds.h"

static const tcpflow__option_rule *rule_of(unsigned kind) {
  return &tcpflow__option_rules[kind];
}

static unsigned count_lengths(unsigned kind) {
  unsigned count = 0;

  for (unsigned length = 2; length < 256; length++) {
    count += tcpflow__option_length_ok(rule_of(kind), length) != 0;
  }
  return count;
}

static void rules__every_kind__sound(void **state) {
  (void)state;
  for (unsigned kind = 0; kind < 256; kind++) {
    const tcpflow__option_rule *rule = rule_of(kind);

    if (rule->min == 0) {
      assert_int_equal(rule->max, 0);
      assert_int_equal(rule->flags, 0);
      continue;
    }
    assert_true(rule->min >= (kind < 2 ? 1 : 2));
    assert_true(rule->max >= rule->min);
    assert_true(rule->step >= 1);
    assert_int_equal((rule->max - rule->min) % rule->step, 0);
  }
}

static void rules__how_many_kinds__as_registered(void **state) {
  unsigned known = 0;
  unsigned squat = 0;
  unsigned obsolete = 0;

  (void)state;
  for (unsigned kind = 0; kind < 256; kind++) {
    known += rule_of(kind)->min != 0;
    squat += (rule_of(kind)->flags & TCPFLOW_OPTION_FLAG_SQUAT) != 0;
    obsolete += (rule_of(kind)->flags & TCPFLOW_OPTION_FLAG_OBSOLETE) != 0;
  }
  assert_int_equal(known, 44);
  assert_int_equal(squat, 8);
  assert_int_equal(obsolete, 10);
}

static void length_ok__fixed_length__that_one_only(void **state) {
  static const struct {
    unsigned kind;
    unsigned length;
  } fixed[] = {
    {TCPFLOW_OPTION_MSS, 4},
    {TCPFLOW_OPTION_WSCALE, 3},
    {TCPFLOW_OPTION_SACK_PERMITTED, 2},
    {TCPFLOW_OPTION_ECHO, 6},
    {TCPFLOW_OPTION_ECHO_REPLY, 6},
    {TCPFLOW_OPTION_TIMESTAMPS, 10},
    {TCPFLOW_OPTION_POC_PERMITTED, 2},
    {TCPFLOW_OPTION_POC_PROFILE, 3},
    {TCPFLOW_OPTION_CC, 6},
    {TCPFLOW_OPTION_CC_NEW, 6},
    {TCPFLOW_OPTION_CC_ECHO, 6},
    {TCPFLOW_OPTION_ALT_CHECKSUM_REQUEST, 3},
    {TCPFLOW_OPTION_TRAILER_CHECKSUM, 3},
    {TCPFLOW_OPTION_MD5, 18},
    {TCPFLOW_OPTION_QUICK_START, 8},
    {TCPFLOW_OPTION_USER_TIMEOUT, 4},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
    assert_true(
      tcpflow__option_length_ok(rule_of(fixed[i].kind), fixed[i].length));
    assert_int_equal(count_lengths(fixed[i].kind), 1);
  }
}

static void length_ok__stepped_length__the_steps_only(void **state) {
  (void)state;
  for (unsigned length = 2; length < 256; length++) {
    const int sack = length >= 10 && length <= 34 && length % 8 == 2;
    const int cookie =
      length == 2 || (length >= 6 && length <= 18 && length % 2 == 0);
    const int accecn = length <= 11 && length % 3 == 2;

    assert_int_equal(
      tcpflow__option_length_ok(rule_of(TCPFLOW_OPTION_SACK), length), sack);
    assert_int_equal(
      tcpflow__option_length_ok(rule_of(TCPFLOW_OPTION_FAST_OPEN), length),
      cookie);
    assert_int_equal(
      tcpflow__option_length_ok(rule_of(TCPFLOW_OPTION_ACCECN_0), length),
      accecn);
    assert_int_equal(
      tcpflow__option_length_ok(rule_of(TCPFLOW_OPTION_ACCECN_1), length),
      accecn);
  }
}

static void length_ok__lower_bound__from_there_on(void **state) {
  (void)state;
  for (unsigned length = 2; length < 256; length++) {
    assert_int_equal(
      tcpflow__option_length_ok(rule_of(TCPFLOW_OPTION_AO), length),
      length >= 4);
    assert_int_equal(
      tcpflow__option_length_ok(rule_of(TCPFLOW_OPTION_MPTCP), length),
      length >= 3);
    assert_int_equal(
      tcpflow__option_length_ok(rule_of(TCPFLOW_OPTION_EXPERIMENT_1), length),
      length >= 4);
    assert_true(tcpflow__option_length_ok(rule_of(200), length));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(rules__every_kind__sound),
    cmocka_unit_test(rules__how_many_kinds__as_registered),
    cmocka_unit_test(length_ok__fixed_length__that_one_only),
    cmocka_unit_test(length_ok__stepped_length__the_steps_only),
    cmocka_unit_test(length_ok__lower_bound__from_there_on),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
