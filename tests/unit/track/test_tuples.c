/* tests/unit/track/test_tuples.c - mirror of lib/track/tuples.c, and what flows
   do with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "track/tracker.h"
#include "unit/failmem.h"
#include "unit/track/traffic.h"

#define PLACES 100

static void take__many__different_places(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow_tuple *taken[PLACES];
  tcpflow__places places;
  tcpflow__tuples tuples;

  (void)state;
  tcpflow__places_init(&places, &mem);
  tcpflow__tuples_init(&tuples);
  for (unsigned i = 0; i < PLACES; i++) {
    assert_true(tcpflow__tuples_need(&tuples, &places));
    taken[i] = tcpflow__tuples_take(&tuples);
    memset(taken[i], (int)i, sizeof(*taken[i]));
  }
  for (unsigned i = 0; i < PLACES; i++) {
    for (size_t at = 0; at < sizeof(*taken[i]); at++) {
      assert_int_equal(((uint8_t *)taken[i])[at], i);
    }
  }
  assert_int_equal(tuples.used, PLACES);
  assert_in_range(places.used, 1, PLACES / 4);
  tcpflow__tuples_give(&tuples, taken[3]);
  tcpflow__tuples_give(&tuples, taken[70]);
  assert_ptr_equal(tcpflow__tuples_take(&tuples), taken[70]);
  assert_ptr_equal(tcpflow__tuples_take(&tuples), taken[3]);
  tcpflow__places_clear(&places);
  assert_int_equal(fm.live_blocks, 0);
}

static void need__no_memory__none(void **state) {
  failmem fm = {.fail_at = 1};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow__places places;
  tcpflow__tuples tuples;

  (void)state;
  tcpflow__places_init(&places, &mem);
  tcpflow__tuples_init(&tuples);
  assert_false(tcpflow__tuples_need(&tuples, &places));
  assert_int_equal(places.used, 0);
  assert_true(tcpflow__tuples_need(&tuples, &places));
  assert_int_equal(places.used, 1);
  tcpflow__places_clear(&places);
  assert_int_equal(fm.live_blocks, 0);
}

/* --- of flows --- */

static tcpflow_tracker *make_with(const tcpflow_tracker_config *config,
                                  const tcpflow_mem *mem) {
  tcpflow_tracker *tracker = NULL;

  assert_int_equal(tcpflow_tracker_new(&tracker, config, NULL, mem, NULL),
                   TCPFLOW_OK);
  return tracker;
}

static tcpflow_tracker *make(uint64_t max_memory, const tcpflow_mem *mem) {
  tcpflow_tracker_config config;

  tcpflow_tracker_config_init(&config);
  config.ignore_fragments = 1;
  if (max_memory != 0) {
    config.max_memory = max_memory;
  }
  return make_with(&config, mem);
}

static tcpflow_tuple ipv6_of(uint32_t client) {
  tcpflow_tuple tuple = tuple_of(client);

  tuple.version = 6;
  tuple.address[0][15] = 1;
  tuple.address[1][15] = 2;
  return tuple;
}

static void say_up(talk *t, uint32_t client, unsigned flags, uint32_t seq,
                   uint32_t ack) {
  const say what = {ipv6_of(client), flags, seq, ack, 0, 0};

  talk_say(t, &what);
}

static void say_down(talk *t, uint32_t client, unsigned flags, uint32_t seq,
                     uint32_t ack) {
  const tcpflow_tuple there = ipv6_of(client);
  const say what = {tuple_back(&there), flags, seq, ack, 0, 0};

  talk_say(t, &what);
}

static uint64_t memory_of(tcpflow_tracker *tracker) {
  tcpflow_tracker_stats stats;

  tcpflow_tracker_stats_init(&stats);
  assert_int_equal(tcpflow_tracker_get_stats(tracker, &stats), TCPFLOW_OK);
  return stats.memory;
}

static void check_ends(tcpflow_tracker *tracker, const tcpflow_tuple *tuple) {
  const tcpflow_conn *const conn = tcpflow_tracker_find(tracker, tuple);
  const tcpflow_tuple back = tuple_back(tuple);
  tcpflow_tuple told;

  assert_non_null(conn);
  assert_ptr_equal(tcpflow_tracker_find(tracker, &back), conn);
  assert_int_equal(tcpflow_conn_get_tuple(conn, &told), TCPFLOW_OK);
  assert_memory_equal(&told, tuple, sizeof(told));
}

