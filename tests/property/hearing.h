/*
 * tests/property/hearing.h - who hears a tracker, compares each octet with what
 * its sender wrote, and writes down the holes.
 *
 * Events come by callbacks or out of a queue; both ways end in the same
 * functions, which sum up all that was told in one number.
 */
#ifndef TCPFLOW_TESTS_HEARING_H
#define TCPFLOW_TESTS_HEARING_H

#include <tcpflow/queue.h>

#include "property/dialogue.h"

enum {
  HEARD_MAX = 8 /* Flows. */
};

/* A direction of a flow. */
typedef struct heard {
  uint64_t next;
  spans holes;
  unsigned unacknowledged;
} heard;

typedef struct hearing {
  heard side[HEARD_MAX][2];
  unsigned news[HEARD_MAX];
  unsigned ends[HEARD_MAX];
  tcpflow_end_reason reason[HEARD_MAX];
  uint64_t digest;
  const tcpflow_conn *conn[HEARD_MAX]; /* Names, out of a queue. */
  bool pulls;
  bool off; /* A tracker goes that another one has replaced. */
} hearing;

static inline void hearing_digest(hearing *h, uint64_t number) {
  h->digest = (h->digest ^ number) * UINT64_C(0x9e3779b97f4a7c15);
  h->digest ^= h->digest >> 29;
}

/* Which flow it is, by the client's port.  What waited in a queue may have
   ended, and has a name only. */
static inline unsigned hearing_flow(const hearing *h,
                                    const tcpflow_conn *conn) {
  unsigned flow = 0;
  tcpflow_tuple tuple;

  if (!h->pulls) {
    TALK_MUST(tcpflow_conn_get_tuple(conn, &tuple) == TCPFLOW_OK);
    flow = tuple.port[0] - 10000U;
  }
  while (h->pulls && flow < HEARD_MAX && h->conn[flow] != conn) {
    flow++;
  }
  TALK_MUST(flow < HEARD_MAX);
  return flow;
}

static inline unsigned hearing_begin(hearing *h, const tcpflow_conn *conn,
                                     tcpflow_event_kind kind,
                                     tcpflow_time time) {
  const unsigned flow = hearing_flow(h, conn);

  hearing_digest(h, (uint64_t)kind << 8 | flow);
  hearing_digest(h, time);
  return flow;
}

static inline void hearing_data(hearing *h, unsigned flow,
                                const tcpflow_data_event *e) {
  heard *const s = &h->side[flow][e->side];
  const tcpflow_stream_data *const data = e->data;

  TALK_MUST(h->news[flow] == 1 && h->ends[flow] == 0);
  TALK_MUST(data->offset == s->next && data->length > 0);
  for (size_t i = 0; i < data->length; i++) {
    TALK_MUST(data->bytes[i] ==
              dialogue_octet(flow, e->side, data->offset + i));
  }
  s->next += data->length;
  s->unacknowledged += data->unacknowledged != 0;
  hearing_digest(h, (uint64_t)e->side << 62 | data->offset);
  hearing_digest(h, data->length);
  hearing_digest(h, data->number);
  hearing_digest(h, data->time);
}

static inline void hearing_gap(hearing *h, unsigned flow,
                               const tcpflow_gap_event *e) {
  heard *const s = &h->side[flow][e->side];
  spans *const holes = &s->holes;
  const uint64_t end = e->gap->offset + e->gap->length;

  TALK_MUST(h->news[flow] == 1 && h->ends[flow] == 0);
  TALK_MUST(e->gap->offset == s->next && e->gap->length > 0);
  if (holes->count > 0 && holes->at[holes->count - 1].end == e->gap->offset) {
    holes->at[holes->count - 1].end = end;
  } else {
    spans_add(holes, e->gap->offset, end);
  }
  s->next = end;
  hearing_digest(h, (uint64_t)e->side << 62 | e->gap->offset);
  hearing_digest(h, e->gap->length);
  hearing_digest(h, e->gap->reason);
}

static inline int hear_new(tcpflow_conn *conn, const tcpflow_new_event *e,
                           void *user) {
  hearing *const h = user;
  const unsigned named = e->tuple->port[0] - 10000U;

  TALK_MUST(named < HEARD_MAX);
  h->conn[named] = conn;
  const unsigned flow = hearing_begin(h, conn, TCPFLOW_EVENT_NEW, e->time);
  TALK_MUST(flow == named);
  h->news[flow]++;
  return 0;
}

static inline int hear_segment(tcpflow_conn *conn,
                               const tcpflow_segment_event *e, void *user) {
  (void)hearing_begin(user, conn, TCPFLOW_EVENT_SEGMENT, e->time);
  hearing_digest(user, e->verdict);
  hearing_digest(user, e->offset);
  hearing_digest(user, e->segment->number);
  return 0;
}

static inline int hear_state(tcpflow_conn *conn, const tcpflow_state_event *e,
                             void *user) {
  (void)hearing_begin(user, conn, TCPFLOW_EVENT_STATE, e->time);
  hearing_digest(user, (uint64_t)e->side << 8 | (uint64_t)e->to);
  return 0;
}

