/*
 * tests/unit/segment/test_meaning.c - mirror of lib/segment/meaning.c: each
 * word is said, and is not said one number or one nanosecond beside.
 */
#include "duel.h"

/* --- position ------------------------------------------------------------ */

/* The client has sent 1 to 100; the server has acknowledged 1 to 50. */
static void send_half_acked(duel *d) {
  duel_handshake(d);
  duel_send(d, CLIENT, ".", 1, 1, 50);
  duel_send(d, CLIENT, ".", 51, 1, 50);
  duel_send(d, SERVER, ".", 1, 51, 0);
  d->now += TCPFLOW_SECOND;
}

static void judge_meaning__beyond_all_that_was_sent__new_data(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    send_half_acked(d);
    assert_words(d, CLIENT, ".", 101, 1, 1, "new-data");
    assert_words(d, CLIENT, "F.", 101, 1, 0, "new-data");
    assert_words(d, CLIENT, ".", 101, 1, 0, "pure-ack");
    assert_words(d, CLIENT, ".", 100, 1, 2, "new-data partial-overlap");
    assert_words(d, CLIENT, ".", 51, 1, 51, "new-data partial-overlap");
    assert_words(d, CLIENT, ".", 51, 1, 50, "retransmission");
  }
}

static void judge_meaning__starts_ahead__gap_before(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    send_half_acked(d);
    assert_words(d, CLIENT, ".", 102, 1, 1, "new-data gap-before");
    assert_words(d, CLIENT, "F.", 102, 1, 0, "new-data gap-before");
    assert_words(d, CLIENT, ".", 102, 1, 0, "pure-ack gap-before");
    assert_words(d, CLIENT, ".", 101, 1, 0, "pure-ack");
  }
}

static void judge_meaning__before_what_is_acked__spurious(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    send_half_acked(d);
    assert_words(d, CLIENT, ".", 1, 1, 49,
                 "retransmission spurious-retransmission before-window");
    assert_words(d, CLIENT, ".", 1, 1, 50,
                 "retransmission spurious-retransmission before-window");
    assert_words(d, CLIENT, ".", 1, 1, 51, "retransmission");
    assert_words(d, CLIENT, ".", 50, 1, 0, "pure-ack before-window");
    assert_words(d, CLIENT, ".", 51, 1, 0, "pure-ack");
  }
}

/* Second duplicate ACK or later, for the octet it asks for, within 20 ms. */
static void judge_meaning__after_two_duplicate_acks__fast(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    send_half_acked(d);
    duel_send(d, SERVER, ".", 1, 51, 0);
    assert_words(d, CLIENT, ".", 51, 1, 50, "retransmission");
    duel_send(d, SERVER, ".", 1, 51, 0);
    const tcpflow_time asked = d->now - TCPFLOW_MILLISECOND;

    assert_words(d, CLIENT, ".", 51, 1, 50,
                 "retransmission fast-retransmission");
    assert_words(d, CLIENT, ".", 52, 1, 49, "retransmission");
    assert_words(d, CLIENT, ".", 50, 1, 51, "retransmission");
    d->now = asked + 20 * TCPFLOW_MILLISECOND - 1;
    assert_words(d, CLIENT, ".", 51, 1, 50,
                 "retransmission fast-retransmission");
    d->now = asked + 20 * TCPFLOW_MILLISECOND;
    assert_words(d, CLIENT, ".", 51, 1, 50, "retransmission");
    /* A third one renews the term; a clock that went back is no matter. */
    duel_send(d, SERVER, ".", 1, 51, 0);
    assert_words(d, CLIENT, ".", 51, 1, 50,
                 "retransmission fast-retransmission");
    d->now = 0;
    assert_words(d, CLIENT, ".", 51, 1, 50,
                 "retransmission fast-retransmission");
  }
}

static void judge_meaning__new_ack_since__not_fast(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    send_half_acked(d);
    duel_send(d, SERVER, ".", 1, 51, 0);
    duel_send(d, SERVER, ".", 1, 51, 0);
    duel_send(d, SERVER, ".", 1, 60, 0);
    assert_words(d, CLIENT, ".", 60, 1, 41, "retransmission");
  }
}

