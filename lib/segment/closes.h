/*
 * lib/segment/closes.h - FINs, and what comes once there was one, as both
 * endpoints expect them.
 *
 * Room: segment.  Includes: base, wire.  RFC 9293 section 3.6.  As with what
 * opens (opens.h), judge() and apply() would find and do the same.
 */
#ifndef TCPFLOW__SEGMENT_CLOSES_H
#define TCPFLOW__SEGMENT_CLOSES_H

#include <assert.h>

#include "segment/taken.h"
#include "segment/usual.h"

/* What is found of one. */
typedef struct tcpflow__closing {
  tcpflow_verdict verdict;
  const tcpflow_options *stamps; /* tcpflow__stamps_of() its options. */
  int scaling;                   /* tcpflow__endpoints_scaling(), */
  unsigned shift; /* and by how much its sender's window is scaled. */
  bool fin;       /* Its sender's FIN. */
  bool crossed;   /* That was sent without knowledge of its receiver's. */
  bool behind;    /* Its sender's FIN came before it. */
  bool acks;      /* It acknowledges its receiver's FIN, the first time. */
  bool proves;    /* So its receiver had its sender's FIN, too: the case of RFC
                   9293 Figure 13. */
} tcpflow__closing;

/* Does nobody say of an endpoint's FIN that it is elsewhere? */
TCPFLOW__FLAT bool tcpflow__closing_has_one(const tcpflow__endpoint *end) {
  return !tcpflow__endpoint_has(end, TCPFLOW__END_FIN) || !end->fin_moved;
}

/* May it be one of those?  Behind its FIN the sender has nothing but ACKs. */
TCPFLOW__FLAT bool tcpflow__closing_may(const tcpflow__endpoint *snd,
                                        const tcpflow__endpoint *rcv,
                                        bool bare) {
  return snd->state >= TCPFLOW_STATE_ESTABLISHED &&
         rcv->state >= TCPFLOW_STATE_ESTABLISHED &&
         (snd->bits & rcv->bits & TCPFLOW__KNOWN_BITS) == TCPFLOW__KNOWN_BITS &&
         tcpflow__usual_opened(rcv) && tcpflow__closing_has_one(snd) &&
         tcpflow__closing_has_one(rcv) &&
         (bare || !tcpflow__endpoint_has(snd, TCPFLOW__END_FIN));
}

/* A FIN within the window, and no storm of them. */
TCPFLOW__FLAT bool tcpflow__closing_place(const tcpflow__endpoint *snd,
                                          const tcpflow__endpoint *rcv,
                                          tcpflow_seq fin, int scaling) {
  return snd->fins + 1 != TCPFLOW__STORM &&
         (scaling < 0 || !tcpflow_seq_lt(rcv->rcv_edge, fin));
}

/* In order, and no more in flight than any window allows?  EDGE is that of
   tcpflow__segment_context: the stream of a sender ends in front of its FIN. */
TCPFLOW__FLAT bool tcpflow__closing_at(const tcpflow__endpoint *snd,
                                       const tcpflow_segment *segment,
                                       tcpflow_seq edge, bool fin) {
  const tcpflow_seq end = tcpflow_seq_add(
    segment->seq, segment->payload_length + (fin ? UINT32_C(1) : 0));

  return edge == (tcpflow__endpoint_has(snd, TCPFLOW__END_FIN)
                    ? snd->fin
                    : snd->snd_nxt) &&
         tcpflow_seq_distance(snd->snd_una, end) <= TCPFLOW__WINDOW_MAX;
}

/* Is nothing odd about it? */
TCPFLOW__FLAT bool tcpflow__closing_usual(const tcpflow__endpoint *snd,
                                          const tcpflow__endpoint *rcv,
                                          const tcpflow_segment *segment,
                                          const tcpflow__closing *as) {
  return (segment->flags & TCPFLOW__TELLING_FLAGS) == TCPFLOW_FLAG_ACK &&
         tcpflow__usual_ease(snd, rcv) &&
         tcpflow__usual_rest(snd, rcv, segment, as->stamps, as->scaling);
}

/* Does it acknowledge its receiver's FIN, and is that news? */
TCPFLOW__FLAT bool tcpflow__closing_acks(const tcpflow__endpoint *rcv,
                                         tcpflow_seq ack) {
  return (rcv->bits & (TCPFLOW__END_FIN | TCPFLOW__END_FIN_ACKED)) ==
           TCPFLOW__END_FIN &&
         tcpflow_seq_lt(rcv->fin, ack);
}

