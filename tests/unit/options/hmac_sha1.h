/*
 * tests/unit/options/hmac_sha1.h - HMAC-SHA-1 (RFC 2104, RFC 3174), which
 * TCP-AO uses (RFC 5926), for tests only: the library leaves it to its callers.
 */
#ifndef TCPFLOW_TESTS_HMAC_SHA1_H
#define TCPFLOW_TESTS_HMAC_SHA1_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static inline uint32_t sha1_rotate(uint32_t x, unsigned n) {
  return x << n | x >> (32 - n);
}

static inline void sha1_block(uint32_t h[5], const uint8_t *block) {
  uint32_t w[80];
  uint32_t v[5];

  for (unsigned i = 0; i < 16; i++) {
    w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
           (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
  }
  for (unsigned i = 16; i < 80; i++) {
    w[i] = sha1_rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
  }
  memcpy(v, h, sizeof(v));
  for (unsigned i = 0; i < 80; i++) {
    const uint32_t f = i < 20   ? (v[1] & v[2]) | (~v[1] & v[3])
                       : i < 40 ? v[1] ^ v[2] ^ v[3]
                       : i < 60 ? (v[1] & v[2]) | (v[1] & v[3]) | (v[2] & v[3])
                                : v[1] ^ v[2] ^ v[3];
    const uint32_t k = i < 20   ? 0x5a827999
                       : i < 40 ? 0x6ed9eba1
                       : i < 60 ? 0x8f1bbcdc
                                : 0xca62c1d6;
    const uint32_t next = sha1_rotate(v[0], 5) + f + v[4] + k + w[i];

    v[4] = v[3];
    v[3] = v[2];
    v[2] = sha1_rotate(v[1], 30);
    v[1] = v[0];
    v[0] = next;
  }
  for (unsigned i = 0; i < 5; i++) {
    h[i] += v[i];
  }
}

static inline void sha1(uint8_t digest[20], const uint8_t *bytes, size_t size) {
  uint32_t h[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  const size_t blocks = (size + 8) / 64 + 1;
  uint8_t *const padded = (uint8_t *)calloc(blocks, 64);

  if (padded == NULL) {
    abort();
  }
  if (size > 0) {
    memcpy(padded, bytes, size);
  }
  padded[size] = 0x80;
  for (unsigned i = 0; i < 8; i++) {
    padded[blocks * 64 - 1 - i] = (uint8_t)((uint64_t)size * 8 >> 8 * i & 0xff);
  }
  for (size_t i = 0; i < blocks; i++) {
    sha1_block(h, padded + 64 * i);
  }
  for (unsigned i = 0; i < 20; i++) {
    digest[i] = (uint8_t)(h[i / 4] >> (24 - 8 * (i % 4)) & 0xff);
  }
  free(padded);
}

/* Keys of at most 64 octets, texts of at most 4000. */
static inline void hmac_sha1(uint8_t mac[20], const uint8_t *key,
                             size_t key_size, const uint8_t *text,
                             size_t text_size) {
  uint8_t inner[64 + 4000] = {0};
  uint8_t outer[64 + 20] = {0};

  if (key_size > 64 || text_size > 4000) {
    abort();
  }
  memcpy(inner, key, key_size);
  memcpy(outer, key, key_size);
  for (unsigned i = 0; i < 64; i++) {
    inner[i] ^= 0x36;
    outer[i] ^= 0x5c;
  }
  memcpy(inner + 64, text, text_size);
  sha1(outer + 64, inner, 64 + text_size);
  sha1(mac, outer, sizeof(outer));
}

#endif /* TCPFLOW_TESTS_HMAC_SHA1_H */
