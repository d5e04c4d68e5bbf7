/*
 * lib/conn/heir.c - what a connection leaves to the next one of its ports.
 *
 * Room: conn.  Includes: base, wire, segment, fsm.  RFC 9293 section 3.4.2 has
 * a host keep quiet, or keep TIME-WAIT, so that late segments of one
 * connection do not get into the next; an observer remembers their numbers.
 */
#include "conn/heir.h"

#include <assert.h>
#include <string.h>

#include "base/later.h"
#include "base/mem.h"
#include "base/sized.h"
#include "conn/candidates.h"
#include "conn/fold.h"

/* For how long the segments of the connection before are known: 2 MSL. */
static const tcpflow_time LINGER = 60 * TCPFLOW_SECOND;

/* The numbers of a side, from its SYN on. */
static void leave_numbers(tcpflow__former *former, tcpflow_side as,
                          const tcpflow__endpoint *end) {
  former->known[as] = tcpflow__endpoint_has(end, TCPFLOW__END_BASE);
  former->first[as] = tcpflow_seq_add(end->base, UINT32_MAX);
  former->nxt[as] = end->snd_nxt;
}

/* The SYN of the client that the segment answers, or follows; NULL: none. */
static tcpflow__syn *find_syn(const tcpflow_conn *old, tcpflow_side client,
                              tcpflow_side sender,
                              const tcpflow_segment *segment) {
  tcpflow__candidates *const list = tcpflow__candidates_of(old);

  if (sender != client) {
    return tcpflow__candidates_acked(list, client, segment->ack);
  }
  return (segment->flags & TCPFLOW_FLAG_SYN) != 0
           ? NULL
           : tcpflow__candidates_followed(list, client, segment->seq);
}

