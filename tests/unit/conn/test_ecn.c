/*
 * tests/unit/conn/test_ecn.c - mirror of lib/conn/ecn.c: what both SYNs say of
 * ECN, in all combinations.
 */
#include "conn/ecn.h"

#include "play.h"

/* AE, CWR and ECE as one number, in play's letters. */
static const char *const letters[8] = {"",  "E",  "W",  "EW",
                                       "e", "Ee", "We", "EWe"};

/* The flags of a SYN, or of a SYN and ACK, with those of a number. */
static const char *flags_of(char room[8], const char *begin, unsigned number) {
  (void)snprintf(room, 8, "%s%s", begin, letters[number]);
  return room;
}

static tcpflow_ecn ecn_of(const play *p) {
  tcpflow_conn_info info;

  tcpflow_conn_info_init(&info);
  assert_int_equal(tcpflow_conn_get_info(p->conn, &info), TCPFLOW_OK);
  assert_int_equal(info.ecn, tcpflow__conn_ecn(p->conn));
  return info.ecn;
}

/* A handshake in which the SYN and its answer have these flags. */
static void play_ecn(play *p, unsigned asked, unsigned answer) {
  char room[8];

  play_begin(p, NULL);
  play_send(p, CLIENT, flags_of(room, "S", asked), 1000, 0, "");
  play_send(p, SERVER, flags_of(room, "S.", answer), 5000, 1001, "");
}

/* RFC 9768 Table 2, its rows for a SYN with AE, CWR and ECE, by the answer;
   section 3.1.3 has AE and ECE, which is reserved, taken for AccECN. */
static const tcpflow_ecn accurate[8] = {
  TCPFLOW_ECN_REFUSED,  TCPFLOW_ECN_CLASSIC,  TCPFLOW_ECN_ACCURATE,
  TCPFLOW_ECN_ACCURATE, TCPFLOW_ECN_ACCURATE, TCPFLOW_ECN_ACCURATE,
  TCPFLOW_ECN_ACCURATE, TCPFLOW_ECN_BROKEN};

/* RFC 3168 section 6.1.1: an ECN-setup SYN,ACK has ECE and not CWR; both are
   the SYN's flags reflected. */
static const tcpflow_ecn classic[8] = {TCPFLOW_ECN_REFUSED, TCPFLOW_ECN_CLASSIC,
                                       TCPFLOW_ECN_REFUSED, TCPFLOW_ECN_BROKEN,
                                       TCPFLOW_ECN_REFUSED, TCPFLOW_ECN_CLASSIC,
                                       TCPFLOW_ECN_REFUSED, TCPFLOW_ECN_BROKEN};

static tcpflow_ecn expected(unsigned asked, unsigned answer) {
  switch (asked) {
  case 0:
    return TCPFLOW_ECN_NOT_ASKED;
  case 3:
    return classic[answer];
  default: /* Section 3.1.3: whatever else comes asks for AccECN, too. */
    return accurate[answer];
  }
}

static void conn_ecn__all_64_handshakes__as_the_tables_say(void **state) {
  (void)state;
  for (unsigned asked = 0; asked < 8; asked++) {
    for (unsigned answer = 0; answer < 8; answer++) {
      play p;

      play_ecn(&p, asked, answer);
      assert_int_equal(ecn_of(&p), expected(asked, answer));
      play_send(&p, CLIENT, ".", 1001, 5001, "");
      /* AccECN may have been given up by then only if the answer was. */
      assert_int_equal(ecn_of(&p), expected(asked, answer));
      play_finish(&p);
    }
  }
}

static void conn_ecn__nothing_seen__unknown(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  assert_int_equal(ecn_of(&p), TCPFLOW_ECN_UNKNOWN);
  play_send(&p, CLIENT, ".", 1001, 5001, "data");
  play_send(&p, SERVER, ".", 5001, 1005, "data");
  assert_int_equal(ecn_of(&p), TCPFLOW_ECN_UNKNOWN);
  play_finish(&p);
}

static void conn_ecn__no_answer_yet__refused(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "SEW", 1000, 0, "");
  assert_int_equal(ecn_of(&p), TCPFLOW_ECN_REFUSED);
  play_finish(&p);
}

/* Data shows that it was answered, and the answer was not captured. */
static void conn_ecn__answer_not_captured__unknown(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "SEW", 1000, 0, "");
  play_send(&p, CLIENT, ".", 1001, 5001, "data");
  assert_int_equal(ecn_of(&p), TCPFLOW_ECN_UNKNOWN);
  play_finish(&p);
}

static void conn_ecn__only_the_answer_captured__unknown(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, SERVER, "S.E", 5000, 1001, "");
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_int_equal(ecn_of(&p), TCPFLOW_ECN_UNKNOWN);
  play_finish(&p);
}

/* RFC 9768 section 3.1.4.1: a SYN that was lost is sent again without, because
   it may have been lost for its flags. */
static void conn_ecn__syn_again_without__refused(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "SEWe", 1000, 0, "");
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_int_equal(ecn_of(&p), TCPFLOW_ECN_REFUSED);
  play_finish(&p);
}

/* Section 3.1.4.2: likewise the answer.  Which of them arrived, the ACK tells:
   it has the handshake encoding of AccECN (Table 3), or nothing. */
static void conn_ecn__answer_again_without__the_ack_tells(void **state) {
  static const struct {
    const char *ack;
    tcpflow_ecn ecn;
  } cases[] = {{".", TCPFLOW_ECN_REFUSED}, {".W", TCPFLOW_ECN_ACCURATE}};

  (void)state;
  for (unsigned i = 0; i < 2; i++) {
    play p;

    play_ecn(&p, 7, 2);
    play_send(&p, SERVER, "S.", 5000, 1001, "");
    assert_int_equal(ecn_of(&p), TCPFLOW_ECN_ACCURATE);
    play_send(&p, CLIENT, cases[i].ack, 1001, 5001, "");
    assert_int_equal(ecn_of(&p), cases[i].ecn);
    play_finish(&p);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(conn_ecn__all_64_handshakes__as_the_tables_say),
    cmocka_unit_test(conn_ecn__nothing_seen__unknown),
    cmocka_unit_test(conn_ecn__no_answer_yet__refused),
    cmocka_unit_test(conn_ecn__answer_not_captured__unknown),
    cmocka_unit_test(conn_ecn__only_the_answer_captured__unknown),
    cmocka_unit_test(conn_ecn__syn_again_without__refused),
    cmocka_unit_test(conn_ecn__answer_again_without__the_ack_tells),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
