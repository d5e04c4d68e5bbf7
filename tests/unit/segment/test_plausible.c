/*
 * tests/unit/segment/test_plausible.c - mirror of lib/segment/plausible.c:
 * which numbers cannot belong to the connection.
 */
#include "duel.h"

/* How far a hole may reach beyond the window. */
static const int64_t FAR = INT64_C(1) << 24;

/* It has no effect but to be counted. */
static void assert_jump(duel *d, tcpflow_side sender, const char *flags,
                        int64_t seq, int64_t ack, const char *words) {
  assert_words(d, sender, flags, seq, ack, 10, words);
  assert_true(d->judgment.jump);
  assert_false(d->judgment.numbers || d->judgment.ack || d->judgment.data);
  assert_string_equal(duel_heard(d), "");
}

static void judge_plausible__sequence_number_far_ahead__jump(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, ".", 1, 1, 100);
    duel_send(d, SERVER, ".", 1, 101, 0);
    assert_words(d, CLIENT, ".", 101 + FAR, 1, 10,
                 "new-data gap-before beyond-window");
    assert_true(d->judgment.numbers && d->judgment.data);
    assert_false(d->judgment.jump);
    assert_jump(d, CLIENT, ".", 102 + FAR, 1,
                "new-data gap-before beyond-window");
    assert_jump(d, CLIENT, "F.", 102 + FAR, 1,
                "new-data gap-before beyond-window");
    assert_jump(d, CLIENT, ".", 90 + (INT64_C(1) << 31), 1,
                "new-data gap-before beyond-window");
    /* Less than half of the circle is behind. */
    (void)duel_judge(d, CLIENT, ".", 102 - (INT64_C(1) << 31), 1, 10);
    assert_false(d->judgment.jump);
    assert_true(d->judgment.numbers);
  }
}

/* A window may be wider than the allowance. */
static void judge_plausible__far_ahead_in_the_window__no_jump(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 65535;
    d->options.present |= TCPFLOW_HAS_WSCALE;
    d->options.wscale = 14;
    duel_handshake(d);
    const int64_t edge = 1 + (INT64_C(65535) << 14);

    duel_send(d, SERVER, ".", 1, 1, 0);
    assert_words(d, CLIENT, ".", edge, 1, 10,
                 "new-data gap-before beyond-window");
    assert_false(d->judgment.jump);
    assert_jump(d, CLIENT, ".", edge + 1, 1,
                "new-data gap-before beyond-window");
  }
}

static void judge_plausible__no_window_known__only_the_allowance(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    (void)duel_judge(d, CLIENT, ".", 1 + FAR, 1, 10);
    assert_false(d->judgment.jump);
    assert_jump(d, CLIENT, ".", 2 + FAR, 1,
                "new-data gap-before new-ack beyond-window");
  }
}

/* The first segment of an endpoint cannot jump. */
static void judge_plausible__no_number_known__anything_goes(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    (void)duel_judge(d, SERVER, ".", 3 * FAR, 90 * FAR, 10);
    assert_false(d->judgment.jump);
    duel_send(d, CLIENT, "S", 0, 0, 0);
    (void)duel_judge(d, SERVER, ".", 90 * FAR, 1, 10);
    assert_false(d->judgment.jump);
  }
}

/* Where no scale is known, the window says little. */
static void judge_plausible__acknowledgment_far_ahead__jump(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, SERVER, ".", 1, 1, 0);
    duel_send(d, CLIENT, ".", 1, 1, 100);
    duel_send(d, SERVER, ".", 1, 101, 0);
    assert_words(d, SERVER, ".", 1, 101 + FAR, 10,
                 "new-data new-ack ack-unseen");
    assert_true(d->judgment.numbers && d->judgment.ack);
    assert_jump(d, SERVER, ".", 1, 102 + FAR, "new-data new-ack ack-unseen");
    assert_jump(d, SERVER, ".", 1, 100 + (INT64_C(1) << 31),
                "new-data new-ack ack-unseen");
    (void)duel_judge(d, SERVER, ".", 1, 102 - (INT64_C(1) << 31), 10);
    assert_false(d->judgment.jump);
  }
}

