/*
 * tests/unit/segment/test_reset.c - mirror of lib/segment/reset.c: does a RST
 * count?  RFC 9293 sections 3.10.7.3 and 3.10.7.4, RFC 5961 section 3.2.
 */
#include "duel.h"

/* Of a judgment: "rst-accepted" and both endpoints hear it, or nothing. */
static void assert_reset(duel *d, tcpflow_side sender, const char *flags,
                         int64_t seq, int64_t ack, const char *words) {
  const bool accepted = strcmp(words, "rst-accepted") == 0;

  (void)duel_judge(d, sender, flags, seq, ack, 0);
  assert_string_equal(duel_words(d, d->judgment.verdict), words);
  assert_string_equal(duel_heard(d), !accepted ? ""
                                     : sender == CLIENT
                                       ? "client snd RST, server rcv RST"
                                       : "server snd RST, client rcv RST");
  assert_false(d->judgment.numbers || d->judgment.ack || d->judgment.data);
}

/* RFC 9293 section 3.10.7.3: in SYN-SENT the ACK decides. */
static void judge_reset__syn_sent__ack_must_be_of_the_syn(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    assert_reset(d, SERVER, "R.", 777, 1, "rst-accepted");
    assert_reset(d, SERVER, "R.", 777, 0, "rst-unacceptable");
    assert_reset(d, SERVER, "R.", 777, 2, "rst-unacceptable");
    assert_reset(d, SERVER, "R.", 777, -1, "rst-unacceptable");
    assert_reset(d, SERVER, "R", 777, 1, "rst-unacceptable");
  }
}

/* SND.UNA < SEG.ACK =< SND.NXT, which lies behind the data (RFC 7413). */
static void judge_reset__syn_sent_with_data__up_to_its_end(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 100);
    assert_reset(d, SERVER, "R.", 777, 0, "rst-unacceptable");
    assert_reset(d, SERVER, "R.", 777, 1, "rst-accepted");
    assert_reset(d, SERVER, "R.", 777, 101, "rst-accepted");
    assert_reset(d, SERVER, "R.", 777, 102, "rst-unacceptable");
  }
}

/* Figure 7 of RFC 9293: by then its number is known. */
static void judge_reset__syns_crossed__by_number(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    duel_send(d, SERVER, "S", 0, 0, 0);
    assert_reset(d, SERVER, "R", 1, 0, "rst-accepted");
    assert_reset(d, SERVER, "R", 2, 0, "rst-challenged");
    /* The SYN may have been lost; then the client is in SYN-SENT. */
    assert_reset(d, SERVER, "R.", 2, 1, "rst-accepted");
  }
}

/* Nobody listens: RFC 9293 Figure 10 and Windows' own aborts. */
static void judge_reset__own_syn_is_aborted__accepted(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    assert_reset(d, CLIENT, "R", 1, 0, "rst-accepted");
    duel_send(d, SERVER, "S.", 0, 1, 0);
    assert_reset(d, CLIENT, "R", 1, 0, "rst-accepted");
    /* The SYN and ACK is not acknowledged: RCV.NXT of the client. */
    assert_reset(d, SERVER, "R", 1, 0, "rst-accepted");
  }
}

static void judge_reset__never_seen_to_send__accepted(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    assert_reset(d, CLIENT, "R", 4711, 0, "rst-accepted");
    assert_reset(d, SERVER, "R.", 4711, 815, "rst-accepted");
  }
}

/* RFC 5961 section 3.2: exact, in the window, outside of it. */
static void
judge_reset__established__exact_or_challenged_or_ignored(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 1000;
    duel_handshake(d);
    duel_send(d, CLIENT, "P.", 1, 1, 100);
    duel_send(d, SERVER, ".", 1, 101, 0);
    assert_reset(d, CLIENT, "R", 101, 0, "rst-accepted");
    assert_reset(d, CLIENT, "R.", 101, 1, "rst-accepted");
    assert_reset(d, CLIENT, "R", 100, 0, "rst-out-of-window");
    assert_reset(d, CLIENT, "R", 102, 0, "rst-challenged");
    assert_reset(d, CLIENT, "R", 1100, 0, "rst-challenged");
    assert_reset(d, CLIENT, "R", 1101, 0, "rst-out-of-window");
    assert_reset(d, CLIENT, "R", 101 + (INT64_C(1) << 31), 0,
                 "rst-out-of-window");
  }
}

/* What passed the capture point and is not acknowledged: RCV.NXT may be either
   end of it. */
static void judge_reset__data_in_flight__both_ends_are_exact(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, "P.", 1, 1, 100);
    assert_reset(d, CLIENT, "R", 1, 0, "rst-accepted");
    assert_reset(d, CLIENT, "R", 101, 0, "rst-accepted");
    assert_reset(d, CLIENT, "R", 0, 0, "rst-out-of-window");
    assert_reset(d, CLIENT, "R", 2, 0, "rst-challenged");
    assert_reset(d, CLIENT, "R", 100, 0, "rst-challenged");
    assert_reset(d, CLIENT, "R", 102, 0, "rst-challenged");
  }
}

