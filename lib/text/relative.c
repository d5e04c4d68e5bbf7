/*
 * lib/text/relative.c - the first numbers of conversations.
 *
 * Room: text.  Includes: base/mem.h.
 */
#include "text/relative.h"

#include <string.h>

#include "wire/bytes.h"

void tcpflow__relative_init(tcpflow__relative *all, const tcpflow_mem *mem,
                            uint32_t max) {
  *all = (tcpflow__relative){mem, {{NULL, 0}}, NULL, NULL, 0, max, 0};
}

void tcpflow__relative_free(tcpflow__relative *all) {
  while (all->oldest != NULL) {
    tcpflow__conversation *const next = all->oldest->newer;

    tcpflow__free(all->mem, all->oldest);
    all->oldest = next;
  }
}

/* The lower port is side 0; where the ports are equal, the lower address. */
unsigned tcpflow__conversation_side(const tcpflow_tuple *tuple) {
  if (tuple->port[0] != tuple->port[1]) {
    return tuple->port[0] > tuple->port[1];
  }
  return memcmp(tuple->address[0], tuple->address[1],
                sizeof(tuple->address[0])) > 0;
}

static void make_key(uint8_t key[TCPFLOW__CONVERSATION_KEY],
                     const tcpflow_tuple *tuple) {
  const unsigned low = tcpflow__conversation_side(tuple);
  const unsigned high = 1 - low;

  key[0] = tuple->version;
  tcpflow__store16(key + 1, tuple->port[low]);
  tcpflow__store16(key + 3, tuple->port[high]);
  memcpy(key + 5, tuple->address[low], 16);
  memcpy(key + 21, tuple->address[high], 16);
}

static tcpflow__conversation *drop_oldest(tcpflow__relative *all) {
  tcpflow__conversation *const one = all->oldest;

  tcpflow__crit_remove(&all->tree, &one->entry);
  all->oldest = one->newer;
  all->newest = all->oldest == NULL ? NULL : all->newest;
  all->count--;
  return one;
}

static void add_newest(tcpflow__relative *all, tcpflow__conversation *one) {
  tcpflow__crit_insert(&all->tree, &one->entry);
  if (all->newest == NULL) {
    all->oldest = one;
  } else {
    all->newest->newer = one;
  }
  all->newest = one;
  all->count++;
}

static tcpflow__conversation *
begin(tcpflow__relative *all, const uint8_t key[TCPFLOW__CONVERSATION_KEY]) {
  tcpflow__conversation *const one =
    all->count == all->max
      ? drop_oldest(all)
      : (tcpflow__conversation *)tcpflow__malloc(all->mem, sizeof(*one));

  if (one == NULL) {
    return NULL;
  }
  memset(one, 0, sizeof(*one));
  memcpy(one->key, key, sizeof(one->key));
  one->entry.key = one->key;
  one->entry.length = sizeof(one->key);
  add_newest(all, one);
  return one;
}

tcpflow__conversation *tcpflow__relative_get(tcpflow__relative *all,
                                             const tcpflow_tuple *tuple,
                                             int *fresh) {
  uint8_t key[TCPFLOW__CONVERSATION_KEY];

  make_key(key, tuple);
  tcpflow__crit_entry *const found =
    tcpflow__crit_find(&all->tree, key, sizeof(key));

  *fresh = found == NULL;
  return found == NULL ? begin(all, key) : (tcpflow__conversation *)found;
}
