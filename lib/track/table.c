/*
 * lib/track/table.c - from a key to its flow.
 *
 * Room: track.  Includes: base, conn.  Linear hashing (Litwin, 1980): with 2^n
 * to 2^(n+1) buckets, a hash leads to its low n + 1 bits if there is such a
 * bucket, otherwise to its low n bits.  The next bucket takes over its half of
 * the one whose number has the same low n bits.  While a round goes on, buckets
 * that are not yet split hold up to twice the mean; overflow buckets take what
 * does not fit.
 */
#include "track/table.h"

#include "base/compiler.h"
#include "base/prefetch.h"
#include "track/buckets.h"
#include "track/tags.h"

static int init_blocks(tcpflow__table *table, const tcpflow_mem *mem,
                       uint32_t flows) {
  const uint32_t buckets = flows / TCPFLOW__BUCKET_LOAD + 1;
  const uint32_t overflows = flows / TCPFLOW__BUCKET_PLACES + 1;
  const int first = tcpflow__blocks_init(
    &table->blocks, mem, buckets / TCPFLOW__BUCKETS_A_BLOCK + 1);
  const int second = tcpflow__blocks_init(
    &table->overflows, mem, overflows / TCPFLOW__OVERFLOWS_A_BLOCK + 1);

  if (first != TCPFLOW_OK || second != TCPFLOW_OK) {
    return TCPFLOW_ERR_NOMEM;
  }
  return TCPFLOW_OK;
}

static int need_bucket(tcpflow__table *table, uint32_t which) {
  return tcpflow__blocks_need(&table->blocks, which / TCPFLOW__BUCKETS_A_BLOCK,
                              TCPFLOW__BUCKETS_A_BLOCK *
                                sizeof(tcpflow__bucket));
}

static int need_overflow(tcpflow__table *table, uint32_t which) {
  return tcpflow__blocks_need(
    &table->overflows, which / TCPFLOW__OVERFLOWS_A_BLOCK,
    TCPFLOW__OVERFLOWS_A_BLOCK * sizeof(tcpflow__bucket));
}

static void clear_bucket(tcpflow__bucket *bucket) {
  memset(bucket, 0, sizeof(*bucket));
}

int tcpflow__table_init(tcpflow__table *table, const tcpflow_mem *mem,
                        tcpflow__flows *flows) {
  if (init_blocks(table, mem, flows->capacity) != TCPFLOW_OK ||
      need_bucket(table, 0) != TCPFLOW_OK) {
    tcpflow__table_clear(table);
    return TCPFLOW_ERR_NOMEM;
  }
  table->flows = flows;
  tcpflow__table_empty(table);
  return TCPFLOW_OK;
}

void tcpflow__table_empty(tcpflow__table *table) {
  clear_bucket(tcpflow__bucket_at(table, 0));
  table->buckets = 1;
  table->mask = 0;
  table->count = 0;
  table->fresh = 0;
  table->spare = 0;
  tcpflow__table_calm(table);
}

void tcpflow__table_clear(tcpflow__table *table) {
  tcpflow__blocks_clear(&table->blocks);
  tcpflow__blocks_clear(&table->overflows);
}

/* --- growing --- */

int tcpflow__table_reserve(tcpflow__table *table) {
  /* The one for the insertion.  A split needs none: two chains of what one
     held need no more overflow buckets than it gave back until then. */
  if (table->spare == 0 && need_overflow(table, table->fresh) != TCPFLOW_OK) {
    return TCPFLOW_ERR_NOMEM;
  }
  return tcpflow__table_wants_split(table) ? need_bucket(table, table->buckets)
                                           : TCPFLOW_OK;
}

/* An empty overflow bucket, as 1 + its number; the caller reserved it. */
static uint32_t take_overflow(tcpflow__table *table) {
  const uint32_t spare = table->spare;

  if (spare == 0) {
    table->fresh++;
    clear_bucket(tcpflow__overflow_at(table, table->fresh));
    return table->fresh;
  }
  tcpflow__bucket *const bucket = tcpflow__overflow_at(table, spare);
  table->spare = tcpflow__bucket_behind(bucket);
  bucket->rest = 0;
  return spare;
}

