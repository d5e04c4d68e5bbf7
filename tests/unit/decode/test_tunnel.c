/*
 * tests/unit/decode/test_tunnel.c - entering tunnels, and those without a
 * header of their own: IP in IP, MPLS and Ethernet in IP.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/shells.h"

#define CHECK(version, stack) shells_check(version, stack, SHELL_COUNT(stack))

static void step_ip_in_ip__all_four_ways__inner_segment(void **state) {
  static const tcpflow_layer_type types[] = {TCPFLOW_LAYER_IPV4,
                                             TCPFLOW_LAYER_IPV6};

  (void)state;
  for (size_t outer = 0; outer < 2; outer++) {
    for (uint8_t inner = 4; inner <= 6; inner = (uint8_t)(inner + 2)) {
      const shell stack[] = {{types[outer], {0}}};
      const tcpflow_packet packet = CHECK(inner, stack);

      assert_int_equal(packet.tunnel_count, 1);
      assert_int_equal(packet.tuple.tunnel, 0);
      assert_int_equal(packet.findings, 0);
      assert_int_equal(packet.ip_offset, 14 + (outer == 0 ? 20 : 40));
    }
  }
}

/* RFC 2003 section 3.1, written down by hand: SYN to port 80, no options. */
static void step_ip_in_ip__octets_of_rfc_2003__inner_segment(void **state) {
  static const uint8_t bytes[] = {
    0x45, 0,  0, 60, 0, 1, 0, 0, 64, 4, 0, 0, 192,  0, 2, 1, 192, 0, 2, 2,
    0x45, 0,  0, 40, 0, 7, 0, 0, 9,  6, 0, 0, 10,   0, 0, 1, 10,  0, 0, 2,
    0x30, 57, 0, 80, 0, 0, 0, 5, 0,  0, 0, 0, 0x50, 2, 1, 0, 0,   0, 0, 0};
  const tcpflow_packet packet =
    frames_decode_bytes(TCPFLOW_LINK_RAW, bytes, sizeof(bytes));

  (void)state;
  assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(packet.ip_ttl, 9);
  assert_int_equal(packet.ip_id, 7);
  assert_int_equal(packet.tuple.address[0][0], 10);
  assert_int_equal(packet.tuple.port[1], 80);
  assert_int_equal(packet.seq, 5);
  assert_int_equal(packet.flags, TCPFLOW_FLAG_SYN);
}

/* D23: every depth from 1 to 64, with a cap of every size. */
static void packet_decode__nesting_1_to_64__bounded(void **state) {
  tcpflow_decode_config config = shells_config();
  static made_frame made;
  shell stack[64] = {{0}};

  (void)state;
  for (uint32_t depth = 1; depth <= 64; depth++) {
    stack[depth - 1].type =
      depth % 3 == 0 ? TCPFLOW_LAYER_IPV6 : TCPFLOW_LAYER_IPV4;
    shells_make(&made, 4, stack, depth);
    for (config.max_tunnels = 0; config.max_tunnels <= 16;
         config.max_tunnels++) {
      const tcpflow_packet packet = frames_decode_with(&made.frame, &config);
      const int fits = depth <= config.max_tunnels;

      assert_int_equal(packet.kind,
                       fits ? TCPFLOW_PACKET_TCP : TCPFLOW_PACKET_UNSUPPORTED);
      assert_int_equal(packet.findings,
                       fits ? 0 : TCPFLOW_FINDING_TOO_MANY_TUNNELS);
      assert_int_equal(packet.tunnel_count, fits ? depth : config.max_tunnels);
    }
  }
}

/* Headers of two layers each: the list is full before the tunnels are. */
static void packet_decode__more_layers_than_listed__unsupported(void **state) {
  tcpflow_decode_config config = shells_config();
  static made_frame made;
  shell stack[48] = {{0}};

  (void)state;
  for (size_t i = 0; i < 48; i += 3) {
    stack[i].type = TCPFLOW_LAYER_ETHERNET;
    stack[i + 1].type = TCPFLOW_LAYER_ETHERIP;
    stack[i + 2].type = TCPFLOW_LAYER_IPV4;
  }
  config.max_tunnels = 16;
  shells_make(&made, 4, stack, 27);
  assert_int_equal(frames_decode_with(&made.frame, &config).kind,
                   TCPFLOW_PACKET_TCP);
  shells_make(&made, 4, stack, 30);
  const tcpflow_packet packet = frames_decode_with(&made.frame, &config);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_UNSUPPORTED);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_TOO_MANY_LAYERS);
  assert_int_equal(packet.layer_count, TCPFLOW_LAYERS_MAX);
}

