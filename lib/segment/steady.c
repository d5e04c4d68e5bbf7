/*
 * lib/segment/steady.c - the next octets, or an ACK, between two endpoints that
 * are open and at ease.
 *
 * Room: segment.  Includes: base, wire.  Here is what does not change with such
 * a segment.
 */
#include "segment/steady.h"

#include "segment/usual.h"

/* Is it in the midst of nothing, and nothing of it in doubt? */
static bool is_at_ease(const tcpflow__endpoint *end) {
  return (end->bits & TCPFLOW__BUSY_BITS) == 0 &&
         (end->unseen | end->jumps) == 0;
}

/* With a FIN it is not ESTABLISHED any more. */
static bool is_steady(const tcpflow__endpoint *end) {
  return end->state == TCPFLOW_STATE_ESTABLISHED &&
         (end->bits & TCPFLOW__KNOWN_BITS) == TCPFLOW__KNOWN_BITS &&
         tcpflow__usual_opened(end) && is_at_ease(end);
}

bool tcpflow__endpoints_are_steady(const tcpflow__endpoint end[2]) {
  return is_steady(&end[0]) && is_steady(&end[1]);
}
