/*
 * tests/property/test_checkpoint.c - whenever a tracker is saved, another one
 * goes on with it, and that does not show.
 *
 * Random segments among a few hosts, with pauses in which timeouts are over, go
 * to a tracker that has too little room, so that every list and every timer
 * matters; and whoever listens ends other connections, stops and skips their
 * data, and asks to stop.  A second tracker is replaced by another one every
 * few frames.  Both tell the same, in the same order, have the same figures and
 * the same deadline, and save the same octets.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "unit/track/savings.h"
#include "unit/track/traffic.h"

enum {
  CLIENTS = 24,
  FLOWS = 14,
  FRAMES = 250,
  ROUNDS = 30
};

/* Who hears a tracker.  What it does depends on nothing but what was told. */
typedef struct listener {
  journal j; /* First: the callbacks of a journal take it for one. */
  tcpflow_tracker *tracker;
  uint64_t round;
  uint64_t heard;
} listener;

/* --- what is said --- */

static uint32_t number_near(uint64_t *seed, uint32_t base) {
  const uint32_t far = dice(seed) % 12 == 0 ? 70000 : 0;

  return base + far + (uint32_t)(dice(seed) % 8);
}

static void say_segment(talk *t, uint64_t *seed) {
  static const uint8_t flags[] = {F_S,  F_S,  F_SA, F_SA, F_A,  F_A, F_A,
                                  F_PA, F_PA, F_PA, F_PA, F_FA, F_R, F_RA};
  const uint32_t client = (uint32_t)(dice(seed) % CLIENTS);
  const unsigned f = flags[dice(seed) % sizeof(flags)];
  const uint32_t up = number_near(seed, 1000);
  const uint32_t down = number_near(seed, 5000);
  const uint32_t payload =
    f == F_PA || f == F_S ? (uint32_t)(dice(seed) % 5) : 0;

  if (dice(seed) % 2 == 0) {
    talk_up(t, client, f, up, f == F_S ? 0 : down, payload);
  } else {
    talk_down(t, client, f, down, f == F_S ? 0 : up, payload);
  }
}

static void say_something(talk *t, uint64_t *seed) {
  say_segment(t, seed);
  t->now += dice(seed) % (20 * TCPFLOW_MILLISECOND);
  if (dice(seed) % 10 == 0) {
    t->now += dice(seed) % (3 * TCPFLOW_SECOND);
  }
  if (dice(seed) % 100 == 0) {
    t->now += dice(seed) % (300 * TCPFLOW_SECOND);
  }
}

static talk say_round(uint64_t *seed) {
  talk t = {.now = 5000 * TCPFLOW_SECOND};

  for (unsigned i = 0; i < FRAMES; i++) {
    say_something(&t, seed);
    if (dice(seed) % 3 == 0) {
      talk_open(&t, (uint32_t)(dice(seed) % CLIENTS));
    }
  }
  return t;
}

/* --- who listens --- */

static void meddle(listener *l, uint64_t *seed) {
  const tcpflow_tuple tuple = tuple_of((uint32_t)(dice(seed) % CLIENTS));
  const tcpflow_side side = (tcpflow_side)(dice(seed) % 2);
  tcpflow_conn *const other = tcpflow_tracker_find(l->tracker, &tuple);

  if (other == NULL) {
    return;
  }
  switch (dice(seed) % 8) {
  case 0:
    (void)tcpflow_conn_end(other, 0, TCPFLOW_END_FLUSHED);
    break;
  case 1:
    tcpflow_conn_stop_data(other, side);
    break;
  case 2:
    (void)tcpflow_conn_skip(other, side, dice(seed) % 20);
    break;
  case 3:
    (void)tcpflow_conn_set_timeout(other, TCPFLOW_PHASE_ALL,
                                   dice(seed) % (9 * TCPFLOW_SECOND));
    break;
  case 4:
    (void)tcpflow_conn_set_rst_policy(other, TCPFLOW_RST_ANY);
    break;
  default:
    break;
  }
}

static int hear_segment(tcpflow_conn *conn, const tcpflow_segment_event *e,
                        void *user) {
  listener *const l = user;
  uint64_t seed = (l->round * 1000003 + ++l->heard) | 1;

  (void)journal_segment(conn, e, user);
  (void)dice(&seed);
  if (dice(&seed) % 6 == 0) {
    meddle(l, &seed);
  }
  return dice(&seed) % 20 == 0;
}

static int hear_gap(tcpflow_conn *conn, const tcpflow_gap_event *e,
                    void *user) {
  journal_write((journal *)user, "%llu %u gap %d %llu+%llu %d\n",
                (unsigned long long)e->time, journal_who(conn), (int)e->side,
                (unsigned long long)e->gap->offset,
                (unsigned long long)e->gap->length, (int)e->gap->reason);
  return 0;
}

static int hear_conflict(tcpflow_conn *conn, const tcpflow_conflict_event *e,
                         void *user) {
  const tcpflow_stream_conflict *const conflict = e->conflict;

  journal_write((journal *)user, "%llu %u conflict %d %llu+%zu %d\n",
                (unsigned long long)e->time, journal_who(conn), (int)e->side,
                (unsigned long long)conflict->offset, conflict->length,
                conflict->replaced);
  return 0;
}

