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

/*
 * Adds SIZE octets to SUM; start with 0.  Only the last piece may have an odd
 * size.  The pieces of one sum hold at most 2^32 octets together.
 */
uint64_t tcpflow__sum_add(uint64_t sum, const uint8_t *bytes, size_t size);

/*
 * The one's complement sum as a number of 16 bits, not complemented.  A message
 * with its right checksum inside has 0xffff, which is also what a checksum
 * field gets the complement of.
 */
uint16_t tcpflow__sum_fold(uint64_t sum);

#endif /* TCPFLOW__WIRE_CHECKSUM_H */
