/* tests/unit/decode/test_ipv6.c - mirror of lib/decode/ipv6.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/frames.h"

typedef struct extension {
  uint8_t type;
  uint8_t count;
  uint8_t body[38];
} extension;

/* Our segment behind IPv6 and COUNT extension headers, the outermost first. */
static void make_chain(made_frame *made, const extension *chain, size_t count,
                       const tcpflow_build_ip *ip) {
  const tcpflow_tuple tuple = frames_tuple(6);
  tcpflow_builder builder;

  frames_begin(made, &builder, 6);
  for (size_t i = count; i > 0; i--) {
    tcpflow_builder_extension(&builder, chain[i - 1].type, chain[i - 1].body,
                              chain[i - 1].count);
  }
  tcpflow_builder_ip(&builder, &tuple, ip);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_ETHERNET, NULL);
  frames_finish(made, &builder);
}

static tcpflow_packet decode_chain(const extension *chain, size_t count) {
  made_frame made;

  make_chain(&made, chain, count, NULL);
  return frames_decode(&made.frame);
}

static void assert_tcp_behind(const tcpflow_packet *packet, uint32_t size) {
  assert_int_equal(packet->kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(packet->ip_header_length, 40 + size);
  assert_int_equal(packet->payload_length, 5);
  assert_int_equal(packet->ip_protocol, 6);
}

/* D7 */
static void step_ipv6__version_4_behind_ipv6_type__malformed(void **state) {
  made_frame made;

  (void)state;
  frames_make(&made, TCPFLOW_LINK_ETHERNET, 6);
  frames_bytes(&made)[14] = 0x45;
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_MALFORMED);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_IP_BAD_VERSION);
}

/* D20: what BIG TCP and segmentation offload leave. */
static void step_ipv6__payload_length_0__length_of_the_frame(void **state) {
  tcpflow_build_ip ip;
  made_frame made;

  (void)state;
  tcpflow_build_ip_init(&ip);
  ip.length_mode = TCPFLOW_BUILD_ZERO;
  make_chain(&made, NULL, 0, &ip);
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_tcp_behind(&packet, 0);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_IP_LENGTH_ZERO);
}

/* D20: nothing is there that could be a segment. */
static void step_ipv6__payload_length_0_and_no_octet__malformed(void **state) {
  made_frame made;

  (void)state;
  frames_make(&made, TCPFLOW_LINK_RAW, 6);
  frames_bytes(&made)[4] = 0;
  frames_bytes(&made)[5] = 0;
  made.frame.captured = 40;
  made.frame.length = 40;
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_MALFORMED);
  assert_true((packet.findings & TCPFLOW_FINDING_TCP_SHORT) != 0);
}

/* A hop-by-hop header with PadN 0 and a jumbo payload option of LENGTH; the
   frame has ABSENT octets more on the wire. */
static tcpflow_packet decode_jumbo(uint32_t length, uint8_t mode,
                                   uint32_t absent) {
  const extension hop = {
    0,
    6,
    {0xc2, 4, (uint8_t)(length >> 24), (uint8_t)(length >> 16 & 0xff),
     (uint8_t)(length >> 8 & 0xff), (uint8_t)(length & 0xff)}};
  tcpflow_build_ip ip;
  made_frame made;

  tcpflow_build_ip_init(&ip);
  ip.length_mode = mode;
  make_chain(&made, &hop, 1, &ip);
  made.frame.length += absent;
  return frames_decode(&made.frame);
}

/* D20: 8 octets of hop-by-hop header, 32 of TCP header, the payload. */
static void step_hop_by_hop__jumbo_option__its_length(void **state) {
  tcpflow_packet packet =
    decode_jumbo(8 + 32 + 70000, TCPFLOW_BUILD_ZERO, 69995);

  (void)state;
  assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_CUT |
                                      TCPFLOW_FINDING_JUMBO |
                                      TCPFLOW_FINDING_IP_OPTIONS);
  assert_int_equal(packet.payload_length, 70000);
  assert_int_equal(packet.ip_length, 40 + 8 + 32 + 70000);
  /* Shorter than the frame: the rest is padding. */
  packet = decode_jumbo(8 + 32 + 70000, TCPFLOW_BUILD_ZERO, 80000);
  assert_int_equal(packet.payload_length, 70000);
  assert_true((packet.findings & TCPFLOW_FINDING_PADDING) != 0);
}

