/*
 * lib/conn/settle.c - what a segment changes, before anybody hears of it.
 *
 * Room: conn.  Includes: base, wire, segment, fsm, reasm.  Nothing here can
 * fail: supply.c has taken the memory.
 */
#include "conn/extra.h"
#include "conn/far.h"
#include "conn/flip.h"
#include "conn/gate.h"
#include "conn/oddities.h"
#include "conn/opening.h"
#include "conn/place.h"
#include "conn/subflow.h"
#include "conn/urgent.h"
#include "conn/visit.h"

static void settle_streams(tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow_side receiver = tcpflow_side_other(v->cause.sender);

  if (v->judgment.count != 0 || v->judgment.fin_refuted) {
    tcpflow__place_fin_told(conn, receiver, v->judgment.fin_refuted);
  }
  if (v->overtakes || v->judgment.fin_refuted) {
    tcpflow__place_ack(conn, receiver);
  }
  /* Much data implies ACKs, captured or not. */
  if (v->judgment.data) {
    tcpflow__place_ack(conn, v->cause.sender);
  }
}

/* Does the segment concern how a connection opens?  Most do not. */
static bool may_open(const tcpflow_conn *conn, const tcpflow__visit *v) {
  return !tcpflow__conn_opened(conn) || conn->extra != NULL ||
         (v->cause.segment->flags & TCPFLOW_FLAG_SYN) != 0;
}

/* What few connections, or few segments, ask for. */
static void settle_few(tcpflow_conn *conn, const tcpflow__visit *v) {
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_GATED)) {
    tcpflow__gate_settle(conn, v);
  }
  if (v->opens || tcpflow__conn_is(conn, TCPFLOW__CONN_LONE)) {
    tcpflow__conn_note_trust(conn, v->cause.sender, v->judgment.numbers,
                             v->opens);
  }
}

/* Does it know octets that are not believed? */
static bool has_far(const tcpflow_conn *conn) {
  return conn->extra != NULL &&
         (conn->extra->far[0].root != NULL || conn->extra->far[1].root != NULL);
}

/* The numbers of both, and what these leave behind. */
static void apply(tcpflow_conn *conn, const tcpflow__visit *v) {
  const bool far = has_far(conn);
  const tcpflow__stand before[2] = {
    tcpflow__place_stand(conn, TCPFLOW_SIDE_CLIENT),
    tcpflow__place_stand(conn, TCPFLOW_SIDE_SERVER)};

  if (far) {
    tcpflow__far_believe(conn, v);
  }
  tcpflow__segment_apply(
    conn->end, conn->extra == NULL ? NULL : conn->extra->beside,
    v->cause.sender, v->cause.segment, &v->judgment, v->now);
  if (far) {
    tcpflow__far_settle(conn);
  }
  if (v->judgment.begins_before || v->judgment.peer_before) {
    return; /* Offsets begin anew. */
  }
  if (!v->judgment.syn_first && !tcpflow__conn_ignored(conn)) {
    tcpflow__place_moved(conn, TCPFLOW_SIDE_CLIENT, &before[0]);
    tcpflow__place_moved(conn, TCPFLOW_SIDE_SERVER, &before[1]);
  }
}

void tcpflow__conn_settle(tcpflow_conn *conn, tcpflow__visit *v) {
  const bool opens = may_open(conn, v);

  tcpflow__moves_begin(conn, v);
  tcpflow__note_oddities(conn, v->cause.segment, &v->judgment);
  if (opens) {
    tcpflow__flip_note(conn, v);
    tcpflow__opening_oddities(conn, v);
    tcpflow__opening_kind(conn, v);
    tcpflow__opening_keep(conn, v);
  }
  apply(conn, v);
  if (v->judgment.print != 0) {
    tcpflow__conn_keep_print(conn, &v->cause, v->judgment.print);
  }
  tcpflow__moves_follow(conn, v);
  if (opens) {
    tcpflow__opening_release(conn, v);
    tcpflow__opening_done(conn, v);
    tcpflow__opening_rtt(conn, v);
  }
  tcpflow__moves_note_fin(conn, v);
  tcpflow__subflow_note(conn, v);
  if (v->marks) {
    tcpflow__urgent_note(conn, v);
  }
  if (!tcpflow__conn_ignored(conn)) {
    settle_streams(conn, v);
  }
  conn->last = v->now;
  if (conn->end[tcpflow_side_other(v->cause.sender)].segments == 0) {
    tcpflow__note_one_sided(conn);
  }
  if (v->opens ||
      tcpflow__conn_is(conn, TCPFLOW__CONN_LONE | TCPFLOW__CONN_GATED)) {
    settle_few(conn, v);
  }
}
