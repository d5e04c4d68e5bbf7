/*
 * lib/text/headline.h - a line up to the TCP ports: link layer and IP.
 *
 * Room: text.  Includes: decode.
 */
#ifndef TCPFLOW__TEXT_HEADLINE_H
#define TCPFLOW__TEXT_HEADLINE_H

#include <tcpflow/packet.h>

#include "text/line.h"

/*
 * A datagram as tcpdump sees it: it believes the length in the IP header, even
 * where the frame on the wire was shorter.
 */
typedef struct tcpflow__extent {
  uint32_t length;  /* Octets of the datagram, by its header. */
  uint32_t missing; /* How many of them the frame did not have. */
  uint32_t end;     /* In the frame: behind the last captured one. */
} tcpflow__extent;

/* The extent of a packet whose IP header was read. */
tcpflow__extent tcpflow__extent_of(const tcpflow_packet *packet);

/* Answers 0 for a frame of which nothing was captured, and writes all of its
   line; tcpdump gives it no time. */
int tcpflow__put_empty_frame(tcpflow__line *line, const tcpflow_packet *packet);

/*
 * Writes what stands before the ports: `IP `.  Answers 0 if the packet ends
 * before TCP begins, and then writes all of the line.
 */
int tcpflow__put_headline(tcpflow__line *line, const tcpflow_packet *packet,
                          const tcpflow__extent *extent);

/* Writes `sender > receiver`, without ports. */
void tcpflow__put_ends(tcpflow__line *line, const tcpflow_tuple *tuple);

#endif /* TCPFLOW__TEXT_HEADLINE_H */
