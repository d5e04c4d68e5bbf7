/* tests/unit/track/test_life.c - mirror of lib/track/life.c: what holds for any
   traffic. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "track/tracker.h"
#include "unit/failmem.h"
#include "unit/track/traffic.h"

#define SECONDS TCPFLOW_SECOND

/* Few flows and short times, so that everything happens in every batch. */
static tcpflow_tracker_config small_config(uint64_t max_flows) {
  tcpflow_tracker_config config;

  tcpflow_tracker_config_init(&config);
  config.max_flows = max_flows;
  config.max_held_bytes = 3000;
  config.timeout_ns[TCPFLOW_PHASE_OPENING] = 2 * SECONDS;
  config.timeout_ns[TCPFLOW_PHASE_ANSWERED] = 1 * SECONDS;
  config.timeout_ns[TCPFLOW_PHASE_PICKED_UP] = 5 * SECONDS;
  config.timeout_ns[TCPFLOW_PHASE_OPEN] = 10 * SECONDS;
  config.timeout_ns[TCPFLOW_PHASE_HALF_CLOSED] = 6 * SECONDS;
  config.timeout_ns[TCPFLOW_PHASE_CLOSING] = 4 * SECONDS;
  config.timeout_ns[TCPFLOW_PHASE_ENDED] = 3 * SECONDS;
  return config;
}

/* Steps of conversations, mixed; now and then nonsense. */
static void say_something(talk *t, uint64_t *seed, uint32_t clients) {
  static const unsigned odd[] = {F_S, F_SA, F_R, F_RA, F_FA, 0, F_PA, F_A};
  const uint32_t client = (uint32_t)(dice(seed) % clients);
  const uint32_t at = (uint32_t)(dice(seed) % 40);

  switch (dice(seed) % 10) {
  case 0:
    talk_open(t, client);
    break;
  case 1:
    talk_close(t, client);
    break;
  case 2:
    talk_up(t, client, F_S, 1000 + 7777 * (uint32_t)(dice(seed) % 3), 0, 0);
    break;
  case 3:
    talk_up(t, client, F_RA, 1001 + at, 5001, 0);
    break;
  case 4:
    talk_down(t, client, odd[dice(seed) % 8], 5001 + at, 1001, at);
    break;
  case 5:
    talk_up(t, client, odd[dice(seed) % 8], 1001 + at, 5001 + at, 0);
    break;
  case 6:
    talk_down(t, client, F_PA, 5001 + at, 1001, 10);
    break;
  default:
    talk_up(t, client, F_PA, 1001 + at, 5001, 10);
    break;
  }
}

static talk make_talk(uint64_t seed, uint32_t clients, unsigned steps) {
  talk t = {0};

  t.now = 1000 * SECONDS;
  for (unsigned i = 0; i < steps; i++) {
    t.now += dice(&seed) % 3 == 0 ? dice(&seed) % (SECONDS / 4) : 0;
    t.now -= dice(&seed) % 20 == 0 ? SECONDS : 0;
    t.now += dice(&seed) % 200 == 0 ? 30 * SECONDS : 0;
    say_something(&t, &seed, clients);
  }
  return t;
}

/* Sums over the phases. */
static void check_phases(const tcpflow_tracker_stats *stats) {
  uint64_t live = 0;
  uint64_t evicted = 0;
  uint64_t timeout = 0;

  for (unsigned phase = 0; phase < TCPFLOW_PHASE_ENDED; phase++) {
    live += stats->flows_in_phase[phase];
    evicted += stats->evicted_in_phase[phase];
    timeout += stats->timeout_in_phase[phase];
  }
  assert_int_equal(live, stats->flows_live);
  assert_int_equal(evicted, stats->flows_evicted +
                              stats->evicted_in_phase[TCPFLOW_PHASE_RESET]);
  assert_int_equal(timeout, stats->flows_timeout);
}

/* After every call: what the figures must obey. */
static void check_figures(const tcpflow_tracker *tracker, const journal *j,
                          const tcpflow_tracker_config *config) {
  const tcpflow_tracker_stats stats = stats_of(tracker);

  assert_int_equal(stats.flows_new, j->news);
  assert_int_equal(stats.flows_ended, j->ends);
  assert_int_equal(stats.flows_live, j->news - j->ends);
  check_phases(&stats);
  assert_true(stats.flows_live + stats.flows_in_phase[TCPFLOW_PHASE_ENDED] <=
              config->max_flows);
  assert_int_equal(stats.flows_evicted, j->reason[TCPFLOW_END_EVICTED]);
  assert_int_equal(stats.flows_timeout, j->reason[TCPFLOW_END_TIMEOUT]);
  for (unsigned reason = 0; reason <= TCPFLOW_END_UNREACHABLE; reason++) {
    assert_int_equal(stats.ended_by[reason], j->reason[reason]);
  }
  assert_true(stats.held_memory <= config->max_held_bytes);
}

