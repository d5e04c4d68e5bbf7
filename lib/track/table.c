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
  table->spare = tcpflow__bucket_behind(tcpflow__overflow_at(table, spare));
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
    const uint32_t from = bucket->rest & TCPFLOW__BUCKET_FROM_MASK;
    bucket->rest |= number << TCPFLOW__BUCKET_BEHIND;
    bucket = tcpflow__overflow_at(table, number);
    bucket->rest = from;
  }
  return bucket;
}

static inline void push(tcpflow__table *table, tcpflow__bucket *bucket,
                        uint32_t word, uint8_t tag) {
  tcpflow__bucket_push(tcpflow__bucket_is_full(bucket) ? last_of(table, bucket)
                                                       : bucket,
                       word, tag);
}

static inline uint32_t hash_of(const tcpflow__table *table, uint32_t index) {
  return tcpflow__flows_at(table->flows, index)->hash;
}

/* The flow of a place that is taken. */
static inline uint32_t index_of(uint32_t word) {
  return (word & TCPFLOW__PLACE_INDEX_MASK) - 1;
}

/* --- splitting a bucket --- */

/* Will a bucket have used up the bits above its indexes when it has been split
   by BIT of the hashes? */
static inline bool uses_up(const tcpflow__bucket *bucket, unsigned bit) {
  return tcpflow__bucket_from(bucket) + TCPFLOW__PLACE_BITS == bit + 1;
}

/* Asks for what the next split reads: the bucket's line was asked for at the
   split before, and the records' hashes are in nobody's cache. */
TCPFLOW__FLAT void look_ahead(const tcpflow__table *table) {
  const uint32_t which = table->buckets & table->mask;
  const tcpflow__bucket *const bucket = tcpflow__bucket_at(table, which);

  if (uses_up(bucket, tcpflow__bit_lowest(table->mask + UINT64_C(1)))) {
    for (uint32_t i = 0; i < (bucket->rest & TCPFLOW__BUCKET_TAKEN); i++) {
      const uint32_t index = index_of(bucket->place[i]);
      tcpflow__prefetch(&tcpflow__flows_at(table->flows, index)->hash, 1);
    }
  }
  if (which < table->mask) {
    tcpflow__prefetch(tcpflow__bucket_at(table, which + 1), TCPFLOW__LINE);
  }
}

/* Spreads what a bucket of a chain held over two chains, by a bit of its
   places: those that have it go to the one that begins with EMPTY. */
static void respread(tcpflow__table *table, const tcpflow__bucket *held,
                     tcpflow__bucket *bucket, tcpflow__bucket *empty,
                     unsigned bit) {
  for (uint32_t i = 0; i < (held->rest & TCPFLOW__BUCKET_TAKEN); i++) {
    const bool goes = (held->place[i] >> bit & 1) != 0;
    push(table, goes ? empty : bucket, held->place[i], held->tag[i]);
  }
}

TCPFLOW__APART static void divide_chain(tcpflow__table *table,
                                        tcpflow__bucket *bucket,
                                        tcpflow__bucket *empty, unsigned bit) {
  tcpflow__bucket held = *bucket;

  clear_bucket(bucket);
  bucket->rest = held.rest & TCPFLOW__BUCKET_FROM_MASK;
  respread(table, &held, bucket, empty, bit);
  while (tcpflow__bucket_behind(&held) != 0) {
    const uint32_t number = tcpflow__bucket_behind(&held);
    held = *tcpflow__overflow_at(table, number);
    clear_bucket(tcpflow__overflow_at(table, number));
    give_overflow(table, number);
    respread(table, &held, bucket, empty, bit);
  }
}

/* Moves the flows with a BIT in their places to a bucket that is empty; behind
   neither is another one.  Which go is as good as thrown: so each is written to
   both, and counts in one. */
static void divide(tcpflow__bucket *bucket, tcpflow__bucket *empty,
                   unsigned bit) {
  const uint32_t taken = bucket->rest & TCPFLOW__BUCKET_TAKEN;
  uint32_t gone = 0;

  for (uint32_t i = 0; i < taken; i++) {
    const uint32_t place = bucket->place[i];
    const uint8_t tag = bucket->tag[i];
    const uint32_t goes = place >> bit & 1;
    bucket->place[i - gone] = place;
    bucket->tag[i - gone] = tag;
    empty->place[gone] = place;
    empty->tag[gone] = tag;
    gone += goes;
  }
  bucket->rest -= gone;
  empty->rest += gone;
  for (uint32_t i = taken - gone; i < taken; i++) {
    tcpflow__bucket_free(bucket, i);
  }
  if (gone < taken) {
    tcpflow__bucket_free(empty, gone);
  }
}

