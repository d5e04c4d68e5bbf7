/*
 * lib/conn/firstsyn.c - the SYN with which a connection usually begins.
 *
 * Room: conn.  Includes: base, segment, fsm.  RFC 9293 section 3.5: its sender
 * is in SYN-SENT by it, and its receiver in LISTEN.  A flood brings millions of
 * them, so each thing that is told and kept is written down once.
 */
#include "conn/firstsyn.h"

#include "base/compiler.h"
#include "conn/fold.h"
#include "conn/visit.h"
#include "conn/voice.h"

/* What a callback may have asked for. */
static const uint32_t ASKED = TCPFLOW__CONN_END_ASKED | TCPFLOW__CONN_STOP_NEWS;

TCPFLOW__FLAT void take_offers(tcpflow__folded *folded,
                               const tcpflow_options *options) {
  folded->mss = options->mss;
  folded->wscale = tcpflow__offer_scale(options);
  folded->bits = (uint16_t)(folded->bits | tcpflow__offer_bits(options));
  if ((options->present & TCPFLOW_HAS_TIMESTAMPS) != 0) {
    folded->ts_first = options->ts_val;
  }
}

/* RFC 3168 section 6.1.1, RFC 9768 section 3.1: it offers ECN, or not. */
TCPFLOW__FLAT void take_gist(tcpflow__folded *folded,
                             const tcpflow_segment *segment) {
  *folded = (tcpflow__folded){
    .iss = segment->seq,
    .window = segment->window,
    .ecn = (uint16_t)(tcpflow__segment_ecn(segment) << TCPFLOW__ECN_OF_SYN |
                      TCPFLOW__ECN_HAS_SYN),
    .bits = TCPFLOW__END_ISS | TCPFLOW__END_SYN | TCPFLOW__END_BASE,
    .ip_ttl = segment->ip_ttl,
    .proof = {TCPFLOW_PROOF_PROVED, TCPFLOW_PROOF_SEEN},
  };

  if (segment->options != NULL) {
    take_offers(folded, segment->options);
  }
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

  if (env->callbacks.on_segment == NULL || !tcpflow__voice_is_heard(conn)) {
    return;
  }
  tcpflow__voice_enter(conn);
  tcpflow__voice_leave(conn,
                       env->callbacks.on_segment(conn, &event, env->user));
}

TCPFLOW__FLAT void tell_state(tcpflow_conn *conn,
                              const tcpflow_state_event *event) {
  tcpflow__conn_env *const env = conn->env;

  if (env->callbacks.on_state == NULL || !tcpflow__voice_is_heard(conn)) {
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

void tcpflow__firstsyn_begin(tcpflow_conn *conn,
                             const tcpflow_segment *segment) {
  const tcpflow__cause cause = {segment->time, segment, TCPFLOW_SIDE_CLIENT};
  tcpflow__conn_env *const env = conn->env;

  conn->first = segment->time;
  take_gist(&conn->folded, segment);
  tcpflow__conn_mark(conn, TCPFLOW__CONN_BEGUN | TCPFLOW__CONN_FOLDED);
  tcpflow__prints_keep(&env->prints, tcpflow__segment_print(segment),
                       tcpflow_seq_add(segment->seq, 1), segment);
  tcpflow__tell_new(conn, &cause);
  tell_segment(conn, segment);
  if (env->callbacks.on_state != NULL) {
    tell_states(conn, segment);
  }
  if (tcpflow__conn_is(conn, ASKED)) {
    follow_wish(conn, &cause);
  }
}
