/* tests/unit/track/test_timers.c - mirror of lib/track/timers.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "track/timers.h"
#include "unit/failmem.h"
#include "unit/track/traffic.h"

#define TICK    (UINT64_C(1) << TCPFLOW__TICK_BITS)
#define FLOWS   300
#define YEAR    (UINT64_C(31557600) * TCPFLOW_SECOND)
#define NOT_SET UINT64_MAX

typedef struct wheel {
  failmem fm;
  tcpflow_mem mem;
  tcpflow__flows flows;
  tcpflow__timers timers;
  uint64_t tick[FLOWS]; /* Where each timer stands. */
} wheel;

static void wheel_init(wheel *w) {
  memset(w, 0, sizeof(*w));
  w->mem = failmem_table(&w->fm);
  assert_int_equal(tcpflow__flows_init(&w->flows, &w->mem, FLOWS), TCPFLOW_OK);
  tcpflow__timers_init(&w->timers);
  for (unsigned i = 0; i < FLOWS; i++) {
    assert_int_equal(tcpflow__flows_take(&w->flows, false), i);
    w->tick[i] = NOT_SET;
  }
}

static void wheel_clear(wheel *w) {
  tcpflow__flows_clear(&w->flows);
}

static void wheel_set(wheel *w, uint32_t index, tcpflow_time due) {
  const uint64_t tick = due / TICK;

  tcpflow__timers_set(&w->timers, &w->flows, index, due);
  w->tick[index] = tick > w->timers.at ? tick : w->timers.at + 1;
}

static void wheel_stop(wheel *w, uint32_t index) {
  tcpflow__timers_stop(&w->timers, &w->flows, index);
  w->tick[index] = NOT_SET;
}

/* The first tick of all; NOT_SET if there is none. */
static uint64_t wheel_first(const wheel *w) {
  uint64_t first = NOT_SET;

  for (unsigned i = 0; i < FLOWS; i++) {
    first = w->tick[i] < first ? w->tick[i] : first;
  }
  return first;
}

/* Takes all that come up by NOW; they may come up early (their slot began), but
   whoever's tick has come must come up. */
static void wheel_turn(wheel *w, tcpflow_time now, bool set_early_anew) {
  for (;;) {
    const uint32_t index = tcpflow__timers_next(&w->timers, &w->flows, now);
    if (index == TCPFLOW__FLOW_NONE) {
      break;
    }
    const uint64_t tick = w->tick[index];
    assert_true(tick != NOT_SET);
    w->tick[index] = NOT_SET;
    if (tick > now / TICK && set_early_anew) {
      wheel_set(w, index, tick * TICK);
      assert_true(w->tick[index] == tick);
    }
  }
  assert_true(w->timers.at == now / TICK);
  assert_true(wheel_first(w) == NOT_SET || wheel_first(w) > now / TICK);
}

static tcpflow_time any_step(uint64_t *seed) {
  static const tcpflow_time scale[] = {1,
                                       TICK / 2,
                                       TICK,
                                       64 * TICK,
                                       4096 * TICK,
                                       300000 * TICK,
                                       YEAR / 1000,
                                       YEAR,
                                       100 * YEAR,
                                       TCPFLOW_SECOND,
                                       60 * TCPFLOW_SECOND};

  return dice(seed) % (2 * scale[dice(seed) % 11]);
}

static void timers__random_work__as_a_naive_list(void **state) {
  uint64_t seed = 5;

  (void)state;
  for (unsigned round = 0; round < 40; round++) {
    wheel w;
    tcpflow_time now = round % 2 == 0 ? 0 : 50 * YEAR;

    wheel_init(&w);
    wheel_turn(&w, now, true);
    for (unsigned i = 0; i < 3000 && now < 400 * YEAR; i++) {
      const uint32_t index = (uint32_t)(dice(&seed) % FLOWS);
      wheel_stop(&w, index);
      if (dice(&seed) % 4 != 0) {
        wheel_set(&w, index, now + any_step(&seed));
      }
      const tcpflow_time deadline =
        tcpflow__timers_deadline(&w.timers, &w.flows);
      assert_true(wheel_first(&w) == NOT_SET
                    ? deadline == TCPFLOW_TIME_NONE
                    : deadline <= wheel_first(&w) * TICK);
      if (dice(&seed) % 3 == 0) {
        now += dice(&seed) % 100 == 0 ? any_step(&seed)
                                      : any_step(&seed) % (1000 * TICK);
        wheel_turn(&w, now, true);
      }
    }
    wheel_clear(&w);
  }
}

