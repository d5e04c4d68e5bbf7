/*
 * lib/decode/link_ethernet.c - Ethernet, and captures of switches that have a
 * tag of the switch inside.
 *
 * Room: decode.  Includes: wire.  The plain way with an EtherType is kept
 * apart from the 802.3 frame, whose number is a length.
 */
#include "decode/links.h"
#include "decode/steps.h"
#include "wire/bytes.h"

enum {
  ETHERNET_SIZE = 14,
  ADDRESSES_SIZE = 12,
  TYPE_SIZE = 2,
  LLC_LEAST = 3,
  DSA_SIZE = 4,
  EDSA_SIZE = 8,
  BROADCOM_SIZE = 4
};

/* IEEE 802.3 clause 3.2.6: up to 1500 it is the length of what follows. */
TCPFLOW__COLD static uint32_t next_length(tcpflow__walk *walk,
                                          uint16_t length) {
  walk->packet->ether_type = length;
  if (length < LLC_LEAST) {
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
  }
  tcpflow__walk_fit(walk, length);
  return TCPFLOW__NEXT_OTHER + TCPFLOW_LAYER_LLC;
}

uint32_t tcpflow__next_type(tcpflow__walk *walk, uint16_t type) {
  return type > TCPFLOW__ETHER_LENGTH_MAX ? tcpflow__walk_announce(walk, type)
                                          : next_length(walk, type);
}

uint32_t tcpflow__step_ethernet(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_ETHERNET, ETHERNET_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint16_t type = tcpflow__fetch16(bytes + 12);

  return type > TCPFLOW__ETHER_LENGTH_MAX ? tcpflow__walk_announce(walk, type)
                                          : next_length(walk, type);
}

/* A tag of SIZE octets between the addresses and the type. */
static uint32_t enter_tagged(tcpflow__walk *walk, uint32_t size) {
  if (tcpflow__walk_enter(walk, TCPFLOW_LAYER_ETHERNET, ADDRESSES_SIZE) ==
      NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint8_t *const tag =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_SWITCH_TAG, size + TYPE_SIZE);

  return tag == NULL ? TCPFLOW__NEXT_STOP
                     : tcpflow__next_type(walk, tcpflow__fetch16(tag + size));
}

uint32_t tcpflow__step_dsa(tcpflow__walk *walk) {
  return enter_tagged(walk, DSA_SIZE);
}

uint32_t tcpflow__step_edsa(tcpflow__walk *walk) {
  return enter_tagged(walk, EDSA_SIZE);
}

uint32_t tcpflow__step_broadcom(tcpflow__walk *walk) {
  return enter_tagged(walk, BROADCOM_SIZE);
}

uint32_t tcpflow__step_broadcom_first(tcpflow__walk *walk) {
  const uint8_t *const tag =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_SWITCH_TAG, BROADCOM_SIZE);

  return tag == NULL ? TCPFLOW__NEXT_STOP
                     : TCPFLOW__NEXT_LINK + TCPFLOW_LINK_ETHERNET;
}
