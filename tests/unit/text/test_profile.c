/*
 * tests/unit/text/test_profile.c - what Zeek and Wireshark would say.
 *
 * The whole of Zeek's rules is held against its own logs by
 * oracle/check-conns-against-zeek.sh; here are those that the corpus may lack.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <tcpflow/profile.h>

#define F      TCPFLOW_FLAG_FIN
#define S      TCPFLOW_FLAG_SYN
#define R      TCPFLOW_FLAG_RST
#define A      TCPFLOW_FLAG_ACK
#define CLIENT TCPFLOW_SIDE_CLIENT
#define SERVER TCPFLOW_SIDE_SERVER

typedef struct step {
  tcpflow_side side;
  unsigned flags;
  uint32_t seq;
  uint32_t ack;
  uint32_t length;
} step;

static tcpflow_segment make_segment(const step *s, tcpflow_time time) {
  tcpflow_segment segment;

  tcpflow_segment_init(&segment);
  segment.time = time;
  segment.flags = (uint16_t)s->flags;
  segment.seq = s->seq;
  segment.ack = s->ack;
  segment.payload_length = s->length;
  segment.window = 1000;
  return segment;
}

/* What Zeek says of steps, one a second. */
static tcpflow_zeek_summary play(const step *steps, size_t count) {
  tcpflow_zeek zeek;
  tcpflow_zeek_summary summary;
  const tcpflow_segment first = make_segment(&steps[0], 0);
  const tcpflow_new_event begin = {
    .cause = &first, .side = steps[0].side, .role = TCPFLOW_ROLE_FIRST};

  tcpflow_zeek_init(&zeek, &begin, 0);
  for (size_t i = 0; i < count; i++) {
    const tcpflow_segment segment = make_segment(&steps[i], i * TCPFLOW_SECOND);
    const tcpflow_segment_event event = {
      .time = segment.time, .segment = &segment, .side = steps[i].side};
    tcpflow_zeek_segment(&zeek, &event);
  }
  tcpflow_zeek_summary_init(&summary);
  assert_int_equal(tcpflow_zeek_get_summary(&zeek, &summary), TCPFLOW_OK);
  return summary;
}

#define EXPECT(steps, state_, history_)                                        \
  do {                                                                         \
    const tcpflow_zeek_summary said =                                          \
      play(steps, sizeof(steps) / sizeof((steps)[0]));                         \
    assert_string_equal(tcpflow_zeek_state_name(said.state), state_);          \
    assert_string_equal(said.history, history_);                               \
  } while (0)

static void zeek__attempts__s0_rej_rstos0_sh(void **state) {
  static const step lone[] = {{CLIENT, S, 100, 0, 0}};
  static const step refused[] = {{CLIENT, S, 100, 0, 0},
                                 {SERVER, R | A, 0, 101, 0}};
  static const step aborted[] = {{CLIENT, S, 100, 0, 0},
                                 {CLIENT, R, 101, 0, 0}};
  static const step closed[] = {{CLIENT, S, 100, 0, 0},
                                {CLIENT, F | A, 101, 0, 0}};

  (void)state;
  EXPECT(lone, "S0", "S");
  EXPECT(refused, "REJ", "Sr");
  EXPECT(aborted, "RSTOS0", "SR");
  EXPECT(closed, "SH", "SF");
}

static void zeek__established__s1_s2_s3_sf_rsto_rstr(void **state) {
  static const step all[] = {
    {CLIENT, S, 100, 0, 0},       {SERVER, S | A, 500, 101, 0},
    {CLIENT, A, 101, 501, 0},     {CLIENT, A, 101, 501, 10},
    {CLIENT, F | A, 111, 501, 0}, {SERVER, F | A, 501, 112, 0},
    {CLIENT, A, 112, 502, 0}};
  static const step by_server[] = {{CLIENT, S, 100, 0, 0},
                                   {SERVER, S | A, 500, 101, 0},
                                   {CLIENT, A, 101, 501, 0},
                                   {SERVER, F | A, 501, 101, 0}};
  static const step reset[] = {{CLIENT, S, 100, 0, 0},
                               {SERVER, S | A, 500, 101, 0},
                               {CLIENT, R, 101, 0, 0}};
  static const step reset_by_server[] = {{CLIENT, S, 100, 0, 0},
                                         {SERVER, S | A, 500, 101, 0},
                                         {SERVER, R, 501, 0, 0}};
  tcpflow_zeek_summary z;

  (void)state;
  z = play(all, 3);
  assert_int_equal(z.state, TCPFLOW_ZEEK_S1);
  z = play(all, 5);
  assert_int_equal(z.state, TCPFLOW_ZEEK_S2);
  EXPECT(all, "SF", "ShADFf");
  EXPECT(by_server, "S3", "ShAf");
  EXPECT(reset, "RSTO", "ShR");
  EXPECT(reset_by_server, "RSTR", "Shr");
  z = play(all, 7);
  assert_true(z.bytes[0] == 10 && z.bytes[1] == 0);
  assert_true(z.packets[0] == 5 && z.packets[1] == 2);
  /* The last ACK comes when both have closed. */
  assert_true(z.duration == 5 * TCPFLOW_SECOND);
}

