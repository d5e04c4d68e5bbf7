/* tests/unit/decode/test_verify.c - mirror of lib/decode/verify.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/frames.h"

static tcpflow_checksum verdict_of(const tcpflow_frame *frame) {
  tcpflow_packet packet;

  tcpflow_packet_init(&packet);
  frames_must(tcpflow_packet_decode(&packet, frame, NULL) == TCPFLOW_OK,
              "decoding failed");
  return tcpflow_packet_checksum(&packet);
}

static void make_mode(made_frame *made, uint8_t version, uint8_t mode,
                      uint32_t payload) {
  static const uint8_t octets[64] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const tcpflow_tuple tuple = frames_tuple(version);
  tcpflow_build_tcp tcp = frames_segment();

  tcp.checksum_mode = mode;
  tcp.payload = octets;
  tcp.payload_captured = payload;
  frames_must(tcpflow_build_segment(&made->frame, made->room,
                                    sizeof(made->room), TCPFLOW_LINK_ETHERNET,
                                    &tuple, &tcp) == TCPFLOW_OK,
              "a test frame cannot be built");
}

static void packet_checksum__each_way_of_filling__its_verdict(void **state) {
  static const struct {
    uint8_t mode;
    uint8_t verdict;
  } rows[] = {{TCPFLOW_BUILD_RIGHT, TCPFLOW_CHECKSUM_OK},
              {TCPFLOW_BUILD_WRONG, TCPFLOW_CHECKSUM_BAD},
              {TCPFLOW_BUILD_ZERO, TCPFLOW_CHECKSUM_ABSENT},
              {TCPFLOW_BUILD_PARTIAL, TCPFLOW_CHECKSUM_PARTIAL}};
  made_frame made;

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    for (uint32_t payload = 0; payload < 64; payload++) {
      make_mode(&made, payload % 2 == 0 ? 4 : 6, rows[i].mode, payload);
      assert_int_equal(verdict_of(&made.frame), rows[i].verdict);
    }
  }
}

/* Any octet that the checksum covers. */
static void packet_checksum__one_octet_changed__bad(void **state) {
  made_frame made;

  (void)state;
  for (uint8_t version = 4; version <= 6; version += 2) {
    make_mode(&made, version, TCPFLOW_BUILD_RIGHT, 9);
    const uint32_t from = version == 4 ? 14 + 12 : 14 + 8;

    for (uint32_t i = from; i < made.frame.captured; i++) {
      frames_bytes(&made)[i] ^= 0x04;
      assert_int_equal(verdict_of(&made.frame), TCPFLOW_CHECKSUM_BAD);
      frames_bytes(&made)[i] ^= 0x04;
    }
  }
}

/* Large send offload: the sum of a pseudo-header whose length is 0. */
static void
packet_checksum__pseudo_header_without_length__partial(void **state) {
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_build_tcp tcp = frames_segment();
  made_frame made;

  (void)state;
  tcp.checksum_mode = TCPFLOW_BUILD_GIVEN;
  /* 0a00 + 0001 + 0a00 + 0002 + 0006 */
  tcp.checksum = 0x1409;
  assert_int_equal(tcpflow_build_segment(&made.frame, made.room,
                                         sizeof(made.room), TCPFLOW_LINK_RAW,
                                         &tuple, &tcp),
                   TCPFLOW_OK);
  assert_int_equal(verdict_of(&made.frame), TCPFLOW_CHECKSUM_PARTIAL);
}

static void packet_checksum__capture_cut__uncovered(void **state) {
  made_frame made;

  (void)state;
  make_mode(&made, 4, TCPFLOW_BUILD_RIGHT, 9);
  for (uint32_t n = 14 + 20 + 20; n < made.frame.length; n++) {
    made.frame.captured = n;
    assert_int_equal(verdict_of(&made.frame), TCPFLOW_CHECKSUM_UNCOVERED);
  }
  made.frame.captured = 14 + 20 + 19;
  assert_int_equal(verdict_of(&made.frame), TCPFLOW_CHECKSUM_NONE);
}

