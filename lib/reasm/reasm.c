/*
 * lib/reasm/reasm.c - pieces in, bytes and gaps out in order.
 *
 * Room: reasm.  Includes: base.  What was told is never replaced; what is held,
 * if the policy says so, and then drain() takes it away before it tells.  At
 * each step the next octet has one source, by rank: a held piece, the octets of
 * the input, a range that the capture cut off, a hole that was given up.
 * In-order input is therefore never refused nor copied, whatever the limits,
 * unless a gate is in its way.
 */
#include "reasm/reasm.h"

#include "base/order.h"
#include "reasm/hold.h"
#include "reasm/pieces.h"
#include "reasm/rest.h"

#include <assert.h>

_Static_assert(sizeof(void *) > 8 || sizeof(tcpflow__reasm) <= 32,
               "two of them are in every connection");

static void add_saturating(uint32_t *sum, uint64_t n) {
  *sum =
    (uint32_t)tcpflow__lower(UINT32_MAX, *sum + tcpflow__lower(n, UINT32_MAX));
}

int tcpflow__keeper_read(tcpflow_hold *ours, const tcpflow_hold *theirs) {
  *ours = (tcpflow_hold){NULL, NULL, NULL};
  if (theirs == NULL) {
    return TCPFLOW_OK;
  }
  if (theirs->hold == NULL || theirs->release == NULL) {
    return TCPFLOW_ERR_INVALID;
  }
  *ours = *theirs;
  return TCPFLOW_OK;
}

void tcpflow__reasm_init(tcpflow__reasm *r) {
  *r = (tcpflow__reasm){.end = UINT64_MAX, .rest = tcpflow__rest_shared(false)};
}

/* Unlinks the first piece, which stays charged. */
static void take_first(tcpflow__reasm *r, tcpflow__piece *first) {
  tcpflow__pieces_remove(&r->rest->tree, first);
  r->rest->pieces--;
  r->rest->memory -= (uint32_t)tcpflow__piece_cost(first->size);
}

void tcpflow__reasm_clear(tcpflow__reasm *r, tcpflow__budget *budget) {
  while (r->rest->tree.root != NULL) {
    tcpflow__keep_drop(r, budget, tcpflow__pieces_pop(&r->rest->tree));
  }
}

/* The end of the pieces that follow each other from OFFSET on.  What lies
   behind the stream's end does not matter. */
static uint64_t end_of_run(const tcpflow__reasm *r, uint64_t offset) {
  const tcpflow__piece *const first = tcpflow__pieces_first(&r->rest->tree);

  if (offset >= r->end || first == NULL || first->offset > offset) {
    return offset;
  }
  for (tcpflow__piece *p = tcpflow__pieces_seek(&r->rest->tree, offset);
       p != NULL && p->offset <= offset && offset < r->end;
       p = tcpflow__pieces_next(p)) {
    offset = p->end;
  }
  return offset;
}

/* All from next up to there is known to be held. */
static uint64_t reached(const tcpflow__reasm *r) {
  const uint32_t ahead = r->rest->reached - (uint32_t)r->next;

  return r->rest->tree.root == NULL || r->rest->gate == UINT64_MAX ||
             ahead > INT32_MAX
           ? r->next
           : r->next + ahead;
}

/* At a gate, a long run of pieces may wait.  Each is walked over once.  Where
   nothing was held before, what was noted is void. */
static void extend_run(tcpflow__reasm *r, bool begins) {
  if (begins) {
    r->rest->reached = (uint32_t)r->next;
  }
  if (r->rest->gate != UINT64_MAX) {
    r->rest->reached = (uint32_t)end_of_run(r, reached(r));
  }
}

static const tcpflow__survey nothing = {0, 0, 0, 0, false, 0, 0, NULL};

/* Whether there is room, once what OLD counts is gone.  What takes nothing
   fits even where the limits were lowered.  The pieces that go for what comes
   are no longer counted when it is; their memory is there until then. */
