/*
 * lib/base/prefetch.h - memory that is wanted soon.
 *
 * Room: base.  Includes: base.  Where the compiler does not know how to ask for
 * it, nobody does.
 */
#ifndef TCPFLOW__BASE_PREFETCH_H
#define TCPFLOW__BASE_PREFETCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

#define TCPFLOW__LINE 64 /* Octets in a cache line. */

/* A loop of a known length becomes what it repeats. */
#if defined(__GNUC__) && !defined(__clang__)
#define TCPFLOW__UNROLL _Pragma("GCC unroll 16")
#else
#define TCPFLOW__UNROLL
#endif

/*
 * Asks for the lines of SIZE octets; where SIZE is whole lines, OBJECT is taken
 * to begin with one.  Any address does, NULL included, so it is counted on as a
 * number.
 * To gcc, a function that does nothing but ask has no effect, and a call of it
 * that is not inlined goes away, where its body is seen: so such functions are
 * TCPFLOW__FLAT, but for one that is called from another file (evict.h).
 */
TCPFLOW__FLAT void tcpflow__prefetch(const void *object, size_t size) {
#if defined(__GNUC__)
  TCPFLOW__UNROLL
  for (size_t at = 0; at < size; at += TCPFLOW__LINE) {
    __builtin_prefetch((const void *)((uintptr_t)object + at));
  }
  if (size % TCPFLOW__LINE > 1) {
    __builtin_prefetch((const void *)((uintptr_t)object + size - 1));
  }
#else
  (void)object;
  (void)size;
#endif
}

#endif /* TCPFLOW__BASE_PREFETCH_H */
