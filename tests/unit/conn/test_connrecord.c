/*
 * tests/unit/conn/test_connrecord.c - mirror of lib/conn/connrecord.c, and of
 * the records below it.  What a connection does after it was read is in
 * unit/track/test_restore.c.
 */
#include "conn/connrecord.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "conn/extrarecord.h"
#include "conn/heirrecord.h"
#include "conn/synrecord.h"
#include "conn/tuplerecord.h"

/* Who adds a member has to say in its table whether it is kept. */
static void records__tables__name_every_member(void **state) {
  (void)state;
  assert_true(tcpflow__conn_record_covers());
  assert_true(tcpflow__extra_record_covers());
  assert_true(tcpflow__former_record_covers());
  assert_true(tcpflow__syns_record_covers());
  assert_true(tcpflow__tuple_record_covers());
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(records__tables__name_every_member),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
