/*
 * lib/reasm/pieces.h - the held pieces of one stream, as a balanced tree.
 *
 * Room: reasm.  Includes: base.  An AVL tree of intrusive nodes, so that an
 * insertion costs O(log n) whatever a sender does, and nothing but the piece
 * itself is allocated.  A piece may lose octets at either end to another one:
 * its room stays as large as it was made.
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
  struct tcpflow__piece *parent;   /* NULL: the root. */
  struct tcpflow__piece *child[2]; /* What lies before; what lies behind. */
  uint64_t offset;
  uint64_t end;
  const uint8_t *bytes; /* The captured ones: in room, or the caller's. */
  tcpflow_time time;    /* When they came; and the number of their frame. */
  uint64_t number;
  void *held;        /* What the caller keeps them by; NULL: in room. */
  uint32_t captured; /* How many octets from offset on there are. */
  uint32_t size;     /* What it is charged for: at least captured. */
  int32_t lean;      /* Height behind minus height before: -1, 0 or 1. */
  uint8_t room[];    /* In the same allocation. */
} tcpflow__piece;

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
tcpflow__piece *tcpflow__pieces_first(tcpflow__piece *root);

/* The last piece, or NULL. */
tcpflow__piece *tcpflow__pieces_last(tcpflow__piece *root);

/* The piece behind P, or NULL. */
tcpflow__piece *tcpflow__pieces_next(tcpflow__piece *p);

/* The last piece that starts at OFFSET or before, or NULL. */
tcpflow__piece *tcpflow__pieces_floor(tcpflow__piece *root, uint64_t offset);

/* The first piece that ends behind OFFSET, or NULL. */
tcpflow__piece *tcpflow__pieces_seek(tcpflow__piece *root, uint64_t offset);

/* Both at once: seek(), and floor() in *BEFORE. */
tcpflow__piece *tcpflow__pieces_find(tcpflow__piece *root, uint64_t offset,
                                     tcpflow__piece **before);

/* Links P, at whose offset no piece starts.  P's links need not be set. */
void tcpflow__pieces_insert(tcpflow__piece **root, tcpflow__piece *p);

/* Links P right behind BEFORE, which is what floor() answers for its offset:
   saves a way down from the root.  P's links need not be set. */
void tcpflow__pieces_insert_behind(tcpflow__piece **root,
                                   tcpflow__piece *before, tcpflow__piece *p);

/* Gives OLD's place in the tree to P. */
void tcpflow__pieces_replace(tcpflow__piece **root, tcpflow__piece *old,
                             tcpflow__piece *p);

/* Unlinks P. */
void tcpflow__pieces_remove(tcpflow__piece **root, tcpflow__piece *p);

/* Unlinks the first piece and answers it, or NULL. */
tcpflow__piece *tcpflow__pieces_pop(tcpflow__piece **root);

/*
 * For tests: whether the invariant, the order, the balance and all links hold.
 * Counts the pieces and what they cost.
 */
bool tcpflow__pieces_check(tcpflow__piece *root, uint64_t *count,
                           uint64_t *memory);

#endif /* TCPFLOW__REASM_PIECES_H */
