/*
 * tests/unit/conn/test_holes.c - holes that are still waited for.
 *
 * The scripts tests/script/grace-*.flow and hole-timeout-*.flow have the
 * behaviour; here is what a caller without a tracker does, and what fails.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "conn/holes.h"
#include "play.h"
#include "reasm/rest.h"
#include "unit/failmem.h"

static const tcpflow_time GRACE = 100 * TCPFLOW_MILLISECOND;

typedef struct watched {
  play p;
  tcpflow_time told; /* The time of the last gap. */
} watched;

static int on_gap(tcpflow_conn *conn, const tcpflow_gap_event *e, void *user) {
  watched *const w = (watched *)user;

  w->told = e->time;
  assert_null(e->cause);
  return play_on_gap(conn, e, &w->p);
}

/* With the defaults, but for the grace. */
static void begin(watched *w, tcpflow_time grace, const tcpflow_mem *mem) {
  tcpflow_conn_callbacks cb = play_callbacks();
  tcpflow_conn_config config;

  tcpflow_conn_config_init(&config);
  config.gap_grace_ns = grace;
  cb.on_gap = on_gap;
  play_clear(&w->p);
  assert_int_equal(tcpflow_conn_new(&w->p.conn, &config, &cb, NULL, mem, w),
                   TCPFLOW_OK);
  play_handshake(&w->p);
}

static void begin_plain(play *p, const tcpflow_mem *mem) {
  const tcpflow_conn_callbacks cb = play_callbacks();

  play_clear(p);
  assert_int_equal(tcpflow_conn_new(&p->conn, NULL, &cb, NULL, mem, p),
                   TCPFLOW_OK);
  play_handshake(p);
}

/* The client's `abc` is missing, `def` is there, and both are acknowledged.
   Answers when. */
static tcpflow_time make_hole(watched *w) {
  play_send(&w->p, CLIENT, "P.", 1004, 5001, "def");
  play_send(&w->p, SERVER, ".", 5001, 1007, "");
  assert_string_equal(play_log(&w->p), "");
  return w->p.now - TCPFLOW_MILLISECOND;
}

static void advance__before_it_is_due__nothing(void **state) {
  watched w = {0};

  (void)state;
  begin(&w, GRACE, NULL);
  const tcpflow_time acked = make_hole(&w);
  assert_int_equal(tcpflow_conn_advance(w.p.conn, acked + GRACE - 1),
                   TCPFLOW_OK);
  assert_string_equal(play_log(&w.p), "");
  play_finish(&w.p);
}

static void advance__long_after__told_at_its_time(void **state) {
  watched w = {0};

  (void)state;
  begin(&w, GRACE, NULL);
  const tcpflow_time acked = make_hole(&w);
  assert_int_equal(tcpflow_conn_advance(w.p.conn, acked + 9 * TCPFLOW_SECOND),
                   TCPFLOW_OK);
  assert_string_equal(play_log(&w.p), "gap client 0+3 acked\n"
                                      "data client 3 def\n");
  assert_true(w.told == acked + GRACE);
  play_finish(&w.p);
}

static void advance__nobody_acknowledged__timeout(void **state) {
  watched w = {0};

  (void)state;
  begin(&w, GRACE, NULL);
  play_send(&w.p, CLIENT, "P.", 1004, 5001, "def");
  const tcpflow_time came = w.p.now - TCPFLOW_MILLISECOND;
  assert_int_equal(
    tcpflow_conn_advance(w.p.conn, came + 60 * TCPFLOW_SECOND - 1), TCPFLOW_OK);
  assert_string_equal(play_log(&w.p), "");
  assert_int_equal(tcpflow_conn_advance(w.p.conn, came + 60 * TCPFLOW_SECOND),
                   TCPFLOW_OK);
  assert_string_equal(play_log(&w.p), "gap client 0+3 timeout\n"
                                      "data client 3 def\n");
  play_finish(&w.p);
}

/* RFC 5961 section 3: nothing has shown that the RST was none. */
static void advance__end_is_due__told(void **state) {
  watched w = {0};

  (void)state;
  begin(&w, GRACE, NULL);
  play_send(&w.p, CLIENT, "R", 1001, 0, "");
  (void)play_log(&w.p);
  assert_int_equal(tcpflow_conn_advance(w.p.conn, w.p.now + 3 * TCPFLOW_SECOND),
                   TCPFLOW_OK);
  assert_string_equal(play_log(&w.p), "end reset client CLOSED CLOSED\n");
  assert_int_equal(tcpflow_conn_advance(w.p.conn, w.p.now + 4 * TCPFLOW_SECOND),
                   TCPFLOW_OK);
  assert_string_equal(play_log(&w.p), "");
  play_finish(&w.p);
}

static void advance_inside(play *p, const char *event) {
  (void)event;
  assert_int_equal(tcpflow_conn_advance(p->conn, p->now), TCPFLOW_ERR_STATE);
}

