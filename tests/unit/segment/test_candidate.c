/*
 * tests/unit/segment/test_candidate.c - mirror of lib/segment/candidate.c: a
 * SYN that may count.
 */
#include "duel.h"

#include "segment/candidate.h"

static void offer(duel *d, uint16_t mss, uint8_t wscale, uint32_t ts_val) {
  d->options.present = TCPFLOW_HAS_MSS | TCPFLOW_HAS_WSCALE |
                       TCPFLOW_HAS_SACK_PERMITTED | TCPFLOW_HAS_TIMESTAMPS;
  d->options.mss = mss;
  d->options.wscale = wscale;
  d->options.ts_val = ts_val;
}

/* What is read of a SYN, and what an endpoint knows of it, is the same. */
static void candidate_of__a_syn__as_it_was_read(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    tcpflow__candidate read, known;
    tcpflow_segment segment;

    offer(d, 1400, 7, 99);
    segment = duel_segment(d, CLIENT, "S", 0, 0, 10);
    read = tcpflow__candidate_read(&segment, 5);
    duel_send(d, CLIENT, "S", 0, 0, 10);
    known = tcpflow__candidate_of(d->end, CLIENT, 5);
    assert_int_equal(known.isn, read.isn);
    assert_int_equal(known.length, 10);
    assert_int_equal(known.mss, 1400);
    assert_int_equal(known.wscale, 7);
    assert_int_equal(known.ts_val, 99);
    assert_int_equal(known.offers, read.offers);
    assert_int_equal(known.flags, TCPFLOW_FLAG_SYN);
    assert_int_equal(known.time, 5);
  }
}

static void candidate_is_acked__each_number__syn_and_data(void **state) {
  const tcpflow__candidate candidate = {.isn = UINT32_MAX, .length = 2};

  (void)state;
  assert_false(tcpflow__candidate_is_acked(&candidate, UINT32_MAX));
  assert_true(tcpflow__candidate_is_acked(&candidate, 0));
  assert_true(tcpflow__candidate_is_acked(&candidate, 2));
  assert_false(tcpflow__candidate_is_acked(&candidate, 3));
}

/* After another SYN, the first one counts: all is as if there had been no
   other. */
static void candidate_restore__another_came__as_before(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    tcpflow__candidate first;
    tcpflow__endpoint before;
    tcpflow_time time;

    offer(d, 1400, 7, 99);
    time = d->now;
    duel_send(d, CLIENT, "S", 0, 0, 10);
    first = tcpflow__candidate_of(d->end, CLIENT, time);
    before = d->end[CLIENT];
    offer(d, 1000, 1, 5);
    duel_send(d, CLIENT, "S", 70000, 0, 0);
    assert_int_equal(d->end[CLIENT].mss, 1000);
    tcpflow__candidate_restore(d->end, CLIENT, &first, time);
    assert_int_equal(d->end[CLIENT].segments, before.segments + 1);
    assert_int_equal(d->end[CLIENT].iss, before.iss);
    assert_int_equal(d->end[CLIENT].base, before.base);
    assert_int_equal(d->end[CLIENT].snd_una, before.snd_una);
    assert_int_equal(d->end[CLIENT].snd_nxt, before.snd_nxt);
    assert_int_equal(d->end[CLIENT].mss, 1400);
    assert_int_equal(d->end[CLIENT].wscale, 7);
    assert_int_equal(d->end[CLIENT].ts_recent, 99);
    assert_int_equal(d->end[CLIENT].bits, before.bits);
    assert_int_equal(d->end[CLIENT].state, TCPFLOW_STATE_SYN_SENT);
  }
}

static void candidate_restore__syn_ack__its_window_and_ack(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    tcpflow_segment segment;
    tcpflow__candidate answer;

    duel_send(d, CLIENT, "S", 0, 0, 0);
    duel_send(d, SERVER, "S.", 0, 1, 0);
    d->window = 500;
    segment = duel_segment(d, SERVER, "S.", 9000, 1, 0);
    answer = tcpflow__candidate_read(&segment, d->now);
    tcpflow__candidate_restore(d->end, SERVER, &answer, d->now);
    assert_int_equal(d->end[SERVER].iss, duel_number(d, SERVER, 9000));
    assert_int_equal(d->end[SERVER].rcv_edge, duel_number(d, CLIENT, 501));
    assert_int_equal(d->end[CLIENT].snd_una, duel_number(d, CLIENT, 1));
  }
}

static void endpoint_infer__any__by_the_number_alone(void **state) {
  (void)state;
  FOR_EVERY_ISN(d) {
    offer(d, 1400, 7, 99);
    duel_send(d, CLIENT, "S", 0, 0, 10);
    tcpflow__endpoint_infer(&d->end[CLIENT], duel_number(d, CLIENT, 501));
    assert_int_equal(d->end[CLIENT].iss, duel_number(d, CLIENT, 500));
    assert_int_equal(d->end[CLIENT].snd_nxt, duel_number(d, CLIENT, 501));
    assert_int_equal(d->end[CLIENT].mss, 0);
    assert_false(tcpflow__endpoint_has(&d->end[CLIENT], TCPFLOW__END_SYN));
    assert_true(tcpflow__endpoint_has(&d->end[CLIENT], TCPFLOW__END_ISS));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(candidate_of__a_syn__as_it_was_read),
    cmocka_unit_test(candidate_is_acked__each_number__syn_and_data),
    cmocka_unit_test(candidate_restore__another_came__as_before),
    cmocka_unit_test(candidate_restore__syn_ack__its_window_and_ack),
    cmocka_unit_test(endpoint_infer__any__by_the_number_alone),
  };

  return cmocka_run_group_tests_name("candidate", tests, NULL, NULL);
}
