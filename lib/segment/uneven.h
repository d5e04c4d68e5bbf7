/*
 * lib/segment/uneven.h - what a sender sends while something is missing.
 *
 * Room: segment.  Includes: base, wire.  Once a segment is lost, those that
 * follow it lie behind a hole, and each of them brings an ACK that repeats the
 * one before, with SACK blocks, until the one that was lost comes again.  What
 * judge() and apply() would find and do of these is known from a few
 * comparisons, too; all else is left to them.
 */
#ifndef TCPFLOW__SEGMENT_UNEVEN_H
#define TCPFLOW__SEGMENT_UNEVEN_H

#include "segment/segment.h"

/* Where one lies in what its sender has sent. */
typedef enum tcpflow__lie {
  TCPFLOW__LIE_NEXT,  /* Behind all of it. */
  TCPFLOW__LIE_AHEAD, /* Likewise, and there is something between. */
  TCPFLOW__LIE_LATE   /* Within it, where its stream has got to. */
} tcpflow__lie;

/* What is found of one. */
typedef struct tcpflow__uneven {
  tcpflow_verdict verdict; /* judge()'s. */
  uint32_t print;          /* Likewise. */
  int scaling;             /* tcpflow__endpoints_scaling(). */
  tcpflow__lie lie;        /* One that is not the next has octets. */
  bool in_order;           /* No hole is before it; for the caller to set, */
  tcpflow_time reorder;    /* and judge()'s context. */
} tcpflow__uneven;

/*
 * Is the segment the next one of its sender, or one that shows a hole or fills
 * one from its beginning, between steady endpoints (steady.h)?  Then judge()
 * would list nothing that happens, and nothing odd; its numbers and its ACK
 * count, and so does its data, if it has any.
 */
bool tcpflow__segment_is_uneven(tcpflow__uneven *found,
                                const tcpflow__endpoint end[2],
                                tcpflow_side sender,
                                const tcpflow_segment *segment,
                                const tcpflow__prints *prints);

/* Does to the numbers what apply() would do for such a segment, at its time. */
void tcpflow__segment_take_uneven(tcpflow__endpoint end[2], tcpflow_side sender,
                                  const tcpflow_segment *segment,
                                  const tcpflow__uneven *found);

#endif /* TCPFLOW__SEGMENT_UNEVEN_H */
