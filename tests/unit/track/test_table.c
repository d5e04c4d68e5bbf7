/* tests/unit/track/test_table.c - mirror of lib/track/table.c and search.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "track/buckets.h"
#include "track/table.h"
#include "track/tags.h"
#include "unit/failmem.h"
#include "unit/track/traffic.h"

/* A table, and a naive array beside it. */
typedef struct model {
  failmem fm;
  tcpflow_mem mem;
  tcpflow__flows flows;
  tcpflow__table table;
  uint32_t *index_of; /* By client number; TCPFLOW__FLOW_NONE: not there. */
  uint32_t clients;
  uint32_t (*hash_of)(uint32_t client);
} model;

static void model_init(model *m, uint32_t clients,
                       uint32_t (*hash_of)(uint32_t client)) {
  memset(m, 0, sizeof(*m));
  m->mem = failmem_table(&m->fm);
  m->clients = clients;
  m->hash_of = hash_of;
  assert_int_equal(tcpflow__flows_init(&m->flows, &m->mem, clients),
                   TCPFLOW_OK);
  assert_int_equal(tcpflow__table_init(&m->table, &m->mem, &m->flows),
                   TCPFLOW_OK);
  m->index_of = (uint32_t *)malloc(clients * sizeof(uint32_t));
  memset(m->index_of, 0xff, clients * sizeof(uint32_t));
}

static void model_clear(model *m) {
  tcpflow__table_clear(&m->table);
  tcpflow__flows_clear(&m->flows);
  free(m->index_of);
  assert_int_equal(m->fm.live_blocks, 0);
}

static uint32_t model_find(const model *m, uint32_t client) {
  tcpflow_tuple tuple = tuple_of(client);
  static const uint8_t secret[16] = {0};
  tcpflow__hasher hasher;
  tcpflow__key key;

  tcpflow__hasher_init(&hasher, secret, 0);
  tcpflow__key_init(&key, &hasher, &tuple);
  key.hash = m->hash_of(client);
  return tcpflow__table_find(&m->table, &key);
}

static void model_insert(model *m, uint32_t client) {
  assert_int_equal(tcpflow__table_reserve(&m->table), TCPFLOW_OK);
  const uint32_t index = tcpflow__flows_take(&m->flows, false);
  assert_int_not_equal(index, TCPFLOW__FLOW_NONE);

  /* No more requests: reserve() and take() asked for all that is needed. */
  const size_t requests = m->fm.requests;
  tcpflow__flow *const flow = tcpflow__flows_at(&m->flows, index);
  flow->hash = m->hash_of(client);
  flow->swapped = 0;
  const tcpflow_tuple tuple = tuple_of(client);
  tcpflow__ends_set(&flow->conn.ends, &tuple, NULL);
  tcpflow__table_insert(&m->table, index);
  assert_int_equal(m->fm.requests, requests);
  m->index_of[client] = index;
}

static void model_remove(model *m, uint32_t client) {
  tcpflow__table_remove(&m->table, m->index_of[client]);
  tcpflow__flows_give(&m->flows, m->index_of[client]);
  m->index_of[client] = TCPFLOW__FLOW_NONE;
}

/* The bits above the indexes of a bucket are those of the hashes, and the one
   that its next split asks for is among them. */
static void check_bits(const tcpflow__bucket *bucket, uint32_t level,
                       const tcpflow__flow *flow, uint32_t word) {
  const uint32_t from = tcpflow__bucket_from(bucket);

  assert_in_range(level, from, from + TCPFLOW__PLACE_BITS - 1);
  assert_int_equal(word >> TCPFLOW__PLACE_INDEX,
                   flow->hash >> from & ((1U << TCPFLOW__PLACE_BITS) - 1));
}

/* How many low bits of a hash lead to a bucket. */
static uint32_t level_of(const tcpflow__table *table, uint32_t which) {
  const uint32_t width = tcpflow__bit_lowest(table->mask + UINT64_C(1));

  return which > table->mask || which + table->mask + 1 < table->buckets
           ? width + 1
           : width;
}

/* Every bucket: places taken are filled from the front, tags are right, flows
   are where their hashes lead, no bucket but the last of a chain has room. */
