/*
 * tests/unit/decode/test_esp.c - ESP with NULL encryption, and IPComp.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/shells.h"

#define CHECK(version, stack) shells_check(version, stack, SHELL_COUNT(stack))

static const uint8_t icv[64] = {0xaa, 0xbb};

/* RFC 4303: transport mode and tunnel mode, each length of the value. */
static void step_esp__each_icv_length__inner_segment(void **state) {
  static made_frame made;

  (void)state;
  for (uint32_t size = 0; size <= 64; size += 4) {
    const shell stack[] = {{TCPFLOW_LAYER_ESP,
                            {.id = 0x01020304,
                             .sequence = 5,
                             .trailer = icv,
                             .trailer_length = size}},
                           {TCPFLOW_LAYER_IPV4, {0}}};
    tcpflow_decode_config config = shells_config();

    config.esp_icv_length = size;
    shells_make(&made, 6, stack, SHELL_COUNT(stack));
    const tcpflow_packet packet = frames_decode_with(&made.frame, &config);
    shells_must_be_null(shells_wrong(&packet, 6));
    shells_must_be_null(shells_wrong_layers(&packet, 6, stack, 2));
    assert_int_equal(packet.tunnel_count, 1 + 1);
    assert_int_equal(packet.findings, 0);
    assert_int_equal(frames_layer_id(&packet, 2), 0x01020304);
  }
}

/* The segment right behind ESP: the checksum covers the outer addresses. */
static void make_transport(made_frame *made, uint8_t version,
                           uint32_t options) {
  const tcpflow_tuple tuple = frames_tuple(version);
  tcpflow_build_layer fields;
  tcpflow_builder builder;

  frames_begin(made, &builder, version);
  tcpflow_build_layer_init(&fields);
  fields.trailer = icv;
  fields.trailer_length = 12;
  tcpflow_builder_layer(&builder, TCPFLOW_LAYER_ESP, &fields);
  for (uint32_t i = 0; i < options; i++) {
    tcpflow_builder_extension(&builder, 60, NULL, 0);
  }
  tcpflow_builder_ip(&builder, &tuple, NULL);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_RAW, NULL);
  frames_finish(made, &builder);
}

static void step_esp__transport_mode__segment(void **state) {
  static made_frame made;

  (void)state;
  for (uint8_t version = 4; version <= 6; version = (uint8_t)(version + 2)) {
    for (uint32_t options = 0; options < (version == 6 ? 3U : 1U); options++) {
      make_transport(&made, version, options);
      const tcpflow_packet packet = shells_decode(&made);
      shells_must_be_null(shells_wrong(&packet, version));
      assert_int_equal(packet.ip_header_length,
                       (version == 4 ? 20 : 40) + 8 * options + 8);
      assert_int_equal(packet.tunnel_count, 1);
    }
  }
}

/* Without the trailer there is nothing to go by. */
static void step_esp__cut_anywhere__truncated(void **state) {
  static made_frame made;

  (void)state;
  make_transport(&made, 4, 0);
  const uint32_t whole = made.frame.captured;
  for (uint32_t n = 0; n < whole; n++) {
    made.frame.captured = n;
    assert_int_equal(shells_decode(&made).kind, n < whole - 12
                                                  ? TCPFLOW_PACKET_TRUNCATED
                                                  : TCPFLOW_PACKET_TCP);
  }
}

/* RFC 4303 section 2.4: padding counts from 1. */
static void step_esp__other_padding__encrypted(void **state) {
  static made_frame made;

  (void)state;
  make_transport(&made, 4, 0);
  const uint32_t trailer = made.frame.captured - 12 - 2;
  uint8_t *const bytes = frames_bytes(&made);
  assert_int_equal(bytes[trailer], 1); /* 20 + 12 + 5 + 2 + 1 */
  assert_int_equal(bytes[trailer - 1], 1);
  bytes[trailer - 1] = 0;
  tcpflow_packet packet = shells_decode(&made);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_UNSUPPORTED);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_ENCRYPTED);
  bytes[trailer] = 255;
  packet = shells_decode(&made);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_UNSUPPORTED);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_ENCRYPTED);
}

static void step_esp__shorter_than_trailer__encrypted(void **state) {
  static const uint8_t bytes[] = {
    0x45, 0, 0, 41, 0, 1, 0, 0, 64, 50, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 0,
    0,    0, 1, 0,  0, 0, 1, 0, 0,  0,  0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  const tcpflow_decode_config config = shells_config();
  const tcpflow_frame frame = {.bytes = bytes,
                               .captured = sizeof(bytes),
                               .length = sizeof(bytes),
                               .link = TCPFLOW_LINK_RAW};
  const tcpflow_packet packet = frames_decode_with(&frame, &config);

  (void)state;
  assert_int_equal(packet.kind, TCPFLOW_PACKET_UNSUPPORTED);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_ENCRYPTED);
}

static void step_esp__not_asked_for__encrypted(void **state) {
  static made_frame made;

  (void)state;
  make_transport(&made, 4, 0);
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_UNSUPPORTED);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_ENCRYPTED);
  assert_int_equal(packet.ip_protocol, 50);
}

/* RFC 3173 */
static void step_ipcomp__any__encrypted(void **state) {
  const tcpflow_tuple tuple = frames_tuple(6);
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  frames_begin(&made, &builder, 6);
  tcpflow_builder_announce(&builder, 108, 0);
  tcpflow_builder_ip(&builder, &tuple, NULL);
  frames_finish(&made, &builder);
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_UNSUPPORTED);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_ENCRYPTED);
}

static void step_esp__each_bit_turned__within_invariants(void **state) {
  static made_frame made;

  (void)state;
  make_transport(&made, 6, 1);
  shells_damage(&made);
  make_transport(&made, 4, 0);
  shells_damage(&made);
}

/* RFC 792: what is quoted ends before the trailer does, in general. */
static void step_esp__in_a_quote__not_looked_into(void **state) {
  const shell stack[] = {
    {TCPFLOW_LAYER_ICMP, {0}},
    {TCPFLOW_LAYER_IPV4, {0}},
    {TCPFLOW_LAYER_ESP, {.trailer = icv, .trailer_length = 12}}};
  const tcpflow_decode_config config = shells_config();
  static made_frame made;

  (void)state;
  shells_make(&made, 4, stack, SHELL_COUNT(stack));
  const tcpflow_packet packet = frames_decode_with(&made.frame, &config);
  assert_int_not_equal(packet.kind, TCPFLOW_PACKET_TCP);
  assert_int_not_equal(packet.kind, TCPFLOW_PACKET_ICMP_ERROR);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(step_esp__each_icv_length__inner_segment),
    cmocka_unit_test(step_esp__in_a_quote__not_looked_into),
    cmocka_unit_test(step_esp__transport_mode__segment),
    cmocka_unit_test(step_esp__cut_anywhere__truncated),
    cmocka_unit_test(step_esp__other_padding__encrypted),
    cmocka_unit_test(step_esp__shorter_than_trailer__encrypted),
    cmocka_unit_test(step_esp__not_asked_for__encrypted),
    cmocka_unit_test(step_ipcomp__any__encrypted),
    cmocka_unit_test(step_esp__each_bit_turned__within_invariants),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
