/*
 * lib/reasm/drain.c - bytes and gaps out in order.
 *
 * Room: reasm.  Includes: base.  At each step the next octet has one source, by
 * rank: a held piece, the octets of the input, a range that the capture cut
 * off, a hole that was given up.
 */
#include "reasm/reasm.h"

#include <assert.h>

#include "base/order.h"
#include "reasm/contest.h"
#include "reasm/hold.h"
#include "reasm/keep.h"
#include "reasm/pieces.h"
#include "reasm/reach.h"
#include "reasm/rest.h"
#include "reasm/takein.h"

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

/* Unlinks the first piece, which stays charged. */
static void take_first(tcpflow__reasm *r, tcpflow__piece *first) {
  tcpflow__pieces_remove(&r->rest->tree, first);
  r->rest->pieces--;
  r->rest->memory -= (uint32_t)tcpflow__piece_cost(first->size);
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
    tcpflow__add_saturating(&r->rest->beyond_end, p->end - r->end);
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

    if (tcpflow__takein_fits(r, t->budget, limits, &need,
                             &tcpflow__no_survey) &&
        tcpflow__takein(r, t->budget, &t->in, &need) == TCPFLOW_OK) {
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
    tcpflow__add_saturating(&r->rest->beyond_end,
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

    tcpflow__add_saturating(&r->rest->beyond_end, p->end - p->offset);
    tcpflow__keep_drop(r, t->budget, p);
  }
}

void tcpflow__reasm_drain_slow(tcpflow__reasm *r, tcpflow__budget *budget,
                               const tcpflow__reasm_limits *limits,
                               tcpflow__reasm_input *input,
                               const tcpflow__reasm_sink *sink) {
  const uint64_t until = tcpflow__reach_of(r);
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
