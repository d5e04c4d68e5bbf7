/*
 * tests/unit/conn/test_connrecord.c - mirror of lib/conn/connrecord.c.  What a
 * connection does after it was read is in unit/track/test_restore.c.
 */
#include "conn/connrecord.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Who adds a member has to say in connrecord.c whether it is kept. */
static void conn_record__tables__name_every_member(void **state) {
  (void)state;
  assert_true(tcpflow__conn_record_covers());
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(conn_record__tables__name_every_member),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
