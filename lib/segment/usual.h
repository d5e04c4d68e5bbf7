/*
 * lib/segment/usual.h - what is usual about a segment beside its numbers.
 *
 * Room: segment.  Includes: base, wire, options.  The questions that the short
 * ways of this room have in common; each names what the general way would look
 * at.
 */
#ifndef TCPFLOW__SEGMENT_USUAL_H
#define TCPFLOW__SEGMENT_USUAL_H

#include "base/compiler.h"
#include "segment/segment.h"

/* SYN and RST begin and break, URG marks octets, and nothing counts without
   ACK. */
#define TCPFLOW__TELLING_FLAGS                                                 \
  ((unsigned)(TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_RST | TCPFLOW_FLAG_URG |         \
              TCPFLOW_FLAG_ACK))

/* A sender that gets no ACK at all is odd from somewhere above this on. */
#define TCPFLOW__UNHEARD (UINT32_C(1) << 16)

/* What must be known of both. */
#define TCPFLOW__KNOWN_BITS                                                    \
  ((unsigned)(TCPFLOW__END_BASE | TCPFLOW__END_WINDOW))

/* What an endpoint is in the midst of. */
#define TCPFLOW__BUSY_BITS                                                     \
  ((unsigned)(TCPFLOW__END_LAST_KEEP_ALIVE | TCPFLOW__END_LAST_PROBE |         \
              TCPFLOW__END_CHALLENGED))

/* Was its SYN acknowledged, or not captured? */
TCPFLOW__FLAT bool tcpflow__usual_opened(const tcpflow__endpoint *end) {
  return (end->bits & (TCPFLOW__END_ISS | TCPFLOW__END_SYN_ACKED)) !=
         TCPFLOW__END_ISS;
}

/* Is neither in the midst of something, nor anything of them in doubt? */
TCPFLOW__FLAT bool tcpflow__usual_ease(const tcpflow__endpoint *snd,
                                       const tcpflow__endpoint *rcv) {
  return (((unsigned)snd->bits | rcv->bits) & TCPFLOW__BUSY_BITS) == 0 &&
         (snd->unseen | rcv->unseen | snd->jumps) == 0;
}

/* Is it the next of its sender, with an ACK of what is in flight? */
TCPFLOW__FLAT bool tcpflow__usual_number(const tcpflow__endpoint *snd,
                                         const tcpflow__endpoint *rcv,
                                         const tcpflow_segment *segment) {
  return segment->seq == snd->snd_nxt &&
         tcpflow_seq_distance(rcv->snd_una, segment->ack) <=
           tcpflow_seq_distance(rcv->snd_una, rcv->snd_nxt);
}

/* Likewise, and without data it acknowledges more than before. */
TCPFLOW__FLAT bool tcpflow__usual_next(const tcpflow__endpoint *snd,
                                       const tcpflow__endpoint *rcv,
                                       const tcpflow_segment *segment) {
  return tcpflow__usual_number(snd, rcv, segment) &&
         !(segment->payload_length == 0 && segment->ack == rcv->snd_una);
}

/* Nothing about its header but its numbers and flags, and its options. */
TCPFLOW__FLAT bool tcpflow__usual_header(const tcpflow_segment *segment) {
  return segment->checksum != TCPFLOW_CHECKSUM_BAD &&
         segment->payload_captured == segment->payload_length &&
         segment->fragment_anomalies == 0;
}

/* Nor about these. */
TCPFLOW__FLAT bool tcpflow__usual_options(const tcpflow_options *options) {
  return options == NULL || (options->flags | options->sack_count) == 0;
}

/* Nor about any of these. */
TCPFLOW__FLAT bool tcpflow__usual_form(const tcpflow_segment *segment) {
  return tcpflow__usual_header(segment) &&
         tcpflow__usual_options(segment->options);
}

/* Timestamps as both have agreed: RFC 7323 section 3.2; none goes back, and
   none is made up: what is echoed lies between the first that was sent and
   the last, which are less than half a turn apart.  STAMPS is
   tcpflow__stamps_of() the segment's options, here and below: who follows a
   segment asks for them once. */
