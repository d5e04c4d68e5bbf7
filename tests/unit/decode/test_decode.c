/* tests/unit/decode/test_decode.c - mirror of lib/decode/decode.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/frames.h"

/* 00:00:00:00:00:00 > 00:00:00:00:00:00, ethertype 802.1Q (0x8100), length 75:
   vlan 7, p 3, ethertype IPv4 (0x0800), (tos 0x10, ttl 64, id 4660, offset 0,
   flags [DF], proto TCP (6), length 57) 10.0.0.1.40000 > 10.0.0.2.80: Flags
   [P.], cksum 0x7490 (correct), seq 1000:1005, ack 2000, win 512, options
   [nop,nop,TS val 1 ecr 2], length 5: hello */
static const uint8_t tagged_ipv4[] = {
  0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x81,
  0x00, 0x60, 0x07, 0x08, 0x00, 0x45, 0x10, 0x00, 0x39, 0x12, 0x34, 0x40, 0x00,
  0x40, 0x06, 0x14, 0x79, 0x0a, 0x00, 0x00, 0x01, 0x0a, 0x00, 0x00, 0x02, 0x9c,
  0x40, 0x00, 0x50, 0x00, 0x00, 0x03, 0xe8, 0x00, 0x00, 0x07, 0xd0, 0x80, 0x18,
  0x02, 0x00, 0x74, 0x90, 0x00, 0x00, 0x01, 0x01, 0x08, 0x0a, 0x00, 0x00, 0x00,
  0x01, 0x00, 0x00, 0x00, 0x02, 0x68, 0x65, 0x6c, 0x6c, 0x6f};

/* ethertype IPv6 (0x86dd), length 91: (class 0x10, flowlabel 0x12345, hlim 64,
   next-header TCP (6) payload length: 37) 2001:db8::1.40000 > 2001:db8::2.80:
   Flags [P.], cksum 0x2d1e (correct), seq 1000:1005, ack 2000, win 512, options
   [nop,nop,TS val 1 ecr 2], length 5: hello */
static const uint8_t plain_ipv6[] = {
  0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x86,
  0xdd, 0x61, 0x01, 0x23, 0x45, 0x00, 0x25, 0x06, 0x40, 0x20, 0x01, 0x0d, 0xb8,
  0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x20,
  0x01, 0x0d, 0xb8, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
  0x00, 0x02, 0x9c, 0x40, 0x00, 0x50, 0x00, 0x00, 0x03, 0xe8, 0x00, 0x00, 0x07,
  0xd0, 0x80, 0x18, 0x02, 0x00, 0x2d, 0x1e, 0x00, 0x00, 0x01, 0x01, 0x08, 0x0a,
  0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x02, 0x68, 0x65, 0x6c, 0x6c, 0x6f};

static const uint32_t all_links[] = {
  TCPFLOW_LINK_NULL,      TCPFLOW_LINK_ETHERNET, TCPFLOW_LINK_RAW_12,
  TCPFLOW_LINK_RAW_14,    TCPFLOW_LINK_RAW,      TCPFLOW_LINK_LOOP,
  TCPFLOW_LINK_LINUX_SLL, TCPFLOW_LINK_IPV4,     TCPFLOW_LINK_IPV6,
  TCPFLOW_LINK_LINUX_SLL2};

#define ALL_LINKS (sizeof(all_links) / sizeof(all_links[0]))

