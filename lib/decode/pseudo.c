/*
 * lib/decode/pseudo.c - the pseudo-header that a TCP checksum covers
 * (RFC 9293 section 3.1, RFC 8200 section 8.1).
 *
 * Room: decode.  Includes: wire.  The headers were good when they were decoded;
 * they are read through a cursor again, since the bytes are the caller's.
 */
#include "decode/pseudo.h"

#include <string.h>

#include "decode/ip_options.h"
#include "decode/steps.h"
#include "decode/tunnel.h"
#include "wire/bytes.h"
#include "wire/checksum.h"
#include "wire/cursor.h"

enum {
  IPV4_HEADER = 20,
  IPV4_ADDRESS = 4,
  IPV4_LOOSE_ROUTE = 131,
  IPV4_STRICT_ROUTE = 137,
  IPV6_HEADER = 40,
  IPV6_ADDRESS = 16,
  ROUTING_SOURCE = 0,   /* RFC 2460, deprecated by RFC 5095. */
  ROUTING_MOBILITY = 2, /* RFC 6275. */
  ROUTING_SEGMENTS = 4  /* RFC 8754: the list runs backwards. */
};

/*
 * RFC 791 section 3.1: the pointer counts from 1, at the option's kind; while
 * it is inside, the destination is the next hop and the last address is final.
 */
static const uint8_t *ipv4_destination(const uint8_t *datagram, uint32_t size) {
  const uint32_t header = (datagram[0] & 0xfU) * 4;
  const uint8_t *const options = datagram + IPV4_HEADER;
  const uint32_t options_size =
    header < IPV4_HEADER || header > size ? 0 : header - IPV4_HEADER;
  const uint8_t *route = tcpflow__ip_option_find(
    tcpflow__ipv4_option_size, options, options_size, IPV4_LOOSE_ROUTE);

  if (route == NULL) {
    route = tcpflow__ip_option_find(tcpflow__ipv4_option_size, options,
                                    options_size, IPV4_STRICT_ROUTE);
  }
  if (route == NULL || route[1] < 3 + IPV4_ADDRESS || route[2] > route[1]) {
    return datagram + 16;
  }
  return route + route[1] - IPV4_ADDRESS;
}

/* The final one of a routing header of SIZE octets; NULL: not told there. */
static const uint8_t *routing_destination(const uint8_t *bytes, uint32_t size) {
  const uint32_t addresses = (size - 8) / IPV6_ADDRESS;

  if (bytes[3] == 0 || addresses == 0) {
    return NULL;
  }
  switch (bytes[2]) {
  case ROUTING_SOURCE:
  case ROUTING_MOBILITY:
    return bytes + 8 + (addresses - 1) * IPV6_ADDRESS;
  case ROUTING_SEGMENTS:
    return bytes + 8;
  default:
    return NULL;
  }
}

static uint32_t extension_size(uint8_t protocol, const uint8_t *bytes) {
  switch (protocol) {
  case TCPFLOW__PROTOCOL_FRAGMENT:
    return 8;
  case TCPFLOW__PROTOCOL_AH:
    return (bytes[1] + 2U) * 4;
  default:
    return (bytes[1] + 1U) * 8;
  }
}

static const uint8_t *ipv6_destination(const uint8_t *datagram, uint32_t size) {
  tcpflow__cursor chain = {datagram, IPV6_HEADER, size};
  uint8_t protocol = datagram[6];

  /* What is inside ESP does not name a destination. */
  while (protocol != TCPFLOW__PROTOCOL_ESP &&
         tcpflow__cursor_peek(&chain, 8) != NULL) {
    const uint32_t extension =
      extension_size(protocol, tcpflow__cursor_peek(&chain, 8));
    const uint8_t *const bytes = tcpflow__cursor_take(&chain, extension);
    const uint8_t *const final =
      bytes != NULL && protocol == TCPFLOW__PROTOCOL_ROUTING
        ? routing_destination(bytes, extension)
        : NULL;

    if (bytes == NULL || final != NULL) {
      return final != NULL ? final : datagram + 24;
    }
    protocol = bytes[0];
  }
  return datagram + 24;
}

/* A header without options: source and destination stand side by side. */
static inline uint64_t sum_plain(uint64_t sum, const uint8_t *datagram,
                                 uint32_t size) {
  if (size == IPV4_HEADER) {
    return tcpflow__sum_add8(sum, datagram + 12);
  }
  for (uint32_t at = 8; at < IPV6_HEADER; at += 8) {
    sum = tcpflow__sum_add8(sum, datagram + at);
  }
  return sum;
}

uint64_t tcpflow__pseudo_sum_of(uint8_t protocol, const uint8_t *datagram,
                                uint32_t size, uint32_t length) {
  const int is_ipv4 = datagram[0] >> 4 == 4;
  uint8_t tail[8] = {0, 0, 0, 0, 0, 0, 0, protocol};
  uint64_t sum;

  tcpflow__store32(tail, length);
  sum = tcpflow__sum_add8(0, tail);
  if (size == (is_ipv4 ? IPV4_HEADER : IPV6_HEADER)) {
    return sum_plain(sum, datagram, size);
  }
  if (is_ipv4) {
    sum = tcpflow__sum_add(sum, datagram + 12, IPV4_ADDRESS);
    return tcpflow__sum_add(sum, ipv4_destination(datagram, size),
                            IPV4_ADDRESS);
  }
  sum = tcpflow__sum_add(sum, datagram + 8, IPV6_ADDRESS);
  return tcpflow__sum_add(sum, ipv6_destination(datagram, size), IPV6_ADDRESS);
}

uint64_t tcpflow__pseudo_sum(const uint8_t *datagram, uint32_t size,
                             uint32_t length) {
  return tcpflow__pseudo_sum_of(TCPFLOW__PROTOCOL_TCP, datagram, size, length);
}

uint32_t tcpflow__pseudo_octets(uint8_t *to, const uint8_t *datagram,
                                uint32_t size, uint32_t length) {
  if (datagram[0] >> 4 == 4) {
    memcpy(to, datagram + 12, IPV4_ADDRESS);
    memcpy(to + 4, ipv4_destination(datagram, size), IPV4_ADDRESS);
    tcpflow__store16(to + 8, TCPFLOW__PROTOCOL_TCP);
    tcpflow__store16(to + 10, (uint16_t)(length & UINT16_MAX));
    return 12;
  }
  memcpy(to, datagram + 8, IPV6_ADDRESS);
  memcpy(to + 16, ipv6_destination(datagram, size), IPV6_ADDRESS);
  tcpflow__store32(to + 32, length);
  tcpflow__store32(to + 36, TCPFLOW__PROTOCOL_TCP);
  return TCPFLOW__PSEUDO_MAX;
}
