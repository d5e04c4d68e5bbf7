/*
 * lib/reasm/append.c - octets behind all that a stream holds.
 *
 * Room: reasm.  Includes: base.  Behind a lost segment a whole window of others
 * comes in order.  None of them contests or fills anything, so there is nothing
 * to be looked for but room.
 */
#include "reasm/append.h"

#include "reasm/keep.h"

/* Is there a hole in front of all that is held, and is all of the input behind
   it, and in front of no end? */
static bool is_behind(const tcpflow__reasm *r,
                      const tcpflow__reasm_input *input) {
  const tcpflow__reasm_rest *const rest = r->rest;
  const tcpflow__piece *const first = tcpflow__pieces_first(&rest->tree);

  return first != NULL && first->offset > r->next &&
         tcpflow__pieces_last(&rest->tree)->end <= input->offset &&
         rest->give_up <= r->next && rest->gate == UINT64_MAX &&
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
static bool add(tcpflow__reasm *r, tcpflow__budget *budget,
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

  if (p == NULL) {
    return false;
  }
  p->end = end;
  tcpflow__pieces_insert_behind(&r->rest->tree,
                                tcpflow__pieces_last(&r->rest->tree), p);
  r->rest->pieces++;
  r->rest->memory += (uint32_t)tcpflow__piece_cost(p->size);
  return true;
}

bool tcpflow__reasm_append(tcpflow__reasm *r, tcpflow__budget *budget,
                           const tcpflow__reasm_limits *limits,
                           tcpflow__reasm_input *input) {
  tcpflow__piece *const last = tcpflow__pieces_last(&r->rest->tree);

  if (!is_behind(r, input)) {
    return false;
  }
  /* Without octets, that piece reaches further. */
  if (r->off && last->end == input->offset) {
    last->end += input->length;
    return true;
  }
  return has_room(r->rest, budget, limits, r->off ? 0 : input->length) &&
         add(r, budget, input);
}