/* The TCP members that both frames above have. */
static void assert_segment(const tcpflow_packet *packet) {
  assert_int_equal(packet->kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(packet->tuple.port[0], 40000);
  assert_int_equal(packet->tuple.port[1], 80);
  assert_int_equal(packet->seq, 1000);
  assert_int_equal(packet->ack, 2000);
  assert_int_equal(packet->flags, TCPFLOW_FLAG_PSH | TCPFLOW_FLAG_ACK);
  assert_int_equal(packet->window, 512);
  assert_int_equal(packet->urgent, 0);
  assert_int_equal(packet->header_length, 32);
  assert_int_equal(packet->options_length, 12);
  assert_int_equal(packet->options_captured, 12);
  assert_int_equal(packet->payload_length, 5);
  assert_int_equal(packet->payload_captured, 5);
}

static void assert_layer(const tcpflow_packet *packet, unsigned index,
                         tcpflow_layer_type type, uint32_t offset) {
  assert_true(index < packet->layer_count);
  assert_int_equal(packet->layer[index].type, type);
  assert_int_equal(packet->layer[index].offset, offset);
}

static void packet_decode__tagged_ipv4__every_member(void **state) {
  const tcpflow_packet packet = frames_decode_bytes(
    TCPFLOW_LINK_ETHERNET, tagged_ipv4, sizeof(tagged_ipv4));

  (void)state;
  assert_segment(&packet);
  assert_int_equal(packet.findings, 0);
  assert_int_equal(packet.captured, 75);
  assert_int_equal(packet.length, 75);
  assert_int_equal(packet.link, TCPFLOW_LINK_ETHERNET);
  assert_int_equal(packet.tag_count, 1);
  assert_int_equal(packet.ip_protocol, 6);
  assert_int_equal(packet.ether_type, 0x0800);
  assert_int_equal(packet.ip_ttl, 64);
  assert_int_equal(packet.ip_tos, 0x10);
  assert_int_equal(packet.ip_id, 0x1234);
  assert_int_equal(packet.ip_flow_label, 0);
  assert_int_equal(packet.ip_fragment, 0x4000);
  assert_int_equal(packet.ip_header_length, 20);
  assert_int_equal(packet.ip_offset, 18);
  assert_int_equal(packet.ip_length, 57);
  assert_int_equal(packet.tcp_offset, 38);
  assert_int_equal(packet.tcp_length, 37);
  assert_int_equal(packet.checksum, 0x7490);
  assert_int_equal(packet.reserved_bits, 0);
  assert_int_equal(packet.payload_offset, 70);
  assert_int_equal(packet.tuple.version, 4);
  assert_int_equal(packet.tuple.vlan, 0x10070000);
  assert_int_equal(packet.tuple.tunnel, 0);
  assert_memory_equal(packet.tuple.address[0], "\x0a\0\0\1", 4);
  assert_memory_equal(packet.tuple.address[1], "\x0a\0\0\2", 4);
  assert_int_equal(packet.layer_count, 4);
  assert_layer(&packet, 0, TCPFLOW_LAYER_ETHERNET, 0);
  assert_layer(&packet, 1, TCPFLOW_LAYER_VLAN, 14);
  assert_layer(&packet, 2, TCPFLOW_LAYER_IPV4, 18);
  assert_layer(&packet, 3, TCPFLOW_LAYER_TCP, 38);
}

static void packet_decode__ipv6__every_member(void **state) {
  const tcpflow_packet packet =
    frames_decode_bytes(TCPFLOW_LINK_ETHERNET, plain_ipv6, sizeof(plain_ipv6));

  (void)state;
  assert_segment(&packet);
  assert_int_equal(packet.findings, 0);
  assert_int_equal(packet.ether_type, 0x86dd);
  assert_int_equal(packet.ip_ttl, 64);
  assert_int_equal(packet.ip_tos, 0x10);
  assert_int_equal(packet.ip_id, 0);
  assert_int_equal(packet.ip_flow_label, 0x12345);
  assert_int_equal(packet.ip_fragment, 0);
  assert_int_equal(packet.ip_header_length, 40);
  assert_int_equal(packet.ip_offset, 14);
  assert_int_equal(packet.ip_length, 77);
  assert_int_equal(packet.tcp_offset, 54);
  assert_int_equal(packet.tcp_length, 37);
  assert_int_equal(packet.checksum, 0x2d1e);
  assert_int_equal(packet.payload_offset, 86);
  assert_int_equal(packet.tuple.version, 6);
  assert_int_equal(packet.tuple.vlan, 0);
  assert_memory_equal(packet.tuple.address[0],
                      "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
  assert_memory_equal(packet.tuple.address[1],
                      "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\2", 16);
  assert_int_equal(packet.layer_count, 3);
  assert_layer(&packet, 0, TCPFLOW_LAYER_ETHERNET, 0);
  assert_layer(&packet, 1, TCPFLOW_LAYER_IPV6, 14);
  assert_layer(&packet, 2, TCPFLOW_LAYER_TCP, 54);
}

static void packet_decode__frame_members__handed_through(void **state) {
  int mark = 0;
  tcpflow_frame frame = {.time = 123,
                         .bytes = plain_ipv6,
                         .captured = sizeof(plain_ipv6),
                         .length = sizeof(plain_ipv6),
                         .link = TCPFLOW_LINK_ETHERNET,
                         .scope = 77,
                         .number = 99,
                         .handle = &mark};
  tcpflow_packet packet;

  (void)state;
  tcpflow_packet_init(&packet);
  assert_int_equal(tcpflow_packet_decode(&packet, &frame, NULL), TCPFLOW_OK);
  assert_int_equal(packet.size, sizeof(packet));
  assert_int_equal(packet.time, 123);
  assert_ptr_equal(packet.bytes, plain_ipv6);
  assert_int_equal(packet.number, 99);
  assert_ptr_equal(packet.handle, &mark);
  assert_int_equal(packet.tuple.scope, 77);
}

static void packet_decode__every_link_and_version__same_segment(void **state) {
  made_frame made;

  (void)state;
  for (size_t i = 0; i < ALL_LINKS; i++) {
    for (uint8_t version = 4; version <= 6; version += 2) {
      if ((all_links[i] == TCPFLOW_LINK_IPV4 && version == 6) ||
          (all_links[i] == TCPFLOW_LINK_IPV6 && version == 4)) {
        continue;
      }
      frames_make(&made, all_links[i], version);
      const tcpflow_packet packet = frames_decode(&made.frame);
      assert_segment(&packet);
      assert_int_equal(packet.tuple.version, version);
      assert_int_equal(packet.findings, 0);
    }
  }
}

/* D2, D3: a capture that was cut anywhere. */
static void check_cut(const tcpflow_frame *whole, uint32_t captured) {
  tcpflow_frame cut = *whole;

  cut.captured = captured;
  const tcpflow_packet packet = frames_decode(&cut);
  const tcpflow_packet full = frames_decode(whole);
  assert_true((packet.findings & TCPFLOW_FINDING_CUT) != 0);
  if (captured < full.tcp_offset + 20) {
    assert_int_equal(packet.kind, TCPFLOW_PACKET_TRUNCATED);
    return;
  }
  assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(packet.payload_length, full.payload_length);
  assert_int_equal(packet.payload_offset, full.payload_offset);
  assert_int_equal(packet.payload_captured, captured > full.payload_offset
                                              ? captured - full.payload_offset
                                              : 0);
}

static void
packet_decode__capture_cut_anywhere__truncated_or_less_payload(void **state) {
  made_frame made;

  (void)state;
  for (size_t i = 0; i < ALL_LINKS; i++) {
    const uint8_t version = all_links[i] == TCPFLOW_LINK_IPV4 ? 4 : 6;

    frames_make(&made, all_links[i], version);
    for (uint32_t n = 0; n < made.frame.captured; n++) {
      check_cut(&made.frame, n);
    }
  }
  frames_make(&made, TCPFLOW_LINK_ETHERNET, 4);
  for (uint32_t n = 0; n < made.frame.captured; n++) {
    check_cut(&made.frame, n);
  }
}

/* D2: the frame itself ends there, and says so. */
static void packet_decode__frame_ends_inside_header__malformed(void **state) {
  made_frame made;

  (void)state;
  for (size_t i = 0; i < ALL_LINKS; i++) {
    const uint8_t version = all_links[i] == TCPFLOW_LINK_IPV4 ? 4 : 6;

    frames_make(&made, all_links[i], version);
    const uint32_t headers = frames_decode(&made.frame).tcp_offset + 20;
    for (uint32_t n = 0; n < headers; n++) {
      made.frame.captured = n;
      made.frame.length = n;
      assert_int_equal(frames_decode(&made.frame).kind,
                       TCPFLOW_PACKET_MALFORMED);
    }
  }
}

/* D1 */
static void packet_decode__no_octet_on_ethernet__nothing_read(void **state) {
  tcpflow_frame frame = {.link = TCPFLOW_LINK_ETHERNET, .length = 60};

  (void)state;
  assert_int_equal(frames_decode(&frame).kind, TCPFLOW_PACKET_TRUNCATED);
  frame.length = 0;
  assert_int_equal(frames_decode(&frame).kind, TCPFLOW_PACKET_MALFORMED);
}

/* D4 */
static void packet_decode__more_captured_than_on_wire__told(void **state) {
  made_frame made;

  (void)state;
  frames_make(&made, TCPFLOW_LINK_ETHERNET, 4);
  made.frame.length = 20;
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_segment(&packet);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_LONG_CAPTURE);
  assert_int_equal(packet.length, made.frame.captured);
}

/* D10 */
static void packet_decode__unknown_link__unsupported(void **state) {
  static const uint32_t unknown[] = {2, 147, 200, 65535, UINT32_MAX};

  (void)state;
  for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
    const tcpflow_packet packet =
      frames_decode_bytes(unknown[i], plain_ipv6, sizeof(plain_ipv6));

    assert_int_equal(packet.kind, TCPFLOW_PACKET_UNSUPPORTED);
    assert_int_equal(packet.findings, 0);
    assert_int_equal(packet.layer_count, 0);
    assert_int_equal(packet.link, unknown[i]);
  }
}

