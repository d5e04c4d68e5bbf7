/*
 * lib/text/tidy.h - a pasted line as tcpdump had printed it.
 *
 * Room: text.  Includes: nothing of ours.
 */
#ifndef TCPFLOW__TEXT_TIDY_H
#define TCPFLOW__TEXT_TIDY_H

#include <stddef.h>

/* Octets of a line that are read; what stands behind them is payload. */
enum {
  TCPFLOW__TIDY_MAX = 4096
};

/*
 * Copies LENGTH octets into ROOM without what web pages, notes and terminals
 * put around and into a line: HTML's escapes become what they stand for, wide
 * forms of ASCII become ASCII, blanks and control characters become spaces,
 * terminal colours and Markdown's marks go.  Answers how many octets there are,
 * at most TCPFLOW__TIDY_MAX.
 */
size_t tcpflow__tidy(char room[TCPFLOW__TIDY_MAX], const char *line,
                     size_t length);

/* Is a line nothing but a Markdown fence? */
int tcpflow__is_fence(const char *line, size_t length);

#endif /* TCPFLOW__TEXT_TIDY_H */
