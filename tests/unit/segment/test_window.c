/*
 * tests/unit/segment/test_window.c - mirror of lib/segment/window.c: a
 * segment's data against the window, and the window that it offers.
 */
#include "duel.h"

/* A handshake with a scale of both sides; then each tells its window scaled. */
static void open_scaled(duel *d, uint8_t wscale) {
  d->options.present |= TCPFLOW_HAS_WSCALE;
  d->options.wscale = wscale;
  duel_handshake(d);
  duel_send(d, SERVER, ".", 1, 1, 0);
}

/* --- data: RFC 9293 section 3.10.7.4, first step --- */

static void judge_window__last_octet__full_then_beyond(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 1000;
    duel_handshake(d);
    const tcpflow_verdict within = duel_judge(d, CLIENT, ".", 1, 1, 999);
    assert_lacks(within, WINDOW_FULL);
    assert_lacks(within, BEYOND_WINDOW);
    const tcpflow_verdict full = duel_judge(d, CLIENT, ".", 1, 1, 1000);
    assert_has(full, WINDOW_FULL);
    assert_lacks(full, BEYOND_WINDOW);
    const tcpflow_verdict beyond = duel_judge(d, CLIENT, ".", 1, 1, 1001);
    assert_lacks(beyond, WINDOW_FULL);
    assert_has(beyond, BEYOND_WINDOW);
  }
}

/* Octets beyond, wherever they begin; a header has none. */
static void judge_window__one_octet_outside__beyond(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 1000;
    duel_handshake(d);
    assert_has(duel_judge(d, CLIENT, ".", 1001, 1, 1), BEYOND_WINDOW);
    assert_lacks(duel_judge(d, CLIENT, ".", 1000, 1, 1), BEYOND_WINDOW);
    assert_lacks(duel_judge(d, CLIENT, ".", 1001, 1, 0), BEYOND_WINDOW);
    assert_lacks(duel_judge(d, CLIENT, "F.", 1001, 1, 0), BEYOND_WINDOW);
  }
}

/* RFC 9293 section 3.8.6: a window may shrink, and what was sent on the former
   one is in the window that there was. */
static void judge_window__offered_once__within_for_good(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 1000;
    duel_handshake(d);
    d->window = 10;
    duel_send(d, SERVER, ".", 1, 1, 0);
    assert_lacks(duel_judge(d, CLIENT, ".", 1, 1, 1000), BEYOND_WINDOW);
    assert_has(duel_judge(d, CLIENT, ".", 1, 1, 1001), BEYOND_WINDOW);
    assert_has(duel_judge(d, CLIENT, ".", 1, 1, 10), WINDOW_FULL);
  }
}

/* RFC 7323 section 2.3: 65535 * 2^14 octets are the most. */
static void judge_window__largest_scale__to_the_octet(void **state) {
  static const uint32_t edge = UINT32_C(65535) << 14;

  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 65535;
    open_scaled(d, 14);
    assert_lacks(duel_judge(d, CLIENT, ".", edge, 1, 1), BEYOND_WINDOW);
    assert_has(duel_judge(d, CLIENT, ".", edge, 1, 1), WINDOW_FULL);
    assert_has(duel_judge(d, CLIENT, ".", (int64_t)edge + 1, 1, 1),
               BEYOND_WINDOW);
  }
}

/* RFC 7323 section 2.2: the window of a SYN is not scaled. */
static void judge_window__of_the_syn__unscaled(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 1000;
    d->options.present |= TCPFLOW_HAS_WSCALE;
    d->options.wscale = 7;
    duel_handshake(d);
    assert_has(duel_judge(d, CLIENT, ".", 1, 1, 1001), BEYOND_WINDOW);
    duel_send(d, SERVER, ".", 1, 1, 0);
    assert_lacks(duel_judge(d, CLIENT, ".", 1, 1, 1000 << 7), BEYOND_WINDOW);
    assert_has(duel_judge(d, CLIENT, ".", 1, 1, (1000 << 7) + 1),
               BEYOND_WINDOW);
  }
}

