/*
 * lib/wire/sha.c - SHA-1 and SHA-256 (FIPS 180-4) of short messages.
 *
 * Room: wire.  Includes: nothing else of ours.  Written for size and to be held
 * against the standard: names, constants and steps are those of its sections
 * 4.1, 4.2, 5.3, 6.1 and 6.2.
 */
#include "wire/sha.h"

#include <assert.h>
#include <string.h>

#include "wire/bytes.h"

static uint32_t rotate_left(uint32_t x, unsigned n) {
  return x << n | x >> (32 - n);
}

static uint32_t rotate_right(uint32_t x, unsigned n) {
  return x >> n | x << (32 - n);
}

/* Section 5.1.1: a bit of 1, zeros, and the length in bits; here in words. */
static void pad(uint32_t words[16], const uint8_t *message, size_t size) {
  uint8_t block[64] = {0};

  assert(size <= TCPFLOW__SHA_MESSAGE_MAX);
  if (size != 0) {
    memcpy(block, message, size);
  }
  block[size] = 0x80;
  tcpflow__store32(block + 60, (uint32_t)size * 8);
  for (unsigned i = 0; i < 16; i++) {
    words[i] = tcpflow__fetch32(block + (size_t)4 * i);
  }
}

/* --- SHA-1 --- */

/* Section 4.1.1, with K of section 4.2.1. */
static uint32_t mix(unsigned t, uint32_t x, uint32_t y, uint32_t z) {
  switch (t / 20) {
  case 0:
    return ((x & y) ^ (~x & z)) + UINT32_C(0x5a827999);
  case 1:
    return (x ^ y ^ z) + UINT32_C(0x6ed9eba1);
  case 2:
    return ((x & y) ^ (x & z) ^ (y & z)) + UINT32_C(0x8f1bbcdc);
  default:
    return (x ^ y ^ z) + UINT32_C(0xca62c1d6);
  }
}

void tcpflow__sha1(uint32_t digest[TCPFLOW__SHA1_WORDS], const uint8_t *message,
                   size_t size) {
  static const uint32_t initial[TCPFLOW__SHA1_WORDS] = {
    0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  uint32_t w[80];
  uint32_t h[TCPFLOW__SHA1_WORDS];

  pad(w, message, size);
  for (unsigned t = 16; t < 80; t++) {
    w[t] = rotate_left(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
  }
  memcpy(h, initial, sizeof(h));
  for (unsigned t = 0; t < 80; t++) {
    const uint32_t sum =
      rotate_left(h[0], 5) + mix(t, h[1], h[2], h[3]) + h[4] + w[t];

    h[4] = h[3];
    h[3] = h[2];
    h[2] = rotate_left(h[1], 30);
    h[1] = h[0];
    h[0] = sum;
  }
  for (unsigned i = 0; i < TCPFLOW__SHA1_WORDS; i++) {
    digest[i] = initial[i] + h[i];
  }
}

/* --- SHA-256 --- */

/* Section 4.2.2: of the cube roots of the first 64 primes. */
static const uint32_t k256[64] = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
  0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
  0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
  0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
  0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
  0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/* Section 4.1.2: the sums of upper and lower case. */
static uint32_t sum_of(uint32_t x, unsigned a, unsigned b, unsigned c) {
  return rotate_right(x, a) ^ rotate_right(x, b) ^ rotate_right(x, c);
}

static uint32_t small_sum_of(uint32_t x, unsigned a, unsigned b, unsigned c) {
  return rotate_right(x, a) ^ rotate_right(x, b) ^ x >> c;
}

/* Section 6.2.2, third step, once. */
static void step256(uint32_t h[TCPFLOW__SHA256_WORDS], uint32_t input) {
  const uint32_t choice = (h[4] & h[5]) ^ (~h[4] & h[6]);
  const uint32_t majority = (h[0] & h[1]) ^ (h[0] & h[2]) ^ (h[1] & h[2]);
  const uint32_t t1 = h[7] + sum_of(h[4], 6, 11, 25) + choice + input;
  const uint32_t t2 = sum_of(h[0], 2, 13, 22) + majority;

  memmove(h + 1, h, 7 * sizeof(h[0]));
  h[4] += t1;
  h[0] = t1 + t2;
}

void tcpflow__sha256(uint32_t digest[TCPFLOW__SHA256_WORDS],
                     const uint8_t *message, size_t size) {
  static const uint32_t initial[TCPFLOW__SHA256_WORDS] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  uint32_t w[64];
  uint32_t h[TCPFLOW__SHA256_WORDS];

  pad(w, message, size);
  for (unsigned t = 16; t < 64; t++) {
    w[t] = small_sum_of(w[t - 2], 17, 19, 10) + w[t - 7] +
           small_sum_of(w[t - 15], 7, 18, 3) + w[t - 16];
  }
  memcpy(h, initial, sizeof(h));
  for (unsigned t = 0; t < 64; t++) {
    step256(h, k256[t] + w[t]);
  }
  for (unsigned i = 0; i < TCPFLOW__SHA256_WORDS; i++) {
    digest[i] = initial[i] + h[i];
  }
}
