/* tests/unit/conn/test_remains.c - mirror of lib/conn/remains.c: what is asked
   of an ended connection is answered the same without its sides. */
#include "conn/remains.h"

#include "conn/candidates.h"
#include "conn/extra.h"
#include "conn/fold.h"
#include "conn/heir.h"
#include "unit/conn/play.h"

/* A connection whose owner knows what sides begin as. */
typedef struct ended {
  play p;
  tcpflow__sides blank;
} ended;

static void begin(ended *e) {
  play_begin(&e->p, NULL);
  e->blank = *tcpflow__conn_sides(e->p.conn);
  e->p.conn->env->blank = &e->blank;
}

/* --- ways to end, all from client 1000 and server 5000 --- */

static void open_with_timestamps(ended *e) {
  begin(e);
  e->p.options.present |= TCPFLOW_HAS_TIMESTAMPS;
  e->p.options.ts_val = 70000;
  play_handshake(&e->p);
}

static void close_orderly(ended *e) {
  open_with_timestamps(e);
  play_send(&e->p, CLIENT, "P.", 1001, 5001, "0123456789");
  play_send(&e->p, SERVER, "F.", 5001, 1011, "");
  play_send(&e->p, CLIENT, "F.", 1011, 5002, "");
  play_send(&e->p, SERVER, ".", 5002, 1012, "");
}

static void close_by_client(ended *e) {
  begin(e);
  play_handshake(&e->p);
  play_send(&e->p, CLIENT, "F.", 1001, 5001, "");
  play_send(&e->p, SERVER, "F.", 5001, 1002, "");
  play_send(&e->p, CLIENT, ".", 1002, 5002, "");
}

static void close_both(ended *e) {
  open_with_timestamps(e);
  play_send(&e->p, CLIENT, "F.", 1001, 5001, "");
  play_send(&e->p, SERVER, "F.", 5001, 1001, "");
  play_send(&e->p, CLIENT, ".", 1002, 5002, "");
  play_send(&e->p, SERVER, ".", 5002, 1002, "");
}

static void reset_by_server(ended *e) {
  begin(e);
  play_handshake(&e->p);
  play_send(&e->p, CLIENT, "P.", 1001, 5001, "0123456789");
  play_send(&e->p, SERVER, "R.", 5001, 1011, "");
}

static void reset_by_client(ended *e) {
  open_with_timestamps(e);
  play_send(&e->p, SERVER, "P.", 5001, 1001, "0123456789");
  play_send(&e->p, CLIENT, "R.", 1001, 5001, "");
}

static void refuse(ended *e) {
  begin(e);
  play_send(&e->p, CLIENT, "S", 1000, 0, "");
  play_send(&e->p, SERVER, "R.", 0, 1001, "");
}

/* A gap that was told has a rest of its own. */
static void close_with_gap(ended *e) {
  begin(e);
  play_handshake(&e->p);
  play_send(&e->p, CLIENT, "P.", 1005, 5001, "456789");
  play_send(&e->p, SERVER, ".", 5001, 1011, "");
  tcpflow_conn_stop_data(e->p.conn, SERVER);
  play_send(&e->p, SERVER, "F.", 5001, 1011, "");
  play_send(&e->p, CLIENT, "F.", 1011, 5002, "");
  play_send(&e->p, SERVER, ".", 5002, 1012, "");
}

static void reset_midstream(ended *e) {
  begin(e);
  play_send(&e->p, CLIENT, "P.", 1001, 5001, "0123456789");
  play_send(&e->p, SERVER, "R", 5001, 0, "");
}

/* In TIME-WAIT a SYN has come that may begin the next one. */
static void close_with_candidate(ended *e) {
  close_by_client(e);
  play_send(&e->p, SERVER, "S", 4000, 0, "octets");
}

static void close_with_reset_behind(ended *e) {
  close_by_client(e);
  play_send(&e->p, SERVER, "R", 5002, 0, "");
}