/* Gives an empty overflow bucket back. */
static void give_overflow(tcpflow__table *table, uint32_t number) {
  tcpflow__overflow_at(table, number)->rest = table->spare
                                              << TCPFLOW__BUCKET_BEHIND;
  table->spare = number;
}

/* The last bucket of a chain that has no free place in its first, with a free
   one. */
TCPFLOW__APART static tcpflow__bucket *last_of(tcpflow__table *table,
                                               tcpflow__bucket *bucket) {
  while (tcpflow__bucket_behind(bucket) != 0) {
    bucket = tcpflow__overflow_at(table, tcpflow__bucket_behind(bucket));
  }
  if ((bucket->rest & TCPFLOW__BUCKET_TAKEN) == TCPFLOW__BUCKET_PLACES) {
    const uint32_t number = take_overflow(table);
    bucket->rest |= number << TCPFLOW__BUCKET_BEHIND;
    bucket = tcpflow__overflow_at(table, number);
  }
  return bucket;
}

static inline void push(tcpflow__table *table, uint32_t index, uint32_t hash) {
  tcpflow__bucket *bucket = tcpflow__bucket_of(table, hash);

  /* There is a free place, and nothing behind. */
  if (bucket->rest >= TCPFLOW__BUCKET_PLACES) {
    bucket = last_of(table, bucket);
  }
  tcpflow__bucket_push(bucket, index, hash);
}

static inline uint32_t hash_of(const tcpflow__table *table, uint32_t place) {
  return tcpflow__flows_at(table->flows, place - 1)->hash;
}

/* Asks for what the next split reads: the bucket's line was asked for at the
   split before, and the records' hashes are in nobody's cache. */
TCPFLOW__FLAT void look_ahead(const tcpflow__table *table) {
  const uint32_t which = table->buckets & table->mask;
  const tcpflow__bucket *const bucket = tcpflow__bucket_at(table, which);

  for (uint32_t i = 0; i < (bucket->rest & TCPFLOW__BUCKET_TAKEN); i++) {
    tcpflow__prefetch(
      &tcpflow__flows_at(table->flows, bucket->place[i] - 1)->hash, 1);
  }
  if (which < table->mask) {
    tcpflow__prefetch(tcpflow__bucket_at(table, which + 1), TCPFLOW__LINE);
  }
}

/* Spreads what a bucket holds to where it belongs now; answers the bucket that
   was behind it, as 1 + its number.  NUMBER is its own, 0 for a main bucket. */
static uint32_t respread(tcpflow__table *table, tcpflow__bucket *bucket,
                         uint32_t number) {
  const tcpflow__bucket old = *bucket;

  clear_bucket(bucket);
  if (number != 0) {
    give_overflow(table, number);
  }
  for (uint32_t i = 0; i < (old.rest & TCPFLOW__BUCKET_TAKEN); i++) {
    push(table, old.place[i] - 1, hash_of(table, old.place[i]));
  }
  return tcpflow__bucket_behind(&old);
}

static void respread_chain(tcpflow__table *table, tcpflow__bucket *bucket) {
  uint32_t next = respread(table, bucket, 0);

  while (next != 0) {
    next = respread(table, tcpflow__overflow_at(table, next), next);
  }
}

/* Moves the flows with a BIT in their hashes to a bucket that is empty; behind
   neither is another one.  Which go is as good as thrown: so each is written to
   both, and counts in one. */
