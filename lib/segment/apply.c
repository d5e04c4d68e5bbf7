/*
 * lib/segment/apply.c - the numbers of both endpoints after a segment.
 *
 * Room: segment.  Includes: base, wire, options.  Nothing here judges: which
 * numbers count was decided in judge.c, by the numbers before.
 */
#include "segment/segment.h"

static void saturate(uint8_t *count) {
  if (*count < UINT8_MAX) {
    (*count)++;
  }
}

/* A SYN tells what its sender can do.  RFC 7323 section 2.3: a shift above 14
   is taken as 14, also where the options are not of our parsing. */
static void take_offers(tcpflow__endpoint *snd,
                        const tcpflow_segment *segment) {
  const tcpflow_options *const options = segment->options;

  tcpflow__endpoint_set(snd, TCPFLOW__END_ISS | TCPFLOW__END_SYN);
  if (options == NULL) {
    return;
  }
  snd->mss = options->mss;
  if ((options->present & TCPFLOW_HAS_WSCALE) != 0) {
    snd->wscale = options->wscale < TCPFLOW_WSCALE_MAX ? options->wscale
                                                       : TCPFLOW_WSCALE_MAX;
    tcpflow__endpoint_set(snd, TCPFLOW__END_WSCALE);
  }
  if ((options->present & TCPFLOW_HAS_SACK_PERMITTED) != 0) {
    tcpflow__endpoint_set(snd, TCPFLOW__END_SACK);
  }
  if ((options->present & TCPFLOW_HAS_TIMESTAMPS) != 0) {
    tcpflow__endpoint_set(snd, TCPFLOW__END_TS);
    snd->ts_first = options->ts_val;
  }
}

/* A SYN begins anew, whatever its sender had begun before. */
static void take_syn(tcpflow__endpoint *snd, const tcpflow_segment *segment) {
  const unsigned former = TCPFLOW__END_WSCALE | TCPFLOW__END_SACK |
                          TCPFLOW__END_TS | TCPFLOW__END_SYN_DATA |
                          TCPFLOW__END_TS_RECENT | TCPFLOW__END_WINDOW;

  tcpflow__endpoint_unset(snd, former);
  snd->iss = segment->seq;
  snd->base = tcpflow_seq_add(segment->seq, 1);
  snd->snd_una = segment->seq;
  snd->snd_nxt = snd->base;
  snd->nxt_start = snd->base;
  snd->unseen = 0;
  snd->window_max = 0;
  snd->mss = 0;
  snd->wscale = 0;
  tcpflow__endpoint_set(snd, TCPFLOW__END_BASE);
  if (segment->payload_length != 0) {
    tcpflow__endpoint_set(snd, TCPFLOW__END_SYN_DATA);
  }
  take_offers(snd, segment);
}

/*
 * A SYN that comes behind what proved it: only its offers are news, and where
 * the stream begins, if that is earlier than it was picked up.  If they make
 * the windows scaled, the ones that came before were not understood.
 */
static void take_late_syn(tcpflow__endpoint end[2], tcpflow_side sender,
                          const tcpflow_segment *segment) {
  end[sender].iss = segment->seq;
  take_offers(&end[sender], segment);
  if (tcpflow__endpoints_scaling(&end[0], &end[1]) == 1) {
    tcpflow__endpoint_unset(&end[0], TCPFLOW__END_WINDOW);
    tcpflow__endpoint_unset(&end[1], TCPFLOW__END_WINDOW);
  }
}

/* A stream begins earlier than it was picked up; what was acknowledged of that,
   the next ACK tells. */
static void take_earlier_base(tcpflow__endpoint *end, tcpflow_seq base) {
  end->base = base;
  end->snd_una = base;
}

/* A segment without SYN from an endpoint that was never seen: its stream
   begins here. */
static void take_base(tcpflow__endpoint *snd, tcpflow_seq seq) {
  if (tcpflow__endpoint_has(snd, TCPFLOW__END_BASE)) {
    return;
  }
  snd->base = seq;
  snd->snd_una = seq;
  snd->snd_nxt = seq;
  snd->nxt_start = seq;
  tcpflow__endpoint_set(snd, TCPFLOW__END_BASE);
}

