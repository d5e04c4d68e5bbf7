/*
 * tests/unit/segment/test_handshake.c - mirror of lib/segment/handshake.c: SYN,
 * SYN and ACK, and what proves them where they were not captured.
 */
#include "duel.h"

static void judge_syn__first__taken(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    assert_words(d, CLIENT, "S", 0, 0, 0, "new-data");
    assert_string_equal(duel_heard(d), "client snd SYN, server rcv SYN");
    assert_true(d->judgment.numbers && d->judgment.syn_first);
    assert_false(d->judgment.ack || d->judgment.data || d->judgment.syn_late);
  }
}

static void judge_syn__with_data__data_is_taken(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    assert_words(d, CLIENT, "S", 0, 0, 3, "new-data syn-data");
    assert_true(d->judgment.data);
  }
}

static void judge_syn__same_number__retransmission(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    assert_words(d, CLIENT, "S", 0, 0, 0, "retransmission syn-retransmission");
    assert_string_equal(duel_heard(d), "");
    assert_false(d->judgment.numbers || d->judgment.syn_first);
    /* And so it is in a connection that is open. */
    duel_send(d, SERVER, "S.", 0, 1, 0);
    assert_words(d, CLIENT, "S", 0, 0, 0, "retransmission syn-retransmission");
    duel_send(d, CLIENT, ".", 1, 1, 0);
    assert_words(d, CLIENT, "S", 0, 0, 0, "retransmission syn-retransmission");
    assert_false(d->judgment.numbers);
  }
}

static void
judge_syn__other_number_unanswered__the_new_one_counts(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    assert_words(d, CLIENT, "S", 1, 0, 0, "new-data syn-other-isn");
    assert_true(d->judgment.syn_first);
    assert_words(d, CLIENT, "S", -1, 0, 0, "new-data syn-other-isn");
    assert_string_equal(duel_heard(d), "client snd SYN, server rcv SYN");
  }
}

static void judge_syn__other_number_in_connection__no_effect(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    duel_send(d, SERVER, "S.", 0, 1, 0);
    /* The client is open, the server is SYN-RECEIVED: until the third segment
       is there, the peer may mean any SYN. */
    assert_words(d, CLIENT, "S", 100, 0, 0, "syn-other-isn");
    assert_false(d->judgment.numbers);
    assert_string_equal(duel_heard(d), "");
    assert_words(d, SERVER, "S", 100, 0, 0, "syn-other-isn");
    duel_send(d, CLIENT, ".", 1, 1, 0);
    assert_words(d, CLIENT, "S", 100, 0, 0, "syn-in-connection");
    assert_words(d, SERVER, "S", 100, 0, 0, "syn-in-connection");
  }
}

/* RFC 9293 Figure 7: a SYN and ACK shows that its sender got the SYN. */
static void judge_syn__both_send_one__they_cross(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    assert_words(d, SERVER, "S", 0, 0, 0, "new-data");
    assert_string_equal(duel_heard(d), "server snd SYN");
    duel_send(d, SERVER, "S", 0, 0, 0);
    assert_words(d, CLIENT, "S.", 0, 1, 0, "retransmission syn-retransmission");
    assert_string_equal(duel_heard(d),
                        "client snd SYN,ACK, server rcv ACK of SYN");
    assert_true(d->judgment.numbers && d->judgment.ack);
    assert_false(d->judgment.syn_first);
    duel_send(d, CLIENT, "S.", 0, 1, 0);
    assert_int_equal(d->end[CLIENT].state, TCPFLOW_STATE_SYN_RECEIVED);
    assert_int_equal(d->end[SERVER].state, TCPFLOW_STATE_SYN_SENT);
    assert_heard(d, SERVER, "S.", 0, 1, 0,
                 "server snd SYN,ACK, server rcv ACK of SYN, "
                 "client rcv ACK of SYN");
    duel_send(d, SERVER, "S.", 0, 1, 0);
    assert_int_equal(d->end[CLIENT].state, TCPFLOW_STATE_ESTABLISHED);
    assert_int_equal(d->end[SERVER].state, TCPFLOW_STATE_ESTABLISHED);
    /* Once more: a retransmission and nothing else. */
    assert_heard(d, SERVER, "S.", 0, 1, 0, "");
  }
}

