/*
 * tests/fuzz/fuzz_twins.c - two trackers hear the same and tell the same.
 *
 * Of one, the allocator fails and the frame is fed again; or it is saved and
 * another one goes on with it; or its connections sleep between the steps.
 * Nothing of that shows, and nor does the short way of expected segments, which
 * it may not take.  Twelve octets of input are a step, most of them a segment
 * with numbers at or around those that matter at that moment, so that few steps
 * lead deep.  Callbacks end, ignore, stop, skip, and set what can be set, of
 * their own connection and of others.
 */
#include <tcpflow/build.h>
#include <tcpflow/tracker.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conn/fold.h"
#include "track/tracker.h"
#include "unit/failmem.h"
#include "unit/track/savings.h"
#include "unit/track/sleepers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
  STEP = 12,
  STEPS_MAX = 300,
  HOSTS = 4,
  FLOWS = 3
};

#define MUST(truth)                                                            \
  do {                                                                         \
    if (!(truth)) {                                                            \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #truth);              \
      abort();                                                                 \
    }                                                                          \
  } while (0)

/* One of the two, and what it has told. */
typedef struct twin {
  tcpflow_tracker *tracker;
  failmem memory;
  uint64_t digest;
  unsigned told;    /* Events of the step. */
  uint8_t mischief; /* What the callback of one of them does, ... */
  uint8_t victim;   /* ... to whom. */
  bool off;         /* Nobody listens. */
} twin;

typedef struct world {
  twin twin[2];
  tcpflow_tracker_config config;
  tcpflow_conn_config conn;
  tcpflow_time now;
  bool fails;   /* The second one is without memory at times; or is replaced. */
  bool trims;   /* Of held octets, some may be replaced, or told early. */
  bool general; /* The second one knows no short way. */
  bool sleeps;  /* Its connections do, between steps. */
} world;

static tcpflow_tuple tuple_of(unsigned who, tcpflow_side sender) {
  tcpflow_tuple tuple;

  memset(&tuple, 0, sizeof(tuple));
  tuple.version = 4;
  tuple.address[0][0] = 10;
  tuple.address[0][3] = (uint8_t)(who % HOSTS);
  tuple.address[1][0] = 192;
  tuple.port[0] = (uint16_t)(who % HOSTS == 3 ? 80 : 10000);
  tuple.port[1] = 80;
  return sender == TCPFLOW_SIDE_CLIENT ? tuple : tcpflow_tuple_swap(&tuple);
}

/* --- what is told --- */

static void digest(twin *t, uint64_t number) {
  t->digest = (t->digest ^ number) * UINT64_C(0x9e3779b97f4a7c15);
  t->digest ^= t->digest >> 29;
}

/* What whoever listens may do to a connection at any time. */
static void meddle(const twin *t, tcpflow_conn *conn) {
  const tcpflow_side side = (tcpflow_side)(t->victim >> 4 & 1U);
  const unsigned number = t->victim >> 4;

  switch (t->mischief >> 3 & 15U) {
  case 1:
    (void)tcpflow_conn_end(conn, 7, (tcpflow_end_reason)(1 + number % 8));
    break;
  case 2:
    tcpflow_conn_ignore(conn);
    break;
  case 3:
    tcpflow_conn_stop_data(conn, side);
    break;
  case 4:
    (void)tcpflow_conn_skip(conn, side, t->victim);
    break;
  case 5:
    (void)tcpflow_conn_set_timeout(
      conn, number % 9, (tcpflow_time)(t->victim & 12U) << (t->victim >> 3));
    break;
  case 6:
    (void)tcpflow_conn_set_rst_policy(
      conn, (tcpflow_rst_policy)(number % (TCPFLOW_RST_ANY + 1)));
    break;
  default:
    break;
  }
}

