/*
 * lib/track/life.h - a flow's life: it begins, moves on, ends, is dropped.
 *
 * Room: track.  Includes: base, segment, conn.  Every change of a flow's phase
 * happens here.
 */
#ifndef TCPFLOW__TRACK_LIFE_H
#define TCPFLOW__TRACK_LIFE_H

#include "conn/fold.h"
#include "conn/holes.h"
#include "conn/ways.h"
#include "track/lists.h"
#include "track/tracker.h"

/* Sees to it that the tuple of a key has a place, if it needs one beside its
   record, until a flow begins; another flow than OLD may have to go for it.
   TCPFLOW_OK, TCPFLOW_ERR_NOMEM, or TCPFLOW_ERR_CALLBACK if a callback asked to
   stop. */
int tcpflow__life_reserve(tcpflow_tracker *tracker, const tcpflow__key *key,
                          uint32_t old);

/* Begins a flow with its first segment; it takes what the flow before left to
   it, if there was one.  TCPFLOW_OK, or TCPFLOW_ERR_NOMEM with nothing changed.
   May evict another flow, after that; or before, if there is no memory for a
   record, and if then a callback asks to stop, TCPFLOW_ERR_CALLBACK, and
   nothing began. */
int tcpflow__life_begin(tcpflow_tracker *tracker, const tcpflow__key *key,
                        const tcpflow_segment *segment);

/* Callbacks have heard of a flow that began folded. */
void tcpflow__life_settle_folded(tcpflow_tracker *tracker,
                                 const tcpflow__flow *flow, uint32_t index);

/* A flow has begun: if that is one too many, or more memory than the cap
   allows, another one goes. */
void tcpflow__life_make_room(tcpflow_tracker *tracker, uint32_t newcomer);

/* Drops the flows that ended and need not be recognized. */
void tcpflow__life_reap(tcpflow_tracker *tracker);

/* The function below for a connection that is open and in PHASE, where the flow
   is not. */
void tcpflow__life_settle_open(tcpflow_tracker *tracker, tcpflow__flow *flow,
                               uint32_t index, uint32_t phase);

/* The function below for a connection that is not open, or not any more. */
void tcpflow__life_settle_other(tcpflow_tracker *tracker, tcpflow__flow *flow,
                                uint32_t index);

/* Something was told of a live flow, that of INDEX, which may have changed its
   phase or ended it. */
static inline void tcpflow__life_settle(tcpflow_tracker *tracker,
                                        tcpflow__flow *flow, uint32_t index) {
  if (!tcpflow__conn_is_open(&flow->conn)) {
    tcpflow__life_settle_other(tracker, flow, index);
  } else {
    const uint32_t phase = (uint32_t)tcpflow__conn_phase_open(&flow->conn);

    if (flow->phase != phase) {
      tcpflow__life_settle_open(tracker, flow, index, phase);
    }
  }
  if (tcpflow__list_first(&tracker->flows, TCPFLOW__LIST_DEAD) !=
      TCPFLOW__FLOW_NONE) {
    tcpflow__life_reap(tracker);
  }
}

/* The function below where there is something to do. */
int tcpflow__life_unfold_slow(tcpflow_tracker *tracker, tcpflow__flow *flow,
                              uint32_t index);

/* Unfolds a flow, that of INDEX, of which nothing but a SYN is known, or which
   sleeps.  TCPFLOW_OK; or TCPFLOW_ERR_NOMEM, or TCPFLOW_ERR_CALLBACK if another
   flow had to go for it and a callback asked to stop: then it is as it was. */
static inline int tcpflow__life_unfold(tcpflow_tracker *tracker,
                                       tcpflow__flow *flow, uint32_t index) {
  return tcpflow__conn_lacks_sides(&flow->conn)
           ? tcpflow__life_unfold_slow(tracker, flow, index)
           : TCPFLOW_OK;
}

