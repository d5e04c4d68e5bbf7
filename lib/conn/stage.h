/*
 * lib/conn/stage.h - what is known of a connection whose latest segments were
 * expected.
 *
 * Room: conn.  Includes: base, segment, reasm.  What a segment of the usual
 * kinds leaves as it is, is looked at once, and remembered until a segment of
 * another kind comes.  What a caller may change at any time is a bit of the
 * connection, and all bits are looked at together.  A stage is kept in one
 * number with the scaling (tcpflow__endpoints_scaling()), so each has three.
 */
#ifndef TCPFLOW__CONN_STAGE_H
#define TCPFLOW__CONN_STAGE_H

#include "base/compiler.h"
#include "conn/conn.h"

/* In all but NONE: the short ways may be gone, what the connection has beside
   it is quiet, nothing is held of its streams, which are complete as far as
   their senders have sent, and nothing is odd about either endpoint. */
enum {
  TCPFLOW__STAGE_NONE = 0,
  TCPFLOW__STAGE_STEADY = 2,                              /* Both are open. */
  TCPFLOW__STAGE_STEADY_LAST = TCPFLOW__STAGE_STEADY + 1, /* Its last number. */
  TCPFLOW__STAGE_ANSWERED = 5, /* The client's SYN and the server's answer came,
                                  and nothing else. */
  TCPFLOW__STAGE_CLOSING = 8,  /* They were steady; then a FIN came, and what is
                                  expected behind it.  Nobody waits behind the
                                  end. */
  TCPFLOW__STAGE_LAST = 11     /* Likewise; the other FIN came, too, and nothing
                                  is left but its ACK. */
};

/* Remembers a stage. */
TCPFLOW__FLAT void tcpflow__stage_set(tcpflow_conn *conn, int stage,
                                      int scaling) {
  conn->stage = (uint8_t)(stage + scaling);
}

/* Is it this one? */
TCPFLOW__FLAT bool tcpflow__stage_is(const tcpflow_conn *conn, int stage) {
  return (unsigned)((int)conn->stage - stage + 1) < 3;
}

/* Is it an earlier one? */
TCPFLOW__FLAT bool tcpflow__stage_is_before(const tcpflow_conn *conn,
                                            int stage) {
  return (int)conn->stage < stage - 1;
}

/* The scaling, in a stage. */
TCPFLOW__FLAT int tcpflow__stage_scaling(const tcpflow_conn *conn, int stage) {
  return (int)conn->stage - stage;
}

/* Something else is about to happen to it. */
static inline void tcpflow__stage_leave(tcpflow_conn *conn) {
  conn->stage = TCPFLOW__STAGE_NONE;
}

#endif /* TCPFLOW__CONN_STAGE_H */
