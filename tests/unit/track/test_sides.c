/* tests/unit/track/test_sides.c - mirror of lib/track/sides.c, and what flows
   do with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "track/tracker.h"
#include "unit/failmem.h"
#include "unit/track/savings.h"
#include "unit/track/traffic.h"

#define PLACES 100

static void take__many__different_places(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow__sides *taken[PLACES];
  tcpflow__places places;

  (void)state;
  tcpflow__places_init(&places, &mem);
  for (unsigned i = 0; i < PLACES; i++) {
    taken[i] = tcpflow__places_take(&places);
    assert_non_null(taken[i]);
    memset(taken[i], (int)i, sizeof(*taken[i]));
  }
  for (unsigned i = 0; i < PLACES; i++) {
    for (size_t at = 0; at < sizeof(*taken[i]); at++) {
      assert_int_equal(((uint8_t *)taken[i])[at], i);
    }
  }
  assert_int_equal(places.used, PLACES);
  assert_int_equal(places.octets, fm.live_bytes);
  tcpflow__places_give(&places, taken[3]);
  tcpflow__places_give(&places, taken[70]);
  assert_int_equal(tcpflow__places_growth(&places), 0);
  assert_ptr_equal(tcpflow__places_take(&places), taken[70]);
  assert_ptr_equal(tcpflow__places_take(&places), taken[3]);
  tcpflow__places_clear(&places);
  assert_int_equal(fm.live_blocks, 0);
}

static void take__no_memory__none(void **state) {
  failmem fm = {.fail_at = 1};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow__places places;

  (void)state;
  tcpflow__places_init(&places, &mem);
  assert_true(tcpflow__places_growth(&places) > 0);
  assert_null(tcpflow__places_take(&places));
  assert_int_equal(places.used, 0);
  assert_non_null(tcpflow__places_take(&places));
  tcpflow__places_clear(&places);
  assert_int_equal(fm.live_blocks, 0);
}

/* --- of flows --- */

static tcpflow_tracker *make(const tcpflow_tracker_config *config,
                             const tcpflow_mem *mem) {
  tcpflow_tracker *tracker = NULL;

  assert_int_equal(tcpflow_tracker_new(&tracker, config, NULL, mem, NULL),
                   TCPFLOW_OK);
  return tracker;
}

static void flows__syns_alone__no_sides(void **state) {
  tcpflow_tracker *const tracker = make(NULL, NULL);
  talk t = {0};

  (void)state;
  for (uint32_t i = 0; i < 1000; i++) {
    talk_up(&t, i, TCPFLOW_FLAG_SYN, 1000, 0, 0);
  }
  assert_int_equal(talk_feed(&t, tracker), TCPFLOW_OK);
  assert_int_equal(tracker->flows.used, 1000);
  assert_int_equal(tracker->flows.places.used, 0);
  for (uint32_t i = 0; i < 10; i++) {
    talk_down(&t, i, TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK, 5000, 1001, 0);
  }
  assert_int_equal(talk_feed(&t, tracker), TCPFLOW_OK);
  assert_int_equal(tracker->flows.places.used, 10);
  tcpflow_tracker_del(tracker);
}

/* The answer changes nothing, and can be fed again. */
static void flows__no_memory_for_sides__as_it_was(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow_tracker *const tracker = make(NULL, &mem);
  const tcpflow_tuple tuple = tuple_of(40);
  tcpflow_endpoint_info info;
  talk t = {0};

  (void)state;
  for (uint32_t i = 0; i < 41; i++) {
    talk_up(&t, i, TCPFLOW_FLAG_SYN, 1000, 0, 0);
  }
  for (uint32_t i = 0; i < TCPFLOW__SIDES_A_BLOCK; i++) {
    talk_down(&t, i, TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK, 5000, 1001, 0);
  }
  assert_int_equal(talk_feed(&t, tracker), TCPFLOW_OK);
  tcpflow_conn *const conn = tcpflow_tracker_find(tracker, &tuple);
  for (unsigned i = 0; i < 3; i++) {
    talk_down(&t, 40, TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK, 5000, 1001, 0);
    fm.fail_at = i < 2 ? fm.requests + 1 : 0;
    if (i == 1) {
      assert_int_equal(tcpflow_conn_set_overlap(conn, TCPFLOW_SIDE_CLIENT,
                                                TCPFLOW_OVERLAP_LINUX),
                       TCPFLOW_ERR_NOMEM);
      fm.fail_at = fm.requests + 1;
    }
    assert_int_equal(talk_feed(&t, tracker),
                     i < 2 ? TCPFLOW_ERR_NOMEM : TCPFLOW_OK);
    assert_int_equal(tcpflow_conn_state(conn, TCPFLOW_SIDE_SERVER),
                     i < 2 ? TCPFLOW_STATE_LISTEN : TCPFLOW_STATE_SYN_RECEIVED);
  }
  tcpflow_endpoint_info_init(&info);
  assert_int_equal(tcpflow_conn_get_endpoint(conn, TCPFLOW_SIDE_CLIENT, &info),
                   TCPFLOW_OK);
  assert_int_equal(info.segments, 1);
  tcpflow_tracker_del(tracker);
  assert_int_equal(fm.live_blocks, 0);
}

