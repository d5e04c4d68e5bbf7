/*
 * lib/frag/gather.c - a fragment is taken in.
 *
 * Room: frag.  Includes: base, decode.  First it is looked at, which changes
 * nothing; then memory is asked for; then others make room for it; then it is
 * added.  So a call can fail, but not half.
 */
#include "base/mem.h"
#include "frag/arrival.h"
#include "frag/complete.h"
#include "frag/stock.h"

#include <string.h>

/* Datagrams given up for a packet because they took too long. */
#define LOOKS_A_PACKET 32

/* --- dropped --- */

/* Only the fragment is dropped; its datagram, if there is one, has the
   anomalies. */
static void drop_alone(tcpflow_frag *frag, tcpflow__frag_arrival *a,
                       tcpflow_frag_result *result) {
  uint32_t before = 0;

  if (a->pending != NULL) {
    before = a->pending->facts.anomalies;
    a->pending->facts.anomalies = a->facts.anomalies;
  }
  tcpflow__frag_count(frag, before, a->facts.anomalies);
  frag->stats.fragments++;
  frag->stats.fragments_dropped[a->reason]++;
  tcpflow__frag_arrival_answer(result, a, TCPFLOW_FRAG_DROPPED);
}

/* The fragment counts as one of the datagram that goes. */
static void drop_all(tcpflow_frag *frag, tcpflow__frag_arrival *a,
                     tcpflow_frag_result *result) {
  tcpflow__pending *const pending = a->pending;

  a->facts.parts++;
  tcpflow__frag_count(frag, pending->facts.anomalies, a->facts.anomalies);
  frag->stats.fragments++;
  pending->facts.anomalies = a->facts.anomalies;
  pending->facts.parts = a->facts.parts;
  a->reason = a->fatal;
  tcpflow__frag_arrival_answer(result, a, TCPFLOW_FRAG_DROPPED);
  tcpflow__frag_condemn(frag, pending, a->fatal);
}

/* --- its datagram --- */

static tcpflow_frag_policy ask_policy(tcpflow_frag *frag,
                                      const tcpflow_frag_query *query) {
  int answer = TCPFLOW_FRAG_POLICY_DEFAULT;

  if (frag->callbacks.choose_policy != NULL) {
    frag->telling = true;
    answer = frag->callbacks.choose_policy(query, frag->user);
    frag->telling = false;
  }
  if (answer > TCPFLOW_FRAG_POLICY_DEFAULT &&
      answer < TCPFLOW_FRAG_POLICY_COUNT) {
    return (tcpflow_frag_policy)answer;
  }
  return (tcpflow_frag_policy)(query->ends->version == 4
                                 ? frag->config.policy_ipv4
                                 : frag->config.policy_ipv6);
}

/* Finds the fragment's datagram, if it is known and still has time. */
static void find(tcpflow_frag *frag, tcpflow__frag_arrival *a) {
  a->hash = tcpflow__store_hash(&frag->store, &a->fragment.key);
  a->pending = tcpflow__store_find(&frag->store, &a->fragment.key, a->hash);
  if (a->pending != NULL && tcpflow__frag_is_late(frag, a->pending)) {
    tcpflow__frag_drop(frag, a->pending, TCPFLOW_FRAG_REASON_TIMEOUT);
    a->pending = NULL;
  }
  if (a->pending == NULL) {
    const tcpflow_frag_query query = {frag->now, &a->fragment.key.ends,
                                      a->fragment.key.id, a->fragment.protocol};
    a->policy = ask_policy(frag, &query);
    return;
  }
  a->policy = (tcpflow_frag_policy)a->pending->policy;
  a->facts = a->pending->facts;
  if (a->pending->dropped) {
    a->reason = TCPFLOW_FRAG_REASON_ABANDONED;
  }
}

/* Makes a datagram that is not entered yet.  TCPFLOW_OK or
   TCPFLOW_ERR_NOMEM. */
