/* tests/unit/track/test_newcomer.c - mirror of lib/track/newcomer.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/track/twins.h"

#define SECONDS TCPFLOW_SECOND

enum {
  SYNS = 1000
};

/* What each third `new` does. */
enum {
  WISH_NOTHING,
  WISH_END,
  WISH_SIDES,
  WISH_STOP,
  WISHES
};

static int grant(tcpflow_conn *conn, tcpflow_time now, unsigned wish) {
  switch (wish) {
  case WISH_END:
    return tcpflow_conn_end(conn, now, TCPFLOW_END_CALLER) != TCPFLOW_OK;
  case WISH_SIDES:
    (void)tcpflow_conn_set_timeout(conn, TCPFLOW_PHASE_OPENING, 9 * SECONDS);
    return 0;
  default:
    return wish == WISH_STOP;
  }
}

static int twin_new(tcpflow_conn *conn, const tcpflow_new_event *e,
                    void *user) {
  twin *const t = (twin *)user;
  tcpflow_tuple tuple;

  assert_int_equal(tcpflow_conn_get_tuple(conn, &tuple), TCPFLOW_OK);
  assert_memory_equal(&tuple, e->tuple, sizeof(tuple));
  journal_write(&t->log, "side %d basis %d\n", (int)e->side, (int)e->role);
  (void)journal_new(conn, e, &t->log);
  return t->log.news % 3 == 0 ? grant(conn, e->time, t->wish) : 0;
}

static int twin_segment(tcpflow_conn *conn, const tcpflow_segment_event *e,
                        void *user) {
  return journal_segment(conn, e, &((twin *)user)->log);
}

static int twin_state(tcpflow_conn *conn, const tcpflow_state_event *e,
                      void *user) {
  return journal_state(conn, e, &((twin *)user)->log);
}

static int twin_end(tcpflow_conn *conn, const tcpflow_end_event *e,
                    void *user) {
  return journal_end(conn, e, &((twin *)user)->log);
}

/* Refuses every seventh. */
static int refuse_some(const tcpflow_admit_query *query, void *user) {
  (void)user;
  return query->tuple->address[0][3] % 7 == 0 ? TCPFLOW_ADMIT_REFUSE
                                              : TCPFLOW_ADMIT_FOLLOW;
}

/* In one of the twins each SYN is followed the general way. */
static tcpflow_conn_callbacks twin_callbacks(void) {
  tcpflow_conn_callbacks callbacks;

  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_new = twin_new;
  callbacks.on_segment = twin_segment;
  callbacks.on_state = twin_state;
  callbacks.on_end = twin_end;
  return callbacks;
}

static void compare(const tcpflow_tracker_config *config, talk *said,
                    unsigned wish) {
  const tcpflow_conn_callbacks callbacks = twin_callbacks();

  twins_compare(config, &callbacks, said, wish, NULL);
}

/* What SYNs are usual, and then some; those of WIDE are of IPv6. */
static say syn_of(uint32_t which, bool wide) {
  say what = {tuple_of(which), F_S, 1000 + which, 0, 0, 0};

  what.tuple.version = wide ? 6 : 4;
  switch (which % 16) {
  case 3:
    what.flags |= TCPFLOW_FLAG_ECE | TCPFLOW_FLAG_CWR;
    break;
  case 5:
    what.payload = 10;
    break;
  case 7:
    what.tuple.version = wide ? 4 : 6;
    break;
  case 9:
    what.tuple.port[0] = what.tuple.port[1];
    break;
  case 11:
    what.flags = which % 32 == 11 ? F_SA : F_S | TCPFLOW_FLAG_FIN;
    break;
  case 13:
    what.tuple = tuple_of(which - 1);
    what.tuple.version = wide ? 6 : 4;
    break;
  case 15:
    what.tuple.vlan = UINT32_C(0x1005) << 16;
    what.wrong_checksum = which % 32 == 15;
    break;
  default:
    break;
  }
  return what;
}

