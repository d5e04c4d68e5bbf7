/*
 * lib/reasm/hold.c - which octets of an input are new, and the copies of them.
 *
 * Room: reasm.  Includes: base.  The work is done in passes over the same
 * spans: survey (reads only), make (allocates only), yield and link (cannot
 * fail).  So want of memory is known before anything has changed.
 *
 * An arrival that agrees with all that is held gets what nobody has.  Where it
 * does not, it is contested: the policy says of each piece it overlaps who gets
 * what both have, and what the arrival gets becomes pieces of its own, so that
 * the next one is judged by how the segments lie.
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
                                    tcpflow__reasm_input *input) {
  tcpflow__arrival in = {input, NULL, 0, 0, 0};

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

static tcpflow__range octets_of(const tcpflow__piece *p) {
  return (tcpflow__range){p->offset, tcpflow__piece_middle(p)};
}

/* Does the arrival get what it shares with a piece?  They overlap.  One for
   which there is no room does not. */
static bool takes_from(const tcpflow__reasm *r, const tcpflow__arrival *in,
                       const tcpflow__piece *p) {
  return !in->input->noted &&
         tcpflow__overlap_replaces(
           r->overlap, (tcpflow__range){in->from, in->middle}, octets_of(p));
}

/* Are the octets of a span the same in both? */
static bool agrees(const tcpflow__arrival *in, const tcpflow__span *span) {
  const uint8_t *const first =
    span->held->bytes + (span->from - span->held->offset);
  const uint8_t *const second = in->bytes + (span->from - in->from);

  return first[0] == second[0] &&
         memcmp(first, second, (size_t)(span->end - span->from)) == 0;
}

