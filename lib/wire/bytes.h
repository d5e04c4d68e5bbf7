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
#include <string.h>

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

/* The halves of a number, changed. */
static inline uint32_t tcpflow__turn_halves(uint32_t v) {
  return v << 16 | v >> 16;
}

/* A number whose upper half comes first, from one as the machine has it of two
   numbers of 16 bits side by side; and back. */
static inline uint32_t tcpflow__order_halves(uint32_t v) {
  const uint16_t one = 1;
  uint8_t low;

  memcpy(&low, &one, sizeof(low)); /* Of a little-endian machine, it is 1. */
  return low == 1 ? tcpflow__turn_halves(v) : v;
}

/* Both halves as two numbers of 16 bits, side by side: the upper half comes
   first.  One store, where two members are two. */
static inline void tcpflow__store_halves(uint16_t *first, uint32_t v) {
  v = tcpflow__order_halves(v);
  memcpy(first, &v, sizeof(v));
}

#endif /* TCPFLOW__WIRE_BYTES_H */