/* Ended by FINs, by a RST at once or when nothing has followed it for its time:
   there are sides for those that are open.  Stragglers take none, and who comes
   next with the same ports has some of its own. */
static void flows__ended__no_sides(void **state) {
  tcpflow_tracker *const tracker = make(NULL, NULL);
  talk t = {0};

  (void)state;
  for (uint32_t i = 0; i < 100; i++) {
    talk_open(&t, i);
  }
  for (uint32_t i = 0; i < 60; i++) {
    talk_close(&t, i);
  }
  for (uint32_t i = 60; i < 70; i++) {
    talk_up(&t, i, TCPFLOW_FLAG_RST, 1001, 0, 0);
  }
  assert_int_equal(talk_feed(&t, tracker), TCPFLOW_OK);
  assert_int_equal(tracker->flows.places.used, 40);
  t.now += 30 * TCPFLOW_SECOND;
  talk_up(&t, 99, TCPFLOW_FLAG_ACK, 1001, 5001, 0);
  for (uint32_t i = 0; i < 70; i++) {
    talk_up(&t, i, TCPFLOW_FLAG_ACK, i < 60 ? 1002 : 1001, 5001, 0);
  }
  assert_int_equal(talk_feed(&t, tracker), TCPFLOW_OK);
  assert_int_equal(tracker->flows.count[TCPFLOW_PHASE_ENDED], 70);
  assert_int_equal(tracker->stats.stragglers, 70);
  assert_int_equal(tracker->flows.places.used, 30);
  talk_up(&t, 3, TCPFLOW_FLAG_SYN, 900000, 0, 0);
  talk_down(&t, 3, TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK, 700000, 900001, 0);
  assert_int_equal(talk_feed(&t, tracker), TCPFLOW_OK);
  assert_int_equal(tracker->flows.count[TCPFLOW_PHASE_ENDED], 69);
  assert_int_equal(tracker->flows.places.used, 31);
  tcpflow_tracker_del(tracker);
}

/* The checkpoint of a tracker is this one. */
static void expect_saved(tcpflow_tracker *tracker, const savings *s) {
  savings again = savings_of(tracker);

  assert_int_equal(again.length, s->length);
  assert_memory_equal(again.bytes, s->bytes, s->length);
  savings_clear(&again);
}

/* Where its caller has ended it, it has sides until it is saved. */
static void flows__ended_and_saved__without_sides(void **state) {
  tcpflow_tracker *const tracker = make(NULL, NULL);
  tcpflow_tracker *const other = make(NULL, NULL);
  const tcpflow_tuple tuple = tuple_of(0);
  talk t = {0};

  (void)state;
  talk_open(&t, 0);
  talk_open(&t, 1);
  talk_close(&t, 1);
  assert_int_equal(talk_feed(&t, tracker), TCPFLOW_OK);
  assert_int_equal(tcpflow_conn_end(tcpflow_tracker_find(tracker, &tuple),
                                    t.now, TCPFLOW_END_RESET),
                   TCPFLOW_OK);
  assert_int_equal(tracker->flows.count[TCPFLOW_PHASE_ENDED], 2);
  savings s = savings_of(tracker);
  assert_int_equal(tracker->flows.places.used, 0);
  assert_int_equal(tcpflow_tracker_load(other, s.bytes, s.length), TCPFLOW_OK);
  assert_int_equal(other->flows.count[TCPFLOW_PHASE_ENDED], 2);
  assert_int_equal(other->flows.places.used, 0);
  expect_saved(other, &s);
  savings_clear(&s);
  tcpflow_tracker_del(tracker);
  tcpflow_tracker_del(other);
}

static int end_by_fin(tcpflow_conn *conn, const tcpflow_segment_event *event,
                      void *user) {
  (void)user;
  return tcpflow_conn_end(conn, event->time, TCPFLOW_END_FIN);
}

/* Where the listener of its SYN has ended it, as much is saved as of others,
   whether or not it began with sides. */
