/*
 * lib/reasm/shelf.h - pieces that were given back, for the next octets.
 *
 * Room: reasm.  Includes: base.  While segments are lost here and there, pieces
 * come and go, and nearly all are of one size: a full segment's.  To an
 * allocator that is a big one, which it splits off and joins again with care,
 * and what it hands out may have been given back long ago.  So a few are put
 * aside, of which the latest goes first: its memory is near.
 *
 * Those on a shelf are of one size, which is that of those given back of late:
 * one of another size takes one of them away.
 */
#ifndef TCPFLOW__REASM_SHELF_H
#define TCPFLOW__REASM_SHELF_H

#include "base/mem.h"
#include "reasm/pieces.h"

/* What an allocator hands out quickly is not kept. */
#define TCPFLOW__SHELF_LEAST 512U

typedef struct tcpflow__shelf {
  tcpflow__piece *first; /* They hang together by their parent links. */
  uint64_t size;         /* Of each; there is room for as many octets. */
  uint64_t count;
  uint64_t most; /* What they may cost together; for the owner to set. */
} tcpflow__shelf;

/* What was asked of the allocator for them. */
static inline uint64_t tcpflow__shelf_octets(const tcpflow__shelf *shelf) {
  return shelf->count * tcpflow__piece_cost(shelf->size);
}

/* One of that size, or NULL. */
static inline tcpflow__piece *tcpflow__shelf_take(tcpflow__shelf *shelf,
                                                  uint64_t size) {
  tcpflow__piece *const p = shelf->first;

  if (p == NULL || shelf->size != size) {
    return NULL;
  }
  shelf->first = p->parent;
  shelf->count--;
  return p;
}

/* Takes or frees a piece, all of whose octets were in its room. */
void tcpflow__shelf_give(tcpflow__shelf *shelf, const tcpflow_mem *mem,
                         tcpflow__piece *p);

/* Frees all. */
void tcpflow__shelf_drop(tcpflow__shelf *shelf, const tcpflow_mem *mem);

#endif /* TCPFLOW__REASM_SHELF_H */
