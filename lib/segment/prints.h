/*
 * lib/segment/prints.h - the latest frames of many endpoints, by what they are
 * known again by.
 *
 * Room: segment.  Includes: base, wire.  A copy of a frame comes soon after it,
 * and most endpoints wait for none: so what was captured last is remembered
 * for all of them together, and an endpoint that is silent takes no room.  A
 * frame has its place by its sender's first number, which no two endpoints
 * share but by chance, and by its identification; of those of one place, the
 * oldest goes.
 */
#ifndef TCPFLOW__SEGMENT_PRINTS_H
#define TCPFLOW__SEGMENT_PRINTS_H

#include <stdbool.h>
#include <stdint.h>

#include <tcpflow/segment.h>

#include "base/prefetch.h"
#include "wire/record.h"

enum {
  /* Frames of one place. */
  TCPFLOW__PRINT_WAYS = 4,
  /* A print, from its upper end: 16 bits of a hash, the identification, and
     32 bits of the time, in units of 2^16 ns, which go round in 78 hours. */
  TCPFLOW__PRINT_TICK = 16,
  TCPFLOW__PRINT_TIME = 32,
  TCPFLOW__PRINT_ID = 16
};

/* Of one place, the latest first; 0: none. */
typedef struct tcpflow__print_set {
  uint64_t print[TCPFLOW__PRINT_WAYS];
} tcpflow__print_set;

/* The owner's.  A set is one of thousands, and its line is in nobody's cache:
   so the latest print waits beside them until the next one comes, and the line
   of its set with it. */
typedef struct tcpflow__prints {
  tcpflow__print_set *set;
  unsigned shift; /* 32 less the bits of their number: 1 to 31. */
  uint64_t latest;
  tcpflow__print_set *at; /* Where that belongs. */
} tcpflow__prints;

/* There are 2^BITS sets at SET, and they are empty; BITS is 1 to 31. */
static inline void tcpflow__prints_init(tcpflow__prints *prints,
                                        tcpflow__print_set *set,
                                        unsigned bits) {
  *prints = (tcpflow__prints){.set = set, .shift = 32 - bits, .at = set};
}

/* What a frame is known again by. */
typedef struct tcpflow__print {
  uint64_t word;  /* Never 0. */
  uint32_t place; /* The upper bits say where. */
} tcpflow__print;

/* What TIME, in ticks, is in a print. */
static inline uint32_t tcpflow__print_ticks(tcpflow_time time) {
  return (uint32_t)(time >> TCPFLOW__PRINT_TICK & UINT32_MAX);
}

/* The print of a frame with this hash, from an endpoint whose stream begins
   with BASE. */
static inline tcpflow__print tcpflow__print_of(uint32_t hash, tcpflow_seq base,
                                               const tcpflow_segment *segment) {
  const uint32_t factor = UINT32_C(0x9e3779b9);
  const uint32_t id = segment->ip_id & UINT16_MAX;
  const uint32_t name = id != 0 ? id : hash | UINT32_C(1) << 16;

  return (tcpflow__print){
    (uint64_t)((hash & ~(uint32_t)UINT16_MAX) | 1U << TCPFLOW__PRINT_ID | id)
        << TCPFLOW__PRINT_TIME |
      tcpflow__print_ticks(segment->time),
    ((base ^ name * factor) * factor),
  };
}

/* The set of a place. */
static inline tcpflow__print_set *
tcpflow__prints_at(const tcpflow__prints *prints, uint32_t place) {
  return &prints->set[place >> prints->shift];
}

static inline void tcpflow__print_set_push(tcpflow__print_set *set,
                                           uint64_t print) {
  uint64_t *const at = set->print;

  at[3] = at[2];
  at[2] = at[1];
  at[1] = at[0];
  at[0] = print;
}

/* What is remembered in a place. */
static inline tcpflow__print_set
tcpflow__prints_of(const tcpflow__prints *prints, uint32_t place) {
  const tcpflow__print_set *const at = tcpflow__prints_at(prints, place);
  tcpflow__print_set set = *at;

  if (at == prints->at) {
    tcpflow__print_set_push(&set, prints->latest);
  }
  return set;
}

/* Remembers a print. */
static inline void tcpflow__prints_push(tcpflow__prints *prints, uint32_t place,
                                        uint64_t print) {
  tcpflow__print_set_push(prints->at, prints->latest);
  prints->latest = print;
  prints->at = tcpflow__prints_at(prints, place);
  tcpflow__prefetch(prints->at, 1);
}

/* Remembers a frame of an endpoint, which has taken its numbers. */
static inline void tcpflow__prints_keep(tcpflow__prints *prints, uint32_t hash,
                                        tcpflow_seq base,
                                        const tcpflow_segment *segment) {
  const tcpflow__print print = tcpflow__print_of(hash, base, segment);

  tcpflow__prints_push(prints, print.place, print.word);
}

/* For how many sets there is use where so many connections are followed; their
   number as a power of two. */
unsigned tcpflow__prints_bits(uint32_t connections);

/* Octets of 2^BITS sets. */
static inline size_t tcpflow__prints_size(unsigned bits) {
  return sizeof(tcpflow__print_set) << bits;
}

/* As octets, those that NOW is not too late for, and back; PRINTS NULL: they
   are read, and that is all. */
void tcpflow__prints_save(const tcpflow__prints *prints, tcpflow_time now,
                          tcpflow__record_writer *to);
void tcpflow__prints_load(tcpflow__prints *prints,
                          tcpflow__record_reader *from);

#endif /* TCPFLOW__SEGMENT_PRINTS_H */
