/*
 * tests/unit/segment/test_apply.c - mirror of lib/segment/apply.c: the numbers
 * of both endpoints after a segment.
 */
#include "duel.h"

/* A number of an endpoint, relative to the initial one of a side. */
#define assert_number(d, number, side, relative)                               \
  assert_int_equal(number, duel_number(d, side, relative))

static bool has(const duel *d, tcpflow_side side, unsigned bits) {
  return tcpflow__endpoint_has(&d->end[side], bits);
}

static void offer_scale(duel *d, uint8_t shift) {
  d->options.present |= TCPFLOW_HAS_WSCALE;
  d->options.wscale = shift;
}

static void stamp(duel *d, uint32_t value) {
  d->options.present |= TCPFLOW_HAS_TIMESTAMPS;
  d->options.ts_val = value;
}

/* --- SYN ----------------------------------------------------------------- */

static void segment_apply__syn__numbers_and_offers(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    const tcpflow__endpoint *const client = &d->end[CLIENT];

    offer_scale(d, 7);
    stamp(d, 4711);
    d->options.present |= TCPFLOW_HAS_SACK_PERMITTED;
    duel_send(d, CLIENT, "S", 0, 0, 0);
    assert_number(d, client->iss, CLIENT, 0);
    assert_number(d, client->base, CLIENT, 1);
    assert_number(d, client->snd_una, CLIENT, 0);
    assert_number(d, client->snd_nxt, CLIENT, 1);
    assert_int_equal(client->mss, 1460);
    assert_int_equal(client->wscale, 7);
    assert_int_equal(client->ts_recent, 4711);
    assert_int_equal(tcpflow__endpoint_window(client), 10000);
    assert_int_equal(client->window_raw, 10000);
    assert_int_equal(client->bits, TCPFLOW__END_ISS | TCPFLOW__END_SYN |
                                     TCPFLOW__END_BASE | TCPFLOW__END_WSCALE |
                                     TCPFLOW__END_SACK | TCPFLOW__END_TS |
                                     TCPFLOW__END_TS_RECENT);
    assert_int_equal(d->end[SERVER].bits, 0);
  }
}

static void segment_apply__syn_with_one_offer__no_other(void **state) {
  static const struct {
    unsigned present;
    unsigned bits;
  } offers[] = {
    {TCPFLOW_HAS_MSS, 0},
    {TCPFLOW_HAS_WSCALE, TCPFLOW__END_WSCALE},
    {TCPFLOW_HAS_SACK_PERMITTED, TCPFLOW__END_SACK},
    {TCPFLOW_HAS_TIMESTAMPS, TCPFLOW__END_TS | TCPFLOW__END_TS_RECENT},
  };

  (void)state;
  FOR_EVERY_ISN(d) {
    for (size_t i = 0; i < sizeof(offers) / sizeof(offers[0]); i++) {
      duel_begin(d, d->run);
      d->options.present = offers[i].present;
      d->options.ts_val = 1;
      duel_send(d, CLIENT, "S", 0, 0, 0);
      assert_int_equal(d->end[CLIENT].bits,
                       TCPFLOW__END_ISS | TCPFLOW__END_SYN | TCPFLOW__END_BASE |
                         offers[i].bits);
    }
  }
}

static void segment_apply__syn_without_options__no_offers(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->bare = true;
    duel_send(d, CLIENT, "S", 0, 0, 0);
    assert_int_equal(d->end[CLIENT].mss, 0);
    assert_int_equal(d->end[CLIENT].bits,
                     TCPFLOW__END_ISS | TCPFLOW__END_SYN | TCPFLOW__END_BASE);
  }
}

static void segment_apply__syn_with_data__behind_its_data(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 100);
    assert_number(d, d->end[CLIENT].base, CLIENT, 1);
    assert_number(d, d->end[CLIENT].snd_nxt, CLIENT, 101);
    assert_true(has(d, CLIENT, TCPFLOW__END_SYN_DATA));
    assert_int_equal(d->end[CLIENT].nxt_time, TCPFLOW_SECOND);
  }
}

