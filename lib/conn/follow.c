/*
 * lib/conn/follow.c - a segment's way through a connection.
 *
 * Room: conn.  Includes: base, segment, reasm.  Judge (judging.c); take memory
 * and put the data away, the only step that can fail (supply.c); change numbers
 * and states (settle.c); and then tell, the end last (windup.c).  So a call
 * that has no memory has changed nothing, and a callback sees the connection as
 * it is after the segment.
 */
#include "base/compiler.h"
#include "conn/detour.h"
#include "conn/flip.h"
#include "conn/opening.h"
#include "conn/place.h"
#include "conn/stage.h"
#include "conn/visit.h"
#include "conn/ways.h"

/* RFC 9293 section 3.5.3: a RST may have payload; it is not of the stream. */
static void tell_beside(tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow_segment *const segment = v->cause.segment;

  if ((segment->flags & TCPFLOW_FLAG_RST) != 0 &&
      segment->payload_length != 0 && !v->former) {
    tcpflow__tell_rst_data(conn, &v->cause);
  }
}

/* The octets that came with a SYN. */
static void tell_syn(tcpflow_conn *conn, tcpflow__visit *v) {
  if (v->has_syn_input) {
    tcpflow__tell_stream(conn, (tcpflow_side)v->syn_side, &v->cause,
                         &v->syn_input);
  }
  tcpflow__opening_forget(conn, v);
}

static void tell(tcpflow_conn *conn, tcpflow__visit *v, bool begins) {
  const tcpflow_side sender = v->cause.sender;
  const bool waits = v->has_syn_input && v->syn_waits;

  if (begins) {
    tcpflow__tell_new(conn, &v->cause);
  }
  if (v->flips) {
    tcpflow__tally_one(conn->env->tally.flipped);
    tcpflow__tell_flip(conn, &v->cause);
  }
  tcpflow__tell_segment(conn, v);
  tcpflow__tell_moves(conn, v);
  if (!waits) {
    tell_syn(conn, v);
  }
  tcpflow__tell_stream(conn, tcpflow_side_other(sender), &v->cause, NULL);
  if (v->has_input && conn->env->past.any) {
    tcpflow__tell_retold(conn, sender, &v->cause, &v->input);
  }
  tcpflow__tell_stream(conn, sender, &v->cause,
                       v->has_input ? &v->input : NULL);
  if (waits) {
    tcpflow__opening_put(conn, v);
    tell_syn(conn, v);
  }
  /* A FIN has a place in the stream: what comes behind it does not count. */
  if (v->judgment.fin_first) {
    tcpflow__place_fin(conn, sender);
  }
  tcpflow__place_stopped(conn);
  tell_beside(conn, v);
  tcpflow__conn_wind_up(conn, v);
}

/* The general way. */
TCPFLOW__APART static int follow(tcpflow_conn *conn, tcpflow_side sender,
                                 const tcpflow_segment *segment) {
  const bool begins = !tcpflow__conn_is(conn, TCPFLOW__CONN_BEGUN);
  tcpflow__visit v;
  int error;

  v.flips = tcpflow__flip_is_due(conn, sender, segment);
  if (v.flips) {
    tcpflow__flip(conn);
    sender = tcpflow_side_other(sender);
  }
  v.cause = (tcpflow__cause){segment->time, segment, sender};
  v.now = segment->time > conn->last ? segment->time : conn->last;
  v.has_input = false;
  v.input.early = false;
  v.has_syn_input = false;
  v.selects = false;
  v.former = false;
  v.keeps = false;
  v.opens = false;
  v.doubts = false;
  v.marks = false;
  v.moves = 0;
  tcpflow__conn_judge(conn, &v, begins);
  v.judgment.verdict |= v.flips ? TCPFLOW_VERDICT_ROLES_FLIPPED : 0;
  error = tcpflow__conn_supply(conn, &v);
  if (error != TCPFLOW_OK) {
    if (v.flips) {
      tcpflow__flip(conn);
    }
    return error;
  }

  if (begins) {
    conn->first = v.now;
    tcpflow__conn_mark(conn, TCPFLOW__CONN_BEGUN);
  }
  tcpflow__conn_settle(conn, &v);
  tell(conn, &v, begins);
  return TCPFLOW_OK;
}

/* The ways of what is known beforehand. */
static bool follow_known(tcpflow_conn *conn, tcpflow_side sender,
                         const tcpflow_segment *segment, bool between) {
  if (tcpflow__conn_ignored(conn)) {
    return tcpflow__conn_pass_by(conn, sender, segment);
  }
  return between ? tcpflow__conn_detour(conn, sender, segment)
                 : tcpflow__conn_routine(conn, sender, segment);
}

int tcpflow__conn_follow(tcpflow_conn *conn, tcpflow_side sender,
                         const tcpflow_segment *segment, bool between) {
  tcpflow__stage_leave(conn);
  return follow_known(conn, sender, segment, between)
           ? TCPFLOW_OK
           : follow(conn, sender, segment);
}
