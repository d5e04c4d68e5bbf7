/*
 * bench/maker.c - one packet, and one connection.
 *
 * A new carrier is a bit, a word in workload.c and a few lines in put_link() or
 * put_tunnel().
 */
#include "maker.h"

#include <stdlib.h>
#include <string.h>

enum {
  VXLAN_PORT = 4789,
  PERIOD = 20000, /* Nanoseconds between packets. */
  CUT_FROM = 200  /* The least octets of a datagram in two halves. */
};

/* xorshift64*: good enough to mix packets. */
uint32_t draw(maker *m, uint32_t below) {
  m->random ^= m->random >> 12;
  m->random ^= m->random << 25;
  m->random ^= m->random >> 27;
  return (uint32_t)((m->random * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % below;
}

static void must(maker *m, int error) {
  if (m->error == 0) {
    m->error = error;
  }
}

void *make_room(maker *m, size_t size) {
  void *const room = calloc(m->flows, size);

  must(m, room == NULL ? -1 : 0);
  return room;
}

/* --- one packet --- */

static tcpflow_tuple turned(const tcpflow_tuple *tuple) {
  tcpflow_tuple other = *tuple;

  other.port[0] = tuple->port[1];
  other.port[1] = tuple->port[0];
  memcpy(other.address[0], tuple->address[1], sizeof(other.address[0]));
  memcpy(other.address[1], tuple->address[0], sizeof(other.address[0]));
  return other;
}

/* Ethernet, and what is asked for between it and IP. */
static void put_link(const maker *m, tcpflow_builder *builder) {
  tcpflow_build_link fields;

  tcpflow_build_link_init(&fields);
  fields.destination[0] = 2;
  fields.source[0] = 2;
  fields.source[5] = 1;
  if ((m->carrier & CARRIER_VLAN) != 0) {
    tcpflow_builder_vlan(builder, 0x8100, 7);
  }
  tcpflow_builder_link(builder, TCPFLOW_LINK_ETHERNET, &fields);
}

/* RFC 7348 section 5: flags, VNI; in front of it UDP without a checksum. */
static void put_vxlan(tcpflow_builder *builder) {
  const size_t udp = builder->used + 16;
  const uint8_t head[16] = {0xc0,
                            0x01,
                            VXLAN_PORT >> 8,
                            VXLAN_PORT & 0xff,
                            (uint8_t)(udp >> 8),
                            (uint8_t)udp,
                            0,
                            0,
                            /* VXLAN: */ 8,
                            0,
                            0,
                            0,
                            0,
                            0,
                            42,
                            0};

  tcpflow_builder_bytes(builder, head, sizeof(head));
  tcpflow_builder_announce(builder, 17, 0);
}

/* RFC 2784 section 2: no flags, and the EtherType. */
static void put_gre(tcpflow_builder *builder, unsigned version) {
  const uint8_t head[4] = {0, 0, version == 6 ? 0x86 : 0x08,
                           version == 6 ? 0xdd : 0x00};

  tcpflow_builder_bytes(builder, head, sizeof(head));
  tcpflow_builder_announce(builder, 47, 0);
}

/* What is in front of the datagram. */
static void put_front(const maker *m, tcpflow_builder *builder,
                      unsigned version) {
  const tcpflow_tuple outer = {.version = 4,
                               .address = {{192, 0, 2, 1}, {192, 0, 2, 2}}};

  if ((m->carrier & CARRIER_VXLAN) != 0) {
    put_link(m, builder);
    put_vxlan(builder);
    tcpflow_builder_ip(builder, &outer, NULL);
  } else if ((m->carrier & CARRIER_GRE) != 0) {
    put_gre(builder, version);
    tcpflow_builder_ip(builder, &outer, NULL);
  }
  put_link(m, builder);
}

/* Hands a frame to the sink. */
static void send_frame(maker *m, const tcpflow_builder *builder) {
  tcpflow_frame frame;

  must(m, tcpflow_builder_finish(builder, &frame));
  if (m->error != 0) {
    return;
  }
  m->now += PERIOD;
  frame.time = m->now;
  frame.number = ++m->number;
  m->left -= m->left > 0;
  must(m, m->sink(m->user, &frame));
}

/* One half of a datagram: COUNT octets of what stands behind its header, from
   AT on.  RFC 791 section 3.2, RFC 8200 section 4.5. */
static void send_half(maker *m, const tcpflow_tuple *tuple,
                      const uint8_t *octets, size_t at, size_t count,
                      int more) {
  const uint16_t flags =
    (uint16_t)(tuple->version == 4 ? at / 8 + (more ? 0x2000 : 0)
                                   : at + (more ? 1 : 0));
  const uint8_t head[6] = {
    (uint8_t)(flags >> 8),       (uint8_t)flags,      0, 0,
    (uint8_t)(m->datagram >> 8), (uint8_t)m->datagram};
  tcpflow_builder builder;
  tcpflow_build_ip ip;

  tcpflow_build_ip_init(&ip);
  tcpflow_builder_init(&builder, m->half, sizeof(m->half));
  tcpflow_builder_bytes(&builder, octets + at, count);
  tcpflow_builder_announce(&builder, 6, 0);
  if (tuple->version == 4) {
    ip.id = m->datagram;
    ip.fragment = flags;
  } else {
    tcpflow_builder_extension(&builder, 44, head, sizeof(head));
  }
  tcpflow_builder_ip(&builder, tuple, &ip);
  put_front(m, &builder, tuple->version);
  send_frame(m, &builder);
}

/* The datagram that the builder holds, in two. */
static void send_halves(maker *m, const tcpflow_tuple *tuple,
                        const tcpflow_builder *builder) {
  const size_t head = tuple->version == 4 ? 20 : 40;
  tcpflow_frame whole;

  must(m, tcpflow_builder_finish(builder, &whole));
  if (m->error != 0) {
    return;
  }
  const size_t count = whole.captured - head;
  const size_t cut = count / 16 * 8;
  m->datagram++;
  send_half(m, tuple, whole.bytes + head, 0, cut, 1);
  m->left++; /* Both are one. */
  send_half(m, tuple, whole.bytes + head, cut, count - cut, 0);
}

static void send(maker *m, const tcpflow_tuple *tuple,
                 const tcpflow_build_tcp *tcp) {
  tcpflow_builder builder;

  tcpflow_builder_init(&builder, m->room, sizeof(m->room));
  tcpflow_builder_tcp(&builder, tuple, tcp);
  tcpflow_builder_ip(&builder, tuple, NULL);
  if ((m->carrier & CARRIER_FRAGMENTS) != 0 && builder.used >= CUT_FROM) {
    send_halves(m, tuple, &builder);
    return;
  }
  put_front(m, &builder, tuple->version);
  send_frame(m, &builder);
}

/* --- one connection --- */

void begin(maker *m, talk *t) {
  *t = (talk){.tuple = {.port = {0, 443}, .version = 4}};
  t->tuple.version = (m->carrier & CARRIER_IPV6) != 0 ? 6 : 4;
  t->tuple.port[0] = (uint16_t)(32768 + draw(m, 28232));
  for (size_t i = 0; i < 2; i++) {
    uint8_t *const address = t->tuple.address[i];
    static const uint8_t prefix[2][4] = {{10, 0, 0, 0}, {0x20, 1, 0xd, 0xb8}};

    t->next[i] = draw(m, 0x7fffffff);
    t->clock[i] = draw(m, 0x7fffffff);
    memcpy(address, prefix[t->tuple.version == 6], 4);
    for (size_t k = 1; k < 4; k++) {
      address[t->tuple.version == 6 ? 12 + k : k] = (uint8_t)draw(m, 256);
    }
  }
}

/* The list as Linux lays it out: SYN or not, and SACK blocks or not. */
static void put_options(maker *m, uint32_t val, uint32_t ecr,
                        const segment *what, tcpflow_options_builder *list) {
  const int syn = (what->flags & SYN) != 0;

  tcpflow_options_builder_init(list);
  if (syn) {
    must(m, tcpflow_options_builder_mss(list, 1460));
    must(m, tcpflow_options_builder_sack_permitted(list));
  } else {
    must(m, tcpflow_options_builder_raw(list, TCPFLOW_OPTION_NOP, NULL, 0));
    must(m, tcpflow_options_builder_raw(list, TCPFLOW_OPTION_NOP, NULL, 0));
  }
  must(m, tcpflow_options_builder_timestamps(list, val, ecr));
  if (syn) {
    must(m, tcpflow_options_builder_raw(list, TCPFLOW_OPTION_NOP, NULL, 0));
    must(m, tcpflow_options_builder_wscale(list, WINDOW_SHIFT));
  }
  if (what->blocks > 0) {
    must(m, tcpflow_options_builder_raw(list, TCPFLOW_OPTION_NOP, NULL, 0));
    must(m, tcpflow_options_builder_raw(list, TCPFLOW_OPTION_NOP, NULL, 0));
    must(m, tcpflow_options_builder_sack(list, what->block, what->blocks));
  }
}

void say_at(maker *m, talk *t, const segment *what, int hears) {
  const tcpflow_tuple tuple = what->side == 0 ? t->tuple : turned(&t->tuple);
  const uint32_t val =
    t->clock[what->side] + (uint32_t)(m->now / TCPFLOW_MILLISECOND);
  const int ack = (what->flags & ACK) != 0;
  tcpflow_options_builder list;
  tcpflow_build_tcp tcp;

  put_options(m, val, ack ? t->heard[what->side] : 0, what, &list);
  tcpflow_build_tcp_init(&tcp);
  tcp.seq = what->seq;
  tcp.ack = ack ? what->ack : 0;
  tcp.flags = (uint16_t)what->flags;
  tcp.window = (what->flags & SYN) != 0 ? 64240 : 502;
  tcp.options = list.bytes;
  tcp.options_length = list.length;
  tcp.payload = m->noise + what->seq % NOISE;
  tcp.payload_captured = what->length;
  if (hears) {
    t->heard[1 - what->side] = val;
  }
  send(m, &tuple, &tcp);
}

void say(maker *m, talk *t, int side, unsigned flags, uint32_t length) {
  const segment what = {.side = side,
                        .flags = flags,
                        .length = length,
                        .seq = t->next[side],
                        .ack = t->next[1 - side]};

  say_at(m, t, &what, 1);
  t->next[side] =
    tcpflow_seq_add(t->next[side], tcpflow_seq_len(length, flags));
}

void shake_hands(maker *m, talk *t) {
  say(m, t, 0, SYN, 0);
  say(m, t, 1, SYN | ACK, 0);
  say(m, t, 0, ACK, 0);
}

void count_from_here(maker *m) {
  must(m, m->error != 0 ? 0 : m->sink(m->user, NULL));
}
