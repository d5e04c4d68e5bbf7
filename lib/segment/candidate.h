/*
 * lib/segment/candidate.h - a SYN, or a SYN and ACK, that may be the one that
 * counts.
 *
 * Room: segment.  Includes: base, wire, options.  Of several with different
 * numbers only the peer can say which one it took; until then all that they
 * offer is remembered.
 */
#ifndef TCPFLOW__SEGMENT_CANDIDATE_H
#define TCPFLOW__SEGMENT_CANDIDATE_H

#include "segment/segment.h"

typedef struct tcpflow__candidate {
  tcpflow_time time; /* When it was captured; TCPFLOW_TIME_NONE: not known. */
  tcpflow_seq isn;
  tcpflow_seq ack; /* With ACK. */
  uint32_t ts_val; /* With timestamps. */
  uint32_t length; /* Octets of data. */
  uint16_t flags;  /* tcpflow_flag, ECN's included. */
  uint16_t window;
  uint16_t mss;   /* 0: none. */
  uint8_t offers; /* Of TCPFLOW_HAS_: what of it the SYN has. */
  uint8_t wscale;
  bool again;      /* Sent again, and nothing tells the two apart. */
  bool challenged; /* The peer has answered it with an ACK. */
} tcpflow__candidate;

/* From the segment that carries it. */
tcpflow__candidate tcpflow__candidate_read(const tcpflow_segment *segment,
                                           tcpflow_time now);

/* From an endpoint that sent it, and nothing else.  time: of it. */
tcpflow__candidate tcpflow__candidate_of(const tcpflow__endpoint end[2],
                                         tcpflow_side side, tcpflow_time time);

/* Does a number acknowledge it, and nothing that it did not carry? */
static inline bool
tcpflow__candidate_is_acked(const tcpflow__candidate *candidate,
                            tcpflow_seq ack) {
  const uint32_t over = tcpflow_seq_distance(candidate->isn, ack);

  return over != 0 && over - 1 <= candidate->length;
}

/* The endpoint begins anew with it; its state and its counts stay. */
void tcpflow__candidate_restore(tcpflow__endpoint end[2], tcpflow_side side,
                                const tcpflow__candidate *candidate,
                                tcpflow_time now);

/* The endpoint begins anew with a SYN that was not captured, and that `ack`
   acknowledges. */
void tcpflow__endpoint_infer(tcpflow__endpoint *end, tcpflow_seq ack);

#endif /* TCPFLOW__SEGMENT_CANDIDATE_H */
