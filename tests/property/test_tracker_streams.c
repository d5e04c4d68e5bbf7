/*
 * tests/property/test_tracker_streams.c - however what two peers say is cut,
 * moved, doubled and wrapped, a tracker tells what they wrote.
 *
 * A round is some dialogues at the same time.  Their octets are known by their
 * place, and so are the holes.  The same frames are then told to trackers that
 * differ in what must not matter: batches, a queue, checkpoints in between, the
 * overlap policy where nobody contradicts.  README.md says how to play more
 * rounds, or one of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "property/hearing.h"
#include "property/parcels.h"
#include "unit/track/savings.h"

enum {
  FLOWS_MAX = 4,
  ROUNDS = 40,
  FAR_ROUNDS = 8
};

/* What was said, and by which frames. */
typedef struct scene {
  dialogue dialogue[FLOWS_MAX];
  unsigned flows;
  bool fragments; /* A checkpoint has none that wait. */
  talk talk;
} scene;

/* How the frames come to a tracker, and the events out of it. */
typedef struct way {
  unsigned batch; /* Frames at most. */
  unsigned saves; /* One batch in so many has a checkpoint; 0: none. */
  bool pulls;
} way;

typedef struct settings {
  tcpflow_tracker_config tracker;
  tcpflow_conn_config conn;
  uint32_t first_overlap;
} settings;

/* --- a round --- */

static uint64_t number_from(const char *name, uint64_t otherwise) {
  const char *const text = getenv(name);

  return text != NULL ? strtoull(text, NULL, 10) : otherwise;
}

/* Initial numbers so that something turns over: at once, in the first octets,
   somewhere, or at the FIN. */
static tcpflow_seq wrap_somewhere(uint64_t *seed, uint32_t length) {
  const uint32_t near = (uint32_t)(dice(seed) % 4);

  switch (dice(seed) % 5) {
  case 0:
    return (tcpflow_seq)(UINT32_MAX - near);
  case 1:
    return (tcpflow_seq)(UINT32_MAX - dice(seed) % 3000);
  case 2:
    return (tcpflow_seq)(UINT32_MAX - length + near - 1);
  case 3:
    return (tcpflow_seq)(INT32_MAX - dice(seed) % 3000);
  default:
    return (tcpflow_seq)(dice(seed) & UINT32_MAX);
  }
}

/* Said twice: first to learn how long the streams are. */
static void speak(dialogue *d, const manner *m, uint64_t *seed) {
  const tcpflow_seq none[2] = {0, 0};
  const uint64_t before = *seed;

  dialogue_make(d, m, none, seed);
  const tcpflow_seq iss[2] = {
    wrap_somewhere(seed, (uint32_t)(d->length[0] & UINT32_MAX)),
    wrap_somewhere(seed, (uint32_t)(d->length[1] & UINT32_MAX))};
  *seed = before;
  dialogue_make(d, m, iss, seed);
}

static wrapping wrap_somehow(uint64_t *seed, tcpflow_time pause_max,
                             bool fragments) {
  static const unsigned odds[] = {0, 0, 1, 3, 10};
  wrapping w = {.pause_max = pause_max};

  w.version = dice(seed) % 2 == 0 ? 4 : 6;
  w.tags = (unsigned)(dice(seed) % 3);
  w.tunnel = (tunnel_kind)(dice(seed) % TUNNEL_COUNT);
  w.cuts = fragments ? odds[dice(seed) % 5] : 0;
  w.doubles = odds[dice(seed) % 5] * 2;
  w.reach = (unsigned)(dice(seed) % 3 * 10);
  return w;
}

static manner speak_somehow(uint64_t *seed, bool lossy) {
  static const uint32_t lengths[] = {3, 40, 536, 1460 - 12};
  manner m = {.steps = 20 + (unsigned)(dice(seed) % 100), .lossy = lossy};

  m.length_max = lengths[dice(seed) % 4];
  m.stamps = dice(seed) % 2 == 0;
  m.pauses = dice(seed) % 2 == 0;
  return m;
}

