/*
 * tests/fuzz/fuzz_queue.c - what waits in a queue is what callbacks are told.
 *
 * Two trackers hear the same: one tells callbacks, one a queue, which is
 * emptied now and then.  Every number and every octet that an event leads to
 * goes into a digest, and the digests are the same, although each frame is gone
 * once it was fed.  Eight octets of input are a step.  Where the queue's memory
 * fails or is small, events are lost, and it says so.
 */
#include <tcpflow/build.h>
#include <tcpflow/queue.h>
#include <tcpflow/tracker.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "unit/failmem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
  STEP = 8,
  STEPS_MAX = 300,
  HOSTS = 4
};

#define MUST(truth)                                                            \
  do {                                                                         \
    if (!(truth)) {                                                            \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #truth);              \
      abort();                                                                 \
    }                                                                          \
  } while (0)

typedef struct world {
  tcpflow_tracker *pusher;
  tcpflow_tracker *puller;
  tcpflow_queue *queue;
  failmem memory; /* The queue's. */
  uint64_t pushed;
  uint64_t pulled;
  tcpflow_time now;
  bool lossy; /* The queue has no room at times. */
} world;

/* --- what is told --- */

static void digest(uint64_t *sum, uint64_t number) {
  *sum = (*sum ^ number) * UINT64_C(0x9e3779b97f4a7c15);
  *sum ^= *sum >> 29;
}

static void digest_octets(uint64_t *sum, const uint8_t *bytes, size_t length) {
  digest(sum, bytes == NULL ? UINT64_MAX : length);
  for (size_t i = 0; bytes != NULL && i < length; i++) {
    digest(sum, bytes[i]);
  }
}

static void digest_tuple(uint64_t *sum, const tcpflow_tuple *tuple) {
  digest_octets(sum, (const uint8_t *)tuple->address, sizeof(tuple->address));
  digest(sum, (uint64_t)tuple->port[0] << 16 | tuple->port[1]);
}

static void digest_segment(uint64_t *sum, const tcpflow_segment *segment) {
  const tcpflow_options *const options =
    segment == NULL ? NULL : segment->options;

  if (segment != NULL) {
    digest(sum, (uint64_t)segment->seq << 32 | segment->ack);
    digest(sum, (uint64_t)segment->flags << 32 | segment->payload_length);
  }
  if (options != NULL) {
    digest(sum, (uint64_t)options->present << 32 | options->ts_val);
  }
}

/* What all events begin with. */
static void begin(uint64_t *sum, tcpflow_event_kind kind, tcpflow_time time,
                  const tcpflow_segment *cause) {
  digest(sum, kind);
  digest(sum, time);
  digest_segment(sum, cause);
}

static int on_new(tcpflow_conn *conn, const tcpflow_new_event *e, void *sum) {
  (void)conn;
  begin(sum, TCPFLOW_EVENT_NEW, e->time, e->cause);
  digest_tuple(sum, e->tuple);
  digest(sum, e->role);
  return 0;
}

static int on_segment(tcpflow_conn *conn, const tcpflow_segment_event *e,
                      void *sum) {
  (void)conn;
  begin(sum, TCPFLOW_EVENT_SEGMENT, e->time, e->segment);
  digest_octets(sum, e->segment->payload, e->segment->payload_captured);
  digest(sum, e->verdict);
  digest(sum, e->offset);
  digest(sum, e->urgent);
  return 0;
}

static int on_state(tcpflow_conn *conn, const tcpflow_state_event *e,
                    void *sum) {
  (void)conn;
  begin(sum, TCPFLOW_EVENT_STATE, e->time, e->cause);
  digest(sum, (uint64_t)e->side << 16 | (uint64_t)e->from << 8 | e->to);
  return 0;
}

static int on_established(tcpflow_conn *conn,
                          const tcpflow_established_event *e, void *sum) {
  (void)conn;
  begin(sum, TCPFLOW_EVENT_ESTABLISHED, e->time, e->cause);
  digest(sum, e->rtt_server);
  return 0;
}

