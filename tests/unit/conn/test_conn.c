/*
 * tests/unit/conn/test_conn.c - mirror of lib/conn/conn.c: a connection's life,
 * and what may be called when.
 */
#include "play.h"
#include "unit/failmem.h"
#include "unit/guard.h"

/* --- new ----------------------------------------------------------------- */

static int make(const tcpflow_conn_config *config,
                const tcpflow_conn_callbacks *callbacks,
                const tcpflow_mem *mem) {
  static int untouched;
  tcpflow_conn *conn = (void *)&untouched;
  const int answer =
    tcpflow_conn_new(&conn, config, callbacks, NULL, mem, NULL);

  if (answer != TCPFLOW_OK) {
    assert_ptr_equal(conn, &untouched);
  } else {
    tcpflow_conn_del(conn);
  }
  return answer;
}

static void conn_new__nothing_given__made(void **state) {
  (void)state;
  assert_int_equal(make(NULL, NULL, NULL), TCPFLOW_OK);
}

static void conn_new__limits_at_their_bounds__invalid_beyond(void **state) {
  tcpflow_conn_config config;

  (void)state;
  tcpflow_conn_config_init(&config);
  assert_int_equal(config.size, sizeof(config));
  assert_int_equal(config.max_held_bytes, 1 << 20);
  assert_int_equal(config.max_held_pieces, 4096);
  config.max_held_bytes = UINT64_C(1) << 31;
  assert_int_equal(make(&config, NULL, NULL), TCPFLOW_OK);
  config.max_held_bytes++;
  assert_int_equal(make(&config, NULL, NULL), TCPFLOW_ERR_INVALID);
  config.max_held_bytes = 0;
  assert_int_equal(make(&config, NULL, NULL), TCPFLOW_OK);
  config.max_held_pieces = UINT32_MAX;
  assert_int_equal(make(&config, NULL, NULL), TCPFLOW_OK);
  config.max_held_pieces++;
  assert_int_equal(make(&config, NULL, NULL), TCPFLOW_ERR_INVALID);
  config.max_held_pieces = 0;
  assert_int_equal(make(&config, NULL, NULL), TCPFLOW_OK);
}

/* The size of a release is one of whole members of 8 octets, whatever a size_t
   has. */
static void conn_config_defaults__any_size__no_more_is_written(void **state) {
  (void)state;
  for (size_t size = 8; size <= sizeof(tcpflow_conn_config) + 16; size += 8) {
    guard g = guard_room(size);
    uint64_t members[sizeof(tcpflow_conn_config) / 8 + 2] = {0};

    tcpflow_conn_config_defaults((void *)g.bytes, size);
    memcpy(members, g.bytes, size);
    assert_int_equal(members[0], size);
    assert_int_equal(members[1], size > 8 ? 1 << 20 : 0);
    assert_int_equal(members[2], size > 16 ? 4096 : 0);
    assert_true(members[3] == (size > 24 ? 2 * TCPFLOW_SECOND : 0));
    const size_t grace = offsetof(tcpflow_conn_config, gap_grace_ns) / 8;
    const size_t hole = offsetof(tcpflow_conn_config, hole_timeout_ns) / 8;

    assert_true(members[grace] ==
                (size > 8 * grace ? 100 * TCPFLOW_MILLISECOND : 0));
    assert_true(members[hole] == (size > 8 * hole ? 60 * TCPFLOW_SECOND : 0));
    members[grace] = members[hole] = 0;
    for (unsigned i = 4; i < sizeof(members) / sizeof(members[0]); i++) {
      assert_int_equal(members[i], 0);
    }
    guard_free(&g);
  }
}

/* Structs of other releases, of exactly so many octets; the octets behind what
   this release knows are TAIL. */
static int make_sized(size_t config_size, size_t callbacks_size, int tail) {
  guard config = guard_room(config_size);
  guard callbacks = guard_room(callbacks_size);
  int answer;

  tcpflow_sized_init(config.bytes, config_size);
  tcpflow_sized_init(callbacks.bytes, callbacks_size);
  if (config_size > sizeof(tcpflow_conn_config)) {
    config.bytes[config_size - 1] = (uint8_t)tail;
  } else if (callbacks_size > sizeof(tcpflow_conn_callbacks)) {
    callbacks.bytes[callbacks_size - 1] = (uint8_t)tail;
  }
  answer = make((void *)config.bytes, (void *)callbacks.bytes, NULL);
  guard_free(&config);
  guard_free(&callbacks);
  return answer;
}

static void
conn_new__structs_of_other_releases__by_what_they_set(void **state) {
  const size_t config = sizeof(tcpflow_conn_config);
  const size_t callbacks = sizeof(tcpflow_conn_callbacks);

  (void)state;
  for (size_t size = sizeof(size_t); size <= config; size += 8) {
    assert_int_equal(make_sized(size, callbacks, 0), TCPFLOW_OK);
  }
  for (size_t size = sizeof(size_t); size <= callbacks; size += 8) {
    assert_int_equal(make_sized(config, size, 0), TCPFLOW_OK);
  }
  assert_int_equal(make_sized(config + 8, callbacks, 0), TCPFLOW_OK);
  assert_int_equal(make_sized(config, callbacks + 8, 0), TCPFLOW_OK);
  assert_int_equal(make_sized(config + 8, callbacks, 1), TCPFLOW_ERR_VERSION);
  assert_int_equal(make_sized(config, callbacks + 8, 1), TCPFLOW_ERR_VERSION);
}

static void conn_new__no_stamp__version_error(void **state) {
  tcpflow_conn_config config;
  tcpflow_conn_callbacks callbacks;

  (void)state;
  memset(&config, 0, sizeof(config));
  assert_int_equal(make(&config, NULL, NULL), TCPFLOW_ERR_VERSION);
  memset(&callbacks, 0, sizeof(callbacks));
  assert_int_equal(make(NULL, &callbacks, NULL), TCPFLOW_ERR_VERSION);
  memset(&callbacks, 0xff, sizeof(callbacks));
  assert_int_equal(make(NULL, &callbacks, NULL), TCPFLOW_ERR_VERSION);
}

