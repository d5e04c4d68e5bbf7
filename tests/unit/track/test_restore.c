/*
 * tests/unit/track/test_restore.c - mirror of lib/track/restore.c: a tracker
 * takes over what another one wrote.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "conn/wait.h"
#include "track/tracker.h"
#include "unit/failmem.h"
#include "unit/guard.h"
#include "unit/track/savings.h"
#include "unit/track/traffic.h"

#define DIGEST 8U /* Octets at the end of a checkpoint. */

static tcpflow_tracker *make(const tcpflow_tracker_config *config, journal *j,
                             const tcpflow_mem *mem) {
  const tcpflow_conn_callbacks callbacks = journal_callbacks();
  tcpflow_tracker *tracker = NULL;

  assert_int_equal(tcpflow_tracker_new(&tracker, config, &callbacks, mem, j),
                   TCPFLOW_OK);
  return tracker;
}

/* With another secret than the one before. */
static tcpflow_tracker *make_other(journal *j, unsigned secret) {
  tcpflow_tracker_config config;

  tcpflow_tracker_config_init(&config);
  memset(config.hash_key, (int)secret + 1, sizeof(config.hash_key));
  return make(&config, j, NULL);
}

static void feed(tcpflow_tracker *tracker, const talk *t, size_t from,
                 size_t count) {
  size_t consumed = 0;

  assert_int_equal(
    tcpflow_tracker_feed(tracker, t->frame + from, count, &consumed),
    TCPFLOW_OK);
  assert_int_equal(consumed, count);
}

static void load(tcpflow_tracker *tracker, const savings *s) {
  assert_int_equal(tcpflow_tracker_load(tracker, s->bytes, s->length),
                   TCPFLOW_OK);
}

/* Releases a tracker, and nobody listens. */
static void del_unheard(tcpflow_tracker *tracker, journal *j) {
  const size_t told = j->length;

  tcpflow_tracker_del(tracker);
  j->length = told;
}

/* A bit of everything: open, held data, half-closed, reset, refused, used
   again, candidates, only one side, ended. */
static talk make_talk(void) {
  talk t = {0};

  for (uint32_t client = 1; client <= 6; client++) {
    t.now += TCPFLOW_MILLISECOND;
    talk_open(&t, client);
  }
  talk_up(&t, 1, F_PA, 1011, 5001, 10);
  talk_up(&t, 1, F_PA, 1031, 5001, 10);
  talk_down(&t, 2, F_FA, 5001, 1001, 20);
  talk_up(&t, 2, F_A, 1001, 5022, 0);
  talk_down(&t, 3, F_R, 5001, 0, 0);
  talk_close(&t, 4);
  talk_up(&t, 7, F_S, 1000, 0, 0);
  talk_up(&t, 7, F_S, 70000, 0, 0);
  talk_up(&t, 8, F_S, 1000, 0, 5);
  talk_down(&t, 9, F_SA, 5000, 1001, 0);
  talk_up(&t, 5, F_S, 400000, 0, 0);
  t.now += 10 * TCPFLOW_MILLISECOND;
  talk_down(&t, 7, F_SA, 5000, 70001, 0);
  talk_down(&t, 8, F_SA, 5000, 1006, 0);
  talk_up(&t, 7, F_A, 70001, 5001, 0);
  talk_down(&t, 5, F_SA, 900000, 400001, 0);
  talk_up(&t, 5, F_A, 400001, 900001, 0);
  talk_up(&t, 2, F_FA, 1001, 5022, 0);
  talk_down(&t, 2, F_A, 5022, 1002, 0);
  talk_down(&t, 3, F_PA, 5001, 1001, 7);
  talk_up(&t, 4, F_A, 1002, 5002, 0);
  talk_up(&t, 1, F_PA, 1001, 5001, 10);
  talk_up(&t, 1, F_PA, 1021, 5001, 10);
  talk_close(&t, 6);
  return t;
}

/* All but the last frames of that, in a checkpoint. */
static savings save_some(journal *j) {
  talk t = make_talk();
  tcpflow_tracker *const a = make(NULL, j, NULL);
  savings s;

  feed(a, &t, 0, t.count - 4);
  s = savings_of(a);
  del_unheard(a, j);
  talk_clear(&t);
  return s;
}

static void assert_same_octets(const savings *a, const savings *b) {
  assert_int_equal(a->length, b->length);
  assert_memory_equal(a->bytes, b->bytes, a->length);
}

/* --- it goes on --- */

static void assert_same_figures(const tcpflow_tracker *a,
                                const tcpflow_tracker *b) {
  const tcpflow_tracker_stats expected = stats_of(a);
  tcpflow_tracker_stats stats = stats_of(b);

  stats.memory = expected.memory;
  assert_memory_equal(&stats, &expected, sizeof(stats));
}

/* Shorter timeouts than those of the tracker that was saved: the timer that it
   set is no promise. */
