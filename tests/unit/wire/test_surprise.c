/* tests/unit/wire/test_surprise.c - mirror of lib/wire/surprise.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/guard.h"
#include "wire/surprise.h"

static uint64_t dice(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state;
}

/* The octets that one number takes besides its bit. */
static size_t octets_of(uint64_t number, uint64_t guess) {
  uint8_t octets[TCPFLOW__SURPRISE_ROOM];
  tcpflow__surprises s = tcpflow__surprises_to(octets);
  const size_t before = s.at;

  tcpflow__surprise64(&s, &number, guess);
  return s.at - before;
}

static void write__as_guessed__no_octets(void **state) {
  (void)state;
  assert_int_equal(octets_of(0, 0), 0);
  assert_int_equal(octets_of(UINT64_MAX, UINT64_MAX), 0);
  assert_int_equal(octets_of(1000, 1000), 0);
}

static void write__near_the_guess__few_octets(void **state) {
  (void)state;
  assert_int_equal(octets_of(1063, 1000), 1);
  assert_int_equal(octets_of(936, 1000), 1);
  assert_int_equal(octets_of(1064, 1000), 2);
  assert_int_equal(octets_of(935, 1000), 2);
  assert_int_equal(octets_of(0, UINT64_MAX), 1);
  assert_int_equal(octets_of(UINT64_C(1) << 63, 0), 10);
}

/* A number of a size goes round where that ends. */
static void write__around_the_end__one_octet(void **state) {
  uint8_t octets[TCPFLOW__SURPRISE_ROOM];
  tcpflow__surprises s = tcpflow__surprises_to(octets);
  const size_t before = s.at;
  uint32_t wide = 3;
  uint16_t half = UINT16_MAX;
  uint8_t narrow = 1;

  (void)state;
  tcpflow__surprise32(&s, &wide, UINT32_MAX);
  tcpflow__surprise16(&s, &half, 2);
  tcpflow__surprise8(&s, &narrow, UINT8_MAX);
  assert_int_equal(s.at - before, 3);
  s = tcpflow__surprises_from(octets);
  wide = 0;
  half = 0;
  narrow = 0;
  tcpflow__surprise32(&s, &wide, UINT32_MAX);
  tcpflow__surprise16(&s, &half, 2);
  tcpflow__surprise8(&s, &narrow, UINT8_MAX);
  assert_int_equal(wide, 3);
  assert_int_equal(half, UINT16_MAX);
  assert_int_equal(narrow, 1);
}

/* Any number: of few bits or many, and as guessed now and then. */
static uint64_t any(uint64_t *seed) {
  const uint64_t number = dice(seed);

  return number >> (dice(seed) % 64);
}

static void exchange(tcpflow__surprises *s, uint64_t *number,
                     const uint64_t *guess) {
  for (unsigned i = 0; i < TCPFLOW__SURPRISES; i++) {
    tcpflow__surprise64(s, &number[i], guess[i]);
  }
}

/* No more is read than was written. */
static void read__anything__what_was_written(void **state) {
  uint64_t seed = 5;

  (void)state;
  for (unsigned round = 0; round < 2000; round++) {
    uint8_t octets[TCPFLOW__SURPRISE_ROOM];
    uint64_t number[TCPFLOW__SURPRISES];
    uint64_t guess[TCPFLOW__SURPRISES];
    uint64_t again[TCPFLOW__SURPRISES] = {0};
    tcpflow__surprises s = tcpflow__surprises_to(octets);

    memset(octets, 0xa5, sizeof(octets));
    for (unsigned i = 0; i < TCPFLOW__SURPRISES; i++) {
      guess[i] = any(&seed);
      number[i] = dice(&seed) % 2 == 0 ? guess[i] : any(&seed);
    }
    exchange(&s, number, guess);
    assert_in_range(s.at, TCPFLOW__SURPRISES / 8, sizeof(octets));

    guard g = guard_put(octets, s.at);
    uint8_t *const copy = g.bytes;
    tcpflow__surprises back = tcpflow__surprises_from(copy);
    exchange(&back, again, guess);
    assert_int_equal(back.at, s.at);
    assert_memory_equal(again, number, sizeof(number));
    guard_free(&g);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(write__as_guessed__no_octets),
    cmocka_unit_test(write__near_the_guess__few_octets),
    cmocka_unit_test(write__around_the_end__one_octet),
    cmocka_unit_test(read__anything__what_was_written),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