/* The client has sent 1 to 10 and 21 to 40; 11 to 20 come late. */
static tcpflow_time send_hole(duel *d) {
  tcpflow_time highest;

  duel_handshake(d);
  duel_send(d, CLIENT, ".", 1, 1, 10);
  duel_send(d, CLIENT, ".", 21, 1, 10);
  highest = d->now;
  duel_send(d, CLIENT, ".", 31, 1, 10);
  return highest;
}

static void judge_meaning__hole_filled_soon__out_of_order(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    const tcpflow_time highest = send_hole(d);

    d->reorder = 5 * TCPFLOW_MILLISECOND;
    d->now = highest + d->reorder - 1;
    assert_words(d, CLIENT, ".", 11, 1, 10, "out-of-order");
    d->now = highest + d->reorder;
    assert_words(d, CLIENT, ".", 11, 1, 10, "retransmission");
    d->now = highest;
    /* What was seen before is no reordering. */
    assert_words(d, CLIENT, ".", 1, 1, 10, "retransmission");
    assert_words(d, CLIENT, ".", 1, 1, 11, "out-of-order");
    /* Nor is what ends where the latest one did. */
    assert_words(d, CLIENT, ".", 11, 1, 29, "out-of-order");
    assert_words(d, CLIENT, ".", 11, 1, 30, "retransmission");
    d->now = 0;
    d->reorder = 1;
    assert_words(d, CLIENT, ".", 11, 1, 10, "out-of-order");
  }
}

/* --- acknowledgment ------------------------------------------------------ */

static void judge_meaning__acknowledges_more__new_ack(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    send_half_acked(d);
    assert_words(d, SERVER, ".", 1, 52, 0, "pure-ack new-ack ack-partial");
    assert_words(d, SERVER, ".", 1, 101, 0, "pure-ack new-ack");
    assert_words(d, SERVER, ".", 1, 102, 0, "pure-ack new-ack ack-unseen");
    assert_words(d, SERVER, ".", 1, 50, 0, "pure-ack old-ack");
    assert_words(d, SERVER, ".", 1, 51, 0, "pure-ack duplicate-ack");
    assert_words(d, SERVER, ".", 1, 51, 1, "new-data");
  }
}

/* RFC 5681 section 2: outstanding data, no data, the same number, the same
   window, and no SYN, FIN or RST. */
static void judge_meaning__five_conditions__duplicate_ack(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    send_half_acked(d);
    assert_words(d, SERVER, ".", 1, 51, 0, "pure-ack duplicate-ack");
    assert_words(d, SERVER, "F.", 1, 51, 0, "new-data");
    assert_words(d, SERVER, ".", 2, 51, 0, "pure-ack gap-before");
    assert_words(d, SERVER, ".", 0, 51, 0, "pure-ack keep-alive");
    d->window = 9999;
    assert_words(d, SERVER, ".", 1, 51, 0,
                 "pure-ack window-update window-shrunk");
    d->window = 10000;
    duel_send(d, SERVER, ".", 1, 101, 0);
    assert_words(d, SERVER, ".", 1, 101, 0, "pure-ack");
  }
}

/* RFC 2883 section 4: below the ACK, or within the second block. */
static void judge_meaning__first_sack_block__dsack(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    tcpflow_sack_block *const sack = d->options.sack;

    send_half_acked(d);
    sack[0].left = duel_number(d, CLIENT, 41);
    sack[0].right = duel_number(d, CLIENT, 51);
    assert_words(d, SERVER, ".", 1, 51, 0, "pure-ack duplicate-ack");
    d->options.sack_count = 1;
    assert_words(d, SERVER, ".", 1, 51, 0, "pure-ack duplicate-ack dsack");
    sack[0].right = duel_number(d, CLIENT, 52);
    assert_words(d, SERVER, ".", 1, 51, 0, "pure-ack duplicate-ack");

    sack[0].left = duel_number(d, CLIENT, 71);
    sack[0].right = duel_number(d, CLIENT, 81);
    sack[1] = sack[0];
    assert_words(d, SERVER, ".", 1, 51, 0, "pure-ack duplicate-ack");
    d->options.sack_count = 2;
    assert_words(d, SERVER, ".", 1, 51, 0, "pure-ack duplicate-ack dsack");
    sack[1].left = duel_number(d, CLIENT, 72);
    assert_words(d, SERVER, ".", 1, 51, 0, "pure-ack duplicate-ack");
    sack[1].left = duel_number(d, CLIENT, 70);
    assert_words(d, SERVER, ".", 1, 51, 0, "pure-ack duplicate-ack dsack");
    sack[1].right = duel_number(d, CLIENT, 80);
    assert_words(d, SERVER, ".", 1, 51, 0, "pure-ack duplicate-ack");
    sack[1].right = duel_number(d, CLIENT, 82);
    assert_words(d, SERVER, ".", 1, 51, 0, "pure-ack duplicate-ack dsack");
    d->bare = true;
    assert_words(d, SERVER, ".", 1, 51, 0, "pure-ack duplicate-ack");
  }
}

