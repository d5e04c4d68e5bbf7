/* tests/unit/track/test_attach.c - mirror of lib/track/attach.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/failmem.h"
#include "unit/track/traffic.h"

#define SECONDS TCPFLOW_SECOND

typedef struct heard {
  unsigned errors;
  unsigned ends;
  tcpflow_side side;
  int plausible;
  tcpflow_end_reason reason;
} heard;

static int on_icmp(tcpflow_conn *conn, const tcpflow_icmp_event *e,
                   void *user) {
  heard *const h = (heard *)user;

  (void)conn;
  h->errors++;
  h->side = e->side;
  h->plausible = e->plausible;
  return 0;
}

static int on_end(tcpflow_conn *conn, const tcpflow_end_event *e, void *user) {
  heard *const h = (heard *)user;

  (void)conn;
  h->ends++;
  h->reason = e->reason;
  return 0;
}

static tcpflow_tracker *make(const tcpflow_tracker_config *config, heard *h) {
  tcpflow_conn_callbacks callbacks;
  tcpflow_tracker *tracker = NULL;

  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_icmp = on_icmp;
  callbacks.on_end = on_end;
  assert_int_equal(tcpflow_tracker_new(&tracker, config, &callbacks, NULL, h),
                   TCPFLOW_OK);
  return tracker;
}

/* "Host unreachable" from the receiver of what QUOTE says. */
static void feed_error(tcpflow_tracker *tracker, const say *quote,
                       uint32_t octets, tcpflow_time now, uint16_t vlan) {
  uint8_t buffer[512];
  tcpflow_builder builder;
  tcpflow_build_tcp tcp;
  tcpflow_build_ip ip;
  tcpflow_build_layer icmp;
  tcpflow_frame frame;
  const tcpflow_tuple back = tuple_back(&quote->tuple);

  tcpflow_build_tcp_init(&tcp);
  tcp.seq = quote->seq;
  tcp.flags = (uint16_t)quote->flags;
  tcpflow_build_ip_init(&ip);
  tcpflow_build_layer_init(&icmp);
  icmp.flags = 1;
  icmp.id = octets;
  tcpflow_builder_init(&builder, buffer, sizeof(buffer));
  tcpflow_builder_tcp(&builder, &quote->tuple, &tcp);
  tcpflow_builder_ip(&builder, &quote->tuple, &ip);
  tcpflow_builder_layer(&builder, TCPFLOW_LAYER_ICMP, &icmp);
  tcpflow_builder_ip(&builder, &back, &ip);
  assert_int_equal(tcpflow_builder_finish(&builder, &frame), TCPFLOW_OK);
  frame.time = now;
  frame.vlan = vlan;
  assert_int_equal(tcpflow_tracker_feed(tracker, &frame, 1, NULL), TCPFLOW_OK);
}

static void feed_all(tcpflow_tracker *tracker, talk *t) {
  const tcpflow_time now = t->now;

  assert_int_equal(tcpflow_tracker_feed(tracker, t->frame, t->count, NULL),
                   TCPFLOW_OK);
  talk_clear(t);
  t->now = now;
}

