/*
 * lib/decode/link_erf.c - records of Endace's capture cards.
 *
 * Room: decode.  Includes: wire.  A record says of what kind its frame is, and
 * a chain of extension headers of 8 octets may stand in front of that.
 */
#include "decode/links.h"
#include "wire/bytes.h"

enum {
  HEADER_SIZE = 16,
  EXTENSION_SIZE = 8,
  TYPE_AT = 8,
  EXTENDED = 0x80,
  CHANNEL_SIZE = 4,  /* In front of a frame of many channels. */
  ETHERNET_SIZE = 2, /* In front of an Ethernet frame: offset and padding. */
  CELL_SIZE = 4      /* A header of ATM without its check octet. */
};

enum {
  HDLC = 1,
  ETHERNET = 2,
  ATM = 3,
  AAL5 = 4,
  CHANNEL_HDLC = 5,
  CHANNEL_ATM = 7,
  CHANNEL_AAL5 = 9,
  COLOR_HDLC = 10,
  COLOR_ETHERNET = 11,
  DSM_COLOR_HDLC = 15,
  DSM_COLOR_ETHERNET = 16,
  COLOR_CHANNEL_HDLC = 17,
  COLOR_HASH_HDLC = 19,
  COLOR_HASH_ETHERNET = 20,
  IPV4 = 22,
  IPV6 = 23
};

static uint32_t next_behind(tcpflow__walk *walk, uint32_t size, uint32_t link) {
  return tcpflow__walk_skip(walk, size) ? TCPFLOW__NEXT_LINK + link
                                        : TCPFLOW__NEXT_STOP;
}

static uint32_t next_frame(tcpflow__walk *walk, unsigned type) {
  switch (type) {
  case HDLC:
  case COLOR_HDLC:
  case DSM_COLOR_HDLC:
  case COLOR_HASH_HDLC:
    return next_behind(walk, 0, TCPFLOW_LINK_PPP_HDLC);
  case CHANNEL_HDLC:
  case COLOR_CHANNEL_HDLC:
    return next_behind(walk, CHANNEL_SIZE, TCPFLOW_LINK_PPP_HDLC);
  case ETHERNET:
  case COLOR_ETHERNET:
  case DSM_COLOR_ETHERNET:
  case COLOR_HASH_ETHERNET:
    return next_behind(walk, ETHERNET_SIZE, TCPFLOW_LINK_ETHERNET);
  case ATM:
  case AAL5:
    return next_behind(walk, CELL_SIZE, TCPFLOW_LINK_ATM_RFC1483);
  case CHANNEL_ATM:
  case CHANNEL_AAL5:
    return next_behind(walk, CHANNEL_SIZE + CELL_SIZE,
                       TCPFLOW_LINK_ATM_RFC1483);
  case IPV4:
  case IPV6:
    return next_behind(walk, 0, TCPFLOW_LINK_RAW);
  default:
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_UNSUPPORTED, 0);
  }
}

/* The first bit of each says whether another one follows; each turn takes 8
   octets.  Answers 0 if the walk must stop. */
static int skip_extensions(tcpflow__walk *walk, uint8_t more) {
  while ((more & EXTENDED) != 0) {
    const uint8_t *const bytes = tcpflow__walk_take(walk, EXTENSION_SIZE);

    if (bytes == NULL) {
      return 0;
    }
    more = bytes[0];
  }
  return 1;
}

uint32_t tcpflow__step_erf(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_ERF, HEADER_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  return skip_extensions(walk, bytes[TYPE_AT])
           ? next_frame(walk, bytes[TYPE_AT] & ~(unsigned)EXTENDED)
           : TCPFLOW__NEXT_STOP;
}
