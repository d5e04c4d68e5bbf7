/*
 * lib/decode/tunnel.c - entering tunnels, and those whose header says nothing:
 * IP in IP, MPLS in IP and UDP, Ethernet in IP.
 *
 * Room: decode.  Includes: wire.
 */
#include "decode/tunnel.h"

#include "wire/bytes.h"

enum {
  ETHERIP_SIZE = 2,
  ETHERIP_VERSION = 3
};

int tcpflow__tunnel_enter(tcpflow__walk *walk, tcpflow_tunnel tunnel) {
  if ((walk->config->tunnels >> tunnel & 1U) == 0) {
    (void)tcpflow__walk_stop(walk, TCPFLOW_PACKET_UNSUPPORTED,
                             TCPFLOW_FINDING_TUNNEL_OFF);
    return 0;
  }
  if (walk->first_fragment != 0) {
    (void)tcpflow__walk_stop(walk, TCPFLOW_PACKET_FRAGMENT, 0);
    return 0;
  }
  if (walk->packet->tunnel_count == walk->config->max_tunnels) {
    (void)tcpflow__walk_stop(walk, TCPFLOW_PACKET_UNSUPPORTED,
                             TCPFLOW_FINDING_TOO_MANY_TUNNELS);
    return 0;
  }
  walk->packet->tunnel_count++;
  return 1;
}

/* A header that its surroundings are too short for. */
static const uint8_t *blame(tcpflow__walk *walk, const uint8_t *bytes) {
  if (bytes == NULL && walk->packet->kind == TCPFLOW_PACKET_MALFORMED) {
    walk->packet->findings |= TCPFLOW_FINDING_BAD_HEADER;
  }
  return bytes;
}

const uint8_t *tcpflow__tunnel_header(tcpflow__walk *walk,
                                      tcpflow_layer_type type, uint32_t n) {
  return blame(walk, tcpflow__walk_enter(walk, type, n));
}

const uint8_t *tcpflow__tunnel_take(tcpflow__walk *walk, uint32_t n) {
  return blame(walk, tcpflow__walk_take(walk, n));
}

int tcpflow__tunnel_skip(tcpflow__walk *walk, uint32_t n) {
  return n == 0 || tcpflow__tunnel_take(walk, n) != NULL;
}

/* A first fragment and a quote have less than their headers say. */
void tcpflow__tunnel_limit(tcpflow__walk *walk, uint32_t n) {
  const uint32_t left = tcpflow__walk_wire_left(walk);

  if (n > left) {
    walk->packet->findings |= walk->first_fragment == 0 && walk->quoted == 0
                                ? TCPFLOW_FINDING_BAD_HEADER
                                : 0;
    return;
  }
  walk->wire_end = walk->cursor.off + n;
  tcpflow__cursor_limit(&walk->cursor, n);
}

void tcpflow__tunnel_number(tcpflow__walk *walk, tcpflow_tunnel tunnel,
                            uint32_t number) {
  walk->packet->tuple.tunnel =
    (uint32_t)tunnel << 24 | (number & UINT32_C(0xffffff));
}

uint32_t tcpflow__tunnel_frame(tcpflow__walk *walk, uint32_t next) {
  walk->packet->tuple.vlan = 0;
  walk->packet->tag_count = 0;
  return next;
}

uint32_t tcpflow__tunnel_ethernet(tcpflow__walk *walk) {
  return tcpflow__tunnel_frame(walk,
                               TCPFLOW__NEXT_LINK + TCPFLOW_LINK_ETHERNET);
}

uint32_t tcpflow__tunnel_ip(tcpflow__walk *walk) {
  const uint8_t *const bytes = tcpflow__cursor_peek(&walk->cursor, 1);

  if (bytes == NULL) {
    return tcpflow__walk_wire_left(walk) == 0
             ? tcpflow__tunnel_other(walk)
             : tcpflow__walk_stop(walk, TCPFLOW_PACKET_TRUNCATED, 0);
  }
  switch (bytes[0] >> 4) {
  case 4:
    return TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_IPV4;
  case 6:
    return TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_IPV6;
  default:
    return tcpflow__tunnel_other(walk);
  }
}

uint32_t tcpflow__tunnel_type(tcpflow__walk *walk, uint16_t ether_type) {
  const uint32_t next = TCPFLOW__NEXT_ETHER + ether_type;

  switch (ether_type) {
  case TCPFLOW__ETHER_TRANSPARENT:
    return tcpflow__tunnel_ethernet(walk);
  case TCPFLOW__ETHER_IPV4:
  case TCPFLOW__ETHER_IPV6:
    return next;
  default:
    return tcpflow__step_of(next) != NULL ? next : tcpflow__tunnel_other(walk);
  }
}

