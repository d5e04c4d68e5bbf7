/* tests/unit/conn/test_phase.c - mirror of lib/conn/phase.c. */
#include "conn/conn.h"
#include "unit/conn/play.h"
#include "unit/failmem.h"

static tcpflow_phase phase_of(const play *p) {
  tcpflow_conn_info info;

  tcpflow_conn_info_init(&info);
  assert_int_equal(tcpflow_conn_get_info(p->conn, &info), TCPFLOW_OK);
  return info.phase;
}

static void phase__along_a_connection__one_after_the_other(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  assert_int_equal(phase_of(&p), TCPFLOW_PHASE_OPENING);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  assert_int_equal(phase_of(&p), TCPFLOW_PHASE_OPENING);
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  assert_int_equal(phase_of(&p), TCPFLOW_PHASE_ANSWERED);
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_int_equal(phase_of(&p), TCPFLOW_PHASE_OPEN);
  play_send(&p, CLIENT, "F.", 1001, 5001, "");
  assert_int_equal(phase_of(&p), TCPFLOW_PHASE_HALF_CLOSED);
  play_send(&p, SERVER, "P.", 5001, 1002, "still here");
  assert_int_equal(phase_of(&p), TCPFLOW_PHASE_HALF_CLOSED);
  play_send(&p, SERVER, "F.", 5011, 1002, "");
  assert_int_equal(phase_of(&p), TCPFLOW_PHASE_CLOSING);
  play_send(&p, CLIENT, ".", 1002, 5012, "");
  assert_int_equal(phase_of(&p), TCPFLOW_PHASE_ENDED);
  play_finish(&p);
}

static void phase__simultaneous_open__answered_by_the_second_syn(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, SERVER, "S", 5000, 0, "");
  assert_int_equal(phase_of(&p), TCPFLOW_PHASE_ANSWERED);
  play_finish(&p);
}

static void phase__syn_ack_first__answered(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  assert_int_equal(phase_of(&p), TCPFLOW_PHASE_ANSWERED);
  play_finish(&p);
}

static void phase__mid_stream_lone__until_the_other_side(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "P.", 1000, 5000, "hello");
  assert_int_equal(phase_of(&p), TCPFLOW_PHASE_PICKED_UP);
  play_send(&p, SERVER, ".", 5000, 1005, "");
  assert_int_equal(phase_of(&p), TCPFLOW_PHASE_OPEN);
  play_finish(&p);
}

/* A lone FIN is no half-closed connection. */
static void phase__mid_stream_fin__picked_up(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "F.", 1000, 5000, "");
  assert_int_equal(phase_of(&p), TCPFLOW_PHASE_PICKED_UP);
  play_send(&p, SERVER, ".", 5000, 1001, "");
  assert_int_equal(phase_of(&p), TCPFLOW_PHASE_HALF_CLOSED);
  play_finish(&p);
}

/* A capture of one direction: four segments, and a little time. */
static void phase__one_side_heard__trusted_by_and_by(void **state) {
  play p;

  (void)state;
  for (unsigned syn = 0; syn < 2; syn++) {
    play_begin(&p, NULL);
    if (syn != 0) {
      play_send(&p, CLIENT, "S", 999, 0, "");
      assert_int_equal(phase_of(&p), TCPFLOW_PHASE_OPENING);
    }
    for (uint32_t i = 0; i < 8; i++) {
      play_send(&p, CLIENT, "P.", 1000 + i, 5000 + i, "x");
      assert_int_equal(phase_of(&p), TCPFLOW_PHASE_PICKED_UP);
    }
    p.now += 100 * TCPFLOW_MILLISECOND;
    play_send(&p, CLIENT, "P.", 1008, 5008, "x");
    assert_int_equal(phase_of(&p), TCPFLOW_PHASE_OPEN);
    play_finish(&p);
  }
}

