/* tests/unit/decode/test_link.c - mirror of lib/decode/link.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/frames.h"

/* Decodes HEADER, SIZE octets, in front of an IP datagram with our segment. */
static tcpflow_packet decode_behind(uint32_t link, const void *header,
                                    size_t size, uint8_t version) {
  const tcpflow_tuple tuple = frames_tuple(version);
  tcpflow_builder builder;
  made_frame made;

  frames_begin(&made, &builder, version);
  tcpflow_builder_ip(&builder, &tuple, NULL);
  tcpflow_builder_bytes(&builder, (const uint8_t *)header, size);
  frames_finish(&made, &builder);
  made.frame.link = link;
  return frames_decode(&made.frame);
}

static void assert_tcp_at(const tcpflow_packet *packet, uint32_t ip_offset) {
  assert_int_equal(packet->kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(packet->findings, 0);
  assert_int_equal(packet->ip_offset, ip_offset);
  assert_int_equal(packet->payload_length, 5);
}

/* D9 */
static void null__every_family_in_either_order__decoded(void **state) {
  static const struct {
    uint8_t family;
    uint8_t version;
  } rows[] = {{2, 4}, {10, 6}, {24, 6}, {28, 6}, {30, 6}};
  static const uint32_t links[] = {TCPFLOW_LINK_NULL, TCPFLOW_LINK_LOOP};

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    const uint8_t little[4] = {rows[i].family, 0, 0, 0};
    const uint8_t big[4] = {0, 0, 0, rows[i].family};

    for (size_t k = 0; k < 2; k++) {
      tcpflow_packet packet =
        decode_behind(links[k], little, 4, rows[i].version);
      assert_tcp_at(&packet, 4);
      packet = decode_behind(links[k], big, 4, rows[i].version);
      assert_tcp_at(&packet, 4);
      assert_int_equal(packet.layer[0].type, TCPFLOW_LAYER_NULL);
      assert_int_equal(packet.ether_type,
                       rows[i].version == 4 ? 0x0800 : 0x86dd);
    }
  }
}

static void null__other_family__not_ip(void **state) {
  static const uint8_t families[][4] = {{0, 0, 0, 0},
                                        {7, 0, 0, 0},
                                        {0, 0, 0, 1},
                                        {2, 0, 0, 2},
                                        {0xff, 0xff, 0xff, 0xff}};

  (void)state;
  for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
    const tcpflow_packet packet =
      decode_behind(TCPFLOW_LINK_NULL, families[i], 4, 4);

    assert_int_equal(packet.kind, TCPFLOW_PACKET_NOT_IP);
    assert_int_equal(packet.ether_type, 0);
  }
}

/* D10 */
static void sll__ip_inside__decoded(void **state) {
  /* Out, ARPHRD_ETHER, address 00:11:22:33:44:55, IPv4 */
  static const uint8_t header[16] = {0,    4,    0,    1,    0, 6, 0, 0x11,
                                     0x22, 0x33, 0x44, 0x55, 0, 0, 8, 0};
  const tcpflow_packet packet =
    decode_behind(TCPFLOW_LINK_LINUX_SLL, header, sizeof(header), 4);

  (void)state;
  assert_tcp_at(&packet, 16);
  assert_int_equal(packet.layer[0].type, TCPFLOW_LAYER_SLL);
}

/* D10 */
static void sll2__ip_inside__decoded(void **state) {
  /* IPv6, interface 3, ARPHRD_ETHER, In, address 00:11:22:33:44:55 */
  static const uint8_t header[20] = {0x86, 0xdd, 0,    0,    0, 0, 0,
                                     3,    0,    1,    0,    6, 0, 0x11,
                                     0x22, 0x33, 0x44, 0x55, 0, 0};
  const tcpflow_packet packet =
    decode_behind(TCPFLOW_LINK_LINUX_SLL2, header, sizeof(header), 6);

  (void)state;
  assert_tcp_at(&packet, 20);
  assert_int_equal(packet.layer[0].type, TCPFLOW_LAYER_SLL2);
}

static void sll__other_protocol__not_ip(void **state) {
  /* In, ARPHRD_ETHER, ARP */
  static const uint8_t header[16] = {0, 0, 0, 1, 0, 6, 0, 0,
                                     0, 0, 0, 0, 0, 0, 8, 6};
  const tcpflow_packet packet =
    decode_behind(TCPFLOW_LINK_LINUX_SLL, header, sizeof(header), 4);

  (void)state;
  assert_int_equal(packet.kind, TCPFLOW_PACKET_NOT_IP);
  assert_int_equal(packet.ether_type, 0x0806);
}

/* D6: a length of 802.3, whatever follows it looks like. */
static void ethernet__length_instead_of_type__not_ip(void **state) {
  static const uint16_t lengths[] = {0, 46, 0x0400, 1500, 0x05ff};

  (void)state;
  for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
    uint8_t header[14] = {0};

    header[12] = (uint8_t)(lengths[i] >> 8);
    header[13] = (uint8_t)(lengths[i] & 0xff);
    const tcpflow_packet packet =
      decode_behind(TCPFLOW_LINK_ETHERNET, header, sizeof(header), 4);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_NOT_IP);
    assert_int_equal(packet.tuple.version, 0);
  }
}

/* D1 */
static void ethernet__1_or_13_octets__truncated(void **state) {
  made_frame made;

  (void)state;
  frames_make(&made, TCPFLOW_LINK_ETHERNET, 4);
  for (uint32_t n = 1; n <= 13; n += 12) {
    made.frame.captured = n;
    const tcpflow_packet packet = frames_decode(&made.frame);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_TRUNCATED);
    assert_int_equal(packet.layer_count, 0);
  }
}

