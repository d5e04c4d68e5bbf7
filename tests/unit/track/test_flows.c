/* tests/unit/track/test_flows.c - mirror of lib/track/flows.c, lists.c and
   block.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "track/bits.h"
#include "track/lists.h"
#include "track/standing.h"
#include "unit/failmem.h"
#include "unit/track/traffic.h"

static void blocks_need__again__the_same_line_aligned_octets(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow__blocks blocks;

  (void)state;
  assert_int_equal(tcpflow__blocks_init(&blocks, &mem, 3), TCPFLOW_OK);
  for (unsigned i = 0; i < 3; i++) {
    assert_int_equal(tcpflow__blocks_need(&blocks, i, 100), TCPFLOW_OK);
    uint8_t *const base = blocks.base[i];
    assert_int_equal((uintptr_t)base % TCPFLOW__LINE, 0);
    for (unsigned at = 0; at < 100; at++) {
      base[at] = 1;
    }
    assert_int_equal(tcpflow__blocks_need(&blocks, i, 100), TCPFLOW_OK);
    assert_ptr_equal(blocks.base[i], base);
    assert_int_equal(base[99], 1);
  }
  tcpflow__blocks_clear(&blocks);
  assert_int_equal(fm.live_blocks, 0);
}

static void blocks_init__no_memory__may_be_cleared(void **state) {
  failmem fm = {.fail_at = 1};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow__blocks blocks;

  (void)state;
  assert_int_equal(tcpflow__blocks_init(&blocks, &mem, 3), TCPFLOW_ERR_NOMEM);
  tcpflow__blocks_clear(&blocks);
  fm.fail_at = 3;
  assert_int_equal(tcpflow__blocks_init(&blocks, &mem, 3), TCPFLOW_OK);
  assert_int_equal(tcpflow__blocks_need(&blocks, 2, 64), TCPFLOW_ERR_NOMEM);
  assert_int_equal(tcpflow__blocks_need(&blocks, 2, 64), TCPFLOW_OK);
  tcpflow__blocks_clear(&blocks);
  assert_int_equal(fm.live_blocks, 0);
}

static void take__all_taken__none(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow__flows flows;

  (void)state;
  assert_int_equal(tcpflow__flows_init(&flows, &mem, 600), TCPFLOW_OK);
  for (uint32_t i = 0; i < 600; i++) {
    assert_int_equal(tcpflow__flows_take(&flows, false), i);
  }
  assert_int_equal(tcpflow__flows_take(&flows, false), TCPFLOW__FLOW_NONE);
  /* 256 + 256 + 88 records: no more memory than the capacity needs. */
  assert_true(fm.live_bytes < 600 * sizeof(tcpflow__flow) + 3 * 64 + 64);
  tcpflow__flows_give(&flows, 17);
  tcpflow__flows_give(&flows, 400);
  assert_int_equal(tcpflow__flows_take(&flows, false), 400);
  assert_int_equal(tcpflow__flows_take(&flows, false), 17);
  assert_int_equal(flows.used, 600);
  tcpflow__flows_clear(&flows);
  assert_int_equal(fm.live_blocks, 0);
}

static void take__no_memory__as_it_was(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow__flows flows;

  (void)state;
  assert_int_equal(tcpflow__flows_init(&flows, &mem, 10), TCPFLOW_OK);
  fm.fail_at = fm.requests + 1;
  assert_int_equal(tcpflow__flows_take(&flows, false), TCPFLOW__FLOW_NONE);
  assert_int_equal(flows.used, 0);
  assert_int_equal(flows.count[TCPFLOW_PHASE_OPENING], 0);
  assert_int_equal(tcpflow__flows_take(&flows, false), 0);
  tcpflow__flows_clear(&flows);
}

/* --- lives of many flows against arrays --- */

#define MANY 400

static uint32_t list_of(uint32_t phase) {
  switch (phase) {
  case TCPFLOW_PHASE_ENDED:
    return TCPFLOW__LIST_ENDED;
  case TCPFLOW__PHASE_DEAD:
    return TCPFLOW__LIST_DEAD;
  default:
    return TCPFLOW__LIST_LIVE;
  }
}

/* An AGE list holds its flows in the order in which they entered it. */
static size_t check_list(tcpflow__flows *flows, uint32_t list,
                         const uint64_t entered[MANY]) {
  uint32_t index = tcpflow__list_first(flows, list);
  uint64_t last = 0;
  size_t length = 0;

  while ((index & TCPFLOW__LIST_HEAD) == 0) {
    const tcpflow__flow *const flow = tcpflow__flows_at(flows, index);
    assert_int_equal(list_of(flow->phase), list);
    assert_true(entered[index] > last);
    assert_int_equal(tcpflow__flows_index(flows, flow), index);
    last = entered[index];
    length++;
    index = flow->link[TCPFLOW__CHAIN_AGE].next;
  }
  return length;
}

