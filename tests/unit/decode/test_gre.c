/*
 * tests/unit/decode/test_gre.c - GRE of both versions, and ERSPAN.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/shells.h"

#define CHECK(version, stack) shells_check(version, stack, SHELL_COUNT(stack))

static const uint8_t acknowledgment[4] = {0, 0, 0, 9};
static const uint8_t subheader[8] = {4};
/* An address family of 2, offset 0, length 4, 10.0.0.9; the end follows. */
static const uint8_t routes[8] = {0, 2, 0, 4, 10, 0, 0, 9};

/* RFC 2784, RFC 2890, RFC 1701: each combination of C, R, K and S. */
static void step_gre__each_flag__inner_segment(void **state) {
  (void)state;
  for (uint32_t flags = 0; flags < 16; flags++) {
    const shell stack[] = {{TCPFLOW_LAYER_GRE,
                            {.flags = flags << 12,
                             .id = 0x01020304,
                             .sequence = 7,
                             .extra = routes,
                             .extra_length = sizeof(routes)}},
                           {TCPFLOW_LAYER_IPV4, {0}}};

    for (uint8_t version = 4; version <= 6; version = (uint8_t)(version + 2)) {
      const tcpflow_packet packet = CHECK(version, stack);

      assert_int_equal(packet.findings, 0);
      assert_int_equal(packet.tuple.tunnel, 0);
      uint64_t id = 0;
      const int has_id = tcpflow_packet_layer_id(&packet, 2, &id);
      assert_int_equal(has_id, (flags & 2) != 0);
      assert_int_equal(id, has_id ? 0x01020304 : 0);
    }
  }
}

/* RFC 2890 section 2: the order is checksum, key, sequence number. */
static void step_gre__octets_of_rfc_2890__inner_segment(void **state) {
  static const uint8_t bytes[] = {
    0x45, 0, 0, 76, 0,    1, 0, 0,  64,   47,   0, 0,  192, 0, 2, 1,
    192,  0, 2, 2,  0xb0, 0, 8, 0,  0x12, 0x34, 0, 0,  0,   0, 0, 99,
    0,    0, 0, 1,  0x45, 0, 0, 40, 0,    7,    0, 0,  9,   6, 0, 0,
    10,   0, 0, 1,  10,   0, 0, 2,  0x30, 57,   0, 80, 0,   0, 0, 5,
    0,    0, 0, 0,  0x50, 2, 1, 0,  0,    0,    0, 0};
  const tcpflow_packet packet =
    frames_decode_bytes(TCPFLOW_LINK_RAW, bytes, sizeof(bytes));

  (void)state;
  assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(packet.findings, 0);
  assert_int_equal(packet.ip_ttl, 9);
  assert_int_equal(packet.seq, 5);
  assert_int_equal(frames_layer_id(&packet, 1), 99);
}

/* A route that is longer than the datagram, and a list that does not end. */
static void step_gre__routes_without_end__malformed(void **state) {
  static const uint32_t places[] = {14 + 20 + 8 + 3, 14 + 20 + 8 + 8 + 3};
  static const shell stack[] = {
    {TCPFLOW_LAYER_GRE,
     {.flags = 0x4000, .extra = routes, .extra_length = sizeof(routes)}},
    {TCPFLOW_LAYER_IPV4, {0}}};

  (void)state;
  for (size_t i = 0; i < 2; i++) {
    static made_frame made;

    shells_make(&made, 4, stack, SHELL_COUNT(stack));
    frames_bytes(&made)[places[i]] = 255;
    const tcpflow_packet packet = frames_decode(&made.frame);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_MALFORMED);
    assert_int_equal(packet.findings, TCPFLOW_FINDING_BAD_HEADER);
  }
}

