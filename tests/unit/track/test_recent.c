/* tests/unit/track/test_recent.c - mirror of lib/track/recent.c, and that what
   it remembers proves nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "track/tracker.h"
#include "unit/track/traffic.h"

enum {
  PLACES = 1 << TCPFLOW__RECENT_BITS,
  CLIENTS = 40,
  FRAMES = 6000
};

static void init(tcpflow__recent *recent, uint8_t secret) {
  const uint8_t key[16] = {secret};
  tcpflow__hasher hasher;

  tcpflow__hasher_init(&hasher, key, 0);
  tcpflow__recent_init(recent, &hasher);
}

/* Of IPv6, those of a net: 2001:db8::0a00:CLIENT to 2001:db8::1. */
static tcpflow_tuple tuple_of_version(uint32_t client, uint8_t version) {
  static const uint8_t net[4] = {0x20, 1, 0xd, 0xb8};
  tcpflow_tuple tuple = tuple_of(client);

  if (version == 6) {
    tuple.version = 6;
    memcpy(tuple.address[0] + 12, tuple.address[0], 4);
    memcpy(tuple.address[0], net, sizeof(net));
    memset(tuple.address[1], 0, 16);
    memcpy(tuple.address[1], net, sizeof(net));
    tuple.address[1][15] = 1;
  }
  return tuple;
}

static uint64_t product_of(const tcpflow__recent *recent,
                           const tcpflow_tuple *tuple) {
  return tuple->version == 4 ? tcpflow__recent_product(recent, tuple)
                             : tcpflow__recent_product_six(recent, tuple);
}

static void product__both_ways__the_same(void **state) {
  tcpflow__recent recent;

  (void)state;
  init(&recent, 1);
  for (uint32_t i = 0; i < CLIENTS; i++) {
    for (uint8_t version = 4; version <= 6; version += 2) {
      const tcpflow_tuple tuple = tuple_of_version(i, version);
      const tcpflow_tuple back = tuple_back(&tuple);
      assert_true(product_of(&recent, &tuple) == product_of(&recent, &back));
    }
  }
}

/* Who asks which one it is needs not be asked by who finds it. */
static void product_long__only_ipv6_counts__that_of_ipv6(void **state) {
  const uint8_t key[16] = {1};
  tcpflow__hasher hasher;
  tcpflow__recent recent;

  (void)state;
  init(&recent, 1);
  tcpflow__hasher_init(&hasher, key, TCPFLOW_KEY_NO_TUNNEL);
  for (uint32_t i = 0; i < CLIENTS; i++) {
    tcpflow_tuple tuple = tuple_of_version(i, 6);
    tuple.tunnel = i;
    tuple.vlan = i;
    assert_int_equal(tcpflow__tuple_form(&hasher, &tuple), 6);
    assert_true(tcpflow__recent_product_long(&recent, &hasher, &tuple) ==
                tcpflow__recent_product_six(&recent, &tuple));
  }
}

/* All that counts of a tuple is in it, and nothing else. */
static void product_long__each_octet__counts_as_configured(void **state) {
  const uint8_t key[16] = {1};
  tcpflow__recent recent;

  (void)state;
  init(&recent, 1);
  for (uint32_t flags = 0; flags < 4; flags++) {
    const tcpflow_tuple base = {.version = 6, .port = {1, 2}};
    tcpflow__hasher hasher;

    tcpflow__hasher_init(&hasher, key, flags);
    const uint64_t product =
      tcpflow__recent_product_long(&recent, &hasher, &base);
    for (size_t i = 0; i < offsetof(tcpflow_tuple, version); i++) {
      tcpflow_tuple tuple = base;
      ((uint8_t *)&tuple)[i] ^= 0x55;
      const tcpflow_tuple back = tuple_back(&tuple);
      const bool counts =
        (tuple.vlan == base.vlan || (flags & TCPFLOW_KEY_VLAN) != 0) &&
        (tuple.tunnel == base.tunnel || (flags & TCPFLOW_KEY_NO_TUNNEL) == 0);
      const uint64_t other =
        tcpflow__recent_product_long(&recent, &hasher, &tuple);

      assert_int_equal(other != product, counts);
      assert_true(tcpflow__recent_product_long(&recent, &hasher, &back) ==
                  other);
    }
  }
}

