/* tests/unit/frag/test_gather.c - mirror of lib/frag/gather.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "frag/frag.h"
#include "unit/failmem.h"
#include "unit/frag/cuts.h"

static tcpflow_frag *make_with(const tcpflow_frag_config *config,
                               const tcpflow_mem *mem) {
  tcpflow_frag *frag = NULL;

  assert_int_equal(tcpflow_frag_new(&frag, config, NULL, mem, NULL),
                   TCPFLOW_OK);
  return frag;
}

static tcpflow_frag *make(void) {
  return make_with(NULL, NULL);
}

static void expect(const said *s, tcpflow_frag_outcome outcome,
                   tcpflow_frag_reason reason, uint32_t anomalies) {
  assert_int_equal(s->error, TCPFLOW_OK);
  assert_int_equal(s->result.outcome, outcome);
  assert_int_equal(s->result.reason, reason);
  assert_int_equal(s->result.anomalies, anomalies);
}

#define HELD       TCPFLOW_FRAG_HELD, TCPFLOW_FRAG_REASON_NONE
#define COMPLETE   TCPFLOW_FRAG_COMPLETE, TCPFLOW_FRAG_REASON_NONE
#define DROPPED(r) TCPFLOW_FRAG_DROPPED, TCPFLOW_FRAG_REASON_##r
#define ODD(a)     ((uint32_t)TCPFLOW_FRAG_ANOMALY_##a)

static void feed_one(tcpflow_frag *frag, cut c, tcpflow_frag_outcome outcome,
                     tcpflow_frag_reason reason, uint32_t anomalies) {
  said s;

  c.protocol = c.protocol == 0 ? 17 : c.protocol;
  s = cut_feed(frag, &c);
  expect(&s, outcome, reason, anomalies);
}

/* --- orders --- */

static void feed__every_order_of_three__complete_at_the_third(void **state) {
  static const uint8_t orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                       {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  static const cut cuts[3] = {{.length = 8, .more = true},
                              {.start = 8, .length = 16, .more = true},
                              {.start = 24, .length = 1}};
  tcpflow_frag *const frag = make();

  (void)state;
  for (unsigned i = 0; i < 12; i++) {
    for (unsigned k = 0; k < 3; k++) {
      cut c = cuts[orders[i % 6][k]];
      c.version = i < 6 ? 4 : 6;
      if (k < 2) {
        feed_one(frag, c, HELD, 0);
      } else {
        feed_one(frag, c, COMPLETE, 0);
      }
    }
  }
  const tcpflow_frag_stats stats = cut_stats(frag);
  assert_int_equal(stats.fragments, 36);
  assert_int_equal(stats.datagrams, 12);
  assert_int_equal(stats.completed, 12);
  assert_int_equal(stats.held, 0);
  assert_int_equal(stats.held_memory, 0);
  tcpflow_frag_del(frag);
}

static void feed__no_fragment__untouched(void **state) {
  const cut c = {.length = 40};
  tcpflow_frag *const frag = make();
  const said s = cut_feed(frag, &c);

  (void)state;
  expect(&s, TCPFLOW_FRAG_NOT_A_FRAGMENT, TCPFLOW_FRAG_REASON_NONE, 0);
  assert_null(s.datagram.bytes);
  assert_int_equal(cut_stats(frag).fragments, 0);
  tcpflow_frag_del(frag);
}

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

/* --- who belongs together --- */

static void feed__another_key__another_datagram(void **state) {
  static const cut others[] = {
    {.start = 8, .length = 8, .id = 1},
    {.start = 8, .length = 8, .protocol = 6},
    {.start = 8, .length = 8, .vlan = 0x1005},
    {.start = 8, .length = 8, .tunnel = 0x03000005},
    {.start = 8, .length = 8, .scope = 5},
    {.start = 8, .length = 8, .version = 6},
  };
  tcpflow_frag *const frag = make();

  (void)state;
  feed_one(frag, (cut){.length = 8, .more = true}, HELD, 0);
  for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
    feed_one(frag, others[i], HELD, others[i].protocol == 6 ? ODD(TINY) : 0);
  }
  feed_one(frag, (cut){.start = 8, .length = 8}, COMPLETE, 0);
  tcpflow_frag_del(frag);
}

