/* tests/unit/options/test_dsack.c - mirror of lib/options/dsack.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <tcpflow/option_values.h>

static int is_duplicate(size_t count, tcpflow_seq ack, tcpflow_seq left,
                        tcpflow_seq right) {
  /* The second block is that of the examples in RFC 2883. */
  const tcpflow_sack_block blocks[] = {{left, right}, {4500, 5000}};

  return tcpflow_sack_is_duplicate(blocks, count, ack);
}

/* RFC 2883 section 4.1.1: SACK 3000-3500 with ACK 4000. */
static void is_duplicate__below_the_ack__yes(void **state) {
  (void)state;
  assert_true(is_duplicate(1, 4000, 3000, 3500));
  assert_true(is_duplicate(1, 4000, 3500, 4000));
  assert_false(is_duplicate(1, 4000, 3500, 4001));
  assert_false(is_duplicate(1, 4000, 4000, 4500));
}

/* RFC 2883 section 4.2.1: ACK 4000, SACK=5000-5500, 4500-6000. */
static void is_duplicate__inside_the_second_block__yes(void **state) {
  static const tcpflow_sack_block example[] = {{5000, 5500}, {4500, 6000}};

  (void)state;
  assert_true(tcpflow_sack_is_duplicate(example, 2, 4000));
  assert_false(tcpflow_sack_is_duplicate(example, 1, 4000));
  assert_true(is_duplicate(2, 4000, 4500, 5000));
  assert_true(is_duplicate(2, 4000, 4600, 4700));
  assert_false(is_duplicate(2, 4000, 4499, 4600));
  assert_false(is_duplicate(2, 4000, 4900, 5001));
  assert_false(is_duplicate(2, 4000, 5000, 5500));
}

static void is_duplicate__across_the_wrap__the_same(void **state) {
  static const tcpflow_sack_block below[] = {{0xfffffff0, 0x10}};
  static const tcpflow_sack_block inside[] = {{0xfffffffe, 2}, {0xfffffff0, 9}};

  (void)state;
  assert_true(tcpflow_sack_is_duplicate(below, 1, 0x10));
  assert_false(tcpflow_sack_is_duplicate(below, 1, 0x0f));
  assert_false(tcpflow_sack_is_duplicate(below, 1, 0xfffffff0));
  assert_true(tcpflow_sack_is_duplicate(inside, 2, 0xffffffe0));
}

static void is_duplicate__no_blocks_or_bad_ones__no(void **state) {
  static const tcpflow_sack_block bad[] = {{4600, 4600}, {4500, 5000}};
  static const tcpflow_sack_block around[] = {{4600, 4700}, {5000, 4500}};

  (void)state;
  assert_false(tcpflow_sack_is_duplicate(NULL, 0, 1));
  assert_false(is_duplicate(1, 4000, 3500, 3500));
  assert_false(is_duplicate(1, 4000, 3500, 3000));
  assert_false(tcpflow_sack_is_duplicate(bad, 2, 4000));
  assert_false(tcpflow_sack_is_duplicate(around, 2, 4000));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(is_duplicate__below_the_ack__yes),
    cmocka_unit_test(is_duplicate__inside_the_second_block__yes),
    cmocka_unit_test(is_duplicate__across_the_wrap__the_same),
    cmocka_unit_test(is_duplicate__no_blocks_or_bad_ones__no),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
