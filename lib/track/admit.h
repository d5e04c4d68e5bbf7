/*
 * lib/track/admit.h - is a new connection wanted?
 *
 * Room: track.  Includes: base, segment, conn.
 */
#ifndef TCPFLOW__TRACK_ADMIT_H
#define TCPFLOW__TRACK_ADMIT_H

#include "track/tracker.h"

/* Asks the caller.  False: it is refused, and counted. */
bool tcpflow__admit_ask(tcpflow_tracker *tracker, const tcpflow__key *key,
                        const tcpflow_segment *segment);

/* Is the connection wanted that begins with a segment? */
static inline bool tcpflow__admits(tcpflow_tracker *tracker,
                                   const tcpflow__key *key,
                                   const tcpflow_segment *segment) {
  return tracker->choose_admission == NULL ||
         tcpflow__admit_ask(tracker, key, segment);
}

#endif /* TCPFLOW__TRACK_ADMIT_H */