static int on_data(tcpflow_conn *conn, const tcpflow_data_event *e, void *sum) {
  (void)conn;
  begin(sum, TCPFLOW_EVENT_DATA, e->time, e->cause);
  digest(sum, e->data->offset);
  digest(sum, e->data->time);
  digest_octets(sum, e->data->bytes, e->data->length);
  return 0;
}

static int on_gap(tcpflow_conn *conn, const tcpflow_gap_event *e, void *sum) {
  (void)conn;
  begin(sum, TCPFLOW_EVENT_GAP, e->time, e->cause);
  digest(sum, e->gap->offset);
  digest(sum, e->gap->length);
  digest(sum, e->gap->reason);
  return 0;
}

static int on_anomaly(tcpflow_conn *conn, const tcpflow_anomaly_event *e,
                      void *sum) {
  (void)conn;
  begin(sum, TCPFLOW_EVENT_ANOMALY, e->time, e->cause);
  digest(sum, (uint64_t)e->anomaly << 32 | e->count);
  return 0;
}

static void put_end(uint64_t *sum, const tcpflow_end_event *e,
                    const tcpflow_conn_info *info) {
  begin(sum, TCPFLOW_EVENT_END, e->time, e->cause);
  digest(sum, (uint64_t)e->reason << 8 | e->kind);
  digest(sum, info->first);
  digest(sum, info->last);
}

static int on_end(tcpflow_conn *conn, const tcpflow_end_event *e, void *sum) {
  tcpflow_conn_info info;

  tcpflow_conn_info_init(&info);
  MUST(tcpflow_conn_get_info(conn, &info) == TCPFLOW_OK);
  put_end(sum, e, &info);
  return 0;
}

static int on_flip(tcpflow_conn *conn, const tcpflow_flip_event *e, void *sum) {
  (void)conn;
  begin(sum, TCPFLOW_EVENT_FLIP, e->time, e->cause);
  digest_tuple(sum, e->tuple);
  return 0;
}

static int on_icmp(tcpflow_conn *conn, const tcpflow_icmp_event *e, void *sum) {
  (void)conn;
  begin(sum, TCPFLOW_EVENT_ICMP, e->time, NULL);
  digest_octets(sum, e->packet->bytes, e->packet->captured);
  digest(sum, e->seq);
  return 0;
}

static int on_urgent(tcpflow_conn *conn, const tcpflow_urgent_event *e,
                     void *sum) {
  (void)conn;
  begin(sum, TCPFLOW_EVENT_URGENT, e->time, e->cause);
  digest(sum, e->offset);
  digest(sum, (uint64_t)(unsigned)e->octet);
  return 0;
}

static int on_conflict(tcpflow_conn *conn, const tcpflow_conflict_event *e,
                       void *sum) {
  (void)conn;
  begin(sum, TCPFLOW_EVENT_CONFLICT, e->time, e->cause);
  digest(sum, e->conflict->offset);
  digest_octets(sum, e->conflict->first, e->conflict->length);
  digest_octets(sum, e->conflict->second, e->conflict->length);
  return 0;
}

static int on_rst_data(tcpflow_conn *conn, const tcpflow_rst_data_event *e,
                       void *sum) {
  (void)conn;
  begin(sum, TCPFLOW_EVENT_RST_DATA, e->time, e->cause);
  digest_octets(sum, e->bytes, e->captured);
  return 0;
}

static void pulled(uint64_t *sum, const tcpflow_event *event) {
#define TELL(kind, callback, member)                                           \
  case kind:                                                                   \
    (void)(callback)(event->conn, event->as.member, sum);                      \
    break
  switch (event->kind) {
    TELL(TCPFLOW_EVENT_NEW, on_new, begin);
    TELL(TCPFLOW_EVENT_SEGMENT, on_segment, segment);
    TELL(TCPFLOW_EVENT_STATE, on_state, state);
    TELL(TCPFLOW_EVENT_ESTABLISHED, on_established, established);
    TELL(TCPFLOW_EVENT_DATA, on_data, data);
    TELL(TCPFLOW_EVENT_GAP, on_gap, gap);
    TELL(TCPFLOW_EVENT_ANOMALY, on_anomaly, anomaly);
    TELL(TCPFLOW_EVENT_FLIP, on_flip, flip);
    TELL(TCPFLOW_EVENT_ICMP, on_icmp, icmp);
    TELL(TCPFLOW_EVENT_URGENT, on_urgent, urgent);
    TELL(TCPFLOW_EVENT_CONFLICT, on_conflict, conflict);
    TELL(TCPFLOW_EVENT_RST_DATA, on_rst_data, rst_data);
  case TCPFLOW_EVENT_END:
    put_end(sum, event->as.end, event->info);
    break;
  case TCPFLOW_EVENT_COUNT:
    MUST(false);
  }
#undef TELL
}

