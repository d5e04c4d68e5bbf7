/* tests/unit/track/test_fragments.c - mirror of lib/track/fragments.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>

#include "frag/frag.h"
#include "unit/failmem.h"
#include "unit/track/traffic.h"

enum {
  IPV4 = 20,
  IPV6 = 40
};

/* --- cutting frames --- */

static void put16(uint8_t *at, uint32_t value) {
  at[0] = (uint8_t)(value >> 8 & 0xff);
  at[1] = (uint8_t)(value & 0xff);
}

static void keep(talk *t, const uint8_t *bytes, uint32_t size,
                 const tcpflow_frame *like) {
  uint8_t *const kept = (uint8_t *)malloc(size);

  if (t->count == t->room) {
    t->room = t->room * 2 + 64;
    t->frame = (tcpflow_frame *)realloc(t->frame, t->room * sizeof(*t->frame));
  }
  if (kept == NULL || t->frame == NULL) {
    abort();
  }
  memcpy(kept, bytes, size);
  t->frame[t->count] = *like;
  t->frame[t->count].bytes = kept;
  t->frame[t->count].captured = size;
  t->frame[t->count].length = size;
  t->count++;
}

/* One IPv4 fragment of an Ethernet frame: SIZE octets of its data from START
   on, or what is left. */
static void cut_piece(talk *into, const tcpflow_frame *whole, uint32_t start,
                      uint32_t size, uint32_t id) {
  const uint32_t data = whole->captured - ETHERNET - IPV4;
  const uint32_t left = data - start;
  const uint32_t length = size < left ? size : left;
  const uint32_t more = start + length < data ? 0x2000 : 0;
  uint8_t bytes[512];

  memcpy(bytes, whole->bytes, ETHERNET + IPV4);
  memcpy(bytes + ETHERNET + IPV4, whole->bytes + ETHERNET + IPV4 + start,
         length);
  put16(bytes + ETHERNET + 2, IPV4 + length);
  put16(bytes + ETHERNET + 4, id);
  put16(bytes + ETHERNET + 6, more | start / 8);
  keep(into, bytes, ETHERNET + IPV4 + length, whole);
}

/* All frames of a talk, cut into pieces of SIZE octets, which come backwards if
   asked for.  Time and number are those of the whole frame. */
static talk cut_all(const talk *whole, uint32_t size, bool backwards) {
  talk cut = {0};

  for (size_t i = 0; i < whole->count; i++) {
    const tcpflow_frame *const frame = &whole->frame[i];
    const uint32_t data = frame->captured - ETHERNET - IPV4;
    const uint32_t pieces = (data + size - 1) / size;
    for (uint32_t k = 0; k < pieces; k++) {
      const uint32_t at = backwards ? pieces - 1 - k : k;
      cut_piece(&cut, frame, at * size, size, (uint32_t)i);
    }
  }
  return cut;
}

static talk make_talk(void) {
  talk t = {.now = 1000 * TCPFLOW_SECOND};

  talk_open(&t, 7);
  t.now += TCPFLOW_SECOND;
  talk_up(&t, 7, F_PA, 1001, 5001, 60);
  talk_down(&t, 7, F_PA, 5001, 1061, 50);
  t.now += TCPFLOW_SECOND;
  talk_up(&t, 7, F_FA, 1061, 5051, 0);
  talk_down(&t, 7, F_FA, 5051, 1062, 0);
  talk_up(&t, 7, F_A, 1062, 5052, 0);
  return t;
}

static tcpflow_tracker *make(const tcpflow_tracker_config *config, journal *j,
                             const tcpflow_mem *mem) {
  const tcpflow_conn_callbacks callbacks = journal_callbacks();
  tcpflow_tracker *tracker = NULL;

  assert_int_equal(tcpflow_tracker_new(&tracker, config, &callbacks, mem, j),
                   TCPFLOW_OK);
  return tracker;
}

static tcpflow_frag_stats frag_stats_of(const tcpflow_tracker *tracker) {
  tcpflow_frag_stats stats;

  tcpflow_frag_stats_init(&stats);
  assert_int_equal(tcpflow_tracker_get_frag_stats(tracker, &stats), TCPFLOW_OK);
  return stats;
}

