/*
 * lib/track/general.h - a segment, whatever it is.
 *
 * Room: track.  Includes: conn.
 */
#ifndef TCPFLOW__TRACK_GENERAL_H
#define TCPFLOW__TRACK_GENERAL_H

#include "track/tracker.h"

/* Follows the segment of a packet, whose FLOW was looked for; NULL: it has
   none.  ANOMALIES are those of the fragments that it came in.  TCPFLOW_OK, or
   nothing was done: TCPFLOW_ERR_NOMEM, or TCPFLOW_ERR_CALLBACK if a callback
   asked to stop before. */
int tcpflow__general_follow(tcpflow_tracker *tracker, tcpflow__batched *batched,
                            tcpflow__flow *flow, uint32_t anomalies);

#endif /* TCPFLOW__TRACK_GENERAL_H */
