/*
 * lib/track/hash.h - who a packet belongs to: its key and the key's hash.
 *
 * Room: track.  Includes: base, wire, conn.  The hash only says where to look;
 * a flow is found by comparing all of the key.  Nearly every packet is of IPv4,
 * and of no scope, VLAN or virtual network that counts: such a tuple is called
 * plain here, and what is done with it is part of the caller's code.
 */
#ifndef TCPFLOW__TRACK_HASH_H
#define TCPFLOW__TRACK_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <tcpflow/packet.h>

#include "base/compiler.h"
#include "conn/shortends.h"
#include "wire/bytes.h"
#include "wire/sipround.h"

/*
 * How a tracker tells flows apart.
 */
typedef struct tcpflow__hasher {
  tcpflow__sipkey secret;
  tcpflow__sip begun;   /* The hash, once it has taken in the secret. */
  uint32_t vlan_mask;   /* All ones if tags belong to the key, otherwise 0. */
  uint32_t tunnel_mask; /* Of virtual networks, likewise. */
  uint64_t tags_mask;   /* Both, side by side as in a tuple. */
  uint32_t odd_mask;    /* Of the tags of a record: with any of these bits it is
                           not plain, or has to be asked more. */
} tcpflow__hasher;

/* A plain tuple as the hash reads it: the end that comes first before the
   other one. */
typedef struct tcpflow__pair {
  uint64_t addresses;
  uint64_t ports; /* And the size. */
} tcpflow__pair;

/*
 * The key of a tuple.  Both directions of a flow have the same hash; the ends
 * are put in order, and `swapped` says that index 1 comes first.
 */
typedef struct tcpflow__key {
  const tcpflow_tuple *tuple;    /* Borrowed, */
  const tcpflow__hasher *hasher; /* and so is this. */
  uint64_t addresses;            /* If it is plain: of its pair, */
  uint32_t ports;                /* and these, as ends have them. */
  uint32_t hash; /* The upper half; trackers are chosen by all. */
  bool swapped;
  bool plain; /* Of IPv4, and nothing else counts. */
} tcpflow__key;

void tcpflow__hasher_init(tcpflow__hasher *hasher, const uint8_t secret[16],
                          uint32_t key_flags);

/* Answers all of the hash. */
uint64_t tcpflow__key_init(tcpflow__key *key, const tcpflow__hasher *hasher,
                           const tcpflow_tuple *tuple);

/* --- plain tuples --- */

/* VLAN and tunnel side by side, in whatever order a machine has them. */
static inline uint64_t tcpflow__tags_of(const tcpflow_tuple *tuple) {
  uint64_t tags;

  _Static_assert(offsetof(tcpflow_tuple, tunnel) ==
                   offsetof(tcpflow_tuple, vlan) + 4,
                 "side by side");
  memcpy(&tags, (const uint8_t *)tuple + offsetof(tcpflow_tuple, vlan),
         sizeof(tags));
  return tags;
}

/* The version of IP, if nothing else of a tuple counts but addresses and ports;
   otherwise 0.  That of a plain one is 4. */
static inline uint8_t tcpflow__tuple_form(const tcpflow__hasher *hasher,
                                          const tcpflow_tuple *tuple) {
  return (tuple->scope | (tcpflow__tags_of(tuple) & hasher->tags_mask)) == 0
           ? tuple->version
           : 0;
}

/* Does index 1 come before index 0 in a tuple of IPv4? */
static inline bool tcpflow__swapped_ipv4(const tcpflow_tuple *tuple) {
  const uint32_t first = tcpflow__fetch32(tuple->address[0]);
  const uint32_t second = tcpflow__fetch32(tuple->address[1]);

  return first != second ? first > second : tuple->port[0] > tuple->port[1];
}

/* Changes the halves of a word, so that who sent a packet is no branch. */
TCPFLOW__SIP_WRAPS static inline uint64_t tcpflow__halves64(uint64_t word,
                                                            bool swapped) {
  const unsigned bits = (unsigned)swapped << 5;

  return word << bits | word >> (-bits & 63U);
}

TCPFLOW__SIP_WRAPS static inline uint32_t tcpflow__halves32(uint32_t word,
                                                            bool swapped) {
  const unsigned bits = (unsigned)swapped << 4;

  return word << bits | word >> (-bits & 31U);
}

/* The other order of octets; written out, as compilers know it. */
static inline uint32_t tcpflow__turn32(uint32_t v) {
  return v >> 24 | (v >> 8 & 0xff00U) | (v & 0xff00U) << 8 | (v & 0xffU) << 24;
}

/* The ports of a tuple as the hash reads them. */
static inline uint32_t tcpflow__hashed_ports(const tcpflow_tuple *tuple,
                                             bool swapped) {
  const uint32_t ports = tcpflow__order_halves(tcpflow__ends_ports(tuple));

  return tcpflow__turn32(tcpflow__halves32(ports, swapped));
}

/* Of a tuple of IPv4. */
static inline tcpflow__pair tcpflow__pair_of(const tcpflow_tuple *tuple,
                                             bool swapped) {
  const uint64_t second = tcpflow__fetch32_little(tuple->address[1]);

  return (tcpflow__pair){
    tcpflow__halves64(second << 32 | tcpflow__fetch32_little(tuple->address[0]),
                      swapped),
    tcpflow__sip_size(12) | tcpflow__hashed_ports(tuple, swapped)};
}

/* --- keys --- */

/* The same as tcpflow__key_init(), for one that is not plain. */
uint64_t tcpflow__key_init_long(tcpflow__key *key,
                                const tcpflow__hasher *hasher,
                                const tcpflow_tuple *tuple);

/* The same as tcpflow__key_init(), which becomes part of its caller.  PLAIN:
   the tuple is. */