/* What is told of frames that come in batches of BATCH. */
static void play(const talk *t, size_t batch, journal *j,
                 const tcpflow_mem *mem) {
  tcpflow_tracker *const tracker = make(NULL, j, mem);

  for (size_t i = 0; i < t->count; i += batch) {
    const size_t left = t->count - i;
    assert_int_equal(tcpflow_tracker_feed(tracker, t->frame + i,
                                          left < batch ? left : batch, NULL),
                     TCPFLOW_OK);
  }
  tcpflow_tracker_del(tracker);
}

/* --- followed like whole ones --- */

static void feed__fragments__told_like_whole_frames(void **state) {
  static const uint32_t sizes[] = {8, 16, 24, 40};
  talk whole = make_talk();
  journal right = {0};

  (void)state;
  play(&whole, 1, &right, NULL);
  assert_int_equal(right.news, 1);
  for (unsigned i = 0; i < 16; i++) {
    talk cut = cut_all(&whole, sizes[i % 4], i >= 8);
    journal j = {0};
    assert_true(cut.count > whole.count);
    play(&cut, i % 8 < 4 ? 1 : 64, &j, NULL);
    assert_string_equal(j.text, right.text);
    journal_clear(&j);
    talk_clear(&cut);
  }
  journal_clear(&right);
  talk_clear(&whole);
}

/* --- buffers of the caller --- */

static void *keep_frame(void *handle, const uint8_t *bytes, size_t length,
                        void *user) {
  const tcpflow_frame *const frame = (const tcpflow_frame *)handle;

  assert_true(bytes >= frame->bytes);
  assert_true(bytes + length <= frame->bytes + frame->captured);
  ++*(int *)user;
  return handle;
}

static void let_go(void *held, void *user) {
  assert_non_null(held);
  --*(int *)user;
}

/* Tells a tracker that keeps frames a talk; how many it keeps then. */
static int frames_kept(talk *t, journal *j) {
  int kept = 0;
  const tcpflow_hold keeper = {keep_frame, let_go, &kept};
  tcpflow_conn_config conn;
  tcpflow_tracker_config config;
  int result;

  tcpflow_conn_config_init(&conn);
  conn.hold = &keeper;
  tcpflow_tracker_config_init(&config);
  config.conn = &conn;
  tcpflow_tracker *const tracker = make(&config, j, NULL);
  for (size_t i = 0; i < t->count; i++) {
    t->frame[i].handle = &t->frame[i];
  }
  assert_int_equal(tcpflow_tracker_feed(tracker, t->frame, t->count, NULL),
                   TCPFLOW_OK);
  result = kept;
  tcpflow_tracker_del(tracker);
  assert_int_equal(kept, 0);
  return result;
}

/* A datagram that came in fragments lies in no frame: it is copied. */
static void hold__early_data__of_whole_frames_only(void **state) {
  talk whole = {.now = 1000 * TCPFLOW_SECOND};
  journal right = {0};
  journal j = {0};

  (void)state;
  talk_open(&whole, 7);
  talk_up(&whole, 7, F_PA, 1061, 5001, 60);
  talk cut = cut_all(&whole, 24, false);
  assert_int_equal(frames_kept(&whole, &right), 1);
  assert_int_equal(frames_kept(&cut, &j), 0);
  assert_string_equal(j.text, right.text);
  journal_clear(&right);
  journal_clear(&j);
  talk_clear(&cut);
  talk_clear(&whole);
}

/* Fragments of many datagrams mixed with whole frames, in one batch. */
static void feed__mixed_with_whole_frames__in_order(void **state) {
  talk whole = make_talk();
  talk mixed = {0};
  journal right = {0};
  journal j = {0};

  (void)state;
  play(&whole, 1, &right, NULL);
  for (size_t i = 0; i < whole.count; i++) {
    if (i % 2 == 0) {
      keep(&mixed, whole.frame[i].bytes, whole.frame[i].captured,
           &whole.frame[i]);
    } else {
      cut_piece(&mixed, &whole.frame[i], 16, 400, (uint32_t)i);
      cut_piece(&mixed, &whole.frame[i], 0, 16, (uint32_t)i);
    }
  }
  play(&mixed, 64, &j, NULL);
  assert_string_equal(j.text, right.text);
  journal_clear(&right);
  journal_clear(&j);
  talk_clear(&whole);
  talk_clear(&mixed);
}

