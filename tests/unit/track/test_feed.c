/* tests/unit/track/test_feed.c - mirror of lib/track/feed.c, find.c, general.c
   and several.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "conn/conn.h"
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

/* A RST ends a connection at once. */
static tcpflow_conn_config no_doubt(void) {
  tcpflow_conn_config config;

  tcpflow_conn_config_init(&config);
  config.reset_linger_ns = 0;
  return config;
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
  assert_int_equal(stats.flows_in_phase[TCPFLOW_PHASE_ENDED], 1);
  assert_int_equal(j.reason[TCPFLOW_END_FIN], 1);
  tcpflow_tracker_del(tracker);
  assert_int_equal(j.ends, 1);
  talk_clear(&t);
  journal_clear(&j);
}

static void feed__nothing__ok(void **state) {
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j, NULL);
  size_t consumed = 99;

  (void)state;
  assert_int_equal(tcpflow_tracker_feed(tracker, NULL, 0, &consumed),
                   TCPFLOW_OK);
  assert_int_equal(consumed, 0);
  assert_int_equal(tcpflow_tracker_feed(tracker, NULL, 0, NULL), TCPFLOW_OK);
  assert_int_equal(stats_of(tracker).frames, 0);
  tcpflow_tracker_del(tracker);
}

/* --- frames that reach no connection --- */

/* A frame of which nothing was captured may have no bytes; in a batch, its
   bytes are asked for ahead of time. */
static void feed__frames_without_bytes__counted(void **state) {
  tcpflow_frame frames[8];
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j, NULL);

  (void)state;
  for (size_t i = 0; i < 8; i++) {
    frames[i] = (tcpflow_frame){.length = 60, .link = TCPFLOW_LINK_ETHERNET};
  }
  assert_int_equal(tcpflow_tracker_feed(tracker, frames, 8, NULL), TCPFLOW_OK);
  assert_int_equal(stats_of(tracker).packets[TCPFLOW_PACKET_TRUNCATED], 8);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
}

static void feed__not_tcp__counted_by_kind(void **state) {
  static const uint8_t arp[60] = {[12] = 0x08, [13] = 0x06};
  const tcpflow_frame frames[3] = {
    {.bytes = arp, .captured = 60, .length = 60, .link = TCPFLOW_LINK_ETHERNET},
    {.bytes = arp, .captured = 10, .length = 60, .link = TCPFLOW_LINK_ETHERNET},
    {.bytes = arp, .captured = 60, .length = 60, .link = 4711},
  };
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j, NULL);

  (void)state;
  assert_int_equal(tcpflow_tracker_feed(tracker, frames, 3, NULL), TCPFLOW_OK);
  const tcpflow_tracker_stats stats = stats_of(tracker);
  assert_int_equal(stats.frames, 3);
  assert_int_equal(stats.packets[TCPFLOW_PACKET_NOT_IP], 1);
  assert_int_equal(stats.packets[TCPFLOW_PACKET_TRUNCATED], 1);
  assert_int_equal(stats.packets[TCPFLOW_PACKET_UNSUPPORTED], 1);
  assert_int_equal(stats.flows_new, 0);
  tcpflow_tracker_del(tracker);
}

/* Changes an octet of the last frame's header. */
static void spoil(talk *t, size_t at, uint8_t value) {
  ((uint8_t *)(uintptr_t)t->frame[t->count - 1].bytes)[at] = value;
}

static void feed__bad_offset_and_fragment__no_connection(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j, NULL);

  (void)state;
  /* Ethernet 14, IPv4 20: octet 46 is the data offset, 20 the fragment. */
  talk_up(&t, 1, F_S, 1000, 0, 0);
  spoil(&t, 46, 0x40);
  talk_up(&t, 2, F_S, 1000, 0, 0);
  spoil(&t, 46, 0xf0);
  talk_up(&t, 3, F_S, 1000, 0, 0);
  spoil(&t, 20, 0x20);
  feed_all(tracker, &t);

  const tcpflow_tracker_stats stats = stats_of(tracker);
  assert_int_equal(stats.bad_offset, 2);
  assert_int_equal(stats.first_fragments, 1);
  assert_int_equal(stats.packets[TCPFLOW_PACKET_TCP], 3);
  assert_int_equal(stats.flows_new, 0);
  assert_int_equal(j.length, 0);
  tcpflow_tracker_del(tracker);
  talk_clear(&t);
}

static void feed__rst_or_nonsense_alone__no_connection(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j, NULL);

  (void)state;
  talk_up(&t, 1, F_R, 1000, 0, 0);
  talk_up(&t, 1, F_RA, 1000, 5, 0);
  talk_up(&t, 1, 0, 1000, 5, 0);
  talk_up(&t, 1, TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_FIN, 1000, 5, 0);
  feed_all(tracker, &t);
  assert_int_equal(stats_of(tracker).without_flow, 4);
  assert_int_equal(stats_of(tracker).flows_new, 0);
  tcpflow_tracker_del(tracker);
  talk_clear(&t);
}

