/*
 * lib/conn/opening.c - how a connection opens: the kind, and the round trips of
 * the handshake.
 *
 * Room: conn.  Includes: base, wire, segment, fsm, reasm.  RFC 9293 section
 * 3.5.
 */
#include "conn/opening.h"

void tcpflow__opening_done(tcpflow_conn *conn, tcpflow__visit *v) {
  if (tcpflow__conn_opened(conn) ||
      conn->end[0].state < TCPFLOW_STATE_ESTABLISHED ||
      conn->end[1].state < TCPFLOW_STATE_ESTABLISHED) {
    return;
  }
  tcpflow__conn_mark(conn, TCPFLOW__CONN_OPEN);
  v->opens = true;
  if (conn->open_kind == TCPFLOW_OPEN_UNKNOWN) {
    conn->open_kind = TCPFLOW_OPEN_THREE_WAY;
  }
}

/* What the segment says of how the connection begins. */
static tcpflow_open_kind kind_of(const tcpflow_conn *conn,
                                 const tcpflow__visit *v) {
  const tcpflow_verdict verdict = v->judgment.verdict;
  const bool syn = (v->cause.segment->flags & TCPFLOW_FLAG_SYN) != 0;
  const bool has_syn = tcpflow__endpoint_has(
    &conn->end[tcpflow_side_other(v->cause.sender)], TCPFLOW__END_SYN);

  if ((verdict & TCPFLOW_VERDICT_MID_STREAM) != 0) {
    return TCPFLOW_OPEN_MID_STREAM;
  }
  if ((verdict & TCPFLOW_VERDICT_FAST_OPEN_ACCEPTED) != 0) {
    return TCPFLOW_OPEN_FAST;
  }
  if (v->judgment.syn_first && v->judgment.peer_syn) {
    return TCPFLOW_OPEN_SYN_ACK_FIRST;
  }
  /* A SYN meets a SYN; or it comes again, with the ACK of one that was not
     captured (RFC 9293 Figure 7). */
  if (v->judgment.syn_first ? !v->judgment.ack && has_syn
                            : syn && v->judgment.peer_syn) {
    return TCPFLOW_OPEN_SIMULTANEOUS;
  }
  return TCPFLOW_OPEN_UNKNOWN;
}

void tcpflow__opening_kind(tcpflow_conn *conn, const tcpflow__visit *v) {
  if (conn->open_kind == TCPFLOW_OPEN_UNKNOWN) {
    conn->open_kind = (uint8_t)kind_of(conn, v);
  }
}

/*
 * A SYN that is sent again makes the round trip ambiguous (Karn); one with
 * another number does not, because the answer tells which one it answers.
 */
static void note_repeated_syn(tcpflow_conn *conn, const tcpflow__visit *v) {
  const bool ack = (v->cause.segment->flags & TCPFLOW_FLAG_ACK) != 0;
  const unsigned bit =
    ack ? TCPFLOW__CONN_SYN_ACK_AGAIN : TCPFLOW__CONN_SYN_AGAIN;

  if (v->judgment.syn_first) {
    conn->bits &= ~bit;
  } else if ((v->judgment.verdict & TCPFLOW_VERDICT_SYN_RETRANSMISSION) != 0) {
    tcpflow__conn_mark(conn, bit);
  }
}

/* Takes one half of the handshake's round trip. */
static void take_rtt(tcpflow_conn *conn, tcpflow_side side, unsigned again,
                     tcpflow_time now) {
  if (!tcpflow__conn_is(conn, again) && conn->syn_time != TCPFLOW_TIME_NONE) {
    conn->rtt[side] = now - conn->syn_time;
  }
}

void tcpflow__opening_rtt(tcpflow_conn *conn, const tcpflow__visit *v) {
  const bool answers = v->judgment.ack && !v->judgment.peer_syn;

  note_repeated_syn(conn, v);
  if (v->judgment.syn_first) {
    if (answers) {
      take_rtt(conn, TCPFLOW_SIDE_SERVER, TCPFLOW__CONN_SYN_AGAIN, v->now);
    }
    conn->syn_time = v->now;
  } else if (answers && v->opens && v->cause.sender == TCPFLOW_SIDE_CLIENT) {
    take_rtt(conn, TCPFLOW_SIDE_CLIENT, TCPFLOW__CONN_SYN_ACK_AGAIN, v->now);
  }
}
