/*
 * lib/segment/expected.h - the segments with which connections open and close,
 * as both endpoints expect them.
 *
 * Room: segment.  Includes: base, wire.  What judge() and apply() would find of
 * such a one is known from a few comparisons; everything that is odd in the
 * least is left to them.  steady.h has those in between.
 */
#ifndef TCPFLOW__SEGMENT_EXPECTED_H
#define TCPFLOW__SEGMENT_EXPECTED_H

#include "segment/segment.h"

/*
 * Is it, as it is expected, one with which a connection opens or closes: the
 * ACK of a SYN,ACK, a FIN, or what comes once there was a FIN?  Then OUT is
 * judge()'s.
 */
bool tcpflow__segment_is_turn(tcpflow__judgment *out,
                              const tcpflow__endpoint end[2],
                              tcpflow_side sender,
                              const tcpflow_segment *segment, tcpflow_seq edge);
void tcpflow__segment_take_turn(tcpflow__endpoint end[2], tcpflow_side sender,
                                const tcpflow_segment *segment,
                                const tcpflow__judgment *judgment);

/* Is it the SYN that begins a connection of which nothing was seen, or the
   SYN,ACK that answers that?  Likewise (greeting.c). */
bool tcpflow__segment_is_greeting(tcpflow__judgment *out,
                                  const tcpflow__endpoint end[2],
                                  tcpflow_side sender,
                                  const tcpflow_segment *segment);
void tcpflow__segment_take_greeting(tcpflow__endpoint end[2],
                                    tcpflow_side sender,
                                    const tcpflow_segment *segment);

#endif /* TCPFLOW__SEGMENT_EXPECTED_H */
