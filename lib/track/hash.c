/*
 * lib/track/hash.c - the hash of a flow.
 *
 * Room: track.  Includes: base, wire, conn.  What is hashed, in octets; "low"
 * is the end whose address, then port, is the lower one as a number in network
 * order:
 *
 *   IPv4   12: low address 4, high address 4, low port 2, high port 2
 *   IPv6   36: low address 16, high address 16, ports 4
 *   other  56: low address 16, high address 16, ports 4, version 1, zero 3,
 *              scope 8, VLAN identifiers 4, tunnel 4
 *
 * The short forms stand for scope, VLAN and tunnel of 0, or not looked at.  No
 * two forms have one length, and SipHash takes in the length, so different keys
 * are different input.  Numbers are in network order.  The layouts are part of
 * the interface: machines that share the work must agree.
 *
 * IPv4 of the short form is in hash.h, as every packet needs it.
 */
#include "track/hash.h"

#include <tcpflow/tracker.h>

/* --- octets in network order, as the hash reads them --- */

static inline uint64_t turn64(uint64_t v) {
  return (uint64_t)tcpflow__turn32((uint32_t)(v & UINT32_MAX)) << 32 |
         tcpflow__turn32((uint32_t)(v >> 32));
}

static inline uint64_t load64(const uint8_t *p) {
  return tcpflow__fetch32_little(p) | (uint64_t)tcpflow__fetch32_little(p + 4)
                                        << 32;
}

static inline uint64_t fetch64(const uint8_t *p) {
  return (uint64_t)tcpflow__fetch32(p) << 32 | tcpflow__fetch32(p + 4);
}

/* --- which end comes first --- */