static journal run_in_batches(const tcpflow_tracker_config *config,
                              const talk *t, size_t batch) {
  const tcpflow_conn_callbacks callbacks = journal_callbacks();
  tcpflow_tracker *tracker = NULL;
  journal j = {0};
  size_t consumed;

  assert_int_equal(tcpflow_tracker_new(&tracker, config, &callbacks, NULL, &j),
                   TCPFLOW_OK);
  for (size_t at = 0; at < t->count; at += consumed) {
    const size_t left = t->count - at;
    assert_int_equal(tcpflow_tracker_feed(tracker, t->frame + at,
                                          left < batch ? left : batch,
                                          &consumed),
                     TCPFLOW_OK);
    check_figures(tracker, &j, config);
  }
  const tcpflow_tracker_stats stats = stats_of(tracker);
  journal_write(&j, "%llu stragglers, %llu without flow, %llu backwards\n",
                (unsigned long long)stats.stragglers,
                (unsigned long long)stats.without_flow,
                (unsigned long long)stats.time_backwards);
  tcpflow_tracker_del(tracker);
  assert_int_equal(j.news, j.ends);
  return j;
}

static void feed__any_batches__tell_the_same(void **state) {
  static const size_t batches[] = {2, 7, 31, 32, 33, 1000, SIZE_MAX};

  (void)state;
  for (uint64_t seed = 1; seed <= 30; seed++) {
    const tcpflow_tracker_config config = small_config(1 + seed * seed % 41);
    talk t = make_talk(seed, 30, 500);
    journal singles = run_in_batches(&config, &t, 1);

    for (unsigned i = 0; i < 7; i++) {
      journal j = run_in_batches(&config, &t, batches[i]);
      assert_int_equal(j.length, singles.length);
      assert_string_equal(j.text, singles.text);
      journal_clear(&j);
    }
    journal_clear(&singles);
    talk_clear(&t);
  }
}

static void feed__any_hash_key__tells_the_same(void **state) {
  (void)state;
  for (uint64_t seed = 31; seed <= 40; seed++) {
    tcpflow_tracker_config config = small_config(seed);
    talk t = make_talk(seed, 60, 1000);
    journal first = run_in_batches(&config, &t, 32);

    for (unsigned i = 0; i < 16; i++) {
      config.hash_key[i] = (uint8_t)dice(&seed);
    }
    journal other = run_in_batches(&config, &t, 32);
    assert_string_equal(first.text, other.text);
    journal_clear(&first);
    journal_clear(&other);
    talk_clear(&t);
  }
}

/* --- no memory --- */

/* Feeds all, again and again where there is no memory: in each call, requests
   from the n-th on fail. */
static journal run_failing(const tcpflow_tracker_config *config, const talk *t,
                           failmem *fm, size_t fail_at, size_t *failures) {
  const tcpflow_mem mem = failmem_table(fm);
  const tcpflow_conn_callbacks callbacks = journal_callbacks();
  tcpflow_tracker *tracker = NULL;
  journal j = {0};
  size_t consumed;

  fm->fail_at = 0;
  assert_int_equal(tcpflow_tracker_new(&tracker, config, &callbacks, &mem, &j),
                   TCPFLOW_OK);
  for (size_t at = 0; at < t->count; at += consumed) {
    fm->requests = 0;
    fm->fail_from = 1;
    fm->fail_at = fail_at;
    const int error =
      tcpflow_tracker_feed(tracker, t->frame + at, t->count - at, &consumed);
    if (error != TCPFLOW_OK) {
      assert_int_equal(error, TCPFLOW_ERR_NOMEM);
      assert_true(consumed < t->count - at);
      *failures += 1;
      assert_int_equal(stats_of(tracker).nomem, *failures);
      /* The frame that failed goes through where there is memory. */
      fm->fail_at = 0;
      at += consumed;
      assert_int_equal(
        tcpflow_tracker_feed(tracker, t->frame + at, 1, &consumed), TCPFLOW_OK);
    }
    check_figures(tracker, &j, config);
  }
  assert_int_equal(stats_of(tracker).frames, t->count);
  tcpflow_tracker_del(tracker);
  assert_int_equal(fm->live_blocks, 0);
  return j;
}

