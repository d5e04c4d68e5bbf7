/* tests/unit/track/test_beds.c - mirror of lib/track/beds.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "track/beds.h"
#include "unit/failmem.h"
#include "unit/track/traffic.h"

#define MANY 300U

static void ready(tcpflow__places *places) {
  assert_true(tcpflow__places_are_ready(places) ||
              tcpflow__places_grow(places));
}

static void check_octets(const uint8_t *octets, uint8_t value) {
  for (size_t i = 0; i < TCPFLOW__BED_OCTETS; i++) {
    assert_int_equal(octets[i], value);
  }
}

static void take__many__three_in_a_place(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  uint8_t *taken[MANY];
  tcpflow__places places;
  tcpflow__beds beds;

  (void)state;
  tcpflow__places_init(&places, &mem);
  tcpflow__beds_init(&beds);
  for (unsigned i = 0; i < MANY; i++) {
    ready(&places);
    taken[i] = tcpflow__beds_take(&beds, &places);
    memset(taken[i], (int)(i % 256), TCPFLOW__BED_OCTETS);
  }
  assert_int_equal(beds.used, MANY);
  assert_int_equal(places.used, MANY / TCPFLOW__BEDS_A_PLACE);
  for (unsigned i = 0; i < MANY; i++) {
    check_octets(taken[i], (uint8_t)(i % 256));
    tcpflow__beds_give(&beds, &places, taken[i]);
  }
  assert_int_equal(beds.used, 0);
  assert_int_equal(places.used, 0);
  assert_null(beds.spare);
  tcpflow__places_clear(&places);
  assert_int_equal(fm.live_blocks, 0);
}

/* Those that are spare are found wherever they lie, and no place is kept for
   nobody. */
static void give__any_order__no_place_without_a_sleeper(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  uint8_t *taken[MANY];
  unsigned used = 0;
  tcpflow__places places;
  tcpflow__beds beds;
  uint64_t seed = 21;

  (void)state;
  tcpflow__places_init(&places, &mem);
  tcpflow__beds_init(&beds);
  for (unsigned round = 0; round < 40000; round++) {
    const unsigned which = used == 0 ? 0 : (unsigned)(dice(&seed) % used);
    const bool grows = dice(&seed) % 1000 < (round / 5000 % 2 == 0 ? 600 : 400);

    if (grows && used < MANY) {
      ready(&places);
      taken[used] = tcpflow__beds_take(&beds, &places);
      memset(taken[used], 0x5a, TCPFLOW__BED_OCTETS);
      used++;
    } else if (used > 0) {
      check_octets(taken[which], 0x5a);
      tcpflow__beds_give(&beds, &places, taken[which]);
      used--;
      taken[which] = taken[used];
    }
    assert_int_equal(beds.used, used);
    assert_in_range(places.used, (used + 2) / 3, used);
    assert_int_equal(places.lent, places.used);
  }
  while (used > 0) {
    used--;
    tcpflow__beds_give(&beds, &places, taken[used]);
  }
  assert_int_equal(places.used, 0);
  tcpflow__places_clear(&places);
  assert_int_equal(fm.live_blocks, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(take__many__three_in_a_place),
    cmocka_unit_test(give__any_order__no_place_without_a_sleeper),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