/* Writes the bits of the hashes from FROM on above the indexes of a chain. */
static void renew(const tcpflow__table *table, tcpflow__bucket *bucket,
                  uint32_t from) {
  for (;;
       bucket = tcpflow__overflow_at(table, tcpflow__bucket_behind(bucket))) {
    bucket->rest = (bucket->rest & ~TCPFLOW__BUCKET_FROM_MASK) |
                   from << TCPFLOW__BUCKET_FROM;
    for (uint32_t i = 0; i < (bucket->rest & TCPFLOW__BUCKET_TAKEN); i++) {
      const uint32_t index = index_of(bucket->place[i]);
      bucket->place[i] =
        tcpflow__bucket_word(bucket, index, hash_of(table, index));
    }
    if (tcpflow__bucket_behind(bucket) == 0) {
      return;
    }
  }
}

/* Where the bits begin that two buckets remember when what they knew is used
   up: behind BIT, by which they differ.  But the first time, with few buckets
   yet, in some a few bits before that, so that not all of those that come from
   them have to be renewed in the same round. */
static uint32_t begin_of(uint32_t which, unsigned bit) {
  return bit + 1 - (bit + 1 == TCPFLOW__PLACE_BITS ? which % 4 : 0);
}

TCPFLOW__APART static void split(tcpflow__table *table) {
  const unsigned bit = tcpflow__bit_lowest(table->mask + UINT64_C(1));
  const uint32_t which = table->buckets & table->mask;
  tcpflow__bucket *const bucket = tcpflow__bucket_at(table, which);
  tcpflow__bucket *const empty = tcpflow__bucket_at(table, table->buckets);
  const bool renews = uses_up(bucket, bit);
  const unsigned above =
    TCPFLOW__PLACE_INDEX + bit - tcpflow__bucket_from(bucket);

  clear_bucket(empty);
  empty->rest = bucket->rest & TCPFLOW__BUCKET_FROM_MASK;
  table->buckets++;
  if (table->buckets > table->mask * 2 + 1) {
    table->mask = table->mask * 2 + 1;
  }
  if (tcpflow__bucket_behind(bucket) == 0) {
    divide(bucket, empty, above);
  } else {
    divide_chain(table, bucket, empty, above);
  }
  if (renews) {
    renew(table, bucket, begin_of(which, bit));
    renew(table, empty, begin_of(which, bit));
  }
  look_ahead(table);
}

void tcpflow__table_insert(tcpflow__table *table, uint32_t index) {
  const uint32_t hash = hash_of(table, index);

  if (tcpflow__table_wants_split(table)) {
    split(table);
  }
  tcpflow__bucket *const bucket = tcpflow__bucket_of(table, hash);
  push(table, bucket, tcpflow__bucket_word(bucket, index, hash),
       tcpflow__bucket_tag(hash));
  tcpflow__table_note(table, hash);
}

/* --- removing --- */

/* Where a flow is; it is in this bucket or in one behind it. */
static uint32_t *place_of(const tcpflow__table *table, tcpflow__bucket *bucket,
                          uint32_t index, uint8_t **tag) {
  for (;;
       bucket = tcpflow__overflow_at(table, tcpflow__bucket_behind(bucket))) {
    for (uint32_t i = 0; i < (bucket->rest & TCPFLOW__BUCKET_TAKEN); i++) {
      if (index_of(bucket->place[i]) == index) {
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
  tcpflow__bucket_free(bucket, last);
  if (last == 0 && before != NULL) {
    give_overflow(table, tcpflow__bucket_behind(before));
    before->rest &= TCPFLOW__BUCKET_TAKEN | TCPFLOW__BUCKET_FROM_MASK;
  }
  return place;
}

/* The same as below, for a bucket with another one behind it. */
TCPFLOW__APART static void remove_of_chain(tcpflow__table *table,
                                           tcpflow__bucket *bucket,
                                           uint32_t index) {
  uint8_t last_tag;
  const uint32_t last = pop(table, bucket, &last_tag);

  if (index_of(last) != index) {
    uint8_t *tag;
    uint32_t *const place = place_of(table, bucket, index, &tag);
    *place = last;
    *tag = last_tag;
  }
}

void tcpflow__table_remove(tcpflow__table *table, uint32_t index) {
  const uint32_t hash = hash_of(table, index);
  tcpflow__bucket *const bucket = tcpflow__bucket_of(table, hash);

  if (tcpflow__bucket_behind(bucket) == 0) {
    tcpflow__tags_drop(bucket, index, hash);
  } else {
    remove_of_chain(table, bucket, index);
  }
  table->count--;
}
