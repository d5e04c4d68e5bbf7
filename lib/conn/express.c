/*
 * lib/conn/express.c - the next octets of a connection, or an ACK.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.  Most segments are of this
 * kind, and most follow one that was: so what such a one leaves as it is, is
 * looked at once (stage.h).  No hole opens or closes, and nothing is
 * odd: what remains are numbers, the segment and its octets.  The general way
 * would tell the same, and does so for every other segment.
 */
#include "conn/express.h"

#include "conn/expected.h"
#include "conn/run.h"

/* Nothing is held of it, and it waits for what its sender sends next. */
static bool is_up_to_date(const tcpflow_conn *conn, tcpflow_side side) {
  const tcpflow__reasm *const stream = &conn->sides->stream[side];
  const tcpflow_seq edge = tcpflow__shortway_edge(conn, side);

  return tcpflow__reasm_is_idle(stream) && edge == conn->end[side].snd_nxt;
}

/* It stands somewhere, for whatever reason. */
static bool is_placed(const tcpflow_conn *conn) {
  return conn->end[0].proof != TCPFLOW_PROOF_NONE &&
         conn->end[1].proof != TCPFLOW_PROOF_NONE;
}

/* Remembers whether nothing but numbers has to be looked at. */
TCPFLOW__APART static bool get_ready(tcpflow_conn *conn) {
  if (!tcpflow__shortway_quiet(conn, TCPFLOW__CONN_UNUSUAL) ||
      !tcpflow__endpoints_are_steady(conn->end) || !is_placed(conn) ||
      !is_up_to_date(conn, TCPFLOW_SIDE_CLIENT) ||
      !is_up_to_date(conn, TCPFLOW_SIDE_SERVER)) {
    return false;
  }
  tcpflow__stage_set(conn, TCPFLOW__STAGE_STEADY,
                     tcpflow__endpoints_scaling(&conn->end[0], &conn->end[1]));
  return true;
}

bool tcpflow__conn_express(tcpflow_conn *conn, tcpflow_side sender,
                           const tcpflow_segment *segment) {
  /* A hole that was given up before it may have made a callback stop. */
  if (conn->env->stopped || !tcpflow__steady_flags(segment->flags) ||
      !tcpflow__usual_options(segment->options) ||
      !tcpflow__shortway_in_time(conn, segment) ||
      !((tcpflow__conn_is_easy(conn) && tcpflow__conn_runs(conn)) ||
        get_ready(conn)) ||
      !tcpflow__conn_run(conn, sender, segment,
                         tcpflow__stamps_of(segment->options))) {
    return false;
  }
  if (tcpflow__conn_is_asked(conn)) {
    tcpflow__expected_answer(conn, sender, segment);
  }
  return true;
}
