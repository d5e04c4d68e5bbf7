/*
 * tests/unit/conn/test_heir.c - mirror of lib/conn/heir.c: what a connection
 * leaves to the next one.
 */
#include "play.h"
#include "unit/failmem.h"

#include "conn/conn.h"

/* 1000 and 5000, ten octets each way; then a SYN, and its answer in SEGMENT. */
static void play_reuse(play *old, const tcpflow_mem *mem,
                       tcpflow_segment *segment) {
  play_begin(old, mem);
  play_handshake(old);
  play_send(old, CLIENT, "P.", 1001, 5001, "0123456789");
  play_send(old, SERVER, "P.", 5001, 1011, "0123456789");
  old->options.present = TCPFLOW_HAS_MSS;
  old->options.mss = 1234;
  play_send(old, CLIENT, "S", 900000, 0, "syn");
  *segment = play_segment(old, "S.", 700000, 900004, "");
  assert_int_equal(tcpflow_conn_claims(old->conn, SERVER, segment),
                   TCPFLOW_CLAIM_SUCCESSOR);
}

static void conn_succeed__syn_in_the_middle__known_to_the_next(void **state) {
  tcpflow_segment segment;
  play old, next;

  (void)state;
  play_reuse(&old, NULL, &segment);
  play_begin(&next, NULL);
  assert_int_equal(tcpflow_conn_succeed(next.conn, old.conn, SERVER, &segment),
                   TCPFLOW_OK);
  assert_int_equal(tcpflow_conn_end(old.conn, segment.time, TCPFLOW_END_REUSED),
                   TCPFLOW_OK);
  next.now = segment.time;
  play_send(&next, SERVER, "S.", 700000, 900004, "");
  assert_true((next.verdict & TCPFLOW_VERDICT_PORT_REUSED) != 0);
  assert_true((next.verdict & TCPFLOW_VERDICT_INFERRED) == 0);
  assert_string_equal(play_log(&next), "new server\n"
                                       "client UNKNOWN>SYN-SENT\n"
                                       "server UNKNOWN>LISTEN\n"
                                       "server LISTEN>SYN-RECEIVED\n"
                                       "client SYN-SENT>ESTABLISHED\n"
                                       "data client 0 syn\n"
                                       "anomaly server port-reused x1\n");
  assert_int_equal(next.conn->end[CLIENT].mss, 1234);
  play_send(&next, CLIENT, ".", 900004, 700001, "");
  assert_string_equal(play_log(&next),
                      "server SYN-RECEIVED>ESTABLISHED\n"
                      "established fast server 1 ms client 1 ms\n");
  play_finish(&old);
  play_finish(&next);
}

/* Segments of the old one are told, and have no effect. */
static void conn_succeed__late_segments__after_the_end(void **state) {
  tcpflow_segment segment;
  play old, next;

  (void)state;
  play_reuse(&old, NULL, &segment);
  play_begin(&next, NULL);
  assert_int_equal(tcpflow_conn_succeed(next.conn, old.conn, SERVER, &segment),
                   TCPFLOW_OK);
  play_send(&next, SERVER, "S.", 700000, 900004, "");
  (void)play_log(&next);
  play_send(&next, CLIENT, "P.", 1001, 5001, "0123456789");
  assert_true(next.verdict == TCPFLOW_VERDICT_AFTER_END);
  play_send(&next, CLIENT, "R", 1011, 0, "");
  assert_true(next.verdict == TCPFLOW_VERDICT_AFTER_END);
  play_send(&next, SERVER, "F.", 5011, 1011, "");
  assert_true(next.verdict == TCPFLOW_VERDICT_AFTER_END);
  assert_string_equal(play_log(&next), "");
  /* 2 MSL later nobody knows them. */
  next.now += 61 * TCPFLOW_SECOND;
  play_send(&next, CLIENT, "P.", 1001, 5001, "0123456789");
  assert_true((next.verdict & TCPFLOW_VERDICT_AFTER_END) == 0);
  play_finish(&old);
  play_finish(&next);
}

