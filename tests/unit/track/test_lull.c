/* tests/unit/track/test_lull.c - mirror of lib/track/lull.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "track/tracker.h"
#include "unit/failmem.h"
#include "unit/track/savings.h"
#include "unit/track/sleepers.h"
#include "unit/track/traffic.h"

#define MANY       20000U

/* So many that all sides are taken that were asked for together. */
#define SIDES_FULL (3 * TCPFLOW__SIDES_A_BLOCK)

/* A tracker, whose allocator counts, and what it tells. */
typedef struct room {
  tcpflow_tracker *tracker;
  failmem memory;
  journal told;
} room;

static void make_room(room *r, tcpflow_time sleep_ns, uint64_t max_memory) {
  const tcpflow_conn_callbacks callbacks = journal_callbacks();
  const tcpflow_mem mem = failmem_table(&r->memory);
  tcpflow_tracker_config config;

  tcpflow_tracker_config_init(&config);
  config.sleep_ns = sleep_ns;
  config.max_memory = max_memory;
  assert_int_equal(
    tcpflow_tracker_new(&r->tracker, &config, &callbacks, &mem, &r->told),
    TCPFLOW_OK);
}

static void drop_room(room *r) {
  tcpflow_tracker_del(r->tracker);
  assert_int_equal(r->memory.live_blocks, 0);
  journal_clear(&r->told);
}

static uint32_t asleep_of(const room *r) {
  return r->tracker->flows.beds.used;
}

/* One opens after the other, and is silent then. */
static void open_many(talk *t, uint32_t many, tcpflow_time apart) {
  t->now = 1000 * TCPFLOW_SECOND;
  for (uint32_t i = 0; i < many; i++) {
    talk_open(t, i);
    talk_up(t, i, F_PA, 1001, 5001, 20);
    talk_down(t, i, F_PA, 5001, 1021, 30);
    talk_up(t, i, F_A, 1021, 5031, 0);
    t->now += apart;
  }
}

static void feed_all(room *r, talk *t) {
  assert_int_equal(tcpflow_tracker_feed(r->tracker, t->frame, t->count, NULL),
                   TCPFLOW_OK);
}

static void open__many_idle__hardly_more_memory_than_asleep(void **state) {
  room r = {0};
  talk t = {0};

  (void)state;
  make_room(&r, TCPFLOW_SECOND, 0);
  const size_t empty = r.memory.live_bytes;
  open_many(&t, MANY, 10 * TCPFLOW_MILLISECOND);
  feed_all(&r, &t);
  assert_int_equal(stats_of(r.tracker).flows_in_phase[TCPFLOW_PHASE_OPEN],
                   MANY);
  assert_in_range(asleep_of(&r), MANY * 9 / 10, MANY);
  assert_in_range((r.memory.live_bytes - empty) / MANY, 100, 256);
  talk_clear(&t);
  drop_room(&r);
}

/* The one flow of a tracker, which is awake. */
static tcpflow_conn *conn_of(const room *r) {
  const uint32_t index =
    tcpflow__list_first(&r->tracker->flows, TCPFLOW__LIST_AWAKE);

  assert_int_not_equal(index, TCPFLOW__FLOW_NONE);
  return &tcpflow__flows_at(&r->tracker->flows, index)->conn;
}

/* What was loaded may have any numbers: where hardly any can be guessed, there
   is no bed that is long enough. */
static void sleep__all_numbers_surprise__stays_awake(void **state) {
  room r = {0};
  talk t = {0};

  (void)state;
  make_room(&r, TCPFLOW_TIME_NONE, 0);
  open_many(&t, 1, 0);
  feed_all(&r, &t);
  tcpflow__endpoint *const end = conn_of(&r)->end;
  for (unsigned side = 0; side < 2; side++) {
    end[side].iss = 0xdeadbeef;
    end[side].fin = 0xfeedface;
    end[side].retransmissions = 0xc001cafe;
    end[side].nxt_start = 0xabad1dea;
    end[side].rcv_edge = 0x7fedcba9;
    end[side].ts_first = 0x76543210;
    end[side].payload = UINT64_C(0x0123456789abcdef);
    end[side].ts_time = 7;
  }
  assert_int_equal(sleepers_all(r.tracker), 0);
  assert_int_equal(asleep_of(&r), 0);
  talk_clear(&t);
  drop_room(&r);
}

/* Nobody sleeps, or is told to have ended, because a checkpoint says so: it has
   no octets of that. */