/* Some are answered, and some come out of order. */
static talk flood_of(uint32_t count, bool wide) {
  talk t = {.now = 1000 * SECONDS};

  for (uint32_t i = 0; i < count; i++) {
    const say what = syn_of(i, wide);
    const say answer = {tuple_back(&what.tuple), F_SA, 5000, 1001 + i, 0, 0};
    t.now += SECONDS / 100;
    t.now -= i % 41 == 40 ? SECONDS / 50 : 0;
    talk_say(&t, &what);
    if (i % 10 == 0) {
      talk_say(&t, &answer);
    }
  }
  return t;
}

/* Of both versions. */
static void compare_floods(const tcpflow_tracker_config *config, uint32_t count,
                           unsigned wish) {
  talk four = flood_of(count, false);
  talk six = flood_of(count, true);

  compare(config, &four, wish);
  compare(config, &six, wish);
}

static void begin__any_syn__as_the_general_way(void **state) {
  const tcpflow_tracker_config config = twins_config();

  (void)state;
  for (unsigned wish = WISH_NOTHING; wish < WISHES; wish++) {
    compare_floods(&config, SYNS, wish);
  }
}

/* None has to go. */
static void begin__table_grows__as_the_general_way(void **state) {
  tcpflow_tracker_config config = twins_config();

  (void)state;
  config.max_flows = 10 * SYNS;
  compare_floods(&config, 5 * SYNS, WISH_NOTHING);
}

static void begin__vlan_is_of_the_key__as_the_general_way(void **state) {
  tcpflow_tracker_config config = twins_config();

  (void)state;
  config.key_flags = TCPFLOW_KEY_VLAN;
  compare_floods(&config, SYNS, WISH_NOTHING);
}

/* Of virtual networks, and of none. */
static void compare_networks(const tcpflow_tracker_config *config, bool wide) {
  talk said = {.now = 1000 * SECONDS};

  for (uint32_t i = 0; i < SYNS; i++) {
    const say what = syn_of(i * 16, wide);
    talk_in_vxlan(&said, &what, i % 3);
  }
  compare(config, &said, WISH_NOTHING);
}

/* A virtual network that does not count is told all the same. */
static void begin__tunnel__as_the_general_way(void **state) {
  tcpflow_tracker_config config = twins_config();

  (void)state;
  for (unsigned i = 0; i < 2; i++) {
    config.key_flags = i == 0 ? 0 : TCPFLOW_KEY_NO_TUNNEL;
    compare_networks(&config, false);
    compare_networks(&config, true);
  }
}

static void begin__checksums_are_verified__as_the_general_way(void **state) {
  tcpflow_tracker_config config = twins_config();

  (void)state;
  config.verify_checksums = 1;
  compare_floods(&config, SYNS, WISH_NOTHING);
}

static void begin__caller_is_asked__as_the_general_way(void **state) {
  tcpflow_tracker_config config = twins_config();

  (void)state;
  config.choose_admission = refuse_some;
  compare_floods(&config, SYNS, WISH_NOTHING);
}

static void check_cap(bool wide) {
  const tcpflow_conn_callbacks callbacks = twin_callbacks();
  tcpflow_tracker_config config = twins_config();
  talk said = flood_of(30 * SYNS, wide);
  twin t[2];

  config.max_flows = 100 * SYNS;
  config.max_memory = 1 << 20;
  twins_begin(t, &config, &callbacks, WISH_NOTHING);
  for (unsigned i = 0; i < 2; i++) {
    twin_feed(&t[i], &said);
    const tcpflow_tracker_stats stats = stats_of(t[i].tracker);
    assert_true(stats.memory <= config.max_memory);
    assert_true(stats.evicted_for_memory > 0);
    tcpflow_tracker_del(t[i].tracker);
    journal_clear(&t[i].log);
  }
  talk_clear(&said);
}

