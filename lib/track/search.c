/*
 * lib/track/search.c - from a key to its flow: the part that every packet runs.
 *
 * Room: track.  Includes: base, conn.  All tags of a bucket are compared at
 * once, as octets of two words.
 */
#include "track/bits.h"
#include "track/buckets.h"

/* A bit of each octet of WORD that is 0: its highest. */
static uint64_t zero_octets(uint64_t word) {
  const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);

  return ~(((word & low) + low) | word | low);
}

static uint64_t load_tags(const uint8_t *p) {
  return p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
         (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 |
         (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

/*
 * The places with a tag.  Bits 0, 8, ... 56 stand for places 0 to 7; bits 1, 9,
 * 17 and 25 for places 8 to 11.  The upper four octets of the second word are
 * `rest`'s and are masked away.
 */
static uint64_t tag_places(const tcpflow__bucket *bucket, uint8_t tag) {
  const uint64_t tags = tag * UINT64_C(0x0101010101010101);
  const uint64_t near = zero_octets(load_tags(bucket->tag) ^ tags);
  const uint64_t far = zero_octets((load_tags(bucket->tag + 4) ^ tags) >> 32 |
                                   ~UINT64_C(0xffffffff));

  return near >> 7 | far >> 6;
}

static unsigned place_number(uint64_t places) {
  const unsigned bit = tcpflow__bit_lowest(places);

  return bit / 8 + bit % 8 * 8;
}

/* The first that fits is nearly always among the first places. */
uint32_t tcpflow__table_hint(const tcpflow__table *table, uint32_t hash) {
  const tcpflow__bucket *const bucket = tcpflow__bucket_of(table, hash);
  const uint64_t tags =
    tcpflow__bucket_tag(hash) * UINT64_C(0x0101010101010101);
  const uint64_t near = zero_octets(load_tags(bucket->tag) ^ tags);
  const uint64_t places =
    near != 0 ? near >> 7 : tag_places(bucket, tcpflow__bucket_tag(hash));
  const uint32_t place = places == 0 ? 0 : bucket->place[place_number(places)];

  return place == 0 ? TCPFLOW__FLOW_NONE : place - 1;
}

static uint32_t find_in(const tcpflow__table *table,
                        const tcpflow__bucket *bucket,
                        const tcpflow__key *key) {
  uint64_t places = tag_places(bucket, tcpflow__bucket_tag(key->hash));

  for (; places != 0; places &= places - 1) {
    const uint32_t place = bucket->place[place_number(places)];
    if (place != 0 && tcpflow__table_proves(table, key, place - 1)) {
      return place - 1;
    }
  }
  return TCPFLOW__FLOW_NONE;
}

uint32_t tcpflow__table_find(const tcpflow__table *table,
                             const tcpflow__key *key) {
  const tcpflow__bucket *bucket = tcpflow__bucket_of(table, key->hash);
  uint32_t index = find_in(table, bucket, key);

  while (index == TCPFLOW__FLOW_NONE && tcpflow__bucket_behind(bucket) != 0) {
    bucket = tcpflow__overflow_at(table, tcpflow__bucket_behind(bucket));
    index = find_in(table, bucket, key);
  }
  return index;
}

void tcpflow__table_prefetch(const tcpflow__table *table, uint32_t hash) {
  tcpflow__prefetch(tcpflow__bucket_of(table, hash), TCPFLOW__LINE);
}
