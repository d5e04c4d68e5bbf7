/*
 * lib/track/life.c - a flow's life.
 *
 * Room: track.  Includes: base, segment, conn.  A connection can end in four
 * ways: by a segment, by a timer, by eviction, and by its caller, who may do
 * that at any time.  So the news come from the connection itself, through its
 * `end`.  The record is dropped later, because the connection is still at work
 * while it tells.
 */
#include "track/life.h"

#include <assert.h>

#include "base/compiler.h"
#include "base/later.h"
#include "conn/extra.h"
#include "conn/holes.h"
#include "conn/remains.h"
#include "track/lull.h"
#include "track/standing.h"

/* When a flow's time is over; TCPFLOW_TIME_NONE: never. */
static tcpflow_time over_of(const tcpflow_tracker *tracker,
                            const tcpflow__flow *flow) {
  const tcpflow_conn *const conn = &flow->conn;
  const uint32_t phase = flow->phase;

  if (phase == TCPFLOW_PHASE_RESET) {
    return tcpflow__conn_doubt_due(conn);
  }

  return tcpflow__later(
    tcpflow__conn_last(conn),
    tcpflow__conn_timeout(conn, phase, tracker->timeout[phase]));
}

/* When a flow is to be looked at: its time is over then, or that of a hole. */
static tcpflow_time due_of(const tcpflow_tracker *tracker,
                           const tcpflow__flow *flow) {
  const tcpflow_time over = over_of(tracker, flow);
  const tcpflow_time hole = tcpflow__holes_matter(&flow->conn)
                              ? tcpflow__holes_due(&flow->conn)
                              : TCPFLOW_TIME_NONE;

  return hole < over ? hole : over;
}

/* One that goes by the tracker's timeouts is looked at so soon that the usual
   way to the next phase needs no other timer. */
static void set_timer(tcpflow_tracker *tracker, uint32_t index) {
  tcpflow__flow *const flow = tcpflow__flows_at(&tracker->flows, index);
  const bool simple = tcpflow__life_is_simple(flow);
  const tcpflow_time due = simple
                             ? tcpflow__later(tcpflow__conn_last(&flow->conn),
                                              tracker->look[flow->phase])
                             : due_of(tracker, flow);

  tcpflow__timers_stop(&tracker->timers, &tracker->flows, index);
  tcpflow__timers_set(&tracker->timers, &tracker->flows, index, due);
  flow->timed = simple ? flow->phase & 15U : TCPFLOW__PHASE_SPARE;
  tcpflow__holes_note_look(&flow->conn, simple ? TCPFLOW_TIME_NONE : due);
}

/* Its timer has come up, and it goes on; a callback may have set it.  It may be
   past its time, where a segment has just come: so it is looked at again when
   time has passed, not with each tick by which the wheel lags. */
static void set_timer_again(tcpflow_tracker *tracker, uint32_t index) {
  tcpflow__flow *const flow = tcpflow__flows_at(&tracker->flows, index);
  const tcpflow_time due = due_of(tracker, flow);

  tcpflow__timers_stop(&tracker->timers, &tracker->flows, index);
  tcpflow__timers_set(&tracker->timers, &tracker->flows, index,
                      due > tracker->now ? due : tracker->now);
  flow->timed = TCPFLOW__PHASE_SPARE;
  tcpflow__holes_note_look(&flow->conn, due);
}

/* Moves a flow, whose timer is to be set if that comes too late. */
TCPFLOW__APART static void move_looking(tcpflow_tracker *tracker,
                                        uint32_t index, uint32_t to) {
  const tcpflow__flow *const flow = tcpflow__flows_at(&tracker->flows, index);
  const tcpflow_time before = due_of(tracker, flow);

  tcpflow__flows_move(&tracker->flows, index, to);
  if (due_of(tracker, flow) < before) {
    set_timer(tracker, index);
  }
}

/* Moves a flow, whose timer would look too late. */
TCPFLOW__APART static void move_timed(tcpflow_tracker *tracker,
                                      tcpflow__flow *flow, uint32_t index,
                                      uint32_t to) {
  tcpflow__standing_move(&tracker->flows, flow, index, to);
  set_timer(tracker, index);
}

/* Would the timer of a flow look too late, if that went to another phase? */
static inline bool looks_late(const tcpflow_tracker *tracker,
                              const tcpflow__flow *flow, uint32_t to) {
  return tracker->timeout[to] < tracker->look[flow->timed];
}

