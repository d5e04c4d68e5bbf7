/*
 * tests/unit/decode/test_capwap.c - CAPWAP data and TZSP.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/shells.h"

#define CHECK(version, stack) shells_check(version, stack, SHELL_COUNT(stack))

static const uint8_t optional[116] = {0};

/* RFC 5415 section 4.3: the length counts words, of 8 octets at least. */
static void step_capwap__each_length__inner_segment(void **state) {
  (void)state;
  for (uint32_t size = 0; size <= 92; size += 4) {
    const shell stack[] = {
      {TCPFLOW_LAYER_ETHERNET, {.number = 0}},
      {TCPFLOW_LAYER_CAPWAP, {.extra = optional, .extra_length = size}},
      {TCPFLOW_LAYER_UDP, {.port = {50000}}},
      {TCPFLOW_LAYER_IPV4, {0}}};

    assert_int_equal(CHECK(4, stack).findings, 0);
  }
}

static tcpflow_packet decode_word(uint32_t at, uint8_t value) {
  static const shell stack[] = {{TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                                {TCPFLOW_LAYER_CAPWAP, {.flags = 0}},
                                {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                                {TCPFLOW_LAYER_IPV4, {0}}};
  static made_frame made;

  shells_make(&made, 4, stack, SHELL_COUNT(stack));
  frames_bytes(&made)[14 + 28 + at] = value;
  return frames_decode(&made.frame);
}

static void step_capwap__other_headers__say_why(void **state) {
  static const struct {
    uint32_t at;
    uint8_t value;
    uint8_t kind;
    uint32_t findings;
  } rows[] = {
    /* DTLS, another version, a length of 4, a fragment, a keepalive, a frame
       of no binding */
    {0, 0x01, TCPFLOW_PACKET_UNSUPPORTED, TCPFLOW_FINDING_ENCRYPTED},
    {0, 0x10, TCPFLOW_PACKET_UNSUPPORTED, 0},
    {1, 0x08, TCPFLOW_PACKET_MALFORMED, TCPFLOW_FINDING_BAD_HEADER},
    {3, 0x80, TCPFLOW_PACKET_UNSUPPORTED, 0},
    {3, 0x08, TCPFLOW_PACKET_NOT_TCP, 0},
    {2, 0x01, TCPFLOW_PACKET_UNSUPPORTED, 0},
  };

  (void)state;
  for (size_t i = 0; i < SHELL_COUNT(rows); i++) {
    const tcpflow_packet packet = decode_word(rows[i].at, rows[i].value);

    assert_int_equal(packet.kind, rows[i].kind);
    assert_int_equal(packet.findings, rows[i].findings);
  }
}

/* Padding, a tag with a value, an empty one; each type that holds a packet. */
static void step_tzsp__tags__inner_segment(void **state) {
  static const uint8_t tags[] = {0, 10, 1, 0xc4, 0, 0, 41, 4, 1, 2, 3, 4, 5, 0};

  (void)state;
  for (uint8_t type = 0; type < 2; type++) {
    const shell stack[] = {{TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                           {TCPFLOW_LAYER_TZSP,
                            {.form = type,
                             .extra = tags,
                             .extra_length = type == 0 ? sizeof(tags) : 0}},
                           {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                           {TCPFLOW_LAYER_IPV4, {0}}};

    assert_int_equal(CHECK(4, stack).findings, 0);
  }
}

static void step_tzsp__tags_without_end__malformed(void **state) {
  static const uint8_t tags[] = {10, 255};
  static const shell stack[] = {
    {TCPFLOW_LAYER_ETHERNET, {.number = 0}},
    {TCPFLOW_LAYER_TZSP, {.extra = tags, .extra_length = sizeof(tags)}},
    {TCPFLOW_LAYER_UDP, {.port = {50000}}},
    {TCPFLOW_LAYER_IPV4, {0}}};
  static made_frame made;

  (void)state;
  shells_make(&made, 4, stack, SHELL_COUNT(stack));
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_MALFORMED);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_BAD_HEADER);
}

static void step_tzsp__other_types_and_protocols__not_tcp(void **state) {
  static made_frame made;

  (void)state;
  for (uint32_t i = 2; i < 18; i++) {
    const shell type[] = {{TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                          {TCPFLOW_LAYER_TZSP, {.form = (uint8_t)i}},
                          {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                          {TCPFLOW_LAYER_IPV4, {0}}};
    const shell protocol[] = {
      {TCPFLOW_LAYER_ETHERNET, {.number = 0}},
      {TCPFLOW_LAYER_TZSP, {.number = i, .number_mode = TCPFLOW_BUILD_GIVEN}},
      {TCPFLOW_LAYER_UDP, {.port = {50000}}},
      {TCPFLOW_LAYER_IPV4, {0}}};

    shells_make(&made, 4, type, SHELL_COUNT(type));
    assert_int_equal(frames_decode(&made.frame).kind, TCPFLOW_PACKET_NOT_TCP);
    shells_make(&made, 4, protocol, SHELL_COUNT(protocol));
    assert_true(frames_decode(&made.frame).kind != TCPFLOW_PACKET_TCP);
  }
}

/* The segment in an 802.11 data frame, towards the distribution system, behind
   one header over UDP. */
static void make_wifi(made_frame *made, const shell *tunnel) {
  const tcpflow_tuple inner = frames_tuple(4);
  static const shell udp = {TCPFLOW_LAYER_UDP, {.port = {50000}}};
  static const shell ip = {TCPFLOW_LAYER_IPV4, {0}};
  static const shell tag = {TCPFLOW_LAYER_VLAN, {.id = 5}};
  tcpflow_build_link fields;
  tcpflow_builder builder;

  frames_begin(made, &builder, 4);
  tcpflow_builder_ip(&builder, &inner, NULL);
  tcpflow_build_link_init(&fields);
  fields.flags = 0x0108; /* little-endian */
  tcpflow_builder_link(&builder, TCPFLOW_LINK_IEEE802_11, &fields);
  shells_put(&builder, tunnel);
  if (tunnel->type != TCPFLOW_LAYER_GRE) {
    shells_put(&builder, &udp);
  }
  shells_put(&builder, &ip);
  shells_put(&builder, &tag);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_ETHERNET, NULL);
  frames_finish(made, &builder);
}

/* The tags of the wired network are not those of the wireless one. */
static void tunnel_frame__wifi_in_each_tunnel__inner_segment(void **state) {
  static const shell rows[] = {
    {TCPFLOW_LAYER_CAPWAP, {.flags = 0}},
    {TCPFLOW_LAYER_TZSP, {.flags = 0}},
    {TCPFLOW_LAYER_GRE, {.number = 0x8200, .number_mode = TCPFLOW_BUILD_GIVEN}},
    {TCPFLOW_LAYER_GRE,
     {.number = 0x8370, .number_mode = TCPFLOW_BUILD_GIVEN}}};
  static made_frame made;

  (void)state;
  for (size_t i = 0; i < SHELL_COUNT(rows); i++) {
    make_wifi(&made, &rows[i]);
    const tcpflow_packet packet = frames_decode(&made.frame);
    shells_must_be_null(shells_wrong(&packet, 4));
    assert_int_equal(packet.tuple.vlan, 0);
    assert_int_equal(packet.tag_count, 0);
    shells_cut(&made);
  }
}

/* The two octets of frame control, the wrong way round. */
static void step_capwap__swapped_frame_control__inner_segment(void **state) {
  static const shell capwap = {TCPFLOW_LAYER_CAPWAP, {.flags = 0}};
  static made_frame made;

  (void)state;
  make_wifi(&made, &capwap);
  uint8_t *const control = frames_bytes(&made) + 14 + 4 + 28 + 8;
  assert_int_equal(control[0], 0x08);
  assert_int_equal(control[1], 0x01);
  control[0] = 0x01;
  control[1] = 0x08;
  const tcpflow_packet packet = frames_decode(&made.frame);
  shells_must_be_null(shells_wrong(&packet, 4));
  shells_cut(&made);
  shells_damage(&made);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(step_capwap__each_length__inner_segment),
    cmocka_unit_test(step_capwap__other_headers__say_why),
    cmocka_unit_test(step_tzsp__tags__inner_segment),
    cmocka_unit_test(step_tzsp__tags_without_end__malformed),
    cmocka_unit_test(step_tzsp__other_types_and_protocols__not_tcp),
    cmocka_unit_test(tunnel_frame__wifi_in_each_tunnel__inner_segment),
    cmocka_unit_test(step_capwap__swapped_frame_control__inner_segment),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
