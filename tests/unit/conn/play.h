/*
 * tests/unit/conn/play.h - a connection that is played segment by segment, and
 * the log of what it told.
 *
 *   play p; play_begin(&p, NULL);
 *   play_send(&p, CLIENT, "S", 1000, 0, "");
 *   assert_string_equal(play_log(&p), "new client\n" ...);
 *
 * Time goes on by 1 ms a segment.  The log is emptied when it is read.
 */
#ifndef TCPFLOW_TESTS_PLAY_H
#define TCPFLOW_TESTS_PLAY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <tcpflow/conn.h>
#include <tcpflow/text.h>

#define CLIENT TCPFLOW_SIDE_CLIENT
#define SERVER TCPFLOW_SIDE_SERVER

typedef struct play {
  tcpflow_conn *conn;
  tcpflow_time now;
  tcpflow_options options;    /* Of the next segments. */
  uint16_t window;            /* Likewise. */
  uint8_t checksum;           /* Likewise. */
  uint8_t ip_version;         /* Likewise. */
  uint32_t cut;               /* Octets of payload that were not captured. */
  tcpflow_verdict verdict;    /* Of the latest segment. */
  tcpflow_segment_event last; /* Latest event of a segment. */
  int answer;                 /* What the callbacks answer. */
  const char *answer_at;      /* The event that answers so; NULL: every one. */
  void (*inside)(struct play *p, const char *event); /* Called in each. */
  int ends;                                          /* How many were told. */
  int news;
  size_t used;
  char log[8192];
  char read[8192];
} play;

static inline void play_note(play *p, const char *format, ...)
  __attribute__((format(printf, 2, 3)));

static inline void play_note(play *p, const char *format, ...) {
  va_list ap;
  int n;

  va_start(ap, format);
  n = vsnprintf(p->log + p->used, sizeof(p->log) - p->used, format, ap);
  va_end(ap);
  assert_true(n >= 0 && (size_t)n < sizeof(p->log) - p->used);
  p->used += (size_t)n;
}

static inline int play_answer(play *p, const char *event) {
  if (p->inside != NULL) {
    p->inside(p, event);
  }
  return p->answer_at == NULL || strcmp(p->answer_at, event) == 0 ? p->answer
                                                                  : 0;
}

static inline int play_on_new(tcpflow_conn *conn, const tcpflow_new_event *e,
                              void *user) {
  play *const p = user;

  p->conn = conn;
  p->news++;
  play_note(p, "new %s\n", tcpflow_side_name(e->side));
  return play_answer(p, "new");
}

static inline int play_on_segment(tcpflow_conn *conn,
                                  const tcpflow_segment_event *e, void *user) {
  play *const p = user;

  (void)conn;
  p->verdict = e->verdict;
  p->last = *e;
  return play_answer(p, "segment");
}

static inline int play_on_state(tcpflow_conn *conn,
                                const tcpflow_state_event *e, void *user) {
  play *const p = user;

  (void)conn;
  play_note(p, "%s %s>%s%s\n", tcpflow_side_name(e->side),
            tcpflow_state_name(e->from), tcpflow_state_name(e->to),
            e->inferred ? " inferred" : "");
  return play_answer(p, "state");
}

static inline int play_on_established(tcpflow_conn *conn,
                                      const tcpflow_established_event *e,
                                      void *user) {
  play *const p = user;

  (void)conn;
  play_note(p, "established %s", tcpflow_open_kind_name(e->kind));
  if (e->rtt_server != TCPFLOW_TIME_NONE) {
    play_note(p, " server %llu ms",
              (unsigned long long)(e->rtt_server / TCPFLOW_MILLISECOND));
  }
  if (e->rtt_client != TCPFLOW_TIME_NONE) {
    play_note(p, " client %llu ms",
              (unsigned long long)(e->rtt_client / TCPFLOW_MILLISECOND));
  }
  play_note(p, "\n");
  return play_answer(p, "established");
}

static inline int play_on_data(tcpflow_conn *conn, const tcpflow_data_event *e,
                               void *user) {
  play *const p = user;

  (void)conn;
  play_note(p, "data %s %llu %.*s\n", tcpflow_side_name(e->side),
            (unsigned long long)e->data->offset, (int)e->data->length,
            (const char *)e->data->bytes);
  return play_answer(p, "data");
}

static inline int play_on_gap(tcpflow_conn *conn, const tcpflow_gap_event *e,
                              void *user) {
  play *const p = user;

  (void)conn;
  play_note(p, "gap %s %llu+%llu %s\n", tcpflow_side_name(e->side),
            (unsigned long long)e->gap->offset,
            (unsigned long long)e->gap->length,
            tcpflow_gap_reason_name(e->gap->reason));
  return play_answer(p, "gap");
}

static inline int play_on_conflict(tcpflow_conn *conn,
                                   const tcpflow_conflict_event *e,
                                   void *user) {
  play *const p = user;
  const tcpflow_stream_conflict *const c = e->conflict;

  (void)conn;
  play_note(p, "conflict %s %llu %.*s/%.*s%s\n", tcpflow_side_name(e->side),
            (unsigned long long)c->offset, (int)c->length,
            c->first != NULL ? (const char *)c->first : "", (int)c->length,
            (const char *)c->second, c->replaced ? " replaced" : "");
  return play_answer(p, "conflict");
}

