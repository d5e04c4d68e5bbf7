/* tests/unit/reasm/test_digest.c - mirror of lib/reasm/digest.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "reasm/digest.h"
#include "unit/failmem.h"

enum {
  RANGE = TCPFLOW__DIGEST_RANGE,
  ROOM = 64 * RANGE
};

typedef struct bench {
  failmem fm;
  tcpflow__budget budget;
  tcpflow__digest_rule rule;
  tcpflow__digests *digests;
  uint8_t stream[ROOM]; /* Octets, by offset from BASE. */
  uint64_t base;
} bench;

static void begin(bench *b, uint32_t max, uint64_t base) {
  memset(b, 0, sizeof(*b));
  b->budget.mem = failmem_table(&b->fm);
  b->budget.cap = UINT64_MAX;
  b->rule = (tcpflow__digest_rule){max, {1, 2}};
  b->base = base;
  for (size_t i = 0; i < sizeof(b->stream); i++) {
    b->stream[i] = (uint8_t)(i * 7 + i / 251);
  }
}

static void finish(bench *b) {
  tcpflow__digests_clear(&b->digests, &b->budget);
  assert_int_equal(b->budget.used, 0);
  assert_int_equal(b->fm.live_blocks, 0);
}

static void tell(bench *b, size_t from, size_t to) {
  const tcpflow_stream_data told = {
    .offset = b->base + from, .bytes = b->stream + from, .length = to - from};

  tcpflow__digests_add(&b->digests, &b->budget, &b->rule, &told);
}

static bool differs(const bench *b, size_t from, size_t to,
                    tcpflow_stream_conflict *conflict) {
  const tcpflow__reasm_input input = {.bytes = b->stream + from,
                                      .offset = b->base + from,
                                      .length = (uint32_t)(to - from),
                                      .captured = (uint32_t)(to - from)};

  return tcpflow__digests_differ(b->digests, &b->rule.key, &input, conflict);
}

static void assert_agrees(const bench *b, size_t from, size_t to) {
  tcpflow_stream_conflict conflict;

  assert_false(differs(b, from, to, &conflict));
}

/* A segment from FROM to TO whose octet AT is another one differs in the range
   [BEGIN, END). */
static void assert_differs(bench *b, size_t from, size_t to, size_t at,
                           const size_t range[2]) {
  tcpflow_stream_conflict conflict;

  b->stream[at] ^= 1;
  assert_true(differs(b, from, to, &conflict));
  assert_true(conflict.offset == b->base + range[0]);
  assert_int_equal(conflict.length, range[1] - range[0]);
  assert_null(conflict.first);
  assert_ptr_equal(conflict.second, b->stream + range[0]);
  assert_int_equal(conflict.delivered, 1);
  assert_int_equal(conflict.replaced, 0);
  assert_true(conflict.first_time == TCPFLOW_TIME_NONE);
  assert_true(conflict.first_number == UINT64_MAX);
  b->stream[at] ^= 1;
}

/* As assert_agrees(), though octet AT is another one. */
static void assert_not_seen(bench *b, size_t from, size_t to, size_t at) {
  b->stream[at] ^= 1;
  assert_agrees(b, from, to);
  b->stream[at] ^= 1;
}

static void differs__nothing_was_told__false(void **state) {
  bench b;

  (void)state;
  begin(&b, 4, 0);
  assert_agrees(&b, 0, 100);
  finish(&b);
}

static void differs__same_octets__false(void **state) {
  bench b;

  (void)state;
  begin(&b, 64, 0);
  tell(&b, 0, 1448);
  tell(&b, 1448, 2896);
  for (size_t from = 0; from < 2896; from += 97) {
    for (size_t to = from; to < 3500; to += 61) {
      assert_agrees(&b, from, to);
    }
  }
  finish(&b);
}

/* 1448 octets and 1448: ranges end at 512, 1024, 1448, 1536, 2048, 2560,
   2896. */
static void differs__however_it_is_cut__whole_ranges(void **state) {
  bench b;

  (void)state;
  begin(&b, 64, 0);
  tell(&b, 0, 1448);
  tell(&b, 1448, 2896);
  assert_differs(&b, 0, 1448, 0, (size_t[]){0, 512});
  assert_differs(&b, 0, 1448, 1447, (size_t[]){1024, 1448});
  assert_differs(&b, 1448, 2896, 1448, (size_t[]){1448, 1536});
  assert_differs(&b, 0, 2896, 1500, (size_t[]){1448, 1536});
  assert_differs(&b, 500, 1100, 600, (size_t[]){512, 1024});
  assert_differs(&b, 1448, 3500, 2895, (size_t[]){2560, 2896});
  assert_not_seen(&b, 500, 1100, 505);
  assert_not_seen(&b, 500, 1100, 1050);
  assert_not_seen(&b, 1448, 3500, 2900);
  finish(&b);
}

/* Small segments have digests of their own, so that one that repeats several
   of them, or one, is compared. */
static void differs__small_segments__each(void **state) {
  bench b;

  (void)state;
  begin(&b, 64, 0);
  for (size_t i = 0; i < 40; i += 4) {
    tell(&b, i, i + 4);
  }
  assert_differs(&b, 8, 12, 9, (size_t[]){8, 12});
  assert_differs(&b, 0, 40, 9, (size_t[]){8, 12});
  assert_not_seen(&b, 9, 13, 9);
  finish(&b);
}

