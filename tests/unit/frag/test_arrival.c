/* tests/unit/frag/test_arrival.c - mirror of lib/frag/arrival.c. */
#include "unit/frag/feeds.h"

/* --- what is odd about one fragment --- */

static void feed__odd_fragment__as_the_row_says(void **state) {
  static const struct {
    cut c;
    tcpflow_frag_outcome outcome;
    tcpflow_frag_reason reason;
    uint32_t anomalies;
  } rows[] = {
    {{.start = 8, .length = 0}, DROPPED(EMPTY), ODD(EMPTY)},
    {{.length = 0, .more = true}, DROPPED(EMPTY), ODD(EMPTY)},
    {{.start = 8, .length = 8, .lie = 8}, DROPPED(BAD_LENGTH), ODD(BAD_LENGTH)},
    {{.start = 65528, .length = 8}, DROPPED(TOO_LONG), ODD(TOO_LONG)},
    {{.start = 65504, .length = 12}, DROPPED(TOO_LONG), ODD(TOO_LONG)},
    {{.start = 65504, .length = 11}, HELD, 0},
    {{.start = 65504, .length = 11, .words = 1},
     DROPPED(TOO_LONG),
     ODD(TOO_LONG)},
    {{.start = 65528, .length = 7, .version = 6}, HELD, 0},
    {{.start = 65528, .length = 8, .version = 6},
     DROPPED(TOO_LONG),
     ODD(TOO_LONG)},
    {{.start = 65520, .length = 8, .version = 6, .extensions = 1},
     DROPPED(TOO_LONG),
     ODD(TOO_LONG)},
    {{.start = 8, .length = 13, .more = true}, HELD, ODD(UNEVEN)},
    {{.start = 8, .length = 7, .more = true},
     DROPPED(EMPTY),
     ODD(UNEVEN) | ODD(EMPTY)},
    {{.start = 8, .length = 13, .more = true, .version = 6},
     DROPPED(UNEVEN),
     ODD(UNEVEN)},
    {{.start = 8, .length = 8, .flags = 0x4000}, HELD, ODD(DONT_FRAGMENT)},
    {{.length = 16, .more = true, .protocol = 6}, HELD, ODD(TINY)},
    {{.length = 24, .more = true, .protocol = 6}, HELD, 0},
    {{.start = 8, .length = 16, .more = true, .protocol = 6}, HELD, ODD(TINY)},
    {{.start = 16, .length = 16, .more = true, .protocol = 6}, HELD, ODD(TINY)},
    {{.start = 24, .length = 16, .more = true, .protocol = 6}, HELD, 0},
    {{.length = 16, .more = true, .protocol = 17}, HELD, 0},
    {{.start = 8, .length = 16, .lacks = 1}, HELD, ODD(CUT)},
    {{.start = 8, .length = 16, .bad_sum = 1}, HELD, 0},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    tcpflow_frag *const frag = make();
    feed_one(frag, rows[i].c, rows[i].outcome, rows[i].reason,
             rows[i].anomalies);
    const tcpflow_frag_stats stats = cut_stats(frag);
    assert_int_equal(stats.fragments, 1);
    assert_int_equal(stats.held, rows[i].outcome == TCPFLOW_FRAG_HELD);
    assert_int_equal(stats.fragments_dropped[rows[i].reason],
                     rows[i].outcome == TCPFLOW_FRAG_DROPPED);
    for (unsigned k = 0; k < 32; k++) {
      assert_int_equal(stats.anomalies[k], rows[i].anomalies >> k & 1);
    }
    tcpflow_frag_del(frag);
  }
}

static void feed__wrong_checksum_and_verified__dropped(void **state) {
  tcpflow_frag_config config;
  tcpflow_frag *frag;

  (void)state;
  tcpflow_frag_config_init(&config);
  config.verify_checksums = 1;
  frag = make_with(&config, NULL);
  feed_one(frag, (cut){.start = 8, .length = 8, .bad_sum = 1},
           DROPPED(BAD_CHECKSUM), ODD(BAD_CHECKSUM));
  feed_one(frag, (cut){.start = 8, .length = 8}, HELD, 0);
  feed_one(frag, (cut){.start = 8, .length = 8, .version = 6}, HELD, 0);
  tcpflow_frag_del(frag);
}