static void advance__in_a_callback__refused(void **state) {
  watched w = {0};

  (void)state;
  begin(&w, GRACE, NULL);
  w.p.inside = advance_inside;
  play_send(&w.p, CLIENT, "P.", 1001, 5001, "abc");
  play_finish(&w.p);
}

static void advance__callback_stops__the_rest_comes_later(void **state) {
  watched w = {0};

  (void)state;
  begin(&w, GRACE, NULL);
  play_send(&w.p, CLIENT, "P.", 1004, 5001, "def");
  play_send(&w.p, SERVER, "P.", 5004, 1007, "DEF");
  play_send(&w.p, CLIENT, ".", 1007, 5007, "");
  (void)play_log(&w.p);
  w.p.answer_at = "data";
  w.p.answer = 1;
  assert_int_equal(tcpflow_conn_advance(w.p.conn, 9 * TCPFLOW_SECOND),
                   TCPFLOW_ERR_CALLBACK);
  assert_string_equal(play_log(&w.p), "gap client 0+3 acked\n"
                                      "data client 3 def\n");
  w.p.answer = 0;
  assert_int_equal(tcpflow_conn_advance(w.p.conn, 9 * TCPFLOW_SECOND),
                   TCPFLOW_OK);
  assert_string_equal(play_log(&w.p), "gap server 0+3 acked\n"
                                      "data server 3 DEF\n");
  play_finish(&w.p);
}

static void end_at_gap(play *p, const char *event) {
  if (strcmp(event, "gap") == 0) {
    assert_int_equal(tcpflow_conn_end(p->conn, p->now, TCPFLOW_END_CALLER),
                     TCPFLOW_OK);
  }
}

static void advance__callback_ends__ended(void **state) {
  watched w = {0};

  (void)state;
  begin(&w, GRACE, NULL);
  (void)make_hole(&w);
  w.p.inside = end_at_gap;
  assert_int_equal(tcpflow_conn_advance(w.p.conn, 9 * TCPFLOW_SECOND),
                   TCPFLOW_OK);
  assert_string_equal(play_log(&w.p),
                      "gap client 0+3 acked\n"
                      "data client 3 def\n"
                      "end caller client ESTABLISHED ESTABLISHED\n");
  play_finish(&w.p);
}

static void feed__callback_ends_before__segment_is_a_straggler(void **state) {
  watched w = {0};

  (void)state;
  begin(&w, GRACE, NULL);
  (void)make_hole(&w);
  w.p.inside = end_at_gap;
  w.p.now += TCPFLOW_SECOND;
  play_send(&w.p, CLIENT, "P.", 1007, 5001, "ghi");
  assert_string_equal(play_log(&w.p),
                      "gap client 0+3 acked\n"
                      "data client 3 def\n"
                      "end caller client ESTABLISHED ESTABLISHED\n");
  play_finish(&w.p);
}

/* What comes is then the next of a connection at ease. */
static void feed__callback_stops_before__segment_is_not_told(void **state) {
  watched w;

  (void)state;
  begin(&w, GRACE, NULL);
  make_hole(&w);
  play_send(&w.p, SERVER, "P.", 5001, 1007, "first");
  w.p.now += TCPFLOW_SECOND;
  w.p.answer = 1;
  w.p.answer_at = "gap";
  (void)play_log(&w.p);
  assert_int_equal(play_try(&w.p, SERVER, "P.", 5006, 1007, "next"),
                   TCPFLOW_ERR_CALLBACK);
  assert_string_equal(play_log(&w.p), "gap client 0+3 acked\n");
  assert_int_equal(w.p.last.offset, 0);
  play_finish(&w.p);
}

static void stop_at_gap(play *p, const char *event) {
  if (strcmp(event, "gap") == 0) {
    tcpflow_conn_stop_data(p->conn, CLIENT);
  }
}

static void advance__callback_stops_data__nothing_held(void **state) {
  watched w = {0};

  (void)state;
  begin(&w, GRACE, NULL);
  (void)make_hole(&w);
  play_send(&w.p, CLIENT, "P.", 1010, 5001, "jkl");
  w.p.inside = stop_at_gap;
  assert_int_equal(tcpflow_conn_advance(w.p.conn, 9 * TCPFLOW_SECOND),
                   TCPFLOW_OK);
  assert_string_equal(play_log(&w.p), "gap client 0+3 acked\n");
  assert_int_equal(w.p.conn->env->budget.used, 0);
  play_finish(&w.p);
}

/* What is fed again where there is memory tells what it would have told. */
static void feed__no_memory_to_wait__nothing_changed(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  watched w = {0};

  (void)state;
  begin(&w, GRACE, &mem);
  play_send(&w.p, CLIENT, "P.", 1004, 5001, "def");
  fm.requests = 0;
  fm.fail_at = 1;
  assert_int_equal(play_try(&w.p, SERVER, ".", 5001, 1007, ""),
                   TCPFLOW_ERR_NOMEM);
  fm.fail_at = 0;
  w.p.now -= TCPFLOW_MILLISECOND;
  play_send(&w.p, SERVER, ".", 5001, 1007, "");
  assert_string_equal(play_log(&w.p), "");
  play_send(&w.p, CLIENT, "P.", 1001, 5001, "abc");
  assert_string_equal(play_log(&w.p), "data client 0 abc\n"
                                      "data client 3 def\n");
  assert_null(w.p.conn->wait);
  play_finish(&w.p);
  assert_int_equal(fm.live_blocks, 0);
}

