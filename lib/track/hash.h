/*
 * lib/track/hash.h - who a packet belongs to: its key and the key's hash.
 *
 * Room: track.  Includes: base, wire.  The hash only says where to look; a flow
 * is found by comparing all of the key.
 */
#ifndef TCPFLOW__TRACK_HASH_H
#define TCPFLOW__TRACK_HASH_H

#include <stdbool.h>
#include <string.h>

#include <tcpflow/packet.h>

#include "wire/siphash.h"

/*
 * How a tracker tells flows apart.
 */
typedef struct tcpflow__hasher {
  tcpflow__sipkey secret;
  uint32_t vlan_mask;   /* All ones if tags belong to the key, otherwise 0. */
  uint32_t tunnel_mask; /* Of virtual networks, likewise. */
} tcpflow__hasher;

/*
 * The key of a tuple.  Both directions of a flow have the same hash; the ends
 * are put in order, and `swapped` says that index 1 comes first.
 */
typedef struct tcpflow__key {
  const tcpflow_tuple *tuple; /* Borrowed. */
  uint32_t vlan_mask;         /* Of the hasher. */
  uint32_t tunnel_mask;       /* Likewise. */
  uint32_t hash;              /* The upper half; trackers are chosen by all. */
  bool swapped;
} tcpflow__key;

void tcpflow__hasher_init(tcpflow__hasher *hasher, const uint8_t secret[16],
                          uint32_t key_flags);

/* Answers all of the hash. */
uint64_t tcpflow__key_init(tcpflow__key *key, const tcpflow__hasher *hasher,
                           const tcpflow_tuple *tuple);

/* Do two ends have one address, as far as addresses of a version go? */
static inline bool tcpflow__same_address(const uint8_t *a, const uint8_t *b,
                                         uint8_t version) {
  return version == 4 ? memcmp(a, b, 4) == 0 : memcmp(a, b, 16) == 0;
}

/* Is this the key of a flow with OTHER's tuple, whose ends are SWAPPED? */
static inline bool tcpflow__key_is(const tcpflow__key *key,
                                   const tcpflow_tuple *other, bool swapped) {
  const tcpflow_tuple *const tuple = key->tuple;
  const unsigned first = key->swapped != swapped;

  return tuple->port[0] == other->port[first] &&
         tuple->port[1] == other->port[1 - first] &&
         tuple->version == other->version && tuple->scope == other->scope &&
         tcpflow__same_address(tuple->address[0], other->address[first],
                               tuple->version) &&
         tcpflow__same_address(tuple->address[1], other->address[1 - first],
                               tuple->version) &&
         ((tuple->tunnel ^ other->tunnel) & key->tunnel_mask) == 0 &&
         ((tuple->vlan ^ other->vlan) & key->vlan_mask) == 0;
}

#endif /* TCPFLOW__TRACK_HASH_H */
