/*
 * tests/unit/track/test_checkpoint.c - mirror of lib/track/checkpoint.c: all
 * connections are written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "track/checkpoint.h"
#include "unit/failmem.h"
#include "unit/track/savings.h"
#include "unit/track/traffic.h"

static tcpflow_tracker *make(journal *j, const tcpflow_mem *mem) {
  const tcpflow_conn_callbacks callbacks = journal_callbacks();
  tcpflow_tracker *tracker = NULL;

  assert_int_equal(tcpflow_tracker_new(&tracker, NULL, &callbacks, mem, j),
                   TCPFLOW_OK);
  return tracker;
}

static void feed(tcpflow_tracker *tracker, const talk *t) {
  assert_int_equal(tcpflow_tracker_feed(tracker, t->frame, t->count, NULL),
                   TCPFLOW_OK);
}

static void save__a_tracker__changes_nothing(void **state) {
  talk t = {.now = TCPFLOW_SECOND};
  journal j = {0};
  tcpflow_tracker *const tracker = make(&j, NULL);

  (void)state;
  talk_open(&t, 1);
  talk_up(&t, 1, F_PA, 1011, 5001, 5); /* Early. */
  talk_open(&t, 2);
  talk_close(&t, 2);
  feed(tracker, &t);
  const size_t told = j.length;
  const tcpflow_tracker_stats before = stats_of(tracker);
  const tcpflow_time deadline = tcpflow_tracker_deadline(tracker);
  savings once = savings_of(tracker);
  savings again = savings_of(tracker);
  const tcpflow_tracker_stats after = stats_of(tracker);

  assert_int_equal(j.length, told);
  assert_memory_equal(&before, &after, sizeof(before));
  assert_true(tcpflow_tracker_deadline(tracker) == deadline);
  assert_int_equal(once.length, again.length);
  assert_memory_equal(once.bytes, again.bytes, once.length);
  tcpflow_tracker_del(tracker);
  assert_int_equal(j.ends, 2);
  savings_clear(&once);
  savings_clear(&again);
  journal_clear(&j);
  talk_clear(&t);
}

static void save__an_empty_tracker__says_what_it_is(void **state) {
  static const uint8_t head[] = {'T', 'C', 'P', 'F', 'L', 'O',
                                 'W', 0,   1,   0,   0,   0};
  journal j = {0};
  tcpflow_tracker *const tracker = make(&j, NULL);
  savings s = savings_of(tracker);

  (void)state;
  assert_true(s.length > sizeof(head));
  assert_memory_equal(s.bytes, head, sizeof(head));
  tcpflow_tracker_del(tracker);
  savings_clear(&s);
}

/* Needs no memory; and whenever put() asks to stop, it hears no more. */
static void save__many_flows__in_pieces(void **state) {
  talk t = {0};
  journal j = {0};
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow_tracker *const tracker = make(&j, &mem);

  (void)state;
  for (uint32_t i = 0; i < 40; i++) {
    talk_open(&t, i);
  }
  feed(tracker, &t);
  fm.fail_at = fm.requests + 1;
  savings s = savings_of(tracker);
  assert_int_equal(fm.requests, fm.fail_at - 1);
  assert_true(s.calls > 20);
  for (unsigned at = 1; at <= s.calls; at++) {
    savings stopped = {.stop_at = at};
    assert_int_equal(tcpflow_tracker_save(tracker, savings_put, &stopped),
                     TCPFLOW_ERR_CALLBACK);
    assert_int_equal(stopped.calls, at);
    savings_clear(&stopped);
  }
  tcpflow_tracker_del(tracker);
  assert_int_equal(fm.live_blocks, 0);
  savings_clear(&s);
  journal_clear(&j);
  talk_clear(&t);
}

/* --- calls that come at the wrong time --- */

typedef struct probe {
  savings saved; /* First: savings_put() takes a probe for it. */
  tcpflow_tracker *tracker;
  tcpflow_frame frame;
  unsigned calls;
} probe;

static int save_inside(tcpflow_conn *conn, const tcpflow_new_event *e,
                       void *user) {
  probe *const p = user;

  (void)conn;
  (void)e;
  assert_int_equal(tcpflow_tracker_save(p->tracker, savings_put, &p->saved),
                   TCPFLOW_ERR_STATE);
  assert_int_equal(tcpflow_tracker_load(p->tracker, "", 0), TCPFLOW_ERR_STATE);
  p->calls++;
  return 0;
}

