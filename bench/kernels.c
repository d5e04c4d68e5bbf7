/*
 * bench/kernels.c - what is measured.
 *
 * Callbacks read what they are told, and do nothing else.  A new kernel is a
 * function and a row in the table at the end.
 */
#include "kernels.h"

#include <stdio.h>
#include <stdlib.h>

/* --- without a tracker --- */

static void feed_null(const kernel *k, const tcpflow_frame *frames,
                      size_t count) {
  for (size_t i = 0; i < count; i++) {
    const uint8_t *const bytes = frames[i].bytes;

    if (frames[i].captured >= 54) {
      k->found->sum += (uint64_t)bytes[12] + bytes[23] + bytes[47];
      k->found->packets++;
    }
  }
}

static void feed_decode(const kernel *k, const tcpflow_frame *frames,
                        size_t count) {
  tcpflow_packet packet;

  tcpflow_packet_init(&packet);
  for (size_t i = 0; i < count; i++) {
    (void)tcpflow_packet_decode(&packet, &frames[i], NULL);
    if (packet.kind == TCPFLOW_PACKET_TCP) {
      k->found->packets++;
      k->found->sum += (uint64_t)packet.seq + packet.ack + packet.window;
    }
  }
}

static void feed_options(const kernel *k, const tcpflow_frame *frames,
                         size_t count) {
  tcpflow_packet packet;
  tcpflow_options options;

  tcpflow_packet_init(&packet);
  tcpflow_options_init(&options);
  for (size_t i = 0; i < count; i++) {
    (void)tcpflow_packet_decode(&packet, &frames[i], NULL);
    if (packet.kind == TCPFLOW_PACKET_TCP) {
      (void)tcpflow_options_parse(
        &options, packet.bytes + packet.tcp_offset + 20, packet.options_length,
        packet.options_captured, packet.flags);
      k->found->packets++;
      k->found->sum += (uint64_t)packet.seq + packet.ack + packet.window +
                       options.mss + options.wscale + options.ts_val +
                       options.ts_ecr;
    }
  }
}

/* --- with one --- */

static int on_new(tcpflow_conn *conn, const tcpflow_new_event *event,
                  void *user) {
  (void)conn;
  ((finding *)user)->sum += event->role;
  return 0;
}

static int on_new_to_ignore(tcpflow_conn *conn, const tcpflow_new_event *event,
                            void *user) {
  (void)event;
  (void)user;
  tcpflow_conn_ignore(conn);
  return 0;
}

static int on_segment(tcpflow_conn *conn, const tcpflow_segment_event *event,
                      void *user) {
  (void)conn;
  ((finding *)user)->packets++;
  ((finding *)user)->sum += event->verdict;
  return 0;
}

static int on_state(tcpflow_conn *conn, const tcpflow_state_event *event,
                    void *user) {
  (void)conn;
  ((finding *)user)->sum += event->to;
  return 0;
}

static int on_established(tcpflow_conn *conn,
                          const tcpflow_established_event *event, void *user) {
  (void)conn;
  ((finding *)user)->sum += event->kind;
  return 0;
}

static int on_data(tcpflow_conn *conn, const tcpflow_data_event *event,
                   void *user) {
  (void)conn;
  ((finding *)user)->octets += event->data->length;
  return 0;
}

static int on_gap(tcpflow_conn *conn, const tcpflow_gap_event *event,
                  void *user) {
  (void)conn;
  ((finding *)user)->gaps += event->gap->length;
  return 0;
}

static int on_anomaly(tcpflow_conn *conn, const tcpflow_anomaly_event *event,
                      void *user) {
  (void)conn;
  ((finding *)user)->sum += event->anomaly;
  return 0;
}

static int on_end(tcpflow_conn *conn, const tcpflow_end_event *event,
                  void *user) {
  (void)conn;
  ((finding *)user)->connections++;
  ((finding *)user)->sum += event->kind;
  return 0;
}

