/*
 * lib/conn/flip.h - who is the client, and what if it was the other one.
 *
 * Room: conn.  Includes: base, segment, reasm.
 */
#ifndef TCPFLOW__CONN_FLIP_H
#define TCPFLOW__CONN_FLIP_H

#include "conn/visit.h"

/* Does a segment show that client and server were taken for each other?  By the
   numbers before it; sender: by the roles as they are. */
bool tcpflow__flip_is_due(const tcpflow_conn *conn, tcpflow_side sender,
                          const tcpflow_segment *segment);

/* Lets client and server change places in all that is kept.  Twice is as if
   nothing had happened. */
void tcpflow__flip(tcpflow_conn *conn);

/* Notes what the segment says of the roles; v->flips: it was flipped for. */
void tcpflow__flip_note(tcpflow_conn *conn, tcpflow__visit *v);

#endif /* TCPFLOW__CONN_FLIP_H */