static int hear(twin *t, tcpflow_conn *conn, unsigned event,
                tcpflow_time time) {
  const size_t fail_at = t->memory.fail_at;
  const tcpflow_tuple tuple = tuple_of(t->victim, TCPFLOW_SIDE_CLIENT);
  tcpflow_tuple its = {0};

  digest(t, event);
  digest(t, time);
  (void)tcpflow_conn_get_tuple(conn, &its);
  digest(t, (uint64_t)its.address[0][3] << 16 | its.port[0]);
  if (t->off || ++t->told != (t->mischief & 7U) + 1U) {
    return 0;
  }
  t->memory.fail_at = 0;
  if ((t->victim & 4U) != 0) {
    conn = tcpflow_tracker_find(t->tracker, &tuple);
  }
  if (conn != NULL) {
    meddle(t, conn);
  }
  t->memory.fail_at = fail_at;
  return t->mischief >> 7;
}

static int on_new(tcpflow_conn *conn, const tcpflow_new_event *e, void *user) {
  digest(user, e->role);
  return hear(user, conn, 1, e->time);
}

static int on_segment(tcpflow_conn *conn, const tcpflow_segment_event *e,
                      void *user) {
  digest(user, e->verdict);
  digest(user, e->offset);
  digest(user, e->window << 1 | (uint64_t)e->window_known);
  for (unsigned i = 0; i < 2; i++) {
    digest(user, (uint64_t)e->before[i] << 16 | (uint64_t)e->after[i] << 8 |
                   (uint64_t)e->proof[i]);
  }
  return hear(user, conn, 2, e->time);
}

static int on_state(tcpflow_conn *conn, const tcpflow_state_event *e,
                    void *user) {
  digest(user, (uint64_t)e->side << 24 | (uint64_t)e->from << 16 |
                 (uint64_t)e->to << 8 | (uint64_t)e->proof);
  digest(user, (uint64_t)e->stimulus << 1 | (uint64_t)e->inferred);
  return hear(user, conn, 3, e->time);
}

static int on_established(tcpflow_conn *conn,
                          const tcpflow_established_event *e, void *user) {
  digest(user, e->kind);
  digest(user, e->rtt_client);
  digest(user, e->rtt_server);
  MUST(e->rtt_client == TCPFLOW_TIME_NONE || e->rtt_client <= e->time);
  MUST(e->rtt_server == TCPFLOW_TIME_NONE || e->rtt_server <= e->time);
  return hear(user, conn, 4, e->time);
}

static int on_data(tcpflow_conn *conn, const tcpflow_data_event *e,
                   void *user) {
  digest(user, e->data->offset);
  digest(user, e->data->length);
  digest(user, e->data->bytes[e->data->length - 1]);
  return hear(user, conn, 5, e->time);
}

static int on_gap(tcpflow_conn *conn, const tcpflow_gap_event *e, void *user) {
  digest(user, e->gap->offset);
  digest(user, e->gap->length);
  digest(user, e->gap->reason);
  return hear(user, conn, 6, e->time);
}

static int on_anomaly(tcpflow_conn *conn, const tcpflow_anomaly_event *e,
                      void *user) {
  digest(user, (uint64_t)e->anomaly << 32 | e->count);
  return hear(user, conn, 7, e->time);
}

static int on_end(tcpflow_conn *conn, const tcpflow_end_event *e, void *user) {
  digest(user, (uint64_t)e->reason << 8 | (uint64_t)e->kind);
  digest(user, (uint64_t)e->side << 24 | (uint64_t)e->state[0] << 16 |
                 (uint64_t)e->state[1] << 8 | (uint64_t)e->simultaneous);
  return hear(user, conn, 8, e->time);
}

static int on_flip(tcpflow_conn *conn, const tcpflow_flip_event *e,
                   void *user) {
  digest(user, e->role);
  return hear(user, conn, 9, e->time);
}

static int on_icmp(tcpflow_conn *conn, const tcpflow_icmp_event *e,
                   void *user) {
  digest(user, (uint64_t)e->kind << 1 | (uint64_t)e->plausible);
  return hear(user, conn, 10, e->time);
}

static void digest_octets(twin *t, const uint8_t *bytes, size_t length) {
  digest(t, bytes == NULL ? UINT64_MAX : length);
  for (size_t i = 0; bytes != NULL && i < length; i++) {
    digest(t, bytes[i]);
  }
}

static int on_urgent(tcpflow_conn *conn, const tcpflow_urgent_event *e,
                     void *user) {
  digest(user, e->offset);
  digest(user, (uint64_t)(e->octet + 1));
  return hear(user, conn, 11, e->time);
}

