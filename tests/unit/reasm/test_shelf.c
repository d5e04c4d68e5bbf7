/*
 * tests/unit/reasm/test_shelf.c - mirror of lib/reasm/shelf.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reasm/shelf.h"
#include "unit/failmem.h"

enum {
  FULL = 1448,
  OTHER = 1380,
  MOST = 3
};

typedef struct bench {
  failmem fm;
  tcpflow_mem mem;
  tcpflow__shelf shelf;
} bench;

static void begin(bench *b) {
  memset(b, 0, sizeof(*b));
  b->mem = failmem_table(&b->fm);
  b->shelf.most = MOST * tcpflow__piece_cost(FULL);
}

static tcpflow__piece *make(bench *b, uint32_t size) {
  tcpflow__piece *const p = tcpflow__malloc(&b->mem, tcpflow__piece_cost(size));

  assert_non_null(p);
  p->size = size;
  return p;
}

static void give(bench *b, uint32_t size) {
  tcpflow__shelf_give(&b->shelf, &b->mem, make(b, size));
}

/* All that was not given back waits there, and is counted. */
static void assert_waiting(const bench *b, uint32_t count, uint32_t size) {
  assert_int_equal(b->shelf.count, count);
  assert_int_equal(b->fm.live_blocks, count);
  assert_int_equal(b->fm.live_bytes, count * tcpflow__piece_cost(size));
  assert_int_equal(tcpflow__shelf_octets(&b->shelf), b->fm.live_bytes);
}

static void give__a_full_one__the_latest_is_taken_first(void **state) {
  bench b;

  (void)state;
  begin(&b);
  tcpflow__piece *const first = make(&b, FULL);
  tcpflow__piece *const second = make(&b, FULL);
  tcpflow__shelf_give(&b.shelf, &b.mem, first);
  tcpflow__shelf_give(&b.shelf, &b.mem, second);
  assert_waiting(&b, 2, FULL);
  assert_ptr_equal(tcpflow__shelf_take(&b.shelf, FULL), second);
  assert_ptr_equal(tcpflow__shelf_take(&b.shelf, FULL), first);
  assert_null(tcpflow__shelf_take(&b.shelf, FULL));
  tcpflow__shelf_give(&b.shelf, &b.mem, first);
  tcpflow__shelf_give(&b.shelf, &b.mem, second);
  tcpflow__shelf_drop(&b.shelf, &b.mem);
  assert_waiting(&b, 0, FULL);
}

static void give__more_than_most__freed(void **state) {
  bench b;

  (void)state;
  begin(&b);
  for (unsigned i = 0; i < 2 * MOST; i++) {
    give(&b, FULL);
  }
  assert_waiting(&b, MOST, FULL);
  tcpflow__shelf_drop(&b.shelf, &b.mem);
  assert_waiting(&b, 0, FULL);
}

static void give__no_shelf__freed(void **state) {
  bench b;

  (void)state;
  begin(&b);
  b.shelf.most = 0;
  give(&b, FULL);
  give(&b, OTHER);
  assert_waiting(&b, 0, FULL);
  assert_null(tcpflow__shelf_take(&b.shelf, FULL));
}

/* An allocator is quick with these, and they take nothing away. */
static void give__a_small_one__freed(void **state) {
  bench b;

  (void)state;
  begin(&b);
  give(&b, TCPFLOW__SHELF_LEAST - 1);
  assert_waiting(&b, 0, FULL);
  give(&b, FULL);
  give(&b, TCPFLOW__SHELF_LEAST - 1);
  give(&b, 0);
  assert_waiting(&b, 1, FULL);
  tcpflow__shelf_drop(&b.shelf, &b.mem);
}

static void take__another_size__none(void **state) {
  bench b;

  (void)state;
  begin(&b);
  give(&b, FULL);
  assert_null(tcpflow__shelf_take(&b.shelf, FULL - 1));
  assert_null(tcpflow__shelf_take(&b.shelf, FULL + 1));
  assert_waiting(&b, 1, FULL);
  tcpflow__shelf_drop(&b.shelf, &b.mem);
}

/* Whatever was there first, the size that comes is what waits. */
static void give__of_another_size__takes_one_away(void **state) {
  bench b;

  (void)state;
  begin(&b);
  give(&b, FULL);
  give(&b, FULL);
  give(&b, OTHER);
  assert_waiting(&b, 1, FULL);
  give(&b, OTHER);
  assert_waiting(&b, 0, FULL);
  give(&b, OTHER);
  assert_waiting(&b, 1, OTHER);
  tcpflow__shelf_drop(&b.shelf, &b.mem);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(give__a_full_one__the_latest_is_taken_first),
    cmocka_unit_test(give__more_than_most__freed),
    cmocka_unit_test(give__no_shelf__freed),
    cmocka_unit_test(give__a_small_one__freed),
    cmocka_unit_test(take__another_size__none),
    cmocka_unit_test(give__of_another_size__takes_one_away),
  };

  return cmocka_run_group_tests_name("shelf", tests, NULL, NULL);
}
