/*
 * bench/attacks.c - what a sender who wishes harm makes a segment cost:
 *
 *   attack [NAME [SETTING]]
 *
 * Each attack is fed to a tracker, and the same number of segments with the
 * same sizes in order.  A line gives instructions and nanoseconds a segment for
 * both, where the machine counts instructions for a program (perf_event_open),
 * and the most memory that the library had.  Both are run several times in
 * turn, and of the ratios the middle one counts, with what it was found from: a
 * machine that others use, too, is slower at times.  Without NAME all of them
 * run in all settings.  A receiver acknowledges what is there after every 16
 * segments.
 * An exit status of 1 says that an octet was lost without an event, or that the
 * library took more memory than it was allowed.
 */
#define _GNU_SOURCE

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __linux__
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include <tcpflow/build.h>
#include <tcpflow/tracker.h>

#include "harness.h"

enum {
  MANY = 128,        /* Connections of the attack on all of them. */
  BLOCK = 2048,      /* Segments that come in another order. */
  STREAM = 1 << 22,  /* Octets of a stream at most. */
  TOTAL = 4 << 20,   /* What a tracker may hold. */
  SLACK = 256 << 10, /* The rest of what it has, beside connections. */
  TAIL = 64 << 10,   /* Octets that are remembered. */
  TRIALS = 7,        /* Runs of each, of which the middle one counts. */
  BATCH = 32,
  FIRST_SEQ = 1001
};

typedef struct segment {
  uint32_t conn;
  uint32_t offset;
  uint32_t length;
  uint16_t flags;
  uint16_t window;
  uint8_t salt; /* Other octets at the same offset. */
  bool back;
} segment;

/* The segment I of N. */
typedef void shape(segment *s, uint32_t i, uint32_t n);

typedef struct attack {
  const char *name;
  shape *shape;
  uint32_t count;
  uint32_t warm;   /* So many come before it is measured. */
  uint32_t pieces; /* tcpflow_conn_config::max_held_pieces; 0: as it is. */
  bool loose;      /* What the stream's last octet is does not follow. */
} attack;

/* --- attacks --- */

static uint32_t mix(uint32_t x) {
  x = (x ^ (x >> 16)) * 0x7feb352dU;
  x = (x ^ (x >> 15)) * 0x846ca68bU;
  return x ^ (x >> 16);
}

static void in_order(segment *s, uint32_t i, uint32_t n) {
  (void)n;
  s->length = 1;
  s->offset = i;
}

static void reversed(segment *s, uint32_t i, uint32_t n) {
  (void)n;
  s->length = 1;
  s->offset = i / BLOCK * BLOCK + BLOCK - 1 - i % BLOCK;
}

static void odd_even(segment *s, uint32_t i, uint32_t n) {
  const uint32_t at = i % BLOCK;

  (void)n;
  s->length = 1;
  s->offset =
    i / BLOCK * BLOCK + (at < BLOCK / 2 ? 2 * at + 1 : 2 * (at - BLOCK / 2));
}

static void shuffled(segment *s, uint32_t i, uint32_t n) {
  (void)n;
  s->length = 1;
  s->offset = i / BLOCK * BLOCK + (i * 1237U + 999U) % BLOCK;
}

/* Every other octet, and then one segment over all of them. */
static void covered(segment *s, uint32_t i, uint32_t n) {
  const uint32_t at = i % BLOCK;
  const uint32_t base = i / BLOCK * 2 * BLOCK;

  (void)n;
  s->length = at == BLOCK - 1 ? 2 * BLOCK : 1;
  s->offset = at == BLOCK - 1 ? base : base + 2 * at + 1;
}

static void holes(segment *s, uint32_t i, uint32_t n) {
  (void)n;
  s->length = 1;
  s->offset = 2 * i + 1;
}

/* Each shares an octet with the one before it, behind a hole. */
static void by_one(segment *s, uint32_t i, uint32_t n) {
  (void)n;
  s->length = 8;
  s->offset = 1 + 7 * i;
}

