/*
 * lib/wire/checksum.c - the Internet checksum (RFC 1071).
 *
 * Room: wire.  Includes: wire/bytes.h.  Words are loaded with memcpy(3), so no
 * alignment is needed.
 */
#include "wire/checksum.h"

#include "wire/bytes.h"

#include <string.h>

/* The 1 to 7 octets that are left, as if a zero followed (RFC 1071, 4.1). */
static inline uint64_t add_rest(uint64_t sum, const uint8_t *bytes,
                                size_t size) {
  uint32_t four = 0;
  uint16_t two = 0;
  uint8_t last[2] = {0, 0};

  if ((size & 4) != 0) {
    memcpy(&four, bytes, 4);
    sum = tcpflow__sum_word(sum, four);
  }
  if ((size & 2) != 0) {
    memcpy(&two, bytes + (size & 4), 2);
    sum = tcpflow__sum_word(sum, two);
  }
  if ((size & 1) != 0) {
    last[0] = bytes[size - 1];
    memcpy(&two, last, 2);
    sum = tcpflow__sum_word(sum, two);
  }
  return sum;
}

uint64_t tcpflow__sum_add(uint64_t sum, const uint8_t *bytes, size_t size) {
  size_t at = 0;

  for (; size - at >= 32; at += 32) {
    sum = tcpflow__sum_add8(sum, bytes + at);
    sum = tcpflow__sum_add8(sum, bytes + at + 8);
    sum = tcpflow__sum_add8(sum, bytes + at + 16);
    sum = tcpflow__sum_add8(sum, bytes + at + 24);
  }
  for (; size - at >= 8; at += 8) {
    sum = tcpflow__sum_add8(sum, bytes + at);
  }
  return size > at ? add_rest(sum, bytes + at, size - at) : sum;
}

uint16_t tcpflow__sum_fold(uint64_t sum) {
  uint8_t bytes[2];

  sum = (sum & UINT32_MAX) + (sum >> 32);
  sum = (sum & 0xffffU) + (sum >> 16);
  sum = (sum & 0xffffU) + (sum >> 16);
  sum = (sum & 0xffffU) + (sum >> 16);

  const uint16_t native = (uint16_t)sum;
  memcpy(bytes, &native, sizeof(bytes));
  return tcpflow__fetch16(bytes);
}
