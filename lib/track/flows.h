/*
 * lib/track/flows.h - the records of the flows.
 *
 * Room: track.  Includes: base, conn.  A record is known by its index, which
 * takes half a pointer's room in the table and in every list.  Records never
 * move.  The class of a flow decides which lists it stands in; lists.h has the
 * lists.
 */
#ifndef TCPFLOW__TRACK_FLOWS_H
#define TCPFLOW__TRACK_FLOWS_H

#include <stdbool.h>
#include <stdint.h>

#include "conn/conn.h"
#include "track/block.h"

/* No flow. */
#define TCPFLOW__FLOW_NONE     UINT32_MAX

/* The most records: max_flows, and one that takes a newcomer in before an older
   flow has to go. */
#define TCPFLOW__FLOWS_MAX     ((UINT32_C(1) << 30) + 1)

/* Records in a block. */
#define TCPFLOW__FLOWS_A_BLOCK 256U

/* Neighbours in a list: indexes of flows, or of heads (lists.h). */
typedef struct tcpflow__link {
  uint32_t next;
  uint32_t prev;
} tcpflow__link;

/* Kinds of links; a flow is in at most one list of each kind. */
typedef enum tcpflow__chain {
  TCPFLOW__CHAIN_TIMER, /* A slot of the timers; `next` is TCPFLOW__FLOW_NONE
                           while no timer runs. */
  TCPFLOW__CHAIN_AGE,   /* Live, lingering or dead. */
  TCPFLOW__CHAIN_GROUP, /* Embryonic. */
  TCPFLOW__CHAINS
} tcpflow__chain;

#define TCPFLOW__TIMER_LEVELS 7U
#define TCPFLOW__TIMER_SLOTS  64U

/* Heads of lists.  The slots of the timers come first. */
enum {
  TCPFLOW__LIST_PENDING = TCPFLOW__TIMER_LEVELS * TCPFLOW__TIMER_SLOTS,
  TCPFLOW__LIST_LIVE,      /* AGE: not ended, oldest first. */
  TCPFLOW__LIST_LINGERING, /* AGE: the first to end comes first. */
  TCPFLOW__LIST_DEAD,      /* AGE */
  TCPFLOW__LIST_EMBRYONIC, /* GROUP: oldest first. */
  TCPFLOW__LISTS
};

/* Where a flow stands in its life. */
typedef enum tcpflow__class {
  TCPFLOW__CLASS_EMBRYONIC, /* Not yet open. */
  TCPFLOW__CLASS_OPEN,
  TCPFLOW__CLASS_CLOSING,   /* Was open, and a FIN was sent. */
  TCPFLOW__CLASS_LINGERING, /* Ended; its stragglers are recognized. */
  TCPFLOW__CLASS_DEAD,      /* Ended; its record is given back soon. */
  TCPFLOW__CLASS_SPARE,     /* No flow: the record was given back. */
  TCPFLOW__CLASSES
} tcpflow__class;

/* On lines of its own, so that no packet waits for a neighbour's. */
typedef struct tcpflow__flow {
  _Alignas(64) tcpflow_conn conn; /* First: its address is the flow's. */
  uint32_t hash;                  /* Of its key. */
  uint32_t class : 3;             /* A tcpflow__class. */
  uint32_t swapped : 1;           /* Of its key, client first. */
  uint32_t seen : 28; /* Low bits of conn.last when it was last looked at by
                           the search for an idle flow. */
  tcpflow__link link[TCPFLOW__CHAINS];
} tcpflow__flow;

/* Has a flow of this class not ended? */
static inline bool tcpflow__class_is_live(uint32_t class) {
  return class < TCPFLOW__CLASS_LINGERING;
}

typedef struct tcpflow__flows {
  tcpflow__blocks blocks;
  uint32_t capacity; /* Records that there may be. */
  uint32_t fresh;    /* Records from here on were never taken. */
  uint32_t spare;    /* Given back last; linked by CHAIN_AGE. */
  uint32_t used;     /* Records taken. */
  uint32_t hand;     /* Where the search for an idle flow goes on: a live flow,
                        or the head of that list. */
  uint32_t count[TCPFLOW__CLASSES]; /* Flows, by class. */
  tcpflow__link head[TCPFLOW__LISTS];
} tcpflow__flows;

/* CAPACITY is 1 to TCPFLOW__FLOWS_MAX.  TCPFLOW_OK or TCPFLOW_ERR_NOMEM. */
int tcpflow__flows_init(tcpflow__flows *flows, const tcpflow_mem *mem,
                        uint32_t capacity);

/* Frees the records, whatever is in them. */
void tcpflow__flows_clear(tcpflow__flows *flows);

/* The record of an index. */
static inline tcpflow__flow *tcpflow__flows_at(const tcpflow__flows *flows,
                                               uint32_t index) {
  const tcpflow__block *const block =
    &flows->blocks.block[index / TCPFLOW__FLOWS_A_BLOCK];

  return (tcpflow__flow *)(void *)block->base + index % TCPFLOW__FLOWS_A_BLOCK;
}

/* Takes a record for an embryonic flow; its connection, hash and bits are not
   set, and no timer runs.  TCPFLOW__FLOW_NONE: no memory, or all are taken. */
uint32_t tcpflow__flows_take(tcpflow__flows *flows);

/* Gives a record back, whose timer does not run. */
void tcpflow__flows_give(tcpflow__flows *flows, uint32_t index);

/* Moves a flow on in its life; embryonic it never becomes again. */
void tcpflow__flows_move(tcpflow__flows *flows, uint32_t index,
                         tcpflow__class to);

/* The index of a record that is taken. */
uint32_t tcpflow__flows_index(tcpflow__flows *flows, const tcpflow__flow *flow);

#endif /* TCPFLOW__TRACK_FLOWS_H */
