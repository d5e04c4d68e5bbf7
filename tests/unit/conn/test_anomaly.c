/*
 * tests/unit/conn/test_anomaly.c - mirror of lib/conn/anomaly.c: what is odd,
 * told on a log scale.
 */
#include "play.h"
#include "unit/failmem.h"

static void tell_anomalies__1000_times__told_four_times(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  for (int i = 0; i < 1001; i++) {
    play_send(&p, CLIENT, "FU", 1001, 5001, "");
  }
  assert_string_equal(play_log(&p), "anomaly client bad-flags x1\n"
                                    "anomaly client bad-flags x10\n"
                                    "anomaly client bad-flags x100\n"
                                    "anomaly client bad-flags x1000\n");
  play_finish(&p);
}

/* Counted for the connection, not for each side; each anomaly by itself. */
static void tell_anomalies__both_sides__one_count(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  for (int i = 0; i < 9; i++) {
    play_send(&p, CLIENT, "FU", 1001, 5001, "");
  }
  p.cut = 1;
  play_send(&p, SERVER, "FU", 5001, 1001, "a");
  assert_string_equal(play_log(&p), "anomaly client bad-flags x1\n"
                                    "anomaly server bad-flags x10\n"
                                    "anomaly server payload-cut x1\n");
  play_finish(&p);
}

/* One segment counts once, however often it is odd in the same way. */
static void tell_anomalies__two_conflicts_in_a_segment__once(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, ".", 1002, 5001, "b");
  play_send(&p, CLIENT, ".", 1004, 5001, "d");
  play_send(&p, CLIENT, ".", 1002, 5001, "xyz");
  assert_string_equal(play_log(&p), "conflict client 1 b/x\n"
                                    "conflict client 3 d/z\n"
                                    "anomaly client overlap-conflict x1\n");
  play_finish(&p);
}

/* Too much said is the lesser evil. */
static void
tell_anomalies__no_memory_for_the_counts__each_is_told(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  play_begin(&p, &mem);
  play_handshake(&p);
  fm.fail_at = 1;
  fm.fail_from = 1;
  for (int i = 0; i < 3; i++) {
    play_send(&p, CLIENT, "FU", 1001, 5001, "");
  }
  assert_string_equal(play_log(&p), "anomaly client bad-flags x1\n"
                                    "anomaly client bad-flags x1\n"
                                    "anomaly client bad-flags x1\n");
  fm.fail_at = 0;
  play_send(&p, CLIENT, "FU", 1001, 5001, "");
  play_send(&p, CLIENT, "FU", 1001, 5001, "");
  assert_string_equal(play_log(&p), "anomaly client bad-flags x1\n");
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

/* A connection without an anomaly pays for a pointer. */
static void tell_anomalies__none__no_memory(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  play_begin(&p, &mem);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  assert_int_equal(fm.requests, 1);
  play_send(&p, CLIENT, "FU", 1001, 5001, "");
  assert_int_equal(fm.requests, 2);
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

/* The occasions of silence are counted all the same. */
static void tell_anomalies__after_a_stop__counted_and_not_told(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  p.answer = 1;
  p.answer_at = "segment";
  for (int i = 0; i < 9; i++) {
    assert_int_equal(play_try(&p, CLIENT, "FU", 1001, 5001, ""),
                     TCPFLOW_ERR_CALLBACK);
  }
  assert_string_equal(play_log(&p), "");
  p.answer = 0;
  play_send(&p, CLIENT, "FU", 1001, 5001, "");
  assert_string_equal(play_log(&p), "anomaly client bad-flags x10\n");
  play_finish(&p);
}

static void tell_anomalies__asks_to_stop__the_next_is_not_told(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  p.answer = 1;
  p.answer_at = "anomaly";
  p.cut = 1;
  assert_int_equal(play_try(&p, CLIENT, "FU", 1001, 5001, "a"),
                   TCPFLOW_ERR_CALLBACK);
  assert_string_equal(play_log(&p), "anomaly client bad-flags x1\n");
  play_finish(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(tell_anomalies__1000_times__told_four_times),
    cmocka_unit_test(tell_anomalies__both_sides__one_count),
    cmocka_unit_test(tell_anomalies__two_conflicts_in_a_segment__once),
    cmocka_unit_test(tell_anomalies__no_memory_for_the_counts__each_is_told),
    cmocka_unit_test(tell_anomalies__none__no_memory),
    cmocka_unit_test(tell_anomalies__after_a_stop__counted_and_not_told),
    cmocka_unit_test(tell_anomalies__asks_to_stop__the_next_is_not_told),
  };

  return cmocka_run_group_tests_name("anomaly", tests, NULL, NULL);
}
