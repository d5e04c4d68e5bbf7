/*
 * lib/track/hash.c - the hash of a flow.
 *
 * Room: track.  Includes: base, wire.  What is hashed, in octets; "low" is the
 * end whose address, then port, is the lower one as a number in network order:
 *
 *   IPv4   16: low address 4, high address 4, low port 2, high port 2, zero 4
 *   IPv6   40: low address 16, high address 16, ports 4, zero 4
 *   other  56: low address 16, high address 16, ports 4, version 1, zero 3,
 *              scope 8, VLAN identifiers 4, tunnel 4
 *
 * The short forms stand for scope, VLAN and tunnel of 0, or not looked at.  No
 * two forms have one length, and SipHash takes in the length, so different keys
 * are different input.  Numbers are in network order.  The layouts are part of
 * the interface: machines that share the work must agree.
 */
#include "track/hash.h"

#include <tcpflow/tracker.h>

#include "base/compiler.h"
#include "wire/bytes.h"
#include "wire/sipround.h"

/* Words of the longest form. */
#define WORDS_MAX 7

/* --- octets in network order, as the hash reads them --- */

static uint64_t swap16(uint16_t v) {
  return (uint64_t)(v >> 8 | (v & 0xffU) << 8);
}

static uint64_t swap32(uint32_t v) {
  return swap16((uint16_t)(v >> 16)) | swap16((uint16_t)(v & 0xffffU)) << 16;
}

/* Written out, as compilers know it. */
static inline uint64_t swap64(uint64_t v) {
  return v >> 56 | (v >> 40 & 0xff00U) | (v >> 24 & 0xff0000U) |
         (v >> 8 & 0xff000000U) | (v & 0xff000000U) << 8 |
         (v & 0xff0000U) << 24 | (v & 0xff00U) << 40 | (v & 0xffU) << 56;
}

static uint64_t load64(const uint8_t *p) {
  return tcpflow__fetch32_little(p) | (uint64_t)tcpflow__fetch32_little(p + 4)
                                        << 32;
}

static uint64_t ports_word(const tcpflow_tuple *tuple, unsigned low) {
  return swap16(tuple->port[low]) | swap16(tuple->port[1 - low]) << 16;
}

/* --- which end comes first --- */

static uint64_t fetch64(const uint8_t *p) {
  return (uint64_t)tcpflow__fetch32(p) << 32 | tcpflow__fetch32(p + 4);
}

/* Address and port as one number. */
static inline uint64_t end_ipv4(const tcpflow_tuple *tuple, unsigned end) {
  return (uint64_t)tcpflow__fetch32(tuple->address[end]) << 16 |
         tuple->port[end];
}

TCPFLOW__APART static bool swapped_ipv6(const tcpflow_tuple *tuple) {
  const uint8_t *const a = tuple->address[0];
  const uint8_t *const b = tuple->address[1];

  if (fetch64(a) != fetch64(b)) {
    return fetch64(a) > fetch64(b);
  }
  if (fetch64(a + 8) != fetch64(b + 8)) {
    return fetch64(a + 8) > fetch64(b + 8);
  }
  return tuple->port[0] > tuple->port[1];
}

/* Does index 1 come before index 0? */
static inline bool ends_swapped(const tcpflow_tuple *tuple) {
  return tuple->version == 4 ? end_ipv4(tuple, 0) > end_ipv4(tuple, 1)
                             : swapped_ipv6(tuple);
}

/* --- the hash --- */

static inline uint64_t hash_ipv4(const tcpflow__sipkey *secret,
                                 const tcpflow_tuple *tuple, bool swapped) {
  const uint64_t ends[2] = {end_ipv4(tuple, 0), end_ipv4(tuple, 1)};
  const uint64_t low = swapped ? ends[1] : ends[0];
  const uint64_t high = swapped ? ends[0] : ends[1];

  return tcpflow__siphash13_pair(secret, swap64(low >> 16 << 32 | high >> 16),
                                 swap64(low << 48 | (high & 0xffffU) << 32));
}

static void put_ipv6(uint64_t words[WORDS_MAX], const tcpflow_tuple *tuple,
                     unsigned low) {
  words[0] = load64(tuple->address[low]);
  words[1] = load64(tuple->address[low] + 8);
  words[2] = load64(tuple->address[1 - low]);
  words[3] = load64(tuple->address[1 - low] + 8);
  words[4] = ports_word(tuple, low);
}

/* Apart, so that what most packets need stays small. */
TCPFLOW__APART static uint64_t hash_long(const tcpflow__hasher *hasher,
                                         const tcpflow_tuple *tuple,
                                         bool swapped) {
  const uint32_t vlan = tuple->vlan & hasher->vlan_mask;
  const uint32_t tunnel = tuple->tunnel & hasher->tunnel_mask;
  uint64_t words[WORDS_MAX];

  put_ipv6(words, tuple, swapped);
  if ((tuple->scope | vlan | tunnel) == 0 && tuple->version == 6) {
    return tcpflow__siphash13_words(&hasher->secret, words, 5);
  }
  words[4] |= (uint64_t)tuple->version << 32;
  words[5] = swap64(tuple->scope);
  words[6] = swap32(vlan) | swap32(tunnel) << 32;
  return tcpflow__siphash13_words(&hasher->secret, words, WORDS_MAX);
}

static inline uint64_t hash_tuple(const tcpflow__hasher *hasher,
                                  const tcpflow_tuple *tuple, bool swapped) {
  const uint64_t rest = tuple->scope | (tuple->vlan & hasher->vlan_mask) |
                        (tuple->tunnel & hasher->tunnel_mask);

  return rest == 0 && tuple->version == 4
           ? hash_ipv4(&hasher->secret, tuple, swapped)
           : hash_long(hasher, tuple, swapped);
}

void tcpflow__hasher_init(tcpflow__hasher *hasher, const uint8_t secret[16],
                          uint32_t key_flags) {
  hasher->secret = tcpflow__sipkey_read(secret);
  hasher->vlan_mask = (key_flags & TCPFLOW_KEY_VLAN) != 0 ? UINT32_MAX : 0;
  hasher->tunnel_mask =
    (key_flags & TCPFLOW_KEY_NO_TUNNEL) != 0 ? 0 : UINT32_MAX;
}

uint64_t tcpflow__key_init(tcpflow__key *key, const tcpflow__hasher *hasher,
                           const tcpflow_tuple *tuple) {
  const bool swapped = ends_swapped(tuple);
  const uint64_t hash = hash_tuple(hasher, tuple, swapped);

  key->tuple = tuple;
  key->vlan_mask = hasher->vlan_mask;
  key->tunnel_mask = hasher->tunnel_mask;
  key->swapped = swapped;
  key->hash = (uint32_t)(hash >> 32);
  return hash;
}

uint64_t tcpflow_flow_hash(const tcpflow_tuple *tuple, const uint8_t key[16],
                           uint32_t key_flags) {
  tcpflow__hasher hasher;
  tcpflow__key ours;

  tcpflow__hasher_init(&hasher, key, key_flags);
  return tcpflow__key_init(&ours, &hasher, tuple);
}
