/*
 * lib/track/tuples.h - places for tuples that do not fit into a record.
 *
 * Room: track.  Includes: conn.  Several lie where the sides of one connection
 * might (sides.h).  So there is one kind of memory to be had, and one cap and
 * one way to make room under it: were it another kind, one that is short of
 * places could not use what the other one has.  A flow takes one place at most,
 * so what a flood takes is a small part of what is kept free for sides (caps.c)
 * for its records.  What tuples have taken does not come back, so they leave
 * one place for sides at least, which can be had from whoever has them.
 */
#ifndef TCPFLOW__TRACK_TUPLES_H
#define TCPFLOW__TRACK_TUPLES_H

#include "conn/shortends.h"
#include "track/sides.h"

union tcpflow__tuple_place;

typedef struct tcpflow__tuples {
  union tcpflow__tuple_place *spare; /* Given back last. */
  uint32_t used;
} tcpflow__tuples;

/* There are none yet.  They go with the places that they are taken from. */
void tcpflow__tuples_init(tcpflow__tuples *tuples);

/* Sees to it that one can be taken, and that one is left.  False: no memory. */
bool tcpflow__tuples_need(tcpflow__tuples *tuples, tcpflow__places *places);

/* Takes one, in which nothing is set; there is one. */
tcpflow_tuple *tcpflow__tuples_take(tcpflow__tuples *tuples);

/* Gives one back. */
void tcpflow__tuples_give(tcpflow__tuples *tuples, tcpflow_tuple *tuple);

#endif /* TCPFLOW__TRACK_TUPLES_H */