/* The callbacks that an older caller has are called, and no others. */
static void conn_new__callbacks_from_the_past__only_theirs(void **state) {
  const size_t size = offsetof(tcpflow_conn_callbacks, on_data);
  const tcpflow_conn_callbacks now = play_callbacks();
  guard g = guard_room(size);
  play p;

  (void)state;
  memcpy(g.bytes, &now, size);
  memcpy(g.bytes, &size, sizeof(size));
  play_clear(&p);
  assert_int_equal(
    tcpflow_conn_new(&p.conn, NULL, (void *)g.bytes, NULL, NULL, &p),
    TCPFLOW_OK);
  guard_free(&g);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  play_send(&p, SERVER, "R", 5001, 0, "");
  assert_string_equal(play_log(&p), "server ESTABLISHED>CLOSED\n"
                                    "client ESTABLISHED>CLOSED\n");
  play_finish(&p);
  assert_int_equal(p.ends, 0);
}

static void conn_new__mem_lacks_a_function__invalid(void **state) {
  failmem fm = {0};

  (void)state;
  for (int which = 0; which < 4; which++) {
    tcpflow_mem mem = failmem_table(&fm);

    if (which == 0) {
      mem.malloc = NULL;
    } else if (which == 1) {
      mem.calloc = NULL;
    } else if (which == 2) {
      mem.realloc = NULL;
    } else {
      mem.free = NULL;
    }
    assert_int_equal(make(NULL, NULL, &mem), TCPFLOW_ERR_INVALID);
  }
  assert_int_equal(fm.requests, 0);
}

static void conn_new__no_memory__nothing_kept(void **state) {
  failmem fm = {.fail_at = 1};
  const tcpflow_mem mem = failmem_table(&fm);

  (void)state;
  assert_int_equal(make(NULL, NULL, &mem), TCPFLOW_ERR_NOMEM);
  assert_int_equal(fm.live_blocks, 0);
  assert_int_equal(make(NULL, NULL, &mem), TCPFLOW_OK);
  assert_int_equal(fm.live_blocks, 0);
  assert_int_equal(fm.requests, 2);
}

static int on_new_with_tuple(tcpflow_conn *conn, const tcpflow_new_event *event,
                             void *user) {
  (void)conn;
  assert_non_null(event->tuple);
  memcpy(user, event->tuple, sizeof(*event->tuple));
  return 0;
}

static void conn_new__tuple__copied_and_told(void **state) {
  tcpflow_tuple tuple;
  tcpflow_tuple told;
  tcpflow_conn_callbacks cb;
  play p;

  (void)state;
  memset(&tuple, 0x5a, sizeof(tuple));
  play_clear(&p);
  tcpflow_conn_callbacks_init(&cb);
  cb.on_new = on_new_with_tuple;
  assert_int_equal(tcpflow_conn_new(&p.conn, NULL, &cb, &tuple, NULL, &told),
                   TCPFLOW_OK);
  memset(&tuple, 0, sizeof(tuple));
  play_send(&p, CLIENT, "S", 1000, 0, "");
  memset(&tuple, 0x5a, sizeof(tuple));
  assert_memory_equal(&tuple, &told, sizeof(tuple));
  play_finish(&p);
}

/* --- feed ---------------------------------------------------------------- */

