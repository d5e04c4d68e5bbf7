/*
 * lib/decode/link_juniper.c - captures of Juniper's routers.
 *
 * Room: decode.  Includes: wire.  A header with a magic number says in its
 * flags whether extensions follow and whether the link header is gone.  Then
 * comes a cookie, whose length depends on the kind of interface card and on its
 * first octet.  There is no specification; this is what tcpdump reads.
 */
#include "decode/links.h"
#include "wire/bytes.h"

enum {
  HEADER_SIZE = 4,
  FLAGS_AT = 3,
  INCOMING = 0x01,
  WITHOUT_LINK = 0x02,
  WITHOUT_LINK_SIZE = 4,
  EXTENDED = 0x80,
  COOKIE_LINK_SERVICES = 0x54,
  COOKIE_ADAPTIVE_SERVICES = 0x47,
  COOKIE_MOST = 8,
  COOKIE_PROTOCOL = 0x70,
  PROTOCOL_IPV4 = 0x00,
  PROTOCOL_IPV6 = 0x10,
  PROTOCOL_MPLS = 0x20,
  TO_ROUTING_ENGINE = 0x0c,
  GGSN_IPV4 = 2,
  GGSN_IPV6 = 6,
  ES_SIZE = 16,
  ES_TYPE_AT = 3,
  ES_BUNDLE_ESP = 1,
  ES_BUNDLE_AH = 2,
  ATM1_CELL = 0x80,
  ATM2_CELL = 0x70,
  ATM2_GAP = 0x3f,
  MFR_WHOLE = 0xc0,
  PPP_OSI = 0x0023,
  LLC_SNAP = 0xaaaa,
  LLC_ISO = 0xfefe,
  UNNUMBERED_INFORMATION = 0x03
};

#define MAGIC      UINT32_C(0x4d4743)

#define NEXT(link) (TCPFLOW__NEXT_LINK + TCPFLOW_LINK_##link)

/* What stands in front of a frame; the cookie has COOKIE_MOST octets at most. */
typedef struct preamble {
  const uint8_t *header;
  const uint8_t *cookie;
  uint32_t size; /* Of the cookie. */
  uint32_t next; /* What the walk goes on with if it is done here. */
} preamble;

/* Answers 0 if the walk must stop. */
static int skip_extensions(tcpflow__walk *walk, uint8_t flags) {
  if ((flags & EXTENDED) == 0) {
    return 1;
  }
  const uint8_t *const length = tcpflow__walk_take(walk, 2);

  return length != NULL && tcpflow__walk_skip(walk, tcpflow__fetch16(length));
}

/* Takes the header; 0: the walk is done with it. */
static int take_header(tcpflow__walk *walk, preamble *front) {
  const uint8_t *const header =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_CAPTURE, HEADER_SIZE);

  front->header = header;
  front->next = TCPFLOW__NEXT_STOP;
  if (header == NULL) {
    return 0;
  }
  if (tcpflow__fetch32(header) >> 8 != MAGIC) {
    front->next = tcpflow__walk_stop_bad(walk);
    return 0;
  }
  if (!skip_extensions(walk, header[FLAGS_AT])) {
    return 0;
  }
  if ((header[FLAGS_AT] & WITHOUT_LINK) == 0) {
    return 1;
  }
  if (tcpflow__walk_skip(walk, WITHOUT_LINK_SIZE)) {
    front->next = tcpflow__next_guess(walk);
  }
  return 0;
}

/* How long a cookie is that has SIZE octets if its first one says nothing. */
static uint32_t cookie_size(uint8_t first, uint32_t size) {
  switch (first) {
  case COOKIE_LINK_SERVICES:
    return size + 2;
  case COOKIE_ADAPTIVE_SERVICES:
    return COOKIE_MOST;
  default:
    return size;
  }
}

/* Takes the header and a cookie; 0: the walk is done with them. */
static int take_cookie(tcpflow__walk *walk, uint32_t size, preamble *front) {
  if (!take_header(walk, front)) {
    return 0;
  }
  front->cookie = tcpflow__walk_peek(walk, 1);
  if (front->cookie == NULL) {
    return 0;
  }
  front->size = cookie_size(front->cookie[0], size);
  if (front->size > COOKIE_MOST) {
    front->next = tcpflow__walk_stop_bad(walk);
    return 0;
  }
  return tcpflow__walk_skip(walk, front->size);
}

