/* tests/unit/conn/test_icmperror.c - mirror of lib/conn/icmperror.c. */
#include <stdbool.h>

#include "unit/conn/play.h"

static tcpflow_icmp_event told;
static int tellings;

static int on_icmp(tcpflow_conn *conn, const tcpflow_icmp_event *e,
                   void *user) {
  play *const p = user;

  (void)conn;
  told = *e;
  tellings++;
  return play_answer(p, "icmp");
}

static void begin(play *p, tcpflow_time linger) {
  tcpflow_conn_callbacks cb = play_callbacks();
  tcpflow_conn_config config;

  play_clear(p);
  cb.on_icmp = on_icmp;
  tellings = 0;
  tcpflow_conn_config_init(&config);
  config.reset_linger_ns = linger;
  assert_int_equal(tcpflow_conn_new(&p->conn, &config, &cb, NULL, NULL, p),
                   TCPFLOW_OK);
}

/* An error of ICMP (version 4) or ICMPv6 (6) that quotes a number. */
static tcpflow_packet error_of(const play *p, unsigned version, uint8_t type,
                               uint8_t code, uint32_t seq) {
  tcpflow_packet packet;

  tcpflow_packet_init(&packet);
  packet.kind = TCPFLOW_PACKET_ICMP_ERROR;
  packet.time = p->now;
  packet.icmp_type = type;
  packet.icmp_code = code;
  packet.quoted = 20;
  packet.seq = seq;
  packet.layer_count = 1;
  packet.layer[0].type =
    version == 6 ? TCPFLOW_LAYER_ICMPV6 : TCPFLOW_LAYER_ICMP;
  return packet;
}

static int try_error(play *p, tcpflow_side quoted, unsigned version,
                     uint8_t type, uint8_t code, uint32_t seq) {
  const tcpflow_packet packet = error_of(p, version, type, code, seq);

  p->now += TCPFLOW_MILLISECOND;
  return tcpflow_conn_feed_icmp(p->conn, quoted, &packet);
}

static void icmp__every_type__its_kind(void **state) {
  static const struct {
    unsigned version;
    uint8_t type;
    uint8_t code;
    tcpflow_icmp_kind kind;
  } rows[] = {
    {4, 3, 0, TCPFLOW_ICMP_UNREACHABLE},
    {4, 3, 4, TCPFLOW_ICMP_TOO_BIG},
    {4, 3, 13, TCPFLOW_ICMP_UNREACHABLE},
    {4, 4, 0, TCPFLOW_ICMP_QUENCH},
    {4, 5, 1, TCPFLOW_ICMP_OTHER},
    {4, 11, 0, TCPFLOW_ICMP_TIME_EXCEEDED},
    {4, 12, 0, TCPFLOW_ICMP_OTHER},
    {6, 1, 4, TCPFLOW_ICMP_UNREACHABLE},
    {6, 2, 0, TCPFLOW_ICMP_TOO_BIG},
    {6, 3, 0, TCPFLOW_ICMP_TIME_EXCEEDED},
    {6, 4, 1, TCPFLOW_ICMP_OTHER},
  };
  play p;

  (void)state;
  begin(&p, 0);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "hello");
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    assert_int_equal(
      try_error(&p, CLIENT, rows[i].version, rows[i].type, rows[i].code, 1001),
      TCPFLOW_OK);
    assert_int_equal(told.kind, rows[i].kind);
    assert_true(told.plausible);
    assert_int_equal(told.side, CLIENT);
    assert_int_equal(told.seq, 1001);
  }
  assert_int_equal(tellings, (int)(sizeof(rows) / sizeof(rows[0])));
  play_finish(&p);
}

/* Which errors end the opening of a client, and of a listener. */
static void icmp__while_it_opens__as_linux(void **state) {
  static const struct {
    unsigned version;
    uint8_t type;
    uint8_t code;
    bool ends_syn;
    bool ends_syn_ack;
  } rows[] = {
    {4, 3, 0, true, true},    {4, 3, 1, true, true},   {4, 3, 2, true, false},
    {4, 3, 3, true, false},   {4, 3, 4, false, false}, {4, 3, 13, true, false},
    {4, 3, 16, false, false}, {4, 4, 0, false, false}, {4, 5, 0, false, false},
    {4, 11, 0, true, true},   {4, 12, 0, true, true},  {6, 1, 0, true, false},
    {6, 1, 1, true, true},    {6, 1, 3, true, false},  {6, 1, 4, true, true},
    {6, 2, 0, false, false},  {6, 3, 0, true, false},  {6, 4, 0, true, true},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    play p;

    begin(&p, 0);
    play_send(&p, CLIENT, "S", 1000, 0, "");
    assert_int_equal(
      try_error(&p, CLIENT, rows[i].version, rows[i].type, rows[i].code, 1000),
      TCPFLOW_OK);
    assert_int_equal(p.ends, rows[i].ends_syn);
    play_finish(&p);

    begin(&p, 0);
    play_send(&p, CLIENT, "S", 1000, 0, "");
    play_send(&p, SERVER, "S.", 5000, 1001, "");
    assert_int_equal(
      try_error(&p, SERVER, rows[i].version, rows[i].type, rows[i].code, 5000),
      TCPFLOW_OK);
    assert_int_equal(p.ends, rows[i].ends_syn_ack);
    play_finish(&p);
  }
}

/* RFC 9293 section 3.9.2.2: the error is sent to one of them; the other one
   does not hear of it. */
static void icmp__ends_an_opening__only_who_gets_it_moves(void **state) {
  play p;

  (void)state;
  begin(&p, 0);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  (void)play_log(&p);
  assert_int_equal(try_error(&p, SERVER, 4, 3, 1, 5000), TCPFLOW_OK);
  assert_string_equal(play_log(&p),
                      "server SYN-RECEIVED>CLOSED\n"
                      "end unreachable server ESTABLISHED CLOSED\n");
  play_finish(&p);
}

