/*
 * tests/unit/conn/test_oddities.c - mirror of lib/conn/oddities.c: which
 * verdicts and options make an anomaly.
 */
#include <tcpflow/frag.h>

#include "play.h"

/* Client 1000, server 5000; timestamps on both sides if STAMPED. */
static void play_open(play *p, int stamped) {
  play_begin(p, NULL);
  if (stamped) {
    p->options.present = TCPFLOW_HAS_TIMESTAMPS;
    p->options.ts_val = 100;
  }
  play_handshake(p);
}

/* What is told of a segment, as far as it is an anomaly, if anything. */
static const char *anomalies(play *p) {
  const char *const at = strstr(play_log(p), "anomaly");

  return at == NULL ? "" : at;
}

static void note_oddities__bad_flags(void **state) {
  play p;

  (void)state;
  play_open(&p, 0);
  play_send(&p, CLIENT, "FU", 1001, 5001, "");
  assert_string_equal(anomalies(&p), "anomaly client bad-flags x1\n");
  play_finish(&p);
}

/* A RST among them counts as one (RFC 9293 section 3.10.7.4: second step). */
static void note_oddities__christmas_tree(void **state) {
  static const char *const trees[] = {"FPU", "SFRP", "SFRU.", "SFRPU."};
  static const char expected[] = "anomaly client bad-flags x1\n"
                                 "anomaly client christmas x1\n";
  play p;

  (void)state;
  for (unsigned i = 0; i < sizeof(trees) / sizeof(trees[0]); i++) {
    play_open(&p, 0);
    play_send(&p, CLIENT, trees[i], 1001, 5001, "");
    assert_memory_equal(anomalies(&p), expected, sizeof(expected) - 1);
    play_finish(&p);
  }
}

static void note_oddities__no_flags(void **state) {
  play p;

  (void)state;
  play_open(&p, 0);
  play_send(&p, SERVER, "", 5001, 1001, "");
  assert_string_equal(anomalies(&p), "anomaly server bad-flags x1\n"
                                     "anomaly server no-flags x1\n");
  play_finish(&p);
}

/* Data may be pushed, even that of a SYN (RFC 7413). */
static void note_oddities__baroque_syn(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "SP", 1000, 0, "");
  assert_string_equal(anomalies(&p), "anomaly client syn-baroque x1\n");
  play_finish(&p);
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "SP", 1000, 0, "data");
  assert_string_equal(anomalies(&p), "anomaly client syn-data x1\n");
  play_finish(&p);
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "SU", 1000, 0, "");
  assert_string_equal(anomalies(&p), "anomaly client syn-baroque x1\n"
                                     "anomaly client urgent x1\n");
  play_finish(&p);
}

static void note_oddities__bad_options(void **state) {
  play p;

  (void)state;
  play_open(&p, 0);
  p.options.flags = TCPFLOW_OPTION_FLAG_OVERRUN;
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_string_equal(anomalies(&p), "anomaly client bad-options x1\n");
  play_finish(&p);
}

static void note_oddities__checksum(void **state) {
  play p;

  (void)state;
  play_open(&p, 0);
  p.checksum = TCPFLOW_CHECKSUM_BAD;
  play_send(&p, SERVER, ".", 5001, 1001, "");
  assert_string_equal(anomalies(&p), "anomaly server bad-checksum x1\n");
  play_finish(&p);
}

static void note_oddities__syn_with_another_number(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, CLIENT, "S", 2000, 0, "");
  assert_string_equal(anomalies(&p), "anomaly client syn-other-isn x1\n");
  play_finish(&p);
}

static void note_oddities__syn_in_connection(void **state) {
  play p;

  (void)state;
  play_open(&p, 0);
  play_send(&p, CLIENT, "S", 2000, 0, "");
  assert_string_equal(anomalies(&p), "anomaly client syn-in-connection x1\n");
  play_finish(&p);
}

static void note_oddities__syn_ack_bad_ack(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, SERVER, "S.", 5000, 1000, "");
  assert_string_equal(anomalies(&p), "anomaly server syn-ack-bad-ack x1\n");
  play_finish(&p);
}