/* The server answers the SYN by a SYN, and the client's SYN and ACK by an ACK:
   a split handshake, or the client's first SYN was lost behind the capture. */
static void judge_syn__answered_by_an_ack__never_syn_received(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    duel_send(d, SERVER, "S", 0, 0, 0);
    duel_send(d, CLIENT, "S.", 0, 1, 0);
    assert_words(d, SERVER, ".", 1, 1, 0, "pure-ack new-ack");
    assert_string_equal(duel_heard(d),
                        "server rcv SYN,ACK, client rcv ACK of SYN");
    duel_send(d, SERVER, ".", 1, 1, 0);
    assert_int_equal(d->end[CLIENT].state, TCPFLOW_STATE_ESTABLISHED);
    assert_int_equal(d->end[SERVER].state, TCPFLOW_STATE_ESTABLISHED);
  }
}

/* The client answers the server's SYN without a SYN. */
static void judge_syn__answered_by_acks_alone__open(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    duel_send(d, SERVER, "S", 0, 0, 0);
    assert_heard(d, CLIENT, ".", 1, 1, 0,
                 "client rcv SYN, server rcv ACK of SYN");
    duel_send(d, CLIENT, ".", 1, 1, 0);
    assert_int_equal(d->end[SERVER].state, TCPFLOW_STATE_SYN_SENT);
    assert_heard(d, SERVER, ".", 1, 1, 0,
                 "server rcv SYN,ACK, client rcv ACK of SYN");
    duel_send(d, SERVER, ".", 1, 1, 0);
    assert_int_equal(d->end[CLIENT].state, TCPFLOW_STATE_ESTABLISHED);
    assert_int_equal(d->end[SERVER].state, TCPFLOW_STATE_ESTABLISHED);
  }
}

/* The SYNs were captured, and neither SYN and ACK. */
static void judge_syn__crossed_then_data__syn_ack_inferred(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    duel_send(d, SERVER, "S", 0, 0, 0);
    assert_heard(d, CLIENT, "P.", 1, 1, 10,
                 "server snd SYN,ACK?, client rcv SYN,ACK?, "
                 "server rcv ACK of SYN");
    duel_send(d, CLIENT, "P.", 1, 1, 10);
    assert_int_equal(d->end[CLIENT].state, TCPFLOW_STATE_ESTABLISHED);
    assert_int_equal(d->end[SERVER].state, TCPFLOW_STATE_ESTABLISHED);
  }
}

/* The same as in Figure 7, and the SYN of the server was not captured. */
static void judge_syn_ack__crossed_syn_not_captured__inferred(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    assert_words(d, CLIENT, "S.", 0, 1, 0,
                 "retransmission syn-retransmission inferred");
    assert_string_equal(duel_heard(d),
                        "server snd SYN?, client rcv SYN?, client snd SYN,ACK, "
                        "server rcv ACK of SYN");
    assert_true(d->judgment.peer_syn);
    duel_send(d, CLIENT, "S.", 0, 1, 0);
    assert_int_equal(d->end[CLIENT].state, TCPFLOW_STATE_SYN_RECEIVED);
    assert_int_equal(d->end[SERVER].state, TCPFLOW_STATE_SYN_SENT);
    /* Its SYN was inferred; here it is, with the ACK. */
    assert_words(d, SERVER, "S.", 0, 1, 0, "out-of-order");
    assert_string_equal(duel_heard(d),
                        "server snd SYN,ACK, server rcv ACK of SYN, "
                        "client rcv ACK of SYN");
    duel_send(d, SERVER, "S.", 0, 1, 0);
    assert_int_equal(d->end[CLIENT].state, TCPFLOW_STATE_ESTABLISHED);
    assert_int_equal(d->end[SERVER].state, TCPFLOW_STATE_ESTABLISHED);
  }
}