static void feed__fragments__counted(void **state) {
  talk whole = make_talk();
  talk cut = cut_all(&whole, 24, false);
  journal j = {0};
  tcpflow_tracker *const tracker = make(NULL, &j, NULL);

  (void)state;
  assert_int_equal(tcpflow_tracker_feed(tracker, cut.frame, cut.count, NULL),
                   TCPFLOW_OK);
  const tcpflow_tracker_stats stats = stats_of(tracker);
  const tcpflow_frag_stats frag = frag_stats_of(tracker);
  /* The segments without data or options are no longer than a piece. */
  assert_int_equal(stats.frames, cut.count);
  assert_int_equal(stats.datagrams[TCPFLOW_PACKET_TCP], frag.completed);
  assert_int_equal(stats.first_fragments, frag.completed);
  assert_int_equal(frag.completed, 2);
  assert_int_equal(frag.fragments, 7);
  assert_int_equal(stats.packets[TCPFLOW_PACKET_FRAGMENT], 5);
  assert_int_equal(frag.held, 0);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
  talk_clear(&whole);
  talk_clear(&cut);
}

/* A first fragment with a whole TCP header is not followed by itself. */
static void feed__first_fragment_alone__not_followed(void **state) {
  talk whole = make_talk();
  talk cut = {0};
  journal j = {0};
  tcpflow_tracker *const tracker = make(NULL, &j, NULL);

  (void)state;
  cut_piece(&cut, &whole.frame[3], 0, 40, 1);
  assert_int_equal(tcpflow_tracker_feed(tracker, cut.frame, 1, NULL),
                   TCPFLOW_OK);
  assert_int_equal(stats_of(tracker).flows_new, 0);
  assert_int_equal(frag_stats_of(tracker).held, 1);
  tcpflow_tracker_del(tracker);
  assert_int_equal(j.length, 0);
  talk_clear(&whole);
  talk_clear(&cut);
}

static void feed__fragments_ignored__not_held(void **state) {
  talk whole = make_talk();
  talk cut = cut_all(&whole, 24, false);
  journal j = {0};
  tcpflow_tracker_config config;
  tcpflow_tracker *tracker;

  (void)state;
  tcpflow_tracker_config_init(&config);
  config.ignore_fragments = 1;
  tracker = make(&config, &j, NULL);
  assert_int_equal(tcpflow_tracker_feed(tracker, cut.frame, cut.count, NULL),
                   TCPFLOW_OK);
  assert_int_equal(stats_of(tracker).first_fragments, 2);
  assert_int_equal(stats_of(tracker).datagrams[TCPFLOW_PACKET_TCP], 0);
  assert_int_equal(frag_stats_of(tracker).fragments, 0);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
  talk_clear(&whole);
  talk_clear(&cut);
}

/* ICMP does not lead to TCP: its fragments take no room. */
static void feed__fragments_of_something_else__not_held(void **state) {
  talk whole = make_talk();
  talk cut = cut_all(&whole, 24, false);
  journal j = {0};
  tcpflow_tracker *const tracker = make(NULL, &j, NULL);

  (void)state;
  for (size_t i = 0; i < cut.count; i++) {
    ((uint8_t *)(uintptr_t)cut.frame[i].bytes)[ETHERNET + 9] = 1;
  }
  assert_int_equal(tcpflow_tracker_feed(tracker, cut.frame, cut.count, NULL),
                   TCPFLOW_OK);
  assert_int_equal(frag_stats_of(tracker).fragments, 0);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
  talk_clear(&whole);
  talk_clear(&cut);
}

/* --- datagrams inside each other --- */

/* IPv6 with a fragment header in front of BYTES, raw. */
static void keep_ipv6(talk *t, const uint8_t *bytes, uint32_t size,
                      const uint8_t announce[8], const tcpflow_frame *like) {
  uint8_t all[512] = {0x60, [6] = 44, [7] = 64, [8] = 1, [24] = 2};

  put16(all + 4, 8 + size);
  memcpy(all + IPV6, announce, 8);
  memcpy(all + IPV6 + 8, bytes, size);
  keep(t, all, IPV6 + 8 + size, like);
  t->frame[t->count - 1].link = TCPFLOW_LINK_IPV6;
}

/*
 * A fragment whose data, put together, is a fragment again, DEEP times: cut two
 * ways at each depth, the last one completing all.
 */
