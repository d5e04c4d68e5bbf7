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

/* Memory that pieces are charged to; many streams share one.  used <= cap
   always; the charge is what was asked of the allocator. */
typedef struct tcpflow__budget {
  tcpflow_mem mem;
  uint64_t used;
  uint64_t cap;
} tcpflow__budget;

struct tcpflow__piece;

/* One direction.  The size matters: two of them are in every connection. */
typedef struct tcpflow__reasm {
  struct tcpflow__piece *root; /* Balanced tree of the pieces held. */
  uint64_t next;               /* All before it was told. */
  uint64_t end;                /* UINT64_MAX: not known. */
  uint64_t give_up;            /* Holes before it are not waited for. */
  uint64_t missing;            /* Octets told as gaps. */
  uint64_t duplicate;
  uint32_t conflicting;        /* Saturates. */
  uint32_t beyond_end;         /* Saturates. */
  uint32_t pieces;
  uint32_t memory;             /* What the pieces cost. */
  uint8_t give_up_reason;      /* A tcpflow_gap_reason. */
  bool off;                    /* Nobody wants data: tell nothing, hold
                                  nothing but ranges. */
} tcpflow__reasm;

/* What drain() calls; each answers false to hear no more of this drain. */
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
} tcpflow__reasm_input;

/* Limits of one direction. */
typedef struct tcpflow__reasm_limits {
  uint32_t max_memory;
  uint32_t max_pieces;
} tcpflow__reasm_limits;

void tcpflow__reasm_init(tcpflow__reasm *r);

/* Frees all that is held, tells nothing. */
void tcpflow__reasm_clear(tcpflow__reasm *r, tcpflow__budget *budget);

/*
 * Takes a piece.  In order (offset <= next): only notes it; drain() hands its
 * bytes on without a copy.  Early: copies what no held piece has, or, where a
 * limit or the budget leaves no room, notes it for drain(), which then gives up
 * the oldest holes until it fits or is in order.  Conflicts with held bytes are
 * told by drain(), too (so the input stays borrowed until then).
 * TCPFLOW_OK or TCPFLOW_ERR_NOMEM; on the latter nothing changed.
 */
int tcpflow__reasm_put(tcpflow__reasm *r, tcpflow__budget *budget,
                       const tcpflow__reasm_limits *limits,
                       const tcpflow__reasm_input *input);

/* The offset up to which all is there (held, noted in input, or given up) or
   known as lost.  input may be NULL. */
uint64_t tcpflow__reasm_edge(const tcpflow__reasm *r,
                             const tcpflow__reasm_input *input);

/* From now on, holes before offset are not waited for; drain() tells them. */
void tcpflow__reasm_give_up(tcpflow__reasm *r, uint64_t offset,
                            tcpflow_gap_reason reason);

/* The offset behind the last octet held or told. */
uint64_t tcpflow__reasm_last(const tcpflow__reasm *r);

/* Tells all that can be told, in order, and frees it.  input: what the put()
   before it was given, or NULL. */
void tcpflow__reasm_drain(tcpflow__reasm *r, tcpflow__budget *budget,
                          const tcpflow__reasm_limits *limits,
                          const tcpflow__reasm_input *input,
                          const tcpflow__reasm_sink *sink);

#endif /* TCPFLOW__REASM_REASM_H */
