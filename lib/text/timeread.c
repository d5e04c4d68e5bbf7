/*
 * lib/text/timeread.c - when a line says that it was captured.
 *
 * Room: text.  Includes: nothing of ours.  A line does not say which -t it was
 * printed with.  Dates and long numbers speak for themselves; times of day are
 * differences if the first one is exactly 0, and differences to the line before
 * as soon as one is smaller than that before it.
 */
#include "text/timeread.h"

#include <string.h>

#include "text/timeprint.h"

enum {
  DAY = 86400, /* Seconds. */
  HOUR = 3600
};

#define NS_OF_DAY (DAY * TCPFLOW_SECOND)

/* Up to nine digits behind the point are nanoseconds; more are dropped. */
static uint64_t scan_fraction(tcpflow__scan *at) {
  uint64_t ns = 0;
  uint64_t unit = TCPFLOW_SECOND;
  tcpflow__scan ahead = *at;

  if ((!tcpflow__scan_char(&ahead, '.') && !tcpflow__scan_char(&ahead, ',')) ||
      !tcpflow__is_digit(tcpflow__scan_peek(&ahead))) {
    return 0;
  }
  for (; tcpflow__is_digit(tcpflow__scan_peek(&ahead)); ahead.text++) {
    unit /= 10;
    ns += unit * (uint64_t)(*ahead.text - '0');
  }
  *at = ahead;
  return ns;
}

/* 16:29:59.847444 */
static int scan_day_time(tcpflow__scan *at, uint64_t *ns) {
  uint64_t hours;
  uint64_t minutes;
  uint64_t seconds;
  tcpflow__scan ahead = *at;

  if (!tcpflow__scan_decimal(&ahead, 24, &hours) ||
      !tcpflow__scan_char(&ahead, ':') ||
      !tcpflow__scan_decimal(&ahead, 59, &minutes) ||
      !tcpflow__scan_char(&ahead, ':') ||
      !tcpflow__scan_decimal(&ahead, 60, &seconds)) {
    return 0;
  }
  *ns = (hours * HOUR + minutes * 60 + seconds) * TCPFLOW_SECOND;
  *ns += scan_fraction(&ahead);
  *at = ahead;
  return 1;
}

static int scan_date_mark(tcpflow__scan *at) {
  return tcpflow__scan_char(at, '-') || tcpflow__scan_char(at, '/');
}

/* 2020-01-13 and 2020/01/13, as days since 1970. */
static int scan_date(tcpflow__scan *at, uint64_t *days) {
  uint64_t year;
  uint64_t month;
  uint64_t day;
  tcpflow__scan ahead = *at;

  if (!tcpflow__scan_decimal(&ahead, 2500, &year) || year < 1970) {
    return 0;
  }
  if (!scan_date_mark(&ahead) || !tcpflow__scan_decimal(&ahead, 12, &month) ||
      !scan_date_mark(&ahead) || !tcpflow__scan_decimal(&ahead, 31, &day) ||
      month == 0 || day == 0) {
    return 0;
  }
  *days = (uint64_t)tcpflow__days_of_date((int64_t)year, (int64_t)month,
                                          (int64_t)day);
  *at = ahead;
  return 1;
}

/* 1578930666.676845; a number without a point may number the lines. */
static int scan_epoch(tcpflow__scan *at, uint64_t *ns) {
  uint64_t seconds;
  tcpflow__scan ahead = *at;

  if (!tcpflow__scan_decimal(&ahead, UINT64_C(16000000000), &seconds) ||
      tcpflow__scan_peek(&ahead) != '.') {
    return 0;
  }
  const char *const point = ahead.text;

  *ns = seconds * TCPFLOW_SECOND + scan_fraction(&ahead);
  if (ahead.text == point) {
    return 0;
  }
  *at = ahead;
  return 1;
}

