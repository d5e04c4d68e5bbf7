/*
 * tests/property/test_text_headers.c - what holds for all packets: their lines
 * with -v and -e, read, give the same segment and the same header of IP, with
 * tags and tunnels around it or without.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <tcpflow/build.h>
#include <tcpflow/options.h>

#include "unit/text/round.h"

enum {
  PACKETS = 20000,
  HEADER_SIZE = 20
};

/* Xorshift, 64 bits: the same packets in every run. */
static uint64_t dice;

static uint32_t roll(uint32_t sides) {
  dice ^= (dice & (UINT64_MAX >> 13)) << 13;
  dice ^= dice >> 7;
  dice ^= (dice & (UINT64_MAX >> 17)) << 17;
  return (uint32_t)(dice >> 32) % sides;
}

static uint32_t roll_any(void) {
  return roll(65536) << 16 | roll(65536);
}

static tcpflow_tuple roll_ends(void) {
  tcpflow_tuple ends = {.version = roll(2) == 0 ? 4 : 6};

  for (unsigned i = 0; i < 2; i++) {
    ends.port[i] = (uint16_t)roll(65536);
    for (unsigned j = 0; j < (ends.version == 4 ? 4U : 16U); j++) {
      ends.address[i][j] = (uint8_t)roll(256);
    }
  }
  return ends;
}

static tcpflow_build_ip roll_ip(void) {
  static const uint16_t fragment[] = {0x4000, 0, 0x8000, 0xc000};
  tcpflow_build_ip ip;

  tcpflow_build_ip_init(&ip);
  ip.tos = (uint8_t)roll(256);
  ip.ttl = (uint8_t)roll(256);
  ip.id = (uint16_t)roll(65536);
  ip.flow_label = roll(2) == 0 ? 0 : roll(0x100000);
  ip.fragment = fragment[roll(4)];
  ip.checksum_mode = roll(4) == 0 ? TCPFLOW_BUILD_WRONG : TCPFLOW_BUILD_RIGHT;
  return ip;
}

static void put_segment(tcpflow_builder *builder, const tcpflow_tuple *ends) {
  static const uint8_t sums[] = {TCPFLOW_BUILD_RIGHT, TCPFLOW_BUILD_WRONG,
                                 TCPFLOW_BUILD_ZERO, TCPFLOW_BUILD_PARTIAL};
  tcpflow_options_builder options;
  tcpflow_build_tcp tcp;

  tcpflow_options_builder_init(&options);
  if (roll(2) == 0) {
    assert_int_equal(
      tcpflow_options_builder_timestamps(&options, roll_any(), roll_any()),
      TCPFLOW_OK);
  }
  tcpflow_options_builder_pad(&options, TCPFLOW_OPTION_NOP);
  tcpflow_build_tcp_init(&tcp);
  tcp.flags = (uint16_t)(roll(TCPFLOW_FLAGS_ALL + 1));
  tcp.seq = roll_any();
  tcp.ack = roll_any();
  tcp.window = (uint16_t)roll(65536);
  tcp.urgent = (uint16_t)roll(65536);
  tcp.options = options.bytes;
  tcp.options_length = options.length;
  tcp.checksum_mode = sums[roll(4)];
  tcp.payload_length = roll(2) == 0 ? 0 : 1 + roll(1000);
  tcpflow_builder_tcp(builder, ends, &tcp);
}

/* What the packet travels in, up to a header of IP; perhaps nothing. */
static void put_tunnel(tcpflow_builder *builder) {
  const uint32_t which = roll(6);
  const tcpflow_tuple ends = roll_ends();
  const tcpflow_build_ip ip = roll_ip();

  switch (which) {
  case 0:
    return;
  case 1: /* IP in IP. */
    break;
  case 2:
    tcpflow_builder_layer(builder, TCPFLOW_LAYER_GRE, NULL);
    break;
  case 3:
    tcpflow_builder_layer(builder, TCPFLOW_LAYER_ETHERNET, NULL);
    tcpflow_builder_layer(builder, TCPFLOW_LAYER_GRE, NULL);
    break;
  default:
    if (roll(2) == 0) {
      tcpflow_builder_vlan(builder, 0x8100, (uint16_t)roll(65536));
    }
    tcpflow_builder_layer(builder, TCPFLOW_LAYER_ETHERNET, NULL);
    tcpflow_builder_layer(
      builder, which == 4 ? TCPFLOW_LAYER_VXLAN : TCPFLOW_LAYER_GENEVE, NULL);
    tcpflow_builder_layer(builder, TCPFLOW_LAYER_UDP, NULL);
    break;
  }
  tcpflow_builder_ip(builder, &ends, &ip);
}

