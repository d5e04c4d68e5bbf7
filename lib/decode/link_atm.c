/*
 * lib/decode/link_atm.c - ATM: RFC 2684, LAN emulation, SunATM.
 *
 * Room: decode.  Includes: wire.  A virtual circuit may carry LLC, or IP
 * itself; nothing in the packet says which, but no LLC header begins with the
 * version of IP.
 */
#include "decode/links.h"
#include "wire/bytes.h"

enum {
  LLC_SNAP = 0xaaaa03,
  LLC_ISO = 0xfefe03,
  LLC_IP = 0x060603,
  NLPID_FOLLOWS = 0x03,
  IEEE802_6_SIZE = 20,
  SUNATM_SIZE = 4,
  SUNATM_KIND = 0x0f,
  SUNATM_LANE = 1,
  LANE_CONTROL = 0xff00
};

#define NEXT_LLC (TCPFLOW__NEXT_OTHER + TCPFLOW_LAYER_LLC)

uint32_t tcpflow__next_guess(tcpflow__walk *walk) {
  const uint8_t *const bytes = tcpflow__walk_peek(walk, 1);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  switch (bytes[0] >> 4) {
  case 4:
    return tcpflow__walk_announce(walk, TCPFLOW__ETHER_IPV4);
  case 6:
    return tcpflow__walk_announce(walk, TCPFLOW__ETHER_IPV6);
  default:
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
  }
}

static int is_ip(uint8_t octet) {
  return (octet >= 0x45 && octet <= 0x4f) || octet >> 4 == 6;
}

static int is_llc(const uint8_t *bytes) {
  const uint32_t start = (uint32_t)bytes[0] << 16 | tcpflow__fetch16(bytes + 1);

  return start == LLC_SNAP || start == LLC_ISO || start == LLC_IP;
}

/* Cisco leaves the SAPs of ISO out.  What is nothing known is taken for the
   header of IEEE 802.6 that a driver of Fore wrote. */
uint32_t tcpflow__step_atm(tcpflow__walk *walk) {
  const uint8_t *const bytes = tcpflow__walk_peek(walk, 3);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  if (is_ip(bytes[0])) {
    return tcpflow__next_guess(walk);
  }
  if (bytes[0] == NLPID_FOLLOWS) {
    const uint8_t *const header =
      tcpflow__walk_enter(walk, TCPFLOW_LAYER_LLC, 2);

    return header == NULL ? TCPFLOW__NEXT_STOP
                          : tcpflow__next_nlpid(walk, header[1], 0);
  }
  if (!is_llc(bytes) &&
      tcpflow__walk_enter(walk, TCPFLOW_LAYER_ATM, IEEE802_6_SIZE) == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  return NEXT_LLC;
}

/* RFC 2225: LLC, or none at all. */
uint32_t tcpflow__step_atm_clip(tcpflow__walk *walk) {
  const uint8_t *const bytes = tcpflow__walk_peek(walk, 3);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  return is_llc(bytes) ? NEXT_LLC : tcpflow__next_guess(walk);
}

/* Circuits below 32 of path 0 are for signalling. */
static int is_signalling(const uint8_t *bytes) {
  const uint32_t circuit = tcpflow__fetch16(bytes + 2);

  return bytes[1] == 0 && ((circuit >= 1 && circuit <= 5) || circuit == 16);
}

/* The emulated LAN is taken for Ethernet. */
static uint32_t next_lane(tcpflow__walk *walk) {
  const uint8_t *const bytes = tcpflow__walk_take(walk, 2);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  return tcpflow__fetch16(bytes) == LANE_CONTROL
           ? tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0)
           : TCPFLOW__NEXT_LINK + TCPFLOW_LINK_ETHERNET;
}

uint32_t tcpflow__step_sunatm(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_ATM, SUNATM_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  if (is_signalling(bytes)) {
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
  }
  return (bytes[0] & SUNATM_KIND) == SUNATM_LANE ? next_lane(walk) : NEXT_LLC;
}