/* --- what is odd between fragments --- */

static void feed__duplicate__told_once_complete(void **state) {
  tcpflow_frag *const frag = make();

  (void)state;
  feed_one(frag, (cut){.length = 24, .more = true, .fill = 1}, HELD, 0);
  feed_one(frag, (cut){.length = 24, .more = true, .fill = 1}, HELD,
           ODD(DUPLICATE));
  feed_one(frag, (cut){.start = 24, .length = 9}, COMPLETE, ODD(DUPLICATE));
  assert_int_equal(cut_stats(frag).anomalies[2], 1);
  tcpflow_frag_del(frag);
}

/* A host that reads the second one sees another header. */
static void feed__second_first_fragment__conflict(void **state) {
  tcpflow_frag *const frag = make();

  (void)state;
  feed_one(frag, (cut){.length = 24, .more = true, .fill = 1}, HELD, 0);
  feed_one(frag, (cut){.length = 24, .more = true, .fill = 2}, HELD,
           ODD(DUPLICATE));
  feed_one(frag, (cut){.start = 24, .length = 9}, COMPLETE,
           ODD(DUPLICATE) | ODD(CONFLICT));
  tcpflow_frag_del(frag);
}

/* The first last fragment says where the end is; what lies behind is left
   out. */
static void feed__two_ends__the_first_one(void **state) {
  tcpflow_frag *const frag = make();
  cut c = {.length = 24, .more = true, .fill = 1, .protocol = 17};
  said s;

  (void)state;
  feed_one(frag, (cut){.start = 24, .length = 9, .fill = 2}, HELD, 0);
  feed_one(frag, (cut){.start = 24, .length = 17, .fill = 2}, HELD,
           ODD(TWO_ENDS) | ODD(BEYOND_END) | ODD(OVERLAP));
  feed_one(frag, (cut){.start = 40, .length = 8, .fill = 3},
           DROPPED(BEYOND_END), ODD(TWO_ENDS) | ODD(BEYOND_END) | ODD(OVERLAP));
  s = cut_feed(frag, &c);
  expect(&s, COMPLETE, ODD(TWO_ENDS) | ODD(BEYOND_END) | ODD(OVERLAP));
  assert_int_equal(s.datagram.length, 20 + 33);
  tcpflow_frag_del(frag);
}

/* Suricata's test of such a datagram: only what lies before the end counts. */
static void feed__end_before_what_came__cut_there(void **state) {
  tcpflow_frag *const frag = make();
  cut c = {.start = 8, .length = 8, .fill = 'B', .protocol = 17};
  said s;

  (void)state;
  feed_one(frag, (cut){.start = 16, .length = 8, .more = true, .fill = 'C'},
           HELD, 0);
  feed_one(frag, (cut){.length = 8, .more = true, .fill = 'A'}, HELD, 0);
  s = cut_feed(frag, &c);
  expect(&s, COMPLETE, ODD(BEYOND_END));
  assert_int_equal(s.datagram.length, 20 + 16);
  assert_memory_equal(s.datagram.bytes + 20, "AAAAAAAABBBBBBBB", 16);
  tcpflow_frag_del(frag);
}

/* Teardrop: the second one ends inside the first one. */
static void feed__teardrop__end_of_the_second(void **state) {
  tcpflow_frag *const frag = make();

  (void)state;
  feed_one(frag, (cut){.length = 40, .more = true}, HELD, 0);
  feed_one(frag, (cut){.start = 24, .length = 4}, COMPLETE,
           ODD(BEYOND_END) | ODD(OVERLAP));
  tcpflow_frag_del(frag);
}

