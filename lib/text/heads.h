/*
 * lib/text/heads.h - lines before the one that tells a packet's segment.
 *
 * Room: text.  Includes: decode.  -v prints the IP header on a line of its own,
 * and a tunnel what it carries; only the first line of a packet has its time.
 */
#ifndef TCPFLOW__TEXT_HEADS_H
#define TCPFLOW__TEXT_HEADS_H

#include "text/ipwords.h"
#include "text/timeread.h"

/* What they told; zeros at the beginning. */
typedef struct tcpflow__heads {
  int any;    /* There are some. */
  int tunnel; /* The latest is followed by one that is not indented. */
  tcpflow__moment when;
  tcpflow__ip_words ip;
} tcpflow__heads;

/* Adds a line that tells no segment; one that begins a packet forgets what was
   before. */
void tcpflow__heads_add(tcpflow__heads *heads, tcpflow__scan line);

/*
 * Adds the text before a segment's addresses, START being that of its line.
 * Answers non-zero if an ICMP error quotes it, and all that was told.
 */
int tcpflow__heads_end(tcpflow__heads *heads, tcpflow__scan before,
                       tcpflow__moment *when, tcpflow__ip_words *ip);

#endif /* TCPFLOW__TEXT_HEADS_H */