/* An ACK that only the data implies is known when it is too late to fail. */
static void feed__no_memory_for_an_implied_ack__gap_at_once(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  begin_plain(&p, &mem);
  play_send(&p, CLIENT, "P.", 1004, 5001, "def");
  p.conn->end[CLIENT].snd_una = 1007;
  fm.requests = 0;
  fm.fail_at = 1;
  play_send(&p, SERVER, ".", 5001, 1001, "");
  assert_string_equal(play_log(&p), "gap client 0+3 acked\n"
                                    "data client 3 def\n");
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

/* A hole that is waited for to the end is told there, whatever memory there is
   by then. */
static void finish__never_and_no_memory__gap_all_the_same(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow_conn_callbacks cb = play_callbacks();
  tcpflow_conn_config config = play_config();
  tcpflow__print_set prints[2] = {{{0}}};
  tcpflow__conn_env env;
  tcpflow__sides sides;
  tcpflow_conn conn;
  play p;

  (void)state;
  config.gap_grace_ns = TCPFLOW_TIME_NONE;
  play_clear(&p);
  assert_int_equal(tcpflow__conn_env_init(&env, &config, &cb, &mem, &p),
                   TCPFLOW_OK);
  env.budget.cap = UINT64_MAX;
  tcpflow__prints_init(&env.prints, prints, 1);
  /* One of a tracker's: it has no rests of its own. */
  tcpflow__conn_init(&conn, &sides, &env);
  p.conn = &conn;
  play_handshake(&p);
  play_send(&p, SERVER, ".", 5001, 1011, "");
  (void)play_log(&p);
  tcpflow__rest_unstock(&env.budget);
  fm.requests = 0;
  fm.fail_at = 1;
  fm.fail_from = 1;
  tcpflow__conn_finish(&conn, p.now, NULL, TCPFLOW_END_FLUSHED);
  assert_string_equal(play_log(&p), "gap client 0+10 acked\n"
                                    "end flushed client ESTABLISHED "
                                    "ESTABLISHED\n");
  tcpflow__conn_clear(&conn);
  assert_int_equal(fm.live_blocks, 0);
}

/* Nothing is kept for who does not wait. */
static void feed__in_order__no_memory_taken(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  watched w = {0};

  (void)state;
  begin(&w, GRACE, &mem);
  fm.requests = 0;
  play_send(&w.p, CLIENT, "P.", 1001, 5001, "abc");
  play_send(&w.p, SERVER, "P.", 5001, 1004, "ABC");
  play_send(&w.p, CLIENT, "F.", 1004, 5004, "");
  play_send(&w.p, SERVER, "F.", 5004, 1005, "");
  play_send(&w.p, CLIENT, ".", 1005, 5005, "");
  assert_int_equal(fm.requests, 0);
  play_finish(&w.p);
}

/* Where both clocks are off, time gives nothing up. */
static void advance__never__with_the_end(void **state) {
  watched w = {0};

  (void)state;
  begin(&w, TCPFLOW_TIME_NONE, NULL);
  w.p.conn->env->hole_timeout = TCPFLOW_TIME_NONE;
  (void)make_hole(&w);
  assert_int_equal(tcpflow_conn_advance(w.p.conn, TCPFLOW_TIME_NONE - 1),
                   TCPFLOW_OK);
  assert_string_equal(play_log(&w.p), "");
  assert_true(tcpflow__holes_due(w.p.conn) == TCPFLOW_TIME_NONE);
  play_finish(&w.p);
  assert_non_null(strstr(play_log(&w.p), "gap client 0+3 acked\n"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(advance__before_it_is_due__nothing),
    cmocka_unit_test(advance__long_after__told_at_its_time),
    cmocka_unit_test(advance__nobody_acknowledged__timeout),
    cmocka_unit_test(advance__end_is_due__told),
    cmocka_unit_test(feed__callback_stops_before__segment_is_not_told),
    cmocka_unit_test(advance__in_a_callback__refused),
    cmocka_unit_test(advance__callback_stops__the_rest_comes_later),
    cmocka_unit_test(advance__callback_ends__ended),
    cmocka_unit_test(feed__callback_ends_before__segment_is_a_straggler),
    cmocka_unit_test(advance__callback_stops_data__nothing_held),
    cmocka_unit_test(feed__no_memory_to_wait__nothing_changed),
    cmocka_unit_test(feed__no_memory_for_an_implied_ack__gap_at_once),
    cmocka_unit_test(finish__never_and_no_memory__gap_all_the_same),
    cmocka_unit_test(feed__in_order__no_memory_taken),
    cmocka_unit_test(advance__never__with_the_end),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
