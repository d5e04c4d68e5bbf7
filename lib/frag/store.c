/*
 * lib/frag/store.c - all datagrams that wait.
 *
 * Room: frag.  Includes: base, wire.
 */
#include "frag/store.h"

#include <string.h>

#define BUCKETS_FIRST 64U

/* The key and its hash have no padding to go wrong. */
_Static_assert(sizeof(tcpflow__frag_key) == sizeof(tcpflow_tuple) + 8,
               "a key without padding");

int tcpflow__store_init(tcpflow__store *store, const tcpflow_mem *mem,
                        const uint8_t secret[16]) {
  memset(store, 0, sizeof(*store));
  store->mem = *mem;
  store->secret = tcpflow__sipkey_read(secret);
  store->mask = BUCKETS_FIRST - 1;
  store->bucket = (tcpflow__pending **)tcpflow__calloc(mem, BUCKETS_FIRST,
                                                       sizeof(*store->bucket));
  return store->bucket == NULL ? TCPFLOW_ERR_NOMEM : TCPFLOW_OK;
}

void tcpflow__store_clear(tcpflow__store *store) {
  while (store->oldest != NULL) {
    tcpflow__store_remove(store, store->oldest);
  }
  tcpflow__free(&store->mem, store->bucket);
  store->bucket = NULL;
}

uint64_t tcpflow__store_hash(const tcpflow__store *store,
                             const tcpflow__frag_key *key) {
  return tcpflow__siphash13(&store->secret, (const uint8_t *)key, sizeof(*key));
}

static tcpflow__pending **bucket_of(const tcpflow__store *store,
                                    uint64_t hash) {
  return &store->bucket[hash & store->mask];
}

tcpflow__pending *tcpflow__store_find(const tcpflow__store *store,
                                      const tcpflow__frag_key *key,
                                      uint64_t hash) {
  tcpflow__pending *found = *bucket_of(store, hash);

  while (found != NULL && (found->hash != hash || found->complete ||
                           memcmp(&found->key, key, sizeof(*key)) != 0)) {
    found = found->in_bucket;
  }
  return found;
}

static void link_bucket(tcpflow__store *store, tcpflow__pending *pending) {
  tcpflow__pending **const bucket = bucket_of(store, pending->hash);

  pending->in_bucket = *bucket;
  *bucket = pending;
}

/* Twice the buckets, if there are more datagrams than buckets. */
static void grow(tcpflow__store *store) {
  const uint64_t wanted = (store->mask + 1) * 2;
  tcpflow__pending **bigger;

  if (store->count <= store->mask || wanted > SIZE_MAX) {
    return;
  }
  bigger = (tcpflow__pending **)tcpflow__calloc(&store->mem, (size_t)wanted,
                                                sizeof(*bigger));
  if (bigger == NULL) {
    return;
  }
  tcpflow__free(&store->mem, store->bucket);
  store->bucket = bigger;
  store->mask = wanted - 1;
  for (tcpflow__pending *p = store->oldest; p != NULL; p = p->newer) {
    link_bucket(store, p);
  }
}

void tcpflow__store_enter(tcpflow__store *store, tcpflow__pending *pending) {
  pending->newer = NULL;
  pending->older = store->newest;
  if (store->newest == NULL) {
    store->oldest = pending;
  } else {
    store->newest->newer = pending;
  }
  store->newest = pending;
  store->count++;
  store->memory += pending->memory;
  link_bucket(store, pending);
  grow(store);
}

static void unlink_bucket(tcpflow__store *store,
                          const tcpflow__pending *pending) {
  tcpflow__pending **at = bucket_of(store, pending->hash);

  while (*at != pending) {
    at = &(*at)->in_bucket;
  }
  *at = pending->in_bucket;
}

static void unlink_list(tcpflow__store *store, tcpflow__pending *pending) {
  if (pending->older == NULL) {
    store->oldest = pending->newer;
  } else {
    pending->older->newer = pending->newer;
  }
  if (pending->newer == NULL) {
    store->newest = pending->older;
  } else {
    pending->newer->older = pending->older;
  }
}

void tcpflow__store_strip(tcpflow__store *store, tcpflow__pending *pending) {
  store->memory -= tcpflow__pending_strip(&store->mem, pending);
}

void tcpflow__store_remove(tcpflow__store *store, tcpflow__pending *pending) {
  tcpflow__store_strip(store, pending);
  store->memory -= pending->memory;
  store->count--;
  unlink_bucket(store, pending);
  unlink_list(store, pending);
  tcpflow__free(&store->mem, pending);
}