static void feed__wrong_checksum__only_if_verified(void **state) {
  (void)state;
  for (uint32_t verify = 0; verify < 2; verify++) {
    const say wrong_syn = {tuple_of(1), F_S, 1000, 0, 0, 1};
    const say wrong_rst = {tuple_of(2), F_RA, 1001, 5001, 0, 1};
    const tcpflow_conn_config conn = no_doubt();
    tcpflow_tracker_config config;
    talk t = {0};
    journal j = {0};

    tcpflow_tracker_config_init(&config);
    config.verify_checksums = verify;
    config.conn = &conn;
    tcpflow_tracker *tracker = make(&config, &j, NULL);
    talk_say(&t, &wrong_syn);
    talk_open(&t, 2);
    talk_say(&t, &wrong_rst);
    feed_all(tracker, &t);

    const tcpflow_tracker_stats stats = stats_of(tracker);
    assert_int_equal(stats.bad_checksum, verify * 2);
    assert_int_equal(stats.without_flow, verify);
    assert_int_equal(stats.flows_new, 2 - verify);
    assert_int_equal(stats.flows_live, 1);
    assert_int_equal(j.reason[TCPFLOW_END_RESET], 1 - verify);
    tcpflow_tracker_del(tracker);
    talk_clear(&t);
    journal_clear(&j);
  }
}

/* --- whose is it? --- */

static void feed__server_speaks_first__client_is_known(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j, NULL);
  const tcpflow_tuple tuple = tuple_of(9);
  tcpflow_conn_info info;

  (void)state;
  talk_down(&t, 9, F_SA, 5000, 1001, 0);
  talk_up(&t, 9, F_A, 1001, 5001, 0);
  feed_all(tracker, &t);
  tcpflow_conn *const conn = tcpflow_tracker_find(tracker, &tuple);
  assert_non_null(conn);
  tcpflow_conn_info_init(&info);
  assert_int_equal(tcpflow_conn_get_info(conn, &info), TCPFLOW_OK);
  assert_memory_equal(&info.tuple, &tuple, sizeof(tuple));
  tcpflow_tracker_del(tracker);
  talk_clear(&t);
  journal_clear(&j);
}

static void feed__stragglers__recognized_until_they_expire(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j, NULL);

  (void)state;
  t.now = TCPFLOW_SECOND;
  talk_open(&t, 1);
  talk_close(&t, 1);
  t.now = 60 * TCPFLOW_SECOND;
  talk_up(&t, 1, F_FA, 1001, 5001, 0); /* The FIN, sent again. */
  feed_all(tracker, &t);
  assert_int_equal(stats_of(tracker).stragglers, 1);
  assert_int_equal(stats_of(tracker).flows_new, 1);

  talk_clear(&t);
  t.now = 61 * TCPFLOW_SECOND;
  talk_up(&t, 1, F_FA, 1001, 5001, 0);
  feed_all(tracker, &t);
  assert_int_equal(stats_of(tracker).stragglers, 1);
  assert_int_equal(stats_of(tracker).flows_new, 2);
  tcpflow_tracker_del(tracker);
  talk_clear(&t);
  journal_clear(&j);
}

/* Two seconds later the end is certain, and what comes is late. */
static void feed__segment_long_after_rst__straggler(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j, NULL);

  (void)state;
  talk_open(&t, 1);
  talk_up(&t, 1, F_RA, 1001, 5001, 0);
  feed_all(tracker, &t);
  assert_int_equal(j.reason[TCPFLOW_END_RESET], 0);
  assert_int_equal(stats_of(tracker).flows_in_phase[TCPFLOW_PHASE_RESET], 1);
  talk_clear(&t);
  t = (talk){.now = 3 * TCPFLOW_SECOND};
  talk_down(&t, 1, F_PA, 5001, 1001, 10);
  feed_all(tracker, &t);
  assert_int_equal(j.reason[TCPFLOW_END_RESET], 1);
  assert_int_equal(stats_of(tracker).flows_in_phase[TCPFLOW_PHASE_ENDED], 1);
  assert_int_equal(stats_of(tracker).stragglers, 1);
  assert_int_equal(stats_of(tracker).flows_new, 1);
  tcpflow_tracker_del(tracker);
  talk_clear(&t);
  journal_clear(&j);
}

