/*
 * lib/track/sides.h - places for the sides of connections.
 *
 * Room: track.  Includes: base, conn.  A flow has one unless it is folded
 * (conn/fold.h), so there may be fewer of them than there are records.  A
 * place does not move, and the one that was given back last is taken first,
 * because it is still in the cache.
 */
#ifndef TCPFLOW__TRACK_SIDES_H
#define TCPFLOW__TRACK_SIDES_H

#include <stdbool.h>
#include <stdint.h>

#include "conn/conn.h"

/* Places that come with one allocation. */
#define TCPFLOW__SIDES_A_BLOCK 32U

typedef union tcpflow__place {
  tcpflow__sides sides;
  union tcpflow__place *next; /* While it is spare. */
} tcpflow__place;

typedef struct tcpflow__place_block {
  struct tcpflow__place_block *before;
  tcpflow__place place[TCPFLOW__SIDES_A_BLOCK];
} tcpflow__place_block;

typedef struct tcpflow__places {
  const tcpflow_mem *mem;      /* Outlives them. */
  tcpflow__place_block *block; /* The latest; each knows the one
                                         before. */
  tcpflow__place *spare;       /* Given back last. */
  uint64_t octets;             /* What all of them take. */
  uint32_t fresh; /* Places of the latest block that were never taken. */
  uint32_t used;
  uint32_t lent; /* Those in which something else lies: tuples, or beds. */
} tcpflow__places;

/* There are none yet. */
void tcpflow__places_init(tcpflow__places *places, const tcpflow_mem *mem);

/* Frees them, whatever is in them. */
void tcpflow__places_clear(tcpflow__places *places);

/* All of them, taken or not. */
static inline uint64_t tcpflow__places_all(const tcpflow__places *places) {
  return places->octets / sizeof(tcpflow__place_block) * TCPFLOW__SIDES_A_BLOCK;
}

/* Could one more be lent, and as many be LEFT, without asking for memory? */
static inline bool tcpflow__places_leave(const tcpflow__places *places,
                                         uint32_t left) {
  return tcpflow__places_all(places) > (uint64_t)places->lent + left;
}

/* Octets that taking one asks of the allocator. */
uint64_t tcpflow__places_growth(const tcpflow__places *places);

/* Is there one to take, for which no memory is asked for? */
static inline bool tcpflow__places_are_ready(const tcpflow__places *places) {
  return places->spare != NULL || places->fresh != 0;
}

/* Gets memory for more, where there are none.  False: no memory. */
bool tcpflow__places_grow(tcpflow__places *places);

/* Takes one that is ready, in which nothing is set. */
static inline tcpflow__sides *tcpflow__places_pick(tcpflow__places *places) {
  tcpflow__place *const spare = places->spare;

  places->used++;
  if (spare != NULL) {
    places->spare = spare->next;
    return &spare->sides;
  }
  places->fresh--;
  return &places->block->place[places->fresh].sides;
}

/* Takes one, in which nothing is set.  NULL: no memory. */
static inline tcpflow__sides *tcpflow__places_take(tcpflow__places *places) {
  return tcpflow__places_are_ready(places) || tcpflow__places_grow(places)
           ? tcpflow__places_pick(places)
           : NULL;
}

/* Gives one back. */
static inline void tcpflow__places_give(tcpflow__places *places,
                                        tcpflow__sides *sides) {
  tcpflow__place *const place = (tcpflow__place *)(void *)sides;

  place->next = places->spare;
  places->spare = place;
  places->used--;
}

#endif /* TCPFLOW__TRACK_SIDES_H */