static void model_check(const model *m) {
  const tcpflow__table *const table = &m->table;
  uint32_t seen = 0;

  for (uint32_t i = 0; i < table->buckets; i++) {
    const tcpflow__bucket *bucket = tcpflow__bucket_at(table, i);
    for (;;) {
      const uint32_t taken = bucket->rest & TCPFLOW__BUCKET_TAKEN;
      const uint32_t behind = tcpflow__bucket_behind(bucket);
      for (uint32_t place = 0; place < TCPFLOW__BUCKET_PLACES; place++) {
        if (place >= taken) {
          assert_int_equal(bucket->place[place], 0);
          continue;
        }
        const uint32_t word = bucket->place[place];
        const tcpflow__flow *const flow =
          tcpflow__flows_at(&m->flows, (word & TCPFLOW__PLACE_INDEX_MASK) - 1);
        check_bits(bucket, level_of(table, i), flow, word);
        assert_int_equal(bucket->tag[place], tcpflow__bucket_tag(flow->hash));
        assert_ptr_equal(tcpflow__bucket_of(table, flow->hash),
                         tcpflow__bucket_at(table, i));
        seen++;
      }
      if (behind == 0) {
        assert_true(taken > 0 || bucket == tcpflow__bucket_at(table, i));
        break;
      }
      assert_int_equal(taken, TCPFLOW__BUCKET_PLACES);
      bucket = tcpflow__overflow_at(table, behind);
    }
  }
  assert_int_equal(seen, table->count);
}

static void model_run(model *m, uint64_t seed, unsigned steps) {
  uint32_t there = 0;

  for (unsigned i = 0; i < steps; i++) {
    /* Waves: mostly insertions, then mostly removals. */
    const bool grow = (i / 20000) % 2 == 0;
    const uint32_t client = (uint32_t)(dice(&seed) % m->clients);
    const bool is = m->index_of[client] != TCPFLOW__FLOW_NONE;

    assert_int_equal(model_find(m, client), m->index_of[client]);
    if (!is && (grow || dice(&seed) % 4 == 0)) {
      model_insert(m, client);
      there++;
    } else if (is && (!grow || dice(&seed) % 4 == 0)) {
      model_remove(m, client);
      there--;
    }
    assert_int_equal(m->table.count, there);
    if (i % 5000 == 0) {
      model_check(m);
    }
  }
  model_check(m);
  for (uint32_t client = 0; client < m->clients; client++) {
    assert_int_equal(model_find(m, client), m->index_of[client]);
  }
}

static uint32_t hash_good(uint32_t client) {
  uint64_t x = client * UINT64_C(0x9e3779b97f4a7c15) + 77;

  return (uint32_t)(dice(&x) >> 20);
}

static uint32_t hash_same(uint32_t client) {
  (void)client;
  return UINT32_C(0xdeadbeef);
}

/* All tags are 0, which is also what a free place holds. */
static uint32_t hash_tag_0(uint32_t client) {
  return client & UINT32_C(0x00ffffff);
}

/* Few buckets, many tags. */
static uint32_t hash_low_same(uint32_t client) {
  return client << 20;
}

/* One hash for half of the clients: overflow buckets are used again, too. */
static uint32_t hash_half(uint32_t client) {
  return client % 2 == 0 ? hash_good(client) : UINT32_C(0x12345678);
}

static void table__random_work__as_an_array(void **state) {
  model m;

  (void)state;
  model_init(&m, 20000, hash_good);
  model_run(&m, 1, 100000);
  model_clear(&m);
}

static void table__one_hash_for_all__never_merged(void **state) {
  model m;

  (void)state;
  model_init(&m, 500, hash_same);
  model_run(&m, 2, 20000);
  model_clear(&m);
}

static void table__equal_tags__as_an_array(void **state) {
  model m;

  (void)state;
  model_init(&m, 3000, hash_tag_0);
  model_run(&m, 3, 30000);
  model_clear(&m);
}

static void table__few_buckets__as_an_array(void **state) {
  model m;

  (void)state;
  model_init(&m, 1000, hash_low_same);
  model_run(&m, 4, 30000);
  model_clear(&m);
}

static void table__one_record__as_an_array(void **state) {
  model m;

  (void)state;
  model_init(&m, 1, hash_good);
  model_run(&m, 5, 100);
  model_clear(&m);
}

/* An insertion splits one bucket at most: no packet pays for a rehash. */
static void insert__growing__one_bucket_at_a_time(void **state) {
  model m;

  (void)state;
  model_init(&m, 10000, hash_good);
  for (uint32_t client = 0; client < m.clients; client++) {
    const uint32_t before = m.table.buckets;
    model_insert(&m, client);
    assert_true(m.table.buckets - before <= 1);
    assert_true(m.table.count <= m.table.buckets * TCPFLOW__BUCKET_LOAD);
  }
  assert_int_equal(m.table.buckets, 9999 / TCPFLOW__BUCKET_LOAD + 1);
  model_check(&m);
  model_clear(&m);
}