/* --- time --- */

static void feed__too_late__begins_anew(void **state) {
  tcpflow_frag *const frag = make();
  const tcpflow_time begin = 1000 * TCPFLOW_SECOND;

  (void)state;
  feed_one(frag, (cut){.length = 8, .more = true, .time = begin}, HELD, 0);
  feed_one(frag,
           (cut){.start = 8, .length = 8, .time = begin + 60 * TCPFLOW_SECOND},
           HELD, 0);
  assert_int_equal(cut_stats(frag).datagrams, 2);
  assert_int_equal(cut_stats(frag).datagrams_dropped[3], 1);
  feed_one(
    frag,
    (cut){.length = 8, .more = true, .time = begin + 120 * TCPFLOW_SECOND - 1},
    COMPLETE, 0);
  tcpflow_frag_del(frag);
}

/* A capture of two cards is not in order. */
static void feed__clock_goes_back__latest_time_counts(void **state) {
  tcpflow_frag *const frag = make();
  const tcpflow_time begin = 1000 * TCPFLOW_SECOND;
  cut c = {.start = 8, .length = 8, .time = 1, .protocol = 17};
  said s;

  (void)state;
  feed_one(frag, (cut){.length = 8, .more = true, .time = begin}, HELD, 0);
  s = cut_feed(frag, &c);
  expect(&s, COMPLETE, 0);
  assert_int_equal(s.datagram.time, 1);
  assert_int_equal(s.result.first_time, begin);
  feed_one(frag, (cut){.length = 8, .more = true, .time = 5}, HELD, 0);
  assert_int_equal(tcpflow_frag_deadline(frag), begin + 60 * TCPFLOW_SECOND);
  tcpflow_frag_del(frag);
}

/* --- caps --- */