/* Was its sender's FIN the next thing for its receiver, and sent before it? */
TCPFLOW__FLAT bool tcpflow__closing_proves(const tcpflow__endpoint *snd,
                                           const tcpflow_segment *segment,
                                           tcpflow_seq edge) {
  return (snd->bits & (TCPFLOW__END_FIN | TCPFLOW__END_FIN_RCVD)) ==
           TCPFLOW__END_FIN &&
         tcpflow_seq_leq(snd->fin, edge) &&
         tcpflow_seq_lt(snd->fin, segment->seq);
}

/* Are its numbers those of one?  EDGE is that of tcpflow__segment_context. */
TCPFLOW__FLAT bool tcpflow__closing_numbers(const tcpflow__endpoint *snd,
                                            const tcpflow__endpoint *rcv,
                                            const tcpflow_segment *segment,
                                            tcpflow_seq edge, bool fin) {
  const bool bare = segment->payload_length == 0 && !fin;

  return tcpflow__closing_may(snd, rcv, bare) &&
         tcpflow__closing_at(snd, segment, edge, fin) &&
         (fin ? tcpflow__usual_number(snd, rcv, segment)
              : tcpflow__usual_next(snd, rcv, segment));
}

/* Finds what one brings.  False: it acknowledges what lies behind a FIN, so
   that was none. */
TCPFLOW__FLAT bool tcpflow__closing_judge(tcpflow__closing *out,
                                          const tcpflow__endpoint *snd,
                                          const tcpflow__endpoint *rcv,
                                          const tcpflow_segment *segment,
                                          tcpflow_seq edge) {
  const bool fin = (segment->flags & TCPFLOW_FLAG_FIN) != 0;

  out->verdict =
    tcpflow__usual_words(rcv, segment, segment->payload_length == 0 && !fin);
  out->fin = fin;
  out->crossed = fin && tcpflow__endpoint_has(rcv, TCPFLOW__END_FIN) &&
                 tcpflow_seq_leq(segment->ack, rcv->fin);
  out->behind = tcpflow__endpoint_has(snd, TCPFLOW__END_FIN);
  out->acks = tcpflow__closing_acks(rcv, segment->ack);
  out->proves = out->acks && tcpflow__closing_proves(snd, segment, edge);
  return !out->acks || segment->ack == tcpflow_seq_add(rcv->fin, 1);
}

/* Is it one of those? */
TCPFLOW__FLAT bool tcpflow__closing_fits(tcpflow__closing *out,
                                         const tcpflow__endpoint *snd,
                                         const tcpflow__endpoint *rcv,
                                         const tcpflow_segment *segment,
                                         tcpflow_seq edge) {
  const bool fin = (segment->flags & TCPFLOW_FLAG_FIN) != 0;
  const tcpflow_seq end =
    tcpflow_seq_add(segment->seq, segment->payload_length);

  out->scaling = tcpflow__endpoints_scaling(snd, rcv);
  out->shift = tcpflow__usual_shift(snd, out->scaling);
  out->stamps = tcpflow__stamps_of(segment->options);
  return tcpflow__closing_numbers(snd, rcv, segment, edge, fin) &&
         tcpflow__closing_usual(snd, rcv, segment, out) &&
         (!fin || tcpflow__closing_place(snd, rcv, end, out->scaling)) &&
         tcpflow__closing_judge(out, snd, rcv, segment, edge);
}

/* --- of endpoints that are at ease --- */

/*
 * Is it the first FIN between steady endpoints (steady.h), the sender's stream
 * being complete up to it?  AS says what its window is scaled by, and has its
 * timestamps, here and below.
 */
TCPFLOW__FLAT bool tcpflow__closing_begins(const tcpflow__endpoint *snd,
                                           const tcpflow__endpoint *rcv,
                                           const tcpflow_segment *segment,
                                           const tcpflow__closing *as) {
  const unsigned telling = TCPFLOW__TELLING_FLAGS | TCPFLOW_FLAG_FIN;
  const tcpflow_seq end =
    tcpflow_seq_add(segment->seq, segment->payload_length);

  return tcpflow__usual_number(snd, rcv, segment) &&
         (segment->flags & telling) == (TCPFLOW_FLAG_ACK | TCPFLOW_FLAG_FIN) &&
         tcpflow_seq_distance(snd->snd_una, end) < TCPFLOW__WINDOW_MAX &&
         tcpflow__usual_manner(snd, rcv, segment, as->stamps, as->shift) &&
         tcpflow__usual_load(snd, rcv, segment, as->scaling) &&
         tcpflow__closing_place(snd, rcv, end, as->scaling);
}

/* Is it what comes behind that, from who has sent no FIN before it, with an ACK
   of all that its receiver has sent?  AS says whether it has a FIN. */
