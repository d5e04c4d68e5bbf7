/*
 * lib/segment/judge.c - the order in which a segment is looked at.
 *
 * Room: segment.  Includes: base, wire.  RFC 9293 section 3.10.7.4 asks for
 * sequence number, RST, SYN, ACK, text, FIN, and so it is done here, with the
 * difference that an observer must keep following when an endpoint would drop.
 */
#include "segment/segment.h"

#include <assert.h>
#include <string.h>

enum {
  SFR = TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_FIN | TCPFLOW_FLAG_RST
};

bool tcpflow__segment_bad_flags(unsigned flags) {
  switch (flags & SFR) {
  case TCPFLOW_FLAG_SYN:
  case TCPFLOW_FLAG_RST:
    return false;
  case 0:
  case TCPFLOW_FLAG_FIN:
    /* RFC 9293 section 3.10.7.4, fifth step: dropped. */
    return (flags & TCPFLOW_FLAG_ACK) == 0;
  default:
    return true;
  }
}

/* What can be said without knowing the connection. */
static tcpflow_verdict look_at_header(const tcpflow_segment *segment) {
  const unsigned malformed =
    TCPFLOW_OPTION_FLAG_NO_LENGTH | TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2 |
    TCPFLOW_OPTION_FLAG_OVERRUN | TCPFLOW_OPTION_FLAG_BAD_LENGTH;
  tcpflow_verdict verdict = 0;

  if (segment->options != NULL && (segment->options->flags & malformed) != 0) {
    verdict |= TCPFLOW_VERDICT_BAD_OPTIONS;
  }
  if (segment->payload_captured < segment->payload_length) {
    verdict |= TCPFLOW_VERDICT_PAYLOAD_CUT;
  }
  verdict |= tcpflow__segment_is_marked(segment);
  if (tcpflow__segment_bad_flags(segment->flags)) {
    verdict |= TCPFLOW_VERDICT_BAD_FLAGS;
  } else if ((segment->flags & TCPFLOW_FLAG_URG) != 0) {
    verdict |= TCPFLOW_VERDICT_URGENT;
  }
  return verdict;
}

static void judge_ack(tcpflow__judgment *out, const tcpflow__view *view) {
  const tcpflow__endpoint *const rcv = view->rcv;
  const tcpflow_side receiver = tcpflow_side_other(view->sender);

  out->ack = true;
  if (tcpflow__endpoint_has(rcv, TCPFLOW__END_ISS) &&
      !tcpflow__endpoint_has(rcv, TCPFLOW__END_SYN_ACKED) &&
      tcpflow_seq_lt(rcv->iss, view->segment->ack)) {
    tcpflow__judgment_add(out, receiver, TCPFLOW_STIMULUS_RCV_ACK_OF_SYN,
                          false);
  }
  tcpflow__judge_ack_of_fin(out, view);
}

/* Do its numbers lie beyond all that was sent?  Otherwise they are
   plausible. */
static bool is_ahead(const tcpflow__view *view) {
  return tcpflow_seq_lt(view->snd->snd_nxt, view->segment->seq) ||
         tcpflow_seq_lt(view->rcv->snd_nxt, view->segment->ack);
}

/* A FIN with an ACK that is not acceptable (RFC 5961 section 5.2). */
static bool is_bad_fin(const tcpflow__judgment *out,
                       const tcpflow__view *view) {
  return (view->segment->flags & TCPFLOW_FLAG_FIN) != 0 &&
         ((out->verdict & TCPFLOW_VERDICT_ACK_UNSEEN) != 0 ||
          (out->odd & TCPFLOW__ODD_ACK_TOO_OLD) != 0);
}

/* Do its numbers belong to the connection, and will its receiver take it? */
static bool is_taken(tcpflow__judgment *out, const tcpflow__view *view,
                     bool opening) {
  if (opening && tcpflow__judge_is_older(out, view)) {
    return false;
  }
  if (is_ahead(view)) {
    tcpflow__judge_plausible(out, view);
  }
  if (out->jump && !out->ack_waits) {
    out->odd |= TCPFLOW__ODD_IMPOSSIBLE;
    return false;
  }
  if (view->context->strict_ack && is_bad_fin(out, view)) {
    return false;
  }
  return (out->verdict & TCPFLOW_VERDICT_PAWS) == 0 ||
         !view->context->strict_paws;
}

/* Has it data behind its sender's FIN? */
static bool is_beyond_fin(const tcpflow__judgment *out,
                          const tcpflow__view *view) {
  return out->data && tcpflow__endpoint_has(view->snd, TCPFLOW__END_FIN) &&
         tcpflow_seq_lt(view->snd->fin, view->data_end);
}

