/*
 * lib/reasm/reasm.h - the engine below tcpflow_stream, for the rooms above.
 *
 * Room: reasm.  Includes: base.  A conn embeds two of these; it holds no
 * pointer into itself.  Work comes in two steps, so that a caller can change
 * its own state between them: put() takes a piece and may fail for want of
 * memory, without a trace; drain() tells, and cannot fail.  Between the two,
 * edge() says how far the stream will be contiguous.
 */
#ifndef TCPFLOW__REASM_REASM_H
#define TCPFLOW__REASM_REASM_H

#include <stdbool.h>

#include <tcpflow/stream.h>

#include "reasm/shelf.h"

/*
 * What only a stream has of which something is held, missing, or came twice.
 * All others share one that is never written to (rest.h).
 */
typedef struct tcpflow__reasm_rest {
  tcpflow__pieces tree; /* The pieces held. */
  uint64_t gate;        /* Nothing behind it is told, but for want of
                                  room; UINT64_MAX: no matter.  Its owner moves
                                  it forth only. */
  uint64_t give_up;     /* Holes before it are not waited for. */
  uint64_t missing;     /* Octets told as gaps. */
  uint64_t duplicate;   /* Octets that came where some had come, or had
                                  been given up. */
  uint32_t conflicting; /* Of those, in overlaps that differed.
                                  Saturates. */
  uint32_t beyond_end;  /* Octets dropped behind the end.  Saturates. */
  uint32_t pieces;
  uint32_t memory;        /* What the pieces cost. */
  uint32_t reached;       /* The low half of an offset: all from next up to it
                             is held.  The engine's own, to shorten a walk: it
                             may lie too low.  Only kept where there is a gate
                             and something is held. */
  uint8_t give_up_reason; /* A tcpflow_gap_reason. */
  bool shared;            /* It is that of all others. */
  bool lent;              /* It is the owner's: nobody frees it. */
} tcpflow__reasm_rest;

/* Rests that are made before it is known whether they are needed: one for each
   direction of a connection. */
#define TCPFLOW__RESTS 2U

/* Memory that pieces are charged to; many streams share one.  used <= cap
   always; the charge is what was asked of the allocator. */
typedef struct tcpflow__budget {
  tcpflow_mem mem;
  tcpflow_hold keeper; /* Of the caller's buffers; hold is NULL: copy. */
  uint64_t used;
  uint64_t cap;
  uint64_t rests; /* Octets of rests, which are charged to nobody. */
  tcpflow__reasm_rest *spare[TCPFLOW__RESTS];
  unsigned spares;      /* How many of these there are. */
  tcpflow__shelf shelf; /* Pieces for what comes next, charged to nobody. */
  uint32_t beside; /* Octets that a piece gets beside its own: 0, but for one
                      of a checkpoint. */
  bool copies; /* What comes is not in the caller's buffers, whatever its handle
                  is. */
} tcpflow__budget;

/*
 * One direction.  The size matters: two of them are in every connection.  Its
 * owner may set `end` and `off`, and read the rest.
 *
 * Between a drain() and the next put(), the first piece lies behind `next`:
 * there is a hole before all that is held; or it lies behind a doubtful end, or
 * `next` is at the gate.
 */
typedef struct tcpflow__reasm {
  uint64_t next; /* All before it was told. */
  uint64_t end;  /* UINT64_MAX: not known.  Never below next; what is held
                    behind it is dropped.  Set between put() and drain(), it
                    must not lie before the end of the input. */
  tcpflow__reasm_rest *rest; /* Never NULL. */
  bool off;                  /* Nobody wants data, for good: ranges are held
                                without octets, and nothing is told.  Then
                                `missing` counts what was never seen, not what
                                was cut; next - missing is the rest. */
  uint8_t doubtful;          /* Not 0: `end` may prove to be none: what
                                put_beyond() held behind it stays.  Its owner
                                sets it with `end`. */
  uint8_t overlap;           /* A tcpflow_overlap.  Its owner may set it. */
} tcpflow__reasm;

