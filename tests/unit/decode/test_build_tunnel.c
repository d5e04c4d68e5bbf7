/*
 * tests/unit/decode/test_build_tunnel.c - GRE, ERSPAN, L2TP, EtherIP and ESP,
 * put together.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/shells.h"

/* The payload "ab" behind one header; its octets are compared. */
static void assert_header(const shell *one, uint16_t ether_type,
                          const char *octets, size_t size) {
  static made_frame made;
  tcpflow_builder builder;

  tcpflow_builder_init(&builder, made.room, sizeof(made.room));
  tcpflow_builder_bytes(&builder, (const uint8_t *)"ab", 2);
  tcpflow_builder_announce(&builder, 4, ether_type);
  shells_put(&builder, one);
  frames_finish(&made, &builder);
  assert_int_equal(made.frame.captured, size);
  assert_memory_equal(made.frame.bytes, octets, size);
}

#define ASSERT_HEADER(one, ether_type, octets)                                 \
  assert_header(one, ether_type, octets, sizeof(octets) - 1)

/* RFC 2784, RFC 2890, RFC 1701. */
static void builder_layer__gre__octets_of_the_rfcs(void **state) {
  static const shell plain = {TCPFLOW_LAYER_GRE, {.flags = 0}};
  static const shell full = {TCPFLOW_LAYER_GRE,
                             {.flags = 0xb000,
                              .id = 0x01020304,
                              .sequence = 5,
                              .checksum = 0x1234,
                              .checksum_mode = TCPFLOW_BUILD_GIVEN}};
  static const shell routed = {TCPFLOW_LAYER_GRE,
                               {.flags = 0x4000,
                                .extra = (const uint8_t *)"\0\2\0\4\12\0\0\1",
                                .extra_length = 8}};
  static const shell other = {
    TCPFLOW_LAYER_GRE, {.number = 0x88be, .number_mode = TCPFLOW_BUILD_GIVEN}};

  (void)state;
  ASSERT_HEADER(&plain, 0x0800, "\0\0\x08\0ab");
  ASSERT_HEADER(&full, 0x86dd,
                "\xb0\0\x86\xdd\x12\x34\0\0\1\2\3\4\0\0\0\5"
                "ab");
  ASSERT_HEADER(&routed, 0x0800,
                "\x40\0\x08\0\0\0\0\0\0\2\0\4\12\0\0\1\0\0\0\0"
                "ab");
  ASSERT_HEADER(&other, 0x6558,
                "\0\0\x88\xbe"
                "ab");
}

/* RFC 2784 section 2.4: 0x8000 + 0x0800 + 0x6162 = 0xe962. */
static void builder_layer__gre_checksum__right_or_wrong(void **state) {
  static const shell right = {TCPFLOW_LAYER_GRE, {.flags = 0x8000}};
  static const shell wrong = {
    TCPFLOW_LAYER_GRE, {.flags = 0x8000, .checksum_mode = TCPFLOW_BUILD_WRONG}};

  (void)state;
  ASSERT_HEADER(&right, 0x0800,
                "\x80\0\x08\0\x16\x9d\0\0"
                "ab");
  ASSERT_HEADER(&wrong, 0x0800,
                "\x80\0\x08\0\x55\x55\0\0"
                "ab");
}

/* RFC 2637 section 4.1. */
static void builder_layer__gre_1__octets_of_rfc_2637(void **state) {
  static const shell one = {TCPFLOW_LAYER_GRE,
                            {.flags = 0x3081,
                             .id = 7,
                             .sequence = 5,
                             .extra = (const uint8_t *)"\0\0\0\6",
                             .extra_length = 4}};

  (void)state;
  ASSERT_HEADER(&one, 0x880b,
                "\x30\x81\x88\x0b\0\2\0\7\0\0\0\5\0\0\0\6"
                "ab");
}

/* draft-foschiano-erspan. */
static void builder_layer__erspan__octets_of_the_draft(void **state) {
  static const shell type_2 = {TCPFLOW_LAYER_ERSPAN,
                               {.id = 0x101, .flags = 0x023, .sequence = 4}};
  static const shell type_3 = {TCPFLOW_LAYER_ERSPAN,
                               {.form = 1,
                                .id = 0x101,
                                .flags = 0x20023,
                                .sequence = 4,
                                .extra = (const uint8_t *)"12345678",
                                .extra_length = 8}};

  (void)state;
  ASSERT_HEADER(&type_2, 0x6558,
                "\x10\x23\1\1\0\0\0\4"
                "ab");
  ASSERT_HEADER(&type_3, 0x6558,
                "\x20\x23\1\1\0\0\0\4\0\0\x08\1"
                "12345678ab");
}

/* RFC 2661 section 3.1, RFC 3931 section 4.1. */
static void builder_layer__l2tp__octets_of_the_rfcs(void **state) {
  static const shell plain = {TCPFLOW_LAYER_L2TP, {.id = 0x00010002}};
  static const shell full = {TCPFLOW_LAYER_L2TP,
                             {.id = 0x00010002,
                              .flags = 0x4a00,
                              .sequence = 3,
                              .extra = (const uint8_t *)"xy",
                              .extra_length = 2}};
  static const shell v3 = {TCPFLOW_LAYER_L2TP,
                           {.id = 0x00010002,
                            .form = 1,
                            .extra = (const uint8_t *)"cook",
                            .extra_length = 4}};
  static const shell ip = {TCPFLOW_LAYER_L2TP, {.id = 0x00010002, .form = 2}};

  (void)state;
  ASSERT_HEADER(&plain, 0x880b,
                "\0\2\0\1\0\2"
                "ab");
  ASSERT_HEADER(&full, 0x880b,
                "\x4a\2\0\x12\0\1\0\2\0\3\0\0\0\2"
                "xyab");
  ASSERT_HEADER(&v3, 0x6558,
                "\0\3\0\0\0\1\0\2"
                "cookab");
  ASSERT_HEADER(&ip, 0x6558,
                "\0\1\0\2"
                "ab");
}