TCPFLOW__FLAT bool tcpflow__usual_stamped(const tcpflow__endpoint *snd,
                                          const tcpflow__endpoint *rcv,
                                          const tcpflow_options *stamps) {
  const unsigned both = (unsigned)snd->bits & rcv->bits;
  const unsigned stamped = TCPFLOW__END_TS | TCPFLOW__END_TS_RECENT;

  if (stamps == NULL) {
    return (both & TCPFLOW__END_TS) == 0;
  }
  if ((both & stamped) != stamped) {
    return tcpflow__stamps_are_fit(snd, rcv, stamps);
  }
  const uint32_t range = tcpflow_seq_distance(rcv->ts_first, rcv->ts_recent);

  return !tcpflow_seq_lt(stamps->ts_val, snd->ts_recent) &&
         tcpflow_seq_distance(rcv->ts_first, stamps->ts_ecr) <= range &&
         range <= INT32_MAX;
}

/* How its windows are scaled, if both agreed to that. */
TCPFLOW__FLAT unsigned tcpflow__usual_shift(const tcpflow__endpoint *snd,
                                            int scaling) {
  return scaling == 1 ? snd->wscale : 0;
}

/* Has what it offers no lower edge than before? */
TCPFLOW__FLAT bool tcpflow__usual_edge(const tcpflow__endpoint *snd,
                                       const tcpflow__endpoint *rcv,
                                       const tcpflow_segment *segment,
                                       unsigned shift) {
  const uint32_t window = (uint32_t)segment->window << shift;
  const uint32_t before = tcpflow__endpoint_window(snd);

  return window >= before ||
         !tcpflow_seq_lt(tcpflow_seq_add(segment->ack, window),
                         tcpflow_seq_add(rcv->snd_una, before));
}

/* The window that it offers, which SHIFT scales: open, and with no lower edge
   than before, if its sender's windows have one. */
TCPFLOW__FLAT bool tcpflow__usual_offer(const tcpflow__endpoint *snd,
                                        const tcpflow__endpoint *rcv,
                                        const tcpflow_segment *segment,
                                        unsigned shift) {
  return segment->window > TCPFLOW__SLAM &&
         ((segment->window >= snd->window_raw && shift >= snd->window_shift) ||
          tcpflow__usual_edge(snd, rcv, segment, shift));
}

/* Within the receiver's window, and not all of it? */
TCPFLOW__FLAT bool tcpflow__usual_place(const tcpflow__endpoint *rcv,
                                        tcpflow_seq end, uint32_t flight,
                                        int scaling) {
  return scaling < 0 || (!tcpflow_seq_lt(rcv->rcv_edge, end) &&
                         (flight < rcv->window_raw ||
                          flight != tcpflow__endpoint_window(rcv)));
}

/* Of so many octets in flight as its receiver may get, and no octet that
   probes?  It has some, and so two at least. */
TCPFLOW__FLAT bool tcpflow__usual_length(uint32_t length, uint32_t flight) {
  return length >= 2 && length <= TCPFLOW__WINDOW_MAX &&
         flight <= TCPFLOW__WINDOW_MAX;
}

/* Its data: within the window; not much that nobody
   acknowledges, and not little many times. */
TCPFLOW__FLAT bool tcpflow__usual_data(const tcpflow__endpoint *snd,
                                       const tcpflow__endpoint *rcv,
                                       const tcpflow_segment *segment,
                                       int scaling) {
  const uint32_t length = segment->payload_length;
  const tcpflow_seq end = tcpflow_seq_add(segment->seq, length);
  const uint32_t flight = tcpflow_seq_distance(snd->snd_una, end);

  return tcpflow__usual_length(length, flight) &&
         tcpflow__usual_place(rcv, end, flight, scaling) &&
         !(snd->snd_una == snd->base && flight > TCPFLOW__UNHEARD) &&
         !(length <= TCPFLOW__SMALL && snd->small + 1 >= TCPFLOW__SMALL_MANY);
}

