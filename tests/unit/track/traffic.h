/*
 * tests/unit/track/traffic.h - frames to feed a tracker with, and a log of what
 * it tells.
 *
 * A `talk` writes one frame after the other into a store that stays until it is
 * cleared, so that the same frames can be fed in any batches.  A `journal`
 * holds one line an event, with everything in it that a caller sees.
 */
#ifndef TCPFLOW_TESTS_TRAFFIC_H
#define TCPFLOW_TESTS_TRAFFIC_H

#include <tcpflow/build.h>
#include <tcpflow/tracker.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_ROOM 160

typedef struct talk {
  tcpflow_frame *frame;
  size_t count;
  size_t room;
  tcpflow_time now; /* Of the next frame. */
} talk;

/* One segment; the rest is default. */
typedef struct say {
  tcpflow_tuple tuple; /* Sender first. */
  unsigned flags;
  tcpflow_seq seq;
  tcpflow_seq ack;
  uint32_t payload;
  uint8_t wrong_checksum;
} say;

static inline void talk_clear(talk *t) {
  for (size_t i = 0; i < t->count; i++) {
    free((void *)(uintptr_t)t->frame[i].bytes);
  }
  free(t->frame);
  memset(t, 0, sizeof(*t));
}

/* IPv4: 10.x.x.x port CLIENT % 50000 + 10000 to 192.168.0.1 port 443. */
static inline tcpflow_tuple tuple_of(uint32_t client) {
  tcpflow_tuple tuple;

  memset(&tuple, 0, sizeof(tuple));
  tuple.version = 4;
  tuple.address[0][0] = 10;
  tuple.address[0][1] = (uint8_t)(client >> 16 & 0xff);
  tuple.address[0][2] = (uint8_t)(client >> 8 & 0xff);
  tuple.address[0][3] = (uint8_t)(client & 0xff);
  tuple.address[1][0] = 192;
  tuple.address[1][1] = 168;
  tuple.address[1][3] = 1;
  tuple.port[0] = (uint16_t)(client % 50000 + 10000);
  tuple.port[1] = 443;
  return tuple;
}

static inline tcpflow_tuple tuple_back(const tcpflow_tuple *tuple) {
  tcpflow_tuple back = *tuple;

  memcpy(back.address[0], tuple->address[1], 16);
  memcpy(back.address[1], tuple->address[0], 16);
  back.port[0] = tuple->port[1];
  back.port[1] = tuple->port[0];
  return back;
}

/* OPTIONS are LENGTH octets. */
static inline tcpflow_frame frame_build_with(uint8_t *buffer, size_t room,
                                             const say *what,
                                             const uint8_t *options,
                                             uint8_t length) {
  static const uint8_t octets[64] = "abcdefghijklmnopqrstuvwxyz";
  tcpflow_build_tcp tcp;
  tcpflow_frame frame;

  tcpflow_build_tcp_init(&tcp);
  tcp.seq = what->seq;
  tcp.ack = what->ack;
  tcp.flags = (uint16_t)what->flags;
  tcp.window = 65535;
  tcp.options = options;
  tcp.options_length = length;
  tcp.payload = octets;
  tcp.payload_captured = what->payload < 64 ? what->payload : 64;
  tcp.payload_length = what->payload;
  tcp.checksum_mode =
    what->wrong_checksum ? TCPFLOW_BUILD_WRONG : TCPFLOW_BUILD_RIGHT;
  if (tcpflow_build_segment(&frame, buffer, room, TCPFLOW_LINK_ETHERNET,
                            &what->tuple, &tcp) != TCPFLOW_OK) {
    fprintf(stderr, "traffic: cannot build a frame\n");
    abort();
  }
  return frame;
}

static inline tcpflow_frame frame_build(uint8_t *buffer, size_t room,
                                        const say *what) {
  return frame_build_with(buffer, room, what, NULL, 0);
}

/* Copies a frame, and gives it its time and number. */
static inline void talk_frame(talk *t, const tcpflow_frame *what) {
  tcpflow_frame frame = *what;
  uint8_t *kept = (uint8_t *)malloc(frame.captured);

  if (t->count == t->room) {
    t->room = t->room * 2 + 64;
    t->frame = (tcpflow_frame *)realloc(t->frame, t->room * sizeof(*t->frame));
  }
  if (kept == NULL || t->frame == NULL) {
    abort();
  }
  memcpy(kept, frame.bytes, frame.captured);
  frame.bytes = kept;
  frame.time = t->now;
  frame.number = t->count;
  t->frame[t->count++] = frame;
}

static inline void talk_say(talk *t, const say *what) {
  uint8_t buffer[FRAME_ROOM + 256];
  const tcpflow_frame frame = frame_build(buffer, sizeof(buffer), what);

  talk_frame(t, &frame);
}

