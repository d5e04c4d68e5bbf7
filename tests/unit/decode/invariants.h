/*
 * tests/unit/decode/invariants.h - what is true of every decoded packet,
 * whatever its bytes are.
 *
 * Unit tests assert that packet_violation() is NULL; fuzz targets abort.
 */
#ifndef TCPFLOW_TESTS_INVARIANTS_H
#define TCPFLOW_TESTS_INVARIANTS_H

#include <tcpflow/packet.h>

#include <string.h>

#define PACKET_MUST(condition)                                                 \
  if (!(condition)) {                                                          \
    return #condition;                                                         \
  }

/* Layers ascend, and the capture holds at least one octet of each. */
static inline const char *layer_violation(const tcpflow_packet *p) {
  PACKET_MUST(p->layer_count <= TCPFLOW_LAYERS_MAX);
  for (size_t i = 0; i < p->layer_count; i++) {
    PACKET_MUST(p->layer[i].offset < p->captured);
    PACKET_MUST(p->layer[i].reserved == 0);
    PACKET_MUST(p->layer[i].type >= TCPFLOW_LAYER_NULL &&
                p->layer[i].type <= TCPFLOW_LAYER_ICMPV6);
    PACKET_MUST(i == 0 || p->layer[i].offset > p->layer[i - 1].offset);
  }
  return NULL;
}

static inline const char *ip_violation(const tcpflow_packet *p) {
  static const uint8_t zeros[12];

  PACKET_MUST(p->tuple.version == 0 || p->tuple.version == 4 ||
              p->tuple.version == 6);
  if (p->tuple.version == 4) {
    PACKET_MUST(memcmp(p->tuple.address[0] + 4, zeros, 12) == 0);
    PACKET_MUST(memcmp(p->tuple.address[1] + 4, zeros, 12) == 0);
  }
  PACKET_MUST(p->ip_offset <= p->captured);
  /* What a quoted header says may be more than the frame has. */
  PACKET_MUST(p->kind == TCPFLOW_PACKET_ICMP_ERROR ||
              p->ip_length <= p->length - p->ip_offset);
  return NULL;
}

static inline const char *options_violation(const tcpflow_packet *p) {
  PACKET_MUST(p->options_length <= 40);
  PACKET_MUST(p->options_captured <= p->options_length);
  PACKET_MUST(p->options_captured <= p->captured - p->tcp_offset - 20);
  PACKET_MUST((p->options_captured < p->options_length) ==
              ((p->findings & TCPFLOW_FINDING_OPTIONS_CUT) != 0));
  return NULL;
}

static inline const char *payload_violation(const tcpflow_packet *p) {
  PACKET_MUST(p->payload_offset <= p->length);
  PACKET_MUST(p->payload_length <= p->length - p->payload_offset);
  PACKET_MUST(p->payload_captured <= p->payload_length);
  PACKET_MUST(p->payload_captured == 0 ||
              (p->payload_offset <= p->captured &&
               p->payload_captured <= p->captured - p->payload_offset));
  PACKET_MUST(p->payload_captured == p->payload_length ||
              p->captured < p->length);
  return NULL;
}

static inline const char *tcp_violation(const tcpflow_packet *p) {
  const uint32_t bad_offset =
    TCPFLOW_FINDING_TCP_BAD_OFFSET_SHORT | TCPFLOW_FINDING_TCP_BAD_OFFSET_LONG;

  PACKET_MUST(p->ip_protocol == 6 && p->tuple.version != 0);
  PACKET_MUST(p->tcp_offset == p->ip_offset + p->ip_header_length);
  PACKET_MUST(p->tcp_offset <= p->captured);
  PACKET_MUST(p->captured - p->tcp_offset >= 20);
  PACKET_MUST(p->tcp_length >= 20);
  PACKET_MUST(p->tcp_length <= p->length - p->tcp_offset);
  PACKET_MUST(p->ip_header_length + p->tcp_length == p->ip_length);
  PACKET_MUST(p->flags <= TCPFLOW_FLAGS_ALL && p->reserved_bits <= 7);
  if ((p->findings & bad_offset) != 0) {
    PACKET_MUST(p->options_length == 0 && p->payload_length == 0);
    PACKET_MUST(p->header_length < 20 || p->header_length > p->tcp_length);
  } else {
    PACKET_MUST(p->header_length == 20 + p->options_length);
    PACKET_MUST(p->header_length + p->payload_length == p->tcp_length);
  }
  PACKET_MUST(p->layer_count > 0 &&
              p->layer[p->layer_count - 1].type == TCPFLOW_LAYER_TCP &&
              p->layer[p->layer_count - 1].offset == p->tcp_offset);
  return NULL;
}

