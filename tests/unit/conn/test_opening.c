/*
 * tests/unit/conn/test_opening.c - mirror of lib/conn/opening.c: how a
 * connection opens, and the round trips of its handshake.
 */
#include "play.h"

static tcpflow_conn_info info_of(const play *p) {
  tcpflow_conn_info info;

  tcpflow_conn_info_init(&info);
  assert_int_equal(tcpflow_conn_get_info(p->conn, &info), TCPFLOW_OK);
  return info;
}

/* Each segment that is sent takes 1 ms; this many more pass. */
static void wait_ms(play *p, uint64_t ms) {
  p->now += ms * TCPFLOW_MILLISECOND;
}

static void stamp(play *p, uint32_t val, uint32_t ecr) {
  p->options.present = TCPFLOW_HAS_TIMESTAMPS;
  p->options.ts_val = val;
  p->options.ts_ecr = ecr;
}

/* --- the kind --- */

static void opening_kind__third_segment__three_way(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", UINT32_MAX, 0, "");
  play_send(&p, SERVER, "S.", UINT32_MAX, 0, "");
  assert_int_equal(info_of(&p).open_kind, TCPFLOW_OPEN_UNKNOWN);
  assert_false(info_of(&p).established);
  play_send(&p, CLIENT, ".", 0, 0, "");
  assert_int_equal(info_of(&p).open_kind, TCPFLOW_OPEN_THREE_WAY);
  assert_true(info_of(&p).established);
  play_finish(&p);
}

/* RFC 9293 Figure 7. */
static void opening_kind__syns_cross__simultaneous(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, SERVER, "S", 5000, 0, "");
  play_send(&p, CLIENT, "S.", 1000, 5001, "");
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  assert_int_equal(info_of(&p).open_kind, TCPFLOW_OPEN_SIMULTANEOUS);
  play_finish(&p);
}

/* A SYN answers the SYN, a round trip later: then the client sends the SYN and
   ACK, and the server an ACK, which was never in SYN-RECEIVED. */
static void opening_kind__syn_answers_syn__split(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  wait_ms(&p, 40);
  play_send(&p, SERVER, "S", 5000, 0, "");
  play_send(&p, CLIENT, "S.", 1000, 5001, "");
  wait_ms(&p, 40);
  play_send(&p, SERVER, ".", 5001, 1001, "");
  assert_int_equal(info_of(&p).open_kind, TCPFLOW_OPEN_SPLIT);
  play_finish(&p);
}

/* RFC 7413 section 4.2: some of the data is enough. */
static void opening_kind__syn_data_acknowledged__fast(void **state) {
  static const struct {
    uint32_t ack;
    tcpflow_open_kind kind;
  } cases[] = {{1001, TCPFLOW_OPEN_THREE_WAY},
               {1002, TCPFLOW_OPEN_FAST},
               {1005, TCPFLOW_OPEN_FAST}};

  (void)state;
  for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    play p;

    play_begin(&p, NULL);
    play_send(&p, CLIENT, "S", 1000, 0, "data");
    play_send(&p, SERVER, "S.", 5000, cases[i].ack, "");
    play_send(&p, CLIENT, ".", cases[i].ack, 5001, "");
    assert_int_equal(info_of(&p).open_kind, cases[i].kind);
    play_finish(&p);
  }
}

/* The SYN that was captured behind its answer makes it what it was. */
static void opening_kind__syn_behind_its_answer__three_way(void **state) {
  (void)state;
  for (unsigned late = 0; late < 2; late++) {
    play p;

    play_begin(&p, NULL);
    play_send(&p, SERVER, "S.", 5000, 1001, "");
    if (late != 0) {
      play_send(&p, CLIENT, "S", 1000, 0, "");
    }
    play_send(&p, CLIENT, ".", 1001, 5001, "");
    assert_int_equal(info_of(&p).open_kind, late != 0
                                              ? TCPFLOW_OPEN_THREE_WAY
                                              : TCPFLOW_OPEN_SYN_ACK_FIRST);
    play_finish(&p);
  }
}

static void opening_kind__neither_syn__mid_stream(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, ".", 1001, 5001, "data");
  assert_int_equal(info_of(&p).open_kind, TCPFLOW_OPEN_MID_STREAM);
  play_finish(&p);
}

