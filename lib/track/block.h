/*
 * lib/track/block.h - big arrays in pieces that never move.
 *
 * Room: track.  Includes: base.  An array that grows to millions of elements is
 * a directory of blocks of one size, allocated when they are first needed.
 * The directory has its final length from the start, so growing moves nothing,
 * and a pointer to an element stays good.
 */
#ifndef TCPFLOW__TRACK_BLOCK_H
#define TCPFLOW__TRACK_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include <tcpflow/base.h>

typedef struct tcpflow__blocks {
  const tcpflow_mem *mem; /* Outlives the array. */
  uint8_t **base;         /* The directory: where each block begins, on a cache
                             line; NULL: it has no memory yet.  By itself, so
                             that an element is found with the fewest steps. */
  uint8_t **allocated;    /* Behind it: what to free of each. */
  uint64_t octets;        /* What all of it takes. */
  uint32_t count;         /* Its length. */
} tcpflow__blocks;

/* Makes a directory of COUNT blocks, 1 or more, without memory.  TCPFLOW_OK or
   TCPFLOW_ERR_NOMEM; may be cleared after either. */
int tcpflow__blocks_init(tcpflow__blocks *blocks, const tcpflow_mem *mem,
                         uint32_t count);

/* Frees the blocks and the directory. */
void tcpflow__blocks_clear(tcpflow__blocks *blocks);

/* The function below for a block that is not there. */
int tcpflow__blocks_allocate(tcpflow__blocks *blocks, uint32_t which,
                             size_t size);

/* Sees to it that block WHICH, which the directory has, is SIZE octets of
   memory; what is in it is the caller's to set.  TCPFLOW_OK or
   TCPFLOW_ERR_NOMEM. */
static inline int tcpflow__blocks_need(tcpflow__blocks *blocks, uint32_t which,
                                       size_t size) {
  return blocks->base[which] != NULL
           ? TCPFLOW_OK
           : tcpflow__blocks_allocate(blocks, which, size);
}

#endif /* TCPFLOW__TRACK_BLOCK_H */
