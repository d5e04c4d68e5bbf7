/*
 * lib/wire/cursor.h - the one bounds-checked way to read octets of a frame.
 *
 * Room: wire.  Includes: base.  Invariant: off <= end, and the END octets at
 * BASE may be read.  Lengths out of a packet are compared with what is left,
 * never added first, so no length can make an offset wrap.  Offsets have 32
 * bits, as those of a frame have.
 */
#ifndef TCPFLOW__WIRE_CURSOR_H
#define TCPFLOW__WIRE_CURSOR_H

#include <stddef.h>
#include <stdint.h>

typedef struct tcpflow__cursor {
  const uint8_t *base; /* May be NULL if END is 0. */
  uint32_t off;        /* The next octet to take. */
  uint32_t end;        /* Behind the last one. */
} tcpflow__cursor;

/* How many octets can still be taken. */
static inline uint32_t tcpflow__cursor_left(const tcpflow__cursor *cursor) {
  return cursor->end - cursor->off;
}

/* Looks at the next N octets, N > 0; NULL if there are fewer. */
static inline const uint8_t *tcpflow__cursor_peek(const tcpflow__cursor *cursor,
                                                  uint32_t n) {
  return n > tcpflow__cursor_left(cursor) ? NULL : cursor->base + cursor->off;
}

/* Takes the next N octets, N > 0; NULL, and nothing taken, if there are fewer.
 */
static inline const uint8_t *tcpflow__cursor_take(tcpflow__cursor *cursor,
                                                  uint32_t n) {
  const uint8_t *const bytes = tcpflow__cursor_peek(cursor, n);

  if (bytes != NULL) {
    cursor->off += n;
  }
  return bytes;
}

/* Lets no more than N octets be taken from here on. */
static inline void tcpflow__cursor_limit(tcpflow__cursor *cursor, uint32_t n) {
  if (n < tcpflow__cursor_left(cursor)) {
    cursor->end = cursor->off + n;
  }
}

#endif /* TCPFLOW__WIRE_CURSOR_H */
