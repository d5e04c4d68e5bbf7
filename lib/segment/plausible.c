/*
 * lib/segment/plausible.c - can the numbers of a segment belong to the
 * connection at all?
 *
 * Room: segment.  Includes: base, wire.  RFC 9293 section 3.10.7.4, first step,
 * asks for numbers in the receiver's window.  An observer that missed packets
 * must be kinder, or it would lose the connection; and it must not follow a
 * stranger who guesses numbers, or all that comes later would look old.  So a
 * segment may leave the window, but not jump far out of it; and if three in a
 * row agree to be out there, the capture has missed what came between.
 */
#include "segment/segment.h"

/* How far a hole in the capture may reach beyond the window, in octets. */
static const uint32_t JUMP_MAX = UINT32_C(1) << 24;

/* How many impossible segments in a row make a truth. */
static const unsigned JUMPS_BELIEVED = 2;

/* Is a number that far ahead of another? */
static bool is_jump(tcpflow_seq from, tcpflow_seq to) {
  return tcpflow_seq_lt(from, to) && tcpflow_seq_distance(from, to) > JUMP_MAX;
}

static bool seq_jumps(const tcpflow__view *view) {
  const tcpflow__endpoint *const rcv = view->rcv;
  const tcpflow_seq seq = view->segment->seq;

  if (!tcpflow__endpoint_has(view->snd, TCPFLOW__END_BASE) ||
      !is_jump(view->snd->snd_nxt, seq)) {
    return false;
  }
  return !tcpflow__endpoint_has(rcv, TCPFLOW__END_WINDOW) ||
         tcpflow_seq_lt(rcv->rcv_edge, seq);
}

static bool ack_jumps(const tcpflow__view *view) {
  return tcpflow__endpoint_has(view->rcv, TCPFLOW__END_BASE) &&
         is_jump(view->rcv->snd_nxt, view->segment->ack);
}

void tcpflow__judge_plausible(tcpflow__judgment *out,
                              const tcpflow__view *view) {
  if (out->peer_base || out->peer_syn ||
      (!seq_jumps(view) && !ack_jumps(view))) {
    return;
  }
  out->jump = view->snd->jumps < JUMPS_BELIEVED;
  if (out->jump) {
    out->verdict |= TCPFLOW_VERDICT_BEYOND_WINDOW;
  }
}