static void zeek__syn_not_seen__oth_shr_rstrh(void **state) {
  static const step partial[] = {{CLIENT, A, 101, 501, 5},
                                 {SERVER, A, 501, 106, 7}};
  static const step closed[] = {{SERVER, S | A, 500, 101, 0},
                                {SERVER, F | A, 501, 101, 0}};

  (void)state;
  EXPECT(partial, "OTH", "Dd");
  EXPECT(closed, "SH", "HF");
}

/* SYN and ACK, then the SYN: captured in the wrong order. */
static void zeek__syn_behind_syn_ack__flipped(void **state) {
  static const step steps[] = {{SERVER, S | A, 500, 101, 0},
                               {CLIENT, S, 100, 0, 0},
                               {CLIENT, A, 101, 501, 0}};
  tcpflow_zeek_summary z;

  (void)state;
  EXPECT(steps, "S1", "Hs^A");
  z = play(steps, 3);
  assert_int_equal(z.originator, CLIENT);
}

static void zeek__odd_flags__q_and_i(void **state) {
  static const step steps[] = {{CLIENT, S | F, 100, 0, 0},
                               {CLIENT, F | R, 101, 0, 0},
                               {CLIENT, S | R, 101, 0, 0}};

  (void)state;
  EXPECT(steps, "OTH", "QI");
}

/* The 2nd T stands for 10. */
static void zeek__sent_again_often__log_scale(void **state) {
  step steps[30];
  tcpflow_zeek_summary z;

  (void)state;
  for (size_t i = 0; i < 30; i++) {
    steps[i] = (step){CLIENT, A, 101, 501, 10};
  }
  z = play(steps, 30);
  assert_string_equal(z.history, "DTT");
  assert_true(z.bytes[0] == 10);
}

static void zeek__long_history__cut(void **state) {
  step steps[200];
  tcpflow_zeek_summary z;

  (void)state;
  for (size_t i = 0; i < 200; i++) {
    steps[i] = (step){CLIENT, F | A, (uint32_t)(100 + i * 1000), 1, 0};
  }
  z = play(steps, 200);
  assert_int_equal(strlen(z.history), TCPFLOW_ZEEK_HISTORY_MAX - 1);
}

/* A struct of a later release may be smaller or bigger. */
static void zeek__no_room__version_error(void **state) {
  const tcpflow_segment first = make_segment(&(step){CLIENT, S, 1, 0, 0}, 0);
  const tcpflow_new_event begin = {.cause = &first};
  tcpflow_zeek zeek;
  tcpflow_zeek_summary summary;

  (void)state;
  tcpflow_zeek_begin(&zeek, sizeof(size_t) + 8, &begin, 0);
  tcpflow_zeek_summary_init(&summary);
  assert_int_equal(tcpflow_zeek_get_summary(&zeek, &summary),
                   TCPFLOW_ERR_VERSION);
}

static uint32_t completeness_of(const step *steps, size_t count) {
  uint32_t sum = 0;

  for (size_t i = 0; i < count; i++) {
    const tcpflow_segment segment = make_segment(&steps[i], 0);
    sum = tcpflow_completeness_add(sum, &segment);
  }
  return sum & 63;
}

static void completeness__as_wireshark__bits(void **state) {
  static const step all[] = {{CLIENT, S, 1, 0, 0},     {SERVER, S | A, 1, 2, 0},
                             {CLIENT, A, 2, 2, 0},     {CLIENT, A, 2, 2, 5},
                             {SERVER, A | F, 2, 7, 0}, {CLIENT, R, 7, 0, 0}};
  static const step data[] = {{CLIENT, A, 2, 2, 5}, {SERVER, A, 2, 7, 5}};

  (void)state;
  assert_int_equal(completeness_of(all, 1), 1);
  assert_int_equal(completeness_of(all, 3), 7);
  assert_int_equal(completeness_of(all, 6), 63);
  assert_int_equal(completeness_of(data, 1), 0);
  assert_int_equal(completeness_of(data, 2), 8);
}

static void text_completeness__bits__letters(void **state) {
  char text[16];

  (void)state;
  assert_int_equal(tcpflow_text_completeness(text, sizeof(text), 31), 7);
  assert_string_equal(text, "\xc2\xb7"
                            "FDASS");
  assert_int_equal(tcpflow_text_completeness(text, sizeof(text), 63), 6);
  assert_string_equal(text, "RFDASS");
  assert_int_equal(tcpflow_text_completeness(NULL, 0, 0), 12);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(zeek__attempts__s0_rej_rstos0_sh),
    cmocka_unit_test(zeek__established__s1_s2_s3_sf_rsto_rstr),
    cmocka_unit_test(zeek__syn_not_seen__oth_shr_rstrh),
    cmocka_unit_test(zeek__syn_behind_syn_ack__flipped),
    cmocka_unit_test(zeek__odd_flags__q_and_i),
    cmocka_unit_test(zeek__sent_again_often__log_scale),
    cmocka_unit_test(zeek__long_history__cut),
    cmocka_unit_test(zeek__no_room__version_error),
    cmocka_unit_test(completeness__as_wireshark__bits),
    cmocka_unit_test(text_completeness__bits__letters),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
