/*
 * tests/unit/track/sleepers.h - all flows of a tracker that may sleep do.
 */
#ifndef TCPFLOW_TESTS_SLEEPERS_H
#define TCPFLOW_TESTS_SLEEPERS_H

#include "track/lists.h"
#include "track/lull.h"

/* Answers how many fell asleep. */
static inline unsigned sleepers_all(tcpflow_tracker *tracker) {
  uint32_t index = tcpflow__list_first(&tracker->flows, TCPFLOW__LIST_AWAKE);
  unsigned count = 0;

  while (index != TCPFLOW__FLOW_NONE && (index & TCPFLOW__LIST_HEAD) == 0) {
    const uint32_t next = tcpflow__flows_at(&tracker->flows, index)
                            ->link[TCPFLOW__CHAIN_GROUP]
                            .next;

    count += tcpflow__lull_one(tracker, index);
    index = next;
  }
  return count;
}

#endif /* TCPFLOW_TESTS_SLEEPERS_H */
