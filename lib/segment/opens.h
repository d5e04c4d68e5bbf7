/*
 * lib/segment/opens.h - the segments of a handshake, as both endpoints expect
 * them.
 *
 * Room: segment.  Includes: base, wire, options.  RFC 9293 section 3.5: a SYN
 * where nothing was before, the SYN,ACK that acknowledges it, and the first
 * segment behind that.  What judge() and apply() would find and do of them is
 * known from a few comparisons; everything that is odd in the least, octets of
 * SYNs (RFC 7413), and options that few connections have are left to them.
 * Each condition names what the general way would look at: so a rule that is
 * new there needs a condition here, or none where these imply that it does not
 * apply; a test feeds random connections both ways.
 */
#ifndef TCPFLOW__SEGMENT_OPENS_H
#define TCPFLOW__SEGMENT_OPENS_H

#include "segment/taken.h"
#include "segment/usual.h"

/* What a segment does; the other flags are of ECN. */
#define TCPFLOW__DOING_FLAGS                                                   \
  ((unsigned)(TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK | TCPFLOW_FLAG_FIN |         \
              TCPFLOW_FLAG_RST | TCPFLOW_FLAG_PSH | TCPFLOW_FLAG_URG))

/* Are these options, if there are any, nothing but offers? */
TCPFLOW__FLAT bool tcpflow__offers_plainly(const tcpflow_options *options) {
  return options == NULL ||
         (options->flags == 0 && (options->present & TCPFLOW_HAS_OTHER) == 0);
}

/* Does it do what FLAGS say, and bring nothing but offers? */
TCPFLOW__FLAT bool tcpflow__opens_plainly(const tcpflow_segment *segment,
                                          unsigned flags) {
  return (segment->flags & TCPFLOW__DOING_FLAGS) == flags &&
         segment->payload_length == 0 && segment->fragment_anomalies == 0 &&
         segment->checksum != TCPFLOW_CHECKSUM_BAD &&
         tcpflow__offers_plainly(segment->options);
}

/* What a SYN offers, as bits of its sender, which stand in one order with those
   of the options.  Some send no time in a SYN. */
TCPFLOW__FLAT unsigned tcpflow__offer_bits(const tcpflow_options *options) {
  const unsigned stamped = options->present & TCPFLOW_HAS_TIMESTAMPS;
  const unsigned others =
    options->present & (TCPFLOW_HAS_WSCALE | TCPFLOW_HAS_SACK_PERMITTED);

  _Static_assert(TCPFLOW_HAS_WSCALE << 5 == TCPFLOW__END_WSCALE, "its place");
  _Static_assert(TCPFLOW_HAS_SACK_PERMITTED << 5 == TCPFLOW__END_SACK,
                 "its place");
  _Static_assert(TCPFLOW_HAS_TIMESTAMPS << 4 == TCPFLOW__END_TS, "its place");
  _Static_assert(TCPFLOW_HAS_TIMESTAMPS << 5 == TCPFLOW__END_TS_RECENT,
                 "its place");
  return others << 5 | stamped << 4 |
         (options->ts_val != 0 ? stamped << 5 : 0U);
}

/* RFC 7323 section 2.3: a shift above 14 is taken as 14.  0: none. */
TCPFLOW__FLAT uint8_t tcpflow__offer_scale(const tcpflow_options *options) {
  if ((options->present & TCPFLOW_HAS_WSCALE) == 0) {
    return 0;
  }
  return options->wscale < TCPFLOW_WSCALE_MAX ? options->wscale
                                              : TCPFLOW_WSCALE_MAX;
}

/* --- the SYN,ACK --- */

/* A SYN waits for it, and it acknowledges that and nothing else. */
TCPFLOW__FLAT bool tcpflow__answer_fits(const tcpflow__endpoint *snd,
                                        const tcpflow__endpoint *rcv,
                                        const tcpflow_segment *segment) {
  const unsigned known = TCPFLOW__END_ISS | TCPFLOW__END_SYN;

  return snd->state == TCPFLOW_STATE_LISTEN &&
         rcv->state == TCPFLOW_STATE_SYN_SENT && snd->bits == 0 &&
         (rcv->bits &
          (known | TCPFLOW__END_SYN_DATA | TCPFLOW__END_SYN_ACKED)) == known &&
         segment->ack == rcv->snd_nxt &&
         segment->ack == tcpflow_seq_add(rcv->iss, 1) &&
         tcpflow__opens_plainly(segment, TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK);
}

/* What it offers, of which nothing was known. */
TCPFLOW__FLAT void tcpflow__answer_offer(tcpflow__endpoint *snd,
                                         const tcpflow_segment *segment) {
  const tcpflow_options *const options = segment->options;
  unsigned bits = 0;

  snd->mss = 0;
  snd->wscale = 0;
  if (options != NULL) {
    bits = tcpflow__offer_bits(options);
    snd->mss = options->mss;
    snd->wscale = tcpflow__offer_scale(options);
    if ((bits & TCPFLOW__END_TS) != 0) {
      snd->ts_first = options->ts_val;
    }
    if ((bits & TCPFLOW__END_TS_RECENT) != 0) {
      snd->ts_recent = options->ts_val;
      snd->ts_time = segment->time;
    }
  }
  snd->bits = (uint16_t)(bits | TCPFLOW__END_ISS | TCPFLOW__END_SYN |
                         TCPFLOW__END_BASE | TCPFLOW__END_WINDOW);
}

/* RFC 3168 section 6.1.1, RFC 9768 section 3.1: nothing was said before.  The
   window of a SYN is not scaled (RFC 7323 section 2.2). */