/* A turn to the deadline brings the deadline on: nobody can wait for ever. */
static void deadline__turned_to__moves_on(void **state) {
  wheel w;
  tcpflow_time deadline;
  unsigned turns = 0;

  (void)state;
  wheel_init(&w);
  wheel_set(&w, 0, 3 * YEAR + 12345);
  while ((deadline = tcpflow__timers_deadline(&w.timers, &w.flows)) !=
         TCPFLOW_TIME_NONE) {
    assert_true(deadline <= 3 * YEAR + 12345);
    wheel_turn(&w, deadline, true);
    assert_true(++turns <= TCPFLOW__TIMER_LEVELS);
  }
  assert_true(turns > 1);
  wheel_clear(&w);
}

static void next__jump_of_500_years__as_cheap_as_a_step(void **state) {
  wheel w;
  unsigned looks = 0;

  (void)state;
  wheel_init(&w);
  for (unsigned i = 0; i < FLOWS; i++) {
    wheel_set(&w, i, i * YEAR);
  }
  while (tcpflow__timers_next(&w.timers, &w.flows, 500 * YEAR) !=
         TCPFLOW__FLOW_NONE) {
    looks++;
  }
  assert_int_equal(looks, FLOWS);
  wheel_clear(&w);
}

static void set__due_in_the_past__next_tick(void **state) {
  wheel w;

  (void)state;
  wheel_init(&w);
  wheel_turn(&w, YEAR, true);
  wheel_set(&w, 3, 17);
  assert_int_equal(tcpflow__timers_next(&w.timers, &w.flows, YEAR),
                   TCPFLOW__FLOW_NONE);
  assert_int_equal(tcpflow__timers_next(&w.timers, &w.flows, YEAR + TICK), 3);
  wheel_clear(&w);
}

static void next__end_of_time__never_comes(void **state) {
  wheel w;

  (void)state;
  wheel_init(&w);
  wheel_set(&w, 0, TCPFLOW_TIME_NONE);
  assert_true(tcpflow__timers_deadline(&w.timers, &w.flows) !=
              TCPFLOW_TIME_NONE);
  wheel_turn(&w, TCPFLOW_TIME_NONE, true);
  /* What is set at the last tick stands behind all time. */
  wheel_set(&w, 0, TCPFLOW_TIME_NONE);
  assert_int_equal(tcpflow__timers_next(&w.timers, &w.flows, TCPFLOW_TIME_NONE),
                   TCPFLOW__FLOW_NONE);
  assert_true(tcpflow__timers_deadline(&w.timers, &w.flows) ==
              TCPFLOW_TIME_NONE);
  wheel_clear(&w);
}

/* A timer can be stopped between its slot's coming up and its own turn. */
static void stop__pending__does_not_come_up(void **state) {
  wheel w;

  (void)state;
  wheel_init(&w);
  wheel_set(&w, 0, 5 * TICK);
  wheel_set(&w, 1, 5 * TICK);
  wheel_set(&w, 2, 5 * TICK);
  assert_int_equal(tcpflow__timers_next(&w.timers, &w.flows, 9 * TICK), 0);
  assert_true(tcpflow__timers_lag(&w.timers, 5 * TICK));
  assert_true(tcpflow__timers_deadline(&w.timers, &w.flows) == 5 * TICK);
  tcpflow__timers_stop(&w.timers, &w.flows, 1);
  tcpflow__timers_stop(&w.timers, &w.flows, 1);
  assert_int_equal(tcpflow__timers_next(&w.timers, &w.flows, 9 * TICK), 2);
  assert_int_equal(tcpflow__timers_next(&w.timers, &w.flows, 9 * TICK),
                   TCPFLOW__FLOW_NONE);
  assert_false(tcpflow__timers_lag(&w.timers, 9 * TICK));
  wheel_clear(&w);
}

