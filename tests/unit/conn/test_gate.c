/* tests/unit/conn/test_gate.c - mirror of lib/conn/gate.c.  What waits for
   which ACK, and that a restart does not show: tests/script/acked-*.flow. */
#include "conn/conn.h"
#include "conn/connrecord.h"
#include "conn/fold.h"
#include "unit/conn/play.h"
#include "unit/failmem.h"

static void begin(play *p, const tcpflow_mem *mem) {
  const tcpflow_conn_callbacks cb = play_callbacks();
  tcpflow_conn_config config = play_config();

  play_clear(p);
  config.delivery = TCPFLOW_DELIVERY_ACKED;
  assert_int_equal(tcpflow_conn_new(&p->conn, &config, &cb, NULL, mem, p),
                   TCPFLOW_OK);
}

static tcpflow_endpoint_info client_of(const play *p) {
  tcpflow_endpoint_info info;

  tcpflow_endpoint_info_init(&info);
  assert_int_equal(tcpflow_conn_get_endpoint(p->conn, CLIENT, &info),
                   TCPFLOW_OK);
  return info;
}

static void new__no_such_delivery__invalid(void **state) {
  tcpflow_conn_config config = play_config();
  tcpflow_conn *conn = NULL;

  (void)state;
  config.delivery = TCPFLOW_DELIVERY_ACKED + 1;
  assert_int_equal(tcpflow_conn_new(&conn, &config, NULL, NULL, NULL, NULL),
                   TCPFLOW_ERR_INVALID);
  assert_null(conn);
}

static void feed__in_order__waits_for_its_ack(void **state) {
  play p;

  (void)state;
  begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  assert_string_equal(play_log(&p), "");
  assert_int_equal(client_of(&p).delivered, 0);
  play_send(&p, SERVER, ".", 5001, 1003, "");
  assert_string_equal(play_log(&p), "data client 0 ab\n");
  assert_int_equal(client_of(&p).delivered, 2);
  play_finish(&p);
}

/* Who is not listened to holds nothing. */
static void feed__nobody_listens__nothing_is_held(void **state) {
  tcpflow_conn_callbacks cb;
  tcpflow_conn_config config = play_config();
  play p;

  (void)state;
  tcpflow_conn_callbacks_init(&cb);
  play_clear(&p);
  config.delivery = TCPFLOW_DELIVERY_ACKED;
  assert_int_equal(tcpflow_conn_new(&p.conn, &config, &cb, NULL, NULL, &p),
                   TCPFLOW_OK);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  assert_int_equal(p.conn->sides->stream[CLIENT].rest->pieces, 0);
  assert_int_equal(client_of(&p).delivered, 3);
  play_finish(&p);
}

