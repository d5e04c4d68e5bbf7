/* tests/unit/conn/test_again.c - mirror of lib/conn/again.c.  That a restart
   does not show: tests/script/keep-*.flow. */
#include "conn/again.h"
#include "conn/conn.h"
#include "conn/extra.h"
#include "unit/conn/play.h"
#include "unit/failmem.h"

/* What the callback of data asks for. */
static size_t wanted;
static int answered;

static void keep_client(play *p, const char *event) {
  if (strcmp(event, "data") == 0) {
    answered = tcpflow_conn_keep(p->conn, CLIENT, wanted);
  }
}

static void begin(play *p, const tcpflow_mem *mem) {
  play_begin(p, mem);
  play_handshake(p);
  p->inside = keep_client;
  answered = -1;
}

static void keep__half_a_message__again_with_the_rest(void **state) {
  play p;

  (void)state;
  begin(&p, NULL);
  wanted = 2;
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  assert_int_equal(answered, TCPFLOW_OK);
  play_send(&p, CLIENT, "P.", 1004, 5001, "de");
  wanted = 0;
  play_send(&p, CLIENT, "P.", 1006, 5001, "f");
  play_send(&p, CLIENT, "P.", 1007, 5001, "g");
  assert_string_equal(play_log(&p), "data client 0 abc\n"
                                    "data client 1 bcde\n"
                                    "data client 3 def\n"
                                    "data client 6 g\n");
  play_finish(&p);
}

static void keep__before_a_gap__once_more_by_themselves(void **state) {
  play p;

  (void)state;
  begin(&p, NULL);
  wanted = 1;
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  wanted = 0;
  play_send(&p, CLIENT, "P.", 1007, 5001, "ghi");
  play_send(&p, SERVER, ".", 5001, 1010, "");
  assert_string_equal(play_log(&p), "data client 0 abc\n"
                                    "data client 2 c\n"
                                    "gap client 3+3 acked\n"
                                    "data client 6 ghi\n");
  assert_int_equal(answered, TCPFLOW_OK);
  play_finish(&p);
}

static void keep__octets_by_themselves__not_once_more(void **state) {
  play p;

  (void)state;
  begin(&p, NULL);
  wanted = 1;
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  assert_int_equal(tcpflow_conn_end(p.conn, p.now, TCPFLOW_END_CALLER),
                   TCPFLOW_OK);
  assert_string_equal(play_log(&p),
                      "data client 0 abc\n"
                      "data client 2 c\n"
                      "end caller client ESTABLISHED ESTABLISHED\n");
  assert_int_equal(answered, TCPFLOW_ERR_STATE);
  play_finish(&p);
}

static void keep__outside_of_on_data__state(void **state) {
  play p;

  (void)state;
  begin(&p, NULL);
  assert_int_equal(tcpflow_conn_keep(p.conn, CLIENT, 1), TCPFLOW_ERR_STATE);
  assert_int_equal(tcpflow_conn_keep(p.conn, (tcpflow_side)2, 1),
                   TCPFLOW_ERR_INVALID);
  wanted = 1;
  play_send(&p, SERVER, "P.", 5001, 1001, "xyz");
  assert_int_equal(answered, TCPFLOW_ERR_STATE);
  wanted = 4;
  play_send(&p, CLIENT, "P.", 1001, 5004, "abc");
  assert_int_equal(answered, TCPFLOW_ERR_INVALID);
  play_finish(&p);
}

static void stop_data__with_kept_octets__they_are_gone(void **state) {
  play p;

  (void)state;
  begin(&p, NULL);
  wanted = 3;
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  tcpflow_conn_stop_data(p.conn, CLIENT);
  play_send(&p, CLIENT, "P.", 1004, 5001, "def");
  assert_string_equal(play_log(&p), "data client 0 abc\n");
  assert_null(*tcpflow__again_of(p.conn, CLIENT));
  play_finish(&p);
}

static void skip__behind_kept_octets__they_come_by_themselves(void **state) {
  play p;

  (void)state;
  begin(&p, NULL);
  wanted = 1;
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  assert_int_equal(tcpflow_conn_skip(p.conn, CLIENT, 2), TCPFLOW_OK);
  wanted = 0;
  play_send(&p, CLIENT, "P.", 1004, 5001, "def");
  assert_string_equal(play_log(&p), "data client 0 abc\n"
                                    "data client 2 c\n"
                                    "data client 5 f\n");
  play_finish(&p);
}