/* Both kinds of flows at a time; a place is given back with its record. */
static void flows__ipv4_and_ipv6__only_the_latter_have_places(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow_tracker *const tracker = make(0, &mem);
  talk t = {0};

  (void)state;
  for (uint32_t i = 0; i < 100; i++) {
    talk_up(&t, i, F_S, 1000, 0, 0);
    say_up(&t, i, F_S, 1000, 0);
    say_down(&t, i, F_SA, 5000, 1001);
  }
  assert_int_equal(talk_feed(&t, tracker), TCPFLOW_OK);
  assert_int_equal(tracker->flows.used, 200);
  assert_int_equal(tracker->flows.tuples.used, 100);
  for (uint32_t i = 0; i < 100; i++) {
    const tcpflow_tuple ipv4 = tuple_of(i);
    const tcpflow_tuple ipv6 = ipv6_of(i);
    check_ends(tracker, &ipv4);
    check_ends(tracker, &ipv6);
  }
  assert_int_equal(memory_of(tracker), fm.live_bytes);
  t.now = 3600 * TCPFLOW_SECOND;
  talk_up(&t, 7, F_S, 1000, 0, 0);
  say_up(&t, 7, F_S, 1000, 0);
  assert_int_equal(talk_feed(&t, tracker), TCPFLOW_OK);
  tcpflow_tracker_advance(tracker, 3600 * TCPFLOW_SECOND);
  assert_int_equal(tracker->flows.used, 2);
  assert_int_equal(tracker->flows.tuples.used, 1);
  tcpflow_tracker_del(tracker);
  assert_int_equal(fm.live_blocks, 0);
}

/* A server's SYN,ACK comes first: the client is who it goes to. */
static void flows__answer_first__client_first(void **state) {
  tcpflow_tracker *const tracker = make(0, NULL);
  const tcpflow_tuple ipv4 = tuple_of(1);
  const tcpflow_tuple ipv6 = ipv6_of(1);
  talk t = {0};

  (void)state;
  talk_down(&t, 1, F_SA, 5000, 1001, 0);
  say_down(&t, 1, F_SA, 5000, 1001);
  assert_int_equal(talk_feed(&t, tracker), TCPFLOW_OK);
  check_ends(tracker, &ipv4);
  check_ends(tracker, &ipv6);
  tcpflow_tracker_del(tracker);
}

/* Whatever request fails, nothing has begun, and the frame can be fed again. */
static void flows__no_memory_for_a_tuple__as_it_was(void **state) {
  size_t fail_at = 1;
  int error;

  (void)state;
  do {
    failmem fm = {0};
    const tcpflow_mem mem = failmem_table(&fm);
    tcpflow_tracker *const tracker = make(0, &mem);
    const tcpflow_tuple tuple = ipv6_of(0);
    talk t = {0};

    say_up(&t, 0, F_SA, 1000, 1);
    fm.fail_at = fm.requests + fail_at++;
    error = talk_feed(&t, tracker);
    fm.fail_at = 0;
    if (error != TCPFLOW_OK) {
      assert_int_equal(error, TCPFLOW_ERR_NOMEM);
      assert_null(tcpflow_tracker_find(tracker, &tuple));
      assert_int_equal(tracker->flows.used, 0);
      assert_int_equal(tracker->flows.tuples.used, 0);
      say_up(&t, 0, F_SA, 1000, 1);
      assert_int_equal(talk_feed(&t, tracker), TCPFLOW_OK);
    }
    assert_int_equal(tracker->flows.tuples.used, 1);
    assert_int_equal(memory_of(tracker), fm.live_bytes);
    tcpflow_tracker_del(tracker);
    assert_int_equal(fm.live_blocks, 0);
  } while (error != TCPFLOW_OK);
  assert_true(fail_at > 3);
}

/* IPv4 has taken all that there may be when IPv6 comes. */
static void flows__ipv6_at_the_cap__older_ones_go(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  const uint64_t cap = 1 << 20;
  tcpflow_tracker *const tracker = make(cap, &mem);
  talk t = {0};

  (void)state;
  for (uint32_t i = 0; i < 10000; i++) {
    talk_up(&t, i, F_S, 1000, 0, 0);
    talk_down(&t, i, F_SA, 5000, 1001, 0);
    talk_up(&t, i, F_A, 1001, 5001, 0);
  }
  assert_int_equal(talk_feed(&t, tracker), TCPFLOW_OK);
  for (uint32_t i = 0; i < 10000; i++) {
    say_up(&t, i, F_S, 1000, 0);
    if (i % 2 == 0) {
      say_down(&t, i, F_SA, 5000, 1001);
      say_up(&t, i, F_A, 1001, 5001);
    }
    assert_int_equal(talk_feed(&t, tracker), TCPFLOW_OK);
  }
  assert_true(tracker->flows.tuples.used > 500);
  assert_true(fm.peak_bytes <= cap);
  assert_int_equal(memory_of(tracker), fm.live_bytes);
  tcpflow_tracker_del(tracker);
  assert_int_equal(fm.live_blocks, 0);
}

/* What memory there is when a tracker follows nothing. */
static uint64_t memory_at_first(void) {
  tcpflow_tracker *const tracker = make(0, NULL);
  const uint64_t memory = memory_of(tracker);

  tcpflow_tracker_del(tracker);
  return memory;
}

