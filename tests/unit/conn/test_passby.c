/* tests/unit/conn/test_passby.c - mirror of lib/conn/passby.c. */
#include "conn/conn.h"
#include "unit/conn/play.h"

static void begin_ignored(play *p) {
  play_begin(p, NULL);
  play_handshake(p);
  tcpflow_conn_ignore(p->conn);
}

/* Many segments in order, and with holes and repeats: the numbers are those of
   a connection that is followed. */
static void ignored__any_segments__numbers_as_followed(void **state) {
  static const struct {
    tcpflow_side side;
    const char *flags;
    uint32_t seq;
    uint32_t ack;
    const char *data;
  } rows[] = {
    {CLIENT, "P.", 1001, 5001, "hello"},
    {SERVER, ".", 5001, 1006, ""},
    {SERVER, "P.", 5001, 1006, "world"},
    {CLIENT, ".", 1006, 5006, ""},
    {CLIENT, "P.", 1016, 5006, "later"},
    {CLIENT, "P.", 1006, 5006, "inbetween."},
    {CLIENT, "P.", 1006, 5006, "inbetween."},
    {SERVER, ".", 5006, 1021, ""},
    {CLIENT, "F.", 1021, 5006, ""},
    {SERVER, ".", 5006, 1022, ""},
    {SERVER, "P.", 5006, 1022, "still"},
    {CLIENT, ".", 1022, 5011, ""},
  };
  play ignored;
  play followed;

  (void)state;
  begin_ignored(&ignored);
  play_begin(&followed, NULL);
  play_handshake(&followed);
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    play_send(&ignored, rows[i].side, rows[i].flags, rows[i].seq, rows[i].ack,
              rows[i].data);
    play_send(&followed, rows[i].side, rows[i].flags, rows[i].seq, rows[i].ack,
              rows[i].data);
    for (int side = 0; side < 2; side++) {
      const tcpflow__endpoint *const a = &ignored.conn->end[side];
      const tcpflow__endpoint *const b = &followed.conn->end[side];
      assert_int_equal(a->state, b->state);
      assert_int_equal(a->snd_una, b->snd_una);
      assert_int_equal(a->snd_nxt, b->snd_nxt);
      assert_int_equal(a->rcv_edge, b->rcv_edge);
      assert_int_equal(tcpflow__endpoint_window(a),
                       tcpflow__endpoint_window(b));
      assert_int_equal(a->segments, b->segments);
      assert_int_equal(a->payload, b->payload);
    }
    assert_int_equal(ignored.conn->last, followed.conn->last);
    assert_int_equal(tcpflow__conn_phase(ignored.conn),
                     tcpflow__conn_phase(followed.conn));
  }
  assert_string_equal(play_log(&ignored), "");
  play_finish(&ignored);
  play_finish(&followed);
}

static void ignored__both_fins__end_alone_is_told(void **state) {
  play p;

  (void)state;
  begin_ignored(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "hello");
  play_send(&p, CLIENT, "F.", 1006, 5001, "");
  play_send(&p, SERVER, "F.", 5001, 1007, "");
  play_send(&p, CLIENT, ".", 1007, 5002, "");
  assert_string_equal(play_log(&p), "end fin client TIME-WAIT CLOSED\n");
  play_finish(&p);
}

/* A RST at what passed by last counts; elsewhere it does not. */
static void ignored__rst__judged_by_what_passed_by(void **state) {
  tcpflow_conn_info info;
  play p;

  (void)state;
  begin_ignored(&p);
  play_send(&p, SERVER, "P.", 5001, 1001, "0123456789");
  play_send(&p, CLIENT, ".", 1001, 5011, "");
  play_send(&p, SERVER, "R", 5005, 0, "");
  tcpflow_conn_info_init(&info);
  assert_int_equal(tcpflow_conn_get_info(p.conn, &info), TCPFLOW_OK);
  assert_int_equal(info.phase, TCPFLOW_PHASE_OPEN);
  play_send(&p, SERVER, "R", 5011, 0, "");
  assert_int_equal(tcpflow_conn_get_info(p.conn, &info), TCPFLOW_OK);
  assert_int_equal(info.phase, TCPFLOW_PHASE_ENDED);
  play_finish(&p);
}

/* A segment from anywhere does not move the numbers. */
static void ignored__impossible_numbers__not_taken(void **state) {
  play p;

  (void)state;
  begin_ignored(&p);
  play_send(&p, CLIENT, "P.", 900000000, 5001, "forged");
  play_send(&p, CLIENT, "P.", 1001, 900000000, "forged");
  assert_int_equal(p.conn->end[SERVER].snd_una, 5001);
  play_finish(&p);
}

