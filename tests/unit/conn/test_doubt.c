/*
 * tests/unit/conn/test_doubt.c - an end that may prove to be none.
 */
#include "conn/wait.h"
#include "unit/conn/play.h"
#include "unit/failmem.h"

#define RESET_LOG                                                              \
  "server ESTABLISHED>CLOSED\n"                                                \
  "client ESTABLISHED>CLOSED\n"
#define RESUME_LOG                                                             \
  "client CLOSED>ESTABLISHED\n"                                                \
  "server CLOSED>ESTABLISHED\n"
#define REVERSED "anomaly server rst-reversed x1\n"

/* An end is in doubt for 2 s, and two FINs wait for CLOSE. */
static void begin_on(play *p, tcpflow_time close, const tcpflow_mem *mem) {
  const tcpflow_conn_callbacks cb = play_callbacks();
  tcpflow_conn_config config;

  tcpflow_conn_config_init(&config);
  config.reset_linger_ns = 2 * TCPFLOW_SECOND;
  config.close_linger_ns = close;
  play_clear(p);
  assert_int_equal(tcpflow_conn_new(&p->conn, &config, &cb, NULL, mem, p),
                   TCPFLOW_OK);
}

static void begin_with(play *p, tcpflow_time close) {
  begin_on(p, close, NULL);
}

static void begin(play *p) {
  begin_with(p, 0);
}

/* Open; then a RST of the server. */
static void begin_reset(play *p) {
  begin(p);
  play_handshake(p);
  play_send(p, SERVER, "R", 5001, 0, "");
  assert_string_equal(play_log(p), RESET_LOG);
}

static void doubt__nothing_follows__ends_when_released(void **state) {
  play p;

  (void)state;
  begin_reset(&p);
  play_finish(&p);
  assert_string_equal(play_log(&p), "end reset server CLOSED CLOSED\n");
}

static void doubt__ended_by_the_caller__by_the_reset(void **state) {
  play p;

  (void)state;
  begin_reset(&p);
  assert_int_equal(tcpflow_conn_end(p.conn, p.now, TCPFLOW_END_CALLER),
                   TCPFLOW_OK);
  assert_string_equal(play_log(&p), "end reset server CLOSED CLOSED\n");
  play_finish(&p);
  assert_int_equal(p.ends, 1);
}

static void doubt__segment_after_the_wait__ends_first(void **state) {
  play p;

  (void)state;
  begin_reset(&p);
  p.now += 2 * TCPFLOW_SECOND;
  play_send(&p, SERVER, "P.", 5001, 1001, "late");
  assert_string_equal(play_log(&p), "end reset server CLOSED CLOSED\n");
  play_finish(&p);
  assert_int_equal(p.ends, 1);
}

/* As a tracker's timer has it: the time is over when it has come. */
static void doubt__segment_at_the_end_of_the_wait__ends_first(void **state) {
  play p;

  (void)state;
  begin_reset(&p);
  p.now += 2 * TCPFLOW_SECOND - 2 * TCPFLOW_MILLISECOND;
  play_send(&p, CLIENT, "R", 1001, 0, "");
  assert_string_equal(play_log(&p), "");
  play_send(&p, SERVER, "P.", 5001, 1001, "late");
  assert_string_equal(play_log(&p), "end reset server CLOSED CLOSED\n");
  play_finish(&p);
}

/* The client closes, then the server; the last ACK is yet to come. */
static void begin_close(play *p) {
  begin_with(p, TCPFLOW_SECOND);
  play_handshake(p);
  play_send(p, CLIENT, "F.", 1001, 5001, "");
  play_send(p, SERVER, "F.", 5001, 1002, "");
  (void)play_log(p);
}

/* What that brings. */
#define CLOSE_LOG                                                              \
  "client FIN-WAIT-2>TIME-WAIT\n"                                              \
  "server LAST-ACK>CLOSED\n"

/* RFC 1337: a RST ends TIME-WAIT, and then an old SYN may begin the next
   connection, whether or not the end was told when it came. */
