/* tests/unit/options/test_encode.c - mirror of lib/options/encode.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <tcpflow/options.h>

static void assert_list(const tcpflow_options_builder *builder,
                        const uint8_t *bytes, size_t length) {
  assert_int_equal(builder->length, length);
  assert_memory_equal(builder->bytes, bytes, length);
}

static void builder__syn_of_linux__octets_as_sent(void **state) {
  /* options [mss 1460,sackOK,TS val 305419896 ecr 0,nop,wscale 7] */
  static const uint8_t bytes[] = {2,    4,    5, 180, 4, 2, 8, 10, 0x12, 0x34,
                                  0x56, 0x78, 0, 0,   0, 0, 1, 3,  3,    7};
  tcpflow_options_builder b;

  (void)state;
  memset(&b, 0xff, sizeof(b));
  tcpflow_options_builder_init(&b);
  assert_int_equal(tcpflow_options_builder_mss(&b, 1460), TCPFLOW_OK);
  assert_int_equal(tcpflow_options_builder_sack_permitted(&b), TCPFLOW_OK);
  assert_int_equal(tcpflow_options_builder_timestamps(&b, 0x12345678, 0),
                   TCPFLOW_OK);
  assert_int_equal(tcpflow_options_builder_raw(&b, TCPFLOW_OPTION_NOP, NULL, 0),
                   TCPFLOW_OK);
  assert_int_equal(tcpflow_options_builder_wscale(&b, 7), TCPFLOW_OK);
  assert_list(&b, bytes, sizeof(bytes));
}

static void builder_sack__two_blocks__network_order(void **state) {
  /* options [sack 2 {1:0x80000000}{0xfffffffe:3}] */
  static const uint8_t bytes[] = {5, 18,  0,   0,   0,   1, 0x80, 0, 0,
                                  0, 255, 255, 255, 254, 0, 0,    0, 3};
  static const tcpflow_sack_block blocks[] = {{1, 0x80000000}, {0xfffffffe, 3}};
  tcpflow_options_builder b;

  (void)state;
  tcpflow_options_builder_init(&b);
  assert_int_equal(tcpflow_options_builder_sack(&b, blocks, 2), TCPFLOW_OK);
  assert_list(&b, bytes, sizeof(bytes));
}

static void builder_sack__no_or_five_blocks__invalid(void **state) {
  static const tcpflow_sack_block blocks[5] = {{0, 1}};
  tcpflow_options_builder b;

  (void)state;
  tcpflow_options_builder_init(&b);
  assert_int_equal(tcpflow_options_builder_sack(&b, blocks, 0),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(tcpflow_options_builder_sack(&b, blocks, 5),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(b.length, 0);
}

static void builder_wscale__above_14__as_it_is(void **state) {
  static const uint8_t bytes[] = {3, 3, 255};
  tcpflow_options_builder b;

  (void)state;
  tcpflow_options_builder_init(&b);
  assert_int_equal(tcpflow_options_builder_wscale(&b, 255), TCPFLOW_OK);
  assert_list(&b, bytes, sizeof(bytes));
}

static void builder_raw__eol_or_nop_with_data__invalid(void **state) {
  static const uint8_t data[] = {1};
  tcpflow_options_builder b;

  (void)state;
  tcpflow_options_builder_init(&b);
  assert_int_equal(tcpflow_options_builder_raw(&b, 0, data, 1),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(tcpflow_options_builder_raw(&b, 1, data, 1),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(tcpflow_options_builder_raw(&b, 2, NULL, 2),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(b.length, 0);
}

static void builder_raw__every_fill_and_length__fits_or_limit(void **state) {
  static const uint8_t data[64] = {7};

  (void)state;
  for (unsigned filled = 0; filled <= 40; filled++) {
    for (size_t length = 0; length < sizeof(data); length++) {
      tcpflow_options_builder b;
      tcpflow_options_builder before;

      tcpflow_options_builder_init(&b);
      for (unsigned i = 0; i < filled; i++) {
        assert_int_equal(tcpflow_options_builder_raw(&b, 1, NULL, 0),
                         TCPFLOW_OK);
      }
      before = b;
      const int fits = filled + 2 + length <= 40;
      assert_int_equal(tcpflow_options_builder_raw(&b, 99, data, length),
                       fits ? TCPFLOW_OK : TCPFLOW_ERR_LIMIT);
      assert_int_equal(b.length, fits ? filled + 2 + length : filled);
      if (!fits) {
        assert_memory_equal(&b, &before, sizeof(b));
      }
    }
  }
}

static void builder_raw__full__limit(void **state) {
  tcpflow_options_builder b;

  (void)state;
  tcpflow_options_builder_init(&b);
  for (unsigned i = 0; i < 40; i++) {
    assert_int_equal(tcpflow_options_builder_raw(&b, 0, NULL, 0), TCPFLOW_OK);
  }
  assert_int_equal(tcpflow_options_builder_raw(&b, 0, NULL, 0),
                   TCPFLOW_ERR_LIMIT);
  assert_int_equal(tcpflow_options_builder_raw(&b, 4, NULL, 0),
                   TCPFLOW_ERR_LIMIT);
  assert_int_equal(tcpflow_options_builder_raw(&b, 99, b.bytes, SIZE_MAX),
                   TCPFLOW_ERR_LIMIT);
  assert_int_equal(b.length, 40);
}

static void builder__length_that_cannot_be__limit(void **state) {
  tcpflow_options_builder b;

  (void)state;
  tcpflow_options_builder_init(&b);
  for (unsigned length = 41; length < 256; length++) {
    b.length = (uint8_t)length;
    assert_int_equal(tcpflow_options_builder_raw(&b, 1, NULL, 0),
                     TCPFLOW_ERR_LIMIT);
    assert_int_equal(tcpflow_options_builder_mss(&b, 1), TCPFLOW_ERR_LIMIT);
    tcpflow_options_builder_pad(&b, TCPFLOW_OPTION_EOL);
    assert_int_equal(b.length, length);
  }
}

static void builder_pad__every_fill__next_multiple_of_four(void **state) {
  static const uint8_t pads[][2] = {{0, 0}, {1, 1}, {2, 0}, {255, 0}};

  (void)state;
  for (size_t p = 0; p < 4; p++) {
    for (unsigned filled = 0; filled <= 40; filled++) {
      tcpflow_options_builder b;

      tcpflow_options_builder_init(&b);
      memset(b.bytes, 0xee, sizeof(b.bytes));
      b.length = (uint8_t)filled;
      tcpflow_options_builder_pad(&b, pads[p][0]);
      assert_int_equal(b.length, (filled + 3) / 4 * 4);
      for (unsigned i = 0; i < 40; i++) {
        assert_int_equal(b.bytes[i],
                         i < filled || i >= b.length ? 0xee : pads[p][1]);
      }
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(builder__syn_of_linux__octets_as_sent),
    cmocka_unit_test(builder_sack__two_blocks__network_order),
    cmocka_unit_test(builder_sack__no_or_five_blocks__invalid),
    cmocka_unit_test(builder_wscale__above_14__as_it_is),
    cmocka_unit_test(builder_raw__eol_or_nop_with_data__invalid),
    cmocka_unit_test(builder_raw__every_fill_and_length__fits_or_limit),
    cmocka_unit_test(builder_raw__full__limit),
    cmocka_unit_test(builder__length_that_cannot_be__limit),
    cmocka_unit_test(builder_pad__every_fill__next_multiple_of_four),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
