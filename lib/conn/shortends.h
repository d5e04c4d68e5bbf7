/*
 * lib/conn/shortends.h - who a connection is between, in few octets.
 *
 * Room: conn.  Includes: nothing of ours but wire.  Nearly every connection is
 * of IPv4, and has no scope and no virtual network: two addresses, two ports
 * and VLAN identifiers are all there is to its tuple.  Every other tuple lies
 * in a place of its own, which the connection's owner finds.  Both forms have
 * the ports at the same place.
 */
#ifndef TCPFLOW__CONN_SHORTENDS_H
#define TCPFLOW__CONN_SHORTENDS_H

#include <stdbool.h>
#include <string.h>

#include <tcpflow/packet.h>

#include "wire/bytes.h"

/* A mark among the VLAN identifiers, which leave this bit alone: the tuple has
   a place of its own. */
#define TCPFLOW__ENDS_WHOLE (UINT32_C(1) << 31)

/* The same of a tuple of IPv6 that has two ports, and nothing else that could
   count. */
#define TCPFLOW__ENDS_SIX   (TCPFLOW__ENDS_WHOLE | 6U)

/* Client first.  Octets of addresses lie in a number as in the packet, the
   first one lowest: the client's are the lower half. */
typedef struct tcpflow__ends {
  union {
    uint64_t addresses;   /* Of IPv4. */
    tcpflow_tuple *whole; /* If that is marked. */
  };
  uint32_t ports; /* As a tuple has them, in whatever order a machine has
                     that. */
  uint32_t vlan;  /* Of the tuple, or TCPFLOW__ENDS_WHOLE or _SIX. */
} tcpflow__ends;

_Static_assert(sizeof(tcpflow__ends) == 16, "there may be millions");

static inline bool tcpflow__ends_are_whole(const tcpflow__ends *ends) {
  return (ends->vlan & TCPFLOW__ENDS_WHOLE) != 0;
}

/* What an address has behind the octets of IPv4; 0: nothing. */
static inline uint64_t tcpflow__ends_behind(const uint8_t address[16]) {
  uint32_t near;
  uint64_t far;

  memcpy(&near, address + 4, sizeof(near));
  memcpy(&far, address + 8, sizeof(far));
  return near | far;
}

/* Is a tuple of one end, which talks to itself? */
static inline bool tcpflow__ends_of_one(const tcpflow_tuple *tuple) {
  return tuple->port[0] == tuple->port[1] &&
         memcmp(tuple->address[0], tuple->address[1],
                sizeof(tuple->address[0])) == 0;
}

/* Does a tuple need no place of its own?  One that is the same both ways does,
   so that the others say who sent a segment. */
static inline bool tcpflow__ends_fit(const tcpflow_tuple *tuple) {
  const unsigned reserved =
    tuple->reserved[0] | tuple->reserved[1] | tuple->reserved[2];

  return tuple->version == 4 &&
         (tuple->scope | tuple->tunnel | (tuple->vlan & TCPFLOW__ENDS_WHOLE) |
          reserved | tcpflow__ends_behind(tuple->address[0]) |
          tcpflow__ends_behind(tuple->address[1])) == 0 &&
         !tcpflow__ends_of_one(tuple);
}

/* Both ports as one number. */
static inline uint32_t tcpflow__ends_ports(const tcpflow_tuple *tuple) {
  uint32_t ports;

  memcpy(&ports, tuple->port, sizeof(ports));
  return ports;
}

/* Both addresses of IPv4 as one number. */
static inline uint64_t tcpflow__ends_addresses(const tcpflow_tuple *tuple) {
  return (uint64_t)tcpflow__fetch32_little(tuple->address[1]) << 32 |
         tcpflow__fetch32_little(tuple->address[0]);
}

/* The mark of one that has a place of its own. */
static inline uint32_t tcpflow__ends_mark(const tcpflow_tuple *tuple) {
  return tuple->version == 6 && tuple->port[0] != tuple->port[1] &&
             (tuple->scope | tuple->vlan | tuple->tunnel) == 0
           ? TCPFLOW__ENDS_SIX
           : TCPFLOW__ENDS_WHOLE;
}

/* PLACE is for a tuple that does not fit; NULL: it does. */
static inline void tcpflow__ends_set(tcpflow__ends *ends,
                                     const tcpflow_tuple *tuple,
                                     tcpflow_tuple *place) {
  ends->ports = tcpflow__ends_ports(tuple);
  if (place == NULL || tcpflow__ends_fit(tuple)) {
    ends->addresses = tcpflow__ends_addresses(tuple);
    ends->vlan = tuple->vlan;
  } else {
    *place = *tuple;
    ends->whole = place;
    ends->vlan = tcpflow__ends_mark(tuple);
  }
}

/* The tuple, which may be written to ROOM. */
const tcpflow_tuple *tcpflow__ends_seen(const tcpflow__ends *ends,
                                        tcpflow_tuple *room);

/* Client and server change places. */
void tcpflow__ends_swap(tcpflow__ends *ends);

/* Have both the same port? */
static inline bool tcpflow__ends_one_port(const tcpflow__ends *ends) {
  return ends->ports >> 16 == (ends->ports & 0xffffU);
}

/* And the same address, too? */
bool tcpflow__ends_are_one(const tcpflow__ends *ends);

#endif /* TCPFLOW__CONN_SHORTENDS_H */
