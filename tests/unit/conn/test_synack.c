/* tests/unit/conn/test_synack.c - mirror of lib/conn/synack.h. */
#include "conn/synack.h"

#include "conn/extra.h"
#include "conn/firstsyn.h"
#include "conn/fold.h"
#include "unit/conn/play.h"

/* A connection that is folded behind a SYN, and the sides that it gave back. */
typedef struct folded {
  play p;
  tcpflow__sides blank;
  tcpflow__sides *sides;
} folded;

static tcpflow_segment syn_of(const play *p) {
  tcpflow_segment segment = play_segment(p, "S", 1000, 0, "");

  segment.ip_ttl = 64;
  return segment;
}

static tcpflow_segment answer_of(const play *p, const char *flags) {
  tcpflow_segment segment = play_segment(p, flags, 5000, 1001, "");

  segment.ip_ttl = 57;
  segment.ip_id = 77;
  segment.time += TCPFLOW_MILLISECOND;
  return segment;
}

static tcpflow_options options_of(unsigned present, uint32_t ts_val) {
  tcpflow_options options;

  tcpflow_options_init(&options);
  options.present = present;
  options.mss = (present & TCPFLOW_HAS_MSS) != 0 ? 1460 : 0;
  options.wscale = (present & TCPFLOW_HAS_WSCALE) != 0 ? 7 : 0;
  options.ts_val = (present & TCPFLOW_HAS_TIMESTAMPS) != 0 ? ts_val : 0;
  return options;
}

static void begin(folded *f, const tcpflow_options *options) {
  play_begin(&f->p, NULL);
  tcpflow_conn *const conn = f->p.conn;

  f->blank = *tcpflow__conn_sides(conn);
  f->sides = tcpflow__conn_sides(conn);
  conn->env->blank = &f->blank;
  conn->role = TCPFLOW_ROLE_SYN;
  conn->ends.ports = 443U << 16 | 50000U;
  tcpflow__conn_mark(conn, TCPFLOW__CONN_HAS_TUPLE);
  f->p.options = *options;
  const tcpflow_segment segment = syn_of(&f->p);
  tcpflow__firstsyn_take(conn, &segment);
  tcpflow__firstsyn_tell(conn, NULL, &segment);
}

static void finish(folded *f) {
  if (tcpflow__conn_is_folded(f->p.conn)) {
    tcpflow__conn_unfold(f->p.conn, f->sides);
  }
  play_finish(&f->p);
}

/* Follows the answer straight, or unfolds first. */
static void answer(folded *f, const tcpflow_segment *segment, bool straight) {
  tcpflow_conn *const conn = f->p.conn;

  assert_true(tcpflow__synack_is_due(conn));
  assert_true(tcpflow__synack_fits(conn, segment));
  memset(f->sides, 0xa5, sizeof(*f->sides));
  if (straight) {
    tcpflow__synack_follow(conn, f->sides, segment);
  } else {
    tcpflow__conn_unfold(conn, f->sides);
    assert_int_equal(tcpflow_conn_feed(conn, SERVER, segment),
                     f->p.answer != 0 ? TCPFLOW_ERR_CALLBACK : TCPFLOW_OK);
  }
}

static void assert_same_events(const tcpflow_segment_event *a,
                               const tcpflow_segment_event *b) {
  tcpflow_segment_event copy = *a;

  copy.segment = b->segment; /* Each is of its own. */
  assert_memory_equal(&copy, b, sizeof(copy));
}

/* To the last octet, but for the rests of streams: each has its own. */
static void assert_same(const folded *a, const folded *b) {
  const tcpflow__sides *const one = a->sides;
  const tcpflow__sides *const other = b->sides;

  assert_memory_equal(one->end, other->end, sizeof(one->end));
  for (unsigned side = 0; side < 2; side++) {
    assert_int_equal(one->stream[side].rest == a->blank.stream[side].rest,
                     other->stream[side].rest == b->blank.stream[side].rest);
    assert_true(one->stream[side].next == other->stream[side].next);
    assert_true(one->stream[side].end == other->stream[side].end);
    assert_int_equal(one->stream[side].off, other->stream[side].off);
    assert_true(one->rtt[side] == other->rtt[side]);
  }
  assert_true(one->syn_time == other->syn_time);
  assert_true(a->p.conn->last == b->p.conn->last);
  assert_null(a->p.conn->wait);
  assert_int_equal(a->p.conn->bits, b->p.conn->bits);
  assert_int_equal(a->p.conn->kinds, b->p.conn->kinds);
}

