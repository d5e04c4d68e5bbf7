/*
 * lib/track/estate.h - what a flow has left to the next one of its ports.
 *
 * Room: track.  Includes: conn.  It passes on at once, unless a callback of the
 * end asks to stop between the two, or there is no memory for the next one:
 * then it waits for the same frame to be fed again, and is given up when
 * another one is followed.
 */
#ifndef TCPFLOW__TRACK_ESTATE_H
#define TCPFLOW__TRACK_ESTATE_H

#include "track/tracker.h"

/* Leaves HEIR, which is the tracker's then, to the next flow of a key. */
void tcpflow__estate_leave(tcpflow_tracker *tracker, const tcpflow__key *key,
                           struct tcpflow__conn_extra *heir);

/* What was left to a flow of a key, which is the caller's then; NULL:
   nothing. */
struct tcpflow__conn_extra *tcpflow__estate_take(tcpflow_tracker *tracker,
                                                 const tcpflow__key *key);

/* Frees what nobody has taken. */
void tcpflow__estate_drop(tcpflow_tracker *tracker);

#endif /* TCPFLOW__TRACK_ESTATE_H */