/* The second SYN offers nothing, and forgets what the first one did. */
static void segment_apply__syn_with_another_number__begins_anew(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    offer_scale(d, 7);
    stamp(d, 4711);
    d->options.present |= TCPFLOW_HAS_SACK_PERMITTED;
    duel_send(d, CLIENT, "S", 0, 0, 100);
    d->options.present = 0;
    d->options.mss = 0;
    duel_send(d, CLIENT, "S", -500, 0, 0);
    assert_number(d, d->end[CLIENT].iss, CLIENT, -500);
    assert_number(d, d->end[CLIENT].base, CLIENT, -499);
    assert_number(d, d->end[CLIENT].snd_una, CLIENT, -500);
    assert_number(d, d->end[CLIENT].snd_nxt, CLIENT, -499);
    assert_int_equal(d->end[CLIENT].mss, 0);
    assert_int_equal(d->end[CLIENT].wscale, 0);
    d->options.mss = 1220;
    duel_send(d, CLIENT, "S", -700, 0, 0);
    assert_int_equal(d->end[CLIENT].mss, 1220);
    d->bare = true;
    duel_send(d, CLIENT, "S", -800, 0, 0);
    assert_int_equal(d->end[CLIENT].mss, 0);
    duel_send(d, CLIENT, "S", -500, 0, 0);
    assert_int_equal(d->end[CLIENT].bits,
                     TCPFLOW__END_ISS | TCPFLOW__END_SYN | TCPFLOW__END_BASE);
  }
}

/* RFC 7323 section 2.3. */
static void segment_apply__shift_above_14__taken_as_14(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 65535;
    for (unsigned shift = 0; shift < 256; shift++) {
      duel_begin(d, d->run);
      offer_scale(d, (uint8_t)shift);
      duel_send(d, CLIENT, "S", 0, 0, 0);
      assert_int_equal(d->end[CLIENT].wscale, shift < 14 ? shift : 14);
    }
  }
}

/* --- windows ------------------------------------------------------------- */

static void segment_apply__syn_without_ack__window_has_no_place(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    assert_int_equal(tcpflow__endpoint_window(&d->end[CLIENT]), 10000);
    assert_false(has(d, CLIENT, TCPFLOW__END_WINDOW));
    duel_send(d, SERVER, "S.", 0, 1, 0);
    assert_true(has(d, SERVER, TCPFLOW__END_WINDOW));
    assert_number(d, d->end[SERVER].rcv_edge, CLIENT, 10001);
    duel_send(d, CLIENT, ".", 1, 1, 0);
    assert_true(has(d, CLIENT, TCPFLOW__END_WINDOW));
    assert_number(d, d->end[CLIENT].rcv_edge, SERVER, 10001);
  }
}

/* RFC 7323 section 2.2: never in a SYN, and only if both offered. */
static void
segment_apply__both_offer_a_scale__scaled_behind_the_syns(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    offer_scale(d, 7);
    duel_send(d, CLIENT, "S", 0, 0, 0);
    offer_scale(d, 3);
    duel_send(d, SERVER, "S.", 0, 1, 0);
    assert_int_equal(tcpflow__endpoint_window(&d->end[SERVER]), 10000);
    duel_send(d, CLIENT, ".", 1, 1, 0);
    assert_int_equal(tcpflow__endpoint_window(&d->end[CLIENT]), 10000 << 7);
    assert_int_equal(d->end[CLIENT].window_raw, 10000);
    assert_number(d, d->end[CLIENT].rcv_edge, SERVER, 1 + (10000 << 7));
    duel_send(d, SERVER, ".", 1, 1, 0);
    assert_int_equal(tcpflow__endpoint_window(&d->end[SERVER]), 10000 << 3);
  }
}

