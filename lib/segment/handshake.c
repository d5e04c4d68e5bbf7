/*
 * lib/segment/handshake.c - SYN, SYN and ACK, and handshakes that were not
 * captured.
 *
 * Room: segment.  Includes: base, wire.  RFC 9293 sections 3.5 and 3.10.7.2 to
 * 3.10.7.4.
 */
#include "segment/segment.h"

/* Has the endpoint left the handshake behind? */
static bool is_open(const tcpflow__endpoint *end) {
  return end->state >= TCPFLOW_STATE_ESTABLISHED;
}

/*
 * Does a stream begin at START, though it was picked up a little behind that?
 * What was captured first was not sent first.  Only while nothing of it was
 * told: offsets do not change.
 */
static bool begins_earlier(const tcpflow__view *view, tcpflow_side side,
                           tcpflow_seq start) {
  const tcpflow__endpoint *const end =
    side == view->sender ? view->snd : view->rcv;

  return view->context->untold[side] && is_open(end) &&
         tcpflow__endpoint_may_begin(end, start);
}

/* Is it the SYN with which its sender's stream began? */
static bool is_beginning(const tcpflow__view *view) {
  return tcpflow__endpoint_began_with(view->snd, view->segment->seq) ||
         (view->segment->payload_length == 0 &&
          begins_earlier(view, view->sender,
                         tcpflow_seq_add(view->segment->seq, 1)));
}

/* That SYN again; or, if it was not captured before, late. */
static void judge_same_syn(tcpflow__judgment *out, const tcpflow__view *view) {
  if (tcpflow__endpoint_has(view->snd, TCPFLOW__END_SYN)) {
    out->verdict |=
      TCPFLOW_VERDICT_SYN_RETRANSMISSION | TCPFLOW_VERDICT_RETRANSMISSION;
    return;
  }
  out->numbers = true;
  out->syn_late = true;
  out->begins_before =
    !tcpflow__endpoint_began_with(view->snd, view->segment->seq);
  out->verdict |= TCPFLOW_VERDICT_OUT_OF_ORDER;
}

/* Both have left the handshake behind: what comes is about another
   connection. */
static bool is_connection(const tcpflow__view *view) {
  return is_open(view->snd) && is_open(view->rcv);
}

/* A SYN of another number that cannot be followed as yet: it waits for what the
   peer says of it. */
static void judge_candidate(tcpflow__judgment *out, const tcpflow__view *view) {
  out->verdict |=
    is_connection(view) || !tcpflow__endpoint_has(view->snd, TCPFLOW__END_SYN)
      ? TCPFLOW_VERDICT_SYN_IN_CONNECTION
      : TCPFLOW_VERDICT_SYN_OTHER_ISN;
}

/* A SYN from an endpoint that had sent one, or that is open.  False: it is to
   be taken. */
static bool judge_repeated(tcpflow__judgment *out, const tcpflow__view *view) {
  const tcpflow__endpoint *const snd = view->snd;

  if (is_beginning(view)) {
    judge_same_syn(out, view);
    return true;
  }
  if (is_open(snd) || snd->state == TCPFLOW_STATE_SYN_RECEIVED) {
    judge_candidate(out, view);
    return true;
  }
  if (tcpflow__endpoint_has(snd, TCPFLOW__END_SYN)) {
    out->verdict |= TCPFLOW_VERDICT_SYN_OTHER_ISN;
  }
  return false;
}

/* The sender's SYN counts: its numbers are the sender's from now on. */
static void take_syn(tcpflow__judgment *out, const tcpflow__view *view) {
  out->numbers = true;
  out->syn_first = true;
  out->verdict |= TCPFLOW_VERDICT_NEW_DATA;
  if (view->segment->payload_length != 0) {
    out->verdict |= TCPFLOW_VERDICT_SYN_DATA;
    out->data = true;
  }
}

