/*
 * tests/unit/decode/shells.h - frames with tunnels, and what decoding them must
 * say.
 *
 * A stack is listed from the inside out, as it is built: what stands behind the
 * inner IP header comes from frames.h.
 */
#ifndef TCPFLOW_TESTS_SHELLS_H
#define TCPFLOW_TESTS_SHELLS_H

#include "unit/decode/frames.h"

/* One header; IPv4 and IPv6 have the outer addresses and no fields. */
typedef struct shell {
  tcpflow_layer_type type;
  tcpflow_build_layer fields;
} shell;

#define SHELL_COUNT(stack) (sizeof(stack) / sizeof((stack)[0]))

/* 192.0.2.1 > 192.0.2.2, or 2001:db8:ffff::1 > 2001:db8:ffff::2 */
static inline tcpflow_tuple shells_outer(uint8_t version) {
  static const uint8_t ipv4[16] = {192, 0, 2, 0};
  static const uint8_t ipv6[16] = {0x20, 0x01, 0x0d, 0xb8, 0xff, 0xff};
  tcpflow_tuple tuple = {.version = version};

  for (size_t i = 0; i < 2; i++) {
    memcpy(tuple.address[i], version == 6 ? ipv6 : ipv4, 16);
    tuple.address[i][version == 6 ? 15 : 3] = (uint8_t)(i + 1);
  }
  return tuple;
}

static inline void shells_put(tcpflow_builder *builder, const shell *one) {
  tcpflow_build_layer fields = one->fields;

  if (one->type == TCPFLOW_LAYER_IPV4 || one->type == TCPFLOW_LAYER_IPV6) {
    const tcpflow_tuple outer =
      shells_outer(one->type == TCPFLOW_LAYER_IPV4 ? 4 : 6);

    tcpflow_builder_ip(builder, &outer, NULL);
    return;
  }
  fields.size = sizeof(fields);
  tcpflow_builder_layer(builder, one->type, &fields);
}

/* The segment of frames.h over IP of VERSION inside COUNT headers and an
   Ethernet header. */
static inline void shells_make(made_frame *made, uint8_t version,
                               const shell *stack, size_t count) {
  const tcpflow_tuple tuple = frames_tuple(version);
  tcpflow_builder builder;

  frames_begin(made, &builder, version);
  tcpflow_builder_ip(&builder, &tuple, NULL);
  for (size_t i = 0; i < count; i++) {
    shells_put(&builder, &stack[i]);
  }
  tcpflow_builder_link(&builder, TCPFLOW_LINK_ETHERNET, NULL);
  frames_finish(made, &builder);
}

/* A configuration that enters every tunnel. */
static inline tcpflow_decode_config shells_config(void) {
  tcpflow_decode_config config;

  tcpflow_decode_config_init(&config);
  config.tunnels = UINT64_MAX;
  return config;
}

static inline tcpflow_packet shells_decode(const made_frame *made) {
  const tcpflow_decode_config config = shells_config();

  return frames_decode_with(&made->frame, &config);
}

/* NULL, or what is wrong about a packet that must hold the segment. */
static inline const char *shells_wrong(const tcpflow_packet *packet,
                                       uint8_t version) {
  tcpflow_tuple want = frames_tuple(version);

  want.vlan = packet->tuple.vlan;
  want.tunnel = packet->tuple.tunnel;
  PACKET_MUST(packet->kind == TCPFLOW_PACKET_TCP);
  PACKET_MUST(memcmp(&packet->tuple, &want, sizeof(want)) == 0);
  PACKET_MUST(packet->seq == 1000 && packet->ack == 2000);
  PACKET_MUST(packet->window == 512 && packet->flags == 0x18);
  PACKET_MUST(packet->options_length == 12 && packet->payload_length == 5);
  PACKET_MUST(tcpflow_packet_checksum(packet) == TCPFLOW_CHECKSUM_OK);
  return NULL;
}

/* NULL, or what is wrong about the layers: Ethernet, the stack from the outside
   in, inner IP, TCP. */