static void note_oddities__ack_of_the_unseen(void **state) {
  play p;

  (void)state;
  play_open(&p, 0);
  play_send(&p, SERVER, ".", 5001, 1002, "");
  assert_string_equal(anomalies(&p), "anomaly server ack-unseen x1\n");
  play_finish(&p);
}

static void note_oddities__paws(void **state) {
  play p;

  (void)state;
  play_open(&p, 1);
  p.options.ts_val = 99;
  play_send(&p, CLIENT, ".", 1001, 5001, "a");
  assert_string_equal(anomalies(&p), "anomaly client paws x1\n");
  play_finish(&p);
}

static void note_oddities__timestamp_missing(void **state) {
  play p;

  (void)state;
  play_open(&p, 1);
  p.options.present = 0;
  play_send(&p, CLIENT, ".", 1001, 5001, "a");
  assert_string_equal(anomalies(&p), "anomaly client timestamp-missing x1\n");
  play_finish(&p);
}

static void note_oddities__beyond_window(void **state) {
  play p;

  (void)state;
  play_open(&p, 0);
  play_send(&p, CLIENT, ".", 11001, 5001, "a");
  assert_string_equal(anomalies(&p), "anomaly client beyond-window x1\n");
  play_finish(&p);
}

static void note_oddities__fin(void **state) {
  play p;

  (void)state;
  play_open(&p, 0);
  play_send(&p, CLIENT, "F.", 1001, 5001, "");
  play_send(&p, CLIENT, ".", 1002, 5001, "a");
  assert_string_equal(anomalies(&p), "anomaly client beyond-fin x1\n");
  play_send(&p, CLIENT, "F.", 1003, 5001, "");
  assert_string_equal(anomalies(&p), "anomaly client fin-moved x1\n");
  play_finish(&p);
}

static void note_oddities__rst(void **state) {
  play p;

  (void)state;
  play_open(&p, 0);
  play_send(&p, CLIENT, "R", 1002, 0, "");
  assert_string_equal(anomalies(&p), "anomaly client rst-challenged x1\n");
  play_send(&p, CLIENT, "R", 1000, 0, "");
  assert_string_equal(anomalies(&p), "anomaly client rst-out-of-window x1\n");
  play_finish(&p);

  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  play_send(&p, SERVER, "R.", 0, 1000, "");
  assert_string_equal(anomalies(&p), "anomaly server rst-unacceptable x1\n");
  play_finish(&p);
}

static void note_oddities__payload_cut(void **state) {
  play p;

  (void)state;
  play_open(&p, 0);
  p.cut = 1;
  play_send(&p, CLIENT, ".", 1001, 5001, "ab");
  assert_string_equal(anomalies(&p), "anomaly client payload-cut x1\n");
  play_finish(&p);
}

static void note_oddities__overlap_that_differs(void **state) {
  play p;

  (void)state;
  play_open(&p, 0);
  play_send(&p, CLIENT, ".", 1003, 5001, "cd");
  play_send(&p, CLIENT, ".", 1003, 5001, "cd");
  assert_string_equal(anomalies(&p), "");
  play_send(&p, CLIENT, ".", 1003, 5001, "xy");
  assert_string_equal(anomalies(&p), "anomaly client overlap-conflict x1\n");
  play_finish(&p);
}

static void note_oddities__no_room_to_hold(void **state) {
  const tcpflow_conn_callbacks cb = play_callbacks();
  tcpflow_conn_config config;
  play p;

  (void)state;
  tcpflow_conn_config_init(&config);
  config.max_held_pieces = 1;
  play_clear(&p);
  assert_int_equal(tcpflow_conn_new(&p.conn, &config, &cb, NULL, NULL, &p),
                   TCPFLOW_OK);
  play_handshake(&p);
  play_send(&p, CLIENT, ".", 1003, 5001, "c");
  play_send(&p, CLIENT, ".", 1005, 5001, "e");
  assert_string_equal(play_log(&p), "gap client 0+2 limit\n"
                                    "data client 2 c\n"
                                    "anomaly client held-limit x1\n");
  play_finish(&p);
}

