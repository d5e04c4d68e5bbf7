/*
 * lib/track/beds.h - places for connections that sleep.
 *
 * Room: track.  Includes: base, conn.  Three lie where the sides of one
 * connection might (sides.h), for the reason that tuples do (tuples.h); and
 * when the last of them wakes up, it is a place for sides again.
 */
#ifndef TCPFLOW__TRACK_BEDS_H
#define TCPFLOW__TRACK_BEDS_H

#include "track/sides.h"

/* Beds in a place. */
#define TCPFLOW__BEDS_A_PLACE 3U

/* Octets that a bed takes, and those that it has: one says which it is. */
#define TCPFLOW__BED_SIZE     (sizeof(tcpflow__sides) / TCPFLOW__BEDS_A_PLACE)
#define TCPFLOW__BED_OCTETS   (TCPFLOW__BED_SIZE - 1)

struct tcpflow__bed;

typedef struct tcpflow__beds {
  struct tcpflow__bed *spare; /* One that is free; it knows the others. */
  uint32_t used;
} tcpflow__beds;

/* There are none yet.  They go with the places that they are taken from. */
void tcpflow__beds_init(tcpflow__beds *beds);

/* May one be taken?  If none is spare, a place is lent, but not the last two:
   who wakes up needs sides, and a newcomer may need room for its tuple
   (tuples.h). */
static inline bool tcpflow__beds_are_ready(const tcpflow__beds *beds,
                                           const tcpflow__places *places) {
  return beds->spare != NULL || tcpflow__places_leave(places, 2);
}

/* Takes one, in which nothing is set; if none is spare, a place is lent, and is
   ready.  Answers its octets. */
uint8_t *tcpflow__beds_take(tcpflow__beds *beds, tcpflow__places *places);

/* Gives one back, by its octets. */
void tcpflow__beds_give(tcpflow__beds *beds, tcpflow__places *places,
                        uint8_t *octets);

#endif /* TCPFLOW__TRACK_BEDS_H */
