/*
 * lib/track/beds.c - places for connections that sleep.
 *
 * Room: track.  Includes: base, conn.  Those that are spare stand in a list of
 * both directions, because two of them leave it when the third is given back.
 * A bed has no room to be aligned, so its neighbours are copied.
 */
#include "track/beds.h"

#include <stddef.h>
#include <string.h>

typedef struct tcpflow__bed {
  uint8_t which; /* Of those in a place: 0, 1 or 2; and is it SPARE? */
  uint8_t octets[TCPFLOW__BED_OCTETS];
} bed;

enum {
  SPARE = 4
};

/* While it is spare: NULL is no bed. */
typedef struct neighbours {
  bed *next;
  bed *prev;
} neighbours;

_Static_assert(sizeof(bed) * TCPFLOW__BEDS_A_PLACE <= sizeof(tcpflow__sides),
               "they are in one place");
_Static_assert(sizeof(neighbours) <= TCPFLOW__BED_OCTETS, "they fit");

static neighbours neighbours_of(const bed *of) {
  neighbours n;

  memcpy(&n, of->octets, sizeof(n));
  return n;
}

static void set_neighbours(bed *of, neighbours n) {
  memcpy(of->octets, &n, sizeof(n));
}

static void set_prev(bed *of, bed *prev) {
  if (of != NULL) {
    set_neighbours(of, (neighbours){neighbours_of(of).next, prev});
  }
}

static void add_spare(tcpflow__beds *beds, bed *one, unsigned which) {
  one->which = (uint8_t)(which | SPARE);
  set_neighbours(one, (neighbours){beds->spare, NULL});
  set_prev(beds->spare, one);
  beds->spare = one;
}

static void drop_spare(tcpflow__beds *beds, bed *one) {
  const neighbours n = neighbours_of(one);

  if (n.prev == NULL) {
    beds->spare = n.next;
  } else {
    set_neighbours(n.prev, (neighbours){n.next, neighbours_of(n.prev).prev});
  }
  set_prev(n.next, n.prev);
  one->which &= (uint8_t)~SPARE;
}

static void add_place(tcpflow__beds *beds, tcpflow__places *places) {
  bed *const first = (bed *)(void *)tcpflow__places_pick(places);

  places->lent++;
  for (unsigned i = TCPFLOW__BEDS_A_PLACE; i > 0; i--) {
    add_spare(beds, &first[i - 1], i - 1);
  }
}

void tcpflow__beds_init(tcpflow__beds *beds) {
  *beds = (tcpflow__beds){.spare = NULL};
}

uint8_t *tcpflow__beds_take(tcpflow__beds *beds, tcpflow__places *places) {
  bed *one;

  if (beds->spare == NULL) {
    add_place(beds, places);
  }
  one = beds->spare;
  drop_spare(beds, one);
  beds->used++;
  return one->octets;
}

static bool are_spare(const bed *first) {
  return (first[0].which & first[1].which & first[2].which & SPARE) != 0;
}

void tcpflow__beds_give(tcpflow__beds *beds, tcpflow__places *places,
                        uint8_t *octets) {
  bed *const one = (bed *)(void *)(octets - offsetof(bed, octets));
  bed *const first = one - one->which;

  beds->used--;
  add_spare(beds, one, one->which);
  if (!are_spare(first)) {
    return;
  }
  for (unsigned i = 0; i < TCPFLOW__BEDS_A_PLACE; i++) {
    drop_spare(beds, &first[i]);
  }
  places->lent--;
  tcpflow__places_give(places, (tcpflow__sides *)(void *)first);
}
