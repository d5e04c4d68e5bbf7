/* tests/unit/wire/test_checksum.c - mirror of lib/wire/checksum.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/guard.h"
#include "wire/checksum.h"

static uint16_t sum_of(const uint8_t *bytes, size_t size) {
  return tcpflow__sum_fold(tcpflow__sum_add(0, bytes, size));
}

/* RFC 1071 word by word, with the carry added as soon as it appears. */
static uint16_t sum_by_the_book(const uint8_t *bytes, size_t size) {
  uint32_t sum = 0;

  for (size_t i = 0; i < size; i += 2) {
    sum += (uint32_t)bytes[i] << 8 | (i + 1 < size ? bytes[i + 1] : 0U);
    sum = (sum & 0xffffU) + (sum >> 16);
  }
  return (uint16_t)sum;
}

/* Octets without a pattern that a sum would not see. */
static void fill(uint8_t *bytes, size_t size, uint32_t seed) {
  for (size_t i = 0; i < size; i++) {
    seed = (uint32_t)((seed * UINT64_C(1103515245) + 12345) & 0x7fffffff);
    bytes[i] = (uint8_t)(seed >> 16);
  }
}

static void sum__rfc_1071_section_3__ddf2(void **state) {
  static const uint8_t bytes[] = {0x00, 0x01, 0xf2, 0x03,
                                  0xf4, 0xf5, 0xf6, 0xf7};

  (void)state;
  assert_int_equal(sum_of(bytes, sizeof(bytes)), 0xddf2);
}

static void sum__header_with_its_checksum__ffff(void **state) {
  /* IP (tos 0x0, ttl 64, id 0, offset 0, flags [DF], proto UDP (17), length
     115) 192.168.0.1 > 192.168.0.199 */
  static const uint8_t header[] = {0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40,
                                   0x00, 0x40, 0x11, 0xb8, 0x61, 0xc0, 0xa8,
                                   0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7};

  (void)state;
  assert_int_equal(sum_of(header, sizeof(header)), 0xffff);
}

static void sum__nothing__0(void **state) {
  (void)state;
  assert_int_equal(tcpflow__sum_fold(0), 0);
  assert_int_equal(sum_of((const uint8_t *)"", 0), 0);
}

static void sum__every_size_and_alignment__as_by_the_book(void **state) {
  (void)state;
  for (size_t size = 0; size < 150; size++) {
    for (size_t skew = 0; skew < 8; skew++) {
      guard g = guard_room(size + skew);

      fill(g.bytes, size + skew, (uint32_t)(size * 8 + skew));
      /* Starts at any alignment and ends at the guard page. */
      assert_int_equal(sum_of(g.bytes + skew, size),
                       sum_by_the_book(g.bytes + skew, size));
      guard_free(&g);
    }
  }
}

static void sum__all_octets_ff__no_carry_lost(void **state) {
  static uint8_t bytes[70001];

  (void)state;
  memset(bytes, 0xff, sizeof(bytes));
  assert_int_equal(sum_of(bytes, 70000), 0xffff);
  assert_int_equal(sum_of(bytes, 70001), sum_by_the_book(bytes, 70001));
}

static void sum__in_even_pieces__as_in_one(void **state) {
  uint8_t bytes[101];

  (void)state;
  fill(bytes, sizeof(bytes), 7);
  for (size_t cut = 0; cut <= sizeof(bytes); cut += 2) {
    const uint64_t first = tcpflow__sum_add(0, bytes, cut);
    const uint64_t both =
      tcpflow__sum_add(first, bytes + cut, sizeof(bytes) - cut);

    assert_int_equal(tcpflow__sum_fold(both), sum_of(bytes, sizeof(bytes)));
  }
}

static void sum_fold__largest_sum__carries_all_folded(void **state) {
  (void)state;
  /* 2^64 - 1 is a multiple of 2^16 - 1, so its residue is 0xffff. */
  assert_int_equal(tcpflow__sum_fold(UINT64_MAX), 0xffff);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(sum__rfc_1071_section_3__ddf2),
    cmocka_unit_test(sum__header_with_its_checksum__ffff),
    cmocka_unit_test(sum__nothing__0),
    cmocka_unit_test(sum__every_size_and_alignment__as_by_the_book),
    cmocka_unit_test(sum__all_octets_ff__no_carry_lost),
    cmocka_unit_test(sum__in_even_pieces__as_in_one),
    cmocka_unit_test(sum_fold__largest_sum__carries_all_folded),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
