/*
 * lib/decode/link_ppp.c - PPP, PPPoE and Cisco HDLC.
 *
 * Room: decode.  Includes: wire.  RFC 1661 has a protocol field, RFC 1662 two
 * octets in front of it that may be left out, and the protocol field may be
 * compressed to one octet, which is odd.
 */
#include "decode/links.h"
#include "wire/bytes.h"

enum {
  ADDRESS_ALL = 0xff,
  ADDRESS_CISCO = 0x0f,
  ADDRESS_CISCO_BROADCAST = 0x8f,
  CONTROL = 0x03,
  PPPOE_SIZE = 6,
  PPPOE_VERSION = 0x11,
  CHDLC_SIZE = 4,
  PPP_COMPRESSED_TCP = 0x002d,
  PPP_UNCOMPRESSED_TCP = 0x002f,
  PPP_BRIDGE = 0x0031,
  PPP_MULTILINK = 0x003d,
  PPP_ENCRYPTED = 0x0053,
  PPP_ENCRYPTED_LINK = 0x0055,
  PPP_COMPRESSED_LINK = 0x00fb,
  PPP_COMPRESSED = 0x00fd,
  BRIDGE_SIZE = 2,
  BRIDGE_LAN = 0x40, /* Four octets with a LAN's identifier follow. */
  BRIDGE_LAN_SIZE = 4,
  BRIDGE_ETHERNET = 1
};

/* RFC 3518 section 4.2. */
static uint32_t next_bridged(tcpflow__walk *walk) {
  const uint8_t *const bytes = tcpflow__walk_take(walk, BRIDGE_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  if (bytes[1] != BRIDGE_ETHERNET) {
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
  }
  return tcpflow__walk_skip(walk,
                            (bytes[0] & BRIDGE_LAN) != 0 ? BRIDGE_LAN_SIZE : 0U)
           ? TCPFLOW__NEXT_LINK + TCPFLOW_LINK_ETHERNET
           : TCPFLOW__NEXT_STOP;
}

/*
 * RFC 1144 section 3.2.3: a whole header, but the number of the connection
 * stands where the protocol belongs, which is always TCP.
 */
static uint32_t next_uncompressed(tcpflow__walk *walk) {
  walk->packet->ether_type = TCPFLOW__ETHER_IPV4;
  const uint32_t next = tcpflow__step_ipv4(walk);

  if (next == TCPFLOW__NEXT_STOP) {
    return TCPFLOW__NEXT_STOP;
  }
  walk->packet->ip_protocol = TCPFLOW__PROTOCOL_TCP;
  return TCPFLOW__NEXT_IPV4 + TCPFLOW__PROTOCOL_TCP;
}

static uint32_t next_protocol(tcpflow__walk *walk, uint16_t protocol) {
  switch (protocol) {
  case TCPFLOW__PPP_IPV4:
  case TCPFLOW__ETHER_IPV4: /* Not assigned, and seen. */
    return tcpflow__walk_announce(walk, TCPFLOW__ETHER_IPV4);
  case TCPFLOW__PPP_IPV6:
  case TCPFLOW__ETHER_IPV6:
    return tcpflow__walk_announce(walk, TCPFLOW__ETHER_IPV6);
  case TCPFLOW__PPP_MPLS:
  case TCPFLOW__PPP_MPLS_MULTICAST:
    return tcpflow__walk_announce(walk, TCPFLOW__ETHER_MPLS);
  case PPP_UNCOMPRESSED_TCP:
    return next_uncompressed(walk);
  case PPP_BRIDGE:
    return next_bridged(walk);
  case PPP_MULTILINK:
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_UNSUPPORTED, 0);
  case PPP_COMPRESSED_TCP:
  case PPP_ENCRYPTED:
  case PPP_ENCRYPTED_LINK:
  case PPP_COMPRESSED_LINK:
  case PPP_COMPRESSED:
    return tcpflow__walk_stop_encrypted(walk);
  default:
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
  }
}

/* pppd writes a direction, 0 or 1, in place of the address. */
static int has_address(const uint8_t *bytes) {
  return bytes[1] == CONTROL && (bytes[0] == ADDRESS_ALL || bytes[0] <= 1);
}

uint32_t tcpflow__step_ppp(tcpflow__walk *walk) {
  const uint8_t *const bytes = tcpflow__walk_peek(walk, 2);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t from = has_address(bytes) ? 2 : 0;
  const uint8_t *const begin = tcpflow__walk_peek(walk, from + 1);
  if (begin == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t size = (begin[from] & 1U) != 0 ? 1 : 2;
  const uint8_t *const header =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_PPP, from + size);

  if (header == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  return next_protocol(walk, size == 1 ? header[from]
                                       : tcpflow__fetch16(header + from));
}

static int is_cisco(uint8_t address) {
  return address == ADDRESS_CISCO || address == ADDRESS_CISCO_BROADCAST;
}

/* RFC 1547 section 4.3.1: Cisco's framing has addresses of its own. */
uint32_t tcpflow__step_ppp_hdlc(tcpflow__walk *walk) {
  const uint8_t *const bytes = tcpflow__walk_peek(walk, 1);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  return is_cisco(bytes[0]) ? tcpflow__step_chdlc(walk)
                            : tcpflow__step_ppp(walk);
}

uint32_t tcpflow__step_ppp_directed(tcpflow__walk *walk) {
  return tcpflow__walk_enter(walk, TCPFLOW_LAYER_CAPTURE, 1) == NULL
           ? TCPFLOW__NEXT_STOP
           : TCPFLOW__NEXT_LINK + TCPFLOW_LINK_PPP_HDLC;
}

uint32_t tcpflow__step_chdlc(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_CHDLC, CHDLC_SIZE);

  return bytes == NULL
           ? TCPFLOW__NEXT_STOP
           : tcpflow__walk_announce(walk, tcpflow__fetch16(bytes + 2));
}

uint32_t tcpflow__step_chdlc_directed(tcpflow__walk *walk) {
  return tcpflow__walk_enter(walk, TCPFLOW_LAYER_CAPTURE, 1) == NULL
           ? TCPFLOW__NEXT_STOP
           : TCPFLOW__NEXT_LINK + TCPFLOW_LINK_C_HDLC;
}

/* RFC 2516 section 4: code 0 is session data. */
uint32_t tcpflow__step_pppoe(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_PPPOE, PPPOE_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  if (bytes[0] != PPPOE_VERSION) {
    walk->packet->findings |= TCPFLOW_FINDING_BAD_HEADER;
  }
  if (bytes[1] != 0) {
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
  }
  tcpflow__walk_fit(walk, tcpflow__fetch16(bytes + 4));
  return TCPFLOW__NEXT_LINK + TCPFLOW_LINK_PPP;
}
