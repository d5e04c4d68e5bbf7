/*
 * lib/conn/synack.h - the SYN,ACK that answers the first SYN.
 *
 * Room: conn.  Includes: base, wire, segment, fsm, reasm.  RFC 9293 section
 * 3.5: nothing but a SYN was seen before it, so that all that is known of both
 * endpoints is what these two segments say.  A connection that is folded
 * (fold.h) needs no unfolding first: its sides are written once, with what they
 * are after both.  Unfolding and routine.c would leave the same, and tell the
 * same.  In a header, so that it becomes part of what the flow's owner does.
 */
#ifndef TCPFLOW__CONN_SYNACK_H
#define TCPFLOW__CONN_SYNACK_H

#include "conn/expected.h"
#include "conn/news.h"
#include "conn/stage.h"
#include "segment/opens.h"

/* --- is it that? --- */

/* Is nothing known of a connection but a SYN, and has nobody asked for anything
   since? */
TCPFLOW__FLAT bool tcpflow__synack_is_due(const tcpflow_conn *conn) {
  const uint32_t bits =
    TCPFLOW__CONN_FOLDED | TCPFLOW__CONN_BEGUN | TCPFLOW__CONN_HAS_TUPLE;

  return conn->bits == bits && conn->extra == NULL &&
         conn->open_kind == TCPFLOW_OPEN_UNKNOWN &&
         conn->role >= (unsigned)TCPFLOW_ROLE_SYN_ACK && conn->env->routine &&
         !tcpflow__ends_one_port(&conn->ends);
}

/* Is nothing odd about the SYN?  One that was loaded may be anything. */
TCPFLOW__FLAT bool tcpflow__synack_syn_is_plain(const tcpflow__folded *folded) {
  const unsigned known =
    TCPFLOW__END_ISS | TCPFLOW__END_SYN | TCPFLOW__END_BASE;
  const unsigned odd =
    TCPFLOW__END_SYN_DATA | TCPFLOW__END_SYN_ACKED | TCPFLOW__BUSY_BITS;

  return (folded->bits & (known | odd)) == known;
}

/* Is a segment of the server the answer to that SYN, captured in time? */
TCPFLOW__FLAT bool tcpflow__synack_fits(const tcpflow_conn *conn,
                                        const tcpflow_segment *segment) {
  const tcpflow__folded *const folded = &conn->folded;

  return segment->ack == tcpflow_seq_add(folded->iss, 1) &&
         segment->time >= conn->first &&
         (segment->packet == NULL || segment->packet->time >= segment->time) &&
         tcpflow__synack_syn_is_plain(folded) &&
         tcpflow__opens_plainly(segment, TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK);
}

/* --- what both are by it --- */

/* All members are written, or the whole would be cleared before. */

/* The client's, whose SYN it acknowledges. */
TCPFLOW__FLAT void tcpflow__synack_open_client(tcpflow__endpoint *end,
                                               const tcpflow_conn *conn,
                                               const tcpflow__folded *folded) {
  const tcpflow_seq base = tcpflow_seq_add(folded->iss, 1);

  *end = (tcpflow__endpoint){
    .iss = folded->iss,
    .fin = 0,
    .retransmissions = 0,
    .ecn = folded->ecn,
    .fins = 0,
    .resets = 0,
    .rare = 0,
    .state = TCPFLOW_STATE_ESTABLISHED,
    .proof = TCPFLOW_PROOF_SEEN,
    .ip_ttl = folded->ip_ttl,
    .segments = 1,
    .nxt_time = 0,
    .ack_time = 0,
    .ts_time = 0,
    .payload = 0,
    .window_max = 0,
    .dup_acks = 0,
    .small = 0,
    .base = base,
    .snd_una = base,
    .snd_nxt = base,
    .nxt_start = base,
    .rcv_edge = 0,
    .ts_recent = 0,
    .ts_first = folded->ts_first,
    .bits = (uint16_t)(folded->bits | TCPFLOW__END_SYN_ACKED),
    .mss = folded->mss,
    .window_raw = folded->window,
    .window_shift = 0,
    .wscale = folded->wscale,
  };
  if ((folded->bits & TCPFLOW__END_TS_RECENT) != 0) {
    end->ts_recent = folded->ts_first;
    end->ts_time = conn->first;
  }
}

/* The server's.  The window of a SYN is not scaled (RFC 7323 section 2.2). */
TCPFLOW__FLAT void tcpflow__synack_open_server(tcpflow__endpoint *end,
                                               const tcpflow_segment *segment) {
  const tcpflow_seq base = tcpflow_seq_add(segment->seq, 1);

  *end = (tcpflow__endpoint){
    .iss = segment->seq,
    .fin = 0,
    .retransmissions = 0,
    .ecn = (uint16_t)(tcpflow__segment_ecn(segment) << TCPFLOW__ECN_OF_ANSWER |
                      TCPFLOW__ECN_HAS_ANSWER),
    .fins = 0,
    .resets = 0,
    .rare = 0,
    .state = TCPFLOW_STATE_SYN_RECEIVED,
    .proof = TCPFLOW_PROOF_PROVED,
    .ip_ttl = segment->ip_ttl,
    .segments = 1,
    .nxt_time = 0,
    .ack_time = segment->time,
    .ts_time = 0,
    .payload = 0,
    .window_max = 0,
    .dup_acks = 0,
    .small = 0,
    .base = base,
    .snd_una = segment->seq,
    .snd_nxt = base,
    .nxt_start = base,
    .rcv_edge = tcpflow_seq_add(segment->ack, segment->window),
    .ts_recent = 0,
    .ts_first = 0,
    .bits = 0,
    .mss = 0,
    .window_raw = segment->window,
    .window_shift = 0,
    .wscale = 0,
  };
  tcpflow__answer_offer(end, segment);
}