static void keep__without_memory__nothing_is_kept(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  begin(&p, &mem);
  wanted = 2;
  fm.fail_at = 1;
  fm.fail_from = 1;
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  assert_int_equal(answered, TCPFLOW_ERR_NOMEM);
  fm.fail_at = 0;
  fm.fail_from = 0;
  play_send(&p, CLIENT, "P.", 1004, 5001, "de");
  assert_int_equal(answered, TCPFLOW_OK);
  assert_string_equal(play_log(&p), "data client 0 abc\n"
                                    "data client 3 de\n");
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

/* Where there is no memory to join them, nothing is lost either. */
static void join__without_memory__one_after_the_other(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  char text[400];
  play p;

  (void)state;
  memset(text, 'x', sizeof(text) - 1);
  text[sizeof(text) - 1] = '\0';
  begin(&p, &mem);
  wanted = 2;
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  (void)play_log(&p);
  fm.fail_at = fm.requests + 1;
  fm.fail_from = 1;
  play_send(&p, CLIENT, "P.", 1004, 5001, text);
  assert_int_equal(strncmp(play_log(&p),
                           "data client 1 bc\n"
                           "data client 3 xxx",
                           30),
                   0);
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

/* --- a reader that keeps what it likes ------------------------------------ */

enum {
  LENGTH = 3000
};

typedef struct reader {
  uint64_t chance;
  uint64_t next; /* Octets told so far. */
  uint64_t kept;
  bool limited;
} reader;

static uint32_t random_below(reader *r, uint32_t n) {
  r->chance ^= r->chance << 13;
  r->chance ^= r->chance >> 7;
  r->chance ^= r->chance << 17;
  return (uint32_t)(r->chance >> 32) % n;
}

static uint8_t octet(uint64_t at) {
  return (uint8_t)(at * 7 + at / 256 * 13);
}

static int read_some(tcpflow_conn *conn, const tcpflow_data_event *event,
                     void *user) {
  reader *const r = user;
  const tcpflow_stream_data *const data = event->data;
  const uint32_t keep = random_below(r, (uint32_t)data->length + 1);

  assert_true(data->offset + data->kept == r->next);
  assert_int_equal(data->kept, r->kept);
  for (size_t i = 0; i < data->length; i++) {
    assert_int_equal(data->bytes[i], octet(data->offset + i));
  }
  r->next = data->offset + data->length;
  r->kept = keep;
  if (data->kept == data->length ||
      tcpflow_conn_keep(conn, event->side, keep) != TCPFLOW_OK) {
    r->kept = 0;
    r->limited = true;
  }
  return 0;
}

/* Any cutting, in any order within a window. */
static void send_all(reader *r, tcpflow_conn *conn) {
  uint8_t octets[LENGTH];
  uint32_t at[2] = {0, 0};
  tcpflow_segment segment;

  for (uint32_t i = 0; i < LENGTH; i++) {
    octets[i] = octet(i);
  }
  tcpflow_segment_init(&segment);
  segment.flags = TCPFLOW_FLAG_ACK;
  segment.window = 60000;
  segment.seq = 7;
  assert_int_equal(tcpflow_conn_feed(conn, CLIENT, &segment), TCPFLOW_OK);
  while (at[0] < LENGTH) {
    const uint32_t ahead = random_below(r, 3) == 0 ? random_below(r, 200) : 0;
    const uint32_t from = at[0] + ahead < LENGTH ? at[0] + ahead : at[0];
    const uint32_t most = LENGTH - from < 300 ? LENGTH - from : 300;
    const uint32_t length = 1 + random_below(r, most);

    segment.time += TCPFLOW_MILLISECOND;
    segment.seq = 7 + from;
    segment.payload = octets + from;
    segment.payload_length = length;
    segment.payload_captured = length;
    assert_int_equal(tcpflow_conn_feed(conn, CLIENT, &segment), TCPFLOW_OK);
    at[0] = from == at[0] ? from + length : at[0];
  }
}

static void keep__any_number_of_any_cutting__the_same_stream(void **state) {
  tcpflow_conn_callbacks callbacks;
  tcpflow_conn_config config;

  (void)state;
  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_data = read_some;
  for (unsigned seed = 1; seed <= 200; seed++) {
    reader r = {.chance = seed * UINT64_C(0x9e3779b97f4a7c15)};
    tcpflow_conn *conn = NULL;

    tcpflow_conn_config_init(&config);
    assert_int_equal(
      tcpflow_conn_new(&conn, &config, &callbacks, NULL, NULL, &r), TCPFLOW_OK);
    send_all(&r, conn);
    assert_true(r.next == LENGTH);
    assert_false(r.limited);
    tcpflow_conn_del(conn);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(keep__half_a_message__again_with_the_rest),
    cmocka_unit_test(keep__before_a_gap__once_more_by_themselves),
    cmocka_unit_test(keep__octets_by_themselves__not_once_more),
    cmocka_unit_test(keep__outside_of_on_data__state),
    cmocka_unit_test(stop_data__with_kept_octets__they_are_gone),
    cmocka_unit_test(skip__behind_kept_octets__they_come_by_themselves),
    cmocka_unit_test(keep__without_memory__nothing_is_kept),
    cmocka_unit_test(join__without_memory__one_after_the_other),
    cmocka_unit_test(keep__any_number_of_any_cutting__the_same_stream),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
