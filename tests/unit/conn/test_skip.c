/* tests/unit/conn/test_skip.c - mirror of lib/conn/skip.c. */
#include "conn/conn.h"
#include "unit/conn/play.h"
#include "unit/failmem.h"

static tcpflow_endpoint_info client_of(const play *p) {
  tcpflow_endpoint_info info;

  tcpflow_endpoint_info_init(&info);
  assert_int_equal(tcpflow_conn_get_endpoint(p->conn, CLIENT, &info),
                   TCPFLOW_OK);
  return info;
}

static void skip__middle_of_a_segment__told_from_there(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  assert_int_equal(tcpflow_conn_skip(p.conn, CLIENT, 3), TCPFLOW_OK);
  play_send(&p, CLIENT, "P.", 1001, 5001, "hello");
  assert_string_equal(play_log(&p), "data client 3 lo\n");
  play_send(&p, SERVER, "P.", 5001, 1006, "all");
  assert_string_equal(play_log(&p), "data server 0 all\n");
  assert_int_equal(client_of(&p).delivered, 5);
  play_finish(&p);
}

/* Early octets among them are not held, and not missing. */
static void skip__early_octets__no_memory_held(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  assert_int_equal(tcpflow_conn_skip(p.conn, CLIENT, 15), TCPFLOW_OK);
  play_send(&p, CLIENT, "P.", 1006, 5001, "early");
  assert_int_equal(tcpflow__reasm_held(&p.conn->sides->stream[CLIENT]), 0);
  play_send(&p, CLIENT, "P.", 1011, 5001, "kept late");
  assert_int_equal(tcpflow__reasm_held(&p.conn->sides->stream[CLIENT]), 9);
  play_send(&p, CLIENT, "P.", 1001, 5001, "first");
  assert_string_equal(play_log(&p), "data client 15 late\n");
  assert_int_equal(client_of(&p).delivered, 19);
  assert_int_equal(client_of(&p).missing, 0);
  play_finish(&p);
}

static void skip__again__what_is_further_on_counts(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  assert_int_equal(tcpflow_conn_skip(p.conn, CLIENT, 4), TCPFLOW_OK);
  assert_int_equal(tcpflow_conn_skip(p.conn, CLIENT, 2), TCPFLOW_OK);
  assert_int_equal(tcpflow_conn_skip(p.conn, CLIENT, 0), TCPFLOW_OK);
  play_send(&p, CLIENT, "P.", 1001, 5001, "hello");
  assert_string_equal(play_log(&p), "data client 4 o\n");
  assert_int_equal(tcpflow_conn_skip(p.conn, CLIENT, UINT64_MAX), TCPFLOW_OK);
  play_send(&p, CLIENT, "P.", 1006, 5001, "hello");
  assert_string_equal(play_log(&p), "");
  play_finish(&p);
}

static void skip_some(play *p, const char *event) {
  if (strcmp(event, "data") == 0) {
    p->inside = NULL;
    assert_int_equal(tcpflow_conn_skip(p->conn, CLIENT, 5), TCPFLOW_OK);
  }
}

static void skip__inside_of_data__behind_what_is_told(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  p.inside = skip_some;
  play_send(&p, CLIENT, "P.", 1001, 5001, "one");
  play_send(&p, CLIENT, "P.", 1004, 5001, "23456seven");
  assert_string_equal(play_log(&p), "data client 0 one\ndata client 8 seven\n");
  play_finish(&p);
}

static void skip__no_side_or_no_memory__says_so(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  play_begin(&p, &mem);
  play_handshake(&p);
  assert_int_equal(tcpflow_conn_skip(p.conn, (tcpflow_side)2, 5),
                   TCPFLOW_ERR_INVALID);
  fm.fail_at = fm.requests + 1;
  assert_int_equal(tcpflow_conn_skip(p.conn, CLIENT, 5), TCPFLOW_ERR_NOMEM);
  play_send(&p, CLIENT, "P.", 1001, 5001, "hello");
  assert_string_equal(play_log(&p), "data client 0 hello\n");
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(skip__middle_of_a_segment__told_from_there),
    cmocka_unit_test(skip__early_octets__no_memory_held),
    cmocka_unit_test(skip__again__what_is_further_on_counts),
    cmocka_unit_test(skip__inside_of_data__behind_what_is_told),
    cmocka_unit_test(skip__no_side_or_no_memory__says_so),
  };

  return cmocka_run_group_tests_name("skip", tests, NULL, NULL);
}