static void doubt__straggler_ends_the_wait__is_remembered(void **state) {
  tcpflow_segment syn;
  play p;

  (void)state;
  begin_close(&p);
  play_send(&p, CLIENT, ".", 1002, 5002, "");
  assert_null(strstr(play_log(&p), "end"));
  p.now += 2 * TCPFLOW_SECOND;
  syn = play_segment(&p, "S", 500, 0, "");
  assert_int_equal(tcpflow_conn_claims(p.conn, SERVER, &syn),
                   TCPFLOW_CLAIM_MINE);
  play_send(&p, SERVER, "R", 5002, 0, "");
  assert_string_equal(play_log(&p), "end fin client TIME-WAIT CLOSED\n");
  assert_int_equal(tcpflow_conn_claims(p.conn, SERVER, &syn),
                   TCPFLOW_CLAIM_SUCCESSOR);
  play_finish(&p);
}

static void doubt__no_wait__ends_at_once(void **state) {
  const tcpflow_conn_callbacks cb = play_callbacks();
  tcpflow_conn_config config;
  play p;

  (void)state;
  tcpflow_conn_config_init(&config);
  config.reset_linger_ns = 0;
  play_clear(&p);
  assert_int_equal(tcpflow_conn_new(&p.conn, &config, &cb, NULL, NULL, &p),
                   TCPFLOW_OK);
  play_handshake(&p);
  play_send(&p, SERVER, "R", 5001, 0, "");
  assert_string_equal(play_log(&p),
                      RESET_LOG "end reset server CLOSED CLOSED\n");
  play_finish(&p);
}

/* The server sends what lies behind its RST: it has not sent it. */
static void doubt__data_behind_the_reset__goes_on(void **state) {
  play p;

  (void)state;
  begin_reset(&p);
  play_send(&p, SERVER, "P.", 5001, 1001, "abc");
  assert_string_equal(play_log(&p),
                      RESUME_LOG "data server 0 abc\n" REVERSED
                                 "anomaly server data-after-rst x1\n");
  assert_true((p.verdict & TCPFLOW_VERDICT_RST_REVERSED) != 0);
  play_send(&p, CLIENT, ".", 1001, 5004, "");
  assert_string_equal(play_log(&p), "");
  play_finish(&p);
  assert_string_equal(play_log(&p),
                      "end flushed client ESTABLISHED ESTABLISHED\n");
}

/* Data that was sent before the RST, and is captured behind it. */
static void doubt__data_before_the_reset__stays(void **state) {
  play p;

  (void)state;
  begin(&p);
  play_handshake(&p);
  play_send(&p, SERVER, "P.", 5001, 1001, "abc");
  play_send(&p, SERVER, "R", 5004, 0, "");
  (void)play_log(&p);
  play_send(&p, SERVER, "P.", 5001, 1001, "abc");
  assert_true((p.verdict & TCPFLOW_VERDICT_AFTER_RST) != 0);
  assert_true((p.verdict & TCPFLOW_VERDICT_RST_REVERSED) == 0);
  play_finish(&p);
  assert_int_equal(p.ends, 1);
}

