/* tests/unit/text/test_line.c - mirror of lib/text/line.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "text/line.h"
#include "unit/guard.h"

static void put__numbers__as_asked(void **state) {
  char text[64];
  tcpflow__line line = {text, sizeof(text), 0};
  const uint8_t octets[] = {0x00, 0xff, 0x1a};

  (void)state;
  tcpflow__put_decimal(&line, UINT64_MAX);
  tcpflow__put_char(&line, ' ');
  tcpflow__put_padded(&line, 7, 3);
  tcpflow__put(&line, " 0x");
  tcpflow__put_hex(&line, 0xbeef, 1);
  tcpflow__put_hex(&line, 0, 2);
  tcpflow__put_octets(&line, octets, sizeof(octets));
  /* Before its end, the line has no 0 to find. */
  const size_t length = tcpflow__line_end(&line);
  assert_int_equal(length, strlen(text));
  assert_string_equal(text, "18446744073709551615 007 0xbeef0000ff1a");
}

static void put__any_capacity__the_start_and_the_whole_length(void **state) {
  static const char whole[] = "abc 123";

  (void)state;
  for (size_t capacity = 0; capacity <= sizeof(whole) + 1; capacity++) {
    guard room = guard_room(capacity);
    tcpflow__line line = {(char *)room.bytes, capacity, 0};

    tcpflow__put(&line, "abc ");
    tcpflow__put_decimal(&line, 123);
    assert_int_equal(tcpflow__line_end(&line), strlen(whole));
    if (capacity > 0) {
      const size_t kept =
        capacity - 1 < strlen(whole) ? capacity - 1 : strlen(whole);

      assert_memory_equal(room.bytes, whole, kept);
      assert_int_equal(room.bytes[kept], 0);
    }
    guard_free(&room);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(put__numbers__as_asked),
    cmocka_unit_test(put__any_capacity__the_start_and_the_whole_length),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
