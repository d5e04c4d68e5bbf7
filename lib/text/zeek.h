/*
 * lib/text/zeek.h - what Zeek keeps of a connection.
 *
 * Room: text.  Includes: conn and below.  The names of states and numbers are
 * Zeek's.  An endpoint is known by its role, originator or responder, which
 * Zeek may exchange.
 */
#ifndef TCPFLOW__TEXT_ZEEK_H
#define TCPFLOW__TEXT_ZEEK_H

#include <stdbool.h>

#include <tcpflow/profile.h>

enum {
  TCPFLOW__ZEEK_INACTIVE,
  TCPFLOW__ZEEK_SYN_SENT,
  TCPFLOW__ZEEK_SYN_ACK_SENT,
  TCPFLOW__ZEEK_PARTIAL,
  TCPFLOW__ZEEK_ESTABLISHED,
  TCPFLOW__ZEEK_CLOSED,
  TCPFLOW__ZEEK_RESET
};

enum {
  TCPFLOW__ZEEK_ORIG,
  TCPFLOW__ZEEK_RESP
};

/* Letters that stand in a history once for each role. */
enum {
  TCPFLOW__ZEEK_SEEN_SYN = 1 << 0,
  TCPFLOW__ZEEK_SEEN_FIN = 1 << 1,
  TCPFLOW__ZEEK_SEEN_RST = 1 << 2,
  TCPFLOW__ZEEK_SEEN_DATA = 1 << 3,
  TCPFLOW__ZEEK_SEEN_ACK = 1 << 4,
  TCPFLOW__ZEEK_SEEN_MULTI = 1 << 5,
  TCPFLOW__ZEEK_SEEN_FIN_RST = 1 << 6
};

/* Letters that stand at the 1st, 10th, 100th, ... time. */
enum {
  TCPFLOW__ZEEK_CHECKSUM,
  TCPFLOW__ZEEK_GAP,
  TCPFLOW__ZEEK_REXMIT,
  TCPFLOW__ZEEK_WINDOW_0,
  TCPFLOW__ZEEK_SCALED
};

typedef struct tcpflow__zeek_end {
  uint64_t packets;
  uint64_t ip_bytes;
  uint64_t delivered; /* Octets of its stream that came in order. */
  uint64_t last_syn;  /* Relative numbers that are in the history. */
  uint64_t last_fin;
  uint64_t last_rst;
  uint32_t start_seq;
  uint32_t last_seq;
  uint32_t ack_seq;
  uint32_t seq_wraps;
  uint32_t ack_wraps;
  uint32_t fins;
  uint32_t times[TCPFLOW__ZEEK_SCALED];
  uint8_t state;
  uint8_t prev_state;
  uint8_t seen;
  bool closing; /* Its close waits for data that is missing. */
  bool did_close;
} tcpflow__zeek_end;

typedef struct tcpflow__zeek {
  tcpflow__zeek_end end[2]; /* By role. */
  tcpflow_time first;
  tcpflow_time last;
  uint64_t missed;
  uint8_t originator; /* A tcpflow_side. */
  bool hears_data;    /* It is told of data. */
  uint8_t used;       /* Letters of history. */
  char history[TCPFLOW_ZEEK_HISTORY_MAX];
} tcpflow__zeek;

/* A segment as Zeek sees it. */
typedef struct tcpflow__zeek_segment {
  const tcpflow_segment *segment;
  uint64_t rel_seq;
  uint8_t role;
  bool syn;
  bool fin;
  bool rst;
  bool ack;
} tcpflow__zeek_segment;

/* Adds a letter; upper case for the originator. */
void tcpflow__zeek_letter(tcpflow__zeek *zeek, unsigned role, char letter);

/* Adds a letter if it is the 1st, 10th, 100th, ... time. */
void tcpflow__zeek_scaled(tcpflow__zeek *zeek, unsigned role, unsigned which);

/* The letters for the flags of a segment. */
void tcpflow__zeek_history(tcpflow__zeek *zeek, const tcpflow__zeek_segment *s);

/* Originator and responder change places. */
void tcpflow__zeek_exchange(tcpflow__zeek *zeek);

/* The numbers of the sender before a segment is looked at; answers its
   relative number. */
uint64_t tcpflow__zeek_begin_numbers(tcpflow__zeek_end *end,
                                     const tcpflow_segment *segment);

/* The numbers of both after it. */
void tcpflow__zeek_take_numbers(tcpflow__zeek *zeek,
                                const tcpflow__zeek_segment *s);

/* Octets that an endpoint has sent, by its numbers. */
uint64_t tcpflow__zeek_size(const tcpflow__zeek *zeek, unsigned role);

/* Does data of an endpoint wait behind a hole? */
bool tcpflow__zeek_pending(const tcpflow__zeek *zeek, unsigned role);

/* Moves the states on. */
void tcpflow__zeek_move(tcpflow__zeek *zeek, const tcpflow__zeek_segment *s);

#endif /* TCPFLOW__TEXT_ZEEK_H */
