/*
 * bench/flood.c - what a flood does to a tracker:
 *
 *   flood KIND [PACKETS [MAX_FLOWS]]
 *
 * 1000 connections are open and exchange data while PACKETS packets of the
 * flood come in, a hundred of them for each segment of a connection.  What is
 * told of the connections is counted, and printed in one line with what the
 * tracker has and what feeding a packet cost, in processor time, the
 * connections' own segments included.
 * Every run of one KIND gives the same packets.  An exit status of 1 says that
 * a connection was harmed.
 */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tcpflow/build.h>
#include <tcpflow/tracker.h>

enum {
  OPEN = 1000,    /* Connections that must not be harmed. */
  FOR_EACH = 100, /* Packets of the flood for each of their segments. */
  DATA = 10,      /* Octets in each of those. */
  BATCH = 4096,   /* Made, then fed. */
  ROOM = 128
};

typedef struct frame_kind {
  const char *name;
  uint16_t flags;
  uint8_t data;
  bool on_open; /* To the tuples of the open connections. */
} frame_kind;

static const frame_kind kinds[] = {
  {"none", 0, 0, false},
  {"syn", TCPFLOW_FLAG_SYN, 0, false},
  {"syn-data", TCPFLOW_FLAG_SYN, DATA, false},
  {"syn-ack", TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK, 0, false},
  {"ack", TCPFLOW_FLAG_ACK, 0, false},
  {"data", TCPFLOW_FLAG_PSH | TCPFLOW_FLAG_ACK, DATA, false},
  {"fin", TCPFLOW_FLAG_FIN | TCPFLOW_FLAG_ACK, 0, false},
  {"rst", TCPFLOW_FLAG_RST, 0, false},
  {"syn-open", TCPFLOW_FLAG_SYN, 0, true},
  {"rst-open", TCPFLOW_FLAG_RST, 0, true},
};

typedef struct run {
  const frame_kind *kind;
  tcpflow_tracker *tracker;
  uint8_t bytes[BATCH][ROOM];
  tcpflow_frame frame[BATCH];
  size_t count;
  tcpflow_time now;
  uint64_t random;
  uint64_t fed;
  double took;         /* Seconds of feeding. */
  uint64_t lost;       /* Ends of open connections. */
  uint64_t octets;     /* Their data. */
  uint64_t gaps;       /* And what is missing of it. */
  uint32_t next[OPEN]; /* Their clients' next numbers. */
} run;

static uint64_t roll(run *r) {
  r->random ^= r->random >> 12;
  r->random ^= r->random << 25;
  r->random ^= r->random >> 27;
  return r->random * UINT64_C(2685821657736338717);
}

/* --- what is told --- */

static int is_open(const tcpflow_conn *conn) {
  tcpflow_tuple tuple;

  return tcpflow_conn_get_tuple(conn, &tuple) == TCPFLOW_OK &&
         memcmp(tuple.address[0], "\xc0\x00\x02\x01", 4) == 0 &&
         memcmp(tuple.address[1], "\xcb\x00\x71\x01", 4) == 0;
}

static int on_data(tcpflow_conn *conn, const tcpflow_data_event *event,
                   void *user) {
  ((run *)user)->octets += is_open(conn) ? event->data->length : 0;
  return 0;
}

static int on_gap(tcpflow_conn *conn, const tcpflow_gap_event *event,
                  void *user) {
  ((run *)user)->gaps += is_open(conn) ? event->gap->length : 0;
  return 0;
}

static int on_end(tcpflow_conn *conn, const tcpflow_end_event *event,
                  void *user) {
  ((run *)user)->lost +=
    is_open(conn) && event->reason != TCPFLOW_END_FLUSHED ? 1 : 0;
  return 0;
}

/* --- packets --- */

