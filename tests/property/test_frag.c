/*
 * tests/property/test_frag.c - reassembly against its model, and: however a
 * datagram is cut, ordered and repeated, it is the same again.
 *
 * Tapes come from fixed seeds, so a failure can be run again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "property/frag_model.h"

/* xorshift64. */
static uint64_t roll(uint64_t *seed) {
  *seed ^= (*seed << 13) & UINT64_MAX;
  *seed ^= *seed >> 7;
  *seed ^= (*seed << 17) & UINT64_MAX;
  return *seed;
}

static unsigned below(uint64_t *seed, unsigned n) {
  return (unsigned)(roll(seed) >> 20) % n;
}

enum {
  TAPES = 3000,
  TAPE_MAX = 600
};

static void any_calls__agree_with_the_model(void **state) {
  uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);
  uint8_t tape[TAPE_MAX];

  (void)state;
  for (unsigned i = 0; i < TAPES; i++) {
    const size_t size = 8 + below(&seed, TAPE_MAX - 8);

    for (size_t k = 0; k < size; k++) {
      tape[k] = (uint8_t)below(&seed, 256);
    }
    model_play(tape, size);
  }
}

/* Every policy, no caps, and only few fragments are the last one: datagrams get
   many overlaps before they are complete. */
static void many_overlaps__agree_with_the_model(void **state) {
  uint64_t seed = UINT64_C(0x123456789abcdef1);
  uint8_t tape[1 + 4 * 200];

  (void)state;
  for (unsigned i = 0; i < 2400; i++) {
    tape[0] = (uint8_t)((i & 7) | (i >> 3 & 7) << 3);
    for (size_t k = 1; k < sizeof(tape); k += 4) {
      const unsigned last = below(&seed, 24) == 0 ? 0 : 8;
      tape[k] = 1;
      tape[k + 1] = (uint8_t)((below(&seed, 64) & 0x37) | last);
      tape[k + 2] = (uint8_t)below(&seed, last != 0 ? 12 : 14);
      tape[k + 3] = (uint8_t)(below(&seed, 64) & 0x78);
      if (last == 0) {
        tape[k + 2] = 12;
        tape[k + 3] = 5 | 128;
      }
    }
    model_play(tape, sizeof(tape));
  }
}

/* --- any cutting, order and repetition --- */

enum {
  LONGEST = 65515, /* Behind an IPv4 header without options. */
  CUTS_MAX = 9000,
  ROUNDS = 150
};

typedef struct cutting_plan {
  cut piece[CUTS_MAX];
  size_t count;
} cutting_plan;

static uint32_t choose_piece(uint64_t *seed, unsigned style) {
  switch (style) {
  case 0:
    return 8;
  case 1:
    return 1480;
  default:
    return 8 * (1 + below(seed, 400));
  }
}

static void plan(cutting_plan *p, const uint8_t *data, uint32_t length,
                 uint8_t version, uint64_t *seed) {
  const unsigned style = below(seed, 5);

  p->count = 0;
  for (uint32_t at = 0; at < length;) {
    const uint32_t wanted = choose_piece(seed, style);
    const uint32_t left = at == 0 ? (length - 1) / 8 * 8 : length - at;
    const uint32_t size = wanted < left ? wanted : left;

    p->piece[p->count++] = (cut){.start = at,
                                 .length = size,
                                 .more = at + size < length,
                                 .data = data + at,
                                 .version = version,
                                 .protocol = 17};
    at += size;
  }
}

static void repeat_some(cutting_plan *p, uint64_t *seed) {
  const size_t count = p->count;

  for (size_t i = 0; i < count && p->count < CUTS_MAX && i < 20; i++) {
    p->piece[p->count++] = p->piece[below(seed, (unsigned)count)];
  }
}

static void shuffle(cutting_plan *p, uint64_t *seed) {
  for (size_t i = p->count; i > 1; i--) {
    const size_t k = below(seed, (unsigned)i);
    const cut kept = p->piece[k];

    p->piece[k] = p->piece[i - 1];
    p->piece[i - 1] = kept;
  }
}

/* Feeds until a datagram is complete; what is left are duplicates. */
static void check_plan(tcpflow_frag *frag, const cutting_plan *p,
                       const uint8_t *data, uint32_t length) {
  const uint32_t header = p->piece[0].version == 6 ? 40 : 20;

  for (size_t i = 0; i < p->count; i++) {
    const said s = cut_feed(frag, &p->piece[i]);

    assert_int_equal(s.error, TCPFLOW_OK);
    assert_int_equal(
      s.result.anomalies & ~(uint32_t)TCPFLOW_FRAG_ANOMALY_DUPLICATE, 0);
    if (s.result.outcome == TCPFLOW_FRAG_COMPLETE) {
      assert_int_equal(s.datagram.length, header + length);
      assert_int_equal(s.datagram.captured, header + length);
      assert_memory_equal(s.datagram.bytes + header, data, length);
      return;
    }
    assert_int_equal(s.result.outcome, TCPFLOW_FRAG_HELD);
  }
  fail_msg("not complete");
}

static void any_cutting_order_and_repetition__same_datagram(void **state) {
  cutting_plan *const p = (cutting_plan *)malloc(sizeof(*p));
  uint8_t *const data = (uint8_t *)malloc(LONGEST);
  uint64_t seed = UINT64_C(0x0123456789abcdef);
  tcpflow_frag_config config;

  (void)state;
  tcpflow_frag_config_init(&config);
  config.max_fragments = CUTS_MAX;
  for (uint32_t i = 0; i < LONGEST; i++) {
    data[i] = (uint8_t)roll(&seed);
  }
  for (unsigned round = 0; round < ROUNDS; round++) {
    const uint32_t length =
      round < 3 ? LONGEST
                : 9 + below(&seed, round % 2 == 0 ? 3000 : LONGEST - 9);
    tcpflow_frag *frag = NULL;

    config.policy_ipv4 = 1 + round % 8;
    config.policy_ipv6 = 1 + round % 8;
    assert_int_equal(tcpflow_frag_new(&frag, &config, NULL, NULL, NULL), 0);
    plan(p, data, length, round % 2 == 0 ? 4 : 6, &seed);
    repeat_some(p, &seed);
    if (round % 4 != 0) {
      shuffle(p, &seed);
    }
    check_plan(frag, p, data, length);
    tcpflow_frag_del(frag);
  }
  free(data);
  free(p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(any_calls__agree_with_the_model),
    cmocka_unit_test(many_overlaps__agree_with_the_model),
    cmocka_unit_test(any_cutting_order_and_repetition__same_datagram),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
