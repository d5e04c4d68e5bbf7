/*
 * lib/queue/arena.c - memory that is taken in pieces and let go at once.
 *
 * Room: queue.  Includes: base.  A block of the usual size serves the events of
 * many frames; what is larger gets a block of its own.
 */
#include "queue/arena.h"

#include <string.h>

/* Of a usual block. */
#define BLOCK_ROOM ((size_t)16384)

struct tcpflow__arena_block {
  tcpflow__arena_block *next;
  size_t room;
  size_t used;
  max_align_t bytes[];
};

/* The room of a new block for SIZE octets; 0: too much. */
static size_t room_for(const tcpflow__arena *arena, size_t size) {
  const uint64_t left = arena->max - arena->bytes;
  const size_t head = sizeof(tcpflow__arena_block);

  if (left < head || size > left - head) {
    return 0;
  }
  if (size >= BLOCK_ROOM) {
    return size;
  }
  return left - head < BLOCK_ROOM ? (size_t)(left - head) : BLOCK_ROOM;
}

static tcpflow__arena_block *add_block(tcpflow__arena *arena, size_t size) {
  const size_t room = room_for(arena, size);
  tcpflow__arena_block *block;

  if (room == 0) {
    arena->error = TCPFLOW_ERR_LIMIT;
    return NULL;
  }
  block = tcpflow__malloc(&arena->mem, sizeof(*block) + room);
  if (block == NULL) {
    arena->error = TCPFLOW_ERR_NOMEM;
    return NULL;
  }
  *block = (tcpflow__arena_block){.room = room};
  if (arena->last == NULL) {
    arena->first = block;
  } else {
    arena->last->next = block;
  }
  arena->last = block;
  arena->bytes += sizeof(*block) + room;
  return block;
}

void *tcpflow__arena_take(tcpflow__arena *arena, size_t size) {
  const size_t grain = _Alignof(max_align_t);
  tcpflow__arena_block *block = arena->last;
  uint8_t *at;

  if (size > SIZE_MAX / 2) {
    arena->error = TCPFLOW_ERR_LIMIT;
    return NULL;
  }
  size = (size + grain - 1) / grain * grain;
  if (block == NULL || block->room - block->used < size) {
    block = add_block(arena, size);
  }
  if (block == NULL) {
    return NULL;
  }
  at = (uint8_t *)block->bytes + block->used;
  block->used += size;
  return at;
}

void *tcpflow__arena_copy(tcpflow__arena *arena, const void *from,
                          size_t size) {
  void *const copy = tcpflow__arena_take(arena, size);

  return copy == NULL ? NULL : memcpy(copy, from, size);
}

/* Frees the blocks from one on. */
static void free_blocks(tcpflow__arena *arena, tcpflow__arena_block *block) {
  while (block != NULL) {
    tcpflow__arena_block *const next = block->next;
    arena->bytes -= sizeof(*block) + block->room;
    tcpflow__free(&arena->mem, block);
    block = next;
  }
}

void tcpflow__arena_reset(tcpflow__arena *arena) {
  tcpflow__arena_block *const first = arena->first;

  if (first == NULL) {
    return;
  }
  if (first->room > BLOCK_ROOM) {
    tcpflow__arena_clear(arena);
    return;
  }
  free_blocks(arena, first->next);
  first->next = NULL;
  first->used = 0;
  arena->last = first;
}

void tcpflow__arena_clear(tcpflow__arena *arena) {
  free_blocks(arena, arena->first);
  arena->first = NULL;
  arena->last = NULL;
}
