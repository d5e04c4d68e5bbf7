/*
 * lib/segment/surprises.c - what is surprising about the numbers of two
 * endpoints whose connection is idle.
 *
 * Room: segment.  Includes: base, wire.  The guess is a connection that opened
 * as most do, between two of which each has what the other one sent.  A member
 * is guessed by those that stand before it here, so their order matters.
 */
#include "segment/surprises.h"

/* What most SYNs offer. */
enum {
  USUAL_BITS = TCPFLOW__END_ISS | TCPFLOW__END_SYN | TCPFLOW__END_SYN_ACKED |
               TCPFLOW__END_BASE | TCPFLOW__END_WINDOW | TCPFLOW__END_WSCALE |
               TCPFLOW__END_SACK | TCPFLOW__END_TS | TCPFLOW__END_TS_RECENT,
  USUAL_MSS = 1460,
  USUAL_WSCALE = 7,
  USUAL_TTL = 64
};

/* Ticks of the usual timestamp clock, of a millisecond (RFC 7323 section
   5.4). */
static uint32_t ticks_of(tcpflow_time time) {
  return (uint32_t)((uint64_t)time / 1000000);
}

/* What it offered, and how it stands. */
static void surprise_kind(tcpflow__surprises *s, tcpflow__endpoint *end,
                          const tcpflow__endpoint *guess) {
  tcpflow__surprise16(s, &end->bits, guess->bits);
  tcpflow__surprise16(s, &end->mss, guess->mss);
  tcpflow__surprise16(s, &end->ecn, guess->ecn);
  tcpflow__surprise8(s, &end->wscale, guess->wscale);
  tcpflow__surprise8(s, &end->window_shift, end->wscale);
  tcpflow__surprise8(s, &end->ip_ttl, guess->ip_ttl);
  tcpflow__surprise8(s, &end->state, guess->state);
  tcpflow__surprise8(s, &end->proof, guess->proof);
}

/* What it sent.  Its FIN is 0 while it has sent none. */
static void surprise_sent(tcpflow__surprises *s, tcpflow__endpoint *end,
                          uint64_t next) {
  tcpflow__surprise32(s, &end->base, 0);
  tcpflow__surprise32(s, &end->iss, end->base - 1);
  tcpflow__surprise32(s, &end->snd_nxt, end->base + (uint32_t)next);
  tcpflow__surprise32(s, &end->snd_una, end->snd_nxt);
  tcpflow__surprise32(s, &end->nxt_start, end->snd_nxt);
  tcpflow__surprise32(s, &end->fin, 0);
  tcpflow__surprise64(s, &end->payload, next);
  tcpflow__surprise32(s, &end->segments, (uint32_t)(next / USUAL_MSS));
  tcpflow__surprise32(s, &end->retransmissions, 0);
  tcpflow__surprise8(s, &end->fins, 0);
  tcpflow__surprise8(s, &end->resets, 0);
  tcpflow__surprise8(s, &end->rare, 0);
  tcpflow__surprise8(s, &end->dup_acks, 0);
  tcpflow__surprise8(s, &end->small, 0);
}

/* What it is ready to take. */
static void surprise_window(tcpflow__surprises *s, tcpflow__endpoint *end,
                            const tcpflow__endpoint *peer) {
  tcpflow__surprise16(s, &end->window_raw, 0);
  tcpflow__surprise16(s, &end->window_max, end->window_raw);
  tcpflow__surprise32(s, &end->rcv_edge,
                      peer->snd_nxt + tcpflow__endpoint_window(end));
}

/* When it did, and by its own clock, if it has told that. */
static void surprise_times(tcpflow__surprises *s, tcpflow__endpoint *end,
                           tcpflow_time first, tcpflow_time last) {
  const bool stamps = tcpflow__endpoint_has(end, TCPFLOW__END_TS_RECENT);
  tcpflow_time latest;

  tcpflow__surprise64(s, &end->nxt_time, last);
  tcpflow__surprise64(s, &end->ack_time, last);
  latest = end->nxt_time > end->ack_time ? end->nxt_time : end->ack_time;
  tcpflow__surprise64(s, &end->ts_time, stamps ? latest : 0);
  tcpflow__surprise32(s, &end->ts_recent, 0);
  tcpflow__surprise32(s, &end->ts_first,
                      stamps ? end->ts_recent - ticks_of(end->ts_time - first)
                             : 0);
}

void tcpflow__endpoints_surprise(tcpflow__surprises *s,
                                 tcpflow__endpoint end[2], tcpflow_time first,
                                 tcpflow_time last, const uint64_t next[2]) {
  const tcpflow__endpoint usual = {
    .bits = USUAL_BITS,
    .mss = USUAL_MSS,
    .wscale = USUAL_WSCALE,
    .ip_ttl = USUAL_TTL,
    .state = TCPFLOW_STATE_ESTABLISHED,
  };

  surprise_kind(s, &end[0], &usual);
  surprise_kind(s, &end[1], &end[0]);
  surprise_sent(s, &end[0], next[0]);
  surprise_sent(s, &end[1], next[1]);
  surprise_window(s, &end[0], &end[1]);
  surprise_window(s, &end[1], &end[0]);
  surprise_times(s, &end[0], first, last);
  surprise_times(s, &end[1], first, last);
}
