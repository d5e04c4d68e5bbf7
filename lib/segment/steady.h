/*
 * lib/segment/steady.h - the next octets, or an ACK, between two endpoints that
 * are open and at ease.
 *
 * Room: segment.  Includes: base, wire.  What judge() and apply() would find
 * and do of such a one is known from a few comparisons; everything that is odd
 * in the least is left to them.  In a header, because it is in the way of most
 * packets.  What does not change with them is asked once, and what does is
 * asked and taken in one go.  Each condition names what the general way would
 * look at: without it, the segment goes there.  So a rule that is new there
 * needs a condition here, or none where these imply that it does not apply; a
 * test feeds random connections both ways.
 */
#ifndef TCPFLOW__SEGMENT_STEADY_H
#define TCPFLOW__SEGMENT_STEADY_H

#include "segment/taken.h"
#include "segment/usual.h"

/* Are both in the midst of nothing, and is nothing of them in doubt? */
TCPFLOW__FLAT bool tcpflow__steady_ease(const tcpflow__endpoint *a,
                                        const tcpflow__endpoint *b) {
  return (((unsigned)a->bits | b->bits) & TCPFLOW__BUSY_BITS) == 0 &&
         (a->unseen | b->unseen | a->jumps | b->jumps) == 0;
}

/* Are both open and in the midst of nothing?  Then segments that the function
   below takes leave them so.  With a FIN one is not ESTABLISHED any more. */
TCPFLOW__FLAT bool
tcpflow__endpoints_are_steady(const tcpflow__endpoint end[2]) {
  return end[0].state == TCPFLOW_STATE_ESTABLISHED &&
         end[1].state == TCPFLOW_STATE_ESTABLISHED &&
         ((unsigned)end[0].bits & end[1].bits & TCPFLOW__KNOWN_BITS) ==
           TCPFLOW__KNOWN_BITS &&
         tcpflow__steady_ease(&end[0], &end[1]) &&
         tcpflow__usual_opened(&end[0]) && tcpflow__usual_opened(&end[1]);
}

/* Does it neither begin, end nor break anything? */
TCPFLOW__FLAT bool tcpflow__steady_flags(unsigned flags) {
  return (flags & (TCPFLOW__TELLING_FLAGS | TCPFLOW_FLAG_FIN)) ==
         TCPFLOW_FLAG_ACK;
}

/* Is it the next of its sender, with an ACK of what is in flight?  BARE: it has
   no data, and then it acknowledges more than before. */
TCPFLOW__FLAT bool tcpflow__steady_next(const tcpflow__endpoint *snd,
                                        const tcpflow__endpoint *rcv,
                                        const tcpflow_segment *segment,
                                        bool bare) {
  const uint32_t acked = tcpflow_seq_distance(rcv->snd_una, segment->ack);

  return segment->seq == snd->snd_nxt &&
         acked <= tcpflow_seq_distance(rcv->snd_una, rcv->snd_nxt) &&
         !(bare && acked == 0);
}

/* It came as far as the others of its sender: then how far is taken. */
TCPFLOW__FLAT bool tcpflow__steady_way(tcpflow__endpoint *snd,
                                       const tcpflow_segment *segment) {
  if (segment->ip_ttl != snd->ip_ttl) {
    if (tcpflow__is_far(segment->ip_ttl, snd->ip_ttl)) {
      return false;
    }
    tcpflow__take_way(snd, segment);
  }
  return true;
}

/* Is nothing odd about it?  STAMPS is tcpflow__stamps_of() its options, which
   are tcpflow__usual_options(). */
TCPFLOW__FLAT bool tcpflow__steady_fits(const tcpflow__endpoint *snd,
                                        const tcpflow__endpoint *rcv,
                                        const tcpflow_segment *segment,
                                        const tcpflow_options *stamps,
                                        int scaling, unsigned shift,
                                        bool bare) {
  return tcpflow__steady_next(snd, rcv, segment, bare) &&
         tcpflow__usual_header(segment) &&
         tcpflow__usual_stamped(snd, rcv, stamps) &&
         tcpflow__usual_offer(snd, rcv, segment, shift) &&
         (bare || tcpflow__usual_data(snd, rcv, segment, scaling));
}

TCPFLOW__FLAT void tcpflow__steady_take(tcpflow__endpoint *snd,
                                        tcpflow__endpoint *rcv,
                                        const tcpflow_segment *segment,
                                        const tcpflow_options *stamps,
                                        int scaling, unsigned shift,
                                        bool bare) {
  snd->segments++;
  if (!bare) {
    tcpflow__take_octets(snd, segment);
  }
  if (scaling < 0) {
    tcpflow__note_flight(snd, rcv, snd->snd_nxt);
  }
  tcpflow__take_number(snd, rcv, segment);
  tcpflow__take_offer(snd, segment, shift);
  tcpflow__take_stamps(snd, stamps, segment->time);
}

/* The function below for one with data, or a BARE one without. */
TCPFLOW__FLAT tcpflow_verdict tcpflow__segment_steady_one(
  tcpflow__endpoint *snd, tcpflow__endpoint *rcv,
  const tcpflow_segment *segment, const tcpflow_options *stamps, int scaling,
  bool bare) {
  const unsigned shift = tcpflow__usual_shift(snd, scaling);
  tcpflow_verdict verdict;

  if (!tcpflow__steady_fits(snd, rcv, segment, stamps, scaling, shift, bare) ||
      !tcpflow__steady_way(snd, segment)) {
    return 0;
  }
  verdict = tcpflow__usual_words(rcv, segment, bare);
  tcpflow__steady_take(snd, rcv, segment, stamps, scaling, shift, bare);
  return verdict;
}

/*
 * Does what apply() would do, at the segment's time, of the next one between
 * steady endpoints, if judge() would list nothing that happens and nothing odd.
 * Answers judge()'s verdict, which is never 0; 0: it is another one, and
 * nothing changed.  It has tcpflow__steady_flags() and
 * tcpflow__usual_options(), STAMPS is tcpflow__stamps_of() those, and SCALING
 * is tcpflow__endpoints_scaling().  The stream of its sender is complete up to
 * SND.NXT, which is for the caller to know.
 */
TCPFLOW__FLAT tcpflow_verdict tcpflow__segment_steady(
  tcpflow__endpoint *snd, tcpflow__endpoint *rcv,
  const tcpflow_segment *segment, const tcpflow_options *stamps, int scaling) {
  return segment->payload_length == 0
           ? tcpflow__segment_steady_one(snd, rcv, segment, stamps, scaling,
                                         true)
           : tcpflow__segment_steady_one(snd, rcv, segment, stamps, scaling,
                                         false);
}

#endif /* TCPFLOW__SEGMENT_STEADY_H */
