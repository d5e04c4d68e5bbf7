/*
 * lib/reasm/overlap.h - who wins where two segments overlap and differ.
 *
 * Room: reasm.  Includes: base.
 */
#ifndef TCPFLOW__REASM_OVERLAP_H
#define TCPFLOW__REASM_OVERLAP_H

#include <stdbool.h>

#include <tcpflow/stream.h>

/* Octets [from, end). */
typedef struct tcpflow__range {
  uint64_t from;
  uint64_t end;
} tcpflow__range;

/* Does what comes now take the octets that it shares with what is held?  They
   overlap. */
bool tcpflow__overlap_replaces(unsigned policy, tcpflow__range now,
                               tcpflow__range held);

/* Does nothing that is held ever change? */
bool tcpflow__overlap_keeps(unsigned policy);

/* Whether it is a tcpflow_overlap. */
bool tcpflow__is_overlap(uint64_t policy);

#endif /* TCPFLOW__REASM_OVERLAP_H */