static void phase__one_side_time_alone__not_trusted(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  for (uint32_t i = 0; i < 3; i++) {
    play_send(&p, CLIENT, ".", 1000, 5000 + i, "");
    p.now += TCPFLOW_SECOND;
  }
  assert_int_equal(phase_of(&p), TCPFLOW_PHASE_PICKED_UP);
  /* With impossible numbers it proves nothing. */
  play_send(&p, CLIENT, ".", 900000000, 5003, "");
  assert_int_equal(phase_of(&p), TCPFLOW_PHASE_PICKED_UP);
  play_send(&p, CLIENT, ".", 1000, 5004, "");
  assert_int_equal(phase_of(&p), TCPFLOW_PHASE_OPEN);
  play_finish(&p);
}

static void set_timeout__one_phase__others_common(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  assert_int_equal(tcpflow__conn_timeout(p.conn, TCPFLOW_PHASE_OPEN, 7), 7);
  assert_int_equal(tcpflow_conn_set_timeout(p.conn, TCPFLOW_PHASE_OPEN, 3),
                   TCPFLOW_OK);
  assert_int_equal(tcpflow__conn_timeout(p.conn, TCPFLOW_PHASE_OPEN, 7), 3);
  for (unsigned phase = 0; phase < 12; phase++) {
    if (phase != TCPFLOW_PHASE_OPEN) {
      assert_int_equal(tcpflow__conn_timeout(p.conn, phase, 7), 7);
    }
  }
  play_finish(&p);
}

static void set_timeout__all__but_reset_and_ended(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  assert_int_equal(tcpflow_conn_set_timeout(p.conn, TCPFLOW_PHASE_ALL, 0),
                   TCPFLOW_OK);
  for (unsigned phase = 0; phase < TCPFLOW_PHASE_COUNT; phase++) {
    assert_int_equal(tcpflow__conn_timeout(p.conn, phase, 7),
                     phase < TCPFLOW_PHASE_RESET ? 0 : 7);
  }
  play_finish(&p);
}

static void set_timeout__bad_phase_or_no_memory__says_so(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  play_begin(&p, &mem);
  assert_int_equal(tcpflow_conn_set_timeout(p.conn, TCPFLOW_PHASE_RESET, 1),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(tcpflow_conn_set_timeout(p.conn, TCPFLOW_PHASE_ENDED, 1),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(tcpflow_conn_set_timeout(p.conn, UINT32_MAX, 1),
                   TCPFLOW_ERR_INVALID);
  fm.fail_at = fm.requests + 1;
  assert_int_equal(tcpflow_conn_set_timeout(p.conn, TCPFLOW_PHASE_OPEN, 1),
                   TCPFLOW_ERR_NOMEM);
  assert_int_equal(tcpflow__conn_timeout(p.conn, TCPFLOW_PHASE_OPEN, 7), 7);
  assert_int_equal(tcpflow_conn_end(p.conn, 1, TCPFLOW_END_CALLER), TCPFLOW_OK);
  assert_int_equal(tcpflow_conn_set_timeout(p.conn, TCPFLOW_PHASE_OPEN, 1),
                   TCPFLOW_OK);
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(phase__along_a_connection__one_after_the_other),
    cmocka_unit_test(phase__simultaneous_open__answered_by_the_second_syn),
    cmocka_unit_test(phase__syn_ack_first__answered),
    cmocka_unit_test(phase__mid_stream_lone__until_the_other_side),
    cmocka_unit_test(phase__mid_stream_fin__picked_up),
    cmocka_unit_test(phase__one_side_heard__trusted_by_and_by),
    cmocka_unit_test(phase__one_side_time_alone__not_trusted),
    cmocka_unit_test(set_timeout__one_phase__others_common),
    cmocka_unit_test(set_timeout__all__but_reset_and_ended),
    cmocka_unit_test(set_timeout__bad_phase_or_no_memory__says_so),
  };

  return cmocka_run_group_tests_name("phase", tests, NULL, NULL);
}
