/*
 * tests/unit/decode/test_build.c - mirror of lib/decode/build.c, build_tcp.c
 * and build_ip.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/frames.h"

static int finish(const tcpflow_builder *builder) {
  tcpflow_frame frame;

  return tcpflow_builder_finish(builder, &frame);
}

/* 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 1, win 2, options [mss 1460],
   length 0, in front of it IP (ttl 64, id 0, flags [DF]) and Ethernet, 802.1Q
   vlan 5.  Both checksums are what tcpdump calls correct. */
static void builder__known_frame__octet_for_octet(void **state) {
  static const uint8_t expected[] = {
    /* Ethernet, tag */
    2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x81, 0x00, 0x00, 0x05, 0x08, 0x00,
    /* IPv4 */
    0x45, 0x00, 0x00, 0x2c, 0x00, 0x00, 0x40, 0x00, 0x40, 0x06, 0x26, 0xca, 10,
    0, 0, 1, 10, 0, 0, 2,
    /* TCP */
    0x9c, 0x40, 0x00, 0x50, 0, 0, 0, 1, 0, 0, 0, 0, 0x60, 0x02, 0x00, 0x02,
    0xe7, 0x90, 0x00, 0x00, 2, 4, 0x05, 0xb4};
  static const uint8_t mss[4] = {2, 4, 0x05, 0xb4};
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_build_tcp tcp;
  tcpflow_build_link link;
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  tcpflow_build_tcp_init(&tcp);
  tcp.seq = 1;
  tcp.flags = TCPFLOW_FLAG_SYN;
  tcp.window = 2;
  tcp.options = mss;
  tcp.options_length = 4;
  tcpflow_build_link_init(&link);
  memcpy(link.destination, expected, 6);
  memcpy(link.source, expected + 6, 6);
  tcpflow_builder_init(&builder, made.room, sizeof(made.room));
  tcpflow_builder_tcp(&builder, &tuple, &tcp);
  tcpflow_builder_ip(&builder, &tuple, NULL);
  tcpflow_builder_vlan(&builder, 0x8100, 5);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_ETHERNET, &link);
  frames_finish(&made, &builder);
  assert_int_equal(made.frame.captured, sizeof(expected));
  assert_memory_equal(made.frame.bytes, expected, sizeof(expected));
}

/* What a round trip varies beside link and version. */
typedef struct variant {
  uint32_t link;
  uint8_t version;
  uint32_t vlan;
  uint32_t options;
  uint32_t captured;
  uint32_t length;
} variant;

static void assert_same(const tcpflow_packet *packet,
                        const tcpflow_tuple *tuple,
                        const tcpflow_build_tcp *tcp) {
  const uint32_t options = (tcp->options_length + 3) / 4 * 4;

  assert_int_equal(packet->kind, TCPFLOW_PACKET_TCP);
  assert_memory_equal(&packet->tuple, tuple, sizeof(*tuple));
  assert_int_equal(packet->seq, tcp->seq);
  assert_int_equal(packet->ack, tcp->ack);
  assert_int_equal(packet->flags, tcp->flags);
  assert_int_equal(packet->window, tcp->window);
  assert_int_equal(packet->urgent, tcp->urgent);
  assert_int_equal(packet->options_length, options);
  assert_int_equal(packet->payload_length, tcp->payload_length);
  assert_int_equal(packet->payload_captured, tcp->payload_captured);
  assert_memory_equal(packet->bytes + packet->tcp_offset + 20, tcp->options,
                      tcp->options_length);
  assert_memory_equal(packet->bytes + packet->payload_offset, tcp->payload,
                      tcp->payload_captured);
}

