/*
 * tests/unit/conn/test_follow.c - mirror of lib/conn/follow.c, and of the steps
 * that have no test of their own, judging.c, supply.c and windup.c: connections
 * as RFC 9293 draws them, and what is told of each segment.
 */
#include "play.h"

/* RFC 9293 Figure 6, and Figure 12. */
static void feed__three_way_and_four_segments__figures_6_and_12(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  assert_string_equal(play_log(&p), "new client\n"
                                    "client UNKNOWN>SYN-SENT\n"
                                    "server UNKNOWN>LISTEN\n");
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  assert_string_equal(play_log(&p), "server LISTEN>SYN-RECEIVED\n"
                                    "client SYN-SENT>ESTABLISHED\n");
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_string_equal(play_log(&p),
                      "server SYN-RECEIVED>ESTABLISHED\n"
                      "established three-way server 1 ms client 1 ms\n");
  play_send(&p, CLIENT, "P.", 1001, 5001, "hello");
  assert_string_equal(play_log(&p), "data client 0 hello\n");
  play_send(&p, SERVER, "P.", 5001, 1006, "world");
  assert_string_equal(play_log(&p), "data server 0 world\n");
  play_send(&p, CLIENT, "F.", 1006, 5006, "");
  assert_string_equal(play_log(&p), "client ESTABLISHED>FIN-WAIT-1\n");
  play_send(&p, SERVER, ".", 5006, 1007, "");
  assert_string_equal(play_log(&p), "server ESTABLISHED>CLOSE-WAIT\n"
                                    "client FIN-WAIT-1>FIN-WAIT-2\n");
  play_send(&p, SERVER, "F.", 5006, 1007, "");
  assert_string_equal(play_log(&p), "server CLOSE-WAIT>LAST-ACK\n");
  play_send(&p, CLIENT, ".", 1007, 5007, "");
  assert_string_equal(play_log(&p), "client FIN-WAIT-2>TIME-WAIT\n"
                                    "server LAST-ACK>CLOSED\n"
                                    "end fin client TIME-WAIT CLOSED\n");
  play_finish(&p);
  assert_int_equal(p.ends, 1);
}

static void feed__fin_answers_fin__three_segments(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, SERVER, "F.", 5001, 1001, "");
  play_send(&p, CLIENT, "F.", 1001, 5002, "");
  assert_string_equal(play_log(&p), "server ESTABLISHED>FIN-WAIT-1\n"
                                    "client ESTABLISHED>CLOSE-WAIT\n"
                                    "server FIN-WAIT-1>FIN-WAIT-2\n"
                                    "client CLOSE-WAIT>LAST-ACK\n");
  play_send(&p, SERVER, ".", 5002, 1002, "");
  assert_string_equal(play_log(&p), "server FIN-WAIT-2>TIME-WAIT\n"
                                    "client LAST-ACK>CLOSED\n"
                                    "end fin server CLOSED TIME-WAIT\n");
  play_finish(&p);
}

/* RFC 9293 Figure 13. */
static void feed__fins_cross__both_closing(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "F.", 1001, 5001, "");
  play_send(&p, SERVER, "F.", 5001, 1001, "");
  assert_string_equal(play_log(&p), "client ESTABLISHED>FIN-WAIT-1\n"
                                    "server ESTABLISHED>FIN-WAIT-1\n");
  play_send(&p, CLIENT, ".", 1002, 5002, "");
  assert_string_equal(play_log(&p), "client FIN-WAIT-1>CLOSING\n"
                                    "server FIN-WAIT-1>CLOSING\n"
                                    "server CLOSING>TIME-WAIT\n");
  play_send(&p, SERVER, ".", 5002, 1002, "");
  assert_string_equal(play_log(&p),
                      "client CLOSING>TIME-WAIT\n"
                      "end fin client both TIME-WAIT TIME-WAIT\n");
  play_finish(&p);
}

/* RFC 9293 Figure 7. */
static void feed__syns_cross__simultaneous_open(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, SERVER, "S", 5000, 0, "");
  assert_string_equal(play_log(&p), "new client\n"
                                    "client UNKNOWN>SYN-SENT\n"
                                    "server UNKNOWN>LISTEN\n"
                                    "server LISTEN>SYN-SENT\n");
  play_send(&p, CLIENT, "S.", 1000, 5001, "");
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  assert_string_equal(play_log(&p), "client SYN-SENT>SYN-RECEIVED\n"
                                    "server SYN-SENT>SYN-RECEIVED\n"
                                    "server SYN-RECEIVED>ESTABLISHED\n"
                                    "client SYN-RECEIVED>ESTABLISHED\n"
                                    "established simultaneous\n"
                                    "anomaly server simultaneous-open x1\n");
  play_finish(&p);
}