static void note_oddities__options(void **state) {
  play p;

  (void)state;
  play_open(&p, 0);
  p.options.flags = TCPFLOW_OPTION_FLAG_DUPLICATE;
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_string_equal(anomalies(&p), "anomaly client option-duplicate x1\n");
  p.options.flags = TCPFLOW_OPTION_FLAG_WRONG_SEGMENT;
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_string_equal(anomalies(&p), "anomaly client option-misplaced x1\n");
  p.options.flags = TCPFLOW_OPTION_FLAG_BAD_VALUE;
  p.options.wscale_raw = 14;
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_string_equal(anomalies(&p), "");
  p.options.wscale_raw = 15;
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_string_equal(anomalies(&p), "anomaly client wscale-range x1\n");
  p.options.flags = 0xffff & ~(unsigned)(TCPFLOW_OPTION_FLAG_DUPLICATE |
                                         TCPFLOW_OPTION_FLAG_WRONG_SEGMENT);
  p.options.wscale_raw = 0;
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_string_equal(anomalies(&p), "anomaly client bad-options x1\n");
  play_finish(&p);
}

/* RFC 7413: with a cookie, which is an option that is not typed, it is in
   order. */
static void note_oddities__data_in_a_syn(void **state) {
  tcpflow_segment segment;
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "abc");
  assert_string_equal(anomalies(&p), "anomaly client syn-data x1\n");
  play_finish(&p);

  play_begin(&p, NULL);
  segment = play_segment(&p, "S", 1000, 0, "abc");
  segment.options = NULL;
  assert_int_equal(tcpflow_conn_feed(p.conn, CLIENT, &segment), TCPFLOW_OK);
  assert_string_equal(anomalies(&p), "anomaly client syn-data x1\n");
  play_finish(&p);

  play_begin(&p, NULL);
  p.options.present = TCPFLOW_HAS_OTHER;
  play_send(&p, CLIENT, "S", 1000, 0, "abc");
  assert_string_equal(anomalies(&p), "");
  play_finish(&p);
}

static void note_oddities__clock_goes_back(void **state) {
  tcpflow_segment segment;
  tcpflow_packet packet;
  play p;

  (void)state;
  play_open(&p, 0);
  p.now--;
  const tcpflow_time last = p.now;

  play_send(&p, CLIENT, ".", 1001, 5001, "");
  p.now = last;
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_string_equal(anomalies(&p), "");
  p.now = last - 1;
  play_send(&p, CLIENT, ".", 1001, 5001, "");
  assert_string_equal(anomalies(&p), "anomaly client time-backwards x1\n");
  play_finish(&p);

  /* A tracker hands on its own time; the packet tells the frame's. */
  play_open(&p, 0);
  tcpflow_packet_init(&packet);
  segment = play_segment(&p, ".", 1001, 5001, "");
  segment.packet = &packet;
  packet.time = segment.time;
  assert_int_equal(tcpflow_conn_feed(p.conn, CLIENT, &segment), TCPFLOW_OK);
  assert_string_equal(anomalies(&p), "");
  packet.time--;
  assert_int_equal(tcpflow_conn_feed(p.conn, CLIENT, &segment), TCPFLOW_OK);
  assert_string_equal(anomalies(&p), "anomaly client time-backwards x1\n");
  play_finish(&p);
}