/* The client sends on; the server acknowledges that. */
static void doubt__ack_of_what_came_later__goes_on(void **state) {
  play p;

  (void)state;
  begin_reset(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  assert_true((p.verdict & TCPFLOW_VERDICT_AFTER_RST) != 0);
  assert_string_equal(play_log(&p), "data client 0 abc\n");
  play_send(&p, SERVER, ".", 5001, 1004, "");
  assert_string_equal(play_log(&p), RESUME_LOG REVERSED);
  play_finish(&p);
}

/* An ACK that the server may have sent before its RST. */
static void doubt__old_ack__stays(void **state) {
  play p;

  (void)state;
  begin_reset(&p);
  play_send(&p, SERVER, ".", 5001, 1001, "");
  assert_string_equal(play_log(&p), "");
  p.now += 201 * TCPFLOW_MILLISECOND;
  play_send(&p, SERVER, ".", 5001, 1001, "");
  assert_string_equal(play_log(&p), RESUME_LOG REVERSED);
  play_finish(&p);
}

/* What happens meanwhile has happened, if the RST was none. */
static void doubt__fin_meanwhile__is_not_lost(void **state) {
  play p;

  (void)state;
  begin_reset(&p);
  play_send(&p, CLIENT, "F.", 1001, 5001, "");
  assert_string_equal(play_log(&p), "");
  play_send(&p, SERVER, ".", 5001, 1002, "");
  assert_string_equal(play_log(&p), "client CLOSED>FIN-WAIT-1\n"
                                    "server CLOSED>ESTABLISHED\n"
                                    "server ESTABLISHED>CLOSE-WAIT\n"
                                    "client FIN-WAIT-1>FIN-WAIT-2\n" REVERSED);
  play_finish(&p);
}

static void doubt__reset_again__one_end(void **state) {
  play p;

  (void)state;
  begin_reset(&p);
  play_send(&p, SERVER, "R", 5001, 0, "");
  play_send(&p, CLIENT, "R", 1001, 0, "");
  assert_string_equal(play_log(&p), "");
  play_finish(&p);
  assert_string_equal(play_log(&p), "end reset server CLOSED CLOSED\n");
}

static void doubt__reversed_and_reset_again__doubted_again(void **state) {
  play p;

  (void)state;
  begin_reset(&p);
  play_send(&p, SERVER, "P.", 5001, 1001, "abc");
  (void)play_log(&p);
  play_send(&p, CLIENT, "R.", 1001, 5004, "");
  assert_string_equal(play_log(&p), "client ESTABLISHED>CLOSED\n"
                                    "server ESTABLISHED>CLOSED\n");
  play_finish(&p);
  assert_string_equal(play_log(&p), "end reset client CLOSED CLOSED\n");
}

/* A SYN that was refused is tried again, as some systems do. */
static void doubt__refused_syn_comes_again__goes_on(void **state) {
  play p;

  (void)state;
  begin(&p);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, SERVER, "R.", 0, 1001, "");
  (void)play_log(&p);
  p.now += 500 * TCPFLOW_MILLISECOND;
  play_send(&p, CLIENT, "S", 1000, 0, "");
  assert_string_equal(play_log(&p), "client CLOSED>SYN-SENT\n"
                                    "server CLOSED>LISTEN\n"
                                    "anomaly client rst-reversed x1\n");
  play_send(&p, SERVER, "S.", 5000, 1001, "");
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  (void)play_log(&p);
  play_finish(&p);
  assert_string_equal(play_log(&p),
                      "end flushed client ESTABLISHED ESTABLISHED\n");
}

/* A SYN that was sent again before the RST was there. */
static void doubt__syn_right_behind_the_reset__stays(void **state) {
  play p;

  (void)state;
  begin(&p);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, SERVER, "R.", 0, 1001, "");
  (void)play_log(&p);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  assert_string_equal(play_log(&p), "");
  play_finish(&p);
  assert_string_equal(play_log(&p), "end reset server CLOSED CLOSED\n");
}

/* Data held behind a hole is told when the end is certain. */
static void doubt__hole__is_settled_at_the_end(void **state) {
  play p;

  (void)state;
  begin(&p);
  play_handshake(&p);
  play_send(&p, SERVER, "P.", 5004, 1001, "def");
  play_send(&p, SERVER, "R", 5001, 0, "");
  assert_string_equal(play_log(&p), RESET_LOG);
  play_finish(&p);
  assert_string_equal(play_log(&p), "gap server 0+3 closed\n"
                                    "data server 3 def\n"
                                    "anomaly server closed-with-holes x1\n"
                                    "end reset server CLOSED CLOSED\n");
}

static void end_in_callback(play *p, const char *event) {
  if (strcmp(event, "state") == 0) {
    assert_int_equal(tcpflow_conn_end(p->conn, p->now, TCPFLOW_END_CALLER),
                     TCPFLOW_OK);
  }
}

static void doubt__ended_inside_a_callback__by_the_reset(void **state) {
  play p;

  (void)state;
  begin(&p);
  play_handshake(&p);
  p.inside = end_in_callback;
  play_send(&p, SERVER, "R", 5001, 0, "");
  assert_string_equal(play_log(&p),
                      RESET_LOG "end reset server CLOSED CLOSED\n");
  play_finish(&p);
  assert_int_equal(p.ends, 1);
}