static void feed__segment_after_rst__straggler(void **state) {
  const tcpflow_conn_config conn = no_doubt();
  tcpflow_tracker_config config;
  talk t = {0};
  journal j = {0};

  (void)state;
  tcpflow_tracker_config_init(&config);
  config.conn = &conn;
  tcpflow_tracker *tracker = make(&config, &j, NULL);
  talk_open(&t, 1);
  talk_up(&t, 1, F_RA, 1001, 5001, 0);
  talk_down(&t, 1, F_PA, 5001, 1001, 10);
  feed_all(tracker, &t);
  assert_int_equal(j.reason[TCPFLOW_END_RESET], 1);
  assert_int_equal(stats_of(tracker).flows_in_phase[TCPFLOW_PHASE_ENDED], 1);
  assert_int_equal(stats_of(tracker).stragglers, 1);
  assert_int_equal(stats_of(tracker).flows_new, 1);
  tcpflow_tracker_del(tracker);
  talk_clear(&t);
  journal_clear(&j);
}

static void feed__ports_used_again__next_connection(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j, NULL);

  (void)state;
  talk_open(&t, 1);
  talk_close(&t, 1);
  talk_up(&t, 1, F_S, 900000, 0, 0);
  talk_up(&t, 1, F_FA, 900001, 1, 0);
  feed_all(tracker, &t);
  assert_int_equal(stats_of(tracker).flows_new, 2);
  assert_int_equal(stats_of(tracker).flows_in_phase[TCPFLOW_PHASE_ENDED], 0);
  assert_int_equal(j.ends, 1);
  tcpflow_tracker_del(tracker);
  talk_clear(&t);
  journal_clear(&j);
}

/* Both sent FIN, the last ACK was not captured: it lives, until a SYN is
   answered. */
static void feed__ports_used_again_while_live__reused(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j, NULL);

  (void)state;
  talk_open(&t, 1);
  talk_up(&t, 1, F_FA, 1001, 5001, 0);
  talk_down(&t, 1, F_FA, 5001, 1002, 0);
  talk_up(&t, 1, F_S, 900000, 0, 0);
  talk_down(&t, 1, F_SA, 700000, 900001, 0);
  feed_all(tracker, &t);
  assert_int_equal(j.reason[TCPFLOW_END_REUSED], 1);
  assert_int_equal(j.news, 2);
  assert_int_equal(stats_of(tracker).flows_live, 1);
  tcpflow_tracker_del(tracker);
  assert_int_equal(j.ends, 2);
  talk_clear(&t);
  journal_clear(&j);
}

static void feed__linger_0__ended_is_forgotten(void **state) {
  tcpflow_tracker_config config;
  talk t = {0};
  journal j = {0};

  (void)state;
  tcpflow_tracker_config_init(&config);
  config.timeout_ns[TCPFLOW_PHASE_ENDED] = 0;
  tcpflow_tracker *tracker = make(&config, &j, NULL);
  talk_open(&t, 1);
  talk_close(&t, 1);
  feed_all(tracker, &t);
  assert_int_equal(stats_of(tracker).flows_in_phase[TCPFLOW_PHASE_ENDED], 0);
  assert_int_equal(stats_of(tracker).flows_live, 0);
  tcpflow_tracker_del(tracker);
  talk_clear(&t);
  journal_clear(&j);
}

static void feed__scope_differs__two_connections(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j, NULL);

  (void)state;
  talk_up(&t, 1, F_S, 1000, 0, 0);
  talk_up(&t, 1, F_S, 1000, 0, 0);
  t.frame[1].scope = 5;
  feed_all(tracker, &t);
  assert_int_equal(stats_of(tracker).flows_new, 2);
  tcpflow_tracker_del(tracker);
  talk_clear(&t);
  journal_clear(&j);
}

static void feed__vlan_differs__as_configured(void **state) {
  (void)state;
  for (uint32_t flags = 0; flags < 2; flags++) {
    say syn = {tuple_of(1), F_S, 1000, 0, 0, 0};
    tcpflow_tracker_config config;
    talk t = {0};
    journal j = {0};

    tcpflow_tracker_config_init(&config);
    config.key_flags = flags;
    tcpflow_tracker *tracker = make(&config, &j, NULL);
    talk_say(&t, &syn);
    syn.tuple.vlan = UINT32_C(1) << 28 | 7U << 16;
    talk_say(&t, &syn);
    feed_all(tracker, &t);
    assert_int_equal(stats_of(tracker).flows_new, 1 + flags);
    tcpflow_tracker_del(tracker);
    talk_clear(&t);
    journal_clear(&j);
  }
}

