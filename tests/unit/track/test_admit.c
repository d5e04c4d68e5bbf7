/* tests/unit/track/test_admit.c - mirror of lib/track/admit.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/failmem.h"
#include "unit/track/savings.h"
#include "unit/track/traffic.h"

#define SECONDS TCPFLOW_SECOND

/* A journal, and what its owner is asked and answers. */
typedef struct guard {
  journal j; /* First: callbacks of the journal get it. */
  tcpflow_tracker *tracker;
  unsigned asked;
  int answer;
  bool by_port;  /* Refuse where the client's port is odd, in place of that. */
  bool on_syns;  /* Refuse SYNs only. */
  bool end_now;  /* Ends the connection of the ports meanwhile. */
  bool stop_end; /* `end` asks to stop. */
  tcpflow_admit_query query;
  tcpflow_tuple tuple;
  unsigned flags;
  size_t news_then; /* What was told before it was asked last. */
  size_t ends_then;
  int errors[5];
} guard;

/* Inside, the tracker is at work. */
static void call_forbidden(guard *g) {
  savings s = {0};
  uint8_t nothing = 0;

  g->errors[0] = tcpflow_tracker_feed(g->tracker, NULL, 0, NULL);
  g->errors[1] = tcpflow_tracker_advance(g->tracker, 0);
  g->errors[2] = tcpflow_tracker_flush(g->tracker);
  g->errors[3] = tcpflow_tracker_save(g->tracker, savings_put, &s);
  g->errors[4] = tcpflow_tracker_load(g->tracker, &nothing, 1);
  savings_clear(&s);
}

static int answer_of(const guard *g, const tcpflow_admit_query *query) {
  if (g->by_port) {
    return query->tuple->port[0] % 2 != 0 ? TCPFLOW_ADMIT_REFUSE
                                          : TCPFLOW_ADMIT_FOLLOW;
  }
  if (g->on_syns && (query->cause->flags & TCPFLOW_FLAG_SYN) == 0) {
    return TCPFLOW_ADMIT_FOLLOW;
  }
  return g->answer;
}

static int choose(const tcpflow_admit_query *query, void *user) {
  guard *const g = (guard *)user;

  g->asked++;
  g->query = *query;
  g->tuple = *query->tuple;
  g->flags = query->cause->flags;
  g->news_then = g->j.news;
  g->ends_then = g->j.ends;
  call_forbidden(g);
  if (g->end_now) {
    tcpflow_conn *conn = tcpflow_tracker_find(g->tracker, query->tuple);
    assert_non_null(conn);
    assert_int_equal(tcpflow_conn_end(conn, query->time, TCPFLOW_END_CALLER),
                     TCPFLOW_OK);
  }
  return answer_of(g, query);
}

static int on_end(tcpflow_conn *conn, const tcpflow_end_event *e, void *user) {
  const guard *const g = (const guard *)user;

  (void)journal_end(conn, e, user);
  return g->stop_end;
}

static void make_of(guard *g, tcpflow_tracker_config *config,
                    const tcpflow_mem *mem) {
  tcpflow_conn_callbacks callbacks = journal_callbacks();

  callbacks.on_end = on_end;
  config->choose_admission = choose;
  assert_int_equal(tcpflow_tracker_new(&g->tracker, config, &callbacks, mem, g),
                   TCPFLOW_OK);
}

static void make(guard *g) {
  tcpflow_tracker_config config;

  tcpflow_tracker_config_init(&config);
  make_of(g, &config, NULL);
}

static void feed(guard *g, talk *t) {
  assert_int_equal(tcpflow_tracker_feed(g->tracker, t->frame, t->count, NULL),
                   TCPFLOW_OK);
  talk_clear(t);
}

static void drop(guard *g) {
  tcpflow_tracker_del(g->tracker);
  journal_clear(&g->j);
}

static void choose_admission__follow__asked_once_a_connection(void **state) {
  guard g = {.answer = TCPFLOW_ADMIT_FOLLOW};
  talk t = {0};
  const tcpflow_tuple tuple = tuple_of(7);

  (void)state;
  make(&g);
  t.now = 5 * SECONDS;
  talk_open(&t, 7);
  talk_up(&t, 7, F_PA, 1001, 5001, 10);
  feed(&g, &t);
  assert_int_equal(g.asked, 1);
  assert_int_equal(g.news_then, 0);
  assert_int_equal(g.j.news, 1);
  assert_true(g.query.time == 5 * SECONDS);
  assert_memory_equal(&g.tuple, &tuple, sizeof(tuple));
  assert_int_equal(g.flags, F_S);
  assert_int_equal(g.query.side, TCPFLOW_SIDE_CLIENT);
  assert_int_equal(g.query.role, TCPFLOW_ROLE_SYN);
  assert_int_equal(stats_of(g.tracker).refused, 0);
  for (unsigned i = 0; i < 5; i++) {
    assert_int_equal(g.errors[i], TCPFLOW_ERR_STATE);
  }
  drop(&g);
}

