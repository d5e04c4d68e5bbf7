/*
 * lib/conn/express.h - the next octets of a connection, or an ACK.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.
 */
#ifndef TCPFLOW__CONN_EXPRESS_H
#define TCPFLOW__CONN_EXPRESS_H

#include "conn/conn.h"

/* Follows a segment that brings the next octets, or acknowledges some, of a
   connection in which nothing else goes on.  False: it is another one, and has
   to be followed. */
bool tcpflow__conn_express(tcpflow_conn *conn, tcpflow_side sender,
                           const tcpflow_segment *segment);

/* Something else is about to happen to it. */
static inline void tcpflow__conn_leave_express(tcpflow_conn *conn) {
  conn->express = 0;
}

#endif /* TCPFLOW__CONN_EXPRESS_H */