static void segment_apply__one_offers_a_scale__not_scaled(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    for (int who = 0; who < 2; who++) {
      duel_begin(d, d->run);
      d->options.wscale = 7;
      d->options.present = who == 0 ? TCPFLOW_HAS_WSCALE : 0;
      duel_send(d, CLIENT, "S", 0, 0, 0);
      d->options.present = who == 1 ? TCPFLOW_HAS_WSCALE : 0;
      duel_send(d, SERVER, "S.", 0, 1, 0);
      duel_send(d, CLIENT, ".", 1, 1, 0);
      assert_int_equal(tcpflow__endpoint_window(&d->end[CLIENT]), 10000);
      assert_int_equal(tcpflow__endpoints_scaling(&d->end[0], &d->end[1]), 0);
    }
  }
}

static void endpoints_scaling__what_was_captured__0_1_or_unknown(void **state) {
  static const struct {
    unsigned a, b;
    int scaling;
  } cases[] = {
    {0, 0, -1},
    {TCPFLOW__END_SYN, 0, 0},
    {0, TCPFLOW__END_SYN, 0},
    {TCPFLOW__END_SYN, TCPFLOW__END_SYN, 0},
    {TCPFLOW__END_SYN | TCPFLOW__END_WSCALE, 0, -1},
    {0, TCPFLOW__END_SYN | TCPFLOW__END_WSCALE, -1},
    {TCPFLOW__END_SYN | TCPFLOW__END_WSCALE, TCPFLOW__END_SYN, 0},
    {TCPFLOW__END_SYN, TCPFLOW__END_SYN | TCPFLOW__END_WSCALE, 0},
    {TCPFLOW__END_SYN | TCPFLOW__END_WSCALE,
     TCPFLOW__END_SYN | TCPFLOW__END_WSCALE, 1},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    tcpflow__endpoint a = {0};
    tcpflow__endpoint b = {0};

    tcpflow__endpoint_set(&a, cases[i].a);
    tcpflow__endpoint_set(&b, cases[i].b);
    assert_int_equal(tcpflow__endpoints_scaling(&a, &b), cases[i].scaling);
  }
}

static void segment_apply__smaller_window__edge_does_not_go_back(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    d->window = 9999;
    duel_send(d, SERVER, ".", 1, 1, 0);
    assert_int_equal(tcpflow__endpoint_window(&d->end[SERVER]), 9999);
    assert_number(d, d->end[SERVER].rcv_edge, CLIENT, 10001);
    d->window = 10001;
    duel_send(d, SERVER, ".", 1, 1, 0);
    assert_number(d, d->end[SERVER].rcv_edge, CLIENT, 10002);
  }
}

static void segment_apply__old_ack__window_stays(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, ".", 1, 1, 100);
    duel_send(d, SERVER, ".", 1, 101, 0);
    d->window = 20000;
    duel_send(d, SERVER, ".", 1, 100, 0);
    assert_int_equal(tcpflow__endpoint_window(&d->end[SERVER]), 10000);
    assert_int_equal(d->end[SERVER].window_raw, 10000);
    assert_number(d, d->end[SERVER].rcv_edge, CLIENT, 10101);
    assert_number(d, d->end[CLIENT].snd_una, CLIENT, 101);
  }
}

/* The SYN and ACK again, unscaled as it must be, says nothing by now. */
static void segment_apply__syn_ack_again__window_stays(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    offer_scale(d, 7);
    duel_handshake(d);
    duel_send(d, CLIENT, ".", 1, 1, 100);
    duel_send(d, SERVER, ".", 1, 101, 0);
    duel_send(d, SERVER, "S.", 0, 1, 0);
    assert_int_equal(tcpflow__endpoint_window(&d->end[SERVER]), 10000 << 7);
    assert_number(d, d->end[SERVER].rcv_edge, CLIENT, 101 + (10000 << 7));
    assert_number(d, d->end[CLIENT].snd_una, CLIENT, 101);
    assert_number(d, d->end[SERVER].snd_nxt, SERVER, 1);
  }
}

