/*
 * lib/segment/expected.c - the segment that both endpoints expect.
 *
 * Room: segment.  Includes: base, wire, options.  Each condition below names
 * what the general way would look at: without it, the segment goes there.  So a
 * rule that is new there needs a condition here, or none where these imply that
 * it does not apply; a test feeds random connections both ways.
 */
#include "segment/expected.h"

#include <string.h>

/* SYN and RST begin and break, URG marks octets, and nothing counts without
   ACK. */
static const unsigned TELLING =
  TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_RST | TCPFLOW_FLAG_URG | TCPFLOW_FLAG_ACK;

/* A sender that gets no ACK at all is odd from somewhere above this on. */
static const uint32_t UNHEARD = UINT32_C(1) << 16;

/* What an endpoint is in the midst of. */
static const unsigned BUSY = TCPFLOW__END_LAST_KEEP_ALIVE |
                             TCPFLOW__END_LAST_PROBE | TCPFLOW__END_CHALLENGED;

/* What must be known of both. */
static const unsigned KNOWN = TCPFLOW__END_BASE | TCPFLOW__END_WINDOW;

/* Is neither in the midst of something, nor anything of them in doubt? */
static bool are_at_ease(const tcpflow__endpoint *snd,
                        const tcpflow__endpoint *rcv) {
  return (((unsigned)snd->bits | rcv->bits) & BUSY) == 0 &&
         (snd->unseen | rcv->unseen | snd->jumps) == 0;
}

/* Was its SYN acknowledged, or not captured? */
static bool is_opened(const tcpflow__endpoint *end) {
  return (end->bits & (TCPFLOW__END_ISS | TCPFLOW__END_SYN_ACKED)) !=
         TCPFLOW__END_ISS;
}

/* Are both open?  With a FIN its sender is not ESTABLISHED any more. */
static bool are_open(const tcpflow__endpoint *snd,
                     const tcpflow__endpoint *rcv) {
  return (snd->bits & rcv->bits & KNOWN) == KNOWN &&
         snd->state == TCPFLOW_STATE_ESTABLISHED &&
         rcv->state == TCPFLOW_STATE_ESTABLISHED && is_opened(rcv);
}

/* Nothing about its header but its numbers. */
static bool is_well_formed(const tcpflow_segment *segment) {
  const tcpflow_options *const options = segment->options;

  return (segment->flags & TELLING) == TCPFLOW_FLAG_ACK &&
         segment->checksum != TCPFLOW_CHECKSUM_BAD &&
         segment->payload_captured == segment->payload_length &&
         segment->fragment_anomalies == 0 &&
         (options == NULL || (options->flags | options->sack_count) == 0);
}

/* Timestamps as both have agreed: RFC 7323 section 3.2; none goes back, and
   none is made up. */
static bool has_fit_stamps(const tcpflow__endpoint *snd,
                           const tcpflow__endpoint *rcv,
                           const tcpflow_options *options) {
  const unsigned both = (unsigned)snd->bits & rcv->bits;
  const unsigned stamped = TCPFLOW__END_TS | TCPFLOW__END_TS_RECENT;

  if (options == NULL || (options->present & TCPFLOW_HAS_TIMESTAMPS) == 0) {
    return (both & TCPFLOW__END_TS) == 0;
  }
  return (both & stamped) == stamped &&
         !tcpflow_seq_lt(options->ts_val, snd->ts_recent) &&
         tcpflow_seq_leq(rcv->ts_first, options->ts_ecr) &&
         tcpflow_seq_leq(options->ts_ecr, rcv->ts_recent);
}

/* The window that it offers: open, and with no lower edge than before. */
static bool offers_enough(const tcpflow__endpoint *snd,
                          const tcpflow__endpoint *rcv,
                          const tcpflow_segment *segment, int scaling) {
  const uint32_t window = (uint32_t)segment->window
                          << (scaling == 1 ? snd->wscale : 0);

  if (segment->window <= TCPFLOW__SLAM) {
    return false;
  }
  /* That of a SYN has no edge. */
  return window >= snd->window ||
         !tcpflow__endpoint_has(snd, TCPFLOW__END_WINDOW) ||
         !tcpflow_seq_lt(tcpflow_seq_add(segment->ack, window),
                         tcpflow_seq_add(rcv->snd_una, snd->window));
}