/* The octets move with the SYN, or, between allocators, are copied. */
static int leave_data(tcpflow__conn_env *from, tcpflow__conn_env *to,
                      tcpflow__syn *syn, tcpflow__syn *left) {
  if (from == to || syn->data == NULL) {
    syn->data = NULL;
    syn->captured = 0;
    return TCPFLOW_OK;
  }
  left->data = tcpflow__malloc(&to->budget.mem, syn->captured);
  if (left->data == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  memcpy(left->data, syn->data, syn->captured);
  to->budget.used += syn->captured;
  return TCPFLOW_OK;
}

static int leave_syn(tcpflow__conn_env *from, tcpflow__conn_env *to,
                     tcpflow__conn_extra *heir, tcpflow__syn *syn) {
  tcpflow__candidates *const list =
    tcpflow__malloc(&to->budget.mem, tcpflow__candidates_size(2));

  if (list == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  list->room = 2;
  list->count = 1;
  list->of[0] = *syn;
  list->of[0].side = TCPFLOW_SIDE_CLIENT;
  list->of[0].settled = false;
  if (leave_data(from, to, syn, &list->of[0]) != TCPFLOW_OK) {
    tcpflow__free(&to->budget.mem, list);
    return TCPFLOW_ERR_NOMEM;
  }
  to->extras += tcpflow__candidates_size(2);
  heir->candidates = list;
  return TCPFLOW_OK;
}

tcpflow__conn_extra *tcpflow__heir_new(tcpflow__conn_env *env,
                                       const tcpflow_conn *former,
                                       tcpflow_side sender,
                                       const tcpflow_segment *segment,
                                       tcpflow_time linger) {
  tcpflow__conn_view room;
  const tcpflow_conn *const old = tcpflow__conn_seen(former, &room);
  const bool answer = (segment->flags & TCPFLOW_FLAG_SYN) != 0 &&
                      (segment->flags & TCPFLOW_FLAG_ACK) != 0;
  const tcpflow_side client = answer ? tcpflow_side_other(sender) : sender;
  tcpflow__syn *const syn = find_syn(old, client, sender, segment);
  const tcpflow_time now =
    segment->time > old->last ? segment->time : old->last;
  tcpflow__conn_extra *const heir =
    tcpflow__calloc(&env->budget.mem, 1, sizeof(*heir));

  if (heir == NULL) {
    return NULL;
  }
  heir->former.until = tcpflow__later(now, linger);
  /* What goes on behind a RST goes on with the same numbers. */
  if (syn != NULL || (segment->flags & TCPFLOW_FLAG_SYN) != 0) {
    leave_numbers(&heir->former, TCPFLOW_SIDE_CLIENT, &old->end[client]);
    leave_numbers(&heir->former, TCPFLOW_SIDE_SERVER, &old->end[!client]);
  }
  heir->reuse = (uint8_t)tcpflow__conn_reuse(old, sender, segment);
  if (syn != NULL && leave_syn(old->env, env, heir, syn) != TCPFLOW_OK) {
    tcpflow__free(&env->budget.mem, heir);
    return NULL;
  }
  env->extras += sizeof(*heir);
  return heir;
}

void tcpflow__heir_del(tcpflow__conn_env *env, tcpflow__conn_extra *heir) {
  if (heir != NULL) {
    tcpflow__candidates_clear(env, &heir->candidates);
    env->extras -= sizeof(*heir);
    tcpflow__free(&env->budget.mem, heir);
  }
}

/* What the caller has set for a connection stays. */
static void keep_settings(tcpflow__conn_extra *heir,
                          const tcpflow__conn_extra *own) {
  memcpy(heir->timeout, own->timeout, sizeof(heir->timeout));
  memcpy(heir->skip, own->skip, sizeof(heir->skip));
  heir->own_timeouts = own->own_timeouts;
}

void tcpflow__conn_inherit(tcpflow_conn *conn, tcpflow__conn_extra *heir) {
  if (conn->extra != NULL) {
    keep_settings(heir, conn->extra);
  }
  tcpflow__conn_extra_clear(conn);
  conn->extra = heir;
  tcpflow__conn_mark(conn, TCPFLOW__CONN_SUCCEEDS);
}

int tcpflow_conn_succeed(tcpflow_conn *conn, tcpflow_conn *former,
                         tcpflow_side sender, const tcpflow_segment *segment) {
  tcpflow__conn_extra *heir;
  tcpflow_segment ours;

  if (conn->env->telling || former->env->telling ||
      tcpflow__conn_is(conn, TCPFLOW__CONN_BEGUN)) {
    return TCPFLOW_ERR_STATE;
  }
  if (!tcpflow__is_side(sender)) {
    return TCPFLOW_ERR_INVALID;
  }
  if (tcpflow__sized_read(&ours, sizeof(ours), segment) != TCPFLOW_OK) {
    return TCPFLOW_ERR_VERSION;
  }
  heir = tcpflow__heir_new(conn->env, former, sender, &ours, LINGER);
  if (heir == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  tcpflow__conn_inherit(conn, heir);
  return TCPFLOW_OK;
}

bool tcpflow__heir_seed(tcpflow_conn *conn, tcpflow_time now) {
  const tcpflow__candidates *const list = tcpflow__candidates_of(conn);

  /* Memory for one may have been taken in vain. */
  if (list == NULL || list->count == 0) {
    return false;
  }
  tcpflow__candidate_restore(conn->end, TCPFLOW_SIDE_CLIENT, &list->of[0].as,
                             now);
  conn->end[TCPFLOW_SIDE_CLIENT].state = TCPFLOW_STATE_SYN_SENT;
  conn->end[TCPFLOW_SIDE_SERVER].state = TCPFLOW_STATE_LISTEN;
  conn->sides->syn_time = list->of[0].as.time;
  return true;
}

void tcpflow__heir_seeded(tcpflow_conn *conn, tcpflow__visit *v) {
  tcpflow__judgment *const judgment = &v->judgment;

  assert(judgment->count + 2U <= TCPFLOW__HAPPENINGS_MAX);
  memmove(&judgment->happening[2], &judgment->happening[0],
          judgment->count * sizeof(judgment->happening[0]));
  judgment->happening[0] =
    (tcpflow__happening){TCPFLOW_SIDE_CLIENT, TCPFLOW_STIMULUS_SND_SYN, false};
  judgment->happening[1] =
    (tcpflow__happening){TCPFLOW_SIDE_SERVER, TCPFLOW_STIMULUS_RCV_SYN, false};
  judgment->count = (uint8_t)(judgment->count + 2);
  conn->end[TCPFLOW_SIDE_CLIENT].state = TCPFLOW_STATE_UNKNOWN;
  conn->end[TCPFLOW_SIDE_SERVER].state = TCPFLOW_STATE_UNKNOWN;
}

/* Does a number lie between two, both included? */
static bool is_within(tcpflow_seq first, tcpflow_seq last, tcpflow_seq number) {
  return tcpflow_seq_distance(first, number) <=
         tcpflow_seq_distance(first, last);
}

/* Does a number lie in what an endpoint has used? */
static bool is_used(const tcpflow__endpoint *end, tcpflow_seq number) {
  return tcpflow__endpoint_has(end, TCPFLOW__END_BASE) &&
         is_within(tcpflow_seq_add(end->base, UINT32_MAX), end->snd_nxt,
                   number);
}

bool tcpflow__heir_is_former(const tcpflow_conn *conn,
                             const tcpflow__visit *v) {
  const tcpflow__former *const former = &conn->extra->former;
  const tcpflow_segment *const segment = v->cause.segment;
  const tcpflow_side sender = v->cause.sender;
  const tcpflow_side receiver = tcpflow_side_other(sender);
  const bool ack = (segment->flags & TCPFLOW_FLAG_ACK) != 0;

  if (v->now >= former->until || !former->known[sender] ||
      !is_within(former->first[sender], former->nxt[sender], segment->seq)) {
    return false;
  }
  if (ack && !(former->known[receiver] &&
               is_within(former->first[receiver], former->nxt[receiver],
                         segment->ack))) {
    return false;
  }
  return !is_used(&conn->end[sender], segment->seq) &&
         !(ack && is_used(&conn->end[receiver], segment->ack));
}