static void check_counts(tcpflow__flows *flows, const uint64_t entered[MANY],
                         const uint32_t phase[MANY]) {
  uint32_t count[TCPFLOW__PHASES] = {0};
  uint32_t live = 0;

  for (unsigned i = 0; i < MANY; i++) {
    count[phase[i]]++;
  }
  for (unsigned i = 0; i < TCPFLOW__PHASE_SPARE; i++) {
    assert_int_equal(flows->count[i], count[i]);
    live += i < TCPFLOW_PHASE_ENDED ? count[i] : 0;
  }
  assert_int_equal(check_list(flows, TCPFLOW__LIST_LIVE, entered), live);
  assert_int_equal(check_list(flows, TCPFLOW__LIST_ENDED, entered),
                   count[TCPFLOW_PHASE_ENDED]);
  assert_int_equal(check_list(flows, TCPFLOW__LIST_DEAD, entered),
                   count[TCPFLOW__PHASE_DEAD]);
  assert_int_equal(flows->used, MANY - count[TCPFLOW__PHASE_SPARE]);
}

static void move__random_lives__lists_in_order(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow__flows flows;
  uint64_t entered[MANY] = {0};
  uint32_t phase[MANY];
  uint64_t seed = 9;
  uint64_t now = 0;

  (void)state;
  assert_int_equal(tcpflow__flows_init(&flows, &mem, MANY), TCPFLOW_OK);
  for (unsigned i = 0; i < MANY; i++) {
    phase[i] = TCPFLOW__PHASE_SPARE;
  }
  for (unsigned i = 0; i < 50000; i++) {
    uint32_t index = (uint32_t)(dice(&seed) % MANY);
    now++;
    if (phase[index] == TCPFLOW__PHASE_SPARE) {
      index = tcpflow__flows_take(&flows, false);
      assert_int_equal(phase[index], TCPFLOW__PHASE_SPARE);
      phase[index] = TCPFLOW_PHASE_OPENING;
      entered[index] = now;
    } else if (phase[index] == TCPFLOW__PHASE_DEAD || dice(&seed) % 10 == 0) {
      tcpflow__flows_give(&flows, index);
      phase[index] = TCPFLOW__PHASE_SPARE;
    } else {
      const uint32_t to =
        phase[index] + 1 +
        (uint32_t)(dice(&seed) % (TCPFLOW__PHASE_DEAD - phase[index]));
      if (list_of(to) != list_of(phase[index])) {
        entered[index] = now;
      }
      tcpflow__flows_move(&flows, index, to);
      phase[index] = to;
    }
    if (i % 100 == 0) {
      check_counts(&flows, entered, phase);
    }
  }
  tcpflow__flows_clear(&flows);
}

static void list__one_after_the_other__emptied_is_told(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow__flows flows;

  (void)state;
  assert_int_equal(tcpflow__flows_init(&flows, &mem, 3), TCPFLOW_OK);
  for (uint32_t i = 0; i < 3; i++) {
    assert_int_equal(tcpflow__flows_take(&flows, false), i);
    tcpflow__list_append(&flows, TCPFLOW__CHAIN_TIMER, 5, i);
  }
  tcpflow__list_move_all(&flows, TCPFLOW__CHAIN_TIMER, 5, 7);
  assert_int_equal(tcpflow__list_first(&flows, 5), TCPFLOW__FLOW_NONE);
  assert_int_equal(tcpflow__list_first(&flows, 7), 0);
  for (uint32_t i = 0; i < 3; i++) {
    tcpflow__list_unlink(
      &flows, TCPFLOW__CHAIN_TIMER,
      &tcpflow__flows_at(&flows, i)->link[TCPFLOW__CHAIN_TIMER]);
    assert_int_equal(tcpflow__list_first(&flows, 7),
                     i < 2 ? i + 1 : TCPFLOW__FLOW_NONE);
  }
  tcpflow__flows_clear(&flows);
}

static void bits__every_single_one__lowest_and_highest(void **state) {
  (void)state;
  for (unsigned bit = 0; bit < 64; bit++) {
    assert_int_equal(tcpflow__bit_lowest(UINT64_C(1) << bit), bit);
    assert_int_equal(tcpflow__bit_highest(UINT64_C(1) << bit), bit);
    assert_int_equal(
      tcpflow__bit_lowest(UINT64_C(1) << bit | UINT64_C(1) << 63), bit);
    assert_int_equal(tcpflow__bit_highest(UINT64_C(1) << bit | 1), bit);
  }
}

