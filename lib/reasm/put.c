/*
 * lib/reasm/put.c - pieces in: what is early is held, or left to drain() where
 * there is no room.
 *
 * Room: reasm.  Includes: base.
 */
#include "reasm/reasm.h"

#include "base/order.h"
#include "reasm/contest.h"
#include "reasm/hold.h"
#include "reasm/pieces.h"
#include "reasm/reach.h"
#include "reasm/rest.h"
#include "reasm/takein.h"

/* At a gate, a long run of pieces may wait.  Each is walked over once.  Where
   nothing was held before, what was noted is void. */
static void extend_run(tcpflow__reasm *r, bool begins) {
  if (begins) {
    r->rest->reached = (uint32_t)r->next;
  }
  if (r->rest->gate != UINT64_MAX) {
    r->rest->reached =
      (uint32_t)tcpflow__reach_end_of_run(r, tcpflow__reach_of(r));
  }
}

/*
 * Leaves an arrival for which there is no room to drain(): finds the holes that
 * must go before it fits, or else is in order.  Told now and not there, because
 * edge() shall know.
 */
static void note(tcpflow__reasm *r, tcpflow__budget *budget,
                 const tcpflow__reasm_limits *limits,
                 const tcpflow__arrival *in, const tcpflow__survey *need) {
  tcpflow__survey old = tcpflow__no_survey;
  uint64_t offset = in->from;

  for (tcpflow__piece *p = tcpflow__pieces_first(&r->rest->tree);
       p != NULL && p->offset < in->from; p = tcpflow__pieces_next(p)) {
    old.pieces++;
    old.memory += tcpflow__piece_cost(p->size);
    if (p->end >= in->from ||
        tcpflow__takein_fits(r, budget, limits, need, &old)) {
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
    tcpflow__add_saturating(&r->rest->beyond_end,
                            end - tcpflow__higher(input->offset, r->end));
  }
  tcpflow__add_saturating(&r->rest->conflicting, found->conflicting);
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

/* Leaves an arrival to drain(), and contests nothing: what is held stays. */
static void leave(tcpflow__reasm *r, tcpflow__budget *budget,
                  const tcpflow__reasm_limits *limits,
                  const tcpflow__arrival *in, const tcpflow__survey *found) {
  tcpflow__survey need = *found;

  in->input->noted = true;
  if (found->contested) {
    need = tcpflow__hold_survey(r, in);
  }
  if (!tcpflow__takein_fits(r, budget, limits, &need, &tcpflow__no_survey)) {
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
  if (tcpflow__takein_fits(r, budget, limits, &all, &tcpflow__no_survey)) {
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
  if (!tcpflow__takein_fits(r, budget, limits, need, &tcpflow__no_survey)) {
    leave(r, budget, limits, in, need);
    return TCPFLOW_OK;
  }
  if (need->contested || (in->input->swallows && in->input->disputed)) {
    /* What it takes from others is there until drain() has told of it. */
    return tcpflow__hold_make(r, budget, in, true, &in->input->chain);
  }
  return tcpflow__takein(r, budget, in, need);
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

  if (in.from < in.end &&
      tcpflow__takein_fits(r, budget, limits, &need, &tcpflow__no_survey)) {
    const bool begins = r->rest->tree.root == NULL;

    error = tcpflow__takein(r, budget, &in, &need);
    if (error == TCPFLOW_OK && begins) {
      r->rest->reached = (uint32_t)r->next;
    }
  }
  input->noted = false;
  r->end = end;
  return error;
}
