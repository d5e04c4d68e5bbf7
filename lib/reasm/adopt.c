/*
 * lib/reasm/adopt.c - a piece that was made elsewhere becomes a stream's.
 *
 * Room: reasm.  Includes: base.  It was charged to the budget when it was made,
 * so this cannot fail for memory, and may be done when it is too late to fail.
 */
#include "reasm/adopt.h"

#include "reasm/rest.h"

static bool has_room(const tcpflow__reasm *r,
                     const tcpflow__reasm_limits *limits,
                     const tcpflow__piece *p) {
  return r->rest->pieces < limits->max_pieces &&
         r->rest->memory + tcpflow__piece_cost(p->size) <= limits->max_memory;
}

/* Is all of it in octets that wait, and that nobody has? */
static bool is_free(const tcpflow__reasm *r, const tcpflow__piece *p) {
  const tcpflow__piece *const at =
    tcpflow__pieces_seek(&r->rest->tree, p->offset);

  return p->offset >= r->next && (at == NULL || at->offset >= p->end);
}

bool tcpflow__reasm_adopt(tcpflow__reasm *r, tcpflow__budget *budget,
                          const tcpflow__reasm_limits *limits,
                          tcpflow__piece *p) {
  if (!is_free(r, p) || !has_room(r, limits, p) ||
      !tcpflow__rest_take(r, budget)) {
    return false;
  }
  if (r->rest->tree.root == NULL) {
    r->rest->reached = (uint32_t)r->next;
  }
  tcpflow__pieces_insert(&r->rest->tree, p);
  r->rest->pieces++;
  r->rest->memory += (uint32_t)tcpflow__piece_cost(p->size);
  return true;
}
