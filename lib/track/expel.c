/*
 * lib/track/expel.c - a flow of which nothing but a SYN is known has to go.
 *
 * Room: track.  Includes: base, conn.  It is dead before its end is told, as
 * any other flow is, so that a callback finds the same tracker.  Those that
 * came one after the other stand so in all lists: the record behind it is
 * looked for once.
 */
#include "track/expel.h"

#include "base/compiler.h"
#include "base/prefetch.h"
#include "conn/voice.h"
#include "track/life.h"
#include "track/tags.h"

#define DEAD_HEAD   (TCPFLOW__LIST_DEAD | TCPFLOW__LIST_HEAD)
#define FOLDED_HEAD (TCPFLOW__LIST_FOLDED | TCPFLOW__LIST_HEAD)

/* The flow behind one in its group. */
typedef struct follower {
  tcpflow__flow *flow;
  uint32_t index; /* TCPFLOW__FLOW_NONE: there is none, and that is itself. */
} follower;

/* --- which? --- */

static inline bool is_empty(const tcpflow__flows *flows, uint32_t list) {
  return flows->head[list].next == (list | TCPFLOW__LIST_HEAD);
}

/* The first one that is folded, if no other flow goes before it
   (tcpflow__evict_choose()) and none is dead; otherwise TCPFLOW__FLOW_NONE. */
TCPFLOW__FLAT uint32_t first_folded(const tcpflow__flows *flows,
                                    uint32_t newcomer) {
  const uint32_t first = tcpflow__list_first(flows, TCPFLOW__LIST_FOLDED);

  return first != newcomer && is_empty(flows, TCPFLOW__LIST_ENDED) &&
             is_empty(flows, TCPFLOW__LIST_DEAD) &&
             is_empty(flows, TCPFLOW__LIST_RESET) &&
             is_empty(flows, TCPFLOW__LIST_EMBRYONIC)
           ? first
           : TCPFLOW__FLOW_NONE;
}

/* Is there nothing to do for it but to tell its end and to drop it? */
TCPFLOW__FLAT bool is_plain(const tcpflow__flow *flow) {
  const uint32_t is = TCPFLOW__CONN_FOLDED | TCPFLOW__CONN_BEGUN;
  const uint32_t other = TCPFLOW__CONN_ENDED | TCPFLOW__CONN_END_ASKED;
  const tcpflow_conn *const conn = &flow->conn;

  return flow->phase == TCPFLOW_PHASE_OPENING &&
         (conn->bits & (is | other)) == is && conn->extra == NULL &&
         (conn->env->odd.word[0] | conn->env->odd.word[1]) == 0;
}

/* --- out of its lists --- */

static inline follower follower_of(const tcpflow__flows *flows,
                                   tcpflow__flow *flow) {
  const uint32_t next = flow->link[TCPFLOW__CHAIN_GROUP].next;

  return (next & TCPFLOW__LIST_HEAD) != 0
           ? (follower){flow, TCPFLOW__FLOW_NONE}
           : (follower){tcpflow__flows_at(flows, next), next};
}

static inline void leave(tcpflow__flows *flows, tcpflow__chain chain,
                         const tcpflow__link *link, const follower *next) {
  tcpflow__link *const behind =
    link->next == next->index ? &next->flow->link[chain]
                              : tcpflow__list_link(flows, chain, link->next);

  behind->prev = link->prev;
  tcpflow__list_link(flows, chain, link->prev)->next = link->next;
}

/* It is the first of its group. */
TCPFLOW__FLAT void leave_group(tcpflow__flows *flows, const follower *next) {
  tcpflow__link *const head = &flows->head[TCPFLOW__LIST_FOLDED];

  if (next->index == TCPFLOW__FLOW_NONE) {
    *head = (tcpflow__link){FOLDED_HEAD, FOLDED_HEAD};
    return;
  }
  next->flow->link[TCPFLOW__CHAIN_GROUP].prev = FOLDED_HEAD;
  head->next = next->index;
}

/* Out of all lists but that of its timer. */
TCPFLOW__FLAT void leave_lists(tcpflow__flows *flows, const tcpflow__flow *flow,
                               uint32_t index, const follower *next) {
  const tcpflow__link *const age = &flow->link[TCPFLOW__CHAIN_AGE];

  leave_group(flows, next);
  if (flows->hand == index) {
    flows->hand = age->next;
  }
  leave(flows, TCPFLOW__CHAIN_AGE, age, next);
  flows->count[TCPFLOW_PHASE_OPENING]--;
}

/* The same as tcpflow__timers_stop(). */
TCPFLOW__FLAT void stop_timer(tcpflow__timers *timers, tcpflow__flows *flows,
                              tcpflow__flow *flow, const follower *next) {
  tcpflow__link *const link = &flow->link[TCPFLOW__CHAIN_TIMER];

  if (link->next == TCPFLOW__FLOW_NONE) {
    return;
  }
  leave(flows, TCPFLOW__CHAIN_TIMER, link, next);
  tcpflow__timers_left(timers, link);
  link->next = TCPFLOW__FLOW_NONE;
}

/* The next one to go is asked for before it has to: its bucket, and the record
   of the one behind it. */
