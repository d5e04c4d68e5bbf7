/*
 * lib/frag/arrival.h - a fragment on its way in.
 *
 * Room: frag.  Includes: decode.  It is looked at by itself, and then beside
 * those that are there, which changes nothing but what is known of it.
 */
#ifndef TCPFLOW__FRAG_ARRIVAL_H
#define TCPFLOW__FRAG_ARRIVAL_H

#include "frag/frag.h"

typedef struct tcpflow__frag_arrival {
  tcpflow__fragment fragment;
  uint64_t hash;
  tcpflow__pending *pending; /* Its datagram. */
  bool is_new;               /* Nobody else knows that one yet. */
  tcpflow_frag_policy policy;
  tcpflow__pending_facts facts; /* Those of the datagram, with it. */
  tcpflow_frag_reason reason;   /* Why it is dropped alone, ... */
  tcpflow_frag_reason fatal;    /* ... or with its datagram. */
} tcpflow__frag_arrival;

static inline void tcpflow__frag_arrival_note(tcpflow__frag_arrival *a,
                                              tcpflow_frag_anomaly anomaly) {
  a->facts.anomalies |= (uint32_t)anomaly;
}

/* Looks at it by itself: at its header, and at what it has. */
void tcpflow__frag_arrival_look(const tcpflow_frag *frag,
                                tcpflow__frag_arrival *a);

/* Looks at how it lies in its datagram. */
void tcpflow__frag_arrival_look_beside(tcpflow_frag *frag,
                                       tcpflow__frag_arrival *a);

/* Says what became of it. */
void tcpflow__frag_arrival_answer(tcpflow_frag_result *result,
                                  const tcpflow__frag_arrival *a,
                                  tcpflow_frag_outcome outcome);

#endif /* TCPFLOW__FRAG_ARRIVAL_H */
