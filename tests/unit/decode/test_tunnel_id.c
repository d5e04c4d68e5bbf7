/*
 * tests/unit/decode/test_tunnel_id.c - numbers of layers that the capture does
 * not hold; those that it holds are asked for beside each tunnel's tests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/shells.h"

enum {
  NONE = 0x5a5a5a5a /* No number of the layers below. */
};

/* Asks for the number of every layer, at a guard page.  Answers that of the
   last one that has one, or else NONE. */
static uint64_t last_id(const tcpflow_frame *frame) {
  const tcpflow_decode_config config = shells_config();
  guard g = guard_put(frame->bytes, frame->captured);
  tcpflow_frame copy = *frame;
  tcpflow_packet packet;
  uint64_t id = NONE;

  copy.bytes = g.bytes;
  tcpflow_packet_init(&packet);
  assert_int_equal(tcpflow_packet_decode(&packet, &copy, &config), 0);
  for (unsigned i = 0; i < packet.layer_count; i++) {
    const uint64_t before = id;

    assert_true(tcpflow_packet_layer_id(&packet, i, &id) || id == before);
  }
  assert_false(tcpflow_packet_layer_id(&packet, packet.layer_count, &id));
  guard_free(&g);
  return id;
}

/* The key of GRE stands behind its fixed part. */
static void packet_layer_id__gre_key_cut__none(void **state) {
  static const shell stack[] = {
    {TCPFLOW_LAYER_GRE, {.flags = 0xa000, .id = 0x01020304}},
    {TCPFLOW_LAYER_IPV4, {0}}};
  static made_frame made;

  (void)state;
  shells_make(&made, 4, stack, SHELL_COUNT(stack));
  for (uint32_t n = 14 + 20 + 4; n <= 14 + 20 + 12; n++) {
    made.frame.captured = n;
    assert_int_equal(last_id(&made.frame),
                     n < 14 + 20 + 12 ? NONE : 0x01020304);
  }
}

/* The session of L2TP over UDP does as well. */
static void packet_layer_id__l2tp_session_cut__none(void **state) {
  static const shell v2[] = {
    {TCPFLOW_LAYER_PPP, {0}},
    {TCPFLOW_LAYER_L2TP, {.id = 0x00050007, .flags = 0x4000}},
    {TCPFLOW_LAYER_UDP, {.port = {1701}}},
    {TCPFLOW_LAYER_IPV4, {0}}};
  static const shell v3[] = {{TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                             {TCPFLOW_LAYER_L2TP, {.id = 9, .form = 1}},
                             {TCPFLOW_LAYER_UDP, {.port = {1701}}},
                             {TCPFLOW_LAYER_IPV4, {0}}};
  static made_frame made;

  (void)state;
  for (uint32_t n = 42 + 6; n <= 42 + 8; n++) {
    shells_make(&made, 4, v2, SHELL_COUNT(v2));
    made.frame.captured = n;
    assert_int_equal(last_id(&made.frame), n < 42 + 8 ? NONE : 7);
    shells_make(&made, 4, v3, SHELL_COUNT(v3));
    made.frame.captured = n;
    assert_int_equal(last_id(&made.frame), n < 42 + 8 ? NONE : 9);
  }
}

/* A number of 0 is one, and a header without a number is none. */
static void packet_layer_id__gre_key_0__told(void **state) {
  static const shell keyed[] = {{TCPFLOW_LAYER_GRE, {.flags = 0x2000, .id = 0}},
                                {TCPFLOW_LAYER_IPV4, {0}}};
  static const shell plain[] = {{TCPFLOW_LAYER_GRE, {0}},
                                {TCPFLOW_LAYER_IPV4, {0}}};
  static made_frame made;

  (void)state;
  shells_make(&made, 4, keyed, SHELL_COUNT(keyed));
  assert_int_equal(last_id(&made.frame), 0);
  shells_make(&made, 4, plain, SHELL_COUNT(plain));
  assert_int_equal(last_id(&made.frame), NONE);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(packet_layer_id__gre_key_cut__none),
    cmocka_unit_test(packet_layer_id__gre_key_0__told),
    cmocka_unit_test(packet_layer_id__l2tp_session_cut__none),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