/* A timer that looks too early is set anew then. */
static inline void move(tcpflow_tracker *tracker, tcpflow__flow *flow,
                        uint32_t index, uint32_t to) {
  if (!tcpflow__life_is_simple(flow) || to == TCPFLOW_PHASE_RESET) {
    move_looking(tracker, index, to);
    return;
  }

  if (looks_late(tracker, flow, to)) {
    move_timed(tracker, flow, index, to);
  } else {
    tcpflow__standing_move(&tracker->flows, flow, index, to);
  }
}

void tcpflow__life_rearm(tcpflow_conn *conn) {
  tcpflow_tracker *const tracker = (tcpflow_tracker *)(void *)conn->env;
  const tcpflow__flow *const flow = (const tcpflow__flow *)(const void *)conn;

  set_timer(tracker, tcpflow__flows_index(&tracker->flows, flow));
}

/* --- the end --- */

/* Did its endpoints end it? */
static inline bool is_by_endpoints(tcpflow_end_reason reason) {
  return reason == TCPFLOW_END_FIN || reason == TCPFLOW_END_RESET;
}

/* Stragglers follow a connection that its endpoints ended. */
static uint32_t phase_after(const tcpflow_tracker *tracker,
                            tcpflow_end_reason reason) {
  return is_by_endpoints(reason) && tracker->timeout[TCPFLOW_PHASE_ENDED] != 0
           ? TCPFLOW_PHASE_ENDED
           : TCPFLOW__PHASE_DEAD;
}

/* An end that no endpoint brought about, by its reason. */
static void count_other_end(tcpflow_tracker_stats *stats, uint32_t phase,
                            tcpflow_end_reason reason) {
  stats->flows_reused += reason == TCPFLOW_END_REUSED;
  stats->flows_evicted += reason == TCPFLOW_END_EVICTED;
  if (reason == TCPFLOW_END_TIMEOUT) {
    stats->flows_timeout++;
    stats->timeout_in_phase[phase]++;
  }
}

/* Is it the end of a flow that was closing, where its stragglers are waited for
   until its timer looks at it, or longer? */
static inline bool is_usual_end(const tcpflow_tracker *tracker,
                                const tcpflow__flow *flow,
                                tcpflow_end_reason reason) {
  return reason == TCPFLOW_END_FIN && flow->phase == TCPFLOW_PHASE_CLOSING &&
         tracker->timeout[TCPFLOW_PHASE_ENDED] != 0 &&
         tcpflow__life_is_simple(flow) &&
         !looks_late(tracker, flow, TCPFLOW_PHASE_ENDED);
}

TCPFLOW__APART static void note_end(tcpflow_tracker *tracker,
                                    tcpflow__flow *flow,
                                    tcpflow_end_reason reason) {
  if (!is_by_endpoints(reason)) {
    count_other_end(&tracker->stats, flow->phase, reason);
  }
  move(tracker, flow, tcpflow__flows_index(&tracker->flows, flow),
       phase_after(tracker, reason));
}

int tcpflow__life_ended(tcpflow_conn *conn, const tcpflow_end_event *event,
                        void *user) {
  tcpflow_tracker *const tracker = (tcpflow_tracker *)(void *)conn->env;
  tcpflow__flow *const flow = (tcpflow__flow *)(void *)conn;

  tracker->stats.flows_ended++;
  tracker->stats.ended_by[event->reason]++;
  if (is_usual_end(tracker, flow, event->reason)) {
    tcpflow__standing_end(&tracker->flows, flow);
  } else {
    note_end(tracker, flow, event->reason);
  }
  return tracker->on_end == NULL ? 0 : tracker->on_end(conn, event, user);
}

/* One that its own SYN ended, or that ended in its sleep. */
TCPFLOW__APART static void shed_folded(tcpflow_tracker *tracker,
                                       tcpflow_conn *conn) {
  uint8_t *const bed = tcpflow__lull_bed(conn);
  tcpflow__sides sides;

  tcpflow__conn_unfold(conn, &sides);
  (void)tcpflow__remains_leave(conn);
  tcpflow__lull_give(tracker, bed);
}

/* It stands in no list that knows who is folded. */
static inline void shed(tcpflow_tracker *tracker, tcpflow__flow *flow) {
  tcpflow_conn *const conn = &flow->conn;

  assert(flow->phase == TCPFLOW_PHASE_ENDED);
  if (!tcpflow__conn_is_folded(conn)) {
    flow->folded = 1;
    tcpflow__places_give(&tracker->flows.places, tcpflow__remains_leave(conn));
  } else if (tcpflow__conn_lacks_sides(conn)) {
    shed_folded(tracker, conn);
  }
}

void tcpflow__life_shed(tcpflow_tracker *tracker, uint32_t index) {
  shed(tracker, tcpflow__flows_at(&tracker->flows, index));
}