/* In Figure 7 of RFC 9293 it is the first with a place for the window. */
static void
segment_apply__syn_ack_after_crossing__window_is_placed(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    duel_send(d, SERVER, "S", 0, 0, 0);
    duel_send(d, CLIENT, "S.", 0, 1, 0);
    assert_true(has(d, CLIENT, TCPFLOW__END_WINDOW));
    assert_number(d, d->end[CLIENT].rcv_edge, SERVER, 10001);
    assert_number(d, d->end[SERVER].snd_una, SERVER, 1);
    assert_true(has(d, SERVER, TCPFLOW__END_SYN_ACKED));
    assert_false(has(d, CLIENT, TCPFLOW__END_SYN_ACKED));
  }
}

/* It came behind its answer: the windows before it were not understood. */
static void
segment_apply__late_syn_ack__scale_and_offers_are_known(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    offer_scale(d, 7);
    duel_send(d, CLIENT, "S", 0, 0, 0);
    duel_send(d, CLIENT, ".", 1, 1, 0);
    assert_true(has(d, CLIENT, TCPFLOW__END_WINDOW));
    duel_send(d, CLIENT, ".", 1, 1, 10);
    assert_int_equal(tcpflow__endpoints_scaling(&d->end[0], &d->end[1]), -1);
    duel_send(d, SERVER, "S.", 0, 1, 0);
    assert_int_equal(tcpflow__endpoints_scaling(&d->end[0], &d->end[1]), 1);
    assert_false(has(d, CLIENT, TCPFLOW__END_WINDOW));
    assert_int_equal(d->end[SERVER].mss, 1460);
    assert_number(d, d->end[SERVER].snd_nxt, SERVER, 1);
    assert_number(d, d->end[CLIENT].snd_nxt, CLIENT, 11);
    duel_send(d, CLIENT, ".", 11, 1, 0);
    assert_int_equal(tcpflow__endpoint_window(&d->end[CLIENT]), 10000 << 7);
  }
}

/* Both windows were captured before the SYNs that tell their scale. */
static void segment_apply__late_syns__both_windows_forgotten(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, ".", 1, 1, 10);
    duel_send(d, SERVER, ".", 1, 11, 10);
    offer_scale(d, 7);
    duel_send(d, CLIENT, "S", 0, 0, 0);
    assert_true(has(d, CLIENT, TCPFLOW__END_WINDOW));
    assert_true(has(d, SERVER, TCPFLOW__END_WINDOW));
    duel_send(d, SERVER, "S.", 0, 1, 0);
    assert_false(has(d, CLIENT, TCPFLOW__END_WINDOW));
    /* Its own is that of the SYN, which is never scaled. */
    assert_int_equal(tcpflow__endpoint_window(&d->end[SERVER]), 10000);
    assert_number(d, d->end[SERVER].rcv_edge, CLIENT, 10001);
  }
}

/* Only one of the two offers a scale: the windows stand as they were. */
static void segment_apply__late_syn_ack_one_scale__windows_stay(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    for (int who = 0; who < 2; who++) {
      duel_begin(d, d->run);
      d->options.wscale = 7;
      d->options.present = who == 0 ? TCPFLOW_HAS_WSCALE : 0;
      duel_send(d, CLIENT, "S", 0, 0, 0);
      duel_send(d, CLIENT, ".", 1, 1, 0);
      d->options.present = who == 1 ? TCPFLOW_HAS_WSCALE : 0;
      duel_send(d, SERVER, "S.", 0, 1, 0);
      assert_true(has(d, CLIENT, TCPFLOW__END_WINDOW));
    }
  }
}

/* Without a scale the windows stand as they were. */
static void segment_apply__late_syn_without_scale__windows_stay(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, SERVER, "S.", 0, 1, 0);
    duel_send(d, CLIENT, "S", 0, 0, 0);
    assert_true(has(d, SERVER, TCPFLOW__END_WINDOW));
    assert_int_equal(d->end[CLIENT].mss, 1460);
    assert_true(has(d, CLIENT, TCPFLOW__END_SYN));
    assert_number(d, d->end[CLIENT].snd_una, CLIENT, 1);
  }
}

/* --- SND.NXT and SND.UNA ------------------------------------------------- */

