/*
 * lib/track/find.c - from a decoded frame to its flow: where the hint is wrong,
 * or the tuple is not plain.
 *
 * Room: track.  Includes: base, conn.
 */
#include "track/find.h"

int tcpflow__find_sender_long(const tcpflow_tracker *tracker,
                              const tcpflow__batched *batched,
                              const tcpflow__flow *flow) {
  const tcpflow__ends *const ends = &flow->conn.ends;
  const tcpflow_tuple *const tuple = &batched->packet.tuple;

  return batched->form == 6 && ends->vlan == TCPFLOW__ENDS_SIX
           ? tcpflow__ends_sender_six(ends, tuple)
           : tcpflow__ends_sender_long(ends, &tracker->hasher, tuple);
}

static tcpflow_side side_of(const tcpflow__flow *flow,
                            const tcpflow__key *key) {
  return key->swapped == flow->swapped ? TCPFLOW_SIDE_CLIENT
                                       : TCPFLOW_SIDE_SERVER;
}

/* It was remembered wrongly, or not at all: the next packet finds it. */
static inline void note_found(tcpflow_tracker *tracker,
                              const tcpflow__batched *batched,
                              tcpflow__flow *flow) {
  if (tcpflow__batched_is_segment(batched)) {
    tcpflow__recent_note(&tracker->recent, batched->product, flow,
                         batched->index);
  }
}

tcpflow__flow *tcpflow__find_search(tcpflow_tracker *tracker,
                                    tcpflow__batched *batched) {
  const tcpflow__key *const key = tcpflow__find_key(tracker, batched);
  tcpflow__flow *flow = batched->flow;

  if (flow == NULL || !tcpflow__flow_is(flow, key)) {
    const uint32_t index = tcpflow__table_find(&tracker->table, key);

    if (index == TCPFLOW__FLOW_NONE) {
      return NULL;
    }
    batched->index = index;
    flow = tcpflow__flows_at(&tracker->flows, index);
    note_found(tracker, batched, flow);
  }
  batched->sender = side_of(flow, key);
  return flow;
}
