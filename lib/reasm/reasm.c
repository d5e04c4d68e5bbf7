/*
 * lib/reasm/reasm.c - pieces in, bytes and gaps out in order.
 *
 * Room: reasm.  Includes: base.  Whoever came first has the octets: what is
 * held or told is never replaced.  At each step the next octet has one source,
 * by rank: a held piece, the octets of the input, a range that the capture cut
 * off, a hole that was given up.  In-order input is therefore never refused
 * nor copied, whatever the limits.
 */
#include "reasm/reasm.h"

#include "reasm/hold.h"
#include "reasm/pieces.h"

#include <assert.h>

_Static_assert(sizeof(void *) > 8 || sizeof(tcpflow__reasm) <= 72,
               "two of them are in every connection");

static uint64_t lower(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}

static uint64_t higher(uint64_t a, uint64_t b) {
  return a > b ? a : b;
}

static void add_saturating(uint32_t *sum, uint64_t n) {
  *sum = (uint32_t)lower(UINT32_MAX, *sum + lower(n, UINT32_MAX));
}

void tcpflow__reasm_init(tcpflow__reasm *r) {
  *r = (tcpflow__reasm){.end = UINT64_MAX};
}

/* The first piece, no longer linked or counted, but still charged. */
static tcpflow__piece *take_first(tcpflow__reasm *r) {
  tcpflow__piece *p = tcpflow__pieces_pop(&r->root);

  r->pieces--;
  r->memory -= (uint32_t)tcpflow__piece_cost(p->captured);
  return p;
}

void tcpflow__reasm_clear(tcpflow__reasm *r, tcpflow__budget *budget) {
  while (r->root != NULL) {
    tcpflow__hold_free(budget, take_first(r));
  }
}

static const tcpflow__survey nothing = {0, 0, 0, 0};

/* Whether there is room, once what OLD counts is gone.  What takes nothing
   fits even where the limits were lowered. */
static bool fits(const tcpflow__reasm *r, const tcpflow__budget *budget,
                 const tcpflow__reasm_limits *limits,
                 const tcpflow__survey *need, const tcpflow__survey *old) {
  if (need->pieces == 0) {
    return true;
  }
  return r->pieces - old->pieces + need->pieces <= limits->max_pieces &&
         r->memory - old->memory + need->memory <= limits->max_memory &&
         budget->used - old->memory + need->memory <= budget->cap;
}

/*
 * Leaves an arrival for which there is no room to drain(): finds the holes that
 * must go before it fits, or else is in order.  Told now and not there, because
 * edge() shall know.
 */
static void note(tcpflow__reasm *r, const tcpflow__budget *budget,
                 const tcpflow__reasm_limits *limits,
                 const tcpflow__arrival *in, const tcpflow__survey *need) {
  tcpflow__survey old = {0, 0, 0, 0};
  uint64_t offset = in->from;

  for (tcpflow__piece *p = tcpflow__pieces_first(r->root);
       p != NULL && p->offset < in->from; p = tcpflow__pieces_next(p)) {
    old.pieces++;
    old.memory += tcpflow__piece_cost(p->captured);
    if (p->end >= in->from || fits(r, budget, limits, need, &old)) {
      offset = p->offset;
      break;
    }
  }
  r->noted = true;
  tcpflow__reasm_give_up(r, offset, TCPFLOW_GAP_LIMIT);
}

static void count(tcpflow__reasm *r, const tcpflow__reasm_input *input,
                  const tcpflow__survey *found) {
  const uint64_t end = input->offset + input->length;

  r->duplicate += found->duplicate;
  if (input->offset < r->next) {
    r->duplicate += lower(end, r->next) - input->offset;
  }
  if (end > r->end) {
    add_saturating(&r->beyond_end, end - higher(input->offset, r->end));
  }
  add_saturating(&r->conflicting, found->conflicting);
  r->disputed = found->conflicting > 0;
}

int tcpflow__reasm_put_slow(tcpflow__reasm *r, tcpflow__budget *budget,
                            const tcpflow__reasm_limits *limits,
                            const tcpflow__reasm_input *input) {
  const tcpflow__arrival in = tcpflow__hold_trim(r, input);
  const tcpflow__survey found = tcpflow__hold_survey(r, &in);
  const bool early =
    in.from < in.end && in.from > r->next && in.from > r->give_up;

  if (early && !fits(r, budget, limits, &found, &nothing)) {
    note(r, budget, limits, &in, &found);
  } else if (early && tcpflow__hold_copy(r, budget, &in) != TCPFLOW_OK) {
    return TCPFLOW_ERR_NOMEM;
  }
  count(r, input, &found);
  return TCPFLOW_OK;
}

