/*
 * lib/conn/retold.h - segments that say something else of octets that were
 * told.
 *
 * Room: conn.  Includes: base, reasm.
 */
#ifndef TCPFLOW__CONN_RETOLD_H
#define TCPFLOW__CONN_RETOLD_H

#include "conn/conn.h"
#include "wire/record.h"

/* Remembers octets that are told, where the caller wants that and there is
   room.  What he skips or has stopped is not told. */
void tcpflow__retold_note(tcpflow_conn *conn, tcpflow_side side,
                          const tcpflow_stream_data *told);

/* Does the input say something else of them?  Between put() and drain().
   Returns how many conflicts there are, in order. */
unsigned tcpflow__retold_differs(tcpflow_conn *conn, tcpflow_side side,
                                 const tcpflow__reasm_input *input,
                                 tcpflow_stream_conflict conflict[2]);

/* The octets from OFFSET on; false if that one is not remembered. */
bool tcpflow__retold_peek(const tcpflow_conn *conn, tcpflow_side side,
                          uint64_t offset, tcpflow_stream_data *found);

/* Forgets those of a side. */
void tcpflow__retold_clear(tcpflow_conn *conn, tcpflow_side side);

/* Writes those of a connection that has an extra, and reads them; what there is
   no room for is passed over. */
void tcpflow__retold_save(const tcpflow_conn *conn, tcpflow__record_writer *to);
void tcpflow__retold_load(tcpflow_conn *conn, tcpflow__record_reader *from);

/* Were those that were read told by the streams that were read? */
bool tcpflow__retold_is_sound(const tcpflow_conn *conn);

#endif /* TCPFLOW__CONN_RETOLD_H */
