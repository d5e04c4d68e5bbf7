/*
 * tests/property/dialogue.h - two peers that talk, what they say, and what an
 * observer can know of it.
 *
 *   dialogue d;
 *   dialogue_make(&d, &manner, &seed);
 *
 * Each segment is numbered relative to the initial number of its sender, with
 * 64 bits: 0 is the SYN, 1 the first octet.  The peers themselves lose nothing,
 * so an ACK never lies; what is lost is lost on the way to the observer.  Lost
 * octets are chosen when they are sent, and no segment that has one of them is
 * captured, or only up to it.  So the holes are known: what no captured segment
 * has.  An epoch is a pause that nothing passes, whatever else is shuffled.
 */
#ifndef TCPFLOW_TESTS_DIALOGUE_H
#define TCPFLOW_TESTS_DIALOGUE_H

#include <tcpflow/tcpflow.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "unit/track/traffic.h"

enum {
  SAID_MAX = 2000,
  SPAN_MAX = 3000,
  RECENT = 8, /* A side's segments that are repeated where some are lost. */
  JUMP = 0xf00000, /* Octets at most that nobody captures at once: 2^24 more
                        in a number than was seen are impossible. */
};

/* What kind of connection it is. */
typedef struct manner {
  unsigned steps;
  uint32_t length_max; /* Octets of a segment. */
  bool lossy;
  bool jumps;  /* Over megabytes that are lost; only where lossy. */
  bool stamps; /* RFC 7323. */
  bool pauses;
} manner;

typedef struct said {
  int side;
  unsigned flags;
  uint64_t seq;
  uint64_t ack;
  uint32_t length;
  uint32_t captured;
  uint32_t stamp[2];
  unsigned epoch;
} said;

/* From begin to in front of end. */
typedef struct span {
  uint64_t begin;
  uint64_t end;
} span;

typedef struct spans {
  span at[SPAN_MAX];
  unsigned count;
} spans;

typedef struct dialogue {
  manner manner;
  uint64_t *seed;
  tcpflow_seq iss[2];
  said said[SAID_MAX];
  unsigned count;
  unsigned epoch;
  bool heard_of[2];           /* Something was captured since the last jump. */
  uint64_t next[2];           /* To be sent. */
  uint64_t floor[2];          /* Nothing before it is repeated, if lossy. */
  uint64_t acked[2];          /* What that side has acknowledged. */
  uint32_t heard[2];          /* Latest stamp of the other side. */
  uint64_t length[2];         /* Of the stream, when its FIN is sent. */
  uint64_t recent[2][RECENT]; /* Where the latest segments began. */
  unsigned sent[2];
  spans lost[2];
  spans seen[2];
  spans holes[2];
} dialogue;

/* The round at hand, for whoever wants to play it again. */
static uint64_t dialogue_round;

