/* tests/unit/text/test_timeread.c - mirror of lib/text/timeread.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "text/timeread.h"

static tcpflow_time at(tcpflow__timeline *line, const char *text) {
  const tcpflow__moment moment =
    tcpflow__scan_moment((tcpflow__scan){text, text + strlen(text)});

  return tcpflow__timeline_at(line, &moment);
}

static void moment__every_style__its_time(void **state) {
  tcpflow__timeline line = {0};

  (void)state;
  assert_int_equal(at(&line, "1578930666.676845 IP"),
                   UINT64_C(1578930666676845000));
  assert_int_equal(at(&line, "2020-01-13 15:51:06.676845 IP"),
                   UINT64_C(1578930666676845000));
  assert_int_equal(at(&line, "[2020/01/13 15:51:06,676] IP"),
                   UINT64_C(1578930666676000000));
  assert_int_equal(at(&line, "2020-01-13T15:51:06Z IP"),
                   UINT64_C(1578930666000000000));
  assert_int_equal(at(&line, "    1  15:51:06.676845123 IP"),
                   UINT64_C(57066676845123));
  assert_int_equal(at(&line, "IP 10.0.0.1.80"), UINT64_C(57066676845123));
}

static void moment__addresses_and_numbers__no_time(void **state) {
  static const char *const none[] = {
    "10.0.0.1.80", "aa:bb:cc:dd:ee:ff", "12:34:56:78:9a:bc", "1.",
    "1 2",         "25:00:00",          "10:60:00",          "2020-13-01"};

  (void)state;
  for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
    assert_int_equal(
      tcpflow__scan_moment((tcpflow__scan){none[i], none[i] + strlen(none[i])})
        .kind,
      TCPFLOW__MOMENT_NONE);
  }
}

static void timeline__past_midnight__the_next_day(void **state) {
  tcpflow__timeline line = {0};
  const tcpflow_time day = 86400 * TCPFLOW_SECOND;

  (void)state;
  assert_int_equal(at(&line, "23:59:59.5"), day - TCPFLOW_SECOND / 2);
  assert_int_equal(at(&line, "00:00:00.5"), day + TCPFLOW_SECOND / 2);
  assert_int_equal(at(&line, "23:59:59.9"), day - TCPFLOW_SECOND / 10);
  assert_int_equal(at(&line, "00:00:01"), day + TCPFLOW_SECOND);
  assert_int_equal(at(&line, "00:00:00.9"), day + 900 * TCPFLOW_MILLISECOND);
}

/* -ttttt: since the first line. */
static void timeline__begins_at_zero__since_the_first_line(void **state) {
  tcpflow__timeline line = {0};

  (void)state;
  assert_int_equal(at(&line, " 00:00:00.000000 IP"), 0);
  assert_int_equal(at(&line, " 00:00:00.127521 IP"), 127521000);
  assert_int_equal(at(&line, " 00:00:00.127609 IP"), 127609000);
}

/* -ttt: since the line before; a smaller number shows it. */
static void timeline__smaller_after_zero__since_the_line_before(void **state) {
  tcpflow__timeline line = {0};

  (void)state;
  assert_int_equal(at(&line, " 00:00:00.000000 IP"), 0);
  assert_int_equal(at(&line, " 00:00:00.127521 IP"), 127521000);
  assert_int_equal(at(&line, " 00:00:00.000087 IP"), 127608000);
  assert_int_equal(at(&line, " 00:00:01.000000 IP"), 1127608000);
  assert_int_equal(at(&line, "-00:00:00.000008 IP"), 1127600000);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(moment__every_style__its_time),
    cmocka_unit_test(moment__addresses_and_numbers__no_time),
    cmocka_unit_test(timeline__past_midnight__the_next_day),
    cmocka_unit_test(timeline__begins_at_zero__since_the_first_line),
    cmocka_unit_test(timeline__smaller_after_zero__since_the_line_before),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
