/*
 * lib/decode/gtp.c - GTP-U (3GPP TS 29.281), and the user data of GTP version
 * 0 (GSM 09.60).
 *
 * Room: decode.  Includes: wire.
 */
#include "decode/tunnel.h"
#include "wire/bytes.h"

enum {
  HEADER_SIZE = 8,
  OPTIONAL_SIZE = 4, /* Sequence number, N-PDU number, next extension. */
  VERSION_0_REST = 12,
  PROTOCOL_GTP = 0x10, /* The protocol type bit; GTP' does not have it. */
  FLAG_EXTENSION = 0x04,
  FLAGS_OPTIONAL = 0x07,
  MESSAGE_DATA = 255,
  EXTENSION_UNIT = 4
};

/*
 * TS 29.281 section 5.2.1: the first octet counts units of four octets, the
 * last one is the type of the next extension header; 0: none.
 */
static int take_extensions(tcpflow__walk *walk, uint8_t type) {
  while (type != 0) {
    const uint8_t *const length = tcpflow__tunnel_take(walk, 1);

    if (length == NULL) {
      return 0;
    }
    const uint32_t size = length[0] * (uint32_t)EXTENSION_UNIT;
    if (size == 0) {
      (void)tcpflow__walk_stop_bad(walk);
      return 0;
    }
    const uint8_t *const rest = tcpflow__tunnel_take(walk, size - 1);
    if (rest == NULL) {
      return 0;
    }
    type = rest[size - 2];
  }
  return 1;
}

static uint32_t take_version_0(tcpflow__walk *walk) {
  return tcpflow__tunnel_skip(walk, VERSION_0_REST) ? tcpflow__tunnel_ip(walk)
                                                    : TCPFLOW__NEXT_STOP;
}

/* Section 5.1: if any of the three flags is set, all three fields are there,
   and those without their flag mean nothing. */
static uint32_t take_version_1(tcpflow__walk *walk, unsigned flags) {
  if ((flags & FLAGS_OPTIONAL) == 0) {
    return tcpflow__tunnel_ip(walk);
  }
  const uint8_t *const fields = tcpflow__tunnel_take(walk, OPTIONAL_SIZE);
  if (fields == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  if ((flags & FLAG_EXTENSION) != 0 && !take_extensions(walk, fields[3])) {
    return TCPFLOW__NEXT_STOP;
  }
  return tcpflow__tunnel_ip(walk);
}

uint32_t tcpflow__step_gtpu(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__tunnel_enter(walk, TCPFLOW_TUNNEL_GTPU)
      ? tcpflow__tunnel_header(walk, TCPFLOW_LAYER_GTPU, HEADER_SIZE)
      : NULL;

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const unsigned version = bytes[0] >> 5;

  if (version > 1 || (bytes[0] & PROTOCOL_GTP) == 0 ||
      bytes[1] != MESSAGE_DATA) {
    return tcpflow__tunnel_other(walk);
  }
  /* Version 0 does not count its whole header of 20 octets, version 1 the
     first 8. */
  tcpflow__tunnel_limit(walk, tcpflow__fetch16(bytes + 2) +
                                (version == 0 ? VERSION_0_REST : 0U));
  return version == 0 ? take_version_0(walk) : take_version_1(walk, bytes[0]);
}
