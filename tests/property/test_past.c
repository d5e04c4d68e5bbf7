/*
 * tests/property/test_past.c - what a stream remembers: however it was cut, and
 * however a piece of it comes again, a difference is told of exactly those
 * octets that are remembered and of ranges that the piece has all of.
 *
 * Rounds come from a fixed seed, so a failure can be run again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <string.h>

#include <tcpflow/stream.h>

enum {
  ROUNDS = 400,
  AGAIN = 40,      /* Pieces that come again, by round. */
  STREAM = 6000,   /* Octets. */
  RANGE = 512,     /* Of a digest, at most. */
  RANGES = STREAM, /* At most. */
};

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

typedef struct model {
  uint64_t seed;
  tcpflow_stream *stream;
  uint8_t octets[STREAM];
  unsigned end[RANGES]; /* Of the ranges. */
  unsigned ranges;
  unsigned told;
  unsigned tail;    /* How many octets are remembered, */
  unsigned digests; /* and how many ranges. */
  bool seen;        /* A conflict spanned the octet: */
  unsigned changed;
  unsigned conflicts;
} model;

static int on_conflict(tcpflow_stream *stream,
                       const tcpflow_stream_conflict *event, void *user) {
  model *const m = user;

  (void)stream;
  m->conflicts++;
  assert_true(event->delivered);
  assert_true(event->offset + event->length <= m->told);
  if (event->offset <= m->changed &&
      m->changed < event->offset + event->length) {
    m->seen = true;
  }
  /* Where it is known what came first, that is right. */
  if (event->first != NULL) {
    assert_memory_equal(event->first, m->octets + event->offset, event->length);
  }
  return 0;
}

static void begin(model *m) {
  tcpflow_stream_callbacks callbacks;
  tcpflow_stream_config config;

  tcpflow_stream_callbacks_init(&callbacks);
  callbacks.on_conflict = on_conflict;
  tcpflow_stream_config_init(&config);
  m->tail = below(&m->seed, 3) == 0 ? 0 : below(&m->seed, 2000);
  m->digests = below(&m->seed, 4) == 0 ? 0 : 1 + below(&m->seed, 60);
  config.max_tail_bytes = m->tail;
  config.max_tail_digests = m->digests;
  config.hash_key[3] = (uint8_t)roll(&m->seed);
  assert_int_equal(tcpflow_stream_new(&m->stream, &config, &callbacks, NULL, m),
                   TCPFLOW_OK);
  for (unsigned i = 0; i < STREAM; i++) {
    m->octets[i] = (uint8_t)roll(&m->seed);
  }
  m->ranges = 0;
  m->told = 0;
}

static void end_range(model *m, unsigned end) {
  if (m->ranges == 0 || m->end[m->ranges - 1] != end) {
    m->end[m->ranges++] = end;
  }
}

static void tell(model *m) {
  const unsigned length = 1 + below(&m->seed, below(&m->seed, 2) ? 1600 : 60);
  const unsigned end = m->told + length < STREAM ? m->told + length : STREAM;

  assert_int_equal(tcpflow_stream_add(m->stream, m->told, m->octets + m->told,
                                      end - m->told, end - m->told),
                   TCPFLOW_OK);
  for (unsigned at = m->told / RANGE * RANGE + RANGE; at < end; at += RANGE) {
    end_range(m, at);
  }
  end_range(m, end);
  m->told = end;
}

/* Is the changed octet in a range that is remembered, and lies in [FROM,
   TO)? */
static bool in_a_range(const model *m, unsigned from, unsigned to) {
  const unsigned first = m->ranges > m->digests ? m->ranges - m->digests : 0;

  for (unsigned i = first; i < m->ranges; i++) {
    const unsigned begin = i == 0 ? 0 : m->end[i - 1];

    if (begin <= m->changed && m->changed < m->end[i]) {
      return from <= begin && m->end[i] <= to;
    }
  }
  return false;
}

static void tell_again(model *m, bool change) {
  const unsigned from = below(&m->seed, m->told);
  const unsigned to = from + 1 + below(&m->seed, m->told - from);
  uint8_t octets[STREAM];

  memcpy(octets, m->octets, sizeof(octets));
  m->changed = from + below(&m->seed, to - from);
  octets[m->changed] ^= change ? (uint8_t)(1 + below(&m->seed, 255)) : 0;
  m->seen = false;
  m->conflicts = 0;
  assert_int_equal(
    tcpflow_stream_add(m->stream, from, octets + from, to - from, to - from),
    TCPFLOW_OK);
  if (!change) {
    assert_int_equal(m->conflicts, 0);
    return;
  }
  assert_int_equal(m->seen, (m->told - m->changed <= m->tail) ||
                              in_a_range(m, from, to));
  assert_int_equal(m->conflicts, m->seen);
}

static void any_cuts__just_what_is_remembered(void **state) {
  static model m;

  (void)state;
  m.seed = UINT64_C(0x2545f4914f6cdd1d);
  for (unsigned i = 0; i < ROUNDS; i++) {
    begin(&m);
    while (m.told < STREAM) {
      tell(&m);
      tell_again(&m, false);
    }
    for (unsigned n = 0; n < AGAIN; n++) {
      tell_again(&m, n % 4 != 0);
    }
    tcpflow_stream_del(m.stream);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(any_cuts__just_what_is_remembered),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