static int on_conflict(tcpflow_conn *conn, const tcpflow_conflict_event *e,
                       void *user) {
  const tcpflow_stream_conflict *const conflict = e->conflict;

  MUST(conflict->length > 0);
  MUST(conflict->first == NULL ||
       memcmp(conflict->first, conflict->second, conflict->length) != 0);
  digest(user, conflict->offset);
  digest(user, (uint64_t)(conflict->replaced != 0) << 1 |
                 (uint64_t)(conflict->delivered != 0));
  digest_octets(user, conflict->first, conflict->length);
  digest_octets(user, conflict->second, conflict->length);
  return hear(user, conn, 12, e->time);
}

static int on_rst_data(tcpflow_conn *conn, const tcpflow_rst_data_event *e,
                       void *user) {
  digest_octets(user, e->bytes, e->captured);
  return hear(user, conn, 13, e->time);
}

/* --- the two --- */

/* In nanoseconds. */
static const tcpflow_time PRINTS_GO_ROUND =
  UINT64_C(1) << (TCPFLOW__PRINT_TIME + TCPFLOW__PRINT_TICK);

static void make(world *w, twin *t) {
  const tcpflow_mem mem = failmem_table(&t->memory);
  tcpflow_conn_callbacks cb;

  tcpflow_conn_callbacks_init(&cb);
  cb.on_new = on_new;
  cb.on_segment = on_segment;
  cb.on_state = on_state;
  cb.on_established = on_established;
  cb.on_data = on_data;
  cb.on_gap = on_gap;
  /* Those that cannot be counted for want of memory are told. */
  cb.on_anomaly = w->fails ? NULL : on_anomaly;
  cb.on_end = on_end;
  cb.on_flip = on_flip;
  cb.on_icmp = on_icmp;
  cb.on_urgent = on_urgent;
  cb.on_conflict = on_conflict;
  cb.on_rst_data = on_rst_data;
  w->config.conn = &w->conn;
  MUST(tcpflow_tracker_new(&t->tracker, &w->config, &cb, &mem, t) ==
       TCPFLOW_OK);
  if (w->general && t == &w->twin[1]) {
    t->tracker->env.routine = false;
  }
}

/* How long holes are waited for. */
static void configure_clocks(tcpflow_conn_config *conn, unsigned which) {
  switch (which) {
  case 1:
    conn->gap_grace_ns = 0;
    conn->hole_timeout_ns = TCPFLOW_MILLISECOND;
    break;
  case 2:
    conn->gap_grace_ns = TCPFLOW_TIME_NONE;
    conn->hole_timeout_ns = TCPFLOW_TIME_NONE;
    break;
  case 3:
    conn->gap_grace_ns = TCPFLOW_MILLISECOND / 1000;
    conn->hole_timeout_ns = 0;
    break;
  default:
    break;
  }
}

static void configure(world *w, const uint8_t *octets) {
  static const tcpflow_time times[] = {0, TCPFLOW_MILLISECOND,
                                       2 * TCPFLOW_SECOND, 60 * TCPFLOW_SECOND};

  w->fails = octets[1] >> 7;
  tcpflow_tracker_config_init(&w->config);
  tcpflow_conn_config_init(&w->conn);
  w->config.max_flows = FLOWS;
  w->trims = (octets[1] & 64U) != 0;
  w->general = (octets[3] & 64U) != 0;
  w->sleeps = ((octets[0] ^ octets[3]) & 1U) != 0;
  if (!w->fails) {
    w->config.max_held_bytes = 1000;
    w->conn.max_held_bytes = (uint64_t)octets[0] << 3;
    w->conn.max_held_pieces = octets[1] & 31U;
  }
  if (!w->fails) {
    w->conn.max_tail_bytes = octets[2] & 56U;
  }
  if (w->trims) {
    w->conn.overlap = octets[0] % (uint32_t)TCPFLOW_OVERLAP_COUNT;
    w->conn.delivery = octets[2] >> 4 & 1U;
  }
  w->conn.urgent_policy = octets[3] % (TCPFLOW_URGENT_OUT_OF_BAND + 1U);
  w->conn.rst_policy = octets[2] % (TCPFLOW_RST_ANY + 1U);
  w->conn.strict = octets[2] >> 5;
  configure_clocks(&w->conn,
                   (octets[1] >> 4 & 2U) | (unsigned)(octets[3] >> 7));
  w->conn.reset_linger_ns = times[octets[3] & 3];
  w->conn.close_linger_ns = times[octets[3] >> 2 & 3];
  w->config.timeout_ns[TCPFLOW_PHASE_ENDED] = times[octets[3] >> 4 & 3];
  for (unsigned phase = 0; phase < TCPFLOW_PHASE_RESET; phase++) {
    w->config.timeout_ns[phase] = (2 + phase * 5) * TCPFLOW_SECOND;
  }
  make(w, &w->twin[0]);
  make(w, &w->twin[1]);
}

