/* tests/unit/track/test_tracker.c - mirror of lib/track/tracker.c and
   config.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/failmem.h"
#include "unit/track/traffic.h"

#define SECONDS TCPFLOW_SECOND

static tcpflow_tracker *make(const tcpflow_tracker_config *config, journal *j) {
  const tcpflow_conn_callbacks callbacks = journal_callbacks();
  tcpflow_tracker *tracker = NULL;

  assert_int_equal(tcpflow_tracker_new(&tracker, config, &callbacks, NULL, j),
                   TCPFLOW_OK);
  return tracker;
}

static void feed_all(tcpflow_tracker *tracker, talk *t) {
  assert_int_equal(tcpflow_tracker_feed(tracker, t->frame, t->count, NULL),
                   TCPFLOW_OK);
  talk_clear(t);
}

/* --- made --- */

static void tracker_new__every_failing_request__nothing_kept(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow_tracker *tracker = NULL;
  int error = TCPFLOW_ERR_NOMEM;

  (void)state;
  for (size_t n = 1; error != TCPFLOW_OK; n++) {
    fm.requests = 0;
    fm.fail_at = n;
    error = tcpflow_tracker_new(&tracker, NULL, NULL, &mem, NULL);
    if (error != TCPFLOW_OK) {
      assert_int_equal(error, TCPFLOW_ERR_NOMEM);
      assert_null(tracker);
      assert_int_equal(fm.live_blocks, 0);
    }
  }
  tcpflow_tracker_del(tracker);
  assert_int_equal(fm.live_blocks, 0);
}

static int try_config(const tcpflow_tracker_config *config) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow_tracker *tracker = NULL;
  const int error = tcpflow_tracker_new(&tracker, config, NULL, &mem, NULL);

  assert_int_equal(error == TCPFLOW_OK, tracker != NULL);
  tcpflow_tracker_del(tracker);
  assert_int_equal(fm.live_blocks, 0);
  return error;
}

static void tracker_new__ranges__invalid_outside(void **state) {
  tcpflow_tracker_config config;

  (void)state;
  tcpflow_tracker_config_init(&config);
  assert_int_equal(try_config(&config), TCPFLOW_OK);
  config.max_flows = 0;
  assert_int_equal(try_config(&config), TCPFLOW_ERR_INVALID);
  config.max_flows = 100000001;
  assert_int_equal(try_config(&config), TCPFLOW_ERR_INVALID);
  config.max_flows = 1;
  assert_int_equal(try_config(&config), TCPFLOW_OK);
  config.key_flags = 4;
  assert_int_equal(try_config(&config), TCPFLOW_ERR_INVALID);
  config.key_flags = TCPFLOW_KEY_VLAN | TCPFLOW_KEY_NO_TUNNEL;
  assert_int_equal(try_config(&config), TCPFLOW_OK);
}

static void tracker_new__configs_below__checked_too(void **state) {
  tcpflow_tracker_config config;
  tcpflow_conn_config conn;
  tcpflow_decode_config decode;

  (void)state;
  tcpflow_tracker_config_init(&config);
  tcpflow_conn_config_init(&conn);
  tcpflow_decode_config_init(&decode);
  config.conn = &conn;
  config.decode = &decode;
  assert_int_equal(try_config(&config), TCPFLOW_OK);
  conn.max_held_bytes = UINT64_MAX;
  assert_int_equal(try_config(&config), TCPFLOW_ERR_INVALID);
  config.conn = NULL;
  decode.max_tags = 17;
  assert_int_equal(try_config(&config), TCPFLOW_ERR_INVALID);
  decode.size = 0;
  assert_int_equal(try_config(&config), TCPFLOW_ERR_VERSION);
  config.decode = NULL;
  config.size = 0;
  assert_int_equal(try_config(&config), TCPFLOW_ERR_VERSION);
}

static void tracker_new__config_from_the_future__version_error(void **state) {
  struct {
    tcpflow_tracker_config known;
    uint64_t later;
  } config;

  (void)state;
  memset(&config, 0, sizeof(config));
  tcpflow_tracker_config_defaults(&config.known, sizeof(config));
  assert_int_equal(try_config(&config.known), TCPFLOW_OK);
  config.later = 1;
  assert_int_equal(try_config(&config.known), TCPFLOW_ERR_VERSION);
  config.later = 0;
  config.known.timeout_ns[TCPFLOW_PHASE_COUNT] = 1;
  assert_int_equal(try_config(&config.known), TCPFLOW_ERR_VERSION);
}

