/*
 * lib/segment/reset.c - does a RST count?
 *
 * Room: segment.  Includes: base, wire.  RFC 9293 section 3.10.7.3 (SYN-SENT)
 * and section 3.10.7.4, first and second step, with RFC 5961 section 3.2: in
 * the window is not enough, it must be exactly RCV.NXT.  What other systems do
 * is a policy.
 */
#include "segment/segment.h"

/* A RST with ACK and number 0 acknowledges nothing: many send that. */
static bool has_ack(const tcpflow_segment *segment) {
  return (segment->flags & TCPFLOW_FLAG_ACK) != 0 && segment->ack != 0;
}

/* Does it answer the receiver's SYN? */
static bool answers_syn(const tcpflow__view *view) {
  const tcpflow__endpoint *const rcv = view->rcv;

  if ((view->segment->flags & TCPFLOW_FLAG_ACK) == 0) {
    return false;
  }
  return tcpflow_seq_lt(rcv->iss, view->segment->ack) &&
         tcpflow_seq_leq(view->segment->ack, rcv->snd_nxt);
}

/*
 * Is SEG.SEQ what the receiver may have as RCV.NXT?  An observer knows it to
 * be the last number that the receiver acknowledged, or the edge of what passed
 * the capture point; and an endpoint that has closed sends the number of its
 * FIN, or the one behind.
 */
static bool is_exact(const tcpflow__view *view) {
  const tcpflow__endpoint *const snd = view->snd;
  const tcpflow_seq seq = view->segment->seq;

  if (seq == snd->snd_una || seq == view->context->edge) {
    return true;
  }
  return tcpflow__endpoint_has(snd, TCPFLOW__END_FIN) &&
         (seq == snd->fin || seq == tcpflow_seq_add(snd->fin, 1));
}

/* The window that the receiver has for the sender, as far as is known. */
static bool is_in_window(const tcpflow__view *view) {
  const tcpflow_seq una = view->snd->snd_una;
  const tcpflow_seq seq = view->segment->seq;
  const bool known = tcpflow__endpoint_has(view->rcv, TCPFLOW__END_WINDOW);
  const tcpflow_seq edge =
    known ? view->rcv->rcv_edge : tcpflow_seq_add(una, 65535);

  return tcpflow_seq_leq(una, seq) &&
         (tcpflow_seq_lt(seq, edge) || seq == view->snd->snd_nxt);
}

/*
 * The number behind all that was sent is the one of an ABORT (RFC 9293 section
 * 3.10.5).  If something before it is missing, either the capture has missed
 * it, and the number is exact; or the receiver has, and answers by a challenge
 * ACK, and its sender, which is closed by then, by a RST that is exact.
 */
static bool is_last(const tcpflow__view *view, tcpflow__rst_taste how) {
  const bool sack = tcpflow__endpoint_has(view->snd, TCPFLOW__END_SACK) &&
                    tcpflow__endpoint_has(view->rcv, TCPFLOW__END_SACK);

  if (view->segment->seq != view->snd->snd_nxt) {
    return false;
  }
  return how == TCPFLOW__RST_LAST || view->rcv->dup_acks == 0 ||
         (how == TCPFLOW__RST_SACK_EDGE && sack);
}

/* Does the receiver take it, though it is not known to be exact? */
static bool suits(const tcpflow__view *view) {
  const tcpflow__rst_taste how = (tcpflow__rst_taste)view->context->rst_taste;

  switch (how) {
  case TCPFLOW__RST_WINDOW:
    return is_in_window(view);
  case TCPFLOW__RST_BEYOND:
    return tcpflow_seq_leq(view->snd->snd_una, view->segment->seq);
  case TCPFLOW__RST_ANYWHERE:
    return true;
  case TCPFLOW__RST_NEXT:
  case TCPFLOW__RST_SACK_EDGE:
  case TCPFLOW__RST_LAST:
  default:
    return is_last(view, how);
  }
}

/* RFC 5961 section 5.2, for who wants it of a RST, too. */
static bool has_bad_ack(const tcpflow__view *view) {
  const tcpflow__endpoint *const rcv = view->rcv;

  return has_ack(view->segment) &&
         tcpflow__endpoint_has(rcv, TCPFLOW__END_BASE) &&
         tcpflow_seq_lt(rcv->snd_nxt, view->segment->ack);
}

static bool counts(const tcpflow__view *view) {
  if (!tcpflow__endpoint_has(view->snd, TCPFLOW__END_BASE) || is_exact(view)) {
    return true;
  }
  /* The sender takes back its own SYN; or it answers what was not captured, and
     in LISTEN nobody minds (RFC 9293 section 3.10.7.2, first step). */
  return view->rcv->state == TCPFLOW_STATE_LISTEN
           ? view->segment->seq == view->snd->snd_nxt
           : suits(view);
}

