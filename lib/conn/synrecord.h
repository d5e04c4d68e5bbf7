/*
 * lib/conn/synrecord.h - SYNs of which only the peer can say which one counts,
 * as octets, and back.
 *
 * Room: conn.  Includes: base, wire, segment.
 */
#ifndef TCPFLOW__CONN_SYNRECORD_H
#define TCPFLOW__CONN_SYNRECORD_H

#include "conn/extra.h"
#include "wire/record.h"

/* For tests: does the table name every member? */
bool tcpflow__syns_record_covers(void);

/* Writes those that are remembered, or that there are none. */
void tcpflow__syns_save(const tcpflow__conn_extra *extra,
                        tcpflow__record_writer *to);

/* Reads them for a connection that has an extra.  TCPFLOW_OK,
   TCPFLOW_ERR_NOMEM or TCPFLOW_ERR_INVALID. */
int tcpflow__syns_load(tcpflow_conn *conn, tcpflow__record_reader *from);

#endif /* TCPFLOW__CONN_SYNRECORD_H */
