/*
 * tests/unit/segment/test_read.c - mirror of lib/segment/read.c: a decoded
 * packet as a segment.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "segment/segment.h"
#include "unit/guard.h"

/*
 * IP 192.0.2.1.40000 > 198.51.100.1.80: Flags [P.], seq 305419896:305419899,
 * ack 2596069104, win 1000, urg 7, options [mss 1460], length 3
 */
static const uint8_t header_and_data[] = {
  /* Loopback header: AF_INET. */
  0x02, 0x00, 0x00, 0x00,
  /* Ports 40000 and 80. */
  0x9c, 0x40, 0x00, 0x50,
  /* Sequence number. */
  0x12, 0x34, 0x56, 0x78,
  /* Acknowledgment number. */
  0x9a, 0xbc, 0xde, 0xf0,
  /* Data offset 6; PSH, ACK; window 1000. */
  0x60, 0x18, 0x03, 0xe8,
  /* Checksum, not looked at; urgent pointer 7. */
  0x00, 0x00, 0x00, 0x07,
  /* MSS 1460. */
  0x02, 0x04, 0x05, 0xb4,
  /* Data. */
  'a', 'b', 'c'};

/* As tcpflow_packet_decode() leaves it; captured: of the octets above. */
static tcpflow_packet make_packet(const uint8_t *bytes, uint32_t captured) {
  tcpflow_packet packet;

  tcpflow_packet_init(&packet);
  packet.time = 42;
  packet.bytes = bytes;
  packet.number = 7;
  packet.handle = &packet.number;
  packet.kind = TCPFLOW_PACKET_TCP;
  packet.captured = captured;
  packet.length = sizeof(header_and_data);
  packet.ip_ttl = 63;
  packet.ip_tos = 3;
  packet.ip_id = 0xbeef;
  packet.tuple.version = 6;
  packet.seq = 0x12345678;
  packet.ack = 0x9abcdef0;
  packet.flags = TCPFLOW_FLAG_PSH | TCPFLOW_FLAG_ACK;
  packet.window = 1000;
  packet.urgent = 7;
  packet.options_length = 4;
  packet.options_captured = (uint8_t)(captured > 28 ? 4 : captured - 24);
  packet.tcp_offset = 4;
  packet.payload_offset = 28;
  packet.payload_length = 3;
  packet.payload_captured = captured > 28 ? captured - 28 : 0;
  return packet;
}

static void segment_from_packet__whole_packet__every_member(void **state) {
  const tcpflow_packet packet =
    make_packet(header_and_data, sizeof(header_and_data));
  tcpflow_segment segment;
  tcpflow_options options;

  (void)state;
  memset(&segment, 0xa5, sizeof(segment));
  segment.size = sizeof(segment);
  tcpflow_options_init(&options);
  assert_int_equal(tcpflow_segment_from_packet(&segment, &options, &packet),
                   TCPFLOW_OK);
  assert_int_equal(segment.size, sizeof(segment));
  assert_int_equal(segment.time, 42);
  assert_ptr_equal(segment.payload, header_and_data + 28);
  assert_ptr_equal(segment.options, &options);
  assert_ptr_equal(segment.packet, &packet);
  assert_int_equal(segment.number, 7);
  assert_ptr_equal(segment.handle, packet.handle);
  assert_int_equal(segment.seq, 0x12345678);
  assert_int_equal(segment.ack, 0x9abcdef0);
  assert_int_equal(segment.payload_length, 3);
  assert_int_equal(segment.payload_captured, 3);
  assert_int_equal(segment.flags, TCPFLOW_FLAG_PSH | TCPFLOW_FLAG_ACK);
  assert_int_equal(segment.window, 1000);
  assert_int_equal(segment.urgent, 7);
  assert_int_equal(segment.checksum, TCPFLOW_CHECKSUM_NONE);
  assert_int_equal(segment.ip_ttl, 63);
  assert_int_equal(segment.ip_tos, 3);
  assert_int_equal(segment.ip_version, 6);
  assert_int_equal(segment.ip_id, 0xbeef);
  assert_int_equal(segment.reserved, 0);
  assert_int_equal(segment.reserved2, 0);
  assert_int_equal(segment.fragment_anomalies, 0);
  assert_int_equal(segment.reserved1[0], 0);
  assert_int_equal(options.size, sizeof(options));
  assert_int_equal(options.mss, 1460);
  /* An MSS belongs into a SYN. */
  assert_int_equal(options.flags, TCPFLOW_OPTION_FLAG_WRONG_SEGMENT);
}

