/*
 * lib/segment/endpoint.h - the numbers of one endpoint, as a capture shows
 * them.
 *
 * Room: segment.  Includes: base, wire.  The names are those of RFC 9293
 * section 3.3.1.  An endpoint's receive side is its peer's send side: RCV.NXT
 * of one is never less than SND.UNA of the other, which is what an observer
 * knows of it.  No pointer stands in here, so it can be copied and compared.
 */
#ifndef TCPFLOW__SEGMENT_ENDPOINT_H
#define TCPFLOW__SEGMENT_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include <tcpflow/wire.h>

/* What is known of an endpoint.  Bits. */
enum {
  TCPFLOW__END_ISS = 1 << 0,        /* iss is set. */
  TCPFLOW__END_SYN = 1 << 1,        /* Its SYN was captured. */
  TCPFLOW__END_SYN_ACKED = 1 << 2,  /* Its SYN was acknowledged. */
  TCPFLOW__END_BASE = 1 << 3,       /* base, snd_una and snd_nxt are set. */
  TCPFLOW__END_FIN = 1 << 4,        /* fin is set. */
  TCPFLOW__END_FIN_RCVD = 1 << 5,   /* Its FIN reached its peer. */
  TCPFLOW__END_FIN_ACKED = 1 << 6,  /* Its FIN was acknowledged. */
  TCPFLOW__END_WINDOW = 1 << 7,     /* window and rcv_edge are set. */
  TCPFLOW__END_WSCALE = 1 << 8,     /* Its SYN offered a scale. */
  TCPFLOW__END_SACK = 1 << 9,       /* Its SYN permitted SACK. */
  TCPFLOW__END_TS = 1 << 10,        /* Its SYN had timestamps. */
  TCPFLOW__END_TS_RECENT = 1 << 11, /* ts_recent is set. */
  TCPFLOW__END_LAST_KEEP_ALIVE = 1 << 12, /* Its last segment was one. */
  TCPFLOW__END_LAST_PROBE = 1 << 13,      /* Likewise, a window probe. */
  TCPFLOW__END_SYN_DATA = 1 << 14,        /* Its SYN carried data. */
  TCPFLOW__END_CHALLENGED = 1 << 15       /* It sent what asks for a challenge
                                             ACK, and none was seen. */
};

/* What its handshake says of ECN: the flags AE, CWR and ECE as one number, as
   RFC 9768 has them, at three places; and bits. */
enum {
  TCPFLOW__ECN_FLAGS = 7,
  TCPFLOW__ECN_OF_SYN = 0,       /* Where those of its SYN begin. */
  TCPFLOW__ECN_OF_ANSWER = 4,    /* Of its SYN and ACK. */
  TCPFLOW__ECN_OF_ACK = 8,       /* Of the ACK of its peer's SYN. */
  TCPFLOW__ECN_HAS_SYN = 1 << 3, /* They are set. */
  TCPFLOW__ECN_HAS_ANSWER = 1 << 7,
  TCPFLOW__ECN_HAS_ACK = 1 << 11,
  TCPFLOW__ECN_GAVE_UP = 1 << 12 /* It sent the answer again, without. */
};

/* What few segments look at comes first; then, what only its own segments
   change; and last, what those of its peer look at, too.  Of two endpoints side
   by side, fewer lines are waited for in that order. */
