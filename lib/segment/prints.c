/*
 * lib/segment/prints.c - the latest frames of many endpoints.
 *
 * Room: segment.  Includes: base, wire.
 */
#include "segment/prints.h"

/* Sets, as powers of two: for one connection, and at most. */
static const unsigned BITS_MIN = 4;
static const unsigned BITS_MAX = 13;

/* Behind that, none matters (duplicate.c).  In ticks. */
static const uint32_t LATE = TCPFLOW_SECOND >> TCPFLOW__PRINT_TICK;

unsigned tcpflow__prints_bits(uint32_t connections) {
  unsigned bits = BITS_MIN;

  while (bits < BITS_MAX && UINT32_C(1) << bits < connections) {
    bits++;
  }
  return bits;
}

static bool is_late(uint64_t print, tcpflow_time now) {
  return tcpflow__print_ticks(now) - (uint32_t)(print & UINT32_MAX) > LATE;
}

static void save_set(const tcpflow__print_set *set, uint32_t place,
                     tcpflow_time now, tcpflow__record_writer *to) {
  for (unsigned i = TCPFLOW__PRINT_WAYS; i > 0; i--) {
    const uint64_t print = set->print[i - 1];

    if (print != 0 && !is_late(print, now)) {
      tcpflow__record_number(to, print, 8);
      tcpflow__record_number(to, place, 4);
    }
  }
}

/* The oldest of a set comes first, and 0 last. */
void tcpflow__prints_save(const tcpflow__prints *prints, tcpflow_time now,
                          tcpflow__record_writer *to) {
  const uint32_t sets = (UINT32_MAX >> prints->shift) + 1;

  for (uint32_t i = 0; i < sets; i++) {
    const uint32_t place = i << prints->shift;
    const tcpflow__print_set set = tcpflow__prints_of(prints, place);

    save_set(&set, place, now, to);
  }
  tcpflow__record_number(to, 0, 8);
}

void tcpflow__prints_load(tcpflow__prints *prints,
                          tcpflow__record_reader *from) {
  uint64_t print = tcpflow__record_take(from, 8);

  for (; print != 0; print = tcpflow__record_take(from, 8)) {
    const uint32_t place = (uint32_t)tcpflow__record_take(from, 4);

    if (prints != NULL) {
      tcpflow__prints_push(prints, place, print);
    }
  }
}