/* D23: what is not known stops the walk, however deep it goes. */
static void packet_decode__ip_in_ip_64_deep__unsupported(void **state) {
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  frames_begin(&made, &builder, 4);
  for (int depth = 0; depth < 64; depth++) {
    tcpflow_builder_ip(&builder, &tuple, NULL);
  }
  tcpflow_builder_link(&builder, TCPFLOW_LINK_RAW, NULL);
  frames_finish(&made, &builder);
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_UNSUPPORTED);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_TOO_MANY_TUNNELS);
  assert_int_equal(packet.tunnel_count, 8);
  assert_int_equal(packet.ip_protocol, 4);
}

/* D24 */
static void packet_decode__arp_or_lldp__not_ip(void **state) {
  static const uint16_t types[] = {0x0806, 0x88cc};
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  for (size_t i = 0; i < 2; i++) {
    frames_begin(&made, &builder, 4);
    tcpflow_builder_announce(&builder, 0, types[i]);
    tcpflow_builder_link(&builder, TCPFLOW_LINK_ETHERNET, NULL);
    frames_finish(&made, &builder);
    const tcpflow_packet packet = frames_decode(&made.frame);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_NOT_IP);
    assert_int_equal(packet.findings, 0);
    assert_int_equal(packet.ether_type, types[i]);
  }
}

