/*
 * lib/reasm/hold.h - which octets of an input are new, and the copies of them.
 *
 * Room: reasm.  Includes: base.  An arrival is an input without what was told
 * before or lies behind the end.  Octets that the capture cut off are not held
 * by anybody: a piece remembers only how far they reach, and bytes that come
 * later may take their place.
 */
#ifndef TCPFLOW__REASM_HOLD_H
#define TCPFLOW__REASM_HOLD_H

#include "reasm/overlap.h"
#include "reasm/pieces.h"
#include "reasm/reasm.h"

/* Octets [from, middle) at bytes, and the range [middle, end) without octets.
   from <= middle <= end; all three equal: nothing is left of it. */
typedef struct tcpflow__arrival {
  tcpflow__reasm_input *input; /* NULL: none. */
  const uint8_t *bytes;
  uint64_t from;
  uint64_t middle;
  uint64_t end;
} tcpflow__arrival;

/* What is left of INPUT, which may be NULL.  Without octets if r->off. */
tcpflow__arrival tcpflow__hold_trim(const tcpflow__reasm *r,
                                    tcpflow__reasm_input *input);

/* A run of an arrival's octets that one piece has, or none. */
typedef struct tcpflow__span {
  uint64_t from;
  uint64_t end;
  const tcpflow__piece *held; /* NULL: nobody has them. */
} tcpflow__span;

/* Where a walk over the spans of an arrival is. */
typedef struct tcpflow__span_walk {
  tcpflow__piece *piece;
  uint64_t from;
  uint64_t end;
} tcpflow__span_walk;

tcpflow__span_walk tcpflow__hold_walk(const tcpflow__reasm *r,
                                      const tcpflow__arrival *in);

/* Answers false behind the last span. */
bool tcpflow__hold_walk_next(tcpflow__span_walk *walk, tcpflow__span *span);

/* The conflict in a span of IN; false if there is none. */
bool tcpflow__hold_conflict(const tcpflow__reasm *r, const tcpflow__arrival *in,
                            const tcpflow__span *span,
                            tcpflow_stream_conflict *conflict);

/* What holding an arrival takes, and how much of it is known already. */
typedef struct tcpflow__survey {
  uint64_t pieces;
  uint64_t memory;
  uint64_t duplicate;
  uint64_t conflicting;
  bool contested; /* The stream's policy has to settle who has what. */
} tcpflow__survey;

tcpflow__survey tcpflow__hold_survey(const tcpflow__reasm *r,
                                     const tcpflow__arrival *in);

/*
 * Copies what the arrival gets to hold into a chain of new pieces, hung
 * together by their parent links; the caller has seen that there is room.
 * TCPFLOW_OK or TCPFLOW_ERR_NOMEM; on the latter nothing changed.
 */
int tcpflow__hold_make(const tcpflow__reasm *r, tcpflow__budget *budget,
                       const tcpflow__arrival *in, bool contested,
                       tcpflow__piece **chain);

/* Links a chain that was made for the arrival. */
void tcpflow__hold_link(tcpflow__reasm *r, tcpflow__budget *budget,
                        const tcpflow__arrival *in, tcpflow__piece *chain);

/*
 * Takes from the pieces what the arrival gets by the stream's policy.  Answers
 * how far the ranges that the capture cut off reach of those that are gone; 0:
 * not at all.
 */
uint64_t tcpflow__hold_yield(tcpflow__reasm *r, tcpflow__budget *budget,
                             const tcpflow__arrival *in);

/* Drops N octets at the front of a piece that has more. */
void tcpflow__hold_behead(tcpflow__piece *p, uint64_t n);

/* Frees a piece that is no longer linked nor counted. */
void tcpflow__hold_free(tcpflow__budget *budget, tcpflow__piece *p);

#endif /* TCPFLOW__REASM_HOLD_H */
