/* tests/unit/conn/test_fold.c - mirror of lib/conn/fold.c. */
#include "conn/fold.h"
#include "unit/conn/play.h"

static void begin(play *p) {
  play_begin(p, NULL);
  p->conn->env->blank = tcpflow__conn_sides(p->conn);
}

/* As an owner of many does it: what the sides began as lies elsewhere. */
static void with_syn(play *p, tcpflow__sides *blank) {
  play_begin(p, NULL);
  *blank = *tcpflow__conn_sides(p->conn);
  p->conn->env->blank = blank;
  play_send(p, CLIENT, "S", 1000, 0, "");
}

static tcpflow_endpoint_info endpoint_of(const play *p, tcpflow_side side) {
  tcpflow_endpoint_info info;

  tcpflow_endpoint_info_init(&info);
  assert_int_equal(tcpflow_conn_get_endpoint(p->conn, side, &info), TCPFLOW_OK);
  return info;
}

static tcpflow_conn_info info_of(const play *p) {
  tcpflow_conn_info info;

  tcpflow_conn_info_init(&info);
  assert_int_equal(tcpflow_conn_get_info(p->conn, &info), TCPFLOW_OK);
  return info;
}

static void fold__nothing_was_seen__stays(void **state) {
  play p;

  (void)state;
  begin(&p);
  assert_null(tcpflow__conn_fold(p.conn));
  assert_false(tcpflow__conn_is_folded(p.conn));
  play_finish(&p);
}

/* Member by member: where pointers are short, there is room between some. */
static void expect_same(const tcpflow_conn *a, const tcpflow_conn *b) {
  assert_ptr_equal(a->env, b->env);
  assert_ptr_equal(a->extra, b->extra);
  assert_ptr_equal(a->data, b->data);
  assert_int_equal(a->first, b->first);
  assert_ptr_equal(a->sides, b->sides);
  assert_ptr_equal(a->wait, b->wait);
  assert_int_equal(a->last, b->last);
  assert_int_equal(a->bits, b->bits);
  assert_int_equal(a->kinds, b->kinds);
  assert_memory_equal(&a->ends, &b->ends, sizeof(a->ends));
}

static void fold__a_syn__comes_back_the_same(void **state) {
  tcpflow__sides blank;
  tcpflow__sides before;
  tcpflow_conn conn;
  play p;

  (void)state;
  with_syn(&p, &blank);
  before = *tcpflow__conn_sides(p.conn);
  conn = *p.conn;
  tcpflow__sides *const sides = tcpflow__conn_fold(p.conn);
  assert_non_null(sides);
  assert_true(tcpflow__conn_is_folded(p.conn));
  memset(sides, 0xa5, sizeof(*sides));
  tcpflow__conn_unfold(p.conn, sides);
  assert_memory_equal(sides, &before, sizeof(before));
  expect_same(p.conn, &conn);
  play_finish(&p);
}

static void fold__more_than_a_syn__stays(void **state) {
  static const struct {
    tcpflow_side side;
    const char *flags;
    uint32_t seq;
    uint32_t ack;
    const char *data;
  } rows[] = {
    {CLIENT, "S", 1000, 0, ""},    {SERVER, "S.", 5000, 1001, ""},
    {CLIENT, ".", 1001, 5001, ""}, {SERVER, "R.", 0, 1001, ""},
    {CLIENT, "S", 77000, 0, ""},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    tcpflow__sides blank;
    play p;

    with_syn(&p, &blank);
    play_send(&p, rows[i].side, rows[i].flags, rows[i].seq, rows[i].ack,
              rows[i].data);
    assert_null(tcpflow__conn_fold(p.conn));
    assert_false(tcpflow__conn_is_folded(p.conn));
    play_finish(&p);
  }
}

/* RFC 7413: octets of a SYN wait for their acknowledgment. */
static void fold__a_syn_with_octets__stays(void **state) {
  tcpflow__sides blank;
  play p;

  (void)state;
  play_begin(&p, NULL);
  blank = *tcpflow__conn_sides(p.conn);
  p.conn->env->blank = &blank;
  play_send(&p, CLIENT, "S", 1000, 0, "abc");
  assert_null(tcpflow__conn_fold(p.conn));
  play_finish(&p);
}

