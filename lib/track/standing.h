/*
 * lib/track/standing.h - the lists that a flow stands in, by its phase.
 *
 * Room: track.  Includes: base, conn.  In a header, because a flow changes its
 * phase with every segment that opens or closes it; most of these changes leave
 * it in its lists.
 */
#ifndef TCPFLOW__TRACK_STANDING_H
#define TCPFLOW__TRACK_STANDING_H

#include <assert.h>

#include "track/lists.h"

/* The list of the AGE chain. */
static inline uint32_t tcpflow__standing_age(uint32_t phase) {
  if (tcpflow__phase_is_live(phase)) {
    return TCPFLOW__LIST_LIVE;
  }
  return phase == TCPFLOW_PHASE_ENDED ? TCPFLOW__LIST_ENDED
                                      : TCPFLOW__LIST_DEAD;
}

/* The list of the GROUP chain of a flow, if it is in that phase;
   TCPFLOW__LISTS: none. */
static inline uint32_t tcpflow__standing_group(const tcpflow__flow *flow,
                                               uint32_t phase) {
  static const uint16_t group[TCPFLOW__PHASES] = {
    [TCPFLOW_PHASE_OPENING] = TCPFLOW__LIST_EMBRYONIC,
    [TCPFLOW_PHASE_ANSWERED] = TCPFLOW__LIST_EMBRYONIC,
    [TCPFLOW_PHASE_PICKED_UP] = TCPFLOW__LIST_EMBRYONIC,
    [TCPFLOW_PHASE_OPEN] = TCPFLOW__LIST_AWAKE,
    [TCPFLOW_PHASE_HALF_CLOSED] = TCPFLOW__LIST_AWAKE,
    [TCPFLOW_PHASE_CLOSING] = TCPFLOW__LIST_CLOSING,
    [TCPFLOW_PHASE_RESET] = TCPFLOW__LIST_RESET,
    [TCPFLOW_PHASE_ENDED] = TCPFLOW__LISTS,
    [TCPFLOW__PHASE_DEAD] = TCPFLOW__LISTS,
  };
  static const uint16_t of_folded[TCPFLOW__PHASES] = {
    [TCPFLOW_PHASE_OPENING] = TCPFLOW__LIST_FOLDED,
    [TCPFLOW_PHASE_ANSWERED] = TCPFLOW__LIST_FOLDED,
    [TCPFLOW_PHASE_PICKED_UP] = TCPFLOW__LIST_FOLDED,
    [TCPFLOW_PHASE_OPEN] = TCPFLOW__LISTS,
    [TCPFLOW_PHASE_HALF_CLOSED] = TCPFLOW__LISTS,
    [TCPFLOW_PHASE_CLOSING] = TCPFLOW__LIST_CLOSING,
    [TCPFLOW_PHASE_RESET] = TCPFLOW__LIST_RESET,
    [TCPFLOW_PHASE_ENDED] = TCPFLOW__LISTS,
    [TCPFLOW__PHASE_DEAD] = TCPFLOW__LISTS,
  };

  return flow->folded != 0 ? of_folded[phase] : group[phase];
}

/* Out of its list of the AGE chain; the search for an idle flow steps over
   it. */
static inline void tcpflow__standing_leave(tcpflow__flows *flows,
                                           const tcpflow__flow *flow,
                                           uint32_t index) {
  const tcpflow__link *const link = &flow->link[TCPFLOW__CHAIN_AGE];

  if (flows->hand == index) {
    flows->hand = link->next;
  }
  tcpflow__list_unlink(flows, TCPFLOW__CHAIN_AGE, link);
}

/* From one list of the GROUP chain, if it is in one, to another; flows of one
   group keep their order. */
static inline void tcpflow__standing_regroup(tcpflow__flows *flows,
                                             tcpflow__flow *flow,
                                             uint32_t index, uint32_t from,
                                             uint32_t to) {
  if (from == to) {
    return;
  }
  if (from != TCPFLOW__LISTS) {
    tcpflow__list_unlink(flows, TCPFLOW__CHAIN_GROUP,
                         &flow->link[TCPFLOW__CHAIN_GROUP]);
  }
  if (to != TCPFLOW__LISTS) {
    tcpflow__list_place(flows, TCPFLOW__CHAIN_GROUP, to, index,
                        &flow->link[TCPFLOW__CHAIN_GROUP]);
  }
}

/* Its connection was folded, or unfolded. */
static inline void tcpflow__standing_fold(tcpflow__flows *flows,
                                          tcpflow__flow *flow, uint32_t index,
                                          bool folded) {
  const uint32_t from = tcpflow__standing_group(flow, flow->phase);

  flow->folded = folded ? 1 : 0;
  tcpflow__standing_regroup(flows, flow, index, from,
                            tcpflow__standing_group(flow, flow->phase));
}

/* From one list of the AGE chain to another. */
static inline void tcpflow__standing_reage(tcpflow__flows *flows,
                                           tcpflow__flow *flow, uint32_t index,
                                           uint32_t from, uint32_t to) {
  if (from != to) {
    tcpflow__standing_leave(flows, flow, index);
    tcpflow__list_place(flows, TCPFLOW__CHAIN_AGE, to, index,
                        &flow->link[TCPFLOW__CHAIN_AGE]);
  }
}

