/*
 * lib/decode/gre.c - GRE (RFC 2784, RFC 2890, RFC 1701; version 1: RFC 2637),
 * and ERSPAN, which it carries.
 *
 * Room: decode.  Includes: wire.
 */
#include "decode/tunnel.h"
#include "wire/bytes.h"

enum {
  HEADER_SIZE = 4,
  CHECKSUM = 0x8000,
  ROUTING = 0x4000,
  KEY = 0x2000,
  SEQUENCE = 0x1000,
  ACKNOWLEDGMENT = 0x0080, /* Version 1. */
  VERSION_BITS = 7,
  FIELD_SIZE = 4, /* Of each field that a flag announces. */
  ROUTE_SIZE = 4, /* Of a source route entry without its addresses. */
  REDIRECT_SIZE = 4
};

/* Protocol types that no EtherType step knows. */
enum {
  TYPE_ERSPAN_3 = 0x22eb,
  TYPE_EOIP = 0x6400,
  TYPE_FRAME_RELAY = 0x6559,
  TYPE_ARUBA_FIRST = 0x8200,
  TYPE_ARUBA_LAST = 0x8370,
  TYPE_PPP = 0x880b,
  TYPE_WCCP = 0x883e,
  TYPE_CDMA2000 = 0x8881,
  TYPE_ERSPAN = 0x88be
};

enum {
  ERSPAN_SIZE = 8,
  ERSPAN_3_REST = 4,
  ERSPAN_SUBHEADER = 8,
  ERSPAN_FRAME_ETHERNET = 0,
  ERSPAN_FRAME_IP = 2
};

#define NEXT_WIFI (TCPFLOW__NEXT_LINK + TCPFLOW_LINK_IEEE802_11)

/* Skips the field that is there if one of FLAG is set.  Answers 0 if the walk
   must stop. */
static int skip_field(tcpflow__walk *walk, unsigned flags, unsigned flag) {
  return (flags & flag) == 0 || tcpflow__tunnel_skip(walk, FIELD_SIZE);
}

/* RFC 1701: the list ends with an entry of family 0 and length 0. */
static int take_routes(tcpflow__walk *walk) {
  const uint8_t *entry = tcpflow__tunnel_take(walk, ROUTE_SIZE);

  while (entry != NULL && (tcpflow__fetch16(entry) != 0 || entry[3] != 0)) {
    if (!tcpflow__tunnel_skip(walk, entry[3])) {
      return 0;
    }
    entry = tcpflow__tunnel_take(walk, ROUTE_SIZE);
  }
  return entry != NULL;
}

/* WCCP version 2 has a header of its own in front of the datagram. */
static uint32_t take_redirect(tcpflow__walk *walk) {
  const uint8_t *const bytes = tcpflow__cursor_peek(&walk->cursor, 1);

  if (bytes != NULL && bytes[0] >> 4 != 4 &&
      !tcpflow__tunnel_skip(walk, REDIRECT_SIZE)) {
    return TCPFLOW__NEXT_STOP;
  }
  return TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_IPV4;
}

/* ERSPAN of type I has no header; it is told by the missing sequence number. */
static uint32_t next_of_type(tcpflow__walk *walk, uint16_t type,
                             unsigned flags) {
  switch (type) {
  case TYPE_EOIP:
    return tcpflow__tunnel_ethernet(walk);
  case TYPE_PPP:
  case TYPE_CDMA2000:
    return TCPFLOW__NEXT_LINK + TCPFLOW_LINK_PPP;
  case TYPE_FRAME_RELAY:
    return TCPFLOW__NEXT_LINK + TCPFLOW_LINK_FRELAY;
  case TYPE_WCCP:
    return take_redirect(walk);
  case TYPE_ERSPAN:
    return (flags & SEQUENCE) == 0 ? tcpflow__tunnel_ethernet(walk)
                                   : TCPFLOW__NEXT_OTHER + TCPFLOW_LAYER_ERSPAN;
  case TYPE_ERSPAN_3:
    return TCPFLOW__NEXT_OTHER + TCPFLOW_LAYER_ERSPAN;
  default:
    break;
  }
  if (type >= TYPE_ARUBA_FIRST && type <= TYPE_ARUBA_LAST) {
    return tcpflow__tunnel_frame(walk, NEXT_WIFI);
  }
  return tcpflow__tunnel_type(walk, type);
}

