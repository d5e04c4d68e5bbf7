/*
 * lib/conn/heirrecord.h - what a connection has of the one before, as octets,
 * and back.
 *
 * Room: conn.  Includes: base, wire, segment.
 */
#ifndef TCPFLOW__CONN_HEIRRECORD_H
#define TCPFLOW__CONN_HEIRRECORD_H

#include "conn/extra.h"
#include "wire/record.h"

/* For tests: does the table name every member? */
bool tcpflow__former_record_covers(void);

/* The numbers of the connection before. */
void tcpflow__former_save(const tcpflow__former *former,
                          tcpflow__record_writer *to);
void tcpflow__former_load(tcpflow__former *former,
                          tcpflow__record_reader *from);

/* Writes what a connection leaves to the next one of its ports (heir.h). */
void tcpflow__heir_save(const tcpflow__conn_extra *heir,
                        tcpflow__record_writer *to);

/* Reads it: *heir is the caller's.  TCPFLOW_OK, TCPFLOW_ERR_NOMEM or
   TCPFLOW_ERR_INVALID. */
int tcpflow__heir_load(tcpflow__conn_env *env, tcpflow__conn_extra **heir,
                       tcpflow__record_reader *from);

#endif /* TCPFLOW__CONN_HEIRRECORD_H */
