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

/* A bit for each of the first eight places, as octets, that has the tag of
   HASH. */
static inline uint64_t tcpflow__tags_near(const tcpflow__bucket *bucket,
                                          uint32_t hash) {
  return tcpflow__zero_octets(tcpflow__tags_load(bucket->tag) ^
                              tcpflow__tags_of_hash(hash));
}

/* Likewise of the last four, as the octets 4 to 7, if no other place has it. */
static inline uint64_t tcpflow__tags_far(const tcpflow__bucket *bucket,
                                         uint32_t hash) {
  return tcpflow__zero_octets(tcpflow__tags_load(bucket->tag + 4) ^
                              tcpflow__tags_of_hash(hash));
}

/* All places with the tag, none of them by a branch.  Bits 0, 8, ... 56 stand
   for places 0 to 7; bits 1, 9, 17 and 25 for places 8 to 11. */
static inline uint64_t tcpflow__tags_places(const tcpflow__bucket *bucket,
                                            uint32_t hash) {
  return tcpflow__tags_near(bucket, hash) >> 7 |
         tcpflow__tags_far(bucket, hash) >> 32 >> 6;
}

/* The place that the lowest of these bits stands for. */
static inline unsigned tcpflow__tags_place(uint64_t places) {
  const unsigned bit = tcpflow__bit_lowest(places);

  return bit / 8 + bit % 8 * 8;
}

/* The function below, where the first place with the tag is another flow's. */
TCPFLOW__APART static uint32_t
tcpflow__tags_hint_more(const tcpflow__bucket *bucket, uint32_t hash) {
  uint64_t places = tcpflow__tags_places(bucket, hash);

  for (; places != 0; places &= places - 1) {
    const uint32_t index =
      tcpflow__bucket_fits(bucket, tcpflow__tags_place(places), hash);
    if (index < TCPFLOW__PLACE_INDEX_MASK) {
      return index;
    }
  }
  return TCPFLOW__FLOW_NONE;
}

/* A flow that may be that of HASH, without a look at its record;
   TCPFLOW__FLOW_NONE if none suggests itself.  Proves nothing.  The first that
   fits is nearly always among the first places. */
TCPFLOW__FLAT uint32_t tcpflow__tags_hint(const tcpflow__bucket *bucket,
                                          uint32_t hash) {
  const uint64_t near = tcpflow__tags_near(bucket, hash);
  unsigned place;

  if (near != 0) {
    place = tcpflow__bit_lowest(near) / 8;
  } else {
    const uint64_t far = tcpflow__tags_far(bucket, hash);
    if (far == 0) {
      return TCPFLOW__FLOW_NONE;
    }
    place = tcpflow__bit_lowest(far) / 8 + 4;
  }
  const uint32_t index = tcpflow__bucket_fits(bucket, place, hash);
  return TCPFLOW__MOSTLY(index < TCPFLOW__PLACE_INDEX_MASK)
           ? index
           : tcpflow__tags_hint_more(bucket, hash);
}

/* Takes out a flow that is in a bucket with nothing behind it. */
TCPFLOW__FLAT void tcpflow__tags_drop(tcpflow__bucket *bucket, uint32_t index,
                                      uint32_t hash) {
  const uint32_t last = (bucket->rest & TCPFLOW__BUCKET_TAKEN) - 1;
  const uint32_t word = tcpflow__bucket_word(bucket, index, hash);
  uint64_t places = tcpflow__tags_places(bucket, hash);

  while (bucket->place[tcpflow__tags_place(places)] != word) {
    places &= places - 1;
  }
  const unsigned place = tcpflow__tags_place(places);
  bucket->place[place] = bucket->place[last];
  bucket->tag[place] = bucket->tag[last];
  tcpflow__bucket_free(bucket, last);
  bucket->rest--;
}

#endif /* TCPFLOW__TRACK_TAGS_H */
