/*
 * tests/unit/text/test_heads.c - mirror of lib/text/heads.c, and of what it
 * reads with: ipwords.c, ipoptread.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <tcpflow/text.h>

#include <string.h>

#include "unit/guard.h"

static tcpflow_text_reader *new_reader(void) {
  tcpflow_text_reader *reader = NULL;

  assert_int_equal(tcpflow_text_reader_new(&reader, NULL, NULL), TCPFLOW_OK);
  return reader;
}

/* Reads a line that ends at a guard page. */
static tcpflow_text_result read_text(tcpflow_text_reader *reader,
                                     const char *line, tcpflow_frame *frame) {
  guard g = guard_put(line, strlen(line));
  tcpflow_text_result result = TCPFLOW_TEXT_BROKEN;

  assert_int_equal(tcpflow_text_reader_line(reader, (const char *)g.bytes,
                                            strlen(line), &result, frame),
                   TCPFLOW_OK);
  guard_free(&g);
  return result;
}

/* Lines of one packet, the last of which is the segment's.  The octets are
   valid until the next call. */
static void read_lines(const char *const *lines, tcpflow_frame *frame,
                       tcpflow_packet *packet) {
  static uint8_t octets[256];
  tcpflow_text_reader *const reader = new_reader();

  for (; lines[1] != NULL; lines++) {
    assert_int_equal(read_text(reader, lines[0], frame), TCPFLOW_TEXT_OTHER);
  }
  assert_int_equal(read_text(reader, lines[0], frame), TCPFLOW_TEXT_PACKET);
  assert_true(frame->captured <= sizeof(octets));
  memcpy(octets, frame->bytes, frame->captured);
  frame->bytes = octets;
  tcpflow_text_reader_del(reader);
  tcpflow_packet_init(packet);
  assert_int_equal(tcpflow_packet_decode(packet, frame, NULL), TCPFLOW_OK);
  assert_int_equal(packet->kind, TCPFLOW_PACKET_TCP);
}

/* All that -v tells of IPv4. */
static void heads__verbose_ipv4__the_same_header(void **state) {
  static const char *const lines[] = {
    "10:00:00.000001 IP (tos 0xb9,ECT(1), ttl 7, id 9, offset 0, flags [+, "
    "rsvd], proto TCP (6), length 53, bad cksum 660e (->660f)!)",
    "    10.0.0.1.80 > 10.0.0.2.90: Flags [.], seq 5:18, ack 1, win 7, length "
    "13",
    NULL};
  tcpflow_packet packet;
  tcpflow_frame frame;

  (void)state;
  read_lines(lines, &frame, &packet);
  assert_int_equal(packet.ip_tos, 0xb9);
  assert_int_equal(packet.ip_ttl, 7);
  assert_int_equal(packet.ip_id, 9);
  assert_int_equal(packet.ip_fragment, 0xa000);
  assert_int_equal(packet.ip_length, 53);
  assert_memory_equal(packet.bytes + packet.ip_offset + 10, "\x66\x0e", 2);
}

/* A time to live of 0 is the one that is not printed. */
static void heads__verbose_without_ttl__zero(void **state) {
  static const char *const lines[] = {
    "IP (tos 0x0, id 9, offset 0, flags [none], proto TCP (6), length 40)",
    "    10.0.0.1.80 > 10.0.0.2.90: Flags [.], cksum 0x0102 (incorrect -> "
    "0x0304), ack 1, win 7, length 0",
    NULL};
  tcpflow_packet packet;
  tcpflow_frame frame;

  (void)state;
  read_lines(lines, &frame, &packet);
  assert_int_equal(packet.ip_ttl, 0);
  assert_int_equal(packet.ip_fragment, 0);
  assert_int_equal(packet.checksum, 0x0102);
}