/* Each covers all those before it, behind a hole. */
static void nested(segment *s, uint32_t i, uint32_t n) {
  const uint32_t half = 1 + i % 700;

  (void)n;
  s->length = 2 * half;
  s->offset = 1 + i / 700 * 1400 + 700 - half;
}

static void again(segment *s, uint32_t i, uint32_t n) {
  (void)i;
  (void)n;
  s->length = 1000;
  s->offset = 100;
}

static void differing(segment *s, uint32_t i, uint32_t n) {
  again(s, i, n);
  s->salt = (uint8_t)i;
}

/* The same 64 kB in changing order, each time others. */
static void rewritten(segment *s, uint32_t i, uint32_t n) {
  (void)n;
  s->length = 1000;
  s->offset = 1 + mix(i) % 64000;
  s->salt = (uint8_t)i;
}

static void random_ranges(segment *s, uint32_t i, uint32_t n) {
  (void)n;
  s->length = 1 + mix(i) % 64;
  s->offset = 1 + mix(i + 0x5bd1e995U) % 64000;
  s->salt = (uint8_t)(mix(i) >> 30);
}

static void large_over_many(segment *s, uint32_t i, uint32_t n) {
  (void)n;
  s->length = i < 4000 ? 1 : 60000;
  s->offset = i < 4000 ? 15 * i + 1 : 1;
}

static void frame_over_many(segment *s, uint32_t i, uint32_t n) {
  (void)n;
  s->length = i < 4000 ? 1 : 1400;
  s->offset = i < 4000 ? i + 1 : 1 + mix(i) % 2000;
}

static void urgent(segment *s, uint32_t i, uint32_t n) {
  (void)n;
  s->length = 10;
  s->offset = 10 * i;
  s->flags |= TCPFLOW_FLAG_URG;
}

static void syns(segment *s, uint32_t i, uint32_t n) {
  (void)i;
  (void)n;
  s->length = 10;
  s->offset = 0;
  s->flags = TCPFLOW_FLAG_SYN;
}

static void fins(segment *s, uint32_t i, uint32_t n) {
  (void)n;
  s->length = 1;
  s->offset = 1 + mix(i) % 20000;
  s->flags |= TCPFLOW_FLAG_FIN;
}

static void keep_alive(segment *s, uint32_t i, uint32_t n) {
  (void)n;
  s->length = i == 0 ? 10 : 1;
  s->offset = i == 0 ? 0 : 9;
}

static void zero_window(segment *s, uint32_t i, uint32_t n) {
  (void)n;
  s->length = i == 0 ? 10 : 1;
  s->offset = i == 0 ? 0 : 10;
  s->window = 0;
}

static void jumps(segment *s, uint32_t i, uint32_t n) {
  (void)n;
  s->length = 10;
  s->offset = (i & 1U) * 0x80000000U + 10 * (i / 2);
}

static void resets(segment *s, uint32_t i, uint32_t n) {
  (void)n;
  s->length = 1;
  s->offset = 0x40000000U + mix(i) % 0x10000000U;
  s->flags = TCPFLOW_FLAG_RST;
}

static void both(segment *s, uint32_t i, uint32_t n) {
  reversed(s, i / 2, n);
  s->back = (i & 1U) != 0;
}

/* All connections have holes, more than their tracker may hold. */
static void everywhere(segment *s, uint32_t i, uint32_t n) {
  holes(s, i / MANY, n);
  s->conn = i % MANY;
}

/* K are held; which one is sent again is not to be known. */
static void held(segment *s, uint32_t i, uint32_t k) {
  s->length = 1;
  s->offset = 2 * (i < k ? i : mix(i) % k) + 1;
}

static void held_10(segment *s, uint32_t i, uint32_t n) {
  (void)n;
  held(s, i, 10);
}

