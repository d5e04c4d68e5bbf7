/*
 * lib/segment/expected.c - the segments with which connections open and close,
 * as both endpoints expect them.
 *
 * Room: segment.  Includes: base, wire, options.  Each condition below names
 * what the general way would look at: without it, the segment goes there.  So a
 * rule that is new there needs a condition here, or none where these imply that
 * it does not apply; a test feeds random connections both ways.
 */
#include "segment/expected.h"

#include <string.h>

#include "segment/usual.h"

/* Is neither in the midst of something, nor anything of them in doubt? */
static bool are_at_ease(const tcpflow__endpoint *snd,
                        const tcpflow__endpoint *rcv) {
  return (((unsigned)snd->bits | rcv->bits) & TCPFLOW__BUSY_BITS) == 0 &&
         (snd->unseen | rcv->unseen | snd->jumps) == 0;
}

/* Nothing about its header but its numbers, and perhaps a FIN. */
static bool is_well_formed(const tcpflow_segment *segment) {
  return (segment->flags & TCPFLOW__TELLING_FLAGS) == TCPFLOW_FLAG_ACK &&
         tcpflow__usual_form(segment);
}

/* That of a SYN has no edge. */
static bool offers_enough(const tcpflow__endpoint *snd,
                          const tcpflow__endpoint *rcv,
                          const tcpflow_segment *segment, int scaling) {
  return tcpflow__usual_offer(snd, rcv, segment,
                              tcpflow__usual_window(snd, segment, scaling)) ||
         (segment->window > TCPFLOW__SLAM &&
          !tcpflow__endpoint_has(snd, TCPFLOW__END_WINDOW));
}

/* Is it the next of its sender, with an ACK of what is in flight?  Without data
   and FIN it acknowledges more than before. */
static bool is_next(const tcpflow__endpoint *snd, const tcpflow__endpoint *rcv,
                    const tcpflow_segment *segment, bool bare) {
  return segment->seq == snd->snd_nxt &&
         tcpflow_seq_distance(rcv->snd_una, segment->ack) <=
           tcpflow_seq_distance(rcv->snd_una, rcv->snd_nxt) &&
         !(bare && segment->ack == rcv->snd_una);
}

/* Is nothing odd about the rest of it? */
static bool is_usual(const tcpflow__endpoint *snd, const tcpflow__endpoint *rcv,
                     const tcpflow_segment *segment, int scaling) {
  return is_well_formed(segment) && are_at_ease(snd, rcv) &&
         tcpflow__usual_stamps(snd, rcv, segment->options) &&
         offers_enough(snd, rcv, segment, scaling) &&
         (segment->payload_length == 0 ||
          tcpflow__usual_data(snd, rcv, segment, scaling)) &&
         tcpflow__usual_way(snd, segment);
}

/* Does it acknowledge a SYN,ACK, as the first thing behind that?  Octets of a
   SYN are another matter (RFC 7413). */
static bool is_third(const tcpflow__endpoint *snd, const tcpflow__endpoint *rcv,
                     const tcpflow_segment *segment) {
  const unsigned both = TCPFLOW__END_ISS | TCPFLOW__END_SYN | TCPFLOW__END_BASE;

  return snd->state == TCPFLOW_STATE_ESTABLISHED &&
         rcv->state == TCPFLOW_STATE_SYN_RECEIVED &&
         (snd->bits & rcv->bits & both) == both &&
         (((unsigned)snd->bits | rcv->bits) & TCPFLOW__END_SYN_DATA) == 0 &&
         tcpflow__endpoint_has(rcv, TCPFLOW__END_WINDOW) &&
         !tcpflow__usual_opened(rcv) && tcpflow_seq_lt(rcv->iss, segment->ack);
}

/* Does nobody say of an endpoint's FIN that it is elsewhere? */
static bool has_one_fin(const tcpflow__endpoint *end) {
  return !tcpflow__endpoint_has(end, TCPFLOW__END_FIN) ||
         end->fin == end->fin_other;
}

/* May it be one of those with which connections close?  Behind its FIN the
   sender has nothing but ACKs. */
static bool may_close(const tcpflow__endpoint *snd,
                      const tcpflow__endpoint *rcv, bool bare) {
  return snd->state >= TCPFLOW_STATE_ESTABLISHED &&
         rcv->state >= TCPFLOW_STATE_ESTABLISHED &&
         (snd->bits & rcv->bits & TCPFLOW__KNOWN_BITS) == TCPFLOW__KNOWN_BITS &&
         tcpflow__usual_opened(rcv) && has_one_fin(snd) && has_one_fin(rcv) &&
         (bare || !tcpflow__endpoint_has(snd, TCPFLOW__END_FIN));
}

/* Is it in order, and no more in flight than any window allows?  The stream of
   its sender ends in front of its FIN. */
static bool is_at_edge(const tcpflow__view *view) {
  const tcpflow__endpoint *const snd = view->snd;

  return view->context->edge == (tcpflow__endpoint_has(snd, TCPFLOW__END_FIN)
                                   ? snd->fin
                                   : snd->snd_nxt) &&
         tcpflow_seq_distance(snd->snd_una, view->end) <= TCPFLOW__WINDOW_MAX;
}

static void judge_turn(tcpflow__judgment *out, const tcpflow__view *view,
                       bool third) {
  const tcpflow_segment *const segment = view->segment;

  memset(out, 0, sizeof(*out));
  out->verdict = tcpflow__usual_words(view->rcv, segment, view->bare);
  out->print = tcpflow__segment_print(segment);
  out->scaling = (int8_t)view->scaling;
  out->numbers = true;
  out->ack = true;
  out->data = segment->payload_length != 0;
  out->in_order = tcpflow_seq_leq(segment->seq, view->context->edge);
  out->third = third;
  if (third) {
    tcpflow__judgment_add(out, tcpflow_side_other(view->sender),
                          TCPFLOW_STIMULUS_RCV_ACK_OF_SYN, false);
  }
  tcpflow__judge_ack_of_fin(out, view);
  if ((segment->flags & TCPFLOW_FLAG_FIN) != 0) {
    tcpflow__judge_fin(out, view);
  }
}

bool tcpflow__segment_is_turn(tcpflow__judgment *out,
                              const tcpflow__endpoint end[2],
                              tcpflow_side sender,
                              const tcpflow_segment *segment,
                              tcpflow_seq edge) {
  const tcpflow__endpoint *const snd = &end[sender];
  const tcpflow__endpoint *const rcv = &end[tcpflow_side_other(sender)];
  const tcpflow__segment_context context = {.edge = edge};
  const tcpflow__view view = {
    .segment = segment,
    .snd = snd,
    .rcv = rcv,
    .context = &context,
    .sender = sender,
    .data_end = tcpflow_seq_add(segment->seq, segment->payload_length),
    .end = tcpflow__segment_end(segment),
    .scaling = tcpflow__endpoints_scaling(snd, rcv),
    .bare =
      segment->payload_length == 0 && (segment->flags & TCPFLOW_FLAG_FIN) == 0,
  };
  const bool third = is_third(snd, rcv, segment);

  if (!(third || may_close(snd, rcv, view.bare)) || !is_at_edge(&view) ||
      !is_next(snd, rcv, segment, view.bare) ||
      !is_usual(snd, rcv, segment, view.scaling)) {
    return false;
  }
  judge_turn(out, &view, third);
  return out->odd == 0 && !out->fin_refuted;
}
