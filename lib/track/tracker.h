/*
 * lib/track/tracker.h - what a tracker is.
 *
 * Room: track.  Includes: base, wire, decode, frag, conn.
 */
#ifndef TCPFLOW__TRACK_TRACKER_H
#define TCPFLOW__TRACK_TRACKER_H

#include <tcpflow/tracker.h>

#include "conn/conn.h"
#include "frag/frag.h"
#include "track/flows.h"
#include "track/hash.h"
#include "track/recent.h"
#include "track/resume.h"
#include "track/table.h"
#include "track/timers.h"

/* Frames that are looked at together, so that memory arrives in time. */
#define TCPFLOW__BATCH 32U

/* How far ahead a record is asked for: so that it arrives while others are
   followed, and no more lines are asked for than a processor waits for at a
   time. */
#define TCPFLOW__AHEAD 8U

typedef enum tcpflow__batched_kind {
  TCPFLOW__BATCHED_OTHER,   /* Its first packet is of no flow. */
  TCPFLOW__BATCHED_FIRST,   /* It is a segment, and there are others. */
  TCPFLOW__BATCHED_CHECKED, /* It is a segment, and all that there is, and its
                               checksum is to be verified, */
  TCPFLOW__BATCHED_PLAIN    /* or that is not. */
} tcpflow__batched_kind;

/* Instead of an index, as any number is that is not of a flow but
   TCPFLOW__FLOW_NONE: it was not looked for everywhere. */
#define TCPFLOW__UNSEARCHED (TCPFLOW__FLOW_NONE - 1)

/* One frame of a batch. */
typedef struct tcpflow__batched {
  tcpflow_packet packet;
  tcpflow__key key;        /* If it is followed. */
  uint64_t product;        /* What its flow is remembered by. */
  tcpflow__bucket *bucket; /* Where its hash led to. */
  union {
    tcpflow__recent_flow recalled; /* Both, if they are remembered. */
    struct {
      tcpflow__flow *flow; /* One that the key may be of; NULL: none. */
      uint32_t index;      /* Of that.  If there is none: TCPFLOW__FLOW_NONE if
                              the table had none, or something else. */
    };
  };
  tcpflow_side sender;        /* Once its flow is found. */
  tcpflow__batched_kind kind; /* While it is in the batch. */
  uint8_t form;               /* tcpflow__tuple_form() of its tuple. */
  bool keyed;                 /* It has a key. */
  uint8_t bare;               /* The packet holds what each bare frame of this
                                 version of IP has (decode/plain.h); 0: of
                                 none. */
} tcpflow__batched;

/* Is it one segment, and nothing else? */
static inline bool
tcpflow__batched_is_segment(const tcpflow__batched *batched) {
  return batched->kind >= TCPFLOW__BATCHED_CHECKED;
}

#define TCPFLOW__WANTED 8U

/* Lines of the table that are to be asked for.  Where each is in a page of its
   own that the processor has to look up, it does so for several at a time, if
   they are asked for one right behind the other. */
typedef struct tcpflow__wanted {
  const tcpflow__bucket *bucket[TCPFLOW__WANTED];
  unsigned count;
} tcpflow__wanted;

/* A packet's record is too big for the stack, and so are the others here: they
   hold something only during a call of the tracker's. */
typedef struct tcpflow__scratch {
  tcpflow_segment segment;
  tcpflow_options options;
  tcpflow_options timestamps; /* Of [nop,nop,TS]; but for the values, they stay
                                 as they are. */
  tcpflow_options sacked;     /* Likewise of [nop,nop,TS,nop,nop,sack], */
  tcpflow_options offers;     /* and of [mss,sackOK,TS,nop,wscale]. */
  tcpflow__batched frame[TCPFLOW__BATCH + TCPFLOW__AHEAD]; /* Behind those of
                                a batch, there are some of no flow. */
  size_t filled;                /* Those from here on are of no flow. */
  tcpflow__wanted wanted;       /* By a batch that is being decoded. */
  tcpflow_time calm;            /* Before that, a frame's time comes without
                                   anything to do but to follow it. */
  tcpflow__batched further;     /* A further packet of a frame. */
  tcpflow__batched datagram;    /* What its fragments made. */
  tcpflow_frame whole;          /* The same, not decoded. */
  tcpflow_tracker_stats loaded; /* The figures of a checkpoint. */
} tcpflow__scratch;