/* A handshake of which each segment comes another way. */
static void feed__tunnel_differs__as_configured(void **state) {
  static const uint32_t flags[2] = {0, TCPFLOW_KEY_NO_TUNNEL};
  static const uint64_t flows[2] = {3, 1};
  const tcpflow_tuple there = tuple_of(1);
  const say syn = {there, F_S, 1000, 0, 0, 0};
  const say syn_ack = {tuple_back(&there), F_SA, 5000, 1001, 0, 0};
  const say ack = {there, F_A, 1001, 5001, 0, 0};

  (void)state;
  for (unsigned i = 0; i < 2; i++) {
    tcpflow_tracker_config config;
    talk t = {0};
    journal j = {0};

    tcpflow_tracker_config_init(&config);
    config.key_flags = flags[i];
    tcpflow_tracker *tracker = make(&config, &j, NULL);
    talk_in_vxlan(&t, &syn, 5);
    talk_in_vxlan(&t, &syn_ack, 6);
    talk_in_vxlan(&t, &ack, 0);
    feed_all(tracker, &t);
    assert_int_equal(stats_of(tracker).flows_new, flows[i]);
    assert_int_equal(stats_of(tracker).flows_in_phase[TCPFLOW_PHASE_OPEN], i);
    tcpflow_tracker_del(tracker);
    talk_clear(&t);
    journal_clear(&j);
  }
}

static void feed__same_ends__one_connection(void **state) {
  say syn = {tuple_of(1), F_S, 1000, 0, 0, 0};
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j, NULL);

  (void)state;
  memcpy(syn.tuple.address[1], syn.tuple.address[0], 16);
  syn.tuple.port[1] = syn.tuple.port[0];
  talk_say(&t, &syn);
  syn.flags = F_SA;
  syn.ack = 1001;
  talk_say(&t, &syn);
  feed_all(tracker, &t);
  assert_int_equal(stats_of(tracker).flows_new, 1);
  tcpflow_tracker_del(tracker);
  talk_clear(&t);
  journal_clear(&j);
}

/* --- time --- */

static void feed__clock_goes_back__held_and_counted(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j, NULL);

  (void)state;
  t.now = 1000 * TCPFLOW_SECOND;
  talk_up(&t, 1, F_S, 1000, 0, 0);
  t.now = 1;
  talk_down(&t, 1, F_SA, 5000, 1001, 0);
  talk_up(&t, 1, F_A, 1001, 5001, 0);
  feed_all(tracker, &t);
  assert_int_equal(stats_of(tracker).time_backwards, 2);
  assert_int_equal(j.ends, 0);
  assert_int_equal(stats_of(tracker).flows_in_phase[TCPFLOW_PHASE_OPENING], 0);
  assert_int_equal(stats_of(tracker).flows_live, 1);
  /* Events keep the clock's time. */
  assert_null(strstr(j.text, "\n1 "));
  tcpflow_tracker_del(tracker);
  talk_clear(&t);
  journal_clear(&j);
}

/* A jump over years ends all flows, but no frame pays for more than a few. */
static void feed__jump_of_years__bounded_work_a_frame(void **state) {
  talk t = {0};
  journal j = {0};
  tcpflow_tracker *tracker = make(NULL, &j, NULL);
  size_t ends = 0;

  (void)state;
  for (uint32_t i = 0; i < 1000; i++) {
    talk_up(&t, i, F_S, 1000, 0, 0);
  }
  feed_all(tracker, &t);
  talk_clear(&t);
  t.now = UINT64_C(1800000000) * TCPFLOW_SECOND;
  for (uint32_t i = 0; i < 40; i++) {
    talk_up(&t, 2000, F_S, 1000, 0, 0);
  }
  for (uint32_t i = 0; i < 40; i++) {
    assert_int_equal(tcpflow_tracker_feed(tracker, &t.frame[i], 1, NULL),
                     TCPFLOW_OK);
    assert_true(j.ends - ends <= 32);
    ends = j.ends;
  }
  assert_int_equal(j.reason[TCPFLOW_END_TIMEOUT], 1000);
  assert_int_equal(stats_of(tracker).flows_timeout, 1000);
  tcpflow_tracker_del(tracker);
  talk_clear(&t);
  journal_clear(&j);
}

/* Its own packet finds a flow expired though no timer has looked yet. */
static void feed__packet_after_idle_time__next_connection(void **state) {
  tcpflow_tracker_config config;
  talk t = {0};
  journal j = {0};

  (void)state;
  tcpflow_tracker_config_init(&config);
  config.timeout_ns[TCPFLOW_PHASE_OPENING] = 1000;
  tcpflow_tracker *tracker = make(&config, &j, NULL);
  t.now = 5000;
  talk_up(&t, 1, F_S, 1000, 0, 0);
  t.now = 5999;
  talk_up(&t, 1, F_S, 1000, 0, 0);
  t.now = 6999;
  talk_up(&t, 1, F_S, 1000, 0, 0);
  feed_all(tracker, &t);
  assert_int_equal(j.reason[TCPFLOW_END_TIMEOUT], 1);
  assert_int_equal(j.news, 2);
  /* Told with the moment at which the idle time was over. */
  assert_non_null(strstr(j.text, "\n6999 1 end 3\n"));
  tcpflow_tracker_del(tracker);
  talk_clear(&t);
  journal_clear(&j);
}

