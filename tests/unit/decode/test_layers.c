/* tests/unit/decode/test_layers.c - mirror of lib/decode/layers.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/frames.h"

static uint32_t id_of(tcpflow_layer_type type, uint32_t id, unsigned index) {
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_build_layer fields;
  tcpflow_builder builder;
  made_frame made;

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
  return tcpflow_packet_layer_id(&packet, index);
}

static void packet_layer_id__below_ip__as_built(void **state) {
  (void)state;
  assert_int_equal(id_of(TCPFLOW_LAYER_VLAN, 0xfabc, 1), 0xabc);
  assert_int_equal(id_of(TCPFLOW_LAYER_PBB, 0xabcdef, 1), 0xabcdef);
  assert_int_equal(id_of(TCPFLOW_LAYER_ETAG, 0x2a5678, 1), 0x2a5678);
  assert_int_equal(id_of(TCPFLOW_LAYER_MPLS, 0xabcde, 1), 0xabcde);
  assert_int_equal(id_of(TCPFLOW_LAYER_PPPOE, 0xbeef, 1), 0xbeef);
  assert_int_equal(id_of(TCPFLOW_LAYER_VNTAG, 0xffffffff, 1), 0);
  assert_int_equal(id_of(TCPFLOW_LAYER_MPLS, 1000, 0), 0);
  assert_int_equal(id_of(TCPFLOW_LAYER_MPLS, 1000, 99), 0);
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

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(packet_layer_id__below_ip__as_built),
    cmocka_unit_test(packet_layer_ends__extensions_between__ports),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