/* What has to be asked once a tick, and whenever something may be pending. */
static void lag__until_the_next_tick__none(void **state) {
  wheel w;

  (void)state;
  wheel_init(&w);
  assert_true(tcpflow__timers_lag(&w.timers, 0));
  assert_int_equal(tcpflow__timers_next(&w.timers, &w.flows, 5 * TICK + 7),
                   TCPFLOW__FLOW_NONE);
  assert_false(tcpflow__timers_lag(&w.timers, 5 * TICK + 7));
  assert_false(tcpflow__timers_lag(&w.timers, 6 * TICK - 1));
  assert_true(tcpflow__timers_lag(&w.timers, 6 * TICK));
  wheel_set(&w, 0, 2 * TICK);
  assert_false(tcpflow__timers_lag(&w.timers, 6 * TICK - 1));
  tcpflow__timers_restore(&w.timers, &w.flows, 1, 5);
  assert_true(tcpflow__timers_lag(&w.timers, 5 * TICK + 7));
  assert_int_equal(tcpflow__timers_next(&w.timers, &w.flows, 5 * TICK + 7), 1);
  assert_true(tcpflow__timers_lag(&w.timers, 5 * TICK + 7));
  assert_int_equal(tcpflow__timers_next(&w.timers, &w.flows, 5 * TICK + 7),
                   TCPFLOW__FLOW_NONE);
  assert_false(tcpflow__timers_lag(&w.timers, 6 * TICK - 1));
  assert_int_equal(tcpflow__timers_next(&w.timers, &w.flows, 6 * TICK), 0);
  wheel_clear(&w);
}

/* A wheel with the same flows in the same slots turns as the first one does. */
static void restore__ticks_of_slots__turns_the_same(void **state) {
  static wheel a;
  static wheel b;
  uint64_t seed = 12345;
  uint64_t now = 70000 * TICK;

  (void)state;
  wheel_init(&a);
  wheel_init(&b);
  assert_int_equal(tcpflow__timers_next(&a.timers, &a.flows, now),
                   TCPFLOW__FLOW_NONE);
  for (uint32_t i = 0; i < FLOWS; i++) {
    tcpflow__timers_set(&a.timers, &a.flows, i,
                        now + (dice(&seed) % 100000 >> i % 15) * TICK);
  }
  now += 2 * TICK; /* Some are pending. */
  assert_true(tcpflow__timers_next(&a.timers, &a.flows, now) < FLOWS);
  b.timers.at = a.timers.at;
  for (uint32_t list = 0; list <= TCPFLOW__LIST_PENDING; list++) {
    uint32_t index = a.flows.head[list].next;
    while ((index & TCPFLOW__LIST_HEAD) == 0) {
      tcpflow__timers_restore(&b.timers, &b.flows, index,
                              tcpflow__timers_tick(&a.timers, list));
      index =
        tcpflow__flows_at(&a.flows, index)->link[TCPFLOW__CHAIN_TIMER].next;
    }
  }
  assert_true(a.timers.at == b.timers.at);
  assert_memory_equal(a.timers.occupied, b.timers.occupied,
                      sizeof(a.timers.occupied));
  for (; now < 200000 * TICK; now += 700 * TICK) {
    uint32_t index;
    do {
      index = tcpflow__timers_next(&a.timers, &a.flows, now);
      assert_int_equal(tcpflow__timers_next(&b.timers, &b.flows, now), index);
    } while (index != TCPFLOW__FLOW_NONE);
  }
  assert_true(tcpflow__timers_deadline(&a.timers, &a.flows) ==
              TCPFLOW_TIME_NONE);
  wheel_clear(&a);
  wheel_clear(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(timers__random_work__as_a_naive_list),
    cmocka_unit_test(deadline__turned_to__moves_on),
    cmocka_unit_test(next__jump_of_500_years__as_cheap_as_a_step),
    cmocka_unit_test(set__due_in_the_past__next_tick),
    cmocka_unit_test(next__end_of_time__never_comes),
    cmocka_unit_test(stop__pending__does_not_come_up),
    cmocka_unit_test(lag__until_the_next_tick__none),
    cmocka_unit_test(restore__ticks_of_slots__turns_the_same),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
