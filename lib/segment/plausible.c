/*
 * lib/segment/plausible.c - can the numbers of a segment belong to the
 * connection at all?
 *
 * Room: segment.  Includes: base, wire.  RFC 9293 section 3.10.7.4, first step,
 * asks for numbers in the receiver's window.  An observer that missed packets
 * must be kinder, or it would lose the connection; and it must not follow a
 * stranger who guesses numbers, or all that comes later would look old.  So a
 * segment may leave the window, but not jump far out of it; and if three in a
 * row agree to be out there, or the peer acknowledges it, the capture has
 * missed what came between.
 */
#include "segment/segment.h"

/* How many impossible segments in a row make a truth. */
static const unsigned JUMPS_BELIEVED = 3;

/* Is a number more than so far ahead of another? */
static bool is_ahead(tcpflow_seq from, tcpflow_seq to, uint32_t limit) {
  return tcpflow_seq_lt(from, to) && tcpflow_seq_distance(from, to) > limit;
}

bool tcpflow__judge_is_before_window(const tcpflow__view *view) {
  const tcpflow_seq una = view->snd->snd_una;

  /* RFC 9293 section 3.4: one of its numbers must lie in the window; if it
     occupies none, SEG.SEQ must. */
  return view->segment->seq == view->end
           ? tcpflow_seq_lt(view->segment->seq, una)
           : tcpflow_seq_leq(view->end, una);
}

static bool seq_jumps(const tcpflow__view *view) {
  const tcpflow__endpoint *const rcv = view->rcv;
  const tcpflow_seq seq = view->segment->seq;

  if (!tcpflow__endpoint_has(view->snd, TCPFLOW__END_BASE) ||
      !is_ahead(view->snd->snd_nxt, seq, TCPFLOW__JUMP_MAX)) {
    return false;
  }
  return !tcpflow__endpoint_has(rcv, TCPFLOW__END_WINDOW) ||
         tcpflow_seq_lt(rcv->rcv_edge, seq);
}

/* The third segment of the handshake, and nothing in it: who is in SYN-RECEIVED
   has sent its SYN and no more, so no other number can be acknowledged
   (RFC 9293 section 3.10.7.4, fifth step). */
static bool is_bare_third(const tcpflow__view *view) {
  return view->rcv->state == TCPFLOW_STATE_SYN_RECEIVED &&
         view->segment->payload_length == 0 &&
         (view->segment->flags & TCPFLOW_FLAG_FIN) == 0;
}

/*
 * Nobody sends beyond the window, so nobody has sent what lies behind the
 * largest one that was offered; but who offers may take a whole datagram that
 * begins in it.  Such an ACK is for nothing (RFC 5961 section 5.2), unless the
 * capture has missed the offers, too.  So it has to wait, and the octets beside
 * it do not.
 */
static bool ack_waits(const tcpflow__view *view) {
  const tcpflow__endpoint *const snd = view->snd;

  return view->scaling >= 0 && !view->context->shared_window &&
         tcpflow__endpoint_has(snd, TCPFLOW__END_WINDOW) &&
         tcpflow__endpoint_has(view->rcv, TCPFLOW__END_BASE) &&
         tcpflow_seq_lt(view->rcv->snd_nxt, view->segment->ack) &&
         is_ahead(snd->rcv_edge, view->segment->ack, UINT16_MAX);
}

/* Is it the FIN of its sender that the receiver's last ACK was of? */
static bool may_be_fin(const tcpflow__view *view) {
  return (view->segment->flags & TCPFLOW_FLAG_FIN) != 0 &&
         !tcpflow__endpoint_has(view->snd, TCPFLOW__END_FIN) &&
         view->end == view->snd->snd_una &&
         tcpflow_seq_leq(view->context->edge, view->data_end);
}

/* Has it octets that the capture lacks, or the FIN?  Then an ACK of them may
   have overtaken it, where a capture has several queues, and data of the other
   side, too: what its sender had a window for. */
static bool may_fill(const tcpflow__view *view) {
  const bool fills = view->segment->payload_length != 0 &&
                     tcpflow_seq_lt(view->context->edge, view->data_end);

  return (fills || may_be_fin(view)) && !ack_waits(view);
}

/* Whoever guesses has to guess both numbers: an old segment that the receiver
   drops cannot acknowledge what nobody has seen. */
static bool ack_jumps(const tcpflow__view *view) {
  const bool old = tcpflow__endpoint_has(view->snd, TCPFLOW__END_BASE) &&
                   tcpflow__judge_is_before_window(view) && !may_fill(view);

  return tcpflow__endpoint_has(view->rcv, TCPFLOW__END_BASE) &&
         is_ahead(view->rcv->snd_nxt, view->segment->ack,
                  old || is_bare_third(view) ? 0 : TCPFLOW__JUMP_MAX);
}

/* Does the number lie near that of the sender's impossible segment before? */
static bool agrees(const tcpflow__view *view, tcpflow_seq at) {
  const tcpflow_seq before = view->context->beside[view->sender].jump;

  return view->snd->jumps != 0 && !is_ahead(before, at, TCPFLOW__JUMP_MAX) &&
         !is_ahead(at, before, TCPFLOW__JUMP_MAX);
}

/*
 * The receiver's last segment was impossible, and this one acknowledges just
 * that octet, from where its sender is: who took it had it in the window.  A
 * stranger would have to guess numbers of both.
 */
static bool confirms(const tcpflow__view *view) {
  const tcpflow_side receiver = tcpflow_side_other(view->sender);

  return view->rcv->jumps != 0 &&
         view->segment->ack == view->context->beside[receiver].jump &&
         view->segment->seq == view->snd->snd_nxt &&
         tcpflow__endpoint_has(view->snd, TCPFLOW__END_BASE) &&
         tcpflow_seq_lt(view->rcv->snd_nxt, view->segment->ack) &&
         !is_bare_third(view);
}

void tcpflow__judge_plausible(tcpflow__judgment *out,
                              const tcpflow__view *view) {
  const tcpflow__endpoint *const snd = view->snd;
  const bool seq = seq_jumps(view);
  const bool both = seq || ack_jumps(view);

  if (!both && !ack_waits(view)) {
    return;
  }
  out->confirms = confirms(view);
  if (out->confirms) {
    return;
  }
  out->jump_at = seq ? view->data_end : view->segment->ack;
  out->jumps = (uint8_t)(agrees(view, out->jump_at) ? snd->jumps + 1 : 1);
  out->jump = out->jumps < JUMPS_BELIEVED;
  out->ack_waits = out->jump && !both;
  if (out->jump && seq) {
    out->verdict |= TCPFLOW_VERDICT_BEYOND_WINDOW;
  }
}
