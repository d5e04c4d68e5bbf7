/* tests/unit/conn/test_urgent.c - mirror of lib/conn/urgent.c. */
#include "conn/conn.h"
#include "conn/extra.h"
#include "unit/conn/play.h"
#include "unit/failmem.h"

static int on_urgent(tcpflow_conn *conn, const tcpflow_urgent_event *event,
                     void *user) {
  play *const p = user;

  (void)conn;
  play_note(p, "urgent %s %llu %d\n", tcpflow_side_name(event->side),
            (unsigned long long)event->offset, event->octet);
  return play_answer(p, "urgent");
}

static void begin(play *p, tcpflow_urgent_policy policy,
                  const tcpflow_mem *mem) {
  tcpflow_conn_callbacks cb = play_callbacks();
  tcpflow_conn_config config = play_config();

  play_clear(p);
  cb.on_urgent = on_urgent;
  cb.on_anomaly = NULL;
  config.urgent_policy = policy;
  assert_int_equal(tcpflow_conn_new(&p->conn, &config, &cb, NULL, mem, p),
                   TCPFLOW_OK);
  play_handshake(p);
}

/* A segment of the client's whose pointer is URGENT. */
static int mark(play *p, uint32_t seq, uint32_t urgent, const char *payload) {
  tcpflow_segment segment = play_segment(p, "P.U", seq, 5001, payload);

  segment.urgent = (uint16_t)urgent;
  p->now += TCPFLOW_MILLISECOND;
  return tcpflow_conn_feed(p->conn, CLIENT, &segment);
}

static void inline__marked_octet__stays_and_is_told(void **state) {
  play p;

  (void)state;
  begin(&p, TCPFLOW_URGENT_INLINE, NULL);
  assert_int_equal(mark(&p, 1001, 2, "abc"), TCPFLOW_OK);
  assert_string_equal(play_log(&p), "urgent client 1 98\ndata client 0 abc\n");
  play_finish(&p);
}

static void strip__each_place_of_a_segment__left_out(void **state) {
  static const char *const logs[] = {
    "data client 0 abc\n",
    "urgent client 0 -1\ndata client 1 bc\n",
    "data client 0 a\nurgent client 1 -1\ndata client 2 c\n",
    "data client 0 ab\nurgent client 2 -1\n",
    "data client 0 abc\n",
  };
  play p;

  (void)state;
  for (uint32_t urgent = 0; urgent < 5; urgent++) {
    begin(&p, TCPFLOW_URGENT_STRIP, NULL);
    assert_int_equal(mark(&p, 1001, urgent, "abc"), TCPFLOW_OK);
    assert_string_equal(play_log(&p), logs[urgent]);
    play_finish(&p);
  }
}

static void out_of_band__octets_one_by_one__all_told(void **state) {
  play p;

  (void)state;
  begin(&p, TCPFLOW_URGENT_OUT_OF_BAND, NULL);
  for (uint32_t i = 0; i < 20; i++) {
    assert_int_equal(mark(&p, 1001 + i, 1, "x"), TCPFLOW_OK);
  }
  (void)play_log(&p);
  assert_int_equal(mark(&p, 1021, 1, "y"), TCPFLOW_OK);
  assert_string_equal(play_log(&p), "urgent client 20 121\n");
  play_finish(&p);
}

/* Of those that are still ahead the nearest are kept. */
static void marks__too_many_ahead__the_farthest_go(void **state) {
  play p;

  (void)state;
  begin(&p, TCPFLOW_URGENT_STRIP, NULL);
  for (uint32_t urgent = 9; urgent >= 2; urgent--) {
    assert_int_equal(mark(&p, 1001, urgent, ""), TCPFLOW_OK);
    assert_int_equal(mark(&p, 1001, urgent, ""), TCPFLOW_OK);
  }
  play_send(&p, CLIENT, "P.", 1001, 5001, "abcdefghij");
  assert_string_equal(
    play_log(&p),
    "data client 0 a\nurgent client 1 -1\nurgent client 2 -1\n"
    "urgent client 3 -1\nurgent client 4 -1\ndata client 5 fghij\n");
  play_finish(&p);
}

static void mark__told_already__none(void **state) {
  play p;

  (void)state;
  begin(&p, TCPFLOW_URGENT_STRIP, NULL);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  (void)play_log(&p);
  assert_int_equal(mark(&p, 1001, 3, "abc"), TCPFLOW_OK);
  assert_string_equal(play_log(&p), "");
  play_finish(&p);
}

