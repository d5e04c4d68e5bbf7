/*
 * lib/track/flows.c - the records of the flows.
 *
 * Room: track.  Includes: base, conn.  The record that was given back last is
 * taken first, because it is still in the cache.
 */
#include "track/flows.h"

#include "track/lists.h"

#define HEAD_LIVE (TCPFLOW__LIST_LIVE | TCPFLOW__LIST_HEAD)

static uint32_t blocks_for(uint32_t records) {
  return (records - 1) / TCPFLOW__FLOWS_A_BLOCK + 1;
}

int tcpflow__flows_init(tcpflow__flows *flows, const tcpflow_mem *mem,
                        uint32_t capacity) {
  const int error =
    tcpflow__blocks_init(&flows->blocks, mem, blocks_for(capacity));

  if (error != TCPFLOW_OK) {
    return error;
  }
  tcpflow__places_init(&flows->places, mem);
  flows->capacity = capacity;
  flows->fresh = 0;
  flows->spare = TCPFLOW__FLOW_NONE;
  flows->used = 0;
  flows->hand = HEAD_LIVE;
  for (uint32_t phase = 0; phase < TCPFLOW__PHASES; phase++) {
    flows->count[phase] = 0;
  }
  for (uint32_t list = 0; list < TCPFLOW__LISTS; list++) {
    tcpflow__list_init(flows, list);
  }
  return TCPFLOW_OK;
}

void tcpflow__flows_clear(tcpflow__flows *flows) {
  tcpflow__blocks_clear(&flows->blocks);
  tcpflow__places_clear(&flows->places);
}

static uint32_t take_spare(tcpflow__flows *flows) {
  const uint32_t index = flows->spare;

  flows->spare = tcpflow__flows_at(flows, index)->link[TCPFLOW__CHAIN_AGE].next;
  return index;
}

/* A small tracker's only block is no bigger than its capacity. */
static uint32_t records_in(const tcpflow__flows *flows, uint32_t block) {
  const uint32_t left = flows->capacity - block * TCPFLOW__FLOWS_A_BLOCK;

  return left < TCPFLOW__FLOWS_A_BLOCK ? left : TCPFLOW__FLOWS_A_BLOCK;
}

uint64_t tcpflow__flows_growth(const tcpflow__flows *flows) {
  const uint32_t block = flows->fresh / TCPFLOW__FLOWS_A_BLOCK;

  return flows->spare != TCPFLOW__FLOW_NONE ||
             flows->fresh == flows->capacity ||
             flows->blocks.block[block].allocated != NULL
           ? 0
           : records_in(flows, block) * sizeof(tcpflow__flow);
}

static uint32_t take_fresh(tcpflow__flows *flows) {
  const uint32_t block = flows->fresh / TCPFLOW__FLOWS_A_BLOCK;

  if (flows->fresh == flows->capacity ||
      tcpflow__blocks_need(&flows->blocks, block,
                           records_in(flows, block) * sizeof(tcpflow__flow)) !=
        TCPFLOW_OK) {
    return TCPFLOW__FLOW_NONE;
  }
  return flows->fresh++;
}

/* The list of the AGE chain, by phase. */
static const uint16_t age_list[TCPFLOW__PHASES] = {
  [TCPFLOW_PHASE_OPENING] = TCPFLOW__LIST_LIVE,
  [TCPFLOW_PHASE_ANSWERED] = TCPFLOW__LIST_LIVE,
  [TCPFLOW_PHASE_PICKED_UP] = TCPFLOW__LIST_LIVE,
  [TCPFLOW_PHASE_OPEN] = TCPFLOW__LIST_LIVE,
  [TCPFLOW_PHASE_HALF_CLOSED] = TCPFLOW__LIST_LIVE,
  [TCPFLOW_PHASE_CLOSING] = TCPFLOW__LIST_LIVE,
  [TCPFLOW_PHASE_RESET] = TCPFLOW__LIST_LIVE,
  [TCPFLOW_PHASE_ENDED] = TCPFLOW__LIST_ENDED,
  [TCPFLOW__PHASE_DEAD] = TCPFLOW__LIST_DEAD,
};

/* Likewise of the GROUP chain; TCPFLOW__LISTS: none. */
static const uint16_t group_list[TCPFLOW__PHASES] = {
  [TCPFLOW_PHASE_OPENING] = TCPFLOW__LIST_EMBRYONIC,
  [TCPFLOW_PHASE_ANSWERED] = TCPFLOW__LIST_EMBRYONIC,
  [TCPFLOW_PHASE_PICKED_UP] = TCPFLOW__LIST_EMBRYONIC,
  [TCPFLOW_PHASE_OPEN] = TCPFLOW__LISTS,
  [TCPFLOW_PHASE_HALF_CLOSED] = TCPFLOW__LISTS,
  [TCPFLOW_PHASE_CLOSING] = TCPFLOW__LIST_CLOSING,
  [TCPFLOW_PHASE_RESET] = TCPFLOW__LIST_RESET,
  [TCPFLOW_PHASE_ENDED] = TCPFLOW__LISTS,
  [TCPFLOW__PHASE_DEAD] = TCPFLOW__LISTS,
};

