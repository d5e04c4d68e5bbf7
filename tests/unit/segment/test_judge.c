/*
 * tests/unit/segment/test_judge.c - mirror of lib/segment/judge.c: the order in
 * which a segment is looked at, and ACK and FIN.
 */
#include "duel.h"

/*
 * RFC 9293 section 3.10.7.4.  Written out by what a receiver does with each:
 * second step, a RST is looked at alone; fourth step, a SYN is no RST and no
 * FIN; fifth step, "if the ACK bit is off, drop the segment"; and RFC 9293
 * section 3.5 has no segment with RST and FIN.
 */
static bool is_nonsense(unsigned flags) {
  const bool fin = (flags & TCPFLOW_FLAG_FIN) != 0;
  const bool syn = (flags & TCPFLOW_FLAG_SYN) != 0;
  const bool rst = (flags & TCPFLOW_FLAG_RST) != 0;
  const bool ack = (flags & TCPFLOW_FLAG_ACK) != 0;

  if (syn) {
    return fin || rst;
  }
  if (rst) {
    return fin;
  }
  return !ack;
}

static void segment_bad_flags__all_512__as_the_rfc_says(void **state) {
  (void)state;
  for (unsigned flags = 0; flags <= TCPFLOW_FLAGS_ALL; flags++) {
    assert_int_equal(tcpflow__segment_bad_flags(flags), is_nonsense(flags));
  }
}

static void segment_bad_flags__examples(void **state) {
  static const char *const good[] = {"S",  "SEW", "S.", "S.E", "R",
                                     "R.", "R.P", "F.", "FP.", ".",
                                     "P.", "U.",  ".e"};
  static const char *const bad[] = {"",   "F",  "P",   "U",         "FPU",
                                    "SF", "SR", "SF.", "SFRP.UEWe", "FR.",
                                    "E",  "W",  "e"};

  (void)state;
  for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
    assert_false(tcpflow__segment_bad_flags(duel_flags(good[i])));
  }
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
    assert_true(tcpflow__segment_bad_flags(duel_flags(bad[i])));
  }
}

static void segment_judge__any_flags__nothing_is_written_to(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    const tcpflow__endpoint before[2] = {d->end[0], d->end[1]};

    for (unsigned flags = 0; flags <= TCPFLOW_FLAGS_ALL; flags++) {
      tcpflow_segment segment = duel_segment(d, CLIENT, "", 1, 1, 3);
      const tcpflow__segment_context context = {
        .beside = d->beside,
        .edge = d->edge[CLIENT],
        .reorder = d->reorder,
      };

      segment.flags = (uint16_t)flags;
      tcpflow__segment_judge(&d->judgment, d->end, CLIENT, &segment, &context);
      assert_true(d->judgment.count <= TCPFLOW__HAPPENINGS_MAX);
      assert_int_equal((d->judgment.verdict & TCPFLOW_VERDICT_BAD_FLAGS) != 0,
                       is_nonsense(flags));
    }
    assert_memory_equal(before, d->end, sizeof(before));
  }
}

static void segment_judge__wrong_checksum__nothing_else_counts(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    d->checksum = TCPFLOW_CHECKSUM_BAD;
    assert_words(d, CLIENT, "F.", 1, 1, 10, "bad-checksum");
    assert_string_equal(duel_heard(d), "");
    assert_false(d->judgment.numbers || d->judgment.data || d->judgment.ack);
    assert_words(d, SERVER, "R.", 1, 1, 0, "bad-checksum");
    assert_string_equal(duel_heard(d), "");
    assert_words(d, SERVER, "S", 7, 1, 0, "bad-checksum");
    assert_words(d, SERVER, "", 7, 1, 0, "bad-flags bad-checksum");
  }
}

static void segment_judge__other_checksums__no_matter(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    for (unsigned sum = 0; sum <= TCPFLOW_CHECKSUM_NONE; sum++) {
      if (sum != TCPFLOW_CHECKSUM_BAD) {
        d->checksum = (uint8_t)sum;
        assert_words(d, CLIENT, "P.", 1, 1, 10, "new-data");
      }
    }
  }
}