static inline int play_on_rst_data(tcpflow_conn *conn,
                                   const tcpflow_rst_data_event *e,
                                   void *user) {
  play *const p = user;

  (void)conn;
  play_note(p, "rst-data %s %u %.*s\n", tcpflow_side_name(e->side), e->length,
            (int)e->captured, e->bytes != NULL ? (const char *)e->bytes : "");
  return play_answer(p, "rst-data");
}

static inline int play_on_anomaly(tcpflow_conn *conn,
                                  const tcpflow_anomaly_event *e, void *user) {
  play *const p = user;

  (void)conn;
  play_note(p, "anomaly %s %s x%u\n", tcpflow_side_name(e->side),
            tcpflow_anomaly_name(e->anomaly), e->count);
  return play_answer(p, "anomaly");
}

static inline int play_on_end(tcpflow_conn *conn, const tcpflow_end_event *e,
                              void *user) {
  play *const p = user;

  (void)conn;
  p->ends++;
  play_note(p, "end %s %s%s %s %s\n", tcpflow_end_reason_name(e->reason),
            tcpflow_side_name(e->side), e->simultaneous ? " both" : "",
            tcpflow_state_name(e->state[0]), tcpflow_state_name(e->state[1]));
  return play_answer(p, "end");
}

static inline tcpflow_conn_callbacks play_callbacks(void) {
  tcpflow_conn_callbacks cb;

  tcpflow_conn_callbacks_init(&cb);
  cb.on_new = play_on_new;
  cb.on_segment = play_on_segment;
  cb.on_state = play_on_state;
  cb.on_established = play_on_established;
  cb.on_data = play_on_data;
  cb.on_gap = play_on_gap;
  cb.on_conflict = play_on_conflict;
  cb.on_rst_data = play_on_rst_data;
  cb.on_anomaly = play_on_anomaly;
  cb.on_end = play_on_end;
  return cb;
}

/* Unset, with nothing made yet. */
static inline void play_clear(play *p) {
  memset(p, 0, sizeof(*p));
  p->now = TCPFLOW_SECOND;
  p->window = 10000;
  p->ip_version = 4;
  p->checksum = TCPFLOW_CHECKSUM_NONE;
  tcpflow_options_init(&p->options);
}

/* The defaults, but no end is in doubt. */
static inline tcpflow_conn_config play_config(void) {
  tcpflow_conn_config config;

  tcpflow_conn_config_init(&config);
  config.reset_linger_ns = 0;
  config.gap_grace_ns = 0;
  return config;
}

static inline void play_begin(play *p, const tcpflow_mem *mem) {
  const tcpflow_conn_callbacks cb = play_callbacks();
  const tcpflow_conn_config config = play_config();

  play_clear(p);
  assert_int_equal(tcpflow_conn_new(&p->conn, &config, &cb, NULL, mem, p),
                   TCPFLOW_OK);
}

static inline unsigned play_flags(const char *text) {
  static const char letters[] = "FSRP.UEWe";
  unsigned flags = 0;

  for (; *text != '\0'; text++) {
    const char *const at = strchr(letters, *text);

    assert_non_null(at);
    flags |= 1U << (at - letters);
  }
  return flags;
}

/* A segment as the next one would be. */
static inline tcpflow_segment play_segment(const play *p, const char *flags,
                                           uint32_t seq, uint32_t ack,
                                           const char *payload) {
  tcpflow_segment segment;

  tcpflow_segment_init(&segment);
  segment.time = p->now;
  segment.seq = seq;
  segment.ack = ack;
  segment.flags = (uint16_t)play_flags(flags);
  segment.window = p->window;
  segment.options = &p->options;
  segment.checksum = p->checksum;
  segment.ip_version = p->ip_version;
  segment.payload = (const uint8_t *)payload;
  segment.payload_length = (uint32_t)strlen(payload);
  segment.payload_captured = segment.payload_length - p->cut;
  return segment;
}

/* Sends and answers what the call answers. */
static inline int play_try(play *p, tcpflow_side side, const char *flags,
                           uint32_t seq, uint32_t ack, const char *payload) {
  const tcpflow_segment segment = play_segment(p, flags, seq, ack, payload);

  p->now += TCPFLOW_MILLISECOND;
  return tcpflow_conn_feed(p->conn, side, &segment);
}

static inline void play_send(play *p, tcpflow_side side, const char *flags,
                             uint32_t seq, uint32_t ack, const char *payload) {
  assert_int_equal(play_try(p, side, flags, seq, ack, payload), TCPFLOW_OK);
}

/* What was told since it was read last. */
static inline const char *play_log(play *p) {
  memcpy(p->read, p->log, sizeof(p->read));
  p->used = 0;
  p->log[0] = '\0';
  return p->read;
}

/* Client 1000, server 5000; both with the options that are set. */
static inline void play_handshake(play *p) {
  play_send(p, CLIENT, "S", 1000, 0, "");
  play_send(p, SERVER, "S.", 5000, 1001, "");
  play_send(p, CLIENT, ".", 1001, 5001, "");
  p->used = 0;
  p->log[0] = '\0';
}

static inline void play_finish(play *p) {
  tcpflow_conn_del(p->conn);
  p->conn = NULL;
}

#endif /* TCPFLOW_TESTS_PLAY_H */
