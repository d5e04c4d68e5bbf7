/*
 * tests/unit/segment/test_probes.c - mirror of lib/segment/probes.c: segments
 * that carry nothing new but their header, at the edges of each rule.
 */
#include "duel.h"

/* The wait of a keep-alive begins when the client last sent something new, or
   the server last acknowledged something. */
static tcpflow_time silence_of(const duel *d) {
  const tcpflow_time sent = d->end[CLIENT].nxt_time;
  const tcpflow_time acked = d->end[SERVER].ack_time;

  return sent > acked ? sent : acked;
}

/* A handshake, ten octets, and their ACK. */
static void talk(duel *d) {
  duel_handshake(d);
  duel_send(d, CLIENT, "P.", 1, 1, 10);
  duel_send(d, SERVER, ".", 1, 11, 0);
}

/* The same, and the ACK closes the window. */
static void talk_closed(duel *d) {
  duel_handshake(d);
  duel_send(d, CLIENT, "P.", 1, 1, 10);
  d->window = 0;
  duel_send(d, SERVER, ".", 1, 11, 0);
  d->window = 10000;
}

/* --- keep-alives: RFC 9293 section 3.8.4 --- */

/* The least timeout of retransmissions that hosts have is 200 ms. */
static void judge_probe__keep_alive__200_ms_of_silence(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    talk(d);
    d->now = silence_of(d) + 200 * TCPFLOW_MILLISECOND - 1;
    assert_lacks(duel_judge(d, CLIENT, ".", 10, 1, 0), KEEP_ALIVE);
    d->now++;
    assert_has(duel_judge(d, CLIENT, ".", 10, 1, 0), KEEP_ALIVE);
  }
}

/* With an octet it may be one sent again: RFC 6298 section 2.4 has hosts wait
   for a second, by clocks that differ. */
static void judge_probe__keep_alive_with_octet__900_ms(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    talk(d);
    d->now = silence_of(d) + 900 * TCPFLOW_MILLISECOND - 1;
    assert_lacks(duel_judge(d, CLIENT, ".", 10, 1, 1), KEEP_ALIVE);
    d->now++;
    assert_has(duel_judge(d, CLIENT, ".", 10, 1, 1), KEEP_ALIVE);
    assert_lacks(duel_judge(d, CLIENT, ".", 10, 1, 2), KEEP_ALIVE);
  }
}

static void judge_probe__slow_path__as_long_as_it_reorders(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    talk(d);
    d->reorder = 3 * TCPFLOW_SECOND;
    d->now = silence_of(d) + d->reorder - 1;
    assert_lacks(duel_judge(d, CLIENT, ".", 10, 1, 0), KEEP_ALIVE);
    d->now++;
    assert_has(duel_judge(d, CLIENT, ".", 10, 1, 0), KEEP_ALIVE);
  }
}

static void judge_probe__clock_goes_back__no_silence(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    talk(d);
    d->now = 0;
    assert_lacks(duel_judge(d, CLIENT, ".", 10, 1, 0), KEEP_ALIVE);
  }
}

/* The interval of the next ones is the sender's own affair. */
static void judge_probe__keep_alive_again__at_once(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    talk(d);
    d->now += TCPFLOW_SECOND;
    assert_has(duel_send(d, CLIENT, ".", 10, 1, 0), KEEP_ALIVE);
    assert_has(duel_send(d, CLIENT, ".", 10, 1, 0), KEEP_ALIVE);
    assert_has(duel_judge(d, CLIENT, ".", 10, 1, 1), KEEP_ALIVE);
  }
}

static void judge_probe__something_in_flight__no_keep_alive(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    talk(d);
    duel_send(d, CLIENT, "P.", 11, 1, 10);
    d->now += 10 * TCPFLOW_SECOND;
    assert_lacks(duel_judge(d, CLIENT, ".", 20, 1, 0), KEEP_ALIVE);
    assert_lacks(duel_judge(d, CLIENT, ".", 20, 1, 1), KEEP_ALIVE);
  }
}

static void judge_probe__other_number_or_flags__no_keep_alive(void **state) {
  static const char *const flags[] = {"F.", "S.", "R.", "R"};

  (void)state;
  FOR_EVERY_ISN(d) {
    talk(d);
    d->now += 10 * TCPFLOW_SECOND;
    assert_lacks(duel_judge(d, CLIENT, ".", 9, 1, 0), KEEP_ALIVE);
    assert_lacks(duel_judge(d, CLIENT, ".", 11, 1, 0), KEEP_ALIVE);
    for (unsigned i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
      assert_lacks(duel_judge(d, CLIENT, flags[i], 10, 1, 0), KEEP_ALIVE);
    }
  }
}

