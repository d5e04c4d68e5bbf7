/*
 * tests/unit/reasm/recorder.h - what a stream told, as one line of text.
 *
 *   D0:abc;      octets 0 to 2, borrowed from the input
 *   H3:def;      octets 3 to 5, held before
 *   G6+4:limit;  octets 6 to 9 are missing
 *   C3:de/xy;    octets 3 and 4 were "de" first and are "xy" now
 */
#ifndef TCPFLOW_TESTS_REASM_RECORDER_H
#define TCPFLOW_TESTS_REASM_RECORDER_H

#include <stdio.h>
#include <string.h>

#include "reasm/pieces.h"
#include "reasm/reasm.h"
#include "reasm/rest.h"
#include "unit/failmem.h"

typedef struct recorder {
  char log[2048];
  char seen[2048]; /* What rig_told() answered. */
  size_t used;
  unsigned hear; /* The event with this number says stop; 0: none. */
  unsigned heard;
} recorder;

static inline void recorder_clear(recorder *rec) {
  memset(rec, 0, sizeof(*rec));
}

static inline void recorder_text(recorder *rec, const char *text) {
  const size_t length = strlen(text);

  if (length < sizeof(rec->log) - rec->used) {
    memcpy(rec->log + rec->used, text, length + 1);
    rec->used += length;
  }
}

static inline void recorder_bytes(recorder *rec, const uint8_t *bytes,
                                  size_t length) {
  for (size_t i = 0; i < length; i++) {
    const char text[2] = {(char)bytes[i], '\0'};

    recorder_text(rec, text);
  }
}

static inline bool recorder_done(recorder *rec) {
  recorder_text(rec, ";");
  return ++rec->heard != rec->hear;
}

static inline bool recorder_data(void *user, const tcpflow_stream_data *event) {
  recorder *rec = (recorder *)user;
  char head[32];

  snprintf(head, sizeof(head), "%c%llu:", event->held ? 'H' : 'D',
           (unsigned long long)event->offset);
  recorder_text(rec, head);
  recorder_bytes(rec, event->bytes, event->length);
  return recorder_done(rec);
}

static inline bool recorder_gap(void *user, const tcpflow_stream_gap *event) {
  static const char *const reasons[] = {
    "acked", "cut", "limit", "timeout", "closed", "flushed", "skipped"};
  recorder *rec = (recorder *)user;
  char text[64];

  snprintf(text, sizeof(text), "G%llu+%llu:%s",
           (unsigned long long)event->offset, (unsigned long long)event->length,
           reasons[event->reason]);
  recorder_text(rec, text);
  return recorder_done(rec);
}

static inline bool recorder_conflict(void *user,
                                     const tcpflow_stream_conflict *event) {
  recorder *rec = (recorder *)user;
  char head[32];

  snprintf(head, sizeof(head), "C%llu:", (unsigned long long)event->offset);
  recorder_text(rec, head);
  recorder_bytes(rec, event->first, event->length);
  recorder_text(rec, "/");
  recorder_bytes(rec, event->second, event->length);
  return recorder_done(rec);
}

/* The engine with its pool and a listener. */
typedef struct rig {
  tcpflow__reasm r;
  tcpflow__reasm_rest rest; /* Of r. */
  tcpflow__budget budget;
  tcpflow__reasm_limits limits;
  failmem fm;
  recorder rec;
} rig;

/* Starts at OFFSET, as if all before it had been missing; no limits. */
static inline void rig_start(rig *g, uint64_t offset) {
  memset(g, 0, sizeof(*g));
  g->budget.mem = failmem_table(&g->fm);
  g->budget.cap = UINT64_MAX;
  g->limits.max_memory = UINT32_MAX;
  g->limits.max_pieces = UINT32_MAX;
  tcpflow__reasm_init(&g->r);
  tcpflow__rest_lend(&g->r, &g->rest);
  g->r.next = offset;
  g->r.rest->missing = offset;
}

static inline void rig_drain(rig *g, tcpflow__reasm_input *input) {
  const tcpflow__reasm_sink sink = {recorder_data, recorder_gap,
                                    recorder_conflict, &g->rec};

  tcpflow__reasm_drain(&g->r, &g->budget, &g->limits, input, &sink);
}

static inline int rig_put(rig *g, tcpflow__reasm_input *input) {
  return tcpflow__reasm_put(&g->r, &g->budget, &g->limits, input);
}

/* Adds the octets of TEXT, and LENGTH - strlen(TEXT) that were cut. */
static inline int rig_add_cut(rig *g, uint64_t offset, const char *text,
                              uint32_t length) {
  const uint32_t captured = (uint32_t)strlen(text);
  uint8_t *bytes = malloc(captured > 0 ? captured : 1);
  tcpflow__reasm_input input = {
    .bytes = bytes, .offset = offset, .length = length, .captured = captured};
  int rc = TCPFLOW_ERR_NOMEM;

  if (bytes != NULL) {
    memcpy(bytes, text, captured);
    rc = rig_put(g, &input);
    if (rc == TCPFLOW_OK) {
      rig_drain(g, &input);
    }
  }
  free(bytes);
  return rc;
}

static inline int rig_add(rig *g, uint64_t offset, const char *text) {
  return rig_add_cut(g, offset, text, (uint32_t)strlen(text));
}

static inline void rig_give_up(rig *g, uint64_t offset,
                               tcpflow_gap_reason reason) {
  tcpflow__reasm_give_up(&g->r, &g->budget, offset, reason);
  rig_drain(g, NULL);
}

/* Whether all invariants hold and all memory is accounted for. */
static inline bool rig_is_sound(const rig *g) {
  return tcpflow__reasm_check(&g->r) && g->budget.used == g->r.rest->memory &&
         g->budget.used + g->budget.rests == g->fm.live_bytes &&
         g->budget.used <= g->budget.cap;
}

/* The log since the last look; "unsound" if something is wrong.  Valid until
   the next look. */
static inline const char *rig_told(rig *g) {
  memcpy(g->rec.seen, g->rec.log, sizeof(g->rec.seen));
  g->rec.used = 0;
  g->rec.log[0] = '\0';
  return rig_is_sound(g) ? g->rec.seen : "unsound";
}

/* Frees what is held; false if something was wrong or is left. */
static inline bool rig_stop(rig *g) {
  const bool sound = rig_is_sound(g);

  tcpflow__reasm_clear(&g->r, &g->budget);
  return sound && rig_is_sound(g) && g->fm.live_blocks == 0;
}

#endif /* TCPFLOW_TESTS_REASM_RECORDER_H */
