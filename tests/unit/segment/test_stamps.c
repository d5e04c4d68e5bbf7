/*
 * tests/unit/segment/test_stamps.c - mirror of lib/segment/stamps.c: timestamps
 * and SACK blocks that cannot be true, or were not agreed upon.
 */
#include "duel.h"

static bool is_odd(const duel *d, unsigned bit) {
  return (d->judgment.odd & bit) != 0;
}

/* Sets the timestamp of the next segments. */
static void stamp(duel *d, uint32_t val, uint32_t ecr) {
  d->options.present |= TCPFLOW_HAS_TIMESTAMPS;
  d->options.ts_val = val;
  d->options.ts_ecr = ecr;
}

/* A handshake; the client's clock stands at CLIENT_VAL, the server's at
   SERVER_VAL. */
static void open_stamped(duel *d, uint32_t client_val, uint32_t server_val) {
  stamp(d, client_val, 0);
  duel_send(d, CLIENT, "S", 0, 0, 0);
  stamp(d, server_val, client_val);
  duel_send(d, SERVER, "S.", 0, 1, 0);
  stamp(d, client_val, server_val);
  duel_send(d, CLIENT, ".", 1, 1, 0);
}

/* Values around which clocks wrap. */
static const uint32_t clocks[] = {
  0, 1, UINT32_C(0x7fffffff), UINT32_C(0x80000000), UINT32_MAX - 1, UINT32_MAX};

/* --- RFC 7323 section 5: PAWS --- */

/* Half of the circle is older; the same value is not. */
static void judge_timestamp__one_less__paws(void **state) {
  (void)state;
  for (unsigned i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
    const uint32_t val = clocks[i];
    FOR_EVERY_ISN(d) {
      open_stamped(d, val, 7);
      stamp(d, val, 7);
      assert_lacks(duel_judge(d, CLIENT, "P.", 1, 1, 10), PAWS);
      stamp(d, val - 1, 7);
      assert_has(duel_judge(d, CLIENT, "P.", 1, 1, 10), PAWS);
      stamp(d, val + 1, 7);
      assert_lacks(duel_judge(d, CLIENT, "P.", 1, 1, 10), PAWS);
      stamp(d, val - INT32_MAX, 7);
      assert_has(duel_judge(d, CLIENT, "P.", 1, 1, 10), PAWS);
      stamp(d, val + INT32_MAX, 7);
      assert_lacks(duel_judge(d, CLIENT, "P.", 1, 1, 10), PAWS);
    }
  }
}

/* RFC 7323 section 5.5: after 24 days the timestamp proves nothing. */
static void judge_timestamp__24_days_of_silence__no_paws(void **state) {
  static const tcpflow_time days = 24 * 86400 * TCPFLOW_SECOND;

  (void)state;
  FOR_EVERY_ISN(d) {
    open_stamped(d, 1000, 7);
    stamp(d, 999, 7);
    d->now = d->end[CLIENT].ts_time + days - 1;
    assert_has(duel_judge(d, CLIENT, "P.", 1, 1, 10), PAWS);
    d->now++;
    assert_lacks(duel_judge(d, CLIENT, "P.", 1, 1, 10), PAWS);
  }
}

/* A pure ACK that others have overtaken is harmless; late it is from the
   past. */
static void
judge_timestamp__overtaken_ack__only_within_reordering(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    open_stamped(d, 1000, 7);
    stamp(d, 1001, 7);
    duel_send(d, CLIENT, ".", 1, 1, 0);
    stamp(d, 1000, 7);
    d->now = d->end[CLIENT].ts_time + d->reorder - 1;
    assert_lacks(duel_judge(d, CLIENT, ".", 1, 1, 0), PAWS);
    assert_has(duel_judge(d, CLIENT, ".", 1, 1, 1), PAWS);
    d->now++;
    assert_has(duel_judge(d, CLIENT, ".", 1, 1, 0), PAWS);
  }
}

/* --- agreed upon or not: RFC 7323 section 3.2 --- */

static void judge_timestamp__both_agreed__each_segment_has_one(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    open_stamped(d, 1000, 7);
    d->options.present &= (unsigned)~TCPFLOW_HAS_TIMESTAMPS;
    assert_has(duel_judge(d, CLIENT, ".", 1, 1, 0), TIMESTAMP_MISSING);
    d->bare = true;
    assert_has(duel_judge(d, CLIENT, ".", 1, 1, 0), TIMESTAMP_MISSING);
  }
}

static void judge_timestamp__one_refused__unnegotiated(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    stamp(d, 1000, 0);
    duel_send(d, CLIENT, "S", 0, 0, 0);
    d->options.present &= (unsigned)~TCPFLOW_HAS_TIMESTAMPS;
    duel_send(d, SERVER, "S.", 0, 1, 0);
    assert_lacks(duel_send(d, CLIENT, ".", 1, 1, 0), TIMESTAMP_MISSING);
    stamp(d, 1001, 0);
    (void)duel_judge(d, CLIENT, "P.", 1, 1, 10);
    assert_true(is_odd(d, TCPFLOW__ODD_UNNEGOTIATED));
    (void)duel_judge(d, SERVER, "P.", 1, 1, 10);
    assert_true(is_odd(d, TCPFLOW__ODD_UNNEGOTIATED));
  }
}

