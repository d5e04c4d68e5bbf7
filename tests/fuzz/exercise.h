/*
 * tests/fuzz/exercise.h - everything that the library does with one frame, and
 * what must be true of it whatever the frame is.
 *
 * A violation is told on standard error and ends the program with abort(),
 * unless somebody else wants to be told.
 */
#ifndef TCPFLOW_TESTS_EXERCISE_H
#define TCPFLOW_TESTS_EXERCISE_H

#include <tcpflow/tcpflow.h>

enum {
  EXERCISE_PRINTERS = 3
};

typedef struct exercise {
  tcpflow_printer *printer[EXERCISE_PRINTERS];
  tcpflow_text_reader *reader;
  tcpflow_tracker *tracker;
  tcpflow_frag *frag;
  uint64_t frames;  /* Decoded. */
  uint64_t packets; /* What they held. */
  uint64_t wholes;  /* Datagrams put together, and decoded. */
  uint64_t lines;   /* Printed, and read. */
  uint64_t broken;  /* Lines that were damaged, and read. */
  uint64_t octets;  /* Of payload that was handed out. */
  uint64_t sum;     /* Of those octets, so that they are looked at. */
} exercise;

/* NULL: abort. */
extern void (*exercise_violated)(const char *what);

void exercise_begin(exercise *all);

void exercise_end(exercise *all);

/* Decoding and all that needs no memory of other frames.  PACKET is what the
   frame decodes to. */
void exercise_decode(exercise *all, const tcpflow_frame *frame,
                     tcpflow_packet *packet);

/* The same, and the printers, the reader and the tracker. */
void exercise_frame(exercise *all, const tcpflow_frame *frame);

/* Reads the frame's line with each octet damaged, and cut at each. */
void exercise_line(exercise *all, const tcpflow_frame *frame);

/* CUT is decoded from fewer octets of what WHOLE was decoded from. */
void exercise_compare(const tcpflow_packet *cut, const tcpflow_packet *whole);

#endif /* TCPFLOW_TESTS_EXERCISE_H */
