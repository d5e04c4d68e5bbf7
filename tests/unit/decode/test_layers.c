/* tests/unit/decode/test_layers.c - mirror of lib/decode/layers.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/frames.h"

enum {
  NONE = 0x5a5a5a5a
};

/* Answers NONE if there is none. */
static uint64_t id_of(tcpflow_layer_type type, uint32_t id, unsigned index) {
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_build_layer fields;
  tcpflow_builder builder;
  made_frame made;
  uint64_t number = NONE;

  tcpflow_build_layer_init(&fields);
  fields.id = id;
  frames_begin(&made, &builder, 4);
  tcpflow_builder_ip(&builder, &tuple, NULL);
  if (type == TCPFLOW_LAYER_PBB) {
    tcpflow_builder_layer(&builder, TCPFLOW_LAYER_ETHERNET, NULL);
  } else if (type == TCPFLOW_LAYER_PPPOE) {
    tcpflow_builder_layer(&builder, TCPFLOW_LAYER_PPP, NULL);
  }
  tcpflow_builder_layer(&builder, type, &fields);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_ETHERNET, NULL);
  frames_finish(&made, &builder);
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(packet.layer[1].type, type);
  const int has_number = tcpflow_packet_layer_id(&packet, index, &number);
  assert_int_equal(has_number, number != NONE);
  return number;
}

static void packet_layer_id__below_ip__as_built(void **state) {
  (void)state;
  assert_int_equal(id_of(TCPFLOW_LAYER_VLAN, 0xfabc, 1), 0xabc);
  assert_int_equal(id_of(TCPFLOW_LAYER_PBB, 0xabcdef, 1), 0xabcdef);
  assert_int_equal(id_of(TCPFLOW_LAYER_ETAG, 0x2a5678, 1), 0x2a5678);
  assert_int_equal(id_of(TCPFLOW_LAYER_MPLS, 0xabcde, 1), 0xabcde);
  assert_int_equal(id_of(TCPFLOW_LAYER_PPPOE, 0xbeef, 1), 0xbeef);
  assert_int_equal(id_of(TCPFLOW_LAYER_VNTAG, 0xffffffff, 1), NONE);
  assert_int_equal(id_of(TCPFLOW_LAYER_MPLS, 1000, 0), NONE);
  assert_int_equal(id_of(TCPFLOW_LAYER_MPLS, 1000, 99), NONE);
}

static void packet_layer_id__0__is_a_number(void **state) {
  (void)state;
  assert_int_equal(id_of(TCPFLOW_LAYER_VLAN, 0, 1), 0);
  assert_int_equal(id_of(TCPFLOW_LAYER_MPLS, 0, 1), 0);
  assert_int_equal(id_of(TCPFLOW_LAYER_PBB, 0, 1), 0);
}

/* IEEE 802.1AE clause 9.9: a SecTAG with the SC bit has the secure channel's
   identifier behind its packet number. */
static void packet_layer_id__secure_channel__64_bits(void **state) {
  uint8_t frame[14 + 14] = {[12] = 0x88, 0xe5, 0x20};
  uint64_t id = NONE;

  (void)state;
  for (uint8_t i = 0; i < 8; i++) {
    frame[20 + i] = (uint8_t)(i + 1);
  }
  for (uint32_t n = 20; n <= sizeof(frame); n++) {
    const tcpflow_frame cut = {.bytes = frame,
                               .captured = n,
                               .length = sizeof(frame),
                               .link = TCPFLOW_LINK_ETHERNET};
    const tcpflow_packet packet = frames_decode(&cut);

    assert_int_equal(packet.layer[1].type, TCPFLOW_LAYER_MACSEC);
    const int has_id = tcpflow_packet_layer_id(&packet, 1, &id);
    assert_int_equal(has_id, n == sizeof(frame));
    assert_int_equal(id,
                     n < sizeof(frame) ? NONE : UINT64_C(0x0102030405060708));
  }
  frame[14] = 0;
  const tcpflow_packet packet =
    frames_decode_bytes(TCPFLOW_LINK_ETHERNET, frame, sizeof(frame));
  assert_false(tcpflow_packet_layer_id(&packet, 1, &id));
}

