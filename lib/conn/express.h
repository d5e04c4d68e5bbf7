/*
 * lib/conn/express.h - the next octets of a connection, or an ACK.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.
 */
#ifndef TCPFLOW__CONN_EXPRESS_H
#define TCPFLOW__CONN_EXPRESS_H

#include "conn/conn.h"

/* Does it neither open nor close, and comes while both are open? */
static inline bool tcpflow__conn_is_between(const tcpflow_conn *conn,
                                            const tcpflow_segment *segment) {
  const unsigned others =
    TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_FIN | TCPFLOW_FLAG_RST;

  return (segment->flags & others) == 0 &&
         conn->end[0].state == TCPFLOW_STATE_ESTABLISHED &&
         conn->end[1].state == TCPFLOW_STATE_ESTABLISHED;
}

/* Follows such a segment if it brings the next octets, or acknowledges some, of
   a connection in which nothing else goes on.  False: it is another one, and
   has to be followed. */
bool tcpflow__conn_express(tcpflow_conn *conn, tcpflow_side sender,
                           const tcpflow_segment *segment);

#endif /* TCPFLOW__CONN_EXPRESS_H */
