/*
 * lib/conn/connrecord.h - a connection as octets, and back.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.
 */
#ifndef TCPFLOW__CONN_CONNRECORD_H
#define TCPFLOW__CONN_CONNRECORD_H

#include "conn/conn.h"
#include "wire/record.h"

/* For tests: do the tables name every member? */
bool tcpflow__conn_record_covers(void);

/* Writes a connection, but for its tuple and what its caller attached; not
   inside of a callback. */
void tcpflow__conn_save(const tcpflow_conn *kept, tcpflow__record_writer *to);

/*
 * Reads what was written over a connection that was not fed.  now: no time in
 * it can be later.  TCPFLOW_OK, TCPFLOW_ERR_NOMEM, TCPFLOW_ERR_LIMIT if it
 * holds more than is allowed, or TCPFLOW_ERR_INVALID.  It is to be cleared some
 * time, whatever is answered.
 */
int tcpflow__conn_load(tcpflow_conn *conn, tcpflow_time now,
                       tcpflow__record_reader *from);

#endif /* TCPFLOW__CONN_CONNRECORD_H */
