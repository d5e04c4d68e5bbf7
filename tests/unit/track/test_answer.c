/* tests/unit/track/test_answer.c - mirror of lib/track/answer.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/failmem.h"
#include "unit/track/twins.h"

#define SECONDS TCPFLOW_SECOND

enum {
  CLIENTS = 600
};

/* What each third `new`, or `state` of an answer, does. */
enum {
  WISH_NOTHING,
  WISH_END,
  WISH_IGNORE,
  WISH_NO_DATA,
  WISH_TIMEOUT,
  WISH_END_ANOTHER,
  WISH_STOP,
  WISHES
};

static int grant(twin *t, tcpflow_conn *conn, tcpflow_time now) {
  const tcpflow_tuple another = tuple_of(t->asked * 5);

  switch (t->wish) {
  case WISH_END:
    return tcpflow_conn_end(conn, now, TCPFLOW_END_CALLER) != TCPFLOW_OK;
  case WISH_IGNORE:
    tcpflow_conn_ignore(conn);
    return 0;
  case WISH_NO_DATA:
    tcpflow_conn_stop_data(conn, TCPFLOW_SIDE_SERVER);
    return 0;
  case WISH_TIMEOUT:
    (void)tcpflow_conn_set_timeout(conn, TCPFLOW_PHASE_ANSWERED, SECONDS);
    return 0;
  case WISH_END_ANOTHER:
    conn = tcpflow_tracker_find(t->tracker, &another);
    return conn != NULL &&
           tcpflow_conn_end(conn, now, TCPFLOW_END_CALLER) != TCPFLOW_OK;
  default:
    return t->wish == WISH_STOP;
  }
}

static int twin_new(tcpflow_conn *conn, const tcpflow_new_event *e,
                    void *user) {
  twin *const t = (twin *)user;

  (void)journal_new(conn, e, &t->log);
  return ++t->asked % 7 == 0 ? grant(t, conn, e->time) : 0;
}

static int twin_segment(tcpflow_conn *conn, const tcpflow_segment_event *e,
                        void *user) {
  journal *const log = &((twin *)user)->log;

  journal_write(log, "%d%d>%d%d window %llu %d offset %llu proof %d%d\n",
                (int)e->before[0], (int)e->before[1], (int)e->after[0],
                (int)e->after[1], (unsigned long long)e->window,
                e->window_known, (unsigned long long)e->offset,
                (int)e->proof[0], (int)e->proof[1]);
  return journal_segment(conn, e, log);
}

static int twin_state(tcpflow_conn *conn, const tcpflow_state_event *e,
                      void *user) {
  twin *const t = (twin *)user;

  journal_write(&t->log, "stimulus %d proof %d\n", (int)e->stimulus,
                (int)e->proof);
  (void)journal_state(conn, e, &t->log);
  return e->stimulus == TCPFLOW_STIMULUS_SND_SYN_ACK && ++t->asked % 3 == 0
           ? grant(t, conn, e->time)
           : 0;
}

static int twin_established(tcpflow_conn *conn,
                            const tcpflow_established_event *e, void *user) {
  (void)conn;
  journal_write(&((twin *)user)->log, "established %d %llu %llu\n",
                (int)e->kind, (unsigned long long)e->rtt_client,
                (unsigned long long)e->rtt_server);
  return 0;
}

static int twin_data(tcpflow_conn *conn, const tcpflow_data_event *e,
                     void *user) {
  return journal_data(conn, e, &((twin *)user)->log);
}

static int twin_end(tcpflow_conn *conn, const tcpflow_end_event *e,
                    void *user) {
  return journal_end(conn, e, &((twin *)user)->log);
}

/* In one of the twins each answer is followed the general way. */
static void compare(const tcpflow_tracker_config *config, talk *said,
                    unsigned wish) {
  tcpflow_conn_callbacks callbacks;

  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_new = twin_new;
  callbacks.on_segment = twin_segment;
  callbacks.on_state = twin_state;
  callbacks.on_established = twin_established;
  callbacks.on_data = twin_data;
  callbacks.on_end = twin_end;
  twins_compare(config, &callbacks, said, wish,
                wish == WISH_IGNORE ? NULL : "established");
}

/* --- what is said --- */

/* The options of Linux, of Windows, of BSD, without, and odd ones. */
static const uint8_t lists[][24] = {
  {2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 1, 2, 0, 0, 0, 0, 1, 3, 3, 7},
  {2, 4, 5, 180, 1, 3, 3, 8, 1, 1, 4, 2},
  {2, 4, 5, 180, 1, 3, 3, 6, 1, 1, 8, 10, 0, 0, 1, 2, 0, 0, 0, 0, 4, 2, 0, 0},
  {2, 4, 5, 180},
  {0},
  {2, 4, 0, 0, 4, 2, 8, 10, 0, 0, 1, 2, 0, 0, 0, 0, 1, 3, 3, 15},
  {30, 4, 0, 0},
};
static const uint8_t lengths[] = {20, 12, 24, 4, 0, 20, 4};

#define LISTS (sizeof(lengths) / sizeof(lengths[0]))

static void say_with(talk *t, const say *what, unsigned list) {
  uint8_t buffer[FRAME_ROOM];
  const tcpflow_frame frame =
    frame_build_with(buffer, sizeof(buffer), what, lists[list], lengths[list]);

  talk_frame(t, &frame);
}

