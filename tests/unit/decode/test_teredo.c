/*
 * tests/unit/decode/test_teredo.c - Teredo's indications, and AYIYA.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/shells.h"

#define CHECK(version, stack) shells_check(version, stack, SHELL_COUNT(stack))

static const shell plain[] = {{TCPFLOW_LAYER_UDP, {.port = {50000}}},
                              {TCPFLOW_LAYER_IPV4, {0}}};
static const shell origin[] = {
  {TCPFLOW_LAYER_TEREDO, {.id = 0x0a000001, .number = 40000}},
  {TCPFLOW_LAYER_UDP, {.port = {50000}}},
  {TCPFLOW_LAYER_IPV4, {0}}};
static const shell both[] = {
  {TCPFLOW_LAYER_TEREDO, {.id = 0x0a000001, .number = 40000}},
  {TCPFLOW_LAYER_TEREDO,
   {.form = 1, .extra = (const uint8_t *)"client", .extra_length = 6}},
  {TCPFLOW_LAYER_UDP, {.port = {50000}}},
  {TCPFLOW_LAYER_IPV4, {0}}};
static const shell turned[] = {
  {TCPFLOW_LAYER_TEREDO, {.form = 1}},
  {TCPFLOW_LAYER_TEREDO, {.id = 0x0a000001, .number = 40000}},
  {TCPFLOW_LAYER_UDP, {.port = {50000}}},
  {TCPFLOW_LAYER_IPV4, {0}}};

/* RFC 4380 section 5.1.1. */
static void step_teredo__each_indication__inner_segment(void **state) {
  (void)state;
  assert_int_equal(CHECK(6, plain).tunnel_count, 1);
  assert_int_equal(CHECK(6, origin).tunnel_count, 1);
  assert_int_equal(CHECK(6, both).tunnel_count, 1);
  assert_int_equal(CHECK(6, turned).tunnel_count, 1);
}

/* RFC 4380 section 5.1.1, by hand: an origin, and IPv6 without a payload. */
static void step_teredo__bubble__not_tcp(void **state) {
  static const uint8_t bytes[] = {
    0x45, 0, 0, 76,  0,    1,    0,    0,    64,   17,   0,    0, 192,
    0,    2, 1, 192, 0,    2,    2,    13,   0xd8, 13,   0xd8, 0, 56,
    0,    0, 0, 0,   0xff, 0xfe, 0xf5, 0xff, 0xff, 0xfe, 0x60, 0, 0,
    0,    0, 0, 59,  1,    0x20, 1,    0,    0,    0,    0,    0, 0,
    0,    0, 0, 0,   0,    0,    0,    1,    0x20, 1,    0,    0, 0,
    0,    0, 0, 0,   0,    0,    0,    0,    0,    0,    2};
  const tcpflow_packet packet =
    frames_decode_bytes(TCPFLOW_LINK_RAW, bytes, sizeof(bytes));

  (void)state;
  assert_int_equal(packet.kind, TCPFLOW_PACKET_NOT_TCP);
  assert_int_equal(packet.tuple.version, 6);
  assert_int_equal(packet.ip_protocol, 59);
}

static void step_teredo__not_ipv6__not_tcp(void **state) {
  static made_frame made;

  (void)state;
  shells_make(&made, 4, origin, SHELL_COUNT(origin));
  assert_int_equal(frames_decode(&made.frame).kind, TCPFLOW_PACKET_NOT_TCP);
}

/* Lengths of identifier and value that exceed the datagram. */
static void step_teredo__identifier_too_long__malformed(void **state) {
  static made_frame made;

  (void)state;
  shells_make(&made, 6, both, SHELL_COUNT(both));
  frames_bytes(&made)[14 + 28 + 2] = 255;
  frames_bytes(&made)[14 + 28 + 3] = 255;
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_MALFORMED);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_BAD_HEADER);
}

/* A datagram full of indications ends with the list of layers. */
static void step_teredo__endless_origins__bounded(void **state) {
  static uint8_t bytes[28 + 8 * 100];
  tcpflow_packet packet;

  (void)state;
  memset(bytes, 0, sizeof(bytes));
  memcpy(bytes, "\x45\0\x03\x3c\0\0\0\0\x40\x11", 10);
  bytes[22] = 13;
  bytes[23] = 0xd8;
  packet = frames_decode_bytes(TCPFLOW_LINK_RAW, bytes, sizeof(bytes));
  assert_int_equal(packet.kind, TCPFLOW_PACKET_UNSUPPORTED);
  assert_true((packet.findings & TCPFLOW_FINDING_TOO_MANY_LAYERS) != 0);
}

static void step_ayiya__each_size__inner_segment(void **state) {
  static const uint8_t identity[128] = {1};

  (void)state;
  for (uint32_t size = 1; size <= 128; size *= 2) {
    const shell stack[] = {{TCPFLOW_LAYER_AYIYA,
                            {.extra = identity,
                             .extra_length = size,
                             .form = (uint8_t)(size % 16),
                             .sequence = 5}},
                           {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                           {TCPFLOW_LAYER_IPV4, {0}}};

    (void)CHECK(4, stack);
    (void)CHECK(6, stack);
  }
}

/* Only forwarded packets, and only whole datagrams. */
static void step_ayiya__other_operation_or_payload__not_tcp(void **state) {
  static made_frame made;

  (void)state;
  for (uint32_t flags = 2; flags < 16; flags++) {
    const shell stack[] = {
      {TCPFLOW_LAYER_AYIYA,
       {.extra = (const uint8_t *)"a", .extra_length = 1, .flags = flags}},
      {TCPFLOW_LAYER_UDP, {.port = {50000}}},
      {TCPFLOW_LAYER_IPV4, {0}}};

    shells_make(&made, 6, stack, SHELL_COUNT(stack));
    assert_int_equal(frames_decode(&made.frame).kind, TCPFLOW_PACKET_NOT_TCP);
  }
  const shell of_tcp[] = {{TCPFLOW_LAYER_AYIYA,
                           {.extra = (const uint8_t *)"a",
                            .extra_length = 1,
                            .number = 6,
                            .number_mode = TCPFLOW_BUILD_GIVEN}},
                          {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                          {TCPFLOW_LAYER_IPV4, {0}}};
  shells_make(&made, 6, of_tcp, SHELL_COUNT(of_tcp));
  assert_int_equal(frames_decode(&made.frame).kind, TCPFLOW_PACKET_NOT_TCP);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(step_teredo__each_indication__inner_segment),
    cmocka_unit_test(step_teredo__bubble__not_tcp),
    cmocka_unit_test(step_teredo__not_ipv6__not_tcp),
    cmocka_unit_test(step_teredo__identifier_too_long__malformed),
    cmocka_unit_test(step_teredo__endless_origins__bounded),
    cmocka_unit_test(step_ayiya__each_size__inner_segment),
    cmocka_unit_test(step_ayiya__other_operation_or_payload__not_tcp),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
