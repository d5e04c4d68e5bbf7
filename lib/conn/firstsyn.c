/*
 * lib/conn/firstsyn.c - the SYN with which a connection usually begins.
 *
 * Room: conn.  Includes: base, segment, fsm.  RFC 9293 section 3.5: its sender
 * is in SYN-SENT by it, and its receiver in LISTEN.
 */
#include "conn/firstsyn.h"

#include "base/compiler.h"
#include "conn/fold.h"
#include "conn/visit.h"
#include "conn/voice.h"

/* What a callback may have asked for. */
static const uint32_t ASKED = TCPFLOW__CONN_END_ASKED | TCPFLOW__CONN_STOP_NEWS;

TCPFLOW__FLAT void tell_new(tcpflow_conn *conn, const tcpflow_tuple *tuple,
                            const tcpflow_segment *segment) {
  tcpflow__conn_env *const env = conn->env;
  const tcpflow_new_event event = {segment->time, tuple, segment,
                                   TCPFLOW_SIDE_CLIENT,
                                   (tcpflow_role_basis)conn->role};

  tcpflow__voice_enter(conn);
  tcpflow__voice_leave(conn, env->callbacks.on_new(conn, &event, env->user));
}

TCPFLOW__FLAT void tell_segment(tcpflow_conn *conn,
                                const tcpflow_segment *segment) {
  tcpflow__conn_env *const env = conn->env;
  const tcpflow_segment_event event = {
    .time = segment->time,
    .segment = segment,
    .verdict = TCPFLOW_VERDICT_NEW_DATA | tcpflow__segment_is_marked(segment),
    .offset = 0,
    .window = segment->window,
    .window_known = 1,
    .side = TCPFLOW_SIDE_CLIENT,
    .before = {TCPFLOW_STATE_UNKNOWN, TCPFLOW_STATE_UNKNOWN},
    .after = {TCPFLOW_STATE_SYN_SENT, TCPFLOW_STATE_LISTEN},
    .proof = {TCPFLOW_PROOF_PROVED, TCPFLOW_PROOF_SEEN},
    .urgent = UINT64_MAX,
  };

  tcpflow__voice_enter(conn);
  tcpflow__voice_leave(conn,
                       env->callbacks.on_segment(conn, &event, env->user));
}

TCPFLOW__FLAT void tell_state(tcpflow_conn *conn,
                              const tcpflow_state_event *event) {
  tcpflow__conn_env *const env = conn->env;

  if (!tcpflow__voice_is_heard(conn)) {
    return;
  }
  tcpflow__voice_enter(conn);
  tcpflow__voice_leave(conn, env->callbacks.on_state(conn, event, env->user));
}

static void tell_states(tcpflow_conn *conn, const tcpflow_segment *segment) {
  tell_state(conn, &(tcpflow_state_event){
                     .time = segment->time,
                     .cause = segment,
                     .side = TCPFLOW_SIDE_CLIENT,
                     .from = TCPFLOW_STATE_UNKNOWN,
                     .to = TCPFLOW_STATE_SYN_SENT,
                     .stimulus = TCPFLOW_STIMULUS_SND_SYN,
                     .proof = TCPFLOW_PROOF_PROVED,
                   });
  tell_state(conn, &(tcpflow_state_event){
                     .time = segment->time,
                     .cause = segment,
                     .side = TCPFLOW_SIDE_SERVER,
                     .from = TCPFLOW_STATE_UNKNOWN,
                     .to = TCPFLOW_STATE_LISTEN,
                     .stimulus = TCPFLOW_STIMULUS_RCV_SYN,
                     .proof = TCPFLOW_PROOF_SEEN,
                   });
}

/* Does what a callback wants.  Nothing is held, so without sides there is
   nothing to stop. */
TCPFLOW__COLD static void follow_wish(tcpflow_conn *conn,
                                      const tcpflow__cause *cause) {
  if (!tcpflow__conn_is_folded(conn)) {
    tcpflow__conn_asked(conn, cause);
  } else if (tcpflow__conn_is(conn, TCPFLOW__CONN_END_ASKED)) {
    tcpflow__conn_finish_folded(conn, cause,
                                (tcpflow_end_reason)conn->end_reason);
  }
}

/* Tells all of it that somebody wants to hear. */
TCPFLOW__FLAT void tell_all(tcpflow_conn *conn, const tcpflow_tuple *tuple,
                            const tcpflow_segment *segment) {
  const tcpflow_conn_callbacks *const callbacks = &conn->env->callbacks;

  if (callbacks->on_new != NULL && tcpflow__voice_is_heard(conn)) {
    tell_new(conn, tuple, segment);
  }
  if (callbacks->on_segment != NULL && tcpflow__voice_is_heard(conn)) {
    tell_segment(conn, segment);
  }
  if (callbacks->on_state != NULL) {
    tell_states(conn, segment);
  }
}

void tcpflow__firstsyn_tell(tcpflow_conn *conn, const tcpflow_tuple *tuple,
                            const tcpflow_segment *segment) {
  tell_all(conn, tuple, segment);
  if (tcpflow__conn_is(conn, ASKED)) {
    const tcpflow__cause cause = {segment->time, segment, TCPFLOW_SIDE_CLIENT};

    follow_wish(conn, &cause);
  }
}
