/*
 * lib/reasm/hold.c - which octets of an input are new, and the copies of them.
 *
 * Room: reasm.  Includes: base.  The work is done in passes over the same
 * spans: survey (reads only), make (allocates only), link (cannot fail).  So
 * want of memory is known before anything has changed.
 */
#include "reasm/hold.h"

#include "base/mem.h"

#include <string.h>

static uint64_t lower(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}

static uint64_t higher(uint64_t a, uint64_t b) {
  return a > b ? a : b;
}

tcpflow__arrival tcpflow__hold_trim(const tcpflow__reasm *r,
                                    const tcpflow__reasm_input *input) {
  tcpflow__arrival in = {NULL, 0, 0, 0};

  if (input == NULL) {
    return in;
  }
  in.end = higher(lower(input->offset + input->length, r->end), r->next);
  in.from = lower(higher(input->offset, r->next), in.end);
  in.middle = in.from;
  if (!r->off) {
    in.middle = lower(higher(input->offset + input->captured, in.from), in.end);
  }
  if (in.middle > in.from) {
    in.bytes = input->bytes + (in.from - input->offset);
  }
  return in;
}

tcpflow__span_walk tcpflow__hold_walk(const tcpflow__reasm *r,
                                      const tcpflow__arrival *in) {
  const tcpflow__span_walk walk = {tcpflow__pieces_seek(r->root, in->from),
                                   in->from, in->middle};

  return walk;
}

bool tcpflow__hold_walk_next(tcpflow__span_walk *walk, tcpflow__span *span) {
  if (walk->from >= walk->end) {
    return false;
  }
  while (walk->piece != NULL &&
         tcpflow__piece_middle(walk->piece) <= walk->from) {
    walk->piece = tcpflow__pieces_next(walk->piece);
  }

  span->from = walk->from;
  span->end = walk->end;
  span->held = NULL;
  if (walk->piece != NULL && walk->piece->offset <= walk->from) {
    span->held = walk->piece;
    span->end = lower(span->end, tcpflow__piece_middle(walk->piece));
  } else if (walk->piece != NULL) {
    span->end = lower(span->end, walk->piece->offset);
  }
  walk->from = span->end;
  return true;
}

bool tcpflow__hold_conflict(const tcpflow__arrival *in,
                            const tcpflow__span *span,
                            tcpflow_stream_conflict *conflict) {
  if (span->held == NULL) {
    return false;
  }
  conflict->offset = span->from;
  conflict->length = (size_t)(span->end - span->from);
  conflict->first = span->held->bytes + (span->from - span->held->offset);
  conflict->second = in->bytes + (span->from - in->from);
  return memcmp(conflict->first, conflict->second, conflict->length) != 0;
}

/*
 * A range without octets has no piece of its own where a piece ends at it: that
 * one is made to reach further.  Only an arrival with no octets at all can lie
 * alone.
 */
static bool lies_alone(const tcpflow__reasm *r, const tcpflow__arrival *in) {
  const tcpflow__piece *p = NULL;

  if (in->from != in->middle || in->middle == in->end) {
    return false;
  }
  p = tcpflow__pieces_floor(r->root, in->from);
  return p == NULL || p->end < in->from;
}

/* Octets of [from, end) that lie in some piece, captured or cut. */
static uint64_t count_covered(const tcpflow__reasm *r, uint64_t from,
                              uint64_t end) {
  uint64_t covered = 0;

  for (tcpflow__piece *p = tcpflow__pieces_seek(r->root, from);
       p != NULL && p->offset < end; p = tcpflow__pieces_next(p)) {
    covered += lower(p->end, end) - higher(p->offset, from);
  }
  return covered;
}

tcpflow__survey tcpflow__hold_survey(const tcpflow__reasm *r,
                                     const tcpflow__arrival *in) {
  tcpflow__survey found = {0, 0, 0, 0};
  tcpflow__span_walk walk = tcpflow__hold_walk(r, in);
  tcpflow__span span;
  tcpflow_stream_conflict conflict;

  while (tcpflow__hold_walk_next(&walk, &span)) {
    const uint64_t length = span.end - span.from;

    if (span.held == NULL) {
      found.pieces++;
      found.memory += tcpflow__piece_cost(length);
      continue;
    }
    found.duplicate += length;
    found.conflicting +=
      tcpflow__hold_conflict(in, &span, &conflict) ? length : 0;
  }
  if (lies_alone(r, in)) {
    found.pieces++;
    found.memory += tcpflow__piece_cost(0);
  }
  if (in->middle < in->end) {
    found.duplicate += count_covered(r, in->middle, in->end);
  }
  return found;
}

