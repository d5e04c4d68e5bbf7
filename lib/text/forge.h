/*
 * lib/text/forge.h - a frame that says what a line said.
 *
 * Room: text.  Includes: decode.
 */
#ifndef TCPFLOW__TEXT_FORGE_H
#define TCPFLOW__TEXT_FORGE_H

#include <tcpflow/build.h>

#include "text/words.h"

enum {
  TCPFLOW__FORGE_MAX = 128 /* An IPv6 and a TCP header, with options. */
};

/* What stands before the addresses, and the link never tells. */
typedef struct tcpflow__ip_words {
  tcpflow_build_ip ip;
  uint32_t missing; /* Octets of the datagram that the frame did not have. */
} tcpflow__ip_words;

/* Reads it: -v prints `(tos 0x0, ttl 64, id 1, ...`. */
void tcpflow__scan_ip_words(tcpflow__scan before, tcpflow__ip_words *ip);

/*
 * Builds the headers in ROOM, and sets FRAME: bytes, lengths, link type.  The
 * numbers of WORDS are absolute.  Answers NULL, or what is wrong.
 */
const char *tcpflow__forge(uint8_t room[TCPFLOW__FORGE_MAX],
                           const tcpflow_tuple *tuple,
                           const tcpflow__ip_words *ip,
                           const tcpflow__words *words, tcpflow_frame *frame);

#endif /* TCPFLOW__TEXT_FORGE_H */