/* Whether a SYN that was not captured had one, nobody knows. */
static void judge_timestamp__no_syn_captured__nothing_is_told(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    stamp(d, 1000, 2000);
    duel_send(d, CLIENT, "P.", 1, 1, 10);
    (void)duel_judge(d, SERVER, "P.", 1, 11, 10);
    assert_int_equal(d->judgment.odd, 0);
    d->options.present &= (unsigned)~TCPFLOW_HAS_TIMESTAMPS;
    assert_lacks(duel_judge(d, CLIENT, "P.", 11, 1, 10), TIMESTAMP_MISSING);
  }
}

/* --- the echo --- */

/* Nothing before the SYN's was ever sent. */
static void judge_timestamp__echo_before_the_syns__invented(void **state) {
  (void)state;
  for (unsigned i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
    const uint32_t val = clocks[i];
    FOR_EVERY_ISN(d) {
      open_stamped(d, val, 7);
      stamp(d, 8, val);
      (void)duel_judge(d, SERVER, "P.", 1, 1, 10);
      assert_false(is_odd(d, TCPFLOW__ODD_ECHO));
      stamp(d, 8, val - 1);
      (void)duel_judge(d, SERVER, "P.", 1, 1, 10);
      assert_true(is_odd(d, TCPFLOW__ODD_ECHO));
    }
  }
}

/* A capture may have missed newer ones, but no clock ticks faster than once in
   a microsecond. */
static void judge_timestamp__echo_of_the_future__by_the_clock(void **state) {
  static const uint32_t late = UINT32_C(1) << 20;

  (void)state;
  FOR_EVERY_ISN(d) {
    open_stamped(d, UINT32_MAX - 5, 7);
    d->now = d->end[CLIENT].ts_time + TCPFLOW_MILLISECOND;
    stamp(d, 8, UINT32_MAX - 5 + late + 1000);
    (void)duel_judge(d, SERVER, "P.", 1, 1, 10);
    assert_false(is_odd(d, TCPFLOW__ODD_ECHO));
    stamp(d, 8, UINT32_MAX - 5 + late + 1001);
    (void)duel_judge(d, SERVER, "P.", 1, 1, 10);
    assert_true(is_odd(d, TCPFLOW__ODD_ECHO));
  }
}

/* RFC 7323 section 5.4: a clock of a microsecond goes round in 72 minutes.
   What was sent lately may be echoed however long ago the SYN was. */
static void judge_timestamp__clock_goes_round__echoes_are_fit(void **state) {
  (void)state;
  for (unsigned i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
    FOR_EVERY_ISN(d) {
      open_stamped(d, clocks[i], 7);
      for (uint32_t turn = 1; turn < 12; turn++) {
        const uint32_t val = clocks[i] + (turn << 29);
        stamp(d, val, 7);
        duel_send(d, CLIENT, "P.", 1 + 10 * (turn - 1), 1, 10);
        stamp(d, 8, val);
        duel_send(d, SERVER, ".", 1, 1 + 10 * turn, 0);
        assert_false(is_odd(d, TCPFLOW__ODD_ECHO));
      }
      stamp(d, 8, d->end[CLIENT].ts_first - 1);
      (void)duel_judge(d, SERVER, "P.", 1, 111, 10);
      assert_true(is_odd(d, TCPFLOW__ODD_ECHO));
    }
  }
}

/* --- SACK: RFC 2018, RFC 2883 --- */

/* One block of the server's, relative to the client's initial number. */
static void sack(duel *d, unsigned i, int64_t left, int64_t right) {
  d->options.sack[i].left = duel_number(d, CLIENT, left);
  d->options.sack[i].right = duel_number(d, CLIENT, right);
  d->options.sack_count = (uint8_t)(i + 1);
  d->options.present |= TCPFLOW_HAS_SACK;
}

/* The client has sent 1000 octets, of which 100 are acknowledged. */
static void open_sacked(duel *d) {
  d->options.present |= TCPFLOW_HAS_SACK_PERMITTED;
  duel_handshake(d);
  d->options.present &= (unsigned)~TCPFLOW_HAS_SACK_PERMITTED;
  duel_send(d, CLIENT, ".", 1, 1, 1000);
  duel_send(d, SERVER, ".", 1, 101, 0);
}

static void judge_sack__above_the_ack__valid(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    open_sacked(d);
    sack(d, 0, 201, 301);
    const tcpflow_verdict verdict = duel_judge(d, SERVER, ".", 1, 101, 0);
    assert_lacks(verdict, SACK_INVALID);
    assert_lacks(verdict, DSACK);
    assert_false(is_odd(d, TCPFLOW__ODD_UNNEGOTIATED));
  }
}

