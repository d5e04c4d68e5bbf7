/*
 * lib/wire/md5.c - the MD5 message digest (RFC 1321 section 3).
 *
 * Room: wire.  Includes: nothing else of ours.  Written for size and to be held
 * against the RFC: a step is a step of section 3.4, and the tables are T[i] and
 * the shifts of that section.
 */
#include "wire/md5.h"

#include <string.h>

#include "wire/bytes.h"

/* T[i]: the integer part of 2^32 * abs(sin(i)), i from 1 on in radians. */
static const uint32_t sines[64] = {
  0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a,
  0xa8304613, 0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be,
  0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340,
  0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
  0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8,
  0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c,
  0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa,
  0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
  0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92,
  0xffeff47d, 0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1,
  0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};

/* By round, and by step modulo 4. */
static const uint8_t shifts[4][4] = {
  {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

static uint32_t rotate(uint32_t x, unsigned n) {
  return x << n | x >> (32 - n);
}

/* The functions F, G, H and I. */
static uint32_t mix(unsigned round, uint32_t x, uint32_t y, uint32_t z) {
  switch (round) {
  case 0:
    return (x & y) | (~x & z);
  case 1:
    return (x & z) | (y & ~z);
  case 2:
    return x ^ y ^ z;
  default:
    return y ^ (x | ~z);
  }
}

/* Which word of the block a step takes. */
static unsigned word_of(unsigned step) {
  static const uint8_t factor[4] = {1, 5, 3, 7};
  static const uint8_t start[4] = {0, 1, 5, 0};

  return (start[step / 16] + factor[step / 16] * step) % 16;
}

static void take_block(uint32_t state[4], const uint8_t *block) {
  uint32_t a = state[0];
  uint32_t b = state[1];
  uint32_t c = state[2];
  uint32_t d = state[3];

  for (unsigned i = 0; i < 64; i++) {
    const uint32_t word =
      tcpflow__fetch32_little(block + (size_t)4 * word_of(i));
    const uint32_t sum = a + mix(i / 16, b, c, d) + word + sines[i];

    a = d;
    d = c;
    c = b;
    b += rotate(sum, shifts[i / 16][i % 4]);
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
}

void tcpflow__md5_init(tcpflow__md5 *md5) {
  *md5 =
    (tcpflow__md5){.state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}};
}

void tcpflow__md5_add(tcpflow__md5 *md5, const uint8_t *bytes, size_t size) {
  size_t held = (size_t)(md5->length % TCPFLOW__MD5_BLOCK);

  md5->length += size;
  while (size > 0) {
    const size_t room = TCPFLOW__MD5_BLOCK - held;
    const size_t part = size < room ? size : room;

    memcpy(md5->block + held, bytes, part);
    bytes += part;
    size -= part;
    held = 0;
    if (part == room) {
      take_block(md5->state, md5->block);
    }
  }
}

/* Section 3.1 and 3.2: a bit of 1, zeros, and the length in bits. */
void tcpflow__md5_end(tcpflow__md5 *md5, uint8_t digest[TCPFLOW__MD5_SIZE]) {
  static const uint8_t padding[TCPFLOW__MD5_BLOCK] = {0x80};
  const uint64_t bits = md5->length * 8;
  const size_t held = (size_t)(md5->length % TCPFLOW__MD5_BLOCK);
  uint8_t tail[8];

  tcpflow__md5_add(md5, padding, held < 56 ? 56 - held : 120 - held);
  tcpflow__store32_little(tail, (uint32_t)(bits & UINT32_MAX));
  tcpflow__store32_little(tail + 4, (uint32_t)(bits >> 32));
  tcpflow__md5_add(md5, tail, sizeof(tail));
  for (size_t i = 0; i < 4; i++) {
    tcpflow__store32_little(digest + 4 * i, md5->state[i]);
  }
}