static void
segment_judge__rst_with_other_flags__rst_is_looked_at(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    assert_words(d, SERVER, "R.", 1, 1, 0, "rst-accepted");
    assert_words(d, SERVER, "SR.", 1, 1, 0, "rst-accepted bad-flags");
    assert_words(d, SERVER, "FR.", 1, 1, 0, "rst-accepted bad-flags");
    assert_words(d, SERVER, "FR.", 2, 1, 0, "rst-challenged bad-flags");
  }
}

static void segment_judge__bad_flags__no_effect(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    assert_words(d, CLIENT, "FPU", 1, 1, 10, "bad-flags");
    assert_false(d->judgment.numbers || d->judgment.data || d->judgment.ack);
    assert_words(d, CLIENT, "SF", 1, 1, 10, "bad-flags");
    assert_words(d, CLIENT, "", 1, 1, 10, "bad-flags");
    assert_string_equal(duel_heard(d), "");
  }
}

static void segment_judge__longer_than_any_window__no_effect(void **state) {
  const uint32_t most = UINT32_C(65535) << 14;

  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    assert_words(d, CLIENT, ".", 1, 1, most + 1, "beyond-window");
    assert_false(d->judgment.numbers || d->judgment.data);
    assert_words(d, CLIENT, "F.", 1, 1, UINT32_MAX, "beyond-window");
    assert_words(d, CLIENT, "S", 1, 1, UINT32_MAX, "beyond-window");
    (void)duel_judge(d, CLIENT, ".", 1, 1, most);
    assert_true(d->judgment.numbers && d->judgment.data);
    /* A RST's octets are no data. */
    assert_words(d, SERVER, "R.", 1, 1, UINT32_MAX, "rst-accepted");
  }
}

static void segment_judge__malformed_options__bad_options(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    for (unsigned bit = 0; bit < 12; bit++) {
      const unsigned malformed =
        TCPFLOW_OPTION_FLAG_NO_LENGTH | TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2 |
        TCPFLOW_OPTION_FLAG_OVERRUN | TCPFLOW_OPTION_FLAG_BAD_LENGTH;

      d->options.flags = 1U << bit;
      assert_words(d, CLIENT, "P.", 1, 1, 10,
                   (malformed >> bit & 1U) != 0 ? "new-data bad-options"
                                                : "new-data");
    }
    d->bare = true;
    assert_words(d, CLIENT, "P.", 1, 1, 10, "new-data");
  }
}

static void segment_judge__octets_missing__payload_cut(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    d->cut = 1;
    assert_words(d, CLIENT, "P.", 1, 1, 10, "new-data payload-cut");
    d->cut = 10;
    assert_words(d, CLIENT, "P.", 1, 1, 10, "new-data payload-cut");
  }
}

static void segment_judge__ecn_field__ce_is_3(void **state) {
  static const char *const words[] = {"new-data", "new-data", "new-data",
                                      "new-data ce"};

  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    for (unsigned tos = 0; tos < 256; tos++) {
      d->ip_tos = (uint8_t)tos;
      assert_words(d, CLIENT, "P.", 1, 1, 10, words[tos & 3]);
    }
  }
}

static void segment_judge__urg__urgent(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    assert_words(d, CLIENT, "PU.", 1, 1, 10, "new-data urgent");
  }
}

