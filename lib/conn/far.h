/*
 * lib/conn/far.h - octets of segments whose numbers are impossible so far.
 *
 * Room: conn.  Includes: base, segment, reasm.
 */
#ifndef TCPFLOW__CONN_FAR_H
#define TCPFLOW__CONN_FAR_H

#include "conn/visit.h"
#include "wire/record.h"

/* Keeps the octets of a segment that jumps.  Where no room is left, and where
   nothing beyond the window counts, it goes without.  TCPFLOW_OK, or
   TCPFLOW_ERR_NOMEM with nothing changed. */
int tcpflow__far_keep(tcpflow_conn *conn, const tcpflow__visit *v);

/* A segment, whose numbers are not applied yet, may show that those before it
   were what they said: their octets are of the stream from here on. */
void tcpflow__far_believe(tcpflow_conn *conn, const tcpflow__visit *v);

/* Behind that: drops those that are not believed. */
void tcpflow__far_settle(tcpflow_conn *conn);

/* Drops those of a side. */
void tcpflow__far_clear(tcpflow_conn *conn, tcpflow_side side);

/* As octets, and back.  TCPFLOW_OK, TCPFLOW_ERR_INVALID or TCPFLOW_ERR_NOMEM.
 */
void tcpflow__far_save(const tcpflow_conn *conn, tcpflow__record_writer *to);
int tcpflow__far_load(tcpflow_conn *conn, tcpflow__record_reader *from);

#endif /* TCPFLOW__CONN_FAR_H */
