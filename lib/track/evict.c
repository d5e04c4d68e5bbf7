/*
 * lib/track/evict.c - which flow has to go when there is no room.
 *
 * Room: track.  Includes: base, conn.  Packets must not move flows about in a
 * list, which would touch two neighbours that are not in the cache.  So the
 * open flows stay in order of age, and a hand goes round them as in the clock
 * algorithm (Corbato, 1968): a flow that has had no packet since the hand was
 * there the last time has to go.
 */
#include "track/evict.h"

#include "base/prefetch.h"
#include "track/buckets.h"
#include "track/lists.h"

/* How many flows the hand passes before the most idle of them has to go. */
#define LOOKS_MAX 32

/* Lists whose flows go first, in that order. */
#define ORDERED   4U
static const uint32_t order[ORDERED] = {
  TCPFLOW__LIST_ENDED, TCPFLOW__LIST_RESET, TCPFLOW__LIST_EMBRYONIC,
  TCPFLOW__LIST_CLOSING};

/* The flow at the hand, which moves on; there is a live flow. */
static uint32_t hand_next(tcpflow__flows *flows) {
  if ((flows->hand & TCPFLOW__LIST_HEAD) != 0) {
    flows->hand = flows->head[TCPFLOW__LIST_LIVE].next;
  }

  const uint32_t index = flows->hand;
  flows->hand = tcpflow__flows_at(flows, index)->link[TCPFLOW__CHAIN_AGE].next;
  return index;
}

/* What is remembered of a time.  Of a clock that ticks once in a millisecond,
   the lowest bits are always 0, so some more come to them. */
static uint32_t gist_of(tcpflow_time time) {
  return (uint32_t)((time ^ time >> TCPFLOW__SEEN_BITS) & TCPFLOW__SEEN_MASK);
}

/* Has the flow had no packet since this was asked last? */
static bool was_idle(tcpflow__flow *flow) {
  const uint32_t activity = gist_of(tcpflow__conn_last(&flow->conn));
  const bool idle = flow->seen == activity;

  flow->seen = activity & TCPFLOW__SEEN_MASK;
  return idle;
}

static bool longer_idle(const tcpflow__flows *flows, uint32_t a, uint32_t b) {
  return b == TCPFLOW__FLOW_NONE ||
         tcpflow__conn_last(&tcpflow__flows_at(flows, a)->conn) <
           tcpflow__conn_last(&tcpflow__flows_at(flows, b)->conn);
}

/* What is to be had of a flow that goes. */
typedef enum wanted {
  ITS_RECORD,
  ITS_SIDES,
  ITS_TUPLE
} wanted;

static bool has(const tcpflow__flow *flow, wanted what) {
  switch (what) {
  case ITS_SIDES:
    return flow->folded == 0;
  case ITS_TUPLE:
    return tcpflow__ends_are_whole(&flow->conn.ends);
  case ITS_RECORD:
  default:
    return true;
  }
}

/* Of those that have WHAT. */
static uint32_t choose_idle(tcpflow__flows *flows, uint32_t newcomer,
                            wanted what) {
  uint32_t most_idle = TCPFLOW__FLOW_NONE;

  for (unsigned looks = 0; looks < LOOKS_MAX; looks++) {
    const uint32_t index = hand_next(flows);
    tcpflow__flow *const flow = tcpflow__flows_at(flows, index);
    if (index == newcomer || !has(flow, what)) {
      continue;
    }
    if (was_idle(flow)) {
      return index;
    }
    if (longer_idle(flows, index, most_idle)) {
      most_idle = index;
    }
  }
  return most_idle;
}

/* The first of a list.  Of embryonic flows, the older one of the first that is
   folded and the first that is not; one that is no newcomer comes first. */
static uint32_t first_of(const tcpflow__flows *flows, uint32_t list,
                         uint32_t newcomer) {
  const uint32_t first = tcpflow__list_first(flows, list);
  const uint32_t folded = list == TCPFLOW__LIST_EMBRYONIC
                            ? tcpflow__list_first(flows, TCPFLOW__LIST_FOLDED)
                            : TCPFLOW__FLOW_NONE;

  if (folded == TCPFLOW__FLOW_NONE) {
    return first;
  }
  if (first == TCPFLOW__FLOW_NONE || first == newcomer) {
    return folded;
  }
  return folded != newcomer && tcpflow__flows_at(flows, folded)->conn.first <
                                 tcpflow__flows_at(flows, first)->conn.first
           ? folded
           : first;
}

uint32_t tcpflow__evict_choose(tcpflow__flows *flows, uint32_t newcomer) {
  for (unsigned i = 0; i < ORDERED; i++) {
    /* The newcomer is the youngest: where it comes first, it is alone.  If it
       has ended already, it may go itself. */
    const uint32_t first = first_of(flows, order[i], newcomer);
    if (first != TCPFLOW__FLOW_NONE && (first != newcomer || i == 0)) {
      return first;
    }
  }
  return choose_idle(flows, newcomer, ITS_RECORD);
}