/* The wait is over with the next segment that is late enough. */
static void icmp__ends_an_opening__end_waits(void **state) {
  play p;

  (void)state;
  begin(&p, TCPFLOW_SECOND);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_log(&p);
  assert_int_equal(try_error(&p, CLIENT, 4, 3, 1, 1000), TCPFLOW_OK);
  assert_string_equal(play_log(&p), "client SYN-SENT>CLOSED\n");
  p.now += 2 * TCPFLOW_SECOND;
  play_send(&p, CLIENT, "S", 1000, 0, "");
  assert_string_equal(play_log(&p), "end unreachable server CLOSED LISTEN\n");
  play_finish(&p);
}

static void icmp__number_not_in_flight__implausible(void **state) {
  static const struct {
    uint32_t seq;
    bool plausible;
    bool odd;
  } rows[] = {
    {1000, false, true}, {1004, false, true},  {1005, true, false},
    {1009, true, false}, {1010, false, false}, {1011, false, true},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    play p;

    begin(&p, 0);
    play_handshake(&p);
    play_send(&p, CLIENT, "P.", 1001, 5001, "123456789");
    play_send(&p, SERVER, ".", 5001, 1005, "");
    play_log(&p);
    assert_int_equal(try_error(&p, CLIENT, 4, 3, 1, rows[i].seq), TCPFLOW_OK);
    assert_int_equal(told.plausible != 0, rows[i].plausible);
    assert_string_equal(
      play_log(&p), rows[i].odd ? "anomaly client icmp-implausible x1\n" : "");
    play_finish(&p);
  }
}

static void icmp__before_the_first_and_after_the_end__nothing(void **state) {
  play p;

  (void)state;
  begin(&p, 0);
  assert_int_equal(try_error(&p, CLIENT, 4, 3, 1, 1000), TCPFLOW_OK);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  assert_int_equal(try_error(&p, CLIENT, 4, 3, 1, 1000), TCPFLOW_OK);
  assert_int_equal(tellings, 1);
  assert_int_equal(p.ends, 1);
  assert_int_equal(try_error(&p, CLIENT, 4, 3, 1, 1000), TCPFLOW_OK);
  assert_int_equal(tellings, 1);
  play_finish(&p);
}

static void icmp__ignored_connection__ends_all_the_same(void **state) {
  play p;

  (void)state;
  begin(&p, 0);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  tcpflow_conn_ignore(p.conn);
  assert_int_equal(try_error(&p, CLIENT, 4, 3, 1, 1000), TCPFLOW_OK);
  assert_int_equal(tellings, 0);
  assert_int_equal(p.ends, 1);
  play_finish(&p);
}

static void end_it(play *p, const char *event) {
  if (strcmp(event, "icmp") == 0) {
    const tcpflow_packet packet = error_of(p, 4, 3, 1, 1000);

    assert_int_equal(tcpflow_conn_feed_icmp(p->conn, CLIENT, &packet),
                     TCPFLOW_ERR_STATE);
    assert_int_equal(tcpflow_conn_end(p->conn, p->now, TCPFLOW_END_CALLER),
                     TCPFLOW_OK);
  }
}

static void icmp__ended_and_stopped_inside__says_so(void **state) {
  play p;

  (void)state;
  begin(&p, 0);
  play_handshake(&p);
  p.inside = end_it;
  p.answer = 1;
  p.answer_at = "icmp";
  assert_int_equal(try_error(&p, CLIENT, 4, 3, 1, 1000), TCPFLOW_ERR_CALLBACK);
  assert_int_equal(p.ends, 1);
  play_finish(&p);
}

static void icmp__bad_arguments__say_so(void **state) {
  tcpflow_packet packet;
  play p;

  (void)state;
  begin(&p, 0);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  packet = error_of(&p, 4, 3, 1, 1000);
  assert_int_equal(tcpflow_conn_feed_icmp(p.conn, (tcpflow_side)2, &packet),
                   TCPFLOW_ERR_INVALID);
  packet.quoted = 7;
  assert_int_equal(tcpflow_conn_feed_icmp(p.conn, CLIENT, &packet),
                   TCPFLOW_ERR_INVALID);
  packet.quoted = 8;
  packet.kind = TCPFLOW_PACKET_TCP;
  assert_int_equal(tcpflow_conn_feed_icmp(p.conn, CLIENT, &packet),
                   TCPFLOW_ERR_INVALID);
  packet.size = 0;
  assert_int_equal(tcpflow_conn_feed_icmp(p.conn, CLIENT, &packet),
                   TCPFLOW_ERR_VERSION);
  packet.size = 16;
  assert_int_equal(tcpflow_conn_feed_icmp(p.conn, CLIENT, &packet),
                   TCPFLOW_ERR_VERSION);
  assert_int_equal(tellings, 0);
  play_finish(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(icmp__every_type__its_kind),
    cmocka_unit_test(icmp__while_it_opens__as_linux),
    cmocka_unit_test(icmp__ends_an_opening__only_who_gets_it_moves),
    cmocka_unit_test(icmp__ends_an_opening__end_waits),
    cmocka_unit_test(icmp__number_not_in_flight__implausible),
    cmocka_unit_test(icmp__before_the_first_and_after_the_end__nothing),
    cmocka_unit_test(icmp__ignored_connection__ends_all_the_same),
    cmocka_unit_test(icmp__ended_and_stopped_inside__says_so),
    cmocka_unit_test(icmp__bad_arguments__say_so),
  };

  return cmocka_run_group_tests_name("icmperror", tests, NULL, NULL);
}