static tcpflow_tracker_stats figures_of(const twin *t) {
  tcpflow_tracker_stats stats;

  tcpflow_tracker_stats_init(&stats);
  MUST(tcpflow_tracker_get_stats(t->tracker, &stats) == TCPFLOW_OK);
  return stats;
}

/* Do they look at their connections at the same times?  One that could not
   count an anomaly for want of memory may look earlier, or later: a deadline is
   not later than the first timer. */
static bool look_alike(const world *w) {
  const tcpflow_tracker *const first = w->twin[0].tracker;
  const tcpflow_tracker *const second = w->twin[1].tracker;

  return tcpflow_tracker_deadline(first) == tcpflow_tracker_deadline(second) &&
         (!w->fails || first->env.extras == second->env.extras);
}

static void compare(const world *w) {
  const tcpflow_tracker_stats first = figures_of(&w->twin[0]);
  tcpflow_tracker_stats second = figures_of(&w->twin[1]);

  second.memory = first.memory;
  second.nomem = first.nomem;
  MUST(w->twin[0].digest == w->twin[1].digest);
  MUST(memcmp(&first, &second, sizeof(first)) == 0);
  MUST(w->fails || look_alike(w));
}

static void compare_octets(const world *w) {
  savings first = savings_of(w->twin[0].tracker);
  savings second = savings_of(w->twin[1].tracker);

  MUST(first.length == second.length);
  MUST(memcmp(first.bytes, second.bytes, first.length) == 0);
  savings_clear(&first);
  savings_clear(&second);
}

/* Another one goes on. */
static void replace(world *w) {
  twin *const t = &w->twin[1];
  tcpflow_tracker *const before = t->tracker;
  const uint64_t told = t->digest;
  savings s = savings_of(before);

  w->config.hash_key[3]++;
  t->off = true;
  make(w, t);
  MUST(tcpflow_tracker_load(t->tracker, s.bytes, s.length) == TCPFLOW_OK);
  MUST(t->digest == told);
  tcpflow_tracker_del(before);
  t->digest = told;
  t->off = false;
  savings_clear(&s);
}

/* --- what is said --- */

static tcpflow_seq number_near(const tcpflow__endpoint *end, uint8_t which,
                               uint8_t beside) {
  static const uint32_t units[] = {1,     1,        100,      1460,
                                   65536, 1U << 24, 1U << 30, 1U << 31};
  const tcpflow_seq at[] = {
    end->snd_nxt, end->snd_nxt, end->snd_una, end->base,
    end->fin,     end->iss,     1000,         UINT32_C(0xfffffff0)};
  const uint32_t distance =
    (uint32_t)((uint64_t)(beside >> 1 & 7U) * units[beside >> 5] & UINT32_MAX);

  return (beside & 1U) != 0 ? at[which & 7U] - distance
                            : at[which & 7U] + distance;
}

static uint32_t write_options(uint8_t *to, uint8_t code, uint8_t stamp) {
  uint32_t length = 0;

  if ((code & 1U) != 0) {
    const uint8_t ts[] = {1, 1, 8, 10, stamp, 0, 0, 0, 0, 0, 0, stamp};
    memcpy(to, ts, sizeof(ts));
    length += sizeof(ts);
  }
  if ((code & 2U) != 0) {
    const uint8_t ws[] = {3, 3, stamp, 2, 4, stamp, 180, 1};
    memcpy(to + length, ws, sizeof(ws));
    length += sizeof(ws);
  }
  if ((code & 4U) != 0) {
    const uint8_t fo[] = {34, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1};
    memcpy(to + length, fo, sizeof(fo));
    length += sizeof(fo);
  }
  if ((code & 8U) != 0) {
    const uint8_t mp[] = {30, 4, stamp, 1};
    memcpy(to + length, mp, sizeof(mp));
    length += sizeof(mp);
  }
  return length;
}

