/*
 * tests/unit/conn/test_far.c - mirror of lib/conn/far.c: octets of segments
 * whose numbers are impossible so far.
 *
 * The scripts tests/script/jump-*.flow have what is told; here is what is held
 * meanwhile, and what fails.
 */
#include "conn/far.h"

#include "conn/extra.h"
#include "play.h"
#include "reasm/pieces.h"
#include "unit/failmem.h"

/* Far out of every window. */
static const uint32_t FAR = UINT32_C(1) << 30;

static uint64_t used(const play *p) {
  return p->conn->env->budget.used;
}

static void feed__a_jump__held_beside_the_stream(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001 + FAR, 5001, "abc");
  assert_int_equal(used(&p), tcpflow__piece_cost(3));
  assert_true(tcpflow__reasm_is_idle(&p.conn->sides->stream[CLIENT]));
  /* The same once more needs no more. */
  play_send(&p, CLIENT, "P.", 1001 + FAR, 5001, "abc");
  assert_int_equal(used(&p), tcpflow__piece_cost(3));
  /* The sender goes on where it was: they were a stranger's. */
  play_send(&p, CLIENT, "P.", 1001, 5001, "def");
  assert_int_equal(used(&p), 0);
  play_finish(&p);
  assert_null(strstr(play_log(&p), "abc"));
}

static void feed__jumps_that_disagree__the_last_is_held(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001 + FAR, 5001, "abc");
  play_send(&p, CLIENT, "P.", 1001 + FAR / 2, 5001, "defg");
  assert_int_equal(used(&p), tcpflow__piece_cost(4));
  play_send(&p, SERVER, ".", 5001, 1005 + FAR / 2, "");
  assert_int_equal(used(&p), 0);
  assert_string_equal(play_log(&p), "anomaly client numbers-impossible x1\n"
                                    "anomaly client beyond-window x1\n"
                                    "gap client 0+536870912 acked\n"
                                    "data client 536870912 defg\n"
                                    "anomaly server ack-unseen x1\n");
  play_finish(&p);
}

/* What is not wanted is not held. */
static void feed__stopped_or_ended__nothing_held(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  tcpflow_conn_stop_data(p.conn, CLIENT);
  play_send(&p, CLIENT, "P.", 1001 + FAR, 5001, "abc");
  assert_int_equal(used(&p), 0);
  play_send(&p, SERVER, "P.", 5001 + FAR, 1001, "abc");
  assert_int_equal(used(&p), tcpflow__piece_cost(3));
  assert_int_equal(tcpflow_conn_end(p.conn, p.now, TCPFLOW_END_CALLER),
                   TCPFLOW_OK);
  assert_int_equal(used(&p), 0);
  play_finish(&p);
}

/* What was held goes with the stop, and what is believed of them has no octets:
   not those of the third either. */
static void stop__one_held__released_at_once(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001 + FAR, 5001, "abc");
  play_send(&p, SERVER, "P.", 5001 + FAR, 1001, "abcd");
  assert_int_equal(used(&p), tcpflow__piece_cost(3) + tcpflow__piece_cost(4));
  tcpflow_conn_stop_data(p.conn, CLIENT);
  assert_int_equal(used(&p), tcpflow__piece_cost(4));
  tcpflow_conn_ignore(p.conn);
  assert_int_equal(used(&p), 0);
  play_send(&p, CLIENT, "P.", 1004 + FAR, 5001, "def");
  play_send(&p, CLIENT, "P.", 1007 + FAR, 5001, "ghi");
  assert_true(used(&p) <= tcpflow__piece_cost(0));
  play_finish(&p);
}

/* Without room it is as if they had not been captured. */
static void feed__no_room__told_as_a_gap(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  p.conn->env->limits.max_memory = 10;
  play_send(&p, CLIENT, "P.", 1001 + FAR, 5001, "abc");
  assert_int_equal(used(&p), 0);
  (void)play_log(&p);
  play_send(&p, SERVER, ".", 5001, 1004 + FAR, "");
  assert_string_equal(play_log(&p), "gap client 0+1073741827 acked\n"
                                    "anomaly server ack-unseen x1\n");
  play_finish(&p);
}

/* A call that has no memory has changed nothing. */
static void feed__no_memory__nothing_changed(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  size_t fail_at = 1;
  int answer;
  play p;

  (void)state;
  play_begin(&p, &mem);
  play_handshake(&p);
  do {
    fm.requests = 0;
    fm.fail_at = fail_at++;
    answer = play_try(&p, CLIENT, "P.", 1001 + FAR, 5001, "abc");
    if (answer != TCPFLOW_OK) {
      assert_int_equal(answer, TCPFLOW_ERR_NOMEM);
      assert_int_equal(p.conn->end[CLIENT].jumps, 0);
      assert_int_equal(used(&p), 0);
      assert_string_equal(play_log(&p), "");
    }
  } while (answer != TCPFLOW_OK);
  assert_true(fail_at > 2);
  fm.fail_at = 0;
  play_send(&p, SERVER, ".", 5001, 1004 + FAR, "");
  assert_non_null(strstr(play_log(&p), "data client 1073741824 abc\n"));
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

/* Both sides at once, and their numbers turn over. */
static void feed__third_of_each__all_are_told(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 0xc0000000, 0, "");
  play_send(&p, SERVER, "S.", 0xc8000000, 0xc0000001, "");
  play_send(&p, CLIENT, ".", 0xc0000001, 0xc8000001, "");
  (void)play_log(&p);
  for (uint32_t i = 0; i < 9; i += 3) {
    play_send(&p, CLIENT, ".", 0xc0000001 + FAR + i, 0xc8000001 + FAR, "abc");
    play_send(&p, SERVER, ".", 0xc8000001 + FAR + i, 0xc0000001 + FAR, "ABC");
  }
  play_finish(&p);
  (void)play_log(&p);
  assert_non_null(strstr(p.read, "gap client 0+1073741824 acked\n"
                                 "data client 1073741824 abc\n"
                                 "data client 1073741827 abc\n"
                                 "data client 1073741830 abc\n"));
  assert_non_null(strstr(p.read, "gap server 0+1073741824 acked\n"
                                 "data server 1073741824 ABC\n"
                                 "data server 1073741827 ABC\n"));
  assert_non_null(strstr(p.read, "data server 1073741830 ABC\n"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(feed__a_jump__held_beside_the_stream),
    cmocka_unit_test(feed__jumps_that_disagree__the_last_is_held),
    cmocka_unit_test(feed__stopped_or_ended__nothing_held),
    cmocka_unit_test(stop__one_held__released_at_once),
    cmocka_unit_test(feed__no_room__told_as_a_gap),
    cmocka_unit_test(feed__no_memory__nothing_changed),
    cmocka_unit_test(feed__third_of_each__all_are_told),
  };

  return cmocka_run_group_tests_name("far", tests, NULL, NULL);
}