/* What drain() calls; each answers false to hear no more of this drain.  A
   function may be NULL.  It may set `off`; it may not touch the stream else. */
typedef struct tcpflow__reasm_sink {
  bool (*data)(void *user, const tcpflow_stream_data *event);
  bool (*gap)(void *user, const tcpflow_stream_gap *event);
  bool (*conflict)(void *user, const tcpflow_stream_conflict *event);
  void *user;
} tcpflow__reasm_sink;

/* A piece on its way in: the caller's, from put() to drain(). */
typedef struct tcpflow__reasm_input {
  const uint8_t *bytes; /* NULL when nothing is borrowed. */
  uint64_t offset;
  uint32_t length;
  uint32_t captured;
  tcpflow_time time; /* Where it comes from: when, the number of the frame, */
  uint64_t number;
  void *handle; /* and what it is held by. */
  /* The engine's own, from put() to drain(); unset before. */
  tcpflow__piece *chain;   /* What it gets to hold in a dispute, */
  tcpflow__piece *at;      /* and where that lies. */
  tcpflow__piece *differs; /* The first piece that does; it stays until drain()
                              has told so. */
  uint8_t overlap;         /* The stream's when it came. */
  bool early;              /* There is something before it. */
  bool noted;              /* It is early and not held yet. */
  bool disputed;           /* It differs from what is held. */
  bool swallows;           /* Pieces that it covers become one. */
} tcpflow__reasm_input;

/* Limits of one direction. */
typedef struct tcpflow__reasm_limits {
  uint32_t max_memory;
  uint32_t max_pieces;
} tcpflow__reasm_limits;

/* Reads a caller's functions that keep buffers; theirs may be NULL.
   TCPFLOW_OK, or TCPFLOW_ERR_INVALID if one is missing. */
int tcpflow__keeper_read(tcpflow_hold *ours, const tcpflow_hold *theirs);

/* It shares its rest. */
void tcpflow__reasm_init(tcpflow__reasm *r);

/* Frees all that is held, tells nothing. */
void tcpflow__reasm_clear(tcpflow__reasm *r, tcpflow__budget *budget);

/* The functions below for all but the usual case. */
int tcpflow__reasm_put_slow(tcpflow__reasm *r, tcpflow__budget *budget,
                            const tcpflow__reasm_limits *limits,
                            tcpflow__reasm_input *input);
uint64_t tcpflow__reasm_edge_slow(const tcpflow__reasm *r,
                                  const tcpflow__reasm_input *input);
void tcpflow__reasm_drain_slow(tcpflow__reasm *r, tcpflow__budget *budget,
                               const tcpflow__reasm_limits *limits,
                               tcpflow__reasm_input *input,
                               const tcpflow__reasm_sink *sink);

/* Whether nothing is held and nothing is to be given up. */
static inline bool tcpflow__reasm_is_idle(const tcpflow__reasm *r) {
  return r->rest->tree.root == NULL && r->rest->give_up <= r->next;
}

/* Whether the input is the next octets, all before the end and the gate. */
static inline bool tcpflow__reasm_is_next(const tcpflow__reasm *r,
                                          const tcpflow__reasm_input *input) {
  return input->offset == r->next && input->length <= r->end - r->next &&
         input->length <= r->rest->gate - r->next;
}

/* Whether it is, and there is nothing to be told of it but its octets. */
static inline bool tcpflow__reasm_is_whole(const tcpflow__reasm *r,
                                           const tcpflow__reasm_input *input) {
  return tcpflow__reasm_is_next(r, input) &&
         (input->captured == input->length || r->off);
}

/*
 * Takes a piece; offset + length is 2^63 at most.  In order (offset <= next,
 * all before the gate): only counts it; drain() hands its bytes on without a
 * copy.
 * Early: copies what no held piece has, and what it takes from one that differs
 * (drain() settles that); or, where a limit or the budget leaves no room, notes
 * it for drain(), which then gives up the oldest holes until it fits or is in
 * order.  Conflicts with held bytes are told by drain(), too (so the input
 * stays borrowed until then).
 * TCPFLOW_OK or TCPFLOW_ERR_NOMEM; on the latter nothing changed.  After an OK
 * drain() must follow, with the same input.
 */
