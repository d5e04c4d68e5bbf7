/*
 * lib/conn/turn.c - the steps of both endpoints by one segment that is
 * expected, as they are told.
 *
 * Room: conn.  Includes: base, segment, fsm.
 */
#include "conn/turn.h"

#include "conn/voice.h"

static void tell_segment(tcpflow_conn *conn,
                         const tcpflow_segment_event *event) {
  tcpflow__conn_env *const env = conn->env;

  tcpflow__voice_enter(conn);
  tcpflow__voice_leave(conn, env->callbacks.on_segment(conn, event, env->user));
}

static void tell_steps(tcpflow_conn *conn, const tcpflow__turn *turn) {
  tcpflow__conn_env *const env = conn->env;
  const tcpflow_state_event *const end = turn->step + turn->steps;

  for (const tcpflow_state_event *step = turn->step;
       step < end && tcpflow__voice_is_heard(conn); step++) {
    tcpflow__voice_enter(conn);
    tcpflow__voice_leave(conn, env->callbacks.on_state(conn, step, env->user));
  }
}

void tcpflow__turn_tell_on(tcpflow_conn *conn, const tcpflow__turn *turn) {
  const tcpflow_conn_callbacks *const callbacks = &conn->env->callbacks;

  if (callbacks->on_segment != NULL && tcpflow__voice_is_heard(conn)) {
    tell_segment(conn, &turn->event);
  }
  if (callbacks->on_state != NULL) {
    tell_steps(conn, turn);
  }
}
