/*
 * tests/unit/sink.h - what was written in pieces, in memory.
 *
 *   sink s = {0}; tcpflow_tracker_save(tracker, sink_put, &s);
 *   ... s.bytes, s.length ...
 *   sink_clear(&s);
 */
#ifndef TCPFLOW_TESTS_SINK_H
#define TCPFLOW_TESTS_SINK_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct sink {
  uint8_t *bytes;
  size_t length;
  size_t room;
  unsigned calls;
  unsigned stop_at; /* The call that asks to stop; 0: none. */
} sink;

/* A tcpflow_tracker_put.  Nothing at all is never handed on. */
static inline int sink_put(const void *octets, size_t length, void *user) {
  sink *const to = (sink *)user;

  if (length == 0) {
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

static inline void sink_clear(sink *s) {
  free(s->bytes);
  memset(s, 0, sizeof(*s));
}

#endif /* TCPFLOW_TESTS_SINK_H */
