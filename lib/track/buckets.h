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

/* The two parts of tcpflow__bucket.rest. */
#define TCPFLOW__BUCKET_TAKEN      15U
#define TCPFLOW__BUCKET_BEHIND     4U

static inline tcpflow__bucket *tcpflow__bucket_at(const tcpflow__table *table,
                                                  uint32_t which) {
  const tcpflow__block *const block =
    &table->blocks.block[which / TCPFLOW__BUCKETS_A_BLOCK];

  return (tcpflow__bucket *)(void *)block->base +
         which % TCPFLOW__BUCKETS_A_BLOCK;
}

/* An overflow bucket; NUMBER is 1 + its own. */
static inline tcpflow__bucket *tcpflow__overflow_at(const tcpflow__table *table,
                                                    uint32_t number) {
  const uint32_t which = number - 1;
  const tcpflow__block *const block =
    &table->overflows.block[which / TCPFLOW__OVERFLOWS_A_BLOCK];

  return (tcpflow__bucket *)(void *)block->base +
         which % TCPFLOW__OVERFLOWS_A_BLOCK;
}

/* The bucket that a hash leads to. */
static inline tcpflow__bucket *tcpflow__bucket_of(const tcpflow__table *table,
                                                  uint32_t hash) {
  const uint32_t wide = hash & (table->mask * 2 + 1);

  return tcpflow__bucket_at(table,
                            wide < table->buckets ? wide : wide & table->mask);
}

/* 1 + the number of the overflow bucket behind one; 0: it is the last. */
static inline uint32_t tcpflow__bucket_behind(const tcpflow__bucket *bucket) {
  return bucket->rest >> TCPFLOW__BUCKET_BEHIND;
}

static inline uint8_t tcpflow__bucket_tag(uint32_t hash) {
  return (uint8_t)(hash >> 24);
}

#endif /* TCPFLOW__TRACK_BUCKETS_H */
