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

#include "reasm/contest.h"
#include "reasm/keep.h"

/* What is left of INPUT, which may be NULL.  Without octets if r->off. */
tcpflow__arrival tcpflow__hold_trim(const tcpflow__reasm *r,
                                    tcpflow__reasm_input *input);

/* Finds where the arrival's first octet lies.  Before the functions below, and
   again when the arrival or the pieces have changed. */
void tcpflow__hold_find(const tcpflow__reasm *r, tcpflow__arrival *in);

/* A run of an arrival's octets that one piece has, or none. */
typedef struct tcpflow__span {
  uint64_t from;
  uint64_t end;
  tcpflow__piece *held;   /* NULL: nobody has them. */
  tcpflow__piece *before; /* The last piece that starts at from or before. */
} tcpflow__span;

/* Where a walk over the spans of an arrival is. */
typedef struct tcpflow__span_walk {
  tcpflow__piece *piece;
  tcpflow__piece *before;
  uint64_t from;
  uint64_t end;
} tcpflow__span_walk;

tcpflow__span_walk tcpflow__hold_walk(const tcpflow__arrival *in);

/* Answers false behind the last span. */
bool tcpflow__hold_walk_next(tcpflow__span_walk *walk, tcpflow__span *span);

/* The conflict of an arrival with a piece, by the marks of the survey; false if
   there is none. */
bool tcpflow__hold_conflict(const tcpflow__arrival *in,
                            const tcpflow__piece *held,
                            tcpflow_stream_conflict *conflict);

/* What it takes to hold an arrival that swallows nothing. */
tcpflow__survey tcpflow__hold_survey(const tcpflow__reasm *r,
                                     const tcpflow__arrival *in);

/*
 * Copies what the arrival gets to hold into a chain of new pieces, hung
 * together by their parent links; the caller has seen that there is room.
 * TAKES: the arrival is contested or swallows, and gets what others have.
 * TCPFLOW_OK or TCPFLOW_ERR_NOMEM; on the latter nothing changed.
 */
int tcpflow__hold_make(const tcpflow__reasm *r, tcpflow__budget *budget,
                       const tcpflow__arrival *in, bool takes,
                       tcpflow__piece **chain);

/* Links a chain that was made for the arrival, and frees the piece at PLACE,
   which is NULL or gives up its own. */
void tcpflow__hold_link(tcpflow__reasm *r, tcpflow__budget *budget,
                        const tcpflow__arrival *in, tcpflow__piece *chain,
                        tcpflow__piece *place);

#endif /* TCPFLOW__REASM_HOLD_H */
