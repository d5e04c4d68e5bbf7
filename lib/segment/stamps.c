/*
 * lib/segment/stamps.c - timestamps and SACK blocks: are they what the
 * endpoints have agreed upon, and can they be true?
 *
 * Room: segment.  Includes: base, wire, options.  RFC 7323 sections 3 and 5,
 * RFC 2018.
 */
#include "segment/segment.h"

/* No clock of timestamps ticks faster than once in a microsecond, and no
   capture is later than that (RFC 7323 section 5.4 asks for a millisecond). */
static const tcpflow_time FASTEST_TICK = 1000;
static const uint32_t LATE_TICKS = UINT32_C(1) << 20;

static bool has_timestamps(const tcpflow_segment *segment) {
  return segment->options != NULL &&
         (segment->options->present & TCPFLOW_HAS_TIMESTAMPS) != 0;
}

/* Its SYN was captured, and lacks what the bit stands for. */
static bool has_refused(const tcpflow__endpoint *end, unsigned bit) {
  return tcpflow__endpoint_has(end, TCPFLOW__END_SYN) &&
         !tcpflow__endpoint_has(end, bit);
}

bool tcpflow__view_is_stale(const tcpflow__view *view) {
  return has_timestamps(view->segment) &&
         tcpflow__endpoint_outdates(view->snd, view->segment->options->ts_val,
                                    view->segment->time);
}

/*
 * RFC 7323 section 5.3.  A pure ACK that others have overtaken has an older
 * timestamp, too, and is harmless: hosts that drop it do not miss it, and
 * others take it.
 */
static bool is_from_the_past(const tcpflow__view *view) {
  const bool overtaken =
    view->segment->seq == view->end &&
    !tcpflow_seq_lt(view->rcv->snd_una, view->segment->ack) &&
    tcpflow__since(view->snd->ts_time, view->segment->time) <
      view->context->reorder;

  return !tcpflow_seq_lt(view->segment->seq, view->context->edge) && !overtaken;
}

/*
 * Did the peer never send that TSval?  It is older than the one in its SYN, or
 * so much newer than its latest one that no clock could have got there.
 */
static bool is_invented(const tcpflow__view *view) {
  const tcpflow__endpoint *const rcv = view->rcv;
  const uint32_t echo = view->segment->options->ts_ecr;
  tcpflow_time ticks;

  if (!tcpflow__endpoint_has(rcv, TCPFLOW__END_TS_RECENT)) {
    return false;
  }
  if (tcpflow_seq_leq(echo, rcv->ts_recent)) {
    return tcpflow__endpoint_has(rcv, TCPFLOW__END_SYN) &&
           tcpflow_seq_lt(echo, rcv->ts_first);
  }
  ticks = tcpflow__since(rcv->ts_time, view->segment->time) / FASTEST_TICK;
  return tcpflow_seq_distance(rcv->ts_recent, echo) > LATE_TICKS &&
         tcpflow_seq_distance(rcv->ts_recent, echo) - LATE_TICKS > ticks;
}

static void judge_present(tcpflow__judgment *out, const tcpflow__view *view) {
  if (tcpflow__view_is_stale(view) && is_from_the_past(view)) {
    out->verdict |= TCPFLOW_VERDICT_PAWS;
  }
  if (has_refused(view->snd, TCPFLOW__END_TS) ||
      has_refused(view->rcv, TCPFLOW__END_TS)) {
    out->odd |= TCPFLOW__ODD_UNNEGOTIATED;
    return;
  }
  if (view->segment->options->ts_ecr != view->rcv->ts_recent &&
      is_invented(view)) {
    out->odd |= TCPFLOW__ODD_ECHO;
  }
}

/* Both have agreed on them, and neither goes back. */
static bool is_plain(const tcpflow__view *view) {
  const tcpflow_options *const options = view->segment->options;
  const unsigned both = TCPFLOW__END_TS | TCPFLOW__END_TS_RECENT;

  return options != NULL && (options->present & TCPFLOW_HAS_TIMESTAMPS) != 0 &&
         (view->snd->bits & view->rcv->bits & both) == both &&
         !tcpflow_seq_lt(options->ts_val, view->snd->ts_recent) &&
         tcpflow_seq_leq(view->rcv->ts_first, options->ts_ecr) &&
         tcpflow_seq_leq(options->ts_ecr, view->rcv->ts_recent);
}

