/*
 * lib/track/flows.h - the records of the flows.
 *
 * Room: track.  Includes: base, conn.  A record is known by its index, which
 * takes half a pointer's room in the table and in every list.  Records never
 * move.  The phase of a flow decides which lists it stands in; lists.h has the
 * lists.
 */
#ifndef TCPFLOW__TRACK_FLOWS_H
#define TCPFLOW__TRACK_FLOWS_H

#include <stdbool.h>
#include <stdint.h>

#include "conn/conn.h"
#include "track/beds.h"
#include "track/block.h"
#include "track/sides.h"
#include "track/tuples.h"

/* No flow. */
#define TCPFLOW__FLOW_NONE     UINT32_MAX

/* The most records: max_flows, and one that takes a newcomer in before an older
   flow has to go.  No more fit into the table (buckets.h). */
#define TCPFLOW__FLOWS_MAX     UINT32_C(100000001)

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
  TCPFLOW__CHAIN_AGE,   /* Live, ended or dead. */
  TCPFLOW__CHAIN_GROUP, /* Live, and the first to go when there is no room. */
  TCPFLOW__CHAINS
} tcpflow__chain;

#define TCPFLOW__TIMER_LEVELS 7U
#define TCPFLOW__TIMER_SLOTS  64U

/* Heads of lists.  The slots of the timers come first. */
enum {
  TCPFLOW__LIST_PENDING = TCPFLOW__TIMER_LEVELS * TCPFLOW__TIMER_SLOTS,
  TCPFLOW__LIST_LIVE,      /* AGE: not ended, oldest first. */
  TCPFLOW__LIST_ENDED,     /* AGE: the first to end comes first. */
  TCPFLOW__LIST_DEAD,      /* AGE */
  TCPFLOW__LIST_RESET,     /* GROUP: the first to be reset comes first. */
  TCPFLOW__LIST_EMBRYONIC, /* GROUP: opening, answered and picked up, oldest
                              first; those that were unfolded, since then. */
  TCPFLOW__LIST_FOLDED,    /* GROUP: likewise, those that are folded. */
  TCPFLOW__LIST_AWAKE,     /* GROUP: open and half closed, and not asleep; who
                              was looked at or woke up last comes last. */
  TCPFLOW__LIST_CLOSING,   /* GROUP: the first to have both FINs comes first. */
  TCPFLOW__LISTS
};

/* A record's phase is a tcpflow_phase, or one of these. */
enum {
  TCPFLOW__PHASE_DEAD = TCPFLOW_PHASE_COUNT, /* Ended; its record is given back
                                                soon. */
  TCPFLOW__PHASE_SPARE, /* No flow: the record was given back. */
  TCPFLOW__PHASES
};

/* What fits into tcpflow__flow.seen. */
#define TCPFLOW__SEEN_BITS 18
#define TCPFLOW__SEEN_MASK ((UINT32_C(1) << TCPFLOW__SEEN_BITS) - 1)

/* What a packet needs comes first, and the links last. */
typedef struct tcpflow__flow {
  tcpflow_conn conn; /* First: its address is the flow's. */
  union {
    uint32_t hash;  /* Of its key. */
    uint32_t place; /* Among those of a checkpoint, while that is written. */
  };
  uint32_t phase : 8;   /* A tcpflow_phase, or TCPFLOW__PHASE_: an octet, since
                           every packet asks for it. */
  uint32_t swapped : 1; /* Of its key, client first. */
  uint32_t timed : 4;   /* Its timer looks at it no later than one that is set
                           in this phase would; TCPFLOW__PHASE_SPARE: nothing is
                           known of that. */
  uint32_t folded : 1;  /* Its connection is (conn/fold.h, conn/sleep.h): says
                           in which list it stands, and that no sides come from
                           it. */
  uint32_t seen : TCPFLOW__SEEN_BITS; /* Of conn.last when the search for an
                                         idle flow came by last (evict.c). */
  tcpflow__link link[TCPFLOW__CHAINS];
} tcpflow__flow;

_Static_assert(sizeof(void *) != 8 || sizeof(tcpflow__flow) == 112,
               "there may be millions");

/* Has a flow in this phase not ended? */
static inline bool tcpflow__phase_is_live(uint32_t phase) {
  return phase < TCPFLOW_PHASE_ENDED;
}

typedef struct tcpflow__flows {
  tcpflow__blocks blocks;
  tcpflow__places places; /* For the sides of those that are not folded. */
  tcpflow__tuples tuples; /* For those of which a record holds not all. */
  tcpflow__beds beds;     /* For those that sleep. */
  uint32_t capacity;      /* Records that there may be. */
  uint32_t fresh;         /* Records from here on were never taken. */
  uint32_t spare;         /* Given back last; linked by CHAIN_AGE. */
  uint32_t used;          /* Records taken. */
  uint32_t hand; /* Where the search for an idle flow goes on: a live flow,
                        or the head of that list. */
  uint32_t count[TCPFLOW__PHASES]; /* Flows, by phase. */
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
  uint8_t *const base = flows->blocks.base[index / TCPFLOW__FLOWS_A_BLOCK];

  return (tcpflow__flow *)(void *)base + index % TCPFLOW__FLOWS_A_BLOCK;
}

/* Takes a record for a flow that is opening, FOLDED or not; its connection, its
   hash and the other bits are not set, and no timer runs.  TCPFLOW__FLOW_NONE:
   no memory, or all are taken. */
uint32_t tcpflow__flows_take(tcpflow__flows *flows, bool folded);

/* Is there a record to take, for which no memory is asked for? */
static inline bool tcpflow__flows_are_ready(const tcpflow__flows *flows) {
  return flows->spare != TCPFLOW__FLOW_NONE ||
         (flows->fresh != flows->capacity &&
          flows->blocks.base[flows->fresh / TCPFLOW__FLOWS_A_BLOCK] != NULL);
}

/* Takes such a record, that of *INDEX, of which nothing is set, into no
   list. */
static inline tcpflow__flow *tcpflow__flows_pick(tcpflow__flows *flows,
                                                 uint32_t *index) {
  const uint32_t spare = flows->spare;

  flows->used++;
  if (spare != TCPFLOW__FLOW_NONE) {
    tcpflow__flow *const flow = tcpflow__flows_at(flows, spare);

    flows->spare = flow->link[TCPFLOW__CHAIN_AGE].next;
    *index = spare;
    return flow;
  }
  *index = flows->fresh;
  flows->fresh++;
  return tcpflow__flows_at(flows, *index);
}

/* Octets that taking a record asks of the allocator. */
uint64_t tcpflow__flows_growth(const tcpflow__flows *flows);

/* Gives a record back, whose timer does not run. */
void tcpflow__flows_give(tcpflow__flows *flows, uint32_t index);

/* Moves a flow on in its life, or back; dead is for good. */
void tcpflow__flows_move(tcpflow__flows *flows, uint32_t index, uint32_t to);

/* Makes a flow the last one to go of those of its group, if it has one. */
void tcpflow__flows_requeue(tcpflow__flows *flows, uint32_t index);

/* The flow was folded, or unfolded, or put to sleep. */
void tcpflow__flows_fold(tcpflow__flows *flows, uint32_t index, bool folded);

/* The index of a record that is taken. */
uint32_t tcpflow__flows_index(tcpflow__flows *flows, const tcpflow__flow *flow);

#endif /* TCPFLOW__TRACK_FLOWS_H */
