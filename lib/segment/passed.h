/*
 * lib/segment/passed.h - the numbers of a segment of which nothing else counts.
 *
 * Room: segment.  Includes: base, wire.  What apply() would do, without a
 * judgment, of the next octets or an ACK between two endpoints at ease; for
 * connections that are ignored.
 */
#ifndef TCPFLOW__SEGMENT_PASSED_H
#define TCPFLOW__SEGMENT_PASSED_H

#include "segment/taken.h"
#include "segment/usual.h"

/* Are its octets, of which it has some, neither too many in flight, nor little
   many times? */
TCPFLOW__FLAT bool tcpflow__passed_octets(const tcpflow__endpoint *snd,
                                          const tcpflow_segment *segment) {
  const uint32_t length = segment->payload_length;
  const tcpflow_seq end = tcpflow_seq_add(segment->seq, length);

  return length <= TCPFLOW__WINDOW_MAX &&
         tcpflow_seq_distance(snd->snd_una, end) <= TCPFLOW__WINDOW_MAX &&
         !(length <= TCPFLOW__SMALL && snd->small + 1 >= TCPFLOW__SMALL_MANY);
}

/* Is it one of those? */
TCPFLOW__FLAT bool tcpflow__passed_fits(const tcpflow__endpoint *snd,
                                        const tcpflow__endpoint *rcv,
                                        const tcpflow_segment *segment) {
  return ((unsigned)snd->bits & rcv->bits & TCPFLOW__KNOWN_BITS) ==
           TCPFLOW__KNOWN_BITS &&
         tcpflow__usual_ease(snd, rcv) &&
         tcpflow__usual_number(snd, rcv, segment) && segment->window != 0 &&
         (segment->payload_length == 0 || tcpflow__passed_octets(snd, segment));
}

/* Takes the numbers of a segment with ACK, and neither SYN, FIN nor RST, at its
   time; SCALING is tcpflow__endpoints_scaling().  False: it is another one, and
   nothing changed. */
TCPFLOW__FLAT bool tcpflow__segment_passed(tcpflow__endpoint *snd,
                                           tcpflow__endpoint *rcv,
                                           const tcpflow_segment *segment,
                                           int scaling) {
  if (!tcpflow__passed_fits(snd, rcv, segment)) {
    return false;
  }
  tcpflow__take_sent(snd, segment);
  tcpflow__take_number(snd, rcv, segment);
  tcpflow__take_offer(snd, segment, tcpflow__usual_shift(snd, scaling));
  return true;
}

#endif /* TCPFLOW__SEGMENT_PASSED_H */
