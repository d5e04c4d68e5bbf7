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
  flows->capacity = capacity;
  flows->fresh = 0;
  flows->spare = TCPFLOW__FLOW_NONE;
  flows->used = 0;
  flows->hand = HEAD_LIVE;
  for (uint32_t class = 0; class < TCPFLOW__CLASSES; class ++) {
    flows->count[class] = 0;
  }
  for (uint32_t list = 0; list < TCPFLOW__LISTS; list++) {
    tcpflow__list_init(flows, list);
  }
  return TCPFLOW_OK;
}

void tcpflow__flows_clear(tcpflow__flows *flows) {
  tcpflow__blocks_clear(&flows->blocks);
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

uint32_t tcpflow__flows_take(tcpflow__flows *flows) {
  const uint32_t index =
    flows->spare != TCPFLOW__FLOW_NONE ? take_spare(flows) : take_fresh(flows);

  if (index == TCPFLOW__FLOW_NONE) {
    return index;
  }
  flows->used++;
  flows->count[TCPFLOW__CLASS_EMBRYONIC]++;

  tcpflow__flow *const flow = tcpflow__flows_at(flows, index);
  flow->class = TCPFLOW__CLASS_EMBRYONIC;
  flow->link[TCPFLOW__CHAIN_TIMER].next = TCPFLOW__FLOW_NONE;
  tcpflow__list_append(flows, TCPFLOW__CHAIN_AGE, TCPFLOW__LIST_LIVE, index);
  tcpflow__list_append(flows, TCPFLOW__CHAIN_GROUP, TCPFLOW__LIST_EMBRYONIC,
                       index);
  return index;
}

/* Out of its list of the AGE chain; the search for an idle flow steps over
   it. */
static void leave_age(tcpflow__flows *flows, uint32_t index) {
  if (flows->hand == index) {
    flows->hand =
      tcpflow__flows_at(flows, index)->link[TCPFLOW__CHAIN_AGE].next;
  }
  (void)tcpflow__list_remove(flows, TCPFLOW__CHAIN_AGE, index);
}

/* Out of what its class put it into, where that is not AGE. */
static void leave_class(tcpflow__flows *flows, uint32_t index) {
  const uint32_t class = tcpflow__flows_at(flows, index)->class;

  flows->count[class]--;
  if (class == TCPFLOW__CLASS_EMBRYONIC) {
    (void)tcpflow__list_remove(flows, TCPFLOW__CHAIN_GROUP, index);
  }
}

void tcpflow__flows_give(tcpflow__flows *flows, uint32_t index) {
  tcpflow__flow *const flow = tcpflow__flows_at(flows, index);

  leave_class(flows, index);
  leave_age(flows, index);
  flow->class = TCPFLOW__CLASS_SPARE;
  flow->link[TCPFLOW__CHAIN_AGE].next = flows->spare;
  flows->spare = index;
  flows->used--;
}

static uint32_t age_list(uint32_t class) {
  if (tcpflow__class_is_live(class)) {
    return TCPFLOW__LIST_LIVE;
  }
  return class == TCPFLOW__CLASS_LINGERING ? TCPFLOW__LIST_LINGERING
                                           : TCPFLOW__LIST_DEAD;
}

void tcpflow__flows_move(tcpflow__flows *flows, uint32_t index,
                         tcpflow__class to) {
  tcpflow__flow *const flow = tcpflow__flows_at(flows, index);
  const uint32_t from = age_list(flow->class);

  leave_class(flows, index);
  if (from != age_list(to)) {
    leave_age(flows, index);
    tcpflow__list_append(flows, TCPFLOW__CHAIN_AGE, age_list(to), index);
  }
  flow->class = (unsigned)to & 7U;
  flows->count[to]++;
}

/* A record does not know its index, but its neighbours do. */
uint32_t tcpflow__flows_index(tcpflow__flows *flows,
                              const tcpflow__flow *flow) {
  return tcpflow__list_link(flows, TCPFLOW__CHAIN_AGE,
                            flow->link[TCPFLOW__CHAIN_AGE].next)
    ->prev;
}
