/*
 * tests/unit/options/trio.h - an option taken apart, put together and cut.
 *
 * The octets stand against a guard page.  A test writes down an option's octets
 * and checks the value that it is given; everything that holds for any option
 * is checked here.
 */
#ifndef TCPFLOW_TESTS_TRIO_H
#define TCPFLOW_TESTS_TRIO_H

#include <tcpflow/option_values.h>

#include <string.h>

#include "unit/guard.h"

enum {
  SYN = TCPFLOW_FLAG_SYN,
  ACK = TCPFLOW_FLAG_ACK,
  RST = TCPFLOW_FLAG_RST
};

/* The first option of a list; 0: there is none. */
static inline int trio_first(tcpflow_option *option, const uint8_t *bytes,
                             size_t length, size_t captured,
                             unsigned tcp_flags) {
  tcpflow_option_walk walk;

  tcpflow_option_walk_init(&walk, bytes, length, captured, tcp_flags);
  return tcpflow_option_walk_next(&walk, option);
}

static inline void trio_copy(const tcpflow_option *option, const uint8_t *bytes,
                             size_t length) {
  tcpflow_options_builder builder;

  tcpflow_options_builder_init(&builder);
  assert_int_equal(tcpflow_options_builder_copy(&builder, option), TCPFLOW_OK);
  assert_int_equal(builder.length, length);
  assert_memory_equal(builder.bytes, bytes, length);
}

/* The capture ends after CAPTURED octets. */
static inline void trio_cut(const uint8_t *bytes, size_t length,
                            size_t captured, unsigned tcp_flags) {
  guard g = guard_put(bytes, captured);
  tcpflow_option option;
  tcpflow_option_value value;

  if (trio_first(&option, g.bytes, length, captured, tcp_flags)) {
    assert_int_equal(tcpflow_option_value_get(&value, &option), 0);
    assert_int_equal(value.kind, bytes[0]);
    assert_true(value.flags & TCPFLOW_OPTION_FLAG_CUT);
    trio_copy(&option, bytes, captured);
  } else {
    assert_int_equal(captured, 0);
  }
  guard_free(&g);
}

/* Takes LENGTH octets, one option, in a segment with such flags. */
static inline tcpflow_option_value
trio_take(const uint8_t *bytes, size_t length, unsigned tcp_flags) {
  guard g = guard_put(bytes, length);
  tcpflow_option option;
  tcpflow_option_value value;
  tcpflow_options_builder builder;

  assert_true(trio_first(&option, g.bytes, length, length, tcp_flags));
  assert_int_equal(option.length, length);
  assert_true(tcpflow_option_value_get(&value, &option));
  assert_int_equal(value.kind, bytes[0]);
  tcpflow_options_builder_init(&builder);
  assert_int_equal(tcpflow_options_builder_value(&builder, &value), TCPFLOW_OK);
  assert_int_equal(builder.length, length);
  assert_memory_equal(builder.bytes, bytes, length);
  trio_copy(&option, bytes, length);
  guard_free(&g);

  for (size_t captured = 0; captured < length; captured++) {
    trio_cut(bytes, length, captured, tcp_flags);
  }

  /* What it borrows is the caller's own. */
  assert_true(trio_first(&option, bytes, length, length, tcp_flags));
  assert_true(tcpflow_option_value_get(&value, &option));
  assert_int_equal(value.flags, option.flags);
  return value;
}

/* An option of a length that it cannot have is raw, and told. */
static inline void trio_refuse(const uint8_t *bytes, size_t length,
                               unsigned tcp_flags) {
  guard g = guard_put(bytes, length);
  tcpflow_option option;
  tcpflow_option_value value;
  tcpflow_options_builder builder;

  assert_true(trio_first(&option, g.bytes, length, length, tcp_flags));
  assert_int_equal(option.length, length);
  assert_false(tcpflow_option_value_get(&value, &option));
  assert_int_equal(value.type, TCPFLOW_VALUE_RAW);
  assert_true(value.flags & TCPFLOW_OPTION_FLAG_BAD_LENGTH);
  tcpflow_options_builder_init(&builder);
  assert_int_equal(tcpflow_options_builder_value(&builder, &value), TCPFLOW_OK);
  assert_int_equal(builder.length, length);
  assert_memory_equal(builder.bytes, bytes, length);
  guard_free(&g);
}

/* Whether a length is one of COUNT. */
static inline int trio_is_one_of(size_t length, const uint8_t *lengths,
                                 size_t count) {
  return memchr(lengths, (int)length, count) != NULL;
}

/* Of the lengths up to 40, those that an option can have; its first octets are
   given, the others 0. */
static inline void trio_lengths(const uint8_t *head, size_t head_length,
                                const uint8_t *lengths, size_t count,
                                unsigned tcp_flags) {
  for (size_t length = head_length; length <= 40; length++) {
    uint8_t bytes[40] = {0};

    memcpy(bytes, head, head_length);
    bytes[1] = (uint8_t)length;
    if (trio_is_one_of(length, lengths, count)) {
      (void)trio_take(bytes, length, tcp_flags);
    } else {
      trio_refuse(bytes, length, tcp_flags);
    }
  }
}

#endif /* TCPFLOW_TESTS_TRIO_H */
