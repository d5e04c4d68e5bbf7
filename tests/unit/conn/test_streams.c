/* tests/unit/conn/test_streams.c - mirror of lib/conn/streams.c. */
#include "conn/conn.h"
#include "unit/conn/play.h"
#include "unit/failmem.h"

/* Of the last data: which frame it came in, and when. */
typedef struct origin {
  uint64_t number;
  tcpflow_time time;
} origin;

static void feed(tcpflow_conn *conn, tcpflow_segment segment, uint64_t number) {
  segment.number = number;
  assert_int_equal(tcpflow_conn_feed(conn, CLIENT, &segment), TCPFLOW_OK);
}

static void set_overlap__a_side__its_octets_only(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  assert_int_equal(
    tcpflow_conn_set_overlap(p.conn, CLIENT, TCPFLOW_OVERLAP_LAST), TCPFLOW_OK);
  play_send(&p, CLIENT, "P.", 1002, 5001, "bc");
  play_send(&p, CLIENT, "P.", 1002, 5001, "XY");
  play_send(&p, CLIENT, "P.", 1001, 5001, "a");
  assert_string_equal(play_log(&p), "conflict client 1 bc/XY replaced\n"
                                    "anomaly client overlap-conflict x1\n"
                                    "data client 0 a\ndata client 1 XY\n");
  play_send(&p, SERVER, "P.", 5002, 1004, "bc");
  play_send(&p, SERVER, "P.", 5002, 1004, "XY");
  play_send(&p, SERVER, "P.", 5001, 1004, "a");
  /* The second anomaly of a kind is counted, not told. */
  assert_string_equal(play_log(&p), "conflict server 1 bc/XY\n"
                                    "data server 0 a\ndata server 1 bc\n");
  play_finish(&p);
}

static void choose_policy(play *p, const char *event) {
  if (strcmp(event, "new") == 0) {
    p->inside = NULL;
    assert_int_equal(
      tcpflow_conn_set_overlap(p->conn, CLIENT, TCPFLOW_OVERLAP_LAST),
      TCPFLOW_OK);
  }
}

/* As users do who know the receiver by its address. */
static void set_overlap__inside_of_new__counts(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  p.inside = choose_policy;
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1002, 5001, "b");
  play_send(&p, CLIENT, "P.", 1002, 5001, "X");
  (void)play_log(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "a");
  assert_string_equal(play_log(&p), "data client 0 a\ndata client 1 X\n");
  play_finish(&p);
}

static void set_overlap__no_side_or_policy__invalid(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  assert_int_equal(
    tcpflow_conn_set_overlap(p.conn, (tcpflow_side)2, TCPFLOW_OVERLAP_LAST),
    TCPFLOW_ERR_INVALID);
  assert_int_equal(
    tcpflow_conn_set_overlap(p.conn, CLIENT, TCPFLOW_OVERLAP_COUNT),
    TCPFLOW_ERR_INVALID);
  play_finish(&p);
}

static void new__policy_of_the_configuration__both_sides(void **state) {
  const tcpflow_conn_callbacks cb = play_callbacks();
  tcpflow_conn_config config = play_config();
  play p;

  (void)state;
  play_clear(&p);
  config.overlap = TCPFLOW_OVERLAP_COUNT;
  assert_int_equal(tcpflow_conn_new(&p.conn, &config, &cb, NULL, NULL, &p),
                   TCPFLOW_ERR_INVALID);
  config.overlap = TCPFLOW_OVERLAP_LINUX;
  assert_int_equal(tcpflow_conn_new(&p.conn, &config, &cb, NULL, NULL, &p),
                   TCPFLOW_OK);
  assert_int_equal(p.conn->sides->stream[CLIENT].overlap,
                   TCPFLOW_OVERLAP_LINUX);
  assert_int_equal(p.conn->sides->stream[SERVER].overlap,
                   TCPFLOW_OVERLAP_LINUX);
  play_finish(&p);
}