static void tuple_parts__each_tag_and_network__told(void **state) {
  tcpflow_tuple tuple = {.vlan = 0};

  (void)state;
  assert_int_equal(tcpflow_tuple_tunnel(&tuple), TCPFLOW_TUNNEL_NONE);
  assert_int_equal(tcpflow_tuple_vlan(&tuple, 0), -1);
  assert_int_equal(tcpflow_tuple_vlan(&tuple, 1), -1);
  tuple.vlan = UINT32_C(0x10001fff);
  tuple.tunnel = UINT32_C(0x05fedcba);
  assert_int_equal(tcpflow_tuple_tunnel(&tuple), TCPFLOW_TUNNEL_GENEVE);
  assert_int_equal(tcpflow_tuple_network(&tuple), 0xfedcba);
  assert_int_equal(tcpflow_tuple_vlan(&tuple, 0), 0);
  assert_int_equal(tcpflow_tuple_vlan(&tuple, 1), 4095);
  assert_int_equal(tcpflow_tuple_vlan(&tuple, 2), -1);
  tuple.vlan = UINT32_C(0x10090000);
  assert_int_equal(tcpflow_tuple_vlan(&tuple, 0), 9);
  assert_int_equal(tcpflow_tuple_vlan(&tuple, 1), -1);
}

/* The ports stand behind every extension header. */
static void packet_layer_ends__extensions_between__ports(void **state) {
  static const uint8_t types[] = {60, 51, 135, 60};
  const tcpflow_tuple tuple = frames_tuple(6);
  tcpflow_tuple ends = {.version = 9};
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  frames_begin(&made, &builder, 6);
  for (size_t i = 0; i < sizeof(types); i++) {
    tcpflow_builder_extension(&builder, types[i], NULL, 0);
  }
  tcpflow_builder_ip(&builder, &tuple, NULL);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_ETHERNET, NULL);
  frames_finish(&made, &builder);
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
  assert_false(tcpflow_packet_layer_ends(&packet, 0, &ends));
  assert_false(tcpflow_packet_layer_ends(&packet, 2, &ends));
  assert_false(tcpflow_packet_layer_ends(&packet, 99, &ends));
  assert_int_equal(ends.version, 9);
  assert_true(tcpflow_packet_layer_ends(&packet, 1, &ends));
  assert_memory_equal(&ends, &tuple, sizeof(ends));
}

static void tuple_same__either_order__told(void **state) {
  tcpflow_tuple a = {.version = 4, .port = {40000, 80}};
  tcpflow_tuple b;

  (void)state;
  memcpy(a.address[0], "\xc0\x00\x02\x01", 4);
  memcpy(a.address[1], "\xc6\x33\x64\x01", 4);
  b = a;
  assert_int_equal(tcpflow_tuple_same(&a, &b), 1);
  b = tcpflow_tuple_swap(&a);
  assert_int_equal(b.port[0], 80);
  assert_memory_equal(b.address[1], a.address[0], 16);
  assert_int_equal(tcpflow_tuple_same(&a, &b), -1);
  b.vlan = 1;
  assert_int_equal(tcpflow_tuple_same(&a, &b), 0);
  b = a;
  b.port[0] = 80;
  b.port[1] = 40000;
  assert_int_equal(tcpflow_tuple_same(&a, &b), 0);
  /* Both ends are one. */
  b = a;
  memcpy(b.address[1], b.address[0], 16);
  b.port[1] = b.port[0];
  a = b;
  assert_int_equal(tcpflow_tuple_same(&a, &b), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(tuple_same__either_order__told),
    cmocka_unit_test(packet_layer_id__below_ip__as_built),
    cmocka_unit_test(packet_layer_id__0__is_a_number),
    cmocka_unit_test(packet_layer_id__secure_channel__64_bits),
    cmocka_unit_test(tuple_parts__each_tag_and_network__told),
    cmocka_unit_test(packet_layer_ends__extensions_between__ports),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