/* What nobody understood cannot be overstepped. */
static void judge_window__scale_unknown__nothing_is_told(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 10;
    duel_send(d, CLIENT, ".", 1, 1, 0);
    duel_send(d, SERVER, ".", 1, 1, 0);
    const tcpflow_verdict verdict = duel_judge(d, CLIENT, ".", 1, 1, 1000);
    assert_lacks(verdict, BEYOND_WINDOW);
    assert_lacks(verdict, WINDOW_FULL);
  }
}

/* One SYN without the option is enough: no window is scaled. */
static void judge_window__one_syn_without_scale__known(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 10;
    duel_send(d, CLIENT, "S", 0, 0, 0);
    duel_send(d, CLIENT, ".", 1, 1, 0);
    duel_send(d, SERVER, ".", 1, 1, 0);
    assert_has(duel_judge(d, CLIENT, ".", 1, 1, 11), BEYOND_WINDOW);
  }
}

/* RFC 8684 section 3.3.4: a subflow's window is that of the whole. */
static void judge_window__shared__nothing_is_told(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 1000;
    duel_handshake(d);
    d->shared_window = true;
    const tcpflow_verdict verdict = duel_judge(d, CLIENT, ".", 1, 1, 5000);
    assert_lacks(verdict, BEYOND_WINDOW);
    assert_lacks(verdict, WINDOW_FULL);
    d->window = 1;
    assert_lacks(duel_judge(d, SERVER, ".", 1, 1, 0), WINDOW_SHRUNK);
  }
}

static void judge_window__before_what_is_acked__before(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    duel_send(d, CLIENT, ".", 1, 1, 100);
    duel_send(d, SERVER, ".", 1, 101, 0);
    assert_has(duel_judge(d, CLIENT, ".", 1, 1, 99), BEFORE_WINDOW);
    assert_lacks(duel_judge(d, CLIENT, ".", 51, 1, 51), BEFORE_WINDOW);
  }
}

/* --- what is offered --- */

static void judge_offer__0__zero_window(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    d->window = 0;
    assert_has(duel_judge(d, SERVER, ".", 1, 1, 0), ZERO_WINDOW);
    assert_has(duel_judge(d, SERVER, "P.", 1, 1, 10), ZERO_WINDOW);
    assert_lacks(duel_judge(d, SERVER, "F.", 1, 1, 0), ZERO_WINDOW);
    assert_lacks(duel_judge(d, SERVER, "R.", 1, 1, 0), ZERO_WINDOW);
    d->window = 1;
    assert_lacks(duel_judge(d, SERVER, ".", 1, 1, 0), ZERO_WINDOW);
  }
}

/* The right edge counts, and not the size: taking octets in is no shrinking. */
static void judge_offer__edge_goes_left__shrunk(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 1000;
    duel_handshake(d);
    duel_send(d, SERVER, ".", 1, 1, 0);
    duel_send(d, CLIENT, ".", 1, 1, 100);
    d->window = 900;
    assert_lacks(duel_judge(d, SERVER, ".", 1, 101, 0), WINDOW_SHRUNK);
    d->window = 899;
    assert_has(duel_judge(d, SERVER, ".", 1, 101, 0), WINDOW_SHRUNK);
    d->window = 999;
    assert_has(duel_judge(d, SERVER, ".", 1, 1, 0), WINDOW_SHRUNK);
  }
}

/* RFC 7323 section 2.4: a scale of n rounds off up to 2^n - 1 octets. */
static void judge_offer__rounded_off__not_shrunk(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 1000;
    open_scaled(d, 7);
    duel_send(d, CLIENT, ".", 1, 1, 1);
    d->window = 999; /* 1 octet was taken, and 128 are missing: 127. */
    assert_lacks(duel_judge(d, SERVER, ".", 1, 2, 0), WINDOW_SHRUNK);
    d->window = 998;
    assert_has(duel_judge(d, SERVER, ".", 1, 2, 0), WINDOW_SHRUNK);
    d->window = 999;
    assert_has(duel_judge(d, SERVER, ".", 1, 1, 0), WINDOW_SHRUNK);
  }
}