/* From one member to another, both included: nothing lies between those on any
   machine. */
#define ASSERT_SAME(a, b, first, last)                                         \
  assert_memory_equal(&(a)->first, &(b)->first,                                \
                      offsetof(tcpflow_segment, last) + sizeof((a)->last) -    \
                        offsetof(tcpflow_segment, first))

/* What track reads into needs no initialization. */
static void segment_read__fresh_structs__every_member_is_set(void **state) {
  const tcpflow_packet packet =
    make_packet(header_and_data, sizeof(header_and_data));
  tcpflow_segment segment;
  tcpflow_segment ours;
  tcpflow_options options;

  (void)state;
  tcpflow_segment_init(&ours);
  tcpflow_options_init(&options);
  assert_int_equal(tcpflow_segment_from_packet(&ours, &options, &packet),
                   TCPFLOW_OK);
  for (int fill = 0; fill < 2; fill++) {
    memset(&segment, fill == 0 ? 0xa5 : 0x5a, sizeof(segment));
    memset(&options, fill == 0 ? 0xa5 : 0x5a, sizeof(options));
    tcpflow__segment_read(&segment, &options, &packet);
    assert_int_equal(segment.size, ours.size);
    ASSERT_SAME(&segment, &ours, time, packet);
    ASSERT_SAME(&segment, &ours, number, handle);
    ASSERT_SAME(&segment, &ours, seq, reserved1);
    assert_int_equal(options.mss, 1460);
    assert_int_equal(options.sack_count, 0);
  }
}

/* The capture may end anywhere behind the fixed header. */
static void segment_from_packet__cut_anywhere__reads_no_further(void **state) {
  (void)state;
  for (uint32_t captured = 24; captured <= sizeof(header_and_data);
       captured++) {
    guard g = guard_put(header_and_data, captured);
    const tcpflow_packet packet = make_packet(g.bytes, captured);
    tcpflow_segment segment;
    tcpflow_options options;

    tcpflow_segment_init(&segment);
    tcpflow_options_init(&options);
    assert_int_equal(tcpflow_segment_from_packet(&segment, &options, &packet),
                     TCPFLOW_OK);
    assert_int_equal(options.mss, captured < 28 ? 0 : 1460);
    assert_int_equal((options.flags & TCPFLOW_OPTION_FLAG_CUT) != 0,
                     captured < 28);
    assert_int_equal(segment.payload_length, 3);
    assert_int_equal(segment.payload_captured,
                     captured < 28 ? 0 : captured - 28);
    if (captured <= 28) {
      assert_null(segment.payload);
    } else {
      assert_memory_equal(segment.payload, "abc", captured - 28);
    }
    guard_free(&g);
  }
}

static void segment_from_packet__no_tcp__invalid(void **state) {
  tcpflow_segment segment;
  tcpflow_options options;

  (void)state;
  for (unsigned kind = 0; kind < 256; kind++) {
    tcpflow_packet packet =
      make_packet(header_and_data, sizeof(header_and_data));

    packet.kind = (uint8_t)kind;
    tcpflow_segment_init(&segment);
    tcpflow_options_init(&options);
    assert_int_equal(tcpflow_segment_from_packet(&segment, &options, &packet),
                     kind == TCPFLOW_PACKET_TCP ? TCPFLOW_OK
                                                : TCPFLOW_ERR_INVALID);
    assert_int_equal(segment.seq, kind == TCPFLOW_PACKET_TCP ? 0x12345678 : 0);
  }
}

