/*
 * tests/unit/decode/test_build_overlay.c - tunnels over UDP and NSH, put
 * together.
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
  tcpflow_builder_announce(&builder, 41, ether_type);
  shells_put(&builder, one);
  frames_finish(&made, &builder);
  assert_int_equal(made.frame.captured, size);
  assert_memory_equal(made.frame.bytes, octets, size);
}

#define ASSERT_HEADER(one, ether_type, octets)                                 \
  assert_header(one, ether_type, octets, sizeof(octets) - 1)

static int error_of(const shell *one) {
  tcpflow_builder builder;
  tcpflow_frame frame;
  uint8_t room[512];

  tcpflow_builder_init(&builder, room, sizeof(room));
  shells_put(&builder, one);
  return tcpflow_builder_finish(&builder, &frame);
}

/* RFC 7348 section 5; draft-ietf-nvo3-vxlan-gpe section 3. */
static void builder_layer__vxlan__octets_of_the_rfcs(void **state) {
  static const shell vxlan = {TCPFLOW_LAYER_VXLAN, {.id = 0x010203}};
  static const shell other = {TCPFLOW_LAYER_VXLAN,
                              {.id = 0x010203, .flags = 0x180}};
  static const shell gpe = {TCPFLOW_LAYER_VXLAN, {.form = 1, .id = 0x010203}};
  static const shell given = {
    TCPFLOW_LAYER_VXLAN,
    {.form = 1, .number = 7, .number_mode = TCPFLOW_BUILD_GIVEN}};

  (void)state;
  ASSERT_HEADER(&vxlan, 0x6558, "\x08\0\0\0\1\2\3\0ab");
  ASSERT_HEADER(&other, 0x6558, "\x80\0\0\0\1\2\3\0ab");
  ASSERT_HEADER(&gpe, 0x0800, "\x0c\0\0\1\1\2\3\0ab");
  ASSERT_HEADER(&gpe, 0x86dd, "\x0c\0\0\2\1\2\3\0ab");
  ASSERT_HEADER(&gpe, 0x6558, "\x0c\0\0\3\1\2\3\0ab");
  ASSERT_HEADER(&gpe, 0x894f, "\x0c\0\0\4\1\2\3\0ab");
  ASSERT_HEADER(&gpe, 0x8847, "\x0c\0\0\5\1\2\3\0ab");
  ASSERT_HEADER(&given, 0x6558, "\x0c\0\0\7\0\0\0\0ab");
}

/* RFC 8926 section 3.4. */
static void builder_layer__geneve__octets_of_rfc_8926(void **state) {
  static const shell one = {TCPFLOW_LAYER_GENEVE,
                            {.id = 0x010203,
                             .flags = 0x80,
                             .extra = (const uint8_t *)"12345",
                             .extra_length = 5}};

  (void)state;
  ASSERT_HEADER(&one, 0x6558,
                "\2\x80\x65\x58\1\2\3\0"
                "12345\0\0\0ab");
}

/* RFC 8300 section 2. */
static void builder_layer__nsh__octets_of_rfc_8300(void **state) {
  static const shell two = {TCPFLOW_LAYER_NSH,
                            {.id = 0x010203, .sequence = 4, .flags = 0x0fc0}};
  static const shell one = {
    TCPFLOW_LAYER_NSH,
    {.extra = (const uint8_t *)"0123456789abcdef", .extra_length = 16}};

  (void)state;
  ASSERT_HEADER(&two, 0x0800, "\x0f\xc2\2\1\1\2\3\4ab");
  ASSERT_HEADER(&one, 0x6558,
                "\0\6\1\3\0\0\0\0"
                "0123456789abcdefab");
}

/* 3GPP TS 29.281 section 5.1; GSM 09.60 section 6. */
static void builder_layer__gtpu__octets_of_the_standards(void **state) {
  static const shell plain = {TCPFLOW_LAYER_GTPU, {.id = 0x01020304}};
  static const shell full = {TCPFLOW_LAYER_GTPU,
                             {.id = 0x01020304,
                              .flags = 7,
                              .sequence = 5,
                              .number = 0x85,
                              .extra = (const uint8_t *)"\1\0\0\0",
                              .extra_length = 4}};
  static const shell version_0 = {TCPFLOW_LAYER_GTPU,
                                  {.form = 1, .id = 9, .sequence = 5}};

  (void)state;
  ASSERT_HEADER(&plain, 0x0800, "\x30\xff\0\2\1\2\3\4ab");
  ASSERT_HEADER(&full, 0x0800, "\x37\xff\0\x0a\1\2\3\4\0\5\0\x85\1\0\0\0ab");
  ASSERT_HEADER(&version_0, 0x0800,
                "\x1e\xff\0\2\0\5\0\0\xff\xff\xff\xff\0\0\0\x09\xff\xff\xff\xff"
                "ab");
}