static void feed__no_memory_for_what_waits__nothing_changed(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow__sides sides;
  tcpflow_conn before;
  play p;

  (void)state;
  begin(&p, &mem);
  play_handshake(&p);
  memcpy(&before, p.conn, sizeof(before));
  memcpy(&sides, tcpflow__conn_sides(p.conn), sizeof(sides));
  fm.fail_at = fm.requests + 1;
  assert_int_equal(play_try(&p, CLIENT, "P.", 1001, 5001, "abc"),
                   TCPFLOW_ERR_NOMEM);
  assert_memory_equal(&before, p.conn, sizeof(before));
  assert_memory_equal(&sides, tcpflow__conn_sides(p.conn), sizeof(sides));
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  play_send(&p, SERVER, ".", 5001, 1004, "");
  assert_string_equal(play_log(&p), "data client 0 abc\n");
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

/* RFC 7413 section 4.2.2: the client goes on behind the octets of its SYN only
   if they were taken. */
static void feed__behind_the_octets_of_a_syn__they_were_taken(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  begin(&p, &mem);
  play_send(&p, CLIENT, "S", 1000, 0, "abc");
  (void)play_log(&p);
  play_send(&p, CLIENT, "P.", 1004, 5001, "de");
  assert_non_null(strstr(play_log(&p), "data client 0 abc\n"));
  play_send(&p, SERVER, ".", 5001, 1006, "");
  assert_string_equal(play_log(&p), "data client 3 de\n");
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

/* What a receiver that was not heard has acknowledged is not known; from the
   first segment of it on, it is. */
static void feed__receiver_is_heard_at_last__its_acks_count(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  begin(&p, &mem);
  play_send(&p, CLIENT, ".", 1001, 5001, "a");
  play_send(&p, CLIENT, ".", 1002, 5001, "b");
  play_send(&p, CLIENT, ".", 1003, 5001, "c");
  play_send(&p, CLIENT, ".", 1004, 5001, "d");
  (void)play_log(&p);
  assert_int_equal(client_of(&p).delivered, 4);
  play_send(&p, SERVER, ".", 5001, 1005, "");
  play_send(&p, CLIENT, ".", 1005, 5001, "e");
  assert_int_equal(client_of(&p).delivered, 4);
  play_send(&p, SERVER, ".", 5001, 1006, "");
  assert_int_equal(client_of(&p).delivered, 5);
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

static void stop_client(play *p, const char *event) {
  if (strcmp(event, "data") == 0) {
    tcpflow_conn_stop_data(p->conn, CLIENT);
  }
}

static void stop_data__inside_of_data__what_waits_is_not_told(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  begin(&p, &mem);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  play_send(&p, CLIENT, "P.", 1004, 5001, "def");
  p.inside = stop_client;
  play_send(&p, SERVER, ".", 5001, 1003, "");
  assert_string_equal(play_log(&p), "data client 0 ab\n");
  assert_int_equal(p.conn->sides->stream[CLIENT].rest->pieces, 0);
  assert_int_equal(client_of(&p).missing, 0);
  assert_int_equal(client_of(&p).delivered, 6);
  play_send(&p, CLIENT, "P.", 1007, 5001, "ghi");
  assert_int_equal(p.conn->sides->stream[CLIENT].rest->pieces, 0);
  assert_string_equal(play_log(&p), "");
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

static void end__callback_asks_to_stop__rest_is_silent(void **state) {
  play p;

  (void)state;
  begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  play_send(&p, CLIENT, "P.", 1004, 5001, "def");
  p.answer = 1;
  p.answer_at = "data";
  assert_int_equal(tcpflow_conn_end(p.conn, p.now, TCPFLOW_END_CALLER),
                   TCPFLOW_ERR_CALLBACK);
  assert_string_equal(
    play_log(&p),
    "data client 0 abc\nend caller client ESTABLISHED ESTABLISHED\n");
  play_finish(&p);
}

static void peek__what_waits__shown(void **state) {
  tcpflow_stream_data found;
  play p;

  (void)state;
  begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  assert_int_equal(tcpflow_conn_peek(p.conn, CLIENT, 1, &found), 2);
  assert_memory_equal(found.bytes, "bc", 2);
  play_finish(&p);
}

static unsigned kept;
static unsigned released;

static void *keep(void *handle, const uint8_t *bytes, size_t length,
                  void *user) {
  (void)bytes;
  (void)length;
  (void)user;
  kept++;
  return handle;
}

static void let_go(void *held, void *user) {
  (void)held;
  (void)user;
  released++;
}

/* What waits lies in the caller's buffer, if he can keep it. */
static void feed__callers_buffer__kept_until_the_ack(void **state) {
  const tcpflow_hold hold = {keep, let_go, NULL};
  const tcpflow_conn_callbacks cb = play_callbacks();
  tcpflow_conn_config config = play_config();
  tcpflow_segment segment;
  play p;

  (void)state;
  kept = 0;
  released = 0;
  play_clear(&p);
  config.delivery = TCPFLOW_DELIVERY_ACKED;
  config.hold = &hold;
  assert_int_equal(tcpflow_conn_new(&p.conn, &config, &cb, NULL, NULL, &p),
                   TCPFLOW_OK);
  play_handshake(&p);
  segment = play_segment(&p, "P.", 1001, 5001, "abc");
  segment.handle = &segment;
  assert_int_equal(tcpflow_conn_feed(p.conn, CLIENT, &segment), TCPFLOW_OK);
  assert_int_equal(kept, 1);
  assert_int_equal(released, 0);
  play_send(&p, SERVER, ".", 5001, 1004, "");
  assert_string_equal(play_log(&p), "data client 0 abc\n");
  assert_int_equal(released, 1);
  play_finish(&p);
}

/* --- as octets ----------------------------------------------------------- */

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

static int load(play *p, const octets *from) {
  tcpflow__record_reader reader;

  assert_true(tcpflow__record_open(&reader, from->of, from->length));
  return tcpflow__conn_load(p->conn, 9 * TCPFLOW_SECOND, &reader);
}

/* A connection goes on as it was, whatever the next ones do. */
static void load__others_are_told_at_once__still_waits(void **state) {
  octets saved;
  play before;
  play p;

  (void)state;
  begin(&before, NULL);
  play_handshake(&before);
  play_send(&before, CLIENT, "P.", 1001, 5001, "abc");
  save(before.conn, &saved);
  play_begin(&p, NULL);
  p.now = before.now;
  assert_int_equal(load(&p, &saved), TCPFLOW_OK);
  play_send(&p, SERVER, ".", 5001, 1003, "");
  assert_string_equal(play_log(&p), "data client 0 ab\n");
  play_finish(&p);
  assert_string_equal(play_log(&p), "data client 2 c\nend flushed client "
                                    "ESTABLISHED ESTABLISHED\n");
  play_finish(&before);
}

/* Nobody listens any more: nothing is held from then on. */
static void load__nobody_listens__nothing_waits(void **state) {
  tcpflow_conn_callbacks cb;
  octets saved;
  play before;
  play p;

  (void)state;
  begin(&before, NULL);
  play_handshake(&before);
  play_send(&before, CLIENT, "P.", 1001, 5001, "abc");
  save(before.conn, &saved);
  tcpflow_conn_callbacks_init(&cb);
  play_clear(&p);
  p.now = before.now;
  assert_int_equal(tcpflow_conn_new(&p.conn, NULL, &cb, NULL, NULL, &p),
                   TCPFLOW_OK);
  assert_int_equal(load(&p, &saved), TCPFLOW_OK);
  play_send(&p, CLIENT, "P.", 1004, 5001, "def");
  assert_int_equal(p.conn->sides->stream[CLIENT].rest->pieces, 0);
  assert_int_equal(client_of(&p).delivered, 6);
  play_finish(&p);
  play_finish(&before);
}

static void load__gate_of_a_connection_without_one__invalid(void **state) {
  octets saved;
  play before;
  play p;

  (void)state;
  begin(&before, NULL);
  play_handshake(&before);
  before.conn->bits &= ~(uint32_t)TCPFLOW__CONN_GATED;
  save(before.conn, &saved);
  play_begin(&p, NULL);
  assert_int_equal(load(&p, &saved), TCPFLOW_ERR_INVALID);
  tcpflow__conn_clear(p.conn);
  tcpflow__conn_init(p.conn, tcpflow__conn_sides(p.conn), p.conn->env);
  play_finish(&p);
  play_finish(&before);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(new__no_such_delivery__invalid),
    cmocka_unit_test(feed__in_order__waits_for_its_ack),
    cmocka_unit_test(feed__nobody_listens__nothing_is_held),
    cmocka_unit_test(feed__no_memory_for_what_waits__nothing_changed),
    cmocka_unit_test(feed__behind_the_octets_of_a_syn__they_were_taken),
    cmocka_unit_test(feed__receiver_is_heard_at_last__its_acks_count),
    cmocka_unit_test(stop_data__inside_of_data__what_waits_is_not_told),
    cmocka_unit_test(end__callback_asks_to_stop__rest_is_silent),
    cmocka_unit_test(peek__what_waits__shown),
    cmocka_unit_test(feed__callers_buffer__kept_until_the_ack),
    cmocka_unit_test(load__others_are_told_at_once__still_waits),
    cmocka_unit_test(load__nobody_listens__nothing_waits),
    cmocka_unit_test(load__gate_of_a_connection_without_one__invalid),
  };

  return cmocka_run_group_tests_name("gate", tests, NULL, NULL);
}
