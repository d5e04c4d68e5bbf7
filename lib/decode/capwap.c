/*
 * lib/decode/capwap.c - what access points send on: CAPWAP data (RFC 5415) and
 * TZSP.
 *
 * Room: decode.  Includes: wire.
 */
#include "decode/tunnel.h"
#include "wire/bytes.h"

enum {
  PREAMBLE_DTLS = 1,
  HEADER_SIZE = 8,
  WORD_SIZE = 4,
  FLAG_NATIVE = 0x0100, /* Of the second, third and fourth octet. */
  FLAG_FRAGMENT = 0x0080,
  FLAG_KEEPALIVE = 0x0008,
  BINDING_802_11 = 1,
  WIFI_TYPE = 0x0f, /* Version and type, in the first octet. */
  WIFI_DATA = 0x08
};

enum {
  TZSP_SIZE = 4,
  TZSP_RECEIVED = 0,
  TZSP_TRANSMIT = 1,
  TZSP_TAG_PADDING = 0,
  TZSP_TAG_END = 1
};

/*
 * Some access points have the two octets of frame control the wrong way round.
 * A data frame has type 2 in version 0, and goes to or comes from the
 * distribution system, so neither of the two octets can be taken for the other.
 */
static uint32_t next_wifi(tcpflow__walk *walk) {
  const uint8_t *const control = tcpflow__walk_peek(walk, 2);

  if (control == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  return tcpflow__tunnel_frame(
    walk, (control[0] & WIFI_TYPE) != WIFI_DATA &&
              (control[1] & WIFI_TYPE) == WIFI_DATA
            ? TCPFLOW__NEXT_OTHER + TCPFLOW_LAYER_CAPWAP
            : TCPFLOW__NEXT_LINK + TCPFLOW_LINK_IEEE802_11);
}

/* RFC 5415 section 4.3: T tells frames of the binding from 802.3 frames. */
static uint32_t next_of_flags(tcpflow__walk *walk, uint32_t word) {
  if ((word & FLAG_NATIVE) == 0) {
    return tcpflow__tunnel_ethernet(walk);
  }
  if ((word >> 9 & 0x1fU) != BINDING_802_11) {
    return tcpflow__tunnel_unknown(walk);
  }
  return next_wifi(walk);
}

static uint32_t take_data(tcpflow__walk *walk, const uint8_t *bytes) {
  const uint32_t word = tcpflow__fetch32(bytes);
  const uint32_t size = (word >> 19 & 0x1fU) * WORD_SIZE;

  if (size < HEADER_SIZE) {
    return tcpflow__walk_stop_bad(walk);
  }
  if ((word & FLAG_FRAGMENT) != 0) {
    return tcpflow__tunnel_unknown(walk);
  }
  if ((word & FLAG_KEEPALIVE) != 0) {
    return tcpflow__tunnel_other(walk);
  }
  return tcpflow__tunnel_skip(walk, size - HEADER_SIZE)
           ? next_of_flags(walk, word)
           : TCPFLOW__NEXT_STOP;
}

uint32_t tcpflow__step_capwap(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__tunnel_enter(walk, TCPFLOW_TUNNEL_CAPWAP)
      ? tcpflow__tunnel_header(walk, TCPFLOW_LAYER_CAPWAP, HEADER_SIZE)
      : NULL;

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  if (bytes[0] >> 4 != 0) {
    return tcpflow__tunnel_unknown(walk);
  }
  if ((bytes[0] & 0xfU) == PREAMBLE_DTLS) {
    return tcpflow__walk_stop_encrypted(walk);
  }
  return take_data(walk, bytes);
}

/* Tags up to the one that ends the list.  Answers 0 if the walk must stop. */
static int take_tags(tcpflow__walk *walk) {
  const uint8_t *tag = tcpflow__tunnel_take(walk, 1);

  while (tag != NULL && tag[0] != TZSP_TAG_END) {
    if (tag[0] != TZSP_TAG_PADDING) {
      const uint8_t *const length = tcpflow__tunnel_take(walk, 1);

      if (length == NULL || !tcpflow__tunnel_skip(walk, length[0])) {
        return 0;
      }
    }
    tag = tcpflow__tunnel_take(walk, 1);
  }
  return tag != NULL;
}

static uint32_t next_of_tzsp(tcpflow__walk *walk, uint16_t protocol) {
  switch (protocol) {
  case 1:
    return tcpflow__tunnel_ethernet(walk);
  case 4:
    return TCPFLOW__NEXT_LINK + TCPFLOW_LINK_PPP;
  case 18:
    return tcpflow__tunnel_frame(walk,
                                 TCPFLOW__NEXT_LINK + TCPFLOW_LINK_IEEE802_11);
  case 119:
    return tcpflow__tunnel_frame(walk, TCPFLOW__NEXT_LINK + TCPFLOW_LINK_PRISM);
  case 127:
    return tcpflow__tunnel_frame(walk, TCPFLOW__NEXT_LINK + TCPFLOW_LINK_AVS);
  default:
    return tcpflow__tunnel_other(walk);
  }
}

uint32_t tcpflow__step_tzsp(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__tunnel_enter(walk, TCPFLOW_TUNNEL_TZSP)
      ? tcpflow__tunnel_header(walk, TCPFLOW_LAYER_TZSP, TZSP_SIZE)
      : NULL;

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  if (bytes[0] != 1 ||
      (bytes[1] != TZSP_RECEIVED && bytes[1] != TZSP_TRANSMIT)) {
    return tcpflow__tunnel_other(walk);
  }
  return take_tags(walk) ? next_of_tzsp(walk, tcpflow__fetch16(bytes + 2))
                         : TCPFLOW__NEXT_STOP;
}
