/*
 * lib/track/bits.h - where the bits of a word are.
 *
 * Room: track.  Includes: nothing of ours.  Compilers that do not know the
 * builtins get loops with the same answers.
 */
#ifndef TCPFLOW__TRACK_BITS_H
#define TCPFLOW__TRACK_BITS_H

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

#endif /* TCPFLOW__TRACK_BITS_H */