static void load__other_timeouts__a_closing_flow_ends_in_time(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker_config config;
  tcpflow_tracker *const before = make(NULL, &j, NULL);
  tcpflow_tracker *after;
  savings s;

  (void)state;
  tcpflow_tracker_config_init(&config);
  config.timeout_ns[TCPFLOW_PHASE_OPENING] = 5 * TCPFLOW_SECOND;
  config.timeout_ns[TCPFLOW_PHASE_CLOSING] = 10 * TCPFLOW_SECOND;
  after = make(&config, &j, NULL);
  talk_open(&t, 1);
  feed(before, &t, 0, t.count);
  s = savings_of(before);
  load(after, &s);
  const size_t opened = t.count;
  talk_up(&t, 1, F_FA, 1001, 5001, 0);
  talk_down(&t, 1, F_FA, 5001, 1001, 0);
  feed(after, &t, opened, t.count - opened);
  assert_true(tcpflow_tracker_deadline(after) <= t.now + 10 * TCPFLOW_SECOND);
  assert_int_equal(stats_of(after).flows_timeout, 0);
  assert_int_equal(tcpflow_tracker_advance(after, t.now + 11 * TCPFLOW_SECOND),
                   TCPFLOW_OK);
  assert_int_equal(stats_of(after).flows_timeout, 1);
  tcpflow_tracker_del(after);
  tcpflow_tracker_del(before);
  journal_clear(&j);
  savings_clear(&s);
  talk_clear(&t);
}

/* The same is told as without a cut, wherever the cut is. */
static void load__cut_anywhere__goes_on(void **state) {
  talk t = make_talk();
  journal whole = {0};
  tcpflow_tracker *const one = make(NULL, &whole, NULL);

  (void)state;
  feed(one, &t, 0, t.count);
  assert_int_equal(tcpflow_tracker_flush(one), TCPFLOW_OK);
  for (size_t cut = 0; cut <= t.count; cut++) {
    journal j = {0};
    tcpflow_tracker *const before = make(NULL, &j, NULL);
    tcpflow_tracker *const after = make_other(&j, (unsigned)cut);
    savings s;

    feed(before, &t, 0, cut);
    s = savings_of(before);
    load(after, &s);
    assert_same_figures(before, after);
    assert_true(tcpflow_tracker_deadline(after) ==
                tcpflow_tracker_deadline(before));
    feed(after, &t, cut, t.count - cut);
    assert_int_equal(tcpflow_tracker_flush(after), TCPFLOW_OK);
    assert_string_equal(j.text, whole.text);
    assert_same_figures(one, after);
    tcpflow_tracker_del(after);
    tcpflow_tracker_del(before);
    journal_clear(&j);
    savings_clear(&s);
  }
  tcpflow_tracker_del(one);
  journal_clear(&whole);
  talk_clear(&t);
}

/* What is loaded is saved the same. */
static void load__nothing_more__the_same_octets(void **state) {
  talk t = make_talk();
  journal j = {0};

  (void)state;
  for (size_t cut = 0; cut <= t.count; cut += 3) {
    tcpflow_tracker *const a = make(NULL, &j, NULL);
    tcpflow_tracker *const b = make_other(&j, (unsigned)cut);
    savings first;
    savings second;

    feed(a, &t, 0, cut);
    first = savings_of(a);
    load(b, &first);
    second = savings_of(b);
    assert_same_octets(&first, &second);
    savings_clear(&first);
    savings_clear(&second);
    tcpflow_tracker_del(a);
    tcpflow_tracker_del(b);
  }
  journal_clear(&j);
  talk_clear(&t);
}

static int stop_at_segment(tcpflow_conn *conn, const tcpflow_segment_event *e,
                           void *user) {
  return journal_segment(conn, e, user) == 0;
}

static tcpflow_tracker *make_stopping(journal *j, unsigned secret) {
  tcpflow_conn_callbacks callbacks = journal_callbacks();
  tcpflow_tracker_config config;
  tcpflow_tracker *tracker = NULL;

  callbacks.on_segment = stop_at_segment;
  tcpflow_tracker_config_init(&config);
  config.hash_key[0] = (uint8_t)secret;
  assert_int_equal(tcpflow_tracker_new(&tracker, &config, &callbacks, NULL, j),
                   TCPFLOW_OK);
  return tracker;
}

/* Feeds a frame of COUNT packets, at each of which a callback stops; whether
   another tracker goes on each time must not show. */
static void play_aggregate(const tcpflow_frame *frame, size_t count, bool cuts,
                           journal *j) {
  tcpflow_tracker *tracker = make_stopping(j, 0);

  for (size_t i = 0; i < count; i++) {
    size_t consumed = 9;

    assert_int_equal(tcpflow_tracker_feed(tracker, frame, 1, &consumed),
                     TCPFLOW_ERR_CALLBACK);
    assert_int_equal(consumed, i + 1 == count);
    if (cuts) {
      savings s = savings_of(tracker);
      del_unheard(tracker, j);
      tracker = make_stopping(j, (unsigned)i + 1);
      load(tracker, &s);
      savings_clear(&s);
    }
  }
  assert_int_equal(stats_of(tracker).frames, 1);
  assert_int_equal(stats_of(tracker).packets[TCPFLOW_PACKET_TCP], count);
  tcpflow_tracker_del(tracker);
}

