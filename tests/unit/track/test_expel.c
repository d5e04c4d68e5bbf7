/* tests/unit/track/test_expel.c - mirror of lib/track/expel.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "track/tracker.h"
#include "unit/failmem.h"
#include "unit/track/traffic.h"

#define SECONDS TCPFLOW_SECOND

typedef struct watch {
  journal log;
  tcpflow_tracker *tracker;
  tcpflow_tracker_stats at_end; /* The figures while the last end was told. */
  tcpflow_end_event end;        /* The last one. */
  unsigned found;               /* Flows that the table still had. */
  int keeps;                    /* Ends leave something behind. */
  int stops;
} watch;

static int watch_end(tcpflow_conn *conn, const tcpflow_end_event *e,
                     void *user) {
  watch *const w = (watch *)user;

  w->end = *e;
  w->at_end = stats_of(w->tracker);
  if (w->keeps) {
    (void)tcpflow_conn_set_timeout(conn, TCPFLOW_PHASE_OPENING, SECONDS);
  }
  tcpflow_tuple tuple;
  if (tcpflow_conn_get_tuple(conn, &tuple) == TCPFLOW_OK) {
    w->found += tcpflow_tracker_find(w->tracker, &tuple) != NULL;
  }
  (void)journal_end(conn, e, &w->log);
  return w->stops;
}

static int watch_new(tcpflow_conn *conn, const tcpflow_new_event *e,
                     void *user) {
  return journal_new(conn, e, &((watch *)user)->log);
}

/* A tracker of three flows. */
static void begin(watch *w, const tcpflow_mem *mem, bool tells) {
  tcpflow_tracker_config config;
  tcpflow_conn_callbacks callbacks;

  memset(w, 0, sizeof(*w));
  tcpflow_tracker_config_init(&config);
  config.max_flows = 3;
  tcpflow_conn_callbacks_init(&callbacks);
  if (tells) {
    callbacks.on_new = watch_new;
    callbacks.on_end = watch_end;
  }
  assert_int_equal(
    tcpflow_tracker_new(&w->tracker, &config, &callbacks, mem, w), TCPFLOW_OK);
}

/* SYNs of COUNT clients from FIRST on. */
static int syns(watch *w, uint32_t first, uint32_t count, size_t *followed) {
  talk t = {.now = (1000 + first) * SECONDS};
  int error;

  for (uint32_t i = first; i < first + count; i++) {
    talk_up(&t, i, F_S, 1000, 0, 0);
    t.now += SECONDS;
  }
  error = tcpflow_tracker_feed(w->tracker, t.frame, t.count, followed);
  talk_clear(&t);
  return error;
}

static int has(const watch *w, uint32_t client) {
  const tcpflow_tuple tuple = tuple_of(client);

  return tcpflow_tracker_find(w->tracker, &tuple) != NULL;
}

static void expel__one_too_many__oldest_goes_behind_the_new(void **state) {
  watch w;

  (void)state;
  begin(&w, NULL, true);
  assert_int_equal(syns(&w, 0, 4, NULL), TCPFLOW_OK);
  assert_string_equal(w.log.text, "1000000000000 0 new\n"
                                  "1001000000000 1 new\n"
                                  "1002000000000 2 new\n"
                                  "1003000000000 3 new\n"
                                  "1003000000000 0 end 4\n");
  assert_int_equal(w.end.reason, TCPFLOW_END_EVICTED);
  assert_int_equal(w.end.kind, TCPFLOW_CLOSE_EVICTED);
  assert_null(w.end.cause);
  assert_int_equal(w.end.state[TCPFLOW_SIDE_CLIENT], TCPFLOW_STATE_SYN_SENT);
  assert_int_equal(w.end.state[TCPFLOW_SIDE_SERVER], TCPFLOW_STATE_LISTEN);
  assert_false(has(&w, 0));
  assert_true(has(&w, 1) && has(&w, 2) && has(&w, 3));
  tcpflow_tracker_del(w.tracker);
  journal_clear(&w.log);
}

/* While the end is told, the flow is none of the tracker's any more. */
static void expel__end_is_told__counted_and_not_found(void **state) {
  watch w;

  (void)state;
  begin(&w, NULL, true);
  assert_int_equal(syns(&w, 0, 4, NULL), TCPFLOW_OK);
  assert_int_equal(w.found, 0);
  assert_int_equal(w.at_end.flows_new, 4);
  assert_int_equal(w.at_end.flows_live, 3);
  assert_int_equal(w.at_end.flows_ended, 1);
  assert_int_equal(w.at_end.flows_evicted, 1);
  assert_int_equal(w.at_end.ended_by[TCPFLOW_END_EVICTED], 1);
  assert_int_equal(w.at_end.evicted_in_phase[TCPFLOW_PHASE_OPENING], 1);
  assert_int_equal(w.at_end.flows_in_phase[TCPFLOW_PHASE_OPENING], 3);
  tcpflow_tracker_del(w.tracker);
  journal_clear(&w.log);
}

static void expel__nobody_listens__counted(void **state) {
  watch w;

  (void)state;
  begin(&w, NULL, false);
  assert_int_equal(syns(&w, 0, 100, NULL), TCPFLOW_OK);
  assert_int_equal(stats_of(w.tracker).flows_evicted, 97);
  assert_int_equal(stats_of(w.tracker).flows_live, 3);
  assert_true(has(&w, 97) && has(&w, 98) && has(&w, 99));
  tcpflow_tracker_del(w.tracker);
}

