/*
 * lib/conn/moves.c - the endpoints' way through the diagram.
 *
 * Room: conn.  Includes: base, wire, segment, fsm.  While the end of the
 * connection is in doubt, who would be closed stands in CLOSED for everybody to
 * see; where they
 * would stand without the RST is followed beside it (doubt.h).  A FIN that
 * proves to be none leads back, too, which no arrow of the diagram does.
 */
#include "conn/doubt.h"
#include "conn/visit.h"

static void note_move(tcpflow__visit *v, const tcpflow__move *move) {
  if (move->from != move->to) {
    v->move[v->moves++] = *move;
  }
}

/* The end that was in doubt is none. */
static void resume(tcpflow_conn *conn, tcpflow__visit *v) {
  const uint8_t from[2] = {conn->end[0].state, conn->end[1].state};

  tcpflow__doubt_drop(conn);
  tcpflow__tally_one(conn->env->tally.reversed);
  v->judgment.verdict |= TCPFLOW_VERDICT_RST_REVERSED;
  for (uint8_t side = 0; side < 2; side++) {
    note_move(v, &(tcpflow__move){side, from[side], conn->end[side].state,
                                  TCPFLOW_STIMULUS_RESUME,
                                  conn->end[side].proof, false});
  }
}

/* A RST that counts begins a doubt; what comes later may end it. */
static void weigh_doubt(tcpflow_conn *conn, tcpflow__visit *v) {
  const tcpflow_segment *const segment = v->cause.segment;

  if (tcpflow__conn_doubted(conn) && v->judgment.numbers) {
    tcpflow__doubt_note(conn, v->cause.sender, segment, v->now);
  }
  if (!tcpflow__conn_doubted(conn)) {
    if ((v->judgment.verdict & TCPFLOW_VERDICT_RST_ACCEPTED) != 0) {
      v->doubts = tcpflow__doubt_begin(conn, v->now, TCPFLOW_END_RESET,
                                       v->cause.sender, segment->seq);
    }
  } else if ((v->judgment.numbers ||
              (v->judgment.verdict & TCPFLOW_VERDICT_SYN_RETRANSMISSION) !=
                0) &&
             tcpflow__doubt_is_over(conn, v->cause.sender, segment, v->now)) {
    resume(conn, v);
  } else {
    v->judgment.verdict |= conn->wait->doubt.reason == TCPFLOW_END_FIN
                             ? TCPFLOW_VERDICT_AFTER_END
                             : TCPFLOW_VERDICT_AFTER_RST;
  }
}

static bool is_reset(uint8_t stimulus) {
  return stimulus == TCPFLOW_STIMULUS_SND_RST ||
         stimulus == TCPFLOW_STIMULUS_RCV_RST;
}

/* Where an endpoint would stand without its FIN. */
static uint8_t without_fin(uint8_t from) {
  switch (from) {
  case TCPFLOW_STATE_FIN_WAIT_1:
    return TCPFLOW_STATE_ESTABLISHED;
  case TCPFLOW_STATE_CLOSING:
  case TCPFLOW_STATE_LAST_ACK:
    return TCPFLOW_STATE_CLOSE_WAIT;
  default:
    return from;
  }
}

static uint8_t follow_arrow(uint8_t from, uint8_t stimulus) {
  if (stimulus == TCPFLOW_STIMULUS_RESUME) {
    return without_fin(from);
  }
  return (uint8_t)tcpflow_state_next((tcpflow_state)from,
                                     (tcpflow_stimulus)stimulus);
}

/* What happened while the end is in doubt: if it is none, it has happened. */
static void move_doubted(tcpflow_conn *conn, const tcpflow__visit *v) {
  for (unsigned i = 0; i < v->judgment.count; i++) {
    const tcpflow__happening *const at = &v->judgment.happening[i];

    if (!is_reset(at->stimulus)) {
      uint8_t *const state = tcpflow__doubt_state(conn, at->side);
      *state = follow_arrow(*state, at->stimulus);
    }
  }
}

void tcpflow__moves_begin(tcpflow_conn *conn, tcpflow__visit *v) {
  v->before[0] = conn->end[0].state;
  v->before[1] = conn->end[1].state;
  weigh_doubt(conn, v);
}

/*
 * How sure the new state is.  What an endpoint has sent itself proves it, and
 * so does its answer to what was sent to it; otherwise that may not have
 * arrived.
 */