static void scene_make(scene *s, uint64_t *seed, bool lossy, bool far) {
  talk own[FLOWS_MAX];

  memset(own, 0, sizeof(own));
  s->flows = far ? 1 : 1 + (unsigned)(dice(seed) % FLOWS_MAX);
  s->fragments = dice(seed) % 2 == 0;
  for (unsigned i = 0; i < s->flows; i++) {
    const tcpflow_time pause =
      dice(seed) % 3 == 0 ? 100 * TCPFLOW_SECOND : 300 * TCPFLOW_MILLISECOND;
    wrapping w = wrap_somehow(seed, pause, s->fragments);
    manner m = speak_somehow(seed, lossy);

    m.jumps = far;
    w.pause_min = far ? 250 * TCPFLOW_MILLISECOND : 0;
    m.steps = far ? 1800 : m.steps;
    w.reach = far ? 0 : w.reach;
    own[i].now = 1000 * TCPFLOW_SECOND + dice(seed) % TCPFLOW_SECOND;
    speak(&s->dialogue[i], &m, seed);
    TALK_MUST(!far || s->dialogue[i].length[0] > UINT32_MAX ||
              s->dialogue[i].length[1] > UINT32_MAX);
    parcels_send(&own[i], &s->dialogue[i], &w, i);
  }
  s->talk = parcels_merge(own, s->flows);
  for (unsigned i = 0; i < s->flows; i++) {
    talk_clear(&own[i]);
  }
}

/* Whatever they are, nothing that was captured is lost. */
static void settings_make(settings *s, uint64_t *seed) {
  static const tcpflow_time graces[] = {
    100 * TCPFLOW_MILLISECOND, 200 * TCPFLOW_MILLISECOND, TCPFLOW_TIME_NONE};
  static const tcpflow_time timeouts[] = {
    60 * TCPFLOW_SECOND, 150 * TCPFLOW_MILLISECOND, TCPFLOW_TIME_NONE};

  tcpflow_tracker_config_init(&s->tracker);
  tcpflow_conn_config_init(&s->conn);
  s->conn.gap_grace_ns = graces[dice(seed) % 3];
  s->conn.hole_timeout_ns = timeouts[dice(seed) % 3];
  s->conn.close_linger_ns = dice(seed) % 2 * TCPFLOW_SECOND;
  s->conn.max_tail_bytes = dice(seed) % 2 * 3000;
  s->conn.max_tail_digests = dice(seed) % 2 * 30;
  s->conn.delivery = (uint32_t)(dice(seed) % 2);
  s->conn.overlap = (uint32_t)(dice(seed) % TCPFLOW_OVERLAP_COUNT);
  s->tracker.conn = &s->conn;
}

/* --- a way --- */

static void make(tcpflow_tracker **tracker, const settings *s,
                 tcpflow_queue *queue, hearing *h) {
  const tcpflow_conn_callbacks cb = hearing_callbacks();

  if (queue != NULL) {
    TALK_MUST(tcpflow_tracker_new(tracker, &s->tracker,
                                  tcpflow_queue_callbacks(queue), NULL,
                                  queue) == TCPFLOW_OK);
  } else {
    TALK_MUST(tcpflow_tracker_new(tracker, &s->tracker, &cb, NULL, h) ==
              TCPFLOW_OK);
  }
}

/* Another tracker goes on. */
static void replace(tcpflow_tracker **tracker, settings *s, hearing *h) {
  tcpflow_tracker *const before = *tracker;
  savings saved = savings_of(before);
  uint64_t digest;

  s->tracker.hash_key[5]++;
  make(tracker, s, NULL, h);
  TALK_MUST(tcpflow_tracker_load(*tracker, saved.bytes, saved.length) ==
            TCPFLOW_OK);
  digest = h->digest;
  h->off = true;
  tcpflow_tracker_del(before);
  h->off = false;
  h->digest = digest;
  savings_clear(&saved);
}

static void feed_all(tcpflow_tracker **tracker, settings *s, const scene *all,
                     const way *how, tcpflow_queue *queue, hearing *h) {
  uint64_t seed = dialogue_round * 77 + 1;
  size_t consumed;

  for (size_t at = 0; at < all->talk.count; at += consumed) {
    const size_t left = all->talk.count - at;
    const size_t batch = 1 + (size_t)(dice(&seed) % how->batch);

    TALK_MUST(tcpflow_tracker_feed(*tracker, all->talk.frame + at,
                                   left < batch ? left : batch,
                                   &consumed) == TCPFLOW_OK);
    if (queue != NULL) {
      hearing_pull(h, queue);
    }
    if (how->saves != 0 && dice(&seed) % how->saves == 0) {
      replace(tracker, s, h);
    }
  }
}

