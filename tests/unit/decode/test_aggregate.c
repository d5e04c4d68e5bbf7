/* tests/unit/decode/test_aggregate.c - mirror of lib/decode/aggregate.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/frames.h"

/* An A-MSDU of COUNT segments with sequence numbers 0, 1, 2, ...; segment i has
   i octets of payload, so that subframes are padded in every way. */
static void make_aggregate(made_frame *made, unsigned count, uint32_t link) {
  static const uint8_t payload[8] = "1234567";
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_builder builder;

  tcpflow_builder_init(&builder, made->room, sizeof(made->room));
  for (unsigned i = count; i > 0; i--) {
    tcpflow_build_tcp tcp = frames_segment();

    tcp.seq = i - 1;
    tcp.payload = payload;
    tcp.payload_captured = i - 1;
    tcpflow_builder_tcp(&builder, &tuple, &tcp);
    tcpflow_builder_ip(&builder, &tuple, NULL);
    tcpflow_builder_layer(&builder, TCPFLOW_LAYER_AMSDU, NULL);
  }
  tcpflow_builder_link(&builder, TCPFLOW_LINK_IEEE802_11, NULL);
  if (link != TCPFLOW_LINK_IEEE802_11) {
    tcpflow_builder_link(&builder, link, NULL);
  }
  frames_finish(made, &builder);
}

/* Packets of a frame whose octets end at a guard page. */
static unsigned count_packets(const tcpflow_frame *frame, unsigned most) {
  guard g = guard_put(frame->bytes, frame->captured);
  tcpflow_frame copy = *frame;
  tcpflow_packet packet;
  unsigned count = 0;
  int more;

  copy.bytes = g.bytes;
  tcpflow_packet_init(&packet);
  assert_int_equal(tcpflow_packet_decode(&packet, &copy, NULL), TCPFLOW_OK);
  do {
    const uint32_t before = packet.next_offset;

    if (packet_violation(&packet) != NULL) {
      fail_msg("%s", packet_violation(&packet));
    }
    if (packet.kind == TCPFLOW_PACKET_TCP) {
      assert_int_equal(packet.seq, count);
      assert_int_equal(packet.payload_length, count);
      assert_int_equal(tcpflow_packet_checksum(&packet),
                       packet.payload_captured == count &&
                           packet.options_captured == packet.options_length
                         ? TCPFLOW_CHECKSUM_OK
                         : TCPFLOW_CHECKSUM_UNCOVERED);
    }
    count++;
    assert_in_range(count, 1, most);
    more = tcpflow_packet_next(&packet, &copy, NULL);
    assert_true(!more || packet.next_offset == 0 ||
                packet.next_offset > before);
  } while (more);
  guard_free(&g);
  return count;
}

static void packet_next__1_to_8_subframes__each_one(void **state) {
  static const uint32_t links[] = {TCPFLOW_LINK_IEEE802_11,
                                   TCPFLOW_LINK_RADIOTAP, TCPFLOW_LINK_PPI};
  made_frame made;

  (void)state;
  for (size_t i = 0; i < 3; i++) {
    for (unsigned count = 1; count <= 8; count++) {
      make_aggregate(&made, count, links[i]);
      assert_int_equal(count_packets(&made.frame, 8), count);
    }
  }
}

static void packet_next__cut_at_every_length__never_more(void **state) {
  made_frame made;

  (void)state;
  make_aggregate(&made, 5, TCPFLOW_LINK_RADIOTAP);
  for (uint32_t n = made.frame.captured; n > 0; n--) {
    made.frame.captured = n;
    (void)count_packets(&made.frame, 5);
  }
}

/* Zeros are subframes of no octets, 16 octets each. */
static unsigned count_subframes(uint32_t size, uint32_t *findings) {
  uint8_t bytes[26 + 16 * 100] = {0x88, 0x01, [24] = 0x80};
  const tcpflow_frame frame = {.bytes = bytes,
                               .captured = size,
                               .length = size,
                               .link = TCPFLOW_LINK_IEEE802_11};
  tcpflow_packet packet;
  unsigned count = 1;

  tcpflow_packet_init(&packet);
  assert_int_equal(tcpflow_packet_decode(&packet, &frame, NULL), TCPFLOW_OK);
  while (tcpflow_packet_next(&packet, &frame, NULL) == 1) {
    count++;
  }
  *findings = packet.findings;
  return count;
}

static void packet_next__more_than_64_subframes__64_and_told(void **state) {
  const uint32_t told = TCPFLOW_FINDING_TOO_MANY_PACKETS;
  uint32_t findings = 0;

  (void)state;
  assert_int_equal(count_subframes(26 + 16 * 64, &findings), 64);
  assert_int_equal(findings & told, 0);
  assert_int_equal(count_subframes(26 + 16 * 65, &findings), 64);
  assert_int_equal(findings & told, told);
  assert_int_equal(count_subframes(26 + 16 * 100, &findings), 64);
  assert_int_equal(findings & told, told);
}