/* Takes out SYNs with octets: one that takes the ports over from a connection
   goes without them where there is no memory, for that one has ended by
   then. */
static void drop_syn_octets(talk *t) {
  enum {
    FLAGS = 14 + 20 + 13,
    HEADERS = 14 + 20 + 20
  };
  size_t left = 0;

  for (size_t i = 0; i < t->count; i++) {
    const tcpflow_frame frame = t->frame[i];

    if ((frame.bytes[FLAGS] & F_S) != 0 && frame.captured > HEADERS) {
      free((void *)(uintptr_t)frame.bytes);
    } else {
      t->frame[left++] = frame;
    }
  }
  t->count = left;
}

/* A line of a journal: "time who ...". */
typedef struct entry {
  unsigned long who;
  const char *line; /* Ends with a newline. */
} entry;

static int compare_entries(const void *a, const void *b) {
  const entry *const one = (const entry *)a;
  const entry *const two = (const entry *)b;

  if (one->who != two->who) {
    return one->who < two->who ? -1 : 1;
  }
  return (one->line > two->line) - (one->line < two->line);
}

static size_t read_entries(const journal *j, entry **entries) {
  size_t count = 0;

  *entries = (entry *)calloc(j->length, sizeof(**entries));
  assert_non_null(*entries);
  for (const char *line = j->text; *line != '\0';
       line = strchr(line, '\n') + 1) {
    (*entries)[count++] =
      (entry){strtoul(strchr(line, ' ') + 1, NULL, 10), line};
  }
  qsort(*entries, count, sizeof(**entries), compare_entries);
  return count;
}

/* Each flow has told the same.  In which order several do so whose holes are
   due depends on how often the tracker has looked at its timers. */
static void assert_same_by_flow(const journal *a, const journal *b) {
  entry *one;
  entry *two;
  const size_t count = read_entries(a, &one);

  assert_int_equal(read_entries(b, &two), count);
  for (size_t i = 0; i < count; i++) {
    const size_t length = (size_t)(strchr(one[i].line, '\n') - one[i].line) + 1;
    assert_memory_equal(one[i].line, two[i].line, length);
  }
  free(one);
  free(two);
}

/* What failed and is fed again tells what it would have told at once. */
static void
feed__every_failing_request__fed_again_tells_the_same(void **state) {
  (void)state;
  for (uint64_t seed = 50; seed < 80; seed++) {
    tcpflow_tracker_config config = small_config(5 + seed % 30);
    talk t = make_talk(seed, 8, 600);
    failmem fm = {0};
    size_t none = 0;
    size_t all = 0;
    /* Where a cap leaves no room, a hole goes for want of memory, too. */
    config.max_held_bytes = UINT64_C(1) << 20;
    drop_syn_octets(&t);
    journal plain = run_failing(&config, &t, &fm, 0, &none);

    for (size_t n = 1; n <= 5; n++) {
      size_t failures = 0;
      journal j = run_failing(&config, &t, &fm, n, &failures);
      assert_same_by_flow(&j, &plain);
      all += failures;
      journal_clear(&j);
    }
    assert_true(all > 100);
    journal_clear(&plain);
    talk_clear(&t);
  }
}

/* Many flows at once: records and buckets are asked for, too. */
static void feed__memory_for_records_fails__nothing_lost(void **state) {
  tcpflow_tracker_config config = small_config(5000);
  talk t = {0};

  (void)state;
  for (uint32_t i = 0; i < 5000; i++) {
    talk_up(&t, i, F_S, 1000, 0, 0);
  }
  for (size_t n = 1; n <= 3; n++) {
    failmem fm = {0};
    size_t failures = 0;
    journal j = run_failing(&config, &t, &fm, n, &failures);
    assert_int_equal(j.news, 5000);
    assert_true(failures > 0);
    journal_clear(&j);
  }
  talk_clear(&t);
}

/* The ports of a live connection are used again, and there is no memory at
   all: either the next one begins, or the old one goes on. */