/* What was followed of a frame is not followed again, whatever the secret. */
static void load__amid_a_frame__goes_on_there(void **state) {
  talk t = {.now = 1000 * TCPFLOW_SECOND};
  uint8_t bytes[1024];
  journal whole = {0};
  journal j = {0};

  (void)state;
  talk_open(&t, 7);
  talk_up(&t, 7, F_PA, 1001, 5001, 30);
  talk_up(&t, 8, F_S, 1, 0, 0);
  const tcpflow_frame frame = talk_aggregate(&t, bytes);
  play_aggregate(&frame, t.count, false, &whole);
  play_aggregate(&frame, t.count, true, &j);
  assert_int_equal(j.length, whole.length);
  assert_memory_equal(j.text, whole.text, whole.length);
  journal_clear(&j);
  journal_clear(&whole);
  talk_clear(&t);
}

/* Both ends are the same, and who sends is guessed by the first segment. */
static void load__same_ends__the_same_guess(void **state) {
  for (unsigned cut = 0; cut <= 3; cut++) {
    say what = {.flags = F_SA, .seq = 5000, .ack = 1001};
    talk t = {.now = TCPFLOW_SECOND};
    journal whole = {0};
    journal j = {0};
    tcpflow_tracker *const one = make(NULL, &whole, NULL);
    tcpflow_tracker *const before = make(NULL, &j, NULL);
    tcpflow_tracker *const after = make_other(&j, cut);

    (void)state;
    what.tuple = tuple_of(1);
    memcpy(what.tuple.address[1], what.tuple.address[0], 16);
    what.tuple.port[1] = what.tuple.port[0];
    talk_say(&t, &what);
    what.flags = F_PA;
    what.seq = 5001;
    what.payload = 3;
    talk_say(&t, &what);
    what.seq = 5004;
    talk_say(&t, &what);
    feed(one, &t, 0, t.count);
    feed(before, &t, 0, cut);
    savings s = savings_of(before);
    del_unheard(before, &j);
    load(after, &s);
    feed(after, &t, cut, t.count - cut);
    tcpflow_tracker_del(one);
    tcpflow_tracker_del(after);
    assert_string_equal(j.text, whole.text);
    savings_clear(&s);
    journal_clear(&j);
    journal_clear(&whole);
    talk_clear(&t);
  }
}

typedef struct ender {
  journal j; /* First. */
  tcpflow_tracker *tracker;
} ender;

static int end_another(tcpflow_conn *conn, const tcpflow_new_event *e,
                       void *user) {
  const tcpflow_tuple tuple = tuple_of(1);
  tcpflow_conn *const other =
    tcpflow_tracker_find(((ender *)user)->tracker, &tuple);

  if (other != conn) {
    assert_int_equal(tcpflow_conn_end(other, 0, TCPFLOW_END_UNREACHABLE),
                     TCPFLOW_OK);
  }
  return journal_new(conn, e, user);
}

/* tcpflow_conn_end() inside a callback of another connection. */
static void load__end_asked__ends_with_its_next_segment(void **state) {
  talk t = {.now = TCPFLOW_SECOND};
  tcpflow_conn_callbacks callbacks = journal_callbacks();
  ender e = {.tracker = NULL};
  journal j = {0};

  (void)state;
  talk_open(&t, 1);
  talk_open(&t, 2);
  talk_up(&t, 1, F_PA, 1001, 5001, 5);
  callbacks.on_new = end_another;
  assert_int_equal(tcpflow_tracker_new(&e.tracker, NULL, &callbacks, NULL, &e),
                   TCPFLOW_OK);
  feed(e.tracker, &t, 0, t.count - 1);
  assert_int_equal(e.j.ends, 0);
  savings s = savings_of(e.tracker);
  tcpflow_tracker *const after = make_other(&j, 1);
  load(after, &s);
  feed(after, &t, t.count - 1, 1);
  assert_int_equal(j.reason[TCPFLOW_END_UNREACHABLE], 1);
  tcpflow_tracker_del(after);
  tcpflow_tracker_del(e.tracker);
  savings_clear(&s);
  journal_clear(&j);
  journal_clear(&e.j);
  talk_clear(&t);
}