static void
packet_checksum__datagram_longer_than_frame__uncovered(void **state) {
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_build_ip ip;
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  tcpflow_build_ip_init(&ip);
  ip.length_mode = TCPFLOW_BUILD_GIVEN;
  ip.length = 100;
  frames_begin(&made, &builder, 4);
  tcpflow_builder_ip(&builder, &tuple, &ip);
  frames_finish(&made, &builder);
  assert_int_equal(verdict_of(&made.frame), TCPFLOW_CHECKSUM_UNCOVERED);
}

static void packet_checksum__padding_and_offload__ok(void **state) {
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_build_link fields;
  tcpflow_build_ip ip;
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  tcpflow_build_link_init(&fields);
  fields.pad = 1;
  make_mode(&made, 4, TCPFLOW_BUILD_RIGHT, 0);
  assert_int_equal(verdict_of(&made.frame), TCPFLOW_CHECKSUM_OK);
  tcpflow_build_ip_init(&ip);
  ip.length_mode = TCPFLOW_BUILD_ZERO;
  frames_begin(&made, &builder, 4);
  tcpflow_builder_ip(&builder, &tuple, &ip);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_ETHERNET, &fields);
  frames_finish(&made, &builder);
  assert_int_equal(verdict_of(&made.frame), TCPFLOW_CHECKSUM_OK);
}

static void packet_checksum__fragments__fragment(void **state) {
  static const uint16_t fields[] = {0x2000, 0x2001, 0x0001};
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_build_ip ip;
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  tcpflow_build_ip_init(&ip);
  for (size_t i = 0; i < 3; i++) {
    ip.fragment = fields[i];
    frames_begin(&made, &builder, 4);
    tcpflow_builder_ip(&builder, &tuple, &ip);
    frames_finish(&made, &builder);
    assert_int_equal(verdict_of(&made.frame), TCPFLOW_CHECKSUM_FRAGMENT);
  }
}

static void packet_checksum__no_tcp__none(void **state) {
  made_frame made;

  (void)state;
  frames_make(&made, TCPFLOW_LINK_RAW, 4);
  frames_bytes(&made)[9] = 17;
  assert_int_equal(verdict_of(&made.frame), TCPFLOW_CHECKSUM_NONE);
  made.frame.link = 9999;
  assert_int_equal(verdict_of(&made.frame), TCPFLOW_CHECKSUM_NONE);
}

/*
 * The checksum field of a segment to FINAL, computed without any route; put
 * into a datagram that is on its way to another address by ROUTE.
 */
static uint16_t field_to(const tcpflow_tuple *final) {
  const tcpflow_build_tcp tcp = frames_segment();
  tcpflow_packet packet;
  made_frame made;

  frames_must(tcpflow_build_segment(&made.frame, made.room, sizeof(made.room),
                                    TCPFLOW_LINK_RAW, final,
                                    &tcp) == TCPFLOW_OK,
              "a test frame cannot be built");
  packet = frames_decode(&made.frame);
  return packet.checksum;
}

/* RFC 791 section 3.1: the pointer is inside the route. */
static void
packet_checksum__ipv4_source_route__final_destination(void **state) {
  /* loose (131) or strict (137), 11 octets, next address at PTR */
  uint8_t route[12] = {131, 11, 4, 10, 9, 9, 9, 10, 7, 7, 7, 0};
  tcpflow_tuple final = frames_tuple(4);
  const tcpflow_tuple hop = frames_tuple(4);
  tcpflow_build_tcp tcp = frames_segment();
  tcpflow_builder builder;
  tcpflow_build_ip ip;
  made_frame made;

  (void)state;
  memcpy(final.address[1], route + 7, 4);
  tcp.checksum_mode = TCPFLOW_BUILD_GIVEN;
  tcpflow_build_ip_init(&ip);
  ip.options = route;
  ip.options_length = sizeof(route);
  for (uint8_t pointer = 4; pointer <= 12; pointer += 4) {
    const int arrived = pointer > 11;

    route[0] = pointer == 8 ? 137 : 131;
    route[2] = pointer;
    tcp.checksum = field_to(arrived ? &hop : &final);
    tcpflow_builder_init(&builder, made.room, sizeof(made.room));
    tcpflow_builder_tcp(&builder, &hop, &tcp);
    tcpflow_builder_ip(&builder, &hop, &ip);
    frames_finish(&made, &builder);
    assert_int_equal(verdict_of(&made.frame), TCPFLOW_CHECKSUM_OK);
    assert_memory_equal(frames_decode(&made.frame).tuple.address[1],
                        hop.address[1], 4);
  }
}

