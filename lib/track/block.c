/*
 * lib/track/block.c - big arrays in pieces that never move.
 *
 * Room: track.  Includes: base.  The caller's allocator promises the alignment
 * of malloc(3) only, so a block takes up to a line more than its size.  A block
 * is not zeroed, which would touch all of its pages in one call: each element
 * is, when it is taken.
 */
#include "track/block.h"

#include "base/mem.h"
#include "base/prefetch.h"

int tcpflow__blocks_init(tcpflow__blocks *blocks, const tcpflow_mem *mem,
                         uint32_t count) {
  const size_t entry = sizeof(*blocks->base) + sizeof(*blocks->allocated);
  uint8_t **const directory = (uint8_t **)tcpflow__calloc(mem, count, entry);

  blocks->mem = mem;
  blocks->base = directory;
  blocks->allocated = directory == NULL ? NULL : directory + count;
  blocks->count = directory == NULL ? 0 : count;
  blocks->octets = (uint64_t)blocks->count * entry;
  return directory == NULL ? TCPFLOW_ERR_NOMEM : TCPFLOW_OK;
}

void tcpflow__blocks_clear(tcpflow__blocks *blocks) {
  for (uint32_t i = 0; i < blocks->count; i++) {
    tcpflow__free(blocks->mem, blocks->allocated[i]);
  }
  tcpflow__free(blocks->mem, (void *)blocks->base);
  blocks->base = NULL;
  blocks->allocated = NULL;
  blocks->octets = 0;
  blocks->count = 0;
}

int tcpflow__blocks_allocate(tcpflow__blocks *blocks, uint32_t which,
                             size_t size) {
  uint8_t *const allocated =
    (uint8_t *)tcpflow__malloc(blocks->mem, size + TCPFLOW__LINE - 1);

  if (allocated == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  blocks->octets += size + TCPFLOW__LINE - 1;

  const size_t past = (uintptr_t)allocated % TCPFLOW__LINE;
  blocks->allocated[which] = allocated;
  blocks->base[which] = allocated + (past == 0 ? 0 : TCPFLOW__LINE - past);
  return TCPFLOW_OK;
}
