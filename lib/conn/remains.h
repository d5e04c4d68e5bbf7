/*
 * lib/conn/remains.h - what is left of a connection that has ended.
 *
 * Room: conn.  Includes: base, segment, reasm.  For as long as stragglers may
 * come, an owner of many connections has to know whose they are, and whether
 * what comes begins the next connection of these ports.  That takes a few
 * numbers of each endpoint, which stand where the record has what nobody asks
 * for any more; the sides go back to the owner.
 */
#ifndef TCPFLOW__CONN_REMAINS_H
#define TCPFLOW__CONN_REMAINS_H

#include "conn/conn.h"

/* Leaves what is asked of a connection that has ended and been told so, and
   answers its sides, which are its own no longer; what they held is freed. */
tcpflow__sides *tcpflow__remains_leave(tcpflow_conn *conn);

/* Has such a connection SIDES again, of which as much is known as was left. */
void tcpflow__remains_unfold(tcpflow_conn *conn, tcpflow__sides *sides);

#endif /* TCPFLOW__CONN_REMAINS_H */