#define TALK_MUST(truth)                                                       \
  do {                                                                         \
    if (!(truth)) {                                                            \
      fprintf(stderr, "%s:%d: round %llu: %s\n", __FILE__, __LINE__,           \
              (unsigned long long)dialogue_round, #truth);                     \
      abort();                                                                 \
    }                                                                          \
  } while (0)

/* Octet AT of a stream, by flow and side. */
static inline uint8_t dialogue_octet(unsigned flow, unsigned side,
                                     uint64_t at) {
  const uint64_t mixed =
    (at + 1) * UINT64_C(0x9e3779b97f4a7c15) + flow * 2 + side;

  return (uint8_t)((mixed ^ mixed >> 29) >> 24 & 0xff);
}

static inline uint64_t dialogue_below(dialogue *d, uint64_t n) {
  return dice(d->seed) % n;
}

static inline bool dialogue_one_in(dialogue *d, uint64_t n) {
  return dialogue_below(d, n) == 0;
}

/* --- spans --- */

static inline void spans_add(spans *s, uint64_t begin, uint64_t end) {
  if (begin < end) {
    TALK_MUST(s->count < SPAN_MAX);
    s->at[s->count++] = (span){begin, end};
  }
}

static inline int spans_order(const void *a, const void *b) {
  const uint64_t first = ((const span *)a)->begin;
  const uint64_t second = ((const span *)b)->begin;

  return first < second ? -1 : first > second;
}

/* What is in none of S, up to END. */
static inline void spans_complement(spans *s, uint64_t end, spans *holes) {
  uint64_t at = 1;

  qsort(s->at, s->count, sizeof(s->at[0]), spans_order);
  holes->count = 0;
  for (unsigned i = 0; i < s->count; i++) {
    spans_add(holes, at, s->at[i].begin);
    at = s->at[i].end > at ? s->at[i].end : at;
  }
  spans_add(holes, at, end);
}

/* How many octets of a segment are captured: all, those in front of the lost
   ones that end it, or none. */
static inline uint32_t spans_captured(const spans *lost, uint64_t begin,
                                      uint32_t length) {
  const uint64_t end = begin + length;
  uint64_t first = end;

  for (unsigned i = 0; i < lost->count; i++) {
    const uint64_t from = lost->at[i].begin > begin ? lost->at[i].begin : begin;

    if (from < lost->at[i].end && from < first) {
      first = lost->at[i].end < end ? begin : from;
    }
  }
  return (uint32_t)(first - begin);
}

/* --- saying --- */

/* A segment, if the observer gets it. */
static inline void dialogue_say(dialogue *d, int side, unsigned flags,
                                uint64_t seq, uint32_t length) {
  const uint32_t captured = spans_captured(&d->lost[side], seq, length);

  if (!dialogue_one_in(d, 4) || (flags & TCPFLOW_FLAG_SYN) != 0) {
    d->acked[side] = d->next[!side];
  }
  TALK_MUST(d->count < SAID_MAX);
  const said one = {
    .side = side,
    .flags = flags,
    .seq = seq,
    .ack = d->acked[side],
    .length = length,
    .captured = captured,
    .stamp = {1000 + d->count, d->heard[side]},
    .epoch = d->epoch,
  };
  d->heard[!side] = one.stamp[0];
  if (length == 0 || captured != 0) {
    d->said[d->count++] = one;
    spans_add(&d->seen[side], seq, seq + captured);
  }
}

static inline void dialogue_new(dialogue *d, int side, uint32_t length) {
  const uint64_t seq = d->next[side];

  d->next[side] += length;
  if (d->manner.lossy && dialogue_one_in(d, 8)) {
    const uint32_t from = (uint32_t)dialogue_below(d, length);
    const uint32_t size = 1 + (uint32_t)dialogue_below(d, length - from);

    spans_add(&d->lost[side], seq + from,
              seq + (dialogue_one_in(d, 2) ? length : from + size));
  }
  d->recent[side][d->sent[side]++ % RECENT] = seq;
  dialogue_say(d, side, F_A, seq, length);
  d->heard_of[side] |= d->said[d->count - 1].seq == seq;
}

/* What was sent, cut elsewhere. */
static inline void dialogue_again(dialogue *d, int side) {
  const unsigned known = d->sent[side] < RECENT ? d->sent[side] : RECENT;
  uint64_t begin = 1;

  if (known == 0) {
    return;
  }
  if (d->manner.lossy || dialogue_one_in(d, 2)) {
    begin = d->recent[side][dialogue_below(d, known)];
  }
  if (d->manner.lossy && begin < d->floor[side]) {
    begin = d->floor[side];
  }
  if (begin >= d->next[side]) {
    return;
  }
  const uint64_t left = d->next[side] - begin;
  const uint64_t skipped = dialogue_below(d, left < 3000 ? left : 3000);
  const uint64_t most = left - skipped < 1460 ? left - skipped : 1460;
  dialogue_say(d, side, F_A, begin + skipped,
               1 + (uint32_t)dialogue_below(d, most));
}

static inline void dialogue_pause(dialogue *d) {
  d->epoch++;
  d->floor[0] = d->next[0];
  d->floor[1] = d->next[1];
}

/* Megabytes pass elsewhere.  The pause lets those before be given up. */
static inline void dialogue_jump(dialogue *d, int side) {
  const uint64_t distance = JUMP - dialogue_below(d, JUMP / 2);

  dialogue_pause(d);
  d->heard_of[side] = false;
  spans_add(&d->lost[side], d->next[side], d->next[side] + distance);
  d->next[side] += distance;
  d->floor[side] = d->next[side];
}

static inline uint32_t dialogue_length(dialogue *d) {
  const uint32_t most = d->manner.length_max;

  switch (dialogue_below(d, 4)) {
  case 0:
    return 1 + (uint32_t)dialogue_below(d, 3);
  case 1:
    return most;
  default:
    return 1 + (uint32_t)dialogue_below(d, most);
  }
}

static inline void dialogue_step(dialogue *d) {
  const int side = (int)dialogue_below(d, 2);
  const uint64_t kind = dialogue_below(d, 10);

  if (d->manner.jumps && d->heard_of[side]) {
    dialogue_jump(d, side);
  }
  if (kind < 6) {
    dialogue_new(d, side, dialogue_length(d));
  } else if (kind < 8) {
    dialogue_again(d, side);
  } else {
    dialogue_say(d, side, F_A, d->next[side], 0);
  }
  if (d->manner.pauses && dialogue_one_in(d, 25)) {
    dialogue_pause(d);
  }
}

/* The FIN, with or without data, and once more. */
static inline void dialogue_finish(dialogue *d, int side) {
  const uint32_t length = dialogue_one_in(d, 2) ? 0 : dialogue_length(d);
  const uint64_t seq = d->next[side];

  d->length[side] = seq + length - 1;
  d->next[side] += length + 1;
  dialogue_say(d, side, F_FA, seq, length);
  if (length != 0 || dialogue_one_in(d, 3)) {
    dialogue_say(d, side, F_FA, seq + length, 0);
  }
}

static inline void dialogue_close(dialogue *d) {
  const int side = (int)dialogue_below(d, 2);

  dialogue_finish(d, side);
  if (dialogue_one_in(d, 2)) {
    dialogue_new(d, !side, dialogue_length(d));
    dialogue_again(d, !side);
  }
  dialogue_finish(d, !side);
  dialogue_pause(d);
  for (int i = 0; i < 2; i++) {
    d->acked[i] = d->next[!i];
    dialogue_say(d, i, F_A, d->next[i], 0);
  }
}

/* A whole connection.  SEED is used from now on. */
static inline void dialogue_make(dialogue *d, const manner *m,
                                 const tcpflow_seq iss[2], uint64_t *seed) {
  memset(d, 0, sizeof(*d));
  d->manner = *m;
  d->seed = seed;
  memcpy(d->iss, iss, sizeof(d->iss));
  d->next[0] = 1;
  dialogue_say(d, 0, F_S, 0, 0);
  d->next[1] = 1;
  dialogue_say(d, 1, F_SA, 0, 0);
  d->acked[0] = 1;
  d->epoch++; /* Without its SYN a stream begins where it is seen first. */
  dialogue_say(d, 0, F_A, 1, 0);
  for (unsigned i = 0; i < m->steps; i++) {
    dialogue_step(d);
  }
  dialogue_close(d);
  for (int i = 0; i < 2; i++) {
    spans_complement(&d->seen[i], d->length[i] + 1, &d->holes[i]);
  }
}

#endif /* TCPFLOW_TESTS_DIALOGUE_H */