static void held_100(segment *s, uint32_t i, uint32_t n) {
  (void)n;
  held(s, i, 100);
}

static void held_1k(segment *s, uint32_t i, uint32_t n) {
  (void)n;
  held(s, i, 1000);
}

static void held_10k(segment *s, uint32_t i, uint32_t n) {
  (void)n;
  held(s, i, 10000);
}

static const attack attacks[] = {
  {"tiny segments", in_order, 100000, 0, 0, false},
  {"reversed", reversed, 100000, 0, 0, false},
  {"odd, then even", odd_even, 100000, 0, 0, false},
  {"shuffled", shuffled, 100000, 0, 0, false},
  {"every other, then all", covered, 102400, 0, 0, false},
  {"holes for ever", holes, 100000, 0, 0, false},
  {"overlap by one octet", by_one, 100000, 0, 0, false},
  {"nested", nested, 28000, 0, 0, false},
  {"held, again", again, 50000, 0, 0, false},
  {"held, differing", differing, 50000, 0, 0, false},
  {"64 kB rewritten", rewritten, 50000, 0, 0, false},
  {"random overlaps", random_ranges, 100000, 0, 0, false},
  {"1,400 over one-octet", frame_over_many, 14000, 4000, 0, false},
  {"60,000 over 4,000", large_over_many, 4500, 4000, 0, false},
  {"urgent", urgent, 100000, 0, 0, false},
  {"SYN with data", syns, 100000, 0, 0, true},
  {"FIN moved", fins, 100000, 0, 0, true},
  {"keep-alive", keep_alive, 100000, 0, 0, false},
  {"zero window", zero_window, 100000, 0, 0, false},
  {"jumps of 2^31", jumps, 100000, 0, 0, true},
  {"RST out of window", resets, 100000, 0, 0, true},
  {"both directions", both, 100000, 0, 0, false},
  {"all connections", everywhere, 400000, 0, 0, false},
  {"10 held", held_10, 50000, 10, 0, false},
  {"100 held", held_100, 50000, 100, 0, false},
  {"1,000 held", held_1k, 50000, 1000, 0, false},
  {"10,000 held", held_10k, 60000, 10000, 20000, false},
};

typedef struct setting {
  const char *name;
  tcpflow_overlap overlap;
  tcpflow_delivery delivery;
  uint64_t tail;
} setting;

static const setting settings[] = {
  {"first", TCPFLOW_OVERLAP_FIRST, TCPFLOW_DELIVERY_AT_ONCE, 0},
  {"last", TCPFLOW_OVERLAP_LAST, TCPFLOW_DELIVERY_AT_ONCE, 0},
  {"linux", TCPFLOW_OVERLAP_LINUX, TCPFLOW_DELIVERY_AT_ONCE, 0},
  {"tail", TCPFLOW_OVERLAP_FIRST, TCPFLOW_DELIVERY_AT_ONCE, TAIL},
  {"acked", TCPFLOW_OVERLAP_LINUX, TCPFLOW_DELIVERY_ACKED, 0},
};

/* --- frames, made before anything is measured --- */

typedef struct side_sent {
  uint8_t *there; /* Each octet of the stream: was it sent? */
  uint32_t edge;  /* All before it were. */
  uint32_t last;
} side_sent;

typedef struct frames {
  tcpflow_frame *frame;
  size_t count;
  size_t room;
  size_t warm; /* The first one that is measured. */
  tcpflow_time now;
  side_sent sent[MANY][2];
} frames;

static void *need(void *memory) {
  harness_must(memory != NULL, "no memory");
  return memory;
}

