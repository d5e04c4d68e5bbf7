/*
 * lib/conn/news.h - telling what is known before it is told.
 *
 * Room: conn.  Includes: base, segment, reasm.  Where a segment is the one step
 * of a handshake or a close that can come, all of its events but a few members
 * are the same each time; they are made where they are told.
 */
#ifndef TCPFLOW__CONN_NEWS_H
#define TCPFLOW__CONN_NEWS_H

#include <assert.h>

#include "base/compiler.h"
#include "conn/tell.h"

/* All callbacks of a segment are one after the other: what they share is
   entered before the first of them, and left behind the last. */
TCPFLOW__FLAT tcpflow__conn_env *tcpflow__news_enter(const tcpflow_conn *conn) {
  tcpflow__conn_env *const env = conn->env;

  env->telling = true;
  return env;
}

TCPFLOW__FLAT void tcpflow__news_leave(tcpflow__conn_env *env) {
  env->telling = false;
}

/* Is anybody listening, still? */
TCPFLOW__FLAT bool tcpflow__news_are_heard(const tcpflow__conn_env *env,
                                           const tcpflow_conn *conn) {
  return !env->stopped && !tcpflow__conn_is(conn, TCPFLOW__CONN_IGNORED);
}

/* What a callback answered decides whether more is told. */
TCPFLOW__FLAT void tcpflow__news_heed(tcpflow__conn_env *env, int answer) {
  if (answer != 0) {
    env->stopped = true;
  }
}

/* Tells the segment, to whom wants to hear of segments, before anything else:
   nobody follows one for a connection of which nothing is heard, or once a
   callback has asked to stop. */
TCPFLOW__FLAT void tcpflow__news_first(tcpflow__conn_env *env,
                                       tcpflow_conn *conn,
                                       const tcpflow_segment_event *event) {
  assert(tcpflow__news_are_heard(env, conn));
  tcpflow__news_heed(env, env->callbacks.on_segment(conn, event, env->user));
}

/* Tells it behind other news. */
TCPFLOW__FLAT void tcpflow__news_segment(tcpflow__conn_env *env,
                                         tcpflow_conn *conn,
                                         const tcpflow_segment_event *event) {
  if (tcpflow__news_are_heard(env, conn)) {
    tcpflow__news_heed(env, env->callbacks.on_segment(conn, event, env->user));
  }
}

/* Likewise a step of an endpoint. */
TCPFLOW__FLAT void tcpflow__news_state(tcpflow__conn_env *env,
                                       tcpflow_conn *conn,
                                       const tcpflow_state_event *event) {
  if (tcpflow__news_are_heard(env, conn)) {
    tcpflow__news_heed(env, env->callbacks.on_state(conn, event, env->user));
  }
}

/* Likewise that both are open, by a handshake of three segments. */
TCPFLOW__FLAT void tcpflow__news_established(tcpflow__conn_env *env,
                                             tcpflow_conn *conn,
                                             const tcpflow_segment *segment) {
  if (!tcpflow__news_are_heard(env, conn)) {
    return;
  }
  const tcpflow_established_event event = {
    .time = segment->time,
    .cause = segment,
    .kind = TCPFLOW_OPEN_THREE_WAY,
    .rtt_server = conn->sides->rtt[TCPFLOW_SIDE_SERVER],
    .rtt_client = conn->sides->rtt[TCPFLOW_SIDE_CLIENT],
  };
  tcpflow__news_heed(env,
                     env->callbacks.on_established(conn, &event, env->user));
}

#endif /* TCPFLOW__CONN_NEWS_H */
