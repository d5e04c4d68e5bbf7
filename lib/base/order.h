/*
 * lib/base/order.h - the lower and the higher of two numbers, and a count that
 * does not overflow.
 *
 * Room: base.  Includes: nothing of ours.
 */
#ifndef TCPFLOW__BASE_ORDER_H
#define TCPFLOW__BASE_ORDER_H

#include <stdint.h>

static inline uint64_t tcpflow__lower(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}

static inline uint64_t tcpflow__higher(uint64_t a, uint64_t b) {
  return a > b ? a : b;
}

/* Adds to a count, which stays at its highest. */
static inline void tcpflow__add_saturating(uint32_t *sum, uint64_t n) {
  *sum =
    (uint32_t)tcpflow__lower(UINT32_MAX, *sum + tcpflow__lower(n, UINT32_MAX));
}

#endif /* TCPFLOW__BASE_ORDER_H */