static bool fits(const tcpflow__reasm *r, const tcpflow__budget *budget,
                 const tcpflow__reasm_limits *limits,
                 const tcpflow__survey *need, const tcpflow__survey *old) {
  if (need->pieces == 0) {
    return true;
  }
  return r->rest->pieces - old->pieces - need->gone + need->pieces <=
           limits->max_pieces &&
         r->rest->memory - old->memory + need->memory <= limits->max_memory &&
         budget->used - old->memory + need->memory <= budget->cap;
}

/*
 * Leaves an arrival for which there is no room to drain(): finds the holes that
 * must go before it fits, or else is in order.  Told now and not there, because
 * edge() shall know.
 */
static void note(tcpflow__reasm *r, tcpflow__budget *budget,
                 const tcpflow__reasm_limits *limits,
                 const tcpflow__arrival *in, const tcpflow__survey *need) {
  tcpflow__survey old = nothing;
  uint64_t offset = in->from;

  for (tcpflow__piece *p = tcpflow__pieces_first(&r->rest->tree);
       p != NULL && p->offset < in->from; p = tcpflow__pieces_next(p)) {
    old.pieces++;
    old.memory += tcpflow__piece_cost(p->size);
    if (p->end >= in->from || fits(r, budget, limits, need, &old)) {
      offset = p->offset;
      break;
    }
  }
  tcpflow__reasm_give_up(r, budget, offset, TCPFLOW_GAP_LIMIT);
}

static void count(tcpflow__reasm *r, const tcpflow__reasm_input *input,
                  const tcpflow__survey *found) {
  const uint64_t end = input->offset + input->length;

  r->rest->duplicate += found->duplicate;
  if (input->offset < r->next) {
    r->rest->duplicate += tcpflow__lower(end, r->next) - input->offset;
  }
  if (end > r->end) {
    add_saturating(&r->rest->beyond_end,
                   end - tcpflow__higher(input->offset, r->end));
  }
  add_saturating(&r->rest->conflicting, found->conflicting);
}

/* Is there something between what was told and the arrival?  A hole that was
   given up does not count, but where the arrival contests what lies about it:
   what is left of that needs room. */
static bool is_early(const tcpflow__reasm *r, const tcpflow__arrival *in,
                     bool contested) {
  if (in->from >= in->end) {
    return false;
  }
  return in->end > r->rest->gate ||
         (in->from > r->next && (in->from > r->rest->give_up || contested));
}

/* Takes the arrival in, now that there is room.  On an error nothing has
   changed. */
static int take_in(tcpflow__reasm *r, tcpflow__budget *budget,
                   const tcpflow__arrival *in, const tcpflow__survey *need) {
  const bool takes = need->contested || in->input->swallows;
  tcpflow__piece *chain = NULL;
  tcpflow__piece *place = NULL;
  uint64_t reach = 0;

  if (need->pieces > 0 &&
      tcpflow__hold_make(r, budget, in, takes, &chain) != TCPFLOW_OK) {
    return TCPFLOW_ERR_NOMEM;
  }
  if (takes) {
    reach = tcpflow__contest_yield(r, budget, in, &place);
  }
  if (chain != NULL) {
    chain->end = tcpflow__higher(chain->end, reach);
  }
  tcpflow__hold_link(r, budget, in, chain, place);
  return TCPFLOW_OK;
}

/* Leaves an arrival to drain(), and contests nothing: what is held stays. */
static void leave(tcpflow__reasm *r, tcpflow__budget *budget,
                  const tcpflow__reasm_limits *limits,
                  const tcpflow__arrival *in, const tcpflow__survey *found) {
  tcpflow__survey need = *found;

  in->input->noted = true;
  if (found->contested) {
    need = tcpflow__hold_survey(r, in);
  }
  if (!fits(r, budget, limits, &need, &nothing)) {
    note(r, budget, limits, in, &need);
  }
}

/* Lets the arrival swallow what it covers, if that is much and there is room
   for both until it is done. */