static void note_oddities__fragments(void **state) {
  static const struct {
    uint32_t of_fragments;
    const char *told;
  } rows[] = {
    {TCPFLOW_FRAG_ANOMALY_OVERLAP, "anomaly client fragment-overlap x1\n"},
    {TCPFLOW_FRAG_ANOMALY_CONFLICT, "anomaly client fragment-conflict x1\n"},
    {TCPFLOW_FRAG_ANOMALY_TINY, "anomaly client fragment-tiny x1\n"},
    {TCPFLOW_FRAG_ANOMALY_UNEVEN, "anomaly client fragment-odd x1\n"},
    {TCPFLOW_FRAG_ANOMALY_TWO_ENDS, "anomaly client fragment-odd x1\n"},
    {TCPFLOW_FRAG_ANOMALY_BEYOND_END, "anomaly client fragment-odd x1\n"},
    {TCPFLOW_FRAG_ANOMALY_PROTOCOL, "anomaly client fragment-odd x1\n"},
    {TCPFLOW_FRAG_ANOMALY_TOO_LONG, "anomaly client fragment-odd x1\n"},
    {TCPFLOW_FRAG_ANOMALY_EMPTY, "anomaly client fragment-odd x1\n"},
    {TCPFLOW_FRAG_ANOMALY_BAD_LENGTH, "anomaly client fragment-odd x1\n"},
    {TCPFLOW_FRAG_ANOMALY_BAD_CHECKSUM, "anomaly client fragment-odd x1\n"},
    {TCPFLOW_FRAG_ANOMALY_ECN, "anomaly client fragment-odd x1\n"},
    {TCPFLOW_FRAG_ANOMALY_DUPLICATE | TCPFLOW_FRAG_ANOMALY_CUT |
       TCPFLOW_FRAG_ANOMALY_DONT_FRAGMENT,
     ""},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    tcpflow_segment segment;
    play p;

    play_open(&p, 0);
    segment = play_segment(&p, ".", 1001, 5001, "");
    segment.fragment_anomalies = rows[i].of_fragments;
    assert_int_equal(tcpflow_conn_feed(p.conn, CLIENT, &segment), TCPFLOW_OK);
    assert_string_equal(anomalies(&p), rows[i].told);
    play_finish(&p);
  }
}

/* They are told in the order of their names. */
static void note_oddities__several_at_once__in_order(void **state) {
  play p;

  (void)state;
  play_open(&p, 1);
  p.options.present = 0;
  p.options.flags = TCPFLOW_OPTION_FLAG_DUPLICATE | TCPFLOW_OPTION_FLAG_OVERRUN;
  p.now = 0;
  p.cut = 1;
  play_send(&p, CLIENT, ".", 11001, 5002, "ab");
  assert_string_equal(anomalies(&p), "anomaly client bad-options x1\n"
                                     "anomaly client option-duplicate x1\n"
                                     "anomaly client ack-unseen x1\n"
                                     "anomaly client timestamp-missing x1\n"
                                     "anomaly client beyond-window x1\n"
                                     "anomaly client payload-cut x1\n"
                                     "anomaly client time-backwards x1\n");
  play_finish(&p);
}

/* Retransmissions and duplicate ACKs are the daily bread of TCP. */
static void note_oddities__loss_and_repair__none(void **state) {
  play p;

  (void)state;
  play_open(&p, 0);
  play_send(&p, CLIENT, ".", 1001, 5001, "abc");
  play_send(&p, CLIENT, ".", 1007, 5001, "ghi");
  for (int i = 0; i < 4; i++) {
    play_send(&p, SERVER, ".", 5001, 1004, "");
  }
  play_send(&p, CLIENT, ".", 1004, 5001, "def");
  play_send(&p, CLIENT, ".", 1004, 5001, "def");
  play_send(&p, SERVER, ".", 5001, 1010, "");
  play_send(&p, CLIENT, ".", 1009, 5001, "");
  play_send(&p, CLIENT, "F.", 1010, 5001, "");
  assert_string_equal(anomalies(&p), "");
  play_finish(&p);
}

/* Whether an anomaly was told among all that was. */
static int told(play *p, const char *line) {
  return strstr(play_log(p), line) != NULL;
}

static void note_oddities__many_fins(void **state) {
  play p;

  (void)state;
  play_open(&p, 0);
  for (unsigned i = 1; i < 32; i++) {
    play_send(&p, CLIENT, "F.", 1001, 5001, "");
  }
  assert_false(told(&p, "fin-storm"));
  play_send(&p, CLIENT, "F.", 1001, 5001, "");
  assert_true(told(&p, "anomaly client fin-storm x1\n"));
  play_finish(&p);
}

