/*
 * tests/property/conn_watch.h - what must be true of all that a connection
 * tells, whatever it was fed.
 *
 *   watch w;
 *   watch_open(&w, &config, &mem);
 *   watch_feed(&w, side, &segment);
 *   watch_close(&w);
 *
 * There is one `new`, then one `end`, and nothing behind it; the events of a
 * segment come in the order that conn.h promises; states move along the arrows
 * of the diagram; data and gaps tile each stream, but for the urgent octets
 * that are left out; a conflict with what was told quotes it; what is told is
 * what can be asked for.  A violation ends the program: the fuzzer wants it so,
 * and it does for a test.
 */
#ifndef TCPFLOW_TESTS_CONN_WATCH_H
#define TCPFLOW_TESTS_CONN_WATCH_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conn/candidates.h"
#include "conn/conn.h"
#include "conn/extra.h"
#include "reasm/past.h"
#include "reasm/pieces.h"
#include "unit/failmem.h"

/* The events, in the order in which one segment brings them. */
typedef enum watch_phase {
  WATCH_NOTHING,
  WATCH_NEW,
  WATCH_SEGMENT,
  WATCH_STATE,
  WATCH_ESTABLISHED,
  WATCH_STREAM,
  WATCH_ANOMALY,
  WATCH_END
} watch_phase;

enum {
  WATCH_TOLD = 64, /* More than a test lets a connection remember. */
  WATCH_MARKS = 8
};

/* An urgent octet as it was told. */
typedef struct watch_mark {
  uint64_t offset;
  int octet;
} watch_mark;

typedef struct watch_side {
  tcpflow_state state;
  uint64_t next;     /* Data and gaps were told up to here. */
  uint64_t gaps;     /* Octets told as gaps. */
  size_t kept;       /* Octets that were kept of the last data. */
  bool stopped;      /* No data is told any more. */
  bool shift_known;  /* shift is set. */
  int64_t shift;     /* Where offset 0 is, for whoever knows better. */
  uint64_t told_end; /* told[] are the octets in front of this. */
  unsigned told_length;
  uint8_t told[WATCH_TOLD];
  watch_mark mark[WATCH_MARKS]; /* The latest ones, in turn. */
  unsigned marks;
} watch_side;

typedef struct watch {
  tcpflow_conn *conn;
  watch_side side[2];
  uint32_t urgent_policy;
  uint64_t max_tail;
  tcpflow_state before[2]; /* At the beginning of the call. */
  watch_phase phase;       /* Latest event of the call. */
  bool timed; /* It was brought by time, and those of a segment may follow. */
  unsigned news;
  unsigned opens;
  unsigned ends;
  bool silent;     /* Somebody has asked not to be told everything. */
  bool ignored;    /* For good. */
  bool end_asked;  /* From inside a callback of the call. */
  size_t keeps;    /* Of the end of all data so many octets are kept. */
  uint64_t digest; /* Of all events. */
  /* Called in each callback; answers what that answers. */
  int (*inside)(struct watch *w, watch_phase event);
  /* Looks at data; NULL: nobody does. */
  void (*on_data)(struct watch *w, const tcpflow_data_event *event);
  void (*on_segment)(struct watch *w, const tcpflow_segment_event *event);
  void *user;
} watch;

#define WATCH_CHECK(condition)                                                 \
  do {                                                                         \
    if (!(condition)) {                                                        \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);          \
      abort();                                                                 \
    }                                                                          \
  } while (0)

static inline void watch_digest(watch *w, uint64_t number) {
  w->digest ^= number;
  w->digest = (w->digest & UINT64_MAX >> 29) << 29 | w->digest >> 35;
  w->digest ^= w->digest >> 3;
}

static inline int watch_event(watch *w, tcpflow_conn *conn, watch_phase event,
                              tcpflow_time time) {
  int answer;

  WATCH_CHECK(conn == w->conn);
  WATCH_CHECK(w->ends == 0 || event == WATCH_END);
  WATCH_CHECK(!w->ignored || event == WATCH_END);
  WATCH_CHECK(event == WATCH_NEW || w->news == 1 || w->ignored);
  WATCH_CHECK(event >= w->phase || (w->phase == WATCH_ANOMALY && w->end_asked));
  w->phase = event;
  watch_digest(w, event);
  watch_digest(w, time);
  answer = w->inside != NULL ? w->inside(w, event) : 0;
  w->silent |= answer != 0;
  return answer;
}

