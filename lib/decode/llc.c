/*
 * lib/decode/llc.c - IEEE 802.2: LLC, SNAP, and the NLPIDs of ISO.
 *
 * Room: decode.  Includes: wire.  RFC 1042 puts IP behind SNAP, RFC 948 behind
 * a SAP of its own, RFC 2684 behind an NLPID.  Only unnumbered information has
 * a payload that these describe.
 */
#include "decode/steps.h"
#include "wire/bytes.h"

enum {
  LLC_SIZE = 3,
  SNAP_SIZE = 5,
  SAP_IP = 0x06,
  SAP_SNAP = 0xaa,
  SAP_ISO = 0xfe,
  GROUP_OR_RESPONSE = 0x01, /* Is not part of a SAP. */
  UNNUMBERED_INFORMATION = 0x03,
  OUI_CISCO_BRIDGE = 0x0000f8,
  OUI_BRIDGED = 0x0080c2, /* RFC 2684 section 5.2. */
  BRIDGED_PADDING = 2,
  NLPID_SNAP = 0x80,
  NLPID_IPV6 = 0x8e,
  NLPID_COMPRESSED = 0xb0,
  NLPID_IPV4 = 0xcc,
  NLPID_PPP = 0xcf
};

/* A frame of another kind of LAN.  FDDI has one octet more in front, so that
   its addresses are aligned. */
static uint32_t next_bridged(tcpflow__walk *walk, uint16_t protocol,
                             uint32_t padding) {
  uint32_t link = TCPFLOW_LINK_ETHERNET;

  switch (protocol) {
  case 1:
  case 7:
    break;
  case 3:
  case 9:
    link = TCPFLOW_LINK_TOKEN_RING;
    break;
  case 4:
  case 10:
    link = TCPFLOW_LINK_FDDI;
    padding++;
    break;
  default:
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
  }
  return tcpflow__walk_skip(walk, padding) ? TCPFLOW__NEXT_LINK + link
                                           : TCPFLOW__NEXT_STOP;
}

/* BYTES are the organization and its protocol identifier. */
static uint32_t next_snap(tcpflow__walk *walk, const uint8_t *bytes,
                          uint32_t padding) {
  const uint32_t oui = tcpflow__fetch32(bytes) >> 8;
  const uint16_t protocol = tcpflow__fetch16(bytes + 3);

  switch (oui) {
  case 0:
  case OUI_CISCO_BRIDGE:
    return tcpflow__walk_announce(walk, protocol);
  case OUI_BRIDGED:
    return next_bridged(walk, protocol, padding);
  default:
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
  }
}

static uint32_t enter_snap(tcpflow__walk *walk, uint32_t padding) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_LLC, SNAP_SIZE);

  return bytes == NULL ? TCPFLOW__NEXT_STOP : next_snap(walk, bytes, padding);
}

uint32_t tcpflow__next_nlpid(tcpflow__walk *walk, uint8_t nlpid,
                             uint32_t padding) {
  switch (nlpid) {
  case NLPID_IPV4:
    return tcpflow__walk_announce(walk, TCPFLOW__ETHER_IPV4);
  case NLPID_IPV6:
    return tcpflow__walk_announce(walk, TCPFLOW__ETHER_IPV6);
  case NLPID_SNAP:
    return enter_snap(walk, padding);
  case NLPID_PPP:
    return TCPFLOW__NEXT_LINK + TCPFLOW_LINK_PPP;
  case NLPID_COMPRESSED:
    return tcpflow__walk_stop_encrypted(walk);
  default:
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
  }
}

static uint32_t next_sap(tcpflow__walk *walk, uint8_t sap) {
  const uint8_t *bytes;

  switch (sap) {
  case SAP_IP:
    return tcpflow__walk_announce(walk, TCPFLOW__ETHER_IPV4);
  case SAP_SNAP:
    bytes = tcpflow__walk_take(walk, SNAP_SIZE);
    return bytes == NULL ? TCPFLOW__NEXT_STOP
                         : next_snap(walk, bytes, BRIDGED_PADDING);
  case SAP_ISO:
    bytes = tcpflow__walk_take(walk, 1);
    return bytes == NULL ? TCPFLOW__NEXT_STOP
                         : tcpflow__next_nlpid(walk, bytes[0], BRIDGED_PADDING);
  default:
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
  }
}

/* Novell's raw 802.3 begins with ff ff, which is no pair of SAPs of IP. */
uint32_t tcpflow__step_llc(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_LLC, LLC_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint8_t to = (uint8_t)(bytes[0] & ~(unsigned)GROUP_OR_RESPONSE);
  const uint8_t from = (uint8_t)(bytes[1] & ~(unsigned)GROUP_OR_RESPONSE);

  if (to != from || bytes[2] != UNNUMBERED_INFORMATION) {
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
  }
  return next_sap(walk, to);
}