/* Where a SYN was not captured, nobody knows whether they were agreed upon. */
bool tcpflow__stamps_are_fit(const tcpflow__endpoint *snd,
                             const tcpflow__endpoint *rcv,
                             const tcpflow_options *options) {
  return (snd->bits & rcv->bits & TCPFLOW__END_TS_RECENT) != 0 &&
         !has_refused(snd, TCPFLOW__END_TS) &&
         !has_refused(rcv, TCPFLOW__END_TS) &&
         !tcpflow_seq_lt(options->ts_val, snd->ts_recent) &&
         tcpflow_seq_leq(options->ts_ecr, rcv->ts_recent) &&
         !(tcpflow__endpoint_has(rcv, TCPFLOW__END_SYN) &&
           tcpflow_seq_lt(options->ts_ecr, rcv->ts_first));
}

void tcpflow__judge_timestamp(tcpflow__judgment *out,
                              const tcpflow__view *view) {
  if (is_plain(view)) {
    return;
  }
  if (has_timestamps(view->segment)) {
    judge_present(out, view);
    return;
  }
  if (tcpflow__endpoint_has(view->snd, TCPFLOW__END_TS) &&
      tcpflow__endpoint_has(view->rcv, TCPFLOW__END_TS)) {
    out->verdict |= TCPFLOW_VERDICT_TIMESTAMP_MISSING;
  }
}

/* RFC 2883 section 4: the first block is below the ACK, or within the
   second. */
static bool has_dsack(const tcpflow_segment *segment) {
  const tcpflow_options *const options = segment->options;
  const tcpflow_sack_block *const block = options->sack;

  return tcpflow_seq_leq(block[0].right, segment->ack) ||
         (options->sack_count > 1 &&
          tcpflow_seq_leq(block[1].left, block[0].left) &&
          tcpflow_seq_leq(block[0].right, block[1].right));
}

/* Does a block lie beyond every window that its sender has offered, and beyond
   what its peer has sent?  Between the two it may be what the capture
   missed. */
static bool is_beyond(const tcpflow__view *view,
                      const tcpflow_sack_block *block) {
  return view->scaling >= 0 && !view->context->shared_window &&
         tcpflow__endpoint_has(view->snd, TCPFLOW__END_WINDOW) &&
         tcpflow__endpoint_has(view->rcv, TCPFLOW__END_BASE) &&
         tcpflow_seq_lt(view->snd->rcv_edge, block->right) &&
         tcpflow_seq_lt(view->rcv->snd_nxt, block->right);
}

/* RFC 2018 section 3: data that was received.  A SYN that came twice is
   reported, too, but nothing before it; and only the first block may lie below
   the ACK, to report a duplicate. */
static bool is_impossible(const tcpflow__view *view, unsigned i) {
  const tcpflow_sack_block *const block = &view->segment->options->sack[i];
  const tcpflow__endpoint *const rcv = view->rcv;

  if (!tcpflow_seq_lt(block->left, block->right) ||
      (i > 0 && tcpflow_seq_leq(block->right, view->segment->ack))) {
    return true;
  }
  return tcpflow__endpoint_follows(rcv, block->left) || is_beyond(view, block);
}

void tcpflow__judge_sack(tcpflow__judgment *out, const tcpflow__view *view) {
  const tcpflow_options *const options = view->segment->options;

  if (has_dsack(view->segment)) {
    out->verdict |= TCPFLOW_VERDICT_DSACK;
  }
  for (unsigned i = 0; i < options->sack_count; i++) {
    if (is_impossible(view, i)) {
      out->verdict |= TCPFLOW_VERDICT_SACK_INVALID;
    }
  }
  /* RFC 2018 section 2: who permits it is sent it. */
  if (has_refused(view->rcv, TCPFLOW__END_SACK)) {
    out->odd |= TCPFLOW__ODD_UNNEGOTIATED;
  }
}
