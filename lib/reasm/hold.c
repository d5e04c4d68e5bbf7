/*
 * lib/reasm/hold.c - which octets of an input are new, and the copies of them.
 *
 * Room: reasm.  Includes: base.  The work is done in passes over the same
 * spans: survey (reads only), make (allocates only), yield and link (cannot
 * fail).  So want of memory is known before anything has changed.
 *
 * An arrival that agrees with all that is held gets what nobody has.  What one
 * gets that does not, contest.c knows.
 */
#include "reasm/hold.h"

#include "base/mem.h"
#include "base/order.h"

#include <string.h>

tcpflow__arrival tcpflow__hold_trim(const tcpflow__reasm *r,
                                    tcpflow__reasm_input *input) {
  tcpflow__arrival in = {input, NULL, NULL, NULL, 0, 0, 0};

  if (input == NULL) {
    return in;
  }
  in.end = tcpflow__higher(
    tcpflow__lower(input->offset + input->length, r->end), r->next);
  in.from = tcpflow__lower(tcpflow__higher(input->offset, r->next), in.end);
  in.middle = in.from;
  if (!r->off) {
    in.middle = tcpflow__lower(
      tcpflow__higher(input->offset + input->captured, in.from), in.end);
  }
  if (in.middle > in.from) {
    in.bytes = input->bytes + (in.from - input->offset);
  }
  return in;
}

void tcpflow__hold_find(const tcpflow__reasm *r, tcpflow__arrival *in) {
  in->at = tcpflow__pieces_find(&r->rest->tree, in->from, &in->before);
}

tcpflow__span_walk tcpflow__hold_walk(const tcpflow__arrival *in) {
  return (tcpflow__span_walk){in->at, in->before, in->from, in->middle};
}

bool tcpflow__hold_walk_next(tcpflow__span_walk *walk, tcpflow__span *span) {
  if (walk->from >= walk->end) {
    return false;
  }
  while (walk->piece != NULL &&
         tcpflow__piece_middle(walk->piece) <= walk->from) {
    walk->before = walk->piece;
    walk->piece = tcpflow__pieces_next(walk->piece);
  }

  span->from = walk->from;
  span->end = walk->end;
  span->held = NULL;
  span->before = walk->before;
  if (walk->piece != NULL && walk->piece->offset <= walk->from) {
    span->held = walk->piece;
    span->end = tcpflow__lower(span->end, tcpflow__piece_middle(walk->piece));
  } else if (walk->piece != NULL) {
    span->end = tcpflow__lower(span->end, walk->piece->offset);
  }
  walk->from = span->end;
  return true;
}

/* Are the octets of a span the same in both? */
static bool agrees(const tcpflow__arrival *in, const tcpflow__span *span) {
  const uint8_t *const first =
    span->held->bytes + (span->from - span->held->offset);
  const uint8_t *const second = in->bytes + (span->from - in->from);
  const size_t length = (size_t)(span->end - span->from);

  return first[0] == second[0] &&
         (length == 1 || memcmp(first + 1, second + 1, length - 1) == 0);
}