static void take_end(tcpflow__endpoint *snd, tcpflow_seq start, tcpflow_seq end,
                     tcpflow_time now) {
  if (!tcpflow_seq_lt(snd->snd_nxt, end)) {
    return;
  }
  snd->nxt_start = start;
  snd->unseen = 0;
  snd->snd_nxt = end;
  snd->nxt_time = now;
  /* Nobody has more in flight than the largest window: where the capture shows
     one direction only, it was acknowledged. */
  if (tcpflow_seq_distance(snd->snd_una, end) > TCPFLOW__WINDOW_MAX) {
    snd->snd_una = tcpflow_seq_distance(TCPFLOW__WINDOW_MAX, end);
  }
}

void tcpflow__note_flight(const tcpflow__endpoint *snd, tcpflow__endpoint *rcv,
                          tcpflow_seq end) {
  const uint32_t flight = tcpflow_seq_distance(snd->snd_una, end);

  if (!tcpflow__endpoint_has(rcv, TCPFLOW__END_WINDOW) ||
      rcv->window_raw == 0 || !tcpflow_seq_lt(snd->snd_una, end)) {
    return;
  }
  while (rcv->wscale_least < TCPFLOW_WSCALE_MAX &&
         (uint32_t)rcv->window_raw << rcv->wscale_least < flight) {
    rcv->wscale_least = (rcv->wscale_least + 1U) & 15U;
  }
}

static void note_largest(tcpflow__endpoint *snd, uint16_t window) {
  if (snd->window_max <= window) {
    snd->window_max = (uint16_t)(window + (window == 0 ? 1 : 0));
  }
}

/*
 * The window goes with the ACK: RFC 9293 section 3.8.6.  Without an ACK it has
 * a size, but no place.  A SYN's is never scaled (RFC 7323 section 2.2), and
 * when the SYN comes again it says nothing of the window by then.
 */
static void take_window(tcpflow__endpoint *snd, const tcpflow_segment *segment,
                        int scaling) {
  const bool syn = (segment->flags & TCPFLOW_FLAG_SYN) != 0;
  const bool scaled = !syn && scaling == 1;
  const bool placed = tcpflow__endpoint_has(snd, TCPFLOW__END_WINDOW);
  tcpflow_seq edge;

  if (syn && placed) {
    return;
  }
  if (!syn) {
    note_largest(snd, segment->window);
  }
  snd->window_raw = segment->window;
  snd->window_shift = scaled ? snd->wscale : 0;
  if ((segment->flags & TCPFLOW_FLAG_ACK) == 0) {
    return;
  }

  edge = tcpflow_seq_add(segment->ack, tcpflow__endpoint_window(snd));
  if (!placed || tcpflow_seq_lt(snd->rcv_edge, edge)) {
    snd->rcv_edge = edge;
  }
  tcpflow__endpoint_set(snd, TCPFLOW__END_WINDOW);
}

static void take_ack(tcpflow__endpoint end[2], tcpflow_side sender,
                     const tcpflow_segment *segment, tcpflow_verdict verdict,
                     tcpflow_time now) {
  tcpflow__endpoint *const snd = &end[sender];
  tcpflow__endpoint *const rcv = &end[tcpflow_side_other(sender)];

  if ((verdict & TCPFLOW_VERDICT_DUPLICATE_ACK) != 0) {
    saturate(&snd->dup_acks);
    snd->ack_time = now;
  }
  if (!tcpflow__endpoint_has(rcv, TCPFLOW__END_BASE)) {
    take_base(rcv, segment->ack);
    return;
  }
  if (!tcpflow_seq_lt(rcv->snd_una, segment->ack)) {
    if (rcv->snd_una == segment->ack) {
      rcv->unseen = 0;
    }
    return;
  }
  rcv->snd_una = segment->ack;
  snd->dup_acks = 0;
  snd->ack_time = now;
  if (tcpflow_seq_lt(rcv->snd_nxt, segment->ack)) {
    rcv->nxt_start = rcv->snd_nxt;
    rcv->snd_nxt = segment->ack;
    rcv->unseen = (verdict & TCPFLOW_VERDICT_ACK_UNSEEN) != 0;
  }
}