static void peek__early_octets__with_their_origin(void **state) {
  tcpflow_stream_data found;
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  p.now = 7 * TCPFLOW_SECOND;
  feed(p.conn, play_segment(&p, "P.", 1003, 5001, "cdef"), 42);
  assert_int_equal(tcpflow_conn_peek(p.conn, CLIENT, 0, &found), 0);
  assert_int_equal(tcpflow_conn_peek(p.conn, SERVER, 2, &found), 0);
  assert_int_equal(tcpflow_conn_peek(p.conn, (tcpflow_side)2, 2, &found), 0);
  assert_int_equal(tcpflow_conn_peek(p.conn, CLIENT, 3, &found), 3);
  assert_memory_equal(found.bytes, "def", 3);
  assert_int_equal(found.number, 42);
  assert_int_equal(found.time, 7 * TCPFLOW_SECOND);
  play_finish(&p);
}

static int note_origin(tcpflow_conn *conn, const tcpflow_data_event *event,
                       void *user) {
  origin *const o = user;

  (void)conn;
  o->number = event->data->number;
  o->time = event->data->time;
  return 0;
}

/* Data of a SYN that waited for its answer is that of the SYN. */
static void data__early_and_of_a_syn__from_their_own_frames(void **state) {
  tcpflow_conn_callbacks cb;
  origin o = {0, 0};
  play p;

  (void)state;
  play_clear(&p);
  tcpflow_conn_callbacks_init(&cb);
  cb.on_data = note_origin;
  assert_int_equal(tcpflow_conn_new(&p.conn, NULL, &cb, NULL, NULL, &o),
                   TCPFLOW_OK);
  feed(p.conn, play_segment(&p, "S", 1000, 0, "a"), 3);
  p.now += TCPFLOW_SECOND;
  play_send(&p, SERVER, "S.", 5000, 1002, "");
  assert_int_equal(o.number, 3);
  assert_int_equal(o.time, TCPFLOW_SECOND);
  p.now = 9 * TCPFLOW_SECOND;
  feed(p.conn, play_segment(&p, "P.", 1003, 5001, "c"), 8);
  p.now = 10 * TCPFLOW_SECOND;
  feed(p.conn, play_segment(&p, "P.", 1002, 5001, "b"), 9);
  assert_int_equal(o.number, 8);
  assert_int_equal(o.time, 9 * TCPFLOW_SECOND);
  play_finish(&p);
}

/* --- octets that came twice and differ --- */

static int compare_origin(tcpflow_conn *conn,
                          const tcpflow_conflict_event *event, void *user) {
  (void)conn;
  assert_int_equal(event->conflict->first_number, 4);
  assert_int_equal(event->conflict->first_time, 7 * TCPFLOW_SECOND);
  assert_int_equal(event->cause->number, 5);
  assert_int_equal(event->time, 8 * TCPFLOW_SECOND);
  ++*(int *)user;
  return 0;
}

static void conflict__held_octets__both_frames_are_named(void **state) {
  tcpflow_conn_callbacks cb;
  int told = 0;
  play p;

  (void)state;
  play_clear(&p);
  tcpflow_conn_callbacks_init(&cb);
  cb.on_conflict = compare_origin;
  assert_int_equal(tcpflow_conn_new(&p.conn, NULL, &cb, NULL, NULL, &told),
                   TCPFLOW_OK);
  play_handshake(&p);
  p.now = 7 * TCPFLOW_SECOND;
  feed(p.conn, play_segment(&p, "P.", 1003, 5001, "c"), 4);
  p.now = 8 * TCPFLOW_SECOND;
  feed(p.conn, play_segment(&p, "P.", 1003, 5001, "C"), 5);
  assert_int_equal(told, 1);
  play_finish(&p);
}

/* RFC 9293 section 3.4: what comes in order is told behind it. */
static void
conflict__segment_completes_the_order__before_its_data(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1003, 5001, "cd");
  play_send(&p, CLIENT, "P.", 1001, 5001, "abCDe");
  assert_string_equal(play_log(&p), "conflict client 2 cd/CD\n"
                                    "data client 0 ab\n"
                                    "data client 2 cd\n"
                                    "data client 4 e\n"
                                    "anomaly client overlap-conflict x1\n");
  play_finish(&p);
}

