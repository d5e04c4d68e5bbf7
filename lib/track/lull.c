/*
 * lib/track/lull.c - idle flows that fall asleep.
 *
 * Room: track.  Includes: base, conn.
 */
#include "track/lull.h"

#include <string.h>

#include "base/later.h"
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
  tcpflow__rounds *const rounds = &tracker->rounds;

  if (rounds->next != TCPFLOW_TIME_NONE && tracker->now >= rounds->next &&
      rounds->due < (ALLOCATIONS - 1) * looks) {
    rounds->due += looks;
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

/* --- rounds --- */

/* Who comes meanwhile stands behind all that are awake now. */
static void begin_round(tcpflow_tracker *tracker) {
  const tcpflow__flows *const flows = &tracker->flows;
  const uint32_t open =
    flows->count[TCPFLOW_PHASE_OPEN] + flows->count[TCPFLOW_PHASE_HALF_CLOSED];

  tracker->rounds.silent = tracker->now;
  tracker->rounds.left = open > flows->beds.used ? open - flows->beds.used : 1;
}

/* Whoever is awake has been silent for no longer than the one that this round
   found; but for those that a caller woke, or that could not sleep though they
   are idle: they are looked at again with the others. */
static void end_round(tcpflow_tracker *tracker) {
  tcpflow__rounds *const rounds = &tracker->rounds;

  rounds->left = 0;
  rounds->next = tcpflow__later(rounds->silent, rounds->idle);
  if (tracker->now < rounds->next) {
    rounds->due = 0;
  }
}

/* Has a flow sleep that is idle.  Answers whether it does. */
static bool look_at(tcpflow_tracker *tracker, uint32_t index) {
  tcpflow__rounds *const rounds = &tracker->rounds;
  const tcpflow_time last =
    tcpflow__conn_last(&tcpflow__flows_at(&tracker->flows, index)->conn);

  if (tracker->now - last >= rounds->idle &&
      tcpflow__beds_are_ready(&tracker->flows.beds, &tracker->flows.places)) {
    return tcpflow__lull_one(tracker, index);
  }
  rounds->silent = last < rounds->silent ? last : rounds->silent;
  return false;
}

void tcpflow__lull(tcpflow_tracker *tracker, uint32_t looks, uint32_t index) {
  tcpflow__flows *const flows = &tracker->flows;
  tcpflow__rounds *const rounds = &tracker->rounds;

  for (; looks > 0 && rounds->due > 0; looks--) {
    const uint32_t first = tcpflow__list_first(flows, TCPFLOW__LIST_AWAKE);

    if (rounds->left == 0) {
      begin_round(tracker);
    }
    if (first != TCPFLOW__FLOW_NONE &&
        (first == index || !look_at(tracker, first))) {
      tcpflow__flows_requeue(flows, first);
    }
    rounds->due--;
    rounds->left--;
    if (rounds->left == 0 || first == TCPFLOW__FLOW_NONE) {
      end_round(tracker);
    }
  }
}
