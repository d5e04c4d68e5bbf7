/*
 * lib/track/sides.c - places for the sides of connections.
 *
 * Room: track.  Includes: base, conn.  Nobody asks for a place by number, so
 * the blocks need no directory.
 */
#include "track/sides.h"

#include "base/mem.h"

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
  return tcpflow__places_are_ready(places) ? 0 : sizeof(tcpflow__place_block);
}

bool tcpflow__places_grow(tcpflow__places *places) {
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
