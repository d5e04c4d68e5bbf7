/*
 * tests/unit/conn/test_settle.c - mirror of lib/conn/settle.c: round trips, the
 * data of SYNs, times and windows, as segments leave them.
 */
#include "play.h"

static void feed__syn_again__round_trip_is_ambiguous(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, CLIENT, "S", 1000, 0, "");
  assert_true(p.verdict & TCPFLOW_VERDICT_SYN_RETRANSMISSION);
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  (void)play_log(&p);
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_string_equal(play_log(&p), "server SYN-RECEIVED>ESTABLISHED\n"
                                    "established three-way client 1 ms\n");
  play_finish(&p);
}

static void feed__syn_with_another_isn__the_new_one_counts(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  (void)play_log(&p);
  play_send(&p, CLIENT, "S", 2000, 0, "");
  assert_string_equal(play_log(&p), "anomaly client syn-other-isn x1\n");
  play_send(&p, SERVER, "S.", 5000, 2001, "");
  assert_string_equal(play_log(&p), "server LISTEN>SYN-RECEIVED\n"
                                    "client SYN-SENT>ESTABLISHED\n");
  play_send(&p, CLIENT, ".", 2001, 5001, "");
  assert_string_equal(play_log(&p),
                      "server SYN-RECEIVED>ESTABLISHED\n"
                      "established three-way server 1 ms client 1 ms\n");
  play_finish(&p);
}

static void feed__syn_ack_for_another_syn__no_effect(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  (void)play_log(&p);
  play_send(&p, SERVER, "S.", 5000, 900, "");
  assert_string_equal(play_log(&p), "anomaly server syn-ack-bad-ack x1\n");
  assert_int_equal(tcpflow_conn_state(p.conn, SERVER), TCPFLOW_STATE_LISTEN);
  play_finish(&p);
}

/* The answer tells which of two numbers it answers. */
static void feed__syn_again_then_another__round_trip_is_known(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, CLIENT, "S", 2000, 0, "");
  p.now += 4 * TCPFLOW_MILLISECOND;
  play_send(&p, SERVER, "S.", 5000, 2001, "");
  play_send(&p, SERVER, "S.", 5000, 2001, "");
  (void)play_log(&p);
  play_send(&p, CLIENT, ".", 2001, 5001, "");
  assert_string_equal(play_log(&p), "server SYN-RECEIVED>ESTABLISHED\n"
                                    "established three-way server 5 ms\n");
  play_finish(&p);
}

/* Reordering is what comes within the handshake's round trip. */
static void feed__late_segment__round_trip_decides(void **state) {
  static const struct {
    tcpflow_time server; /* Milliseconds; 0: the SYN is sent again. */
    tcpflow_time client; /* Likewise, the SYN and ACK. */
    tcpflow_time limit;
  } cases[] = {{10, 30, 40}, {30, 10, 40}, {0, 30, 3}, {10, 0, 3}, {0, 0, 3}};

  (void)state;
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    for (int late = 0; late < 2; late++) {
      tcpflow_time at;
      play p;

      play_begin(&p, NULL);
      play_send(&p, CLIENT, "S", 1000, 0, "");
      if (cases[i].server == 0) {
        play_send(&p, CLIENT, "S", 1000, 0, "");
      }
      p.now += cases[i].server * TCPFLOW_MILLISECOND - TCPFLOW_MILLISECOND;
      play_send(&p, SERVER, "S.", 5000, 1001, "");
      if (cases[i].client == 0) {
        play_send(&p, SERVER, "S.", 5000, 1001, "");
      }
      p.now += cases[i].client * TCPFLOW_MILLISECOND - TCPFLOW_MILLISECOND;
      play_send(&p, CLIENT, ".", 1001, 5001, "");
      play_send(&p, CLIENT, ".", 1004, 5001, "def");
      at = p.now;
      play_send(&p, CLIENT, ".", 1007, 5001, "ghi");
      p.now = at + cases[i].limit * TCPFLOW_MILLISECOND - (late ? 0 : 1);
      play_send(&p, CLIENT, ".", 1001, 5001, "abc");
      assert_true((p.verdict & (late ? TCPFLOW_VERDICT_RETRANSMISSION
                                     : TCPFLOW_VERDICT_OUT_OF_ORDER)) != 0);
      play_finish(&p);
    }
  }
}

