/* tests/unit/base/test_mem.c - mirror of lib/base/mem.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/mem.h"
#include "unit/failmem.h"

static void mem_read__null__the_c_library(void **state) {
  tcpflow_mem mem;

  (void)state;
  assert_int_equal(tcpflow__mem_read(&mem, NULL), TCPFLOW_OK);

  uint8_t *block = tcpflow__calloc(&mem, 4, 4);
  assert_non_null(block);
  for (size_t i = 0; i < 16; i++) {
    assert_int_equal(block[i], 0);
    block[i] = (uint8_t)i;
  }
  block = tcpflow__realloc(&mem, block, 4096);
  assert_non_null(block);
  assert_int_equal(block[15], 15);
  tcpflow__free(&mem, block);

  block = tcpflow__malloc(&mem, 1);
  assert_non_null(block);
  tcpflow__free(&mem, block);
  tcpflow__free(&mem, NULL);
}

static void
mem_read__callers_table__every_function_with_its_user(void **state) {
  failmem fm = {0};
  const tcpflow_mem theirs = failmem_table(&fm);
  tcpflow_mem mem;

  (void)state;
  assert_int_equal(tcpflow__mem_read(&mem, &theirs), TCPFLOW_OK);

  void *one = tcpflow__malloc(&mem, 10);
  void *two = tcpflow__calloc(&mem, 2, 10);
  assert_int_equal(fm.live_blocks, 2);
  assert_int_equal(fm.live_bytes, 30);
  one = tcpflow__realloc(&mem, one, 100);
  assert_int_equal(fm.live_blocks, 2);
  assert_int_equal(fm.live_bytes, 120);
  tcpflow__free(&mem, one);
  tcpflow__free(&mem, two);
  assert_int_equal(fm.requests, 3);
  assert_int_equal(fm.live_blocks, 0);
  assert_int_equal(fm.live_bytes, 0);
}

static void mem_read__a_function_missing__invalid(void **state) {
  failmem fm = {0};
  tcpflow_mem mem;
  tcpflow_mem before;

  (void)state;
  memset(&mem, 0x5a, sizeof(mem));
  before = mem;
  for (int missing = 0; missing < 4; missing++) {
    tcpflow_mem theirs = failmem_table(&fm);

    theirs.malloc = missing == 0 ? NULL : theirs.malloc;
    theirs.calloc = missing == 1 ? NULL : theirs.calloc;
    theirs.realloc = missing == 2 ? NULL : theirs.realloc;
    theirs.free = missing == 3 ? NULL : theirs.free;
    assert_int_equal(tcpflow__mem_read(&mem, &theirs), TCPFLOW_ERR_INVALID);
    assert_memory_equal(&mem, &before, sizeof(mem));
  }
}

static void failmem__fail_at__that_request_only(void **state) {
  failmem fm = {.fail_at = 2};
  const tcpflow_mem mem = failmem_table(&fm);

  (void)state;
  void *one = tcpflow__malloc(&mem, 1);
  assert_non_null(one);
  assert_null(tcpflow__realloc(&mem, one, 2));
  void *two = tcpflow__malloc(&mem, 1);
  assert_non_null(two);
  tcpflow__free(&mem, one);
  tcpflow__free(&mem, two);
  assert_int_equal(fm.live_blocks, 0);
}

static void failmem__fail_from__all_requests_from_there(void **state) {
  failmem fm = {.fail_at = 1, .fail_from = 1};
  const tcpflow_mem mem = failmem_table(&fm);

  (void)state;
  for (int i = 0; i < 3; i++) {
    assert_null(tcpflow__malloc(&mem, 1));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(mem_read__null__the_c_library),
    cmocka_unit_test(mem_read__callers_table__every_function_with_its_user),
    cmocka_unit_test(mem_read__a_function_missing__invalid),
    cmocka_unit_test(failmem__fail_at__that_request_only),
    cmocka_unit_test(failmem__fail_from__all_requests_from_there),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