static void conn_feed__wrong_arguments__nothing_happens(void **state) {
  struct {
    tcpflow_segment now;
    uint64_t later;
  } segment = {.later = 0};
  play p;

  (void)state;
  play_begin(&p, NULL);
  segment.now = play_segment(&p, "S", 1000, 0, "abc");
  assert_int_equal(tcpflow_conn_feed(p.conn, (tcpflow_side)2, &segment.now),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(tcpflow_conn_feed(p.conn, (tcpflow_side)-1, &segment.now),
                   TCPFLOW_ERR_INVALID);
  segment.now.payload_captured = 4;
  assert_int_equal(tcpflow_conn_feed(p.conn, CLIENT, &segment.now),
                   TCPFLOW_ERR_INVALID);
  segment.now.payload_captured = 3;
  segment.now.payload = NULL;
  assert_int_equal(tcpflow_conn_feed(p.conn, CLIENT, &segment.now),
                   TCPFLOW_ERR_INVALID);
  /* No octet captured needs no pointer. */
  segment.now.payload_captured = 0;
  segment.now.size = 0;
  assert_int_equal(tcpflow_conn_feed(p.conn, CLIENT, &segment.now),
                   TCPFLOW_ERR_VERSION);
  segment.now = play_segment(&p, "S", 1000, 0, "");
  segment.now.size = sizeof(segment);
  segment.later = 1;
  assert_int_equal(tcpflow_conn_feed(p.conn, CLIENT, &segment.now),
                   TCPFLOW_ERR_VERSION);
  assert_string_equal(play_log(&p), "");
  segment.later = 0;
  segment.now.payload = NULL;
  segment.now.payload_length = 3;
  assert_int_equal(tcpflow_conn_feed(p.conn, CLIENT, &segment.now), TCPFLOW_OK);
  assert_int_equal(p.news, 1);
  play_finish(&p);
}

/* --- inside callbacks ---------------------------------------------------- */

static const char *const events[] = {
  "new", "segment", "state", "established", "data", "gap", "anomaly", "end"};

enum {
  EVENTS = sizeof(events) / sizeof(events[0])
};

/*
 * Brings every kind of event, in 7 segments.  Answers what the calls answer:
 * TCPFLOW_ERR_CALLBACK if one of them did.
 */
static int play_all_events(play *p) {
  int answer = TCPFLOW_OK;
  int one;

#define TRY(...)                                                               \
  one = play_try(p, __VA_ARGS__);                                              \
  assert_true(one == TCPFLOW_OK || one == TCPFLOW_ERR_CALLBACK);               \
  answer = one != TCPFLOW_OK ? one : answer

  TRY(CLIENT, "S", 1000, 0, "");
  TRY(SERVER, "S.", 5000, 1001, "");
  TRY(CLIENT, ".", 1001, 5001, "");
  TRY(CLIENT, "P.", 1001, 5001, "abc");
  TRY(CLIENT, "P.", 1007, 5001, "ghi");
  /* It acknowledges what was not captured. */
  TRY(SERVER, "P.", 5001, 1012, "ok");
  TRY(SERVER, "R", 5003, 0, "");
#undef TRY
  return answer;
}

static const char all_events[] = "new client\n"
                                 "client UNKNOWN>SYN-SENT\n"
                                 "server UNKNOWN>LISTEN\n"
                                 "server LISTEN>SYN-RECEIVED\n"
                                 "client SYN-SENT>ESTABLISHED\n"
                                 "server SYN-RECEIVED>ESTABLISHED\n"
                                 "established three-way server 1 ms client 1 "
                                 "ms\n"
                                 "data client 0 abc\n"
                                 "gap client 3+3 acked\n"
                                 "data client 6 ghi\n"
                                 "gap client 9+2 acked\n"
                                 "data server 0 ok\n"
                                 "anomaly server ack-unseen x1\n"
                                 "server ESTABLISHED>CLOSED\n"
                                 "client ESTABLISHED>CLOSED\n"
                                 "end reset server CLOSED CLOSED\n";

static unsigned seen;

static void try_what_is_not_allowed(play *p, const char *event) {
  const tcpflow_segment segment = play_segment(p, ".", 1001, 5001, "");

  for (unsigned i = 0; i < EVENTS; i++) {
    seen |= strcmp(event, events[i]) == 0 ? 1U << i : 0;
  }
  assert_int_equal(tcpflow_conn_feed(p->conn, CLIENT, &segment),
                   TCPFLOW_ERR_STATE);
  assert_int_equal(tcpflow_conn_feed(p->conn, (tcpflow_side)9, &segment),
                   TCPFLOW_ERR_STATE);
  tcpflow_conn_del(p->conn);
}

static void callback__what_is_not_callbacksafe__refused_in_each(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  p.inside = try_what_is_not_allowed;
  seen = 0;
  assert_int_equal(play_all_events(&p), TCPFLOW_OK);
  assert_int_equal(seen, (1U << EVENTS) - 1);
  assert_string_equal(play_log(&p), all_events);
  play_finish(&p);
  assert_int_equal(p.ends, 1);
}

static void try_what_only_reads(play *p, const char *event) {
  tcpflow_conn_info info;
  tcpflow_endpoint_info end;

  (void)event;
  tcpflow_conn_info_init(&info);
  assert_int_equal(tcpflow_conn_get_info(p->conn, &info), TCPFLOW_OK);
  tcpflow_endpoint_info_init(&end);
  for (int side = 0; side < 2; side++) {
    assert_int_equal(
      tcpflow_conn_get_endpoint(p->conn, (tcpflow_side)side, &end), TCPFLOW_OK);
    assert_int_equal(end.state,
                     tcpflow_conn_state(p->conn, (tcpflow_side)side));
  }
  tcpflow_conn_set_user_data(p->conn, p);
  assert_ptr_equal(tcpflow_conn_user_data(p->conn), p);
  assert_int_equal(tcpflow_conn_end(p->conn, 0, TCPFLOW_END_NONE),
                   TCPFLOW_ERR_INVALID);
  tcpflow_conn_stop_data(p->conn, (tcpflow_side)2);
  assert_int_equal(tcpflow_conn_guess_sender(0, 80, 40000, NULL), SERVER);
}

static void callback__what_only_reads__works_in_each(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  p.inside = try_what_only_reads;
  assert_int_equal(play_all_events(&p), TCPFLOW_OK);
  assert_string_equal(play_log(&p), all_events);
  play_finish(&p);
}

/* Where both endpoints and streams stand, as text. */
static void describe(const play *p, char *text, size_t size) {
  tcpflow_conn_info info;
  tcpflow_endpoint_info end;
  size_t used;

  tcpflow_conn_info_init(&info);
  tcpflow_endpoint_info_init(&end);
  assert_int_equal(tcpflow_conn_get_info(p->conn, &info), TCPFLOW_OK);
  used =
    (size_t)snprintf(text, size, "%d %d %d %d %lld %lld", (int)info.open_kind,
                     (int)info.end_reason, info.established, info.first_fin,
                     (long long)info.first, (long long)info.last);
  for (int side = 0; side < 2; side++) {
    assert_int_equal(
      tcpflow_conn_get_endpoint(p->conn, (tcpflow_side)side, &end), TCPFLOW_OK);
    used += (size_t)snprintf(
      text + used, size - used,
      "; %d una %u nxt %u window %llu fin %d %d segments %llu payload %llu "
      "again %llu delivered %llu missing %llu",
      (int)end.state, end.snd_una, end.snd_nxt, (unsigned long long)end.window,
      end.fin_seen, end.fin_acked, (unsigned long long)end.segments,
      (unsigned long long)end.payload, (unsigned long long)end.retransmissions,
      (unsigned long long)end.delivered, (unsigned long long)end.missing);
  }
  assert_true(used < size);
}

static void callback__asks_to_stop__the_rest_is_silent(void **state) {
  char wanted[512];
  char is[512];
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_all_events(&p);
  describe(&p, wanted, sizeof(wanted));
  play_finish(&p);
  for (unsigned i = 0; i < EVENTS; i++) {
    play_begin(&p, NULL);
    p.answer = 17;
    p.answer_at = events[i];
    assert_int_equal(play_all_events(&p), TCPFLOW_ERR_CALLBACK);
    describe(&p, is, sizeof(is));
    assert_string_equal(is, wanted);
    play_finish(&p);
    assert_int_equal(p.ends, 1);
    assert_int_equal(p.news, 1);
  }
}

static void callback__asks_to_stop__until_the_next_call(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  p.answer = -1;
  p.answer_at = "new";
  assert_int_equal(play_try(&p, CLIENT, "S", 1000, 0, ""),
                   TCPFLOW_ERR_CALLBACK);
  assert_string_equal(play_log(&p), "new client\n");
  p.answer_at = "state";
  assert_int_equal(play_try(&p, SERVER, "S.", 5000, 1001, ""),
                   TCPFLOW_ERR_CALLBACK);
  assert_string_equal(play_log(&p), "server LISTEN>SYN-RECEIVED\n");
  p.answer_at = "established";
  assert_int_equal(play_try(&p, CLIENT, "P.", 1001, 5001, "abc"),
                   TCPFLOW_ERR_CALLBACK);
  assert_string_equal(play_log(&p),
                      "server SYN-RECEIVED>ESTABLISHED\n"
                      "established three-way server 1 ms client 1 ms\n");
  p.answer_at = "gap";
  play_send(&p, CLIENT, "P.", 1007, 5001, "ghi");
  assert_int_equal(play_try(&p, SERVER, "P.", 5001, 1010, "ok"),
                   TCPFLOW_ERR_CALLBACK);
  assert_string_equal(play_log(&p), "gap client 3+3 acked\n");
  p.answer_at = "data";
  play_send(&p, SERVER, "P.", 5003, 1010, "");
  assert_string_equal(play_log(&p), "");
  assert_int_equal(play_try(&p, SERVER, "P.", 5003, 1010, "!"),
                   TCPFLOW_ERR_CALLBACK);
  /* `end` is told to who has stopped listening, too. */
  p.answer_at = "state";
  assert_int_equal(play_try(&p, SERVER, "R", 5004, 0, ""),
                   TCPFLOW_ERR_CALLBACK);
  assert_string_equal(play_log(&p), "data server 2 !\n"
                                    "server ESTABLISHED>CLOSED\n"
                                    "end reset server CLOSED CLOSED\n");
  play_finish(&p);
}

/* --- asked for inside callbacks ------------------------------------------ */

static const char *ask_at;
static void (*ask)(tcpflow_conn *conn);

static void ask_inside(play *p, const char *event) {
  if (strcmp(event, ask_at) == 0) {
    ask(p->conn);
  }
}

static void ask_end(tcpflow_conn *conn) {
  assert_int_equal(tcpflow_conn_end(conn, 4711, TCPFLOW_END_CALLER),
                   TCPFLOW_OK);
}

/* The connection ends with the callback's segment; in `end` itself it has. */
static void conn_end__in_each_callback__ends_with_the_segment(void **state) {
  static const char *const told[] = {
    "end caller client SYN-SENT LISTEN\n",
    "end caller client SYN-SENT LISTEN\n",
    "end caller client SYN-SENT LISTEN\n",
    "end caller client ESTABLISHED ESTABLISHED\n",
    "end caller client ESTABLISHED ESTABLISHED\n",
    "end caller server ESTABLISHED ESTABLISHED\n",
    "end caller server ESTABLISHED ESTABLISHED\n",
    "end reset server CLOSED CLOSED\n"};
  play p;

  (void)state;
  for (unsigned i = 0; i < EVENTS; i++) {
    play_begin(&p, NULL);
    p.inside = ask_inside;
    ask_at = events[i];
    ask = ask_end;
    assert_int_equal(play_all_events(&p), TCPFLOW_OK);
    assert_int_equal(p.ends, 1);
    const char *const log = play_log(&p);
    const size_t length = strlen(told[i]);

    assert_true(strlen(log) >= length);
    assert_string_equal(log + strlen(log) - length, told[i]);
    /* Up to there nothing is missing. */
    assert_memory_equal(log, all_events, strlen(log) - length);
    play_finish(&p);
    assert_int_equal(p.ends, 1);
  }
}

/* What ends the connection by itself says why. */
static void
conn_end__in_the_segment_that_ends_it__its_own_reason(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  p.inside = ask_inside;
  ask_at = "segment";
  ask = ask_end;
  play_send(&p, SERVER, "R", 5001, 0, "");
  assert_string_equal(play_log(&p), "server ESTABLISHED>CLOSED\n"
                                    "client ESTABLISHED>CLOSED\n"
                                    "end reset server CLOSED CLOSED\n");
  play_finish(&p);
}

static void conn_ignore__in_each_callback__only_end_is_told(void **state) {
  play p;

  (void)state;
  for (unsigned i = 0; i < EVENTS; i++) {
    play_begin(&p, NULL);
    p.inside = ask_inside;
    ask_at = events[i];
    ask = tcpflow_conn_ignore;
    assert_int_equal(play_all_events(&p), TCPFLOW_OK);
    assert_int_equal(p.ends, 1);
    const char *const log = play_log(&p);
    const char *const end = strstr(log, "end ");

    assert_non_null(end);
    assert_string_equal(end, "end reset server CLOSED CLOSED\n");
    assert_memory_equal(log, all_events, (size_t)(end - log));
    play_finish(&p);
    assert_int_equal(p.ends, 1);
  }
}

static void ask_stop_client(tcpflow_conn *conn) {
  tcpflow_conn_stop_data(conn, CLIENT);
}

static void
conn_stop_data__in_each_callback__no_more_of_that_side(void **state) {
  play p;

  (void)state;
  for (unsigned i = 0; i < EVENTS; i++) {
    play_begin(&p, NULL);
    p.inside = ask_inside;
    ask_at = events[i];
    ask = ask_stop_client;
    assert_int_equal(play_all_events(&p), TCPFLOW_OK);
    const char *const log = play_log(&p);
    const char *expected = NULL;

    if (i < 4) {
      assert_null(strstr(log, "data client"));
      assert_null(strstr(log, "gap client"));
    } else if (i == 4) {
      expected = "data client 0 abc\ndata server 0 ok\n";
    } else if (i == 5) {
      expected = "data client 0 abc\ngap client 3+3 acked\ndata server 0 ok\n";
    } else {
      assert_string_equal(log, all_events);
    }
    assert_true(expected == NULL || strstr(log, expected) != NULL);
    assert_non_null(strstr(log, "data server 0 ok\n"));
    play_finish(&p);
    assert_int_equal(p.ends, 1);
  }
}

/* --- end ----------------------------------------------------------------- */

/* A hole of 3 octets, 3 that are held, and a FIN 2 behind. */
static void play_held(play *p, const tcpflow_mem *mem) {
  play_begin(p, mem);
  play_handshake(p);
  play_send(p, CLIENT, "P.", 1004, 5001, "def");
  play_send(p, CLIENT, "F.", 1009, 5001, "");
  (void)play_log(p);
}

static void conn_end__each_reason__told_with_its_gaps(void **state) {
  static const struct {
    tcpflow_end_reason reason;
    const char *end;
    const char *gap;
  } cases[] = {
    {TCPFLOW_END_FIN, "fin", "closed"},
    {TCPFLOW_END_RESET, "reset", "closed"},
    {TCPFLOW_END_TIMEOUT, "timeout", "timeout"},
    {TCPFLOW_END_EVICTED, "evicted", "limit"},
    {TCPFLOW_END_REUSED, "reused", "closed"},
    {TCPFLOW_END_FLUSHED, "flushed", "flushed"},
    {TCPFLOW_END_CALLER, "caller", "flushed"},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    char expected[512];
    play p;

    play_held(&p, NULL);
    assert_int_equal(tcpflow_conn_end(p.conn, p.now, cases[i].reason),
                     TCPFLOW_OK);
    snprintf(expected, sizeof(expected),
             "gap client 0+3 %s\n"
             "data client 3 def\n"
             "gap client 6+2 %s\n"
             "%s"
             "end %s client FIN-WAIT-1 ESTABLISHED\n",
             cases[i].gap, cases[i].gap,
             cases[i].reason == TCPFLOW_END_EVICTED
               ? "anomaly client held-limit x1\n"
             : cases[i].reason == TCPFLOW_END_FIN ||
                 cases[i].reason == TCPFLOW_END_RESET
               ? "anomaly client closed-with-holes x1\n"
               : "",
             cases[i].end);
    assert_string_equal(play_log(&p), expected);
    play_finish(&p);
    assert_int_equal(p.ends, 1);
  }
}

/* Nobody has closed: the side has no meaning, and is a side. */
static void conn_end__fin_without_a_fin__told_as_asked(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  assert_int_equal(tcpflow_conn_end(p.conn, p.now, TCPFLOW_END_FIN),
                   TCPFLOW_OK);
  assert_string_equal(play_log(&p), "end fin client ESTABLISHED ESTABLISHED\n");
  play_finish(&p);
}

/* Both directions are emptied, the client's first. */
static void conn_end__both_directions_held__both_told(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, SERVER, "P.", 5002, 1001, "yz");
  play_send(&p, CLIENT, "P.", 1002, 5001, "bc");
  assert_int_equal(tcpflow_conn_end(p.conn, p.now, TCPFLOW_END_TIMEOUT),
                   TCPFLOW_OK);
  assert_string_equal(play_log(&p),
                      "gap client 0+1 timeout\n"
                      "data client 1 bc\n"
                      "gap server 0+1 timeout\n"
                      "data server 1 yz\n"
                      "end timeout client ESTABLISHED ESTABLISHED\n");
  play_finish(&p);
}

