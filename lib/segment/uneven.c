/*
 * lib/segment/uneven.c - what a sender sends next while something is missing.
 *
 * Room: segment.  Includes: base, wire, options.  As in steady.c, each
 * condition names what the general way would look at: without it, the segment
 * goes there; and the same test feeds random connections both ways.
 */
#include "segment/uneven.h"

#include "segment/taken.h"
#include "segment/usual.h"

/* Is it the next of its sender, with an ACK of what is in flight, or of nothing
   more than before? */
TCPFLOW__FLAT bool is_next(const tcpflow__endpoint *snd,
                           const tcpflow__endpoint *rcv,
                           const tcpflow_segment *segment) {
  return segment->seq == snd->snd_nxt &&
         tcpflow_seq_distance(rcv->snd_una, segment->ack) <=
           tcpflow_seq_distance(rcv->snd_una, rcv->snd_nxt) &&
         (segment->flags & (TCPFLOW__TELLING_FLAGS | TCPFLOW_FLAG_FIN)) ==
           TCPFLOW_FLAG_ACK;
}

/* RFC 2018 section 3: octets of its receiver behind those that it acknowledges,
   and which it can have. */
TCPFLOW__FLAT bool is_fit_block(const tcpflow__endpoint *rcv, tcpflow_seq ack,
                                const tcpflow_sack_block *block) {
  return tcpflow_seq_lt(block->left, block->right) &&
         tcpflow_seq_lt(ack, block->right) &&
         tcpflow_seq_leq(block->right, rcv->snd_nxt) &&
         !tcpflow__endpoint_follows(rcv, block->left);
}

/* SACK blocks as both have agreed, and none that reports a duplicate (RFC 2883
   section 4). */
static bool has_fit_blocks(const tcpflow__endpoint *rcv, tcpflow_seq ack,
                           const tcpflow_options *options) {
  const tcpflow_sack_block *const block = options->sack;

  if ((rcv->bits & (TCPFLOW__END_SYN | TCPFLOW__END_SACK)) ==
        TCPFLOW__END_SYN ||
      (options->sack_count > 1 &&
       tcpflow_seq_leq(block[1].left, block[0].left) &&
       tcpflow_seq_leq(block[0].right, block[1].right))) {
    return false;
  }
  for (unsigned i = 0; i < options->sack_count; i++) {
    if (!is_fit_block(rcv, ack, &block[i])) {
      return false;
    }
  }
  return true;
}

/* Is nothing odd about the rest of it? */
TCPFLOW__FLAT bool is_usual(const tcpflow__endpoint *snd,
                            const tcpflow__endpoint *rcv,
                            const tcpflow_segment *segment, int scaling) {
  const tcpflow_options *const options = segment->options;

  return tcpflow__usual_header(segment) &&
         tcpflow__usual_stamps(snd, rcv, options) &&
         tcpflow__usual_offer(snd, rcv, segment,
                              tcpflow__usual_window(snd, segment, scaling)) &&
         tcpflow__usual_load(snd, rcv, segment, scaling) &&
         (options == NULL || (options->flags == 0 &&
                              (options->sack_count == 0 ||
                               has_fit_blocks(rcv, segment->ack, options))));
}

/* The words for an ACK that acknowledges nothing new, as probes.c has them.
   False: it probes a window, or is a copy of another frame. */
TCPFLOW__FLAT bool repeats(tcpflow__uneven *found, const tcpflow__endpoint *snd,
                           const tcpflow__endpoint *rcv,
                           const tcpflow_segment *segment,
                           const tcpflow__prints *prints) {
  if (segment->window != snd->window_raw) {
    found->verdict |= TCPFLOW_VERDICT_WINDOW_UPDATE;
  } else if (rcv->snd_una != rcv->snd_nxt) {
    found->verdict |= TCPFLOW_VERDICT_DUPLICATE_ACK;
  }
  return rcv->window != 0 &&
         tcpflow__judge_copy(prints, snd, segment, found->print) == 0;
}

bool tcpflow__segment_is_uneven(tcpflow__uneven *found,
                                const tcpflow__endpoint end[2],
                                tcpflow_side sender,
                                const tcpflow_segment *segment,
                                const tcpflow__prints *prints) {
  const tcpflow__endpoint *const snd = &end[sender];
  const tcpflow__endpoint *const rcv = &end[!sender];
  const bool bare = segment->payload_length == 0;

  found->scaling = tcpflow__endpoints_scaling(snd, rcv);
  if (!is_next(snd, rcv, segment) ||
      !is_usual(snd, rcv, segment, found->scaling)) {
    return false;
  }
  found->print = tcpflow__segment_print(segment);
  found->verdict = tcpflow__usual_words(rcv, segment, bare);
  return !bare || segment->ack != rcv->snd_una ||
         repeats(found, snd, rcv, segment, prints);
}

/* RFC 5681 section 2. */
TCPFLOW__FLAT void take_repeated(tcpflow__endpoint *snd, tcpflow_time now) {
  if (snd->dup_acks < UINT8_MAX) {
    snd->dup_acks++;
  }
  snd->ack_time = now;
}

void tcpflow__segment_take_uneven(tcpflow__endpoint end[2], tcpflow_side sender,
                                  const tcpflow_segment *segment,
                                  const tcpflow__uneven *found) {
  tcpflow__endpoint *const snd = &end[sender];
  tcpflow__endpoint *const rcv = &end[!sender];

  tcpflow__take_sent(snd, segment);
  if (found->scaling < 0 && found->in_order) {
    tcpflow__note_flight(snd, rcv, snd->snd_nxt);
  }
  if ((found->verdict & TCPFLOW_VERDICT_DUPLICATE_ACK) != 0) {
    take_repeated(snd, segment->time);
  }
  tcpflow__take_number(snd, rcv, segment);
  tcpflow__take_offer(snd, segment,
                      tcpflow__usual_window(snd, segment, found->scaling));
  if (found->in_order) {
    tcpflow__take_stamp(snd, segment);
  }
}
