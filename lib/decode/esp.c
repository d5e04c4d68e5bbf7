/*
 * lib/decode/esp.c - ESP with NULL encryption (RFC 4303, RFC 2410), and IPComp.
 *
 * Room: decode.  Includes: wire.  Nothing in the packet says that it is not
 * encrypted, so this is for those who know; padding that is not what RFC 4303
 * section 2.4 asks for shows that it is.
 */
#include "decode/tunnel.h"

enum {
  HEADER_SIZE = 8,
  TRAILER_SIZE = 2 /* Pad length and next header. */
};

/* What follows the payload, without the integrity check value. */
typedef struct trailer {
  uint32_t size; /* With the padding. */
  uint8_t next;
} trailer;

/* Section 2.4: padding counts 1, 2, 3, ... */
static int is_padding(const uint8_t *bytes, uint32_t size) {
  for (uint32_t i = 0; i < size; i++) {
    if (bytes[i] != i + 1) {
      return 0;
    }
  }
  return 1;
}

/* Answers 0 if these octets, the last of which is the last of the trailer, can
   be none. */
static int read_trailer(tcpflow__cursor octets, trailer *t) {
  const uint32_t size = tcpflow__cursor_left(&octets);

  if (size < TRAILER_SIZE) {
    return 0;
  }
  octets.off = octets.end - TRAILER_SIZE;
  const uint8_t *const fields = tcpflow__cursor_peek(&octets, TRAILER_SIZE);
  if (fields == NULL || fields[0] > size - TRAILER_SIZE) {
    return 0;
  }
  *t = (trailer){fields[0] + (uint32_t)TRAILER_SIZE, fields[1]};
  return is_padding(fields - fields[0], fields[0]);
}

/* ESP counts as an extension header: TCP follows the outer IP header in
   transport mode. */
static uint32_t take_payload(tcpflow__walk *walk, const trailer *t,
                             uint32_t behind) {
  tcpflow_packet *const packet = walk->packet;

  tcpflow__tunnel_limit(walk, tcpflow__walk_wire_left(walk) - behind);
  packet->ip_header_length = (uint16_t)(packet->ip_header_length + HEADER_SIZE);
  packet->ip_length -= behind;
  packet->ip_protocol = t->next;
  return (packet->tuple.version == 4 ? TCPFLOW__NEXT_IPV4
                                     : TCPFLOW__NEXT_IPV6) +
         t->next;
}

static uint32_t take_esp(tcpflow__walk *walk) {
  const uint32_t icv = walk->config->esp_icv_length;
  tcpflow__cursor octets;
  trailer t;

  if (tcpflow__tunnel_header(walk, TCPFLOW_LAYER_ESP, HEADER_SIZE) == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t left = tcpflow__walk_wire_left(walk);
  /* What an ICMP error quotes seldom has the trailer. */
  if (left < icv + TRAILER_SIZE || walk->quoted != TCPFLOW__QUOTE_NONE) {
    return tcpflow__walk_stop_encrypted(walk);
  }
  octets = walk->cursor;
  tcpflow__cursor_limit(&octets, left - icv);
  if (tcpflow__cursor_left(&octets) != left - icv) {
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_TRUNCATED, 0);
  }
  return read_trailer(octets, &t) ? take_payload(walk, &t, t.size + icv)
                                  : tcpflow__walk_stop_encrypted(walk);
}

uint32_t tcpflow__step_esp(tcpflow__walk *walk) {
  if ((walk->config->tunnels >> TCPFLOW_TUNNEL_ESP_NULL & 1U) == 0) {
    return tcpflow__walk_stop_encrypted(walk);
  }
  return tcpflow__tunnel_enter(walk, TCPFLOW_TUNNEL_ESP_NULL)
           ? take_esp(walk)
           : TCPFLOW__NEXT_STOP;
}

/* RFC 3173: what follows is compressed. */
uint32_t tcpflow__step_ipcomp(tcpflow__walk *walk) {
  return tcpflow__walk_stop_encrypted(walk);
}
