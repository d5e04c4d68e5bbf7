/*
 * tests/fuzz/fuzz_tunnel_round_trip.c - a segment in any stack of tunnels is
 * decoded to itself, and an ICMP error about it to what it quotes; with some
 * octets changed it is decoded all the same.
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

enum {
  ROOM = 4096,
  DEEPEST = 8,
  ICV = 12
};

/* What was put together so far. */
typedef struct plan {
  tcpflow_builder builder;
  uint8_t octets[64];
  tcpflow_tuple inner;
  tcpflow_seq seq;
  uint32_t tunnel; /* Of tcpflow_tuple, by the innermost tunnel that has one. */
  uint32_t layers;
  uint32_t tunnels;
  uint8_t version; /* Of the outermost IP header. */
} plan;

static void put(plan *p, tcpflow_layer_type type, tcpflow_build_layer fields) {
  fields.size = sizeof(fields);
  fields.trailer = p->octets;
  fields.trailer_length = type == TCPFLOW_LAYER_ESP ? ICV : 0;
  tcpflow_builder_layer(&p->builder, type, &fields);
  p->layers++;
}

static tcpflow_tuple choose_tuple(choices *c) {
  tcpflow_tuple tuple = {.version = choose(c) % 2 == 0 ? 4 : 6};

  for (size_t i = 0; i < 2; i++) {
    tuple.port[i] = (uint16_t)(choose32(c) & 0xffff);
    for (size_t k = 0; k < (tuple.version == 4 ? 4U : 16U); k++) {
      tuple.address[i][k] = choose(c);
    }
  }
  return tuple;
}

static void put_ip(plan *p, choices *c) {
  const tcpflow_tuple tuple = choose_tuple(c);

  tcpflow_builder_ip(&p->builder, &tuple, NULL);
  p->version = tuple.version;
  p->layers++;
}

static void put_udp(plan *p, choices *c) {
  put(p, TCPFLOW_LAYER_UDP,
      (tcpflow_build_layer){.port = {(uint16_t)(0xc000 | choose(c)), 0},
                            .checksum_mode = choose(c) % 4});
}

/* The first number that is noted is the innermost one. */
static void note(plan *p, tcpflow_tunnel tunnel, uint32_t number) {
  if (p->tunnel == 0) {
    p->tunnel = (uint32_t)tunnel << 24 | (number & 0xffffff);
  }
}

static void put_frame(plan *p, choices *c) {
  if (choose(c) % 4 == 0) {
    put(p, TCPFLOW_LAYER_VLAN, (tcpflow_build_layer){.id = choose(c)});
  }
  put(p, TCPFLOW_LAYER_ETHERNET, (tcpflow_build_layer){.id = 0});
}

static void put_gre(plan *p, choices *c) {
  const uint32_t flags = (choose32(c) & 0xb) << 12;

  put(p, TCPFLOW_LAYER_GRE,
      (tcpflow_build_layer){.flags = flags,
                            .id = choose32(c),
                            .sequence = choose32(c),
                            .checksum_mode = choose(c) % 4});
}

static void put_nvgre(plan *p, choices *c) {
  const uint32_t key = choose32(c);

  put_frame(p, c);
  put(p, TCPFLOW_LAYER_GRE, (tcpflow_build_layer){.flags = 0x2000, .id = key});
  note(p, TCPFLOW_TUNNEL_GRE, key >> 8);
}

static void put_erspan(plan *p, choices *c) {
  const uint8_t form = choose(c) % 2;

  put_frame(p, c);
  put(
    p, TCPFLOW_LAYER_ERSPAN,
    (tcpflow_build_layer){.form = form,
                          .id = choose32(c),
                          .extra = p->octets,
                          .extra_length = form == 1 && choose(c) % 2 ? 8 : 0});
  put(p, TCPFLOW_LAYER_GRE, (tcpflow_build_layer){.flags = 0x1000});
}

static void put_vxlan(plan *p, choices *c) {
  const uint32_t id = choose32(c);

  put_frame(p, c);
  put(p, TCPFLOW_LAYER_VXLAN, (tcpflow_build_layer){.id = id});
  note(p, TCPFLOW_TUNNEL_VXLAN, id);
  put_udp(p, c);
}

static void put_gpe(plan *p, choices *c) {
  const uint32_t id = choose32(c);

  put(p, TCPFLOW_LAYER_VXLAN, (tcpflow_build_layer){.form = 1, .id = id});
  note(p, TCPFLOW_TUNNEL_VXLAN_GPE, id);
  put_udp(p, c);
}

