/* tests/unit/conn/test_sleep.c - mirror of lib/conn/sleep.c: a connection that
   sleeps is the same to all who ask, and wakes up as it was. */
#include "conn/sleep.h"

#include "conn/fold.h"
#include "conn/wait.h"
#include "unit/conn/play.h"

/* A connection whose owner knows what sides begin as. */
typedef struct sleeper {
  play p;
  tcpflow__sides blank;
  tcpflow__sides *sides; /* Its own, while it sleeps. */
  uint8_t octets[TCPFLOW__SURPRISE_ROOM];
} sleeper;

static void begin(sleeper *s) {
  play_begin(&s->p, NULL);
  s->blank = *tcpflow__conn_sides(s->p.conn);
  s->p.conn->env->blank = &s->blank;
}

static void talk(sleeper *s) {
  begin(s);
  play_handshake(&s->p);
  play_send(&s->p, CLIENT, "P.", 1001, 5001, "0123456789");
  play_send(&s->p, SERVER, "P.", 5001, 1011, "abc");
  play_send(&s->p, CLIENT, ".", 1011, 5004, "");
}

/* Answers whether it does. */
static bool fall_asleep(sleeper *s) {
  if (tcpflow__sleep_write(s->p.conn, s->octets) == 0) {
    return false;
  }
  s->sides = tcpflow__conn_sides(s->p.conn);
  tcpflow__sleep_begin(s->p.conn, s->octets);
  return true;
}

static void wake(sleeper *s) {
  memset(s->sides, 0xa5, sizeof(*s->sides));
  tcpflow__conn_unfold(s->p.conn, s->sides);
}

static void sleep__idle__wakes_up_the_same(void **state) {
  tcpflow__sides before;
  tcpflow_conn conn;
  sleeper s;

  (void)state;
  talk(&s);
  before = *tcpflow__conn_sides(s.p.conn);
  conn = *s.p.conn;
  assert_true(fall_asleep(&s));
  assert_true(tcpflow__conn_is_folded(s.p.conn));
  assert_true(tcpflow__conn_sleeps(s.p.conn));
  assert_false(tcpflow__conn_is_syn(s.p.conn));
  wake(&s);
  assert_memory_equal(s.sides->end, before.end, sizeof(before.end));
  for (unsigned side = 0; side < 2; side++) {
    assert_int_equal(s.sides->stream[side].next, before.stream[side].next);
    assert_int_equal(s.sides->stream[side].end, UINT64_MAX);
    assert_ptr_equal(s.sides->stream[side].rest, before.stream[side].rest);
    assert_int_equal(s.sides->rtt[side], before.rtt[side]);
  }
  assert_int_equal(s.sides->syn_time, before.syn_time);
  assert_memory_equal(s.p.conn, &conn, sizeof(conn));
  play_finish(&s.p);
}

static void seen__asleep__all_as_before(void **state) {
  tcpflow_conn_info info[2];
  tcpflow_endpoint_info end[2][2];
  sleeper s;

  (void)state;
  talk(&s);
  for (unsigned i = 0; i < 2; i++) {
    tcpflow_conn_info_init(&info[i]);
    assert_int_equal(tcpflow_conn_get_info(s.p.conn, &info[i]), TCPFLOW_OK);
    for (unsigned side = 0; side < 2; side++) {
      tcpflow_endpoint_info_init(&end[i][side]);
      assert_int_equal(
        tcpflow_conn_get_endpoint(s.p.conn, (tcpflow_side)side, &end[i][side]),
        TCPFLOW_OK);
    }
    assert_int_equal(tcpflow_conn_state(s.p.conn, SERVER),
                     TCPFLOW_STATE_ESTABLISHED);
    assert_int_equal(tcpflow__conn_phase(s.p.conn), TCPFLOW_PHASE_OPEN);
    assert_int_equal(tcpflow__conn_last(s.p.conn), s.p.conn->last);
    assert_true(i == 1 || fall_asleep(&s));
  }
  assert_memory_equal(&info[0], &info[1], sizeof(info[0]));
  assert_memory_equal(end[0], end[1], sizeof(end[0]));
  wake(&s);
  play_finish(&s.p);
}

static void sleep__opening_or_closing__stays_awake(void **state) {
  static const struct {
    tcpflow_side side;
    const char *flags;
    uint32_t seq;
    uint32_t ack;
    bool sleeps;
  } rows[] = {
    {CLIENT, "S", 1000, 0, false},     {SERVER, "S.", 5000, 1001, false},
    {CLIENT, ".", 1001, 5001, true},   {CLIENT, "F.", 1001, 5001, false},
    {SERVER, "F.", 5001, 1002, false}, {CLIENT, ".", 1002, 5002, false},
  };
  sleeper s;

  (void)state;
  begin(&s);
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    play_send(&s.p, rows[i].side, rows[i].flags, rows[i].seq, rows[i].ack, "");
    assert_int_equal(fall_asleep(&s), rows[i].sleeps);
    if (rows[i].sleeps) {
      assert_false(fall_asleep(&s)); /* It does already. */
      wake(&s);
    }
  }
  play_finish(&s.p);
}