/* That of a flow, if it is in that phase. */
static inline uint32_t group_of(const tcpflow__flow *flow, uint32_t phase) {
  const uint32_t list = group_list[phase];

  return list == TCPFLOW__LIST_EMBRYONIC && flow->folded != 0
           ? TCPFLOW__LIST_FOLDED
           : list;
}

uint32_t tcpflow__flows_take(tcpflow__flows *flows, bool folded) {
  const uint32_t index =
    flows->spare != TCPFLOW__FLOW_NONE ? take_spare(flows) : take_fresh(flows);

  if (index == TCPFLOW__FLOW_NONE) {
    return index;
  }
  flows->used++;
  flows->count[TCPFLOW_PHASE_OPENING]++;

  tcpflow__flow *const flow = tcpflow__flows_at(flows, index);
  flow->phase = TCPFLOW_PHASE_OPENING;
  flow->folded = folded ? 1 : 0;
  flow->link[TCPFLOW__CHAIN_TIMER].next = TCPFLOW__FLOW_NONE;
  tcpflow__list_append(flows, TCPFLOW__CHAIN_AGE, TCPFLOW__LIST_LIVE, index);
  tcpflow__list_append(flows, TCPFLOW__CHAIN_GROUP,
                       folded ? TCPFLOW__LIST_FOLDED : TCPFLOW__LIST_EMBRYONIC,
                       index);
  return index;
}

/* Out of its list of the AGE chain; the search for an idle flow steps over
   it. */
static inline void leave_age(tcpflow__flows *flows, const tcpflow__flow *flow,
                             uint32_t index) {
  const tcpflow__link *const link = &flow->link[TCPFLOW__CHAIN_AGE];

  if (flows->hand == index) {
    flows->hand = link->next;
  }
  tcpflow__list_unlink(flows, TCPFLOW__CHAIN_AGE, link);
}

/* From one list of the GROUP chain, if it is in one, to another; flows of one
   group keep their order. */
static inline void change_group(tcpflow__flows *flows, uint32_t index,
                                uint32_t from, uint32_t to) {
  if (from == to) {
    return;
  }
  if (from != TCPFLOW__LISTS) {
    tcpflow__list_unlink(
      flows, TCPFLOW__CHAIN_GROUP,
      &tcpflow__flows_at(flows, index)->link[TCPFLOW__CHAIN_GROUP]);
  }
  if (to != TCPFLOW__LISTS) {
    tcpflow__list_append(flows, TCPFLOW__CHAIN_GROUP, to, index);
  }
}

void tcpflow__flows_give(tcpflow__flows *flows, uint32_t index) {
  tcpflow__flow *const flow = tcpflow__flows_at(flows, index);

  change_group(flows, index, group_of(flow, flow->phase), TCPFLOW__LISTS);
  leave_age(flows, flow, index);
  flows->count[flow->phase]--;
  flow->phase = TCPFLOW__PHASE_SPARE;
  flow->link[TCPFLOW__CHAIN_AGE].next = flows->spare;
  flows->spare = index;
  flows->used--;
}

void tcpflow__flows_move(tcpflow__flows *flows, uint32_t index, uint32_t to) {
  tcpflow__flow *const flow = tcpflow__flows_at(flows, index);
  const uint32_t from = flow->phase;

  change_group(flows, index, group_of(flow, from), group_of(flow, to));
  if (age_list[from] != age_list[to]) {
    leave_age(flows, flow, index);
    tcpflow__list_append(flows, TCPFLOW__CHAIN_AGE, age_list[to], index);
  }
  flows->count[from]--;
  flow->phase = to & 15U;
  flows->count[to]++;
}

void tcpflow__flows_requeue(tcpflow__flows *flows, uint32_t index) {
  const tcpflow__flow *const flow = tcpflow__flows_at(flows, index);
  const uint32_t list = group_of(flow, flow->phase);

  if (list != TCPFLOW__LISTS) {
    (void)tcpflow__list_remove(flows, TCPFLOW__CHAIN_GROUP, index);
    tcpflow__list_append(flows, TCPFLOW__CHAIN_GROUP, list, index);
  }
}

void tcpflow__flows_fold(tcpflow__flows *flows, uint32_t index, bool folded) {
  tcpflow__flow *const flow = tcpflow__flows_at(flows, index);
  const uint32_t from = group_of(flow, flow->phase);

  flow->folded = folded ? 1 : 0;
  change_group(flows, index, from, group_of(flow, flow->phase));
}

/* A record does not know its index, but its neighbours do. */
uint32_t tcpflow__flows_index(tcpflow__flows *flows,
                              const tcpflow__flow *flow) {
  return tcpflow__list_link(flows, TCPFLOW__CHAIN_AGE,
                            flow->link[TCPFLOW__CHAIN_AGE].next)
    ->prev;
}
