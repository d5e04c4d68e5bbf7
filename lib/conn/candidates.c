/*
 * lib/conn/candidates.c - the SYNs and SYN,ACKs of a connection of which only
 * the peer can say which one counts.
 *
 * Room: conn.  Includes: base, segment, reasm.
 */
#include "conn/candidates.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "conn/extra.h"

tcpflow__candidates *tcpflow__candidates_of(const tcpflow_conn *conn) {
  return conn->extra == NULL ? NULL : conn->extra->candidates;
}

int tcpflow__candidates_reserve(tcpflow_conn *conn) {
  tcpflow__conn_extra *const extra = tcpflow__conn_extra_need(conn);
  const tcpflow__candidates *const old =
    extra == NULL ? NULL : extra->candidates;
  const unsigned room = old == NULL ? 2U : old->room * 2U;
  const size_t former = old == NULL ? 0 : tcpflow__candidates_size(old->room);
  tcpflow__candidates *list;

  if (extra == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  if (old != NULL && (old->count + 2U <= old->room ||
                      old->room >= 2 * TCPFLOW__CANDIDATES_A_SIDE)) {
    return TCPFLOW_OK;
  }
  list = tcpflow__realloc(&conn->env->budget.mem, extra->candidates,
                          tcpflow__candidates_size(room));
  if (list == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  conn->env->extras += tcpflow__candidates_size(room) - former;
  list->count = extra->candidates == NULL ? 0 : list->count;
  list->room = (uint8_t)room;
  extra->candidates = list;
  return TCPFLOW_OK;
}

int tcpflow__candidates_copy(tcpflow_conn *conn, tcpflow_side side,
                             const tcpflow_segment *segment,
                             tcpflow__syn *syn) {
  tcpflow__budget *const budget = &conn->env->budget;
  const uint32_t size = segment->payload_captured;

  syn->data = NULL;
  syn->captured = 0;
  syn->number = segment->number;
  if (size == 0 || conn->sides->stream[side].off ||
      size > conn->env->limits.max_memory ||
      size > budget->cap - budget->used) {
    return TCPFLOW_OK;
  }
  syn->data = tcpflow__malloc(&budget->mem, size);
  if (syn->data == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  memcpy(syn->data, segment->payload, size);
  syn->captured = size;
  budget->used += size;
  return TCPFLOW_OK;
}

void tcpflow__candidates_drop_data(tcpflow__budget *budget, tcpflow__syn *syn) {
  if (syn->data != NULL) {
    budget->used -= syn->captured;
    tcpflow__free(&budget->mem, syn->data);
    syn->data = NULL;
    syn->captured = 0;
  }
}

static unsigned count_side(const tcpflow__candidates *list, unsigned side) {
  unsigned count = 0;

  for (unsigned i = 0; i < list->count; i++) {
    count += list->of[i].side == side;
  }
  return count;
}

static void drop_oldest(tcpflow__budget *budget, tcpflow__candidates *list,
                        unsigned side) {
  unsigned at = 0;

  while (list->of[at].side != side) {
    at++;
  }
  tcpflow__candidates_drop_data(budget, &list->of[at]);
  list->count--;
  memmove(&list->of[at], &list->of[at + 1],
          (list->count - at) * sizeof(list->of[0]));
}

bool tcpflow__candidates_add(tcpflow_conn *conn, const tcpflow__syn *syn) {
  tcpflow__candidates *const list = conn->extra->candidates;
  const bool full = count_side(list, syn->side) >= TCPFLOW__CANDIDATES_A_SIDE;

  if (full) {
    drop_oldest(&conn->env->budget, list, syn->side);
  }
  assert(list->count < list->room);
  list->of[list->count++] = *syn;
  return !full;
}

void tcpflow__candidates_clear(tcpflow__conn_env *env,
                               tcpflow__candidates **list) {
  if (*list == NULL) {
    return;
  }
  for (unsigned i = 0; i < (*list)->count; i++) {
    tcpflow__candidates_drop_data(&env->budget, &(*list)->of[i]);
  }
  env->extras -= tcpflow__candidates_size((*list)->room);
  tcpflow__free(&env->budget.mem, *list);
  *list = NULL;
}

tcpflow__syn *tcpflow__candidates_find(tcpflow__candidates *list,
                                       tcpflow_side side, tcpflow_seq isn) {
  for (unsigned i = list == NULL ? 0 : list->count; i > 0; i--) {
    tcpflow__syn *const syn = &list->of[i - 1];

    if (syn->side == side && syn->as.isn == isn) {
      return syn;
    }
  }
  return NULL;
}

tcpflow__syn *tcpflow__candidates_acked(tcpflow__candidates *list,
                                        tcpflow_side side, tcpflow_seq ack) {
  for (unsigned i = list == NULL ? 0 : list->count; i > 0; i--) {
    tcpflow__syn *const syn = &list->of[i - 1];

    if (syn->side == side && tcpflow__candidate_is_acked(&syn->as, ack)) {
      return syn;
    }
  }
  return NULL;
}

tcpflow__syn *tcpflow__candidates_followed(tcpflow__candidates *list,
                                           tcpflow_side side, tcpflow_seq seq) {
  for (unsigned i = list == NULL ? 0 : list->count; i > 0; i--) {
    tcpflow__syn *const syn = &list->of[i - 1];
    const tcpflow_seq first = tcpflow_seq_add(syn->as.isn, 1);

    if (syn->side == side &&
        (seq == first || seq == tcpflow_seq_add(first, syn->as.length))) {
      return syn;
    }
  }
  return NULL;
}