static tcpflow_verdict triage_by_number(const tcpflow__view *view) {
  if (counts(view)) {
    return view->context->strict_ack && has_bad_ack(view)
             ? TCPFLOW_VERDICT_RST_UNACCEPTABLE
             : TCPFLOW_VERDICT_RST_ACCEPTED;
  }
  if (view->rcv->state == TCPFLOW_STATE_LISTEN) {
    return TCPFLOW_VERDICT_RST_UNACCEPTABLE;
  }
  return is_in_window(view) ? TCPFLOW_VERDICT_RST_CHALLENGED
                            : TCPFLOW_VERDICT_RST_OUT_OF_WINDOW;
}

static tcpflow_verdict triage(const tcpflow__view *view) {
  /* It answers a SYN that came in the middle: its sender knows of no
     connection. */
  if (view->context->refuses) {
    return TCPFLOW_VERDICT_RST_ACCEPTED;
  }
  /* The receiver has sent a SYN and heard nothing. */
  if (view->rcv->state == TCPFLOW_STATE_SYN_SENT) {
    if (answers_syn(view)) {
      return TCPFLOW_VERDICT_RST_ACCEPTED;
    }
    /* Unless a SYN of the sender is on its way, which the receiver may have by
       then: SYN-RECEIVED, where the number counts. */
    if (!tcpflow__endpoint_has(view->snd, TCPFLOW__END_SYN)) {
      return TCPFLOW_VERDICT_RST_UNACCEPTABLE;
    }
  }
  return triage_by_number(view);
}

/*
 * Is it unlike the segments of its sender?  A RST needs no timestamp (RFC 7323
 * section 3.2), so that one is missing says nothing; that one is there which
 * was not agreed upon, or is from the past, does.
 */
static bool is_suspect(const tcpflow__view *view) {
  const tcpflow_options *const options = view->segment->options;
  const tcpflow__endpoint *const snd = view->snd;

  if (tcpflow__is_far(view->segment->ip_ttl, snd->ip_ttl)) {
    return true;
  }
  if (options == NULL || (options->present & TCPFLOW_HAS_TIMESTAMPS) == 0) {
    return false;
  }
  return (tcpflow__endpoint_has(snd, TCPFLOW__END_SYN) &&
          !tcpflow__endpoint_has(snd, TCPFLOW__END_TS)) ||
         tcpflow__view_is_stale(view);
}

/* What is odd about a RST, whether or not it counts. */
static void judge_odd(tcpflow__judgment *out, const tcpflow__view *view) {
  if (view->segment->payload_length != 0) {
    out->odd |= TCPFLOW__ODD_RST_DATA;
  }
  if (view->snd->resets + 1 == TCPFLOW__STORM) {
    out->odd |= TCPFLOW__ODD_RST_STORM;
  }
  if ((out->verdict & TCPFLOW_VERDICT_RST_ACCEPTED) == 0) {
    return;
  }
  if (is_suspect(view)) {
    out->odd |= TCPFLOW__ODD_RST_SUSPECT;
  }
  if (has_bad_ack(view) && !view->context->refuses) {
    out->odd |= TCPFLOW__ODD_RST_BAD_ACK;
  }
}

void tcpflow__judge_reset(tcpflow__judgment *out, const tcpflow__view *view) {
  const tcpflow_side receiver = tcpflow_side_other(view->sender);

  out->verdict |= triage(view);
  judge_odd(out, view);
  if ((out->verdict & TCPFLOW_VERDICT_RST_ACCEPTED) == 0) {
    return;
  }

  /* What it acknowledges was received before the RST was sent. */
  if ((view->segment->flags & TCPFLOW_FLAG_ACK) != 0 &&
      tcpflow__endpoint_has(view->rcv, TCPFLOW__END_FIN) &&
      !tcpflow__endpoint_has(view->rcv, TCPFLOW__END_FIN_ACKED) &&
      tcpflow_seq_lt(view->rcv->fin, view->segment->ack)) {
    tcpflow__judgment_add(out, view->sender, TCPFLOW_STIMULUS_RCV_FIN, false);
  }
  /* Behind its sender's FIN it is exact only for who has that FIN. */
  if (tcpflow__fin_is_next(view) &&
      view->segment->seq == tcpflow_seq_add(view->snd->fin, 1)) {
    tcpflow__judgment_add(out, receiver, TCPFLOW_STIMULUS_RCV_FIN, false);
  }
  tcpflow__judgment_add(out, view->sender, TCPFLOW_STIMULUS_SND_RST, false);
  tcpflow__judgment_add(out, receiver, TCPFLOW_STIMULUS_RCV_RST, false);
}
