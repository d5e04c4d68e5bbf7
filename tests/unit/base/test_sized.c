/* tests/unit/base/test_sized.c - mirror of lib/base/sized.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/sized.h"
#include "unit/guard.h"

/* Three releases of one struct; "now" is what the library was built with. */
typedef struct past {
  size_t size;
  uint64_t one;
} past;

typedef struct now {
  size_t size;
  uint64_t one;
  uint64_t two;
} now;

typedef struct future {
  size_t size;
  uint64_t one;
  uint64_t two;
  uint64_t three;
} future;

TCPFLOW__NO_TAIL_PADDING(past, one);
TCPFLOW__NO_TAIL_PADDING(now, two);
TCPFLOW__NO_TAIL_PADDING(future, three);

static void sized_init__any_size__zeroed_and_stamped(void **state) {
  (void)state;
  for (size_t size = sizeof(size_t); size < 64; size++) {
    guard g = guard_room(size);
    size_t stamp;

    memset(g.bytes, 0xff, size);
    tcpflow_sized_init(g.bytes, size);
    memcpy(&stamp, g.bytes, sizeof(stamp));
    assert_int_equal(stamp, size);
    for (size_t i = sizeof(stamp); i < size; i++) {
      assert_int_equal(g.bytes[i], 0);
    }
    guard_free(&g);
  }
}

static void sized_read__same_release__copied(void **state) {
  const now theirs = {sizeof(theirs), 1, 2};
  now ours;

  (void)state;
  assert_int_equal(tcpflow__sized_read(&ours, sizeof(ours), &theirs),
                   TCPFLOW_OK);
  assert_memory_equal(&ours, &theirs, sizeof(ours));
}

static void sized_read__past_caller__missing_members_zero(void **state) {
  const past theirs = {sizeof(theirs), 1};
  now ours = {9, 9, 9};
  guard g = guard_put(&theirs, sizeof(theirs));

  (void)state;
  assert_int_equal(tcpflow__sized_read(&ours, sizeof(ours), g.bytes),
                   TCPFLOW_OK);
  assert_int_equal(ours.size, sizeof(ours));
  assert_int_equal(ours.one, 1);
  assert_int_equal(ours.two, 0);
  guard_free(&g);
}

static void sized_read__future_caller_unused_member__accepted(void **state) {
  const future theirs = {sizeof(theirs), 1, 2, 0};
  guard room = guard_room(sizeof(now));
  const now wanted = {sizeof(wanted), 1, 2};

  (void)state;
  assert_int_equal(tcpflow__sized_read(room.bytes, sizeof(now), &theirs),
                   TCPFLOW_OK);
  assert_memory_equal(room.bytes, &wanted, sizeof(wanted));
  guard_free(&room);
}

static void sized_read__future_caller_used_member__version_error(void **state) {
  now ours = {9, 9, 9};

  (void)state;
  for (size_t bit = 0; bit < 64; bit++) {
    const future theirs = {sizeof(theirs), 1, 2, UINT64_C(1) << bit};

    assert_int_equal(tcpflow__sized_read(&ours, sizeof(ours), &theirs),
                     TCPFLOW_ERR_VERSION);
    assert_int_equal(ours.size, 9);
    assert_int_equal(ours.one, 9);
  }
}

static void sized_read__no_stamp__version_error(void **state) {
  static const size_t none[] = {0, 1, sizeof(size_t) - 1,
                                TCPFLOW__SIZED_MAX + 1, SIZE_MAX};
  now ours = {9, 9, 9};

  (void)state;
  for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
    guard g = guard_put(&none[i], sizeof(none[i]));

    assert_int_equal(tcpflow__sized_check(g.bytes), TCPFLOW_ERR_VERSION);
    assert_int_equal(tcpflow__sized_read(&ours, sizeof(ours), g.bytes),
                     TCPFLOW_ERR_VERSION);
    assert_int_equal(ours.size, 9);
    guard_free(&g);
  }
}

static void sized_read__stamp_alone__all_members_zero(void **state) {
  const size_t stamp = sizeof(stamp);
  now ours = {9, 9, 9};
  guard g = guard_put(&stamp, sizeof(stamp));

  (void)state;
  assert_int_equal(tcpflow__sized_read(&ours, sizeof(ours), g.bytes),
                   TCPFLOW_OK);
  assert_int_equal(ours.size, sizeof(ours));
  assert_int_equal(ours.one, 0);
  assert_int_equal(ours.two, 0);
  guard_free(&g);
}

static void sized_write__past_caller__gets_the_prefix(void **state) {
  const now ours = {sizeof(ours), 1, 2};
  guard g = guard_room(sizeof(past));
  const past wanted = {sizeof(wanted), 1};

  (void)state;
  tcpflow_sized_init(g.bytes, sizeof(past));
  tcpflow__sized_write(g.bytes, &ours, sizeof(ours));
  assert_memory_equal(g.bytes, &wanted, sizeof(wanted));
  guard_free(&g);
}

static void sized_write__future_caller__unknown_members_zero(void **state) {
  const now ours = {sizeof(ours), 1, 2};
  future theirs = {sizeof(theirs), 7, 7, 7};
  guard g = guard_put(&ours, sizeof(ours));

  (void)state;
  tcpflow__sized_write(&theirs, g.bytes, sizeof(ours));
  assert_int_equal(theirs.size, sizeof(theirs));
  assert_int_equal(theirs.one, 1);
  assert_int_equal(theirs.two, 2);
  assert_int_equal(theirs.three, 0);
  guard_free(&g);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(sized_init__any_size__zeroed_and_stamped),
    cmocka_unit_test(sized_read__same_release__copied),
    cmocka_unit_test(sized_read__past_caller__missing_members_zero),
    cmocka_unit_test(sized_read__future_caller_unused_member__accepted),
    cmocka_unit_test(sized_read__future_caller_used_member__version_error),
    cmocka_unit_test(sized_read__no_stamp__version_error),
    cmocka_unit_test(sized_read__stamp_alone__all_members_zero),
    cmocka_unit_test(sized_write__past_caller__gets_the_prefix),
    cmocka_unit_test(sized_write__future_caller__unknown_members_zero),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