static void heads__verbose_ipv6__the_same_header(void **state) {
  static const char *const lines[] = {
    "10:00:00 IP6 (class 0x02, flowlabel 0x12345, hlim 3, next-header TCP (6) "
    "payload length: 20) ::1.80 > ::2.90: Flags [S], cksum 0x00ff (correct), "
    "seq 5, win 7, length 0",
    NULL};
  tcpflow_packet packet;
  tcpflow_frame frame;

  (void)state;
  read_lines(lines, &frame, &packet);
  assert_int_equal(packet.ip_tos, 2);
  assert_int_equal(packet.ip_flow_label, 0x12345);
  assert_int_equal(packet.ip_ttl, 3);
  assert_int_equal(packet.checksum, 0x00ff);
}

/* Options of which the text hides octets are as long as the datagram leaves
   them. */
static void heads__verbose_hidden_options__their_length(void **state) {
  static const char *const lines[] = {
    "IP (tos 0x0, ttl 64, id 9, offset 0, flags [DF], proto TCP (6), length 64)",
    "    10.0.0.1.80 > 10.0.0.2.90: Flags [.], ack 1, win 7, options "
    "[nop,nop,TS val 1 ecr 2,exp-acc0], length 0",
    NULL};
  static const char *const route[] = {
    "IP (tos 0x0, ttl 64, id 9, offset 0, flags [DF], proto TCP (6), length 52, "
    "options (RR 192.0.2.1, 192.0.2.2,EOL))",
    "    10.0.0.1.80 > 10.0.0.2.90: Flags [.], ack 1, win 7, length 0", NULL};
  static const uint8_t want[] = {7, 11, 8, 192, 0, 2, 1, 192, 0, 2, 2, 0};
  tcpflow_packet packet;
  tcpflow_frame frame;

  (void)state;
  read_lines(lines, &frame, &packet);
  assert_int_equal(packet.options_length, 24);
  assert_int_equal(packet.ip_header_length, 20);
  read_lines(route, &frame, &packet);
  assert_int_equal(packet.options_length, 0);
  assert_int_equal(packet.ip_header_length, 32);
  assert_memory_equal(packet.bytes + packet.ip_offset + 20, want, 12);
}

/* Tags that -e prints; of more than two, the outermost and the innermost. */
static void heads__ethernet__tags_of_the_frame(void **state) {
  static const char *const one[] = {
    "10:00:00 00:01:02:03:04:05 > 06:07:08:09:0a:0b, ethertype 802.1Q "
    "(0x8100), length 58: vlan 7, p 3, DEI, ethertype IPv4 (0x0800), "
    "10.0.0.1.80 > 10.0.0.2.90: Flags [.], ack 1, win 7, length 0",
    NULL};
  static const char *const three[] = {
    "10:00:00 00:01:02:03:04:05 > 06:07:08:09:0a:0b, ethertype 802.1Q-QinQ "
    "(0x88a8), length 66: vlan 0, p 0, ethertype 802.1Q (0x8100), vlan 8, p "
    "0, ethertype 802.1Q (0x8100), vlan 4095, p 7, ethertype IPv4 (0x0800), "
    "(tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto TCP (6), length 40)",
    "    10.0.0.1.80 > 10.0.0.2.90: Flags [.], ack 1, win 7, length 0", NULL};
  static const char *const inner[] = {
    "10:00:00 00:01:02:03:04:05 > 06:07:08:09:0a:0b, ethertype 802.1Q "
    "(0x8100), length 108: vlan 7, p 0, ethertype IPv4 (0x0800), "
    "192.0.2.1.53002 > 192.0.2.2.4789: VXLAN, flags [I] (0x08), vni 100",
    "00:01:02:03:04:05 > 06:07:08:09:0a:0b, ethertype 802.1Q (0x8100), length "
    "58: vlan 9, p 0, ethertype IPv4 (0x0800), 10.0.0.1.80 > 10.0.0.2.90: "
    "Flags [.], ack 1, win 7, length 0",
    NULL};
  tcpflow_packet packet;
  tcpflow_frame frame;

  (void)state;
  read_lines(inner, &frame, &packet);
  assert_int_equal(frame.vlan, 0x10090000);
  read_lines(one, &frame, &packet);
  assert_int_equal(frame.vlan, 0x10070000);
  assert_int_equal(packet.tuple.vlan, 0x10070000);
  read_lines(three, &frame, &packet);
  assert_int_equal(frame.vlan, 0x10001fff);
}

