/*
 * lib/wire/surprise.c - numbers, of which no more is kept than a reader could
 * not have guessed.
 *
 * Room: wire.  Includes: base.  Distances are written as in LEB128: seven bits
 * an octet, the least first, and the eighth says that there are more.  Small
 * ones of either sign are to be short, so the sign is the lowest bit.
 */
#include "wire/surprise.h"

#include <assert.h>

static void write_distance(tcpflow__surprises *s, uint64_t folded) {
  for (; folded > 127; folded >>= 7) {
    s->octets[s->at] = (uint8_t)(folded | 128U);
    s->at++;
  }
  s->octets[s->at] = (uint8_t)folded;
  s->at++;
}

static uint64_t read_distance(tcpflow__surprises *s) {
  uint64_t folded = 0;
  unsigned shift = 0;
  uint8_t octet;

  do {
    octet = s->octets[s->at];
    s->at++;
    folded |= (uint64_t)(octet & 127U) << shift;
    shift += 7;
  } while (octet > 127);
  return folded;
}

int64_t tcpflow__surprise(tcpflow__surprises *s, int64_t distance) {
  uint8_t *const bits = &s->octets[s->count / 8];
  const uint8_t bit = (uint8_t)(1U << s->count % 8);

  assert(s->count < TCPFLOW__SURPRISES);
  if (s->count % 8 == 0 && !s->reads) {
    *bits = 0;
  }
  s->count++;
  if (s->reads) {
    if ((*bits & bit) == 0) {
      return 0;
    }
    const uint64_t folded = read_distance(s);
    return (int64_t)(folded >> 1 ^ (0 - (folded & 1)));
  }
  if (distance != 0) {
    *bits |= bit;
    write_distance(s,
                   (uint64_t)distance << 1 ^ (0 - ((uint64_t)distance >> 63)));
  }
  return distance;
}
