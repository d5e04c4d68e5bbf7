/*
 * tests/unit/decode/test_build_udp.c - UDP and ICMP errors, put together.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/shells.h"

/* RFC 1071, octet by octet: the sum of SIZE octets on top of SUM. */
static uint32_t plain_sum(uint32_t sum, const uint8_t *bytes, size_t size) {
  for (size_t i = 0; i < size; i++) {
    sum += i % 2 == 0 ? (uint32_t)bytes[i] << 8 : bytes[i];
  }
  while (sum > 0xffff) {
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return sum;
}

/* A payload of "ab" in UDP over IP of VERSION. */
static void make_udp(made_frame *made, uint8_t version,
                     const tcpflow_build_layer *fields) {
  const tcpflow_tuple tuple = frames_tuple(version);
  tcpflow_builder builder;

  tcpflow_builder_init(&builder, made->room, sizeof(made->room));
  tcpflow_builder_bytes(&builder, (const uint8_t *)"ab", 2);
  tcpflow_builder_layer(&builder, TCPFLOW_LAYER_UDP, fields);
  tcpflow_builder_ip(&builder, &tuple, NULL);
  frames_finish(made, &builder);
}

/* The sum over pseudo-header and datagram; RFC 768, RFC 8200 section 8.1. */
static uint32_t sum_datagram(const made_frame *made, uint8_t protocol) {
  const uint8_t *const ip = made->frame.bytes;
  const size_t header = ip[0] >> 4 == 4 ? 20 : 40;
  const size_t addresses = ip[0] >> 4 == 4 ? 8 : 32;
  const size_t length = made->frame.captured - header;
  const uint32_t sum =
    plain_sum((uint32_t)length + protocol, ip + header - addresses, addresses);

  return plain_sum(sum, ip + header, length);
}

/* RFC 768 */
static void builder_layer__udp__octets_of_rfc_768(void **state) {
  tcpflow_build_layer fields;
  made_frame made;

  (void)state;
  tcpflow_build_layer_init(&fields);
  fields.port[0] = 0x1234;
  fields.port[1] = 0x5678;
  for (uint8_t version = 4; version <= 6; version = (uint8_t)(version + 2)) {
    make_udp(&made, version, &fields);
    const uint8_t *const udp = made.frame.bytes + (version == 4 ? 20 : 40);
    assert_int_equal(made.frame.bytes[version == 4 ? 9 : 6], 17);
    assert_memory_equal(udp, "\x12\x34\x56\x78\0\12", 6);
    assert_memory_equal(udp + 8, "ab", 2);
    assert_int_equal(sum_datagram(&made, 17), 0xffff);
  }
}

static void builder_layer__udp_checksum__as_asked(void **state) {
  tcpflow_build_layer fields;
  made_frame made;

  (void)state;
  tcpflow_build_layer_init(&fields);
  fields.checksum_mode = TCPFLOW_BUILD_ZERO;
  make_udp(&made, 4, &fields);
  assert_memory_equal(made.frame.bytes + 26, "\0", 2);
  fields.checksum_mode = TCPFLOW_BUILD_GIVEN;
  fields.checksum = 0xabcd;
  make_udp(&made, 4, &fields);
  assert_memory_equal(made.frame.bytes + 26, "\xab\xcd", 2);
  fields.checksum_mode = TCPFLOW_BUILD_WRONG;
  make_udp(&made, 4, &fields);
  assert_int_not_equal(sum_datagram(&made, 17), 0xffff);
  assert_memory_not_equal(made.frame.bytes + 26, "\0", 2);
}

/* RFC 768: a sum that comes out as 0 is written as 0xffff. */
static void builder_layer__udp_sum_0__all_ones(void **state) {
  tcpflow_build_layer fields;
  made_frame made;

  (void)state;
  tcpflow_build_layer_init(&fields);
  make_udp(&made, 4, &fields);
  const uint8_t *const field = made.frame.bytes + 26;
  fields.port[0] = (uint16_t)(field[0] << 8 | field[1]);
  make_udp(&made, 4, &fields);
  assert_memory_equal(made.frame.bytes + 26, "\xff\xff", 2);
}

static void builder_layer__udp_length__as_asked(void **state) {
  tcpflow_build_layer fields;
  made_frame made;

  (void)state;
  tcpflow_build_layer_init(&fields);
  fields.length_mode = TCPFLOW_BUILD_GIVEN;
  fields.length = 0x0102;
  make_udp(&made, 4, &fields);
  assert_memory_equal(made.frame.bytes + 24, "\1\2", 2);
  fields.length_mode = TCPFLOW_BUILD_ZERO;
  make_udp(&made, 4, &fields);
  assert_memory_equal(made.frame.bytes + 24, "\0", 2);
}

/* The registry of ports. */
static void builder_layer__udp_port_0__that_of_the_tunnel(void **state) {
  static const struct {
    shell inner;
    uint16_t port;
  } rows[] = {
    {{TCPFLOW_LAYER_VXLAN, {.form = 0}}, 4789},
    {{TCPFLOW_LAYER_VXLAN, {.form = 1}}, 4790},
    {{TCPFLOW_LAYER_GENEVE, {.form = 0}}, 6081},
    {{TCPFLOW_LAYER_GTPU, {.form = 0}}, 2152},
    {{TCPFLOW_LAYER_TEREDO, {.form = 0}}, 3544},
    {{TCPFLOW_LAYER_IPV6, {.form = 0}}, 3544},
    {{TCPFLOW_LAYER_AYIYA, {.extra = (const uint8_t *)"a", .extra_length = 1}},
     5072},
    {{TCPFLOW_LAYER_L2TP, {.form = 1}}, 1701},
    {{TCPFLOW_LAYER_MPLS, {.form = 0}}, 6635},
    {{TCPFLOW_LAYER_GRE, {.form = 0}}, 4754},
    {{TCPFLOW_LAYER_CAPWAP, {.form = 0}}, 5247},
    {{TCPFLOW_LAYER_TZSP, {.form = 0}}, 37008},
  };
  static made_frame made;

  (void)state;
  for (size_t i = 0; i < SHELL_COUNT(rows); i++) {
    const shell stack[] = {rows[i].inner,
                           {TCPFLOW_LAYER_UDP, {.port = {1, 0}}},
                           {TCPFLOW_LAYER_IPV4, {0}}};

    shells_make(&made, 4, stack, SHELL_COUNT(stack));
    const uint8_t *const port = made.frame.bytes + 14 + 20 + 2;
    assert_int_equal(port[0] << 8 | port[1], rows[i].port);
  }
}

/* RFC 792: destination unreachable, code 4 with its MTU (RFC 1191). */
static void builder_layer__icmp__octets_of_rfc_792(void **state) {
  static const shell stack[] = {
    {TCPFLOW_LAYER_ICMP, {.id = 28, .flags = 4, .sequence = 1400}},
    {TCPFLOW_LAYER_IPV4, {0}}};
  static made_frame made;

  (void)state;
  shells_make(&made, 4, stack, SHELL_COUNT(stack));
  const uint8_t *const icmp = made.frame.bytes + 14 + 20;
  assert_int_equal(made.frame.captured, 14 + 20 + 8 + 28);
  assert_int_equal(icmp[-11], 1);
  assert_memory_equal(icmp, "\3\4", 2);
  assert_memory_equal(icmp + 4, "\0\0\5\x78\x45", 5);
  assert_int_equal(plain_sum(0, icmp, 36), 0xffff);
}

static void builder_layer__icmp_checksum__wrong(void **state) {
  static const shell stack[] = {
    {TCPFLOW_LAYER_ICMP, {.checksum_mode = TCPFLOW_BUILD_WRONG}},
    {TCPFLOW_LAYER_IPV4, {0}}};
  static made_frame made;

  (void)state;
  shells_make(&made, 4, stack, SHELL_COUNT(stack));
  assert_int_not_equal(
    plain_sum(0, made.frame.bytes + 34, made.frame.captured - 34), 0xffff);
}

/* RFC 4443 section 2.3: the checksum covers a pseudo-header. */
static void builder_layer__icmpv6__octets_of_rfc_4443(void **state) {
  static const shell stack[] = {
    {TCPFLOW_LAYER_ICMPV6,
     {.number = 2, .number_mode = TCPFLOW_BUILD_GIVEN, .sequence = 1280}},
    {TCPFLOW_LAYER_IPV6, {0}}};
  static made_frame made;

  (void)state;
  shells_make(&made, 6, stack, SHELL_COUNT(stack));
  const uint8_t *const icmp = made.frame.bytes + 14 + 40;
  assert_int_equal(icmp[6 - 40], 58);
  assert_memory_equal(icmp, "\2", 2);
  assert_memory_equal(icmp + 4, "\0\0\5\0\x60", 5);
  memmove(made.room, made.frame.bytes + 14, made.frame.captured - 14);
  made.frame.bytes = made.room;
  made.frame.captured -= 14;
  assert_int_equal(sum_datagram(&made, 58), 0xffff);
}

/* RFC 4884 section 4: words of 4 octets in one version, of 8 in the other. */
static void builder_layer__error_with_extension__length(void **state) {
  static const uint8_t extension[8] = {0x20};
  static const shell v4[] = {
    {TCPFLOW_LAYER_ICMP, {.id = 40, .trailer = extension, .trailer_length = 8}},
    {TCPFLOW_LAYER_IPV4, {0}}};
  static const shell v6[] = {
    {TCPFLOW_LAYER_ICMPV6,
     {.id = 64, .trailer = extension, .trailer_length = 8}},
    {TCPFLOW_LAYER_IPV6, {0}}};
  static made_frame made;

  (void)state;
  shells_make(&made, 4, v4, SHELL_COUNT(v4));
  assert_int_equal(made.frame.bytes[14 + 20 + 5], 10);
  assert_int_equal(made.frame.bytes[14 + 20 + 8 + 40], 0x20);
  shells_make(&made, 6, v6, SHELL_COUNT(v6));
  assert_int_equal(made.frame.bytes[14 + 40 + 4], 8);
  assert_int_equal(made.frame.bytes[14 + 40 + 8 + 64], 0x20);
}

/* A segment without an IP header cannot be quoted; nothing is written where it
   stood. */
static void
builder_layer__error_about_a_bare_segment__still_a_frame(void **state) {
  const tcpflow_tuple outer = shells_outer(6);
  tcpflow_build_layer fields;
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  tcpflow_build_layer_init(&fields);
  fields.id = 3;
  frames_begin(&made, &builder, 6);
  tcpflow_builder_layer(&builder, TCPFLOW_LAYER_ICMP, &fields);
  tcpflow_builder_ip(&builder, &outer, NULL);
  frames_finish(&made, &builder);
  assert_int_equal(made.frame.captured, 40 + 8 + 3);
  assert_int_equal(frames_decode(&made.frame).kind, TCPFLOW_PACKET_NOT_TCP);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(builder_layer__udp__octets_of_rfc_768),
    cmocka_unit_test(builder_layer__udp_checksum__as_asked),
    cmocka_unit_test(builder_layer__udp_sum_0__all_ones),
    cmocka_unit_test(builder_layer__udp_length__as_asked),
    cmocka_unit_test(builder_layer__udp_port_0__that_of_the_tunnel),
    cmocka_unit_test(builder_layer__icmp__octets_of_rfc_792),
    cmocka_unit_test(builder_layer__icmp_checksum__wrong),
    cmocka_unit_test(builder_layer__icmpv6__octets_of_rfc_4443),
    cmocka_unit_test(builder_layer__error_with_extension__length),
    cmocka_unit_test(builder_layer__error_about_a_bare_segment__still_a_frame),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