/* What lies behind a FIN may be held still; it is never told. */
static void conn_end__held_behind_the_fin__released(void **state) {
  (void)state;
  for (int who = 0; who < 2; who++) {
    const tcpflow_side side = who == 0 ? CLIENT : SERVER;
    const uint32_t seq = who == 0 ? 1001 : 5001;
    const uint32_t ack = who == 0 ? 5001 : 1001;
    failmem fm = {0};
    const tcpflow_mem mem = failmem_table(&fm);
    play p;

    play_begin(&p, &mem);
    play_handshake(&p);
    play_send(&p, side, "P.", seq + 9, ack, "xyz");
    play_send(&p, side, "F.", seq, ack, "");
    assert_int_equal(fm.live_blocks, 2);
    (void)play_log(&p);
    assert_int_equal(tcpflow_conn_end(p.conn, p.now, TCPFLOW_END_TIMEOUT),
                     TCPFLOW_OK);
    assert_string_equal(
      play_log(&p), who == 0 ? "end timeout client FIN-WAIT-1 ESTABLISHED\n"
                             : "end timeout client ESTABLISHED FIN-WAIT-1\n");
    assert_int_equal(fm.live_blocks, 1);
    play_finish(&p);
    assert_int_equal(fm.live_blocks, 0);
  }
}

