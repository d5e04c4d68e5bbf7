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

/* Client first: its half is the lower one.  Octets lie in a number as in the
   packet, the first one lowest. */
typedef struct tcpflow__ends {
  union {
    uint64_t addresses;   /* Of IPv4. */
    tcpflow_tuple *whole; /* If that is marked. */
  };
  uint32_t ports;
  uint32_t vlan; /* Of the tuple, or TCPFLOW__ENDS_WHOLE. */
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

/* Does a tuple need no place of its own? */
static inline bool tcpflow__ends_fit(const tcpflow_tuple *tuple) {
  const unsigned reserved =
    tuple->reserved[0] | tuple->reserved[1] | tuple->reserved[2];

  return tuple->version == 4 &&
         (tuple->scope | tuple->tunnel | (tuple->vlan & TCPFLOW__ENDS_WHOLE) |
          reserved | tcpflow__ends_behind(tuple->address[0]) |
          tcpflow__ends_behind(tuple->address[1])) == 0;
}

/* A port's octets, the first one lowest; and back. */
static inline uint32_t tcpflow__ends_turn(uint32_t port) {
  return (port & 0xffU) << 8 | (port >> 8 & 0xffU);
}

/* PLACE is for a tuple that does not fit. */
static inline void tcpflow__ends_set(tcpflow__ends *ends,
                                     const tcpflow_tuple *tuple,
                                     tcpflow_tuple *place) {
  ends->ports = tcpflow__ends_turn(tuple->port[1]) << 16 |
                tcpflow__ends_turn(tuple->port[0]);
  if (tcpflow__ends_fit(tuple)) {
    ends->addresses = (uint64_t)tcpflow__fetch32_little(tuple->address[1])
                        << 32 |
                      tcpflow__fetch32_little(tuple->address[0]);
    ends->vlan = tuple->vlan;
  } else {
    *place = *tuple;
    ends->whole = place;
    ends->vlan = TCPFLOW__ENDS_WHOLE;
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
