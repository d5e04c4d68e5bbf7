/*
 * lib/options/fields.h - the fields of one option, in and out, in their order.
 *
 * Room: options.  Includes: wire.  Reading looks at the length of an option
 * first and then takes its fields; a field that is not there reads as 0, so a
 * rule that is wrong gives a wrong value and never a read out of bounds.
 * Writing is into room that any option of a header fits into; what does not is
 * left out, and told at the end.
 */
#ifndef TCPFLOW__OPTIONS_FIELDS_H
#define TCPFLOW__OPTIONS_FIELDS_H

#include <string.h>

#include <tcpflow/option_values.h>

#include "wire/bytes.h"
#include "wire/cursor.h"

static inline uint8_t tcpflow__take8(tcpflow__cursor *from) {
  const uint8_t *const p = tcpflow__cursor_take(from, 1);

  return p == NULL ? 0 : p[0];
}

static inline uint16_t tcpflow__take16(tcpflow__cursor *from) {
  const uint8_t *const p = tcpflow__cursor_take(from, 2);

  return p == NULL ? 0 : tcpflow__fetch16(p);
}

static inline uint32_t tcpflow__take24(tcpflow__cursor *from) {
  const uint8_t *const p = tcpflow__cursor_take(from, 3);

  return p == NULL ? 0 : (uint32_t)tcpflow__fetch16(p) << 8 | p[2];
}

static inline uint32_t tcpflow__take32(tcpflow__cursor *from) {
  const uint8_t *const p = tcpflow__cursor_take(from, 4);

  return p == NULL ? 0 : tcpflow__fetch32(p);
}

static inline uint64_t tcpflow__take64(tcpflow__cursor *from) {
  const uint64_t high = tcpflow__take32(from);

  return high << 32 | tcpflow__take32(from);
}

/* Copies N octets; none if there are fewer. */
static inline void tcpflow__take_copy(tcpflow__cursor *from, uint8_t *to,
                                      uint32_t n) {
  const uint8_t *const p = tcpflow__cursor_take(from, n);

  if (p != NULL) {
    memcpy(to, p, n);
  }
}

/* All the octets that are left. */
static inline tcpflow_octets tcpflow__take_rest(tcpflow__cursor *from) {
  const uint32_t n = tcpflow__cursor_left(from);
  const tcpflow_octets rest = {n > 0 ? tcpflow__cursor_take(from, n) : NULL, n};

  return rest;
}

/* The data of an option under construction.  What is behind LENGTH has no
   meaning; ERROR is the first thing that went wrong. */
typedef struct tcpflow__fields {
  uint8_t bytes[TCPFLOW_OPTIONS_MAX];
  uint32_t length;
  int error;
} tcpflow__fields;

static inline void tcpflow__give_bytes(tcpflow__fields *to,
                                       const uint8_t *bytes, size_t n) {
  if (n > 0 && bytes == NULL) {
    to->error = TCPFLOW_ERR_INVALID;
  }
  if (to->error == TCPFLOW_OK && n > sizeof(to->bytes) - to->length) {
    to->error = TCPFLOW_ERR_LIMIT;
  }
  if (to->error == TCPFLOW_OK && n > 0) {
    memcpy(to->bytes + to->length, bytes, n);
    to->length += (uint32_t)n;
  }
}

static inline void tcpflow__give_rest(tcpflow__fields *to,
                                      const tcpflow_octets *octets) {
  tcpflow__give_bytes(to, octets->bytes, octets->length);
}

/* A count or a choice that the form has no room for. */
static inline void tcpflow__give_check(tcpflow__fields *to, int good) {
  if (!good && to->error == TCPFLOW_OK) {
    to->error = TCPFLOW_ERR_INVALID;
  }
}

/* A number for a field whose bits, all set, are MOST. */
static inline unsigned tcpflow__give_fit(tcpflow__fields *to, unsigned v,
                                         unsigned most) {
  tcpflow__give_check(to, v <= most);
  return v & most;
}

static inline void tcpflow__give8(tcpflow__fields *to, unsigned v) {
  const uint8_t octet = (uint8_t)(v & 0xffU);

  tcpflow__give_bytes(to, &octet, 1);
}

static inline void tcpflow__give16(tcpflow__fields *to, uint16_t v) {
  tcpflow__give8(to, v >> 8);
  tcpflow__give8(to, v);
}

static inline void tcpflow__give24(tcpflow__fields *to, uint32_t v) {
  const uint32_t bits = tcpflow__give_fit(to, v, UINT32_C(0xffffff));

  tcpflow__give8(to, bits >> 16);
  tcpflow__give16(to, (uint16_t)(bits & 0xffffU));
}

static inline void tcpflow__give32(tcpflow__fields *to, uint32_t v) {
  tcpflow__give16(to, (uint16_t)(v >> 16));
  tcpflow__give16(to, (uint16_t)(v & 0xffffU));
}

static inline void tcpflow__give64(tcpflow__fields *to, uint64_t v) {
  tcpflow__give32(to, (uint32_t)(v >> 32));
  tcpflow__give32(to, (uint32_t)(v & UINT32_MAX));
}

#endif /* TCPFLOW__OPTIONS_FIELDS_H */