static void check_spread(uint8_t secret, uint8_t version, bool one_port) {
  tcpflow__recent recent;
  uint32_t taken = 0;

  init(&recent, secret);
  for (uint32_t i = 0; i < PLACES / 2; i++) {
    tcpflow_tuple tuple = tuple_of_version(i, version);
    tuple.port[0] = one_port ? 40000 : tuple.port[0];
    const uint64_t product = product_of(&recent, &tuple);

    assert_true(tcpflow__recent_at(product) < PLACES);
    tcpflow__recent_note(&recent, product, NULL, i);
    assert_int_equal(recent.place[tcpflow__recent_at(product)].known.index, i);
    assert_int_equal(recent.place[tcpflow__recent_at(product)].known.mark,
                     tcpflow__recent_mark(product));
  }
  for (uint32_t i = 0; i < PLACES; i++) {
    taken += recent.place[i].known.mark != 0;
  }
  assert_in_range(taken, PLACES / 4, PLACES / 2);
}

/* Half as many flows as places: were they drawn, 39 of 100 places would have
   one. */
static void product__many_neighbours__spread(void **state) {
  (void)state;
  for (uint8_t secret = 1; secret != 0; secret++) {
    check_spread(secret, 4, false);
    check_spread(secret, 4, true);
    check_spread(secret, 6, false);
    check_spread(secret, 6, true);
  }
}

/* Takes STEP from the last octet of an address, or from a port, and gives it to
   the other end: whoever writes both ends can do that, and knows no secret. */
static tcpflow_tuple shifted(uint8_t version, uint32_t step, bool of_ports) {
  tcpflow_tuple tuple = tuple_of(200);
  const unsigned last = version == 4 ? 3 : 15;

  tuple.version = version;
  tuple.address[0][last] = 200;
  tuple.address[1][last] = 1;
  if (of_ports) {
    tuple.port[0] = (uint16_t)(tuple.port[0] - step);
    tuple.port[1] = (uint16_t)(tuple.port[1] + step);
  } else {
    tuple.address[0][last] = (uint8_t)(200 - step);
    tuple.address[1][last] = (uint8_t)(1 + step);
  }
  return tuple;
}

/* Flows whose sums are alike have places and marks as if they were drawn. */
static void product__equal_sums__spread(void **state) {
  (void)state;
  for (unsigned kind = 0; kind < 4; kind++) {
    tcpflow__recent recent;
    uint32_t taken = 0;

    init(&recent, 1);
    for (uint32_t step = 0; step < 90; step++) {
      const bool plain = kind < 2;
      const tcpflow_tuple tuple = shifted(plain ? 4 : 6, step, kind % 2 != 0);
      const uint64_t product = product_of(&recent, &tuple);
      const tcpflow__recent_flow *const place =
        &recent.place[tcpflow__recent_at(product)].known;
      assert_int_not_equal(place->mark, tcpflow__recent_mark(product));
      taken += place->mark == 0;
      tcpflow__recent_note(&recent, product, NULL, step);
    }
    assert_in_range(taken, 60, 90);
  }
}

static void expect_recalled(tcpflow__recent *recent, uint64_t product,
                            uint32_t index) {
  tcpflow__recent_flow flow = {.index = 99};

  assert_true(tcpflow__recent_recall(recent, product, &flow));
  assert_int_equal(flow.index, index);
}

static void expect_forgotten(tcpflow__recent *recent, uint64_t product) {
  tcpflow__recent_flow flow = {.index = 99};

  assert_false(tcpflow__recent_recall(recent, product, &flow));
  assert_int_equal(flow.index, 99);
}

/* One that has begun is remembered, and more so once it goes on. */
static void recall__flows_that_begin__others_stay_known(void **state) {
  const tcpflow_tuple tuple = tuple_of(1);
  tcpflow__recent recent;

  (void)state;
  init(&recent, 1);
  const uint64_t known = tcpflow__recent_product(&recent, &tuple);
  const uint64_t begun = known ^ UINT64_C(1) << 40; /* Of the same place. */
  const uint64_t flood = known ^ UINT64_C(1) << 41;

  expect_forgotten(&recent, known);
  tcpflow__recent_note(&recent, known, NULL, 1);
  tcpflow__recent_begin(&recent, begun, NULL, 2);
  tcpflow__recent_begin(&recent, flood, NULL, 3);
  expect_recalled(&recent, known, 1);
  expect_forgotten(&recent, begun);
  tcpflow__recent_begin(&recent, begun, NULL, 2);
  expect_recalled(&recent, begun, 2);
  tcpflow__recent_begin(&recent, flood, NULL, 3);
  expect_recalled(&recent, begun, 2);
}