static void add_frame(frames *f, uint32_t conn, bool back,
                      tcpflow_build_tcp *tcp) {
  static uint8_t bytes[TCPFLOW_BUILD_ROOM + 65536];
  const unsigned from = back ? 1 : 0;
  tcpflow_frame frame;
  tcpflow_tuple tuple;

  memset(&tuple, 0, sizeof(tuple));
  tuple.version = 4;
  memcpy(tuple.address[from], "\xc0\x00\x02\x01", 4);
  memcpy(tuple.address[1 - from], "\xcb\x00\x71\x01", 4);
  tuple.port[from] = (uint16_t)(20000 + conn);
  tuple.port[1 - from] = 443;
  harness_must(tcpflow_build_segment(&frame, bytes, sizeof(bytes),
                                     TCPFLOW_LINK_ETHERNET, &tuple,
                                     tcp) == TCPFLOW_OK,
               "a segment cannot be built");
  if (f->count == f->room) {
    f->room = f->room == 0 ? 1024 : 2 * f->room;
    f->frame = need(realloc(f->frame, f->room * sizeof(f->frame[0])));
  }
  f->now += 2000;
  frame.time = f->now;
  frame.bytes =
    memcpy(need(malloc(frame.captured)), frame.bytes, frame.captured);
  f->frame[f->count++] = frame;
}

static void bare(frames *f, uint32_t conn, bool back, uint16_t flags,
                 uint32_t seq, uint32_t ack, uint16_t window) {
  tcpflow_build_tcp tcp;

  tcpflow_build_tcp_init(&tcp);
  tcp.seq = seq;
  tcp.ack = ack;
  tcp.flags = flags;
  tcp.window = window;
  add_frame(f, conn, back, &tcp);
}

static void open_conn(frames *f, uint32_t conn) {
  bare(f, conn, false, TCPFLOW_FLAG_SYN, FIRST_SEQ - 1, 0, 65535);
  bare(f, conn, true, TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK, FIRST_SEQ - 1,
       FIRST_SEQ, 65535);
  bare(f, conn, false, TCPFLOW_FLAG_ACK, FIRST_SEQ, FIRST_SEQ, 65535);
}

/* In order, all before the last octet is there. */
static void note_plain(frames *f, const segment *s) {
  side_sent *const sent = &f->sent[s->conn][s->back ? 1 : 0];

  sent->last = s->offset + s->length;
  sent->edge = sent->last;
}

static void note_sent(frames *f, const segment *s) {
  side_sent *const sent = &f->sent[s->conn][s->back ? 1 : 0];

  if (sent->there == NULL) {
    sent->there = need(calloc(STREAM, 1));
  }
  if (s->offset < STREAM - s->length && (s->flags & TCPFLOW_FLAG_RST) == 0) {
    memset(sent->there + s->offset, 1, s->length);
    sent->last =
      s->offset + s->length > sent->last ? s->offset + s->length : sent->last;
  }
  while (sent->there[sent->edge] != 0) {
    sent->edge++;
  }
}

static void add_segment(frames *f, const segment *s) {
  static uint8_t octets[65536];
  tcpflow_build_tcp tcp;

  for (uint32_t i = 0; i < s->length; i++) {
    octets[i] = (uint8_t)(s->offset + i + s->salt);
  }
  tcpflow_build_tcp_init(&tcp);
  tcp.seq = FIRST_SEQ + s->offset;
  tcp.ack = FIRST_SEQ + f->sent[s->conn][s->back ? 0 : 1].edge;
  tcp.flags = s->flags;
  tcp.window = s->back ? s->window : 65535;
  tcp.urgent = (s->flags & TCPFLOW_FLAG_URG) != 0 ? 5 : 0;
  tcp.payload = octets;
  tcp.payload_captured = s->length;
  tcp.payload_length = s->length;
  add_frame(f, s->conn, s->back, &tcp);
}

static void acknowledge(frames *f, const segment *s) {
  bare(f, s->conn, !s->back, TCPFLOW_FLAG_ACK,
       FIRST_SEQ + f->sent[s->conn][s->back ? 0 : 1].edge,
       FIRST_SEQ + f->sent[s->conn][s->back ? 1 : 0].edge, s->window);
}