/* A segment is told: what was brought by time is told. */
static inline void watch_past_time(watch *w) {
  w->phase = w->timed ? WATCH_NOTHING : w->phase;
  w->timed = false;
}

static inline int watch_on_new(tcpflow_conn *conn,
                               const tcpflow_new_event *event, void *user) {
  watch *const w = (watch *)user;

  w->news++;
  WATCH_CHECK(w->news == 1 && w->phase == WATCH_NOTHING);
  return watch_event(w, conn, WATCH_NEW, event->time);
}

static inline int watch_on_segment(tcpflow_conn *conn,
                                   const tcpflow_segment_event *event,
                                   void *user) {
  watch *const w = (watch *)user;

  watch_past_time(w);
  WATCH_CHECK(w->phase < WATCH_SEGMENT);
  WATCH_CHECK(event->verdict >> TCPFLOW_VERDICT_COUNT == 0);
  for (int i = 0; i < 2; i++) {
    WATCH_CHECK(event->before[i] == w->before[i]);
    WATCH_CHECK(event->after[i] == tcpflow_conn_state(conn, (tcpflow_side)i));
  }
  watch_digest(w, event->verdict);
  watch_digest(w, event->offset);
  if (w->on_segment != NULL) {
    w->on_segment(w, event);
  }
  return watch_event(w, conn, WATCH_SEGMENT, event->time);
}

/* A RST that is reversed leads out of CLOSED, to where the endpoint would be
   without it, and a FIN that was none likewise; everything else goes along an
   arrow. */
static inline void watch_move(watch_side *side,
                              const tcpflow_state_event *event) {
  WATCH_CHECK(event->from == side->state);
  WATCH_CHECK(event->to != event->from);
  if (event->stimulus == TCPFLOW_STIMULUS_RESUME) {
    WATCH_CHECK(event->from == TCPFLOW_STATE_CLOSED ||
                (event->from == TCPFLOW_STATE_FIN_WAIT_1 &&
                 event->to == TCPFLOW_STATE_ESTABLISHED) ||
                ((event->from == TCPFLOW_STATE_CLOSING ||
                  event->from == TCPFLOW_STATE_LAST_ACK) &&
                 event->to == TCPFLOW_STATE_CLOSE_WAIT));
    WATCH_CHECK(event->to != TCPFLOW_STATE_UNKNOWN);
  } else {
    WATCH_CHECK(event->to == tcpflow_state_next(event->from, event->stimulus));
    WATCH_CHECK(tcpflow_state_arrow(event->from, event->stimulus) != NULL);
  }
  side->state = event->to;
}

static inline int watch_on_icmp(tcpflow_conn *conn,
                                const tcpflow_icmp_event *event, void *user) {
  watch *const w = (watch *)user;

  WATCH_CHECK(w->phase < WATCH_SEGMENT);
  WATCH_CHECK(w->news == 1);
  watch_digest(w, (uint64_t)event->kind << 1 | (uint64_t)event->plausible);
  return watch_event(w, conn, WATCH_SEGMENT, event->time);
}

static inline int watch_on_flip(tcpflow_conn *conn,
                                const tcpflow_flip_event *event, void *user) {
  watch *const w = (watch *)user;
  const watch_side client = w->side[0];
  const tcpflow_state before = w->before[0];

  watch_past_time(w);
  WATCH_CHECK(w->phase < WATCH_SEGMENT);
  w->side[0] = w->side[1];
  w->side[1] = client;
  w->before[0] = w->before[1];
  w->before[1] = before;
  watch_digest(w, event->role);
  return watch_event(w, conn, WATCH_NEW, event->time);
}

static inline int watch_on_state(tcpflow_conn *conn,
                                 const tcpflow_state_event *event, void *user) {
  watch *const w = (watch *)user;

  watch_move(&w->side[event->side], event);
  watch_digest(w, (uint64_t)event->side << 16 | (uint64_t)event->to << 8 |
                    (uint64_t)event->inferred);
  return watch_event(w, conn, WATCH_STATE, event->time);
}

