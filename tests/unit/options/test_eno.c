/* tests/unit/options/test_eno.c - mirror of lib/options/eno.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/options/trio.h"

/* All suboptions of some octets, which stand against a guard page. */
typedef struct found {
  tcpflow_eno_suboption suboption[40];
  unsigned count;
  int end; /* 0, or 1 if the last one is damaged. */
} found;

static found take_all(const uint8_t *bytes, size_t length) {
  guard g = guard_put(bytes, length);
  const tcpflow_octets eno = {g.bytes, length};
  found f = {.count = 0};
  size_t offset = 0;

  while (f.count < 40 &&
         tcpflow_eno_next(&eno, &offset, &f.suboption[f.count])) {
    assert_int_equal(f.end, 0);
    f.end = f.suboption[f.count].damaged;
    tcpflow_octets *const data = &f.suboption[f.count++].data;

    /* Borrowed from what the caller has. */
    data->bytes = data->length > 0 ? bytes + (data->bytes - g.bytes) : NULL;
  }
  guard_free(&g);
  return f;
}

#define TAKE(bytes) take_all(bytes, sizeof(bytes))

/* RFC 8547 section 4.1: a global suboption with b, then TEPs without data. */
static void next__octets_without_v__one_each(void **state) {
  static const uint8_t bytes[] = {0x01, 0x23, 0x21, 0x7f};
  const found f = TAKE(bytes);

  (void)state;
  assert_int_equal(f.end, 0);
  assert_int_equal(f.count, 4);
  assert_int_equal(f.suboption[0].id, 0x01);
  assert_int_equal(f.suboption[1].id, 0x23);
  assert_int_equal(f.suboption[3].id, 0x7f);
  for (unsigned i = 0; i < 4; i++) {
    assert_int_equal(f.suboption[i].has_data, 0);
    assert_int_equal(f.suboption[i].data.length, 0);
  }
}

static void next__tep_with_v__data_up_to_the_end(void **state) {
  static const uint8_t bytes[] = {0x21, 0xa3, 1, 2, 3};
  static const uint8_t none[] = {0xa3};
  found f = TAKE(bytes);

  (void)state;
  assert_int_equal(f.count, 2);
  assert_int_equal(f.suboption[1].id, 0x23);
  assert_int_equal(f.suboption[1].has_data, 1);
  assert_int_equal(f.suboption[1].data.length, 3);
  assert_ptr_equal(f.suboption[1].data.bytes, bytes + 2);
  f = TAKE(none);
  assert_int_equal(f.count, 1);
  assert_int_equal(f.suboption[0].has_data, 1);
  assert_int_equal(f.suboption[0].data.length, 0);
}

/* A length octet, 0x80 to 0x9f, has the number of octets less 1. */
static void next__length_octet__data_of_that_length(void **state) {
  static const uint8_t bytes[] = {0x81, 0xa1, 9, 8, 0x80, 0xa2, 7, 0x24};
  const found f = TAKE(bytes);

  (void)state;
  assert_int_equal(f.end, 0);
  assert_int_equal(f.count, 3);
  assert_int_equal(f.suboption[0].id, 0x21);
  assert_int_equal(f.suboption[0].data.length, 2);
  assert_ptr_equal(f.suboption[0].data.bytes, bytes + 2);
  assert_int_equal(f.suboption[1].id, 0x22);
  assert_int_equal(f.suboption[1].data.length, 1);
  assert_int_equal(f.suboption[2].id, 0x24);
}

/* A damaged one has all that is left, and no more comes. */
static void expect_damaged(const uint8_t *bytes, size_t length) {
  const found f = take_all(bytes, length);

  assert_int_equal(f.end, 1);
  assert_int_equal(f.count, 1);
  assert_int_equal(f.suboption[0].id, 0);
  assert_int_equal(f.suboption[0].has_data, 0);
  assert_ptr_equal(f.suboption[0].data.bytes, bytes);
  assert_int_equal(f.suboption[0].data.length, length);
}

#define EXPECT_DAMAGED(bytes) expect_damaged(bytes, sizeof(bytes))

static void next__ill_formed__damaged_and_over(void **state) {
  static const uint8_t nothing_behind[] = {0x80};
  static const uint8_t no_data[] = {0x80, 0xa1};
  static const uint8_t too_few[] = {0x82, 0xa1, 1, 2};
  static const uint8_t without_v[] = {0x80, 0x21, 1};
  static const uint8_t global[] = {0x80, 0x81, 1};

  (void)state;
  EXPECT_DAMAGED(nothing_behind);
  EXPECT_DAMAGED(no_data);
  EXPECT_DAMAGED(too_few);
  EXPECT_DAMAGED(without_v);
  EXPECT_DAMAGED(global);
}

static void next__any_three_octets__ends_in_bounds(void **state) {
  (void)state;
  for (uint32_t all = 0; all < UINT32_C(1) << 24; all += 7) {
    const uint8_t bytes[] = {(uint8_t)(all & 0xff), (uint8_t)(all >> 8 & 0xff),
                             (uint8_t)(all >> 16)};
    const tcpflow_octets eno = {bytes, sizeof(bytes)};
    tcpflow_eno_suboption s;
    size_t offset = 0;
    unsigned turns = 0;

    while (tcpflow_eno_next(&eno, &offset, &s)) {
      turns++;
    }
    if (turns > 3 || offset > 3) {
      fail_msg("%06x", (unsigned)all);
    }
  }
}