static void feed__reused_without_memory__old_one_goes_on(void **state) {
  const tcpflow_conn_callbacks callbacks = journal_callbacks();
  tcpflow_tracker *tracker = NULL;
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  journal j = {0};
  talk t = {0};
  size_t failures = 0;

  (void)state;
  assert_int_equal(tcpflow_tracker_new(&tracker, NULL, &callbacks, &mem, &j),
                   TCPFLOW_OK);
  for (uint32_t i = 0; i < 12000; i++) {
    size_t consumed;

    /* Opened, and closed by both, but for the last ACK; then again a SYN. */
    talk_open(&t, i);
    talk_up(&t, i, F_FA, 1001, 5001, 0);
    talk_down(&t, i, F_FA, 5001, 1002, 0);
    talk_up(&t, i, F_S, 900000, 0, 0);
    assert_int_equal(tcpflow_tracker_feed(tracker, t.frame, 5, NULL),
                     TCPFLOW_OK);
    fm.requests = 0;
    fm.fail_from = 1;
    fm.fail_at = 1;
    const int error = tcpflow_tracker_feed(tracker, t.frame + 5, 1, &consumed);
    fm.fail_at = 0;
    assert_int_equal(error, consumed == 1 ? TCPFLOW_OK : TCPFLOW_ERR_NOMEM);
    failures += 1 - consumed;
    assert_int_equal(j.reason[TCPFLOW_END_REUSED], i + 1 - failures);
    talk_clear(&t);
  }
  assert_true(failures > 0);
  tcpflow_tracker_del(tracker);
  talk_clear(&t);
  journal_clear(&j);
}

/* --- callbacks that interfere --- */

typedef struct meddler {
  tcpflow_tracker *tracker;
  uint64_t seed;
  unsigned stop_in; /* One of so many callbacks asks to stop; 0: none. */
  size_t news;
  size_t ends;
} meddler;

static int meddle(meddler *m, tcpflow_conn *conn) {
  const tcpflow_tuple other = tuple_of((uint32_t)(dice(&m->seed) % 30));
  const tcpflow_frame frame = {0};
  size_t consumed = 99;

  assert_int_equal(tcpflow_tracker_feed(m->tracker, &frame, 1, &consumed),
                   TCPFLOW_ERR_STATE);
  assert_int_equal(consumed, 0);
  assert_int_equal(tcpflow_tracker_advance(m->tracker, UINT64_MAX),
                   TCPFLOW_ERR_STATE);
  assert_int_equal(tcpflow_tracker_flush(m->tracker), TCPFLOW_ERR_STATE);
  tcpflow_tracker_del(m->tracker);
  (void)tcpflow_tracker_deadline(m->tracker);
  assert_true(stats_of(m->tracker).flows_live < 1000);

  tcpflow_conn *const found = tcpflow_tracker_find(m->tracker, &other);
  switch (dice(&m->seed) % 12) {
  case 0:
    tcpflow_conn_ignore(conn);
    break;
  case 1:
    tcpflow_conn_stop_data(conn, TCPFLOW_SIDE_CLIENT);
    break;
  case 2:
    assert_int_equal(tcpflow_conn_end(conn, 1, TCPFLOW_END_CALLER), TCPFLOW_OK);
    break;
  case 3:
    if (found != NULL) {
      assert_int_equal(tcpflow_conn_end(found, 1, TCPFLOW_END_FIN), TCPFLOW_OK);
    }
    break;
  default:
    break;
  }
  return m->stop_in != 0 && dice(&m->seed) % m->stop_in == 0;
}

static int meddle_new(tcpflow_conn *conn, const tcpflow_new_event *e,
                      void *user) {
  meddler *const m = (meddler *)user;

  m->news++;
  assert_ptr_equal(tcpflow_tracker_find(m->tracker, e->tuple), conn);
  return meddle(m, conn);
}

static int meddle_state(tcpflow_conn *conn, const tcpflow_state_event *e,
                        void *user) {
  (void)e;
  return meddle((meddler *)user, conn);
}

static int meddle_data(tcpflow_conn *conn, const tcpflow_data_event *e,
                       void *user) {
  (void)e;
  return meddle((meddler *)user, conn);
}

static int meddle_end(tcpflow_conn *conn, const tcpflow_end_event *e,
                      void *user) {
  meddler *const m = (meddler *)user;
  tcpflow_conn_info info;

  (void)e;
  m->ends++;
  tcpflow_conn_info_init(&info);
  assert_int_equal(tcpflow_conn_get_info(conn, &info), TCPFLOW_OK);
  assert_ptr_not_equal(tcpflow_tracker_find(m->tracker, &info.tuple), conn);
  return meddle(m, conn);
}