static int begin(tcpflow_frag *frag, tcpflow__frag_arrival *a) {
  tcpflow__pending *const pending =
    (tcpflow__pending *)tcpflow__calloc(&frag->store.mem, 1, sizeof(*pending));

  if (pending == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  pending->hash = a->hash;
  pending->key = a->fragment.key;
  pending->first_time = frag->now;
  pending->memory = sizeof(*pending);
  pending->protocol = a->fragment.protocol;
  pending->policy = (uint8_t)a->policy;
  a->pending = pending;
  a->is_new = true;
  return TCPFLOW_OK;
}

/* --- all of it --- */

/* A fragment for which there is no room.  A new datagram is forgotten. */
static void drop_for_room(tcpflow_frag *frag, tcpflow__frag_arrival *a,
                          tcpflow_frag_result *result) {
  if (a->is_new) {
    tcpflow__free(&frag->store.mem, a->pending);
    a->pending = NULL;
    a->reason = TCPFLOW_FRAG_REASON_NO_ROOM;
    drop_alone(frag, a, result);
    return;
  }
  a->fatal = TCPFLOW_FRAG_REASON_NO_ROOM;
  drop_all(frag, a, result);
}

/* Keeps a fragment that nothing speaks against. */
static int keep(tcpflow_frag *frag, tcpflow__frag_arrival *a,
                tcpflow_frag_result *result) {
  tcpflow__stock s;

  if (tcpflow__stock_ask(&frag->store.mem, a, &s) != TCPFLOW_OK) {
    if (a->is_new) {
      tcpflow__free(&frag->store.mem, a->pending);
    }
    return TCPFLOW_ERR_NOMEM;
  }
  if (!tcpflow__stock_make_room(frag, a, &s)) {
    tcpflow__stock_give_back(&frag->store.mem, &s);
    drop_for_room(frag, a, result);
    return TCPFLOW_OK;
  }
  tcpflow__stock_add(frag, a, &s);
  tcpflow__frag_arrival_answer(result, a, TCPFLOW_FRAG_HELD);
  return TCPFLOW_OK;
}

/* Adds a fragment to its datagram, unless it lies wrong there. */
static int join(tcpflow_frag *frag, tcpflow__frag_arrival *a,
                tcpflow_frag_result *result) {
  if (a->pending == NULL && begin(frag, a) != TCPFLOW_OK) {
    return TCPFLOW_ERR_NOMEM;
  }
  result->first_time = a->pending->first_time;
  tcpflow__frag_arrival_look_beside(frag, a);
  if (a->fatal != TCPFLOW_FRAG_REASON_NONE) {
    drop_all(frag, a, result);
    return TCPFLOW_OK;
  }
  if (a->reason != TCPFLOW_FRAG_REASON_NONE) {
    drop_alone(frag, a, result);
    return TCPFLOW_OK;
  }
  return keep(frag, a, result);
}

static int take_fragment(tcpflow_frag *frag, tcpflow__frag_arrival *a,
                         const tcpflow_packet *packet,
                         tcpflow_frag_result *result, tcpflow_frame *datagram) {
  int error;

  find(frag, a);
  tcpflow__frag_arrival_look(frag, a);
  if (a->reason != TCPFLOW_FRAG_REASON_NONE) {
    result->first_time =
      a->pending == NULL ? frag->now : a->pending->first_time;
    drop_alone(frag, a, result);
    return TCPFLOW_OK;
  }
  error = join(frag, a, result);
  if (error == TCPFLOW_OK && result->outcome == TCPFLOW_FRAG_HELD &&
      tcpflow__frag_is_complete(frag, a->pending)) {
    tcpflow__frag_complete(frag, a, packet, result, datagram);
  }
  return error;
}

int tcpflow__frag_take(tcpflow_frag *frag, const tcpflow_packet *packet,
                       tcpflow_frag_result *result, tcpflow_frame *datagram) {
  tcpflow__frag_arrival a;
  int error;

  memset(&a, 0, sizeof(a));
  tcpflow_frag_result_init(result);
  tcpflow__frag_pass(frag, packet->time, LOOKS_A_PACKET);
  if (!tcpflow__fragment_read(&a.fragment, packet)) {
    return frag->stopped ? TCPFLOW_ERR_CALLBACK : TCPFLOW_OK;
  }
  error = take_fragment(frag, &a, packet, result, datagram);
  if (error != TCPFLOW_OK) {
    return error;
  }
  return frag->stopped ? TCPFLOW_ERR_CALLBACK : TCPFLOW_OK;
}