static void differs__two_ranges__from_the_first_to_the_last(void **state) {
  bench b;

  (void)state;
  begin(&b, 64, 0);
  tell(&b, 0, 2048);
  b.stream[600] ^= 1;
  assert_differs(&b, 0, 2048, 1600, (size_t[]){512, 2048});
  finish(&b);
}

static void differs__another_key__other_digests(void **state) {
  tcpflow_stream_conflict conflict;
  bench b;

  (void)state;
  begin(&b, 64, 0);
  tell(&b, 0, 100);
  b.rule.key.k0 ^= 1;
  assert_true(differs(&b, 0, 100, &conflict));
  finish(&b);
}

static void add__more_than_fits__the_last_ones_stay(void **state) {
  bench b;

  (void)state;
  begin(&b, 20, 0);
  tell(&b, 0, ROOM);
  assert_int_equal(b.digests->capacity, 20);
  assert_int_equal(b.digests->count, 20);
  assert_not_seen(&b, 0, ROOM, ROOM - 21 * RANGE);
  assert_differs(&b, 0, ROOM, ROOM - 20 * RANGE,
                 (size_t[]){ROOM - 20 * RANGE, ROOM - 19 * RANGE});
  finish(&b);
}

static void add__one_may_stay__the_last_one(void **state) {
  bench b;

  (void)state;
  begin(&b, 1, 0);
  tell(&b, 0, 10);
  tell(&b, 10, 20);
  tell(&b, 20, 30);
  assert_not_seen(&b, 0, 30, 15);
  assert_differs(&b, 0, 30, 25, (size_t[]){20, 30});
  finish(&b);
}

static void add__behind_a_gap__begins_anew(void **state) {
  bench b;

  (void)state;
  begin(&b, 64, 0);
  tell(&b, 0, 100);
  tell(&b, 101, 200);
  assert_not_seen(&b, 0, 200, 50);
  assert_differs(&b, 0, 200, 150, (size_t[]){101, 200});
  finish(&b);
}

/* Offsets have 64 bits. */
static void differs__beyond_2_to_32__found(void **state) {
  bench b;

  (void)state;
  begin(&b, 64, (UINT64_C(3) << 32) - 16 * RANGE);
  tell(&b, 0, 10 * RANGE);
  tell(&b, 10 * RANGE, 32 * RANGE);
  assert_differs(&b, 0, 32 * RANGE, 3, (size_t[]){0, RANGE});
  assert_differs(&b, 16 * RANGE, 18 * RANGE, 16 * RANGE,
                 (size_t[]){16 * RANGE, 17 * RANGE});
  assert_differs(&b, 30 * RANGE, 32 * RANGE, 32 * RANGE - 1,
                 (size_t[]){31 * RANGE, 32 * RANGE});
  assert_agrees(&b, 0, 32 * RANGE);
  finish(&b);
}

/* Held octets come first. */
static void add__half_of_the_budget_is_used__fewer_stay(void **state) {
  bench b;

  (void)state;
  begin(&b, 64, 0);
  b.budget.cap = 2 * (sizeof(tcpflow__digests) + 16 * sizeof(tcpflow__digest));
  tell(&b, 0, 40 * RANGE);
  assert_int_equal(b.digests->count, 16);
  assert_true(b.budget.used * 2 <= b.budget.cap);
  assert_not_seen(&b, 0, 40 * RANGE, 23 * RANGE);
  assert_differs(&b, 0, 40 * RANGE, 24 * RANGE,
                 (size_t[]){24 * RANGE, 25 * RANGE});
  finish(&b);
  begin(&b, 64, 0);
  b.budget.cap = 2 * sizeof(tcpflow__digests);
  tell(&b, 0, 40);
  assert_null(b.digests);
  finish(&b);
}

static void add__any_request_fails__no_wrong_conflict(void **state) {
  (void)state;
  for (size_t n = 1; n <= 3; n++) {
    bench b;

    begin(&b, 64, 0);
    b.fm.fail_at = n;
    for (size_t i = 0; i < 40; i++) {
      tell(&b, i * 100, i * 100 + 100);
      assert_agrees(&b, 0, ROOM);
    }
    assert_true(b.fm.requests >= n);
    assert_differs(&b, 0, ROOM, 3950, (size_t[]){3900, 4000});
    finish(&b);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(differs__nothing_was_told__false),
    cmocka_unit_test(differs__same_octets__false),
    cmocka_unit_test(differs__however_it_is_cut__whole_ranges),
    cmocka_unit_test(differs__small_segments__each),
    cmocka_unit_test(differs__two_ranges__from_the_first_to_the_last),
    cmocka_unit_test(differs__another_key__other_digests),
    cmocka_unit_test(differs__beyond_2_to_32__found),
    cmocka_unit_test(add__more_than_fits__the_last_ones_stay),
    cmocka_unit_test(add__one_may_stay__the_last_one),
    cmocka_unit_test(add__behind_a_gap__begins_anew),
    cmocka_unit_test(add__half_of_the_budget_is_used__fewer_stay),
    cmocka_unit_test(add__any_request_fails__no_wrong_conflict),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
