/*
 * tests/property/parcels.h - the segments of a dialogue as frames: in IPv4 or
 * IPv6, in fragments, tagged, in tunnels, and in another order than they were
 * sent in.
 *
 *   parcels_send(&talk, &dialogue, &wrapping, flow);
 *   parcels_merge(talks, count, &all);
 *
 * A frame is moved by at most `reach` segments, and some come twice.
 */
#ifndef TCPFLOW_TESTS_PARCELS_H
#define TCPFLOW_TESTS_PARCELS_H

#include "property/dialogue.h"
#include "unit/decode/shells.h"

enum {
  PARCEL_ROOM = 2400,
  PARCELS_MAX = 24 * SAID_MAX,
  STEP_MAX = 100 /* Microseconds between two frames of a flow. */
};

typedef enum tunnel_kind {
  TUNNEL_NONE,
  TUNNEL_IPIP,
  TUNNEL_GRE,
  TUNNEL_VXLAN,
  TUNNEL_COUNT
} tunnel_kind;

typedef struct wrapping {
  uint8_t version;
  unsigned tags;
  tunnel_kind tunnel;
  unsigned cuts;    /* One segment in so many comes in fragments; 0: none. */
  unsigned doubles; /* One frame in so many comes twice; 0: none. */
  unsigned reach;
  tcpflow_time pause_min; /* But for the opening. */
  tcpflow_time pause_max;
} wrapping;

typedef struct parcel {
  tcpflow_frame frame;
  unsigned epoch;
  unsigned place;
  unsigned order;
} parcel;

typedef struct parcels {
  parcel *at;
  unsigned count;
  const wrapping *wrapping;
  uint64_t *seed;
  tcpflow_tuple tuple; /* From the client. */
  unsigned flow;
  uint16_t id;
} parcels;

static inline tcpflow_tuple parcels_tuple(unsigned flow, uint8_t version) {
  tcpflow_tuple tuple = tuple_of(flow);

  if (version == 6) {
    tuple.version = 6;
    memset(tuple.address, 0x20, sizeof(tuple.address));
    tuple.address[0][15] = (uint8_t)flow;
  }
  return tuple;
}

/* --- around the datagram --- */

static inline void parcels_tunnel(tcpflow_builder *b, tunnel_kind kind) {
  static const shell ip = {.type = TCPFLOW_LAYER_IPV4};
  static const shell gre = {.type = TCPFLOW_LAYER_GRE};
  static const shell vxlan[] = {
    {.type = TCPFLOW_LAYER_ETHERNET},
    {.type = TCPFLOW_LAYER_VXLAN, .fields = {.id = 77}},
    {.type = TCPFLOW_LAYER_UDP},
  };

  if (kind == TUNNEL_NONE) {
    return;
  }
  if (kind == TUNNEL_GRE) {
    shells_put(b, &gre);
  }
  for (unsigned i = 0; kind == TUNNEL_VXLAN && i < 3; i++) {
    shells_put(b, &vxlan[i]);
  }
  shells_put(b, &ip);
}

/* Behind the IP header everything is there already. */
static inline void parcels_post(parcels *p, tcpflow_builder *b, unsigned epoch,
                                unsigned place) {
  const wrapping *const w = p->wrapping;
  const unsigned moved = (unsigned)(dice(p->seed) % (w->reach + 1));
  parcel *const to = &p->at[p->count];

  parcels_tunnel(b, w->tunnel);
  for (unsigned i = 0; i < w->tags; i++) {
    tcpflow_builder_vlan(b, i == 0 ? 0x8100 : 0x88a8, (uint16_t)(5 + i));
  }
  tcpflow_builder_link(b, TCPFLOW_LINK_ETHERNET, NULL);
  TALK_MUST(p->count < PARCELS_MAX);
  TALK_MUST(tcpflow_builder_finish(b, &to->frame) == TCPFLOW_OK);
  uint8_t *const kept = malloc(to->frame.captured);
  TALK_MUST(kept != NULL);
  memcpy(kept, to->frame.bytes, to->frame.captured);
  to->frame.bytes = kept;
  to->epoch = epoch;
  to->place = place + moved;
  to->order = p->count++;
}

