/*
 * lib/segment/steady.c - the next octets, or an ACK, between two endpoints that
 * are open and at ease.
 *
 * Room: segment.  Includes: base, wire, options.  Most segments are of this
 * kind, so what does not change with them is asked once, and what does is asked
 * and taken in one go.  Each condition names what the general way would look
 * at: without it, the segment goes there.  So a rule that is new there needs a
 * condition here, or none where these imply that it does not apply; a test
 * feeds random connections both ways.
 */
#include "segment/steady.h"

#include "segment/taken.h"
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

/* Is it the next of its sender, with an ACK of what is in flight?  Without data
   it acknowledges more than before. */
TCPFLOW__FLAT bool is_next(const tcpflow__endpoint *snd,
                           const tcpflow__endpoint *rcv,
                           const tcpflow_segment *segment) {
  const uint32_t acked = tcpflow_seq_distance(rcv->snd_una, segment->ack);

  return segment->seq == snd->snd_nxt &&
         acked <= tcpflow_seq_distance(rcv->snd_una, rcv->snd_nxt) &&
         (acked | segment->payload_length) != 0 &&
         (segment->flags & (TCPFLOW__TELLING_FLAGS | TCPFLOW_FLAG_FIN)) ==
           TCPFLOW_FLAG_ACK;
}

/* Is nothing odd about the rest of it? */
TCPFLOW__FLAT bool is_usual(const tcpflow__endpoint *snd,
                            const tcpflow__endpoint *rcv,
                            const tcpflow_segment *segment, int scaling) {
  return tcpflow__usual_form(segment) &&
         tcpflow__usual_stamps(snd, rcv, segment->options) &&
         tcpflow__usual_offer(snd, rcv, segment,
                              tcpflow__usual_window(snd, segment, scaling)) &&
         (segment->payload_length == 0 ||
          tcpflow__usual_data(snd, rcv, segment, scaling)) &&
         tcpflow__usual_way(snd, segment);
}

TCPFLOW__FLAT void take(tcpflow__endpoint *snd, tcpflow__endpoint *rcv,
                        const tcpflow_segment *segment, int scaling) {
  tcpflow__take_count(snd, segment);
  if (segment->payload_length != 0) {
    tcpflow__take_octets(snd, segment);
  }
  if (scaling < 0) {
    tcpflow__note_flight(snd, rcv, snd->snd_nxt);
  }
  tcpflow__take_number(snd, rcv, segment);
  tcpflow__take_offer(snd, segment,
                      tcpflow__usual_window(snd, segment, scaling));
  tcpflow__take_stamp(snd, segment);
}

tcpflow_verdict tcpflow__segment_steady(tcpflow__endpoint end[2],
                                        tcpflow_side sender,
                                        const tcpflow_segment *segment,
                                        int scaling) {
  tcpflow__endpoint *const snd = &end[sender];
  tcpflow__endpoint *const rcv = &end[!sender];
  tcpflow_verdict verdict;

  if (!is_next(snd, rcv, segment) || !is_usual(snd, rcv, segment, scaling)) {
    return 0;
  }
  verdict = tcpflow__usual_words(rcv, segment, segment->payload_length == 0);
  take(snd, rcv, segment, scaling);
  return verdict;
}
