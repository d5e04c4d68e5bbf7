/*
 * lib/segment/uneven.h - what a sender sends while something is missing.
 *
 * Room: segment.  Includes: base, wire, options.  Once a segment is lost, those
 * that follow it lie behind a hole, and each of them brings an ACK that repeats
 * the one before, with SACK blocks, until the one that was lost comes again.
 * What judge() and apply() would find and do of these is known from a few
 * comparisons, too; all else is left to them.  As in steady.h, each condition
 * names what the general way would look at: without it, the segment goes there;
 * and the same test feeds random connections both ways.  In a header, because
 * its one caller asks half of it, too, and so both ask once.
 */
#ifndef TCPFLOW__SEGMENT_UNEVEN_H
#define TCPFLOW__SEGMENT_UNEVEN_H

#include "segment/taken.h"
#include "segment/usual.h"

/* Where one lies in what its sender has sent. */
typedef enum tcpflow__uneven_lie {
  TCPFLOW__UNEVEN_NEXT,  /* Behind all of it. */
  TCPFLOW__UNEVEN_AHEAD, /* Likewise, and there is something between. */
  TCPFLOW__UNEVEN_LATE   /* Within it, where its stream has got to. */
} tcpflow__uneven_lie;

/* What is found of one. */
typedef struct tcpflow__uneven {
  tcpflow_verdict verdict; /* judge()'s. */
  tcpflow__print print;    /* Of the hash that judge() answers. */
  int scaling;             /* tcpflow__endpoints_scaling(). */
  tcpflow__uneven_lie lie; /* One that is not the next has octets. */
  bool in_order;           /* No hole is before it; for the caller to set, */
  tcpflow_time reorder;    /* and judge()'s context. */
} tcpflow__uneven;

/* Does it acknowledge what is in flight, or nothing more than before? */
TCPFLOW__FLAT bool tcpflow__uneven_due(const tcpflow__endpoint *rcv,
                                       const tcpflow_segment *segment) {
  return tcpflow_seq_distance(rcv->snd_una, segment->ack) <=
           tcpflow_seq_distance(rcv->snd_una, rcv->snd_nxt) &&
         (segment->flags & (TCPFLOW__TELLING_FLAGS | TCPFLOW_FLAG_FIN)) ==
           TCPFLOW_FLAG_ACK;
}

/* Has it octets where one that is not the next may have them?  Ahead, no
   further than plausible.c asks for more. */
TCPFLOW__FLAT bool tcpflow__uneven_place(tcpflow__uneven *found,
                                         const tcpflow__endpoint *snd,
                                         const tcpflow_segment *segment) {
  const uint32_t ahead = tcpflow_seq_distance(snd->snd_nxt, segment->seq);
  const uint32_t behind = tcpflow_seq_distance(segment->seq, snd->snd_nxt);

  found->lie = found->in_order ? TCPFLOW__UNEVEN_LATE : TCPFLOW__UNEVEN_AHEAD;
  return segment->payload_length != 0 &&
         (found->in_order
            ? behind <= TCPFLOW__WINDOW_MAX && segment->payload_length <= behind
            : ahead <= TCPFLOW__JUMP_MAX);
}

/* Is it one of those that are known here? */
TCPFLOW__FLAT bool tcpflow__uneven_placed(tcpflow__uneven *found,
                                          const tcpflow__endpoint *snd,
                                          const tcpflow_segment *segment) {
  if (segment->seq != snd->snd_nxt) {
    return tcpflow__uneven_place(found, snd, segment);
  }
  found->lie = TCPFLOW__UNEVEN_NEXT;
  return true;
}

/* RFC 2018 section 3: octets of its receiver behind those that it acknowledges,
   and which it can have. */
TCPFLOW__FLAT bool tcpflow__uneven_block(const tcpflow__endpoint *rcv,
                                         tcpflow_seq ack,
                                         const tcpflow_sack_block *block) {
  return tcpflow_seq_lt(block->left, block->right) &&
         tcpflow_seq_lt(ack, block->right) &&
         tcpflow_seq_leq(block->right, rcv->snd_nxt) &&
         !tcpflow__endpoint_follows(rcv, block->left);
}

/* SACK blocks as both have agreed, and none that reports a duplicate (RFC 2883
   section 4). */
TCPFLOW__FLAT bool tcpflow__uneven_blocks(const tcpflow__endpoint *rcv,
                                          tcpflow_seq ack,
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
    if (!tcpflow__uneven_block(rcv, ack, &block[i])) {
      return false;
    }
  }
  return true;
}

/* Is nothing odd about the rest of it? */
TCPFLOW__FLAT bool tcpflow__uneven_usual(const tcpflow__endpoint *snd,
                                         const tcpflow__endpoint *rcv,
                                         const tcpflow_segment *segment,
                                         int scaling) {
  const tcpflow_options *const options = segment->options;

  return tcpflow__usual_header(segment) &&
         tcpflow__usual_stamped(snd, rcv, tcpflow__stamps_of(options)) &&
         tcpflow__usual_offer(snd, rcv, segment,
                              tcpflow__usual_shift(snd, scaling)) &&
         tcpflow__usual_load(snd, rcv, segment, scaling) &&
         (options == NULL ||
          (options->flags == 0 &&
           (options->sack_count == 0 ||
            tcpflow__uneven_blocks(rcv, segment->ack, options))));
}

/* The words for an ACK that acknowledges nothing new, as probes.c has them.
   False: it probes a window, or is a copy of another frame. */