/* The bucket that splits next, and the bit of the hashes by which it does. */
static const tcpflow__bucket *next_of(const tcpflow__table *table,
                                      uint32_t *bit) {
  const uint32_t which = table->buckets & table->mask;

  *bit = level_of(table, which);
  return tcpflow__bucket_at(table, which);
}

/* All records have other hashes, or their own again. */
static void scramble(const model *m, uint32_t clients) {
  for (uint32_t client = 0; client < clients; client++) {
    tcpflow__flows_at(&m->flows, m->index_of[client])->hash ^= UINT32_MAX;
  }
}

/* Records are only read by splits that use up what stands above the indexes,
   and in each round these are at most some more than a quarter. */
static void split__bits_left__reads_no_record(void **state) {
  unsigned all[32] = {0};
  unsigned renewed[32] = {0};
  model m;

  (void)state;
  model_init(&m, 20000, hash_half);
  for (uint32_t client = 0; client < m.clients; client++) {
    uint32_t bit;
    const tcpflow__bucket *const next = next_of(&m.table, &bit);
    const bool renews =
      tcpflow__bucket_from(next) + TCPFLOW__PLACE_BITS == bit + 1;
    const bool splits = tcpflow__table_wants_split(&m.table);

    if (splits) {
      all[bit]++;
      renewed[bit] += renews;
    }
    if (splits && !renews) {
      scramble(&m, client);
    }
    model_insert(&m, client);
    if (splits && !renews) {
      scramble(&m, client);
      model_check(&m);
    }
  }
  for (unsigned bit = TCPFLOW__PLACE_BITS; bit < 32; bit++) {
    assert_true(renewed[bit] <= all[bit] / 4 + 2);
  }
  model_clear(&m);
}

static void table_empty__filled_again__no_more_memory(void **state) {
  model m;
  size_t requests = 0;

  (void)state;
  model_init(&m, 3000, hash_half);
  for (unsigned round = 0; round < 3; round++) {
    for (uint32_t client = 0; client < m.clients; client++) {
      model_insert(&m, client);
    }
    model_check(&m);
    requests = round == 0 ? m.fm.requests : requests;
    assert_int_equal(m.fm.requests, requests);
    for (uint32_t client = 0; client < m.clients; client++) {
      tcpflow__flows_give(&m.flows, m.index_of[client]);
      m.index_of[client] = TCPFLOW__FLOW_NONE;
    }
    model_check(&m);
    tcpflow__table_empty(&m.table);
    assert_int_equal(m.table.count, 0);
    model_check(&m);
  }
  model_clear(&m);
}

static void reserve__no_memory__table_as_it_was(void **state) {
  model m;
  unsigned failures = 0;

  (void)state;
  model_init(&m, 5000, hash_same);
  for (uint32_t client = 0; client < 2000; client++) {
    m.fm.fail_at = m.fm.requests + 1;
    while (tcpflow__table_reserve(&m.table) != TCPFLOW_OK) {
      failures++;
      m.fm.fail_at = m.fm.requests + 2;
    }
    m.fm.fail_at = 0;
    model_insert(&m, client);
  }
  assert_true(failures > 0);
  model_check(&m);
  model_clear(&m);
}

static void table_init__no_memory__nothing_kept(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow__flows flows;
  tcpflow__table table;

  (void)state;
  assert_int_equal(tcpflow__flows_init(&flows, &mem, 10), TCPFLOW_OK);
  for (size_t n = 1; n <= 3; n++) {
    fm.requests = 0;
    fm.fail_at = n;
    assert_int_equal(tcpflow__table_init(&table, &mem, &flows),
                     TCPFLOW_ERR_NOMEM);
    assert_int_equal(fm.live_blocks, 1);
  }
  tcpflow__flows_clear(&flows);
}

/* A hint is never wrong about a flow that is alone with its tag. */
static void hint__flow_in_its_bucket__found(void **state) {
  model m;
  uint32_t hits = 0;

  (void)state;
  model_init(&m, 2000, hash_good);
  for (uint32_t client = 0; client < m.clients; client++) {
    assert_int_equal(model_find(&m, client), TCPFLOW__FLOW_NONE);
    model_insert(&m, client);
  }
  for (uint32_t client = 0; client < m.clients; client++) {
    const uint32_t hash = hash_good(client);
    hits += tcpflow__tags_hint(tcpflow__bucket_of(&m.table, hash), hash) ==
            m.index_of[client];
  }
  assert_true(hits > m.clients * 9 / 10);
  model_clear(&m);
}