/* Within the receiver's window, and not all of it? */
static bool fits_window(const tcpflow__endpoint *rcv, tcpflow_seq end,
                        uint32_t flight, int scaling) {
  return scaling < 0 ||
         (!tcpflow_seq_lt(rcv->rcv_edge, end) && flight != rcv->window);
}

/* Its data: within the segment size and the window, and no octet that probes;
   not much that nobody acknowledges, and not little many times. */
static bool has_fit_data(const tcpflow__endpoint *snd,
                         const tcpflow__endpoint *rcv,
                         const tcpflow_segment *segment, int scaling) {
  const uint32_t length = segment->payload_length;
  const tcpflow_seq end = tcpflow_seq_add(segment->seq, length);
  const uint32_t flight = tcpflow_seq_distance(snd->snd_una, end);

  if (length == 1 || length > TCPFLOW__WINDOW_MAX ||
      flight > TCPFLOW__WINDOW_MAX ||
      (tcpflow__endpoint_has(rcv, TCPFLOW__END_SYN) && length > rcv->mss)) {
    return false;
  }
  return fits_window(rcv, end, flight, scaling) &&
         !(snd->snd_una == snd->base && flight > UNHEARD) &&
         !(length <= TCPFLOW__SMALL && snd->small + 1 >= TCPFLOW__SMALL_MANY);
}

/* What it acknowledges: RFC 9293 section 3.4. */
static tcpflow_verdict word_for_ack(const tcpflow__endpoint *rcv,
                                    tcpflow_seq ack) {
  if (ack == rcv->snd_una) {
    return 0;
  }
  return tcpflow_seq_lt(rcv->nxt_start, ack) && ack != rcv->snd_nxt
           ? TCPFLOW_VERDICT_NEW_ACK | TCPFLOW_VERDICT_ACK_PARTIAL
           : TCPFLOW_VERDICT_NEW_ACK;
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
         has_fit_stamps(snd, rcv, segment->options) &&
         offers_enough(snd, rcv, segment, scaling) &&
         (segment->payload_length == 0 ||
          has_fit_data(snd, rcv, segment, scaling)) &&
         (segment->ip_ttl == snd->ip_ttl ||
          !tcpflow__is_far(segment->ip_ttl, snd->ip_ttl));
}

/* The words for one that is. */
static tcpflow_verdict words_for(const tcpflow__endpoint *rcv,
                                 const tcpflow_segment *segment, bool bare) {
  return word_for_ack(rcv, segment->ack) |
         (bare ? TCPFLOW_VERDICT_PURE_ACK : TCPFLOW_VERDICT_NEW_DATA) |
         tcpflow__segment_is_marked(segment);
}

bool tcpflow__segment_is_expected(const tcpflow__endpoint end[2],
                                  tcpflow_side sender,
                                  const tcpflow_segment *segment,
                                  tcpflow_seq edge, tcpflow__expected *out) {
  const tcpflow__endpoint *const snd = &end[sender];
  const tcpflow__endpoint *const rcv = &end[tcpflow_side_other(sender)];
  const bool bare = segment->payload_length == 0;

  if ((segment->flags & TCPFLOW_FLAG_FIN) != 0 || edge != segment->seq ||
      !is_next(snd, rcv, segment, bare) || !are_open(snd, rcv)) {
    return false;
  }
  out->scaling = tcpflow__endpoints_scaling(snd, rcv);
  if (!is_usual(snd, rcv, segment, out->scaling)) {
    return false;
  }
  out->verdict = words_for(rcv, segment, bare);
  return true;
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
         tcpflow__endpoint_has(rcv, TCPFLOW__END_WINDOW) && !is_opened(rcv) &&
         tcpflow_seq_lt(rcv->iss, segment->ack);
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
         (snd->bits & rcv->bits & KNOWN) == KNOWN && is_opened(rcv) &&
         has_one_fin(snd) && has_one_fin(rcv) &&
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
  out->verdict = words_for(view->rcv, segment, view->bare);
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
