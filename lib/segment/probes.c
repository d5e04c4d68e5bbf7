/*
 * lib/segment/probes.c - segments that carry nothing new but their header:
 * keep-alives, probes of a closed window, their answers, duplicate ACKs.
 *
 * Room: segment.  Includes: base, wire.  A keep-alive and a probe may look the
 * same; what tells them apart is the receiver's window.  An octet that probes
 * is data, but is not counted as sent before it is acknowledged: most receivers
 * drop it, and then it comes again as the first one of a whole segment, which
 * is no retransmission.
 */
#include "segment/segment.h"

enum {
  SFR = TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_FIN | TCPFLOW_FLAG_RST
};

/* A keep-alive comes when nothing has come for longer than that: the least
   timeout of retransmissions that hosts have. */
static const tcpflow_time IDLE = 200 * TCPFLOW_MILLISECOND;

/* With an octet it could be a retransmission of that one: the least timeout of
   RFC 6298 section 2.4, less what clocks differ. */
static const tcpflow_time IDLE_OCTET = 900 * TCPFLOW_MILLISECOND;

static bool window_is_closed(const tcpflow__endpoint *end) {
  return tcpflow__endpoint_has(end, TCPFLOW__END_WINDOW) &&
         end->window_raw == 0;
}

/* Nothing but an ACK, and it repeats what the sender's last one said. */
static bool says_nothing(const tcpflow__view *view) {
  return view->segment->ack == view->rcv->snd_una &&
         view->segment->window == view->snd->window_raw &&
         !tcpflow__endpoint_has(view->rcv, TCPFLOW__END_LAST_PROBE) &&
         view->rcv->snd_una == view->rcv->snd_nxt;
}

/*
 * RFC 9293 section 3.8.6.1, in the three shapes that stacks give it: one new
 * octet; the number before SND.UNA (Linux), where a keep-alive is, too; nothing
 * at all at SND.NXT.
 */
static bool is_window_probe(const tcpflow__view *view) {
  const uint32_t length = view->segment->payload_length;
  const tcpflow_seq seq = view->segment->seq;

  if (!window_is_closed(view->rcv) ||
      (view->segment->flags & (unsigned)SFR) != 0) {
    return false;
  }
  if (seq == view->snd->snd_nxt) {
    return length == 1 || says_nothing(view);
  }
  return seq == tcpflow_seq_add(view->snd->snd_una, UINT32_MAX);
}

/* For how long has nothing come that would begin the wait anew? */
static tcpflow_time idle_for(const tcpflow__view *view) {
  const tcpflow_time sent = view->snd->nxt_time;
  const tcpflow_time acked = view->rcv->ack_time;

  return tcpflow__since(sent > acked ? sent : acked, view->segment->time);
}

/* Long enough that it is neither overtaken nor sent again? */
static bool is_idle(const tcpflow__view *view) {
  const bool octet = view->segment->payload_length != 0;
  const tcpflow_time least = octet ? IDLE_OCTET : IDLE;
  const tcpflow_time idle = idle_for(view);

  return tcpflow__endpoint_has(view->snd, TCPFLOW__END_LAST_KEEP_ALIVE) ||
         (idle >= least && idle >= view->context->reorder);
}

/* RFC 9293 section 3.8.4: SEG.SEQ = SND.NXT - 1, and nothing in flight. */
static bool is_keep_alive(const tcpflow__view *view) {
  return (view->segment->flags & (unsigned)SFR) == 0 &&
         view->segment->seq ==
           tcpflow_seq_add(view->snd->snd_nxt, UINT32_MAX) &&
         view->snd->snd_una == view->snd->snd_nxt && is_idle(view);
}

tcpflow_verdict tcpflow__judge_probe(const tcpflow__view *view) {
  if (is_window_probe(view)) {
    return TCPFLOW_VERDICT_ZERO_WINDOW_PROBE;
  }
  return is_keep_alive(view) ? TCPFLOW_VERDICT_KEEP_ALIVE : 0;
}

bool tcpflow__acks_probe(const tcpflow__view *view) {
  return tcpflow__endpoint_has(view->rcv, TCPFLOW__END_LAST_PROBE) &&
         view->segment->ack == tcpflow_seq_add(view->rcv->snd_nxt, 1);
}

/* It answers a probe of the window, which stays closed. */
static bool answers_probe(const tcpflow__view *view) {
  return tcpflow__endpoint_has(view->rcv, TCPFLOW__END_LAST_PROBE) &&
         window_is_closed(view->snd) && view->segment->window == 0 &&
         (view->segment->ack == view->rcv->snd_una ||
          tcpflow__acks_probe(view));
}

/* Does it acknowledge nothing new, but perhaps a probe's octet? */
static bool repeats_ack(const tcpflow__view *view) {
  return view->segment->ack == view->rcv->snd_una || tcpflow__acks_probe(view);
}

/* RFC 5961 section 3.2: <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>, in answer to what
   was not acceptable.  SEG.SEQ is SND.NXT. */
static bool is_challenge(const tcpflow__view *view) {
  return tcpflow__endpoint_has(view->rcv, TCPFLOW__END_CHALLENGED) &&
         view->segment->ack == view->rcv->snd_una;
}

/* A window that is open, told apart by what it was before. */
static tcpflow_verdict judge_open_window(const tcpflow__view *view) {
  const tcpflow__endpoint *const rcv = view->rcv;

  if (view->segment->window != view->snd->window_raw) {
    return TCPFLOW_VERDICT_WINDOW_UPDATE;
  }
  if (tcpflow__endpoint_has(rcv, TCPFLOW__END_LAST_KEEP_ALIVE)) {
    return TCPFLOW_VERDICT_KEEP_ALIVE_ACK;
  }
  /* RFC 5681 section 2 asks for outstanding data, too. */
  return view->segment->ack == rcv->snd_una && rcv->snd_una != rcv->snd_nxt
           ? TCPFLOW_VERDICT_DUPLICATE_ACK
           : 0;
}

tcpflow_verdict tcpflow__judge_bare(const tcpflow__view *view) {
  if (view->segment->seq != view->snd->snd_nxt) {
    return 0;
  }
  if (answers_probe(view)) {
    return TCPFLOW_VERDICT_ZERO_WINDOW_PROBE_ACK;
  }
  if (is_challenge(view)) {
    return TCPFLOW_VERDICT_CHALLENGE_ACK;
  }
  return repeats_ack(view) && view->segment->window != 0 &&
             tcpflow__endpoint_has(view->snd, TCPFLOW__END_WINDOW)
           ? judge_open_window(view)
           : 0;
}