static void load__said_to_be_folded__is_awake(void **state) {
  const uint32_t bits = TCPFLOW__CONN_ASLEEP | TCPFLOW__CONN_REMAINS;
  room r[2] = {0};
  talk t = {0};

  (void)state;
  make_room(&r[0], TCPFLOW_TIME_NONE, 0);
  make_room(&r[1], TCPFLOW_TIME_NONE, 0);
  open_many(&t, 1, 0);
  feed_all(&r[0], &t);
  conn_of(&r[0])->bits |= bits;
  savings s = savings_of(r[0].tracker);
  conn_of(&r[0])->bits &= ~bits;
  assert_int_equal(tcpflow_tracker_load(r[1].tracker, s.bytes, s.length),
                   TCPFLOW_OK);
  assert_int_equal(conn_of(&r[1])->bits, conn_of(&r[0])->bits);
  savings_clear(&s);
  talk_clear(&t);
  drop_room(&r[0]);
  drop_room(&r[1]);
}

/* They may have been silent for longer than who was looked at. */
static void load__behind_a_round__looks_again(void **state) {
  room r[2] = {0};
  talk t = {0};

  (void)state;
  make_room(&r[0], TCPFLOW_SECOND, 0);
  make_room(&r[1], TCPFLOW_SECOND, 0);
  open_many(&t, 1, 0);
  feed_all(&r[0], &t);
  savings s = savings_of(r[0].tracker);
  talk_clear(&t);
  open_many(&t, SIDES_FULL + 1, 0);
  feed_all(&r[1], &t);
  assert_in_range(r[1].tracker->rounds.next, t.now, TCPFLOW_TIME_NONE - 1);
  assert_int_equal(tcpflow_tracker_load(r[1].tracker, s.bytes, s.length),
                   TCPFLOW_OK);
  assert_int_equal(r[1].tracker->rounds.next, 0);
  savings_clear(&s);
  talk_clear(&t);
  drop_room(&r[0]);
  drop_room(&r[1]);
}

static void open__not_idle_for_so_long__awake(void **state) {
  static const tcpflow_time after[] = {TCPFLOW_TIME_NONE,
                                       3600 * TCPFLOW_SECOND};

  (void)state;
  for (unsigned i = 0; i < 2; i++) {
    room r = {0};
    talk t = {0};

    make_room(&r, after[i], 0);
    open_many(&t, 1000, 10 * TCPFLOW_MILLISECOND);
    feed_all(&r, &t);
    assert_int_equal(asleep_of(&r), 0);
    talk_clear(&t);
    drop_room(&r);
  }
}

/* As many open at once as need new sides, from number FIRST on. */
static void open_more(room *r, talk *t, uint32_t first, tcpflow_time now) {
  talk_clear(t);
  t->now = now;
  for (uint32_t i = 0; i < 2 * SIDES_FULL; i++) {
    talk_open(t, first + i);
  }
  feed_all(r, t);
}

/* When all were looked at, the next look is when the first of them may be
   idle. */
static void open__all_looked_at__no_look_until_one_is_idle(void **state) {
  enum {
    FEW = 2000
  };
  const tcpflow_time begun = 1000 * TCPFLOW_SECOND;
  const tcpflow_time idle = 60 * TCPFLOW_SECOND;
  room r = {0};
  talk t = {0};

  (void)state;
  make_room(&r, idle, 0);
  open_many(&t, FEW, TCPFLOW_MILLISECOND);
  feed_all(&r, &t);
  assert_in_range(r.tracker->rounds.next, begun + idle, t.now + idle);
  assert_int_equal(r.tracker->rounds.due, 0);

  open_more(&r, &t, FEW, begun + idle - TCPFLOW_SECOND);
  assert_int_equal(r.tracker->rounds.due, 0);
  assert_int_equal(asleep_of(&r), 0);

  open_more(&r, &t, 2 * FEW, begun + 2 * idle);
  assert_in_range(asleep_of(&r), SIDES_FULL, FEW + 2 * SIDES_FULL);
  talk_clear(&t);
  drop_room(&r);
}

/* Nobody needs room: there are enough sides for all that come and go. */
static void feed__no_more_than_before__nobody_falls_asleep(void **state) {
  room r = {0};
  talk t = {0};

  (void)state;
  make_room(&r, TCPFLOW_SECOND, 0);
  t.now = 1000 * TCPFLOW_SECOND;
  for (uint32_t i = 0; i < 20; i++) {
    talk_open(&t, i);
  }
  for (uint32_t i = 100; i < 5000; i++) {
    talk_open(&t, i);
    talk_close(&t, i);
    t.now += i > 500 ? TCPFLOW_SECOND / 10 : 0;
  }
  feed_all(&r, &t);
  assert_int_equal(asleep_of(&r), 0);
  talk_clear(&t);
  drop_room(&r);
}

