/* tests/unit/track/test_answer.c - mirror of lib/track/answer.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "track/tracker.h"
#include "unit/failmem.h"
#include "unit/track/traffic.h"

#define SECONDS TCPFLOW_SECOND

enum {
  FLOWS = 100, /* At most, in each tracker. */
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

/* Two trackers: in one each answer is followed the general way. */
typedef struct twin {
  tcpflow_tracker *tracker;
  journal log;
  unsigned wish;
  unsigned asked;
} twin;

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

static tcpflow_tracker_config config_of(void) {
  tcpflow_tracker_config config;

  tcpflow_tracker_config_init(&config);
  config.max_flows = FLOWS;
  return config;
}

static void begin(twin t[2], const tcpflow_tracker_config *config,
                  unsigned wish) {
  tcpflow_conn_callbacks callbacks;

  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_new = twin_new;
  callbacks.on_segment = twin_segment;
  callbacks.on_state = twin_state;
  callbacks.on_established = twin_established;
  callbacks.on_data = twin_data;
  callbacks.on_end = twin_end;
  for (unsigned i = 0; i < 2; i++) {
    t[i] = (twin){.wish = wish};
    assert_int_equal(
      tcpflow_tracker_new(&t[i].tracker, config, &callbacks, NULL, &t[i]),
      TCPFLOW_OK);
    t[i].tracker->env.routine = i == 0 && t[i].tracker->env.routine;
  }
}

/* All of it, whatever a callback stops. */
static void feed(const twin *t, const talk *said) {
  size_t done = 0;

  while (done < said->count) {
    size_t followed;
    const int error = tcpflow_tracker_feed(t->tracker, said->frame + done,
                                           said->count - done, &followed);
    assert_true(error == TCPFLOW_OK || error == TCPFLOW_ERR_CALLBACK);
    done += followed;
  }
}

/* Feeds both, which tell the same and count the same. */
static void compare(const tcpflow_tracker_config *config, talk *said,
                    unsigned wish) {
  tcpflow_tracker_stats stats[2];
  twin t[2];

  begin(t, config, wish);
  for (unsigned i = 0; i < 2; i++) {
    feed(&t[i], said);
    stats[i] = stats_of(t[i].tracker);
    stats[i].memory = 0; /* The general way needs sides for a moment. */
    tcpflow_tracker_del(t[i].tracker);
  }
  assert_true(strstr(t[0].log.text, "established") != NULL ||
              wish == WISH_IGNORE);
  assert_string_equal(t[0].log.text, t[1].log.text);
  assert_memory_equal(&stats[0], &stats[1], sizeof(stats[0]));
  journal_clear(&t[0].log);
  journal_clear(&t[1].log);
  talk_clear(said);
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
  tcpflow_build_tcp tcp;
  tcpflow_frame frame;

  tcpflow_build_tcp_init(&tcp);
  tcp.seq = what->seq;
  tcp.ack = what->ack;
  tcp.flags = (uint16_t)what->flags;
  tcp.window = 5000;
  tcp.options = lists[list];
  tcp.options_length = lengths[list];
  tcp.payload = (const uint8_t *)"octets";
  tcp.payload_captured = tcp.payload_length = what->payload;
  tcp.checksum_mode =
    what->wrong_checksum ? TCPFLOW_BUILD_WRONG : TCPFLOW_BUILD_RIGHT;
  assert_int_equal(tcpflow_build_segment(&frame, buffer, sizeof(buffer),
                                         TCPFLOW_LINK_ETHERNET, &what->tuple,
                                         &tcp),
                   TCPFLOW_OK);
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
  const tcpflow_tracker_config config = config_of();

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
  tcpflow_tracker_config config = config_of();

  (void)state;
  config.verify_checksums = 1;
  compare_talk(&config);
}

/* A flow is looked at sooner in its next phase, or its time is over. */
static void follow__short_timeouts__as_the_general_way(void **state) {
  tcpflow_tracker_config config = config_of();

  (void)state;
  config.timeout_ns[TCPFLOW_PHASE_ANSWERED] = SECONDS / 50;
  compare_talk(&config);
  config.timeout_ns[TCPFLOW_PHASE_OPENING] = SECONDS / 30;
  compare_talk(&config);
}

static void follow__short_of_memory__as_the_general_way(void **state) {
  tcpflow_tracker_config config = config_of();

  (void)state;
  config.max_flows = 10 * CLIENTS;
  config.max_memory = sizeof(tcpflow_tracker) + 80000;
  compare_talk(&config);
}

/* There is no place for sides, and no memory for more: the segment comes again,
   and nothing was done. */
static void follow__no_memory__comes_again(void **state) {
  tcpflow_tracker_config config = config_of();
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
