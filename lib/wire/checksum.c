/*
 * lib/wire/checksum.c - the Internet checksum (RFC 1071).
 *
 * Room: wire.  Includes: wire/bytes.h.  Words are loaded with memcpy(3), so no
 * alignment is needed, and added as 32-bit numbers into 64 bits, so no carry is
 * lost and none has to be looked at before the end.
 */
#include "wire/checksum.h"

#include "wire/bytes.h"

#include <string.h>

/* Both halves of the word at BYTES, in the machine's order. */
static inline uint64_t load_halves(const uint8_t *bytes) {
  uint64_t word;

  memcpy(&word, bytes, sizeof(word));
  return (word & UINT32_MAX) + (word >> 32);
}

/* The 1 to 8 octets that are left, filled up with zeros (RFC 1071, 4.1). */
static uint64_t load_rest(const uint8_t *bytes, size_t size) {
  uint8_t word[8] = {0};

  memcpy(word, bytes, size);
  return load_halves(word);
}

uint64_t tcpflow__sum_add(uint64_t sum, const uint8_t *bytes, size_t size) {
  size_t at = 0;

  for (; size - at >= 32; at += 32) {
    sum += load_halves(bytes + at) + load_halves(bytes + at + 8) +
           load_halves(bytes + at + 16) + load_halves(bytes + at + 24);
  }
  for (; size - at >= 8; at += 8) {
    sum += load_halves(bytes + at);
  }
  return size > at ? sum + load_rest(bytes + at, size - at) : sum;
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