/* The same, and one SYN was not captured. */
static void feed__syns_cross_one_not_captured__simultaneous(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  (void)play_log(&p);
  play_send(&p, CLIENT, "S.", 1000, 5001, "");
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  assert_string_equal(play_log(&p), "server LISTEN>SYN-SENT inferred\n"
                                    "client SYN-SENT>SYN-RECEIVED inferred\n"
                                    "server SYN-SENT>SYN-RECEIVED\n"
                                    "server SYN-RECEIVED>ESTABLISHED\n"
                                    "client SYN-RECEIVED>ESTABLISHED\n"
                                    "established simultaneous\n"
                                    "anomaly server simultaneous-open x1\n");
  play_finish(&p);
}

static void feed__refused__closed_by_rst(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  (void)play_log(&p);
  play_send(&p, SERVER, "R.", 0, 1001, "");
  assert_string_equal(play_log(&p), "server LISTEN>CLOSED\n"
                                    "client SYN-SENT>CLOSED\n"
                                    "end reset server CLOSED CLOSED\n");
  play_finish(&p);
  assert_int_equal(p.ends, 1);
}

static void
feed__rst_after_fin_acknowledges_it__close_wait_first(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "F.", 1001, 5001, "");
  (void)play_log(&p);
  play_send(&p, SERVER, "R.", 5001, 1002, "");
  assert_string_equal(play_log(&p), "server ESTABLISHED>CLOSE-WAIT\n"
                                    "server CLOSE-WAIT>CLOSED\n"
                                    "client FIN-WAIT-1>CLOSED\n"
                                    "end reset server CLOSED CLOSED\n");
  play_finish(&p);
}

static void feed__syn_ack_first__syn_is_inferred(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_string_equal(play_log(&p), "new server\n"
                                    "client UNKNOWN>SYN-SENT inferred\n"
                                    "server UNKNOWN>LISTEN inferred\n"
                                    "server LISTEN>SYN-RECEIVED\n"
                                    "client SYN-SENT>ESTABLISHED\n"
                                    "server SYN-RECEIVED>ESTABLISHED\n"
                                    "established syn-ack-first client 1 ms\n");
  play_finish(&p);
}

static void feed__syn_ack_not_captured__inferred_from_the_ack(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  (void)play_log(&p);
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_string_equal(play_log(&p), "server LISTEN>SYN-RECEIVED inferred\n"
                                    "client SYN-SENT>ESTABLISHED inferred\n"
                                    "server SYN-RECEIVED>ESTABLISHED\n"
                                    "established three-way\n");
  play_send(&p, SERVER, "P.", 5001, 1001, "hi");
  assert_string_equal(play_log(&p), "data server 0 hi\n");
  play_finish(&p);
}

static void feed__third_segment_not_captured__inferred_from_data(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  (void)play_log(&p);
  play_send(&p, SERVER, "P.", 5001, 1011, "hi");
  assert_string_equal(play_log(&p), "server SYN-RECEIVED>ESTABLISHED inferred\n"
                                    "established three-way server 1 ms\n"
                                    "gap client 0+10 acked\n"
                                    "data server 0 hi\n"
                                    "anomaly server ack-unseen x1\n");
  play_finish(&p);
}

static void feed__mid_stream__both_established(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, SERVER, "P.", 700, 300, "abc");
  assert_string_equal(play_log(&p), "new server\n"
                                    "server UNKNOWN>ESTABLISHED inferred\n"
                                    "client UNKNOWN>ESTABLISHED inferred\n"
                                    "established mid-stream\n"
                                    "data server 0 abc\n");
  assert_true(p.verdict & TCPFLOW_VERDICT_MID_STREAM);
  play_send(&p, CLIENT, "P.", 300, 703, "de");
  assert_string_equal(play_log(&p), "data client 0 de\n");
  play_finish(&p);
}

static void
feed__answer_as_of_an_older_connection__proves_nothing(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  (void)play_log(&p);
  play_send(&p, SERVER, ".", 300, 100, "");
  assert_string_equal(play_log(&p), "");
  play_finish(&p);
}