static void save__inside_a_callback__state(void **state) {
  talk t = {0};
  probe p = {.calls = 0};
  tcpflow_conn_callbacks callbacks;

  (void)state;
  talk_open(&t, 1);
  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_new = save_inside;
  assert_int_equal(tcpflow_tracker_new(&p.tracker, NULL, &callbacks, NULL, &p),
                   TCPFLOW_OK);
  feed(p.tracker, &t);
  assert_int_equal(p.calls, 1);
  assert_int_equal(p.saved.length, 0);
  tcpflow_tracker_del(p.tracker);
  talk_clear(&t);
}

static void meddle_with_tracker(probe *p) {
  savings other = {0};

  assert_int_equal(tcpflow_tracker_feed(p->tracker, &p->frame, 1, NULL),
                   TCPFLOW_ERR_STATE);
  assert_int_equal(tcpflow_tracker_advance(p->tracker, TCPFLOW_TIME_NONE - 1),
                   TCPFLOW_ERR_STATE);
  assert_int_equal(tcpflow_tracker_flush(p->tracker), TCPFLOW_ERR_STATE);
  assert_int_equal(tcpflow_tracker_save(p->tracker, savings_put, &other),
                   TCPFLOW_ERR_STATE);
  assert_int_equal(
    tcpflow_tracker_load(p->tracker, p->frame.bytes, p->frame.captured),
    TCPFLOW_ERR_STATE);
  assert_int_equal(other.length, 0);
  tcpflow_tracker_del(p->tracker);
}

static void meddle_with_conn(tcpflow_conn *conn) {
  assert_int_equal(
    tcpflow_conn_end(conn, 2 * TCPFLOW_SECOND, TCPFLOW_END_FLUSHED),
    TCPFLOW_ERR_STATE);
  assert_int_equal(tcpflow_conn_skip(conn, TCPFLOW_SIDE_CLIENT, 10),
                   TCPFLOW_ERR_STATE);
  assert_int_equal(tcpflow_conn_set_timeout(conn, TCPFLOW_PHASE_ALL, 0),
                   TCPFLOW_ERR_STATE);
  assert_int_equal(tcpflow_conn_set_rst_policy(conn, TCPFLOW_RST_ANY),
                   TCPFLOW_ERR_STATE);
  tcpflow_conn_stop_data(conn, TCPFLOW_SIDE_CLIENT);
  tcpflow_conn_ignore(conn);
}

static int put_and_meddle(const void *octets, size_t length, void *user) {
  probe *const p = user;

  meddle_with_tracker(p);
  for (tcpflow_conn *conn = tcpflow_tracker_next(p->tracker, NULL);
       conn != NULL; conn = tcpflow_tracker_next(p->tracker, conn)) {
    meddle_with_conn(conn);
  }
  p->calls++;
  return savings_put(octets, length, user);
}

/* What put() calls is refused, so the checkpoint is of one moment, and the
   tracker goes on as it was. */
static void save__put_meddles__nothing_changed(void **state) {
  talk t = {.now = TCPFLOW_SECOND};
  journal j = {0};
  probe p = {.tracker = make(&j, NULL)};

  (void)state;
  for (uint32_t client = 1; client < 6; client++) {
    talk_open(&t, client);
    talk_up(&t, client, F_PA, 1011, 5001, 5);
  }
  feed(p.tracker, &t);
  p.frame = t.frame[0];
  savings before = savings_of(p.tracker);
  const size_t told = j.length;
  assert_int_equal(tcpflow_tracker_save(p.tracker, put_and_meddle, &p),
                   TCPFLOW_OK);
  savings after = savings_of(p.tracker);

  assert_true(p.calls > 5);
  assert_int_equal(j.length, told);
  assert_int_equal(p.saved.length, before.length);
  assert_memory_equal(p.saved.bytes, before.bytes, before.length);
  assert_int_equal(after.length, before.length);
  assert_memory_equal(after.bytes, before.bytes, before.length);
  assert_int_equal(tcpflow_tracker_flush(p.tracker), TCPFLOW_OK);
  assert_int_equal(j.ends, 5);
  tcpflow_tracker_del(p.tracker);
  savings_clear(&before);
  savings_clear(&after);
  savings_clear(&p.saved);
  journal_clear(&j);
  talk_clear(&t);
}

/* Who adds a member has to say in the table that it is kept. */
static void kept_record__tables__name_every_member(void **state) {
  (void)state;
  assert_true(tcpflow__kept_record_covers());
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(save__a_tracker__changes_nothing),
    cmocka_unit_test(save__an_empty_tracker__says_what_it_is),
    cmocka_unit_test(save__many_flows__in_pieces),
    cmocka_unit_test(save__inside_a_callback__state),
    cmocka_unit_test(save__put_meddles__nothing_changed),
    cmocka_unit_test(kept_record__tables__name_every_member),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
