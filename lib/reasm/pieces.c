/*
 * lib/reasm/pieces.c - an AVL tree without recursion.
 *
 * Room: reasm.  Includes: nothing of ours.  The parent link pays for itself:
 * a walk over neighbours needs no stack, and so has no depth limit.  The two
 * sides of a node are the indexes 0 and 1, which halves the number of cases.
 */
#include "reasm/pieces.h"

#include <assert.h>
#include <stddef.h>

enum {
  BEFORE = 0,
  BEHIND = 1
};

tcpflow__piece *tcpflow__pieces_find(const tcpflow__pieces *set,
                                     uint64_t offset, tcpflow__piece **before) {
  tcpflow__piece *near[2] = {tcpflow__pieces_last(set), NULL};

  /* Most that comes lies behind all that is there.  That way down is foretold;
     on any other no branch depends on what is found. */
  if (near[BEFORE] == NULL || near[BEFORE]->offset > offset) {
    near[BEFORE] = NULL;
    for (tcpflow__piece *p = set->root; p != NULL;) {
      const int side = p->offset <= offset ? BEHIND : BEFORE;

      near[1 - side] = p;
      p = p->child[side];
    }
  }
  *before = near[BEFORE];
  return near[BEFORE] != NULL && near[BEFORE]->end > offset ? near[BEFORE]
                                                            : near[BEHIND];
}

tcpflow__piece *tcpflow__pieces_floor(const tcpflow__pieces *set,
                                      uint64_t offset) {
  tcpflow__piece *before = NULL;

  (void)tcpflow__pieces_find(set, offset, &before);
  return before;
}

tcpflow__piece *tcpflow__pieces_seek(const tcpflow__pieces *set,
                                     uint64_t offset) {
  tcpflow__piece *before = NULL;

  return tcpflow__pieces_find(set, offset, &before);
}

/* Hangs P, which may be NULL, where OLD hangs. */
static void hang(tcpflow__pieces *set, const tcpflow__piece *old,
                 tcpflow__piece *p) {
  tcpflow__piece *parent = old->parent;

  if (parent == NULL) {
    set->root = p;
  } else {
    parent->child[old == parent->child[BEHIND] ? BEHIND : BEFORE] = p;
  }
  if (p != NULL) {
    p->parent = parent;
  }
}

static void adopt(tcpflow__piece *parent, int side, tcpflow__piece *p) {
  parent->child[side] = p;
  if (p != NULL) {
    p->parent = parent;
  }
}

/* Raises TOP's child of that side into TOP's place; leans are the caller's. */
static void rotate(tcpflow__pieces *set, tcpflow__piece *top, int side) {
  tcpflow__piece *child = top->child[side];

  adopt(top, side, child->child[1 - side]);
  hang(set, top, child);
  adopt(child, 1 - side, top);
}

/* Mends TOP, whose side is two higher than the other; answers the new top. */
static tcpflow__piece *rebalance(tcpflow__pieces *set, tcpflow__piece *top,
                                 int side) {
  const int32_t out = side == BEHIND ? 1 : -1;
  tcpflow__piece *child = top->child[side];
  tcpflow__piece *inner = child->child[1 - side];

  if (child->lean != -out) {
    rotate(set, top, side);
    top->lean = child->lean == 0 ? out : 0;
    child->lean = child->lean == 0 ? -out : 0;
    return child;
  }
  rotate(set, child, 1 - side);
  rotate(set, top, side);
  top->lean = inner->lean == out ? -out : 0;
  child->lean = inner->lean == -out ? out : 0;
  inner->lean = 0;
  return inner;
}

/* The subtree at P has grown by one. */
static void retrace_growth(tcpflow__pieces *set, tcpflow__piece *p) {
  for (tcpflow__piece *top = p->parent; top != NULL; top = p->parent) {
    const int side = p == top->child[BEHIND] ? BEHIND : BEFORE;

    top->lean += side == BEHIND ? 1 : -1;
    if (top->lean == 0) {
      return;
    }
    if (top->lean == 2 || top->lean == -2) {
      rebalance(set, top, side);
      return;
    }
    p = top;
  }
}

/* What lies on that side of TOP has shrunk by one. */
static void retrace_shrink(tcpflow__pieces *set, tcpflow__piece *top,
                           int side) {
  while (top != NULL) {
    top->lean += side == BEHIND ? -1 : 1;
    if (top->lean == 2 || top->lean == -2) {
      top = rebalance(set, top, 1 - side);
    }
    if (top->lean != 0) {
      return;
    }
    side = top->parent != NULL && top == top->parent->child[BEHIND] ? BEHIND
                                                                    : BEFORE;
    top = top->parent;
  }
}

/* Lets P be right before BEHIND; NULL: be the last one. */
static void set_before(const tcpflow__pieces *set, tcpflow__piece *behind,
                       tcpflow__piece *p) {
  tcpflow__piece *const q = behind != NULL ? behind : set->first;

  if (q != NULL) {
    q->near[BEFORE] = p;
  }
}

/* Lets P be right behind BEFORE; NULL: be the first one. */
static void set_behind(tcpflow__pieces *set, tcpflow__piece *before,
                       tcpflow__piece *p) {
  if (before != NULL) {
    before->near[BEHIND] = p;
  } else {
    set->first = p;
  }
}