/* A wish to hear no more lasts for one call. */
static void conn_end__after_a_stop__tells_again(void **state) {
  static const char told[] = "gap client 0+3 flushed\n"
                             "data client 3 def\n"
                             "gap client 6+2 flushed\n"
                             "end %s client FIN-WAIT-1 ESTABLISHED\n";
  char expected[256];
  play p;

  (void)state;
  for (int by_del = 0; by_del < 2; by_del++) {
    play_held(&p, NULL);
    p.answer = 1;
    assert_int_equal(play_try(&p, CLIENT, ".", 1010, 5001, ""),
                     TCPFLOW_ERR_CALLBACK);
    p.answer = 0;
    if (!by_del) {
      assert_int_equal(tcpflow_conn_end(p.conn, p.now, TCPFLOW_END_CALLER),
                       TCPFLOW_OK);
    }
    play_finish(&p);
    snprintf(expected, sizeof(expected), told, by_del ? "flushed" : "caller");
    assert_string_equal(play_log(&p), expected);
  }
}

static void conn_end__no_reason__invalid(void **state) {
  play p;

  (void)state;
  play_held(&p, NULL);
  assert_int_equal(tcpflow_conn_end(p.conn, p.now, TCPFLOW_END_NONE),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(tcpflow_conn_end(p.conn, p.now, (tcpflow_end_reason)9),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(tcpflow_conn_end(p.conn, p.now, (tcpflow_end_reason)-1),
                   TCPFLOW_ERR_INVALID);
  assert_string_equal(play_log(&p), "");
  play_finish(&p);
}

static void conn_end__ended_already__nothing_more(void **state) {
  play p;

  (void)state;
  play_held(&p, NULL);
  assert_int_equal(tcpflow_conn_end(p.conn, p.now, TCPFLOW_END_TIMEOUT),
                   TCPFLOW_OK);
  (void)play_log(&p);
  assert_int_equal(tcpflow_conn_end(p.conn, p.now, TCPFLOW_END_CALLER),
                   TCPFLOW_OK);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  play_send(&p, SERVER, "R", 5001, 0, "");
  tcpflow_conn_stop_data(p.conn, CLIENT);
  tcpflow_conn_ignore(p.conn);
  assert_string_equal(play_log(&p), "");
  play_finish(&p);
  assert_int_equal(p.ends, 1);
}

static void conn_end__callback_asks_to_stop__ended_all_the_same(void **state) {
  play p;

  (void)state;
  play_held(&p, NULL);
  p.answer = 1;
  p.answer_at = "gap";
  assert_int_equal(tcpflow_conn_end(p.conn, p.now, TCPFLOW_END_CALLER),
                   TCPFLOW_ERR_CALLBACK);
  assert_string_equal(play_log(&p), "gap client 0+3 flushed\n"
                                    "end caller client FIN-WAIT-1 "
                                    "ESTABLISHED\n");
  assert_int_equal(tcpflow_conn_end(p.conn, p.now, TCPFLOW_END_CALLER),
                   TCPFLOW_OK);
  play_finish(&p);
}

static void conn_end__never_fed__tells_nothing(void **state) {
  tcpflow_conn_info info;
  play p;

  (void)state;
  play_begin(&p, NULL);
  assert_int_equal(tcpflow_conn_end(p.conn, p.now, TCPFLOW_END_CALLER),
                   TCPFLOW_OK);
  play_send(&p, CLIENT, "S", 1000, 0, "");
  assert_string_equal(play_log(&p), "");
  tcpflow_conn_info_init(&info);
  assert_int_equal(tcpflow_conn_get_info(p.conn, &info), TCPFLOW_OK);
  assert_int_equal(info.end_reason, TCPFLOW_END_CALLER);
  play_finish(&p);
  assert_int_equal(p.ends, 0);
}

/* Data, then anomalies, then `end`, also where the end sets data free. */
static void conn_feed__ends_with_data_held__order_as_promised(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1004, 5001, "def");
  (void)play_log(&p);
  p.now = 0;
  play_send(&p, SERVER, "R", 5001, 0, "");
  assert_string_equal(play_log(&p), "server ESTABLISHED>CLOSED\n"
                                    "client ESTABLISHED>CLOSED\n"
                                    "gap client 0+3 closed\n"
                                    "data client 3 def\n"
                                    "anomaly server closed-with-holes x1\n"
                                    "anomaly server time-backwards x1\n"
                                    "end reset server CLOSED CLOSED\n");
  play_finish(&p);
}

/* An anomaly's callback may be the one that has enough. */
static void conn_end__asked_in_an_anomaly__data_may_follow(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1004, 5001, "def");
  (void)play_log(&p);
  p.inside = ask_inside;
  ask_at = "anomaly";
  ask = ask_end;
  p.now = 0;
  play_send(&p, SERVER, ".", 5001, 1001, "");
  assert_string_equal(play_log(&p), "anomaly server time-backwards x1\n"
                                    "gap client 0+3 flushed\n"
                                    "data client 3 def\n"
                                    "end caller server ESTABLISHED "
                                    "ESTABLISHED\n");
  play_finish(&p);
}