/* Where there is none, the mark is 0, too: but then there is no flow, which has
   to be looked for as if nothing was remembered. */
static void recall__mark_0__no_flow(void **state) {
  const uint64_t product = UINT64_C(5) << (64 - TCPFLOW__RECENT_BITS);
  tcpflow__recent_flow flow = {.index = 99};
  tcpflow__recent recent;

  (void)state;
  init(&recent, 1);
  assert_int_equal(tcpflow__recent_mark(product), 0);
  assert_true(tcpflow__recent_recall(&recent, product, &flow));
  assert_null(flow.flow);
  tcpflow__recent_note(&recent, product, NULL, 7);
  expect_recalled(&recent, product, 7);
}

static void init__other_secret__other_places(void **state) {
  const tcpflow_tuple tuple = tuple_of(1);
  tcpflow__recent first;
  tcpflow__recent second;

  (void)state;
  init(&first, 1);
  init(&second, 2);
  assert_int_equal(first.factor & 1U, 1);
  assert_false(tcpflow__recent_product(&first, &tuple) ==
               tcpflow__recent_product(&second, &tuple));
}

/* --- of a tracker --- */

static uint32_t draw(uint64_t *seed, uint32_t below) {
  *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
  return (uint32_t)(*seed >> 33) % below;
}

/* A tuple of IPv4, in a VLAN, of one end, or of IPv6. */
static tcpflow_tuple tuple_of_kind(uint32_t client) {
  tcpflow_tuple tuple = tuple_of(client);

  switch (client % 8) {
  case 0:
    tuple.vlan = UINT32_C(1) << 28 | client << 16;
    break;
  case 1:
    tuple.port[0] = 443;
    memcpy(tuple.address[1], tuple.address[0], 16);
    break;
  case 2:
    tuple.version = 6;
    tuple.address[0][15] = 1;
    break;
  case 3:
    memcpy(tuple.address[1], tuple.address[0], 16);
    break;
  default:
    break;
  }
  return tuple;
}

/* Segments of few flows that open, speak, close and come again. */
static void talk_at_random(talk *t, uint64_t seed) {
  static const unsigned flags[] = {F_S,  F_S,  F_SA, F_SA, F_A, F_A,
                                   F_PA, F_PA, F_FA, F_FA, F_R, F_RA};

  for (unsigned i = 0; i < FRAMES; i++) {
    const tcpflow_tuple there = tuple_of_kind(draw(&seed, CLIENTS));
    const bool back = draw(&seed, 2) != 0;
    const say what = {back ? tuple_back(&there) : there,
                      flags[draw(&seed, 12)],
                      1000 + draw(&seed, 4),
                      1000 + draw(&seed, 4),
                      draw(&seed, 3),
                      0};

    t->now += draw(&seed, 50) == 0 ? (uint64_t)draw(&seed, 90) * TCPFLOW_SECOND
                                   : TCPFLOW_MILLISECOND;
    talk_say(t, &what);
  }
}

typedef enum memory {
  AS_IT_IS,
  NOTHING, /* It never remembers. */
  WRONG    /* It says other flows, or records that were given back. */
} memory;

static void misremember(const tcpflow_tracker *tracker,
                        tcpflow__recent_flow *place, uint64_t *seed) {
  if (place->mark != 0) {
    place->index = draw(seed, tracker->flows.fresh);
    place->flow = tcpflow__flows_at(&tracker->flows, place->index);
  }
}

static void spoil(tcpflow_tracker *tracker, memory how, uint64_t *seed) {
  tcpflow__recent *const recent = &tracker->recent;

  if (how == NOTHING) {
    memset(recent->place, 0, sizeof(recent->place));
  }
  for (unsigned i = 0; how == WRONG && i < PLACES; i++) {
    misremember(tracker, &recent->place[i].known, seed);
    misremember(tracker, &recent->place[i].begun, seed);
  }
}

static void hear(journal *j, const talk *t, uint32_t key_flags, memory how) {
  const tcpflow_conn_callbacks callbacks = journal_callbacks();
  tcpflow_tracker *tracker = NULL;
  tcpflow_tracker_config config;
  uint64_t seed = 7;

  tcpflow_tracker_config_init(&config);
  config.key_flags = key_flags;
  config.max_flows = CLIENTS / 2;
  assert_int_equal(tcpflow_tracker_new(&tracker, &config, &callbacks, NULL, j),
                   TCPFLOW_OK);
  for (size_t at = 0; at < t->count;) {
    const size_t some = 1 + draw(&seed, 9);
    const size_t count = some < t->count - at ? some : t->count - at;

    assert_int_equal(tcpflow_tracker_feed(tracker, t->frame + at, count, NULL),
                     TCPFLOW_OK);
    spoil(tracker, how, &seed);
    at += count;
  }
  tcpflow_tracker_del(tracker);
}

