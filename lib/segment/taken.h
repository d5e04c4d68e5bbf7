/*
 * lib/segment/taken.h - the numbers that endpoints take from a segment they
 * expect.
 *
 * Room: segment.  Includes: base, wire, options.  What apply() would do of such
 * a segment, without asking what else it could be; the short ways of this room
 * have it in common.
 */
#ifndef TCPFLOW__SEGMENT_TAKEN_H
#define TCPFLOW__SEGMENT_TAKEN_H

#include "base/compiler.h"
#include "segment/usual.h"

TCPFLOW__FLAT void tcpflow__take_way(tcpflow__endpoint *snd,
                                     const tcpflow_segment *segment) {
  if (segment->ip_ttl != 0) {
    snd->ip_ttl = segment->ip_ttl;
  }
}

TCPFLOW__FLAT void tcpflow__take_count(tcpflow__endpoint *snd,
                                       const tcpflow_segment *segment) {
  snd->segments++;
  tcpflow__take_way(snd, segment);
}

/* So many octets, which are not none. */
TCPFLOW__FLAT void tcpflow__take_amount(tcpflow__endpoint *snd,
                                        uint32_t length) {
  if (length > TCPFLOW__SMALL) {
    snd->small = 0;
  } else {
    snd->small = snd->snd_una != snd->snd_nxt ? (uint8_t)(snd->small + 1) : 0;
  }
  snd->payload += length;
}

/* Its octets, of which it has some, all behind those before. */
TCPFLOW__FLAT void tcpflow__take_octets(tcpflow__endpoint *snd,
                                        const tcpflow_segment *segment) {
  tcpflow__take_amount(snd, segment->payload_length);
  snd->nxt_start = segment->seq;
  snd->nxt_time = segment->time;
  snd->snd_nxt = tcpflow_seq_add(segment->seq, segment->payload_length);
}

/* It was sent, with octets or without. */
TCPFLOW__FLAT void tcpflow__take_sent(tcpflow__endpoint *snd,
                                      const tcpflow_segment *segment) {
  tcpflow__take_count(snd, segment);
  if (segment->payload_length != 0) {
    tcpflow__take_octets(snd, segment);
  }
}

TCPFLOW__FLAT void tcpflow__take_number(tcpflow__endpoint *snd,
                                        tcpflow__endpoint *rcv,
                                        const tcpflow_segment *segment) {
  if (segment->ack != rcv->snd_una) {
    rcv->snd_una = segment->ack;
    snd->dup_acks = 0;
    snd->ack_time = segment->time;
  }
}

/* RFC 7323 section 2.2: as in apply.c.  The window is open; SHIFT scales it. */
TCPFLOW__FLAT void tcpflow__take_offer(tcpflow__endpoint *snd,
                                       const tcpflow_segment *segment,
                                       unsigned shift) {
  const tcpflow_seq edge =
    tcpflow_seq_add(segment->ack, (uint32_t)segment->window << shift);

  if (snd->window_max <= segment->window) {
    snd->window_max = segment->window;
  }
  snd->window_raw = segment->window;
  snd->window_shift = (uint8_t)shift;
  if (tcpflow_seq_lt(snd->rcv_edge, edge)) {
    snd->rcv_edge = edge;
  }
}

/* STAMPS is tcpflow__stamps_of(). */
TCPFLOW__FLAT void tcpflow__take_stamps(tcpflow__endpoint *snd,
                                        const tcpflow_options *stamps,
                                        tcpflow_time now) {
  if (stamps != NULL) {
    tcpflow__endpoint_stamp(snd, stamps->ts_val, now);
  }
}

#endif /* TCPFLOW__SEGMENT_TAKEN_H */
