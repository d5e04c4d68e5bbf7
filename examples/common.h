/*
 * examples/common.h - where the example programs get their frames from.
 *
 * A source is a capture (pcap or pcapng, read with libpcap) or text as tcpdump
 * prints it; the first octets tell which.  Whatever is wrong is said in one
 * line on standard error, with the name of the file, after everything that came
 * before it was handed out.
 */
#ifndef EXAMPLES_COMMON_H
#define EXAMPLES_COMMON_H

#include <tcpflow/tcpflow.h>

typedef struct source source;

/*
 * Opens a file; "-" is standard input.  NULL: it cannot be used, and PROGRAM
 * has said why.  Both names stay borrowed.
 */
source *source_open(const char *program, const char *name);

/*
 * The next frame: 1, and FRAME is set; its bytes are valid until the next call,
 * and its number counts frames from 1.  0: that was all.  -1: what is left
 * cannot be read, and that was said.
 */
int source_next(source *from, tcpflow_frame *frame);

/* What reads the text, and knows its host names; NULL for a capture. */
const tcpflow_text_reader *source_text(const source *from);

/* From now on says which lines of text are skipped because they hold no TCP
   packet: their numbers, in ranges. */
void source_tell_skipped(source *from);

/* The latest line of text as it was read, and its number from 1; NULL and 0 for
   a capture. */
const char *source_line(const source *from, uint64_t *number);

/* How many lines of text begin as a TCP packet's do and could not be read. */
uint64_t source_broken_lines(const source *from);

/* Releases a source; it may be NULL. */
void source_close(source *from);

/* How far local time is ahead of Greenwich, in seconds: the library knows no
   time zone, but the C library does. */
int32_t local_zone(tcpflow_time when);

/* A policy by its name: who wins where octets differ, what becomes of urgent
   ones, when octets are told.  "help" lists the names; then, and where there is
   no such policy, the program ends. */
uint32_t overlap_named(const char *program, const char *name);
uint32_t urgent_named(const char *program, const char *name);
uint32_t delivery_named(const char *program, const char *name);

/* Seconds, with decimals, or "never"; where they are neither, the program
   ends. */
tcpflow_time wait_named(const char *program, const char *name);

/* Says in one line what is wrong with a file. */
void complain(const char *program, const char *name, const char *problem);

/* Writes out what was printed; 0 if that failed, which was said. */
int finish_output(const char *program);

#endif /* EXAMPLES_COMMON_H */