/* What a flow has left to the next one of its ports (estate.h). */
typedef struct tcpflow__estate {
  struct tcpflow__conn_extra *heir; /* NULL: nothing. */
  tcpflow_tuple tuple;
  bool swapped; /* Of its key. */
} tcpflow__estate;

/* Who looks for open flows to put to sleep (lull.h) goes round all that are
   awake, a few looks at a time. */
typedef struct tcpflow__rounds {
  tcpflow_time idle;   /* A flow that has been silent for so long may sleep. */
  tcpflow_time next;   /* No flow has been before; from then on, a round may
                          begin.  TCPFLOW_TIME_NONE: never. */
  tcpflow_time silent; /* When the most silent one of those that this round left
                          awake was heard last. */
  uint32_t left;       /* Looks left of this round; 0: none is under way. */
  uint32_t due;        /* Looks that are owed and not taken yet. */
} tcpflow__rounds;

struct tcpflow_tracker {
  tcpflow__conn_env env; /* First: a connection knows it, and so its tracker. */
  int (*on_end)(tcpflow_conn *conn, const tcpflow_end_event *event,
                void *user); /* The caller's; that of env comes before it. */
  tcpflow_time now;          /* Latest time seen. */
  tcpflow_time timeout[TCPFLOW__PHASES]; /* Idle time that ends a phase. */
  tcpflow_time look[TCPFLOW__PHASES];    /* When a flow is looked at that comes
                                 into a phase: no later than its time is over
                                 there, or in the phase that comes next. */
  uint64_t max_memory;
  tcpflow__rounds rounds;
  uint32_t max_flows;
  bool verify_checksums;
  int (*choose_admission)(const tcpflow_admit_query *query,
                          void *user); /* The caller's; NULL: all are. */
  tcpflow_decode_config decode;
  tcpflow__hasher hasher;
  tcpflow__flows flows;
  tcpflow__table table;
  tcpflow__timers timers;
  tcpflow_frag *frag;    /* NULL: fragments are ignored. */
  tcpflow_time frag_due; /* When the next of its datagrams has had its time. */
  tcpflow_frag_callbacks frag_callbacks; /* The caller's. */
  tcpflow_conn blank; /* What each connection begins as, but for its tuple, */
  tcpflow__sides blank_sides; /* and its sides. */
  tcpflow__recent recent;
  tcpflow__resume resume;
  tcpflow__estate estate;
  tcpflow_tracker_stats stats; /* Those that count; the others are 0. */
  tcpflow__scratch scratch;
};

/* Octets that the tracker has asked of its allocator and not given back, but
   for fragments. */
static inline uint64_t tcpflow__tracker_memory(const tcpflow_tracker *tracker) {
  return sizeof(*tracker) +
         tcpflow__prints_size(32 - tracker->env.prints.shift) +
         tracker->flows.blocks.octets + tracker->flows.places.octets +
         tracker->table.blocks.octets + tracker->table.overflows.octets +
         tracker->env.budget.used + tracker->env.budget.rests +
         tcpflow__shelf_octets(&tracker->env.budget.shelf) +
         tracker->env.extras;
}

/* Checks and takes over a configuration and callbacks (config.c): all of the
   tracker but flows, table and timers. */
int tcpflow__tracker_configure(tcpflow_tracker *tracker,
                               const tcpflow_tracker_config *config,
                               const tcpflow_conn_callbacks *callbacks,
                               const tcpflow_mem *mem, void *user);

#endif /* TCPFLOW__TRACK_TRACKER_H */
