/*
 * lib/text/tcpline.h - a line from the TCP ports on.
 *
 * Room: text.  Includes: decode, wire.
 */
#ifndef TCPFLOW__TEXT_TCPLINE_H
#define TCPFLOW__TEXT_TCPLINE_H

#include <tcpflow/packet.h>

#include "text/headline.h"

/* A segment's numbers as they shall be written. */
typedef struct tcpflow__numbers {
  tcpflow_seq seq;
  tcpflow_seq ack;
  tcpflow_seq sack_base;
} tcpflow__numbers;

/* Writes a segment, as much of it as is there, up to its payload's length. */
void tcpflow__put_segment(tcpflow__line *line, const tcpflow_packet *packet,
                          const tcpflow__extent *extent,
                          const tcpflow__numbers *n);

#endif /* TCPFLOW__TEXT_TCPLINE_H */
