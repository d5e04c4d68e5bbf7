/*
 * tests/unit/decode/test_ipv4.c - mirror of lib/decode/ipv4.c and datagram.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/frames.h"

static tcpflow_build_ip default_ip(void) {
  tcpflow_build_ip ip;

  tcpflow_build_ip_init(&ip);
  return ip;
}

/* Our segment behind an IPv4 header with these fields, on Ethernet. */
static void make_ip(made_frame *made, const tcpflow_build_ip *ip) {
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_builder builder;

  frames_begin(made, &builder, 4);
  tcpflow_builder_ip(&builder, &tuple, ip);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_ETHERNET, NULL);
  frames_finish(made, &builder);
}

static tcpflow_packet decode_ip(const tcpflow_build_ip *ip) {
  made_frame made;

  make_ip(&made, ip);
  return frames_decode(&made.frame);
}

/* D7 */
static void step_ipv4__version_6_behind_ipv4_type__malformed(void **state) {
  const tcpflow_tuple tuple = frames_tuple(6);
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  frames_begin(&made, &builder, 6);
  tcpflow_builder_ip(&builder, &tuple, NULL);
  tcpflow_builder_announce(&builder, 0, 0x0800);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_ETHERNET, NULL);
  frames_finish(&made, &builder);
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_MALFORMED);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_IP_BAD_VERSION);
  assert_int_equal(packet.tuple.version, 0);
}

/* D11 */
static void step_ipv4__header_length_below_5_words__malformed(void **state) {
  tcpflow_build_ip ip = default_ip();

  (void)state;
  ip.header_mode = TCPFLOW_BUILD_GIVEN;
  for (uint8_t words = 0; words < 5; words++) {
    ip.header_words = words;
    const tcpflow_packet packet = decode_ip(&ip);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_MALFORMED);
    assert_int_equal(packet.findings, TCPFLOW_FINDING_IP_BAD_HEADER_LENGTH);
  }
}

/* D12 */
static void step_ipv4__options_cut_by_the_capture__truncated(void **state) {
  static const uint8_t nops[40] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                   1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                   1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  tcpflow_build_ip ip = default_ip();
  made_frame made;

  (void)state;
  ip.options = nops;
  ip.options_length = sizeof(nops);
  make_ip(&made, &ip);
  assert_int_equal(frames_decode(&made.frame).kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(frames_decode(&made.frame).ip_header_length, 60);
  for (uint32_t n = 34; n < 74; n++) {
    made.frame.captured = n;
    assert_int_equal(frames_decode(&made.frame).kind, TCPFLOW_PACKET_TRUNCATED);
  }
}

/* D13 */
static void step_ipv4__total_length_below_header__malformed(void **state) {
  tcpflow_build_ip ip = default_ip();

  (void)state;
  ip.length_mode = TCPFLOW_BUILD_GIVEN;
  for (uint32_t total = 1; total < 20; total++) {
    ip.length = total;
    const tcpflow_packet packet = decode_ip(&ip);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_MALFORMED);
    assert_int_equal(packet.findings, TCPFLOW_FINDING_IP_BAD_LENGTH);
  }
}

static void step_ipv4__header_beyond_total_length__malformed(void **state) {
  tcpflow_build_ip ip = default_ip();

  (void)state;
  ip.header_mode = TCPFLOW_BUILD_GIVEN;
  ip.header_words = 15;
  ip.length_mode = TCPFLOW_BUILD_GIVEN;
  ip.length = 59;
  tcpflow_packet packet = decode_ip(&ip);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_MALFORMED);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_IP_BAD_HEADER_LENGTH |
                                      TCPFLOW_FINDING_IP_BAD_LENGTH);
  /* The frame has 57 octets of datagram only. */
  ip.length = 60;
  packet = decode_ip(&ip);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_MALFORMED);
  assert_true((packet.findings & TCPFLOW_FINDING_IP_BAD_HEADER_LENGTH) != 0);
}

