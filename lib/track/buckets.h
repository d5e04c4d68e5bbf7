/*
 * lib/track/buckets.h - the buckets of a table, for the files that know them.
 *
 * Room: track.  Includes: base, conn.
 */
#ifndef TCPFLOW__TRACK_BUCKETS_H
#define TCPFLOW__TRACK_BUCKETS_H

#include "track/table.h"

#define TCPFLOW__BUCKETS_A_BLOCK   256U
#define TCPFLOW__OVERFLOWS_A_BLOCK 64U

/* The parts of tcpflow__bucket.rest.  Bits 0-3: places taken.  Bits 4-8: the
   lowest bit of a hash that stands above an index.  Others: 1 + the number of
   the overflow bucket behind it. */
#define TCPFLOW__BUCKET_TAKEN      15U
#define TCPFLOW__BUCKET_FROM       4U
#define TCPFLOW__BUCKET_BEHIND     9U
#define TCPFLOW__BUCKET_FROM_MASK  (UINT32_C(31) << TCPFLOW__BUCKET_FROM)

/* The parts of tcpflow__bucket.place. */
#define TCPFLOW__PLACE_INDEX       27U
#define TCPFLOW__PLACE_INDEX_MASK  ((UINT32_C(1) << TCPFLOW__PLACE_INDEX) - 1)
#define TCPFLOW__PLACE_BITS        (32U - TCPFLOW__PLACE_INDEX)

_Static_assert(TCPFLOW__FLOWS_MAX < TCPFLOW__PLACE_INDEX_MASK,
               "a place says which flow");
_Static_assert(TCPFLOW__FLOWS_MAX / TCPFLOW__BUCKET_PLACES + 1 < UINT32_MAX >>
                 TCPFLOW__BUCKET_BEHIND,
               "a bucket says which one is behind, if all are full");

static inline tcpflow__bucket *tcpflow__bucket_at(const tcpflow__table *table,
                                                  uint32_t which) {
  uint8_t *const base = table->blocks.base[which / TCPFLOW__BUCKETS_A_BLOCK];

  return (tcpflow__bucket *)(void *)base + which % TCPFLOW__BUCKETS_A_BLOCK;
}

/* An overflow bucket; NUMBER is 1 + its own. */
static inline tcpflow__bucket *tcpflow__overflow_at(const tcpflow__table *table,
                                                    uint32_t number) {
  const uint32_t which = number - 1;
  uint8_t *const base =
    table->overflows.base[which / TCPFLOW__OVERFLOWS_A_BLOCK];

  return (tcpflow__bucket *)(void *)base + which % TCPFLOW__OVERFLOWS_A_BLOCK;
}

/* The bucket that a hash leads to.  Whether that was split is as good as
   thrown, and so no branch: of one that is not there, the highest bit of the
   number goes. */
static inline tcpflow__bucket *tcpflow__bucket_of(const tcpflow__table *table,
                                                  uint32_t hash) {
  const uint32_t wide = hash & (table->mask * 2 + 1);
  const uint32_t there = -(uint32_t)(wide < table->buckets);

  return tcpflow__bucket_at(table, wide & (there | table->mask));
}

/* Does a hash lead to a bucket to which it led at tcpflow__table_calm() or
   later? */
static inline bool tcpflow__table_leads(const tcpflow__table *table,
                                        const tcpflow__bucket *bucket,
                                        uint32_t hash) {
  return table->buckets == table->calm ||
         tcpflow__bucket_of(table, hash) == bucket;
}

/* 1 + the number of the overflow bucket behind one; 0: it is the last. */
static inline uint32_t tcpflow__bucket_behind(const tcpflow__bucket *bucket) {
  return bucket->rest >> TCPFLOW__BUCKET_BEHIND;
}

static inline uint8_t tcpflow__bucket_tag(uint32_t hash) {
  return (uint8_t)(hash >> 24);
}

