/*
 * tests/unit/segment/test_duplicate.c - mirror of lib/segment/duplicate.c.
 */
#include "duel.h"

static void stamp(duel *d, uint32_t value) {
  d->options.present |= TCPFLOW_HAS_TIMESTAMPS;
  d->options.ts_val = value;
}

/* The client has sent 1 to 100, as number 7. */
static void send_numbered(duel *d) {
  duel_handshake(d);
  d->ip_id = 7;
  duel_send(d, CLIENT, ".", 1, 1, 100);
}

static void judge_duplicate__same_identification__duplicate(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    send_numbered(d);
    assert_words(d, CLIENT, ".", 1, 1, 100, "duplicate-frame");
    assert_true(d->judgment.duplicate);
    assert_true(d->judgment.data);
    assert_false(d->judgment.numbers);
    assert_int_equal(d->judgment.count, 0);
    d->ip_id = 8;
    assert_words(d, CLIENT, ".", 1, 1, 100, "retransmission");
  }
}

/* Each of what makes a frame the same, once other. */
static void judge_duplicate__something_differs__none(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    send_numbered(d);
    assert_lacks(duel_judge(d, CLIENT, "P.", 1, 1, 100), DUPLICATE_FRAME);
    assert_lacks(duel_judge(d, CLIENT, ".", 1, 0, 100), DUPLICATE_FRAME);
    assert_lacks(duel_judge(d, CLIENT, ".", 1, 1, 99), DUPLICATE_FRAME);
    assert_lacks(duel_judge(d, CLIENT, ".", 2, 1, 99), DUPLICATE_FRAME);
    d->window++;
    assert_lacks(duel_judge(d, CLIENT, ".", 1, 1, 100), DUPLICATE_FRAME);
    d->window--;
    stamp(d, 1);
    assert_lacks(duel_judge(d, CLIENT, ".", 1, 1, 100), DUPLICATE_FRAME);
  }
}

static void judge_duplicate__some_routers_on__duplicate(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->ip_ttl = 60;
    send_numbered(d);
    d->ip_ttl = 56;
    assert_has(duel_judge(d, CLIENT, ".", 1, 1, 100), DUPLICATE_FRAME);
    d->ip_ttl = 64;
    assert_has(duel_judge(d, CLIENT, ".", 1, 1, 100), DUPLICATE_FRAME);
    d->ip_ttl = 55;
    assert_lacks(duel_judge(d, CLIENT, ".", 1, 1, 100), DUPLICATE_FRAME);
    d->ip_ttl = 65;
    assert_lacks(duel_judge(d, CLIENT, ".", 1, 1, 100), DUPLICATE_FRAME);
    d->ip_ttl = 0;
    assert_has(duel_judge(d, CLIENT, ".", 1, 1, 100), DUPLICATE_FRAME);
  }
}

static void judge_duplicate__after_100_ms__none(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    send_numbered(d);
    d->now += 98 * TCPFLOW_MILLISECOND;
    assert_has(duel_judge(d, CLIENT, ".", 1, 1, 100), DUPLICATE_FRAME);
    d->now += TCPFLOW_MILLISECOND;
    assert_lacks(duel_judge(d, CLIENT, ".", 1, 1, 100), DUPLICATE_FRAME);
  }
}

/* The latest ones are known again. */
static void judge_duplicate__many_since__none(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    send_numbered(d);
    for (unsigned i = 0; i < 1000; i++) {
      d->ip_id++;
      duel_send(d, CLIENT, ".", 101 + i, 1, 1);
      d->now -= TCPFLOW_MILLISECOND;
      if (i == 7) {
        d->ip_id = 7;
        assert_has(duel_judge(d, CLIENT, ".", 1, 1, 100), DUPLICATE_FRAME);
        d->ip_id = 15;
      }
    }
    d->ip_id = 7;
    assert_lacks(duel_judge(d, CLIENT, ".", 1, 1, 100), DUPLICATE_FRAME);
  }
}

static void judge_duplicate__nothing_is_kept__none(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    send_numbered(d);
    memset(d->print_set, 0, sizeof(d->print_set));
    tcpflow__prints_init(&d->prints, d->print_set, DUEL_PRINT_BITS);
    assert_words(d, CLIENT, ".", 1, 1, 100, "retransmission");
  }
}

/* An identification that others have, too, names nothing. */
static void judge_duplicate__fixed_identification__none(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    d->ip_id = 7;
    duel_handshake(d);
    duel_send(d, CLIENT, ".", 1, 1, 100);
    assert_words(d, CLIENT, ".", 1, 1, 100, "retransmission");
  }
}

static void judge_duplicate__no_identification__within_1_ms(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    stamp(d, 1);
    duel_handshake(d);
    duel_send(d, CLIENT, ".", 1, 1, 100);
    assert_words(d, CLIENT, ".", 1, 1, 100, "retransmission");
    d->now -= TCPFLOW_MILLISECOND / 2;
    assert_words(d, CLIENT, ".", 1, 1, 100, "duplicate-frame low-confidence");
    /* A SYN and ACK answers each SYN; a pure ACK may be repeated. */
    d->now += TCPFLOW_MILLISECOND;
    duel_send(d, SERVER, ".", 1, 1, 0);
    d->now -= TCPFLOW_MILLISECOND / 2;
    assert_words(d, SERVER, ".", 1, 1, 0, "pure-ack duplicate-ack");
    assert_lacks(duel_judge(d, SERVER, "S.", 0, 1, 0), DUPLICATE_FRAME);
  }
}

static void judge_duplicate__new_numbers__never(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    duel_handshake(d);
    d->ip_id = 7;
    (void)duel_judge(d, CLIENT, ".", 1, 1, 100);
    const tcpflow_segment same = duel_segment(d, CLIENT, ".", 1, 1, 100);
    tcpflow__prints_keep(&d->prints, d->judgment.print, d->end[CLIENT].base,
                         &same);
    assert_words(d, CLIENT, ".", 1, 1, 100, "new-data");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(judge_duplicate__same_identification__duplicate),
    cmocka_unit_test(judge_duplicate__something_differs__none),
    cmocka_unit_test(judge_duplicate__some_routers_on__duplicate),
    cmocka_unit_test(judge_duplicate__after_100_ms__none),
    cmocka_unit_test(judge_duplicate__many_since__none),
    cmocka_unit_test(judge_duplicate__nothing_is_kept__none),
    cmocka_unit_test(judge_duplicate__fixed_identification__none),
    cmocka_unit_test(judge_duplicate__no_identification__within_1_ms),
    cmocka_unit_test(judge_duplicate__new_numbers__never),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
