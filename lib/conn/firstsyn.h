/*
 * lib/conn/firstsyn.h - the SYN with which a connection usually begins.
 *
 * Room: conn.  Includes: base, segment, fsm.  A SYN that says nothing unusual
 * leaves behind just what a folded connection knows (fold.h), so that is
 * written down without any sides.  The general way and a fold() behind it would
 * tell the same, and leave the same.  A flood brings millions of them, so each
 * thing that is kept is written down once, in the caller's code.
 */
#ifndef TCPFLOW__CONN_FIRSTSYN_H
#define TCPFLOW__CONN_FIRSTSYN_H

#include "conn/news.h"
#include "conn/shortway.h"
#include "segment/opens.h"

/* Is it such a SYN, from a PORT to another one, captured in time?  Then the
   connection that it begins may begin folded, unless it has an heirloom. */
static inline bool tcpflow__firstsyn_is(const tcpflow__conn_env *env,
                                        const uint16_t port[2],
                                        const tcpflow_segment *segment) {
  return tcpflow__opens_plainly(segment, TCPFLOW_FLAG_SYN) && env->routine &&
         port[0] != port[1] &&
         (segment->packet == NULL || segment->packet->time >= segment->time);
}

/* RFC 3168 section 6.1.1, RFC 9768 section 3.1: it offers ECN, or not. */
TCPFLOW__FLAT uint16_t tcpflow__firstsyn_ecn(const tcpflow_segment *segment) {
  return (uint16_t)(tcpflow__segment_ecn(segment) << TCPFLOW__ECN_OF_SYN |
                    TCPFLOW__ECN_HAS_SYN);
}

/* What it says that is not said elsewhere. */
TCPFLOW__FLAT void tcpflow__firstsyn_gist(tcpflow__folded *folded,
                                          const tcpflow_segment *segment) {
  const tcpflow_options *const options = segment->options;
  unsigned bits = TCPFLOW__END_ISS | TCPFLOW__END_SYN | TCPFLOW__END_BASE;

  folded->iss = segment->seq;
  folded->window = segment->window;
  folded->ecn = tcpflow__firstsyn_ecn(segment);
  folded->ip_ttl = segment->ip_ttl;
  folded->proof[TCPFLOW_SIDE_CLIENT] = TCPFLOW_PROOF_PROVED;
  folded->proof[TCPFLOW_SIDE_SERVER] = TCPFLOW_PROOF_SEEN;
  folded->ts_first = 0;
  folded->mss = 0;
  folded->wscale = 0;
  if (options != NULL && options->present != 0) {
    bits |= tcpflow__offer_bits(options);
    folded->mss = options->mss;
    folded->wscale = tcpflow__offer_scale(options);
    folded->ts_first =
      (options->present & TCPFLOW_HAS_TIMESTAMPS) != 0 ? options->ts_val : 0;
  }
  folded->bits = (uint16_t)bits;
}

/* Begins a connection with it, and tells nothing yet.  CONN has nothing but
   what each connection begins with, its tuple and its role; its sides do not
   matter. */
TCPFLOW__FLAT void tcpflow__firstsyn_take(tcpflow_conn *conn,
                                          const tcpflow_segment *segment) {
  conn->first = segment->time;
  tcpflow__firstsyn_gist(&conn->folded, segment);
  tcpflow__conn_mark(conn, TCPFLOW__CONN_BEGUN | TCPFLOW__CONN_FOLDED);
  tcpflow__prints_keep(&conn->env->prints, tcpflow__segment_print(segment),
                       tcpflow_seq_add(segment->seq, 1), segment);
}

/* Does anybody hear of it? */
TCPFLOW__FLAT bool tcpflow__firstsyn_is_news(const tcpflow__conn_env *env) {
  const tcpflow_conn_callbacks *const callbacks = &env->callbacks;

  return callbacks->on_new != NULL || callbacks->on_segment != NULL ||
         callbacks->on_state != NULL;
}

/* --- what is told --- */

TCPFLOW__FLAT void tcpflow__firstsyn_tell_new(tcpflow__conn_env *env,
                                              tcpflow_conn *conn,
                                              const tcpflow_tuple *tuple,
                                              const tcpflow_segment *segment) {
  const tcpflow_new_event event = {segment->time, tuple, segment,
                                   TCPFLOW_SIDE_CLIENT,
                                   (tcpflow_role_basis)conn->role};

  tcpflow__news_heed(env, env->callbacks.on_new(conn, &event, env->user));
}

TCPFLOW__FLAT void
tcpflow__firstsyn_tell_segment(tcpflow__conn_env *env, tcpflow_conn *conn,
                               const tcpflow_segment *segment) {
  tcpflow__news_segment(
    env, conn,
    &(tcpflow_segment_event){
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
    });
}

TCPFLOW__FLAT void
tcpflow__firstsyn_tell_states(tcpflow__conn_env *env, tcpflow_conn *conn,
                              const tcpflow_segment *segment) {
  tcpflow__news_state(env, conn,
                      &(tcpflow_state_event){
                        .time = segment->time,
                        .cause = segment,
                        .side = TCPFLOW_SIDE_CLIENT,
                        .from = TCPFLOW_STATE_UNKNOWN,
                        .to = TCPFLOW_STATE_SYN_SENT,
                        .stimulus = TCPFLOW_STIMULUS_SND_SYN,
                        .proof = TCPFLOW_PROOF_PROVED,
                      });
  tcpflow__news_state(env, conn,
                      &(tcpflow_state_event){
                        .time = segment->time,
                        .cause = segment,
                        .side = TCPFLOW_SIDE_SERVER,
                        .from = TCPFLOW_STATE_UNKNOWN,
                        .to = TCPFLOW_STATE_LISTEN,
                        .stimulus = TCPFLOW_STIMULUS_RCV_SYN,
                        .proof = TCPFLOW_PROOF_SEEN,
                      });
}

/* Tells all of it that somebody wants to hear. */
TCPFLOW__FLAT void tcpflow__firstsyn_tell_all(tcpflow_conn *conn,
                                              const tcpflow_tuple *tuple,
                                              const tcpflow_segment *segment) {
  tcpflow__conn_env *const env = tcpflow__news_enter(conn);

  assert(tcpflow__news_are_heard(env, conn));
  if (env->callbacks.on_new != NULL) {
    tcpflow__firstsyn_tell_new(env, conn, tuple, segment);
  }
  if (env->callbacks.on_segment != NULL) {
    tcpflow__firstsyn_tell_segment(env, conn, segment);
  }
  if (env->callbacks.on_state != NULL) {
    tcpflow__firstsyn_tell_states(env, conn, segment);
  }
  tcpflow__news_leave(env);
}

/* Does what a callback wants. */
TCPFLOW__COLD void tcpflow__firstsyn_obey(tcpflow_conn *conn,
                                          const tcpflow_segment *segment);

/* Tells that a connection begins with it, whose tuple is TUPLE; NULL: none.
   The connection is folded behind this, unless a callback has unfolded it, and
   may have ended. */
TCPFLOW__FLAT void tcpflow__firstsyn_tell(tcpflow_conn *conn,
                                          const tcpflow_tuple *tuple,
                                          const tcpflow_segment *segment) {
  tcpflow__firstsyn_tell_all(conn, tuple, segment);
  if (tcpflow__conn_is_asked(conn)) {
    tcpflow__firstsyn_obey(conn, segment);
  }
}

#endif /* TCPFLOW__CONN_FIRSTSYN_H */
