/*
 * lib/decode/registry.c - which header is announced by which number.
 *
 * Room: decode.  Includes: nothing of ours.  One row, one number; a new header
 * is a row here and a step in a file of its own.  IPv4, IPv6 and TCP are not
 * here: decode.c calls them itself.
 */
#include "decode/steps.h"

#define ROW(base, name, step)                                                  \
  case TCPFLOW__NEXT_##base + TCPFLOW__##name:                                 \
    return tcpflow__step_##step;

/* IEEE 802 numbers. */
static tcpflow__step *step_of_ether_type(uint32_t next) {
  switch (next) {
    ROW(ETHER, ETHER_VLAN, vlan)
    ROW(ETHER, ETHER_QINQ, vlan)
    ROW(ETHER, ETHER_QINQ_OLD, vlan)
  default:
    return NULL;
  }
}

/* IANA's protocol numbers: RFC 8200 section 4; RFC 4302; RFC 6275, 7401 and
   5533 for mobility, HIP and shim6. */
static tcpflow__step *step_of_protocol(uint32_t next) {
  switch (next) {
    ROW(IPV4, PROTOCOL_AH, ah)
    ROW(IPV6, PROTOCOL_AH, ah)
    ROW(IPV6, PROTOCOL_HOP_BY_HOP, hop_by_hop)
    ROW(IPV6, PROTOCOL_DESTINATION, destination)
    ROW(IPV6, PROTOCOL_ROUTING, extension)
    ROW(IPV6, PROTOCOL_FRAGMENT, fragment)
    ROW(IPV6, PROTOCOL_MOBILITY, extension)
    ROW(IPV6, PROTOCOL_HIP, extension)
    ROW(IPV6, PROTOCOL_SHIM6, extension)
  default:
    return NULL;
  }
}

tcpflow__step *tcpflow__step_of(uint32_t next) {
  switch (next & UINT32_C(0xf0000)) {
  case TCPFLOW__NEXT_ETHER:
    return step_of_ether_type(next);
  case TCPFLOW__NEXT_IPV4:
  case TCPFLOW__NEXT_IPV6:
    return step_of_protocol(next);
  case TCPFLOW__NEXT_LINK:
    return tcpflow__link_step(next - TCPFLOW__NEXT_LINK);
  default:
    return NULL;
  }
}
