/*
 * lib/track/newcomer.h - a SYN of nobody begins a flow at once.
 *
 * Room: track.  Includes: base, segment, conn.  In a flood nearly every packet
 * is one, so what is done for any packet and any flow that begins stands here
 * once more, for this case alone, in a straight line.
 */
#ifndef TCPFLOW__TRACK_NEWCOMER_H
#define TCPFLOW__TRACK_NEWCOMER_H

#include "segment/opens.h"
#include "track/tracker.h"

/* May a packet be such a SYN? */
static inline bool tcpflow__newcomer_is(const tcpflow_packet *packet) {
  return (packet->flags & TCPFLOW__DOING_FLAGS) == TCPFLOW_FLAG_SYN;
}

/* Follows a segment, all that there is in its frame, that may be such a SYN and
   for sure is of no flow.  False: it has to be followed the general way, and
   nothing was done.  May evict another flow, after that. */
bool tcpflow__newcomer_begin(tcpflow_tracker *tracker,
                             const tcpflow__batched *batched);

#endif /* TCPFLOW__TRACK_NEWCOMER_H */
