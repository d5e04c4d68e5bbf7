/*
 * lib/track/sides.c - places for the sides of connections.
 *
 * Room: track.  Includes: base, conn.  Nobody asks for a place by number, so
 * the blocks need no directory.
 */
#include "track/sides.h"

#include "base/mem.h"

typedef struct tcpflow__place_block {
  struct tcpflow__place_block *before;
  tcpflow__place place[TCPFLOW__SIDES_A_BLOCK];
} tcpflow__place_block;

void tcpflow__places_init(tcpflow__places *places, const tcpflow_mem *mem) {
  *places = (tcpflow__places){.mem = mem};
}

void tcpflow__places_clear(tcpflow__places *places) {
  while (places->block != NULL) {
    tcpflow__place_block *const block = places->block;

    places->block = block->before;
    tcpflow__free(places->mem, block);
  }
  tcpflow__places_init(places, places->mem);
}

uint64_t tcpflow__places_growth(const tcpflow__places *places) {
  return places->spare != NULL || places->fresh != 0
           ? 0
           : sizeof(tcpflow__place_block);
}

static bool grow(tcpflow__places *places) {
  tcpflow__place_block *const block =
    (tcpflow__place_block *)tcpflow__malloc(places->mem, sizeof(*block));

  if (block == NULL) {
    return false;
  }
  block->before = places->block;
  places->block = block;
  places->octets += sizeof(*block);
  places->fresh = TCPFLOW__SIDES_A_BLOCK;
  return true;
}

tcpflow__sides *tcpflow__places_take(tcpflow__places *places) {
  tcpflow__place *const spare = places->spare;

  if (spare != NULL) {
    places->spare = spare->next;
    places->used++;
    return &spare->sides;
  }
  if (places->fresh == 0 && !grow(places)) {
    return NULL;
  }
  places->used++;
  places->fresh--;
  return &places->block->place[places->fresh].sides;
}
