/*
 * lib/text/pattern.h - octets as text by a pattern, and back by the same.
 *
 * Room: text.  Includes: nothing of ours.  One string says how a field is
 * written and how it is read, so the two cannot drift apart.  All of a pattern
 * stands for itself but:
 *
 *   %1 %2 %4 %8  a decimal number of so many octets
 *   %h %t %k     the same in hexadecimal with 0x: 2, 4, 8 octets
 *   %x           one octet, two hexadecimal digits
 *   %m           20 octets, two hexadecimal digits each
 *   %a %A        an IPv4, an IPv6 address
 *   %u           no octets: the two before them as a user timeout in seconds
 */
#ifndef TCPFLOW__TEXT_PATTERN_H
#define TCPFLOW__TEXT_PATTERN_H

#include "text/line.h"
#include "text/scan.h"

/* Writes OCTETS, as many as the form takes. */
void tcpflow__put_pattern(tcpflow__line *line, const char *form,
                          const uint8_t *octets);

/*
 * Reads as many octets as the form takes into OCTETS, and takes the text.  A
 * space of the form is any number of spaces.  Answers 0, with nothing taken, if
 * the text is not like that; OCTETS then holds anything.  It may be NULL for a
 * form without octets.
 */
int tcpflow__scan_pattern(tcpflow__scan *scan, const char *form,
                          uint8_t *octets);

#endif /* TCPFLOW__TEXT_PATTERN_H */