void tcpflow__judge_syn(tcpflow__judgment *out, const tcpflow__view *view) {
  const tcpflow_side sender = view->sender;
  const tcpflow_side receiver = tcpflow_side_other(sender);

  if (judge_repeated(out, view)) {
    return;
  }
  take_syn(out, view);
  tcpflow__judgment_add(out, sender, TCPFLOW_STIMULUS_SND_SYN, false);
  /* If the receiver's own SYN is on its way, who has received which SYN shows
     in what they send next (RFC 9293 Figure 7). */
  if (!tcpflow__endpoint_has(view->rcv, TCPFLOW__END_SYN)) {
    tcpflow__judgment_add(out, receiver, TCPFLOW_STIMULUS_RCV_SYN, false);
  }
}

/* Does SEG.ACK acknowledge the receiver's SYN, and nothing it did not send? */
static bool acks_syn(const tcpflow__view *view) {
  const tcpflow__endpoint *const rcv = view->rcv;

  return tcpflow_seq_lt(rcv->iss, view->segment->ack) &&
         tcpflow_seq_leq(view->segment->ack, rcv->snd_nxt);
}

/* RFC 7413 section 3: was the data in the receiver's SYN taken? */
static void judge_fast_open(tcpflow__judgment *out, const tcpflow__view *view) {
  if (!tcpflow__endpoint_has(view->rcv, TCPFLOW__END_SYN_DATA) ||
      tcpflow__endpoint_has(view->rcv, TCPFLOW__END_SYN_ACKED)) {
    return;
  }
  out->verdict |= view->segment->ack == tcpflow_seq_add(view->rcv->iss, 1)
                    ? TCPFLOW_VERDICT_FAST_OPEN_IGNORED
                    : TCPFLOW_VERDICT_FAST_OPEN_ACCEPTED;
}

/* The SYN that it answers was not captured. */
static void infer_syn(tcpflow__judgment *out, const tcpflow__view *view) {
  const tcpflow_side receiver = tcpflow_side_other(view->sender);

  out->peer_syn = true;
  out->peer_before = begins_earlier(view, receiver, view->segment->ack);
  tcpflow__judgment_add(out, receiver, TCPFLOW_STIMULUS_SND_SYN, true);
  tcpflow__judgment_add(out, view->sender, TCPFLOW_STIMULUS_RCV_SYN, true);
}

/*
 * Its SYN again, with an ACK: after a loss; or as the answer to the peer's SYN
 * that has crossed it (RFC 9293 Figure 7), captured or not.
 */
static void judge_same_syn_ack(tcpflow__judgment *out,
                               const tcpflow__view *view) {
  judge_same_syn(out, view);
  if (!tcpflow__endpoint_has(view->rcv, TCPFLOW__END_ISS)) {
    infer_syn(out, view);
  }
  if (view->snd->state == TCPFLOW_STATE_SYN_SENT) {
    tcpflow__judgment_add(out, view->sender, TCPFLOW_STIMULUS_SND_SYN_ACK,
                          false);
    /* The answer to it had been captured before. */
    if (tcpflow__endpoint_has(view->snd, TCPFLOW__END_SYN_ACKED)) {
      tcpflow__judgment_add(out, view->sender, TCPFLOW_STIMULUS_RCV_ACK_OF_SYN,
                            false);
    }
  }
}

static void judge_new_syn_ack(tcpflow__judgment *out,
                              const tcpflow__view *view) {
  if (!tcpflow__endpoint_has(view->rcv, TCPFLOW__END_ISS)) {
    infer_syn(out, view);
  }
  judge_fast_open(out, view);
  take_syn(out, view);
  out->verdict |= TCPFLOW_VERDICT_NEW_ACK;
  tcpflow__judgment_add(out, view->sender, TCPFLOW_STIMULUS_SND_SYN_ACK, false);
  tcpflow__judgment_add(out, tcpflow_side_other(view->sender),
                        TCPFLOW_STIMULUS_RCV_SYN_ACK, false);
}

