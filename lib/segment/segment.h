/*
 * lib/segment/segment.h - what a segment means to two endpoints.
 *
 * Room: segment.  Includes: base, wire, decode, options.  judge() looks and
 * changes nothing; apply() then changes the numbers.  Neither knows the state
 * diagram, the stream or the user: the stimuli that judge() lists go to the
 * diagram, one after the other, in the order of RFC 9293 section 3.10.7.4 (RST,
 * SYN, ACK, FIN).
 */
#ifndef TCPFLOW__SEGMENT_SEGMENT_H
#define TCPFLOW__SEGMENT_SEGMENT_H

#include <assert.h>
#include <stdbool.h>

#include <tcpflow/segment.h>

#include "segment/endpoint.h"
#include "segment/prints.h"

/* The largest window there is: RFC 7323 section 2.3. */
#define TCPFLOW__WINDOW_MAX (UINT32_C(65535) << TCPFLOW_WSCALE_MAX)

/* How far a hole in the capture may reach beyond the window, in octets. */
#define TCPFLOW__JUMP_MAX   (UINT32_C(1) << 24)

/* One thing that happens to one endpoint. */
typedef struct tcpflow__happening {
  uint8_t side;     /* tcpflow_side */
  uint8_t stimulus; /* tcpflow_stimulus */
  bool inferred;    /* The segment that did it was not captured. */
} tcpflow__happening;

/* The most that one segment can list: a hidden handshake (5), then ACK and FIN
   for both. */
#define TCPFLOW__HAPPENINGS_MAX 12

/* Which RST counts, beside one that is exact for sure. */
typedef enum tcpflow__rst_taste {
  TCPFLOW__RST_LAST,      /* At SND.NXT. */
  TCPFLOW__RST_NEXT,      /* There, if the receiver may have all before it. */
  TCPFLOW__RST_SACK_EDGE, /* There, too, if the receiver has a SACK's edge. */
  TCPFLOW__RST_WINDOW,    /* In the window. */
  TCPFLOW__RST_BEYOND,    /* At RCV.NXT or beyond. */
  TCPFLOW__RST_ANYWHERE
} tcpflow__rst_taste;

/* What the stream of the sender and the handshake know, and judge() asks. */
typedef struct tcpflow__segment_context {
  const tcpflow__prints *prints; /* NULL: nothing is known again. */
  const tcpflow__beside *beside; /* By side. */
  tcpflow_seq edge;     /* The sender's stream is complete up to here: what the
                          receiver's RCV.NXT is, unless segments were lost
                          behind the capture point. */
  tcpflow_time reorder; /* A segment that is this late was not reordered. */
  bool strict_paws;     /* What is from the past has no effect. */
  bool strict_ack;      /* Nor has a RST or FIN with an ACK of nothing. */
  uint8_t rst_taste;    /* tcpflow__rst_taste, of the receiver. */
  bool untold[2];       /* By side: nothing of its stream was told, or is held
                          or given up. */
  bool shared_window;   /* The windows are not of this connection alone. */
  bool refuses;         /* It is a RST that acknowledges a SYN of the receiver
                           that came in the middle. */
} tcpflow__segment_context;

/* Segments of so few octets, so many in a row, are odd. */
enum {
  TCPFLOW__SMALL = 16,
  TCPFLOW__SMALL_MANY = 100
};

/* So many FINs, or RSTs, of a side are a storm: more than a host sends again
   (RFC 1122 section 4.2.3.5; Linux gives up after 15). */
enum {
  TCPFLOW__STORM = 32
};

/* Snort's limit of a window that is slammed shut, in octets. */
enum {
  TCPFLOW__SLAM = 4
};

/* What is odd and no word of a verdict.  Bits. */
enum {
  TCPFLOW__ODD_WINDOW_SLAM = 1 << 0,  /* The first window is next to nothing. */
  TCPFLOW__ODD_UNNEGOTIATED = 1 << 1, /* Options that were not agreed upon. */
  TCPFLOW__ODD_ECHO = 1 << 2,         /* A TSecr that was never sent. */
  TCPFLOW__ODD_ACK_TOO_OLD = 1 << 3,  /* RFC 5961 section 5.2. */
  TCPFLOW__ODD_IMPOSSIBLE = 1 << 4,   /* Numbers of no connection. */
  TCPFLOW__ODD_EARLY = 1 << 5,        /* Data before the handshake's end. */
  TCPFLOW__ODD_TTL = 1 << 6,          /* From somewhere else. */
  TCPFLOW__ODD_SMALL = 1 << 7,        /* Many tiny segments. */
  TCPFLOW__ODD_NO_ACKS = 1 << 8,      /* Much data, none acknowledged. */
  TCPFLOW__ODD_RST_DATA = 1 << 9,     /* Octets in a RST. */
  TCPFLOW__ODD_RST_STORM = 1 << 10,   /* One RST too many. */
  TCPFLOW__ODD_RST_SUSPECT = 1 << 11, /* Unlike its sender's segments. */
  TCPFLOW__ODD_RST_BAD_ACK = 1 << 12, /* It acknowledges what nobody sent. */
  TCPFLOW__ODD_FIN_STORM = 1 << 13,   /* One FIN too many. */
  TCPFLOW__ODD_FIN_WINDOW = 1 << 14,  /* A FIN beyond the window. */
  TCPFLOW__ODD_BEFORE_STREAM = 1 << 15 /* Octets before its beginning. */
};

