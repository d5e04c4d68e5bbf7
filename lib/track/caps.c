/*
 * lib/track/caps.c - what the cap of memory leaves room for.
 *
 * Room: track.  Includes: base, conn.
 */
#include "track/caps.h"

#include "conn/extra.h"

/* Octets that more records would take from what connections may remember, and
   from the sides of those that are answered: room for that of every other one.
   Records are never given back, so a flood that filled the cap with them would
   leave none, and what open connections come to remember would push them out
   themselves. */
static uint64_t promised(const tcpflow_tracker *tracker, uint64_t growth) {
  const uint64_t records =
    tracker->flows.fresh + growth / sizeof(tcpflow__flow);
  const uint64_t promise =
    records / 2 * (sizeof(tcpflow__conn_extra) + sizeof(tcpflow__sides));
  const uint64_t taken = tracker->env.extras + tracker->flows.places.octets;

  return growth == 0 || promise <= taken ? 0 : promise - taken;
}

bool tcpflow__caps_cramp(const tcpflow_tracker *tracker) {
  if (tracker->max_memory == UINT64_MAX) {
    return false;
  }

  const uint64_t growth = tcpflow__flows_growth(&tracker->flows);

  return tracker->flows.used > 0 &&
         tcpflow__tracker_memory(tracker) + growth + promised(tracker, growth) >
           tracker->max_memory;
}

static bool leave(const tcpflow_tracker *tracker, uint64_t growth) {
  return tcpflow__tracker_memory(tracker) <= tracker->max_memory &&
         growth <= tracker->max_memory - tcpflow__tracker_memory(tracker);
}

bool tcpflow__caps_leave_tuples(const tcpflow_tracker *tracker) {
  const tcpflow__places *const places = &tracker->flows.places;

  return places->block == NULL || tcpflow__places_leave(places, 1) ||
         leave(tracker, sizeof(tcpflow__place_block));
}

bool tcpflow__caps_leave_sides(const tcpflow_tracker *tracker) {
  const uint64_t growth = tcpflow__places_growth(&tracker->flows.places);

  return growth == 0 || tracker->flows.places.used == 0 ||
         leave(tracker, growth);
}
