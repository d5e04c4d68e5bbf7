/*
 * lib/text/critbit.h - a sorted set of byte strings.
 *
 * Room: text.  Includes: nothing of ours.  A binary tree that branches at the
 * bits in which its keys differ.  A printer has no secret to key a hash with,
 * and strangers choose its keys; here a look-up takes at most as many turns as
 * a key has bits, whatever was put in.  Nothing recurses.
 *
 * Entries are the caller's.  Each brings one leaf, its key, and one branch,
 * which stands somewhere above that leaf; in a tree of n leaves, n - 1 branches
 * are used.
 */
#ifndef TCPFLOW__TEXT_CRITBIT_H
#define TCPFLOW__TEXT_CRITBIT_H

#include <stddef.h>
#include <stdint.h>

typedef struct tcpflow__crit_entry tcpflow__crit_entry;

/* Leads to an entry: to its branch, or to its leaf. */
typedef struct tcpflow__crit_link {
  tcpflow__crit_entry *to;
  int leaf;
} tcpflow__crit_link;

struct tcpflow__crit_entry {
  const uint8_t *key; /* LENGTH octets; they must not change. */
  size_t length;
  size_t bit;                  /* Branch: the first bit that differs. */
  tcpflow__crit_link child[2]; /* Branch: where it is 0, and where it is 1. */
};

/* Where a tree starts; `{{NULL, 0}}` is an empty one. */
typedef struct tcpflow__crit_tree {
  tcpflow__crit_link root;
} tcpflow__crit_tree;

/* The entry with this key; NULL if there is none. */
tcpflow__crit_entry *tcpflow__crit_find(const tcpflow__crit_tree *tree,
                                        const uint8_t *key, size_t length);

/*
 * Puts an entry in: key and length are set, and no entry has that key.  Keys
 * must differ in more than octets of 0 at the end.
 */
void tcpflow__crit_insert(tcpflow__crit_tree *tree, tcpflow__crit_entry *entry);

/* Takes an entry out that is in the tree. */
void tcpflow__crit_remove(tcpflow__crit_tree *tree, tcpflow__crit_entry *entry);

#endif /* TCPFLOW__TEXT_CRITBIT_H */
