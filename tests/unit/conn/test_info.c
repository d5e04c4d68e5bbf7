/*
 * tests/unit/conn/test_info.c - mirror of lib/conn/info.c: what a connection
 * says when it is asked.
 */
#include "play.h"
#include "unit/guard.h"

static tcpflow_conn_info info_of(const play *p) {
  tcpflow_conn_info info;

  tcpflow_conn_info_init(&info);
  assert_int_equal(tcpflow_conn_get_info(p->conn, &info), TCPFLOW_OK);
  return info;
}

static tcpflow_endpoint_info end_of(const play *p, tcpflow_side side) {
  tcpflow_endpoint_info info;

  tcpflow_endpoint_info_init(&info);
  assert_int_equal(tcpflow_conn_get_endpoint(p->conn, side, &info), TCPFLOW_OK);
  return info;
}

static void conn_get_info__along_a_connection__what_is_known(void **state) {
  tcpflow_tuple tuple;
  play p;

  (void)state;
  play_begin(&p, NULL);
  tcpflow_conn_info info = info_of(&p);

  assert_int_equal(info.first, 0);
  assert_int_equal(info.open_kind, TCPFLOW_OPEN_UNKNOWN);
  assert_int_equal(info.end_reason, TCPFLOW_END_NONE);
  assert_int_equal(info.established, 0);
  assert_int_equal(info.first_fin, -1);
  assert_true(info.rtt_server == TCPFLOW_TIME_NONE);
  assert_true(info.rtt_client == TCPFLOW_TIME_NONE);
  assert_int_equal(info.has_tuple, 0);
  memset(&tuple, 1, sizeof(tuple));
  info.tuple = tuple;
  assert_int_equal(tcpflow_conn_get_tuple(p.conn, &tuple), TCPFLOW_ERR_STATE);
  assert_memory_equal(&tuple, &info.tuple, sizeof(tuple));

  play_send(&p, CLIENT, "S", 1000, 0, "");
  info = info_of(&p);
  assert_int_equal(info.first, TCPFLOW_SECOND);
  assert_int_equal(info.last, TCPFLOW_SECOND);
  assert_int_equal(info.established, 0);

  p.now += 4 * TCPFLOW_MILLISECOND;
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  info = info_of(&p);
  assert_int_equal(info.first, TCPFLOW_SECOND);
  assert_int_equal(info.last, TCPFLOW_SECOND + 6 * TCPFLOW_MILLISECOND);
  assert_int_equal(info.open_kind, TCPFLOW_OPEN_THREE_WAY);
  assert_int_equal(info.established, 1);
  assert_int_equal(info.rtt_server, 5 * TCPFLOW_MILLISECOND);
  assert_int_equal(info.rtt_client, TCPFLOW_MILLISECOND);

  play_send(&p, SERVER, "F.", 5001, 1001, "");
  assert_int_equal(info_of(&p).first_fin, SERVER);
  play_send(&p, CLIENT, "F.", 1001, 5002, "");
  assert_int_equal(info_of(&p).first_fin, SERVER);
  play_send(&p, SERVER, ".", 5002, 1002, "");
  assert_int_equal(info_of(&p).end_reason, TCPFLOW_END_FIN);
  play_finish(&p);
}

static void end_inside(play *p, const char *event) {
  if (strcmp(event, "segment") == 0) {
    assert_int_equal(tcpflow_conn_end(p->conn, p->now, TCPFLOW_END_TIMEOUT),
                     TCPFLOW_OK);
    assert_int_equal(info_of(p).end_reason, TCPFLOW_END_NONE);
  }
}

static void conn_get_info__end_asked_inside__not_ended_yet(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  p.inside = end_inside;
  play_send(&p, CLIENT, "S", 1000, 0, "");
  assert_int_equal(info_of(&p).end_reason, TCPFLOW_END_TIMEOUT);
  play_finish(&p);
}

