/*
 * tests/unit/conn/test_flip.c - mirror of lib/conn/flip.c: who is the client,
 * and what if it was the other one.
 */
#include "unit/conn/play.h"

static int on_flip(tcpflow_conn *conn, const tcpflow_flip_event *event,
                   void *user) {
  play *const p = user;

  (void)conn;
  play_note(p, "flip %s\n", tcpflow_role_basis_name(event->role));
  return 0;
}

static const tcpflow_tuple tuple = {
  .version = 4, .port = {40000, 80}, .address = {{10, 0, 0, 1}, {10, 0, 0, 2}}};

static void begin(play *p) {
  tcpflow_conn_callbacks cb = play_callbacks();
  const tcpflow_conn_config config = play_config();

  cb.on_flip = on_flip;
  play_clear(p);
  assert_int_equal(tcpflow_conn_new(&p->conn, &config, &cb, &tuple, NULL, p),
                   TCPFLOW_OK);
}

/* Who is the client was guessed. */
static void begin_guessed(play *p) {
  begin(p);
  assert_int_equal(tcpflow_conn_set_role(p->conn, TCPFLOW_ROLE_FIRST),
                   TCPFLOW_OK);
}

static tcpflow_conn_info info_of(const play *p) {
  tcpflow_conn_info info;

  tcpflow_conn_info_init(&info);
  assert_int_equal(tcpflow_conn_get_info(p->conn, &info), TCPFLOW_OK);
  return info;
}

