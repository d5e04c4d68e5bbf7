/*
 * lib/reasm/append.c - octets behind all that a stream holds.
 *
 * Room: reasm.  Includes: base.  Behind a lost segment a whole window of others
 * comes in order.  None of them contests or fills anything, so there is nothing
 * to be looked for but room.
 */
#include "reasm/append.h"

#include "reasm/keep.h"
#include "reasm/rest.h"

/* Is all of the input behind a hole, and behind all that is held? */
static bool is_behind(const tcpflow__reasm *r,
                      const tcpflow__reasm_input *input) {
  const tcpflow__piece *const first = tcpflow__pieces_first(&r->rest->tree);

  if (first == NULL) {
    return input->offset > r->next;
  }
  return first->offset > r->next &&
         tcpflow__pieces_last(&r->rest->tree)->end <= input->offset;
}

/* Is it whole, and in front of no end? */
static bool is_whole(const tcpflow__reasm *r,
                     const tcpflow__reasm_input *input) {
  return r->rest->give_up <= r->next && r->rest->gate == UINT64_MAX &&
         r->end == UINT64_MAX && input->length != 0 &&
         input->captured == input->length;
}

static bool has_room(const tcpflow__reasm_rest *rest,
                     const tcpflow__budget *budget,
                     const tcpflow__reasm_limits *limits, uint64_t octets) {
  const uint64_t cost = tcpflow__piece_cost(octets);

  return rest->pieces + UINT64_C(1) <= limits->max_pieces &&
         rest->memory + cost <= limits->max_memory &&
         budget->used + cost <= budget->cap;
}

/* Makes the last piece, of the input's octets if somebody wants them. */
static tcpflow__piece *make_last(const tcpflow__reasm *r,
                                 tcpflow__budget *budget,
                                 tcpflow__reasm_input *input) {
  const uint64_t from = input->offset;
  const uint64_t end = from + input->length;
  const tcpflow__range range = {from, r->off ? from : end};
  const tcpflow__arrival in = {.input = input,
                               .bytes = r->off ? NULL : input->bytes,
                               .from = from,
                               .middle = range.end,
                               .end = end};
  tcpflow__piece *const p = tcpflow__keep_piece(budget, &in, range);

  if (p != NULL) {
    p->end = end;
  }
  return p;
}

static bool add(tcpflow__reasm *r, tcpflow__budget *budget,
                tcpflow__reasm_input *input) {
  tcpflow__piece *const last = tcpflow__pieces_last(&r->rest->tree);
  tcpflow__piece *p;

  if (last == NULL && tcpflow__rest_own(r, budget) != TCPFLOW_OK) {
    return false;
  }
  p = make_last(r, budget, input);
  if (p == NULL) {
    return false;
  }
  if (last == NULL) {
    r->rest->reached = (uint32_t)r->next;
  }
  tcpflow__pieces_insert_behind(&r->rest->tree, last, p);
  r->rest->pieces++;
  r->rest->memory += (uint32_t)tcpflow__piece_cost(p->size);
  return true;
}

bool tcpflow__reasm_append(tcpflow__reasm *r, tcpflow__budget *budget,
                           const tcpflow__reasm_limits *limits,
                           tcpflow__reasm_input *input) {
  tcpflow__piece *const last = tcpflow__pieces_last(&r->rest->tree);

  if (!is_whole(r, input) || !is_behind(r, input)) {
    return false;
  }
  /* Without octets, that piece reaches further. */
  if (r->off && last != NULL && last->end == input->offset) {
    last->end += input->length;
    return true;
  }
  return has_room(r->rest, budget, limits, r->off ? 0 : input->length) &&
         add(r, budget, input);
}
