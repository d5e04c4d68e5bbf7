/*
 * lib/reasm/keep.c - pieces: made of an arrival's octets, shortened, freed.
 *
 * Room: reasm.  Includes: base.  A piece that is kept by the caller is charged
 * as if it had been copied, so that the caps bound the caller's memory, too.
 */
#include "reasm/keep.h"

#include "base/compiler.h"
#include "base/mem.h"

#include <string.h>

/* Room for so many octets, and a piece before them. */
TCPFLOW__FLAT tcpflow__piece *find_room(tcpflow__budget *budget, size_t room) {
  tcpflow__piece *const p = tcpflow__shelf_take(&budget->shelf, room);

  return p != NULL
           ? p
           : tcpflow__malloc(&budget->mem, sizeof(tcpflow__piece) + room);
}

/* Where the octets of a piece come from. */
typedef struct origin {
  tcpflow_time time;
  uint64_t number;
} origin;

/* A piece without octets, with room for some. */
TCPFLOW__FLAT tcpflow__piece *make_piece(tcpflow__budget *budget,
                                         tcpflow__range range, origin from,
                                         size_t room) {
  const uint64_t length = range.end - range.from;
  tcpflow__piece *const p = find_room(budget, room + budget->beside);

  if (p != NULL) {
    p->offset = range.from;
    p->end = range.end;
    p->captured = (uint32_t)length;
    p->size = (uint32_t)length + budget->beside;
    budget->used += tcpflow__piece_cost(p->size);
    p->time = from.time;
    p->number = from.number;
    p->held = NULL;
    p->marks = 0;
    p->bytes = p->room;
  }
  return p;
}

/* BYTES may be NULL: there are none. */
TCPFLOW__FLAT tcpflow__piece *copy_piece(tcpflow__budget *budget,
                                         tcpflow__range range, origin from,
                                         const uint8_t *bytes) {
  const size_t length = (size_t)(range.end - range.from);
  tcpflow__piece *p = make_piece(budget, range, from, length);

  if (p != NULL && bytes != NULL) {
    memcpy(p->room, bytes, length);
  }
  return p;
}

/* Can the caller keep the octets of an arrival?  It is asked of its own. */
static bool may_stay(const tcpflow__budget *budget,
                     const tcpflow__arrival *in) {
  return budget->keeper.hold != NULL && !budget->copies &&
         in->input->handle != NULL && in->bytes != NULL;
}

TCPFLOW__FLAT origin origin_of(const tcpflow__arrival *in) {
  return (origin){in->input->time, in->input->number};
}

/* The arrival's octets from FROM on; NULL: it has none. */
TCPFLOW__FLAT const uint8_t *octets_at(const tcpflow__arrival *in,
                                       uint64_t from) {
  return in->bytes != NULL ? in->bytes + (from - in->from) : NULL;
}

/* A copy of the arrival's octets there. */
TCPFLOW__FLAT tcpflow__piece *copy_of(tcpflow__budget *budget,
                                      const tcpflow__arrival *in,
                                      tcpflow__range range) {
  return copy_piece(budget, range, origin_of(in), octets_at(in, range.from));
}

tcpflow__piece *tcpflow__keep_copy(tcpflow__budget *budget,
                                   const tcpflow__arrival *in,
                                   tcpflow__range range) {
  return copy_of(budget, in, range);
}

tcpflow__piece *tcpflow__keep_piece(tcpflow__budget *budget,
                                    const tcpflow__arrival *in,
                                    tcpflow__range range) {
  const tcpflow_hold *const keeper = &budget->keeper;
  const uint8_t *const bytes = octets_at(in, range.from);
  void *held = NULL;

  if (may_stay(budget, in)) {
    held = keeper->hold(in->input->handle, bytes,
                        (size_t)(range.end - range.from), keeper->user);
  }
  if (held == NULL) {
    return copy_of(budget, in, range);
  }
  tcpflow__piece *const p = make_piece(budget, range, origin_of(in), 0);

  if (p == NULL) {
    keeper->release(held, keeper->user);
    return NULL;
  }
  p->held = held;
  p->bytes = bytes;
  return p;
}

tcpflow__piece *tcpflow__keep_part(tcpflow__budget *budget,
                                   const tcpflow__piece *whole,
                                   tcpflow__range range) {
  return copy_piece(budget, range, (origin){whole->time, whole->number},
                    whole->bytes + (range.from - whole->offset));
}

bool tcpflow__keep_chain(tcpflow__piece **chain, tcpflow__piece *p,
                         tcpflow__piece *before) {
  if (p == NULL) {
    return false;
  }
  p->parent = *chain;
  p->child[0] = before;
  *chain = p;
  return true;
}

void tcpflow__keep_free(tcpflow__budget *budget, tcpflow__piece *p) {
  const bool kept = p->held != NULL;

  if (kept) {
    budget->keeper.release(p->held, budget->keeper.user);
  }
  budget->used -= tcpflow__piece_cost(p->size);
  if (kept) {
    tcpflow__free(&budget->mem, p);
  } else {
    tcpflow__shelf_give(&budget->shelf, &budget->mem, p);
  }
}

void tcpflow__keep_behead(tcpflow__piece *p, uint64_t n) {
  const uint32_t captured = n < p->captured ? (uint32_t)n : p->captured;

  p->offset += n;
  p->bytes += captured;
  p->captured -= captured;
}

void tcpflow__keep_drop(tcpflow__reasm *r, tcpflow__budget *budget,
                        tcpflow__piece *p) {
  r->rest->pieces--;
  r->rest->memory -= (uint32_t)tcpflow__piece_cost(p->size);
  tcpflow__keep_free(budget, p);
}

void tcpflow__keep_remove(tcpflow__reasm *r, tcpflow__budget *budget,
                          tcpflow__piece *p) {
  tcpflow__pieces_remove(&r->rest->tree, p);
  tcpflow__keep_drop(r, budget, p);
}
