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
#include "conn/voice.h"
#include "track/bits.h"
#include "track/buckets.h"
#include "track/life.h"

#define DEAD_HEAD (TCPFLOW__LIST_DEAD | TCPFLOW__LIST_HEAD)

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
   (tcpflow__evict_choose()); otherwise TCPFLOW__FLOW_NONE. */
TCPFLOW__FLAT uint32_t first_folded(const tcpflow__flows *flows,
                                    uint32_t newcomer) {
  const uint32_t first = tcpflow__list_first(flows, TCPFLOW__LIST_FOLDED);

  return first != newcomer && is_empty(flows, TCPFLOW__LIST_ENDED) &&
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

/* The same as tcpflow__flows_move() to the dead. */
TCPFLOW__FLAT void bury(tcpflow__flows *flows, tcpflow__flow *flow,
                        uint32_t index, const follower *next) {
  tcpflow__link *const age = &flow->link[TCPFLOW__CHAIN_AGE];

  leave(flows, TCPFLOW__CHAIN_GROUP, &flow->link[TCPFLOW__CHAIN_GROUP], next);
  if (flows->hand == index) {
    flows->hand = age->next;
  }
  leave(flows, TCPFLOW__CHAIN_AGE, age, next);
  tcpflow__list_place(flows, TCPFLOW__CHAIN_AGE, TCPFLOW__LIST_DEAD, index,
                      age);
  flows->count[TCPFLOW_PHASE_OPENING]--;
  flows->count[TCPFLOW__PHASE_DEAD]++;
  flow->phase = TCPFLOW__PHASE_DEAD;
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

TCPFLOW__FLAT void end(tcpflow_tracker *tracker, tcpflow_conn *conn) {
  conn->bits |= TCPFLOW__CONN_ENDED;
  conn->end_reason = TCPFLOW_END_EVICTED;
  conn->close_kind = TCPFLOW_CLOSE_EVICTED;
  count_end(&tracker->stats);
  if (tracker->on_end != NULL) {
    tell_end(tracker, conn);
  }
}

/* --- its record --- */

TCPFLOW__FLAT void leave_table(tcpflow__table *table, const tcpflow__flow *flow,
                               uint32_t index) {
  tcpflow__bucket *const bucket = tcpflow__bucket_of(table, flow->hash);

  if (tcpflow__bucket_behind(bucket) != 0) {
    tcpflow__table_remove(table, index);
    return;
  }
  tcpflow__bucket_drop(bucket, index);
  table->count--;
}

/* The same as tcpflow__flows_give(), for the only one that is dead. */
TCPFLOW__FLAT void give(tcpflow__flows *flows, tcpflow__flow *flow,
                        uint32_t index) {
  flows->head[TCPFLOW__LIST_DEAD] = (tcpflow__link){DEAD_HEAD, DEAD_HEAD};
  flows->count[TCPFLOW__PHASE_DEAD]--;
  flow->phase = TCPFLOW__PHASE_SPARE;
  flow->link[TCPFLOW__CHAIN_AGE].next = flows->spare;
  flows->spare = index;
  flows->used--;
}

/* Did its callback leave it as it was, and no other one dead; and is there
   nothing but its record? */
TCPFLOW__FLAT bool is_left(const tcpflow__flow *flow) {
  const tcpflow__link *const age = &flow->link[TCPFLOW__CHAIN_AGE];

  return tcpflow__conn_is_folded(&flow->conn) && flow->conn.extra == NULL &&
         !tcpflow__ends_are_whole(&flow->conn.ends) && age->next == DEAD_HEAD &&
         age->prev == DEAD_HEAD;
}

TCPFLOW__FLAT void drop(tcpflow_tracker *tracker, tcpflow__flow *flow,
                        uint32_t index) {
  if (!is_left(flow)) {
    tcpflow__life_reap(tracker);
    return;
  }
  tcpflow__timers_stop_flow(&tracker->timers, &tracker->flows, flow);
  leave_table(&tracker->table, flow, index);
  give(&tracker->flows, flow, index);
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
  bury(flows, flow, index, &next);
  end(tracker, &flow->conn);
  drop(tracker, flow, index);
  return true;
}
