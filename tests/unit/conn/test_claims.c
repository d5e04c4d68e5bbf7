/*
 * tests/unit/conn/test_claims.c - mirror of lib/conn/claims.c: whose is a
 * segment?  RFC 9293 section 3.6.1, RFC 6191 section 2.
 */
#include "play.h"

#include "conn/conn.h"

/* Client 1000, server 5000; 10 octets each way, all acknowledged. */
static void play_talk(play *p) {
  play_begin(p, NULL);
  play_handshake(p);
  play_send(p, CLIENT, "P.", 1001, 5001, "0123456789");
  play_send(p, SERVER, "P.", 5001, 1011, "0123456789");
  play_send(p, CLIENT, ".", 1011, 5011, "");
}

/* The client closes first: TIME-WAIT, and CLOSED. */
static void play_close(play *p) {
  play_talk(p);
  play_send(p, CLIENT, "F.", 1011, 5011, "");
  play_send(p, SERVER, "F.", 5011, 1012, "");
  play_send(p, CLIENT, ".", 1012, 5012, "");
  assert_int_equal(p->ends, 1);
}

static tcpflow_conn_claim claim(play *p, tcpflow_side side, const char *flags,
                                uint32_t seq, uint32_t ack) {
  const tcpflow_segment segment = play_segment(p, flags, seq, ack, "");

  return tcpflow__conn_claims(p->conn, side, &segment);
}