/* What a record of a connection is made of. */
static int on_end_with_facts(tcpflow_conn *conn, const tcpflow_end_event *event,
                             void *user) {
  tcpflow_conn_info info;

  tcpflow_conn_info_init(&info);
  if (tcpflow_conn_get_info(conn, &info) == TCPFLOW_OK) {
    ((finding *)user)->sum += (uint64_t)info.role + info.ecn;
  }
  return on_end(conn, event, user);
}

static int on_flip(tcpflow_conn *conn, const tcpflow_flip_event *event,
                   void *user) {
  (void)conn;
  ((finding *)user)->sum += event->role;
  return 0;
}

static int on_icmp(tcpflow_conn *conn, const tcpflow_icmp_event *event,
                   void *user) {
  (void)conn;
  ((finding *)user)->sum += event->mtu;
  return 0;
}

static int on_urgent(tcpflow_conn *conn, const tcpflow_urgent_event *event,
                     void *user) {
  (void)conn;
  ((finding *)user)->sum += event->offset;
  return 0;
}

static int on_conflict(tcpflow_conn *conn, const tcpflow_conflict_event *event,
                       void *user) {
  (void)conn;
  ((finding *)user)->sum += event->side;
  return 0;
}

static int on_rst_data(tcpflow_conn *conn, const tcpflow_rst_data_event *event,
                       void *user) {
  (void)conn;
  ((finding *)user)->sum += event->length;
  return 0;
}

static void listen_to_nothing(tcpflow_conn_callbacks *callbacks) {
  (void)callbacks;
}

static void listen_to_ignore(tcpflow_conn_callbacks *callbacks) {
  callbacks->on_new = on_new_to_ignore;
  callbacks->on_end = on_end;
}

static void listen_to_streams(tcpflow_conn_callbacks *callbacks) {
  callbacks->on_data = on_data;
  callbacks->on_gap = on_gap;
  callbacks->on_end = on_end;
}

static void listen_to_verdicts(tcpflow_conn_callbacks *callbacks) {
  callbacks->on_segment = on_segment;
  callbacks->on_end = on_end;
}

static void listen_to_facts(tcpflow_conn_callbacks *callbacks) {
  callbacks->on_new = on_new;
  callbacks->on_segment = on_segment;
  callbacks->on_state = on_state;
  callbacks->on_established = on_established;
  callbacks->on_anomaly = on_anomaly;
  callbacks->on_end = on_end_with_facts;
}

static void listen_to_all(tcpflow_conn_callbacks *callbacks) {
  listen_to_facts(callbacks);
  callbacks->on_end = on_end;
  callbacks->on_data = on_data;
  callbacks->on_gap = on_gap;
  callbacks->on_flip = on_flip;
  callbacks->on_icmp = on_icmp;
  callbacks->on_urgent = on_urgent;
  callbacks->on_conflict = on_conflict;
  callbacks->on_rst_data = on_rst_data;
}

static void feed_tracker(const kernel *k, const tcpflow_frame *frames,
                         size_t count) {
  if (tcpflow_tracker_feed(k->tracker, frames, count, NULL) != TCPFLOW_OK) {
    fprintf(stderr, "the tracker does not follow\n");
    exit(EXIT_FAILURE);
  }
}

const kernel kernels[] = {
  {.name = "null", .feed = feed_null},
  {.name = "decode", .feed = feed_decode},
  {.name = "options", .feed = feed_options},
  {.name = "track", .feed = feed_tracker, .listen = listen_to_nothing},
  {.name = "ignored", .feed = feed_tracker, .listen = listen_to_ignore},
  {.name = "streams", .feed = feed_tracker, .listen = listen_to_streams},
  {.name = "verdicts", .feed = feed_tracker, .listen = listen_to_verdicts},
  {.name = "analysis", .feed = feed_tracker, .listen = listen_to_facts},
  {.name = "all", .feed = feed_tracker, .listen = listen_to_all},
  {.name = NULL}};
