/*
 * lib/reasm/contest.h - what an arrival takes from pieces that are held.
 *
 * Room: reasm.  Includes: base.  An arrival that differs from what is held
 * contests it: the policy says of each piece who gets what both have.  One that
 * covers many pieces swallows them, though nobody loses an octet: they become
 * one, so that none of them costs anything again.
 */
#ifndef TCPFLOW__REASM_CONTEST_H
#define TCPFLOW__REASM_CONTEST_H

#include "reasm/keep.h"

/* What holding an arrival takes, and how much of it is known already. */
typedef struct tcpflow__survey {
  uint64_t pieces;
  uint64_t memory;
  uint64_t duplicate;
  uint64_t conflicting;
  bool contested;          /* The stream's policy has to settle who has what. */
  uint64_t covered;        /* Pieces whose place it takes, or may take. */
  uint64_t gone;           /* Those of them that it takes. */
  tcpflow__piece *differs; /* The first piece that does; NULL: none. */
} tcpflow__survey;

/* What the survey of an arrival finds of a piece of which it has octets: marks
   of the piece, which hold until the arrival is drained. */
enum {
  TCPFLOW__MARK_WINS = 1 << 0,   /* It gets what they share, by the policy. */
  TCPFLOW__MARK_COVERS = 1 << 1, /* It might swallow the piece. */
  TCPFLOW__MARK_DIFFERS = 1 << 2
};

/* All marks but the last one.  Nothing for one for which there is no room. */
unsigned tcpflow__contest_marks(const tcpflow__reasm *r,
                                const tcpflow__arrival *in,
                                const tcpflow__piece *p);

/* Does it cover so many that it is to swallow them? */
bool tcpflow__contest_swallows(const tcpflow__survey *found);

/* What is needed by one that swallows, in place of what else it would be. */
void tcpflow__contest_swallow(const tcpflow__arrival *in,
                              tcpflow__survey *found);

/* How many octets of a piece whose middle the arrival takes have to be copied;
   0: there is none. */
uint64_t tcpflow__contest_split(const tcpflow__arrival *in);

/* Makes a chain of what it gets, and of what it leaves of a piece whose middle
   it takes; false: no memory. */
bool tcpflow__contest_make(tcpflow__budget *budget, const tcpflow__arrival *in,
                           tcpflow__piece **chain);

/*
 * Takes from the pieces what the arrival gets.  Answers how far the ranges that
 * the capture cut off reach of those that are gone; 0: not at all.  One of
 * those stays linked, in *PLACE, for what comes in its place; NULL: none does.
 */
uint64_t tcpflow__contest_yield(tcpflow__reasm *r, tcpflow__budget *budget,
                                const tcpflow__arrival *in,
                                tcpflow__piece **place);

#endif /* TCPFLOW__REASM_CONTEST_H */