TCPFLOW__FLAT void tcpflow__answer_take(tcpflow__endpoint *snd,
                                        tcpflow__endpoint *rcv,
                                        const tcpflow_segment *segment) {
  tcpflow__take_count(snd, segment);
  snd->jumps = 0;
  snd->unseen = 0;
  snd->ecn =
    (uint16_t)(tcpflow__segment_ecn(segment) << TCPFLOW__ECN_OF_ANSWER |
               TCPFLOW__ECN_HAS_ANSWER);
  snd->iss = segment->seq;
  snd->base = tcpflow_seq_add(segment->seq, 1);
  snd->snd_una = segment->seq;
  snd->snd_nxt = snd->base;
  snd->nxt_start = snd->base;
  snd->window_max = 0;
  snd->window_raw = segment->window;
  snd->window_shift = 0;
  snd->rcv_edge = tcpflow_seq_add(segment->ack, segment->window);
  tcpflow__answer_offer(snd, segment);
  tcpflow__take_number(snd, rcv, segment);
  tcpflow__endpoint_set(rcv, TCPFLOW__END_SYN_ACKED);
}

/* --- the third segment --- */

/* Does it acknowledge a SYN,ACK, as the first thing behind that? */
TCPFLOW__FLAT bool tcpflow__third_is_due(const tcpflow__endpoint *snd,
                                         const tcpflow__endpoint *rcv,
                                         const tcpflow_segment *segment) {
  const unsigned both = TCPFLOW__END_ISS | TCPFLOW__END_SYN | TCPFLOW__END_BASE;

  return snd->state == TCPFLOW_STATE_ESTABLISHED &&
         rcv->state == TCPFLOW_STATE_SYN_RECEIVED &&
         (snd->bits & rcv->bits & both) == both &&
         (((unsigned)snd->bits | rcv->bits) & TCPFLOW__END_SYN_DATA) == 0 &&
         tcpflow__endpoint_has(rcv, TCPFLOW__END_WINDOW) &&
         !tcpflow__usual_opened(rcv) && tcpflow_seq_lt(rcv->iss, segment->ack);
}

/* The window of a SYN has no edge. */
TCPFLOW__FLAT bool tcpflow__third_offer(const tcpflow__endpoint *snd,
                                        const tcpflow__endpoint *rcv,
                                        const tcpflow_segment *segment,
                                        int scaling) {
  return tcpflow__endpoint_has(snd, TCPFLOW__END_WINDOW)
           ? tcpflow__usual_offer(snd, rcv, segment,
                                  tcpflow__usual_shift(snd, scaling))
           : segment->window > TCPFLOW__SLAM;
}

/* Is nothing odd about all that is beside its numbers and flags? */
TCPFLOW__FLAT bool tcpflow__third_rest(const tcpflow__endpoint *snd,
                                       const tcpflow__endpoint *rcv,
                                       const tcpflow_segment *segment,
                                       const tcpflow_options *stamps,
                                       int scaling) {
  return tcpflow__usual_form(segment) &&
         tcpflow__usual_stamped(snd, rcv, stamps) &&
         tcpflow__third_offer(snd, rcv, segment, scaling) &&
         tcpflow__usual_load(snd, rcv, segment, scaling);
}

/* Is it that, and nothing else?  It may have octets. */
TCPFLOW__FLAT bool tcpflow__third_fits(const tcpflow__endpoint *snd,
                                       const tcpflow__endpoint *rcv,
                                       const tcpflow_segment *segment,
                                       const tcpflow_options *stamps,
                                       int scaling) {
  return tcpflow__third_is_due(snd, rcv, segment) &&
         (segment->flags & (TCPFLOW__TELLING_FLAGS | TCPFLOW_FLAG_FIN)) ==
           TCPFLOW_FLAG_ACK &&
         tcpflow__usual_next(snd, rcv, segment) &&
         tcpflow__usual_ease(snd, rcv) &&
         tcpflow__third_rest(snd, rcv, segment, stamps, scaling);
}

/* Likewise of two between which nothing came but a SYN and an answer that
   fits: SND sent that SYN, nothing is odd about either, and it was said how
   windows are scaled. */
TCPFLOW__FLAT bool tcpflow__third_comes(const tcpflow__endpoint *snd,
                                        const tcpflow__endpoint *rcv,
                                        const tcpflow_segment *segment,
                                        const tcpflow_options *stamps,
                                        int scaling) {
  return segment->seq == snd->snd_nxt && segment->ack == rcv->snd_nxt &&
         (segment->flags & (TCPFLOW__TELLING_FLAGS | TCPFLOW_FLAG_FIN)) ==
           TCPFLOW_FLAG_ACK &&
         tcpflow__third_rest(snd, rcv, segment, stamps, scaling);
}

/* The first window with a place. */
TCPFLOW__FLAT void tcpflow__third_take(tcpflow__endpoint *snd,
                                       tcpflow__endpoint *rcv,
                                       const tcpflow_segment *segment,
                                       const tcpflow_options *stamps,
                                       int scaling) {
  tcpflow__take_sent(snd, segment);
  tcpflow__take_number(snd, rcv, segment);
  tcpflow__endpoint_set(rcv, TCPFLOW__END_SYN_ACKED);
  tcpflow__note_ecn_ack(snd, segment);
  if (!tcpflow__endpoint_has(snd, TCPFLOW__END_WINDOW)) {
    tcpflow__endpoint_set(snd, TCPFLOW__END_WINDOW);
    snd->rcv_edge = segment->ack;
  }
  tcpflow__take_offer(snd, segment, tcpflow__usual_shift(snd, scaling));
  tcpflow__take_stamps(snd, stamps, segment->time);
}

#endif /* TCPFLOW__SEGMENT_OPENS_H */
