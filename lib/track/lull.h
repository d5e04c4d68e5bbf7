/*
 * lib/track/lull.h - idle flows that fall asleep.
 *
 * Room: track.  Includes: base, conn.  What a connection that sleeps needs is a
 * third of its sides (conn/sleep.h), but waking up takes as long as a few
 * packets.  So it does not happen for its own sake: only where newcomers need
 * more sides than there are, or the cap leaves none to who wakes up.  For each
 * of those some flows are looked at that have been awake for longest.  Who has
 * looked at all of them knows until when none of them can be idle, and looks at
 * nobody until then.
 */
#ifndef TCPFLOW__TRACK_LULL_H
#define TCPFLOW__TRACK_LULL_H

#include "track/tracker.h"

/* Flows may sleep that have been silent for IDLE; TCPFLOW_TIME_NONE: none. */
static inline void tcpflow__lull_init(tcpflow__rounds *rounds,
                                      tcpflow_time idle) {
  *rounds = (tcpflow__rounds){
    .idle = idle,
    .next = idle == TCPFLOW_TIME_NONE ? TCPFLOW_TIME_NONE : 0,
  };
}

/* More places for sides are needed than there are: looks are due, which the
   calls to come take. */
void tcpflow__lull_owe(tcpflow_tracker *tracker);

/* Looks at open flows, as many as are due, but no more than LOOKS; those that
   are idle fall asleep.  Not that of INDEX. */
void tcpflow__lull(tcpflow_tracker *tracker, uint32_t looks, uint32_t index);

/* Has a flow, that of INDEX, sleep if it may.  Answers whether it does. */
bool tcpflow__lull_one(tcpflow_tracker *tracker, uint32_t index);

/* The bed in which a connection sleeps; NULL: it is awake. */
static inline uint8_t *tcpflow__lull_bed(const tcpflow_conn *conn) {
  return tcpflow__conn_sleeps(conn) ? conn->asleep : NULL;
}

/* Gives back a bed, if there was one: its flow was woken, or is gone. */
static inline void tcpflow__lull_give(tcpflow_tracker *tracker, uint8_t *bed) {
  if (bed != NULL) {
    tcpflow__beds_give(&tracker->flows.beds, &tracker->flows.places, bed);
  }
}

#endif /* TCPFLOW__TRACK_LULL_H */