static uint32_t draw(uint64_t *seed, uint32_t below) {
  *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (uint32_t)((*seed >> 33) % below);
}

/* A number near to one: mostly itself. */
static tcpflow_seq near(uint64_t *seed, tcpflow_seq number) {
  static const int32_t steps[] = {-70000, -100, -2, -1, 1, 2, 100, 70000};

  return draw(seed, 6) != 0
           ? number
           : tcpflow_seq_add(number, (uint32_t)steps[draw(seed, 8)]);
}

/* Feeds both connections a segment that is mostly the next one.  TINY: it has
   next to nothing, and acknowledges nothing. */
static void feed_any(play *a, play *b, uint64_t *seed, bool tiny) {
  static const uint32_t lengths[] = {0,    0,     1,          200,
                                     1448, 70000, 0x20000000, 0xfffffff0};
  const tcpflow_side side = draw(seed, 2) != 0 ? CLIENT : SERVER;
  const tcpflow__endpoint *const snd = &a->conn->end[side];
  const tcpflow__endpoint *const rcv = &a->conn->end[!side];
  const bool all = !tiny && draw(seed, 3) != 0;
  const tcpflow_seq acked = all ? rcv->snd_nxt : rcv->snd_una;
  tcpflow_segment segment =
    play_segment(a, draw(seed, 8) != 0 ? "." : "P.",
                 tiny ? snd->snd_nxt : near(seed, snd->snd_nxt),
                 tiny ? acked : near(seed, acked), "");

  segment.time += draw(seed, 3);
  segment.payload_length = tiny ? 1 + draw(seed, 3) : lengths[draw(seed, 8)];
  segment.window = (uint16_t)(draw(seed, 8) != 0 ? draw(seed, 65536) : 0);
  segment.ip_ttl = (uint8_t)(60 + draw(seed, 5));
  assert_int_equal(tcpflow_conn_feed(a->conn, side, &segment), TCPFLOW_OK);
  assert_int_equal(tcpflow_conn_feed(b->conn, side, &segment), TCPFLOW_OK);
}

/* What is known beforehand to count for nothing but its numbers leaves the same
   as what is asked for all that it could be. */
static void ignored__random_segments__as_the_long_way(void **state) {
  (void)state;
  for (uint64_t round = 1; round <= 100; round++) {
    uint64_t seed = round;
    play a;
    play b;

    begin_ignored(&a);
    begin_ignored(&b);
    b.conn->env->routine = false;
    for (unsigned i = 0; i < 600; i++) {
      feed_any(&a, &b, &seed, round % 4 == 0);
      a.now += draw(&seed, 2) * TCPFLOW_MILLISECOND;
      assert_memory_equal(a.conn->end, b.conn->end, sizeof(a.conn->sides->end));
      assert_int_equal(a.conn->last, b.conn->last);
      assert_int_equal(tcpflow__conn_phase(a.conn),
                       tcpflow__conn_phase(b.conn));
    }
    play_finish(&a);
    play_finish(&b);
  }
}

/* Options that were not read lack nothing: nobody counts that. */
static void ignored__no_timestamps__no_anomaly_counted(void **state) {
  play p;

  (void)state;
  begin_ignored(&p);
  tcpflow__endpoint_set(&p.conn->end[CLIENT],
                        TCPFLOW__END_TS | TCPFLOW__END_TS_RECENT);
  tcpflow__endpoint_set(&p.conn->end[SERVER],
                        TCPFLOW__END_TS | TCPFLOW__END_TS_RECENT);
  play_send(&p, CLIENT, "P.", 1011, 5001, "behind a hole");
  play_send(&p, CLIENT, "F.", 1024, 5001, "");
  assert_null(p.conn->extra);
  play_finish(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(ignored__any_segments__numbers_as_followed),
    cmocka_unit_test(ignored__both_fins__end_alone_is_told),
    cmocka_unit_test(ignored__rst__judged_by_what_passed_by),
    cmocka_unit_test(ignored__impossible_numbers__not_taken),
    cmocka_unit_test(ignored__random_segments__as_the_long_way),
    cmocka_unit_test(ignored__no_timestamps__no_anomaly_counted),
  };

  return cmocka_run_group_tests_name("passby", tests, NULL, NULL);
}