static void packet_next__last_one__untouched(void **state) {
  made_frame made;
  tcpflow_packet packet;
  tcpflow_packet before;

  (void)state;
  make_aggregate(&made, 2, TCPFLOW_LINK_IEEE802_11);
  tcpflow_packet_init(&packet);
  assert_int_equal(tcpflow_packet_decode(&packet, &made.frame, NULL),
                   TCPFLOW_OK);
  assert_int_not_equal(packet.findings & TCPFLOW_FINDING_AGGREGATE, 0);
  /* Header 26, subframe 14, LLC 8, datagram 52, two octets of padding. */
  assert_int_equal(packet.next_offset, 26 + 76);
  assert_int_equal(tcpflow_packet_next(&packet, &made.frame, NULL), 1);
  assert_int_equal(packet.findings & TCPFLOW_FINDING_AGGREGATE, 0);
  assert_int_equal(packet.layer[1].offset, 26 + 76);
  before = packet;
  assert_int_equal(tcpflow_packet_next(&packet, &made.frame, NULL), 0);
  assert_memory_equal(&packet, &before, sizeof(packet));
}

/* The tags and the tunnel of the frame count for each packet. */
static void packet_next__tagged_frame__tags_once(void **state) {
  const tcpflow_tuple tuple = frames_tuple(4);
  const tcpflow_build_tcp tcp = frames_segment();
  tcpflow_builder builder;
  tcpflow_packet packet;
  made_frame made;

  (void)state;
  tcpflow_builder_init(&builder, made.room, sizeof(made.room));
  for (unsigned i = 0; i < 2; i++) {
    tcpflow_builder_tcp(&builder, &tuple, &tcp);
    tcpflow_builder_ip(&builder, &tuple, NULL);
    tcpflow_builder_vlan(&builder, 0x8100, 5);
    tcpflow_builder_layer(&builder, TCPFLOW_LAYER_AMSDU, NULL);
  }
  tcpflow_builder_link(&builder, TCPFLOW_LINK_IEEE802_11, NULL);
  frames_finish(&made, &builder);
  made.frame.vlan = 0x10090000;
  made.frame.tunnel = 0x03000007;
  made.frame.scope = 77;
  tcpflow_packet_init(&packet);
  assert_int_equal(tcpflow_packet_decode(&packet, &made.frame, NULL),
                   TCPFLOW_OK);
  for (unsigned i = 0; i < 2; i++) {
    assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
    assert_int_equal(packet.tuple.vlan, 0x10091005);
    assert_int_equal(packet.tuple.tunnel, 0x03000007);
    assert_int_equal(packet.tuple.scope, 77);
    assert_int_equal(packet.tag_count, 1);
    assert_int_equal(tcpflow_packet_next(&packet, &made.frame, NULL), i == 0);
  }
}

static void packet_next__bad_config__told(void **state) {
  tcpflow_decode_config config;
  tcpflow_packet packet;
  tcpflow_packet before;
  made_frame made;

  (void)state;
  make_aggregate(&made, 2, TCPFLOW_LINK_IEEE802_11);
  tcpflow_packet_init(&packet);
  assert_int_equal(tcpflow_packet_decode(&packet, &made.frame, NULL),
                   TCPFLOW_OK);
  before = packet;
  tcpflow_decode_config_init(&config);
  config.max_tags = 17;
  assert_int_equal(tcpflow_packet_next(&packet, &made.frame, &config),
                   TCPFLOW_ERR_INVALID);
  config.size = 0;
  assert_int_equal(tcpflow_packet_next(&packet, &made.frame, &config),
                   TCPFLOW_ERR_VERSION);
  assert_memory_equal(&packet, &before, sizeof(packet));
  packet.size = 0;
  assert_int_equal(tcpflow_packet_next(&packet, &made.frame, NULL),
                   TCPFLOW_ERR_VERSION);
}

/* A length that goes beyond the frame: the rest is one subframe. */
static void amsdu__length_beyond__last_one(void **state) {
  made_frame made;

  (void)state;
  make_aggregate(&made, 2, TCPFLOW_LINK_IEEE802_11);
  frames_bytes(&made)[26 + 12] = 0xff;
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(packet.findings & TCPFLOW_FINDING_AGGREGATE, 0);
  assert_int_not_equal(packet.findings & TCPFLOW_FINDING_BAD_HEADER, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(packet_next__1_to_8_subframes__each_one),
    cmocka_unit_test(packet_next__cut_at_every_length__never_more),
    cmocka_unit_test(packet_next__more_than_64_subframes__64_and_told),
    cmocka_unit_test(packet_next__last_one__untouched),
    cmocka_unit_test(packet_next__tagged_frame__tags_once),
    cmocka_unit_test(packet_next__bad_config__told),
    cmocka_unit_test(amsdu__length_beyond__last_one),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
