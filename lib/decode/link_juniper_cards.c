/*
 * lib/decode/link_juniper_cards.c - Juniper's interface cards whose cookie, or
 * what follows it, says what is behind it: bundles of links, and ATM.
 *
 * Room: decode.  Includes: decode/juniper.h, wire.
 */
#include "decode/juniper.h"
#include "decode/links.h"
#include "wire/bytes.h"

enum {
  INCOMING = 0x01,
  COOKIE_PROTOCOL = 0x70,
  PROTOCOL_IPV4 = 0x00,
  PROTOCOL_IPV6 = 0x10,
  PROTOCOL_MPLS = 0x20,
  TO_ROUTING_ENGINE = 0x0c,
  ATM1_CELL = 0x80,
  ATM2_CELL = 0x70,
  ATM2_GAP = 0x3f,
  MFR_WHOLE = 0xc0,
  PPP_OSI = 0x0023,
  LLC_SNAP = 0xaaaa,
  LLC_ISO = 0xfefe,
  UNNUMBERED_INFORMATION = 0x03
};

#define NEXT(link) (TCPFLOW__NEXT_LINK + TCPFLOW_LINK_##link)

static uint32_t stop_not_ip(tcpflow__walk *walk) {
  return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
}

/* What a cookie of adaptive services says is behind it. */
static uint32_t next_service(tcpflow__walk *walk, const uint8_t *cookie) {
  switch (cookie[5] & COOKIE_PROTOCOL) {
  case PROTOCOL_IPV4:
    return cookie[4] == TO_ROUTING_ENGINE
             ? NEXT(PPP)
             : tcpflow__walk_announce(walk, TCPFLOW__ETHER_IPV4);
  case PROTOCOL_IPV6:
    return tcpflow__walk_announce(walk, TCPFLOW__ETHER_IPV6);
  case PROTOCOL_MPLS:
    return tcpflow__walk_announce(walk, TCPFLOW__ETHER_MPLS);
  default:
    return stop_not_ip(walk);
  }
}

uint32_t tcpflow__step_juniper_mlppp(tcpflow__walk *walk) {
  tcpflow__juniper front;

  if (!tcpflow__juniper_cookie(walk, 2, &front)) {
    return front.next;
  }
  if (front.size == TCPFLOW__COOKIE_MOST) {
    return next_service(walk, front.cookie);
  }
  return tcpflow__fetch16(front.cookie) == PPP_OSI ? stop_not_ip(walk)
                                                   : NEXT(PPP);
}

/* A control octet and an NLPID. */
static uint32_t next_control(tcpflow__walk *walk) {
  const uint8_t *const bytes = tcpflow__walk_take(walk, 2);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  return bytes[0] == UNNUMBERED_INFORMATION
           ? tcpflow__next_nlpid(walk, bytes[1], 0)
           : stop_not_ip(walk);
}

uint32_t tcpflow__step_juniper_mlfr(tcpflow__walk *walk) {
  tcpflow__juniper front;

  if (!tcpflow__juniper_cookie(walk, 2, &front)) {
    return front.next;
  }
  return front.size == TCPFLOW__COOKIE_MOST ? next_service(walk, front.cookie)
                                            : next_control(walk);
}

/* A link of the bundle has no cookie, but the header of FRF.16. */
static int is_link_of_bundle(const tcpflow__walk *walk) {
  const uint8_t *const first = tcpflow__cursor_peek(&walk->cursor, 1);

  return first != NULL && (first[0] & MFR_WHOLE) == MFR_WHOLE;
}

static uint32_t next_bundle(tcpflow__walk *walk) {
  const uint8_t *const first = tcpflow__walk_peek(walk, 1);

  if (first == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t size = tcpflow__juniper_cookie_size(first[0], 4);

  if (!tcpflow__walk_skip(walk, size)) {
    return TCPFLOW__NEXT_STOP;
  }
  return size == TCPFLOW__COOKIE_MOST ? next_service(walk, first)
                                      : next_control(walk);
}

uint32_t tcpflow__step_juniper_mfr(tcpflow__walk *walk) {
  tcpflow__juniper front;

  if (!tcpflow__juniper_header(walk, &front)) {
    return front.next;
  }
  return is_link_of_bundle(walk) ? NEXT(MFR) : next_bundle(walk);
}

/* Circuits with a frame of their own kind; nothing says which. */
static uint32_t next_circuit(tcpflow__walk *walk) {
  const uint8_t *const bytes = tcpflow__walk_peek(walk, 2);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  switch (tcpflow__fetch16(bytes)) {
  case TCPFLOW__PPP_IPV4:
  case TCPFLOW__PPP_IPV6:
  case TCPFLOW__PPP_MPLS:
  case TCPFLOW__PPP_MPLS_MULTICAST:
    return NEXT(PPP);
  case LLC_SNAP:
  case LLC_ISO:
    return TCPFLOW__NEXT_OTHER + TCPFLOW_LAYER_LLC;
  default:
    return bytes[0] == UNNUMBERED_INFORMATION ? next_control(walk)
                                              : tcpflow__next_guess(walk);
  }
}

uint32_t tcpflow__step_juniper_atm1(tcpflow__walk *walk) {
  tcpflow__juniper front;

  if (!tcpflow__juniper_cookie(walk, 4, &front)) {
    return front.next;
  }
  return front.cookie[0] == ATM1_CELL ? stop_not_ip(walk) : next_circuit(walk);
}

uint32_t tcpflow__step_juniper_atm2(tcpflow__walk *walk) {
  tcpflow__juniper front;

  if (!tcpflow__juniper_cookie(walk, TCPFLOW__COOKIE_MOST, &front)) {
    return front.next;
  }
  if ((front.cookie[7] & ATM2_CELL) != 0) {
    return stop_not_ip(walk);
  }
  const uint8_t *const start = tcpflow__walk_peek(walk, 2);
  if (start == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const int is_llc =
    tcpflow__fetch16(start) == LLC_SNAP || tcpflow__fetch16(start) == LLC_ISO;

  return !is_llc && (front.header[TCPFLOW__JUNIPER_FLAGS_AT] & INCOMING) == 0 &&
             (front.cookie[3] & ATM2_GAP) != 0
           ? NEXT(ETHERNET)
           : next_circuit(walk);
}