static void config_defaults__documented_values(void **state) {
  tcpflow_tracker_config config;

  (void)state;
  memset(&config, 0xff, sizeof(config));
  tcpflow_tracker_config_init(&config);
  assert_int_equal(config.size, sizeof(config));
  assert_int_equal(config.max_flows, 1 << 20);
  assert_int_equal(config.max_held_bytes, 256 << 20);
  assert_int_equal(config.key_flags, 0);
  assert_int_equal(config.verify_checksums, 0);
  assert_int_equal(config.timeout_ns[TCPFLOW_PHASE_OPENING], 120 * SECONDS);
  assert_int_equal(config.timeout_ns[TCPFLOW_PHASE_ANSWERED], 60 * SECONDS);
  assert_int_equal(config.timeout_ns[TCPFLOW_PHASE_PICKED_UP], 300 * SECONDS);
  assert_int_equal(config.timeout_ns[TCPFLOW_PHASE_OPEN], 7440 * SECONDS);
  assert_int_equal(config.timeout_ns[TCPFLOW_PHASE_HALF_CLOSED],
                   7440 * SECONDS);
  assert_int_equal(config.timeout_ns[TCPFLOW_PHASE_CLOSING], 240 * SECONDS);
  assert_int_equal(config.timeout_ns[TCPFLOW_PHASE_ENDED], 60 * SECONDS);
  assert_null(config.conn);
  assert_null(config.decode);
  for (unsigned i = 0; i < 16; i++) {
    assert_int_equal(config.hash_key[i], 0);
  }
}

static void tracker_new__table_lacks_a_function__invalid(void **state) {
  failmem fm = {0};
  tcpflow_mem mem = failmem_table(&fm);
  tcpflow_tracker *tracker = NULL;

  (void)state;
  mem.realloc = NULL;
  assert_int_equal(tcpflow_tracker_new(&tracker, NULL, NULL, &mem, NULL),
                   TCPFLOW_ERR_INVALID);
  assert_null(tracker);
}

static void tracker_del__null__nothing(void **state) {
  (void)state;
  tcpflow_tracker_del(NULL);
}

static void tracker_del__live_flows__each_ends_once(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j);

  (void)state;
  for (uint32_t i = 0; i < 50; i++) {
    talk_open(&t, i);
  }
  talk_close(&t, 13);
  feed_all(tracker, &t);
  tcpflow_tracker_del(tracker);
  assert_int_equal(j.news, 50);
  assert_int_equal(j.ends, 50);
  assert_int_equal(j.reason[TCPFLOW_END_FLUSHED], 49);
  journal_clear(&j);
}

/* --- flush and find --- */

static int stop_at_segment(tcpflow_conn *conn, const tcpflow_segment_event *e,
                           void *user) {
  return journal_segment(conn, e, user) == 0;
}

/* That a callback asked to stop was about the call before. */
static void tracker_del__after_a_stop__held_data_is_told(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_conn_callbacks callbacks = journal_callbacks();
  tcpflow_tracker *tracker = NULL;

  (void)state;
  callbacks.on_segment = stop_at_segment;
  assert_int_equal(tcpflow_tracker_new(&tracker, NULL, &callbacks, NULL, &j),
                   TCPFLOW_OK);
  talk_open(&t, 1);
  talk_up(&t, 1, F_PA, 1011, 5001, 5);
  for (size_t i = 0; i < t.count; i++) {
    assert_int_equal(tcpflow_tracker_feed(tracker, t.frame + i, 1, NULL),
                     TCPFLOW_ERR_CALLBACK);
  }
  tcpflow_tracker_del(tracker);
  assert_non_null(strstr(j.text, "data 0 10+5\n"));
  assert_int_equal(j.ends, 1);
  talk_clear(&t);
  journal_clear(&j);
}

