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
    cmocka_unit_test(conn_succeed__no_memory__nothing_changed),
    cmocka_unit_test(conn_succeed__bad_arguments__refused),
  };

  return cmocka_run_group_tests_name("heir", tests, NULL, NULL);
}