typedef struct tcpflow__endpoint {
  tcpflow_seq iss; /* Initial send sequence number. */
  tcpflow_seq fin; /* Number of its FIN. */
  uint32_t retransmissions;
  uint16_t ecn;   /* TCPFLOW__ECN_ */
  uint8_t fins;   /* FINs it sent, saturates. */
  uint8_t resets; /* RSTs likewise. */
  union {
    uint8_t rare; /* All of: */
    struct {
      uint8_t wscale_least : 4; /* No smaller scale explains what its peer had
                                   in flight; only where the SYNs were not
                                   captured. */
      uint8_t jumps : 2; /* Segments in a row whose impossible numbers agree. */
      uint8_t unseen : 1; /* An ACK moved snd_nxt last, and none has agreed. */
      uint8_t fin_moved : 1; /* It sent FINs elsewhere, too. */
    };
  };
  uint8_t state;  /* tcpflow_state */
  uint8_t proof;  /* tcpflow_proof, of the state. */
  uint8_t ip_ttl; /* Of its latest segment that told; 0: none did. */
  uint32_t segments;
  tcpflow_time nxt_time; /* When snd_nxt last moved. */
  tcpflow_time ack_time; /* When it last sent an ACK that was new or a
                            duplicate. */
  tcpflow_time ts_time;  /* When ts_recent was set. */
  uint64_t payload;      /* Octets of data sent, repeats included. */
  uint16_t window_max; /* The largest of them on the wire, 1 at least; 0: there
                            were none but those of SYNs. */
  uint8_t dup_acks;    /* In a row, saturates. */
  uint8_t small;       /* Tiny segments in a row. */
  tcpflow_seq base;    /* Number of the first octet of its stream. */
  tcpflow_seq snd_una; /* Oldest number that its peer has not acknowledged. */
  tcpflow_seq snd_nxt; /* Behind the last number it used. */
  tcpflow_seq nxt_start; /* Of what moved snd_nxt last: of a segment, or of the
                            octets that were acknowledged unseen. */
  tcpflow_seq rcv_edge;  /* Behind the last number it ever had a window for. */
  uint32_t ts_recent;    /* Latest TSval that it sent in order. */
  uint32_t ts_first;     /* No TSval of its own is older: that of its SYN, if
                            that had one, and not too far back. */
  uint16_t bits;         /* TCPFLOW__END_ */
  uint16_t mss;          /* Offered; 0: none. */
  uint16_t window_raw;   /* RCV.WND that it told last, as on the wire, */
  uint8_t window_shift;  /* and by how much that was scaled; 0: not, or nobody
                            knows. */
  uint8_t wscale;        /* Offered. */
} tcpflow__endpoint;

_Static_assert(sizeof(tcpflow__endpoint) == 96,
               "there are two of them in every connection");

/* Numbers of an endpoint that few have.  Its owner finds a place for them. */
typedef struct tcpflow__beside {
  tcpflow_seq fin;  /* While fin_moved is set: of the latest FIN elsewhere. */
  tcpflow_seq jump; /* While jumps is not 0: the impossible number of its last
                       segment, behind its data, or what it acknowledges. */
} tcpflow__beside;

static inline bool tcpflow__endpoint_has(const tcpflow__endpoint *end,
                                         unsigned bits) {
  return (end->bits & bits) == bits;
}

static inline void tcpflow__endpoint_set(tcpflow__endpoint *end,
                                         unsigned bits) {
  end->bits = (uint16_t)(end->bits | bits);
}

static inline void tcpflow__endpoint_unset(tcpflow__endpoint *end,
                                           unsigned bits) {
  end->bits = (uint16_t)(end->bits & ~bits);
}

/* RCV.WND that it told last, scaled if known. */
static inline uint32_t tcpflow__endpoint_window(const tcpflow__endpoint *end) {
  return (uint32_t)end->window_raw << end->window_shift;
}

/* The number of a FIN elsewhere; otherwise that of its FIN.  BESIDE is by side,
   of which it is one. */
static inline tcpflow_seq
tcpflow__endpoint_other_fin(const tcpflow__endpoint *end,
                            const tcpflow__beside beside[2],
                            tcpflow_side side) {
  return end->fin_moved ? beside[side].fin : end->fin;
}

/* The FIN that counted is none, says an ACK: does the other one count?  It lies
   behind, or is what was acknowledged. */
static inline bool tcpflow__endpoint_fin_moves(const tcpflow__endpoint *end,
                                               tcpflow_seq other,
                                               tcpflow_seq ack) {
  return tcpflow_seq_lt(end->fin, other) || ack == tcpflow_seq_add(other, 1);
}

/*
 * Does the endpoint go on where it was before an ACK of octets that the capture
 * has not?  Every segment has SND.NXT or less (RFC 9293 section 3.10.7.4), so
 * nobody has acknowledged them but a stranger.  One octet says nothing: it
 * looks like a keep-alive (section 3.8.4).
 */