static void (*const ways[])(ended *e) = {
  close_orderly,           close_by_client, close_both,
  reset_by_server,         reset_by_client, refuse,
  close_with_gap,          reset_midstream, close_with_candidate,
  close_with_reset_behind,
};

enum {
  WAYS = sizeof(ways) / sizeof(ways[0])
};

/* Two that lived the same life; the second one has no sides, which are
   answered. */
static tcpflow__sides *make_twins(unsigned way, ended *whole, ended *left) {
  ways[way](whole);
  ways[way](left);
  assert_int_equal(whole->p.ends, 1);
  assert_true(tcpflow__conn_ended(left->p.conn));
  assert_false(tcpflow__conn_is_folded(left->p.conn));
  tcpflow__sides *const sides = tcpflow__remains_leave(left->p.conn);
  assert_true(tcpflow__conn_is_folded(left->p.conn));
  assert_false(tcpflow__conn_is_syn(left->p.conn));
  return sides;
}

static void finish_twins(ended *whole, ended *left, tcpflow__sides *sides) {
  tcpflow__conn_unfold(left->p.conn, sides);
  play_finish(&left->p);
  play_finish(&whole->p);
}

/* --- what may come --- */

static const char *const flags[] = {"S", "S.", ".", "P.", "F.",
                                    "R", "R.", "",  "SF"};
static const uint32_t numbers[] = {
  0,    999,  1000, 1001, 1002,  1011,       1012,       1013,      3999,
  4000, 4001, 4007, 4999, 5000,  5001,       5002,       5003,      5011,
  5012, 9000, 9001, 1500, 70000, 0x7fffffff, 0x80001001, 0x80005002};
static const tcpflow_time waits[] = {0, 3 * TCPFLOW_SECOND,
                                     40 * TCPFLOW_SECOND};
static const uint32_t stamps[] = {69999, 70000, 70001};

enum {
  FLAGS = sizeof(flags) / sizeof(flags[0]),
  NUMBERS = sizeof(numbers) / sizeof(numbers[0]),
  WAITS = sizeof(waits) / sizeof(waits[0]),
  STAMPS = sizeof(stamps) / sizeof(stamps[0]),
  CASES = FLAGS * NUMBERS * NUMBERS * WAITS * STAMPS * 2 * 2
};

/* The segment of a number, and its sender. */
static tcpflow_segment any_segment(play *p, unsigned which,
                                   tcpflow_side *side) {
  const unsigned flag = which % FLAGS;
  const unsigned seq = (which /= FLAGS) % NUMBERS;
  const unsigned ack = (which /= NUMBERS) % NUMBERS;
  const unsigned wait = (which /= NUMBERS) % WAITS;
  const unsigned stamp = (which /= WAITS) % STAMPS;

  which /= STAMPS;
  *side = (which & 1U) != 0 ? SERVER : CLIENT;
  p->options.ts_val = stamps[stamp];
  tcpflow_segment segment = play_segment(
    p, flags[flag], numbers[seq], numbers[ack], (which & 2U) != 0 ? "x" : "");
  segment.time += waits[wait];
  return segment;
}

static void leave__any_segment__claimed_the_same(void **state) {
  (void)state;
  for (unsigned way = 0; way < WAYS; way++) {
    unsigned successors = 0;
    ended whole;
    ended left;
    tcpflow__sides *const sides = make_twins(way, &whole, &left);

    for (unsigned i = 0; i < CASES; i++) {
      tcpflow_side side;
      const tcpflow_segment s = any_segment(&whole.p, i, &side);
      const tcpflow_conn_claim claim =
        tcpflow__conn_claims(whole.p.conn, side, &s);

      assert_int_equal(claim, tcpflow__conn_claims(left.p.conn, side, &s));
      successors += claim == TCPFLOW_CLAIM_SUCCESSOR;
    }
    assert_true(successors > 0 && successors < CASES);
    finish_twins(&whole, &left, sides);
  }
}

/* Numbers, the anomaly and the SYN that are left to the next one; the octets of
   the SYN move, so these cases are few. */
