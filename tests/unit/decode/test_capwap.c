/*
 * tests/unit/decode/test_capwap.c - CAPWAP data and TZSP.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/stacks.h"

#define CHECK(version, stack) stacks_check(version, stack, STACK_COUNT(stack))

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

  stacks_make(&made, 4, stack, STACK_COUNT(stack));
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
  for (size_t i = 0; i < STACK_COUNT(rows); i++) {
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
  stacks_make(&made, 4, stack, STACK_COUNT(stack));
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

    stacks_make(&made, 4, type, STACK_COUNT(type));
    assert_int_equal(frames_decode(&made.frame).kind, TCPFLOW_PACKET_NOT_TCP);
    stacks_make(&made, 4, protocol, STACK_COUNT(protocol));
    assert_true(frames_decode(&made.frame).kind != TCPFLOW_PACKET_TCP);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(step_capwap__each_length__inner_segment),
    cmocka_unit_test(step_capwap__other_headers__say_why),
    cmocka_unit_test(step_tzsp__tags__inner_segment),
    cmocka_unit_test(step_tzsp__tags_without_end__malformed),
    cmocka_unit_test(step_tzsp__other_types_and_protocols__not_tcp),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
