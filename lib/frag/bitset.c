/*
 * lib/frag/bitset.c - a set of the units of a datagram.
 *
 * Room: frag.  Includes: nothing of ours.
 */
#include "frag/bitset.h"

#include <string.h>

#define WORDS (TCPFLOW__UNITS / 64)
#define NONE  64U

/* The lowest bit of a word, 64 if it is 0. */
static unsigned lowest(uint64_t word) {
#if defined(__GNUC__)
  return word == 0 ? NONE : (unsigned)__builtin_ctzll(word);
#else
  unsigned bit = 0;

  while (bit < NONE && (word >> bit & 1) == 0) {
    bit++;
  }
  return bit;
#endif
}

/* The highest bit of a word, 64 if it is 0. */
static unsigned highest(uint64_t word) {
#if defined(__GNUC__)
  return word == 0 ? NONE : 63U - (unsigned)__builtin_clzll(word);
#else
  unsigned bit = 64;

  while (bit > 0 && (word >> (bit - 1) & 1) == 0) {
    bit--;
  }
  return bit == 0 ? NONE : bit - 1;
#endif
}

static uint64_t bit_of(uint32_t number) {
  return UINT64_C(1) << (number & 63);
}

/* Bit NUMBER and those above it; and those below it, itself included. */
static uint64_t from_bit(uint32_t number) {
  return UINT64_MAX << (number & 63);
}

static uint64_t up_to_bit(uint32_t number) {
  return UINT64_MAX >> (63 - (number & 63));
}

void tcpflow__bitset_clear(tcpflow__bitset *set) {
  memset(set, 0, sizeof(*set));
}

void tcpflow__bitset_add(tcpflow__bitset *set, uint32_t unit) {
  const uint32_t at = unit / 64;

  set->word[at] |= bit_of(unit);
  set->used[at / 64] |= bit_of(at);
}

void tcpflow__bitset_remove(tcpflow__bitset *set, uint32_t unit) {
  const uint32_t at = unit / 64;

  set->word[at] &= ~bit_of(unit);
  if (set->word[at] == 0) {
    set->used[at / 64] &= ~bit_of(at);
  }
}

bool tcpflow__bitset_has(const tcpflow__bitset *set, uint32_t unit) {
  return (set->word[unit / 64] & bit_of(unit)) != 0;
}

/* The bits of word AT that stand for units of [from, end); one is in it. */
static uint64_t part_of(uint32_t at, uint32_t from, uint32_t end) {
  const uint64_t front = from / 64 == at ? from_bit(from) : UINT64_MAX;
  const uint64_t back = (end - 1) / 64 == at ? up_to_bit(end - 1) : UINT64_MAX;

  return front & back;
}

void tcpflow__bitset_add_range(tcpflow__bitset *set, uint32_t from,
                               uint32_t end) {
  for (uint32_t at = from / 64; at * 64 < end && from < end; at++) {
    set->word[at] |= part_of(at, from, end);
    set->used[at / 64] |= bit_of(at);
  }
}

bool tcpflow__bitset_has_range(const tcpflow__bitset *set, uint32_t from,
                               uint32_t end) {
  for (uint32_t at = from / 64; at * 64 < end && from < end; at++) {
    if ((~set->word[at] & part_of(at, from, end)) != 0) {
      return false;
    }
  }
  return true;
}

/* The first word that is not empty and not below AT; WORDS if none is. */
static uint32_t used_from(const tcpflow__bitset *set, uint32_t at) {
  for (uint32_t i = at / 64; i < WORDS / 64; i++) {
    const uint64_t used =
      set->used[i] & (i == at / 64 ? from_bit(at) : UINT64_MAX);
    if (used != 0) {
      return i * 64 + lowest(used);
    }
  }
  return WORDS;
}

/* The last word that is not empty and below AT; WORDS if none is. */
static uint32_t used_below(const tcpflow__bitset *set, uint32_t at) {
  for (uint32_t i = at / 64 + 1; i-- > 0;) {
    const uint64_t mask = i == at / 64 ? bit_of(at) - 1 : UINT64_MAX;
    const uint64_t used = i < WORDS / 64 ? set->used[i] & mask : 0;
    if (used != 0) {
      return i * 64 + highest(used);
    }
  }
  return WORDS;
}

uint32_t tcpflow__bitset_ceil(const tcpflow__bitset *set, uint32_t unit) {
  uint32_t at = unit / 64;

  if (at >= WORDS) {
    return TCPFLOW__UNITS;
  }
  const unsigned bit = lowest(set->word[at] & from_bit(unit));
  if (bit != NONE) {
    return at * 64 + bit;
  }
  at = used_from(set, at + 1);
  return at == WORDS ? TCPFLOW__UNITS : at * 64 + lowest(set->word[at]);
}

uint32_t tcpflow__bitset_floor(const tcpflow__bitset *set, uint32_t unit) {
  uint32_t at = unit / 64;
  const unsigned bit = highest(set->word[at] & up_to_bit(unit));

  if (bit != NONE) {
    return at * 64 + bit;
  }
  at = used_below(set, at);
  return at == WORDS ? TCPFLOW__UNITS : at * 64 + highest(set->word[at]);
}
