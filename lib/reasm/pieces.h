/*
 * lib/reasm/pieces.h - the held pieces of one stream, as a balanced tree.
 *
 * Room: reasm.  Includes: base.  An AVL tree of intrusive nodes, so that an
 * insertion costs O(log n) whatever a sender does, and nothing but the piece
 * itself is allocated.  They are a list, too: who looks at many in a row, or at
 * the first one with each segment, has no way through the tree.  A piece may
 * lose octets at either end to another one: its room stays as large as it was
 * made.
 *
 * Invariant: pieces are disjoint and sorted; offset < end;
 * captured <= end - offset.  What the capture cut off, [offset + captured,
 * end), belongs to the piece, but nobody has its octets.
 */
#ifndef TCPFLOW__REASM_PIECES_H
#define TCPFLOW__REASM_PIECES_H

#include <stdbool.h>

#include <tcpflow/base.h>

typedef struct tcpflow__piece {
  /* A way down looks at these, so they lie together. */
  uint64_t offset;
  struct tcpflow__piece *child[2]; /* What lies before; what lies behind. */
  struct tcpflow__piece *parent;   /* NULL: the root. */
  struct tcpflow__piece *near[2];  /* The one right before, of the first one the
                                      last; right behind, or NULL. */
  uint64_t end;
  const uint8_t *bytes; /* The captured ones: in room, or the caller's. */
  tcpflow_time time;    /* When they came; and the number of their frame. */
  uint64_t number;
  void *held;        /* What the caller keeps them by; NULL: in room. */
  uint32_t captured; /* How many octets from offset on there are. */
  uint32_t size;     /* What it is charged for: at least captured. */
  int32_t lean;      /* Height behind minus height before: -1, 0 or 1. */
  uint8_t marks;     /* The caller's. */
  uint8_t room[];    /* In the same allocation. */
} tcpflow__piece;

/* The pieces of a stream; none: all zero. */
typedef struct tcpflow__pieces {
  tcpflow__piece *root;
  tcpflow__piece *first;
} tcpflow__pieces;

/* What a piece of that size costs.  Exactly what is allocated, or, where the
   caller holds the octets, what would be without that. */
static inline uint64_t tcpflow__piece_cost(uint64_t size) {
  return sizeof(tcpflow__piece) + size;
}

/* The offset behind the last octet that the piece has. */
static inline uint64_t tcpflow__piece_middle(const tcpflow__piece *p) {
  return p->offset + p->captured;
}

/* The first piece, or NULL. */
static inline tcpflow__piece *
tcpflow__pieces_first(const tcpflow__pieces *set) {
  return set->first;
}

/* The last piece, or NULL. */
static inline tcpflow__piece *tcpflow__pieces_last(const tcpflow__pieces *set) {
  return set->first == NULL ? NULL : set->first->near[0];
}

/* The piece before P, or NULL. */
static inline tcpflow__piece *tcpflow__pieces_before(const tcpflow__pieces *set,
                                                     const tcpflow__piece *p) {
  return p == set->first ? NULL : p->near[0];
}

/* The piece behind P, or NULL. */
static inline tcpflow__piece *tcpflow__pieces_next(const tcpflow__piece *p) {
  return p->near[1];
}

/* The last piece that starts at OFFSET or before, or NULL. */
tcpflow__piece *tcpflow__pieces_floor(const tcpflow__pieces *set,
                                      uint64_t offset);

/* The first piece that ends behind OFFSET, or NULL. */
tcpflow__piece *tcpflow__pieces_seek(const tcpflow__pieces *set,
                                     uint64_t offset);

/* Both at once: seek(), and floor() in *BEFORE. */
tcpflow__piece *tcpflow__pieces_find(const tcpflow__pieces *set,
                                     uint64_t offset, tcpflow__piece **before);

/* Links P, at whose offset no piece starts.  P's links need not be set. */
void tcpflow__pieces_insert(tcpflow__pieces *set, tcpflow__piece *p);

/* Links P right behind BEFORE, which is what floor() answers for its offset:
   saves a way down from the root.  P's links need not be set. */
void tcpflow__pieces_insert_behind(tcpflow__pieces *set, tcpflow__piece *before,
                                   tcpflow__piece *p);

/* Gives OLD's place in the tree to P. */
void tcpflow__pieces_replace(tcpflow__pieces *set, tcpflow__piece *old,
                             tcpflow__piece *p);

/* Unlinks P. */
void tcpflow__pieces_remove(tcpflow__pieces *set, tcpflow__piece *p);

/* Unlinks the first piece and answers it, or NULL. */
tcpflow__piece *tcpflow__pieces_pop(tcpflow__pieces *set);

/*
 * For tests: whether the invariant, the order, the balance and all links hold.
 * Counts the pieces and what they cost.
 */
bool tcpflow__pieces_check(const tcpflow__pieces *set, uint64_t *count,
                           uint64_t *memory);

#endif /* TCPFLOW__REASM_PIECES_H */