static void judge_syn_ack__answers_the_syn__taken(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    assert_words(d, SERVER, "S.", 0, 1, 0, "new-data new-ack");
    assert_string_equal(
      duel_heard(d),
      "server snd SYN,ACK, client rcv SYN,ACK, client rcv ACK of SYN");
    assert_true(d->judgment.numbers && d->judgment.ack &&
                d->judgment.syn_first);
    assert_false(d->judgment.peer_syn || d->judgment.data);
    assert_words(d, SERVER, "S.", 0, 1, 5, "new-data new-ack syn-data");
    assert_true(d->judgment.data);
  }
}

static void judge_syn_ack__bad_ack__no_effect(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    assert_words(d, SERVER, "S.", 0, 0, 0, "syn-ack-bad-ack");
    assert_string_equal(duel_heard(d), "");
    assert_false(d->judgment.numbers || d->judgment.ack);
    assert_words(d, SERVER, "S.", 0, 2, 0, "syn-ack-bad-ack");
    assert_words(d, SERVER, "S.", 0, -1, 0, "syn-ack-bad-ack");
  }
}

static void judge_syn_ack__again__retransmission_with_an_ack(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    duel_send(d, SERVER, "S.", 0, 1, 0);
    assert_words(d, SERVER, "S.", 0, 1, 0, "retransmission syn-retransmission");
    assert_string_equal(duel_heard(d), "");
    duel_send(d, CLIENT, "P.", 1, 1, 100);
    assert_words(d, SERVER, "S.", 0, 1, 0, "retransmission syn-retransmission");
  }
}

/* In an open connection, too, it must acknowledge what was sent. */
static void judge_syn_ack__again_with_a_bad_ack__no_effect(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, "P.", 1, 1, 100);
    assert_words(d, SERVER, "S.", 0, 101, 0,
                 "retransmission syn-retransmission");
    assert_words(d, SERVER, "S.", 0, 102, 0, "syn-ack-bad-ack");
    assert_words(d, SERVER, "S.", 0, 0, 0, "syn-ack-bad-ack");
    assert_false(d->judgment.numbers || d->judgment.ack);
  }
}

static void judge_syn_ack__other_number__in_connection(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    duel_send(d, SERVER, "S.", 0, 1, 0);
    /* The third segment will tell which one counts. */
    assert_words(d, SERVER, "S.", 100, 1, 0, "syn-other-isn");
    assert_words(d, SERVER, "S.", 100, 555, 0, "syn-ack-bad-ack");
    assert_words(d, CLIENT, "S.", 100, 1, 0, "syn-other-isn");
    duel_send(d, CLIENT, ".", 1, 1, 0);
    assert_words(d, SERVER, "S.", 100, 1, 0, "syn-in-connection");
    assert_string_equal(duel_heard(d), "");
    assert_false(d->judgment.numbers);
  }
}

static void judge_syn_ack__other_number_after_crossing__counts(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    duel_send(d, SERVER, "S", 0, 0, 0);
    assert_words(d, SERVER, "S.", 100, 1, 0, "new-data new-ack syn-other-isn");
    assert_true(d->judgment.syn_first);
  }
}

static void judge_syn_ack__first_of_all__syn_is_inferred(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    assert_words(d, SERVER, "S.", 0, 1, 0, "new-data new-ack inferred");
    assert_string_equal(duel_heard(d),
                        "client snd SYN?, server rcv SYN?, server snd SYN,ACK, "
                        "client rcv SYN,ACK, client rcv ACK of SYN");
    assert_true(d->judgment.peer_syn && d->judgment.syn_first);
    duel_send(d, SERVER, "S.", 0, 1, 0);
    assert_int_equal(d->end[CLIENT].iss, d->iss[CLIENT]);
    /* The SYN has been overtaken. */
    assert_words(d, CLIENT, "S", 0, 0, 0, "out-of-order");
    assert_true(d->judgment.syn_late && d->judgment.numbers);
    assert_false(d->judgment.syn_first || d->judgment.ack);
    assert_string_equal(duel_heard(d), "");
    assert_words(d, CLIENT, "S", 1, 0, 0, "syn-in-connection");
    assert_words(d, CLIENT, "S", -1, 0, 0, "syn-in-connection");
    duel_send(d, CLIENT, "S", 0, 0, 0);
    assert_words(d, CLIENT, "S", 0, 0, 0, "retransmission syn-retransmission");
  }
}

