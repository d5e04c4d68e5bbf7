/* tests/unit/frag/test_gather.c - mirror of lib/frag/gather.c. */
#include "unit/frag/feeds.h"

/* --- orders --- */

static void feed__every_order_of_three__complete_at_the_third(void **state) {
  static const uint8_t orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                       {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  static const cut cuts[3] = {{.length = 8, .more = true},
                              {.start = 8, .length = 16, .more = true},
                              {.start = 24, .length = 1}};
  tcpflow_frag *const frag = make();

  (void)state;
  for (unsigned i = 0; i < 12; i++) {
    for (unsigned k = 0; k < 3; k++) {
      cut c = cuts[orders[i % 6][k]];
      c.version = i < 6 ? 4 : 6;
      if (k < 2) {
        feed_one(frag, c, HELD, 0);
      } else {
        feed_one(frag, c, COMPLETE, 0);
      }
    }
  }
  const tcpflow_frag_stats stats = cut_stats(frag);
  assert_int_equal(stats.fragments, 36);
  assert_int_equal(stats.datagrams, 12);
  assert_int_equal(stats.completed, 12);
  assert_int_equal(stats.held, 0);
  assert_int_equal(stats.held_memory, 0);
  tcpflow_frag_del(frag);
}

static void feed__no_fragment__untouched(void **state) {
  const cut c = {.length = 40};
  tcpflow_frag *const frag = make();
  const said s = cut_feed(frag, &c);

  (void)state;
  expect(&s, TCPFLOW_FRAG_NOT_A_FRAGMENT, TCPFLOW_FRAG_REASON_NONE, 0);
  assert_null(s.datagram.bytes);
  assert_int_equal(cut_stats(frag).fragments, 0);
  tcpflow_frag_del(frag);
}

/* --- who belongs together --- */

static void feed__another_key__another_datagram(void **state) {
  static const cut others[] = {
    {.start = 8, .length = 8, .id = 1},
    {.start = 8, .length = 8, .protocol = 6},
    {.start = 8, .length = 8, .vlan = 0x1005},
    {.start = 8, .length = 8, .tunnel = 0x03000005},
    {.start = 8, .length = 8, .scope = 5},
    {.start = 8, .length = 8, .version = 6},
  };
  tcpflow_frag *const frag = make();

  (void)state;
  feed_one(frag, (cut){.length = 8, .more = true}, HELD, 0);
  for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
    feed_one(frag, others[i], HELD, others[i].protocol == 6 ? ODD(TINY) : 0);
  }
  feed_one(frag, (cut){.start = 8, .length = 8}, COMPLETE, 0);
  tcpflow_frag_del(frag);
}

/* --- time --- */

static void feed__too_late__begins_anew(void **state) {
  tcpflow_frag *const frag = make();
  const tcpflow_time begin = 1000 * TCPFLOW_SECOND;

  (void)state;
  feed_one(frag, (cut){.length = 8, .more = true, .time = begin}, HELD, 0);
  feed_one(frag,
           (cut){.start = 8, .length = 8, .time = begin + 60 * TCPFLOW_SECOND},
           HELD, 0);
  assert_int_equal(cut_stats(frag).datagrams, 2);
  assert_int_equal(cut_stats(frag).datagrams_dropped[3], 1);
  feed_one(
    frag,
    (cut){.length = 8, .more = true, .time = begin + 120 * TCPFLOW_SECOND - 1},
    COMPLETE, 0);
  tcpflow_frag_del(frag);
}

/* A capture of two cards is not in order. */
static void feed__clock_goes_back__latest_time_counts(void **state) {
  tcpflow_frag *const frag = make();
  const tcpflow_time begin = 1000 * TCPFLOW_SECOND;
  cut c = {.start = 8, .length = 8, .time = 1, .protocol = 17};
  said s;

  (void)state;
  feed_one(frag, (cut){.length = 8, .more = true, .time = begin}, HELD, 0);
  s = cut_feed(frag, &c);
  expect(&s, COMPLETE, 0);
  assert_int_equal(s.datagram.time, 1);
  assert_int_equal(s.result.first_time, begin);
  feed_one(frag, (cut){.length = 8, .more = true, .time = 5}, HELD, 0);
  assert_int_equal(tcpflow_frag_deadline(frag), begin + 60 * TCPFLOW_SECOND);
  tcpflow_frag_del(frag);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(feed__every_order_of_three__complete_at_the_third),
    cmocka_unit_test(feed__no_fragment__untouched),
    cmocka_unit_test(feed__another_key__another_datagram),
    cmocka_unit_test(feed__too_late__begins_anew),
    cmocka_unit_test(feed__clock_goes_back__latest_time_counts),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