static void swallow(const tcpflow__reasm *r, const tcpflow__budget *budget,
                    const tcpflow__reasm_limits *limits,
                    const tcpflow__arrival *in, tcpflow__survey *need) {
  tcpflow__survey all = *need;

  if (!tcpflow__contest_swallows(need)) {
    return;
  }
  in->input->swallows = true;
  tcpflow__contest_swallow(in, &all);
  if (fits(r, budget, limits, &all, &nothing)) {
    *need = all;
  } else {
    in->input->swallows = false;
  }
}

/* The early arrival is held if there is room, and is left to drain() if not. */
static int put_early(tcpflow__reasm *r, tcpflow__budget *budget,
                     const tcpflow__reasm_limits *limits,
                     const tcpflow__arrival *in, const tcpflow__survey *found) {
  tcpflow__survey all = *found;
  const tcpflow__survey *const need = &all;

  swallow(r, budget, limits, in, &all);
  if (!fits(r, budget, limits, need, &nothing)) {
    leave(r, budget, limits, in, need);
    return TCPFLOW_OK;
  }
  if (need->contested || (in->input->swallows && in->input->disputed)) {
    /* What it takes from others is there until drain() has told of it. */
    return tcpflow__hold_make(r, budget, in, true, &in->input->chain);
  }
  return take_in(r, budget, in, need);
}

int tcpflow__reasm_put_slow(tcpflow__reasm *r, tcpflow__budget *budget,
                            const tcpflow__reasm_limits *limits,
                            tcpflow__reasm_input *input) {
  const bool begins = r->rest->tree.root == NULL;
  tcpflow__arrival in = tcpflow__hold_trim(r, input);
  int error = tcpflow__rest_own(r, budget);

  if (error != TCPFLOW_OK) {
    return error;
  }

  input->chain = NULL;
  input->swallows = false;
  tcpflow__hold_find(r, &in);
  input->at = in.at;
  const tcpflow__survey found = tcpflow__hold_survey(r, &in);
  input->differs = found.differs;
  input->disputed = found.differs != NULL;
  input->early = is_early(r, &in, found.contested);
  if (input->early) {
    error = put_early(r, budget, limits, &in, &found);
  }
  if (error == TCPFLOW_OK) {
    count(r, input, &found);
    extend_run(r, begins);
  }
  return error;
}

int tcpflow__reasm_put_beyond(tcpflow__reasm *r, tcpflow__budget *budget,
                              const tcpflow__reasm_limits *limits,
                              tcpflow__reasm_input *input) {
  const uint64_t end = r->end;
  int error = TCPFLOW_OK;

  if (r->doubtful == 0 || r->off || input->offset < end) {
    return TCPFLOW_OK;
  }
  if (tcpflow__rest_own(r, budget) != TCPFLOW_OK) {
    return TCPFLOW_ERR_NOMEM;
  }
  r->end = UINT64_MAX;
  input->noted = true; /* It contests nothing. */
  input->swallows = false;
  tcpflow__arrival in = tcpflow__hold_trim(r, input);
  tcpflow__hold_find(r, &in);
  const tcpflow__survey need = tcpflow__hold_survey(r, &in);

  if (in.from < in.end && fits(r, budget, limits, &need, &nothing)) {
    const bool begins = r->rest->tree.root == NULL;

    error = take_in(r, budget, &in, &need);
    if (error == TCPFLOW_OK && begins) {
      r->rest->reached = (uint32_t)r->next;
    }
  }
  input->noted = false;
  r->end = end;
  return error;
}

void tcpflow__reasm_give_up(tcpflow__reasm *r, tcpflow__budget *budget,
                            uint64_t offset, tcpflow_gap_reason reason) {
  if (offset <= r->rest->give_up ||
      (offset <= r->next && tcpflow__rest_is_shared(r))) {
    return;
  }
  if (tcpflow__rest_take(r, budget)) {
    r->rest->give_up = offset;
    r->rest->give_up_reason = (uint8_t)reason;
  }
}

uint64_t tcpflow__reasm_edge_slow(const tcpflow__reasm *r,
                                  const tcpflow__reasm_input *input) {
  uint64_t edge = end_of_run(r, tcpflow__higher(reached(r), r->rest->give_up));

  if (input != NULL && input->offset <= edge &&
      input->offset + input->length > edge) {
    edge = end_of_run(r, input->offset + input->length);
  }
  return tcpflow__lower(edge, r->end);
}

