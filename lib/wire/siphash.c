/*
 * lib/wire/siphash.c - SipHash-1-3 and SipHash-2-4.
 *
 * Room: wire.  Includes: wire/bytes.h, wire/sipround.h.  One body, into which
 * the numbers of rounds are compiled.
 */
#include "wire/siphash.h"

#include "wire/bytes.h"
#include "wire/sipround.h"

/* Compilers make one load of this, and none of a loop. */
static inline uint64_t load_word(const uint8_t *bytes) {
  return (uint64_t)tcpflow__fetch32_little(bytes + 4) << 32 |
         tcpflow__fetch32_little(bytes);
}

/* The last SIZE octets, 0 to 7, as a little-endian number. */
static inline uint64_t load_rest(const uint8_t *bytes, size_t size) {
  uint64_t word = 0;

  for (size_t i = 0; i < size; i++) {
    word |= (uint64_t)bytes[i] << (8 * i);
  }
  return word;
}

static inline uint64_t sip_hash(const tcpflow__sipkey *key,
                                const uint8_t *bytes, size_t size,
                                unsigned word_rounds, unsigned end_rounds) {
  tcpflow__sip s = tcpflow__sip_begin(key);
  size_t at = 0;

  for (; size - at >= 8; at += 8) {
    tcpflow__sip_word(&s, load_word(bytes + at), word_rounds);
  }
  tcpflow__sip_word(&s,
                    load_rest(bytes + at, size - at) | tcpflow__sip_size(size),
                    word_rounds);
  return tcpflow__sip_end(&s, end_rounds);
}

tcpflow__sipkey tcpflow__sipkey_read(const uint8_t octets[16]) {
  return (tcpflow__sipkey){load_word(octets), load_word(octets + 8)};
}

uint64_t tcpflow__siphash13(const tcpflow__sipkey *key, const uint8_t *bytes,
                            size_t size) {
  return sip_hash(key, bytes, size, 1, 3);
}

uint64_t tcpflow__siphash24(const tcpflow__sipkey *key, const uint8_t *bytes,
                            size_t size) {
  return sip_hash(key, bytes, size, 2, 4);
}