/* The frames of an attack, or the same sizes in order. */
static void make_frames(frames *f, const attack *a, bool plainly) {
  uint32_t next[MANY][2] = {{0, 0}};

  for (uint32_t i = 0; i < MANY; i++) {
    open_conn(f, i);
  }
  for (uint32_t i = 0; i < a->count; i++) {
    segment s = {0, 0, 0, TCPFLOW_FLAG_ACK, 65535, 0, false};

    a->shape(&s, i, a->count);
    if (plainly) {
      s.offset = next[s.conn][s.back ? 1 : 0];
      s.flags = TCPFLOW_FLAG_ACK;
      s.window = 65535;
      s.salt = 0;
      next[s.conn][s.back ? 1 : 0] += s.length;
    }
    f->warm = i == a->warm ? f->count : f->warm;
    if (plainly) {
      note_plain(f, &s);
    } else {
      note_sent(f, &s);
    }
    add_segment(f, &s);
    if (i % 16 == 15) {
      acknowledge(f, &s);
    }
  }
}

static void free_frames(frames *f) {
  for (size_t i = 0; i < f->count; i++) {
    free((void *)(uintptr_t)f->frame[i].bytes);
  }
  for (uint32_t i = 0; i < MANY; i++) {
    free(f->sent[i][0].there);
    free(f->sent[i][1].there);
  }
  free(f->frame);
  free(f);
}

/* --- memory that is counted --- */

typedef struct memory {
  size_t now;
  size_t most;
} memory;

static void *count_realloc(void *ptr, size_t size, void *user) {
  memory *const m = user;
  max_align_t *const old = ptr == NULL ? NULL : (max_align_t *)ptr - 1;
  const size_t before = old == NULL ? 0 : *(size_t *)(void *)old;
  max_align_t *const made = realloc(old, sizeof(*made) + size);

  if (made == NULL) {
    return NULL;
  }
  *(size_t *)(void *)made = size;
  m->now += size - before;
  m->most = m->now > m->most ? m->now : m->most;
  return made + 1;
}

static void *count_malloc(size_t size, void *user) {
  return count_realloc(NULL, size, user);
}

static void *count_calloc(size_t count, size_t size, void *user) {
  void *const made = count_realloc(NULL, count * size, user);

  return made == NULL ? NULL : memset(made, 0, count * size);
}

static void count_free(void *ptr, void *user) {
  if (ptr != NULL) {
    max_align_t *const old = (max_align_t *)ptr - 1;

    ((memory *)user)->now -= *(size_t *)(void *)old;
    free(old);
  }
}

/* --- what is told --- */

typedef struct told {
  uint64_t next[MANY][2];
  uint64_t gaps;
  uint64_t conflicts;
  uint64_t others;
  bool torn; /* Something is missing that no event was told of. */
} told;

static void go_on(told *t, const tcpflow_conn *conn, tcpflow_side side,
                  uint64_t offset, uint64_t length) {
  tcpflow_tuple tuple = {0};

  (void)tcpflow_conn_get_tuple(conn, &tuple);
  const unsigned at = tuple.port[0] == 443 ? 1 : 0;
  uint64_t *const next =
    &t->next[tuple.port[at] - 20000][side == TCPFLOW_SIDE_SERVER ? 1 : 0];

  t->torn = t->torn || offset != *next;
  *next = offset + length;
}

static int on_data(tcpflow_conn *conn, const tcpflow_data_event *event,
                   void *user) {
  go_on(user, conn, event->side, event->data->offset, event->data->length);
  return 0;
}

static int on_gap(tcpflow_conn *conn, const tcpflow_gap_event *event,
                  void *user) {
  go_on(user, conn, event->side, event->gap->offset, event->gap->length);
  ((told *)user)->gaps += event->gap->length;
  return 0;
}

static int on_conflict(tcpflow_conn *conn, const tcpflow_conflict_event *event,
                       void *user) {
  (void)conn;
  ((told *)user)->conflicts += event->conflict->length;
  return 0;
}

