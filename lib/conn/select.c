/*
 * lib/conn/select.c - which of several SYNs, or SYN,ACKs, counts.
 *
 * Room: conn.  Includes: base, wire, segment, fsm, reasm.  A host has one
 * connection of these ports, so its latest SYN counts, and it resets a SYN,ACK
 * that answers an earlier one (RFC 9293 section 3.10.7.3); unless what was
 * captured last was not sent last.  The third segment tells: it chooses among
 * the SYN,ACKs, and thereby among the SYNs.  Where only one direction was
 * captured, the number that a side goes on with tells.  This happens before the
 * segment is judged, so that it is judged by the numbers that count.  Once
 * octets of a side were told, it is settled.
 */
#include "conn/candidates.h"
#include "conn/holes.h"
#include "conn/opening.h"
#include "reasm/rest.h"

/* How far the first captured number may lie behind the SYN, in octets. */
static const uint32_t AHEAD_MAX = UINT32_C(1) << 24;

/* What a sender may have in flight without window scale. */
static const uint32_t FLIGHT = 65535;

static bool is_behind(tcpflow_seq isn, tcpflow_seq number, uint32_t limit) {
  const uint32_t over = tcpflow_seq_distance(isn, number);

  return over != 0 && over <= limit;
}

/* Does a number acknowledge the SYN that counts so far? */
static bool acks_current(const tcpflow__endpoint *end, tcpflow_seq ack) {
  return tcpflow__endpoint_has(end, TCPFLOW__END_ISS) &&
         tcpflow_seq_lt(end->iss, ack) && tcpflow_seq_leq(ack, end->snd_nxt);
}

/* The SYN of a side that an ACK of later octets lies closest behind; NULL: the
   one that counts so far, or none. */
static tcpflow__syn *choose_nearest(tcpflow__candidates *list,
                                    const tcpflow__endpoint *end,
                                    tcpflow_side side, tcpflow_seq ack) {
  uint32_t limit = AHEAD_MAX;
  tcpflow__syn *best = NULL;

  if (tcpflow__endpoint_has(end, TCPFLOW__END_ISS) &&
      is_behind(end->iss, ack, limit)) {
    limit = tcpflow_seq_distance(end->iss, ack) - 1;
  }
  for (unsigned i = 0; i < list->count; i++) {
    tcpflow__syn *const syn = &list->of[i];

    if (syn->side == side && is_behind(syn->as.isn, ack, limit)) {
      limit = tcpflow_seq_distance(syn->as.isn, ack) - 1;
      best = syn;
    }
  }
  return best;
}

/* An ACK, and nothing else, of a SYN to which no SYN,ACK was captured: its
   sender may have that connection still, and its receiver drops it. */
static bool is_bare_answer(const tcpflow_segment *segment,
                           const tcpflow__syn *syn) {
  return syn != NULL && (syn->as.flags & TCPFLOW_FLAG_ACK) == 0 &&
         segment->payload_length == 0 &&
         (segment->flags & TCPFLOW_FLAG_FIN) == 0;
}

/* By what the segment acknowledges: a SYN of its receiver. */
static tcpflow__syn *choose_acked(const tcpflow_conn *conn,
                                  const tcpflow__visit *v) {
  const tcpflow_side side = tcpflow_side_other(v->cause.sender);
  const tcpflow__endpoint *const end = &conn->end[side];
  const tcpflow_segment *const segment = v->cause.segment;
  tcpflow__candidates *const list = tcpflow__candidates_of(conn);
  tcpflow__syn *syn;

  if (acks_current(end, segment->ack)) {
    return NULL;
  }
  syn = tcpflow__candidates_acked(list, side, segment->ack);
  if (syn == NULL) {
    syn = choose_nearest(list, end, side, segment->ack);
  }
  return is_bare_answer(segment, syn) ? NULL : syn;
}