/* Its own timeouts count, and no timer comes late. */
static void load__shorter_timeouts__count(void **state) {
  talk t = {.now = 1000 * TCPFLOW_SECOND};
  journal j = {0};
  tcpflow_tracker *const before = make(NULL, &j, NULL);
  tcpflow_tracker_config config;
  tcpflow_tracker *after;

  (void)state;
  talk_open(&t, 1);
  feed(before, &t, 0, t.count);
  savings s = savings_of(before);
  tcpflow_tracker_config_init(&config);
  config.timeout_ns[TCPFLOW_PHASE_OPEN] = 10 * TCPFLOW_SECOND;
  after = make(&config, &j, NULL);
  load(after, &s);
  assert_int_equal(
    tcpflow_tracker_advance(after, 1010 * TCPFLOW_SECOND + (1U << 24)),
    TCPFLOW_OK);
  assert_int_equal(j.reason[TCPFLOW_END_TIMEOUT], 1);
  assert_non_null(strstr(j.text, "1010000000000 1 end 3\n"));
  tcpflow_tracker_del(before);
  tcpflow_tracker_del(after);
  savings_clear(&s);
  journal_clear(&j);
  talk_clear(&t);
}

/* --- it follows something already --- */

static void load__followed_already__kept(void **state) {
  journal j = {0};
  talk t = {0};
  const tcpflow_tuple one = tuple_of(1);
  tcpflow_tracker *const a = make(NULL, &j, NULL);
  tcpflow_tracker *const b = make(NULL, &j, NULL);

  (void)state;
  talk_open(&t, 1);
  talk_open(&t, 2);
  feed(a, &t, 0, t.count);
  feed(b, &t, 0, 3);
  const tcpflow_conn *const mine = tcpflow_tracker_find(b, &one);
  savings s = savings_of(a);
  load(b, &s);
  assert_ptr_equal(tcpflow_tracker_find(b, &one), mine);
  assert_int_equal(stats_of(b).flows_live, 2);
  assert_int_equal(stats_of(b).flows_new, 2);
  savings_clear(&s);
  tcpflow_tracker_del(a);
  tcpflow_tracker_del(b);
  assert_int_equal(j.ends, 4);
  journal_clear(&j);
  talk_clear(&t);
}

/* --- refused --- */

static tcpflow_tracker *make_busy(const tcpflow_tracker_config *config,
                                  journal *j, const tcpflow_mem *mem) {
  tcpflow_tracker *const tracker = make(config, j, mem);
  talk t = {0};

  talk_open(&t, 100);
  feed(tracker, &t, 0, t.count);
  talk_clear(&t);
  return tracker;
}

/* After a failure the tracker follows what it followed before. */
static void expect_untouched(tcpflow_tracker *tracker) {
  const tcpflow_tracker_stats stats = stats_of(tracker);

  assert_int_equal(stats.flows_live, 1);
  assert_int_equal(stats.flows_in_phase[TCPFLOW_PHASE_ENDED], 0);
  assert_int_equal(stats.flows_new, 1);
  assert_int_equal(stats.held_memory, 0);
  assert_non_null(tcpflow_tracker_next(tracker, NULL));
}

/* An unused tracker is one after that. */
static void expect_unused(tcpflow_tracker *tracker, const journal *j) {
  const tcpflow_tracker_stats stats = stats_of(tracker);
  tcpflow_tracker_stats none;

  tcpflow_tracker_stats_init(&none);
  none.memory = stats.memory;
  assert_memory_equal(&stats, &none, sizeof(none));
  assert_null(tcpflow_tracker_next(tracker, NULL));
  assert_true(tcpflow_tracker_deadline(tracker) == TCPFLOW_TIME_NONE);
  assert_int_equal(j->length, 0);
}

static void load__each_allocation_fails__nothing_changed(void **state) {
  journal j = {0};
  savings s = save_some(&j);
  size_t failures = 0;
  int error = TCPFLOW_ERR_NOMEM;

  (void)state;
  for (size_t n = 1; error == TCPFLOW_ERR_NOMEM; n++) {
    failmem fm = {.fail_at = 0};
    const tcpflow_mem mem = failmem_table(&fm);
    tcpflow_tracker *const tracker = make_busy(NULL, &j, &mem);

    fm.fail_at = fm.requests + n;
    error = tcpflow_tracker_load(tracker, s.bytes, s.length);
    fm.fail_at = 0;
    if (error != TCPFLOW_OK) {
      assert_int_equal(error, TCPFLOW_ERR_NOMEM);
      expect_untouched(tracker);
      load(tracker, &s);
      failures++;
    }
    tcpflow_tracker_del(tracker);
    assert_int_equal(fm.live_blocks, 0);
  }
  assert_int_equal(error, TCPFLOW_OK);
  assert_true(failures > 3);
  savings_clear(&s);
  journal_clear(&j);
}

