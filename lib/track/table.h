/*
 * lib/track/table.h - from a key to its flow.
 *
 * Room: track.  Includes: base, conn.  A bucket is a cache line: twelve tags of
 * one octet, and the indexes of twelve flows.  A search reads one line, then
 * the record.  The table grows by splitting one bucket at an insertion (linear
 * hashing), so no packet pays for a rehash of all.  The hash only says where to
 * look; keys are compared whole.
 *
 * Above each index stand a few more bits of the flow's hash: those that the
 * next splits of the bucket ask for.  So a split reads no record, but where
 * they are used up; and of two flows with one tag in a bucket, most are told
 * apart without a look at their records.
 */
#ifndef TCPFLOW__TRACK_TABLE_H
#define TCPFLOW__TRACK_TABLE_H

#include "track/block.h"
#include "track/flows.h"
#include "track/hash.h"

#define TCPFLOW__BUCKET_PLACES 12U

/* Words with a bit for each tag. */
#define TCPFLOW__TAG_WORDS     4U

/* Flows in a bucket, in the mean; more make the table grow. */
#define TCPFLOW__BUCKET_LOAD   5U

typedef struct tcpflow__bucket {
  uint8_t tag[TCPFLOW__BUCKET_PLACES];    /* High octets of the hashes. */
  uint32_t rest;                          /* Places taken, which bits of a hash
                                            stand above an index, and the bucket
                                            behind (buckets.h). */
  uint32_t place[TCPFLOW__BUCKET_PLACES]; /* 1 + flow, and above it bits of its
                                             hash; 0: free. */
} tcpflow__bucket;

typedef struct tcpflow__table {
  tcpflow__flows *flows;     /* Their hashes and keys; outlives the table. */
  tcpflow__blocks blocks;    /* Buckets that hashes lead to. */
  tcpflow__blocks overflows; /* Buckets behind full ones. */
  uint32_t buckets;          /* Buckets in use; between mask + 1 and twice
                                that. */
  uint32_t mask;             /* A power of 2, minus 1. */
  uint32_t count;            /* Flows in the table. */
  uint32_t fresh; /* Overflow buckets from here on were never used. */
  uint32_t spare; /* 1 + overflow bucket given back last. */
  uint32_t calm;  /* Buckets in use at tcpflow__table_calm(). */
  uint64_t came[TCPFLOW__TAG_WORDS]; /* Tags of the flows inserted since
                                        then. */
} tcpflow__table;

/* TCPFLOW_OK or TCPFLOW_ERR_NOMEM.  The table holds as many flows as there are
   records in FLOWS. */
int tcpflow__table_init(tcpflow__table *table, const tcpflow_mem *mem,
                        tcpflow__flows *flows);

void tcpflow__table_clear(tcpflow__table *table);

/* Forgets all flows, and keeps the memory: it grows anew. */
void tcpflow__table_empty(tcpflow__table *table);

/* Takes the memory that the next insertion may need.  TCPFLOW_OK or
   TCPFLOW_ERR_NOMEM. */
int tcpflow__table_reserve(tcpflow__table *table);

/* Inserts a flow, whose record has its hash; after tcpflow__table_reserve(). */
void tcpflow__table_insert(tcpflow__table *table, uint32_t index);

/* Removes a flow that is in the table. */
void tcpflow__table_remove(tcpflow__table *table, uint32_t index);

/* From here on, insertions are noted. */
static inline void tcpflow__table_calm(tcpflow__table *table) {
  table->calm = table->buckets;
  for (unsigned i = 0; i < TCPFLOW__TAG_WORDS; i++) {
    table->came[i] = 0;
  }
}

/* May a flow with this hash have been inserted since then? */
static inline bool tcpflow__table_came(const tcpflow__table *table,
                                       uint32_t hash) {
  return (table->came[hash >> 30] >> (hash >> 24 & 63) & 1) != 0;
}

/* The flow of a key; TCPFLOW__FLOW_NONE if there is none. */
uint32_t tcpflow__table_find(const tcpflow__table *table,
                             const tcpflow__key *key);

/* Is a record, which may have been given back, the key's? */
static inline bool tcpflow__flow_is(const tcpflow__flow *flow,
                                    const tcpflow__key *key) {
  return flow->phase != TCPFLOW__PHASE_SPARE &&
         tcpflow__key_is(key, &flow->conn.ends, flow->swapped);
}

#endif /* TCPFLOW__TRACK_TABLE_H */
