/*
 * lib/text/ends.h - where a line tells sender and receiver.
 *
 * Room: text.  Includes: nothing of ours.
 */
#ifndef TCPFLOW__TEXT_ENDS_H
#define TCPFLOW__TEXT_ENDS_H

#include "text/scan.h"

/* What follows behind them. */
typedef enum tcpflow__line_shape {
  TCPFLOW__SHAPE_NONE = 0, /* They were not found. */
  TCPFLOW__SHAPE_FLAGS,    /* `Flags [`; `behind` starts behind the bracket. */
  TCPFLOW__SHAPE_OLD,   /* Flags without brackets, as tcpdump 3 wrote them. */
  TCPFLOW__SHAPE_SHORT, /* `tcp 8 [bad hdr length 16 - too short, < 20]`. */
  TCPFLOW__SHAPE_CUT,   /* `[|tcp]`. */
  TCPFLOW__SHAPE_QUIET, /* `tcp 8`, of -q. */
  TCPFLOW__SHAPE_OTHER  /* Another protocol. */
} tcpflow__line_shape;

typedef struct tcpflow__ends {
  tcpflow__scan before;  /* The text before them. */
  tcpflow__scan host[2]; /* Sender, receiver. */
  tcpflow__scan port[2]; /* Empty for TCPFLOW__SHAPE_OTHER. */
  tcpflow__scan behind;  /* The text behind them. */
} tcpflow__ends;

/* Finds them in a tidied line. */
tcpflow__line_shape tcpflow__find_ends(tcpflow__scan line, tcpflow__ends *ends);

#endif /* TCPFLOW__TEXT_ENDS_H */
