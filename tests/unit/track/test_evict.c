/* tests/unit/track/test_evict.c - mirror of lib/track/evict.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "track/evict.h"
#include "unit/failmem.h"
#include "unit/track/traffic.h"

static const tcpflow_mem *plain_memory(void) {
  static failmem fm;
  static tcpflow_mem mem;

  mem = failmem_table(&fm);
  return &mem;
}

/* COUNT flows, all embryonic, the last packet of each at its index. */
static void fill(tcpflow__flows *flows, uint32_t count) {
  assert_int_equal(tcpflow__flows_init(flows, plain_memory(), count),
                   TCPFLOW_OK);
  for (uint32_t i = 0; i < count; i++) {
    assert_int_equal(tcpflow__flows_take(flows, false), i);
    tcpflow__flow *const flow = tcpflow__flows_at(flows, i);
    flow->conn.last = i + 1;
    flow->seen = 0;
  }
}

static void choose__lingering_ones__first_to_end(void **state) {
  tcpflow__flows flows;

  (void)state;
  fill(&flows, 10);
  tcpflow__flows_move(&flows, 5, TCPFLOW_PHASE_OPEN);
  tcpflow__flows_move(&flows, 7, TCPFLOW_PHASE_ENDED);
  tcpflow__flows_move(&flows, 5, TCPFLOW_PHASE_ENDED);
  assert_int_equal(tcpflow__evict_choose(&flows, 9), 7);
  tcpflow__flows_give(&flows, 7);
  assert_int_equal(tcpflow__evict_choose(&flows, 9), 5);
  tcpflow__flows_clear(&flows);
}

/* However many flows without sides come first, those with sides go before the
   ones that are open. */
static void choose_unfolded__folded_ones_in_front__embryonic(void **state) {
  tcpflow__flows flows;

  (void)state;
  fill(&flows, 200);
  tcpflow__flows_move(&flows, 0, TCPFLOW_PHASE_OPEN);
  for (uint32_t i = 1; i < 150; i++) {
    tcpflow__flows_fold(&flows, i, true);
  }
  assert_int_equal(tcpflow__evict_choose_unfolded(&flows, 199), 150);
  tcpflow__flows_fold(&flows, 149, false);
  assert_int_equal(tcpflow__evict_choose_unfolded(&flows, 150), 151);
  for (uint32_t i = 150; i < 199; i++) {
    tcpflow__flows_give(&flows, i);
  }
  assert_int_equal(tcpflow__evict_choose_unfolded(&flows, 199), 149);
  tcpflow__flows_clear(&flows);
}

/* Whichever phase they are in, those whose tuples have places; the one that
   asks does not go, not even if it has ended. */
static void choose_whole__few_have_places__one_of_them(void **state) {
  static const uint32_t whole[] = {100, 120, 130};
  tcpflow__flows flows;

  (void)state;
  fill(&flows, 140);
  for (uint32_t i = 0; i < 140; i++) {
    tcpflow__flows_move(&flows, i, TCPFLOW_PHASE_OPEN);
    tcpflow__flows_at(&flows, i)->conn.ends.vlan = 0;
  }
  assert_int_equal(tcpflow__evict_choose_whole(&flows, 0), TCPFLOW__FLOW_NONE);
  for (uint32_t i = 0; i < 3; i++) {
    tcpflow__flows_at(&flows, whole[i])->conn.ends.vlan = TCPFLOW__ENDS_WHOLE;
  }
  uint32_t found = TCPFLOW__FLOW_NONE;
  for (uint32_t i = 0; i < 5 && found == TCPFLOW__FLOW_NONE; i++) {
    found = tcpflow__evict_choose_whole(&flows, 0);
  }
  assert_int_equal(found, 100);
  tcpflow__flows_move(&flows, 130, TCPFLOW_PHASE_OPENING);
  tcpflow__flows_fold(&flows, 130, true);
  assert_int_equal(tcpflow__evict_choose_whole(&flows, 0), 130);
  tcpflow__flows_move(&flows, 120, TCPFLOW_PHASE_ENDED);
  assert_int_equal(tcpflow__evict_choose_whole(&flows, 0), 120);
  assert_int_equal(tcpflow__evict_choose_whole(&flows, 120), 130);
  tcpflow__flows_clear(&flows);
}

/* Folded or not, the older one goes. */
static void choose__folded_and_not__the_older(void **state) {
  tcpflow__flows flows;

  (void)state;
  fill(&flows, 3);
  for (uint32_t i = 0; i < 3; i++) {
    tcpflow__flows_at(&flows, i)->conn.first = 10 + i;
  }
  tcpflow__flows_fold(&flows, 1, true);
  assert_int_equal(tcpflow__evict_choose(&flows, 2), 0);
  tcpflow__flows_at(&flows, 0)->conn.first = 20;
  assert_int_equal(tcpflow__evict_choose(&flows, 2), 1);
  assert_int_equal(tcpflow__evict_choose(&flows, 1), 0);
  tcpflow__flows_clear(&flows);
}

static void choose__embryonic_ones__oldest(void **state) {
  tcpflow__flows flows;

  (void)state;
  fill(&flows, 10);
  tcpflow__flows_move(&flows, 0, TCPFLOW_PHASE_OPEN);
  tcpflow__flows_move(&flows, 1, TCPFLOW_PHASE_CLOSING);
  tcpflow__flows_move(&flows, 2, TCPFLOW_PHASE_PICKED_UP);
  tcpflow__flows_move(&flows, 3, TCPFLOW_PHASE_ANSWERED);
  assert_int_equal(tcpflow__evict_choose(&flows, 9), 2);
  tcpflow__flows_give(&flows, 2);
  assert_int_equal(tcpflow__evict_choose(&flows, 9), 3);
  tcpflow__flows_give(&flows, 3);
  assert_int_equal(tcpflow__evict_choose(&flows, 9), 4);
  tcpflow__flows_clear(&flows);
}