/* --- windows ------------------------------------------------------------- */

static void judge_meaning__window_of_0__zero_window(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    send_half_acked(d);
    d->window = 0;
    assert_words(d, SERVER, ".", 1, 51, 0,
                 "pure-ack zero-window window-shrunk");
    assert_words(d, SERVER, ".", 1, 51, 1,
                 "new-data zero-window window-shrunk");
    assert_words(d, SERVER, "F.", 1, 51, 0, "new-data window-shrunk");
    d->window = 1;
    assert_words(d, SERVER, ".", 1, 51, 0,
                 "pure-ack window-update window-shrunk");
  }
}

/* Nothing is updated if nothing was known. */
static void judge_meaning__first_window__no_update(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, SERVER, ".", 1, 1, 10);
    assert_words(d, CLIENT, ".", 1, 1, 0, "pure-ack");
    duel_send(d, CLIENT, ".", 1, 1, 0);
    assert_words(d, CLIENT, ".", 1, 1, 0, "pure-ack duplicate-ack");
    d->window = 1;
    assert_words(d, CLIENT, ".", 1, 1, 0, "pure-ack window-update");
  }
}

static void judge_meaning__end_of_window__full_then_beyond(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 100;
    duel_handshake(d);
    duel_send(d, SERVER, ".", 1, 1, 0);
    assert_words(d, CLIENT, ".", 1, 1, 99, "new-data");
    assert_words(d, CLIENT, ".", 1, 1, 100, "new-data window-full");
    assert_words(d, CLIENT, "F.", 1, 1, 100, "new-data");
    assert_words(d, CLIENT, ".", 1, 1, 101, "new-data beyond-window");
    assert_words(d, CLIENT, ".", 101, 1, 0, "pure-ack gap-before");
    assert_words(d, CLIENT, ".", 101, 1, 2,
                 "new-data gap-before beyond-window");
  }
}

/* The edge does not go back with a smaller window; what is full does. */
static void judge_meaning__window_shrinks__edge_stays(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 100;
    duel_handshake(d);
    d->window = 50;
    duel_send(d, SERVER, ".", 1, 1, 0);
    d->window = 100;
    assert_words(d, CLIENT, ".", 1, 1, 49, "new-data");
    assert_words(d, CLIENT, ".", 1, 1, 50, "new-data window-full");
    assert_words(d, CLIENT, ".", 1, 1, 100, "new-data");
    assert_words(d, CLIENT, ".", 1, 1, 101, "new-data beyond-window");
  }
}

static void
judge_meaning__scale_unknown__nothing_said_of_windows(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 100;
    duel_send(d, CLIENT, ".", 1, 1, 0);
    duel_send(d, SERVER, ".", 1, 1, 0);
    assert_words(d, CLIENT, ".", 1, 1, 100, "new-data");
    assert_words(d, CLIENT, ".", 1, 1, 1000, "new-data");
  }
}

static void
judge_meaning__receivers_window_unknown__nothing_said(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, "S", 0, 0, 0);
    duel_send(d, CLIENT, ".", 1, 1, 10);
    assert_words(d, CLIENT, ".", 11, 1, 60000, "new-data");
  }
}

