/*
 * lib/conn/toldrecord.h - octets of a stream that were told, and back.
 *
 * Room: conn.  Includes: wire.
 */
#ifndef TCPFLOW__CONN_TOLDRECORD_H
#define TCPFLOW__CONN_TOLDRECORD_H

#include <tcpflow/stream.h>

#include "wire/record.h"

/* Writes how many there are, where they were, and what they are. */
void tcpflow__told_save(uint64_t offset, const uint8_t *bytes, uint32_t length,
                        tcpflow__record_writer *to);

/* Borrows them.  None: LENGTH is 0, and nothing else counts. */
tcpflow_stream_data tcpflow__told_take(tcpflow__record_reader *from);

#endif /* TCPFLOW__CONN_TOLDRECORD_H */
