/*
 * lib/text/forge.h - a frame that says what a line said.
 *
 * Room: text.  Includes: decode.
 */
#ifndef TCPFLOW__TEXT_FORGE_H
#define TCPFLOW__TEXT_FORGE_H

#include <tcpflow/build.h>

#include "text/ipwords.h"
#include "text/words.h"

enum {
  TCPFLOW__FORGE_MAX = 128 /* An IP and a TCP header, both with options. */
};

/*
 * Builds the headers in ROOM, and sets FRAME: bytes, lengths, link type.  The
 * numbers of WORDS are absolute.  Answers NULL, or what is wrong.
 */
const char *tcpflow__forge(uint8_t room[TCPFLOW__FORGE_MAX],
                           const tcpflow_tuple *tuple,
                           const tcpflow__ip_words *ip,
                           const tcpflow__words *words, tcpflow_frame *frame);

#endif /* TCPFLOW__TEXT_FORGE_H */
