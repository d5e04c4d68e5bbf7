/*
 * lib/decode/bridges.c - headers by which bridges carry a whole frame, or
 * protect one.
 *
 * Room: decode.  Includes: wire.  Behind most of them stands an Ethernet header
 * of its own, which is a layer of its own.
 */
#include "decode/steps.h"
#include "wire/bytes.h"

enum {
  PBB_SIZE = 4,
  FABRICPATH_SIZE = 2,
  TRILL_SIZE = 6,
  MACSEC_SIZE = 6,
  MACSEC_CHANNEL_SIZE = 8,
  MACSEC_VERSION = 0x80,
  MACSEC_HAS_CHANNEL = 0x20,
  MACSEC_CHANGED = 0x0c, /* Encrypted, or changed in another way. */
  MACSEC_LENGTH = 0x3f
};

#define NEXT_ETHERNET (TCPFLOW__NEXT_LINK + TCPFLOW_LINK_ETHERNET)

/* IEEE 802.1Q clause 9.7: the customer's addresses are the first octets of
   the frame behind it. */
uint32_t tcpflow__step_pbb(tcpflow__walk *walk) {
  return tcpflow__walk_enter(walk, TCPFLOW_LAYER_PBB, PBB_SIZE) == NULL
           ? TCPFLOW__NEXT_STOP
           : NEXT_ETHERNET;
}

uint32_t tcpflow__step_fabricpath(tcpflow__walk *walk) {
  return tcpflow__walk_enter(walk, TCPFLOW_LAYER_FABRICPATH, FABRICPATH_SIZE) ==
             NULL
           ? TCPFLOW__NEXT_STOP
           : NEXT_ETHERNET;
}

/* RFC 6325 section 3: the options count units of 4 octets. */
uint32_t tcpflow__step_trill(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_TRILL, TRILL_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t options = (tcpflow__fetch16(bytes) >> 6 & 0x1fU) * 4;

  return tcpflow__walk_skip(walk, options) ? NEXT_ETHERNET : TCPFLOW__NEXT_STOP;
}

/*
 * IEEE 802.1AE clause 9.  The length of the integrity check value behind the
 * payload is the cipher suite's, so it is left to the IP length to keep it out,
 * or to the short length.
 */
uint32_t tcpflow__step_macsec(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_MACSEC, MACSEC_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t channel =
    (bytes[0] & MACSEC_HAS_CHANNEL) != 0 ? MACSEC_CHANNEL_SIZE : 0;

  if ((bytes[0] & MACSEC_VERSION) != 0 || bytes[1] > MACSEC_LENGTH) {
    return tcpflow__walk_stop_bad(walk);
  }
  if (!tcpflow__walk_skip(walk, channel)) {
    return TCPFLOW__NEXT_STOP;
  }
  if ((bytes[0] & MACSEC_CHANGED) != 0) {
    return tcpflow__walk_stop_encrypted(walk);
  }
  if (bytes[1] != 0) {
    tcpflow__walk_fit(walk, bytes[1]);
  }
  const uint8_t *const type = tcpflow__walk_take(walk, 2);

  return type == NULL ? TCPFLOW__NEXT_STOP
                      : tcpflow__next_type(walk, tcpflow__fetch16(type));
}
