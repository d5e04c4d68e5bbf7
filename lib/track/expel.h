/*
 * lib/track/expel.h - a flow of which nothing but a SYN is known has to go.
 *
 * Room: track.  Includes: base, conn.  In a flood each SYN makes one of them
 * go, so what is done for any flow that goes stands here once more, for this
 * case alone.
 */
#ifndef TCPFLOW__TRACK_EXPEL_H
#define TCPFLOW__TRACK_EXPEL_H

#include "track/tracker.h"

/* Evicts the flow that has to go, if that is such a one; NEWCOMER, which may be
   TCPFLOW__FLOW_NONE, may not go.  False: another flow has to, and nothing was
   done. */
bool tcpflow__expel_folded(tcpflow_tracker *tracker, uint32_t newcomer);

#endif /* TCPFLOW__TRACK_EXPEL_H */