/* A segment in a VXLAN (RFC 7348 section 5) of a number, or in none. */
static inline void talk_in_vxlan(talk *t, const say *what, uint32_t vni) {
  uint8_t buffer[FRAME_ROOM];
  const tcpflow_tuple outer = {.version = 4,
                               .address = {{172, 16, 0, 1}, {172, 16, 0, 2}}};
  tcpflow_build_layer vxlan;
  tcpflow_build_tcp tcp;
  tcpflow_builder builder;
  tcpflow_frame frame;

  tcpflow_build_tcp_init(&tcp);
  tcp.seq = what->seq;
  tcp.ack = what->ack;
  tcp.flags = (uint16_t)what->flags;
  tcpflow_build_layer_init(&vxlan);
  vxlan.id = vni;
  tcpflow_builder_init(&builder, buffer, sizeof(buffer));
  tcpflow_builder_tcp(&builder, &what->tuple, &tcp);
  tcpflow_builder_ip(&builder, &what->tuple, NULL);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_ETHERNET, NULL);
  if (vni != 0) {
    tcpflow_builder_layer(&builder, TCPFLOW_LAYER_VXLAN, &vxlan);
    tcpflow_builder_layer(&builder, TCPFLOW_LAYER_UDP, NULL);
    tcpflow_builder_ip(&builder, &outer, NULL);
    tcpflow_builder_link(&builder, TCPFLOW_LINK_ETHERNET, NULL);
  }
  if (tcpflow_builder_finish(&builder, &frame) != TCPFLOW_OK) {
    fprintf(stderr, "traffic: cannot build a frame\n");
    abort();
  }
  talk_frame(t, &frame);
}

/* From the client: FLAGS seq(PAYLOAD) ack. */
static inline void talk_up(talk *t, uint32_t client, unsigned flags,
                           uint32_t seq, uint32_t ack, uint32_t payload) {
  const say what = {tuple_of(client), flags, seq, ack, payload, 0};

  talk_say(t, &what);
}

/* From the server. */
static inline void talk_down(talk *t, uint32_t client, unsigned flags,
                             uint32_t seq, uint32_t ack, uint32_t payload) {
  const tcpflow_tuple there = tuple_of(client);
  const say what = {tuple_back(&there), flags, seq, ack, payload, 0};

  talk_say(t, &what);
}

enum {
  F_S = TCPFLOW_FLAG_SYN,
  F_SA = TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK,
  F_A = TCPFLOW_FLAG_ACK,
  F_PA = TCPFLOW_FLAG_PSH | TCPFLOW_FLAG_ACK,
  F_FA = TCPFLOW_FLAG_FIN | TCPFLOW_FLAG_ACK,
  F_R = TCPFLOW_FLAG_RST,
  F_RA = TCPFLOW_FLAG_RST | TCPFLOW_FLAG_ACK
};

/* C > S: S 1000; S > C: S. 5000 ack 1001; C > S: . ack 5001 */
static inline void talk_open(talk *t, uint32_t client) {
  talk_up(t, client, F_S, 1000, 0, 0);
  talk_down(t, client, F_SA, 5000, 1001, 0);
  talk_up(t, client, F_A, 1001, 5001, 0);
}

/* C > S: F. 1001; S > C: F. 5001 ack 1002; C > S: . ack 5002 */
static inline void talk_close(talk *t, uint32_t client) {
  talk_up(t, client, F_FA, 1001, 5001, 0);
  talk_down(t, client, F_FA, 5001, 1002, 0);
  talk_up(t, client, F_A, 1002, 5002, 0);
}

/* Feeds what was said, which is forgotten then.  Answers as
   tcpflow_tracker_feed() does. */
static inline int talk_feed(talk *t, tcpflow_tracker *tracker) {
  const int error = tcpflow_tracker_feed(tracker, t->frame, t->count, NULL);

  talk_clear(t);
  return error;
}

/* --- frames that hold several packets --- */

enum {
  WIFI = 26,
  SUBFRAME = 14,
  LLC = 8,
  ETHERNET = 14
};

/*
 * The packets of a talk as one 802.11 frame: QoS data with "A-MSDU present"
 * (IEEE 802.11-2020 section 9.2.4.5.9), and subframes of destination, source,
 * length and LLC, of which all but the last are padded to 4 octets (section
 * 9.3.2.2.2).  Time and number are those of every frame in the talk.
 */