static uint32_t index_of(tcpflow_tracker *tracker, const tcpflow_tuple *tuple) {
  const tcpflow_conn *const conn = tcpflow_tracker_find(tracker, tuple);

  assert_non_null(conn);
  return tcpflow__flows_index(&tracker->flows,
                              (const tcpflow__flow *)(const void *)conn);
}

/* What is remembered of a tuple; it is of something. */
static uint32_t remembered(const tcpflow_tracker *tracker,
                           const tcpflow_tuple *tuple) {
  const tcpflow__recent *const recent = &tracker->recent;
  const uint64_t product = product_of(recent, tuple);
  const tcpflow__recent_flow *const place =
    &recent->place[tcpflow__recent_at(product)].known;

  assert_int_equal(place->mark, tcpflow__recent_mark(product));
  assert_ptr_equal(place->flow,
                   tcpflow__flows_at(&tracker->flows, place->index));
  return place->index;
}

/* A SYN of each of these clients. */
static void feed_syns(tcpflow_tracker *tracker, talk *t, uint8_t version,
                      uint32_t first, uint32_t count) {
  for (uint32_t client = first; client < first + count; client++) {
    say what = {tuple_of(client), F_S, 1000, 0, 0, 0};

    what.tuple.version = version;
    talk_say(t, &what);
  }
  assert_int_equal(talk_feed(t, tracker), TCPFLOW_OK);
}

/* Ports are used again, and another record has them then: the first packet that
   finds it in the table tells the next one. */
static void feed__another_record_since__is_remembered_anew(void **state) {
  (void)state;
  for (uint8_t version = 4; version <= 6; version += 2) {
    talk t = {.now = TCPFLOW_SECOND};
    tcpflow_tracker *tracker = NULL;
    tcpflow_tuple tuple = tuple_of(1);

    tuple.version = version;
    assert_int_equal(tcpflow_tracker_new(&tracker, NULL, NULL, NULL, NULL),
                     TCPFLOW_OK);
    feed_syns(tracker, &t, version, 1, 1);
    feed_syns(tracker, &t, version, 1, 1);
    assert_int_equal(index_of(tracker, &tuple), 0);
    assert_int_equal(remembered(tracker, &tuple), 0);
    t.now += 200 * TCPFLOW_SECOND;
    feed_syns(tracker, &t, version, 2, 1);
    assert_null(tcpflow_tracker_find(tracker, &tuple));
    feed_syns(tracker, &t, version, 1, 1);
    const uint32_t index = index_of(tracker, &tuple);
    assert_int_not_equal(index, 0);
    feed_syns(tracker, &t, version, 1, 1);
    assert_int_equal(remembered(tracker, &tuple), index);
    tcpflow_tracker_del(tracker);
  }
}

/* Whatever is remembered, the same is told. */
static void feed__nothing_or_wrong_remembered__tells_the_same(void **state) {
  (void)state;
  for (uint32_t key_flags = 0; key_flags < 4; key_flags++) {
    talk t = {.now = TCPFLOW_SECOND};
    journal told = {0};

    talk_at_random(&t, key_flags + 1);
    hear(&told, &t, key_flags, AS_IT_IS);
    assert_true(told.news > 100);
    for (memory how = NOTHING; how <= WRONG; how++) {
      journal j = {0};
      hear(&j, &t, key_flags, how);
      assert_int_equal(j.length, told.length);
      assert_memory_equal(j.text, told.text, told.length);
      journal_clear(&j);
    }
    journal_clear(&told);
    talk_clear(&t);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(product__both_ways__the_same),
    cmocka_unit_test(product_long__only_ipv6_counts__that_of_ipv6),
    cmocka_unit_test(product_long__each_octet__counts_as_configured),
    cmocka_unit_test(product__many_neighbours__spread),
    cmocka_unit_test(product__equal_sums__spread),
    cmocka_unit_test(recall__flows_that_begin__others_stay_known),
    cmocka_unit_test(recall__mark_0__no_flow),
    cmocka_unit_test(init__other_secret__other_places),
    cmocka_unit_test(feed__another_record_since__is_remembered_anew),
    cmocka_unit_test(feed__nothing_or_wrong_remembered__tells_the_same),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