/* Figure 12 of RFC 9293, segment by segment. */
static void segment_judge__four_segments__each_fin_and_its_ack(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    assert_heard(d, CLIENT, "F.", 1, 1, 10, "client snd FIN");
    assert_true(d->judgment.fin_first);
    assert_false(d->judgment.crossed);
    duel_send(d, CLIENT, "F.", 1, 1, 10);
    assert_int_equal(d->end[CLIENT].fin, duel_number(d, CLIENT, 11));
    /* The octets are acknowledged, the FIN is not. */
    assert_heard(d, SERVER, ".", 1, 11, 0, "");
    assert_heard(d, SERVER, ".", 1, 12, 0,
                 "server rcv FIN, client rcv ACK of FIN");
    duel_send(d, SERVER, ".", 1, 12, 0);
    assert_heard(d, SERVER, ".", 1, 12, 0, "");
    assert_heard(d, SERVER, "F.", 1, 12, 0, "server snd FIN");
    assert_false(d->judgment.crossed);
    duel_send(d, SERVER, "F.", 1, 12, 0);
    assert_heard(d, CLIENT, ".", 12, 1, 0, "");
    assert_heard(d, CLIENT, ".", 12, 2, 0,
                 "client rcv FIN, server rcv ACK of FIN");
    duel_send(d, CLIENT, ".", 12, 2, 0);
    assert_int_equal(d->end[CLIENT].state, TCPFLOW_STATE_TIME_WAIT);
    assert_int_equal(d->end[SERVER].state, TCPFLOW_STATE_CLOSED);
  }
}

/* The ACK comes before the FIN: RFC 9293 section 3.10.7.4, fifth and eighth
   step. */
static void segment_judge__fin_with_ack_of_fin__ack_first(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, "F.", 1, 1, 0);
    assert_heard(d, SERVER, "F.", 1, 2, 0,
                 "server rcv FIN, client rcv ACK of FIN, server snd FIN");
    assert_false(d->judgment.crossed);
  }
}

/* Figure 13 of RFC 9293. */
static void segment_judge__fins_cross__both_closing(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, "F.", 1, 1, 0);
    assert_heard(d, SERVER, "F.", 1, 1, 0, "server snd FIN");
    assert_true(d->judgment.crossed);
    duel_send(d, SERVER, "F.", 1, 1, 0);
    /* The FIN of its sender went before it. */
    assert_heard(d, CLIENT, ".", 2, 2, 0,
                 "client rcv FIN, server rcv FIN, server rcv ACK of FIN");
    /* An ACK from before that FIN says nothing of it. */
    assert_heard(d, CLIENT, ".", 1, 2, 0,
                 "client rcv FIN, server rcv ACK of FIN");
    duel_send(d, CLIENT, ".", 2, 2, 0);
    assert_int_equal(d->end[CLIENT].state, TCPFLOW_STATE_CLOSING);
    assert_int_equal(d->end[SERVER].state, TCPFLOW_STATE_TIME_WAIT);
    assert_heard(d, SERVER, ".", 2, 2, 0,
                 "server rcv FIN, client rcv ACK of FIN");
  }
}

static void segment_judge__fin_again__only_its_place_matters(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, "F.", 1, 1, 10);
    assert_words(d, CLIENT, "F.", 1, 1, 10, "retransmission");
    assert_string_equal(duel_heard(d), "");
    assert_false(d->judgment.fin_first);
    assert_words(d, CLIENT, "F.", 11, 1, 0, "retransmission");
    assert_words(d, CLIENT, "F.", 1, 1, 9, "retransmission fin-moved");
    assert_words(d, CLIENT, "F.", 12, 1, 0, "new-data fin-moved");
    assert_words(d, CLIENT, "F.", 11, 1, 1,
                 "new-data partial-overlap fin-moved beyond-fin");
  }
}

static void segment_judge__data_behind_fin__beyond_fin(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, "F.", 1, 1, 10);
    assert_words(d, CLIENT, ".", 1, 1, 10, "retransmission");
    assert_words(d, CLIENT, ".", 1, 1, 11, "retransmission beyond-fin");
    assert_words(d, CLIENT, ".", 12, 1, 1, "new-data beyond-fin");
    assert_true(d->judgment.data);
    assert_words(d, CLIENT, ".", 12, 1, 0, "pure-ack");
    assert_words(d, SERVER, ".", 1, 1, 100, "new-data");
  }
}