static void came__flows_inserted__noted_until_calm(void **state) {
  model m;

  (void)state;
  model_init(&m, 40, hash_good);
  for (uint32_t client = 0; client < m.clients; client++) {
    assert_false(client == 0 && tcpflow__table_came(&m.table, hash_good(0)));
    model_insert(&m, client);
    assert_true(tcpflow__table_came(&m.table, hash_good(client)));
  }
  model_remove(&m, 7);
  assert_true(tcpflow__table_came(&m.table, hash_good(7)));
  tcpflow__table_calm(&m.table);
  for (uint32_t tag = 0; tag < 256; tag++) {
    assert_false(tcpflow__table_came(&m.table, tag << 24 | 0xffffff));
  }
  model_clear(&m);
}

/* Every place alone has the tag once, the others have one beside it. */
static void tags_hint__each_place__its_flow(void **state) {
  const uint32_t hash = UINT32_C(0x5a000000);

  (void)state;
  for (uint32_t place = 0; place < TCPFLOW__BUCKET_PLACES; place++) {
    tcpflow__bucket bucket = {.rest = UINT32_C(0x5a5a5a5a)};

    for (uint32_t i = 0; i < TCPFLOW__BUCKET_PLACES; i++) {
      bucket.tag[i] = i % 2 == 0 ? 0x5b : 0xda;
      bucket.place[i] = 100 + i;
    }
    assert_int_equal(tcpflow__tags_hint(&bucket, hash), TCPFLOW__FLOW_NONE);
    bucket.tag[place] = 0x5a;
    assert_int_equal(tcpflow__tags_hint(&bucket, hash), 99 + place);
  }
}

/* Two or more flows with one tag: the bits above their indexes tell which. */
static void tags_hint__equal_tags__told_apart(void **state) {
  tcpflow__bucket bucket = {.rest = 9 << TCPFLOW__BUCKET_FROM |
                                    TCPFLOW__BUCKET_PLACES};

  (void)state;
  for (uint32_t i = 0; i < TCPFLOW__BUCKET_PLACES; i++) {
    bucket.tag[i] = 0x5a;
    bucket.place[i] =
      tcpflow__bucket_word(&bucket, i, UINT32_C(0x5a000000) | (20 + i) << 9);
  }
  for (uint32_t i = 0; i < 32; i++) {
    const uint32_t hash = UINT32_C(0x5a0001ff) | i << 9;

    assert_int_equal(tcpflow__tags_hint(&bucket, hash),
                     i >= 20 ? i - 20 : TCPFLOW__FLOW_NONE);
  }
}

/* Places that are free have tag 0, and no flow. */
static void tags_hint__empty_bucket__none(void **state) {
  const tcpflow__bucket bucket = {.rest = 0};

  (void)state;
  assert_int_equal(tcpflow__tags_hint(&bucket, 0), TCPFLOW__FLOW_NONE);
}

static void bucket__size__one_line(void **state) {
  (void)state;
  assert_int_equal(sizeof(tcpflow__bucket), 64);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(bucket__size__one_line),
    cmocka_unit_test(tags_hint__each_place__its_flow),
    cmocka_unit_test(tags_hint__equal_tags__told_apart),
    cmocka_unit_test(tags_hint__empty_bucket__none),
    cmocka_unit_test(table__random_work__as_an_array),
    cmocka_unit_test(table__one_hash_for_all__never_merged),
    cmocka_unit_test(table__equal_tags__as_an_array),
    cmocka_unit_test(table__few_buckets__as_an_array),
    cmocka_unit_test(table__one_record__as_an_array),
    cmocka_unit_test(insert__growing__one_bucket_at_a_time),
    cmocka_unit_test(split__bits_left__reads_no_record),
    cmocka_unit_test(table_empty__filled_again__no_more_memory),
    cmocka_unit_test(reserve__no_memory__table_as_it_was),
    cmocka_unit_test(table_init__no_memory__nothing_kept),
    cmocka_unit_test(hint__flow_in_its_bucket__found),
    cmocka_unit_test(came__flows_inserted__noted_until_calm),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
