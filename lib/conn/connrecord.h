/*
 * lib/conn/connrecord.h - a connection as octets, and back.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.
 */
#ifndef TCPFLOW__CONN_CONNRECORD_H
#define TCPFLOW__CONN_CONNRECORD_H

#include "conn/extra.h"
#include "wire/record.h"

/* For tests: do the tables name every member? */
bool tcpflow__conn_record_covers(void);

/* Writes who a connection is between, and reads it.  False: nobody. */
void tcpflow__tuple_save(const tcpflow_tuple *tuple,
                         tcpflow__record_writer *to);
bool tcpflow__tuple_load(tcpflow_tuple *tuple, tcpflow__record_reader *from);

/* Writes octets of a stream that were told, and reads them: how many, where
   they were, what they are.  None: LENGTH is 0, and nothing else counts. */
void tcpflow__told_save(uint64_t offset, const uint8_t *bytes, uint32_t length,
                        tcpflow__record_writer *to);
tcpflow_stream_data tcpflow__told_take(tcpflow__record_reader *from);

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

/* Writes what a connection leaves to the next one of its ports (heir.h). */
void tcpflow__heir_save(const tcpflow__conn_extra *heir,
                        tcpflow__record_writer *to);

/* Reads it: *heir is the caller's.  TCPFLOW_OK, TCPFLOW_ERR_NOMEM or
   TCPFLOW_ERR_INVALID. */
int tcpflow__heir_load(tcpflow__conn_env *env, tcpflow__conn_extra **heir,
                       tcpflow__record_reader *from);

#endif /* TCPFLOW__CONN_CONNRECORD_H */
