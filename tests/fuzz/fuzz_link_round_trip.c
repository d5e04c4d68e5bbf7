/*
 * tests/fuzz/fuzz_link_round_trip.c - headers below IP, stacked in any order,
 * decode to the segment and to the headers that were built.
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
  LAYERS_MOST = 24,
  TAGS_MOST = 8
};

/* The headers so far, the innermost first. */
typedef struct plan {
  tcpflow_builder builder;
  uint16_t layer[TCPFLOW_LAYERS_MAX];
  unsigned count;
  unsigned tags;
  int
    is_labelled; /* Only IP or labels are behind: PPP and MPLS can carry it. */
  int is_frame;  /* An Ethernet frame is behind. */
} plan;

static void note(plan *p, tcpflow_layer_type type) {
  p->layer[p->count++] = (uint16_t)type;
  p->is_labelled = 0;
  p->is_frame = 0;
}

static void put(plan *p, choices *c, tcpflow_layer_type type) {
  tcpflow_build_layer fields;

  tcpflow_build_layer_init(&fields);
  fields.id = choose32(c);
  fields.sequence = choose32(c);
  tcpflow_builder_layer(&p->builder, type, &fields);
  note(p, type);
}

static void put_ethernet(plan *p, choices *c) {
  put(p, c, TCPFLOW_LAYER_ETHERNET);
  p->is_frame = 1;
}

static void put_vlan(plan *p, choices *c) {
  if (p->tags < TAGS_MOST) {
    p->tags++;
    put(p, c, TCPFLOW_LAYER_VLAN);
  }
}

static void put_vntag(plan *p, choices *c) {
  put(p, c, TCPFLOW_LAYER_VNTAG);
}

static void put_etag(plan *p, choices *c) {
  put(p, c, TCPFLOW_LAYER_ETAG);
}

static void put_hsr(plan *p, choices *c) {
  put(p, c, TCPFLOW_LAYER_HSR);
}

static void put_rtag(plan *p, choices *c) {
  put(p, c, TCPFLOW_LAYER_RTAG);
}

static void put_metadata(plan *p, choices *c) {
  put(p, c, TCPFLOW_LAYER_CISCO_METADATA);
}

static void put_macsec(plan *p, choices *c) {
  put(p, c, TCPFLOW_LAYER_MACSEC);
}

/* What carries a whole frame. */
static void put_around(plan *p, choices *c, tcpflow_layer_type type) {
  if (!p->is_frame) {
    put_ethernet(p, c);
  }
  put(p, c, type);
}

static void put_pbb(plan *p, choices *c) {
  put_around(p, c, TCPFLOW_LAYER_PBB);
}

static void put_fabricpath(plan *p, choices *c) {
  put_around(p, c, TCPFLOW_LAYER_FABRICPATH);
}

static void put_trill(plan *p, choices *c) {
  put_around(p, c, TCPFLOW_LAYER_TRILL);
}

/* Labels below 16 have a meaning. */
static void put_label(plan *p, choices *c) {
  tcpflow_build_layer fields;

  tcpflow_build_layer_init(&fields);
  fields.id = 16 + choose32(c) % 1000000;
  tcpflow_builder_layer(&p->builder, TCPFLOW_LAYER_MPLS, &fields);
  note(p, TCPFLOW_LAYER_MPLS);
  p->is_labelled = 1;
}

static void put_mpls(plan *p, choices *c) {
  if (p->is_labelled) {
    put_label(p, c);
  }
}

static void put_pseudowire(plan *p, choices *c) {
  tcpflow_build_layer fields;

  tcpflow_build_layer_init(&fields);
  fields.sequence = choose32(c);
  if (!p->is_frame) {
    put_ethernet(p, c);
  }
  tcpflow_builder_layer(&p->builder, TCPFLOW_LAYER_PSEUDOWIRE, &fields);
  note(p, TCPFLOW_LAYER_PSEUDOWIRE);
  put_label(p, c);
}

static void put_pppoe(plan *p, choices *c) {
  tcpflow_build_layer fields;

  if (!p->is_labelled) {
    return;
  }
  tcpflow_build_layer_init(&fields);
  fields.form = choose(c) & TCPFLOW_BUILD_PPP_HDLC;
  tcpflow_builder_layer(&p->builder, TCPFLOW_LAYER_PPP, &fields);
  note(p, TCPFLOW_LAYER_PPP);
  put(p, c, TCPFLOW_LAYER_PPPOE);
}

/* A frame of 802.3 in a frame. */
static void put_llc(plan *p, choices *c) {
  tcpflow_build_layer fields;

  tcpflow_build_layer_init(&fields);
  fields.id = (choose(c) & 1U) != 0 ? 0x0000f8 : 0;
  tcpflow_builder_layer(&p->builder, TCPFLOW_LAYER_LLC, &fields);
  note(p, TCPFLOW_LAYER_LLC);
  put_ethernet(p, c);
}

