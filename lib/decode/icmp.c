/*
 * lib/decode/icmp.c - ICMP errors (RFC 792, RFC 4443) and the TCP header that
 * they quote.
 *
 * Room: decode.  Includes: wire.  What is quoted is decoded by the same steps
 * as any datagram; it ends where the quote ends, and that is no fault of its
 * own.
 */
#include "decode/tunnel.h"
#include "wire/bytes.h"

enum {
  HEADER_SIZE = 8,
  UNREACHABLE = 3,
  SOURCE_QUENCH = 4,
  REDIRECT = 5,
  TIME_EXCEEDED = 11,
  PARAMETER_PROBLEM = 12,
  CODE_FRAGMENTATION_NEEDED = 4,
  V6_UNREACHABLE = 1,
  V6_TOO_BIG = 2,
  V6_TIME_EXCEEDED = 3,
  V6_PARAMETER_PROBLEM = 4
};

/* An error that quotes, and what its length attribute says. */
typedef struct error_form {
  int quotes;
  uint32_t length; /* Octets; 0: not told. */
  uint32_t mtu;
} error_form;

/* RFC 4884 section 4: words of 32 bits in the sixth octet; RFC 1191 section
   4. */
static error_form read_v4(const uint8_t *bytes) {
  error_form form = {1, 0, 0};

  switch (bytes[0]) {
  case UNREACHABLE:
    form.mtu =
      bytes[1] == CODE_FRAGMENTATION_NEEDED ? tcpflow__fetch16(bytes + 6) : 0U;
    form.length = bytes[5] * 4U;
    return form;
  case TIME_EXCEEDED:
  case PARAMETER_PROBLEM:
    form.length = bytes[5] * 4U;
    return form;
  default:
    return form;
  }
}

/* RFC 4884 section 4: words of 64 bits in the fifth octet; RFC 4443 section
   3. */
static error_form read_v6(const uint8_t *bytes) {
  error_form form = {1, 0, 0};

  switch (bytes[0]) {
  case V6_UNREACHABLE:
  case V6_TIME_EXCEEDED:
    form.length = bytes[4] * 8U;
    return form;
  case V6_TOO_BIG:
    form.mtu = tcpflow__fetch32(bytes + 4);
    return form;
  default:
    return form;
  }
}

static int is_error_v4(uint8_t type) {
  return type == UNREACHABLE || type == SOURCE_QUENCH || type == REDIRECT ||
         type == TIME_EXCEEDED || type == PARAMETER_PROBLEM;
}

static int is_error_v6(uint8_t type) {
  return type >= V6_UNREACHABLE && type <= V6_PARAMETER_PROBLEM;
}

/* Takes the header of an error that is to be looked into; NULL: stop. */
static const uint8_t *take_error(tcpflow__walk *walk, tcpflow_layer_type layer,
                                 int (*is_error)(uint8_t type)) {
  const uint8_t *const type = tcpflow__cursor_peek(&walk->cursor, 1);

  if (type != NULL && !is_error(type[0])) {
    (void)tcpflow__tunnel_other(walk);
    return NULL;
  }
  const uint8_t *const bytes = tcpflow__tunnel_header(walk, layer, HEADER_SIZE);
  if (bytes != NULL && walk->quoted != TCPFLOW__QUOTE_NONE) {
    (void)tcpflow__tunnel_other(walk);
    return NULL;
  }
  return bytes;
}

/* From here on, everything is quoted. */
static void open_quote(tcpflow__walk *walk, const uint8_t *bytes,
                       const error_form *form) {
  tcpflow_packet *const packet = walk->packet;

  packet->icmp_type = bytes[0];
  packet->icmp_code = bytes[1];
  packet->icmp_mtu = form->mtu;
  walk->quoted = TCPFLOW__QUOTE_OPEN;
  if (form->length != 0) {
    tcpflow__tunnel_limit(walk, form->length);
  }
}

uint32_t tcpflow__step_icmp(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    take_error(walk, TCPFLOW_LAYER_ICMP, is_error_v4);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const error_form form = read_v4(bytes);
  open_quote(walk, bytes, &form);
  return TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_IPV4;
}

uint32_t tcpflow__step_icmpv6(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    take_error(walk, TCPFLOW_LAYER_ICMPV6, is_error_v6);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const error_form form = read_v6(bytes);
  open_quote(walk, bytes, &form);
  return TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_IPV6;
}