static void flush__many__oldest_first_then_fed_on(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j);
  const char *at;

  (void)state;
  t.now = 77;
  for (uint32_t i = 0; i < 20; i++) {
    talk_up(&t, (i * 7) % 20, F_S, 1000, 0, 0);
  }
  talk_down(&t, 7, F_SA, 5000, 1001, 0); /* Moves on, stays in order. */
  talk_up(&t, 7, F_A, 1001, 5001, 0);
  talk_open(&t, 100);
  talk_close(&t, 100);
  feed_all(tracker, &t);
  assert_int_equal(tcpflow_tracker_flush(tracker), TCPFLOW_OK);
  at = strstr(j.text, " 100 end");
  for (unsigned i = 0; i < 20; i++) {
    char line[64];
    snprintf(line, sizeof(line), "77 %u end %d\n", (i * 7) % 20,
             (int)TCPFLOW_END_FLUSHED);
    assert_non_null(at);
    at = strstr(at, line);
  }
  assert_non_null(at);

  tcpflow_tracker_stats stats = stats_of(tracker);
  assert_int_equal(stats.flows_live, 0);
  assert_int_equal(stats.flows_in_phase[TCPFLOW_PHASE_ENDED], 0);
  assert_int_equal(stats.flows_in_phase[TCPFLOW_PHASE_OPENING], 0);
  assert_int_equal(stats.flows_ended, 21);
  assert_true(tcpflow_tracker_deadline(tracker) == TCPFLOW_TIME_NONE);
  talk_open(&t, 3);
  feed_all(tracker, &t);
  assert_int_equal(stats_of(tracker).flows_live, 1);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

typedef struct asker {
  tcpflow_tracker *tracker;
  uint32_t ends; /* Client number I is the one number I to end. */
  uint32_t all;
} asker;

/* Those before it and itself are gone, those behind it are there. */
static int ask_at_end(tcpflow_conn *conn, const tcpflow_end_event *event,
                      void *user) {
  asker *const a = (asker *)user;
  const tcpflow_tracker_stats stats = stats_of(a->tracker);
  uint32_t left = 0;

  assert_int_equal(event->reason, TCPFLOW_END_FLUSHED);
  for (uint32_t i = 0; i < a->all; i++) {
    const tcpflow_tuple tuple = tuple_of(i);
    assert_int_equal(tcpflow_tracker_find(a->tracker, &tuple) != NULL,
                     i > a->ends);
  }
  a->ends++;
  for (tcpflow_conn *at = tcpflow_tracker_next(a->tracker, NULL); at != NULL;
       at = tcpflow_tracker_next(a->tracker, at)) {
    assert_ptr_not_equal(at, conn);
    left++;
  }
  assert_int_equal(left, a->all - a->ends);
  assert_int_equal(stats.flows_live, left);
  assert_int_equal(stats.ended_by[TCPFLOW_END_FLUSHED], a->ends);
  /* That of the one that ends still runs. */
  assert_true(tcpflow_tracker_deadline(a->tracker) != TCPFLOW_TIME_NONE);
  return 1;
}

static void flush__callback_asks_and_stops__what_is_left(void **state) {
  tcpflow_conn_callbacks callbacks;
  asker a = {.all = 60};
  talk t = {.now = 77};

  (void)state;
  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_end = ask_at_end;
  assert_int_equal(tcpflow_tracker_new(&a.tracker, NULL, &callbacks, NULL, &a),
                   TCPFLOW_OK);
  for (uint32_t i = 0; i < a.all; i++) {
    if (i % 3 == 0) {
      talk_open(&t, i);
    } else {
      talk_up(&t, i, F_S, 1000, 0, 0);
    }
  }
  feed_all(a.tracker, &t);
  assert_int_equal(tcpflow_tracker_flush(a.tracker), TCPFLOW_ERR_CALLBACK);
  assert_int_equal(a.ends, a.all);
  assert_true(tcpflow_tracker_deadline(a.tracker) == TCPFLOW_TIME_NONE);
  tcpflow_tracker_del(a.tracker);
}

static void find__either_order__until_the_end(void **state) {
  const tcpflow_tuple there = tuple_of(5);
  const tcpflow_tuple back = tuple_back(&there);
  const tcpflow_tuple other = tuple_of(6);
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j);

  (void)state;
  assert_null(tcpflow_tracker_find(tracker, &there));
  talk_open(&t, 5);
  feed_all(tracker, &t);
  assert_non_null(tcpflow_tracker_find(tracker, &there));
  assert_ptr_equal(tcpflow_tracker_find(tracker, &there),
                   tcpflow_tracker_find(tracker, &back));
  assert_null(tcpflow_tracker_find(tracker, &other));
  talk_close(&t, 5);
  feed_all(tracker, &t);
  assert_null(tcpflow_tracker_find(tracker, &there));
  assert_int_equal(stats_of(tracker).flows_in_phase[TCPFLOW_PHASE_ENDED], 1);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

