/*
 * lib/track/several.h - what a frame holds that is not one segment.
 *
 * Room: track.  Includes: conn.
 */
#ifndef TCPFLOW__TRACK_SEVERAL_H
#define TCPFLOW__TRACK_SEVERAL_H

#include "track/tracker.h"

/* Follows what a frame holds.  Where this stops between two packets, the frame
   was not followed, and it goes on there if it is fed again. */
int tcpflow__several_follow(tcpflow_tracker *tracker,
                            const tcpflow__batched *batched,
                            const tcpflow_frame *frame);

#endif /* TCPFLOW__TRACK_SEVERAL_H */