static inline int watch_on_established(tcpflow_conn *conn,
                                       const tcpflow_established_event *event,
                                       void *user) {
  watch *const w = (watch *)user;

  w->opens++;
  WATCH_CHECK(w->opens == 1);
  WATCH_CHECK(event->kind != TCPFLOW_OPEN_UNKNOWN);
  WATCH_CHECK(tcpflow_conn_state(conn, TCPFLOW_SIDE_CLIENT) >=
              TCPFLOW_STATE_ESTABLISHED);
  WATCH_CHECK(tcpflow_conn_state(conn, TCPFLOW_SIDE_SERVER) >=
              TCPFLOW_STATE_ESTABLISHED);
  watch_digest(w, event->kind);
  watch_digest(w, event->rtt_server);
  watch_digest(w, event->rtt_client);
  return watch_event(w, conn, WATCH_ESTABLISHED, event->time);
}

/* The mark at an offset; NULL: none. */
static inline const watch_mark *watch_mark_at(const watch_side *side,
                                              uint64_t offset) {
  for (unsigned i = 0; i < WATCH_MARKS && i < side->marks; i++) {
    if (side->mark[i].offset == offset) {
      return &side->mark[i];
    }
  }
  return NULL;
}

/* Goes up to an offset, over urgent octets that were left out. */
static inline void watch_pass(const watch *w, watch_side *side,
                              uint64_t offset) {
  while (w->urgent_policy != TCPFLOW_URGENT_INLINE && side->next < offset &&
         watch_mark_at(side, side->next) != NULL) {
    side->next++;
  }
}

static inline int watch_on_urgent(tcpflow_conn *conn,
                                  const tcpflow_urgent_event *event,
                                  void *user) {
  watch *const w = (watch *)user;
  watch_side *const side = &w->side[event->side];

  WATCH_CHECK(!side->stopped);
  WATCH_CHECK(event->octet >= -1 && event->octet <= 255);
  WATCH_CHECK(event->octet == -1 || w->urgent_policy != TCPFLOW_URGENT_STRIP);
  watch_pass(w, side, event->offset);
  WATCH_CHECK(event->offset >= side->next);
  WATCH_CHECK(watch_mark_at(side, event->offset) == NULL);
  side->mark[side->marks++ % WATCH_MARKS] =
    (watch_mark){event->offset, event->octet};
  w->timed = event->cause == NULL;
  watch_digest(w, event->offset);
  watch_digest(w, (uint64_t)(event->octet + 1));
  return watch_event(w, conn, WATCH_STREAM, event->time);
}

/* Urgent octets are there, or left out, as it was told. */
static inline void watch_marked(const watch *w, const watch_side *side,
                                const tcpflow_stream_data *data) {
  for (unsigned i = 0; i < WATCH_MARKS && i < side->marks; i++) {
    const watch_mark *const mark = &side->mark[i];
    if (mark->offset >= data->offset &&
        mark->offset - data->offset < data->length) {
      WATCH_CHECK(w->urgent_policy == TCPFLOW_URGENT_INLINE);
      WATCH_CHECK(mark->octet == data->bytes[mark->offset - data->offset]);
    }
  }
}

/* Remembers what was told last. */
static inline void watch_remember(watch_side *side,
                                  const tcpflow_stream_data *data) {
  const size_t n = data->length < WATCH_TOLD ? data->length : WATCH_TOLD;
  unsigned kept = WATCH_TOLD - (unsigned)n;

  if (data->offset != side->told_end || side->told_length < kept) {
    kept = data->offset == side->told_end ? side->told_length : 0;
  }
  memmove(side->told, side->told + side->told_length - kept, kept);
  memcpy(side->told + kept, data->bytes + data->length - n, n);
  side->told_length = kept + (unsigned)n;
  side->told_end = data->offset + data->length;
}

/* As far as it is known here what was told. */
static inline void watch_retold(const watch *w, const watch_side *side,
                                const tcpflow_stream_conflict *conflict) {
  const uint64_t from = side->told_end - side->told_length;
  const uint64_t end = conflict->offset + conflict->length;

  WATCH_CHECK(!conflict->replaced);
  WATCH_CHECK(conflict->first == NULL || conflict->length <= w->max_tail);
  for (uint64_t at = conflict->offset; at < end; at++) {
    WATCH_CHECK(at < from || at >= side->told_end || conflict->first == NULL ||
                conflict->first[at - conflict->offset] ==
                  side->told[at - from]);
  }
}