#define assert_claim(p, side, flags, seq, ack, expected)                       \
  assert_int_equal(claim(p, side, flags, seq, ack), TCPFLOW_CLAIM_##expected)

static void
conn_begins__any_flags_and_checksum__what_makes_sense(void **state) {
  play p;

  (void)state;
  play_clear(&p);
  for (unsigned flags = 0; flags <= TCPFLOW_FLAGS_ALL; flags++) {
    const int syn = (flags & TCPFLOW_FLAG_SYN) != 0;
    const int fin = (flags & TCPFLOW_FLAG_FIN) != 0;
    const int rst = (flags & TCPFLOW_FLAG_RST) != 0;
    const int ack = (flags & TCPFLOW_FLAG_ACK) != 0;
    tcpflow_segment segment = play_segment(&p, "", 1000, 0, "");

    segment.flags = (uint16_t)flags;
    assert_int_equal(tcpflow__conn_begins(&segment),
                     !rst && (syn ? !fin : ack));
    for (unsigned sum = 0; sum <= TCPFLOW_CHECKSUM_NONE; sum++) {
      segment.flags = TCPFLOW_FLAG_SYN;
      segment.checksum = (uint8_t)sum;
      assert_int_equal(tcpflow__conn_begins(&segment),
                       sum != TCPFLOW_CHECKSUM_BAD);
    }
  }
}

static void conn_claims__open__all_is_its_own(void **state) {
  play p;

  (void)state;
  play_talk(&p);
  assert_claim(&p, CLIENT, ".", 1011, 5011, MINE);
  assert_claim(&p, CLIENT, "S", 9000, 0, MINE);
  assert_claim(&p, SERVER, "S", 9000, 0, MINE);
  assert_claim(&p, SERVER, "S.", 9000, 7001, MINE);
  assert_claim(&p, SERVER, "R", 5011, 0, MINE);
  /* No SYN came in between that this could answer. */
  assert_claim(&p, SERVER, "S.", 9000, 1, MINE);
  /* Half closed is open. */
  play_send(&p, CLIENT, "F.", 1011, 5011, "");
  assert_claim(&p, CLIENT, "S", 9000, 0, MINE);
  play_finish(&p);

  play_talk(&p);
  play_send(&p, SERVER, "F.", 5011, 1011, "");
  assert_claim(&p, CLIENT, "S", 9000, 0, MINE);
  play_finish(&p);
}

/* A SYN in the middle is answered: the server has no such connection. */
static void conn_claims__answer_to_a_syn_in_between__successor(void **state) {
  play p;

  (void)state;
  play_talk(&p);
  play_send(&p, CLIENT, "S", 7000, 0, "");
  assert_claim(&p, CLIENT, "S", 7000, 0, MINE);
  assert_claim(&p, SERVER, "S.", 9000, 7000, MINE);
  assert_claim(&p, SERVER, "S.", 9000, 7001, SUCCESSOR);
  assert_claim(&p, SERVER, "S.", 9000, 7002, MINE);
  /* Not the SYN and ACK of before, nor a damaged one. */
  assert_claim(&p, SERVER, "S.", 5000, 7001, MINE);
  assert_claim(&p, SERVER, ".", 9000, 7001, MINE);
  p.checksum = TCPFLOW_CHECKSUM_BAD;
  assert_claim(&p, SERVER, "S.", 9000, 7001, MINE);
  p.checksum = TCPFLOW_CHECKSUM_NONE;
  /* Any such SYN may be answered. */
  play_send(&p, CLIENT, "S", 0xffffffffU, 0, "");
  assert_claim(&p, SERVER, "S.", 9000, 7001, SUCCESSOR);
  assert_claim(&p, SERVER, "S.", 9000, 0, SUCCESSOR);
  play_finish(&p);
}

/* A SYN and ACK in the middle is no such SYN. */
static void conn_claims__syn_ack_in_between__no_candidate(void **state) {
  play p;

  (void)state;
  play_talk(&p);
  play_send(&p, SERVER, "S.", 7000, 1011, "");
  assert_claim(&p, CLIENT, "S.", 9000, 7001, MINE);
  play_finish(&p);
}

static void conn_claims__reset__any_other_syn_succeeds(void **state) {
  play p;

  (void)state;
  play_talk(&p);
  play_send(&p, SERVER, "R", 5011, 0, "");
  assert_int_equal(p.ends, 1);
  assert_claim(&p, CLIENT, "S", 1001, 0, SUCCESSOR);
  assert_claim(&p, CLIENT, "S", 999, 0, SUCCESSOR);
  assert_claim(&p, SERVER, "S", 1000, 0, SUCCESSOR);
  assert_claim(&p, CLIENT, "S", 1000, 0, STRAGGLER);
  assert_claim(&p, SERVER, "S", 5000, 0, STRAGGLER);
  assert_claim(&p, CLIENT, ".", 1011, 5011, STRAGGLER);
  assert_claim(&p, CLIENT, "R", 1011, 0, STRAGGLER);
  assert_claim(&p, CLIENT, "SF", 9000, 0, STRAGGLER);
  assert_claim(&p, CLIENT, "SR", 9000, 0, STRAGGLER);
  play_finish(&p);
}

/* Whose are octets that come WAIT and 1 ms behind the RST of the server? */
static void assert_late_claim(tcpflow_time wait, uint32_t seq, uint32_t ack,
                              tcpflow_conn_claim expected) {
  play p;

  play_talk(&p);
  play_send(&p, SERVER, "R", 5011, 0, "");
  p.now += wait;

  const tcpflow_segment segment = play_segment(&p, "P.", seq, ack, "more");
  assert_int_equal(tcpflow__conn_claims(p.conn, SERVER, &segment), expected);
  assert_int_equal(tcpflow__conn_claims(p.conn, CLIENT, &segment),
                   TCPFLOW_CLAIM_STRAGGLER);
  play_finish(&p);
}

/* RFC 9293 section 3.10.7.1: who is closed answers with a RST. */
static void
conn_claims__new_octets_behind_the_own_rst__successor(void **state) {
  const tcpflow_time late = TCPFLOW_SECOND;

  (void)state;
  assert_late_claim(late, 5011, 1011, TCPFLOW_CLAIM_SUCCESSOR);
  assert_late_claim(late, 5011 + 65535, 1011 + 65535, TCPFLOW_CLAIM_SUCCESSOR);
  assert_late_claim(late, 5011 + 65536, 1011, TCPFLOW_CLAIM_STRAGGLER);
  assert_late_claim(late, 5011, 1011 + (65535U << 14), TCPFLOW_CLAIM_SUCCESSOR);
  assert_late_claim(late, 5011, 1012 + (65535U << 14), TCPFLOW_CLAIM_STRAGGLER);
  assert_late_claim(late, 5010, 1011, TCPFLOW_CLAIM_STRAGGLER);
  assert_late_claim(late, 5011, 1010, TCPFLOW_CLAIM_STRAGGLER);
  assert_late_claim(0, 5011, 1011, TCPFLOW_CLAIM_STRAGGLER);
  assert_late_claim(199 * TCPFLOW_MILLISECOND, 5011, 1011,
                    TCPFLOW_CLAIM_STRAGGLER);
}

/* A bare ACK may be a copy that was long on its way; and a RST no answer. */
static void conn_claims__nothing_new_behind_the_own_rst__late(void **state) {
  play p;

  (void)state;
  play_talk(&p);
  play_send(&p, CLIENT, "R", 1011, 0, "");
  p.now += TCPFLOW_SECOND;
  assert_claim(&p, CLIENT, ".", 1011, 5011, STRAGGLER);
  assert_claim(&p, CLIENT, "F.", 1011, 5011, STRAGGLER);
  assert_claim(&p, CLIENT, "R.", 1011, 5011, STRAGGLER);
  play_finish(&p);
}

/* What the peer has sent behind the end, nobody has acknowledged before. */
static void
conn_claims__ack_of_later_octets_behind_the_own_rst__successor(void **state) {
  play p;

  (void)state;
  play_talk(&p);
  play_send(&p, CLIENT, "R", 1011, 0, "");
  p.now += TCPFLOW_SECOND;
  assert_claim(&p, CLIENT, ".", 1011, 5012, SUCCESSOR);
  assert_claim(&p, SERVER, ".", 5011, 1012, STRAGGLER);
  assert_claim(&p, CLIENT, "R.", 1011, 5012, STRAGGLER);
  play_finish(&p);
}

/* A SYN and ACK that acknowledges what the connection sent is late. */
static void conn_claims__syn_ack_after_the_end__by_its_ack(void **state) {
  play p;

  (void)state;
  play_close(&p);
  assert_claim(&p, SERVER, "S.", 5000, 1001, STRAGGLER);
  assert_claim(&p, SERVER, "S.", 9000, 999, SUCCESSOR);
  assert_claim(&p, SERVER, "S.", 9000, 1000, STRAGGLER);
  assert_claim(&p, SERVER, "S.", 9000, 1001, STRAGGLER);
  assert_claim(&p, SERVER, "S.", 9000, 1012, STRAGGLER);
  assert_claim(&p, SERVER, "S.", 9000, 1013, SUCCESSOR);
  play_finish(&p);
}

/* Whose first segment was a RST has no number. */
static void conn_claims__nothing_known_of_the_peer__succeeds(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, SERVER, "R.", 0, 1001, "");
  assert_int_equal(p.ends, 1);
  assert_claim(&p, SERVER, "S.", 9000, 0, SUCCESSOR);
  assert_claim(&p, CLIENT, "S", 1000, 0, SUCCESSOR);
  play_finish(&p);
}

