/*
 * lib/conn/straight.c - the turn that comes where the one before it leads.
 *
 * Room: conn.  Includes: base, wire, segment, fsm, reasm.  Most connections are
 * opened and closed by the same few segments, one after the other: behind a
 * SYN,ACK comes the client's ACK, and behind a FIN its ACK, with another FIN or
 * before it, and the ACK of that.  What was asked of the segment before needs
 * no asking (stage.h), and where the endpoints stand says which arrows they go.
 * Whatever else comes is routine.c's, which would find and tell the same.
 */
#include "conn/straight.h"

#include "conn/expected.h"
#include "conn/shortway.h"
#include "conn/stage.h"
#include "conn/turn.h"
#include "conn/visit.h"
#include "segment/closes.h"
#include "segment/opens.h"

/* --- the third segment of a handshake --- */

static bool follow_third(tcpflow_conn *conn, tcpflow_side sender,
                         const tcpflow_segment *segment) {
  tcpflow__endpoint *const snd = &conn->end[TCPFLOW_SIDE_CLIENT];
  tcpflow__endpoint *const rcv = &conn->end[TCPFLOW_SIDE_SERVER];
  const int scaling = tcpflow__stage_scaling(conn, TCPFLOW__STAGE_ANSWERED);
  tcpflow__turn turn;

  if (sender != TCPFLOW_SIDE_CLIENT ||
      !tcpflow__third_comes(snd, rcv, segment, scaling)) {
    return false;
  }
  tcpflow__turn_begin(&turn, conn, TCPFLOW_SIDE_CLIENT, segment);
  turn.event.verdict =
    tcpflow__usual_full_words(rcv, segment, segment->payload_length == 0);
  turn.event.offset = conn->sides->stream[TCPFLOW_SIDE_CLIENT].next;
  tcpflow__turn_window(&turn, tcpflow__expected_scale(snd, scaling));
  tcpflow__third_take(snd, rcv, segment, scaling);
  tcpflow__expected_print(conn, TCPFLOW_SIDE_CLIENT, segment);
  tcpflow__turn_go(&turn, conn, TCPFLOW_SIDE_SERVER,
                   TCPFLOW_STIMULUS_RCV_ACK_OF_SYN, TCPFLOW_STATE_ESTABLISHED);
  snd->proof = TCPFLOW_PROOF_PROVED;
  tcpflow__expected_opened(conn, TCPFLOW_SIDE_CLIENT, segment->time);
  tcpflow__stage_set(conn, TCPFLOW__STAGE_STEADY, scaling);
  tcpflow__expected_tell_opened(conn, &turn);
  return true;
}

/* --- the end of a stream, and what comes behind --- */

/* Tells one that ends no connection. */
TCPFLOW__FLAT void tell_closing(tcpflow_conn *conn, const tcpflow__turn *turn,
                                bool fin) {
  tcpflow__expected_tell_closing(conn, turn, fin);
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_ASKED)) {
    tcpflow__expected_answer(conn, turn->event.side, turn->event.segment);
  }
}

/* Begins to note one, whose octets are the next. */
TCPFLOW__FLAT void begin_closing(tcpflow__turn *turn, const tcpflow_conn *conn,
                                 tcpflow_side sender,
                                 const tcpflow_segment *segment, int scaling) {
  tcpflow__turn_begin(turn, conn, sender, segment);
  turn->event.offset = conn->sides->stream[sender].next;
  tcpflow__turn_window(turn,
                       tcpflow__expected_scale(&conn->end[sender], scaling));
}

/* The first FIN.  Memory may be wanted for the end: then it is to be taken with
   each. */
static bool follow_first_fin(tcpflow_conn *conn, tcpflow_side sender,
                             const tcpflow_segment *segment) {
  tcpflow__endpoint *const snd = &conn->end[sender];
  tcpflow__endpoint *const rcv = &conn->end[!sender];
  const int scaling = tcpflow__stage_scaling(conn, TCPFLOW__STAGE_STEADY);
  tcpflow__turn turn;

  if (conn->env->close_linger != 0 ||
      !tcpflow__closing_begins(snd, rcv, segment, scaling)) {
    return false;
  }
  begin_closing(&turn, conn, sender, segment, scaling);
  turn.event.verdict = tcpflow__usual_words(rcv, segment, false);
  tcpflow__closing_take(snd, rcv, segment,
                        &(tcpflow__closing){.scaling = scaling, .fin = true});
  tcpflow__expected_print(conn, sender, segment);
  tcpflow__turn_go(&turn, conn, (unsigned)sender, TCPFLOW_STIMULUS_SND_FIN,
                   TCPFLOW_STATE_FIN_WAIT_1);
  tcpflow__conn_mark(conn, tcpflow__expected_fin_bit(sender));
  conn->last = segment->time;
  tcpflow__stage_set(conn, TCPFLOW__STAGE_CLOSING, scaling);
  tell_closing(conn, &turn, true);
  return true;
}