/* None of them counts. */
static void note_oddities__many_resets(void **state) {
  play p;

  (void)state;
  play_open(&p, 0);
  for (unsigned i = 1; i < 32; i++) {
    play_send(&p, SERVER, "R", 5101, 0, "");
  }
  assert_false(told(&p, "rst-storm"));
  play_send(&p, SERVER, "R", 5101, 0, "");
  assert_true(told(&p, "anomaly server rst-storm x1\n"));
  play_finish(&p);
}

static void note_oddities__many_small_segments(void **state) {
  play p;

  (void)state;
  play_open(&p, 0);
  for (unsigned i = 0; i < 99; i++) {
    play_send(&p, CLIENT, "P.", 1001 + i, 5001, "x");
    assert_false(told(&p, "small-segments"));
  }
  for (unsigned i = 99; i < 102; i++) {
    play_send(&p, CLIENT, "P.", 1001 + i, 5001, "x");
  }
  assert_true(told(&p, "anomaly client small-segments x1\n"));
  play_finish(&p);
}

static void note_oddities__nothing_is_acknowledged(void **state) {
  play p;

  (void)state;
  play_open(&p, 0);
  for (unsigned i = 0; i < 6; i++) {
    play_send(&p, SERVER, ".", 5001, 1001, "");
  }
  play_send(&p, CLIENT, ".", 1001, 5001, "some");
  assert_false(told(&p, "data-without-acks"));
  play_send(&p, CLIENT, ".", 1001 + 131072, 5001, "more");
  assert_true(told(&p, "anomaly client data-without-acks x1\n"));
  play_finish(&p);
}

static void note_oddities__many_syn_acks(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  for (unsigned i = 0; i < 8; i++) {
    play_send(&p, SERVER, "S.", 5000 + i * 1000, 1001, "");
  }
  assert_false(told(&p, "syn-ack-flood"));
  play_send(&p, SERVER, "S.", 99000, 1001, "");
  assert_true(told(&p, "anomaly server syn-ack-flood x1\n"));
  play_finish(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(note_oddities__bad_flags),
    cmocka_unit_test(note_oddities__christmas_tree),
    cmocka_unit_test(note_oddities__no_flags),
    cmocka_unit_test(note_oddities__baroque_syn),
    cmocka_unit_test(note_oddities__bad_options),
    cmocka_unit_test(note_oddities__checksum),
    cmocka_unit_test(note_oddities__syn_with_another_number),
    cmocka_unit_test(note_oddities__syn_in_connection),
    cmocka_unit_test(note_oddities__syn_ack_bad_ack),
    cmocka_unit_test(note_oddities__ack_of_the_unseen),
    cmocka_unit_test(note_oddities__paws),
    cmocka_unit_test(note_oddities__timestamp_missing),
    cmocka_unit_test(note_oddities__beyond_window),
    cmocka_unit_test(note_oddities__fin),
    cmocka_unit_test(note_oddities__rst),
    cmocka_unit_test(note_oddities__payload_cut),
    cmocka_unit_test(note_oddities__overlap_that_differs),
    cmocka_unit_test(note_oddities__no_room_to_hold),
    cmocka_unit_test(note_oddities__options),
    cmocka_unit_test(note_oddities__data_in_a_syn),
    cmocka_unit_test(note_oddities__clock_goes_back),
    cmocka_unit_test(note_oddities__fragments),
    cmocka_unit_test(note_oddities__several_at_once__in_order),
    cmocka_unit_test(note_oddities__loss_and_repair__none),
    cmocka_unit_test(note_oddities__many_fins),
    cmocka_unit_test(note_oddities__many_resets),
    cmocka_unit_test(note_oddities__many_small_segments),
    cmocka_unit_test(note_oddities__nothing_is_acknowledged),
    cmocka_unit_test(note_oddities__many_syn_acks),
  };

  return cmocka_run_group_tests_name("oddities", tests, NULL, NULL);
}