static void round_trip(const variant *v) {
  static const uint8_t octets[128] = {1, 3, 3, 7, 1, 1, 8, 10, 1, 2, 3, 4};
  tcpflow_tuple tuple = frames_tuple(v->version);
  tcpflow_build_tcp tcp = frames_segment();
  made_frame made;

  tuple.vlan = v->vlan;
  tuple.scope = 5;
  tcp.options = octets;
  tcp.options_length = v->options;
  tcp.payload = octets + 1;
  tcp.payload_captured = v->captured;
  tcp.payload_length = v->length;
  assert_int_equal(tcpflow_build_segment(&made.frame, made.room,
                                         sizeof(made.room), v->link, &tuple,
                                         &tcp),
                   TCPFLOW_OK);
  if (v->link != TCPFLOW_LINK_ETHERNET && v->link != TCPFLOW_LINK_LINUX_SLL &&
      v->link != TCPFLOW_LINK_LINUX_SLL2) {
    tuple.vlan = 0;
  }
  tcpflow_packet packet = frames_decode(&made.frame);
  assert_same(&packet, &tuple, &tcp);
  packet.bytes = made.frame.bytes;
  assert_int_equal(tcpflow_packet_checksum(&packet),
                   v->captured == v->length ? TCPFLOW_CHECKSUM_OK
                                            : TCPFLOW_CHECKSUM_UNCOVERED);
}

static void round_trip_sizes(variant *v) {
  static const uint32_t lengths[][2] = {{0, 0},      {1, 1},     {100, 100},
                                        {0, 1448},   {3, 65000}, {7, 65536},
                                        {0, 3000000}};

  for (v->options = 0; v->options <= 40; v->options += 5) {
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
      v->captured = lengths[i][0];
      v->length = lengths[i][1];
      round_trip(v);
    }
  }
}

static void build_segment__every_combination__decodes_to_itself(void **state) {
  static const uint32_t links[] = {
    TCPFLOW_LINK_NULL,      TCPFLOW_LINK_ETHERNET,  TCPFLOW_LINK_RAW_12,
    TCPFLOW_LINK_RAW_14,    TCPFLOW_LINK_RAW,       TCPFLOW_LINK_LOOP,
    TCPFLOW_LINK_LINUX_SLL, TCPFLOW_LINK_LINUX_SLL2};
  static const uint32_t vlans[] = {0, 0x10000000, 0x1fff0000, 0x10011002};
  variant v;

  (void)state;
  for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
    for (size_t k = 0; k < sizeof(vlans) / sizeof(vlans[0]); k++) {
      for (uint8_t version = 4; version <= 6; version += 2) {
        v = (variant){links[i], version, vlans[k], 0, 0, 0};
        round_trip_sizes(&v);
      }
    }
  }
}

static void builder_ip__every_field__decodes_to_itself(void **state) {
  tcpflow_build_ip ip;
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  tcpflow_build_ip_init(&ip);
  ip.id = 0xbeef;
  ip.ttl = 0;
  ip.tos = 0xb9;
  ip.fragment = 0x8000;
  ip.flow_label = 0xfedcb;
  for (uint8_t version = 4; version <= 6; version += 2) {
    const tcpflow_tuple tuple = frames_tuple(version);

    frames_begin(&made, &builder, version);
    tcpflow_builder_ip(&builder, &tuple, &ip);
    frames_finish(&made, &builder);
    const tcpflow_packet packet = frames_decode(&made.frame);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
    assert_int_equal(packet.ip_ttl, 0);
    assert_int_equal(packet.ip_tos, 0xb9);
    assert_int_equal(packet.ip_id, version == 4 ? 0xbeef : 0);
    assert_int_equal(packet.ip_fragment, version == 4 ? 0x8000 : 0);
    assert_int_equal(packet.ip_flow_label, version == 4 ? 0 : 0xfedcb);
  }
}

/* RFC 791 section 3.1: the sum over a right header is all ones. */
static void builder_ip__checksum_modes__right_or_not(void **state) {
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_builder builder;
  tcpflow_build_ip ip;
  made_frame made;

  (void)state;
  tcpflow_build_ip_init(&ip);
  ip.checksum = 0x1234;
  for (uint8_t mode = TCPFLOW_BUILD_RIGHT; mode <= TCPFLOW_BUILD_WRONG;
       mode++) {
    ip.checksum_mode = mode;
    frames_begin(&made, &builder, 4);
    tcpflow_builder_ip(&builder, &tuple, &ip);
    frames_finish(&made, &builder);
    const unsigned field =
      (unsigned)made.frame.bytes[10] << 8 | made.frame.bytes[11];
    /* 4500 0039 0000 4000 4006 0a00 0001 0a00 0002: sum d942 */
    const unsigned right = 0x26bd;
    assert_int_equal(field == right, mode == TCPFLOW_BUILD_RIGHT);
    assert_int_equal(field == 0x1234, mode == TCPFLOW_BUILD_GIVEN);
    assert_int_equal(field == 0, mode == TCPFLOW_BUILD_ZERO);
  }
}