static const shell ip_in_ip[] = {{TCPFLOW_LAYER_IPV4, {0}}};
static const shell mpls_in_ip[] = {{TCPFLOW_LAYER_MPLS, {.id = 77}},
                                   {TCPFLOW_LAYER_IPV4, {0}}};
static const shell mpls_in_udp[] = {{TCPFLOW_LAYER_MPLS, {.id = 77}},
                                    {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                                    {TCPFLOW_LAYER_IPV6, {0}}};
static const shell etherip[] = {{TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                                {TCPFLOW_LAYER_ETHERIP, {0}},
                                {TCPFLOW_LAYER_IPV4, {0}}};
static const shell ethernet[] = {{TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                                 {TCPFLOW_LAYER_IPV6, {0}}};
static const shell gre[] = {{TCPFLOW_LAYER_GRE, {.flags = 0}},
                            {TCPFLOW_LAYER_IPV4, {0}}};
static const shell gre_in_udp[] = {{TCPFLOW_LAYER_GRE, {.flags = 0x2000}},
                                   {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                                   {TCPFLOW_LAYER_IPV4, {0}}};
static const shell vxlan[] = {{TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                              {TCPFLOW_LAYER_VXLAN, {.id = 5000}},
                              {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                              {TCPFLOW_LAYER_IPV4, {0}}};
static const shell vxlan_gpe[] = {{TCPFLOW_LAYER_VXLAN, {.form = 1}},
                                  {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                                  {TCPFLOW_LAYER_IPV4, {0}}};
static const shell geneve[] = {{TCPFLOW_LAYER_GENEVE, {.id = 5000}},
                               {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                               {TCPFLOW_LAYER_IPV4, {0}}};
static const shell gtpu[] = {{TCPFLOW_LAYER_GTPU, {.id = 5000}},
                             {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                             {TCPFLOW_LAYER_IPV4, {0}}};
static const shell teredo[] = {{TCPFLOW_LAYER_IPV6, {0}},
                               {TCPFLOW_LAYER_TEREDO, {0}},
                               {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                               {TCPFLOW_LAYER_IPV4, {0}}};
static const shell ayiya[] = {
  {TCPFLOW_LAYER_AYIYA,
   {.extra = (const uint8_t *)"0123456789abcdef", .extra_length = 16}},
  {TCPFLOW_LAYER_UDP, {.port = {50000}}},
  {TCPFLOW_LAYER_IPV4, {0}}};
static const shell nsh[] = {{TCPFLOW_LAYER_NSH, {.id = 5000}},
                            {TCPFLOW_LAYER_GRE, {.flags = 0}},
                            {TCPFLOW_LAYER_IPV4, {0}}};
static const shell l2tp[] = {{TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                             {TCPFLOW_LAYER_L2TP, {.id = 5000, .form = 2}},
                             {TCPFLOW_LAYER_IPV4, {0}}};
static const shell esp[] = {
  {TCPFLOW_LAYER_ESP,
   {.trailer = (const uint8_t *)"0123456789ab", .trailer_length = 12}},
  {TCPFLOW_LAYER_IPV4, {0}}};
static const shell capwap[] = {{TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                               {TCPFLOW_LAYER_CAPWAP, {.id = 5000}},
                               {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                               {TCPFLOW_LAYER_IPV4, {0}}};
static const shell tzsp[] = {{TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                             {TCPFLOW_LAYER_TZSP, {.id = 5000}},
                             {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                             {TCPFLOW_LAYER_IPV4, {0}}};

/* Each tunnel, and how many tunnels the stack has. */
static const struct {
  tcpflow_tunnel tunnel;
  const shell *stack;
  size_t count;
} tunnels[] = {
  {TCPFLOW_TUNNEL_IP_IN_IP, ip_in_ip, SHELL_COUNT(ip_in_ip)},
  {TCPFLOW_TUNNEL_GRE, gre, SHELL_COUNT(gre)},
  {TCPFLOW_TUNNEL_VXLAN, vxlan, SHELL_COUNT(vxlan)},
  {TCPFLOW_TUNNEL_VXLAN_GPE, vxlan_gpe, SHELL_COUNT(vxlan_gpe)},
  {TCPFLOW_TUNNEL_GENEVE, geneve, SHELL_COUNT(geneve)},
  {TCPFLOW_TUNNEL_GTPU, gtpu, SHELL_COUNT(gtpu)},
  {TCPFLOW_TUNNEL_TEREDO, teredo, SHELL_COUNT(teredo)},
  {TCPFLOW_TUNNEL_AYIYA, ayiya, SHELL_COUNT(ayiya)},
  {TCPFLOW_TUNNEL_NSH, nsh, SHELL_COUNT(nsh)},
  {TCPFLOW_TUNNEL_L2TP, l2tp, SHELL_COUNT(l2tp)},
  {TCPFLOW_TUNNEL_MPLS_IN_UDP, mpls_in_udp, SHELL_COUNT(mpls_in_udp)},
  {TCPFLOW_TUNNEL_ETHERIP, etherip, SHELL_COUNT(etherip)},
  {TCPFLOW_TUNNEL_ETHERIP, ethernet, SHELL_COUNT(ethernet)},
  {TCPFLOW_TUNNEL_ESP_NULL, esp, SHELL_COUNT(esp)},
  {TCPFLOW_TUNNEL_CAPWAP, capwap, SHELL_COUNT(capwap)},
  {TCPFLOW_TUNNEL_TZSP, tzsp, SHELL_COUNT(tzsp)},
  {TCPFLOW_TUNNEL_GRE_IN_UDP, gre_in_udp, SHELL_COUNT(gre_in_udp)},
  {TCPFLOW_TUNNEL_MPLS_IN_IP, mpls_in_ip, SHELL_COUNT(mpls_in_ip)},
};

static void tunnel_enter__each_alone_off__unsupported(void **state) {
  static made_frame made;

  (void)state;
  for (size_t i = 0; i < SHELL_COUNT(tunnels); i++) {
    tcpflow_decode_config config = shells_config();

    shells_make(&made, 4, tunnels[i].stack, tunnels[i].count);
    const tcpflow_packet on = frames_decode_with(&made.frame, &config);
    shells_must_be_null(shells_wrong(&on, 4));
    config.tunnels = ~(UINT64_C(1) << tunnels[i].tunnel);
    const tcpflow_packet packet = frames_decode_with(&made.frame, &config);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_UNSUPPORTED);
    assert_int_equal(packet.findings,
                     tunnels[i].tunnel == TCPFLOW_TUNNEL_ESP_NULL
                       ? TCPFLOW_FINDING_ENCRYPTED
                       : TCPFLOW_FINDING_TUNNEL_OFF);
  }
}

static void tunnel_enter__no_tunnel_allowed__unsupported(void **state) {
  tcpflow_decode_config config = shells_config();
  static made_frame made;

  (void)state;
  config.max_tunnels = 0;
  for (size_t i = 0; i < SHELL_COUNT(tunnels); i++) {
    shells_make(&made, 4, tunnels[i].stack, tunnels[i].count);
    const tcpflow_packet packet = frames_decode_with(&made.frame, &config);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_UNSUPPORTED);
    assert_int_equal(packet.findings, TCPFLOW_FINDING_TOO_MANY_TUNNELS);
  }
}

/* The first fragment of the outer datagram, and a later one. */
static void tunnel_enter__outer_fragment__fragment(void **state) {
  static made_frame made;

  (void)state;
  for (size_t i = 0; i < SHELL_COUNT(tunnels); i++) {
    const tcpflow_decode_config config = shells_config();

    shells_make(&made, 4, tunnels[i].stack, tunnels[i].count);
    uint8_t *const ip = frames_bytes(&made) + 14;
    if (ip[0] >> 4 != 4) {
      continue;
    }
    for (uint8_t flags = 0x00; flags <= 0x20; flags = (uint8_t)(flags + 0x20)) {
      ip[6] = flags;
      ip[7] = flags == 0 ? 9 : 0;
      const tcpflow_packet packet = frames_decode_with(&made.frame, &config);
      assert_int_equal(packet.kind, TCPFLOW_PACKET_FRAGMENT);
      assert_int_equal(packet.ip_offset, 14);
      assert_int_equal(packet.tunnel_count, 0);
      assert_int_equal(packet.ip_protocol, ip[9]);
    }
  }
}

/* A fragment that cannot lead to TCP under this configuration. */
static void stop_fragment__tunnel_off__not_tcp(void **state) {
  static made_frame made;

  (void)state;
  for (size_t i = 0; i < SHELL_COUNT(tunnels); i++) {
    tcpflow_decode_config config = shells_config();

    shells_make(&made, 4, tunnels[i].stack, tunnels[i].count);
    uint8_t *const ip = frames_bytes(&made) + 14;
    if (ip[0] >> 4 != 4 || ip[9] == 17) {
      continue;
    }
    ip[7] = 9;
    config.tunnels = 0;
    assert_int_equal(frames_decode_with(&made.frame, &config).kind,
                     TCPFLOW_PACKET_NOT_TCP);
  }
}

/* A fragment inside of a tunnel is one of the inner datagram. */
static void step_ipv4__inner_fragment__fragment_of_inner(void **state) {
  static made_frame made;

  (void)state;
  shells_make(&made, 4, ip_in_ip, SHELL_COUNT(ip_in_ip));
  uint8_t *const inner = frames_bytes(&made) + 34;
  inner[6] = 0x20;
  tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_FIRST_FRAGMENT);
  inner[7] = 3;
  packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_FRAGMENT);
  assert_int_equal(packet.ip_offset, 34);
  assert_int_equal(packet.tuple.address[0][0], 10);
}

/* What is odd about the outer datagram is not said of the inner one. */
static void forget_datagram__odd_outer__plain_inner(void **state) {
  const tcpflow_tuple inner = frames_tuple(4);
  const tcpflow_tuple outer = shells_outer(6);
  static const uint8_t hop[6] = {1, 9, 0, 0, 0, 0}; /* a bad option */
  tcpflow_build_ip ip;
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  frames_begin(&made, &builder, 4);
  tcpflow_builder_ip(&builder, &inner, NULL);
  tcpflow_builder_extension(&builder, 0, hop, sizeof(hop));
  tcpflow_build_ip_init(&ip);
  ip.length_mode = TCPFLOW_BUILD_ZERO;
  ip.flow_label = 5;
  tcpflow_builder_ip(&builder, &outer, &ip);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_RAW, NULL);
  frames_finish(&made, &builder);
  const tcpflow_packet packet = frames_decode(&made.frame);
  shells_must_be_null(shells_wrong(&packet, 4));
  assert_int_equal(packet.findings, 0);
  assert_int_equal(packet.ip_flow_label, 0);
  assert_int_equal(packet.ip_id, 0);
  assert_int_equal(packet.ip_header_length, 20);
}

/* Each datagram may have as many extension headers as are allowed. */
static void forget_datagram__extensions_in_both__counted_alone(void **state) {
  const tcpflow_tuple inner = frames_tuple(6);
  const tcpflow_tuple outer = shells_outer(6);
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  frames_begin(&made, &builder, 6);
  for (int i = 0; i < 8; i++) {
    tcpflow_builder_extension(&builder, 60, NULL, 0);
  }
  tcpflow_builder_ip(&builder, &inner, NULL);
  for (int i = 0; i < 8; i++) {
    tcpflow_builder_extension(&builder, 60, NULL, 0);
  }
  tcpflow_builder_ip(&builder, &outer, NULL);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_RAW, NULL);
  frames_finish(&made, &builder);
  const tcpflow_packet packet = frames_decode(&made.frame);
  shells_must_be_null(shells_wrong(&packet, 6));
  assert_int_equal(packet.ip_header_length, 40 + 64);
}

/* An inner datagram that is longer than the outer one, and a shorter one. */
static void walk_limit__inner_length__against_outer(void **state) {
  static made_frame made;

  (void)state;
  shells_make(&made, 4, ip_in_ip, SHELL_COUNT(ip_in_ip));
  uint8_t *const inner = frames_bytes(&made) + 34;
  inner[3] = (uint8_t)(inner[3] + 1);
  tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_IP_LENGTH_BEYOND);
  assert_int_equal(tcpflow_packet_checksum(&packet),
                   TCPFLOW_CHECKSUM_UNCOVERED);
  inner[3] = (uint8_t)(inner[3] - 3);
  packet = frames_decode(&made.frame);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_PADDING);
  assert_int_equal(packet.payload_length, 3);
  inner[2] = 0;
  inner[3] = 0;
  packet = frames_decode(&made.frame);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_IP_LENGTH_ZERO);
  assert_int_equal(packet.payload_length, 5);
}

/* RFC 3378 section 3: another version is told. */
static void step_etherip__other_version__told(void **state) {
  static made_frame made;

  (void)state;
  shells_make(&made, 4, etherip, SHELL_COUNT(etherip));
  frames_bytes(&made)[34] = 0x03;
  const tcpflow_packet packet = frames_decode(&made.frame);
  shells_must_be_null(shells_wrong(&packet, 4));
  assert_int_equal(packet.findings, TCPFLOW_FINDING_BAD_HEADER);
}

/* Tags of the outer network are no part of the inner one's. */
static void tunnel_ethernet__tags_on_both_sides__inner_ones(void **state) {
  static const shell stack[] = {{TCPFLOW_LAYER_VLAN, {.id = 22}},
                                {TCPFLOW_LAYER_ETHERNET, {.number = 0}},
                                {TCPFLOW_LAYER_VXLAN, {.id = 5000}},
                                {TCPFLOW_LAYER_UDP, {.port = {50000}}},
                                {TCPFLOW_LAYER_IPV4, {0}},
                                {TCPFLOW_LAYER_VLAN, {.id = 11}},
                                {TCPFLOW_LAYER_VLAN, {.id = 33}}};
  static made_frame made;

  (void)state;
  shells_make(&made, 4, stack, SHELL_COUNT(stack));
  const tcpflow_packet packet = frames_decode(&made.frame);
  shells_must_be_null(shells_wrong(&packet, 4));
  shells_must_be_null(
    shells_wrong_layers(&packet, 4, stack, SHELL_COUNT(stack)));
  assert_int_equal(packet.tag_count, 1);
  assert_int_equal(packet.tuple.vlan, 0x10160000);
  assert_int_equal(packet.tuple.tunnel, 0x03000000 | 5000);
  assert_int_equal(frames_layer_id(&packet, 1), 33);
}

static void tunnel_ip__tags_outside__stay(void **state) {
  static const shell stack[] = {{TCPFLOW_LAYER_IPV4, {0}},
                                {TCPFLOW_LAYER_VLAN, {.id = 11}}};
  static made_frame made;

  (void)state;
  shells_make(&made, 4, stack, SHELL_COUNT(stack));
  assert_int_equal(frames_decode(&made.frame).tuple.vlan, 0x100b0000);
}

static void frame_tunnel__inside_of_another__replaced(void **state) {
  static made_frame made;

  (void)state;
  shells_make(&made, 4, vxlan, SHELL_COUNT(vxlan));
  made.frame.tunnel = 0x05000001;
  assert_int_equal(frames_decode(&made.frame).tuple.tunnel, 0x03001388);
  shells_make(&made, 4, ip_in_ip, SHELL_COUNT(ip_in_ip));
  made.frame.tunnel = 0x05000001;
  assert_int_equal(frames_decode(&made.frame).tuple.tunnel, 0x05000001);
}

static void packet_decode__each_bit_turned__within_invariants(void **state) {
  static made_frame made;

  (void)state;
  for (size_t i = 0; i < SHELL_COUNT(tunnels); i++) {
    shells_make(&made, 6, tunnels[i].stack, tunnels[i].count);
    shells_damage(&made);
  }
}

static void packet_decode__each_tunnel_cut__truncated(void **state) {
  static made_frame made;

  (void)state;
  for (size_t i = 0; i < SHELL_COUNT(tunnels); i++) {
    if (tunnels[i].tunnel != TCPFLOW_TUNNEL_ESP_NULL) {
      shells_make(&made, 6, tunnels[i].stack, tunnels[i].count);
      shells_cut(&made);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(step_ip_in_ip__all_four_ways__inner_segment),
    cmocka_unit_test(step_ip_in_ip__octets_of_rfc_2003__inner_segment),
    cmocka_unit_test(packet_decode__nesting_1_to_64__bounded),
    cmocka_unit_test(packet_decode__more_layers_than_listed__unsupported),
    cmocka_unit_test(tunnel_enter__each_alone_off__unsupported),
    cmocka_unit_test(tunnel_enter__no_tunnel_allowed__unsupported),
    cmocka_unit_test(tunnel_enter__outer_fragment__fragment),
    cmocka_unit_test(stop_fragment__tunnel_off__not_tcp),
    cmocka_unit_test(step_ipv4__inner_fragment__fragment_of_inner),
    cmocka_unit_test(forget_datagram__odd_outer__plain_inner),
    cmocka_unit_test(forget_datagram__extensions_in_both__counted_alone),
    cmocka_unit_test(walk_limit__inner_length__against_outer),
    cmocka_unit_test(step_etherip__other_version__told),
    cmocka_unit_test(tunnel_ethernet__tags_on_both_sides__inner_ones),
    cmocka_unit_test(tunnel_ip__tags_outside__stay),
    cmocka_unit_test(frame_tunnel__inside_of_another__replaced),
    cmocka_unit_test(packet_decode__each_bit_turned__within_invariants),
    cmocka_unit_test(packet_decode__each_tunnel_cut__truncated),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
