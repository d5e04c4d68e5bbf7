/*
 * lib/track/birth.c - a flow's life: how it begins.
 *
 * Room: track.  Includes: base, segment, conn.  The usual SYN takes a record
 * and no sides, which come with its answer (conn/firstsyn.h); every other flow
 * begins with sides, and may give them back once its first segment was
 * followed.
 */
#include "track/life.h"

#include "base/compiler.h"
#include "base/later.h"
#include "conn/firstsyn.h"
#include "conn/heir.h"
#include "track/caps.h"
#include "track/estate.h"
#include "track/evict.h"
#include "track/expel.h"
#include "track/lull.h"
#include "track/standing.h"

/* Flows that are looked at before another one has to go. */
#define LOOKS_AT_ONCE 4U

/* --- a record --- */

/* What a record begins as, for a flow of a key; if its tuple needs a place,
   there is one. */
TCPFLOW__FLAT void init_record(tcpflow_tracker *tracker, tcpflow__flow *flow,
                               const tcpflow__key *key, tcpflow_side sender) {
  const bool swapped = key->swapped != (sender == TCPFLOW_SIDE_SERVER);

  flow->conn = tracker->blank;
  tcpflow__key_ends(key, swapped, &flow->conn.ends,
                    tcpflow__key_fits(key)
                      ? NULL
                      : tcpflow__tuples_take(&tracker->flows.tuples));
  flow->hash = key->hash;
  flow->swapped = swapped;
  flow->seen = 0;
}

static void init_flow(tcpflow_tracker *tracker, tcpflow__flow *flow,
                      tcpflow__sides *sides, const tcpflow__key *key,
                      tcpflow_side sender) {
  init_record(tracker, flow, key, sender);
  *sides = tracker->blank_sides;
  tcpflow__conn_attach(&flow->conn, sides);
}

/* Takes a record for a flow, into the table; TCPFLOW__FLOW_NONE: no memory. */
static uint32_t enter(tcpflow_tracker *tracker, const tcpflow__key *key,
                      tcpflow_side sender) {
  tcpflow__flows *const flows = &tracker->flows;
  tcpflow__sides *const sides =
    tcpflow__table_reserve(&tracker->table) == TCPFLOW_OK
      ? tcpflow__places_take(&flows->places)
      : NULL;
  const uint32_t index =
    sides == NULL ? TCPFLOW__FLOW_NONE : tcpflow__flows_take(flows, false);

  if (index != TCPFLOW__FLOW_NONE) {
    init_flow(tracker, tcpflow__flows_at(flows, index), sides, key, sender);
    tcpflow__table_insert(&tracker->table, index);
  } else if (sides != NULL) {
    tcpflow__places_give(&flows->places, sides);
  }
  return index;
}

/* That of a flow, that of INDEX, which has just begun. */
static inline void start_timer(tcpflow_tracker *tracker, tcpflow__flow *flow,
                               uint32_t index) {
  flow->conn.last = tracker->now;
  tcpflow__timers_set(&tracker->timers, &tracker->flows, index,
                      tcpflow__later(tracker->now, tracker->look[flow->phase]));
  flow->timed = flow->phase & 15U;
}

static void evict_chosen(tcpflow_tracker *tracker, uint32_t index) {
  const uint32_t phase = tcpflow__flows_at(&tracker->flows, index)->phase;

  tracker->stats.evicted_in_phase[phase]++;
  tcpflow__life_forget(tracker, index, tracker->now, NULL, TCPFLOW_END_EVICTED);
}

/* NEWCOMER may be TCPFLOW__FLOW_NONE. */
static void evict(tcpflow_tracker *tracker, uint32_t newcomer) {
  uint32_t index;

  if (tcpflow__expel_folded(tracker, newcomer)) {
    return;
  }
  index = tcpflow__evict_choose(&tracker->flows, newcomer);
  tcpflow__evict_look_ahead(&tracker->table, index);
  evict_chosen(tracker, index);
}

/* --- sides --- */

/* One that was chosen goes to make room.  TCPFLOW_ERR_CALLBACK if a callback
   asked to stop, TCPFLOW_ERR_NOMEM if none was chosen. */