/* The innermost segment; of its IP header, and not of the outer ones. */
static void heads__tunnels__the_innermost_segment(void **state) {
  static const char *const tunnels[][6] = {
    {"10:00:00 IP 192.0.2.1 > 192.0.2.2: GREv0, length 44: IP 10.0.0.1.80 > "
     "10.0.0.2.90: Flags [S], seq 5, win 7, length 0"},
    {"10:00:00 IP (tos 0xff, ttl 9, id 8, offset 0, flags [none], proto GRE "
     "(47), length 64)",
     "    192.0.2.1 > 192.0.2.2: GREv0, Flags [none], length 44",
     "\tIP (tos 0x0, ttl 64, id 0, offset 0, flags [DF], proto TCP (6), length "
     "40)",
     "    10.0.0.1.80 > 10.0.0.2.90: Flags [S], cksum 0x1 (incorrect -> "
     "0x2), seq 5, win 7, length 0"},
    {"10:00:00 IP 192.0.2.1.53002 > 192.0.2.2.4789: VXLAN, flags [I] (0x08), "
     "vni 100",
     "IP 10.0.0.1.80 > 10.0.0.2.90: Flags [S], seq 5, win 7, length 0"},
    {"00:01:02:03:04:05 > 06:07:08:09:0a:0b, ethertype IPv4 (0x0800), length "
     "104: (tos 0x1, ttl 9, id 8, offset 0, flags [none], proto UDP (17), "
     "length 90)",
     "    192.0.2.1.53002 > 192.0.2.2.4789: VXLAN, flags [I] (0x08), vni 100",
     "00:01:02:03:04:05 > 06:07:08:09:0a:0b, ethertype IPv4 (0x0800), length "
     "54: (tos 0x0, ttl 64, id 0, offset 0, flags [DF], proto TCP (6), length "
     "40)",
     "    10.0.0.1.80 > 10.0.0.2.90: Flags [S], cksum 0x1 (incorrect -> "
     "0x2), seq 5, win 7, length 0"},
    {"10:00:00 MPLS (label 16010, tc 0, ttl 62) (label 16011, tc 0, [S], ttl "
     "63) IP 10.0.0.1.80 > 10.0.0.2.90: Flags [S], seq 5, win 7, length 0"},
    {"10:00:00 MPLS (label 16010, tc 0, ttl 62)",
     "\t(label 16011, tc 0, [S], ttl 63)",
     "\tIP (tos 0x0, ttl 64, id 0, offset 0, flags [DF], proto TCP (6), length "
     "40)",
     "    10.0.0.1.80 > 10.0.0.2.90: Flags [S], cksum 0x1 (incorrect -> "
     "0x2), seq 5, win 7, length 0"},
    {"10:00:00 PPPoE  [ses 0x1234] IP 10.0.0.1.80 > 10.0.0.2.90: Flags [S], "
     "seq 5, win 7, length 0"},
    {"10:00:00 IP6 (class 0x03, hlim 9, next-header IPIP (4) payload length: "
     "40) ::1 > ::2: IP (tos 0x0, ttl 64, id 0, offset 0, flags [DF], proto "
     "TCP (6), length 40)",
     "    10.0.0.1.80 > 10.0.0.2.90: Flags [S], cksum 0x1 (incorrect -> "
     "0x2), seq 5, win 7, length 0"},
  };
  tcpflow_packet packet;
  tcpflow_frame frame;
  char ends[TCPFLOW_TEXT_TUPLE_MAX];

  (void)state;
  for (size_t i = 0; i < sizeof(tunnels) / sizeof(tunnels[0]); i++) {
    read_lines(tunnels[i], &frame, &packet);
    tcpflow_text_tuple(ends, sizeof(ends), &packet.tuple);
    assert_string_equal(ends, "10.0.0.1.80 > 10.0.0.2.90");
    assert_int_equal(packet.ip_ttl, 64);
    assert_int_equal(packet.ip_tos, 0);
    assert_int_equal(packet.ip_id, 0);
    assert_int_equal(packet.ip_fragment, 0x4000);
  }
}

