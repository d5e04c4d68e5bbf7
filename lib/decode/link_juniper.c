/*
 * lib/decode/link_juniper.c - captures of Juniper's routers.
 *
 * Room: decode.  Includes: decode/juniper.h, wire.  A header with a magic
 * number says in its flags whether extensions follow and whether the link
 * header is gone.  Then comes a cookie, whose length depends on the kind of
 * interface card and on its first octet.  There is no specification; this is
 * what tcpdump reads.
 */
#include "decode/juniper.h"
#include "decode/links.h"
#include "wire/bytes.h"

enum {
  HEADER_SIZE = 4,
  WITHOUT_LINK = 0x02,
  WITHOUT_LINK_SIZE = 4,
  EXTENDED = 0x80,
  COOKIE_LINK_SERVICES = 0x54,
  COOKIE_ADAPTIVE_SERVICES = 0x47,
  GGSN_IPV4 = 2,
  GGSN_IPV6 = 6,
  ES_SIZE = 16,
  ES_TYPE_AT = 3,
  ES_BUNDLE_ESP = 1,
  ES_BUNDLE_AH = 2
};

#define MAGIC      UINT32_C(0x4d4743)

#define NEXT(link) (TCPFLOW__NEXT_LINK + TCPFLOW_LINK_##link)

/* Answers 0 if the walk must stop. */
static int skip_extensions(tcpflow__walk *walk, uint8_t flags) {
  if ((flags & EXTENDED) == 0) {
    return 1;
  }
  const uint8_t *const length = tcpflow__walk_take(walk, 2);

  return length != NULL && tcpflow__walk_skip(walk, tcpflow__fetch16(length));
}

int tcpflow__juniper_header(tcpflow__walk *walk, tcpflow__juniper *front) {
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
  if (!skip_extensions(walk, header[TCPFLOW__JUNIPER_FLAGS_AT])) {
    return 0;
  }
  if ((header[TCPFLOW__JUNIPER_FLAGS_AT] & WITHOUT_LINK) == 0) {
    return 1;
  }
  if (tcpflow__walk_skip(walk, WITHOUT_LINK_SIZE)) {
    front->next = tcpflow__next_guess(walk);
  }
  return 0;
}

uint32_t tcpflow__juniper_cookie_size(uint8_t first, uint32_t size) {
  switch (first) {
  case COOKIE_LINK_SERVICES:
    return size + 2;
  case COOKIE_ADAPTIVE_SERVICES:
    return TCPFLOW__COOKIE_MOST;
  default:
    return size;
  }
}

int tcpflow__juniper_cookie(tcpflow__walk *walk, uint32_t size,
                            tcpflow__juniper *front) {
  if (!tcpflow__juniper_header(walk, front)) {
    return 0;
  }
  front->cookie = tcpflow__walk_peek(walk, 1);
  if (front->cookie == NULL) {
    return 0;
  }
  front->size = tcpflow__juniper_cookie_size(front->cookie[0], size);
  if (front->size > TCPFLOW__COOKIE_MOST) {
    front->next = tcpflow__walk_stop_bad(walk);
    return 0;
  }
  return tcpflow__walk_skip(walk, front->size);
}

/* A frame of another link type without a cookie. */
static uint32_t next_frame(tcpflow__walk *walk, uint32_t next) {
  tcpflow__juniper front;

  return tcpflow__juniper_header(walk, &front) ? next : front.next;
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
  tcpflow__juniper front;

  return tcpflow__juniper_cookie(walk, 0, &front) ? NEXT(ETHERNET) : front.next;
}

uint32_t tcpflow__step_juniper_pppoe_atm(tcpflow__walk *walk) {
  tcpflow__juniper front;

  if (!tcpflow__juniper_cookie(walk, 0, &front)) {
    return front.next;
  }
  const uint8_t *const type = tcpflow__walk_take(walk, 2);

  return type == NULL ? TCPFLOW__NEXT_STOP
                      : tcpflow__walk_announce(walk, tcpflow__fetch16(type));
}

/* Monitoring and services. */
uint32_t tcpflow__step_juniper_ip(tcpflow__walk *walk) {
  tcpflow__juniper front;

  return tcpflow__juniper_cookie(walk, TCPFLOW__COOKIE_MOST, &front)
           ? tcpflow__next_guess(walk)
           : front.next;
}

/* Bundles have no header of their own. */
static uint32_t es_size(uint8_t type) {
  return type == ES_BUNDLE_ESP || type == ES_BUNDLE_AH ? 0 : ES_SIZE;
}

uint32_t tcpflow__step_juniper_es(tcpflow__walk *walk) {
  tcpflow__juniper front;

  if (!tcpflow__juniper_cookie(walk, 0, &front)) {
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
  tcpflow__juniper front;

  if (!tcpflow__juniper_cookie(walk, TCPFLOW__COOKIE_MOST, &front)) {
    return front.next;
  }
  switch (front.cookie[2]) {
  case GGSN_IPV4:
    return tcpflow__walk_announce(walk, TCPFLOW__ETHER_IPV4);
  case GGSN_IPV6:
    return tcpflow__walk_announce(walk, TCPFLOW__ETHER_IPV6);
  default:
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
  }
}
