/* tests/unit/text/test_critbit.c - mirror of lib/text/critbit.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "text/critbit.h"

enum {
  ENTRIES = 2000
};

typedef struct item {
  tcpflow__crit_entry entry;
  uint8_t key[8];
  int in;
} item;

static item items[ENTRIES];

static uint32_t roll(uint64_t *dice) {
  *dice ^= (*dice & (UINT64_MAX >> 13)) << 13;
  *dice ^= *dice >> 7;
  *dice ^= (*dice & (UINT64_MAX >> 17)) << 17;
  return (uint32_t)(*dice >> 32);
}

/* Different keys of few bits, so that branches are deep. */
static void make_items(void) {
  for (unsigned i = 0; i < ENTRIES; i++) {
    items[i] = (item){.key = {(uint8_t)(i & 3), (uint8_t)(i >> 2 & 7), 0,
                              (uint8_t)(i >> 5 & 0xff), 1}};
    items[i].entry.key = items[i].key;
    items[i].entry.length = 5 + i % 4; /* Zeros behind do not matter. */
  }
}

static void check(const tcpflow__crit_tree *tree) {
  for (unsigned i = 0; i < ENTRIES; i++) {
    assert_ptr_equal(
      tcpflow__crit_find(tree, items[i].key, items[i].entry.length),
      items[i].in ? &items[i].entry : NULL);
  }
}

static void crit__empty__finds_nothing(void **state) {
  const tcpflow__crit_tree tree = {{NULL, 0}};

  (void)state;
  assert_null(tcpflow__crit_find(&tree, (const uint8_t *)"a", 1));
}

static void crit__random_operations__a_set(void **state) {
  tcpflow__crit_tree tree = {{NULL, 0}};
  uint64_t dice = UINT64_C(0x9e3779b97f4a7c15);

  (void)state;
  make_items();
  for (unsigned i = 0; i < 40000; i++) {
    item *const one = &items[roll(&dice) % ENTRIES];

    if (one->in) {
      tcpflow__crit_remove(&tree, &one->entry);
    } else {
      tcpflow__crit_insert(&tree, &one->entry);
    }
    one->in = !one->in;
    if (i % 997 == 0) {
      check(&tree);
    }
  }
  check(&tree);
  for (unsigned i = 0; i < ENTRIES; i++) {
    if (items[i].in) {
      tcpflow__crit_remove(&tree, &items[i].entry);
      items[i].in = 0;
    }
  }
  check(&tree);
  assert_null(tree.root.to);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(crit__empty__finds_nothing),
    cmocka_unit_test(crit__random_operations__a_set),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
