/*
 * tests/fuzz/fuzz_tracker_ops.c - any calls, frames, callbacks and failures.
 *
 * The input is a list of operations of four octets: what, who, and two numbers.
 * Whatever they are: each `new` has one `end`, the figures agree with what was
 * told, no cap is exceeded, a frame that had no memory can be fed again, and
 * nothing is leaked.
 */
#include <tcpflow/build.h>
#include <tcpflow/tracker.h>

#include <stdlib.h>
#include <string.h>

#include "unit/failmem.h"

#define MAX_FLOWS 6
#define MAX_HELD  2000
#define QUEUE     64

#define MUST(truth)                                                            \
  do {                                                                         \
    if (!(truth)) {                                                            \
      abort();                                                                 \
    }                                                                          \
  } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct world {
  tcpflow_tracker *tracker;
  failmem fm;
  tcpflow_time now;
  size_t news;
  size_t ends;
  size_t refused;
  uint8_t refuse;   /* Which clients' ports are not wanted: a bit of eight. */
  uint8_t mischief; /* What the next callback does; 0: nothing. */
  uint8_t victim;   /* To whom. */
  int busy;         /* A callback is running. */
  tcpflow_frame queue[QUEUE];
  uint8_t bytes[QUEUE][160];
  size_t queued;
} world;

static tcpflow_tuple tuple_of(unsigned who) {
  tcpflow_tuple tuple;

  memset(&tuple, 0, sizeof(tuple));
  tuple.version = (who & 16) != 0 ? 6 : 4;
  tuple.address[who >> 5 & 1][0] = 10;
  tuple.address[1 - (who >> 5 & 1)][0] = 192;
  tuple.port[who >> 5 & 1] = (uint16_t)(1024 + (who & 15));
  tuple.port[1 - (who >> 5 & 1)] = 80;
  return tuple;
}

/* The figures by phase are shares of the others. */
static void check_phases(const tcpflow_tracker_stats *stats) {
  uint64_t live = 0;
  uint64_t timeout = 0;

  for (unsigned i = 0; i < TCPFLOW_PHASE_ENDED; i++) {
    live += stats->flows_in_phase[i];
    timeout += stats->timeout_in_phase[i];
  }
  MUST(live == stats->flows_live);
  MUST(timeout == stats->flows_timeout);
}

static void check(const world *w) {
  tcpflow_tracker_stats stats;

  tcpflow_tracker_stats_init(&stats);
  MUST(tcpflow_tracker_get_stats(w->tracker, &stats) == TCPFLOW_OK);
  MUST(stats.flows_new == w->news);
  MUST(stats.flows_ended == w->ends);
  MUST(stats.flows_live == w->news - w->ends);
  MUST(stats.refused == w->refused);
  MUST(stats.flows_evicted + stats.flows_timeout <= stats.flows_ended);
  if (!w->busy) {
    check_phases(&stats);
  }
  MUST(stats.held_memory <= MAX_HELD);
  /* A newcomer is told before an older flow has to go. */
  MUST(stats.flows_live + stats.flows_in_phase[TCPFLOW_PHASE_ENDED] <=
       MAX_FLOWS + (w->busy ? 1 : 0));
}

/* What is allowed to be done to the connection of a callback. */
static void meddle(const world *w, tcpflow_conn *conn, unsigned what) {
  if ((what & 1) != 0) {
    tcpflow_conn_ignore(conn);
  }
  if ((what & 2) != 0) {
    tcpflow_conn_stop_data(conn, TCPFLOW_SIDE_SERVER);
  }
  if ((what & 4) != 0) {
    MUST(tcpflow_conn_end(conn, w->now, TCPFLOW_END_CALLER) == TCPFLOW_OK);
  }
}

/* Inside a callback: some calls are allowed, the others say so.  conn may be
   NULL. */