static void builder_layer__l2tp_of_no_form__invalid(void **state) {
  tcpflow_build_layer fields;
  tcpflow_builder builder;
  tcpflow_frame frame;
  uint8_t room[64];

  (void)state;
  tcpflow_build_layer_init(&fields);
  fields.form = 3;
  tcpflow_builder_init(&builder, room, sizeof(room));
  tcpflow_builder_layer(&builder, TCPFLOW_LAYER_L2TP, &fields);
  assert_int_equal(tcpflow_builder_finish(&builder, &frame),
                   TCPFLOW_ERR_INVALID);
}

/* RFC 3378 section 3. */
static void builder_layer__etherip__octets_of_rfc_3378(void **state) {
  static const shell usual = {TCPFLOW_LAYER_ETHERIP, {.flags = 0}};
  static const shell other = {TCPFLOW_LAYER_ETHERIP, {.flags = 0x0300}};

  (void)state;
  ASSERT_HEADER(&usual, 0x6558,
                "\x30\0"
                "ab");
  ASSERT_HEADER(&other, 0x6558,
                "\3\0"
                "ab");
}

/* RFC 4303 section 2: padding 1, 2, ... up to a multiple of four. */
static void builder_layer__esp__octets_of_rfc_4303(void **state) {
  static const shell plain = {TCPFLOW_LAYER_ESP,
                              {.id = 0x01020304,
                               .sequence = 5,
                               .trailer = (const uint8_t *)"icv",
                               .trailer_length = 3}};
  static const shell odd = {TCPFLOW_LAYER_ESP,
                            {.number = 59,
                             .number_mode = TCPFLOW_BUILD_GIVEN,
                             .length = 9,
                             .length_mode = TCPFLOW_BUILD_GIVEN}};

  (void)state;
  ASSERT_HEADER(&plain, 0x0800,
                "\1\2\3\4\0\0\0\5"
                "ab\0\4icv");
  ASSERT_HEADER(&odd, 0x0800,
                "\0\0\0\0\0\0\0\0"
                "ab\x09\x3b");
}

/* No room: the builder fails, and writes nothing in front of its buffer. */
static void builder_layer__no_room__limit(void **state) {
  static const tcpflow_layer_type types[] = {
    TCPFLOW_LAYER_UDP,    TCPFLOW_LAYER_GRE,    TCPFLOW_LAYER_ERSPAN,
    TCPFLOW_LAYER_VXLAN,  TCPFLOW_LAYER_GTPU,   TCPFLOW_LAYER_GENEVE,
    TCPFLOW_LAYER_TEREDO, TCPFLOW_LAYER_NSH,    TCPFLOW_LAYER_L2TP,
    TCPFLOW_LAYER_ESP,    TCPFLOW_LAYER_CAPWAP, TCPFLOW_LAYER_ETHERIP,
    TCPFLOW_LAYER_TZSP,   TCPFLOW_LAYER_ICMP,   TCPFLOW_LAYER_ICMPV6};
  tcpflow_build_layer fields;

  (void)state;
  tcpflow_build_layer_init(&fields);
  fields.flags = 0xffb0;
  fields.extra = (const uint8_t *)"12345678";
  fields.extra_length = 8;
  fields.trailer = fields.extra;
  fields.trailer_length = 8;
  for (size_t i = 0; i < SHELL_COUNT(types); i++) {
    int error = TCPFLOW_ERR_LIMIT;

    for (size_t size = 0; error == TCPFLOW_ERR_LIMIT && size < 64; size++) {
      guard g = guard_room(size);
      tcpflow_builder builder;
      tcpflow_frame frame;

      tcpflow_builder_init(&builder, g.bytes, size);
      tcpflow_builder_layer(&builder, types[i], &fields);
      error = tcpflow_builder_finish(&builder, &frame);
      assert_true(error == TCPFLOW_ERR_LIMIT || frame.captured == size);
      guard_free(&g);
    }
    assert_int_equal(error, TCPFLOW_OK);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(builder_layer__gre__octets_of_the_rfcs),
    cmocka_unit_test(builder_layer__gre_checksum__right_or_wrong),
    cmocka_unit_test(builder_layer__gre_1__octets_of_rfc_2637),
    cmocka_unit_test(builder_layer__erspan__octets_of_the_draft),
    cmocka_unit_test(builder_layer__l2tp__octets_of_the_rfcs),
    cmocka_unit_test(builder_layer__l2tp_of_no_form__invalid),
    cmocka_unit_test(builder_layer__etherip__octets_of_rfc_3378),
    cmocka_unit_test(builder_layer__esp__octets_of_rfc_4303),
    cmocka_unit_test(builder_layer__no_room__limit),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