/* The first of a list that has WHAT, of those at its front. */
static uint32_t first_with(tcpflow__flows *flows, uint32_t list,
                           uint32_t newcomer, wanted what) {
  const uint32_t head = list | TCPFLOW__LIST_HEAD;
  const tcpflow__chain chain =
    list == TCPFLOW__LIST_ENDED ? TCPFLOW__CHAIN_AGE : TCPFLOW__CHAIN_GROUP;
  uint32_t index = tcpflow__list_first(flows, list);

  for (unsigned looks = 0;
       looks < LOOKS_MAX && index != TCPFLOW__FLOW_NONE && index != head;
       looks++) {
    const tcpflow__flow *const flow = tcpflow__flows_at(flows, index);
    if (index != newcomer && has(flow, what)) {
      return index;
    }
    index = flow->link[chain].next;
  }
  return TCPFLOW__FLOW_NONE;
}

/* choose_idle() where there may be no live flow. */
static uint32_t choose_live(tcpflow__flows *flows, uint32_t newcomer,
                            wanted what) {
  return tcpflow__list_first(flows, TCPFLOW__LIST_LIVE) == TCPFLOW__FLOW_NONE
           ? TCPFLOW__FLOW_NONE
           : choose_idle(flows, newcomer, what);
}

/* Of those that have ended hardly any has sides. */
uint32_t tcpflow__evict_choose_unfolded(tcpflow__flows *flows,
                                        uint32_t newcomer) {
  uint32_t index = TCPFLOW__FLOW_NONE;

  for (unsigned i = 1; i < ORDERED && index == TCPFLOW__FLOW_NONE; i++) {
    index = first_with(flows, order[i], newcomer, ITS_SIDES);
  }
  if (index == TCPFLOW__FLOW_NONE) {
    index = choose_live(flows, newcomer, ITS_SIDES);
  }
  if (index == TCPFLOW__FLOW_NONE) {
    index = first_with(flows, TCPFLOW__LIST_AWAKE, newcomer, ITS_SIDES);
  }
  return index == TCPFLOW__FLOW_NONE
           ? first_with(flows, TCPFLOW__LIST_ENDED, newcomer, ITS_SIDES)
           : index;
}

uint32_t tcpflow__evict_choose_whole(tcpflow__flows *flows, uint32_t newcomer) {
  static const uint32_t list[] = {TCPFLOW__LIST_ENDED, TCPFLOW__LIST_RESET,
                                  TCPFLOW__LIST_FOLDED, TCPFLOW__LIST_EMBRYONIC,
                                  TCPFLOW__LIST_CLOSING};
  uint32_t index = TCPFLOW__FLOW_NONE;

  for (unsigned i = 0;
       i < sizeof(list) / sizeof(list[0]) && index == TCPFLOW__FLOW_NONE; i++) {
    index = first_with(flows, list[i], newcomer, ITS_TUPLE);
  }
  return index == TCPFLOW__FLOW_NONE ? choose_live(flows, newcomer, ITS_TUPLE)
                                     : index;
}

/* Behind a flow in the list by which its like go; TCPFLOW__FLOW_NONE: none, or
   they go by the hand. */
static uint32_t behind(const tcpflow__flows *flows, uint32_t index) {
  const tcpflow__flow *const flow = tcpflow__flows_at(flows, index);

  if (flow->phase == TCPFLOW_PHASE_OPEN ||
      flow->phase == TCPFLOW_PHASE_HALF_CLOSED) {
    return TCPFLOW__FLOW_NONE;
  }

  const tcpflow__chain chain = flow->phase == TCPFLOW_PHASE_ENDED
                                 ? TCPFLOW__CHAIN_AGE
                                 : TCPFLOW__CHAIN_GROUP;
  const uint32_t next = flow->link[chain].next;

  return (next & TCPFLOW__LIST_HEAD) != 0 ? TCPFLOW__FLOW_NONE : next;
}

/* The record of the next one was asked for when the one before went. */
void tcpflow__evict_look_ahead(const tcpflow__table *table, uint32_t index) {
  const tcpflow__flows *const flows = table->flows;
  const uint32_t next = behind(flows, index);
  uint32_t over_next;

  if (next == TCPFLOW__FLOW_NONE) {
    return;
  }
  tcpflow__prefetch(
    tcpflow__bucket_of(table, tcpflow__flows_at(flows, next)->hash),
    TCPFLOW__LINE);
  over_next = behind(flows, next);
  if (over_next != TCPFLOW__FLOW_NONE) {
    tcpflow__prefetch(tcpflow__flows_at(flows, over_next),
                      sizeof(tcpflow__flow));
  }
}
