/*
 * tests/unit/guard.h - octets placed against a page that must not be touched.
 *
 * Reading or writing one octet behind them ends the test with SIGSEGV, with or
 * without a sanitizer.  Include it after nothing in particular; it needs
 * MAP_ANONYMOUS, which the tests' -std=gnu11 shows.
 */
#ifndef TCPFLOW_TESTS_GUARD_H
#define TCPFLOW_TESTS_GUARD_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef struct guard {
  uint8_t *bytes;  /* The octets; the page behind them is out of bounds. */
  size_t size;     /* How many. */
  uint8_t *map;    /* A guard page, pages with the octets, a guard page. */
  size_t map_size; /* All of it. */
  size_t page;     /* Octets in a page. */
} guard;

static inline void guard_check(int good, const char *what) {
  if (!good) {
    perror(what);
    exit(EXIT_FAILURE);
  }
}

/* Room for SIZE octets, 0 or more, that may be written. */
static inline guard guard_room(size_t size) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  const size_t inner = (size / page + 1) * page;
  guard g = {NULL, size, NULL, inner + 2 * page, page};

  g.map = (uint8_t *)mmap(NULL, g.map_size, PROT_NONE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  guard_check((void *)g.map != MAP_FAILED, "mmap");
  guard_check(mprotect(g.map + page, inner, PROT_READ | PROT_WRITE) == 0,
              "mprotect");
  g.bytes = g.map + page + inner - size;
  return g;
}

/* A copy of SIZE octets, which may be read but not written. */
static inline guard guard_put(const void *bytes, size_t size) {
  const guard g = guard_room(size);

  if (size > 0) {
    memcpy(g.bytes, bytes, size);
  }
  guard_check(mprotect(g.map + g.page, g.map_size - 2 * g.page, PROT_READ) == 0,
              "mprotect");
  return g;
}

static inline void guard_free(guard *g) {
  guard_check(munmap(g->map, g->map_size) == 0, "munmap");
  g->map = NULL;
  g->bytes = NULL;
}

#endif /* TCPFLOW_TESTS_GUARD_H */