/* Both ways, and what follows. */
static void compare(const tcpflow_options *syn, const tcpflow_options *back,
                    const char *flags, uint8_t tos) {
  folded f[2];

  for (unsigned i = 0; i < 2; i++) {
    begin(&f[i], syn);
    f[i].p.options = *back;
    tcpflow_segment segment = answer_of(&f[i].p, flags);
    segment.ip_tos = tos;
    answer(&f[i], &segment, i == 0);
  }
  assert_same(&f[0], &f[1]);
  assert_same_events(&f[0].p.last, &f[1].p.last);
  for (unsigned i = 0; i < 2; i++) {
    f[i].p.now += 2 * TCPFLOW_MILLISECOND;
    play_send(&f[i].p, CLIENT, ".", 1001, 5001, "");
    play_send(&f[i].p, CLIENT, "P.", 1001, 5001, "abc");
  }
  assert_string_equal(play_log(&f[0].p), play_log(&f[1].p));
  finish(&f[0]);
  finish(&f[1]);
}

static void follow__any_offers__as_the_general_way(void **state) {
  static const unsigned has[] = {TCPFLOW_HAS_MSS, TCPFLOW_HAS_WSCALE,
                                 TCPFLOW_HAS_SACK_PERMITTED,
                                 TCPFLOW_HAS_TIMESTAMPS};

  (void)state;
  for (unsigned set = 0; set < 256; set++) {
    unsigned present[2] = {0, 0};

    for (unsigned i = 0; i < 8; i++) {
      present[i / 4] |= (set >> i & 1U) != 0 ? has[i % 4] : 0;
    }
    const tcpflow_options syn = options_of(present[0], set % 3);
    const tcpflow_options back = options_of(present[1], 7 * (set % 5 != 0));
    compare(&syn, &back, "S.", 0);
  }
}

static void follow__ecn__as_the_general_way(void **state) {
  static const char *const flags[] = {"S.",   "S.E", "S.W",
                                      "S.EW", "S.e", "S.EWe"};
  const tcpflow_options none = options_of(0, 0);

  (void)state;
  for (unsigned i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
    compare(&none, &none, flags[i], (uint8_t)(i % 4));
  }
}

/* What a callback wants, at the event that it is told. */
static void inside_end(play *p, const char *event) {
  if (strcmp(event, "state") == 0 &&
      tcpflow__conn_phase(p->conn) == TCPFLOW_PHASE_ANSWERED) {
    (void)tcpflow_conn_end(p->conn, p->now, TCPFLOW_END_CALLER);
  }
}

static void inside_ignore(play *p, const char *event) {
  if (strcmp(event, "segment") == 0) {
    tcpflow_conn_ignore(p->conn);
  }
}

static void inside_stop(play *p, const char *event) {
  if (strcmp(event, "segment") == 0) {
    tcpflow_conn_stop_data(p->conn, CLIENT);
  }
}

static void compare_wish(void (*inside)(play *p, const char *event),
                         int answers) {
  const tcpflow_options none = options_of(0, 0);
  folded f[2];

  for (unsigned i = 0; i < 2; i++) {
    begin(&f[i], &none);
    f[i].p.inside = inside;
    f[i].p.answer = answers;
    const tcpflow_segment segment = answer_of(&f[i].p, "S.");
    answer(&f[i], &segment, i == 0);
    f[i].p.inside = NULL;
    f[i].p.answer = 0;
  }
  assert_same(&f[0], &f[1]);
  assert_string_equal(play_log(&f[0].p), play_log(&f[1].p));
  finish(&f[0]);
  finish(&f[1]);
}

static void follow__callback_wants_something__as_the_general_way(void **state) {
  (void)state;
  compare_wish(inside_end, 0);
  compare_wish(inside_ignore, 0);
  compare_wish(inside_stop, 0);
  compare_wish(NULL, 1);
}

/* --- what it is not --- */

static void is_due__anything_asked_for__no(void **state) {
  static const uint32_t bits[] = {
    TCPFLOW__CONN_OPEN,        TCPFLOW__CONN_ENDED,
    TCPFLOW__CONN_IGNORED,     TCPFLOW__CONN_END_ASKED,
    TCPFLOW__CONN_SYN_AGAIN,   TCPFLOW__CONN_SYN_ACK_AGAIN,
    TCPFLOW__CONN_STOP_CLIENT, TCPFLOW__CONN_STOP_SERVER,
    TCPFLOW__CONN_SUCCEEDS,    TCPFLOW__CONN_DOUBTED,
    TCPFLOW__CONN_LONE,        TCPFLOW__CONN_GATED,
    TCPFLOW__CONN_REMAINS};
  const tcpflow_options none = options_of(0, 0);
  folded f;

  (void)state;
  begin(&f, &none);
  tcpflow_conn *const conn = f.p.conn;
  const uint32_t before = conn->bits;
  for (unsigned i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
    conn->bits = before | bits[i];
    assert_false(tcpflow__synack_is_due(conn));
  }
  conn->bits = before & ~(uint32_t)TCPFLOW__CONN_FOLDED;
  assert_false(tcpflow__synack_is_due(conn));
  conn->bits = before;
  assert_true(tcpflow__synack_is_due(conn));
  finish(&f);
}