/* The next word, without brackets and stops around it; 0: there is none. */
static int next_word(tcpflow__scan *text, tcpflow__scan *word) {
  static const char around[] = "()[]{}<>\"',;";

  tcpflow__scan_spaces(text);
  *word = *text;
  while (tcpflow__scan_left(text) > 0 && *text->text != ' ') {
    text->text++;
  }
  word->end = text->text;
  while (tcpflow__scan_left(word) > 0 && strchr(around, *word->text) != NULL) {
    word->text++;
  }
  while (tcpflow__scan_left(word) > 0 &&
         strchr(around, word->end[-1]) != NULL) {
    word->end--;
  }
  return word->end != word->text || tcpflow__scan_left(text) > 0;
}

/* Nothing else stands in the word. */
static int is_over(tcpflow__scan *word) {
  (void)tcpflow__scan_char(word, 'Z');
  (void)tcpflow__scan_char(word, ':');
  return tcpflow__scan_left(word) == 0;
}

static int scan_word(tcpflow__scan word, uint64_t *days,
                     tcpflow__moment *moment) {
  tcpflow__scan at = word;

  if (scan_date(&at, days) && !tcpflow__scan_char(&at, 'T')) {
    return 0; /* The time follows in the next word. */
  }
  moment->negative = tcpflow__scan_char(&at, '-');
  if (scan_day_time(&at, &moment->ns) && is_over(&at)) {
    moment->kind = TCPFLOW__MOMENT_CLOCK;
    return 1;
  }
  at = word;
  if (scan_epoch(&at, &moment->ns) && is_over(&at)) {
    moment->kind = TCPFLOW__MOMENT_EPOCH;
    return 1;
  }
  return 0;
}

tcpflow__moment tcpflow__scan_moment(tcpflow__scan text) {
  tcpflow__moment moment = {TCPFLOW__MOMENT_NONE, 0, 0};
  uint64_t days = UINT64_MAX;
  tcpflow__scan word;

  while (next_word(&text, &word)) {
    if (scan_word(word, &days, &moment)) {
      if (moment.kind == TCPFLOW__MOMENT_CLOCK && days != UINT64_MAX) {
        moment = (tcpflow__moment){TCPFLOW__MOMENT_EPOCH, 0,
                                   days * NS_OF_DAY + moment.ns};
      }
      return moment;
    }
  }
  return (tcpflow__moment){TCPFLOW__MOMENT_NONE, 0, 0};
}

/* Packets may be a little out of order, so only a long way back is midnight,
   and only a very long way ahead is the day before. */
static tcpflow_time at_clock(tcpflow__timeline *line, uint64_t ns) {
  if (line->last > ns && line->last - ns > NS_OF_DAY / 2) {
    line->days++;
  } else if (ns > line->last && line->days > 0 &&
             ns - line->last > NS_OF_DAY - HOUR * TCPFLOW_SECOND) {
    line->days--;
  }
  return line->days * NS_OF_DAY + ns;
}

static tcpflow_time at_difference(tcpflow__timeline *line,
                                  const tcpflow__moment *moment) {
  if (moment->negative) {
    line->sum -= moment->ns < line->sum ? moment->ns : line->sum;
  } else {
    line->sum += moment->ns;
  }
  if (moment->negative || moment->ns < line->last) {
    line->stepping = 1;
  }
  return line->stepping ? line->sum : moment->ns;
}

tcpflow_time tcpflow__timeline_at(tcpflow__timeline *line,
                                  const tcpflow__moment *moment) {
  if (moment->kind == TCPFLOW__MOMENT_EPOCH) {
    line->now = moment->ns;
  }
  if (moment->kind != TCPFLOW__MOMENT_CLOCK) {
    return line->now;
  }
  if (!line->begun) {
    line->begun = 1;
    line->from_zero = moment->ns == 0;
    line->last = moment->ns;
  }
  line->now =
    line->from_zero ? at_difference(line, moment) : at_clock(line, moment->ns);
  line->last = moment->ns;
  return line->now;
}
