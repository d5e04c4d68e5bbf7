/*
 * lib/base/mem.h - the caller's allocator, as the library calls it.
 *
 * Room: base.  Includes: nothing of ours.  An object copies its table once,
 * with tcpflow__mem_read(), and allocates through the functions below, never
 * through malloc(3) directly.
 */
#ifndef TCPFLOW__BASE_MEM_H
#define TCPFLOW__BASE_MEM_H

#include <tcpflow/base.h>

/*
 * Copies the table that an object shall use: THEIRS, or malloc(3) and friends
 * if that is NULL.  Answers TCPFLOW_ERR_INVALID, and leaves OURS alone, if a
 * function is missing.
 */
int tcpflow__mem_read(tcpflow_mem *ours, const tcpflow_mem *theirs);

/* As malloc(3); the size must not be 0. */
static inline void *tcpflow__malloc(const tcpflow_mem *mem, size_t size) {
  return mem->malloc(size, mem->user);
}

/* As calloc(3), which minds the overflow; neither number may be 0. */
static inline void *tcpflow__calloc(const tcpflow_mem *mem, size_t count,
                                    size_t size) {
  return mem->calloc(count, size, mem->user);
}

/* As realloc(3); the size must not be 0. */
static inline void *tcpflow__realloc(const tcpflow_mem *mem, void *ptr,
                                     size_t size) {
  return mem->realloc(ptr, size, mem->user);
}

/* As free(3). */
static inline void tcpflow__free(const tcpflow_mem *mem, void *ptr) {
  mem->free(ptr, mem->user);
}

#endif /* TCPFLOW__BASE_MEM_H */
