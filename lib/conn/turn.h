/*
 * lib/conn/turn.h - the steps of both endpoints by one segment that is
 * expected.
 *
 * Room: conn.  Includes: base, wire, segment, fsm.  Between the numbers and
 * what is told: which arrows of the diagram they go.
 */
#ifndef TCPFLOW__CONN_TURN_H
#define TCPFLOW__CONN_TURN_H

#include "base/compiler.h"
#include "conn/tell.h"
#include "fsm/arrows.h"

/* The most that one segment brings: both get the other's FIN, and an ACK of
   one, with which the other comes. */
#define TCPFLOW__STEPS_MAX 4U

typedef struct tcpflow__step {
  uint8_t side;
  uint8_t from;
  uint8_t to;
  uint8_t stimulus;
} tcpflow__step;

/* What the segment of a cause brings. */
typedef struct tcpflow__turn {
  tcpflow__cause cause;
  tcpflow_verdict verdict;
  uint64_t offset; /* Of its first octet in its sender's stream. */
  int scale;       /* Of its window; -1: not known. */
  uint8_t before[2];
  uint8_t steps;
  tcpflow__step step[TCPFLOW__STEPS_MAX];
} tcpflow__turn;

/* Begins to note what it brings, before anything is changed. */
TCPFLOW__FLAT void tcpflow__turn_begin(tcpflow__turn *turn,
                                       const tcpflow_conn *conn,
                                       tcpflow_side sender,
                                       const tcpflow_segment *segment) {
  turn->cause = (tcpflow__cause){segment->time, segment, sender};
  turn->before[0] = conn->end[0].state;
  turn->before[1] = conn->end[1].state;
  turn->steps = 0;
}

/* Its sender proves by it where it is, and its peer is taken to have got it. */
TCPFLOW__FLAT uint8_t tcpflow__turn_proof(const tcpflow__turn *turn,
                                          unsigned side) {
  return side == (unsigned)turn->cause.sender ? TCPFLOW_PROOF_PROVED
                                              : TCPFLOW_PROOF_SEEN;
}

/* Sends what happens to a side through the diagram. */
TCPFLOW__FLAT void tcpflow__turn_step(tcpflow__turn *turn, tcpflow_conn *conn,
                                      unsigned side, uint8_t stimulus) {
  tcpflow__endpoint *const end = &conn->end[side];
  const uint8_t from = end->state;
  const uint8_t to = tcpflow__state_after(from, stimulus);

  if (to != from) {
    end->state = to;
    end->proof = tcpflow__turn_proof(turn, side);
    turn->step[turn->steps++] =
      (tcpflow__step){(uint8_t)side, from, to, stimulus};
  }
}

/* Tells the segment, and the steps. */
void tcpflow__turn_tell(tcpflow_conn *conn, const tcpflow__turn *turn);

#endif /* TCPFLOW__CONN_TURN_H */