static void run_meddled(uint64_t seed, unsigned stop_in) {
  const tcpflow_tracker_config config = small_config(1 + seed % 25);
  talk t = make_talk(seed, 30, 400);
  meddler m = {NULL, seed, stop_in, 0, 0};
  tcpflow_conn_callbacks callbacks;
  size_t consumed;

  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_new = meddle_new;
  callbacks.on_state = meddle_state;
  callbacks.on_data = meddle_data;
  callbacks.on_end = meddle_end;
  assert_int_equal(
    tcpflow_tracker_new(&m.tracker, &config, &callbacks, NULL, &m), TCPFLOW_OK);
  for (size_t at = 0; at < t.count; at += consumed) {
    const int error =
      tcpflow_tracker_feed(m.tracker, t.frame + at, t.count - at, &consumed);
    assert_true(error == TCPFLOW_OK ||
                (error == TCPFLOW_ERR_CALLBACK && stop_in != 0));
    assert_true(error == TCPFLOW_ERR_CALLBACK || at + consumed == t.count);
    assert_int_equal(stats_of(m.tracker).flows_ended, m.ends);
    assert_int_equal(stats_of(m.tracker).flows_new, m.news);
  }
  assert_int_equal(stats_of(m.tracker).frames, t.count);
  tcpflow_tracker *const tracker = m.tracker;
  const uint64_t begun = stats_of(tracker).flows_new;
  tcpflow_tracker_del(tracker);
  assert_int_equal(m.news, begun);
  assert_int_equal(m.ends, begun);
  talk_clear(&t);
}

static void feed__callbacks_interfere__one_end_a_new(void **state) {
  (void)state;
  for (uint64_t seed = 100; seed < 160; seed++) {
    run_meddled(seed, 0);
    run_meddled(seed, 9);
    run_meddled(seed, 2);
  }
}

typedef struct stopper {
  size_t events;
  size_t stop_at;
} stopper;

static int stop_new(tcpflow_conn *conn, const tcpflow_new_event *e,
                    void *user) {
  stopper *const s = (stopper *)user;

  (void)conn;
  (void)e;
  return ++s->events == s->stop_at;
}

static void feed__stopped__says_which_frame(void **state) {
  tcpflow_conn_callbacks callbacks;
  tcpflow_tracker *tracker = NULL;
  stopper s = {0, 40};
  talk t = {0};
  size_t consumed = 0;

  (void)state;
  for (uint32_t i = 0; i < 100; i++) {
    talk_up(&t, i, F_S, 1000, 0, 0);
  }
  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_new = stop_new;
  assert_int_equal(tcpflow_tracker_new(&tracker, NULL, &callbacks, NULL, &s),
                   TCPFLOW_OK);
  assert_int_equal(tcpflow_tracker_feed(tracker, t.frame, 100, &consumed),
                   TCPFLOW_ERR_CALLBACK);
  assert_int_equal(consumed, 40);
  assert_int_equal(stats_of(tracker).frames, 40);
  assert_int_equal(tcpflow_tracker_feed(tracker, t.frame + 40, 60, &consumed),
                   TCPFLOW_OK);
  assert_int_equal(consumed, 60);
  assert_int_equal(s.events, 100);
  tcpflow_tracker_del(tracker);
  talk_clear(&t);
}

static int stop_end(tcpflow_conn *conn, const tcpflow_end_event *e,
                    void *user) {
  (void)conn;
  (void)e;
  (void)user;
  return 1;
}

static void feed__stopped_at_a_timer__frame_not_followed(void **state) {
  tcpflow_conn_callbacks callbacks;
  tcpflow_tracker *tracker = NULL;
  talk t = {0};
  size_t consumed = 9;

  (void)state;
  talk_up(&t, 1, F_S, 1000, 0, 0);
  t.now = 3600 * SECONDS;
  talk_up(&t, 2, F_S, 1000, 0, 0);
  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_end = stop_end;
  assert_int_equal(tcpflow_tracker_new(&tracker, NULL, &callbacks, NULL, NULL),
                   TCPFLOW_OK);
  assert_int_equal(tcpflow_tracker_feed(tracker, t.frame, 1, &consumed),
                   TCPFLOW_OK);
  assert_int_equal(tcpflow_tracker_feed(tracker, t.frame + 1, 1, &consumed),
                   TCPFLOW_ERR_CALLBACK);
  assert_int_equal(consumed, 0);
  assert_int_equal(stats_of(tracker).flows_timeout, 1);
  assert_int_equal(stats_of(tracker).frames, 1);
  assert_int_equal(tcpflow_tracker_feed(tracker, t.frame + 1, 1, &consumed),
                   TCPFLOW_OK);
  assert_int_equal(consumed, 1);
  assert_int_equal(tcpflow_tracker_advance(tracker, 7200 * SECONDS),
                   TCPFLOW_ERR_CALLBACK);
  assert_int_equal(stats_of(tracker).flows_live, 0);
  tcpflow_tracker_del(tracker);
  talk_clear(&t);
}

