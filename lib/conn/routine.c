/*
 * lib/conn/routine.c - how a connection usually opens and closes.
 *
 * Room: conn.  Includes: base, wire, segment, fsm, reasm.  A segment that is
 * the next step of a handshake or a close (segment/opens.h, closes.h) opens no
 * hole and closes none, and nothing is odd: what remains are numbers, states,
 * the segment and its octets.  The general way (follow.c) would tell the same,
 * and does so for every other segment; those in between are express.c's,
 * the SYN that begins is firstsyn.c's, and what follows one of those without
 * anything between is straight.c's.
 */
#include "conn/expected.h"
#include "conn/shortway.h"
#include "conn/stage.h"
#include "conn/turn.h"
#include "conn/visit.h"
#include "segment/closes.h"
#include "segment/opens.h"

TCPFLOW__FLAT bool is_usual(const tcpflow_conn *conn) {
  return tcpflow__shortway_quiet(conn, TCPFLOW__CONN_UNUSUAL) &&
         tcpflow__reasm_is_idle(&conn->sides->stream[0]) &&
         tcpflow__reasm_is_idle(&conn->sides->stream[1]);
}

/* Is all there that it acknowledges?  A FIN is no octet. */
TCPFLOW__FLAT bool has_all(const tcpflow_conn *conn, tcpflow_side receiver,
                           tcpflow_seq ack) {
  const tcpflow__endpoint *const rcv = &conn->end[receiver];
  const bool fin = tcpflow__endpoint_has(rcv, TCPFLOW__END_FIN) &&
                   tcpflow_seq_lt(rcv->fin, ack);

  return tcpflow_seq_leq(fin ? rcv->fin : ack,
                         tcpflow__shortway_edge(conn, receiver));
}

/* What an endpoint sends shows that it is open (moves.c). */
TCPFLOW__FLAT void prove_open(tcpflow__endpoint *snd) {
  if (snd->state == TCPFLOW_STATE_ESTABLISHED &&
      snd->proof != TCPFLOW_PROOF_NONE) {
    snd->proof = TCPFLOW_PROOF_PROVED;
  }
}

/* --- the SYN,ACK --- */

/* Does the side send it that does so in every handshake, to somebody else?
   What a connection has beside it may remember SYNs (subflow.h). */
TCPFLOW__FLAT bool may_answer(const tcpflow_conn *conn, tcpflow_side sender) {
  return conn->extra == NULL && sender == TCPFLOW_SIDE_SERVER &&
         tcpflow__conn_is(conn, TCPFLOW__CONN_BEGUN) &&
         conn->role >= (unsigned)TCPFLOW_ROLE_SYN_ACK &&
         !(tcpflow__conn_is(conn, TCPFLOW__CONN_HAS_TUPLE) &&
           tcpflow__ends_one_port(&conn->ends));
}

/* Behind it comes an ACK, where nothing is odd about the client. */
TCPFLOW__FLAT void expect_third(tcpflow_conn *conn) {
  const tcpflow__endpoint *const snd = &conn->end[TCPFLOW_SIDE_SERVER];
  const tcpflow__endpoint *const rcv = &conn->end[TCPFLOW_SIDE_CLIENT];

  if (tcpflow__usual_ease(rcv, snd) && (rcv->bits & TCPFLOW__END_BASE) != 0 &&
      conn->open_kind == TCPFLOW_OPEN_UNKNOWN &&
      tcpflow__shortway_edge(conn, TCPFLOW_SIDE_CLIENT) == rcv->snd_nxt) {
    tcpflow__stage_set(conn, TCPFLOW__STAGE_ANSWERED,
                       tcpflow__endpoints_scaling(rcv, snd));
  }
}