/* Does a flow stand in the same lists in both phases? */
static inline bool tcpflow__standing_is_same(uint32_t from, uint32_t to) {
  static const uint8_t kind[TCPFLOW__PHASES] = {
    [TCPFLOW_PHASE_OPENING] = 1,     [TCPFLOW_PHASE_ANSWERED] = 1,
    [TCPFLOW_PHASE_PICKED_UP] = 1,   [TCPFLOW_PHASE_OPEN] = 2,
    [TCPFLOW_PHASE_HALF_CLOSED] = 2, [TCPFLOW_PHASE_CLOSING] = 3,
    [TCPFLOW_PHASE_RESET] = 4,       [TCPFLOW_PHASE_ENDED] = 5,
    [TCPFLOW__PHASE_DEAD] = 6,
  };

  return kind[from] == kind[to];
}

/* From the lists of a phase to those of the one that it is in. */
void tcpflow__standing_change(tcpflow__flows *flows, tcpflow__flow *flow,
                              uint32_t index, uint32_t from);

/* Moves a flow, that of INDEX, on in its life, or back. */
static inline void tcpflow__standing_move(tcpflow__flows *flows,
                                          tcpflow__flow *flow, uint32_t index,
                                          uint32_t to) {
  const uint32_t from = flow->phase;

  flows->count[from]--;
  flow->phase = to & UINT8_MAX;
  flows->count[to]++;
  if (!tcpflow__standing_is_same(from, to)) {
    tcpflow__standing_change(flows, flow, index, from);
  }
}

/* From its list of the GROUP chain to another one, for a flow that is not
   folded. */
static inline void tcpflow__standing_relist(tcpflow__flows *flows,
                                            tcpflow__flow *flow, uint32_t index,
                                            uint32_t to) {
  tcpflow__link *const link = &flow->link[TCPFLOW__CHAIN_GROUP];

  assert(flow->folded == 0);
  tcpflow__list_unlink(flows, TCPFLOW__CHAIN_GROUP, link);
  tcpflow__list_place(flows, TCPFLOW__CHAIN_GROUP, to, index, link);
}

/* Moves a live flow, that of INDEX, to another phase in which it is live. */
static inline void tcpflow__standing_move_live(tcpflow__flows *flows,
                                               tcpflow__flow *flow,
                                               uint32_t index, uint32_t to) {
  const uint32_t from = flow->phase;

  flows->count[from]--;
  flow->phase = to & UINT8_MAX;
  flows->count[to]++;
  if (from == TCPFLOW_PHASE_ANSWERED && to == TCPFLOW_PHASE_OPEN) {
    /* As every connection does that opens; it has its sides. */
    tcpflow__standing_relist(flows, flow, index, TCPFLOW__LIST_AWAKE);
  } else if (from == TCPFLOW_PHASE_HALF_CLOSED && to == TCPFLOW_PHASE_CLOSING) {
    /* Or closes; likewise. */
    tcpflow__standing_relist(flows, flow, index, TCPFLOW__LIST_CLOSING);
  } else if (!tcpflow__standing_is_same(from, to)) {
    tcpflow__standing_regroup(flows, flow, index,
                              tcpflow__standing_group(flow, from),
                              tcpflow__standing_group(flow, to));
  }
}

/* Out of its list of the AGE chain and into another one.  A record does not
   know its index, but its neighbours do. */
static inline void tcpflow__standing_pass(tcpflow__flows *flows,
                                          tcpflow__flow *flow, uint32_t list) {
  tcpflow__link *const link = &flow->link[TCPFLOW__CHAIN_AGE];
  tcpflow__link *const next =
    tcpflow__list_link(flows, TCPFLOW__CHAIN_AGE, link->next);
  const uint32_t index = next->prev;

  next->prev = link->prev;
  tcpflow__list_link(flows, TCPFLOW__CHAIN_AGE, link->prev)->next = link->next;
  if (flows->hand == index) {
    flows->hand = link->next;
  }
  tcpflow__list_place(flows, TCPFLOW__CHAIN_AGE, list, index, link);
}

/* Moves a flow that is closing on to what comes behind the end. */
static inline void tcpflow__standing_end(tcpflow__flows *flows,
                                         tcpflow__flow *flow) {
  assert(flow->phase == TCPFLOW_PHASE_CLOSING);
  flows->count[TCPFLOW_PHASE_CLOSING]--;
  flows->count[TCPFLOW_PHASE_ENDED]++;
  flow->phase = TCPFLOW_PHASE_ENDED;
  tcpflow__list_unlink(flows, TCPFLOW__CHAIN_GROUP,
                       &flow->link[TCPFLOW__CHAIN_GROUP]);
  tcpflow__standing_pass(flows, flow, TCPFLOW__LIST_ENDED);
}

#endif /* TCPFLOW__TRACK_STANDING_H */