static int make_room_by(tcpflow_tracker *tracker, uint32_t victim) {
  if (victim == TCPFLOW__FLOW_NONE) {
    return TCPFLOW_ERR_NOMEM;
  }
  tracker->stats.evicted_for_memory++;
  evict_chosen(tracker, victim);
  return tracker->env.stopped ? TCPFLOW_ERR_CALLBACK : TCPFLOW_OK;
}

/* Does one need sides that has just come, and does not wake up? */
static bool is_new(const tcpflow_tracker *tracker, uint32_t index) {
  return index == TCPFLOW__FLOW_NONE ||
         !tcpflow__conn_sleeps(
           &tcpflow__flows_at(&tracker->flows, index)->conn);
}

/* There are no sides to take.  Do idle flows leave some, where the cap leaves
   no room for more? */
static bool are_left_by_idle(tcpflow_tracker *tracker, uint32_t index) {
  const bool grows = tcpflow__caps_leave_sides(tracker);

  if (!grows || is_new(tracker, index)) {
    tcpflow__lull_owe(tracker);
  }
  if (grows) {
    return true;
  }
  tcpflow__lull(tracker, LOOKS_AT_ONCE, index);
  return tracker->flows.places.spare != NULL;
}

/* Sees to it that sides may be taken for flow INDEX, or for a newcomer if that
   is TCPFLOW__FLOW_NONE: where the cap leaves no room, another flow has to go.
   TCPFLOW_OK, TCPFLOW_ERR_NOMEM, or TCPFLOW_ERR_CALLBACK if a callback asked to
   stop. */
static int make_room_for_sides(tcpflow_tracker *tracker, uint32_t index) {
  if (tcpflow__places_are_ready(&tracker->flows.places) ||
      are_left_by_idle(tracker, index)) {
    return TCPFLOW_OK;
  }
  return make_room_by(tracker,
                      tcpflow__evict_choose_unfolded(&tracker->flows, index));
}