/* After a RST comes the time of the doubt, then that of the stragglers; where
   more timers are due than a frame looks at, both are over at once. */
static void feed__reset_long_ago_and_timers_lag__not_a_straggler(void **state) {
  const tcpflow_conn_callbacks callbacks = journal_callbacks();
  tcpflow_tracker *tracker = NULL;
  journal j = {0};
  talk t = {0};

  (void)state;
  for (uint32_t i = 0; i < 200; i++) {
    talk_open(&t, i);
    talk_up(&t, i, F_R, 1001, 0, 0);
  }
  t.now = 3600 * SECONDS;
  talk_up(&t, 199, F_PA, 1001, 5001, 10);
  assert_int_equal(tcpflow_tracker_new(&tracker, NULL, &callbacks, NULL, &j),
                   TCPFLOW_OK);
  assert_int_equal(tcpflow_tracker_feed(tracker, t.frame, t.count, NULL),
                   TCPFLOW_OK);
  assert_int_equal(stats_of(tracker).stragglers, 0);
  assert_int_equal(j.news, 201);
  tcpflow_tracker_del(tracker);
  assert_int_equal(j.reason[TCPFLOW_END_RESET], 200);
  talk_clear(&t);
  journal_clear(&j);
}

/* A segment shows that the RST was none, and closes the connection: it ends
   when that has lingered, not when the RST would have. */
static void feed__reset_reversed_and_closed__ends_by_that(void **state) {
  const tcpflow_conn_callbacks callbacks = journal_callbacks();
  tcpflow_tracker_config config;
  tcpflow_conn_config conn;
  tcpflow_tracker *tracker = NULL;
  journal j = {0};
  talk t = {0};

  (void)state;
  tcpflow_tracker_config_init(&config);
  tcpflow_conn_config_init(&conn);
  conn.reset_linger_ns = 60 * SECONDS;
  conn.close_linger_ns = TCPFLOW_MILLISECOND;
  config.conn = &conn;
  talk_open(&t, 1);
  talk_up(&t, 1, F_FA, 1001, 5001, 0);
  talk_down(&t, 1, F_FA, 5001, 1002, 0);
  talk_up(&t, 1, F_R, 1002, 0, 0);
  t.now += SECONDS;
  talk_up(&t, 1, F_A, 1002, 5002, 0);
  assert_int_equal(tcpflow_tracker_new(&tracker, &config, &callbacks, NULL, &j),
                   TCPFLOW_OK);
  assert_int_equal(tcpflow_tracker_feed(tracker, t.frame, t.count, NULL),
                   TCPFLOW_OK);
  assert_int_equal(tcpflow_tracker_advance(tracker, t.now + SECONDS),
                   TCPFLOW_OK);
  assert_int_equal(j.reason[TCPFLOW_END_FIN], 1);
  tcpflow_tracker_del(tracker);
  talk_clear(&t);
  journal_clear(&j);
}

/* --- the end of a flow that was closing --- */

/* A callback that gives the flow a timeout of its own. */
static int own_timeout(tcpflow_conn *conn, const tcpflow_new_event *event,
                       void *user) {
  (void)event;
  return tcpflow_conn_set_timeout(conn, TCPFLOW_PHASE_OPEN,
                                  *(const tcpflow_time *)user);
}

/* Three flows, of which the second one closes; it is waited for so long behind
   its end.  When it is looked at next, from ten seconds before that on, if it
   is still known. */
