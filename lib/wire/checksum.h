/*
 * lib/wire/checksum.h - the Internet checksum (RFC 1071).
 *
 * Room: wire.  Includes: nothing of ours.  A sum is gathered from any number of
 * pieces and folded once at the end.  It is kept in the machine's byte order,
 * which RFC 1071 section 2(B) allows, so it means nothing until it is folded.
 */
#ifndef TCPFLOW__WIRE_CHECKSUM_H
#define TCPFLOW__WIRE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Adds a word in the machine's order.  A carry out of the top is added at the
 * bottom at once: 2^64 is 1 modulo 2^16 - 1 (RFC 1071 section 2(C)).  Compilers
 * make one instruction of the sum, and one of the carry.
 */
static inline uint64_t tcpflow__sum_word(uint64_t sum, uint64_t word) {
  const uint64_t plus = sum + word;

  return plus + (plus < word);
}

/* Adds 8 octets. */
static inline uint64_t tcpflow__sum_add8(uint64_t sum, const uint8_t *bytes) {
  uint64_t word;

  memcpy(&word, bytes, sizeof(word));
  return tcpflow__sum_word(sum, word);
}

/*
 * Adds SIZE octets to SUM; start with 0.  Only the last piece may have an odd
 * size.
 */
uint64_t tcpflow__sum_add(uint64_t sum, const uint8_t *bytes, size_t size);

/*
 * The one's complement sum as a number of 16 bits, not complemented.  A message
 * with its right checksum inside has 0xffff, which is also what a checksum
 * field gets the complement of.
 */
uint16_t tcpflow__sum_fold(uint64_t sum);

#endif /* TCPFLOW__WIRE_CHECKSUM_H */
