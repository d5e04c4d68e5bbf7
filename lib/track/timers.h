/*
 * lib/track/timers.h - when to look at a flow again.
 *
 * Room: track.  Includes: base, conn.  A hierarchical timing wheel (Varghese
 * and Lauck, 1987): seven levels of 64 slots, of 2^24 ns (17 ms) each at the
 * first level and 64 times the level below at the others, which is more than 64
 * bits of nanoseconds.  Packets do not touch it: when the slot of a flow comes
 * up, the caller asks the flow how long it has been idle, and sets the timer
 * anew or ends it.  So a slot says when to look, never that time is over.
 *
 * The wheel turns by one flow at a time, and may lag behind the clock.
 */
#ifndef TCPFLOW__TRACK_TIMERS_H
#define TCPFLOW__TRACK_TIMERS_H

#include <stdbool.h>

#include "track/lists.h"

#define TCPFLOW__TICK_BITS 24U

/* Where a timer goes. */
typedef struct tcpflow__timer_place {
  uint64_t tick; /* That it is set to, */
  uint64_t at;   /* and where the wheel was then. */
  uint64_t bit;  /* Its slot's, */
  uint32_t level;
  uint32_t list;
} tcpflow__timer_place;

typedef struct tcpflow__timers {
  uint64_t at;       /* Ticks up to which the wheel has turned. */
  tcpflow_time calm; /* Before that, nothing is to be done; 0: not known. */
  uint64_t occupied[TCPFLOW__TIMER_LEVELS]; /* Slots that are not empty. */
  tcpflow__timer_place latest; /* Of the one set last: many are set in a tick,
                                  and most go there, too. */
} tcpflow__timers;

/* The wheel stands at time 0; the lists are in FLOWS. */
void tcpflow__timers_init(tcpflow__timers *timers);

/* Finds out where a timer of a tick goes. */
void tcpflow__timers_look_up(tcpflow__timers *timers, uint64_t tick);

/* The list of a timer that is set to DUE or, if the wheel is past that already,
   to the next tick.  A flow is put there now. */
static inline uint32_t tcpflow__timers_list(tcpflow__timers *timers,
                                            tcpflow_time due) {
  const uint64_t tick = due >> TCPFLOW__TICK_BITS;

  if (tick != timers->latest.tick || timers->at != timers->latest.at) {
    tcpflow__timers_look_up(timers, tick);
  }
  timers->occupied[timers->latest.level] |= timers->latest.bit;
  return timers->latest.list;
}

/* Sets a flow's timer, which does not run, to DUE or, if the wheel is past that
   already, to the next tick. */
void tcpflow__timers_set(tcpflow__timers *timers, tcpflow__flows *flows,
                         uint32_t index, tcpflow_time due);

/* Sets a flow's timer, which does not run, to a tick; one that the wheel has
   reached comes up next, behind those that do so already. */
void tcpflow__timers_restore(tcpflow__timers *timers, tcpflow__flows *flows,
                             uint32_t index, uint64_t tick);

/* The tick at which a list of timers comes up, which is not empty; that of
   TCPFLOW__LIST_PENDING is the one that the wheel has reached. */
uint64_t tcpflow__timers_tick(const tcpflow__timers *timers, uint32_t list);

/* A list of timers has become empty. */
void tcpflow__timers_emptied(tcpflow__timers *timers, uint32_t list);

/* A flow with this link has left a list of timers, which may be empty now: only
   a head can be before and behind the same flow. */
static inline void tcpflow__timers_left(tcpflow__timers *timers,
                                        const tcpflow__link *link) {
  if (link->next == link->prev && (link->next & TCPFLOW__LIST_HEAD) != 0) {
    tcpflow__timers_emptied(timers, link->next & ~TCPFLOW__LIST_HEAD);
  }
}

/* Stops a flow's timer, if it runs. */
void tcpflow__timers_stop(tcpflow__timers *timers, tcpflow__flows *flows,
                          uint32_t index);

/* The same, as part of its caller. */
static inline void tcpflow__timers_stop_flow(tcpflow__timers *timers,
                                             tcpflow__flows *flows,
                                             tcpflow__flow *flow) {
  tcpflow__link *const link = &flow->link[TCPFLOW__CHAIN_TIMER];

  if (link->next == TCPFLOW__FLOW_NONE) {
    return;
  }
  tcpflow__list_unlink(flows, TCPFLOW__CHAIN_TIMER, link);
  tcpflow__timers_left(timers, link);
  link->next = TCPFLOW__FLOW_NONE;
}

/* A flow whose slot has come up by NOW, its timer stopped; or
   TCPFLOW__FLOW_NONE, and the wheel is at NOW.  Does little, however far NOW is
   and however many come up. */
uint32_t tcpflow__timers_next(tcpflow__timers *timers, tcpflow__flows *flows,
                              tcpflow_time now);

/* May tcpflow__timers_next() have anything to do? */
static inline bool tcpflow__timers_lag(const tcpflow__timers *timers,
                                       tcpflow_time now) {
  return now >= timers->calm;
}

/* No slot with a flow comes up before; TCPFLOW_TIME_NONE: no timer runs. */
tcpflow_time tcpflow__timers_deadline(const tcpflow__timers *timers,
                                      const tcpflow__flows *flows);

#endif /* TCPFLOW__TRACK_TIMERS_H */
