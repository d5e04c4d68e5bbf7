/*
 * lib/text/view.h - a packet as tcpdump sees it, header by header.
 *
 * Room: text.  Includes: decode, wire.  tcpdump walks the octets by rules of
 * its own: it believes lengths that the wire contradicts, and stops at its own
 * places.  So a line is not written from what decoding found but by a walk like
 * tcpdump's.  Each header is one step, which writes its words and answers what
 * is next; the loop in walkprint.c finds the step for it, and asks the decoded
 * layers where tcpdump knows no more.
 *
 * Invariant: offset <= end <= the frame's captured octets.  Octets are read by
 * tcpflow__view_at() only.
 */
#ifndef TCPFLOW__TEXT_VIEW_H
#define TCPFLOW__TEXT_VIEW_H

#include <tcpflow/packet.h>

#include "text/line.h"
#include "wire/bytes.h"

/* The numbers of a segment, as they are to be written. */
typedef struct tcpflow__numbers {
  tcpflow_seq seq;
  tcpflow_seq ack;
  tcpflow_seq sack_base; /* What SACK blocks are told from. */
} tcpflow__numbers;

typedef struct tcpflow__view {
  tcpflow__line *line;
  const tcpflow_packet *packet;
  const tcpflow__numbers *numbers;
  const char *name; /* Of the header that may be cut. */
  uint32_t offset;  /* The next octet. */
  uint32_t end;     /* Behind the last one that may be read. */
  uint32_t length;  /* Octets from here on, by the headers so far.  They may
                       lie, and then it wraps, as tcpdump's does. */
  uint32_t whole;   /* What `length` was at the IPv6 header. */
  uint32_t jumbo_length; /* RFC 2675: of the IPv6 payload. */
  uint32_t ip;           /* Where the innermost IP header stands. */
  uint8_t protocol;      /* What that header says it carries. */
  uint8_t version;       /* 4 or 6: of that header. */
  uint8_t verbose;       /* -v */
  uint8_t link_header;   /* -e */
  uint8_t fragment;      /* The datagram goes on elsewhere. */
  uint8_t chain;         /* IPv6: extension headers may follow. */
  uint8_t headers;       /* IPv6: extension headers so far. */
  uint8_t hop_by_hop;    /* IPv6: one of them was for every hop. */
  uint8_t jumbo;         /* IPv6: `jumbo_length` is set. */
  uint8_t no_length;     /* IPv6: the payload length is 0. */
  uint8_t braces;        /* To be closed behind the segment. */
} tcpflow__view;

/* What is next: a base plus the number in its registry. */
#define TCPFLOW__SHOW_STOP  UINT32_C(0)
#define TCPFLOW__SHOW_ETHER UINT32_C(0x10000) /* EtherType. */
#define TCPFLOW__SHOW_IP    UINT32_C(0x20000) /* IP protocol. */
#define TCPFLOW__SHOW_PPP   UINT32_C(0x30000) /* PPP protocol. */
#define TCPFLOW__SHOW_LINK  UINT32_C(0x40000) /* LINKTYPE_. */
#define TCPFLOW__SHOW_LAYER UINT32_C(0x50000) /* A tcpflow_layer_type. */

/* One header; answers what is next. */
typedef uint32_t tcpflow__show(tcpflow__view *view);

/* Octets that may be read. */
static inline uint32_t tcpflow__view_there(const tcpflow__view *view) {
  return view->end - view->offset;
}

/* N octets, SKIP octets from here; NULL: they are not all there. */
static inline const uint8_t *tcpflow__view_at(const tcpflow__view *view,
                                              uint32_t skip, uint32_t n) {
  const uint32_t there = tcpflow__view_there(view);

  return skip > there || n > there - skip
           ? NULL
           : view->packet->bytes + view->offset + skip;
}

/* Goes N octets on, and never beyond the end. */
static inline void tcpflow__view_skip(tcpflow__view *view, uint32_t n) {
  const uint32_t there = tcpflow__view_there(view);

  view->offset += n < there ? n : there;
  view->length -= n;
}

/* Lets nothing be read N octets behind OFFSET, which is not behind here. */
static inline void tcpflow__view_limit(tcpflow__view *view, uint32_t offset,
                                       uint32_t n) {
  const uint32_t there = view->end - offset;

  view->end = n < there ? offset + n : view->end;
  view->offset = view->offset < view->end ? view->offset : view->end;
}

/* Writes that the header at hand is cut, and ends the walk. */
static inline uint32_t tcpflow__view_cut(const tcpflow__view *view) {
  tcpflow__put(view->line, " [|");
  tcpflow__put(view->line, view->name);
  tcpflow__put_char(view->line, ']');
  return TCPFLOW__SHOW_STOP;
}

/* Ends the walk with a word. */
static inline uint32_t tcpflow__view_stop(const tcpflow__view *view,
                                          const char *word) {
  tcpflow__put(view->line, word);
  return TCPFLOW__SHOW_STOP;
}

/* Writes a word and a number. */
static inline void tcpflow__put_word(tcpflow__line *line, const char *word,
                                     uint64_t number) {
  tcpflow__put(line, word);
  tcpflow__put_decimal(line, number);
}

static inline void tcpflow__put_hex_word(tcpflow__line *line, const char *word,
                                         uint64_t number, unsigned width) {
  tcpflow__put(line, word);
  tcpflow__put_hex(line, number, width);
}

/* Walks a frame. */
void tcpflow__view_walk(tcpflow__view *view);

#endif /* TCPFLOW__TEXT_VIEW_H */
