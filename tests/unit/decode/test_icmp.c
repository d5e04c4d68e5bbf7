/*
 * tests/unit/decode/test_icmp.c - ICMP and ICMPv6 errors: which quote, and
 * where the quote ends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/shells.h"

/* An error of TYPE about the segment of frames.h, with QUOTED octets of its
   datagram; 0: all. */
static void make_error(made_frame *made, uint8_t version, uint8_t type,
                       uint32_t quoted) {
  const shell stack[] = {
    {version == 4 ? TCPFLOW_LAYER_ICMP : TCPFLOW_LAYER_ICMPV6,
     {.id = quoted,
      .number = type,
      .number_mode = TCPFLOW_BUILD_GIVEN,
      .flags = 4,
      .sequence = 1400}},
    {version == 4 ? TCPFLOW_LAYER_IPV4 : TCPFLOW_LAYER_IPV6, {0}}};

  shells_make(made, version, stack, SHELL_COUNT(stack));
}

/* NULL, or what is wrong about a packet that quotes it all. */
static const char *wrong_quote(const tcpflow_packet *packet, uint8_t version) {
  const tcpflow_tuple want = frames_tuple(version);

  PACKET_MUST(packet->kind == TCPFLOW_PACKET_ICMP_ERROR);
  PACKET_MUST(memcmp(&packet->tuple, &want, sizeof(want)) == 0);
  PACKET_MUST(packet->seq == 1000 && packet->ack == 2000);
  PACKET_MUST(packet->window == 512 && packet->flags == 0x18);
  PACKET_MUST(packet->quoted == 32 && packet->options_length == 12);
  PACKET_MUST(packet->options_captured == 12 && packet->payload_length == 5);
  PACKET_MUST(packet->payload_captured == 5 && packet->findings == 0);
  PACKET_MUST(tcpflow_packet_checksum(packet) == TCPFLOW_CHECKSUM_NONE);
  return NULL;
}

/* RFC 792, RFC 4443 */
static void step_icmp__each_error__quote(void **state) {
  static const uint8_t types4[] = {3, 4, 5, 11, 12};
  static made_frame made;

  (void)state;
  for (size_t i = 0; i < sizeof(types4); i++) {
    make_error(&made, 4, types4[i], 0);
    const tcpflow_packet packet = frames_decode(&made.frame);
    shells_must_be_null(wrong_quote(&packet, 4));
    assert_int_equal(packet.icmp_type, types4[i]);
    assert_int_equal(packet.icmp_code, 4);
    assert_int_equal(packet.icmp_mtu, types4[i] == 3 ? 1400 : 0);
    assert_int_equal(packet.layer[2].type, TCPFLOW_LAYER_ICMP);
    assert_int_equal(packet.ip_offset, 14 + 20 + 8);
  }
  for (uint8_t type = 1; type <= 4; type++) {
    make_error(&made, 6, type, 0);
    /* The fifth octet would be a length. */
    const tcpflow_packet packet = frames_decode(&made.frame);
    shells_must_be_null(wrong_quote(&packet, 6));
    assert_int_equal(packet.icmp_type, type);
    assert_int_equal(packet.icmp_mtu, type == 2 ? 1400 : 0);
    assert_int_equal(packet.layer[2].type, TCPFLOW_LAYER_ICMPV6);
  }
}

/* The sender of the error is found by its layer. */
static void packet_layer_ends__error__its_sender(void **state) {
  const tcpflow_tuple outer = shells_outer(4);
  static made_frame made;
  tcpflow_tuple ends;

  (void)state;
  make_error(&made, 4, 11, 28);
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_true(tcpflow_packet_layer_ends(&packet, 1, &ends));
  assert_memory_equal(ends.address, outer.address, sizeof(ends.address));
  assert_true(tcpflow_packet_layer_ends(&packet, 3, &ends));
  assert_memory_equal(ends.address, packet.tuple.address, sizeof(ends.address));
  assert_int_equal(ends.port[0], 40000);
}

static void step_icmp__other_types__not_tcp(void **state) {
  static made_frame made;

  (void)state;
  for (unsigned type = 0; type < 256; type++) {
    make_error(&made, 4, (uint8_t)type, 0);
    const tcpflow_packet v4 = frames_decode(&made.frame);
    assert_int_equal(v4.kind == TCPFLOW_PACKET_ICMP_ERROR,
                     type == 3 || type == 4 || type == 5 || type == 11 ||
                       type == 12);
    make_error(&made, 6, (uint8_t)type, 0);
    const tcpflow_packet v6 = frames_decode(&made.frame);
    assert_int_equal(v6.kind == TCPFLOW_PACKET_ICMP_ERROR,
                     type >= 1 && type <= 4);
    assert_int_equal(v6.ip_protocol,
                     v6.kind == TCPFLOW_PACKET_ICMP_ERROR ? 6 : 58);
  }
}

