/*
 * lib/reasm/rest.c - what few streams need, made when one needs it.
 *
 * Room: reasm.  Includes: base.
 */
#include "reasm/rest.h"

#include "base/mem.h"

/* Without a gate, and with one. */
static const tcpflow__reasm_rest shared_rests[2] = {
  {.gate = UINT64_MAX, .shared = true},
  {.gate = 0, .shared = true},
};

/* Nobody writes to it, but the pointer to one's own is the same. */
tcpflow__reasm_rest *tcpflow__rest_shared(bool gated) {
  union {
    const tcpflow__reasm_rest *shared;
    tcpflow__reasm_rest *rest;
  } const it = {&shared_rests[gated]};

  return it.rest;
}

static tcpflow__reasm_rest *make(tcpflow__budget *budget) {
  tcpflow__reasm_rest *const rest =
    (tcpflow__reasm_rest *)tcpflow__malloc(&budget->mem, sizeof(*rest));

  budget->rests += rest == NULL ? 0 : sizeof(*rest);
  return rest;
}

/* It begins as what the stream shared. */
static void give(tcpflow__reasm *r, tcpflow__reasm_rest *rest) {
  *rest = *r->rest;
  rest->shared = false;
  rest->lent = false;
  r->rest = rest;
}

int tcpflow__rest_own(tcpflow__reasm *r, tcpflow__budget *budget) {
  tcpflow__reasm_rest *rest;

  if (!tcpflow__rest_is_shared(r)) {
    return TCPFLOW_OK;
  }
  rest = make(budget);
  if (rest == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  give(r, rest);
  return TCPFLOW_OK;
}

bool tcpflow__rest_take(tcpflow__reasm *r, tcpflow__budget *budget) {
  if (!tcpflow__rest_is_shared(r)) {
    return true;
  }
  if (budget->spares == 0) {
    return tcpflow__rest_own(r, budget) == TCPFLOW_OK;
  }
  give(r, budget->spare[--budget->spares]);
  return true;
}

void tcpflow__rest_lend(tcpflow__reasm *r, tcpflow__reasm_rest *rest) {
  give(r, rest);
  rest->lent = true;
}

void tcpflow__rest_differ(tcpflow__reasm *r, uint64_t octets) {
  if (!tcpflow__rest_is_shared(r)) {
    const uint32_t room = UINT32_MAX - r->rest->conflicting;

    r->rest->conflicting += octets < room ? (uint32_t)octets : room;
  }
}

int tcpflow__rest_restock(tcpflow__budget *budget) {
  while (budget->spares < TCPFLOW__RESTS) {
    tcpflow__reasm_rest *const rest = make(budget);

    if (rest == NULL) {
      return TCPFLOW_ERR_NOMEM;
    }
    budget->spare[budget->spares++] = rest;
  }
  return TCPFLOW_OK;
}

static void unmake(tcpflow__budget *budget, tcpflow__reasm_rest *rest) {
  budget->rests -= sizeof(*rest);
  tcpflow__free(&budget->mem, rest);
}

void tcpflow__rest_unstock(tcpflow__budget *budget) {
  while (budget->spares > 0) {
    unmake(budget, budget->spare[--budget->spares]);
  }
}

void tcpflow__rest_drop_own(tcpflow__reasm *r, tcpflow__budget *budget) {
  tcpflow__reasm_rest *const rest = r->rest;

  tcpflow__reasm_clear(r, budget);
  if (!rest->lent) {
    r->rest = tcpflow__rest_shared(false);
    unmake(budget, rest);
  }
}

void tcpflow__rest_open_gate(tcpflow__reasm *r) {
  if (tcpflow__rest_is_shared(r)) {
    r->rest = tcpflow__rest_shared(false);
  } else {
    r->rest->gate = UINT64_MAX;
  }
}

void tcpflow__rest_shut_gate(tcpflow__reasm *r, tcpflow__budget *budget,
                             uint64_t offset) {
  if (tcpflow__rest_take(r, budget)) {
    r->rest->gate = offset;
  }
}

void tcpflow__rest_move_gate(tcpflow__reasm *r, tcpflow__budget *budget,
                             uint64_t offset) {
  if (r->rest->gate >= offset) {
    return;
  }
  if (tcpflow__rest_take(r, budget)) {
    r->rest->gate = offset;
  } else {
    tcpflow__rest_open_gate(r);
  }
}
