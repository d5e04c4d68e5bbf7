/* tests/unit/wire/test_secret.c - mirror of lib/wire/secret.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wire/secret.h"

static void same_secret__any_octet_differs__no(void **state) {
  const uint8_t a[16] = {1, 2, 3};

  (void)state;
  for (size_t i = 0; i < 16; i++) {
    for (unsigned bit = 0; bit < 8; bit++) {
      uint8_t b[16] = {1, 2, 3};

      assert_true(tcpflow__same_secret(a, b, 16));
      b[i] = (uint8_t)(b[i] ^ 1U << bit);
      assert_false(tcpflow__same_secret(a, b, 16));
      assert_true(tcpflow__same_secret(a, b, i));
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(same_secret__any_octet_differs__no),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