/* What judge() found. */
typedef struct tcpflow__judgment {
  tcpflow_verdict verdict;
  tcpflow__happening happening[TCPFLOW__HAPPENINGS_MAX];
  tcpflow_seq jump_at; /* The impossible number. */
  uint32_t print;      /* A hash, to know it again; 0: not to be kept. */
  uint32_t odd;        /* TCPFLOW__ODD_ */
  uint8_t count;       /* Of happenings. */
  uint8_t jumps;       /* How many segments in a row agree on jump_at. */
  bool numbers;        /* Its numbers count: apply() takes them. */
  bool ack;            /* Its acknowledgment counts. */
  bool data;           /* Its data belongs into the stream. */
  bool syn_first;      /* The sender's SYN, for the first time or anew. */
  bool syn_late;       /* The sender's SYN, which had been inferred. */
  bool begins_before;  /* So its stream begins earlier than was assumed. */
  bool peer_before;    /* So does the peer's, whose SYN it proves. */
  bool peer_syn;       /* It proves the peer's SYN: iss is ack - 1. */
  bool in_order;       /* No hole is before it. */
  bool fin_first;      /* The sender's FIN, for the first time. */
  bool fin_refuted;    /* The receiver's FIN is none, where it was. */
  bool crossed;        /* Its FIN was sent without knowledge of the peer's. */
  bool jump;           /* Its numbers are impossible. */
  bool ack_waits;      /* Only its ACK is, until more agree. */
  bool confirms;       /* It acknowledges the impossible number of its receiver:
                          that is believed. */
  bool ack_refuted;    /* The ACK of unseen octets of the sender was wrong. */
  bool duplicate;      /* It is a second copy of a frame. */
  int8_t scaling;      /* tcpflow__endpoints_scaling(), before it. */
} tcpflow__judgment;

/* Reads a decoded TCP packet; both structs are of the current size and are
   overwritten.  OPTIONS may be NULL: they are not wanted.  Does not look at the
   checksum. */
void tcpflow__segment_read(tcpflow_segment *segment, tcpflow_options *options,
                           const tcpflow_packet *packet);

/* Judges.  end[] is by tcpflow_side. */
void tcpflow__segment_judge(tcpflow__judgment *out,
                            const tcpflow__endpoint end[2], tcpflow_side sender,
                            const tcpflow_segment *segment,
                            const tcpflow__segment_context *context);

/* Does apply() write to what stands beside the endpoints? */
static inline bool
tcpflow__judgment_goes_beside(const tcpflow__judgment *judgment) {
  return judgment->jump || (judgment->verdict & TCPFLOW_VERDICT_FIN_MOVED) != 0;
}

/* Takes the numbers over; now: capture time that never goes backwards.  BESIDE
   is by side; it may be NULL if neither has something there, and nothing is
   written to it. */
void tcpflow__segment_apply(tcpflow__endpoint end[2], tcpflow__beside beside[2],
                            tcpflow_side sender, const tcpflow_segment *segment,
                            const tcpflow__judgment *judgment,
                            tcpflow_time now);

/* The sender begins with the SYN of a segment, or anew, and nothing is counted;
   its state stays. */
void tcpflow__segment_restart(tcpflow__endpoint end[2], tcpflow_side sender,
                              const tcpflow_segment *segment, tcpflow_time now);

/* TCPFLOW_VERDICT_CE if a router has marked it (RFC 3168 section 5), or 0. */
static inline tcpflow_verdict
tcpflow__segment_is_marked(const tcpflow_segment *segment) {
  const unsigned ecn = segment->ip_tos & 3U;

  /* No branch, and no comparison: of four values, only the last one makes four
     with one more. */
  return TCPFLOW_VERDICT_CE * ((ecn + 1) / 4);
}

