/*
 * lib/decode/link_frelay.c - Frame Relay: RFC 2427, Cisco's form, and the
 * multilink form of FRF.16.
 *
 * Room: decode.  Includes: wire.  An address of Q.922 has two, three or four
 * octets; the last one has its lowest bit set, the first one never has.
 */
#include "decode/links.h"
#include "wire/bytes.h"

enum {
  LAST = 0x01,
  UNNUMBERED_INFORMATION = 0x03,
  MFR_SIZE = 2,
  MFR_BEGIN = 0x80,
  MFR_CONTROL = 0x20
};

/* Octets of the address; 0 if it is none. */
static uint32_t address_size(const uint8_t *bytes) {
  if ((bytes[0] & LAST) != 0) {
    return 0;
  }
  if ((bytes[1] & LAST) != 0) {
    return 2;
  }
  if ((bytes[2] & LAST) != 0) {
    return 3;
  }
  return (bytes[3] & LAST) != 0 ? 4 : 0;
}

/* Identifier 0 is for signalling, which never has Cisco's form. */
static int is_signalling(const uint8_t *bytes) {
  return (bytes[0] & 0xfcU) == 0 && (bytes[1] & 0xf0U) == 0;
}

/* Behind the control octet: a zero that aligns what follows may stand in front
   of the NLPID. */
static uint32_t enter_nlpid(tcpflow__walk *walk, uint32_t address) {
  const uint8_t *const bytes = tcpflow__walk_peek(walk, address + 2);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t size = address + (bytes[address + 1] == 0 ? 3 : 2);
  const uint8_t *const header =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_FRAME_RELAY, size);

  return header == NULL ? TCPFLOW__NEXT_STOP
                        : tcpflow__next_nlpid(walk, header[size - 1], 0);
}

uint32_t tcpflow__step_frelay(tcpflow__walk *walk) {
  const uint8_t *const bytes = tcpflow__walk_peek(walk, 4);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t address = address_size(bytes);
  if (address == 0) {
    return tcpflow__walk_stop_bad(walk);
  }
  const uint8_t *const control = tcpflow__walk_peek(walk, address + 1);
  if (control == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  if (control[address] == UNNUMBERED_INFORMATION || is_signalling(bytes)) {
    return enter_nlpid(walk, address);
  }
  const uint8_t *const header =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_FRAME_RELAY, address + 2);

  return header == NULL
           ? TCPFLOW__NEXT_STOP
           : tcpflow__walk_announce(walk, tcpflow__fetch16(header + address));
}

uint32_t tcpflow__step_frelay_directed(tcpflow__walk *walk) {
  return tcpflow__walk_enter(walk, TCPFLOW_LAYER_CAPTURE, 1) == NULL
           ? TCPFLOW__NEXT_STOP
           : TCPFLOW__NEXT_LINK + TCPFLOW_LINK_FRELAY;
}

/* FRF.16: only the first fragment has a header to read. */
uint32_t tcpflow__step_mfr(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_CAPTURE, MFR_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  if ((bytes[0] & MFR_CONTROL) != 0) {
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
  }
  return (bytes[0] & MFR_BEGIN) != 0
           ? TCPFLOW__NEXT_LINK + TCPFLOW_LINK_FRELAY
           : tcpflow__walk_stop(walk, TCPFLOW_PACKET_UNSUPPORTED, 0);
}
