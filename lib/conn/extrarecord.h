/*
 * lib/conn/extrarecord.h - what few connections remember, as octets, and back.
 *
 * Room: conn.  Includes: base, wire, segment.
 */
#ifndef TCPFLOW__CONN_EXTRARECORD_H
#define TCPFLOW__CONN_EXTRARECORD_H

#include "conn/extra.h"
#include "wire/record.h"

/* For tests: do the tables name every member? */
bool tcpflow__extra_record_covers(void);

/* Writes that of a connection, or that it has none. */
void tcpflow__extra_save(const tcpflow_conn *conn, tcpflow__record_writer *to);

/* Reads it for a connection that has none.  TCPFLOW_OK, TCPFLOW_ERR_NOMEM or
   TCPFLOW_ERR_INVALID. */
int tcpflow__extra_load(tcpflow_conn *conn, tcpflow__record_reader *from);

#endif /* TCPFLOW__CONN_EXTRARECORD_H */