static int interfere(world *w, tcpflow_conn *conn) {
  const tcpflow_tuple tuple = tuple_of(w->victim);
  const uint8_t what = w->mischief;
  tcpflow_conn *const other = tcpflow_tracker_find(w->tracker, &tuple);

  w->mischief = 0;
  w->busy = 1;
  check(w);
  MUST(tcpflow_tracker_feed(w->tracker, w->queue, 1, NULL) ==
       TCPFLOW_ERR_STATE);
  MUST(tcpflow_tracker_advance(w->tracker, w->now) == TCPFLOW_ERR_STATE);
  MUST(tcpflow_tracker_flush(w->tracker) == TCPFLOW_ERR_STATE);
  tcpflow_tracker_del(w->tracker);
  if (conn != NULL) {
    meddle(w, conn, what);
  }
  if ((what & 8) != 0 && other != NULL) {
    MUST(tcpflow_conn_end(other, w->now, TCPFLOW_END_FIN) == TCPFLOW_OK);
  }
  w->busy = 0;
  return (what & 16) != 0;
}

/* Asked before there is a record: there is a connection only where its ports
   are used again, and it may be meddled with.  What is no answer follows. */
static int choose_admission(const tcpflow_admit_query *query, void *user) {
  world *const w = (world *)user;

  MUST((query->cause->flags & TCPFLOW_FLAG_RST) == 0);
  (void)interfere(w, tcpflow_tracker_find(w->tracker, query->tuple));
  if ((w->refuse >> (query->tuple->port[0] & 7) & 1) != 0) {
    w->refused++;
    return TCPFLOW_ADMIT_REFUSE;
  }
  return w->refuse == 0 ? TCPFLOW_ADMIT_FOLLOW : TCPFLOW_ADMIT_REFUSE + 1;
}

static int on_new(tcpflow_conn *conn, const tcpflow_new_event *e, void *user) {
  world *const w = (world *)user;

  MUST(tcpflow_conn_user_data(conn) == NULL);
  MUST(tcpflow_tracker_find(w->tracker, e->tuple) == conn);
  tcpflow_conn_set_user_data(conn, w);
  w->news++;
  return interfere(w, conn);
}

static int on_state(tcpflow_conn *conn, const tcpflow_state_event *e,
                    void *user) {
  (void)e;
  MUST(tcpflow_conn_user_data(conn) == user);
  return interfere((world *)user, conn);
}

static int on_data(tcpflow_conn *conn, const tcpflow_data_event *e,
                   void *user) {
  MUST(e->data->length > 0);
  MUST(tcpflow_conn_user_data(conn) == user);
  return interfere((world *)user, conn);
}

static int on_urgent(tcpflow_conn *conn, const tcpflow_urgent_event *e,
                     void *user) {
  MUST(e->octet >= -1 && e->octet <= 255);
  MUST(tcpflow_conn_user_data(conn) == user);
  return interfere((world *)user, conn);
}

static int on_conflict(tcpflow_conn *conn, const tcpflow_conflict_event *e,
                       void *user) {
  const tcpflow_stream_conflict *const conflict = e->conflict;

  MUST(conflict->length > 0 && conflict->second != NULL);
  MUST(conflict->first == NULL ||
       memcmp(conflict->first, conflict->second, conflict->length) != 0);
  MUST(!conflict->delivered || !conflict->replaced);
  MUST(tcpflow_conn_user_data(conn) == user);
  return interfere((world *)user, conn);
}

static int on_rst_data(tcpflow_conn *conn, const tcpflow_rst_data_event *e,
                       void *user) {
  MUST(e->captured <= e->length && e->length > 0);
  MUST((e->bytes == NULL) == (e->captured == 0));
  MUST(tcpflow_conn_user_data(conn) == user);
  return interfere((world *)user, conn);
}

static int on_end(tcpflow_conn *conn, const tcpflow_end_event *e, void *user) {
  world *const w = (world *)user;

  (void)e;
  MUST(tcpflow_conn_user_data(conn) == w);
  tcpflow_conn_set_user_data(conn, NULL);
  w->ends++;
  return interfere(w, conn);
}