static void put_link(tcpflow_builder *builder) {
  static const uint16_t types[] = {0x8100, 0x88a8, 0x9100};
  tcpflow_build_layer label;

  tcpflow_build_layer_init(&label);
  label.id = 16 + roll(1000); /* Those below have a meaning. */
  label.sequence = roll(256);
  if (roll(3) == 0) {
    tcpflow_builder_layer(builder, TCPFLOW_LAYER_MPLS, &label);
  }
  for (uint32_t i = roll(4); i > 0; i--) {
    tcpflow_builder_vlan(builder, types[roll(3)], (uint16_t)roll(65536));
  }
  tcpflow_builder_link(builder, TCPFLOW_LINK_ETHERNET, NULL);
}

static void roll_frame(uint8_t *room, size_t capacity, tcpflow_frame *frame) {
  const tcpflow_tuple ends = roll_ends();
  const tcpflow_build_ip ip = roll_ip();
  tcpflow_builder builder;

  tcpflow_builder_init(&builder, room, capacity);
  put_segment(&builder, &ends);
  tcpflow_builder_ip(&builder, &ends, &ip);
  put_tunnel(&builder);
  put_link(&builder);
  assert_int_equal(tcpflow_builder_finish(&builder, frame), TCPFLOW_OK);
  frame->time = UINT64_C(1700000000000000000) + roll_any();
}

static void check_segment(const tcpflow_packet *told,
                          const tcpflow_packet *read) {
  assert_memory_equal(told->tuple.address, read->tuple.address, 32);
  assert_memory_equal(told->tuple.port, read->tuple.port, 4);
  assert_int_equal(told->flags, read->flags);
  assert_int_equal(told->window, read->window);
  assert_int_equal(told->payload_length, read->payload_length);
  assert_int_equal(told->options_length, read->options_length);
  assert_memory_equal(told->bytes + told->tcp_offset + HEADER_SIZE,
                      read->bytes + read->tcp_offset + HEADER_SIZE,
                      told->options_length);
  if (told->payload_length > 0) {
    assert_int_equal(told->seq, read->seq);
  } else {
    assert_int_equal(told->checksum, read->checksum);
  }
  if ((told->flags & TCPFLOW_FLAG_ACK) != 0) {
    assert_int_equal(told->ack, read->ack);
  }
  if ((told->flags & TCPFLOW_FLAG_URG) != 0) {
    assert_int_equal(told->urgent, read->urgent);
  }
}

static void check_ip(const tcpflow_packet *told, const tcpflow_packet *read) {
  assert_int_equal(told->ip_tos, read->ip_tos);
  assert_int_equal(told->ip_ttl, read->ip_ttl);
  assert_int_equal(told->ip_id, read->ip_id);
  assert_int_equal(told->ip_fragment, read->ip_fragment);
  assert_int_equal(told->ip_flow_label, read->ip_flow_label);
  assert_int_equal(told->ip_length, read->ip_length);
  if (told->tuple.version == 4) {
    assert_memory_equal(told->bytes + told->ip_offset + 10,
                        read->bytes + read->ip_offset + 10, 2);
  }
}

static void text__headers__the_same_packet(void **state) {
  static char text[4 * TCPFLOW_TEXT_LINE_MAX];
  tcpflow_printer_config config;
  tcpflow_printer *printer = NULL;
  tcpflow_text_reader *reader = NULL;
  uint8_t room[512];

  (void)state;
  dice = UINT64_C(0x9e3779b97f4a7c15);
  tcpflow_printer_config_init(&config);
  config.absolute = 1;
  config.verbose = 1;
  config.link_header = 1;
  assert_int_equal(tcpflow_printer_new(&printer, &config, NULL), TCPFLOW_OK);
  assert_int_equal(tcpflow_text_reader_new(&reader, NULL, NULL), TCPFLOW_OK);
  for (unsigned i = 0; i < PACKETS; i++) {
    tcpflow_packet told;
    tcpflow_packet read;
    tcpflow_frame frame;

    roll_frame(room, sizeof(room), &frame);
    tcpflow_packet_init(&told);
    assert_int_equal(tcpflow_packet_decode(&told, &frame, NULL), TCPFLOW_OK);
    assert_int_equal(told.kind, TCPFLOW_PACKET_TCP);
    assert_int_equal(
      tcpflow_printer_line(printer, &told, text, sizeof(text), NULL),
      TCPFLOW_OK);
    tcpflow_packet_init(&read);
    assert_int_equal(round_read(reader, text, &frame), 1);
    assert_int_equal(tcpflow_packet_decode(&read, &frame, NULL), TCPFLOW_OK);
    assert_int_equal(told.tuple.vlan, read.tuple.vlan);
    check_segment(&told, &read);
    check_ip(&told, &read);
  }
  tcpflow_text_reader_del(reader);
  tcpflow_printer_del(printer);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(text__headers__the_same_packet),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