static void choose_admission__syn_ack_first__client_first(void **state) {
  guard g = {.answer = TCPFLOW_ADMIT_REFUSE};
  talk t = {0};
  const tcpflow_tuple tuple = tuple_of(7);

  (void)state;
  make(&g);
  talk_down(&t, 7, F_SA, 5000, 1001, 0);
  feed(&g, &t);
  assert_memory_equal(&g.tuple, &tuple, sizeof(tuple));
  assert_int_equal(g.query.side, TCPFLOW_SIDE_SERVER);
  assert_int_equal(g.query.role, TCPFLOW_ROLE_SYN_ACK);
  drop(&g);
}

static void choose_admission__refuse__nothing_kept(void **state) {
  guard g = {.answer = TCPFLOW_ADMIT_REFUSE};
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow_tracker_config config;
  talk t = {0};
  const tcpflow_tuple tuple = tuple_of(7);

  (void)state;
  tcpflow_tracker_config_init(&config);
  make_of(&g, &config, &mem);
  const size_t bytes = fm.live_bytes;
  talk_open(&t, 7);
  talk_up(&t, 7, F_PA, 1001, 5001, 10);
  talk_close(&t, 7);
  const size_t count = t.count;
  feed(&g, &t);
  assert_int_equal(g.asked, count);
  assert_int_equal(g.j.length, 0);
  assert_int_equal(fm.live_bytes, bytes);
  assert_null(tcpflow_tracker_find(g.tracker, &tuple));
  const tcpflow_tracker_stats stats = stats_of(g.tracker);
  assert_int_equal(stats.refused, count);
  assert_int_equal(stats.flows_new, 0);
  assert_int_equal(stats.without_flow, 0);
  assert_int_equal(stats.frames, count);
  assert_int_equal(stats.packets[TCPFLOW_PACKET_TCP], count);
  drop(&g);
}

static void choose_admission__unknown_answer__followed(void **state) {
  guard g = {.answer = 77};
  talk t = {0};

  (void)state;
  make(&g);
  talk_up(&t, 7, F_S, 1000, 0, 0);
  feed(&g, &t);
  assert_int_equal(g.j.news, 1);
  assert_int_equal(stats_of(g.tracker).refused, 0);
  drop(&g);
}

/* A table for one, and it is not given up for those that nobody wants. */
static void choose_admission__refuse__nobody_is_evicted(void **state) {
  guard g = {.by_port = true};
  tcpflow_tracker_config config;
  talk t = {0};

  (void)state;
  tcpflow_tracker_config_init(&config);
  config.max_flows = 1;
  make_of(&g, &config, NULL);
  talk_up(&t, 2, F_S, 1000, 0, 0);
  for (uint32_t i = 3; i < 103; i += 2) {
    talk_up(&t, i, F_S, 1000, 0, 0);
  }
  feed(&g, &t);
  const tcpflow_tracker_stats stats = stats_of(g.tracker);
  assert_int_equal(stats.refused, 50);
  assert_int_equal(stats.flows_evicted, 0);
  assert_int_equal(stats.flows_live, 1);
  drop(&g);
}

static void choose_admission__begins_none__not_asked(void **state) {
  guard g = {.answer = TCPFLOW_ADMIT_REFUSE};
  tcpflow_tracker_config config;
  talk t = {0};
  const say wrong = {tuple_of(1), F_S, 1000, 0, 0, 1};

  (void)state;
  tcpflow_tracker_config_init(&config);
  config.verify_checksums = 1;
  make_of(&g, &config, NULL);
  talk_up(&t, 1, F_R, 1000, 0, 0);
  talk_up(&t, 1, 0, 1000, 0, 0);
  talk_up(&t, 1, TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_FIN, 1000, 0, 0);
  talk_say(&t, &wrong);
  feed(&g, &t);
  assert_int_equal(g.asked, 0);
  assert_int_equal(stats_of(g.tracker).without_flow, 4);
  drop(&g);
}

/* RFC 9293 section 3.10.7.4 leaves a late segment of TIME-WAIT to the
   connection that was there. */