static void builder__every_capacity__limit_or_the_same_frame(void **state) {
  const tcpflow_tuple tuple = frames_tuple(6);
  const tcpflow_build_tcp tcp = frames_segment();
  made_frame whole;

  (void)state;
  frames_make(&whole, TCPFLOW_LINK_LINUX_SLL2, 6);
  const size_t size = whole.frame.captured;
  for (size_t capacity = 0; capacity <= size + 1; capacity++) {
    guard g = guard_room(capacity);
    tcpflow_frame frame = {.number = 42};
    const int error = tcpflow_build_segment(
      &frame, g.bytes, capacity, TCPFLOW_LINK_LINUX_SLL2, &tuple, &tcp);

    assert_int_equal(error, capacity < size ? TCPFLOW_ERR_LIMIT : TCPFLOW_OK);
    if (error != TCPFLOW_OK) {
      assert_int_equal(frame.number, 42);
    } else {
      assert_int_equal(frame.captured, size);
      assert_memory_equal(frame.bytes, whole.frame.bytes, size);
    }
    guard_free(&g);
  }
}

static void builder__absent_behind_octets__state_error(void **state) {
  tcpflow_builder builder;
  uint8_t room[64];

  (void)state;
  tcpflow_builder_init(&builder, room, sizeof(room));
  tcpflow_builder_bytes(&builder, room, 1);
  tcpflow_builder_absent(&builder, 0);
  assert_int_equal(finish(&builder), TCPFLOW_OK);
  tcpflow_builder_absent(&builder, 1);
  assert_int_equal(finish(&builder), TCPFLOW_ERR_STATE);
  /* The first error stays. */
  tcpflow_builder_link(&builder, 9999, NULL);
  assert_int_equal(finish(&builder), TCPFLOW_ERR_STATE);
}

static void builder__absent_beyond_32_bits__limit(void **state) {
  tcpflow_builder builder;
  uint8_t room[64];

  (void)state;
  tcpflow_builder_init(&builder, room, sizeof(room));
  tcpflow_builder_absent(&builder, UINT32_MAX);
  assert_int_equal(finish(&builder), TCPFLOW_OK);
  tcpflow_builder_bytes(&builder, room, 1);
  assert_int_equal(finish(&builder), TCPFLOW_ERR_LIMIT);
  tcpflow_builder_init(&builder, room, sizeof(room));
  tcpflow_builder_absent(&builder, UINT32_MAX);
  tcpflow_builder_absent(&builder, 1);
  assert_int_equal(finish(&builder), TCPFLOW_ERR_LIMIT);
}

static int try_tcp(const tcpflow_build_tcp *tcp) {
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_builder builder;
  uint8_t room[256];

  tcpflow_builder_init(&builder, room, sizeof(room));
  tcpflow_builder_tcp(&builder, &tuple, tcp);
  return finish(&builder);
}

static void builder_tcp__field_out_of_range__invalid(void **state) {
  tcpflow_build_tcp good = frames_segment();
  tcpflow_build_tcp tcp = good;

  (void)state;
  assert_int_equal(try_tcp(&tcp), TCPFLOW_OK);
  tcp.options_length = 41;
  assert_int_equal(try_tcp(&tcp), TCPFLOW_ERR_INVALID);
  tcp = good;
  tcp.data_offset = 16;
  assert_int_equal(try_tcp(&tcp), TCPFLOW_ERR_INVALID);
  tcp = good;
  tcp.reserved_bits = 8;
  assert_int_equal(try_tcp(&tcp), TCPFLOW_ERR_INVALID);
  tcp = good;
  tcp.flags = 0x200;
  assert_int_equal(try_tcp(&tcp), TCPFLOW_ERR_INVALID);
  tcp = good;
  tcp.checksum_mode = TCPFLOW_BUILD_PARTIAL + 1;
  assert_int_equal(try_tcp(&tcp), TCPFLOW_ERR_INVALID);
  tcp = good;
  tcp.offset_mode = TCPFLOW_BUILD_WRONG;
  assert_int_equal(try_tcp(&tcp), TCPFLOW_ERR_INVALID);
  tcp = good;
  tcp.size = 0;
  assert_int_equal(try_tcp(&tcp), TCPFLOW_ERR_VERSION);
}

