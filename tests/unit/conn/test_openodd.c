/*
 * tests/unit/conn/test_openodd.c - mirror of lib/conn/openodd.c: what is odd
 * about SYNs and their answers.
 */
#include "play.h"

/* Anomalies of the latest segment: "server syn-ack-bad-ack, ...". */
static const char *odd(play *p) {
  static char words[512];
  const char *at = play_log(p);
  size_t used = 0;

  words[0] = '\0';
  while ((at = strstr(at, "anomaly ")) != NULL) {
    const size_t length = strcspn(at + 8, "\n") - 3; /* Without " x1". */
    used += (size_t)snprintf(words + used, sizeof(words) - used, "%s%.*s",
                             used == 0 ? "" : ", ", (int)length, at + 8);
    at += 8;
  }
  return words;
}

#define assert_odd(p, side, flags, seq, ack, payload, expected)                \
  do {                                                                         \
    play_log(p);                                                               \
    play_send(p, side, flags, seq, ack, payload);                              \
    assert_string_equal(odd(p), expected);                                     \
  } while (0)

/* --- SYNs --- */

static void opening_oddities__same_syn_again__nothing(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  assert_odd(&p, CLIENT, "S", 1000, 0, "", "");
  assert_odd(&p, CLIENT, "S", 1000, 0, "", "");
  assert_odd(&p, SERVER, "S.", 5000, 1001, "", "");
  assert_odd(&p, SERVER, "S.", 5000, 1001, "", "");
  play_finish(&p);
}

static void opening_oddities__another_number__told(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", UINT32_MAX, 0, "");
  assert_odd(&p, CLIENT, "S", 0, 0, "", "client syn-other-isn");
  assert_odd(&p, SERVER, "S.", 5000, 1, "", "");
  assert_odd(&p, SERVER, "S.", 6000, 1, "", "server syn-ack-other-isn");
  play_finish(&p);
}

/* RFC 9293 section 3.10.7.4, fourth step: it is challenged. */
static void opening_oddities__syn_in_connection__told(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  assert_odd(&p, CLIENT, "S", 77, 0, "", "client syn-in-connection");
  assert_odd(&p, SERVER, "S.", 77, 1001, "", "server syn-ack-in-connection");
  play_finish(&p);
}

static void opening_oddities__syn_after_mid_stream__its_own_word(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, ".", 1001, 5001, "data");
  play_send(&p, SERVER, ".", 5001, 1005, "data");
  assert_odd(&p, CLIENT, "S", 77, 0, "", "client syn-after-mid-stream");
  play_finish(&p);
}

/* RFC 9293 section 3.6.1: once both have closed, a newer number takes the ports
   over, which nobody minds; an older one is late. */
static void opening_oddities__syn_after_fins__only_an_old_one(void **state) {
  play p;

  (void)state;
  for (unsigned newer = 0; newer < 2; newer++) {
    play_begin(&p, NULL);
    play_handshake(&p);
    play_send(&p, CLIENT, "F.", 1001, 5001, "");
    play_send(&p, SERVER, "F.", 5001, 1002, "");
    assert_odd(&p, CLIENT, "S", newer != 0 ? 9000 : 900, 0, "",
               newer != 0 ? "" : "client syn-after-fin");
    play_finish(&p);
  }
}

/* --- answers: RFC 9293 section 3.10.7.3 --- */

static void opening_oddities__ack_of_no_syn__bad(void **state) {
  static const uint32_t acks[] = {1000, 1002, 0, UINT32_MAX};
  play p;

  (void)state;
  for (unsigned i = 0; i < sizeof(acks) / sizeof(acks[0]); i++) {
    play_begin(&p, NULL);
    play_send(&p, CLIENT, "S", 1000, 0, "");
    assert_odd(&p, SERVER, "S.", 5000, acks[i], "", "server syn-ack-bad-ack");
    play_finish(&p);
  }
}

static void opening_oddities__same_answer_other_ack__told(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  assert_odd(&p, SERVER, "S.", 5000, 1002, "", "server syn-ack-other-ack");
  play_finish(&p);
}

/* The client answers itself. */
static void opening_oddities__client_sends_syn_ack__told(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_log(&p);
  play_send(&p, CLIENT, "S.", 2000, 5001, "");
  assert_non_null(strstr(odd(&p), "client syn-ack-from-client"));
  play_finish(&p);
}

/* --- Fast Open: RFC 7413 section 4.2 --- */

static void opening_oddities__syn_data_ignored__told_once(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "data");
  assert_odd(&p, SERVER, "S.", 5000, 1001, "", "server fast-open-ignored");
  assert_odd(&p, SERVER, "S.", 5000, 1001, "", "");
  play_finish(&p);
}

static void opening_oddities__syn_data_taken__nothing(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", UINT32_C(0xfffffffd), 0, "data");
  assert_odd(&p, SERVER, "S.", 5000, 2, "", "");
  play_finish(&p);
}

/* --- kinds --- */

/* RFC 9293 Figure 7: legal, and still nobody does it. */
static void opening_kind_oddities__syns_cross__when_it_is_open(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  assert_odd(&p, SERVER, "S", 5000, 0, "", "");
  assert_odd(&p, CLIENT, "S.", 1000, 5001, "", "");
  assert_odd(&p, SERVER, "S.", 5000, 1001, "", "server simultaneous-open");
  play_finish(&p);
}

static void opening_oddities__impossible_ack__handshake_bad_ack(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  play_log(&p);
  play_send(&p, CLIENT, ".", 1001, UINT32_C(0x70000000), "");
  assert_non_null(strstr(odd(&p), "client handshake-bad-ack"));
  play_finish(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(opening_oddities__same_syn_again__nothing),
    cmocka_unit_test(opening_oddities__another_number__told),
    cmocka_unit_test(opening_oddities__syn_in_connection__told),
    cmocka_unit_test(opening_oddities__syn_after_mid_stream__its_own_word),
    cmocka_unit_test(opening_oddities__syn_after_fins__only_an_old_one),
    cmocka_unit_test(opening_oddities__ack_of_no_syn__bad),
    cmocka_unit_test(opening_oddities__same_answer_other_ack__told),
    cmocka_unit_test(opening_oddities__client_sends_syn_ack__told),
    cmocka_unit_test(opening_oddities__syn_data_ignored__told_once),
    cmocka_unit_test(opening_oddities__syn_data_taken__nothing),
    cmocka_unit_test(opening_kind_oddities__syns_cross__when_it_is_open),
    cmocka_unit_test(opening_oddities__impossible_ack__handshake_bad_ack),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
