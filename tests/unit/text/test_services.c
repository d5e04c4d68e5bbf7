/* tests/unit/text/test_services.c - mirror of lib/text/services.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "text/services.h"

static int scan(const char *text, uint16_t *port) {
  return tcpflow__scan_port((tcpflow__scan){text, text + strlen(text)}, port);
}

static void scan_port__names_and_numbers__the_port(void **state) {
  uint16_t port = 0;

  (void)state;
  assert_true(scan("0", &port) && port == 0);
  assert_true(scan("65535", &port) && port == 65535);
  assert_true(scan("ssh", &port) && port == 22);
  assert_true(scan("http", &port) && port == 80);
  assert_true(scan("http-alt", &port) && port == 8080);
  assert_true(scan("mysql", &port) && port == 3306);
  assert_true(scan("domain", &port) && port == 53);
}

static void scan_port__anything_else__no(void **state) {
  uint16_t port = 9;

  (void)state;
  assert_false(scan("", &port));
  assert_false(scan("65536", &port));
  assert_false(scan("ss", &port));
  assert_false(scan("sshx", &port));
  assert_int_equal(port, 9);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(scan_port__names_and_numbers__the_port),
    cmocka_unit_test(scan_port__anything_else__no),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
