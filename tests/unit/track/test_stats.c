/* tests/unit/track/test_stats.c - mirror of lib/track/stats.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/failmem.h"
#include "unit/track/savings.h"
#include "unit/track/traffic.h"

static tcpflow_tracker *make(const tcpflow_tracker_config *config,
                             const tcpflow_mem *mem, journal *j) {
  const tcpflow_conn_callbacks callbacks = journal_callbacks();
  tcpflow_tracker *tracker = NULL;

  assert_int_equal(tcpflow_tracker_new(&tracker, config, &callbacks, mem, j),
                   TCPFLOW_OK);
  return tracker;
}

static void feed_all(tcpflow_tracker *tracker, talk *t) {
  assert_int_equal(tcpflow_tracker_feed(tracker, t->frame, t->count, NULL),
                   TCPFLOW_OK);
  talk_clear(t);
}

static void get_stats__shorter_struct__what_fits(void **state) {
  union {
    tcpflow_tracker_stats stats;
    uint64_t word[sizeof(tcpflow_tracker_stats) / 8];
  } short_one;
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, NULL, &j);

  (void)state;
  talk_up(&t, 1, F_S, 1000, 0, 0);
  feed_all(tracker, &t);
  memset(&short_one, 0xee, sizeof(short_one));
  tcpflow_sized_init(&short_one.stats, 2 * sizeof(uint64_t));
  assert_int_equal(tcpflow_tracker_get_stats(tracker, &short_one.stats),
                   TCPFLOW_OK);
  assert_int_equal(short_one.stats.frames, 1);
  assert_true(short_one.word[2] == UINT64_C(0xeeeeeeeeeeeeeeee));
  short_one.stats.size = 0;
  assert_int_equal(tcpflow_tracker_get_stats(tracker, &short_one.stats),
                   TCPFLOW_ERR_VERSION);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

static void get_stats__early_data__held_memory(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, NULL, &j);

  (void)state;
  talk_open(&t, 1);
  talk_up(&t, 1, F_PA, 1011, 5001, 10); /* 1001 to 1010 are missing. */
  feed_all(tracker, &t);
  assert_true(stats_of(tracker).held_memory >= 10);
  talk_up(&t, 1, F_PA, 1001, 5001, 10);
  feed_all(tracker, &t);
  assert_int_equal(stats_of(tracker).held_memory, 0);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

/* What is counted is what the allocator gave, to the octet. */
static void get_stats__all_kinds_of_memory__to_the_octet(void **state) {
  tcpflow_tracker_config config;
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  talk t = {0};
  journal j = {0};

  (void)state;
  tcpflow_tracker_config_init(&config);
  config.ignore_fragments = 1;
  tcpflow_tracker *tracker = make(&config, &mem, &j);
  assert_int_equal(stats_of(tracker).memory, fm.live_bytes);
  for (uint32_t i = 0; i < 5000; i++) {
    talk_open(&t, i);
    if (i % 7 == 0) {
      talk_up(&t, i, F_PA, 2000, 5001, 10); /* Early. */
    }
    if (i % 5 == 0) {
      talk_up(&t, i, F_S, 77, 0, 0); /* Odd. */
    }
    if (i % 50 == 0) {
      feed_all(tracker, &t);
      assert_int_equal(stats_of(tracker).memory, fm.live_bytes);
    }
  }
  feed_all(tracker, &t);
  assert_int_equal(stats_of(tracker).memory, fm.live_bytes);
  assert_int_equal(tcpflow_tracker_flush(tracker), TCPFLOW_OK);
  assert_int_equal(stats_of(tracker).memory, fm.live_bytes);
  tcpflow_tracker_del(tracker);
  assert_int_equal(fm.live_blocks, 0);
  journal_clear(&j);
}

/* The client sends 600 octets, which are more than an allocator hands out at
   once (shelf.h). */
static void say_much(talk *t, uint32_t client, tcpflow_seq seq) {
  static const uint8_t octets[600];
  const tcpflow_tuple tuple = tuple_of(client);
  uint8_t buffer[FRAME_ROOM + sizeof(octets)];
  tcpflow_build_tcp tcp;
  tcpflow_frame frame;

  tcpflow_build_tcp_init(&tcp);
  tcp.seq = seq;
  tcp.ack = 5001;
  tcp.flags = F_PA;
  tcp.window = 65535;
  tcp.payload = octets;
  tcp.payload_captured = sizeof(octets);
  tcp.payload_length = sizeof(octets);
  assert_int_equal(tcpflow_build_segment(&frame, buffer, sizeof(buffer),
                                         TCPFLOW_LINK_ETHERNET, &tuple, &tcp),
                   TCPFLOW_OK);
  talk_frame(t, &frame);
}