static void next__none_or_offset_beyond__none(void **state) {
  static const uint8_t bytes[] = {0x21};
  const tcpflow_octets none = {NULL, 0};
  const tcpflow_octets one = {bytes, 1};
  tcpflow_eno_suboption s;
  size_t offset = 0;

  (void)state;
  assert_int_equal(tcpflow_eno_next(&none, &offset, &s), 0);
  offset = SIZE_MAX;
  assert_int_equal(tcpflow_eno_next(&one, &offset, &s), 0);
}

static void builder_eno__suboptions__as_the_rfc_has_them(void **state) {
  static const uint8_t data[] = {9, 8};
  const tcpflow_eno_suboption list[] = {
    {.id = 0x01},
    {.id = 0x21, .has_data = 1, .data = {data, 2}},
    {.id = 0x24},
    {.id = 0x22, .has_data = 1, .data = {data, 1}}};
  /* b, 2 octets for 0x21, 0x24, and the rest for 0x22 */
  static const uint8_t bytes[] = {69, 10, 0x01, 0x81, 0xa1,
                                  9,  8,  0x24, 0xa2, 9};
  tcpflow_options_builder b;

  (void)state;
  tcpflow_options_builder_init(&b);
  assert_int_equal(tcpflow_options_builder_eno(&b, list, 4), TCPFLOW_OK);
  assert_int_equal(b.length, sizeof(bytes));
  assert_memory_equal(b.bytes, bytes, sizeof(bytes));
  assert_int_equal(tcpflow_options_builder_eno(&b, NULL, 0), TCPFLOW_OK);
  assert_int_equal(b.length, 12);
  assert_int_equal(b.bytes[11], 2);
}

/* A mistake is one, whether or not there is room. */
static void builder_eno__long_and_damaged__invalid(void **state) {
  tcpflow_eno_suboption list[64];
  tcpflow_options_builder b;

  (void)state;
  memset(list, 0, sizeof(list));
  tcpflow_options_builder_init(&b);
  assert_int_equal(tcpflow_options_builder_eno(&b, list, 64),
                   TCPFLOW_ERR_LIMIT);
  list[63].damaged = 1;
  assert_int_equal(tcpflow_options_builder_eno(&b, list, 64),
                   TCPFLOW_ERR_INVALID);
  list[63] =
    (tcpflow_eno_suboption){.id = 0x21, .has_data = 1, .data = {NULL, 1}};
  assert_int_equal(tcpflow_options_builder_eno(&b, list, 64),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(b.length, 0);
}

static void builder_eno__no_way_to_write_it__invalid(void **state) {
  static const uint8_t data[33] = {0};
  const tcpflow_eno_suboption wrong[][2] = {
    {{.id = 0x80}, {.id = 0x21}},
    {{.id = 0x1f, .has_data = 1, .data = {data, 1}}, {.id = 0x21}},
    {{.id = 0x21, .has_data = 1}, {.id = 0x22}},
    {{.id = 0x21, .has_data = 1, .data = {data, 33}}, {.id = 0x22}},
    {{.id = 0x21, .has_data = 1, .data = {NULL, 1}}, {.id = 0x22}}};
  const tcpflow_eno_suboption damaged = {.damaged = 1, .data = {data, 1}};
  const tcpflow_eno_suboption big = {
    .id = 0x21, .has_data = 1, .data = {data, 33}};
  tcpflow_options_builder b;

  (void)state;
  tcpflow_options_builder_init(&b);
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    assert_int_equal(tcpflow_options_builder_eno(&b, wrong[i], 2),
                     TCPFLOW_ERR_INVALID);
  }
  assert_int_equal(tcpflow_options_builder_eno(&b, &damaged, 1),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(tcpflow_options_builder_eno(&b, NULL, 1),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(b.length, 0);
  /* Data of the last one go on up to the end. */
  assert_int_equal(tcpflow_options_builder_eno(&b, &big, 1), TCPFLOW_OK);
  assert_int_equal(tcpflow_options_builder_eno(&b, &big, 1), TCPFLOW_ERR_LIMIT);
  assert_int_equal(b.length, 36);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(next__octets_without_v__one_each),
    cmocka_unit_test(next__tep_with_v__data_up_to_the_end),
    cmocka_unit_test(next__length_octet__data_of_that_length),
    cmocka_unit_test(next__ill_formed__damaged_and_over),
    cmocka_unit_test(next__any_three_octets__ends_in_bounds),
    cmocka_unit_test(next__none_or_offset_beyond__none),
    cmocka_unit_test(builder_eno__suboptions__as_the_rfc_has_them),
    cmocka_unit_test(builder_eno__long_and_damaged__invalid),
    cmocka_unit_test(builder_eno__no_way_to_write_it__invalid),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
