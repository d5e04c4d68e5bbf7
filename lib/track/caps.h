/*
 * lib/track/caps.h - what the cap of memory leaves room for.
 *
 * Room: track.  Includes: base, conn.
 */
#ifndef TCPFLOW__TRACK_CAPS_H
#define TCPFLOW__TRACK_CAPS_H

#include "track/tracker.h"

/* Leaves the cap no room for the record of a newcomer, of which there is none
   to spare? */
bool tcpflow__caps_cramp(const tcpflow_tracker *tracker);

/* Leaves the cap room for more tuples, of which there are none to spare? */
bool tcpflow__caps_leave_tuples(const tcpflow_tracker *tracker);

/* Leaves the cap room for sides, if there are none to spare? */
bool tcpflow__caps_leave_sides(const tcpflow_tracker *tracker);

#endif /* TCPFLOW__TRACK_CAPS_H */
