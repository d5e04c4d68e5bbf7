/*
 * lib/text/timeread.h - when a line says that it was captured.
 *
 * Room: text.  Includes: nothing of ours.
 */
#ifndef TCPFLOW__TEXT_TIMEREAD_H
#define TCPFLOW__TEXT_TIMEREAD_H

#include <tcpflow/base.h>

#include "text/scan.h"

/* What the text before the addresses says. */
typedef struct tcpflow__moment {
  enum {
    TCPFLOW__MOMENT_NONE = 0,
    TCPFLOW__MOMENT_EPOCH, /* Since 1970: a number, or a date and a time. */
    TCPFLOW__MOMENT_CLOCK  /* A time of day, or a difference. */
  } kind;
  int negative;
  uint64_t ns;
} tcpflow__moment;

/* What came before: zeros at the beginning. */
typedef struct tcpflow__timeline {
  int begun;     /* A time of day was read. */
  int from_zero; /* The first one was 0: these are differences. */
  int stepping;  /* To the line before, not to the first one. */
  uint64_t days; /* How many midnights have passed. */
  uint64_t last; /* The latest time of day. */
  uint64_t sum;  /* Of all differences. */
  tcpflow_time now;
} tcpflow__timeline;

/* Reads the first time in a text, and the date before it. */
tcpflow__moment tcpflow__scan_moment(tcpflow__scan text);

/* What time a moment is, after those before it. */
tcpflow_time tcpflow__timeline_at(tcpflow__timeline *line,
                                  const tcpflow__moment *moment);

#endif /* TCPFLOW__TEXT_TIMEREAD_H */
