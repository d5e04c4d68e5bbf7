/*
 * lib/text/optread.h - a list of TCP options, back from text.
 *
 * Room: text.  Includes: options, wire.
 */
#ifndef TCPFLOW__TEXT_OPTREAD_H
#define TCPFLOW__TEXT_OPTREAD_H

#include <tcpflow/options.h>

#include "text/scan.h"

/* How the text of a list ends. */
typedef enum tcpflow__list_end {
  TCPFLOW__LIST_WHOLE = 0, /* With its bracket. */
  TCPFLOW__LIST_BAD,       /* `[bad opt]`. */
  TCPFLOW__LIST_CUT        /* `[|tcp]`: the capture ends in the list. */
} tcpflow__list_end;

/* The octets of a list. */
typedef struct tcpflow__option_list {
  uint8_t octets[TCPFLOW_OPTIONS_MAX + 1];
  unsigned length; /* Octets that the text tells of. */
  unsigned needed; /* Octets that the longest claim reaches to. */
  unsigned soft;   /* Where an option starts whose length the text hides. */
  tcpflow__list_end end;
  unsigned sacks[4]; /* Where SACK options start. */
  unsigned sack_count;
} tcpflow__option_list;

/*
 * Reads a list from behind its opening bracket to behind CLOSE.  FLAGS are the
 * segment's.  Answers NULL, or what is wrong with it: an English phrase.
 */
const char *tcpflow__scan_options(tcpflow__scan *scan, char close,
                                  unsigned flags, tcpflow__option_list *list);

/* Octets of the header that the list takes: a multiple of four. */
unsigned tcpflow__option_list_size(const tcpflow__option_list *list);

/* The left edge of the first SACK block; 0 if there is none. */
int tcpflow__option_list_sack(const tcpflow__option_list *list,
                              tcpflow_seq *left);

/* Adds BASE to the edges of all SACK blocks. */
void tcpflow__option_list_rebase(tcpflow__option_list *list, tcpflow_seq base);

/*
 * Reads the data of a Multipath TCP option, from its length on, into ROOM
 * octets at OPTION.  Answers how many octets the option has; 0: it cannot be
 * read.
 */
unsigned tcpflow__scan_mptcp(tcpflow__scan *scan, unsigned flags,
                             uint8_t *option, unsigned room);

#endif /* TCPFLOW__TEXT_OPTREAD_H */
