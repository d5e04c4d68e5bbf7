/*
 * lib/segment/endpointrecord.h - an endpoint as octets, and back.
 *
 * Room: segment.  Includes: base, wire.
 */
#ifndef TCPFLOW__SEGMENT_ENDPOINTRECORD_H
#define TCPFLOW__SEGMENT_ENDPOINTRECORD_H

#include "segment/endpoint.h"
#include "wire/record.h"

/* For tests: does the table name every member? */
bool tcpflow__endpoint_record_covers(void);

void tcpflow__endpoint_save(const tcpflow__endpoint *end,
                            tcpflow__record_writer *to);

/* Reads what was written over an endpoint.  False: it is none. */
bool tcpflow__endpoint_load(tcpflow__endpoint *end,
                            tcpflow__record_reader *from);

#endif /* TCPFLOW__SEGMENT_ENDPOINTRECORD_H */