static void segment_apply__data_and_ack__numbers_move_on(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    const tcpflow_time at = d->now;

    duel_send(d, CLIENT, ".", 1, 1, 100);
    assert_number(d, d->end[CLIENT].snd_nxt, CLIENT, 101);
    assert_int_equal(d->end[CLIENT].nxt_time, at);
    duel_send(d, CLIENT, ".", 1, 1, 99);
    duel_send(d, CLIENT, ".", 1, 1, 100);
    assert_number(d, d->end[CLIENT].snd_nxt, CLIENT, 101);
    assert_int_equal(d->end[CLIENT].nxt_time, at);
    duel_send(d, SERVER, ".", 1, 51, 0);
    assert_number(d, d->end[CLIENT].snd_una, CLIENT, 51);
    duel_send(d, SERVER, ".", 1, 50, 0);
    assert_number(d, d->end[CLIENT].snd_una, CLIENT, 51);
    duel_send(d, CLIENT, "F.", 101, 1, 0);
    assert_number(d, d->end[CLIENT].snd_nxt, CLIENT, 102);
    assert_number(d, d->end[CLIENT].fin, CLIENT, 101);
    assert_number(d, d->end[SERVER].snd_nxt, SERVER, 1);
  }
}

/* Only one direction was captured, and its stream is long: what no window can
   hold was acknowledged. */
static void segment_apply__no_acks_at_all__snd_una_follows(void **state) {
  const uint32_t most = UINT32_C(65535) << 14;
  const uint32_t step = UINT32_C(1) << 24;

  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    for (int64_t at = 1; at < INT64_C(5) << 30; at += step) {
      assert_lacks(duel_send(d, CLIENT, ".", at, 1, step), RETRANSMISSION);
      assert_number(d, d->end[CLIENT].snd_una, CLIENT,
                    at + step - 1 > most ? at + step - most : 1);
    }
    assert_heard(d, CLIENT, "F.", 1 + (INT64_C(5) << 30), 1, 0,
                 "client snd FIN");
  }
}

/* The capture has missed what is acknowledged. */
static void segment_apply__ack_of_the_unseen__it_was_sent(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, SERVER, ".", 1, 500, 0);
    assert_number(d, d->end[CLIENT].snd_una, CLIENT, 500);
    assert_number(d, d->end[CLIENT].snd_nxt, CLIENT, 500);
  }
}

/* A number is known from the peer's ACK before the first segment. */
static void segment_apply__picked_up__base_is_the_first_number(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, SERVER, ".", 700, 300, 10);
    assert_number(d, d->end[SERVER].base, SERVER, 700);
    assert_number(d, d->end[SERVER].snd_una, SERVER, 700);
    assert_number(d, d->end[SERVER].snd_nxt, SERVER, 710);
    assert_number(d, d->end[CLIENT].base, CLIENT, 300);
    assert_number(d, d->end[CLIENT].snd_nxt, CLIENT, 300);
    assert_false(has(d, CLIENT, TCPFLOW__END_SYN_ACKED));
    /* What comes from before does not put SND.NXT back. */
    duel_send(d, CLIENT, ".", 200, 700, 50);
    assert_number(d, d->end[CLIENT].base, CLIENT, 300);
    assert_number(d, d->end[CLIENT].snd_nxt, CLIENT, 300);
    assert_int_equal(d->end[CLIENT].nxt_time, 0);
    duel_send(d, CLIENT, ".", 300, 700, 1);
    assert_number(d, d->end[CLIENT].snd_nxt, CLIENT, 301);
  }
}

/* The segment that starts with its octet is then no retransmission. */
static void segment_apply__zero_window_probe__snd_nxt_stays(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    d->window = 0;
    duel_send(d, SERVER, ".", 1, 1, 0);
    d->window = 10000;
    assert_sent(d, CLIENT, ".", 1, 1, 1, "zero-window-probe");
    assert_number(d, d->end[CLIENT].snd_nxt, CLIENT, 1);
    assert_true(has(d, CLIENT, TCPFLOW__END_LAST_PROBE));
    duel_send(d, SERVER, ".", 1, 1, 0);
    assert_sent(d, CLIENT, ".", 1, 1, 100, "new-data");
    assert_false(has(d, CLIENT, TCPFLOW__END_LAST_PROBE));
    assert_number(d, d->end[CLIENT].snd_nxt, CLIENT, 101);
  }
}

