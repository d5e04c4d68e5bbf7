/* tests/unit/decode/test_tcp.c - mirror of lib/decode/tcp.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/frames.h"

static tcpflow_packet decode_segment(const tcpflow_tuple *tuple,
                                     const tcpflow_build_tcp *tcp) {
  made_frame made;

  frames_must(tcpflow_build_segment(&made.frame, made.room, sizeof(made.room),
                                    TCPFLOW_LINK_ETHERNET, tuple,
                                    tcp) == TCPFLOW_OK,
              "a test frame cannot be built");
  return frames_decode(&made.frame);
}

static tcpflow_packet decode_tcp(const tcpflow_build_tcp *tcp) {
  const tcpflow_tuple tuple = frames_tuple(4);

  return decode_segment(&tuple, tcp);
}

/* D18: the fields are there, and the header says nothing about the rest. */
static void step_tcp__data_offset_below_5__no_options_no_payload(void **state) {
  tcpflow_build_tcp tcp = frames_segment();

  (void)state;
  tcp.offset_mode = TCPFLOW_BUILD_GIVEN;
  for (uint8_t words = 0; words < 5; words++) {
    tcp.data_offset = words;
    const tcpflow_packet packet = decode_tcp(&tcp);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
    assert_int_equal(packet.findings, TCPFLOW_FINDING_TCP_BAD_OFFSET_SHORT);
    assert_int_equal(packet.header_length, words * 4);
    assert_int_equal(packet.seq, 1000);
    assert_int_equal(packet.options_length, 0);
    assert_int_equal(packet.payload_length, 0);
    assert_int_equal(packet.payload_captured, 0);
    assert_int_equal(packet.tcp_length, 37);
    assert_int_equal(packet.payload_offset, packet.tcp_offset + 20);
  }
}

/* D19: 37 octets of segment; 9 words are 36. */
static void step_tcp__data_offset_beyond_datagram__no_wrap(void **state) {
  tcpflow_build_tcp tcp = frames_segment();

  (void)state;
  tcp.offset_mode = TCPFLOW_BUILD_GIVEN;
  tcp.data_offset = 9;
  assert_int_equal(decode_tcp(&tcp).payload_length, 1);
  assert_int_equal(decode_tcp(&tcp).options_length, 16);
  for (uint8_t words = 10; words <= 15; words++) {
    tcp.data_offset = words;
    const tcpflow_packet packet = decode_tcp(&tcp);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
    assert_int_equal(packet.findings, TCPFLOW_FINDING_TCP_BAD_OFFSET_LONG);
    assert_int_equal(packet.header_length, words * 4);
    assert_int_equal(packet.options_length, 0);
    assert_int_equal(packet.payload_length, 0);
  }
}

/* D26, and all that are not odd. */
static void step_tcp__every_combination_of_flags__as_sent(void **state) {
  tcpflow_build_tcp tcp = frames_segment();

  (void)state;
  for (uint16_t flags = 0; flags <= TCPFLOW_FLAGS_ALL; flags++) {
    tcp.flags = flags;
    const tcpflow_packet packet = decode_tcp(&tcp);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
    assert_int_equal(packet.flags, flags);
    assert_int_equal(packet.reserved_bits, 0);
    assert_int_equal(packet.findings, 0);
  }
}

/* D26 */
static void step_tcp__reserved_bits__told(void **state) {
  tcpflow_build_tcp tcp = frames_segment();

  (void)state;
  for (uint8_t bits = 1; bits < 8; bits++) {
    tcp.reserved_bits = bits;
    const tcpflow_packet packet = decode_tcp(&tcp);
    assert_int_equal(packet.reserved_bits, bits);
    assert_int_equal(packet.findings, TCPFLOW_FINDING_RESERVED_BITS);
    assert_int_equal(packet.flags, tcp.flags);
    assert_int_equal(packet.header_length, 32);
  }
}