static int ignore_first(tcpflow_conn *conn, const tcpflow_new_event *e,
                        void *user) {
  (void)e;
  if ((*(unsigned *)user)++ == 0) {
    tcpflow_conn_ignore(conn);
  }
  return 0;
}

static int want_options(tcpflow_conn *conn, const tcpflow_segment_event *e,
                        void *user) {
  (void)conn;
  (void)user;
  assert_non_null(e->segment->options);
  return 0;
}

/* Nobody wants the options of a connection that is ignored; but its sender goes
   on behind its RST, so the segment is the next one's. */
static void feed__begins_behind_an_ignored_one__with_options(void **state) {
  talk t = {0};
  unsigned begun = 0;
  tcpflow_conn_callbacks callbacks;
  tcpflow_tracker *tracker = NULL;

  (void)state;
  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_new = ignore_first;
  callbacks.on_segment = want_options;
  assert_int_equal(
    tcpflow_tracker_new(&tracker, NULL, &callbacks, NULL, &begun), TCPFLOW_OK);
  t.now = 1000 * TCPFLOW_SECOND;
  talk_open(&t, 1);
  talk_up(&t, 1, F_PA, 1001, 5001, 50);
  talk_down(&t, 1, F_R, 5001, 0, 0);
  t.now += 20 * TCPFLOW_SECOND;
  talk_down(&t, 1, F_PA, 5001, 1051, 50);
  feed_all(tracker, &t);
  assert_int_equal(begun, 2);
  tcpflow_tracker_del(tracker);
  talk_clear(&t);
}

/* From the client, with a timestamp. */
static void talk_stamped(talk *t, uint32_t client, unsigned flags, uint32_t seq,
                         uint8_t stamp) {
  const uint8_t options[] = {1, 1, 8, 10, 0, 0, 0, stamp, 0, 0, 0, 0};
  const tcpflow_tuple tuple = tuple_of(client);
  uint8_t buffer[FRAME_ROOM];
  tcpflow_build_tcp tcp;
  tcpflow_frame frame;

  tcpflow_build_tcp_init(&tcp);
  tcp.seq = seq;
  tcp.ack = 5001;
  tcp.flags = (uint16_t)flags;
  tcp.window = 65535;
  tcp.options = options;
  tcp.options_length = sizeof(options);
  assert_int_equal(tcpflow_build_segment(&frame, buffer, sizeof(buffer),
                                         TCPFLOW_LINK_ETHERNET, &tuple, &tcp),
                   TCPFLOW_OK);
  talk_frame(t, &frame);
}

/* What a connection that is ignored knows of timestamps does not depend on what
   else it remembers: one that was loaded remembers less. */
static void feed__ignored__options_never_matter(void **state) {
  uint32_t recent[2];

  (void)state;
  for (unsigned i = 0; i < 2; i++) {
    talk t = {.now = 1000 * TCPFLOW_SECOND};
    journal j = {0};
    tcpflow_tracker *const tracker = make(NULL, &j, NULL);
    const tcpflow_tuple tuple = tuple_of(1);

    talk_stamped(&t, 1, F_A, 1001, 3);
    feed_all(tracker, &t);
    tcpflow_conn *const conn = tcpflow_tracker_find(tracker, &tuple);
    assert_non_null(conn);
    tcpflow_conn_ignore(conn);
    if (i == 1) {
      assert_int_equal(
        tcpflow_conn_set_timeout(conn, TCPFLOW_PHASE_OPEN, TCPFLOW_TIME_NONE),
        TCPFLOW_OK);
    }
    talk_clear(&t);
    talk_stamped(&t, 1, F_A, 1001, 9);
    t.frame[0].time = 1001 * TCPFLOW_SECOND;
    feed_all(tracker, &t);
    recent[i] = conn->end[TCPFLOW_SIDE_CLIENT].ts_recent;
    tcpflow_tracker_del(tracker);
    talk_clear(&t);
    journal_clear(&j);
  }
  assert_int_equal(recent[0], recent[1]);
}

static int ignore_any(tcpflow_conn *conn, const tcpflow_new_event *e,
                      void *user) {
  (void)e;
  (void)user;
  tcpflow_conn_ignore(conn);
  return 0;
}

/* Data both ways, a hole, and an idle time that is nearly over. */
static void talk_a_while(talk *t) {
  talk_open(t, 1);
  for (uint32_t i = 0; i < 40; i++) {
    talk_up(t, 1, F_PA, 1001 + i * 50, 5001 + i * 70, 50);
    talk_down(t, 1, F_PA, 5001 + i * 70, 1051 + i * 50, 70);
    talk_up(t, 1, F_A, 1051 + i * 50, 5071 + i * 70, 0);
  }
  talk_up(t, 1, F_PA, 3101, 7801, 10);
  talk_up(t, 1, F_PA, 3001, 7801, 100);
  t->now += 100 * TCPFLOW_SECOND;
  talk_down(t, 1, F_A, 7801, 3111, 0);
}