static void flows__ended_by_its_syn_and_saved__as_loaded(void **state) {
  tcpflow_tracker *const other = make(NULL, NULL);
  tcpflow_conn_callbacks callbacks;
  tcpflow_tracker *tracker;
  talk t = {0};

  (void)state;
  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_segment = end_by_fin;
  assert_int_equal(tcpflow_tracker_new(&tracker, NULL, &callbacks, NULL, NULL),
                   TCPFLOW_OK);
  talk_up(&t, 0, TCPFLOW_FLAG_SYN, 1000, 0, 0);
  assert_int_equal(talk_feed(&t, tracker), TCPFLOW_OK);
  talk_up(&t, 1, TCPFLOW_FLAG_SYN, 1000, 0, 0);
  assert_int_equal(talk_feed(&t, tracker), TCPFLOW_OK);
  assert_int_equal(tracker->flows.count[TCPFLOW_PHASE_ENDED], 2);
  savings s = savings_of(tracker);
  assert_int_equal(tcpflow_tracker_load(other, s.bytes, s.length), TCPFLOW_OK);
  expect_saved(other, &s);
  savings_clear(&s);
  tcpflow_tracker_del(tracker);
  tcpflow_tracker_del(other);
}

/* All are answered: flows that have sides go, and the memory stays under its
   cap. */
static void flows__answers_beyond_the_cap__older_ones_go(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow_tracker_config config;
  tcpflow_tracker_stats stats;
  talk t = {0};

  (void)state;
  tcpflow_tracker_config_init(&config);
  config.ignore_fragments = 1;
  config.max_memory = 2 << 20;
  tcpflow_tracker *const tracker = make(&config, &mem);
  for (uint32_t i = 0; i < 20000; i++) {
    talk_up(&t, i, TCPFLOW_FLAG_SYN, 1000, 0, 0);
    if (i % 1000 == 999) {
      for (uint32_t j = i - 999; j <= i; j++) {
        talk_down(&t, j, TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK, 5000, 1001, 0);
        talk_up(&t, j, TCPFLOW_FLAG_ACK, 1001, 5001, 0);
      }
      assert_int_equal(talk_feed(&t, tracker), TCPFLOW_OK);
      assert_true(fm.live_bytes <= config.max_memory);
    }
  }
  tcpflow_tracker_stats_init(&stats);
  assert_int_equal(tcpflow_tracker_get_stats(tracker, &stats), TCPFLOW_OK);
  assert_int_equal(stats.memory, fm.live_bytes);
  assert_true(fm.peak_bytes <= config.max_memory);
  assert_true(stats.flows_in_phase[TCPFLOW_PHASE_OPEN] > 1000);
  assert_true(stats.flows_evicted > 0);
  assert_int_equal(stats.nomem, 0);
  tcpflow_tracker_del(tracker);
  assert_int_equal(fm.live_blocks, 0);
}

/* In `new` there are sides for who wants some. */
static int want_sides(tcpflow_conn *conn, const tcpflow_new_event *e,
                      void *user) {
  const tcpflow_tuple *const ends = e->tuple;

  (void)user;
  assert_int_equal(
    tcpflow_conn_set_overlap(conn, TCPFLOW_SIDE_CLIENT, TCPFLOW_OVERLAP_LAST),
    TCPFLOW_OK);
  if (ends->port[0] % 2 == 0) {
    assert_int_equal(tcpflow_conn_skip(conn, TCPFLOW_SIDE_SERVER, 10),
                     TCPFLOW_OK);
  }
  return 0;
}

/* However little the cap leaves, by flows of both families. */
static void flows__wanted_in_new_at_the_cap__sides(void **state) {
  (void)state;
  for (uint64_t cap = 1; cap < 600000; cap += 50021) {
    tcpflow_tracker_config config;
    tcpflow_conn_callbacks callbacks;
    tcpflow_tracker *tracker;
    talk t = {0};

    tcpflow_tracker_config_init(&config);
    tcpflow_conn_callbacks_init(&callbacks);
    config.ignore_fragments = 1;
    config.max_memory = cap;
    callbacks.on_new = want_sides;
    assert_int_equal(
      tcpflow_tracker_new(&tracker, &config, &callbacks, NULL, NULL),
      TCPFLOW_OK);
    for (uint32_t i = 0; i < 2000; i++) {
      say what = {tuple_of(i), TCPFLOW_FLAG_SYN, 1000, 0, 0, 0};

      what.tuple.port[0] = (uint16_t)(1024 + i);
      what.tuple.version = i % 3 == 0 ? 6 : 4;
      talk_say(&t, &what);
    }
    assert_int_equal(talk_feed(&t, tracker), TCPFLOW_OK);
    assert_int_equal(tracker->stats.flows_new, 2000);
    assert_int_equal(tracker->stats.nomem, 0);
    tcpflow_tracker_del(tracker);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(take__many__different_places),
    cmocka_unit_test(take__no_memory__none),
    cmocka_unit_test(flows__syns_alone__no_sides),
    cmocka_unit_test(flows__no_memory_for_sides__as_it_was),
    cmocka_unit_test(flows__ended__no_sides),
    cmocka_unit_test(flows__ended_and_saved__without_sides),
    cmocka_unit_test(flows__ended_by_its_syn_and_saved__as_loaded),
    cmocka_unit_test(flows__answers_beyond_the_cap__older_ones_go),
    cmocka_unit_test(flows__wanted_in_new_at_the_cap__sides),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