/* RFC 7323 section 4.3: only from a segment with no hole before it. */
static void take_timestamp(tcpflow__endpoint *snd,
                           const tcpflow_segment *segment, tcpflow_time now) {
  const tcpflow_options *const options = segment->options;

  if (options == NULL || (options->present & TCPFLOW_HAS_TIMESTAMPS) == 0 ||
      tcpflow__endpoint_outdates(snd, options->ts_val, now)) {
    return;
  }
  /* Some send no time in a SYN, and their clock's in what follows. */
  if (options->ts_val == 0 && (segment->flags & TCPFLOW_FLAG_SYN) != 0) {
    return;
  }
  tcpflow__endpoint_stamp(snd, options->ts_val, now);
  tcpflow__endpoint_set(snd, TCPFLOW__END_TS_RECENT);
}

static void take_fin(tcpflow__endpoint *snd, const tcpflow_segment *segment) {
  snd->fin = tcpflow_seq_add(segment->seq, segment->payload_length);
  snd->fin_moved = 0;
  tcpflow__endpoint_set(snd, TCPFLOW__END_FIN);
}

/* The FIN that was believed in was none. */
static void refute_fin(tcpflow__endpoint *rcv, tcpflow_seq other,
                       tcpflow_seq ack) {
  if (tcpflow__endpoint_fin_moves(rcv, other, ack)) {
    rcv->fin = other;
    rcv->fin_moved = 0;
  } else {
    tcpflow__endpoint_unset(rcv, TCPFLOW__END_FIN | TCPFLOW__END_FIN_RCVD);
  }
}

/* The sender's, and the receiver's. */
static void take_fins(tcpflow__endpoint end[2], tcpflow__beside beside[2],
                      tcpflow_side sender, const tcpflow_segment *segment,
                      const tcpflow__judgment *judgment) {
  const tcpflow_side receiver = tcpflow_side_other(sender);
  tcpflow__endpoint *const snd = &end[sender];

  if (judgment->fin_first) {
    take_fin(snd, segment);
  } else if ((judgment->verdict & TCPFLOW_VERDICT_FIN_MOVED) != 0) {
    snd->fin_moved = 1;
    beside[sender].fin = tcpflow_seq_add(segment->seq, segment->payload_length);
  }
  if (judgment->fin_refuted) {
    refute_fin(&end[receiver],
               tcpflow__endpoint_other_fin(&end[receiver], beside, receiver),
               segment->ack);
  }
}

/* What the sender's last segment was, for the answer to it. */
static void note_probe(tcpflow__endpoint *snd, tcpflow_verdict verdict) {
  const unsigned before =
    TCPFLOW__END_LAST_KEEP_ALIVE | TCPFLOW__END_LAST_PROBE;
  const tcpflow_verdict probes =
    TCPFLOW_VERDICT_KEEP_ALIVE | TCPFLOW_VERDICT_ZERO_WINDOW_PROBE;

  if (((snd->bits & before) | (verdict & probes)) == 0) {
    return;
  }
  tcpflow__endpoint_unset(snd, before);
  if ((verdict & TCPFLOW_VERDICT_KEEP_ALIVE) != 0) {
    tcpflow__endpoint_set(snd, TCPFLOW__END_LAST_KEEP_ALIVE);
  }
  if ((verdict & TCPFLOW_VERDICT_ZERO_WINDOW_PROBE) != 0) {
    tcpflow__endpoint_set(snd, TCPFLOW__END_LAST_PROBE);
  }
}

/* RFC 5961 sections 3.2, 4.2 and 5.2, and RFC 9293 section 3.10.7.4: what is
   answered by an ACK that tells the numbers, and has no other effect. */
static void note_challenge(tcpflow__endpoint end[2], tcpflow_side sender,
                           const tcpflow__judgment *judgment) {
  const tcpflow_verdict asks =
    TCPFLOW_VERDICT_RST_CHALLENGED | TCPFLOW_VERDICT_SYN_IN_CONNECTION;
  const unsigned odd = TCPFLOW__ODD_ACK_TOO_OLD | TCPFLOW__ODD_IMPOSSIBLE;

  if (((judgment->verdict & asks) | (judgment->odd & odd)) != 0) {
    tcpflow__endpoint_set(&end[sender], TCPFLOW__END_CHALLENGED);
  }
  if ((judgment->verdict & TCPFLOW_VERDICT_PURE_ACK) != 0) {
    tcpflow__endpoint_unset(&end[tcpflow_side_other(sender)],
                            TCPFLOW__END_CHALLENGED);
  }
}

/* The SYN that asks for most counts: a host that gets no answer sends it again
   without (RFC 3168 section 6.1.1.1, RFC 9768 section 3.1.4), and the answer
   tells which one arrived. */