static void judge_syn_ack__behind_its_answer__late(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    duel_send(d, CLIENT, ".", 1, 1, 0);
    assert_words(d, SERVER, "S.", 0, 1, 0, "out-of-order");
    assert_true(d->judgment.syn_late && d->judgment.ack);
    assert_string_equal(duel_heard(d), "client rcv ACK of SYN");
    assert_words(d, SERVER, "S.", 0, 2, 0, "syn-ack-bad-ack");
  }
}

/* Its number is the one before the first that was seen. */
static void judge_syn__behind_the_first_data__late(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, ".", 1, 1, 10);
    duel_send(d, SERVER, ".", 1, 11, 10);
    assert_words(d, CLIENT, "S", 0, 0, 0, "out-of-order");
    assert_words(d, SERVER, "S.", 0, 1, 0, "out-of-order inferred");
    duel_send(d, SERVER, "S.", 0, 1, 0);
    assert_int_equal(d->end[SERVER].iss, d->iss[SERVER]);
    assert_int_equal(d->end[CLIENT].iss, d->iss[CLIENT]);
    assert_true(tcpflow__endpoint_has(&d->end[SERVER],
                                      TCPFLOW__END_ISS | TCPFLOW__END_SYN));
  }
}

/* RFC 7413: the SYN and ACK says what became of the data in the SYN. */
static void judge_syn_ack__fast_open__accepted_or_ignored(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 100);
    assert_words(d, SERVER, "S.", 0, 0, 0, "syn-ack-bad-ack");
    assert_words(d, SERVER, "S.", 0, 1, 0,
                 "new-data new-ack fast-open-ignored");
    assert_words(d, SERVER, "S.", 0, 2, 0,
                 "new-data new-ack fast-open-accepted");
    assert_words(d, SERVER, "S.", 0, 101, 0,
                 "new-data new-ack fast-open-accepted");
    assert_words(d, SERVER, "S.", 0, 102, 0, "syn-ack-bad-ack");
  }
}

static void judge_syn_ack__fast_open_told_before__not_again(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 100);
    duel_send(d, SERVER, "S", 0, 0, 0);
    duel_send(d, SERVER, ".", 1, 101, 0);
    d->end[SERVER].base = duel_number(d, SERVER, 50);
    assert_true(tcpflow__endpoint_has(&d->end[CLIENT], TCPFLOW__END_SYN_ACKED));
    d->end[CLIENT].state = TCPFLOW_STATE_SYN_SENT;
    d->end[SERVER].state = TCPFLOW_STATE_SYN_SENT;
    assert_lacks(duel_judge(d, SERVER, "S.", 0, 101, 0), FAST_OPEN_ACCEPTED);
  }
}

static void judge_hidden__nothing_captured__picked_up(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    assert_words(d, SERVER, "P.", 700, 300, 10,
                 "new-data new-ack mid-stream inferred");
    assert_string_equal(duel_heard(d), "server pick-up?, client pick-up?");
    assert_true(d->judgment.numbers && d->judgment.ack && d->judgment.data);
    duel_send(d, SERVER, "P.", 700, 300, 10);
    assert_words(d, SERVER, "P.", 710, 300, 10, "new-data");
    assert_string_equal(duel_heard(d), "");
  }
}

/* The ACK proves the SYN and ACK before it. */
static void judge_hidden__client_answers__syn_ack_inferred(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    assert_words(d, CLIENT, ".", 1, 1, 0, "pure-ack new-ack inferred");
    assert_string_equal(duel_heard(d),
                        "server snd SYN,ACK?, client rcv SYN,ACK?, "
                        "server rcv ACK of SYN");
    assert_true(d->judgment.peer_syn);
    duel_send(d, CLIENT, ".", 1, 1, 0);
    assert_int_equal(d->end[SERVER].iss, d->iss[SERVER]);
    assert_int_equal(d->end[CLIENT].state, TCPFLOW_STATE_ESTABLISHED);
    assert_int_equal(d->end[SERVER].state, TCPFLOW_STATE_ESTABLISHED);
  }
}

