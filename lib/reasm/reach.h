/*
 * lib/reasm/reach.h - how far a stream is held without a hole.
 *
 * Room: reasm.  Includes: base.
 */
#ifndef TCPFLOW__REASM_REACH_H
#define TCPFLOW__REASM_REACH_H

#include "reasm/pieces.h"
#include "reasm/reasm.h"

/* The end of the pieces that follow each other from OFFSET on.  What lies
   behind the stream's end does not matter. */
static inline uint64_t tcpflow__reach_end_of_run(const tcpflow__reasm *r,
                                                 uint64_t offset) {
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
static inline uint64_t tcpflow__reach_of(const tcpflow__reasm *r) {
  const uint32_t ahead = r->rest->reached - (uint32_t)r->next;

  return r->rest->tree.root == NULL || r->rest->gate == UINT64_MAX ||
             ahead > INT32_MAX
           ? r->next
           : r->next + ahead;
}

#endif /* TCPFLOW__REASM_REACH_H */