static inline bool tcpflow__endpoint_goes_back(const tcpflow__endpoint *end,
                                               tcpflow_seq seq) {
  return end->unseen != 0 && seq == end->nxt_start &&
         end->snd_nxt != tcpflow_seq_add(seq, 1);
}

/* They were not sent. */
static inline void tcpflow__endpoint_take_back(tcpflow__endpoint *end) {
  end->snd_una = end->nxt_start;
  end->snd_nxt = end->nxt_start;
  end->unseen = 0;
}

/* Would a SYN with this number be the one that began the endpoint's stream? */
static inline bool tcpflow__endpoint_began_with(const tcpflow__endpoint *end,
                                                tcpflow_seq seq) {
  return tcpflow__endpoint_has(end, TCPFLOW__END_BASE) &&
         end->base == tcpflow_seq_add(seq, 1);
}

/* May its stream begin at START, a little in front of where it was picked up?
   Without a scale no more is in flight (RFC 7323 section 2.2). */
static inline bool tcpflow__endpoint_may_begin(const tcpflow__endpoint *end,
                                               tcpflow_seq start) {
  return (end->bits & (TCPFLOW__END_BASE | TCPFLOW__END_ISS)) ==
           TCPFLOW__END_BASE &&
         tcpflow_seq_lt(start, end->base) &&
         tcpflow_seq_distance(start, end->base) <= UINT16_MAX;
}

/* Does a number lie before its SYN?  Behind 2^31 octets nobody can tell. */
static inline bool tcpflow__endpoint_follows(const tcpflow__endpoint *end,
                                             tcpflow_seq seq) {
  return tcpflow__endpoint_has(end, TCPFLOW__END_ISS) &&
         tcpflow_seq_lt(seq, end->iss) &&
         tcpflow_seq_leq(end->iss, end->snd_una);
}

/* It has sent a TSval in order.  A clock of a microsecond goes round in 72
   minutes (RFC 7323 section 5.4): what it told first stays within half a turn
   of what it told last. */
static inline void tcpflow__endpoint_stamp(tcpflow__endpoint *end,
                                           uint32_t ts_val, tcpflow_time now) {
  end->ts_recent = ts_val;
  end->ts_time = now;
  if (tcpflow_seq_lt(ts_val, end->ts_first)) {
    end->ts_first = tcpflow_seq_add(ts_val, UINT32_C(3) << 30);
  }
}

/* Is a timestamp from the past?  RFC 7323 section 5.2; after 24 days of silence
   nobody can tell (section 5.5). */
static inline bool tcpflow__endpoint_outdates(const tcpflow__endpoint *end,
                                              uint32_t ts_val,
                                              tcpflow_time now) {
  return tcpflow__endpoint_has(end, TCPFLOW__END_TS_RECENT) &&
         tcpflow_seq_lt(ts_val, end->ts_recent) &&
         (now <= end->ts_time ||
          now - end->ts_time < 24 * 86400 * TCPFLOW_SECOND);
}

/*
 * Are the windows of a connection scaled (RFC 7323 section 2.2)?  1: both SYNs
 * offered it.  0: one did not.  -1: a SYN was not captured, and the other did
 * offer it.
 */
static inline int tcpflow__endpoints_scaling(const tcpflow__endpoint *a,
                                             const tcpflow__endpoint *b) {
  const unsigned both = TCPFLOW__END_SYN | TCPFLOW__END_WSCALE;

  if (tcpflow__endpoint_has(a, both) && tcpflow__endpoint_has(b, both)) {
    return 1;
  }
  if ((tcpflow__endpoint_has(a, TCPFLOW__END_SYN) &&
       !tcpflow__endpoint_has(a, TCPFLOW__END_WSCALE)) ||
      (tcpflow__endpoint_has(b, TCPFLOW__END_SYN) &&
       !tcpflow__endpoint_has(b, TCPFLOW__END_WSCALE))) {
    return 0;
  }
  return -1;
}

#endif /* TCPFLOW__SEGMENT_ENDPOINT_H */