static tcpflow_time close_second(tcpflow_time ended, bool owns, bool lingers) {
  tcpflow_time own = 20 * SECONDS;
  tcpflow_conn_callbacks callbacks;
  tcpflow_tracker_config config = small_config(100);
  tcpflow_conn_config conn;
  tcpflow_tracker *tracker = NULL;
  talk t = {0};

  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_new = owns ? own_timeout : NULL;
  tcpflow_conn_config_init(&conn);
  conn.close_linger_ns = lingers ? SECONDS : 0;
  config.conn = &conn;
  config.timeout_ns[TCPFLOW_PHASE_ENDED] = ended;
  t.now = 1000 * SECONDS;
  talk_open(&t, 1);
  talk_open(&t, 2);
  talk_open(&t, 3);
  talk_close(&t, 2);
  assert_int_equal(
    tcpflow_tracker_new(&tracker, &config, &callbacks, NULL, &own), TCPFLOW_OK);
  assert_int_equal(tcpflow_tracker_feed(tracker, t.frame, t.count, NULL),
                   TCPFLOW_OK);
  if (lingers) {
    assert_int_equal(stats_of(tracker).flows_live, 3);
    assert_int_equal(tcpflow_tracker_advance(tracker, t.now + SECONDS),
                     TCPFLOW_OK);
  }
  const tcpflow_tracker_stats stats = stats_of(tracker);
  const tcpflow__flow *const flow = tcpflow__flows_at(&tracker->flows, 1);
  const tcpflow_time look =
    flow->phase == TCPFLOW_PHASE_ENDED
      ? tcpflow__timers_tick(&tracker->timers,
                             flow->link[TCPFLOW__CHAIN_TIMER].next &
                               ~TCPFLOW__LIST_HEAD)
          << TCPFLOW__TICK_BITS
      : 0;

  assert_int_equal(stats.flows_live, 2);
  assert_int_equal(stats.ended_by[TCPFLOW_END_FIN], 1);
  assert_int_equal(stats.flows_in_phase[TCPFLOW_PHASE_ENDED], ended != 0);
  tcpflow_tracker_del(tracker);
  talk_clear(&t);
  return look == 0 ? 0 : look - 990 * SECONDS;
}

/* It is looked at no later than its time is over, whatever its timer was set to
   before; and it is forgotten at once if nobody waits. */
static void feed__closed__known_as_long_as_stragglers_may_come(void **state) {
  (void)state;
  assert_in_range(close_second(30 * SECONDS, false, false), 1, 40 * SECONDS);
  assert_int_equal(close_second(0, false, false), 0);
  assert_in_range(close_second(SECONDS / 2, false, false), 1,
                  10 * SECONDS + SECONDS / 2);
  assert_in_range(close_second(SECONDS / 2, true, false), 1,
                  10 * SECONDS + SECONDS / 2);
  assert_in_range(close_second(30 * SECONDS, true, false), 1, 40 * SECONDS);
  assert_in_range(close_second(30 * SECONDS, false, true), 1, 41 * SECONDS);
}

/* --- caps --- */

static void feed__max_flows__never_more(void **state) {
  (void)state;
  for (uint64_t max = 1; max <= 3; max++) {
    const tcpflow_tracker_config config = small_config(max);
    talk t = make_talk(max, 5, 3000);
    journal j = run_in_batches(&config, &t, 32);
    assert_true(j.reason[TCPFLOW_END_EVICTED] > 0);
    journal_clear(&j);
    talk_clear(&t);
  }
}

typedef struct census {
  size_t lost;  /* Ends of the clients below 1000. */
  size_t bytes; /* Data of theirs. */
} census;

static int census_end(tcpflow_conn *conn, const tcpflow_end_event *e,
                      void *user) {
  census *const c = (census *)user;

  (void)e;
  c->lost += journal_who(conn) < 1000;
  return 0;
}

static int census_data(tcpflow_conn *conn, const tcpflow_data_event *e,
                       void *user) {
  census *const c = (census *)user;

  (void)conn;
  c->bytes += e->data->length;
  return 0;
}