/* D14: the frame has more octets, and they are none of this segment's. */
static void step_ipv4__total_length_below_tcp_header__malformed(void **state) {
  tcpflow_build_ip ip = default_ip();

  (void)state;
  ip.length_mode = TCPFLOW_BUILD_GIVEN;
  for (uint32_t total = 20; total < 40; total++) {
    ip.length = total;
    const tcpflow_packet packet = decode_ip(&ip);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_MALFORMED);
    assert_int_equal(packet.findings,
                     TCPFLOW_FINDING_TCP_SHORT | TCPFLOW_FINDING_PADDING);
    assert_int_equal(packet.tcp_length, total - 20);
  }
}

/* D15 */
static void step_ipv4__total_length_0__length_of_the_frame(void **state) {
  tcpflow_build_ip ip = default_ip();

  (void)state;
  ip.length_mode = TCPFLOW_BUILD_ZERO;
  const tcpflow_packet packet = decode_ip(&ip);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_IP_LENGTH_ZERO);
  assert_int_equal(packet.ip_length, 57);
  assert_int_equal(packet.payload_length, 5);
}

/* D15 */
static void step_ipv4__offloaded_200000_octets__all_counted(void **state) {
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_build_tcp tcp = frames_segment();
  made_frame made;

  (void)state;
  tcp.payload_length = 200000;
  assert_int_equal(tcpflow_build_segment(&made.frame, made.room,
                                         sizeof(made.room),
                                         TCPFLOW_LINK_ETHERNET, &tuple, &tcp),
                   TCPFLOW_OK);
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_CUT |
                                      TCPFLOW_FINDING_IP_LENGTH_ZERO |
                                      TCPFLOW_FINDING_JUMBO);
  assert_int_equal(packet.payload_length, 200000);
  assert_int_equal(packet.payload_captured, 5);
}

/* What the length field can hold is no jumbogram, even if it holds 0. */
static void step_ipv4__length_0_around_65535__jumbo_above(void **state) {
  for (uint8_t version = 4; version <= 6; version += 2) {
    const uint32_t most = version == 4 ? 65535 : 40 + 65535;
    made_frame made;

    frames_make(&made, TCPFLOW_LINK_RAW, version);
    memset(frames_bytes(&made) + (version == 4 ? 2 : 4), 0, 2);
    made.frame.length = most;
    assert_int_equal(frames_decode(&made.frame).findings,
                     TCPFLOW_FINDING_CUT | TCPFLOW_FINDING_IP_LENGTH_ZERO);
    made.frame.length = most + 1;
    assert_int_equal(frames_decode(&made.frame).findings,
                     TCPFLOW_FINDING_CUT | TCPFLOW_FINDING_IP_LENGTH_ZERO |
                       TCPFLOW_FINDING_JUMBO);
  }
  (void)state;
}

/* D16 */
static void step_ipv4__ethernet_padding__is_not_payload(void **state) {
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_build_tcp tcp;
  tcpflow_build_link fields;
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  tcpflow_build_tcp_init(&tcp);
  tcp.flags = TCPFLOW_FLAG_ACK;
  tcpflow_build_link_init(&fields);
  fields.pad = 1;
  tcpflow_builder_init(&builder, made.room, sizeof(made.room));
  tcpflow_builder_tcp(&builder, &tuple, &tcp);
  tcpflow_builder_ip(&builder, &tuple, NULL);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_ETHERNET, &fields);
  frames_finish(&made, &builder);
  assert_int_equal(made.frame.length, 60);
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_PADDING);
  assert_int_equal(packet.payload_length, 0);
  assert_int_equal(packet.payload_captured, 0);
}

