/*
 * lib/frag/pending.h - a datagram that waits for more fragments.
 *
 * Room: frag.  Includes: base.  Fragments are kept as they came and in the
 * order in which they came; whose octets count is settled once, when all are
 * there (board.h).  Until then it is enough to know which units are covered: a
 * few fragments are looked through for that, more of them have a map.  So a
 * fragment costs a copy and its own units, whatever came before it.
 */
#ifndef TCPFLOW__FRAG_PENDING_H
#define TCPFLOW__FRAG_PENDING_H

#include "base/mem.h"
#include "frag/bitset.h"
#include "frag/fragment.h"

/* With more fragments than that, a datagram has a map of its own. */
#define TCPFLOW__PARTS_WITHOUT_MAP 8U

/* A fragment that came. */
typedef struct tcpflow__part {
  struct tcpflow__part *next; /* The one that came after it. */
  uint32_t start;             /* As in tcpflow__fragment. */
  uint32_t end;
  uint32_t captured;
  uint32_t header_size; /* 0 unless start is 0. */
  uint32_t next_at;
  uint32_t protocol;
  uint8_t bytes[]; /* The header, then the captured octets. */
} tcpflow__part;

/* Which units are there, and where fragments start. */
typedef struct tcpflow__map {
  tcpflow__bitset covered;
  tcpflow__bitset starts;
} tcpflow__map;

/* What adding a fragment changes, beside the lists. */
typedef struct tcpflow__pending_facts {
  tcpflow__part *last; /* NULL: none. */
  uint32_t parts;
  uint32_t end;       /* Where the datagram ends; 0: not known. */
  uint32_t reach;     /* Where the fragments end. */
  uint32_t anomalies; /* tcpflow_frag_anomaly bits. */
  uint32_t ecn;       /* Bit N: a fragment's ECN field was N. */
} tcpflow__pending_facts;

typedef struct tcpflow__pending {
  struct tcpflow__pending *in_bucket; /* The next of the bucket. */
  struct tcpflow__pending *older;
  struct tcpflow__pending *newer;
  struct tcpflow__pending *done; /* Completed before it; see frag.h. */
  uint64_t hash;
  tcpflow__frag_key key;
  tcpflow_time first_time;
  uint64_t memory; /* What it and all it has were allocated with. */
  tcpflow__part *first;
  tcpflow__map *map; /* NULL: see TCPFLOW__PARTS_WITHOUT_MAP. */
  tcpflow__pending_facts facts;
  tcpflow__pending_facts before; /* The facts without the last fragment. */
  uint32_t protocol;             /* Of the first fragment that came. */
  uint8_t policy;
  bool dropped;  /* Only remembered, so that what still comes is dropped. */
  bool complete; /* Told; it goes unless it is undone. */
  bool cut;      /* And not all of it is known. */
} tcpflow__pending;

/* The units that octets [start, end) touch. */
static inline uint32_t tcpflow__unit_of(uint32_t start) {
  return start / 8;
}

static inline uint32_t tcpflow__unit_behind(uint32_t end) {
  return (end + 7) / 8;
}

/* A fragment as it is kept; NULL: no memory. */
tcpflow__part *tcpflow__part_new(const tcpflow_mem *mem,
                                 const tcpflow__fragment *fragment);

/* What that costs: exactly what is allocated. */
uint64_t tcpflow__part_cost(const tcpflow__fragment *fragment);

/* Makes MAP that of the fragments of a datagram. */
void tcpflow__map_fill(tcpflow__map *map, const tcpflow__pending *pending);

/* Adds a fragment to a map. */
void tcpflow__map_add(tcpflow__map *map, uint32_t start, uint32_t end);

/* How a fragment lies to those that are there. */
typedef enum tcpflow__lie {
  TCPFLOW__LIE_APART,     /* It has no unit with them in common. */
  TCPFLOW__LIE_DUPLICATE, /* One of them starts and ends where it does. */
  TCPFLOW__LIE_OVERLAP    /* Anything else. */
} tcpflow__lie;

tcpflow__lie tcpflow__map_lie(const tcpflow__map *map, uint32_t start,
                              uint32_t end);

/* Takes the last fragment away again. */
void tcpflow__pending_take_back(const tcpflow_mem *mem,
                                tcpflow__pending *pending);

/* Frees the fragments and the map; answers how much memory that gives back. */
uint64_t tcpflow__pending_strip(const tcpflow_mem *mem,
                                tcpflow__pending *pending);

#endif /* TCPFLOW__FRAG_PENDING_H */
