/*
 * tests/property/test_stream_model.c - reassembly against a byte-array model,
 * and: however bytes are cut, ordered and repeated, the stream is the same, and
 * so it is for who keeps octets of it.
 *
 * Tapes come from fixed seeds, so a failure can be run again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "property/stream_keeper.h"
#include "property/stream_model.h"

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
  TAPES = 4000,
  TAPE_MAX = 1200
};

/* A tape of any octets; returns how many. */
static size_t roll_tape(uint64_t *seed, uint8_t tape[TAPE_MAX]) {
  const size_t size = 8 + below(seed, TAPE_MAX - 8);

  for (size_t k = 0; k < size; k++) {
    tape[k] = (uint8_t)below(seed, 256);
  }
  return size;
}

static void any_calls__kept_octets_come_again(void **state) {
  uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);
  uint8_t tape[TAPE_MAX];

  (void)state;
  for (unsigned i = 0; i < TAPES; i++) {
    keeper_play(tape, roll_tape(&seed, tape));
  }
}

static void any_calls__agree_with_the_model(void **state) {
  uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);
  uint8_t tape[TAPE_MAX];

  (void)state;
  for (unsigned i = 0; i < TAPES; i++) {
    const size_t size = roll_tape(&seed, tape);

    /* Every other one has room enough, so that pieces pile up. */
    if (i % 2 == 0) {
      memset(tape, 0xff, 3);
    }
    model_play(tape, size);
  }
}

enum {
  LENGTH = 1500,
  CUTS = 200,
  ROUNDS = 300
};

/* A part of the original that is sent. */
typedef struct part {
  size_t from;
  size_t length;
} part;

typedef struct sent {
  uint8_t bytes[LENGTH];
  part parts[3 * CUTS];
  size_t count;
} sent;

typedef struct received {
  uint8_t bytes[LENGTH];
  size_t length;
  unsigned faults;
} received;

static void add_part(sent *s, size_t from, size_t length) {
  s->parts[s->count].from = from;
  s->parts[s->count].length = length;
  s->count++;
}

/* Cuts all of the original, then adds parts that overlap the others. */
static void cut(sent *s, uint64_t *seed) {
  size_t from = 0;

  s->count = 0;
  while (from < LENGTH && s->count < CUTS - 1) {
    const size_t length = 1 + below(seed, below(seed, 4) == 0 ? 100 : 10);

    add_part(s, from, length < LENGTH - from ? length : LENGTH - from);
    from += length;
  }
  if (from < LENGTH) {
    add_part(s, from, LENGTH - from);
  }
  for (unsigned i = below(seed, CUTS); i > 0; i--) {
    from = below(seed, LENGTH);
    add_part(s, from, 1 + below(seed, (unsigned)(LENGTH - from)) % 60);
    if (s->parts[s->count - 1].length > LENGTH - from) {
      s->parts[s->count - 1].length = LENGTH - from;
    }
  }
}

static void shuffle(sent *s, uint64_t *seed) {
  for (size_t i = s->count - 1; i > 0; i--) {
    const size_t k = below(seed, (unsigned)(i + 1));
    const part other = s->parts[i];

    s->parts[i] = s->parts[k];
    s->parts[k] = other;
  }
}

static int on_data(tcpflow_stream *stream, const tcpflow_stream_data *event,
                   void *user) {
  received *got = user;

  (void)stream;
  if (event->offset != got->length || event->length > LENGTH - got->length) {
    got->faults++;
    return 0;
  }
  memcpy(got->bytes + got->length, event->bytes, event->length);
  got->length += event->length;
  return 0;
}

static int on_gap(tcpflow_stream *stream, const tcpflow_stream_gap *event,
                  void *user) {
  (void)stream;
  (void)event;
  ((received *)user)->faults++;
  return 0;
}

static int on_conflict(tcpflow_stream *stream,
                       const tcpflow_stream_conflict *event, void *user) {
  (void)stream;
  (void)event;
  ((received *)user)->faults++;
  return 0;
}

static void receive(const sent *s, received *got) {
  tcpflow_stream_callbacks callbacks;
  tcpflow_stream_info info;
  tcpflow_stream *stream = NULL;
  uint64_t total = 0;

  memset(got, 0, sizeof(*got));
  tcpflow_stream_callbacks_init(&callbacks);
  callbacks.on_data = on_data;
  callbacks.on_gap = on_gap;
  callbacks.on_conflict = on_conflict;
  assert_int_equal(tcpflow_stream_new(&stream, NULL, &callbacks, NULL, got),
                   TCPFLOW_OK);
  for (size_t i = 0; i < s->count; i++) {
    total += s->parts[i].length;
    assert_int_equal(tcpflow_stream_add(stream, s->parts[i].from,
                                        s->bytes + s->parts[i].from,
                                        s->parts[i].length, s->parts[i].length),
                     TCPFLOW_OK);
  }
  tcpflow_stream_info_init(&info);
  assert_int_equal(tcpflow_stream_get_info(stream, &info), TCPFLOW_OK);
  assert_int_equal(info.next, LENGTH);
  assert_int_equal(info.delivered, LENGTH);
  assert_int_equal(info.duplicate, total - LENGTH);
  assert_int_equal(info.held_memory, 0);
  tcpflow_stream_del(stream);
}

static void any_cut_and_order__the_same_stream(void **state) {
  static sent s;
  static received got;
  uint64_t seed = UINT64_C(0x2545f4914f6cdd1d);

  (void)state;
  for (unsigned round = 0; round < ROUNDS; round++) {
    for (size_t i = 0; i < LENGTH; i++) {
      s.bytes[i] = (uint8_t)below(&seed, 256);
    }
    cut(&s, &seed);
    shuffle(&s, &seed);
    receive(&s, &got);
    assert_int_equal(got.faults, 0);
    assert_int_equal(got.length, LENGTH);
    assert_memory_equal(got.bytes, s.bytes, LENGTH);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(any_calls__agree_with_the_model),
    cmocka_unit_test(any_calls__kept_octets_come_again),
    cmocka_unit_test(any_cut_and_order__the_same_stream),
  };

  return cmocka_run_group_tests_name("stream_model", tests, NULL, NULL);
}
