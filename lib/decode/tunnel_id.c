/*
 * lib/decode/tunnel_id.c - the numbers by which headers of tunnels name their
 * network or session.
 *
 * Room: decode.  Includes: wire.  Most stand in the part of a header that is
 * there if the layer is listed; the others are read through a cursor.
 */
#include "decode/tunnel.h"
#include "wire/bytes.h"

enum {
  GRE_SIZE = 4,
  GRE_CHECKSUM_OR_ROUTING = 0xc000,
  GRE_KEY = 0x2000,
  GRE_VERSION = 7,
  ERSPAN_SESSION = 0x3ff,
  GTP_VERSION_1 = 1,
  L2TP_LENGTH = 0x4000,
  L2TP_VERSION = 0xf
};

/* Number of 32 bits AT octets behind the start of a layer; 0 if the capture
   does not hold it. */
static uint32_t number_at(const tcpflow_packet *packet, unsigned index,
                          uint32_t at) {
  tcpflow__cursor cursor = {packet->bytes, packet->layer[index].offset,
                            packet->captured};
  const uint8_t *const bytes = tcpflow__cursor_peek(&cursor, at + 4);

  return bytes == NULL ? 0 : tcpflow__fetch32(bytes + at);
}

/* Version 1 has a length in the upper half of its key (RFC 2637 section
   4.1). */
static uint32_t gre_id(const tcpflow_packet *packet, unsigned index,
                       const uint8_t *bytes) {
  const unsigned flags = tcpflow__fetch16(bytes);

  if ((flags & GRE_KEY) == 0) {
    return 0;
  }
  if ((flags & GRE_VERSION) == 1) {
    return number_at(packet, index, GRE_SIZE) & 0xffffU;
  }
  return number_at(packet, index,
                   (flags & GRE_CHECKSUM_OR_ROUTING) != 0 ? 8 : 4);
}

/* Over IP, the header is the session alone (RFC 3931 section 4.1.1). */
static uint32_t l2tp_id(const tcpflow_packet *packet, unsigned index,
                        const uint8_t *bytes) {
  const unsigned flags = tcpflow__fetch16(bytes);

  if (index == 0 || packet->layer[index - 1].type != TCPFLOW_LAYER_UDP) {
    return tcpflow__fetch32(bytes);
  }
  if ((flags & L2TP_VERSION) == 3) {
    return number_at(packet, index, 4);
  }
  return number_at(packet, index, (flags & L2TP_LENGTH) != 0 ? 4 : 2) & 0xffffU;
}

uint32_t tcpflow__tunnel_id(const tcpflow_packet *packet, unsigned index) {
  const uint8_t *const bytes = packet->bytes + packet->layer[index].offset;

  switch (packet->layer[index].type) {
  case TCPFLOW_LAYER_GRE:
    return gre_id(packet, index, bytes);
  case TCPFLOW_LAYER_ERSPAN:
    return tcpflow__fetch16(bytes + 2) & ERSPAN_SESSION;
  case TCPFLOW_LAYER_VXLAN:
  case TCPFLOW_LAYER_GENEVE:
  case TCPFLOW_LAYER_NSH:
    return tcpflow__fetch32(bytes + 4) >> 8;
  case TCPFLOW_LAYER_GTPU:
    return bytes[0] >> 5 == GTP_VERSION_1 ? tcpflow__fetch32(bytes + 4) : 0;
  case TCPFLOW_LAYER_L2TP:
    return l2tp_id(packet, index, bytes);
  case TCPFLOW_LAYER_ESP:
    return tcpflow__fetch32(bytes);
  default:
    return 0;
  }
}
