/*
 * lib/track/search.c - from a key to its flow, wherever in the table that is.
 *
 * Room: track.  Includes: base, conn.  What tags.h suggests for a hash is a
 * guess; here all places with the tag are tried, in all buckets of a chain.
 */
#include "track/tags.h"

static uint32_t find_in(const tcpflow__table *table,
                        const tcpflow__bucket *bucket,
                        const tcpflow__key *key) {
  uint64_t places = tcpflow__tags_places(bucket, key->hash);

  for (; places != 0; places &= places - 1) {
    const uint32_t index =
      tcpflow__bucket_fits(bucket, tcpflow__tags_place(places), key->hash);
    if (index < TCPFLOW__PLACE_INDEX_MASK &&
        tcpflow__flow_is(tcpflow__flows_at(table->flows, index), key)) {
      return index;
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
