/*
 * lib/fsm/arrows.h - the arrows of the diagram as a table, for the rooms above.
 *
 * Room: fsm.  Includes: base.  Who follows segments asks for an
 * arrow or two with each of those that open or close a connection.
 */
#ifndef TCPFLOW__FSM_ARROWS_H
#define TCPFLOW__FSM_ARROWS_H

#include <assert.h>

#include <tcpflow/state.h>

/* Where an arrow of the figure leads; 0, which is UNKNOWN: there is none.  RSTs
   have none here. */
extern const uint8_t tcpflow__arrow_to[TCPFLOW_STATE_COUNT]
                                      [TCPFLOW_STIMULUS_COUNT];

/* tcpflow_state_next() of what is in range, and no RST. */
static inline uint8_t tcpflow__state_after(uint8_t from, uint8_t stimulus) {
  assert(from < TCPFLOW_STATE_COUNT && stimulus < TCPFLOW_STIMULUS_COUNT);
  const uint8_t to = tcpflow__arrow_to[from][stimulus];

  return to != 0 ? to : from;
}

#endif /* TCPFLOW__FSM_ARROWS_H */