/* One of each phase: in which order they have to go. */
static void choose__one_of_each_phase__in_order(void **state) {
  static const tcpflow_phase order[] = {
    TCPFLOW_PHASE_ENDED, TCPFLOW_PHASE_RESET, TCPFLOW_PHASE_PICKED_UP,
    TCPFLOW_PHASE_CLOSING, TCPFLOW_PHASE_OPEN};
  tcpflow__flows flows;

  (void)state;
  fill(&flows, 6);
  for (uint32_t i = 0; i < 5; i++) {
    tcpflow__flows_move(&flows, 4 - i, order[i]);
  }
  for (uint32_t i = 0; i < 5; i++) {
    assert_int_equal(tcpflow__evict_choose(&flows, 5), 4 - i);
    tcpflow__flows_give(&flows, 4 - i);
  }
  tcpflow__flows_clear(&flows);
}

/* The RST did not count: it is open again, and not among the first to go. */
static void choose__reset_reversed__as_it_was(void **state) {
  tcpflow__flows flows;

  (void)state;
  fill(&flows, 3);
  tcpflow__flows_move(&flows, 0, TCPFLOW_PHASE_OPEN);
  tcpflow__flows_move(&flows, 0, TCPFLOW_PHASE_RESET);
  assert_int_equal(tcpflow__evict_choose(&flows, 2), 0);
  tcpflow__flows_move(&flows, 0, TCPFLOW_PHASE_OPEN);
  assert_int_equal(tcpflow__evict_choose(&flows, 2), 1);
  tcpflow__flows_clear(&flows);
}

static void choose__only_the_newcomer_embryonic__an_idle_one(void **state) {
  tcpflow__flows flows;

  (void)state;
  fill(&flows, 4);
  for (uint32_t i = 0; i < 3; i++) {
    tcpflow__flows_move(&flows, i, TCPFLOW_PHASE_OPEN);
  }
  /* Nobody has been looked at: all count as busy once, then the hand comes
     round to the first. */
  assert_int_equal(tcpflow__evict_choose(&flows, 3), 0);
  /* 1 is next, unless it has had a packet. */
  tcpflow__flows_at(&flows, 1)->conn.last = 100;
  assert_int_equal(tcpflow__evict_choose(&flows, 3), 2);
  tcpflow__flows_clear(&flows);
}

static void choose__all_busy__most_idle_of_a_bounded_number(void **state) {
  tcpflow__flows flows;

  (void)state;
  fill(&flows, 1000);
  for (uint32_t i = 0; i < 1000; i++) {
    tcpflow__flows_move(&flows, i, TCPFLOW_PHASE_OPEN);
    tcpflow__flows_at(&flows, i)->conn.last = 5000 - i;
  }
  /* 32 looks, from the oldest on; of those, the last has idled longest. */
  assert_int_equal(tcpflow__evict_choose(&flows, 999), 31);
  assert_int_equal(tcpflow__evict_choose(&flows, 999), 63);
  tcpflow__flows_clear(&flows);
}

static void choose__flow_at_the_hand_goes__hand_moves_on(void **state) {
  tcpflow__flows flows;

  (void)state;
  fill(&flows, 40);
  for (uint32_t i = 0; i < 40; i++) {
    tcpflow__flows_move(&flows, i, TCPFLOW_PHASE_OPEN);
  }
  assert_int_equal(tcpflow__evict_choose(&flows, 39), 0);
  assert_int_equal(flows.hand, 32);
  tcpflow__flows_give(&flows, 32);
  assert_int_equal(flows.hand, 33);
  tcpflow__flows_move(&flows, 33, TCPFLOW_PHASE_ENDED);
  assert_int_equal(flows.hand, 34);
  tcpflow__flows_clear(&flows);
}

static void choose__two_flows__the_other_one(void **state) {
  tcpflow__flows flows;

  (void)state;
  for (uint32_t newcomer = 0; newcomer < 2; newcomer++) {
    fill(&flows, 2);
    tcpflow__flows_move(&flows, 0, TCPFLOW_PHASE_OPEN);
    tcpflow__flows_move(&flows, 1, TCPFLOW_PHASE_OPEN);
    assert_int_equal(tcpflow__evict_choose(&flows, newcomer), 1 - newcomer);
    tcpflow__flows_clear(&flows);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(choose__lingering_ones__first_to_end),
    cmocka_unit_test(choose_unfolded__folded_ones_in_front__embryonic),
    cmocka_unit_test(choose_whole__few_have_places__one_of_them),
    cmocka_unit_test(choose__folded_and_not__the_older),
    cmocka_unit_test(choose__embryonic_ones__oldest),
    cmocka_unit_test(choose__one_of_each_phase__in_order),
    cmocka_unit_test(choose__reset_reversed__as_it_was),
    cmocka_unit_test(choose__only_the_newcomer_embryonic__an_idle_one),
    cmocka_unit_test(choose__all_busy__most_idle_of_a_bounded_number),
    cmocka_unit_test(choose__flow_at_the_hand_goes__hand_moves_on),
    cmocka_unit_test(choose__two_flows__the_other_one),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
