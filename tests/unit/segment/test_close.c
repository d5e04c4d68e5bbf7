/*
 * tests/unit/segment/test_close.c - mirror of lib/segment/close.c: the FINs,
 * and the ACKs of them.  RFC 9293 sections 3.6 and 3.10.7.4.
 */
#include "duel.h"

static void judge_ack_of_fin__behind_the_fin__received(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, "F.", 1, 1, 10);
    assert_int_equal(d->end[CLIENT].fin, duel_number(d, CLIENT, 11));
    (void)duel_judge(d, SERVER, ".", 1, 11, 0);
    assert_string_equal(duel_heard(d), "");
    (void)duel_judge(d, SERVER, ".", 1, 12, 0);
    assert_string_equal(duel_heard(d), "server rcv FIN, client rcv ACK of FIN");
    assert_false(d->judgment.fin_refuted);
  }
}

/* Nothing lies behind a FIN: who acknowledges octets there has not taken it. */
static void judge_ack_of_fin__of_data_behind_it__refuted(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, "F.", 1, 1, 0);
    duel_send(d, CLIENT, "P.", 1, 1, 3);
    assert_true((d->judgment.verdict & TCPFLOW_VERDICT_BEYOND_FIN) != 0);
    duel_send(d, SERVER, ".", 1, 4, 0);
    assert_string_equal(duel_heard(d), "client resume");
    assert_true(d->judgment.fin_refuted);
    assert_false(tcpflow__endpoint_has(&d->end[CLIENT], TCPFLOW__END_FIN));
    d->end[CLIENT].state = TCPFLOW_STATE_ESTABLISHED;
    duel_send(d, CLIENT, "F.", 4, 1, 0);
    assert_string_equal(duel_heard(d), "client snd FIN");
    assert_int_equal(d->end[CLIENT].fin, duel_number(d, CLIENT, 4));
  }
}

static void judge_ack_of_fin__of_another_fin__that_counts(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, "F.", 1, 1, 0);
    duel_send(d, CLIENT, "F.", 1, 1, 3);
    assert_true((d->judgment.verdict & TCPFLOW_VERDICT_FIN_MOVED) != 0);
    assert_int_equal(d->end[CLIENT].fin, duel_number(d, CLIENT, 1));
    duel_send(d, SERVER, ".", 1, 4, 0);
    assert_string_equal(duel_heard(d), "");
    assert_int_equal(d->end[CLIENT].fin, duel_number(d, CLIENT, 4));
    duel_send(d, SERVER, ".", 1, 5, 0);
    assert_string_equal(duel_heard(d), "server rcv FIN, client rcv ACK of FIN");
  }
}

/* RFC 9293 section 3.10.7.4, eighth step: the first one that is reached counts,
   and it is not known to cross. */
static void judge_ack_of_fin__of_a_lower_fin__that_counts(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, "F.", 5001, 1, 0);
    duel_send(d, CLIENT, "F.", 11, 1, 0);
    duel_send(d, SERVER, ".", 1, 11, 0);
    assert_string_equal(duel_heard(d), "");
    duel_send(d, SERVER, "F.", 1, 12, 0);
    assert_string_equal(duel_heard(d), "server rcv FIN, client rcv ACK of FIN, "
                                       "server snd FIN");
    assert_false(d->judgment.crossed);
    assert_int_equal(d->end[CLIENT].fin, duel_number(d, CLIENT, 11));
  }
}

/* An ACK of what was never seen says nothing of where the FIN is. */
static void judge_ack_of_fin__beyond_all_seen__not_refuted(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, "F.", 1, 1, 0);
    (void)duel_judge(d, SERVER, ".", 1, 3, 0);
    assert_false(d->judgment.fin_refuted);
    assert_string_equal(duel_heard(d), "server rcv FIN, client rcv ACK of FIN");
  }
}

static void judge_fin__acked_and_moved__stays(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, "F.", 1, 1, 0);
    duel_send(d, SERVER, ".", 1, 2, 0);
    duel_send(d, CLIENT, "F.", 1, 1, 3);
    duel_send(d, SERVER, ".", 1, 5, 0);
    assert_string_equal(duel_heard(d), "");
    assert_int_equal(d->end[CLIENT].fin, duel_number(d, CLIENT, 1));
  }
}

static void judge_fin__beyond_the_window__odd(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 100;
    duel_handshake(d);
    (void)duel_judge(d, CLIENT, "F.", 1, 1, 100);
    assert_int_equal(d->judgment.odd, 0);
    (void)duel_judge(d, CLIENT, "F.", 1, 1, 101);
    assert_int_equal(d->judgment.odd, TCPFLOW__ODD_FIN_WINDOW);
  }
}

static void judge_fin__very_many__a_storm_once(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    unsigned storms = 0;

    duel_handshake(d);
    for (unsigned i = 0; i < 300; i++) {
      d->now += TCPFLOW_SECOND;
      (void)duel_send(d, CLIENT, "F.", 1, 1, 0);
      storms += (d->judgment.odd & TCPFLOW__ODD_FIN_STORM) != 0;
    }
    assert_int_equal(storms, 1);
  }
}

/* RFC 5961 section 5.2. */
static void
judge_fin__acks_what_nobody_sent__taken_unless_strict(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    (void)duel_judge(d, CLIENT, "F.", 1, 9, 0);
    assert_true(d->judgment.fin_first);
    d->strict_ack = true;
    (void)duel_judge(d, CLIENT, "F.", 1, 9, 0);
    assert_false(d->judgment.fin_first);
    assert_false(d->judgment.numbers);
    (void)duel_judge(d, CLIENT, "F.", 1, 1, 0);
    assert_true(d->judgment.fin_first);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(judge_ack_of_fin__behind_the_fin__received),
    cmocka_unit_test(judge_ack_of_fin__of_data_behind_it__refuted),
    cmocka_unit_test(judge_ack_of_fin__of_another_fin__that_counts),
    cmocka_unit_test(judge_ack_of_fin__of_a_lower_fin__that_counts),
    cmocka_unit_test(judge_ack_of_fin__beyond_all_seen__not_refuted),
    cmocka_unit_test(judge_fin__acked_and_moved__stays),
    cmocka_unit_test(judge_fin__beyond_the_window__odd),
    cmocka_unit_test(judge_fin__very_many__a_storm_once),
    cmocka_unit_test(judge_fin__acks_what_nobody_sent__taken_unless_strict),
  };

  return cmocka_run_group_tests_name("close", tests, NULL, NULL);
}
