/*
 * tests/unit/track/savings.h - what a tracker has saved, in memory.
 */
#ifndef TCPFLOW_TESTS_SAVINGS_H
#define TCPFLOW_TESTS_SAVINGS_H

#include <tcpflow/tracker.h>

#include <stdlib.h>
#include <string.h>

#include "unit/sink.h"
#include "wire/record.h"

typedef sink savings;

/* A tcpflow_tracker_put, which gets no more than a block at a time. */
static inline int savings_put(const void *octets, size_t length, void *user) {
  if (length > 4096) {
    abort();
  }
  return sink_put(octets, length, user);
}

static inline void savings_clear(savings *s) {
  sink_clear(s);
}

static inline savings savings_of(tcpflow_tracker *tracker) {
  savings s = {0};

  if (tcpflow_tracker_save(tracker, savings_put, &s) != TCPFLOW_OK) {
    abort();
  }
  return s;
}

/* LENGTH octets with a right digest behind them. */
static inline void savings_sign(savings *to, const uint8_t *octets,
                                size_t length) {
  tcpflow__record_writer writer;

  to->length = 0;
  tcpflow__record_begin(&writer, savings_put, to);
  tcpflow__record_octets(&writer, octets, length);
  if (!tcpflow__record_end(&writer)) {
    abort();
  }
}

#endif /* TCPFLOW_TESTS_SAVINGS_H */
