/*
 * lib/track/answer.c - the SYN,ACK of a flow of which nothing but a SYN is
 * known.
 *
 * Room: track.  Includes: base, options, segment, conn.
 */
#include "track/answer.h"

#include "conn/synack.h"
#include "track/life.h"
#include "track/offered.h"
#include "track/standing.h"

/* --- may it be followed so? --- */

/* Has a flow nothing but a SYN, and is its time not over? */
TCPFLOW__FLAT bool is_due(const tcpflow_tracker *tracker,
                          const tcpflow__flow *flow) {
  return tcpflow__synack_is_due(&flow->conn) &&
         flow->phase == TCPFLOW_PHASE_OPENING &&
         tracker->now - flow->conn.first <
           tracker->timeout[TCPFLOW_PHASE_OPENING];
}

/* Is it to be followed as it is, and is there a place for the sides? */
TCPFLOW__FLAT bool is_simple(const tcpflow_tracker *tracker,
                             const tcpflow__batched *batched) {
  return batched->sender == TCPFLOW_SIDE_SERVER && !tracker->verify_checksums &&
         tcpflow__places_are_ready(&tracker->flows.places);
}

/* --- what becomes of its flow --- */

/* Into the group of those that were unfolded. */
TCPFLOW__FLAT void unfold(tcpflow__flows *flows, tcpflow__flow *flow,
                          uint32_t index) {
  tcpflow__link *const link = &flow->link[TCPFLOW__CHAIN_GROUP];

  flow->folded = 0;
  tcpflow__list_unlink(flows, TCPFLOW__CHAIN_GROUP, link);
  tcpflow__list_place(flows, TCPFLOW__CHAIN_GROUP, TCPFLOW__LIST_EMBRYONIC,
                      index, link);
}

/* Did no callback do anything that matters to a flow's phase and its timer,
   which looks soon enough; and is no flow dead? */
TCPFLOW__FLAT bool is_left(const tcpflow_tracker *tracker,
                           const tcpflow__flow *flow) {
  const uint32_t other = TCPFLOW__CONN_ENDED | TCPFLOW__CONN_DOUBTED |
                         TCPFLOW__CONN_LONE | TCPFLOW__CONN_HOLES |
                         TCPFLOW__CONN_HOLE_NEWS;

  return (flow->conn.bits & other) == 0 && flow->conn.extra == NULL &&
         tracker->timeout[TCPFLOW_PHASE_ANSWERED] >=
           tracker->look[flow->timed] &&
         tcpflow__list_first(&tracker->flows, TCPFLOW__LIST_DEAD) ==
           TCPFLOW__FLOW_NONE;
}

/* Nearly all are answered then, and stay in their lists. */
TCPFLOW__FLAT void settle(tcpflow_tracker *tracker, tcpflow__flow *flow,
                          uint32_t index) {
  if (is_left(tracker, flow)) {
    tracker->flows.count[TCPFLOW_PHASE_OPENING]--;
    flow->phase = TCPFLOW_PHASE_ANSWERED;
    tracker->flows.count[TCPFLOW_PHASE_ANSWERED]++;
  } else {
    tcpflow__life_settle(tracker, flow, index);
  }
}

bool tcpflow__answer_follow(tcpflow_tracker *tracker,
                            const tcpflow__batched *batched,
                            tcpflow__flow *flow) {
  if (!is_due(tracker, flow) || !is_simple(tracker, batched)) {
    return false;
  }
  const tcpflow_segment *const segment =
    tcpflow__offered_segment(tracker, &batched->packet);
  if (!tcpflow__synack_fits(&flow->conn, segment)) {
    return false;
  }

  unfold(&tracker->flows, flow, batched->index);
  tcpflow__synack_follow(&flow->conn,
                         tcpflow__places_pick(&tracker->flows.places), segment);
  settle(tracker, flow, batched->index);
  return true;
}