/* The page that the project began with: its capture stops between. */
static void feed__capture_stops_between__hole_is_named(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 3147299277U, 0, "");
  play_send(&p, SERVER, "S.", 4150827340U, 3147299278U, "");
  play_send(&p, CLIENT, ".", 3147299278U, 4150827341U, "");
  (void)play_log(&p);
  play_send(&p, CLIENT, "F.", 3147300000U, 4150830000U, "");
  assert_string_equal(play_log(&p), "client ESTABLISHED>FIN-WAIT-1\n"
                                    "gap server 0+2659 acked\n"
                                    "anomaly client ack-unseen x1\n");
  play_send(&p, SERVER, ".", 4150830000U, 3147300001U, "");
  assert_string_equal(play_log(&p), "server ESTABLISHED>CLOSE-WAIT\n"
                                    "client FIN-WAIT-1>FIN-WAIT-2\n"
                                    "gap client 0+722 acked\n");
  play_send(&p, SERVER, "F.", 4150830000U, 3147300001U, "");
  play_send(&p, CLIENT, ".", 3147300001U, 4150830001U, "");
  assert_string_equal(play_log(&p), "server CLOSE-WAIT>LAST-ACK\n"
                                    "client FIN-WAIT-2>TIME-WAIT\n"
                                    "server LAST-ACK>CLOSED\n"
                                    "end fin client TIME-WAIT CLOSED\n");
  play_finish(&p);
}

static void feed__hole_filled__data_in_order(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1004, 5001, "def");
  assert_string_equal(play_log(&p), "");
  assert_true(p.verdict & TCPFLOW_VERDICT_GAP_BEFORE);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  assert_string_equal(play_log(&p), "data client 0 abc\ndata client 3 def\n");
  play_finish(&p);
}

static void feed__fin_before_the_hole_is_filled__stream_waits(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "FP.", 1004, 5001, "def");
  assert_string_equal(play_log(&p), "client ESTABLISHED>FIN-WAIT-1\n");
  play_send(&p, SERVER, ".", 5001, 1001, "");
  assert_string_equal(play_log(&p), "");
  play_send(&p, CLIENT, ".", 1001, 5001, "abc");
  assert_string_equal(play_log(&p), "data client 0 abc\ndata client 3 def\n");
  play_send(&p, SERVER, ".", 5001, 1008, "");
  assert_string_equal(play_log(&p), "server ESTABLISHED>CLOSE-WAIT\n"
                                    "client FIN-WAIT-1>FIN-WAIT-2\n");
  play_finish(&p);
}

static void feed__half_close__other_side_talks_on(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "F.", 1001, 5001, "");
  play_send(&p, SERVER, "P.", 5001, 1002, "more");
  assert_string_equal(play_log(&p), "client ESTABLISHED>FIN-WAIT-1\n"
                                    "server ESTABLISHED>CLOSE-WAIT\n"
                                    "client FIN-WAIT-1>FIN-WAIT-2\n"
                                    "data server 0 more\n");
  play_finish(&p);
}

static void feed__data_beyond_fin__dropped_and_told(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "F.", 1001, 5001, "");
  (void)play_log(&p);
  play_send(&p, CLIENT, "P.", 1002, 5001, "late");
  assert_string_equal(play_log(&p), "anomaly client beyond-fin x1\n");
  play_finish(&p);
}

static void feed__sequence_numbers_wrap__stream_goes_on(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 0xfffffffdU, 0, "");
  play_send(&p, SERVER, "S.", 0xffffffffU, 0xfffffffeU, "");
  play_send(&p, CLIENT, ".", 0xfffffffeU, 0, "");
  (void)play_log(&p);
  play_send(&p, CLIENT, "P.", 2, 0, "56");
  play_send(&p, CLIENT, "P.", 0xfffffffeU, 0, "1234");
  play_send(&p, SERVER, "P.", 0, 4, "ok");
  assert_string_equal(play_log(&p), "data client 0 1234\n"
                                    "data client 4 56\n"
                                    "data server 0 ok\n");
  play_finish(&p);
}

static void feed__each_segment__states_before_and_after(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  assert_int_equal(p.last.before[CLIENT], TCPFLOW_STATE_UNKNOWN);
  assert_int_equal(p.last.before[SERVER], TCPFLOW_STATE_UNKNOWN);
  assert_int_equal(p.last.after[CLIENT], TCPFLOW_STATE_SYN_SENT);
  assert_int_equal(p.last.after[SERVER], TCPFLOW_STATE_LISTEN);
  assert_int_equal(p.last.side, CLIENT);
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  assert_int_equal(p.last.before[CLIENT], TCPFLOW_STATE_SYN_SENT);
  assert_int_equal(p.last.before[SERVER], TCPFLOW_STATE_LISTEN);
  assert_int_equal(p.last.after[CLIENT], TCPFLOW_STATE_ESTABLISHED);
  assert_int_equal(p.last.after[SERVER], TCPFLOW_STATE_SYN_RECEIVED);
  assert_int_equal(p.last.side, SERVER);
  play_finish(&p);
}

