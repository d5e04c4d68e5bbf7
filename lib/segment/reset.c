/*
 * lib/segment/reset.c - does a RST count?
 *
 * Room: segment.  Includes: base, wire.  RFC 9293 section 3.10.7.3 (SYN-SENT)
 * and section 3.10.7.4, first and second step, with RFC 5961 section 3.2: in
 * the window is not enough, it must be exactly RCV.NXT.
 */
#include "segment/segment.h"

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
  if (!tcpflow__endpoint_has(view->snd, TCPFLOW__END_BASE) || is_exact(view)) {
    return TCPFLOW_VERDICT_RST_ACCEPTED;
  }
  /* The sender takes back its own SYN; or it answers what was not captured, and
     in LISTEN nobody minds (RFC 9293 section 3.10.7.2, first step). */
  if (view->rcv->state == TCPFLOW_STATE_LISTEN) {
    return view->segment->seq == view->snd->snd_nxt
             ? TCPFLOW_VERDICT_RST_ACCEPTED
             : TCPFLOW_VERDICT_RST_UNACCEPTABLE;
  }
  return is_in_window(view) ? TCPFLOW_VERDICT_RST_CHALLENGED
                            : TCPFLOW_VERDICT_RST_OUT_OF_WINDOW;
}

void tcpflow__judge_reset(tcpflow__judgment *out, const tcpflow__view *view) {
  const tcpflow_side receiver = tcpflow_side_other(view->sender);
  const tcpflow_verdict verdict = triage(view);

  out->verdict |= verdict;
  if (verdict != TCPFLOW_VERDICT_RST_ACCEPTED) {
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