static bool follow_answer(tcpflow_conn *conn, tcpflow_side sender,
                          const tcpflow_segment *segment) {
  tcpflow__endpoint *const snd = &conn->end[TCPFLOW_SIDE_SERVER];
  tcpflow__endpoint *const rcv = &conn->end[TCPFLOW_SIDE_CLIENT];
  tcpflow__turn turn;

  if (!may_answer(conn, sender) || !tcpflow__answer_fits(snd, rcv, segment)) {
    return false;
  }
  tcpflow__turn_begin(&turn, conn, sender, segment);
  turn.event.verdict = TCPFLOW_VERDICT_NEW_DATA | TCPFLOW_VERDICT_NEW_ACK |
                       tcpflow__segment_is_marked(segment);
  turn.event.offset = 0;
  tcpflow__turn_window(&turn, 0);
  tcpflow__answer_take(snd, rcv, segment);
  tcpflow__expected_print(conn, snd, segment,
                          tcpflow__stamps_of(segment->options));
  tcpflow__turn_go(&turn, conn, TCPFLOW_SIDE_SERVER,
                   TCPFLOW_STIMULUS_SND_SYN_ACK, TCPFLOW_STATE_SYN_RECEIVED);
  tcpflow__turn_go(&turn, conn, TCPFLOW_SIDE_CLIENT,
                   TCPFLOW_STIMULUS_RCV_SYN_ACK, TCPFLOW_STATE_ESTABLISHED);
  conn->sides->rtt[TCPFLOW_SIDE_SERVER] =
    tcpflow__expected_round(conn, TCPFLOW__CONN_SYN_AGAIN, segment->time);
  conn->bits &= ~(uint32_t)TCPFLOW__CONN_SYN_ACK_AGAIN;
  conn->sides->syn_time = segment->time;
  conn->last = segment->time;
  expect_third(conn);
  tcpflow__turn_tell(conn, &turn);
  if (tcpflow__conn_is_asked(conn)) {
    tcpflow__expected_answer(conn, sender, segment);
  }
  return true;
}

/* --- the third segment of a handshake --- */

/* Both are open. */
TCPFLOW__FLAT void settle_third(tcpflow_conn *conn, tcpflow__turn *turn) {
  const tcpflow_segment *const segment = turn->event.segment;
  const tcpflow_side sender = turn->event.side;

  tcpflow__expected_print(conn, &conn->end[sender], segment,
                          tcpflow__stamps_of(segment->options));
  tcpflow__turn_step(turn, conn, !sender, TCPFLOW_STIMULUS_RCV_ACK_OF_SYN);
  prove_open(&conn->end[sender]);
  tcpflow__expected_opened(conn, sender, segment->time);
}

static bool follow_third(tcpflow_conn *conn, tcpflow_side sender,
                         const tcpflow_segment *segment) {
  tcpflow__endpoint *const snd = &conn->end[sender];
  tcpflow__endpoint *const rcv = &conn->end[!sender];
  const tcpflow_options *const stamps = tcpflow__stamps_of(segment->options);
  const int scaling = tcpflow__endpoints_scaling(snd, rcv);
  tcpflow__turn turn;

  if (conn->open_kind != TCPFLOW_OPEN_UNKNOWN ||
      tcpflow__shortway_edge(conn, sender) != segment->seq ||
      !tcpflow__third_fits(snd, rcv, segment, stamps, scaling)) {
    return false;
  }
  tcpflow__turn_begin(&turn, conn, sender, segment);
  turn.event.verdict =
    tcpflow__usual_words(rcv, segment, segment->payload_length == 0);
  turn.event.offset = conn->sides->stream[sender].next;
  tcpflow__turn_window(&turn, tcpflow__expected_scale(snd, scaling));
  tcpflow__third_take(snd, rcv, segment, stamps, scaling);
  settle_third(conn, &turn);
  tcpflow__expected_tell_opened(conn, &turn);
  return true;
}

/* --- the end of a stream, and what comes behind --- */

