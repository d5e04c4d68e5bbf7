/*
 * lib/wire/sipround.h - what SipHash is made of, and the hash of two words.
 *
 * Room: wire.  Includes: wire/siphash.h.  In a header, because the hash of two
 * words is on the way of every packet.  Additions modulo 2^64 and rotations are
 * what the hash is made of, so checkers of unsigned overflow are switched off
 * for them.
 */
#ifndef TCPFLOW__WIRE_SIPROUND_H
#define TCPFLOW__WIRE_SIPROUND_H

#include "wire/siphash.h"

#if defined(__clang__)
#define TCPFLOW__SIP_WRAPS                                                     \
  __attribute__((                                                              \
    no_sanitize("unsigned-integer-overflow", "unsigned-shift-base")))
#else
#define TCPFLOW__SIP_WRAPS
#endif

typedef struct tcpflow__sip {
  uint64_t v0;
  uint64_t v1;
  uint64_t v2;
  uint64_t v3;
} tcpflow__sip;

TCPFLOW__SIP_WRAPS static inline uint64_t tcpflow__sip_rotate(uint64_t x,
                                                              unsigned bits) {
  return (x << bits) | (x >> (64 - bits));
}

TCPFLOW__SIP_WRAPS static inline void tcpflow__sip_round(tcpflow__sip *s) {
  s->v0 += s->v1;
  s->v1 = tcpflow__sip_rotate(s->v1, 13) ^ s->v0;
  s->v0 = tcpflow__sip_rotate(s->v0, 32);
  s->v2 += s->v3;
  s->v3 = tcpflow__sip_rotate(s->v3, 16) ^ s->v2;
  s->v0 += s->v3;
  s->v3 = tcpflow__sip_rotate(s->v3, 21) ^ s->v0;
  s->v2 += s->v1;
  s->v1 = tcpflow__sip_rotate(s->v1, 17) ^ s->v2;
  s->v2 = tcpflow__sip_rotate(s->v2, 32);
}

static inline void tcpflow__sip_rounds(tcpflow__sip *s, unsigned rounds) {
  for (unsigned i = 0; i < rounds; i++) {
    tcpflow__sip_round(s);
  }
}

static inline void tcpflow__sip_word(tcpflow__sip *s, uint64_t word,
                                     unsigned rounds) {
  s->v3 ^= word;
  tcpflow__sip_rounds(s, rounds);
  s->v0 ^= word;
}

static inline tcpflow__sip tcpflow__sip_begin(const tcpflow__sipkey *key) {
  return (tcpflow__sip){key->k0 ^ UINT64_C(0x736f6d6570736575),
                        key->k1 ^ UINT64_C(0x646f72616e646f6d),
                        key->k0 ^ UINT64_C(0x6c7967656e657261),
                        key->k1 ^ UINT64_C(0x7465646279746573)};
}

static inline uint64_t tcpflow__sip_end(tcpflow__sip *s, unsigned rounds) {
  s->v2 ^= 0xff;
  tcpflow__sip_rounds(s, rounds);
  return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/* The end of SipHash-1-3: three rounds, written out. */
static inline uint64_t tcpflow__sip_end13(tcpflow__sip *s) {
  s->v2 ^= 0xff;
  tcpflow__sip_round(s);
  tcpflow__sip_round(s);
  tcpflow__sip_round(s);
  return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/* What the last word says of the size. */
static inline uint64_t tcpflow__sip_size(size_t size) {
  return (uint64_t)(size & 0xff) << 56;
}

/* tcpflow__siphash13() of 8 to 15 octets, BEGUN with its key: the first eight
   as a little-endian number, and the others likewise, with what the last word
   says of the size. */
static inline uint64_t tcpflow__siphash13_pair(const tcpflow__sip *begun,
                                               uint64_t first, uint64_t last) {
  tcpflow__sip s = *begun;

  tcpflow__sip_word(&s, first, 1);
  tcpflow__sip_word(&s, last, 1);
  return tcpflow__sip_end13(&s);
}

#endif /* TCPFLOW__WIRE_SIPROUND_H */