int tcpflow__reasm_put_beyond(tcpflow__reasm *r, tcpflow__budget *budget,
                              const tcpflow__reasm_limits *limits,
                              const tcpflow__reasm_input *input) {
  const uint64_t end = r->end;
  int error = TCPFLOW_OK;

  if (r->doubtful == 0 || r->off || input->offset < end) {
    return TCPFLOW_OK;
  }
  r->end = UINT64_MAX;
  const tcpflow__arrival in = tcpflow__hold_trim(r, input);
  const tcpflow__survey need = tcpflow__hold_survey(r, &in);

  if (in.from < in.end && fits(r, budget, limits, &need, &nothing)) {
    error = tcpflow__hold_copy(r, budget, &in);
  }
  r->end = end;
  return error;
}

void tcpflow__reasm_give_up(tcpflow__reasm *r, uint64_t offset,
                            tcpflow_gap_reason reason) {
  if (offset > r->give_up) {
    r->give_up = offset;
    r->give_up_reason = (uint8_t)reason;
  }
}

/* The end of the pieces that follow each other from OFFSET on. */
static uint64_t end_of_run(const tcpflow__reasm *r, uint64_t offset) {
  for (tcpflow__piece *p = tcpflow__pieces_seek(r->root, offset);
       p != NULL && p->offset <= offset; p = tcpflow__pieces_next(p)) {
    offset = p->end;
  }
  return offset;
}

uint64_t tcpflow__reasm_edge_slow(const tcpflow__reasm *r,
                                  const tcpflow__reasm_input *input) {
  uint64_t edge = end_of_run(r, higher(r->next, r->give_up));

  if (input != NULL && input->offset <= edge &&
      input->offset + input->length > edge) {
    edge = end_of_run(r, input->offset + input->length);
  }
  return lower(edge, r->end);
}

uint64_t tcpflow__reasm_last(const tcpflow__reasm *r) {
  const tcpflow__piece *p = tcpflow__pieces_last(r->root);

  return p == NULL ? r->next : p->end;
}

uint64_t tcpflow__reasm_held(const tcpflow__reasm *r) {
  return r->memory - r->pieces * tcpflow__piece_cost(0);
}

/* There is a hole before all that is held, or a doubtful end. */
static bool is_held_behind(const tcpflow__reasm *r,
                           const tcpflow__piece *first) {
  return first == NULL || first->offset > r->next ||
         (r->doubtful != 0 && first->offset >= r->end);
}

bool tcpflow__reasm_check(const tcpflow__reasm *r) {
  const tcpflow__piece *first = tcpflow__pieces_first(r->root);
  uint64_t pieces = 0;
  uint64_t memory = 0;

  return tcpflow__pieces_check(r->root, &pieces, &memory) &&
         pieces == r->pieces && memory == r->memory &&
         is_held_behind(r, first) && r->next <= r->end &&
         r->missing <= r->next && !r->noted && !r->disputed;
}

/* A drain under way. */
typedef struct telling {
  tcpflow__reasm *r;
  tcpflow__budget *budget;
  const tcpflow__reasm_sink *sink;
  tcpflow__arrival in;
  uint64_t cut; /* Before it, the capture cut off what nobody has. */
  bool muted;   /* The listener has heard enough. */
} telling;

/* The stream moves first, so that it is consistent while the listener acts. */
static void tell_data(telling *t, const uint8_t *bytes, uint64_t length,
                      int held) {
  tcpflow__reasm *r = t->r;
  const tcpflow_stream_data event = {r->next, bytes, (size_t)length, held};

  r->next += length;
  if (!t->muted && !r->off && t->sink->data != NULL) {
    t->muted = !t->sink->data(t->sink->user, &event);
  }
}

static void tell_gap(telling *t, uint64_t end, tcpflow_gap_reason reason) {
  tcpflow__reasm *r = t->r;
  const tcpflow_stream_gap event = {r->next, end - r->next, reason};

  r->next = end;
  r->missing += r->off && reason == TCPFLOW_GAP_CUT ? 0 : event.length;
  if (!t->muted && !r->off && t->sink->gap != NULL) {
    t->muted = !t->sink->gap(t->sink->user, &event);
  }
}