/* RFC 6191 section 2: the number, or the timestamp, must be newer. */
static void conn_claims__syn_to_time_wait__only_a_newer_one(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  p.options.present = TCPFLOW_HAS_TIMESTAMPS;
  p.options.ts_val = 0xfffffff0U;
  play_handshake(&p);
  play_send(&p, CLIENT, "F.", 1001, 5001, "");
  play_send(&p, SERVER, "F.", 5001, 1002, "");
  play_send(&p, CLIENT, ".", 1002, 5002, "");
  assert_int_equal(tcpflow_conn_state(p.conn, CLIENT), TCPFLOW_STATE_TIME_WAIT);
  assert_claim(&p, SERVER, "S", 5001, 0, STRAGGLER);
  assert_claim(&p, SERVER, "S", 5002, 0, STRAGGLER);
  assert_claim(&p, SERVER, "S", 5003, 0, SUCCESSOR);
  p.options.ts_val++;
  assert_claim(&p, SERVER, "S", 5001, 0, SUCCESSOR);
  p.options.ts_val = 5;
  assert_claim(&p, SERVER, "S", 5001, 0, SUCCESSOR);
  p.options.ts_val = 0xffffffefU;
  assert_claim(&p, SERVER, "S", 5001, 0, STRAGGLER);
  p.options.ts_val = 5;
  p.options.present = 0;
  assert_claim(&p, SERVER, "S", 5001, 0, STRAGGLER);
  /* Who was last to close is not in TIME-WAIT. */
  assert_claim(&p, CLIENT, "S", 1001, 0, SUCCESSOR);
  play_finish(&p);
}