static void step_hop_by_hop__jumbo_beyond_frame__clamped(void **state) {
  static const uint32_t lengths[] = {80000, 0xffffffd7, 0xffffffd8, UINT32_MAX};

  (void)state;
  for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
    const tcpflow_packet packet =
      decode_jumbo(lengths[i], TCPFLOW_BUILD_ZERO, 70000);

    assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
    assert_true((packet.findings & TCPFLOW_FINDING_IP_LENGTH_BEYOND) != 0);
    assert_true((packet.findings & TCPFLOW_FINDING_JUMBO) != 0);
    assert_int_equal(packet.payload_length, 70005);
  }
}

static void step_hop_by_hop__smallest_jumbo__its_length(void **state) {
  const tcpflow_packet packet = decode_jumbo(65536, TCPFLOW_BUILD_ZERO, 80000);

  (void)state;
  assert_int_equal(packet.ip_length, 40 + 65536);
  assert_true((packet.findings & TCPFLOW_FINDING_IP_BAD_OPTIONS) == 0);
}

/* A jumbogram of which a small frame has a part only. */
static void step_hop_by_hop__jumbo_in_small_frame__told(void **state) {
  const tcpflow_packet packet = decode_jumbo(80000, TCPFLOW_BUILD_ZERO, 0);

  (void)state;
  assert_tcp_behind(&packet, 8);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_IP_OPTIONS |
                                      TCPFLOW_FINDING_JUMBO |
                                      TCPFLOW_FINDING_IP_LENGTH_BEYOND);
}

static void step_hop_by_hop__jumbo_of_16_bits__told_not_used(void **state) {
  const tcpflow_packet packet = decode_jumbo(65535, TCPFLOW_BUILD_ZERO, 0);

  (void)state;
  assert_tcp_behind(&packet, 8);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_IP_LENGTH_ZERO |
                                      TCPFLOW_FINDING_IP_OPTIONS |
                                      TCPFLOW_FINDING_IP_BAD_OPTIONS);
}

static void step_hop_by_hop__jumbo_beside_a_length__not_used(void **state) {
  const tcpflow_packet packet = decode_jumbo(70000, TCPFLOW_BUILD_RIGHT, 0);

  (void)state;
  assert_tcp_behind(&packet, 8);
  assert_int_equal(packet.findings,
                   TCPFLOW_FINDING_IP_OPTIONS | TCPFLOW_FINDING_IP_BAD_OPTIONS);
}

static void step_extension__each_kind__crossed(void **state) {
  static const uint8_t types[] = {0, 43, 60, 135, 139, 140};

  (void)state;
  for (size_t i = 0; i < sizeof(types); i++) {
    const extension one = {types[i], 14, {0}};
    const tcpflow_packet packet = decode_chain(&one, 1);

    assert_tcp_behind(&packet, 16);
    assert_int_equal(packet.findings, TCPFLOW_FINDING_IP_OPTIONS);
    assert_int_equal(packet.layer[2].type, TCPFLOW_LAYER_IPV6_EXTENSION);
    assert_int_equal(packet.layer[2].offset, 54);
  }
}

/* D22 */
static void step_ah__length_in_words__crossed(void **state) {
  for (uint8_t icv = 0; icv <= 24; icv += 4) {
    const extension one = {51, (uint8_t)(10 + icv), {0}};
    const tcpflow_packet packet = decode_chain(&one, 1);

    assert_tcp_behind(&packet, 12U + icv);
    assert_int_equal(packet.layer[2].type, TCPFLOW_LAYER_AH);
  }
  (void)state;
}

static void step_ah__extension_behind_it__crossed(void **state) {
  static const extension chain[] = {{51, 10, {0}}, {60, 6, {0}}};
  const tcpflow_packet packet = decode_chain(chain, 2);

  (void)state;
  assert_tcp_behind(&packet, 20);
}

static void step_ah__length_below_its_fields__malformed(void **state) {
  const extension one = {51, 10, {0}};
  made_frame made;

  (void)state;
  make_chain(&made, &one, 1, NULL);
  frames_bytes(&made)[14 + 40 + 1] = 0;
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_MALFORMED);
  assert_true((packet.findings & TCPFLOW_FINDING_IP_BAD_OPTIONS) != 0);
}

