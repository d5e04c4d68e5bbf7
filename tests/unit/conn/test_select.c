/*
 * tests/unit/conn/test_select.c - mirror of lib/conn/select.c: which of several
 * SYNs counts.
 */
#include "play.h"
#include "unit/failmem.h"

#include "conn/conn.h"

static tcpflow_conn_info info_of(const play *p) {
  tcpflow_conn_info info;

  tcpflow_conn_info_init(&info);
  assert_int_equal(tcpflow_conn_get_info(p->conn, &info), TCPFLOW_OK);
  return info;
}

static bool selected(const play *p) {
  return (p->verdict & TCPFLOW_VERDICT_INCARNATION_SELECTED) != 0;
}

static void select__third_segment__any_of_the_syn_acks(void **state) {
  (void)state;
  for (uint32_t i = 0; i < 5; i++) {
    play p;

    play_begin(&p, NULL);
    play_send(&p, CLIENT, "S", 1000, 0, "");
    for (uint32_t n = 0; n < 5; n++) {
      play_send(&p, SERVER, "S.", 5000 + n * 0x30000000U, 1001, "");
    }
    play_send(&p, CLIENT, ".", 1001, 5001 + i * 0x30000000U, "");
    assert_true(selected(&p) == (i != 0));
    assert_int_equal(tcpflow_conn_state(p.conn, SERVER),
                     TCPFLOW_STATE_ESTABLISHED);
    assert_int_equal(p.conn->end[SERVER].iss, 5000 + i * 0x30000000U);
    assert_int_equal(info_of(&p).incarnations[CLIENT], 1);
    assert_int_equal(info_of(&p).incarnations[SERVER], 5);
    (void)play_log(&p);
    play_send(&p, SERVER, "P.", 5001 + i * 0x30000000U, 1001, "abc");
    assert_string_equal(play_log(&p), "data server 0 abc\n");
    play_finish(&p);
  }
}

static void
select__client_goes_on_with_an_earlier_syn__it_counts(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  p.options.present = TCPFLOW_HAS_MSS;
  p.options.mss = 1111;
  play_send(&p, CLIENT, "S", 1000, 0, "");
  p.options.mss = 2222;
  play_send(&p, CLIENT, "S", 900000, 0, "");
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  assert_true((p.verdict & TCPFLOW_VERDICT_SYN_ACK_BAD_ACK) != 0);
  assert_int_equal(tcpflow_conn_state(p.conn, CLIENT), TCPFLOW_STATE_SYN_SENT);
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_true(selected(&p));
  assert_int_equal(p.conn->end[CLIENT].mss, 1111);
  assert_int_equal(p.conn->end[CLIENT].iss, 1000);
  assert_int_equal(tcpflow_conn_state(p.conn, SERVER),
                   TCPFLOW_STATE_ESTABLISHED);
  assert_int_equal(info_of(&p).incarnations[CLIENT], 2);
  play_finish(&p);
}

/* What does not fit any of them selects none. */
static void select__ack_of_nothing__none(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  play_send(&p, SERVER, "S.", 0x60000000U, 1001, "");
  play_send(&p, CLIENT, ".", 1001, 0xc0000000U, "");
  assert_false(selected(&p));
  assert_int_equal(p.conn->end[SERVER].iss, 5000);
  p.checksum = TCPFLOW_CHECKSUM_BAD;
  play_send(&p, CLIENT, ".", 1001, 0x60000001U, "");
  assert_false(selected(&p));
  p.checksum = TCPFLOW_CHECKSUM_NONE;
  play_send(&p, CLIENT, "R", 1001, 0x60000001U, "");
  assert_false(selected(&p));
  play_finish(&p);
}

/* Octets that were told are not taken back. */
static void select__after_data__settled(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  play_send(&p, SERVER, "S.", 0x60000000U, 1001, "");
  play_send(&p, SERVER, "P.", 5001, 1001, "abc");
  play_send(&p, CLIENT, ".", 1001, 0x60000001U, "");
  assert_false(selected(&p));
  assert_int_equal(p.conn->end[SERVER].iss, 5000);
  play_finish(&p);
}

/* Without memory for early data the choice is taken back, too. */
static void select__no_memory__nothing_changed(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  play_begin(&p, &mem);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  play_send(&p, SERVER, "S.", 0x60000000U, 1001, "");
  (void)play_log(&p);
  fm.fail_at = fm.requests + 1;
  assert_int_equal(play_try(&p, CLIENT, "P.", 1011, 0x60000001U, "early"),
                   TCPFLOW_ERR_NOMEM);
  assert_int_equal(p.conn->end[SERVER].iss, 5000);
  assert_string_equal(play_log(&p), "");
  fm.fail_at = 0;
  play_send(&p, CLIENT, "P.", 1011, 0x60000001U, "early");
  assert_true(selected(&p));
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

/* Nor is what was held of the one that counted so far let go. */
static void select__no_memory__held_data_stays(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  play_begin(&p, &mem);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  play_send(&p, SERVER, "S.", 0x60000000U, 1001, "");
  play_send(&p, SERVER, "P.", 5011, 1001, "held");
  fm.fail_at = fm.requests + 1;
  assert_int_equal(play_try(&p, CLIENT, "P.", 1011, 0x60000001U, "early"),
                   TCPFLOW_ERR_NOMEM);
  fm.fail_at = 0;
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  (void)play_log(&p);
  play_send(&p, SERVER, "P.", 5001, 1001, "0123456789");
  assert_string_equal(play_log(&p), "data server 0 0123456789\n"
                                    "data server 10 held\n");
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(select__third_segment__any_of_the_syn_acks),
    cmocka_unit_test(select__client_goes_on_with_an_earlier_syn__it_counts),
    cmocka_unit_test(select__ack_of_nothing__none),
    cmocka_unit_test(select__after_data__settled),
    cmocka_unit_test(select__no_memory__nothing_changed),
    cmocka_unit_test(select__no_memory__held_data_stays),
  };

  return cmocka_run_group_tests_name("select", tests, NULL, NULL);
}
