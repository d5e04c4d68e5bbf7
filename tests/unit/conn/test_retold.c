/* tests/unit/conn/test_retold.c - mirror of lib/conn/retold.c.  Checkpoints of
   it: tests/script/tail-*.flow. */
#include "conn/conn.h"
#include "conn/extra.h"
#include "unit/conn/play.h"
#include "unit/failmem.h"

static void begin(play *p, uint64_t max, const tcpflow_mem *mem) {
  const tcpflow_conn_callbacks cb = play_callbacks();
  tcpflow_conn_config config = play_config();

  play_clear(p);
  config.max_tail_bytes = max;
  assert_int_equal(tcpflow_conn_new(&p->conn, &config, &cb, NULL, mem, p),
                   TCPFLOW_OK);
}

static void new__more_than_may_be_remembered__invalid(void **state) {
  tcpflow_conn_config config = play_config();
  tcpflow_conn *conn = NULL;

  (void)state;
  config.max_tail_bytes = (UINT64_C(1) << 30) + 1;
  assert_int_equal(tcpflow_conn_new(&conn, &config, NULL, NULL, NULL, NULL),
                   TCPFLOW_ERR_INVALID);
  assert_null(conn);
}

static void differs__default__not_remembered(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  play_send(&p, CLIENT, "P.", 1001, 5001, "aXc");
  assert_string_equal(play_log(&p), "data client 0 abc\n");
  assert_null(p.conn->extra);
  play_finish(&p);
}

static void differs__told_octets__before_what_is_new(void **state) {
  play p;

  (void)state;
  begin(&p, 16, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  play_send(&p, CLIENT, "P.", 1001, 5001, "aXcd");
  assert_string_equal(play_log(&p), "data client 0 abc\n"
                                    "conflict client 0 abc/aXc\n"
                                    "data client 3 d\n"
                                    "anomaly client overlap-conflict x1\n");
  play_finish(&p);
}

/* RFC 7413: what a SYN brings is data like any other, once it is taken. */
static void differs__data_of_a_syn__remembered(void **state) {
  play p;

  (void)state;
  begin(&p, 16, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "abc");
  play_send(&p, SERVER, "S.", 5000, 1004, "");
  (void)play_log(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "aXcd");
  assert_non_null(strstr(play_log(&p), "conflict client 0 abc/aXc\n"
                                       "data client 3 d\n"));
  play_finish(&p);
}

static void
differs__callback_asks_to_stop__new_octets_are_remembered(void **state) {
  tcpflow_segment segment;
  play p;

  (void)state;
  begin(&p, 16, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  (void)play_log(&p);
  p.answer = 1;
  p.answer_at = "conflict";
  segment = play_segment(&p, "P.", 1001, 5001, "aXcd");
  assert_int_equal(tcpflow_conn_feed(p.conn, CLIENT, &segment),
                   TCPFLOW_ERR_CALLBACK);
  assert_string_equal(play_log(&p), "conflict client 0 abc/aXc\n");
  p.answer = 0;
  play_send(&p, CLIENT, "P.", 1004, 5001, "D");
  assert_string_equal(play_log(&p), "conflict client 3 d/D\n");
  play_finish(&p);
}

static void stop_client(play *p, const char *event) {
  if (strcmp(event, "conflict") == 0) {
    tcpflow_conn_stop_data(p->conn, CLIENT);
  }
}

static void stop_data__inside_of_the_conflict__forgotten(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  begin(&p, 16, &mem);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  play_send(&p, SERVER, "P.", 5001, 1004, "xyz");
  (void)play_log(&p);
  p.inside = stop_client;
  play_send(&p, CLIENT, "P.", 1001, 5004, "aXcd");
  assert_string_equal(play_log(&p), "conflict client 0 abc/aXc\n"
                                    "anomaly client overlap-conflict x1\n");
  assert_null(p.conn->extra->tail[CLIENT]);
  assert_non_null(p.conn->extra->tail[SERVER]);
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

static void end__remembered_octets__released(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  begin(&p, 16, &mem);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  assert_int_equal(tcpflow_conn_end(p.conn, p.now, TCPFLOW_END_CALLER),
                   TCPFLOW_OK);
  assert_int_equal(fm.live_blocks, 1);
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

static void peek__told_octets__those_that_are_remembered(void **state) {
  tcpflow_stream_data found;
  play p;

  (void)state;
  begin(&p, 2, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  assert_int_equal(tcpflow_conn_peek(p.conn, CLIENT, 0, &found), 0);
  assert_int_equal(tcpflow_conn_peek(p.conn, CLIENT, 1, &found), 2);
  assert_memory_equal(found.bytes, "bc", 2);
  assert_int_equal(tcpflow_conn_peek(p.conn, SERVER, 1, &found), 0);
  play_finish(&p);
}

/* Without memory the data is told all the same, and the next is remembered. */
static void note__any_request_fails__data_is_told(void **state) {
  (void)state;
  for (size_t n = 1; n <= 2; n++) {
    failmem fm = {0};
    const tcpflow_mem mem = failmem_table(&fm);
    play p;

    begin(&p, 16, &mem);
    play_handshake(&p);
    (void)play_log(&p);
    fm.fail_at = fm.requests + n; /* The extra, or the octets. */
    play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
    assert_string_equal(play_log(&p), "data client 0 abc\n");
    assert_true(fm.requests >= fm.fail_at);
    play_send(&p, CLIENT, "P.", 1001, 5001, "aXc");
    assert_string_equal(play_log(&p), "");
    play_send(&p, CLIENT, "P.", 1004, 5001, "de");
    play_send(&p, CLIENT, "P.", 1001, 5001, "XXXdX");
    assert_string_equal(play_log(&p), "data client 3 de\n"
                                      "conflict client 3 de/dX\n"
                                      "anomaly client overlap-conflict x1\n");
    play_finish(&p);
    assert_int_equal(fm.live_blocks, 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(new__more_than_may_be_remembered__invalid),
    cmocka_unit_test(differs__default__not_remembered),
    cmocka_unit_test(differs__told_octets__before_what_is_new),
    cmocka_unit_test(differs__data_of_a_syn__remembered),
    cmocka_unit_test(differs__callback_asks_to_stop__new_octets_are_remembered),
    cmocka_unit_test(stop_data__inside_of_the_conflict__forgotten),
    cmocka_unit_test(end__remembered_octets__released),
    cmocka_unit_test(peek__told_octets__those_that_are_remembered),
    cmocka_unit_test(note__any_request_fails__data_is_told),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