static double seconds(void) {
  struct timespec now;

  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void flush_batch(run *r) {
  const double start = seconds();

  if (tcpflow_tracker_feed(r->tracker, r->frame, r->count, NULL) !=
      TCPFLOW_OK) {
    fprintf(stderr, "flood: no memory\n");
    exit(EXIT_FAILURE);
  }
  r->took += seconds() - start;
  r->fed += r->count;
  r->count = 0;
}

static void send(run *r, const tcpflow_tuple *tuple, uint16_t flags,
                 uint32_t seq, uint32_t ack, uint32_t data) {
  static const uint8_t octets[DATA] = "0123456789";
  tcpflow_build_tcp tcp;

  tcpflow_build_tcp_init(&tcp);
  tcp.seq = seq;
  tcp.ack = ack;
  tcp.flags = flags;
  tcp.window = 65535;
  tcp.payload = octets;
  tcp.payload_captured = data;
  tcp.payload_length = data;
  if (tcpflow_build_segment(&r->frame[r->count], r->bytes[r->count], ROOM,
                            TCPFLOW_LINK_ETHERNET, tuple, &tcp) != TCPFLOW_OK) {
    abort();
  }
  r->now += 2000; /* Half a million packets a second. */
  r->frame[r->count].time = r->now;
  r->count++;
  if (r->count == BATCH) {
    flush_batch(r);
  }
}

static tcpflow_tuple open_tuple(uint32_t which, bool back) {
  const unsigned from = back ? 1 : 0;
  tcpflow_tuple tuple;

  memset(&tuple, 0, sizeof(tuple));
  tuple.version = 4;
  memcpy(tuple.address[from], "\xc0\x00\x02\x01", 4);
  memcpy(tuple.address[1 - from], "\xcb\x00\x71\x01", 4);
  tuple.port[from] = (uint16_t)(20000 + which);
  tuple.port[1 - from] = 443;
  return tuple;
}

static void open_all(run *r) {
  for (uint32_t i = 0; i < OPEN; i++) {
    const tcpflow_tuple up = open_tuple(i, false);
    const tcpflow_tuple down = open_tuple(i, true);

    send(r, &up, TCPFLOW_FLAG_SYN, 1000, 0, 0);
    send(r, &down, TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK, 5000, 1001, 0);
    send(r, &up, TCPFLOW_FLAG_ACK, 1001, 5001, 0);
    r->next[i] = 1001;
  }
}

static void talk(run *r, uint32_t which) {
  const tcpflow_tuple up = open_tuple(which, false);

  send(r, &up, TCPFLOW_FLAG_PSH | TCPFLOW_FLAG_ACK, r->next[which], 5001, DATA);
  r->next[which] += DATA;
}

static void flood(run *r) {
  const uint64_t a = roll(r);
  const uint64_t b = roll(r);
  tcpflow_tuple tuple = open_tuple((uint32_t)(a % OPEN), false);

  if (!r->kind->on_open) {
    memcpy(tuple.address[0], &a, 4);
    memcpy(tuple.address[1], "\x0a\x00\x00\x01", 4);
    tuple.port[0] = (uint16_t)(a >> 32);
    tuple.port[1] = (uint16_t)(a >> 48);
  }
  send(r, &tuple, r->kind->flags, (uint32_t)b,
       (r->kind->flags & TCPFLOW_FLAG_ACK) != 0 ? (uint32_t)(b >> 32) : 0,
       r->kind->data);
}

/* --- the run --- */

static uint64_t run_flood(run *r, uint64_t packets) {
  uint64_t talks = 0;

  for (uint64_t i = 0; i < packets; i++) {
    if (r->kind->flags != 0) {
      flood(r);
    }
    if (i % FOR_EACH == 0) {
      talk(r, (uint32_t)(talks % OPEN));
      talks++;
    }
  }
  flush_batch(r);
  return talks * DATA;
}

static void make(run *r, uint64_t max_flows) {
  tcpflow_tracker_config config;
  tcpflow_conn_callbacks callbacks;

  tcpflow_tracker_config_init(&config);
  config.max_flows = max_flows;
  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_data = on_data;
  callbacks.on_gap = on_gap;
  callbacks.on_end = on_end;
  if (tcpflow_tracker_new(&r->tracker, &config, &callbacks, NULL, r) !=
      TCPFLOW_OK) {
    fprintf(stderr, "flood: cannot make a tracker\n");
    exit(EXIT_FAILURE);
  }
}

static const frame_kind *find_kind(const char *name) {
  for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
    if (name != NULL && strcmp(name, kinds[i].name) == 0) {
      return &kinds[i];
    }
  }
  fprintf(stderr, "usage: flood KIND [PACKETS [MAX_FLOWS]], KIND one of");
  for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
    fprintf(stderr, " %s", kinds[i].name);
  }
  fprintf(stderr, "\n");
  exit(EXIT_FAILURE);
}

int main(int argc, char **argv) {
  static run r;
  const uint64_t packets = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000000;
  tcpflow_tracker_stats stats;

  r.kind = find_kind(argc > 1 ? argv[1] : NULL);
  r.random = 88172645463325252U;
  r.now = 1000 * TCPFLOW_SECOND;
  make(&r, argc > 3 ? strtoull(argv[3], NULL, 10) : 65536);
  open_all(&r);

  flush_batch(&r);
  r.took = 0;
  const uint64_t octets = run_flood(&r, packets);
  tcpflow_tracker_stats_init(&stats);
  (void)tcpflow_tracker_get_stats(r.tracker, &stats);
  tcpflow_tracker_del(r.tracker);
  printf("%-8s lost %" PRIu64 ", octets %" PRIu64 " of %" PRIu64
         ", missing %" PRIu64 ", flows %" PRIu64 " (open %" PRIu64
         "), begun %" PRIu64 ", evicted %" PRIu64 ", memory %.1f MiB, "
         "%.0f ns a packet\n",
         r.kind->name, r.lost, r.octets, octets, r.gaps, stats.flows_live,
         stats.flows_in_phase[TCPFLOW_PHASE_OPEN], stats.flows_new,
         stats.flows_evicted, (double)stats.memory / 1048576,
         r.took * 1e9 / (double)packets);
  return r.lost != 0 || r.gaps != 0 || r.octets != octets;
}
