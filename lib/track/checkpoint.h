/*
 * lib/track/checkpoint.h - how all connections are written.
 *
 * Room: track.  Includes: base, wire.  In this order: the octets that say what
 * it is, and the version; a tcpflow__kept; the figures, their count before
 * them; the flows, those that live, oldest first, then those that have ended
 * and whose stragglers are recognized.  For each flow, who it is between, a
 * tcpflow__kept_flow, and the connection.  A flow is named by its place among
 * them from here on, and each list ends with TCPFLOW__FLOW_NONE: those that are
 * the first to go when there is no room, in that order; and the timers, slot by
 * slot, each with the tick at which its slot comes up.  What a flow has left to
 * the next one of its ports follows, if it waits; and the prints of the latest
 * frames.  At the end is the digest.
 *
 * So what the tracker that loads it does next depends on nothing else: no timer
 * comes up later, or in another order, and no other flow has to go.
 */
#ifndef TCPFLOW__TRACK_CHECKPOINT_H
#define TCPFLOW__TRACK_CHECKPOINT_H

#include <tcpflow/tracker.h>

#include "wire/record.h"

/* "TCPFLOW" and a 0, least octet first. */
#define TCPFLOW__CHECKPOINT_MAGIC UINT64_C(0x00574f4c46504354)

/* Another major version is another format.  A later minor one has more at the
   ends of objects, more figures, more anomalies, and more behind the timers.
   Both count from the first release on. */
#define TCPFLOW__CHECKPOINT_MAJOR 1U
#define TCPFLOW__CHECKPOINT_MINOR 0U

/* Of the tracker. */
typedef struct tcpflow__kept {
  uint64_t now;
  uint64_t tick;   /* Up to which the timers have come up. */
  uint64_t key[2]; /* As tcpflow__resume has them; all 0 if `done` is. */
  uint64_t digest;
  uint32_t done;
  uint32_t flows;
  uint32_t hand;        /* The flow at which the search for an idle one goes on;
                    TCPFLOW__FLOW_NONE: at the first. */
  uint64_t past_key[2]; /* Of the digests of what was told; all 0 if there are
                           to be none. */
  uint8_t estate;       /* Something waits for the next flow of some ports. */
} tcpflow__kept;

/* Of a flow, beside its connection. */
typedef struct tcpflow__kept_flow {
  tcpflow_time look; /* Of its `timed`, by the tracker's timeouts. */
  uint32_t seen;
  uint8_t swapped; /* Counts only where both ends are the same. */
  uint8_t timed;
  uint8_t folded; /* It is opening, and is folded. */
} tcpflow__kept_flow;

extern const tcpflow__fields tcpflow__kept_fields;
extern const tcpflow__fields tcpflow__kept_flow_fields;

/* For tests: do the tables name every member? */
bool tcpflow__kept_record_covers(void);

/* Figures of a tracker: each has 64 bits, and they stand behind the stamp. */
#define TCPFLOW__FIGURES                                                       \
  ((sizeof(tcpflow_tracker_stats) - offsetof(tcpflow_tracker_stats, frames)) / \
   sizeof(uint64_t))

#endif /* TCPFLOW__TRACK_CHECKPOINT_H */