static void feed__max_datagrams__the_oldest_goes(void **state) {
  tcpflow_frag_config config;
  tcpflow_frag *frag;

  (void)state;
  tcpflow_frag_config_init(&config);
  config.max_datagrams = 3;
  frag = make_with(&config, NULL);
  for (uint32_t id = 0; id < 4; id++) {
    feed_one(frag, (cut){.length = 8, .more = true, .id = id}, HELD, 0);
    assert_int_equal(cut_stats(frag).held, id < 3 ? id + 1 : 3);
  }
  assert_int_equal(cut_stats(frag).datagrams_dropped[4], 1);
  for (uint32_t id = 3; id > 0; id--) {
    feed_one(frag, (cut){.start = 8, .length = 8, .id = id}, COMPLETE, 0);
  }
  feed_one(frag, (cut){.start = 8, .length = 8, .id = 0}, HELD, 0);
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

/* What one datagram with one fragment of 800 octets costs. */
#define COST                                                                   \
  ((uint64_t)(sizeof(tcpflow__pending) + sizeof(tcpflow__part) + 800))

static void feed__max_bytes__to_the_octet(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow_frag_config config;

  (void)state;
  tcpflow_frag_config_init(&config);
  for (unsigned less = 0; less < 2; less++) {
    config.max_bytes = 3 * COST - less;
    tcpflow_frag *const frag = make_with(&config, &mem);
    const size_t empty = fm.live_bytes;
    for (uint32_t id = 0; id < 3; id++) {
      feed_one(frag, (cut){.start = 8, .length = 800, .id = id}, HELD, 0);
    }
    assert_int_equal(cut_stats(frag).datagrams_dropped[4], less);
    assert_int_equal(cut_stats(frag).held_memory, (3 - less) * COST);
    assert_int_equal(fm.live_bytes - empty, (3 - less) * COST);
    tcpflow_frag_del(frag);
    assert_int_equal(fm.live_blocks, 0);
  }
}

/* Even alone it is too big: dropped, but the others stay. */
static void feed__bigger_than_max_bytes__dropped_alone(void **state) {
  tcpflow_frag_config config;
  tcpflow_frag *frag;

  (void)state;
  tcpflow_frag_config_init(&config);
  config.max_bytes = 2 * COST;
  frag = make_with(&config, NULL);
  feed_one(frag, (cut){.start = 8, .length = 800, .more = true}, HELD, 0);
  feed_one(frag, (cut){.start = 8, .length = 4000, .id = 1}, DROPPED(NO_ROOM),
           0);
  assert_int_equal(cut_stats(frag).held, 1);
  assert_int_equal(cut_stats(frag).fragments_dropped[6], 1);
  feed_one(frag, (cut){.start = 808, .length = 2000}, DROPPED(NO_ROOM), 0);
  assert_int_equal(cut_stats(frag).datagrams_dropped[6], 1);
  feed_one(frag, (cut){.length = 8, .more = true}, DROPPED(ABANDONED), 0);
  tcpflow_frag_del(frag);
}

/* The fragment's own datagram is the oldest, and grows: others go. */
static void feed__own_datagram_is_oldest__spared(void **state) {
  tcpflow_frag_config config;
  tcpflow_frag *frag;

  (void)state;
  tcpflow_frag_config_init(&config);
  config.max_bytes = 2 * COST;
  frag = make_with(&config, NULL);
  feed_one(frag, (cut){.start = 8, .length = 800}, HELD, 0);
  feed_one(frag, (cut){.start = 8, .length = 800, .id = 1}, HELD, 0);
  feed_one(frag, (cut){.length = 8, .more = true}, COMPLETE, 0);
  assert_int_equal(cut_stats(frag).datagrams_dropped[4], 1);
  tcpflow_frag_del(frag);
}

/* --- memory that is not there --- */

static void check_failing(const cut *cuts, size_t count, size_t with_map) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow_frag *const frag = make_with(NULL, &mem);
  size_t failures = 0;

  for (size_t i = 0; i < count; i++) {
    for (size_t n = 1;; n++) {
      const tcpflow_frag_stats before = cut_stats(frag);
      const size_t blocks = fm.live_blocks;
      fm.fail_at = fm.requests + n;
      const said s = cut_feed(frag, &cuts[i]);
      fm.fail_at = 0;
      if (s.error == TCPFLOW_OK) {
        assert_int_equal(s.result.outcome, i + 1 < count
                                             ? TCPFLOW_FRAG_HELD
                                             : TCPFLOW_FRAG_COMPLETE);
        break;
      }
      tcpflow_frag_stats after = cut_stats(frag);
      assert_int_equal(s.error, TCPFLOW_ERR_NOMEM);
      assert_int_equal(fm.live_blocks, blocks);
      assert_int_equal(after.nomem, before.nomem + 1);
      after.nomem--;
      assert_memory_equal(&after, &before, sizeof(after));
      failures++;
    }
  }
  assert_int_equal(failures, count + 1 + with_map);
  tcpflow_frag_del(frag);
  assert_int_equal(fm.live_blocks, 0);
}

static void feed__no_memory__nothing_changed(void **state) {
  static const cut two[] = {{.length = 24, .more = true},
                            {.start = 24, .length = 9}};
  cut many[12];

  (void)state;
  check_failing(two, 2, 0);
  for (uint32_t i = 0; i < 12; i++) {
    many[i] =
      (cut){.start = (11 - i) * 8, .length = 8, .more = i > 0, .protocol = 17};
  }
  check_failing(many, 12, 1); /* The ninth one asks for a map as well. */
}

/* --- undone --- */

