/*
 * lib/conn/tell.h - the only place from which the user is called.
 *
 * Room: conn.  Includes: base, segment, fsm, reasm.  Each function below tells
 * one event, if it is wanted, and notes it if the callback asks to stop.  State
 * is settled before the first of them is called.
 */
#ifndef TCPFLOW__CONN_TELL_H
#define TCPFLOW__CONN_TELL_H

#include "conn/conn.h"

struct tcpflow__visit;

/* What a segment, a timer or the caller brought, for all events of it. */
typedef struct tcpflow__cause {
  tcpflow_time time;              /* Capture time. */
  const tcpflow_segment *segment; /* NULL: a timer or the caller. */
  tcpflow_side sender;            /* Of the segment. */
} tcpflow__cause;

/* One move of an endpoint. */
typedef struct tcpflow__move {
  uint8_t side;
  uint8_t from;
  uint8_t to;
  uint8_t stimulus;
  uint8_t proof; /* tcpflow_proof */
  bool inferred;
} tcpflow__move;

void tcpflow__tell_new(tcpflow_conn *conn, const tcpflow__cause *cause);
void tcpflow__tell_flip(tcpflow_conn *conn, const tcpflow__cause *cause);
void tcpflow__tell_segment(tcpflow_conn *conn, const struct tcpflow__visit *v);

/* The octets of one, which are the next of the stream, of which nothing is
   held. */
void tcpflow__tell_next(tcpflow_conn *conn, tcpflow_side sender,
                        const tcpflow_segment *segment);

void tcpflow__tell_move(tcpflow_conn *conn, const tcpflow__cause *cause,
                        const tcpflow__move *move);
void tcpflow__tell_established(tcpflow_conn *conn, const tcpflow__cause *cause);

/* All moves by a segment, and whether the connection is open by that. */
void tcpflow__tell_moves(tcpflow_conn *conn, const struct tcpflow__visit *v);

/* The payload of a RST. */
void tcpflow__tell_rst_data(tcpflow_conn *conn, const tcpflow__cause *cause);

void tcpflow__tell_icmp(tcpflow_conn *conn, const tcpflow_icmp_event *event);

/* Tells if the input says something else of octets that were told.  Comes
   before the stream is told. */
void tcpflow__tell_retold(tcpflow_conn *conn, tcpflow_side side,
                          const tcpflow__cause *cause,
                          const tcpflow__reasm_input *input);

/* Tells what a stream has ready, data and gaps; input as for
   tcpflow__reasm_drain().  Notes anomalies of the stream. */
void tcpflow__tell_stream(tcpflow_conn *conn, tcpflow_side side,
                          const tcpflow__cause *cause,
                          tcpflow__reasm_input *input);

/* Tells octets that were kept, by themselves. */
void tcpflow__tell_left(tcpflow_conn *conn, tcpflow_side side,
                        const tcpflow__cause *cause);

/* The function below where there are some. */
void tcpflow__tell_noted(tcpflow_conn *conn, const tcpflow__cause *cause);

/* Tells the anomalies noted of the segment at hand that are due, and forgets
   them. */
static inline void tcpflow__tell_anomalies(tcpflow_conn *conn,
                                           const tcpflow__cause *cause) {
  const tcpflow__anomaly_set *const odd = &conn->env->odd;

  if ((odd->word[0] | odd->word[1]) != 0) {
    tcpflow__tell_noted(conn, cause);
  }
}

/* How the connection closed; side: who sent the RST, if one did it. */
tcpflow_close_kind tcpflow__conn_close_kind(const tcpflow_conn *conn,
                                            tcpflow_end_reason reason,
                                            tcpflow_side side);

/* Told even to who has stopped listening. */
void tcpflow__tell_end(tcpflow_conn *conn, const tcpflow__cause *cause,
                       tcpflow_end_reason reason);

/* Notes an anomaly of the segment at hand. */
static inline void tcpflow__note_anomaly(tcpflow_conn *conn,
                                         tcpflow_anomaly anomaly) {
  conn->env->odd.word[(unsigned)anomaly / 64] |= UINT64_C(1)
                                                 << ((unsigned)anomaly % 64);
}

static inline void tcpflow__conn_mark(tcpflow_conn *conn, unsigned bits) {
  conn->bits |= bits;
}

static inline bool tcpflow__conn_is(const tcpflow_conn *conn, unsigned bits) {
  return (conn->bits & bits) != 0;
}

/* A segment was settled: is a connection of which one side alone was heard
   trusted?  counts: its numbers fit.  starts: the connection opened by it. */
void tcpflow__conn_note_trust(tcpflow_conn *conn, tcpflow_side sender,
                              bool counts, bool starts);

/* Is nothing left to be told, or freed, but the end? */
bool tcpflow__conn_is_spent(const tcpflow_conn *conn);

/* Tells what is held, then `end`; see tcpflow__conn_finish(). */
void tcpflow__conn_conclude(tcpflow_conn *conn, const tcpflow__cause *cause,
                            tcpflow_end_reason reason);

#endif /* TCPFLOW__CONN_TELL_H */
