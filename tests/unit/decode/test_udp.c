/*
 * tests/unit/decode/test_udp.c - UDP: which port leads into which tunnel, and
 * lengths.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/shells.h"

#define CHECK(version, stack) shells_check(version, stack, SHELL_COUNT(stack))

static const shell geneve[] = {{TCPFLOW_LAYER_GENEVE, {.id = 9}},
                               {TCPFLOW_LAYER_UDP, {.port = {50000, 7}}},
                               {TCPFLOW_LAYER_IPV4, {0}}};

static void put_ports(made_frame *made, uint16_t source, uint16_t destination) {
  uint8_t *const udp = frames_bytes(made) + 34;

  udp[0] = (uint8_t)(source >> 8);
  udp[1] = (uint8_t)(source & 0xff);
  udp[2] = (uint8_t)(destination >> 8);
  udp[3] = (uint8_t)(destination & 0xff);
}

static void step_udp__tunnel_port_on_either_side__inner_segment(void **state) {
  static const uint16_t ports[][2] = {
    {6081, 50000}, {50000, 6081}, {6081, 6081}, {53, 6081}};
  static made_frame made;

  (void)state;
  shells_make(&made, 4, geneve, SHELL_COUNT(geneve));
  for (size_t i = 0; i < SHELL_COUNT(ports); i++) {
    put_ports(&made, ports[i][0], ports[i][1]);
    const tcpflow_packet packet = frames_decode(&made.frame);
    shells_must_be_null(shells_wrong(&packet, 4));
  }
}

/* The ports of the outer header are those of its layer. */
static void packet_layer_ends__udp__outer_ports(void **state) {
  static made_frame made;
  tcpflow_tuple ends;

  (void)state;
  shells_make(&made, 4, geneve, SHELL_COUNT(geneve));
  put_ports(&made, 1234, 6081);
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_true(tcpflow_packet_layer_ends(&packet, 1, &ends));
  assert_int_equal(ends.port[0], 1234);
  assert_int_equal(ends.port[1], 6081);
}

static void step_udp__other_ports__not_tcp(void **state) {
  static made_frame made;

  (void)state;
  shells_make(&made, 4, geneve, SHELL_COUNT(geneve));
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_NOT_TCP);
  assert_int_equal(packet.ip_protocol, 17);
  assert_int_equal(packet.layer_count, 3);
}

/* Ports of the configuration come first, that of the destination before. */
static void step_udp__configured_port__its_tunnel(void **state) {
  tcpflow_decode_config config = shells_config();
  static made_frame made;

  (void)state;
  shells_make(&made, 4, geneve, SHELL_COUNT(geneve));
  config.port[7] =
    (tcpflow_tunnel_port){.port = 7, .tunnel = TCPFLOW_TUNNEL_GENEVE};
  tcpflow_packet packet = frames_decode_with(&made.frame, &config);
  shells_must_be_null(shells_wrong(&packet, 4));
  /* Against a registered port on the other side, and on the same. */
  put_ports(&made, 4789, 7);
  packet = frames_decode_with(&made.frame, &config);
  shells_must_be_null(shells_wrong(&packet, 4));
  put_ports(&made, 7, 4789);
  packet = frames_decode_with(&made.frame, &config);
  shells_must_be_null(shells_wrong(&packet, 4));
  config.port[0] =
    (tcpflow_tunnel_port){.port = 4789, .tunnel = TCPFLOW_TUNNEL_GENEVE};
  config.port[7].port = 0;
  put_ports(&made, 4789, 9);
  packet = frames_decode_with(&made.frame, &config);
  shells_must_be_null(shells_wrong(&packet, 4));
}

/* Port 0 in the table is no port. */
static void step_udp__port_0__not_tcp(void **state) {
  const tcpflow_decode_config config = shells_config();
  static made_frame made;

  (void)state;
  shells_make(&made, 4, geneve, SHELL_COUNT(geneve));
  put_ports(&made, 0, 0);
  assert_int_equal(frames_decode_with(&made.frame, &config).kind,
                   TCPFLOW_PACKET_NOT_TCP);
}

static void step_udp__length__limits(void **state) {
  static const struct {
    int more;
    uint32_t findings;
    uint32_t payload;
  } rows[] = {{0, 0, 5},
              {1, TCPFLOW_FINDING_BAD_HEADER, 5},
              {-3, TCPFLOW_FINDING_IP_LENGTH_BEYOND, 2}};
  static made_frame made;

  (void)state;
  shells_make(&made, 4, geneve, SHELL_COUNT(geneve));
  put_ports(&made, 1, 6081);
  uint8_t *const length = frames_bytes(&made) + 34 + 5;
  const uint8_t right = *length;
  for (size_t i = 0; i < SHELL_COUNT(rows); i++) {
    *length = (uint8_t)(right + rows[i].more);
    const tcpflow_packet packet = frames_decode(&made.frame);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
    assert_int_equal(packet.findings, rows[i].findings);
    assert_int_equal(packet.payload_length, rows[i].payload);
    assert_int_equal(tcpflow_packet_checksum(&packet),
                     rows[i].more < 0 ? TCPFLOW_CHECKSUM_UNCOVERED
                                      : TCPFLOW_CHECKSUM_OK);
  }
  /* Segmentation offload: 0 everywhere. */
  *length = 0;
  tcpflow_packet packet = frames_decode(&made.frame);
  shells_must_be_null(shells_wrong(&packet, 4));
  assert_int_equal(packet.findings, 0);
  /* Less than the header itself. */
  *length = 7;
  packet = frames_decode(&made.frame);
  shells_must_be_null(shells_wrong(&packet, 4));
  assert_int_equal(packet.findings, TCPFLOW_FINDING_BAD_HEADER);
}

static void step_udp__no_payload__not_tcp(void **state) {
  static made_frame made;

  (void)state;
  shells_make(&made, 4, geneve, SHELL_COUNT(geneve));
  put_ports(&made, 1, 6081);
  frames_bytes(&made)[34 + 5] = 8;
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_NOT_TCP);
  assert_int_equal(packet.tunnel_count, 0);
}

static void step_udp__less_than_a_header__malformed(void **state) {
  static const uint8_t bytes[] = {0x45, 0, 0, 24, 0, 1, 0, 0, 64, 17, 0, 0,
                                  1,    1, 1, 1,  2, 2, 2, 2, 0,  7,  0, 7};
  const tcpflow_packet packet =
    frames_decode_bytes(TCPFLOW_LINK_RAW, bytes, sizeof(bytes));

  (void)state;
  assert_int_equal(packet.kind, TCPFLOW_PACKET_MALFORMED);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_BAD_HEADER);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(step_udp__tunnel_port_on_either_side__inner_segment),
    cmocka_unit_test(packet_layer_ends__udp__outer_ports),
    cmocka_unit_test(step_udp__other_ports__not_tcp),
    cmocka_unit_test(step_udp__configured_port__its_tunnel),
    cmocka_unit_test(step_udp__port_0__not_tcp),
    cmocka_unit_test(step_udp__length__limits),
    cmocka_unit_test(step_udp__no_payload__not_tcp),
    cmocka_unit_test(step_udp__less_than_a_header__malformed),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