/* RFC 4380 section 5.1.1. */
static void builder_layer__teredo__octets_of_rfc_4380(void **state) {
  static const shell origin = {TCPFLOW_LAYER_TEREDO,
                               {.id = 0x0a000001, .number = 0x1234}};
  static const shell authentication = {
    TCPFLOW_LAYER_TEREDO,
    {.form = 1, .extra = (const uint8_t *)"me", .extra_length = 2}};

  (void)state;
  ASSERT_HEADER(&origin, 0x86dd,
                "\0\0\xed\xcb\xf5\xff\xff\xfe"
                "ab");
  ASSERT_HEADER(&authentication, 0x86dd,
                "\0\1\2\0me\0\0\0\0\0\0\0\0\0"
                "ab");
}

/* draft-massar-v6ops-ayiya section 3.1. */
static void builder_layer__ayiya__octets_of_the_draft(void **state) {
  static const shell one = {TCPFLOW_LAYER_AYIYA,
                            {.form = 1,
                             .flags = 0x121,
                             .sequence = 5,
                             .extra = (const uint8_t *)"me",
                             .extra_length = 2}};
  static const shell wrong = {
    TCPFLOW_LAYER_AYIYA, {.extra = (const uint8_t *)"abc", .extra_length = 3}};

  (void)state;
  ASSERT_HEADER(&one, 0x86dd, "\x11\x12\1\x29\0\0\0\5me\0\0\0\0ab");
  assert_int_equal(error_of(&wrong), TCPFLOW_ERR_INVALID);
}

/* RFC 5415 section 4.3. */
static void builder_layer__capwap__octets_of_rfc_5415(void **state) {
  static const shell one = {TCPFLOW_LAYER_CAPWAP,
                            {.flags = 0x0010,
                             .sequence = 0x00010008,
                             .extra = (const uint8_t *)"\6radio",
                             .extra_length = 6}};

  (void)state;
  ASSERT_HEADER(&one, 0x6558,
                "\0\x20\0\x10\0\1\0\x08"
                "\6radio\0\0"
                "ab");
}

static void builder_layer__tzsp__octets(void **state) {
  static const shell one = {
    TCPFLOW_LAYER_TZSP,
    {.form = 1, .extra = (const uint8_t *)"\x0a\1\xc4", .extra_length = 3}};

  (void)state;
  ASSERT_HEADER(&one, 0x6558,
                "\1\1\0\1\x0a\1\xc4\1"
                "ab");
}

/* More than the length field of the header can say. */
static void builder_layer__too_much_extra__invalid(void **state) {
  static const uint8_t zeros[512];
  static const shell rows[] = {
    {TCPFLOW_LAYER_GENEVE, {.extra = zeros, .extra_length = 253}},
    {TCPFLOW_LAYER_NSH, {.extra = zeros, .extra_length = 245}},
    {TCPFLOW_LAYER_CAPWAP, {.extra = zeros, .extra_length = 117}}};

  (void)state;
  for (size_t i = 0; i < SHELL_COUNT(rows); i++) {
    assert_int_equal(error_of(&rows[i]), TCPFLOW_ERR_INVALID);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(builder_layer__vxlan__octets_of_the_rfcs),
    cmocka_unit_test(builder_layer__geneve__octets_of_rfc_8926),
    cmocka_unit_test(builder_layer__nsh__octets_of_rfc_8300),
    cmocka_unit_test(builder_layer__gtpu__octets_of_the_standards),
    cmocka_unit_test(builder_layer__teredo__octets_of_rfc_4380),
    cmocka_unit_test(builder_layer__ayiya__octets_of_the_draft),
    cmocka_unit_test(builder_layer__capwap__octets_of_rfc_5415),
    cmocka_unit_test(builder_layer__tzsp__octets),
    cmocka_unit_test(builder_layer__too_much_extra__invalid),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