/* The others are only counted. */
#define COUNT(name, type)                                                      \
  static int name(tcpflow_conn *conn, const type *event, void *user) {         \
    (void)conn;                                                                \
    (void)event;                                                               \
    ((told *)user)->others++;                                                  \
    return 0;                                                                  \
  }
COUNT(on_new, tcpflow_new_event)
COUNT(on_segment, tcpflow_segment_event)
COUNT(on_state, tcpflow_state_event)
COUNT(on_established, tcpflow_established_event)
COUNT(on_anomaly, tcpflow_anomaly_event)
COUNT(on_end, tcpflow_end_event)
COUNT(on_flip, tcpflow_flip_event)
COUNT(on_urgent, tcpflow_urgent_event)
COUNT(on_rst_data, tcpflow_rst_data_event)

static void set_callbacks(tcpflow_conn_callbacks *callbacks) {
  tcpflow_conn_callbacks_init(callbacks);
  callbacks->on_new = on_new;
  callbacks->on_segment = on_segment;
  callbacks->on_state = on_state;
  callbacks->on_established = on_established;
  callbacks->on_data = on_data;
  callbacks->on_gap = on_gap;
  callbacks->on_anomaly = on_anomaly;
  callbacks->on_end = on_end;
  callbacks->on_flip = on_flip;
  callbacks->on_urgent = on_urgent;
  callbacks->on_conflict = on_conflict;
  callbacks->on_rst_data = on_rst_data;
}

/* --- a run --- */

/* A counter of this program's instructions; -1: there is none. */
static int open_counter(void) {
#ifdef __linux__
  struct perf_event_attr attr;

  memset(&attr, 0, sizeof(attr));
  attr.size = sizeof(attr);
  attr.type = PERF_TYPE_HARDWARE;
  attr.config = PERF_COUNT_HW_INSTRUCTIONS;
  attr.exclude_kernel = 1;
  attr.exclude_hv = 1;
  return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
#else
  return -1;
#endif
}

static uint64_t read_counter(int counter) {
  uint64_t value = 0;

#ifdef __linux__
  if (counter >= 0 &&
      read(counter, &value, sizeof(value)) != (ssize_t)sizeof(value)) {
    value = 0;
  }
#else
  (void)counter;
#endif
  return value;
}

typedef struct cost {
  double nanoseconds; /* A segment. */
  double instructions;
  size_t memory; /* Beyond what the open connections have. */
  told told;
} cost;

static tcpflow_tracker *make_tracker(const attack *a, const setting *s,
                                     memory *m, told *t) {
  const tcpflow_mem mem = {m, count_malloc, count_calloc, count_realloc,
                           count_free};
  tcpflow_tracker *tracker = NULL;
  tcpflow_conn_callbacks callbacks;
  tcpflow_tracker_config config;
  tcpflow_conn_config conn;

  set_callbacks(&callbacks);
  tcpflow_conn_config_init(&conn);
  conn.overlap = s->overlap;
  conn.delivery = s->delivery;
  conn.max_tail_bytes = s->tail;
  if (a->pieces != 0) {
    conn.max_held_pieces = a->pieces;
  }
  tcpflow_tracker_config_init(&config);
  config.conn = &conn;
  config.max_held_bytes = TOTAL;
  harness_must(tcpflow_tracker_new(&tracker, &config, &callbacks, &mem, t) ==
                 TCPFLOW_OK,
               "cannot make a tracker");
  return tracker;
}

static void feed(tcpflow_tracker *tracker, const frames *f, size_t from,
                 size_t end) {
  while (from < end) {
    const size_t n = end - from < BATCH ? end - from : BATCH;

    harness_must(tcpflow_tracker_feed(tracker, f->frame + from, n, NULL) ==
                   TCPFLOW_OK,
                 "cannot feed");
    from += n;
  }
}

