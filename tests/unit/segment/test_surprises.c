/* tests/unit/segment/test_surprises.c - mirror of lib/segment/surprises.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <tcpflow/facts.h>

#include "segment/surprises.h"

#define FIRST (1000 * TCPFLOW_SECOND)

static uint64_t dice(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state;
}

static size_t write_to(uint8_t *octets, tcpflow__endpoint end[2],
                       tcpflow_time last, const uint64_t next[2]) {
  tcpflow__surprises s = tcpflow__surprises_to(octets);

  tcpflow__endpoints_surprise(&s, end, FIRST, last, next);
  return s.at;
}

static void check_both_ways(tcpflow__endpoint end[2], tcpflow_time last,
                            const uint64_t next[2]) {
  uint8_t octets[TCPFLOW__SURPRISE_ROOM];
  tcpflow__endpoint again[2];
  const size_t length = write_to(octets, end, last, next);
  tcpflow__surprises s = tcpflow__surprises_from(octets);

  memset(again, 0, sizeof(again));
  tcpflow__endpoints_surprise(&s, again, FIRST, last, next);
  assert_int_equal(s.at, length);
  assert_memory_equal(again, end, sizeof(again));
}

/* An endpoint as most are, whose clock is of a millisecond. */
static tcpflow__endpoint usual(tcpflow_seq base, uint64_t next,
                               tcpflow_time last) {
  const tcpflow__endpoint end = {
    .iss = base - 1,
    .state = TCPFLOW_STATE_ESTABLISHED,
    .proof = TCPFLOW_PROOF_PROVED,
    .ip_ttl = 64,
    .segments = 5,
    .nxt_time = last,
    .ack_time = last,
    .ts_time = last,
    .payload = next,
    .window_max = 502,
    .base = base,
    .snd_una = base + (uint32_t)next,
    .snd_nxt = base + (uint32_t)next,
    .nxt_start = base + (uint32_t)next - 620,
    .rcv_edge = base + 70000,
    .ts_recent = 77000000,
    .ts_first = 77000000 - (uint32_t)((last - FIRST) / TCPFLOW_MILLISECOND),
    .bits = TCPFLOW__END_ISS | TCPFLOW__END_SYN | TCPFLOW__END_SYN_ACKED |
            TCPFLOW__END_BASE | TCPFLOW__END_WINDOW | TCPFLOW__END_WSCALE |
            TCPFLOW__END_SACK | TCPFLOW__END_TS | TCPFLOW__END_TS_RECENT,
    .mss = 1460,
    .window_raw = 502,
    .window_shift = 7,
    .wscale = 7,
  };

  return end;
}

static void surprise__usual_endpoints__few_octets(void **state) {
  const tcpflow_time last = FIRST + 300 * TCPFLOW_MILLISECOND;
  const uint64_t next[2] = {180, 620};
  tcpflow__endpoint end[2] = {usual(0x9a3b2c1d, 180, last),
                              usual(0xf1020304, 620, last)};
  uint8_t octets[TCPFLOW__SURPRISE_ROOM];

  (void)state;
  assert_in_range(write_to(octets, end, last, next), 20, 60);
  check_both_ways(end, last, next);
}

/* Those of a checkpoint may have any numbers. */
static void surprise__any_numbers__the_same_again(void **state) {
  uint64_t seed = 11;

  (void)state;
  for (unsigned round = 0; round < 3000; round++) {
    tcpflow__endpoint end[2];
    const uint64_t next[2] = {dice(&seed) >> 2, dice(&seed) % 5000};
    uint8_t *const octets = (uint8_t *)end;

    for (size_t i = 0; i < sizeof(end); i++) {
      octets[i] = dice(&seed) % 3 == 0 ? (uint8_t)dice(&seed) : 0;
    }
    for (unsigned side = 0; side < 2; side++) {
      end[side].wscale %= 15;
      end[side].window_shift %= 15; /* As all that are read. */
    }
    check_both_ways(end, FIRST + dice(&seed) % TCPFLOW_SECOND, next);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(surprise__usual_endpoints__few_octets),
    cmocka_unit_test(surprise__any_numbers__the_same_again),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