/* Octets behind a hole are held. */
static void sleep__something_held__stays_awake(void **state) {
  sleeper s;

  (void)state;
  talk(&s);
  play_send(&s.p, CLIENT, "P.", 1021, 5004, "late");
  assert_false(fall_asleep(&s));
  play_finish(&s.p);
}

static void sleep__something_beside__stays_awake(void **state) {
  sleeper s;

  (void)state;
  talk(&s);
  assert_int_equal(tcpflow_conn_skip(s.p.conn, CLIENT, 5), TCPFLOW_OK);
  assert_false(fall_asleep(&s));
  play_finish(&s.p);
}

/* Something is due, whatever else may say so. */
static void sleep__something_due__stays_awake(void **state) {
  static const uint32_t due[] = {TCPFLOW__CONN_HOLES, TCPFLOW__CONN_HOLE_NEWS,
                                 TCPFLOW__CONN_STOP_NEWS,
                                 TCPFLOW__CONN_END_ASKED};
  tcpflow__reasm *stream;
  tcpflow__wait wait;
  sleeper s;

  (void)state;
  talk(&s);
  for (size_t i = 0; i < sizeof(due) / sizeof(due[0]); i++) {
    s.p.conn->bits |= due[i];
    assert_false(fall_asleep(&s));
    s.p.conn->bits &= ~due[i];
  }
  memset(&wait, 0, sizeof(wait));
  s.p.conn->wait = &wait;
  assert_false(fall_asleep(&s));
  s.p.conn->wait = NULL;
  stream = &tcpflow__conn_sides(s.p.conn)->stream[SERVER];
  stream->end = 1000;
  assert_false(fall_asleep(&s));
  stream->end = UINT64_MAX;
  stream->doubtful = 1;
  assert_false(fall_asleep(&s));
  stream->doubtful = 0;
  assert_true(fall_asleep(&s));
  wake(&s);
  play_finish(&s.p);
}

static void sleep__overlap_of_its_own__wakes_up_with_it(void **state) {
  sleeper s;

  (void)state;
  talk(&s);
  assert_int_not_equal(s.blank.stream[SERVER].overlap, TCPFLOW_OVERLAP_LAST);
  assert_int_equal(
    tcpflow_conn_set_overlap(s.p.conn, SERVER, TCPFLOW_OVERLAP_LAST),
    TCPFLOW_OK);
  assert_true(fall_asleep(&s));
  wake(&s);
  assert_int_equal(s.sides->stream[SERVER].overlap, TCPFLOW_OVERLAP_LAST);
  assert_int_equal(s.sides->stream[CLIENT].overlap,
                   s.blank.stream[CLIENT].overlap);
  play_finish(&s.p);
}

static void stop_data__asleep__off_when_awake(void **state) {
  sleeper s;

  (void)state;
  talk(&s);
  assert_true(fall_asleep(&s));
  tcpflow_conn_stop_data(s.p.conn, SERVER);
  wake(&s);
  assert_false(s.sides->stream[CLIENT].off);
  assert_true(s.sides->stream[SERVER].off);
  play_finish(&s.p);
}

/* The end tells where both stood. */
static void end__asleep__told_as_if_awake(void **state) {
  char told[2][sizeof(((play *)NULL)->read)];

  (void)state;
  for (unsigned sleeps = 0; sleeps < 2; sleeps++) {
    sleeper s;

    talk(&s);
    (void)play_log(&s.p);
    assert_true(sleeps == 0 || fall_asleep(&s));
    assert_int_equal(tcpflow_conn_end(s.p.conn, s.p.now, TCPFLOW_END_TIMEOUT),
                     TCPFLOW_OK);
    snprintf(told[sleeps], sizeof(told[sleeps]), "%s", play_log(&s.p));
    assert_int_equal(tcpflow__conn_sleeps(s.p.conn), sleeps);
    if (sleeps != 0) {
      wake(&s);
    }
    play_finish(&s.p);
  }
  assert_string_equal(told[0], told[1]);
  assert_non_null(strstr(told[0], "end"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(sleep__idle__wakes_up_the_same),
    cmocka_unit_test(seen__asleep__all_as_before),
    cmocka_unit_test(sleep__opening_or_closing__stays_awake),
    cmocka_unit_test(sleep__something_held__stays_awake),
    cmocka_unit_test(sleep__something_beside__stays_awake),
    cmocka_unit_test(sleep__something_due__stays_awake),
    cmocka_unit_test(sleep__overlap_of_its_own__wakes_up_with_it),
    cmocka_unit_test(stop_data__asleep__off_when_awake),
    cmocka_unit_test(end__asleep__told_as_if_awake),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