/* Usual answers, and then some. */
static void say_answer(talk *t, uint32_t client) {
  const tcpflow_tuple there = tuple_of(client);
  say what = {tuple_back(&there), F_SA, 5000 + client, 1001 + client, 0, 0};
  const unsigned kind = client / 3 % 16;

  what.flags |= kind == 1 ? TCPFLOW_FLAG_ECE : 0U;
  what.flags |= kind == 2 ? TCPFLOW_FLAG_FIN : 0U;
  what.flags |= kind == 3 ? TCPFLOW_FLAG_RST : 0U;
  what.ack += kind == 4 ? 1U : 0U;
  what.payload = kind == 5 ? 4 : 0;
  what.wrong_checksum = kind == 6;
  what.tuple = kind == 7 ? there : what.tuple;
  t->now -= kind == 8 ? SECONDS / 20 : 0;
  t->now += kind == 9 ? 100 * SECONDS : 0;
  say_with(t, &what, client / 7 % LISTS);
}

static void say_syn(talk *t, uint32_t client) {
  const say what = {tuple_of(client), F_S, 1000 + client, 0, 0, 0};

  say_with(t, &what, client % LISTS);
}

/* Each is opened, and says something; SYNs come in rows, so that answers find
   flows in the midst of their lists. */
static talk talk_of(uint32_t count) {
  talk t = {.now = 1000 * SECONDS};

  for (uint32_t i = 0; i < count; i += 8) {
    for (uint32_t client = i; client < i + 8; client++) {
      t.now += SECONDS / 100;
      say_syn(&t, client);
    }
    for (uint32_t client = i + 8; client-- > i;) {
      t.now += SECONDS / 100;
      say_answer(&t, client);
      talk_up(&t, client, F_A, 1001 + client, 5001 + client, 0);
      talk_up(&t, client, F_PA, 1001 + client, 5001 + client, 5);
    }
  }
  return t;
}

static void follow__any_answer__as_the_general_way(void **state) {
  const tcpflow_tracker_config config = twins_config();

  (void)state;
  for (unsigned wish = WISH_NOTHING; wish < WISHES; wish++) {
    talk said = talk_of(CLIENTS);

    compare(&config, &said, wish);
  }
}

static void compare_talk(const tcpflow_tracker_config *config) {
  talk said = talk_of(CLIENTS);

  compare(config, &said, WISH_NOTHING);
}

static void follow__checksums_are_verified__as_the_general_way(void **state) {
  tcpflow_tracker_config config = twins_config();

  (void)state;
  config.verify_checksums = 1;
  compare_talk(&config);
}

/* A flow is looked at sooner in its next phase, or its time is over. */
static void follow__short_timeouts__as_the_general_way(void **state) {
  tcpflow_tracker_config config = twins_config();

  (void)state;
  config.timeout_ns[TCPFLOW_PHASE_ANSWERED] = SECONDS / 50;
  compare_talk(&config);
  config.timeout_ns[TCPFLOW_PHASE_OPENING] = SECONDS / 30;
  compare_talk(&config);
}

static void follow__short_of_memory__as_the_general_way(void **state) {
  tcpflow_tracker_config config = twins_config();

  (void)state;
  config.max_flows = 10 * CLIENTS;
  config.max_memory = sizeof(tcpflow_tracker) + 80000;
  compare_talk(&config);
}

/* There is no place for sides, and no memory for more: the segment comes again,
   and nothing was done. */
static void follow__no_memory__comes_again(void **state) {
  tcpflow_tracker_config config = twins_config();
  talk said = {.now = 1000 * SECONDS};
  tcpflow_tracker *tracker;
  failmem memory = {0};
  const tcpflow_mem mem = failmem_table(&memory);

  (void)state;
  assert_int_equal(tcpflow_tracker_new(&tracker, &config, NULL, &mem, NULL),
                   TCPFLOW_OK);
  for (uint32_t i = 0; i < TCPFLOW__SIDES_A_BLOCK + 1; i++) {
    say_syn(&said, 48 * i);
  }
  for (uint32_t i = 0; i < TCPFLOW__SIDES_A_BLOCK; i++) {
    say_answer(&said, 48 * i);
  }
  assert_int_equal(talk_feed(&said, tracker), TCPFLOW_OK);
  said.now = 1000 * SECONDS;
  say_answer(&said, 48 * TCPFLOW__SIDES_A_BLOCK);
  memory.fail_at = memory.requests + 1;
  assert_int_equal(tcpflow_tracker_feed(tracker, said.frame, 1, NULL),
                   TCPFLOW_ERR_NOMEM);
  memory.fail_at = 0;
  assert_int_equal(talk_feed(&said, tracker), TCPFLOW_OK);
  assert_int_equal(stats_of(tracker).flows_in_phase[TCPFLOW_PHASE_ANSWERED],
                   TCPFLOW__SIDES_A_BLOCK + 1);
  tcpflow_tracker_del(tracker);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(follow__any_answer__as_the_general_way),
    cmocka_unit_test(follow__checksums_are_verified__as_the_general_way),
    cmocka_unit_test(follow__short_timeouts__as_the_general_way),
    cmocka_unit_test(follow__short_of_memory__as_the_general_way),
    cmocka_unit_test(follow__no_memory__comes_again),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
