/*
 * lib/reasm/overlap.c - who wins where two segments overlap and differ.
 *
 * Room: reasm.  Includes: base.  All that a system looks at is how the new
 * segment lies to the one that waits; so a policy is the set of situations in
 * which the new one takes the shared octets.  Shankar and Paxson, Active
 * Mapping (2003), and Novak and Sturges, Target-Based TCP Stream Reassembly
 * (2007), measured the systems.
 */
#include "reasm/overlap.h"

/* How the new segment lies to the one that is held.  Bits. */
enum {
  INSIDE = 1 << 0,       /* Begins behind its begin, does not end behind it. */
  OVER_END = 1 << 1,     /* Begins behind its begin, ends behind its end. */
  SAME_SHORTER = 1 << 2, /* Begins with it, ends before it. */
  SAME = 1 << 3,         /* Begins and ends with it. */
  SAME_LONGER = 1 << 4,  /* Begins with it, ends behind it. */
  OVER_BEGIN = 1 << 5,   /* Begins before it, ends before its end. */
  COVERS = 1 << 6,       /* Begins before it, does not end before its end. */
  ANY = (1 << 7) - 1,
  /* Of those that descend from 4.4BSD: what begins earlier is taken whole. */
  BSD = OVER_BEGIN | COVERS
};

/* By tcpflow_overlap; no bits: what was there stays. */
static const uint8_t winning[TCPFLOW_OVERLAP_COUNT] = {
  [TCPFLOW_OVERLAP_LAST] = ANY,
  [TCPFLOW_OVERLAP_LINUX] = BSD | SAME_LONGER,
  [TCPFLOW_OVERLAP_OLD_LINUX] = BSD | SAME_LONGER | SAME,
  [TCPFLOW_OVERLAP_BSD] = BSD,
  [TCPFLOW_OVERLAP_MACOS] = BSD,
  [TCPFLOW_OVERLAP_WINDOWS] = BSD,
  [TCPFLOW_OVERLAP_W2K3] = BSD,
  [TCPFLOW_OVERLAP_HPUX10] = BSD | SAME_LONGER,
  [TCPFLOW_OVERLAP_IRIX] = BSD | SAME_LONGER,
  [TCPFLOW_OVERLAP_HPUX11] = OVER_END | SAME | SAME_LONGER | COVERS,
  [TCPFLOW_OVERLAP_SOLARIS] = OVER_END | SAME | SAME_LONGER | COVERS,
};

/* By whether it begins before the held one, with it, behind it; and how it
   ends.  A table, since nobody can foretell a hostile sender's segments. */
static const uint8_t situations[3][3] = {
  {OVER_BEGIN, COVERS, COVERS},
  {SAME_SHORTER, SAME, SAME_LONGER},
  {INSIDE, INSIDE, OVER_END},
};

/* 0: before; 1: the same; 2: behind. */
static unsigned order_of(uint64_t now, uint64_t held) {
  return 1U + (now > held) - (now < held);
}

static unsigned situation(tcpflow__range now, tcpflow__range held) {
  return situations[order_of(now.from, held.from)][order_of(now.end, held.end)];
}

bool tcpflow__overlap_replaces(unsigned policy, tcpflow__range now,
                               tcpflow__range held) {
  return policy < TCPFLOW_OVERLAP_COUNT &&
         (winning[policy] & situation(now, held)) != 0;
}

bool tcpflow__overlap_keeps(unsigned policy) {
  return policy >= TCPFLOW_OVERLAP_COUNT || winning[policy] == 0;
}

bool tcpflow__is_overlap(uint64_t policy) {
  return policy < TCPFLOW_OVERLAP_COUNT;
}
