/*
 * tests/unit/decode/test_l2tp.c - L2TP of version 2, and of version 3 over UDP
 * and IP.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/shells.h"

#define CHECK(version, stack) shells_check(version, stack, SHELL_COUNT(stack))

static const uint8_t padding[8] = {0};

/* RFC 2661 section 3.1: L, S and O in all combinations, PPP with and without
   its address field. */
static void step_l2tp__version_2__segment_in_ppp(void **state) {
  (void)state;
  for (uint32_t i = 0; i < 16; i++) {
    const shell stack[] = {
      {TCPFLOW_LAYER_PPP, {.form = (uint8_t)(i & 1)}},
      {TCPFLOW_LAYER_L2TP,
       {.id = 0x00070009,
        .flags = ((i & 2) != 0 ? 0x4000U : 0) | ((i & 4) != 0 ? 0x0800U : 0) |
                 ((i & 8) != 0 ? 0x0200U : 0),
        .extra = padding,
        .extra_length = i % 9}},
      {TCPFLOW_LAYER_UDP, {.port = {1701}}},
      {TCPFLOW_LAYER_IPV4, {0}}};
    const tcpflow_packet packet = CHECK(4, stack);

    assert_int_equal(packet.findings, 0);
    assert_int_equal(frames_layer_id(&packet, 3), 9);
  }
}

/* The cookie's size is unknown: none, 4 and 8 octets, and a sublayer. */
static void step_l2tp__version_3__guessed(void **state) {
  (void)state;
  for (uint32_t size = 0; size <= 12; size += 4) {
    for (uint8_t form = 1; form <= 2; form++) {
      const shell udp[] = {
        {TCPFLOW_LAYER_ETHERNET, {.number = 0}},
        {TCPFLOW_LAYER_L2TP,
         {.id = 0x01020304,
          .form = 1,
          .extra = (const uint8_t *)"\1\2\3\4\5\6\7\10\0\0\0\1",
          .extra_length = size}},
        {TCPFLOW_LAYER_UDP, {.port = {50000}}},
        {TCPFLOW_LAYER_IPV4, {0}}};
      const shell ip[] = {
        {TCPFLOW_LAYER_ETHERNET, {.number = 0}},
        {TCPFLOW_LAYER_L2TP,
         {.id = 0x01020304,
          .form = 2,
          .extra = (const uint8_t *)"\1\2\3\4\5\6\7\10\0\0\0\1",
          .extra_length = size}},
        {TCPFLOW_LAYER_IPV6, {0}}};
      tcpflow_packet packet = CHECK(4, udp);

      assert_int_equal(frames_layer_id(&packet, 3), 0x01020304);
      packet = CHECK(6, ip);
      assert_int_equal(frames_layer_id(&packet, 2), 0x01020304);
    }
  }
}

static void step_l2tp__version_3_of_ppp__guessed(void **state) {
  static const shell stack[] = {
    {TCPFLOW_LAYER_PPP, {.form = TCPFLOW_BUILD_PPP_HDLC}},
    {TCPFLOW_LAYER_L2TP, {.id = 5, .form = 2}},
    {TCPFLOW_LAYER_IPV4, {0}}};

  (void)state;
  (void)CHECK(4, stack);
  (void)CHECK(6, stack);
}

/* Session 0 is the control connection (RFC 3931 section 4.1.1.1). */
static void step_l2tp__control__not_tcp(void **state) {
  static const shell v2[] = {{TCPFLOW_LAYER_PPP, {0}},
                             {TCPFLOW_LAYER_L2TP, {.flags = 0xc800}},
                             {TCPFLOW_LAYER_UDP, {.port = {1701}}},
                             {TCPFLOW_LAYER_IPV4, {0}}};
  static const shell v3[] = {{TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                             {TCPFLOW_LAYER_L2TP, {.form = 2, .id = 0}},
                             {TCPFLOW_LAYER_IPV4, {0}}};
  static made_frame made;

  (void)state;
  shells_make(&made, 4, v2, SHELL_COUNT(v2));
  assert_int_equal(frames_decode(&made.frame).kind, TCPFLOW_PACKET_NOT_TCP);
  shells_make(&made, 4, v3, SHELL_COUNT(v3));
  assert_int_equal(frames_decode(&made.frame).kind, TCPFLOW_PACKET_NOT_TCP);
}

static void step_l2tp__other_version__unsupported(void **state) {
  static const shell stack[] = {{TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                                {TCPFLOW_LAYER_L2TP, {.id = 1, .form = 1}},
                                {TCPFLOW_LAYER_UDP, {.port = {1701}}},
                                {TCPFLOW_LAYER_IPV4, {0}}};
  static made_frame made;

  (void)state;
  for (uint8_t version = 0; version < 16; version++) {
    shells_make(&made, 4, stack, SHELL_COUNT(stack));
    frames_bytes(&made)[14 + 28 + 1] = version;
    assert_int_equal(frames_decode(&made.frame).kind ==
                       TCPFLOW_PACKET_UNSUPPORTED,
                     version != 2 && version != 3);
  }
}

/* The length counts the whole message, the offset what it says. */
static void step_l2tp__lengths_beyond_message__malformed(void **state) {
  static const shell length[] = {
    {TCPFLOW_LAYER_PPP, {0}},
    {TCPFLOW_LAYER_L2TP,
     {.flags = 0x4000, .length = 7, .length_mode = TCPFLOW_BUILD_GIVEN}},
    {TCPFLOW_LAYER_UDP, {.port = {1701}}},
    {TCPFLOW_LAYER_IPV4, {0}}};
  static const shell offset[] = {{TCPFLOW_LAYER_PPP, {0}},
                                 {TCPFLOW_LAYER_L2TP, {.flags = 0x0200}},
                                 {TCPFLOW_LAYER_UDP, {.port = {1701}}},
                                 {TCPFLOW_LAYER_IPV4, {0}}};
  static made_frame made;
  tcpflow_packet packet;

  (void)state;
  shells_make(&made, 4, length, SHELL_COUNT(length));
  packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_MALFORMED);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_BAD_HEADER);
  shells_make(&made, 4, offset, SHELL_COUNT(offset));
  frames_bytes(&made)[14 + 28 + 6] = 0xff;
  packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_MALFORMED);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_BAD_HEADER);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(step_l2tp__version_2__segment_in_ppp),
    cmocka_unit_test(step_l2tp__version_3__guessed),
    cmocka_unit_test(step_l2tp__version_3_of_ppp__guessed),
    cmocka_unit_test(step_l2tp__control__not_tcp),
    cmocka_unit_test(step_l2tp__other_version__unsupported),
    cmocka_unit_test(step_l2tp__lengths_beyond_message__malformed),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
