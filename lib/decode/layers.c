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

static int has_ports(const tcpflow_packet *packet, unsigned index) {
  return index + 1 < packet->layer_count &&
         (packet->layer[index + 1].type == TCPFLOW_LAYER_TCP ||
          packet->layer[index + 1].type == TCPFLOW_LAYER_UDP);
}

static void note_ports(const tcpflow_packet *packet, unsigned index,
                       tcpflow_tuple *ends) {
  const uint8_t *const ports = packet->bytes + packet->layer[index + 1].offset;

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
  if (has_ports(packet, index)) {
    note_ports(packet, index, &found);
  }
  *ends = found;
  return 1;
}

uint32_t tcpflow_packet_layer_id(const tcpflow_packet *packet, unsigned index) {
  if (index >= packet->layer_count) {
    return 0;
  }
  const uint8_t *const bytes = packet->bytes + packet->layer[index].offset;

  switch (packet->layer[index].type) {
  case TCPFLOW_LAYER_VLAN:
    return tcpflow__fetch16(bytes) & 0xfffU;
  case TCPFLOW_LAYER_AH:
    return tcpflow__fetch32(bytes + 4);
  default:
    return tcpflow__tunnel_id(packet, index);
  }
}

/* An aggregate's own step reads its next part; it is announced by its layer. */
int tcpflow_packet_next(tcpflow_packet *packet,
                        const tcpflow_decode_config *config) {
  (void)config;
  return (packet->findings & TCPFLOW_FINDING_AGGREGATE) != 0 ? 0 : 0;
}
