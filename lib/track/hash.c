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

#include "wire/bytes.h"

#define HASHED_MAX 56

static uint64_t fetch64(const uint8_t *p) {
  return (uint64_t)tcpflow__fetch32(p) << 32 | tcpflow__fetch32(p + 4);
}

/* Written out, so that compilers make it one store of 8 octets: the hash loads
   8 at a time, and a load that spans two stores has to wait for them. */
static void store64(uint8_t *p, uint64_t v) {
  p[0] = (uint8_t)(v >> 56);
  p[1] = (uint8_t)(v >> 48 & 0xffU);
  p[2] = (uint8_t)(v >> 40 & 0xffU);
  p[3] = (uint8_t)(v >> 32 & 0xffU);
  p[4] = (uint8_t)(v >> 24 & 0xffU);
  p[5] = (uint8_t)(v >> 16 & 0xffU);
  p[6] = (uint8_t)(v >> 8 & 0xffU);
  p[7] = (uint8_t)(v & 0xffU);
}

/* Does index 1 come before index 0? */
static bool ends_swapped(const tcpflow_tuple *tuple) {
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

/* Ports in order, in the upper half. */
static uint64_t pack_ports(const tcpflow_tuple *tuple, unsigned low) {
  return (uint64_t)tuple->port[low] << 48 | (uint64_t)tuple->port[1 - low]
                                              << 32;
}

static size_t put_ipv4(uint8_t *out, const tcpflow_tuple *tuple, unsigned low) {
  store64(out, (uint64_t)tcpflow__fetch32(tuple->address[low]) << 32 |
                 tcpflow__fetch32(tuple->address[1 - low]));
  store64(out + 8, pack_ports(tuple, low));
  return 16;
}

static size_t put_ipv6(uint8_t *out, const tcpflow_tuple *tuple, unsigned low) {
  memcpy(out, tuple->address[low], 16);
  memcpy(out + 16, tuple->address[1 - low], 16);
  store64(out + 32, pack_ports(tuple, low));
  return 40;
}

static size_t put_other(uint8_t *out, const tcpflow_tuple *tuple, unsigned low,
                        uint32_t vlan, uint32_t tunnel) {
  (void)put_ipv6(out, tuple, low);
  out[36] = tuple->version;
  store64(out + 40, tuple->scope);
  store64(out + 48, (uint64_t)vlan << 32 | tunnel);
  return HASHED_MAX;
}

/* Writes what is hashed; answers how many octets that is. */
static size_t put_key(uint8_t out[HASHED_MAX], const tcpflow_tuple *tuple,
                      unsigned low, uint32_t vlan, uint32_t tunnel) {
  const bool plain = (tuple->scope | vlan | tunnel) == 0;

  if (plain && tuple->version == 4) {
    return put_ipv4(out, tuple, low);
  }
  if (plain && tuple->version == 6) {
    return put_ipv6(out, tuple, low);
  }
  return put_other(out, tuple, low, vlan, tunnel);
}

static uint64_t hash_tuple(const tcpflow__hasher *hasher,
                           const tcpflow_tuple *tuple, bool swapped) {
  uint8_t bytes[HASHED_MAX];
  const size_t size =
    put_key(bytes, tuple, swapped, tuple->vlan & hasher->vlan_mask,
            tuple->tunnel & hasher->tunnel_mask);

  return tcpflow__siphash13(&hasher->secret, bytes, size);
}

void tcpflow__hasher_init(tcpflow__hasher *hasher, const uint8_t secret[16],
                          uint32_t key_flags) {
  hasher->secret = tcpflow__sipkey_read(secret);
  hasher->vlan_mask = (key_flags & TCPFLOW_KEY_VLAN) != 0 ? UINT32_MAX : 0;
  hasher->tunnel_mask =
    (key_flags & TCPFLOW_KEY_NO_TUNNEL) != 0 ? 0 : UINT32_MAX;
}

void tcpflow__key_init(tcpflow__key *key, const tcpflow__hasher *hasher,
                       const tcpflow_tuple *tuple) {
  key->tuple = tuple;
  key->vlan_mask = hasher->vlan_mask;
  key->tunnel_mask = hasher->tunnel_mask;
  key->swapped = ends_swapped(tuple);
  key->hash = (uint32_t)(hash_tuple(hasher, tuple, key->swapped) >> 32);
}

uint64_t tcpflow_flow_hash(const tcpflow_tuple *tuple, const uint8_t key[16],
                           uint32_t key_flags) {
  tcpflow__hasher hasher;

  tcpflow__hasher_init(&hasher, key, key_flags);
  return hash_tuple(&hasher, tuple, ends_swapped(tuple));
}
