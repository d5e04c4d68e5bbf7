/*
 * lib/segment/close.c - the FINs, and the ACKs of them.
 *
 * Room: segment.  Includes: base, wire.  RFC 9293 section 3.6 and the fifth and
 * eighth step of section 3.10.7.4.
 */
#include "segment/segment.h"

bool tcpflow__fin_is_next(const tcpflow__view *view) {
  const tcpflow__endpoint *const snd = view->snd;

  return tcpflow__endpoint_has(snd, TCPFLOW__END_FIN) &&
         !tcpflow__endpoint_has(snd, TCPFLOW__END_FIN_RCVD) &&
         tcpflow_seq_leq(snd->fin, view->context->edge);
}

/*
 * The receiver of a FIN ignores what comes behind it (RFC 9293 section
 * 3.10.7.4, seventh step).  If it acknowledges octets that came there, it has
 * not taken the FIN: that was forged, or damaged, or another one counts.
 */
static bool refutes_fin(const tcpflow__view *view) {
  const tcpflow__endpoint *const rcv = view->rcv;

  return tcpflow_seq_lt(tcpflow_seq_add(rcv->fin, 1), view->segment->ack) &&
         tcpflow_seq_leq(view->segment->ack, rcv->snd_nxt);
}

/* Where else the receiver sent a FIN, if it did. */
static tcpflow_seq other_fin(const tcpflow__view *view) {
  return tcpflow__endpoint_other_fin(view->rcv, view->context->beside,
                                     tcpflow_side_other(view->sender));
}

/*
 * The FIN that counts is the first one that the receiver comes to: one that was
 * sent later, with a lower number, is before the hole in front of the other.
 */
static bool takes_lower_fin(const tcpflow__view *view) {
  const tcpflow_seq other = other_fin(view);

  return tcpflow_seq_lt(other, view->rcv->fin) &&
         view->segment->ack == tcpflow_seq_add(other, 1);
}

/* Does it acknowledge the FIN that counts from here on? */
static bool acks_fin(tcpflow__judgment *out, const tcpflow__view *view) {
  const tcpflow__endpoint *const rcv = view->rcv;

  out->fin_refuted = refutes_fin(view) || takes_lower_fin(view);
  if (!out->fin_refuted) {
    return tcpflow_seq_lt(rcv->fin, view->segment->ack);
  }
  if (tcpflow__endpoint_fin_moves(rcv, other_fin(view), view->segment->ack)) {
    return tcpflow_seq_lt(other_fin(view), view->segment->ack);
  }
  tcpflow__judgment_add(out, tcpflow_side_other(view->sender),
                        TCPFLOW_STIMULUS_RESUME, false);
  return false;
}

/*
 * An ACK of a FIN proves that its sender has that FIN; only then has the FIN
 * been received.  Moving the receiver when the FIN passes the capture point
 * would be wrong whenever both close at once: the second FIN was sent before
 * the first one arrived.
 */
void tcpflow__judge_ack_of_fin(tcpflow__judgment *out,
                               const tcpflow__view *view) {
  const tcpflow_side sender = view->sender;
  const tcpflow_side receiver = tcpflow_side_other(sender);
  const tcpflow__endpoint *const snd = view->snd;
  const tcpflow__endpoint *const rcv = view->rcv;

  if (!tcpflow__endpoint_has(rcv, TCPFLOW__END_FIN) ||
      tcpflow__endpoint_has(rcv, TCPFLOW__END_FIN_ACKED) ||
      !acks_fin(out, view)) {
    return;
  }

  tcpflow__judgment_add(out, sender, TCPFLOW_STIMULUS_RCV_FIN, false);
  /* It was sent after the sender's own FIN, so it finds the receiver with that
     FIN: the case of RFC 9293 Figure 13, both CLOSING.  Not behind a hole. */
  if (tcpflow__fin_is_next(view) &&
      tcpflow_seq_lt(snd->fin, view->segment->seq)) {
    tcpflow__judgment_add(out, receiver, TCPFLOW_STIMULUS_RCV_FIN, false);
  }
  tcpflow__judgment_add(out, receiver, TCPFLOW_STIMULUS_RCV_ACK_OF_FIN, false);
}

/* Is the FIN's own number beyond the window?  One at its edge is taken by those
   who look at SEG.SEQ alone, as Linux does when the window is closed. */
static bool is_beyond_window(const tcpflow__view *view) {
  return view->scaling >= 0 && !view->context->shared_window &&
         tcpflow__endpoint_has(view->rcv, TCPFLOW__END_WINDOW) &&
         tcpflow_seq_lt(view->rcv->rcv_edge, view->data_end);
}

static void judge_odd(tcpflow__judgment *out, const tcpflow__view *view) {
  if (view->snd->fins + 1 == TCPFLOW__STORM) {
    out->odd |= TCPFLOW__ODD_FIN_STORM;
  }
  if (is_beyond_window(view)) {
    out->odd |= TCPFLOW__ODD_FIN_WINDOW;
  }
}

/* Was the FIN sent without knowledge of the peer's, the one that counts? */
static bool has_crossed(const tcpflow__judgment *out,
                        const tcpflow__view *view) {
  const tcpflow__endpoint *const rcv = view->rcv;
  const tcpflow_seq ack = view->segment->ack;
  const tcpflow_seq other = other_fin(view);
  const bool moves =
    out->fin_refuted && tcpflow__endpoint_fin_moves(rcv, other, ack);

  return tcpflow__endpoint_has(rcv, TCPFLOW__END_FIN) &&
         tcpflow_seq_leq(ack, moves ? other : rcv->fin);
}

void tcpflow__judge_fin(tcpflow__judgment *out, const tcpflow__view *view) {
  const tcpflow__endpoint *const snd = view->snd;
  const tcpflow_seq fin = view->data_end;

  judge_odd(out, view);
  if (tcpflow__endpoint_has(snd, TCPFLOW__END_FIN)) {
    if (snd->fin != fin) {
      out->verdict |= TCPFLOW_VERDICT_FIN_MOVED;
    }
    return;
  }
  /* The receiver has acknowledged what would lie behind: it is not the end. */
  if (tcpflow__endpoint_has(snd, TCPFLOW__END_BASE) &&
      tcpflow_seq_lt(tcpflow_seq_add(fin, 1), snd->snd_una)) {
    return;
  }
  out->fin_first = true;
  out->crossed = has_crossed(out, view);
  tcpflow__judgment_add(out, view->sender, TCPFLOW_STIMULUS_SND_FIN, false);
}