/* What most of them say once they are open, in any order. */
static void say_more(talk *t, uint64_t *seed, uint32_t many) {
  const uint32_t who = (uint32_t)(dice(seed) % many);

  switch (dice(seed) % 8) {
  case 0:
    talk_up(t, who, F_PA, 1021, 5031, (uint32_t)(dice(seed) % 40));
    break;
  case 1:
    talk_down(t, who, F_PA, 5031, 1021, (uint32_t)(dice(seed) % 40));
    break;
  case 2:
    talk_up(t, who, F_PA, 1061, 5031, 7); /* Behind a hole. */
    break;
  case 3:
    talk_up(t, who, F_FA, 1021, 5031, 0);
    break;
  case 4:
    talk_down(t, who, F_FA, 5031, 1022, 0);
    break;
  case 5:
    talk_up(t, who, F_R, 1021, 0, 0);
    break;
  case 6:
    talk_up(t, who, F_S, 900000, 0, 0);
    break;
  default:
    talk_up(t, who, F_A, 1021, 5031, 0);
    break;
  }
  t->now += dice(seed) % TCPFLOW_SECOND;
}

static void feed__with_sleepers_or_without__tells_the_same(void **state) {
  enum {
    FEW = 500
  };
  room r[2] = {0};
  uint64_t seed = 31;
  talk t = {0};

  (void)state;
  make_room(&r[0], 0, 0);
  make_room(&r[1], TCPFLOW_TIME_NONE, 0);
  open_many(&t, FEW, TCPFLOW_MILLISECOND);
  for (unsigned i = 0; i < 5000; i++) {
    say_more(&t, &seed, FEW);
    if (i % 8 == 0) {
      talk_open(&t, FEW + i);
    }
  }
  feed_all(&r[0], &t);
  feed_all(&r[1], &t);
  assert_in_range(asleep_of(&r[0]), 1, FEW);
  assert_int_equal(asleep_of(&r[1]), 0);
  for (unsigned i = 0; i < 2; i++) {
    assert_int_equal(tcpflow_tracker_flush(r[i].tracker), TCPFLOW_OK);
    assert_int_equal(asleep_of(&r[i]), 0);
  }
  assert_string_equal(r[0].told.text, r[1].told.text);
  drop_room(&r[0]);
  drop_room(&r[1]);
  talk_clear(&t);
}

/* Where a cap leaves no room for sides, idle ones fall asleep before any of
   them has to go. */
static void open__at_the_cap__nobody_goes_while_some_may_sleep(void **state) {
  (void)state;
  for (unsigned sleeps = 0; sleeps < 2; sleeps++) {
    room r = {0};
    talk t = {0};

    make_room(&r, sleeps != 0 ? 500 * TCPFLOW_SECOND : TCPFLOW_TIME_NONE,
              1000000);
    open_many(&t, SIDES_FULL, TCPFLOW_MILLISECOND);
    feed_all(&r, &t);
    assert_false(tcpflow__places_are_ready(&r.tracker->flows.places));
    r.tracker->max_memory = stats_of(r.tracker).memory;
    talk_clear(&t);
    t.now = 2000 * TCPFLOW_SECOND;
    talk_open(&t, 9999);
    feed_all(&r, &t);
    assert_int_equal(stats_of(r.tracker).evicted_for_memory, 1 - sleeps);
    assert_int_equal(stats_of(r.tracker).flows_live, SIDES_FULL + sleeps);
    assert_in_range(asleep_of(&r), sleeps, sleeps * SIDES_FULL);
    talk_clear(&t);
    drop_room(&r);
  }
}

/* The cap leaves room for no more than there is. */
static void close_cap(room *r) {
  r->tracker->max_memory = stats_of(r->tracker).memory;
}

