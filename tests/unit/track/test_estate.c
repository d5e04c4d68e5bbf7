/*
 * tests/unit/track/test_estate.c - mirror of lib/track/estate.c: what a flow
 * has left to the next one of its ports.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/failmem.h"
#include "unit/track/savings.h"
#include "unit/track/traffic.h"

/* A callback of an end, and whether it asks to stop. */
static int end_and_stop(tcpflow_conn *conn, const tcpflow_end_event *e,
                        void *user) {
  return journal_end(conn, e, user) + 1;
}

static int tell_anomaly(tcpflow_conn *conn, const tcpflow_anomaly_event *e,
                        void *user) {
  journal_write((journal *)user, "%u anomaly %d\n", journal_who(conn),
                (int)e->anomaly);
  return 0;
}

static tcpflow_tracker *make(journal *j, bool stops, const tcpflow_mem *mem) {
  tcpflow_conn_callbacks callbacks = journal_callbacks();
  tcpflow_tracker *tracker = NULL;

  callbacks.on_end = stops ? end_and_stop : journal_end;
  callbacks.on_anomaly = tell_anomaly;
  assert_int_equal(tcpflow_tracker_new(&tracker, NULL, &callbacks, mem, j),
                   TCPFLOW_OK);
  return tracker;
}

/* A connection, and amid it a SYN with data, whose answer (frame 4) begins the
   next one of the ports. */
enum {
  ANSWER = 4
};

static talk make_talk(void) {
  talk t = {.now = TCPFLOW_SECOND};

  talk_open(&t, 1);
  talk_up(&t, 1, F_S, 400000, 0, 5);
  t.now += TCPFLOW_MILLISECOND;
  talk_down(&t, 1, F_SA, 900000, 400006, 0);
  talk_up(&t, 1, F_A, 400006, 900001, 0);
  return t;
}

static void feed(tcpflow_tracker *tracker, const talk *t, size_t from,
                 size_t count) {
  assert_int_equal(tcpflow_tracker_feed(tracker, t->frame + from, count, NULL),
                   TCPFLOW_OK);
}

/* What is told if nobody stops. */
static journal expected_of(const talk *t) {
  journal j = {0};
  tcpflow_tracker *const tracker = make(&j, false, NULL);

  feed(tracker, t, 0, t->count);
  tcpflow_tracker_del(tracker);
  assert_int_equal(j.reason[TCPFLOW_END_REUSED], 1);
  assert_non_null(strstr(j.text, "data 0 0+5\n"));
  return j;
}

static void expect_same(journal *a, journal *b) {
  assert_string_equal(a->text, b->text);
  journal_clear(a);
  journal_clear(b);
}

static void estate__stopped_at_the_end__passes_on(void **state) {
  talk t = make_talk();
  journal expected = expected_of(&t);
  journal j = {0};
  tcpflow_tracker *const tracker = make(&j, true, NULL);
  size_t consumed = 0;

  (void)state;
  assert_int_equal(tcpflow_tracker_feed(tracker, t.frame, t.count, &consumed),
                   TCPFLOW_ERR_CALLBACK);
  assert_int_equal(consumed, ANSWER);
  feed(tracker, &t, ANSWER, t.count - ANSWER);
  tcpflow_tracker_del(tracker);
  expect_same(&expected, &j);
  talk_clear(&t);
}

/* Likewise if then there is no memory. */
static void estate__each_allocation_fails__passes_on(void **state) {
  int error = TCPFLOW_ERR_NOMEM;

  (void)state;
  for (size_t n = 1; error == TCPFLOW_ERR_NOMEM; n++) {
    failmem fm = {0};
    const tcpflow_mem mem = failmem_table(&fm);
    talk t = make_talk();
    journal expected = expected_of(&t);
    journal j = {0};
    tcpflow_tracker *const tracker = make(&j, false, &mem);

    feed(tracker, &t, 0, ANSWER);
    fm.requests = 0;
    fm.fail_at = n;
    error = tcpflow_tracker_feed(tracker, t.frame + ANSWER, 1, NULL);
    fm.fail_at = 0;
    if (error != TCPFLOW_OK) {
      feed(tracker, &t, ANSWER, 1);
    }
    feed(tracker, &t, ANSWER + 1, 1);
    tcpflow_tracker_del(tracker);
    assert_int_equal(fm.live_blocks, 0);
    expect_same(&expected, &j);
    talk_clear(&t);
  }
}