/* Both SYNs offered a shift of 7: the window is 12800. */
static void judge_meaning__scaled_window__full_at_its_size(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->window = 100;
    d->options.present |= TCPFLOW_HAS_WSCALE;
    d->options.wscale = 7;
    duel_handshake(d);
    /* In the SYN and ACK it was not scaled. */
    assert_words(d, CLIENT, ".", 1, 1, 100, "new-data window-full");
    assert_words(d, CLIENT, ".", 1, 1, 101, "new-data beyond-window");
    duel_send(d, SERVER, ".", 1, 1, 0);
    d->options.mss = 0;
    assert_words(d, CLIENT, ".", 1, 1, 1460, "new-data");
    assert_words(d, CLIENT, ".", 12001, 1, 799, "new-data gap-before");
    assert_words(d, CLIENT, ".", 12001, 1, 800,
                 "new-data gap-before window-full");
    assert_words(d, CLIENT, ".", 12001, 1, 801,
                 "new-data gap-before beyond-window");
  }
}

/* RFC 9293 section 3.8.4. */
static void judge_meaning__one_before_snd_nxt__keep_alive(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    send_half_acked(d);
    duel_send(d, SERVER, ".", 1, 101, 0);
    d->now += TCPFLOW_SECOND;
    assert_words(d, CLIENT, ".", 100, 1, 0, "pure-ack keep-alive");
    assert_words(d, CLIENT, ".", 100, 1, 1, "keep-alive");
    assert_words(d, CLIENT, ".", 100, 1, 2, "new-data partial-overlap");
    assert_words(d, CLIENT, ".", 99, 1, 1,
                 "retransmission spurious-retransmission before-window");
    assert_words(d, CLIENT, ".", 101, 1, 0, "pure-ack");
    assert_words(d, CLIENT, "F.", 100, 1, 0,
                 "retransmission spurious-retransmission before-window");
    /* Not while something is in flight. */
    duel_send(d, CLIENT, ".", 101, 1, 10);
    assert_words(d, CLIENT, ".", 110, 1, 1, "retransmission");
  }
}

static void judge_meaning__answer_to_a_keep_alive__ack(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    send_half_acked(d);
    duel_send(d, SERVER, ".", 1, 101, 0);
    d->now += TCPFLOW_SECOND;
    assert_words(d, SERVER, ".", 1, 101, 0, "pure-ack");
    duel_send(d, CLIENT, ".", 100, 1, 1);
    assert_words(d, SERVER, ".", 1, 101, 0, "pure-ack keep-alive-ack");
    assert_words(d, SERVER, ".", 1, 101, 1, "new-data");
    assert_words(d, SERVER, ".", 2, 101, 0, "pure-ack gap-before");
    d->window = 1;
    assert_words(d, SERVER, ".", 1, 101, 0,
                 "pure-ack window-update window-shrunk");
    d->window = 10000;
    /* Anything between, and it is none. */
    duel_send(d, CLIENT, ".", 101, 1, 0);
    assert_words(d, SERVER, ".", 1, 101, 0, "pure-ack");
  }
}

/* The server's window is closed, nothing is in flight. */
static void close_window(duel *d) {
  send_half_acked(d);
  d->window = 0;
  duel_send(d, SERVER, ".", 1, 101, 0);
  d->window = 10000;
}

/* RFC 9293 section 3.8.6.1, in the three shapes that stacks give it. */
static void judge_meaning__closed_window__probes(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    close_window(d);
    assert_words(d, CLIENT, ".", 101, 1, 1, "zero-window-probe");
    assert_words(d, CLIENT, ".", 100, 1, 0, "pure-ack zero-window-probe");
    assert_words(d, CLIENT, ".", 100, 1, 1, "zero-window-probe");
    assert_words(d, CLIENT, ".", 101, 1, 0, "pure-ack zero-window-probe");
    /* It had been open further than this. */
    assert_words(d, CLIENT, ".", 101, 1, 2, "new-data");
    assert_words(d, CLIENT, ".", 102, 1, 1, "new-data gap-before");
    assert_words(d, CLIENT, ".", 99, 1, 1,
                 "retransmission spurious-retransmission before-window");
    assert_words(d, CLIENT, "F.", 101, 1, 0, "new-data");
    assert_words(d, CLIENT, "F.", 101, 1, 1, "new-data");
    /* The open window is not probed. */
    duel_send(d, SERVER, ".", 1, 101, 0);
    assert_words(d, CLIENT, ".", 101, 1, 1, "new-data");
    assert_words(d, CLIENT, ".", 101, 1, 0, "pure-ack");
  }
}