/* --- round trips --- */

static void opening_rtt__each_once__both_halves(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  wait_ms(&p, 29);
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  wait_ms(&p, 4);
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_int_equal(info_of(&p).rtt_server, 30 * TCPFLOW_MILLISECOND);
  assert_int_equal(info_of(&p).rtt_client, 5 * TCPFLOW_MILLISECOND);
  play_finish(&p);
}

/* RFC 6298 section 3 (Karn): which of the two was answered, nobody knows. */
static void opening_rtt__sent_twice__only_that_half_unknown(void **state) {
  (void)state;
  for (unsigned side = 0; side < 2; side++) {
    play p;

    play_begin(&p, NULL);
    play_send(&p, CLIENT, "S", 1000, 0, "");
    if (side == CLIENT) {
      play_send(&p, CLIENT, "S", 1000, 0, "");
    }
    play_send(&p, SERVER, "S.", 5000, 1001, "");
    if (side == SERVER) {
      play_send(&p, SERVER, "S.", 5000, 1001, "");
    }
    play_send(&p, CLIENT, ".", 1001, 5001, "");
    assert_int_equal(info_of(&p).rtt_server == TCPFLOW_TIME_NONE,
                     side == CLIENT);
    assert_int_equal(info_of(&p).rtt_client == TCPFLOW_TIME_NONE,
                     side == SERVER);
    play_finish(&p);
  }
}

/* RFC 7323 section 4.1: the echo says which; only the newest is worth
   something, since an older one may have been answered again. */
static void opening_rtt__sent_twice_stamped__the_echo_tells(void **state) {
  (void)state;
  for (unsigned echo = 0; echo < 2; echo++) {
    play p;

    play_begin(&p, NULL);
    stamp(&p, 100, 0);
    play_send(&p, CLIENT, "S", 1000, 0, "");
    wait_ms(&p, 999);
    stamp(&p, 1100, 0);
    play_send(&p, CLIENT, "S", 1000, 0, "");
    wait_ms(&p, 19);
    stamp(&p, 7, echo != 0 ? 1100 : 100);
    play_send(&p, SERVER, "S.", 5000, 1001, "");
    stamp(&p, 1120, 7);
    play_send(&p, CLIENT, ".", 1001, 5001, "");
    assert_true(info_of(&p).rtt_server ==
                (echo != 0 ? 20 * TCPFLOW_MILLISECOND : TCPFLOW_TIME_NONE));
    play_finish(&p);
  }
}

/* Another number makes it another question, and the answer says which. */
static void opening_rtt__other_number__known(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, CLIENT, "S", 2000, 0, "");
  wait_ms(&p, 9);
  play_send(&p, SERVER, "S.", 5000, 2001, "");
  play_send(&p, CLIENT, ".", 2001, 5001, "");
  assert_int_equal(info_of(&p).rtt_server, 10 * TCPFLOW_MILLISECOND);
  play_finish(&p);
}

static void opening_rtt__a_syn_not_captured__unknown(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  wait_ms(&p, 9);
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_true(info_of(&p).rtt_server == TCPFLOW_TIME_NONE);
  assert_int_equal(info_of(&p).rtt_client, 10 * TCPFLOW_MILLISECOND);
  play_finish(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(opening_kind__third_segment__three_way),
    cmocka_unit_test(opening_kind__syns_cross__simultaneous),
    cmocka_unit_test(opening_kind__syn_answers_syn__split),
    cmocka_unit_test(opening_kind__syn_data_acknowledged__fast),
    cmocka_unit_test(opening_kind__syn_behind_its_answer__three_way),
    cmocka_unit_test(opening_kind__neither_syn__mid_stream),
    cmocka_unit_test(opening_rtt__each_once__both_halves),
    cmocka_unit_test(opening_rtt__sent_twice__only_that_half_unknown),
    cmocka_unit_test(opening_rtt__sent_twice_stamped__the_echo_tells),
    cmocka_unit_test(opening_rtt__other_number__known),
    cmocka_unit_test(opening_rtt__a_syn_not_captured__unknown),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
