/*
 * streams_files.h - files that are written in turns, of which few are open.
 *
 * Functions answer 0, or 1: that failed, and it was said.
 */
#ifndef EXAMPLES_STREAMS_FILES_H
#define EXAMPLES_STREAMS_FILES_H

#include <stdio.h>
#include <tcpflow/tcpflow.h>

/* The octets of one direction. */
typedef struct stream {
  struct stream *newer; /* Among those that are open. */
  struct stream *older;
  uint64_t written;   /* What the file holds. */
  uint64_t length;    /* Octets of the stream, holes included. */
  tcpflow_time first; /* When its octets were captured, ... */
  tcpflow_time last;  /* ... if there are any. */
  char *name;         /* NULL: there is no file. */
  int file;           /* -1: not open. */
  int cut;            /* Not 0: there was more than was wanted. */
} stream;

typedef struct connection {
  uint64_t number;
  stream side[2];
} connection;

typedef struct writer {
  uint64_t max_bytes;  /* Of a direction. */
  uint64_t open_files; /* At a time. */
  int fill;            /* Holes are zeros. */
  const char *name;    /* Of the capture. */
  FILE *index;
  stream *newest;
  stream *oldest;
  uint64_t open;
  uint64_t connections;
  int folder;
  int failed; /* Not 0: and it was said. */
} writer;

/* Says why, if nothing was said so far; 1. */
int fail(writer *to, const char *name);

/* Makes the folder if there is none, and the index in it. */
int open_folder(writer *to, const char *name);

/* Closes both; 0 if that failed. */
int close_folder(writer *to);

/* Gives a stream its name; FROM is who sends. */
int name_stream(writer *to, stream *s, uint64_t number,
                const tcpflow_conn *conn, tcpflow_side from);

/* Appends octets whose place in the file is PLACE: it may be behind the end,
   and there are zeros between. */
int write_octets(writer *to, stream *s, uint64_t place, const uint8_t *bytes,
                 size_t length);

int close_stream(writer *to, stream *s);

#endif /* EXAMPLES_STREAMS_FILES_H */