static void conn_get_info__tuple__as_given(void **state) {
  tcpflow_tuple tuple;
  tcpflow_tuple told;
  play p;

  (void)state;
  memset(&tuple, 0x5a, sizeof(tuple));
  play_clear(&p);
  assert_int_equal(tcpflow_conn_new(&p.conn, NULL, NULL, &tuple, NULL, NULL),
                   TCPFLOW_OK);
  const tcpflow_conn_info info = info_of(&p);

  assert_int_equal(tcpflow_conn_get_tuple(p.conn, &told), TCPFLOW_OK);
  assert_memory_equal(&told, &tuple, sizeof(tuple));
  assert_int_equal(info.has_tuple, 1);
  assert_memory_equal(&info.tuple, &tuple, sizeof(tuple));
  play_finish(&p);
}

static void conn_get_endpoint__along_a_connection__what_is_known(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  tcpflow_endpoint_info end = end_of(&p, CLIENT);

  assert_int_equal(end.state, TCPFLOW_STATE_UNKNOWN);
  assert_int_equal(end.iss_known, 0);
  assert_int_equal(end.wscale, -1);
  assert_int_equal(end.scaling, -1);
  assert_int_equal(end.fin_seen, 0);
  assert_int_equal(end.segments, 0);

  p.options.present = TCPFLOW_HAS_MSS | TCPFLOW_HAS_WSCALE |
                      TCPFLOW_HAS_SACK_PERMITTED | TCPFLOW_HAS_TIMESTAMPS;
  p.options.mss = 1460;
  p.options.wscale = 7;
  play_send(&p, CLIENT, "S", 1000, 0, "");
  end = end_of(&p, CLIENT);
  assert_int_equal(end.state, TCPFLOW_STATE_SYN_SENT);
  assert_int_equal(end.iss_known, 1);
  assert_int_equal(end.iss, 1000);
  assert_int_equal(end.snd_una, 1000);
  assert_int_equal(end.snd_nxt, 1001);
  assert_int_equal(end.mss, 1460);
  assert_int_equal(end.wscale, 7);
  assert_int_equal(end.scaling, -1);
  assert_int_equal(end.sack_permitted, 1);
  assert_int_equal(end.timestamps, 1);
  assert_int_equal(end.window, 10000);
  assert_int_equal(end_of(&p, SERVER).iss_known, 0);
  assert_int_equal(end_of(&p, SERVER).sack_permitted, 0);

  p.options.wscale = 0;
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  assert_int_equal(end_of(&p, SERVER).wscale, 0);
  assert_int_equal(end_of(&p, SERVER).scaling, 1);
  play_send(&p, CLIENT, ".", 1001, 5001, "abc");
  play_send(&p, CLIENT, ".", 1001, 5001, "abc");
  play_send(&p, CLIENT, ".", 1006, 5001, "fgh");
  play_send(&p, SERVER, ".", 5001, 1009, "");
  end = end_of(&p, CLIENT);
  assert_int_equal(end.snd_una, 1009);
  assert_int_equal(end.snd_nxt, 1009);
  assert_int_equal(end.window, 10000 << 7);
  assert_int_equal(end.segments, 4);
  assert_int_equal(end.payload, 9);
  assert_int_equal(end.retransmissions, 1);
  assert_int_equal(end.delivered, 6);
  assert_int_equal(end.missing, 2);

  play_send(&p, CLIENT, "F.", 1009, 5001, "");
  end = end_of(&p, CLIENT);
  assert_int_equal(end.fin_seen, 1);
  assert_int_equal(end.fin_acked, 0);
  play_send(&p, SERVER, ".", 5001, 1010, "");
  end = end_of(&p, CLIENT);
  assert_int_equal(end.fin_acked, 1);
  assert_int_equal(end.state, TCPFLOW_STATE_FIN_WAIT_2);
  assert_int_equal(end_of(&p, SERVER).fin_seen, 0);
  assert_int_equal(tcpflow_conn_end(p.conn, p.now, TCPFLOW_END_CALLER),
                   TCPFLOW_OK);
  assert_int_equal(end_of(&p, CLIENT).delivered, 6);
  assert_int_equal(end_of(&p, CLIENT).missing, 2);
  play_finish(&p);
}

