/*
 * lib/conn/judging.c - what a segment is to a connection.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.  A connection that
 * remembers another one, or several SYNs, finds out first to which of them the
 * segment belongs.
 */
#include "conn/doubt.h"
#include "conn/extra.h"
#include "conn/heir.h"
#include "conn/opening.h"
#include "conn/place.h"
#include "conn/subflow.h"
#include "conn/visit.h"

/* Up to where the sender's stream is complete.  One that is not followed has no
   holes. */
static tcpflow_seq edge_of(const tcpflow_conn *conn, tcpflow_side sender) {
  return tcpflow__conn_ignored(conn) ? conn->end[sender].snd_nxt
                                     : tcpflow__place_edge(conn, sender);
}

/* What stands beside the endpoints of a connection that has nothing there. */
static const tcpflow__beside nothing_beside[2];

static void judge_numbers(const tcpflow_conn *conn, tcpflow__visit *v) {
  const bool syn = (v->cause.segment->flags & TCPFLOW_FLAG_SYN) != 0;
  const tcpflow__segment_context context = {
    .prints = &conn->env->prints,
    .beside = conn->extra == NULL ? nothing_beside : conn->extra->beside,
    .edge = edge_of(conn, v->cause.sender),
    .reorder = tcpflow__conn_reorder(conn),
    .untold = {syn && tcpflow__place_untold(conn, TCPFLOW_SIDE_CLIENT),
               syn && tcpflow__place_untold(conn, TCPFLOW_SIDE_SERVER)},
    .shared_window = tcpflow__subflow_shares(conn),
    .strict_paws = (conn->env->strict & TCPFLOW_STRICT_PAWS) != 0,
    .refuses = conn->extra != NULL && tcpflow__opening_is_refused(conn, v),
    .strict_ack = (conn->env->strict & TCPFLOW_STRICT_ACK) != 0,
    .rst_taste = conn->rst_taste,
  };

  if (!tcpflow__conn_doubted(conn)) {
    tcpflow__segment_judge(&v->judgment, conn->end, v->cause.sender,
                           v->cause.segment, &context);
    return;
  }
  /* As if it had not been closed. */
  tcpflow__endpoint end[2] = {conn->end[0], conn->end[1]};
  end[0].state = conn->wait->doubt.state[0];
  end[1].state = conn->wait->doubt.state[1];
  tcpflow__segment_judge(&v->judgment, end, v->cause.sender, v->cause.segment,
                         &context);
}

/* The segment has chosen another SYN; that counts if it does so itself, as a
   segment of the connection which that one begins. */
static void judge_choice(tcpflow_conn *conn, tcpflow__visit *v) {
  if (v->judgment.numbers) {
    v->judgment.verdict |= TCPFLOW_VERDICT_INCARNATION_SELECTED;
    return;
  }
  tcpflow__opening_unselect(conn, v);
  v->selects = false;
  judge_numbers(conn, v);
}

/* The segment of a connection that remembers something. */
static void judge_with_memory(tcpflow_conn *conn, tcpflow__visit *v) {
  v->former = tcpflow__heir_is_former(conn, v);
  if (v->former) {
    v->judgment = (tcpflow__judgment){.verdict = TCPFLOW_VERDICT_AFTER_END};
    return;
  }
  tcpflow__opening_select(conn, v);
  judge_numbers(conn, v);
  if (v->selects) {
    judge_choice(conn, v);
  }
  tcpflow__opening_challenge(conn, v);
}

/* The first segment of a connection. */
static void judge_first(tcpflow_conn *conn, tcpflow__visit *v) {
  const bool seeded = tcpflow__heir_seed(conn, v->now);

  judge_numbers(conn, v);
  if (seeded) {
    tcpflow__heir_seeded(conn, v);
  }
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_SUCCEEDS)) {
    v->judgment.verdict |= TCPFLOW_VERDICT_PORT_REUSED;
  }
}

void tcpflow__conn_judge(tcpflow_conn *conn, tcpflow__visit *v, bool begins) {
  if (begins) {
    judge_first(conn, v);
  } else if (conn->extra != NULL) {
    judge_with_memory(conn, v);
  } else {
    judge_numbers(conn, v);
  }
}