/* RFC 9293 section 3.10.7.4, fifth step (SND.WL1, SND.WL2): an older segment
   tells an older window. */
static void judge_offer__overtaken__not_shrunk(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 1000;
    duel_handshake(d);
    duel_send(d, SERVER, ".", 1, 1, 0);
    duel_send(d, CLIENT, ".", 1, 1, 100);
    duel_send(d, SERVER, "P.", 1, 101, 10);
    d->window = 10;
    assert_lacks(duel_judge(d, SERVER, ".", 11, 1, 0), WINDOW_SHRUNK);
    assert_lacks(duel_judge(d, SERVER, ".", 1, 101, 0), WINDOW_SHRUNK);
    assert_has(duel_judge(d, SERVER, ".", 11, 101, 0), WINDOW_SHRUNK);
  }
}

/* RFC 7323 section 5.2: what has an older timestamp is older, too. */
static void judge_offer__older_timestamp__not_shrunk(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 1000;
    d->options.present |= TCPFLOW_HAS_TIMESTAMPS;
    d->options.ts_val = UINT32_MAX;
    duel_handshake(d);
    duel_send(d, SERVER, ".", 1, 1, 0);
    d->window = 10;
    d->options.ts_val = UINT32_MAX - 1;
    assert_lacks(duel_judge(d, SERVER, ".", 1, 1, 0), WINDOW_SHRUNK);
    d->options.ts_val = 0;
    assert_has(duel_judge(d, SERVER, ".", 1, 1, 0), WINDOW_SHRUNK);
  }
}

/* The window of the SYN and ACK is a first word: many take it back, as their
   scale comes in. */
static void judge_offer__less_than_the_syns__not_shrunk(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 1000;
    duel_handshake(d);
    d->window = 500;
    assert_lacks(duel_judge(d, SERVER, ".", 1, 1, 0), WINDOW_SHRUNK);
  }
}

/* Snort's 129:19. */
static void judge_offer__first_window_next_to_nothing__slam(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    d->window = TCPFLOW__SLAM;
    (void)duel_judge(d, SERVER, ".", 1, 1, 0);
    assert_true((d->judgment.odd & TCPFLOW__ODD_WINDOW_SLAM) != 0);
    d->window++;
    (void)duel_judge(d, SERVER, ".", 1, 1, 0);
    assert_false((d->judgment.odd & TCPFLOW__ODD_WINDOW_SLAM) != 0);
    duel_send(d, SERVER, ".", 1, 1, 0);
    d->window = 0;
    (void)duel_judge(d, SERVER, ".", 1, 1, 0);
    assert_false((d->judgment.odd & TCPFLOW__ODD_WINDOW_SLAM) != 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(judge_window__last_octet__full_then_beyond),
    cmocka_unit_test(judge_window__one_octet_outside__beyond),
    cmocka_unit_test(judge_window__offered_once__within_for_good),
    cmocka_unit_test(judge_window__largest_scale__to_the_octet),
    cmocka_unit_test(judge_window__of_the_syn__unscaled),
    cmocka_unit_test(judge_window__scale_unknown__nothing_is_told),
    cmocka_unit_test(judge_window__one_syn_without_scale__known),
    cmocka_unit_test(judge_window__shared__nothing_is_told),
    cmocka_unit_test(judge_window__before_what_is_acked__before),
    cmocka_unit_test(judge_offer__0__zero_window),
    cmocka_unit_test(judge_offer__edge_goes_left__shrunk),
    cmocka_unit_test(judge_offer__rounded_off__not_shrunk),
    cmocka_unit_test(judge_offer__overtaken__not_shrunk),
    cmocka_unit_test(judge_offer__older_timestamp__not_shrunk),
    cmocka_unit_test(judge_offer__less_than_the_syns__not_shrunk),
    cmocka_unit_test(judge_offer__first_window_next_to_nothing__slam),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