static void choose_admission__straggler__not_asked(void **state) {
  guard g = {.answer = TCPFLOW_ADMIT_FOLLOW};
  talk t = {0};

  (void)state;
  make(&g);
  talk_open(&t, 7);
  talk_close(&t, 7);
  talk_up(&t, 7, F_A, 1002, 5002, 0);
  feed(&g, &t);
  assert_int_equal(g.asked, 1);
  assert_int_equal(stats_of(g.tracker).stragglers, 1);
  drop(&g);
}

/* The rest looks like a connection whose beginning was missed. */
static void choose_admission__only_syns_refused__picked_up(void **state) {
  guard g = {.answer = TCPFLOW_ADMIT_REFUSE, .on_syns = true};
  talk t = {0};

  (void)state;
  make(&g);
  talk_open(&t, 7);
  talk_up(&t, 7, F_PA, 1001, 5001, 10);
  feed(&g, &t);
  assert_int_equal(g.asked, 3);
  assert_int_equal(g.j.news, 1);
  assert_int_equal(stats_of(g.tracker).refused, 2);
  assert_int_equal(g.query.role, TCPFLOW_ROLE_PORT);
  drop(&g);
}

/* The ports of a connection that was reset are used again. */
static void say_again(guard *g, talk *t) {
  talk_open(t, 7);
  talk_up(t, 7, F_RA, 1001, 5001, 0);
  feed(g, t);
  t->now = SECONDS;
  talk_up(t, 7, F_S, 900000, 0, 0);
}

static void choose_admission__ports_used_again__before_the_end(void **state) {
  guard g = {.answer = TCPFLOW_ADMIT_FOLLOW};
  talk t = {0};

  (void)state;
  make(&g);
  say_again(&g, &t);
  feed(&g, &t);
  assert_int_equal(g.asked, 2);
  assert_int_equal(g.ends_then, 0);
  assert_int_equal(g.j.ends, 1);
  assert_int_equal(g.j.news, 2);
  drop(&g);
}

static void choose_admission__ports_used_again_refused__old_ends(void **state) {
  guard g = {.answer = TCPFLOW_ADMIT_FOLLOW};
  talk t = {0};
  const tcpflow_tuple tuple = tuple_of(7);

  (void)state;
  make(&g);
  say_again(&g, &t);
  g.answer = TCPFLOW_ADMIT_REFUSE;
  talk_down(&t, 7, F_SA, 70000, 900001, 0);
  feed(&g, &t);
  assert_int_equal(g.asked, 3);
  assert_int_equal(g.j.news, 1);
  assert_int_equal(g.j.ends, 1);
  assert_null(tcpflow_tracker_find(g.tracker, &tuple));
  assert_int_equal(stats_of(g.tracker).refused, 2);
  assert_int_equal(stats_of(g.tracker).stragglers, 0);
  drop(&g);
}

/* A SYN in an open connection is asked about when it was answered: until then
   it may be nothing. */
static void choose_admission__syn_in_connection__with_its_answer(void **state) {
  guard g = {.answer = TCPFLOW_ADMIT_FOLLOW};
  talk t = {0};

  (void)state;
  make(&g);
  talk_open(&t, 7);
  talk_up(&t, 7, F_S, 900000, 0, 0);
  feed(&g, &t);
  assert_int_equal(g.asked, 1);
  g.answer = TCPFLOW_ADMIT_REFUSE;
  talk_down(&t, 7, F_SA, 70000, 900001, 0);
  feed(&g, &t);
  assert_int_equal(g.asked, 2);
  assert_int_equal(g.flags, F_SA);
  assert_int_equal(g.j.reason[TCPFLOW_END_REUSED], 1);
  assert_int_equal(stats_of(g.tracker).flows_live, 0);
  drop(&g);
}

static void choose_admission__ends_the_old_one__its_reason(void **state) {
  guard g = {.answer = TCPFLOW_ADMIT_FOLLOW};
  talk t = {0};

  (void)state;
  make(&g);
  talk_open(&t, 7);
  talk_up(&t, 7, F_S, 900000, 0, 0);
  feed(&g, &t);
  g.end_now = true;
  talk_down(&t, 7, F_SA, 70000, 900001, 0);
  feed(&g, &t);
  assert_int_equal(g.j.reason[TCPFLOW_END_CALLER], 1);
  assert_int_equal(g.j.ends, 1);
  assert_int_equal(g.j.news, 2);
  drop(&g);
}

