/* tests/unit/text/test_timeprint.c - mirror of lib/text/timeprint.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <stdio.h>

#include "text/timeprint.h"

static const char *time_text(tcpflow_time_style style, int nanoseconds,
                             int32_t zone, tcpflow_time origin,
                             tcpflow_time time) {
  static char text[64];
  tcpflow__line line = {text, sizeof(text), 0};
  const tcpflow__clock clock = {style, nanoseconds, zone, origin};

  tcpflow__put_time(&line, &clock, time);
  (void)tcpflow__line_end(&line);
  return text;
}

/* What tcpdump 4.99.3 prints with -t to -ttttt, TZ=UTC. */
static void put_time__each_style__tcpdumps(void **state) {
  const tcpflow_time at = UINT64_C(1000000000) * TCPFLOW_SECOND + 5000;

  (void)state;
  assert_string_equal(time_text(TCPFLOW_TIME_STYLE_CLOCK, 0, 0, 0, at),
                      "01:46:40.000005 ");
  assert_string_equal(time_text(TCPFLOW_TIME_STYLE_OMITTED, 0, 0, 0, at), "");
  assert_string_equal(time_text(TCPFLOW_TIME_STYLE_EPOCH, 0, 0, 0, at),
                      "1000000000.000005 ");
  assert_string_equal(time_text(TCPFLOW_TIME_STYLE_DATE, 0, 0, 0, at),
                      "2001-09-09 01:46:40.000005 ");
  assert_string_equal(time_text(TCPFLOW_TIME_STYLE_DATE, 1, 0, 0, at),
                      "2001-09-09 01:46:40.000005000 ");
}

static void put_time__zones__local_time_and_date(void **state) {
  (void)state;
  assert_string_equal(time_text(TCPFLOW_TIME_STYLE_DATE, 0, -5 * 3600, 0, 0),
                      "1969-12-31 19:00:00.000000 ");
  assert_string_equal(time_text(TCPFLOW_TIME_STYLE_CLOCK, 0, 19800, 0, 0),
                      "05:30:00.000000 ");
}

/* Differences of a day and more start again; earlier ones have a sign. */
static void put_time__differences__modulo_a_day(void **state) {
  const tcpflow_time origin = UINT64_C(1000000000) * TCPFLOW_SECOND + 999999000;

  (void)state;
  assert_string_equal(time_text(TCPFLOW_TIME_STYLE_DELTA, 0, 0, origin,
                                UINT64_C(1000090000) * TCPFLOW_SECOND + 3000),
                      " 00:59:59.000004 ");
  assert_string_equal(
    time_text(TCPFLOW_TIME_STYLE_SINCE, 0, 3600, origin, origin - 999998000),
    "-00:00:00.999998 ");
}

/* 1.9 us and 2.1 us are 1 us apart where microseconds are shown. */
static void put_time__microseconds__subtracts_what_it_shows(void **state) {
  (void)state;
  assert_string_equal(time_text(TCPFLOW_TIME_STYLE_DELTA, 0, 0, 1900, 2100),
                      " 00:00:00.000001 ");
  assert_string_equal(time_text(TCPFLOW_TIME_STYLE_DELTA, 1, 0, 1900, 2100),
                      " 00:00:00.000000200 ");
}

static void days_of_date__two_centuries__counts_on(void **state) {
  static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int64_t days = 0;

  (void)state;
  for (int year = 1970; year < 2200; year++) {
    const int leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    for (int month = 1; month <= 12; month++) {
      const int length = lengths[month - 1] + (month == 2 && leap);

      for (int day = 1; day <= length; day++, days++) {
        char text[64];

        assert_int_equal(tcpflow__days_of_date(year, month, day), days);
        snprintf(text, sizeof(text), "%04d-%02d-%02d 00:00:00.000000 ", year,
                 month, day);
        assert_string_equal(
          time_text(TCPFLOW_TIME_STYLE_DATE, 0, 0, 0,
                    (tcpflow_time)days * 86400 * TCPFLOW_SECOND),
          text);
      }
    }
  }
}

static void put_time__the_last_time__fits(void **state) {
  (void)state;
  assert_string_equal(time_text(TCPFLOW_TIME_STYLE_DATE, 1, 0, 0, UINT64_MAX),
                      "2554-07-21 23:34:33.709551615 ");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(put_time__each_style__tcpdumps),
    cmocka_unit_test(put_time__zones__local_time_and_date),
    cmocka_unit_test(put_time__differences__modulo_a_day),
    cmocka_unit_test(put_time__microseconds__subtracts_what_it_shows),
    cmocka_unit_test(days_of_date__two_centuries__counts_on),
    cmocka_unit_test(put_time__the_last_time__fits),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