static void note_ecn_syn(tcpflow__endpoint *snd, unsigned flags) {
  const unsigned before = snd->ecn >> TCPFLOW__ECN_OF_SYN & TCPFLOW__ECN_FLAGS;

  if ((snd->ecn & TCPFLOW__ECN_HAS_SYN) == 0 || before < flags) {
    snd->ecn = (uint16_t)((snd->ecn & ~(unsigned)TCPFLOW__ECN_FLAGS) | flags |
                          TCPFLOW__ECN_HAS_SYN);
  }
}

/* Likewise a SYN and ACK; but that it is given up may be true. */
static void note_ecn_answer(tcpflow__endpoint *snd, unsigned flags) {
  if ((snd->ecn & TCPFLOW__ECN_HAS_ANSWER) == 0) {
    snd->ecn = (uint16_t)(snd->ecn | flags << TCPFLOW__ECN_OF_ANSWER |
                          TCPFLOW__ECN_HAS_ANSWER);
  } else if (flags == 0) {
    snd->ecn = (uint16_t)(snd->ecn | TCPFLOW__ECN_GAVE_UP);
  }
}

static void note_ecn(tcpflow__endpoint *snd, const tcpflow_segment *segment,
                     const tcpflow__judgment *judgment) {
  if (judgment->syn_first) {
    snd->ecn = 0;
  }
  if ((segment->flags & TCPFLOW_FLAG_ACK) != 0) {
    note_ecn_answer(snd, tcpflow__segment_ecn(segment));
  } else {
    note_ecn_syn(snd, tcpflow__segment_ecn(segment));
  }
}

/* What happened tells more than numbers do. */
static void note_happenings(tcpflow__endpoint end[2],
                            const tcpflow_segment *segment,
                            const tcpflow__judgment *judgment) {
  for (unsigned i = 0; i < judgment->count; i++) {
    const tcpflow__happening *const at = &judgment->happening[i];
    tcpflow__endpoint *const self = &end[at->side];
    tcpflow__endpoint *const peer = &end[!at->side];

    if (at->stimulus == TCPFLOW_STIMULUS_RCV_FIN) {
      tcpflow__endpoint_set(peer, TCPFLOW__END_FIN_RCVD);
    } else if (at->stimulus == TCPFLOW_STIMULUS_RCV_ACK_OF_FIN) {
      tcpflow__endpoint_set(self, TCPFLOW__END_FIN_ACKED);
    } else if (at->stimulus == TCPFLOW_STIMULUS_RCV_ACK_OF_SYN) {
      tcpflow__endpoint_set(self, TCPFLOW__END_SYN_ACKED);
      if (!at->inferred && (segment->flags & TCPFLOW_FLAG_SYN) == 0) {
        tcpflow__note_ecn_ack(peer, segment);
      }
    }
  }
}

/* Octets of data that are next to nothing, where more waits: the segments
   before are not acknowledged yet, so RFC 9293 section 3.7.4 would have them
   joined. */
static void count_small(tcpflow__endpoint *snd,
                        const tcpflow_segment *segment) {
  if (segment->payload_length > TCPFLOW__SMALL) {
    snd->small = 0;
  } else if (segment->payload_length != 0) {
    snd->small =
      snd->snd_una != snd->snd_nxt && snd->small < TCPFLOW__SMALL_MANY
        ? (uint8_t)(snd->small + 1)
        : 0;
  }
}

static void count(tcpflow__endpoint *snd, const tcpflow_segment *segment,
                  const tcpflow__judgment *judgment) {
  snd->segments++;
  snd->payload += segment->payload_length;
  if ((judgment->verdict & TCPFLOW_VERDICT_RETRANSMISSION) != 0) {
    snd->retransmissions++;
  }
  if ((segment->flags & (unsigned)(TCPFLOW_FLAG_FIN | TCPFLOW_FLAG_RST)) == 0) {
    return;
  }
  if ((segment->flags & TCPFLOW_FLAG_FIN) != 0) {
    saturate(&snd->fins);
  }
  if ((segment->flags & TCPFLOW_FLAG_RST) != 0) {
    saturate(&snd->resets);
  }
}