/* What was sent before the SYN belongs to an older connection. */
static void
judge_hidden__client_sends_old_number__proves_nothing(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    assert_words(d, CLIENT, ".", 0, 1, 0, "pure-ack new-ack");
    assert_string_equal(duel_heard(d), "");
    assert_false(d->judgment.numbers || d->judgment.ack);
    assert_words(d, CLIENT, ".", -5000, 1, 0, "pure-ack new-ack before-window");
    assert_false(d->judgment.numbers);
    (void)duel_judge(d, CLIENT, ".", 1, 1, 0);
    assert_true(d->judgment.numbers);
  }
}

static void judge_hidden__server_talks_on__both_inferred(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    assert_words(d, SERVER, "P.", 1, 2, 10,
                 "new-data new-ack ack-unseen inferred");
    assert_string_equal(duel_heard(d),
                        "server snd SYN,ACK?, client rcv SYN,ACK?, "
                        "server rcv ACK of SYN?, client rcv ACK of SYN");
    assert_false(d->judgment.peer_syn);
  }
}

/* RFC 9293 section 3.10.7.3: without a SYN the client drops it, whatever comes
   with it.  Behind a SYN and ACK the client has spoken first. */
static void
judge_hidden__server_acks_the_syn_alone__proves_nothing(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    assert_heard(d, SERVER, ".", 700, 1, 0, "");
    assert_false(d->judgment.numbers || d->judgment.ack);
    assert_heard(d, SERVER, "F.", 1, 1, 0, "");
    assert_false(d->judgment.numbers || d->judgment.ack);
    assert_int_equal(d->judgment.odd & TCPFLOW__ODD_EARLY, 0);
    assert_heard(d, SERVER, ".", 1, 1, 1, "");
    assert_false(d->judgment.numbers || d->judgment.data);
    assert_true((d->judgment.odd & TCPFLOW__ODD_EARLY) != 0);
  }
}

/* RFC 7413 section 4.2: the SYN and ACK was not captured, and what follows it
   tells. */
static void judge_hidden__data_in_the_syn__accepted(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 100);
    assert_lacks(duel_judge(d, SERVER, ".", 1, 1, 10), FAST_OPEN_IGNORED);
    assert_false(d->judgment.numbers);
    assert_has(duel_judge(d, SERVER, ".", 1, 2, 10), FAST_OPEN_ACCEPTED);
    assert_has(duel_judge(d, SERVER, ".", 1, 101, 10), FAST_OPEN_ACCEPTED);
    /* That may have come again. */
    assert_lacks(duel_judge(d, SERVER, ".", 1, 102, 10), FAST_OPEN_ACCEPTED);
    assert_lacks(duel_judge(d, SERVER, ".", 1, 102, 10), FAST_OPEN_IGNORED);
  }
}

/* RFC 9293 Figure 9: the server still has the connection of before. */
static void judge_hidden__server_half_open__proves_nothing(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    assert_words(d, SERVER, ".", 1, -100, 0, "pure-ack old-ack");
    assert_string_equal(duel_heard(d), "");
    assert_false(d->judgment.numbers || d->judgment.ack);
    assert_words(d, SERVER, ".", 1, 0, 0, "pure-ack");
    assert_false(d->judgment.numbers);
    /* Far ahead it cannot be meant for this SYN either. */
    assert_words(d, SERVER, ".", 1, 1 + (1 << 24), 0,
                 "pure-ack new-ack ack-unseen inferred");
    assert_words(d, SERVER, ".", 1, 2 + (1 << 24), 0,
                 "pure-ack new-ack ack-unseen");
    assert_string_equal(duel_heard(d), "");
    assert_false(d->judgment.numbers || d->judgment.ack);
  }
}

/* It acknowledges more than the SYN, so the third segment has arrived. */
static void judge_hidden__third_segment_not_captured__inferred(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    duel_send(d, SERVER, "S.", 0, 1, 0);
    assert_heard(d, SERVER, ".", 1, 1, 10, "");
    assert_words(d, SERVER, ".", 1, 2, 10,
                 "new-data new-ack ack-unseen inferred");
    assert_string_equal(duel_heard(d), "server rcv ACK of SYN?");
    /* Nor does it prove anything with impossible numbers. */
    assert_heard(d, SERVER, ".", 1, 2 + (1 << 24), 10, "");
    assert_heard(d, CLIENT, ".", 2 + (1 << 24), 1, 10, "");
  }
}