static const char *end_at;

static void end_at_event(play *p, const char *event) {
  if (strcmp(event, end_at) == 0) {
    assert_int_equal(tcpflow_conn_end(p->conn, p->now, TCPFLOW_END_CALLER),
                     TCPFLOW_OK);
  }
}

/* Nobody waits for what comes late. */
static void doubt__fins_and_ended_inside_a_callback__at_once(void **state) {
  static const char *const events[] = {"segment", "state", "anomaly"};

  (void)state;
  for (unsigned i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
    play p;

    begin_close(&p);
    end_at = events[i];
    p.inside = end_at_event;
    /* The urgent pointer is odd. */
    play_send(&p, CLIENT, "U.", 1002, 5002, "");
    assert_string_equal(play_log(&p),
                        CLOSE_LOG "anomaly client urgent x1\n"
                                  "end fin client TIME-WAIT CLOSED\n");
    play_finish(&p);
    assert_int_equal(p.ends, 1);
  }
}

/* Nobody has asked whose it is; a tracker begins another connection. */
static void doubt__syn_fed__odd(void **state) {
  play p;

  (void)state;
  begin_reset(&p);
  play_send(&p, CLIENT, "S", 70000, 0, "");
  assert_string_equal(play_log(&p), "anomaly client syn-after-rst x1\n");
  play_finish(&p);
}

static void doubt__no_memory__nothing_changed(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  begin_on(&p, 0, &mem);
  play_handshake(&p);
  fm.requests = 0;
  fm.fail_at = 1;
  assert_int_equal(play_try(&p, SERVER, "R", 5001, 0, ""), TCPFLOW_ERR_NOMEM);
  assert_string_equal(play_log(&p), "");
  assert_null(p.conn->wait);
  fm.fail_at = 0;
  play_send(&p, SERVER, "R", 5001, 0, "");
  assert_string_equal(play_log(&p), RESET_LOG);
  assert_non_null(p.conn->wait);
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

/* Who waits for nothing takes no memory. */
static void doubt__no_linger__no_memory(void **state) {
  play p;

  (void)state;
  begin(&p);
  play_handshake(&p);
  play_send(&p, CLIENT, "F.", 1001, 5001, "");
  play_send(&p, SERVER, "F.", 5001, 1002, "");
  assert_null(p.conn->wait);
  play_finish(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(doubt__nothing_follows__ends_when_released),
    cmocka_unit_test(doubt__ended_by_the_caller__by_the_reset),
    cmocka_unit_test(doubt__segment_after_the_wait__ends_first),
    cmocka_unit_test(doubt__segment_at_the_end_of_the_wait__ends_first),
    cmocka_unit_test(doubt__straggler_ends_the_wait__is_remembered),
    cmocka_unit_test(doubt__no_wait__ends_at_once),
    cmocka_unit_test(doubt__data_behind_the_reset__goes_on),
    cmocka_unit_test(doubt__data_before_the_reset__stays),
    cmocka_unit_test(doubt__ack_of_what_came_later__goes_on),
    cmocka_unit_test(doubt__old_ack__stays),
    cmocka_unit_test(doubt__fin_meanwhile__is_not_lost),
    cmocka_unit_test(doubt__reset_again__one_end),
    cmocka_unit_test(doubt__reversed_and_reset_again__doubted_again),
    cmocka_unit_test(doubt__refused_syn_comes_again__goes_on),
    cmocka_unit_test(doubt__syn_right_behind_the_reset__stays),
    cmocka_unit_test(doubt__hole__is_settled_at_the_end),
    cmocka_unit_test(doubt__ended_inside_a_callback__by_the_reset),
    cmocka_unit_test(doubt__fins_and_ended_inside_a_callback__at_once),
    cmocka_unit_test(doubt__syn_fed__odd),
    cmocka_unit_test(doubt__no_memory__nothing_changed),
    cmocka_unit_test(doubt__no_linger__no_memory),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