static bool swapped_long(const tcpflow_tuple *tuple) {
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
static bool ends_swapped(const tcpflow_tuple *tuple) {
  return tuple->version == 4 ? tcpflow__swapped_ipv4(tuple)
                             : swapped_long(tuple);
}

/* --- the hash --- */

static inline void take(tcpflow__sip *sip, uint64_t word) {
  tcpflow__sip_word(sip, word, 1);
}

static inline void take_address(tcpflow__sip *sip, const uint8_t *address) {
  take(sip, load64(address));
  take(sip, load64(address + 8));
}

/* Of a tuple that is not plain, of which these tags count. */
TCPFLOW__FLAT uint64_t hash_long(const tcpflow__hasher *hasher,
                                 const tcpflow_tuple *tuple, uint64_t tags,
                                 bool swapped) {
  const uint64_t ports = tcpflow__hashed_ports(tuple, swapped);
  tcpflow__sip sip = hasher->begun;

  take_address(&sip, tuple->address[swapped]);
  take_address(&sip, tuple->address[!swapped]);
  if ((tuple->scope | tags) == 0 && tuple->version == 6) {
    take(&sip, ports | tcpflow__sip_size(36));
  } else {
    take(&sip, ports | (uint64_t)tuple->version << 32);
    take(&sip, turn64(tuple->scope));
    take(&sip, tcpflow__turn32(tuple->vlan & hasher->vlan_mask) |
                 (uint64_t)tcpflow__turn32(tuple->tunnel & hasher->tunnel_mask)
                   << 32);
    take(&sip, tcpflow__sip_size(56));
  }
  return tcpflow__sip_end13(&sip);
}

void tcpflow__hasher_init(tcpflow__hasher *hasher, const uint8_t secret[16],
                          uint32_t key_flags) {
  const tcpflow_tuple counts = {
    .vlan = (key_flags & TCPFLOW_KEY_VLAN) != 0 ? UINT32_MAX : 0,
    .tunnel = (key_flags & TCPFLOW_KEY_NO_TUNNEL) != 0 ? 0 : UINT32_MAX};

  hasher->secret = tcpflow__sipkey_read(secret);
  hasher->begun = tcpflow__sip_begin(&hasher->secret);
  hasher->vlan_mask = counts.vlan;
  hasher->tunnel_mask = counts.tunnel;
  hasher->tags_mask = tcpflow__tags_of(&counts);
  hasher->odd_mask = counts.vlan | TCPFLOW__ENDS_WHOLE;
}

/* --- the key --- */

/* Apart, so that what most packets need stays small. */
TCPFLOW__APART uint64_t tcpflow__key_init_long(tcpflow__key *key,
                                               const tcpflow__hasher *hasher,
                                               const tcpflow_tuple *tuple) {
  const bool swapped = ends_swapped(tuple);
  const uint64_t hash = hash_long(
    hasher, tuple, tcpflow__tags_of(tuple) & hasher->tags_mask, swapped);

  key->tuple = tuple;
  key->hasher = hasher;
  key->hash = (uint32_t)(hash >> 32);
  key->swapped = swapped;
  key->plain = false;
  return hash;
}

uint64_t tcpflow__key_init(tcpflow__key *key, const tcpflow__hasher *hasher,
                           const tcpflow_tuple *tuple) {
  return tcpflow__key_take(key, hasher, tuple,
                           tcpflow__tuple_form(hasher, tuple) == 4);
}

/* The addresses; of PLAIN tuples the octets of IPv4 count.  Sizes that a
   compiler knows make no calls. */
TCPFLOW__FLAT bool are_addresses(const tcpflow_tuple *a, const tcpflow_tuple *b,
                                 unsigned first, bool plain) {
  const uint8_t *const near = b->address[first];
  const uint8_t *const far = b->address[1 - first];

  return plain ? memcmp(a->address[0], near, 4) == 0 &&
                   memcmp(a->address[1], far, 4) == 0
               : memcmp(a->address[0], near, 16) == 0 &&
                   memcmp(a->address[1], far, 16) == 0;
}

/* Are two tuples of one flow, where index 0 of A is FIRST of B? */
TCPFLOW__FLAT bool are_alike(const tcpflow__hasher *hasher,
                             const tcpflow_tuple *a, const tcpflow_tuple *b,
                             unsigned first, bool plain) {
  return a->port[0] == b->port[first] && a->port[1] == b->port[1 - first] &&
         a->version == b->version && a->scope == b->scope &&
         are_addresses(a, b, first, plain) &&
         ((tcpflow__tags_of(a) ^ tcpflow__tags_of(b)) & hasher->tags_mask) == 0;
}

bool tcpflow__key_is_of(const tcpflow__key *key, const tcpflow_tuple *other,
                        bool swapped) {
  return are_alike(key->hasher, key->tuple, other, key->swapped != swapped,
                   key->plain);
}

bool tcpflow__key_is_long(const tcpflow__key *key, const tcpflow__ends *ends,
                          bool swapped) {
  tcpflow_tuple room;

  return tcpflow__key_is_of(key, tcpflow__ends_seen(ends, &room), swapped);
}

TCPFLOW__APART int tcpflow__ends_sender_long(const tcpflow__ends *ends,
                                             const tcpflow__hasher *hasher,
                                             const tcpflow_tuple *tuple) {
  tcpflow_tuple room;
  const tcpflow_tuple *const other = tcpflow__ends_seen(ends, &room);

  if (tcpflow__ends_are_one(ends)) {
    return -1;
  }
  if (are_alike(hasher, tuple, other, 0, false)) {
    return TCPFLOW_SIDE_CLIENT;
  }
  return are_alike(hasher, tuple, other, 1, false) ? TCPFLOW_SIDE_SERVER : -1;
}

TCPFLOW__APART void tcpflow__key_ends_long(const tcpflow__key *key,
                                           bool swapped, tcpflow__ends *ends,
                                           tcpflow_tuple *place) {
  tcpflow__ends_set(ends, key->tuple, place);
  if (key->swapped != swapped) {
    tcpflow__ends_swap(ends);
  }
}

uint64_t tcpflow_flow_hash(const tcpflow_tuple *tuple, const uint8_t key[16],
                           uint32_t key_flags) {
  tcpflow__hasher hasher;
  tcpflow__key ours;

  tcpflow__hasher_init(&hasher, key, key_flags);
  return tcpflow__key_init(&ours, &hasher, tuple);
}
