/*
 * lib/conn/voice.h - entering and leaving a callback.
 *
 * Room: conn.  Includes: base, segment, reasm.  For the files that tell events
 * (tell.h).
 */
#ifndef TCPFLOW__CONN_VOICE_H
#define TCPFLOW__CONN_VOICE_H

#include "conn/tell.h"

/* Is anybody listening? */
static inline bool tcpflow__voice_is_heard(const tcpflow_conn *conn) {
  return !conn->env->stopped && !tcpflow__conn_is(conn, TCPFLOW__CONN_IGNORED);
}

/* A callback is entered and left; what it answers decides whether more is
   told. */
static inline void tcpflow__voice_enter(const tcpflow_conn *conn) {
  conn->env->telling = true;
}

static inline void tcpflow__voice_leave(const tcpflow_conn *conn, int answer) {
  conn->env->telling = false;
  if (answer != 0) {
    conn->env->stopped = true;
  }
}

#endif /* TCPFLOW__CONN_VOICE_H */
