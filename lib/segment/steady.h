/*
 * lib/segment/steady.h - the next octets, or an ACK, between two endpoints that
 * are open and at ease.
 *
 * Room: segment.  Includes: base, wire.  What judge() and apply() would find
 * and do of such a one is known from a few comparisons; everything that is odd
 * in the least is left to them.
 */
#ifndef TCPFLOW__SEGMENT_STEADY_H
#define TCPFLOW__SEGMENT_STEADY_H

#include "segment/segment.h"

/* Are both open and in the midst of nothing?  Then segments that the function
   below takes leave them so. */
bool tcpflow__endpoints_are_steady(const tcpflow__endpoint end[2]);

/*
 * Does what apply() would do, at the segment's time, of the next one between
 * steady endpoints, if judge() would list nothing that happens and nothing odd.
 * Answers judge()'s verdict, which is never 0; 0: it is another one, and
 * nothing changed.  SCALING is tcpflow__endpoints_scaling().  The stream of its
 * sender is complete up to SND.NXT, which is for the caller to know.
 */
tcpflow_verdict tcpflow__segment_steady(tcpflow__endpoint end[2],
                                        tcpflow_side sender,
                                        const tcpflow_segment *segment,
                                        int scaling);

#endif /* TCPFLOW__SEGMENT_STEADY_H */