/* Where its checksums are looked at, a segment goes another way. */
static void feed__ignored__as_with_checksums(void **state) {
  tcpflow_conn_info info[2];

  (void)state;
  for (unsigned i = 0; i < 2; i++) {
    const tcpflow_tuple tuple = tuple_of(1);
    talk t = {.now = 1000 * TCPFLOW_SECOND};
    tcpflow_conn_callbacks callbacks;
    tcpflow_tracker_config config;
    tcpflow_tracker *tracker = NULL;

    tcpflow_conn_callbacks_init(&callbacks);
    callbacks.on_new = ignore_any;
    tcpflow_tracker_config_init(&config);
    config.verify_checksums = i == 1;
    assert_int_equal(
      tcpflow_tracker_new(&tracker, &config, &callbacks, NULL, NULL),
      TCPFLOW_OK);
    talk_a_while(&t);
    feed_all(tracker, &t);
    const tcpflow_conn *const conn = tcpflow_tracker_find(tracker, &tuple);
    assert_non_null(conn);
    assert_null(conn->extra);
    memset(&info[i], 0, sizeof(info[i]));
    tcpflow_conn_info_init(&info[i]);
    assert_int_equal(tcpflow_conn_get_info(conn, &info[i]), TCPFLOW_OK);
    tcpflow_tracker_del(tracker);
    talk_clear(&t);
  }
  assert_memory_equal(&info[0], &info[1], sizeof(info[0]));
}

/* --- frames that hold several packets --- */

/* What is told of a talk, frame by frame. */
static void feed_whole(const talk *t, journal *j) {
  tcpflow_tracker *const tracker = make(NULL, j, NULL);

  feed_all(tracker, t);
  tcpflow_tracker_del(tracker);
}

static talk make_aggregated(void) {
  talk t = {.now = 1000 * TCPFLOW_SECOND};

  talk_open(&t, 7);
  talk_up(&t, 7, F_PA, 1001, 5001, 30);
  for (size_t i = 0; i < t.count; i++) {
    t.frame[i].number = 0;
  }
  return t;
}

static void feed__several_packets_in_a_frame__all_followed(void **state) {
  uint8_t bytes[1024];
  talk t = make_aggregated();
  const tcpflow_frame frame = talk_aggregate(&t, bytes);
  journal right = {0};
  journal j = {0};
  tcpflow_tracker *const tracker = make(NULL, &j, NULL);

  (void)state;
  feed_whole(&t, &right);
  assert_int_equal(tcpflow_tracker_feed(tracker, &frame, 1, NULL), TCPFLOW_OK);
  assert_int_equal(stats_of(tracker).frames, 1);
  assert_int_equal(stats_of(tracker).packets[TCPFLOW_PACKET_TCP], 4);
  tcpflow_tracker_del(tracker);
  assert_string_equal(j.text, right.text);
  journal_clear(&j);
  journal_clear(&right);
  talk_clear(&t);
}

/* A first fragment beside whole packets is not followed by itself. */
static void feed__fragment_among_several__taken_in(void **state) {
  uint8_t bytes[1024];
  talk t = make_aggregated();
  journal j = {0};
  tcpflow_tracker *const tracker = make(NULL, &j, NULL);
  tcpflow_frag_stats frag;
  tcpflow_frame frame;

  (void)state;
  spoil(&t, 20, 0x20);
  frame = talk_aggregate(&t, bytes);
  assert_int_equal(tcpflow_tracker_feed(tracker, &frame, 1, NULL), TCPFLOW_OK);
  tcpflow_frag_stats_init(&frag);
  assert_int_equal(tcpflow_tracker_get_frag_stats(tracker, &frag), TCPFLOW_OK);
  assert_int_equal(frag.fragments, 1);
  assert_int_equal(stats_of(tracker).first_fragments, 1);
  assert_int_equal(stats_of(tracker).flows_new, 1);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
  talk_clear(&t);
}

/* Each request for memory fails once: the frame is fed again, and what was
   followed of it is not followed again. */
