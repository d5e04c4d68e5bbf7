/*
 * lib/conn/opening.c - how a connection opens: the kind, and the round trips of
 * the handshake.
 *
 * Room: conn.  Includes: base, wire, segment, fsm, reasm.  RFC 9293 section
 * 3.5.
 */
#include "conn/opening.h"

#include "conn/candidates.h"
#include "conn/extra.h"

/* The one who sent its SYN second has answered the other's SYN,ACK by an ACK:
   it was never in SYN-RECEIVED. */
static bool skips_syn_received(const tcpflow__visit *v) {
  for (unsigned i = 0; i < v->judgment.count; i++) {
    if (v->judgment.happening[i].stimulus == TCPFLOW_STIMULUS_RCV_SYN_ACK &&
        !v->judgment.happening[i].inferred) {
      return v->judgment.happening[i].side == v->cause.sender;
    }
  }
  return false;
}

/*
 * SYNs that crossed and a split handshake look alike where the first SYN was
 * lost behind the capture.  But who answers a SYN has to get it first: the
 * second SYN comes a round trip behind the first, as the ACK does behind the
 * SYN,ACK, give or take a quarter; one that crosses comes sooner.
 */
static bool is_split(const tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow__conn_extra *const extra = conn->extra;

  return conn->open_kind == TCPFLOW_OPEN_SIMULTANEOUS && extra != NULL &&
         extra->crossing != 0 && skips_syn_received(v) &&
         extra->crossing >= (v->now - conn->last) / 4 * 3;
}

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
  if (is_split(conn, v)) {
    conn->open_kind = TCPFLOW_OPEN_SPLIT;
  }
  tcpflow__opening_kind_oddities(conn);
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
  /* The SYN was only captured behind its answer. */
  if (conn->open_kind == TCPFLOW_OPEN_SYN_ACK_FIRST && v->judgment.syn_late &&
      v->cause.sender == TCPFLOW_SIDE_CLIENT && !tcpflow__conn_opened(conn)) {
    conn->open_kind = TCPFLOW_OPEN_UNKNOWN;
    return;
  }
  if (conn->open_kind == TCPFLOW_OPEN_UNKNOWN) {
    conn->open_kind = (unsigned)kind_of(conn, v) & 15U;
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

/* The newest SYN of the number that counts, of those that were sent again or
   with other numbers; and how many there are. */
static const tcpflow__candidate *
newest_syn(const tcpflow_conn *conn, tcpflow_side side, unsigned *count) {
  const tcpflow__candidates *const list = tcpflow__candidates_of(conn);
  const tcpflow__candidate *newest = NULL;

  *count = 0;
  for (unsigned i = 0; i < list->count; i++) {
    const tcpflow__candidate *const syn = &list->of[i].as;

    if (list->of[i].side == side && syn->isn == conn->end[side].iss) {
      newest = newest == NULL || syn->time >= newest->time ? syn : newest;
      (*count)++;
    }
  }
  return newest;
}

/*
 * When the SYN that the segment answers was captured; TCPFLOW_TIME_NONE: nobody
 * can tell.  Only the newest one can be told by its timestamp: the echo of an
 * older one is that of whoever opened long ago and says so again.
 */
static tcpflow_time find_time(const tcpflow_conn *conn, tcpflow_side side,
                              const tcpflow_options *options) {
  unsigned count;
  const tcpflow__candidate *const newest = newest_syn(conn, side, &count);
  const bool echoes =
    options != NULL && (options->present & TCPFLOW_HAS_TIMESTAMPS) != 0;

  if (newest == NULL || newest->again ||
      (echoes ? newest->ts_val != options->ts_ecr : count != 1)) {
    return TCPFLOW_TIME_NONE;
  }
  return newest->time;
}

/* Takes one half of the handshake's round trip: from a SYN of the other side
   (bit: it was sent again) to the segment. */
static void take_rtt(tcpflow_conn *conn, tcpflow_side side, unsigned bit,
                     const tcpflow__visit *v) {
  const tcpflow_side other = tcpflow_side_other(side);
  tcpflow__candidates *const list = tcpflow__candidates_of(conn);
  tcpflow_time sent = conn->sides->syn_time;

  if (tcpflow__candidates_find(list, other, conn->end[other].iss) != NULL) {
    sent = find_time(conn, other, v->cause.segment->options);
  } else if (tcpflow__conn_is(conn, bit)) {
    sent = TCPFLOW_TIME_NONE;
  }
  conn->sides->rtt[side] =
    sent != TCPFLOW_TIME_NONE ? v->now - sent : TCPFLOW_TIME_NONE;
}

/* A second SYN that does not acknowledge the first one. */
static void note_crossing(tcpflow_conn *conn, const tcpflow__visit *v) {
  const bool again = tcpflow__conn_is(conn, TCPFLOW__CONN_SYN_AGAIN);
  const tcpflow_time first = again ? conn->last : conn->sides->syn_time;

  if (!v->judgment.ack && first < v->now &&
      tcpflow__endpoint_has(&conn->end[!v->cause.sender], TCPFLOW__END_SYN)) {
    conn->extra->crossing = v->now - first;
  }
}

void tcpflow__opening_rtt(tcpflow_conn *conn, const tcpflow__visit *v) {
  const bool answers = v->judgment.ack && !v->judgment.peer_syn;

  if (v->judgment.syn_first) {
    if (answers) {
      take_rtt(conn, TCPFLOW_SIDE_SERVER, TCPFLOW__CONN_SYN_AGAIN, v);
    }
    note_crossing(conn, v);
    note_repeated_syn(conn, v);
    conn->sides->syn_time = v->now;
    return;
  }
  note_repeated_syn(conn, v);
  if (answers && v->opens && v->cause.sender == TCPFLOW_SIDE_CLIENT) {
    take_rtt(conn, TCPFLOW_SIDE_CLIENT, TCPFLOW__CONN_SYN_ACK_AGAIN, v);
  }
}