TCPFLOW__FLAT bool tcpflow__closing_goes_on(const tcpflow__endpoint *snd,
                                            const tcpflow__endpoint *rcv,
                                            const tcpflow_segment *segment,
                                            const tcpflow__closing *as) {
  const tcpflow_seq end =
    tcpflow_seq_add(segment->seq, segment->payload_length);

  return segment->seq == snd->snd_nxt && segment->ack == rcv->snd_nxt &&
         (segment->flags & TCPFLOW__TELLING_FLAGS) == TCPFLOW_FLAG_ACK &&
         tcpflow_seq_distance(snd->snd_una, end) < TCPFLOW__WINDOW_MAX &&
         tcpflow__usual_manner(snd, rcv, segment, as->stamps, as->shift) &&
         tcpflow__usual_load(snd, rcv, segment, as->scaling) &&
         (!as->fin || tcpflow__closing_place(snd, rcv, end, as->scaling));
}

/* Likewise from who has, and whose FIN was acknowledged. */
TCPFLOW__FLAT bool tcpflow__closing_is_last(const tcpflow__endpoint *snd,
                                            const tcpflow__endpoint *rcv,
                                            const tcpflow_segment *segment,
                                            const tcpflow__closing *as) {
  const unsigned telling = TCPFLOW__TELLING_FLAGS | TCPFLOW_FLAG_FIN;

  return segment->seq == snd->snd_nxt && segment->ack == rcv->snd_nxt &&
         (segment->flags & telling) == TCPFLOW_FLAG_ACK &&
         segment->payload_length == 0 &&
         tcpflow__usual_manner(snd, rcv, segment, as->stamps, as->shift) &&
         tcpflow__usual_way(snd, segment);
}

/* The words for what goes on, if it acknowledges the FIN of its receiver, which
   is news. */
TCPFLOW__FLAT tcpflow_verdict tcpflow__closing_words(
  const tcpflow__endpoint *rcv, const tcpflow_segment *segment, bool fin) {
  assert(segment->ack != rcv->snd_una);
  return TCPFLOW_VERDICT_NEW_ACK |
         (segment->payload_length == 0 && !fin
            ? TCPFLOW_VERDICT_PURE_ACK
            : tcpflow__usual_octets(rcv, segment)) |
         tcpflow__segment_is_marked(segment);
}

/* --- what they take --- */

/* It is the first; a storm of them is far. */
TCPFLOW__FLAT void tcpflow__closing_take_fin(tcpflow__endpoint *snd,
                                             const tcpflow_segment *segment) {
  snd->fin = tcpflow_seq_add(segment->seq, segment->payload_length);
  snd->fin_moved = 0;
  snd->nxt_start = segment->seq;
  snd->nxt_time = segment->time;
  snd->snd_nxt = tcpflow_seq_add(snd->fin, 1);
  if (snd->fins < UINT8_MAX) {
    snd->fins++;
  }
  tcpflow__endpoint_set(snd, TCPFLOW__END_FIN);
}

TCPFLOW__FLAT void tcpflow__closing_take(tcpflow__endpoint *snd,
                                         tcpflow__endpoint *rcv,
                                         const tcpflow_segment *segment,
                                         const tcpflow__closing *closing) {
  tcpflow__take_sent(snd, segment);
  if (closing->fin) {
    tcpflow__closing_take_fin(snd, segment);
  }
  if (closing->scaling < 0 && !closing->behind) {
    tcpflow__note_flight(snd, rcv, snd->snd_nxt);
  }
  tcpflow__take_number(snd, rcv, segment);
  tcpflow__take_offer(snd, segment, closing->shift);
  if (!closing->behind) {
    tcpflow__take_stamps(snd, closing->stamps, segment->time);
  }
  if (closing->acks) {
    tcpflow__endpoint_set(rcv, TCPFLOW__END_FIN_RCVD | TCPFLOW__END_FIN_ACKED);
  }
  if (closing->proves) {
    tcpflow__endpoint_set(snd, TCPFLOW__END_FIN_RCVD);
  }
}

/* Of what tcpflow__closing_is_last(), which acknowledges the FIN of its
   receiver. */
TCPFLOW__FLAT void tcpflow__closing_take_last(tcpflow__endpoint *snd,
                                              tcpflow__endpoint *rcv,
                                              const tcpflow_segment *segment,
                                              unsigned shift) {
  assert(segment->ack != rcv->snd_una);
  tcpflow__take_count(snd, segment);
  rcv->snd_una = segment->ack;
  snd->dup_acks = 0;
  snd->ack_time = segment->time;
  tcpflow__take_offer(snd, segment, shift);
  tcpflow__endpoint_set(rcv, TCPFLOW__END_FIN_RCVD | TCPFLOW__END_FIN_ACKED);
}

#endif /* TCPFLOW__SEGMENT_CLOSES_H */