static inline int hear_data(tcpflow_conn *conn, const tcpflow_data_event *e,
                            void *user) {
  const unsigned flow = hearing_begin(user, conn, TCPFLOW_EVENT_DATA, e->time);

  if (!((const hearing *)user)->off) {
    hearing_data(user, flow, e);
  }
  return 0;
}

static inline int hear_gap(tcpflow_conn *conn, const tcpflow_gap_event *e,
                           void *user) {
  const unsigned flow = hearing_begin(user, conn, TCPFLOW_EVENT_GAP, e->time);

  if (!((const hearing *)user)->off) {
    hearing_gap(user, flow, e);
  }
  return 0;
}

/* Nobody says two things. */
static inline int hear_conflict(tcpflow_conn *conn,
                                const tcpflow_conflict_event *e, void *user) {
  (void)conn;
  (void)e;
  (void)user;
  TALK_MUST(false); /* A conflict. */
  return 0;
}

static inline int hear_end(tcpflow_conn *conn, const tcpflow_end_event *e,
                           void *user) {
  hearing *const h = user;

  if (h->off) {
    return 0;
  }
  const unsigned flow = hearing_begin(h, conn, TCPFLOW_EVENT_END, e->time);
  h->conn[flow] = NULL;
  h->ends[flow]++;
  h->reason[flow] = e->reason;
  hearing_digest(h, (uint64_t)e->reason << 8 | (uint64_t)e->kind);
  return 0;
}

static inline tcpflow_conn_callbacks hearing_callbacks(void) {
  tcpflow_conn_callbacks cb;

  tcpflow_conn_callbacks_init(&cb);
  cb.on_new = hear_new;
  cb.on_segment = hear_segment;
  cb.on_state = hear_state;
  cb.on_data = hear_data;
  cb.on_gap = hear_gap;
  cb.on_conflict = hear_conflict;
  cb.on_end = hear_end;
  return cb;
}

/* What a queue must have for hearing_pull(). */
static inline uint64_t hearing_wanted(void) {
  return TCPFLOW_EVENT_BIT(TCPFLOW_EVENT_NEW) |
         TCPFLOW_EVENT_BIT(TCPFLOW_EVENT_SEGMENT) |
         TCPFLOW_EVENT_BIT(TCPFLOW_EVENT_STATE) |
         TCPFLOW_EVENT_BIT(TCPFLOW_EVENT_DATA) |
         TCPFLOW_EVENT_BIT(TCPFLOW_EVENT_GAP) |
         TCPFLOW_EVENT_BIT(TCPFLOW_EVENT_CONFLICT) |
         TCPFLOW_EVENT_BIT(TCPFLOW_EVENT_END);
}

/* All that waits in a queue. */
static inline void hearing_pull(hearing *h, tcpflow_queue *queue) {
  const tcpflow_event *e;

  while ((e = tcpflow_queue_next(queue)) != NULL) {
    if (e->kind == TCPFLOW_EVENT_NEW) {
      (void)hear_new(e->conn, e->as.begin, h);
    } else if (e->kind == TCPFLOW_EVENT_SEGMENT) {
      (void)hear_segment(e->conn, e->as.segment, h);
    } else if (e->kind == TCPFLOW_EVENT_STATE) {
      (void)hear_state(e->conn, e->as.state, h);
    } else if (e->kind == TCPFLOW_EVENT_DATA) {
      (void)hear_data(e->conn, e->as.data, h);
    } else if (e->kind == TCPFLOW_EVENT_GAP) {
      (void)hear_gap(e->conn, e->as.gap, h);
    } else if (e->kind == TCPFLOW_EVENT_CONFLICT) {
      (void)hear_conflict(e->conn, e->as.conflict, h);
    } else {
      TALK_MUST(e->kind == TCPFLOW_EVENT_END);
      (void)hear_end(e->conn, e->as.end, h);
    }
  }
}

static inline void hearing_print(const char *name, const spans *s,
                                 uint64_t base) {
  for (unsigned i = 0; i < s->count; i++) {
    fprintf(stderr, "  %s %llu-%llu\n", name,
            (unsigned long long)(s->at[i].begin - base),
            (unsigned long long)(s->at[i].end - base));
  }
}

static inline bool hearing_same(const heard *s, const spans *holes) {
  bool same = s->holes.count == holes->count;

  for (unsigned i = 0; same && i < holes->count; i++) {
    same = s->holes.at[i].begin == holes->at[i].begin - 1 &&
           s->holes.at[i].end == holes->at[i].end - 1;
  }
  return same;
}

/* What was told is what was said, but for the holes. */
static inline void hearing_compare(const hearing *h, unsigned flow,
                                   const dialogue *d) {
  for (unsigned side = 0; side < 2; side++) {
    const heard *const s = &h->side[flow][side];

    if (s->next != d->length[side] || !hearing_same(s, &d->holes[side])) {
      fprintf(stderr, "flow %u, side %u: %llu of %llu octets, end %d\n", flow,
              side, (unsigned long long)s->next,
              (unsigned long long)d->length[side], (int)h->reason[flow]);
      hearing_print("told", &s->holes, 0);
      hearing_print("lost", &d->holes[side], 1);
      TALK_MUST(false); /* Another stream. */
    }
  }
  TALK_MUST(h->news[flow] == 1 && h->ends[flow] == 1);
}

#endif /* TCPFLOW_TESTS_HEARING_H */
