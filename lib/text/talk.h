/*
 * lib/text/talk.h - lines that hold no TCP packet.
 *
 * Room: text.  Includes: nothing of ours.
 */
#ifndef TCPFLOW__TEXT_TALK_H
#define TCPFLOW__TEXT_TALK_H

#include "text/scan.h"

typedef enum tcpflow__talk {
  TCPFLOW__TALK_PROSE = 0,
  TCPFLOW__TALK_BLANK, /* Blanks, or a rule. */
  TCPFLOW__TALK_HEAD,  /* The first of two lines that tell of one packet. */
  TCPFLOW__TALK_OTHER  /* tcpdump's, of something else. */
} tcpflow__talk;

/* What a tidied line is that tells no sender and receiver of TCP. */
tcpflow__talk tcpflow__scan_talk(tcpflow__scan line);

#endif /* TCPFLOW__TEXT_TALK_H */