static void segment_apply__probe_octet_acked__it_was_sent(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    d->window = 0;
    duel_send(d, SERVER, ".", 1, 1, 0);
    duel_send(d, CLIENT, ".", 1, 1, 1);
    assert_sent(d, SERVER, ".", 1, 2, 0,
                "pure-ack new-ack zero-window zero-window-probe-ack");
    assert_number(d, d->end[CLIENT].snd_una, CLIENT, 2);
    assert_number(d, d->end[CLIENT].snd_nxt, CLIENT, 2);
  }
}

static void segment_apply__keep_alive__noted_until_the_next(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    d->now += TCPFLOW_SECOND;
    duel_send(d, CLIENT, ".", 0, 1, 1);
    assert_true(has(d, CLIENT, TCPFLOW__END_LAST_KEEP_ALIVE));
    assert_number(d, d->end[CLIENT].snd_nxt, CLIENT, 1);
    duel_send(d, CLIENT, ".", 1, 1, 0);
    assert_false(has(d, CLIENT, TCPFLOW__END_LAST_KEEP_ALIVE));
  }
}

static void
segment_apply__duplicate_acks__counted_until_a_new_one(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, ".", 1, 1, 100);
    const tcpflow_time first = d->now;

    for (unsigned i = 1; i <= 300; i++) {
      duel_send(d, SERVER, ".", 1, 1, 0);
      assert_int_equal(d->end[SERVER].dup_acks, i < 255 ? i : 255);
      assert_int_equal(d->end[SERVER].ack_time,
                       first + (i - 1) * TCPFLOW_MILLISECOND);
    }
    assert_int_equal(d->end[CLIENT].dup_acks, 0);
    /* An old ACK, and data, leave the count alone. */
    duel_send(d, SERVER, ".", 1, 0, 0);
    duel_send(d, SERVER, ".", 1, 1, 10);
    assert_int_equal(d->end[SERVER].dup_acks, 255);
    const tcpflow_time last = d->now;

    duel_send(d, SERVER, ".", 11, 2, 0);
    assert_int_equal(d->end[SERVER].dup_acks, 0);
    assert_int_equal(d->end[SERVER].ack_time, last);
  }
}

/* --- timestamps ---------------------------------------------------------- */

/* RFC 7323 section 4.3. */
static void segment_apply__timestamps__latest_in_order(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    const tcpflow__endpoint *const client = &d->end[CLIENT];
    const uint32_t at = d->run % 2 == 0 ? UINT32_MAX : 0x7fffffff;

    stamp(d, at);
    duel_handshake(d);
    assert_int_equal(client->ts_recent, at);
    stamp(d, at + 5);
    duel_send(d, CLIENT, ".", 1, 1, 10);
    assert_int_equal(client->ts_recent, at + 5);
    /* Older: PAWS. */
    stamp(d, at + 4);
    assert_sent(d, CLIENT, ".", 11, 1, 10, "new-data paws");
    assert_int_equal(client->ts_recent, at + 5);
    /* Behind a hole. */
    stamp(d, at + 9);
    duel_send(d, CLIENT, ".", 22, 1, 10);
    assert_int_equal(client->ts_recent, at + 5);
    duel_send(d, CLIENT, ".", 32, 1, 10);
    assert_int_equal(client->ts_recent, at + 5);
    /* The hole's octet. */
    stamp(d, at + 7);
    const tcpflow_time then = d->now;

    duel_send(d, CLIENT, ".", 21, 1, 1);
    assert_int_equal(client->ts_recent, at + 7);
    assert_int_equal(client->ts_time, then);
    /* None at all. */
    d->options.present = 0;
    d->options.ts_val = at + 50;
    duel_send(d, CLIENT, ".", 22, 1, 1);
    d->bare = true;
    duel_send(d, CLIENT, ".", 22, 1, 1);
    assert_int_equal(client->ts_recent, at + 7);
    assert_int_equal(d->end[SERVER].ts_recent, at);
  }
}

