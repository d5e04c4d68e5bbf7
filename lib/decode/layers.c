/*
 * lib/decode/layers.c - what the headers of a decoded packet say, one by one.
 *
 * Room: decode.  Includes: wire.  A layer that is listed has been read: its
 * fixed part is there.  What stands behind that is read through a cursor.
 */
#include <tcpflow/packet.h>

#include "decode/steps.h"
#include "decode/tunnel.h"
#include "wire/bytes.h"

#include <string.h>

enum {
  MACSEC_SIZE = 6,
  MACSEC_CHANNEL_SIZE = 8,
  MACSEC_HAS_CHANNEL = 0x20
};

/* The layer with ports that INDEX carries; 0 if there is none.  Extension
   headers and authentication headers may stand between. */
static unsigned find_ports(const tcpflow_packet *packet, unsigned index) {
  for (unsigned i = index + 1; i < packet->layer_count; i++) {
    switch (packet->layer[i].type) {
    case TCPFLOW_LAYER_IPV6_EXTENSION:
    case TCPFLOW_LAYER_AH:
      break;
    case TCPFLOW_LAYER_TCP:
    case TCPFLOW_LAYER_UDP:
      return i;
    default:
      return 0;
    }
  }
  return 0;
}

static void note_ports(const tcpflow_packet *packet, unsigned index,
                       tcpflow_tuple *ends) {
  const uint8_t *const ports = packet->bytes + packet->layer[index].offset;

  ends->port[0] = tcpflow__fetch16(ports);
  ends->port[1] = tcpflow__fetch16(ports + 2);
}

int tcpflow_packet_layer_ends(const tcpflow_packet *packet, unsigned index,
                              tcpflow_tuple *ends) {
  if (index >= packet->layer_count) {
    return 0;
  }
  const uint8_t *const ip = packet->bytes + packet->layer[index].offset;
  tcpflow_tuple found = {.version = 0};

  if (packet->layer[index].type == TCPFLOW_LAYER_IPV4) {
    found.version = 4;
    memcpy(found.address[0], ip + 12, 4);
    memcpy(found.address[1], ip + 16, 4);
  } else if (packet->layer[index].type == TCPFLOW_LAYER_IPV6) {
    found.version = 6;
    memcpy(found.address, ip + 8, sizeof(found.address));
  } else {
    return 0;
  }
  const unsigned ports = find_ports(packet, index);
  if (ports != 0) {
    note_ports(packet, ports, &found);
  }
  *ends = found;
  return 1;
}

/* The secure channel, where the SecTAG has one (IEEE 802.1AE clause 9.9). */
static int channel_id(const tcpflow_packet *packet, unsigned index,
                      uint64_t *id) {
  tcpflow__cursor cursor = {packet->bytes, packet->layer[index].offset,
                            packet->captured};
  const uint8_t *const bytes =
    tcpflow__cursor_peek(&cursor, MACSEC_SIZE + MACSEC_CHANNEL_SIZE);

  if (bytes == NULL || (bytes[0] & MACSEC_HAS_CHANNEL) == 0) {
    return 0;
  }
  *id = (uint64_t)tcpflow__fetch32(bytes + MACSEC_SIZE) << 32 |
        tcpflow__fetch32(bytes + MACSEC_SIZE + 4);
  return 1;
}

int tcpflow_packet_layer_id(const tcpflow_packet *packet, unsigned index,
                            uint64_t *id) {
  if (index >= packet->layer_count) {
    return 0;
  }
  const uint8_t *const bytes = packet->bytes + packet->layer[index].offset;

  switch (packet->layer[index].type) {
  case TCPFLOW_LAYER_VLAN:
    *id = tcpflow__fetch16(bytes) & 0xfffU;
    return 1;
  case TCPFLOW_LAYER_ETAG:
    *id = (uint32_t)bytes[5] << 14 | (tcpflow__fetch16(bytes + 2) & 0x3fffU);
    return 1;
  case TCPFLOW_LAYER_PBB:
    *id = tcpflow__fetch32(bytes) & UINT32_C(0xffffff);
    return 1;
  case TCPFLOW_LAYER_MPLS:
    *id = tcpflow__fetch32(bytes) >> 12;
    return 1;
  case TCPFLOW_LAYER_PPPOE:
    *id = tcpflow__fetch16(bytes + 2);
    return 1;
  case TCPFLOW_LAYER_AH:
    *id = tcpflow__fetch32(bytes + 4);
    return 1;
  case TCPFLOW_LAYER_MACSEC:
    return channel_id(packet, index, id);
  default:
    return tcpflow__tunnel_id(packet, index, id);
  }
}