/* Feeds the latest frame until there is memory for it. */
static void feed_in_the_end(tcpflow_tracker *tracker, talk *t) {
  int error = TCPFLOW_ERR_NOMEM;

  for (unsigned tries = 0; tries < 20 && error == TCPFLOW_ERR_NOMEM; tries++) {
    error = tcpflow_tracker_feed(tracker, t->frame + t->count - 1, 1, NULL);
  }
  assert_int_equal(error, TCPFLOW_OK);
}

/* SYNs of IPv6 under a cap that leaves room for a few hundred flows, and for
   the places of one block: those of tuples never come back. */
static void flows__ipv6_flood_at_a_small_cap__sides_left(void **state) {
  const uint64_t first = memory_at_first();

  (void)state;
  for (uint64_t cap = 8000; cap < 80000; cap += 700) {
    failmem fm = {0};
    const tcpflow_mem mem = failmem_table(&fm);
    tcpflow_tracker *const tracker = make(first + cap, &mem);
    talk t = {0};

    for (uint32_t i = 0; i < 1000; i++) {
      say_up(&t, i, F_S, 1000, 0);
      feed_in_the_end(tracker, &t);
      say_down(&t, i, F_SA, 5000, 1001);
      if (i % 100 == 99) {
        feed_in_the_end(tracker, &t);
      }
    }
    t.now += 3600 * TCPFLOW_SECOND;
    talk_up(&t, 1, F_S, 1000, 0, 0);
    assert_int_equal(
      tcpflow_tracker_feed(tracker, t.frame + t.count - 1, 1, NULL),
      TCPFLOW_OK);
    assert_int_equal(memory_of(tracker), fm.live_bytes);
    tcpflow_tracker_del(tracker);
    assert_int_equal(fm.live_blocks, 0);
    talk_clear(&t);
  }
}

/* Flows that were reset, until there is no place left but by asking for
   memory. */
static void fill_places(tcpflow_tracker *tracker) {
  for (uint32_t i = 1;
       i == 1 || tcpflow__places_growth(&tracker->flows.places) == 0; i++) {
    talk t = {0};

    talk_up(&t, i, F_S, 1000, 0, 0);
    talk_down(&t, i, F_RA, 0, 1001, 0);
    assert_int_equal(talk_feed(&t, tracker), TCPFLOW_OK);
  }
}

/* Where the number of a tunnel is no part of the key, one takes over from
   another.  Whatever request fails, the old one is still there. */
static void flows__no_memory_for_a_successors_tuple__as_it_was(void **state) {
  const tcpflow_tuple tuple = tuple_of(1);
  const say syn = {tuple, F_S, 9000, 0, 0, 0};
  size_t fail_at = 1;
  int error;

  (void)state;
  do {
    failmem fm = {0};
    const tcpflow_mem mem = failmem_table(&fm);
    tcpflow_tracker_config config;
    tcpflow_tuple told;
    talk t = {0};

    tcpflow_tracker_config_init(&config);
    config.ignore_fragments = 1;
    config.key_flags = TCPFLOW_KEY_NO_TUNNEL;
    tcpflow_tracker *const tracker = make_with(&config, &mem);
    fill_places(tracker);
    const uint64_t begun = tracker->stats.flows_new;
    t.now = TCPFLOW_SECOND / 2;
    talk_in_vxlan(&t, &syn, 5);
    fm.fail_at = fm.requests + fail_at++;
    error = talk_feed(&t, tracker);
    fm.fail_at = 0;
    assert_int_equal(tracker->stats.flows_new - begun, error == TCPFLOW_OK);
    if (error != TCPFLOW_OK) {
      assert_int_equal(error, TCPFLOW_ERR_NOMEM);
      check_ends(tracker, &tuple);
      t.now = TCPFLOW_SECOND / 2;
      talk_in_vxlan(&t, &syn, 5);
      assert_int_equal(talk_feed(&t, tracker), TCPFLOW_OK);
    }
    assert_int_equal(
      tcpflow_conn_get_tuple(tcpflow_tracker_find(tracker, &tuple), &told),
      TCPFLOW_OK);
    assert_int_equal(told.tunnel & 0xffffff, 5);
    assert_int_equal(memory_of(tracker), fm.live_bytes);
    tcpflow_tracker_del(tracker);
    assert_int_equal(fm.live_blocks, 0);
  } while (error != TCPFLOW_OK);
  assert_true(fail_at > 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(take__many__different_places),
    cmocka_unit_test(need__no_memory__none),
    cmocka_unit_test(flows__ipv4_and_ipv6__only_the_latter_have_places),
    cmocka_unit_test(flows__answer_first__client_first),
    cmocka_unit_test(flows__no_memory_for_a_tuple__as_it_was),
    cmocka_unit_test(flows__no_memory_for_a_successors_tuple__as_it_was),
    cmocka_unit_test(flows__ipv6_at_the_cap__older_ones_go),
    cmocka_unit_test(flows__ipv6_flood_at_a_small_cap__sides_left),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