/* D25: a LAND packet; and what only looks like one. */
static void step_tcp__source_is_destination__told(void **state) {
  const tcpflow_build_tcp tcp = frames_segment();

  (void)state;
  for (uint8_t version = 4; version <= 6; version += 2) {
    tcpflow_tuple tuple = frames_tuple(version);

    tuple.port[0] = 80;
    assert_int_equal(decode_segment(&tuple, &tcp).findings, 0);
    memcpy(tuple.address[0], tuple.address[1], 16);
    assert_int_equal(decode_segment(&tuple, &tcp).findings,
                     TCPFLOW_FINDING_SAME_ENDS);
    tuple.port[0] = 81;
    assert_int_equal(decode_segment(&tuple, &tcp).findings, 0);
  }
}

/* D25: no address or port is refused. */
static void step_tcp__port_0_and_odd_addresses__tcp(void **state) {
  static const uint8_t firsts[] = {0, 127, 224, 255};
  const tcpflow_build_tcp tcp = frames_segment();

  (void)state;
  for (size_t i = 0; i < sizeof(firsts); i++) {
    tcpflow_tuple tuple = frames_tuple(4);

    memset(tuple.address[0], firsts[i], 4);
    tuple.port[0] = 0;
    const tcpflow_packet packet = decode_segment(&tuple, &tcp);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
    assert_int_equal(packet.tuple.port[0], 0);
    assert_memory_equal(&packet.tuple, &tuple, sizeof(tuple));
  }
}

static void step_tcp__extreme_numbers__as_sent(void **state) {
  tcpflow_build_tcp tcp = frames_segment();

  (void)state;
  tcp.seq = UINT32_MAX;
  tcp.ack = 0x80000000;
  tcp.window = 0xffff;
  tcp.urgent = 0xfffe;
  tcp.checksum_mode = TCPFLOW_BUILD_GIVEN;
  tcp.checksum = 0xabcd;
  const tcpflow_packet packet = decode_tcp(&tcp);
  assert_true(packet.seq == UINT32_MAX);
  assert_true(packet.ack == 0x80000000);
  assert_int_equal(packet.window, 0xffff);
  assert_int_equal(packet.urgent, 0xfffe);
  assert_int_equal(packet.checksum, 0xabcd);
}

static void step_tcp__options_cut_by_the_capture__counted(void **state) {
  made_frame made;

  (void)state;
  frames_make(&made, TCPFLOW_LINK_RAW, 4);
  for (uint32_t there = 0; there < 12; there++) {
    made.frame.captured = 40 + there;
    const tcpflow_packet packet = frames_decode(&made.frame);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
    assert_int_equal(packet.findings,
                     TCPFLOW_FINDING_CUT | TCPFLOW_FINDING_OPTIONS_CUT);
    assert_int_equal(packet.options_length, 12);
    assert_int_equal(packet.options_captured, there);
    assert_int_equal(packet.payload_offset, 52);
    assert_int_equal(packet.payload_length, 5);
    assert_int_equal(packet.payload_captured, 0);
  }
}

static void step_tcp__cut_behind_the_ports__ports_known(void **state) {
  made_frame made;

  (void)state;
  frames_make(&made, TCPFLOW_LINK_RAW, 4);
  for (uint32_t there = 0; there < 20; there++) {
    made.frame.captured = 20 + there;
    const tcpflow_packet packet = frames_decode(&made.frame);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_TRUNCATED);
    assert_int_equal(packet.tcp_offset, 20);
    assert_int_equal(packet.tcp_length, 37);
    assert_int_equal(packet.tuple.port[1], there < 4 ? 0 : 80);
    assert_int_equal(packet.seq, 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(step_tcp__data_offset_below_5__no_options_no_payload),
    cmocka_unit_test(step_tcp__data_offset_beyond_datagram__no_wrap),
    cmocka_unit_test(step_tcp__every_combination_of_flags__as_sent),
    cmocka_unit_test(step_tcp__reserved_bits__told),
    cmocka_unit_test(step_tcp__source_is_destination__told),
    cmocka_unit_test(step_tcp__port_0_and_odd_addresses__tcp),
    cmocka_unit_test(step_tcp__extreme_numbers__as_sent),
    cmocka_unit_test(step_tcp__options_cut_by_the_capture__counted),
    cmocka_unit_test(step_tcp__cut_behind_the_ports__ports_known),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