/* An ACK that says something is no probe, nor is the answer to one. */
static void judge_meaning__empty_probe__only_if_it_says_nothing(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    close_window(d);
    d->window = 9999;
    assert_words(d, CLIENT, ".", 101, 1, 0,
                 "pure-ack window-update window-shrunk");
    d->window = 10000;
    assert_words(d, CLIENT, ".", 101, 2, 0, "pure-ack new-ack ack-unseen");
    assert_words(d, CLIENT, ".", 101, 0, 0, "pure-ack old-ack");
    /* The server has data in flight: it is a duplicate ACK. */
    d->window = 0;
    duel_send(d, SERVER, ".", 1, 101, 10);
    d->window = 10000;
    assert_words(d, CLIENT, ".", 101, 1, 0, "pure-ack duplicate-ack");
    duel_send(d, CLIENT, ".", 101, 11, 0);
    assert_words(d, CLIENT, ".", 101, 11, 0, "pure-ack zero-window-probe");
    /* The server probes, too: it is the answer. */
    d->end[CLIENT].window_raw = 0;
    d->window = 0;
    duel_send(d, SERVER, ".", 10, 101, 0);
    assert_words(d, CLIENT, ".", 101, 11, 0,
                 "pure-ack zero-window zero-window-probe-ack");
  }
}

static void
judge_meaning__answer_to_a_probe__window_still_closed(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    close_window(d);
    d->window = 0;
    assert_words(d, SERVER, ".", 1, 101, 0, "pure-ack zero-window");
    d->window = 10000;
    duel_send(d, CLIENT, ".", 101, 1, 1);
    d->window = 0;
    assert_words(d, SERVER, ".", 1, 101, 0,
                 "pure-ack zero-window zero-window-probe-ack");
    /* The octet was taken. */
    assert_words(d, SERVER, ".", 1, 102, 0,
                 "pure-ack new-ack zero-window zero-window-probe-ack");
    assert_words(d, SERVER, ".", 1, 103, 0,
                 "pure-ack new-ack ack-unseen zero-window");
    assert_words(d, SERVER, ".", 1, 100, 0, "pure-ack old-ack zero-window");
    assert_words(d, SERVER, ".", 1, 101, 1, "new-data zero-window");
    assert_words(d, SERVER, ".", 2, 101, 0, "pure-ack gap-before zero-window");
    d->window = 1;
    assert_words(d, SERVER, ".", 1, 101, 0, "pure-ack window-update");
    assert_words(d, SERVER, ".", 1, 102, 0, "pure-ack new-ack window-update");
    d->window = 10000;
    duel_send(d, CLIENT, ".", 101, 1, 0);
    duel_send(d, CLIENT, ".", 102, 1, 1);
    d->window = 0;
    assert_words(d, SERVER, ".", 1, 101, 0, "pure-ack zero-window");
  }
}

/* The window was open before: what closes it answers no probe. */
static void judge_meaning__window_closes_now__no_answer(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    close_window(d);
    duel_send(d, CLIENT, ".", 101, 1, 1);
    d->end[SERVER].window_raw = 5;
    d->window = 0;
    assert_words(d, SERVER, ".", 1, 101, 0,
                 "pure-ack zero-window window-shrunk");
    d->window = 5;
    assert_words(d, SERVER, ".", 1, 101, 0, "pure-ack");
  }
}

/* --- timestamps ---------------------------------------------------------- */

static void stamp(duel *d, uint32_t value) {
  d->options.present |= TCPFLOW_HAS_TIMESTAMPS;
  d->options.ts_val = value;
}