/* D17 */
static void step_ipv4__payload_cut_by_the_capture__both_lengths(void **state) {
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_build_tcp tcp = frames_segment();
  made_frame made;

  (void)state;
  tcp.payload_length = 1448;
  assert_int_equal(tcpflow_build_segment(&made.frame, made.room,
                                         sizeof(made.room),
                                         TCPFLOW_LINK_ETHERNET, &tuple, &tcp),
                   TCPFLOW_OK);
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_CUT);
  assert_int_equal(packet.payload_length, 1448);
  assert_int_equal(packet.payload_captured, 5);
}

static void step_ipv4__total_length_beyond_frame__clamped(void **state) {
  tcpflow_build_ip ip = default_ip();

  (void)state;
  ip.length_mode = TCPFLOW_BUILD_GIVEN;
  ip.length = 58;
  const tcpflow_packet packet = decode_ip(&ip);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_IP_LENGTH_BEYOND);
  assert_int_equal(packet.ip_length, 57);
  assert_int_equal(packet.payload_length, 5);
}

static void step_ipv4__options__skipped_and_told(void **state) {
  static const struct {
    uint8_t bytes[4];
    uint32_t findings;
  } rows[] = {
    {{1, 1, 1, 0}, 0},                                /* NOPs, EOL */
    {{0, 9, 9, 9}, 0},                                /* EOL, then anything */
    {{148, 4, 0, 0}, 0},                              /* router alert */
    {{148, 5, 0, 0}, TCPFLOW_FINDING_IP_BAD_OPTIONS}, /* runs over */
    {{148, 1, 0, 0}, TCPFLOW_FINDING_IP_BAD_OPTIONS}, /* below 2 */
    {{148, 0, 0, 0}, TCPFLOW_FINDING_IP_BAD_OPTIONS}, /* no way on */
    {{1, 1, 1, 148}, TCPFLOW_FINDING_IP_BAD_OPTIONS}, /* no length */
  };

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    tcpflow_build_ip ip = default_ip();

    ip.options = rows[i].bytes;
    ip.options_length = 4;
    const tcpflow_packet packet = decode_ip(&ip);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
    assert_int_equal(packet.findings,
                     TCPFLOW_FINDING_IP_OPTIONS | rows[i].findings);
    assert_int_equal(packet.ip_header_length, 24);
    assert_int_equal(packet.payload_length, 5);
  }
}

/* F12 of the fragments: none is passed over. */
static void step_ipv4__later_fragment__fragment(void **state) {
  tcpflow_build_ip ip = default_ip();

  (void)state;
  ip.id = 7;
  ip.fragment = 0x2001;
  tcpflow_packet packet = decode_ip(&ip);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_FRAGMENT);
  assert_int_equal(packet.ip_fragment, 0x2001);
  assert_int_equal(packet.ip_id, 7);
  assert_int_equal(packet.tcp_offset, 0);
  ip.fragment = 0x1fff;
  packet = decode_ip(&ip);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_FRAGMENT);
}

static void step_ipv4__fragment_of_something_else__not_tcp(void **state) {
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_build_ip ip = default_ip();
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  ip.fragment = 5;
  /* ICMP, IGMP, OSPF, and a number that has no meaning in IPv4 */
  for (const char *number = "\1\2\131\54"; *number != 0; number++) {
    frames_begin(&made, &builder, 4);
    tcpflow_builder_announce(&builder, (uint8_t)*number, 0);
    tcpflow_builder_ip(&builder, &tuple, &ip);
    frames_finish(&made, &builder);
    assert_int_equal(frames_decode(&made.frame).kind, TCPFLOW_PACKET_NOT_TCP);
  }
}

static void step_ipv4__first_fragment__tcp_of_its_octets(void **state) {
  tcpflow_build_ip ip = default_ip();

  (void)state;
  ip.fragment = 0x2000;
  const tcpflow_packet packet = decode_ip(&ip);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_FIRST_FRAGMENT);
  assert_int_equal(packet.payload_length, 5);
}

