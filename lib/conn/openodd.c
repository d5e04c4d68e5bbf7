/*
 * lib/conn/openodd.c - what is odd about SYNs and their answers.
 *
 * Room: conn.  Includes: base, wire, segment, fsm, reasm.
 */
#include "conn/candidates.h"
#include "conn/extra.h"
#include "conn/opening.h"

static bool has_fin(const tcpflow_conn *conn) {
  return tcpflow__endpoint_has(&conn->end[0], TCPFLOW__END_FIN) ||
         tcpflow__endpoint_has(&conn->end[1], TCPFLOW__END_FIN);
}

/* A SYN where the connection is open, or was. */
static tcpflow_anomaly anomaly_of_late_syn(const tcpflow_conn *conn,
                                           const tcpflow__visit *v) {
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_DOUBTED)) {
    return TCPFLOW_ANOMALY_SYN_AFTER_RST;
  }
  if (has_fin(conn) && tcpflow_seq_leq(v->cause.segment->seq,
                                       conn->end[v->cause.sender].snd_nxt)) {
    return TCPFLOW_ANOMALY_SYN_AFTER_FIN;
  }
  return conn->open_kind == TCPFLOW_OPEN_MID_STREAM
           ? TCPFLOW_ANOMALY_SYN_AFTER_MID_STREAM
           : TCPFLOW_ANOMALY_SYN_IN_CONNECTION;
}

/* Both have closed, and the ports may be used again. */
static bool is_expected(const tcpflow_conn *conn, const tcpflow__visit *v) {
  return tcpflow__endpoint_has(&conn->end[0], TCPFLOW__END_FIN) &&
         tcpflow__endpoint_has(&conn->end[1], TCPFLOW__END_FIN) &&
         tcpflow_seq_lt(conn->end[v->cause.sender].snd_nxt,
                        v->cause.segment->seq);
}

static void note_syn(tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow_verdict verdict = v->judgment.verdict;

  if ((verdict & TCPFLOW_VERDICT_SYN_OTHER_ISN) != 0) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_SYN_OTHER_ISN);
  }
  if ((verdict & TCPFLOW_VERDICT_SYN_IN_CONNECTION) != 0 &&
      !is_expected(conn, v)) {
    tcpflow__note_anomaly(conn, anomaly_of_late_syn(conn, v));
  }
}

/* The same SYN,ACK, and it acknowledges less or more than before. */
static bool has_other_ack(const tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow__endpoint *const snd = &conn->end[v->cause.sender];
  const tcpflow__endpoint *const rcv = &conn->end[!v->cause.sender];

  return tcpflow__endpoint_has(snd, TCPFLOW__END_SYN | TCPFLOW__END_WINDOW) &&
         !tcpflow__conn_opened(conn) &&
         tcpflow__endpoint_began_with(snd, v->cause.segment->seq) &&
         tcpflow__endpoint_has(rcv, TCPFLOW__END_SYN_ACKED) &&
         v->cause.segment->ack != rcv->snd_una;
}

/* Its sender had sent a SYN, and the receiver none. */
static bool is_from_client(const tcpflow_conn *conn, const tcpflow__visit *v) {
  return v->cause.sender == TCPFLOW_SIDE_CLIENT &&
         conn->open_kind != TCPFLOW_OPEN_SIMULTANEOUS &&
         !v->judgment.peer_syn &&
         (v->judgment.verdict & (TCPFLOW_VERDICT_SYN_OTHER_ISN |
                                 TCPFLOW_VERDICT_SYN_ACK_BAD_ACK)) != 0;
}

static void note_syn_ack(tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow_verdict verdict = v->judgment.verdict;
  const tcpflow__endpoint *const rcv = &conn->end[!v->cause.sender];

  if (has_other_ack(conn, v)) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_SYN_ACK_OTHER_ACK);
  } else if ((verdict & TCPFLOW_VERDICT_SYN_ACK_BAD_ACK) != 0) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_SYN_ACK_BAD_ACK);
  }
  if ((verdict & TCPFLOW_VERDICT_SYN_OTHER_ISN) != 0) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_SYN_ACK_OTHER_ISN);
  }
  if ((verdict & TCPFLOW_VERDICT_SYN_IN_CONNECTION) != 0) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_SYN_ACK_IN_CONNECTION);
  }
  if (is_from_client(conn, v)) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_SYN_ACK_FROM_CLIENT);
  }
  if (rcv->state == TCPFLOW_STATE_LISTEN && !v->judgment.peer_syn) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_SYN_ACK_UNSOLICITED);
  }
}

void tcpflow__opening_oddities(tcpflow_conn *conn, const tcpflow__visit *v) {
  const unsigned flags = v->cause.segment->flags;

  if ((v->judgment.verdict & TCPFLOW_VERDICT_FAST_OPEN_IGNORED) != 0) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_FAST_OPEN_IGNORED);
  }
  if ((v->judgment.verdict & TCPFLOW_VERDICT_PORT_REUSED) != 0 &&
      conn->extra != NULL && conn->extra->reuse != 0) {
    tcpflow__note_anomaly(conn, (tcpflow_anomaly)conn->extra->reuse);
  }
  if (v->judgment.jump && !tcpflow__conn_opened(conn)) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_HANDSHAKE_BAD_ACK);
  }
  if ((flags & TCPFLOW_FLAG_SYN) == 0 || (flags & TCPFLOW_FLAG_RST) != 0) {
    return;
  }
  if ((flags & TCPFLOW_FLAG_ACK) != 0) {
    note_syn_ack(conn, v);
  } else {
    note_syn(conn, v);
  }
}

void tcpflow__opening_kind_oddities(tcpflow_conn *conn) {
  if (conn->open_kind == TCPFLOW_OPEN_SPLIT) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_SPLIT_HANDSHAKE);
  } else if (conn->open_kind == TCPFLOW_OPEN_SIMULTANEOUS) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_SIMULTANEOUS_OPEN);
  }
}
