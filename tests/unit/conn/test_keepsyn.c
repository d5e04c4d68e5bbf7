/*
 * tests/unit/conn/test_keepsyn.c - mirror of lib/conn/keepsyn.c: SYNs that are
 * remembered, and the octets that come with one.
 */
#include "conn/candidates.h"
#include "conn/conn.h"
#include "conn/tell.h"

#include "play.h"
#include "unit/failmem.h"

/* The lines of a log that begin with a word. */
static const char *lines(play *p, const char *word) {
  static char found[1024];
  const char *at = play_log(p);
  size_t used = 0;

  found[0] = '\0';
  for (; *at != '\0'; at += strcspn(at, "\n") + 1) {
    if (strncmp(at, word, strlen(word)) == 0) {
      used += (size_t)snprintf(found + used, sizeof(found) - used, "%.*s\n",
                               (int)strcspn(at, "\n"), at);
    }
  }
  return found;
}

static unsigned kept(const play *p) {
  const tcpflow__candidates *const list = tcpflow__candidates_of(p->conn);

  return list == NULL ? 0 : list->count;
}

/* --- octets: RFC 7413 section 4.2 --- */

/* So many of them as the answer acknowledges; the client's number wraps. */
static void opening_release__taken_in_part__that_part(void **state) {
  static const uint32_t isn = UINT32_C(0xfffffffd);
  static const char *const told[] = {
    "", "data client 0 a\n", "data client 0 ab\n", "data client 0 abc\n",
    "data client 0 abcd\n"};

  (void)state;
  for (uint32_t taken = 0; taken <= 4; taken++) {
    play p;

    play_begin(&p, NULL);
    play_send(&p, CLIENT, "S", isn, 0, "abcd");
    assert_string_equal(lines(&p, "data"), "");
    play_send(&p, SERVER, "S.", 5000, isn + 1 + taken, "");
    assert_string_equal(lines(&p, "data"), told[taken]);
    play_finish(&p);
  }
}

/* What was not taken is sent again, and told once. */
static void opening_release__rest_again__no_octet_twice(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "abcd");
  play_send(&p, SERVER, "S.", 5000, 1003, "");
  assert_string_equal(lines(&p, "data"), "data client 0 ab\n");
  play_send(&p, CLIENT, ".", 1003, 5001, "cdef");
  assert_string_equal(lines(&p, "data"), "data client 2 cdef\n");
  play_finish(&p);
}

/* The answer was not captured, and its sender goes on behind them. */
static void
opening_release__answer_not_captured__by_what_follows(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "abcd");
  play_send(&p, CLIENT, ".", 1005, 5001, "ef");
  assert_string_equal(lines(&p, "data"),
                      "data client 0 abcd\ndata client 4 ef\n");
  play_finish(&p);
}

/* Octets of a stream are held while those of its SYN wait. */
static void hold_early(play *p, uint64_t offset, const char *octets) {
  tcpflow_segment segment;
  const tcpflow__cause cause = {p->now, &segment, CLIENT};
  tcpflow__reasm_input input = {.bytes = (const uint8_t *)octets,
                                .offset = offset,
                                .length = (uint32_t)strlen(octets),
                                .captured = (uint32_t)strlen(octets),
                                .time = p->now};

  tcpflow_segment_init(&segment);
  assert_int_equal(tcpflow__reasm_put(&p->conn->sides->stream[CLIENT],
                                      &p->conn->env->budget,
                                      &p->conn->env->limits, &input),
                   TCPFLOW_OK);
  tcpflow__tell_stream(p->conn, CLIENT, &cause, &input);
}

/* The segment that settles them knows held ones, which stay as they are until
   it has been told. */
static void opening_release__held_ones_differ__told_behind(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "abcd");
  hold_early(&p, 4, "EF");
  (void)play_log(&p);
  play_send(&p, CLIENT, ".", 1005, 5001, "ef");
  (void)play_log(&p);
  assert_non_null(strstr(p.read, "conflict client 4 EF/ef\n"
                                 "data client 0 abcd\n"
                                 "data client 4 EF\n"));
  play_finish(&p);
}

/* Nothing can fail any more when they are told, and that some of them were not
   captured. */
static void opening_release__cut_and_no_memory__told_once(void **state) {
  bool failed = true;

  (void)state;
  for (size_t n = 1; failed; n++) {
    failmem fm = {0};
    const tcpflow_mem mem = failmem_table(&fm);
    play p;

    play_begin(&p, &mem);
    p.cut = 2;
    play_send(&p, CLIENT, "S", 1000, 0, "abcd");
    p.cut = 0;
    play_send(&p, CLIENT, "S", 2000, 0, "");
    (void)play_log(&p);
    fm.fail_at = fm.requests + n;
    const int error = play_try(&p, CLIENT, ".", 1005, 5001, "");
    failed = fm.requests >= fm.fail_at;
    fm.fail_at = 0;
    if (error != TCPFLOW_OK) {
      assert_int_equal(error, TCPFLOW_ERR_NOMEM);
      assert_string_equal(play_log(&p), "");
      play_send(&p, CLIENT, ".", 1005, 5001, "");
    }
    (void)play_log(&p);
    assert_non_null(strstr(p.read, "data client 0 ab\ngap client 2+2 cut\n"));
    play_finish(&p);
    assert_int_equal(fm.live_blocks, 0);
  }
}