/* The caller may end a connection at any time; the tracker hears of it. */
static void conn_end__outside_of_a_call__place_is_free(void **state) {
  const tcpflow_tuple tuple = tuple_of(5);
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j);

  (void)state;
  for (unsigned reason = TCPFLOW_END_FIN; reason <= TCPFLOW_END_CALLER;
       reason++) {
    talk_open(&t, 5);
    feed_all(tracker, &t);
    tcpflow_conn *const conn = tcpflow_tracker_find(tracker, &tuple);
    assert_non_null(conn);
    assert_int_equal(tcpflow_conn_end(conn, 9, (tcpflow_end_reason)reason),
                     TCPFLOW_OK);
    assert_null(tcpflow_tracker_find(tracker, &tuple));
    assert_int_equal(stats_of(tracker).flows_live, 0);
    assert_int_equal(j.ends, reason);
    assert_int_equal(j.reason[reason], 1);
    assert_int_equal(tcpflow_tracker_flush(tracker), TCPFLOW_OK);
    assert_true(tcpflow_tracker_deadline(tracker) == TCPFLOW_TIME_NONE);
  }
  tcpflow_tracker_del(tracker);
  assert_int_equal(j.ends, j.news);
  journal_clear(&j);
}

/* --- time --- */

typedef struct span {
  tcpflow_phase phase;
  tcpflow_time idle;
  void (*say)(talk *t);
} span;

static void say_syn(talk *t) {
  talk_up(t, 1, F_S, 1000, 0, 0);
}

static void say_open(talk *t) {
  talk_open(t, 1);
}

static void say_answered(talk *t) {
  talk_up(t, 1, F_S, 1000, 0, 0);
  talk_down(t, 1, F_SA, 5000, 1001, 0);
}

static void say_lone(talk *t) {
  talk_up(t, 1, F_PA, 1001, 5001, 10);
}

static void say_half_closed(talk *t) {
  talk_open(t, 1);
  talk_up(t, 1, F_FA, 1001, 5001, 0);
}

static void say_closing(talk *t) {
  say_half_closed(t);
  talk_down(t, 1, F_FA, 5001, 1002, 0);
}

static void advance__idle_times__never_early(void **state) {
  static const span spans[] = {
    {TCPFLOW_PHASE_OPENING, 120 * SECONDS, say_syn},
    {TCPFLOW_PHASE_ANSWERED, 60 * SECONDS, say_answered},
    {TCPFLOW_PHASE_PICKED_UP, 300 * SECONDS, say_lone},
    {TCPFLOW_PHASE_OPEN, 7440 * SECONDS, say_open},
    {TCPFLOW_PHASE_HALF_CLOSED, 7440 * SECONDS, say_half_closed},
    {TCPFLOW_PHASE_CLOSING, 240 * SECONDS, say_closing}};
  const tcpflow_time start = UINT64_C(1700000000123456789);

  (void)state;
  for (unsigned i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
    talk t = {0};
    journal j = {0};
    tcpflow_tracker *tracker = make(NULL, &j);
    const tcpflow_time end = start + spans[i].idle;

    t.now = start;
    spans[i].say(&t);
    feed_all(tracker, &t);
    assert_int_equal(stats_of(tracker).flows_in_phase[spans[i].phase], 1);
    assert_int_equal(tcpflow_tracker_advance(tracker, end - 1), TCPFLOW_OK);
    assert_int_equal(j.ends, 0);
    assert_true(tcpflow_tracker_deadline(tracker) <= end + (1 << 24));
    assert_int_equal(tcpflow_tracker_advance(tracker, end + (1 << 24)),
                     TCPFLOW_OK);
    assert_int_equal(j.reason[TCPFLOW_END_TIMEOUT], 1);
    assert_int_equal(stats_of(tracker).timeout_in_phase[spans[i].phase], 1);
    assert_true(tcpflow_tracker_deadline(tracker) == TCPFLOW_TIME_NONE);
    tcpflow_tracker_del(tracker);
    journal_clear(&j);
  }
}