/* F1: a tiny fragment. */
static void step_ipv4__first_fragment_without_header__fragment(void **state) {
  made_frame made;
  tcpflow_build_ip ip = default_ip();

  (void)state;
  ip.fragment = 0x2000;
  ip.length_mode = TCPFLOW_BUILD_GIVEN;
  for (uint32_t there = 0; there < 32; there++) {
    ip.length = 20 + there;
    make_ip(&made, &ip);
    const tcpflow_packet packet = frames_decode(&made.frame);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_FRAGMENT);
    assert_int_equal(packet.findings, TCPFLOW_FINDING_PADDING);
    assert_int_equal(packet.tcp_offset, 34);
    assert_int_equal(packet.tuple.port[0], there < 4 ? 0 : 40000);
  }
}

static void step_ipv4__ah__crossed(void **state) {
  static const uint8_t body[10] = {0, 0, 1, 2, 3, 4, 0, 0, 0, 1};
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  frames_begin(&made, &builder, 4);
  tcpflow_builder_extension(&builder, 51, body, sizeof(body));
  tcpflow_builder_ip(&builder, &tuple, NULL);
  frames_finish(&made, &builder);
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(packet.ip_header_length, 32);
  assert_int_equal(packet.layer[1].type, TCPFLOW_LAYER_AH);

  /* In IPv4 no IPv6 extension header follows it. */
  frames_begin(&made, &builder, 4);
  tcpflow_builder_extension(&builder, 60, NULL, 0);
  tcpflow_builder_extension(&builder, 51, body, sizeof(body));
  tcpflow_builder_ip(&builder, &tuple, NULL);
  frames_finish(&made, &builder);
  assert_int_equal(frames_decode(&made.frame).kind, TCPFLOW_PACKET_NOT_TCP);
}

/* D22: in IPv4 these numbers are no extension headers. */
static void step_ipv4__ipv6_extension_number__not_tcp(void **state) {
  static const uint8_t numbers[] = {0, 43, 44, 60, 59};
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  for (size_t i = 0; i < sizeof(numbers); i++) {
    frames_begin(&made, &builder, 4);
    tcpflow_builder_announce(&builder, numbers[i], 0);
    tcpflow_builder_ip(&builder, &tuple, NULL);
    frames_finish(&made, &builder);
    const tcpflow_packet packet = frames_decode(&made.frame);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_NOT_TCP);
    assert_int_equal(packet.ip_protocol, numbers[i]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(step_ipv4__version_6_behind_ipv4_type__malformed),
    cmocka_unit_test(step_ipv4__header_length_below_5_words__malformed),
    cmocka_unit_test(step_ipv4__options_cut_by_the_capture__truncated),
    cmocka_unit_test(step_ipv4__total_length_below_header__malformed),
    cmocka_unit_test(step_ipv4__header_beyond_total_length__malformed),
    cmocka_unit_test(step_ipv4__total_length_below_tcp_header__malformed),
    cmocka_unit_test(step_ipv4__total_length_0__length_of_the_frame),
    cmocka_unit_test(step_ipv4__offloaded_200000_octets__all_counted),
    cmocka_unit_test(step_ipv4__length_0_around_65535__jumbo_above),
    cmocka_unit_test(step_ipv4__ethernet_padding__is_not_payload),
    cmocka_unit_test(step_ipv4__payload_cut_by_the_capture__both_lengths),
    cmocka_unit_test(step_ipv4__total_length_beyond_frame__clamped),
    cmocka_unit_test(step_ipv4__options__skipped_and_told),
    cmocka_unit_test(step_ipv4__later_fragment__fragment),
    cmocka_unit_test(step_ipv4__fragment_of_something_else__not_tcp),
    cmocka_unit_test(step_ipv4__first_fragment__tcp_of_its_octets),
    cmocka_unit_test(step_ipv4__first_fragment_without_header__fragment),
    cmocka_unit_test(step_ipv4__ah__crossed),
    cmocka_unit_test(step_ipv4__ipv6_extension_number__not_tcp),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