/* More headers than the list of layers holds. */
static void packet_decode__layers_full__unsupported(void **state) {
  const tcpflow_tuple tuple = frames_tuple(6);
  tcpflow_decode_config config;
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  tcpflow_decode_config_init(&config);
  config.max_tags = 16;
  config.max_extensions = 16;
  for (int extensions = 13; extensions <= 14; extensions++) {
    frames_begin(&made, &builder, 6);
    for (int i = 0; i < extensions; i++) {
      tcpflow_builder_extension(&builder, 60, NULL, 0);
    }
    tcpflow_builder_ip(&builder, &tuple, NULL);
    for (int i = 0; i < 16; i++) {
      tcpflow_builder_vlan(&builder, 0x8100, 1);
    }
    tcpflow_builder_link(&builder, TCPFLOW_LINK_ETHERNET, NULL);
    frames_finish(&made, &builder);
    const tcpflow_packet packet = frames_decode_with(&made.frame, &config);
    assert_int_equal(packet.layer_count, TCPFLOW_LAYERS_MAX);
    assert_int_equal(packet.kind, extensions == 13
                                    ? TCPFLOW_PACKET_TCP
                                    : TCPFLOW_PACKET_UNSUPPORTED);
  }
}

static const tcpflow_frame ipv6_frame = {.bytes = plain_ipv6,
                                         .captured = sizeof(plain_ipv6),
                                         .length = sizeof(plain_ipv6),
                                         .link = TCPFLOW_LINK_ETHERNET};