/* Numbers of the sender and of the receiver, if they are followed. */
static void numbers_of(const world *w, const tcpflow_tuple *tuple,
                       tcpflow__endpoint end[2]) {
  const tcpflow_conn *const conn =
    tcpflow_tracker_find(w->twin[0].tracker, tuple);

  memset(end, 0, 2 * sizeof(end[0]));
  if (conn != NULL) {
    tcpflow_tuple own = {0};
    (void)tcpflow_conn_get_tuple(conn, &own);
    const unsigned sender = memcmp(own.address[0], tuple->address[0], 16) != 0;
    tcpflow__conn_view room;
    const tcpflow__endpoint *const its = tcpflow__conn_seen(conn, &room)->end;
    end[0] = its[sender];
    end[1] = its[!sender];
  }
}

static uint16_t flags_of(const uint8_t *step) {
  static const uint16_t flags[] = {0x02, 0x12, 0x10, 0x18, 0x11, 0x04,
                                   0x14, 0x02, 0x12, 0x10, 0x38, 0x11,
                                   0x29, 0x00, 0x03, 0xc2};

  return flags[step[1] & 15];
}

static bool build(const world *w, tcpflow_frame *frame, uint8_t *room,
                  size_t size, const uint8_t *step) {
  static const uint8_t payload[64] = "any octets will do, these as any others";
  const tcpflow_tuple tuple =
    tuple_of(step[0] >> 1, (tcpflow_side)(step[0] & 1U));
  tcpflow__endpoint end[2];
  uint8_t options[40];
  tcpflow_build_tcp tcp;

  numbers_of(w, &tuple, end);
  tcpflow_build_tcp_init(&tcp);
  tcp.flags = flags_of(step);
  tcp.seq = number_near(&end[0], step[2], step[3]);
  tcp.ack = number_near(&end[1], step[2] >> 4, step[4]);
  tcp.window = (uint16_t)(step[5] << (step[5] & 8));
  tcp.payload = payload + (step[6] & 1U);
  tcp.payload_captured = (step[6] & 2) != 0 ? step[6] >> 3 : 0;
  tcp.payload_length = tcp.payload_captured;
  tcp.urgent = step[6];
  tcp.options_length = write_options(options, step[7] & 15U, step[8]);
  tcp.options = options;
  tcp.checksum_mode =
    step[7] == 0x77 ? TCPFLOW_BUILD_WRONG : TCPFLOW_BUILD_RIGHT;
  if (tcpflow_build_segment(frame, room, size, TCPFLOW_LINK_RAW, &tuple,
                            &tcp) != TCPFLOW_OK) {
    return false;
  }
  frame->time = w->now;
  return true;
}

/* An ICMP error that quotes a segment of the sender. */
static void build_error(const world *w, tcpflow_frame *frame, uint8_t *ip,
                        const uint8_t *step) {
  uint8_t quoted[200];

  MUST(build(w, frame, quoted, sizeof(quoted), step));
  const uint32_t n = frame->captured < 60 ? frame->captured : 60;
  memset(ip, 0, 28);
  ip[0] = 0x45;
  ip[3] = (uint8_t)(28 + n);
  ip[8] = 64;
  ip[9] = 1;
  memcpy(ip + 12, frame->bytes + 16, 4);
  memcpy(ip + 16, frame->bytes + 12, 4);
  ip[20] = step[9] % 3 == 0 ? 11 : 3;
  ip[21] = step[10] & 15U;
  memcpy(ip + 28, frame->bytes, n);
  frame->bytes = ip;
  frame->captured = 28 + n;
  frame->length = 28 + n;
}

