/*
 * lib/text/optprint.h - a list of TCP options as tcpdump writes it.
 *
 * Room: text.  Includes: wire.
 */
#ifndef TCPFLOW__TEXT_OPTPRINT_H
#define TCPFLOW__TEXT_OPTPRINT_H

#include <tcpflow/wire.h>

#include "text/line.h"

/* What is to be written. */
typedef struct tcpflow__option_source {
  const uint8_t *octets; /* Of the list, and of the payload behind it. */
  size_t there;          /* How many of them can be read. */
  unsigned length;       /* Of the list. */
  unsigned flags;        /* Of the segment. */
  tcpflow_seq sack_base; /* What SACK blocks are told from. */
  int whole;             /* Not 0: the whole segment was captured. */
} tcpflow__option_source;

/* Writes a list, from its `[` to its `]`.  Answers 0 if tcpdump gives up in
   the middle: the line ends there. */
int tcpflow__put_options(tcpflow__line *line,
                         const tcpflow__option_source *source);

/*
 * Writes the data of a Multipath TCP option: LENGTH octets at OPTION, its kind
 * included.  Answers 0 if tcpdump calls it bad.
 */
int tcpflow__put_mptcp(tcpflow__line *line, const uint8_t *option,
                       unsigned length, unsigned flags);

#endif /* TCPFLOW__TEXT_OPTPRINT_H */
