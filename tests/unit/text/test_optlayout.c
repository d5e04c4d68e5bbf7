/* tests/unit/text/test_optlayout.c - mirror of lib/text/optlayout.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <tcpflow/option_names.h>

#include "unit/guard.h"

static void assert_texts(const uint8_t *bytes, size_t length, const char *p0f,
                         const char *ja4t) {
  char text[TCPFLOW_TEXT_LAYOUT_MAX];
  tcpflow_options_layout layout;

  tcpflow_options_layout_get(&layout, bytes, length, length);
  assert_int_equal(
    tcpflow_text_layout(text, sizeof(text), &layout, TCPFLOW_LAYOUT_STYLE_P0F),
    strlen(p0f));
  assert_string_equal(text, p0f);
  assert_int_equal(
    tcpflow_text_layout(text, sizeof(text), &layout, TCPFLOW_LAYOUT_STYLE_JA4T),
    strlen(ja4t));
  assert_string_equal(text, ja4t);
}

/* p0f.fp: Linux 3.11 and newer; JA4T's notation of the same. */
static void text_layout__syn_of_linux__as_databases_have_it(void **state) {
  static const uint8_t bytes[] = {2, 4, 5, 180, 4, 2, 8, 10, 0, 0,
                                  0, 1, 0, 0,   0, 0, 1, 3,  3, 7};

  (void)state;
  assert_texts(bytes, sizeof(bytes), "mss,sok,ts,nop,ws", "2-4-8-1-3");
}

/* p0f.fp: Mac OS X 10.x; a padding octet behind the end of list. */
static void text_layout__syn_of_mac_os__with_its_padding(void **state) {
  static const uint8_t bytes[] = {2, 4, 5, 180, 1, 3, 3, 6, 1, 1, 8, 10,
                                  0, 0, 0, 1,   0, 0, 0, 0, 4, 2, 0, 0};

  (void)state;
  assert_texts(bytes, sizeof(bytes), "mss,nop,ws,nop,nop,ts,sok,eol+1",
               "2-1-3-1-1-8-4-0-0");
}

static void text_layout__other_kinds__numbers(void **state) {
  /* options [tfo cookiereq,sack 1,mptcp 4,exp] */
  static const uint8_t bytes[] = {34, 2, 5,  10, 0, 0, 0,   1, 0, 0,
                                  0,  2, 30, 4,  1, 1, 254, 4, 1, 2};

  (void)state;
  assert_texts(bytes, sizeof(bytes), "?34,sack,?30,?254", "34-5-30-254");
  assert_texts(bytes, 0, "", "");
}

static void text_layout__longest__fits(void **state) {
  uint8_t bytes[40];
  char text[256];
  tcpflow_options_layout layout = {.count = 40};

  (void)state;
  memset(bytes, 0, sizeof(bytes));
  assert_texts(bytes, sizeof(bytes), "eol+39",
               "0-0-0-0-0-0-0-0-0-0-0-0-0-0-0-0-0-0-0-0-"
               "0-0-0-0-0-0-0-0-0-0-0-0-0-0-0-0-0-0-0-0");
  memset(layout.kind, 5, sizeof(layout.kind));
  assert_true(
    tcpflow_text_layout(text, sizeof(text), &layout, TCPFLOW_LAYOUT_STYLE_P0F) <
    TCPFLOW_TEXT_LAYOUT_MAX);
}

static void text_layout__any_capacity__cut_and_ended(void **state) {
  const tcpflow_options_layout layout = {.kind = {2, 1, 200}, .count = 3};
  static const char whole[] = "mss,nop,?200";

  (void)state;
  for (size_t capacity = 0; capacity <= sizeof(whole); capacity++) {
    guard g = guard_room(capacity);

    assert_int_equal(tcpflow_text_layout((char *)g.bytes, capacity, &layout,
                                         TCPFLOW_LAYOUT_STYLE_P0F),
                     sizeof(whole) - 1);
    if (capacity > 0) {
      const size_t shown = capacity - 1 < 12 ? capacity - 1 : 12;

      assert_memory_equal(g.bytes, whole, shown);
      assert_int_equal(g.bytes[shown], 0);
    }
    guard_free(&g);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(text_layout__syn_of_linux__as_databases_have_it),
    cmocka_unit_test(text_layout__syn_of_mac_os__with_its_padding),
    cmocka_unit_test(text_layout__other_kinds__numbers),
    cmocka_unit_test(text_layout__longest__fits),
    cmocka_unit_test(text_layout__any_capacity__cut_and_ended),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