static void conn_succeed__settings_of_before__stay(void **state) {
  tcpflow_segment segment;
  play old, next;

  (void)state;
  play_reuse(&old, NULL, &segment);
  play_begin(&next, NULL);
  assert_int_equal(tcpflow_conn_skip(next.conn, CLIENT, 2), TCPFLOW_OK);
  assert_int_equal(tcpflow_conn_set_timeout(next.conn, TCPFLOW_PHASE_OPEN, 77),
                   TCPFLOW_OK);
  assert_int_equal(tcpflow_conn_succeed(next.conn, old.conn, SERVER, &segment),
                   TCPFLOW_OK);
  play_send(&next, SERVER, "S.", 700000, 900004, "");
  assert_non_null(strstr(play_log(&next), "data client 2 n\n"));
  assert_int_equal(tcpflow__conn_timeout(next.conn, TCPFLOW_PHASE_OPEN, 1), 77);
  assert_int_equal(tcpflow__conn_timeout(next.conn, TCPFLOW_PHASE_CLOSING, 1),
                   1);
  play_finish(&old);
  play_finish(&next);
}

/* A connection that follows nobody: what was taken for its SYN before the
   memory ran out is no SYN. */
static void conn_feed__first_syn_without_memory__as_if_not_fed(void **state) {
  static const char expected[] = "new client\n"
                                 "client UNKNOWN>SYN-SENT\n"
                                 "server UNKNOWN>LISTEN\n"
                                 "anomaly client syn-data x1\n";
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  int error = TCPFLOW_ERR_NOMEM;

  (void)state;
  for (size_t n = 1; error == TCPFLOW_ERR_NOMEM; n++) {
    tcpflow_segment syn;
    play p;

    play_begin(&p, &mem);
    syn = play_segment(&p, "S", 1000, 0, "hello");
    fm.requests = 0;
    fm.fail_at = n;
    error = tcpflow_conn_feed(p.conn, CLIENT, &syn);
    fm.fail_at = 0;
    if (error != TCPFLOW_OK) {
      assert_int_equal(error, TCPFLOW_ERR_NOMEM);
      assert_int_equal(tcpflow_conn_feed(p.conn, CLIENT, &syn), TCPFLOW_OK);
    }
    assert_string_equal(play_log(&p), expected);
    assert_int_equal(p.conn->end[CLIENT].iss, 1000);
    assert_true((p.verdict & TCPFLOW_VERDICT_SYN_RETRANSMISSION) == 0);
    play_finish(&p);
  }
  assert_int_equal(fm.live_blocks, 0);
}

static void conn_succeed__no_memory__nothing_changed(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow_segment segment;
  play old, next;
  size_t n = 0;
  int error;

  (void)state;
  play_reuse(&old, NULL, &segment);
  play_begin(&next, &mem);
  do {
    fm.requests = 0;
    fm.fail_at = ++n;
    error = tcpflow_conn_succeed(next.conn, old.conn, SERVER, &segment);
    assert_int_equal(fm.live_blocks, error == TCPFLOW_OK ? 4 : 1);
  } while (error == TCPFLOW_ERR_NOMEM);
  assert_int_equal(error, TCPFLOW_OK);
  assert_int_equal(n, 4);
  play_finish(&next);
  assert_int_equal(fm.live_blocks, 0);
  play_finish(&old);
}

static void conn_succeed__bad_arguments__refused(void **state) {
  tcpflow_segment segment;
  play old, next;

  (void)state;
  play_reuse(&old, NULL, &segment);
  play_begin(&next, NULL);
  assert_int_equal(
    tcpflow_conn_succeed(next.conn, old.conn, (tcpflow_side)2, &segment),
    TCPFLOW_ERR_INVALID);
  segment.size = 0;
  assert_int_equal(tcpflow_conn_succeed(next.conn, old.conn, SERVER, &segment),
                   TCPFLOW_ERR_VERSION);
  assert_int_equal(tcpflow_conn_claims(old.conn, SERVER, &segment),
                   TCPFLOW_CLAIM_MINE);
  segment.size = sizeof(segment);
  assert_int_equal(tcpflow_conn_claims(next.conn, SERVER, &segment),
                   TCPFLOW_CLAIM_MINE);
  play_send(&next, CLIENT, "S", 1000, 0, "");
  assert_int_equal(tcpflow_conn_succeed(next.conn, old.conn, SERVER, &segment),
                   TCPFLOW_ERR_STATE);
  play_finish(&old);
  play_finish(&next);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(conn_succeed__syn_in_the_middle__known_to_the_next),
    cmocka_unit_test(conn_succeed__late_segments__after_the_end),
    cmocka_unit_test(conn_succeed__settings_of_before__stay),
    cmocka_unit_test(conn_feed__first_syn_without_memory__as_if_not_fed),
    cmocka_unit_test(conn_succeed__no_memory__nothing_changed),
    cmocka_unit_test(conn_succeed__bad_arguments__refused),
  };

  return cmocka_run_group_tests_name("heir", tests, NULL, NULL);
}
