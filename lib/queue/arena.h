/*
 * lib/queue/arena.h - memory that is taken in pieces and let go at once.
 *
 * Room: queue.  Includes: base.  What was taken never moves, so events may
 * point at each other.
 */
#ifndef TCPFLOW__QUEUE_ARENA_H
#define TCPFLOW__QUEUE_ARENA_H

#include "base/mem.h"

#include <stddef.h>
#include <stdint.h>

typedef struct tcpflow__arena_block tcpflow__arena_block;

typedef struct tcpflow__arena {
  tcpflow_mem mem;
  tcpflow__arena_block *first; /* NULL: none yet. */
  tcpflow__arena_block *last;
  uint64_t bytes; /* Of all blocks. */
  uint64_t max;
  int error; /* Why something was refused; TCPFLOW_OK: nothing was. */
} tcpflow__arena;

/* SIZE octets, at least 1, for any type.  NULL: refused, and noted why. */
void *tcpflow__arena_take(tcpflow__arena *arena, size_t size);

/* A copy of SIZE octets; likewise. */
void *tcpflow__arena_copy(tcpflow__arena *arena, const void *from, size_t size);

/* Forgets what was taken; keeps one block for what comes. */
void tcpflow__arena_reset(tcpflow__arena *arena);

/* Frees all. */
void tcpflow__arena_clear(tcpflow__arena *arena);

#endif /* TCPFLOW__QUEUE_ARENA_H */
