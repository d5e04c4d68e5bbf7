/*
 * lib/reasm/shelf.c - pieces that were given back, for the next octets.
 *
 * Room: reasm.  Includes: base.
 */
#include "reasm/shelf.h"

static void drop_first(tcpflow__shelf *shelf, const tcpflow_mem *mem) {
  tcpflow__piece *const p = shelf->first;

  shelf->first = p->parent;
  shelf->count--;
  tcpflow__free(mem, p);
}

/* Is there room for one more of that size, which those there have? */
static bool has_room(const tcpflow__shelf *shelf, uint64_t size) {
  return (shelf->count + 1) * tcpflow__piece_cost(size) <= shelf->most;
}

void tcpflow__shelf_give(tcpflow__shelf *shelf, const tcpflow_mem *mem,
                         tcpflow__piece *p) {
  const bool fits = shelf->count == 0 || shelf->size == p->size;

  if (fits && p->size >= TCPFLOW__SHELF_LEAST && has_room(shelf, p->size)) {
    shelf->size = p->size;
    p->parent = shelf->first;
    shelf->first = p;
    shelf->count++;
    return;
  }
  if (!fits && p->size >= TCPFLOW__SHELF_LEAST) {
    drop_first(shelf, mem);
  }
  tcpflow__free(mem, p);
}

void tcpflow__shelf_drop(tcpflow__shelf *shelf, const tcpflow_mem *mem) {
  while (shelf->count > 0) {
    drop_first(shelf, mem);
  }
}
