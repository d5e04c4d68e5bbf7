/*
 * lib/track/stats.c - the figures of a tracker.
 *
 * Room: track.  Includes: base, frag, conn.
 */
#include "track/tracker.h"

#include "base/sized.h"

int tcpflow_tracker_get_stats(const tcpflow_tracker *tracker,
                              tcpflow_tracker_stats *stats) {
  const int error = tcpflow__sized_check(stats);
  tcpflow_tracker_stats ours = tracker->stats;

  if (error != TCPFLOW_OK) {
    return error;
  }
  ours.flows_live = ours.flows_new - ours.flows_ended;
  for (unsigned phase = 0; phase < TCPFLOW_PHASE_COUNT; phase++) {
    ours.flows_in_phase[phase] = tracker->flows.count[phase];
  }
  ours.held_memory = tracker->env.budget.used;
  ours.memory = tcpflow__tracker_memory(tracker);
  tcpflow__sized_write(stats, &ours, sizeof(ours));
  return TCPFLOW_OK;
}

int tcpflow_tracker_get_frag_stats(const tcpflow_tracker *tracker,
                                   tcpflow_frag_stats *stats) {
  tcpflow_frag_stats none;

  if (tracker->frag != NULL) {
    return tcpflow_frag_get_stats(tracker->frag, stats);
  }
  if (tcpflow__sized_check(stats) != TCPFLOW_OK) {
    return TCPFLOW_ERR_VERSION;
  }
  tcpflow_frag_stats_init(&none);
  tcpflow__sized_write(stats, &none, sizeof(none));
  return TCPFLOW_OK;
}

/* Behind the stamp every member is a figure of 64 bits, in every release; so
   figures that are not known here are added, too. */
int tcpflow_tracker_stats_add(tcpflow_tracker_stats *sum,
                              const tcpflow_tracker_stats *other) {
  if (tcpflow__sized_check(sum) != TCPFLOW_OK ||
      tcpflow__sized_check(other) != TCPFLOW_OK) {
    return TCPFLOW_ERR_VERSION;
  }

  const size_t size = sum->size < other->size ? sum->size : other->size;
  const size_t start = offsetof(tcpflow_tracker_stats, frames);
  for (size_t at = start; at + sizeof(uint64_t) <= size;
       at += sizeof(uint64_t)) {
    uint64_t figure;
    uint64_t more;

    memcpy(&figure, (const uint8_t *)sum + at, sizeof(figure));
    memcpy(&more, (const uint8_t *)other + at, sizeof(more));
    figure += more;
    memcpy((uint8_t *)sum + at, &figure, sizeof(figure));
  }
  return TCPFLOW_OK;
}