/* Twice, a segment is late.  How often is memory asked for the second time? */
static size_t requests_of_second_hole(uint64_t max_memory) {
  tcpflow_tracker_config config;
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  talk t = {0};
  journal j = {0};
  size_t before = 0;

  tcpflow_tracker_config_init(&config);
  config.ignore_fragments = 1;
  config.max_memory = max_memory;
  tcpflow_tracker *tracker = make(&config, &mem, &j);
  talk_open(&t, 1);
  for (uint32_t i = 0; i < 2; i++) {
    before = fm.requests;
    say_much(&t, 1, 1601 + i * 1200);
    feed_all(tracker, &t);
    assert_true(stats_of(tracker).held_memory > 600);
    assert_int_equal(stats_of(tracker).memory, fm.live_bytes);
    say_much(&t, 1, 1001 + i * 1200);
    feed_all(tracker, &t);
    assert_int_equal(stats_of(tracker).held_memory, 0);
    assert_int_equal(stats_of(tracker).memory, fm.live_bytes);
  }
  const size_t requests = fm.requests - before;
  tcpflow_tracker_del(tracker);
  assert_int_equal(fm.live_blocks, 0);
  journal_clear(&j);
  return requests;
}

static void get_stats__early_data_told__its_memory_waits(void **state) {
  (void)state;
  assert_int_equal(requests_of_second_hole(0) + 1,
                   requests_of_second_hole(UINT64_C(1) << 30));
}

