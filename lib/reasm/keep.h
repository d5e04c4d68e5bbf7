/*
 * lib/reasm/keep.h - pieces: made of an arrival's octets, shortened, freed.
 *
 * Room: reasm.  Includes: base.  An arrival is an input without what was told
 * before or lies behind the end.  The octets of a piece are copied, or stay in
 * the caller's buffer; either way the piece is charged to the budget.
 */
#ifndef TCPFLOW__REASM_KEEP_H
#define TCPFLOW__REASM_KEEP_H

#include "reasm/overlap.h"
#include "reasm/pieces.h"
#include "reasm/reasm.h"

/* Octets [from, middle) at bytes, and the range [middle, end) without octets.
   from <= middle <= end; all three equal: nothing is left of it. */
typedef struct tcpflow__arrival {
  tcpflow__reasm_input *input; /* NULL: none. */
  tcpflow__piece *at;          /* The first piece that ends behind from, */
  tcpflow__piece *before; /* and the last one that starts at from or before;
                                  set by tcpflow__hold_find(). */
  const uint8_t *bytes;
  uint64_t from;
  uint64_t middle;
  uint64_t end;
} tcpflow__arrival;

/* A piece of the arrival's octets: they stay where they are if the caller keeps
   them, and are copied otherwise.  NULL: no memory. */
tcpflow__piece *tcpflow__keep_piece(tcpflow__budget *budget,
                                    const tcpflow__arrival *in,
                                    tcpflow__range range);

/* A copy of them in any case, that may be written to. */
tcpflow__piece *tcpflow__keep_copy(tcpflow__budget *budget,
                                   const tcpflow__arrival *in,
                                   tcpflow__range range);

/* A copy of the octets that a piece has there; they are its own. */
tcpflow__piece *tcpflow__keep_part(tcpflow__budget *budget,
                                   const tcpflow__piece *whole,
                                   tcpflow__range range);

/* Puts P in front of a chain, which hangs together by the parent links; false
   if there is none.  before: the last piece that will start at its offset or
   before when it is linked; P itself: it is not known. */
bool tcpflow__keep_chain(tcpflow__piece **chain, tcpflow__piece *p,
                         tcpflow__piece *before);

/* What it was chained with. */
static inline tcpflow__piece *tcpflow__keep_before(const tcpflow__piece *p) {
  return p->child[0];
}

/* Drops N octets at the front of a piece that has more. */
void tcpflow__keep_behead(tcpflow__piece *p, uint64_t n);

/* Frees a piece that is no longer linked nor counted. */
void tcpflow__keep_free(tcpflow__budget *budget, tcpflow__piece *p);

/* Frees one that is no longer linked, but counted. */
void tcpflow__keep_drop(tcpflow__reasm *r, tcpflow__budget *budget,
                        tcpflow__piece *p);

/* Frees one that is linked and counted. */
void tcpflow__keep_remove(tcpflow__reasm *r, tcpflow__budget *budget,
                          tcpflow__piece *p);

#endif /* TCPFLOW__REASM_KEEP_H */