/* An error that quotes UDP, ICMP, a later fragment or no IP at all says nothing
   of the quote. */
static void close_quote__no_tcp_in_it__the_error_itself(void **state) {
  static const struct {
    uint32_t at;
    uint8_t value;
  } damage[] = {{9, 17}, {9, 1}, {9, 50}, {7, 9}, {0, 0x65}, {0, 0x41}, {3, 1}};
  const tcpflow_tuple outer = shells_outer(4);
  static made_frame made;

  (void)state;
  for (size_t i = 0; i < SHELL_COUNT(damage); i++) {
    make_error(&made, 4, 3, 28);
    frames_bytes(&made)[14 + 20 + 8 + damage[i].at] = damage[i].value;
    const tcpflow_packet packet = frames_decode(&made.frame);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_NOT_TCP);
    assert_int_equal(packet.findings, 0);
    assert_int_equal(packet.ip_protocol, 1);
    assert_int_equal(packet.ip_offset, 14);
    assert_int_equal(packet.layer_count, 3);
    assert_memory_equal(packet.tuple.address, outer.address,
                        sizeof(outer.address));
    assert_int_equal(packet.icmp_type, 0);
  }
}

/* RFC 4884 section 4: what is behind the quote is not quoted. */
static void step_icmp__length_attribute__ends_quote(void **state) {
  static const uint8_t extension[16] = {0x20, 0, 0, 0, 0, 12, 1, 1};
  static made_frame made;

  (void)state;
  for (uint8_t version = 4; version <= 6; version = (uint8_t)(version + 2)) {
    const uint32_t ip = version == 4 ? 20 : 40;
    const shell stack[] = {
      {version == 4 ? TCPFLOW_LAYER_ICMP : TCPFLOW_LAYER_ICMPV6,
       {.id = ip + 24, .trailer = extension, .trailer_length = 16}},
      {version == 4 ? TCPFLOW_LAYER_IPV4 : TCPFLOW_LAYER_IPV6, {0}}};

    shells_make(&made, version, stack, SHELL_COUNT(stack));
    const tcpflow_packet packet = frames_decode(&made.frame);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_ICMP_ERROR);
    assert_int_equal(packet.quoted, 24);
    assert_int_equal(packet.options_captured, 4);
    assert_int_equal(packet.payload_captured, 0);
  }
}

/* A quote that is longer than its datagram: zeros up to 128 octets. */
static void step_icmp__padded_quote__ends_with_datagram(void **state) {
  static const uint8_t zeros[71] = {0};
  static const shell stack[] = {{TCPFLOW_LAYER_ICMP,
                                 {.trailer = zeros,
                                  .trailer_length = sizeof(zeros),
                                  .length = 32,
                                  .length_mode = TCPFLOW_BUILD_GIVEN}},
                                {TCPFLOW_LAYER_IPV4, {0}}};
  static made_frame made;

  (void)state;
  shells_make(&made, 4, stack, SHELL_COUNT(stack));
  const tcpflow_packet packet = frames_decode(&made.frame);
  shells_must_be_null(wrong_quote(&packet, 4));
}

/* Errors inside of a tunnel, and about what goes through one. */
static void step_icmp__tunnels__either_side(void **state) {
  static const shell inside[] = {{TCPFLOW_LAYER_ICMP, {.id = 40}},
                                 {TCPFLOW_LAYER_IPV4, {0}},
                                 {TCPFLOW_LAYER_GRE, {.flags = 0}},
                                 {TCPFLOW_LAYER_IPV6, {0}}};
  static const shell about[] = {{TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                                {TCPFLOW_LAYER_VXLAN, {.id = 5}},
                                {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                                {TCPFLOW_LAYER_IPV4, {0}},
                                {TCPFLOW_LAYER_ICMP, {.id = 20 + 30 + 20 + 8}},
                                {TCPFLOW_LAYER_IPV4, {0}}};
  static made_frame made;
  tcpflow_packet packet;

  (void)state;
  shells_make(&made, 4, inside, SHELL_COUNT(inside));
  packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_ICMP_ERROR);
  assert_int_equal(packet.tunnel_count, 1);
  assert_int_equal(packet.quoted, 20);
  shells_make(&made, 4, about, SHELL_COUNT(about));
  packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_ICMP_ERROR);
  assert_int_equal(packet.findings, 0);
  assert_int_equal(packet.quoted, 8);
  assert_int_equal(packet.seq, 1000);
  assert_int_equal(packet.tuple.address[0][0], 10);
  assert_int_equal(packet.tuple.tunnel, 0x03000005);
}