/* An ACK of the first FIN, perhaps with the other one. */
static bool follow_reply(tcpflow_conn *conn, tcpflow_side sender,
                         const tcpflow_segment *segment) {
  const bool fin = (segment->flags & TCPFLOW_FLAG_FIN) != 0;
  tcpflow__endpoint *const snd = &conn->end[sender];
  tcpflow__endpoint *const rcv = &conn->end[!sender];
  const int scaling = tcpflow__stage_scaling(conn, TCPFLOW__STAGE_CLOSING);
  tcpflow__turn turn;

  if (!tcpflow__closing_goes_on(snd, rcv, segment, scaling)) {
    return false;
  }
  begin_closing(&turn, conn, sender, segment, scaling);
  turn.event.verdict = tcpflow__usual_full_words(
    rcv, segment, segment->payload_length == 0 && !fin);
  tcpflow__closing_take(
    snd, rcv, segment,
    &(tcpflow__closing){.scaling = scaling, .fin = fin, .acks = true});
  tcpflow__expected_print(conn, sender, segment);
  tcpflow__turn_go(&turn, conn, (unsigned)sender, TCPFLOW_STIMULUS_RCV_FIN,
                   TCPFLOW_STATE_CLOSE_WAIT);
  tcpflow__turn_go(&turn, conn, (unsigned)!sender,
                   TCPFLOW_STIMULUS_RCV_ACK_OF_FIN, TCPFLOW_STATE_FIN_WAIT_2);
  if (fin) {
    tcpflow__turn_go(&turn, conn, (unsigned)sender, TCPFLOW_STIMULUS_SND_FIN,
                     TCPFLOW_STATE_LAST_ACK);
  }
  conn->sides->stream[!sender].doubtful = 0;
  conn->last = segment->time;
  tell_closing(conn, &turn, fin);
  return true;
}

/* The other FIN, behind the ACK of the first one. */
static bool follow_other_fin(tcpflow_conn *conn, tcpflow_side sender,
                             const tcpflow_segment *segment) {
  tcpflow__endpoint *const snd = &conn->end[sender];
  tcpflow__endpoint *const rcv = &conn->end[!sender];
  const int scaling = tcpflow__stage_scaling(conn, TCPFLOW__STAGE_CLOSING);
  tcpflow__turn turn;

  if ((segment->flags & TCPFLOW_FLAG_FIN) == 0 ||
      !tcpflow__closing_goes_on(snd, rcv, segment, scaling)) {
    return false;
  }
  begin_closing(&turn, conn, sender, segment, scaling);
  turn.event.verdict = tcpflow__usual_full_words(rcv, segment, false);
  tcpflow__closing_take(snd, rcv, segment,
                        &(tcpflow__closing){.scaling = scaling, .fin = true});
  tcpflow__expected_print(conn, sender, segment);
  tcpflow__turn_go(&turn, conn, (unsigned)sender, TCPFLOW_STIMULUS_SND_FIN,
                   TCPFLOW_STATE_LAST_ACK);
  conn->last = segment->time;
  tell_closing(conn, &turn, true);
  return true;
}

/* The ACK of the second FIN: the end. */
static bool follow_last(tcpflow_conn *conn, tcpflow_side sender,
                        const tcpflow_segment *segment) {
  tcpflow__endpoint *const snd = &conn->end[sender];
  tcpflow__endpoint *const rcv = &conn->end[!sender];
  const int scaling = tcpflow__stage_scaling(conn, TCPFLOW__STAGE_CLOSING);
  tcpflow__turn turn;

  if (!tcpflow__closing_is_last(snd, rcv, segment, scaling)) {
    return false;
  }
  begin_closing(&turn, conn, sender, segment, scaling);
  turn.event.offset++; /* A FIN lies before it. */
  turn.event.verdict = tcpflow__usual_full_words(rcv, segment, true);
  tcpflow__closing_take(
    snd, rcv, segment,
    &(tcpflow__closing){.scaling = scaling, .behind = true, .acks = true});
  tcpflow__expected_print(conn, sender, segment);
  tcpflow__turn_go(&turn, conn, (unsigned)sender, TCPFLOW_STIMULUS_RCV_FIN,
                   TCPFLOW_STATE_TIME_WAIT);
  tcpflow__turn_go(&turn, conn, (unsigned)!sender,
                   TCPFLOW_STIMULUS_RCV_ACK_OF_FIN, TCPFLOW_STATE_CLOSED);
  conn->sides->stream[!sender].doubtful = 0;
  conn->last = segment->time;
  tcpflow__stage_leave(conn);
  tcpflow__turn_tell(conn, &turn);
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_ASKED)) {
    tcpflow__expected_answer(conn, sender, segment);
  } else {
    const tcpflow__cause cause = {segment->time, segment, sender};

    tcpflow__conn_conclude(conn, &cause, TCPFLOW_END_FIN);
  }
  return true;
}

/* Where the sender stands says what is next: until it has acknowledged the
   first FIN, its receiver is in FIN-WAIT-1. */
static bool follow_closing(tcpflow_conn *conn, tcpflow_side sender,
                           const tcpflow_segment *segment) {
  switch (conn->end[sender].state) {
  case TCPFLOW_STATE_ESTABLISHED:
    return follow_reply(conn, sender, segment);
  case TCPFLOW_STATE_CLOSE_WAIT:
    return follow_other_fin(conn, sender, segment);
  case TCPFLOW_STATE_FIN_WAIT_2:
    return conn->end[!sender].state == TCPFLOW_STATE_LAST_ACK &&
           follow_last(conn, sender, segment);
  default:
    return false;
  }
}

bool tcpflow__conn_straight_on(tcpflow_conn *conn, tcpflow_side sender,
                               const tcpflow_segment *segment) {
  if ((conn->bits & TCPFLOW__CONN_UNUSUAL) != 0 ||
      !tcpflow__shortway_in_time(conn, segment)) {
    return false;
  }
  if (tcpflow__stage_is(conn, TCPFLOW__STAGE_CLOSING)) {
    return follow_closing(conn, sender, segment);
  }
  return tcpflow__stage_is(conn, TCPFLOW__STAGE_STEADY)
           ? follow_first_fin(conn, sender, segment)
           : follow_third(conn, sender, segment);
}
