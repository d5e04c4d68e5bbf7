/* tests/unit/text/test_tidy.c - mirror of lib/text/tidy.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "text/tidy.h"
#include "unit/guard.h"

static void expect(const char *line, const char *tidy) {
  char room[TCPFLOW__TIDY_MAX + 1];
  guard text = guard_put(line, strlen(line));
  const size_t length =
    tcpflow__tidy(room, (const char *)text.bytes, strlen(line));

  room[length] = '\0';
  assert_string_equal(room, tidy);
  guard_free(&text);
}

static void tidy__web_pages__what_they_stand_for(void **state) {
  (void)state;
  expect("a &gt; b", "a > b");
  expect("a -&amp;gt; b", "a -> b");
  expect("a&nbsp;&lt;mss&#62;", "a <mss>");
  expect("a&", "a&");
  expect("a\xc2\xa0"
         "b\xe2\x80\x8b"
         "c",
         "a bc");
}

/* Full-width signs, as Chinese input writes them. */
static void tidy__wide_forms__ascii(void **state) {
  (void)state;
  expect("\xef\xbc\x9a\xef\xbc\x8c\xef\xbc\x9e\xe3\x80\x80\xef\xbd\x9e",
         ":,> ~");
  expect("\xe3\x80\x90S\xe3\x80\x91", "[S]");
}

static void tidy__terminals_and_markdown__gone(void **state) {
  (void)state;
  expect("\x1b[32mIP\x1b[0m", "IP");
  expect("`**IP**`\t\r\n", "IP   ");
  expect("\\[S\\]", "[S]");
  expect("\\n", "\\n");
}

static void tidy__broken_utf_8__copied(void **state) {
  (void)state;
  expect("\xef", "\xef");
  expect("\xef\xbc", "\xef\xbc");
  expect("\xff\xfe\x80", "\xff\xfe\x80");
  expect("\x1b", "");
  expect("\x1b[1;", "");
}

static void tidy__a_megabyte__cut(void **state) {
  static char line[1 << 20];
  char room[TCPFLOW__TIDY_MAX];

  (void)state;
  memset(line, 'x', sizeof(line));
  assert_int_equal(tcpflow__tidy(room, line, sizeof(line)), TCPFLOW__TIDY_MAX);
}

static void is_fence__fences_only(void **state) {
  (void)state;
  assert_true(tcpflow__is_fence("```sh", 5));
  assert_true(tcpflow__is_fence("  ~~~", 5));
  assert_false(tcpflow__is_fence("``", 2));
  assert_false(tcpflow__is_fence("", 0));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(tidy__web_pages__what_they_stand_for),
    cmocka_unit_test(tidy__wide_forms__ascii),
    cmocka_unit_test(tidy__terminals_and_markdown__gone),
    cmocka_unit_test(tidy__broken_utf_8__copied),
    cmocka_unit_test(tidy__a_megabyte__cut),
    cmocka_unit_test(is_fence__fences_only),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
