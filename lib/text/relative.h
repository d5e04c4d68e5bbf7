/*
 * lib/text/relative.h - the first numbers of conversations.
 *
 * Room: text.  Includes: base/mem.h.  Without -S, tcpdump prints numbers
 * relative to the first ones of each direction; the printer takes these off,
 * the reader adds them.  As in tcpdump, a conversation is two addresses and two
 * ports, and nothing else.
 */
#ifndef TCPFLOW__TEXT_RELATIVE_H
#define TCPFLOW__TEXT_RELATIVE_H

#include <tcpflow/packet.h>
#include <tcpflow/wire.h>

#include "base/mem.h"
#include "text/critbit.h"

enum {
  TCPFLOW__CONVERSATION_KEY = 37 /* Version, ports, addresses. */
};

/*
 * Sides are told by tcpflow__conversation_side().  All but `first` is the
 * reader's, which knows of a conversation before its first ACK, and has to tell
 * relative numbers from absolute ones.
 */
typedef struct tcpflow__conversation {
  tcpflow__crit_entry entry;           /* First: it leads here. */
  struct tcpflow__conversation *newer; /* In the order of their beginning. */
  uint8_t key[TCPFLOW__CONVERSATION_KEY];
  uint8_t begun;        /* Not 0: `first` is set. */
  uint8_t known[2];     /* Not 0: `next` is set. */
  tcpflow_seq first[2]; /* What relative numbers of this side start from. */
  tcpflow_seq next[2];  /* Where its numbers are expected to go on. */
} tcpflow__conversation;

/* All of them, MAX at most; beyond that, the oldest is forgotten. */
typedef struct tcpflow__relative {
  const tcpflow_mem *mem; /* The owner's. */
  tcpflow__crit_tree tree;
  tcpflow__conversation *oldest;
  tcpflow__conversation *newest;
  uint32_t count;
  uint32_t max; /* At least 1. */
  int told;     /* The reader's: the latest numbers were relative. */
} tcpflow__relative;

/* Starts empty; MEM is borrowed. */
void tcpflow__relative_init(tcpflow__relative *all, const tcpflow_mem *mem,
                            uint32_t max);

/* Releases them all. */
void tcpflow__relative_free(tcpflow__relative *all);

/*
 * The conversation of a packet, begun if need be: *FRESH says so.  NULL: no
 * memory, and nothing changed.  Valid until the next call.
 */
tcpflow__conversation *tcpflow__relative_get(tcpflow__relative *all,
                                             const tcpflow_tuple *tuple,
                                             int *fresh);

/* Which side of its conversation sent a packet: 0 or 1. */
unsigned tcpflow__conversation_side(const tcpflow_tuple *tuple);

/* Starts relative numbers anew: the sender's with SEQ, the other's with the
   one before ACK. */
static inline void tcpflow__conversation_begin(tcpflow__conversation *one,
                                               unsigned sender, tcpflow_seq seq,
                                               tcpflow_seq ack) {
  one->begun = 1;
  one->first[sender] = seq;
  one->first[1 - sender] = tcpflow_seq_add(ack, UINT32_MAX);
}

#endif /* TCPFLOW__TEXT_RELATIVE_H */
