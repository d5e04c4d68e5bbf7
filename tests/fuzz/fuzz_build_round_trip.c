/*
 * tests/fuzz/fuzz_build_round_trip.c - what is built without damage is decoded
 * to what was asked for; what is built with damage is decoded all the same.
 *
 * Input: a stream of octets, of which each choice takes the next ones; when it
 * is over, choices are 0.
 */
#include <tcpflow/build.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/decode/invariants.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct choices {
  const uint8_t *data;
  size_t left;
} choices;

static uint8_t choose(choices *c) {
  if (c->left == 0) {
    return 0;
  }
  c->left--;
  return *c->data++;
}

static uint32_t choose32(choices *c) {
  uint32_t number = 0;

  for (int i = 0; i < 4; i++) {
    number = number << 8 | choose(c);
  }
  return number;
}

static void must(int good, const char *what) {
  if (!good) {
    fprintf(stderr, "%s\n", what);
    abort();
  }
}

/* A plan, and what decoding must find. */
typedef struct plan {
  tcpflow_tuple tuple;
  tcpflow_build_tcp tcp;
  tcpflow_build_ip ip;
  tcpflow_build_link fields;
  uint32_t link;
  uint32_t tags;
  uint32_t extensions;
  uint32_t vlan;
  int damaged;
  uint8_t octets[128];
} plan;

static void plan_tuple(plan *p, choices *c) {
  memset(&p->tuple, 0, sizeof(p->tuple));
  p->tuple.version = choose(c) % 2 == 0 ? 4 : 6;
  for (size_t i = 0; i < 2; i++) {
    p->tuple.port[i] = (uint16_t)(choose32(c) & 0xffff);
    for (size_t k = 0; k < (p->tuple.version == 4 ? 4U : 16U); k++) {
      p->tuple.address[i][k] = choose(c);
    }
  }
}

static void plan_tcp(plan *p, choices *c) {
  tcpflow_build_tcp_init(&p->tcp);
  p->tcp.seq = choose32(c);
  p->tcp.ack = choose32(c);
  p->tcp.flags = (uint16_t)(choose32(c) & TCPFLOW_FLAGS_ALL);
  p->tcp.window = (uint16_t)(choose32(c) & 0xffff);
  p->tcp.urgent = (uint16_t)(choose32(c) & 0xffff);
  p->tcp.reserved_bits = choose(c) & 7;
  p->tcp.options = p->octets;
  p->tcp.options_length = choose(c) % 41;
  p->tcp.payload = p->octets + 40;
  p->tcp.payload_captured = choose(c) % 80;
  p->tcp.payload_length = p->tcp.payload_captured;
  if (choose(c) % 4 == 0) {
    p->tcp.payload_length += choose32(c) & 0xfffff;
  }
  p->tcp.checksum_mode = choose(c) % 5;
  p->tcp.checksum = (uint16_t)(choose32(c) & 0xffff);
}

static void plan_damage(plan *p, choices *c) {
  p->damaged = choose(c) % 3 == 0;
  if (!p->damaged) {
    return;
  }
  p->tcp.offset_mode = choose(c) % 3;
  p->tcp.data_offset = choose(c) & 15;
  p->ip.header_mode = choose(c) % 3;
  p->ip.header_words = choose(c) & 15;
  p->ip.length_mode = choose(c) % 3;
  p->ip.length = choose32(c) & 0xffff;
  p->ip.fragment = (uint16_t)(choose32(c) & 0xffff);
}

static void plan_rest(plan *p, choices *c) {
  static const uint32_t links[] = {
    TCPFLOW_LINK_ETHERNET, TCPFLOW_LINK_LINUX_SLL, TCPFLOW_LINK_LINUX_SLL2,
    TCPFLOW_LINK_RAW,      TCPFLOW_LINK_NULL,      TCPFLOW_LINK_LOOP,
    TCPFLOW_LINK_RAW_12,   TCPFLOW_LINK_RAW_14};

  tcpflow_build_ip_init(&p->ip);
  p->ip.id = (uint16_t)(choose32(c) & 0xffff);
  p->ip.ttl = choose(c);
  p->ip.tos = choose(c);
  p->ip.flow_label = choose32(c) & 0xfffff;
  p->ip.options = p->octets + 3;
  p->ip.options_length = choose(c) % 41;
  tcpflow_build_link_init(&p->fields);
  p->fields.pad = choose(c) & 1;
  p->fields.byte_order = choose(c) & 1;
  p->link = links[choose(c) % 8];
  p->tags = p->link == TCPFLOW_LINK_ETHERNET ? choose(c) % 9 : 0;
  p->extensions = p->tuple.version == 6 ? choose(c) % 9 : 0;
  for (size_t i = 0; i < sizeof(p->octets); i++) {
    p->octets[i] = choose(c);
  }
}

