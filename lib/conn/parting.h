/*
 * lib/conn/parting.h - how a connection closes that nothing disturbs.
 *
 * Room: conn.  Includes: base, wire, segment, fsm, reasm.  For straight.c,
 * which has found that nothing unusual goes on.  Each follows a segment of one
 * stage (stage.h).  False: it is another one, nothing has changed, and it has
 * to be followed.
 */
#ifndef TCPFLOW__CONN_PARTING_H
#define TCPFLOW__CONN_PARTING_H

#include "conn/conn.h"

/* The first FIN, in stage STEADY. */
bool tcpflow__part_first(tcpflow_conn *conn, tcpflow_side sender,
                         const tcpflow_segment *segment);

/* What comes behind it, in stage CLOSING. */
bool tcpflow__part_next(tcpflow_conn *conn, tcpflow_side sender,
                        const tcpflow_segment *segment);

/* The ACK of the other FIN, in stage LAST: the end. */
bool tcpflow__part_last(tcpflow_conn *conn, tcpflow_side sender,
                        const tcpflow_segment *segment);

#endif /* TCPFLOW__CONN_PARTING_H */