static void role__callers_word__stands(void **state) {
  play p;

  (void)state;
  begin(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  assert_int_equal(info_of(&p).role, TCPFLOW_ROLE_CALLER);
  play_finish(&p);
}

static void role__syn_of_the_client__is_proof(void **state) {
  play p;

  (void)state;
  begin(&p);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  assert_int_equal(info_of(&p).role, TCPFLOW_ROLE_SYN);
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  assert_int_equal(info_of(&p).role, TCPFLOW_ROLE_SYN);
  play_finish(&p);
}

static void role__syn_ack_of_the_server__is_proof(void **state) {
  play p;

  (void)state;
  begin(&p);
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  assert_int_equal(info_of(&p).role, TCPFLOW_ROLE_SYN_ACK);
  play_finish(&p);
}

/* Data is captured first, and the SYN of the one taken for the server behind
   it. */
static void flip__late_syn_of_the_server__places_change(void **state) {
  tcpflow_conn_info info;
  play p;

  (void)state;
  begin_guessed(&p);
  play_send(&p, SERVER, "P.", 1001, 5001, "abc");
  play_send(&p, CLIENT, ".", 5001, 1004, "");
  (void)play_log(&p);
  play_send(&p, SERVER, "S", 1000, 0, "");
  assert_string_equal(play_log(&p), "flip syn\n"
                                    "anomaly client roles-flipped x1\n");
  assert_true((p.verdict & TCPFLOW_VERDICT_ROLES_FLIPPED) != 0);
  info = info_of(&p);
  assert_int_equal(info.role, TCPFLOW_ROLE_SYN);
  assert_int_equal(info.tuple.port[0], 80);
  assert_int_equal(info.tuple.address[0][3], 2);
  /* From here on the caller uses the right names. */
  play_send(&p, CLIENT, "P.", 1004, 5001, "def");
  play_send(&p, SERVER, ".", 5001, 1007, "");
  assert_string_equal(play_log(&p), "data client 3 def\n");
  play_finish(&p);
}

static void flip__late_syn_ack_of_the_client__places_change(void **state) {
  play p;

  (void)state;
  begin_guessed(&p);
  play_send(&p, CLIENT, "P.", 5001, 1001, "abc");
  (void)play_log(&p);
  play_send(&p, CLIENT, "S.", 5000, 1001, "");
  assert_string_equal(play_log(&p), "flip syn-ack\n"
                                    "anomaly server roles-flipped x1\n");
  play_finish(&p);
}

/* Who knows better is not corrected. */
static void flip__callers_word__nothing(void **state) {
  play p;

  (void)state;
  begin(&p);
  play_send(&p, SERVER, "P.", 1001, 5001, "abc");
  play_send(&p, SERVER, "S", 1000, 0, "");
  assert_null(strstr(play_log(&p), "flip"));
  assert_int_equal(info_of(&p).role, TCPFLOW_ROLE_CALLER);
  play_finish(&p);
}

static void conn_set_role__any_basis__before_the_first_segment(void **state) {
  play p;

  (void)state;
  begin(&p);
  assert_int_equal(tcpflow_conn_set_role(p.conn, TCPFLOW_ROLE_UNKNOWN),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(tcpflow_conn_set_role(p.conn, (tcpflow_role_basis)6),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(tcpflow_conn_set_role(p.conn, TCPFLOW_ROLE_PORT),
                   TCPFLOW_OK);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  assert_int_equal(tcpflow_conn_set_role(p.conn, TCPFLOW_ROLE_PORT),
                   TCPFLOW_ERR_STATE);
  play_finish(&p);
}

/* A stranger's SYN proves nothing. */
static void flip__other_number__nothing(void **state) {
  play p;

  (void)state;
  begin_guessed(&p);
  play_send(&p, SERVER, "P.", 1001, 5001, "abc");
  play_send(&p, SERVER, "S", 999, 0, "");
  assert_int_equal(info_of(&p).role, TCPFLOW_ROLE_FIRST);
  play_finish(&p);
}

/* Both have sent a SYN: who was first is the client (RFC 9293 Figure 7). */
static void flip__simultaneous_open__nothing(void **state) {
  play p;

  (void)state;
  begin_guessed(&p);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, SERVER, "S", 5000, 0, "");
  play_send(&p, CLIENT, "S.", 1000, 5001, "");
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  assert_null(strstr(play_log(&p), "flip"));
  play_finish(&p);
}

/* --- proof (moves.c) --- */

static tcpflow_proof proof_of(const play *p, tcpflow_side side) {
  return p->last.proof[side];
}

static void proof__handshake__answers_prove(void **state) {
  play p;

  (void)state;
  begin(&p);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  assert_int_equal(proof_of(&p, CLIENT), TCPFLOW_PROOF_PROVED);
  assert_int_equal(proof_of(&p, SERVER), TCPFLOW_PROOF_SEEN);
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  assert_int_equal(proof_of(&p, SERVER), TCPFLOW_PROOF_PROVED);
  assert_int_equal(proof_of(&p, CLIENT), TCPFLOW_PROOF_SEEN);
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_int_equal(proof_of(&p, CLIENT), TCPFLOW_PROOF_PROVED);
  assert_int_equal(proof_of(&p, SERVER), TCPFLOW_PROOF_SEEN);
  play_send(&p, SERVER, ".", 5001, 1001, "");
  assert_int_equal(proof_of(&p, SERVER), TCPFLOW_PROOF_PROVED);
  play_finish(&p);
}

/* RFC 9293 section 3.10.7.3: who acknowledges a SYN,ACK has got it, captured or
   not. */
static void proof__syn_ack_not_captured__the_ack_proves(void **state) {
  play p;

  (void)state;
  begin(&p);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_int_equal(p.last.after[CLIENT], TCPFLOW_STATE_ESTABLISHED);
  assert_int_equal(proof_of(&p, CLIENT), TCPFLOW_PROOF_PROVED);
  assert_int_equal(p.last.after[SERVER], TCPFLOW_STATE_ESTABLISHED);
  assert_int_equal(proof_of(&p, SERVER), TCPFLOW_PROOF_SEEN);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  assert_int_equal(proof_of(&p, SERVER), TCPFLOW_PROOF_SEEN);
  play_finish(&p);
}

static void proof__close__last_ack_is_only_seen(void **state) {
  play p;

  (void)state;
  begin(&p);
  play_handshake(&p);
  play_send(&p, CLIENT, "F.", 1001, 5001, "");
  assert_int_equal(proof_of(&p, CLIENT), TCPFLOW_PROOF_PROVED);
  play_send(&p, SERVER, "F.", 5001, 1002, "");
  play_send(&p, CLIENT, ".", 1002, 5002, "");
  assert_int_equal(p.last.after[CLIENT], TCPFLOW_STATE_TIME_WAIT);
  assert_int_equal(proof_of(&p, CLIENT), TCPFLOW_PROOF_PROVED);
  assert_int_equal(p.last.after[SERVER], TCPFLOW_STATE_CLOSED);
  assert_int_equal(proof_of(&p, SERVER), TCPFLOW_PROOF_SEEN);
  play_finish(&p);
}

/* A FIN may have been sent before the capture began. */
static void proof__picked_up__assumed_until_both_have_spoken(void **state) {
  play p;

  (void)state;
  begin(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  assert_int_equal(proof_of(&p, CLIENT), TCPFLOW_PROOF_ASSUMED);
  assert_int_equal(proof_of(&p, SERVER), TCPFLOW_PROOF_ASSUMED);
  play_send(&p, SERVER, ".", 5001, 1004, "");
  assert_int_equal(proof_of(&p, SERVER), TCPFLOW_PROOF_ASSUMED);
  play_send(&p, SERVER, "P.", 5001, 1004, "xyz");
  assert_int_equal(proof_of(&p, CLIENT), TCPFLOW_PROOF_PROVED);
  assert_int_equal(proof_of(&p, SERVER), TCPFLOW_PROOF_PROVED);
  play_finish(&p);
}

/* --- one side only, and the scale of windows --- */

static void one_sided__acks_of_the_unseen__told_once(void **state) {
  play p;

  (void)state;
  begin(&p);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  assert_int_equal(info_of(&p).one_sided, -1);
  play_send(&p, CLIENT, ".", 1004, 6001, "");
  assert_int_equal(info_of(&p).one_sided, CLIENT);
  assert_non_null(strstr(play_log(&p), "anomaly client one-sided x1"));
  play_send(&p, CLIENT, ".", 1004, 7001, "");
  assert_null(strstr(play_log(&p), "one-sided"));
  play_send(&p, SERVER, ".", 7001, 1004, "");
  assert_int_equal(info_of(&p).one_sided, -1);
  play_finish(&p);
}

/* 40000 octets in flight in a window of 10000: the scale is 2 at least. */
static void wscale_interval__flight__least_scale(void **state) {
  tcpflow_endpoint_info info;
  tcpflow_segment segment;
  play p;

  (void)state;
  begin(&p);
  play_send(&p, SERVER, ".", 5001, 1001, "");
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  segment = play_segment(&p, ".", 1001, 5001, "");
  segment.payload_length = 40000;
  assert_int_equal(tcpflow_conn_feed(p.conn, CLIENT, &segment), TCPFLOW_OK);
  tcpflow_endpoint_info_init(&info);
  assert_int_equal(tcpflow_conn_get_endpoint(p.conn, SERVER, &info),
                   TCPFLOW_OK);
  assert_int_equal(info.scaling, -1);
  assert_int_equal(info.wscale_min, 2);
  assert_int_equal(info.wscale_max, 14);
  assert_int_equal(tcpflow_conn_get_endpoint(p.conn, CLIENT, &info),
                   TCPFLOW_OK);
  assert_int_equal(info.wscale_min, 0);
  play_finish(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(role__callers_word__stands),
    cmocka_unit_test(role__syn_of_the_client__is_proof),
    cmocka_unit_test(role__syn_ack_of_the_server__is_proof),
    cmocka_unit_test(flip__late_syn_of_the_server__places_change),
    cmocka_unit_test(flip__late_syn_ack_of_the_client__places_change),
    cmocka_unit_test(flip__callers_word__nothing),
    cmocka_unit_test(conn_set_role__any_basis__before_the_first_segment),
    cmocka_unit_test(flip__other_number__nothing),
    cmocka_unit_test(flip__simultaneous_open__nothing),
    cmocka_unit_test(proof__handshake__answers_prove),
    cmocka_unit_test(proof__syn_ack_not_captured__the_ack_proves),
    cmocka_unit_test(proof__close__last_ack_is_only_seen),
    cmocka_unit_test(proof__picked_up__assumed_until_both_have_spoken),
    cmocka_unit_test(one_sided__acks_of_the_unseen__told_once),
    cmocka_unit_test(wscale_interval__flight__least_scale),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