static void feed__fast_open__data_of_the_syn_is_offset_0(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  p.options.present = TCPFLOW_HAS_OTHER;
  play_send(&p, CLIENT, "S", 1000, 0, "GET");
  assert_string_equal(play_log(&p), "new client\n"
                                    "client UNKNOWN>SYN-SENT\n"
                                    "server UNKNOWN>LISTEN\n");
  play_send(&p, SERVER, "S.", 5000, 1004, "");
  assert_true(p.verdict & TCPFLOW_VERDICT_FAST_OPEN_ACCEPTED);
  assert_string_equal(play_log(&p), "server LISTEN>SYN-RECEIVED\n"
                                    "client SYN-SENT>ESTABLISHED\n"
                                    "data client 0 GET\n");
  play_send(&p, CLIENT, ".", 1004, 5001, "");
  assert_string_equal(play_log(&p),
                      "server SYN-RECEIVED>ESTABLISHED\n"
                      "established fast server 1 ms client 1 ms\n");
  play_finish(&p);
}

static void feed__fast_open_ignored__data_comes_again(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "GET");
  (void)play_log(&p);
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  assert_true(p.verdict & TCPFLOW_VERDICT_FAST_OPEN_IGNORED);
  (void)play_log(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "GET");
  assert_string_equal(play_log(&p),
                      "server SYN-RECEIVED>ESTABLISHED\n"
                      "established three-way server 1 ms client 1 ms\n"
                      "data client 0 GET\n");
  play_finish(&p);
}

static void feed__clock_goes_back__latest_time_is_used(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  p.now = TCPFLOW_MILLISECOND;
  (void)play_log(&p);
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  assert_string_equal(play_log(&p), "server LISTEN>SYN-RECEIVED\n"
                                    "client SYN-SENT>ESTABLISHED\n"
                                    "anomaly server time-backwards x1\n");
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_string_equal(play_log(&p),
                      "server SYN-RECEIVED>ESTABLISHED\n"
                      "established three-way server 0 ms client 0 ms\n"
                      "");
  play_finish(&p);
}

static void feed__windows__scaled_only_behind_the_syns(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  p.options.present = TCPFLOW_HAS_WSCALE;
  p.options.wscale = 7;
  p.window = 29200;
  play_send(&p, CLIENT, "S", 1000, 0, "");
  assert_int_equal(p.last.window, 29200);
  assert_int_equal(p.last.window_known, 1);
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  assert_int_equal(p.last.window, 29200);
  p.options.present = 0;
  p.window = 229;
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_int_equal(p.last.window, 229 * 128);
  assert_int_equal(p.last.window_known, 1);
  play_finish(&p);
}

static void feed__one_syn_without_scale__never_scaled(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  p.options.present = TCPFLOW_HAS_WSCALE;
  p.options.wscale = 7;
  play_send(&p, CLIENT, "S", 1000, 0, "");
  p.options.present = 0;
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_int_equal(p.last.window, 10000);
  assert_int_equal(p.last.window_known, 1);
  play_finish(&p);
}

/* The one that offers is the server, though nobody asked: RFC 7323 section
   2.2. */
static void feed__only_the_answer_has_a_scale__never_scaled(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  p.options.present = TCPFLOW_HAS_WSCALE;
  p.options.wscale = 7;
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  play_send(&p, SERVER, ".", 5001, 1001, "");
  assert_int_equal(p.last.window, 10000);
  assert_int_equal(p.last.window_known, 1);
  play_finish(&p);
}

static void feed__mid_stream_window__unknown(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_int_equal(p.last.window, 10000);
  assert_int_equal(p.last.window_known, 0);
  play_finish(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(feed__syn_again__round_trip_is_ambiguous),
    cmocka_unit_test(feed__syn_with_another_isn__the_new_one_counts),
    cmocka_unit_test(feed__syn_ack_for_another_syn__no_effect),
    cmocka_unit_test(feed__syn_again_then_another__round_trip_is_known),
    cmocka_unit_test(feed__late_segment__round_trip_decides),
    cmocka_unit_test(feed__fast_open__data_of_the_syn_is_offset_0),
    cmocka_unit_test(feed__fast_open_ignored__data_comes_again),
    cmocka_unit_test(feed__clock_goes_back__latest_time_is_used),
    cmocka_unit_test(feed__windows__scaled_only_behind_the_syns),
    cmocka_unit_test(feed__one_syn_without_scale__never_scaled),
    cmocka_unit_test(feed__only_the_answer_has_a_scale__never_scaled),
    cmocka_unit_test(feed__mid_stream_window__unknown),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