/* --- del ----------------------------------------------------------------- */

static void conn_del__live__flushed(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  play_held(&p, &mem);
  tcpflow_conn_del(p.conn);
  assert_string_equal(play_log(&p), "gap client 0+3 flushed\n"
                                    "data client 3 def\n"
                                    "gap client 6+2 flushed\n"
                                    "end flushed client FIN-WAIT-1 "
                                    "ESTABLISHED\n");
  assert_int_equal(fm.live_blocks, 0);
}

static void conn_del__null_or_never_fed__nothing_told(void **state) {
  play p;

  (void)state;
  tcpflow_conn_del(NULL);
  play_begin(&p, NULL);
  tcpflow_conn_del(p.conn);
  assert_string_equal(play_log(&p), "");
}

/* --- data that nobody wants ---------------------------------------------- */

static tcpflow_endpoint_info endpoint(const play *p, tcpflow_side side) {
  tcpflow_endpoint_info info;

  tcpflow_endpoint_info_init(&info);
  assert_int_equal(tcpflow_conn_get_endpoint(p->conn, side, &info), TCPFLOW_OK);
  return info;
}

static void conn_stop_data__held__released_and_ranges_kept(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  play_begin(&p, &mem);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1004, 5001, "def");
  assert_int_equal(fm.live_blocks, 2);
  tcpflow_conn_stop_data(p.conn, CLIENT);
  assert_int_equal(fm.live_blocks, 1);
  play_send(&p, CLIENT, "P.", 1004, 5001, "def");
  play_send(&p, CLIENT, ".", 1001, 5001, "abc");
  assert_int_equal(endpoint(&p, CLIENT).delivered, 6);
  assert_int_equal(endpoint(&p, CLIENT).missing, 0);
  assert_string_equal(play_log(&p), "");
  play_send(&p, SERVER, "P.", 5001, 1007, "ok");
  assert_string_equal(play_log(&p), "data server 0 ok\n");
  tcpflow_conn_stop_data(p.conn, SERVER);
  play_send(&p, SERVER, "P.", 5003, 1007, "ok");
  assert_string_equal(play_log(&p), "");
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

