/*
 * lib/base/mem.c - the C library's allocator behind our table.
 *
 * Room: base.  Includes: nothing of ours.  The default table is constant: an
 * object's allocator cannot change under it, and there is no order in which
 * things must be set up.
 */
#include "base/mem.h"

#include <stdlib.h>

static void *call_malloc(size_t size, void *user) {
  (void)user;
  return malloc(size);
}

static void *call_calloc(size_t count, size_t size, void *user) {
  (void)user;
  return calloc(count, size);
}

static void *call_realloc(void *ptr, size_t size, void *user) {
  (void)user;
  return realloc(ptr, size);
}

static void call_free(void *ptr, void *user) {
  (void)user;
  free(ptr);
}

static const tcpflow_mem c_library = {NULL, call_malloc, call_calloc,
                                      call_realloc, call_free};

int tcpflow__mem_read(tcpflow_mem *ours, const tcpflow_mem *theirs) {
  if (theirs == NULL) {
    *ours = c_library;
    return TCPFLOW_OK;
  }
  if (theirs->malloc == NULL || theirs->calloc == NULL ||
      theirs->realloc == NULL || theirs->free == NULL) {
    return TCPFLOW_ERR_INVALID;
  }
  *ours = *theirs;
  return TCPFLOW_OK;
}