static void conn_get_endpoint__one_syn_without_scale__not_scaled(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  assert_int_equal(end_of(&p, CLIENT).scaling, 0);
  assert_int_equal(end_of(&p, CLIENT).wscale, -1);
  play_finish(&p);
}

static void conn_state__no_side__unknown(void **state) {
  tcpflow_endpoint_info end;
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  assert_int_equal(tcpflow_conn_state(p.conn, CLIENT),
                   TCPFLOW_STATE_ESTABLISHED);
  assert_int_equal(tcpflow_conn_state(p.conn, (tcpflow_side)2),
                   TCPFLOW_STATE_UNKNOWN);
  assert_int_equal(tcpflow_conn_state(p.conn, (tcpflow_side)-1),
                   TCPFLOW_STATE_UNKNOWN);
  tcpflow_endpoint_info_init(&end);
  end.mss = 4711;
  assert_int_equal(tcpflow_conn_get_endpoint(p.conn, (tcpflow_side)2, &end),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(end.mss, 4711);
  play_finish(&p);
}

static void
conn_get_info__structs_of_other_releases__only_theirs(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  for (size_t size = 8; size <= sizeof(tcpflow_conn_info) + 16; size += 8) {
    const tcpflow_conn_info now = info_of(&p);
    uint8_t whole[sizeof(now) + 16] = {0};
    guard g = guard_room(size);

    tcpflow_sized_init(g.bytes, size);
    assert_int_equal(tcpflow_conn_get_info(p.conn, (void *)g.bytes),
                     TCPFLOW_OK);
    memcpy(whole, &now, sizeof(now));
    memcpy(whole, &size, sizeof(size));
    assert_memory_equal(g.bytes, whole, size);
    guard_free(&g);
  }
  for (size_t size = 8; size <= sizeof(tcpflow_endpoint_info) + 16; size += 8) {
    const tcpflow_endpoint_info now = end_of(&p, SERVER);
    uint8_t whole[sizeof(now) + 16] = {0};
    guard g = guard_room(size);

    tcpflow_sized_init(g.bytes, size);
    assert_int_equal(tcpflow_conn_get_endpoint(p.conn, SERVER, (void *)g.bytes),
                     TCPFLOW_OK);
    memcpy(whole, &now, sizeof(now));
    memcpy(whole, &size, sizeof(size));
    assert_memory_equal(g.bytes, whole, size);
    guard_free(&g);
  }
  play_finish(&p);
}

static void conn_get_info__no_stamp__version_error(void **state) {
  tcpflow_conn_info info;
  tcpflow_endpoint_info end;
  play p;

  (void)state;
  play_begin(&p, NULL);
  memset(&info, 0, sizeof(info));
  assert_int_equal(tcpflow_conn_get_info(p.conn, &info), TCPFLOW_ERR_VERSION);
  memset(&end, 0, sizeof(end));
  assert_int_equal(tcpflow_conn_get_endpoint(p.conn, CLIENT, &end),
                   TCPFLOW_ERR_VERSION);
  play_finish(&p);
}

static void conn_data__set__read_back(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  assert_null(tcpflow_conn_user_data(p.conn));
  tcpflow_conn_set_user_data(p.conn, &p);
  assert_ptr_equal(tcpflow_conn_user_data(p.conn), &p);
  tcpflow_conn_set_user_data(p.conn, NULL);
  assert_null(tcpflow_conn_user_data(p.conn));
  play_finish(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(conn_get_info__along_a_connection__what_is_known),
    cmocka_unit_test(conn_get_info__end_asked_inside__not_ended_yet),
    cmocka_unit_test(conn_get_info__tuple__as_given),
    cmocka_unit_test(conn_get_endpoint__along_a_connection__what_is_known),
    cmocka_unit_test(conn_get_endpoint__one_syn_without_scale__not_scaled),
    cmocka_unit_test(conn_state__no_side__unknown),
    cmocka_unit_test(conn_get_info__structs_of_other_releases__only_theirs),
    cmocka_unit_test(conn_get_info__no_stamp__version_error),
    cmocka_unit_test(conn_data__set__read_back),
  };

  return cmocka_run_group_tests_name("info", tests, NULL, NULL);
}