static void keep_nested(talk *t, const uint8_t *tcp, uint32_t size,
                        unsigned deep, const tcpflow_frame *like) {
  /* The data of the innermost is TCP; each level adds a fragment header of 8
     octets in front, announced by 44.  First halves come first, all the way
     out; only then does the second half of the outermost one complete the
     chain, because each level's first half is whole by itself. */
  uint8_t data[512];
  uint32_t length = size;

  memcpy(data, tcp, size);
  for (unsigned level = 0; level < deep; level++) {
    const uint8_t kind = level == 0 ? 6 : 44;
    const uint8_t ahead[8] = {kind, 0, 0, 1, 0, 0, 0, (uint8_t)level};
    uint8_t rest[8] = {kind, 0, 0, 0, 0, 0, 0, (uint8_t)level};
    const uint32_t half = length / 2 / 8 * 8;

    put16(rest + 2, half);
    keep_ipv6(t, data, half, ahead, like);
    /* What is left travels inside the next level. */
    memmove(data + 8, data + half, length - half);
    memcpy(data, rest, 8);
    length = length - half + 8;
  }
  /* The outermost level is whole. */
  uint8_t all[512] = {0x60, [6] = 44, [7] = 64, [8] = 1, [24] = 2};
  put16(all + 4, length);
  memcpy(all + IPV6, data, length);
  keep(t, all, IPV6 + length, like);
  t->frame[t->count - 1].link = TCPFLOW_LINK_IPV6;
}

static void feed__fragments_in_fragments__followed(void **state) {
  uint8_t tcp[84] = {0x30, 0x39, 0, 80, 0, 0, 3, 0xe8, [12] = 0x50, 2};
  const tcpflow_frame like = {.time = 5};

  (void)state;
  for (unsigned deep = 1; deep < 4; deep++) {
    talk t = {0};
    journal j = {0};
    tcpflow_tracker *const tracker = make(NULL, &j, NULL);

    keep_nested(&t, tcp, sizeof(tcp), deep, &like);
    assert_int_equal(tcpflow_tracker_feed(tracker, t.frame, t.count, NULL),
                     TCPFLOW_OK);
    assert_int_equal(frag_stats_of(tracker).completed, deep);
    assert_int_equal(frag_stats_of(tracker).held, 0);
    assert_int_equal(stats_of(tracker).flows_new, 1);
    assert_int_equal(stats_of(tracker).datagrams[TCPFLOW_PACKET_TCP], 1);
    tcpflow_tracker_del(tracker);
    journal_clear(&j);
    talk_clear(&t);
  }
}

/* --- anomalies --- */

static int note_anomaly(tcpflow_conn *conn, const tcpflow_anomaly_event *event,
                        void *user) {
  (void)conn;
  ((uint32_t *)user)[event->anomaly]++;
  return 0;
}

static void
feed__overlap_that_differs__anomaly_of_the_connection(void **state) {
  talk whole = make_talk();
  talk cut = {0};
  const uint32_t none[TCPFLOW_ANOMALY_COUNT] = {0};
  uint32_t seen[TCPFLOW_ANOMALY_COUNT] = {0};
  uint32_t expected[TCPFLOW_ANOMALY_COUNT] = {0};
  tcpflow_conn_callbacks callbacks;
  tcpflow_tracker *tracker = NULL;

  (void)state;
  expected[TCPFLOW_ANOMALY_FRAGMENT_OVERLAP] = 1;
  expected[TCPFLOW_ANOMALY_FRAGMENT_CONFLICT] = 1;
  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_anomaly = note_anomaly;
  assert_int_equal(tcpflow_tracker_new(&tracker, NULL, &callbacks, NULL, seen),
                   TCPFLOW_OK);
  cut_piece(&cut, &whole.frame[3], 0, 48, 1);
  cut_piece(&cut, &whole.frame[3], 40, 16, 1);
  ((uint8_t *)(uintptr_t)cut.frame[1].bytes)[ETHERNET + IPV4]++;
  cut_piece(&cut, &whole.frame[3], 56, 400, 1);
  assert_int_equal(tcpflow_tracker_feed(tracker, whole.frame, 3, NULL),
                   TCPFLOW_OK);
  assert_memory_equal(seen, none, sizeof(seen));
  assert_int_equal(tcpflow_tracker_feed(tracker, cut.frame, 3, NULL),
                   TCPFLOW_OK);
  assert_memory_equal(seen, expected, sizeof(seen));
  tcpflow_tracker_del(tracker);
  talk_clear(&whole);
  talk_clear(&cut);
}

/* --- no memory, and callbacks that stop --- */

/* Every request of a whole run fails once; the frame is fed again, and all is
   told as if nothing had happened. */