static inline int tcpflow__reasm_put(tcpflow__reasm *r, tcpflow__budget *budget,
                                     const tcpflow__reasm_limits *limits,
                                     tcpflow__reasm_input *input) {
  input->overlap = r->overlap;
  if (tcpflow__reasm_is_idle(r) && tcpflow__reasm_is_whole(r, input)) {
    return TCPFLOW_OK;
  }
  return tcpflow__reasm_put_slow(r, budget, limits, input);
}

/*
 * Holds what lies behind an end that is doubtful, where there is room; input
 * begins there.  It is told when the owner takes the end back, and dropped when
 * the end is certain.  put() counts the input; it comes before this, or behind
 * it.  Returns TCPFLOW_OK, or TCPFLOW_ERR_NOMEM: then nothing has changed.
 */
int tcpflow__reasm_put_beyond(tcpflow__reasm *r, tcpflow__budget *budget,
                              const tcpflow__reasm_limits *limits,
                              tcpflow__reasm_input *input);

/*
 * The offset up to which all is there (held, noted in input, or given up) or
 * known as lost: the next drain() gets at least there.  (It gets further only
 * if it has to make room, and the allocator then fails.)  input may be NULL.
 */
static inline uint64_t tcpflow__reasm_edge(const tcpflow__reasm *r,
                                           const tcpflow__reasm_input *input) {
  return input == NULL && tcpflow__reasm_is_idle(r)
           ? r->next
           : tcpflow__reasm_edge_slow(r, input);
}

/* From now on, holes before offset are not waited for; drain() tells them, up
   to that offset even where nothing is held behind it.  Of several calls before
   a drain(), the one with the highest offset counts.  Takes a rest. */
void tcpflow__reasm_give_up(tcpflow__reasm *r, tcpflow__budget *budget,
                            uint64_t offset, tcpflow_gap_reason reason);

/* The hole in front of all that is held: the offset behind it, and when the
   octets there came.  False: there is none, or the end or the gate lies before
   it. */
bool tcpflow__reasm_front(const tcpflow__reasm *r, uint64_t *offset,
                          tcpflow_time *since);

/* The offset behind the last octet held or told. */
uint64_t tcpflow__reasm_last(const tcpflow__reasm *r);

/* Octets held, without overhead; O(pieces). */
uint64_t tcpflow__reasm_held(const tcpflow__reasm *r);

/* The octets held from OFFSET on that came together; false if that one is not
   held. */
bool tcpflow__reasm_peek(const tcpflow__reasm *r, uint64_t offset,
                         tcpflow_stream_data *found);

/* For tests: whether all invariants hold, as they do outside of put() to
   drain(). */
bool tcpflow__reasm_check(const tcpflow__reasm *r);

/*
 * Tells all that can be told, in order, and frees it.  input: what the put()
 * before it was given, or NULL.
 */
static inline void tcpflow__reasm_drain(tcpflow__reasm *r,
                                        tcpflow__budget *budget,
                                        const tcpflow__reasm_limits *limits,
                                        tcpflow__reasm_input *input,
                                        const tcpflow__reasm_sink *sink) {
  if (!tcpflow__reasm_is_idle(r) ||
      (input != NULL && !tcpflow__reasm_is_whole(r, input))) {
    tcpflow__reasm_drain_slow(r, budget, limits, input, sink);
    return;
  }
  if (input == NULL) {
    return;
  }

  const tcpflow_stream_data event = {r->next, input->bytes, input->length, 0,
                                     0,       input->time,  input->number, 0};
  r->next += input->length;
  if (!r->off && input->length > 0 && sink->data != NULL) {
    (void)sink->data(sink->user, &event);
  }
}

#endif /* TCPFLOW__REASM_REASM_H */
