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
#include "conn/parting.h"
#include "conn/shortway.h"
#include "conn/stage.h"
#include "conn/turn.h"
#include "conn/visit.h"
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

bool tcpflow__conn_straight_on(tcpflow_conn *conn, tcpflow_side sender,
                               const tcpflow_segment *segment) {
  if ((conn->bits & TCPFLOW__CONN_UNUSUAL) != 0 ||
      !tcpflow__shortway_in_time(conn, segment)) {
    return false;
  }
  if (tcpflow__stage_is(conn, TCPFLOW__STAGE_LAST)) {
    return tcpflow__part_last(conn, sender, segment);
  }
  if (tcpflow__stage_is(conn, TCPFLOW__STAGE_CLOSING)) {
    return tcpflow__part_next(conn, sender, segment);
  }
  return tcpflow__stage_is(conn, TCPFLOW__STAGE_STEADY)
           ? tcpflow__part_first(conn, sender, segment)
           : follow_third(conn, sender, segment);
}
