/*
 * lib/frag/store.h - all datagrams that wait: found by their key, ordered by
 * their age, counted with their memory.
 *
 * Room: frag.  Includes: base, wire.  A chained hash table under a keyed hash,
 * so nobody without the key can choose datagrams that meet, and a list.  The
 * age is that of the first fragment, so the list's order is that in which the
 * datagrams time out, too.  If there is no memory for a bigger table, chains
 * get longer, and nothing fails.
 */
#ifndef TCPFLOW__FRAG_STORE_H
#define TCPFLOW__FRAG_STORE_H

#include "frag/pending.h"
#include "wire/siphash.h"

typedef struct tcpflow__store {
  tcpflow_mem mem;
  tcpflow__sipkey secret;
  tcpflow__pending **bucket; /* 2^n of them. */
  uint64_t mask;             /* Their number less 1. */
  tcpflow__pending *oldest;
  tcpflow__pending *newest;
  uint64_t count;
  uint64_t memory; /* Of all datagrams; buckets are not in it. */
} tcpflow__store;

/* TCPFLOW_OK or TCPFLOW_ERR_NOMEM. */
int tcpflow__store_init(tcpflow__store *store, const tcpflow_mem *mem,
                        const uint8_t secret[16]);

/* Frees all datagrams too. */
void tcpflow__store_clear(tcpflow__store *store);

uint64_t tcpflow__store_hash(const tcpflow__store *store,
                             const tcpflow__frag_key *key);

/* The datagram that is not complete; NULL if there is none. */
tcpflow__pending *tcpflow__store_find(const tcpflow__store *store,
                                      const tcpflow__frag_key *key,
                                      uint64_t hash);

/* Takes a datagram in as the newest; its hash and memory are set. */
void tcpflow__store_enter(tcpflow__store *store, tcpflow__pending *pending);

/* Takes it out and frees it, with all it has. */
void tcpflow__store_remove(tcpflow__store *store, tcpflow__pending *pending);

/* Frees its fragments; it stays. */
void tcpflow__store_strip(tcpflow__store *store, tcpflow__pending *pending);

#endif /* TCPFLOW__FRAG_STORE_H */