/* --- the two --- */

static void listen(tcpflow_conn_callbacks *cb) {
  tcpflow_conn_callbacks_init(cb);
  cb->on_new = on_new;
  cb->on_segment = on_segment;
  cb->on_state = on_state;
  cb->on_established = on_established;
  cb->on_data = on_data;
  cb->on_gap = on_gap;
  cb->on_anomaly = on_anomaly;
  cb->on_end = on_end;
  cb->on_flip = on_flip;
  cb->on_icmp = on_icmp;
  cb->on_urgent = on_urgent;
  cb->on_conflict = on_conflict;
  cb->on_rst_data = on_rst_data;
}

static void make(world *w, const uint8_t *octets) {
  const tcpflow_mem mem = failmem_table(&w->memory);
  tcpflow_tracker_config config;
  tcpflow_conn_config conn;
  tcpflow_conn_callbacks cb;

  tcpflow_tracker_config_init(&config);
  tcpflow_conn_config_init(&conn);
  config.max_flows = HOSTS - 1;
  config.conn = &conn;
  conn.overlap = octets[0] % TCPFLOW_OVERLAP_COUNT;
  conn.urgent_policy = octets[1] % (TCPFLOW_URGENT_OUT_OF_BAND + 1U);
  conn.max_tail_bytes = octets[1] & 24U;
  conn.reset_linger_ns = (octets[1] & 32U) != 0 ? 0 : TCPFLOW_SECOND;
  w->lossy = octets[1] >> 7;
  listen(&cb);
  MUST(tcpflow_queue_new(&w->queue, TCPFLOW_EVENTS_ALL,
                         w->lossy ? UINT64_C(64) << (octets[0] & 7U) : 0,
                         &mem) == TCPFLOW_OK);
  MUST(tcpflow_tracker_new(&w->pusher, &config, &cb, NULL, &w->pushed) ==
       TCPFLOW_OK);
  MUST(tcpflow_tracker_new(&w->puller, &config,
                           tcpflow_queue_callbacks(w->queue), NULL,
                           w->queue) == TCPFLOW_OK);
}

static void drain(world *w) {
  const tcpflow_event *event = tcpflow_queue_next(w->queue);

  for (; event != NULL; event = tcpflow_queue_next(w->queue)) {
    pulled(&w->pulled, event);
  }
  MUST(w->lossy || w->pushed == w->pulled);
}

/* What a call has answered. */
static void check(world *w, int answer) {
  const int error = tcpflow_queue_error(w->queue);

  MUST(error == TCPFLOW_OK || w->lossy);
  MUST(error == TCPFLOW_OK || error == TCPFLOW_ERR_LIMIT ||
       error == TCPFLOW_ERR_NOMEM);
  MUST(answer == (error == TCPFLOW_OK ? TCPFLOW_OK : TCPFLOW_ERR_CALLBACK));
}

/* Feeds both, each with a frame that nobody has behind it. */
static void feed(world *w, const tcpflow_frame *frame) {
  for (unsigned i = 0; i < 2; i++) {
    tcpflow_frame copy = *frame;
    uint8_t *const bytes = malloc(frame->captured);
    int answer;
    MUST(bytes != NULL);
    memcpy(bytes, frame->bytes, frame->captured);
    copy.bytes = bytes;
    answer =
      tcpflow_tracker_feed(i == 0 ? w->pusher : w->puller, &copy, 1, NULL);
    free(bytes);
    if (i == 0) {
      MUST(answer == TCPFLOW_OK);
    } else {
      check(w, answer);
    }
  }
}

