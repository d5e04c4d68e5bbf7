/*
 * bench/maker.h - what the kinds of traffic are made with: numbers that look
 * random, a connection's two ends, and packets.
 */
#ifndef TCPFLOW_BENCH_MAKER_H
#define TCPFLOW_BENCH_MAKER_H

#include "workload.h"

#include <tcpflow/build.h>
#include <tcpflow/options.h>

enum {
  CARRIER_IPV6 = 1,      /* Instead of IPv4. */
  CARRIER_VLAN = 2,      /* One 802.1Q tag. */
  CARRIER_VXLAN = 4,     /* Ethernet in UDP over IPv4. */
  CARRIER_GRE = 8,       /* IP in GRE over IPv4. */
  CARRIER_FRAGMENTS = 16 /* Datagrams in two halves. */
};

enum {
  WINDOW_SHIFT = 7,
  TURNS = 10,      /* Packets of a whole short connection. */
  LONGEST = 32000, /* Octets of data in a segment. */
  NOISE = 32768    /* Octets after which data repeats; a power of two. */
};

/* One connection: both ends' addresses, numbers and clocks. */
typedef struct talk {
  tcpflow_tuple tuple; /* As the client sends. */
  tcpflow_seq next[2]; /* What each side sends next. */
  uint32_t clock[2];   /* Each side's timestamps count from there. */
  uint32_t heard[2];   /* The last of the other side's that it received. */
  uint32_t turn;       /* How many packets it has sent, or turns it had. */
} talk;

typedef struct maker {
  workload_sink *sink;
  void *user;
  unsigned carrier;
  size_t left;    /* Packets still to make. */
  uint32_t flows; /* Connections at a time. */
  uint32_t size;  /* Octets of data in a segment. */
  uint32_t loss;  /* Segments in a thousand that are lost. */
  uint32_t turns; /* Packets of a short connection. */
  int error;
  uint64_t random;
  tcpflow_time now;
  uint64_t number;
  uint16_t datagram; /* Identification of the last one. */
  uint8_t noise[NOISE + LONGEST];
  uint8_t room[LONGEST + TCPFLOW_BUILD_ROOM];
  uint8_t half[LONGEST + TCPFLOW_BUILD_ROOM];
} maker;

/* One segment. */
typedef struct segment {
  int side;
  unsigned flags;
  uint32_t length;
  tcpflow_seq seq;
  tcpflow_seq ack;
  const tcpflow_sack_block *block;
  uint32_t blocks;
} segment;

/* A number below BELOW. */
uint32_t draw(maker *m, uint32_t below);

/* Begins a connection between addresses and ports that are drawn. */
void begin(maker *m, talk *t);

/* Sends a segment.  Whether the other side HEARS it matters to what that
   echoes. */
void say_at(maker *m, talk *t, const segment *what, int hears);

/* Sends the next segment of SIDE. */
void say(maker *m, talk *t, int side, unsigned flags, uint32_t length);

/* The three segments that open a connection. */
void shake_hands(maker *m, talk *t);

/* Says that what follows counts. */
void count_from_here(maker *m);

/* FLOWS connections of SIZE octets, all zeros; NULL sets the error. */
void *make_room(maker *m, size_t size);

/* Kinds of traffic: each makes all of its packets. */
void make_short(maker *m);
void make_bulk(maker *m);
void make_loss(maker *m);
void make_syn(maker *m);
void make_idle(maker *m);
void make_many(maker *m);
void make_zipf(maker *m);

#define SYN TCPFLOW_FLAG_SYN
#define ACK TCPFLOW_FLAG_ACK
#define FIN TCPFLOW_FLAG_FIN
#define PSH TCPFLOW_FLAG_PSH

#endif /* TCPFLOW_BENCH_MAKER_H */
