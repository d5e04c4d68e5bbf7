/*
 * tests/unit/decode/test_vxlan.c - VXLAN, VXLAN-GPE, GENEVE and NSH.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/shells.h"

#define CHECK(version, stack) shells_check(version, stack, SHELL_COUNT(stack))

static const uint8_t octets[252] = {1, 2, 3, 4};

/* RFC 7348 section 5, by hand: VNI 0x000102, an Ethernet frame inside. */
static void step_vxlan__octets_of_rfc_7348__inner_segment(void **state) {
  static const uint8_t bytes[] = {
    0x45, 0,   0,  90, 0, 1,    0,  0,    64,   17, 0,    0,  192, 0,  2,
    1,    192, 0,  2,  2, 0xc3, 80, 0x12, 0xb5, 0,  70,   0,  0,   8,  0,
    0,    0,   0,  1,  2, 0,    2,  0,    0,    0,  0,    1,  2,   0,  0,
    0,    0,   2,  8,  0, 0x45, 0,  0,    40,   0,  7,    0,  0,   9,  6,
    0,    0,   10, 0,  0, 1,    10, 0,    0,    2,  0x30, 57, 0,   80, 0,
    0,    0,   5,  0,  0, 0,    0,  0x50, 2,    1,  0,    0,  0,   0,  0};
  const tcpflow_packet packet =
    frames_decode_bytes(TCPFLOW_LINK_RAW, bytes, sizeof(bytes));

  (void)state;
  assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(packet.findings, 0);
  assert_int_equal(packet.tuple.tunnel, 0x03000102);
  assert_int_equal(packet.seq, 5);
  assert_int_equal(packet.layer_count, 6);
}

