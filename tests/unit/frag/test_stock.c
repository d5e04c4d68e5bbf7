/* tests/unit/frag/test_stock.c - mirror of lib/frag/stock.c. */
#include "unit/failmem.h"
#include "unit/frag/feeds.h"

/* --- room --- */

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
    cmocka_unit_test(feed__max_datagrams__the_oldest_goes),
    cmocka_unit_test(feed__max_bytes__to_the_octet),
    cmocka_unit_test(feed__bigger_than_max_bytes__dropped_alone),
    cmocka_unit_test(feed__own_datagram_is_oldest__spared),
    cmocka_unit_test(feed__no_memory__nothing_changed),
    cmocka_unit_test(feed__tiny_fragments__one_allocation_each),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
