/* tests/unit/conn/test_parting.c - mirror of lib/conn/parting.c. */
#include "conn/parting.h"

#include "conn/stage.h"
#include "unit/conn/play.h"

/* --- what each way takes, and what it leaves to others --- */

typedef bool way(tcpflow_conn *conn, tcpflow_side sender,
                 const tcpflow_segment *segment);

/* A segment that a way takes, between endpoints with timestamps. */
typedef struct step {
  way *take;
  tcpflow_side sender;
  unsigned flags;
  uint32_t seq;
  uint32_t ack;
} step;

/* The other FIN comes with the ACK of the first one, or behind it. */
static const step together[] = {
  {tcpflow__part_first, CLIENT, TCPFLOW_FLAG_FIN, 1006, 5006},
  {tcpflow__part_next, SERVER, TCPFLOW_FLAG_FIN, 5006, 1007},
  {tcpflow__part_last, CLIENT, 0, 1007, 5007},
};
static const step apart[] = {
  {tcpflow__part_first, SERVER, TCPFLOW_FLAG_FIN, 5006, 1006},
  {tcpflow__part_next, CLIENT, 0, 1006, 5007},
  {tcpflow__part_next, CLIENT, TCPFLOW_FLAG_FIN, 1006, 5007},
  {tcpflow__part_last, SERVER, 0, 5007, 1007},
};

/* Both have sent five octets, all of them are acknowledged, and nothing else
   went on. */
static void begin(play *p) {
  play_begin(p, NULL);
  p->options.present = TCPFLOW_HAS_TIMESTAMPS;
  p->options.ts_val = 10;
  play_send(p, CLIENT, "S", 1000, 0, "");
  p->options.ts_ecr = 10;
  play_send(p, SERVER, "S.", 5000, 1001, "");
  play_send(p, CLIENT, ".", 1001, 5001, "");
  play_send(p, CLIENT, "P.", 1001, 5001, "hello");
  play_send(p, SERVER, "P.", 5001, 1006, "world");
  play_send(p, CLIENT, ".", 1006, 5006, "");
  assert_true(tcpflow__stage_is(p->conn, TCPFLOW__STAGE_STEADY));
  (void)play_log(p);
}

static tcpflow_segment segment_of(const play *p, const step *s,
                                  tcpflow_options *options) {
  tcpflow_segment segment;

  *options = p->options;
  tcpflow_segment_init(&segment);
  segment.time = p->now;
  segment.seq = s->seq;
  segment.ack = s->ack;
  segment.flags = (uint16_t)(TCPFLOW_FLAG_ACK | s->flags);
  segment.window = p->window;
  segment.options = options;
  return segment;
}

/* One thing is not as it is expected. */
static void spoil(tcpflow_segment *segment, tcpflow_options *options,
                  unsigned how) {
  static const uint16_t flags[] = {TCPFLOW_FLAG_SYN, TCPFLOW_FLAG_RST,
                                   TCPFLOW_FLAG_URG, TCPFLOW_FLAG_ACK};

  switch (how) {
  case 0:
    segment->seq--;
    break;
  case 1:
    segment->seq++;
    break;
  case 2:
    segment->ack -= 6;
    break;
  case 3:
    segment->ack++;
    break;
  case 4:
    segment->checksum = TCPFLOW_CHECKSUM_BAD;
    break;
  case 5:
    segment->payload_length = 9; /* Of which none were captured. */
    break;
  case 6:
    segment->fragment_anomalies = 1;
    break;
  case 7:
    segment->window = 0;
    break;
  case 8:
    segment->window = 40; /* It takes back what it has offered. */
    break;
  case 9:
    options->ts_val--;
    break;
  case 10:
    options->ts_ecr += 5;
    break;
  case 11:
    options->present = 0;
    break;
  case 12:
    options->sack_count = 1;
    break;
  case 13:
    segment->options = NULL;
    break;
  default:
    segment->flags ^= flags[how - 14];
    break;
  }
}

enum {
  SPOILED = 18
};

/* An ACK of a part of what is in flight does not matter to the first FIN. */
static bool is_spoiled(const step *s, unsigned how) {
  return !(how == 2 && s->take == tcpflow__part_first);
}

/* Nothing but what it should be is taken, and nothing else changes anything. */
static void try_spoiled(const play *p, const step *s) {
  const tcpflow_conn conn = *p->conn;
  const tcpflow__sides sides = *p->conn->sides;

  for (unsigned how = 0; how < SPOILED; how++) {
    tcpflow_options options;
    tcpflow_segment segment = segment_of(p, s, &options);

    spoil(&segment, &options, how);
    if (is_spoiled(s, how)) {
      assert_false(s->take(p->conn, s->sender, &segment));
    }
    assert_memory_equal(p->conn, &conn, sizeof(conn));
    assert_memory_equal(p->conn->sides, &sides, sizeof(sides));
  }
}

/* The peer says the same of itself. */
static void try_peer(const play *p, const step *s) {
  tcpflow_options options;
  tcpflow_segment segment = segment_of(p, s, &options);

  segment.seq = s->ack;
  segment.ack = s->seq;
  if (s->take != tcpflow__part_first) {
    assert_false(s->take(p->conn, !s->sender, &segment));
  }
}

