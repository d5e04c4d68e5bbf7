/*
 * lib/conn/opening.h - how a connection opens.
 *
 * Room: conn.  Includes: base, segment, fsm, reasm.
 */
#ifndef TCPFLOW__CONN_OPENING_H
#define TCPFLOW__CONN_OPENING_H

#include "conn/visit.h"

/* How the connection begins, as soon as it shows: before the numbers of the
   segment are applied. */
void tcpflow__opening_kind(tcpflow_conn *conn, const tcpflow__visit *v);

/* Once both endpoints are open, whatever they do next: sets v->opens. */
void tcpflow__opening_done(tcpflow_conn *conn, tcpflow__visit *v);

/* The round trips of the handshake, behind that. */
void tcpflow__opening_rtt(tcpflow_conn *conn, const tcpflow__visit *v);

#endif /* TCPFLOW__CONN_OPENING_H */