static void feed__no_memory__fed_again_the_same(void **state) {
  talk whole = make_talk();
  talk cut = cut_all(&whole, 16, true);
  journal right = {0};
  bool failed = true;
  size_t failures = 0;

  (void)state;
  play(&cut, 1, &right, NULL);
  for (size_t n = 1; failed; n++) {
    failmem fm = {0};
    const tcpflow_mem mem = failmem_table(&fm);
    journal j = {0};
    tcpflow_tracker *const tracker = make(NULL, &j, &mem);

    fm.fail_at = fm.requests + n;
    for (size_t i = 0; i < cut.count; i++) {
      size_t consumed = 9;
      int error = tcpflow_tracker_feed(tracker, &cut.frame[i], 1, &consumed);
      if (error == TCPFLOW_ERR_NOMEM) {
        assert_int_equal(consumed, 0);
        failures++;
        error = tcpflow_tracker_feed(tracker, &cut.frame[i], 1, &consumed);
      }
      assert_int_equal(error, TCPFLOW_OK);
      assert_int_equal(consumed, 1);
    }
    failed = fm.requests >= fm.fail_at;
    const tcpflow_frag_stats stats = frag_stats_of(tracker);
    assert_int_equal(stats.fragments, cut.count);
    assert_int_equal(stats.completed, whole.count);
    assert_int_equal(stats.held, 0);
    tcpflow_tracker_del(tracker);
    assert_string_equal(j.text, right.text);
    assert_int_equal(fm.live_blocks, 0);
    journal_clear(&j);
  }
  assert_true(failures > cut.count);
  journal_clear(&right);
  talk_clear(&whole);
  talk_clear(&cut);
}

static void tracker_new__no_memory__nothing_kept(void **state) {
  tcpflow_tracker *tracker = NULL;

  (void)state;
  for (size_t n = 1; tracker == NULL; n++) {
    failmem fm = {.fail_at = n};
    const tcpflow_mem mem = failmem_table(&fm);
    if (tcpflow_tracker_new(&tracker, NULL, NULL, &mem, NULL) == TCPFLOW_OK) {
      tcpflow_tracker_del(tracker);
    }
    assert_int_equal(fm.live_blocks, 0);
  }
}

static int stop_in_data(tcpflow_conn *conn, const tcpflow_data_event *event,
                        void *user) {
  return journal_data(conn, event, user) == 0;
}

/* A callback that the datagram calls stops after it: the frame was followed. */
static void feed__callback_stops__frame_consumed(void **state) {
  talk whole = make_talk();
  talk cut = cut_all(&whole, 24, false);
  tcpflow_conn_callbacks callbacks = journal_callbacks();
  tcpflow_tracker *tracker = NULL;
  journal right = {0};
  journal j = {0};
  size_t at = 0;
  unsigned stops = 0;

  (void)state;
  play(&cut, 1, &right, NULL);
  callbacks.on_data = stop_in_data;
  assert_int_equal(tcpflow_tracker_new(&tracker, NULL, &callbacks, NULL, &j),
                   TCPFLOW_OK);
  while (at < cut.count) {
    size_t consumed = 0;
    const int error =
      tcpflow_tracker_feed(tracker, cut.frame + at, cut.count - at, &consumed);
    stops += error == TCPFLOW_ERR_CALLBACK;
    assert_true(consumed > 0);
    at += consumed;
  }
  assert_int_equal(stops, 2);
  assert_int_equal(frag_stats_of(tracker).completed, 2);
  tcpflow_tracker_del(tracker);
  assert_int_equal(j.news, right.news);
  assert_int_equal(j.ends, right.ends);
  journal_clear(&j);
  journal_clear(&right);
  talk_clear(&whole);
  talk_clear(&cut);
}

/* --- what fragments ask and tell --- */

typedef struct watcher {
  tcpflow_tracker *tracker;
  unsigned drops;
  unsigned asked;
  uint32_t reason;
  int answer;
  int busy;
} watcher;

static int watch_drop(const tcpflow_frag_drop_event *event, void *user) {
  watcher *const w = (watcher *)user;

  w->drops++;
  w->reason = event->reason;
  w->busy +=
    tcpflow_tracker_feed(w->tracker, NULL, 0, NULL) != TCPFLOW_ERR_STATE;
  w->busy += tcpflow_tracker_flush(w->tracker) != TCPFLOW_ERR_STATE;
  return w->answer;
}

static int watch_choice(const tcpflow_frag_query *query, void *user) {
  watcher *const w = (watcher *)user;

  (void)query;
  w->asked++;
  w->busy += tcpflow_tracker_advance(w->tracker, 0) != TCPFLOW_ERR_STATE;
  return TCPFLOW_FRAG_POLICY_RFC5722;
}