/* The last layer is TCP, and an ICMP error in front of it quotes it. */
static inline const char *quote_layers_violation(const tcpflow_packet *p) {
  int errors = 0;

  for (size_t i = 0; i < p->layer_count; i++) {
    errors += p->layer[i].type == TCPFLOW_LAYER_ICMP ||
              p->layer[i].type == TCPFLOW_LAYER_ICMPV6;
  }
  PACKET_MUST(errors == 1);
  PACKET_MUST(p->layer[p->layer_count - 1].type == TCPFLOW_LAYER_TCP &&
              p->layer[p->layer_count - 1].offset == p->tcp_offset);
  return NULL;
}

/* Members behind what is quoted are 0. */
static inline const char *quote_violation(const tcpflow_packet *p) {
  const uint32_t there = p->captured - p->tcp_offset;

  PACKET_MUST(p->ip_protocol == 6 && p->tuple.version != 0);
  PACKET_MUST(p->quoted >= 4 && p->quoted <= 60 && p->quoted <= there);
  PACKET_MUST(p->quoted >= 8 || p->seq == 0);
  PACKET_MUST(p->quoted >= 12 || p->ack == 0);
  PACKET_MUST(p->quoted >= 14 || (p->flags == 0 && p->header_length == 0));
  PACKET_MUST(p->quoted >= 16 || p->window == 0);
  PACKET_MUST(p->quoted >= 20 || (p->checksum == 0 && p->urgent == 0));
  PACKET_MUST(p->ip_header_length + p->tcp_length == p->ip_length);
  PACKET_MUST(p->payload_length <= p->tcp_length);
  PACKET_MUST(p->payload_captured <= p->payload_length);
  PACKET_MUST(p->options_length <= 40 &&
              p->options_captured <= p->options_length);
  PACKET_MUST(20 + p->options_captured <= p->quoted ||
              p->options_captured == 0);
  PACKET_MUST(p->payload_captured == 0 ||
              (p->payload_offset <= p->captured &&
               p->payload_captured <= p->captured - p->payload_offset));
  return quote_layers_violation(p);
}

static inline const char *tunnel_violation(const tcpflow_packet *p) {
  PACKET_MUST(p->tunnel_count <= 16);
  PACKET_MUST((p->tuple.tunnel >> 24) <= TCPFLOW_TUNNEL_MPLS_IN_IP);
  PACKET_MUST((p->findings & TCPFLOW_FINDING_TOO_MANY_TUNNELS) == 0 ||
              p->kind == TCPFLOW_PACKET_UNSUPPORTED);
  PACKET_MUST((p->findings & TCPFLOW_FINDING_TUNNEL_OFF) == 0 ||
              p->kind == TCPFLOW_PACKET_UNSUPPORTED);
  if (p->kind != TCPFLOW_PACKET_ICMP_ERROR) {
    PACKET_MUST(p->quoted == 0 && p->icmp_type == 0 && p->icmp_code == 0 &&
                p->icmp_mtu == 0);
  }
  PACKET_MUST(p->next_offset <= p->captured);
  PACKET_MUST((p->next_offset != 0) ==
              ((p->findings & TCPFLOW_FINDING_AGGREGATE) != 0));
  return NULL;
}

/* NULL, or the condition that does not hold. */
static inline const char *packet_violation(const tcpflow_packet *p) {
  const char *wrong = layer_violation(p);

  PACKET_MUST(p->kind <= TCPFLOW_PACKET_ICMP_ERROR);
  PACKET_MUST(p->captured <= p->length);
  PACKET_MUST(p->tag_count <= 16);
  PACKET_MUST((p->findings >> TCPFLOW_FINDING_COUNT) == 0);
  wrong = wrong != NULL ? wrong : ip_violation(p);
  wrong = wrong != NULL ? wrong : tunnel_violation(p);
  if (p->kind == TCPFLOW_PACKET_ICMP_ERROR) {
    wrong = wrong != NULL ? wrong : quote_violation(p);
  }
  if (p->kind == TCPFLOW_PACKET_TCP) {
    wrong = wrong != NULL ? wrong : tcp_violation(p);
    wrong = wrong != NULL ? wrong : options_violation(p);
    wrong = wrong != NULL ? wrong : payload_violation(p);
  }
  return wrong;
}

#endif /* TCPFLOW_TESTS_INVARIANTS_H */
