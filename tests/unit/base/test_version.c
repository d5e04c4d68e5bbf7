/* tests/unit/base/test_version.c - mirror of lib/base/version.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <tcpflow/version.h>

static void version__header_and_library_of_one_build__agree(void **state) {
  uint32_t number = 0;

  (void)state;
  assert_string_equal(tcpflow_version(&number), TCPFLOW_VERSION_STRING);
  assert_int_equal(number, TCPFLOW_VERSION_NUMBER);
}

static void version__number_not_wanted__string_only(void **state) {
  (void)state;
  assert_string_equal(tcpflow_version(NULL), TCPFLOW_VERSION_STRING);
}

static void version__string__says_the_same_as_the_number(void **state) {
  const unsigned number = TCPFLOW_VERSION_NUMBER;
  char text[32];

  (void)state;
  snprintf(text, sizeof(text), "%u.%u.%u", number >> 16, (number >> 8) & 0xffU,
           number & 0xffU);
  assert_memory_equal(text, tcpflow_version(NULL), strlen(text));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(version__header_and_library_of_one_build__agree),
    cmocka_unit_test(version__number_not_wanted__string_only),
    cmocka_unit_test(version__string__says_the_same_as_the_number),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