/* It came as far as the others of its sender. */
TCPFLOW__FLAT bool tcpflow__usual_way(const tcpflow__endpoint *snd,
                                      const tcpflow_segment *segment) {
  return segment->ip_ttl == snd->ip_ttl ||
         !tcpflow__is_far(segment->ip_ttl, snd->ip_ttl);
}

/* Is nothing odd about its octets, if it has some, and its way? */
TCPFLOW__FLAT bool tcpflow__usual_load(const tcpflow__endpoint *snd,
                                       const tcpflow__endpoint *rcv,
                                       const tcpflow_segment *segment,
                                       int scaling) {
  return (segment->payload_length == 0 ||
          tcpflow__usual_data(snd, rcv, segment, scaling)) &&
         tcpflow__usual_way(snd, segment);
}

/* Is nothing odd about its form, its options and the window that it offers? */
TCPFLOW__FLAT bool tcpflow__usual_manner(const tcpflow__endpoint *snd,
                                         const tcpflow__endpoint *rcv,
                                         const tcpflow_segment *segment,
                                         const tcpflow_options *stamps,
                                         unsigned shift) {
  return tcpflow__usual_form(segment) &&
         tcpflow__usual_stamped(snd, rcv, stamps) &&
         tcpflow__usual_offer(snd, rcv, segment, shift);
}

/* Is nothing odd about all that is beside its numbers and flags? */
TCPFLOW__FLAT bool tcpflow__usual_rest(const tcpflow__endpoint *snd,
                                       const tcpflow__endpoint *rcv,
                                       const tcpflow_segment *segment,
                                       const tcpflow_options *stamps,
                                       int scaling) {
  return tcpflow__usual_manner(snd, rcv, segment, stamps,
                               tcpflow__usual_shift(snd, scaling)) &&
         tcpflow__usual_load(snd, rcv, segment, scaling);
}

/* What it acknowledges, which is in flight: RFC 9293 section 3.4. */
TCPFLOW__FLAT tcpflow_verdict tcpflow__usual_ack(const tcpflow__endpoint *rcv,
                                                 tcpflow_seq ack) {
  if (ack == rcv->snd_una) {
    return 0;
  }
  return tcpflow_seq_lt(rcv->nxt_start, ack) && ack != rcv->snd_nxt
           ? TCPFLOW_VERDICT_NEW_ACK | TCPFLOW_VERDICT_ACK_PARTIAL
           : TCPFLOW_VERDICT_NEW_ACK;
}

/* Its data, of which it has some or a FIN behind it. */
TCPFLOW__FLAT tcpflow_verdict tcpflow__usual_octets(
  const tcpflow__endpoint *rcv, const tcpflow_segment *segment) {
  return segment->payload_length > rcv->mss
           ? TCPFLOW_VERDICT_NEW_DATA | tcpflow__judge_size(rcv, segment)
           : TCPFLOW_VERDICT_NEW_DATA;
}

/* The words for it; BARE: it carries nothing. */
TCPFLOW__FLAT tcpflow_verdict tcpflow__usual_words(
  const tcpflow__endpoint *rcv, const tcpflow_segment *segment, bool bare) {
  return tcpflow__usual_ack(rcv, segment->ack) |
         (bare ? TCPFLOW_VERDICT_PURE_ACK
               : tcpflow__usual_octets(rcv, segment)) |
         tcpflow__segment_is_marked(segment);
}

/* Likewise, if it acknowledges all that its receiver has sent. */
TCPFLOW__FLAT tcpflow_verdict tcpflow__usual_full_words(
  const tcpflow__endpoint *rcv, const tcpflow_segment *segment, bool bare) {
  return (segment->ack == rcv->snd_una ? 0 : TCPFLOW_VERDICT_NEW_ACK) |
         (bare ? TCPFLOW_VERDICT_PURE_ACK
               : tcpflow__usual_octets(rcv, segment)) |
         tcpflow__segment_is_marked(segment);
}

#endif /* TCPFLOW__SEGMENT_USUAL_H */