/* Behind a hole RCV.NXT has stopped at the hole, unless it is only the capture
   that has missed something; and an ABORT has SND.NXT (RFC 9293 section
   3.10.5). */
static void judge_reset__behind_a_hole__the_end_or_challenged(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 1000;
    duel_handshake(d);
    duel_send(d, CLIENT, "P.", 901, 1, 200);
    assert_reset(d, CLIENT, "R", 1, 0, "rst-accepted");
    assert_reset(d, CLIENT, "R", 901, 0, "rst-challenged");
    assert_reset(d, CLIENT, "R", 1000, 0, "rst-challenged");
    assert_reset(d, CLIENT, "R", 1001, 0, "rst-out-of-window");
    assert_reset(d, CLIENT, "R", 1101, 0, "rst-accepted");
    assert_reset(d, CLIENT, "R", 1102, 0, "rst-out-of-window");
  }
}

/* One hole, of which the receiver has told. */
static void told_of_hole(duel *d) {
  d->window = 1000;
  duel_handshake(d);
  duel_send(d, CLIENT, "P.", 901, 1, 50);
  duel_send(d, SERVER, ".", 1, 1, 0);
}

static void judge_reset__tastes__where_they_take_it(void **state) {
  /* At RCV.NXT, in the window, at SND.NXT, beyond the window, before it. */
  static const int64_t seq[] = {1, 500, 951, 1101, 0};
  static const struct {
    tcpflow__rst_taste taste;
    const char *taken;
  } cases[] = {
    {TCPFLOW__RST_LAST, "y-y--"},      {TCPFLOW__RST_NEXT, "y----"},
    {TCPFLOW__RST_SACK_EDGE, "y----"}, {TCPFLOW__RST_WINDOW, "yyy--"},
    {TCPFLOW__RST_BEYOND, "yyyy-"},    {TCPFLOW__RST_ANYWHERE, "yyyyy"},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    FOR_EVERY_ISN(d) {
      told_of_hole(d);
      d->rst_taste = (uint8_t)cases[i].taste;
      for (unsigned j = 0; j < 5; j++) {
        assert_reset(d, CLIENT, "R", seq[j], 0,
                     cases[i].taken[j] == 'y' ? "rst-accepted"
                     : j == 1 || j == 2       ? "rst-challenged"
                                              : "rst-out-of-window");
      }
    }
  }
}

/* Linux keeps the edge of the last SACK block for that. */
static void judge_reset__sack_edge_and_sack__its_edge_too(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    told_of_hole(d);
    d->rst_taste = TCPFLOW__RST_SACK_EDGE;
    tcpflow__endpoint_set(&d->end[CLIENT], TCPFLOW__END_SACK);
    tcpflow__endpoint_set(&d->end[SERVER], TCPFLOW__END_SACK);
    assert_reset(d, CLIENT, "R", 951, 0, "rst-accepted");
    assert_reset(d, CLIENT, "R", 950, 0, "rst-challenged");
  }
}

/* RFC 5961 section 5.2 is of segments without RST; who wants it gets it. */
static void judge_reset__acks_what_nobody_sent__odd_or_not_taken(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    assert_reset(d, CLIENT, "R.", 1, 2, "rst-accepted");
    assert_int_equal(d->judgment.odd, TCPFLOW__ODD_RST_BAD_ACK);
    assert_reset(d, CLIENT, "R.", 1, 1, "rst-accepted");
    assert_int_equal(d->judgment.odd, 0);
    d->strict_ack = true;
    assert_reset(d, CLIENT, "R.", 1, 1, "rst-accepted");
    assert_reset(d, CLIENT, "R.", 1, 2, "rst-unacceptable");
  }
}

static void judge_reset__with_octets__odd(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    (void)duel_judge(d, CLIENT, "R.", 1, 1, 10);
    assert_int_equal(d->judgment.odd, TCPFLOW__ODD_RST_DATA);
    assert_false(d->judgment.data);
  }
}

static void judge_reset__very_many__a_storm_once(void **state) {
  unsigned storms = 0;

  (void)state;
  FOR_EVERY_ISN(d) {
    storms = 0;
    duel_handshake(d);
    for (unsigned i = 0; i < 300; i++) {
      (void)duel_send(d, CLIENT, "R", 500 + i, 0, 0);
      storms += (d->judgment.odd & TCPFLOW__ODD_RST_STORM) != 0;
    }
    assert_int_equal(storms, 1);
  }
}

/* An endpoint that has closed sends the number of its FIN, or the one
   behind. */