static void packet_decode__packet_of_the_past__its_members_only(void **state) {
  const size_t size = offsetof(tcpflow_packet, tuple);
  guard g = guard_room(size);
  tcpflow_packet *const packet = (tcpflow_packet *)(void *)g.bytes;

  (void)state;
  tcpflow_sized_init(packet, size);
  assert_int_equal(tcpflow_packet_decode(packet, &ipv6_frame, NULL),
                   TCPFLOW_OK);
  assert_int_equal(packet->size, size);
  assert_int_equal(packet->kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(packet->ether_type, 0x86dd);
  guard_free(&g);
}

static void packet_decode__packet_of_the_future__rest_0(void **state) {
  const size_t size = sizeof(tcpflow_packet) + 16;
  guard g = guard_room(size);
  tcpflow_packet *const packet = (tcpflow_packet *)(void *)g.bytes;

  (void)state;
  memset(g.bytes, 0xff, size);
  packet->size = size;
  assert_int_equal(tcpflow_packet_decode(packet, &ipv6_frame, NULL),
                   TCPFLOW_OK);
  assert_int_equal(packet->size, size);
  assert_int_equal(packet->payload_length, 5);
  assert_int_equal(g.bytes[size - 1], 0);
  assert_int_equal(g.bytes[size - 16], 0);
  guard_free(&g);
}

static void packet_decode__packet_without_stamp__version_error(void **state) {
  tcpflow_packet packet;

  (void)state;
  memset(&packet, 0, sizeof(packet));
  assert_int_equal(tcpflow_packet_decode(&packet, &ipv6_frame, NULL),
                   TCPFLOW_ERR_VERSION);
}

static void packet_decode__config_out_of_range__invalid(void **state) {
  tcpflow_decode_config config;
  tcpflow_packet packet;

  (void)state;
  tcpflow_packet_init(&packet);
  tcpflow_decode_config_init(&config);
  config.max_tags = 17;
  assert_int_equal(tcpflow_packet_decode(&packet, &ipv6_frame, &config),
                   TCPFLOW_ERR_INVALID);
  config.max_tags = 16;
  config.max_extensions = 17;
  assert_int_equal(tcpflow_packet_decode(&packet, &ipv6_frame, &config),
                   TCPFLOW_ERR_INVALID);
  config.max_extensions = 16;
  assert_int_equal(tcpflow_packet_decode(&packet, &ipv6_frame, &config),
                   TCPFLOW_OK);
  config.size = 0;
  assert_int_equal(tcpflow_packet_decode(&packet, &ipv6_frame, &config),
                   TCPFLOW_ERR_VERSION);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(packet_decode__tagged_ipv4__every_member),
    cmocka_unit_test(packet_decode__ipv6__every_member),
    cmocka_unit_test(packet_decode__frame_members__handed_through),
    cmocka_unit_test(packet_decode__every_link_and_version__same_segment),
    cmocka_unit_test(
      packet_decode__capture_cut_anywhere__truncated_or_less_payload),
    cmocka_unit_test(packet_decode__frame_ends_inside_header__malformed),
    cmocka_unit_test(packet_decode__no_octet_on_ethernet__nothing_read),
    cmocka_unit_test(packet_decode__more_captured_than_on_wire__told),
    cmocka_unit_test(packet_decode__unknown_link__unsupported),
    cmocka_unit_test(packet_decode__ip_in_ip_64_deep__unsupported),
    cmocka_unit_test(packet_decode__arp_or_lldp__not_ip),
    cmocka_unit_test(packet_decode__layers_full__unsupported),
    cmocka_unit_test(packet_decode__packet_of_the_past__its_members_only),
    cmocka_unit_test(packet_decode__packet_of_the_future__rest_0),
    cmocka_unit_test(packet_decode__packet_without_stamp__version_error),
    cmocka_unit_test(packet_decode__config_out_of_range__invalid),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