/* By where the segment's own number lies: a SYN of its sender. */
static tcpflow__syn *choose_followed(const tcpflow_conn *conn,
                                     const tcpflow__visit *v) {
  const tcpflow__endpoint *const end = &conn->end[v->cause.sender];
  const tcpflow_seq seq = v->cause.segment->seq;

  if (tcpflow__endpoint_has(end, TCPFLOW__END_ISS) &&
      is_behind(end->iss, seq,
                tcpflow_seq_distance(end->iss, end->snd_nxt) + FLIGHT)) {
    return NULL;
  }
  return tcpflow__candidates_followed(tcpflow__candidates_of(conn),
                                      v->cause.sender, seq);
}

/* What was held of a side belongs to a SYN that does not count; it is kept
   until it is certain that the segment is followed. */
static void empty_stream(tcpflow_conn *conn, tcpflow__unselected *saved,
                         tcpflow_side side) {
  tcpflow__reasm *const stream = &conn->sides->stream[side];

  if (saved->emptied[side]) {
    return;
  }
  saved->emptied[side] = true;
  saved->stream[side] = *stream;
  tcpflow__reasm_init(stream);
  stream->off = saved->stream[side].off;
  stream->overlap = saved->stream[side].overlap;
  stream->rest =
    tcpflow__rest_shared(saved->stream[side].rest->gate != UINT64_MAX);
}

/* From a SYN to its answer; TCPFLOW_TIME_NONE: nobody can tell.  The answer may
   have been captured first. */
static tcpflow_time answer_time(const tcpflow__candidate *syn,
                                const tcpflow__candidate *answer) {
  return !syn->again && !answer->again && answer->time != TCPFLOW_TIME_NONE &&
             syn->time <= answer->time
           ? answer->time - syn->time
           : TCPFLOW_TIME_NONE;
}

/* Does the segment that chose an answer go on right behind the SYN that counts
   for its sender, and not where the answer says?  Then the answer's ACK is
   wrong: who takes it for good by the number (RFC 9293 section 3.10.7.3) knows
   its own. */
static bool keeps_syn(const tcpflow_conn *conn, const tcpflow__visit *v,
                      const tcpflow__syn *answer) {
  const tcpflow__endpoint *const end = &conn->end[v->cause.sender];
  const tcpflow_seq seq = v->cause.segment->seq;

  return v->cause.sender != (tcpflow_side)answer->side &&
         tcpflow__endpoint_has(end, TCPFLOW__END_SYN) &&
         seq == tcpflow_seq_add(end->iss, 1) && seq != answer->as.ack;
}

/* The SYN of the peer that a SYN,ACK answers, captured or not. */
static void adopt_answered(tcpflow_conn *conn, tcpflow__visit *v,
                           const tcpflow__syn *answer) {
  const tcpflow_side side = tcpflow_side_other((tcpflow_side)answer->side);
  const tcpflow__syn *const syn = tcpflow__candidates_acked(
    tcpflow__candidates_of(conn), side, answer->as.ack);

  if (!acks_current(&conn->end[side], answer->as.ack)) {
    if (syn != NULL) {
      tcpflow__candidate_restore(conn->end, side, &syn->as, v->now);
    } else {
      tcpflow__endpoint_infer(&conn->end[side], answer->as.ack);
    }
    empty_stream(conn, &v->saved, side);
  }
  tcpflow__endpoint_set(&conn->end[side], TCPFLOW__END_SYN_ACKED);
  conn->sides->rtt[TCPFLOW_SIDE_SERVER] =
    syn != NULL ? answer_time(&syn->as, &answer->as) : TCPFLOW_TIME_NONE;
}