static void expect_limit(const savings *s,
                         const tcpflow_tracker_config *config) {
  journal j = {0};
  tcpflow_tracker *tracker = make_busy(config, &j, NULL);

  assert_int_equal(tcpflow_tracker_load(tracker, s->bytes, s->length),
                   TCPFLOW_ERR_LIMIT);
  expect_untouched(tracker);
  tcpflow_tracker_del(tracker);
  j.length = 0;
  tracker = make(config, &j, NULL);
  assert_int_equal(tcpflow_tracker_load(tracker, s->bytes, s->length),
                   TCPFLOW_ERR_LIMIT);
  expect_unused(tracker, &j);
  assert_true(config->max_memory == 0 ||
              stats_of(tracker).memory <= config->max_memory);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

static void load__no_room__limit(void **state) {
  journal j = {0};
  savings s = save_some(&j);
  tcpflow_tracker_config config;
  tcpflow_conn_config conn;

  (void)state;
  tcpflow_tracker_config_init(&config);
  config.max_flows = 4;
  expect_limit(&s, &config);
  tcpflow_tracker_config_init(&config);
  config.max_held_bytes = 0;
  expect_limit(&s, &config);
  tcpflow_tracker_config_init(&config);
  tcpflow_conn_config_init(&conn);
  conn.max_held_bytes = 50;
  config.conn = &conn;
  expect_limit(&s, &config);
  savings_clear(&s);
  journal_clear(&j);
}

/* The cap holds for what is read, too, and no block is taken beyond it. */
static void load__no_memory_allowed__limit(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *const many = make(NULL, &j, NULL);
  tcpflow_tracker_config config;

  (void)state;
  for (uint32_t client = 0; client < 300; client++) {
    talk_open(&t, client);
  }
  feed(many, &t, 0, t.count);
  savings s = savings_of(many);
  tcpflow_tracker *const one = make_busy(NULL, &j, NULL);
  tcpflow_tracker_config_init(&config);
  config.max_memory = stats_of(one).memory + 1000;
  tcpflow_tracker_del(one);
  tcpflow_tracker_del(many);
  expect_limit(&s, &config);
  savings_clear(&s);
  journal_clear(&j);
  talk_clear(&t);
}

static void load__cut_at_any_length__invalid(void **state) {
  journal j = {0};
  savings s = save_some(&j);
  tcpflow_tracker *const tracker = make_busy(NULL, &j, NULL);

  (void)state;
  for (size_t length = 0; length < s.length; length += 1 + length / 64) {
    guard g = guard_put(s.bytes, length);
    assert_int_equal(tcpflow_tracker_load(tracker, g.bytes, length),
                     TCPFLOW_ERR_INVALID);
    expect_untouched(tracker);
    guard_free(&g);
  }
  tcpflow_tracker_del(tracker);
  savings_clear(&s);
  journal_clear(&j);
}

/* Likewise with a right digest: something is missing. */
static void load__cut_and_signed__invalid(void **state) {
  journal j = {0};
  savings s = save_some(&j);
  savings cut = {0};
  tcpflow_tracker *const tracker = make(NULL, &j, NULL);

  (void)state;
  j.length = 0;
  for (size_t length = 0; length < s.length - DIGEST; length++) {
    savings_sign(&cut, s.bytes, length);
    assert_int_equal(tcpflow_tracker_load(tracker, cut.bytes, cut.length),
                     TCPFLOW_ERR_INVALID);
    expect_unused(tracker, &j);
  }
  tcpflow_tracker_del(tracker);
  savings_clear(&s);
  savings_clear(&cut);
  journal_clear(&j);
}

/* The digest is right, and what it covers may be anything: it is refused, or
   the tracker can be used. */
static void try_changed(const savings *changed, const talk *t) {
  failmem fm = {.fail_at = 0};
  const tcpflow_mem mem = failmem_table(&fm);
  journal j = {0};
  tcpflow_tracker *const tracker = make(NULL, &j, &mem);
  uint64_t had = 0;

  if (tcpflow_tracker_load(tracker, changed->bytes, changed->length) !=
      TCPFLOW_OK) {
    expect_unused(tracker, &j);
  }
  had = stats_of(tracker).flows_live;
  feed(tracker, t, t->count - 4, 4);
  assert_int_equal(tcpflow_tracker_flush(tracker), TCPFLOW_OK);
  assert_int_equal(j.ends, j.news + had);
  assert_int_equal(stats_of(tracker).flows_live, 0);
  assert_int_equal(stats_of(tracker).held_memory, 0);
  tcpflow_tracker_del(tracker);
  assert_int_equal(fm.live_blocks, 0);
  journal_clear(&j);
}

static void load__any_octet_changed__usable(void **state) {
  static const uint8_t values[] = {0, 1, 0x7f, 0xff};
  talk t = make_talk();
  journal j = {0};
  savings s = save_some(&j);
  savings changed = {0};

  (void)state;
  for (size_t at = 0; at < s.length - DIGEST; at++) {
    const uint8_t before = s.bytes[at];
    for (unsigned i = 0; i < sizeof(values); i++) {
      s.bytes[at] = values[i];
      savings_sign(&changed, s.bytes, s.length - DIGEST);
      try_changed(&changed, &t);
    }
    s.bytes[at] = before;
  }
  savings_clear(&s);
  savings_clear(&changed);
  journal_clear(&j);
  talk_clear(&t);
}

/* Without a right digest every change is found. */
static void load__damaged__invalid(void **state) {
  journal j = {0};
  savings s = save_some(&j);
  tcpflow_tracker *const tracker = make_busy(NULL, &j, NULL);

  (void)state;
  for (size_t at = 0; at < s.length; at++) {
    s.bytes[at] ^= 0x40;
    assert_int_equal(tcpflow_tracker_load(tracker, s.bytes, s.length),
                     TCPFLOW_ERR_INVALID);
    s.bytes[at] ^= 0x40;
  }
  expect_untouched(tracker);
  tcpflow_tracker_del(tracker);
  savings_clear(&s);
  journal_clear(&j);
}

/* --- other releases --- */

/* Copies a checkpoint as another release would write it. */
typedef struct copier {
  tcpflow__record_reader from;
  tcpflow__record_writer to;
  unsigned more; /* 1: a later one, which has more of all; 0: an older one. */
} copier;

static uint64_t copy_number(copier *c, unsigned octets, uint64_t plus) {
  const uint64_t number = tcpflow__record_take(&c->from, octets);

  tcpflow__record_number(&c->to, number + plus, octets);
  return number;
}

static void copy_octets(copier *c, size_t length) {
  const uint8_t *const octets = tcpflow__record_borrow(&c->from, length);

  assert_non_null(octets);
  tcpflow__record_octets(&c->to, octets, length);
}

/* An object; a later release has 3 octets more, an older one LESS fewer. */
static void copy_object(copier *c, size_t less) {
  const size_t length = (size_t)tcpflow__record_take(&c->from, 2);
  const size_t kept = length - (c->more != 0 ? 0 : less);

  tcpflow__record_number(&c->to, kept + c->more * 3U, 2);
  copy_octets(c, kept);
  (void)tcpflow__record_borrow(&c->from, length - kept);
  tcpflow__record_number(&c->to, 0xabcdef, c->more * 3U);
}

static void copy_figures(copier *c) {
  const size_t count = (size_t)tcpflow__record_take(&c->from, 2);
  const size_t kept = c->more != 0 ? count : count - 3;

  tcpflow__record_number(&c->to, kept + c->more * 2U, 2);
  copy_octets(c, kept * 8);
  (void)tcpflow__record_borrow(&c->from, (count - kept) * 8);
  for (unsigned i = 0; i < c->more * 2; i++) {
    tcpflow__record_number(&c->to, 4711, 8);
  }
}

/* Octets that were told, and their offset. */
static void copy_tail(copier *c) {
  const size_t length = (size_t)copy_number(c, 4, 0);

  if (length != 0) {
    copy_octets(c, 8 + length);
  }
}

/* Digests of ranges that were told, the key's mark, and their offset. */
static void copy_digests(copier *c) {
  const size_t count = (size_t)copy_number(c, 4, 0);

  if (count != 0) {
    copy_octets(c, 16 + 6 * count);
  }
}

static void copy_pieces(copier *c, unsigned octets, size_t front) {
  for (uint64_t pieces = copy_number(c, octets, 0); pieces > 0; pieces--) {
    copy_octets(c, front + 12);
    copy_octets(c, 16 + (size_t)copy_number(c, 4, 0));
  }
}

static void copy_stream(copier *c) {
  copy_object(c, 0);
  /* 2: what few streams need follows. */
  if (copy_number(c, 1, 0) == 2) {
    copy_object(c, 0);
  }
  copy_pieces(c, 4, 4); /* What each has lost comes first. */
}

static void copy_extra(copier *c) {
  for (unsigned i = 0; i < 3; i++) {
    copy_object(c, 0);
  }
  copy_octets(c, 2);
  for (uint64_t syns = copy_number(c, 1, 0); syns > 0; syns--) {
    copy_object(c, 0);
    copy_octets(c, 12);
    copy_octets(c, (size_t)copy_number(c, 4, 0));
  }
  copy_octets(c, 6 * (size_t)copy_number(c, 2, c->more));
  if (c->more != 0) {
    tcpflow__record_number(&c->to, 40000, 2);
    tcpflow__record_number(&c->to, 7, 4);
  }
  for (unsigned i = 0; i < 2; i++) {
    copy_tail(c);
    copy_digests(c);
  }
  copy_tail(c); /* Those that are wanted again look the same. */
  copy_tail(c);
  copy_pieces(c, 1, 0); /* Those that are not believed. */
  copy_pieces(c, 1, 0);
}

static void copy_flow(copier *c) {
  copy_object(c, 0); /* Who it is between. */
  copy_object(c, 5); /* `seen` and `swapped`. */
  for (unsigned i = 0; i < 6; i++) {
    copy_object(c, 0); /* The connection, how it opened and ended, the times of
                          its handshake, its doubt, its ends. */
  }
  if (copy_number(c, 1, 0) != 0) {
    copy_extra(c);
  }
  copy_stream(c);
  copy_stream(c);
  if (copy_number(c, 1, 0) != 0) {
    copy_octets(c, 40); /* Acknowledged holes, and when they are looked at. */
  }
}

/* FLOWS flows, and MINOR is the other release's. */
static void copy_checkpoint(savings *to, const savings *s, unsigned more,
                            uint64_t flows) {
  copier c = {.more = more};

  assert_true(tcpflow__record_open(&c.from, s->bytes, s->length));
  tcpflow__record_begin(&c.to, savings_put, to);
  copy_octets(&c, 10);
  (void)copy_number(&c, 2, more);
  copy_object(&c, 20); /* `hand` and `past_key` */
  copy_figures(&c);
  for (uint64_t i = 0; i < flows; i++) {
    copy_flow(&c);
  }
  copy_octets(&c, c.from.left);
  if (more != 0) {
    tcpflow__record_octets(&c.to, "more", 4);
  }
  assert_true(tcpflow__record_end(&c.to));
}

static uint64_t count_flows(journal *j, const savings *s) {
  tcpflow_tracker *const tracker = make(NULL, j, NULL);

  load(tracker, s);
  const tcpflow_tracker_stats stats = stats_of(tracker);
  del_unheard(tracker, j);
  return stats.flows_live + stats.flows_in_phase[TCPFLOW_PHASE_ENDED];
}

/* What another release wrote is taken over, and comes out as if this one had
   written it. */
static void expect_the_same(unsigned more) {
  journal j = {0};
  savings s = save_some(&j);
  savings other = {0};
  tcpflow_tracker *const tracker = make(NULL, &j, NULL);

  copy_checkpoint(&other, &s, more, count_flows(&j, &s));
  assert_true(other.length != s.length);
  load(tracker, &other);
  savings again = savings_of(tracker);
  assert_same_octets(&again, &s);
  tcpflow_tracker_del(tracker);
  savings_clear(&s);
  savings_clear(&other);
  savings_clear(&again);
  journal_clear(&j);
}

static void load__of_a_later_release__what_is_known(void **state) {
  (void)state;
  expect_the_same(1);
}

static void load__of_an_older_release__the_rest_is_0(void **state) {
  (void)state;
  expect_the_same(0);
}

static void load__other_major_number__version_error(void **state) {
  journal j = {0};
  savings s = save_some(&j);
  savings other = {0};
  tcpflow_tracker *const tracker = make_busy(NULL, &j, NULL);

  (void)state;
  s.bytes[8]++;
  savings_sign(&other, s.bytes, s.length - DIGEST);
  assert_int_equal(tcpflow_tracker_load(tracker, other.bytes, other.length),
                   TCPFLOW_ERR_VERSION);
  expect_untouched(tracker);
  tcpflow_tracker_del(tracker);
  savings_clear(&s);
  savings_clear(&other);
  journal_clear(&j);
}

/* --- what cannot be --- */

/* A long time, in ticks of any size. */
#define LATE (UINT64_C(1) << 62)

/* The checkpoint of an open connection with something about it changed, and of
   timers that have come nowhere. */
static savings save_changed(journal *j, void (*change)(tcpflow_conn *conn)) {
  talk t = {.now = LATE};
  tcpflow_tracker *const tracker = make(NULL, j, NULL);
  savings s;

  talk_open(&t, 1);
  feed(tracker, &t, 0, t.count);
  change(tcpflow_tracker_next(tracker, NULL));
  tracker->timers.at = 0;
  s = savings_of(tracker);
  tcpflow_tracker_del(tracker);
  talk_clear(&t);
  j->length = 0;
  return s;
}

static void expect_invalid(void (*change)(tcpflow_conn *conn)) {
  journal j = {0};
  savings s = save_changed(&j, change);
  tcpflow_tracker *const tracker = make(NULL, &j, NULL);

  assert_int_equal(tcpflow_tracker_load(tracker, s.bytes, s.length),
                   TCPFLOW_ERR_INVALID);
  expect_unused(tracker, &j);
  tcpflow_tracker_del(tracker);
  savings_clear(&s);
  journal_clear(&j);
}

static void doubt_long_ago(tcpflow_conn *conn) {
  assert_non_null(tcpflow__wait_need(conn));
  conn->bits |= TCPFLOW__CONN_DOUBTED;
  conn->wait->doubt.reason = TCPFLOW_END_RESET;
  conn->wait->doubt.time = 0;
}

static void begin_and_doubt_long_ago(tcpflow_conn *conn) {
  conn->first = 0;
  doubt_long_ago(conn);
}

static void doubt_for_no_reason(tcpflow_conn *conn) {
  doubt_long_ago(conn);
  conn->wait->doubt.time = LATE;
  conn->wait->doubt.reason = TCPFLOW_END_FLUSHED;
}

static void ack_no_fins(tcpflow_conn *conn) {
  conn->end[0].bits |= TCPFLOW__END_FIN_ACKED;
  conn->end[1].bits |= TCPFLOW__END_FIN_ACKED;
}

static void close_both_and_forget_who(tcpflow_conn *conn) {
  conn->end[0].bits |= TCPFLOW__END_FIN | TCPFLOW__END_FIN_ACKED;
  conn->end[1].bits |= TCPFLOW__END_FIN | TCPFLOW__END_FIN_ACKED;
}

static void wait_behind_no_fins(tcpflow_conn *conn) {
  assert_non_null(tcpflow__wait_need(conn));
  conn->bits |= TCPFLOW__CONN_DOUBTED;
  conn->wait->doubt.reason = TCPFLOW_END_FIN;
  conn->wait->doubt.time = LATE;
}

static void load__fins_that_nobody_sent__invalid(void **state) {
  (void)state;
  expect_invalid(ack_no_fins);
  expect_invalid(close_both_and_forget_who);
  expect_invalid(wait_behind_no_fins);
}

static void end_without_a_fin(tcpflow_conn *conn) {
  conn->sides->stream[TCPFLOW_SIDE_SERVER].end = 0;
}

/* Who is open has more to say. */
static void load__stream_that_nobody_ended__invalid(void **state) {
  (void)state;
  expect_invalid(end_without_a_fin);
}

static void stop_and_end_without_a_fin(tcpflow_conn *conn) {
  tcpflow_conn_stop_data(conn, TCPFLOW_SIDE_SERVER);
  end_without_a_fin(conn);
}

/* It was ended by a FIN that was none, and nobody wanted to know. */
static void load__stream_that_is_off_and_ended__goes_on(void **state) {
  journal j = {0};
  savings s = save_changed(&j, stop_and_end_without_a_fin);
  tcpflow_tracker *const tracker = make(NULL, &j, NULL);

  (void)state;
  load(tracker, &s);
  savings again = savings_of(tracker);
  assert_same_octets(&again, &s);
  tcpflow_tracker_del(tracker);
  savings_clear(&s);
  savings_clear(&again);
  journal_clear(&j);
}

static void load__doubt_that_cannot_be__invalid(void **state) {
  (void)state;
  expect_invalid(doubt_long_ago);
  expect_invalid(doubt_for_no_reason);
}

/* Its time is long over, and yet it has just had a segment: the wheel, which is
   far behind, does not stop at each tick for it. */
static void load__overdue_and_not_idle__time_passes(void **state) {
  journal j = {0};
  savings s = save_changed(&j, begin_and_doubt_long_ago);
  tcpflow_tracker *const tracker = make(NULL, &j, NULL);

  (void)state;
  load(tracker, &s);
  assert_int_equal(tcpflow_tracker_advance(tracker, LATE), TCPFLOW_OK);
  assert_int_equal(stats_of(tracker).flows_live, 1);
  assert_int_equal(tcpflow_tracker_advance(tracker, LATE + (1U << 25)),
                   TCPFLOW_OK);
  assert_int_equal(stats_of(tracker).flows_live, 0);
  tcpflow_tracker_del(tracker);
  savings_clear(&s);
  journal_clear(&j);
}

/* Only a later release may have more behind the timers. */
static void load__more_behind__invalid(void **state) {
  journal j = {0};
  savings s = save_some(&j);
  savings other = {0};
  tcpflow_tracker *const tracker = make_busy(NULL, &j, NULL);

  (void)state;
  savings_sign(&other, s.bytes, s.length - DIGEST + 1);
  assert_int_equal(tcpflow_tracker_load(tracker, other.bytes, other.length),
                   TCPFLOW_ERR_INVALID);
  expect_untouched(tracker);
  tcpflow_tracker_del(tracker);
  savings_clear(&s);
  savings_clear(&other);
  journal_clear(&j);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(load__cut_anywhere__goes_on),
    cmocka_unit_test(load__other_timeouts__a_closing_flow_ends_in_time),
    cmocka_unit_test(load__nothing_more__the_same_octets),
    cmocka_unit_test(load__amid_a_frame__goes_on_there),
    cmocka_unit_test(load__same_ends__the_same_guess),
    cmocka_unit_test(load__end_asked__ends_with_its_next_segment),
    cmocka_unit_test(load__shorter_timeouts__count),
    cmocka_unit_test(load__followed_already__kept),
    cmocka_unit_test(load__each_allocation_fails__nothing_changed),
    cmocka_unit_test(load__no_room__limit),
    cmocka_unit_test(load__no_memory_allowed__limit),
    cmocka_unit_test(load__cut_at_any_length__invalid),
    cmocka_unit_test(load__cut_and_signed__invalid),
    cmocka_unit_test(load__any_octet_changed__usable),
    cmocka_unit_test(load__damaged__invalid),
    cmocka_unit_test(load__of_a_later_release__what_is_known),
    cmocka_unit_test(load__of_an_older_release__the_rest_is_0),
    cmocka_unit_test(load__other_major_number__version_error),
    cmocka_unit_test(load__fins_that_nobody_sent__invalid),
    cmocka_unit_test(load__stream_that_nobody_ended__invalid),
    cmocka_unit_test(load__stream_that_is_off_and_ended__goes_on),
    cmocka_unit_test(load__doubt_that_cannot_be__invalid),
    cmocka_unit_test(load__overdue_and_not_idle__time_passes),
    cmocka_unit_test(load__more_behind__invalid),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
