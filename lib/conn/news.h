/*
 * lib/conn/news.h - telling what is known before it is told.
 *
 * Room: conn.  Includes: base, segment, reasm.  Where a segment is the one step
 * of a handshake that can come, all of its events but a few members are the
 * same each time; they are made where they are told.
 */
#ifndef TCPFLOW__CONN_NEWS_H
#define TCPFLOW__CONN_NEWS_H

#include "base/compiler.h"
#include "conn/voice.h"

/* What a callback may have asked for. */
#define TCPFLOW__NEWS_ASKED                                                    \
  ((unsigned)(TCPFLOW__CONN_END_ASKED | TCPFLOW__CONN_STOP_NEWS))

/* Tells the segment, to whom wants to hear of segments. */
TCPFLOW__FLAT void tcpflow__news_segment(tcpflow_conn *conn,
                                         const tcpflow_segment_event *event) {
  const tcpflow__conn_env *const env = conn->env;

  if (!tcpflow__voice_is_heard(conn)) {
    return;
  }
  tcpflow__voice_enter(conn);
  tcpflow__voice_leave(conn, env->callbacks.on_segment(conn, event, env->user));
}

/* Likewise a step of an endpoint. */
TCPFLOW__FLAT void tcpflow__news_state(tcpflow_conn *conn,
                                       const tcpflow_state_event *event) {
  const tcpflow__conn_env *const env = conn->env;

  if (!tcpflow__voice_is_heard(conn)) {
    return;
  }
  tcpflow__voice_enter(conn);
  tcpflow__voice_leave(conn, env->callbacks.on_state(conn, event, env->user));
}

/* Likewise that both are open, by a handshake of three segments. */
TCPFLOW__FLAT void tcpflow__news_established(tcpflow_conn *conn,
                                             const tcpflow_segment *segment) {
  const tcpflow__conn_env *const env = conn->env;
  const tcpflow_time *const rtt = conn->sides->rtt;

  if (!tcpflow__voice_is_heard(conn)) {
    return;
  }
  const tcpflow_established_event event = {
    segment->time, segment, TCPFLOW_OPEN_THREE_WAY, rtt[TCPFLOW_SIDE_SERVER],
    rtt[TCPFLOW_SIDE_CLIENT]};
  tcpflow__voice_enter(conn);
  tcpflow__voice_leave(conn,
                       env->callbacks.on_established(conn, &event, env->user));
}

#endif /* TCPFLOW__CONN_NEWS_H */
