/*
 * lib/conn/straight.c - the turn that comes where the one before it leads.
 *
 * Room: conn.  Includes: base, wire, segment, fsm, reasm.  Most connections are
 * opened and closed by the same few segments, one after the other: behind a
 * SYN,ACK comes the client's ACK, and behind a FIN its ACK, with another FIN or
 * before it, and the ACK of that.  What was asked of the segment before needs
 * no asking (stage.h), and where the endpoints stand says which arrows they go
 * (parting.c has those of a close).
 * Whatever else comes is routine.c's, which would find and tell the same.
 */
#include "conn/straight.h"

#include "conn/expected.h"
#include "conn/news.h"
#include "conn/parting.h"
#include "conn/shortway.h"
#include "conn/stage.h"
#include "conn/turn.h"
#include "conn/visit.h"
#include "segment/opens.h"

/* --- the third segment of a handshake --- */

/* Tells it: both are open, of which the server was seen to become so. */
TCPFLOW__FLAT void tell_third(tcpflow_conn *conn,
                              const tcpflow_segment *segment,
                              tcpflow_verdict verdict, int scale) {
  tcpflow__conn_env *const env = tcpflow__news_enter(conn);

  if (env->callbacks.on_segment != NULL) {
    tcpflow__news_first(
      env, conn,
      &(tcpflow_segment_event){
        .time = segment->time,
        .segment = segment,
        .verdict = verdict,
        .offset = conn->sides->stream[TCPFLOW_SIDE_CLIENT].next,
        .window = (uint64_t)segment->window << (scale > 0 ? scale : 0),
        .window_known = scale >= 0,
        .side = TCPFLOW_SIDE_CLIENT,
        .before = {TCPFLOW_STATE_ESTABLISHED, TCPFLOW_STATE_SYN_RECEIVED},
        .after = {TCPFLOW_STATE_ESTABLISHED, TCPFLOW_STATE_ESTABLISHED},
        .proof = {TCPFLOW_PROOF_PROVED, TCPFLOW_PROOF_SEEN},
        .urgent = UINT64_MAX,
      });
  }
  if (env->callbacks.on_state != NULL) {
    tcpflow__news_state(env, conn,
                        &(tcpflow_state_event){
                          .time = segment->time,
                          .cause = segment,
                          .side = TCPFLOW_SIDE_SERVER,
                          .from = TCPFLOW_STATE_SYN_RECEIVED,
                          .to = TCPFLOW_STATE_ESTABLISHED,
                          .stimulus = TCPFLOW_STIMULUS_RCV_ACK_OF_SYN,
                          .proof = TCPFLOW_PROOF_SEEN,
                        });
  }
  tcpflow__news_leave(env);
}

TCPFLOW__APART static bool follow_third(tcpflow_conn *conn, tcpflow_side sender,
                                        const tcpflow_segment *segment) {
  tcpflow__endpoint *const snd = &conn->end[TCPFLOW_SIDE_CLIENT];
  tcpflow__endpoint *const rcv = &conn->end[TCPFLOW_SIDE_SERVER];
  const int scaling = tcpflow__stage_scaling(conn, TCPFLOW__STAGE_ANSWERED);
  const tcpflow_options *const stamps = tcpflow__stamps_of(segment->options);

  if (sender != TCPFLOW_SIDE_CLIENT ||
      !tcpflow__third_comes(snd, rcv, segment, stamps, scaling)) {
    return false;
  }
  assert(snd->state == TCPFLOW_STATE_ESTABLISHED &&
         rcv->state == TCPFLOW_STATE_SYN_RECEIVED);
  const tcpflow_verdict verdict =
    tcpflow__usual_full_words(rcv, segment, segment->payload_length == 0);
  tcpflow__third_take(snd, rcv, segment, stamps, scaling);
  tcpflow__expected_print(conn, snd, segment, stamps);
  rcv->state = TCPFLOW_STATE_ESTABLISHED;
  rcv->proof = TCPFLOW_PROOF_SEEN;
  snd->proof = TCPFLOW_PROOF_PROVED;
  tcpflow__expected_opened(conn, TCPFLOW_SIDE_CLIENT, segment->time);
  tcpflow__stage_set(conn, TCPFLOW__STAGE_STEADY, scaling);
  tell_third(conn, segment, verdict, tcpflow__expected_scale(snd, scaling));
  tcpflow__expected_follow_opened(conn, TCPFLOW_SIDE_CLIENT, segment);
  return true;
}

bool tcpflow__conn_straight_on(tcpflow_conn *conn, tcpflow_side sender,
                               const tcpflow_segment *segment) {
  assert(conn->stage != 0 && tcpflow__conn_is_easy(conn));
  assert(tcpflow__shortway_in_time(conn, segment));
  if (tcpflow__stage_is_before(conn, TCPFLOW__STAGE_CLOSING)) {
    return tcpflow__stage_is_before(conn, TCPFLOW__STAGE_ANSWERED)
             ? tcpflow__part_first(conn, sender, segment)
             : follow_third(conn, sender, segment);
  }
  return tcpflow__stage_is_before(conn, TCPFLOW__STAGE_LAST)
           ? tcpflow__part_next(conn, sender, segment)
           : tcpflow__part_last(conn, sender, segment);
}
