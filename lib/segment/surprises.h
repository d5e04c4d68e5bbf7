/*
 * lib/segment/surprises.h - what is surprising about the numbers of two
 * endpoints whose connection is idle.
 *
 * Room: segment.  Includes: base, wire.
 */
#ifndef TCPFLOW__SEGMENT_SURPRISES_H
#define TCPFLOW__SEGMENT_SURPRISES_H

#include "segment/endpoint.h"
#include "wire/surprise.h"

/* Writes two endpoints, or reads them over END.  FIRST and LAST: when the first
   segment and the latest one came; NEXT: of each stream, how many octets it
   has. */
void tcpflow__endpoints_surprise(tcpflow__surprises *s,
                                 tcpflow__endpoint end[2], tcpflow_time first,
                                 tcpflow_time last, const uint64_t next[2]);

#endif /* TCPFLOW__SEGMENT_SURPRISES_H */
