/*
 * lib/text/words.h - what a line says behind the addresses.
 *
 * Room: text.  Includes: options, wire.
 */
#ifndef TCPFLOW__TEXT_WORDS_H
#define TCPFLOW__TEXT_WORDS_H

#include "text/ends.h"
#include "text/optread.h"

/* Numbers are as they were printed; what is not there is 0. */
typedef struct tcpflow__words {
  unsigned flags;
  int has_seq;
  int has_ack;
  int has_checksum;
  tcpflow_seq seq;
  tcpflow_seq ack;
  uint32_t payload;
  uint16_t window;
  uint16_t urgent;
  uint16_t checksum;
  unsigned header;  /* Octets of the TCP header, where the line tells; 0: it
                       does not. */
  uint32_t segment; /* Octets of the segment, where the header is too short or
                       too long for it; 0: it is not. */
  unsigned there;   /* Octets of the header that were captured; 0: all. */
  tcpflow__option_list list;
} tcpflow__words;

/* Reads them.  Answers NULL, or what is wrong: an English phrase. */
const char *tcpflow__scan_words(tcpflow__scan text, tcpflow__line_shape shape,
                                tcpflow__words *words);

#endif /* TCPFLOW__TEXT_WORDS_H */