static void is_due__another_beginning__no(void **state) {
  const tcpflow_options none = options_of(0, 0);
  folded f;

  (void)state;
  begin(&f, &none);
  tcpflow_conn *const conn = f.p.conn;
  conn->env->routine = false;
  assert_false(tcpflow__synack_is_due(conn));
  conn->env->routine = true;
  conn->role = TCPFLOW_ROLE_PORT;
  assert_false(tcpflow__synack_is_due(conn));
  conn->role = TCPFLOW_ROLE_SYN;
  conn->open_kind = TCPFLOW_OPEN_THREE_WAY;
  assert_false(tcpflow__synack_is_due(conn));
  conn->open_kind = TCPFLOW_OPEN_UNKNOWN;
  conn->ends.ports = 443U << 16 | 443U;
  assert_false(tcpflow__synack_is_due(conn));
  conn->ends.ports = 443U << 16 | 50000U;
  assert_non_null(tcpflow__conn_extra_need(conn));
  assert_false(tcpflow__synack_is_due(conn));
  finish(&f);
}

/* As a checkpoint may have it. */
static void fits__odd_syn__no(void **state) {
  static const unsigned odd[] = {
    TCPFLOW__END_SYN_DATA, TCPFLOW__END_SYN_ACKED, TCPFLOW__END_LAST_KEEP_ALIVE,
    TCPFLOW__END_LAST_PROBE, TCPFLOW__END_CHALLENGED};
  static const unsigned needs[] = {TCPFLOW__END_ISS, TCPFLOW__END_SYN,
                                   TCPFLOW__END_BASE};
  const tcpflow_options none = options_of(0, 0);
  folded f;

  (void)state;
  begin(&f, &none);
  tcpflow_conn *const conn = f.p.conn;
  const tcpflow_segment segment = answer_of(&f.p, "S.");
  const uint16_t before = conn->folded.bits;
  for (unsigned i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
    conn->folded.bits = (uint16_t)(before | odd[i]);
    assert_false(tcpflow__synack_fits(conn, &segment));
  }
  for (unsigned i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
    conn->folded.bits = (uint16_t)(before & ~needs[i]);
    assert_false(tcpflow__synack_fits(conn, &segment));
  }
  conn->folded.bits = before;
  assert_true(tcpflow__synack_fits(conn, &segment));
  finish(&f);
}

static void fits__another_segment__no(void **state) {
  const tcpflow_options none = options_of(0, 0);
  folded f;

  (void)state;
  begin(&f, &none);
  for (unsigned i = 0; i < 9; i++) {
    static const char *const flags[] = {"S.F", "S.R", "S.P", "S.U", "S", "."};
    tcpflow_segment segment = answer_of(&f.p, i < 6 ? flags[i] : "S.");
    segment.ack += i == 6;
    segment.payload_length = i == 7;
    segment.time = i == 8 ? f.p.conn->first - 1 : segment.time;
    assert_false(tcpflow__synack_fits(f.p.conn, &segment));
  }
  finish(&f);
}

static void fits__odd_beside_its_numbers__no(void **state) {
  tcpflow_options options = options_of(0, 0);
  tcpflow_packet packet;
  folded f;

  (void)state;
  begin(&f, &options);
  tcpflow_segment segment = answer_of(&f.p, "S.");
  tcpflow_packet_init(&packet);
  packet.time = segment.time - 1;
  segment.packet = &packet;
  assert_false(tcpflow__synack_fits(f.p.conn, &segment));
  packet.time = segment.time;
  assert_true(tcpflow__synack_fits(f.p.conn, &segment));
  segment.fragment_anomalies = 1;
  assert_false(tcpflow__synack_fits(f.p.conn, &segment));
  segment.fragment_anomalies = 0;
  segment.checksum = TCPFLOW_CHECKSUM_BAD;
  assert_false(tcpflow__synack_fits(f.p.conn, &segment));
  segment.checksum = TCPFLOW_CHECKSUM_NONE;
  options.present = TCPFLOW_HAS_OTHER;
  segment.options = &options;
  assert_false(tcpflow__synack_fits(f.p.conn, &segment));
  options.present = 0;
  options.flags = 1;
  assert_false(tcpflow__synack_fits(f.p.conn, &segment));
  finish(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(follow__any_offers__as_the_general_way),
    cmocka_unit_test(follow__ecn__as_the_general_way),
    cmocka_unit_test(follow__callback_wants_something__as_the_general_way),
    cmocka_unit_test(is_due__anything_asked_for__no),
    cmocka_unit_test(is_due__another_beginning__no),
    cmocka_unit_test(fits__odd_syn__no),
    cmocka_unit_test(fits__another_segment__no),
    cmocka_unit_test(fits__odd_beside_its_numbers__no),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
