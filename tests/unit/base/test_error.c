/* tests/unit/base/test_error.c - mirror of lib/base/error.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <limits.h>
#include <string.h>

#include <tcpflow/base.h>

static const int errors[] = {
  TCPFLOW_OK,           TCPFLOW_ERR_INVALID, TCPFLOW_ERR_STATE,
  TCPFLOW_ERR_VERSION,  TCPFLOW_ERR_NOMEM,   TCPFLOW_ERR_LIMIT,
  TCPFLOW_ERR_CALLBACK,
};

enum {
  ERRORS = sizeof(errors) / sizeof(errors[0])
};

static void strerror__every_error__has_its_own_phrase(void **state) {
  (void)state;
  for (size_t i = 0; i < ERRORS; i++) {
    const char *name = tcpflow_strerror(errors[i]);

    assert_string_not_equal(name, "unknown error");
    for (size_t j = 0; j < i; j++) {
      assert_string_not_equal(name, tcpflow_strerror(errors[j]));
    }
  }
}

static void
strerror__every_error__is_lower_case_without_full_stop(void **state) {
  (void)state;
  for (size_t i = 0; i < ERRORS; i++) {
    const char *name = tcpflow_strerror(errors[i]);

    assert_true(islower((unsigned char)name[0]));
    assert_true(name[strlen(name) - 1] != '.');
    assert_null(strchr(name, '\n'));
  }
}

static void strerror__no_error__unknown(void **state) {
  static const int none[] = {1, -4, -99, -102, -199, -201, INT_MAX, INT_MIN};

  (void)state;
  for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
    assert_string_equal(tcpflow_strerror(none[i]), "unknown error");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(strerror__every_error__has_its_own_phrase),
    cmocka_unit_test(strerror__every_error__is_lower_case_without_full_stop),
    cmocka_unit_test(strerror__no_error__unknown),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