static tcpflow__piece *make_piece(tcpflow__budget *budget, uint64_t from,
                                  uint64_t end) {
  const uint64_t cost = tcpflow__piece_cost(end - from);
  tcpflow__piece *p = tcpflow__malloc(&budget->mem, (size_t)cost);

  if (p != NULL) {
    budget->used += cost;
    p->offset = from;
    p->end = end;
    p->captured = (uint32_t)(end - from);
  }
  return p;
}

void tcpflow__hold_free(tcpflow__budget *budget, tcpflow__piece *p) {
  budget->used -= tcpflow__piece_cost(p->captured);
  tcpflow__free(&budget->mem, p);
}

/* Until they are linked, new pieces hang together by their parent link. */
static void free_chain(tcpflow__budget *budget, tcpflow__piece *chain) {
  while (chain != NULL) {
    tcpflow__piece *p = chain;

    chain = p->parent;
    tcpflow__hold_free(budget, p);
  }
}

static int make_chain(const tcpflow__reasm *r, tcpflow__budget *budget,
                      const tcpflow__arrival *in, tcpflow__piece **chain) {
  tcpflow__span_walk walk = tcpflow__hold_walk(r, in);
  tcpflow__span span;

  while (tcpflow__hold_walk_next(&walk, &span)) {
    if (span.held != NULL) {
      continue;
    }
    tcpflow__piece *p = make_piece(budget, span.from, span.end);
    if (p == NULL) {
      free_chain(budget, *chain);
      return TCPFLOW_ERR_NOMEM;
    }
    memcpy(p->bytes, in->bytes + (span.from - in->from), p->captured);
    p->parent = *chain;
    *chain = p;
  }
  return TCPFLOW_OK;
}

/*
 * Puts a new piece into its place.  Where that is in another one's cut range,
 * the new piece takes over the rest of the range, and the other one's place if
 * nothing is left of it.
 */
static void link_piece(tcpflow__reasm *r, tcpflow__budget *budget,
                       tcpflow__piece *p) {
  tcpflow__piece *before = tcpflow__pieces_floor(r->root, p->offset);

  r->pieces++;
  r->memory += (uint32_t)tcpflow__piece_cost(p->captured);
  if (before == NULL || before->end <= p->offset) {
    tcpflow__pieces_insert(&r->root, p);
    return;
  }

  p->end = higher(p->end, before->end);
  before->end = p->offset;
  if (before->offset < p->offset) {
    tcpflow__pieces_insert(&r->root, p);
    return;
  }
  tcpflow__pieces_replace(&r->root, before, p);
  r->pieces--;
  r->memory -= (uint32_t)tcpflow__piece_cost(before->captured);
  tcpflow__hold_free(budget, before);
}

/* Lets the pieces at and behind the arrival's octets reach over its cut range;
   one of them starts at its middle or before, and ends there or behind. */
static void stretch(tcpflow__reasm *r, const tcpflow__arrival *in) {
  tcpflow__piece *p = tcpflow__pieces_floor(r->root, in->middle);

  while (p != NULL && p->end < in->end) {
    tcpflow__piece *behind = tcpflow__pieces_next(p);

    p->end = behind == NULL ? in->end : lower(in->end, behind->offset);
    p = behind;
  }
}

int tcpflow__hold_copy(tcpflow__reasm *r, tcpflow__budget *budget,
                       const tcpflow__arrival *in) {
  tcpflow__piece *chain = NULL;

  if (lies_alone(r, in)) {
    chain = make_piece(budget, in->from, in->from);
    if (chain == NULL) {
      return TCPFLOW_ERR_NOMEM;
    }
    chain->parent = NULL;
  } else if (make_chain(r, budget, in, &chain) != TCPFLOW_OK) {
    return TCPFLOW_ERR_NOMEM;
  }

  while (chain != NULL) {
    tcpflow__piece *p = chain;

    chain = p->parent;
    link_piece(r, budget, p);
  }
  if (in->middle < in->end) {
    stretch(r, in);
  }
  return TCPFLOW_OK;
}
