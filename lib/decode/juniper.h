/*
 * lib/decode/juniper.h - what stands in front of a frame of Juniper's routers.
 *
 * Room: decode.  Includes: decode/steps.h.
 */
#ifndef TCPFLOW__DECODE_JUNIPER_H
#define TCPFLOW__DECODE_JUNIPER_H

#include "decode/steps.h"

enum {
  TCPFLOW__COOKIE_MOST = 8,
  TCPFLOW__JUNIPER_FLAGS_AT = 3 /* In the header. */
};

typedef struct tcpflow__juniper {
  const uint8_t *header;
  const uint8_t *cookie;
  uint32_t size; /* Of the cookie. */
  uint32_t next; /* What the walk goes on with if it is done here. */
} tcpflow__juniper;

/* Takes the header; 0: the walk is done with it. */
int tcpflow__juniper_header(tcpflow__walk *walk, tcpflow__juniper *front);

/* How long a cookie is that has SIZE octets if its FIRST one says nothing. */
uint32_t tcpflow__juniper_cookie_size(uint8_t first, uint32_t size);

/* Takes the header and a cookie of that SIZE; 0: the walk is done with them. */
int tcpflow__juniper_cookie(tcpflow__walk *walk, uint32_t size,
                            tcpflow__juniper *front);

#endif /* TCPFLOW__DECODE_JUNIPER_H */
