/*
 * lib/track/bits.h - where the bits of a word are, and memory wanted soon.
 *
 * Room: track.  Includes: nothing of ours.  Compilers that do not know the
 * builtins get loops with the same answers.
 */
#ifndef TCPFLOW__TRACK_BITS_H
#define TCPFLOW__TRACK_BITS_H

#include <stddef.h>
#include <stdint.h>

/* The number of the lowest bit that is set; WORD is not 0. */
static inline unsigned tcpflow__bit_lowest(uint64_t word) {
#if defined(__GNUC__)
  return (unsigned)__builtin_ctzll(word);
#else
  unsigned bit = 0;

  while ((word >> bit & 1) == 0) {
    bit++;
  }
  return bit;
#endif
}

/* The number of the highest bit that is set; WORD is not 0. */
static inline unsigned tcpflow__bit_highest(uint64_t word) {
#if defined(__GNUC__)
  return 63U - (unsigned)__builtin_clzll(word);
#else
  unsigned bit = 63;

  while ((word >> bit & 1) == 0) {
    bit--;
  }
  return bit;
#endif
}

#define TCPFLOW__LINE 64 /* Octets in a cache line. */

/* A loop of a known length becomes what it repeats. */
#if defined(__GNUC__) && !defined(__clang__)
#define TCPFLOW__UNROLL _Pragma("GCC unroll 16")
#else
#define TCPFLOW__UNROLL
#endif

/* Asks for the lines of SIZE octets; any address does, NULL included, so it is
   counted on as a number. */
static inline void tcpflow__prefetch(const void *object, size_t size) {
#if defined(__GNUC__)
  TCPFLOW__UNROLL
  for (size_t at = 0; at < size; at += TCPFLOW__LINE) {
    __builtin_prefetch((const void *)((uintptr_t)object + at));
  }
#else
  (void)object;
  (void)size;
#endif
}

#endif /* TCPFLOW__TRACK_BITS_H */
