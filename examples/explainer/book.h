/*
 * examples/explainer/book.h - all connections of an input, a chapter each.
 *
 * Chapters stand in the order in which their connections begin.  Each is
 * written as soon as it and all before it have ended, so that the program
 * explains a live stream while it goes on.
 */
#ifndef EXPLAINER_BOOK_H
#define EXPLAINER_BOOK_H

#include "explainer/liner.h"
#include "explainer/page.h"
#include "explainer/story.h"

/* What became of a connection, as the table at the end counts it. */
enum outcome {
  OUTCOME_FIN,
  OUTCOME_RESET,
  OUTCOME_REFUSED,
  OUTCOME_UNANSWERED,
  OUTCOME_OPEN,
  OUTCOME_OTHER,
  OUTCOME_COUNT
};

struct book {
  tcpflow_tracker *tracker;
  struct page *page;
  struct liner liner;
  struct story *first; /* Chapters that are not written yet, in order. */
  struct story **end;  /* Where the next one is hung in. */
  uint64_t max;        /* How many get a chapter. */
  uint64_t connections;
  uint64_t outcomes[OUTCOME_COUNT];
};

/* Answers a tcpflow_error.  `text` reads the input, or NULL for a capture. */
int book_open(struct book *book, struct page *page, uint64_t max,
              const tcpflow_text_reader *text);

/* Reads a frame; answers a tcpflow_error. */
int book_read(struct book *book, const tcpflow_frame *frame);

/* Ends what is still open and writes what is left to write; answers a
 * tcpflow_error. */
int book_finish(struct book *book);

void book_close(struct book *book);

#endif