static tcpflow_tracker *make_watched(watcher *w) {
  tcpflow_frag_callbacks callbacks;
  tcpflow_frag_config frag;
  tcpflow_tracker_config config;

  tcpflow_frag_callbacks_init(&callbacks);
  callbacks.choose_policy = watch_choice;
  callbacks.on_drop = watch_drop;
  tcpflow_frag_config_init(&frag);
  frag.timeout_ns = 10 * TCPFLOW_SECOND;
  tcpflow_tracker_config_init(&config);
  config.frag = &frag;
  config.frag_callbacks = &callbacks;
  assert_int_equal(tcpflow_tracker_new(&w->tracker, &config, NULL, NULL, w),
                   TCPFLOW_OK);
  return w->tracker;
}

static void frag_callbacks__given__called(void **state) {
  talk whole = make_talk();
  talk cut = {0};
  watcher w = {0};
  tcpflow_tracker *const tracker = make_watched(&w);

  (void)state;
  cut_piece(&cut, &whole.frame[3], 0, 40, 1);
  cut_piece(&cut, &whole.frame[3], 32, 400, 1);
  assert_int_equal(tcpflow_tracker_feed(tracker, cut.frame, 2, NULL),
                   TCPFLOW_OK);
  assert_int_equal(w.asked, 1);
  assert_int_equal(w.drops, 1);
  assert_int_equal(w.reason, TCPFLOW_FRAG_REASON_OVERLAP);
  assert_int_equal(w.busy, 0);
  tcpflow_tracker_del(tracker);
  assert_int_equal(w.drops, 1);
  talk_clear(&whole);
  talk_clear(&cut);
}

static void on_drop__time_passes__told_by_frames_and_by_advance(void **state) {
  talk whole = make_talk();
  talk cut = {0};
  watcher w = {0};
  tcpflow_tracker *const tracker = make_watched(&w);
  const tcpflow_time begin = whole.frame[3].time;

  (void)state;
  cut_piece(&cut, &whole.frame[3], 0, 40, 1);
  cut_piece(&cut, &whole.frame[3], 0, 40, 2);
  cut.frame[1].time += 5 * TCPFLOW_SECOND;
  assert_int_equal(tcpflow_tracker_feed(tracker, cut.frame, 2, NULL),
                   TCPFLOW_OK);
  assert_int_equal(tcpflow_tracker_deadline(tracker),
                   begin + 10 * TCPFLOW_SECOND);
  whole.frame[0].time = begin + 10 * TCPFLOW_SECOND;
  assert_int_equal(tcpflow_tracker_feed(tracker, whole.frame, 1, NULL),
                   TCPFLOW_OK);
  assert_int_equal(w.drops, 1);
  assert_int_equal(w.reason, TCPFLOW_FRAG_REASON_TIMEOUT);
  assert_int_equal(tcpflow_tracker_deadline(tracker),
                   begin + 15 * TCPFLOW_SECOND);
  assert_int_equal(
    tcpflow_tracker_advance(tracker, begin + 15 * TCPFLOW_SECOND), TCPFLOW_OK);
  assert_int_equal(w.drops, 2);
  assert_int_equal(frag_stats_of(tracker).held, 0);
  tcpflow_tracker_del(tracker);
  talk_clear(&whole);
  talk_clear(&cut);
}

/* Time is over for one datagram at the frame that completes another one: the
   frame is not followed by this call, and fed again it is. */
static void on_drop__asks_to_stop__frame_fed_again(void **state) {
  talk whole = make_talk();
  talk cut = {0};
  watcher w = {.answer = 1};
  tcpflow_tracker *const tracker = make_watched(&w);
  size_t consumed = 9;

  (void)state;
  cut_piece(&cut, &whole.frame[0], 0, 8, 1);
  cut_piece(&cut, &whole.frame[0], 0, 8, 2);
  cut_piece(&cut, &whole.frame[0], 8, 400, 2);
  cut.frame[1].time += 5 * TCPFLOW_SECOND;
  cut.frame[2].time += 12 * TCPFLOW_SECOND;
  assert_int_equal(tcpflow_tracker_feed(tracker, cut.frame, 3, &consumed),
                   TCPFLOW_ERR_CALLBACK);
  assert_int_equal(consumed, 2);
  assert_int_equal(w.drops, 1);
  assert_int_equal(stats_of(tracker).flows_new, 0);
  assert_int_equal(tcpflow_tracker_feed(tracker, cut.frame + 2, 1, &consumed),
                   TCPFLOW_OK);
  assert_int_equal(stats_of(tracker).flows_new, 1);
  tcpflow_tracker_del(tracker);
  talk_clear(&whole);
  talk_clear(&cut);
}

