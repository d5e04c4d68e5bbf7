/*
 * examples/spreader/held.c - fragments that wait for the rest of their
 * datagram.
 *
 * The library's reassembler says how long, and holds no more datagrams than it
 * is allowed to; so this holds no more either.
 */
#include "held.h"

#include <tcpflow/tracker.h>

#include <stdlib.h>
#include <string.h>

enum {
  CHAINS = 1 << 12
};

typedef struct waiting {
  struct waiting *next;
  datagram_key key;
  held_frame *first;
} waiting;

struct held {
  waiting *chain[CHAINS];
};

held *held_new(void) {
  return calloc(1, sizeof(held));
}

void held_drop(held_frame *list) {
  while (list != NULL) {
    held_frame *const next = list->next;
    free(list);
    list = next;
  }
}

void held_del(held *h) {
  for (size_t i = 0; h != NULL && i < CHAINS; i++) {
    while (h->chain[i] != NULL) {
      waiting *const next = h->chain[i]->next;
      held_drop(h->chain[i]->first);
      free(h->chain[i]);
      h->chain[i] = next;
    }
  }
  free(h);
}

/* The protocol stands in the IPv4 header; an IPv6 datagram is told apart
   without. */
datagram_key held_key(const tcpflow_packet *packet) {
  datagram_key key = {packet->tuple, packet->ip_id, 0};

  memset(key.ends.port, 0, sizeof(key.ends.port));
  if (key.ends.version == 4) {
    key.protocol = packet->bytes[packet->ip_offset + 9];
  }
  return key;
}

held_frame *held_copy(const tcpflow_frame *frame) {
  held_frame *const copy = malloc(sizeof(*copy) + frame->captured);

  if (copy != NULL) {
    copy->next = NULL;
    copy->frame = *frame;
    copy->frame.bytes = copy->bytes;
    memcpy(copy->bytes, frame->bytes, frame->captured);
  }
  return copy;
}

held_frame *held_join(held_frame *list, held_frame *more) {
  held_frame **end = &list;

  while (*end != NULL) {
    end = &(*end)->next;
  }
  *end = more;
  return list;
}

static int same_key(const datagram_key *a, const datagram_key *b) {
  return a->id == b->id && a->protocol == b->protocol &&
         memcmp(&a->ends, &b->ends, sizeof(a->ends)) == 0;
}

/* Where the pointer to a datagram is, or would be. */
static waiting **find(held *h, const datagram_key *key) {
  static const uint8_t zeros[16];
  const uint64_t hash = tcpflow_flow_hash(&key->ends, zeros, 0) + key->id;
  waiting **at = &h->chain[hash % CHAINS];

  while (*at != NULL && !same_key(&(*at)->key, key)) {
    at = &(*at)->next;
  }
  return at;
}

int held_keep(held *h, const datagram_key *key, held_frame *list) {
  waiting **const at = find(h, key);

  if (*at == NULL) {
    *at = calloc(1, sizeof(**at));
    if (*at == NULL) {
      held_drop(list);
      return 0;
    }
    (*at)->key = *key;
  }
  (*at)->first = held_join((*at)->first, list);
  return 1;
}

held_frame *held_take(held *h, const datagram_key *key) {
  waiting **const at = find(h, key);
  waiting *const found = *at;
  held_frame *list = NULL;

  if (found != NULL) {
    list = found->first;
    *at = found->next;
    free(found);
  }
  return list;
}