/* What was loaded may have any numbers. */
static void fold__with_a_number_no_syn_leaves__stays(void **state) {
  tcpflow__sides blank;
  play p;

  (void)state;
  with_syn(&p, &blank);
  p.conn->end[CLIENT].window_max = 7;
  assert_null(tcpflow__conn_fold(p.conn));
  p.conn->end[CLIENT].window_max = 0;
  tcpflow__sides *const sides = tcpflow__conn_fold(p.conn);
  assert_non_null(sides);
  tcpflow__conn_unfold(p.conn, sides);
  play_finish(&p);
}

static void seen__folded__all_as_before(void **state) {
  tcpflow_stream_data found;
  tcpflow__sides blank;
  play p;

  (void)state;
  with_syn(&p, &blank);
  const tcpflow_conn_info info = info_of(&p);
  const tcpflow_endpoint_info client = endpoint_of(&p, CLIENT);
  const tcpflow_endpoint_info server = endpoint_of(&p, SERVER);
  tcpflow__sides *const sides = tcpflow__conn_fold(p.conn);
  assert_non_null(sides);
  const tcpflow_conn_info info_after = info_of(&p);
  const tcpflow_endpoint_info client_after = endpoint_of(&p, CLIENT);
  const tcpflow_endpoint_info server_after = endpoint_of(&p, SERVER);
  assert_memory_equal(&info, &info_after, sizeof(info));
  assert_memory_equal(&client, &client_after, sizeof(client));
  assert_memory_equal(&server, &server_after, sizeof(server));
  assert_int_equal(tcpflow_conn_state(p.conn, CLIENT), TCPFLOW_STATE_SYN_SENT);
  assert_int_equal(tcpflow_conn_state(p.conn, SERVER), TCPFLOW_STATE_LISTEN);
  assert_int_equal(tcpflow__conn_phase(p.conn), TCPFLOW_PHASE_OPENING);
  assert_int_equal(tcpflow_conn_peek(p.conn, CLIENT, 0, &found), 0);
  tcpflow__conn_unfold(p.conn, sides);
  play_finish(&p);
}

static void stop_data__folded__off_when_unfolded(void **state) {
  tcpflow__sides blank;
  play p;

  (void)state;
  with_syn(&p, &blank);
  tcpflow__sides *const sides = tcpflow__conn_fold(p.conn);
  tcpflow_conn_stop_data(p.conn, SERVER);
  tcpflow__conn_unfold(p.conn, sides);
  assert_false(p.conn->sides->stream[CLIENT].off);
  assert_true(p.conn->sides->stream[SERVER].off);
  assert_ptr_equal(tcpflow__conn_fold(p.conn), sides);
  tcpflow__conn_unfold(p.conn, sides);
  play_finish(&p);
}

static void finish__folded__told_and_still_folded(void **state) {
  tcpflow__sides blank;
  play p;

  (void)state;
  with_syn(&p, &blank);
  tcpflow__sides *const sides = tcpflow__conn_fold(p.conn);
  (void)play_log(&p);
  assert_int_equal(tcpflow_conn_end(p.conn, 7, TCPFLOW_END_TIMEOUT),
                   TCPFLOW_OK);
  assert_non_null(strstr(play_log(&p), "end"));
  assert_true(tcpflow__conn_is_folded(p.conn));
  assert_int_equal(info_of(&p).end_reason, TCPFLOW_END_TIMEOUT);
  assert_int_equal(endpoint_of(&p, CLIENT).iss, 1000);
  tcpflow__conn_unfold(p.conn, sides);
  play_finish(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(fold__nothing_was_seen__stays),
    cmocka_unit_test(fold__a_syn__comes_back_the_same),
    cmocka_unit_test(fold__more_than_a_syn__stays),
    cmocka_unit_test(fold__a_syn_with_octets__stays),
    cmocka_unit_test(fold__with_a_number_no_syn_leaves__stays),
    cmocka_unit_test(seen__folded__all_as_before),
    cmocka_unit_test(stop_data__folded__off_when_unfolded),
    cmocka_unit_test(finish__folded__told_and_still_folded),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
