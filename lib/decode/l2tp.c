/*
 * lib/decode/l2tp.c - L2TP data: version 2 (RFC 2661), version 3 (RFC 3931).
 *
 * Room: decode.  Includes: wire.  What a session of version 3 carries, and the
 * size of the cookie in front of it, are agreed on by control messages that the
 * walk does not see.  So it looks: the first place, at no cookie, 4, 8 and 12
 * octets (cookie, default sublayer, or both), where a header stands that leads
 * to IP.
 */
#include "decode/tunnel.h"
#include "wire/bytes.h"

enum {
  FLAG_CONTROL = 0x8000,
  FLAG_LENGTH = 0x4000,
  FLAG_SEQUENCE = 0x0800,
  FLAG_OFFSET = 0x0200,
  VERSION_BITS = 0x000f,
  HEADER_SIZE = 6, /* Flags, tunnel and session; version 2. */
  LENGTH_SIZE = 2,
  SEQUENCE_SIZE = 4,
  OFFSET_SIZE = 2,
  SESSION_SIZE = 4, /* Version 3. */
  VERSION_3_REST = 2,
  GUESS_UNIT = 4,
  GUESS_MOST = 12,
  GUESS_SIZE = 16 /* Octets that are looked at. */
};

/* The first two octets of PPP (RFC 1662) and of Cisco's HDLC. */
enum {
  PPP_ADDRESS = 0xff03,
  CHDLC_UNICAST = 0x0f00,
  CHDLC_BROADCAST = 0x8f00
};

/* RFC 2661 section 3.1: the length counts the whole message. */
static int limit_message(tcpflow__walk *walk, const uint8_t *bytes,
                         unsigned flags, uint32_t taken) {
  const uint32_t length =
    (flags & FLAG_LENGTH) != 0 ? tcpflow__fetch16(bytes + 2) : 0;

  if ((flags & FLAG_LENGTH) == 0) {
    return 1;
  }
  if (length < taken) {
    (void)tcpflow__walk_stop_bad(walk);
    return 0;
  }
  tcpflow__tunnel_limit(walk, length - taken);
  return 1;
}

static uint32_t take_version_2(tcpflow__walk *walk, const uint8_t *bytes,
                               unsigned flags) {
  const uint32_t rest = ((flags & FLAG_LENGTH) != 0 ? LENGTH_SIZE : 0U) +
                        ((flags & FLAG_SEQUENCE) != 0 ? SEQUENCE_SIZE : 0U);

  if (!tcpflow__tunnel_skip(walk, rest) ||
      !limit_message(walk, bytes, flags, HEADER_SIZE + rest)) {
    return TCPFLOW__NEXT_STOP;
  }
  if ((flags & FLAG_OFFSET) != 0) {
    const uint8_t *const offset = tcpflow__tunnel_take(walk, OFFSET_SIZE);

    if (offset == NULL ||
        !tcpflow__tunnel_skip(walk, tcpflow__fetch16(offset))) {
      return TCPFLOW__NEXT_STOP;
    }
  }
  return TCPFLOW__NEXT_LINK + TCPFLOW_LINK_PPP;
}

/* Says whether an IP header of the EtherType can begin with OCTET. */
static int is_ip(uint16_t ether_type, uint8_t octet) {
  return (ether_type == TCPFLOW__ETHER_IPV4 && octet >= 0x45 &&
          octet <= 0x4f) ||
         (ether_type == TCPFLOW__ETHER_IPV6 && octet >> 4 == 6);
}

static int is_ethernet(const uint8_t *bytes) {
  const uint16_t type = tcpflow__fetch16(bytes + 12);

  return is_ip(type, bytes[14]) || type == TCPFLOW__ETHER_VLAN ||
         type == TCPFLOW__ETHER_QINQ;
}

static int is_ppp(const uint8_t *bytes) {
  const uint16_t protocol = tcpflow__fetch16(bytes + 2);

  return tcpflow__fetch16(bytes) == PPP_ADDRESS &&
         ((protocol == TCPFLOW__PPP_IPV4 && bytes[4] >> 4 == 4) ||
          (protocol == TCPFLOW__PPP_IPV6 && bytes[4] >> 4 == 6));
}

static int is_chdlc(const uint8_t *bytes) {
  const uint16_t address = tcpflow__fetch16(bytes);

  return (address == CHDLC_UNICAST || address == CHDLC_BROADCAST) &&
         is_ip(tcpflow__fetch16(bytes + 2), bytes[4]);
}

/* The link type of what stands at BYTES; 0: cannot be told. */
static uint32_t guess_link(const uint8_t *bytes) {
  if (is_ethernet(bytes)) {
    return TCPFLOW_LINK_ETHERNET;
  }
  if (is_ppp(bytes)) {
    return TCPFLOW_LINK_PPP;
  }
  return is_chdlc(bytes) ? TCPFLOW_LINK_C_HDLC : 0;
}

static uint32_t next_of_link(tcpflow__walk *walk, uint32_t link) {
  return link == TCPFLOW_LINK_ETHERNET ? tcpflow__tunnel_ethernet(walk)
                                       : TCPFLOW__NEXT_LINK + link;
}

static uint32_t guess(tcpflow__walk *walk) {
  for (uint32_t skip = 0; skip <= GUESS_MOST; skip += GUESS_UNIT) {
    const uint8_t *const bytes =
      tcpflow__cursor_peek(&walk->cursor, skip + GUESS_SIZE);
    const uint32_t link = bytes == NULL ? 0 : guess_link(bytes + skip);

    if (link != 0) {
      return tcpflow__tunnel_skip(walk, skip) ? next_of_link(walk, link)
                                              : TCPFLOW__NEXT_STOP;
    }
  }
  if (tcpflow__cursor_left(&walk->cursor) < GUESS_MOST + GUESS_SIZE &&
      tcpflow__cursor_left(&walk->cursor) < tcpflow__walk_wire_left(walk)) {
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_TRUNCATED, 0);
  }
  return tcpflow__tunnel_other(walk);
}

/* RFC 3931 section 4.1.2.1. */
static uint32_t take_version_3(tcpflow__walk *walk) {
  return tcpflow__tunnel_skip(walk, VERSION_3_REST) ? guess(walk)
                                                    : TCPFLOW__NEXT_STOP;
}

uint32_t tcpflow__step_l2tp_in_udp(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__tunnel_enter(walk, TCPFLOW_TUNNEL_L2TP)
      ? tcpflow__tunnel_header(walk, TCPFLOW_LAYER_L2TP, HEADER_SIZE)
      : NULL;

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const unsigned flags = tcpflow__fetch16(bytes);

  if ((flags & FLAG_CONTROL) != 0) {
    return tcpflow__tunnel_other(walk);
  }
  switch (flags & VERSION_BITS) {
  case 2:
    return take_version_2(walk, bytes, flags);
  case 3:
    return take_version_3(walk);
  default:
    return tcpflow__tunnel_unknown(walk);
  }
}

/* RFC 3931 section 4.1.1.1: session 0 is the control connection. */
uint32_t tcpflow__step_l2tp_in_ip(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__tunnel_enter(walk, TCPFLOW_TUNNEL_L2TP)
      ? tcpflow__tunnel_header(walk, TCPFLOW_LAYER_L2TP, SESSION_SIZE)
      : NULL;

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  return tcpflow__fetch32(bytes) == 0 ? tcpflow__tunnel_other(walk)
                                      : guess(walk);
}