/* What an ICMP error quotes was not sent there and then. */
static void heads__quoted_in_icmp__another_line(void **state) {
  static const char *const lines[] = {
    "10:00:00 IP (tos 0xc0, ttl 9, id 8, offset 0, flags [none], proto ICMP "
    "(1), length 68)",
    "    192.0.2.1 > 192.0.2.2: ICMP 192.0.2.1 tcp port 90 unreachable, "
    "length 48",
    "\tIP (tos 0x0, ttl 64, id 0, offset 0, flags [DF], proto TCP (6), length "
    "40)",
    "    192.0.2.2.80 > 192.0.2.1.90: Flags [S], cksum 0x1 (incorrect -> "
    "0x2), seq 5, win 7, length 0"};
  static const char segment[] =
    "10:00:01 IP 192.0.2.2.80 > 192.0.2.1.90: Flags [S], seq 5, win 7, length "
    "0";
  tcpflow_text_reader *const reader = new_reader();
  tcpflow_frame frame;

  (void)state;
  for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
    assert_int_equal(read_text(reader, lines[i], &frame), TCPFLOW_TEXT_OTHER);
  }
  assert_string_equal(tcpflow_text_reader_problem(reader),
                      "quoted in an ICMP error");
  assert_int_equal(read_text(reader, lines[1], &frame), TCPFLOW_TEXT_OTHER);
  assert_int_equal(read_text(reader, segment, &frame), TCPFLOW_TEXT_PACKET);
  tcpflow_text_reader_del(reader);
}

/* A packet's tags and IP header are not those of the packet before. */
static void heads__next_packet__nothing_of_the_one_before(void **state) {
  static const char *const before[] = {
    "00:01:02:03:04:05 > 06:07:08:09:0a:0b, ethertype 802.1Q (0x8100), length "
    "58: vlan 7, p 0, ethertype IPv4 (0x0800), (tos 0x1, ttl 9, id 8, offset "
    "0, flags [none], proto UDP (17), length 40)",
    "    192.0.2.1.9 > 192.0.2.2.9: UDP, length 12"};
  static const char segment[] =
    "00:01:02:03:04:05 > 06:07:08:09:0a:0b, ethertype IPv4 (0x0800), length "
    "54: 10.0.0.1.80 > 10.0.0.2.90: Flags [S], seq 5, win 7, length 0";
  tcpflow_text_reader *const reader = new_reader();
  tcpflow_packet packet;
  tcpflow_frame frame;

  (void)state;
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(read_text(reader, before[i], &frame), TCPFLOW_TEXT_OTHER);
  }
  assert_int_equal(read_text(reader, segment, &frame), TCPFLOW_TEXT_PACKET);
  tcpflow_packet_init(&packet);
  assert_int_equal(tcpflow_packet_decode(&packet, &frame, NULL), TCPFLOW_OK);
  assert_int_equal(frame.vlan, 0);
  assert_int_equal(packet.ip_ttl, 64);
  tcpflow_text_reader_del(reader);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(heads__verbose_ipv4__the_same_header),
    cmocka_unit_test(heads__verbose_without_ttl__zero),
    cmocka_unit_test(heads__verbose_ipv6__the_same_header),
    cmocka_unit_test(heads__verbose_hidden_options__their_length),
    cmocka_unit_test(heads__ethernet__tags_of_the_frame),
    cmocka_unit_test(heads__tunnels__the_innermost_segment),
    cmocka_unit_test(heads__quoted_in_icmp__another_line),
    cmocka_unit_test(heads__next_packet__nothing_of_the_one_before),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