TCPFLOW__FLAT uint64_t tcpflow__key_take(tcpflow__key *key,
                                         const tcpflow__hasher *hasher,
                                         const tcpflow_tuple *tuple,
                                         bool plain) {
  if (!plain) {
    return tcpflow__key_init_long(key, hasher, tuple);
  }
  const bool swapped = tcpflow__swapped_ipv4(tuple);
  const tcpflow__pair pair = tcpflow__pair_of(tuple, swapped);
  const uint64_t hash =
    tcpflow__siphash13_pair(&hasher->begun, pair.addresses, pair.ports);

  key->tuple = tuple;
  key->hasher = hasher;
  key->addresses = pair.addresses;
  key->ports = tcpflow__halves32(tcpflow__ends_ports(tuple), swapped);
  key->hash = (uint32_t)(hash >> 32);
  key->swapped = swapped;
  key->plain = true;
  return hash;
}

/* Is this the key of a flow with OTHER's tuple, whose ends are SWAPPED?  If the
   key is plain, the tuple must be, and its ends the same. */
bool tcpflow__key_is_of(const tcpflow__key *key, const tcpflow_tuple *other,
                        bool swapped);

/* The function below where one of them is not plain. */
bool tcpflow__key_is_long(const tcpflow__key *key, const tcpflow__ends *ends,
                          bool swapped);

/* The same of a record's tuple. */
static inline bool tcpflow__key_is(const tcpflow__key *key,
                                   const tcpflow__ends *ends, bool swapped) {
  if (!key->plain || (ends->vlan & key->hasher->odd_mask) != 0) {
    return tcpflow__key_is_long(key, ends, swapped);
  }
  return key->addresses == tcpflow__halves64(ends->addresses, swapped) &&
         key->ports == tcpflow__halves32(ends->ports, swapped);
}

/* The second function below, for one that is not plain or does not fit. */
void tcpflow__key_ends_long(const tcpflow__key *key, bool swapped,
                            tcpflow__ends *ends, tcpflow_tuple *place);

/* Does a record hold all of the key's tuple?  A plain one, which was decoded or
   loaded, has nothing behind its addresses. */
static inline bool tcpflow__key_fits(const tcpflow__key *key) {
  const tcpflow_tuple *const tuple = key->tuple;

  return key->plain
           ? (tuple->tunnel | (tuple->vlan & TCPFLOW__ENDS_WHOLE)) == 0 &&
               (key->addresses != tcpflow__halves64(key->addresses, true) ||
                key->ports != tcpflow__halves32(key->ports, true))
           : tcpflow__ends_fit(tuple);
}

/* --- who sent a packet --- */

/* The function below for a TUPLE that may be any. */
int tcpflow__ends_sender_long(const tcpflow__ends *ends,
                              const tcpflow__hasher *hasher,
                              const tcpflow_tuple *tuple);

/* Who sent a packet with a plain TUPLE, if it is of a record with these ends,
   for sure: a tcpflow_side.  -1: it is not, or nobody knows. */
TCPFLOW__FLAT int tcpflow__ends_sender(const tcpflow__ends *ends,
                                       const tcpflow__hasher *hasher,
                                       const tcpflow_tuple *tuple) {
  const uint64_t addresses = tcpflow__ends_addresses(tuple);
  const uint32_t ports = tcpflow__ends_ports(tuple);
  const bool back =
    ((addresses ^ ends->addresses) | (ports ^ ends->ports)) != 0;
  const uint64_t others =
    (addresses ^ tcpflow__halves64(ends->addresses, back)) |
    (ports ^ tcpflow__halves32(ends->ports, back)) |
    (ends->vlan & hasher->odd_mask);

  return others == 0 ? (int)back : -1;
}

/* Do two addresses of IPv6 differ?  0: they do not. */
static inline uint64_t tcpflow__addresses_differ(const uint8_t a[16],
                                                 const uint8_t b[16]) {
  uint64_t near[2];
  uint64_t far[2];

  memcpy(near, a, sizeof(near));
  memcpy(far, b, sizeof(far));
  return (near[0] ^ far[0]) | (near[1] ^ far[1]);
}

/* The same as tcpflow__ends_sender_long(), of a TUPLE of IPv6 of which nothing
   but addresses and ports counts, and of ends marked TCPFLOW__ENDS_SIX. */
TCPFLOW__FLAT int tcpflow__ends_sender_six(const tcpflow__ends *ends,
                                           const tcpflow_tuple *tuple) {
  const uint32_t ports = tcpflow__ends_ports(tuple);
  const bool back = ports != ends->ports;
  const size_t away = (size_t)back * sizeof(tuple->address[0]);
  const uint8_t *const first = &tuple->address[0][0];
  const uint8_t *const last = first + sizeof(tuple->address[0]);
  const uint64_t others =
    (ports ^ tcpflow__halves32(ends->ports, back)) |
    tcpflow__addresses_differ(first + away, ends->whole->address[0]) |
    tcpflow__addresses_differ(last - away, ends->whole->address[1]);

  return others == 0 ? (int)back : -1;
}

/* The ends of a record of the key's, which are SWAPPED.  PLACE is for a tuple
   that does not fit. */
static inline void tcpflow__key_ends(const tcpflow__key *key, bool swapped,
                                     tcpflow__ends *ends,
                                     tcpflow_tuple *place) {
  if (key->plain && place == NULL) {
    ends->addresses = tcpflow__halves64(key->addresses, swapped);
    ends->ports = tcpflow__halves32(key->ports, swapped);
    ends->vlan = key->tuple->vlan;
    return;
  }
  tcpflow__key_ends_long(key, swapped, ends, place);
}

#endif /* TCPFLOW__TRACK_HASH_H */