static void judge_bare__keep_alive__only_its_answer_is_one(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    talk(d);
    assert_lacks(duel_judge(d, SERVER, ".", 1, 11, 0), KEEP_ALIVE_ACK);
    d->now += TCPFLOW_SECOND;
    duel_send(d, CLIENT, ".", 10, 1, 0);
    assert_has(duel_judge(d, SERVER, ".", 1, 11, 0), KEEP_ALIVE_ACK);
    assert_lacks(duel_judge(d, SERVER, ".", 0, 11, 0), KEEP_ALIVE_ACK);
    d->window = 9999;
    const tcpflow_verdict verdict = duel_judge(d, SERVER, ".", 1, 11, 0);
    assert_has(verdict, WINDOW_UPDATE);
    assert_lacks(verdict, KEEP_ALIVE_ACK);
  }
}

/* --- probes of a closed window: RFC 9293 section 3.8.6.1 --- */

static void judge_probe__closed_window__three_shapes(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    talk_closed(d);
    assert_has(duel_judge(d, CLIENT, ".", 11, 1, 1), ZERO_WINDOW_PROBE);
    assert_has(duel_judge(d, CLIENT, ".", 11, 1, 0), ZERO_WINDOW_PROBE);
    assert_has(duel_judge(d, CLIENT, ".", 10, 1, 0), ZERO_WINDOW_PROBE);
    assert_lacks(duel_judge(d, CLIENT, ".", 11, 1, 2), ZERO_WINDOW_PROBE);
    assert_lacks(duel_judge(d, CLIENT, ".", 9, 1, 0), ZERO_WINDOW_PROBE);
    assert_lacks(duel_judge(d, CLIENT, "F.", 11, 1, 0), ZERO_WINDOW_PROBE);
    assert_lacks(duel_judge(d, CLIENT, "R.", 11, 1, 0), ZERO_WINDOW_PROBE);
  }
}

/* An octet is the least that a window lets through. */
static void judge_probe__window_of_1__no_probe(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, "P.", 1, 1, 10);
    d->window = 1;
    duel_send(d, SERVER, ".", 1, 11, 0);
    d->window = 10000;
    assert_lacks(duel_judge(d, CLIENT, ".", 11, 1, 1), ZERO_WINDOW_PROBE);
    assert_lacks(duel_judge(d, CLIENT, ".", 10, 1, 0), ZERO_WINDOW_PROBE);
  }
}

/* A probe is no keep-alive, however long ago the last word was. */
static void judge_probe__closed_for_long__still_a_probe(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    talk_closed(d);
    d->now += 7200 * TCPFLOW_SECOND;
    const tcpflow_verdict verdict = duel_judge(d, CLIENT, ".", 10, 1, 0);
    assert_has(verdict, ZERO_WINDOW_PROBE);
    assert_lacks(verdict, KEEP_ALIVE);
  }
}

/* The receiver takes the octet, or drops it; the window may stay closed. */
static void judge_bare__answer_to_a_probe__with_or_without(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    talk_closed(d);
    duel_send(d, CLIENT, ".", 11, 1, 1);
    d->window = 0;
    assert_has(duel_judge(d, SERVER, ".", 1, 11, 0), ZERO_WINDOW_PROBE_ACK);
    assert_has(duel_judge(d, SERVER, ".", 1, 12, 0), ZERO_WINDOW_PROBE_ACK);
    assert_lacks(duel_judge(d, SERVER, ".", 1, 13, 0), ZERO_WINDOW_PROBE_ACK);
    assert_lacks(duel_judge(d, SERVER, ".", 1, 10, 0), ZERO_WINDOW_PROBE_ACK);
    d->window = 1;
    assert_lacks(duel_judge(d, SERVER, ".", 1, 11, 0), ZERO_WINDOW_PROBE_ACK);
    assert_has(duel_judge(d, SERVER, ".", 1, 11, 0), WINDOW_UPDATE);
  }
}

static void judge_bare__no_probe_before__no_answer(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    talk_closed(d);
    d->window = 0;
    assert_lacks(duel_judge(d, SERVER, ".", 1, 11, 0), ZERO_WINDOW_PROBE_ACK);
  }
}

/* Most receivers drop the octet, and it comes again as the first one of a whole
   segment. */