static int hear_rst_data(tcpflow_conn *conn, const tcpflow_rst_data_event *e,
                         void *user) {
  journal_write((journal *)user, "%llu %u rst-data %d %u/%u\n",
                (unsigned long long)e->time, journal_who(conn), (int)e->side,
                (unsigned)e->captured, (unsigned)e->length);
  return 0;
}

static int hear_anomaly(tcpflow_conn *conn, const tcpflow_anomaly_event *e,
                        void *user) {
  journal_write((journal *)user, "%llu %u anomaly %d %d %u\n",
                (unsigned long long)e->time, journal_who(conn), (int)e->side,
                (int)e->anomaly, (unsigned)e->count);
  return 0;
}

static void configure(tcpflow_tracker_config *config, uint64_t round) {
  static tcpflow_conn_config conn;

  tcpflow_conn_config_init(&conn);
  conn.max_tail_bytes = round % 2 == 0 ? 20 : 0;
  conn.max_tail_digests = round % 5 < 3 ? 5 : 0;
  tcpflow_tracker_config_init(config);
  config->conn = &conn;
  config->max_flows = round % 3 == 0 ? CLIENTS : FLOWS;
  config->max_held_bytes = 700;
  for (unsigned phase = 0; phase < TCPFLOW_PHASE_COUNT; phase++) {
    if (phase != TCPFLOW_PHASE_RESET) {
      config->timeout_ns[phase] = (2 + phase * 5) * TCPFLOW_SECOND;
    }
  }
}

static void make(listener *l, const tcpflow_tracker_config *config) {
  tcpflow_conn_callbacks callbacks = journal_callbacks();

  callbacks.on_segment = hear_segment;
  callbacks.on_gap = hear_gap;
  callbacks.on_conflict = hear_conflict;
  callbacks.on_rst_data = hear_rst_data;
  callbacks.on_anomaly = hear_anomaly;
  assert_int_equal(
    tcpflow_tracker_new(&l->tracker, config, &callbacks, NULL, l), TCPFLOW_OK);
}

/* --- the cut --- */

/* Another tracker goes on, with another secret. */
static void replace(listener *l, tcpflow_tracker_config *config) {
  tcpflow_tracker *const before = l->tracker;
  savings s = savings_of(before);
  const size_t told = l->j.length;

  config->hash_key[3]++;
  make(l, config);
  assert_int_equal(tcpflow_tracker_load(l->tracker, s.bytes, s.length),
                   TCPFLOW_OK);
  assert_int_equal(l->j.length, told);
  tcpflow_tracker_del(before);
  l->j.length = told; /* Nobody listens to that. */
  savings_clear(&s);
}

static void assert_same(listener *a, listener *b) {
  const tcpflow_tracker_stats expected = stats_of(a->tracker);
  tcpflow_tracker_stats stats = stats_of(b->tracker);

  stats.memory = expected.memory;
  assert_memory_equal(&stats, &expected, sizeof(stats));
  assert_int_equal(a->j.length, b->j.length);
  assert_true(tcpflow_tracker_deadline(a->tracker) ==
              tcpflow_tracker_deadline(b->tracker));
}

static void assert_same_octets(listener *a, listener *b) {
  savings of_a = savings_of(a->tracker);
  savings of_b = savings_of(b->tracker);

  assert_int_equal(of_a.length, of_b.length);
  assert_memory_equal(of_a.bytes, of_b.bytes, of_a.length);
  savings_clear(&of_a);
  savings_clear(&of_b);
}

/* Answers whether the frame was followed. */
static bool feed(listener *l, const tcpflow_frame *frame) {
  size_t consumed;
  const int error = tcpflow_tracker_feed(l->tracker, frame, 1, &consumed);

  assert_true(error == TCPFLOW_OK || error == TCPFLOW_ERR_CALLBACK);
  assert_true(consumed == 1 || error == TCPFLOW_ERR_CALLBACK);
  return consumed == 1;
}

static void play_round(uint64_t round) {
  uint64_t seed = UINT64_C(0x9e3779b97f4a7c15) * (round + 1);
  talk t = say_round(&seed);
  listener a = {.round = round};
  listener b = {.round = round};
  tcpflow_tracker_config config;
  size_t at = 0;

  configure(&config, round);
  make(&a, &config);
  make(&b, &config);
  while (at < t.count) {
    const bool followed = feed(&a, t.frame + at);

    assert_int_equal(feed(&b, t.frame + at), followed);
    assert_same(&a, &b);
    if (dice(&seed) % (1 + round % 7) == 0) {
      replace(&b, &config);
      assert_same_octets(&a, &b);
    }
    at += followed;
  }
  assert_true(stats_of(a.tracker).flows_timeout > 0);
  assert_true(round % 3 == 0 || stats_of(a.tracker).flows_evicted > 0);
  tcpflow_tracker_del(a.tracker);
  tcpflow_tracker_del(b.tracker);
  assert_int_equal(a.j.length, b.j.length);
  assert_memory_equal(a.j.text, b.j.text, a.j.length);
  journal_clear(&a.j);
  journal_clear(&b.j);
  talk_clear(&t);
}

static void tracker__replaced_at_any_frame__does_not_show(void **state) {
  (void)state;
  for (uint64_t round = 0; round < ROUNDS; round++) {
    play_round(round);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(tracker__replaced_at_any_frame__does_not_show),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
