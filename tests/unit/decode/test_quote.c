/*
 * tests/unit/decode/test_quote.c - how much of a quoted TCP header is known.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/shells.h"

/* An error that quotes N octets of the segment of frames.h. */
static void make_quote(made_frame *made, uint32_t n) {
  const shell stack[] = {{TCPFLOW_LAYER_ICMP, {.id = 20 + n}},
                         {TCPFLOW_LAYER_IPV4, {0}}};

  shells_make(made, 4, stack, SHELL_COUNT(stack));
}

enum {
  QUOTE = 14 + 20 + 8 + 20 /* Where the quoted TCP header starts. */
};

/* The quote ends on the wire, after each octet. */
static void step_quoted_tcp__each_length__known_fields(void **state) {
  static made_frame made;

  (void)state;
  for (uint32_t n = 4; n <= 37; n++) {
    make_quote(&made, n);
    const tcpflow_packet packet = frames_decode(&made.frame);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_ICMP_ERROR);
    assert_int_equal(packet.quoted, n < 32 ? n : 32);
    assert_int_equal(packet.tuple.port[0], 40000);
    assert_int_equal(packet.tuple.port[1], 80);
    assert_int_equal(packet.seq, n >= 8 ? 1000 : 0);
    assert_int_equal(packet.ack, n >= 12 ? 2000 : 0);
    assert_int_equal(packet.flags, n >= 14 ? 0x18 : 0);
    assert_int_equal(packet.header_length, n >= 14 ? 32 : 0);
    assert_int_equal(packet.window, n >= 16 ? 512 : 0);
    assert_int_equal(packet.checksum != 0, n >= 20);
    assert_int_equal(packet.options_length, n >= 14 ? 12 : 0);
    assert_int_equal(packet.options_captured, n < 20   ? 0
                                              : n < 32 ? n - 20
                                                       : 12);
    assert_int_equal(packet.findings,
                     n >= 14 && n < 32 ? TCPFLOW_FINDING_OPTIONS_CUT : 0);
    assert_int_equal(packet.tcp_offset, QUOTE);
    assert_int_equal(packet.tcp_length, 37);
    assert_int_equal(packet.payload_length, n >= 14 ? 5 : 0);
    assert_int_equal(packet.payload_captured, n > 32 ? n - 32 : 0);
  }
}

/* Fewer octets than the ports: nothing is known of the connection. */
static void step_quoted_tcp__less_than_ports__not_tcp(void **state) {
  static made_frame made;

  (void)state;
  for (uint32_t n = 0; n < 4; n++) {
    make_quote(&made, n);
    const tcpflow_packet packet = frames_decode(&made.frame);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_NOT_TCP);
    assert_int_equal(packet.ip_protocol, 1);
  }
}

static tcpflow_packet decode_damaged(uint32_t at, uint8_t value) {
  static made_frame made;

  make_quote(&made, 37);
  frames_bytes(&made)[at] = value;
  return frames_decode(&made.frame);
}

static void step_quoted_tcp__bad_offset__told(void **state) {
  tcpflow_packet packet = decode_damaged(QUOTE + 12, 0x40);

  (void)state;
  assert_int_equal(packet.kind, TCPFLOW_PACKET_ICMP_ERROR);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_TCP_BAD_OFFSET_SHORT);
  assert_int_equal(packet.quoted, 20);
  packet = decode_damaged(QUOTE + 12, 0xf0);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_ICMP_ERROR);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_TCP_BAD_OFFSET_LONG);
  assert_int_equal(packet.quoted, 37);
  assert_int_equal(packet.options_length, 0);
}

/* What the quoted header says of its length counts, whatever is there. */
static void walk_limit__quoted_length__as_it_says(void **state) {
  tcpflow_packet packet = decode_damaged(QUOTE - 20 + 2, 0x40);

  (void)state;
  assert_int_equal(packet.kind, TCPFLOW_PACKET_ICMP_ERROR);
  assert_int_equal(packet.findings, 0);
  assert_int_equal(packet.ip_length, 0x4000 + 57);
  assert_int_equal(packet.payload_length, 0x4000 + 5);
  assert_int_equal(packet.payload_captured, 5);
  /* Shorter than what is there: the rest is no part of it. */
  packet = decode_damaged(QUOTE - 20 + 3, 20 + 33);
  assert_int_equal(packet.findings, 0);
  assert_int_equal(packet.payload_length, 1);
  assert_int_equal(packet.payload_captured, 1);
  /* 0: offload; the quote is all that is known. */
  packet = decode_damaged(QUOTE - 20 + 3, 0);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_IP_LENGTH_ZERO);
  assert_int_equal(packet.payload_length, 5);
}

static void step_quoted_tcp__first_fragment__told(void **state) {
  const tcpflow_packet packet = decode_damaged(QUOTE - 20 + 6, 0x20);

  (void)state;
  assert_int_equal(packet.kind, TCPFLOW_PACKET_ICMP_ERROR);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_FIRST_FRAGMENT);
  assert_int_equal(tcpflow_packet_checksum(&packet), TCPFLOW_CHECKSUM_NONE);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(step_quoted_tcp__each_length__known_fields),
    cmocka_unit_test(step_quoted_tcp__less_than_ports__not_tcp),
    cmocka_unit_test(step_quoted_tcp__bad_offset__told),
    cmocka_unit_test(walk_limit__quoted_length__as_it_says),
    cmocka_unit_test(step_quoted_tcp__first_fragment__told),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
