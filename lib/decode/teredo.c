/*
 * lib/decode/teredo.c - IPv6 through NAT: Teredo (RFC 4380) and AYIYA
 * (draft-massar-v6ops-ayiya).
 *
 * Room: decode.  Includes: wire.
 */
#include "decode/tunnel.h"
#include "wire/bytes.h"

enum {
  INDICATION_AUTHENTICATION = 1, /* RFC 4380 section 5.1.1. */
  INDICATION_ORIGIN = 0,
  ORIGIN_SIZE = 8,
  AUTHENTICATION_SIZE = 4, /* Without the parts whose lengths it tells. */
  AUTHENTICATION_REST = 9  /* Nonce and confirmation. */
};

enum {
  AYIYA_SIZE = 8,
  AYIYA_FORWARD = 1,
  WORD_SIZE = 4
};

/* RFC 4380 section 5.1.1. */
static uint32_t take_authentication(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__tunnel_header(walk, TCPFLOW_LAYER_TEREDO, AUTHENTICATION_SIZE);

  if (bytes == NULL ||
      !tcpflow__tunnel_skip(walk, (uint32_t)bytes[2] + bytes[3] +
                                    AUTHENTICATION_REST)) {
    return TCPFLOW__NEXT_STOP;
  }
  return TCPFLOW__NEXT_OTHER + TCPFLOW_LAYER_TEREDO;
}

static uint32_t take_origin(tcpflow__walk *walk) {
  return tcpflow__tunnel_header(walk, TCPFLOW_LAYER_TEREDO, ORIGIN_SIZE) == NULL
           ? TCPFLOW__NEXT_STOP
           : TCPFLOW__NEXT_OTHER + TCPFLOW_LAYER_TEREDO;
}

/* An indication begins with a 0 octet, which IPv6 never does. */
uint32_t tcpflow__step_teredo_indication(tcpflow__walk *walk) {
  const uint8_t *const bytes = tcpflow__cursor_peek(&walk->cursor, 2);

  if (bytes == NULL) {
    (void)tcpflow__tunnel_take(walk, 2);
    return TCPFLOW__NEXT_STOP;
  }
  switch (tcpflow__fetch16(bytes)) {
  case INDICATION_AUTHENTICATION:
    return take_authentication(walk);
  case INDICATION_ORIGIN:
    return take_origin(walk);
  default:
    return bytes[0] >> 4 == 6 ? TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_IPV6
                              : tcpflow__tunnel_other(walk);
  }
}

uint32_t tcpflow__step_teredo(tcpflow__walk *walk) {
  return tcpflow__tunnel_enter(walk, TCPFLOW_TUNNEL_TEREDO)
           ? TCPFLOW__NEXT_OTHER + TCPFLOW_LAYER_TEREDO
           : TCPFLOW__NEXT_STOP;
}

/* Lengths of the identity, as a power of two, and of the signature, in words,
   stand in the upper halves of the first two octets. */
uint32_t tcpflow__step_ayiya(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__tunnel_enter(walk, TCPFLOW_TUNNEL_AYIYA)
      ? tcpflow__tunnel_header(walk, TCPFLOW_LAYER_AYIYA, AYIYA_SIZE)
      : NULL;

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t identity = UINT32_C(1) << (bytes[0] >> 4);
  const uint32_t signature = (bytes[1] >> 4) * (uint32_t)WORD_SIZE;

  if ((bytes[2] & 0xfU) != AYIYA_FORWARD) {
    return tcpflow__tunnel_other(walk);
  }
  if (!tcpflow__tunnel_skip(walk, identity + signature)) {
    return TCPFLOW__NEXT_STOP;
  }
  switch (bytes[3]) {
  case TCPFLOW__PROTOCOL_IPV4:
    return TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_IPV4;
  case TCPFLOW__PROTOCOL_IPV6:
    return TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_IPV6;
  default:
    return tcpflow__tunnel_other(walk);
  }
}