/* RFC 5961 section 5.2: nobody has sent it.  A datagram that begins in the
   window may end behind it. */
static void judge_plausible__ack_beyond_all_windows__waits(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    d->window = 1000;
    duel_send(d, CLIENT, ".", 1, 1, 100);
    duel_send(d, SERVER, ".", 1, 101, 0);
    const int64_t edge = (int64_t)tcpflow_seq_distance(d->end[CLIENT].iss,
                                                       d->end[SERVER].rcv_edge);

    (void)duel_judge(d, SERVER, ".", 1, edge + 65535, 10);
    assert_true(d->judgment.ack);
    assert_false(d->judgment.jump);
    duel_send(d, SERVER, ".", 1, edge + 65536, 10);
    assert_true(d->judgment.ack_waits);
    assert_true(d->judgment.numbers && d->judgment.data);
    assert_false(d->judgment.ack);
    assert_int_equal(d->end[CLIENT].snd_una, duel_number(d, CLIENT, 101));
    assert_int_equal(d->end[SERVER].rcv_edge, duel_number(d, CLIENT, edge));
    duel_send(d, SERVER, ".", 11, edge + 65536, 10);
    assert_true(d->judgment.ack_waits);
    duel_send(d, SERVER, ".", 21, edge + 65537, 10);
    assert_true(d->judgment.ack);
    assert_int_equal(d->end[SERVER].jumps, 0);
    assert_int_equal(d->end[CLIENT].snd_una,
                     duel_number(d, CLIENT, edge + 65537));
  }
}

/* RFC 9293 section 3.10.7.4, first step: an endpoint drops it, and with it the
   ACK. */
static void judge_plausible__old_segment_acks_the_unseen__jump(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, SERVER, ".", 1, 1, 100);
    duel_send(d, CLIENT, ".", 1, 101, 0);
    duel_send(d, CLIENT, ".", 1, 101, 50);
    /* In the window: the capture may have missed it. */
    (void)duel_judge(d, SERVER, ".", 101, 52, 0);
    assert_false(d->judgment.jump);
    (void)duel_judge(d, SERVER, ".", 92, 52, 10);
    assert_false(d->judgment.jump);
    assert_true(d->judgment.numbers);
    /* Behind it: not even one octet. */
    assert_jump(d, SERVER, ".", 91, 52,
                "retransmission spurious-retransmission new-ack ack-unseen "
                "before-window");
    assert_words(d, SERVER, ".", 91, 51, 10,
                 "retransmission spurious-retransmission new-ack "
                 "before-window");
    assert_true(d->judgment.numbers);
    /* A segment without octets is one, too. */
    assert_words(d, SERVER, ".", 100, 52, 0,
                 "pure-ack new-ack ack-unseen before-window");
    assert_true(d->judgment.jump);
  }
}

/* An ACK has overtaken it in the capture, and it data of the other side. */
static void
judge_plausible__old_but_missing_acks_the_unseen__no_jump(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, SERVER, ".", 101, 1, 100);
    duel_send(d, CLIENT, ".", 1, 201, 50);
    d->edge[SERVER] = d->end[SERVER].base; /* What was acknowledged may come. */
    (void)duel_judge(d, SERVER, ".", 1, 61, 100);
    assert_false(d->judgment.jump);
    assert_true(d->judgment.numbers && d->judgment.data);
    d->edge[SERVER] = tcpflow_seq_add(d->end[SERVER].base, 100);
    (void)duel_judge(d, SERVER, ".", 1, 61, 100);
    assert_true(d->judgment.jump);
  }
}