/* Feeds what is queued until it is followed, whatever gets in the way. */
static void feed_queue(world *w) {
  size_t at = 0;

  while (at < w->queued) {
    size_t consumed = SIZE_MAX;
    const int error = tcpflow_tracker_feed(w->tracker, w->queue + at,
                                           w->queued - at, &consumed);

    MUST(consumed <= w->queued - at);
    MUST(error == TCPFLOW_OK || error == TCPFLOW_ERR_NOMEM ||
         error == TCPFLOW_ERR_CALLBACK);
    MUST((error == TCPFLOW_OK) <= (consumed == w->queued - at));
    if (error == TCPFLOW_ERR_NOMEM) {
      w->fm.fail_at = 0;
    }
    at += consumed;
    check(w);
  }
  w->queued = 0;
}

static void queue_segment(world *w, const uint8_t *op) {
  static const uint8_t payload[64] = {1, 2, 3};
  static const uint16_t flags[8] = {0x02, 0x12, 0x10, 0x18,
                                    0x11, 0x04, 0x14, 0x20};
  const tcpflow_tuple tuple = tuple_of(op[1]);
  tcpflow_build_tcp tcp;
  tcpflow_frame *const frame = &w->queue[w->queued];

  tcpflow_build_tcp_init(&tcp);
  tcp.flags = flags[op[0] & 7];
  tcp.seq = 1000 + op[2];
  tcp.ack = 1000 + op[3];
  tcp.window = 1000;
  tcp.urgent = op[3] & 15U;
  if ((op[3] & 64U) != 0 && tcp.flags == 0x18) {
    tcp.flags |= TCPFLOW_FLAG_URG;
  }
  tcp.payload = payload;
  tcp.payload_captured = op[2] % 3 == 0 ? op[3] % 40 : 0;
  tcp.payload_length = tcp.payload_captured;
  tcp.checksum_mode = op[3] == 77 ? TCPFLOW_BUILD_WRONG : TCPFLOW_BUILD_RIGHT;
  MUST(tcpflow_build_segment(frame, w->bytes[w->queued], sizeof(w->bytes[0]),
                             TCPFLOW_LINK_ETHERNET, &tuple,
                             &tcp) == TCPFLOW_OK);
  frame->time = w->now;
  if (op[3] == 78) { /* A byte of the headers is wrong. */
    w->bytes[w->queued][frame->bytes - w->bytes[w->queued] + op[2] % 54] ^=
      0x40;
  }
  w->queued++;
}

/* An ICMP error that quotes a segment: RFC 792, with the least that RFC 1122
   asks for, the header of IP and eight octets. */
static void queue_error(world *w, const uint8_t *op) {
  tcpflow_frame *const frame = &w->queue[w->queued];
  const tcpflow_tuple tuple = tuple_of(op[1] & 0x2fU);
  const uint8_t seq[4] = {0, 0, (uint8_t)((1000U + op[2]) >> 8),
                          (uint8_t)(1000U + op[2])};
  uint8_t *const ip = w->bytes[w->queued];
  uint8_t *const quoted = ip + 28;

  memset(ip, 0, sizeof(w->bytes[0]));
  ip[0] = 0x45;
  ip[3] = 56;
  ip[8] = 64;
  ip[9] = 1;
  memcpy(ip + 12, tuple.address[1], 4);
  memcpy(ip + 16, tuple.address[0], 4);
  ip[20] = op[3] % 3 == 0 ? 11 : 3;
  ip[21] = op[3] & 15U;
  memcpy(quoted, ip, 20);
  quoted[9] = 6;
  memcpy(quoted + 12, tuple.address[0], 4);
  memcpy(quoted + 16, tuple.address[1], 4);
  quoted[20] = (uint8_t)(tuple.port[0] >> 8);
  quoted[21] = (uint8_t)tuple.port[0];
  quoted[22] = (uint8_t)(tuple.port[1] >> 8);
  quoted[23] = (uint8_t)tuple.port[1];
  memcpy(quoted + 24, seq, 4);
  memset(frame, 0, sizeof(*frame));
  frame->bytes = ip;
  frame->captured = 56;
  frame->length = 56;
  frame->link = TCPFLOW_LINK_RAW;
  frame->time = w->now;
  w->queued++;
}

