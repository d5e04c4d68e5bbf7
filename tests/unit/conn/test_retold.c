/* tests/unit/conn/test_retold.c - mirror of lib/conn/retold.c.  That a restart
   does not show: tests/script/tail-*.flow. */
#include "conn/conn.h"
#include "conn/connrecord.h"
#include "conn/extra.h"
#include "conn/retold.h"
#include "reasm/tail.h"
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

static void tell__default__not_remembered(void **state) {
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

static void tell__told_octets__before_what_is_new(void **state) {
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
static void tell__data_of_a_syn__remembered(void **state) {
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
tell__callback_asks_to_stop__new_octets_are_remembered(void **state) {
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
  assert_null(p.conn->extra->past[CLIENT].tail);
  assert_non_null(p.conn->extra->past[SERVER].tail);
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

static void stop_data__between_calls__forgotten(void **state) {
  play p;

  (void)state;
  begin(&p, 16, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  (void)play_log(&p);
  tcpflow_conn_stop_data(p.conn, CLIENT);
  assert_null(p.conn->extra->past[CLIENT].tail);
  play_send(&p, CLIENT, "P.", 1001, 5001, "aXcd");
  assert_string_equal(play_log(&p), "");
  play_finish(&p);
}

/* What was not told contradicts nothing. */
static void skip__octets_passed_over__not_remembered(void **state) {
  play p;

  (void)state;
  begin(&p, 16, NULL);
  play_handshake(&p);
  assert_int_equal(tcpflow_conn_skip(p.conn, CLIENT, 2), TCPFLOW_OK);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abcd");
  play_send(&p, CLIENT, "P.", 1001, 5001, "XXcd");
  assert_string_equal(play_log(&p), "data client 2 cd\n");
  play_send(&p, CLIENT, "P.", 1001, 5001, "XXXd");
  assert_string_equal(play_log(&p), "conflict client 2 cd/Xd\n"
                                    "anomaly client overlap-conflict x1\n");
  play_finish(&p);
}

/* Skipped later, told before: those stay. */
static void skip__behind_what_was_told__remembered_on(void **state) {
  play p;

  (void)state;
  begin(&p, 16, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "ab");
  (void)play_log(&p);
  assert_int_equal(tcpflow_conn_skip(p.conn, CLIENT, 2), TCPFLOW_OK);
  play_send(&p, CLIENT, "P.", 1003, 5001, "cd");
  play_send(&p, CLIENT, "P.", 1001, 5001, "aXYZ");
  assert_string_equal(play_log(&p), "conflict client 0 ab/aX\n"
                                    "anomaly client overlap-conflict x1\n");
  play_finish(&p);
}

/* An urgent octet that is left out came all the same: who sends it again with
   another value says something else (RFC 9293 section 3.8.5: the pointer
   changes nothing of what the stream is). */
static void urgent__left_out_octet__remembered(void **state) {
  static const tcpflow_urgent_policy policies[] = {TCPFLOW_URGENT_STRIP,
                                                   TCPFLOW_URGENT_OUT_OF_BAND};
  play p;

  (void)state;
  for (unsigned i = 0; i < 2; i++) {
    const tcpflow_conn_callbacks cb = play_callbacks();
    tcpflow_conn_config config = play_config();
    tcpflow_segment segment;
    play_clear(&p);
    config.max_tail_bytes = 16;
    config.urgent_policy = policies[i];
    assert_int_equal(tcpflow_conn_new(&p.conn, &config, &cb, NULL, NULL, &p),
                     TCPFLOW_OK);
    play_handshake(&p);
    segment = play_segment(&p, "P.U", 1001, 5001, "abc");
    segment.urgent = 2;
    assert_int_equal(tcpflow_conn_feed(p.conn, CLIENT, &segment), TCPFLOW_OK);
    assert_non_null(strstr(play_log(&p), "data client 0 a\ndata client 2 c\n"));
    play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
    assert_string_equal(play_log(&p), "");
    play_send(&p, CLIENT, "P.", 1001, 5001, "aXc");
    assert_non_null(strstr(play_log(&p), "conflict client 0 abc/aXc\n"));
    play_finish(&p);
  }
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
  for (size_t n = 1; n <= 3; n++) {
    failmem fm = {0};
    const tcpflow_mem mem = failmem_table(&fm);
    play p;

    begin(&p, 16, &mem);
    play_handshake(&p);
    (void)play_log(&p);
    fm.fail_at = fm.requests + n; /* The extra, what it has, the octets. */
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

/* A connection as octets. */
typedef struct octets {
  uint8_t of[4096];
  size_t length;
} octets;

static int put(const void *bytes, size_t length, void *user) {
  octets *const to = user;

  assert_true(length <= sizeof(to->of) - to->length);
  memcpy(to->of + to->length, bytes, length);
  to->length += length;
  return 0;
}

static void save(const tcpflow_conn *conn, octets *to) {
  tcpflow__record_writer writer;

  to->length = 0;
  tcpflow__record_begin(&writer, put, to);
  tcpflow__conn_save(conn, &writer);
  assert_true(tcpflow__record_end(&writer));
}

/* Reads them into a connection that remembers MAX octets. */
static int load(play *p, const octets *from, uint64_t max,
                const tcpflow_mem *mem) {
  tcpflow__record_reader reader;

  begin(p, max, mem);
  assert_true(tcpflow__record_open(&reader, from->of, from->length));
  return tcpflow__conn_load(p->conn, 9 * TCPFLOW_SECOND, &reader);
}

/* A connection of which 3 octets were told. */
static void begin_and_tell(play *p) {
  begin(p, 16, NULL);
  play_handshake(p);
  play_send(p, CLIENT, "P.", 1001, 5001, "abc");
}

static void load__fewer_are_remembered__the_last_ones(void **state) {
  octets saved;
  play before;
  play p;

  (void)state;
  begin_and_tell(&before);
  save(before.conn, &saved);
  for (unsigned max = 0; max < 3; max++) {
    assert_int_equal(load(&p, &saved, max, NULL), TCPFLOW_OK);
    assert_int_equal(
      tcpflow__retold_peek(p.conn, CLIENT, 2, &(tcpflow_stream_data){0}),
      max > 0);
    assert_int_equal(
      tcpflow__retold_peek(p.conn, CLIENT, 1, &(tcpflow_stream_data){0}),
      max > 1);
    play_finish(&p);
  }
  play_finish(&before);
}

/* The connection goes on without what there is no memory for. */
static void load__no_memory_for_the_octets__passed_over(void **state) {
  failmem fm = {.fail_at = 4}; /* The connection, its extra, that of what was
                                   told, the octets. */
  const tcpflow_mem mem = failmem_table(&fm);
  octets saved;
  play before;
  play p;

  (void)state;
  begin_and_tell(&before);
  save(before.conn, &saved);
  assert_int_equal(load(&p, &saved, 16, &mem), TCPFLOW_OK);
  assert_int_equal(fm.requests, 4);
  assert_null(p.conn->extra->past[CLIENT].tail);
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
  play_finish(&before);
}

/* Octets that were not told cannot be contradicted. */
static void load__octets_were_not_told__invalid(void **state) {
  static const uint64_t ends[] = {4, 1, 0, UINT64_MAX};

  (void)state;
  for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
    octets saved;
    play before;
    play p;

    begin_and_tell(&before);
    before.conn->extra->past[CLIENT].tail->end = ends[i];
    save(before.conn, &saved);
    assert_int_equal(load(&p, &saved, 16, NULL), TCPFLOW_ERR_INVALID);
    play_finish(&p);
    play_finish(&before);
  }
}

/* --- digests --- */

static void begin_digests(play *p, uint64_t max, uint8_t key,
                          const tcpflow_mem *mem) {
  const tcpflow_conn_callbacks cb = play_callbacks();
  tcpflow_conn_config config = play_config();

  play_clear(p);
  config.max_tail_digests = max;
  config.hash_key[0] = key;
  assert_int_equal(tcpflow_conn_new(&p->conn, &config, &cb, NULL, mem, p),
                   TCPFLOW_OK);
}

static void new__more_digests_than_may_be__invalid(void **state) {
  tcpflow_conn_config config = play_config();
  tcpflow_conn *conn = NULL;

  (void)state;
  config.max_tail_digests = (UINT64_C(1) << 20) + 1;
  assert_int_equal(tcpflow_conn_new(&conn, &config, NULL, NULL, NULL, NULL),
                   TCPFLOW_ERR_INVALID);
  assert_null(conn);
}

static void tell__digest_differs__without_the_first(void **state) {
  play p;

  (void)state;
  begin_digests(&p, 16, 1, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  play_send(&p, CLIENT, "P.", 1001, 5001, "aXcd");
  assert_string_equal(play_log(&p), "data client 0 abc\n"
                                    "conflict client 0 /aXc\n"
                                    "data client 3 d\n"
                                    "anomaly client overlap-conflict x1\n");
  play_finish(&p);
}

static void stop_data__inside_of_the_first_of_two__no_second(void **state) {
  const tcpflow_conn_callbacks cb = play_callbacks();
  tcpflow_conn_config config = play_config();
  play p;

  (void)state;
  play_clear(&p);
  config.max_tail_digests = 4;
  config.max_tail_bytes = 3;
  assert_int_equal(tcpflow_conn_new(&p.conn, &config, &cb, NULL, NULL, &p),
                   TCPFLOW_OK);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  play_send(&p, CLIENT, "P.", 1004, 5001, "def");
  (void)play_log(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "aXcdXf");
  assert_string_equal(play_log(&p), "conflict client 0 /aXc\n"
                                    "conflict client 3 def/dXf\n"
                                    "anomaly client overlap-conflict x1\n");
  p.inside = stop_client;
  play_send(&p, CLIENT, "P.", 1001, 5001, "aXcdXf");
  assert_string_equal(play_log(&p), "conflict client 0 /aXc\n");
  play_finish(&p);
}

static void note_digests__any_request_fails__data_is_told(void **state) {
  (void)state;
  for (size_t n = 1; n <= 3; n++) {
    failmem fm = {0};
    const tcpflow_mem mem = failmem_table(&fm);
    play p;

    begin_digests(&p, 16, 1, &mem);
    play_handshake(&p);
    (void)play_log(&p);
    fm.fail_at = fm.requests + n; /* The extra, what it has, the digests. */
    play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
    assert_string_equal(play_log(&p), "data client 0 abc\n");
    assert_true(fm.requests >= fm.fail_at);
    play_send(&p, CLIENT, "P.", 1001, 5001, "aXc");
    assert_string_equal(play_log(&p), "");
    play_send(&p, CLIENT, "P.", 1004, 5001, "de");
    play_send(&p, CLIENT, "P.", 1001, 5001, "XXXdX");
    assert_string_equal(play_log(&p), "data client 3 de\n"
                                      "conflict client 3 /dX\n"
                                      "anomaly client overlap-conflict x1\n");
    play_finish(&p);
    assert_int_equal(fm.live_blocks, 0);
  }
}

/* Reads them into a connection with other digests. */
static int load_digests(play *p, const octets *from, uint64_t max,
                        uint8_t key) {
  tcpflow__record_reader reader;

  begin_digests(p, max, key, NULL);
  assert_true(tcpflow__record_open(&reader, from->of, from->length));
  return tcpflow__conn_load(p->conn, 9 * TCPFLOW_SECOND, &reader);
}

static void load__digests__those_of_the_key_and_the_last_ones(void **state) {
  octets saved;
  play before;
  play p;

  (void)state;
  begin_digests(&before, 16, 1, NULL);
  play_handshake(&before);
  play_send(&before, CLIENT, "P.", 1001, 5001, "abc");
  play_send(&before, CLIENT, "P.", 1004, 5001, "def");
  save(before.conn, &saved);

  assert_int_equal(load_digests(&p, &saved, 16, 1), TCPFLOW_OK);
  play_send(&p, CLIENT, "P.", 1001, 5001, "aXcdef");
  assert_non_null(strstr(play_log(&p), "conflict client 0 /aXc\n"));
  play_finish(&p);

  assert_int_equal(load_digests(&p, &saved, 1, 1), TCPFLOW_OK);
  play_send(&p, CLIENT, "P.", 1001, 5001, "aXcdXf");
  assert_non_null(strstr(play_log(&p), "conflict client 3 /dXf\n"));
  play_finish(&p);

  assert_int_equal(load_digests(&p, &saved, 16, 2), TCPFLOW_OK);
  play_send(&p, CLIENT, "P.", 1001, 5001, "aXcdXf");
  assert_null(strstr(play_log(&p), "conflict"));
  play_finish(&p);

  assert_int_equal(load_digests(&p, &saved, 0, 1), TCPFLOW_OK);
  assert_null(p.conn->extra->past);
  play_finish(&p);
  play_finish(&before);
}

static void load__digests_of_what_was_not_told__invalid(void **state) {
  octets saved;
  play before;
  play p;

  (void)state;
  begin_digests(&before, 16, 1, NULL);
  play_handshake(&before);
  play_send(&before, CLIENT, "P.", 1001, 5001, "abc");
  tcpflow__digests *const digests = before.conn->extra->past[CLIENT].digests;
  digests->end = 4; /* Behind the stream. */
  save(before.conn, &saved);
  assert_int_equal(load_digests(&p, &saved, 16, 1), TCPFLOW_ERR_INVALID);
  play_finish(&p);
  digests->end = 0; /* An empty range, */
  save(before.conn, &saved);
  assert_int_equal(load_digests(&p, &saved, 16, 1), TCPFLOW_ERR_INVALID);
  play_finish(&p);
  digests->end = TCPFLOW__DIGEST_RANGE + 1; /* and one that is too long. */
  save(before.conn, &saved);
  assert_int_equal(load_digests(&p, &saved, 16, 1), TCPFLOW_ERR_INVALID);
  play_finish(&p);
  play_finish(&before);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(new__more_than_may_be_remembered__invalid),
    cmocka_unit_test(tell__default__not_remembered),
    cmocka_unit_test(tell__told_octets__before_what_is_new),
    cmocka_unit_test(tell__data_of_a_syn__remembered),
    cmocka_unit_test(tell__callback_asks_to_stop__new_octets_are_remembered),
    cmocka_unit_test(stop_data__inside_of_the_conflict__forgotten),
    cmocka_unit_test(stop_data__between_calls__forgotten),
    cmocka_unit_test(skip__octets_passed_over__not_remembered),
    cmocka_unit_test(skip__behind_what_was_told__remembered_on),
    cmocka_unit_test(urgent__left_out_octet__remembered),
    cmocka_unit_test(end__remembered_octets__released),
    cmocka_unit_test(peek__told_octets__those_that_are_remembered),
    cmocka_unit_test(note__any_request_fails__data_is_told),
    cmocka_unit_test(load__fewer_are_remembered__the_last_ones),
    cmocka_unit_test(load__no_memory_for_the_octets__passed_over),
    cmocka_unit_test(load__octets_were_not_told__invalid),
    cmocka_unit_test(new__more_digests_than_may_be__invalid),
    cmocka_unit_test(tell__digest_differs__without_the_first),
    cmocka_unit_test(stop_data__inside_of_the_first_of_two__no_second),
    cmocka_unit_test(note_digests__any_request_fails__data_is_told),
    cmocka_unit_test(load__digests__those_of_the_key_and_the_last_ones),
    cmocka_unit_test(load__digests_of_what_was_not_told__invalid),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