TCPFLOW__FLAT void look_ahead(const tcpflow__table *table,
                              const follower *next) {
  if (next->index == TCPFLOW__FLOW_NONE) {
    return;
  }
  tcpflow__prefetch(tcpflow__bucket_of(table, next->flow->hash), TCPFLOW__LINE);
  const follower over_next = follower_of(table->flows, next->flow);
  if (over_next.index != TCPFLOW__FLOW_NONE) {
    tcpflow__prefetch(over_next.flow, sizeof(tcpflow__flow));
  }
}

/* --- its end --- */

TCPFLOW__FLAT void tell_end(const tcpflow_tracker *tracker,
                            tcpflow_conn *conn) {
  const tcpflow_end_event event = {
    .time = tracker->now,
    .reason = TCPFLOW_END_EVICTED,
    .side = TCPFLOW_SIDE_CLIENT,
    .state = {TCPFLOW_STATE_SYN_SENT, TCPFLOW_STATE_LISTEN},
    .kind = TCPFLOW_CLOSE_EVICTED,
  };

  tcpflow__voice_enter(conn);
  tcpflow__voice_leave(conn, tracker->on_end(conn, &event, tracker->env.user));
}

TCPFLOW__FLAT void count_end(tcpflow_tracker_stats *stats) {
  stats->flows_ended++;
  stats->flows_evicted++;
  stats->ended_by[TCPFLOW_END_EVICTED]++;
  stats->evicted_in_phase[TCPFLOW_PHASE_OPENING]++;
}

/* It is the only one that is dead. */
TCPFLOW__FLAT void bury(tcpflow__flows *flows, tcpflow__flow *flow,
                        uint32_t index) {
  flows->head[TCPFLOW__LIST_DEAD] = (tcpflow__link){index, index};
  flow->link[TCPFLOW__CHAIN_AGE] = (tcpflow__link){DEAD_HEAD, DEAD_HEAD};
  flows->count[TCPFLOW__PHASE_DEAD]++;
  flow->phase = TCPFLOW__PHASE_DEAD;
}

TCPFLOW__FLAT void unbury(tcpflow__flows *flows) {
  flows->head[TCPFLOW__LIST_DEAD] = (tcpflow__link){DEAD_HEAD, DEAD_HEAD};
  flows->count[TCPFLOW__PHASE_DEAD]--;
}

/* Did its callback leave it as it was, and no other one dead; and is there
   nothing but its record? */
TCPFLOW__FLAT bool is_left(const tcpflow__flow *flow) {
  const tcpflow__link *const age = &flow->link[TCPFLOW__CHAIN_AGE];

  return tcpflow__conn_is_folded(&flow->conn) && flow->conn.extra == NULL &&
         age->next == DEAD_HEAD && age->prev == DEAD_HEAD;
}

/* Tells its end, which is counted.  False: there is more to drop now than its
   record, and that is done. */
TCPFLOW__FLAT bool mourn(tcpflow_tracker *tracker, tcpflow__flow *flow,
                         uint32_t index) {
  tcpflow_conn *const conn = &flow->conn;

  bury(&tracker->flows, flow, index);
  conn->bits |= TCPFLOW__CONN_ENDED;
  conn->end_reason = TCPFLOW_END_EVICTED;
  conn->close_kind = TCPFLOW_CLOSE_EVICTED;
  tell_end(tracker, conn);
  if (!is_left(flow)) {
    tcpflow__life_reap(tracker);
    return false;
  }
  unbury(&tracker->flows);
  return true;
}

/* --- its record --- */

TCPFLOW__FLAT void leave_table(tcpflow__table *table, const tcpflow__flow *flow,
                               uint32_t index) {
  tcpflow__bucket *const bucket = tcpflow__bucket_of(table, flow->hash);

  if (tcpflow__bucket_behind(bucket) != 0) {
    tcpflow__table_remove(table, index);
    return;
  }
  tcpflow__tags_drop(bucket, index, flow->hash);
  table->count--;
}

/* The same as tcpflow__flows_give(), for one that is in no list. */
TCPFLOW__FLAT void give(tcpflow__flows *flows, tcpflow__flow *flow,
                        uint32_t index) {
  flow->phase = TCPFLOW__PHASE_SPARE;
  flow->link[TCPFLOW__CHAIN_AGE].next = flows->spare;
  flows->spare = index;
  flows->used--;
}

TCPFLOW__FLAT void drop(tcpflow_tracker *tracker, tcpflow__flow *flow,
                        uint32_t index, const follower *next) {
  tcpflow__flows *const flows = &tracker->flows;

  stop_timer(&tracker->timers, flows, flow, next);
  if (tcpflow__ends_are_whole(&flow->conn.ends)) {
    tcpflow__tuples_give(&flows->tuples, flow->conn.ends.whole);
  }
  leave_table(&tracker->table, flow, index);
  give(flows, flow, index);
}

/* --- all of it --- */

bool tcpflow__expel_folded(tcpflow_tracker *tracker, uint32_t newcomer) {
  tcpflow__flows *const flows = &tracker->flows;
  const uint32_t index = first_folded(flows, newcomer);
  tcpflow__flow *flow;

  if (index == TCPFLOW__FLOW_NONE) {
    return false;
  }
  flow = tcpflow__flows_at(flows, index);
  if (!is_plain(flow)) {
    return false;
  }

  const follower next = follower_of(flows, flow);
  look_ahead(&tracker->table, &next);
  leave_lists(flows, flow, index, &next);
  count_end(&tracker->stats);
  if (tracker->on_end == NULL || mourn(tracker, flow, index)) {
    drop(tracker, flow, index, &next);
  }
  return true;
}
