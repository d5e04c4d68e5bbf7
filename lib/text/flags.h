/*
 * lib/text/flags.h - TCP flags as tcpdump writes them, and back.
 *
 * Room: text.  Includes: nothing of ours.
 */
#ifndef TCPFLOW__TEXT_FLAGS_H
#define TCPFLOW__TEXT_FLAGS_H

#include "text/line.h"
#include "text/scan.h"

/* Writes #tcpflow_flag bits: `S.`, `none`. */
void tcpflow__put_flags(tcpflow__line *line, unsigned flags);

/* Reads them, in any order; 0, and nothing taken, if there are none. */
int tcpflow__scan_flags(tcpflow__scan *scan, unsigned *flags);

#endif /* TCPFLOW__TEXT_FLAGS_H */