static void choose_admission__end_asks_to_stop__asked_again(void **state) {
  guard g = {.answer = TCPFLOW_ADMIT_FOLLOW};
  talk t = {0};
  size_t consumed = 9;

  (void)state;
  make(&g);
  say_again(&g, &t);
  g.stop_end = true;
  assert_int_equal(tcpflow_tracker_feed(g.tracker, t.frame, t.count, &consumed),
                   TCPFLOW_ERR_CALLBACK);
  assert_int_equal(consumed, 0);
  g.stop_end = false;
  feed(&g, &t);
  assert_int_equal(g.asked, 3);
  assert_int_equal(g.j.news, 2);
  drop(&g);
}

static void choose_admission__refused_end_asks_to_stop__consumed(void **state) {
  guard g = {.answer = TCPFLOW_ADMIT_FOLLOW};
  talk t = {0};
  size_t consumed = 9;

  (void)state;
  make(&g);
  say_again(&g, &t);
  g.stop_end = true;
  g.answer = TCPFLOW_ADMIT_REFUSE;
  assert_int_equal(tcpflow_tracker_feed(g.tracker, t.frame, t.count, &consumed),
                   TCPFLOW_ERR_CALLBACK);
  assert_int_equal(consumed, 1);
  assert_int_equal(stats_of(g.tracker).refused, 1);
  talk_clear(&t);
  g.stop_end = false;
  drop(&g);
}

/* Each time memory fails, nothing was followed, and it is asked about again. */
static void choose_admission__no_memory__asked_again(void **state) {
  bool done = false;

  (void)state;
  for (size_t n = 1; !done; n++) {
    guard g = {.answer = TCPFLOW_ADMIT_FOLLOW};
    failmem fm = {0};
    const tcpflow_mem mem = failmem_table(&fm);
    tcpflow_tracker_config config;
    talk t = {0};

    tcpflow_tracker_config_init(&config);
    make_of(&g, &config, &mem);
    talk_up(&t, 7, F_S, 1000, 0, 0);
    fm.fail_at = fm.requests + n;
    const int error = tcpflow_tracker_feed(g.tracker, t.frame, t.count, NULL);
    done = error == TCPFLOW_OK;
    if (!done) {
      assert_int_equal(error, TCPFLOW_ERR_NOMEM);
      assert_int_equal(g.j.length, 0);
      fm.fail_at = 0;
      feed(&g, &t);
      assert_int_equal(g.asked, 2);
    }
    assert_int_equal(g.j.news, 1);
    talk_clear(&t);
    drop(&g);
    assert_int_equal(fm.live_blocks, 0);
  }
}

/* What a checkpoint has was admitted before. */
static void choose_admission__restored__not_asked(void **state) {
  guard one = {.answer = TCPFLOW_ADMIT_FOLLOW};
  guard two = {.answer = TCPFLOW_ADMIT_REFUSE};
  talk t = {0};

  (void)state;
  make(&one);
  make(&two);
  talk_open(&t, 7);
  feed(&one, &t);
  savings s = savings_of(one.tracker);
  assert_int_equal(tcpflow_tracker_load(two.tracker, s.bytes, s.length),
                   TCPFLOW_OK);
  talk_up(&t, 7, F_PA, 1001, 5001, 10);
  feed(&two, &t);
  assert_int_equal(two.asked, 0);
  assert_int_equal(stats_of(two.tracker).flows_live, 1);
  savings_clear(&s);
  drop(&one);
  drop(&two);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(choose_admission__follow__asked_once_a_connection),
    cmocka_unit_test(choose_admission__syn_ack_first__client_first),
    cmocka_unit_test(choose_admission__refuse__nothing_kept),
    cmocka_unit_test(choose_admission__unknown_answer__followed),
    cmocka_unit_test(choose_admission__refuse__nobody_is_evicted),
    cmocka_unit_test(choose_admission__begins_none__not_asked),
    cmocka_unit_test(choose_admission__straggler__not_asked),
    cmocka_unit_test(choose_admission__only_syns_refused__picked_up),
    cmocka_unit_test(choose_admission__ports_used_again__before_the_end),
    cmocka_unit_test(choose_admission__ports_used_again_refused__old_ends),
    cmocka_unit_test(choose_admission__syn_in_connection__with_its_answer),
    cmocka_unit_test(choose_admission__ends_the_old_one__its_reason),
    cmocka_unit_test(choose_admission__end_asks_to_stop__asked_again),
    cmocka_unit_test(choose_admission__refused_end_asks_to_stop__consumed),
    cmocka_unit_test(choose_admission__no_memory__asked_again),
    cmocka_unit_test(choose_admission__restored__not_asked),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