/* RFC 9293 section 3.10.7.3: the peer answers such a one with a RST. */
static bool is_bad_answer(const tcpflow__view *view, bool same) {
  return tcpflow__endpoint_has(view->rcv, TCPFLOW__END_ISS) &&
         (same || !is_connection(view)) && !acks_syn(view);
}

/* Its sender has sent a SYN of another number, and the receiver none: as an
   answer it would repeat its own SYN (RFC 9293 Figure 7). */
static bool is_unasked(const tcpflow__view *view) {
  return view->snd->state == TCPFLOW_STATE_SYN_SENT &&
         view->rcv->state == TCPFLOW_STATE_LISTEN;
}

void tcpflow__judge_syn_ack(tcpflow__judgment *out, const tcpflow__view *view) {
  const tcpflow__endpoint *const snd = view->snd;
  const tcpflow__endpoint *const rcv = view->rcv;
  const bool same = is_beginning(view);

  if (is_bad_answer(view, same)) {
    out->verdict |= TCPFLOW_VERDICT_SYN_ACK_BAD_ACK;
    return;
  }
  if (same) {
    judge_same_syn_ack(out, view);
  } else if (is_open(snd) || is_open(rcv) || is_unasked(view)) {
    judge_candidate(out, view);
    return;
  } else {
    if (tcpflow__endpoint_has(snd, TCPFLOW__END_SYN)) {
      out->verdict |= TCPFLOW_VERDICT_SYN_OTHER_ISN;
    }
    judge_new_syn_ack(out, view);
  }

  out->numbers = true;
  out->ack = true;
  if (!tcpflow__endpoint_has(rcv, TCPFLOW__END_SYN_ACKED)) {
    tcpflow__judgment_add(out, tcpflow_side_other(view->sender),
                          TCPFLOW_STIMULUS_RCV_ACK_OF_SYN, false);
  }
}

/* Nothing at all was captured of the handshake. */
static void pick_up(tcpflow__judgment *out, const tcpflow__view *view) {
  out->verdict |= TCPFLOW_VERDICT_MID_STREAM;
  tcpflow__judgment_add(out, view->sender, TCPFLOW_STIMULUS_PICK_UP, true);
  tcpflow__judgment_add(out, tcpflow_side_other(view->sender),
                        TCPFLOW_STIMULUS_PICK_UP, true);
}

/*
 * A SYN of one side was captured; the SYN and ACK of the other was not, or does
 * not belong to the SYN that was.  accepted: who sent the SYN and ACK.
 */
static void answer_syn(tcpflow__judgment *out, tcpflow_side accepted,
                       bool inferred) {
  tcpflow__judgment_add(out, accepted, TCPFLOW_STIMULUS_SND_SYN_ACK, inferred);
  tcpflow__judgment_add(out, tcpflow_side_other(accepted),
                        TCPFLOW_STIMULUS_RCV_SYN_ACK, inferred);
}

/* It acknowledges the SYN, and nothing that came behind it. */
static bool acks_syn_alone(const tcpflow__view *view) {
  return view->segment->ack == tcpflow_seq_add(view->rcv->iss, 1);
}

/* A bare ACK of the SYN and of nothing else. */
static bool is_bare_answer(const tcpflow__view *view) {
  return view->segment->payload_length == 0 &&
         (view->segment->flags & TCPFLOW_FLAG_FIN) == 0 && acks_syn_alone(view);
}

/*
 * Who is in LISTEN was sent a SYN and has not answered, so the peer is in
 * SYN-SENT, here and below.  Its sender still has that connection, and the peer
 * will reset it; or it acknowledges the SYN without one of its own, and the
 * peer drops it, section 3.10.7.3, fifth step.  Where its SYN and ACK was not
 * captured, the peer has answered that before there is data.
 */
static bool is_dropped(tcpflow__judgment *out, const tcpflow__view *view) {
  const bool alone = acks_syn_alone(view);

  if (alone && view->segment->payload_length != 0) {
    out->odd |= TCPFLOW__ODD_EARLY;
  }
  return alone || !tcpflow_seq_lt(view->rcv->iss, view->segment->ack);
}

