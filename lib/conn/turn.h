/*
 * lib/conn/turn.h - the steps of both endpoints by one segment that is
 * expected.
 *
 * Room: conn.  Includes: base, wire, segment, fsm.  Between the numbers and
 * what is told: which arrows of the diagram they go.
 */
#ifndef TCPFLOW__CONN_TURN_H
#define TCPFLOW__CONN_TURN_H

#include <assert.h>

#include "base/compiler.h"
#include "conn/tell.h"
#include "fsm/arrows.h"

/* The most that one segment brings: both get the other's FIN, and an ACK of
   one, with which the other comes. */
#define TCPFLOW__STEPS_MAX 4U

/* What a segment brings, as it is told. */
typedef struct tcpflow__turn {
  tcpflow_segment_event event;
  unsigned steps;
  tcpflow_state_event step[TCPFLOW__STEPS_MAX];
} tcpflow__turn;

/* Begins to note what it brings, before anything is changed. */
TCPFLOW__FLAT void tcpflow__turn_begin(tcpflow__turn *turn,
                                       const tcpflow_conn *conn,
                                       tcpflow_side sender,
                                       const tcpflow_segment *segment) {
  turn->event.time = segment->time;
  turn->event.segment = segment;
  turn->event.side = sender;
  turn->event.before[0] = (tcpflow_state)conn->end[0].state;
  turn->event.before[1] = (tcpflow_state)conn->end[1].state;
  turn->event.urgent = UINT64_MAX;
  turn->steps = 0;
}

/* Its window; SCALE is -1 if it is not known. */
TCPFLOW__FLAT void tcpflow__turn_window(tcpflow__turn *turn, int scale) {
  turn->event.window = (uint64_t)turn->event.segment->window
                       << (scale > 0 ? scale : 0);
  turn->event.window_known = scale >= 0;
}

/* Its sender proves by it where it is, and its peer is taken to have got it. */
TCPFLOW__FLAT tcpflow_proof tcpflow__turn_proof(const tcpflow__turn *turn,
                                                unsigned side) {
  return side == (unsigned)turn->event.side ? TCPFLOW_PROOF_PROVED
                                            : TCPFLOW_PROOF_SEEN;
}

/* Sends a side along an arrow of the diagram. */
TCPFLOW__FLAT void tcpflow__turn_go(tcpflow__turn *turn, tcpflow_conn *conn,
                                    unsigned side, tcpflow_stimulus stimulus,
                                    tcpflow_state to) {
  tcpflow__endpoint *const end = &conn->end[side];
  tcpflow_state_event *const step = &turn->step[turn->steps++];

  assert(tcpflow__state_after(end->state, (uint8_t)stimulus) == (uint8_t)to);
  step->time = turn->event.time;
  step->cause = turn->event.segment;
  step->side = (tcpflow_side)side;
  step->from = (tcpflow_state)end->state;
  step->to = to;
  step->stimulus = stimulus;
  step->inferred = 0;
  step->proof = tcpflow__turn_proof(turn, side);
  end->state = (uint8_t)to;
  end->proof = (uint8_t)step->proof;
}

/* Sends what happens to a side through the diagram. */
TCPFLOW__FLAT void tcpflow__turn_step(tcpflow__turn *turn, tcpflow_conn *conn,
                                      unsigned side,
                                      tcpflow_stimulus stimulus) {
  const uint8_t from = conn->end[side].state;
  const uint8_t to = tcpflow__state_after(from, (uint8_t)stimulus);

  if (to != from) {
    tcpflow__turn_go(turn, conn, side, stimulus, (tcpflow_state)to);
  }
}

/* The function below where somebody listens. */
void tcpflow__turn_tell_on(tcpflow_conn *conn, const tcpflow__turn *turn);

/* Tells the segment, and the steps.  A copy is told of, so that the turn itself
   need not be in memory. */
TCPFLOW__FLAT void tcpflow__turn_tell(tcpflow_conn *conn,
                                      const tcpflow__turn *turn) {
  const tcpflow_conn_callbacks *const callbacks = &conn->env->callbacks;

  if (callbacks->on_segment != NULL || callbacks->on_state != NULL) {
    const tcpflow__endpoint *const end = conn->end;
    tcpflow__turn told = *turn;

    told.event.after[0] = (tcpflow_state)end[0].state;
    told.event.after[1] = (tcpflow_state)end[1].state;
    told.event.proof[0] = (tcpflow_proof)end[0].proof;
    told.event.proof[1] = (tcpflow_proof)end[1].proof;
    tcpflow__turn_tell_on(conn, &told);
  }
}

#endif /* TCPFLOW__CONN_TURN_H */
