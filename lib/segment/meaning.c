/*
 * lib/segment/meaning.c - the words for a segment: retransmission, probe,
 * duplicate ACK, ...
 *
 * Room: segment.  Includes: base, wire, options.  The conditions are those of
 * Wireshark's tcp.analysis.* where they are sound, and of the RFC that is named
 * where they are not.  Everything is judged by the numbers before the segment.
 */
#include "segment/segment.h"

enum {
  SFR = TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_FIN | TCPFLOW_FLAG_RST
};

/* A fast retransmission follows the duplicate ACKs this closely. */
static const tcpflow_time FAST_WITHIN = 20 * TCPFLOW_MILLISECOND;

static tcpflow_time since(tcpflow_time then, tcpflow_time now) {
  return now > then ? now - then : 0;
}

/* A segment that carries nothing new but its header. */
static bool is_bare(const tcpflow__view *view) {
  return view->segment->payload_length == 0 &&
         (view->segment->flags & SFR) == 0;
}

/* Its numbers are exactly those of the sender's last ones. */
static bool repeats_numbers(const tcpflow__view *view) {
  return view->segment->seq == view->snd->snd_nxt &&
         view->segment->ack == view->rcv->snd_una;
}

static bool window_is_closed(const tcpflow__endpoint *end) {
  return tcpflow__endpoint_has(end, TCPFLOW__END_WINDOW) && end->window == 0;
}

/*
 * RFC 9293 section 3.8.6.1, in the three shapes that stacks give it: one new
 * octet; the number before SND.NXT (Linux); nothing at all at SND.NXT.
 */
static bool is_window_probe(const tcpflow__view *view) {
  const uint32_t length = view->segment->payload_length;
  const tcpflow_seq seq = view->segment->seq;
  const tcpflow_seq nxt = view->snd->snd_nxt;

  if (!window_is_closed(view->rcv) || (view->segment->flags & SFR) != 0 ||
      length > 1) {
    return false;
  }
  if (seq == nxt) {
    return length == 1 ||
           (view->segment->ack == view->rcv->snd_una &&
            view->segment->window == view->snd->window_raw &&
            !tcpflow__endpoint_has(view->rcv, TCPFLOW__END_LAST_PROBE) &&
            view->rcv->snd_una == view->rcv->snd_nxt);
  }
  return seq == tcpflow_seq_add(nxt, UINT32_MAX);
}

/* RFC 9293 section 3.8.4: SEG.SEQ = SND.NXT - 1, and nothing in flight. */
static bool is_keep_alive(const tcpflow__view *view) {
  return view->segment->payload_length <= 1 &&
         (view->segment->flags & SFR) == 0 &&
         view->segment->seq ==
           tcpflow_seq_add(view->snd->snd_nxt, UINT32_MAX) &&
         view->snd->snd_una == view->snd->snd_nxt;
}

/* It answers a probe of the window, which stays closed; the octet that probed
   may have been taken all the same, and was not counted as sent. */
static bool answers_probe(const tcpflow__view *view) {
  const tcpflow__endpoint *const rcv = view->rcv;

  return tcpflow__endpoint_has(rcv, TCPFLOW__END_LAST_PROBE) &&
         window_is_closed(view->snd) && view->segment->window == 0 &&
         is_bare(view) && view->segment->seq == view->snd->snd_nxt &&
         (view->segment->ack == rcv->snd_una ||
          view->segment->ack == tcpflow_seq_add(rcv->snd_nxt, 1));
}

/* Pure ACKs, told apart by what they change. */
static tcpflow_verdict judge_bare(const tcpflow__view *view) {
  const tcpflow__endpoint *const snd = view->snd;
  const tcpflow__endpoint *const rcv = view->rcv;
  const uint16_t window = view->segment->window;

  if (answers_probe(view)) {
    return TCPFLOW_VERDICT_ZERO_WINDOW_PROBE_ACK;
  }
  if (!is_bare(view) || !repeats_numbers(view) || window == 0 ||
      !tcpflow__endpoint_has(snd, TCPFLOW__END_WINDOW)) {
    return 0;
  }
  if (window != snd->window_raw) {
    return TCPFLOW_VERDICT_WINDOW_UPDATE;
  }
  if (tcpflow__endpoint_has(rcv, TCPFLOW__END_LAST_KEEP_ALIVE)) {
    return TCPFLOW_VERDICT_KEEP_ALIVE_ACK;
  }
  /* RFC 5681 section 2 asks for outstanding data, too. */
  return rcv->snd_una != rcv->snd_nxt ? TCPFLOW_VERDICT_DUPLICATE_ACK : 0;
}