/* It has sides from here on; RFC 6298 section 3: the SYN came once. */
TCPFLOW__FLAT void tcpflow__synack_open_sides(tcpflow_conn *conn,
                                              tcpflow__sides *sides,
                                              const tcpflow_segment *segment) {
  const tcpflow__sides *const blank = conn->env->blank;
  tcpflow__endpoint *const client = &sides->end[TCPFLOW_SIDE_CLIENT];
  tcpflow__endpoint *const server = &sides->end[TCPFLOW_SIDE_SERVER];

  tcpflow__synack_open_client(client, conn, &conn->folded);
  tcpflow__synack_open_server(server, segment);
  sides->stream[TCPFLOW_SIDE_CLIENT] = blank->stream[TCPFLOW_SIDE_CLIENT];
  sides->stream[TCPFLOW_SIDE_SERVER] = blank->stream[TCPFLOW_SIDE_SERVER];
  sides->syn_time = segment->time;
  sides->rtt[TCPFLOW_SIDE_CLIENT] = TCPFLOW_TIME_NONE;
  sides->rtt[TCPFLOW_SIDE_SERVER] = segment->time - conn->first;
  conn->sides = sides;
  conn->wait = NULL;
  conn->last = segment->time;
  conn->bits &= ~(uint32_t)TCPFLOW__CONN_FOLDED;
  tcpflow__stage_set(conn, TCPFLOW__STAGE_ANSWERED,
                     (client->bits & server->bits & TCPFLOW__END_WSCALE) != 0);
}

/* --- what is told --- */

TCPFLOW__FLAT void
tcpflow__synack_tell_segment(tcpflow__conn_env *env, tcpflow_conn *conn,
                             const tcpflow_segment *segment) {
  tcpflow__news_first(
    env, conn,
    &(tcpflow_segment_event){
      .time = segment->time,
      .segment = segment,
      .verdict = TCPFLOW_VERDICT_NEW_DATA | TCPFLOW_VERDICT_NEW_ACK |
                 tcpflow__segment_is_marked(segment),
      .offset = 0,
      .window = segment->window,
      .window_known = 1,
      .side = TCPFLOW_SIDE_SERVER,
      .before = {TCPFLOW_STATE_SYN_SENT, TCPFLOW_STATE_LISTEN},
      .after = {TCPFLOW_STATE_ESTABLISHED, TCPFLOW_STATE_SYN_RECEIVED},
      .proof = {TCPFLOW_PROOF_SEEN, TCPFLOW_PROOF_PROVED},
      .urgent = UINT64_MAX,
    });
}

TCPFLOW__FLAT void tcpflow__synack_tell_states(tcpflow__conn_env *env,
                                               tcpflow_conn *conn,
                                               const tcpflow_segment *segment) {
  tcpflow__news_state(env, conn,
                      &(tcpflow_state_event){
                        .time = segment->time,
                        .cause = segment,
                        .side = TCPFLOW_SIDE_SERVER,
                        .from = TCPFLOW_STATE_LISTEN,
                        .to = TCPFLOW_STATE_SYN_RECEIVED,
                        .stimulus = TCPFLOW_STIMULUS_SND_SYN_ACK,
                        .proof = TCPFLOW_PROOF_PROVED,
                      });
  tcpflow__news_state(env, conn,
                      &(tcpflow_state_event){
                        .time = segment->time,
                        .cause = segment,
                        .side = TCPFLOW_SIDE_CLIENT,
                        .from = TCPFLOW_STATE_SYN_SENT,
                        .to = TCPFLOW_STATE_ESTABLISHED,
                        .stimulus = TCPFLOW_STIMULUS_RCV_SYN_ACK,
                        .proof = TCPFLOW_PROOF_SEEN,
                      });
}

/* Follows it, by which the connection, of which it is_due(), gets SIDES, which
   are its own.  It may have ended behind this. */
TCPFLOW__FLAT void tcpflow__synack_follow(tcpflow_conn *conn,
                                          tcpflow__sides *sides,
                                          const tcpflow_segment *segment) {
  tcpflow__synack_open_sides(conn, sides, segment);
  tcpflow__expected_print(conn, &sides->end[TCPFLOW_SIDE_SERVER], segment,
                          tcpflow__stamps_of(segment->options));
  tcpflow__conn_env *const env = tcpflow__news_enter(conn);
  if (env->callbacks.on_segment != NULL) {
    tcpflow__synack_tell_segment(env, conn, segment);
  }
  if (env->callbacks.on_state != NULL) {
    tcpflow__synack_tell_states(env, conn, segment);
  }
  tcpflow__news_leave(env);
  if (tcpflow__conn_is_asked(conn)) {
    tcpflow__expected_answer(conn, TCPFLOW_SIDE_SERVER, segment);
  }
}

#endif /* TCPFLOW__CONN_SYNACK_H */