static void feed__no_memory_amid_several__goes_on_there(void **state) {
  uint8_t bytes[1024];
  talk t = make_aggregated();
  journal right = {0};
  int failed = 1;
  size_t failures = 0;
  tcpflow_frame frame;

  (void)state;
  /* The last one belongs to another connection, and needs a flow. */
  talk_up(&t, 8, F_S, 1, 0, 0);
  t.frame[t.count - 1].number = 0;
  frame = talk_aggregate(&t, bytes);
  feed_whole(&t, &right);
  for (size_t n = 1; failed; n++) {
    failmem fm = {0};
    const tcpflow_mem mem = failmem_table(&fm);
    journal j = {0};
    tcpflow_tracker *const tracker = make(NULL, &j, &mem);

    fm.fail_at = fm.requests + n;
    int error = tcpflow_tracker_feed(tracker, &frame, 1, NULL);
    if (error == TCPFLOW_ERR_NOMEM) {
      assert_int_equal(stats_of(tracker).frames, 0);
      error = tcpflow_tracker_feed(tracker, &frame, 1, NULL);
      failures++;
    }
    assert_int_equal(error, TCPFLOW_OK);
    failed = fm.requests >= fm.fail_at;
    assert_int_equal(stats_of(tracker).packets[TCPFLOW_PACKET_TCP], 5);
    tcpflow_tracker_del(tracker);
    assert_string_equal(j.text, right.text);
    assert_int_equal(fm.live_blocks, 0);
    journal_clear(&j);
  }
  assert_true(failures > 0);
  journal_clear(&right);
  talk_clear(&t);
}

static int stop_at_segment(tcpflow_conn *conn, const tcpflow_segment_event *e,
                           void *user) {
  return journal_segment(conn, e, user) == 0;
}

/* Between two packets of a frame, a callback's wish to stop is heard. */
static void feed__callback_stops_amid_several__goes_on_there(void **state) {
  uint8_t bytes[1024];
  talk t = make_aggregated();
  const tcpflow_frame frame = talk_aggregate(&t, bytes);
  tcpflow_conn_callbacks callbacks = journal_callbacks();
  tcpflow_tracker *tracker = NULL;
  journal j = {0};

  (void)state;
  callbacks.on_segment = stop_at_segment;
  assert_int_equal(tcpflow_tracker_new(&tracker, NULL, &callbacks, NULL, &j),
                   TCPFLOW_OK);
  for (size_t i = 0; i < t.count; i++) {
    size_t consumed = 9;
    assert_int_equal(tcpflow_tracker_feed(tracker, &frame, 1, &consumed),
                     TCPFLOW_ERR_CALLBACK);
    assert_int_equal(consumed, i + 1 == t.count);
    assert_int_equal(stats_of(tracker).packets[TCPFLOW_PACKET_TCP], i + 1);
  }
  assert_int_equal(stats_of(tracker).frames, 1);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
  talk_clear(&t);
}

/* A frame that is given up does not hide packets of the next one, even if that
   stands in the same place and has the same time and number. */
static void feed__frame_given_up__next_one_is_whole(void **state) {
  uint8_t bytes[1024];
  talk t = make_aggregated();
  talk other = {.now = t.now};
  tcpflow_frame frame = talk_aggregate(&t, bytes);
  tcpflow_conn_callbacks callbacks = journal_callbacks();
  tcpflow_tracker *tracker = NULL;
  journal j = {0};
  size_t consumed = 9;

  (void)state;
  callbacks.on_segment = stop_at_segment;
  assert_int_equal(tcpflow_tracker_new(&tracker, NULL, &callbacks, NULL, &j),
                   TCPFLOW_OK);
  assert_int_equal(tcpflow_tracker_feed(tracker, &frame, 1, &consumed),
                   TCPFLOW_ERR_CALLBACK);
  assert_int_equal(consumed, 0);
  talk_open(&other, 9);
  for (size_t i = 0; i < other.count; i++) {
    other.frame[i].number = 0;
  }
  frame = talk_aggregate(&other, bytes);
  frame.time = t.now;
  for (size_t i = 0; i < other.count; i++) {
    (void)tcpflow_tracker_feed(tracker, &frame, 1, &consumed);
    assert_int_equal(consumed, i + 1 == other.count);
  }
  assert_int_equal(stats_of(tracker).packets[TCPFLOW_PACKET_TCP],
                   1 + other.count);
  assert_int_equal(stats_of(tracker).flows_new, 2);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
  talk_clear(&t);
  talk_clear(&other);
}

/* --- frames of all sorts, one after the other --- */

/* What the callback holds a packet against. */
typedef struct afresh {
  const tcpflow_frame *frame; /* By number. */
  size_t segments;
} afresh;

static int decode_afresh(tcpflow_conn *conn, const tcpflow_segment_event *e,
                         void *user) {
  afresh *const a = (afresh *)user;
  const tcpflow_packet *const packet = e->segment->packet;
  tcpflow_packet other;

  (void)conn;
  memset(&other, 0xa5, sizeof(other));
  tcpflow_packet_init(&other);
  assert_int_equal(
    tcpflow_packet_decode(&other, &a->frame[packet->number], NULL), TCPFLOW_OK);
  assert_memory_equal(packet, &other, offsetof(tcpflow_packet, layer));
  assert_memory_equal(packet->layer, other.layer,
                      other.layer_count * sizeof(other.layer[0]));
  a->segments++;
  return 0;
}

