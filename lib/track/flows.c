/*
 * lib/track/flows.c - the records of the flows.
 *
 * Room: track.  Includes: base, conn.  The record that was given back last is
 * taken first, because it is still in the cache.
 */
#include "track/flows.h"

#include "track/standing.h"

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
  tcpflow__tuples_init(&flows->tuples);
  tcpflow__beds_init(&flows->beds);
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
  tcpflow__tuples_init(&flows->tuples);
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
             flows->blocks.base[block] != NULL
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
  tcpflow__list_place(flows, TCPFLOW__CHAIN_AGE, TCPFLOW__LIST_LIVE, index,
                      &flow->link[TCPFLOW__CHAIN_AGE]);
  tcpflow__list_place(flows, TCPFLOW__CHAIN_GROUP,
                      folded ? TCPFLOW__LIST_FOLDED : TCPFLOW__LIST_EMBRYONIC,
                      index, &flow->link[TCPFLOW__CHAIN_GROUP]);
  return index;
}

void tcpflow__flows_give(tcpflow__flows *flows, uint32_t index) {
  tcpflow__flow *const flow = tcpflow__flows_at(flows, index);

  tcpflow__standing_regroup(flows, flow, index,
                            tcpflow__standing_group(flow, flow->phase),
                            TCPFLOW__LISTS);
  tcpflow__standing_leave(flows, flow, index);
  flows->count[flow->phase]--;
  flow->phase = TCPFLOW__PHASE_SPARE;
  flow->link[TCPFLOW__CHAIN_AGE].next = flows->spare;
  flows->spare = index;
  flows->used--;
}

void tcpflow__standing_change(tcpflow__flows *flows, tcpflow__flow *flow,
                              uint32_t index, uint32_t from) {
  const uint32_t to = flow->phase;

  tcpflow__standing_regroup(flows, flow, index,
                            tcpflow__standing_group(flow, from),
                            tcpflow__standing_group(flow, to));
  tcpflow__standing_reage(flows, flow, index, tcpflow__standing_age(from),
                          tcpflow__standing_age(to));
}

void tcpflow__flows_move(tcpflow__flows *flows, uint32_t index, uint32_t to) {
  tcpflow__standing_move(flows, tcpflow__flows_at(flows, index), index, to);
}

void tcpflow__flows_requeue(tcpflow__flows *flows, uint32_t index) {
  tcpflow__flow *const flow = tcpflow__flows_at(flows, index);
  tcpflow__link *const link = &flow->link[TCPFLOW__CHAIN_GROUP];
  const uint32_t list = tcpflow__standing_group(flow, flow->phase);

  if (list != TCPFLOW__LISTS) {
    tcpflow__list_unlink(flows, TCPFLOW__CHAIN_GROUP, link);
    tcpflow__list_place(flows, TCPFLOW__CHAIN_GROUP, list, index, link);
  }
}

void tcpflow__flows_fold(tcpflow__flows *flows, uint32_t index, bool folded) {
  tcpflow__standing_fold(flows, tcpflow__flows_at(flows, index), index, folded);
}

/* A record does not know its index, but its neighbours do. */
uint32_t tcpflow__flows_index(tcpflow__flows *flows,
                              const tcpflow__flow *flow) {
  return tcpflow__list_link(flows, TCPFLOW__CHAIN_AGE,
                            flow->link[TCPFLOW__CHAIN_AGE].next)
    ->prev;
}