static void
feed__payload_cut_by_the_snaplen__gap_of_known_length(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  p.cut = 3;
  play_send(&p, CLIENT, "P.", 1001, 5001, "abcde");
  assert_string_equal(play_log(&p), "data client 0 ab\n"
                                    "gap client 2+3 cut\n"
                                    "anomaly client payload-cut x1\n");
  play_finish(&p);
}

static void feed__wrong_checksum__no_effect(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  p.checksum = TCPFLOW_CHECKSUM_BAD;
  play_send(&p, CLIENT, "FP.", 1001, 5001, "abc");
  assert_string_equal(play_log(&p), "anomaly client bad-checksum x1\n");
  assert_true(p.verdict & TCPFLOW_VERDICT_BAD_CHECKSUM);
  play_finish(&p);
}

/* RFC 9293 section 3.5.3: a RST may include data. */
static void feed__rst_with_payload__told_beside_the_stream(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  tcpflow_conn_stop_data(p.conn, SERVER);
  p.cut = 4;
  play_send(&p, SERVER, "R.", 5001, 1001, "go away");
  assert_non_null(strstr(play_log(&p), "rst-data server 7 go \n"
                                       "anomaly server rst-data x1\n"));
  play_finish(&p);
}

/* RFC 9293 section 3.10.7.4: outside the window, it has no effect. */
static void feed__rst_that_does_not_count__its_payload_is_told(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, SERVER, "R.", 5001 + 100000, 1001, "why");
  assert_non_null(strstr(play_log(&p), "rst-data server 3 why\n"));
  play_send(&p, SERVER, "P.", 5001, 1001, "ok");
  assert_non_null(strstr(play_log(&p), "data server 0 ok\n"));
  play_finish(&p);
}

static void feed__rst_data_asks_to_stop__only_end_follows(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  p.answer = 1;
  p.answer_at = "rst-data";
  assert_int_equal(play_try(&p, SERVER, "R.", 5001, 1001, "why"),
                   TCPFLOW_ERR_CALLBACK);
  assert_non_null(strstr(play_log(&p), "rst-data server 3 why\nend "));
  play_finish(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(feed__three_way_and_four_segments__figures_6_and_12),
    cmocka_unit_test(feed__fin_answers_fin__three_segments),
    cmocka_unit_test(feed__fins_cross__both_closing),
    cmocka_unit_test(feed__syns_cross__simultaneous_open),
    cmocka_unit_test(feed__syns_cross_one_not_captured__simultaneous),
    cmocka_unit_test(feed__refused__closed_by_rst),
    cmocka_unit_test(feed__rst_after_fin_acknowledges_it__close_wait_first),
    cmocka_unit_test(feed__syn_ack_first__syn_is_inferred),
    cmocka_unit_test(feed__syn_ack_not_captured__inferred_from_the_ack),
    cmocka_unit_test(feed__third_segment_not_captured__inferred_from_data),
    cmocka_unit_test(feed__mid_stream__both_established),
    cmocka_unit_test(feed__answer_as_of_an_older_connection__proves_nothing),
    cmocka_unit_test(feed__capture_stops_between__hole_is_named),
    cmocka_unit_test(feed__hole_filled__data_in_order),
    cmocka_unit_test(feed__fin_before_the_hole_is_filled__stream_waits),
    cmocka_unit_test(feed__half_close__other_side_talks_on),
    cmocka_unit_test(feed__data_beyond_fin__dropped_and_told),
    cmocka_unit_test(feed__sequence_numbers_wrap__stream_goes_on),
    cmocka_unit_test(feed__each_segment__states_before_and_after),
    cmocka_unit_test(feed__payload_cut_by_the_snaplen__gap_of_known_length),
    cmocka_unit_test(feed__wrong_checksum__no_effect),
    cmocka_unit_test(feed__rst_with_payload__told_beside_the_stream),
    cmocka_unit_test(feed__rst_that_does_not_count__its_payload_is_told),
    cmocka_unit_test(feed__rst_data_asks_to_stop__only_end_follows),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