static void segment_apply__same_timestamp__time_goes_on(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    stamp(d, 1000);
    duel_handshake(d);
    const tcpflow_time then = d->now;

    duel_send(d, CLIENT, ".", 1, 1, 10);
    assert_int_equal(d->end[CLIENT].ts_time, then);
  }
}

/* RFC 7323 section 5.5: an older one is the latest then. */
static void segment_apply__timestamp_after_24_days__begins_anew(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    stamp(d, 1000);
    duel_handshake(d);
    stamp(d, 10);
    d->now += 24 * 86400 * TCPFLOW_SECOND;
    assert_sent(d, CLIENT, ".", 1, 1, 10, "new-data");
    assert_int_equal(d->end[CLIENT].ts_recent, 10);
    stamp(d, 9);
    assert_words(d, CLIENT, ".", 11, 1, 10, "new-data paws");
  }
}

/* --- what happens -------------------------------------------------------- */

static void segment_apply__happenings__noted_of_each_side(void **state) {
  const unsigned syn_acked = TCPFLOW__END_SYN_ACKED;

  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    duel_send(d, SERVER, "S.", 0, 1, 0);
    assert_true(has(d, CLIENT, syn_acked));
    assert_false(has(d, SERVER, syn_acked));
    duel_send(d, CLIENT, ".", 1, 1, 0);
    assert_true(has(d, SERVER, syn_acked));

    duel_send(d, CLIENT, "F.", 1, 1, 0);
    assert_true(has(d, CLIENT, TCPFLOW__END_FIN));
    assert_false(has(d, CLIENT, TCPFLOW__END_FIN_RCVD));
    duel_send(d, SERVER, "F.", 1, 1, 0);
    duel_send(d, CLIENT, ".", 2, 2, 0);
    /* Figure 13: both FINs have arrived, one is acknowledged. */
    assert_true(has(d, CLIENT, TCPFLOW__END_FIN_RCVD));
    assert_true(has(d, SERVER, TCPFLOW__END_FIN_RCVD));
    assert_false(has(d, CLIENT, TCPFLOW__END_FIN_ACKED));
    assert_true(has(d, SERVER, TCPFLOW__END_FIN_ACKED));
  }
}

/* It acknowledges its SYN by acknowledging anything. */
static void segment_apply__inferred_syn__is_acknowledged(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, SERVER, "S.", 0, 1, 0);
    assert_true(has(d, CLIENT, TCPFLOW__END_ISS | TCPFLOW__END_SYN_ACKED));
    assert_false(has(d, CLIENT, TCPFLOW__END_SYN));
    assert_number(d, d->end[CLIENT].iss, CLIENT, 0);
    assert_number(d, d->end[CLIENT].base, CLIENT, 1);
  }
}

/* --- what has no effect is counted --------------------------------------- */

static void segment_apply__any_segment__counted(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    assert_int_equal(d->end[CLIENT].segments, 2);
    assert_int_equal(d->end[SERVER].segments, 1);
    duel_send(d, CLIENT, ".", 1, 1, 100);
    duel_send(d, CLIENT, ".", 1, 1, 100);
    assert_int_equal(d->end[CLIENT].segments, 4);
    assert_int_equal(d->end[CLIENT].payload, 200);
    assert_int_equal(d->end[CLIENT].retransmissions, 1);
    d->checksum = TCPFLOW_CHECKSUM_BAD;
    const tcpflow__endpoint before = d->end[CLIENT];

    duel_send(d, CLIENT, "F.", 101, 1, 5);
    assert_int_equal(d->end[CLIENT].segments, 5);
    assert_int_equal(d->end[CLIENT].payload, 205);
    d->end[CLIENT].segments = before.segments;
    d->end[CLIENT].payload = before.payload;
    assert_int_equal(d->end[CLIENT].fins, 1);
    d->end[CLIENT].fins = 0;
    assert_memory_equal(&before, &d->end[CLIENT], sizeof(before));
  }
}

