/*
 * lib/track/tuples.c - places for tuples that do not fit into a record.
 *
 * Room: track.  Includes: conn.
 */
#include "track/tuples.h"

typedef union tcpflow__tuple_place {
  tcpflow_tuple tuple;
  union tcpflow__tuple_place *next; /* While it is spare. */
} tcpflow__tuple_place;

#define TUPLES_A_PLACE (sizeof(tcpflow__sides) / sizeof(tcpflow__tuple_place))

_Static_assert(TUPLES_A_PLACE > 0, "one fits");

void tcpflow__tuples_init(tcpflow__tuples *tuples) {
  *tuples = (tcpflow__tuples){.spare = NULL};
}

static void add_spare(tcpflow__tuples *tuples, tcpflow__tuple_place *place) {
  place->next = tuples->spare;
  tuples->spare = place;
}

/* Takes a place; if it is the last one that nothing else lies in, there come
   more. */
static tcpflow__sides *take_place(tcpflow__places *places) {
  tcpflow__sides *const place = tcpflow__places_take(places);

  if (place != NULL && !tcpflow__places_leave(places, 1) &&
      !tcpflow__places_grow(places)) {
    tcpflow__places_give(places, place);
    return NULL;
  }
  return place;
}

bool tcpflow__tuples_need(tcpflow__tuples *tuples, tcpflow__places *places) {
  tcpflow__tuple_place *place;

  if (tuples->spare != NULL) {
    return true;
  }
  place = (tcpflow__tuple_place *)(void *)take_place(places);
  for (size_t i = 0; place != NULL && i < TUPLES_A_PLACE; i++) {
    add_spare(tuples, &place[i]);
  }
  places->lent += place != NULL;
  return place != NULL;
}

tcpflow_tuple *tcpflow__tuples_take(tcpflow__tuples *tuples) {
  tcpflow__tuple_place *const place = tuples->spare;

  tuples->spare = place->next;
  tuples->used++;
  return &place->tuple;
}

void tcpflow__tuples_give(tcpflow__tuples *tuples, tcpflow_tuple *tuple) {
  add_spare(tuples, (tcpflow__tuple_place *)(void *)tuple);
  tuples->used--;
}
