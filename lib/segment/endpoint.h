/*
 * lib/segment/endpoint.h - the numbers of one endpoint, as a capture shows
 * them.
 *
 * Room: segment.  Includes: base, wire.  The names are those of RFC 9293
 * section 3.3.1.  An endpoint's receive side is its peer's send side: RCV.NXT
 * of one is never less than SND.UNA of the other, which is what an observer
 * knows of it.
 */
#ifndef TCPFLOW__SEGMENT_ENDPOINT_H
#define TCPFLOW__SEGMENT_ENDPOINT_H

#include <stdint.h>

#include <tcpflow/state.h>
#include <tcpflow/wire.h>

/* What is known of an endpoint.  Bits. */
enum {
  TCPFLOW__END_SENT = 1 << 0,      /* It was seen to send: snd_nxt is set. */
  TCPFLOW__END_ISS = 1 << 1,       /* iss is set. */
  TCPFLOW__END_SYN = 1 << 2,       /* Its SYN was captured. */
  TCPFLOW__END_SYN_ACKED = 1 << 3, /* Its SYN was acknowledged. */
  TCPFLOW__END_UNA = 1 << 4,       /* snd_una is set. */
  TCPFLOW__END_FIN = 1 << 5,       /* fin is set. */
  TCPFLOW__END_FIN_RCVD = 1 << 6,  /* Its peer has all up to the FIN. */
  TCPFLOW__END_FIN_ACKED = 1 << 7,
  TCPFLOW__END_WINDOW = 1 << 8,    /* window is set. */
  TCPFLOW__END_WSCALE = 1 << 9,    /* Its SYN offered a scale. */
  TCPFLOW__END_SACK = 1 << 10,     /* Its SYN permitted SACK. */
  TCPFLOW__END_TS = 1 << 11,       /* Its SYN had timestamps. */
  TCPFLOW__END_TS_RECENT = 1 << 12, /* ts_recent is set. */
  TCPFLOW__END_LAST_KEEP_ALIVE = 1 << 13, /* Its last segment was one. */
  TCPFLOW__END_LAST_PROBE = 1 << 14,      /* Likewise, a window probe. */
  TCPFLOW__END_SYN_WINDOW = 1 << 15 /* window is the SYN's: not scaled. */
};

typedef struct tcpflow__endpoint {
  tcpflow_seq iss;       /* Initial send sequence number. */
  tcpflow_seq snd_una;   /* Oldest number that its peer has not acknowledged. */
  tcpflow_seq snd_nxt;   /* Behind the last number it used. */
  tcpflow_seq fin;       /* Number of its FIN. */
  uint32_t window;       /* RCV.WND that it told last, scaled if known. */
  uint32_t ts_recent;    /* Latest TSval that it sent in order. */
  uint32_t payload_low;  /* Octets sent, in two halves: see conn. */
  uint32_t payload_high;
  uint32_t segments;
  uint32_t retransmissions;
  tcpflow_time nxt_time; /* When snd_nxt last moved. */
  tcpflow_time ack_time; /* When it last sent a segment with a new or duplicate
                            ACK. */
  uint16_t bits;         /* TCPFLOW__END_ */
  uint16_t window_raw;   /* As on the wire. */
  uint16_t mss;          /* Offered; 0: none. */
  uint8_t wscale;        /* Offered. */
  uint8_t state;         /* tcpflow_state */
  uint8_t dup_acks;      /* In a row, saturates. */
} tcpflow__endpoint;

#endif /* TCPFLOW__SEGMENT_ENDPOINT_H */
