/*
 * lib/segment/candidate.c - a SYN, or a SYN and ACK, that may be the one that
 * counts.
 *
 * Room: segment.  Includes: base, wire, options.
 */
#include "segment/candidate.h"

/* What of a SYN's options is kept. */
enum {
  OFFERS = TCPFLOW_HAS_MSS | TCPFLOW_HAS_WSCALE | TCPFLOW_HAS_SACK_PERMITTED |
           TCPFLOW_HAS_TIMESTAMPS
};

_Static_assert(OFFERS <= UINT8_MAX, "they are kept as an octet");

tcpflow__candidate tcpflow__candidate_read(const tcpflow_segment *segment,
                                           tcpflow_time now) {
  const tcpflow_options *const options = segment->options;
  tcpflow__candidate candidate = {
    .time = now,
    .isn = segment->seq,
    .ack = segment->ack,
    .length = segment->payload_length,
    .flags = segment->flags,
    .window = segment->window,
  };

  if (options != NULL) {
    candidate.ts_val = options->ts_val;
    candidate.mss = options->mss;
    candidate.offers = (uint8_t)(options->present & OFFERS);
    candidate.wscale = options->wscale;
  }
  return candidate;
}

static uint8_t offers_of(const tcpflow__endpoint *end) {
  const bool stamps =
    tcpflow__endpoint_has(end, TCPFLOW__END_TS | TCPFLOW__END_TS_RECENT);

  return (uint8_t)((end->mss != 0 ? TCPFLOW_HAS_MSS : 0U) |
                   (stamps ? TCPFLOW_HAS_TIMESTAMPS : 0U) |
                   (tcpflow__endpoint_has(end, TCPFLOW__END_WSCALE)
                      ? TCPFLOW_HAS_WSCALE
                      : 0U) |
                   (tcpflow__endpoint_has(end, TCPFLOW__END_SACK)
                      ? TCPFLOW_HAS_SACK_PERMITTED
                      : 0U));
}

tcpflow__candidate tcpflow__candidate_of(const tcpflow__endpoint end[2],
                                         tcpflow_side side, tcpflow_time time) {
  const tcpflow__endpoint *const self = &end[side];
  const tcpflow__endpoint *const peer = &end[tcpflow_side_other(side)];
  const bool ack = tcpflow__endpoint_has(self, TCPFLOW__END_WINDOW);
  const bool data = tcpflow__endpoint_has(self, TCPFLOW__END_SYN_DATA);

  return (tcpflow__candidate){
    .time = time,
    .isn = self->iss,
    .ack = peer->snd_una,
    .ts_val = self->ts_recent,
    .length = data ? tcpflow_seq_distance(self->base, self->snd_nxt) : 0,
    .flags = (uint16_t)(TCPFLOW_FLAG_SYN | (ack ? TCPFLOW_FLAG_ACK : 0U)),
    .window = self->window_raw,
    .mss = self->mss,
    .offers = offers_of(self),
    .wscale = self->wscale,
  };
}

void tcpflow__candidate_restore(tcpflow__endpoint end[2], tcpflow_side side,
                                const tcpflow__candidate *candidate,
                                tcpflow_time now) {
  tcpflow_options options;
  tcpflow_segment segment;

  tcpflow_options_init(&options);
  options.present = candidate->offers;
  options.mss = candidate->mss;
  options.wscale = candidate->wscale;
  options.ts_val = candidate->ts_val;
  tcpflow_segment_init(&segment);
  segment.time = now;
  segment.options = &options;
  segment.seq = candidate->isn;
  segment.ack = candidate->ack;
  segment.payload_length = candidate->length;
  segment.flags = candidate->flags;
  segment.window = candidate->window;
  tcpflow__segment_restart(end, side, &segment, now);
}

void tcpflow__endpoint_infer(tcpflow__endpoint *end, tcpflow_seq ack) {
  const unsigned former = TCPFLOW__END_SYN | TCPFLOW__END_WSCALE |
                          TCPFLOW__END_SACK | TCPFLOW__END_TS |
                          TCPFLOW__END_SYN_DATA | TCPFLOW__END_TS_RECENT |
                          TCPFLOW__END_WINDOW;

  tcpflow__endpoint_unset(end, former);
  tcpflow__endpoint_set(end, TCPFLOW__END_ISS | TCPFLOW__END_BASE);
  end->iss = tcpflow_seq_add(ack, UINT32_MAX);
  end->base = ack;
  end->snd_una = ack;
  end->snd_nxt = ack;
  end->mss = 0;
  end->wscale = 0;
}
