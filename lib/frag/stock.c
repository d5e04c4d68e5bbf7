/*
 * lib/frag/stock.c - memory for a fragment, and room for it.
 *
 * Room: frag.  Includes: base.
 */
#include "frag/stock.h"

#include "base/mem.h"

static bool wants_map(const tcpflow__frag_arrival *a) {
  return a->pending->map == NULL &&
         a->facts.parts >= TCPFLOW__PARTS_WITHOUT_MAP;
}

void tcpflow__stock_give_back(const tcpflow_mem *mem, tcpflow__stock *s) {
  tcpflow__free(mem, s->part);
  tcpflow__free(mem, s->map);
}

int tcpflow__stock_ask(const tcpflow_mem *mem, const tcpflow__frag_arrival *a,
                       tcpflow__stock *s) {
  const bool with_map = wants_map(a);

  s->memory = tcpflow__part_cost(&a->fragment) +
              (with_map ? sizeof(*s->map) : 0) +
              (a->is_new ? sizeof(*a->pending) : 0);
  s->part = tcpflow__part_new(mem, &a->fragment);
  s->map = with_map && s->part != NULL
             ? (tcpflow__map *)tcpflow__malloc(mem, sizeof(*s->map))
             : NULL;
  if (s->part == NULL || (with_map && s->map == NULL)) {
    tcpflow__stock_give_back(mem, s);
    return TCPFLOW_ERR_NOMEM;
  }
  return TCPFLOW_OK;
}

static bool fits(const tcpflow_frag *frag, const tcpflow__frag_arrival *a,
                 const tcpflow__stock *s) {
  return s->memory <= frag->config.max_bytes &&
         frag->store.memory <= frag->config.max_bytes - s->memory &&
         frag->store.count + (a->is_new ? 1 : 0) <= frag->config.max_datagrams;
}

/* The oldest datagram that may go; NULL if none may. */
static tcpflow__pending *find_victim(const tcpflow_frag *frag,
                                     const tcpflow__pending *spared) {
  tcpflow__pending *victim = frag->store.oldest;

  while (victim != NULL && (victim == spared || victim->complete)) {
    victim = victim->newer;
  }
  return victim;
}

bool tcpflow__stock_make_room(tcpflow_frag *frag,
                              const tcpflow__frag_arrival *a,
                              const tcpflow__stock *s) {
  const uint64_t own = a->is_new ? s->memory : s->memory + a->pending->memory;

  if (own > frag->config.max_bytes) {
    return false;
  }
  while (!fits(frag, a, s)) {
    tcpflow__pending *const victim = find_victim(frag, a->pending);
    if (victim == NULL) {
      return false;
    }
    tcpflow__frag_drop(frag, victim, TCPFLOW_FRAG_REASON_EVICTED);
  }
  return true;
}

void tcpflow__stock_add(tcpflow_frag *frag, tcpflow__frag_arrival *a,
                        const tcpflow__stock *s) {
  tcpflow__pending *const pending = a->pending;

  pending->before = pending->facts;
  a->facts.parts++;
  a->facts.last = s->part;
  if (pending->facts.last == NULL) {
    pending->first = s->part;
  } else {
    pending->facts.last->next = s->part;
  }
  pending->facts = a->facts;
  pending->memory += s->memory - (a->is_new ? sizeof(*pending) : 0);
  if (s->map != NULL) {
    pending->map = s->map;
    tcpflow__map_fill(s->map, pending);
  } else if (pending->map != NULL) {
    tcpflow__map_add(pending->map, s->part->start, s->part->end);
  }
  frag->stats.fragments++;
  tcpflow__frag_count(frag, pending->before.anomalies, a->facts.anomalies);
  if (a->is_new) {
    frag->stats.datagrams++;
    tcpflow__store_enter(&frag->store, pending);
  } else {
    frag->store.memory += s->memory;
  }
}