static void run(const attack *a, const setting *s, const frames *f,
                cost *found) {
  const size_t opened = (size_t)3 * MANY;
  const double segments = (double)(f->count - f->warm);
  memory m = {0, 0};
  const int counter = open_counter();

  memset(found, 0, sizeof(*found));
  tcpflow_tracker *const tracker = make_tracker(a, s, &m, &found->told);
  feed(tracker, f, 0, opened);
  const size_t before = m.now;
  feed(tracker, f, opened, f->warm);
  const uint64_t counted = read_counter(counter);
  const int64_t start = harness_now();
  feed(tracker, f, f->warm, f->count);
  found->nanoseconds = (double)(harness_now() - start) / segments;
  found->instructions = (double)(read_counter(counter) - counted) / segments;
  found->memory = m.most - before;
  tcpflow_tracker_del(tracker);
  harness_must(m.now == 0, "memory is lost");
#ifdef __linux__
  if (counter >= 0) {
    (void)close(counter);
  }
#endif
}

/* Was something lost that nobody was told of? */
static bool is_whole(const frames *f, const cost *found, bool loose) {
  bool whole = !found->told.torn;

  for (uint32_t i = 0; i < MANY && !loose; i++) {
    for (unsigned side = 0; side < 2; side++) {
      whole = whole && found->told.next[i][side] == f->sent[i][side].last;
    }
  }
  return whole;
}

/* The same twice: plain, and attacked. */
typedef struct trial {
  cost plain;
  cost hostile;
} trial;

static double ratio(const trial *r) {
  return r->plain.instructions > 0
           ? r->hostile.instructions / r->plain.instructions
           : r->hostile.nanoseconds / r->plain.nanoseconds;
}

static int by_ratio(const void *a, const void *b) {
  const double first = ratio(a);
  const double second = ratio(b);

  return first < second ? -1 : first > second;
}

static bool compare(const attack *a, const char *only) {
  frames *const plain_frames = need(calloc(1, sizeof(frames)));
  frames *const frames_now = need(calloc(1, sizeof(frames)));
  bool good = true;

  make_frames(plain_frames, a, true);
  make_frames(frames_now, a, false);
  for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
    const setting *const s = &settings[i];
    trial trials[TRIALS];
    const trial *const found = &trials[TRIALS / 2];

    if (only != NULL && strcmp(only, s->name) != 0) {
      continue;
    }
    for (size_t k = 0; k < TRIALS; k++) {
      run(a, s, plain_frames, &trials[k].plain);
      run(a, s, frames_now, &trials[k].hostile);
    }
    qsort(trials, TRIALS, sizeof(trials[0]), by_ratio);
    const bool whole = is_whole(plain_frames, &found->plain, false) &&
                       is_whole(frames_now, &found->hostile, a->loose) &&
                       found->hostile.memory <= (size_t)TOTAL + SLACK;
    good = good && whole;
    printf("| %s | %s | %.0f | %.0f | %.0f | %.0f | %.2f | %zu | %s |\n",
           a->name, s->name, found->plain.nanoseconds,
           found->hostile.nanoseconds, found->plain.instructions,
           found->hostile.instructions, ratio(found),
           found->hostile.memory / 1024, whole ? "all told" : "LOST");
    (void)fflush(stdout);
  }
  free_frames(plain_frames);
  free_frames(frames_now);
  return good;
}

int main(int argc, char **argv) {
  const char *const name = argc > 1 ? argv[1] : NULL;
  bool good = true;
  bool any = false;

  printf("| attack | setting | ns | ns attacked | instructions | attacked | "
         "ratio | KiB | octets |\n"
         "|---|---|---:|---:|---:|---:|---:|---:|---|\n");
  for (size_t i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
    if (name == NULL || strcmp(name, attacks[i].name) == 0) {
      any = true;
      good = compare(&attacks[i], argc > 2 ? argv[2] : NULL) && good;
    }
  }
  harness_must(any, "usage: attack [NAME [SETTING]]; all names are printed "
                    "without one");
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