/* The timer of an open connection stands two hours off when the FINs come. */
static void advance__closing_after_a_long_time__sooner(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j);

  (void)state;
  say_open(&t);
  feed_all(tracker, &t);
  assert_int_equal(tcpflow_tracker_advance(tracker, 1000 * SECONDS),
                   TCPFLOW_OK);
  t.now = 1000 * SECONDS;
  talk_up(&t, 1, F_FA, 1001, 5001, 0);
  talk_down(&t, 1, F_FA, 5001, 1002, 0);
  feed_all(tracker, &t);
  assert_int_equal(tcpflow_tracker_advance(tracker, 1240 * SECONDS - 1),
                   TCPFLOW_OK);
  assert_int_equal(j.ends, 0);
  assert_int_equal(tcpflow_tracker_advance(tracker, 1240 * SECONDS + (1 << 24)),
                   TCPFLOW_OK);
  assert_int_equal(j.reason[TCPFLOW_END_TIMEOUT], 1);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

/* Asked for in another connection's callback. */
static int end_client_2(tcpflow_conn *conn, const tcpflow_state_event *e,
                        void *user) {
  const tcpflow_tuple tuple = tuple_of(2);
  tcpflow_tracker *const tracker = *(tcpflow_tracker **)user;
  tcpflow_conn *const other = tcpflow_tracker_find(tracker, &tuple);

  (void)e;
  return other == NULL || other == conn
           ? 0
           : tcpflow_conn_end(other, 1, TCPFLOW_END_CALLER);
}

static size_t ends_by_caller;

static int count_ends(tcpflow_conn *conn, const tcpflow_end_event *e,
                      void *user) {
  (void)conn;
  (void)user;
  ends_by_caller += e->reason == TCPFLOW_END_CALLER;
  return 0;
}

static void conn_end__of_another_in_a_callback__once_as_asked(void **state) {
  tcpflow_tracker *tracker = NULL;
  tcpflow_conn_callbacks callbacks;
  talk t = {0};

  (void)state;
  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_state = end_client_2;
  callbacks.on_end = count_ends;
  ends_by_caller = 0;
  assert_int_equal(
    tcpflow_tracker_new(&tracker, NULL, &callbacks, NULL, &tracker),
    TCPFLOW_OK);
  talk_open(&t, 3);
  talk_open(&t, 4);
  feed_all(tracker, &t);
  assert_int_equal(ends_by_caller, 0);
  talk_up(&t, 2, F_PA, 1001, 5001, 10);
  talk_up(&t, 3, F_FA, 1001, 5001, 0);
  feed_all(tracker, &t);
  assert_int_equal(tcpflow_tracker_advance(tracker, 8000 * SECONDS),
                   TCPFLOW_OK);
  assert_int_equal(ends_by_caller, 1);
  assert_int_equal(stats_of(tracker).flows_live, 0);
  tcpflow_tracker_del(tracker);
}

static void advance__straight_to_the_moment__fires(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j);

  (void)state;
  t.now = 12345;
  say_syn(&t);
  feed_all(tracker, &t);
  assert_int_equal(tcpflow_tracker_advance(tracker, 12345 + 120 * SECONDS),
                   TCPFLOW_OK);
  assert_int_equal(j.ends, 1);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

/* A caller who sleeps until the deadline, again and again, gets there. */
static void deadline__slept_until__timers_fire(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j);
  tcpflow_time deadline;
  unsigned wakes = 0;

  (void)state;
  t.now = UINT64_C(1700000000) * SECONDS;
  for (uint32_t i = 0; i < 10; i++) {
    t.now += 3 * SECONDS;
    talk_open(&t, i);
    talk_up(&t, 100 + i, F_S, 1000, 0, 0);
  }
  talk_close(&t, 4);
  feed_all(tracker, &t);
  while ((deadline = tcpflow_tracker_deadline(tracker)) != TCPFLOW_TIME_NONE) {
    assert_int_equal(tcpflow_tracker_advance(tracker, deadline), TCPFLOW_OK);
    assert_true(++wakes < 200);
  }
  assert_int_equal(j.reason[TCPFLOW_END_TIMEOUT], 19);
  assert_int_equal(stats_of(tracker).flows_in_phase[TCPFLOW_PHASE_ENDED], 0);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

