/*
 * lib/wire/siphash.c - SipHash-1-3 and SipHash-2-4.
 *
 * Room: wire.  Includes: wire/bytes.h.  One body, into which the numbers of
 * rounds are compiled.  Additions modulo 2^64 and rotations are what the hash
 * is made of, so checkers of unsigned overflow are switched off for them.
 */
#include "wire/siphash.h"

#include "wire/bytes.h"

#if defined(__clang__)
#define WRAPS                                                                  \
  __attribute__((                                                              \
    no_sanitize("unsigned-integer-overflow", "unsigned-shift-base")))
#else
#define WRAPS
#endif

typedef struct sip {
  uint64_t v0;
  uint64_t v1;
  uint64_t v2;
  uint64_t v3;
} sip;

WRAPS static inline uint64_t rotate(uint64_t x, unsigned bits) {
  return (x << bits) | (x >> (64 - bits));
}

WRAPS static inline void sip_round(sip *s) {
  s->v0 += s->v1;
  s->v1 = rotate(s->v1, 13) ^ s->v0;
  s->v0 = rotate(s->v0, 32);
  s->v2 += s->v3;
  s->v3 = rotate(s->v3, 16) ^ s->v2;
  s->v0 += s->v3;
  s->v3 = rotate(s->v3, 21) ^ s->v0;
  s->v2 += s->v1;
  s->v1 = rotate(s->v1, 17) ^ s->v2;
  s->v2 = rotate(s->v2, 32);
}

static inline void sip_rounds(sip *s, unsigned rounds) {
  for (unsigned i = 0; i < rounds; i++) {
    sip_round(s);
  }
}

static inline void sip_word(sip *s, uint64_t word, unsigned rounds) {
  s->v3 ^= word;
  sip_rounds(s, rounds);
  s->v0 ^= word;
}

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

static inline sip sip_begin(const tcpflow__sipkey *key) {
  return (sip){key->k0 ^ UINT64_C(0x736f6d6570736575),
               key->k1 ^ UINT64_C(0x646f72616e646f6d),
               key->k0 ^ UINT64_C(0x6c7967656e657261),
               key->k1 ^ UINT64_C(0x7465646279746573)};
}

static inline uint64_t sip_end(sip *s, unsigned rounds) {
  s->v2 ^= 0xff;
  sip_rounds(s, rounds);
  return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/* What the last word says of the size. */
static inline uint64_t sip_size(size_t size) {
  return (uint64_t)(size & 0xff) << 56;
}

static inline uint64_t sip_hash(const tcpflow__sipkey *key,
                                const uint8_t *bytes, size_t size,
                                unsigned word_rounds, unsigned end_rounds) {
  sip s = sip_begin(key);
  size_t at = 0;

  for (; size - at >= 8; at += 8) {
    sip_word(&s, load_word(bytes + at), word_rounds);
  }
  sip_word(&s, load_rest(bytes + at, size - at) | sip_size(size), word_rounds);
  return sip_end(&s, end_rounds);
}

tcpflow__sipkey tcpflow__sipkey_read(const uint8_t octets[16]) {
  return (tcpflow__sipkey){load_word(octets), load_word(octets + 8)};
}

uint64_t tcpflow__siphash13(const tcpflow__sipkey *key, const uint8_t *bytes,
                            size_t size) {
  return sip_hash(key, bytes, size, 1, 3);
}

uint64_t tcpflow__siphash13_words(const tcpflow__sipkey *key,
                                  const uint64_t *words, size_t count) {
  sip s = sip_begin(key);

  for (size_t i = 0; i < count; i++) {
    sip_word(&s, words[i], 1);
  }
  sip_word(&s, sip_size(8 * count), 1);
  return sip_end(&s, 3);
}

uint64_t tcpflow__siphash13_pair(const tcpflow__sipkey *key, uint64_t first,
                                 uint64_t second) {
  sip s = sip_begin(key);

  sip_word(&s, first, 1);
  sip_word(&s, second, 1);
  sip_word(&s, sip_size(16), 1);
  return sip_end(&s, 3);
}

uint64_t tcpflow__siphash24(const tcpflow__sipkey *key, const uint8_t *bytes,
                            size_t size) {
  return sip_hash(key, bytes, size, 2, 4);
}
