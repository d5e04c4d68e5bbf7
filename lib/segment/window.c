/*
 * lib/segment/window.c - what a segment does to its receiver's window, and what
 * it says of its sender's.
 *
 * Room: segment.  Includes: base, wire, options.  RFC 9293 section 3.8.6 and
 * RFC 7323 section 2.  Windows whose scale was not captured say nothing, nor
 * do those of Multipath TCP, which are of the whole connection and not of a
 * subflow (RFC 8684 section 3.3.4).
 */
#include "segment/segment.h"

enum {
  SFR = TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_FIN | TCPFLOW_FLAG_RST
};

/* Its data, against the window that the receiver has offered. */
static tcpflow_verdict judge_data(const tcpflow__view *view) {
  const tcpflow__endpoint *const rcv = view->rcv;
  tcpflow_verdict verdict = 0;

  if (tcpflow_seq_lt(rcv->rcv_edge, view->data_end)) {
    verdict |= TCPFLOW_VERDICT_BEYOND_WINDOW;
  }
  if (view->data_end ==
        tcpflow_seq_add(view->snd->snd_una, tcpflow__endpoint_window(rcv)) &&
      (view->segment->flags & (unsigned)SFR) == 0) {
    verdict |= TCPFLOW_VERDICT_WINDOW_FULL;
  }
  return verdict;
}

tcpflow_verdict tcpflow__judge_window(const tcpflow__view *view) {
  tcpflow_verdict verdict = 0;

  /* RFC 9293 section 3.10.7.4, first step. */
  if (tcpflow_seq_lt(view->segment->seq, view->snd->snd_una) &&
      tcpflow__judge_is_before_window(view)) {
    verdict |= TCPFLOW_VERDICT_BEFORE_WINDOW;
  }
  if (view->segment->payload_length != 0 && view->scaling >= 0 &&
      !view->context->shared_window &&
      tcpflow__endpoint_has(view->rcv, TCPFLOW__END_WINDOW)) {
    verdict |= judge_data(view);
  }
  return verdict;
}

/* Is there an edge to compare with?  That of a SYN is a first word; and an ACK
   that others have overtaken shows an older one. */
static bool has_edge(const tcpflow__view *view) {
  return view->scaling >= 0 && !view->context->shared_window &&
         view->snd->window_max != 0 &&
         tcpflow__endpoint_has(view->snd, TCPFLOW__END_WINDOW) &&
         tcpflow__endpoint_has(view->rcv, TCPFLOW__END_BASE) &&
         !tcpflow_seq_lt(view->segment->ack, view->rcv->snd_una) &&
         !tcpflow_seq_lt(view->segment->seq, view->snd->snd_nxt) &&
         !tcpflow__view_is_stale(view);
}

/* The right edge moves left, by more than what a scale rounds off (RFC 7323
   section 2.4). */
static bool shrinks(const tcpflow__view *view, uint32_t window) {
  const unsigned shift = view->scaling == 1 ? view->snd->wscale : 0;
  const tcpflow_seq before =
    tcpflow_seq_add(view->rcv->snd_una, tcpflow__endpoint_window(view->snd));
  const tcpflow_seq edge = tcpflow_seq_add(view->segment->ack, window);

  return has_edge(view) && tcpflow_seq_lt(edge, before) &&
         tcpflow_seq_distance(edge, before) >= UINT32_C(1) << shift;
}

/* The first window after the SYN's lets nothing through. */
static bool slams(const tcpflow__view *view, uint32_t window) {
  return window <= TCPFLOW__SLAM &&
         tcpflow__endpoint_has(view->rcv, TCPFLOW__END_ISS) &&
         view->segment->ack == tcpflow_seq_add(view->rcv->iss, 1) &&
         view->snd->window_max == 0;
}

void tcpflow__judge_offer(tcpflow__judgment *out, const tcpflow__view *view) {
  const unsigned shift = view->scaling == 1 ? view->snd->wscale : 0;
  const uint32_t window = (uint32_t)view->segment->window << shift;

  if (window == 0 && (view->segment->flags & (unsigned)SFR) == 0) {
    out->verdict |= TCPFLOW_VERDICT_ZERO_WINDOW;
  }
  if (window < tcpflow__endpoint_window(view->snd) && shrinks(view, window)) {
    out->verdict |= TCPFLOW_VERDICT_WINDOW_SHRUNK;
  }
  if (window <= TCPFLOW__SLAM && slams(view, window)) {
    out->odd |= TCPFLOW__ODD_WINDOW_SLAM;
  }
}