/* The same SYN in a frame of a sort. */
static void talk_sort(talk *t, unsigned sort) {
  say what = {tuple_of(7 + sort), TCPFLOW_FLAG_SYN, 1000, 0, 0, 0};

  what.payload = sort == 2 || sort == 3 ? 40 : 0;
  if (sort == 4) {
    what.tuple.version = 6;
    what.tuple.address[0][15] = 1;
  }
  if (sort == 5) {
    talk_in_vxlan(t, &what, 9);
    return;
  }
  talk_say(t, &what);

  tcpflow_frame *const frame = &t->frame[t->count - 1];
  uint8_t *const bytes = (uint8_t *)(uintptr_t)frame->bytes;
  frame->length += sort == 1 ? 6 : 0;
  frame->captured -= sort == 2 ? 7 : 0;
  frame->scope = sort == 6;
  frame->vlan = sort == 7 ? UINT32_C(0x10070000) : 0;
  frame->tunnel = sort == 8 ? UINT32_C(0x03000005) : 0;
  if (sort == 9) {
    bytes[20] |= 0x20; /* The first fragment. */
  }
  if (sort == 10) {
    bytes[23] = 17;
  }
  if (sort == 11) {
    bytes[46] |= 0x02; /* A reserved bit. */
  }
}

#define SORTS 12U

/* Each sort after each other, and what stood in a place of the batch before
   does not matter. */
static void feed__sorts_of_frames__packets_as_decoded_afresh(void **state) {
  static const size_t batches[] = {1, 2, 5, 32};
  talk t = {.now = TCPFLOW_SECOND};

  (void)state;
  for (unsigned first = 0; first < SORTS; first++) {
    for (unsigned second = 0; second < SORTS; second++) {
      talk_sort(&t, first);
      talk_sort(&t, second);
    }
  }
  for (size_t i = 0; i < sizeof(batches) / sizeof(batches[0]); i++) {
    afresh a = {t.frame, 0};
    tcpflow_conn_callbacks callbacks;
    tcpflow_tracker *tracker = NULL;

    tcpflow_conn_callbacks_init(&callbacks);
    callbacks.on_segment = decode_afresh;
    assert_int_equal(tcpflow_tracker_new(&tracker, NULL, &callbacks, NULL, &a),
                     TCPFLOW_OK);
    for (size_t at = 0; at < t.count; at += batches[i]) {
      const size_t left = t.count - at;
      assert_int_equal(
        tcpflow_tracker_feed(tracker, t.frame + at,
                             left < batches[i] ? left : batches[i], NULL),
        TCPFLOW_OK);
    }
    assert_int_equal(a.segments, (SORTS - 2) * 2 * SORTS);
    tcpflow_tracker_del(tracker);
  }
  talk_clear(&t);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(feed__sorts_of_frames__packets_as_decoded_afresh),
    cmocka_unit_test(feed__open_and_close__one_connection),
    cmocka_unit_test(feed__nothing__ok),
    cmocka_unit_test(feed__frames_without_bytes__counted),
    cmocka_unit_test(feed__not_tcp__counted_by_kind),
    cmocka_unit_test(feed__bad_offset_and_fragment__no_connection),
    cmocka_unit_test(feed__rst_or_nonsense_alone__no_connection),
    cmocka_unit_test(feed__wrong_checksum__only_if_verified),
    cmocka_unit_test(feed__server_speaks_first__client_is_known),
    cmocka_unit_test(feed__stragglers__recognized_until_they_expire),
    cmocka_unit_test(feed__segment_after_rst__straggler),
    cmocka_unit_test(feed__segment_long_after_rst__straggler),
    cmocka_unit_test(feed__ports_used_again__next_connection),
    cmocka_unit_test(feed__ports_used_again_while_live__reused),
    cmocka_unit_test(feed__linger_0__ended_is_forgotten),
    cmocka_unit_test(feed__frame_given_up__next_one_is_whole),
    cmocka_unit_test(feed__scope_differs__two_connections),
    cmocka_unit_test(feed__vlan_differs__as_configured),
    cmocka_unit_test(feed__tunnel_differs__as_configured),
    cmocka_unit_test(feed__same_ends__one_connection),
    cmocka_unit_test(feed__clock_goes_back__held_and_counted),
    cmocka_unit_test(feed__jump_of_years__bounded_work_a_frame),
    cmocka_unit_test(feed__packet_after_idle_time__next_connection),
    cmocka_unit_test(feed__begins_behind_an_ignored_one__with_options),
    cmocka_unit_test(feed__ignored__options_never_matter),
    cmocka_unit_test(feed__ignored__as_with_checksums),
    cmocka_unit_test(feed__several_packets_in_a_frame__all_followed),
    cmocka_unit_test(feed__fragment_among_several__taken_in),
    cmocka_unit_test(feed__no_memory_amid_several__goes_on_there),
    cmocka_unit_test(feed__callback_stops_amid_several__goes_on_there),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