/* The same of a FIN: it is what the ACK was of. */
static void judge_plausible__fin_that_acks_the_unseen__no_jump(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, SERVER, ".", 1, 1, 100);
    duel_send(d, CLIENT, ".", 1, 102, 50);
    d->edge[SERVER] = tcpflow_seq_add(d->end[SERVER].base, 100);
    assert_words(d, SERVER, "F.", 101, 61, 0,
                 "retransmission spurious-retransmission new-ack ack-unseen "
                 "before-window");
    assert_true(!d->judgment.jump && d->judgment.fin_first);
    /* Elsewhere it is none that counts, nor is one beyond all offers. */
    (void)duel_judge(d, SERVER, "F.", 100, 61, 0);
    assert_true(d->judgment.jump);
    (void)duel_judge(d, SERVER, "F.", 101, 61 + 3 * FAR, 0);
    assert_true(d->judgment.jump);
    /* An octet was there. */
    d->edge[SERVER] = tcpflow_seq_add(d->end[SERVER].base, 101);
    (void)duel_judge(d, SERVER, "F.", 101, 61, 0);
    assert_true(d->judgment.jump);
    /* It is known. */
    d->edge[SERVER] = tcpflow_seq_add(d->end[SERVER].base, 100);
    duel_send(d, SERVER, "F.", 101, 51, 0);
    (void)duel_judge(d, SERVER, "F.", 101, 61, 0);
    assert_true(d->judgment.jump);
  }
}

static void judge_plausible__three_that_agree__believed(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, ".", 3 * FAR, 1, 10);
    assert_true(d->judgment.jump);
    assert_int_equal(d->end[CLIENT].jumps, 1);
    duel_send(d, CLIENT, ".", 4 * FAR, 1, 10);
    assert_true(d->judgment.jump);
    assert_int_equal(d->end[CLIENT].jumps, 2);
    assert_words(d, CLIENT, ".", 3 * FAR, 1, 10,
                 "new-data gap-before beyond-window");
    assert_false(d->judgment.jump);
    duel_send(d, CLIENT, ".", 3 * FAR, 1, 10);
    assert_int_equal(d->end[CLIENT].jumps, 0);
    assert_int_equal(d->end[CLIENT].snd_nxt,
                     duel_number(d, CLIENT, 3 * FAR + 10));
  }
}

static void judge_plausible__three_that_disagree__not_believed(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    for (int i = 0; i < 20; i++) {
      duel_send(d, CLIENT, ".", 3 * FAR + (i % 2) * (FAR + 1), 1, 10);
      assert_true(d->judgment.jump);
      assert_int_equal(d->end[CLIENT].jumps, 1);
    }
    assert_int_equal(d->end[CLIENT].snd_nxt, duel_number(d, CLIENT, 1));
  }
}

static void judge_plausible__a_sound_one_between__counted_anew(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, ".", 3 * FAR, 1, 10);
    duel_send(d, CLIENT, ".", 3 * FAR, 1, 10);
    duel_send(d, CLIENT, ".", 1, 1, 10);
    assert_int_equal(d->end[CLIENT].jumps, 0);
    duel_send(d, CLIENT, ".", 3 * FAR, 1, 10);
    assert_true(d->judgment.jump);
    assert_int_equal(d->end[CLIENT].jumps, 1);
  }
}

static void judge_plausible__three_acks_that_agree__believed(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, SERVER, ".", 1, 3 * FAR, 0);
    duel_send(d, SERVER, ".", 1, 3 * FAR + 100, 0);
    assert_true(d->judgment.jump);
    assert_int_equal(d->end[CLIENT].snd_una, duel_number(d, CLIENT, 1));
    duel_send(d, SERVER, ".", 1, 3 * FAR + 200, 0);
    assert_false(d->judgment.jump);
    assert_int_equal(d->end[CLIENT].snd_una,
                     duel_number(d, CLIENT, 3 * FAR + 200));
  }
}

/* The peer acknowledges just the impossible octet, from where it is. */
static void judge_plausible__the_peer_acks_it__confirmed(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, ".", 3 * FAR, 1, 10);
    assert_int_equal(d->end[CLIENT].jumps, 1);
    duel_send(d, SERVER, ".", 1, 3 * FAR + 10, 5);
    assert_true(d->judgment.confirms);
    assert_true(d->judgment.numbers && d->judgment.ack && d->judgment.data);
    assert_int_equal(d->end[CLIENT].jumps, 0);
    assert_int_equal(d->end[CLIENT].snd_una,
                     duel_number(d, CLIENT, 3 * FAR + 10));
    assert_int_equal(d->end[CLIENT].snd_nxt,
                     duel_number(d, CLIENT, 3 * FAR + 10));
    duel_send(d, CLIENT, ".", 3 * FAR + 10, 6, 10);
    assert_true(d->judgment.numbers);
  }
}