/* RFC 7637 section 3.2: the network is the upper 24 bits of the key. */
static void step_gre__ethernet_with_key__network(void **state) {
  static const shell stack[] = {
    {TCPFLOW_LAYER_ETHERNET, {.number = 0}},
    {TCPFLOW_LAYER_GRE, {.flags = 0x2000, .id = 0x00138822}},
    {TCPFLOW_LAYER_IPV4, {0}}};
  static const shell no_key[] = {{TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                                 {TCPFLOW_LAYER_GRE, {.flags = 0}},
                                 {TCPFLOW_LAYER_IPV4, {0}}};

  (void)state;
  assert_int_equal(CHECK(4, stack).tuple.tunnel,
                   (uint32_t)TCPFLOW_TUNNEL_GRE << 24 | 0x1388);
  assert_int_equal(CHECK(4, no_key).tuple.tunnel, 0);
}

/* RFC 2637 section 4.1. */
static void step_gre__version_1__segment_in_ppp(void **state) {
  static const uint32_t flags[] = {0x2001, 0x3001, 0x2081, 0x3081};

  (void)state;
  for (size_t i = 0; i < 4; i++) {
    const shell stack[] = {{TCPFLOW_LAYER_PPP, {.form = i % 2}},
                           {TCPFLOW_LAYER_GRE,
                            {.flags = flags[i],
                             .id = 77,
                             .extra = acknowledgment,
                             .extra_length = 4}},
                           {TCPFLOW_LAYER_IPV4, {0}}};
    const tcpflow_packet packet = CHECK(4, stack);

    assert_int_equal(packet.findings, 0);
    assert_int_equal(frames_layer_id(&packet, 2), 77);
  }
}

/* The length of version 1 is that of the payload. */
static void step_gre__version_1_length__limits(void **state) {
  static const struct {
    uint32_t length;
    uint8_t kind;
    uint32_t findings;
  } rows[] = {
    {0, TCPFLOW_PACKET_NOT_TCP, 0},
    {14 + 20 + 32 + 5, TCPFLOW_PACKET_TCP, 0},
    {14 + 20 + 32 + 6, TCPFLOW_PACKET_TCP, TCPFLOW_FINDING_BAD_HEADER},
    {14 + 20 + 32 + 4, TCPFLOW_PACKET_TCP, TCPFLOW_FINDING_IP_LENGTH_BEYOND},
    {13, TCPFLOW_PACKET_MALFORMED, 0}};

  (void)state;
  for (size_t i = 0; i < SHELL_COUNT(rows); i++) {
    /* Ethernet over IP as routers of MikroTik do it. */
    const shell stack[] = {{TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                           {TCPFLOW_LAYER_GRE,
                            {.flags = 0x2001,
                             .number = 0x6400,
                             .number_mode = TCPFLOW_BUILD_GIVEN,
                             .length = rows[i].length,
                             .length_mode = TCPFLOW_BUILD_GIVEN}},
                           {TCPFLOW_LAYER_IPV4, {0}}};
    static made_frame made;

    shells_make(&made, 4, stack, SHELL_COUNT(stack));
    const tcpflow_packet packet = frames_decode(&made.frame);
    assert_int_equal(packet.kind, rows[i].kind);
    assert_true(rows[i].kind == TCPFLOW_PACKET_MALFORMED ||
                packet.findings == rows[i].findings);
  }
}

static void step_gre__version_1_without_key__malformed(void **state) {
  static const shell stack[] = {{TCPFLOW_LAYER_GRE, {.flags = 0x0001}},
                                {TCPFLOW_LAYER_IPV4, {0}}};
  static made_frame made;

  (void)state;
  shells_make(&made, 4, stack, SHELL_COUNT(stack));
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_MALFORMED);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_BAD_HEADER);
}

static void step_gre__other_versions__unsupported(void **state) {
  (void)state;
  for (uint32_t version = 2; version < 8; version++) {
    const shell stack[] = {{TCPFLOW_LAYER_GRE, {.flags = version}},
                           {TCPFLOW_LAYER_IPV4, {0}}};
    static made_frame made;

    shells_make(&made, 4, stack, SHELL_COUNT(stack));
    assert_int_equal(frames_decode(&made.frame).kind,
                     TCPFLOW_PACKET_UNSUPPORTED);
  }
}

/* A keepalive, ARP, CLNP: nothing that leads to TCP. */
static void step_gre__other_types__not_tcp(void **state) {
  static const uint16_t types[] = {0x0000, 0x0806, 0x00fe, 0xffff, 0x81ff};

  (void)state;
  for (size_t i = 0; i < SHELL_COUNT(types); i++) {
    const shell stack[] = {
      {TCPFLOW_LAYER_GRE,
       {.number = types[i], .number_mode = TCPFLOW_BUILD_GIVEN}},
      {TCPFLOW_LAYER_IPV4, {0}}};
    static made_frame made;

    shells_make(&made, 4, stack, SHELL_COUNT(stack));
    assert_int_equal(frames_decode(&made.frame).kind, TCPFLOW_PACKET_NOT_TCP);
  }
}

/* WCCP: with the redirect header of version 2, and without it. */
static void step_gre__wccp__inner_segment(void **state) {
  static const shell plain[] = {
    {TCPFLOW_LAYER_GRE, {.number = 0x883e, .number_mode = TCPFLOW_BUILD_GIVEN}},
    {TCPFLOW_LAYER_IPV4, {0}}};
  const tcpflow_tuple inner = frames_tuple(4);
  const tcpflow_tuple outer = shells_outer(4);
  static const uint8_t redirect[4] = {0, 0, 1, 2};
  tcpflow_build_layer fields = plain[0].fields;
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  (void)CHECK(4, plain);
  frames_begin(&made, &builder, 4);
  tcpflow_builder_ip(&builder, &inner, NULL);
  tcpflow_builder_bytes(&builder, redirect, sizeof(redirect));
  fields.size = sizeof(fields);
  tcpflow_builder_layer(&builder, TCPFLOW_LAYER_GRE, &fields);
  tcpflow_builder_ip(&builder, &outer, NULL);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_RAW, NULL);
  frames_finish(&made, &builder);
  const tcpflow_packet packet = frames_decode(&made.frame);
  shells_must_be_null(shells_wrong(&packet, 4));
  shells_cut(&made);
}