/* --- what is said --- */

static bool build(const world *w, tcpflow_frame *frame, uint8_t *room,
                  size_t size, const uint8_t *step) {
  static const uint16_t flags[] = {0x02, 0x12, 0x10, 0x18,
                                   0x11, 0x04, 0x14, 0x38};
  static const uint8_t payload[64] = "any octets will do, and these as well "
                                     "as any others";
  static const uint8_t options[12] = {1, 1, 8, 10, 0, 0, 0, 7, 0, 0, 0, 0};
  const unsigned server = step[0] >> 5 & 1U;
  tcpflow_tuple tuple;
  tcpflow_build_tcp tcp;

  memset(&tuple, 0, sizeof(tuple));
  tuple.version = 4;
  tuple.address[server][0] = 10;
  tuple.address[!server][0] = 192;
  tuple.port[server] = (uint16_t)(1024 + step[0] % HOSTS);
  tuple.port[!server] = 80;
  tcpflow_build_tcp_init(&tcp);
  tcp.flags = flags[step[1] & 7U];
  tcp.seq = 1000U + step[2];
  tcp.ack = 1000U + step[3];
  tcp.window = 1000;
  tcp.urgent = step[4];
  tcp.payload = payload + (step[5] >> 6);
  tcp.payload_captured = step[5] & 31U;
  tcp.payload_length = tcp.payload_captured;
  tcp.options = options;
  tcp.options_length = (step[5] & 32U) != 0 ? sizeof(options) : 0;
  if (tcpflow_build_segment(frame, room, size, TCPFLOW_LINK_RAW, &tuple,
                            &tcp) != TCPFLOW_OK) {
    return false;
  }
  frame->time = w->now;
  return true;
}

/* An ICMP error that quotes the segment. */
static void quote(tcpflow_frame *frame, uint8_t *ip) {
  const uint32_t n = frame->captured < 60 ? frame->captured : 60;

  memset(ip, 0, 28);
  ip[0] = 0x45;
  ip[3] = (uint8_t)(28 + n);
  ip[8] = 64;
  ip[9] = 1;
  memcpy(ip + 12, frame->bytes + 16, 4);
  memcpy(ip + 16, frame->bytes + 12, 4);
  ip[20] = 3;
  memcpy(ip + 28, frame->bytes, n);
  frame->bytes = ip;
  frame->captured = 28 + n;
  frame->length = 28 + n;
}

static void take_step(world *w, const uint8_t *step) {
  uint8_t room[200];
  uint8_t error[100];
  tcpflow_frame frame;

  w->now += (tcpflow_time)step[6] << (step[1] >> 3);
  if (w->lossy) {
    w->memory.fail_at = step[7] < 4 ? w->memory.requests + 1 : 0;
  }
  if (step[0] >> 6 == 3) {
    MUST(tcpflow_tracker_advance(w->pusher, w->now) == TCPFLOW_OK);
    check(w, tcpflow_tracker_advance(w->puller, w->now));
  } else if (build(w, &frame, room, sizeof(room), step)) {
    if (step[0] >> 6 == 2) {
      quote(&frame, error);
    }
    feed(w, &frame);
  }
  if ((step[7] & 1U) != 0) {
    drain(w);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  world *const w = calloc(1, sizeof(*w));

  MUST(w != NULL);
  if (size < 2) {
    free(w);
    return 0;
  }
  w->now = 1000 * TCPFLOW_SECOND;
  make(w, data);
  data += 2;
  size -= 2;
  for (unsigned i = 0; i < STEPS_MAX && size >= STEP; i++) {
    take_step(w, data);
    data += STEP;
    size -= STEP;
  }
  w->memory.fail_at = 0;
  MUST(tcpflow_tracker_flush(w->pusher) == TCPFLOW_OK);
  check(w, tcpflow_tracker_flush(w->puller));
  drain(w);
  tcpflow_tracker_del(w->pusher);
  tcpflow_tracker_del(w->puller);
  tcpflow_queue_del(w->queue);
  MUST(w->memory.live_blocks == 0);
  free(w);
  return 0;
}
