/*
 * lib/conn/shortway.h - what the short ways of a segment ask of a connection.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.  For express.c, detour.c
 * and routine.c: each has questions of its own beside these.
 */
#ifndef TCPFLOW__CONN_SHORTWAY_H
#define TCPFLOW__CONN_SHORTWAY_H

#include "base/compiler.h"
#include "conn/extra.h"

/* What the general way has to look at with each segment. */
#define TCPFLOW__CONN_UNUSUAL                                                  \
  ((uint32_t)(TCPFLOW__CONN_ENDED | TCPFLOW__CONN_IGNORED |                    \
              TCPFLOW__CONN_END_ASKED | TCPFLOW__CONN_STOP_NEWS |              \
              TCPFLOW__CONN_LONE | TCPFLOW__CONN_DOUBTED |                     \
              TCPFLOW__CONN_SKIPS | TCPFLOW__CONN_GUESSED |                    \
              TCPFLOW__CONN_GATED | TCPFLOW__CONN_KEEPS |                      \
              TCPFLOW__CONN_HOLES | TCPFLOW__CONN_HOLE_NEWS))

/* Does it have its sides, and nothing that the general way would look at with
   each segment? */
TCPFLOW__FLAT bool tcpflow__conn_is_easy(const tcpflow_conn *conn) {
  return (conn->bits & (TCPFLOW__CONN_UNUSUAL | TCPFLOW__CONN_FOLDED)) == 0;
}

/* Is it ignored, and would be easy otherwise? */
TCPFLOW__FLAT bool tcpflow__conn_is_passed_by(const tcpflow_conn *conn) {
  return (conn->bits & (TCPFLOW__CONN_UNUSUAL | TCPFLOW__CONN_FOLDED)) ==
         (uint32_t)TCPFLOW__CONN_IGNORED;
}

/* What a callback may have asked for. */
#define TCPFLOW__CONN_ASKED                                                    \
  ((uint32_t)(TCPFLOW__CONN_END_ASKED | TCPFLOW__CONN_STOP_NEWS))

/* Has a callback asked for something that is left to do? */
TCPFLOW__FLAT bool tcpflow__conn_is_asked(const tcpflow_conn *conn) {
  return (conn->bits & TCPFLOW__CONN_ASKED) != 0;
}

/* None of the UNUSUAL bits is set, and it remembers nothing that a segment
   could touch. */
TCPFLOW__FLAT bool tcpflow__shortway_quiet(const tcpflow_conn *conn,
                                           uint32_t unusual) {
  return (conn->bits & unusual) == 0 && conn->env->routine &&
         (conn->extra == NULL ||
          tcpflow__conn_extra_is_quiet(conn->extra, conn->last));
}

/* A tracker hands on its own latest time; then the packet has the frame's. */
TCPFLOW__FLAT bool tcpflow__shortway_in_time(const tcpflow_conn *conn,
                                             const tcpflow_segment *segment) {
  return segment->time >= conn->last &&
         (segment->packet == NULL || segment->packet->time >= segment->time);
}

/* The number of what a stream waits for. */
TCPFLOW__FLAT tcpflow_seq tcpflow__shortway_edge(const tcpflow_conn *conn,
                                                 unsigned side) {
  return tcpflow_seq_add(
    conn->end[side].base,
    (uint32_t)(conn->sides->stream[side].next & UINT32_MAX));
}

#endif /* TCPFLOW__CONN_SHORTWAY_H */