/* One octet is held for each side, and the client sends on. */
static void play_both_held(play *p, const tcpflow_mem *mem) {
  play_begin(p, mem);
  play_handshake(p);
  play_send(p, CLIENT, "P.", 1003, 5001, "c");
  play_send(p, SERVER, "P.", 5003, 1001, "z");
}

static void conn_stop_data__inside_a_callback__held_is_released(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  for (int ignores = 0; ignores < 2; ignores++) {
    play_both_held(&p, &mem);
    assert_int_equal(fm.live_blocks, 3);
    p.inside = ask_inside;
    ask_at = "segment";
    ask = ignores ? tcpflow_conn_ignore : ask_stop_client;
    play_send(&p, CLIENT, ".", 1001, 5001, "");
    assert_int_equal(fm.live_blocks, ignores ? 1 : 2);
    play_finish(&p);
    assert_int_equal(fm.live_blocks, 0);
  }
}

static void conn_ignore__both_held__both_released(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  play_both_held(&p, &mem);
  tcpflow_conn_ignore(p.conn);
  assert_int_equal(fm.live_blocks, 1);
  play_finish(&p);

  play_both_held(&p, &mem);
  tcpflow_conn_stop_data(p.conn, SERVER);
  assert_int_equal(fm.live_blocks, 2);
  play_send(&p, CLIENT, ".", 1001, 5001, "ab");
  assert_string_equal(play_log(&p), "data client 0 ab\ndata client 2 c\n");
  play_finish(&p);
}

static void conn_ignore__outside_of_callbacks__only_end(void **state) {
  play p;

  (void)state;
  play_held(&p, NULL);
  tcpflow_conn_ignore(p.conn);
  play_send(&p, CLIENT, ".", 1001, 5001, "abc");
  p.now = 0;
  play_send(&p, SERVER, ".", 5001, 1005, "ok");
  assert_string_equal(play_log(&p), "");
  play_finish(&p);
  assert_string_equal(play_log(&p), "end flushed client FIN-WAIT-1 "
                                    "ESTABLISHED\n");
}

/* Before the first segment, too: then there is not even a `new`. */
static void conn_ignore__before_the_first_segment__only_end(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  tcpflow_conn_ignore(p.conn);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  play_finish(&p);
  assert_string_equal(play_log(&p),
                      "end flushed client ESTABLISHED ESTABLISHED\n");
  assert_int_equal(p.news, 0);
}

/* Without callbacks for data no octet is copied. */
static void conn_new__nobody_wants_data__no_octet_is_held(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow_conn_callbacks cb = play_callbacks();
  char octets[1001];
  play p;

  (void)state;
  memset(octets, 'x', 1000);
  octets[1000] = '\0';
  cb.on_data = NULL;
  cb.on_gap = NULL;
  cb.on_conflict = NULL;
  play_clear(&p);
  assert_int_equal(tcpflow_conn_new(&p.conn, NULL, &cb, NULL, &mem, &p),
                   TCPFLOW_OK);
  const size_t before = fm.live_bytes;

  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1004, 5001, octets);
  assert_true(fm.live_bytes - before < 200);
  play_send(&p, SERVER, "P.", 5004, 1001, octets);
  assert_true(fm.live_bytes - before < 400);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  assert_int_equal(endpoint(&p, CLIENT).delivered, 1003);
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

/* One of the three callbacks is enough to want it. */
static void conn_new__only_gaps_are_wanted__told(void **state) {
  const tcpflow_conn_config config = play_config();
  tcpflow_conn_callbacks cb;
  play p;

  (void)state;
  tcpflow_conn_callbacks_init(&cb);
  cb.on_gap = play_on_gap;
  play_clear(&p);
  assert_int_equal(tcpflow_conn_new(&p.conn, &config, &cb, NULL, NULL, &p),
                   TCPFLOW_OK);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1004, 5001, "def");
  play_send(&p, SERVER, ".", 5001, 1007, "");
  assert_string_equal(play_log(&p), "gap client 0+3 acked\n");
  play_finish(&p);
}

static void conn_new__only_conflicts_are_wanted__told(void **state) {
  tcpflow_conn_callbacks cb;
  play p;

  (void)state;
  tcpflow_conn_callbacks_init(&cb);
  cb.on_conflict = play_on_conflict;
  play_clear(&p);
  assert_int_equal(tcpflow_conn_new(&p.conn, NULL, &cb, NULL, NULL, &p),
                   TCPFLOW_OK);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1004, 5001, "def");
  play_send(&p, CLIENT, "P.", 1005, 5001, "EF");
  assert_string_equal(play_log(&p), "conflict client 4 ef/EF\n");
  play_finish(&p);
}

static void conn_new__only_data_is_wanted__told(void **state) {
  const tcpflow_conn_config config = play_config();
  tcpflow_conn_callbacks cb;
  play p;

  (void)state;
  tcpflow_conn_callbacks_init(&cb);
  cb.on_data = play_on_data;
  play_clear(&p);
  assert_int_equal(tcpflow_conn_new(&p.conn, &config, &cb, NULL, NULL, &p),
                   TCPFLOW_OK);
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1004, 5001, "def");
  play_send(&p, SERVER, ".", 5001, 1007, "");
  assert_string_equal(play_log(&p), "data client 3 def\n");
  play_finish(&p);
}

static void conn_feed__no_callbacks_at_all__followed(void **state) {
  const tcpflow_conn_config config = play_config();
  play p;

  (void)state;
  play_clear(&p);
  assert_int_equal(tcpflow_conn_new(&p.conn, &config, NULL, NULL, NULL, NULL),
                   TCPFLOW_OK);
  assert_int_equal(play_all_events(&p), TCPFLOW_OK);
  assert_int_equal(tcpflow_conn_state(p.conn, CLIENT), TCPFLOW_STATE_CLOSED);
  assert_int_equal(endpoint(&p, CLIENT).delivered, 6);
  assert_int_equal(endpoint(&p, CLIENT).missing, 5);
  play_finish(&p);
}