/* draft-foschiano-erspan: type I is GRE without a sequence number. */
static void step_erspan__each_type__inner_segment(void **state) {
  static const shell type_1[] = {
    {TCPFLOW_LAYER_ETHERNET, {.number = 0}},
    {TCPFLOW_LAYER_GRE, {.number = 0x88be, .number_mode = TCPFLOW_BUILD_GIVEN}},
    {TCPFLOW_LAYER_IPV4, {0}}};
  static const shell type_2[] = {
    {TCPFLOW_LAYER_ETHERNET, {.number = 0}},
    {TCPFLOW_LAYER_ERSPAN, {.id = 321, .flags = 5}},
    {TCPFLOW_LAYER_GRE, {.flags = 0x1000}},
    {TCPFLOW_LAYER_IPV4, {0}}};
  static const shell type_3[] = {{TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                                 {TCPFLOW_LAYER_ERSPAN, {.form = 1, .id = 321}},
                                 {TCPFLOW_LAYER_GRE, {.flags = 0x1000}},
                                 {TCPFLOW_LAYER_IPV6, {0}}};
  static const shell with_subheader[] = {
    {TCPFLOW_LAYER_ETHERNET, {.number = 0}},
    {TCPFLOW_LAYER_ERSPAN,
     {.form = 1, .id = 321, .extra = subheader, .extra_length = 8}},
    {TCPFLOW_LAYER_GRE, {.flags = 0x1000}},
    {TCPFLOW_LAYER_IPV4, {0}}};
  static const shell of_ip[] = {
    {TCPFLOW_LAYER_ERSPAN, {.form = 1, .id = 321, .flags = 2U << 16}},
    {TCPFLOW_LAYER_GRE, {.flags = 0x1000}},
    {TCPFLOW_LAYER_IPV4, {0}}};

  (void)state;
  (void)CHECK(4, type_1);
  const tcpflow_packet packet = CHECK(6, type_2);
  assert_int_equal(frames_layer_id(&packet, 3), 321);
  (void)CHECK(4, type_3);
  (void)CHECK(4, with_subheader);
  (void)CHECK(6, of_ip);
}

static void step_erspan__other_frame_type__not_tcp(void **state) {
  static made_frame made;

  (void)state;
  for (uint32_t type = 1; type < 32; type += type == 1 ? 2 : 1) {
    const shell stack[] = {
      {TCPFLOW_LAYER_ETHERNET, {.number = 0}},
      {TCPFLOW_LAYER_ERSPAN, {.form = 1, .flags = type << 16}},
      {TCPFLOW_LAYER_GRE, {.flags = 0x1000}},
      {TCPFLOW_LAYER_IPV4, {0}}};

    shells_make(&made, 4, stack, SHELL_COUNT(stack));
    assert_int_equal(frames_decode(&made.frame).kind, TCPFLOW_PACKET_NOT_TCP);
  }
}

static void step_erspan__other_version__unsupported(void **state) {
  static const shell stack[] = {{TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                                {TCPFLOW_LAYER_ERSPAN, {.id = 321}},
                                {TCPFLOW_LAYER_GRE, {.flags = 0x1000}},
                                {TCPFLOW_LAYER_IPV4, {0}}};
  static made_frame made;

  (void)state;
  shells_make(&made, 4, stack, SHELL_COUNT(stack));
  frames_bytes(&made)[14 + 20 + 8] = 0x30;
  assert_int_equal(frames_decode(&made.frame).kind, TCPFLOW_PACKET_UNSUPPORTED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(step_gre__each_flag__inner_segment),
    cmocka_unit_test(step_gre__octets_of_rfc_2890__inner_segment),
    cmocka_unit_test(step_gre__routes_without_end__malformed),
    cmocka_unit_test(step_gre__ethernet_with_key__network),
    cmocka_unit_test(step_gre__version_1__segment_in_ppp),
    cmocka_unit_test(step_gre__version_1_length__limits),
    cmocka_unit_test(step_gre__version_1_without_key__malformed),
    cmocka_unit_test(step_gre__other_versions__unsupported),
    cmocka_unit_test(step_gre__other_types__not_tcp),
    cmocka_unit_test(step_gre__wccp__inner_segment),
    cmocka_unit_test(step_erspan__each_type__inner_segment),
    cmocka_unit_test(step_erspan__other_frame_type__not_tcp),
    cmocka_unit_test(step_erspan__other_version__unsupported),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