static tcpflow_proof prove(const tcpflow_conn *conn, const tcpflow__visit *v,
                           const tcpflow__happening *at) {
  if (at->inferred || tcpflow__conn_is(conn, TCPFLOW__CONN_GUESSED)) {
    return TCPFLOW_PROOF_ASSUMED;
  }
  return at->side == (uint8_t)v->cause.sender ? TCPFLOW_PROOF_PROVED
                                              : TCPFLOW_PROOF_SEEN;
}

/*
 * An endpoint that talks on as one does that is open has got what opened it.
 * After a pick-up both may have closed before; who sends new data, or a FIN,
 * had not, and once both have, nothing is guessed any more.
 */
static void prove_sender(tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow_side sender = v->cause.sender;
  const uint32_t both = TCPFLOW__CONN_SPOKE_CLIENT | TCPFLOW__CONN_SPOKE_SERVER;

  if (!v->judgment.numbers) {
    return;
  }
  if (!tcpflow__conn_is(conn, TCPFLOW__CONN_GUESSED)) {
    if (conn->end[sender].proof != TCPFLOW_PROOF_NONE &&
        conn->end[sender].state == TCPFLOW_STATE_ESTABLISHED) {
      conn->end[sender].proof = TCPFLOW_PROOF_PROVED;
    }
    return;
  }
  if ((v->judgment.verdict & TCPFLOW_VERDICT_NEW_DATA) != 0) {
    tcpflow__conn_mark(conn, sender == TCPFLOW_SIDE_CLIENT
                               ? TCPFLOW__CONN_SPOKE_CLIENT
                               : TCPFLOW__CONN_SPOKE_SERVER);
  }
  if ((conn->bits & both) == both) {
    conn->bits &= ~(uint32_t)TCPFLOW__CONN_GUESSED;
    conn->end[0].proof = TCPFLOW_PROOF_PROVED;
    conn->end[1].proof = TCPFLOW_PROOF_PROVED;
  }
}

void tcpflow__moves_follow(tcpflow_conn *conn, tcpflow__visit *v) {
  if (tcpflow__conn_doubted(conn) && !v->doubts) {
    move_doubted(conn, v);
    return;
  }
  if ((v->judgment.verdict & TCPFLOW_VERDICT_MID_STREAM) != 0) {
    tcpflow__conn_mark(conn, TCPFLOW__CONN_GUESSED);
  }
  for (unsigned i = 0; i < v->judgment.count; i++) {
    const tcpflow__happening *const at = &v->judgment.happening[i];
    tcpflow__endpoint *const end = &conn->end[at->side];
    const uint8_t from = end->state;

    end->state = follow_arrow(from, at->stimulus);
    if (end->state != from) {
      end->proof = (uint8_t)prove(conn, v, at);
      note_move(v, &(tcpflow__move){at->side, from, end->state, at->stimulus,
                                    end->proof, at->inferred});
    }
  }
  prove_sender(conn, v);
}

/* Set where the FIN of that side was the first. */
static uint32_t fin_bit(tcpflow_side side) {
  return side == TCPFLOW_SIDE_SERVER ? TCPFLOW__CONN_FIN_SERVER
                                     : TCPFLOW__CONN_FIN_CLIENT;
}

/* A FIN was none, and no other one counts. */
static void forget_fin(tcpflow_conn *conn, tcpflow_side side) {
  const tcpflow_side other = tcpflow_side_other(side);

  conn->bits &= ~(uint32_t)TCPFLOW__CONN_CROSSED;
  if (tcpflow__conn_first_fin(conn) == (int)side) {
    conn->bits &= ~fin_bit(side);
    conn->bits |= tcpflow__endpoint_has(&conn->end[other], TCPFLOW__END_FIN)
                    ? fin_bit(other)
                    : 0;
  }
}

void tcpflow__moves_note_fin(tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow_side receiver = tcpflow_side_other(v->cause.sender);

  if (v->judgment.fin_refuted &&
      !tcpflow__endpoint_has(&conn->end[receiver], TCPFLOW__END_FIN)) {
    forget_fin(conn, receiver);
  }
  if (!v->judgment.fin_first) {
    return;
  }
  if (!tcpflow__conn_closing(conn)) {
    tcpflow__conn_mark(conn, fin_bit(v->cause.sender));
  }
  if (v->judgment.crossed) {
    tcpflow__conn_mark(conn, TCPFLOW__CONN_CROSSED);
  }
}