uint32_t tcpflow__tunnel_next_protocol(tcpflow__walk *walk, uint8_t protocol) {
  switch (protocol) {
  case TCPFLOW__NSH_IPV4:
    return TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_IPV4;
  case TCPFLOW__NSH_IPV6:
    return TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_IPV6;
  case TCPFLOW__NSH_ETHERNET:
    return tcpflow__tunnel_ethernet(walk);
  case TCPFLOW__NSH_NSH:
    return TCPFLOW__NEXT_OTHER + TCPFLOW_LAYER_NSH;
  case TCPFLOW__NSH_MPLS:
    return tcpflow__tunnel_type(walk, TCPFLOW__ETHER_MPLS);
  default:
    return tcpflow__tunnel_other(walk);
  }
}

/* RFC 2003, RFC 2473: the inner header follows at once. */
uint32_t tcpflow__step_ipv4_in_ip(tcpflow__walk *walk) {
  return tcpflow__tunnel_enter(walk, TCPFLOW_TUNNEL_IP_IN_IP)
           ? TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_IPV4
           : TCPFLOW__NEXT_STOP;
}

/* RFC 4213 section 3. */
uint32_t tcpflow__step_ipv6_in_ip(tcpflow__walk *walk) {
  return tcpflow__tunnel_enter(walk, TCPFLOW_TUNNEL_IP_IN_IP)
           ? TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_IPV6
           : TCPFLOW__NEXT_STOP;
}

/* RFC 4023 section 3. */
uint32_t tcpflow__step_mpls_in_ip(tcpflow__walk *walk) {
  return tcpflow__tunnel_enter(walk, TCPFLOW_TUNNEL_MPLS_IN_IP)
           ? tcpflow__tunnel_type(walk, TCPFLOW__ETHER_MPLS)
           : TCPFLOW__NEXT_STOP;
}

/* RFC 7510 section 3. */
uint32_t tcpflow__step_mpls_in_udp(tcpflow__walk *walk) {
  return tcpflow__tunnel_enter(walk, TCPFLOW_TUNNEL_MPLS_IN_UDP)
           ? tcpflow__tunnel_type(walk, TCPFLOW__ETHER_MPLS)
           : TCPFLOW__NEXT_STOP;
}

/* RFC 3378 section 3.  Some implementations have the two halves of the octet
   the wrong way round, so another version is told and no obstacle. */
uint32_t tcpflow__step_etherip(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__tunnel_enter(walk, TCPFLOW_TUNNEL_ETHERIP)
      ? tcpflow__tunnel_header(walk, TCPFLOW_LAYER_ETHERIP, ETHERIP_SIZE)
      : NULL;

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  if (bytes[0] >> 4 != ETHERIP_VERSION) {
    walk->packet->findings |= TCPFLOW_FINDING_BAD_HEADER;
  }
  return tcpflow__tunnel_ethernet(walk);
}

/* RFC 8986 section 4.9: an Ethernet frame with nothing in front. */
uint32_t tcpflow__step_ethernet_in_ip(tcpflow__walk *walk) {
  return tcpflow__tunnel_enter(walk, TCPFLOW_TUNNEL_ETHERIP)
           ? tcpflow__tunnel_ethernet(walk)
           : TCPFLOW__NEXT_STOP;
}

tcpflow_tunnel tcpflow__tunnel_of_protocol(uint8_t protocol) {
  switch (protocol) {
  case TCPFLOW__PROTOCOL_IPV4:
  case TCPFLOW__PROTOCOL_IPV6:
    return TCPFLOW_TUNNEL_IP_IN_IP;
  case TCPFLOW__PROTOCOL_GRE:
    return TCPFLOW_TUNNEL_GRE;
  case TCPFLOW__PROTOCOL_ESP:
    return TCPFLOW_TUNNEL_ESP_NULL;
  case TCPFLOW__PROTOCOL_ETHERIP:
  case TCPFLOW__PROTOCOL_ETHERNET:
    return TCPFLOW_TUNNEL_ETHERIP;
  case TCPFLOW__PROTOCOL_L2TP:
    return TCPFLOW_TUNNEL_L2TP;
  case TCPFLOW__PROTOCOL_MPLS:
    return TCPFLOW_TUNNEL_MPLS_IN_IP;
  default:
    return TCPFLOW_TUNNEL_NONE;
  }
}