/* Octets that are told for the first time. */
static inline void watch_fresh(watch *w, watch_side *side,
                               const tcpflow_stream_data *fresh) {
  watch_pass(w, side, fresh->offset);
  WATCH_CHECK(fresh->offset == side->next);
  watch_marked(w, side, fresh);
  watch_remember(side, fresh);
  side->next += fresh->length;
}

/* Keeps some of what is told; by themselves, kept octets cannot be kept. */
static inline void watch_keep(watch *w, watch_side *side,
                              const tcpflow_data_event *event) {
  const size_t length = event->data->length;
  const size_t octets = w->keeps < length ? w->keeps : length;
  int error;

  side->kept = 0;
  if (w->keeps == 0) {
    return;
  }
  error = tcpflow_conn_keep(w->conn, event->side, octets);
  WATCH_CHECK((error == TCPFLOW_ERR_STATE) == (event->data->kept == length));
  WATCH_CHECK(tcpflow_conn_keep(w->conn, event->side, length + 1) != 0);
  side->kept = error == TCPFLOW_OK ? octets : 0;
}

static inline int watch_on_data(tcpflow_conn *conn,
                                const tcpflow_data_event *event, void *user) {
  watch *const w = (watch *)user;
  watch_side *const side = &w->side[event->side];
  tcpflow_stream_data fresh = *event->data;

  WATCH_CHECK(!side->stopped);
  WATCH_CHECK(fresh.length > 0 && fresh.bytes != NULL);
  WATCH_CHECK(fresh.kept == side->kept && fresh.kept <= fresh.length);
  fresh.offset += fresh.kept;
  fresh.bytes += fresh.kept;
  fresh.length -= fresh.kept;
  if (fresh.length > 0) {
    watch_fresh(w, side, &fresh);
  }
  watch_keep(w, side, event);
  w->timed = event->cause == NULL;
  watch_digest(w, event->data->offset);
  watch_digest(w, event->data->bytes[event->data->length - 1]);
  if (w->on_data != NULL) {
    w->on_data(w, event);
  }
  return watch_event(w, conn, WATCH_STREAM, event->time);
}

static inline int watch_on_gap(tcpflow_conn *conn,
                               const tcpflow_gap_event *event, void *user) {
  watch *const w = (watch *)user;
  watch_side *const side = &w->side[event->side];

  WATCH_CHECK(!side->stopped);
  WATCH_CHECK(event->gap->length > 0);
  watch_pass(w, side, event->gap->offset);
  if (side->next > event->gap->offset &&
      watch_mark_at(side, event->gap->offset) != NULL) {
    /* Several marks are lost in one gap, and the first one was passed. */
    side->next = event->gap->offset;
  }
  WATCH_CHECK(event->gap->offset == side->next);
  side->next += event->gap->length;
  side->gaps += event->gap->length;
  w->timed = event->cause == NULL;
  watch_digest(w, event->gap->offset);
  watch_digest(w, event->gap->reason);
  return watch_event(w, conn, WATCH_STREAM, event->time);
}

static inline int watch_on_conflict(tcpflow_conn *conn,
                                    const tcpflow_conflict_event *event,
                                    void *user) {
  watch *const w = (watch *)user;
  const tcpflow_stream_conflict *const conflict = event->conflict;

  watch_side *const side = &w->side[event->side];

  WATCH_CHECK(!side->stopped);
  WATCH_CHECK(conflict->length > 0);
  WATCH_CHECK(conflict->first != NULL || conflict->delivered);
  WATCH_CHECK(conflict->first == NULL ||
              memcmp(conflict->first, conflict->second, conflict->length) != 0);
  if (conflict->delivered) {
    watch_pass(w, side, conflict->offset + conflict->length);
    WATCH_CHECK(conflict->offset + conflict->length <= side->next);
    watch_retold(w, side, conflict);
  } else {
    watch_pass(w, side, conflict->offset);
    WATCH_CHECK(conflict->offset >= side->next);
  }
  watch_digest(w, conflict->offset);
  watch_digest(w, conflict->length);
  return watch_event(w, conn, WATCH_STREAM, event->time);
}

static inline int watch_on_rst_data(tcpflow_conn *conn,
                                    const tcpflow_rst_data_event *event,
                                    void *user) {
  watch *const w = (watch *)user;

  WATCH_CHECK((event->cause->flags & TCPFLOW_FLAG_RST) != 0);
  WATCH_CHECK(event->length > 0 && event->captured <= event->length);
  WATCH_CHECK((event->bytes == NULL) == (event->captured == 0));
  watch_digest(w, event->length);
  return watch_event(w, conn, WATCH_STREAM, event->time);
}