/* Numbers that the sender had passed: sent again, or overtaken on the way. */
static tcpflow_verdict judge_late(const tcpflow__view *view) {
  const tcpflow__endpoint *const snd = view->snd;
  const tcpflow__endpoint *const rcv = view->rcv;
  const tcpflow_time now = view->segment->time;
  const bool seen = tcpflow_seq_leq(view->end, view->context->edge);

  if (tcpflow_seq_leq(view->end, snd->snd_una)) {
    return TCPFLOW_VERDICT_RETRANSMISSION |
           TCPFLOW_VERDICT_SPURIOUS_RETRANSMISSION;
  }
  if (rcv->dup_acks >= 2 && snd->snd_una == view->segment->seq &&
      since(rcv->ack_time, now) < FAST_WITHIN) {
    return TCPFLOW_VERDICT_RETRANSMISSION | TCPFLOW_VERDICT_FAST_RETRANSMISSION;
  }
  if (!seen && view->end != snd->snd_nxt &&
      since(snd->nxt_time, now) < view->context->reorder) {
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
  return verdict | judge_late(view);
}

/* RFC 9293 section 3.10.7.4, first step, by what is known of the window. */
static tcpflow_verdict judge_window(const tcpflow__view *view) {
  const tcpflow__endpoint *const rcv = view->rcv;
  tcpflow_verdict verdict = 0;

  if (tcpflow__judge_is_before_window(view)) {
    verdict |= TCPFLOW_VERDICT_BEFORE_WINDOW;
  }
  if (!tcpflow__endpoint_has(rcv, TCPFLOW__END_WINDOW) ||
      tcpflow__endpoints_scaling(view->snd, rcv) < 0) {
    return verdict;
  }
  if (view->segment->payload_length != 0) {
    if (tcpflow_seq_lt(rcv->rcv_edge, view->data_end)) {
      verdict |= TCPFLOW_VERDICT_BEYOND_WINDOW;
    }
    if (view->data_end == tcpflow_seq_add(view->snd->snd_una, rcv->window) &&
        (view->segment->flags & SFR) == 0) {
      verdict |= TCPFLOW_VERDICT_WINDOW_FULL;
    }
  }
  return verdict;
}

/* RFC 2883 section 4: the first block is below the ACK, or within the second. */
static bool has_dsack(const tcpflow_segment *segment) {
  const tcpflow_options *const options = segment->options;
  const tcpflow_sack_block *block;

  if (options == NULL || options->sack_count == 0) {
    return false;
  }
  block = options->sack;
  return tcpflow_seq_leq(block[0].right, segment->ack) ||
         (options->sack_count > 1 &&
          tcpflow_seq_leq(block[1].left, block[0].left) &&
          tcpflow_seq_leq(block[0].right, block[1].right));
}

static tcpflow_verdict judge_ack_number(const tcpflow__view *view) {
  const tcpflow__endpoint *const rcv = view->rcv;
  const tcpflow_seq ack = view->segment->ack;
  tcpflow_verdict verdict = 0;

  if (has_dsack(view->segment)) {
    verdict |= TCPFLOW_VERDICT_DSACK;
  }
  if (!tcpflow__endpoint_has(rcv, TCPFLOW__END_BASE)) {
    return verdict | TCPFLOW_VERDICT_NEW_ACK;
  }
  if (tcpflow_seq_lt(rcv->snd_una, ack)) {
    verdict |= TCPFLOW_VERDICT_NEW_ACK;
  } else if (ack != rcv->snd_una) {
    verdict |= TCPFLOW_VERDICT_OLD_ACK;
  }
  /* An octet that probed the window was not counted as sent. */
  if (tcpflow_seq_lt(rcv->snd_nxt, ack) &&
      !(tcpflow__endpoint_has(rcv, TCPFLOW__END_LAST_PROBE) &&
        ack == tcpflow_seq_add(rcv->snd_nxt, 1))) {
    verdict |= TCPFLOW_VERDICT_ACK_UNSEEN;
  }
  return verdict;
}

/* RFC 7323 sections 3.2 and 5.3. */
static tcpflow_verdict judge_timestamp(const tcpflow__view *view) {
  const tcpflow_options *const options = view->segment->options;
  const tcpflow__endpoint *const snd = view->snd;
  const bool present =
    options != NULL && (options->present & TCPFLOW_HAS_TIMESTAMPS) != 0;

  if (!present) {
    return tcpflow__endpoint_has(snd, TCPFLOW__END_TS) &&
               tcpflow__endpoint_has(view->rcv, TCPFLOW__END_TS)
             ? TCPFLOW_VERDICT_TIMESTAMP_MISSING
             : 0;
  }
  if (tcpflow__endpoint_outdates(snd, options->ts_val, view->segment->time) &&
      !tcpflow_seq_lt(view->segment->seq, view->context->edge)) {
    return TCPFLOW_VERDICT_PAWS;
  }
  return 0;
}

/* RFC 9293 section 3.7.1: without the option, 536 octets, or 1220 for IPv6. */
static bool exceeds_mss(const tcpflow__view *view) {
  const tcpflow__endpoint *const rcv = view->rcv;
  const uint32_t fallback = view->segment->ip_version == 6 ? 1220 : 536;

  return tcpflow__endpoint_has(rcv, TCPFLOW__END_SYN) &&
         view->segment->payload_length > (rcv->mss != 0 ? rcv->mss : fallback);
}

void tcpflow__judge_meaning(tcpflow__judgment *out, const tcpflow__view *view) {
  tcpflow_verdict verdict = judge_ack_number(view) | judge_timestamp(view);

  out->in_order = !tcpflow__endpoint_has(view->snd, TCPFLOW__END_BASE) ||
                  tcpflow_seq_leq(view->segment->seq, view->context->edge);
  if (is_bare(view)) {
    verdict |= TCPFLOW_VERDICT_PURE_ACK;
  }
  if (view->segment->window == 0 && (view->segment->flags & SFR) == 0) {
    verdict |= TCPFLOW_VERDICT_ZERO_WINDOW;
  }
  if (exceeds_mss(view)) {
    verdict |= TCPFLOW_VERDICT_MSS_EXCEEDED;
  }
  if (!tcpflow__endpoint_has(view->snd, TCPFLOW__END_BASE)) {
    out->verdict |=
      verdict |
      (view->end != view->segment->seq ? TCPFLOW_VERDICT_NEW_DATA : 0);
    return;
  }
  if (is_window_probe(view)) {
    verdict |= TCPFLOW_VERDICT_ZERO_WINDOW_PROBE;
  } else if (is_keep_alive(view)) {
    verdict |= TCPFLOW_VERDICT_KEEP_ALIVE;
  } else {
    verdict |= judge_bare(view) | judge_position(view) | judge_window(view);
  }
  out->verdict |= verdict;
}
