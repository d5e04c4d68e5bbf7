/* tests/unit/queue/test_arena.c - mirror of lib/queue/arena.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "queue/arena.h"
#include "unit/failmem.h"

enum {
  USUAL = 16384 /* The room of a block. */
};

static tcpflow__arena arena_of(failmem *fm, uint64_t max) {
  return (tcpflow__arena){.mem = failmem_table(fm), .max = max};
}

static void take__any_sizes__aligned_and_apart(void **state) {
  failmem fm = {0};
  tcpflow__arena arena = arena_of(&fm, UINT64_MAX);
  uint8_t *at[300];

  (void)state;
  for (size_t i = 0; i < 300; i++) {
    at[i] = tcpflow__arena_take(&arena, i + 1);
    assert_non_null(at[i]);
    assert_int_equal((uintptr_t)at[i] % _Alignof(max_align_t), 0);
    memset(at[i], (int)(i & 0xff), i + 1);
  }
  for (size_t i = 0; i < 300; i++) {
    assert_int_equal(at[i][0], i & 0xff);
    assert_int_equal(at[i][i], i & 0xff);
  }
  assert_true(fm.live_blocks > 1);
  assert_int_equal(arena.bytes, fm.live_bytes);
  tcpflow__arena_clear(&arena);
  assert_int_equal(arena.bytes, 0);
  assert_int_equal(fm.live_blocks, 0);
}

static void copy__octets__same(void **state) {
  static const uint8_t octets[5] = {1, 2, 3, 4, 5};
  failmem fm = {0};
  tcpflow__arena arena = arena_of(&fm, UINT64_MAX);
  const uint8_t *const copy = tcpflow__arena_copy(&arena, octets, 5);

  (void)state;
  assert_non_null(copy);
  assert_ptr_not_equal(copy, octets);
  assert_memory_equal(copy, octets, 5);
  tcpflow__arena_clear(&arena);
}

static void take__block_is_full__another(void **state) {
  failmem fm = {0};
  tcpflow__arena arena = arena_of(&fm, UINT64_MAX);

  (void)state;
  assert_non_null(tcpflow__arena_take(&arena, USUAL - 16));
  assert_non_null(tcpflow__arena_take(&arena, 16));
  assert_int_equal(fm.live_blocks, 1);
  assert_non_null(tcpflow__arena_take(&arena, 1));
  assert_int_equal(fm.live_blocks, 2);
  tcpflow__arena_clear(&arena);
}

static void take__larger_than_a_block__one_of_its_own(void **state) {
  failmem fm = {0};
  tcpflow__arena arena = arena_of(&fm, UINT64_MAX);
  uint8_t *large;

  (void)state;
  assert_non_null(tcpflow__arena_take(&arena, 1));
  large = tcpflow__arena_take(&arena, USUAL * 4);
  assert_non_null(large);
  memset(large, 7, USUAL * 4);
  assert_int_equal(fm.live_blocks, 2);
  tcpflow__arena_clear(&arena);
  assert_int_equal(fm.live_blocks, 0);
}

static void take__cap__never_exceeded(void **state) {
  (void)state;
  for (uint64_t max = 0; max < 3000; max += 7) {
    failmem fm = {0};
    tcpflow__arena arena = arena_of(&fm, max);
    while (tcpflow__arena_take(&arena, 48) != NULL) {
      assert_true(arena.bytes <= max);
    }
    assert_int_equal(arena.error, TCPFLOW_ERR_LIMIT);
    assert_true(fm.peak_bytes <= max);
    tcpflow__arena_clear(&arena);
  }
}

static void take__more_than_there_is__refused(void **state) {
  failmem fm = {0};
  tcpflow__arena arena = arena_of(&fm, UINT64_MAX);

  (void)state;
  assert_null(tcpflow__arena_take(&arena, SIZE_MAX));
  assert_int_equal(arena.error, TCPFLOW_ERR_LIMIT);
  assert_null(tcpflow__arena_take(&arena, SIZE_MAX / 2 + 1));
  assert_int_equal(fm.requests, 0);
  tcpflow__arena_clear(&arena);
}

static void take__no_memory__nothing_changes(void **state) {
  failmem fm = {.fail_at = 2};
  tcpflow__arena arena = arena_of(&fm, UINT64_MAX);
  const uint64_t before = sizeof(max_align_t);

  (void)state;
  assert_non_null(tcpflow__arena_take(&arena, before));
  assert_null(tcpflow__arena_take(&arena, USUAL));
  assert_int_equal(arena.error, TCPFLOW_ERR_NOMEM);
  assert_int_equal(arena.bytes, fm.live_bytes);
  /* The block that is there serves on. */
  assert_non_null(tcpflow__arena_take(&arena, before));
  assert_int_equal(fm.live_blocks, 1);
  tcpflow__arena_clear(&arena);
}

static void reset__several_blocks__one_is_kept(void **state) {
  failmem fm = {0};
  tcpflow__arena arena = arena_of(&fm, UINT64_MAX);
  void *const first = tcpflow__arena_take(&arena, 16);

  (void)state;
  for (unsigned i = 0; i < 5; i++) {
    assert_non_null(tcpflow__arena_take(&arena, USUAL));
  }
  tcpflow__arena_reset(&arena);
  assert_int_equal(fm.live_blocks, 1);
  assert_int_equal(arena.bytes, fm.live_bytes);
  assert_ptr_equal(tcpflow__arena_take(&arena, 16), first);
  tcpflow__arena_clear(&arena);
}

/* What one large event took is not kept for ever. */
static void reset__large_block_first__nothing_kept(void **state) {
  failmem fm = {0};
  tcpflow__arena arena = arena_of(&fm, UINT64_MAX);

  (void)state;
  assert_non_null(tcpflow__arena_take(&arena, USUAL * 2));
  tcpflow__arena_reset(&arena);
  assert_int_equal(fm.live_blocks, 0);
  assert_int_equal(arena.bytes, 0);
  tcpflow__arena_reset(&arena);
  assert_non_null(tcpflow__arena_take(&arena, 1));
  tcpflow__arena_clear(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(take__any_sizes__aligned_and_apart),
    cmocka_unit_test(copy__octets__same),
    cmocka_unit_test(take__block_is_full__another),
    cmocka_unit_test(take__larger_than_a_block__one_of_its_own),
    cmocka_unit_test(take__cap__never_exceeded),
    cmocka_unit_test(take__more_than_there_is__refused),
    cmocka_unit_test(take__no_memory__nothing_changes),
    cmocka_unit_test(reset__several_blocks__one_is_kept),
    cmocka_unit_test(reset__large_block_first__nothing_kept),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