static void conn_claims__no_timestamp_before__only_the_number(void **state) {
  play p;

  (void)state;
  play_close(&p);
  p.options.present = TCPFLOW_HAS_TIMESTAMPS;
  p.options.ts_val = 5;
  assert_claim(&p, SERVER, "S", 5001, 0, STRAGGLER);
  assert_claim(&p, SERVER, "S", 5013, 0, SUCCESSOR);
  play_finish(&p);
}

static void conn_claims__no_options__only_the_number(void **state) {
  tcpflow_segment segment;
  play p;

  (void)state;
  play_close(&p);
  segment = play_segment(&p, "S", 5001, 0, "");
  segment.options = NULL;
  assert_int_equal(tcpflow__conn_claims(p.conn, SERVER, &segment),
                   TCPFLOW_CLAIM_STRAGGLER);
  play_finish(&p);
}

/* Both FINs were captured, the last ACK was not: LAST-ACK answers a SYN by an
   ACK (RFC 9293 section 3.10.7.4, fourth step), so it takes a SYN and ACK. */
static void conn_claims__last_ack_not_captured__the_answer_tells(void **state) {
  play p;

  (void)state;
  play_talk(&p);
  play_send(&p, CLIENT, "F.", 1011, 5011, "");
  play_send(&p, SERVER, "F.", 5011, 1012, "");
  assert_int_equal(p.ends, 0);
  assert_claim(&p, CLIENT, "S", 9000, 0, MINE);
  assert_claim(&p, SERVER, "S", 9000, 0, MINE);
  assert_claim(&p, SERVER, "S.", 9000, 7001, SUCCESSOR);
  assert_claim(&p, CLIENT, "S", 1000, 0, MINE);
  assert_claim(&p, CLIENT, ".", 1012, 5012, MINE);
  play_send(&p, CLIENT, "S", 907000, 0, "");
  assert_claim(&p, CLIENT, ".", 907001, 909001, SUCCESSOR);
  assert_claim(&p, CLIENT, ".", 907001, 5012, MINE);
  assert_claim(&p, SERVER, "S.", 9000, 907001, SUCCESSOR);
  play_finish(&p);
}

/* Picked up in the middle: its SYN would have been the number before. */
static void conn_claims__picked_up__number_before_is_old(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, ".", 0, 5001, "");
  play_send(&p, SERVER, "R", 5001, 0, "");
  assert_claim(&p, CLIENT, "S", 0xffffffffU, 0, STRAGGLER);
  assert_claim(&p, CLIENT, "S", 0, 0, SUCCESSOR);
  play_finish(&p);
}

/* The connection of the sample, which has no user pointer. */
static tcpflow_conn *told_by_sample;

static int sample_on_new(tcpflow_conn *conn, const tcpflow_new_event *event,
                         void *user) {
  (void)event;
  (void)user;
  told_by_sample = conn;
  return 0;
}

/* The sample of conn.h, word for word, as policy/check-samples.sh sees to. */
static void run_sample(tcpflow_conn *conn, tcpflow_side sender,
                       tcpflow_segment segment,
                       const tcpflow_tuple *next_tuple) {
  const tcpflow_tuple tuple = *next_tuple;
  const uint16_t source_port = tuple.port[0];
  const uint16_t destination_port = tuple.port[1];
  tcpflow_conn_callbacks callbacks;

  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_new = sample_on_new;
  if (tcpflow_conn_claims(conn, sender, &segment) == TCPFLOW_CLAIM_SUCCESSOR) {
    tcpflow_role_basis basis;
    const tcpflow_side next_sender = tcpflow_conn_guess_sender(
      segment.flags, source_port, destination_port, &basis);
    tcpflow_conn *next = NULL;
    // Its tuple: the client, by next_sender, first.
    if (tcpflow_conn_new(&next, NULL, &callbacks, &tuple, NULL, NULL) == 0 &&
        tcpflow_conn_set_role(next, basis) == 0 &&
        tcpflow_conn_succeed(next, conn, sender, &segment) == 0) {
      tcpflow_conn_end(conn, segment.time, TCPFLOW_END_REUSED);
      tcpflow_conn_feed(next, next_sender, &segment);
    } else {
      tcpflow_conn_del(next);
    }
  }
}