static int try_ip(uint8_t version, const tcpflow_build_ip *ip) {
  tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_builder builder;
  made_frame made;

  tuple.version = version;
  frames_begin(&made, &builder, 4);
  tcpflow_builder_ip(&builder, &tuple, ip);
  return finish(&builder);
}

static void builder_ip__field_out_of_range__invalid(void **state) {
  tcpflow_build_ip good;
  tcpflow_build_ip ip;

  (void)state;
  tcpflow_build_ip_init(&good);
  assert_int_equal(try_ip(4, &good), TCPFLOW_OK);
  assert_int_equal(try_ip(0, &good), TCPFLOW_ERR_INVALID);
  assert_int_equal(try_ip(5, NULL), TCPFLOW_ERR_INVALID);
  ip = good;
  ip.options_length = 41;
  assert_int_equal(try_ip(4, &ip), TCPFLOW_ERR_INVALID);
  ip = good;
  ip.header_words = 16;
  assert_int_equal(try_ip(4, &ip), TCPFLOW_ERR_INVALID);
  ip = good;
  ip.checksum_mode = TCPFLOW_BUILD_PARTIAL;
  assert_int_equal(try_ip(4, &ip), TCPFLOW_ERR_INVALID);
  ip = good;
  ip.length_mode = TCPFLOW_BUILD_WRONG;
  assert_int_equal(try_ip(4, &ip), TCPFLOW_ERR_INVALID);
  ip = good;
  ip.header_mode = TCPFLOW_BUILD_WRONG;
  assert_int_equal(try_ip(4, &ip), TCPFLOW_ERR_INVALID);
  ip = good;
  ip.size = 1;
  assert_int_equal(try_ip(4, &ip), TCPFLOW_ERR_VERSION);
}

static void builder_extension__too_long__invalid(void **state) {
  static const struct {
    uint8_t type;
    size_t most;
  } rows[] = {{0, 2046}, {43, 2046}, {44, 6}, {51, 1026}, {60, 2046}};
  static const uint8_t body[2048];
  static uint8_t room[4096];
  tcpflow_builder builder;

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    tcpflow_builder_init(&builder, room, sizeof(room));
    tcpflow_builder_extension(&builder, rows[i].type, body, rows[i].most);
    assert_int_equal(finish(&builder), TCPFLOW_OK);
    tcpflow_builder_extension(&builder, rows[i].type, body, rows[i].most + 1);
    assert_int_equal(finish(&builder), TCPFLOW_ERR_INVALID);
  }
}

static void builder__nothing_added__empty_frame(void **state) {
  tcpflow_builder builder;
  tcpflow_frame frame;
  uint8_t room[1];

  (void)state;
  tcpflow_builder_init(&builder, room, sizeof(room));
  assert_int_equal(tcpflow_builder_finish(&builder, &frame), TCPFLOW_OK);
  assert_int_equal(frame.captured, 0);
  assert_int_equal(frame.length, 0);
  assert_int_equal(frame.link, TCPFLOW_LINK_RAW);
}

/* Whatever the buffer held: what a header does not say is 0. */
static void builder_extension__every_length__octet_for_octet(void **state) {
  static const struct {
    uint8_t type;
    uint8_t count;
    uint8_t size;
    uint8_t length; /* The second octet. */
  } rows[] = {{0, 0, 8, 0},    {60, 6, 8, 0},   {60, 7, 16, 1},
              {43, 14, 16, 1}, {43, 15, 24, 2}, {44, 0, 8, 0},
              {44, 6, 8, 0},   {51, 0, 12, 1},  {51, 10, 12, 1},
              {51, 11, 16, 2}, {51, 14, 16, 2}, {51, 15, 20, 3}};
  static const uint8_t body[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
  static const uint8_t zeros[24];

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    tcpflow_builder builder;
    tcpflow_frame frame;
    uint8_t room[64];

    memset(room, 0xff, sizeof(room));
    tcpflow_builder_init(&builder, room, sizeof(room));
    tcpflow_builder_announce(&builder, 77, 0);
    tcpflow_builder_extension(&builder, rows[i].type, body, rows[i].count);
    assert_int_equal(tcpflow_builder_finish(&builder, &frame), TCPFLOW_OK);
    assert_int_equal(frame.captured, rows[i].size);
    assert_int_equal(frame.bytes[0], 77);
    assert_int_equal(frame.bytes[1], rows[i].length);
    assert_memory_equal(frame.bytes + 2, body, rows[i].count);
    assert_memory_equal(frame.bytes + 2 + rows[i].count, zeros,
                        rows[i].size - 2U - rows[i].count);
  }
}

