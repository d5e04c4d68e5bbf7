/*
 * lib/base/order.h - the lower and the higher of two numbers.
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

#endif /* TCPFLOW__BASE_ORDER_H */