/* Answers a digest of all that was told. */
static uint64_t play(const scene *all, const settings *with, const way *how) {
  settings s = *with;
  tcpflow_tracker *tracker;
  tcpflow_queue *queue = NULL;
  static hearing h;

  memset(&h, 0, sizeof(h));
  h.pulls = how->pulls;
  s.tracker.conn = &s.conn;
  if (how->pulls) {
    TALK_MUST(tcpflow_queue_new(&queue, hearing_wanted(), 0, NULL) ==
              TCPFLOW_OK);
  }
  make(&tracker, &s, queue, &h);
  feed_all(&tracker, &s, all, how, queue, &h);
  TALK_MUST(tcpflow_tracker_flush(tracker) == TCPFLOW_OK);
  if (queue != NULL) {
    hearing_pull(&h, queue);
  }
  tcpflow_tracker_del(tracker);
  tcpflow_queue_del(queue);
  for (unsigned i = 0; i < all->flows; i++) {
    hearing_compare(&h, i, &all->dialogue[i]);
  }
  return h.digest;
}

static void play_every_way(const scene *all, const settings *s) {
  static const way ways[] = {
    {.batch = 7},
    {.batch = 1000},
    {.batch = 1, .saves = 20},
    {.batch = 9, .saves = 2},
    {.batch = 1, .pulls = true},
    {.batch = 40, .pulls = true},
  };
  const way plain = {.batch = 1};
  const uint64_t told = play(all, s, &plain);

  for (unsigned i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
    if (ways[i].saves == 0 || !all->fragments) {
      TALK_MUST(play(all, s, &ways[i]) == told);
    }
  }
}

/* --- rounds --- */

static void play_rounds(uint64_t count, bool lossy, bool far,
                        void (*each)(const scene *all, const settings *s)) {
  const uint64_t first = number_from("TCPFLOW_PROPERTY_FIRST", 1);
  const uint64_t rounds = number_from("TCPFLOW_PROPERTY_ROUNDS", count);
  static scene all;

  for (uint64_t i = first; i < first + rounds; i++) {
    uint64_t seed = i * UINT64_C(0x9e3779b97f4a7c15);
    settings s;

    dialogue_round = i;
    settings_make(&s, &seed);
    if (far) { /* Two gigabytes that are waited for are any number of them. */
      s.conn.gap_grace_ns = 100 * TCPFLOW_MILLISECOND;
    }
    scene_make(&all, &seed, lossy, far);
    each(&all, &s);
    talk_clear(&all.talk);
  }
}

static void tracker__nothing_lost__the_streams_in_every_way(void **state) {
  (void)state;
  play_rounds(ROUNDS, false, false, play_every_way);
}

static void tracker__some_lost__the_streams_and_their_holes(void **state) {
  (void)state;
  play_rounds(ROUNDS, true, false, play_every_way);
}

static void tracker__gigabytes_lost__offsets_of_64_bits(void **state) {
  (void)state;
  play_rounds(FAR_ROUNDS, true, true, play_every_way);
}

/* Both deliveries, and all policies, tell the same octets. */
static void play_every_policy(const scene *all, const settings *with) {
  const way how = {.batch = 32};

  for (uint32_t i = 0; i < (uint32_t)TCPFLOW_OVERLAP_COUNT; i++) {
    settings s = *with;

    s.conn.overlap = i;
    s.conn.delivery = TCPFLOW_DELIVERY_AT_ONCE;
    (void)play(all, &s, &how);
    s.conn.delivery = TCPFLOW_DELIVERY_ACKED;
    (void)play(all, &s, &how);
  }
}

static void tracker__any_policy__no_contest_no_difference(void **state) {
  (void)state;
  play_rounds(ROUNDS / 4, false, false, play_every_policy);
  play_rounds(ROUNDS / 4, true, false, play_every_policy);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(tracker__nothing_lost__the_streams_in_every_way),
    cmocka_unit_test(tracker__some_lost__the_streams_and_their_holes),
    cmocka_unit_test(tracker__gigabytes_lost__offsets_of_64_bits),
    cmocka_unit_test(tracker__any_policy__no_contest_no_difference),
  };

  return cmocka_run_group_tests_name("tracker_streams", tests, NULL, NULL);
}