/* RFC 5722 section 3: all of it is dropped, and what still comes of it. */
static void feed__ipv6_overlap__dropped_and_remembered(void **state) {
  static const cut first = {.length = 24, .more = true, .version = 6};
  tcpflow_frag *const frag = make();
  said s;

  (void)state;
  feed_one(frag, first, HELD, 0);
  feed_one(frag, (cut){.start = 16, .length = 16, .more = true, .version = 6},
           DROPPED(OVERLAP), ODD(OVERLAP));
  feed_one(frag, first, DROPPED(ABANDONED), ODD(OVERLAP));
  feed_one(frag, (cut){.start = 24, .length = 8, .version = 6},
           DROPPED(ABANDONED), ODD(OVERLAP));
  assert_int_equal(cut_stats(frag).datagrams_dropped[1], 1);
  assert_int_equal(cut_stats(frag).fragments_dropped[2], 2);
  assert_int_equal(cut_stats(frag).held, 1);
  assert_int_equal(cut_stats(frag).held_memory, sizeof(tcpflow__pending));

  /* Until its time is over. */
  s = cut_feed(frag, &(cut){.length = 24,
                            .more = true,
                            .version = 6,
                            .protocol = 17,
                            .time = 61 * TCPFLOW_SECOND});
  expect(&s, HELD, 0);
  assert_int_equal(cut_stats(frag).datagrams_dropped[3], 0);
  tcpflow_frag_del(frag);
}

/* RFC 8200 section 4.5: exact duplicates are no overlap. */
static void feed__ipv6_duplicate__tolerated_if_exact(void **state) {
  tcpflow_frag *const frag = make();

  (void)state;
  for (uint8_t fill = 0; fill < 2; fill++) {
    feed_one(frag, (cut){.length = 24, .more = true, .version = 6, .id = fill},
             HELD, 0);
    feed_one(
      frag,
      (cut){.length = 24, .more = true, .version = 6, .id = fill, .fill = fill},
      HELD, ODD(DUPLICATE));
  }
  feed_one(frag, (cut){.start = 24, .length = 8, .version = 6, .id = 0},
           COMPLETE, ODD(DUPLICATE));
  feed_one(frag, (cut){.start = 24, .length = 8, .version = 6, .id = 1},
           DROPPED(OVERLAP), ODD(DUPLICATE) | ODD(CONFLICT));
  feed_one(frag, (cut){.start = 24, .length = 8, .version = 6, .id = 1},
           DROPPED(ABANDONED), ODD(DUPLICATE) | ODD(CONFLICT));
  tcpflow_frag_del(frag);
}

static void feed__ipv6_ends_differ__dropped(void **state) {
  tcpflow_frag *const frag = make();

  (void)state;
  feed_one(frag, (cut){.start = 24, .length = 8, .version = 6}, HELD, 0);
  feed_one(frag, (cut){.start = 8, .length = 8, .version = 6}, DROPPED(OVERLAP),
           ODD(TWO_ENDS));
  feed_one(frag, (cut){.start = 24, .length = 8, .version = 6, .id = 1}, HELD,
           0);
  feed_one(frag,
           (cut){.start = 32, .length = 8, .more = true, .version = 6, .id = 1},
           DROPPED(OVERLAP), ODD(BEYOND_END));
  tcpflow_frag_del(frag);
}

static void feed__max_fragments__datagram_dropped(void **state) {
  tcpflow_frag_config config;
  tcpflow_frag *frag;

  (void)state;
  tcpflow_frag_config_init(&config);
  config.max_fragments = 20;
  frag = make_with(&config, NULL);
  for (uint32_t i = 0; i < 20; i++) {
    feed_one(frag, (cut){.start = 8 * i, .length = 8, .more = true}, HELD, 0);
  }
  feed_one(frag, (cut){.start = 160, .length = 8}, DROPPED(TOO_MANY),
           ODD(TOO_MANY));
  feed_one(frag, (cut){.start = 160, .length = 8}, DROPPED(ABANDONED),
           ODD(TOO_MANY));
  assert_int_equal(cut_stats(frag).datagrams_dropped[5], 1);
  tcpflow_frag_del(frag);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(feed__odd_fragment__as_the_row_says),
    cmocka_unit_test(feed__wrong_checksum_and_verified__dropped),
    cmocka_unit_test(feed__duplicate__told_once_complete),
    cmocka_unit_test(feed__second_first_fragment__conflict),
    cmocka_unit_test(feed__two_ends__the_first_one),
    cmocka_unit_test(feed__end_before_what_came__cut_there),
    cmocka_unit_test(feed__teardrop__end_of_the_second),
    cmocka_unit_test(feed__ipv6_overlap__dropped_and_remembered),
    cmocka_unit_test(feed__ipv6_duplicate__tolerated_if_exact),
    cmocka_unit_test(feed__ipv6_ends_differ__dropped),
    cmocka_unit_test(feed__max_fragments__datagram_dropped),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