/* --- the segment --- */

static inline uint32_t parcels_options(uint8_t *to, const dialogue *d,
                                       const said *s) {
  static const uint8_t offer[] = {2, 4, 5, 180, 1, 3, 3, 14, 4, 2, 1, 1};
  const bool syn = (s->flags & TCPFLOW_FLAG_SYN) != 0;
  uint32_t length = 0;

  if (syn) {
    memcpy(to, offer, sizeof(offer));
    length += sizeof(offer);
  }
  if (d->manner.stamps) {
    memcpy(to + length, "\x01\x01\x08\x0a", 4);
    for (unsigned i = 0; i < 8; i++) {
      const uint32_t stamp = s->stamp[i / 4];
      to[length + 4 + i] = (uint8_t)(stamp >> (24 - i % 4 * 8) & 0xff);
    }
    length += 12;
  }
  return length;
}

static inline tcpflow_build_tcp parcels_segment(const parcels *p,
                                                const dialogue *d,
                                                const said *s, uint8_t *octets,
                                                uint8_t *options) {
  tcpflow_build_tcp tcp;

  for (uint32_t i = 0; i < s->captured; i++) {
    octets[i] = dialogue_octet(p->flow, (unsigned)s->side, s->seq - 1 + i);
  }
  tcpflow_build_tcp_init(&tcp);
  tcp.flags = (uint16_t)s->flags;
  tcp.seq = d->iss[s->side] + (tcpflow_seq)(s->seq & UINT32_MAX);
  if ((s->flags & TCPFLOW_FLAG_ACK) != 0) {
    tcp.ack = d->iss[!s->side] + (tcpflow_seq)(s->ack & UINT32_MAX);
  }
  tcp.window = 65535;
  tcp.options = options;
  tcp.options_length = parcels_options(options, d, s);
  tcp.payload = octets;
  tcp.payload_captured = s->captured;
  tcp.payload_length = s->length;
  return tcp;
}

/* --- fragments --- */

/* One of them: LENGTH octets of the segment from START on. */
static inline void parcels_fragment(parcels *p, const tcpflow_tuple *tuple,
                                    const uint8_t *bytes, uint32_t start,
                                    uint32_t length, bool more,
                                    const parcel *like) {
  uint8_t room[PARCEL_ROOM];
  tcpflow_builder b;

  tcpflow_builder_init(&b, room, sizeof(room));
  tcpflow_builder_bytes(&b, bytes + start, length);
  tcpflow_builder_announce(&b, 6, 0);
  if (tuple->version == 6) {
    const uint8_t body[] = {(uint8_t)(start >> 8 & 0xff),
                            (uint8_t)((start & 0xf8) | (more ? 1U : 0)),
                            0,
                            0,
                            (uint8_t)(p->id >> 8),
                            (uint8_t)(p->id & 0xff)};
    tcpflow_builder_extension(&b, 44, body, sizeof(body));
    tcpflow_builder_ip(&b, tuple, NULL);
  } else {
    tcpflow_build_ip ip;
    tcpflow_build_ip_init(&ip);
    ip.id = p->id;
    ip.fragment = (uint16_t)(start / 8 | (more ? 0x2000U : 0));
    tcpflow_builder_ip(&b, tuple, &ip);
  }
  parcels_post(p, &b, like->epoch, like->place);
}

/* The datagram of BYTES in pieces, each of them perhaps twice. */
static inline void parcels_cut(parcels *p, const tcpflow_tuple *tuple,
                               const uint8_t *bytes, uint32_t size,
                               const parcel *like) {
  const unsigned doubles = p->wrapping->doubles;
  const uint32_t most = 8 * (size / 64 + 1);

  p->id++;
  for (uint32_t at = 0; at < size;) {
    const uint32_t piece = most + 8 * (uint32_t)(dice(p->seed) % 40);
    const uint32_t length = piece < size - at ? piece : size - at;
    const bool twice = doubles != 0 && dice(p->seed) % doubles == 0;

    for (unsigned i = 0; i < 1U + (twice ? 1U : 0); i++) {
      parcels_fragment(p, tuple, bytes, at, length, at + length < size, like);
    }
    at += length;
  }
}

/* --- one by one --- */