/* What a datagram costs of which one fragment of SIZE octets came, the
   first. */
static uint64_t cost_of(uint64_t size) {
  return sizeof(tcpflow__pending) + sizeof(tcpflow__part) + IPV4 + size;
}

/* Room is needed for the fragment that completes a datagram, another one goes,
   and its callback asks to stop: the frame was not followed. */
static void on_drop__asks_to_stop_at_completion__undone(void **state) {
  enum {
    OTHERS = 4
  };
  talk whole = make_talk();
  talk cut = {0};
  watcher w = {.answer = 1};
  tcpflow_frag_callbacks callbacks;
  tcpflow_frag_config frag;
  tcpflow_tracker_config config;
  size_t consumed = 9;

  (void)state;
  tcpflow_frag_callbacks_init(&callbacks);
  callbacks.on_drop = watch_drop;
  tcpflow_frag_config_init(&frag);
  frag.max_bytes = cost_of(8) + OTHERS * cost_of(72);
  tcpflow_tracker_config_init(&config);
  config.frag = &frag;
  config.frag_callbacks = &callbacks;
  assert_int_equal(tcpflow_tracker_new(&w.tracker, &config, NULL, NULL, &w),
                   TCPFLOW_OK);
  cut_piece(&cut, &whole.frame[3], 0, 8, 2);
  for (uint32_t i = 0; i < OTHERS; i++) {
    cut_piece(&cut, &whole.frame[3], 0, 72, 3 + i);
  }
  cut_piece(&cut, &whole.frame[3], 8, 400, 2);
  assert_int_equal(
    tcpflow_tracker_feed(w.tracker, cut.frame, cut.count, &consumed),
    TCPFLOW_ERR_CALLBACK);
  assert_int_equal(consumed, cut.count - 1);
  assert_int_equal(w.drops, 1);
  assert_int_equal(w.reason, TCPFLOW_FRAG_REASON_EVICTED);
  assert_int_equal(stats_of(w.tracker).flows_new, 0);
  assert_int_equal(frag_stats_of(w.tracker).completed, 0);
  assert_int_equal(
    tcpflow_tracker_feed(w.tracker, cut.frame + consumed, 1, NULL), TCPFLOW_OK);
  assert_int_equal(w.drops, 1);
  assert_int_equal(stats_of(w.tracker).flows_new, 1);
  w.answer = 0;
  tcpflow_tracker_del(w.tracker);
  talk_clear(&whole);
  talk_clear(&cut);
}

static void tracker_new__bad_frag_config__refused(void **state) {
  tcpflow_frag_config frag;
  tcpflow_frag_callbacks callbacks;
  tcpflow_tracker_config config;
  tcpflow_tracker *tracker = NULL;

  (void)state;
  tcpflow_tracker_config_init(&config);
  tcpflow_frag_config_init(&frag);
  config.frag = &frag;
  frag.max_fragments = 1;
  assert_int_equal(tcpflow_tracker_new(&tracker, &config, NULL, NULL, NULL),
                   TCPFLOW_ERR_INVALID);
  frag.size = 0;
  assert_int_equal(tcpflow_tracker_new(&tracker, &config, NULL, NULL, NULL),
                   TCPFLOW_ERR_VERSION);
  config.frag = NULL;
  memset(&callbacks, 0, sizeof(callbacks));
  config.frag_callbacks = &callbacks;
  assert_int_equal(tcpflow_tracker_new(&tracker, &config, NULL, NULL, NULL),
                   TCPFLOW_ERR_VERSION);
  assert_null(tracker);
}

/* --- a datagram that holds several packets --- */