/* Where the streams stand: SYN, and what the SYN of the peer must have been. */
static void take_beginning(tcpflow__endpoint end[2], tcpflow_side sender,
                           const tcpflow_segment *segment,
                           const tcpflow__judgment *judgment) {
  tcpflow__endpoint *const snd = &end[sender];
  tcpflow__endpoint *const rcv = &end[tcpflow_side_other(sender)];

  if (judgment->syn_first) {
    take_syn(snd, segment);
  } else if (judgment->syn_late) {
    take_late_syn(end, sender, segment);
  }
  if (judgment->begins_before) {
    take_earlier_base(snd, tcpflow_seq_add(segment->seq, 1));
  }
  if (judgment->peer_before) {
    take_earlier_base(rcv, segment->ack);
  }
  take_base(snd, segment->seq);
  if (judgment->peer_syn) {
    rcv->iss = tcpflow_seq_add(segment->ack, UINT32_MAX);
    tcpflow__endpoint_set(rcv, TCPFLOW__END_ISS | TCPFLOW__END_SYN_ACKED);
  }
}

/* Everything of a segment whose numbers count. */
static void take_numbers(tcpflow__endpoint end[2], tcpflow_side sender,
                         const tcpflow_segment *segment,
                         const tcpflow__judgment *judgment, tcpflow_time now) {
  tcpflow__endpoint *const snd = &end[sender];
  const tcpflow_verdict verdict = judgment->verdict;
  const tcpflow_seq behind = tcpflow__segment_end(segment);

  take_beginning(end, sender, segment, judgment);
  if ((verdict & TCPFLOW_VERDICT_ZERO_WINDOW_PROBE) == 0) {
    take_end(snd, segment->seq, behind, now);
  }
  if (judgment->scaling < 0 && judgment->in_order) {
    tcpflow__note_flight(snd, &end[tcpflow_side_other(sender)], behind);
  }
  if (judgment->ack) {
    take_ack(end, sender, segment, verdict, now);
  }
  if ((verdict & TCPFLOW_VERDICT_OLD_ACK) == 0 && !judgment->ack_waits) {
    take_window(snd, segment, judgment->scaling);
  }
  if (judgment->in_order || judgment->syn_first) {
    take_timestamp(snd, segment, now);
  }
}

/* Segments in a row whose numbers are impossible, and agree. */
static void note_jump(tcpflow__endpoint end[2], tcpflow__beside beside[2],
                      tcpflow_side sender, const tcpflow__judgment *judgment) {
  tcpflow__endpoint *const snd = &end[sender];

  if (judgment->confirms) {
    end[tcpflow_side_other(sender)].jumps = 0;
  }
  if (judgment->jump) {
    snd->jumps = judgment->jumps & 3U;
    beside[sender].jump = judgment->jump_at;
  } else if (judgment->numbers) {
    snd->jumps = 0;
  }
}

void tcpflow__segment_apply(tcpflow__endpoint end[2], tcpflow__beside beside[2],
                            tcpflow_side sender, const tcpflow_segment *segment,
                            const tcpflow__judgment *judgment,
                            tcpflow_time now) {
  tcpflow__endpoint *const snd = &end[sender];

  if (judgment->duplicate) {
    return;
  }
  count(snd, segment, judgment);
  if ((segment->flags & TCPFLOW_FLAG_SYN) != 0 &&
      (judgment->numbers ||
       (judgment->verdict & TCPFLOW_VERDICT_SYN_RETRANSMISSION) != 0)) {
    note_ecn(snd, segment, judgment);
  }
  note_challenge(end, sender, judgment);
  note_jump(end, beside, sender, judgment);
  if (!judgment->numbers) {
    return;
  }
  if (judgment->ack_refuted) {
    tcpflow__endpoint_take_back(snd);
  }
  if (segment->ip_ttl != 0) {
    snd->ip_ttl = segment->ip_ttl;
  }
  count_small(snd, segment);
  take_numbers(end, sender, segment, judgment, now);
  take_fins(end, beside, sender, segment, judgment);
  note_probe(snd, judgment->verdict);
  note_happenings(end, segment, judgment);
}

void tcpflow__segment_restart(tcpflow__endpoint end[2], tcpflow_side sender,
                              const tcpflow_segment *segment,
                              tcpflow_time now) {
  const tcpflow__judgment judgment = {
    .numbers = true,
    .ack = (segment->flags & TCPFLOW_FLAG_ACK) != 0,
    .syn_first = true,
  };

  tcpflow__endpoint_unset(&end[sender], TCPFLOW__END_SYN_ACKED);
  take_numbers(end, sender, segment, &judgment, now);
}