bool tcpflow__reasm_front(const tcpflow__reasm *r, uint64_t *offset,
                          tcpflow_time *since) {
  const tcpflow__piece *const first = tcpflow__pieces_first(&r->rest->tree);

  if (first == NULL || first->offset <= r->next || first->offset >= r->end ||
      r->next >= r->rest->gate) {
    return false;
  }
  *offset = first->offset;
  *since = first->time;
  return true;
}

uint64_t tcpflow__reasm_last(const tcpflow__reasm *r) {
  const tcpflow__piece *p = tcpflow__pieces_last(&r->rest->tree);

  return p == NULL ? r->next : p->end;
}

uint64_t tcpflow__reasm_held(const tcpflow__reasm *r) {
  uint64_t octets = 0;

  for (tcpflow__piece *p = tcpflow__pieces_first(&r->rest->tree); p != NULL;
       p = tcpflow__pieces_next(p)) {
    octets += p->captured;
  }
  return octets;
}

bool tcpflow__reasm_peek(const tcpflow__reasm *r, uint64_t offset,
                         tcpflow_stream_data *found) {
  const tcpflow__piece *const p = tcpflow__pieces_floor(&r->rest->tree, offset);

  if (p == NULL || offset >= tcpflow__piece_middle(p)) {
    return false;
  }
  *found = (tcpflow_stream_data){
    .offset = offset,
    .bytes = p->bytes + (offset - p->offset),
    .length = (size_t)(tcpflow__piece_middle(p) - offset),
    .held = 1,
    .time = p->time,
    .number = p->number,
  };
  return true;
}

/* There is a hole before all that is held, or a doubtful end, or the gate. */
static bool is_held_behind(const tcpflow__reasm *r,
                           const tcpflow__piece *first) {
  return first == NULL || first->offset > r->next ||
         (r->doubtful != 0 && first->offset >= r->end) ||
         (r->next == r->rest->gate && first->offset == r->next);
}

