/*
 * lib/reasm/tail.c - the last octets of a stream that were told.
 *
 * Room: reasm.  Includes: base.  The octets stay in one piece, so that a
 * conflict can be shown as it is: the buffer has room for half as many again,
 * and they move to its front when it is full.  So each octet moves a few times
 * at most.  The buffer grows with the stream: most streams are short.  How
 * large it is follows from how many octets there are, and so is the same in a
 * connection that was restored.
 */
#include "reasm/tail.h"

#include "base/mem.h"
#include "base/order.h"
#include "reasm/rest.h"

#include <string.h>

/* The capacity for LENGTH octets, MAX at most. */
static uint32_t room_for(uint64_t length, uint32_t max) {
  const uint64_t most = (uint64_t)max + max / 2;
  uint64_t room = 256;

  if (length >= max) {
    return (uint32_t)most;
  }
  while (room < length) {
    room *= 2;
  }
  return (uint32_t)tcpflow__lower(room, most);
}

static uint64_t cost_of(uint32_t capacity) {
  return sizeof(tcpflow__tail) + capacity;
}

/* The first of the last N octets. */
static const uint8_t *last(const tcpflow__tail *tail, uint32_t n) {
  return tail->bytes + tail->from + (tail->length - n);
}

void tcpflow__tail_clear(tcpflow__tail **tail, tcpflow__budget *budget) {
  if (*tail != NULL) {
    budget->used -= cost_of((*tail)->capacity);
    tcpflow__free(&budget->mem, *tail);
    *tail = NULL;
  }
}

/* An empty one, or NULL. */
static tcpflow__tail *make(tcpflow__budget *budget, uint32_t capacity) {
  tcpflow__tail *tail = NULL;

  if (budget->used + cost_of(capacity) <= budget->cap / 2) {
    tail = tcpflow__malloc(&budget->mem, sizeof(*tail) + capacity);
  }
  if (tail != NULL) {
    budget->used += cost_of(capacity);
    tail->from = 0;
    tail->length = 0;
    tail->capacity = capacity;
  }
  return tail;
}

/* Moves to a larger buffer, with the last KEPT octets.  Without one, everything
   is forgotten. */
static void grow(tcpflow__tail **tail, tcpflow__budget *budget,
                 uint32_t capacity, uint32_t kept) {
  tcpflow__tail *const larger = make(budget, capacity);

  if (larger != NULL && *tail != NULL) {
    memcpy(larger->bytes, last(*tail, kept), kept);
    larger->length = kept;
  }
  tcpflow__tail_clear(tail, budget);
  *tail = larger;
}

/* Makes room for N octets behind the last KEPT ones. */
static void make_room(tcpflow__tail *tail, uint32_t n, uint32_t kept) {
  if (n <= tail->capacity - tail->from - tail->length) {
    return;
  }
  memmove(tail->bytes, last(tail, kept), kept);
  tail->from = 0;
  tail->length = kept;
}

void tcpflow__tail_add(tcpflow__tail **tail, tcpflow__budget *budget,
                       uint32_t max, const tcpflow_stream_data *told) {
  const uint32_t n = (uint32_t)tcpflow__lower(told->length, max);

  if (*tail != NULL && (*tail)->end != told->offset) {
    tcpflow__tail_clear(tail, budget);
  }

  const uint32_t before = *tail == NULL ? 0 : (*tail)->length;
  const uint32_t kept = (uint32_t)tcpflow__lower(before, max - n);
  const uint32_t capacity = room_for((uint64_t)kept + n, max);

  if (*tail == NULL || (*tail)->capacity < capacity) {
    grow(tail, budget, capacity, kept);
  }
  if (*tail == NULL) {
    return;
  }
  make_room(*tail, n, kept);
  memcpy((*tail)->bytes + (*tail)->from + (*tail)->length,
         told->bytes + (told->length - n), n);
  (*tail)->from += (*tail)->length - kept;
  (*tail)->length = kept + n;
  (*tail)->end = told->offset + told->length;
}

bool tcpflow__tail_differs(const tcpflow__tail *tail, tcpflow__reasm *r,
                           const tcpflow__reasm_input *input,
                           tcpflow_stream_conflict *conflict) {
  if (tail == NULL || input == NULL || r->off) {
    return false;
  }
  const uint64_t begin = tail->end - tail->length;
  const uint64_t from = tcpflow__higher(input->offset, begin);
  const uint64_t end =
    tcpflow__lower(input->offset + input->captured, tail->end);

  if (from >= end) {
    return false;
  }
  *conflict = (tcpflow_stream_conflict){
    .offset = from,
    .length = (size_t)(end - from),
    .first = tail->bytes + tail->from + (from - begin),
    .second = input->bytes + (from - input->offset),
    .delivered = 1,
    .first_time = TCPFLOW_TIME_NONE,
    .first_number = UINT64_MAX,
  };
  if (memcmp(conflict->first, conflict->second, conflict->length) == 0) {
    return false;
  }
  tcpflow__rest_differ(r, end - from);
  return true;
}

bool tcpflow__tail_peek(const tcpflow__tail *tail, uint64_t offset,
                        tcpflow_stream_data *found) {
  if (tail == NULL || offset >= tail->end ||
      tail->end - offset > tail->length) {
    return false;
  }
  const uint32_t n = (uint32_t)(tail->end - offset);

  *found = (tcpflow_stream_data){
    .offset = offset,
    .bytes = last(tail, n),
    .length = n,
    .time = TCPFLOW_TIME_NONE,
    .number = UINT64_MAX,
  };
  return true;
}
