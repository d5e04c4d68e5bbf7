/*
 * tests/property/stream_keeper.h - a stream whose listener keeps octets.
 *
 * For a tape of calls: pieces in any order, holes given up, ends, allocations
 * that fail.  The listener keeps as many octets as the tape says.  Whatever
 * comes, each octet says by its value where it belongs, kept ones come again
 * once, in front of what follows or by themselves, and nothing else does.  What
 * does not agree ends the process.
 */
#ifndef TCPFLOW_TESTS_STREAM_KEEPER_H
#define TCPFLOW_TESTS_STREAM_KEEPER_H

#include <tcpflow/stream.h>

#include <stdbool.h>

#include "property/stream_model.h"

typedef struct keeper {
  tcpflow_stream *stream;
  failmem fm;
  uint64_t max;   /* Octets that may be kept. */
  uint64_t next;  /* The next octet that was not told. */
  size_t kept;    /* Octets before it that are to come again. */
  unsigned keeps; /* The listener keeps so many. */
  unsigned stops; /* It asks to stop if this is 1. */
} keeper;

static inline uint8_t keeper_octet(uint64_t offset) {
  return (uint8_t)((offset * 167 + offset / 256) & 0xff);
}

/* All that were kept have come again, or will not. */
static inline void keeper_keep(keeper *k, const tcpflow_stream_data *event) {
  const bool alone = event->kept == event->length;
  const size_t wanted = k->keeps % (event->length + 2);
  const int error = tcpflow_stream_keep(k->stream, wanted);

  k->kept = 0;
  if (alone) {
    MODEL_CHECK(error == TCPFLOW_ERR_STATE);
  } else if (wanted > event->length) {
    MODEL_CHECK(error == TCPFLOW_ERR_INVALID);
  } else {
    MODEL_CHECK(error == TCPFLOW_OK || error == TCPFLOW_ERR_NOMEM ||
                (error == TCPFLOW_ERR_LIMIT && wanted > 0));
    k->kept = error == TCPFLOW_OK ? wanted : 0;
  }
}

static inline int keeper_data(tcpflow_stream *stream,
                              const tcpflow_stream_data *event, void *user) {
  keeper *const k = (keeper *)user;

  MODEL_CHECK(stream == k->stream && event->length > 0);
  MODEL_CHECK(event->kept == k->kept && event->kept <= event->length);
  MODEL_CHECK(event->kept == 0 || event->offset + event->kept == k->next);
  MODEL_CHECK(event->kept == 0 || event->length <= k->max);
  MODEL_CHECK(event->offset + event->kept >= k->next);
  MODEL_CHECK((event->number == UINT64_MAX) == (event->kept == event->length));
  for (size_t i = 0; i < event->length; i++) {
    MODEL_CHECK(event->bytes[i] == keeper_octet(event->offset + i));
  }
  k->next = event->offset + event->length;
  keeper_keep(k, event);
  return k->stops == 1;
}

/* What was kept has come by itself, and cannot be kept in a gap. */
static inline int keeper_gap(tcpflow_stream *stream,
                             const tcpflow_stream_gap *event, void *user) {
  keeper *const k = (keeper *)user;

  MODEL_CHECK(k->kept == 0 && event->offset >= k->next);
  MODEL_CHECK(tcpflow_stream_keep(stream, 0) == TCPFLOW_ERR_STATE);
  k->next = event->offset + event->length;
  return k->stops == 1;
}

static inline void keeper_add(keeper *k, model_tape *tape) {
  uint8_t bytes[MODEL_LONGEST];
  tcpflow_stream_piece piece;
  const uint64_t ahead = model_take(tape) % 3 == 0 ? model_take(tape) : 0;
  const uint64_t back = model_take(tape) % 5;

  tcpflow_stream_piece_init(&piece);
  piece.offset = k->next + ahead > back ? k->next + ahead - back : 0;
  piece.length = model_take(tape) % MODEL_LONGEST;
  piece.captured = model_take(tape) % 16 == 1 ? piece.length / 2 : piece.length;
  piece.bytes = bytes;
  for (size_t i = 0; i < piece.captured; i++) {
    bytes[i] = keeper_octet(piece.offset + i);
  }
  (void)tcpflow_stream_add_piece(k->stream, &piece);
}

static inline void keeper_op(keeper *k, model_tape *tape) {
  switch (model_take(tape) % 16) {
  case 0:
    k->fm.fail_at = k->fm.requests + 1 + model_take(tape) % 3;
    break;
  case 1:
    (void)tcpflow_stream_skip(k->stream, k->next + model_take(tape),
                              TCPFLOW_GAP_SKIPPED);
    break;
  case 2:
    if (model_take(tape) % 8 == 1) {
      (void)tcpflow_stream_finish(k->stream, k->next + model_take(tape));
    }
    break;
  case 3:
    if (tcpflow_stream_flush(k->stream, TCPFLOW_GAP_FLUSHED) == TCPFLOW_OK) {
      MODEL_CHECK(k->kept == 0);
    }
    break;
  case 4:
    k->stops = model_take(tape) % 8;
    break;
  case 5:
  case 6:
    k->keeps = model_take(tape);
    break;
  default:
    keeper_add(k, tape);
    break;
  }
  MODEL_CHECK(tcpflow_stream_keep(k->stream, 0) == TCPFLOW_ERR_STATE);
}

static inline void keeper_play(const uint8_t *data, size_t size) {
  model_tape tape = {data, size, 0};
  keeper k = {.keeps = 3};
  const tcpflow_mem mem = failmem_table(&k.fm);
  tcpflow_stream_config config;
  tcpflow_stream_callbacks callbacks;

  tcpflow_stream_config_init(&config);
  config.max_held_bytes = (uint64_t)model_take(&tape) * 16;
  config.max_tail_bytes = model_take(&tape) % 4 == 1 ? 64 : 0;
  k.max = config.max_held_bytes;
  tcpflow_stream_callbacks_init(&callbacks);
  callbacks.on_data = keeper_data;
  callbacks.on_gap = keeper_gap;
  MODEL_CHECK(tcpflow_stream_new(&k.stream, &config, &callbacks, &mem, &k) ==
              TCPFLOW_OK);
  while (tape.at < tape.size) {
    keeper_op(&k, &tape);
  }
  tcpflow_stream_del(k.stream);
  MODEL_CHECK(k.fm.live_blocks == 0);
}

#endif /* TCPFLOW_TESTS_STREAM_KEEPER_H */