static void advance__time_before__taken_as_the_latest(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j);

  (void)state;
  t.now = 1000 * SECONDS;
  say_syn(&t);
  feed_all(tracker, &t);
  assert_int_equal(tcpflow_tracker_advance(tracker, 5), TCPFLOW_OK);
  assert_int_equal(tcpflow_tracker_advance(tracker, 1119 * SECONDS),
                   TCPFLOW_OK);
  assert_int_equal(j.ends, 0);
  assert_int_equal(tcpflow_tracker_advance(tracker, 1120 * SECONDS + (1 << 24)),
                   TCPFLOW_OK);
  assert_int_equal(j.ends, 1);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

static void advance__end_of_time__no_trouble(void **state) {
  tcpflow_tracker_config config;
  talk t = {0};
  journal j = {0};

  (void)state;
  tcpflow_tracker_config_init(&config);
  config.timeout_ns[TCPFLOW_PHASE_OPEN] = UINT64_MAX;
  tcpflow_tracker *tracker = make(&config, &j);
  say_open(&t);
  talk_up(&t, 2, F_S, 1000, 0, 0);
  feed_all(tracker, &t);
  assert_int_equal(tcpflow_tracker_advance(tracker, UINT64_MAX - 1),
                   TCPFLOW_OK);
  assert_int_equal(j.reason[TCPFLOW_END_TIMEOUT], 1);
  assert_int_equal(tcpflow_tracker_advance(tracker, UINT64_MAX), TCPFLOW_OK);
  t.now = UINT64_MAX;
  talk_open(&t, 3);
  feed_all(tracker, &t);
  assert_int_equal(tcpflow_tracker_advance(tracker, UINT64_MAX), TCPFLOW_OK);
  tcpflow_tracker_del(tracker);
  assert_int_equal(j.news, j.ends);
  journal_clear(&j);
}

