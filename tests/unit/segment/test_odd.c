/*
 * tests/unit/segment/test_odd.c - mirror of lib/segment/odd.c: what is odd
 * about an ordinary segment, and where each of the limits lies.
 */
#include "duel.h"

static bool is_odd(duel *d, tcpflow_side sender, int64_t seq, int64_t ack,
                   uint32_t length, unsigned bit) {
  (void)duel_judge(d, sender, "P.", seq, ack, length);
  return (d->judgment.odd & bit) != 0;
}

/* --- time to live --- */

/* Routes change by a hop or two; more than five are another way of the
   world. */
static void judge_odd__ttl__more_than_five_hops(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->ip_ttl = 64;
    duel_handshake(d);
    for (int hops = -8; hops <= 8; hops++) {
      d->ip_ttl = (uint8_t)(64 + hops);
      assert_int_equal(is_odd(d, CLIENT, 1, 1, 10, TCPFLOW__ODD_TTL),
                       hops < -5 || hops > 5);
    }
  }
}

static void judge_odd__ttl_not_known__nothing(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->ip_ttl = 64;
    duel_handshake(d);
    d->ip_ttl = 0;
    assert_false(is_odd(d, CLIENT, 1, 1, 10, TCPFLOW__ODD_TTL));
    duel_send(d, CLIENT, ".", 1, 1, 0);
    d->ip_ttl = 255;
    assert_true(is_odd(d, CLIENT, 1, 1, 10, TCPFLOW__ODD_TTL));
  }
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    d->ip_ttl = 255;
    assert_false(is_odd(d, CLIENT, 1, 1, 10, TCPFLOW__ODD_TTL));
  }
}

/* --- many small segments --- */

/* A hundred in a row of at most 16 octets, while others are in flight. */
static void judge_odd__hundredth_small_segment__small(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    int64_t at = 1;

    duel_handshake(d);
    duel_send(d, CLIENT, "P.", at, 1, 17);
    at += 17;
    for (unsigned i = 1; i < TCPFLOW__SMALL_MANY; i++) {
      assert_false(is_odd(d, CLIENT, at, 1, 16, TCPFLOW__ODD_SMALL));
      duel_send(d, CLIENT, "P.", at, 1, 16);
      at += 16;
    }
    assert_true(is_odd(d, CLIENT, at, 1, 16, TCPFLOW__ODD_SMALL));
    assert_false(is_odd(d, CLIENT, at, 1, 17, TCPFLOW__ODD_SMALL));
    duel_send(d, CLIENT, "P.", at, 1, 16);
    assert_false(is_odd(d, CLIENT, at + 16, 1, 16, TCPFLOW__ODD_SMALL));
  }
}

/* RFC 9293 section 3.7.4 (Nagle): one at a time is how one types. */
static void judge_odd__small_one_at_a_time__not_small(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    for (int64_t at = 1; at < 300; at++) {
      assert_false(is_odd(d, CLIENT, at, 1, 1, TCPFLOW__ODD_SMALL));
      duel_send(d, CLIENT, "P.", at, 1, 1);
      duel_send(d, SERVER, ".", 1, at + 1, 0);
    }
  }
}

static void judge_odd__a_larger_one_between__counts_anew(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    int64_t at = 1;

    duel_handshake(d);
    for (unsigned i = 0; i < 3 * TCPFLOW__SMALL_MANY; i++) {
      const uint32_t length = i % 99 == 98 ? 17 : 1;
      assert_false(is_odd(d, CLIENT, at, 1, length, TCPFLOW__ODD_SMALL));
      duel_send(d, CLIENT, "P.", at, 1, length);
      at += length;
    }
  }
}

/* --- data too early --- */

/* RFC 9293 section 3.10.7.4: until its SYN is acknowledged, a server is in
   SYN-RECEIVED, and sends no data. */
static void judge_odd__data_in_syn_received__early(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    duel_send(d, SERVER, "S.", 0, 1, 0);
    assert_true(is_odd(d, SERVER, 1, 1, 10, TCPFLOW__ODD_EARLY));
    assert_false(is_odd(d, CLIENT, 1, 1, 10, TCPFLOW__ODD_EARLY));
    duel_send(d, CLIENT, ".", 1, 1, 0);
    assert_false(is_odd(d, SERVER, 1, 1, 10, TCPFLOW__ODD_EARLY));
  }
}

/* RFC 7413 section 4.2: it answers data of the SYN at once. */
static void judge_odd__syn_had_data__not_early(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 10);
    duel_send(d, SERVER, "S.", 0, 11, 0);
    assert_false(is_odd(d, SERVER, 1, 11, 10, TCPFLOW__ODD_EARLY));
  }
}

/* --- data that nobody acknowledges --- */

/* Who is heard four times would have acknowledged something of 2^17 octets. */
static void judge_odd__more_than_any_window__no_acks(void **state) {
  static const uint32_t much = UINT32_C(1) << 17;

  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 65535;
    d->options.present |= TCPFLOW_HAS_WSCALE;
    d->options.wscale = 7;
    duel_handshake(d);
    duel_send(d, SERVER, "P.", 1, 1, 10);
    duel_send(d, SERVER, "P.", 11, 1, 10);
    assert_int_equal(d->end[SERVER].segments, 3);
    duel_send(d, CLIENT, ".", 1, 1, much - 100);
    assert_false(
      is_odd(d, CLIENT, 1 + much - 100, 1, 101, TCPFLOW__ODD_NO_ACKS));
    duel_send(d, SERVER, "P.", 21, 1, 10);
    assert_false(
      is_odd(d, CLIENT, 1 + much - 100, 1, 100, TCPFLOW__ODD_NO_ACKS));
    assert_true(
      is_odd(d, CLIENT, 1 + much - 100, 1, 101, TCPFLOW__ODD_NO_ACKS));
    duel_send(d, SERVER, ".", 31, 2, 0); /* One octet is enough. */
    assert_false(
      is_odd(d, CLIENT, 1 + much - 100, 1, 101, TCPFLOW__ODD_NO_ACKS));
  }
}

/* The other way is not captured: nobody can tell. */
static void judge_odd__nobody_is_heard__nothing(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, ".", 1, 1, UINT32_C(1) << 17);
    assert_false(
      is_odd(d, CLIENT, 1 + (INT64_C(1) << 17), 1, 1000, TCPFLOW__ODD_NO_ACKS));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(judge_odd__ttl__more_than_five_hops),
    cmocka_unit_test(judge_odd__ttl_not_known__nothing),
    cmocka_unit_test(judge_odd__hundredth_small_segment__small),
    cmocka_unit_test(judge_odd__small_one_at_a_time__not_small),
    cmocka_unit_test(judge_odd__a_larger_one_between__counts_anew),
    cmocka_unit_test(judge_odd__data_in_syn_received__early),
    cmocka_unit_test(judge_odd__syn_had_data__not_early),
    cmocka_unit_test(judge_odd__more_than_any_window__no_acks),
    cmocka_unit_test(judge_odd__nobody_is_heard__nothing),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