static void (*const headers[])(plan *p, choices *c) = {
  put_vlan,   put_vntag,    put_etag,       put_hsr,        put_rtag,
  put_macsec, put_metadata, put_pbb,        put_fabricpath, put_trill,
  put_mpls,   put_pppoe,    put_pseudowire, put_llc,        put_ethernet};

typedef struct link_plan {
  uint32_t link;
  uint8_t count;
  uint16_t layer[3]; /* The innermost first. */
} link_plan;

#define LAYER(name) TCPFLOW_LAYER_##name

/* Links that can carry anything with an EtherType. */
static const link_plan links[] = {
  {TCPFLOW_LINK_ETHERNET, 1, {LAYER(ETHERNET)}},
  {TCPFLOW_LINK_LINUX_SLL, 1, {LAYER(SLL)}},
  {TCPFLOW_LINK_LINUX_SLL2, 1, {LAYER(SLL2)}},
  {TCPFLOW_LINK_C_HDLC, 1, {LAYER(CHDLC)}},
  {TCPFLOW_LINK_FDDI, 2, {LAYER(LLC), LAYER(FDDI)}},
  {TCPFLOW_LINK_TOKEN_RING, 2, {LAYER(LLC), LAYER(TOKEN_RING)}},
  {TCPFLOW_LINK_IP_OVER_FC, 2, {LAYER(LLC), LAYER(FIBRE_CHANNEL)}},
  {TCPFLOW_LINK_IPOIB, 1, {LAYER(IPOIB)}},
  {TCPFLOW_LINK_IEEE802_11, 2, {LAYER(LLC), LAYER(IEEE802_11)}},
  {TCPFLOW_LINK_RADIOTAP, 3, {LAYER(LLC), LAYER(IEEE802_11), LAYER(RADIOTAP)}},
  {TCPFLOW_LINK_SUNATM, 2, {LAYER(LLC), LAYER(ATM)}},
  {TCPFLOW_LINK_DSA_TAG_EDSA, 2, {LAYER(SWITCH_TAG), LAYER(ETHERNET)}},
  {TCPFLOW_LINK_SYMANTEC, 1, {LAYER(CAPTURE)}}};

static void put_link(plan *p, uint8_t choice) {
  const link_plan *const row =
    &links[choice % (sizeof(links) / sizeof(links[0]))];

  tcpflow_builder_link(&p->builder, row->link, NULL);
  for (unsigned i = 0; i < row->count; i++) {
    note(p, (tcpflow_layer_type)row->layer[i]);
  }
}

static void begin(plan *p, uint8_t *room, size_t size, choices *c) {
  tcpflow_tuple tuple = {.port = {1, 2}, .version = 4};
  tcpflow_build_tcp tcp;

  tcpflow_build_tcp_init(&tcp);
  tcp.seq = 12345;
  if ((choose(c) & 1U) != 0) {
    tuple.version = 6;
  }
  tcpflow_builder_init(&p->builder, room, size);
  tcpflow_builder_tcp(&p->builder, &tuple, &tcp);
  tcpflow_builder_ip(&p->builder, &tuple, NULL);
  p->is_labelled = 1;
}

static void check(const plan *p, const tcpflow_packet *packet) {
  if (packet_violation(packet) != NULL) {
    must(0, packet_violation(packet));
  }
  must(packet->kind == TCPFLOW_PACKET_TCP && packet->seq == 12345, "segment");
  must(packet->tag_count == p->tags, "tags");
  must(packet->layer_count == p->count + 2, "layers");
  for (unsigned i = 0; i < p->count; i++) {
    must(packet->layer[i].type == p->layer[p->count - 1 - i], "a layer");
  }
  must(tcpflow_packet_checksum(packet) == TCPFLOW_CHECKSUM_OK, "checksum");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  choices c = {data, size};
  uint8_t room[2048];
  tcpflow_packet packet;
  tcpflow_frame frame;
  plan p = {.count = 0};

  const uint8_t link = choose(&c);

  begin(&p, room, sizeof(room), &c);
  while (c.left != 0 && p.count < LAYERS_MOST) {
    headers[choose(&c) % (sizeof(headers) / sizeof(headers[0]))](&p, &c);
  }
  put_link(&p, link);
  must(tcpflow_builder_finish(&p.builder, &frame) == TCPFLOW_OK, "building");
  tcpflow_packet_init(&packet);
  must(tcpflow_packet_decode(&packet, &frame, NULL) == TCPFLOW_OK, "decoding");
  check(&p, &packet);
  return 0;
}