static void timeouts__all_0__defined(void **state) {
  tcpflow_tracker_config config;
  talk t = {0};
  journal j = {0};

  (void)state;
  tcpflow_tracker_config_init(&config);
  memset(config.timeout_ns, 0, sizeof(config.timeout_ns));
  config.max_flows = 1;
  config.max_held_bytes = 0;
  tcpflow_tracker *tracker = make(&config, &j);
  for (uint32_t i = 0; i < 30; i++) {
    t.now = i / 2;
    talk_open(&t, i % 3);
    talk_up(&t, i % 3, F_PA, 2000, 5001, 10); /* Early, with no budget. */
    talk_close(&t, i % 3);
  }
  feed_all(tracker, &t);
  assert_int_equal(tcpflow_tracker_advance(tracker, 10 * SECONDS), TCPFLOW_OK);
  assert_int_equal(stats_of(tracker).flows_live, 0);
  assert_int_equal(j.news, j.ends);
  assert_int_equal(stats_of(tracker).held_memory, 0);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

/* A timeout of its own counts from the next look at the timers on, even where
   the timer stands two hours off. */
static void set_timeout__open__sooner_or_never(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j);
  const tcpflow_tuple tuple = tuple_of(1);

  (void)state;
  say_open(&t);
  feed_all(tracker, &t);
  tcpflow_conn *const conn = tcpflow_tracker_find(tracker, &tuple);
  assert_int_equal(tcpflow_conn_set_timeout(conn, TCPFLOW_PHASE_RESET, 1),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(tcpflow_conn_set_timeout(conn, TCPFLOW_PHASE_COUNT, 1),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(
    tcpflow_conn_set_timeout(conn, TCPFLOW_PHASE_ALL, TCPFLOW_TIME_NONE),
    TCPFLOW_OK);
  assert_int_equal(tcpflow_tracker_advance(tracker, 9000 * SECONDS),
                   TCPFLOW_OK);
  assert_int_equal(j.ends, 0);
  assert_int_equal(tcpflow_conn_set_timeout(conn, TCPFLOW_PHASE_CLOSING, 5),
                   TCPFLOW_OK);
  assert_int_equal(
    tcpflow_conn_set_timeout(conn, TCPFLOW_PHASE_OPEN, 9001 * SECONDS),
    TCPFLOW_OK);
  assert_true(tcpflow_tracker_deadline(tracker) <= 9001 * SECONDS);
  assert_int_equal(tcpflow_tracker_advance(tracker, 9001 * SECONDS - 1),
                   TCPFLOW_OK);
  assert_int_equal(j.ends, 0);
  assert_int_equal(tcpflow_tracker_advance(tracker, 9001 * SECONDS + (1 << 24)),
                   TCPFLOW_OK);
  assert_int_equal(j.reason[TCPFLOW_END_TIMEOUT], 1);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

/* 0: as soon as the clock moves, and not inside of the call. */
static void set_timeout__0__ends_when_the_clock_moves(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j);
  const tcpflow_tuple tuple = tuple_of(1);

  (void)state;
  say_open(&t);
  feed_all(tracker, &t);
  tcpflow_conn *const conn = tcpflow_tracker_find(tracker, &tuple);
  assert_int_equal(tcpflow_conn_set_timeout(conn, TCPFLOW_PHASE_ALL, 0),
                   TCPFLOW_OK);
  assert_int_equal(j.ends, 0);
  assert_int_equal(tcpflow_tracker_advance(tracker, 0), TCPFLOW_OK);
  assert_int_equal(j.ends, 0);
  assert_int_equal(tcpflow_tracker_advance(tracker, 3600 * SECONDS),
                   TCPFLOW_OK);
  assert_int_equal(j.reason[TCPFLOW_END_TIMEOUT], 1);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

static int wait_not_at_all(tcpflow_conn *conn, const tcpflow_state_event *event,
                           void *user) {
  unsigned *const calls = user;

  (void)event;
  assert_int_equal(tcpflow_conn_set_timeout(conn, TCPFLOW_PHASE_ALL, 0),
                   TCPFLOW_OK);
  ++*calls;
  return 0;
}

/* The connection outlives the callback, and the frame. */
static void set_timeout__inside_a_callback__ends_afterwards(void **state) {
  const tcpflow_tuple tuple = tuple_of(1);
  tcpflow_conn_callbacks callbacks;
  tcpflow_tracker *tracker = NULL;
  unsigned calls = 0;
  talk t = {0};

  (void)state;
  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_state = wait_not_at_all;
  assert_int_equal(
    tcpflow_tracker_new(&tracker, NULL, &callbacks, NULL, &calls), TCPFLOW_OK);
  talk_up(&t, 1, F_S, 1000, 0, 0);
  feed_all(tracker, &t);
  assert_true(calls > 0);
  assert_non_null(tcpflow_tracker_find(tracker, &tuple));
  assert_int_equal(tcpflow_tracker_advance(tracker, 3600 * SECONDS),
                   TCPFLOW_OK);
  assert_null(tcpflow_tracker_find(tracker, &tuple));
  tcpflow_tracker_del(tracker);
}

static void set_timeout__no_memory__as_it_was(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  const tcpflow_conn_callbacks callbacks = journal_callbacks();
  const tcpflow_tuple tuple = tuple_of(1);
  tcpflow_tracker *tracker = NULL;
  talk t = {0};
  journal j = {0};

  (void)state;
  assert_int_equal(tcpflow_tracker_new(&tracker, NULL, &callbacks, &mem, &j),
                   TCPFLOW_OK);
  say_open(&t);
  feed_all(tracker, &t);
  tcpflow_conn *const conn = tcpflow_tracker_find(tracker, &tuple);
  fm.fail_at = fm.requests + 1;
  assert_int_equal(tcpflow_conn_set_timeout(conn, TCPFLOW_PHASE_OPEN, 5),
                   TCPFLOW_ERR_NOMEM);
  assert_int_equal(tcpflow_tracker_advance(tracker, 7000 * SECONDS),
                   TCPFLOW_OK);
  assert_int_equal(j.ends, 0);
  assert_int_equal(tcpflow_conn_set_timeout(conn, TCPFLOW_PHASE_OPEN, 5),
                   TCPFLOW_OK);
  assert_int_equal(tcpflow_tracker_advance(tracker, 7001 * SECONDS),
                   TCPFLOW_OK);
  assert_int_equal(j.reason[TCPFLOW_END_TIMEOUT], 1);
  tcpflow_tracker_del(tracker);
  assert_int_equal(fm.live_blocks, 0);
  journal_clear(&j);
}

/* Idle for no time at all is idle as soon as the clock moves. */
static void syn_timeout__0__until_the_clock_moves(void **state) {
  tcpflow_tracker_config config;
  talk t = {0};
  journal j = {0};

  (void)state;
  tcpflow_tracker_config_init(&config);
  config.timeout_ns[TCPFLOW_PHASE_OPENING] = 0;
  config.timeout_ns[TCPFLOW_PHASE_ANSWERED] = 0;
  tcpflow_tracker *tracker = make(&config, &j);
  t.now = 500;
  talk_up(&t, 1, F_S, 1000, 0, 0);
  talk_down(&t, 1, F_SA, 5000, 1001, 0);
  t.now = 501;
  talk_up(&t, 1, F_A, 1001, 5001, 0);
  feed_all(tracker, &t);
  assert_int_equal(j.news, 2);
  assert_int_equal(j.reason[TCPFLOW_END_TIMEOUT], 1);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

/* --- all of them --- */

static void next__oldest_first__ended_ones_not_visited(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j);

  (void)state;
  assert_null(tcpflow_tracker_next(tracker, NULL));
  for (uint32_t i = 0; i < 6; i++) {
    talk_open(&t, i);
  }
  talk_close(&t, 0);
  talk_close(&t, 3);
  feed_all(tracker, &t);

  static const unsigned expected[] = {1, 2, 4, 5};
  unsigned visited = 0;
  for (tcpflow_conn *conn = tcpflow_tracker_next(tracker, NULL); conn != NULL;
       conn = tcpflow_tracker_next(tracker, conn)) {
    assert_true(visited < 4);
    assert_int_equal(journal_who(conn), expected[visited]);
    visited++;
  }
  assert_int_equal(visited, 4);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

/* Outside of a callback an end takes place at once. */
static void next__ended_on_the_way__taken_first(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j);
  unsigned visited = 0;

  (void)state;
  for (uint32_t i = 0; i < 6; i++) {
    talk_open(&t, i);
  }
  feed_all(tracker, &t);
  for (tcpflow_conn *conn = tcpflow_tracker_next(tracker, NULL);
       conn != NULL;) {
    tcpflow_conn *const next = tcpflow_tracker_next(tracker, conn);
    assert_int_equal(tcpflow_conn_end(conn, 7, TCPFLOW_END_CALLER), TCPFLOW_OK);
    assert_null(tcpflow_tracker_next(tracker, conn));
    conn = next;
    visited++;
  }
  assert_int_equal(visited, 6);
  assert_int_equal(j.reason[TCPFLOW_END_CALLER], 6);
  assert_null(tcpflow_tracker_next(tracker, NULL));
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(tracker_new__every_failing_request__nothing_kept),
    cmocka_unit_test(tracker_new__ranges__invalid_outside),
    cmocka_unit_test(tracker_new__configs_below__checked_too),
    cmocka_unit_test(tracker_new__config_from_the_future__version_error),
    cmocka_unit_test(tracker_new__table_lacks_a_function__invalid),
    cmocka_unit_test(config_defaults__documented_values),
    cmocka_unit_test(tracker_del__null__nothing),
    cmocka_unit_test(tracker_del__live_flows__each_ends_once),
    cmocka_unit_test(tracker_del__after_a_stop__held_data_is_told),
    cmocka_unit_test(flush__many__oldest_first_then_fed_on),
    cmocka_unit_test(flush__callback_asks_and_stops__what_is_left),
    cmocka_unit_test(find__either_order__until_the_end),
    cmocka_unit_test(conn_end__outside_of_a_call__place_is_free),
    cmocka_unit_test(advance__idle_times__never_early),
    cmocka_unit_test(advance__closing_after_a_long_time__sooner),
    cmocka_unit_test(conn_end__of_another_in_a_callback__once_as_asked),
    cmocka_unit_test(advance__straight_to_the_moment__fires),
    cmocka_unit_test(deadline__slept_until__timers_fire),
    cmocka_unit_test(advance__time_before__taken_as_the_latest),
    cmocka_unit_test(advance__end_of_time__no_trouble),
    cmocka_unit_test(set_timeout__open__sooner_or_never),
    cmocka_unit_test(set_timeout__0__ends_when_the_clock_moves),
    cmocka_unit_test(set_timeout__inside_a_callback__ends_afterwards),
    cmocka_unit_test(set_timeout__no_memory__as_it_was),
    cmocka_unit_test(timeouts__all_0__defined),
    cmocka_unit_test(syn_timeout__0__until_the_clock_moves),
    cmocka_unit_test(next__oldest_first__ended_ones_not_visited),
    cmocka_unit_test(next__ended_on_the_way__taken_first),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