/* Links P between two neighbours, either of which may be missing. */
static void join(tcpflow__pieces *set, tcpflow__piece *before,
                 tcpflow__piece *p, tcpflow__piece *behind) {
  p->near[BEFORE] = before != NULL ? before : tcpflow__pieces_last(set);
  p->near[BEHIND] = behind;
  set_behind(set, before, p);
  set_before(set, behind, p);
}

static void part(tcpflow__pieces *set, const tcpflow__piece *p) {
  tcpflow__piece *const behind = p->near[BEHIND];

  set_behind(set, tcpflow__pieces_before(set, p), behind);
  set_before(set, behind, p->near[BEFORE]);
}

void tcpflow__pieces_insert_behind(tcpflow__pieces *set, tcpflow__piece *before,
                                   tcpflow__piece *p) {
  tcpflow__piece *const behind =
    before == NULL ? set->first : before->near[BEHIND];
  /* Of two neighbours, one has nothing on the side of the other. */
  const int side =
    before != NULL && before->child[BEHIND] == NULL ? BEHIND : BEFORE;
  tcpflow__piece *const parent = side == BEHIND ? before : behind;

  join(set, before, p, behind);
  p->parent = parent;
  p->child[BEFORE] = NULL;
  p->child[BEHIND] = NULL;
  p->lean = 0;
  if (parent == NULL) {
    set->root = p;
    return;
  }
  assert(side == BEHIND ? parent->offset < p->offset
                        : p->offset < parent->offset);
  parent->child[side] = p;
  retrace_growth(set, p);
}

void tcpflow__pieces_insert(tcpflow__pieces *set, tcpflow__piece *p) {
  tcpflow__pieces_insert_behind(set, tcpflow__pieces_floor(set, p->offset), p);
}

/* Gives OLD's place in the tree to P. */
static void take_place(tcpflow__pieces *set, tcpflow__piece *old,
                       tcpflow__piece *p) {
  hang(set, old, p);
  adopt(p, BEFORE, old->child[BEFORE]);
  adopt(p, BEHIND, old->child[BEHIND]);
  p->lean = old->lean;
}

void tcpflow__pieces_replace(tcpflow__pieces *set, tcpflow__piece *old,
                             tcpflow__piece *p) {
  take_place(set, old, p);
  join(set, tcpflow__pieces_before(set, old), p, old->near[BEHIND]);
}

/* Unlinks P, which has one child at most. */
static void remove_outer(tcpflow__pieces *set, tcpflow__piece *p) {
  tcpflow__piece *const parent = p->parent;
  const int side =
    parent != NULL && p == parent->child[BEHIND] ? BEHIND : BEFORE;

  hang(set, p, p->child[p->child[BEFORE] != NULL ? BEFORE : BEHIND]);
  retrace_shrink(set, parent, side);
}

void tcpflow__pieces_remove(tcpflow__pieces *set, tcpflow__piece *p) {
  part(set, p);
  if (p->child[BEFORE] != NULL && p->child[BEHIND] != NULL) {
    /* The next one has nothing before it; it takes the place of P. */
    tcpflow__piece *const next = p->near[BEHIND];

    remove_outer(set, next);
    take_place(set, p, next);
    return;
  }
  remove_outer(set, p);
}

tcpflow__piece *tcpflow__pieces_pop(tcpflow__pieces *set) {
  tcpflow__piece *const p = set->first;

  if (p != NULL) {
    tcpflow__pieces_remove(set, p);
  }
  return p;
}

/* By the leans, so O(log n); right if the leans below are. */
static int32_t height(const tcpflow__piece *p) {
  int32_t levels = 0;

  while (p != NULL) {
    levels++;
    p = p->child[p->lean > 0 ? BEHIND : BEFORE];
  }
  return levels;
}

static bool is_linked(const tcpflow__piece *p, const tcpflow__piece *root) {
  const tcpflow__piece *parent = p->parent;

  if (parent == NULL) {
    return p == root;
  }
  return parent->child[BEFORE] == p || parent->child[BEHIND] == p;
}

static bool is_balanced(const tcpflow__piece *p) {
  return p->lean >= -1 && p->lean <= 1 &&
         p->lean == height(p->child[BEHIND]) - height(p->child[BEFORE]);
}

static bool is_range(const tcpflow__piece *p) {
  return p->offset < p->end && p->captured <= p->end - p->offset &&
         p->captured <= p->size;
}

/* The pieces that lie below the root, one after the other, without the list. */
static const tcpflow__piece *climb(const tcpflow__piece *p) {
  if (p->child[BEHIND] != NULL) {
    for (p = p->child[BEHIND]; p->child[BEFORE] != NULL;) {
      p = p->child[BEFORE];
    }
    return p;
  }
  while (p->parent != NULL && p == p->parent->child[BEHIND]) {
    p = p->parent;
  }
  return p->parent;
}

bool tcpflow__pieces_check(const tcpflow__pieces *set, uint64_t *count,
                           uint64_t *memory) {
  const tcpflow__piece *before = NULL;
  uint64_t reached = 0;

  *count = 0;
  *memory = 0;
  for (const tcpflow__piece *p = set->first; p != NULL; p = p->near[BEHIND]) {
    if (!is_linked(p, set->root) || !is_balanced(p) || !is_range(p) ||
        tcpflow__pieces_before(set, p) != before ||
        climb(p) != p->near[BEHIND] || p->offset < reached) {
      return false;
    }
    before = p;
    reached = p->end;
    *count += 1;
    *memory += tcpflow__piece_cost(p->size);
  }
  return before == tcpflow__pieces_last(set) &&
         (before == NULL) == (set->root == NULL);
}