static void judge_sack__empty_or_reversed__invalid(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    open_sacked(d);
    sack(d, 0, 201, 201);
    assert_has(duel_judge(d, SERVER, ".", 1, 101, 0), SACK_INVALID);
    sack(d, 0, 301, 201);
    assert_has(duel_judge(d, SERVER, ".", 1, 101, 0), SACK_INVALID);
    sack(d, 0, 201, 301);
    sack(d, 1, 501, 401);
    assert_has(duel_judge(d, SERVER, ".", 1, 101, 0), SACK_INVALID);
  }
}

/* RFC 2883 section 4: the first block tells of octets that came twice: below
   the ACK, or inside of the second block.  No other one may. */
static void judge_sack__first_block__may_tell_of_duplicates(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    open_sacked(d);
    sack(d, 0, 1, 101);
    const tcpflow_verdict below = duel_judge(d, SERVER, ".", 1, 101, 0);
    assert_has(below, DSACK);
    assert_lacks(below, SACK_INVALID);
    sack(d, 0, 1, 102);
    assert_lacks(duel_judge(d, SERVER, ".", 1, 101, 0), DSACK);
    sack(d, 0, 201, 301);
    sack(d, 1, 201, 301);
    assert_has(duel_judge(d, SERVER, ".", 1, 101, 0), DSACK);
    sack(d, 1, 202, 301);
    assert_lacks(duel_judge(d, SERVER, ".", 1, 101, 0), DSACK);
    sack(d, 1, 1, 101);
    assert_has(duel_judge(d, SERVER, ".", 1, 101, 0), SACK_INVALID);
  }
}

/* A SYN that came twice may be reported; nothing stands before it. */
static void judge_sack__before_the_syn__invalid(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    open_sacked(d);
    sack(d, 0, 0, 1);
    assert_lacks(duel_judge(d, SERVER, ".", 1, 101, 0), SACK_INVALID);
    sack(d, 0, -1, 1);
    assert_has(duel_judge(d, SERVER, ".", 1, 101, 0), SACK_INVALID);
  }
}

/* Numbers go round; by then what the SYN was says nothing. */
static void judge_sack__behind_2_gib__valid(void **state) {
  const uint32_t far = UINT32_C(1) << 31;

  (void)state;
  FOR_EVERY_ISN(d) {
    open_sacked(d);
    d->end[CLIENT].snd_una += far;
    d->end[CLIENT].snd_nxt += far;
    d->end[CLIENT].nxt_start += far;
    d->end[SERVER].rcv_edge += far;
    d->edge[CLIENT] += far;
    sack(d, 0, (int64_t)far + 201, (int64_t)far + 301);
    assert_lacks(duel_judge(d, SERVER, ".", 1, far + 101, 0), SACK_INVALID);
    sack(d, 0, (int64_t)far + 5000, (int64_t)far + 90102);
    assert_has(duel_judge(d, SERVER, ".", 1, far + 101, 0), SACK_INVALID);
  }
}

/* Up to the window's end it may be what the capture missed. */
static void judge_sack__beyond_every_window__invalid(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    open_sacked(d);
    sack(d, 0, 5000, 10101);
    assert_lacks(duel_judge(d, SERVER, ".", 1, 101, 0), SACK_INVALID);
    sack(d, 0, 5000, 10102);
    assert_has(duel_judge(d, SERVER, ".", 1, 101, 0), SACK_INVALID);
    duel_send(d, CLIENT, ".", 1001, 1, 9101); /* It was sent, though. */
    assert_lacks(duel_judge(d, SERVER, ".", 1, 101, 0), SACK_INVALID);
  }
}

/* RFC 2018 section 2: only who has permitted it is sent it. */
static void judge_sack__not_permitted__unnegotiated(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, ".", 1, 1, 1000);
    sack(d, 0, 201, 301);
    (void)duel_judge(d, SERVER, ".", 1, 1, 0);
    assert_true(is_odd(d, TCPFLOW__ODD_UNNEGOTIATED));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(judge_timestamp__one_less__paws),
    cmocka_unit_test(judge_timestamp__24_days_of_silence__no_paws),
    cmocka_unit_test(judge_timestamp__overtaken_ack__only_within_reordering),
    cmocka_unit_test(judge_timestamp__both_agreed__each_segment_has_one),
    cmocka_unit_test(judge_timestamp__one_refused__unnegotiated),
    cmocka_unit_test(judge_timestamp__no_syn_captured__nothing_is_told),
    cmocka_unit_test(judge_timestamp__echo_before_the_syns__invented),
    cmocka_unit_test(judge_timestamp__echo_of_the_future__by_the_clock),
    cmocka_unit_test(judge_timestamp__clock_goes_round__echoes_are_fit),
    cmocka_unit_test(judge_sack__above_the_ack__valid),
    cmocka_unit_test(judge_sack__empty_or_reversed__invalid),
    cmocka_unit_test(judge_sack__first_block__may_tell_of_duplicates),
    cmocka_unit_test(judge_sack__before_the_syn__invalid),
    cmocka_unit_test(judge_sack__behind_2_gib__valid),
    cmocka_unit_test(judge_sack__beyond_every_window__invalid),
    cmocka_unit_test(judge_sack__not_permitted__unnegotiated),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