static uint32_t stop_not_ip(tcpflow__walk *walk) {
  return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
}

/* A frame of another link type without a cookie. */
static uint32_t next_frame(tcpflow__walk *walk, uint32_t next) {
  preamble front;

  return take_header(walk, &front) ? next : front.next;
}

uint32_t tcpflow__step_juniper_ether(tcpflow__walk *walk) {
  return next_frame(walk, NEXT(ETHERNET));
}

uint32_t tcpflow__step_juniper_ppp(tcpflow__walk *walk) {
  return next_frame(walk, NEXT(PPP));
}

uint32_t tcpflow__step_juniper_frelay(tcpflow__walk *walk) {
  return next_frame(walk, NEXT(FRELAY));
}

uint32_t tcpflow__step_juniper_chdlc(tcpflow__walk *walk) {
  return next_frame(walk, NEXT(C_HDLC));
}

uint32_t tcpflow__step_juniper_pppoe(tcpflow__walk *walk) {
  preamble front;

  return take_cookie(walk, 0, &front) ? NEXT(ETHERNET) : front.next;
}

uint32_t tcpflow__step_juniper_pppoe_atm(tcpflow__walk *walk) {
  preamble front;

  if (!take_cookie(walk, 0, &front)) {
    return front.next;
  }
  const uint8_t *const type = tcpflow__walk_take(walk, 2);

  return type == NULL ? TCPFLOW__NEXT_STOP
                      : tcpflow__walk_announce(walk, tcpflow__fetch16(type));
}

/* Monitoring and services. */
uint32_t tcpflow__step_juniper_ip(tcpflow__walk *walk) {
  preamble front;

  return take_cookie(walk, COOKIE_MOST, &front) ? tcpflow__next_guess(walk)
                                                : front.next;
}

/* Bundles have no header of their own. */
static uint32_t es_size(uint8_t type) {
  return type == ES_BUNDLE_ESP || type == ES_BUNDLE_AH ? 0 : ES_SIZE;
}

uint32_t tcpflow__step_juniper_es(tcpflow__walk *walk) {
  preamble front;

  if (!take_cookie(walk, 0, &front)) {
    return front.next;
  }
  const uint8_t *const bytes = tcpflow__walk_peek(walk, ES_SIZE);
  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  return tcpflow__walk_skip(walk, es_size(bytes[ES_TYPE_AT]))
           ? tcpflow__next_guess(walk)
           : TCPFLOW__NEXT_STOP;
}

uint32_t tcpflow__step_juniper_ggsn(tcpflow__walk *walk) {
  preamble front;

  if (!take_cookie(walk, COOKIE_MOST, &front)) {
    return front.next;
  }
  switch (front.cookie[2]) {
  case GGSN_IPV4:
    return tcpflow__walk_announce(walk, TCPFLOW__ETHER_IPV4);
  case GGSN_IPV6:
    return tcpflow__walk_announce(walk, TCPFLOW__ETHER_IPV6);
  default:
    return stop_not_ip(walk);
  }
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
  preamble front;

  if (!take_cookie(walk, 2, &front)) {
    return front.next;
  }
  if (front.size == COOKIE_MOST) {
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
  preamble front;

  if (!take_cookie(walk, 2, &front)) {
    return front.next;
  }
  return front.size == COOKIE_MOST ? next_service(walk, front.cookie)
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
  const uint32_t size = cookie_size(first[0], 4);

  if (!tcpflow__walk_skip(walk, size)) {
    return TCPFLOW__NEXT_STOP;
  }
  return size == COOKIE_MOST ? next_service(walk, first) : next_control(walk);
}

uint32_t tcpflow__step_juniper_mfr(tcpflow__walk *walk) {
  preamble front;

  if (!take_header(walk, &front)) {
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
  preamble front;

  if (!take_cookie(walk, 4, &front)) {
    return front.next;
  }
  return front.cookie[0] == ATM1_CELL ? stop_not_ip(walk) : next_circuit(walk);
}

uint32_t tcpflow__step_juniper_atm2(tcpflow__walk *walk) {
  preamble front;

  if (!take_cookie(walk, COOKIE_MOST, &front)) {
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

  return !is_llc && (front.header[FLAGS_AT] & INCOMING) == 0 &&
             (front.cookie[3] & ATM2_GAP) != 0
           ? NEXT(ETHERNET)
           : next_circuit(walk);
}