/* Is the combination of flags one that no stack sends? */
bool tcpflow__segment_bad_flags(unsigned flags);

/* --- between the files of this room --- */

/* The segment and who is who, gathered once. */
typedef struct tcpflow__view {
  const tcpflow_segment *segment;
  const tcpflow__endpoint *snd; /* The sender. */
  const tcpflow__endpoint *rcv; /* The receiver. */
  const tcpflow__segment_context *context;
  tcpflow_side sender;
  tcpflow_seq data_end; /* Behind its data, if it is no SYN. */
  tcpflow_seq end;      /* Behind its last number. */
  int scaling;          /* tcpflow__endpoints_scaling(). */
  bool bare;            /* It carries nothing new but its header. */
} tcpflow__view;

static inline tcpflow_time tcpflow__since(tcpflow_time then, tcpflow_time now) {
  return now > then ? now - then : 0;
}

/* The number behind its last one; payload_length may be anything. */
static inline tcpflow_seq tcpflow__segment_end(const tcpflow_segment *segment) {
  return tcpflow_seq_add(tcpflow_seq_add(segment->seq, segment->payload_length),
                         tcpflow_seq_len(0, segment->flags));
}

/* Options with timestamps; NULL: there are none in these, or no options. */
static inline const tcpflow_options *
tcpflow__stamps_of(const tcpflow_options *options) {
  return options != NULL && (options->present & TCPFLOW_HAS_TIMESTAMPS) != 0
           ? options
           : NULL;
}

/* A hash of what no two frames of an endpoint share (prints.h): a sum of
   products with an odd number, 2^32 times the golden ratio, so that the upper
   bits depend on everything.  Never 0.  STAMPS: its options, if they have
   timestamps, or NULL. */
static inline uint32_t
tcpflow__segment_print_of(const tcpflow_segment *segment,
                          const tcpflow_options *stamps) {
  const uint32_t factor = UINT32_C(0x9e3779b9);
  uint32_t sum = segment->seq;

  sum = sum * factor + segment->ack;
  sum = sum * factor + ((uint32_t)segment->window << 16 | segment->flags);
  sum = sum * factor + segment->payload_length;
  if (stamps != NULL) {
    sum = sum * factor + stamps->ts_val;
  }
  return sum * factor | 1U;
}

/* Likewise. */
static inline uint32_t tcpflow__segment_print(const tcpflow_segment *segment) {
  return tcpflow__segment_print_of(segment,
                                   tcpflow__stamps_of(segment->options));
}

/* Was the very frame captured before?  TCPFLOW_VERDICT_ bits, or 0. */
tcpflow_verdict tcpflow__judge_duplicate(const tcpflow__view *view,
                                         uint32_t hash);

/* Likewise of a segment that brings nothing new by its numbers. */
tcpflow_verdict tcpflow__judge_copy(const tcpflow__prints *prints,
                                    const tcpflow__endpoint *snd,
                                    const tcpflow_segment *segment,
                                    const tcpflow__print *print);

/* RFC 7323 section 2.2: without the SYNs nobody can tell the scale.  But a
   sender keeps to the window, so that of RCV was not less than what SND has in
   flight, up to END. */
void tcpflow__note_flight(const tcpflow__endpoint *snd, tcpflow__endpoint *rcv,
                          tcpflow_seq end);

/* AE, CWR and ECE as one number. */
static inline unsigned tcpflow__segment_ecn(const tcpflow_segment *segment) {
  return (unsigned)segment->flags / TCPFLOW_FLAG_ECE & TCPFLOW__ECN_FLAGS;
}

/* RFC 9768 section 3.2.2.1: what the third segment of a handshake says. */
static inline void tcpflow__note_ecn_ack(tcpflow__endpoint *snd,
                                         const tcpflow_segment *segment) {
  snd->ecn =
    (uint16_t)(snd->ecn | tcpflow__segment_ecn(segment) << TCPFLOW__ECN_OF_ACK |
               TCPFLOW__ECN_HAS_ACK);
}

/* Lists a happening. */
static inline void tcpflow__judgment_add(tcpflow__judgment *out,
                                         tcpflow_side side,
                                         tcpflow_stimulus stimulus,
                                         bool inferred) {
  assert(out->count < TCPFLOW__HAPPENINGS_MAX);
  out->happening[out->count++] =
    (tcpflow__happening){(uint8_t)side, (uint8_t)stimulus, inferred};
  if (inferred) {
    out->verdict |= TCPFLOW_VERDICT_INFERRED;
  }
}

