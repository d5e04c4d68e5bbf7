/*
 * lib/conn/tuplerecord.h - who a connection is between, as octets, and back.
 *
 * Room: conn.  Includes: wire.
 */
#ifndef TCPFLOW__CONN_TUPLERECORD_H
#define TCPFLOW__CONN_TUPLERECORD_H

#include <tcpflow/packet.h>

#include "wire/record.h"

/* For tests: does the table name every member? */
bool tcpflow__tuple_record_covers(void);

void tcpflow__tuple_save(const tcpflow_tuple *tuple,
                         tcpflow__record_writer *to);

/* False: nobody. */
bool tcpflow__tuple_load(tcpflow_tuple *tuple, tcpflow__record_reader *from);

#endif /* TCPFLOW__CONN_TUPLERECORD_H */
