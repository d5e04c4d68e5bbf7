/* tests/unit/frag/test_bitset.c - mirror of lib/frag/bitset.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "frag/bitset.h"

#include <string.h>

static uint32_t next_number(uint32_t *seed) {
  *seed = *seed * 1664525 + 1013904223;
  return *seed >> 8;
}

static uint32_t plain_ceil(const bool *has, uint32_t unit) {
  while (unit < TCPFLOW__UNITS && !has[unit]) {
    unit++;
  }
  return unit;
}

static uint32_t plain_floor(const bool *has, uint32_t unit) {
  for (uint32_t i = unit + 1; i-- > 0;) {
    if (has[i]) {
      return i;
    }
  }
  return TCPFLOW__UNITS;
}

static void ceil_and_floor__empty__none(void **state) {
  tcpflow__bitset set;

  (void)state;
  tcpflow__bitset_clear(&set);
  assert_int_equal(tcpflow__bitset_ceil(&set, 0), TCPFLOW__UNITS);
  assert_int_equal(tcpflow__bitset_ceil(&set, TCPFLOW__UNITS), TCPFLOW__UNITS);
  assert_int_equal(tcpflow__bitset_floor(&set, 0), TCPFLOW__UNITS);
  assert_int_equal(tcpflow__bitset_floor(&set, TCPFLOW__UNITS - 1),
                   TCPFLOW__UNITS);
}

/* Every single member, looked for from the ends and from beside it. */
static void ceil_and_floor__one_member__found(void **state) {
  tcpflow__bitset set;

  (void)state;
  tcpflow__bitset_clear(&set);
  for (uint32_t unit = 0; unit < TCPFLOW__UNITS; unit++) {
    tcpflow__bitset_add(&set, unit);
    assert_true(tcpflow__bitset_has(&set, unit));
    assert_int_equal(tcpflow__bitset_ceil(&set, 0), unit);
    assert_int_equal(tcpflow__bitset_ceil(&set, unit), unit);
    assert_int_equal(tcpflow__bitset_ceil(&set, unit + 1), TCPFLOW__UNITS);
    assert_int_equal(tcpflow__bitset_floor(&set, TCPFLOW__UNITS - 1), unit);
    assert_int_equal(tcpflow__bitset_floor(&set, unit), unit);
    if (unit > 0) {
      assert_int_equal(tcpflow__bitset_floor(&set, unit - 1), TCPFLOW__UNITS);
    }
    tcpflow__bitset_remove(&set, unit);
    assert_false(tcpflow__bitset_has(&set, unit));
  }
  assert_int_equal(tcpflow__bitset_ceil(&set, 0), TCPFLOW__UNITS);
}

static void any_changes__agree_with_an_array(void **state) {
  static bool has[TCPFLOW__UNITS];
  tcpflow__bitset set;
  uint32_t seed = 1;

  (void)state;
  memset(has, 0, sizeof(has));
  tcpflow__bitset_clear(&set);
  for (unsigned i = 0; i < 4000; i++) {
    const uint32_t unit = next_number(&seed) % TCPFLOW__UNITS;
    const bool add = (next_number(&seed) & 1) != 0;
    const uint32_t from = next_number(&seed) % TCPFLOW__UNITS;

    has[unit] = add;
    if (add) {
      tcpflow__bitset_add(&set, unit);
    } else {
      tcpflow__bitset_remove(&set, unit);
    }
    assert_int_equal(tcpflow__bitset_ceil(&set, from), plain_ceil(has, from));
    assert_int_equal(tcpflow__bitset_floor(&set, from), plain_floor(has, from));
  }
}

static void add_range__any__has_it_and_no_more(void **state) {
  uint32_t seed = 7;

  (void)state;
  for (unsigned i = 0; i < 400; i++) {
    const uint32_t from = next_number(&seed) % TCPFLOW__UNITS;
    const uint32_t most = TCPFLOW__UNITS - from;
    const uint32_t size = 1 + next_number(&seed) % (i % 2 == 0 ? most : 1);
    tcpflow__bitset set;

    tcpflow__bitset_clear(&set);
    tcpflow__bitset_add_range(&set, from, from + size);
    assert_true(tcpflow__bitset_has_range(&set, from, from + size));
    assert_int_equal(tcpflow__bitset_ceil(&set, 0), from);
    assert_int_equal(tcpflow__bitset_floor(&set, TCPFLOW__UNITS - 1),
                     from + size - 1);
    if (from > 0) {
      assert_false(tcpflow__bitset_has_range(&set, from - 1, from + size));
    }
    if (from + size < TCPFLOW__UNITS) {
      assert_false(tcpflow__bitset_has_range(&set, from, from + size + 1));
    }
    tcpflow__bitset_remove(&set, from + size / 2);
    assert_false(tcpflow__bitset_has_range(&set, from, from + size));
  }
}

static void ranges__empty__no_member(void **state) {
  tcpflow__bitset set;

  (void)state;
  tcpflow__bitset_clear(&set);
  tcpflow__bitset_add_range(&set, 70, 70);
  tcpflow__bitset_add_range(&set, 64, 64);
  assert_int_equal(tcpflow__bitset_ceil(&set, 0), TCPFLOW__UNITS);
  assert_true(tcpflow__bitset_has_range(&set, 70, 70));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(ceil_and_floor__empty__none),
    cmocka_unit_test(ceil_and_floor__one_member__found),
    cmocka_unit_test(any_changes__agree_with_an_array),
    cmocka_unit_test(add_range__any__has_it_and_no_more),
    cmocka_unit_test(ranges__empty__no_member),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
