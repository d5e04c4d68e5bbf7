/*
 * lib/decode/mpls.c - MPLS label stacks and what is behind them.
 *
 * Room: decode.  Includes: wire.  Nothing says what a label stack carries (RFC
 * 3032 section 2.2), so this is guessed, in this order:
 *  1. Explicit null labels tell (RFC 3032 section 2.1): 0 IPv4, 2 IPv6.
 *  2. The first four bits tell (RFC 4928): 4 and 6 are IP, 1 is an associated
 *     channel (RFC 4385), which is not IP.
 *  3. Unless what looks like IP has a length that is not that of the frame,
 *     and an Ethernet frame with IP in it stands there: a pseudowire without
 *     control word, whose address begins with that digit.
 *  4. 0 is a control word in front of an Ethernet frame, unless there is none
 *     and the frame begins here.
 *  5. Any other digit: an Ethernet frame if it looks like one with IP in it.
 */
#include "decode/steps.h"
#include "wire/bytes.h"

enum {
  ENTRY_SIZE = 4,
  BOTTOM = 0x100,
  LABEL_IPV4 = 0,
  LABEL_IPV6 = 2,
  CONTROL_WORD_SIZE = 4,
  FRAGMENTED = 0xc0, /* RFC 4385 section 3: FRG. */
  FIRST_FRAGMENT = 0x40,
  LENGTH = 0x3f,
  ETHERNET_SIZE = 14,
  IPV4_SIZE = 20,
  IPV6_SIZE = 40,
  TRAILER_MOST = 26 /* IPv4 and TCP without data, in the shortest frame. */
};

#define NEXT_ETHERNET   (TCPFLOW__NEXT_LINK + TCPFLOW_LINK_ETHERNET)
#define NEXT_PSEUDOWIRE (TCPFLOW__NEXT_OTHER + TCPFLOW_LAYER_PSEUDOWIRE)
#define NEXT_IPV4       (TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_IPV4)
#define NEXT_IPV6       (TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_IPV6)

/* Whether an Ethernet frame with IP or a tag in it stands AT octets behind the
   next one; not if the capture does not tell. */
static int is_ethernet(const tcpflow__walk *walk, uint32_t at) {
  const uint8_t *const bytes =
    tcpflow__cursor_peek(&walk->cursor, at + ETHERNET_SIZE + 1);

  if (bytes == NULL) {
    return 0;
  }
  const uint8_t digit = bytes[at + ETHERNET_SIZE] >> 4;

  switch (tcpflow__fetch16(bytes + at + 12)) {
  case TCPFLOW__ETHER_IPV4:
    return digit == 4;
  case TCPFLOW__ETHER_IPV6:
    return digit == 6;
  case TCPFLOW__ETHER_VLAN:
  case TCPFLOW__ETHER_QINQ:
    return 1;
  default:
    return 0;
  }
}

/* Whether a datagram of LENGTH octets may be what is left, with padding and a
   check sequence behind it. */
static int fits(const tcpflow__walk *walk, uint32_t length) {
  const uint32_t left = tcpflow__walk_wire_left(walk);

  return length <= left && left - length <= TRAILER_MOST;
}

static int fits_ipv4(const tcpflow__walk *walk, const uint8_t *bytes) {
  return (bytes[0] & 0xfU) * 4 >= IPV4_SIZE &&
         fits(walk, tcpflow__fetch16(bytes + 2));
}

static int fits_ipv6(const tcpflow__walk *walk, const uint8_t *bytes) {
  return fits(walk, (uint32_t)tcpflow__fetch16(bytes + 4) + IPV6_SIZE);
}

static uint32_t stop_not_ip(tcpflow__walk *walk) {
  return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
}

/* A digit that says nothing. */
static uint32_t guess_ethernet(tcpflow__walk *walk) {
  if (tcpflow__walk_wire_left(walk) <= ETHERNET_SIZE) {
    return stop_not_ip(walk);
  }
  if (tcpflow__walk_peek(walk, ETHERNET_SIZE + 1) == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  return is_ethernet(walk, 0) ? NEXT_ETHERNET : stop_not_ip(walk);
}

/* There are 15 octets if there is an Ethernet frame. */
static uint32_t guess(tcpflow__walk *walk, const uint8_t *bytes) {
  const int plain = is_ethernet(walk, 0);

  switch (bytes[0] >> 4) {
  case 4:
    return plain && !fits_ipv4(walk, bytes) ? NEXT_ETHERNET : NEXT_IPV4;
  case 6:
    return plain && !fits_ipv6(walk, bytes) ? NEXT_ETHERNET : NEXT_IPV6;
  case 0:
    return plain && !is_ethernet(walk, CONTROL_WORD_SIZE) ? NEXT_ETHERNET
                                                          : NEXT_PSEUDOWIRE;
  case 1:
    return stop_not_ip(walk);
  default:
    return guess_ethernet(walk);
  }
}

static uint32_t next_payload(tcpflow__walk *walk, uint32_t label) {
  switch (label) {
  case LABEL_IPV4:
    return NEXT_IPV4;
  case LABEL_IPV6:
    return NEXT_IPV6;
  default:
    break;
  }
  const uint8_t *const bytes = tcpflow__walk_peek(walk, 1);

  return bytes == NULL ? TCPFLOW__NEXT_STOP : guess(walk, bytes);
}

uint32_t tcpflow__step_mpls(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_MPLS, ENTRY_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t entry = tcpflow__fetch32(bytes);

  return (entry & BOTTOM) == 0 ? TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_MPLS
                               : next_payload(walk, entry >> 12);
}

/*
 * RFC 4385 section 3: a length of its own is there if the frame was padded.
 * Only the first fragment of a frame has a header to read.
 */
uint32_t tcpflow__step_pseudowire(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_PSEUDOWIRE, CONTROL_WORD_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t length = bytes[1] & LENGTH;
  const unsigned fragment = bytes[1] & FRAGMENTED;

  if (fragment != 0 && fragment != FIRST_FRAGMENT) {
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_UNSUPPORTED, 0);
  }
  if (length > CONTROL_WORD_SIZE) {
    tcpflow__walk_fit(walk, length - CONTROL_WORD_SIZE);
  }
  return NEXT_ETHERNET;
}