static void segment_from_packet__not_initialized__version(void **state) {
  tcpflow_packet packet = make_packet(header_and_data, sizeof(header_and_data));
  tcpflow_segment segment;
  tcpflow_options options;

  (void)state;
  memset(&segment, 0, sizeof(segment));
  tcpflow_options_init(&options);
  assert_int_equal(tcpflow_segment_from_packet(&segment, &options, &packet),
                   TCPFLOW_ERR_VERSION);
  tcpflow_segment_init(&segment);
  memset(&options, 0xff, sizeof(options));
  assert_int_equal(tcpflow_segment_from_packet(&segment, &options, &packet),
                   TCPFLOW_ERR_VERSION);
  tcpflow_options_init(&options);
  packet.size = 0;
  assert_int_equal(tcpflow_segment_from_packet(&segment, &options, &packet),
                   TCPFLOW_ERR_VERSION);
  assert_int_equal(segment.seq, 0);
  assert_null(segment.options);
}

/* A caller of an older release has fewer members, of exactly that many
   octets. */
static void
segment_from_packet__older_structs__only_their_members(void **state) {
  const tcpflow_packet packet =
    make_packet(header_and_data, sizeof(header_and_data));
  const size_t segment_size = offsetof(tcpflow_segment, fragment_anomalies);
  const size_t options_size = offsetof(tcpflow_options, sack);
  guard older_segment = guard_room(segment_size);
  guard older_options = guard_room(options_size);
  tcpflow_segment *const segment = (void *)older_segment.bytes;
  tcpflow_options *const options = (void *)older_options.bytes;

  (void)state;
  tcpflow_sized_init(segment, segment_size);
  tcpflow_sized_init(options, options_size);
  assert_int_equal(tcpflow_segment_from_packet(segment, options, &packet),
                   TCPFLOW_OK);
  assert_int_equal(segment->size, segment_size);
  assert_int_equal(segment->seq, 0x12345678);
  assert_int_equal(segment->ip_version, 6);
  assert_ptr_equal(segment->options, options);
  assert_int_equal(options->size, options_size);
  assert_int_equal(options->mss, 1460);
  guard_free(&older_segment);
  guard_free(&older_options);
}

/* A caller of a later release has more members; what they say is not known
   here, so it must be nothing. */
static void
segment_from_packet__later_structs__zeroed_or_refused(void **state) {
  struct {
    tcpflow_packet now;
    uint64_t later;
  } packet = {make_packet(header_and_data, sizeof(header_and_data)), 0};
  struct {
    tcpflow_segment now;
    uint64_t later;
  } segment;
  tcpflow_options options;

  (void)state;
  packet.now.size = sizeof(packet);
  memset(&segment, 0xff, sizeof(segment));
  segment.now.size = sizeof(segment);
  tcpflow_options_init(&options);
  assert_int_equal(
    tcpflow_segment_from_packet(&segment.now, &options, &packet.now),
    TCPFLOW_OK);
  assert_int_equal(segment.now.size, sizeof(segment));
  assert_int_equal(segment.later, 0);
  packet.later = 1;
  assert_int_equal(
    tcpflow_segment_from_packet(&segment.now, &options, &packet.now),
    TCPFLOW_ERR_VERSION);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(segment_from_packet__whole_packet__every_member),
    cmocka_unit_test(segment_read__fresh_structs__every_member_is_set),
    cmocka_unit_test(segment_from_packet__cut_anywhere__reads_no_further),
    cmocka_unit_test(segment_from_packet__no_tcp__invalid),
    cmocka_unit_test(segment_from_packet__not_initialized__version),
    cmocka_unit_test(segment_from_packet__older_structs__only_their_members),
    cmocka_unit_test(segment_from_packet__later_structs__zeroed_or_refused),
  };

  return cmocka_run_group_tests_name("read", tests, NULL, NULL);
}