/* COUNT tags with identifiers 1, 2, 3, ... from the outside. */
static tcpflow_packet decode_tags(unsigned count,
                                  const tcpflow_decode_config *config) {
  static const uint16_t types[] = {0x8100, 0x88a8, 0x9100};
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_builder builder;
  made_frame made;

  frames_begin(&made, &builder, 4);
  tcpflow_builder_ip(&builder, &tuple, NULL);
  for (unsigned i = count; i > 0; i--) {
    /* Priority 7 and DEI are not part of the identifier. */
    tcpflow_builder_vlan(&builder, types[i % 3], (uint16_t)(0xf000 | i));
  }
  tcpflow_builder_link(&builder, TCPFLOW_LINK_ETHERNET, NULL);
  frames_finish(&made, &builder);
  return frames_decode_with(&made.frame, config);
}

/* D5 */
static void vlan__0_to_8_tags__outer_and_innermost_noted(void **state) {
  static const uint32_t expected[] = {0,          0x10010000, 0x10011002,
                                      0x10011003, 0x10011004, 0x10011005,
                                      0x10011006, 0x10011007, 0x10011008};

  (void)state;
  for (unsigned count = 0; count <= 8; count++) {
    const tcpflow_packet packet = decode_tags(count, NULL);

    assert_tcp_at(&packet, 14 + 4 * count);
    assert_int_equal(packet.tag_count, count);
    assert_int_equal(packet.tuple.vlan, expected[count]);
    assert_int_equal(packet.layer_count, 3 + count);
  }
}

/* D5 */
static void vlan__more_tags_than_allowed__unsupported(void **state) {
  static const unsigned counts[] = {9, 10, 255};

  (void)state;
  for (size_t i = 0; i < 3; i++) {
    const tcpflow_packet packet = decode_tags(counts[i], NULL);

    assert_int_equal(packet.kind, TCPFLOW_PACKET_UNSUPPORTED);
    assert_int_equal(packet.findings, TCPFLOW_FINDING_TOO_MANY_TAGS);
    assert_int_equal(packet.tag_count, 8);
  }
}

static void vlan__no_tag_allowed__first_one_unsupported(void **state) {
  tcpflow_decode_config config;

  (void)state;
  tcpflow_decode_config_init(&config);
  config.max_tags = 0;
  assert_int_equal(decode_tags(0, &config).kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(decode_tags(1, &config).kind, TCPFLOW_PACKET_UNSUPPORTED);
}

static void vlan__identifier_0__tag_is_marked(void **state) {
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  frames_begin(&made, &builder, 4);
  tcpflow_builder_ip(&builder, &tuple, NULL);
  tcpflow_builder_vlan(&builder, 0x8100, 0);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_LINUX_SLL, NULL);
  frames_finish(&made, &builder);
  assert_int_equal(frames_decode(&made.frame).tuple.vlan, 0x10000000);
}

/* D8 */
static void raw__first_nibble__tells_version_or_malformed(void **state) {
  static const uint32_t links[] = {TCPFLOW_LINK_RAW, TCPFLOW_LINK_RAW_12,
                                   TCPFLOW_LINK_RAW_14};
  made_frame made;

  (void)state;
  for (size_t i = 0; i < 3; i++) {
    for (uint8_t nibble = 0; nibble < 16; nibble++) {
      frames_make(&made, links[i], nibble == 6 ? 6 : 4);
      uint8_t *const bytes = frames_bytes(&made);

      bytes[0] = (uint8_t)(nibble << 4 | (bytes[0] & 0xf));
      const tcpflow_packet packet = frames_decode(&made.frame);
      if (nibble == 4 || nibble == 6) {
        assert_tcp_at(&packet, 0);
        assert_int_equal(packet.ether_type, 0);
      } else {
        assert_int_equal(packet.kind, TCPFLOW_PACKET_MALFORMED);
        assert_int_equal(packet.findings, TCPFLOW_FINDING_IP_BAD_VERSION);
      }
    }
  }
}

static void raw__no_octet__truncated_or_malformed(void **state) {
  static const uint8_t behind[1] = {0x45};
  tcpflow_frame frame = {.link = TCPFLOW_LINK_RAW, .length = 40};

  (void)state;
  for (int i = 0; i < 2; i++) {
    frame.bytes = i == 0 ? NULL : behind;
    frame.length = 40;
    assert_int_equal(frames_decode(&frame).kind, TCPFLOW_PACKET_TRUNCATED);
    assert_int_equal(frames_decode(&frame).findings, TCPFLOW_FINDING_CUT);
    frame.length = 0;
    assert_int_equal(frames_decode(&frame).kind, TCPFLOW_PACKET_MALFORMED);
    assert_int_equal(frames_decode(&frame).findings, 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(null__every_family_in_either_order__decoded),
    cmocka_unit_test(null__other_family__not_ip),
    cmocka_unit_test(sll__ip_inside__decoded),
    cmocka_unit_test(sll2__ip_inside__decoded),
    cmocka_unit_test(sll__other_protocol__not_ip),
    cmocka_unit_test(ethernet__length_instead_of_type__not_ip),
    cmocka_unit_test(ethernet__1_or_13_octets__truncated),
    cmocka_unit_test(vlan__0_to_8_tags__outer_and_innermost_noted),
    cmocka_unit_test(vlan__more_tags_than_allowed__unsupported),
    cmocka_unit_test(vlan__no_tag_allowed__first_one_unsupported),
    cmocka_unit_test(vlan__identifier_0__tag_is_marked),
    cmocka_unit_test(raw__first_nibble__tells_version_or_malformed),
    cmocka_unit_test(raw__no_octet__truncated_or_malformed),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