/* Gives its record back; in the table, it is the key of nothing then. */
static void give_up(tcpflow_tracker *tracker, uint32_t index) {
  tcpflow_conn *const conn = &tcpflow__flows_at(&tracker->flows, index)->conn;

  tcpflow__timers_stop(&tracker->timers, &tracker->flows, index);
  if (!tcpflow__conn_is_folded(conn)) {
    tcpflow__conn_clear(conn);
    tcpflow__places_give(&tracker->flows.places, tcpflow__conn_sides(conn));
  } else {
    tcpflow__lull_give(tracker, tcpflow__lull_bed(conn));
    if (conn->extra != NULL) {
      tcpflow__conn_clear(conn);
    }
  }
  if (tcpflow__ends_are_whole(&conn->ends)) {
    tcpflow__tuples_give(&tracker->flows.tuples, conn->ends.whole);
  }
  tcpflow__flows_give(&tracker->flows, index);
}

void tcpflow__life_drop(tcpflow_tracker *tracker, uint32_t index) {
  tcpflow__table_remove(&tracker->table, index);
  give_up(tracker, index);
}

void tcpflow__life_reap(tcpflow_tracker *tracker) {
  for (;;) {
    const uint32_t index =
      tcpflow__list_first(&tracker->flows, TCPFLOW__LIST_DEAD);
    if (index == TCPFLOW__FLOW_NONE) {
      return;
    }
    tcpflow__life_drop(tracker, index);
  }
}

/* Ends a flow, if it is live, for good. */
static void kill(tcpflow_tracker *tracker, uint32_t index, tcpflow_time time,
                 const tcpflow_segment *cause, tcpflow_end_reason reason) {
  tcpflow__flow *const flow = tcpflow__flows_at(&tracker->flows, index);
  const bool asked = (flow->conn.bits & TCPFLOW__CONN_END_ASKED) != 0;

  if (tcpflow__phase_is_live(flow->phase)) {
    tcpflow__conn_finish(&flow->conn, time, cause,
                         asked ? (tcpflow_end_reason)flow->conn.end_reason
                               : reason);
  }
  if (flow->phase != TCPFLOW__PHASE_DEAD) {
    move(tracker, flow, index, TCPFLOW__PHASE_DEAD);
  }
}

void tcpflow__life_forget(tcpflow_tracker *tracker, uint32_t index,
                          tcpflow_time time, const tcpflow_segment *cause,
                          tcpflow_end_reason reason) {
  kill(tracker, index, time, cause, reason);
  tcpflow__life_reap(tracker);
}

/* Likewise all that are dead. */
static void give_up_dead(tcpflow_tracker *tracker) {
  uint32_t index = tcpflow__list_first(&tracker->flows, TCPFLOW__LIST_DEAD);

  while (index != TCPFLOW__FLOW_NONE) {
    give_up(tracker, index);
    index = tcpflow__list_first(&tracker->flows, TCPFLOW__LIST_DEAD);
  }
}

static void kill_live(tcpflow_tracker *tracker) {
  tcpflow__flows *const flows = &tracker->flows;
  uint32_t index = tcpflow__list_first(flows, TCPFLOW__LIST_LIVE);

  while (index != TCPFLOW__FLOW_NONE) {
    kill(tracker, index, tracker->now, NULL, TCPFLOW_END_FLUSHED);
    give_up_dead(tracker);
    index = tcpflow__list_first(flows, TCPFLOW__LIST_LIVE);
  }
}

/* Gives up all that have ended, of which nobody is told any more.  Where they
   are many, in the order of their records, which nothing has to wait for. */
static void give_up_ended(tcpflow_tracker *tracker) {
  tcpflow__flows *const flows = &tracker->flows;
  const uint32_t records = flows->fresh;

  if (flows->count[TCPFLOW_PHASE_ENDED] > records / 16) {
    for (uint32_t index = 0; index < records; index++) {
      if (tcpflow__flows_at(flows, index)->phase == TCPFLOW_PHASE_ENDED) {
        give_up(tracker, index);
      }
    }
    return;
  }
  uint32_t index = tcpflow__list_first(flows, TCPFLOW__LIST_ENDED);
  while (index != TCPFLOW__FLOW_NONE) {
    give_up(tracker, index);
    index = tcpflow__list_first(flows, TCPFLOW__LIST_ENDED);
  }
}

void tcpflow__life_flush(tcpflow_tracker *tracker) {
  kill_live(tracker);
  give_up_ended(tracker);
  tcpflow__table_empty(&tracker->table);
}

/* --- time --- */

/* Nothing followed the RST: it is the end.  Where timers lag, stragglers may be
   past their time by then, too. */