/* A segment with RST. */
void tcpflow__judge_reset(tcpflow__judgment *out, const tcpflow__view *view);

/* A segment with SYN and without ACK. */
void tcpflow__judge_syn(tcpflow__judgment *out, const tcpflow__view *view);

/* A segment with SYN and ACK. */
void tcpflow__judge_syn_ack(tcpflow__judgment *out, const tcpflow__view *view);

/* Any other segment: has the handshake been seen?  Lists what it proves. */
void tcpflow__judge_hidden(tcpflow__judgment *out, const tcpflow__view *view);

/* Does it belong to an older connection of the same ports, though a new SYN was
   sent (RFC 9293 section 3.5.1, "half-open"), or is it dropped because that SYN
   is not answered?  Notes data of the latter. */
bool tcpflow__judge_is_older(tcpflow__judgment *out, const tcpflow__view *view);

/* Is the sender's FIN what its receiver waits for next?  All before it was
   captured, and no ACK of it was. */
bool tcpflow__fin_is_next(const tcpflow__view *view);

/* The ACK of any segment: does it acknowledge the receiver's FIN? */
void tcpflow__judge_ack_of_fin(tcpflow__judgment *out,
                               const tcpflow__view *view);

/* A segment with FIN and without SYN and RST. */
void tcpflow__judge_fin(tcpflow__judgment *out, const tcpflow__view *view);

/* The words that describe it: retransmission, probe, duplicate ACK, ... */
void tcpflow__judge_meaning(tcpflow__judgment *out, const tcpflow__view *view);

/* Numbers that its sender had passed: sent again, or overtaken on the way. */
tcpflow_verdict tcpflow__judge_late(const tcpflow__view *view);

/* Its timestamp is older than one that its sender sent in order. */
bool tcpflow__view_is_stale(const tcpflow__view *view);

/* A keep-alive or a probe of the window: its bit, or 0.  It has an octet of
   data at most. */
tcpflow_verdict tcpflow__judge_probe(const tcpflow__view *view);

/* It acknowledges an octet that probed the window. */
bool tcpflow__acks_probe(const tcpflow__view *view);

/* A pure ACK that acknowledges nothing new, or a probe: its bit, or 0.  It is
   bare. */
tcpflow_verdict tcpflow__judge_bare(const tcpflow__view *view);

/* It has more octets than the MSS that its receiver has offered, if it has: are
   they too many?  A bit, or 0. */
tcpflow_verdict tcpflow__judge_size(const tcpflow__endpoint *rcv,
                                    const tcpflow_segment *segment);

/* Before, beyond, or at the end of the receiver's window: bits. */
tcpflow_verdict tcpflow__judge_window(const tcpflow__view *view);

/* Is the window that it offers less than before, or next to nothing?  Without
   looking at the scale, which is what it was, or one of a SYN. */
static inline bool tcpflow__view_offers_less(const tcpflow__view *view) {
  return view->segment->window < view->snd->window_raw ||
         view->segment->window <= TCPFLOW__SLAM;
}

/* What that says. */
void tcpflow__judge_offer(tcpflow__judgment *out, const tcpflow__view *view);

/* Its timestamps, or that it has none. */
void tcpflow__judge_timestamp(tcpflow__judgment *out,
                              const tcpflow__view *view);

/* Does the function above find nothing, of a sender that had timestamps
   before? */
bool tcpflow__stamps_are_fit(const tcpflow__endpoint *snd,
                             const tcpflow__endpoint *rcv,
                             const tcpflow_options *options);

/* Its SACK blocks, of which it has some. */
void tcpflow__judge_sack(tcpflow__judgment *out, const tcpflow__view *view);

/* Does it end before the receiver's window begins?  Only for a sender whose
   base is known. */
bool tcpflow__judge_is_before_window(const tcpflow__view *view);

/* A router more or less is the network's business: routes change, by one or two
   at a time.  So many are another host, or another way of the world. */
static inline bool tcpflow__is_far(uint8_t ttl, uint8_t before) {
  const int hops = (int)ttl - (int)before;

  return ttl != 0 && before != 0 && (hops < -5 || 5 < hops);
}

/* What is odd about an ordinary segment that counts. */
void tcpflow__judge_odd(tcpflow__judgment *out, const tcpflow__view *view);

/* Can its numbers belong to the connection?  Sets jump if not. */
void tcpflow__judge_plausible(tcpflow__judgment *out,
                              const tcpflow__view *view);

#endif /* TCPFLOW__SEGMENT_SEGMENT_H */
