/* tests/unit/conn/test_firstsyn.c - mirror of lib/conn/firstsyn.c. */
#include "conn/firstsyn.h"

#include "conn/fold.h"
#include "unit/conn/play.h"

static const uint16_t PORTS[2] = {50000, 80};

/* A SYN as p's options are, with more flags than SYN. */
static tcpflow_segment syn_of(const play *p, const char *flags) {
  tcpflow_segment segment = play_segment(p, flags, 1000, 0, "");

  segment.ip_ttl = 64;
  segment.ip_id = 77;
  return segment;
}

static void begin(play *p, tcpflow__sides *blank) {
  play_begin(p, NULL);
  *blank = *tcpflow__conn_sides(p->conn);
  p->conn->env->blank = blank;
}

static void begin_folded(tcpflow_conn *conn, const tcpflow_segment *segment) {
  tcpflow__firstsyn_take(conn, segment);
  tcpflow__firstsyn_tell(conn, NULL, segment);
}

/* Follows the SYN the general way, and folds behind it. */
static void follow(play *p, const tcpflow_segment *segment) {
  p->conn->env->routine = false;
  assert_int_equal(tcpflow_conn_feed(p->conn, CLIENT, segment), TCPFLOW_OK);
  assert_non_null(tcpflow__conn_fold(p->conn));
}

static void assert_same(const tcpflow_conn *a, const tcpflow_conn *b) {
  assert_memory_equal(&a->folded, &b->folded, sizeof(a->folded));
  assert_true(a->first == b->first && a->last == b->last);
  assert_int_equal(a->bits, b->bits);
  assert_int_equal(a->open_kind, b->open_kind);
  assert_int_equal(a->role, b->role);
}

/* Both ways, and what follows. */
static void compare(const tcpflow_options *options, const char *flags,
                    uint8_t tos) {
  tcpflow__sides blank[2];
  tcpflow_conn folded[2];
  play p[2];

  for (unsigned i = 0; i < 2; i++) {
    begin(&p[i], &blank[i]);
    p[i].options = *options;
    tcpflow_segment segment = syn_of(&p[i], flags);
    segment.ip_tos = tos;
    tcpflow__sides *const sides = tcpflow__conn_sides(p[i].conn);
    assert_true(tcpflow__firstsyn_is(p[i].conn->env, PORTS, &segment));
    if (i == 0) {
      follow(&p[i], &segment);
    } else {
      p[i].conn->role = TCPFLOW_ROLE_SYN;
      begin_folded(p[i].conn, &segment);
      assert_true(tcpflow__conn_is_folded(p[i].conn));
    }
    folded[i] = *p[i].conn;
    tcpflow__conn_unfold(p[i].conn, sides);
    play_send(&p[i], SERVER, "S.", 5000, 1001, "");
    play_send(&p[i], CLIENT, ".", 1001, 5001, "");
  }
  assert_same(&folded[0], &folded[1]);
  assert_string_equal(play_log(&p[0]), play_log(&p[1]));
  play_finish(&p[0]);
  play_finish(&p[1]);
}

static void begin__each_option__as_the_general_way(void **state) {
  static const unsigned has[] = {TCPFLOW_HAS_MSS, TCPFLOW_HAS_WSCALE,
                                 TCPFLOW_HAS_SACK_PERMITTED,
                                 TCPFLOW_HAS_TIMESTAMPS};

  (void)state;
  for (unsigned mask = 0; mask < 32; mask++) {
    tcpflow_options options;

    tcpflow_options_init(&options);
    for (unsigned i = 0; i < 4; i++) {
      options.present |= (mask >> i & 1U) != 0 ? has[i] : 0;
    }
    options.mss = (mask & 1U) != 0 ? 1460 : 0;
    options.wscale = (mask & 16U) != 0 ? 200 : 7;
    options.ts_val = (mask & 16U) != 0 ? 0 : 123456;
    compare(&options, "S", (uint8_t)(mask & 3U));
  }
}

/* RFC 3168 section 6.1.1, RFC 9768 section 3.1. */
static void begin__ecn__as_the_general_way(void **state) {
  tcpflow_options options;

  (void)state;
  tcpflow_options_init(&options);
  compare(&options, "SE", 0);
  compare(&options, "SEW", 0);
  compare(&options, "SEWe", 0);
}

static void is__anything_else__no(void **state) {
  static const char *const flags[] = {"S.", "SP", "SF", "SR", "SU", ".", ""};
  static const uint16_t same[2] = {80, 80};
  tcpflow__sides blank;
  tcpflow_segment segment;
  play p;

  (void)state;
  begin(&p, &blank);
  for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
    segment = syn_of(&p, flags[i]);
    assert_false(tcpflow__firstsyn_is(p.conn->env, PORTS, &segment));
  }
  segment = play_segment(&p, "S", 1000, 0, "x");
  assert_false(tcpflow__firstsyn_is(p.conn->env, PORTS, &segment));
  segment = syn_of(&p, "S");
  assert_true(tcpflow__firstsyn_is(p.conn->env, PORTS, &segment));
  assert_false(tcpflow__firstsyn_is(p.conn->env, same, &segment));
  segment.checksum = TCPFLOW_CHECKSUM_BAD;
  assert_false(tcpflow__firstsyn_is(p.conn->env, PORTS, &segment));
  p.conn->env->routine = false;
  segment = syn_of(&p, "S");
  assert_false(tcpflow__firstsyn_is(p.conn->env, PORTS, &segment));
  play_finish(&p);
}

static void end_it(play *p, const char *event) {
  if (strcmp(event, "new") == 0) {
    assert_int_equal(tcpflow_conn_end(p->conn, 0, TCPFLOW_END_CALLER),
                     TCPFLOW_OK);
  }
}

/* The wish is followed behind the segment. */
static void begin__ended_by_a_callback__told_and_ended(void **state) {
  tcpflow__sides blank;
  play p;

  (void)state;
  begin(&p, &blank);
  tcpflow__sides *const sides = tcpflow__conn_sides(p.conn);
  const tcpflow_segment segment = syn_of(&p, "S");
  p.inside = end_it;
  begin_folded(p.conn, &segment);
  p.inside = NULL;
  assert_int_equal(p.ends, 1);
  assert_true(tcpflow__conn_ended(p.conn));
  assert_non_null(strstr(play_log(&p), "LISTEN"));
  tcpflow__conn_unfold(p.conn, sides);
  play_finish(&p);
}

static void begin__a_callback_stops__nothing_more_is_told(void **state) {
  tcpflow__sides blank;
  play p;

  (void)state;
  begin(&p, &blank);
  tcpflow__sides *const sides = tcpflow__conn_sides(p.conn);
  const tcpflow_segment segment = syn_of(&p, "S");
  p.answer = 1;
  begin_folded(p.conn, &segment);
  assert_string_equal(play_log(&p), "new client\n");
  assert_true(p.conn->env->stopped);
  p.answer = 0;
  tcpflow__conn_unfold(p.conn, sides);
  play_finish(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(begin__each_option__as_the_general_way),
    cmocka_unit_test(begin__ecn__as_the_general_way),
    cmocka_unit_test(is__anything_else__no),
    cmocka_unit_test(begin__ended_by_a_callback__told_and_ended),
    cmocka_unit_test(begin__a_callback_stops__nothing_more_is_told),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