/* RFC 7637 section 3.2: transparent Ethernet with a key is NVGRE; the upper 24
   bits name the network. */
static uint32_t take_version_0(tcpflow__walk *walk, unsigned flags,
                               uint16_t type) {
  if (!skip_field(walk, flags, CHECKSUM | ROUTING)) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint8_t *const key = tcpflow__cursor_peek(&walk->cursor, FIELD_SIZE);
  if (!skip_field(walk, flags, KEY) || !skip_field(walk, flags, SEQUENCE) ||
      ((flags & ROUTING) != 0 && !take_routes(walk))) {
    return TCPFLOW__NEXT_STOP;
  }
  if ((flags & KEY) != 0 && key != NULL && type == TCPFLOW__ETHER_TRANSPARENT) {
    tcpflow__tunnel_number(walk, TCPFLOW_TUNNEL_GRE,
                           tcpflow__fetch32(key) >> 8);
  }
  return next_of_type(walk, type, flags);
}

/* RFC 2637 section 4.1: there is always a key; its upper half is the length of
   what follows the header. */
static uint32_t take_version_1(tcpflow__walk *walk, unsigned flags,
                               uint16_t type) {
  const uint8_t *const key =
    (flags & KEY) != 0 ? tcpflow__tunnel_take(walk, FIELD_SIZE) : NULL;

  if ((flags & KEY) == 0) {
    return tcpflow__walk_stop_bad(walk);
  }
  if (key == NULL || !skip_field(walk, flags, SEQUENCE) ||
      !skip_field(walk, flags, ACKNOWLEDGMENT)) {
    return TCPFLOW__NEXT_STOP;
  }
  tcpflow__tunnel_limit(walk, tcpflow__fetch16(key));
  return tcpflow__walk_wire_left(walk) == 0 ? tcpflow__tunnel_other(walk)
                                            : next_of_type(walk, type, flags);
}

static uint32_t take_gre(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__tunnel_header(walk, TCPFLOW_LAYER_GRE, HEADER_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const unsigned flags = tcpflow__fetch16(bytes);
  const uint16_t type = tcpflow__fetch16(bytes + 2);

  switch (flags & VERSION_BITS) {
  case 0:
    return take_version_0(walk, flags, type);
  case 1:
    return take_version_1(walk, flags, type);
  default:
    return tcpflow__tunnel_unknown(walk);
  }
}

uint32_t tcpflow__step_gre(tcpflow__walk *walk) {
  return tcpflow__tunnel_enter(walk, TCPFLOW_TUNNEL_GRE) ? take_gre(walk)
                                                         : TCPFLOW__NEXT_STOP;
}

/* RFC 8086 section 3. */
uint32_t tcpflow__step_gre_in_udp(tcpflow__walk *walk) {
  return tcpflow__tunnel_enter(walk, TCPFLOW_TUNNEL_GRE_IN_UDP)
           ? take_gre(walk)
           : TCPFLOW__NEXT_STOP;
}

/* draft-foschiano-erspan section 4.3: four octets more, and another eight if
   the last bit says so. */
static uint32_t take_erspan_3(tcpflow__walk *walk) {
  const uint8_t *const bytes = tcpflow__tunnel_take(walk, ERSPAN_3_REST);

  if (bytes == NULL || !tcpflow__tunnel_skip(
                         walk, (bytes[3] & 1U) != 0 ? ERSPAN_SUBHEADER : 0)) {
    return TCPFLOW__NEXT_STOP;
  }
  switch (bytes[2] >> 2 & 0x1fU) {
  case ERSPAN_FRAME_ETHERNET:
    return tcpflow__tunnel_ethernet(walk);
  case ERSPAN_FRAME_IP:
    return tcpflow__tunnel_ip(walk);
  default:
    return tcpflow__tunnel_other(walk);
  }
}

/* The version is 1 in type II and 2 in type III, whatever GRE announced. */
uint32_t tcpflow__step_erspan(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__tunnel_header(walk, TCPFLOW_LAYER_ERSPAN, ERSPAN_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  switch (bytes[0] >> 4) {
  case 1:
    return tcpflow__tunnel_ethernet(walk);
  case 2:
    return take_erspan_3(walk);
  default:
    return tcpflow__tunnel_unknown(walk);
  }
}