static void leave__a_successor__inherits_the_same(void **state) {
  (void)state;
  for (unsigned way = 0; way < WAYS; way++) {
    ended whole;
    ended left;
    tcpflow__sides *const sides = make_twins(way, &whole, &left);

    for (unsigned i = 0; i < CASES; i += 97) {
      tcpflow_side side;
      const tcpflow_segment s = any_segment(&whole.p, i, &side);
      tcpflow__conn_env *const env[] = {whole.p.conn->env, left.p.conn->env};
      tcpflow__conn_extra *const a =
        tcpflow__heir_new(env[0], whole.p.conn, side, &s, TCPFLOW_SECOND);
      tcpflow__conn_extra *const b =
        tcpflow__heir_new(env[1], left.p.conn, side, &s, TCPFLOW_SECOND);

      assert_memory_equal(&a->former, &b->former, sizeof(a->former));
      assert_int_equal(a->reuse, b->reuse);
      assert_int_equal(a->candidates == NULL, b->candidates == NULL);
      tcpflow__heir_del(env[0], a);
      tcpflow__heir_del(env[1], b);
    }
    finish_twins(&whole, &left, sides);
  }
}

static void check_same_memory(const ended *whole, const ended *left) {
  const tcpflow__conn_env *const a = whole->p.conn->env;
  const tcpflow__conn_env *const b = left->p.conn->env;

  assert_int_equal(a->extras, b->extras);
  assert_int_equal(a->budget.used, b->budget.used);
  assert_int_equal(tcpflow__candidates_of(whole->p.conn) == NULL,
                   tcpflow__candidates_of(left->p.conn) == NULL);
}

/* Stragglers, one after the other: each may matter for the next one. */
static void leave__stragglers__noted_the_same(void **state) {
  (void)state;
  for (unsigned way = 0; way < WAYS; way++) {
    for (unsigned first = 0; first < 97; first++) {
      ended whole;
      ended left;
      tcpflow__sides *const sides = make_twins(way, &whole, &left);

      for (unsigned i = first; i < CASES; i += 1009) {
        tcpflow_side side;
        const tcpflow_segment s = any_segment(&whole.p, i, &side);

        assert_int_equal(tcpflow__conn_linger(whole.p.conn, side, &s),
                         TCPFLOW_OK);
        assert_int_equal(tcpflow__conn_linger(left.p.conn, side, &s),
                         TCPFLOW_OK);
        check_same_memory(&whole, &left);
        const tcpflow_segment t = any_segment(&whole.p, i + 13, &side);
        assert_int_equal(tcpflow__conn_claims(whole.p.conn, side, &t),
                         tcpflow__conn_claims(left.p.conn, side, &t));
      }
      finish_twins(&whole, &left, sides);
    }
  }
}

/* What is left is left of that again. */
static void unfold__left_again__the_same(void **state) {
  (void)state;
  for (unsigned way = 0; way < WAYS; way++) {
    ended whole;
    ended left;
    tcpflow__sides *sides = make_twins(way, &whole, &left);
    const tcpflow_conn once = *left.p.conn;
    const tcpflow_time last = whole.p.conn->last;

    assert_int_equal(tcpflow__conn_last(left.p.conn), last);
    memset(sides, 0xa5, sizeof(*sides));
    tcpflow__conn_unfold(left.p.conn, sides);
    assert_int_equal(tcpflow__conn_last(left.p.conn), last);
    assert_true(tcpflow__conn_ended(left.p.conn));
    assert_ptr_equal(tcpflow__remains_leave(left.p.conn), sides);
    assert_memory_equal(left.p.conn, &once, sizeof(once));
    finish_twins(&whole, &left, sides);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(leave__any_segment__claimed_the_same),
    cmocka_unit_test(leave__a_successor__inherits_the_same),
    cmocka_unit_test(leave__stragglers__noted_the_same),
    cmocka_unit_test(unfold__left_again__the_same),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