/* Another octet, another place, or nothing impossible before: no guess. */
static void judge_plausible__the_peer_acks_another__jump(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    (void)duel_judge(d, SERVER, ".", 1, 3 * FAR + 10, 0);
    assert_true(d->judgment.jump);
    duel_send(d, CLIENT, ".", 3 * FAR, 1, 10);
    (void)duel_judge(d, SERVER, ".", 1, 3 * FAR + 9, 0);
    assert_true(d->judgment.jump);
    (void)duel_judge(d, SERVER, ".", 1, 3 * FAR + 11, 0);
    assert_true(d->judgment.jump);
    (void)duel_judge(d, SERVER, ".", 0, 3 * FAR + 10, 0);
    assert_true(d->judgment.jump);
    (void)duel_judge(d, SERVER, ".", 2, 3 * FAR + 10, 0);
    assert_true(d->judgment.jump);
    assert_false(d->judgment.confirms);
    duel_send(d, CLIENT, ".", 1, 1, 10);
    (void)duel_judge(d, SERVER, ".", 1, 3 * FAR + 10, 0);
    assert_true(d->judgment.jump);
  }
}

/* Both are counted for each side alone. */
static void judge_plausible__jumps_of_the_peer__count_nothing(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, ".", 3 * FAR, 1, 10);
    duel_send(d, SERVER, ".", 3 * FAR, 1, 10);
    duel_send(d, CLIENT, ".", 3 * FAR, 1, 10);
    assert_true(d->judgment.jump);
    assert_int_equal(d->end[SERVER].jumps, 1);
    assert_int_equal(d->end[CLIENT].jumps, 2);
  }
}

static void
judge_is_before_window__around_snd_una__as_section_3_4(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, ".", 1, 1, 100);
    duel_send(d, SERVER, ".", 1, 101, 0);
    assert_has(duel_judge(d, CLIENT, ".", 99, 1, 0), BEFORE_WINDOW);
    assert_lacks(duel_judge(d, CLIENT, ".", 101, 1, 0), BEFORE_WINDOW);
    assert_has(duel_judge(d, CLIENT, ".", 1, 1, 99), BEFORE_WINDOW);
    assert_has(duel_judge(d, CLIENT, ".", 1, 1, 100), BEFORE_WINDOW);
    assert_lacks(duel_judge(d, CLIENT, ".", 1, 1, 101), BEFORE_WINDOW);
    assert_lacks(duel_judge(d, CLIENT, "F.", 1, 1, 100), BEFORE_WINDOW);
    assert_lacks(duel_judge(d, CLIENT, ".", 101, 1, 1), BEFORE_WINDOW);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(judge_plausible__sequence_number_far_ahead__jump),
    cmocka_unit_test(judge_plausible__far_ahead_in_the_window__no_jump),
    cmocka_unit_test(judge_plausible__no_window_known__only_the_allowance),
    cmocka_unit_test(judge_plausible__no_number_known__anything_goes),
    cmocka_unit_test(judge_plausible__acknowledgment_far_ahead__jump),
    cmocka_unit_test(judge_plausible__ack_beyond_all_windows__waits),
    cmocka_unit_test(judge_plausible__old_segment_acks_the_unseen__jump),
    cmocka_unit_test(judge_plausible__old_but_missing_acks_the_unseen__no_jump),
    cmocka_unit_test(judge_plausible__fin_that_acks_the_unseen__no_jump),
    cmocka_unit_test(judge_plausible__three_that_agree__believed),
    cmocka_unit_test(judge_plausible__three_that_disagree__not_believed),
    cmocka_unit_test(judge_plausible__a_sound_one_between__counted_anew),
    cmocka_unit_test(judge_plausible__three_acks_that_agree__believed),
    cmocka_unit_test(judge_plausible__the_peer_acks_it__confirmed),
    cmocka_unit_test(judge_plausible__the_peer_acks_another__jump),
    cmocka_unit_test(judge_plausible__jumps_of_the_peer__count_nothing),
    cmocka_unit_test(judge_is_before_window__around_snd_una__as_section_3_4),
  };

  return cmocka_run_group_tests_name("plausible", tests, NULL, NULL);
}
