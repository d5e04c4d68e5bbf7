/*
 * lib/decode/link_nflog.c - the log of Linux' netfilter.
 *
 * Room: decode.  Includes: wire.  A list of attributes, of which one is the
 * packet.  Lengths and types have the byte order of the machine that captured;
 * types are below 256, so their zero octet tells which it is.
 */
#include "decode/links.h"
#include "wire/bytes.h"

enum {
  HEADER_SIZE = 4,
  ATTRIBUTE_SIZE = 4,
  ATTRIBUTE_PACKET = 9
};

static uint32_t fetch_little(const uint8_t *bytes) {
  return (uint32_t)bytes[1] << 8 | bytes[0];
}

/* Takes one attribute; answers whether the packet begins.  The length that the
   attribute says becomes *LENGTH, 0 if the walk must stop. */
static int take_attribute(tcpflow__walk *walk, uint32_t *length) {
  const uint8_t *const bytes = tcpflow__walk_take(walk, ATTRIBUTE_SIZE);

  *length = 0;
  if (bytes == NULL) {
    return 0;
  }
  const int little = bytes[3] == 0;
  const uint32_t says = little ? fetch_little(bytes) : tcpflow__fetch16(bytes);
  const uint32_t type =
    little ? fetch_little(bytes + 2) : tcpflow__fetch16(bytes + 2);

  if (says < ATTRIBUTE_SIZE) {
    (void)tcpflow__walk_stop_bad(walk);
    return 0;
  }
  *length = says;
  return type == ATTRIBUTE_PACKET;
}

/* Attributes are aligned to four octets. */
static uint32_t padded_rest(uint32_t length) {
  return (length + 3) / 4 * 4 - ATTRIBUTE_SIZE;
}

/* Each turn takes four octets at least. */
static int find_packet(tcpflow__walk *walk) {
  uint32_t length;

  while (!take_attribute(walk, &length)) {
    if (length == 0 || !tcpflow__walk_skip(walk, padded_rest(length))) {
      return 0;
    }
  }
  tcpflow__walk_fit(walk, length - ATTRIBUTE_SIZE);
  return 1;
}

uint32_t tcpflow__step_nflog(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_NFLOG, HEADER_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  if (bytes[1] != 0) {
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_UNSUPPORTED, 0);
  }
  return find_packet(walk) ? tcpflow__next_family(walk, bytes[0])
                           : TCPFLOW__NEXT_STOP;
}