static void divide(const tcpflow__table *table, tcpflow__bucket *bucket,
                   tcpflow__bucket *empty, uint32_t bit) {
  const uint32_t taken = bucket->rest;
  uint32_t gone = 0;

  for (uint32_t i = 0; i < taken; i++) {
    const uint32_t place = bucket->place[i];
    const uint8_t tag = bucket->tag[i];
    const uint32_t goes = (hash_of(table, place) & bit) != 0;
    bucket->place[i - gone] = place;
    bucket->tag[i - gone] = tag;
    empty->place[gone] = place;
    empty->tag[gone] = tag;
    gone += goes;
  }
  bucket->rest = taken - gone;
  empty->rest = gone;
  for (uint32_t i = taken - gone; i < taken; i++) {
    tcpflow__bucket_free(bucket, i);
  }
  if (gone < taken) {
    tcpflow__bucket_free(empty, gone);
  }
}

TCPFLOW__APART static void split(tcpflow__table *table) {
  const uint32_t bit = table->mask + 1;
  tcpflow__bucket *const bucket =
    tcpflow__bucket_at(table, table->buckets & table->mask);
  tcpflow__bucket *const empty = tcpflow__bucket_at(table, table->buckets);

  clear_bucket(empty);
  table->buckets++;
  if (table->buckets > table->mask * 2 + 1) {
    table->mask = table->mask * 2 + 1;
  }
  if (tcpflow__bucket_behind(bucket) == 0) {
    divide(table, bucket, empty, bit);
  } else {
    respread_chain(table, bucket);
  }
  look_ahead(table);
}

void tcpflow__table_insert(tcpflow__table *table, uint32_t index) {
  const uint32_t hash = hash_of(table, index + 1);

  if (tcpflow__table_wants_split(table)) {
    split(table);
  }
  push(table, index, hash);
  tcpflow__table_note(table, hash);
}

/* --- removing --- */

/* Where a flow is; it is in this bucket or in one behind it. */
static uint32_t *place_of(const tcpflow__table *table, tcpflow__bucket *bucket,
                          uint32_t index, uint8_t **tag) {
  for (;;
       bucket = tcpflow__overflow_at(table, tcpflow__bucket_behind(bucket))) {
    for (uint32_t i = 0; i < (bucket->rest & TCPFLOW__BUCKET_TAKEN); i++) {
      if (bucket->place[i] == index + 1) {
        *tag = &bucket->tag[i];
        return &bucket->place[i];
      }
    }
  }
}

/* Takes the last flow of a chain out; frees the bucket that gets empty. */
static uint32_t pop(tcpflow__table *table, tcpflow__bucket *bucket,
                    uint8_t *tag) {
  tcpflow__bucket *before = NULL;

  while (tcpflow__bucket_behind(bucket) != 0) {
    before = bucket;
    bucket = tcpflow__overflow_at(table, tcpflow__bucket_behind(bucket));
  }
  bucket->rest--;

  const uint32_t last = bucket->rest & TCPFLOW__BUCKET_TAKEN;
  const uint32_t place = bucket->place[last];
  *tag = bucket->tag[last];
  bucket->place[last] = 0;
  bucket->tag[last] = 0;
  if (last == 0 && before != NULL) {
    give_overflow(table, tcpflow__bucket_behind(before));
    before->rest &= TCPFLOW__BUCKET_TAKEN;
  }
  return place;
}

/* The same as below, for a bucket with another one behind it. */
TCPFLOW__APART static void remove_of_chain(tcpflow__table *table,
                                           tcpflow__bucket *bucket,
                                           uint32_t index) {
  uint8_t last_tag;
  const uint32_t last = pop(table, bucket, &last_tag);

  if (last != index + 1) {
    uint8_t *tag;
    uint32_t *const place = place_of(table, bucket, index, &tag);
    *place = last;
    *tag = last_tag;
  }
}

void tcpflow__table_remove(tcpflow__table *table, uint32_t index) {
  const uint32_t hash = hash_of(table, index + 1);
  tcpflow__bucket *const bucket = tcpflow__bucket_of(table, hash);

  if (tcpflow__bucket_behind(bucket) == 0) {
    tcpflow__tags_drop(bucket, index, hash);
  } else {
    remove_of_chain(table, bucket, index);
  }
  table->count--;
}
