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

static tcpflow__piece *outermost(tcpflow__piece *p, int side) {
  while (p != NULL && p->child[side] != NULL) {
    p = p->child[side];
  }
  return p;
}

tcpflow__piece *tcpflow__pieces_first(tcpflow__piece *root) {
  return outermost(root, BEFORE);
}

tcpflow__piece *tcpflow__pieces_last(tcpflow__piece *root) {
  return outermost(root, BEHIND);
}

tcpflow__piece *tcpflow__pieces_next(tcpflow__piece *p) {
  if (p->child[BEHIND] != NULL) {
    return outermost(p->child[BEHIND], BEFORE);
  }
  while (p->parent != NULL && p == p->parent->child[BEHIND]) {
    p = p->parent;
  }
  return p->parent;
}

tcpflow__piece *tcpflow__pieces_find(tcpflow__piece *root, uint64_t offset,
                                     tcpflow__piece **before) {
  tcpflow__piece *near[2] = {tcpflow__pieces_last(root), NULL};

  /* Most that comes lies behind all that is there.  That way down is foretold;
     on any other no branch depends on what is found. */
  if (near[BEFORE] == NULL || near[BEFORE]->offset > offset) {
    near[BEFORE] = NULL;
    for (tcpflow__piece *p = root; p != NULL;) {
      const int side = p->offset <= offset ? BEHIND : BEFORE;

      near[1 - side] = p;
      p = p->child[side];
    }
  }
  *before = near[BEFORE];
  return near[BEFORE] != NULL && near[BEFORE]->end > offset ? near[BEFORE]
                                                            : near[BEHIND];
}

tcpflow__piece *tcpflow__pieces_floor(tcpflow__piece *root, uint64_t offset) {
  tcpflow__piece *before = NULL;

  (void)tcpflow__pieces_find(root, offset, &before);
  return before;
}

tcpflow__piece *tcpflow__pieces_seek(tcpflow__piece *root, uint64_t offset) {
  tcpflow__piece *before = NULL;

  return tcpflow__pieces_find(root, offset, &before);
}

/* Hangs P, which may be NULL, where OLD hangs. */
static void hang(tcpflow__piece **root, const tcpflow__piece *old,
                 tcpflow__piece *p) {
  tcpflow__piece *parent = old->parent;

  if (parent == NULL) {
    *root = p;
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
static void rotate(tcpflow__piece **root, tcpflow__piece *top, int side) {
  tcpflow__piece *child = top->child[side];

  adopt(top, side, child->child[1 - side]);
  hang(root, top, child);
  adopt(child, 1 - side, top);
}

/* Mends TOP, whose side is two higher than the other; answers the new top. */
static tcpflow__piece *rebalance(tcpflow__piece **root, tcpflow__piece *top,
                                 int side) {
  const int32_t out = side == BEHIND ? 1 : -1;
  tcpflow__piece *child = top->child[side];
  tcpflow__piece *inner = child->child[1 - side];

  if (child->lean != -out) {
    rotate(root, top, side);
    top->lean = child->lean == 0 ? out : 0;
    child->lean = child->lean == 0 ? -out : 0;
    return child;
  }
  rotate(root, child, 1 - side);
  rotate(root, top, side);
  top->lean = inner->lean == out ? -out : 0;
  child->lean = inner->lean == -out ? out : 0;
  inner->lean = 0;
  return inner;
}

/* The subtree at P has grown by one. */
static void retrace_growth(tcpflow__piece **root, tcpflow__piece *p) {
  for (tcpflow__piece *top = p->parent; top != NULL; top = p->parent) {
    const int side = p == top->child[BEHIND] ? BEHIND : BEFORE;

    top->lean += side == BEHIND ? 1 : -1;
    if (top->lean == 0) {
      return;
    }
    if (top->lean == 2 || top->lean == -2) {
      rebalance(root, top, side);
      return;
    }
    p = top;
  }
}

/* What lies on that side of TOP has shrunk by one. */
static void retrace_shrink(tcpflow__piece **root, tcpflow__piece *top,
                           int side) {
  while (top != NULL) {
    top->lean += side == BEHIND ? -1 : 1;
    if (top->lean == 2 || top->lean == -2) {
      top = rebalance(root, top, 1 - side);
    }
    if (top->lean != 0) {
      return;
    }
    side = top->parent != NULL && top == top->parent->child[BEHIND] ? BEHIND
                                                                    : BEFORE;
    top = top->parent;
  }
}

void tcpflow__pieces_insert_behind(tcpflow__piece **root,
                                   tcpflow__piece *before, tcpflow__piece *p) {
  tcpflow__piece *parent = before;
  int side = BEHIND;

  if (before == NULL || before->child[BEHIND] != NULL) {
    parent = outermost(before == NULL ? *root : before->child[BEHIND], BEFORE);
    side = BEFORE;
  }
  p->parent = parent;
  p->child[BEFORE] = NULL;
  p->child[BEHIND] = NULL;
  p->lean = 0;
  if (parent == NULL) {
    *root = p;
    return;
  }
  assert(side == BEHIND ? parent->offset < p->offset
                        : p->offset < parent->offset);
  parent->child[side] = p;
  retrace_growth(root, p);
}

void tcpflow__pieces_insert(tcpflow__piece **root, tcpflow__piece *p) {
  tcpflow__pieces_insert_behind(root, tcpflow__pieces_floor(*root, p->offset),
                                p);
}

void tcpflow__pieces_replace(tcpflow__piece **root, tcpflow__piece *old,
                             tcpflow__piece *p) {
  hang(root, old, p);
  adopt(p, BEFORE, old->child[BEFORE]);
  adopt(p, BEHIND, old->child[BEHIND]);
  p->lean = old->lean;
}

/* Unlinks P, which has one child at most. */
static void remove_outer(tcpflow__piece **root, tcpflow__piece *p) {
  tcpflow__piece *const parent = p->parent;
  const int side =
    parent != NULL && p == parent->child[BEHIND] ? BEHIND : BEFORE;

  hang(root, p, p->child[p->child[BEFORE] != NULL ? BEFORE : BEHIND]);
  retrace_shrink(root, parent, side);
}

void tcpflow__pieces_remove(tcpflow__piece **root, tcpflow__piece *p) {
  if (p->child[BEFORE] != NULL && p->child[BEHIND] != NULL) {
    /* The next one has nothing before it; it takes the place of P. */
    tcpflow__piece *const next = outermost(p->child[BEHIND], BEFORE);

    remove_outer(root, next);
    tcpflow__pieces_replace(root, p, next);
    return;
  }
  remove_outer(root, p);
}

tcpflow__piece *tcpflow__pieces_pop(tcpflow__piece **root) {
  tcpflow__piece *p = tcpflow__pieces_first(*root);

  if (p != NULL) {
    remove_outer(root, p);
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

bool tcpflow__pieces_check(tcpflow__piece *root, uint64_t *count,
                           uint64_t *memory) {
  uint64_t reached = 0;

  *count = 0;
  *memory = 0;
  for (tcpflow__piece *p = tcpflow__pieces_first(root); p != NULL;
       p = tcpflow__pieces_next(p)) {
    if (!is_linked(p, root) || !is_balanced(p) || !is_range(p) ||
        p->offset < reached) {
      return false;
    }
    reached = p->end;
    *count += 1;
    *memory += tcpflow__piece_cost(p->size);
  }
  return true;
}