bool tcpflow__hold_conflict(const tcpflow__arrival *in,
                            const tcpflow__piece *held,
                            tcpflow_stream_conflict *conflict) {
  const uint64_t from = tcpflow__higher(held->offset, in->from);
  const uint64_t end = tcpflow__lower(tcpflow__piece_middle(held), in->middle);

  if (from >= end || (held->marks & TCPFLOW__MARK_DIFFERS) == 0) {
    return false;
  }
  *conflict = (tcpflow_stream_conflict){
    .offset = from,
    .length = (size_t)(end - from),
    .first = held->bytes + (from - held->offset),
    .second = in->bytes + (from - in->from),
    .replaced = !in->input->noted && (held->marks & TCPFLOW__MARK_WINS) != 0,
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
  p = tcpflow__pieces_floor(&r->rest->tree, in->from);
  return p == NULL || p->end < in->from;
}

/* Octets of [from, end) that lie in some piece, captured or cut. */
static uint64_t count_covered(const tcpflow__reasm *r, uint64_t from,
                              uint64_t end) {
  uint64_t covered = 0;

  for (tcpflow__piece *p = tcpflow__pieces_seek(&r->rest->tree, from);
       p != NULL && p->offset < end; p = tcpflow__pieces_next(p)) {
    covered += tcpflow__lower(p->end, end) - tcpflow__higher(p->offset, from);
  }
  return covered;
}

static void need(tcpflow__survey *found, uint64_t octets) {
  found->pieces++;
  found->memory += tcpflow__piece_cost(octets);
}

/* What a contested arrival gets in one run, and what the runs need so far. */
typedef struct gain_run {
  uint64_t from;
  uint64_t pieces;
  uint64_t memory;
} gain_run;

static void end_run(gain_run *run, uint64_t end) {
  if (run->from < end) {
    run->pieces++;
    run->memory += tcpflow__piece_cost(end - run->from);
  }
}

/* Counts a span of octets that somebody has.  RUN: what the arrival gets if
   this is contested, from there on. */
static void survey_held(const tcpflow__reasm *r, const tcpflow__arrival *in,
                        const tcpflow__span *span, tcpflow__survey *found,
                        gain_run *run) {
  const uint64_t length = span->end - span->from;
  unsigned marks = tcpflow__contest_marks(r, in, span->held);

  found->duplicate += length;
  if (!agrees(in, span)) {
    found->conflicting += length;
    found->differs = found->differs == NULL ? span->held : found->differs;
    marks |= TCPFLOW__MARK_DIFFERS;
  }
  if (!in->input->noted) {
    span->held->marks = (uint8_t)marks;
  }
  found->covered += (marks & TCPFLOW__MARK_COVERS) != 0 ? 1 : 0;
  if ((marks & TCPFLOW__MARK_WINS) == 0) {
    end_run(run, span->from);
    run->from = span->end;
  }
}

/* Counts the spans of an arrival; and what it needs if it is contested. */
static void survey_spans(const tcpflow__reasm *r, const tcpflow__arrival *in,
                         tcpflow__survey *found, gain_run *run) {
  tcpflow__span_walk walk = tcpflow__hold_walk(in);
  tcpflow__span span;

  while (tcpflow__hold_walk_next(&walk, &span)) {
    if (span.held == NULL) {
      need(found, span.end - span.from);
    } else {
      survey_held(r, in, &span, found, run);
    }
  }
  end_run(run, in->middle);
}

tcpflow__survey tcpflow__hold_survey(const tcpflow__reasm *r,
                                     const tcpflow__arrival *in) {
  tcpflow__survey found = {0, 0, 0, 0, false, 0, 0, NULL};
  gain_run run = {in->from, 0, 0};

  survey_spans(r, in, &found, &run);
  found.contested = found.conflicting > 0 && !in->input->noted &&
                    !tcpflow__overlap_keeps(r->overlap);
  if (found.contested) {
    found.pieces = run.pieces;
    found.memory = run.memory;
    found.gone = found.covered;
    if (tcpflow__contest_split(in) > 0) {
      need(&found, tcpflow__contest_split(in));
    }
  }
  if (lies_alone(r, in)) {
    need(&found, 0);
  }
  if (in->middle < in->end) {
    found.duplicate += count_covered(r, in->middle, in->end);
  }
  return found;
}

static void free_chain(tcpflow__budget *budget, tcpflow__piece *chain) {
  while (chain != NULL) {
    tcpflow__piece *p = chain;

    chain = p->parent;
    tcpflow__keep_free(budget, p);
  }
}

/* Makes pieces of what nobody has. */
static bool make_rest(tcpflow__budget *budget, const tcpflow__arrival *in,
                      tcpflow__piece **chain) {
  tcpflow__span_walk walk = tcpflow__hold_walk(in);
  tcpflow__span span;

  while (tcpflow__hold_walk_next(&walk, &span)) {
    const tcpflow__range range = {span.from, span.end};

    if (span.held == NULL &&
        !tcpflow__keep_chain(chain, tcpflow__keep_piece(budget, in, range),
                             span.before)) {
      return false;
    }
  }
  return true;
}

int tcpflow__hold_make(const tcpflow__reasm *r, tcpflow__budget *budget,
                       const tcpflow__arrival *in, bool takes,
                       tcpflow__piece **chain) {
  bool made = false;

  *chain = NULL;
  if (lies_alone(r, in)) {
    made = tcpflow__keep_chain(
      chain,
      tcpflow__keep_piece(budget, in, (tcpflow__range){in->from, in->from}),
      in->before);
  } else {
    made = takes ? tcpflow__contest_make(budget, in, chain)
                 : make_rest(budget, in, chain);
  }
  if (!made) {
    free_chain(budget, *chain);
    *chain = NULL;
  }
  return made ? TCPFLOW_OK : TCPFLOW_ERR_NOMEM;
}

/* Links P right behind BEFORE; at PLACE, if that is there: so the tree is not
   mended twice.  Answers PLACE, or NULL when it is taken. */
static tcpflow__piece *enter(tcpflow__reasm *r, tcpflow__budget *budget,
                             tcpflow__piece *before, tcpflow__piece *p,
                             tcpflow__piece *place) {
  if (place == NULL ||
      tcpflow__pieces_before(&r->rest->tree, place) != before) {
    tcpflow__pieces_insert_behind(&r->rest->tree, before, p);
    return place;
  }
  tcpflow__pieces_replace(&r->rest->tree, place, p);
  tcpflow__keep_drop(r, budget, place);
  return NULL;
}

/* The last piece that starts at P's offset or before. */
static tcpflow__piece *find_before(const tcpflow__reasm *r,
                                   const tcpflow__piece *p,
                                   const tcpflow__piece *place) {
  tcpflow__piece *before = tcpflow__keep_before(p);

  if (before == p) {
    before = tcpflow__pieces_floor(&r->rest->tree, p->offset);
  }
  return before != NULL && before == place
           ? tcpflow__pieces_before(&r->rest->tree, before)
           : before;
}

/*
 * Puts a new piece into its place.  Where that is in another one's cut range,
 * the new piece takes over the rest of the range, and the other one's place if
 * nothing is left of it.
 */
static tcpflow__piece *link_piece(tcpflow__reasm *r, tcpflow__budget *budget,
                                  tcpflow__piece *p, tcpflow__piece *place) {
  tcpflow__piece *const before = find_before(r, p, place);

  r->rest->pieces++;
  r->rest->memory += (uint32_t)tcpflow__piece_cost(p->size);
  if (before == NULL || before->end <= p->offset) {
    return enter(r, budget, before, p, place);
  }

  p->end = tcpflow__higher(p->end, before->end);
  before->end = p->offset;
  if (before->offset < p->offset) {
    return enter(r, budget, before, p, place);
  }
  tcpflow__pieces_replace(&r->rest->tree, before, p);
  tcpflow__keep_drop(r, budget, before);
  return place;
}

/* Lets the pieces at and behind the arrival's octets reach over its cut range;
   one of them starts at its middle or before, and ends there or behind. */
static void stretch(tcpflow__reasm *r, const tcpflow__arrival *in) {
  tcpflow__piece *p = tcpflow__pieces_floor(&r->rest->tree, in->middle);

  while (p != NULL && p->end < in->end) {
    tcpflow__piece *behind = tcpflow__pieces_next(p);

    p->end = behind == NULL ? in->end : tcpflow__lower(in->end, behind->offset);
    p = behind;
  }
}

void tcpflow__hold_link(tcpflow__reasm *r, tcpflow__budget *budget,
                        const tcpflow__arrival *in, tcpflow__piece *chain,
                        tcpflow__piece *place) {
  while (chain != NULL) {
    tcpflow__piece *p = chain;

    chain = p->parent;
    place = link_piece(r, budget, p, place);
  }
  if (place != NULL) {
    tcpflow__keep_remove(r, budget, place);
  }
  if (in->middle < in->end) {
    stretch(r, in);
  }
}