static void put_geneve(plan *p, choices *c) {
  const uint32_t id = choose32(c);

  put(p, TCPFLOW_LAYER_GENEVE,
      (tcpflow_build_layer){
        .id = id, .extra = p->octets, .extra_length = choose(c) % 65});
  note(p, TCPFLOW_TUNNEL_GENEVE, id);
  put_udp(p, c);
}

static void put_nsh(plan *p, choices *c) {
  put(p, TCPFLOW_LAYER_NSH,
      (tcpflow_build_layer){
        .id = choose32(c), .extra = p->octets, .extra_length = choose(c) % 65});
  put(p, TCPFLOW_LAYER_GRE, (tcpflow_build_layer){.id = 0});
  p->tunnels++;
}

static void put_gtpu(plan *p, choices *c) {
  static const uint8_t extension[8] = {1, 1, 2, 0x85, 1};
  const uint32_t flags = choose(c) & 7;

  put(p, TCPFLOW_LAYER_GTPU,
      (tcpflow_build_layer){.id = choose32(c),
                            .flags = flags,
                            .form = choose(c) % 8 == 7,
                            .sequence = choose32(c),
                            .number = choose(c) | 1U,
                            .extra = extension,
                            .extra_length = (flags & 4) != 0 ? 8 : 0});
  put_udp(p, c);
}

static void put_teredo(plan *p, choices *c) {
  if (p->version != 6) {
    put_ip(p, c);
    p->tunnels++;
    if (p->version != 6) {
      put_gre(p, c);
      return;
    }
  }
  if (choose(c) % 2 == 0) {
    put(p, TCPFLOW_LAYER_TEREDO, (tcpflow_build_layer){.id = choose32(c)});
    put(p, TCPFLOW_LAYER_TEREDO,
        (tcpflow_build_layer){
          .form = 1, .extra = p->octets, .extra_length = choose(c) % 65});
  }
  put_udp(p, c);
}

static void put_ayiya(plan *p, choices *c) {
  put(p, TCPFLOW_LAYER_AYIYA,
      (tcpflow_build_layer){.form = choose(c) % 16,
                            .sequence = choose32(c),
                            .extra = p->octets,
                            .extra_length = UINT32_C(1) << choose(c) % 7});
  put_udp(p, c);
}

static void put_l2tp(plan *p, choices *c) {
  put(p, TCPFLOW_LAYER_PPP, (tcpflow_build_layer){.form = choose(c) % 2});
  put(p, TCPFLOW_LAYER_L2TP,
      (tcpflow_build_layer){.id = choose32(c),
                            .flags = choose32(c) & 0x4a00,
                            .sequence = choose32(c),
                            .extra = p->octets,
                            .extra_length = choose(c) % 65});
  put_udp(p, c);
}

static void put_pptp(plan *p, choices *c) {
  put(p, TCPFLOW_LAYER_PPP, (tcpflow_build_layer){.form = choose(c) % 2});
  put(p, TCPFLOW_LAYER_GRE,
      (tcpflow_build_layer){.flags = 0x2001 | (choose32(c) & 0x1080),
                            .id = choose32(c),
                            .extra = p->octets,
                            .extra_length = 4});
}

static void put_mpls(plan *p, choices *c) {
  put(p, TCPFLOW_LAYER_MPLS,
      (tcpflow_build_layer){.id = 16 + choose32(c) % 99});
  if (choose(c) % 2 == 0) {
    put_udp(p, c);
  }
}

static void put_etherip(plan *p, choices *c) {
  put_frame(p, c);
  if (choose(c) % 2 == 0) {
    put(p, TCPFLOW_LAYER_ETHERIP, (tcpflow_build_layer){.id = 0});
  }
}

static void put_access_point(plan *p, choices *c) {
  put_frame(p, c);
  put(p, choose(c) % 2 == 0 ? TCPFLOW_LAYER_CAPWAP : TCPFLOW_LAYER_TZSP,
      (tcpflow_build_layer){.id = 0});
  put_udp(p, c);
}

static void put_esp(plan *p, choices *c) {
  put(p, TCPFLOW_LAYER_ESP,
      (tcpflow_build_layer){.id = choose32(c), .sequence = choose32(c)});
  p->tunnels++;
}

/* IP in IP needs nothing but the IP header that every tunnel has in front. */
static void put_nothing(plan *p, choices *c) {
  (void)p;
  (void)c;
}

