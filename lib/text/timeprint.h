/*
 * lib/text/timeprint.h - times of day and dates, as tcpdump writes them.
 *
 * Room: text.  Includes: nothing of ours.
 */
#ifndef TCPFLOW__TEXT_TIMEPRINT_H
#define TCPFLOW__TEXT_TIMEPRINT_H

#include <tcpflow/base.h>
#include <tcpflow/text.h>

#include "text/line.h"

/* What one line needs to know to write its time. */
typedef struct tcpflow__clock {
  tcpflow_time_style style;
  int nanoseconds;     /* Not 0: nine decimals, otherwise six. */
  int32_t zone;        /* Seconds east of Greenwich. */
  tcpflow_time origin; /* For the styles that tell a difference. */
} tcpflow__clock;

/* Writes a time and the space behind it; nothing, in the style without. */
void tcpflow__put_time(tcpflow__line *line, const tcpflow__clock *clock,
                       tcpflow_time time);

/* Days from 1970-01-01 to a date of the Gregorian calendar, in year 0 to
   9999; months and days may be too large and count on. */
int64_t tcpflow__days_of_date(int64_t year, int64_t month, int64_t day);

#endif /* TCPFLOW__TEXT_TIMEPRINT_H */