/* Who wakes up has the place of one that is idle, who falls asleep. */
static void
feed__wakes_at_the_cap__nobody_goes_while_some_may_sleep(void **state) {
  enum {
    FEW = 90
  };
  room r = {0};
  talk t = {0};

  (void)state;
  make_room(&r, 60 * TCPFLOW_SECOND, 1000000);
  for (uint32_t i = 0; i < FEW; i++) {
    t.now = 1000 * TCPFLOW_SECOND;
    talk_open(&t, i);
    assert_int_equal(talk_feed(&t, r.tracker), TCPFLOW_OK);
    assert_int_equal(sleepers_all(r.tracker), 1);
  }
  close_cap(&r);
  for (uint32_t i = 0; i < FEW; i++) {
    t.now = (2000 + 61 * i) * TCPFLOW_SECOND;
    talk_up(&t, i, F_PA, 1001, 5001, 5);
    assert_int_equal(talk_feed(&t, r.tracker), TCPFLOW_OK);
  }
  assert_int_equal(stats_of(r.tracker).evicted_for_memory, 0);
  assert_int_equal(stats_of(r.tracker).flows_live, FEW);
  drop_room(&r);
}

/* Those that sleep leave a place for tuples, too, and one behind that. */
static void open__ipv6_at_the_cap__has_a_place_beside_sleepers(void **state) {
  (void)state;
  for (unsigned awake = 0; awake < 3; awake++) {
    say six = {tuple_of(7000), F_S, 1000, 0, 0, 0};
    room r = {0};
    talk t = {0};

    make_room(&r, 60 * TCPFLOW_SECOND, 1000000);
    for (uint32_t i = 0; i < 3 * TCPFLOW__SIDES_A_BLOCK; i++) {
      t.now = 1000 * TCPFLOW_SECOND;
      talk_open(&t, i);
      assert_int_equal(talk_feed(&t, r.tracker), TCPFLOW_OK);
      if (i < 3 * (TCPFLOW__SIDES_A_BLOCK - awake)) {
        (void)sleepers_all(r.tracker);
      } else if (!tcpflow__places_are_ready(&r.tracker->flows.places)) {
        break;
      }
    }
    close_cap(&r);
    t.now = 2000 * TCPFLOW_SECOND;
    six.tuple.version = 6;
    talk_say(&t, &six);
    assert_int_equal(talk_feed(&t, r.tracker), TCPFLOW_OK);
    assert_non_null(tcpflow_tracker_find(r.tracker, &six.tuple));
    assert_in_range(stats_of(r.tracker).memory, 1, r.tracker->max_memory);
    drop_room(&r);
  }
}

/* An IPv6 SYN, whose tuple needs room beside its record. */
static void say_ipv6(talk *t, uint8_t client) {
  say what = {tuple_of(client), F_S, 1000, 0, 0, 0};

  what.tuple.version = 6;
  what.tuple.address[0][15] = client;
  talk_say(t, &what);
}

/* Those that sleep leave a place to wake up in, which can be had from whoever
   has it, and one for what newcomers need. */
static void feed__many_asleep_at_the_cap__others_have_room(void **state) {
  enum {
    FEW = 250
  };
  room r = {0};
  talk t = {0};

  (void)state;
  make_room(&r, 0, 1000000);
  open_many(&t, 1, TCPFLOW_SECOND);
  feed_all(&r, &t);
  r.tracker->max_memory = stats_of(r.tracker).memory;
  talk_clear(&t);
  open_many(&t, FEW, TCPFLOW_SECOND);
  feed_all(&r, &t);
  assert_in_range(stats_of(r.tracker).flows_live, 2 * TCPFLOW__SIDES_A_BLOCK,
                  3 * TCPFLOW__SIDES_A_BLOCK);
  for (unsigned round = 0; round < 3; round++) {
    (void)sleepers_all(r.tracker);
    for (uint32_t i = 0; i < FEW; i++) {
      talk_clear(&t);
      t.now = (3000 + round) * TCPFLOW_SECOND;
      talk_up(&t, i, F_A, 1021, 5031, 0);
      feed_all(&r, &t);
    }
    (void)sleepers_all(r.tracker);
    talk_clear(&t);
    t.now = (3000 + round) * TCPFLOW_SECOND;
    say_ipv6(&t, (uint8_t)round);
    feed_all(&r, &t);
  }
  assert_int_equal(stats_of(r.tracker).nomem, 0);
  talk_clear(&t);
  drop_room(&r);
}

