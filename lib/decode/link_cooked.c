/*
 * lib/decode/link_cooked.c - headers that a system writes in place of a link
 * header.
 *
 * Room: decode.  Includes: wire.  NULL, SLL, the logs of packet filters, and
 * other captures above the link layer.  Where a number is in the byte order of
 * the machine that captured, which no one noted, small numbers tell it.
 */
#include "decode/links.h"
#include "wire/bytes.h"

enum {
  NULL_SIZE = 4,
  SLL_SIZE = 16,
  SLL2_SIZE = 20,
  SLL_OWN_MAX = 1536,
  SLL_ALL = 0x0003, /* An Ethernet frame. */
  SLL_LLC = 0x0004,
  SLL_PPP = 0x0007,
  ARPHRD_FRAD = 770,
  ARPHRD_RADIOTAP = 803,
  ARPHRD_NETLINK = 824,
  PPP_ADDRESS_CONTROL = 0xff03,
  ENC_SIZE = 12,
  PFLOG_LEAST = 45, /* What its length says at least. */
  IPNET_SIZE = 24,
  SLIP_SIZE = 16
};

/* Linux, OpenBSD and NetBSD, Solaris, FreeBSD, macOS.  A loopback of old BSD
   systems has the family in the wrong half. */
uint32_t tcpflow__next_family(tcpflow__walk *walk, uint32_t family) {
  switch (family) {
  case 2:
  case 0x0200:
    return tcpflow__walk_announce(walk, TCPFLOW__ETHER_IPV4);
  case 10:
  case 24:
  case 26:
  case 28:
  case 30:
    return tcpflow__walk_announce(walk, TCPFLOW__ETHER_IPV6);
  default:
    return tcpflow__walk_announce(walk, 0);
  }
}

/* Families are small, so of both orders the smaller one is right. */
static uint32_t fetch_small(const uint8_t *bytes) {
  const uint32_t big = tcpflow__fetch32(bytes);
  const uint32_t little = tcpflow__fetch32_little(bytes);

  return big < little ? big : little;
}

/* NULL has the order of the machine, LOOP is big-endian.  Some write PPP or an
   EtherType instead. */
uint32_t tcpflow__step_null(tcpflow__walk *walk) {
  const uint8_t *const start = tcpflow__walk_peek(walk, NULL_SIZE);

  if (start == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  if (tcpflow__fetch16(start) == PPP_ADDRESS_CONTROL) {
    return tcpflow__step_ppp(walk);
  }
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_NULL, NULL_SIZE);
  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t family = fetch_small(bytes);

  return family > TCPFLOW__ETHER_LENGTH_MAX && family <= UINT16_MAX
           ? tcpflow__walk_announce(walk, (uint16_t)family)
           : tcpflow__next_family(walk, family);
}

/* Up to SLL_OWN_MAX are numbers of Linux itself. */
static uint32_t next_own(tcpflow__walk *walk, uint16_t protocol) {
  switch (protocol) {
  case SLL_ALL:
    return TCPFLOW__NEXT_LINK + TCPFLOW_LINK_ETHERNET;
  case SLL_LLC:
    return TCPFLOW__NEXT_OTHER + TCPFLOW_LAYER_LLC;
  case SLL_PPP:
    return TCPFLOW__NEXT_LINK + TCPFLOW_LINK_PPP_HDLC;
  default:
    return tcpflow__walk_announce(walk, protocol);
  }
}

/* HARDWARE is an ARPHRD_ number of Linux, which may change what PROTOCOL
   means. */
static uint32_t next_cooked(tcpflow__walk *walk, uint16_t hardware,
                            uint16_t protocol) {
  switch (hardware) {
  case ARPHRD_NETLINK:
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
  case ARPHRD_RADIOTAP:
    return TCPFLOW__NEXT_LINK + TCPFLOW_LINK_RADIOTAP;
  case ARPHRD_FRAD:
    return protocol > SLL_OWN_MAX ? tcpflow__walk_announce(walk, protocol)
                                  : TCPFLOW__NEXT_LINK + TCPFLOW_LINK_FRELAY;
  default:
    return next_own(walk, protocol);
  }
}

uint32_t tcpflow__step_sll(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_SLL, SLL_SIZE);

  return bytes == NULL ? TCPFLOW__NEXT_STOP
                       : next_cooked(walk, tcpflow__fetch16(bytes + 2),
                                     tcpflow__fetch16(bytes + 14));
}

uint32_t tcpflow__step_sll2(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_SLL2, SLL2_SIZE);

  return bytes == NULL ? TCPFLOW__NEXT_STOP
                       : next_cooked(walk, tcpflow__fetch16(bytes + 8),
                                     tcpflow__fetch16(bytes));
}

uint32_t tcpflow__step_enc(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_ENC, ENC_SIZE);

  return bytes == NULL ? TCPFLOW__NEXT_STOP
                       : tcpflow__next_family(walk, fetch_small(bytes));
}

/* The length does not count what aligns the packet behind the header. */
uint32_t tcpflow__step_pflog(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_PFLOG, 2);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  if (bytes[0] < PFLOG_LEAST) {
    return tcpflow__walk_stop_bad(walk);
  }
  return tcpflow__walk_skip(walk, (bytes[0] + 3U) / 4 * 4 - 2)
           ? tcpflow__next_family(walk, bytes[1])
           : TCPFLOW__NEXT_STOP;
}

uint32_t tcpflow__step_ipnet(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_IPNET, IPNET_SIZE);

  return bytes == NULL ? TCPFLOW__NEXT_STOP
                       : tcpflow__next_family(walk, bytes[1]);
}

/* The header keeps what VJ compression made of the packet (RFC 1144); the
   packet behind it is whole again. */
uint32_t tcpflow__step_slip(tcpflow__walk *walk) {
  return tcpflow__walk_enter(walk, TCPFLOW_LAYER_SLIP, SLIP_SIZE) == NULL
           ? TCPFLOW__NEXT_STOP
           : TCPFLOW__NEXT_LINK + TCPFLOW_LINK_RAW;
}
