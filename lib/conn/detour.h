/*
 * lib/conn/detour.h - what comes while a stream has a hole.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.
 */
#ifndef TCPFLOW__CONN_DETOUR_H
#define TCPFLOW__CONN_DETOUR_H

#include "conn/conn.h"

/* Follows a segment that its sender sends next, of an open connection in which
   nothing else goes on but that octets are missing.  It may repeat an ACK, with
   SACK blocks.  False: it is another one, and has to be followed. */
bool tcpflow__conn_detour(tcpflow_conn *conn, tcpflow_side sender,
                          const tcpflow_segment *segment);

#endif /* TCPFLOW__CONN_DETOUR_H */
