/* tests/unit/options/test_kinds.c - mirror of lib/options/kinds.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

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
    const int sack = length <= 34 && length % 8 == 2;
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
      tcpflow__option_length_ok(rule_of(TCPFLOW_OPTION_SNACK), length),
      length >= 6);
    assert_int_equal(
      tcpflow__option_length_ok(rule_of(TCPFLOW_OPTION_EXPERIMENT_1), length),
      length >= 4);
    assert_true(tcpflow__option_length_ok(rule_of(200), length));
  }
}

/* One row, one kind; F, S, N: may stand in a SYN, a SYN with ACK, any other. */
static void rules__places__as_the_rfcs_say(void **state) {
  static const struct {
    unsigned kind;
    const char *places;
  } rows[] = {
    {TCPFLOW_OPTION_MSS, "FS"},                  /* RFC 9293 section 3.7.1 */
    {TCPFLOW_OPTION_WSCALE, "FS"},               /* RFC 7323 section 2.2 */
    {TCPFLOW_OPTION_SACK_PERMITTED, "FS"},       /* RFC 2018 section 2 */
    {TCPFLOW_OPTION_SACK, "N"},                  /* RFC 2018 section 3 */
    {TCPFLOW_OPTION_TIMESTAMPS, "FSN"},          /* RFC 7323 section 3.2 */
    {TCPFLOW_OPTION_POC_PERMITTED, "FS"},        /* RFC 1693 section 3.1 */
    {TCPFLOW_OPTION_CC, "FSN"},                  /* RFC 1644 section 3.1 */
    {TCPFLOW_OPTION_CC_NEW, "F"},                /* RFC 1644 section 3.1 */
    {TCPFLOW_OPTION_CC_ECHO, "S"},               /* RFC 1644 section 3.1 */
    {TCPFLOW_OPTION_ALT_CHECKSUM_REQUEST, "FS"}, /* RFC 1146 section 2 */
    {TCPFLOW_OPTION_MD5, "FSN"},                 /* RFC 2385 section 2 */
    {TCPFLOW_OPTION_USER_TIMEOUT, "FSN"},        /* RFC 5482 section 3.2 */
    {TCPFLOW_OPTION_AO, "FSN"},                  /* RFC 5925 section 2.2 */
    {TCPFLOW_OPTION_FAST_OPEN, "FS"},            /* RFC 7413 section 4.1.1 */
    {TCPFLOW_OPTION_ENO, "FSN"},                 /* RFC 8547 section 4.1 */
    {TCPFLOW_OPTION_ACCECN_0, "SN"},             /* RFC 9768 section 3.2.3.2 */
    {TCPFLOW_OPTION_ACCECN_1, "SN"},             /* RFC 9768 section 3.2.3.2 */
    {200, "FSN"},                                /* RFC 9293: MUST-6 */
  };
  static const char places[] = "FSN";

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    for (unsigned at = 0; at < 3; at++) {
      const int may = strchr(rows[i].places, places[at]) != NULL;

      assert_int_equal((rule_of(rows[i].kind)->not_in & 1U << at) == 0, may);
    }
  }
}

static void place_of_segment__any_flags__syn_and_ack_decide(void **state) {
  (void)state;
  for (unsigned flags = 0; flags <= TCPFLOW_FLAGS_ALL; flags++) {
    const unsigned both = flags & (TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK);

    assert_int_equal(tcpflow__place_of_segment(flags),
                     both == TCPFLOW_FLAG_SYN                        ? 1
                     : both == (TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK) ? 2
                                                                     : 4);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(rules__every_kind__sound),
    cmocka_unit_test(rules__how_many_kinds__as_registered),
    cmocka_unit_test(length_ok__fixed_length__that_one_only),
    cmocka_unit_test(length_ok__stepped_length__the_steps_only),
    cmocka_unit_test(length_ok__lower_bound__from_there_on),
    cmocka_unit_test(rules__places__as_the_rfcs_say),
    cmocka_unit_test(place_of_segment__any_flags__syn_and_ack_decide),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