static inline int watch_on_anomaly(tcpflow_conn *conn,
                                   const tcpflow_anomaly_event *event,
                                   void *user) {
  watch *const w = (watch *)user;

  WATCH_CHECK((unsigned)event->anomaly < TCPFLOW_ANOMALY_COUNT);
  watch_digest(w, (uint64_t)event->anomaly << 32 | event->count);
  return watch_event(w, conn, WATCH_ANOMALY, event->time);
}

static inline int watch_on_end(tcpflow_conn *conn,
                               const tcpflow_end_event *event, void *user) {
  watch *const w = (watch *)user;

  w->ends++;
  WATCH_CHECK(w->ends == 1);
  WATCH_CHECK(w->news == 1 || w->ignored);
  WATCH_CHECK(event->reason != TCPFLOW_END_NONE);
  for (int i = 0; i < 2; i++) {
    WATCH_CHECK(event->state[i] == tcpflow_conn_state(conn, (tcpflow_side)i));
  }
  watch_digest(w, event->reason);
  watch_digest(w, event->side);
  return watch_event(w, conn, WATCH_END, event->time);
}

static inline void watch_open(watch *w, const tcpflow_conn_config *config,
                              const tcpflow_mem *mem) {
  tcpflow_conn_callbacks cb;

  memset(w, 0, sizeof(*w));
  if (config != NULL) {
    w->urgent_policy = config->urgent_policy;
    w->max_tail = config->max_tail_bytes;
  }
  tcpflow_conn_callbacks_init(&cb);
  cb.on_new = watch_on_new;
  cb.on_segment = watch_on_segment;
  cb.on_state = watch_on_state;
  cb.on_established = watch_on_established;
  cb.on_data = watch_on_data;
  cb.on_gap = watch_on_gap;
  cb.on_urgent = watch_on_urgent;
  cb.on_conflict = watch_on_conflict;
  cb.on_rst_data = watch_on_rst_data;
  cb.on_anomaly = watch_on_anomaly;
  cb.on_end = watch_on_end;
  cb.on_flip = watch_on_flip;
  cb.on_icmp = watch_on_icmp;
  WATCH_CHECK(tcpflow_conn_new(&w->conn, config, &cb, NULL, mem, w) ==
              TCPFLOW_OK);
}

static inline tcpflow_endpoint_info watch_endpoint(const watch *w, int side) {
  tcpflow_endpoint_info info;

  tcpflow_endpoint_info_init(&info);
  WATCH_CHECK(tcpflow_conn_get_endpoint(w->conn, (tcpflow_side)side, &info) ==
              TCPFLOW_OK);
  return info;
}

/* What was told against what is so; or, where silence was asked for, what is so
   from now on. */
static inline void watch_compare(watch *w, int which) {
  const tcpflow_endpoint_info info = watch_endpoint(w, which);
  watch_side *const side = &w->side[which];

  if (!w->silent && !w->ignored) {
    WATCH_CHECK(info.state == side->state);
  }
  if (!w->silent && !w->ignored && !side->stopped) {
    watch_pass(w, side, info.delivered + info.missing);
    WATCH_CHECK(info.delivered + info.missing == side->next);
    WATCH_CHECK(info.missing == side->gaps);
  }
  side->state = info.state;
  side->next = info.delivered + info.missing;
  side->gaps = info.missing;
}

/* What it costs to remember told octets. */
static inline uint64_t watch_tails(const tcpflow_conn *conn) {
  uint64_t memory = 0;

  for (unsigned i = 0;
       conn->extra != NULL && conn->extra->past != NULL && i < 2; i++) {
    const tcpflow__tail *const tail = conn->extra->past[i].tail;
    const tcpflow__digests *const digests = conn->extra->past[i].digests;

    memory += tail == NULL ? 0 : sizeof(*tail) + tail->capacity;
    WATCH_CHECK(tail == NULL || tail->end <= conn->sides->stream[i].next);
    const tcpflow__leftover *const left = conn->extra->past[i].left;

    memory += left == NULL ? 0 : sizeof(*left) + left->capacity;
    WATCH_CHECK(left == NULL ||
                left->offset + left->length <= conn->sides->stream[i].next);
    memory += digests == NULL
                ? 0
                : sizeof(*digests) + digests->capacity * sizeof(*digests->of);
    WATCH_CHECK(digests == NULL || digests->end <= conn->sides->stream[i].next);
  }
  return memory;
}