static void put_extensions(plan *p, choices *c, tcpflow_builder *builder) {
  /* A routing header would move the final destination; the checksum follows
     it, and that is what the fuzzer is to find wrong. */
  static const uint8_t types[] = {0, 43, 60, 51, 135, 139, 140, 44};

  for (uint32_t i = 0; i < p->extensions; i++) {
    const uint8_t type = types[choose(c) % 8];

    /* A body of zeros makes an atomic fragment, and options that are good. */
    static const uint8_t zeros[64];
    tcpflow_builder_extension(builder, type, type == 43 ? p->octets : zeros,
                              type == 44 ? 6 : choose(c) % 64);
  }
}

static void put_tags(plan *p, choices *c, tcpflow_builder *builder) {
  static const uint16_t types[] = {0x8100, 0x88a8, 0x9100};

  p->vlan = 0;
  for (uint32_t i = 0; i < p->tags; i++) {
    const uint16_t control = (uint16_t)(choose32(c) & 0xffff);
    const uint32_t mark = 0x1000U | (control & 0xfffU);

    tcpflow_builder_vlan(builder, types[choose(c) % 3], control);
    /* Put in front, it is the outer one; the first one is the innermost. */
    p->vlan = i == 0 ? mark : (p->vlan & 0xffffU) | mark << 16;
  }
  p->vlan = p->tags == 1 ? p->vlan << 16 : p->vlan;
}

static void check_verdict(const plan *p, const tcpflow_packet *packet) {
  const tcpflow_checksum verdict = tcpflow_packet_checksum(packet);

  if (p->tcp.payload_captured < p->tcp.payload_length) {
    must(verdict == TCPFLOW_CHECKSUM_UNCOVERED, "verdict of a cut segment");
    return;
  }
  must(p->tcp.checksum_mode != TCPFLOW_BUILD_RIGHT ||
         verdict == TCPFLOW_CHECKSUM_OK,
       "a right checksum");
  must(p->tcp.checksum_mode != TCPFLOW_BUILD_WRONG ||
         verdict == TCPFLOW_CHECKSUM_BAD,
       "a wrong checksum");
  must(p->tcp.checksum_mode != TCPFLOW_BUILD_PARTIAL ||
         verdict == TCPFLOW_CHECKSUM_PARTIAL ||
         verdict == TCPFLOW_CHECKSUM_ABSENT || verdict == TCPFLOW_CHECKSUM_OK,
       "a partial checksum");
}

static void check_undamaged(const plan *p, const tcpflow_packet *packet) {
  tcpflow_tuple tuple = p->tuple;

  tuple.vlan = p->vlan;
  must(packet->kind == TCPFLOW_PACKET_TCP, "kind");
  must(memcmp(&packet->tuple, &tuple, sizeof(tuple)) == 0, "tuple");
  must(packet->tag_count == p->tags, "tags");
  must(packet->seq == p->tcp.seq && packet->ack == p->tcp.ack, "numbers");
  must(packet->flags == p->tcp.flags && packet->window == p->tcp.window &&
         packet->urgent == p->tcp.urgent &&
         packet->reserved_bits == p->tcp.reserved_bits,
       "flags, window, urgent pointer");
  must(packet->options_length == (p->tcp.options_length + 3) / 4 * 4 &&
         memcmp(packet->bytes + packet->tcp_offset + 20, p->tcp.options,
                p->tcp.options_length) == 0,
       "options");
  must(packet->payload_length == p->tcp.payload_length &&
         packet->payload_captured == p->tcp.payload_captured &&
         memcmp(packet->bytes + packet->payload_offset, p->tcp.payload,
                p->tcp.payload_captured) == 0,
       "payload");
  must(packet->ip_ttl == p->ip.ttl && packet->ip_tos == p->ip.tos, "IP");
  check_verdict(p, packet);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  choices c = {data, size};
  uint8_t room[2048];
  tcpflow_builder builder;
  tcpflow_packet packet;
  tcpflow_frame frame;
  plan p;

  plan_tuple(&p, &c);
  plan_tcp(&p, &c);
  plan_rest(&p, &c);
  plan_damage(&p, &c);
  tcpflow_builder_init(&builder, room, sizeof(room));
  tcpflow_builder_tcp(&builder, &p.tuple, &p.tcp);
  put_extensions(&p, &c, &builder);
  tcpflow_builder_ip(&builder, &p.tuple, &p.ip);
  put_tags(&p, &c, &builder);
  tcpflow_builder_link(&builder, p.link, &p.fields);
  must(tcpflow_builder_finish(&builder, &frame) == TCPFLOW_OK, "building");

  tcpflow_packet_init(&packet);
  must(tcpflow_packet_decode(&packet, &frame, NULL) == TCPFLOW_OK, "decoding");
  if (packet_violation(&packet) != NULL) {
    must(0, packet_violation(&packet));
  }
  if (!p.damaged) {
    check_undamaged(&p, &packet);
  }
  return 0;
}
