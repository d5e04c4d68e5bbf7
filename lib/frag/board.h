/*
 * lib/frag/board.h - whose octets count: fragments are laid on a board of
 * units, one after the other, as a policy says.
 *
 * Room: frag.  Includes: base.  A run is a row of units that one fragment has.
 * Runs are disjoint; what is on the board of an earlier fragment is its runs,
 * and these are what a policy compares a new one with (frag.h has the table).
 * Nothing is allocated: a run stands where it starts.
 *
 * Laying a fragment costs a few steps for each run that it touches, and these
 * are never more than it has units.  So all fragments of a datagram together
 * cost time in proportion to their octets, in whatever order they come.
 */
#ifndef TCPFLOW__FRAG_BOARD_H
#define TCPFLOW__FRAG_BOARD_H

#include <tcpflow/frag.h>

#include "frag/bitset.h"
#include "frag/pending.h"

typedef struct tcpflow__board {
  tcpflow__bitset starts;                     /* Of runs. */
  uint16_t end[TCPFLOW__UNITS];               /* At a start: of the run. */
  const tcpflow__part *owner[TCPFLOW__UNITS]; /* At a start: whose it is. */
} tcpflow__board;

/* Takes everything off. */
void tcpflow__board_clear(tcpflow__board *board);

/*
 * Lays the octets of a fragment before END.  Answers whether octets that it
 * shares with others differ from theirs.
 */
bool tcpflow__board_lay(tcpflow__board *board, const tcpflow__part *part,
                        uint32_t end, tcpflow_frag_policy policy);

/*
 * Once all fragments are laid: gives PART the unit in the middle of which it
 * ends before END does, if nobody has it, or somebody who ends there even
 * earlier.
 */
void tcpflow__board_fill(tcpflow__board *board, const tcpflow__part *part,
                         uint32_t end);

/* One run; `owner` is NULL behind the last one. */
typedef struct tcpflow__run {
  uint32_t from;
  uint32_t end;
  const tcpflow__part *owner;
} tcpflow__run;

/* The first run that ends behind UNIT. */
tcpflow__run tcpflow__board_run(const tcpflow__board *board, uint32_t unit);

#endif /* TCPFLOW__FRAG_BOARD_H */