bool tcpflow__reasm_check(const tcpflow__reasm *r) {
  const tcpflow__piece *first = tcpflow__pieces_first(&r->rest->tree);
  uint64_t pieces = 0;
  uint64_t memory = 0;

  return tcpflow__pieces_check(&r->rest->tree, &pieces, &memory) &&
         pieces == r->rest->pieces && memory == r->rest->memory &&
         tcpflow__lower(reached(r), r->end) <= end_of_run(r, r->next) &&
         is_held_behind(r, first) && r->next <= r->end &&
         r->next <= r->rest->gate && r->rest->missing <= r->next;
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
static void tell_data(telling *t, const tcpflow_stream_data *event) {
  tcpflow__reasm *r = t->r;

  r->next += event->length;
  if (event->length > 0 && !t->muted && !r->off && t->sink->data != NULL) {
    t->muted = !t->sink->data(t->sink->user, event);
  }
}

static void tell_gap(telling *t, uint64_t end, tcpflow_gap_reason reason) {
  tcpflow__reasm *r = t->r;
  const tcpflow_stream_gap event = {r->next, end - r->next, reason};

  r->next = end;
  r->rest->missing += r->off && reason == TCPFLOW_GAP_CUT ? 0 : event.length;
  if (!t->muted && !r->off && t->sink->gap != NULL) {
    t->muted = !t->sink->gap(t->sink->user, &event);
  }
}

/* What put() found.  The policy has been asked, so that a listener may change
   it for the next input. */
static void tell_conflicts(telling *t, const tcpflow__piece *p) {
  tcpflow_stream_conflict event;

  for (; p != NULL && p->offset < t->in.middle && !t->muted && !t->r->off;
       p = tcpflow__pieces_next(p)) {
    if (t->sink->conflict != NULL &&
        tcpflow__hold_conflict(&t->in, p, &event)) {
      t->muted = !t->sink->conflict(t->sink->user, &event);
    }
  }
}

/* Tells the octets of the first piece, as far as the gate and the end let it.
   Answers which one is the first from then on. */
static tcpflow__piece *tell_first_piece(telling *t, tcpflow__piece *p,
                                        uint64_t stop) {
  tcpflow__reasm *const r = t->r;
  const uint64_t length = tcpflow__lower(p->captured, stop - p->offset);
  const tcpflow_stream_data event = {p->offset, p->bytes, (size_t)length, 1,
                                     0,         p->time,  p->number,      0};
  tcpflow__piece *const behind = tcpflow__pieces_next(p);

  assert(p->offset == r->next);
  if (stop < p->end && stop < r->end) {
    /* The rest waits at the gate. */
    tcpflow__keep_behead(p, stop - p->offset);
    t->cut = stop;
    tell_data(t, &event);
    return p;
  }
  take_first(r, p);
  t->cut = p->end;
  if (p->end > r->end) {
    add_saturating(&r->rest->beyond_end, p->end - r->end);
  }
  tell_data(t, &event);
  tcpflow__keep_free(t->budget, p);
  return behind;
}

static void tell_input(telling *t, uint64_t stop) {
  const tcpflow__arrival *const in = &t->in;
  const uint64_t next = t->r->next;
  const tcpflow_stream_data event = {next,
                                     in->bytes + (next - in->from),
                                     (size_t)(stop - next),
                                     0,
                                     0,
                                     in->input->time,
                                     in->input->number,
                                     0};

  tell_data(t, &event);
}

/* The next octet is neither held nor in the input: tells how far it and its
   followers are known as lost, but not beyond STOP. */
static bool tell_loss(telling *t, uint64_t stop) {
  const tcpflow__reasm *r = t->r;
  const tcpflow__arrival *in = &t->in;
  const uint64_t cut =
    in->from <= r->next ? tcpflow__higher(t->cut, in->end) : t->cut;

  if (in->from > r->next && in->from < in->end) {
    stop = tcpflow__lower(stop, in->from);
  }
  if (r->next < cut) {
    tell_gap(t, tcpflow__lower(stop, cut), TCPFLOW_GAP_CUT);
    return true;
  }
  if (r->next < r->rest->give_up) {
    tell_gap(t, tcpflow__lower(stop, r->rest->give_up),
             (tcpflow_gap_reason)r->rest->give_up_reason);
    return true;
  }
  return false;
}

/* Tells a run of octets of one source; false if the next one is waited for.
   first: the first piece, before and behind. */
static bool tell_run(telling *t, tcpflow__piece **first) {
  const uint64_t next = t->r->next;
  const tcpflow__arrival *in = &t->in;
  uint64_t stop = tcpflow__lower(t->r->end, t->r->rest->gate);

  if (next >= stop) {
    return false;
  }
  if (*first != NULL && (*first)->offset <= next) {
    *first = tell_first_piece(t, *first, stop);
    return true;
  }
  stop = *first == NULL ? stop : tcpflow__lower(stop, (*first)->offset);
  if (in->from <= next && next < in->middle) {
    tell_input(t, tcpflow__lower(stop, in->middle));
    return true;
  }
  return tell_loss(t, stop);
}

static void tell_runs(telling *t) {
  tcpflow__piece *first = tcpflow__pieces_first(&t->r->rest->tree);

  while (tell_run(t, &first)) {
  }
}

/* Makes way for an arrival: gives up the next hole, or else opens the gate. */
static void make_way(telling *t) {
  tcpflow__reasm *const r = t->r;
  const tcpflow__piece *const first = tcpflow__pieces_first(&r->rest->tree);
  const uint64_t stop =
    first == NULL ? t->in.from : tcpflow__lower(first->offset, t->in.from);

  if (stop > r->next) {
    tcpflow__reasm_give_up(r, t->budget, stop, TCPFLOW_GAP_LIMIT);
    r->rest->gate = tcpflow__higher(r->rest->gate, stop);
  } else {
    r->rest->gate =
      tcpflow__higher(r->rest->gate, first == NULL ? t->in.end : first->end);
  }
  tell_runs(t);
}

/* Leaves of an arrival what lies behind NEXT. */
static void drop_told(tcpflow__arrival *in, uint64_t next) {
  const uint64_t from =
    tcpflow__lower(tcpflow__higher(in->from, next), in->end);

  if (in->middle > from) {
    in->bytes += from - in->from;
  }
  in->from = from;
  in->middle = tcpflow__higher(in->middle, from);
}

/*
 * Holds what put() had noted, now that the holes are given up that were in its
 * way.  If there still is no room, because the allocator fails or a listener
 * has used up the budget, the next hole goes: drain() cannot fail, for at last
 * the input is in order.
 */
static void hold_noted(telling *t, const tcpflow__reasm_limits *limits) {
  tcpflow__reasm *r = t->r;

  drop_told(&t->in, r->next);
  while (t->in.from > r->next || t->in.end > r->rest->gate) {
    tcpflow__hold_find(r, &t->in);
    const tcpflow__survey need = tcpflow__hold_survey(r, &t->in);

    if (fits(r, t->budget, limits, &need, &nothing) &&
        take_in(r, t->budget, &t->in, &need) == TCPFLOW_OK) {
      break;
    }
    make_way(t);
    drop_told(&t->in, r->next);
  }
}

/* What the input takes from others changes hands, as put() had seen it: whether
   or not somebody wants it still. */
static void hand_over(telling *t, tcpflow__reasm_input *input) {
  tcpflow__reasm *const r = t->r;
  const bool off = r->off;

  r->off = false;
  tcpflow__arrival in = tcpflow__hold_trim(r, input);
  r->off = off;
  in.at = input->at; /* put() has changed nothing. */

  tcpflow__piece *place = NULL;
  const uint64_t reach = tcpflow__contest_yield(r, t->budget, &in, &place);
  if (!input->early) {
    if (place != NULL) {
      tcpflow__keep_remove(r, t->budget, place);
    }
    /* It is told, and then what they knew as cut. */
    t->in.end = tcpflow__higher(t->in.end, tcpflow__lower(reach, r->end));
    add_saturating(&r->rest->beyond_end,
                   tcpflow__higher(reach, r->end) - r->end);
    return;
  }
  if (input->chain != NULL) {
    input->chain->end = tcpflow__higher(input->chain->end, reach);
  }
  tcpflow__hold_link(r, t->budget, &in, input->chain, place);
}

static void settle_dispute(telling *t, tcpflow__reasm_input *input) {
  const bool takes = !input->noted && (input->swallows ||
                                       !tcpflow__overlap_keeps(input->overlap));

  tell_conflicts(t, input->differs);
  if (takes) {
    hand_over(t, input);
  }
}

/* The end may have become known after they were held. */
static void drop_beyond_end(telling *t) {
  tcpflow__reasm *r = t->r;

  while (r->rest->tree.root != NULL && r->next >= r->end && r->doubtful == 0) {
    tcpflow__piece *const p = tcpflow__pieces_pop(&r->rest->tree);

    add_saturating(&r->rest->beyond_end, p->end - p->offset);
    tcpflow__keep_drop(r, t->budget, p);
  }
}

void tcpflow__reasm_drain_slow(tcpflow__reasm *r, tcpflow__budget *budget,
                               const tcpflow__reasm_limits *limits,
                               tcpflow__reasm_input *input,
                               const tcpflow__reasm_sink *sink) {
  const uint64_t until = reached(r);
  telling t = {
    .r = r, .budget = budget, .sink = sink, .in = tcpflow__hold_trim(r, input)};

  if (input != NULL && input->disputed) {
    settle_dispute(&t, input);
  }
  tell_runs(&t);
  if (input != NULL && input->noted) {
    hold_noted(&t, limits);
  }
  drop_beyond_end(&t);
  if (!tcpflow__rest_is_shared(r)) {
    r->rest->reached =
      (uint32_t)(r->next >= r->end ? r->next : tcpflow__higher(r->next, until));
  }
}