/* The lowest bit of a hash that stands above the indexes of a bucket. */
static inline uint32_t tcpflow__bucket_from(const tcpflow__bucket *bucket) {
  return bucket->rest >> TCPFLOW__BUCKET_FROM & 31;
}

/* The bits of a hash that a bucket remembers, where they stand. */
static inline uint32_t tcpflow__bucket_bits(const tcpflow__bucket *bucket,
                                            uint32_t hash) {
  return hash >> tcpflow__bucket_from(bucket) << TCPFLOW__PLACE_INDEX;
}

/* What the place of a flow holds in a bucket. */
static inline uint32_t tcpflow__bucket_word(const tcpflow__bucket *bucket,
                                            uint32_t index, uint32_t hash) {
  return tcpflow__bucket_bits(bucket, hash) | (index + 1);
}

/* The flow of a place, if it may be that of HASH by the bits above its index;
   otherwise, and of a free place, TCPFLOW__PLACE_INDEX_MASK or more. */
static inline uint32_t tcpflow__bucket_fits(const tcpflow__bucket *bucket,
                                            unsigned place, uint32_t hash) {
  return (bucket->place[place] ^ tcpflow__bucket_bits(bucket, hash)) - 1;
}

/* Puts a flow into a bucket with a free place. */
static inline void tcpflow__bucket_push(tcpflow__bucket *bucket, uint32_t word,
                                        uint8_t tag) {
  const uint32_t place = bucket->rest & TCPFLOW__BUCKET_TAKEN;

  bucket->tag[place] = tag;
  bucket->place[place] = word;
  bucket->rest++;
}

/* Has a bucket no free place, or another one behind it? */
static inline bool tcpflow__bucket_is_full(const tcpflow__bucket *bucket) {
  return (bucket->rest & ~TCPFLOW__BUCKET_FROM_MASK) >= TCPFLOW__BUCKET_PLACES;
}

/* What a free place holds. */
static inline void tcpflow__bucket_free(tcpflow__bucket *bucket,
                                        uint32_t place) {
  bucket->tag[place] = 0;
  bucket->place[place] = 0;
}

/* --- inserting --- */

static inline bool tcpflow__table_wants_split(const tcpflow__table *table) {
  return table->count >= table->buckets * TCPFLOW__BUCKET_LOAD;
}

/* Does the next insertion need no memory but what is there? */
static inline bool tcpflow__table_is_ready(const tcpflow__table *table) {
  const uint32_t overflow = table->fresh / TCPFLOW__OVERFLOWS_A_BLOCK;
  const uint32_t bucket = table->buckets / TCPFLOW__BUCKETS_A_BLOCK;

  return (table->spare != 0 || table->overflows.base[overflow] != NULL) &&
         (!tcpflow__table_wants_split(table) ||
          table->blocks.base[bucket] != NULL);
}

/* Counts an insertion. */
static inline void tcpflow__table_note(tcpflow__table *table, uint32_t hash) {
  table->count++;
  table->came[hash >> 30] |= UINT64_C(1) << (hash >> 24 & 63);
}

/* The same as tcpflow__table_insert(), for a flow whose hash led to BUCKET at
   tcpflow__table_calm() or later. */
static inline void tcpflow__table_put(tcpflow__table *table,
                                      tcpflow__bucket *bucket, uint32_t index,
                                      uint32_t hash) {
  /* There is a free place, and nothing behind. */
  if (!tcpflow__table_leads(table, bucket, hash) ||
      tcpflow__bucket_is_full(bucket) || tcpflow__table_wants_split(table)) {
    tcpflow__table_insert(table, index);
    return;
  }
  tcpflow__bucket_push(bucket, tcpflow__bucket_word(bucket, index, hash),
                       tcpflow__bucket_tag(hash));
  tcpflow__table_note(table, hash);
}

#endif /* TCPFLOW__TRACK_BUCKETS_H */