static void adopt(tcpflow_conn *conn, tcpflow__visit *v,
                  const tcpflow__syn *chosen) {
  tcpflow__syn own = *chosen;
  const tcpflow__syn *const syn = &own;
  const tcpflow_side side = (tcpflow_side)syn->side;

  v->selects = true;
  v->saved.end[0] = conn->end[0];
  v->saved.end[1] = conn->end[1];
  v->saved.emptied[0] = false;
  v->saved.emptied[1] = false;
  v->saved.syn_time = conn->sides->syn_time;
  v->saved.rtt = conn->sides->rtt[TCPFLOW_SIDE_SERVER];
  if (keeps_syn(conn, v, syn)) {
    own.as.ack = v->cause.segment->seq;
  }
  if ((syn->as.flags & TCPFLOW_FLAG_ACK) != 0) {
    adopt_answered(conn, v, syn);
  }
  tcpflow__candidate_restore(conn->end, side, &syn->as, v->now);
  empty_stream(conn, &v->saved, side);
  conn->sides->syn_time = syn->as.time;
}

/* Can the segment tell?  An ACK, no SYN, of which no octets were told. */
static bool may_tell(const tcpflow_conn *conn, const tcpflow_segment *segment) {
  const unsigned flags = TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_RST | TCPFLOW_FLAG_ACK;

  return (segment->flags & flags) == TCPFLOW_FLAG_ACK &&
         segment->checksum != TCPFLOW_CHECKSUM_BAD &&
         conn->sides->stream[0].next == 0 && conn->sides->stream[1].next == 0;
}

/* Is it another one than the one that counts so far? */
static bool is_other(const tcpflow_conn *conn, const tcpflow__syn *syn) {
  const tcpflow__endpoint *const end = &conn->end[syn->side];

  return syn->as.isn != end->iss ||
         !tcpflow__endpoint_has(end, TCPFLOW__END_SYN);
}

void tcpflow__opening_select(tcpflow_conn *conn, tcpflow__visit *v) {
  const tcpflow_segment *const segment = v->cause.segment;
  const tcpflow__endpoint *const rcv = &conn->end[!v->cause.sender];
  const tcpflow__syn *syn;

  if (tcpflow__candidates_of(conn) == NULL || tcpflow__conn_opened(conn) ||
      !may_tell(conn, segment)) {
    return;
  }
  syn = choose_acked(conn, v);
  if (syn == NULL && !acks_current(rcv, segment->ack)) {
    syn = choose_followed(conn, v);
  }
  if (syn != NULL && is_other(conn, syn)) {
    adopt(conn, v, syn);
  }
}

void tcpflow__opening_selected(tcpflow_conn *conn, tcpflow__visit *v) {
  for (unsigned side = 0; v->selects && side < 2; side++) {
    if (v->saved.emptied[side]) {
      tcpflow__rest_drop(&v->saved.stream[side], &conn->env->budget);
      tcpflow__holes_forget(conn, side);
    }
  }
}

void tcpflow__opening_unselect(tcpflow_conn *conn, const tcpflow__visit *v) {
  for (unsigned side = 0; v->selects && side < 2; side++) {
    if (v->saved.emptied[side]) {
      tcpflow__rest_drop(&conn->sides->stream[side], &conn->env->budget);
      conn->sides->stream[side] = v->saved.stream[side];
    }
  }
  if (v->selects) {
    conn->end[0] = v->saved.end[0];
    conn->end[1] = v->saved.end[1];
    conn->sides->syn_time = v->saved.syn_time;
    conn->sides->rtt[TCPFLOW_SIDE_SERVER] = v->saved.rtt;
  }
}

bool tcpflow__opening_is_refused(const tcpflow_conn *conn,
                                 const tcpflow__visit *v) {
  const tcpflow_segment *const segment = v->cause.segment;
  const tcpflow_side side = tcpflow_side_other(v->cause.sender);
  const unsigned both = TCPFLOW_FLAG_ACK | TCPFLOW_FLAG_RST;

  return (segment->flags & both) == both && tcpflow__conn_opened(conn) &&
         !acks_current(&conn->end[side], segment->ack) &&
         tcpflow__candidates_acked(tcpflow__candidates_of(conn), side,
                                   segment->ack) != NULL;
}
