/* tests/unit/wire/test_seq.c - sequence arithmetic of <tcpflow/wire.h>. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <tcpflow/wire.h>

/* Where the circle closes, where the sign turns, and their neighbours. */
static const uint32_t corners[] = {
  0,          1,          2,          0x3fffffff, 0x40000000, 0x7ffffffe,
  0x7fffffff, 0x80000000, 0x80000001, 0xc0000000, 0xfffffffe, 0xffffffff};

#define CORNERS (sizeof(corners) / sizeof(corners[0]))

static void seq_add__over_the_top__begins_at_0(void **state) {
  (void)state;
  assert_int_equal(tcpflow_seq_add(0xffffffff, 1), 0);
  assert_int_equal(tcpflow_seq_add(0xfffffff0, 0x20), 0x10);
  assert_true(tcpflow_seq_add(5, 0xffffffff) == 4);
  assert_true(tcpflow_seq_add(0x7fffffff, 1) == 0x80000000);
}

static void seq_distance__all_corners__add_comes_back(void **state) {
  (void)state;
  for (size_t i = 0; i < CORNERS; i++) {
    for (size_t k = 0; k < CORNERS; k++) {
      const uint32_t way = tcpflow_seq_distance(corners[i], corners[k]);

      assert_true(tcpflow_seq_add(corners[i], way) == corners[k]);
    }
  }
}

static void seq_distance__from_top_to_0__1(void **state) {
  (void)state;
  assert_int_equal(tcpflow_seq_distance(0xffffffff, 0), 1);
  assert_true(tcpflow_seq_distance(0, 0xffffffff) == 0xffffffff);
  assert_int_equal(tcpflow_seq_distance(7, 7), 0);
}

static void seq_lt__up_to_half_the_circle_ahead__before(void **state) {
  static const uint32_t steps[] = {1, 2, 1000, 0x40000000, 0x7fffffff};

  (void)state;
  for (size_t i = 0; i < CORNERS; i++) {
    for (size_t k = 0; k < sizeof(steps) / sizeof(steps[0]); k++) {
      const tcpflow_seq later = tcpflow_seq_add(corners[i], steps[k]);

      assert_true(tcpflow_seq_lt(corners[i], later));
      assert_false(tcpflow_seq_lt(later, corners[i]));
      assert_true(tcpflow_seq_leq(corners[i], later));
      assert_false(tcpflow_seq_leq(later, corners[i]));
    }
  }
}

static void seq_lt__half_the_circle__each_before_the_other(void **state) {
  (void)state;
  for (size_t i = 0; i < CORNERS; i++) {
    const tcpflow_seq opposite = tcpflow_seq_add(corners[i], 0x80000000);

    assert_true(tcpflow_seq_lt(corners[i], opposite));
    assert_true(tcpflow_seq_lt(opposite, corners[i]));
    assert_true(tcpflow_seq_leq(opposite, corners[i]));
  }
}

static void seq_lt__same_number__not_before_but_leq(void **state) {
  (void)state;
  for (size_t i = 0; i < CORNERS; i++) {
    assert_false(tcpflow_seq_lt(corners[i], corners[i]));
    assert_true(tcpflow_seq_leq(corners[i], corners[i]));
  }
}

static void seq_len__syn_and_fin__count_one_each(void **state) {
  (void)state;
  assert_int_equal(tcpflow_seq_len(0, TCPFLOW_FLAG_ACK), 0);
  assert_int_equal(tcpflow_seq_len(0, TCPFLOW_FLAG_SYN), 1);
  assert_int_equal(tcpflow_seq_len(100, TCPFLOW_FLAG_FIN), 101);
  assert_int_equal(tcpflow_seq_len(5, TCPFLOW_FLAGS_ALL), 7);
  assert_int_equal(tcpflow_seq_len(5, TCPFLOW_FLAGS_ALL &
                                        ~(unsigned)TCPFLOW_FLAG_SYN &
                                        ~(unsigned)TCPFLOW_FLAG_FIN),
                   5);
}

static void seq_unwrap__near_positions__nearest(void **state) {
  static const uint64_t positions[] = {
    UINT64_C(0x80000000),  UINT64_C(0xffffffff),  UINT64_C(0x100000000),
    UINT64_C(0x1ffffffff), UINT64_C(0x280000000), UINT64_C(0x7fffffff00000000)};

  (void)state;
  for (size_t i = 0; i < sizeof(positions) / sizeof(positions[0]); i++) {
    const uint64_t near = positions[i];

    /* Every position from 2^31 behind to one less than 2^31 ahead is found
       from its low 32 bits; here are the ends and the middle. */
    const uint64_t targets[] = {near - 0x80000000, near - 0x7fffffff,
                                near - 1,          near,
                                near + 1,          near + 0x7fffffff};
    for (size_t k = 0; k < sizeof(targets) / sizeof(targets[0]); k++) {
      const tcpflow_seq seq = (tcpflow_seq)(targets[k] & UINT32_MAX);

      assert_true(tcpflow_seq_unwrap(near, seq) == targets[k]);
    }
  }
}

static void seq_unwrap__behind_position_0__the_one_ahead(void **state) {
  (void)state;
  assert_true(tcpflow_seq_unwrap(0, 0xffffffff) == 0xffffffff);
  assert_true(tcpflow_seq_unwrap(5, 0xfffffffe) == 0xfffffffe);
  assert_true(tcpflow_seq_unwrap(5, 0) == 0);
  assert_true(tcpflow_seq_unwrap(0, 0x80000000) == 0x80000000);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(seq_add__over_the_top__begins_at_0),
    cmocka_unit_test(seq_distance__all_corners__add_comes_back),
    cmocka_unit_test(seq_distance__from_top_to_0__1),
    cmocka_unit_test(seq_lt__up_to_half_the_circle_ahead__before),
    cmocka_unit_test(seq_lt__half_the_circle__each_before_the_other),
    cmocka_unit_test(seq_lt__same_number__not_before_but_leq),
    cmocka_unit_test(seq_len__syn_and_fin__count_one_each),
    cmocka_unit_test(seq_unwrap__near_positions__nearest),
    cmocka_unit_test(seq_unwrap__behind_position_0__the_one_ahead),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