static void judge_meaning__older_timestamp__paws(void **state) {
  static const uint32_t around[] = {1000, 0, UINT32_MAX, 0x80000000, 5};

  (void)state;
  FOR_EVERY_ISN(d) {
    const uint32_t at = around[d->run % 5];

    stamp(d, at);
    duel_handshake(d);
    duel_send(d, CLIENT, ".", 1, 1, 100);
    stamp(d, at - 1);
    assert_words(d, CLIENT, ".", 101, 1, 10, "new-data paws");
    assert_words(d, CLIENT, ".", 100, 1, 10, "new-data partial-overlap");
    assert_words(d, CLIENT, ".", 101, 1, 0, "pure-ack");
    d->now += d->reorder;
    assert_words(d, CLIENT, ".", 101, 1, 0, "pure-ack paws");
    stamp(d, at);
    assert_words(d, CLIENT, ".", 101, 1, 10, "new-data");
    stamp(d, at + 1);
    assert_words(d, CLIENT, ".", 101, 1, 10, "new-data");
    stamp(d, at + 0x7fffffff);
    assert_words(d, CLIENT, ".", 101, 1, 10, "new-data");
    stamp(d, at + 0x80000000);
    assert_words(d, CLIENT, ".", 101, 1, 10, "new-data paws");
  }
}

/* RFC 7323 section 5.5. */
static void
judge_meaning__older_timestamp_after_24_days__says_nothing(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    stamp(d, 1000);
    duel_handshake(d);
    const tcpflow_time last = d->now - TCPFLOW_MILLISECOND;

    stamp(d, 999);
    d->now = last + 24 * 86400 * TCPFLOW_SECOND - 1;
    assert_words(d, CLIENT, ".", 1, 1, 10, "new-data paws");
    d->now++;
    assert_words(d, CLIENT, ".", 1, 1, 10, "new-data");
    d->now = 0;
    assert_words(d, CLIENT, ".", 1, 1, 10, "new-data paws");
    d->now = last;
    assert_words(d, CLIENT, ".", 1, 1, 10, "new-data paws");
  }
}

/* Two that overtook a third do not make that one old: RFC 7323 section 4.3. */
static void judge_meaning__overtaken__no_paws(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    stamp(d, 1000);
    duel_handshake(d);
    stamp(d, 1002);
    duel_send(d, CLIENT, ".", 11, 1, 10);
    stamp(d, 1003);
    duel_send(d, CLIENT, ".", 21, 1, 10);
    assert_int_equal(d->end[CLIENT].ts_recent, 1000);
    stamp(d, 1001);
    assert_words(d, CLIENT, ".", 1, 1, 10, "out-of-order");
  }
}

/* RFC 7323 section 3.2: once negotiated, every segment but a RST has them. */
static void judge_meaning__negotiated_and_absent__missing(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    stamp(d, 1000);
    duel_handshake(d);
    assert_words(d, CLIENT, ".", 1, 1, 10, "new-data");
    d->options.present = 0;
    assert_words(d, CLIENT, ".", 1, 1, 10, "new-data timestamp-missing");
    assert_words(d, CLIENT, "R", 1, 1, 0, "rst-accepted");
    d->bare = true;
    assert_words(d, CLIENT, ".", 1, 1, 10, "new-data timestamp-missing");
  }
}

static void judge_meaning__only_one_side_offered__not_missing(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    for (int offers = 0; offers < 2; offers++) {
      const tcpflow_side other = offers == CLIENT ? SERVER : CLIENT;

      duel_begin(d, d->run);
      duel_handshake(d);
      tcpflow__endpoint_set(&d->end[offers], TCPFLOW__END_TS);
      assert_words(d, CLIENT, ".", 1, 1, 10, "new-data");
      tcpflow__endpoint_set(&d->end[other], TCPFLOW__END_TS);
      assert_words(d, CLIENT, ".", 1, 1, 10, "new-data timestamp-missing");
    }
  }
}

/* --- segment size -------------------------------------------------------- */

static void judge_meaning__more_than_the_mss__exceeded(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    assert_words(d, CLIENT, ".", 1, 1, 1460, "new-data");
    assert_words(d, CLIENT, ".", 1, 1, 1461, "new-data mss-exceeded");
  }
}

