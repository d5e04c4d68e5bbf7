/*
 * lib/reasm/reasm.c - a stream put in order, and what can be asked of it.
 *
 * Room: reasm.  Includes: base.  What was told is never replaced; what is held,
 * if the policy says so, and then drain() takes it away before it tells.
 * In-order input is never refused nor copied, whatever the limits, unless a
 * gate is in its way.
 */
#include "reasm/reasm.h"

#include "base/order.h"
#include "reasm/keep.h"
#include "reasm/pieces.h"
#include "reasm/reach.h"
#include "reasm/rest.h"

_Static_assert(sizeof(void *) > 8 || sizeof(tcpflow__reasm) <= 32,
               "two of them are in every connection");

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

void tcpflow__reasm_clear(tcpflow__reasm *r, tcpflow__budget *budget) {
  while (r->rest->tree.root != NULL) {
    tcpflow__keep_drop(r, budget, tcpflow__pieces_pop(&r->rest->tree));
  }
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
  uint64_t edge = tcpflow__reach_end_of_run(
    r, tcpflow__higher(tcpflow__reach_of(r), r->rest->give_up));

  if (input != NULL && input->offset <= edge &&
      input->offset + input->length > edge) {
    edge = tcpflow__reach_end_of_run(r, input->offset + input->length);
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
         tcpflow__lower(tcpflow__reach_of(r), r->end) <=
           tcpflow__reach_end_of_run(r, r->next) &&
         is_held_behind(r, first) && r->next <= r->end &&
         r->next <= r->rest->gate && r->rest->missing <= r->next;
}