static void judge_reset__after_fin__its_number_and_the_next(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    /* The data before the FIN was not captured, nor acknowledged. */
    duel_send(d, CLIENT, "F.", 101, 1, 0);
    assert_reset(d, CLIENT, "R", 100, 0, "rst-challenged");
    assert_reset(d, CLIENT, "R", 101, 0, "rst-accepted");
    assert_reset(d, CLIENT, "R", 102, 0, "rst-accepted");
    assert_reset(d, CLIENT, "R", 103, 0, "rst-challenged");
  }
}

static void judge_reset__acked_fin__its_number_still_counts(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, "F.", 1, 1, 0);
    duel_send(d, SERVER, ".", 1, 2, 0);
    assert_reset(d, CLIENT, "R", 0, 0, "rst-out-of-window");
    assert_reset(d, CLIENT, "R", 1, 0, "rst-accepted");
    assert_reset(d, CLIENT, "R", 2, 0, "rst-accepted");
    assert_reset(d, CLIENT, "R", 3, 0, "rst-challenged");
  }
}

/* No window of the receiver was captured: 65535 is assumed. */
static void judge_reset__unknown_window__65535(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    duel_send(d, CLIENT, ".", 1, 1, 0);
    duel_send(d, CLIENT, ".", 1, 1, 100);
    assert_false(tcpflow__endpoint_has(&d->end[SERVER], TCPFLOW__END_WINDOW));
    assert_int_equal(d->end[CLIENT].snd_una, duel_number(d, CLIENT, 0));
    assert_reset(d, CLIENT, "R", 0, 0, "rst-accepted");
    assert_reset(d, CLIENT, "R", 102, 0, "rst-challenged");
    assert_reset(d, CLIENT, "R", 65534, 0, "rst-challenged");
    assert_reset(d, CLIENT, "R", 65535, 0, "rst-out-of-window");
  }
}

/* A closed window has no number but SND.UNA, which is exact. */
static void judge_reset__closed_window__only_exact(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    d->window = 100;
    d->end[SERVER].bits &= (uint16_t)~TCPFLOW__END_WINDOW;
    duel_send(d, CLIENT, "P.", 1, 1, 100);
    d->window = 0;
    duel_send(d, SERVER, ".", 1, 101, 0);
    assert_reset(d, CLIENT, "R", 101, 0, "rst-accepted");
    assert_reset(d, CLIENT, "R", 102, 0, "rst-out-of-window");
    assert_reset(d, CLIENT, "R", 100, 0, "rst-out-of-window");
  }
}

/* The RST acknowledges the FIN, so its sender had it before it sent the RST. */
static void judge_reset__acks_the_fin__received_first(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    assert_heard(d, SERVER, "R.", 1, 2, 0, "server snd RST, client rcv RST");
    duel_send(d, CLIENT, "F.", 1, 1, 0);
    assert_heard(d, SERVER, "R.", 1, 2, 0,
                 "server rcv FIN, server snd RST, client rcv RST");
    assert_heard(d, SERVER, "R.", 1, 1, 0, "server snd RST, client rcv RST");
    assert_heard(d, SERVER, "R", 1, 2, 0, "server snd RST, client rcv RST");
    duel_send(d, SERVER, ".", 1, 2, 0);
    assert_heard(d, SERVER, "R.", 1, 2, 0, "server snd RST, client rcv RST");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(judge_reset__syn_sent__ack_must_be_of_the_syn),
    cmocka_unit_test(judge_reset__syn_sent_with_data__up_to_its_end),
    cmocka_unit_test(judge_reset__syns_crossed__by_number),
    cmocka_unit_test(judge_reset__own_syn_is_aborted__accepted),
    cmocka_unit_test(judge_reset__never_seen_to_send__accepted),
    cmocka_unit_test(judge_reset__established__exact_or_challenged_or_ignored),
    cmocka_unit_test(judge_reset__data_in_flight__both_ends_are_exact),
    cmocka_unit_test(judge_reset__behind_a_hole__the_end_or_challenged),
    cmocka_unit_test(judge_reset__tastes__where_they_take_it),
    cmocka_unit_test(judge_reset__sack_edge_and_sack__its_edge_too),
    cmocka_unit_test(judge_reset__acks_what_nobody_sent__odd_or_not_taken),
    cmocka_unit_test(judge_reset__with_octets__odd),
    cmocka_unit_test(judge_reset__very_many__a_storm_once),
    cmocka_unit_test(judge_reset__after_fin__its_number_and_the_next),
    cmocka_unit_test(judge_reset__acked_fin__its_number_still_counts),
    cmocka_unit_test(judge_reset__unknown_window__65535),
    cmocka_unit_test(judge_reset__closed_window__only_exact),
    cmocka_unit_test(judge_reset__acks_the_fin__received_first),
  };

  return cmocka_run_group_tests_name("reset", tests, NULL, NULL);
}
