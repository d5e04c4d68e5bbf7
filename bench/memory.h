/*
 * bench/memory.h - an allocator that counts: what is in use, and the most that
 * ever was.
 */
#ifndef TCPFLOW_BENCH_MEMORY_H
#define TCPFLOW_BENCH_MEMORY_H

#include <tcpflow/base.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct memory {
  uint64_t used;
  uint64_t peak;
} memory;

/* In front of each piece; keeps what follows aligned for any object. */
enum {
  MEMORY_HEAD = 16
};

static inline void *memory_note(memory *m, size_t *head, size_t size) {
  if (head == NULL) {
    return NULL;
  }
  *head = size;
  m->used += size;
  m->peak = m->used > m->peak ? m->used : m->peak;
  return (char *)head + MEMORY_HEAD;
}

static inline void *memory_malloc(size_t size, void *user) {
  return memory_note(user, malloc(size + MEMORY_HEAD), size);
}

static inline void *memory_calloc(size_t count, size_t size, void *user) {
  if (size != 0 && count > (SIZE_MAX - MEMORY_HEAD) / size) {
    return NULL;
  }
  return memory_note(user, calloc(1, count * size + MEMORY_HEAD), count * size);
}

static inline void memory_free(void *piece, void *user) {
  if (piece != NULL) {
    size_t *const head = (size_t *)(void *)((char *)piece - MEMORY_HEAD);

    ((memory *)user)->used -= *head;
    free(head);
  }
}

static inline void *memory_realloc(void *piece, size_t size, void *user) {
  void *const larger = memory_malloc(size, user);

  if (piece != NULL && larger != NULL) {
    const size_t former = *(size_t *)(void *)((char *)piece - MEMORY_HEAD);

    memcpy(larger, piece, former < size ? former : size);
    memory_free(piece, user);
  }
  return larger;
}

static inline tcpflow_mem memory_of(memory *m) {
  return (tcpflow_mem){m, memory_malloc, memory_calloc, memory_realloc,
                       memory_free};
}

#endif /* TCPFLOW_BENCH_MEMORY_H */