static void (*const tunnels[])(plan *p, choices *c) = {
  put_nothing, put_gre,  put_nvgre,   put_erspan,       put_vxlan, put_gpe,
  put_geneve,  put_nsh,  put_gtpu,    put_teredo,       put_ayiya, put_l2tp,
  put_pptp,    put_mpls, put_etherip, put_access_point, put_esp};

/* Padding and trailers around a quote are no part of it, so an error comes
   before any tunnel. */
static int put_error(plan *p, choices *c) {
  const int is_6 = p->version == 6;

  if (choose(c) % 4 != 3) {
    return 0;
  }
  put(p, is_6 ? TCPFLOW_LAYER_ICMPV6 : TCPFLOW_LAYER_ICMP,
      (tcpflow_build_layer){.sequence = is_6 ? 0 : choose(c)});
  tcpflow_tuple outer = choose_tuple(c);
  outer.version = p->version;
  tcpflow_builder_ip(&p->builder, &outer, NULL);
  p->layers++;
  return 1;
}

static void begin(plan *p, uint8_t *room, choices *c) {
  tcpflow_build_tcp tcp;

  memset(p, 0, sizeof(*p));
  for (size_t i = 0; i < sizeof(p->octets); i++) {
    p->octets[i] = choose(c);
  }
  p->inner = choose_tuple(c);
  p->version = p->inner.version;
  p->seq = choose32(c);
  p->layers = 3;
  tcpflow_build_tcp_init(&tcp);
  tcp.seq = p->seq;
  tcp.payload = p->octets;
  tcp.payload_captured = 7;
  tcpflow_builder_init(&p->builder, room, ROOM);
  tcpflow_builder_tcp(&p->builder, &p->inner, &tcp);
  tcpflow_builder_ip(&p->builder, &p->inner, NULL);
}

static void put_tunnels(plan *p, choices *c) {
  const uint32_t depth = choose(c) % DEEPEST;

  for (uint32_t i = 0; i < depth && p->tunnels < DEEPEST && p->layers < 24;
       i++) {
    tunnels[choose(c) % (sizeof(tunnels) / sizeof(tunnels[0]))](p, c);
    put_ip(p, c);
    p->tunnels++;
  }
}

static tcpflow_packet decode(const tcpflow_frame *frame) {
  tcpflow_decode_config config;
  tcpflow_packet packet;

  tcpflow_decode_config_init(&config);
  config.tunnels = UINT64_MAX;
  config.max_tunnels = 16;
  config.esp_icv_length = ICV;
  tcpflow_packet_init(&packet);
  must(tcpflow_packet_decode(&packet, frame, &config) == TCPFLOW_OK,
       "decoding");
  if (packet_violation(&packet) != NULL) {
    must(0, packet_violation(&packet));
  }
  return packet;
}

static void check(const plan *p, const tcpflow_packet *packet, int is_error) {
  tcpflow_tuple tuple = p->inner;

  tuple.vlan = packet->tuple.vlan;
  tuple.tunnel = p->tunnel;
  must(packet->kind ==
         (is_error ? TCPFLOW_PACKET_ICMP_ERROR : TCPFLOW_PACKET_TCP),
       "kind");
  must(memcmp(&packet->tuple, &tuple, sizeof(tuple)) == 0, "tuple");
  must(packet->seq == p->seq && packet->payload_length == 7, "segment");
  must(packet->layer_count == p->layers, "layers");
  must(packet->tunnel_count == p->tunnels, "tunnels");
  must((packet->findings & ~(uint32_t)TCPFLOW_FINDING_SAME_ENDS) == 0,
       "findings");
  must(is_error || tcpflow_packet_checksum(packet) == TCPFLOW_CHECKSUM_OK,
       "checksum");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  choices c = {data, size};
  uint8_t room[ROOM];
  tcpflow_frame frame;
  plan p;

  begin(&p, room, &c);
  const int is_error = put_error(&p, &c);
  put_tunnels(&p, &c);
  tcpflow_builder_link(&p.builder, TCPFLOW_LINK_ETHERNET, NULL);
  must(tcpflow_builder_finish(&p.builder, &frame) == TCPFLOW_OK, "building");
  const tcpflow_packet packet = decode(&frame);
  check(&p, &packet, is_error);
  for (unsigned damages = choose(&c); damages > 0 && frame.captured > 0;
       damages--) {
    room[ROOM - 1 - choose32(&c) % frame.captured] = choose(&c);
    frame.captured -= choose(&c) % 64 == 1;
    (void)decode(&frame);
  }
  return 0;
}