/* The caller ends a connection outside of any call. */
static void end_from_outside(world *w, const uint8_t *op) {
  const tcpflow_tuple tuple = tuple_of(op[1]);
  tcpflow_conn *const conn = tcpflow_tracker_find(w->tracker, &tuple);

  if (conn != NULL) {
    const int error = tcpflow_conn_end(
      conn, w->now, (tcpflow_end_reason)(1 + op[2] % TCPFLOW_END_CALLER));
    MUST(error == TCPFLOW_OK || error == TCPFLOW_ERR_CALLBACK);
    MUST(tcpflow_tracker_find(w->tracker, &tuple) == NULL);
  }
}

/* One connection gets a timeout of its own. */
static void set_timeout(world *w, const uint8_t *op) {
  const tcpflow_tuple tuple = tuple_of(op[1]);
  tcpflow_conn *const conn = tcpflow_tracker_find(w->tracker, &tuple);

  if (conn != NULL) {
    const unsigned any = op[2] % (TCPFLOW_PHASE_COUNT + 2);
    const unsigned phase = any == TCPFLOW_PHASE_COUNT ? TCPFLOW_PHASE_ALL : any;
    const int error = tcpflow_conn_set_timeout(
      conn, phase, op[3] == 0 ? TCPFLOW_TIME_NONE : UINT64_C(1) << op[3] % 50);
    MUST(error == TCPFLOW_OK || error == TCPFLOW_ERR_NOMEM ||
         (error == TCPFLOW_ERR_INVALID && phase != TCPFLOW_PHASE_ALL &&
          phase >= TCPFLOW_PHASE_RESET));
  }
}

/* Goes through all connections, and ends one of them on the way. */
static void go_through(world *w, const uint8_t *op) {
  const size_t live = w->news - w->ends;
  size_t count = 0;
  tcpflow_conn *next = NULL;

  for (tcpflow_conn *conn = tcpflow_tracker_next(w->tracker, NULL);
       conn != NULL; conn = next) {
    next = tcpflow_tracker_next(w->tracker, conn);
    tcpflow_tuple tuple;
    MUST(tcpflow_conn_get_tuple(conn, &tuple) == TCPFLOW_OK);
    MUST(tcpflow_tracker_find(w->tracker, &tuple) == conn);
    if (count++ == op[1]) {
      (void)tcpflow_conn_end(conn, w->now, TCPFLOW_END_CALLER);
    }
  }
  MUST(count == live);
}

/* The figures of two trackers are twice those of one. */
static void add_figures(const world *w) {
  tcpflow_tracker_stats sum;
  tcpflow_tracker_stats stats;

  tcpflow_tracker_stats_init(&sum);
  tcpflow_tracker_stats_init(&stats);
  MUST(tcpflow_tracker_get_stats(w->tracker, &stats) == TCPFLOW_OK);
  MUST(tcpflow_tracker_stats_add(&sum, &stats) == TCPFLOW_OK);
  MUST(tcpflow_tracker_stats_add(&sum, &stats) == TCPFLOW_OK);
  MUST(sum.frames == 2 * stats.frames && sum.memory == 2 * stats.memory);
}

/* What a monitor does besides. */
static void look_after(world *w, const uint8_t *op) {
  switch (op[0] & 7) {
  case 0:
    set_timeout(w, op);
    break;
  case 1:
    go_through(w, op);
    break;
  case 2:
    queue_error(w, op);
    break;
  case 3:
    w->refuse = op[1];
    break;
  default:
    add_figures(w);
    break;
  }
  check(w);
}