/* Octets of SYNs that wait. */
static inline uint64_t watch_syns(const tcpflow_conn *conn) {
  const tcpflow__candidates *const list = tcpflow__candidates_of(conn);
  uint64_t memory = 0;

  for (unsigned i = 0; list != NULL && i < list->count; i++) {
    memory += list->of[i].captured;
  }
  return memory;
}

/* What it costs to hold octets that are not believed: of two segments, as long
   as their numbers are impossible. */
static inline uint64_t watch_far(const tcpflow_conn *conn) {
  uint64_t memory = 0;

  for (unsigned i = 0; conn->extra != NULL && i < 2; i++) {
    uint64_t pieces = 0;
    uint64_t cost = 0;

    WATCH_CHECK(tcpflow__pieces_check(&conn->extra->far[i], &pieces, &cost));
    WATCH_CHECK(pieces <= 2);
    WATCH_CHECK(pieces == 0 || conn->end[i].jumps != 0);
    memory += cost;
  }
  return memory;
}

/* What must be true inside between any two calls. */
static inline void watch_inside(const watch *w) {
  const tcpflow_conn *const conn = w->conn;
  uint64_t memory = 0;

  for (int i = 0; i < 2; i++) {
    const tcpflow__endpoint *const end = &conn->end[i];

    WATCH_CHECK(tcpflow__reasm_check(&conn->sides->stream[i]));
    memory += conn->sides->stream[i].rest->memory;
    WATCH_CHECK(!tcpflow__endpoint_has(end, TCPFLOW__END_BASE) ||
                tcpflow_seq_leq(end->snd_una, end->snd_nxt));
    WATCH_CHECK((end->state == TCPFLOW_STATE_UNKNOWN) ==
                (conn->end[!i].state == TCPFLOW_STATE_UNKNOWN));
    /* An ICMP error ends the opening of one, and does not reach the other. */
    WATCH_CHECK(end->state != TCPFLOW_STATE_LISTEN ||
                conn->end[!i].state == TCPFLOW_STATE_SYN_SENT ||
                conn->end[!i].state == TCPFLOW_STATE_CLOSED);
    WATCH_CHECK(end->state != TCPFLOW_STATE_SYN_SENT ||
                conn->end[!i].state >= TCPFLOW_STATE_LISTEN ||
                conn->end[!i].state == TCPFLOW_STATE_CLOSED);
  }
  WATCH_CHECK(memory + watch_syns(conn) + watch_tails(conn) + watch_far(conn) ==
              conn->env->budget.used);
  WATCH_CHECK(!conn->env->telling);
  WATCH_CHECK(!tcpflow__conn_ended(conn) || memory + watch_tails(conn) == 0);
}

static inline void watch_begin(watch *w) {
  w->phase = WATCH_NOTHING;
  w->timed = false;
  w->silent = false;
  w->end_asked = false;
  for (int i = 0; i < 2; i++) {
    w->before[i] = tcpflow_conn_state(w->conn, (tcpflow_side)i);
  }
}

/* Feeds, and answers what the call answers. */
static inline int watch_feed(watch *w, tcpflow_side side,
                             const tcpflow_segment *segment) {
  int answer;

  watch_begin(w);
  answer = tcpflow_conn_feed(w->conn, side, segment);
  WATCH_CHECK(answer == TCPFLOW_ERR_CALLBACK
                ? w->silent
                : answer == TCPFLOW_OK || answer == TCPFLOW_ERR_NOMEM ||
                    answer == TCPFLOW_ERR_INVALID);
  watch_compare(w, 0);
  watch_compare(w, 1);
  watch_inside(w);
  return answer;
}

/* Ends it, if it has not ended. */
static inline void watch_close(watch *w) {
  const bool begun = (w->conn->bits & TCPFLOW__CONN_BEGUN) != 0;

  watch_begin(w);
  tcpflow_conn_del(w->conn);
  WATCH_CHECK(w->ends == (begun ? 1U : 0U));
  w->conn = NULL;
}

#endif /* TCPFLOW_TESTS_CONN_WATCH_H */