static void frag_undo__completed__fed_again_the_same(void **state) {
  static const cut first = {.length = 24, .more = true, .fill = 1};
  static const cut last = {.start = 24, .length = 9, .fill = 2, .lacks = 2};
  tcpflow_frag *const frag = make();
  tcpflow_frag_result result;
  tcpflow_frame datagram;
  cutting made;

  (void)state;
  (void)cut_feed(frag, &first);
  (void)cut_feed(frag, &first);
  const tcpflow_frag_stats before = cut_stats(frag);
  cutting_make(&made, &last);
  for (unsigned i = 0; i < 3; i++) {
    assert_int_equal(tcpflow__frag_take(frag, &made.packet, &result, &datagram),
                     TCPFLOW_OK);
    assert_int_equal(result.outcome, TCPFLOW_FRAG_COMPLETE);
    assert_int_equal(result.fragments, 3);
    assert_int_equal(datagram.length, 20 + 33);
    assert_int_equal(datagram.captured, 20 + 31);
    assert_int_equal(cut_stats(frag).completed, 1);
    assert_int_equal(cut_stats(frag).held, 0);
    tcpflow__frag_undo(frag);
    const tcpflow_frag_stats after = cut_stats(frag);
    assert_memory_equal(&after, &before, sizeof(after));
  }
  (void)tcpflow__frag_take(frag, &made.packet, &result, &datagram);
  tcpflow__frag_settle(frag);
  assert_int_equal(cut_stats(frag).held_memory, 0);
  free(made.bytes);
  tcpflow_frag_del(frag);
}

/* --- cost --- */

/*
 * FragmentSmack (CVE-2018-5391): a datagram of the smallest fragments in the
 * worst order costs each of them one allocation, and memory by the octet;
 * the time is bounded by the table in board.h, and measured here by nothing but
 * that the test ends.
 */
static void feed__tiny_fragments__one_allocation_each(void **state) {
  enum {
    ALL = 8189
  }; /* 65,512 octets. */
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow_frag_config config;

  (void)state;
  tcpflow_frag_config_init(&config);
  config.max_fragments = 65535;
  for (unsigned order = 0; order < 2; order++) {
    tcpflow_frag *const frag = make_with(&config, &mem);
    const size_t requests = fm.requests;
    for (uint32_t i = 0; i < ALL; i++) {
      const uint32_t at = order == 0 ? ALL - 1 - i : (i * 4093 + 1) % ALL;
      cut c = {.start = at * 8,
               .length = 8,
               .more = at + 1 < ALL,
               .fill = (uint8_t)at,
               .protocol = 17};
      const said s = cut_feed(frag, &c);
      assert_int_equal(s.result.outcome,
                       i + 1 < ALL ? TCPFLOW_FRAG_HELD : TCPFLOW_FRAG_COMPLETE);
    }
    /* And one for the datagram, one for its map. */
    assert_int_equal(fm.requests - requests, ALL + 2);
    assert_true(fm.peak_bytes < sizeof(*frag) + 2048 + ALL * 64);
    tcpflow_frag_del(frag);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(feed__every_order_of_three__complete_at_the_third),
    cmocka_unit_test(feed__no_fragment__untouched),
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
    cmocka_unit_test(feed__another_key__another_datagram),
    cmocka_unit_test(feed__too_late__begins_anew),
    cmocka_unit_test(feed__clock_goes_back__latest_time_counts),
    cmocka_unit_test(feed__max_datagrams__the_oldest_goes),
    cmocka_unit_test(feed__max_fragments__datagram_dropped),
    cmocka_unit_test(feed__max_bytes__to_the_octet),
    cmocka_unit_test(feed__bigger_than_max_bytes__dropped_alone),
    cmocka_unit_test(feed__own_datagram_is_oldest__spared),
    cmocka_unit_test(feed__no_memory__nothing_changed),
    cmocka_unit_test(frag_undo__completed__fed_again_the_same),
    cmocka_unit_test(feed__tiny_fragments__one_allocation_each),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