static void control(world *w, const uint8_t *op) {
  int error = TCPFLOW_OK;

  switch (op[0] & 7) {
  case 0:
    w->now += (tcpflow_time)op[1] << (op[2] % 40);
    break;
  case 1:
    w->now -= w->now < op[1] ? 0 : op[1];
    break;
  case 2:
    error = tcpflow_tracker_advance(w->tracker, w->now);
    break;
  case 3:
    error = tcpflow_tracker_flush(w->tracker);
    break;
  case 4:
    w->fm.requests = 0;
    w->fm.fail_at = op[1] % 8;
    w->fm.fail_from = op[2] & 1;
    break;
  case 5:
    w->mischief = op[1];
    w->victim = op[2];
    break;
  case 6:
    end_from_outside(w, op);
    break;
  default:
    if (tcpflow_tracker_deadline(w->tracker) != TCPFLOW_TIME_NONE) {
      error = tcpflow_tracker_advance(w->tracker,
                                      tcpflow_tracker_deadline(w->tracker));
    }
    break;
  }
  MUST(error == TCPFLOW_OK || error == TCPFLOW_ERR_CALLBACK);
  check(w);
}

static int make(world *w, uint8_t options) {
  const tcpflow_mem mem = failmem_table(&w->fm);
  tcpflow_tracker_config config;
  tcpflow_conn_config conn;
  tcpflow_conn_callbacks callbacks;

  tcpflow_tracker_config_init(&config);
  tcpflow_conn_config_init(&conn);
  conn.reset_linger_ns = (options & 16) != 0 ? 0 : 2 * TCPFLOW_SECOND;
  conn.overlap = options % (uint32_t)TCPFLOW_OVERLAP_COUNT;
  conn.urgent_policy = options % (TCPFLOW_URGENT_OUT_OF_BAND + 1U);
  conn.max_tail_bytes = options & 24U;
  config.conn = &conn;
  config.max_flows = MAX_FLOWS;
  config.max_memory = (options & 16) != 0 ? 4000 : 0;
  config.max_held_bytes = MAX_HELD;
  config.choose_admission = choose_admission;
  config.verify_checksums = options & 1;
  config.timeout_ns[TCPFLOW_PHASE_ENDED] =
    (options & 2) != 0 ? 0 : 60 * TCPFLOW_SECOND;
  config.timeout_ns[TCPFLOW_PHASE_OPENING] =
    (options & 4) != 0 ? 0 : 120 * TCPFLOW_SECOND;
  config.timeout_ns[TCPFLOW_PHASE_OPEN] =
    (options & 8) != 0 ? UINT64_MAX : 7440;
  memset(config.hash_key, options, sizeof(config.hash_key));
  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_new = on_new;
  callbacks.on_state = on_state;
  callbacks.on_data = on_data;
  callbacks.on_urgent = on_urgent;
  callbacks.on_conflict = on_conflict;
  callbacks.on_rst_data = on_rst_data;
  callbacks.on_end = on_end;
  w->fm.fail_at = options >> 5;
  return tcpflow_tracker_new(&w->tracker, &config, &callbacks, &mem, w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  world *const w = (world *)calloc(1, sizeof(*w));

  MUST(w != NULL);
  if (size > 0 && make(w, data[0]) == TCPFLOW_OK) {
    for (size_t at = 1; size - at >= 4; at += 4) {
      if ((data[at] & 0x80) == 0) {
        queue_segment(w, data + at);
      }
      /* An error and the next segment find room. */
      if ((data[at] & 0x40) != 0 || w->queued > QUEUE - 2) {
        feed_queue(w);
      }
      if ((data[at] & 0xa0) == 0xa0) {
        look_after(w, data + at);
      } else if ((data[at] & 0x80) != 0) {
        control(w, data + at);
      }
    }
    feed_queue(w);
    w->mischief = 0;
    tcpflow_tracker_del(w->tracker);
  }
  MUST(w->news == w->ends);
  MUST(w->fm.live_blocks == 0);
  free(w);
  return 0;
}
