/*
 * lib/track/find.h - from a decoded frame to its flow.
 *
 * Room: track.  Includes: base, conn.  What was found ahead of it is a hint
 * that counts only if the record has the key.
 */
#ifndef TCPFLOW__TRACK_FIND_H
#define TCPFLOW__TRACK_FIND_H

#include "track/buckets.h"
#include "track/tracker.h"

/* The key, which is not needed as long as the flow is remembered. */
static inline const tcpflow__key *
tcpflow__find_key(const tcpflow_tracker *tracker, tcpflow__batched *batched) {
  if (!batched->keyed) {
    tcpflow__key_init(&batched->key, &tracker->hasher, &batched->packet.tuple);
    batched->bucket = tcpflow__bucket_of(&tracker->table, batched->key.hash);
    batched->keyed = true;
  }
  return &batched->key;
}

/* The function below where the tuple is not plain. */
int tcpflow__find_sender_long(const tcpflow_tracker *tracker,
                              const tcpflow__batched *batched,
                              const tcpflow__flow *flow);

/* Who sent a frame, if it is plain to see that it is of a flow, whose record
   may have been given back; -1: it is not. */
TCPFLOW__FLAT int tcpflow__find_sender(const tcpflow_tracker *tracker,
                                       const tcpflow__batched *batched,
                                       const tcpflow__flow *flow) {
  return batched->form == 4
           ? tcpflow__ends_sender(&flow->conn.ends, &tracker->hasher,
                                  &batched->packet.tuple)
           : tcpflow__find_sender_long(tracker, batched, flow);
}

/* Was it looked for, everywhere, and is it not there yet? */
static inline bool tcpflow__find_is_new(const tcpflow_tracker *tracker,
                                        const tcpflow__batched *batched) {
  return batched->index == TCPFLOW__FLOW_NONE &&
         !tcpflow__table_came(&tracker->table, batched->key.hash);
}

/* Looks for it in the table. */
tcpflow__flow *tcpflow__find_search(tcpflow_tracker *tracker,
                                    tcpflow__batched *batched);

/* The flow of a frame, whose index and sender are known then; NULL: none. */
static inline tcpflow__flow *tcpflow__find_flow(tcpflow_tracker *tracker,
                                                tcpflow__batched *batched) {
  tcpflow__flow *const flow = batched->flow;
  const int sender = flow != NULL && flow->phase != TCPFLOW__PHASE_SPARE
                       ? tcpflow__find_sender(tracker, batched, flow)
                       : -1;

  if (sender >= 0) {
    batched->sender = (tcpflow_side)sender;
    return flow;
  }
  return tcpflow__find_is_new(tracker, batched)
           ? NULL
           : tcpflow__find_search(tracker, batched);
}

#endif /* TCPFLOW__TRACK_FIND_H */