/* A segment without SYN and RST, with an ACK. */
static void judge_ordinary(tcpflow__judgment *out, const tcpflow__view *view) {
  const bool opening = view->snd->state < TCPFLOW_STATE_ESTABLISHED ||
                       view->rcv->state < TCPFLOW_STATE_ESTABLISHED;

  tcpflow__judge_meaning(out, view);
  if (!is_taken(out, view, opening)) {
    return;
  }

  if (opening && !out->ack_waits) {
    tcpflow__judge_hidden(out, view);
  }
  out->numbers = true;
  /* A keep-alive's octet is not of the stream (RFC 9293 section 3.8.4). */
  out->data = view->segment->payload_length != 0 &&
              (out->verdict & TCPFLOW_VERDICT_KEEP_ALIVE) == 0;
  if (!out->ack_waits) {
    judge_ack(out, view);
  }
  tcpflow__judge_odd(out, view);
  if (is_beyond_fin(out, view)) {
    out->verdict |= TCPFLOW_VERDICT_BEYOND_FIN;
  }
  if ((view->segment->flags & TCPFLOW_FLAG_FIN) != 0) {
    tcpflow__judge_fin(out, view);
  }
}

/* Its sender has not sent it: it has no effect, and leaves no print.  Its data
   is held against the stream all the same, where other octets would show. */
static void take_duplicate(tcpflow__judgment *out,
                           const tcpflow_segment *segment,
                           tcpflow_verdict verdict) {
  out->verdict |= verdict;
  out->print = 0;
  out->duplicate = true;
  out->data = segment->payload_length != 0 &&
              segment->payload_length <= TCPFLOW__WINDOW_MAX &&
              (segment->flags & (unsigned)SFR) == 0;
}

static void judge(tcpflow__judgment *out, const tcpflow__endpoint end[2],
                  tcpflow_side sender, const tcpflow_segment *segment,
                  const tcpflow__segment_context *context) {
  const unsigned flags = segment->flags;
  const tcpflow__view view = {
    .segment = segment,
    .snd = &end[sender],
    .rcv = &end[tcpflow_side_other(sender)],
    .context = context,
    .sender = sender,
    .data_end = tcpflow_seq_add(segment->seq, segment->payload_length),
    .end = tcpflow__segment_end(segment),
    .scaling = tcpflow__endpoints_scaling(&end[0], &end[1]),
    .bare =
      segment->payload_length == 0 && (segment->flags & (unsigned)SFR) == 0,
  };
  tcpflow_verdict duplicate;

  memset(out, 0, sizeof(*out));
  out->scaling = (int8_t)view.scaling;
  out->verdict = look_at_header(segment);
  if (segment->checksum == TCPFLOW_CHECKSUM_BAD) {
    out->verdict |= TCPFLOW_VERDICT_BAD_CHECKSUM;
    return;
  }
  out->print = tcpflow__segment_print(segment);
  duplicate = tcpflow__judge_duplicate(&view, out->print);
  if (duplicate != 0) {
    take_duplicate(out, segment, duplicate);
    return;
  }
  if ((flags & TCPFLOW_FLAG_RST) != 0) {
    tcpflow__judge_reset(out, &view);
    return;
  }
  if (segment->payload_length > TCPFLOW__WINDOW_MAX) {
    out->verdict |= TCPFLOW_VERDICT_BEYOND_WINDOW;
    return;
  }
  if ((out->verdict & TCPFLOW_VERDICT_BAD_FLAGS) != 0) {
    return;
  }
  if ((flags & TCPFLOW_FLAG_SYN) == 0) {
    judge_ordinary(out, &view);
  } else if ((flags & TCPFLOW_FLAG_ACK) != 0) {
    tcpflow__judge_syn_ack(out, &view);
  } else {
    tcpflow__judge_syn(out, &view);
  }
}

/* As if nobody had acknowledged what the sender shows not to have sent. */
static void judge_back(tcpflow__judgment *out, const tcpflow__endpoint end[2],
                       tcpflow_side sender, const tcpflow_segment *segment,
                       const tcpflow__segment_context *context) {
  tcpflow__endpoint before[2] = {end[0], end[1]};

  tcpflow__endpoint_take_back(&before[sender]);
  judge(out, before, sender, segment, context);
  out->ack_refuted = out->numbers;
}

void tcpflow__segment_judge(tcpflow__judgment *out,
                            const tcpflow__endpoint end[2], tcpflow_side sender,
                            const tcpflow_segment *segment,
                            const tcpflow__segment_context *context) {
  if (tcpflow__endpoint_goes_back(&end[sender], segment->seq)) {
    judge_back(out, end, sender, segment, context);
  } else {
    judge(out, end, sender, segment, context);
  }
}