static void attach__either_direction__side_that_is_quoted(void **state) {
  const tcpflow_tuple tuple = tuple_of(1);
  const say up = {tuple, F_S, 1000, 0, 0, 0};
  const say down = {tuple_back(&tuple), F_SA, 5000, 1001, 0, 0};
  heard h = {0};
  talk t = {0};
  tcpflow_tracker *tracker = make(NULL, &h);

  (void)state;
  t.now = 5 * SECONDS;
  talk_up(&t, 1, F_S, 1000, 0, 0);
  feed_all(tracker, &t);
  feed_error(tracker, &up, 0, t.now, 0);
  assert_int_equal(h.errors, 1);
  assert_int_equal(h.side, TCPFLOW_SIDE_CLIENT);
  assert_true(h.plausible);
  assert_int_equal(stats_of(tracker).flows_in_phase[TCPFLOW_PHASE_RESET], 1);
  /* It goes on. */
  talk_down(&t, 1, F_SA, 5000, 1001, 0);
  feed_all(tracker, &t);
  assert_int_equal(stats_of(tracker).flows_in_phase[TCPFLOW_PHASE_ANSWERED], 1);
  feed_error(tracker, &down, 0, t.now, 0);
  assert_int_equal(h.side, TCPFLOW_SIDE_SERVER);
  assert_int_equal(stats_of(tracker).flows_in_phase[TCPFLOW_PHASE_RESET], 1);
  assert_int_equal(tcpflow_tracker_advance(tracker, 8 * SECONDS), TCPFLOW_OK);
  assert_int_equal(h.ends, 1);
  assert_int_equal(h.reason, TCPFLOW_END_UNREACHABLE);
  assert_int_equal(stats_of(tracker).icmp_attached, 2);
  assert_int_equal(stats_of(tracker).packets[TCPFLOW_PACKET_ICMP_ERROR], 2);
  tcpflow_tracker_del(tracker);
}

static void attach__no_flow_or_short_quote__counted(void **state) {
  const say up = {tuple_of(1), F_S, 1000, 0, 0, 0};
  heard h = {0};
  talk t = {0};
  tcpflow_tracker *tracker = make(NULL, &h);

  (void)state;
  feed_error(tracker, &up, 0, 0, 0);
  talk_up(&t, 1, F_S, 1000, 0, 0);
  feed_all(tracker, &t);
  feed_error(tracker, &up, 20 + 4, 0, 0);
  assert_int_equal(h.errors, 0);
  assert_int_equal(stats_of(tracker).icmp_without_flow, 2);
  feed_error(tracker, &up, 20 + 8, 0, 0);
  assert_int_equal(h.errors, 1);
  assert_int_equal(stats_of(tracker).flows_new, 1);
  tcpflow_tracker_del(tracker);
}

/* It neither comes in time nor keeps the timer off. */
static void attach__idle_flow__expires_first(void **state) {
  const say up = {tuple_of(1), F_S, 77, 0, 0, 0};
  heard h = {0};
  talk t = {0};
  tcpflow_tracker *tracker = make(NULL, &h);

  (void)state;
  talk_up(&t, 1, F_S, 1000, 0, 0);
  feed_all(tracker, &t);
  feed_error(tracker, &up, 0, 100 * SECONDS, 0);
  assert_int_equal(h.errors, 1);
  assert_false(h.plausible);
  feed_error(tracker, &up, 0, 120 * SECONDS, 0);
  assert_int_equal(h.errors, 1);
  assert_int_equal(h.reason, TCPFLOW_END_TIMEOUT);
  assert_int_equal(stats_of(tracker).icmp_without_flow, 1);
  tcpflow_tracker_del(tracker);
}

/* The quote has no tag: that of the error counts. */
static void attach__vlan_in_the_key__that_of_the_error(void **state) {
  const say up = {tuple_of(1), F_S, 1000, 0, 0, 0};
  tcpflow_tracker_config config;
  heard h = {0};
  talk t = {0};

  (void)state;
  tcpflow_tracker_config_init(&config);
  config.key_flags = TCPFLOW_KEY_VLAN;
  tcpflow_tracker *tracker = make(&config, &h);
  talk_up(&t, 1, F_S, 1000, 0, 0);
  t.frame[0].vlan = 7;
  feed_all(tracker, &t);
  feed_error(tracker, &up, 0, 0, 8);
  assert_int_equal(h.errors, 0);
  feed_error(tracker, &up, 0, 0, 7);
  assert_int_equal(h.errors, 1);
  tcpflow_tracker_del(tracker);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(attach__either_direction__side_that_is_quoted),
    cmocka_unit_test(attach__no_flow_or_short_quote__counted),
    cmocka_unit_test(attach__idle_flow__expires_first),
    cmocka_unit_test(attach__vlan_in_the_key__that_of_the_error),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