static void requeue__of_a_group__the_last_of_it(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow__flows flows;

  (void)state;
  assert_int_equal(tcpflow__flows_init(&flows, &mem, 4), TCPFLOW_OK);
  for (uint32_t i = 0; i < 3; i++) {
    assert_int_equal(tcpflow__flows_take(&flows, false), i);
  }
  tcpflow__flows_requeue(&flows, 0);
  assert_int_equal(tcpflow__list_first(&flows, TCPFLOW__LIST_EMBRYONIC), 1);
  assert_int_equal(flows.head[TCPFLOW__LIST_EMBRYONIC].prev, 0);
  assert_int_equal(tcpflow__list_first(&flows, TCPFLOW__LIST_LIVE), 0);
  tcpflow__flows_move(&flows, 0, TCPFLOW_PHASE_OPEN);
  tcpflow__flows_requeue(&flows, 0);
  assert_int_equal(flows.head[TCPFLOW__LIST_EMBRYONIC].prev, 2);
  assert_int_equal(tcpflow__list_first(&flows, TCPFLOW__LIST_AWAKE), 0);
  tcpflow__flows_fold(&flows, 0, true);
  tcpflow__flows_requeue(&flows, 0); /* It is in no group. */
  assert_int_equal(tcpflow__list_first(&flows, TCPFLOW__LIST_AWAKE),
                   TCPFLOW__FLOW_NONE);
  tcpflow__flows_clear(&flows);
}

/* --- the short ways from one phase to another --- */

/* The same as tcpflow__flows_move(). */
static void move_shortly(tcpflow__flows *flows, uint32_t index, uint32_t to) {
  tcpflow__flow *const flow = tcpflow__flows_at(flows, index);

  if (flow->phase == TCPFLOW_PHASE_CLOSING && to == TCPFLOW_PHASE_ENDED) {
    tcpflow__standing_end(flows, flow);
  } else if (tcpflow__phase_is_live(flow->phase) &&
             tcpflow__phase_is_live(to) && flow->folded == 0) {
    tcpflow__standing_move_live(flows, flow, index, to);
  } else {
    tcpflow__flows_move(flows, index, to);
  }
}

/* Lists that a flow is in no longer do not count. */
static void check_same(const tcpflow__flows *a, const tcpflow__flows *b,
                       uint32_t many) {
  assert_int_equal(a->hand, b->hand);
  assert_memory_equal(a->count, b->count, sizeof(a->count));
  assert_memory_equal(
    &a->head[TCPFLOW__LIST_PENDING], &b->head[TCPFLOW__LIST_PENDING],
    (TCPFLOW__LISTS - TCPFLOW__LIST_PENDING) * sizeof(a->head[0]));
  for (uint32_t i = 0; i < many; i++) {
    const tcpflow__flow *const one = tcpflow__flows_at(a, i);
    const tcpflow__flow *const other = tcpflow__flows_at(b, i);

    assert_int_equal(one->phase, other->phase);
    assert_memory_equal(&one->link[TCPFLOW__CHAIN_AGE],
                        &other->link[TCPFLOW__CHAIN_AGE],
                        sizeof(tcpflow__link));
    if (tcpflow__standing_group(one, one->phase) != TCPFLOW__LISTS) {
      assert_memory_equal(&one->link[TCPFLOW__CHAIN_GROUP],
                          &other->link[TCPFLOW__CHAIN_GROUP],
                          sizeof(tcpflow__link));
    }
  }
}

static void move__short_way_or_not__the_same_lists(void **state) {
  enum {
    FEW = 12
  };
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow__flows flows[2];
  uint64_t seed = 3;

  (void)state;
  for (unsigned i = 0; i < 2; i++) {
    assert_int_equal(tcpflow__flows_init(&flows[i], &mem, FEW), TCPFLOW_OK);
    for (uint32_t at = 0; at < FEW; at++) {
      assert_int_equal(tcpflow__flows_take(&flows[i], at % 3 == 0), at);
      tcpflow__flows_at(&flows[i], at)->folded = at % 3 == 0;
    }
  }
  for (unsigned i = 0; i < 20000; i++) {
    const uint32_t index = (uint32_t)(dice(&seed) % FEW);
    const uint32_t to = (uint32_t)(dice(&seed) % (TCPFLOW_PHASE_ENDED + 1));
    const uint32_t hand = (uint32_t)(dice(&seed) % FEW);

    if (tcpflow__phase_is_live(tcpflow__flows_at(&flows[0], hand)->phase)) {
      flows[0].hand = hand;
      flows[1].hand = hand;
    }
    tcpflow__flows_move(&flows[0], index, to);
    move_shortly(&flows[1], index, to);
    check_same(&flows[0], &flows[1], FEW);
  }
  tcpflow__flows_clear(&flows[0]);
  tcpflow__flows_clear(&flows[1]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(blocks_need__again__the_same_line_aligned_octets),
    cmocka_unit_test(blocks_init__no_memory__may_be_cleared),
    cmocka_unit_test(take__all_taken__none),
    cmocka_unit_test(take__no_memory__as_it_was),
    cmocka_unit_test(move__random_lives__lists_in_order),
    cmocka_unit_test(list__one_after_the_other__emptied_is_told),
    cmocka_unit_test(bits__every_single_one__lowest_and_highest),
    cmocka_unit_test(requeue__of_a_group__the_last_of_it),
    cmocka_unit_test(move__short_way_or_not__the_same_lists),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
