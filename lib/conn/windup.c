/*
 * lib/conn/windup.c - what comes last of each segment.
 *
 * Room: conn.  Includes: base, segment, reasm.  Data comes before anomalies, so
 * a stream that ends is emptied first; the end comes behind both.
 */
#include "conn/doubt.h"
#include "conn/holes.h"
#include "conn/place.h"
#include "conn/visit.h"

/* Does the connection end here, because the segment ends it, or because a
   callback wants it? */
static tcpflow_end_reason end_of(const tcpflow_conn *conn,
                                 const tcpflow__visit *v) {
  const bool fins =
    tcpflow__endpoint_has(&conn->end[0], TCPFLOW__END_FIN_ACKED) &&
    tcpflow__endpoint_has(&conn->end[1], TCPFLOW__END_FIN_ACKED);

  if (tcpflow__conn_doubted(conn)) {
    return tcpflow__conn_is(conn, TCPFLOW__CONN_END_ASKED)
             ? (tcpflow_end_reason)conn->wait->doubt.reason
             : TCPFLOW_END_NONE;
  }
  if ((v->judgment.verdict & TCPFLOW_VERDICT_RST_ACCEPTED) != 0) {
    return TCPFLOW_END_RESET;
  }
  if (fins) {
    return TCPFLOW_END_FIN;
  }
  return tcpflow__conn_is(conn, TCPFLOW__CONN_END_ASKED)
           ? (tcpflow_end_reason)conn->end_reason
           : TCPFLOW_END_NONE;
}

/* After two FINs: the end waits for what comes late, unless somebody wants it
   now. */
static bool lingers(tcpflow_conn *conn, const tcpflow__visit *v) {
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_END_ASKED) ||
      !tcpflow__doubt_begin(conn, v->now, TCPFLOW_END_FIN,
                            (tcpflow_side)tcpflow__conn_first_fin(conn),
                            v->cause.segment->seq)) {
    return false;
  }
  tcpflow__tell_anomalies(conn, &v->cause);
  return !tcpflow__conn_is(conn, TCPFLOW__CONN_END_ASKED);
}

/* The connection has ended: now, or when what comes late has come. */
static void end(tcpflow_conn *conn, const tcpflow__visit *v,
                tcpflow_end_reason reason) {
  const bool doubted = tcpflow__conn_doubted(conn);

  if (reason == TCPFLOW_END_FIN && !doubted && lingers(conn, v)) {
    return;
  }
  if (doubted) {
    tcpflow__conn_finish(conn, v->cause.time, NULL, reason);
  } else {
    tcpflow__conn_conclude(conn, &v->cause, reason);
  }
}

void tcpflow__conn_wind_up(tcpflow_conn *conn, const tcpflow__visit *v) {
  tcpflow_end_reason reason;

  if (tcpflow__holes_matter(conn)) {
    tcpflow__holes_settle(conn, &v->cause, v->now);
  }
  reason = end_of(conn, v);
  if (reason == TCPFLOW_END_NONE) {
    tcpflow__tell_anomalies(conn, &v->cause);
    if (!tcpflow__conn_is(conn, TCPFLOW__CONN_END_ASKED)) {
      return;
    }
    reason = end_of(conn, v);
  }
  if (reason != TCPFLOW_END_NONE) {
    end(conn, v, reason);
  }
}

void tcpflow__conn_asked(tcpflow_conn *conn, const tcpflow__cause *cause) {
  tcpflow__visit v;

  v.cause = *cause;
  v.now = conn->last;
  v.judgment.verdict = 0;
  tcpflow__place_stopped(conn);
  tcpflow__conn_wind_up(conn, &v);
}
