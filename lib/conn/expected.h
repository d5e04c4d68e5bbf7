/*
 * lib/conn/expected.h - what a connection does of a segment that opens or
 * closes it as both endpoints expect.
 *
 * Room: conn.  Includes: base, wire, segment, fsm, reasm.  For routine.c and
 * straight.c, which find by different questions that it is one.
 */
#ifndef TCPFLOW__CONN_EXPECTED_H
#define TCPFLOW__CONN_EXPECTED_H

#include "conn/news.h"
#include "conn/shortway.h"
#include "conn/turn.h"
#include "conn/visit.h"
#include "segment/segment.h"

/* Remembers the frame, to know a copy of it.  STAMPS is tcpflow__stamps_of()
   its options. */
TCPFLOW__FLAT void tcpflow__expected_print(const tcpflow_conn *conn,
                                           const tcpflow__endpoint *snd,
                                           const tcpflow_segment *segment,
                                           const tcpflow_options *stamps) {
  tcpflow__prints_keep(&conn->env->prints,
                       tcpflow__segment_print_of(segment, stamps), snd->base,
                       segment);
}

/* The scale of an endpoint's windows; -1: it is not known. */
TCPFLOW__FLAT int tcpflow__expected_scale(const tcpflow__endpoint *snd,
                                          int scaling) {
  return scaling == 1 ? snd->wscale : scaling;
}

/* RFC 6298 section 3: the round trip of a SYN that was sent again is not known
   (Karn). */
TCPFLOW__FLAT tcpflow_time tcpflow__expected_round(const tcpflow_conn *conn,
                                                   unsigned again,
                                                   tcpflow_time now) {
  return tcpflow__conn_is(conn, again) ? TCPFLOW_TIME_NONE
                                       : now - conn->sides->syn_time;
}

/* Both are open, by a segment of a side. */
TCPFLOW__FLAT void tcpflow__expected_opened(tcpflow_conn *conn,
                                            tcpflow_side sender,
                                            tcpflow_time now) {
  tcpflow__conn_mark(conn, TCPFLOW__CONN_OPEN);
  conn->open_kind = TCPFLOW_OPEN_THREE_WAY;
  if (sender == TCPFLOW_SIDE_CLIENT) {
    conn->sides->rtt[TCPFLOW_SIDE_CLIENT] =
      tcpflow__expected_round(conn, TCPFLOW__CONN_SYN_ACK_AGAIN, now);
  }
  conn->last = now;
}

/* Does what a callback has asked for. */
TCPFLOW__FLAT void tcpflow__expected_answer(tcpflow_conn *conn,
                                            tcpflow_side sender,
                                            const tcpflow_segment *segment) {
  const tcpflow__cause cause = {segment->time, segment, sender};

  tcpflow__conn_asked(conn, &cause);
}

/* Tells that, behind the segment by which they are, and does what a callback
   asked for. */
TCPFLOW__FLAT void
tcpflow__expected_follow_opened(tcpflow_conn *conn, tcpflow_side sender,
                                const tcpflow_segment *segment) {
  tcpflow__tally_one(conn->env->tally.established);
  if (conn->env->callbacks.on_established != NULL) {
    tcpflow__conn_env *const env = tcpflow__news_enter(conn);

    tcpflow__news_established(env, conn, segment);
    tcpflow__news_leave(env);
  }
  if (segment->payload_length != 0) {
    tcpflow__tell_next(conn, sender, segment);
  }
  if (tcpflow__conn_is_asked(conn)) {
    tcpflow__expected_answer(conn, sender, segment);
  }
}

/* Tells all of it. */
TCPFLOW__FLAT void tcpflow__expected_tell_opened(tcpflow_conn *conn,
                                                 const tcpflow__turn *turn) {
  tcpflow__turn_tell(conn, turn);
  tcpflow__expected_follow_opened(conn, turn->event.side, turn->event.segment);
}

/* Set where the FIN of that side is the first. */
TCPFLOW__FLAT unsigned tcpflow__expected_fin_bit(tcpflow_side sender) {
  return sender == TCPFLOW_SIDE_SERVER ? TCPFLOW__CONN_FIN_SERVER
                                       : TCPFLOW__CONN_FIN_CLIENT;
}

/* The stream of a side ends where it is: that may prove to be none until it is
   acknowledged. */
TCPFLOW__FLAT void tcpflow__expected_fin(tcpflow_conn *conn,
                                         tcpflow_side sender) {
  conn->sides->stream[sender].end = conn->sides->stream[sender].next;
  conn->sides->stream[sender].doubtful = 1;
}

/* Tells one that closes, with its octets and a FIN, if it has one. */
TCPFLOW__FLAT void tcpflow__expected_tell_closing(tcpflow_conn *conn,
                                                  const tcpflow__turn *turn,
                                                  bool fin) {
  const tcpflow_side sender = turn->event.side;

  tcpflow__turn_tell(conn, turn);
  if (turn->event.segment->payload_length != 0) {
    tcpflow__tell_next(conn, sender, turn->event.segment);
  }
  if (fin) {
    tcpflow__expected_fin(conn, sender);
  }
}

#endif /* TCPFLOW__CONN_EXPECTED_H */
