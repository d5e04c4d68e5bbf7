/*
 * lib/track/search.c - from a key to its flow: the part that every packet runs.
 *
 * Room: track.  Includes: base, conn.  All tags of a bucket are compared at
 * once, as octets of two words.
 */
#include "track/tags.h"

/*
 * The places with a tag.  Bits 0, 8, ... 56 stand for places 0 to 7; bits 1, 9,
 * 17 and 25 for places 8 to 11.  The upper four octets of the second word are
 * `rest`'s and are masked away.
 */
static uint64_t tag_places(const tcpflow__bucket *bucket, uint32_t hash) {
  const uint64_t tags = tcpflow__tags_of_hash(hash);
  const uint64_t near =
    tcpflow__zero_octets(tcpflow__tags_load(bucket->tag) ^ tags);
  const uint64_t far = tcpflow__zero_octets(
    (tcpflow__tags_load(bucket->tag + 4) ^ tags) >> 32 | ~UINT64_C(0xffffffff));

  return near >> 7 | far >> 6;
}

static unsigned place_number(uint64_t places) {
  const unsigned bit = tcpflow__bit_lowest(places);

  return bit / 8 + bit % 8 * 8;
}

TCPFLOW__APART uint32_t tcpflow__tags_far(const tcpflow__bucket *bucket,
                                          uint32_t hash) {
  const uint64_t places = tag_places(bucket, hash);

  return places == 0 ? 0 : bucket->place[place_number(places)];
}

static uint32_t find_in(const tcpflow__table *table,
                        const tcpflow__bucket *bucket,
                        const tcpflow__key *key) {
  uint64_t places = tag_places(bucket, key->hash);

  for (; places != 0; places &= places - 1) {
    const uint32_t place = bucket->place[place_number(places)];
    if (place != 0 &&
        tcpflow__flow_is(tcpflow__flows_at(table->flows, place - 1), key)) {
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