/* Feeds a live flow, that of INDEX, which is not folded.  TCPFLOW_OK, or
   TCPFLOW_ERR_NOMEM with nothing changed.  The flow may be gone after that. */
static inline int tcpflow__life_feed(tcpflow_tracker *tracker,
                                     tcpflow__flow *flow, uint32_t index,
                                     tcpflow_side sender,
                                     const tcpflow_segment *segment) {
  const int error = tcpflow__conn_feed(&flow->conn, sender, segment);

  if (error == TCPFLOW_OK) {
    tcpflow__life_settle(tracker, flow, index);
  }
  return error;
}

/* Does a flow go by its phase's timeout alone, one of the tracker's? */
static inline bool tcpflow__life_is_simple(const tcpflow__flow *flow) {
  return flow->conn.extra == NULL && !tcpflow__holes_matter(&flow->conn) &&
         flow->phase != TCPFLOW_PHASE_RESET;
}

/* Is it plain to see that tcpflow__life_expire() would do nothing? */
static inline bool tcpflow__life_is_early(const tcpflow_tracker *tracker,
                                          const tcpflow__flow *flow) {
  return flow->conn.extra == NULL && flow->phase != TCPFLOW_PHASE_RESET &&
         tcpflow__holes_are_early(&flow->conn, tracker->now) &&
         tracker->now - tcpflow__conn_last(&flow->conn) <
           tracker->timeout[flow->phase];
}

/* A flow has ended, and nobody is at work on it: it needs no sides. */
void tcpflow__life_shed(tcpflow_tracker *tracker, uint32_t index);

/* Ends a flow that is live, and forgets it whether or not it is. */
void tcpflow__life_forget(tcpflow_tracker *tracker, uint32_t index,
                          tcpflow_time time, const tcpflow_segment *cause,
                          tcpflow_end_reason reason);

/* Ends all flows that are live, oldest first, and forgets all.  Each leaves its
   lists and its timer, since callbacks may ask for what is left; the table,
   where each would be in another line, is emptied behind all of them: a record
   that was given back is of no key. */
void tcpflow__life_flush(tcpflow_tracker *tracker);

/* Forgets a flow, telling so if it is live, if it has been idle for too long;
   one that was reset ends, and its stragglers are recognized.  Answers whether
   it is forgotten. */
bool tcpflow__life_expire(tcpflow_tracker *tracker, uint32_t index);

/* Lets time pass: at most LOOKS timers are looked at. */
void tcpflow__life_pass(tcpflow_tracker *tracker, uint64_t looks);

/* Takes a record for a flow of a key, client first, whose connection is to be
   loaded; no timer runs.  TCPFLOW_OK, TCPFLOW_ERR_NOMEM, or TCPFLOW_ERR_LIMIT
   if the tracker may have no more memory. */
int tcpflow__life_adopt(tcpflow_tracker *tracker, const tcpflow__key *key,
                        uint32_t *index);

/* Its connection was loaded: it is in its phase from here on, and folded if
   that is asked for and it can be. */
void tcpflow__life_adopted(tcpflow_tracker *tracker, uint32_t index,
                           bool folded);

/* Sets the timer of a flow that was loaded, unless it runs: to a tick, or to
   the flow's time, whichever comes first. */
void tcpflow__life_look(tcpflow_tracker *tracker, uint32_t index,
                        uint64_t tick);

/* Forgets a flow, and tells nothing. */
void tcpflow__life_drop(tcpflow_tracker *tracker, uint32_t index);

/* The env's on_roles. */
void tcpflow__life_flipped(tcpflow_conn *conn);

/* The env's unfold: nobody has to go for it. */
int tcpflow__life_unfold_within(tcpflow_conn *conn);

/* The env's on_timeout. */
void tcpflow__life_rearm(tcpflow_conn *conn);

/* The env's on_end. */
int tcpflow__life_ended(tcpflow_conn *conn, const tcpflow_end_event *event,
                        void *user);

#endif /* TCPFLOW__TRACK_LIFE_H */
