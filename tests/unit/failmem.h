/*
 * tests/unit/failmem.h - an allocator that fails when told, and counts.
 *
 *   failmem fm = {.fail_at = n};                 the n-th request fails, from 1
 *   const tcpflow_mem mem = failmem_table(&fm);  hand it to an object
 *
 * The usual loop runs a call with n = 1, 2, 3, ... until it succeeds, and asks
 * after each failure that the object is as it was and that `live_blocks` is
 * back where it stood.  realloc always moves, so that a stale pointer is seen;
 * fresh memory is filled with 0xa5, so that forgotten initialization is.
 */
#ifndef TCPFLOW_TESTS_FAILMEM_H
#define TCPFLOW_TESTS_FAILMEM_H

#include <tcpflow/base.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct failmem {
  size_t fail_at;     /* Which request fails, from 1; 0: none. */
  int fail_from;      /* Non-zero: all requests from fail_at on fail. */
  size_t requests;    /* malloc, calloc and realloc calls so far. */
  size_t live_blocks; /* Blocks that were not freed. */
  size_t live_bytes;  /* Their octets, as asked for. */
  size_t peak_bytes;  /* The most there ever were. */
} failmem;

/* Stands in front of every block; the union keeps the block aligned. */
typedef union failmem_head {
  struct {
    size_t size;
    failmem *owner;
  } in;
  max_align_t align;
} failmem_head;

static inline void *failmem_malloc(size_t size, void *user) {
  failmem *fm = (failmem *)user;

  fm->requests++;
  if (fm->fail_at != 0 && (fm->fail_from ? fm->requests >= fm->fail_at
                                         : fm->requests == fm->fail_at)) {
    return NULL;
  }
  failmem_head *head = size > SIZE_MAX - sizeof(*head)
                         ? NULL
                         : (failmem_head *)malloc(sizeof(*head) + size);
  if (head == NULL) {
    return NULL;
  }
  head->in.size = size;
  head->in.owner = fm;
  memset(head + 1, 0xa5, size);
  fm->live_blocks++;
  fm->live_bytes += size;
  if (fm->live_bytes > fm->peak_bytes) {
    fm->peak_bytes = fm->live_bytes;
  }
  return head + 1;
}

static inline void failmem_free(void *ptr, void *user) {
  failmem *fm = (failmem *)user;
  failmem_head *head = (failmem_head *)ptr;

  if (ptr == NULL) {
    return;
  }
  head--;
  if (head->in.owner != fm) {
    fprintf(stderr, "failmem: block of another allocator, or freed twice\n");
    abort();
  }
  fm->live_blocks--;
  fm->live_bytes -= head->in.size;
  head->in.owner = NULL;
  free(head);
}

static inline void *failmem_calloc(size_t count, size_t size, void *user) {
  if (size != 0 && count > SIZE_MAX / size) {
    ((failmem *)user)->requests++;
    return NULL;
  }
  void *ptr = failmem_malloc(count * size, user);
  if (ptr != NULL) {
    memset(ptr, 0, count * size);
  }
  return ptr;
}

static inline void *failmem_realloc(void *ptr, size_t size, void *user) {
  void *moved = failmem_malloc(size, user);

  if (moved == NULL || ptr == NULL) {
    return moved;
  }
  const size_t old = ((failmem_head *)ptr - 1)->in.size;
  memcpy(moved, ptr, old < size ? old : size);
  failmem_free(ptr, user);
  return moved;
}

/* The table to hand to an object; FM must outlive it. */
static inline tcpflow_mem failmem_table(failmem *fm) {
  const tcpflow_mem mem = {fm, failmem_malloc, failmem_calloc, failmem_realloc,
                           failmem_free};

  return mem;
}

#endif /* TCPFLOW_TESTS_FAILMEM_H */
