/*
 * lib/conn/turn.c - the steps of both endpoints by one segment that is
 * expected, as they are told.
 *
 * Room: conn.  Includes: base, segment, fsm.
 */
#include "conn/turn.h"

#include "conn/voice.h"

static void tell_segment(tcpflow_conn *conn, const tcpflow__turn *turn) {
  tcpflow__conn_env *const env = conn->env;
  const tcpflow_segment *const segment = turn->cause.segment;
  const tcpflow__endpoint *const end = conn->end;
  const tcpflow_segment_event event = {
    .time = segment->time,
    .segment = segment,
    .verdict = turn->verdict,
    .offset = turn->offset,
    .window = (uint64_t)segment->window << (turn->scale > 0 ? turn->scale : 0),
    .window_known = turn->scale >= 0,
    .side = turn->cause.sender,
    .before = {(tcpflow_state)turn->before[0], (tcpflow_state)turn->before[1]},
    .after = {(tcpflow_state)end[0].state, (tcpflow_state)end[1].state},
    .proof = {(tcpflow_proof)end[0].proof, (tcpflow_proof)end[1].proof},
    .urgent = UINT64_MAX,
  };

  tcpflow__voice_enter(conn);
  tcpflow__voice_leave(conn,
                       env->callbacks.on_segment(conn, &event, env->user));
}

static void tell_step(tcpflow_conn *conn, const tcpflow__cause *cause,
                      tcpflow_state_event *step) {
  tcpflow__conn_env *const env = conn->env;

  step->time = cause->time;
  step->cause = cause->segment;
  step->inferred = 0;
  tcpflow__voice_enter(conn);
  tcpflow__voice_leave(conn, env->callbacks.on_state(conn, step, env->user));
}

void tcpflow__turn_tell_on(tcpflow_conn *conn, tcpflow__turn *turn) {
  const tcpflow_conn_callbacks *const callbacks = &conn->env->callbacks;

  if (callbacks->on_segment != NULL && tcpflow__voice_is_heard(conn)) {
    tell_segment(conn, turn);
  }
  if (callbacks->on_state == NULL) {
    return;
  }
  for (unsigned i = 0; i < turn->steps && tcpflow__voice_is_heard(conn); i++) {
    tell_step(conn, &turn->cause, &turn->step[i]);
  }
}