/* D22 */
static void step_ipv6__none_or_other_or_unknown__not_tcp(void **state) {
  static const uint8_t numbers[] = {59, 17, 58, 253};
  const tcpflow_tuple tuple = frames_tuple(6);
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  for (size_t i = 0; i < sizeof(numbers); i++) {
    frames_begin(&made, &builder, 6);
    tcpflow_builder_announce(&builder, numbers[i], 0);
    tcpflow_builder_ip(&builder, &tuple, NULL);
    frames_finish(&made, &builder);
    const tcpflow_packet packet = frames_decode(&made.frame);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_NOT_TCP);
    assert_int_equal(packet.ip_protocol, numbers[i]);
  }
}

/* D21 */
static void step_extension__chain_of_1_to_9__bounded(void **state) {
  extension chain[9];

  (void)state;
  memset(chain, 0, sizeof(chain));
  for (size_t count = 1; count <= 9; count++) {
    chain[count - 1].type = count % 2 == 0 ? 60 : 0;
    const tcpflow_packet packet = decode_chain(chain, count);

    if (count <= 8) {
      assert_tcp_behind(&packet, (uint32_t)(8 * count));
    } else {
      assert_int_equal(packet.kind, TCPFLOW_PACKET_UNSUPPORTED);
      assert_true((packet.findings & TCPFLOW_FINDING_TOO_MANY_EXTENSIONS) != 0);
    }
  }
}

/* D21: every header announces itself again, over the whole payload. */
static void step_extension__chain_of_65535_octets__bounded(void **state) {
  static uint8_t bytes[40 + 65535];
  tcpflow_packet packet;

  (void)state;
  memset(bytes, 0, sizeof(bytes));
  bytes[0] = 0x60;
  bytes[4] = 0xff;
  bytes[5] = 0xff;
  packet = frames_decode_bytes(TCPFLOW_LINK_RAW, bytes, sizeof(bytes));
  assert_int_equal(packet.kind, TCPFLOW_PACKET_UNSUPPORTED);
  assert_int_equal(packet.ip_header_length, 40 + 8 * 8);
  /* The longest header there is, eight times. */
  for (size_t i = 0; i < 8; i++) {
    bytes[40 + i * 2048 + 1] = 255;
  }
  packet = frames_decode_bytes(TCPFLOW_LINK_RAW, bytes, sizeof(bytes));
  assert_int_equal(packet.kind, TCPFLOW_PACKET_UNSUPPORTED);
  assert_int_equal(packet.ip_header_length, 40 + 8 * 2048);
}

/* D27: the length of a header is compared with what is left. */
static void step_extension__longer_than_payload__malformed(void **state) {
  static const uint8_t types[] = {0, 43, 51, 60};

  (void)state;
  for (size_t i = 0; i < sizeof(types); i++) {
    const extension one = {types[i], 10, {0}};
    made_frame made;

    make_chain(&made, &one, 1, NULL);
    frames_bytes(&made)[14 + 40 + 1] = 255;
    const tcpflow_packet packet = frames_decode(&made.frame);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_MALFORMED);
    assert_true((packet.findings & TCPFLOW_FINDING_IP_BAD_OPTIONS) != 0);
  }
}

static void step_extension__cut_anywhere__truncated(void **state) {
  static const extension chain[] = {
    {0, 6, {0}}, {60, 14, {0}}, {43, 6, {0}}, {44, 6, {0}}, {51, 10, {0}}};
  made_frame made;

  (void)state;
  make_chain(&made, chain, 5, NULL);
  const uint32_t whole = frames_decode(&made.frame).tcp_offset + 20;
  assert_int_equal(whole, 14 + 40 + 8 + 16 + 8 + 8 + 12 + 20);
  for (uint32_t n = 0; n < whole; n++) {
    made.frame.captured = n;
    assert_int_equal(frames_decode(&made.frame).kind, TCPFLOW_PACKET_TRUNCATED);
  }
}

static void step_destination__bad_option_length__told(void **state) {
  static const struct {
    uint8_t body[6];
    uint32_t findings;
  } rows[] = {
    {{0, 0, 0, 0, 0, 0}, 0},                              /* Pad1 */
    {{1, 4, 0, 0, 0, 0}, 0},                              /* PadN */
    {{5, 2, 0, 0, 1, 0}, 0},                              /* alert, PadN 0 */
    {{1, 5, 0, 0, 0, 0}, TCPFLOW_FINDING_IP_BAD_OPTIONS}, /* runs over */
    {{0, 0, 0, 0, 0, 1}, TCPFLOW_FINDING_IP_BAD_OPTIONS}, /* no length */
    {{1, 255, 0, 0, 0, 0}, TCPFLOW_FINDING_IP_BAD_OPTIONS},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    extension one = {60, 6, {0}};

    memcpy(one.body, rows[i].body, 6);
    for (one.type = 0; one.type <= 60; one.type = (uint8_t)(one.type + 60)) {
      const tcpflow_packet packet = decode_chain(&one, 1);

      assert_tcp_behind(&packet, 8);
      assert_int_equal(packet.findings,
                       TCPFLOW_FINDING_IP_OPTIONS | rows[i].findings);
    }
  }
}