/* RFC 9293 section 3.10.7.4: the ACK comes before the FIN. */
TCPFLOW__FLAT void step_closing(tcpflow_conn *conn, tcpflow__turn *turn,
                                const tcpflow__closing *closing) {
  const unsigned sender = turn->event.side;

  if (closing->acks) {
    tcpflow__turn_step(turn, conn, sender, TCPFLOW_STIMULUS_RCV_FIN);
    if (closing->proves) {
      tcpflow__turn_step(turn, conn, !sender, TCPFLOW_STIMULUS_RCV_FIN);
    }
    tcpflow__turn_step(turn, conn, !sender, TCPFLOW_STIMULUS_RCV_ACK_OF_FIN);
  }
  if (closing->fin) {
    tcpflow__turn_step(turn, conn, sender, TCPFLOW_STIMULUS_SND_FIN);
  }
}

TCPFLOW__FLAT void settle_closing(tcpflow_conn *conn, tcpflow__turn *turn,
                                  const tcpflow__closing *closing) {
  const tcpflow_side sender = turn->event.side;

  tcpflow__expected_print(conn, &conn->end[sender], turn->event.segment,
                          closing->stamps);
  step_closing(conn, turn, closing);
  prove_open(&conn->end[sender]);
  if (closing->fin && !tcpflow__conn_closing(conn)) {
    tcpflow__conn_mark(conn, tcpflow__expected_fin_bit(sender));
  }
  if (closing->crossed) {
    tcpflow__conn_mark(conn, TCPFLOW__CONN_CROSSED);
  }
  if (closing->acks) {
    conn->sides->stream[!sender].doubtful = 0;
  }
  conn->last = turn->event.time;
}

/* Were both FINs acknowledged, or does a callback want something? */
TCPFLOW__FLAT bool has_to_rest(const tcpflow_conn *conn) {
  return tcpflow__conn_is_asked(conn) ||
         (conn->end[0].bits & conn->end[1].bits & TCPFLOW__END_FIN_ACKED) != 0;
}

static void tell_closing(tcpflow_conn *conn, const tcpflow__turn *turn,
                         const tcpflow__closing *closing) {
  tcpflow__expected_tell_closing(conn, turn, closing->fin);
  if (has_to_rest(conn)) {
    tcpflow__expected_answer(conn, turn->event.side, turn->event.segment);
  }
}

static bool follow_closing(tcpflow_conn *conn, tcpflow_side sender,
                           const tcpflow_segment *segment) {
  tcpflow__endpoint *const snd = &conn->end[sender];
  tcpflow__endpoint *const rcv = &conn->end[!sender];
  const tcpflow_seq edge = tcpflow__shortway_edge(conn, sender);
  tcpflow__closing closing;
  tcpflow__turn turn;

  if (!tcpflow__closing_fits(&closing, snd, rcv, segment, edge)) {
    return false;
  }
  tcpflow__turn_begin(&turn, conn, sender, segment);
  turn.event.verdict = closing.verdict;
  turn.event.offset =
    conn->sides->stream[sender].next + tcpflow_seq_distance(edge, segment->seq);
  tcpflow__turn_window(&turn, tcpflow__expected_scale(snd, closing.scaling));
  tcpflow__closing_take(snd, rcv, segment, &closing);
  settle_closing(conn, &turn, &closing);
  tell_closing(conn, &turn, &closing);
  return true;
}

/* May memory be wanted for its end?  Then it has to be taken first. */
static bool may_linger(const tcpflow_conn *conn,
                       const tcpflow_segment *segment) {
  return (segment->flags & TCPFLOW_FLAG_FIN) != 0 &&
         conn->env->close_linger != 0;
}

bool tcpflow__conn_routine(tcpflow_conn *conn, tcpflow_side sender,
                           const tcpflow_segment *segment) {
  if (!is_usual(conn) || !tcpflow__shortway_in_time(conn, segment)) {
    return false;
  }
  if ((segment->flags & TCPFLOW_FLAG_SYN) != 0) {
    return follow_answer(conn, sender, segment);
  }
  if (may_linger(conn, segment) ||
      !has_all(conn, tcpflow_side_other(sender), segment->ack)) {
    return false;
  }
  return tcpflow__conn_opened(conn) ? follow_closing(conn, sender, segment)
                                    : follow_third(conn, sender, segment);
}
