/* tests/unit/text/test_flags.c - mirror of lib/text/flags.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <tcpflow/text.h>

#include "text/flags.h"

static void flags__each_alone__its_letter(void **state) {
  static const char letters[] = "FSRP.UEWe";
  char text[16];

  (void)state;
  for (unsigned i = 0; i < 9; i++) {
    assert_int_equal(tcpflow_text_flags(text, sizeof(text), 1U << i), 1);
    assert_int_equal(text[0], letters[i]);
    assert_int_equal(text[1], 0);
  }
}

/* tcpdump's order is F S R P . U E W e. */
static void flags__all_and_none__tcpdumps_order(void **state) {
  char text[16];

  (void)state;
  assert_int_equal(tcpflow_text_flags(text, sizeof(text), TCPFLOW_FLAGS_ALL),
                   9);
  assert_string_equal(text, "FSRP.UEWe");
  assert_int_equal(tcpflow_text_flags(text, sizeof(text), 0), 4);
  assert_string_equal(text, "none");
  assert_int_equal(tcpflow_text_flags(text, 3, 0), 4);
  assert_string_equal(text, "no");
}

static void scan_flags__all_512__the_same_flags(void **state) {
  (void)state;
  for (unsigned flags = 0; flags <= TCPFLOW_FLAGS_ALL; flags++) {
    char text[16];
    const size_t length = tcpflow_text_flags(text, sizeof(text), flags);
    tcpflow__scan scan = {text, text + length};
    unsigned back = 0xffff;

    assert_true(tcpflow__scan_flags(&scan, &back));
    assert_int_equal(back, flags);
    assert_int_equal(tcpflow__scan_left(&scan), 0);
  }
}

static void scan_flags__no_flags__nothing_taken(void **state) {
  tcpflow__scan scan = {"xS", NULL};
  unsigned flags = 7;

  (void)state;
  scan.end = scan.text + 2;
  assert_false(tcpflow__scan_flags(&scan, &flags));
  assert_int_equal(flags, 7);
  assert_int_equal(tcpflow__scan_left(&scan), 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(flags__each_alone__its_letter),
    cmocka_unit_test(flags__all_and_none__tcpdumps_order),
    cmocka_unit_test(scan_flags__all_512__the_same_flags),
    cmocka_unit_test(scan_flags__no_flags__nothing_taken),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