/* The place that its tuple had is the next one's. */
static void expel__of_ipv6__its_place_comes_back(void **state) {
  watch w;
  talk t = {.now = 1000 * SECONDS};

  (void)state;
  begin(&w, NULL, true);
  for (uint32_t i = 0; i < 100; i++) {
    say what = {tuple_of(i), F_S, 1000, 0, 0, 0};
    what.tuple.version = 6;
    talk_say(&t, &what);
  }
  assert_int_equal(talk_feed(&t, w.tracker), TCPFLOW_OK);
  assert_int_equal(w.log.ends, 97);
  assert_int_equal(w.found, 0);
  assert_int_equal(w.tracker->flows.tuples.used, 3);
  assert_int_equal(w.tracker->flows.places.lent, 1);
  tcpflow_tracker_del(w.tracker);
  assert_int_equal(w.log.ends, 100);
  journal_clear(&w.log);
}

/* What its callback made the connection remember is freed. */
static void expel__callback_leaves_something__freed(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  watch w;

  (void)state;
  begin(&w, &mem, true);
  w.keeps = 1;
  assert_int_equal(syns(&w, 0, 100, NULL), TCPFLOW_OK);
  assert_int_equal(w.log.ends, 97);
  assert_int_equal(stats_of(w.tracker).flows_live, 3);
  w.keeps = 0;
  tcpflow_tracker_del(w.tracker);
  assert_int_equal(fm.live_blocks, 0);
  journal_clear(&w.log);
}

static void expel__callback_stops__frame_was_followed(void **state) {
  size_t followed;
  watch w;

  (void)state;
  begin(&w, NULL, true);
  w.stops = 1;
  assert_int_equal(syns(&w, 0, 6, &followed), TCPFLOW_ERR_CALLBACK);
  assert_int_equal(followed, 4);
  assert_int_equal(stats_of(w.tracker).flows_live, 3);
  assert_int_equal(syns(&w, 4, 2, &followed), TCPFLOW_ERR_CALLBACK);
  assert_int_equal(followed, 1);
  tcpflow_tracker_del(w.tracker);
  journal_clear(&w.log);
}

/* An older one that was answered goes before one that is folded. */
static void expel__answered_one_is_older__goes_first(void **state) {
  talk t = {.now = 1000 * SECONDS};
  watch w;

  (void)state;
  begin(&w, NULL, true);
  talk_up(&t, 0, F_S, 1000, 0, 0);
  talk_down(&t, 0, F_SA, 5000, 1001, 0);
  assert_int_equal(tcpflow_tracker_feed(w.tracker, t.frame, t.count, NULL),
                   TCPFLOW_OK);
  assert_int_equal(syns(&w, 1, 3, NULL), TCPFLOW_OK);
  assert_false(has(&w, 0));
  assert_int_equal(w.at_end.evicted_in_phase[TCPFLOW_PHASE_ANSWERED], 1);
  assert_int_equal(syns(&w, 4, 1, NULL), TCPFLOW_OK);
  assert_false(has(&w, 1));
  talk_clear(&t);
  tcpflow_tracker_del(w.tracker);
  journal_clear(&w.log);
}

/* However the search for an idle flow stands, it goes on behind one that is
   gone. */
static void expel__hand_is_at_it__moves_on(void **state) {
  talk t = {.now = 1000 * SECONDS};
  watch w;

  (void)state;
  begin(&w, NULL, true);
  for (uint32_t i = 0; i < 3; i++) {
    talk_open(&t, i);
  }
  for (uint32_t i = 3; i < 40; i++) {
    talk_up(&t, i, F_S, 1000, 0, 0);
    if (i % 3 == 0) {
      talk_open(&t, i + 100);
    }
  }
  assert_int_equal(tcpflow_tracker_feed(w.tracker, t.frame, t.count, NULL),
                   TCPFLOW_OK);
  assert_int_equal(stats_of(w.tracker).flows_live, 3);
  assert_int_equal(w.log.news, stats_of(w.tracker).flows_new);
  assert_int_equal(w.log.ends, w.log.news - 3);
  talk_clear(&t);
  tcpflow_tracker_del(w.tracker);
  journal_clear(&w.log);
}

/* Of IPv6, a flow's tuple has a place of its own, which is given back. */
static void expel__long_addresses__no_more_memory(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  talk t = {.now = 1000 * SECONDS};
  size_t full = 0;
  watch w;

  (void)state;
  begin(&w, &mem, true);
  for (uint32_t i = 0; i < 500; i++) {
    say what = {tuple_of(i), F_S, 1000, 0, 0, 0};
    what.tuple.version = 6;
    what.tuple.address[0][15] = 1;
    talk_say(&t, &what);
    assert_int_equal(tcpflow_tracker_feed(w.tracker, &t.frame[i], 1, NULL),
                     TCPFLOW_OK);
    full = i == 10 ? fm.live_bytes : full;
  }
  assert_int_equal(fm.live_bytes, full);
  assert_int_equal(w.log.ends, 497);
  talk_clear(&t);
  tcpflow_tracker_del(w.tracker);
  assert_int_equal(fm.live_blocks, 0);
  journal_clear(&w.log);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(expel__one_too_many__oldest_goes_behind_the_new),
    cmocka_unit_test(expel__end_is_told__counted_and_not_found),
    cmocka_unit_test(expel__nobody_listens__counted),
    cmocka_unit_test(expel__of_ipv6__its_place_comes_back),
    cmocka_unit_test(expel__callback_leaves_something__freed),
    cmocka_unit_test(expel__callback_stops__frame_was_followed),
    cmocka_unit_test(expel__answered_one_is_older__goes_first),
    cmocka_unit_test(expel__hand_is_at_it__moves_on),
    cmocka_unit_test(expel__long_addresses__no_more_memory),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