/* Until it is followed, whatever gets in the way. */
static void feed(world *w, twin *t, const tcpflow_frame *frame) {
  size_t consumed = 0;

  for (unsigned tries = 0; consumed == 0; tries++) {
    const int error = tcpflow_tracker_feed(t->tracker, frame, 1, &consumed);

    MUST(tries < 9);
    MUST(error == TCPFLOW_OK || error == TCPFLOW_ERR_CALLBACK ||
         (error == TCPFLOW_ERR_NOMEM && t == &w->twin[1]));
    MUST(error != TCPFLOW_OK || consumed == 1);
    if (error == TCPFLOW_ERR_NOMEM) {
      t->memory.fail_at = 0;
    }
  }
  t->memory.fail_at = 0;
}

static void say(world *w, const uint8_t *step) {
  uint8_t room[200];
  tcpflow_frame frame;

  if (step[0] >> 3 == 31) {
    build_error(w, &frame, room, step);
  } else if (!build(w, &frame, room, sizeof(room), step)) {
    return;
  }
  /* The time of a print goes round, and only those that matter are saved. */
  if (w->now < PRINTS_GO_ROUND / 2) {
    w->now += (tcpflow_time)(step[9] & 7U) << (step[9] >> 3) * 4U / 3U;
  }
  frame.time = w->now - (step[9] == 7 ? 5 * TCPFLOW_MILLISECOND : 0);
  /* What begins a connection is followed without the octets of a SYN if there
     is no memory for them. */
  if (w->fails && step[11] != 0 && step[11] < 8 &&
      (flags_of(step) & TCPFLOW_FLAG_SYN) == 0) {
    w->twin[1].memory.fail_at = w->twin[1].memory.requests + step[11];
  }
  feed(w, &w->twin[0], &frame);
  feed(w, &w->twin[1], &frame);
}

/* --- what else is done --- */

static void do_alike(world *w, twin *t, const uint8_t *step) {
  const tcpflow_tuple tuple = tuple_of(step[1], TCPFLOW_SIDE_CLIENT);
  tcpflow_conn *conn = tcpflow_tracker_find(t->tracker, &tuple);

  switch (step[2] & 7U) {
  case 0:
    (void)tcpflow_tracker_advance(t->tracker, w->now);
    break;
  case 1:
    (void)tcpflow_tracker_flush(t->tracker);
    break;
  case 2:
    if (tcpflow_tracker_deadline(t->tracker) != TCPFLOW_TIME_NONE) {
      (void)tcpflow_tracker_advance(t->tracker,
                                    tcpflow_tracker_deadline(t->tracker));
    }
    break;
  default:
    t->mischief = (uint8_t)(step[2] & 0xf8U);
    t->victim = step[3] & 0xfbU;
    if (conn != NULL) {
      meddle(t, conn);
    }
    t->mischief = 0;
    break;
  }
}

static void take_step(world *w, const uint8_t *step) {
  for (unsigned i = 0; i < 2; i++) {
    w->twin[i].told = 0;
    w->twin[i].mischief = step[10];
    w->twin[i].victim = step[8];
  }
  if (step[0] >> 3 == 30) {
    do_alike(w, &w->twin[0], step);
    do_alike(w, &w->twin[1], step);
    return; /* What has ended goes with the next call. */
  }
  say(w, step);
  compare(w);
  if (w->sleeps) {
    (void)sleepers_all(w->twin[1].tracker);
  }
  if (!w->fails && step[11] >= 0x80) {
    replace(w);
    compare(w);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  world *const w = calloc(1, sizeof(*w));

  MUST(w != NULL);
  if (size < 4) {
    free(w);
    return 0;
  }
  w->now = 1000 * TCPFLOW_SECOND;
  configure(w, data);
  data += 4;
  size -= 4;
  /* Of two that look at different times, those that go at once may go in
     another order. */
  for (unsigned i = 0;
       i < STEPS_MAX && size >= STEP && (!w->fails || look_alike(w)); i++) {
    take_step(w, data);
    data += STEP;
    size -= STEP;
  }
  if (!w->fails) {
    compare_octets(w);
  }
  for (unsigned i = 0; i < 2; i++) {
    w->twin[i].mischief = 0;
    tcpflow_tracker_del(w->twin[i].tracker);
    MUST(w->twin[i].memory.live_blocks == 0);
  }
  MUST(w->twin[0].digest == w->twin[1].digest);
  free(w);
  return 0;
}
