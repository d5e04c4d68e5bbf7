/*
 * lib/conn/straight.h - the turn that comes where the one before it leads.
 *
 * Room: conn.  Includes: base, wire, segment, fsm, reasm.
 */
#ifndef TCPFLOW__CONN_STRAIGHT_H
#define TCPFLOW__CONN_STRAIGHT_H

#include "conn/shortway.h"

/* The function below where there is a stage, of an easy connection, and the
   segment is in time. */
bool tcpflow__conn_straight_on(tcpflow_conn *conn, tcpflow_side sender,
                               const tcpflow_segment *segment);

/* Follows a segment that opens or closes, if it is what the stage of the
   connection (stage.h) leads to.  False: it is another one, and has to be
   followed. */
static inline bool tcpflow__conn_straight(tcpflow_conn *conn,
                                          tcpflow_side sender,
                                          const tcpflow_segment *segment) {
  return conn->stage != 0 && tcpflow__conn_is_easy(conn) &&
         tcpflow__shortway_in_time(conn, segment) &&
         tcpflow__conn_straight_on(conn, sender, segment);
}

#endif /* TCPFLOW__CONN_STRAIGHT_H */