/* An A-MSDU of three SYNs in CAPWAP, as an IPv4 datagram in Ethernet. */
static tcpflow_frame make_tunnel(uint8_t *room, size_t size) {
  tcpflow_tuple tuple = {.version = 4, .address = {{10}, {11}}};
  tcpflow_build_tcp syn;
  tcpflow_builder builder;
  tcpflow_frame frame;

  tcpflow_build_tcp_init(&syn);
  syn.flags = TCPFLOW_FLAG_SYN;
  tcpflow_builder_init(&builder, room, size);
  for (uint16_t i = 3; i > 0; i--) {
    tuple.port[0] = (uint16_t)(50000 + i);
    tuple.port[1] = 80;
    tcpflow_builder_tcp(&builder, &tuple, &syn);
    tcpflow_builder_ip(&builder, &tuple, NULL);
    tcpflow_builder_layer(&builder, TCPFLOW_LAYER_AMSDU, NULL);
  }
  tcpflow_builder_link(&builder, TCPFLOW_LINK_IEEE802_11, NULL);
  tcpflow_builder_layer(&builder, TCPFLOW_LAYER_CAPWAP, NULL);
  tcpflow_builder_layer(&builder, TCPFLOW_LAYER_UDP, NULL);
  tcpflow_builder_ip(&builder, &tuple, NULL);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_ETHERNET, NULL);
  assert_int_equal(tcpflow_builder_finish(&builder, &frame), TCPFLOW_OK);
  return frame;
}

static talk make_tunnel_cut(void) {
  uint8_t room[1024];
  tcpflow_frame frame = make_tunnel(room, sizeof(room));
  talk whole = {.frame = &frame, .count = 1};

  return cut_all(&whole, 64, false);
}

static void feed__several_packets_in_fragments__all_followed(void **state) {
  talk cut = make_tunnel_cut();
  journal j = {0};
  tcpflow_tracker *const tracker = make(NULL, &j, NULL);

  (void)state;
  assert_true(cut.count > 3);
  assert_int_equal(tcpflow_tracker_feed(tracker, cut.frame, cut.count, NULL),
                   TCPFLOW_OK);
  assert_int_equal(stats_of(tracker).flows_new, 3);
  assert_int_equal(stats_of(tracker).datagrams[TCPFLOW_PACKET_TCP], 3);
  tcpflow_tracker_del(tracker);
  journal_clear(&j);
  talk_clear(&cut);
}

/* Each request for memory fails once; what was followed is not followed
   again. */
static void feed__no_memory_amid_them__goes_on_there(void **state) {
  talk cut = make_tunnel_cut();
  size_t failures = 0;
  int failed = 1;

  (void)state;
  for (size_t n = 1; failed; n++) {
    failmem fm = {0};
    const tcpflow_mem mem = failmem_table(&fm);
    journal j = {0};
    tcpflow_tracker *const tracker = make(NULL, &j, &mem);

    fm.fail_at = fm.requests + n;
    for (size_t i = 0; i < cut.count;) {
      const int error = tcpflow_tracker_feed(tracker, &cut.frame[i], 1, NULL);
      i += error == TCPFLOW_OK;
      failures += error != TCPFLOW_OK;
    }
    failed = fm.requests >= fm.fail_at;
    assert_int_equal(stats_of(tracker).flows_new, 3);
    assert_int_equal(stats_of(tracker).datagrams[TCPFLOW_PACKET_TCP], 3);
    assert_int_equal(stats_of(tracker).frames, cut.count);
    tcpflow_tracker_del(tracker);
    assert_int_equal(fm.live_blocks, 0);
    journal_clear(&j);
  }
  assert_true(failures > 3);
  talk_clear(&cut);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(feed__fragments__told_like_whole_frames),
    cmocka_unit_test(hold__early_data__of_whole_frames_only),
    cmocka_unit_test(feed__mixed_with_whole_frames__in_order),
    cmocka_unit_test(feed__fragments__counted),
    cmocka_unit_test(feed__first_fragment_alone__not_followed),
    cmocka_unit_test(feed__fragments_ignored__not_held),
    cmocka_unit_test(feed__fragments_of_something_else__not_held),
    cmocka_unit_test(feed__fragments_in_fragments__followed),
    cmocka_unit_test(feed__overlap_that_differs__anomaly_of_the_connection),
    cmocka_unit_test(feed__no_memory__fed_again_the_same),
    cmocka_unit_test(tracker_new__no_memory__nothing_kept),
    cmocka_unit_test(feed__callback_stops__frame_consumed),
    cmocka_unit_test(frag_callbacks__given__called),
    cmocka_unit_test(on_drop__time_passes__told_by_frames_and_by_advance),
    cmocka_unit_test(on_drop__asks_to_stop__frame_fed_again),
    cmocka_unit_test(on_drop__asks_to_stop_at_completion__undone),
    cmocka_unit_test(feed__several_packets_in_fragments__all_followed),
    cmocka_unit_test(feed__no_memory_amid_them__goes_on_there),
    cmocka_unit_test(tracker_new__bad_frag_config__refused),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