static bool end_reset(tcpflow_tracker *tracker, uint32_t index,
                      tcpflow_time due) {
  tcpflow__flow *const flow = tcpflow__flows_at(&tracker->flows, index);

  tcpflow__conn_finish(&flow->conn, due, NULL, TCPFLOW_END_TIMEOUT);
  if (flow->phase != TCPFLOW__PHASE_DEAD &&
      tracker->now < over_of(tracker, flow)) {
    tcpflow__life_shed(tracker, index);
    return false;
  }
  tcpflow__life_forget(tracker, index, due, NULL, TCPFLOW_END_TIMEOUT);
  return true;
}

/* Tells the holes whose time is over.  True: a callback wanted the end. */
static bool end_holes(tcpflow_tracker *tracker, uint32_t index) {
  tcpflow__flow *const flow = tcpflow__flows_at(&tracker->flows, index);

  tcpflow__holes_pass(&flow->conn, tracker->now);
  if (flow->phase != TCPFLOW__PHASE_DEAD) {
    return false;
  }
  tcpflow__life_reap(tracker);
  return true;
}

bool tcpflow__life_expire(tcpflow_tracker *tracker, uint32_t index) {
  tcpflow__flow *const flow = tcpflow__flows_at(&tracker->flows, index);

  if (tcpflow__holes_matter(&flow->conn) && end_holes(tracker, index)) {
    return true;
  }
  const tcpflow_time due = over_of(tracker, flow);
  if (tracker->now < due || tracker->now == tcpflow__conn_last(&flow->conn)) {
    return false;
  }
  if (flow->phase == TCPFLOW_PHASE_RESET) {
    return end_reset(tracker, index, due);
  }
  tcpflow__life_forget(tracker, index, due, NULL, TCPFLOW_END_TIMEOUT);
  return true;
}

void tcpflow__life_pass(tcpflow_tracker *tracker, uint64_t looks) {
  for (; looks > 0; looks--) {
    const uint32_t index =
      tcpflow__timers_next(&tracker->timers, &tracker->flows, tracker->now);
    if (index == TCPFLOW__FLOW_NONE) {
      return;
    }
    if (!tcpflow__life_expire(tracker, index)) {
      set_timer_again(tracker, index);
    }
  }
}

/* --- what follows --- */

void tcpflow__life_settle_open(tcpflow_tracker *tracker, tcpflow__flow *flow,
                               uint32_t index, uint32_t phase) {
  assert(tcpflow__phase_is_live(flow->phase));
  if (!tcpflow__life_is_simple(flow)) {
    move_looking(tracker, index, phase);
  } else if (looks_late(tracker, flow, phase)) {
    move_timed(tracker, flow, index, phase);
  } else {
    tcpflow__standing_move_live(&tracker->flows, flow, index, phase);
  }
}

/* Neither open nor ended. */
static void settle_live(tcpflow_tracker *tracker, tcpflow__flow *flow,
                        uint32_t index) {
  const uint32_t phase = (uint32_t)tcpflow__conn_phase_slow(&flow->conn);

  if (flow->phase != phase) {
    move(tracker, flow, index, phase);
  } else if (phase == TCPFLOW_PHASE_RESET) {
    /* The RST may have been none, and another end be in doubt. */
    set_timer(tracker, index);
  }
}

void tcpflow__life_settle_other(tcpflow_tracker *tracker, tcpflow__flow *flow,
                                uint32_t index) {
  if (flow->phase == TCPFLOW_PHASE_ENDED) {
    shed(tracker, flow);
  } else if (tcpflow__phase_is_live(flow->phase)) {
    settle_live(tracker, flow, index);
  }
}

void tcpflow__life_flipped(tcpflow_conn *conn) {
  tcpflow__flow *const flow = (tcpflow__flow *)(void *)conn;

  flow->swapped = !flow->swapped;
}

void tcpflow__life_look(tcpflow_tracker *tracker, uint32_t index,
                        uint64_t tick) {
  tcpflow__flow *const flow = tcpflow__flows_at(&tracker->flows, index);
  const uint64_t next = tracker->timers.at + 1;
  const tcpflow_time due = due_of(tracker, flow);
  const uint64_t last = due >> TCPFLOW__TICK_BITS;

  if (flow->link[TCPFLOW__CHAIN_TIMER].next == TCPFLOW__FLOW_NONE) {
    const uint64_t least = last > next ? last : next;
    const uint64_t when = tick < least ? tick : least;

    tcpflow__timers_restore(&tracker->timers, &tracker->flows, index, when);
    tcpflow__holes_look_again(&flow->conn, due);
  }
}
