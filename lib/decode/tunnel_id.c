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

/* Number of 32 bits AT octets behind the start of a layer, but for what is not
   in MASK.  Answers 0 if the capture does not hold it. */
static int number_at(const tcpflow_packet *packet, unsigned index, uint32_t at,
                     uint32_t mask, uint64_t *id) {
  tcpflow__cursor cursor = {packet->bytes, packet->layer[index].offset,
                            packet->captured};
  const uint8_t *const bytes = tcpflow__cursor_peek(&cursor, at + 4);

  if (bytes == NULL) {
    return 0;
  }
  *id = tcpflow__fetch32(bytes + at) & mask;
  return 1;
}

/* Version 1 has a length in the upper half of its key (RFC 2637 section
   4.1). */
static int gre_id(const tcpflow_packet *packet, unsigned index,
                  const uint8_t *bytes, uint64_t *id) {
  const unsigned flags = tcpflow__fetch16(bytes);

  if ((flags & GRE_KEY) == 0) {
    return 0;
  }
  if ((flags & GRE_VERSION) == 1) {
    return number_at(packet, index, GRE_SIZE, 0xffff, id);
  }
  return number_at(packet, index,
                   (flags & GRE_CHECKSUM_OR_ROUTING) != 0 ? 8 : 4, UINT32_MAX,
                   id);
}

/* Over IP, the header is the session alone (RFC 3931 section 4.1.1). */
static int l2tp_id(const tcpflow_packet *packet, unsigned index,
                   const uint8_t *bytes, uint64_t *id) {
  const unsigned flags = tcpflow__fetch16(bytes);

  if (index == 0 || packet->layer[index - 1].type != TCPFLOW_LAYER_UDP) {
    return number_at(packet, index, 0, UINT32_MAX, id);
  }
  if ((flags & L2TP_VERSION) == 3) {
    return number_at(packet, index, 4, UINT32_MAX, id);
  }
  return number_at(packet, index, (flags & L2TP_LENGTH) != 0 ? 4 : 2, 0xffff,
                   id);
}

int tcpflow__tunnel_id(const tcpflow_packet *packet, unsigned index,
                       uint64_t *id) {
  const uint8_t *const bytes = packet->bytes + packet->layer[index].offset;

  switch (packet->layer[index].type) {
  case TCPFLOW_LAYER_GRE:
    return gre_id(packet, index, bytes, id);
  case TCPFLOW_LAYER_ERSPAN:
    *id = tcpflow__fetch16(bytes + 2) & ERSPAN_SESSION;
    return 1;
  case TCPFLOW_LAYER_VXLAN:
  case TCPFLOW_LAYER_GENEVE:
  case TCPFLOW_LAYER_NSH:
    *id = tcpflow__fetch32(bytes + 4) >> 8;
    return 1;
  case TCPFLOW_LAYER_GTPU:
    return bytes[0] >> 5 == GTP_VERSION_1 &&
           number_at(packet, index, 4, UINT32_MAX, id);
  case TCPFLOW_LAYER_L2TP:
    return l2tp_id(packet, index, bytes, id);
  case TCPFLOW_LAYER_ESP:
    return number_at(packet, index, 0, UINT32_MAX, id);
  default:
    return 0;
  }
}
