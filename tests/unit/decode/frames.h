/*
 * tests/unit/decode/frames.h - frames to decode, and a decoder that stands at a
 * guard page.
 */
#ifndef TCPFLOW_TESTS_FRAMES_H
#define TCPFLOW_TESTS_FRAMES_H

#include <tcpflow/build.h>
#include <tcpflow/packet.h>

#include <stdlib.h>
#include <string.h>

#include "unit/decode/invariants.h"
#include "unit/guard.h"

/* A frame with the buffer it stands in; do not copy it. */
typedef struct made_frame {
  tcpflow_frame frame;
  uint8_t room[4096];
} made_frame;

static const uint8_t frames_timestamps[12] = {1, 1, 8, 10, 0, 0,
                                              0, 1, 0, 0,  0, 2};
static const uint8_t frames_payload[] = "hello";

/* 10.0.0.1.40000 > 10.0.0.2.80, or 2001:db8::1.40000 > 2001:db8::2.80 */
static inline tcpflow_tuple frames_tuple(uint8_t version) {
  static const uint8_t ipv4[16] = {10, 0, 0, 0};
  static const uint8_t ipv6[16] = {0x20, 0x01, 0x0d, 0xb8};
  tcpflow_tuple tuple = {.port = {40000, 80}, .version = version};

  for (size_t i = 0; i < 2; i++) {
    memcpy(tuple.address[i], version == 6 ? ipv6 : ipv4, 16);
    tuple.address[i][version == 6 ? 15 : 3] = (uint8_t)(i + 1);
  }
  return tuple;
}

/* Flags [P.], seq 1000:1005, ack 2000, win 512,
   options [nop,nop,TS val 1 ecr 2], length 5 */
static inline tcpflow_build_tcp frames_segment(void) {
  tcpflow_build_tcp tcp;

  tcpflow_build_tcp_init(&tcp);
  tcp.seq = 1000;
  tcp.ack = 2000;
  tcp.flags = TCPFLOW_FLAG_PSH | TCPFLOW_FLAG_ACK;
  tcp.window = 512;
  tcp.options = frames_timestamps;
  tcp.options_length = sizeof(frames_timestamps);
  tcp.payload = frames_payload;
  tcp.payload_captured = 5;
  return tcp;
}

static inline void frames_must(int good, const char *what) {
  if (!good) {
    fprintf(stderr, "%s\n", what);
    abort();
  }
}

/* Starts a frame that holds the segment above. */
static inline void frames_begin(made_frame *made, tcpflow_builder *builder,
                                uint8_t version) {
  const tcpflow_tuple tuple = frames_tuple(version);
  const tcpflow_build_tcp tcp = frames_segment();

  tcpflow_builder_init(builder, made->room, sizeof(made->room));
  tcpflow_builder_tcp(builder, &tuple, &tcp);
}

static inline void frames_finish(made_frame *made,
                                 const tcpflow_builder *builder) {
  frames_must(tcpflow_builder_finish(builder, &made->frame) == TCPFLOW_OK,
              "a test frame cannot be built");
}

/* The segment above over IP over any link. */
static inline void frames_make(made_frame *made, uint32_t link,
                               uint8_t version) {
  const tcpflow_tuple tuple = frames_tuple(version);
  const tcpflow_build_tcp tcp = frames_segment();

  frames_must(tcpflow_build_segment(&made->frame, made->room,
                                    sizeof(made->room), link, &tuple,
                                    &tcp) == TCPFLOW_OK,
              "a test frame cannot be built");
}

/* The writable octets of a frame, to damage them. */
static inline uint8_t *frames_bytes(made_frame *made) {
  return made->room + (made->frame.bytes - made->room);
}

/* Decodes a copy that ends at a guard page.  The packet's bytes are gone then;
   its numbers are checked for what must always hold. */
static inline tcpflow_packet
frames_decode_with(const tcpflow_frame *frame,
                   const tcpflow_decode_config *config) {
  guard g = guard_put(frame->bytes, frame->captured);
  tcpflow_frame copy = *frame;
  tcpflow_packet packet;

  copy.bytes = frame->bytes == NULL ? NULL : g.bytes;
  memset(&packet, 0x5a, sizeof(packet));
  packet.size = sizeof(packet);
  frames_must(tcpflow_packet_decode(&packet, &copy, config) == TCPFLOW_OK,
              "decoding failed");
  (void)tcpflow_packet_checksum(&packet);
  guard_free(&g);
  if (packet_violation(&packet) != NULL) {
    frames_must(0, packet_violation(&packet));
  }
  packet.bytes = frame->bytes;
  return packet;
}

static inline tcpflow_packet frames_decode(const tcpflow_frame *frame) {
  return frames_decode_with(frame, NULL);
}

/* Decodes octets that were all captured. */
static inline tcpflow_packet
frames_decode_bytes(uint32_t link, const uint8_t *bytes, size_t size) {
  const tcpflow_frame frame = {.bytes = bytes,
                               .captured = (uint32_t)size,
                               .length = (uint32_t)size,
                               .link = link};

  return frames_decode(&frame);
}

/* The number of a layer that has one. */
static inline uint64_t frames_layer_id(const tcpflow_packet *packet,
                                       unsigned index) {
  uint64_t id = 0;

  frames_must(tcpflow_packet_layer_id(packet, index, &id), "no number");
  return id;
}

#endif /* TCPFLOW_TESTS_FRAMES_H */
