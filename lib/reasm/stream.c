/*
 * lib/reasm/stream.c - the public object over the reassembly engine.
 *
 * Room: reasm.  Includes: base.  One stream, one budget: what a caller without
 * a tracker needs.  A flag keeps callbacks from coming back in; the work goes
 * on behind a callback that said stop, so that it is never half done.
 */
#include <tcpflow/stream.h>

#include "base/mem.h"
#include "base/sized.h"
#include "reasm/overlap.h"
#include "reasm/past.h"
#include "reasm/reasm.h"
#include "reasm/rest.h"
#include "reasm/retell.h"

TCPFLOW__NO_TAIL_PADDING(tcpflow_stream_callbacks, on_conflict);
TCPFLOW__NO_TAIL_PADDING(tcpflow_stream_config, hash_key);
TCPFLOW__NO_TAIL_PADDING(tcpflow_stream_piece, reserved);
TCPFLOW__NO_TAIL_PADDING(tcpflow_stream_info, held_memory);

/* No octet of a stream lies here or beyond. */
static const uint64_t horizon = UINT64_C(1) << 63;

struct tcpflow_stream {
  tcpflow__reasm reasm;
  tcpflow__reasm_rest rest; /* Of reasm. */
  tcpflow__budget budget;
  tcpflow__reasm_limits limits;
  tcpflow_stream_callbacks callbacks;
  void *user;
  tcpflow__past past;
  tcpflow__past_rule rule; /* Of what is remembered. */
  tcpflow__hearing hearing;
  bool busy;    /* A callback may be running. */
  bool stopped; /* One has asked to stop. */
};

