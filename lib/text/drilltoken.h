/*
 * lib/text/drilltoken.h - tokens of packetdrill's notation.
 *
 * Room: text.  Includes: nothing of ours.  Spaces may stand between any two.
 */
#ifndef TCPFLOW__TEXT_DRILLTOKEN_H
#define TCPFLOW__TEXT_DRILLTOKEN_H

#include <string.h>

#include "text/scan.h"

/* Takes a sign, and the spaces around it. */
static inline int tcpflow__drill_take_sign(tcpflow__scan *scan, char sign) {
  tcpflow__scan_spaces(scan);
  if (!tcpflow__scan_char(scan, sign)) {
    return 0;
  }
  tcpflow__scan_spaces(scan);
  return 1;
}

/* Takes a word, and the spaces around it. */
static inline int tcpflow__drill_take_word(tcpflow__scan *scan,
                                           const char *word) {
  tcpflow__scan_spaces(scan);
  if (!tcpflow__scan_word(scan, word)) {
    return 0;
  }
  tcpflow__scan_spaces(scan);
  return 1;
}

/* Takes everything up to the next space. */
static inline tcpflow__scan tcpflow__drill_take_token(tcpflow__scan *scan) {
  tcpflow__scan token = *scan;

  while (tcpflow__scan_left(scan) > 0 && *scan->text != ' ') {
    scan->text++;
  }
  token.end = scan->text;
  return token;
}

/* Goes behind the next SIGN, and the spaces there; answers 0 if there is none.
 */
static inline int tcpflow__drill_skip_to(tcpflow__scan *scan, char sign) {
  const char *const found = memchr(scan->text, sign, tcpflow__scan_left(scan));

  if (found == NULL) {
    return 0;
  }
  scan->text = found + 1;
  tcpflow__scan_spaces(scan);
  return 1;
}

#endif /* TCPFLOW__TEXT_DRILLTOKEN_H */