static void step_vxlan__each_version_of_ip__network(void **state) {
  static const shell over_4[] = {{TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                                 {TCPFLOW_LAYER_VXLAN, {.id = 0xfffffe}},
                                 {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                                 {TCPFLOW_LAYER_IPV4, {0}}};
  static const shell over_6[] = {{TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                                 {TCPFLOW_LAYER_VXLAN, {.id = 0xfffffe}},
                                 {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                                 {TCPFLOW_LAYER_IPV6, {0}}};

  (void)state;
  for (uint8_t version = 4; version <= 6; version = (uint8_t)(version + 2)) {
    tcpflow_packet packet = CHECK(version, over_4);
    assert_int_equal(packet.tuple.tunnel, 0x03fffffe);
    assert_int_equal(frames_layer_id(&packet, 3), 0xfffffe);
    assert_int_equal(packet.findings, 0);
    packet = CHECK(version, over_6);
    assert_int_equal(packet.tuple.tunnel, 0x03fffffe);
  }
}

/* RFC 7348 section 5: reserved bits are ignored; without I there is no valid
   number. */
static void step_vxlan__flags__number_with_i_only(void **state) {
  (void)state;
  for (uint32_t flags = 0; flags < 256; flags++) {
    const shell stack[] = {
      {TCPFLOW_LAYER_ETHERNET, {.number = 0}},
      {TCPFLOW_LAYER_VXLAN, {.id = 7, .flags = 0x100 | flags}},
      {TCPFLOW_LAYER_UDP, {.port = {50000}}},
      {TCPFLOW_LAYER_IPV4, {0}}};
    static made_frame made;

    shells_make(&made, 4, stack, SHELL_COUNT(stack));
    const tcpflow_packet packet = frames_decode(&made.frame);
    shells_must_be_null(shells_wrong(&packet, 4));
    assert_int_equal(packet.tuple.tunnel, (flags & 8) != 0 ? 0x03000007 : 0);
    assert_int_equal(packet.findings,
                     (flags & 8) != 0 ? 0 : TCPFLOW_FINDING_BAD_HEADER);
  }
}

static void step_vxlan_gpe__each_protocol__inner_segment(void **state) {
  static const shell ip[] = {{TCPFLOW_LAYER_VXLAN, {.form = 1, .id = 9}},
                             {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                             {TCPFLOW_LAYER_IPV4, {0}}};
  static const shell ethernet[] = {{TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                                   {TCPFLOW_LAYER_VXLAN, {.form = 1, .id = 9}},
                                   {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                                   {TCPFLOW_LAYER_IPV4, {0}}};
  static const shell no_protocol[] = {
    {TCPFLOW_LAYER_ETHERNET, {.number = 0}},
    {TCPFLOW_LAYER_VXLAN, {.form = 1, .id = 9, .flags = 8}},
    {TCPFLOW_LAYER_UDP, {.port = {50000}}},
    {TCPFLOW_LAYER_IPV4, {0}}};
  static const shell nsh[] = {{TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                              {TCPFLOW_LAYER_NSH, {.id = 77}},
                              {TCPFLOW_LAYER_VXLAN, {.form = 1, .id = 9}},
                              {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                              {TCPFLOW_LAYER_IPV4, {0}}};
  static const shell mpls[] = {{TCPFLOW_LAYER_MPLS, {.id = 77}},
                               {TCPFLOW_LAYER_VXLAN, {.form = 1, .id = 9}},
                               {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                               {TCPFLOW_LAYER_IPV4, {0}}};

  (void)state;
  assert_int_equal(CHECK(4, ip).tuple.tunnel, 0x04000009);
  assert_int_equal(CHECK(6, ip).tuple.tunnel, 0x04000009);
  (void)CHECK(4, ethernet);
  (void)CHECK(4, no_protocol);
  assert_int_equal(CHECK(4, nsh).tunnel_count, 2);
  (void)CHECK(4, mpls);
}

/* RFC 8926 section 3.4: the length counts words of options. */
static void step_geneve__options_of_every_length__inner_segment(void **state) {
  (void)state;
  for (uint32_t words = 0; words < 64; words += words < 4 ? 1 : 10) {
    const shell stack[] = {
      {TCPFLOW_LAYER_ETHERNET, {.number = 0}},
      {TCPFLOW_LAYER_GENEVE,
       {.id = 9, .flags = 0xc0, .extra = octets, .extra_length = words * 4}},
      {TCPFLOW_LAYER_UDP, {.port = {50000}}},
      {TCPFLOW_LAYER_IPV4, {0}}};
    const tcpflow_packet packet = CHECK(4, stack);

    assert_int_equal(packet.tuple.tunnel, 0x05000009);
    assert_int_equal(frames_layer_id(&packet, 3), 9);
    assert_int_equal(packet.findings, 0);
  }
}

static void step_geneve__options_beyond_payload__malformed(void **state) {
  static const shell stack[] = {
    {TCPFLOW_LAYER_GENEVE, {.length = 63, .length_mode = TCPFLOW_BUILD_GIVEN}},
    {TCPFLOW_LAYER_UDP, {.port = {50000}}},
    {TCPFLOW_LAYER_IPV4, {0}}};
  static made_frame made;

  (void)state;
  shells_make(&made, 4, stack, SHELL_COUNT(stack));
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_MALFORMED);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_BAD_HEADER);
}

/* RFC 8926 section 3.4: an unknown version is dropped. */
static void step_geneve__other_version__unsupported(void **state) {
  (void)state;
  for (uint32_t version = 1; version < 4; version++) {
    const shell stack[] = {{TCPFLOW_LAYER_GENEVE, {.flags = version << 14}},
                           {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                           {TCPFLOW_LAYER_IPV4, {0}}};
    static made_frame made;

    shells_make(&made, 4, stack, SHELL_COUNT(stack));
    assert_int_equal(frames_decode(&made.frame).kind,
                     TCPFLOW_PACKET_UNSUPPORTED);
  }
}

/* RFC 8300 section 2.2: MD type 1 has six words, type 2 any number. */
static void step_nsh__each_length__inner_segment(void **state) {
  (void)state;
  for (uint32_t words = 0; words <= 61; words += words < 5 ? 1 : 8) {
    const shell stack[] = {{TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                           {TCPFLOW_LAYER_NSH,
                            {.id = 0x123456,
                             .sequence = 255,
                             .extra = octets,
                             .extra_length = words * 4}},
                           {TCPFLOW_LAYER_GRE, {.flags = 0}},
                           {TCPFLOW_LAYER_IPV4, {0}}};
    const tcpflow_packet packet = CHECK(4, stack);

    assert_int_equal(packet.findings, 0);
    assert_int_equal(frames_layer_id(&packet, 3), 0x123456);
  }
}

/* NSH in Ethernet, as figure 1 of RFC 8300 has it, and NSH in NSH. */
static void step_nsh__in_ethernet__inner_segment(void **state) {
  static const shell stack[] = {{TCPFLOW_LAYER_NSH, {.id = 1}},
                                {TCPFLOW_LAYER_NSH, {.id = 2}}};
  static made_frame made;

  (void)state;
  shells_make(&made, 4, stack, SHELL_COUNT(stack));
  const tcpflow_packet packet = frames_decode(&made.frame);
  shells_must_be_null(shells_wrong(&packet, 4));
  assert_int_equal(packet.tunnel_count, 2);
  shells_cut(&made);
}

static void step_nsh__wrong_length__told(void **state) {
  static made_frame made;

  (void)state;
  for (uint32_t words = 0; words < 64; words++) {
    const shell stack[] = {{TCPFLOW_LAYER_NSH,
                            {.extra = octets,
                             .extra_length = 16,
                             .length = words,
                             .length_mode = TCPFLOW_BUILD_GIVEN}}};

    shells_make(&made, 4, stack, SHELL_COUNT(stack));
    const tcpflow_packet packet = frames_decode(&made.frame);
    assert_true((packet.findings & TCPFLOW_FINDING_BAD_HEADER) != 0 ||
                words == 6);
    assert_true(words >= 2 || packet.kind == TCPFLOW_PACKET_MALFORMED);
    assert_true(words != 6 || packet.kind == TCPFLOW_PACKET_TCP);
  }
}

static void step_nsh__other_protocol__not_tcp(void **state) {
  static made_frame made;

  (void)state;
  for (uint32_t number = 6; number < 256; number += 50) {
    const shell stack[] = {
      {TCPFLOW_LAYER_NSH,
       {.number = number, .number_mode = TCPFLOW_BUILD_GIVEN}}};

    shells_make(&made, 4, stack, SHELL_COUNT(stack));
    assert_int_equal(frames_decode(&made.frame).kind, TCPFLOW_PACKET_NOT_TCP);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(step_vxlan__octets_of_rfc_7348__inner_segment),
    cmocka_unit_test(step_vxlan__each_version_of_ip__network),
    cmocka_unit_test(step_vxlan__flags__number_with_i_only),
    cmocka_unit_test(step_vxlan_gpe__each_protocol__inner_segment),
    cmocka_unit_test(step_geneve__options_of_every_length__inner_segment),
    cmocka_unit_test(step_geneve__options_beyond_payload__malformed),
    cmocka_unit_test(step_geneve__other_version__unsupported),
    cmocka_unit_test(step_nsh__each_length__inner_segment),
    cmocka_unit_test(step_nsh__in_ethernet__inner_segment),
    cmocka_unit_test(step_nsh__wrong_length__told),
    cmocka_unit_test(step_nsh__other_protocol__not_tcp),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
