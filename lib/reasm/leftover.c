/*
 * lib/reasm/leftover.c - octets that were told and are wanted once more.
 *
 * Room: reasm.  Includes: base.  The buffer grows to twice what it had, so that
 * a message that comes in many segments is copied twice, not once for each.
 */
#include "reasm/leftover.h"

#include "base/mem.h"

#include <string.h>

#define LEAST 256U

static uint64_t cost_of(uint32_t capacity) {
  return sizeof(tcpflow__leftover) + capacity;
}

static void drop(tcpflow__leftover **left, tcpflow__budget *budget) {
  if (*left != NULL) {
    budget->used -= cost_of((*left)->capacity);
    tcpflow__free(&budget->mem, *left);
    *left = NULL;
  }
}

/* The capacity for LENGTH octets, where HAVE are there; 0: too many. */
static uint32_t room_for(uint64_t length, uint32_t have, uint32_t max) {
  const uint64_t twice = 2 * (uint64_t)have;
  uint64_t room = length > twice ? length : twice;

  if (length > max) {
    return 0;
  }
  room = room < LEAST ? LEAST : room;
  return (uint32_t)(room < max ? room : max);
}

/* An empty one.  *error: why there is none. */
static tcpflow__leftover *make(tcpflow__budget *budget, uint32_t capacity,
                               int *error) {
  tcpflow__leftover *made;

  *error = TCPFLOW_ERR_LIMIT;
  if (capacity == 0 || budget->used + cost_of(capacity) > budget->cap) {
    return NULL;
  }
  *error = TCPFLOW_ERR_NOMEM;
  made = tcpflow__malloc(&budget->mem, sizeof(*made) + capacity);
  if (made != NULL) {
    *made = (tcpflow__leftover){.capacity = capacity};
    budget->used += cost_of(capacity);
    *error = TCPFLOW_OK;
  }
  return made;
}

int tcpflow__leftover_keep(tcpflow__leftover **left, tcpflow__budget *budget,
                           uint32_t max, const tcpflow_stream_data *told,
                           size_t octets) {
  const size_t before = told->length - octets;
  int error = TCPFLOW_OK;

  drop(left, budget);
  if (octets == 0) {
    return TCPFLOW_OK;
  }
  *left = make(budget, room_for(octets, 0, max), &error);
  if (*left != NULL) {
    memcpy((*left)->bytes, told->bytes + before, octets);
    (*left)->offset = told->offset + before;
    (*left)->length = (uint32_t)octets;
  }
  return error;
}

/* Makes room for LENGTH octets in all.  False: there is none. */
static bool grow(tcpflow__leftover **left, tcpflow__budget *budget,
                 uint32_t max, uint64_t length) {
  tcpflow__leftover *larger;
  int error;

  if (length <= (*left)->capacity) {
    return length <= max;
  }
  larger = make(budget, room_for(length, (*left)->capacity, max), &error);
  if (larger == NULL) {
    return false;
  }
  memcpy(larger->bytes, (*left)->bytes, (*left)->length);
  larger->offset = (*left)->offset;
  larger->length = (*left)->length;
  drop(left, budget);
  *left = larger;
  return true;
}

bool tcpflow__leftover_join(tcpflow__leftover **left, tcpflow__budget *budget,
                            uint32_t max, const tcpflow_stream_data *next,
                            tcpflow_stream_data *joined) {
  const uint32_t kept = (*left)->length;

  if ((*left)->offset + kept != next->offset ||
      !grow(left, budget, max, (uint64_t)kept + next->length)) {
    return false;
  }
  memcpy((*left)->bytes + kept, next->bytes, next->length);
  (*left)->length = kept + (uint32_t)next->length;
  *joined = *next;
  joined->offset = (*left)->offset;
  joined->bytes = (*left)->bytes;
  joined->length = (*left)->length;
  joined->kept = kept;
  return true;
}

void tcpflow__leftover_shorten(tcpflow__leftover **left,
                               tcpflow__budget *budget, size_t octets) {
  if (*left == NULL || octets >= (*left)->length) {
    return;
  }
  if (octets == 0) {
    drop(left, budget);
    return;
  }
  const uint32_t gone = (*left)->length - (uint32_t)octets;

  memmove((*left)->bytes, (*left)->bytes + gone, octets);
  (*left)->offset += gone;
  (*left)->length = (uint32_t)octets;
}

tcpflow_stream_data tcpflow__leftover_all(const tcpflow__leftover *left) {
  return (tcpflow_stream_data){
    .offset = left->offset,
    .bytes = left->bytes,
    .length = left->length,
    .time = TCPFLOW_TIME_NONE,
    .number = UINT64_MAX,
    .kept = left->length,
  };
}