static void conn_claims__sample_of_the_header__next_one_begins(void **state) {
  const tcpflow_tuple tuple = {.port = {40000, 80}, .version = 4};
  tcpflow_conn_info info;
  play p;

  (void)state;
  told_by_sample = NULL;
  play_close(&p);
  p.now += TCPFLOW_SECOND;
  run_sample(p.conn, CLIENT, play_segment(&p, ".", 1012, 5012, ""), &tuple);
  assert_null(told_by_sample);
  run_sample(p.conn, CLIENT, play_segment(&p, "S", 900000, 0, ""), &tuple);
  assert_non_null(told_by_sample);
  assert_int_equal(tcpflow_conn_state(told_by_sample, CLIENT),
                   TCPFLOW_STATE_SYN_SENT);
  tcpflow_conn_info_init(&info);
  assert_int_equal(tcpflow_conn_get_info(told_by_sample, &info), TCPFLOW_OK);
  assert_int_equal(info.role, TCPFLOW_ROLE_SYN);
  tcpflow_conn_del(told_by_sample);
  play_finish(&p);
}

/* It is not over yet: the answer to the SYN in its middle tells. */
static void conn_claims__sample_and_open_before__reused(void **state) {
  const tcpflow_tuple tuple = {.port = {80, 40000}, .version = 4};
  play p;

  (void)state;
  told_by_sample = NULL;
  play_talk(&p);
  play_send(&p, CLIENT, "S", 907000, 0, "");
  play_log(&p);
  run_sample(p.conn, SERVER, play_segment(&p, "S.", 9000, 907001, ""), &tuple);
  assert_non_null(told_by_sample);
  assert_string_equal(play_log(&p),
                      "end reused client ESTABLISHED ESTABLISHED\n");
  assert_int_equal(tcpflow_conn_state(told_by_sample, SERVER),
                   TCPFLOW_STATE_SYN_RECEIVED);
  tcpflow_conn_del(told_by_sample);
  play_finish(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(conn_begins__any_flags_and_checksum__what_makes_sense),
    cmocka_unit_test(conn_claims__open__all_is_its_own),
    cmocka_unit_test(conn_claims__answer_to_a_syn_in_between__successor),
    cmocka_unit_test(conn_claims__syn_ack_in_between__no_candidate),
    cmocka_unit_test(conn_claims__reset__any_other_syn_succeeds),
    cmocka_unit_test(conn_claims__new_octets_behind_the_own_rst__successor),
    cmocka_unit_test(conn_claims__nothing_new_behind_the_own_rst__late),
    cmocka_unit_test(
      conn_claims__ack_of_later_octets_behind_the_own_rst__successor),
    cmocka_unit_test(conn_claims__syn_ack_after_the_end__by_its_ack),
    cmocka_unit_test(conn_claims__nothing_known_of_the_peer__succeeds),
    cmocka_unit_test(conn_claims__syn_to_time_wait__only_a_newer_one),
    cmocka_unit_test(conn_claims__no_timestamp_before__only_the_number),
    cmocka_unit_test(conn_claims__no_options__only_the_number),
    cmocka_unit_test(conn_claims__last_ack_not_captured__the_answer_tells),
    cmocka_unit_test(conn_claims__picked_up__number_before_is_old),
    cmocka_unit_test(conn_claims__sample_of_the_header__next_one_begins),
    cmocka_unit_test(conn_claims__sample_and_open_before__reused),
  };

  return cmocka_run_group_tests_name("claims", tests, NULL, NULL);
}