/* Extension headers of the quoted datagram. */
static void step_icmpv6__quoted_extensions__crossed(void **state) {
  const tcpflow_tuple inner = frames_tuple(6);
  const tcpflow_tuple outer = shells_outer(6);
  tcpflow_build_layer fields;
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  frames_begin(&made, &builder, 6);
  tcpflow_builder_extension(&builder, 44, NULL, 0);
  tcpflow_builder_extension(&builder, 0, NULL, 0);
  tcpflow_builder_ip(&builder, &inner, NULL);
  tcpflow_build_layer_init(&fields);
  tcpflow_builder_layer(&builder, TCPFLOW_LAYER_ICMPV6, &fields);
  tcpflow_builder_ip(&builder, &outer, NULL);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_RAW, NULL);
  frames_finish(&made, &builder);
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_ICMP_ERROR);
  assert_int_equal(packet.ip_header_length, 40 + 8 + 8);
  assert_int_equal(packet.quoted, 32);
  assert_int_equal(packet.payload_length, 5);
}

/* An error may come in fragments itself; what the first one quotes counts. */
static void step_icmp__first_fragment__quote(void **state) {
  static made_frame made;

  (void)state;
  make_error(&made, 4, 3, 28);
  frames_bytes(&made)[14 + 6] = 0x20;
  tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_ICMP_ERROR);
  assert_int_equal(packet.findings, 0);
  frames_bytes(&made)[14 + 7] = 9;
  packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_NOT_TCP);
}

/* An error about an error is none (RFC 1122 section 3.2.2). */
static void step_icmp__quotes_an_error__not_tcp(void **state) {
  static const shell stack[] = {{TCPFLOW_LAYER_ICMP, {.id = 0}},
                                {TCPFLOW_LAYER_IPV4, {0}},
                                {TCPFLOW_LAYER_ICMP, {.id = 0}},
                                {TCPFLOW_LAYER_IPV4, {0}}};
  static made_frame made;

  (void)state;
  shells_make(&made, 4, stack, SHELL_COUNT(stack));
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_NOT_TCP);
  assert_int_equal(packet.layer_count, 3);
}

/* ICMP of one version does not travel in the other. */
static void step_icmp__other_version__not_tcp(void **state) {
  static const shell in_6[] = {{TCPFLOW_LAYER_ICMP, {.id = 0}},
                               {TCPFLOW_LAYER_IPV6, {0}}};
  static const shell in_4[] = {{TCPFLOW_LAYER_ICMPV6, {.id = 0}},
                               {TCPFLOW_LAYER_IPV4, {0}}};
  static made_frame made;

  (void)state;
  shells_make(&made, 4, in_6, SHELL_COUNT(in_6));
  assert_int_equal(frames_decode(&made.frame).kind, TCPFLOW_PACKET_NOT_TCP);
  shells_make(&made, 6, in_4, SHELL_COUNT(in_4));
  assert_int_equal(frames_decode(&made.frame).kind, TCPFLOW_PACKET_NOT_TCP);
}

/* Up to the ports, a shorter capture is truncated. */
static void step_icmp__cut_anywhere__truncated_then_quote(void **state) {
  static made_frame made;

  (void)state;
  for (uint8_t version = 4; version <= 6; version = (uint8_t)(version + 2)) {
    make_error(&made, version, 3, 0);
    const uint32_t ports = 14 + 2 * (version == 4 ? 20 : 40) + 8 + 4;
    const uint32_t whole = made.frame.captured;
    for (uint32_t n = 0; n <= whole; n++) {
      made.frame.captured = n;
      const tcpflow_packet packet = frames_decode(&made.frame);
      assert_int_equal(packet.kind, n < ports ? TCPFLOW_PACKET_TRUNCATED
                                              : TCPFLOW_PACKET_ICMP_ERROR);
      assert_int_equal(packet.quoted, n < ports        ? 0
                                      : n < ports + 28 ? n - ports + 4
                                                       : 32);
    }
  }
}

static void step_icmp__each_bit_turned__within_invariants(void **state) {
  static made_frame made;

  (void)state;
  make_error(&made, 4, 3, 0);
  shells_damage(&made);
  make_error(&made, 6, 1, 0);
  shells_damage(&made);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(step_icmp__each_error__quote),
    cmocka_unit_test(packet_layer_ends__error__its_sender),
    cmocka_unit_test(step_icmp__other_types__not_tcp),
    cmocka_unit_test(close_quote__no_tcp_in_it__the_error_itself),
    cmocka_unit_test(step_icmp__length_attribute__ends_quote),
    cmocka_unit_test(step_icmp__padded_quote__ends_with_datagram),
    cmocka_unit_test(step_icmp__tunnels__either_side),
    cmocka_unit_test(step_icmpv6__quoted_extensions__crossed),
    cmocka_unit_test(step_icmp__first_fragment__quote),
    cmocka_unit_test(step_icmp__quotes_an_error__not_tcp),
    cmocka_unit_test(step_icmp__other_version__not_tcp),
    cmocka_unit_test(step_icmp__cut_anywhere__truncated_then_quote),
    cmocka_unit_test(step_icmp__each_bit_turned__within_invariants),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