static inline void parcels_put(parcels *p, const dialogue *d, const said *s,
                               unsigned place) {
  const wrapping *const w = p->wrapping;
  const tcpflow_tuple tuple =
    s->side == 0 ? p->tuple : tcpflow_tuple_swap(&p->tuple);
  const bool whole =
    w->cuts == 0 || s->captured < s->length || dice(p->seed) % w->cuts != 0;
  uint8_t octets[1500];
  uint8_t options[40];
  uint8_t room[PARCEL_ROOM];
  const tcpflow_build_tcp tcp = parcels_segment(p, d, s, octets, options);
  const parcel like = {.epoch = s->epoch, .place = place};
  tcpflow_builder b;

  tcpflow_builder_init(&b, room, sizeof(room));
  tcpflow_builder_tcp(&b, &tuple, &tcp);
  tcpflow_builder_ip(&b, &tuple, NULL);
  if (whole) {
    parcels_post(p, &b, s->epoch, place);
  } else {
    const uint32_t header = tuple.version == 6 ? 40 : 20;
    tcpflow_frame frame;

    tcpflow_builder_link(&b, TCPFLOW_LINK_RAW, NULL);
    TALK_MUST(tcpflow_builder_finish(&b, &frame) == TCPFLOW_OK);
    parcels_cut(p, &tuple, frame.bytes + header, frame.captured - header,
                &like);
  }
}

static inline int parcels_order(const void *a, const void *b) {
  const parcel *const first = a;
  const parcel *const second = b;

  if (first->epoch != second->epoch) {
    return first->epoch < second->epoch ? -1 : 1;
  }
  if (first->place != second->place) {
    return first->place < second->place ? -1 : 1;
  }
  return first->order < second->order ? -1 : 1;
}

/* Nobody waits for long between the SYN and its answer's ACK. */
static inline tcpflow_time parcels_pause(const parcels *p, unsigned epoch) {
  const wrapping *const w = p->wrapping;

  return epoch == 1 ? dice(p->seed) % (100 * TCPFLOW_MILLISECOND)
                    : w->pause_min + dice(p->seed) % (w->pause_max + 1);
}

/* In their new order, with times. */
static inline void parcels_hand_over(parcels *p, talk *to) {
  unsigned epoch = 0;

  qsort(p->at, p->count, sizeof(p->at[0]), parcels_order);
  for (unsigned i = 0; i < p->count; i++) {
    if (p->at[i].epoch != epoch) {
      epoch = p->at[i].epoch;
      to->now += parcels_pause(p, epoch);
    }
    talk_frame(to, &p->at[i].frame);
    to->now += 1000 * (dice(p->seed) % STEP_MAX);
    free((void *)(uintptr_t)p->at[i].frame.bytes);
  }
}

static inline void parcels_send(talk *to, const dialogue *d, const wrapping *w,
                                unsigned flow) {
  parcels p = {.wrapping = w,
               .seed = d->seed,
               .tuple = parcels_tuple(flow, w->version),
               .flow = flow};

  p.at = malloc(PARCELS_MAX * sizeof(p.at[0]));
  TALK_MUST(p.at != NULL);
  for (unsigned i = 0; i < d->count; i++) {
    parcels_put(&p, d, &d->said[i], i);
    if (w->doubles != 0 && dice(d->seed) % w->doubles == 0) {
      parcels_put(&p, d, &d->said[i], i);
    }
  }
  parcels_hand_over(&p, to);
  free(p.at);
}

/* All of them by time. */
static inline talk parcels_merge(const talk *from, unsigned count) {
  size_t at[16] = {0};
  talk all = {0};

  for (;;) {
    const tcpflow_frame *next = NULL;
    unsigned whose = 0;

    for (unsigned i = 0; i < count; i++) {
      const tcpflow_frame *const head = &from[i].frame[at[i]];
      if (at[i] < from[i].count && (next == NULL || head->time < next->time)) {
        next = head;
        whose = i;
      }
    }
    if (next == NULL) {
      return all;
    }
    all.now = next->time;
    talk_frame(&all, next);
    at[whose]++;
  }
}

#endif /* TCPFLOW_TESTS_PARCELS_H */
