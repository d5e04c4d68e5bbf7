/*
 * lib/wire/bytes.h - numbers out of bytes, and into them.
 *
 * Room: wire.  Includes: nothing of ours.  The caller has checked that the
 * bytes are there; wire/cursor.h is where that is done.  No alignment is
 * assumed.  Numbers are in network order unless a name says otherwise.
 */
#ifndef TCPFLOW__WIRE_BYTES_H
#define TCPFLOW__WIRE_BYTES_H

#include <stdint.h>

static inline uint16_t tcpflow__fetch16(const uint8_t *p) {
  return (uint16_t)(((unsigned)p[0] << 8) | p[1]);
}

static inline uint32_t tcpflow__fetch32(const uint8_t *p) {
  return ((uint32_t)p[0] << 24) | ((uint32_t)p[1] << 16) |
         ((uint32_t)p[2] << 8) | p[3];
}

static inline uint32_t tcpflow__fetch32_little(const uint8_t *p) {
  return ((uint32_t)p[3] << 24) | ((uint32_t)p[2] << 16) |
         ((uint32_t)p[1] << 8) | p[0];
}

static inline void tcpflow__store16(uint8_t *p, uint16_t v) {
  p[0] = (uint8_t)(v >> 8);
  p[1] = (uint8_t)(v & 0xffU);
}

static inline void tcpflow__store32(uint8_t *p, uint32_t v) {
  tcpflow__store16(p, (uint16_t)(v >> 16));
  tcpflow__store16(p + 2, (uint16_t)(v & 0xffffU));
}

static inline void tcpflow__store32_little(uint8_t *p, uint32_t v) {
  p[0] = (uint8_t)(v & 0xffU);
  p[1] = (uint8_t)(v >> 8 & 0xffU);
  p[2] = (uint8_t)(v >> 16 & 0xffU);
  p[3] = (uint8_t)(v >> 24);
}

/* Octet by octet, which compilers know for one store. */
static inline void tcpflow__store64_little(uint8_t *p, uint64_t v) {
  p[0] = (uint8_t)(v & 0xffU);
  p[1] = (uint8_t)(v >> 8 & 0xffU);
  p[2] = (uint8_t)(v >> 16 & 0xffU);
  p[3] = (uint8_t)(v >> 24 & 0xffU);
  p[4] = (uint8_t)(v >> 32 & 0xffU);
  p[5] = (uint8_t)(v >> 40 & 0xffU);
  p[6] = (uint8_t)(v >> 48 & 0xffU);
  p[7] = (uint8_t)(v >> 56);
}

#endif /* TCPFLOW__WIRE_BYTES_H */