static inline const char *shells_wrong_layers(const tcpflow_packet *packet,
                                              uint8_t version,
                                              const shell *stack,
                                              size_t count) {
  PACKET_MUST(packet->layer_count == count + 3);
  PACKET_MUST(packet->layer[0].type == TCPFLOW_LAYER_ETHERNET);
  for (size_t i = 0; i < count; i++) {
    PACKET_MUST(packet->layer[1 + i].type == stack[count - 1 - i].type);
  }
  PACKET_MUST(packet->layer[count + 1].type ==
              (version == 4 ? TCPFLOW_LAYER_IPV4 : TCPFLOW_LAYER_IPV6));
  PACKET_MUST(packet->layer[count + 2].type == TCPFLOW_LAYER_TCP);
  return NULL;
}

/* NULL, or what is wrong about the ends of the outer IP header. */
static inline const char *shells_wrong_ends(const tcpflow_packet *packet,
                                            const shell *stack, size_t count) {
  const uint8_t version = stack[count - 1].type == TCPFLOW_LAYER_IPV4 ? 4 : 6;
  const tcpflow_tuple outer = shells_outer(version);
  tcpflow_tuple ends;

  PACKET_MUST(tcpflow_packet_layer_ends(packet, 1, &ends));
  PACKET_MUST(ends.version == version);
  PACKET_MUST(memcmp(ends.address, outer.address, sizeof(ends.address)) == 0);
  PACKET_MUST(
    tcpflow_packet_layer_ends(packet, packet->layer_count - 2U, &ends));
  PACKET_MUST(
    memcmp(ends.address, packet->tuple.address, sizeof(ends.address)) == 0);
  PACKET_MUST(memcmp(ends.port, packet->tuple.port, sizeof(ends.port)) == 0);
  return NULL;
}

static inline void shells_must_be_null(const char *wrong) {
  frames_must(wrong == NULL, wrong == NULL ? "" : wrong);
}

/* Up to TCP's header, a shorter capture is truncated; from there on it says the
   same.  A shorter frame says anything, within the invariants. */
static inline void shells_cut(const made_frame *made) {
  const tcpflow_decode_config config = shells_config();
  const tcpflow_packet whole = shells_decode(made);
  tcpflow_frame cut = made->frame;

  for (uint32_t n = 0; n < made->frame.captured; n++) {
    cut.captured = n;
    cut.length = made->frame.length;
    const tcpflow_packet packet = frames_decode_with(&cut, &config);
    frames_must(packet.kind == (n < whole.tcp_offset + 20
                                  ? TCPFLOW_PACKET_TRUNCATED
                                  : TCPFLOW_PACKET_TCP),
                "the kind of a cut frame");
    frames_must(n < whole.tcp_offset + 20 ||
                  (packet.payload_length == whole.payload_length &&
                   packet.findings >> 2 << 2 ==
                     (packet.findings & TCPFLOW_FINDING_OPTIONS_CUT) +
                       (whole.findings >> 2 << 2)),
                "the lengths of a cut frame");
    cut.length = n;
    (void)frames_decode_with(&cut, &config);
  }
}

/* All of the above. */
static inline tcpflow_packet shells_check(uint8_t version, const shell *stack,
                                          size_t count) {
  static made_frame made;

  shells_make(&made, version, stack, count);
  const tcpflow_packet packet = shells_decode(&made);
  shells_must_be_null(shells_wrong(&packet, version));
  shells_must_be_null(shells_wrong_layers(&packet, version, stack, count));
  shells_must_be_null(shells_wrong_ends(&packet, stack, count));
  shells_cut(&made);
  return packet;
}

/* Each bit of a frame turned around, and each octet set to the ends of its
   range: anything may come out, within the invariants. */
static inline void shells_damage(const made_frame *made) {
  const tcpflow_decode_config config = shells_config();
  static made_frame other;

  for (uint32_t at = 0; at < made->frame.captured; at++) {
    for (int kind = 0; kind < 10; kind++) {
      memcpy(other.room, made->frame.bytes, made->frame.captured);
      other.frame = made->frame;
      other.frame.bytes = other.room;
      other.room[at] = kind < 8   ? (uint8_t)(other.room[at] ^ (1U << kind))
                       : kind < 9 ? 0
                                  : 255;
      (void)frames_decode_with(&other.frame, &config);
    }
  }
}

#endif /* TCPFLOW_TESTS_SHELLS_H */