/* F10: an atomic fragment is a whole datagram. */
static void step_fragment__atomic__tcp(void **state) {
  /* reserved, offset 0, no M, identification 0x01020304 */
  static const extension one = {44, 6, {0, 0, 1, 2, 3, 4}};
  const tcpflow_packet packet = decode_chain(&one, 1);

  (void)state;
  assert_tcp_behind(&packet, 8);
  assert_int_equal(packet.ip_id, 0x01020304);
  assert_int_equal(packet.ip_fragment, 0);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_IP_OPTIONS);
}

static void step_fragment__first__tcp_of_its_octets(void **state) {
  static const extension one = {44, 6, {0, 1, 0, 0, 0, 9}};
  const tcpflow_packet packet = decode_chain(&one, 1);

  (void)state;
  assert_tcp_behind(&packet, 8);
  assert_int_equal(packet.ip_fragment, 1);
  assert_int_equal(packet.findings,
                   TCPFLOW_FINDING_IP_OPTIONS | TCPFLOW_FINDING_FIRST_FRAGMENT);
}

static void step_fragment__later__fragment_or_not_tcp(void **state) {
  static const struct {
    uint8_t carried;
    uint8_t kind;
  } rows[] = {{6, TCPFLOW_PACKET_FRAGMENT},
              {60, TCPFLOW_PACKET_FRAGMENT},
              {17, TCPFLOW_PACKET_FRAGMENT},
              {58, TCPFLOW_PACKET_NOT_TCP},
              {89, TCPFLOW_PACKET_NOT_TCP}};
  const tcpflow_tuple tuple = frames_tuple(6);
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    /* offset 8, last */
    frames_begin(&made, &builder, 6);
    tcpflow_builder_announce(&builder, rows[i].carried, 0);
    tcpflow_builder_extension(&builder, 44, (const uint8_t *)"\0\x08\0\0\0\x09",
                              6);
    tcpflow_builder_ip(&builder, &tuple, NULL);
    frames_finish(&made, &builder);
    const tcpflow_packet packet = frames_decode(&made.frame);
    assert_int_equal(packet.kind, rows[i].kind);
    assert_int_equal(packet.ip_fragment, 8);
    assert_int_equal(packet.ip_id, 9);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(step_ipv6__version_4_behind_ipv6_type__malformed),
    cmocka_unit_test(step_ipv6__payload_length_0__length_of_the_frame),
    cmocka_unit_test(step_ipv6__payload_length_0_and_no_octet__malformed),
    cmocka_unit_test(step_hop_by_hop__jumbo_option__its_length),
    cmocka_unit_test(step_hop_by_hop__jumbo_beyond_frame__clamped),
    cmocka_unit_test(step_hop_by_hop__smallest_jumbo__its_length),
    cmocka_unit_test(step_hop_by_hop__jumbo_in_small_frame__told),
    cmocka_unit_test(step_hop_by_hop__jumbo_of_16_bits__told_not_used),
    cmocka_unit_test(step_hop_by_hop__jumbo_beside_a_length__not_used),
    cmocka_unit_test(step_extension__each_kind__crossed),
    cmocka_unit_test(step_ah__length_in_words__crossed),
    cmocka_unit_test(step_ah__extension_behind_it__crossed),
    cmocka_unit_test(step_ah__length_below_its_fields__malformed),
    cmocka_unit_test(step_ipv6__none_or_other_or_unknown__not_tcp),
    cmocka_unit_test(step_extension__chain_of_1_to_9__bounded),
    cmocka_unit_test(step_extension__chain_of_65535_octets__bounded),
    cmocka_unit_test(step_extension__longer_than_payload__malformed),
    cmocka_unit_test(step_extension__cut_anywhere__truncated),
    cmocka_unit_test(step_destination__bad_option_length__told),
    cmocka_unit_test(step_fragment__atomic__tcp),
    cmocka_unit_test(step_fragment__first__tcp_of_its_octets),
    cmocka_unit_test(step_fragment__later__fragment_or_not_tcp),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