/* Saved where the end has stopped the call; nothing else is followed. */
static savings saved_at_the_end(const talk *t, journal *j) {
  tcpflow_tracker *const tracker = make(j, true, NULL);

  assert_int_equal(tcpflow_tracker_feed(tracker, t->frame, t->count, NULL),
                   TCPFLOW_ERR_CALLBACK);
  const savings saved = savings_of(tracker);

  tcpflow_tracker_del(tracker);
  return saved;
}

/* Likewise in a tracker that takes it over; and in one whose memory ends. */
static void estate__saved__passes_on_elsewhere(void **state) {
  int error = TCPFLOW_ERR_NOMEM;

  (void)state;
  for (size_t n = 1; error == TCPFLOW_ERR_NOMEM; n++) {
    failmem fm = {0};
    const tcpflow_mem mem = failmem_table(&fm);
    talk t = make_talk();
    journal expected = expected_of(&t);
    journal j = {0};
    savings saved = saved_at_the_end(&t, &j);
    tcpflow_tracker *const tracker = make(&j, false, &mem);

    fm.requests = 0;
    fm.fail_at = n;
    error = tcpflow_tracker_load(tracker, saved.bytes, saved.length);
    fm.fail_at = 0;
    if (error != TCPFLOW_OK) {
      assert_int_equal(tcpflow_tracker_load(tracker, saved.bytes, saved.length),
                       TCPFLOW_OK);
    }
    savings again = savings_of(tracker);
    assert_int_equal(again.length, saved.length);
    assert_memory_equal(again.bytes, saved.bytes, saved.length);
    feed(tracker, &t, ANSWER, t.count - ANSWER);
    tcpflow_tracker_del(tracker);
    assert_int_equal(fm.live_blocks, 0);
    expect_same(&expected, &j);
    savings_clear(&again);
    savings_clear(&saved);
    talk_clear(&t);
  }
}

/* A tracker that follows something already has no frame that is fed again. */
static void estate__saved__not_for_who_follows_others(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  talk t = make_talk();
  journal j = {0};
  savings saved = saved_at_the_end(&t, &j);
  tcpflow_tracker *const tracker = make(&j, false, &mem);

  (void)state;
  talk_up(&t, 2, F_S, 1000, 0, 0);
  feed(tracker, &t, t.count - 1, 1);
  assert_int_equal(tcpflow_tracker_load(tracker, saved.bytes, saved.length),
                   TCPFLOW_OK);
  feed(tracker, &t, ANSWER, 2);
  assert_null(strstr(j.text, "data"));
  tcpflow_tracker_del(tracker);
  assert_int_equal(fm.live_blocks, 0);
  journal_clear(&j);
  savings_clear(&saved);
  talk_clear(&t);
}

/* Another frame is followed: it was of no use.  And nobody takes it at all. */
static void estate__something_else_follows__given_up(void **state) {
  (void)state;
  for (unsigned other = 0; other < 2; other++) {
    failmem fm = {0};
    const tcpflow_mem mem = failmem_table(&fm);
    talk t = make_talk();
    journal j = {0};
    tcpflow_tracker *const tracker = make(&j, true, &mem);

    talk_up(&t, 2, F_S, 1000, 0, 0);
    assert_int_equal(tcpflow_tracker_feed(tracker, t.frame, t.count, NULL),
                     TCPFLOW_ERR_CALLBACK);
    if (other != 0) {
      feed(tracker, &t, t.count - 1, 1);
      feed(tracker, &t, ANSWER, 1);
      assert_null(strstr(j.text, "data"));
    }
    tcpflow_tracker_del(tracker);
    assert_int_equal(fm.live_blocks, 0);
    journal_clear(&j);
    talk_clear(&t);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(estate__stopped_at_the_end__passes_on),
    cmocka_unit_test(estate__each_allocation_fails__passes_on),
    cmocka_unit_test(estate__saved__passes_on_elsewhere),
    cmocka_unit_test(estate__saved__not_for_who_follows_others),
    cmocka_unit_test(estate__something_else_follows__given_up),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