bool tcpflow__hold_conflict(const tcpflow__reasm *r, const tcpflow__arrival *in,
                            const tcpflow__span *span,
                            tcpflow_stream_conflict *conflict) {
  const tcpflow__piece *const held = span->held;

  if (held == NULL || agrees(in, span)) {
    return false;
  }
  *conflict = (tcpflow_stream_conflict){
    .offset = span->from,
    .length = (size_t)(span->end - span->from),
    .first = held->bytes + (span->from - held->offset),
    .second = in->bytes + (span->from - in->from),
    .replaced = takes_from(r, in, held),
    .first_time = held->time,
    .first_number = held->number,
  };
  return true;
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

/* Where a walk over what a contested arrival gets is. */
typedef struct gains {
  tcpflow__piece *piece;
  uint64_t from;
} gains;

/* The next run of octets that the arrival gets; false behind the last one. */
static bool next_gain(const tcpflow__reasm *r, const tcpflow__arrival *in,
                      gains *walk, tcpflow__range *gain) {
  tcpflow__piece *p = walk->piece;

  gain->from = walk->from;
  for (; p != NULL && p->offset < in->middle; p = tcpflow__pieces_next(p)) {
    const uint64_t from = higher(p->offset, in->from);
    const uint64_t end = lower(tcpflow__piece_middle(p), in->middle);

    if (from >= end || takes_from(r, in, p)) {
      continue;
    }
    walk->from = end;
    if (gain->from < from) {
      walk->piece = tcpflow__pieces_next(p);
      gain->end = from;
      return true;
    }
    gain->from = end;
  }
  walk->piece = p;
  walk->from = in->middle;
  gain->end = in->middle;
  return gain->from < gain->end;
}

/* The piece that the arrival takes the middle of, or NULL: what is left behind
   it becomes a piece of its own. */
static const tcpflow__piece *split_by(const tcpflow__reasm *r,
                                      const tcpflow__arrival *in) {
  const tcpflow__piece *const p = tcpflow__pieces_floor(r->root, in->from);

  return p != NULL && p->offset < in->from &&
             tcpflow__piece_middle(p) > in->middle && takes_from(r, in, p)
           ? p
           : NULL;
}

static void need(tcpflow__survey *found, uint64_t octets) {
  found->pieces++;
  found->memory += tcpflow__piece_cost(octets);
}

/* What a contested arrival takes, in place of what an agreeing one does. */
static void survey_gains(const tcpflow__reasm *r, const tcpflow__arrival *in,
                         tcpflow__survey *found) {
  const tcpflow__piece *const split = split_by(r, in);
  gains walk = {tcpflow__pieces_seek(r->root, in->from), in->from};
  tcpflow__range gain;

  found->pieces = 0;
  found->memory = 0;
  while (next_gain(r, in, &walk, &gain)) {
    need(found, gain.end - gain.from);
  }
  if (split != NULL) {
    need(found, tcpflow__piece_middle(split) - in->middle);
  }
}

tcpflow__survey tcpflow__hold_survey(const tcpflow__reasm *r,
                                     const tcpflow__arrival *in) {
  tcpflow__survey found = {0, 0, 0, 0, false};
  tcpflow__span_walk walk = tcpflow__hold_walk(r, in);
  tcpflow__span span;
  tcpflow_stream_conflict conflict;

  while (tcpflow__hold_walk_next(&walk, &span)) {
    const uint64_t length = span.end - span.from;

    if (span.held == NULL) {
      need(&found, length);
      continue;
    }
    found.duplicate += length;
    if (tcpflow__hold_conflict(r, in, &span, &conflict)) {
      found.conflicting += length;
      found.contested = true;
    }
  }
  found.contested =
    found.contested && !in->input->noted && r->overlap != TCPFLOW_OVERLAP_FIRST;
  if (found.contested) {
    survey_gains(r, in, &found);
  }
  if (lies_alone(r, in)) {
    need(&found, 0);
  }
  if (in->middle < in->end) {
    found.duplicate += count_covered(r, in->middle, in->end);
  }
  return found;
}

/* A piece without octets, with room for some. */
static tcpflow__piece *make_piece(tcpflow__budget *budget, tcpflow__range range,
                                  size_t room) {
  const uint64_t size = range.end - range.from;
  tcpflow__piece *p =
    tcpflow__malloc(&budget->mem, sizeof(tcpflow__piece) + room);

  if (p != NULL) {
    budget->used += tcpflow__piece_cost(size);
    p->offset = range.from;
    p->end = range.end;
    p->captured = (uint32_t)size;
    p->size = (uint32_t)size;
    p->held = NULL;
    p->bytes = p->room;
  }
  return p;
}

static tcpflow__piece *copy_piece(tcpflow__budget *budget, tcpflow__range range,
                                  const uint8_t *bytes) {
  const size_t length = (size_t)(range.end - range.from);
  tcpflow__piece *p = make_piece(budget, range, length);

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

/* A piece of the arrival's octets: they stay where they are if the caller keeps
   them, and are copied otherwise. */
static tcpflow__piece *keep_piece(tcpflow__budget *budget,
                                  const tcpflow__arrival *in,
                                  tcpflow__range range) {
  const tcpflow_hold *const keeper = &budget->keeper;
  const uint8_t *const bytes =
    in->bytes != NULL ? in->bytes + (range.from - in->from) : NULL;
  tcpflow__piece *p = NULL;
  void *held = NULL;

  if (!may_stay(budget, in)) {
    p = copy_piece(budget, range, bytes);
  } else {
    held = keeper->hold(in->input->handle, bytes,
                        (size_t)(range.end - range.from), keeper->user);
    p = held != NULL ? make_piece(budget, range, 0)
                     : copy_piece(budget, range, bytes);
  }
  if (p == NULL) {
    if (held != NULL) {
      keeper->release(held, keeper->user);
    }
    return NULL;
  }
  if (held != NULL) {
    p->held = held;
    p->bytes = bytes;
  }
  p->time = in->input->time;
  p->number = in->input->number;
  return p;
}

void tcpflow__hold_free(tcpflow__budget *budget, tcpflow__piece *p) {
  if (p->held != NULL) {
    budget->keeper.release(p->held, budget->keeper.user);
  }
  budget->used -= tcpflow__piece_cost(p->size);
  tcpflow__free(&budget->mem, p);
}

void tcpflow__hold_behead(tcpflow__piece *p, uint64_t n) {
  const uint32_t captured = n < p->captured ? (uint32_t)n : p->captured;

  p->offset += n;
  p->bytes += captured;
  p->captured -= captured;
}

/* Puts a piece in front of a chain; false if there is none. */
static bool chain_up(tcpflow__piece **chain, tcpflow__piece *p) {
  if (p == NULL) {
    return false;
  }
  p->parent = *chain;
  *chain = p;
  return true;
}

static void free_chain(tcpflow__budget *budget, tcpflow__piece *chain) {
  while (chain != NULL) {
    tcpflow__piece *p = chain;

    chain = p->parent;
    tcpflow__hold_free(budget, p);
  }
}

/* Makes pieces of what nobody has. */
static bool make_rest(const tcpflow__reasm *r, tcpflow__budget *budget,
                      const tcpflow__arrival *in, tcpflow__piece **chain) {
  tcpflow__span_walk walk = tcpflow__hold_walk(r, in);
  tcpflow__span span;

  while (tcpflow__hold_walk_next(&walk, &span)) {
    const tcpflow__range range = {span.from, span.end};

    if (span.held == NULL && !chain_up(chain, keep_piece(budget, in, range))) {
      return false;
    }
  }
  return true;
}

/* Makes pieces of what a contested arrival gets, and of what is left behind it
   of a piece whose middle it takes. */
static bool make_gains(const tcpflow__reasm *r, tcpflow__budget *budget,
                       const tcpflow__arrival *in, tcpflow__piece **chain) {
  const tcpflow__piece *const split = split_by(r, in);
  gains walk = {tcpflow__pieces_seek(r->root, in->from), in->from};
  tcpflow__range gain;

  while (next_gain(r, in, &walk, &gain)) {
    if (!chain_up(chain, keep_piece(budget, in, gain))) {
      return false;
    }
  }
  if (split == NULL) {
    return true;
  }
  gain = (tcpflow__range){in->middle, tcpflow__piece_middle(split)};
  if (!chain_up(
        chain,
        copy_piece(budget, gain, split->bytes + (gain.from - split->offset)))) {
    return false;
  }
  (*chain)->time = split->time;
  (*chain)->number = split->number;
  return true;
}

int tcpflow__hold_make(const tcpflow__reasm *r, tcpflow__budget *budget,
                       const tcpflow__arrival *in, bool contested,
                       tcpflow__piece **chain) {
  bool made = false;

  *chain = NULL;
  if (lies_alone(r, in)) {
    made = chain_up(
      chain, keep_piece(budget, in, (tcpflow__range){in->from, in->from}));
  } else {
    made = contested ? make_gains(r, budget, in, chain)
                     : make_rest(r, budget, in, chain);
  }
  if (!made) {
    free_chain(budget, *chain);
    *chain = NULL;
  }
  return made ? TCPFLOW_OK : TCPFLOW_ERR_NOMEM;
}

static void drop_piece(tcpflow__reasm *r, tcpflow__budget *budget,
                       tcpflow__piece *p) {
  r->pieces--;
  r->memory -= (uint32_t)tcpflow__piece_cost(p->size);
  tcpflow__hold_free(budget, p);
}

/* Takes from a piece what it shares with the arrival.  Behind the arrival, what
   is left of one that reaches over both of its ends is in the chain. */
static void take_shared(tcpflow__reasm *r, tcpflow__budget *budget,
                        const tcpflow__arrival *in, tcpflow__piece *p) {
  if (p->offset < in->from) {
    p->captured = (uint32_t)(in->from - p->offset);
    p->end = in->from;
  } else if (tcpflow__piece_middle(p) > in->middle) {
    tcpflow__hold_behead(p, in->middle - p->offset);
  } else {
    tcpflow__pieces_remove(&r->root, p);
    drop_piece(r, budget, p);
  }
}

/* Does the arrival get something of a piece, or the place of one that begins
   within it and has no octets? */
static bool takes_part(const tcpflow__reasm *r, const tcpflow__arrival *in,
                       const tcpflow__piece *p) {
  if (p->captured == 0) {
    return p->offset >= in->from;
  }
  return tcpflow__piece_middle(p) > in->from && takes_from(r, in, p);
}

uint64_t tcpflow__hold_yield(tcpflow__reasm *r, tcpflow__budget *budget,
                             const tcpflow__arrival *in) {
  tcpflow__piece *p = tcpflow__pieces_seek(r->root, in->from);
  uint64_t reach = 0;

  while (p != NULL && p->offset < in->middle) {
    tcpflow__piece *const behind = tcpflow__pieces_next(p);
    const bool stays =
      p->offset >= in->from && tcpflow__piece_middle(p) > in->middle;

    if (takes_part(r, in, p)) {
      reach = stays ? reach : p->end;
      take_shared(r, budget, in, p);
    }
    p = behind;
  }
  return reach;
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
  r->memory += (uint32_t)tcpflow__piece_cost(p->size);
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
  drop_piece(r, budget, before);
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

void tcpflow__hold_link(tcpflow__reasm *r, tcpflow__budget *budget,
                        const tcpflow__arrival *in, tcpflow__piece *chain) {
  while (chain != NULL) {
    tcpflow__piece *p = chain;

    chain = p->parent;
    link_piece(r, budget, p);
  }
  if (in->middle < in->end) {
    stretch(r, in);
  }
}
