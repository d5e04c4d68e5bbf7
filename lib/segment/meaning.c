/*
 * lib/segment/meaning.c - the words for a segment: what it sends and what it
 * acknowledges.
 *
 * Room: segment.  Includes: base, wire, options.  probes.c, window.c and
 * stamps.c have the words of their own subjects.  The conditions are those of
 * Wireshark's tcp.analysis.* where they are sound, and of the RFC that is named
 * where they are not.  Everything is judged by the numbers before the segment.
 */
#include "segment/segment.h"

/* A fast retransmission follows the duplicate ACKs this closely. */
static const tcpflow_time FAST_WITHIN = 20 * TCPFLOW_MILLISECOND;

tcpflow_verdict tcpflow__judge_late(const tcpflow__view *view) {
  const tcpflow__endpoint *const snd = view->snd;
  const tcpflow__endpoint *const rcv = view->rcv;
  const tcpflow_time now = view->segment->time;
  const bool seen = tcpflow_seq_leq(view->end, view->context->edge);

  if (tcpflow_seq_leq(view->end, snd->snd_una)) {
    return TCPFLOW_VERDICT_RETRANSMISSION |
           TCPFLOW_VERDICT_SPURIOUS_RETRANSMISSION;
  }
  if (rcv->dup_acks >= 2 && snd->snd_una == view->segment->seq &&
      tcpflow__since(rcv->ack_time, now) < FAST_WITHIN) {
    return TCPFLOW_VERDICT_RETRANSMISSION | TCPFLOW_VERDICT_FAST_RETRANSMISSION;
  }
  if (!seen && view->end != snd->snd_nxt &&
      tcpflow__since(snd->nxt_time, now) < view->context->reorder) {
    return TCPFLOW_VERDICT_OUT_OF_ORDER;
  }
  return TCPFLOW_VERDICT_RETRANSMISSION;
}

/* Where its octets stand in what the sender has sent. */
static tcpflow_verdict judge_position(const tcpflow__view *view) {
  const tcpflow_seq seq = view->segment->seq;
  const tcpflow_seq nxt = view->snd->snd_nxt;
  tcpflow_verdict verdict = 0;

  if (tcpflow_seq_lt(nxt, seq)) {
    verdict |= TCPFLOW_VERDICT_GAP_BEFORE;
  }
  if (seq == view->end) {
    return verdict;
  }
  if (tcpflow_seq_lt(nxt, view->end)) {
    verdict |= TCPFLOW_VERDICT_NEW_DATA;
    if (tcpflow_seq_lt(seq, nxt)) {
      verdict |= TCPFLOW_VERDICT_PARTIAL_OVERLAP;
    }
    return verdict;
  }
  return verdict | tcpflow__judge_late(view);
}

/*
 * RFC 5961 section 5.2: below SND.UNA - MAX.SND.WND, which is the largest
 * window that the sender has offered; in its SYN, any up to 65535.
 */
static bool is_too_old(const tcpflow__view *view) {
  const unsigned shift = view->scaling == 1   ? view->snd->wscale
                         : view->scaling == 0 ? 0
                                              : TCPFLOW_WSCALE_MAX;
  const uint32_t most = (uint32_t)view->snd->window_max << shift;
  const uint32_t back =
    tcpflow_seq_distance(view->segment->ack, view->rcv->snd_una);

  return back > UINT16_MAX && back > most;
}

/* RFC 9293 section 3.4: what does it acknowledge? */
static void judge_ack_number(tcpflow__judgment *out,
                             const tcpflow__view *view) {
  const tcpflow__endpoint *const rcv = view->rcv;
  const tcpflow_seq ack = view->segment->ack;

  if (!tcpflow__endpoint_has(rcv, TCPFLOW__END_BASE)) {
    out->verdict |= TCPFLOW_VERDICT_NEW_ACK;
    return;
  }
  if (ack == rcv->snd_una) {
    return;
  }
  if (tcpflow_seq_lt(ack, rcv->snd_una)) {
    out->verdict |= TCPFLOW_VERDICT_OLD_ACK;
    out->odd |= is_too_old(view) ? TCPFLOW__ODD_ACK_TOO_OLD : 0;
    return;
  }
  out->verdict |= TCPFLOW_VERDICT_NEW_ACK;
  if (tcpflow_seq_lt(rcv->snd_nxt, ack)) {
    /* An octet that probed the window was not counted as sent. */
    out->verdict |= tcpflow__acks_probe(view) ? 0 : TCPFLOW_VERDICT_ACK_UNSEEN;
  } else if (tcpflow_seq_lt(rcv->nxt_start, ack) && ack != rcv->snd_nxt) {
    out->verdict |= TCPFLOW_VERDICT_ACK_PARTIAL;
  }
}

/* RFC 9293 section 3.7.1: without the option, 536 octets, or 1220 for IPv6. */
tcpflow_verdict tcpflow__judge_size(const tcpflow__endpoint *rcv,
                                    const tcpflow_segment *segment) {
  const uint32_t fallback = segment->ip_version == 6 ? 1220 : 536;

  return tcpflow__endpoint_has(rcv, TCPFLOW__END_SYN) &&
             segment->payload_length > (rcv->mss != 0 ? rcv->mss : fallback)
           ? TCPFLOW_VERDICT_MSS_EXCEEDED
           : 0;
}

/* Nothing was heard of the sender before. */
static void judge_first(tcpflow__judgment *out, const tcpflow__view *view) {
  out->in_order = true;
  if (view->end != view->segment->seq) {
    out->verdict |= TCPFLOW_VERDICT_NEW_DATA;
  }
}

static void judge_next(tcpflow__judgment *out, const tcpflow__view *view) {
  tcpflow_verdict verdict = 0;

  out->in_order = tcpflow_seq_leq(view->segment->seq, view->context->edge);
  if (view->segment->payload_length <= 1) {
    verdict = tcpflow__judge_probe(view);
  }
  if (verdict == 0) {
    verdict = (view->bare ? tcpflow__judge_bare(view) : 0) |
              judge_position(view) | tcpflow__judge_window(view);
  }
  out->verdict |= verdict;
}

void tcpflow__judge_meaning(tcpflow__judgment *out, const tcpflow__view *view) {
  const tcpflow_options *const options = view->segment->options;

  judge_ack_number(out, view);
  if (options != NULL && options->sack_count != 0) {
    tcpflow__judge_sack(out, view);
  }
  tcpflow__judge_timestamp(out, view);
  if (tcpflow__view_offers_less(view)) {
    tcpflow__judge_offer(out, view);
  }
  if (view->bare) {
    out->verdict |= TCPFLOW_VERDICT_PURE_ACK;
  }
  if (view->segment->payload_length > view->rcv->mss) {
    out->verdict |= tcpflow__judge_size(view->rcv, view->segment);
  }
  if (tcpflow__endpoint_has(view->snd, TCPFLOW__END_BASE)) {
    judge_next(out, view);
  } else {
    judge_first(out, view);
  }
}
