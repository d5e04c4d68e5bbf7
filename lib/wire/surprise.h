/*
 * lib/wire/surprise.h - numbers, of which no more is kept than a reader could
 * not have guessed.
 *
 * Room: wire.  Includes: base.  Both who writes and who reads has a guess of
 * each number, by those before it.  A number that is as guessed takes a bit;
 * another one takes its distance from the guess besides, in as many octets as
 * that needs.  One function goes over the numbers for writing and for reading,
 * so that the two cannot differ.  Unlike a record (record.h), it is for nobody
 * but the same program.
 */
#ifndef TCPFLOW__WIRE_SURPRISE_H
#define TCPFLOW__WIRE_SURPRISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most numbers. */
#define TCPFLOW__SURPRISES 72U

/* A number takes 10 octets at most. */
#define TCPFLOW__SURPRISE_ROOM                                                 \
  (TCPFLOW__SURPRISES / 8 + 10 * TCPFLOW__SURPRISES)

/* In OCTETS lies a bit for each number, and then the distances. */
typedef struct tcpflow__surprises {
  uint8_t *octets;
  size_t at;      /* Where the next distance lies. */
  unsigned count; /* Numbers so far. */
  bool reads;     /* Otherwise it writes. */
} tcpflow__surprises;

/* Begins to write to TCPFLOW__SURPRISE_ROOM octets; `at` says then how many
   were needed. */
static inline tcpflow__surprises tcpflow__surprises_to(uint8_t *octets) {
  return (tcpflow__surprises){octets, TCPFLOW__SURPRISES / 8, 0, false};
}

/* Begins to read what was written. */
static inline tcpflow__surprises tcpflow__surprises_from(uint8_t *octets) {
  return (tcpflow__surprises){octets, TCPFLOW__SURPRISES / 8, 0, true};
}

/* Writes a number that is DISTANCE behind the guess, or answers the one that
   was written. */
int64_t tcpflow__surprise(tcpflow__surprises *s, int64_t distance);

/* A number of each size: written, or set. */
static inline void tcpflow__surprise64(tcpflow__surprises *s, uint64_t *number,
                                       uint64_t guess) {
  *number = guess + (uint64_t)tcpflow__surprise(s, (int64_t)(*number - guess));
}

static inline void tcpflow__surprise32(tcpflow__surprises *s, uint32_t *number,
                                       uint32_t guess) {
  const uint32_t distance = *number - guess;

  *number = guess + (uint32_t)tcpflow__surprise(s, (int32_t)distance);
}

static inline void tcpflow__surprise16(tcpflow__surprises *s, uint16_t *number,
                                       uint16_t guess) {
  *number =
    (uint16_t)(guess + tcpflow__surprise(s, (int16_t)(*number - guess)));
}

static inline void tcpflow__surprise8(tcpflow__surprises *s, uint8_t *number,
                                      uint8_t guess) {
  *number = (uint8_t)(guess + tcpflow__surprise(s, (int8_t)(*number - guess)));
}

#endif /* TCPFLOW__WIRE_SURPRISE_H */