static void builder__options_of_every_length__filled_up_with_0(void **state) {
  static const uint8_t ones[40] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  const tcpflow_tuple tuple = frames_tuple(4);

  (void)state;
  for (uint32_t count = 0; count <= 10; count++) {
    const uint32_t filled = (count + 3) / 4 * 4;
    tcpflow_build_tcp tcp = frames_segment();
    tcpflow_builder builder;
    tcpflow_build_ip ip;
    made_frame made;

    memset(made.room, 0xff, sizeof(made.room));
    tcp.options = ones;
    tcp.options_length = count;
    tcpflow_build_ip_init(&ip);
    ip.options = ones;
    ip.options_length = count;
    tcpflow_builder_init(&builder, made.room, sizeof(made.room));
    tcpflow_builder_tcp(&builder, &tuple, &tcp);
    tcpflow_builder_ip(&builder, &tuple, &ip);
    frames_finish(&made, &builder);
    assert_int_equal(made.frame.captured, 20 + filled + 20 + filled + 5);
    assert_int_equal(made.frame.bytes[0], 0x40 | (20 + filled) / 4);
    assert_memory_equal(made.frame.bytes + 12, "\x0a\0\0\1\x0a\0\0\2", 8);
    for (uint32_t i = 0; i < filled; i++) {
      assert_int_equal(made.frame.bytes[20 + i], i < count);
      assert_int_equal(made.frame.bytes[20 + filled + 20 + i], i < count);
    }
    const tcpflow_packet packet = frames_decode(&made.frame);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
    assert_int_equal(tcpflow_packet_checksum(&packet), TCPFLOW_CHECKSUM_OK);
  }
}

/* Every link type that can be built, with all that makes headers long. */
static void build_segment__any_link__fits_into_the_room(void **state) {
  static const uint8_t options[40] = {0};
  uint8_t big[4096];
  uint8_t room[TCPFLOW_BUILD_ROOM];
  unsigned built = 0;
  tcpflow_build_tcp tcp = frames_segment();

  (void)state;
  tcp.options = options;
  tcp.options_length = sizeof(options);
  for (uint32_t link = 0; link < 400; link++) {
    tcpflow_tuple tuple = frames_tuple(link == TCPFLOW_LINK_IPV4 ? 4 : 6);
    tcpflow_frame frame;
    tcpflow_frame same;

    tuple.vlan = 0x10011002;
    const int error =
      tcpflow_build_segment(&frame, big, sizeof(big), link, &tuple, &tcp);
    assert_int_equal(
      tcpflow_build_segment(&same, room, sizeof(room), link, &tuple, &tcp),
      error);
    if (error == TCPFLOW_OK) {
      built++;
      assert_int_equal(same.captured, frame.captured);
      assert_memory_equal(same.bytes, frame.bytes, frame.captured);
    }
  }
  assert_true(built >= 70);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(builder__known_frame__octet_for_octet),
    cmocka_unit_test(build_segment__every_combination__decodes_to_itself),
    cmocka_unit_test(builder_ip__every_field__decodes_to_itself),
    cmocka_unit_test(builder_ip__checksum_modes__right_or_not),
    cmocka_unit_test(builder__every_capacity__limit_or_the_same_frame),
    cmocka_unit_test(builder__absent_behind_octets__state_error),
    cmocka_unit_test(builder__absent_beyond_32_bits__limit),
    cmocka_unit_test(builder_tcp__field_out_of_range__invalid),
    cmocka_unit_test(builder_ip__field_out_of_range__invalid),
    cmocka_unit_test(builder_extension__too_long__invalid),
    cmocka_unit_test(builder_extension__every_length__octet_for_octet),
    cmocka_unit_test(builder__options_of_every_length__filled_up_with_0),
    cmocka_unit_test(builder__nothing_added__empty_frame),
    cmocka_unit_test(build_segment__any_link__fits_into_the_room),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
