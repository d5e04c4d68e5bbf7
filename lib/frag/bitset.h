/*
 * lib/frag/bitset.h - a set of the units of a datagram.
 *
 * Room: frag.  Includes: nothing of ours.  Fragments are placed in units of 8
 * octets (RFC 791 section 3.1), and a datagram has 8192 of them.  So a set is 1
 * KiB, and a second level of bits tells which words are not empty: the member
 * next to any unit is found in a few steps, however the members lie.
 */
#ifndef TCPFLOW__FRAG_BITSET_H
#define TCPFLOW__FRAG_BITSET_H

#include <stdbool.h>
#include <stdint.h>

#define TCPFLOW__UNITS 8192U /* The units are 0 to 8191. */

typedef struct tcpflow__bitset {
  uint64_t word[TCPFLOW__UNITS / 64];
  uint64_t used[TCPFLOW__UNITS / 64 / 64]; /* Bit W: word[W] is not 0. */
} tcpflow__bitset;

void tcpflow__bitset_clear(tcpflow__bitset *set);

void tcpflow__bitset_add(tcpflow__bitset *set, uint32_t unit);
void tcpflow__bitset_remove(tcpflow__bitset *set, uint32_t unit);
bool tcpflow__bitset_has(const tcpflow__bitset *set, uint32_t unit);

/* Adds the units FROM <= unit < END <= TCPFLOW__UNITS. */
void tcpflow__bitset_add_range(tcpflow__bitset *set, uint32_t from,
                               uint32_t end);

/* Are all units FROM <= unit < END in the set? */
bool tcpflow__bitset_has_range(const tcpflow__bitset *set, uint32_t from,
                               uint32_t end);

/* The first member that is not below UNIT <= TCPFLOW__UNITS; TCPFLOW__UNITS if
   there is none. */
uint32_t tcpflow__bitset_ceil(const tcpflow__bitset *set, uint32_t unit);

/* The last member that is not above UNIT; TCPFLOW__UNITS if there is none. */
uint32_t tcpflow__bitset_floor(const tcpflow__bitset *set, uint32_t unit);

#endif /* TCPFLOW__FRAG_BITSET_H */