static uint32_t clamp32(uint64_t n) {
  return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

void tcpflow_stream_config_defaults(tcpflow_stream_config *config,
                                    size_t size) {
  tcpflow_stream_config ours;

  tcpflow_sized_init(&ours, sizeof(ours));
  ours.max_held_bytes = UINT64_C(1) << 20;
  ours.max_held_pieces = 4096;
  tcpflow_sized_init(config, size);
  tcpflow__sized_write(config, &ours, sizeof(ours));
}

static int read_config(tcpflow_stream *ours,
                       const tcpflow_stream_config *theirs) {
  tcpflow_stream_config config;

  tcpflow_stream_config_init(&config);
  if (theirs != NULL && tcpflow__sized_read(&config, sizeof(config), theirs)) {
    return TCPFLOW_ERR_VERSION;
  }
  ours->limits.max_memory = clamp32(config.max_held_bytes);
  ours->limits.max_pieces = clamp32(config.max_held_pieces);
  ours->budget.cap = ours->limits.max_memory;
  if (!tcpflow__is_overlap(config.overlap)) {
    return TCPFLOW_ERR_INVALID;
  }
  ours->reasm.overlap = (uint8_t)config.overlap;
  ours->rule = tcpflow__past_rule_of(config.max_tail_bytes,
                                     config.max_tail_digests, config.hash_key);
  ours->reasm.rest = tcpflow__rest_shared(config.gated != 0);
  return tcpflow__keeper_read(&ours->budget.keeper, config.hold);
}

static int read_callbacks(tcpflow_stream *ours,
                          const tcpflow_stream_callbacks *theirs) {
  tcpflow_stream_callbacks_init(&ours->callbacks);
  return theirs == NULL ? TCPFLOW_OK
                        : tcpflow__sized_read(&ours->callbacks,
                                              sizeof(ours->callbacks), theirs);
}

int tcpflow_stream_new(tcpflow_stream **out,
                       const tcpflow_stream_config *config,
                       const tcpflow_stream_callbacks *callbacks,
                       const tcpflow_mem *mem, void *user) {
  tcpflow_stream draft = {.user = user};
  tcpflow_stream *stream = NULL;

  tcpflow__reasm_init(&draft.reasm);
  int error = read_config(&draft, config);
  if (error == TCPFLOW_OK) {
    error = read_callbacks(&draft, callbacks);
  }
  if (error != TCPFLOW_OK) {
    return error;
  }
  if (tcpflow__mem_read(&draft.budget.mem, mem) != TCPFLOW_OK) {
    return TCPFLOW_ERR_INVALID;
  }

  stream = tcpflow__malloc(&draft.budget.mem, sizeof(*stream));
  if (stream == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  *stream = draft;
  tcpflow__rest_lend(&stream->reasm, &stream->rest);
  *out = stream;
  return TCPFLOW_OK;
}

void tcpflow_stream_del(tcpflow_stream *stream) {
  if (stream == NULL || stream->busy) {
    return;
  }

  const tcpflow_mem mem = stream->budget.mem;
  tcpflow__reasm_clear(&stream->reasm, &stream->budget);
  tcpflow__past_clear(&stream->past, &stream->budget);
  tcpflow__leftover_shorten(&stream->past.left, &stream->budget, 0);
  tcpflow__free(&mem, stream);
}

/* Who remembers what was told hears of it to the end. */
static bool goes_on(const tcpflow_stream *stream) {
  return !stream->stopped || stream->rule.any;
}

static void call_on_data(void *user, const tcpflow_stream_data *data) {
  tcpflow_stream *const stream = user;

  if (stream->callbacks.on_data(stream, data, stream->user) != 0) {
    stream->stopped = true;
  }
}

static bool listens(void *user) {
  const tcpflow_stream *const stream = user;

  return !stream->stopped && stream->callbacks.on_data != NULL;
}

static tcpflow__retell retell_of(tcpflow_stream *stream) {
  return (tcpflow__retell){&stream->past.left,
                           &stream->budget,
                           &stream->hearing,
                           call_on_data,
                           listens,
                           stream,
                           stream->limits.max_memory};
}

static bool pass_data(void *user, const tcpflow_stream_data *event) {
  tcpflow_stream *stream = user;

  if (stream->rule.any) {
    tcpflow__past_add(&stream->past, &stream->budget, &stream->rule, event);
  }
  if (listens(stream)) {
    const tcpflow__retell retell = retell_of(stream);
    tcpflow__retell_next(&retell, event);
  }
  return goes_on(stream);
}

/* What is kept, by itself. */
static void pass_left(tcpflow_stream *stream) {
  const tcpflow__retell retell = retell_of(stream);

  tcpflow__retell_left(&retell);
}

static bool pass_gap(void *user, const tcpflow_stream_gap *event) {
  tcpflow_stream *stream = user;

  pass_left(stream);
  if (!stream->stopped && stream->callbacks.on_gap != NULL &&
      stream->callbacks.on_gap(stream, event, stream->user) != 0) {
    stream->stopped = true;
  }
  return goes_on(stream);
}

static bool pass_conflict(void *user, const tcpflow_stream_conflict *event) {
  tcpflow_stream *stream = user;

  if (!stream->stopped && stream->callbacks.on_conflict != NULL &&
      stream->callbacks.on_conflict(stream, event, stream->user) != 0) {
    stream->stopped = true;
  }
  return goes_on(stream);
}

/* FLUSH: nothing is waited for. */
static int drain(tcpflow_stream *stream, tcpflow__reasm_input *input,
                 bool flush) {
  const tcpflow__reasm_sink sink = {pass_data, pass_gap, pass_conflict, stream};

  tcpflow_stream_conflict conflict[2];

  stream->busy = true;
  stream->stopped = false;
  const unsigned conflicts = tcpflow__past_differs(
    &stream->past, &stream->rule, &stream->reasm, input, conflict);
  for (unsigned i = 0; i < conflicts; i++) {
    (void)pass_conflict(stream, &conflict[i]);
  }
  tcpflow__reasm_drain(&stream->reasm, &stream->budget, &stream->limits, input,
                       &sink);
  if (flush || stream->reasm.next == stream->reasm.end) {
    pass_left(stream);
  }
  stream->busy = false;
  return stream->stopped ? TCPFLOW_ERR_CALLBACK : TCPFLOW_OK;
}

/* The piece is of the current size. */
static int add(tcpflow_stream *stream, const tcpflow_stream_piece *piece) {
  const bool reaches_too_far = piece->length > UINT32_MAX ||
                               piece->offset > horizon ||
                               piece->length > horizon - piece->offset;

  if (stream->busy) {
    return TCPFLOW_ERR_STATE;
  }
  if (reaches_too_far || piece->captured > piece->length ||
      (piece->bytes == NULL && piece->captured > 0)) {
    return TCPFLOW_ERR_INVALID;
  }

  tcpflow__reasm_input input = {
    .bytes = piece->bytes,
    .offset = piece->offset,
    .length = (uint32_t)piece->length,
    .captured = (uint32_t)piece->captured,
    .time = piece->time,
    .number = piece->number,
    .handle = piece->handle,
  };
  const int rc = tcpflow__reasm_put(&stream->reasm, &stream->budget,
                                    &stream->limits, &input);
  return rc == TCPFLOW_OK ? drain(stream, &input, false) : rc;
}

int tcpflow_stream_add(tcpflow_stream *stream, uint64_t offset,
                       const uint8_t *bytes, size_t length, size_t captured) {
  const tcpflow_stream_piece piece = {.size = sizeof(piece),
                                      .offset = offset,
                                      .bytes = bytes,
                                      .length = length,
                                      .captured = captured};

  return add(stream, &piece);
}

int tcpflow_stream_add_piece(tcpflow_stream *stream,
                             const tcpflow_stream_piece *piece) {
  tcpflow_stream_piece ours;

  tcpflow_stream_piece_init(&ours);
  return tcpflow__sized_read(&ours, sizeof(ours), piece) == TCPFLOW_OK
           ? add(stream, &ours)
           : TCPFLOW_ERR_VERSION;
}

int tcpflow_stream_gate(tcpflow_stream *stream, uint64_t offset) {
  tcpflow__reasm *const reasm = &stream->reasm;

  if (stream->busy) {
    return TCPFLOW_ERR_STATE;
  }
  if (offset > reasm->rest->gate) {
    reasm->rest->gate = offset;
  }
  return drain(stream, NULL, false);
}

int tcpflow_stream_keep(tcpflow_stream *stream, size_t octets) {
  return tcpflow__retell_keep(&stream->hearing, &stream->past.left,
                              &stream->budget, stream->limits.max_memory,
                              octets);
}

int tcpflow_stream_set_overlap(tcpflow_stream *stream,
                               tcpflow_overlap overlap) {
  if (!tcpflow__is_overlap(overlap)) {
    return TCPFLOW_ERR_INVALID;
  }
  stream->reasm.overlap = (uint8_t)overlap;
  return TCPFLOW_OK;
}

size_t tcpflow_stream_peek(const tcpflow_stream *stream, uint64_t offset,
                           tcpflow_stream_data *found) {
  return tcpflow__reasm_peek(&stream->reasm, offset, found) ||
             tcpflow__tail_peek(stream->past.tail, offset, found)
           ? found->length
           : 0;
}

int tcpflow_stream_finish(tcpflow_stream *stream, uint64_t offset) {
  tcpflow__reasm *reasm = &stream->reasm;

  if (stream->busy) {
    return TCPFLOW_ERR_STATE;
  }
  if (reasm->end == UINT64_MAX && offset <= horizon &&
      offset >= tcpflow__reasm_last(reasm)) {
    reasm->end = offset;
  }
  return reasm->end == offset ? TCPFLOW_OK : TCPFLOW_ERR_INVALID;
}

static bool is_reason(tcpflow_gap_reason reason) {
  switch (reason) {
  case TCPFLOW_GAP_ACKED:
  case TCPFLOW_GAP_CUT:
  case TCPFLOW_GAP_LIMIT:
  case TCPFLOW_GAP_TIMEOUT:
  case TCPFLOW_GAP_CLOSED:
  case TCPFLOW_GAP_FLUSHED:
  case TCPFLOW_GAP_SKIPPED:
    return true;
  }
  return false;
}

static int skip(tcpflow_stream *stream, uint64_t offset,
                tcpflow_gap_reason reason, bool flush) {
  if (stream->busy) {
    return TCPFLOW_ERR_STATE;
  }
  if (offset > horizon || !is_reason(reason)) {
    return TCPFLOW_ERR_INVALID;
  }
  tcpflow__reasm_give_up(&stream->reasm, &stream->budget, offset, reason);
  if (offset > stream->reasm.rest->gate) {
    stream->reasm.rest->gate = offset;
  }
  return drain(stream, NULL, flush);
}

int tcpflow_stream_skip(tcpflow_stream *stream, uint64_t offset,
                        tcpflow_gap_reason reason) {
  return skip(stream, offset, reason, false);
}

int tcpflow_stream_flush(tcpflow_stream *stream, tcpflow_gap_reason reason) {
  const tcpflow__reasm *reasm = &stream->reasm;

  return skip(
    stream, reasm->end != UINT64_MAX ? reasm->end : tcpflow__reasm_last(reasm),
    reason, true);
}

int tcpflow_stream_get_info(const tcpflow_stream *stream,
                            tcpflow_stream_info *info) {
  const tcpflow__reasm *reasm = &stream->reasm;

  if (tcpflow__sized_check(info) != TCPFLOW_OK) {
    return TCPFLOW_ERR_VERSION;
  }

  const tcpflow_stream_info ours = {
    .size = sizeof(ours),
    .next = reasm->next,
    .end = reasm->end,
    .delivered = reasm->next - reasm->rest->missing,
    .missing = reasm->rest->missing,
    .duplicate = reasm->rest->duplicate,
    .conflicting = reasm->rest->conflicting,
    .beyond_end = reasm->rest->beyond_end,
    .held_bytes = tcpflow__reasm_held(reasm),
    .held_pieces = reasm->rest->pieces,
    .held_memory = reasm->rest->memory,
  };
  tcpflow__sized_write(info, &ours, sizeof(ours));
  return TCPFLOW_OK;
}