static void tell_conflicts(telling *t) {
  tcpflow__span_walk walk = tcpflow__hold_walk(t->r, &t->in);
  tcpflow__span span;
  tcpflow_stream_conflict event;

  while (!t->muted && !t->r->off && tcpflow__hold_walk_next(&walk, &span)) {
    if (tcpflow__hold_conflict(&t->in, &span, &event) &&
        t->sink->conflict != NULL) {
      t->muted = !t->sink->conflict(t->sink->user, &event);
    }
  }
}

static void tell_first_piece(telling *t) {
  tcpflow__piece *p = take_first(t->r);
  const uint64_t length = lower(p->captured, t->r->end - p->offset);

  assert(p->offset == t->r->next);
  t->cut = p->end;
  if (p->end > t->r->end) {
    add_saturating(&t->r->beyond_end, p->end - t->r->end);
  }
  if (length > 0) {
    tell_data(t, p->bytes, length, 1);
  }
  tcpflow__hold_free(t->budget, p);
}

/* The next octet is neither held nor in the input: tells how far it and its
   followers are known as lost, but not beyond STOP. */
static bool tell_loss(telling *t, uint64_t stop) {
  const tcpflow__reasm *r = t->r;
  const tcpflow__arrival *in = &t->in;
  const uint64_t cut = in->from <= r->next ? higher(t->cut, in->end) : t->cut;

  if (in->from > r->next && in->from < in->end) {
    stop = lower(stop, in->from);
  }
  if (r->next < cut) {
    tell_gap(t, lower(stop, cut), TCPFLOW_GAP_CUT);
    return true;
  }
  if (r->next < r->give_up) {
    tell_gap(t, lower(stop, r->give_up), (tcpflow_gap_reason)r->give_up_reason);
    return true;
  }
  return false;
}

/* Tells a run of octets of one source; false if the next one is waited for. */
static bool tell_run(telling *t) {
  const uint64_t next = t->r->next;
  const tcpflow__piece *first = tcpflow__pieces_first(t->r->root);
  const tcpflow__arrival *in = &t->in;
  uint64_t stop = t->r->end;

  if (next >= stop) {
    return false;
  }
  if (first != NULL && first->offset <= next) {
    tell_first_piece(t);
    return true;
  }
  stop = first == NULL ? stop : lower(stop, first->offset);
  if (in->from <= next && next < in->middle) {
    tell_data(t, in->bytes + (next - in->from), lower(stop, in->middle) - next,
              0);
    return true;
  }
  return tell_loss(t, stop);
}

static void tell_runs(telling *t) {
  while (tell_run(t)) {
  }
}

/*
 * Holds what put() had noted, now that the holes are given up that were in its
 * way.  If there still is no room, because the allocator fails or a listener
 * has used up the budget, the next hole goes: drain() cannot fail, for at last
 * the input is in order.
 */
static void hold_noted(telling *t, const tcpflow__reasm_limits *limits) {
  tcpflow__reasm *r = t->r;

  while (r->noted && t->in.from > r->next) {
    const tcpflow__survey need = tcpflow__hold_survey(r, &t->in);

    if (fits(r, t->budget, limits, &need, &nothing) &&
        tcpflow__hold_copy(r, t->budget, &t->in) == TCPFLOW_OK) {
      break;
    }
    const tcpflow__piece *first = tcpflow__pieces_first(r->root);
    tcpflow__reasm_give_up(
      r, first == NULL ? t->in.from : lower(first->offset, t->in.from),
      TCPFLOW_GAP_LIMIT);
    tell_runs(t);
  }
  r->noted = false;
}

/* The end may have become known after they were held. */
static void drop_beyond_end(telling *t) {
  tcpflow__reasm *r = t->r;

  while (r->root != NULL && r->next >= r->end && r->doubtful == 0) {
    tcpflow__piece *p = take_first(r);

    add_saturating(&r->beyond_end, p->end - p->offset);
    tcpflow__hold_free(t->budget, p);
  }
}

void tcpflow__reasm_drain_slow(tcpflow__reasm *r, tcpflow__budget *budget,
                               const tcpflow__reasm_limits *limits,
                               const tcpflow__reasm_input *input,
                               const tcpflow__reasm_sink *sink) {
  telling t = {r, budget, sink, tcpflow__hold_trim(r, input), 0, false};

  if (r->disputed) {
    tell_conflicts(&t);
    r->disputed = false;
  }
  tell_runs(&t);
  hold_noted(&t, limits);
  drop_beyond_end(&t);
}