/* --- memory -------------------------------------------------------------- */

static void conn_feed__no_memory_for_early_data__nothing_changed(void **state) {
  (void)state;
  for (size_t n = 1;; n++) {
    failmem fm = {0};
    const tcpflow_mem mem = failmem_table(&fm);
    char before[512];
    char after[512];
    play p;

    play_begin(&p, &mem);
    play_handshake(&p);
    fm.fail_at = fm.requests + n;
    fm.fail_from = 1; /* It may be tried again. */
    describe(&p, before, sizeof(before));
    const size_t blocks = fm.live_blocks;
    const int answer = play_try(&p, CLIENT, "P.", 1004, 5001, "def");

    fm.fail_at = 0;
    if (answer == TCPFLOW_OK) {
      assert_int_equal(n, 2);
      play_finish(&p);
      break;
    }
    assert_int_equal(answer, TCPFLOW_ERR_NOMEM);
    describe(&p, after, sizeof(after));
    assert_string_equal(after, before);
    assert_string_equal(play_log(&p), "");
    assert_int_equal(fm.live_blocks, blocks);
    /* The same segment again, at the same time. */
    p.now -= TCPFLOW_MILLISECOND;
    play_send(&p, CLIENT, "P.", 1004, 5001, "def");
    play_send(&p, CLIENT, ".", 1001, 5001, "abc");
    assert_string_equal(play_log(&p), "data client 0 abc\ndata client 3 def\n");
    play_finish(&p);
    assert_int_equal(fm.live_blocks, 0);
  }
}

/* The first segment of all may be the one that has no memory. */
static void
conn_feed__no_memory_for_the_first_segment__not_begun(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  play_begin(&p, &mem);
  play_send(&p, SERVER, ".", 5001, 1001, "");
  play_finish(&p);

  play_begin(&p, &mem);
  fm.fail_at = 1;
  fm.fail_from = 1;
  /* An anomaly's count is not worth a failure. */
  p.cut = 1;
  assert_int_equal(play_try(&p, CLIENT, "P.", 1001, 5001, "abc"), TCPFLOW_OK);
  assert_string_equal(play_log(&p), "new client\n"
                                    "client UNKNOWN>ESTABLISHED inferred\n"
                                    "server UNKNOWN>ESTABLISHED inferred\n"
                                    "established mid-stream\n"
                                    "data client 0 ab\n"
                                    "gap client 2+1 cut\n"
                                    "anomaly client payload-cut x1\n");
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(conn_new__nothing_given__made),
    cmocka_unit_test(conn_new__limits_at_their_bounds__invalid_beyond),
    cmocka_unit_test(conn_config_defaults__any_size__no_more_is_written),
    cmocka_unit_test(conn_new__structs_of_other_releases__by_what_they_set),
    cmocka_unit_test(conn_new__no_stamp__version_error),
    cmocka_unit_test(conn_new__callbacks_from_the_past__only_theirs),
    cmocka_unit_test(conn_new__mem_lacks_a_function__invalid),
    cmocka_unit_test(conn_new__no_memory__nothing_kept),
    cmocka_unit_test(conn_new__tuple__copied_and_told),
    cmocka_unit_test(conn_feed__wrong_arguments__nothing_happens),
    cmocka_unit_test(callback__what_is_not_callbacksafe__refused_in_each),
    cmocka_unit_test(callback__what_only_reads__works_in_each),
    cmocka_unit_test(callback__asks_to_stop__the_rest_is_silent),
    cmocka_unit_test(callback__asks_to_stop__until_the_next_call),
    cmocka_unit_test(conn_end__in_each_callback__ends_with_the_segment),
    cmocka_unit_test(conn_end__in_the_segment_that_ends_it__its_own_reason),
    cmocka_unit_test(conn_ignore__in_each_callback__only_end_is_told),
    cmocka_unit_test(conn_stop_data__in_each_callback__no_more_of_that_side),
    cmocka_unit_test(conn_end__each_reason__told_with_its_gaps),
    cmocka_unit_test(conn_end__fin_without_a_fin__told_as_asked),
    cmocka_unit_test(conn_end__both_directions_held__both_told),
    cmocka_unit_test(conn_end__held_behind_the_fin__released),
    cmocka_unit_test(conn_end__after_a_stop__tells_again),
    cmocka_unit_test(conn_end__no_reason__invalid),
    cmocka_unit_test(conn_end__ended_already__nothing_more),
    cmocka_unit_test(conn_end__callback_asks_to_stop__ended_all_the_same),
    cmocka_unit_test(conn_end__never_fed__tells_nothing),
    cmocka_unit_test(conn_feed__ends_with_data_held__order_as_promised),
    cmocka_unit_test(conn_end__asked_in_an_anomaly__data_may_follow),
    cmocka_unit_test(conn_del__live__flushed),
    cmocka_unit_test(conn_del__null_or_never_fed__nothing_told),
    cmocka_unit_test(conn_stop_data__held__released_and_ranges_kept),
    cmocka_unit_test(conn_stop_data__inside_a_callback__held_is_released),
    cmocka_unit_test(conn_ignore__both_held__both_released),
    cmocka_unit_test(conn_ignore__outside_of_callbacks__only_end),
    cmocka_unit_test(conn_ignore__before_the_first_segment__only_end),
    cmocka_unit_test(conn_new__nobody_wants_data__no_octet_is_held),
    cmocka_unit_test(conn_new__only_gaps_are_wanted__told),
    cmocka_unit_test(conn_new__only_conflicts_are_wanted__told),
    cmocka_unit_test(conn_new__only_data_is_wanted__told),
    cmocka_unit_test(conn_feed__no_callbacks_at_all__followed),
    cmocka_unit_test(conn_feed__no_memory_for_early_data__nothing_changed),
    cmocka_unit_test(conn_feed__no_memory_for_the_first_segment__not_begun),
  };

  return cmocka_run_group_tests_name("conn", tests, NULL, NULL);
}
