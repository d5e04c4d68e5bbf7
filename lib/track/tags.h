/*
 * lib/track/tags.h - the flow that a bucket suggests for a hash.
 *
 * Room: track.  Includes: base, conn.  All tags of a bucket are compared at
 * once, as octets of two words.  A hint is a place with the right tag; whether
 * it is the flow that is looked for, its record says.
 */
#ifndef TCPFLOW__TRACK_TAGS_H
#define TCPFLOW__TRACK_TAGS_H

#include "base/compiler.h"
#include "track/bits.h"
#include "track/buckets.h"

/* A bit of each octet of WORD that is 0: its highest. */
static inline uint64_t tcpflow__zero_octets(uint64_t word) {
  const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);

  return ~(((word & low) + low) | word | low);
}

/* Eight tags. */
static inline uint64_t tcpflow__tags_load(const uint8_t *p) {
  return p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
         (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 |
         (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

/* The tag of a hash, eight times. */
static inline uint64_t tcpflow__tags_of_hash(uint32_t hash) {
  return tcpflow__bucket_tag(hash) * UINT64_C(0x0101010101010101);
}

/* 1 + the flow at the first place with the tag of HASH that is not among the
   first eight; 0: there is none. */
uint32_t tcpflow__tags_far(const tcpflow__bucket *bucket, uint32_t hash);

/* A flow that may be that of HASH, without a look at its record;
   TCPFLOW__FLOW_NONE if none suggests itself.  Proves nothing.  The first that
   fits is nearly always among the first places. */
TCPFLOW__FLAT uint32_t tcpflow__tags_hint(const tcpflow__bucket *bucket,
                                          uint32_t hash) {
  const uint64_t near = tcpflow__zero_octets(tcpflow__tags_load(bucket->tag) ^
                                             tcpflow__tags_of_hash(hash));
  uint32_t place = 0;

  if (near != 0) {
    place = bucket->place[tcpflow__bit_lowest(near) / 8];
  } else if ((bucket->rest & TCPFLOW__BUCKET_TAKEN) > 8) {
    place = tcpflow__tags_far(bucket, hash);
  }
  return place - 1;
}

#endif /* TCPFLOW__TRACK_TAGS_H */