/* RFC 9293 section 3.7.1. */
static void judge_meaning__no_mss_option__536_or_1220(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->bare = true;
    duel_handshake(d);
    assert_words(d, CLIENT, ".", 1, 1, 536, "new-data");
    assert_words(d, CLIENT, ".", 1, 1, 537, "new-data mss-exceeded");
    d->ip_version = 6;
    assert_words(d, CLIENT, ".", 1, 1, 1220, "new-data");
    assert_words(d, CLIENT, ".", 1, 1, 1221, "new-data mss-exceeded");
  }
}

static void judge_meaning__syn_not_captured__mss_unknown(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_send(d, CLIENT, ".", 1, 1, 10);
    assert_words(d, CLIENT, ".", 11, 1, 60000, "new-data");
  }
}

/* --- a sender that was never seen ---------------------------------------- */

static void
judge_meaning__first_of_its_sender__only_what_it_carries(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    assert_words(d, CLIENT, ".", 1, 1, 0,
                 "pure-ack new-ack mid-stream inferred");
    assert_words(d, CLIENT, ".", 1, 1, 1,
                 "new-data new-ack mid-stream inferred");
    assert_words(d, CLIENT, "F.", 1, 1, 0,
                 "new-data new-ack mid-stream inferred");
    d->window = 0;
    assert_words(d, CLIENT, "F.", 1, 1, 0,
                 "new-data new-ack mid-stream inferred");
    assert_words(d, CLIENT, ".", 1, 1, 0,
                 "pure-ack new-ack zero-window mid-stream inferred");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(judge_meaning__beyond_all_that_was_sent__new_data),
    cmocka_unit_test(judge_meaning__starts_ahead__gap_before),
    cmocka_unit_test(judge_meaning__before_what_is_acked__spurious),
    cmocka_unit_test(judge_meaning__after_two_duplicate_acks__fast),
    cmocka_unit_test(judge_meaning__new_ack_since__not_fast),
    cmocka_unit_test(judge_meaning__hole_filled_soon__out_of_order),
    cmocka_unit_test(judge_meaning__acknowledges_more__new_ack),
    cmocka_unit_test(judge_meaning__five_conditions__duplicate_ack),
    cmocka_unit_test(judge_meaning__first_sack_block__dsack),
    cmocka_unit_test(judge_meaning__window_of_0__zero_window),
    cmocka_unit_test(judge_meaning__first_window__no_update),
    cmocka_unit_test(judge_meaning__end_of_window__full_then_beyond),
    cmocka_unit_test(judge_meaning__window_shrinks__edge_stays),
    cmocka_unit_test(judge_meaning__scale_unknown__nothing_said_of_windows),
    cmocka_unit_test(judge_meaning__receivers_window_unknown__nothing_said),
    cmocka_unit_test(judge_meaning__scaled_window__full_at_its_size),
    cmocka_unit_test(judge_meaning__one_before_snd_nxt__keep_alive),
    cmocka_unit_test(judge_meaning__answer_to_a_keep_alive__ack),
    cmocka_unit_test(judge_meaning__closed_window__probes),
    cmocka_unit_test(judge_meaning__empty_probe__only_if_it_says_nothing),
    cmocka_unit_test(judge_meaning__answer_to_a_probe__window_still_closed),
    cmocka_unit_test(judge_meaning__window_closes_now__no_answer),
    cmocka_unit_test(judge_meaning__older_timestamp__paws),
    cmocka_unit_test(
      judge_meaning__older_timestamp_after_24_days__says_nothing),
    cmocka_unit_test(judge_meaning__overtaken__no_paws),
    cmocka_unit_test(judge_meaning__negotiated_and_absent__missing),
    cmocka_unit_test(judge_meaning__only_one_side_offered__not_missing),
    cmocka_unit_test(judge_meaning__more_than_the_mss__exceeded),
    cmocka_unit_test(judge_meaning__no_mss_option__536_or_1220),
    cmocka_unit_test(judge_meaning__syn_not_captured__mss_unknown),
    cmocka_unit_test(judge_meaning__first_of_its_sender__only_what_it_carries),
  };

  return cmocka_run_group_tests_name("meaning", tests, NULL, NULL);
}