/* Its segment is fed again then, as with any other one. */
static void feed__no_memory_to_wake_up__still_asleep(void **state) {
  room r = {0};
  talk t = {0};
  size_t consumed = 0;

  (void)state;
  make_room(&r, TCPFLOW_TIME_NONE, 0);
  open_many(&t, SIDES_FULL, TCPFLOW_MILLISECOND);
  feed_all(&r, &t);
  assert_int_equal(sleepers_all(r.tracker), SIDES_FULL);
  while (tcpflow__places_are_ready(&r.tracker->flows.places)) {
    (void)tcpflow__places_pick(&r.tracker->flows.places);
  }
  talk_clear(&t);
  t.now = 2000 * TCPFLOW_SECOND;
  talk_up(&t, 7, F_PA, 1021, 5031, 5);
  r.memory.fail_at = r.memory.requests + 1;
  assert_int_equal(tcpflow_tracker_feed(r.tracker, t.frame, 1, &consumed),
                   TCPFLOW_ERR_NOMEM);
  assert_int_equal(consumed, 0);
  assert_int_equal(asleep_of(&r), SIDES_FULL);
  r.memory.fail_at = 0;
  assert_int_equal(tcpflow_tracker_feed(r.tracker, t.frame, 1, &consumed),
                   TCPFLOW_OK);
  assert_int_equal(asleep_of(&r), SIDES_FULL - 1);
  assert_non_null(strstr(r.told.text, " 7 data 0 20+5\n"));
  talk_clear(&t);
  drop_room(&r);
}

/* Those that have had their time are told so, and leave nothing behind. */
static void advance__asleep__ends_in_time(void **state) {
  room r = {0};
  talk t = {0};

  (void)state;
  make_room(&r, TCPFLOW_SECOND, 0);
  open_many(&t, 1000, 10 * TCPFLOW_MILLISECOND);
  feed_all(&r, &t);
  assert_int_equal(sleepers_all(r.tracker) + asleep_of(&r) > 900, 1);
  assert_int_equal(
    tcpflow_tracker_advance(r.tracker, t.now + 3 * 3600 * TCPFLOW_SECOND),
    TCPFLOW_OK);
  assert_int_equal(r.told.reason[TCPFLOW_END_TIMEOUT], 1000);
  assert_int_equal(asleep_of(&r), 0);
  assert_int_equal(r.tracker->flows.places.used, 0);
  talk_clear(&t);
  drop_room(&r);
}

static int put_nowhere(const void *octets, size_t length, void *user) {
  (void)octets;
  (void)length;
  (void)user;
  return 0;
}

/* Its stragglers are waited for, for which it needs no bed. */
static void save__ended_asleep__leaves_its_bed(void **state) {
  const tcpflow_tuple tuple = tuple_of(0);
  tcpflow_conn *conn;
  room r = {0};
  talk t = {0};

  (void)state;
  make_room(&r, TCPFLOW_TIME_NONE, 0);
  open_many(&t, 1, TCPFLOW_SECOND);
  feed_all(&r, &t);
  assert_int_equal(sleepers_all(r.tracker), 1);
  conn = tcpflow_tracker_find(r.tracker, &tuple);
  assert_non_null(conn);
  assert_int_equal(tcpflow_conn_end(conn, t.now, TCPFLOW_END_FIN), TCPFLOW_OK);
  assert_int_equal(stats_of(r.tracker).flows_in_phase[TCPFLOW_PHASE_ENDED], 1);
  assert_int_equal(tcpflow_tracker_save(r.tracker, put_nowhere, NULL),
                   TCPFLOW_OK);
  assert_int_equal(asleep_of(&r), 0);
  assert_int_equal(r.tracker->flows.places.used, 0);
  talk_clear(&t);
  drop_room(&r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(open__many_idle__hardly_more_memory_than_asleep),
    cmocka_unit_test(sleep__all_numbers_surprise__stays_awake),
    cmocka_unit_test(load__said_to_be_folded__is_awake),
    cmocka_unit_test(load__behind_a_round__looks_again),
    cmocka_unit_test(open__not_idle_for_so_long__awake),
    cmocka_unit_test(open__all_looked_at__no_look_until_one_is_idle),
    cmocka_unit_test(feed__no_more_than_before__nobody_falls_asleep),
    cmocka_unit_test(feed__with_sleepers_or_without__tells_the_same),
    cmocka_unit_test(open__at_the_cap__nobody_goes_while_some_may_sleep),
    cmocka_unit_test(feed__wakes_at_the_cap__nobody_goes_while_some_may_sleep),
    cmocka_unit_test(open__ipv6_at_the_cap__has_a_place_beside_sleepers),
    cmocka_unit_test(feed__many_asleep_at_the_cap__others_have_room),
    cmocka_unit_test(feed__no_memory_to_wake_up__still_asleep),
    cmocka_unit_test(advance__asleep__ends_in_time),
    cmocka_unit_test(save__ended_asleep__leaves_its_bed),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
