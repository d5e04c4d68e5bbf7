/*
 * examples/spreader/held.h - fragments that wait for the rest of their
 * datagram.
 */
#ifndef SPREADER_HELD_H
#define SPREADER_HELD_H

#include <tcpflow/frag.h>

/* Frames in the order in which they came. */
typedef struct held_frame {
  struct held_frame *next;
  tcpflow_frame frame;
  uint8_t bytes[];
} held_frame;

/* Which datagram. */
typedef struct datagram_key {
  tcpflow_tuple ends; /* Without ports. */
  uint32_t id;
  uint32_t protocol; /* IPv4 only; otherwise 0. */
} datagram_key;

typedef struct held held;

held *held_new(void);
void held_del(held *h);

/* The datagram of a packet that is a fragment. */
datagram_key held_key(const tcpflow_packet *packet);

/* A copy; NULL: no memory. */
held_frame *held_copy(const tcpflow_frame *frame);

/* Appends a list to that of a datagram; 0: no memory, and it is released. */
int held_keep(held *h, const datagram_key *key, held_frame *list);

/* Takes the list of a datagram; NULL: there is none. */
held_frame *held_take(held *h, const datagram_key *key);

/* Puts one list behind another; either may be NULL. */
held_frame *held_join(held_frame *list, held_frame *more);

void held_drop(held_frame *list);

#endif /* SPREADER_HELD_H */
