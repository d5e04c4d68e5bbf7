/* tests/unit/frag/test_store.c - mirror of lib/frag/store.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "frag/store.h"
#include "unit/failmem.h"

static const uint8_t secret[16] = {1, 2, 3};

static tcpflow__frag_key key_of(uint32_t id) {
  tcpflow__frag_key key;

  memset(&key, 0, sizeof(key));
  key.ends.version = 4;
  key.ends.address[0][0] = 10;
  key.id = id;
  key.protocol = 6;
  return key;
}

static tcpflow__pending *enter(tcpflow__store *store, uint32_t id) {
  tcpflow__pending *const p =
    (tcpflow__pending *)tcpflow__calloc(&store->mem, 1, sizeof(*p));

  p->key = key_of(id);
  p->hash = tcpflow__store_hash(store, &p->key);
  p->memory = sizeof(*p);
  tcpflow__store_enter(store, p);
  return p;
}

static tcpflow__pending *find(const tcpflow__store *store,
                              const tcpflow__frag_key *key) {
  return tcpflow__store_find(store, key, tcpflow__store_hash(store, key));
}

static void store_find__any_member_differs__another_one(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  const tcpflow__frag_key key = key_of(7);
  tcpflow__frag_key others[8];
  tcpflow__store store;
  tcpflow__pending *p;

  (void)state;
  assert_int_equal(tcpflow__store_init(&store, &mem, secret), TCPFLOW_OK);
  p = enter(&store, 7);
  assert_ptr_equal(find(&store, &key), p);
  for (unsigned i = 0; i < 8; i++) {
    others[i] = key;
  }
  others[0].id++;
  others[1].protocol = 17;
  others[2].ends.scope++;
  others[3].ends.vlan = 0x1001;
  others[4].ends.tunnel = 0x03000001;
  others[5].ends.version = 6;
  others[6].ends.address[0][15] = 1;
  others[7].ends.address[1][0] = 1;
  for (unsigned i = 0; i < 8; i++) {
    assert_null(find(&store, &others[i]));
    /* The hash only says where to look. */
    assert_null(tcpflow__store_find(&store, &others[i], p->hash));
  }
  tcpflow__store_clear(&store);
  assert_int_equal(fm.live_blocks, 0);
}

static void store_find__complete__not_found(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  const tcpflow__frag_key key = key_of(7);
  tcpflow__store store;

  (void)state;
  assert_int_equal(tcpflow__store_init(&store, &mem, secret), TCPFLOW_OK);
  enter(&store, 7)->complete = true;
  assert_null(find(&store, &key));
  tcpflow__store_clear(&store);
}

/* Beyond the first buckets, with memory for more and without. */
static void check_many(size_t fail_at) {
  enum {
    MANY = 1000
  };
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow__store store;
  tcpflow__pending *all[MANY];

  assert_int_equal(tcpflow__store_init(&store, &mem, secret), TCPFLOW_OK);
  for (uint32_t i = 0; i < MANY; i++) {
    fm.fail_at = fail_at == 0 ? 0 : fm.requests + fail_at;
    all[i] = enter(&store, i);
  }
  fm.fail_at = 0;
  assert_int_equal(store.count, MANY);
  assert_int_equal(store.memory, MANY * sizeof(tcpflow__pending));
  assert_int_equal(store.mask > 64, fail_at == 0);
  for (uint32_t i = 0; i < MANY; i += 3) {
    tcpflow__store_remove(&store, all[i]);
    all[i] = NULL;
  }
  for (uint32_t i = 0; i < MANY; i++) {
    const tcpflow__frag_key key = key_of(i);
    assert_ptr_equal(find(&store, &key), all[i]);
  }
  assert_ptr_equal(store.oldest, all[1]);
  assert_ptr_equal(store.newest, all[998]);
  for (uint32_t i = 1; i < MANY; i++) {
    if (all[i] != NULL) {
      tcpflow__store_remove(&store, store.oldest);
      const tcpflow__frag_key key = key_of(i);
      assert_null(find(&store, &key));
    }
  }
  assert_null(store.newest);
  assert_int_equal(store.count, 0);
  assert_int_equal(store.memory, 0);
  tcpflow__store_clear(&store);
  assert_int_equal(fm.live_blocks, 0);
}

static void store__many__all_found_in_order(void **state) {
  (void)state;
  check_many(0);
}

static void store__no_memory_to_grow__all_found_in_order(void **state) {
  (void)state;
  check_many(2); /* The second request of an entry is for buckets. */
}

static void store_init__no_memory__told(void **state) {
  failmem fm = {.fail_at = 1};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow__store store;

  (void)state;
  assert_int_equal(tcpflow__store_init(&store, &mem, secret),
                   TCPFLOW_ERR_NOMEM);
}

/* Another secret puts them elsewhere. */
static void store_hash__other_secret__other_hash(void **state) {
  static const uint8_t other[16] = {[15] = 1};
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  const tcpflow__frag_key key = key_of(7);
  tcpflow__store a;
  tcpflow__store b;

  (void)state;
  assert_int_equal(tcpflow__store_init(&a, &mem, secret), TCPFLOW_OK);
  assert_int_equal(tcpflow__store_init(&b, &mem, other), TCPFLOW_OK);
  assert_true(tcpflow__store_hash(&a, &key) != tcpflow__store_hash(&b, &key));
  tcpflow__store_clear(&a);
  tcpflow__store_clear(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(store_find__any_member_differs__another_one),
    cmocka_unit_test(store_find__complete__not_found),
    cmocka_unit_test(store__many__all_found_in_order),
    cmocka_unit_test(store__no_memory_to_grow__all_found_in_order),
    cmocka_unit_test(store_init__no_memory__told),
    cmocka_unit_test(store_hash__other_secret__other_hash),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
