/*
 * lib/frag/frag.h - what a reassembler is, and how a tracker works with one.
 *
 * Room: frag.  Includes: base, wire, decode.  A datagram that is complete stays
 * where it is until what becomes of it is known.  If there is no memory to
 * follow it, the packet that completed it was not followed; so it can be
 * undone, and fed again.
 */
#ifndef TCPFLOW__FRAG_FRAG_H
#define TCPFLOW__FRAG_FRAG_H

#include <tcpflow/frag.h>

#include "frag/assemble.h"
#include "frag/store.h"

struct tcpflow_frag {
  tcpflow_frag_config config;
  tcpflow_frag_callbacks callbacks;
  void *user;
  tcpflow_time now; /* Latest time seen. */
  bool telling;     /* A callback is running. */
  bool stopped;     /* One asked to stop; reset by each call. */
  tcpflow__store store;
  tcpflow__pending *done; /* Complete, the last one first. */
  tcpflow_frag_stats stats;
  tcpflow__map map; /* For datagrams that have none. */
  tcpflow__bench bench;
};

/* As tcpflow_frag_feed(), without its checks; what was complete before stays
   undone or not.  PACKET and RESULT are structs of this release. */
int tcpflow__frag_take(tcpflow_frag *frag, const tcpflow_packet *packet,
                       tcpflow_frag_result *result, tcpflow_frame *datagram);

/* Drops what was completed; its last datagram's bytes stay. */
void tcpflow__frag_settle(tcpflow_frag *frag);

/* Undoes the packets that completed a datagram since they were settled: they
   were not fed. */
void tcpflow__frag_undo(tcpflow_frag *frag);

/* Lets time pass; drops LOOKS datagrams at most that took too long. */
void tcpflow__frag_pass(tcpflow_frag *frag, tcpflow_time now, uint64_t looks);

/* Gives a datagram up, and tells it. */
void tcpflow__frag_drop(tcpflow_frag *frag, tcpflow__pending *pending,
                        tcpflow_frag_reason reason);

/* Gives a datagram up, but remembers it, so that what still comes of it is
   dropped too. */
void tcpflow__frag_condemn(tcpflow_frag *frag, tcpflow__pending *pending,
                           tcpflow_frag_reason reason);

/* Whether a datagram has had its time. */
bool tcpflow__frag_is_late(const tcpflow_frag *frag,
                           const tcpflow__pending *pending);

/* Counts anomalies that were not counted BEFORE. */
void tcpflow__frag_count(tcpflow_frag *frag, uint32_t before, uint32_t now);

/* The map of a datagram: its own, or one that is made for the occasion. */
static inline tcpflow__map *tcpflow__frag_map(tcpflow_frag *frag,
                                              const tcpflow__pending *pending) {
  if (pending->map != NULL) {
    return pending->map;
  }
  tcpflow__map_fill(&frag->map, pending);
  return &frag->map;
}

#endif /* TCPFLOW__FRAG_FRAG_H */