bool tcpflow__judge_is_older(tcpflow__judgment *out,
                             const tcpflow__view *view) {
  if (view->snd->state == TCPFLOW_STATE_LISTEN) {
    return is_dropped(out, view);
  }
  /* It was sent before the SYN, and overtaken. */
  return view->rcv->state == TCPFLOW_STATE_LISTEN &&
         !tcpflow_seq_lt(view->snd->iss, view->segment->seq);
}

/* Both have sent a SYN.  Who is still in SYN-SENT and does not answer with a
   SYN and ACK has received one. */
static void judge_crossed(tcpflow__judgment *out, const tcpflow__view *view) {
  const tcpflow_side sender = view->sender;

  if (view->rcv->state != TCPFLOW_STATE_SYN_SENT) {
    tcpflow__judgment_add(out, sender, TCPFLOW_STIMULUS_RCV_SYN_ACK, false);
  } else if (is_bare_answer(view)) {
    /* It has received the SYN, and answers without one. */
    tcpflow__judgment_add(out, sender, TCPFLOW_STIMULUS_RCV_SYN, false);
  } else {
    answer_syn(out, tcpflow_side_other(sender), true);
  }
}

/* A SYN of the receiver was captured, and no SYN and ACK from the sender, who
   talks on as if that, and the answer, had been seen. */
static void judge_unanswered(tcpflow__judgment *out,
                             const tcpflow__view *view) {
  answer_syn(out, view->sender, true);
  if (tcpflow_seq_leq(view->segment->ack, view->rcv->snd_nxt)) {
    judge_fast_open(out, view);
  }
  /* With the SYN's data, it may talk on before the answer (RFC 7413). */
  if ((out->verdict & TCPFLOW_VERDICT_FAST_OPEN_ACCEPTED) == 0) {
    tcpflow__judgment_add(out, view->sender, TCPFLOW_STIMULUS_RCV_ACK_OF_SYN,
                          true);
  }
}

/* It acknowledges a SYN and ACK that was not captured, or not believed. */
static void judge_answered(tcpflow__judgment *out, const tcpflow__view *view) {
  const tcpflow_side receiver = tcpflow_side_other(view->sender);
  const bool seen = tcpflow__endpoint_has(view->rcv, TCPFLOW__END_SYN);

  out->peer_syn = !seen;
  answer_syn(out, receiver, !seen);
  tcpflow__judgment_add(out, receiver, TCPFLOW_STIMULUS_RCV_ACK_OF_SYN, false);
}

/* It acknowledges what came with or after the third segment of the
   handshake. */
static void judge_third(tcpflow__judgment *out, const tcpflow__view *view) {
  if (view->rcv->state == TCPFLOW_STATE_SYN_SENT) {
    tcpflow__judgment_add(out, tcpflow_side_other(view->sender),
                          TCPFLOW_STIMULUS_RCV_SYN_ACK, true);
  }
  tcpflow__judgment_add(out, view->sender, TCPFLOW_STIMULUS_RCV_ACK_OF_SYN,
                        true);
}

void tcpflow__judge_hidden(tcpflow__judgment *out, const tcpflow__view *view) {
  const tcpflow_state state = (tcpflow_state)view->snd->state;

  if (state == TCPFLOW_STATE_UNKNOWN) {
    pick_up(out, view);
  } else if (state == TCPFLOW_STATE_LISTEN) {
    judge_unanswered(out, view);
  } else if (view->rcv->state == TCPFLOW_STATE_LISTEN) {
    judge_answered(out, view);
  } else if (state == TCPFLOW_STATE_SYN_SENT) {
    judge_crossed(out, view);
  } else if (state == TCPFLOW_STATE_SYN_RECEIVED &&
             tcpflow_seq_lt(view->rcv->snd_nxt, view->segment->ack)) {
    judge_third(out, view);
  }
}