static void acks_probe__octet_dropped__no_retransmission(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    talk_closed(d);
    duel_send(d, CLIENT, ".", 11, 1, 1);
    d->window = 0;
    duel_send(d, SERVER, ".", 1, 11, 0);
    d->window = 10000;
    duel_send(d, SERVER, ".", 1, 11, 0);
    const tcpflow_verdict verdict = duel_judge(d, CLIENT, "P.", 11, 1, 100);
    assert_has(verdict, NEW_DATA);
    assert_lacks(verdict, RETRANSMISSION);
  }
}

static void acks_probe__octet_taken__it_was_sent(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    talk_closed(d);
    duel_send(d, CLIENT, ".", 11, 1, 1);
    duel_send(d, SERVER, ".", 1, 12, 0);
    assert_int_equal(d->end[CLIENT].snd_una, duel_number(d, CLIENT, 12));
    assert_int_equal(d->end[CLIENT].snd_nxt, duel_number(d, CLIENT, 12));
    assert_has(duel_judge(d, CLIENT, "P.", 12, 1, 10), NEW_DATA);
  }
}

/* --- duplicate ACKs and challenges --- */

/* RFC 5681 section 2: (a) data in flight, (b) no data, (d) the greatest ACK,
   (e) the same window. */
static void judge_bare__duplicate_ack__each_condition(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    talk(d);
    assert_lacks(duel_judge(d, SERVER, ".", 1, 11, 0), DUPLICATE_ACK);
    duel_send(d, CLIENT, "P.", 11, 1, 10);
    assert_has(duel_judge(d, SERVER, ".", 1, 11, 0), DUPLICATE_ACK);
    assert_lacks(duel_judge(d, SERVER, ".", 1, 11, 1), DUPLICATE_ACK);
    assert_lacks(duel_judge(d, SERVER, ".", 1, 10, 0), DUPLICATE_ACK);
    assert_lacks(duel_judge(d, SERVER, ".", 1, 21, 0), DUPLICATE_ACK);
    assert_lacks(duel_judge(d, SERVER, "F.", 1, 11, 0), DUPLICATE_ACK);
    d->window = 10001;
    assert_lacks(duel_judge(d, SERVER, ".", 1, 11, 0), DUPLICATE_ACK);
  }
}

/* RFC 5961 section 3.2: a RST in the window is answered by an ACK of what is
   expected; only the first such ACK is that answer. */
static void judge_bare__rst_in_window__one_challenge(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    talk(d);
    assert_lacks(duel_judge(d, SERVER, ".", 1, 11, 0), CHALLENGE_ACK);
    duel_send(d, CLIENT, "R", 500, 0, 0);
    assert_lacks(duel_judge(d, SERVER, ".", 1, 10, 0), CHALLENGE_ACK);
    assert_lacks(duel_judge(d, SERVER, ".", 0, 11, 0), CHALLENGE_ACK);
    assert_has(duel_send(d, SERVER, ".", 1, 11, 0), CHALLENGE_ACK);
    assert_lacks(duel_judge(d, SERVER, ".", 1, 11, 0), CHALLENGE_ACK);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(judge_probe__keep_alive__200_ms_of_silence),
    cmocka_unit_test(judge_probe__keep_alive_with_octet__900_ms),
    cmocka_unit_test(judge_probe__slow_path__as_long_as_it_reorders),
    cmocka_unit_test(judge_probe__clock_goes_back__no_silence),
    cmocka_unit_test(judge_probe__keep_alive_again__at_once),
    cmocka_unit_test(judge_probe__something_in_flight__no_keep_alive),
    cmocka_unit_test(judge_probe__other_number_or_flags__no_keep_alive),
    cmocka_unit_test(judge_bare__keep_alive__only_its_answer_is_one),
    cmocka_unit_test(judge_probe__closed_window__three_shapes),
    cmocka_unit_test(judge_probe__window_of_1__no_probe),
    cmocka_unit_test(judge_probe__closed_for_long__still_a_probe),
    cmocka_unit_test(judge_bare__answer_to_a_probe__with_or_without),
    cmocka_unit_test(judge_bare__no_probe_before__no_answer),
    cmocka_unit_test(acks_probe__octet_dropped__no_retransmission),
    cmocka_unit_test(acks_probe__octet_taken__it_was_sent),
    cmocka_unit_test(judge_bare__duplicate_ack__each_condition),
    cmocka_unit_test(judge_bare__rst_in_window__one_challenge),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
