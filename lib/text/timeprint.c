/*
 * lib/text/timeprint.c - times of day and dates, as tcpdump writes them.
 *
 * Room: text.  Includes: nothing of ours.  gmtime(3) may use static storage, so
 * the calendar is here.  It counts years from March on: the leap day is then
 * the last of a year, and the months before it have a regular pattern of
 * lengths, 153 days in five.
 */
#include "text/timeprint.h"

enum {
  DAY = 86400,     /* Seconds. */
  ERA_YEARS = 400, /* After which the calendar repeats. */
  ERA_DAYS = 146097,
  DAYS_TO_1970 = 719468 /* From 0000-03-01. */
};

static int64_t floor_div(int64_t a, int64_t b) {
  return a / b - (a % b < 0);
}

int64_t tcpflow__days_of_date(int64_t year, int64_t month, int64_t day) {
  const int64_t years = year - (month <= 2);
  const int64_t era = floor_div(years, ERA_YEARS);
  const int64_t in_era = years - era * ERA_YEARS;
  const int64_t months = month <= 2 ? month + 9 : month - 3;
  const int64_t in_year = (153 * months + 2) / 5 + day - 1;

  return era * ERA_DAYS + in_era * 365 + in_era / 4 - in_era / 100 + in_year -
         DAYS_TO_1970;
}

static void put_date(tcpflow__line *line, int64_t days) {
  const int64_t era = floor_div(days + DAYS_TO_1970, ERA_DAYS);
  const int64_t in_era = days + DAYS_TO_1970 - era * ERA_DAYS;
  const int64_t years =
    (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
  const int64_t in_year = in_era - (365 * years + years / 4 - years / 100);
  const int64_t months = (5 * in_year + 2) / 153;
  const int64_t month = months < 10 ? months + 3 : months - 9;

  tcpflow__put_padded(line, (uint64_t)(years + era * ERA_YEARS + (month <= 2)),
                      4);
  tcpflow__put_char(line, '-');
  tcpflow__put_padded(line, (uint64_t)month, 2);
  tcpflow__put_char(line, '-');
  tcpflow__put_padded(line, (uint64_t)(in_year - (153 * months + 2) / 5 + 1),
                      2);
  tcpflow__put_char(line, ' ');
}

static void put_day_time(tcpflow__line *line, uint64_t seconds) {
  tcpflow__put_padded(line, seconds / 3600, 2);
  tcpflow__put_char(line, ':');
  tcpflow__put_padded(line, seconds / 60 % 60, 2);
  tcpflow__put_char(line, ':');
  tcpflow__put_padded(line, seconds % 60, 2);
}

static void put_fraction(tcpflow__line *line, const tcpflow__clock *clock,
                         tcpflow_time time) {
  const uint64_t fraction = time % TCPFLOW_SECOND;

  tcpflow__put_char(line, '.');
  tcpflow__put_padded(line, clock->nanoseconds ? fraction : fraction / 1000,
                      clock->nanoseconds ? 9 : 6);
}

static void put_local(tcpflow__line *line, const tcpflow__clock *clock,
                      tcpflow_time time) {
  const int64_t local = (int64_t)(time / TCPFLOW_SECOND) + clock->zone;
  const int64_t days = floor_div(local, DAY);

  if (clock->style == TCPFLOW_TIME_STYLE_DATE) {
    put_date(line, days);
  }
  put_day_time(line, (uint64_t)(local - days * DAY));
  put_fraction(line, clock, time);
}

/* A clock that shows microseconds subtracts microseconds. */
static tcpflow_time shown(const tcpflow__clock *clock, tcpflow_time time) {
  return clock->nanoseconds ? time : time - time % 1000;
}

/* Like tcpdump's, a difference of more than a day starts again from 0. */
static void put_difference(tcpflow__line *line, const tcpflow__clock *clock,
                           tcpflow_time time) {
  const tcpflow_time from = shown(clock, clock->origin);
  const tcpflow_time to = shown(clock, time);
  const tcpflow_time difference = to < from ? from - to : to - from;

  tcpflow__put_char(line, to < from ? '-' : ' ');
  put_day_time(line, difference / TCPFLOW_SECOND % DAY);
  put_fraction(line, clock, difference);
}

void tcpflow__put_time(tcpflow__line *line, const tcpflow__clock *clock,
                       tcpflow_time time) {
  switch (clock->style) {
  case TCPFLOW_TIME_STYLE_OMITTED:
    return;
  case TCPFLOW_TIME_STYLE_EPOCH:
    tcpflow__put_decimal(line, time / TCPFLOW_SECOND);
    put_fraction(line, clock, time);
    break;
  case TCPFLOW_TIME_STYLE_DELTA:
  case TCPFLOW_TIME_STYLE_SINCE:
    put_difference(line, clock, time);
    break;
  case TCPFLOW_TIME_STYLE_CLOCK:
  case TCPFLOW_TIME_STYLE_DATE:
  default:
    put_local(line, clock, time);
    break;
  }
  tcpflow__put_char(line, ' ');
}
