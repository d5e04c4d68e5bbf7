/*
 * lib/decode/link_lan.c - local networks that are not Ethernet.
 *
 * Room: decode.  Includes: wire.  FDDI, Token Ring and Fibre Channel go on with
 * LLC; ARCNET, InfiniBand and FireWire have numbers of their own or EtherTypes.
 */
#include "decode/links.h"
#include "wire/bytes.h"

enum {
  FDDI_SIZE = 13,
  FDDI_CLASS = 0xf0,
  FDDI_LLC = 0x50,
  TOKEN_SIZE = 14,
  TOKEN_LLC = 1,
  TOKEN_SOURCE = 8,
  TOKEN_ROUTED = 0x80, /* In the source address. */
  TOKEN_ROUTE_LENGTH = 0x1f,
  TOKEN_ROUTE_LEAST = 2,
  ARCNET_SIZE = 3, /* Up to its type. */
  ARCNET_LINUX_SIZE = 5,
  ARCNET_FRAGMENT_SIZE = 3,
  ARCNET_EXCEPTION = 0xff,
  ARCNET_EXCEPTION_SIZE = 4,
  ARCNET_DIAGNOSE = 0x80,
  ARCNET_IPV6 = 0xc4,
  ARCNET_IPV4 = 0xd4,
  ARCNET_IPV4_OLD = 0xf0,
  ARCNET_ARP_OLD = 0xf1,
  FIBRE_CHANNEL_SIZE = 16,
  IPOIB_SIZE = 44,
  FIREWIRE_SIZE = 18
};

#define NEXT_LLC (TCPFLOW__NEXT_OTHER + TCPFLOW_LAYER_LLC)

static uint32_t stop_not_ip(tcpflow__walk *walk) {
  return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
}

uint32_t tcpflow__step_fddi(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_FDDI, FDDI_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  return (bytes[0] & FDDI_CLASS) == FDDI_LLC ? NEXT_LLC : stop_not_ip(walk);
}

/* IEEE 802.5 clause 3.3: a route that the frame takes may follow the
   addresses. */
static int skip_route(tcpflow__walk *walk) {
  const uint8_t *const control = tcpflow__walk_take(walk, TOKEN_ROUTE_LEAST);

  if (control == NULL) {
    return 0;
  }
  const uint32_t size = control[0] & TOKEN_ROUTE_LENGTH;
  if (size < TOKEN_ROUTE_LEAST) {
    (void)tcpflow__walk_stop_bad(walk);
    return 0;
  }
  return tcpflow__walk_skip(walk, size - TOKEN_ROUTE_LEAST);
}

uint32_t tcpflow__step_token_ring(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_TOKEN_RING, TOKEN_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  if ((bytes[TOKEN_SOURCE] & TOKEN_ROUTED) != 0 && !skip_route(walk)) {
    return TCPFLOW__NEXT_STOP;
  }
  return bytes[1] >> 6 == TOKEN_LLC ? NEXT_LLC : stop_not_ip(walk);
}

static uint32_t next_arcnet(tcpflow__walk *walk, uint8_t type) {
  switch (type) {
  case ARCNET_IPV4:
  case ARCNET_IPV4_OLD:
    return tcpflow__walk_announce(walk, TCPFLOW__ETHER_IPV4);
  case ARCNET_IPV6:
    return tcpflow__walk_announce(walk, TCPFLOW__ETHER_IPV6);
  default:
    return stop_not_ip(walk);
  }
}

/* RFC 1051 has no fragments, RFC 1201 has. */
static int has_fragments(uint8_t type) {
  return type != ARCNET_IPV4_OLD && type != ARCNET_ARP_OLD &&
         type != ARCNET_DIAGNOSE;
}

/* RFC 1201 section 2: an even flag is a fragment that is not the first.  A long
   frame has a second flag behind one of all ones. */
uint32_t tcpflow__step_arcnet(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_ARCNET, ARCNET_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  if (!has_fragments(bytes[2])) {
    return next_arcnet(walk, bytes[2]);
  }
  const uint8_t *flag = tcpflow__walk_take(walk, ARCNET_FRAGMENT_SIZE);
  if (flag != NULL && flag[0] == ARCNET_EXCEPTION) {
    flag = tcpflow__walk_take(walk, ARCNET_EXCEPTION_SIZE);
    flag = flag == NULL ? NULL : flag + 1;
  }
  if (flag == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  return flag[0] != 0 && (flag[0] & 1U) == 0
           ? tcpflow__walk_stop(walk, TCPFLOW_PACKET_UNSUPPORTED, 0)
           : next_arcnet(walk, bytes[2]);
}

/* Linux hands up whole packets. */
uint32_t tcpflow__step_arcnet_linux(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_ARCNET, ARCNET_LINUX_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  return tcpflow__walk_skip(walk,
                            has_fragments(bytes[4]) ? ARCNET_FRAGMENT_SIZE : 0U)
           ? next_arcnet(walk, bytes[4])
           : TCPFLOW__NEXT_STOP;
}

/* RFC 2625 section 3.3. */
uint32_t tcpflow__step_fibre_channel(tcpflow__walk *walk) {
  return tcpflow__walk_enter(walk, TCPFLOW_LAYER_FIBRE_CHANNEL,
                             FIBRE_CHANNEL_SIZE) == NULL
           ? TCPFLOW__NEXT_STOP
           : NEXT_LLC;
}

/* RFC 4391 section 6, behind a global route header of 40 octets. */
uint32_t tcpflow__step_ipoib(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_IPOIB, IPOIB_SIZE);

  return bytes == NULL
           ? TCPFLOW__NEXT_STOP
           : tcpflow__walk_announce(walk, tcpflow__fetch16(bytes + 40));
}

uint32_t tcpflow__step_firewire(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_FIREWIRE, FIREWIRE_SIZE);

  return bytes == NULL
           ? TCPFLOW__NEXT_STOP
           : tcpflow__walk_announce(walk, tcpflow__fetch16(bytes + 16));
}
