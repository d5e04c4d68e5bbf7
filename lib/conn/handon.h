/*
 * lib/conn/handon.h - octets that are handed out as they are.
 *
 * Room: conn.  Includes: base, segment, reasm.  In a header, because most
 * octets of a tracker come this way.
 */
#ifndef TCPFLOW__CONN_HANDON_H
#define TCPFLOW__CONN_HANDON_H

#include "base/compiler.h"
#include "conn/voice.h"

/* May octets be handed out as they are? */
static inline bool tcpflow__is_handed_on(const tcpflow_conn *conn,
                                         tcpflow_side side) {
  const uint32_t others = TCPFLOW__CONN_IGNORED | TCPFLOW__CONN_SKIPS |
                          TCPFLOW__CONN_GATED | TCPFLOW__CONN_KEEPS;

  return (conn->bits & others) == 0 && !conn->sides->stream[side].off;
}

/* Octets all of which are new and wanted. */
TCPFLOW__FLAT void tcpflow__hand_on(tcpflow_conn *conn,
                                    const tcpflow_data_event *event) {
  tcpflow__conn_env *const env = conn->env;

  env->told_of = conn;
  env->told_side = event->side;
  env->hearing.told = event->data;
  tcpflow__voice_enter(conn);
  tcpflow__voice_leave(conn, env->callbacks.on_data(conn, event, env->user));
  env->hearing.told = NULL;
}

#endif /* TCPFLOW__CONN_HANDON_H */