TCPFLOW__FLAT bool tcpflow__uneven_repeats(tcpflow__uneven *found,
                                           const tcpflow__endpoint *snd,
                                           const tcpflow__endpoint *rcv,
                                           const tcpflow_segment *segment,
                                           const tcpflow__prints *prints) {
  if (segment->window != snd->window_raw) {
    found->verdict |= TCPFLOW_VERDICT_WINDOW_UPDATE;
  } else if (rcv->snd_una != rcv->snd_nxt) {
    found->verdict |= TCPFLOW_VERDICT_DUPLICATE_ACK;
  }
  return rcv->window_raw != 0 &&
         tcpflow__judge_copy(prints, snd, segment, &found->print) == 0;
}

/* The words for octets that its sender had passed.  False: it is a copy of
   another frame, or may be. */
TCPFLOW__APART static bool tcpflow__uneven_late(tcpflow__uneven *found,
                                                const tcpflow__endpoint *snd,
                                                const tcpflow__endpoint *rcv,
                                                const tcpflow_segment *segment,
                                                const tcpflow__prints *prints) {
  const tcpflow__segment_context context = {.edge = segment->seq,
                                            .reorder = found->reorder};
  const tcpflow__view view = {
    .segment = segment,
    .snd = snd,
    .rcv = rcv,
    .context = &context,
    .end = tcpflow_seq_add(segment->seq, segment->payload_length),
  };

  found->verdict &= ~(tcpflow_verdict)TCPFLOW_VERDICT_NEW_DATA;
  found->verdict |= tcpflow__judge_late(&view);
  return segment->ack != rcv->snd_una ||
         tcpflow__judge_copy(prints, snd, segment, &found->print) == 0;
}

/* The words for where it lies.  False: all of it may be something else. */
TCPFLOW__FLAT bool tcpflow__uneven_words(tcpflow__uneven *found,
                                         const tcpflow__endpoint *snd,
                                         const tcpflow__endpoint *rcv,
                                         const tcpflow_segment *segment,
                                         const tcpflow__prints *prints) {
  if (found->lie == TCPFLOW__UNEVEN_NEXT) {
    return segment->payload_length != 0 || segment->ack != rcv->snd_una ||
           tcpflow__uneven_repeats(found, snd, rcv, segment, prints);
  }
  if (found->lie == TCPFLOW__UNEVEN_LATE) {
    return tcpflow__uneven_late(found, snd, rcv, segment, prints);
  }
  found->verdict |= TCPFLOW_VERDICT_GAP_BEFORE;
  return true;
}

/*
 * Is the segment the next one of its sender, or one that shows a hole or fills
 * one from its beginning, between steady endpoints (steady.h)?  Then judge()
 * would list nothing that happens, and nothing odd; its numbers and its ACK
 * count, and so does its data, if it has any.
 */
TCPFLOW__FLAT bool tcpflow__segment_is_uneven(tcpflow__uneven *found,
                                              const tcpflow__endpoint end[2],
                                              tcpflow_side sender,
                                              const tcpflow_segment *segment,
                                              const tcpflow__prints *prints) {
  const tcpflow__endpoint *const snd = &end[sender];
  const tcpflow__endpoint *const rcv = &end[!sender];

  /* The line of its set comes while all else is asked. */
  found->print =
    tcpflow__print_of(tcpflow__segment_print(segment), snd->base, segment);
  tcpflow__prefetch(tcpflow__prints_at(prints, found->print.place), 1);
  found->scaling = tcpflow__endpoints_scaling(snd, rcv);
  if (!tcpflow__uneven_placed(found, snd, segment) ||
      !tcpflow__uneven_due(rcv, segment) ||
      !tcpflow__uneven_usual(snd, rcv, segment, found->scaling)) {
    return false;
  }
  found->verdict =
    tcpflow__usual_words(rcv, segment, segment->payload_length == 0);
  return tcpflow__uneven_words(found, snd, rcv, segment, prints);
}

/* RFC 5681 section 2. */
TCPFLOW__FLAT void tcpflow__uneven_take_repeated(tcpflow__endpoint *snd,
                                                 tcpflow_time now) {
  if (snd->dup_acks < UINT8_MAX) {
    snd->dup_acks++;
  }
  snd->ack_time = now;
}

/* Octets that its sender had passed. */
TCPFLOW__FLAT void tcpflow__uneven_take_late(tcpflow__endpoint *snd,
                                             const tcpflow_segment *segment,
                                             tcpflow_verdict verdict) {
  tcpflow__take_count(snd, segment);
  tcpflow__take_amount(snd, segment->payload_length);
  if ((verdict & TCPFLOW_VERDICT_RETRANSMISSION) != 0) {
    snd->retransmissions++;
  }
}

/* Does to the numbers what apply() would do for such a segment, at its time. */
TCPFLOW__FLAT void tcpflow__segment_take_uneven(tcpflow__endpoint end[2],
                                                tcpflow_side sender,
                                                const tcpflow_segment *segment,
                                                const tcpflow__uneven *found) {
  tcpflow__endpoint *const snd = &end[sender];
  tcpflow__endpoint *const rcv = &end[!sender];

  if (found->lie == TCPFLOW__UNEVEN_LATE) {
    tcpflow__uneven_take_late(snd, segment, found->verdict);
  } else {
    tcpflow__take_sent(snd, segment);
  }
  if (found->scaling < 0 && found->in_order) {
    tcpflow__note_flight(snd, rcv, tcpflow__segment_end(segment));
  }
  if ((found->verdict & TCPFLOW_VERDICT_DUPLICATE_ACK) != 0) {
    tcpflow__uneven_take_repeated(snd, segment->time);
  }
  tcpflow__take_number(snd, rcv, segment);
  tcpflow__take_offer(snd, segment, tcpflow__usual_shift(snd, found->scaling));
  if (found->in_order) {
    tcpflow__take_stamps(snd, tcpflow__stamps_of(segment->options),
                         segment->time);
  }
}

#endif /* TCPFLOW__SEGMENT_UNEVEN_H */
