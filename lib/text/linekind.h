/*
 * lib/text/linekind.h - lines that hold no TCP packet.
 *
 * Room: text.  Includes: nothing of ours.
 */
#ifndef TCPFLOW__TEXT_LINEKIND_H
#define TCPFLOW__TEXT_LINEKIND_H

#include "text/scan.h"

typedef enum tcpflow__line_kind {
  TCPFLOW__LINE_KIND_PROSE = 0,
  TCPFLOW__LINE_KIND_BLANK, /* Blanks, or a rule. */
  TCPFLOW__LINE_KIND_HEAD, /* The first of two lines that tell of one packet. */
  TCPFLOW__LINE_KIND_OTHER /* tcpdump's, of something else. */
} tcpflow__line_kind;

/* What a tidied line is that tells no sender and receiver of TCP. */
tcpflow__line_kind tcpflow__kind_of_line(tcpflow__scan line);

#endif /* TCPFLOW__TEXT_LINEKIND_H */
