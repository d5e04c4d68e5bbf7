/*
 * lib/track/recent.h - flows of which a packet came of late.
 *
 * Room: track.  Includes: base, wire, conn.  Most packets are of a flow that
 * had one a moment ago.  Where such a flow is, is remembered by a product of
 * its addresses and ports, which is cheaper than its key's hash, and needs no
 * look at the table.  What is remembered proves nothing: a place may be another
 * flow's since, so a record is asked whether it has the packet's ends.  It is a
 * product of both ends, each with a secret, since sums of addresses and ports
 * are alike for as many flows as anybody likes.  Who makes many flows fall on
 * one place, which takes the secret, makes the memory useless, and a packet as
 * dear as one of a flow that is not remembered, whose line of the table nobody
 * asked for ahead.  A flow that has just begun is remembered apart, so that a
 * flood of SYNs makes nobody forgotten but those.
 */
#ifndef TCPFLOW__TRACK_RECENT_H
#define TCPFLOW__TRACK_RECENT_H

#include "track/hash.h"

/* As many flows as may have a packet on its way at a time, many times over,
   and few enough to stay near. */
#define TCPFLOW__RECENT_BITS 10U

/* What is remembered of a flow: both its record, which stays where it is, and
   the index of that, so that nobody has to make one of the other. */
typedef struct tcpflow__recent_flow {
  struct tcpflow__flow *flow;
  uint32_t index;
  uint32_t mark; /* Of its product; 0 where there is none: whatever has that
                    mark is taken for none then, and has to be looked for. */
} tcpflow__recent_flow;

typedef struct tcpflow__recent_place {
  tcpflow__recent_flow known;
  tcpflow__recent_flow begun; /* Of which nothing came but what began it. */
} tcpflow__recent_place;

typedef struct tcpflow__recent {
  uint64_t factor; /* Secret, and odd. */
  tcpflow__recent_place place[1 << TCPFLOW__RECENT_BITS];
} tcpflow__recent;

/* Nothing is remembered.  Trackers with one secret have one factor. */
static inline void tcpflow__recent_init(tcpflow__recent *recent,
                                        const tcpflow__hasher *hasher) {
  memset(recent, 0, sizeof(*recent));
  recent->factor =
    tcpflow__siphash13_pair(&hasher->begun, 0, tcpflow__sip_size(8)) | 1U;
}

/* One end of a plain tuple, in whatever order a machine has an address; its
   port comes first among both PORTS. */
static inline uint64_t tcpflow__recent_end(const uint8_t *address,
                                           uint32_t ports) {
  uint32_t near;

  memcpy(&near, address, sizeof(near));
  return (uint64_t)ports << 32 | near;
}

/* The last step of a product.  Ports in a row, and neighbours, make products in
   a row: it spreads those, whatever the secret is. */
TCPFLOW__SIP_WRAPS static inline uint64_t
tcpflow__recent_spread(uint64_t ends, uint64_t factor) {
  return (ends ^ ends >> 32) * factor;
}

/* The product of a plain tuple, the same both ways. */
TCPFLOW__SIP_WRAPS static inline uint64_t
tcpflow__recent_product(const tcpflow__recent *recent,
                        const tcpflow_tuple *tuple) {
  const uint64_t factor = recent->factor;
  const uint32_t ports = tcpflow__ends_ports(tuple);
  const uint64_t first = tcpflow__recent_end(tuple->address[0], ports);
  const uint64_t second =
    tcpflow__recent_end(tuple->address[1], tcpflow__turn_halves(ports));

  return tcpflow__recent_spread((first + factor) * (second + factor), factor);
}

/* Mixes in eight octets, in whatever order a machine has them. */
TCPFLOW__SIP_WRAPS static inline uint64_t
tcpflow__recent_mix(uint64_t sum, uint64_t word, uint64_t factor) {
  return tcpflow__halves64((sum ^ word) * factor, true);
}

/* An address of IPv6, or of any other length. */
static inline uint64_t tcpflow__recent_address(const uint8_t *address,
                                               uint64_t factor) {
  uint64_t word[2];

  memcpy(word, address, sizeof(word));
  return tcpflow__recent_mix(tcpflow__recent_mix(0, word[0], factor), word[1],
                             factor);
}

/* Likewise, of a tuple of IPv6 of which nothing but addresses and ports
   counts. */
TCPFLOW__SIP_WRAPS static inline uint64_t
tcpflow__recent_product_six(const tcpflow__recent *recent,
                            const tcpflow_tuple *tuple) {
  const uint64_t factor = recent->factor;
  const uint64_t first = tcpflow__recent_address(tuple->address[0], factor);
  const uint64_t second = tcpflow__recent_address(tuple->address[1], factor);

  return tcpflow__recent_spread(
    (first + tuple->port[0]) * (second + tuple->port[1]), factor);
}

/* Likewise, of one that is not plain, which may be such a one. */
uint64_t tcpflow__recent_product_long(const tcpflow__recent *recent,
                                      const tcpflow__hasher *hasher,
                                      const tcpflow_tuple *tuple);

/* Where that is remembered: its highest bits, to which all others have
   added. */
static inline size_t tcpflow__recent_at(uint64_t product) {
  return (size_t)(product >> (64 - TCPFLOW__RECENT_BITS));
}

/* The bits behind them. */
static inline uint32_t tcpflow__recent_mark(uint64_t product) {
  return (uint32_t)(product >> (32 - TCPFLOW__RECENT_BITS) & UINT32_MAX);
}

static inline void tcpflow__recent_note(tcpflow__recent *recent,
                                        uint64_t product,
                                        struct tcpflow__flow *flow,
                                        uint32_t index) {
  recent->place[tcpflow__recent_at(product)].known =
    (tcpflow__recent_flow){flow, index, tcpflow__recent_mark(product)};
}

/* The flow has just begun. */
static inline void tcpflow__recent_begin(tcpflow__recent *recent,
                                         uint64_t product,
                                         struct tcpflow__flow *flow,
                                         uint32_t index) {
  recent->place[tcpflow__recent_at(product)].begun =
    (tcpflow__recent_flow){flow, index, tcpflow__recent_mark(product)};
}

/* Takes what is remembered by a product, of a flow that goes on.  False, and
   nothing is taken: nothing is; nor is it where the mark is 0. */
static inline bool tcpflow__recent_recall(tcpflow__recent *recent,
                                          uint64_t product,
                                          tcpflow__recent_flow *recalled) {
  tcpflow__recent_place *const place =
    recent->place + tcpflow__recent_at(product);
  const uint32_t mark = tcpflow__recent_mark(product);

  if (place->known.mark != mark) {
    if (place->begun.mark != mark) {
      return false;
    }
    place->known = place->begun;
  }
  *recalled = place->known;
  return true;
}

#endif /* TCPFLOW__TRACK_RECENT_H */