TCPFLOW__FLAT int unfold(tcpflow_tracker *tracker, tcpflow__flow *flow,
                         uint32_t index) {
  uint8_t *const bed = tcpflow__lull_bed(&flow->conn);
  tcpflow__sides *const sides = tcpflow__places_take(&tracker->flows.places);

  if (sides == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  tcpflow__conn_unfold(&flow->conn, sides);
  tcpflow__lull_give(tracker, bed);
  tcpflow__standing_fold(&tracker->flows, flow, index, false);
  return TCPFLOW_OK;
}

int tcpflow__life_unfold_slow(tcpflow_tracker *tracker, tcpflow__flow *flow,
                              uint32_t index) {
  const int error = make_room_for_sides(tracker, index);

  /* A callback of the one that had to go may have unfolded it. */
  return error == TCPFLOW_OK && tcpflow__conn_is_folded(&flow->conn)
           ? unfold(tracker, flow, index)
           : error;
}

int tcpflow__life_unfold_within(tcpflow_conn *conn) {
  tcpflow_tracker *const tracker = (tcpflow_tracker *)(void *)conn->env;
  tcpflow__flow *const flow = (tcpflow__flow *)(void *)conn;

  return tcpflow__caps_leave_sides(tracker)
           ? unfold(tracker, flow, tcpflow__flows_index(&tracker->flows, flow))
           : TCPFLOW_ERR_NOMEM;
}

/* --- a tuple --- */

int tcpflow__life_reserve(tcpflow_tracker *tracker, const tcpflow__key *key,
                          uint32_t old) {
  tcpflow__flows *const flows = &tracker->flows;
  int error;

  if (tcpflow__key_fits(key) || flows->tuples.spare != NULL) {
    return TCPFLOW_OK;
  }
  if (!tcpflow__caps_leave_tuples(tracker)) {
    return make_room_by(tracker, tcpflow__evict_choose_whole(flows, old));
  }
  error = make_room_for_sides(tracker, old);
  if (error != TCPFLOW_OK) {
    return error;
  }
  return tcpflow__tuples_need(&flows->tuples, &flows->places)
           ? TCPFLOW_OK
           : TCPFLOW_ERR_NOMEM;
}

/* --- folding --- */

/* A flow that a SYN has opened need not keep its sides; it may be gone. */
static void fold(tcpflow_tracker *tracker, uint32_t index) {
  tcpflow__flow *const flow = tcpflow__flows_at(&tracker->flows, index);
  tcpflow__sides *const sides = flow->phase == TCPFLOW_PHASE_OPENING
                                  ? tcpflow__conn_fold(&flow->conn)
                                  : NULL;

  if (sides != NULL) {
    tcpflow__places_give(&tracker->flows.places, sides);
    tcpflow__flows_fold(&tracker->flows, index, true);
  }
}

/* --- the first segment --- */

void tcpflow__life_make_room(tcpflow_tracker *tracker, uint32_t newcomer) {
  if (tracker->flows.used > tracker->max_flows) {
    evict(tracker, newcomer);
  } else if (tracker->flows.used > 1 &&
             tcpflow__tracker_memory(tracker) > tracker->max_memory) {
    tracker->stats.evicted_for_memory++;
    evict(tracker, newcomer);
  }
}

/* Takes what was left to a flow.  Answers whether there was anything. */
static bool inherit(tcpflow_tracker *tracker, uint32_t index,
                    const tcpflow__key *key) {
  tcpflow__conn_extra *const heir = tcpflow__estate_take(tracker, key);

  if (heir == NULL) {
    return false;
  }
  tcpflow__conn_inherit(&tcpflow__flows_at(&tracker->flows, index)->conn, heir);
  return true;
}

/* The flow has not begun after all: the next one inherits. */
static void disinherit(tcpflow_tracker *tracker, uint32_t index,
                       const tcpflow__key *key) {
  tcpflow_conn *const conn = &tcpflow__flows_at(&tracker->flows, index)->conn;

  tcpflow__estate_leave(tracker, key, conn->extra);
  conn->extra = NULL;
}

static int begin_with_sides(tcpflow_tracker *tracker, const tcpflow__key *key,
                            const tcpflow_segment *segment) {
  tcpflow_role_basis role;
  const tcpflow_side sender = tcpflow_conn_guess_sender(
    segment->flags, key->tuple->port[0], key->tuple->port[1], &role);
  const uint32_t index = enter(tracker, key, sender);

  if (index == TCPFLOW__FLOW_NONE) {
    return TCPFLOW_ERR_NOMEM;
  }
  start_timer(tracker, tcpflow__flows_at(&tracker->flows, index), index);
  const bool inherits = inherit(tracker, index, key);
  tcpflow__flows_at(&tracker->flows, index)->conn.role = (unsigned)role & 15U;
  tracker->stats.flows_new++;

  const int error = tcpflow__life_feed(
    tracker, tcpflow__flows_at(&tracker->flows, index), index, sender, segment);
  if (error != TCPFLOW_OK) {
    tracker->stats.flows_new--;
    if (inherits) {
      disinherit(tracker, index, key);
    }
    tcpflow__life_drop(tracker, index);
    return error;
  }
  fold(tracker, index);
  tcpflow__life_make_room(tracker, index);
  return TCPFLOW_OK;
}

/* May it begin without sides?  A callback may want some: then there are. */
static inline bool begins_folded(const tcpflow_tracker *tracker,
                                 const tcpflow__key *key,
                                 const tcpflow_segment *segment) {
  return tracker->estate.heir == NULL &&
         tcpflow__places_growth(&tracker->flows.places) == 0 &&
         tcpflow__firstsyn_is(&tracker->env, key->tuple->port, segment);
}

void tcpflow__life_settle_folded(tcpflow_tracker *tracker,
                                 const tcpflow__flow *flow, uint32_t index) {
  if (tcpflow__conn_ended(&flow->conn)) {
    tcpflow__life_reap(tracker);
  } else if (!tcpflow__conn_is_folded(&flow->conn)) {
    fold(tracker, index);
  }
}

static int begin_folded(tcpflow_tracker *tracker, const tcpflow__key *key,
                        const tcpflow_segment *segment) {
  const uint32_t index = tcpflow__table_reserve(&tracker->table) == TCPFLOW_OK
                           ? tcpflow__flows_take(&tracker->flows, true)
                           : TCPFLOW__FLOW_NONE;

  if (index == TCPFLOW__FLOW_NONE) {
    return TCPFLOW_ERR_NOMEM;
  }

  tcpflow__flow *const flow = tcpflow__flows_at(&tracker->flows, index);
  init_record(tracker, flow, key, TCPFLOW_SIDE_CLIENT);
  flow->conn.role = TCPFLOW_ROLE_SYN;
  tcpflow__table_insert(&tracker->table, index);
  start_timer(tracker, flow, index);
  tracker->stats.flows_new++;
  tcpflow__firstsyn_take(&flow->conn, segment);
  tcpflow__firstsyn_tell(&flow->conn, key->tuple, segment);
  tcpflow__life_settle_folded(tracker, flow, index);
  tcpflow__life_make_room(tracker, index);
  return TCPFLOW_OK;
}

int tcpflow__life_begin(tcpflow_tracker *tracker, const tcpflow__key *key,
                        const tcpflow_segment *segment) {
  if (tracker->max_memory != UINT64_MAX && tcpflow__caps_cramp(tracker)) {
    tracker->stats.evicted_for_memory++;
    evict(tracker, TCPFLOW__FLOW_NONE);
  }
  if (tracker->env.stopped) {
    return TCPFLOW_ERR_CALLBACK;
  }
  int error = tcpflow__life_reserve(tracker, key, TCPFLOW__FLOW_NONE);
  if (error == TCPFLOW_OK) {
    error = make_room_for_sides(tracker, TCPFLOW__FLOW_NONE);
  }
  if (error != TCPFLOW_OK) {
    return error;
  }
  return begins_folded(tracker, key, segment)
           ? begin_folded(tracker, key, segment)
           : begin_with_sides(tracker, key, segment);
}

/* --- a life that began elsewhere --- */

/* What taking a place and, perhaps, a record may add to. */
static bool is_beyond(const tcpflow_tracker *tracker, uint64_t records) {
  return tcpflow__tracker_memory(tracker) + records +
           tcpflow__places_growth(&tracker->flows.places) >
         tracker->max_memory;
}

static int adopt_tuple(tcpflow_tracker *tracker, const tcpflow__key *key) {
  tcpflow__flows *const flows = &tracker->flows;

  if (tcpflow__key_fits(key) || flows->tuples.spare != NULL) {
    return TCPFLOW_OK;
  }
  if (is_beyond(tracker, 0) || !tcpflow__caps_leave_tuples(tracker)) {
    return TCPFLOW_ERR_LIMIT;
  }
  return tcpflow__tuples_need(&flows->tuples, &flows->places)
           ? TCPFLOW_OK
           : TCPFLOW_ERR_NOMEM;
}

int tcpflow__life_adopt(tcpflow_tracker *tracker, const tcpflow__key *key,
                        uint32_t *index) {
  const int error = adopt_tuple(tracker, key);

  if (error != TCPFLOW_OK) {
    return error;
  }
  if (is_beyond(tracker, tcpflow__flows_growth(&tracker->flows))) {
    return TCPFLOW_ERR_LIMIT;
  }
  *index = enter(tracker, key, TCPFLOW_SIDE_CLIENT);
  return *index == TCPFLOW__FLOW_NONE ? TCPFLOW_ERR_NOMEM : TCPFLOW_OK;
}

void tcpflow__life_adopted(tcpflow_tracker *tracker, uint32_t index,
                           bool folded) {
  const tcpflow__flow *const flow = tcpflow__flows_at(&tracker->flows, index);
  const uint32_t phase = (uint32_t)tcpflow__conn_phase(&flow->conn);

  if (flow->phase != phase) {
    tcpflow__flows_move(&tracker->flows, index, phase);
  }
  if (phase == TCPFLOW_PHASE_ENDED) {
    tcpflow__life_shed(tracker, index);
  } else if (folded) {
    fold(tracker, index);
  }
}