static void run(const step *steps, size_t count, const char *log) {
  play p;

  begin(&p);
  for (size_t i = 0; i < count; i++) {
    const step *const s = &steps[i];
    tcpflow_options options;
    const tcpflow_segment segment = segment_of(&p, s, &options);

    try_spoiled(&p, s);
    try_peer(&p, s);
    assert_true(s->take(p.conn, s->sender, &segment));
    assert_int_equal(p.last.window_known, 1);
    assert_ptr_equal(p.last.segment, &segment);
    assert_int_equal(p.last.side, s->sender);
  }
  assert_string_equal(play_log(&p), log);
  play_finish(&p);
}

static void part__as_expected__taken_and_nothing_else(void **state) {
  (void)state;
  run(together, 3,
      "client ESTABLISHED>FIN-WAIT-1\n"
      "server ESTABLISHED>CLOSE-WAIT\n"
      "client FIN-WAIT-1>FIN-WAIT-2\n"
      "server CLOSE-WAIT>LAST-ACK\n"
      "client FIN-WAIT-2>TIME-WAIT\n"
      "server LAST-ACK>CLOSED\n"
      "end fin client TIME-WAIT CLOSED\n");
  run(apart, 4,
      "server ESTABLISHED>FIN-WAIT-1\n"
      "client ESTABLISHED>CLOSE-WAIT\n"
      "server FIN-WAIT-1>FIN-WAIT-2\n"
      "client CLOSE-WAIT>LAST-ACK\n"
      "server FIN-WAIT-2>TIME-WAIT\n"
      "client LAST-ACK>CLOSED\n"
      "end fin server CLOSED TIME-WAIT\n");
}

/* --- what callbacks want --- */

/* The connection is about to end. */
static void come_to_last(play *p) {
  begin(p);
  for (size_t i = 0; i < 2; i++) {
    tcpflow_options options;
    const tcpflow_segment segment = segment_of(p, &together[i], &options);

    assert_true(together[i].take(p->conn, together[i].sender, &segment));
  }
  assert_true(tcpflow__stage_is(p->conn, TCPFLOW__STAGE_LAST));
  (void)play_log(p);
}

/* It ends, and somebody does that INSIDE. */
static void check_last(void (*inside)(play *p, const char *event),
                       const char *log) {
  tcpflow_options options;
  play p;

  come_to_last(&p);
  const tcpflow_segment segment = segment_of(&p, &together[2], &options);

  p.inside = inside;
  assert_true(tcpflow__part_last(p.conn, CLIENT, &segment));
  assert_string_equal(play_log(&p), log);
  assert_true(tcpflow__conn_ended(p.conn));
  assert_null(p.conn->extra);
  assert_null(p.conn->wait);
  assert_int_equal(p.ends, 1);
  play_finish(&p);
}

static void stop_at_segment(play *p, const char *event) {
  p->answer = strcmp(event, "segment") == 0;
}

static void stop_at_state(play *p, const char *event) {
  p->answer = strcmp(event, "state") == 0;
}

static void ignore_at_segment(play *p, const char *event) {
  if (strcmp(event, "segment") == 0) {
    tcpflow_conn_ignore(p->conn);
  }
}

static void ignore_at_state(play *p, const char *event) {
  if (strcmp(event, "state") == 0) {
    tcpflow_conn_ignore(p->conn);
  }
}

static void end_at_segment(play *p, const char *event) {
  if (strcmp(event, "segment") == 0) {
    assert_int_equal(tcpflow_conn_end(p->conn, 0, TCPFLOW_END_CALLER),
                     TCPFLOW_OK);
  }
}

static void time_at_state(play *p, const char *event) {
  if (strcmp(event, "state") == 0) {
    assert_int_equal(
      tcpflow_conn_set_timeout(p->conn, TCPFLOW_PHASE_ALL, TCPFLOW_SECOND),
      TCPFLOW_OK);
  }
}

static void skip_at_segment(play *p, const char *event) {
  if (strcmp(event, "segment") == 0) {
    assert_int_equal(tcpflow_conn_skip(p->conn, SERVER, 10), TCPFLOW_OK);
  }
}

#define END "end fin client TIME-WAIT CLOSED\n"

static void part_last__callbacks_interfere__ends_once(void **state) {
  (void)state;
  check_last(stop_at_segment, END);
  check_last(stop_at_state, "client FIN-WAIT-2>TIME-WAIT\n" END);
  check_last(ignore_at_segment, END);
  check_last(ignore_at_state, "client FIN-WAIT-2>TIME-WAIT\n" END);
  check_last(end_at_segment, "client FIN-WAIT-2>TIME-WAIT\n"
                             "server LAST-ACK>CLOSED\n" END);
  check_last(time_at_state, "client FIN-WAIT-2>TIME-WAIT\n"
                            "server LAST-ACK>CLOSED\n" END);
  check_last(skip_at_segment, "client FIN-WAIT-2>TIME-WAIT\n"
                              "server LAST-ACK>CLOSED\n" END);
}

/* Memory for the end is taken with each FIN. */
static void part_first__end_is_waited_for__left_to_others(void **state) {
  tcpflow_options options;
  play p;

  (void)state;
  begin(&p);
  const tcpflow_segment segment = segment_of(&p, &together[0], &options);

  p.conn->env->close_linger = 1;
  assert_false(tcpflow__part_first(p.conn, CLIENT, &segment));
  p.conn->env->close_linger = 0;
  assert_true(tcpflow__part_first(p.conn, CLIENT, &segment));
  play_finish(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(part__as_expected__taken_and_nothing_else),
    cmocka_unit_test(part_last__callbacks_interfere__ends_once),
    cmocka_unit_test(part_first__end_is_waited_for__left_to_others),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
