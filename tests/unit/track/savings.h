/*
 * tests/unit/track/savings.h - what a tracker has saved, in memory.
 */
#ifndef TCPFLOW_TESTS_SAVINGS_H
#define TCPFLOW_TESTS_SAVINGS_H

#include <tcpflow/tracker.h>

#include <stdlib.h>
#include <string.h>

#include "wire/record.h"

typedef struct savings {
  uint8_t *bytes;
  size_t length;
  size_t room;
  unsigned calls;
  unsigned stop_at; /* The call that asks to stop; 0: none. */
} savings;

/* A tcpflow_tracker_put. */
static inline int savings_put(const void *octets, size_t length, void *user) {
  savings *const to = (savings *)user;

  if (length == 0 || length > 4096) {
    abort();
  }
  if (length > to->room - to->length) {
    to->room = (to->length + length) * 2;
    to->bytes = (uint8_t *)realloc(to->bytes, to->room);
    if (to->bytes == NULL) {
      abort();
    }
  }
  memcpy(to->bytes + to->length, octets, length);
  to->length += length;
  to->calls++;
  return to->calls == to->stop_at;
}

static inline void savings_clear(savings *s) {
  free(s->bytes);
  memset(s, 0, sizeof(*s));
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
