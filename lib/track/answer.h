/*
 * lib/track/answer.h - the SYN,ACK of a flow of which nothing but a SYN is
 * known.
 *
 * Room: track.  Includes: base, segment, conn.  Every connection that opens has
 * one, and where its flow is folded it brings more with it than any other
 * segment: sides, another group, another phase.  So what is done for any packet
 * and any flow stands here once more, for this case alone, in a straight line.
 */
#ifndef TCPFLOW__TRACK_ANSWER_H
#define TCPFLOW__TRACK_ANSWER_H

#include "segment/opens.h"
#include "track/tracker.h"

/* May a packet be such an answer? */
static inline bool tcpflow__answer_is(const tcpflow_packet *packet) {
  return (packet->flags & TCPFLOW__DOING_FLAGS) ==
         (TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK);
}

/* Follows a segment, all that there is in its frame, that may be such an answer
   and is of this flow, whose sender is known.  False: it has to be followed the
   general way, and nothing was done. */
bool tcpflow__answer_follow(tcpflow_tracker *tracker,
                            const tcpflow__batched *batched,
                            tcpflow__flow *flow);

#endif /* TCPFLOW__TRACK_ANSWER_H */