/* It cannot be the end: the receiver has acknowledged more. */
static void
segment_judge__fin_below_what_is_acked__does_not_close(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, "P.", 1, 1, 100);
    duel_send(d, SERVER, ".", 1, 101, 0);
    assert_words(d, CLIENT, "F.", 50, 1, 0,
                 "retransmission spurious-retransmission before-window");
    assert_string_equal(duel_heard(d), "");
    assert_false(d->judgment.fin_first);
    assert_heard(d, CLIENT, "F.", 99, 1, 0, "");
    /* The capture may have missed the FIN that 101 acknowledged. */
    assert_heard(d, CLIENT, "F.", 100, 1, 0, "client snd FIN");
    assert_heard(d, CLIENT, "F.", 101, 1, 0, "client snd FIN");
  }
}

static void segment_judge__ack__syn_is_acknowledged_once(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    duel_send(d, SERVER, "S.", 0, 1, 0);
    assert_heard(d, CLIENT, ".", 1, 0, 0, "");
    assert_true(d->judgment.ack && d->judgment.numbers);
    assert_heard(d, CLIENT, ".", 1, 1, 0, "server rcv ACK of SYN");
    duel_send(d, CLIENT, ".", 1, 1, 0);
    assert_heard(d, CLIENT, ".", 1, 1, 0, "");
  }
}

static void segment_judge__data__only_with_octets(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    (void)duel_judge(d, CLIENT, ".", 1, 1, 0);
    assert_false(d->judgment.data);
    (void)duel_judge(d, CLIENT, ".", 1, 1, 1);
    assert_true(d->judgment.data);
    (void)duel_judge(d, CLIENT, "F.", 1, 1, 0);
    assert_false(d->judgment.data);
  }
}

/* A FIN of an endpoint that was never seen before closes all the same. */
static void
segment_judge__fin_first_of_all__picked_up_and_closed(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    assert_heard(d, SERVER, "F.", 700, 300, 0,
                 "server pick-up?, client pick-up?, server snd FIN");
    duel_send(d, SERVER, "F.", 700, 300, 0);
    assert_int_equal(d->end[SERVER].state, TCPFLOW_STATE_FIN_WAIT_1);
    assert_heard(d, CLIENT, "F.", 300, 701, 0,
                 "client rcv FIN, server rcv ACK of FIN, client snd FIN");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(segment_bad_flags__all_512__as_the_rfc_says),
    cmocka_unit_test(segment_bad_flags__examples),
    cmocka_unit_test(segment_judge__any_flags__nothing_is_written_to),
    cmocka_unit_test(segment_judge__wrong_checksum__nothing_else_counts),
    cmocka_unit_test(segment_judge__other_checksums__no_matter),
    cmocka_unit_test(segment_judge__rst_with_other_flags__rst_is_looked_at),
    cmocka_unit_test(segment_judge__bad_flags__no_effect),
    cmocka_unit_test(segment_judge__longer_than_any_window__no_effect),
    cmocka_unit_test(segment_judge__malformed_options__bad_options),
    cmocka_unit_test(segment_judge__octets_missing__payload_cut),
    cmocka_unit_test(segment_judge__ecn_field__ce_is_3),
    cmocka_unit_test(segment_judge__urg__urgent),
    cmocka_unit_test(segment_judge__four_segments__each_fin_and_its_ack),
    cmocka_unit_test(segment_judge__fin_with_ack_of_fin__ack_first),
    cmocka_unit_test(segment_judge__fins_cross__both_closing),
    cmocka_unit_test(segment_judge__fin_again__only_its_place_matters),
    cmocka_unit_test(segment_judge__data_behind_fin__beyond_fin),
    cmocka_unit_test(segment_judge__fin_below_what_is_acked__does_not_close),
    cmocka_unit_test(segment_judge__ack__syn_is_acknowledged_once),
    cmocka_unit_test(segment_judge__data__only_with_octets),
    cmocka_unit_test(segment_judge__fin_first_of_all__picked_up_and_closed),
  };

  return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