static void segment_apply__no_numbers__nothing_else_changes(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, ".", 0, 1, 0);
    const tcpflow__endpoint before[2] = {d->end[0], d->end[1]};

    duel_send(d, CLIENT, "", 1, 1, 100);
    duel_send(d, CLIENT, "S", 50, 1, 0);
    duel_send(d, CLIENT, "R", 50, 1, 0);
    assert_int_equal(d->end[CLIENT].resets, 1);
    assert_true(
      tcpflow__endpoint_has(&d->end[CLIENT], TCPFLOW__END_CHALLENGED));
    d->end[CLIENT].resets = 0;
    tcpflow__endpoint_unset(&d->end[CLIENT], TCPFLOW__END_CHALLENGED);
    d->end[CLIENT].segments = before[CLIENT].segments;
    d->end[CLIENT].payload = before[CLIENT].payload;
    assert_memory_equal(before, d->end, sizeof(before));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(segment_apply__syn__numbers_and_offers),
    cmocka_unit_test(segment_apply__syn_with_one_offer__no_other),
    cmocka_unit_test(segment_apply__syn_without_options__no_offers),
    cmocka_unit_test(segment_apply__syn_with_data__behind_its_data),
    cmocka_unit_test(segment_apply__syn_with_another_number__begins_anew),
    cmocka_unit_test(segment_apply__shift_above_14__taken_as_14),
    cmocka_unit_test(segment_apply__syn_without_ack__window_has_no_place),
    cmocka_unit_test(segment_apply__both_offer_a_scale__scaled_behind_the_syns),
    cmocka_unit_test(segment_apply__one_offers_a_scale__not_scaled),
    cmocka_unit_test(endpoints_scaling__what_was_captured__0_1_or_unknown),
    cmocka_unit_test(segment_apply__smaller_window__edge_does_not_go_back),
    cmocka_unit_test(segment_apply__old_ack__window_stays),
    cmocka_unit_test(segment_apply__syn_ack_again__window_stays),
    cmocka_unit_test(segment_apply__syn_ack_after_crossing__window_is_placed),
    cmocka_unit_test(segment_apply__late_syn_ack__scale_and_offers_are_known),
    cmocka_unit_test(segment_apply__late_syns__both_windows_forgotten),
    cmocka_unit_test(segment_apply__late_syn_ack_one_scale__windows_stay),
    cmocka_unit_test(segment_apply__late_syn_without_scale__windows_stay),
    cmocka_unit_test(segment_apply__data_and_ack__numbers_move_on),
    cmocka_unit_test(segment_apply__no_acks_at_all__snd_una_follows),
    cmocka_unit_test(segment_apply__ack_of_the_unseen__it_was_sent),
    cmocka_unit_test(segment_apply__picked_up__base_is_the_first_number),
    cmocka_unit_test(segment_apply__zero_window_probe__snd_nxt_stays),
    cmocka_unit_test(segment_apply__probe_octet_acked__it_was_sent),
    cmocka_unit_test(segment_apply__keep_alive__noted_until_the_next),
    cmocka_unit_test(segment_apply__duplicate_acks__counted_until_a_new_one),
    cmocka_unit_test(segment_apply__timestamps__latest_in_order),
    cmocka_unit_test(segment_apply__same_timestamp__time_goes_on),
    cmocka_unit_test(segment_apply__timestamp_after_24_days__begins_anew),
    cmocka_unit_test(segment_apply__happenings__noted_of_each_side),
    cmocka_unit_test(segment_apply__inferred_syn__is_acknowledged),
    cmocka_unit_test(segment_apply__any_segment__counted),
    cmocka_unit_test(segment_apply__no_numbers__nothing_else_changes),
  };

  return cmocka_run_group_tests_name("apply", tests, NULL, NULL);
}