static void
conflict__callback_asks_to_stop__nothing_more_is_told(void **state) {
  tcpflow_segment segment;
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1003, 5001, "cd");
  p.answer = 1;
  p.answer_at = "conflict";
  segment = play_segment(&p, "P.", 1001, 5001, "abCDe");
  assert_int_equal(tcpflow_conn_feed(p.conn, CLIENT, &segment),
                   TCPFLOW_ERR_CALLBACK);
  assert_string_equal(play_log(&p), "conflict client 2 cd/CD\n");
  play_send(&p, CLIENT, "P.", 1006, 5001, "f");
  assert_string_equal(play_log(&p), "data client 5 f\n");
  play_finish(&p);
}

static void stop_client(play *p, const char *event) {
  if (strcmp(event, "conflict") == 0) {
    tcpflow_conn_stop_data(p->conn, CLIENT);
  }
}

static void conflict__stop_data_inside__no_data_follows(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  play_begin(&p, &mem);
  play_handshake(&p);
  assert_int_equal(
    tcpflow_conn_set_overlap(p.conn, CLIENT, TCPFLOW_OVERLAP_LAST), TCPFLOW_OK);
  play_send(&p, CLIENT, "P.", 1003, 5001, "cd");
  p.inside = stop_client;
  play_send(&p, CLIENT, "P.", 1001, 5001, "abCDe");
  assert_string_equal(play_log(&p), "conflict client 2 cd/CD replaced\n"
                                    "anomaly client overlap-conflict x1\n");
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

/* --- buffers of the caller --- */

static void *keep(void *handle, const uint8_t *bytes, size_t length,
                  void *user) {
  (void)bytes;
  (void)length;
  ++*(int *)user;
  return handle;
}

static void let_go(void *held, void *user) {
  assert_non_null(held);
  --*(int *)user;
}

static void hold__early_segment__kept_until_told_or_dropped(void **state) {
  int kept = 0;
  const tcpflow_hold keeper = {keep, let_go, &kept};
  const tcpflow_conn_callbacks cb = play_callbacks();
  tcpflow_conn_config config = play_config();
  tcpflow_segment segment;
  play p;

  (void)state;
  play_clear(&p);
  config.hold = &keeper;
  assert_int_equal(tcpflow_conn_new(&p.conn, &config, &cb, NULL, NULL, &p),
                   TCPFLOW_OK);
  play_handshake(&p);
  segment = play_segment(&p, "P.", 1002, 5001, "b");
  segment.handle = &p;
  feed(p.conn, segment, 1);
  assert_int_equal(kept, 1);
  play_send(&p, CLIENT, "P.", 1001, 5001, "a");
  assert_int_equal(kept, 0);
  segment = play_segment(&p, "P.", 1004, 5001, "d");
  segment.handle = &p;
  feed(p.conn, segment, 2);
  assert_int_equal(kept, 1);
  play_finish(&p);
  assert_int_equal(kept, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(set_overlap__a_side__its_octets_only),
    cmocka_unit_test(set_overlap__inside_of_new__counts),
    cmocka_unit_test(set_overlap__no_side_or_policy__invalid),
    cmocka_unit_test(new__policy_of_the_configuration__both_sides),
    cmocka_unit_test(peek__early_octets__with_their_origin),
    cmocka_unit_test(data__early_and_of_a_syn__from_their_own_frames),
    cmocka_unit_test(conflict__held_octets__both_frames_are_named),
    cmocka_unit_test(conflict__segment_completes_the_order__before_its_data),
    cmocka_unit_test(conflict__callback_asks_to_stop__nothing_more_is_told),
    cmocka_unit_test(conflict__stop_data_inside__no_data_follows),
    cmocka_unit_test(hold__early_segment__kept_until_told_or_dropped),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