static inline tcpflow_frame talk_aggregate(const talk *t, uint8_t *bytes) {
  static const uint8_t wifi[WIFI] = {0x88, [24] = 0x80};
  static const uint8_t llc[LLC] = {0xaa, 0xaa, 3, 0, 0, 0, 8, 0};
  uint32_t at = WIFI;

  memcpy(bytes, wifi, WIFI);
  for (size_t i = 0; i < t->count; i++) {
    const uint32_t size = t->frame[i].captured - ETHERNET;
    const uint32_t padding = i == 0 ? 0 : (4 - (at - WIFI) % 4) % 4;
    memset(bytes + at, 0, padding);
    at += padding;
    memset(bytes + at, 2, 12);
    bytes[at + 12] = (uint8_t)((LLC + size) >> 8);
    bytes[at + 13] = (uint8_t)((LLC + size) & 0xff);
    memcpy(bytes + at + SUBFRAME, llc, LLC);
    memcpy(bytes + at + SUBFRAME + LLC, t->frame[i].bytes + ETHERNET, size);
    at += SUBFRAME + LLC + size;
  }
  return (tcpflow_frame){.time = t->now,
                         .bytes = bytes,
                         .captured = at,
                         .length = at,
                         .link = TCPFLOW_LINK_IEEE802_11,
                         .number = t->frame[0].number};
}

/* --- what is told --- */

typedef struct journal {
  char *text;
  size_t length;
  size_t room;
  size_t news;
  size_t ends;
  size_t reason[TCPFLOW_END_UNREACHABLE + 1]; /* Ends, by reason. */
} journal;

__attribute__((format(printf, 2, 3))) static inline void
journal_write(journal *j, const char *format, ...) {
  va_list args;

  if (j->room - j->length < 512) {
    j->room = j->room * 2 + 4096;
    j->text = (char *)realloc(j->text, j->room);
    if (j->text == NULL) {
      abort();
    }
  }
  va_start(args, format);
  j->length += (size_t)vsnprintf(j->text + j->length, 512, format, args);
  va_end(args);
}

static inline void journal_clear(journal *j) {
  free(j->text);
  memset(j, 0, sizeof(*j));
}

/* The connection by the address of who is not at port 443. */
static inline unsigned journal_who(const tcpflow_conn *conn) {
  tcpflow_conn_info info;
  const uint8_t *address;

  tcpflow_conn_info_init(&info);
  if (tcpflow_conn_get_info(conn, &info) != TCPFLOW_OK) {
    abort();
  }
  address = info.tuple.address[info.tuple.port[0] == 443];
  return (unsigned)address[1] << 16 | (unsigned)address[2] << 8 | address[3];
}

static inline int journal_new(tcpflow_conn *conn, const tcpflow_new_event *e,
                              void *user) {
  journal *const j = (journal *)user;

  j->news++;
  journal_write(j, "%llu %u new\n", (unsigned long long)e->time,
                journal_who(conn));
  return 0;
}

static inline int journal_segment(tcpflow_conn *conn,
                                  const tcpflow_segment_event *e, void *user) {
  journal_write((journal *)user, "%llu %u segment %llu %llx side %d\n",
                (unsigned long long)e->time, journal_who(conn),
                (unsigned long long)e->segment->number,
                (unsigned long long)e->verdict, (int)e->side);
  return 0;
}

static inline int journal_state(tcpflow_conn *conn,
                                const tcpflow_state_event *e, void *user) {
  journal_write((journal *)user, "%llu %u state %d %d>%d\n",
                (unsigned long long)e->time, journal_who(conn), (int)e->side,
                (int)e->from, (int)e->to);
  return 0;
}

static inline int journal_data(tcpflow_conn *conn, const tcpflow_data_event *e,
                               void *user) {
  journal_write((journal *)user, "%llu %u data %d %llu+%u\n",
                (unsigned long long)e->time, journal_who(conn), (int)e->side,
                (unsigned long long)e->data->offset, (unsigned)e->data->length);
  return 0;
}

static inline int journal_end(tcpflow_conn *conn, const tcpflow_end_event *e,
                              void *user) {
  journal *const j = (journal *)user;

  j->ends++;
  j->reason[e->reason]++;
  journal_write(j, "%llu %u end %d\n", (unsigned long long)e->time,
                journal_who(conn), (int)e->reason);
  return 0;
}

static inline tcpflow_conn_callbacks journal_callbacks(void) {
  tcpflow_conn_callbacks callbacks;

  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_new = journal_new;
  callbacks.on_segment = journal_segment;
  callbacks.on_state = journal_state;
  callbacks.on_data = journal_data;
  callbacks.on_end = journal_end;
  return callbacks;
}

/* --- short cuts --- */

static inline tcpflow_tracker_stats stats_of(const tcpflow_tracker *tracker) {
  tcpflow_tracker_stats stats;

  tcpflow_tracker_stats_init(&stats);
  if (tcpflow_tracker_get_stats(tracker, &stats) != TCPFLOW_OK) {
    abort();
  }
  return stats;
}

/* A small reproducible source of numbers (xorshift64*). */
static inline uint64_t dice(uint64_t *state) {
  *state ^= *state >> 12;
  *state ^= *state << 25;
  *state ^= *state >> 27;
  return *state >> 3;
}

#endif /* TCPFLOW_TESTS_TRAFFIC_H */