static void mark__in_a_gap__told_without_the_octet(void **state) {
  play p;

  (void)state;
  begin(&p, TCPFLOW_URGENT_OUT_OF_BAND, NULL);
  assert_int_equal(mark(&p, 1001, 2, ""), TCPFLOW_OK);
  play_send(&p, CLIENT, "P.", 1004, 5001, "d");
  play_send(&p, SERVER, ".", 5001, 1005, "");
  assert_string_equal(
    play_log(&p),
    "urgent client 1 -1\ngap client 0+3 acked\ndata client 3 d\n");
  play_finish(&p);
}

static void skip__marked_octets__not_told(void **state) {
  play p;

  (void)state;
  begin(&p, TCPFLOW_URGENT_OUT_OF_BAND, NULL);
  assert_int_equal(tcpflow_conn_skip(p.conn, CLIENT, 2), TCPFLOW_OK);
  assert_int_equal(mark(&p, 1001, 4, ""), TCPFLOW_OK);
  assert_int_equal(mark(&p, 1001, 2, "abcde"), TCPFLOW_OK);
  assert_string_equal(
    play_log(&p), "data client 2 c\nurgent client 3 100\ndata client 4 e\n");
  play_finish(&p);
}

static void stop_at_mark(play *p, const char *event) {
  if (strcmp(event, "urgent") == 0) {
    tcpflow_conn_stop_data(p->conn, CLIENT);
  }
}

static void stop_data__inside_of_urgent__nothing_more(void **state) {
  play p;

  (void)state;
  begin(&p, TCPFLOW_URGENT_OUT_OF_BAND, NULL);
  p.inside = stop_at_mark;
  assert_int_equal(mark(&p, 1001, 2, "abc"), TCPFLOW_OK);
  assert_string_equal(play_log(&p), "data client 0 a\nurgent client 1 98\n");
  play_finish(&p);
}

static void stop_data__inside_of_a_lost_one__no_gap(void **state) {
  play p;

  (void)state;
  begin(&p, TCPFLOW_URGENT_OUT_OF_BAND, NULL);
  p.inside = stop_at_mark;
  assert_int_equal(mark(&p, 1001, 2, ""), TCPFLOW_OK);
  play_send(&p, CLIENT, "P.", 1004, 5001, "d");
  play_send(&p, SERVER, ".", 5001, 1005, "");
  assert_string_equal(play_log(&p), "urgent client 1 -1\n");
  play_finish(&p);
}

/* Only what is wanted takes memory. */
static void mark__nobody_cares__no_memory(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  assert_int_equal(mark(&p, 1001, 9, ""), TCPFLOW_OK);
  assert_true(p.conn->extra == NULL || p.conn->extra->urgents[CLIENT] == 0);
  play_finish(&p);
}

static void mark__no_memory__nothing_changed_and_again(void **state) {
  failmem fm = {.fail_at = 0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  begin(&p, TCPFLOW_URGENT_OUT_OF_BAND, &mem);
  assert_null(p.conn->extra);
  fm.fail_at = fm.requests + 1;
  assert_int_equal(mark(&p, 1001, 2, "abc"), TCPFLOW_ERR_NOMEM);
  assert_string_equal(play_log(&p), "");
  assert_int_equal(mark(&p, 1001, 2, "abc"), TCPFLOW_OK);
  assert_string_equal(play_log(&p),
                      "data client 0 a\nurgent client 1 98\ndata client 2 c\n");
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

static void new__no_policy__invalid(void **state) {
  tcpflow_conn_config config = play_config();
  tcpflow_conn *conn = NULL;

  (void)state;
  config.urgent_policy = TCPFLOW_URGENT_OUT_OF_BAND + 1;
  assert_int_equal(tcpflow_conn_new(&conn, &config, NULL, NULL, NULL, NULL),
                   TCPFLOW_ERR_INVALID);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(inline__marked_octet__stays_and_is_told),
    cmocka_unit_test(strip__each_place_of_a_segment__left_out),
    cmocka_unit_test(out_of_band__octets_one_by_one__all_told),
    cmocka_unit_test(marks__too_many_ahead__the_farthest_go),
    cmocka_unit_test(mark__told_already__none),
    cmocka_unit_test(mark__in_a_gap__told_without_the_octet),
    cmocka_unit_test(skip__marked_octets__not_told),
    cmocka_unit_test(stop_data__inside_of_urgent__nothing_more),
    cmocka_unit_test(stop_data__inside_of_a_lost_one__no_gap),
    cmocka_unit_test(mark__nobody_cares__no_memory),
    cmocka_unit_test(mark__no_memory__nothing_changed_and_again),
    cmocka_unit_test(new__no_policy__invalid),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
