/*
 * lib/text/critbit.c - a sorted set of byte strings.
 *
 * Room: text.  Includes: nothing of ours.
 */
#include "text/critbit.h"

#include <string.h>

/* Behind its end a key goes on with 0. */
static unsigned octet_at(const uint8_t *key, size_t length, size_t i) {
  return i < length ? key[i] : 0;
}

static unsigned bit_at(const uint8_t *key, size_t length, size_t bit) {
  return octet_at(key, length, bit / 8) >> (7 - bit % 8) & 1U;
}

/* The one leaf that can have this key; the tree is not empty. */
static tcpflow__crit_entry *nearest(const tcpflow__crit_tree *tree,
                                    const uint8_t *key, size_t length) {
  tcpflow__crit_link link = tree->root;

  while (!link.leaf) {
    link = link.to->child[bit_at(key, length, link.to->bit)];
  }
  return link.to;
}

tcpflow__crit_entry *tcpflow__crit_find(const tcpflow__crit_tree *tree,
                                        const uint8_t *key, size_t length) {
  if (tree->root.to == NULL) {
    return NULL;
  }
  tcpflow__crit_entry *const entry = nearest(tree, key, length);

  return entry->length == length && memcmp(entry->key, key, length) == 0 ? entry
                                                                         : NULL;
}

/* The first bit in which two keys differ, as they do. */
static size_t critical_bit(const tcpflow__crit_entry *a,
                           const tcpflow__crit_entry *b) {
  size_t bit = 0;

  while (octet_at(a->key, a->length, bit / 8) ==
         octet_at(b->key, b->length, bit / 8)) {
    bit += 8;
  }
  while (bit_at(a->key, a->length, bit) == bit_at(b->key, b->length, bit)) {
    bit++;
  }
  return bit;
}

void tcpflow__crit_insert(tcpflow__crit_tree *tree,
                          tcpflow__crit_entry *entry) {
  tcpflow__crit_link *link = &tree->root;

  if (link->to == NULL) {
    *link = (tcpflow__crit_link){entry, 1};
    return;
  }
  entry->bit = critical_bit(entry, nearest(tree, entry->key, entry->length));
  while (!link->leaf && link->to->bit < entry->bit) {
    link = &link->to->child[bit_at(entry->key, entry->length, link->to->bit)];
  }
  const unsigned side = bit_at(entry->key, entry->length, entry->bit);

  entry->child[side] = (tcpflow__crit_link){entry, 1};
  entry->child[1 - side] = *link;
  *link = (tcpflow__crit_link){entry, 0};
}

/*
 * The branch above the leaf goes, and its place is the other child's.  If the
 * entry's own branch is in use elsewhere, the entry that has lost its branch
 * takes it over: both stood above that entry's leaf.
 */
void tcpflow__crit_remove(tcpflow__crit_tree *tree,
                          tcpflow__crit_entry *entry) {
  tcpflow__crit_link *link = &tree->root;
  tcpflow__crit_link *own = NULL;   /* Leads to the entry's branch. */
  tcpflow__crit_link *above = NULL; /* Leads to the branch above its leaf. */

  while (!link->leaf) {
    above = link;
    own = link->to == entry ? link : own;
    link = &link->to->child[bit_at(entry->key, entry->length, link->to->bit)];
  }
  if (above == NULL) {
    *link = (tcpflow__crit_link){NULL, 0};
    return;
  }
  tcpflow__crit_entry *const freed = above->to;

  *above = freed->child[link == &freed->child[0] ? 1 : 0];
  if (own != NULL && freed != entry) {
    freed->bit = entry->bit;
    memcpy(freed->child, entry->child, sizeof(freed->child));
    own->to = freed;
  }
}