/* Another one has to go before it, and the cap holds. */
static void begin__memory_is_capped__oldest_goes(void **state) {
  (void)state;
  check_cap(false);
  check_cap(true);
}

/* Did the flow of this SYN begin in the short way?  Only that remembers it as
   one that has begun. */
static bool is_short(tcpflow_tracker *tracker, const say *what) {
  talk t = {.now = 1000 * SECONDS};
  const uint32_t flows = tracker->flows.used;

  memset(tracker->recent.place, 0, sizeof(tracker->recent.place));
  talk_say(&t, what);
  assert_int_equal(talk_feed(&t, tracker), TCPFLOW_OK);
  assert_int_equal(tracker->flows.used, flows + 1);
  for (size_t i = 0; i < 1 << TCPFLOW__RECENT_BITS; i++) {
    if (tracker->recent.place[i].begun.mark != 0) {
      return true;
    }
  }
  return false;
}

/* Memory is the general way's: for the first places, and each time that it
   takes the last one.  With four tuples in a place of sides, and all but one
   place of 32 for them, that is one of 128. */
static void begin__ipv6__the_short_way(void **state) {
  tcpflow_tracker *tracker = NULL;
  uint32_t general = 0;

  (void)state;
  assert_int_equal(tcpflow_tracker_new(&tracker, NULL, NULL, NULL, NULL),
                   TCPFLOW_OK);
  for (uint32_t i = 0; i < SYNS; i++) {
    say what = {tuple_of(i), F_S, 1000, 0, 0, 0};
    what.tuple.version = 6;
    general += !is_short(tracker, &what);
  }
  assert_int_equal(tracker->flows.tuples.used, SYNS);
  assert_in_range(general, 1, SYNS / 50);
  tcpflow_tracker_del(tracker);
}

/* Its VLAN fits into a record, whether or not it counts. */
static void begin__ipv4_in_a_vlan__takes_no_place(void **state) {
  (void)state;
  for (uint32_t key_flags = 0; key_flags <= TCPFLOW_KEY_VLAN; key_flags++) {
    tcpflow_tracker_config config = twins_config();
    tcpflow_tracker *tracker = NULL;

    config.key_flags = key_flags;
    assert_int_equal(tcpflow_tracker_new(&tracker, &config, NULL, NULL, NULL),
                     TCPFLOW_OK);
    for (uint32_t i = 0; i < TWIN_FLOWS; i++) {
      say what = {tuple_of(i), F_S, 1000, 0, 0, 0};
      what.tuple.vlan = UINT32_C(0x1005) << 16;
      assert_int_equal(is_short(tracker, &what), i > 0);
    }
    assert_int_equal(tracker->flows.tuples.used, 0);
    assert_int_equal(tracker->flows.places.lent, 0);
    tcpflow_tracker_del(tracker);
  }
}

/* One after the other in one batch, the second is no newcomer. */
static void begin__syn_twice_in_a_batch__one_flow(void **state) {
  const tcpflow_tracker_config config = twins_config();
  talk said = {.now = 1000 * SECONDS};

  (void)state;
  for (uint32_t i = 0; i < 32; i++) {
    talk_up(&said, i / 2, F_S, 1000, 0, 0);
  }
  compare(&config, &said, WISH_NOTHING);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(begin__any_syn__as_the_general_way),
    cmocka_unit_test(begin__table_grows__as_the_general_way),
    cmocka_unit_test(begin__vlan_is_of_the_key__as_the_general_way),
    cmocka_unit_test(begin__tunnel__as_the_general_way),
    cmocka_unit_test(begin__checksums_are_verified__as_the_general_way),
    cmocka_unit_test(begin__caller_is_asked__as_the_general_way),
    cmocka_unit_test(begin__memory_is_capped__oldest_goes),
    cmocka_unit_test(begin__ipv6__the_short_way),
    cmocka_unit_test(begin__ipv4_in_a_vlan__takes_no_place),
    cmocka_unit_test(begin__syn_twice_in_a_batch__one_flow),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