/* 1000 connections talk on while 1,000,000 SYNs from anywhere come in. */
static void feed__syn_flood__open_connections_stay(void **state) {
  tcpflow_tracker_config config;
  tcpflow_conn_callbacks callbacks;
  tcpflow_tracker *tracker = NULL;
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  census c = {0, 0};
  talk t = {0};
  size_t full = 0;

  (void)state;
  tcpflow_tracker_config_init(&config);
  config.max_flows = 10000;
  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_end = census_end;
  callbacks.on_data = census_data;
  assert_int_equal(tcpflow_tracker_new(&tracker, &config, &callbacks, &mem, &c),
                   TCPFLOW_OK);
  t.now = 1000 * SECONDS;
  for (uint32_t i = 0; i < 1000; i++) {
    talk_open(&t, i);
  }
  for (uint32_t round = 0; round < 100; round++) {
    for (uint32_t i = 0; i < 10000; i++) {
      t.now += 10000; /* 100,000 SYNs a second. */
      talk_up(&t, 1000 + round * 10000 + i, F_S, i, 0, 0);
      if (i % 100 == 0) {
        talk_up(&t, (round * 100 + i / 100) % 1000, F_PA,
                1001 + (round / 10) * 5, 5001, 5);
      }
    }
    assert_int_equal(tcpflow_tracker_feed(tracker, t.frame, t.count, NULL),
                     TCPFLOW_OK);
    if (round == 1) {
      full = fm.live_bytes;
    }
    const tcpflow_time now = t.now;
    talk_clear(&t);
    t.now = now;
  }
  assert_int_equal(fm.live_bytes, full);
  assert_int_equal(c.lost, 0);
  assert_int_equal(c.bytes, 1000 * 10 * 5);
  assert_int_equal(stats_of(tracker).flows_new, 1001000);
  assert_int_equal(stats_of(tracker).flows_live, 10000);
  assert_int_equal(stats_of(tracker).flows_in_phase[TCPFLOW_PHASE_OPENING],
                   9000);
  assert_int_equal(stats_of(tracker).evicted_in_phase[TCPFLOW_PHASE_OPENING],
                   991000);
  tcpflow_tracker_del(tracker);
  assert_int_equal(fm.live_blocks, 0);
}

/* Floods of other kinds, each from tuples that nobody else uses. */
static void feed__lone_segments__open_connections_stay(void **state) {
  static const struct {
    unsigned flags;
    uint32_t data;
  } floods[] = {{F_A, 0}, {F_PA, 5}, {F_FA, 0}, {F_SA, 0}, {F_S, 5}, {F_R, 0}};

  (void)state;
  for (unsigned kind = 0; kind < sizeof(floods) / sizeof(floods[0]); kind++) {
    tcpflow_tracker_config config;
    tcpflow_conn_callbacks callbacks;
    tcpflow_tracker *tracker = NULL;
    census c = {0, 0};
    talk t = {0};

    tcpflow_tracker_config_init(&config);
    config.max_flows = 2000;
    tcpflow_conn_callbacks_init(&callbacks);
    callbacks.on_end = census_end;
    assert_int_equal(
      tcpflow_tracker_new(&tracker, &config, &callbacks, NULL, &c), TCPFLOW_OK);
    t.now = 1000 * SECONDS;
    for (uint32_t i = 0; i < 1000; i++) {
      talk_open(&t, i);
    }
    for (uint32_t i = 0; i < 20000; i++) {
      t.now += 10000;
      talk_up(&t, 1000 + i, floods[kind].flags, i, i, floods[kind].data);
    }
    assert_int_equal(tcpflow_tracker_feed(tracker, t.frame, t.count, NULL),
                     TCPFLOW_OK);
    assert_int_equal(c.lost, 0);
    assert_int_equal(stats_of(tracker).flows_in_phase[TCPFLOW_PHASE_OPEN],
                     1000);
    assert_int_equal(stats_of(tracker).evicted_in_phase[TCPFLOW_PHASE_OPEN], 0);
    assert_int_equal(stats_of(tracker).flows_live,
                     floods[kind].flags == F_R ? 1000 : 2000);
    tcpflow_tracker_del(tracker);
    talk_clear(&t);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(feed__any_batches__tell_the_same),
    cmocka_unit_test(feed__any_hash_key__tells_the_same),
    cmocka_unit_test(feed__every_failing_request__fed_again_tells_the_same),
    cmocka_unit_test(feed__memory_for_records_fails__nothing_lost),
    cmocka_unit_test(feed__reused_without_memory__old_one_goes_on),
    cmocka_unit_test(feed__callbacks_interfere__one_end_a_new),
    cmocka_unit_test(feed__stopped__says_which_frame),
    cmocka_unit_test(feed__stopped_at_a_timer__frame_not_followed),
    cmocka_unit_test(feed__reset_long_ago_and_timers_lag__not_a_straggler),
    cmocka_unit_test(feed__reset_reversed_and_closed__ends_by_that),
    cmocka_unit_test(feed__closed__known_as_long_as_stragglers_may_come),
    cmocka_unit_test(feed__max_flows__never_more),
    cmocka_unit_test(feed__syn_flood__open_connections_stay),
    cmocka_unit_test(feed__lone_segments__open_connections_stay),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