/* A million flows are allowed, and memory for some thousands. */
static void max_memory__more_flows_than_fit__oldest_go(void **state) {
  tcpflow_tracker_config config;
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  talk t = {0};
  journal j = {0};

  (void)state;
  tcpflow_tracker_config_init(&config);
  config.ignore_fragments = 1;
  config.max_memory = 4 << 20;
  tcpflow_tracker *tracker = make(&config, &mem, &j);
  for (uint32_t i = 0; i < 30000; i++) {
    talk_up(&t, i, F_S, 1000, 0, 0);
    if (i % 1000 == 999) {
      feed_all(tracker, &t);
      assert_true(fm.live_bytes <= config.max_memory);
    }
  }
  const tcpflow_tracker_stats stats = stats_of(tracker);
  assert_true(fm.peak_bytes <= config.max_memory);
  assert_true(stats.flows_live > 4000);
  assert_int_equal(stats.flows_live + stats.flows_evicted, 30000);
  assert_int_equal(stats.flows_evicted, j.reason[TCPFLOW_END_EVICTED]);
  assert_int_equal(stats.evicted_for_memory, stats.flows_evicted);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

/* One that was reset ends by that, also where it has to go. */
static void get_stats__reset_and_open_ones_evicted__by_phase(void **state) {
  tcpflow_tracker_config config;
  talk t = {0};
  journal j = {0};

  (void)state;
  tcpflow_tracker_config_init(&config);
  config.max_flows = 2;
  tcpflow_tracker *tracker = make(&config, NULL, &j);
  talk_open(&t, 1);
  talk_up(&t, 1, F_R, 1001, 0, 0);
  talk_open(&t, 2);
  talk_open(&t, 3);
  talk_open(&t, 4);
  feed_all(tracker, &t);
  const tcpflow_tracker_stats stats = stats_of(tracker);
  assert_int_equal(stats.evicted_in_phase[TCPFLOW_PHASE_RESET], 1);
  assert_int_equal(stats.evicted_in_phase[TCPFLOW_PHASE_OPEN], 1);
  assert_int_equal(stats.flows_evicted, 1);
  assert_int_equal(j.reason[TCPFLOW_END_RESET], 1);
  assert_int_equal(j.reason[TCPFLOW_END_EVICTED], 1);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

/* A flood fills the memory; then open connections have something odd to be
   remembered, and the flood goes on. */
static void max_memory__flood_then_odd__open_connections_stay(void **state) {
  tcpflow_tracker_config config;
  talk t = {0};
  journal j = {0};

  (void)state;
  tcpflow_tracker_config_init(&config);
  config.ignore_fragments = 1;
  config.max_memory = 2 << 20;
  tcpflow_tracker *tracker = make(&config, NULL, &j);
  for (uint32_t i = 0; i < 900; i++) {
    talk_open(&t, i);
  }
  for (uint32_t i = 10000; i < 13000; i++) {
    talk_up(&t, i, F_S, 1000, 0, 0);
  }
  for (uint32_t i = 0; i < 900; i++) {
    talk_up(&t, i, F_A, 1001, 5050, 0); /* An ACK of what was not captured. */
  }
  for (uint32_t i = 20000; i < 23000; i++) {
    talk_up(&t, i, F_S, 1000, 0, 0);
  }
  feed_all(tracker, &t);
  const tcpflow_tracker_stats stats = stats_of(tracker);
  assert_int_equal(stats.flows_in_phase[TCPFLOW_PHASE_OPEN], 900);
  assert_int_equal(stats.evicted_in_phase[TCPFLOW_PHASE_OPEN], 0);
  assert_true(stats.memory <= config.max_memory);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

/* Less than a tracker takes when it is made: one flow at a time. */
static void max_memory__hardly_any__one_flow_stays(void **state) {
  tcpflow_tracker_config config;
  talk t = {0};
  journal j = {0};

  (void)state;
  tcpflow_tracker_config_init(&config);
  config.max_memory = 1;
  tcpflow_tracker *tracker = make(&config, NULL, &j);
  for (uint32_t i = 0; i < 100; i++) {
    talk_open(&t, i);
  }
  feed_all(tracker, &t);
  assert_int_equal(stats_of(tracker).flows_live, 1);
  assert_int_equal(j.reason[TCPFLOW_END_EVICTED], 99);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

/* --- what becomes of connections --- */

static void get_stats__each_way_to_end__counted_apart(void **state) {
  tcpflow_tracker_config config;
  talk t = {0};
  journal j = {0};

  (void)state;
  tcpflow_tracker_config_init(&config);
  config.max_flows = 3;
  tcpflow_tracker *tracker = make(&config, NULL, &j);
  t.now = TCPFLOW_SECOND;
  talk_open(&t, 1);
  talk_close(&t, 1);
  talk_open(&t, 2);
  talk_up(&t, 2, F_RA, 1001, 5001, 0);
  t.now += 10 * TCPFLOW_SECOND;
  talk_up(&t, 3, F_S, 1000, 0, 0);
  t.now += 200 * TCPFLOW_SECOND;
  for (uint32_t client = 4; client < 8; client++) {
    talk_up(&t, client, F_S, 1000, 0, 0);
  }
  feed_all(tracker, &t);
  assert_int_equal(tcpflow_tracker_flush(tracker), TCPFLOW_OK);
  const tcpflow_tracker_stats stats = stats_of(tracker);
  assert_int_equal(stats.ended_by[TCPFLOW_END_FIN], 1);
  assert_int_equal(stats.ended_by[TCPFLOW_END_RESET], 1);
  assert_int_equal(stats.ended_by[TCPFLOW_END_TIMEOUT], 1);
  assert_int_equal(stats.ended_by[TCPFLOW_END_EVICTED], 1);
  assert_int_equal(stats.ended_by[TCPFLOW_END_FLUSHED], 3);
  assert_int_equal(stats.flows_ended, 7);
  assert_int_equal(stats.flows_established, 2);
  assert_int_equal(stats.evicted_for_memory, 0);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

/* RFC 9293 section 3.5: only a SYN tells who opens.  Data comes first, from a
   port that looks like a server's; then the SYN before it. */
static void get_stats__syn_comes_late__a_flip(void **state) {
  say what = {tuple_of(1), F_PA, 1001, 5001, 1, 0};
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, NULL, &j);

  (void)state;
  what.tuple.port[0] = 80;
  what.tuple.port[1] = 40000;
  talk_say(&t, &what);
  feed_all(tracker, &t);
  assert_int_equal(stats_of(tracker).flows_flipped, 0);
  what.seq = 1000;
  what.ack = 0;
  what.flags = F_S;
  what.payload = 0;
  talk_say(&t, &what);
  feed_all(tracker, &t);
  assert_int_equal(stats_of(tracker).flows_flipped, 1);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

/* RFC 9293 section 3.10.7.1: whoever has reset a connection answers with RSTs,
   so data of his shows that the RST was not his own. */
static void get_stats__sender_of_rst_goes_on__a_reversal(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, NULL, &j);

  (void)state;
  talk_open(&t, 1);
  talk_up(&t, 1, F_RA, 1001, 5001, 0);
  feed_all(tracker, &t);
  assert_int_equal(stats_of(tracker).ends_reversed, 0);
  t.now = TCPFLOW_SECOND;
  talk_up(&t, 1, F_PA, 1001, 5001, 10);
  talk_up(&t, 1, F_PA, 1011, 5001, 10);
  feed_all(tracker, &t);
  assert_int_equal(stats_of(tracker).ends_reversed, 1);
  assert_int_equal(stats_of(tracker).flows_in_phase[TCPFLOW_PHASE_OPEN], 1);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

static void get_stats__ignored_twice__once(void **state) {
  const tcpflow_tuple tuple = tuple_of(1);
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, NULL, &j);

  (void)state;
  talk_open(&t, 1);
  talk_open(&t, 2);
  feed_all(tracker, &t);
  tcpflow_conn *conn = tcpflow_tracker_find(tracker, &tuple);
  assert_non_null(conn);
  tcpflow_conn_ignore(conn);
  tcpflow_conn_ignore(conn);
  assert_int_equal(stats_of(tracker).flows_ignored, 1);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

/* A checkpoint has them, and another tracker adds them to its own. */
static void get_stats__restored__goes_on_counting(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *one = make(NULL, NULL, &j);
  tcpflow_tracker *two = make(NULL, NULL, &j);

  (void)state;
  talk_open(&t, 1);
  talk_close(&t, 1);
  feed_all(one, &t);
  savings s = savings_of(one);
  talk_open(&t, 2);
  feed_all(two, &t);
  assert_int_equal(tcpflow_tracker_load(two, s.bytes, s.length), TCPFLOW_OK);
  talk_open(&t, 3);
  feed_all(two, &t);
  assert_int_equal(stats_of(two).flows_established, 3);
  assert_int_equal(stats_of(two).ended_by[TCPFLOW_END_FIN], 1);
  savings_clear(&s);
  tcpflow_tracker_del(one);
  tcpflow_tracker_del(two);
  journal_clear(&j);
}

static void stats_add__two_trackers__sums(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *one = make(NULL, NULL, &j);
  tcpflow_tracker *two = make(NULL, NULL, &j);

  (void)state;
  for (uint32_t i = 0; i < 5; i++) {
    talk_open(&t, i);
  }
  feed_all(one, &t);
  talk_up(&t, 9, F_S, 1000, 0, 0);
  feed_all(two, &t);

  tcpflow_tracker_stats sum = stats_of(one);
  const tcpflow_tracker_stats other = stats_of(two);
  const uint64_t memory = sum.memory + other.memory;
  assert_int_equal(tcpflow_tracker_stats_add(&sum, &other), TCPFLOW_OK);
  assert_int_equal(sum.frames, 16);
  assert_int_equal(sum.packets[TCPFLOW_PACKET_TCP], 16);
  assert_int_equal(sum.flows_live, 6);
  assert_int_equal(sum.flows_in_phase[TCPFLOW_PHASE_OPEN], 5);
  assert_int_equal(sum.flows_in_phase[TCPFLOW_PHASE_OPENING], 1);
  assert_int_equal(sum.memory, memory);
  assert_int_equal(sum.size, sizeof(sum));
  tcpflow_tracker_del(one);
  tcpflow_tracker_del(two);
  journal_clear(&j);
}

static void stats_add__no_stamp__version_error(void **state) {
  tcpflow_tracker_stats good;
  tcpflow_tracker_stats bad;

  (void)state;
  tcpflow_tracker_stats_init(&good);
  memset(&bad, 0, sizeof(bad));
  assert_int_equal(tcpflow_tracker_stats_add(&good, &bad), TCPFLOW_ERR_VERSION);
  assert_int_equal(tcpflow_tracker_stats_add(&bad, &good), TCPFLOW_ERR_VERSION);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(get_stats__shorter_struct__what_fits),
    cmocka_unit_test(get_stats__early_data__held_memory),
    cmocka_unit_test(get_stats__all_kinds_of_memory__to_the_octet),
    cmocka_unit_test(get_stats__early_data_told__its_memory_waits),
    cmocka_unit_test(max_memory__more_flows_than_fit__oldest_go),
    cmocka_unit_test(max_memory__flood_then_odd__open_connections_stay),
    cmocka_unit_test(get_stats__reset_and_open_ones_evicted__by_phase),
    cmocka_unit_test(max_memory__hardly_any__one_flow_stays),
    cmocka_unit_test(get_stats__each_way_to_end__counted_apart),
    cmocka_unit_test(get_stats__syn_comes_late__a_flip),
    cmocka_unit_test(get_stats__sender_of_rst_goes_on__a_reversal),
    cmocka_unit_test(get_stats__ignored_twice__once),
    cmocka_unit_test(get_stats__restored__goes_on_counting),
    cmocka_unit_test(stats_add__two_trackers__sums),
    cmocka_unit_test(stats_add__no_stamp__version_error),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