static void judge_hidden__open_on_both_sides__nothing_to_infer(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    assert_words(d, SERVER, ".", 1, 50, 0, "pure-ack new-ack ack-unseen");
    assert_string_equal(duel_heard(d), "");
    duel_send(d, CLIENT, "F.", 1, 1, 0);
    assert_words(d, SERVER, ".", 1, 1, 0, "pure-ack duplicate-ack");
    assert_string_equal(duel_heard(d), "");
  }
}

/* SYNs crossed, and one answer was not captured. */
static void judge_hidden__crossed_and_answered_by_data__open(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    duel_send(d, SERVER, "S", 0, 0, 0);
    duel_send(d, CLIENT, "S.", 0, 1, 0);
    assert_heard(d, SERVER, ".", 1, 1, 10,
                 "server rcv SYN,ACK, client rcv ACK of SYN");
    duel_send(d, SERVER, ".", 1, 1, 10);
    assert_int_equal(d->end[CLIENT].state, TCPFLOW_STATE_ESTABLISHED);
    assert_int_equal(d->end[SERVER].state, TCPFLOW_STATE_ESTABLISHED);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(judge_syn__first__taken),
    cmocka_unit_test(judge_syn__with_data__data_is_taken),
    cmocka_unit_test(judge_syn__same_number__retransmission),
    cmocka_unit_test(judge_syn__other_number_unanswered__the_new_one_counts),
    cmocka_unit_test(judge_syn__other_number_in_connection__no_effect),
    cmocka_unit_test(judge_syn__both_send_one__they_cross),
    cmocka_unit_test(judge_syn__answered_by_an_ack__never_syn_received),
    cmocka_unit_test(judge_syn__answered_by_acks_alone__open),
    cmocka_unit_test(judge_syn__crossed_then_data__syn_ack_inferred),
    cmocka_unit_test(judge_syn_ack__crossed_syn_not_captured__inferred),
    cmocka_unit_test(judge_syn_ack__answers_the_syn__taken),
    cmocka_unit_test(judge_syn_ack__bad_ack__no_effect),
    cmocka_unit_test(judge_syn_ack__again__retransmission_with_an_ack),
    cmocka_unit_test(judge_syn_ack__again_with_a_bad_ack__no_effect),
    cmocka_unit_test(judge_syn_ack__other_number__in_connection),
    cmocka_unit_test(judge_syn_ack__other_number_after_crossing__counts),
    cmocka_unit_test(judge_syn_ack__first_of_all__syn_is_inferred),
    cmocka_unit_test(judge_syn_ack__behind_its_answer__late),
    cmocka_unit_test(judge_syn__behind_the_first_data__late),
    cmocka_unit_test(judge_syn_ack__fast_open__accepted_or_ignored),
    cmocka_unit_test(judge_syn_ack__fast_open_told_before__not_again),
    cmocka_unit_test(judge_hidden__nothing_captured__picked_up),
    cmocka_unit_test(judge_hidden__client_answers__syn_ack_inferred),
    cmocka_unit_test(judge_hidden__client_sends_old_number__proves_nothing),
    cmocka_unit_test(judge_hidden__server_talks_on__both_inferred),
    cmocka_unit_test(judge_hidden__server_acks_the_syn_alone__proves_nothing),
    cmocka_unit_test(judge_hidden__data_in_the_syn__accepted),
    cmocka_unit_test(judge_hidden__server_half_open__proves_nothing),
    cmocka_unit_test(judge_hidden__third_segment_not_captured__inferred),
    cmocka_unit_test(judge_hidden__open_on_both_sides__nothing_to_infer),
    cmocka_unit_test(judge_hidden__crossed_and_answered_by_data__open),
  };

  return cmocka_run_group_tests_name("handshake", tests, NULL, NULL);
}
