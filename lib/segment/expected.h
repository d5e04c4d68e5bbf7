/*
 * lib/segment/expected.h - the segment that both endpoints expect.
 *
 * Room: segment.  Includes: base, wire.  Most segments of most connections
 * bring the next octets, or acknowledge what is in flight, and nothing else.
 * What judge() and apply() would find of such a one is known from a few
 * comparisons; everything that is odd in the least is left to them.
 */
#ifndef TCPFLOW__SEGMENT_EXPECTED_H
#define TCPFLOW__SEGMENT_EXPECTED_H

#include "segment/segment.h"

/* What is found of one. */
typedef struct tcpflow__expected {
  tcpflow_verdict verdict; /* judge()'s. */
  int scaling;             /* tcpflow__endpoints_scaling(). */
} tcpflow__expected;

/*
 * Is the segment one of those?  EDGE is that of tcpflow__segment_context.  Then
 * judge() would list nothing that happens, and nothing odd; its numbers and its
 * ACK count, and so does its data, if it has any.
 */
bool tcpflow__segment_is_expected(const tcpflow__endpoint end[2],
                                  tcpflow_side sender,
                                  const tcpflow_segment *segment,
                                  tcpflow_seq edge, tcpflow__expected *out);

/* Does to the numbers what apply() would do for such a segment, at its time
   (take.c). */
void tcpflow__segment_take_expected(tcpflow__endpoint end[2],
                                    tcpflow_side sender,
                                    const tcpflow_segment *segment,
                                    int scaling);

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
