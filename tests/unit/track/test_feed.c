/* tests/unit/track/test_feed.c - mirror of lib/track/feed.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/failmem.h"
#include "unit/track/traffic.h"

static tcpflow_tracker *make(const tcpflow_tracker_config *config, journal *j,
                             const tcpflow_mem *mem) {
  const tcpflow_conn_callbacks callbacks = journal_callbacks();
  tcpflow_tracker *tracker = NULL;

  assert_int_equal(tcpflow_tracker_new(&tracker, config, &callbacks, mem, j),
                   TCPFLOW_OK);
  return tracker;
}

static void feed_all(tcpflow_tracker *tracker, const talk *t) {
  size_t consumed = 99;

  assert_int_equal(tcpflow_tracker_feed(tracker, t->frame, t->count, &consumed),
                   TCPFLOW_OK);
  assert_int_equal(consumed, t->count);
}

static void feed__open_and_close__one_connection(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j, NULL);

  (void)state;
  t.now = 1000 * TCPFLOW_SECOND;
  talk_open(&t, 7);
  talk_close(&t, 7);
  feed_all(tracker, &t);

  const tcpflow_tracker_stats stats = stats_of(tracker);
  assert_int_equal(stats.frames, 6);
  assert_int_equal(stats.packets[TCPFLOW_PACKET_TCP], 6);
  assert_int_equal(stats.flows_new, 1);
  assert_int_equal(stats.flows_ended, 1);
  assert_int_equal(stats.flows_live, 0);
  assert_int_equal(stats.flows_lingering, 1);
  assert_int_equal(j.reason[TCPFLOW_END_FIN], 1);
  tcpflow_tracker_del(tracker);
  talk_clear(&t);
  journal_clear(&j);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(feed__open_and_close__one_connection),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
