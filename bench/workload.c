/*
 * bench/workload.c - the packets that are measured.
 *
 * Connections take turns at random, so that what comes next cannot be learned
 * by heart, and all of it follows from fixed seeds.  A new kind of traffic is a
 * function and a row in the table at the end; a new carrier is a bit, a word in
 * `carriers` and a few lines in send().
 */
#include "workload.h"

#include <tcpflow/build.h>
#include <tcpflow/options.h>

#include <string.h>

enum {
  MSS = 1448, /* With timestamps, over IPv4 and Ethernet. */
  REQUEST = 180,
  RESPONSE = 620,
  SLOTS = 64,        /* Connections that are open at a time. */
  CARRIER_IPV6 = 1,  /* Instead of IPv4. */
  CARRIER_VLAN = 2,  /* One 802.1Q tag. */
  CARRIER_VXLAN = 4, /* Ethernet in UDP over IPv4. */
  VXLAN_PORT = 4789
};

/* One connection: both ends' addresses and numbers. */
typedef struct talk {
  tcpflow_tuple tuple; /* As the client sends. */
  tcpflow_seq next[2]; /* What each side sends next. */
  uint32_t clock;      /* Timestamps. */
  uint32_t turn;       /* How many packets it has sent. */
  tcpflow_seq lost;    /* With `lost_turn`: a segment that is missing. */
  uint32_t lost_turn;
} talk;

typedef struct maker {
  workload_sink *sink;
  void *user;
  unsigned carrier;
  size_t left; /* Packets still to make. */
  int error;
  uint64_t random;
  tcpflow_time now;
  uint64_t number;
  talk slot[SLOTS];
} maker;

static const uint8_t payload[MSS];