static void opening_reserve__no_memory__nothing_changed(void **state) {
  bool done = false;

  (void)state;
  for (size_t n = 1; !done; n++) {
    failmem fm = {0};
    const tcpflow_mem mem = failmem_table(&fm);
    play p;

    play_begin(&p, &mem);
    fm.fail_at = fm.requests + n;
    const int error = play_try(&p, CLIENT, "S", 1000, 0, "abcd");
    done = error == TCPFLOW_OK;
    if (!done) {
      assert_int_equal(error, TCPFLOW_ERR_NOMEM);
      assert_string_equal(play_log(&p), "");
      fm.fail_at = 0;
      play_send(&p, CLIENT, "S", 1000, 0, "abcd");
    }
    play_send(&p, SERVER, "S.", 5000, 1005, "");
    assert_string_equal(lines(&p, "data"), "data client 0 abcd\n");
    play_finish(&p);
    assert_int_equal(fm.live_blocks, 0);
  }
}

/* --- SYNs --- */

/* The first one needs no list; the second brings both into it. */
static void opening_keep__another_number__both_are_kept(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  assert_int_equal(kept(&p), 0);
  play_send(&p, CLIENT, "S", 2000, 0, "");
  assert_int_equal(kept(&p), 2);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  assert_int_equal(kept(&p), 2);
  play_finish(&p);
}

static void opening_keep__numbers__counted_once_each(void **state) {
  tcpflow_conn_info info;
  play p;

  (void)state;
  tcpflow_conn_info_init(&info);
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, CLIENT, "S", 2000, 0, "");
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, CLIENT, "S", 2000, 0, "");
  play_send(&p, CLIENT, "S", 3000, 0, "");
  assert_int_equal(tcpflow_conn_get_info(p.conn, &info), TCPFLOW_OK);
  assert_int_equal(info.incarnations[CLIENT], 3);
  assert_int_equal(info.incarnations[SERVER], 0);
  play_finish(&p);
}

/* Eight of a side have room; the ninth is told as what it is. */
static void opening_keep__nine_numbers__a_flood(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  for (uint32_t i = 0; i < 8; i++) {
    play_send(&p, CLIENT, "S", 1000 * (i + 1), 0, "");
    assert_null(strstr(play_log(&p), "syn-flood"));
  }
  play_send(&p, CLIENT, "S", 9000, 0, "");
  assert_non_null(strstr(play_log(&p), "anomaly client syn-flood x1\n"));
  play_finish(&p);
}

static void opening_keep__many_answers__a_flood_of_them(void **state) {
  bool flood = false;
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  for (uint32_t i = 0; i < 9; i++) {
    play_send(&p, SERVER, "S.", 1000 * (i + 1), 1001, "");
    flood = strstr(play_log(&p), "anomaly server syn-ack-flood") != NULL;
    assert_int_equal(flood, i == 8);
  }
  play_finish(&p);
}

/* --- challenges: RFC 9293 section 3.10.7.4, fourth step --- */

static void opening_challenge__ack_of_what_is_expected__one(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "S", 70000, 0, "");
  play_send(&p, SERVER, ".", 5001, 1001, "");
  assert_true((p.verdict & TCPFLOW_VERDICT_CHALLENGE_ACK) != 0);
  play_send(&p, SERVER, ".", 5001, 1001, "");
  assert_false((p.verdict & TCPFLOW_VERDICT_CHALLENGE_ACK) != 0);
  play_send(&p, CLIENT, "S", 70000, 0, ""); /* And once more. */
  play_send(&p, SERVER, ".", 5001, 1001, "");
  assert_true((p.verdict & TCPFLOW_VERDICT_CHALLENGE_ACK) != 0);
  play_finish(&p);
}

/* Data, or an ACK of something else, goes on with the connection. */
static void opening_challenge__anything_else__none(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "S", 70000, 0, "");
  play_send(&p, SERVER, ".", 5001, 1001, "data");
  assert_false((p.verdict & TCPFLOW_VERDICT_CHALLENGE_ACK) != 0);
  play_send(&p, SERVER, ".", 5001, 1001, "");
  assert_false((p.verdict & TCPFLOW_VERDICT_CHALLENGE_ACK) != 0);
  play_send(&p, CLIENT, ".", 1001, 5005, "");
  assert_false((p.verdict & TCPFLOW_VERDICT_CHALLENGE_ACK) != 0);
  play_finish(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(opening_release__taken_in_part__that_part),
    cmocka_unit_test(opening_release__rest_again__no_octet_twice),
    cmocka_unit_test(opening_release__answer_not_captured__by_what_follows),
    cmocka_unit_test(opening_release__held_ones_differ__told_behind),
    cmocka_unit_test(opening_release__cut_and_no_memory__told_once),
    cmocka_unit_test(opening_reserve__no_memory__nothing_changed),
    cmocka_unit_test(opening_keep__another_number__both_are_kept),
    cmocka_unit_test(opening_keep__numbers__counted_once_each),
    cmocka_unit_test(opening_keep__nine_numbers__a_flood),
    cmocka_unit_test(opening_keep__many_answers__a_flood_of_them),
    cmocka_unit_test(opening_challenge__ack_of_what_is_expected__one),
    cmocka_unit_test(opening_challenge__anything_else__none),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
