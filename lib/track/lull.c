/*
 * lib/track/lull.c - idle flows that fall asleep.
 *
 * Room: track.  Includes: base, conn.
 */
#include "track/lull.h"

#include <string.h>

#include "conn/sleep.h"
#include "track/standing.h"

/* Looks for each place that is asked of the allocator: enough that those who
   sleep make room for those who come, where nearly all are idle. */
#define LOOKS_A_PLACE 8U

/* No more are due than for that many allocations: a tracker whose flows are all
   busy has nothing to find. */
#define ALLOCATIONS   8U

void tcpflow__lull_owe(tcpflow_tracker *tracker) {
  const uint32_t looks = TCPFLOW__SIDES_A_BLOCK * LOOKS_A_PLACE;

  if (tracker->idle != TCPFLOW_TIME_NONE &&
      tracker->looks_due < (ALLOCATIONS - 1) * looks) {
    tracker->looks_due += looks;
  }
}

/* Its own place is the bed if there is no other one. */
bool tcpflow__lull_one(tcpflow_tracker *tracker, uint32_t index) {
  tcpflow__flows *const flows = &tracker->flows;
  tcpflow__flow *const flow = tcpflow__flows_at(flows, index);
  uint8_t octets[TCPFLOW__SURPRISE_ROOM];
  const size_t length = tcpflow__sleep_write(&flow->conn, octets);
  uint8_t *bed;

  if (length == 0 || length > TCPFLOW__BED_OCTETS ||
      !tcpflow__beds_are_ready(&flows->beds, &flows->places)) {
    return false;
  }
  tcpflow__places_give(&flows->places, flow->conn.sides);
  bed = tcpflow__beds_take(&flows->beds, &flows->places);
  memcpy(bed, octets, length);
  tcpflow__sleep_begin(&flow->conn, bed);
  tcpflow__standing_fold(flows, flow, index, true);
  return true;
}

static bool is_idle(const tcpflow_tracker *tracker, const tcpflow__flow *flow) {
  return tracker->now - tcpflow__conn_last(&flow->conn) >= tracker->idle;
}

void tcpflow__lull(tcpflow_tracker *tracker, uint32_t looks, uint32_t index) {
  tcpflow__flows *const flows = &tracker->flows;

  for (; looks > 0 && tracker->looks_due > 0; looks--) {
    const uint32_t first = tcpflow__list_first(flows, TCPFLOW__LIST_AWAKE);

    tracker->looks_due--;
    if (first == TCPFLOW__FLOW_NONE) {
      tracker->looks_due = 0;
    } else if (first == index ||
               !is_idle(tracker, tcpflow__flows_at(flows, first)) ||
               !tcpflow__lull_one(tracker, first)) {
      tcpflow__flows_requeue(flows, first);
    }
  }
}