/* RFC 8200 section 8.1 */
static void
packet_checksum__ipv6_routing_header__final_destination(void **state) {
  static const struct {
    uint8_t type;
    uint8_t left;
    uint8_t final; /* Which of its two addresses; 2: the header's own. */
  } rows[] = {{0, 1, 1}, {0, 2, 1}, {0, 0, 2}, {4, 1, 0},
              {4, 0, 2}, {2, 1, 1}, {99, 1, 2}};
  const tcpflow_tuple hop = frames_tuple(6);

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    uint8_t body[6 + 32] = {rows[i].type, rows[i].left};
    tcpflow_build_tcp tcp = frames_segment();
    tcpflow_tuple final = hop;
    tcpflow_builder builder;
    made_frame made;

    memset(body + 6, 0x21, 16);
    memset(body + 22, 0x45, 16);
    if (rows[i].final < 2) {
      memcpy(final.address[1], body + 6 + 16 * rows[i].final, 16);
    }
    tcp.checksum_mode = TCPFLOW_BUILD_GIVEN;
    tcp.checksum = field_to(&final);
    tcpflow_builder_init(&builder, made.room, sizeof(made.room));
    tcpflow_builder_tcp(&builder, &hop, &tcp);
    tcpflow_builder_extension(&builder, 44, NULL, 0);
    tcpflow_builder_extension(&builder, 43, body, sizeof(body));
    tcpflow_builder_extension(&builder, 60, NULL, 0);
    tcpflow_builder_ip(&builder, &hop, NULL);
    frames_finish(&made, &builder);
    assert_int_equal(verdict_of(&made.frame), TCPFLOW_CHECKSUM_OK);
  }
}

static void
packet_checksum__routing_header_without_address__own_destination(void **state) {
  static const uint8_t body[6] = {0, 1};
  const tcpflow_tuple tuple = frames_tuple(6);
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  frames_begin(&made, &builder, 6);
  tcpflow_builder_extension(&builder, 43, body, sizeof(body));
  tcpflow_builder_ip(&builder, &tuple, NULL);
  frames_finish(&made, &builder);
  assert_int_equal(frames_decode(&made.frame).checksum, field_to(&tuple));
  assert_int_equal(verdict_of(&made.frame), TCPFLOW_CHECKSUM_OK);
}

/* The length of the pseudo-header has 32 bits (RFC 8200 section 8.1). */
static void packet_checksum__more_than_65535_octets__ok(void **state) {
  static uint8_t room[100000];
  static uint8_t payload[80000];
  const tcpflow_tuple tuple = frames_tuple(6);
  tcpflow_build_tcp tcp = frames_segment();
  tcpflow_frame frame;

  (void)state;
  memset(payload, 0xfe, sizeof(payload));
  tcp.payload = payload;
  tcp.payload_captured = sizeof(payload);
  assert_int_equal(tcpflow_build_segment(&frame, room, sizeof(room),
                                         TCPFLOW_LINK_RAW, &tuple, &tcp),
                   TCPFLOW_OK);
  assert_int_equal(verdict_of(&frame), TCPFLOW_CHECKSUM_OK);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(packet_checksum__each_way_of_filling__its_verdict),
    cmocka_unit_test(packet_checksum__one_octet_changed__bad),
    cmocka_unit_test(packet_checksum__pseudo_header_without_length__partial),
    cmocka_unit_test(packet_checksum__capture_cut__uncovered),
    cmocka_unit_test(packet_checksum__datagram_longer_than_frame__uncovered),
    cmocka_unit_test(packet_checksum__padding_and_offload__ok),
    cmocka_unit_test(packet_checksum__fragments__fragment),
    cmocka_unit_test(packet_checksum__no_tcp__none),
    cmocka_unit_test(packet_checksum__ipv4_source_route__final_destination),
    cmocka_unit_test(packet_checksum__ipv6_routing_header__final_destination),
    cmocka_unit_test(
      packet_checksum__routing_header_without_address__own_destination),
    cmocka_unit_test(packet_checksum__more_than_65535_octets__ok),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