/* xorshift64*: good enough to mix packets. */
static uint32_t draw(maker *m, uint32_t below) {
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

/* --- one packet --- */

/* Ethernet, and what is asked for between it and IP. */
static void put_link(maker *m, tcpflow_builder *builder) {
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

/* RFC 7348 section 5: flags, VNI; in front of it UDP and IPv4, without a UDP
   checksum. */
static void put_vxlan(tcpflow_builder *builder, size_t inner) {
  const size_t udp = inner + 16;
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
  const tcpflow_tuple outer = {.version = 4,
                               .address = {{192, 0, 2, 1}, {192, 0, 2, 2}}};
  tcpflow_build_link fields;

  tcpflow_build_link_init(&fields);
  tcpflow_builder_bytes(builder, head, sizeof(head));
  tcpflow_builder_announce(builder, 17, 0);
  tcpflow_builder_ip(builder, &outer, NULL);
  tcpflow_builder_link(builder, TCPFLOW_LINK_ETHERNET, &fields);
}

static tcpflow_tuple turned(const tcpflow_tuple *tuple) {
  tcpflow_tuple other = *tuple;

  other.port[0] = tuple->port[1];
  other.port[1] = tuple->port[0];
  memcpy(other.address[0], tuple->address[1], sizeof(other.address[0]));
  memcpy(other.address[1], tuple->address[0], sizeof(other.address[0]));
  return other;
}

/* Hands a segment to the sink, 20 microseconds after the one before. */
static void send(maker *m, const tcpflow_tuple *tuple,
                 const tcpflow_build_tcp *tcp) {
  uint8_t room[2048];
  tcpflow_builder builder;
  tcpflow_frame frame;

  tcpflow_builder_init(&builder, room, sizeof(room));
  tcpflow_builder_tcp(&builder, tuple, tcp);
  tcpflow_builder_ip(&builder, tuple, NULL);
  put_link(m, &builder);
  if ((m->carrier & CARRIER_VXLAN) != 0) {
    put_vxlan(&builder, builder.used);
  }
  must(m, tcpflow_builder_finish(&builder, &frame));
  if (m->error != 0) {
    return;
  }
  m->now += 20000;
  frame.time = m->now;
  frame.number = ++m->number;
  m->left -= m->left > 0;
  must(m, m->sink(m->user, &frame));
}

/* --- one connection --- */

static void begin(maker *m, talk *t) {
  *t = (talk){.tuple = {.port = {0, 443}, .version = 4}};
  t->tuple.version = (m->carrier & CARRIER_IPV6) != 0 ? 6 : 4;
  t->tuple.port[0] = (uint16_t)(32768 + draw(m, 28232));
  t->next[0] = draw(m, 0x7fffffff);
  t->next[1] = draw(m, 0x7fffffff);
  t->clock = draw(m, 0x7fffffff);
  for (size_t i = 0; i < 2; i++) {
    uint8_t *const address = t->tuple.address[i];
    static const uint8_t prefix[2][4] = {{10, 0, 0, 0}, {0x20, 1, 0xd, 0xb8}};

    memcpy(address, prefix[t->tuple.version == 6], 4);
    for (size_t k = 1; k < 4; k++) {
      address[t->tuple.version == 6 ? 12 + k : k] = (uint8_t)draw(m, 256);
    }
  }
}

/* The list as Linux lays it out: SYN or not, and SACK blocks or not. */
static void put_options(maker *m, const talk *t, unsigned flags,
                        const tcpflow_sack_block *block,
                        tcpflow_options_builder *list) {
  const int syn = (flags & TCPFLOW_FLAG_SYN) != 0;
  const uint32_t echo = (flags & TCPFLOW_FLAG_ACK) != 0 ? t->clock - 1 : 0;

  tcpflow_options_builder_init(list);
  if (syn) {
    must(m, tcpflow_options_builder_mss(list, 1460));
    must(m, tcpflow_options_builder_sack_permitted(list));
  } else {
    must(m, tcpflow_options_builder_raw(list, TCPFLOW_OPTION_NOP, NULL, 0));
    must(m, tcpflow_options_builder_raw(list, TCPFLOW_OPTION_NOP, NULL, 0));
  }
  must(m, tcpflow_options_builder_timestamps(list, t->clock, echo));
  if (syn) {
    must(m, tcpflow_options_builder_raw(list, TCPFLOW_OPTION_NOP, NULL, 0));
    must(m, tcpflow_options_builder_wscale(list, 7));
  }
  if (block != NULL) {
    must(m, tcpflow_options_builder_raw(list, TCPFLOW_OPTION_NOP, NULL, 0));
    must(m, tcpflow_options_builder_raw(list, TCPFLOW_OPTION_NOP, NULL, 0));
    must(m, tcpflow_options_builder_sack(list, block, 1));
  }
}

/* SIDE sends a segment at SEQ that acknowledges up to ACK. */
static void say_at(maker *m, talk *t, int side, unsigned flags, uint32_t length,
                   const tcpflow_seq number[2],
                   const tcpflow_sack_block *block) {
  const tcpflow_tuple tuple = side == 0 ? t->tuple : turned(&t->tuple);
  tcpflow_options_builder list;
  tcpflow_build_tcp tcp;

  put_options(m, t, flags, block, &list);
  tcpflow_build_tcp_init(&tcp);
  tcp.seq = number[0];
  tcp.ack = (flags & TCPFLOW_FLAG_ACK) != 0 ? number[1] : 0;
  tcp.flags = (uint16_t)flags;
  tcp.window = (flags & TCPFLOW_FLAG_SYN) != 0 ? 64240 : 502;
  tcp.options = list.bytes;
  tcp.options_length = list.length;
  tcp.payload = payload;
  tcp.payload_captured = length;
  send(m, &tuple, &tcp);
  t->clock += draw(m, 3);
}

/* The next segment of SIDE. */
static void say(maker *m, talk *t, int side, unsigned flags, uint32_t length) {
  const tcpflow_seq number[2] = {t->next[side], t->next[1 - side]};

  say_at(m, t, side, flags, length, number, NULL);
  t->next[side] =
    tcpflow_seq_add(t->next[side], tcpflow_seq_len(length, flags));
}

/* --- kinds of traffic --- */

#define SYN TCPFLOW_FLAG_SYN
#define ACK TCPFLOW_FLAG_ACK
#define FIN TCPFLOW_FLAG_FIN
#define PSH TCPFLOW_FLAG_PSH

/* Handshake, a request, a response, an orderly close. */
static void turn_short(maker *m, talk *t) {
  static const struct {
    int side;
    unsigned flags;
    uint32_t length;
  } script[] = {{0, SYN, 0},       {1, SYN | ACK, 0},
                {0, ACK, 0},       {0, PSH | ACK, REQUEST},
                {1, ACK, 0},       {1, PSH | ACK, RESPONSE},
                {0, ACK, 0},       {0, FIN | ACK, 0},
                {1, FIN | ACK, 0}, {0, ACK, 0}};
  const size_t turns = sizeof(script) / sizeof(script[0]);

  if (t->turn == turns) {
    begin(m, t);
  }
  say(m, t, script[t->turn].side, script[t->turn].flags,
      script[t->turn].length);
  t->turn++;
}

/* Full segments, every second one acknowledged. */
static void turn_bulk(maker *m, talk *t) {
  if (t->turn++ % 3 < 2) {
    say(m, t, 0, ACK, MSS);
  } else {
    say(m, t, 1, ACK, 0);
  }
}

/* One segment in fifty is lost before it is captured: the receiver names the
   block behind the hole until the sender fills it. */
static void turn_loss(maker *m, talk *t) {
  const int missing = t->lost_turn != 0;

  if (!missing && draw(m, 50) == 0) {
    t->lost = t->next[0];
    t->lost_turn = 20;
    t->next[0] = tcpflow_seq_add(t->next[0], MSS);
  }
  if (missing && --t->lost_turn == 0) {
    const tcpflow_seq again[2] = {t->lost, t->next[1]};
    say_at(m, t, 0, ACK, MSS, again, NULL);
    return;
  }
  if (t->turn++ % 2 == 0) {
    say(m, t, 0, ACK, MSS);
  } else if (missing) {
    const tcpflow_seq number[2] = {t->next[1], t->lost};
    const tcpflow_sack_block block = {tcpflow_seq_add(t->lost, MSS),
                                      tcpflow_seq_add(t->next[0], 1)};
    say_at(m, t, 1, ACK, 0, number, &block);
  } else {
    say(m, t, 1, ACK, 0);
  }
}

/* A SYN from anywhere. */
static void turn_syn(maker *m, talk *t) {
  begin(m, t);
  say(m, t, 0, SYN, 0);
}

static const struct {
  const char *name;
  void (*turn)(maker *m, talk *t);
  uint32_t open; /* Connections at a time. */
} kinds[] = {{"short", turn_short, SLOTS},
             {"bulk", turn_bulk, 8},
             {"loss", turn_loss, 32},
             {"syn", turn_syn, 1}};

static const struct {
  const char *name;
  unsigned bit;
} carriers[] = {
  {"-ipv6", CARRIER_IPV6}, {"-vlan", CARRIER_VLAN}, {"-vxlan", CARRIER_VXLAN}};

const char workload_names[] =
  "short  handshake, request, response, close; 64 connections at a time\n"
  "bulk   full segments, every second one acknowledged; 8 connections\n"
  "loss   one segment in fifty lost, SACK blocks; 32 connections\n"
  "syn    a SYN from anywhere\n"
  "with any of -ipv6, -vlan, -vxlan behind, in this order\n";

/* Takes WORD off the front of *TEXT, if it is there. */
static int take_word(const char **text, const char *word) {
  const size_t length = strlen(word);

  if (strncmp(*text, word, length) != 0) {
    return 0;
  }
  *text += length;
  return 1;
}

int workload_make(const char *name, size_t count, workload_sink *sink,
                  void *user) {
  maker m = {.sink = sink,
             .user = user,
             .left = count,
             .random = UINT64_C(0x9e3779b97f4a7c15),
             .now = UINT64_C(1700000000) * 1000000000};
  size_t kind = 0;

  while (kind < sizeof(kinds) / sizeof(kinds[0]) &&
         !take_word(&name, kinds[kind].name)) {
    kind++;
  }
  for (size_t i = 0; i < sizeof(carriers) / sizeof(carriers[0]); i++) {
    m.carrier |= take_word(&name, carriers[i].name) ? carriers[i].bit : 0;
  }
  if (kind == sizeof(kinds) / sizeof(kinds[0]) || *name != '\0') {
    return -1;
  }
  for (size_t i = 0; i < SLOTS; i++) {
    begin(&m, &m.slot[i]);
  }
  while (m.left > 0 && m.error == 0) {
    kinds[kind].turn(&m, &m.slot[draw(&m, kinds[kind].open)]);
  }
  return m.error;
}
